//! Hashes of text and of files.

use base64::{Engine, engine::general_purpose::STANDARD};
use md5::Md5;
use sha1::Sha1;
use sha2::{Digest, Sha256, Sha512};

use super::{Answer, Call, Function, Kind, filesystem::read, param};
use crate::model::Value;

pub(super) const FUNCTIONS: &[Function] = &[
    Function::new("bcrypt", STR, Kind::String, bcrypt)
        .rest("cost", Kind::Number)
        .doc("Returns a hash of a password, another one each time; unknown while planning."),
    Function::new("base64sha256", STR, Kind::String, |call| {
        Ok(base64(&Sha256::digest(call.text(0))))
    })
    .doc("Returns the SHA-256 hash of a text in base 64.")
    .example(
        r#"base64sha256("a")"#,
        r#""ypeBEsobvcr6wjGzmiPcTaeG7/gUfE5yuYB3ha/uSLs=""#,
    ),
    Function::new("base64sha512", STR, Kind::String, |call| {
        Ok(base64(&Sha512::digest(call.text(0))))
    })
    .doc("Returns the SHA-512 hash of a text in base 64.")
    .example(r#"length(base64sha512("a"))"#, "88"),
    Function::new("filebase64sha256", PATH, Kind::String, |call| {
        Ok(base64(&Sha256::digest(content(call)?)))
    })
    .doc("Returns the SHA-256 hash of a file in base 64."),
    Function::new("filebase64sha512", PATH, Kind::String, |call| {
        Ok(base64(&Sha512::digest(content(call)?)))
    })
    .doc("Returns the SHA-512 hash of a file in base 64."),
    Function::new("filemd5", PATH, Kind::String, |call| {
        hex(&Md5::digest(content(call)?))
    })
    .doc("Returns the MD5 hash of a file."),
    Function::new("filesha1", PATH, Kind::String, |call| {
        hex(&Sha1::digest(content(call)?))
    })
    .doc("Returns the SHA-1 hash of a file."),
    Function::new("filesha256", PATH, Kind::String, |call| {
        hex(&Sha256::digest(content(call)?))
    })
    .doc("Returns the SHA-256 hash of a file."),
    Function::new("filesha512", PATH, Kind::String, |call| {
        hex(&Sha512::digest(content(call)?))
    })
    .doc("Returns the SHA-512 hash of a file."),
    Function::new("md5", STR, Kind::String, |call| {
        hex(&Md5::digest(call.text(0)))
    })
    .doc("Returns the MD5 hash of a text.")
    .example(r#"md5("a")"#, r#""0cc175b9c0f1b6a831c399e269772661""#),
    Function::new("sha1", STR, Kind::String, |call| {
        hex(&Sha1::digest(call.text(0)))
    })
    .doc("Returns the SHA-1 hash of a text.")
    .example(
        r#"sha1("a")"#,
        r#""86f7e437faa5a7fce15d1ddcb9eaeaea377667b8""#,
    ),
    Function::new("sha256", STR, Kind::String, |call| {
        hex(&Sha256::digest(call.text(0)))
    })
    .doc("Returns the SHA-256 hash of a text.")
    .example(
        r#"sha256("a")"#,
        r#""ca978112ca1bbdcafac231b39a23dc4da786eff8147c4e72b9807785afee48bb""#,
    ),
    Function::new("sha512", STR, Kind::String, |call| {
        hex(&Sha512::digest(call.text(0)))
    })
    .doc("Returns the SHA-512 hash of a text.")
    .example(r#"length(sha512("a"))"#, "128"),
    Function::new(
        "uuidv5",
        &[
            param("namespace", Kind::String),
            param("name", Kind::String),
        ],
        Kind::String,
        uuidv5,
    )
    .doc("Returns the UUID of a name in a namespace: dns, url, oid, x500 or a UUID.")
    .example(
        r#"uuidv5("dns", "www.terraform.io")"#,
        r#""a5008fae-b28c-5ba5-96cd-82b4c53552d6""#,
    ),
];

const STR: &[super::Param] = &[param("str", Kind::String)];
const PATH: &[super::Param] = &[param("path", Kind::String)];

/// Reads the file that the first argument names.
fn content(call: &Call<'_>) -> Result<Vec<u8>, super::Fault> {
    read(call).map_err(|fault| fault.text.into())
}

fn hex(bytes: &[u8]) -> Answer {
    use std::fmt::Write;
    let mut text = String::with_capacity(bytes.len() * 2);
    for byte in bytes {
        let _ = write!(text, "{byte:02x}");
    }
    Ok(Value::string(text))
}

fn base64(bytes: &[u8]) -> Value {
    Value::string(STANDARD.encode(bytes))
}

fn bcrypt(call: &Call<'_>) -> Answer {
    let cost = match call.args.len() {
        1 => 10,
        2 => u32::try_from(call.int(1)?).unwrap_or(u32::MAX).max(4),
        _ => return Err("it takes a text and at most one cost".into()),
    };
    // More than a minute for each step from here on.
    if cost > 31 {
        return Err(format!("the cost {cost} is outside of the range from 4 to 31").into());
    }
    let text = call.text(0);
    if text.len() > 72 {
        return Err("the text is longer than 72 bytes".into());
    }
    if call.scope.special("prov", "uuid").is_none() {
        return Ok(Value::Unknown(crate::model::Type::String));
    }
    bcrypt::hash_with_result(text, cost)
        .map(|hash| Value::string(hash.format_for_version(bcrypt::Version::TwoA)))
        .map_err(|error| format!("the hash cannot be made: {error}").into())
}

fn uuidv5(call: &Call<'_>) -> Answer {
    let namespace = match call.text(0) {
        "dns" => uuid::Uuid::NAMESPACE_DNS,
        "url" => uuid::Uuid::NAMESPACE_URL,
        "oid" => uuid::Uuid::NAMESPACE_OID,
        "x500" => uuid::Uuid::NAMESPACE_X500,
        other => uuid::Uuid::parse_str(other)
            .map_err(|_| "the namespace must be dns, url, oid, x500 or a UUID")?,
    };
    let hash = Sha1::new()
        .chain_update(namespace.as_bytes())
        .chain_update(call.text(1))
        .finalize();
    let mut bytes = [0; 16];
    bytes.copy_from_slice(&hash[..16]);
    let id = uuid::Builder::from_sha1_bytes(bytes).into_uuid();
    Ok(Value::string(id.to_string()))
}
