//! How instances are written: straight as text, since a listing of them is asked for more often than anything else.
//!
//! The fields have the names of the API.

#![expect(non_snake_case, reason = "the names of the API")]

use serde::Serialize;
use serde_json::Value;

use super::instance::state;
use super::instance_describe::{flag, primary, setting};
use crate::emulator::catalog;
use crate::emulator::clock::minutes;
use crate::emulator::egress::Eip;
use crate::emulator::objects::{Instance, Interface};
use crate::emulator::request::Tags;
use crate::emulator::world::World;

/// What DescribeInstances and DescribeInstanceAttribute both show.
#[derive(Serialize)]
pub(super) struct Shared<'a> {
    InstanceId: &'a str,
    InstanceName: &'a str,
    Description: &'a str,
    HostName: &'a str,
    RegionId: &'a str,
    ZoneId: &'a str,
    ClusterId: &'a str,
    ImageId: &'a str,
    InstanceType: &'a str,
    Cpu: i64,
    Memory: i64,
    Status: &'a str,
    StoppedMode: &'a str,
    SerialNumber: &'a str,
    InstanceNetworkType: &'static str,
    InstanceChargeType: &'a str,
    InternetChargeType: &'a str,
    InternetMaxBandwidthIn: i64,
    InternetMaxBandwidthOut: i64,
    CreditSpecification: &'a str,
    CreationTime: String,
    ExpiredTime: String,
    VlanId: &'a str,
    OperationLocks: LockReasons,
    SecurityGroupIds: SecurityGroupIds<'a>,
    PublicIpAddress: IpAddresses<'a>,
    InnerIpAddress: IpAddresses<'a>,
    EipAddress: EipAddress<'a>,
    VpcAttributes: VpcAttributes<'a>,
    DedicatedHostAttribute: DedicatedHost<'a>,
}

#[derive(Serialize)]
struct LockReasons {
    LockReason: [(); 0],
}

#[derive(Serialize)]
struct SecurityGroupIds<'a> {
    SecurityGroupId: &'a [String],
}

#[derive(Serialize)]
struct IpAddresses<'a> {
    IpAddress: Vec<&'a str>,
}

#[derive(Serialize)]
struct EipAddress<'a> {
    AllocationId: &'a str,
    IpAddress: &'a str,
    InternetChargeType: &'a str,
    Bandwidth: i64,
    #[serde(skip_serializing_if = "Option::is_none")]
    IsSupportUnassociate: Option<bool>,
}

#[derive(Serialize)]
struct VpcAttributes<'a> {
    VpcId: &'a str,
    VSwitchId: &'a str,
    NatIpAddress: &'static str,
    PrivateIpAddress: IpAddresses<'a>,
}

#[derive(Serialize)]
struct DedicatedHost<'a> {
    DedicatedHostId: &'a str,
    DedicatedHostName: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    DedicatedHostClusterId: Option<&'static str>,
}

/// An instance of a listing.
#[derive(Serialize)]
pub(super) struct Shown<'a> {
    #[serde(flatten)]
    shared: Shared<'a>,
    InstanceTypeFamily: &'a str,
    GPUAmount: i64,
    GPUSpec: &'a str,
    OSName: &'a str,
    OSNameEn: &'a str,
    OSType: &'a str,
    IoOptimized: bool,
    StartTime: String,
    AutoReleaseTime: &'a str,
    DeletionProtection: bool,
    DeviceAvailable: bool,
    EnableNVS: bool,
    SecurityOptions: SecurityOptions,
    Recyclable: bool,
    SaleCycle: &'static str,
    KeyPairName: &'a str,
    SpotStrategy: &'a str,
    SpotPriceLimit: f64,
    SpotDuration: i64,
    SpotInterruptionBehavior: &'a str,
    ResourceGroupId: &'a str,
    DeploymentSetId: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    DeploymentSetGroupNo: Option<i64>,
    HpcClusterId: &'a str,
    LocalStorageAmount: i64,
    LocalStorageCapacity: i64,
    ISP: &'static str,
    RdmaIpAddress: IpAddresses<'a>,
    DedicatedInstanceAttribute: DedicatedInstance<'a>,
    EcsCapacityReservationAttr: CapacityReservation,
    HibernationOptions: Hibernation,
    ImageOptions: ImageOptions,
    AdditionalInfo: AdditionalInfo,
    CpuOptions: CpuOptions<'a>,
    MetadataOptions: MetadataOptions<'a>,
    NetworkInterfaces: NetworkInterfaces<'a>,
    Tags: TagList<'a>,
}

#[derive(Serialize)]
struct SecurityOptions {
    EnableSecureBoot: bool,
}

#[derive(Serialize)]
struct DedicatedInstance<'a> {
    Affinity: &'a str,
    Tenancy: &'a str,
}

#[derive(Serialize)]
struct CapacityReservation {
    CapacityReservationId: &'static str,
    CapacityReservationPreference: &'static str,
}

#[derive(Serialize)]
struct Hibernation {
    Configured: bool,
}

#[derive(Serialize)]
struct ImageOptions {
    LoginAsNonRoot: bool,
}

#[derive(Serialize)]
struct AdditionalInfo {
    EnableHighDensityMode: bool,
}

#[derive(Serialize)]
struct CpuOptions<'a> {
    CoreCount: i64,
    ThreadsPerCore: i64,
    Numa: &'a str,
    TopologyType: &'a str,
}

#[derive(Serialize)]
struct MetadataOptions<'a> {
    HttpEndpoint: &'a str,
    HttpTokens: &'a str,
    HttpPutResponseHopLimit: i64,
    InstanceMetadataTags: &'a str,
}

#[derive(Serialize)]
struct NetworkInterfaces<'a> {
    NetworkInterface: Vec<NetworkInterface<'a>>,
}

#[derive(Serialize)]
struct NetworkInterface<'a> {
    NetworkInterfaceId: &'a str,
    MacAddress: &'a str,
    PrimaryIpAddress: &'a str,
    Type: &'static str,
    PrivateIpSets: PrivateIpSets<'a>,
    Ipv6Sets: Ipv6Sets<'a>,
    Ipv4PrefixSets: Ipv4PrefixSets,
    Ipv6PrefixSets: Ipv6PrefixSets,
}

#[derive(Serialize)]
struct PrivateIpSets<'a> {
    PrivateIpSet: Vec<PrivateIp<'a>>,
}

#[derive(Serialize)]
struct PrivateIp<'a> {
    PrivateIpAddress: &'a str,
    Primary: bool,
    PrivateDnsName: &'static str,
}

#[derive(Serialize)]
struct Ipv6Sets<'a> {
    Ipv6Set: Vec<Ipv6<'a>>,
}

#[derive(Serialize)]
struct Ipv6<'a> {
    Ipv6Address: &'a str,
}

#[derive(Serialize)]
struct Ipv4PrefixSets {
    Ipv4PrefixSet: [(); 0],
}

#[derive(Serialize)]
struct Ipv6PrefixSets {
    Ipv6PrefixSet: [(); 0],
}

#[derive(Serialize)]
struct TagList<'a> {
    Tag: Vec<Tag<'a>>,
}

#[derive(Serialize)]
struct Tag<'a> {
    TagKey: &'a str,
    TagValue: &'a str,
}

/// What both show; some fields are in listings only.
pub(super) fn shared<'a>(world: &'a World, instance: &'a Instance, listed: bool) -> Shared<'a> {
    let kind = catalog::instance_type(&instance.instance_type);
    let primary = primary(world, instance);
    let private = primary.and_then(|primary| primary.addresses.first());
    let inner = instance.settings.get("InnerIpAddress");
    let inner = inner.and_then(Value::as_str);
    Shared {
        InstanceId: &instance.id,
        InstanceName: &instance.name,
        Description: &instance.description,
        HostName: &instance.host_name,
        RegionId: &instance.region,
        ZoneId: &instance.zone,
        ClusterId: setting(instance, "ClusterId", ""),
        ImageId: &instance.image,
        InstanceType: &instance.instance_type,
        Cpu: kind.map_or(0, |kind| kind.cpu),
        Memory: kind.map_or(0.0, |kind| kind.memory * 1024.0).round() as i64,
        Status: state(world, instance),
        StoppedMode: &instance.stopped_mode,
        SerialNumber: &instance.serial_number,
        InstanceNetworkType: "vpc",
        InstanceChargeType: &instance.charge_type,
        InternetChargeType: &instance.internet_charge_type,
        InternetMaxBandwidthIn: instance.bandwidth_in,
        InternetMaxBandwidthOut: instance.bandwidth_out,
        CreditSpecification: &instance.credit,
        CreationTime: minutes(instance.created),
        ExpiredTime: instance
            .expires
            .map_or_else(|| "2099-12-31T15:59Z".to_owned(), minutes),
        VlanId: setting(instance, "VlanId", ""),
        OperationLocks: LockReasons { LockReason: [] },
        SecurityGroupIds: SecurityGroupIds {
            SecurityGroupId: primary.map_or(&[], |primary| &primary.groups),
        },
        PublicIpAddress: addresses(instance.public_ip.as_deref()),
        InnerIpAddress: addresses(inner),
        EipAddress: eip(eip_of(world, instance), listed),
        VpcAttributes: VpcAttributes {
            VpcId: &instance.vpc,
            VSwitchId: &instance.vswitch,
            NatIpAddress: "",
            PrivateIpAddress: addresses(private.map(String::as_str)),
        },
        DedicatedHostAttribute: DedicatedHost {
            DedicatedHostId: &instance.dedicated_host,
            DedicatedHostName: "",
            DedicatedHostClusterId: listed.then_some(""),
        },
    }
}

fn addresses(one: Option<&str>) -> IpAddresses<'_> {
    IpAddresses {
        IpAddress: one.into_iter().collect(),
    }
}

/// The elastic address of an instance.
pub(super) fn eip_of<'a>(world: &'a World, instance: &Instance) -> Option<&'a Eip> {
    world.eips_on(&instance.region, &instance.id).next()
}

fn eip(found: Option<&Eip>, listed: bool) -> EipAddress<'_> {
    let field = |read: fn(&Eip) -> &str| found.map(read).unwrap_or_default();
    EipAddress {
        AllocationId: field(|it| &it.id),
        IpAddress: field(|it| &it.address),
        InternetChargeType: field(|it| &it.internet_charge_type),
        Bandwidth: found.map_or(0, |it| it.bandwidth),
        IsSupportUnassociate: listed.then_some(found.is_some()),
    }
}

/// An instance as a listing shows it.
pub(super) fn show<'a>(world: &'a World, instance: &'a Instance) -> Shown<'a> {
    let kind = catalog::instance_type(&instance.instance_type);
    let image = world.image(&instance.region, &instance.image);
    let interfaces = instance.interfaces.iter();
    let interfaces = interfaces.filter_map(|id| world.interfaces.get(id));
    let started = instance.started.filter(|at| *at <= world.now);
    let system = image.map_or("", |image| &image.os_name);
    Shown {
        shared: shared(world, instance, true),
        InstanceTypeFamily: kind.map_or("", |kind| &kind.family),
        GPUAmount: kind.map_or(0, |kind| kind.gpus),
        GPUSpec: kind.map_or("", |kind| &kind.gpu),
        OSName: system,
        OSNameEn: system,
        OSType: image.map_or("", |image| &image.os_type),
        IoOptimized: instance.io_optimized,
        StartTime: started.map(minutes).unwrap_or_default(),
        AutoReleaseTime: instance.release_at.as_deref().unwrap_or_default(),
        DeletionProtection: instance.deletion_protection,
        DeviceAvailable: true,
        EnableNVS: false,
        SecurityOptions: SecurityOptions {
            EnableSecureBoot: false,
        },
        Recyclable: instance.recyclable,
        SaleCycle: "",
        KeyPairName: &instance.key_pair,
        SpotStrategy: &instance.spot_strategy,
        SpotPriceLimit: instance.spot_price_limit,
        SpotDuration: instance.spot_duration,
        SpotInterruptionBehavior: &instance.spot_interruption,
        ResourceGroupId: &instance.resource_group,
        DeploymentSetId: &instance.deployment_set,
        DeploymentSetGroupNo: instance.deployment_group,
        HpcClusterId: &instance.hpc_cluster,
        LocalStorageAmount: 0,
        LocalStorageCapacity: 0,
        ISP: "",
        RdmaIpAddress: addresses(None),
        DedicatedInstanceAttribute: DedicatedInstance {
            Affinity: setting(instance, "Affinity", ""),
            Tenancy: setting(instance, "Tenancy", ""),
        },
        EcsCapacityReservationAttr: CapacityReservation {
            CapacityReservationId: "",
            CapacityReservationPreference: "",
        },
        HibernationOptions: Hibernation {
            Configured: flag(instance, "HibernationOptions.Configured"),
        },
        ImageOptions: ImageOptions {
            LoginAsNonRoot: flag(instance, "ImageOptions.LoginAsNonRoot"),
        },
        AdditionalInfo: AdditionalInfo {
            EnableHighDensityMode: flag(instance, "AdditionalInfo.EnableHighDensityMode"),
        },
        CpuOptions: cpu_options(instance, kind.map_or(2, |kind| kind.cpu)),
        MetadataOptions: metadata_options(instance),
        NetworkInterfaces: NetworkInterfaces {
            NetworkInterface: interfaces.map(interface).collect(),
        },
        Tags: tags(&instance.tags),
    }
}

fn number(instance: &Instance, name: &str, otherwise: i64) -> i64 {
    setting(instance, name, "").parse().unwrap_or(otherwise)
}

fn cpu_options(instance: &Instance, cpu: i64) -> CpuOptions<'_> {
    let threads = if cpu > 1 { 2 } else { 1 };
    CpuOptions {
        CoreCount: number(instance, "CpuOptions.Core", (cpu / 2).max(1)),
        ThreadsPerCore: number(instance, "CpuOptions.ThreadsPerCore", threads),
        Numa: setting(instance, "CpuOptions.Numa", "ON"),
        TopologyType: setting(
            instance,
            "CpuOptions.TopologyType",
            "DiscreteCoreToHTMapping",
        ),
    }
}

fn metadata_options(instance: &Instance) -> MetadataOptions<'_> {
    MetadataOptions {
        HttpEndpoint: setting(instance, "HttpEndpoint", "enabled"),
        HttpTokens: setting(instance, "HttpTokens", "optional"),
        HttpPutResponseHopLimit: number(instance, "HttpPutResponseHopLimit", 1),
        InstanceMetadataTags: setting(instance, "InstanceMetadataTags", "disabled"),
    }
}

fn interface(interface: &Interface) -> NetworkInterface<'_> {
    let private = interface.addresses.iter().enumerate();
    let private = private.map(|(index, address)| PrivateIp {
        PrivateIpAddress: address,
        Primary: index == 0,
        PrivateDnsName: "",
    });
    let ipv6 = interface.ipv6.iter();
    let ipv6 = ipv6.map(|address| Ipv6 {
        Ipv6Address: address,
    });
    NetworkInterface {
        NetworkInterfaceId: &interface.id,
        MacAddress: &interface.mac,
        PrimaryIpAddress: interface.addresses.first().map_or("", String::as_str),
        Type: if interface.primary {
            "Primary"
        } else {
            "Secondary"
        },
        PrivateIpSets: PrivateIpSets {
            PrivateIpSet: private.collect(),
        },
        Ipv6Sets: Ipv6Sets {
            Ipv6Set: ipv6.collect(),
        },
        Ipv4PrefixSets: Ipv4PrefixSets { Ipv4PrefixSet: [] },
        Ipv6PrefixSets: Ipv6PrefixSets { Ipv6PrefixSet: [] },
    }
}

fn tags(tags: &Tags) -> TagList<'_> {
    let tags = tags.iter().map(|(key, value)| Tag {
        TagKey: key,
        TagValue: value,
    });
    TagList {
        Tag: tags.collect(),
    }
}
