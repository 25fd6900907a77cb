//! The contract of the API, and the check of everything that tests send and are answered.
//!
//! `tests/contract` was transcribed from the public metadata by itself, beside the program's tables and the emulator's,
//! so that those two can only drift together by both leaving it. A file has for each action what it takes and what it
//! answers, in words: a name, the sign of its kind (`#` integer, `%` number, `?` boolean, `*` anything, none text),
//! `!` if it is required. `X.N` is a numbered list of parameters; `X{…}` an object, `X[…]` a list in an answer.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    io::Write,
    path::Path,
    sync::{Arc, LazyLock, Mutex},
};

use prov::emulator::{Exchange, Recorder};
use serde::Deserialize;
use serde_json::{Value as Json, json};

/// What all products say.
pub static CONTRACT: LazyLock<Contract> = LazyLock::new(|| {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/contract");
    let files = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path());
    let texts = files.map(|path| fs::read_to_string(path).unwrap());
    Contract(
        texts
            .map(|text| serde_json::from_str(&text).unwrap())
            .collect(),
    )
});

pub struct Contract(Vec<Product>);

#[derive(Deserialize)]
pub struct Product {
    pub product: String,
    version: String,
    /// What every action takes.
    everywhere: String,
    /// What each takes and answers.
    pub actions: BTreeMap<String, [String; 2]>,
}

/// The kind of a value: the sign that a word of the contract ends with, or a space for text.
type Kind = char;

/// The signs of kinds.
const KINDS: [char; 4] = ['#', '%', '?', '*'];

#[derive(Debug, PartialEq, Eq)]
enum Shape {
    One(Kind),
    List(Box<Self>),
    Object(BTreeMap<String, Self>),
}

impl Contract {
    /// The products.
    pub fn products(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(|it| it.product.as_str())
    }

    /// Whether a product has an action.
    pub fn has(&self, product: &str, action: &str) -> bool {
        let product = self.0.iter().find(|it| it.product == product);
        product.is_some_and(|product| product.actions.contains_key(action))
    }

    /// Returns the parameters that an action requires, each with something that it can be.
    pub fn required(
        &self,
        product: &str,
        action: &str,
    ) -> impl Iterator<Item = (&str, &'static str)> {
        self.takes(product, action)
            .filter_map(|word| word.strip_suffix('!'))
            .map(|word| match word.strip_suffix('?') {
                Some(name) => (name, "true"),
                None => (word.trim_end_matches(KINDS), "1"),
            })
    }

    /// Returns all parameters that an action takes, each with something that it can be.
    pub fn all(&self, product: &str, action: &str) -> impl Iterator<Item = (String, &'static str)> {
        self.takes(product, action).map(|word| {
            let plain = word.trim_end_matches('!');
            let value = if plain.ends_with('?') { "true" } else { "1" };
            let name = plain.trim_end_matches(KINDS);
            let parts = name
                .split('.')
                .map(|part| if part == "N" { "1" } else { part });
            (parts.collect::<Vec<_>>().join("."), value)
        })
    }

    /// Whether an action has a parameter.
    pub fn takes_one(&self, product: &str, action: &str, name: &str) -> bool {
        self.takes(product, action)
            .any(|word| word.trim_end_matches('!').trim_end_matches(KINDS) == name)
    }

    /// The words of what an action takes.
    fn takes(&self, product: &str, action: &str) -> impl Iterator<Item = &str> {
        let product = self.0.iter().find(|it| it.product == product);
        let found = product.and_then(|product| product.actions.get(action));
        found
            .into_iter()
            .flat_map(|[takes, _]| takes.split_whitespace())
    }

    /// Returns in what an exchange departs from the contract.
    pub fn departures(&self, exchange: &Exchange) -> Vec<String> {
        let Exchange {
            version, action, ..
        } = exchange;
        let product = self.0.iter().find(|it| it.version == *version);
        let found = product.and_then(|it| Some((it, it.actions.get(action)?)));
        let Some((product, [takes, answers])) = found else {
            return vec![format!("{action} of {version} is not in the contract")];
        };
        let mut departures = requests(&exchange.parameters, &product.everywhere, takes);
        let shape = match exchange.status {
            200 => object(&mut answers.as_str()),
            _ => object(&mut "Code HostId Message Recommend RequestId"),
        };
        if let Some(body) = &exchange.body {
            compare(body, &shape, "", &mut departures);
            if body.get("RequestId").is_none() {
                departures.push("the answer has no RequestId".to_owned());
            }
        }
        departures
            .iter()
            .map(|text| format!("{action}: {text}"))
            .collect()
    }
}

fn requests(given: &BTreeMap<String, String>, everywhere: &str, takes: &str) -> Vec<String> {
    let mut known: BTreeMap<&str, (Kind, bool)> = BTreeMap::new();
    for word in everywhere.split(' ').chain(takes.split(' ')) {
        let plain = word.trim_end_matches('!');
        let name = plain.trim_end_matches(KINDS);
        let kind = plain[name.len()..].chars().next().unwrap_or(' ');
        known.insert(name, (kind, plain.len() < word.len()));
    }
    let patterns: BTreeSet<String> = given.keys().map(|name| pattern(name)).collect();
    let mut departures = Vec::new();
    for (name, value) in given {
        match known.get(pattern(name).as_str()) {
            None => departures.push(format!("it takes no parameter {name}")),
            Some((kind, _)) if !fits(value, *kind) => {
                departures.push(format!("{name} is {value}, which it does not take"));
            }
            Some(_) => {}
        }
    }
    let required = known.iter().filter(|(_, (_, required))| *required);
    let missing = required.filter(|(name, _)| !patterns.contains(**name));
    departures.extend(missing.map(|(name, _)| format!("it requires {name}")));
    departures
}

fn pattern(name: &str) -> String {
    let part = |part: &str| match part.parse::<u32>() {
        Ok(_) => "N".to_owned(),
        Err(_) => part.to_owned(),
    };
    name.split('.').map(part).collect::<Vec<_>>().join(".")
}

/// Whether a kind of value can be of a kind of parameter.
fn fits(value: &str, kind: Kind) -> bool {
    match kind {
        '#' => ["integer", "empty"].contains(&value),
        '%' => ["integer", "number", "empty"].contains(&value),
        '?' => ["boolean", "empty"].contains(&value),
        _ => true,
    }
}

/// Compares an answer, with kinds in place of its values, with its shape.
fn compare(value: &Json, shape: &Shape, path: &str, departures: &mut Vec<String>) {
    match (value, shape) {
        (_, Shape::One('*')) => {}
        (Json::Object(fields), Shape::Object(shapes)) => {
            for (name, value) in fields {
                match shapes.get(name) {
                    Some(shape) => compare(value, shape, &format!("{path}{name}."), departures),
                    None => departures.push(format!("it answers no {path}{name}")),
                }
            }
        }
        (Json::Array(items), Shape::List(shape)) => {
            for item in items {
                compare(item, shape, path, departures);
            }
        }
        (Json::String(kind), Shape::One(sign)) if answers(kind, *sign) => {}
        _ => departures.push(format!(
            "{} is {value} in the answer, not {shape:?}",
            path.trim_end_matches('.')
        )),
    }
}

fn answers(kind: &str, sign: Kind) -> bool {
    match sign {
        '#' => kind == "integer",
        '%' => kind == "integer" || kind == "number",
        '?' => kind == "boolean",
        _ => kind == "text",
    }
}

/// Reads the words of an object up to its end.
fn object(text: &mut &str) -> Shape {
    let mut fields = BTreeMap::new();
    loop {
        *text = text.trim_start();
        let end = text
            .find([' ', '{', '[', ']', '}', '#', '%', '?', '*'])
            .unwrap_or(text.len());
        if end == 0 {
            return Shape::Object(fields);
        }
        let name = text[..end].to_owned();
        *text = &text[end..];
        fields.insert(name, shape(text));
    }
}

fn shape(text: &mut &str) -> Shape {
    let sign = text.chars().next().unwrap_or(' ');
    if sign == ']' || sign == '}' {
        return Shape::One(' ');
    }
    *text = &text[usize::from(!text.is_empty())..];
    let shape = match sign {
        '[' if text.starts_with(['#', '%', '?', '*', ']']) => Shape::List(Box::new(shape(text))),
        '[' => Shape::List(Box::new(object(text))),
        '{' if text.starts_with('*') => shape(text),
        '{' => object(text),
        sign => return Shape::One(sign),
    };
    *text = text.get(1..).unwrap_or_default();
    shape
}

/// The exchanges of emulators, which are checked when this ends.
pub struct Record(tempfile::NamedTempFile);

/// The environment variable by which a debug build of the program finds a record.
pub const RECORD: &str = "PROV_EMULATOR_RECORD";

impl Record {
    pub fn new() -> Self {
        Self(tempfile::NamedTempFile::new().unwrap())
    }

    pub fn path(&self) -> &Path {
        self.0.path()
    }

    /// Returns what records the calls of an emulator in this process.
    pub fn recorder(&self) -> Recorder {
        let file = Mutex::new(self.0.reopen().unwrap());
        Arc::new(move |exchange| {
            let line = format!("{}\n", json!(exchange));
            file.lock().unwrap().write_all(line.as_bytes()).unwrap();
        })
    }

    /// Returns what was recorded. A line that a killed process left unfinished is none.
    pub fn exchanges(&self) -> Vec<Exchange> {
        let text = fs::read_to_string(self.path()).unwrap();
        text.lines()
            .filter_map(|line| serde_json::from_str(line).ok())
            .collect()
    }
}

impl Drop for Record {
    fn drop(&mut self) {
        if std::thread::panicking() {
            return;
        }
        let exchanges = self.exchanges();
        let departures: BTreeSet<String> = exchanges
            .iter()
            .flat_map(|exchange| CONTRACT.departures(exchange))
            .collect();
        assert!(
            departures.is_empty(),
            "calls or answers that leave tests/contract: {departures:#?}"
        );
    }
}
