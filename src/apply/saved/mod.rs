//! Saved plans: what was shown, bound to the state, the configuration and the variables that it was
//! made from.
//!
//! Applying one makes the plan again from what is saved, without asking the cloud, and holds it against
//! the saved changes: what is applied is what was shown, or nothing. No secret is in the file; a
//! sensitive variable is there as a digest and is given again at apply.

mod change;
mod file;
mod value;

use std::{collections::BTreeMap, io, path::Path, sync::Arc};

use serde::{Deserialize, Serialize};
use serde_json::{Value as Json, json};

use self::{
    file::Part,
    value::{has_secret, spell},
};
use super::{
    sealing,
    store::Store,
    token::{self, Digester},
};
use crate::{
    backend::{StateError, format},
    model::{
        Address, AnyAddress, Value,
        plan::{Change, Mode, OutputChange, Plan},
        preflight::Preflight,
        state::State,
    },
    plan::{Options, Planned},
};

pub use file::is_one;

/// Turns a secret into the form that the file has of it.
type Digest<'a> = &'a (dyn Fn(&str) -> String + Sync);

/// A saved plan: the first part of its file, and the others as texts.
#[derive(Debug, Serialize, Deserialize)]
pub struct Saved {
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
    outputs: BTreeMap<String, Json>,
    /// The `checks` of the plan's JSON.
    #[serde(default)]
    checks: Json,
    /// The `configuration` of the plan's JSON.
    pub configuration: Json,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    preflight: Option<Preflight>,
    #[serde(skip)]
    drift: String,
    #[serde(skip)]
    changes: String,
    /// The refreshed state.
    #[serde(skip)]
    prior: String,
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
    let digest = digester(&store.state().extra.digest_key);
    let mut prior = Part::default();
    format::write(&sealing::sealed(&plan.prior, &digest), &mut prior)?;
    let outputs = plan.outputs.iter();
    let saved = Saved {
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
        outputs: outputs
            .map(|(name, it)| (name.clone(), write_output(it, &digest)))
            .collect(),
        checks: plan.checks.clone(),
        configuration: configuration.clone(),
        preflight: plan.preflight.clone(),
        drift: String::new(),
        changes: String::new(),
        prior: String::new(),
    };
    let mut head = Part::default();
    serde_json::to_writer(&mut head, &saved)?;
    let drift = Part::of(change::write(&plan.drift, &digest));
    let changes = Part::of(change::write(&plan.changes, &digest));
    file::write(path, [head, drift, changes, prior])
}

/// Returns what makes digests with a state's key, and leaves alone what is one.
fn digester(key: &str) -> impl Fn(&str) -> String + Sync + use<> {
    let digester = Digester::new(key);
    move |text| match token::is_digest(text) {
        true => text.to_owned(),
        false => digester.digest(text),
    }
}

/// Reads a saved plan.
pub fn open(path: &Path) -> Result<Saved, String> {
    parse(&std::fs::read(path).map_err(|error| error.to_string())?)
}

/// Reads a saved plan; the error says why it is none.
pub fn parse(bytes: &[u8]) -> Result<Saved, String> {
    assembled(file::read(bytes, true)?)
}

/// Reads a saved plan whatever its digest says of it, which is of use only to what tries the reading.
#[doc(hidden)]
pub fn parse_unchecked(bytes: &[u8]) -> Result<Saved, String> {
    assembled(file::read(bytes, false)?)
}

fn assembled([head, drift, changes, prior]: [String; 4]) -> Result<Saved, String> {
    let saved: Saved =
        serde_json::from_str(&head).map_err(|error| format!("{}: {error}", damaged()))?;
    Ok(Saved {
        drift,
        changes,
        prior,
        ..saved
    })
}

fn damaged() -> String {
    "the saved plan is damaged".to_owned()
}

impl Saved {
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
        kept.filter_map(|(name, json)| Some((name.clone(), value::read(json)?)))
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
        format::read(self.prior.as_bytes())
    }

    /// Returns the same with its secrets, which only the state has that it was made from.
    pub fn prior_with_secrets(&self, store: &Store) -> Result<State, StateError> {
        let prior = self.prior()?;
        let digest = digester(&prior.extra.digest_key);
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
        let now = variables(given, &digester(&key));
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
        let digest = digester(&plan.prior.extra.digest_key);
        let known = change::read(&self.changes, |at, then| {
            let now = plan.changes.get(at);
            let same = now.is_none_or(|now| change::agree(now, &then, &digest));
            Some(
                (!same)
                    .then(|| now.map(|now| now.address.clone()))
                    .flatten(),
            )
        });
        let known: Vec<Option<Address>> = known.ok_or_else(damaged)?;
        if let Some(address) = known.iter().flatten().next() {
            return Err(format!(
                "made again, it says something else about {address}"
            ));
        }
        match plan.changes.len() == known.len() {
            true => Ok(()),
            false => Err("made again, it has other changes".to_owned()),
        }
    }

    /// Returns the plan for showing it.
    pub fn plan(&self) -> Result<Plan, String> {
        let prior = Arc::new(self.prior().map_err(|error| error.to_string())?);
        let changes = |text: &str| {
            let whole = |_, mut it: Change| {
                if change::stays(&it) {
                    let kept = prior.get(&it.address)?.attributes.clone();
                    (it.before, it.after) = (Some(kept.clone()), Some(kept));
                }
                Some(it)
            };
            change::read(text, whole).ok_or_else(damaged)
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
                .map(|(name, json)| Some((name.clone(), value::read(json)?)))
                .collect::<Option<_>>()
                .ok_or_else(damaged)?,
            targets: self.targets.clone(),
            prior,
            timestamp: self.timestamp.clone(),
            preflight: self.preflight.clone(),
        })
    }
}

fn variables(given: &BTreeMap<String, Value>, digest: Digest<'_>) -> BTreeMap<String, Json> {
    given
        .iter()
        .map(|(name, value)| (name.clone(), spell(value, digest)))
        .collect()
}

fn write_output(output: &OutputChange, digest: Digest<'_>) -> Json {
    let mut json = json!({ "was_sensitive": output.was_sensitive, "sensitive": output.sensitive });
    for (name, value) in [("before", &output.before), ("after", &output.after)] {
        if let Some(value) = value {
            json[name] = spell(&value.clone().marked(output.is_hidden()), digest);
        }
    }
    json
}

fn read_output(json: &Json) -> Option<OutputChange> {
    let value = |name: &str| match json.get(name) {
        None => Some(None),
        Some(json) => value::read(json).map(Some),
    };
    Some(OutputChange {
        before: value("before")?,
        after: value("after")?,
        was_sensitive: json["was_sensitive"].as_bool()?,
        sensitive: json["sensitive"].as_bool()?,
    })
}
