//! `random_id` and `random_bytes`: random bytes, written in several ways.

use base64::{Engine as _, prelude::BASE64_STANDARD, prelude::BASE64_URL_SAFE_NO_PAD};
use bigdecimal::num_bigint::{BigInt, Sign};

use super::{KEEPERS, NO_ID, amount, count, dice::Dice, id, kind, prefix, random, text, with};
use crate::{
    model::{Object, Value},
    provider::hooks::Kind,
    schema::{ResourceType, string},
};

/// The type with its hooks.
pub const ID: Kind = kind(&ID_TABLE, make_id, Some(import_id));
/// The type with its hooks.
pub const BYTES: Kind = kind(&BYTES_TABLE, make_bytes, Some(import_bytes));

static ID_TABLE: ResourceType = ResourceType {
    attributes: &[
        string("b64_std", "The prefix and the bytes as base64.").computed(),
        string(
            "b64_url",
            "The prefix and the bytes as base64 for URLs, without padding.",
        )
        .computed(),
        count(
            "byte_length",
            "The number of bytes. 16 of them are as unlikely to meet again as a UUID.",
        )
        .required()
        .example("8"),
        string("dec", "The prefix and the bytes as a decimal number.").computed(),
        string(
            "hex",
            "The prefix and the bytes as hexadecimal digits, two for each.",
        )
        .computed(),
        id("The bytes as base64 for URLs, without the prefix."),
        KEEPERS,
        prefix("A text before each of the written forms."),
    ],
    import: "the bytes as base64 for URLs (`b64_url`), with `PREFIX,` before it where there is a prefix",
    ..random(
        "random_id",
        "Random bytes in several written forms, for names that must be nobody else's.",
    )
};

static BYTES_TABLE: ResourceType = ResourceType {
    attributes: &[
        string("base64", "The bytes as base64.")
            .computed()
            .sensitive(),
        string("hex", "The bytes as hexadecimal digits, two for each.")
            .computed()
            .sensitive(),
        id("Always `none`: the bytes are secret."),
        KEEPERS,
        count("length", "The number of bytes.")
            .required()
            .example("32"),
    ],
    import: "the bytes as base64",
    import_is_secret: true,
    ..random(
        "random_bytes",
        "Random bytes that are a secret, such as a key. They are in clear in the state, and shown nowhere.",
    )
};

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn forms(prefix: &str, bytes: &[u8]) -> [(&'static str, Value); 5] {
    let after = |form: String| Value::string(format!("{prefix}{form}"));
    let url = BASE64_URL_SAFE_NO_PAD.encode(bytes);
    [
        ("b64_std", after(BASE64_STANDARD.encode(bytes))),
        ("b64_url", after(url.clone())),
        (
            "dec",
            after(BigInt::from_bytes_be(Sign::Plus, bytes).to_string()),
        ),
        ("hex", after(hex(bytes))),
        ("id", Value::string(url)),
    ]
}

fn make_id(desired: &Object) -> Result<Object, String> {
    let bytes = Dice::System.bytes(amount(desired, "byte_length"))?;
    Ok(with(desired, forms(text(desired, "prefix"), &bytes)))
}

fn import_id(id: &str) -> Result<Object, String> {
    let (prefix, coded) = id.rsplit_once(',').unwrap_or(("", id));
    let bytes = BASE64_URL_SAFE_NO_PAD.decode(coded).ok();
    let bytes = bytes.filter(|bytes| !bytes.is_empty()).ok_or_else(|| {
        format!("\"{coded}\" is not base64 for URLs without padding, as `b64_url` has it.")
    })?;
    let known = Object::from_iter([
        ("byte_length", length(&bytes)),
        ("keepers", Value::Null),
        (
            "prefix",
            if prefix.is_empty() {
                Value::Null
            } else {
                Value::string(prefix)
            },
        ),
    ]);
    Ok(with(&known, forms(prefix, &bytes)))
}

fn length(bytes: &[u8]) -> Value {
    Value::int(i64::try_from(bytes.len()).unwrap_or(i64::MAX))
}

fn secret(bytes: &[u8]) -> [(&'static str, Value); 3] {
    [
        (
            "base64",
            Value::string(BASE64_STANDARD.encode(bytes)).sensitive(),
        ),
        ("hex", Value::string(hex(bytes)).sensitive()),
        ("id", Value::string(NO_ID)),
    ]
}

fn make_bytes(desired: &Object) -> Result<Object, String> {
    let bytes = Dice::System.bytes(amount(desired, "length"))?;
    Ok(with(desired, secret(&bytes)))
}

fn import_bytes(id: &str) -> Result<Object, String> {
    let bytes = BASE64_STANDARD.decode(id).ok();
    let bytes = bytes.filter(|bytes| !bytes.is_empty());
    let bytes = bytes.ok_or("What was given is not base64.")?;
    let known = Object::from_iter([("keepers", Value::Null), ("length", length(&bytes))]);
    Ok(with(&known, secret(&bytes)))
}
