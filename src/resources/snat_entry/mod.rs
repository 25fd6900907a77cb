//! SNAT entries of a NAT gateway: whose traffic leaves by which addresses.

mod bound;

use futures::{FutureExt, future::BoxFuture, future::try_join_all};
use serde_json::Value as Json;

use crate::{
    cloud::{ApiError, Call as Request, client::Product, page},
    model::{Object, Value},
    provider::{
        Listing,
        hooks::{Context, Hooks, Kind},
        offer::{Limit, Offer},
    },
    schema::*,
};

const AVAILABLE: Wait = Wait {
    field: "Status",
    until: &["Available"],
    failed: &[],
};
const NO_URL: &[&str] = &["http://", "https://"];

static CREATE: Call = call("CreateSnatEntry")
    .dry_run()
    .token()
    .retry(&[
        "OperationUnsupported.EipNatBWPCheck",
        "OperationUnsupported.EipInBinding",
        "OperationUnsupported.EipNatGWCheck",
        "InternalError",
        "IncorrectStatus.NATGW",
        "OperationConflict",
    ])
    .wait(AVAILABLE);
static MODIFY: Call = call("ModifySnatEntry")
    .retry(&[
        "IncorrectStatus.NATGW",
        "OperationConflict",
        "OperationUnsupported.EipInBinding",
    ])
    .whole()
    .wait(AVAILABLE);
static DELETE: Call = call("DeleteSnatEntry")
    .retry(&[
        "IncorretSnatEntryStatus",
        "IncorrectStatus.NATGW",
        "OperationConflict",
    ])
    .gone(&["InvalidSnatTableId.NotFound", "InvalidSnatEntryId.NotFound"]);

/// Entries in a page of a list.
const PAGE: u32 = 50;

static ENTRIES: Ids = Ids::Pages("SnatTableId", 50);
static DESCRIBE: Read = Read {
    action: "DescribeSnatTableEntries",
    ids: Ids::Within(&ENTRIES, &["SnatTableId", "SnatEntryId"]),
    item: "SnatTableEntries.SnatTableEntry",
};

/// An SNAT entry.
pub static SNAT_ENTRY: ResourceType = ResourceType {
    id: Id::Parts(&[
        ("SnatTableId", "snat_table_id"),
        ("SnatEntryId", "snat_entry_id"),
    ]),
    create: &[&CREATE],
    read: &[&DESCRIBE],
    updates: &[&MODIFY],
    delete: &[&DELETE],
    timeouts: Timeouts {
        create: 5,
        update: 5,
        delete: 5,
    },
    attributes: ATTRIBUTES,
    rules: &[
        Rule::AtLeastOneOf(&["source_vswitch_id", "source_cidr"]),
        Rule::Conflicts("source_vswitch_id", "source_cidr"),
    ],
    siblings: Some(Siblings {
        same: "source_vswitch_id",
        check: twice,
    }),
    import: "stb-bp1…:snat-bp1…",
    ..resource(
        "alicloud_snat_entry",
        Service::Vpc,
        "An SNAT entry of a NAT gateway: whose traffic leaves by which elastic addresses.",
    )
};

/// The registered type.
pub const KIND: Kind = Kind {
    ty: &SNAT_ENTRY,
    hooks: Hooks {
        create: Some(bound::create),
        update: Some(bound::update),
        list: Some(list),
        offer: Some(|_, _| Offer::free(Limit::Untold("SNAT entries"))),
        ..Hooks::NONE
    },
};

static ATTRIBUTES: &[Attribute] = &[
    string(
        "snat_table_id",
        "The gateway's table: its `snat_table_ids`.",
    )
    .required()
    .replaces()
    .sent(&[
        (&CREATE, "SnatTableId"),
        (&MODIFY, "SnatTableId"),
        (&DELETE, "SnatTableId"),
    ])
    .read(&DESCRIBE, "SnatTableId")
    .example("stb-bp190wu8io1vgev80j5lk"),
    string(
        "snat_ip",
        "The addresses by which the traffic leaves, bound to the gateway; several with commas.",
    )
    .required()
    .sent(&[(&CREATE, "SnatIp"), (&MODIFY, "SnatIp")])
    .read(&DESCRIBE, "SnatIp")
    .check(&[Check::Custom(addresses)])
    .same(same_addresses)
    .example("47.75.1.2"),
    string("source_vswitch_id", "The vSwitch whose traffic it is.")
        .kept()
        .replaces()
        .sent(&[(&CREATE, "SourceVSwitchId")])
        .read(&DESCRIBE, "SourceVSwitchId")
        .refers_to("alicloud_vswitch")
        .example("vsw-bp1s5fnvk4gn2tws03624"),
    string("source_cidr", "The network whose traffic it is.")
        .kept()
        .replaces()
        .sent(&[(&CREATE, "SourceCIDR")])
        .read(&DESCRIBE, "SourceCIDR")
        .check(&[Check::Cidr(0, 32)])
        .example("10.0.1.0/24"),
    string(
        "snat_entry_name",
        "Display name: 2 to 128 characters, starting with a letter.",
    )
    .sent(&[(&CREATE, "SnatEntryName"), (&MODIFY, "SnatEntryName")])
    .read(&DESCRIBE, "SnatEntryName")
    .check(&[
        Check::Characters(2, 128),
        Check::NoPrefix(NO_URL),
        Check::Custom(checks::starts_with_letter),
    ])
    .example("web"),
    int(
        "eip_affinity",
        "Whether each client keeps its address: 1, or 0.",
    )
    .sent(&[(&CREATE, "EipAffinity"), (&MODIFY, "EipAffinity")])
    .read(&DESCRIBE, "EipAffinity")
    .check(&[Check::OneOfInts(&[0, 1])])
    .example("1"),
    string("snat_entry_id", "The entry's own id.")
        .computed()
        .sent(&[(&MODIFY, "SnatEntryId"), (&DELETE, "SnatEntryId")])
        .read(&DESCRIBE, "SnatEntryId"),
    string(
        "status",
        "`Available`, or on the way: `Pending`, `Modifying`, `Deleting`.",
    )
    .computed()
    .read(&DESCRIBE, "Status"),
];

/// Returns the ids of the entries of all gateways: they are listed for one table at a time.
fn list(context: Context<'_>) -> BoxFuture<'_, Result<Listing, ApiError>> {
    async move {
        let gateways = Request::read(Product::Vpc, "DescribeNatGateways");
        let gateways = page::pages(context.client, &gateways, "NatGateways.NatGateway", PAGE);
        let gateways = gateways.await?.items;
        let tables = gateways
            .iter()
            .flat_map(|gateway| items(gateway, "SnatTableIds.SnatTableId"))
            .filter_map(Json::as_str);
        let listings = tables.map(|table| async move {
            let call = Request::read(Product::Vpc, DESCRIBE.action).param("SnatTableId", table);
            let entries = page::pages(context.client, &call, DESCRIBE.item, PAGE).await?;
            let id = |entry: &Json| Some(format!("{table}:{}", entry["SnatEntryId"].as_str()?));
            Ok(entries.items.iter().filter_map(id).collect::<Vec<_>>())
        });
        let entries = try_join_all(listings).await?;
        Ok(entries.concat().into())
    }
    .boxed()
}

/// IPv4 addresses with commas.
fn addresses(value: &Value) -> Result<(), String> {
    let texts = value.as_str().unwrap_or_default().split(',');
    let wrong = texts
        .map(str::trim)
        .find(|text| text.parse::<std::net::Ipv4Addr>().is_err());
    wrong.map_or(Ok(()), |wrong| {
        Err(format!("\"{wrong}\" in it is not an IPv4 address."))
    })
}

/// The order of the addresses does not matter.
fn same_addresses(prior: &Object, merged: &Object) -> bool {
    let sorted = |object: &Object| {
        let text = object.get("snat_ip")?.as_str()?;
        let mut all: Vec<String> = text.split(',').map(|one| one.trim().to_owned()).collect();
        all.sort_unstable();
        Some(all)
    };
    matches!((sorted(prior), sorted(merged)), (Some(a), Some(b)) if a == b)
}

/// A table has one entry for a vSwitch.
fn twice(this: &Object, that: &Object) -> Option<Problem> {
    let table = |object: &Object| Some(object.get("snat_table_id")?.as_str()?.to_owned());
    (table(this)? == table(that)?).then(|| {
        Problem::new(
            "source_vswitch_id",
            "vSwitch with two entries",
            "The table has another entry for the same vSwitch.",
            "Write all addresses into one entry: `snat_ip` takes several, with commas.",
        )
    })
}
