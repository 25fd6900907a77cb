//! Changes as a saved plan has them: one a line, and of an object what the one before it does not have.
//!
//! A hundred thousand instances of one block differ in little, and it is the little that is written. Every so many lines an object is
//! there as a whole, so that parts of the list are written and read side by side.

use std::sync::Arc;

use rayon::prelude::*;
use serde::{Deserialize, Serialize, Serializer, ser::SerializeMap};
use serde_json::Value as Json;

use super::{
    Digest,
    file::compressed,
    value::{self, Spelled},
};
use crate::model::{
    Address, Object,
    plan::{Action, Change, Consequence, Effect, Reason},
};

/// How many lines build upon each other.
const RUN: usize = 1024;

/// One change, with objects in the form `O`.
#[derive(Serialize, Deserialize)]
#[serde(bound(deserialize = "O: Deserialize<'de>"))]
struct Line<O> {
    address: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    previous: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    deposed: Option<String>,
    /// Absent where it is that of the line before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    provider: Option<String>,
    action: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    reason: Option<String>,
    #[serde(default = "Option::default", skip_serializing_if = "Option::is_none")]
    before: Option<O>,
    #[serde(default = "Option::default", skip_serializing_if = "Option::is_none")]
    after: Option<O>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    replace_paths: Vec<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    effects: Vec<(String, Vec<String>)>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    importing: Option<String>,
}

/// What the next line builds upon.
struct Last<O> {
    provider: Option<Arc<str>>,
    before: Option<O>,
    after: Option<O>,
}

impl<O> Default for Last<O> {
    fn default() -> Self {
        Self {
            provider: None,
            before: None,
            after: None,
        }
    }
}

/// Returns the changes as text, in compressed pieces.
pub fn write(changes: &[Change], digest: Digest<'_>) -> Vec<Vec<u8>> {
    changes
        .par_chunks(RUN)
        .map(|changes| {
            let mut text = Vec::new();
            let mut last = Last::default();
            for change in changes {
                serde_json::to_writer(&mut text, &line(change, &mut last, digest))
                    .expect("memory takes all bytes");
                text.push(b'\n');
            }
            compressed(&text)
        })
        .collect()
}

/// Whether all that there is to say of an object is in the state.
pub fn stays(change: &Change) -> bool {
    change.action == Action::NoOp && change.importing.is_none()
}

fn line<'a>(
    change: &'a Change,
    last: &mut Last<&'a Object>,
    digest: Digest<'a>,
) -> Line<Differing<'a>> {
    let object = |object: &'a Option<Arc<Object>>, last: &mut Option<&'a Object>| {
        let object = object.as_deref().filter(|_| !stays(change))?;
        let last = last.replace(object);
        Some(Differing {
            object,
            last: last.filter(|last| same_names(last, object)),
            digest,
        })
    };
    let provider = Some(&change.provider).filter(|it| last.provider.as_ref() != Some(it));
    let line = Line {
        address: change.address.to_string(),
        previous: change.previous.as_ref().map(ToString::to_string),
        deposed: change.deposed.clone(),
        provider: provider.map(ToString::to_string),
        action: word(change.action),
        reason: change.reason.map(|it| it.word().to_owned()),
        before: object(&change.before, &mut last.before),
        after: object(&change.after, &mut last.after),
        replace_paths: change.replace_paths.clone(),
        effects: change
            .effects
            .iter()
            .map(|it| (it.effect.word().to_owned(), it.causes.clone()))
            .collect(),
        importing: change.importing.clone(),
    };
    last.provider = Some(change.provider.clone());
    line
}

fn word(action: Action) -> String {
    action.words().join(",")
}

fn same_names(a: &Object, b: &Object) -> bool {
    match (a.shared_names(), b.shared_names()) {
        (Some(a), Some(b)) if Arc::ptr_eq(a, b) => true,
        _ => a.keys().eq(b.keys()),
    }
}

/// An object, or what of it differs from the one before.
struct Differing<'a> {
    object: &'a Object,
    last: Option<&'a Object>,
    digest: Digest<'a>,
}

/// How what differs is told from the whole: no value begins with this word.
const LIKE: &str = "like";

impl Serialize for Differing<'_> {
    fn serialize<S: Serializer>(&self, out: S) -> Result<S::Ok, S::Error> {
        match self.last {
            None => self.entries(None, out),
            Some(last) => (LIKE, Differences(self, last)).serialize(out),
        }
    }
}

struct Differences<'a>(&'a Differing<'a>, &'a Object);

impl Serialize for Differences<'_> {
    fn serialize<S: Serializer>(&self, out: S) -> Result<S::Ok, S::Error> {
        self.0.entries(Some(self.1), out)
    }
}

impl Differing<'_> {
    fn entries<S: Serializer>(&self, last: Option<&Object>, out: S) -> Result<S::Ok, S::Error> {
        let digest = self.digest;
        let mut map = out.serialize_map(None)?;
        for (place, (name, value)) in self.object.iter().enumerate() {
            let last = last.and_then(|last| last.value_at(place));
            if last != Some(value) {
                map.serialize_entry(&**name, &Spelled { value, digest })?;
            }
        }
        map.end()
    }
}

/// Reads the changes and takes what `use_of` makes of each, in their order; `None` where the text is damaged.
pub fn read<T: Send>(
    text: &str,
    use_of: impl Fn(usize, Change) -> Option<T> + Sync,
) -> Option<Vec<T>> {
    let lines: Vec<&str> = text.lines().collect();
    let runs = lines.par_chunks(RUN).enumerate().map(|(run, lines)| {
        let mut last = Last::default();
        let mut read = Vec::with_capacity(lines.len());
        for (at, line) in lines.iter().enumerate() {
            let line: Line<Json> = serde_json::from_str(line).ok()?;
            read.push(use_of(run * RUN + at, change(line, &mut last)?)?);
        }
        Some(read)
    });
    let runs: Option<Vec<Vec<T>>> = runs.collect();
    Some(runs?.into_iter().flatten().collect())
}

fn change(line: Line<Json>, last: &mut Last<Arc<Object>>) -> Option<Change> {
    let provider = match line.provider {
        Some(provider) => provider.into(),
        None => last.provider.clone()?,
    };
    last.provider = Some(provider.clone());
    let action = *Action::ALL.iter().find(|it| word(**it) == line.action)?;
    let reason = match line.reason {
        None => None,
        Some(word) => Some(*Reason::ALL.iter().find(|it| it.word() == word)?),
    };
    let effects = line.effects.into_iter().map(|(word, causes)| {
        let effect = Effect::of_word(&word)?;
        Some(Consequence { effect, causes })
    });
    Some(Change {
        previous: match line.previous {
            Some(text) => Some(Address::parse(&text).ok()?),
            None => None,
        },
        deposed: line.deposed,
        reason,
        before: object(line.before.as_ref(), &mut last.before)?,
        after: object(line.after.as_ref(), &mut last.after)?,
        replace_paths: line.replace_paths,
        effects: effects.collect::<Option<_>>()?,
        importing: line.importing,
        ..Change::new(Address::parse(&line.address).ok()?, provider, action)
    })
}

fn object(json: Option<&Json>, last: &mut Option<Arc<Object>>) -> Option<Option<Arc<Object>>> {
    let read = match json {
        None => return Some(None),
        Some(Json::Array(all)) => {
            let ([Json::String(word), Json::Object(entries)], Some(last)) = (&**all, &*last) else {
                return None;
            };
            let mut object = Object::clone(last);
            for (name, json) in entries {
                *object.get_mut(name)? = value::read(json)?;
            }
            (word == LIKE).then_some(object)?
        }
        Some(json) => {
            let value = value::read(json)?;
            let whole = value.as_object()?;
            let names = whole.keys().cloned().collect();
            Object::with_names(names, whole.values().cloned().collect())
        }
    };
    let read = Arc::new(read);
    *last = Some(read.clone());
    Some(Some(read))
}

/// Whether a change that was read is what this one would be.
pub fn agree(now: &Change, then: &Change, digest: Digest<'_>) -> bool {
    // What was moved is where it is now in the state that the plan is made again from: where it was is not compared.
    let same = now.address == then.address
        && now.deposed == then.deposed
        && now.provider == then.provider
        && now.action == then.action
        && (now.action == Action::Delete || now.reason == then.reason)
        && now.replace_paths == then.replace_paths
        && now.effects == then.effects
        && now.importing == then.importing;
    if !same || stays(now) {
        return same;
    }
    // What is imported is read again, and the hash of a password is another one each time.
    let forgetful = now.importing.is_some();
    let agree = |now: &Option<Arc<Object>>, then: &Option<Arc<Object>>| {
        let (Some(now), Some(then)) = (now, then) else {
            return now.is_none() && then.is_none();
        };
        let mut pairs = now.iter().zip(then.iter());
        now.len() == then.len()
            && pairs.all(|((name, now), (other, then))| {
                name == other && value::agree(now, then, digest, forgetful)
            })
    };
    agree(&now.before, &then.before) && agree(&now.after, &then.after)
}
