//! What the conditions of a configuration came to: of resources, outputs, variables and `check` blocks.

use std::{collections::BTreeMap, sync::Arc};

use serde_json::{Value as Json, json};

use super::address::{Address, Key, Mode, ResourceAddress};

/// Whether conditions hold; the gravest of several counts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Standing {
    #[default]
    Pass,
    Unknown,
    Fail,
    Error,
}

/// What has conditions.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Subject {
    Resource(Arc<ResourceAddress>),
    Output(Arc<str>),
    Check(Arc<str>),
    Variable(Arc<str>),
}

/// What the conditions of one object came to.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Finding {
    pub standing: Standing,
    /// What those say that do not hold.
    pub messages: Vec<String>,
}

/// Everything that has conditions, by instance; `None` where it was not looked at.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Checks(BTreeMap<Subject, Option<BTreeMap<Key, Finding>>>);

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
        self.0.is_empty()
    }

    /// Notes that something has conditions.
    pub fn declare(&mut self, subject: Subject) {
        self.0.entry(subject).or_default();
    }

    /// Notes which instances there are, whatever was known of them before.
    pub fn looked_at(&mut self, subject: Subject) {
        self.0.insert(subject, Some(BTreeMap::new()));
    }

    /// Notes what the conditions of an instance came to, in the place of what was known.
    pub fn note(&mut self, subject: Subject, key: Key, finding: Finding) {
        let instances = self.0.entry(subject).or_default();
        instances.get_or_insert_default().insert(key, finding);
    }

    /// Returns the plan JSON's `checks`.
    pub fn to_plan(&self) -> Json {
        let each = |(subject, instances): (&Subject, &Option<BTreeMap<Key, Finding>>)| {
            let mut check =
                json!({ "address": subject.to_plan(), "status": standing(instances).word() });
            let list = |(key, finding): (&Key, &Finding)| {
                let mut address = json!({ "to_display": subject.instance(key) });
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
            };
            if let Some(instances) = instances.as_ref().filter(|it| !it.is_empty()) {
                check["instances"] = instances.iter().map(list).collect();
            }
            check
        };
        self.0.iter().map(each).collect()
    }

    /// Returns the state file's `check_results`; null where there are none.
    pub fn to_state(&self) -> Json {
        if self.is_empty() {
            return Json::Null;
        }
        let each = |(subject, instances): (&Subject, &Option<BTreeMap<Key, Finding>>)| {
            let list = |(key, finding): (&Key, &Finding)| {
                let mut object = json!({
                    "object_addr": subject.instance(key),
                    "status": finding.standing.word(),
                });
                if !finding.messages.is_empty() {
                    object["failure_messages"] = json!(finding.messages);
                }
                object
            };
            let kept = instances.as_ref().filter(|it| !it.is_empty());
            json!({
                "object_kind": subject.kind(),
                "config_addr": subject.to_string(),
                "status": standing(instances).word(),
                "objects": kept.map(|it| it.iter().map(list).collect::<Vec<_>>()),
            })
        };
        self.0.iter().map(each).collect()
    }
}

fn standing(instances: &Option<BTreeMap<Key, Finding>>) -> Standing {
    match instances {
        None => Standing::Unknown,
        Some(all) => all.values().map(|it| it.standing).max().unwrap_or_default(),
    }
}

impl Subject {
    fn kind(&self) -> &'static str {
        match self {
            Self::Resource(_) => "resource",
            Self::Output(_) => "output",
            Self::Check(_) => "check",
            Self::Variable(_) => "var",
        }
    }

    fn to_plan(&self) -> Json {
        let mut address = match self {
            Self::Resource(resource) => json!({
                "kind": "resource",
                "mode": match resource.mode {
                    Mode::Managed => "managed",
                    Mode::Data => "data",
                },
                "type": resource.kind,
                "name": resource.name,
            }),
            Self::Output(name) => json!({ "kind": "output_value", "name": name }),
            Self::Check(name) | Self::Variable(name) => {
                json!({ "kind": self.kind(), "name": name })
            }
        };
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
            Self::Output(_) | Self::Check(_) | Self::Variable(_) => self.to_string(),
        }
    }
}

impl std::fmt::Display for Subject {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Resource(resource) => resource.fmt(out),
            Self::Output(name) => write!(out, "output.{name}"),
            Self::Check(name) => write!(out, "check.{name}"),
            Self::Variable(name) => write!(out, "var.{name}"),
        }
    }
}
