//! The tables of `alicloud_ecs_launch_template`: its calls, its reads and its attributes.

use super::plan;
use crate::{
    resources::instance::rows::{self, DATA_DISK_CATEGORIES, DISK_CATEGORIES, LEVELS},
    schema::*,
};

pub(super) static CREATE: Call = call("CreateLaunchTemplate");
/// A new version, with all that an instance gets.
pub(super) static VERSION: Call = call("CreateLaunchTemplateVersion");
pub(super) static DEFAULT: Call = call("ModifyLaunchTemplateDefaultVersion");
pub(super) static TAG: Call = call("TagResources").with(&[("ResourceType", "launchtemplate")]);
static DELETE: Call = call("DeleteLaunchTemplate").gone(&["InvalidLaunchTemplate.NotFound"]);

/// The template itself.
pub(super) static TEMPLATES: Read = read_one(
    "DescribeLaunchTemplates",
    "LaunchTemplateId.1",
    "LaunchTemplateSets.LaunchTemplateSet",
);
/// Its newest version.
pub(super) static VERSIONS: Read = read_one(
    "DescribeLaunchTemplateVersions",
    "LaunchTemplateId",
    "LaunchTemplateVersionSets.LaunchTemplateVersionSet",
);

/// A row that the creation and a new version carry under the same name, and that reads back so.
macro_rules! version {
    ($row:expr, $name:literal) => {
        version!($row, $name, $name)
    };
    ($row:expr, $name:literal, $field:literal) => {
        $row.sent(&[(&CREATE, $name), (&VERSION, $name)])
            .read(&VERSIONS, concat!("LaunchTemplateData.", $field))
    };
}

/// A row of a nested block, likewise.
macro_rules! nested {
    ($row:expr, $name:literal) => {
        $row.sent(&[(&CREATE, $name), (&VERSION, $name)])
            .read(&VERSIONS, $name)
    };
}

/// A launch template.
pub static LAUNCH_TEMPLATE: ResourceType = TYPE;
/// The type by its older name.
pub static OLD_LAUNCH_TEMPLATE: ResourceType = TYPE.alias("alicloud_launch_template");

const TYPE: ResourceType = ResourceType {
    id: Id::Field("LaunchTemplateId"),
    create: &[&CREATE],
    read: &[&TEMPLATES, &VERSIONS],
    updates: &[&TAG, &VERSION, &DEFAULT],
    delete: &[&DELETE],
    attributes: ATTRIBUTES,
    rules: plan::RULES,
    adopt: Adopt::LISTED,
    import: "lt-bp1…",
    ..resource(
        "alicloud_ecs_launch_template",
        Service::Ecs,
        "A launch template: what instances are made from, in numbered versions.",
    )
};

const NAME: &[Check] = &[
    Check::Characters(2, 128),
    Check::NoPrefix(&["http://", "https://"]),
    Check::Custom(checks::starts_with_letter),
    Check::Custom(checks::plain_characters),
];

static ATTRIBUTES: &[Attribute] = &[
    string("id", "Its id.")
        .computed()
        .example("lt-bp1apo0bbbkuy0rj3b9x")
        .sent(&[
            (&TAG, "ResourceId.1"),
            (&VERSION, "LaunchTemplateId"),
            (&DEFAULT, "LaunchTemplateId"),
            (&DELETE, "LaunchTemplateId"),
        ]),
    string(
        "launch_template_name",
        "Its name, which no other template of the region has: 2 to 128 characters, starting with a letter.",
    )
    .kept()
    .replaces()
    .sent(&[(&CREATE, "LaunchTemplateName")])
    .read(&TEMPLATES, "LaunchTemplateName")
    .check(NAME)
    .example("web"),
    string("name", "The old name of `launch_template_name`.")
        .deprecated("launch_template_name")
        .kept()
        .replaces()
        .sent(&[(&CREATE, "LaunchTemplateName")])
        .read(&TEMPLATES, "LaunchTemplateName")
        .check(NAME)
        .example("web"),
    string("version_description", "What is new in the version.")
        .sent(&[
            (&CREATE, "VersionDescription"),
            (&VERSION, "VersionDescription"),
        ])
        .read(&VERSIONS, "VersionDescription")
        .check(rows::DESCRIPTION_CHECKS)
        .example("larger disks"),
    int(
        "default_version_number",
        "The version that instances are made from unless they name one.",
    )
    .kept()
    .sent(&[(&DEFAULT, "DefaultVersionNumber")])
    .read(&TEMPLATES, "DefaultVersionNumber")
    .check(&[Check::Range(1, i32::MAX as i64)])
    .example("1"),
    boolean(
        "update_default_version_number",
        "Whether the newest version is the default one.",
    )
    .sent(&[(&DEFAULT, "")])
    .example("true"),
    int("latest_version_number", "The number of the newest version.")
        .computed()
        .read(&TEMPLATES, "LatestVersionNumber"),
    map("template_tags", "Labels of the template itself, at most 20.")
        .wire(Wire::Tags)
        .check(&[Check::Custom(checks::tags)])
        .sent(&[(&CREATE, "TemplateTag"), (&TAG, "Tag")])
        .read(&TEMPLATES, "Tags.Tag")
        .example("{ team = \"web\" }"),
    string(
        "template_resource_group_id",
        "The resource group of the template itself.",
    )
    .kept()
    .replaces()
    .sent(&[(&CREATE, "TemplateResourceGroupId")])
    .read(&TEMPLATES, "ResourceGroupId")
    .example("rg-acfmxazb4ph6aiy"),
    version!(
        string("image_id", "The image of the system disk.")
            .example("aliyun_3_x64_20G_alibase_20240819.vhd"),
        "ImageId"
    ),
    version!(
        string("image_owner_alias", "Whose image it is.")
            .check(&[Check::OneOf(&["system", "self", "others", "marketplace", ""])])
            .example("system"),
        "ImageOwnerAlias"
    ),
    version!(
        blocks("image_options", "How the image is used.", IMAGE_OPTIONS, 0, 1)
            .kept()
            .wire(Wire::Struct),
        "ImageOptions"
    ),
    version!(rows::INSTANCE_TYPE, "InstanceType"),
    version!(
        string(
            "instance_name",
            "The name of the instances; web-[1,3] counts them with three digits.",
        )
        .check(&[Check::Custom(plan::instance_name)])
        .example("web-[1,3]"),
        "InstanceName"
    ),
    version!(rows::DESCRIPTION, "Description"),
    version!(
        rows::HOST_NAME.check(&[Check::Custom(plan::host_name)]),
        "HostName"
    ),
    version!(rows::RESOURCE_GROUP_ID, "ResourceGroupId"),
    version!(rows::INSTANCE_CHARGE_TYPE, "InstanceChargeType"),
    version!(
        int("period", "For how many months a prepaid instance is bought.")
            .kept()
            .check(&[Check::OneOfInts(&[1, 2, 3, 4, 5, 6, 7, 8, 9, 12, 24, 36, 48, 60])])
            .example("1"),
        "Period"
    ),
    version!(
        string("period_unit", "The unit of period.")
            .kept()
            .check(&[Check::OneOf(&["Month", "Week"])])
            .example("Month"),
        "PeriodUnit"
    ),
    version!(
        boolean("auto_renew", "Whether a prepaid instance is renewed.").kept(),
        "AutoRenew"
    ),
    version!(
        int("auto_renew_period", "For how many months it is renewed.")
            .kept()
            .check(&[Check::OneOfInts(&[1, 2, 3, 6, 12, 24, 36, 48, 60])])
            .example("1"),
        "AutoRenewPeriod"
    ),
    version!(rows::AUTO_RELEASE_TIME.same(plan::same_moment), "AutoReleaseTime"),
    version!(rows::SPOT_STRATEGY, "SpotStrategy"),
    version!(rows::SPOT_PRICE_LIMIT, "SpotPriceLimit"),
    version!(
        string("spot_duration", "For how many hours a spot instance is protected.")
            .default(Default::String("1"))
            .check(&[Check::OneOf(&["0", "1", "2", "3", "4", "5", "6"])])
            .example("1"),
        "SpotDuration"
    ),
    version!(
        string("network_type", "The kind of network.")
            .check(&[Check::OneOf(&["classic", "vpc"])])
            .example("vpc"),
        "NetworkType"
    ),
    version!(rows::VPC_ID.kept(), "VpcId"),
    version!(rows::VSWITCH_ID, "VSwitchId"),
    version!(
        string("zone_id", "The zone; that of the vSwitch when one is given.")
            .kept()
            .example("cn-hangzhou-i"),
        "ZoneId"
    ),
    version!(
        string("private_ip_address", "The private address, inside the vSwitch.")
            .check(&[Check::Ipv4])
            .example("10.0.0.10"),
        "PrivateIpAddress"
    ),
    version!(
        string("security_group_id", "The one security group that it is in.")
            .refers_to("alicloud_security_group"),
        "SecurityGroupId"
    ),
    version!(
        strings("security_group_ids", "The security groups that it is in.")
            .refers_to("alicloud_security_group"),
        "SecurityGroupIds",
        "SecurityGroupIds.SecurityGroupId"
    ),
    version!(
        blocks("network_interfaces", "A further network interface.", INTERFACE, 0, 1),
        "NetworkInterface",
        "NetworkInterfaces.NetworkInterface"
    ),
    version!(rows::INTERNET_CHARGE_TYPE, "InternetChargeType"),
    version!(rows::INTERNET_MAX_BANDWIDTH_IN.kept(), "InternetMaxBandwidthIn"),
    version!(rows::INTERNET_MAX_BANDWIDTH_OUT, "InternetMaxBandwidthOut"),
    version!(rows::IO_OPTIMIZED, "IoOptimized"),
    // Before the rows that say the same without a block: of two parameters of one name the first counts.
    version!(
        blocks("system_disk", "The system disk.", SYSTEM_DISK, 0, 1)
            .kept()
            .wire(Wire::Struct),
        "SystemDisk"
    ),
    version!(
        string("system_disk_category", "The kind of the system disk.")
            .deprecated("system_disk")
            .kept()
            .check(&[Check::OneOf(DISK_CATEGORIES)])
            .example("cloud_essd"),
        "SystemDisk.Category"
    ),
    version!(
        string("system_disk_description", "The description of the system disk.")
            .deprecated("system_disk")
            .kept()
            .check(rows::DESCRIPTION_CHECKS)
            .example("root disk"),
        "SystemDisk.Description"
    ),
    version!(
        string("system_disk_name", "The name of the system disk.")
            .deprecated("system_disk")
            .kept()
            .check(rows::NAME_CHECKS)
            .example("root"),
        "SystemDisk.DiskName"
    ),
    version!(
        int("system_disk_size", "The size of the system disk in GiB.")
            .deprecated("system_disk")
            .kept()
            .check(&[Check::Range(20, 2048)])
            .example("40"),
        "SystemDisk.Size"
    ),
    version!(
        block_set("data_disks", "The data disks.", DATA_DISK, 0, 16),
        "DataDisk",
        "DataDisks.DataDisk"
    ),
    version!(rows::PASSWORD_INHERIT, "PasswordInherit"),
    version!(
        string("key_pair_name", "The key pair to log in with.")
            .check(&[Check::Characters(2, 128)])
            .refers_to("alicloud_ecs_key_pair"),
        "KeyPairName"
    ),
    version!(
        string("ram_role_name", "The RAM role that it acts in.").example("web"),
        "RamRoleName"
    ),
    version!(
        rows::USER_DATA.kept().wire(Wire::Base64).same(plan::same_data),
        "UserData"
    ),
    version!(
        string("userdata", "The old name of `user_data`.")
            .deprecated("user_data")
            .kept()
            .wire(Wire::Base64)
            .same(plan::same_data),
        "UserData"
    ),
    version!(
        boolean("enable_vm_os_config", "Whether the operating system is configured."),
        "EnableVmOsConfig"
    ),
    version!(rows::SECURITY_ENHANCEMENT_STRATEGY, "SecurityEnhancementStrategy"),
    version!(rows::DEPLOYMENT_SET_ID, "DeploymentSetId"),
    version!(rows::HTTP_ENDPOINT.kept(), "HttpEndpoint"),
    version!(rows::HTTP_TOKENS.kept(), "HttpTokens"),
    version!(
        rows::HTTP_PUT_RESPONSE_HOP_LIMIT.kept(),
        "HttpPutResponseHopLimit"
    ),
    version!(
        tags("Labels of the instances, their disks and interfaces, at most 20.")
            .example("{ team = \"web\" }"),
        "Tag",
        "Tags.InstanceTag"
    ),
];

/// How the image is used.
static IMAGE_OPTIONS: &[Attribute] = &[nested!(
    boolean("login_as_non_root", "Whether one logs in as ecs-user."),
    "LoginAsNonRoot"
)];

/// The system disk.
static SYSTEM_DISK: &[Attribute] = &[
    nested!(
        string("category", "Its kind.")
            .kept()
            .check(&[Check::OneOf(DISK_CATEGORIES)])
            .example("cloud_essd"),
        "Category"
    ),
    nested!(
        int("size", "Its size in GiB; at least that of the image.")
            .kept()
            .check(&[Check::Range(20, 2048)])
            .example("40"),
        "Size"
    ),
    nested!(
        string(
            "performance_level",
            "The performance level of an ESSD disk."
        )
        .kept()
        .check(&[Check::OneOf(LEVELS)])
        .example("PL1"),
        "PerformanceLevel"
    ),
    nested!(
        string("name", "Its name.")
            .kept()
            .check(rows::NAME_CHECKS)
            .example("root"),
        "DiskName"
    ),
    nested!(
        string("description", "Its description.")
            .kept()
            .check(rows::DESCRIPTION_CHECKS)
            .example("root disk"),
        "Description"
    ),
    nested!(
        boolean("delete_with_instance", "Whether it goes with the instance.")
            .default(Default::Bool(true)),
        "DeleteWithInstance"
    ),
    nested!(
        boolean("encrypted", "Whether it is encrypted."),
        "Encrypted"
    ),
    nested!(
        string("kms_key_id", "The key that encrypts it."),
        "KMSKeyId"
    ),
    nested!(
        string("iops", "Its IOPS; the API has this for invited users only."),
        "Iops"
    ),
];

/// A data disk.
static DATA_DISK: &[Attribute] = &[
    nested!(
        string("name", "Its name.")
            .check(rows::NAME_CHECKS)
            .example("data"),
        "DiskName"
    ),
    nested!(int("size", "Its size in GiB.").example("100"), "Size"),
    nested!(
        string("category", "Its kind.")
            .check(&[Check::OneOf(DATA_DISK_CATEGORIES)])
            .example("cloud_essd"),
        "Category"
    ),
    nested!(
        string(
            "performance_level",
            "The performance level of an ESSD disk."
        )
        .check(&[Check::OneOf(LEVELS)])
        .example("PL1"),
        "PerformanceLevel"
    ),
    nested!(
        string("description", "Its description.")
            .check(rows::DESCRIPTION_CHECKS)
            .example("data disk"),
        "Description"
    ),
    nested!(
        boolean("delete_with_instance", "Whether it goes with the instance."),
        "DeleteWithInstance"
    ),
    nested!(
        boolean("encrypted", "Whether it is encrypted."),
        "Encrypted"
    ),
    nested!(
        string("kms_key_id", "The key that encrypts it."),
        "KMSKeyId"
    ),
    nested!(
        string("snapshot_id", "The snapshot that it starts from.")
            .refers_to("alicloud_ecs_snapshot"),
        "SnapshotId"
    ),
    nested!(
        string("device", "Where it is mounted.")
            .check(rows::DEVICE_CHECKS)
            .example("/dev/xvdb"),
        "Device"
    ),
];

/// A further network interface.
static INTERFACE: &[Attribute] = &[
    nested!(
        string("name", "Its name.")
            .check(rows::NAME_CHECKS)
            .example("backend"),
        "NetworkInterfaceName"
    ),
    nested!(
        string("description", "Its description.")
            .check(rows::DESCRIPTION_CHECKS)
            .example("backend"),
        "Description"
    ),
    nested!(
        string("primary_ip", "Its private address.")
            .check(&[Check::Ipv4])
            .example("10.0.0.11"),
        "PrimaryIpAddress"
    ),
    nested!(
        string("security_group_id", "The security group that it is in.")
            .refers_to("alicloud_security_group"),
        "SecurityGroupId"
    ),
    nested!(
        string("vswitch_id", "The vSwitch that it is in.").refers_to("alicloud_vswitch"),
        "VSwitchId"
    ),
    nested!(
        boolean("delete_on_release", "Whether it goes with the instance."),
        "DeleteOnRelease"
    ),
];
