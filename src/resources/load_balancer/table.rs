//! The table of `alicloud_slb_load_balancer`.

use super::rules;
use crate::{
    model::plan::Effect,
    resources::{network_interface, payment},
    schema::*,
};

/// The sizes, and what stands for one where it is paid by use.
const SPECS: &[Check] = &[Check::OneOf(&[
    "slb.s1.small",
    "slb.s2.small",
    "slb.s2.medium",
    "slb.s3.small",
    "slb.s3.medium",
    "slb.s3.large",
    "slb.s4.large",
    rules::ELASTIC,
])];
const NAME: &[Check] = &[
    Check::Characters(1, 80),
    Check::Custom(checks::starts_with_letter),
    Check::Custom(rules::name),
];
/// The words of `payment_type`, in the API's.
pub(super) const PAYMENT: Wire =
    Wire::Words(&[("PayAsYouGo", "PayOnDemand"), ("Subscription", "PrePay")]);
/// The words of `internet_charge_type`, in the API's.
const CHARGE: Wire = Wire::Words(&[
    ("PayByTraffic", "paybytraffic"),
    ("PayByBandwidth", "paybybandwidth"),
]);
/// Codes while an earlier change of the balancer is on its way.
const BUSY: &[&str] = &["ServiceIsConfiguring"];

static CREATE: Call = call("CreateLoadBalancer")
    .token()
    .retry(&["OperationFailed.TokenIsProcessing"])
    .wait(Wait {
        field: "LoadBalancerStatus",
        // What was to be inactive is so already when the creation goes on after a crash.
        until: &["active", "inactive"],
        failed: &["locked"],
    });
static TAG: Call = call("TagResources")
    .with(&[("ResourceType", "instance")])
    .after_create();
static STATUS: Call = call("SetLoadBalancerStatus").retry(BUSY).after_create();
static PROTECT: Call = call("SetLoadBalancerDeleteProtection").retry(BUSY);
static RENAME: Call = call("SetLoadBalancerName").retry(BUSY);
// There is a way from size to use, and none back: that is another balancer. The change ends the payment by bandwidth.
static USE: Call = call("ModifyLoadBalancerInstanceChargeType")
    .when(When::Is("instance_charge_type", "PayByCLCU"))
    .retry(BUSY)
    .gone(&["OperationDenied.PayByCLCU"]);
// The order of a subscription's change is made, and not paid, unless it is said.
static SPEC: Call = call("ModifyLoadBalancerInstanceSpec")
    .with(&[("AutoPay", "true")])
    .when(When::IsNot("instance_charge_type", "PayByCLCU"))
    .retry(BUSY);
static LOCK: Call = call("SetLoadBalancerModificationProtection")
    .retry(BUSY)
    .whole();
static INTERNET: Call = call("ModifyLoadBalancerInternetSpec")
    .with(&[("AutoPay", "true")])
    .when(When::IsNot("instance_charge_type", "PayByCLCU"))
    .retry(BUSY)
    .whole();
pub(super) static SUBSCRIBE: Call = call("ModifyLoadBalancerPayType").retry(BUSY);
// A subscription cannot be deleted: it ends by itself.
static DELETE: Call = call("DeleteLoadBalancer")
    .when(When::IsNot("payment_type", "Subscription"))
    .retry(BUSY)
    .gone(&["InvalidLoadBalancerId.NotFound"]);

// It tells of ten at a time what DescribeLoadBalancerAttribute tells of one, tags included.
static DESCRIBE: Read = Read {
    action: "DescribeLoadBalancers",
    ids: Ids::CommasWith("LoadBalancerId", 10, ("PageNumber", "1")),
    item: "LoadBalancers.LoadBalancer",
};

const TABLE: ResourceType = ResourceType {
    id: Id::Field("LoadBalancerId"),
    create: &[&CREATE],
    read: &[&DESCRIBE],
    updates: &[
        &TAG, &STATUS, &PROTECT, &RENAME, &USE, &SPEC, &LOCK, &INTERNET, &SUBSCRIBE,
    ],
    delete: &[&DELETE],
    timeouts: Timeouts {
        create: 5,
        update: 0,
        delete: 9,
    },
    attributes: ATTRIBUTES,
    rules: &[
        Rule::Custom(rules::placed),
        Rule::Custom(rules::sold),
        Rule::Custom(rules::locked),
        Rule::New(rules::sized),
    ],
    cross: &[CrossRule {
        attribute: "vswitch_id",
        check: network_interface::in_range,
    }],
    adopt: Adopt {
        unsaid: &["address"],
        ..Adopt::LISTED
    },
    import: "lb-bp1…",
    ..resource(
        "alicloud_slb_load_balancer",
        Service::Slb,
        "A classic load balancer: one address, on the internet or in a vSwitch, for many servers. Its listeners and servers are not in this table.",
    )
};

/// A load balancer.
pub static LOAD_BALANCER: ResourceType = TABLE;

/// The same type by its older name.
pub static OLD: ResourceType = TABLE.alias("alicloud_slb");

static ATTRIBUTES: &[Attribute] = &[
    string("id", "The load balancer's id.")
        .computed()
        .example("lb-bp1o94dp5i6earrhy4n1p")
        .sent(&[
            (&TAG, "ResourceId.1"),
            (&STATUS, "LoadBalancerId"),
            (&PROTECT, "LoadBalancerId"),
            (&RENAME, "LoadBalancerId"),
            (&USE, "LoadBalancerId"),
            (&SPEC, "LoadBalancerId"),
            (&LOCK, "LoadBalancerId"),
            (&INTERNET, "LoadBalancerId"),
            (&SUBSCRIBE, "LoadBalancerId"),
            (&DELETE, "LoadBalancerId"),
        ]),
    string(
        "load_balancer_name",
        "Display name: 1 to 80 letters, digits, periods, underscores, hyphens and slashes, starting with a letter.",
    )
    .kept()
    .sent(&[(&CREATE, "LoadBalancerName"), (&RENAME, "LoadBalancerName")])
    .read(&DESCRIBE, "LoadBalancerName")
    .check(NAME)
    .example("web"),
    string("name", "The old name of `load_balancer_name`.")
        .deprecated("load_balancer_name")
        .kept()
        .sent(&[(&CREATE, "LoadBalancerName"), (&RENAME, "LoadBalancerName")])
        .read(&DESCRIBE, "LoadBalancerName")
        .check(NAME)
        .example("web"),
    string(
        "address_type",
        "Where it is reached: `internet`, or `intranet`, in a vSwitch. When unset, it is in the vSwitch that is given, or else on the internet.",
    )
    .kept()
    .replaces()
    .sent(&[(&CREATE, "AddressType")])
    .read(&DESCRIBE, "AddressType")
    .check(&[Check::OneOf(&["internet", "intranet"])])
    .example("intranet"),
    string(
        "vswitch_id",
        "The vSwitch of a balancer that is reached from within; of no use to one on the internet.",
    )
    .replaces()
    .sent(&[(&CREATE, "VSwitchId")])
    .read(&DESCRIBE, "VSwitchId")
    .same(|_, merged| rules::is_public(merged))
    .refers_to("alicloud_vswitch")
    .example("vsw-bp1s5fnvk4gn2tws03624"),
    string(
        "address",
        "The address within the vSwitch; a free one when unset. On the internet the cloud decides.",
    )
    .kept()
    .replaces()
    .sent(&[(&CREATE, "Address")])
    .read(&DESCRIBE, "Address")
    .check(&[Check::Ipv4])
    .same(|_, merged| rules::is_public(merged))
    .example("10.0.1.10"),
    string(
        "address_ip_version",
        "`ipv4`, or `ipv6` on the internet.",
    )
    .default(Default::String("ipv4"))
    .replaces()
    .sent(&[(&CREATE, "AddressIPVersion")])
    .read(&DESCRIBE, "AddressIPVersion")
    .check(&[Check::OneOf(&["ipv4", "ipv6"])])
    .same(|_, merged| rules::is_private(merged))
    .example("ipv4"),
    string(
        "master_zone_id",
        "The zone that it works in; the cloud chooses when unset.",
    )
    .kept()
    .replaces()
    .sent(&[(&CREATE, "MasterZoneId")])
    .read(&DESCRIBE, "MasterZoneId")
    .example("cn-hangzhou-i"),
    string(
        "slave_zone_id",
        "The zone that takes over when the first one fails; the cloud chooses when unset.",
    )
    .kept()
    .replaces()
    .sent(&[(&CREATE, "SlaveZoneId")])
    .read(&DESCRIBE, "SlaveZoneId")
    .example("cn-hangzhou-j"),
    string(
        "load_balancer_spec",
        "Its size, `slb.s1.small` to `slb.s4.large`. Needed unless it is paid by use, which the cloud shows as `slb.lcu.elastic`.",
    )
    .kept()
    .sent(&[(&CREATE, "LoadBalancerSpec"), (&SPEC, "LoadBalancerSpec")])
    .read(&DESCRIBE, "LoadBalancerSpec")
    .check(SPECS)
    .same(|_, merged| rules::is_by_use(merged))
    .effects(BILLING)
    .example("slb.s2.small"),
    string("specification", "The old name of `load_balancer_spec`.")
        .deprecated("load_balancer_spec")
        .kept()
        .sent(&[(&CREATE, "LoadBalancerSpec"), (&SPEC, "LoadBalancerSpec")])
        .read(&DESCRIBE, "LoadBalancerSpec")
        .check(SPECS)
        .same(|_, merged| rules::is_by_use(merged))
        .effects(BILLING)
        .example("slb.s2.small"),
    string(
        "payment_type",
        "How it is paid for: `PayAsYouGo` (when unset) or `Subscription`. It can become a subscription, and not be one no more. A subscription is not deleted by a destroy: it ends by itself.",
    )
    .kept()
    .sent(&[(&CREATE, "PayType"), (&SUBSCRIBE, "PayType"), (&DELETE, "")])
    .read(&DESCRIBE, "PayType")
    .wire(PAYMENT)
    .check(&[Check::OneOf(&["PayAsYouGo", "Subscription"])])
    .effects(&[(Effect::Costs, On::To("Subscription"))])
    .example("PayAsYouGo"),
    int(
        "period",
        "Months of a subscription, in the moment of buying it: 1 to 9, 12, 24 or 36; 1 when unset.",
    )
    .rides_along()
    .sent(&[(&CREATE, "Duration"), (&SUBSCRIBE, "Duration")])
    .check(&[payment::MONTHS])
    .same(|_, merged| !payment::is_subscription(merged))
    .effects(&[(Effect::NoEffect, On::When(rules::is_bought))])
    .example("12"),
    string(
        "instance_charge_type",
        "What is paid for as it is used: the size, `PayBySpec` (when unset), or what passes through, `PayByCLCU`. It can go to `PayByCLCU`, and not back.",
    )
    .kept()
    .sent(&[(&CREATE, "InstanceChargeType"), (&USE, "InstanceChargeType")])
    .read(&DESCRIBE, "InstanceChargeType")
    .check(&[Check::OneOf(&["PayBySpec", "PayByCLCU"])])
    .same(|_, merged| payment::is_subscription(merged))
    .effects(BILLING)
    .example("PayBySpec"),
    string(
        "internet_charge_type",
        "What is paid for on the internet: `PayByTraffic` or `PayByBandwidth`. The cloud changes from one to the other at midnight.",
    )
    .default(Default::String("PayByTraffic"))
    .sent(&[
        (&CREATE, "InternetChargeType"),
        (&USE, "InternetChargeType"),
        (&INTERNET, "InternetChargeType"),
    ])
    .read(&DESCRIBE, "InternetChargeTypeAlias")
    .wire(CHARGE)
    .check(&[Check::Custom(rules::charge)])
    .same(rules::same_charge)
    .effects(BILLING)
    .example("PayByTraffic"),
    int(
        "bandwidth",
        "Bandwidth in Mbit/s, 1 to 5120, of what is paid by it.",
    )
    .default(Default::Int(1))
    .sent(&[(&CREATE, "Bandwidth"), (&INTERNET, "Bandwidth")])
    .read(&DESCRIBE, "Bandwidth")
    .check(&[Check::Range(1, 5120)])
    .same(|_, merged| !rules::has_bandwidth(merged))
    .effects(AMOUNT)
    .example("10"),
    string(
        "status",
        "Whether it passes traffic on: `active` or `inactive`.",
    )
    .kept()
    .sent(&[(&STATUS, "LoadBalancerStatus")])
    .read(&DESCRIBE, "LoadBalancerStatus")
    .check(&[Check::Custom(rules::status)])
    .example("active"),
    string(
        "delete_protection",
        "Whether it cannot be deleted, `on` or `off`; not of a subscription.",
    )
    .default(Default::String("off"))
    .sent(&[(&CREATE, "DeleteProtection"), (&PROTECT, "DeleteProtection")])
    .read(&DESCRIBE, "DeleteProtection")
    .check(&[Check::OneOf(&["on", "off"])])
    .same(|_, merged| payment::is_subscription(merged))
    .example("on"),
    string(
        "modification_protection_status",
        "Whether it can be changed in the console: `NonProtection` (when unset) or `ConsoleProtection`. prov can change it always.",
    )
    .kept()
    .sent(&[
        (&CREATE, "ModificationProtectionStatus"),
        (&LOCK, "ModificationProtectionStatus"),
    ])
    .read(&DESCRIBE, "ModificationProtectionStatus")
    .check(&[Check::OneOf(&["ConsoleProtection", "NonProtection"])])
    .example("ConsoleProtection"),
    string(
        "modification_protection_reason",
        "Why it cannot be changed in the console: 1 to 80 characters, starting with a letter.",
    )
    .sent(&[
        (&CREATE, "ModificationProtectionReason"),
        (&LOCK, "ModificationProtectionReason"),
    ])
    .read(&DESCRIBE, "ModificationProtectionReason")
    .check(&[
        Check::Characters(1, 80),
        Check::Custom(checks::starts_with_letter),
    ])
    .same(|_, merged| !rules::is_locked(merged))
    .example("managed-by-prov"),
    string("resource_group_id", "Resource group.")
        .kept()
        .replaces()
        .sent(&[(&CREATE, "ResourceGroupId")])
        .read(&DESCRIBE, "ResourceGroupId")
        .example("rg-acfmxazb4ph6aiy"),
    tags("Labels, at most 20.")
        .sent(&[(&CREATE, "Tag"), (&TAG, "Tag")])
        .read(&DESCRIBE, "Tags.Tag")
        .example("{ team = \"web\" }"),
];
