//! Whose requests they are: access key, secret and security token from provider block and environment.
//!
//! The environment is handed in as a function; nothing is read here.

use crate::model::secret::Secret;

/// What the provider block says; `None` and empty texts leave it to the environment.
#[derive(Clone, Debug, Default)]
pub struct Given {
    pub access_key: Option<String>,
    pub secret_key: Option<Secret>,
    pub security_token: Option<Secret>,
    /// Arguments of the block that name another source: `profile`, `assume_role`, `ecs_role_name`, ….
    pub other_sources: Vec<String>,
}

/// An access key, complete.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Credentials {
    pub access_key: String,
    pub secret_key: Secret,
    pub security_token: Option<Secret>,
}

/// Why there are no credentials.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CredentialsError {
    #[error(
        "No credentials for Alibaba Cloud. Set ALIBABA_CLOUD_ACCESS_KEY_ID and \
         ALIBABA_CLOUD_ACCESS_KEY_SECRET (and ALIBABA_CLOUD_SECURITY_TOKEN for temporary ones), or \
         ALICLOUD_ACCESS_KEY and ALICLOUD_SECRET_KEY, or `access_key` and `secret_key` in the \
         provider block"
    )]
    Missing,
    #[error(
        "There is an access key but no secret for it. Set {variable}, or `secret_key` in the \
         provider block"
    )]
    NoSecret { variable: &'static str },
    #[error(
        "Credentials from {source_name} are not supported yet. Set ALIBABA_CLOUD_ACCESS_KEY_ID and \
         ALIBABA_CLOUD_ACCESS_KEY_SECRET (and ALIBABA_CLOUD_SECURITY_TOKEN for temporary ones), or \
         `access_key` and `secret_key` in the provider block"
    )]
    Unsupported { source_name: String },
}

/// The environment's names of access key, secret and token that belong together; earlier ones win.
const FAMILIES: &[[&str; 3]] = &[
    [
        "ALICLOUD_ACCESS_KEY",
        "ALICLOUD_SECRET_KEY",
        "ALICLOUD_SECURITY_TOKEN",
    ],
    [
        "ALIBABA_CLOUD_ACCESS_KEY_ID",
        "ALIBABA_CLOUD_ACCESS_KEY_SECRET",
        "ALIBABA_CLOUD_SECURITY_TOKEN",
    ],
    [
        "ALIBABACLOUD_ACCESS_KEY_ID",
        "ALIBABACLOUD_ACCESS_KEY_SECRET",
        "ALIBABACLOUD_SECURITY_TOKEN",
    ],
    [
        "ALICLOUD_ACCESS_KEY_ID",
        "ALICLOUD_ACCESS_KEY_SECRET",
        "ALICLOUD_SECURITY_TOKEN",
    ],
];

/// Variables that name a source of credentials which is not read.
const OTHER_SOURCES: &[&str] = &[
    "ALIBABA_CLOUD_PROFILE",
    "ALICLOUD_PROFILE",
    "ALIBABA_CLOUD_CREDENTIALS_FILE",
    "ALICLOUD_SHARED_CREDENTIALS_FILE",
    "ALIBABA_CLOUD_OIDC_TOKEN_FILE",
    "ALIBABA_CLOUD_OIDC_PROVIDER_ARN",
    "ALIBABA_CLOUD_ROLE_ARN",
    "ALICLOUD_ASSUME_ROLE_ARN",
    "ALIBABA_CLOUD_ECS_METADATA",
    "ALICLOUD_ECS_ROLE_NAME",
    "ALIBABA_CLOUD_CREDENTIALS_URI",
    "ALICLOUD_CREDENTIALS_URI",
];

/// The environment's names of the region; earlier ones win.
const REGIONS: &[&str] = &[
    "ALICLOUD_REGION",
    "ALIBABA_CLOUD_REGION",
    "ALIBABA_CLOUD_REGION_ID",
    "ALIBABACLOUD_REGION_ID",
];

/// Finds the access key: the provider block's, else the environment's.
///
/// A token of the environment is taken only with a key of the environment, so that a left-over one
/// does not spoil a key that is written in the block.
///
/// # Errors
/// There is none, or only a source that is not supported. A `role` to assume in the block is an error even
/// with a key, since the key alone would act as somebody else.
pub fn resolve(
    given: &Given,
    environment: &dyn Fn(&str) -> Option<String>,
) -> Result<Credentials, CredentialsError> {
    let read = |name: &str| environment(name).filter(|text| !text.is_empty());
    if let Some(role) = given
        .other_sources
        .iter()
        .find(|name| name.starts_with("assume_role"))
    {
        return Err(CredentialsError::Unsupported {
            source_name: format!("the provider block's `{role}`"),
        });
    }
    let block_key = given.access_key.clone().filter(|key| !key.is_empty());
    let family = FAMILIES.iter().find(|names| read(names[0]).is_some());
    let secret = filled(given.secret_key.as_ref()).or_else(|| secret_of(family, &read));
    let Some(access_key) = block_key
        .clone()
        .or_else(|| family.and_then(|names| read(names[0])))
    else {
        return Err(missing(given, &read));
    };
    let Some(secret_key) = secret else {
        return Err(CredentialsError::NoSecret {
            variable: family.map_or("ALIBABA_CLOUD_ACCESS_KEY_SECRET", |names| names[1]),
        });
    };
    let token = filled(given.security_token.as_ref()).or_else(|| {
        let family = family.filter(|_| block_key.is_none())?;
        let all = FAMILIES.iter().filter_map(|names| read(names[2])).next();
        let other = all.filter(|_| access_key.starts_with("STS."));
        read(family[2]).or(other).map(Secret::new)
    });
    Ok(Credentials {
        access_key,
        secret_key,
        security_token: token,
    })
}

/// Returns the region: the provider block's, else the environment's.
pub fn region(given: Option<&str>, environment: &dyn Fn(&str) -> Option<String>) -> Option<String> {
    given
        .map(str::to_owned)
        .into_iter()
        .chain(REGIONS.iter().filter_map(|name| environment(name)))
        .find(|text| !text.is_empty())
}

fn filled(secret: Option<&Secret>) -> Option<Secret> {
    secret
        .filter(|secret| !secret.expose_secret().is_empty())
        .cloned()
}

/// The secret that belongs to the access key's variable, else the first that is set.
fn secret_of(family: Option<&[&str; 3]>, read: &dyn Fn(&str) -> Option<String>) -> Option<Secret> {
    let own = family.and_then(|names| read(names[1]));
    own.or_else(|| FAMILIES.iter().find_map(|names| read(names[1])))
        .map(Secret::new)
}

fn missing(given: &Given, read: &dyn Fn(&str) -> Option<String>) -> CredentialsError {
    if let Some(name) = given.other_sources.first() {
        return CredentialsError::Unsupported {
            source_name: format!("the provider block's `{name}`"),
        };
    }
    let other = OTHER_SOURCES.iter().find(|name| read(name).is_some());
    other.map_or(CredentialsError::Missing, |name| {
        CredentialsError::Unsupported {
            source_name: (*name).to_owned(),
        }
    })
}
