//! Checks known values against the table's checks and rules. Unknown values are never a mistake.

use super::{Attribute, Check, Problem, ResourceType, Rule, Type, path::Path, twins};
use crate::model::{Object, Value};

/// Returns what is wrong with converted arguments: attribute checks, nested blocks, the type's rules.
pub fn validate(ty: &ResourceType, arguments: &Object) -> Vec<Problem> {
    let mut problems = Vec::new();
    checks(ty.attributes, arguments, Path::ROOT, &mut problems);
    problems.extend(twins::conflicts(ty, arguments));
    for rule in ty.rules {
        problems.extend(apply(rule, arguments));
    }
    problems
}

/// Whether a value passes the attribute's own checks.
pub fn is_allowed(attribute: &Attribute, value: &Value) -> bool {
    let path = Path::ROOT.name(attribute.name);
    let mut checks = attribute.checks.iter();
    checks.all(|check| run(check, attribute, value, path).is_empty())
}

/// Returns what is wrong with arguments that have no object yet, beyond what [`validate`] says of all.
pub fn validate_new(ty: &ResourceType, arguments: &Object) -> Vec<Problem> {
    let mut problems = Vec::new();
    for rule in ty.rules {
        if let Rule::New(check) = rule {
            problems.extend(check(arguments));
        }
    }
    problems
}

fn checks(
    attributes: &'static [Attribute],
    object: &Object,
    parent: Path<'_>,
    problems: &mut Vec<Problem>,
) {
    let is_block = |ty: &Type| matches!(ty, Type::Blocks(..) | Type::BlockSet(..));
    let checked = |it: &&Attribute| !it.checks.is_empty() || is_block(&it.ty);
    for attribute in attributes.iter().filter(checked) {
        let Some(value) = object.get(attribute.name) else {
            continue;
        };
        let path = parent.name(attribute.name);
        if let Type::Blocks(nested, ..) | Type::BlockSet(nested, ..) = attribute.ty {
            for (at, block) in value.as_list().unwrap_or_default().iter().enumerate() {
                if let Some(block) = block.as_object() {
                    checks(nested, block, path.at(at), problems);
                }
            }
        }
        for check in attribute.checks {
            problems.extend(run(check, attribute, value, path));
        }
    }
}

/// Runs a check on a value, or on each element of a list of scalars.
fn run(check: &Check, attribute: &Attribute, value: &Value, path: Path<'_>) -> Vec<Problem> {
    let of_whole = matches!(check, Check::Custom(_));
    match value.unmarked() {
        Value::List(items) if !of_whole => items
            .iter()
            .enumerate()
            .filter_map(|(at, item)| {
                Some(problem(
                    attribute,
                    item,
                    path.at(at).to_string(),
                    &broken(check, item)?,
                ))
            })
            .collect(),
        // A set's elements have no position to name.
        Value::Set(items) if !of_whole => items
            .iter()
            .filter_map(|item| {
                Some(problem(
                    attribute,
                    item,
                    path.to_string(),
                    &broken(check, item)?,
                ))
            })
            .collect(),
        Value::Null | Value::Unknown(_) => Vec::new(),
        inner => broken(check, inner)
            .map(|allowed| problem(attribute, value, path.to_string(), &allowed))
            .into_iter()
            .collect(),
    }
}

/// Returns what is allowed when the value is not.
fn broken(check: &Check, value: &Value) -> Option<String> {
    let value = value.unmarked();
    if value.is_unknown() || value.is_null() {
        return None;
    }
    match check {
        Check::Length(min, max) => {
            let length = value.as_str()?.len();
            let bytes = if value.as_str()?.is_ascii() {
                "characters"
            } else {
                "bytes"
            };
            (!(*min..=*max).contains(&length))
                .then(|| format!("It must be {min} to {max} {bytes} long, and it is {length}."))
        }
        Check::Characters(min, max) => {
            let length = value.as_str()?.chars().count();
            (!(*min..=*max).contains(&length))
                .then(|| format!("It must be {min} to {max} characters long, and it is {length}."))
        }
        Check::Range(min, max) => {
            let number = value.as_int()?;
            (!(*min..=*max).contains(&number)).then(|| format!("It must be from {min} to {max}."))
        }
        Check::OneOf(allowed) => {
            let text = value.as_str()?;
            (!allowed.contains(&text)).then(|| format!("It must be one of {}.", quoted(allowed)))
        }
        Check::OneOfInts(allowed) => {
            let number = value.as_int()?;
            let list = || {
                allowed
                    .iter()
                    .map(ToString::to_string)
                    .collect::<Vec<_>>()
                    .join(", ")
            };
            (!allowed.contains(&number)).then(|| format!("It must be one of {}.", list()))
        }
        Check::Cidr(min, max) => cidr(value.as_str()?, *min, *max).err(),
        Check::Ipv4 => value
            .as_str()?
            .parse::<std::net::Ipv4Addr>()
            .err()
            .map(|_| "It must be an IPv4 address like 192.168.0.10.".to_owned()),
        Check::NoPrefix(prefixes) => {
            let text = value.as_str()?;
            prefixes
                .iter()
                .any(|prefix| text.starts_with(prefix))
                .then(|| format!("It must not start with {}.", quoted(prefixes)))
        }
        Check::Custom(check) => check(value).err(),
    }
}

/// Reads an IPv4 network whose mask is from `min` to `max`; the error says what is wrong with it.
pub fn cidr(text: &str, min: u8, max: u8) -> Result<ipnet::Ipv4Net, String> {
    let Ok(network) = text.parse::<ipnet::Ipv4Net>() else {
        return Err("It must be an IPv4 network like 192.168.0.0/16.".to_owned());
    };
    if network.addr() != network.network() {
        return Err(format!(
            "It has bits set beyond its mask: the network is {}.",
            network.trunc()
        ));
    }
    if !(min..=max).contains(&network.prefix_len()) {
        return Err(format!("Its mask must be from /{min} to /{max}."));
    }
    Ok(network)
}

fn quoted(words: &[&str]) -> String {
    words
        .iter()
        .map(|word| format!("\"{word}\""))
        .collect::<Vec<_>>()
        .join(", ")
}

fn problem(attribute: &Attribute, value: &Value, path: String, allowed: &str) -> Problem {
    let shown = if attribute.sensitive || value.has_sensitive() {
        "The value".to_owned()
    } else {
        match value {
            Value::String(text) if text.len() <= 80 => format!("\"{text}\""),
            Value::Number(number) => number.to_string(),
            Value::Bool(value) => value.to_string(),
            _ => "The value".to_owned(),
        }
    };
    Problem {
        detail: format!("{shown} is not a valid {}. {allowed}", attribute.name),
        summary: format!("Invalid {}", spoken(attribute.name)),
        hint: Some(if attribute.example.is_empty() {
            "Change it to what is allowed, or remove it.".to_owned()
        } else {
            format!("An example: {}.", attribute.example)
        }),
        path,
        warning: false,
    }
}

/// Returns an attribute's name as it is said: `cidr_block` is a CIDR block.
fn spoken(name: &str) -> String {
    let spoken = |word: &str| {
        SPOKEN
            .iter()
            .find(|(written, _)| *written == word)
            .map_or_else(|| word.to_owned(), |(_, said)| (*said).to_owned())
    };
    name.split('_').map(spoken).collect::<Vec<_>>().join(" ")
}

/// Words that are not said as they are written.
const SPOKEN: &[(&str, &str)] = &[
    ("cidr", "CIDR"),
    ("cidrs", "CIDRs"),
    ("dns", "DNS"),
    ("http", "HTTP"),
    ("id", "ID"),
    ("ids", "IDs"),
    ("ip", "IP"),
    ("ips", "IPs"),
    ("ipv4", "IPv4"),
    ("ipv6", "IPv6"),
    ("kms", "KMS"),
    ("ram", "RAM"),
    ("vpc", "VPC"),
    ("vswitch", "vSwitch"),
];

/// Whether an argument is set: known and not null, or unknown.
fn given(arguments: &Object, name: &str) -> bool {
    arguments.get(name).is_some_and(|value| !value.is_null())
}

fn apply(rule: &Rule, arguments: &Object) -> Vec<Problem> {
    let count = |names: &[&str]| names.iter().filter(|name| given(arguments, name)).count();
    // An unknown value may turn out to be null, so it decides nothing.
    let undecided = |names: &[&str]| {
        names
            .iter()
            .any(|name| arguments.get(name).is_some_and(Value::is_unknown))
    };
    match rule {
        Rule::ExactlyOneOf(names) => match count(names) {
            0 => vec![none_of(names)],
            1 => Vec::new(),
            _ if undecided(names) => Vec::new(),
            _ => vec![too_many_of(names, arguments)],
        },
        Rule::AtLeastOneOf(names) if count(names) == 0 => vec![none_of(names)],
        Rule::AtLeastOneOf(_) => Vec::new(),
        Rule::Conflicts(a, b) if count(&[a, b]) == 2 && !undecided(&[a, b]) => {
            vec![too_many_of(&[a, b], arguments)]
        }
        Rule::Conflicts(..) => Vec::new(),
        Rule::Requires(a, b) if given(arguments, a) && !given(arguments, b) => {
            if undecided(&[a]) {
                return Vec::new();
            }
            vec![Problem {
                path: (*a).to_owned(),
                summary: "Missing required argument".to_owned(),
                detail: format!("\"{a}\" is set, and it needs \"{b}\", which is not."),
                hint: Some(format!("Add \"{b}\", or remove \"{a}\".")),
                warning: false,
            }]
        }
        // The objects that it is about are not at hand here.
        Rule::Requires(..) => Vec::new(),
        Rule::Custom(check) => check(arguments),
        Rule::New(_) => Vec::new(),
    }
}

fn none_of(names: &[&str]) -> Problem {
    Problem {
        path: String::new(),
        summary: "Missing required argument".to_owned(),
        detail: format!("One of {} must be set, and none is.", quoted(names)),
        hint: names.first().map(|name| format!("Add \"{name}\".")),
        warning: false,
    }
}

fn too_many_of(names: &[&str], arguments: &Object) -> Problem {
    let set: Vec<&str> = names
        .iter()
        .copied()
        .filter(|name| given(arguments, name))
        .collect();
    Problem {
        path: set.last().copied().unwrap_or_default().to_owned(),
        summary: "Conflicting arguments".to_owned(),
        detail: format!("Only one of {} can be set.", quoted(&set)),
        hint: set
            .first()
            .map(|name| format!("Keep \"{name}\" and remove the other.")),
        warning: false,
    }
}
