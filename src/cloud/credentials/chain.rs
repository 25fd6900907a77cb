//! In which order the sources of credentials are looked at: one table, from top to bottom.
//!
//! A way is skipped with a reason, or it is the one. Only the instance's own role, when nobody has named it, is merely
//! tried: whether this machine has one can be asked of the machine alone.

use super::{
    environment::{self, Keys},
    given::{Given, Oidc, StsPlace, Surroundings, filled},
    ini,
    profile::{self, Which},
    source::Source,
};

/// What came of looking one way.
pub(super) enum Step {
    /// Nothing there, and why.
    Skip(String),
    /// This is the one.
    Take(Source),
    /// This may be the one.
    Try(Source),
    /// Somebody wanted this one, and it cannot be.
    Refuse(String),
}

use Step::{Refuse, Skip, Take, Try};

/// One way to credentials.
struct Way {
    name: &'static str,
    look: fn(&Given, &Surroundings<'_>) -> Step,
}

const fn way(name: &'static str, look: fn(&Given, &Surroundings<'_>) -> Step) -> Way {
    Way { name, look }
}

const PROFILE: &str = "profile of the aliyun command";

/// The ways, the first that leads to credentials wins.
const ORDER: &[Way] = &[
    way("access_key", access_key),
    way("assume_role_with_oidc", |given, around| {
        match &given.assume_role_with_oidc {
            Some(oidc) => Take(with_oidc(oidc, around)),
            None => not_in_block(),
        }
    }),
    way("profile", profile::in_block),
    way("ecs_role_name", |given, around| {
        match filled(given.ecs_role_name.as_ref()) {
            Some(role) => Take(machine(Some(role), around)),
            None => not_in_block(),
        }
    }),
    way("credentials_uri", |given, _| {
        match filled(given.credentials_uri.as_ref()) {
            Some(uri) => Take(Source::Uri(uri)),
            None => not_in_block(),
        }
    }),
    way("OIDC token", |_, around| oidc(around)),
    way(PROFILE, profile::in_environment),
    way("credentials file", ini::in_environment),
    way("role of the ECS instance", |_, around| instance(around)),
    way("credentials URI", |_, around| {
        let names = ["ALICLOUD_CREDENTIALS_URI", "ALIBABA_CLOUD_CREDENTIALS_URI"];
        match around.first(&names) {
            Some((_, uri)) => Take(Source::Uri(uri)),
            None => Skip(format!("neither {} nor {} is set", names[0], names[1])),
        }
    }),
];

/// A way that was not taken, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Skipped {
    pub way: &'static str,
    pub reason: String,
}

/// Where the credentials come from.
#[derive(Clone, Debug)]
pub struct Chosen {
    pub source: Source,
    /// The region of the profile, when one is used or named.
    pub region: Option<String>,
}

/// Why there are no credentials.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NoCredentials {
    #[error("{}", nowhere(.0))]
    Nowhere(Vec<Skipped>),
    #[error("{0}")]
    Refused(String),
}

/// Chooses the source of credentials, and lets it act as the block's `assume_role`.
///
/// # Errors
/// There is none, or one that somebody asked for by its name cannot be used.
pub fn choose(given: &Given, around: &Surroundings<'_>) -> Result<Chosen, NoCredentials> {
    let mut skipped = Vec::new();
    let mut found = Vec::new();
    for way in ORDER {
        match (way.look)(given, around) {
            Skip(reason) => skipped.push(Skipped {
                way: way.name,
                reason,
            }),
            Refuse(reason) => return Err(NoCredentials::Refused(reason)),
            Try(source) => found.push((way.name, source)),
            Take(source) => {
                found.push((way.name, source));
                break;
            }
        }
    }
    if found.is_empty() {
        return Err(NoCredentials::Nowhere(skipped));
    }
    for one in &skipped {
        tracing::debug!(way = one.way, reason = one.reason, "credentials: skipped");
    }
    let used = found.iter().any(|(way, _)| *way == PROFILE);
    let source = Source::FirstOf {
        sources: found,
        skipped,
    };
    let role = given.assume_role.as_ref();
    let role = role
        .map(|role| role.completed(around))
        .filter(|role| role.arn.is_some());
    let source = match role {
        // Without a role's ARN it is no role at all, as the alicloud provider has it.
        None => source,
        Some(role) => Source::Role {
            from: Box::new(source),
            role,
            place: around.sts(),
        },
    };
    Ok(Chosen {
        source,
        region: profile::region(given, around, used),
    })
}

/// Says that there are no credentials, and where they were looked for.
pub(super) fn nowhere(skipped: &[Skipped]) -> String {
    let mut text = "No credentials for Alibaba Cloud. Set ALIBABA_CLOUD_ACCESS_KEY_ID and \
                    ALIBABA_CLOUD_ACCESS_KEY_SECRET, or choose a profile of the aliyun command with \
                    `profile` in the provider block. Looked for, in this order:\n"
        .to_owned();
    // Neighbours with the same reason share a line.
    for alike in skipped.chunk_by(|one, next| one.reason == next.reason) {
        let ways: Vec<&str> = alike.iter().map(|one| one.way).collect();
        text.push_str(&format!("\n  - {}: {}", ways.join(", "), alike[0].reason));
    }
    text
}

pub(super) fn not_in_block() -> Step {
    Skip("not in the provider block".to_owned())
}

fn access_key(given: &Given, around: &Surroundings<'_>) -> Step {
    match environment::keys(given, around) {
        Keys::Found(credentials, place) => {
            tracing::debug!(place, "credentials: access key");
            Take(Source::Fixed(credentials))
        }
        Keys::Absent => Skip(
            "not in the provider block, and neither ALICLOUD_ACCESS_KEY nor \
             ALIBABA_CLOUD_ACCESS_KEY_ID is set"
                .to_owned(),
        ),
        Keys::NoSecret(variable) => Refuse(format!(
            "There is an access key but no secret for it. Set {variable}, or `secret_key` in the \
             provider block"
        )),
    }
}

/// The variables of an OIDC token, as Kubernetes clusters set them for their pods.
const OIDC: [&str; 3] = [
    "ALIBABA_CLOUD_OIDC_PROVIDER_ARN",
    "ALIBABA_CLOUD_OIDC_TOKEN_FILE",
    "ALIBABA_CLOUD_ROLE_ARN",
];

fn oidc(around: &Surroundings<'_>) -> Step {
    match OIDC.iter().find(|name| around.get(name).is_none()) {
        Some(name) => Skip(format!("{name} is not set")),
        None => Take(with_oidc(&Oidc::default(), around)),
    }
}

/// Fills in what an OIDC block leaves to the environment.
fn with_oidc(given: &Oidc, around: &Surroundings<'_>) -> Source {
    let file = given
        .token_file
        .as_ref()
        .filter(|it| it.components().next().is_some());
    let file = file.map(|path| around.expand(&path.to_string_lossy()));
    let oidc = Oidc {
        role: given.role.completed(around),
        provider_arn: filled(given.provider_arn.as_ref()).or_else(|| around.get(OIDC[0])),
        token_file: file.or_else(|| around.get(OIDC[1]).map(Into::into)),
        token: given.token.clone(),
    };
    Source::Oidc {
        oidc,
        place: around.sts(),
    }
}

/// Returns the source that asks this machine for the keys of its role.
pub(super) fn machine(role: Option<String>, around: &Surroundings<'_>) -> Source {
    Source::Machine {
        role,
        only_with_token: around.flag("ALIBABA_CLOUD_IMDSV1_DISABLED"),
    }
}

fn instance(around: &Surroundings<'_>) -> Step {
    if around.flag("ALIBABA_CLOUD_ECS_METADATA_DISABLED") {
        return Skip("ALIBABA_CLOUD_ECS_METADATA_DISABLED is set".to_owned());
    }
    match around.first(&["ALICLOUD_ECS_ROLE_NAME", "ALIBABA_CLOUD_ECS_METADATA"]) {
        Some((_, role)) => Take(machine(Some(role), around)),
        None => Try(machine(None, around)),
    }
}

/// Returns a source for a role, wherever its STS is.
pub(super) fn role_from(from: Source, role: super::Role, place: StsPlace) -> Source {
    Source::Role {
        from: Box::new(from),
        role,
        place,
    }
}

/// What a named profile comes to: a mistake in it is a refusal when somebody asked for it.
pub(super) fn step(found: Result<Source, String>, which: &Which) -> Step {
    match found {
        Ok(source) => Take(source),
        Err(reason) if which.asked => Refuse(reason),
        Err(reason) => Skip(reason),
    }
}
