//! The tables of `alicloud_instance`: its calls, its reads and its attributes.
//!
//! A row that CREATE and RUN both carry can be made by either action; one that only RUN carries
//! makes `RunInstances` the create call, and one that only CREATE carries forbids it. What these
//! tables cannot say (which calls share a stop, what is sent when) is in the hooks beside this file.

use crate::schema::*;

use super::{
    effects,
    rows::{
        self, DATA_DISK_CATEGORIES, DESCRIPTION_CHECKS, DEVICE_CHECKS, DISK_CATEGORIES, LEVELS,
        NAME_CHECKS,
    },
    rules, same,
};

/// What passes while an instance is to be made: what it needs is not ready yet.
const NOT_READY: &[&str] = &[
    "IncorrectVSwitchStatus",
    "IncorrectDefaultVpcStatus",
    "InvalidHpcClusterId.Creating",
    "InvalidOperation.InvalidEniState",
    "InvalidSnapshotId.NotReady",
];
pub(super) static CREATE: Call = call("CreateInstance").token().dry_run().retry(NOT_READY);
pub(super) static RUN: Call = call("RunInstances").token().dry_run().retry(NOT_READY);
static TAG: Call = call("TagResources").with(&[("ResourceType", "instance")]);
static TAG_DISKS: Call = call("TagResources").with(&[("ResourceType", "disk")]);
static MOVE: Call = call("JoinResourceGroup").with(&[("ResourceType", "instance")]);
static GROUPS: Call = call("ModifyInstanceAttribute");
static DISK_SPEC: Call = call("ModifyDiskSpec");
static DISK_SIZE: Call = call("ResizeDisk").token();
static DISK_POLICY: Call = call("ApplyAutoSnapshotPolicy");
static DISK_ATTRIBUTE: Call = call("ModifyDiskAttribute");
static ATTRIBUTE: Call = call("ModifyInstanceAttribute");
static RELEASE: Call = call("ModifyInstanceAutoReleaseTime");
static CHARGE: Call = call("ModifyInstanceChargeType").token();
static IMAGE: Call = call("ReplaceSystemDisk").token();
static NETWORK: Call = call("ModifyInstanceVpcAttribute");
static SPEC: Call = call("ModifyInstanceSpec").token();
static POWER: Call = call("StopInstance");
static BANDWIDTH: Call = call("ModifyInstanceNetworkSpec").token();
static RENEW: Call = call("ModifyInstanceAutoRenewAttribute");
static PRIVATE_IPS: Call = call("AssignPrivateIpAddresses");
static DEPLOYMENT: Call = call("ModifyInstanceDeployment");
static MAINTENANCE: Call = call("ModifyInstanceMaintenanceAttributes");
static METADATA: Call = call("ModifyInstanceMetadataOptions");
static IPV6: Call = call("AssignIpv6Addresses");
static KEY: Call = call("AttachKeyPair");
static POOL: Call = call("ModifyInstanceAttachmentAttributes");
static ROLE: Call = call("AttachInstanceRamRole");
static DECRYPT: Call = call("Decrypt");
static DELETE: Call = call("DeleteInstance").with(&[("Force", "true")]);

/// The calls that can change an instance, in the order in which an update makes them.
static UPDATES: &[&Call] = &[
    &TAG,
    &MOVE,
    &TAG_DISKS,
    &GROUPS,
    &DISK_SPEC,
    &DISK_SIZE,
    &DISK_POLICY,
    &DISK_ATTRIBUTE,
    &ATTRIBUTE,
    &RELEASE,
    &CHARGE,
    &IMAGE,
    &NETWORK,
    &SPEC,
    &POWER,
    &BANDWIDTH,
    &RENEW,
    &PRIVATE_IPS,
    &DEPLOYMENT,
    &MAINTENANCE,
    &METADATA,
    &IPV6,
    &DECRYPT,
    &KEY,
    &POOL,
    &ROLE,
];

pub(super) static INSTANCES: Read = Read {
    action: "DescribeInstances",
    ids: Ids::Json("InstanceIds", 100),
    item: "Instances.Instance",
};
pub(super) static DISKS: Read = Read {
    action: "DescribeDisks",
    ids: Ids::Json("DiskIds", 100),
    item: "Disks.Disk",
};
pub(super) static INTERFACES: Read = read_one(
    "DescribeNetworkInterfaces",
    "NetworkInterfaceId.1",
    "NetworkInterfaceSets.NetworkInterfaceSet",
);
static USER_DATA: Read = read_one("DescribeUserData", "InstanceId", "");
static ROLES: Read = Read {
    action: "DescribeInstanceRamRole",
    ids: Ids::Json("InstanceIds", 50),
    item: "InstanceRamRoleSets.InstanceRamRoleSet",
};
pub(super) static UPKEEP: Read = read_one(
    "DescribeInstanceMaintenanceAttributes",
    "InstanceId.1",
    "MaintenanceAttributes.MaintenanceAttribute",
);
static FRAMES: Read = read_one("DescribeInstanceAttribute", "InstanceId", "");
pub(super) static POOLS: Read = Read {
    action: "DescribeInstanceAttachmentAttributes",
    ids: Ids::Json("InstanceIds", 50),
    item: "Instances.Instance",
};
static RENEWALS: Read = Read {
    action: "DescribeInstanceAutoRenewAttribute",
    ids: Ids::Commas("InstanceId", 100),
    item: "InstanceRenewAttributes.InstanceRenewAttribute",
};

const TRAFFIC_MODES: &[&str] = &["Standard", "HighPerformance"];

/// An instance: a virtual machine.
pub static INSTANCE: ResourceType = ResourceType {
    name: "alicloud_instance",
    alias_of: None,
    adopt: Adopt {
        // Told by the vSwitch, or given by the cloud to each new instance.
        unsaid: &[
            "availability_zone",
            "vpc_id",
            "network_interface_id",
            // Written as resources of their own, with their attachments.
            "network_interfaces",
            "private_ip",
            "host_name",
            "status",
            "stopped_mode",
            "volume_tags",
            "internet_max_bandwidth_in",
            "network_interface_traffic_mode",
            "maintenance_action",
            "private_pool_options_match_criteria",
            "spot_strategy",
            "io_optimized",
        ],
        known_by: &["system_disk_id"],
        ..Adopt::LISTED
    },
    doc: "A virtual machine of the Elastic Compute Service.",
    service: Service::Ecs,
    id: Id::Field("InstanceId"),
    create: &[&CREATE, &RUN],
    read: &[
        &INSTANCES,
        &DISKS,
        &INTERFACES,
        &USER_DATA,
        &ROLES,
        &UPKEEP,
        &FRAMES,
        &POOLS,
        &RENEWALS,
    ],
    updates: UPDATES,
    delete: &[&DELETE],
    timeouts: Timeouts {
        create: 10,
        update: 10,
        delete: 20,
    },
    attributes: ATTRIBUTES,
    rules: rules::RULES,
    cross: rules::CROSS,
    agree: &["vpc_id"],
    further_create_actions: &["CreateInstance", "RunInstances"],
    siblings: None,
    crowd: Some(rules::CROWD),
    import: "i-bp1…",
    import_is_secret: false,
    schema_version: 0,
};

/// Every attribute.
static ATTRIBUTES: &[Attribute] = &[
    string("id", "Its id.").computed().read(&INSTANCES, "InstanceId"),
    string("availability_zone", "The zone; that of the vSwitch when one is given.").kept().replaces().sent(&[(&CREATE, "ZoneId"), (&RUN, "ZoneId")]).read(&INSTANCES, "ZoneId").example("cn-hangzhou-h"),
    string("image_id", "The image of the system disk. Changing it replaces the system disk and what is on it.").kept().sent(&[(&CREATE, "ImageId"), (&RUN, "ImageId"), (&IMAGE, "ImageId")]).read(&INSTANCES, "ImageId").effects(effects::IMAGE).example("aliyun_3_x64_20G_alibase_20240819.vhd"),
    rows::INSTANCE_TYPE.kept().sent(&[(&CREATE, "InstanceType"), (&RUN, "InstanceType"), (&SPEC, "InstanceType")]).read(&INSTANCES, "InstanceType").effects(effects::TYPE),
    string("credit_specification", "How a burstable instance runs.").kept().sent(&[(&CREATE, "CreditSpecification"), (&RUN, "CreditSpecification"), (&ATTRIBUTE, "CreditSpecification")]).read(&INSTANCES, "CreditSpecification").check(&[Check::OneOf(&["Standard", "Unlimited"])]).effects(effects::CREDIT).example("Standard"),
    string("network_interface_id", "An existing network interface to be the primary one.").kept().replaces().sent(&[(&RUN, "NetworkInterface.1.NetworkInterfaceId")]).refers_to("alicloud_ecs_network_interface"),
    string_set("security_groups", "The security groups that it is in.").kept().sent(&[(&CREATE, "SecurityGroupId"), (&RUN, "SecurityGroupId"), (&GROUPS, "SecurityGroupIds")]).read(&INSTANCES, "SecurityGroupIds.SecurityGroupId").refers_to("alicloud_security_group").holds(),
    rows::INSTANCE_NAME.kept().sent(&[(&CREATE, "InstanceName"), (&RUN, "InstanceName"), (&ATTRIBUTE, "InstanceName")]).read(&INSTANCES, "InstanceName"),
    rows::RESOURCE_GROUP_ID.kept().sent(&[(&CREATE, "ResourceGroupId"), (&RUN, "ResourceGroupId"), (&MOVE, "ResourceGroupId")]).read(&INSTANCES, "ResourceGroupId"),
    rows::DESCRIPTION.kept().sent(&[(&CREATE, "Description"), (&RUN, "Description"), (&ATTRIBUTE, "Description")]).read(&INSTANCES, "Description"),
    rows::INTERNET_CHARGE_TYPE.kept().sent(&[(&CREATE, "InternetChargeType"), (&RUN, "InternetChargeType"), (&BANDWIDTH, "NetworkChargeType")]).read(&INSTANCES, "InternetChargeType").same(same::without_bandwidth).effects(BILLING),
    rows::INTERNET_MAX_BANDWIDTH_OUT.kept().sent(&[(&CREATE, "InternetMaxBandwidthOut"), (&RUN, "InternetMaxBandwidthOut"), (&BANDWIDTH, "InternetMaxBandwidthOut")]).read(&INSTANCES, "InternetMaxBandwidthOut").effects(effects::BANDWIDTH),
    rows::HOST_NAME.kept().sent(&[(&CREATE, "HostName"), (&RUN, "HostName"), (&ATTRIBUTE, "HostName")]).read(&INSTANCES, "HostName").effects(effects::REBOOT),
    string("password", "The password of the administrator.").sensitive().sent(&[(&CREATE, "Password"), (&RUN, "Password"), (&ATTRIBUTE, "Password"), (&IMAGE, "Password")]).effects(effects::REBOOT),
    string("password_wo", "The password of the administrator, which is sent and kept nowhere: not even in the plan or the state. It can be ephemeral. In place of password.").write_only("password"),
    int("password_wo_version", "Any number; its change sends password_wo again.").effects(effects::REBOOT).example("1"),
    string("kms_encrypted_password", "The password, encrypted by the Key Management Service: decrypted when it is sent, and kept nowhere. Ignored where password is set.").sent(&[(&DECRYPT, "CiphertextBlob")]).same(same::password_given).effects(effects::REBOOT),
    map("kms_encryption_context", "The context that the password was encrypted with.").sent(&[(&DECRYPT, "EncryptionContext")]).same(same::not_encrypted).effects(NO_EFFECT),
    rows::PASSWORD_INHERIT.sent(&[(&CREATE, "PasswordInherit"), (&RUN, "PasswordInherit"), (&IMAGE, "PasswordInherit")]).effects(effects::WITH_IMAGE),
    boolean("is_outdated", "Whether it is not I/O optimized: the older way to say io_optimized = none.").effects(NO_EFFECT),
    rows::IO_OPTIMIZED.kept().replaces().sent(&[(&CREATE, "IoOptimized"), (&RUN, "IoOptimized")]),
    string("system_disk_category", "The kind of the system disk.").kept().replaces().sent(&[(&CREATE, "SystemDisk.Category"), (&RUN, "SystemDisk.Category")]).read(&DISKS, "Category").check(&[Check::OneOf(DISK_CATEGORIES)]).example("cloud_essd"),
    string("system_disk_name", "The name of the system disk.").kept().sent(&[(&CREATE, "SystemDisk.DiskName"), (&RUN, "SystemDisk.DiskName"), (&DISK_ATTRIBUTE, "DiskName")]).read(&DISKS, "DiskName").check(NAME_CHECKS).example("root"),
    string("system_disk_description", "The description of the system disk.").kept().sent(&[(&CREATE, "SystemDisk.Description"), (&RUN, "SystemDisk.Description"), (&DISK_ATTRIBUTE, "Description")]).read(&DISKS, "Description").check(DESCRIPTION_CHECKS).example("root disk"),
    int("system_disk_size", "The size of the system disk in GiB; at least that of the image.").kept().grows_with("image_id").sent(&[(&CREATE, "SystemDisk.Size"), (&RUN, "SystemDisk.Size"), (&DISK_SIZE, "NewSize"), (&IMAGE, "SystemDisk.Size")]).read(&DISKS, "Size").check(&[Check::Range(20, 500)]).effects(AMOUNT).example("40"),
    string("system_disk_performance_level", "The performance level of an ESSD system disk.").kept().sent(&[(&CREATE, "SystemDisk.PerformanceLevel"), (&RUN, "SystemDisk.PerformanceLevel"), (&DISK_SPEC, "PerformanceLevel")]).read(&DISKS, "PerformanceLevel").check(&[Check::OneOf(LEVELS)]).same(same::not_essd).effects(AMOUNT).example("PL1"),
    string("system_disk_auto_snapshot_policy_id", "The snapshot policy of the system disk.").kept().sent(&[(&RUN, "SystemDisk.AutoSnapshotPolicyId"), (&DISK_POLICY, "autoSnapshotPolicyId")]).read(&DISKS, "AutoSnapshotPolicyId"),
    string("system_disk_storage_cluster_id", "The dedicated block storage cluster of the system disk.").replaces().sent(&[(&CREATE, "SystemDisk.StorageClusterId"), (&RUN, "SystemDisk.StorageClusterId")]).read(&DISKS, "StorageClusterId"),
    boolean("system_disk_encrypted", "Whether the system disk is encrypted.").kept().replaces().sent(&[(&RUN, "SystemDisk.Encrypted")]).read(&DISKS, "Encrypted"),
    string("system_disk_kms_key_id", "The key of an encrypted system disk.").kept().replaces().sent(&[(&RUN, "SystemDisk.KMSKeyId")]).read(&DISKS, "KMSKeyId"),
    string("system_disk_encrypt_algorithm", "The algorithm of an encrypted system disk.").replaces().sent(&[(&RUN, "SystemDisk.EncryptAlgorithm")]),
    int("system_disk_provisioned_iops", "The provisioned IOPS of the system disk.").sent(&[(&RUN, "SystemDisk.ProvisionedIops"), (&DISK_SPEC, "ProvisionedIops")]).read(&DISKS, "ProvisionedIops").effects(AMOUNT),
    boolean("system_disk_bursting_enabled", "Whether the system disk may burst.").sent(&[(&RUN, "SystemDisk.BurstingEnabled"), (&DISK_ATTRIBUTE, "BurstingEnabled")]).read(&DISKS, "BurstingEnabled"),
    string("system_disk_id", "The system disk; another one after the image is replaced.").computed().read(&DISKS, "DiskId"),
    string("network_interface_traffic_mode", "The traffic mode of the primary interface.").kept().replaces().sent(&[(&RUN, "NetworkInterface.1.NetworkInterfaceTrafficMode")]).read(&INTERFACES, "NetworkInterfaceTrafficMode").check(&[Check::OneOf(TRAFFIC_MODES)]).example("Standard"),
    int("network_card_index", "The network card of the primary interface.").kept().replaces().sent(&[(&RUN, "NetworkInterface.1.NetworkCardIndex")]).read(&INTERFACES, "Attachment.NetworkCardIndex"),
    int("queue_pair_number", "The queue pairs of the primary interface.").kept().replaces().sent(&[(&RUN, "NetworkInterface.1.QueuePairNumber")]).read(&INTERFACES, "QueuePairNumber"),
    boolean("source_dest_check", "Whether the primary interface checks source and destination.").kept().replaces().sent(&[(&RUN, "NetworkInterface.1.SourceDestCheck")]).read(&INTERFACES, "SourceDestCheck"),
    blocks("data_disks", "The data disks that it is created with.", DATA_DISK, 1, 16).sent(&[(&CREATE, "DataDisk"), (&RUN, "DataDisk")]),
    rows::VPC_ID.kept().sent(&[(&NETWORK, "VpcId")]).read(&INSTANCES, "VpcAttributes.VpcId").effects(effects::NETWORK),
    rows::VSWITCH_ID.kept().sent(&[(&CREATE, "VSwitchId"), (&RUN, "VSwitchId"), (&NETWORK, "VSwitchId")]).read(&INSTANCES, "VpcAttributes.VSwitchId").holds().effects(effects::NETWORK),
    string("private_ip", "The private address, inside the vSwitch.").kept().sent(&[(&CREATE, "PrivateIpAddress"), (&RUN, "PrivateIpAddress"), (&NETWORK, "PrivateIpAddress")]).check(&[Check::Ipv4]).effects(effects::NETWORK).example("10.0.0.10"),
    blocks("network_interfaces", "Further network interfaces.", INTERFACE, 0, 64).kept().sent(&[(&RUN, "NetworkInterface")]),
    rows::INSTANCE_CHARGE_TYPE.kept().sent(&[(&CREATE, "InstanceChargeType"), (&RUN, "InstanceChargeType"), (&CHARGE, "InstanceChargeType")]).read(&INSTANCES, "InstanceChargeType").effects(effects::CHARGE_TYPE),
    int("period", "For how long a prepaid instance is bought, in period_unit.").kept().sent(&[(&CREATE, "Period"), (&RUN, "Period"), (&CHARGE, "Period")]).same(same::not_prepaid).effects(effects::PURCHASE),
    string("period_unit", "The unit of period and auto_renew_period.").default(Default::String("Month")).sent(&[(&CREATE, "PeriodUnit"), (&RUN, "PeriodUnit"), (&CHARGE, "PeriodUnit"), (&RENEW, "PeriodUnit")]).check(&[Check::OneOf(&["Week", "Month"])]).same(same::not_prepaid).effects(effects::RENEWAL).example("Month"),
    string("renewal_status", "What happens when a prepaid instance expires.").default(Default::String("Normal")).sent(&[(&CREATE, "AutoRenew"), (&RUN, "AutoRenew"), (&RENEW, "RenewalStatus")]).read(&RENEWALS, "RenewalStatus").check(&[Check::OneOf(&["AutoRenewal", "Normal", "NotRenewal"])]).same(same::not_prepaid).effects(effects::RENEWAL).example("AutoRenewal"),
    int("auto_renew_period", "For how long a prepaid instance is renewed, in period_unit.").default(Default::Int(1)).sent(&[(&CREATE, "AutoRenewPeriod"), (&RUN, "AutoRenewPeriod"), (&RENEW, "Duration")]).read(&RENEWALS, "Duration").check(&[Check::OneOfInts(&[1, 2, 3, 6, 12])]).same(same::not_renewed).effects(effects::RENEWAL).example("1"),
    boolean("include_data_disks", "Whether data disks change their billing with the instance.").default(Default::Bool(true)).sent(&[(&CHARGE, "IncludeDataDisks")]).same(same::not_prepaid).effects(effects::PURCHASE),
    boolean("dry_run", "Whether the request is only checked; a check that passes ends in the error DryRunOperation.").default(Default::Bool(false)).sent(&[(&CREATE, "DryRun"), (&RUN, "DryRun"), (&CHARGE, "DryRun")]).effects(effects::PURCHASE),
    string("public_ip", "The public address that came with its bandwidth; not an EIP.").computed(),
    string("status", "Running or Stopped.").kept().sent(&[(&POWER, "Status")]).read(&INSTANCES, "Status").check(&[Check::OneOf(&["Running", "Stopped"])]).effects(effects::STATUS).example("Running"),
    rows::USER_DATA.sent(&[(&CREATE, "UserData"), (&RUN, "UserData"), (&ATTRIBUTE, "UserData")]).read(&USER_DATA, "UserData").same(same::user_data).effects(effects::REBOOT),
    string("key_name", "The key pair to log in with.").kept().sent(&[(&CREATE, "KeyPairName"), (&RUN, "KeyPairName"), (&KEY, "KeyPairName")]).read(&INSTANCES, "KeyPairName").refers_to("alicloud_ecs_key_pair").holds().effects(effects::REBOOT),
    rows::SPOT_STRATEGY.kept().replaces().sent(&[(&CREATE, "SpotStrategy"), (&RUN, "SpotStrategy")]).read(&INSTANCES, "SpotStrategy").same(same::prepaid),
    rows::SPOT_PRICE_LIMIT.kept().replaces().sent(&[(&CREATE, "SpotPriceLimit"), (&RUN, "SpotPriceLimit")]).read(&INSTANCES, "SpotPriceLimit").same(same::no_price_limit),
    boolean("deletion_protection", "Whether it refuses to be deleted.").sent(&[(&CREATE, "DeletionProtection"), (&RUN, "DeletionProtection"), (&ATTRIBUTE, "DeletionProtection")]).read(&INSTANCES, "DeletionProtection").same(same::prepaid),
    boolean("force_delete", "Whether a prepaid instance may be deleted: it is made pay-as-you-go first.").default(Default::Bool(false)).sent(&[(&DELETE, "ForceDelete")]).same(same::not_prepaid),
    rows::SECURITY_ENHANCEMENT_STRATEGY.kept().replaces().sent(&[(&CREATE, "SecurityEnhancementStrategy"), (&RUN, "SecurityEnhancementStrategy")]),
    map("tags", "Labels, at most twenty.").sent(&[(&CREATE, "Tag"), (&RUN, "Tag"), (&TAG, "Tag")]).read(&INSTANCES, "Tags.Tag").wire(Wire::Tags).same(same::tags),
    map("volume_tags", "Labels of all its disks.").kept().sent(&[(&TAG_DISKS, "Tag")]).read(&DISKS, "Tags.Tag").wire(Wire::Tags),
    rows::AUTO_RELEASE_TIME.sent(&[(&RUN, "AutoReleaseTime"), (&RELEASE, "AutoReleaseTime")]).read(&INSTANCES, "AutoReleaseTime").same(same::release_time),
    string("hpc_cluster_id", "The HPC cluster that it is in.").replaces().sent(&[(&CREATE, "HpcClusterId"), (&RUN, "HpcClusterId")]).read(&INSTANCES, "HpcClusterId"),
    string_set("secondary_private_ips", "Further private addresses of the primary interface.").kept().sent(&[(&PRIVATE_IPS, "PrivateIpAddress")]),
    int("secondary_private_ip_address_count", "How many further private addresses the primary interface has.").kept().sent(&[(&PRIVATE_IPS, "SecondaryPrivateIpAddressCount")]),
    rows::DEPLOYMENT_SET_ID.sent(&[(&CREATE, "DeploymentSetId"), (&RUN, "DeploymentSetId"), (&DEPLOYMENT, "DeploymentSetId")]).read(&INSTANCES, "DeploymentSetId").holds().same(same::deployment_set),
    string("deployment_set_group_no", "Its group within the deployment set.").computed().read(&INSTANCES, "DeploymentSetGroupNo"),
    string("operator_type", "Whether changing the type of a prepaid instance is an upgrade or a downgrade.").sent(&[(&SPEC, "OperatorType")]).check(&[Check::OneOf(&["upgrade", "downgrade"])]).effects(effects::WITH_TYPE).example("upgrade"),
    string("stopped_mode", "Whether it is paid for while stopped.").kept().sent(&[(&POWER, "StoppedMode")]).read(&INSTANCES, "StoppedMode").check(&[Check::OneOf(&["StopCharging", "KeepCharging", "Not-applicable"])]).same(same::not_stopping).example("StopCharging"),
    block_set("maintenance_time", "When it may be maintained.", MAINTENANCE_TIME, 0, 1).sent(&[(&MAINTENANCE, "MaintenanceWindow")]),
    string("maintenance_action", "What maintenance does to it.").kept().sent(&[(&MAINTENANCE, "ActionOnMaintenance")]).read(&UPKEEP, "ActionOnMaintenance.Value").check(&[Check::OneOf(&["Stop", "AutoRecover", "AutoRedeploy"])]).example("AutoRecover"),
    boolean("maintenance_notify", "Whether maintenance is announced.").sent(&[(&MAINTENANCE, "NotifyOnMaintenance")]).read(&UPKEEP, "NotifyOnMaintenance"),
    int("spot_duration", "For how many hours a spot instance is protected.").kept().sent(&[(&CREATE, "SpotDuration"), (&RUN, "SpotDuration")]).check(&[Check::Range(0, 6)]).effects(NO_EFFECT).example("1"),
    string("spot_interruption_behavior", "What happens to a spot instance that loses its capacity.").kept().replaces().sent(&[(&CREATE, "SpotInterruptionBehavior"), (&RUN, "SpotInterruptionBehavior")]).read(&INSTANCES, "SpotInterruptionBehavior").check(&[Check::OneOf(&["Terminate", "Stop"])]).example("Terminate"),
    rows::HTTP_TOKENS.kept().sent(&[(&CREATE, "HttpTokens"), (&RUN, "HttpTokens"), (&METADATA, "HttpTokens")]).read(&INSTANCES, "MetadataOptions.HttpTokens"),
    rows::HTTP_ENDPOINT.kept().sent(&[(&CREATE, "HttpEndpoint"), (&RUN, "HttpEndpoint"), (&METADATA, "HttpEndpoint")]).read(&INSTANCES, "MetadataOptions.HttpEndpoint"),
    rows::HTTP_PUT_RESPONSE_HOP_LIMIT.kept().replaces().sent(&[(&CREATE, "HttpPutResponseHopLimit"), (&RUN, "HttpPutResponseHopLimit")]).read(&INSTANCES, "MetadataOptions.HttpPutResponseHopLimit"),
    int("ipv6_address_count", "How many IPv6 addresses it gets.").kept().replaces().sent(&[(&RUN, "Ipv6AddressCount")]).check(&[Check::Range(1, 10)]).example("1"),
    string_set("ipv6_addresses", "Its IPv6 addresses.").kept().sent(&[(&RUN, "Ipv6Address"), (&IPV6, "Ipv6Address")]),
    int("cpu", "The number of virtual processors.").computed().read(&INSTANCES, "Cpu"),
    int("memory", "The memory in MiB.").computed().read(&INSTANCES, "Memory"),
    string("os_name", "The operating system.").computed().read(&INSTANCES, "OSName"),
    string("os_type", "linux or windows.").computed().read(&INSTANCES, "OSType"),
    string("primary_ip_address", "The private address of the primary interface.").computed(),
    string("dedicated_host_id", "The dedicated host that it runs on.").replaces().sent(&[(&CREATE, "DedicatedHostId"), (&RUN, "DedicatedHostId")]).read(&INSTANCES, "DedicatedHostAttribute.DedicatedHostId"),
    string("launch_template_name", "The launch template, by name, that the rest comes from.").replaces().sent(&[(&RUN, "LaunchTemplateName")]),
    string("launch_template_id", "The launch template that the rest comes from.").replaces().sent(&[(&RUN, "LaunchTemplateId")]).refers_to("alicloud_ecs_launch_template"),
    string("launch_template_version", "The version of the launch template.").replaces().sent(&[(&RUN, "LaunchTemplateVersion")]),
    boolean("enable_jumbo_frame", "Whether it sends large frames.").kept().sent(&[(&RUN, "NetworkOptions.EnableJumboFrame"), (&ATTRIBUTE, "EnableJumboFrame")]).read(&FRAMES, "EnableJumboFrame"),
    string("private_pool_options_match_criteria", "How a capacity reservation is chosen.").kept().sent(&[(&CREATE, "PrivatePoolOptions.MatchCriteria"), (&RUN, "PrivatePoolOptions.MatchCriteria"), (&POOL, "PrivatePoolOptions.MatchCriteria")]).read(&POOLS, "PrivatePoolOptionsMatchCriteria").check(&[Check::OneOf(&["Open", "Target", "None"])]).example("Open"),
    string("private_pool_options_id", "The capacity reservation.").kept().sent(&[(&CREATE, "PrivatePoolOptions.Id"), (&RUN, "PrivatePoolOptions.Id"), (&POOL, "PrivatePoolOptions.Id")]).read(&POOLS, "PrivatePoolOptionsId"),
    string("create_time", "When it was created.").computed().read(&INSTANCES, "CreationTime"),
    string("start_time", "When it was last started.").computed().read(&INSTANCES, "StartTime"),
    string("expired_time", "When it expires.").computed().read(&INSTANCES, "ExpiredTime"),
    block_set("image_options", "How the image is used.", IMAGE_OPTIONS, 0, 1).kept().sent(&[(&RUN, "ImageOptions")]),
    boolean("enable_high_density_mode", "Whether disks are attached in high density mode.").sent(&[(&RUN, "AdditionalInfo.EnableHighDensityMode"), (&ATTRIBUTE, "AdditionalInfo.EnableHighDensityMode")]).read(&INSTANCES, "AdditionalInfo.EnableHighDensityMode").effects(effects::REBOOT),
    blocks("cpu_options", "How processors are laid out.", CPU_OPTIONS, 0, 1).kept().sent(&[(&RUN, "CpuOptions"), (&ATTRIBUTE, "CpuOptions")]).effects(effects::REBOOT),
    boolean("allocate_public_ip", "Has no effect: set internet_max_bandwidth_out instead.").effects(NO_EFFECT),
    rows::INTERNET_MAX_BANDWIDTH_IN.kept().sent(&[(&CREATE, "InternetMaxBandwidthIn"), (&RUN, "InternetMaxBandwidthIn"), (&BANDWIDTH, "InternetMaxBandwidthIn")]).read(&INSTANCES, "InternetMaxBandwidthIn").same(same::without_bandwidth),
    string("role_name", "The RAM role that it acts in.").kept().sent(&[(&CREATE, "RamRoleName"), (&RUN, "RamRoleName"), (&ROLE, "RamRoleName")]).read(&ROLES, "RamRoleName"),
    string("cluster_id", "The cluster that it is in. Deprecated by the API.").kept().replaces().sent(&[(&CREATE, "ClusterId")]).read(&INSTANCES, "ClusterId"),
    string("inner_ip_address", "The internal address of an instance in the classic network.").kept().replaces().sent(&[(&CREATE, "InnerIpAddress")]).check(&[Check::Ipv4]).example("10.0.0.10"),
    string("node_controller_id", "The node controller. Abandoned by the API.").replaces().sent(&[(&CREATE, "NodeControllerId")]),
    string("owner_account", "The login name of the RAM user that owns it.").replaces().sent(&[(&CREATE, "OwnerAccount"), (&RUN, "OwnerAccount")]),
    boolean("use_additional_service", "Whether it uses the system services of Alibaba Cloud: time, packages, activation.").replaces().sent(&[(&CREATE, "UseAdditionalService")]),
    string("vlan_id", "The VLAN that it is in.").kept().replaces().sent(&[(&CREATE, "VlanId")]).read(&INSTANCES, "VlanId"),
];

/// A data disk.
static DATA_DISK: &[Attribute] = &[
    string("name", "Its name.")
        .replaces()
        .sent(&[(&CREATE, "DiskName"), (&RUN, "DiskName")])
        .check(NAME_CHECKS)
        .example("data"),
    int("size", "Its size in GiB.")
        .required()
        .replaces()
        .sent(&[(&CREATE, "Size"), (&RUN, "Size")]),
    string("category", "Its kind.")
        .default(Default::String("cloud_efficiency"))
        .replaces()
        .sent(&[(&CREATE, "Category"), (&RUN, "Category")])
        .check(&[Check::OneOf(DATA_DISK_CATEGORIES)])
        .example("cloud_essd"),
    boolean("encrypted", "Whether it is encrypted.")
        .default(Default::Bool(false))
        .replaces()
        .sent(&[(&CREATE, "Encrypted"), (&RUN, "Encrypted")]),
    string("kms_key_id", "The key that encrypts it.")
        .sent(&[(&CREATE, "KMSKeyId"), (&RUN, "KMSKeyId")])
        .effects(NO_EFFECT),
    string(
        "snapshot_id",
        "The snapshot that it starts from; its size is then that of the snapshot.",
    )
    .replaces()
    .sent(&[(&CREATE, "SnapshotId"), (&RUN, "SnapshotId")])
    .refers_to("alicloud_ecs_snapshot"),
    string("auto_snapshot_policy_id", "Its snapshot policy.")
        .replaces()
        .sent(&[(&RUN, "AutoSnapshotPolicyId")]),
    boolean("delete_with_instance", "Whether it goes with the instance.")
        .default(Default::Bool(true))
        .replaces()
        .sent(&[
            (&CREATE, "DeleteWithInstance"),
            (&RUN, "DeleteWithInstance"),
        ]),
    string("description", "Its description.")
        .replaces()
        .sent(&[(&CREATE, "Description"), (&RUN, "Description")])
        .check(DESCRIPTION_CHECKS)
        .example("data disk"),
    string(
        "performance_level",
        "The performance level of an ESSD disk.",
    )
    .kept()
    .sent(&[(&CREATE, "PerformanceLevel"), (&RUN, "PerformanceLevel")])
    .check(&[Check::OneOf(LEVELS)])
    .effects(NO_EFFECT)
    .example("PL0"),
    string("device", "Where it is mounted.")
        .replaces()
        .sent(&[(&CREATE, "Device"), (&RUN, "Device")])
        .check(DEVICE_CHECKS)
        .example("/dev/xvdb"),
    int(
        "provisioned_iops",
        "The provisioned IOPS of a cloud_auto disk.",
    )
    .replaces()
    .sent(&[(&RUN, "ProvisionedIops")]),
    boolean("bursting_enabled", "Whether a cloud_auto disk may burst.")
        .replaces()
        .sent(&[(&RUN, "BurstingEnabled")]),
];

/// A further network interface.
static INTERFACE: &[Attribute] = &[
    string("network_interface_id", "An existing interface.")
        .kept()
        .replaces()
        .sent(&[(&RUN, "NetworkInterfaceId")])
        .refers_to("alicloud_ecs_network_interface"),
    string("vswitch_id", "The vSwitch that it is in.")
        .kept()
        .replaces()
        .sent(&[(&RUN, "VSwitchId")])
        .refers_to("alicloud_vswitch"),
    string("network_interface_traffic_mode", "Its traffic mode.")
        .kept()
        .replaces()
        .sent(&[(&RUN, "NetworkInterfaceTrafficMode")])
        .check(&[Check::OneOf(TRAFFIC_MODES)])
        .example("Standard"),
    int("network_card_index", "Its network card.")
        .kept()
        .replaces()
        .sent(&[(&RUN, "NetworkCardIndex")]),
    int("queue_pair_number", "Its queue pairs.")
        .kept()
        .replaces()
        .sent(&[(&RUN, "QueuePairNumber")]),
    boolean(
        "source_dest_check",
        "Whether it checks source and destination.",
    )
    .kept()
    .replaces()
    .sent(&[(&RUN, "SourceDestCheck")]),
    strings("security_group_ids", "The security groups that it is in.")
        .kept()
        .replaces()
        .sent(&[(&RUN, "SecurityGroupIds")])
        .refers_to("alicloud_security_group"),
];

/// A maintenance window.
static MAINTENANCE_TIME: &[Attribute] = &[
    string("start_time", "When it starts: HH:00:00, UTC+8.")
        .sent(&[(&MAINTENANCE, "StartTime")])
        .check(&[Check::Custom(rules::hour)])
        .example("02:00:00"),
    string("end_time", "When it ends: HH:00:00, UTC+8.")
        .sent(&[(&MAINTENANCE, "EndTime")])
        .check(&[Check::Custom(rules::hour)])
        .example("04:00:00"),
];

/// How the image is used.
static IMAGE_OPTIONS: &[Attribute] =
    &[
        boolean("login_as_non_root", "Whether one logs in as ecs-user.")
            .replaces()
            .sent(&[(&RUN, "LoginAsNonRoot")]),
    ];

/// How processors are laid out.
static CPU_OPTIONS: &[Attribute] = &[
    int("core_count", "The number of cores.")
        .kept()
        .sent(&[(&RUN, "Core"), (&ATTRIBUTE, "Core")]),
    int("threads_per_core", "The threads of a core.")
        .kept()
        .sent(&[(&RUN, "ThreadsPerCore"), (&ATTRIBUTE, "ThreadsPerCore")]),
    string("topology_type", "How cores become virtual processors.")
        .kept()
        .sent(&[(&RUN, "TopologyType"), (&ATTRIBUTE, "TopologyType")]),
];
