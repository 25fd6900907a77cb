//! The table of `alicloud_eip_address`.

use super::{BUSY, DESCRIBE, STEADY, rules};
use crate::{
    model::{Object, Value, plan::Effect},
    provider::{CreateRequest, lifecycle},
    resources::payment,
    schema::*,
};

const NO_URL: &[&str] = &["http://", "https://"];
const NAME: &[Check] = &[
    Check::Characters(1, 128),
    Check::NoPrefix(NO_URL),
    Check::Custom(checks::starts_with_letter),
];

static CREATE: Call = call("AllocateEipAddress")
    .token()
    .retry(&[
        "OperationConflict",
        "LastTokenProcessing",
        "IncorrectStatus",
        "SystemBusy",
        "ServiceUnavailable",
        "FrequentPurchase.EIP",
    ])
    .wait(STEADY);
static MODIFY: Call = call("ModifyEipAddressAttribute").retry(BUSY).wait(STEADY);
// The action wants the project and the store with the status, and the status with them.
static MONITOR: Call = call("SetHighDefinitionMonitorLogStatus")
    .with(&[("InstanceType", "EIP")])
    .retry(BUSY)
    .whole()
    .after_create();
static MOVE: Call = call("MoveResourceGroup").with(&[("ResourceType", "EIP")]);
static PROTECT: Call = call("DeletionProtection")
    .with(&[("Type", "EIP")])
    .retry(BUSY)
    .after_create();
static MODE: Call = call("ModifyEipForwardMode").retry(BUSY).after_create();
static TAG: Call = call("TagResources")
    .with(&[("ResourceType", "EIP")])
    .after_create();
// A subscription cannot be released: it ends by itself.
static DELETE: Call = call("ReleaseEipAddress")
    .when(When::IsNot("payment_type", "Subscription"))
    .retry(&[
        "OperationConflict",
        "LastTokenProcessing",
        "IncorrectStatus",
        "SystemBusy",
        "ServiceUnavailable",
        "IncorrectEipStatus",
        "TaskConflict",
    ])
    .gone(&["InvalidAllocationId.NotFound"]);

static LOG: Read = read_one(
    "DescribeHighDefinitionMonitorLogAttribute",
    "InstanceId",
    "",
);

const TABLE: ResourceType = ResourceType {
    id: Id::Field("AllocationId"),
    create: &[&CREATE],
    read: &[&DESCRIBE, &LOG],
    updates: &[&MODIFY, &MONITOR, &MOVE, &PROTECT, &MODE, &TAG],
    delete: &[&DELETE],
    timeouts: Timeouts {
        create: 9,
        update: 9,
        delete: 9,
    },
    attributes: ATTRIBUTES,
    rules: &[
        Rule::Conflicts("allocation_id", "ip_address"),
        Rule::Custom(rules::sold),
        Rule::Custom(rules::monitored),
    ],
    adopt: Adopt {
        known_by: &["ip_address"],
        unsaid: &["allocation_id", "ip_address"],
        ..Adopt::LISTED
    },
    import: "eip-bp1…",
    ..resource(
        "alicloud_eip_address",
        Service::Vpc,
        "An elastic IP address: a public address that can be bound to one thing after another.",
    )
};

/// An elastic IP address.
pub static EIP: ResourceType = TABLE;

/// The same type by its older name.
pub static OLD: ResourceType = TABLE.alias("alicloud_eip");

static ATTRIBUTES: &[Attribute] = &[
    string("id", "The address's id, which is not the address.")
        .computed()
        .example("eip-bp1k2v5u0acfmxazb4ph6")
        .sent(&[
            (&MODIFY, "AllocationId"),
            (&MONITOR, "InstanceId"),
            (&MOVE, "ResourceId"),
            (&PROTECT, "InstanceId"),
            (&MODE, "InstanceId"),
            (&TAG, "ResourceId.1"),
            (&DELETE, "AllocationId"),
        ]),
    string(
        "allocation_id",
        "The id that it is to have; the cloud gives one when unset.",
    )
    .kept()
    .replaces()
    .sent(&[(&CREATE, "InstanceId")])
    .read(&DESCRIBE, "AllocationId")
    .example("eip-bp1k2v5u0acfmxazb4ph6"),
    string(
        "ip_address",
        "The address; the cloud gives one when unset.",
    )
    .kept()
    .replaces()
    .sent(&[(&CREATE, "IpAddress")])
    .read(&DESCRIBE, "IpAddress")
    .check(&[Check::Ipv4])
    .example("47.75.1.2"),
    string(
        "address_name",
        "Display name: 1 to 128 characters, starting with a letter.",
    )
    .kept()
    .sent(&[(&CREATE, "Name"), (&MODIFY, "Name")])
    .read(&DESCRIBE, "Name")
    .check(NAME)
    .example("web"),
    string("name", "The old name of `address_name`.")
        .deprecated("address_name")
        .kept()
        .sent(&[(&CREATE, "Name"), (&MODIFY, "Name")])
        .read(&DESCRIBE, "Name")
        .check(NAME)
        .example("web"),
    string("description", "Description: 2 to 256 characters.")
        .kept()
        .sent(&[(&CREATE, "Description"), (&MODIFY, "Description")])
        .read(&DESCRIBE, "Description")
        .check(&[Check::Characters(2, 256), Check::NoPrefix(NO_URL)])
        .example("The way in"),
    string(
        "bandwidth",
        "Bandwidth in Mbit/s: up to 500, by traffic up to 200, as a subscription up to 1000; 5 when unset.",
    )
    .kept()
    .sent(&[(&CREATE, "Bandwidth"), (&MODIFY, "Bandwidth")])
    .read(&DESCRIBE, "EipBandwidth|Bandwidth")
    .check(&[Check::Custom(rules::bandwidth)])
    .effects(&[(Effect::Costs, On::When(buys)), (Effect::Saves, On::When(returns))])
    .example("10"),
    string(
        "internet_charge_type",
        "What is paid for: `PayByBandwidth` (when unset) or `PayByTraffic`.",
    )
    .kept()
    .replaces()
    .sent(&[(&CREATE, "InternetChargeType")])
    .read(&DESCRIBE, "InternetChargeType")
    .check(&[Check::OneOf(&["PayByBandwidth", "PayByTraffic"])])
    .example("PayByTraffic"),
    string(
        "payment_type",
        "How it is paid for: `PayAsYouGo` (when unset) or `Subscription`. A subscription is not released by a destroy: it ends by itself.",
    )
    .kept()
    .replaces()
    .sent(&[(&CREATE, "InstanceChargeType"), (&DELETE, "")])
    .read(&DESCRIBE, "ChargeType")
    .wire(payment::PAYMENT)
    .check(&[payment::EITHER])
    .same(payment::same)
    .example("PayAsYouGo"),
    string(
        "instance_charge_type",
        "The old form of `payment_type`: `PostPaid` or `PrePaid`.",
    )
    .deprecated("payment_type")
    .kept()
    .replaces()
    .sent(&[(&CREATE, "InstanceChargeType")])
    .read(&DESCRIBE, "ChargeType")
    .wire(payment::CHARGE)
    .check(&[payment::EITHER])
    .same(payment::same)
    .example("PostPaid"),
    int(
        "period",
        "Months of a subscription: 1 to 9, 12, 24 or 36; 1 when unset.",
    )
    .sent(&[(&CREATE, "Period")])
    .check(&[Check::OneOfInts(&[0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 12, 24, 36])])
    .example("12"),
    string(
        "pricing_cycle",
        "What `period` counts: `Month` or `Year`; months when unset.",
    )
    .sent(&[(&CREATE, "PricingCycle")])
    .check(&[Check::OneOf(&["Month", "Year"])])
    .example("Month"),
    boolean(
        "auto_pay",
        "Whether a subscription is paid at once; true when unset.",
    )
    .sent(&[(&CREATE, "AutoPay")])
    .example("true"),
    string(
        "isp",
        "The kind of line; `BGP`, which every region has, when unset.",
    )
    .kept()
    .replaces()
    .sent(&[(&CREATE, "ISP")])
    .read(&DESCRIBE, "ISP")
    .check(&[Check::OneOf(&[
        "BGP",
        "BGP_PRO",
        "ChinaTelecom",
        "ChinaUnicom",
        "ChinaMobile",
        "ChinaTelecom_L2",
        "ChinaUnicom_L2",
        "ChinaMobile_L2",
        "BGP_FinanceCloud",
        "BGP_International",
    ])])
    .example("BGP"),
    string("netmode", "The kind of network: `public`.")
        .kept()
        .replaces()
        .sent(&[(&CREATE, "Netmode")])
        .read(&DESCRIBE, "Netmode")
        .check(&[Check::OneOf(&["public"])])
        .example("public"),
    string(
        "mode",
        "How a network interface has it: `NAT`, `BINDED` or `MULTI_BINDED`.",
    )
    .kept()
    .sent(&[(&MODE, "Mode")])
    .read(&DESCRIBE, "Mode")
    .check(&[Check::OneOf(&["NAT", "BINDED", "MULTI_BINDED"])])
    .example("NAT"),
    string("zone", "The zone that it is in, where it has one.")
        .kept()
        .replaces()
        .sent(&[(&CREATE, "Zone")])
        .read(&DESCRIBE, "Zone")
        .example("cn-hangzhou-i"),
    string(
        "public_ip_address_pool_id",
        "The address pool that it is taken from.",
    )
    .replaces()
    .sent(&[(&CREATE, "PublicIpAddressPoolId")])
    .read(&DESCRIBE, "PublicIpAddressPoolId")
    .example("pippool-6wetvn6fumkgycssx"),
    strings(
        "security_protection_types",
        "Protection from attacks beyond the basic one: `AntiDDoS_Enhanced`.",
    )
    .replaces()
    .sent(&[(&CREATE, "SecurityProtectionTypes")])
    .read(
        &DESCRIBE,
        "SecurityProtectionTypes.SecurityProtectionType",
    )
    .check(&[Check::Custom(rules::at_most_ten)])
    .example("AntiDDoS_Enhanced"),
    string("activity_id", "The number of a promotion.")
        .sent(&[(&CREATE, "ActivityId")])
        .check(&[Check::Custom(rules::number)])
        .example("123456"),
    string("resource_group_id", "Resource group.")
        .kept()
        .sent(&[
            (&CREATE, "ResourceGroupId"),
            (&MOVE, "NewResourceGroupId"),
        ])
        .read(&DESCRIBE, "ResourceGroupId")
        .example("rg-acfmxazb4ph6aiy"),
    boolean(
        "deletion_protection",
        "Whether it cannot be released.",
    )
    .kept()
    .sent(&[(&PROTECT, "ProtectionEnable")])
    .read(&DESCRIBE, "DeletionProtection")
    .example("false"),
    string(
        "high_definition_monitor_log_status",
        "Whether its traffic is logged by the second: `ON` or `OFF`.",
    )
    .kept()
    .replaces()
    .sent(&[(&MONITOR, "Status")])
    .read(&DESCRIBE, "HDMonitorStatus")
    .check(&[Check::OneOf(&["ON", "OFF"])])
    .example("OFF"),
    string("log_project", "The log service's project for that log.")
        .sent(&[(&MONITOR, "LogProject")])
        .read(&LOG, "LogProject")
        .example("network"),
    string("log_store", "The log store for that log.")
        .sent(&[(&MONITOR, "LogStore")])
        .read(&LOG, "LogStore")
        .example("eip"),
    tags("Labels, at most 20.")
        .sent(&[(&CREATE, "Tag"), (&TAG, "Tag")])
        .read(&DESCRIBE, "Tags.Tag")
        .example("{ team = \"web\" }"),
    string("create_time", "When it was allocated.")
        .computed()
        .read(&DESCRIBE, "AllocationTime"),
    string(
        "status",
        "`Available`, `InUse`, or on the way: `Associating`, `Unassociating`, `Releasing`.",
    )
    .computed()
    .read(&DESCRIBE, "Status"),
];

/// Returns the create call: what belongs to a subscription goes only with one.
pub(super) fn request(ty: &'static ResourceType, desired: &Object) -> CreateRequest {
    let mut request = lifecycle::create_request(ty, desired);
    payment::complete(&mut request, "Period", ("InstanceChargeType", "PrePaid"));
    request
}

/// Bandwidth costs unless what is paid for is traffic.
fn is_paid(change: &Transition<'_>) -> bool {
    change
        .after
        .get("internet_charge_type")
        .and_then(Value::as_str)
        != Some("PayByTraffic")
}

/// The attribute is a text, as the older versions of the type had it.
fn megabits(value: &Value) -> Option<u32> {
    value.as_str()?.parse().ok()
}

fn buys(change: &Transition<'_>) -> bool {
    is_paid(change) && megabits(change.from) < megabits(change.to)
}

fn returns(change: &Transition<'_>) -> bool {
    is_paid(change) && megabits(change.from) > megabits(change.to)
}
