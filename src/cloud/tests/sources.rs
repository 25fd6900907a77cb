//! What each source asks, and what it makes of the answers.

use super::*;
use crate::cloud::credentials::{
    Given, METADATA, Oidc, Remote, Role, Source, StsPlace, Surroundings, choose,
};

/// Lends through a script: the network's and the metadata's answers, in one queue.
async fn lend(source: Source, script: &Arc<Script>) -> Result<Arc<Credentials>, String> {
    let remote = Remote {
        network: script.clone(),
        nearby: script.clone(),
        metadata: METADATA.to_owned(),
        endpoints: Endpoints::single("http://127.0.0.1:7000"),
        region: "cn-hangzhou".into(),
        sign_version: SignVersion::V1,
        retry: Policy::default(),
        user_agent: "prov".into(),
    };
    let found = source.kept(remote).current().await;
    found.map(Option::unwrap).map_err(|error| error.message)
}

fn lent(key: &str) -> String {
    format!(
        r#"{{"Code":"Success","AccessKeyId":"{key}","AccessKeySecret":"s3cret","SecurityToken":"t0ken","Expiration":"2999-01-01T00:00:00Z"}}"#
    )
}

fn sts(key: &str) -> Sent {
    ok(&format!(
        r#"{{"RequestId":"R","Credentials":{}}}"#,
        lent(key)
    ))
}

fn role(name: &str) -> Role {
    Role {
        arn: Some(format!("acs:ram::1:role/{name}")),
        ..Role::default()
    }
}

fn machine(role: Option<&str>, only_with_token: bool) -> Source {
    Source::Machine {
        role: role.map(str::to_owned),
        only_with_token,
    }
}

/// Method, address, and the header with the metadata's session.
fn asked(script: &Script) -> Vec<String> {
    let requests = script.requests.lock().unwrap();
    let shown = requests.iter().map(|request| {
        let session = request.headers().get("x-aliyun-ecs-metadata-token");
        let session = session.map_or("-", |value| value.to_str().unwrap());
        format!("{} {} {session}", request.method(), request.uri())
    });
    shown.collect()
}

#[tokio::test(start_paused = true)]
async fn the_machines_role_is_asked_with_a_session() {
    let script = Script::of([ok("session"), ok("box\n"), ok(&lent("STS.m"))]);
    let found = lend(machine(None, false), &script).await.unwrap();
    assert_eq!(found.access_key, "STS.m");
    let keys = "http://100.100.100.200/latest/meta-data/ram/security-credentials/";
    assert_eq!(
        asked(&script),
        [
            "PUT http://100.100.100.200/latest/api/token -".to_owned(),
            format!("GET {keys} session"),
            format!("GET {keys}box session"),
        ]
    );
    let requests = script.requests.lock().unwrap();
    let seconds = &requests[0].headers()["x-aliyun-ecs-metadata-token-ttl-seconds"];
    assert_eq!(seconds, "21600");
}

#[tokio::test(start_paused = true)]
async fn old_metadata_are_asked_without_a_session_unless_that_is_forbidden() {
    let script = Script::of([answer(404, ""), ok(&lent("STS.m"))]);
    assert!(lend(machine(Some("box"), false), &script).await.is_ok());
    let script = Script::of([answer(403, ""), ok(&lent("STS.m"))]);
    let error = lend(machine(Some("box"), true), &script).await.unwrap_err();
    assert!(error.contains("HTTP status 403"), "{error}");
    assert_eq!(script.count(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_machine_that_is_not_there_is_not_asked_twice() {
    let nobody = || cut(TransportErrorKind::Connect);
    let script = Script::of([nobody(), nobody()]);
    let error = lend(machine(None, false), &script).await.unwrap_err();
    assert!(error.contains("100.100.100.200"), "{error}");
    assert_eq!(script.count(), 1);
    // Somebody says that there is one: it may be slow to answer.
    let script = Script::of([nobody(), nobody(), ok("session"), ok(&lent("STS.m"))]);
    assert!(lend(machine(Some("box"), false), &script).await.is_ok());
}

#[tokio::test(start_paused = true)]
async fn metadata_that_make_no_sense_are_said_to() {
    let session = || ok("session");
    for (role, answers, reason) in [
        (None, vec![session(), ok("\n")], "the instance has no role"),
        (
            None,
            vec![session(), ok("../box")],
            "is not the name of a role",
        ),
        (
            Some("box"),
            vec![session(), answer(404, "")],
            "there is no such role",
        ),
        (Some("box"), vec![session(), ok("s3cret")], "is not JSON"),
    ] {
        let sent = answers.len();
        let script = Script::of(answers);
        let error = lend(machine(role, false), &script).await.unwrap_err();
        assert!(error.contains(reason), "{error}");
        assert!(!error.contains("s3cret"), "{error}");
        assert_eq!(script.count(), sent, "{reason}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_role_is_asked_for_with_all_that_is_known_of_it() {
    let script = Script::of([sts("STS.r")]);
    let source = Source::Role {
        from: Box::new(Source::Fixed(testid())),
        role: Role {
            session_name: Some("run".into()),
            policy: Some("{}".into()),
            seconds: Some(900),
            external_id: Some("x".into()),
            ..role("r")
        },
        place: StsPlace::default(),
    };
    let found = lend(source, &script).await.unwrap();
    assert_eq!(found.access_key, "STS.r");
    let form = script.forms().remove(0);
    for (name, expected) in [
        ("Action", "AssumeRole"),
        ("Version", "2015-04-01"),
        ("AccessKeyId", "testid"),
        ("RoleArn", "acs:ram::1:role/r"),
        ("RoleSessionName", "run"),
        ("DurationSeconds", "900"),
        ("Policy", "{}"),
        ("ExternalId", "x"),
    ] {
        assert_eq!(value(&form, name).as_deref(), Some(expected), "{name}");
    }
}

#[tokio::test(start_paused = true)]
async fn roles_stand_on_one_another() {
    let script = Script::of([sts("STS.first"), sts("STS.second")]);
    let first = Source::Role {
        from: Box::new(Source::Fixed(testid())),
        role: role("first"),
        place: StsPlace::default(),
    };
    let second = Source::Role {
        from: Box::new(first),
        role: role("second"),
        place: StsPlace::default(),
    };
    let found = lend(second, &script).await.unwrap();
    assert_eq!(found.access_key, "STS.second");
    assert_eq!(script.values("AccessKeyId"), ["testid", "STS.first"]);
    assert_eq!(script.values("SecurityToken"), ["", "t0ken"]);
    assert_eq!(script.values("RoleSessionName"), ["terraform", "terraform"]);
}

#[tokio::test(start_paused = true)]
async fn a_refused_role_is_named_with_the_reason() {
    let script = Script::of([fault(403, "NoPermission")]);
    let source = Source::Role {
        from: Box::new(Source::Fixed(testid())),
        role: role("r"),
        place: StsPlace::default(),
    };
    let error = lend(source, &script).await.unwrap_err();
    for part in ["acs:ram::1:role/r", "NoPermission", "R-1"] {
        assert!(error.contains(part), "{part} is not in {error}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_token_of_an_identity_provider_needs_no_signature() {
    let script = Script::of([sts("STS.o")]);
    let file = tempfile::NamedTempFile::new().unwrap();
    std::io::Write::write_all(&mut file.as_file(), b"jwt-1\n").unwrap();
    let source = |token_file| Source::Oidc {
        oidc: Oidc {
            role: role("pod"),
            provider_arn: Some("acs:ram::1:oidc-provider/p".into()),
            token_file,
            token: None,
        },
        place: StsPlace::default(),
    };
    let found = lend(source(Some(file.path().to_owned())), &script).await;
    assert_eq!(found.unwrap().access_key, "STS.o");
    let form = script.forms().remove(0);
    assert_eq!(value(&form, "OIDCToken").as_deref(), Some("jwt-1"));
    for absent in [
        "AccessKeyId",
        "Signature",
        "SignatureMethod",
        "SecurityToken",
    ] {
        assert_eq!(value(&form, absent), None, "{absent}");
    }
    let error = lend(source(None), &script).await.unwrap_err();
    assert!(error.contains("oidc_token_file"), "{error}");
    let nobody = Source::Oidc {
        oidc: Oidc::default(),
        place: StsPlace::default(),
    };
    let error = lend(nobody, &script).await.unwrap_err();
    assert!(error.contains("ALIBABA_CLOUD_OIDC_PROVIDER_ARN"), "{error}");
    let error = lend(source(Some("/nowhere/token".into())), &script).await;
    assert!(error.unwrap_err().contains("/nowhere/token"));
}

#[tokio::test(start_paused = true)]
async fn a_uri_hands_out_keys_but_not_openly_from_afar() {
    let script = Script::of([ok(&lent("STS.u"))]);
    let uri = |text: &str| Source::Uri(text.to_owned());
    let found = lend(uri("http://127.0.0.1:9/keys?id=1"), &script).await;
    assert_eq!(found.unwrap().access_key, "STS.u");
    for (uri_, sent, reason) in [
        (
            "http://keys.example/?s=hidden",
            ok(""),
            "plain HTTP to another machine",
        ),
        ("ftp://keys.example", ok(""), "not a URL of http or https"),
        (
            "https://k.example",
            answer(500, "s3cret"),
            "HTTP status 500",
        ),
        ("https://k.example", ok("s3cret"), "not JSON"),
        (
            "https://k.example",
            ok(r#"{"Code":"Fail"}"#),
            "the code Fail",
        ),
        (
            "https://k.example",
            ok(r#"{"AccessKeyId":"a"}"#),
            "no AccessKeySecret",
        ),
    ] {
        let error = lend(uri(uri_), &Script::of([sent])).await.unwrap_err();
        assert!(error.contains(reason), "{uri_}: {error}");
        for hidden in ["hidden", "s3cret"] {
            assert!(!error.contains(hidden), "{error}");
        }
    }
}

/// The source that a profile of the `aliyun` command is, in a mode and with more in it.
fn profile(mode: &str, mut more: Json) -> Source {
    more["name"] = "p".into();
    more["mode"] = mode.into();
    let config = serde_json::json!({ "current": "p", "profiles": [more] }).to_string();
    let around = Surroundings {
        environment: &|name| (name == "HOME").then(|| "/home/me".to_owned()),
        file: &|_| Ok(config.clone()),
    };
    choose(&Given::default(), &around).unwrap().source
}

const LONG_AFTER: i64 = 32_503_680_000;

#[tokio::test]
async fn a_login_by_browser_lends_as_long_as_it_lasts() {
    let kept = serde_json::json!({
        "access_key_id": "STS.kept", "access_key_secret": "s", "sts_token": "t",
        "sts_expiration": LONG_AFTER,
    });
    let script = Script::of([]);
    let found = lend(profile("OAuth", kept), &script).await.unwrap();
    assert_eq!((found.access_key.as_str(), script.count()), ("STS.kept", 0));
    let login = |site: &str| {
        serde_json::json!({
            "oauth_site_type": site, "oauth_access_token": "bearer",
            "oauth_access_token_expire": LONG_AFTER,
        })
    };
    let sso = serde_json::json!({
        "cloud_sso_sign_in_url": "https://sign.example/start/login", "cloud_sso_account_id": "1",
        "cloud_sso_access_config": "ac-1", "access_token": "bearer",
        "cloud_sso_access_token_expire": LONG_AFTER,
    });
    let nested = format!(r#"{{"CloudCredential":{}}}"#, lent("STS.new"));
    for (source, sent, url, body) in [
        (
            profile("OAuth", login("CN")),
            lent("STS.new"),
            "https://oauth.aliyun.com/v1/exchange",
            "",
        ),
        (
            profile("OAuth", login("intl")),
            lent("STS.new"),
            "https://oauth.alibabacloud.com/v1/exchange",
            "",
        ),
        (
            profile("CloudSSO", sso),
            nested,
            "https://sign.example/cloud-credentials",
            r#"{"AccessConfigurationId":"ac-1","AccountId":"1"}"#,
        ),
    ] {
        let script = Script::of([ok(&sent)]);
        let found = lend(source, &script).await.unwrap();
        assert_eq!(found.access_key, "STS.new");
        let requests = script.requests.lock().unwrap();
        assert_eq!(requests[0].uri(), url);
        assert_eq!(requests[0].headers()["authorization"], "Bearer bearer");
        assert_eq!(requests[0].body(), body);
    }
}

#[tokio::test]
async fn a_login_that_does_not_last_says_how_to_log_in_again() {
    let oauth = |ends: i64, renewed_until: i64| {
        profile(
            "OAuth",
            serde_json::json!({
                "oauth_access_token": "bearer", "oauth_access_token_expire": ends,
                "oauth_refresh_token": "bearer", "oauth_refresh_token_expire": renewed_until,
            }),
        )
    };
    let plain = profile(
        "CloudSSO",
        serde_json::json!({
            "cloud_sso_sign_in_url": "http://sign.example", "access_token": "bearer",
            "cloud_sso_access_token_expire": LONG_AFTER, "cloud_sso_account_id": "1",
            "cloud_sso_access_config": "ac-1",
        }),
    );
    let nowhere = profile(
        "CloudSSO",
        serde_json::json!({
            "access_token": "bearer", "cloud_sso_access_token_expire": LONG_AFTER,
        }),
    );
    for (source, sent, reasons) in [
        (
            nowhere,
            ok(""),
            ["it has no cloud_sso_sign_in_url", "--mode CloudSSO"],
        ),
        (
            oauth(1, 1),
            ok(""),
            ["has expired", "--mode OAuth --profile p"],
        ),
        (
            oauth(1, LONG_AFTER),
            ok(""),
            ["has expired", "aliyun sts GetCallerIdentity --profile p"],
        ),
        (
            oauth(LONG_AFTER, 0),
            answer(401, "bearer"),
            ["HTTP status 401", "--mode OAuth"],
        ),
        (
            oauth(LONG_AFTER, 0),
            ok("bearer"),
            ["is not JSON", "--mode OAuth"],
        ),
        (plain, ok(""), ["plain HTTP", "--mode CloudSSO --profile p"]),
    ] {
        let error = lend(source, &Script::of([sent])).await.unwrap_err();
        for reason in reasons {
            assert!(error.contains(reason), "{error}");
        }
        assert!(!error.contains("bearer"), "{error}");
    }
}

/// The command has a token that nobody renews judged by the one who gave it.
#[tokio::test]
async fn a_token_that_nobody_renews_is_tried() {
    let login = serde_json::json!({ "oauth_access_token": "bearer" });
    let answer = r#"{"requestId":"R","accessKeyId":"STS.new","accessKeySecret":"s","securityToken":"t","expiration":"2999-01-01T00:00:00Z"}"#;
    let found = lend(profile("OAuth", login), &Script::of([ok(answer)])).await;
    let found = found.unwrap();
    assert_eq!(found.access_key, "STS.new");
    assert_eq!(found.security_token.as_ref().unwrap().expose_secret(), "t");
}

/// A key of nobody.
const PRIVATE_KEY: &str = include_str!("key_pair.pem");

/// A profile with the private key in a file of its own.
fn key_pair(text: &str, seconds: u64) -> (tempfile::NamedTempFile, Source) {
    let mut file = tempfile::NamedTempFile::new().unwrap();
    std::io::Write::write_all(&mut file, text.as_bytes()).unwrap();
    let fields = serde_json::json!({
        "key_pair_name": "pair-1", "private_key": file.path(), "expired_seconds": seconds,
    });
    let source = profile("RsaKeyPair", fields);
    (file, source)
}

#[tokio::test]
async fn a_key_pair_signs_for_the_keys_of_a_session() {
    use base64::{Engine as _, engine::general_purpose::STANDARD};
    use ring::signature::{RSA_PKCS1_2048_8192_SHA256, UnparsedPublicKey};
    let inner: String = PRIVATE_KEY
        .lines()
        .filter(|line| !line.starts_with('-'))
        .collect();
    let pair = ring::rsa::KeyPair::from_pkcs8(&STANDARD.decode(&inner).unwrap()).unwrap();
    let public = UnparsedPublicKey::new(&RSA_PKCS1_2048_8192_SHA256, pair.public().as_ref());
    let session = r#"{"RequestId":"R","SessionAccessKey":{"SessionAccessKeyId":"TMPSK.1","SessionAccessKeySecret":"s","Expiration":"2999-01-01T00:00:00Z"}}"#;
    // The SDKs take the Base64 without the lines around it, too.
    for (text, seconds, sent) in [(PRIVATE_KEY, 0, "3600"), (&inner, 900, "900")] {
        let (_file, source) = key_pair(text, seconds);
        let script = Script::of([ok(session)]);
        let found = lend(source, &script).await.unwrap();
        assert_eq!(
            (found.access_key.as_str(), &found.security_token),
            ("TMPSK.1", &None)
        );
        let requests = script.requests.lock().unwrap();
        assert_eq!(requests[0].method(), "GET");
        let query = requests[0].uri().query().unwrap();
        let decoded = |text: &str| {
            let text = percent_encoding::percent_decode_str(text);
            text.decode_utf8().unwrap().into_owned()
        };
        let pairs = query.split('&').map(|pair| pair.split_once('=').unwrap());
        let mut params: Vec<_> = pairs
            .map(|(name, value)| (decoded(name), decoded(value)))
            .collect();
        let at = params
            .iter()
            .position(|(name, _)| name == "Signature")
            .unwrap();
        let signature = STANDARD.decode(params.remove(at).1).unwrap();
        let signed = crate::cloud::sign::v1_string_to_sign("GET", &params);
        public.verify(signed.as_bytes(), &signature).unwrap();
        for (name, value) in [
            ("AccessKeyId", "pair-1"),
            ("Action", "GenerateSessionAccessKey"),
            ("DurationSeconds", sent),
            ("SignatureMethod", "SHA256withRSA"),
            ("SignatureType", "PRIVATEKEY"),
            ("Version", "2015-04-01"),
        ] {
            assert!(
                params.contains(&(name.to_owned(), value.to_owned())),
                "{name} {query}"
            );
        }
    }
}

#[tokio::test]
async fn a_key_pair_that_gives_no_keys_says_why() {
    for (text, seconds, sent, reason) in [
        (
            PRIVATE_KEY,
            60,
            ok(""),
            "lasts 900 to 3600 seconds, and expired_seconds is 60",
        ),
        ("secret!", 0, ok(""), "its private key is not Base64"),
        ("c2VjcmV0", 0, ok(""), "its private key is not understood"),
        (
            PRIVATE_KEY,
            0,
            fault(403, "NoPermission"),
            "STS answered NoPermission: It is so.",
        ),
        (
            PRIVATE_KEY,
            0,
            answer(502, "<html>"),
            "the answer of STS is not JSON",
        ),
        (
            PRIVATE_KEY,
            0,
            ok("{}"),
            "STS answered with HTTP status 200",
        ),
    ] {
        let (_file, source) = key_pair(text, seconds);
        let error = lend(source, &Script::of([sent])).await.unwrap_err();
        assert!(
            error.contains("The key pair pair-1 gives no keys"),
            "{error}"
        );
        assert!(error.contains(reason), "{error}");
        assert!(
            !error.contains("secret!") && !error.contains("c2VjcmV0"),
            "{error}"
        );
    }
    let (file, source) = key_pair(PRIVATE_KEY, 0);
    file.close().unwrap();
    let error = lend(source, &Script::of([])).await.unwrap_err();
    assert!(error.contains("its private key cannot be read"), "{error}");
}

#[tokio::test]
async fn a_program_is_run_without_a_shell() {
    let script = Script::of([]);
    let run = |command: &str| Source::Process(command.to_owned());
    let json =
        r#"{"mode":"StsToken","access_key_id":"STS.p","access_key_secret":"s","sts_token":"t"}"#;
    let found = lend(run(&format!("printf '%s' '{json}'")), &script)
        .await
        .unwrap();
    assert_eq!(found.access_key, "STS.p");
    // A shell would take these apart.
    let literal = format!("printf '%s' '{}'", json.replace("STS.p", "$(id);`id`|x"));
    let found = lend(run(&literal), &script).await.unwrap();
    assert_eq!(found.access_key, "$(id);`id`|x");
    for (command, reason) in [
        (
            "/nowhere/program",
            "The program /nowhere/program gave no credentials",
        ),
        ("false", "ended with"),
        ("printf s3cret", "not JSON"),
        ("printf '{}'", "it printed no access_key_id"),
        (
            "printf '{\"mode\":\"StsToken\"}'",
            "it printed no sts_token",
        ),
        ("printf '{\"mode\":\"EcsRamRole\"}'", "not AK or StsToken"),
        ("printf '{\"expiration\":\"soon\"}'", "is not a time"),
        ("printf 'x", "not closed"),
        // As in a shell, a backslash between single quotes is a backslash.
        ("printf 's3cret\\\\'", "not JSON"),
        ("printf \\", "ends with a backslash"),
        (" ", "is empty"),
    ] {
        let error = lend(run(command), &script).await.unwrap_err();
        assert!(error.contains(reason), "{command}: {error}");
        assert!(!error.contains("s3cret"), "{error}");
    }
}

#[tokio::test(start_paused = true)]
async fn what_was_tried_is_listed_when_nothing_helps() {
    let script = Script::of([cut(TransportErrorKind::Connect)]);
    let source = Source::FirstOf {
        sources: vec![("role of the ECS instance", machine(None, false))],
        skipped: Vec::new(),
    };
    let error = lend(source, &script).await.unwrap_err();
    assert!(
        error.contains("No credentials for Alibaba Cloud"),
        "{error}"
    );
    assert!(
        error.contains("- role of the ECS instance: The instance's metadata"),
        "{error}"
    );
}

#[tokio::test(start_paused = true)]
async fn the_location_service_is_asked_when_somebody_has_said_where_it_is() {
    let told = r#"{"Endpoints":{"Endpoint":[{"Endpoint":"127.0.0.1:7777"}]},"Success":true}"#;
    let script = Script::of([ok(told)]);
    let location = [(Product::Location, "http://127.0.0.1:7000".to_owned())];
    let none = |_: &str| None;
    let mut settings = settings();
    settings.endpoints = Endpoints::new(location, crate::cloud::endpoint::Protocol::Http, &none);
    let client = Client::new(settings, script.clone());
    for _ in 0..2 {
        client.call(&read()).await.unwrap();
    }
    let requests = script.requests.lock().unwrap();
    let hosts: Vec<&str> = requests
        .iter()
        .map(|one| one.uri().authority().unwrap().as_str())
        .collect();
    assert_eq!(
        hosts,
        ["127.0.0.1:7000", "127.0.0.1:7777", "127.0.0.1:7777"]
    );
}

#[tokio::test(start_paused = true)]
async fn a_public_host_that_does_not_exist_is_looked_up() {
    let told = r#"{"Endpoints":{"Endpoint":[{"Endpoint":"vpc.other.example"}]}}"#;
    let script = Script::of([cut(TransportErrorKind::Resolve), ok(told)]);
    let mut settings = settings();
    settings.region = "cn-wuhan".into();
    settings.endpoints = Endpoints::default();
    let client = Client::new(settings, script.clone());
    client.call(&read()).await.unwrap();
    let requests = script.requests.lock().unwrap();
    let hosts: Vec<&str> = requests
        .iter()
        .map(|one| one.uri().host().unwrap())
        .collect();
    assert_eq!(
        hosts,
        [
            "vpc.cn-wuhan.aliyuncs.com",
            "location.aliyuncs.com",
            "vpc.other.example"
        ]
    );
}
