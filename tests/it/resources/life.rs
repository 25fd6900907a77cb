//! What a life is, and how it is led.

use prov::{
    cloud::Product,
    model::plan::Effect,
    resources,
    schema::{Attribute, Id, ResourceType, Type},
};

use super::duty;
use crate::support::{
    cloud::{Calls, Cloud},
    project::Project,
};

/// An attribute and its value as HCL; a block's is its body, several are parted by `---`, and "" is unset.
pub(super) type Setting = (&'static str, &'static str);
/// Where in the world a value shows: list, pointer within an object, value as JSON.
pub(super) type Shown = (&'static str, &'static str, &'static str);
/// Words in the manifests, and what they stand for.
pub(super) type Names = Vec<(&'static str, String)>;

/// One object from its creation to its end.
#[derive(Clone, Copy)]
pub(super) struct Life {
    pub kind: &'static str,
    /// Makes in the cloud what no manifest can, and names it.
    pub prepare: fn(&Cloud) -> Names,
    /// The manifests beside the object.
    pub around: &'static [&'static str],
    pub base: &'static [Setting],
    pub born: &'static [Shown],
    pub steps: &'static [Step],
    /// Attributes that differ after an import, since the cloud does not tell them.
    pub untold: &'static [&'static str],
    /// Deletes the object (its id) as someone at the console would.
    pub lose: fn(&Cloud, &str),
    /// Whether the object can be deleted only after this.
    pub last: &'static [Setting],
    /// Takes away at the console what a destroy leaves; nothing of what `prepare` made is then left, either.
    pub end: Option<fn(&Cloud, &Names)>,
}

/// The life of what needs nothing.
pub(super) const LIFE: Life = Life {
    kind: "",
    prepare: |_| Names::new(),
    around: &[],
    base: &[],
    born: &[],
    steps: &[],
    untold: &[],
    lose: |_, _| {},
    last: &[],
    end: None,
};

/// A change of the configuration.
pub(super) struct Step {
    pub set: &'static [Setting],
    pub does: Does,
    shows: &'static [Shown],
}

pub(super) enum Does {
    /// An update in place with these calls, as often as they are written.
    Updates(&'static [&'static str]),
    Replaces,
    /// Nothing at all: the plan is empty.
    Keeps,
    /// The apply ends with an error that says this, and nothing has changed. It is then taken back.
    Refuses(&'static str),
}

const fn step(set: &'static [Setting], does: Does) -> Step {
    Step {
        set,
        does,
        shows: &[],
    }
}

pub(super) const fn update(set: &'static [Setting], calls: &'static [&'static str]) -> Step {
    step(set, Does::Updates(calls))
}

pub(super) const fn replace(set: &'static [Setting]) -> Step {
    step(set, Does::Replaces)
}

pub(super) const fn keep(set: &'static [Setting]) -> Step {
    step(set, Does::Keeps)
}

pub(super) const fn refuse(set: &'static [Setting], error: &'static str) -> Step {
    step(set, Does::Refuses(error))
}

impl Step {
    pub(super) const fn shows(mut self, shows: &'static [Shown]) -> Self {
        self.shows = shows;
        self
    }
}

pub(super) fn lose_instance(cloud: &Cloud, id: &str) {
    let asked = [("InstanceId", id), ("DeletionProtection", "false")];
    cloud.console(Product::Ecs, "ModifyInstanceAttribute", &asked);
    let asked = [("InstanceId", id), ("Force", "true")];
    cloud.console(Product::Ecs, "DeleteInstance", &asked);
}

fn attribute(ty: &'static ResourceType, name: &str) -> &'static Attribute {
    let found = ty.attributes.iter().find(|one| one.name == name);
    found.unwrap_or_else(|| panic!("{} has no {name}", ty.name))
}

fn is_block(attribute: &Attribute) -> bool {
    matches!(attribute.ty, Type::Blocks(..) | Type::BlockSet(..))
}

/// Leads those lives that are of this type.
pub(super) fn lead_all(lives: &[Life], kind: &str) {
    lives.iter().filter(|life| life.kind == kind).for_each(lead);
}

/// Leads a life from its beginning to its end.
pub(super) fn lead(life: &Life) {
    let mut story = Story::begin(life);
    if let Some(name) = duty::dry_run(story.ty, story.ty.create).filter(|name| story.sets(name)) {
        story.refused_creation(name);
    }
    story.born();
    for step in life.steps {
        story.take(step);
    }
    if !story.ty.service.is_within() {
        story.import();
        story.lose();
    }
    if let Some(name) = duty::dry_run(story.ty, story.ty.delete).filter(|name| story.sets(name)) {
        story.refused_deletion(name);
    }
    story.end();
}

/// Leads a life under an older name of its type, from the creation to the deletion.
pub(super) fn lead_shortly(life: &Life, kind: &'static str) {
    let life = Life { kind, ..*life };
    let mut story = Story::begin(&life);
    story.born();
    if story.sets("deletion_protection") {
        story.set(&[("deletion_protection", "false")]);
        story.apply().ok();
    }
    story.end();
}

/// A life that is being led.
struct Story<'a> {
    life: &'a Life,
    ty: &'static ResourceType,
    cloud: Cloud,
    project: Project,
    names: Names,
    /// The world before.
    nothing: serde_json::Value,
    /// The configuration as it is now.
    settings: Vec<Setting>,
}

impl<'a> Story<'a> {
    fn begin(life: &'a Life) -> Self {
        let cloud = Cloud::patient();
        let empty = cloud.world();
        let names = (life.prepare)(&cloud);
        let nothing = life.end.map_or_else(|| cloud.world(), |_| empty);
        let mut story = Self {
            life,
            ty: resources::find(life.kind).unwrap().ty,
            cloud,
            project: Project::new(),
            names,
            nothing,
            settings: Vec::new(),
        };
        story.set(life.base);
        story
    }

    fn sets(&self, name: &str) -> bool {
        self.life.base.iter().any(|(other, _)| *other == name)
    }

    fn set(&mut self, settings: &[Setting]) {
        for (name, value) in settings {
            self.settings.retain(|(other, _)| other != name);
            if !value.is_empty() {
                self.settings.push((name, value));
            }
        }
        self.write("");
    }

    /// Writes the configuration, with something more behind it.
    fn write(&self, more: &str) {
        let mut text = format!(
            "{}{}\nresource \"{}\" \"it\" {{\n",
            self.cloud.provider(),
            self.life.around.concat(),
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
        let times = [("NEXT-YEAR", in_days(365)), ("YEAR-AFTER", in_days(730))];
        for (word, meant) in times.iter().chain(&self.names) {
            text = text.replace(word, meant);
        }
        self.project.write("main.tf", &text);
    }

    fn apply(&self) -> crate::support::project::Ran {
        self.project.prov("apply -auto-approve -no-color")
    }

    fn header(&self, what: &str) -> String {
        format!("# {}.it {what}", self.life.kind)
    }

    fn born(&self) {
        let said = self.apply().ok();
        said.says(&[&self.header("will be created")]);
        self.project.settled();
        self.shown(self.life.born, "creation");
    }

    /// A creation that is only checked ends in an error.
    fn refused_creation(&mut self, dry_run: &'static str) {
        self.set(&[(dry_run, "true")]);
        self.apply().fails(&["DryRunOperation"]);
        let state = self.project.state().to_string();
        let there = format!("\"{}\"", self.life.kind);
        assert!(!state.contains(&there), "{state}");
        self.set(&[(dry_run, "false")]);
    }

    /// A deletion that is only checked ends in an error.
    fn refused_deletion(&mut self, dry_run: &'static str) {
        self.set(&[(dry_run, "true")]);
        self.apply().ok();
        let before = self.cloud.world();
        let said = self.project.prov("destroy -auto-approve -no-color");
        said.fails(&["DryRunOperation"]);
        assert_eq!(self.cloud.world(), before);
        self.set(&[(dry_run, "false")]);
        self.apply().ok();
    }

    fn take(&mut self, step: &Step) {
        let what = format!("{} {:?}", self.life.kind, step.set);
        let before = self.settings.clone();
        self.set(step.set);
        match &step.does {
            Does::Updates(calls) => self.updates(step.set, calls, &what),
            Does::Replaces => {
                let said = self.apply();
                assert_eq!(said.code, 0, "{what}\n{said}");
                for words in [&*self.header("must be replaced"), "# forces replacement"] {
                    assert!(said.stdout.contains(words), "{what}\n{said}");
                }
            }
            Does::Keeps => {}
            Does::Refuses(error) => {
                let world = self.cloud.world();
                self.apply().fails(&[error]);
                assert_eq!(self.cloud.world(), world, "{what}");
                self.settings = before;
                self.write("");
                // What was begun is settled, which changes nothing.
                self.apply().ok();
                assert_eq!(self.cloud.world(), world, "{what}");
            }
        }
        let again = self.project.prov("plan -detailed-exitcode -no-color");
        assert_eq!(again.code, 0, "after {what}\n{again}");
        self.shown(step.shows, &what);
    }

    fn updates(&self, set: &[Setting], calls: &[&str], what: &str) {
        let before = self.cloud.calls();
        let said = self.apply();
        assert_eq!(said.code, 0, "{what}\n{said}");
        let header = self.header("will be updated in-place");
        assert!(said.stdout.contains(&header), "{what}\n{said}");
        let made = changes(self.cloud.since(&before));
        let mut wanted = calls.to_vec();
        wanted.sort_unstable();
        assert_eq!(made, wanted, "calls of {what}\n{said}");
        let idle = set
            .iter()
            .all(|(name, _)| duty::is_idle(self.ty, attribute(self.ty, name)));
        let told = said.stdout.contains(Effect::NoEffect.told());
        assert!(told || !idle, "no effect of {what}\n{said}");
    }

    fn shown(&self, shows: &[Shown], what: &str) {
        let world = self.cloud.world();
        for (list, pointer, value) in shows {
            let value: serde_json::Value = serde_json::from_str(value).unwrap();
            let mut objects = world[list].as_array().unwrap().iter();
            let found = objects.any(|one| one.pointer(pointer) == Some(&value));
            let there = &world[list];
            assert!(found, "{what}: no {list}{pointer} = {value} in {there:#}");
        }
    }

    fn id(&self) -> String {
        let attributes = self.project.attributes(self.life.kind, "it", 0);
        attributes["id"].as_str().unwrap().to_owned()
    }

    /// Forgets the object and imports it, by command and by block.
    fn import(&self) {
        let id = self.id();
        let address = format!("{}.it", self.life.kind);
        self.forget();
        self.project.run(["import", &address, &id]).ok();
        self.same_after_import();
        self.forget();
        self.write(&format!("import {{\n  to = {address}\n  id = {id:?}\n}}\n"));
        let said = self.project.prov("plan -no-color").ok();
        assert!(
            said.stdout.contains(&format!("{address} will be imported"))
                || said.stdout.contains("1 to import"),
            "{said}"
        );
        self.project.apply().says(&["1 imported"]);
        self.write("");
        self.project.settled();
    }

    /// The plan after an import has nothing but what the cloud does not tell.
    fn same_after_import(&self) {
        let plan = self.project.plan_json("");
        let changes = plan["resource_changes"].as_array().unwrap();
        for one in changes {
            let change = &one["change"];
            if change["actions"] == serde_json::json!(["no-op"]) {
                continue;
            }
            assert_eq!(one["address"], format!("{}.it", self.life.kind), "{one:#}");
            assert_eq!(change["actions"], serde_json::json!(["update"]), "{one:#}");
            let (before, after) = (
                change["before"].as_object().unwrap(),
                change["after"].as_object().unwrap(),
            );
            let differ: Vec<&str> = after
                .iter()
                .filter(|(name, value)| {
                    before.get(*name).unwrap_or(&serde_json::Value::Null) != *value
                })
                .map(|(name, _)| name.as_str())
                .filter(|name| !self.life.untold.contains(name))
                .collect();
            assert!(
                differ.is_empty(),
                "{} differs after its import: {differ:?} {one:#}",
                self.life.kind
            );
        }
    }

    /// Takes the object out of the state.
    fn forget(&self) {
        let mut state = self.project.state();
        let resources = state["resources"].as_array_mut().unwrap();
        resources.retain(|one| one["type"] != self.life.kind || one["name"] != "it");
        state["serial"] = (state["serial"].as_u64().unwrap() + 1).into();
        self.project.write("terraform.tfstate", &state.to_string());
    }

    /// What was deleted at the console is made anew, as another object.
    fn lose(&self) {
        let old = self.id();
        (self.life.lose)(&self.cloud, &old);
        let said = self.project.prov("plan -no-color").ok();
        said.says(&[&self.header("will be created")]);
        self.project.apply();
        self.project.settled();
        if has_own_id(self.ty) {
            assert_ne!(self.id(), old, "the same token was used again");
        }
    }

    fn end(mut self) {
        if !self.life.last.is_empty() {
            self.set(self.life.last);
            self.project.apply();
        }
        if let Some(end) = self.life.end {
            end(&self.cloud, &self.names);
        }
        self.project.prov("destroy -auto-approve -no-color").ok();
        let left = self.cloud.world();
        assert_eq!(left, self.nothing, "{} leaves something", self.life.kind);
        assert_eq!(self.project.state()["resources"], serde_json::json!([]));
    }
}

/// Whether the cloud gives each object another id: not where it is made of names or of others' ids.
fn has_own_id(ty: &'static ResourceType) -> bool {
    let Id::Field(field) = ty.id else {
        return false;
    };
    // A field that is sent with the creation is what the configuration says.
    let mut rows = ty.attributes.iter();
    !rows.any(|row| {
        row.sent.iter().any(|(call, name)| {
            *name == field && ty.create.iter().any(|one| std::ptr::eq(*one, *call))
        })
    })
}

/// The calls that change something, each as often as it was made, sorted.
fn changes(calls: Calls) -> Vec<String> {
    calls
        .into_iter()
        .filter(|(action, _)| !action.starts_with("Describe") && !action.starts_with("List"))
        .flat_map(|(action, count)| vec![action; usize::try_from(count).unwrap()])
        .collect()
}

/// A moment so many days from now, as the API writes it.
fn in_days(days: i64) -> String {
    let then = jiff::Timestamp::now() + jiff::SignedDuration::from_hours(24 * days);
    then.strftime("%Y-%m-%dT00:00:00Z").to_string()
}
