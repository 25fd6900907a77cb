//! `alicloud_regions`: the regions of the cloud.

use futures::future::BoxFuture;
use serde_json::{Value as Json, json};

use super::listing::{self, objects};
use crate::{
    cloud::Product,
    model::{Object, Value, diagnostic::did_you_mean},
    provider::{
        Failure,
        hooks::{Context, Hooks, Kind},
    },
    schema::*,
};

static LIST: Read = read_one("DescribeRegions", "RegionId", "Regions.Region");

/// The registered data source.
pub const KIND: Kind = Kind {
    ty: &REGIONS,
    hooks: Hooks {
        data: Some(read),
        ..Hooks::NONE
    },
};

/// The regions.
pub static REGIONS: ResourceType = ResourceType {
    read: &[&LIST],
    attributes: &[
        objects::ID,
        string("name", "Only this region.").example("cn-hangzhou"),
        boolean("current", "Whether only the provider's region is listed.").example("true"),
        objects::OUTPUT_FILE,
        strings("ids", "The ids of the regions.").computed(),
        blocks("regions", "The regions.", REGION, 0, listing::MANY)
            .computed()
            .read(&LIST, LIST.item),
    ],
    ..objects::source(
        "alicloud_regions",
        Service::Ecs,
        "The regions of the cloud.",
    )
};

/// A region.
static REGION: &[Attribute] = &[
    string("id", "Its id.").computed().read(&LIST, "RegionId"),
    string("region_id", "Its id.")
        .computed()
        .read(&LIST, "RegionId"),
    string("local_name", "Its name.")
        .computed()
        .read(&LIST, "LocalName"),
];

fn read<'a>(context: Context<'a>, arguments: &'a Object) -> BoxFuture<'a, Result<Object, Failure>> {
    Box::pin(async move {
        let answer = listing::ask(context, Product::Ecs, LIST.action, Vec::new()).await?;
        result(arguments, context.client.region(), &answer)
    })
}

/// Keeps the region that is asked for, or all of them.
fn result(arguments: &Object, here: &str, answer: &Json) -> Result<Object, Failure> {
    let all = items(answer, LIST.item);
    let current = arguments.get("current").and_then(Value::as_bool) == Some(true);
    let name = listing::text(arguments, "name");
    if current && let Some(name) = name.filter(|name| *name != here) {
        return Err(about_name(
            "AnotherRegion",
            format!("The current region is {here}, and not {name}. Remove name, or current."),
        ));
    }
    let wanted = if current { Some(here) } else { name };
    let found: Vec<&Json> = all
        .iter()
        .copied()
        .filter(|region| wanted.is_none_or(|wanted| region["RegionId"] == wanted))
        .collect();
    if let Some(wanted) = wanted
        && found.is_empty()
    {
        let names = all.iter().filter_map(|region| region["RegionId"].as_str());
        let near = did_you_mean(wanted, names)
            .map_or_else(String::new, |near| format!(" Did you mean {near}?"));
        let text = format!("There is no region {wanted}.{near}");
        return Err(about_name("NoRegion", text));
    }
    let ids: Vec<String> = found
        .iter()
        .map(|region| objects::field(region, "RegionId").to_owned())
        .collect();
    let results = decode(&REGIONS, &LIST, &json!({ "Regions": { "Region": found } }));
    Ok(listing::object(&REGIONS, arguments, &ids, results))
}

fn about_name(code: &str, message: String) -> Failure {
    Failure {
        attribute: Some("name".to_owned()),
        ..listing::refusal(code, message)
    }
}
