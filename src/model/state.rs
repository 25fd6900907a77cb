//! What prov remembers of the world between two runs, in memory.
//!
//! The file format lives in `backend::format`. Sensitive values carry their marks in the values.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use super::{
    address::{Address, Key, ResourceAddress},
    object::Object,
    types::Type,
    value::Value,
};

/// A state: every remote object that prov answers for.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct State {
    /// A UUID that no two states share; empty before the first write.
    pub lineage: String,
    /// Grows by one with every written change.
    pub serial: u64,
    pub outputs: BTreeMap<String, Output>,
    pub resources: BTreeMap<Arc<ResourceAddress>, Resource>,
    /// What the last apply found of all conditions, as the file has it.
    pub check_results: serde_json::Value,
    pub extra: Extra,
}

/// What prov keeps beyond Terraform's format, under the top-level key `prov`.
#[derive(Clone, Debug, Default, PartialEq, serde::Serialize, serde::Deserialize)]
#[serde(default)]
pub struct Extra {
    /// Hex of the random key under which secrets are digested; made with the lineage.
    pub digest_key: String,
    /// What a client token depends on, per instance address; kept after a delete too.
    pub history: BTreeMap<String, History>,
    /// Addresses of objects that are tainted only since what triggers their replacement has changed.
    #[serde(skip_serializing_if = "BTreeSet::is_empty")]
    pub triggered: BTreeSet<String>,
    /// Operations that a run left open, as the journal has them; only in a stored snapshot.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub open: Vec<serde_json::Value>,
}

/// What is remembered of an address for its next client token.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(default)]
pub struct History {
    /// The id of the last remote object that this address had; empty at first.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub predecessor: String,
    /// How often the cloud has refused the create for good since it last succeeded.
    #[serde(skip_serializing_if = "is_zero")]
    pub attempt: u32,
}

impl History {
    /// Notes that the address no longer has the object with this id. Ids that are made of the request's own
    /// words (`eip-1:i-1`) and ids that were asked for come again, so these are counted.
    pub fn follow(&mut self, id: &str) {
        self.predecessor = if self.repeats(id) {
            format!("{id}~{}", self.count().unwrap_or(1) + 1)
        } else {
            id.to_owned()
        };
    }

    /// Notes that the address has an object with this id, and returns whether the next token depends on more
    /// than this object.
    pub fn goes_on(&mut self, id: &str) -> bool {
        self.attempt = 0;
        self.repeats(id)
    }

    /// How many objects were counted.
    fn count(&self) -> Option<u64> {
        self.predecessor.rsplit_once('~')?.1.parse().ok()
    }

    fn repeats(&self, id: &str) -> bool {
        let may = self.count().is_some() || id.contains(':') || self.predecessor == id;
        may && !self.predecessor.is_empty()
    }
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde's signature")]
fn is_zero(number: &u32) -> bool {
    *number == 0
}

/// An output value as last applied.
#[derive(Clone, Debug, PartialEq)]
pub struct Output {
    pub value: Value,
    pub ty: Type,
    pub sensitive: bool,
}

/// One resource block's instances.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Resource {
    /// Terraform's provider string: `provider["registry.terraform.io/aliyun/alicloud"]`.
    pub provider: Arc<str>,
    pub instances: BTreeMap<Key, Instance>,
}

/// One instance: its current object, and older ones that still wait to be destroyed.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Instance {
    pub current: Option<Stored>,
    /// By Terraform's eight-digit deposed key.
    pub deposed: BTreeMap<String, Stored>,
}

/// One remote object as last seen.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Stored {
    pub status: Status,
    pub schema_version: u64,
    pub attributes: Arc<Object>,
    /// Base64 that Terraform's provider left there; prov gives it back unchanged.
    pub private: Option<Arc<str>>,
    pub dependencies: Arc<[Arc<ResourceAddress>]>,
    pub create_before_destroy: bool,
}

/// Whether a remote object is as it should be.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Status {
    #[default]
    Ready,
    /// Created, but not seen ready: what follows a creation has still to be done.
    Unsettled,
    /// To be replaced at the next apply.
    Tainted,
}

impl Stored {
    /// Takes what came of an object that was planned to be this one: its attributes beyond the plan.
    pub fn complete(&mut self, more: Self) {
        let mut attributes = (*self.attributes).clone();
        for (name, value) in more.attributes.iter() {
            attributes.insert(name.clone(), value.clone());
        }
        self.attributes = Arc::new(attributes);
        self.status = more.status;
        self.private = more.private;
    }
}

impl State {
    /// Returns the current object at this address.
    pub fn get(&self, address: &Address) -> Option<&Stored> {
        self.resources
            .get(&address.resource)?
            .instances
            .get(&address.key)?
            .current
            .as_ref()
    }

    /// Returns the instance at this address, making it if there is none.
    pub fn instance_mut(&mut self, address: &Address, provider: &Arc<str>) -> &mut Instance {
        let resource = self.resources.entry(address.resource.clone()).or_default();
        resource.provider = provider.clone();
        resource.instances.entry(address.key.clone()).or_default()
    }

    /// Puts another current object in the place of the one at this address, if there is one.
    pub fn put(&mut self, address: &Address, stored: Stored) {
        let resource = self.resources.get_mut(&address.resource);
        let instance = resource.and_then(|it| it.instances.get_mut(&address.key));
        if let Some(current) = instance.and_then(|it| it.current.as_mut()) {
            *current = stored;
        }
    }

    /// Takes the current object (or a deposed one) out, and the empty shells around it too.
    pub fn remove(&mut self, address: &Address, deposed: Option<&str>) -> Option<Stored> {
        let resource = self.resources.get_mut(&address.resource)?;
        let instance = resource.instances.get_mut(&address.key)?;
        let taken = match deposed {
            None => instance.current.take(),
            Some(key) => instance.deposed.remove(key),
        };
        if instance.current.is_none() && instance.deposed.is_empty() {
            resource.instances.remove(&address.key);
            if resource.instances.is_empty() {
                self.resources.remove(&address.resource);
            }
        }
        taken
    }

    /// Gives the instance at `from`, with its deposed objects and its history, the address `to`.
    pub fn rename(&mut self, from: &Address, to: &Address) {
        let Some(resource) = self.resources.get_mut(&from.resource) else {
            return;
        };
        let provider = resource.provider.clone();
        let Some(instance) = resource.instances.remove(&from.key) else {
            return;
        };
        if resource.instances.is_empty() {
            self.resources.remove(&from.resource);
        }
        *self.instance_mut(to, &provider) = instance;
        if let Some(history) = self.extra.history.remove(&from.to_string()) {
            self.extra.history.insert(to.to_string(), history);
        }
        if self.extra.triggered.remove(&from.to_string()) {
            self.extra.triggered.insert(to.to_string());
        }
    }

    /// Returns every current object with its address, in order.
    pub fn current(&self) -> impl Iterator<Item = (Address, &Stored)> {
        self.resources.iter().flat_map(|(resource, kept)| {
            kept.instances.iter().filter_map(move |(key, instance)| {
                let address = Address {
                    resource: resource.clone(),
                    key: key.clone(),
                };
                instance.current.as_ref().map(|stored| (address, stored))
            })
        })
    }

    /// Whether this state has other instances than `other`, or data sources that answered otherwise.
    /// Attributes of managed objects are not compared: a refresh tells of those.
    pub fn differs_from(&self, other: &Self) -> bool {
        let data = |address: &ResourceAddress| address.mode == super::address::Mode::Data;
        let mut pairs = self.resources.iter().zip(&other.resources);
        self.resources.len() != other.resources.len()
            || pairs.any(|((address, one), (other_address, another))| {
                address != other_address
                    || one.provider != another.provider
                    || !one.instances.keys().eq(another.instances.keys())
                    || (data(address) && answers(one) != answers(another))
            })
            || self.extra != other.extra
    }

    /// Whether there is no resource and no output.
    pub fn is_empty(&self) -> bool {
        self.resources.is_empty() && self.outputs.is_empty()
    }
}

/// Returns what a data source answered, in a form that has lost what a file loses.
fn answers(resource: &Resource) -> Vec<serde_json::Value> {
    let current = resource
        .instances
        .values()
        .filter_map(|instance| instance.current.as_ref());
    current
        .map(|stored| Value::Object(stored.attributes.clone()).to_json())
        .collect()
}
