//! Reading: the document is scanned once, then resources are read in parallel.

use std::{borrow::Cow, collections::BTreeMap, collections::HashMap, sync::Arc};

use rayon::prelude::*;
use serde::Deserialize;
use serde_json::value::RawValue;

use super::{
    super::{Base, StateError},
    PROV_FORMAT, dynamic,
    marks::{Step, mark},
    text::{Names, read_object},
    typed::{read_type, retype},
};
use crate::model::{
    Address, Key, Mode, ResourceAddress,
    state::{Extra, Output, Resource, State, Status, Stored},
};

/// The whole file.
#[derive(Deserialize)]
#[serde(expecting = "a state")]
struct Document<'a> {
    version: Option<u64>,
    #[serde(default)]
    terraform_version: String,
    #[serde(default)]
    serial: u64,
    #[serde(default)]
    lineage: String,
    #[serde(default, borrow)]
    outputs: Option<BTreeMap<String, OutputText<'a>>>,
    #[serde(default, borrow)]
    resources: Option<Vec<&'a RawValue>>,
    #[serde(default, borrow)]
    prov: Option<&'a RawValue>,
    /// OpenTofu's, when the state is encrypted.
    #[serde(default, borrow)]
    encrypted_data: Option<&'a RawValue>,
}

#[derive(Deserialize)]
struct OutputText<'a> {
    #[serde(borrow)]
    value: &'a RawValue,
    #[serde(borrow, rename = "type")]
    ty: &'a RawValue,
    #[serde(default)]
    sensitive: bool,
}

#[derive(Deserialize)]
struct ResourceText<'a> {
    #[serde(default, borrow)]
    module: Option<Cow<'a, str>>,
    #[serde(borrow)]
    mode: Cow<'a, str>,
    #[serde(borrow, rename = "type")]
    kind: Cow<'a, str>,
    #[serde(borrow)]
    name: Cow<'a, str>,
    #[serde(default, borrow)]
    provider: Cow<'a, str>,
    #[serde(borrow)]
    instances: Vec<InstanceText<'a>>,
}

#[derive(Deserialize)]
struct InstanceText<'a> {
    #[serde(default)]
    index_key: Option<IndexKey>,
    #[serde(default, borrow)]
    status: Option<Cow<'a, str>>,
    #[serde(default)]
    deposed: Option<String>,
    #[serde(default)]
    schema_version: u64,
    #[serde(default, borrow)]
    attributes: Option<&'a RawValue>,
    #[serde(default)]
    attributes_flat: Option<serde::de::IgnoredAny>,
    #[serde(default)]
    sensitive_attributes: Option<Vec<Vec<Step>>>,
    #[serde(default, borrow)]
    private: Option<Cow<'a, str>>,
    #[serde(default, borrow)]
    dependencies: Option<Vec<Cow<'a, str>>>,
    #[serde(default)]
    create_before_destroy: bool,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum IndexKey {
    Int(u64),
    Text(String),
}

/// What stands under the key `prov` beside [`Extra`].
#[derive(Deserialize)]
struct Beside {
    format: u64,
    #[serde(default)]
    unsettled: Vec<Unsettled>,
}

/// An object that was created and not seen ready; Terraform's format has no word for it.
#[derive(Deserialize)]
struct Unsettled {
    address: String,
    #[serde(default)]
    deposed: Option<String>,
}

/// Reads a state.
pub fn read(bytes: &[u8]) -> Result<State, StateError> {
    let document: Document<'_> =
        serde_json::from_slice(bytes).map_err(|error| whole(bytes, &error))?;
    check_version(&document)?;
    let mut state = State {
        lineage: document.lineage,
        serial: document.serial,
        outputs: outputs(document.outputs.unwrap_or_default())?,
        resources: resources(&document.resources.unwrap_or_default())?,
        extra: Extra::default(),
    };
    if let Some(prov) = document.prov {
        read_prov(prov.get(), &mut state)?;
    }
    Ok(state)
}

/// Reads lineage and serial alone; what follows them is not looked at.
pub fn head(bytes: &[u8]) -> Result<Base, StateError> {
    let mut head = Head::default();
    let mut reader = serde_json::Deserializer::from_slice(bytes);
    let outcome = serde::de::DeserializeSeed::deserialize(&mut head, &mut reader);
    match (head.lineage, head.serial, outcome) {
        (Some(lineage), Some(serial), _) => Ok(Base { lineage, serial }),
        (lineage, serial, Ok(())) => Ok(Base {
            lineage: lineage.unwrap_or_default(),
            serial: serial.unwrap_or_default(),
        }),
        (_, _, Err(error)) => Err(whole(bytes, &error)),
    }
}

#[derive(Default)]
struct Head {
    lineage: Option<String>,
    serial: Option<u64>,
}

impl<'de> serde::de::DeserializeSeed<'de> for &mut Head {
    type Value = ();

    fn deserialize<D: serde::Deserializer<'de>>(self, reader: D) -> Result<(), D::Error> {
        reader.deserialize_map(self)
    }
}

impl<'de> serde::de::Visitor<'de> for &mut Head {
    type Value = ();

    fn expecting(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str("a state")
    }

    fn visit_map<A: serde::de::MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        while let Some(key) = map.next_key::<Cow<'de, str>>()? {
            match &*key {
                "lineage" => self.lineage = Some(map.next_value()?),
                "serial" => self.serial = Some(map.next_value()?),
                _ => {
                    map.next_value::<serde::de::IgnoredAny>()?;
                }
            }
            if self.lineage.is_some() && self.serial.is_some() {
                break;
            }
        }
        Ok(())
    }
}

/// Says what is wrong with the whole document.
fn whole(bytes: &[u8], error: &serde_json::Error) -> StateError {
    let text = error.to_string();
    let reason = text.split(" at line ").next().unwrap_or(&text).to_owned();
    if error.is_data() {
        return StateError::Shape(format!("{reason} (line {})", error.line()));
    }
    let reason = if bytes.trim_ascii().is_empty() {
        "the file is empty".to_owned()
    } else {
        reason
    };
    StateError::Syntax {
        line: error.line(),
        column: error.column(),
        reason,
    }
}

fn check_version(document: &Document<'_>) -> Result<(), StateError> {
    if document.encrypted_data.is_some() {
        return Err(StateError::Unsupported("encrypted data of OpenTofu".into()));
    }
    match document.version {
        Some(4) => Ok(()),
        Some(newer @ 5..) => Err(StateError::Newer(format!(
            "its format version is {newer}{}, and 4 is the newest known",
            match document.terraform_version.as_str() {
                "" => String::new(),
                version => format!(" (of Terraform {version})"),
            }
        ))),
        Some(older) => Err(StateError::Older(older)),
        None => Err(StateError::Shape(
            "it has no format version: this is not a state file".to_owned(),
        )),
    }
}

fn outputs(
    texts: BTreeMap<String, OutputText<'_>>,
) -> Result<BTreeMap<String, Output>, StateError> {
    let mut names = Names::default();
    let mut outputs = BTreeMap::new();
    for (name, text) in texts {
        let ty = read_type(text.ty.get())?;
        let value = super::text::read_value(text.value.get(), &mut names)?;
        let output = Output {
            value: retype(value, &ty).map_err(|error| within(&format!("output.{name}"), error))?,
            ty,
            sensitive: text.sensitive,
        };
        outputs.insert(name, output);
    }
    Ok(outputs)
}

/// Reads the value of the key `outputs`.
pub fn read_outputs(text: &str) -> Result<BTreeMap<String, Output>, StateError> {
    outputs(serde_json::from_str(text).map_err(|error| StateError::Shape(error.to_string()))?)
}

/// What reading one resource after the other shares.
#[derive(Default)]
struct Shared {
    names: Names,
    addresses: HashMap<String, Option<Arc<ResourceAddress>>, foldhash::fast::RandomState>,
}

type Entry = (Arc<ResourceAddress>, Resource);

fn resources(texts: &[&RawValue]) -> Result<BTreeMap<Arc<ResourceAddress>, Resource>, StateError> {
    let read: Vec<Entry> = texts
        .par_iter()
        .with_min_len(256)
        .map_init(Shared::default, |shared, text| resource(text.get(), shared))
        .collect::<Result<_, _>>()?;
    let count = read.len();
    let resources: BTreeMap<_, _> = read.into_iter().collect();
    if resources.len() == count {
        return Ok(resources);
    }
    Err(StateError::Shape(
        "it has two entries for the same resource".to_owned(),
    ))
}

fn resource(text: &str, shared: &mut Shared) -> Result<Entry, StateError> {
    let text: ResourceText<'_> = serde_json::from_str(text)
        .map_err(|error| StateError::Shape(format!("a resource cannot be read: {error}")))?;
    let mode = match &*text.mode {
        "managed" => Mode::Managed,
        "data" => Mode::Data,
        other => return Err(StateError::Shape(format!("a resource has mode {other}"))),
    };
    let address = ResourceAddress {
        mode,
        kind: shared.names.share(&text.kind),
        name: text.name.into(),
    };
    if let Some(module) = text.module {
        return Err(StateError::Unsupported(format!(
            "the resource {module}.{address} of a module"
        )));
    }
    let mut resource = Resource {
        provider: shared.names.share(&text.provider),
        instances: BTreeMap::new(),
    };
    for instance in text.instances {
        add(&mut resource, &address.kind, instance, shared)
            .map_err(|error| within(&address.to_string(), error))?;
    }
    Ok((Arc::new(address), resource))
}

/// Adds the object to the resource.
fn add(
    resource: &mut Resource,
    kind: &str,
    mut text: InstanceText<'_>,
    shared: &mut Shared,
) -> Result<(), StateError> {
    let key = match text.index_key.take() {
        None => Key::None,
        Some(IndexKey::Int(index)) => Key::Int(index),
        Some(IndexKey::Text(text)) => Key::Text(text.into()),
    };
    let deposed = text.deposed.take();
    let stored = stored(kind, text, shared)?;
    let instance = resource.instances.entry(key).or_default();
    let before = match deposed {
        None => instance.current.replace(stored),
        Some(deposed) => instance.deposed.insert(deposed, stored),
    };
    match before {
        None => Ok(()),
        Some(_) => Err(StateError::Shape("it has an instance twice".to_owned())),
    }
}

fn stored(kind: &str, text: InstanceText<'_>, shared: &mut Shared) -> Result<Stored, StateError> {
    if text.attributes_flat.is_some() {
        return Err(StateError::Unsupported(
            "attributes in the form of Terraform 0.11".to_owned(),
        ));
    }
    let mut attributes = match text.attributes {
        None => crate::model::Object::new(),
        Some(attributes) => read_object(attributes.get(), &mut shared.names, dynamic(kind))?,
    };
    mark(
        &mut attributes,
        &text.sensitive_attributes.unwrap_or_default(),
    );
    Ok(Stored {
        status: status(text.status.as_deref())?,
        schema_version: text.schema_version,
        attributes: Arc::new(attributes),
        private: text
            .private
            .filter(|private| !private.is_empty())
            .map(Into::into),
        dependencies: text
            .dependencies
            .unwrap_or_default()
            .iter()
            .filter_map(|name| shared.address(name))
            .collect(),
        create_before_destroy: text.create_before_destroy,
    })
}

fn status(text: Option<&str>) -> Result<Status, StateError> {
    match text {
        None | Some("") => Ok(Status::Ready),
        Some("tainted") => Ok(Status::Tainted),
        // Only in records of the journal.
        Some("unsettled") => Ok(Status::Unsettled),
        Some(other) => Err(StateError::Shape(format!("an instance has status {other}"))),
    }
}

impl Shared {
    /// Returns the address of a dependency; `None` for one in a module, which no resource here can be.
    fn address(&mut self, text: &str) -> Option<Arc<ResourceAddress>> {
        if let Some(known) = self.addresses.get(text) {
            return known.clone();
        }
        let address = Address::parse(text).ok().map(|address| address.resource);
        self.addresses.insert(text.to_owned(), address.clone());
        address
    }
}

/// Reads one object of the type `kind`.
pub fn object(text: &str, kind: &str) -> Result<Stored, StateError> {
    let text: InstanceText<'_> = serde_json::from_str(text)
        .map_err(|error| StateError::Shape(format!("an object cannot be read: {error}")))?;
    stored(kind, text, &mut Shared::default())
}

fn read_prov(text: &str, state: &mut State) -> Result<(), StateError> {
    let shape = |error: serde_json::Error| {
        StateError::Shape(format!("its key prov cannot be read: {error}"))
    };
    let beside: Beside = serde_json::from_str(text).map_err(shape)?;
    if beside.format > PROV_FORMAT {
        return Err(StateError::Newer(format!(
            "what prov keeps in it has format {}, and {PROV_FORMAT} is the newest known",
            beside.format
        )));
    }
    state.extra = serde_json::from_str(text).map_err(shape)?;
    for unsettled in beside.unsettled {
        let Ok(address) = Address::parse(&unsettled.address) else {
            continue;
        };
        let instance = state
            .resources
            .get_mut(&address.resource)
            .and_then(|resource| resource.instances.get_mut(&address.key));
        let stored = instance.and_then(|instance| match &unsettled.deposed {
            None => instance.current.as_mut(),
            Some(key) => instance.deposed.get_mut(key),
        });
        // Terraform may have replaced or removed the object, or tainted it, in the meantime.
        if let Some(stored) = stored
            && stored.status == Status::Ready
        {
            stored.status = Status::Unsettled;
        }
    }
    Ok(())
}

/// Says which part of the state an error is about.
fn within(part: &str, error: StateError) -> StateError {
    match error {
        StateError::Shape(reason) => StateError::Shape(format!("{part}: {reason}")),
        StateError::Unsupported(what) => StateError::Unsupported(format!("{what} in {part}")),
        other => other,
    }
}
