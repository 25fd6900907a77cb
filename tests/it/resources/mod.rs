//! The whole life of each resource type, through the built prov against the emulator: create, an empty plan,
//! every update with exactly its calls, every replacement, import, loss, destroy.
//!
//! The lists of attributes come from the tables: one that is in no life here fails `every_attribute_lives`.

mod deployment_set;
mod elastic_address;
mod images;
mod instance;
mod key_pair;
mod launch_template;
mod load_balancer;
mod nat_gateway;
mod network;
mod network_interface;
mod route;
mod storage;
mod surroundings;
mod terraform_data;

use std::collections::BTreeSet;

use prov::{
    cloud::Product,
    resources,
    schema::{Attribute, Presence, ResourceType, Type},
};

use crate::support::{
    cloud::{Calls, Cloud},
    project::Project,
};

/// An attribute and its value as HCL; a block's is its body, several are parted by `---`, and "" is unset.
type Setting = (&'static str, &'static str);
/// Where in the world a value shows: list, pointer within an object, value as JSON.
type Shown = (&'static str, &'static str, &'static str);

/// One object from its creation to its end.
struct Life {
    kind: &'static str,
    /// Makes in the cloud what no manifest can.
    prepare: fn(&Cloud),
    /// The manifests beside the object.
    around: &'static [&'static str],
    base: &'static [Setting],
    born: &'static [Shown],
    steps: &'static [Step],
    /// Attributes that differ after an import, since the cloud does not tell them.
    untold: &'static [&'static str],
    /// Deletes the object (its id) as someone at the console would.
    lose: fn(&Cloud, &str),
    /// Whether the object can be deleted only after this.
    last: &'static [Setting],
}

/// A change of the configuration.
struct Step {
    set: &'static [Setting],
    does: Does,
    shows: &'static [Shown],
}

enum Does {
    /// An update in place with these calls, as often as they are written.
    Updates(&'static [&'static str]),
    Replaces,
}

const fn update(set: &'static [Setting], calls: &'static [&'static str]) -> Step {
    Step {
        set,
        does: Does::Updates(calls),
        shows: &[],
    }
}

const fn replace(set: &'static [Setting]) -> Step {
    Step {
        set,
        does: Does::Replaces,
        shows: &[],
    }
}

impl Step {
    const fn shows(mut self, shows: &'static [Shown]) -> Self {
        self.shows = shows;
        self
    }
}

const LIVES: &[&[Life]] = &[
    elastic_address::LIVES,
    nat_gateway::LIVES,
    route::LIVES,
    network::LIVES,
    instance::LIVES,
    deployment_set::LIVES,
    key_pair::LIVES,
    launch_template::LIVES,
    load_balancer::LIVES,
    network_interface::LIVES,
    storage::LIVES,
    images::LIVES,
    terraform_data::LIVES,
];

/// Types whose ids are names, so that another object has the same.
const NAMED: &[&str] = &["alicloud_ecs_key_pair"];

/// Attributes that no life changes, and why.
const EXCEPTIONS: &[(&str, &str, &str)] = &[
    (
        "alicloud_nat_gateway",
        "payment_type",
        "a subscription cannot be deleted: `subscriptions_stay`",
    ),
    (
        "alicloud_nat_gateway",
        "instance_charge_type",
        "a subscription cannot be deleted: `subscriptions_stay`",
    ),
    (
        "alicloud_slb_load_balancer",
        "payment_type",
        "a subscription cannot be deleted: `subscriptions_are_bought_and_stay`",
    ),
    (
        "alicloud_slb_load_balancer",
        "period",
        "only of subscriptions: `subscriptions_are_bought_and_stay`",
    ),
    (
        "alicloud_ecs_deployment_set",
        "domain",
        "has one value only",
    ),
    (
        "alicloud_ecs_deployment_set",
        "granularity",
        "has one value only",
    ),
    (
        "alicloud_eip_address",
        "payment_type",
        "a subscription cannot be released: `subscriptions_stay`",
    ),
    (
        "alicloud_eip_address",
        "instance_charge_type",
        "a subscription cannot be released: `subscriptions_stay`",
    ),
    ("alicloud_eip_address", "netmode", "there is only one"),
    (
        "alicloud_vpc",
        "dry_run",
        "an apply with it ends in an error: `dry_runs`",
    ),
    ("alicloud_vpc", "secondary_cidr_mask", "has no effect"),
    (
        "alicloud_instance",
        "dry_run",
        "an apply with it ends in an error: `dry_runs`",
    ),
    (
        "alicloud_instance",
        "password_inherit",
        "sent again only with another image",
    ),
    (
        "alicloud_ecs_disk_attachment",
        "bootable",
        "every emulated instance has its system disk",
    ),
    (
        "alicloud_security_group_rule",
        "source_group_owner_account",
        "groups of other accounts are not emulated",
    ),
];

fn nothing(_: &Cloud) {}

fn lose_instance(cloud: &Cloud, id: &str) {
    let asked = [("InstanceId", id), ("DeletionProtection", "false")];
    cloud.console(Product::Ecs, "ModifyInstanceAttribute", &asked);
    let asked = [("InstanceId", id), ("Force", "true")];
    cloud.console(Product::Ecs, "DeleteInstance", &asked);
}

fn find(kind: &str) -> &'static ResourceType {
    resources::find(kind).unwrap().ty
}

fn attribute(ty: &'static ResourceType, name: &str) -> &'static Attribute {
    let found = ty.attributes.iter().find(|one| one.name == name);
    found.unwrap_or_else(|| panic!("{} has no {name}", ty.name))
}

fn is_block(attribute: &Attribute) -> bool {
    matches!(attribute.ty, Type::Blocks(..) | Type::BlockSet(..))
}

/// The configuration as it is now.
struct Configuration {
    ty: &'static ResourceType,
    settings: Vec<Setting>,
}

impl Configuration {
    fn set(&mut self, settings: &[Setting]) {
        for (name, value) in settings {
            self.settings.retain(|(other, _)| other != name);
            if !value.is_empty() {
                self.settings.push((name, value));
            }
        }
    }

    fn write(&self, project: &Project, cloud: &Cloud, around: &[&str], more: &str) {
        let mut text = format!(
            "{}{}\nresource \"{}\" \"it\" {{\n",
            cloud.provider(),
            around.concat(),
            self.ty.name
        );
        for (name, value) in &self.settings {
            if is_block(attribute(self.ty, name)) {
                for body in value.split("---") {
                    text += &format!("  {name} {{\n{body}\n  }}\n");
                }
            } else {
                text += &format!("  {name} = {value}\n");
            }
        }
        text += &format!("}}\n{more}\n");
        let text = text
            .replace("NEXT-YEAR", &in_days(365))
            .replace("YEAR-AFTER", &in_days(730));
        project.write("main.tf", &text);
    }
}

/// A moment so many days from now, as the API writes it.
fn in_days(days: i64) -> String {
    let then = jiff::Timestamp::now() + jiff::SignedDuration::from_hours(24 * days);
    then.strftime("%Y-%m-%dT00:00:00Z").to_string()
}

/// Leads those lives that are of this type.
fn lead_all(lives: &[Life], kind: &str) {
    lives.iter().filter(|life| life.kind == kind).for_each(lead);
}

/// Leads a life from its beginning to its end.
fn lead(life: &Life) {
    let ty = find(life.kind);
    let cloud = Cloud::instant();
    (life.prepare)(&cloud);
    let nothing = cloud.world();
    let project = Project::new();
    let mut now = Configuration {
        ty,
        settings: Vec::new(),
    };
    now.set(life.base);
    now.write(&project, &cloud, life.around, "");
    project
        .apply()
        .says(&[&format!("# {}.it will be created", life.kind)]);
    project.settled();
    shown(&cloud, life.born, "creation");
    for step in life.steps {
        take(step, &mut now, (&project, &cloud), life);
    }
    import(life, &now, &project, &cloud);
    lose(life, &project, &cloud);
    if !life.last.is_empty() {
        now.set(life.last);
        now.write(&project, &cloud, life.around, "");
        project.apply();
    }
    project.prov("destroy -auto-approve -no-color").ok();
    assert_eq!(cloud.world(), nothing, "{} leaves something", life.kind);
    assert_eq!(project.state()["resources"], serde_json::json!([]));
}

fn take(step: &Step, now: &mut Configuration, (project, cloud): (&Project, &Cloud), life: &Life) {
    let what = format!("{} {:?}", life.kind, step.set);
    now.set(step.set);
    now.write(project, cloud, life.around, "");
    let before = cloud.calls();
    let said = project.prov("apply -auto-approve -no-color");
    assert_eq!(said.code, 0, "{what}\n{said}");
    match &step.does {
        Does::Updates(calls) => {
            let header = format!("# {}.it will be updated in-place", life.kind);
            assert!(said.stdout.contains(&header), "{what}\n{said}");
            let made = changes(cloud.since(&before));
            let mut wanted: Vec<&str> = calls.to_vec();
            wanted.sort_unstable();
            assert_eq!(made, wanted, "calls of {what}\n{said}");
        }
        Does::Replaces => {
            let header = format!("# {}.it must be replaced", life.kind);
            assert!(said.stdout.contains(&header), "{what}\n{said}");
            assert!(
                said.stdout.contains("# forces replacement"),
                "{what}\n{said}"
            );
        }
    }
    let again = project.prov("plan -detailed-exitcode -no-color");
    assert_eq!(again.code, 0, "after {what}\n{again}");
    shown(cloud, step.shows, &what);
}

/// The calls that change something, each as often as it was made, sorted.
fn changes(calls: Calls) -> Vec<String> {
    calls
        .into_iter()
        .filter(|(action, _)| !action.starts_with("Describe") && !action.starts_with("List"))
        .flat_map(|(action, count)| vec![action; usize::try_from(count).unwrap()])
        .collect()
}

fn shown(cloud: &Cloud, shows: &[Shown], what: &str) {
    let world = cloud.world();
    for (list, pointer, value) in shows {
        let value: serde_json::Value = serde_json::from_str(value).unwrap();
        let objects = world[list].as_array().unwrap();
        let found = objects
            .iter()
            .any(|one| one.pointer(pointer) == Some(&value));
        assert!(
            found,
            "{what}: no {list}{pointer} = {value} in {:#}",
            world[list]
        );
    }
}

/// Forgets the object and imports it, by command and by block.
fn import(life: &Life, now: &Configuration, project: &Project, cloud: &Cloud) {
    let id = id(life, project);
    let address = format!("{}.it", life.kind);
    if life.kind == "terraform_data" {
        return;
    }
    forget(life, project);
    project.run(["import", &address, &id]).ok();
    same_after_import(life, project);
    forget(life, project);
    let block = format!("import {{\n  to = {address}\n  id = {id:?}\n}}\n");
    now.write(project, cloud, life.around, &block);
    let said = project.prov("plan -no-color").ok();
    assert!(
        said.stdout.contains(&format!("{address} will be imported"))
            || said.stdout.contains("1 to import"),
        "{said}"
    );
    project.apply().says(&["1 imported"]);
    now.write(project, cloud, life.around, "");
    project.settled();
}

/// The plan after an import has nothing but what the cloud does not tell.
fn same_after_import(life: &Life, project: &Project) {
    let plan = project.plan_json("");
    let changes = plan["resource_changes"].as_array().unwrap();
    for one in changes {
        let change = &one["change"];
        if change["actions"] == serde_json::json!(["no-op"]) {
            continue;
        }
        assert_eq!(one["address"], format!("{}.it", life.kind), "{one:#}");
        assert_eq!(change["actions"], serde_json::json!(["update"]), "{one:#}");
        let (before, after) = (
            change["before"].as_object().unwrap(),
            change["after"].as_object().unwrap(),
        );
        let differ: Vec<&str> = after
            .iter()
            .filter(|(name, value)| before.get(*name).unwrap_or(&serde_json::Value::Null) != *value)
            .map(|(name, _)| name.as_str())
            .filter(|name| !life.untold.contains(name))
            .collect();
        assert!(
            differ.is_empty(),
            "{} differs after its import: {differ:?} {one:#}",
            life.kind
        );
    }
}

fn id(life: &Life, project: &Project) -> String {
    let attributes = project.attributes(life.kind, "it", 0);
    attributes["id"].as_str().unwrap().to_owned()
}

/// Takes the object out of the state.
fn forget(life: &Life, project: &Project) {
    let mut state = project.state();
    let resources = state["resources"].as_array_mut().unwrap();
    resources.retain(|one| one["type"] != life.kind || one["name"] != "it");
    state["serial"] = (state["serial"].as_u64().unwrap() + 1).into();
    project.write("terraform.tfstate", &state.to_string());
}

/// What was deleted at the console is made anew, as another object.
fn lose(life: &Life, project: &Project, cloud: &Cloud) {
    if life.kind == "terraform_data" {
        return;
    }
    let old = id(life, project);
    (life.lose)(cloud, &old);
    let said = project.prov("plan -no-color").ok();
    assert!(
        said.stdout
            .contains(&format!("# {}.it will be created", life.kind)),
        "{said}"
    );
    project.apply();
    project.settled();
    // An id that is made of names or of others' ids is the same again.
    if !NAMED.contains(&life.kind) && !old.contains(':') {
        assert_ne!(id(life, project), old, "the same token was used again");
    }
}

#[test]
fn every_attribute_lives() {
    let mut missing = Vec::new();
    for kind in resources::ALL
        .iter()
        .filter(|kind| kind.ty.alias_of.is_none())
    {
        let lives = || {
            LIVES
                .iter()
                .copied()
                .flatten()
                .filter(|life| life.kind == kind.ty.name)
        };
        let used: BTreeSet<&str> = lives()
            .flat_map(|life| {
                life.base
                    .iter()
                    .chain(life.steps.iter().flat_map(|step| step.set))
            })
            .filter(|(_, value)| !value.is_empty())
            .map(|(name, _)| *name)
            .collect();
        let of = |replacing: bool| -> BTreeSet<&str> {
            lives()
                .flat_map(|life| life.steps)
                .filter(|step| matches!(step.does, Does::Replaces) == replacing)
                .flat_map(|step| step.set.iter().map(|(name, _)| *name))
                .collect()
        };
        let (updated, replaced) = (of(false), of(true));
        for row in kind.ty.attributes {
            if row.presence == Presence::Computed || excepted(kind.ty.name, row.name) {
                continue;
            }
            if !used.contains(row.name) {
                missing.push(format!(
                    "{}.{} is in no configuration",
                    kind.ty.name, row.name
                ));
            } else if row.replaces && !replaced.contains(row.name) {
                missing.push(format!("{}.{} is never replaced", kind.ty.name, row.name));
            } else if is_updated(kind.ty, row) && !updated.contains(row.name) {
                missing.push(format!("{}.{} is never updated", kind.ty.name, row.name));
            }
            let bodies = || {
                lives()
                    .flat_map(|life| {
                        life.base
                            .iter()
                            .chain(life.steps.iter().flat_map(|step| step.set))
                    })
                    .filter(|(name, _)| *name == row.name)
                    .map(|(_, body)| *body)
            };
            if let Type::Blocks(nested, ..) | Type::BlockSet(nested, ..) = row.ty {
                for inner in nested
                    .iter()
                    .filter(|inner| inner.presence != Presence::Computed)
                {
                    let path = format!("{}.{}", row.name, inner.name);
                    let has = |body: &str| {
                        body.lines()
                            .any(|line| line.trim().starts_with(&format!("{} =", inner.name)))
                    };
                    if !excepted(kind.ty.name, &path) && !bodies().any(has) {
                        missing.push(format!("{}.{path} is in no configuration", kind.ty.name));
                    }
                }
            }
        }
    }
    assert!(missing.is_empty(), "{}", missing.join("\n"));
}

fn excepted(kind: &str, path: &str) -> bool {
    EXCEPTIONS
        .iter()
        .any(|(of, name, _)| *of == kind && *name == path)
}

/// Whether an update call carries the attribute.
fn is_updated(ty: &ResourceType, row: &Attribute) -> bool {
    !row.replaces
        && ty.updates.iter().any(|call| {
            row.sent
                .iter()
                .any(|(other, _)| std::ptr::eq(*call, *other))
        })
}
