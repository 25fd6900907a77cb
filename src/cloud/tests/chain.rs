//! Which source of credentials is chosen, without asking anybody.

use std::{collections::BTreeMap, io, path::Path};

use super::*;
use crate::cloud::credentials::{
    Chosen, Given, NoCredentials, Oidc, Role, Source, Surroundings, choose,
};

/// What surrounds a choice: variables, and files below `/home/me`.
#[derive(Default)]
struct Around {
    variables: BTreeMap<String, String>,
    files: BTreeMap<String, String>,
}

impl Around {
    fn new(variables: &[(&str, &str)]) -> Self {
        let pairs = variables.iter().chain(&[("HOME", "/home/me")]);
        let owned = pairs.map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
        Self {
            variables: owned.collect(),
            files: BTreeMap::new(),
        }
    }

    fn file(mut self, path: &str, text: impl Into<String>) -> Self {
        let path = Path::new("/home/me").join(path).display().to_string();
        self.files.insert(path, text.into());
        self
    }

    fn choose(&self, given: &Given) -> Result<Chosen, NoCredentials> {
        let environment = |name: &str| self.variables.get(name).cloned();
        let file = |path: &Path| {
            let found = self.files.get(&path.display().to_string());
            found.cloned().ok_or_else(|| io::ErrorKind::NotFound.into())
        };
        choose(
            given,
            &Surroundings {
                environment: &environment,
                file: &file,
            },
        )
    }

    /// The choice in a word or two.
    fn chosen(&self, given: &Given) -> String {
        match self.choose(given) {
            Ok(chosen) => shown(&chosen.source),
            Err(error) => format!("error: {error}"),
        }
    }
}

fn shown(source: &Source) -> String {
    match source {
        Source::Fixed(key) => {
            let secret = key.secret_key.expose_secret();
            let token = key.security_token.as_ref();
            let token = token.map_or("", |token| token.expose_secret());
            format!("key {} {secret} {token}", key.access_key)
                .trim_end()
                .to_owned()
        }
        Source::Role { from, role, .. } => {
            let arn = role.arn.as_deref().unwrap_or_default();
            format!("role {arn} by {}", shown(from))
        }
        Source::Oidc { oidc, .. } => format!(
            "oidc {} {}",
            oidc.role.arn.as_deref().unwrap_or_default(),
            oidc.token_file
                .as_deref()
                .unwrap_or(Path::new(""))
                .display()
        ),
        Source::Machine {
            role,
            only_with_token,
        } => format!("machine {role:?} {only_with_token}"),
        Source::Uri(uri) => format!("uri {uri}"),
        Source::Process(command) => format!("process {command}"),
        Source::KeyPair(_) => "key pair".to_owned(),
        Source::Sso(_) => "sso".to_owned(),
        Source::FirstOf { sources, .. } => {
            let all: Vec<String> = sources.iter().map(|(_, source)| shown(source)).collect();
            all.join(", else ")
        }
    }
}

/// A configuration of the `aliyun` command.
fn config(current: &str, profiles: &Json) -> String {
    serde_json::json!({ "current": current, "profiles": profiles, "meta_path": "" }).to_string()
}

fn key_profile(name: &str) -> Json {
    serde_json::json!({
        "name": name, "mode": "AK", "access_key_id": format!("{name}-id"),
        "access_key_secret": format!("{name}-secret"), "region_id": "cn-wuhan", "sts_token": "",
    })
}

const CONFIG: &str = ".aliyun/config.json";
const INI: &str = ".alibabacloud/credentials";

#[test]
fn the_order_is_as_documented() {
    // Everything at once; what wins is taken away until nothing is left.
    let mut around = Around::new(&[
        ("ALICLOUD_ACCESS_KEY", "tf"),
        ("ALICLOUD_SECRET_KEY", "tf-secret"),
        ("ALIBABA_CLOUD_ACCESS_KEY_ID", "sdk"),
        ("ALIBABA_CLOUD_ACCESS_KEY_SECRET", "sdk-secret"),
        (
            "ALIBABA_CLOUD_OIDC_PROVIDER_ARN",
            "acs:ram::1:oidc-provider/p",
        ),
        ("ALIBABA_CLOUD_OIDC_TOKEN_FILE", "/token"),
        ("ALIBABA_CLOUD_ROLE_ARN", "acs:ram::1:role/pod"),
        ("ALIBABA_CLOUD_CREDENTIALS_URI", "http://127.0.0.1/keys"),
    ])
    .file(
        CONFIG,
        config("default", &serde_json::json!([key_profile("default")])),
    )
    .file(
        INI,
        "[default]\ntype = access_key\naccess_key_id = ini\naccess_key_secret = ini-secret\n",
    );
    let mut given = Given {
        access_key: Some("block".into()),
        secret_key: Some(Secret::new("block-secret")),
        profile: Some("default".into()),
        ecs_role_name: Some("box".into()),
        credentials_uri: Some("https://keys.example".into()),
        assume_role_with_oidc: Some(Oidc::default()),
        ..Given::default()
    };
    assert_eq!(around.chosen(&given), "key block block-secret");
    given.access_key = None;
    given.secret_key = None;
    assert_eq!(around.chosen(&given), "key tf tf-secret");
    around
        .variables
        .retain(|name, _| !name.starts_with("ALICLOUD"));
    assert_eq!(around.chosen(&given), "key sdk sdk-secret");
    around
        .variables
        .retain(|name, _| !name.contains("ACCESS_KEY"));
    assert_eq!(around.chosen(&given), "oidc acs:ram::1:role/pod /token");
    given.assume_role_with_oidc = None;
    assert_eq!(around.chosen(&given), "key default-id default-secret");
    given.profile = None;
    assert_eq!(around.chosen(&given), "machine Some(\"box\") false");
    given.ecs_role_name = None;
    assert_eq!(around.chosen(&given), "uri https://keys.example");
    given.credentials_uri = None;
    assert_eq!(around.chosen(&given), "oidc acs:ram::1:role/pod /token");
    around.variables.remove("ALIBABA_CLOUD_OIDC_TOKEN_FILE");
    assert_eq!(around.chosen(&given), "key default-id default-secret");
    around
        .files
        .retain(|path, _| !path.ends_with("config.json"));
    assert_eq!(around.chosen(&given), "key ini ini-secret");
    around.files.clear();
    assert_eq!(
        around.chosen(&given),
        "machine None false, else uri http://127.0.0.1/keys"
    );
    around
        .variables
        .insert("ALIBABA_CLOUD_ECS_METADATA_DISABLED".into(), "true".into());
    assert_eq!(around.chosen(&given), "uri http://127.0.0.1/keys");
    around.variables.remove("ALIBABA_CLOUD_CREDENTIALS_URI");
    let error = around.chosen(&given);
    for reason in [
        "ALICLOUD_ACCESS_KEY",
        "assume_role_with_oidc, profile, ecs_role_name, credentials_uri: not in the provider block",
        "ALIBABA_CLOUD_OIDC_TOKEN_FILE is not set",
        "/home/me/.aliyun/config.json does not exist",
        "/home/me/.alibabacloud/credentials does not exist",
        "ALIBABA_CLOUD_ECS_METADATA_DISABLED is set",
        "ALIBABA_CLOUD_CREDENTIALS_URI is set",
    ] {
        assert!(error.contains(reason), "{reason} is not in {error}");
    }
}

#[test]
fn keys_that_belong_together_are_taken_together() {
    let around = Around::new(&[
        ("ALICLOUD_SECRET_KEY", "old"),
        ("ALIBABA_CLOUD_ACCESS_KEY_ID", "new"),
        ("ALIBABA_CLOUD_ACCESS_KEY_SECRET", "new-secret"),
        ("ALIBABA_CLOUD_SECURITY_TOKEN", "new-token"),
    ]);
    assert_eq!(
        around.chosen(&Given::default()),
        "key new new-secret new-token"
    );
    // A token that is left over does not spoil a key of the block; an empty key is none.
    let mut given = Given {
        access_key: Some("block".into()),
        secret_key: Some(Secret::new("block-secret")),
        ..Given::default()
    };
    assert_eq!(around.chosen(&given), "key block block-secret");
    given.access_key = Some(String::new());
    assert_eq!(around.chosen(&given), "key new block-secret new-token");
    let half = Around::new(&[("ALIBABACLOUD_ACCESS_KEY_ID", "a")]);
    let error = half.chosen(&Given::default());
    assert!(error.contains("ALIBABACLOUD_ACCESS_KEY_SECRET"), "{error}");
}

#[test]
fn a_role_is_acted_as_with_whatever_was_found() {
    let around = Around::new(&[
        ("ALICLOUD_ACCESS_KEY", "tf"),
        ("ALICLOUD_SECRET_KEY", "tf-secret"),
        ("ALICLOUD_ASSUME_ROLE_ARN", "acs:ram::1:role/env"),
    ]);
    let mut given = Given {
        assume_role: Some(Role {
            arn: Some("acs:ram::1:role/block".into()),
            ..Role::default()
        }),
        ..Given::default()
    };
    let by = "by key tf tf-secret";
    assert_eq!(
        around.chosen(&given),
        format!("role acs:ram::1:role/block {by}")
    );
    // The block leaves the role to the environment; without a block there is none.
    given.assume_role = Some(Role::default());
    assert_eq!(
        around.chosen(&given),
        format!("role acs:ram::1:role/env {by}")
    );
    given.assume_role = None;
    assert_eq!(around.chosen(&given), "key tf tf-secret");
    let nobody = Around::new(&[("ALICLOUD_ACCESS_KEY", "tf"), ("ALICLOUD_SECRET_KEY", "s")]);
    given.assume_role = Some(Role::default());
    assert_eq!(nobody.chosen(&given), "key tf s");
}

#[test]
fn every_mode_of_a_profile_is_understood() {
    let keys = serde_json::json!({ "access_key_id": "id", "access_key_secret": "secret" });
    let with = |mode: &str, more: Json| {
        let mut profile = keys.clone();
        let fields = profile.as_object_mut().unwrap();
        fields.extend(more.as_object().unwrap().clone());
        fields.insert("name".into(), "p".into());
        fields.insert("mode".into(), mode.into());
        let all = serde_json::json!([profile, key_profile("base")]);
        let around = Around::new(&[("ALIBABA_CLOUD_PROFILE", "p")]).file(CONFIG, config("", &all));
        around.chosen(&Given::default())
    };
    let role = serde_json::json!({
        "ram_role_arn": "acs:ram::1:role/r", "ram_session_name": "s", "ram_role_name": "box",
        "source_profile": "base", "oidc_provider_arn": "acs:ram::1:oidc-provider/o",
        "oidc_token_file": "~/token", "process_command": "give keys",
        "credentials_uri": "http://127.0.0.1/", "sts_token": "token",
        "cloud_sso_sign_in_url": "https://sso.example/login", "cloud_sso_account_id": "1",
        "cloud_sso_access_config": "ac-1", "key_pair_name": "pair", "private_key": "~/key.pem",
    });
    for (mode, expected) in [
        // The command leaves a token of another mode where it is.
        ("AK", "key id secret"),
        ("ak", "key id secret"),
        ("StsToken", "key id secret token"),
        (
            "RamRoleArn",
            "role acs:ram::1:role/r by key id secret token",
        ),
        ("EcsRamRole", "machine Some(\"box\") false"),
        (
            "RamRoleArnWithRoleName",
            "role acs:ram::1:role/r by machine Some(\"box\") false",
        ),
        (
            "RamRoleArnWithEcs",
            "role acs:ram::1:role/r by machine Some(\"box\") false",
        ),
        (
            "ChainableRamRoleArn",
            "role acs:ram::1:role/r by key base-id base-secret",
        ),
        ("External", "process give keys"),
        ("CredentialsURI", "uri http://127.0.0.1/"),
        ("OIDC", "oidc acs:ram::1:role/r /home/me/token"),
        ("CloudSSO", "sso"),
        ("OAuth", "sso"),
        ("RsaKeyPair", "key pair"),
        ("", "key id secret token"),
    ] {
        assert_eq!(with(mode, role.clone()), expected, "{mode}");
    }
    for (mode, reason) in [
        (
            "BearerToken",
            "the mode BearerToken, which does not help here",
        ),
        ("Anonymous", "the mode Anonymous, which does not help here"),
        ("RsaKeyPair", "has no key_pair_name"),
        ("CredentialsURI", "has no credentials_uri"),
        ("Sesame", "the unknown mode \"Sesame\""),
        ("OIDC", "has no ram_role_arn"),
    ] {
        let error = with(mode, serde_json::json!({}));
        assert!(error.contains(reason), "{mode}: {error}");
        assert!(
            error.contains("The profile \"p\" of /home/me/.aliyun/config.json"),
            "{error}"
        );
    }
}

#[test]
fn without_a_mode_a_profile_is_what_the_command_takes_it_for() {
    let of = |fields: Json| {
        let mut profile = fields;
        profile["name"] = "p".into();
        let all = serde_json::json!([profile, key_profile("base")]);
        let around = Around::new(&[]).file(CONFIG, config("p", &all));
        around.chosen(&Given {
            profile: Some("p".into()),
            ..Given::default()
        })
    };
    let arn = "acs:ram::1:role/r";
    for (fields, expected) in [
        (
            serde_json::json!({ "access_key_id": "i", "access_key_secret": "s", "ram_role_arn": arn }),
            "role acs:ram::1:role/r by key i s",
        ),
        (
            serde_json::json!({ "key_pair_name": "k", "private_key": "f", "ram_role_name": "box" }),
            "key pair",
        ),
        (
            serde_json::json!({ "access_key_id": "i", "ram_role_name": "box" }),
            "machine Some(\"box\") false",
        ),
        (
            serde_json::json!({
                "ram_role_arn": arn, "oidc_provider_arn": "o", "source_profile": "base",
            }),
            "role acs:ram::1:role/r by key base-id base-secret",
        ),
        (
            serde_json::json!({ "ram_role_name": "box", "process_command": "p" }),
            "machine Some(\"box\") false",
        ),
        (
            serde_json::json!({
                "ram_role_arn": arn, "oidc_provider_arn": "o", "oidc_token_file": "/t",
                "source_profile": "base",
            }),
            "oidc acs:ram::1:role/r /t",
        ),
        (
            serde_json::json!({ "ram_role_arn": arn, "source_profile": "base" }),
            "role acs:ram::1:role/r by key base-id base-secret",
        ),
    ] {
        assert_eq!(of(fields), expected);
    }
    let bearer = of(serde_json::json!({ "bearer_token": "b" }));
    assert!(
        bearer.contains("the mode BearerToken, which does not help here"),
        "{bearer}"
    );
}

#[test]
fn a_chain_of_profiles_ends() {
    let chained = |name: &str, from: &str| {
        serde_json::json!({
            "name": name, "mode": "ChainableRamRoleArn", "source_profile": from,
            "ram_role_arn": format!("acs:ram::1:role/{name}"),
        })
    };
    let all = serde_json::json!([
        chained("a", "b"),
        chained("b", "base"),
        key_profile("base"),
        chained("x", "y"),
        chained("y", "x"),
        chained("lost", "nowhere"),
    ]);
    let around = Around::new(&[]).file(CONFIG, config("a", &all));
    let of = |name: &str| {
        around.chosen(&Given {
            profile: Some(name.into()),
            ..Given::default()
        })
    };
    assert_eq!(
        of("a"),
        "role acs:ram::1:role/a by role acs:ram::1:role/b by key base-id base-secret"
    );
    assert!(of("x").contains("in the end on itself"), "{}", of("x"));
    assert!(of("lost").contains("stands on \"nowhere\", which is not there"));
}

#[test]
fn a_profile_that_somebody_names_is_not_replaced_by_something_else() {
    let all = serde_json::json!([key_profile("default"), key_profile("production")]);
    let around = Around::new(&[]).file(CONFIG, config("default", &all));
    let named = Given {
        profile: Some("produktion".into()),
        ..Given::default()
    };
    let error = around.chosen(&named);
    assert!(error.contains("did you mean \"production\"?"), "{error}");
    let mut around = around;
    around
        .variables
        .insert("ALICLOUD_PROFILE".into(), "produktion".into());
    let error = around.chosen(&Given::default());
    assert!(
        error.contains("\"produktion\", which the environment names"),
        "{error}"
    );
    around
        .variables
        .insert("ALICLOUD_PROFILE".into(), "production".into());
    assert_eq!(
        around.chosen(&Given::default()),
        "key production-id production-secret"
    );
    // Nobody has asked for an unusable current profile, so something else may be found.
    let empty = serde_json::json!([{ "name": "default", "mode": "AK" }]);
    let around = Around::new(&[]).file(CONFIG, config("default", &empty));
    assert_eq!(around.chosen(&Given::default()), "machine None false");
    let off = Around::new(&[("ALIBABA_CLOUD_CLI_PROFILE_DISABLED", "true")])
        .file(CONFIG, config("default", &all));
    assert_eq!(off.chosen(&Given::default()), "machine None false");
}

#[test]
fn the_file_may_be_elsewhere_and_of_the_other_kind() {
    let ini = "# keys\n[ci]\ntype=ram_role_arn\naccess_key_id=i\naccess_key_secret=s\n\
               role_arn=acs:ram::1:role/ci\n[box]\ntype=ecs_ram_role\nrole_name=box\n\
               [odd]\ntype=rsa_key_pair\n";
    let around = Around::new(&[]).file("keys.ini", ini);
    let of = |profile: &str| {
        around.chosen(&Given {
            profile: Some(profile.into()),
            shared_credentials_file: Some("~/keys.ini".into()),
            ..Given::default()
        })
    };
    assert_eq!(of("ci"), "role acs:ram::1:role/ci by key i s");
    assert_eq!(of("box"), "machine Some(\"box\") false");
    assert!(of("odd").contains("the type rsa_key_pair"), "{}", of("odd"));
    let variables = [
        ("ALIBABA_CLOUD_CREDENTIALS_FILE", "/home/me/keys.ini"),
        ("ALIBABA_CLOUD_PROFILE", "ci"),
    ];
    let around = Around::new(&variables).file("keys.ini", ini);
    assert_eq!(
        around.chosen(&Given::default()),
        "role acs:ram::1:role/ci by key i s"
    );
    let variables = [variables[0], ("ALIBABA_CLOUD_PROFILE", "live")];
    let error = Around::new(&variables)
        .file("keys.ini", ini)
        .chosen(&Given::default());
    assert_eq!(
        error,
        "error: There is no section \"live\" in /home/me/keys.ini"
    );
}

#[test]
fn a_broken_file_is_named_and_not_quoted() {
    let text = "{\"current\": \"default\", \"profiles\": [{\"access_key_secret\": hunter2}]}";
    let around = Around::new(&[("ALIBABA_CLOUD_PROFILE", "p")]).file(CONFIG, text);
    let error = around.chosen(&Given::default());
    assert!(
        error.contains("config.json is not understood (line 1"),
        "{error}"
    );
    assert!(!error.contains("hunter2"), "{error}");
}

#[test]
fn a_profile_has_a_region_when_it_is_named_or_used() {
    let all = serde_json::json!([key_profile("default")]);
    let region = |variables: &[(&str, &str)], given: &Given| {
        let around = Around::new(variables).file(CONFIG, config("default", &all));
        around.choose(given).unwrap().region
    };
    let none = Given::default();
    let key = [("ALICLOUD_ACCESS_KEY", "a"), ("ALICLOUD_SECRET_KEY", "b")];
    assert_eq!(region(&[], &none).as_deref(), Some("cn-wuhan"));
    assert_eq!(region(&key, &none), None);
    let named = Given {
        profile: Some("default".into()),
        ..Given::default()
    };
    assert_eq!(region(&key, &named).as_deref(), Some("cn-wuhan"));
}
