//! A source of credentials, and how keys are got from it.

use std::{
    hash::{Hash, Hasher},
    path::Path,
    pin::Pin,
};

use async_trait::async_trait;
use bytes::Bytes;
use http::Method;

use super::{
    Credentials, Keeper, Lender, Lent, Oidc, Remote, Role, StsPlace,
    chain::{self, Skipped},
    key_pair::KeyPair,
    metadata, process,
    remote::{self, guarded, shown},
    sso::Sso,
    sts,
};
use crate::{
    cloud::error::{ApiError, ApiErrorKind},
    model::secret::Secret,
};

/// Where credentials come from.
#[derive(Clone, Debug)]
pub enum Source {
    Fixed(Credentials),
    /// A RAM role that the holder of other credentials acts as.
    Role {
        from: Box<Self>,
        role: Role,
        place: StsPlace,
    },
    /// A RAM role for the holder of an identity provider's token.
    Oidc {
        oidc: Oidc,
        place: StsPlace,
    },
    /// The role of the ECS instance that the program runs on.
    Machine {
        role: Option<String>,
        only_with_token: bool,
    },
    /// A URL that hands them out.
    Uri(String),
    /// A program that prints them.
    Process(String),
    /// An RSA key pair, for the keys of a session.
    KeyPair(KeyPair),
    /// A login by browser, done before with the `aliyun` command.
    Sso(Sso),
    /// The first of these that has any; all but the last are only tried.
    FirstOf {
        sources: Vec<(&'static str, Self)>,
        skipped: Vec<Skipped>,
    },
}

/// Why a source has nothing to lend.
pub(super) struct Trouble {
    pub(super) message: String,
    /// Whether it may work in a moment.
    pub(super) passing: bool,
}

impl From<String> for Trouble {
    fn from(message: String) -> Self {
        Self {
            message,
            passing: false,
        }
    }
}

impl Source {
    /// Returns a keeper of what this source lends.
    pub fn kept(self, remote: Remote) -> Keeper {
        if let Some(credentials) = self.fixed() {
            return credentials.clone().into();
        }
        Keeper::new(Asked {
            source: self,
            remote,
        })
    }

    /// Returns the credentials if they are known without asking anybody.
    pub fn fixed(&self) -> Option<&Credentials> {
        match self {
            Self::Fixed(credentials) => Some(credentials),
            Self::FirstOf { sources, .. } => sources.first()?.1.fixed(),
            _ => None,
        }
    }

    /// Returns a text that is the same for sources of the same account, as far as that shows without asking: the
    /// account's number, the key's id, or what stands for the source itself.
    pub fn identity(&self) -> String {
        let account = match self {
            Self::Role { role, .. }
            | Self::Oidc {
                oidc: Oidc { role, .. },
                ..
            } => role.account().map(str::to_owned),
            Self::Sso(sso) => Some(sso.account.clone()).filter(|account| !account.is_empty()),
            _ => self
                .fixed()
                .map(|credentials| credentials.access_key.clone()),
        };
        account.unwrap_or_else(|| {
            // A URL or a command may have secrets in it, and this text may be shown.
            let mut hasher = std::hash::DefaultHasher::new();
            format!("{self:?}").hash(&mut hasher);
            format!("{:016x}", hasher.finish())
        })
    }

    /// Gets credentials. A future in a box, since roles stand on other sources.
    pub(super) fn lend<'a>(
        &'a self,
        remote: &'a Remote,
    ) -> Pin<Box<dyn Future<Output = Result<Lent, Trouble>> + Send + 'a>> {
        Box::pin(async move {
            match self {
                Self::Fixed(credentials) => Ok(Lent {
                    credentials: credentials.clone(),
                    expires: None,
                }),
                Self::Role { from, role, place } => {
                    let base = from.lend(remote).await?.credentials;
                    sts::assume(remote, base, role, place).await
                }
                Self::Oidc { oidc, place } => sts::assume_with_oidc(remote, oidc, place).await,
                Self::Machine {
                    role,
                    only_with_token,
                } => metadata::ask(remote, role.as_deref(), *only_with_token).await,
                Self::Uri(uri) => from_uri(remote, uri).await.map_err(|reason| {
                    format!("The credentials URI {} did not help: {reason}", shown(uri)).into()
                }),
                Self::Process(command) => Ok(process::run(command).await?),
                Self::KeyPair(pair) => pair.lend(remote).await,
                Self::Sso(sso) => Ok(sso.lend(remote).await?),
                Self::FirstOf { sources, skipped } => first(remote, sources, skipped).await,
            }
        })
    }

    /// Whether nobody has asked for this source.
    fn is_guess(&self) -> bool {
        matches!(self, Self::Machine { role: None, .. })
    }
}

/// Tries one source after the other.
async fn first(
    remote: &Remote,
    sources: &[(&'static str, Source)],
    skipped: &[Skipped],
) -> Result<Lent, Trouble> {
    let mut tried = skipped.to_vec();
    let mut last = None;
    for (way, source) in sources {
        match source.lend(remote).await {
            Ok(lent) => {
                tracing::debug!(way, "credentials: found");
                return Ok(lent);
            }
            Err(trouble) => {
                tracing::debug!(way, reason = trouble.message, "credentials: tried in vain");
                tried.push(Skipped {
                    way,
                    reason: trouble.message.clone(),
                });
                last = Some((source, trouble));
            }
        }
    }
    match last {
        // What somebody asked for speaks for itself.
        Some((source, trouble)) if !source.is_guess() => Err(trouble),
        _ => Err(chain::nowhere(&tried).into()),
    }
}

async fn from_uri(remote: &Remote, uri: &str) -> Result<Lent, String> {
    guarded(uri)?;
    let request = remote::request(Method::GET, uri, &[], Bytes::new())?;
    let (status, body) = remote.fetch(request).await?;
    if status != 200 {
        return Err(format!("it answered with HTTP status {status}"));
    }
    let json = serde_json::from_slice(&body).map_err(|_| "its answer is not JSON".to_owned())?;
    remote::lent(&json)
}

/// Reads a token that somebody else keeps fresh.
pub(super) async fn token_of(oidc: &Oidc) -> Result<Secret, String> {
    if let Some(token) = &oidc.token {
        return Ok(token.clone());
    }
    let Some(path) = &oidc.token_file else {
        return Err(
            "There is no OIDC token: set `oidc_token_file`, or ALIBABA_CLOUD_OIDC_TOKEN_FILE"
                .to_owned(),
        );
    };
    read_token(path).await
}

async fn read_token(path: &Path) -> Result<Secret, String> {
    let shown = path.display();
    let text = tokio::fs::read_to_string(path)
        .await
        .map_err(|error| format!("The OIDC token cannot be read: {shown}: {error}"))?;
    match text.trim() {
        "" => Err(format!("The OIDC token is empty: {shown}")),
        token => Ok(Secret::new(token)),
    }
}

/// A source together with those it asks.
struct Asked {
    source: Source,
    remote: Remote,
}

#[async_trait]
impl Lender for Asked {
    async fn lend(&self) -> Result<Lent, ApiError> {
        self.source.lend(&self.remote).await.map_err(|trouble| {
            let kind = if trouble.passing {
                ApiErrorKind::Unreachable
            } else {
                ApiErrorKind::Denied
            };
            ApiError {
                kind,
                ..ApiError::local("NoCredentials", trouble.message)
            }
        })
    }
}
