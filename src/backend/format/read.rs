//! Reading: the document is scanned once, then resources are read in parallel.

use std::{borrow::Cow, collections::BTreeMap, collections::HashMap, sync::Arc};

use rayon::prelude::*;
use serde::Deserialize;
use serde_json::value::RawValue;

use super::{
    super::{Base, StateError},
    PROV_FORMAT, dynamic,
    marks::{Step, mark},
    text::{Names, Reader},
    typed::{read_type, retype},
};
use crate::model::{
    Address, Key, Mode, ModulePath, Object, ResourceAddress, Value,
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
    resources: Option<Vec<ResourceText<'a>>>,
    #[serde(default)]
    check_results: serde_json::Value,
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
    instances: Vec<&'a RawValue>,
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
        check_results: document.check_results,
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

/// What reading one instance after the other shares.
#[derive(Default)]
struct Shared {
    names: Names,
    addresses: HashMap<String, Option<Arc<ResourceAddress>>, foldhash::fast::RandomState>,
}

/// One object of an instance.
#[derive(Default)]
struct Read {
    key: Key,
    deposed: Option<String>,
    stored: Stored,
}

type Resources = BTreeMap<Arc<ResourceAddress>, Resource>;

fn resources(texts: &[ResourceText<'_>]) -> Result<Resources, StateError> {
    let mut names = Names::default();
    let mut modules = HashMap::new();
    let heads: Vec<ResourceAddress> = texts
        .iter()
        .map(|text| address(text, &mut names, &mut modules))
        .collect::<Result<_, _>>()?;
    let flat: Vec<(&ResourceAddress, &RawValue)> = heads
        .iter()
        .zip(texts)
        .flat_map(|(head, text)| text.instances.iter().map(move |instance| (head, *instance)))
        .collect();
    let read: Vec<Read> = flat
        .par_iter()
        .with_min_len(256)
        .map_init(Shared::default, |shared, (head, text)| {
            instance(text.get(), &head.kind, shared)
                .map_err(|error| within(&head.to_string(), error))
        })
        .collect::<Result<_, _>>()?;
    let mut read = read.into_iter();
    let mut resources = Vec::with_capacity(heads.len());
    for (address, text) in heads.into_iter().zip(texts) {
        let instances = read.by_ref().take(text.instances.len());
        let resource = resource(names.share(&text.provider), instances)
            .map_err(|error| within(&address.to_string(), error))?;
        resources.push((Arc::new(address), resource));
    }
    let count = resources.len();
    let resources: Resources = resources.into_iter().collect();
    if resources.len() == count {
        return Ok(resources);
    }
    Err(StateError::Shape(
        "it has two entries for the same resource".to_owned(),
    ))
}

fn address<'a>(
    text: &'a ResourceText<'_>,
    names: &mut Names,
    modules: &mut HashMap<&'a str, ModulePath>,
) -> Result<ResourceAddress, StateError> {
    let mode = match &*text.mode {
        "managed" => Mode::Managed,
        "data" => Mode::Data,
        other => return Err(StateError::Shape(format!("a resource has mode {other}"))),
    };
    let address = ResourceAddress::new(mode, names.share(&text.kind), (*text.name).into());
    match text.module.as_deref() {
        None | Some("") => Ok(address),
        Some(module) => {
            let path = match modules.get(module) {
                Some(path) => path.clone(),
                None => ModulePath::parse(module).map_err(StateError::Shape)?,
            };
            modules.entry(module).or_insert_with(|| path.clone());
            Ok(address.within(path))
        }
    }
}

/// Puts the objects of a resource together.
fn resource(
    provider: Arc<str>,
    objects: impl Iterator<Item = Read>,
) -> Result<Resource, StateError> {
    let mut resource = Resource {
        provider,
        instances: BTreeMap::new(),
    };
    for read in objects {
        let instance = resource.instances.entry(read.key).or_default();
        let before = match read.deposed {
            None => instance.current.replace(read.stored),
            Some(deposed) => instance.deposed.insert(deposed, read.stored),
        };
        if before.is_some() {
            return Err(StateError::Shape("it has an instance twice".to_owned()));
        }
    }
    Ok(resource)
}

/// Reads one object.
fn instance(text: &str, kind: &str, shared: &mut Shared) -> Result<Read, StateError> {
    let Shared { names, addresses } = shared;
    let mut read = Read::default();
    let mut attributes = Object::new();
    let mut marks: Vec<Vec<Step>> = Vec::new();
    Reader::new(text, names).members(|reader, name| {
        if reader.null() {
            return Ok(());
        }
        let stored = &mut read.stored;
        match name {
            "index_key" => read.key = key(&reader.value(0)?).ok_or_else(|| reader.odd())?,
            "status" => stored.status = status(&reader.text()?)?,
            "deposed" => read.deposed = Some(reader.text()?.into_owned()),
            "schema_version" => stored.schema_version = small(reader.skip()?)?,
            "attributes" => attributes = reader.attributes(dynamic(kind))?,
            "attributes_flat" => {
                let what = "attributes in the form of Terraform 0.11";
                return Err(StateError::Unsupported(what.to_owned()));
            }
            "sensitive_attributes" => marks = small(reader.skip()?)?,
            "private" => {
                stored.private =
                    Some(reader.text()?.into()).filter(|text: &Arc<str>| !text.is_empty());
            }
            "dependencies" => {
                let mut found = Vec::new();
                reader.items(|reader| {
                    found.extend(dependency(&reader.text()?, addresses));
                    Ok(())
                })?;
                stored.dependencies = found.into();
            }
            "create_before_destroy" => stored.create_before_destroy = small(reader.skip()?)?,
            _ => {
                reader.skip()?;
            }
        }
        Ok(())
    })?;
    mark(&mut attributes, &marks);
    read.stored.attributes = Arc::new(attributes);
    Ok(read)
}

/// Reads a small part.
fn small<T: serde::de::DeserializeOwned>(text: &str) -> Result<T, StateError> {
    serde_json::from_str(text).map_err(|error| StateError::Shape(error.to_string()))
}

fn key(value: &Value) -> Option<Key> {
    match value {
        Value::String(text) => Some(Key::Text(text.clone())),
        _ => value
            .as_int()
            .and_then(|index| u64::try_from(index).ok())
            .map(Key::Int),
    }
}

fn status(text: &str) -> Result<Status, StateError> {
    match text {
        "" => Ok(Status::Ready),
        "tainted" => Ok(Status::Tainted),
        // Only in records of the journal.
        "unsettled" => Ok(Status::Unsettled),
        other => Err(StateError::Shape(format!("an instance has status {other}"))),
    }
}

/// Returns the address of a dependency; `None` for one in a module, which no resource here can be.
fn dependency(
    text: &str,
    addresses: &mut HashMap<String, Option<Arc<ResourceAddress>>, foldhash::fast::RandomState>,
) -> Option<Arc<ResourceAddress>> {
    if let Some(known) = addresses.get(text) {
        return known.clone();
    }
    let address = Address::parse(text).ok().map(|address| address.resource);
    addresses.insert(text.to_owned(), address.clone());
    address
}

/// Reads one object of the type `kind`.
pub fn object(text: &str, kind: &str) -> Result<Stored, StateError> {
    instance(text, kind, &mut Shared::default()).map(|read| read.stored)
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
