use super::*;
use crate::cloud::{
    credentials::{self, CredentialsError, Given},
    endpoint::Protocol,
};

fn environment(
    entries: &'static [(&'static str, &'static str)],
) -> impl Fn(&str) -> Option<String> {
    move |name| {
        let found = entries.iter().find(|(key, _)| *key == name);
        found.map(|(_, value)| (*value).to_owned())
    }
}

fn found(
    given: &Given,
    entries: &'static [(&'static str, &'static str)],
) -> Result<(String, String, Option<String>), CredentialsError> {
    let shown = |secret: Secret| secret.expose_secret().to_owned();
    credentials::resolve(given, &environment(entries)).map(|found| {
        (
            found.access_key,
            shown(found.secret_key),
            found.security_token.map(shown),
        )
    })
}

fn key(access: &str, secret: &str, token: Option<&str>) -> (String, String, Option<String>) {
    (access.into(), secret.into(), token.map(str::to_owned))
}

#[test]
fn the_block_wins_over_the_environment() {
    let given = Given {
        access_key: Some("block".into()),
        secret_key: Some(Secret::new("block-secret")),
        ..Given::default()
    };
    let entries = &[
        ("ALICLOUD_ACCESS_KEY", "env"),
        ("ALICLOUD_SECRET_KEY", "env-secret"),
        ("ALICLOUD_SECURITY_TOKEN", "left over"),
    ];
    assert_eq!(
        found(&given, entries),
        Ok(key("block", "block-secret", None))
    );
    let empty = Given {
        access_key: Some(String::new()),
        ..Given::default()
    };
    let expected = key("env", "env-secret", Some("left over"));
    assert_eq!(found(&empty, entries), Ok(expected));
}

#[test]
fn names_that_belong_together_are_taken_together() {
    let entries = &[
        ("ALICLOUD_SECRET_KEY", "old"),
        ("ALIBABA_CLOUD_ACCESS_KEY_ID", "new"),
        ("ALIBABA_CLOUD_ACCESS_KEY_SECRET", "new-secret"),
        ("ALIBABA_CLOUD_SECURITY_TOKEN", "new-token"),
    ];
    let expected = key("new", "new-secret", Some("new-token"));
    assert_eq!(found(&Given::default(), entries), Ok(expected));
}

#[test]
fn what_is_missing_or_not_supported_is_said() {
    let none = Given::default();
    let error = found(&none, &[]).unwrap_err();
    assert_eq!(error, CredentialsError::Missing);
    assert!(error.to_string().contains("ALICLOUD_ACCESS_KEY"));

    let error = found(&none, &[("ALIBABACLOUD_ACCESS_KEY_ID", "a")]).unwrap_err();
    assert!(error.to_string().contains("ALIBABACLOUD_ACCESS_KEY_SECRET"));

    let error = found(&none, &[("ALIBABA_CLOUD_PROFILE", "p")]).unwrap_err();
    assert!(
        error
            .to_string()
            .contains("ALIBABA_CLOUD_PROFILE are not supported yet")
    );

    let role = Given {
        access_key: Some("a".into()),
        secret_key: Some(Secret::new("s")),
        other_sources: vec!["assume_role".into()],
        ..Given::default()
    };
    let error = found(&role, &[]).unwrap_err();
    assert!(error.to_string().contains("`assume_role`"), "{error}");
}

#[test]
fn the_region_is_found() {
    let entries = environment(&[
        ("ALICLOUD_REGION", ""),
        ("ALIBABA_CLOUD_REGION", "cn-beijing"),
    ]);
    assert_eq!(
        credentials::region(Some("cn-wuhan"), &entries).as_deref(),
        Some("cn-wuhan")
    );
    assert_eq!(
        credentials::region(None, &entries).as_deref(),
        Some("cn-beijing")
    );
    assert_eq!(credentials::region(None, &environment(&[])), None);
}

/// The address of a product in cn-beijing.
fn address(endpoints: &Endpoints, product: Product) -> String {
    endpoints.resolve(product, "cn-beijing").unwrap().url()
}

#[test]
fn endpoints_come_from_block_environment_and_region() {
    let entries = environment(&[
        ("ALIBABA_CLOUD_ENDPOINT_ECS", "ecs.env.example"),
        ("VPC_ENDPOINT", "https://vpc.env.example:443/"),
    ]);
    let block = [(Product::Ecs, "ecs.block.example:8443".to_owned())];
    let endpoints = Endpoints::new(block, Protocol::Https, &entries);
    assert_eq!(
        address(&endpoints, Product::Ecs),
        "https://ecs.block.example:8443"
    );
    assert_eq!(address(&endpoints, Product::Vpc), "https://vpc.env.example");
    assert_eq!(
        address(&endpoints, Product::Sts),
        "https://sts.cn-beijing.aliyuncs.com"
    );
    let public = Endpoints::default();
    let hangzhou = |product| public.resolve(product, "cn-hangzhou").unwrap().authority;
    assert_eq!(hangzhou(Product::Ecs), "ecs.cn-hangzhou.aliyuncs.com");
    assert_eq!(hangzhou(Product::Vpc), "vpc.aliyuncs.com");
    let all = environment(&[("ALIBABA_CLOUD_ENDPOINT", "localhost:1")]);
    let endpoints = Endpoints::new([], Protocol::Http, &all);
    assert_eq!(address(&endpoints, Product::Sts), "http://localhost:1");
}

#[test]
fn plain_http_stays_on_this_machine() {
    for here in ["http://127.8.0.1:1", "http://[::1]:2", "http://LOCALHOST"] {
        let endpoint = Endpoints::single(here).resolve(Product::Ecs, "r").unwrap();
        assert!(endpoint.loopback, "{here}");
    }
    for there in [
        "http://10.0.0.1",
        "http://localhost.example",
        "http://127.0.0.1.example",
    ] {
        let error = Endpoints::single(there)
            .resolve(Product::Ecs, "r")
            .unwrap_err();
        assert_eq!(error.code, "InsecureEndpoint", "{there}");
    }
}

#[test]
fn what_is_no_endpoint_or_region_is_refused() {
    for bad in [
        "https://u:p@host",
        "ftp://host",
        "https://host/path",
        "https://",
        "a b",
        "x?y=1",
    ] {
        let error = Endpoints::single(bad)
            .resolve(Product::Ecs, "r")
            .unwrap_err();
        assert_eq!(error.code, "InvalidEndpoint", "{bad}");
    }
    for bad in ["", "CN-Beijing", "cn.evil.example/", "cn beijing"] {
        let error = Endpoints::default().resolve(Product::Ecs, bad).unwrap_err();
        assert_eq!(error.code, "InvalidRegion", "{bad}");
    }
}
