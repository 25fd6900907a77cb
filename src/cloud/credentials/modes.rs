//! What a profile of the `aliyun` command is, in every mode that a program can use.

use serde::Deserialize;

use super::{
    Credentials, chain,
    given::{Oidc, Role, StsPlace, Surroundings, filled},
    key_pair::KeyPair,
    source::Source,
    sso::{Kind, Sso},
};
use crate::model::secret::Secret;

/// How many profiles may stand on one another.
const DEEPEST: usize = 8;

/// One profile; what is empty is as good as absent.
#[derive(Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct Profile {
    pub(super) name: String,
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
    pub(super) region_id: String,
    /// The path of its file.
    private_key: String,
    key_pair_name: String,
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
    oauth_refresh_token: String,
    oauth_refresh_token_expire: i64,
    bearer_token: String,
}

/// Where the keys of a profile are.
#[derive(Clone, Copy)]
enum Mode {
    Keys,
    Session,
    Role,
    Machine,
    MachinesRole,
    Chained,
    Process,
    Uri,
    Oidc,
    CloudSso,
    OAuth,
    KeyPair,
    /// There is nothing to sign with.
    Unsigned,
}

/// The modes by their names, which the command takes in any case.
const MODES: &[(&str, Mode)] = &[
    ("AK", Mode::Keys),
    ("StsToken", Mode::Session),
    ("RamRoleArn", Mode::Role),
    ("EcsRamRole", Mode::Machine),
    ("RamRoleArnWithRoleName", Mode::MachinesRole),
    ("RamRoleArnWithEcs", Mode::MachinesRole),
    ("ChainableRamRoleArn", Mode::Chained),
    ("External", Mode::Process),
    ("CredentialsURI", Mode::Uri),
    ("OIDC", Mode::Oidc),
    ("CloudSSO", Mode::CloudSso),
    ("OAuth", Mode::OAuth),
    ("RsaKeyPair", Mode::KeyPair),
    ("BearerToken", Mode::Unsigned),
    ("Anonymous", Mode::Unsigned),
];

/// Returns the source that a profile is; the reason continues the profile's name.
pub(super) fn source(
    all: &[Profile],
    profile: &Profile,
    around: &Surroundings<'_>,
) -> Result<Source, String> {
    by_mode(all, profile, around, DEEPEST)
}

fn by_mode(
    all: &[Profile],
    profile: &Profile,
    around: &Surroundings<'_>,
    deepest: usize,
) -> Result<Source, String> {
    let given = profile.mode();
    let known = MODES
        .iter()
        .find(|(name, _)| name.eq_ignore_ascii_case(given));
    let Some((name, mode)) = known else {
        return Err(format!("has the unknown mode \"{given}\""));
    };
    let machine = || chain::machine(filled(Some(&profile.ram_role_name)), around);
    match mode {
        Mode::Keys => profile.keys(None),
        Mode::Session => profile.session(),
        Mode::Role => {
            let from = profile.keys(filled(Some(&profile.sts_token)))?;
            Ok(chain::role_from(from, profile.role()?, profile.place()))
        }
        Mode::Machine => Ok(machine()),
        Mode::MachinesRole => Ok(chain::role_from(
            machine(),
            profile.role()?,
            profile.place(),
        )),
        Mode::Chained => chained(all, profile, around, deepest),
        Mode::Process => profile.process(around),
        Mode::Uri => {
            let own = filled(Some(&profile.credentials_uri));
            let uri = own.or_else(|| around.get("ALIBABA_CLOUD_CREDENTIALS_URI"));
            Ok(Source::Uri(uri.ok_or("has no credentials_uri")?))
        }
        Mode::Oidc => profile.oidc(around),
        Mode::CloudSso => Ok(Source::Sso(profile.sign_in())),
        Mode::OAuth => Ok(Source::Sso(profile.oauth())),
        Mode::KeyPair => profile.key_pair(around),
        Mode::Unsigned => Err(format!(
            "has the mode {name}, which does not help here: ECS and VPC take signed requests only. Make a \
             profile of another mode with `aliyun configure --mode AK --profile NAME`"
        )),
    }
}

fn chained(
    all: &[Profile],
    profile: &Profile,
    around: &Surroundings<'_>,
    deepest: usize,
) -> Result<Source, String> {
    let name = need("source_profile", &profile.source_profile)?;
    let Some(from) = all.iter().find(|one| one.name == name) else {
        return Err(format!("stands on \"{name}\", which is not there"));
    };
    if deepest == 0 || from.name == profile.name {
        return Err(format!("stands on \"{name}\", and so in the end on itself"));
    }
    let from = by_mode(all, from, around, deepest - 1)
        .map_err(|reason| format!("stands on \"{name}\", which {reason}"))?;
    Ok(chain::role_from(from, profile.role()?, profile.place()))
}

fn need(name: &str, value: &str) -> Result<String, String> {
    filled(Some(&value.to_owned())).ok_or_else(|| format!("has no {name}"))
}

impl Profile {
    /// The mode, or what the command takes it to be by what is there.
    fn mode(&self) -> &str {
        let has = |text: &str| !text.is_empty();
        let key = has(&self.access_key_id) && has(&self.access_key_secret);
        let role = has(&self.ram_role_arn);
        let provider = has(&self.oidc_provider_arn) && has(&self.oidc_token_file);
        let modes: [(bool, &'static str); 11] = [
            (key && has(&self.sts_token), "StsToken"),
            (key && role, "RamRoleArn"),
            (key, "AK"),
            (
                has(&self.private_key) && has(&self.key_pair_name),
                "RsaKeyPair",
            ),
            (has(&self.ram_role_name), "EcsRamRole"),
            (has(&self.process_command), "External"),
            (role && provider, "OIDC"),
            (has(&self.cloud_sso_sign_in_url), "CloudSSO"),
            (role && has(&self.source_profile), "ChainableRamRoleArn"),
            (has(&self.credentials_uri), "CredentialsURI"),
            (has(&self.bearer_token), "BearerToken"),
        ];
        if has(&self.mode) {
            return &self.mode;
        }
        let found = modes.iter().find(|(fits, _)| *fits);
        found.map_or("AK", |(_, mode)| mode)
    }

    /// The keys; a token that another mode has left in the profile is none of theirs.
    fn keys(&self, token: Option<String>) -> Result<Source, String> {
        Ok(Source::Fixed(Credentials {
            access_key: need("access_key_id", &self.access_key_id)?,
            secret_key: Secret::new(need("access_key_secret", &self.access_key_secret)?),
            security_token: token.map(Secret::new),
        }))
    }

    fn session(&self) -> Result<Source, String> {
        self.keys(Some(need("sts_token", &self.sts_token)?))
    }

    fn role(&self) -> Result<Role, String> {
        Ok(Role {
            arn: Some(need("ram_role_arn", &self.ram_role_arn)?),
            session_name: filled(Some(&self.ram_session_name)),
            policy: filled(Some(&self.policy)),
            seconds: self.seconds(),
            external_id: filled(Some(&self.external_id)),
        })
    }

    fn seconds(&self) -> Option<u64> {
        Some(self.expired_seconds).filter(|seconds| *seconds > 0)
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

    fn key_pair(&self, around: &Surroundings<'_>) -> Result<Source, String> {
        Ok(Source::KeyPair(KeyPair {
            id: need("key_pair_name", &self.key_pair_name)?,
            file: around.expand(&need("private_key", &self.private_key)?),
            seconds: self.seconds(),
            place: self.place(),
        }))
    }

    fn sign_in(&self) -> Sso {
        Sso {
            kind: Kind::CloudSso,
            profile: self.name.clone(),
            sign_in_url: self.cloud_sso_sign_in_url.clone(),
            account: self.cloud_sso_account_id.clone(),
            access_configuration: self.cloud_sso_access_config.clone(),
            token: Secret::new(self.access_token.clone()),
            token_ends: self.cloud_sso_access_token_expire,
            renewed_until: None,
            cached: self.cached(),
        }
    }

    fn oauth(&self) -> Sso {
        let url = match self.oauth_site_type.to_ascii_uppercase().as_str() {
            "INTL" => "https://oauth.alibabacloud.com",
            _ => "https://oauth.aliyun.com",
        };
        let renews = !self.oauth_refresh_token.is_empty();
        Sso {
            kind: Kind::OAuth,
            profile: self.name.clone(),
            sign_in_url: url.to_owned(),
            account: String::new(),
            access_configuration: String::new(),
            token: Secret::new(self.oauth_access_token.clone()),
            token_ends: self.oauth_access_token_expire,
            renewed_until: renews.then_some(self.oauth_refresh_token_expire),
            cached: self.cached(),
        }
    }

    /// The keys that the command has got from a login.
    fn cached(&self) -> Option<(Credentials, i64)> {
        match self.session() {
            Ok(Source::Fixed(credentials)) => Some((credentials, self.sts_expiration)),
            _ => None,
        }
    }
}
