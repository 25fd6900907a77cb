//! Texts that the Key Management Service has encrypted, decrypted right before they are sent.
//!
//! Such a text travels through plan, state and journal as it is written in the manifest. What it stands
//! for is asked for at the last moment and kept nowhere.

use super::Param;
use crate::{
    cloud::{ApiError, ApiErrorKind, Call, Client, Product},
    model::{Object, Value, secret::Secret},
};

/// The parameter that stands for a password until the call is sent.
const ENCRYPTED: &str = "KmsEncryptedPassword";
/// Beginning of the parameters with the context of the encryption.
const CONTEXT: &str = "KmsEncryptionContext.";

/// Returns the parameters that stand for an encrypted password.
pub fn veiled(ciphertext: &str, context: Option<&Object>) -> Vec<Param> {
    let plain = |name: String, value: &str| Param {
        name,
        value: value.to_owned(),
        secret: false,
    };
    let pairs = context.into_iter().flat_map(Object::iter);
    let pairs = pairs.filter_map(|(key, value)| Some((key, value.as_str()?.to_owned())));
    std::iter::once(plain(ENCRYPTED.to_owned(), ciphertext))
        .chain(pairs.map(|(key, value)| plain(format!("{CONTEXT}{key}"), &value)))
        .collect()
}

/// Puts the password in place of what stands for it; other parameters stay.
///
/// An error says that nothing was sent of the call that they are for.
pub async fn unveil(client: &Client, params: &[Param]) -> Result<Vec<Param>, ApiError> {
    let Some(encrypted) = params.iter().find(|param| param.name == ENCRYPTED) else {
        return Ok(params.to_vec());
    };
    let context: Object = params
        .iter()
        .filter_map(|param| {
            let key = param.name.strip_prefix(CONTEXT)?;
            Some((key, Value::string(param.value.as_str())))
        })
        .collect();
    let password = decrypt(client, &encrypted.value, Some(&context)).await;
    let password = password.map_err(|error| ApiError {
        kind: ApiErrorKind::Unreachable,
        ..error
    })?;
    let stands_for = |param: &&Param| param.name == ENCRYPTED || param.name.starts_with(CONTEXT);
    let rest = params.iter().filter(|param| !stands_for(param)).cloned();
    let password = Param {
        name: "Password".to_owned(),
        value: password.expose_secret().to_owned(),
        secret: true,
    };
    Ok(rest.chain([password]).collect())
}

/// Decrypts a text with the context that it was encrypted with.
pub async fn decrypt(
    client: &Client,
    ciphertext: &str,
    context: Option<&Object>,
) -> Result<Secret, ApiError> {
    let mut call = Call::read(Product::Kms, "Decrypt").param("CiphertextBlob", ciphertext);
    let pairs = context.into_iter().flat_map(Object::iter);
    let pairs: serde_json::Map<String, serde_json::Value> = pairs
        .filter_map(|(key, value)| Some((key.to_string(), value.as_str()?.into())))
        .collect();
    if !pairs.is_empty() {
        call = call.param(
            "EncryptionContext",
            serde_json::Value::from(pairs).to_string(),
        );
    }
    let answer = client.call(&call).await?;
    let plaintext = answer.get("Plaintext").and_then(serde_json::Value::as_str);
    plaintext.map(Secret::new).ok_or_else(|| ApiError {
        action: call.action.to_owned(),
        ..ApiError::local("AnswerCut", "The answer has no plaintext.")
    })
}
