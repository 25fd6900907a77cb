//! Saved plans: what was shown, bound to the state, the configuration and the variables that it was
//! made from.
//!
//! Applying one makes the plan again from what is saved, without asking the cloud, and holds it against
//! the saved changes: what is applied is what was shown, or nothing. No secret is in the file; a
//! sensitive variable is there as a digest and is given again at apply.

use std::{
    collections::BTreeMap,
    io::{self, Write},
    os::unix::fs::PermissionsExt,
    path::Path,
    sync::Arc,
};

use serde::{Deserialize, Serialize};
use serde_json::{Value as Json, json, value::RawValue};
use sha2::{Digest, Sha256};

use super::{sealing, store::Store};
use crate::{
    backend::{StateError, format},
    model::{
        Address, AnyAddress, Object, Type, Value,
        plan::{Action, Change, Consequence, Effect, Mode, OutputChange, Plan, Reason},
        preflight::Preflight,
        state::State,
    },
    plan::{Options, Planned},
};

/// What the file begins with: enough to tell it from a state.
const FORMAT: &str = "prov-plan";
const VERSION: u32 = 1;

/// A saved plan, as it is in the file.
#[derive(Debug, Serialize, Deserialize)]
pub struct Saved {
    format: String,
    version: u32,
    /// SHA-256 of everything else, against edits.
    digest: String,
    /// RFC 3339; what `plantimestamp()` answers at apply, too.
    pub timestamp: String,
    mode: Mode,
    refresh: bool,
    targets: Vec<String>,
    replace: Vec<String>,
    lineage: String,
    serial: u64,
    /// Whether there was no state yet.
    new: bool,
    /// Digest of all manifests and files of values.
    sources: String,
    variables: BTreeMap<String, Json>,
    drift: Vec<Json>,
    changes: Vec<Json>,
    outputs: BTreeMap<String, Json>,
    /// The `checks` of the plan's JSON.
    #[serde(default)]
    checks: Json,
    /// The `configuration` of the plan's JSON.
    pub configuration: Json,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    preflight: Option<Preflight>,
    /// The refreshed state.
    prior: Box<RawValue>,
}

/// Writes a plan to a file that only its owner can read, or leaves what was there.
pub fn save(
    path: &Path,
    planned: &Planned<'_>,
    store: &Store,
    options: &Options,
    sources: &str,
    configuration: &Json,
) -> io::Result<()> {
    let plan = &planned.plan;
    let digest = |text: &str| store.digest(text);
    let prior = format::to_bytes(&sealing::sealed(&plan.prior, &digest));
    let prior = String::from_utf8(prior).map_err(io::Error::other)?;
    let mut saved = Saved {
        format: FORMAT.to_owned(),
        version: VERSION,
        digest: String::new(),
        timestamp: plan.timestamp.clone(),
        mode: options.mode,
        refresh: options.refresh,
        targets: options.targets.iter().map(ToString::to_string).collect(),
        replace: options.replace.iter().map(ToString::to_string).collect(),
        lineage: store.state().lineage.clone(),
        serial: store.serial(),
        new: store.is_new(),
        sources: sources.to_owned(),
        variables: variables(&plan.variables, &digest),
        drift: plan
            .drift
            .iter()
            .map(|change| write_change(change, &digest))
            .collect(),
        changes: plan
            .changes
            .iter()
            .map(|change| write_change(change, &digest))
            .collect(),
        outputs: plan
            .outputs
            .iter()
            .map(|(name, it)| (name.clone(), write_output(it, &digest)))
            .collect(),
        checks: plan.checks.clone(),
        configuration: configuration.clone(),
        preflight: plan.preflight.clone(),
        prior: RawValue::from_string(prior.trim().to_owned()).map_err(io::Error::other)?,
    };
    saved.digest = saved.sum();
    let directory = match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    };
    let mut file = tempfile::Builder::new()
        .prefix(".prov-plan")
        .permissions(std::fs::Permissions::from_mode(0o600))
        .tempfile_in(directory)?;
    {
        let mut out = io::BufWriter::new(file.as_file_mut());
        serde_json::to_writer(&mut out, &saved)?;
        out.write_all(b"\n")?;
        out.flush()?;
    }
    file.as_file().sync_all()?;
    file.persist(path).map_err(|error| error.error)?;
    Ok(())
}

/// Reads a saved plan.
pub fn open(path: &Path) -> Result<Saved, String> {
    parse(&std::fs::read(path).map_err(|error| error.to_string())?)
}

/// Whether these bytes begin like a saved plan.
pub fn is_one(bytes: &[u8]) -> bool {
    bytes.starts_with(format!("{{\"format\":\"{FORMAT}\"").as_bytes())
}

/// Reads a saved plan; the error says why it is none.
pub fn parse(bytes: &[u8]) -> Result<Saved, String> {
    if bytes.starts_with(b"PK") {
        return Err("this is a plan file of Terraform, which prov cannot read".to_owned());
    }
    if !is_one(bytes) {
        return Err("this is not a plan that prov saved".to_owned());
    }
    let saved: Saved = serde_json::from_slice(bytes)
        .map_err(|error| format!("the saved plan is damaged: {error}"))?;
    if saved.version > VERSION {
        return Err("the plan was saved by a newer version of prov".to_owned());
    }
    if saved.digest != saved.sum() {
        return Err("the saved plan was edited or damaged".to_owned());
    }
    Ok(saved)
}

impl Saved {
    fn sum(&self) -> String {
        let all = json!([
            self.version,
            self.timestamp,
            self.mode,
            self.refresh,
            self.targets,
            self.replace,
            self.lineage,
            self.serial,
            self.new,
            self.sources,
            self.variables,
            self.drift,
            self.changes,
            self.outputs,
            self.configuration,
            self.preflight,
        ]);
        let mut hash = Sha256::new();
        hash.update(all.to_string());
        hash.update(self.prior.get());
        hash.finalize()
            .iter()
            .map(|byte| format!("{byte:02x}"))
            .collect()
    }

    /// Whether things had changed outside of prov when it was made.
    pub fn has_drift(&self) -> bool {
        !self.drift.is_empty()
    }

    /// Whether the variable is sensitive, so that the file has only its digest.
    pub fn withholds(&self, name: &str) -> bool {
        self.variables.get(name).is_some_and(has_secret)
    }

    /// Returns the values of the variables that are not sensitive.
    pub fn variables(&self) -> BTreeMap<String, Value> {
        let kept = self
            .variables
            .iter()
            .filter(|(_, value)| !has_secret(value));
        kept.filter_map(|(name, value)| Some((name.clone(), read_value(value)?)))
            .collect()
    }

    /// Returns what the plan was asked for, so that it can be made again; nothing is read anew.
    pub fn options(&self) -> Result<Options, String> {
        let targets = self.targets.iter().map(|text| AnyAddress::parse(text));
        let replace = self.replace.iter().map(|text| Address::parse(text));
        Ok(Options {
            mode: self.mode,
            refresh: false,
            frozen: true,
            targets: targets.collect::<Result<_, _>>()?,
            replace: replace.collect::<Result<_, _>>()?,
            preflight: false,
        })
    }

    /// Returns the refreshed state that the plan was made from.
    pub fn prior(&self) -> Result<State, StateError> {
        format::read(self.prior.get().as_bytes())
    }

    /// Returns the same with its secrets, which only the state has that it was made from.
    pub fn prior_with_secrets(&self, store: &Store) -> Result<State, StateError> {
        let prior = self.prior()?;
        let digester = super::token::Digester::new(&prior.extra.digest_key);
        let digest = |text: &str| {
            if super::token::is_digest(text) {
                text.to_owned()
            } else {
                digester.digest(text)
            }
        };
        Ok(sealing::restored(prior, store.state(), &digest))
    }

    /// Checks that state, configuration and variables are the ones that it was made from.
    pub fn check(
        &self,
        store: &Store,
        sources: &str,
        given: &BTreeMap<String, Value>,
    ) -> Result<(), String> {
        if self.new != store.is_new() || (!self.new && self.lineage != store.state().lineage) {
            return Err("it was made from another state".to_owned());
        }
        if self.serial != store.serial() {
            return Err(format!(
                "the state was changed by another operation after the plan was created (serial {} then, {} now)",
                self.serial,
                store.serial()
            ));
        }
        if self.sources != sources {
            return Err("the configuration was changed after the plan was created".to_owned());
        }
        let key = self
            .prior()
            .map_err(|error| error.to_string())?
            .extra
            .digest_key;
        let digester = super::token::Digester::new(&key);
        let now = variables(given, &|text| {
            if super::token::is_digest(text) {
                text.to_owned()
            } else {
                digester.digest(text)
            }
        });
        match now
            .iter()
            .find(|(name, value)| self.variables.get(*name) != Some(value))
        {
            None => Ok(()),
            Some((name, _)) => Err(format!(
                "the variable \"{name}\" has another value than when the plan was created"
            )),
        }
    }

    /// Checks that the plan, made again, says what was saved.
    pub fn check_changes(&self, plan: &Plan) -> Result<(), String> {
        let key = plan.prior.extra.digest_key.clone();
        let digester = super::token::Digester::new(&key);
        let digest = |text: &str| {
            if super::token::is_digest(text) {
                text.to_owned()
            } else {
                digester.digest(text)
            }
        };
        let now: Vec<Json> = plan
            .changes
            .iter()
            .map(|change| comparable(write_change(change, &digest)))
            .collect();
        match now
            .iter()
            .zip(&self.changes)
            .find(|(now, then)| **now != comparable((*then).clone()))
        {
            None if now.len() == self.changes.len() => Ok(()),
            Some((now, _)) => Err(format!(
                "made again, it says something else about {}",
                now["address"].as_str().unwrap_or("a resource")
            )),
            None => Err("made again, it has other changes".to_owned()),
        }
    }

    /// Returns the plan for showing it.
    pub fn plan(&self) -> Result<Plan, String> {
        let damaged = || "the saved plan is damaged".to_owned();
        let changes = |list: &[Json]| {
            list.iter()
                .map(|it| read_change(it).ok_or_else(damaged))
                .collect::<Result<Vec<_>, _>>()
        };
        let outputs = self
            .outputs
            .iter()
            .map(|(name, it)| Some((name.clone(), read_output(it)?)))
            .collect::<Option<_>>()
            .ok_or_else(damaged)?;
        Ok(Plan {
            mode: self.mode,
            changes: changes(&self.changes)?,
            drift: changes(&self.drift)?,
            outputs,
            checks: self.checks.clone(),
            variables: self
                .variables
                .iter()
                .map(|(name, value)| Some((name.clone(), read_value(value)?)))
                .collect::<Option<_>>()
                .ok_or_else(damaged)?,
            targets: self.targets.clone(),
            prior: Arc::new(self.prior().map_err(|error| error.to_string())?),
            timestamp: self.timestamp.clone(),
            preflight: self.preflight.clone(),
        })
    }
}

/// Returns what two plans must agree in about a change.
fn comparable(mut change: Json) -> Json {
    // What was moved is where it is now in the state that the plan is made again from.
    change["previous"] = Json::Null;
    // What is imported is read again, and the hash of a password is another one each time.
    if !change["importing"].is_null() {
        for side in ["before", "after"] {
            forget_secrets(&mut change[side]);
        }
    }
    change
}

fn forget_secrets(json: &mut Json) {
    match json {
        Json::Array(all) if all.first().and_then(Json::as_str) == Some("sensitive") => {
            all.truncate(1)
        }
        Json::Array(all) => all.iter_mut().for_each(forget_secrets),
        Json::Object(entries) => entries.values_mut().for_each(forget_secrets),
        _ => {}
    }
}

fn has_secret(json: &Json) -> bool {
    match json {
        Json::Array(all) => {
            all.first().and_then(Json::as_str) == Some("sensitive") || all.iter().any(has_secret)
        }
        Json::Object(entries) => entries.values().any(has_secret),
        _ => false,
    }
}

fn variables(
    given: &BTreeMap<String, Value>,
    digest: &dyn Fn(&str) -> String,
) -> BTreeMap<String, Json> {
    given
        .iter()
        .map(|(name, value)| (name.clone(), write_value(value, digest)))
        .collect()
}

fn write_change(change: &Change, digest: &dyn Fn(&str) -> String) -> Json {
    let object = |object: &Option<Arc<Object>>| {
        object
            .as_ref()
            .map(|object| write_value(&Value::Object(object.clone()), digest))
    };
    json!({
        "address": change.address.to_string(),
        "previous": change.previous.as_ref().map(ToString::to_string),
        "deposed": change.deposed,
        "provider": change.provider,
        "action": change.action.words(),
        "reason": change.reason.map(Reason::word),
        "before": object(&change.before),
        "after": object(&change.after),
        "replace_paths": change.replace_paths,
        "effects": change.effects.iter().map(|it| json!([it.effect.word(), it.causes])).collect::<Vec<_>>(),
        "importing": change.importing,
    })
}

fn read_change(json: &Json) -> Option<Change> {
    let text = |name: &str| json[name].as_str().map(ToOwned::to_owned);
    let object = |name: &str| match &json[name] {
        Json::Null => Some(None),
        value => match read_value(value)? {
            Value::Object(object) => Some(Some(object)),
            _ => None,
        },
    };
    let words: Vec<&str> = json["action"]
        .as_array()?
        .iter()
        .filter_map(Json::as_str)
        .collect();
    let list = |name: &str| -> Option<Vec<String>> {
        json[name]
            .as_array()?
            .iter()
            .map(|it| it.as_str().map(ToOwned::to_owned))
            .collect()
    };
    let address = Address::parse(json["address"].as_str()?).ok()?;
    let provider = json["provider"].as_str()?.into();
    let action = Action::ALL
        .iter()
        .copied()
        .find(|action| action.words() == words)?;
    Some(Change {
        previous: match text("previous") {
            Some(text) => Some(Address::parse(&text).ok()?),
            None => None,
        },
        deposed: text("deposed"),
        reason: match json["reason"].as_str() {
            None => None,
            Some(word) => Some(
                Reason::ALL
                    .iter()
                    .copied()
                    .find(|reason| reason.word() == word)?,
            ),
        },
        before: object("before")?,
        after: object("after")?,
        replace_paths: list("replace_paths")?,
        effects: json["effects"]
            .as_array()?
            .iter()
            .map(read_consequence)
            .collect::<Option<_>>()?,
        importing: text("importing"),
        ..Change::new(address, provider, action)
    })
}

fn read_consequence(json: &Json) -> Option<Consequence> {
    let causes = json[1].as_array()?.iter();
    Some(Consequence {
        effect: Effect::of_word(json[0].as_str()?)?,
        causes: causes
            .map(|it| it.as_str().map(ToOwned::to_owned))
            .collect::<Option<_>>()?,
    })
}

fn write_output(output: &OutputChange, digest: &dyn Fn(&str) -> String) -> Json {
    let mut json = json!({ "was_sensitive": output.was_sensitive, "sensitive": output.sensitive });
    for (name, value) in [("before", &output.before), ("after", &output.after)] {
        if let Some(value) = value {
            json[name] = write_value(&value.clone().marked(output.is_hidden()), digest);
        }
    }
    json
}

fn read_output(json: &Json) -> Option<OutputChange> {
    let value = |name: &str| match json.get(name) {
        None => Some(None),
        Some(value) => read_value(value).map(Some),
    };
    Some(OutputChange {
        before: value("before")?,
        after: value("after")?,
        was_sensitive: json["was_sensitive"].as_bool()?,
        sensitive: json["sensitive"].as_bool()?,
    })
}

/// Writes a value: what JSON has no word for is an array that begins with a word of ours.
fn write_value(value: &Value, digest: &dyn Fn(&str) -> String) -> Json {
    let list = |word: &str, items: &[Value]| {
        let mut all = vec![Json::from(word)];
        all.extend(items.iter().map(|item| write_value(item, digest)));
        Json::Array(all)
    };
    let entries = |entries: &Object| -> serde_json::Map<String, Json> {
        entries
            .iter()
            .map(|(name, value)| (name.to_string(), write_value(value, digest)))
            .collect()
    };
    match value {
        Value::Null => Json::Null,
        Value::Bool(value) => (*value).into(),
        Value::Number(number) => json!(["number", number.to_string()]),
        Value::String(text) => Json::String(text.to_string()),
        Value::List(items) => list("list", items),
        Value::Set(items) => list("set", items),
        Value::Tuple(items) => list("tuple", items),
        Value::Map(map) => json!(["map", entries(map)]),
        Value::Object(object) => Json::Object(entries(object)),
        Value::Unknown(ty) => json!(["unknown", ty.to_json()]),
        Value::Sensitive(inner) if inner.is_unknown() || inner.is_null() => {
            json!(["sensitive", write_value(inner, digest)])
        }
        Value::Sensitive(inner) => {
            let text = match &**inner {
                Value::String(text) => text.to_string(),
                other => other.unmarked_deep().to_json().to_string(),
            };
            json!(["sensitive", digest(&text)])
        }
    }
}

fn read_value(json: &Json) -> Option<Value> {
    let object = |entries: &serde_json::Map<String, Json>| {
        entries
            .iter()
            .map(|(name, value)| Some((name.as_str(), read_value(value)?)))
            .collect::<Option<Object>>()
    };
    Some(match json {
        Json::Null => Value::Null,
        Json::Bool(value) => Value::Bool(*value),
        Json::String(text) => Value::string(text.as_str()),
        Json::Number(_) => return None,
        Json::Object(entries) => Value::object(object(entries)?),
        Json::Array(all) => {
            let (word, rest) = all.split_first()?;
            let items = || rest.iter().map(read_value).collect::<Option<Vec<_>>>();
            match (word.as_str()?, rest) {
                ("number", [text]) => Value::Number(crate::model::Number::parse(text.as_str()?)?),
                ("list", _) => Value::list(items()?),
                ("set", _) => Value::set(items()?),
                ("tuple", _) => Value::tuple(items()?),
                ("map", [Json::Object(entries)]) => Value::map(object(entries)?),
                ("unknown", [ty]) => Value::Unknown(Type::from_json(ty)?),
                ("sensitive", [inner]) => read_value(inner)?.sensitive(),
                _ => return None,
            }
        }
    })
}
