//! Access keys and the region by name: in the provider block, else in the environment.

use super::{
    Credentials,
    given::{Given, Surroundings},
};
use crate::model::secret::Secret;

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

/// The environment's names of the region; earlier ones win.
const REGIONS: &[&str] = &[
    "ALICLOUD_REGION",
    "ALIBABA_CLOUD_REGION",
    "ALIBABA_CLOUD_REGION_ID",
    "ALIBABACLOUD_REGION_ID",
];

/// What came of looking for an access key.
pub(super) enum Keys {
    /// The key, and where it was found.
    Found(Credentials, String),
    Absent,
    /// A key without a secret; the name of what is missing.
    NoSecret(&'static str),
}

/// Finds the access key: the provider block's, else the environment's.
///
/// A token of the environment is taken only with a key of the environment, so that a left-over one
/// does not spoil a key that is written in the block.
pub(super) fn keys(given: &Given, around: &Surroundings<'_>) -> Keys {
    let block_key = given.access_key.clone().filter(|key| !key.is_empty());
    let family = FAMILIES.iter().find(|names| around.get(names[0]).is_some());
    let Some(access_key) = block_key
        .clone()
        .or_else(|| family.and_then(|names| around.get(names[0])))
    else {
        return Keys::Absent;
    };
    let secret = filled(given.secret_key.as_ref()).or_else(|| secret_of(family, around));
    let Some(secret_key) = secret else {
        return Keys::NoSecret(family.map_or("ALIBABA_CLOUD_ACCESS_KEY_SECRET", |names| names[1]));
    };
    let security_token = filled(given.security_token.as_ref()).or_else(|| {
        let family = family.filter(|_| block_key.is_none())?;
        let all = FAMILIES.iter().find_map(|names| around.get(names[2]));
        let other = all.filter(|_| access_key.starts_with("STS."));
        around.get(family[2]).or(other).map(Secret::new)
    });
    let place = match (&block_key, family) {
        (None, Some(names)) => names[0].to_owned(),
        _ => "access_key of the provider block".to_owned(),
    };
    let found = Credentials {
        access_key,
        secret_key,
        security_token,
    };
    Keys::Found(found, place)
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
fn secret_of(family: Option<&[&str; 3]>, around: &Surroundings<'_>) -> Option<Secret> {
    let own = family.and_then(|names| around.get(names[1]));
    own.or_else(|| FAMILIES.iter().find_map(|names| around.get(names[1])))
        .map(Secret::new)
}
