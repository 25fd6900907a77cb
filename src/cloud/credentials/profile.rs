//! Profiles of the `aliyun` command: `~/.aliyun/config.json`, in every mode that a program can use.

use std::{io, path::PathBuf};

use serde::Deserialize;

use super::{
    Credentials,
    chain::{self, Step},
    given::{Given, Oidc, Role, StsPlace, Surroundings, filled},
    ini,
    source::Source,
    sso::{Kind, Sso},
};
use crate::model::{diagnostic::did_you_mean, secret::Secret};

/// How many profiles may stand on one another.
const DEEPEST: usize = 8;

/// The file. It has secrets, so it is never shown.
#[derive(Deserialize)]
struct Config {
    #[serde(default)]
    current: String,
    #[serde(default)]
    profiles: Vec<Profile>,
}

/// One profile; what is empty is as good as absent.
#[derive(Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct Profile {
    name: String,
    mode: String,
    access_key_id: String,
    access_key_secret: String,
    sts_token: String,
    sts_region: String,
    sts_endpoint: String,
    sts_expiration: i64,
    enable_vpc: bool,
    ram_role_name: String,
    ram_role_arn: String,
    ram_session_name: String,
    external_id: String,
    policy: String,
    expired_seconds: u64,
    source_profile: String,
    region_id: String,
    process_command: String,
    credentials_uri: String,
    oidc_provider_arn: String,
    oidc_token_file: String,
    cloud_sso_sign_in_url: String,
    cloud_sso_account_id: String,
    cloud_sso_access_config: String,
    cloud_sso_access_token_expire: i64,
    access_token: String,
    oauth_site_type: String,
    oauth_access_token: String,
    oauth_access_token_expire: i64,
}

/// Which profile of which file.
pub(super) struct Which {
    pub(super) name: Option<String>,
    pub(super) file: Option<PathBuf>,
    /// Whether somebody named the profile or the file.
    pub(super) asked: bool,
}

impl Which {
    /// What the provider block asks for; the environment's file holds for it too.
    fn of_block(given: &Given, around: &Surroundings<'_>) -> Option<Self> {
        let name = filled(given.profile.as_ref());
        let file = filled(given.shared_credentials_file.as_ref());
        if name.is_none() && file.is_none() {
            return None;
        }
        let file = file.map(|path| around.expand(&path));
        Some(Self {
            name: name.or_else(|| Self::named(around)),
            file: file.or_else(|| Self::located(around)),
            asked: true,
        })
    }

    /// What the environment asks for, else the file's usual place.
    pub(super) fn of_environment(around: &Surroundings<'_>) -> Self {
        let name = Self::named(around);
        let file = Self::located(around);
        Self {
            asked: name.is_some() || file.is_some(),
            name,
            file,
        }
    }

    fn named(around: &Surroundings<'_>) -> Option<String> {
        let found = around.first(&["ALICLOUD_PROFILE", "ALIBABA_CLOUD_PROFILE"]);
        found.map(|(_, name)| name)
    }

    fn located(around: &Surroundings<'_>) -> Option<PathBuf> {
        let found = around.first(&[
            "ALICLOUD_SHARED_CREDENTIALS_FILE",
            "ALIBABA_CLOUD_CREDENTIALS_FILE",
            "ALIBABA_CLOUD_CONFIG_FILE",
        ]);
        found.map(|(_, path)| around.expand(&path))
    }
}

/// Looks at the profile that the provider block names.
pub(super) fn in_block(given: &Given, around: &Surroundings<'_>) -> Step {
    match Which::of_block(given, around) {
        None => chain::not_in_block(),
        Some(which) => chain::step(either(&which, around), &which),
    }
}

/// Looks at the profile that the environment names, or at the current one.
pub(super) fn in_environment(_: &Given, around: &Surroundings<'_>) -> Step {
    let disabled = [
        "ALIBABA_CLOUD_CLI_PROFILE_DISABLED",
        "ALIBABA_CLOUD_IGNORE_PROFILE",
    ];
    if let Some(name) = disabled.iter().find(|name| around.flag(name)) {
        return Step::Skip(format!("{name} is set"));
    }
    let which = Which::of_environment(around);
    match in_file(&which, around) {
        Ok(source) => Step::Take(source),
        // It may be in the other file yet, which is looked at next.
        Err(Trouble::Absent(reason)) => Step::Skip(reason),
        Err(Trouble::Wrong(reason)) => chain::step(Err(reason), &which),
    }
}

/// Returns the region of the profile that is named, or that is used.
pub(super) fn region(given: &Given, around: &Surroundings<'_>, used: bool) -> Option<String> {
    let which = Which::of_block(given, around).unwrap_or_else(|| Which::of_environment(around));
    if !which.asked && !used {
        return None;
    }
    let (config, _) = config(&which, around).ok()?;
    let name = config.chosen(&which);
    let profile = config.profiles.iter().find(|one| one.name == name)?;
    filled(Some(&profile.region_id))
}

/// Why a file does not help.
pub(super) enum Trouble {
    /// There is no such file or profile.
    Absent(String),
    /// There is, and it cannot be used.
    Wrong(String),
}

impl Trouble {
    fn reason(self) -> String {
        match self {
            Self::Absent(reason) | Self::Wrong(reason) => reason,
        }
    }
}

/// Looks into the file of the `aliyun` command, and then into the credentials file.
fn either(which: &Which, around: &Surroundings<'_>) -> Result<Source, String> {
    match in_file(which, around) {
        Err(Trouble::Absent(first)) => match ini::in_file(which, around) {
            Ok(source) => Ok(source),
            Err(Trouble::Absent(_)) => Err(format!(
                "{first}. Check `profile` and `shared_credentials_file` in the provider block"
            )),
            Err(Trouble::Wrong(reason)) => Err(reason),
        },
        found => found.map_err(Trouble::reason),
    }
}

fn in_file(which: &Which, around: &Surroundings<'_>) -> Result<Source, Trouble> {
    let (config, path) = config(which, around)?;
    let name = config.chosen(which);
    let Some(profile) = config.profiles.iter().find(|one| one.name == name) else {
        return Err(Trouble::Absent(config.lacks(&name, &path)));
    };
    let told = |reason| Trouble::Wrong(format!("The profile \"{name}\" of {path} {reason}"));
    config.source(profile, around, DEEPEST).map_err(told)
}

/// Reads the file, which may be one of the other kind.
fn config(which: &Which, around: &Surroundings<'_>) -> Result<(Config, String), Trouble> {
    let path = which
        .file
        .clone()
        .or_else(|| around.at_home(".aliyun/config.json"));
    let Some(path) = path else {
        return Err(Trouble::Absent("HOME is not set".to_owned()));
    };
    let shown = path.display().to_string();
    let text = read(&path, around)?;
    if !text.trim_start().starts_with('{') {
        let reason = format!("{shown} is no configuration of the aliyun command (JSON)");
        return Err(Trouble::Absent(reason));
    }
    // A message of the parser could quote what it read.
    let config = serde_json::from_str(&text).map_err(|error| {
        let (line, column) = (error.line(), error.column());
        Trouble::Wrong(format!(
            "{shown} is not understood (line {line}, column {column})"
        ))
    })?;
    Ok((config, shown))
}

/// Reads a file that may not be there.
pub(super) fn read(path: &std::path::Path, around: &Surroundings<'_>) -> Result<String, Trouble> {
    let shown = path.display();
    (around.file)(path).map_err(|error| match error.kind() {
        io::ErrorKind::NotFound | io::ErrorKind::NotADirectory => {
            Trouble::Absent(format!("{shown} does not exist"))
        }
        _ => Trouble::Wrong(format!("{shown} cannot be read: {error}")),
    })
}

impl Config {
    fn chosen(&self, which: &Which) -> String {
        let current = || filled(Some(&self.current));
        let name = which.name.clone().or_else(current);
        name.unwrap_or_else(|| "default".to_owned())
    }

    fn lacks(&self, name: &str, path: &str) -> String {
        let names: Vec<&str> = self.profiles.iter().map(|one| one.name.as_str()).collect();
        let has = match (did_you_mean(name, names.iter().copied()), names.as_slice()) {
            (Some(near), _) => format!("did you mean \"{near}\"?"),
            (None, []) => "it has none".to_owned(),
            (None, names) => format!("it has {}", names.join(", ")),
        };
        format!("There is no profile \"{name}\" in {path}: {has}")
    }

    /// Returns the source that a profile is; the reason continues the profile's name.
    fn source(
        &self,
        profile: &Profile,
        around: &Surroundings<'_>,
        deepest: usize,
    ) -> Result<Source, String> {
        let mode = profile.mode();
        match mode {
            "AK" => profile.keys(false),
            "StsToken" => profile.keys(true),
            "RamRoleArn" => {
                let from = profile.keys(false)?;
                Ok(chain::role_from(from, profile.role()?, profile.place()))
            }
            "EcsRamRole" => Ok(chain::machine(filled(Some(&profile.ram_role_name)), around)),
            "RamRoleArnWithRoleName" | "RamRoleArnWithEcs" => {
                let from = chain::machine(filled(Some(&profile.ram_role_name)), around);
                Ok(chain::role_from(from, profile.role()?, profile.place()))
            }
            "ChainableRamRoleArn" => self.chained(profile, around, deepest),
            "External" => profile.process(around),
            "CredentialsURI" => Ok(Source::Uri(need(
                "credentials_uri",
                &profile.credentials_uri,
            )?)),
            "OIDC" => profile.oidc(around),
            "CloudSSO" => Ok(Source::Sso(profile.sso(Kind::CloudSso))),
            "OAuth" => Ok(Source::Sso(profile.sso(Kind::OAuth))),
            "RsaKeyPair" => Err(unusable(
                mode,
                "prov does not exchange a key pair for the keys of a session",
            )),
            "BearerToken" => Err(unusable(mode, "ECS and VPC take signed requests only")),
            "Anonymous" => Err(unusable(mode, "ECS and VPC take signed requests only")),
            other => Err(format!("has the unknown mode \"{other}\"")),
        }
    }

    fn chained(
        &self,
        profile: &Profile,
        around: &Surroundings<'_>,
        deepest: usize,
    ) -> Result<Source, String> {
        let name = need("source_profile", &profile.source_profile)?;
        let Some(from) = self.profiles.iter().find(|one| one.name == name) else {
            return Err(format!("stands on \"{name}\", which is not there"));
        };
        if deepest == 0 || from.name == profile.name {
            return Err(format!("stands on \"{name}\", and so in the end on itself"));
        }
        let from = self
            .source(from, around, deepest - 1)
            .map_err(|reason| format!("stands on \"{name}\", which {reason}"))?;
        Ok(chain::role_from(from, profile.role()?, profile.place()))
    }
}

fn unusable(mode: &str, why: &str) -> String {
    format!(
        "has the mode {mode}, which does not help here: {why}. Make a profile of another mode with \
         `aliyun configure --mode AK --profile NAME`"
    )
}

fn need(name: &str, value: &str) -> Result<String, String> {
    filled(Some(&value.to_owned())).ok_or_else(|| format!("has no {name}"))
}

impl Profile {
    /// The mode, or what it must be by what is there.
    fn mode(&self) -> &str {
        let has = |text: &str| !text.is_empty();
        let modes: [(bool, &'static str); 8] = [
            (
                has(&self.ram_role_arn) && has(&self.oidc_provider_arn),
                "OIDC",
            ),
            (
                has(&self.ram_role_arn) && has(&self.source_profile),
                "ChainableRamRoleArn",
            ),
            (
                has(&self.ram_role_arn) && has(&self.access_key_id),
                "RamRoleArn",
            ),
            (has(&self.cloud_sso_sign_in_url), "CloudSSO"),
            (has(&self.access_key_id) && has(&self.sts_token), "StsToken"),
            (has(&self.access_key_id), "AK"),
            (has(&self.process_command), "External"),
            (has(&self.ram_role_name), "EcsRamRole"),
        ];
        if has(&self.mode) {
            return &self.mode;
        }
        let found = modes.iter().find(|(fits, _)| *fits);
        found.map_or("AK", |(_, mode)| mode)
    }

    fn keys(&self, temporary: bool) -> Result<Source, String> {
        let token = filled(Some(&self.sts_token));
        if temporary && token.is_none() {
            return Err("has no sts_token".to_owned());
        }
        Ok(Source::Fixed(Credentials {
            access_key: need("access_key_id", &self.access_key_id)?,
            secret_key: Secret::new(need("access_key_secret", &self.access_key_secret)?),
            security_token: token.map(Secret::new),
        }))
    }

    fn role(&self) -> Result<Role, String> {
        Ok(Role {
            arn: Some(need("ram_role_arn", &self.ram_role_arn)?),
            session_name: filled(Some(&self.ram_session_name)),
            policy: filled(Some(&self.policy)),
            seconds: Some(self.expired_seconds).filter(|seconds| *seconds > 0),
            external_id: filled(Some(&self.external_id)),
        })
    }

    fn place(&self) -> StsPlace {
        StsPlace {
            endpoint: filled(Some(&self.sts_endpoint)),
            region: filled(Some(&self.sts_region)),
            vpc: self.enable_vpc,
        }
    }

    fn process(&self, around: &Surroundings<'_>) -> Result<Source, String> {
        if around.flag("ALIBABA_CLOUD_DISABLE_EXTERNAL_PROCESS") {
            return Err(
                "runs a program, which ALIBABA_CLOUD_DISABLE_EXTERNAL_PROCESS forbids".to_owned(),
            );
        }
        Ok(Source::Process(need(
            "process_command",
            &self.process_command,
        )?))
    }

    fn oidc(&self, around: &Surroundings<'_>) -> Result<Source, String> {
        let oidc = Oidc {
            role: self.role()?,
            provider_arn: Some(need("oidc_provider_arn", &self.oidc_provider_arn)?),
            token_file: Some(around.expand(&need("oidc_token_file", &self.oidc_token_file)?)),
            token: None,
        };
        Ok(Source::Oidc {
            oidc,
            place: self.place(),
        })
    }

    fn sso(&self, kind: Kind) -> Sso {
        let site = match self.oauth_site_type.to_ascii_uppercase().as_str() {
            "INTL" => "https://oauth.alibabacloud.com",
            _ => "https://oauth.aliyun.com",
        };
        let (url, token, ends) = match kind {
            Kind::CloudSso => (
                self.cloud_sso_sign_in_url.as_str(),
                &self.access_token,
                self.cloud_sso_access_token_expire,
            ),
            Kind::OAuth => (
                site,
                &self.oauth_access_token,
                self.oauth_access_token_expire,
            ),
        };
        let cached = match self.keys(true) {
            Ok(Source::Fixed(credentials)) => Some((credentials, self.sts_expiration)),
            _ => None,
        };
        Sso {
            kind,
            profile: self.name.clone(),
            sign_in_url: url.to_owned(),
            account: self.cloud_sso_account_id.clone(),
            access_configuration: self.cloud_sso_access_config.clone(),
            token: Secret::new(token.clone()),
            token_ends: ends,
            cached,
        }
    }
}
