//! KMS: texts encrypted and decrypted with keys that exist as soon as they are named.
//!
//! A ciphertext holds all that is needed but the emulator's own key, so that nothing is kept.

use std::collections::BTreeMap;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::json;

use super::Effect::Read;
use super::{Route, route};
use crate::emulator::reply::{Refusal, Reply, refusal, refuse};
use crate::emulator::request::{Request, invalid};
use crate::emulator::signature::{hex, hmac_sha256, same};
use crate::emulator::world::World;

pub(super) const ROUTES: &[Route] = &[kms("Encrypt", encrypt), kms("Decrypt", decrypt)];

const fn kms(action: &'static str, run: fn(&mut World, &Request) -> Reply) -> Route {
    route("kms", action, Read, run)
}

/// What every ciphertext is sealed with.
const MASTER: &[u8] = b"the emulator's own key";
/// The longest text that can be encrypted, in bytes.
const LONGEST: usize = 6 * 1024;
const VERSION: &str = "emulated-1";

fn encrypt(_: &mut World, request: &Request) -> Reply {
    let key = request.need("KeyId")?;
    let plaintext = request.need("Plaintext")?;
    if plaintext.len() > LONGEST {
        return Err(invalid("Plaintext"));
    }
    let context = context(request)?;
    let seal = seal(key, &context, plaintext.as_bytes());
    let hidden = mixed(&seal, plaintext.as_bytes());
    let blob = [key, &seal, &STANDARD.encode(hidden)].join(":");
    Ok(json!({ "CiphertextBlob": STANDARD.encode(blob), "KeyId": key, "KeyVersionId": VERSION }))
}

fn decrypt(_: &mut World, request: &Request) -> Reply {
    let blob = request.need("CiphertextBlob")?;
    let context = context(request)?;
    let Some((key, plaintext)) = opened(blob, &context) else {
        return Err(invalid("CiphertextBlob"));
    };
    Ok(json!({ "Plaintext": plaintext, "KeyId": key, "KeyVersionId": VERSION }))
}

/// The key and the text of a ciphertext, if it is one and was made with this context.
fn opened(blob: &str, context: &str) -> Option<(String, String)> {
    let blob = String::from_utf8(STANDARD.decode(blob).ok()?).ok()?;
    let (rest, hidden) = blob.rsplit_once(':')?;
    let (key, sealed) = rest.rsplit_once(':')?;
    let plaintext = mixed(sealed, &STANDARD.decode(hidden).ok()?);
    let whole = same(sealed, &seal(key, context, &plaintext));
    whole.then(|| Some((key.to_owned(), String::from_utf8(plaintext).ok()?)))?
}

fn seal(key: &str, context: &str, plaintext: &[u8]) -> String {
    let of_key = hmac_sha256(MASTER, format!("{key}\n{context}").as_bytes());
    hex(&hmac_sha256(&of_key, plaintext))
}

/// Hides a text behind what follows from its seal, or shows it again.
fn mixed(seal: &str, text: &[u8]) -> Vec<u8> {
    let blocks = text.chunks(32).enumerate();
    let hidden = blocks.flat_map(|(at, block)| {
        let mask = hmac_sha256(MASTER, format!("{seal}/{at}").as_bytes());
        block
            .iter()
            .zip(mask)
            .map(|(byte, mask)| byte ^ mask)
            .collect::<Vec<u8>>()
    });
    hidden.collect()
}

/// The context, in one spelling.
fn context(request: &Request) -> Result<String, Refusal> {
    let Some(text) = request.text("EncryptionContext") else {
        return Ok(String::new());
    };
    let pairs: BTreeMap<String, String> = serde_json::from_str(text).map_err(|_| {
        let text = "The specified parameter \"EncryptionContext\" is not valid.";
        refusal(400, "InvalidParameter", text)
    })?;
    if pairs.is_empty() {
        return Ok(String::new());
    }
    match serde_json::to_string(&pairs) {
        Ok(text) => Ok(text),
        Err(error) => refuse(500, "InternalError", error.to_string()),
    }
}
