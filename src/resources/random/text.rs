//! `random_string` and `random_password`: the same but for who may see it.

use super::{KEEPERS, MOST, NO_ID, amount, count, dice::Dice, id, random, text, with};
use crate::{
    model::{Object, Value},
    provider::hooks::{Hooks, Kind},
    schema::{Attribute, Check, Default, Problem, ResourceType, Rule, boolean, int, string},
};

/// The type with its hooks.
pub const STRING: Kind = Kind {
    ty: &STRING_TABLE,
    hooks: Hooks {
        make: Some(make_string),
        import: Some(import_string),
        upgrade: Some(upgrade),
        ..Hooks::NONE
    },
};

/// The type with its hooks.
pub const PASSWORD: Kind = Kind {
    ty: &PASSWORD_TABLE,
    hooks: Hooks {
        make: Some(make_password),
        import: Some(import_password),
        upgrade: Some(upgrade),
        ..Hooks::NONE
    },
};

/// The type with its hooks.
pub const EPHEMERAL_PASSWORD: Kind = Kind {
    ty: &EPHEMERAL_PASSWORD_TABLE,
    hooks: Hooks {
        make: Some(make_ephemeral),
        ..Hooks::NONE
    },
};

const RESULT: Attribute = string("result", "The characters.").computed();

static STRING_TABLE: ResourceType = ResourceType {
    attributes: &[
        id("The characters."),
        KEEPERS,
        LENGTH,
        LOWER,
        MIN_LOWER,
        MIN_NUMERIC,
        MIN_SPECIAL,
        MIN_UPPER,
        NUMBER,
        NUMERIC,
        OVERRIDE_SPECIAL,
        RESULT,
        SPECIAL,
        UPPER,
    ],
    rules: RULES,
    import: "the characters themselves",
    schema_version: 2,
    ..random(
        "random_string",
        "Random characters that anybody may see. For a secret there is `random_password`.",
    )
};

static PASSWORD_TABLE: ResourceType = ResourceType {
    attributes: &[
        BCRYPT_HASH,
        id("Always `none`: the password is secret."),
        KEEPERS,
        LENGTH,
        LOWER,
        MIN_LOWER,
        MIN_NUMERIC,
        MIN_SPECIAL,
        MIN_UPPER,
        NUMBER,
        NUMERIC,
        OVERRIDE_SPECIAL,
        RESULT.sensitive(),
        SPECIAL,
        UPPER,
    ],
    rules: RULES,
    import: "the password itself",
    import_is_secret: true,
    schema_version: 3,
    ..random(
        "random_password",
        "A random password. It is in clear in the state, and shown nowhere.",
    )
};

static EPHEMERAL_PASSWORD_TABLE: ResourceType = ResourceType {
    attributes: &[
        BCRYPT_HASH,
        LENGTH,
        LOWER,
        MIN_LOWER,
        MIN_NUMERIC,
        MIN_SPECIAL,
        MIN_UPPER,
        NUMERIC,
        OVERRIDE_SPECIAL,
        RESULT.sensitive(),
        SPECIAL,
        UPPER,
    ],
    rules: RULES,
    ..random(
        "random_password",
        "A random password that is another in each run, and kept nowhere: for write-only arguments.",
    )
};

const BCRYPT_HASH: Attribute = string(
    "bcrypt_hash",
    "A bcrypt hash of the first 72 bytes of the password.",
)
.computed()
.sensitive();
const LENGTH: Attribute = count(
    "length",
    "The number of characters, which must be at least as many as the minimums ask for together.",
)
.required()
.example("16");
const LOWER: Attribute = class("lower", "Whether there can be small letters.");
const UPPER: Attribute = class("upper", "Whether there can be capital letters.");
const NUMERIC: Attribute = class("numeric", "Whether there can be digits.");
const NUMBER: Attribute = class("number", "The older name of `numeric`.").deprecated("numeric");
const SPECIAL: Attribute = class(
    "special",
    "Whether there can be special characters, which are ``!@#$%&*()-_=+[]{}<>:?`` unless `override_special` says others.",
);
const MIN_LOWER: Attribute = least("min_lower", "The least number of small letters.");
const MIN_UPPER: Attribute = least("min_upper", "The least number of capital letters.");
const MIN_NUMERIC: Attribute = least("min_numeric", "The least number of digits.");
const MIN_SPECIAL: Attribute = least("min_special", "The least number of special characters.");
const OVERRIDE_SPECIAL: Attribute = string(
    "override_special",
    "The special characters to choose from, where `special` is true.",
)
.replaces()
.check(&[Check::Custom(no_zero)])
.example("_%@");

const fn class(name: &'static str, doc: &'static str) -> Attribute {
    boolean(name, doc).default(Default::Bool(true)).replaces()
}

const fn least(name: &'static str, doc: &'static str) -> Attribute {
    int(name, doc)
        .default(Default::Int(0))
        .replaces()
        .check(&[Check::Range(0, MOST)])
        .example("1")
}

/// Kinds of characters: whether they may come, how many must, which they are.
const CLASSES: [(&str, &str, &str); 4] = [
    ("numeric", "min_numeric", "0123456789"),
    ("lower", "min_lower", "abcdefghijklmnopqrstuvwxyz"),
    ("upper", "min_upper", "ABCDEFGHIJKLMNOPQRSTUVWXYZ"),
    ("special", "min_special", "!@#$%&*()-_=+[]{}<>:?"),
];

const RULES: &[Rule] = &[Rule::Custom(long_enough), Rule::Custom(of_something)];

/// No hash can be made of it.
fn no_zero(value: &Value) -> Result<(), String> {
    match value.as_str() {
        Some(text) if text.contains('\0') => Err("It must not have a NUL character.".to_owned()),
        _ => Ok(()),
    }
}

fn long_enough(arguments: &Object) -> Vec<Problem> {
    let of = |name: &str| arguments.get(name).and_then(Value::as_int);
    let least: i64 = CLASSES
        .iter()
        .filter_map(|(_, least, _)| of(least))
        .fold(0, i64::saturating_add);
    match of("length").filter(|length| *length < least) {
        None => Vec::new(),
        Some(length) => vec![Problem::new(
            "length",
            "Length below the minimums",
            format!(
                "\"length\" is {length}, and the minimums ask for {least} characters together."
            ),
            format!("Raise \"length\" to {least} or more, or lower a minimum."),
        )],
    }
}

fn of_something(arguments: &Object) -> Vec<Problem> {
    let none = |name: &str| {
        // `number` is the older name.
        let names: &[&str] = if name == "numeric" {
            &["numeric", "number"]
        } else {
            &[name]
        };
        let mut given = names.iter().filter_map(|name| arguments.get(name));
        given.any(|value| *value.unmarked() == Value::Bool(false))
    };
    if !CLASSES.iter().all(|(name, ..)| none(name)) {
        return Vec::new();
    }
    vec![Problem::new(
        "special",
        "No characters to choose from",
        "\"lower\", \"upper\", \"numeric\" and \"special\" are all false.",
        "Set one of them to true, or leave it out.",
    )]
}

/// Returns characters as the object's arguments want them.
fn characters(desired: &Object) -> Result<String, String> {
    let mut dice = Dice::System;
    let (mut chosen, mut any) = (Vec::new(), Vec::new());
    for (name, least, class) in CLASSES {
        let other = text(desired, "override_special");
        let class = if name == "special" && !other.is_empty() {
            other
        } else {
            class
        };
        let class: Vec<char> = class.chars().collect();
        for _ in 0..amount(desired, least) {
            chosen.push(*dice.one_of(&class)?);
        }
        let allowed = desired.get(name).map(Value::unmarked);
        if allowed != Some(&Value::Bool(false)) {
            any.extend(class);
        }
    }
    while chosen.len() < amount(desired, "length") {
        chosen.push(*dice.one_of(&any)?);
    }
    dice.shuffle(&mut chosen)?;
    Ok(chosen.into_iter().collect())
}

fn open(characters: &str) -> [(&'static str, Value); 2] {
    [
        ("id", Value::string(characters)),
        ("result", Value::string(characters)),
    ]
}

fn make_string(desired: &Object) -> Result<Object, String> {
    Ok(with(desired, open(&characters(desired)?)))
}

fn make_password(desired: &Object) -> Result<Object, String> {
    Ok(with(desired, hidden(&characters(desired)?)?))
}

fn make_ephemeral(desired: &Object) -> Result<Object, String> {
    let mut made = make_password(desired)?;
    made.remove("id");
    Ok(made)
}

fn hidden(characters: &str) -> Result<[(&'static str, Value); 3], String> {
    let bytes = characters.as_bytes();
    let hash = bcrypt::hash(&bytes[..bytes.len().min(72)], 10)
        .map_err(|error| format!("The password cannot be hashed: {error}."))?;
    Ok([
        ("bcrypt_hash", Value::string(hash).sensitive()),
        ("id", Value::string(NO_ID)),
        ("result", Value::string(characters).sensitive()),
    ])
}

/// Returns what an import takes for granted: everything may be in there, nothing must.
fn granted(characters: &str) -> Object {
    let result = Object::from_iter([("result", Value::string(characters))]);
    upgrade(&result)
}

fn import_string(id: &str) -> Result<Object, String> {
    Ok(with(&granted(id), open(id)))
}

fn import_password(id: &str) -> Result<Object, String> {
    if id.contains('\0') {
        return Err("A password must not have a NUL character.".to_owned());
    }
    Ok(with(&granted(id), hidden(id)?))
}

/// Fills in what older versions of the provider did not store, or not at an import.
fn upgrade(object: &Object) -> Object {
    let mut object = object.clone();
    let lacks = |object: &Object, name: &str| object.get(name).is_none_or(Value::is_null);
    for (class, least, _) in CLASSES {
        if lacks(&object, least) {
            object.insert(least, Value::int(0));
        }
        if class != "numeric" && lacks(&object, class) {
            object.insert(class, Value::Bool(true));
        }
    }
    let digits = ["numeric", "number"]
        .into_iter()
        .find(|name| !lacks(&object, name));
    let digits = digits.map_or(Value::Bool(true), |name| {
        object.get(name).cloned().unwrap_or_default()
    });
    object.insert("number", digits.clone());
    object.insert("numeric", digits);
    if lacks(&object, "length") {
        let length = text(&object, "result").chars().count();
        object.insert(
            "length",
            Value::int(i64::try_from(length).unwrap_or(i64::MAX)),
        );
    }
    for name in ["keepers", "override_special"] {
        if lacks(&object, name) {
            object.insert(name, Value::Null);
        }
    }
    object
}
