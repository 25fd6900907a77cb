//! One manifest with an object of every resource type (`examples/everything`), and what a world is like that
//! is as the manifest says.

use std::{
    collections::{BTreeMap, BTreeSet},
    net::Ipv4Addr,
    sync::LazyLock,
    time::{Duration, Instant},
};

use prov::{
    resources,
    schema::{Presence, ResourceType, Service},
};
use serde_json::Value as Json;

use super::server::{Emulator, Project};

/// The example, whose provider block is another one here.
pub static MAIN: LazyLock<String> = LazyLock::new(|| {
    let example = include_str!("../../../examples/everything/main.tf");
    let (before, rest) = example.split_once("provider \"alicloud\" {").unwrap();
    let (_, after) = rest.split_once("}\n").unwrap();
    format!("{before}{after}")
});

/// A password that its variable takes.
pub const PASSWORD: &str = "Sw0rdfish-First+1";

pub const APPLY: &[&str] = &["apply", "-auto-approve"];
pub const DESTROY: &[&str] = &["destroy", "-auto-approve"];
/// What changes everything that can be changed.
pub const LATER: &[&str] = &[
    "-var",
    "release=2",
    "-var",
    "instance_type=ecs.g7.xlarge",
    "-var",
    "address_mode=BINDED",
];

/// Makes a project with the manifest.
pub fn project(emulator: &Emulator) -> Project {
    let mut project = Project::on(emulator, &MAIN);
    project.set("TF_VAR_password", PASSWORD);
    project
}

/// Returns the types that the manifest must have, aliases aside. What is made up has a story of its own (`random`):
/// a world with it is never the same.
pub fn types() -> impl Iterator<Item = &'static ResourceType> {
    let all = resources::ALL.iter().map(|kind| kind.ty);
    all.filter(|ty| ty.alias_of.is_none() && ty.service != Service::Random)
}

/// Whether objects of a type can be changed in place.
pub fn is_updated(ty: &ResourceType) -> bool {
    let mut rows = ty.attributes.iter();
    let sent = |calls: &[(&prov::schema::Call, &str)]| {
        let update =
            |call: &prov::schema::Call| ty.updates.iter().any(|it| std::ptr::eq(*it, call));
        calls.iter().any(|(call, _)| update(call))
    };
    rows.any(|row| row.presence != Presence::Computed && !row.replaces && sent(row.sent))
}

/// What there is in a world, without what chance gives: ids and addresses, times and keys.
pub type Shape = BTreeMap<String, Vec<String>>;

/// Fields that chance gives.
const CHANCE: &[&str] = &[
    "attached",
    "created",
    "detached",
    "fingerprint",
    "host_name",
    "id",
    "mac",
    "modified",
    "pair_id",
    "public_key",
    "serial_number",
    "started",
];

/// Returns what is in a world.
pub fn shape(world: &Json) -> Shape {
    let world = world.as_object().unwrap();
    let mut names = BTreeMap::new();
    for (kind, objects) in world {
        for object in objects.as_array().unwrap() {
            // What nobody named is called by its id.
            let name = object["name"]
                .as_str()
                .filter(|name| !name.contains("-bp1"));
            let name = name.unwrap_or_default();
            let id = object["id"].as_str().unwrap();
            names.insert(id.to_owned(), format!("<{kind} {name}>"));
        }
    }
    let told = |objects: &Json| {
        let objects = objects.as_array().unwrap().iter();
        let mut told: Vec<String> = objects.map(|one| plain(one, &names).to_string()).collect();
        told.sort_unstable();
        told
    };
    world
        .iter()
        .map(|(kind, objects)| (kind.clone(), told(objects)))
        .collect()
}

fn plain(value: &Json, names: &BTreeMap<String, String>) -> Json {
    match value {
        Json::Object(fields) => {
            // What came along with an instance has the labels that the instance had then, and a snapshot
            // for an image outlives its disk.
            let came_along = fields.get("name").is_some_and(|name| name == "");
            let kept = fields.iter().filter(|(name, _)| {
                let name = name.as_str();
                let chance = CHANCE.contains(&name);
                !(chance || came_along && ["tags", "disk"].contains(&name))
            });
            let kept = kept.map(|(name, value)| match name.as_str() {
                "versions" => (name.clone(), versions(value, names)),
                "default_version" | "latest_version" => (name.clone(), Json::from(value.is_i64())),
                _ => (name.clone(), plain(value, names)),
            });
            Json::Object(kept.collect())
        }
        Json::Array(items) => items.iter().map(|item| plain(item, names)).collect(),
        Json::String(text) => Json::String(named(text, names)),
        other => other.clone(),
    }
}

/// The newest version; there are two at most, one for each release.
fn versions(all: &Json, names: &BTreeMap<String, String>) -> Json {
    let all = all.as_array().unwrap();
    let few = format!("few: {}", all.len() <= 2);
    let mut newest = plain(all.last().unwrap(), names);
    newest["number"] = few.into();
    newest
}

/// A text with names in place of ids.
fn named(text: &str, names: &BTreeMap<String, String>) -> String {
    if text.parse::<Ipv4Addr>().is_ok() {
        return "<address>".to_owned();
    }
    let is_part = |c: char| c.is_ascii_alphanumeric() || c == '-';
    let mut out = String::new();
    let mut rest = text;
    while let Some(start) = rest.find(is_part) {
        let (between, word) = rest.split_at(start);
        let end = word.find(|c| !is_part(c)).unwrap_or(word.len());
        let (word, after) = word.split_at(end);
        out.push_str(between);
        match (names.get(word), word.split_once("-bp1")) {
            (Some(name), _) => out.push_str(name),
            (None, Some((kind, _))) => out.push_str(&format!("<{kind}>")),
            (None, None) => out.push_str(word),
        }
        rest = after;
    }
    out + rest
}

/// What a world is like after an apply that nothing befell.
pub static FIRST: LazyLock<Shape> = LazyLock::new(|| undisturbed(&[]));
/// The same, with everything as it is later.
pub static SECOND: LazyLock<Shape> = LazyLock::new(|| undisturbed(LATER));

fn undisturbed(arguments: &[&str]) -> Shape {
    let emulator = Emulator::start(&["-profile", "instant"]);
    let project = project(&emulator);
    project.ok(&[APPLY, arguments].concat());
    let shape = shape(&emulator.world());
    let counts: Vec<(&str, usize)> = shape
        .iter()
        .map(|(kind, all)| (kind.as_str(), all.len()))
        .filter(|(_, count)| *count > 0)
        .collect();
    assert_eq!(counts, COUNTS, "{shape:#?}");
    shape
}

/// How many there are of each kind: with the disks, interfaces and tables that others bring along.
const COUNTS: &[(&str, usize)] = &[
    ("deployment_sets", 1),
    ("disks", 3),
    ("eips", 2),
    ("images", 1),
    ("instances", 2),
    ("key_pairs", 1),
    ("launch_templates", 1),
    ("load_balancers", 1),
    ("nat_gateways", 1),
    ("network_interfaces", 4),
    ("route_entries", 1),
    ("route_tables", 2),
    ("security_groups", 1),
    ("snapshots", 2),
    ("snat_entries", 1),
    ("vpcs", 1),
    ("vswitches", 2),
];

/// Checks that the world is like that one, that the state has each object once, and that there is nothing to do.
#[track_caller]
pub fn check(
    emulator: &Emulator,
    project: &Project,
    wanted: &Shape,
    arguments: &[&str],
    story: &str,
) {
    same(emulator, wanted, story);
    let state = project.read("terraform.tfstate");
    for word in ["\"deposed\"", "\"tainted\""] {
        assert!(!state.contains(word), "{story}: {word} in {state}");
    }
    let state: Json = serde_json::from_str(&state).unwrap();
    let resources = state["resources"].as_array().unwrap().iter();
    let have: BTreeSet<&str> = resources.filter_map(|one| one["type"].as_str()).collect();
    assert_eq!(have, types().map(|ty| ty.name).collect(), "{story}");
    let plan = project.run(&[&["plan", "-detailed-exitcode"], arguments].concat());
    assert_eq!(plan.code, Some(0), "{story}\n{plan}");
}

/// Checks that nothing is left.
#[track_caller]
pub fn check_empty(emulator: &Emulator, project: &Project, story: &str) {
    let nothing = FIRST.keys().map(|kind| (kind.clone(), Vec::new()));
    same(emulator, &nothing.collect(), story);
    let state: Json = serde_json::from_str(&project.read("terraform.tfstate")).unwrap();
    assert_eq!(state["resources"], serde_json::json!([]), "{story}");
}

/// Waits a moment for what goes after what it belongs to.
#[track_caller]
fn same(emulator: &Emulator, wanted: &Shape, story: &str) {
    let end = Instant::now() + Duration::from_secs(5);
    loop {
        let now = shape(&emulator.world());
        if now == *wanted {
            return;
        }
        if Instant::now() < end {
            std::thread::sleep(Duration::from_millis(5));
            continue;
        }
        let differing: Vec<String> = wanted
            .iter()
            .filter_map(|(kind, wanted)| {
                let (more, less) = (beyond(&now[kind], wanted), beyond(wanted, &now[kind]));
                let same = more.is_empty() && less.is_empty();
                (!same).then(|| format!("{kind}: there are {more:#?}\nin place of {less:#?}"))
            })
            .collect();
        panic!("{story}\n{}", differing.join("\n"));
    }
}

/// What a list has more often than another one.
fn beyond<'a>(list: &'a [String], other: &[String]) -> Vec<&'a String> {
    let mut other: Vec<&String> = other.iter().collect();
    let more = list.iter().filter(|one| {
        let found = other.iter().position(|it| it == one);
        found.map(|at| other.remove(at)).is_none()
    });
    more.collect()
}
