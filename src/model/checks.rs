//! What the conditions of a configuration came to: of resources, outputs, variables and `check` blocks.

use std::{collections::BTreeMap, sync::Arc};

use serde_json::{Value as Json, json};

use super::address::{Address, Key, ModulePath, ResourceAddress};

/// Whether conditions hold; the gravest of several counts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Standing {
    #[default]
    Pass,
    Unknown,
    Fail,
    Error,
}

/// What has conditions: in the configuration, or in one instance of its module.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Subject {
    Resource(Arc<ResourceAddress>),
    Output(ModulePath, Arc<str>),
    Check(ModulePath, Arc<str>),
    Variable(ModulePath, Arc<str>),
}

/// What the conditions of all instances of something came to.
type Instances = BTreeMap<(Subject, Key), Finding>;

/// What the conditions of one object came to.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Finding {
    pub standing: Standing,
    /// What those say that do not hold.
    pub messages: Vec<String>,
}

/// Everything in the configuration that has conditions, with its instances; `None` where it was not looked at.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Checks {
    all: BTreeMap<Subject, Option<Instances>>,
    /// Checks of which a data source could not be read, and what was said of that.
    unread: BTreeMap<Subject, Vec<String>>,
}

impl Finding {
    /// Adds what further conditions of the object came to.
    pub fn add(&mut self, other: Self) {
        self.standing = self.standing.max(other.standing);
        self.messages.extend(other.messages);
    }
}

impl Standing {
    fn word(self) -> &'static str {
        match self {
            Self::Pass => "pass",
            Self::Unknown => "unknown",
            Self::Fail => "fail",
            Self::Error => "error",
        }
    }
}

impl Checks {
    /// Whether there are no conditions at all.
    pub fn is_empty(&self) -> bool {
        self.all.is_empty()
    }

    /// Notes that something of the configuration has conditions.
    pub fn declare(&mut self, subject: Subject) {
        self.all.entry(subject).or_default();
    }

    /// Notes that all instances of something are looked at from here on, whatever was known of them before.
    pub fn looked_at(&mut self, subject: &Subject) {
        self.all.insert(subject.config(), Some(BTreeMap::new()));
    }

    /// Notes what the conditions of an instance came to, in the place of what was known.
    pub fn note(&mut self, subject: Subject, key: Key, finding: Finding) {
        let instances = self.all.entry(subject.config()).or_default();
        instances
            .get_or_insert_default()
            .insert((subject, key), finding);
    }

    /// Whether conditions of variables or outputs are not known yet.
    pub fn are_open(&self) -> bool {
        let of_values =
            |subject: &Subject| matches!(subject, Subject::Variable(..) | Subject::Output(..));
        let mut values = self.all.iter().filter(|(subject, _)| of_values(subject));
        values.any(|(_, instances)| standing(instances) != Standing::Pass)
    }

    /// Returns what the conditions of an instance came to, if they were looked at.
    pub fn standing(&self, subject: &Subject, key: &Key) -> Option<Standing> {
        let instances = self.all.get(&subject.config())?.as_ref()?;
        let finding = instances.get(&(subject.clone(), key.clone()))?;
        Some(finding.standing)
    }

    /// Notes that a data source of a check could not be read, which is as good as a failure.
    pub fn unread(&mut self, check: Subject, message: String) {
        self.unread.entry(check).or_default().push(message);
    }

    /// Returns what is known of a check before its assertions are looked at.
    pub fn before(&self, check: &Subject) -> Finding {
        let messages = self.unread.get(check).cloned().unwrap_or_default();
        let standing = match messages.is_empty() {
            true => Standing::Pass,
            false => Standing::Fail,
        };
        Finding { standing, messages }
    }

    /// Returns the plan JSON's `checks`.
    pub fn to_plan(&self) -> Json {
        let each = |(subject, instances): (&Subject, &Option<Instances>)| {
            let mut check =
                json!({ "address": subject.to_plan(), "status": standing(instances).word() });
            if let Some(instances) = instances.as_ref().filter(|it| !it.is_empty()) {
                check["instances"] = instances.iter().map(planned).collect();
            }
            (subject.to_string(), check)
        };
        let by_name: BTreeMap<String, Json> = self.all.iter().map(each).collect();
        by_name.into_values().collect()
    }

    /// Returns the state file's `check_results`; null where there are none.
    pub fn to_state(&self) -> Json {
        if self.is_empty() {
            return Json::Null;
        }
        let each = |(subject, instances): (&Subject, &Option<Instances>)| {
            let kept = instances.as_ref().filter(|it| !it.is_empty());
            json!({
                "object_kind": subject.kind(),
                "config_addr": subject.to_string(),
                "status": standing(instances).word(),
                "objects": kept.map(|it| it.iter().map(stored).collect::<Vec<_>>()),
            })
        };
        self.all.iter().map(each).collect()
    }
}

fn planned(((subject, key), finding): (&(Subject, Key), &Finding)) -> Json {
    let mut address = json!({ "to_display": subject.instance(key) });
    if !subject.module().is_root() {
        address["module"] = json!(subject.module().to_string());
    }
    match key {
        Key::None => {}
        Key::Int(index) => address["instance_key"] = json!(index),
        Key::Text(text) => address["instance_key"] = json!(text),
    }
    let mut instance = json!({ "address": address, "status": finding.standing.word() });
    if !finding.messages.is_empty() {
        let problem = |message: &String| json!({ "message": message });
        instance["problems"] = finding.messages.iter().map(problem).collect();
    }
    instance
}

fn stored(((subject, key), finding): (&(Subject, Key), &Finding)) -> Json {
    let mut object = json!({
        "object_addr": subject.instance(key),
        "status": finding.standing.word(),
    });
    if !finding.messages.is_empty() {
        object["failure_messages"] = json!(finding.messages);
    }
    object
}

fn standing(instances: &Option<Instances>) -> Standing {
    match instances {
        None => Standing::Unknown,
        Some(all) => all.values().map(|it| it.standing).max().unwrap_or_default(),
    }
}

impl Subject {
    /// Returns what it is in the configuration: without the keys of module instances.
    fn config(&self) -> Self {
        match self {
            Self::Resource(address) => Self::Resource(address.config()),
            Self::Output(module, name) => Self::Output(module.config(), name.clone()),
            Self::Check(module, name) => Self::Check(module.config(), name.clone()),
            Self::Variable(module, name) => Self::Variable(module.config(), name.clone()),
        }
    }

    fn module(&self) -> &ModulePath {
        match self {
            Self::Resource(address) => &address.module,
            Self::Output(module, _) | Self::Check(module, _) | Self::Variable(module, _) => module,
        }
    }

    fn kind(&self) -> &'static str {
        match self {
            Self::Resource(_) => "resource",
            Self::Output(..) => "output",
            Self::Check(..) => "check",
            Self::Variable(..) => "var",
        }
    }

    fn to_plan(&self) -> Json {
        let mut address = match self {
            Self::Resource(resource) => json!({
                "kind": "resource",
                "mode": resource.mode.word(),
                "type": resource.kind,
                "name": resource.name,
            }),
            Self::Output(_, name) => json!({ "kind": "output_value", "name": name }),
            Self::Check(_, name) | Self::Variable(_, name) => {
                json!({ "kind": self.kind(), "name": name })
            }
        };
        if !self.module().is_root() {
            address["module"] = json!(self.module().to_string());
        }
        address["to_display"] = json!(self.to_string());
        address
    }

    fn instance(&self, key: &Key) -> String {
        match self {
            Self::Resource(resource) => Address {
                resource: resource.clone(),
                key: key.clone(),
            }
            .to_string(),
            Self::Output(..) | Self::Check(..) | Self::Variable(..) => self.to_string(),
        }
    }
}

impl std::fmt::Display for Subject {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let (module, word, name) = match self {
            Self::Resource(resource) => return resource.fmt(out),
            Self::Output(module, name) => (module, "output", name),
            Self::Check(module, name) => (module, "check", name),
            Self::Variable(module, name) => (module, "var", name),
        };
        let dot = if module.is_root() { "" } else { "." };
        write!(out, "{module}{dot}{word}.{name}")
    }
}
