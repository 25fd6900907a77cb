//! What a provider block says of credentials, and what surrounds the program.

use std::{
    io,
    path::{Path, PathBuf},
};

use crate::model::secret::Secret;

/// What the provider block says; `None` and empty texts leave it to the environment.
#[derive(Clone, Debug, Default)]
pub struct Given {
    pub access_key: Option<String>,
    pub secret_key: Option<Secret>,
    pub security_token: Option<Secret>,
    pub profile: Option<String>,
    pub shared_credentials_file: Option<String>,
    pub ecs_role_name: Option<String>,
    pub credentials_uri: Option<String>,
    pub assume_role: Option<Role>,
    pub assume_role_with_oidc: Option<Oidc>,
}

/// A RAM role to act as, and for how long.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Role {
    pub arn: Option<String>,
    pub session_name: Option<String>,
    /// Narrows what the role may do.
    pub policy: Option<String>,
    pub seconds: Option<u64>,
    pub external_id: Option<String>,
}

impl Role {
    /// Returns the number of the role's account: `acs:ram::1234567890123456:role/deploy`.
    pub fn account(&self) -> Option<&str> {
        let account = self.arn.as_deref()?.split(':').nth(3)?;
        (!account.is_empty()).then_some(account)
    }
}

/// A RAM role to act as by the token of an identity provider.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Oidc {
    pub role: Role,
    pub provider_arn: Option<String>,
    /// Read anew for each request: whoever runs the program renews it.
    pub token_file: Option<PathBuf>,
    pub token: Option<Secret>,
}

/// Which STS lends the keys of a role, unless `endpoints` of the provider block says so.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct StsPlace {
    pub endpoint: Option<String>,
    pub region: Option<String>,
    /// Whether it is reached from inside a VPC.
    pub vpc: bool,
}

/// The environment's variables and the files, as far as credentials need them.
#[derive(Clone, Copy)]
pub struct Surroundings<'a> {
    pub environment: &'a dyn Fn(&str) -> Option<String>,
    pub file: &'a dyn Fn(&Path) -> io::Result<String>,
}

impl Surroundings<'_> {
    /// Returns a variable that is set and not blank.
    pub(super) fn get(&self, name: &str) -> Option<String> {
        (self.environment)(name).filter(|text| !text.trim().is_empty())
    }

    /// Returns the first of the variables that is set, with its name.
    pub(super) fn first<'n>(&self, names: &[&'n str]) -> Option<(&'n str, String)> {
        names
            .iter()
            .find_map(|name| self.get(name).map(|text| (*name, text)))
    }

    /// Whether a variable says yes.
    pub(super) fn flag(&self, name: &str) -> bool {
        self.get(name)
            .is_some_and(|text| ["true", "1", "yes"].contains(&&*text.trim().to_ascii_lowercase()))
    }

    /// Returns a path below the home directory.
    pub(super) fn at_home(&self, path: &str) -> Option<PathBuf> {
        let (_, home) = self.first(&["HOME", "USERPROFILE"])?;
        Some(Path::new(&home).join(path))
    }

    /// Returns a path with `~/` resolved.
    pub(super) fn expand(&self, path: &str) -> PathBuf {
        path.strip_prefix("~/")
            .and_then(|rest| self.at_home(rest))
            .unwrap_or_else(|| PathBuf::from(path))
    }

    /// Returns which STS the variables name.
    pub(super) fn sts(&self) -> StsPlace {
        StsPlace {
            endpoint: self.get("ALIBABA_CLOUD_STS_ENDPOINT"),
            region: self.get("ALIBABA_CLOUD_STS_REGION"),
            vpc: self.flag("ALIBABA_CLOUD_VPC_ENDPOINT_ENABLED"),
        }
    }
}

/// Returns the text unless it is empty.
pub(super) fn filled(text: Option<&String>) -> Option<String> {
    text.filter(|text| !text.trim().is_empty()).cloned()
}

impl Role {
    /// The session's name when none is given, as the alicloud provider has it.
    const SESSION: &'static str = "terraform";

    /// Fills in what the block leaves to the environment.
    pub(super) fn completed(&self, around: &Surroundings<'_>) -> Self {
        let or = |given: &Option<String>, names: &[&str]| {
            filled(given.as_ref()).or_else(|| around.first(names).map(|(_, text)| text))
        };
        let seconds = || {
            let text = around.get("ALICLOUD_ASSUME_ROLE_SESSION_EXPIRATION")?;
            text.trim().parse().ok()
        };
        Self {
            arn: or(
                &self.arn,
                &["ALIBABA_CLOUD_ROLE_ARN", "ALICLOUD_ASSUME_ROLE_ARN"],
            ),
            session_name: or(
                &self.session_name,
                &[
                    "ALIBABA_CLOUD_ROLE_SESSION_NAME",
                    "ALICLOUD_ASSUME_ROLE_SESSION_NAME",
                ],
            ),
            policy: filled(self.policy.as_ref()),
            seconds: self.seconds.filter(|it| *it > 0).or_else(seconds),
            external_id: or(&self.external_id, &["ALIBABA_CLOUD_EXTERNAL_ID"]),
        }
    }

    /// Returns the name of the session.
    pub(super) fn session(&self) -> &str {
        self.session_name.as_deref().unwrap_or(Self::SESSION)
    }

    /// Returns the parameters that say which role and for how long.
    pub(super) fn params(&self) -> Vec<(String, String)> {
        let seconds = self.seconds.unwrap_or(3600).to_string();
        let own = [
            ("RoleArn", self.arn.clone()),
            ("RoleSessionName", Some(self.session().to_owned())),
            ("DurationSeconds", Some(seconds)),
            ("Policy", self.policy.clone()),
            ("ExternalId", self.external_id.clone()),
        ];
        own.into_iter()
            .filter_map(|(name, value)| Some((name.to_owned(), value?)))
            .collect()
    }
}
