use super::*;
use crate::cloud::{
    credentials::{self, StsPlace},
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

#[test]
fn sts_of_a_profile_is_elsewhere_unless_it_is_configured() {
    let place = |endpoint: &str, region: &str, vpc| StsPlace {
        endpoint: Some(endpoint.to_owned()).filter(|text| !text.is_empty()),
        region: Some(region.to_owned()).filter(|text| !text.is_empty()),
        vpc,
    };
    let public = Endpoints::default();
    let at =
        |endpoints: &Endpoints, place: &StsPlace| address(&endpoints.with_sts(place), Product::Sts);
    for (where_, expected) in [
        (place("", "", false), "https://sts.cn-beijing.aliyuncs.com"),
        (place("", "ap-south-1", false), "https://sts.aliyuncs.com"),
        (
            place("", "cn-wuhan", true),
            "https://sts-vpc.cn-wuhan.aliyuncs.com",
        ),
        (
            place("sts.example", "cn-wuhan", true),
            "https://sts.example",
        ),
    ] {
        assert_eq!(at(&public, &where_), expected);
    }
    let own = environment(&[("ALIBABA_CLOUD_STS_ENDPOINT", "sts.own.example")]);
    let configured = Endpoints::new([], Protocol::Https, &own);
    let profile = place("sts.example", "", false);
    assert_eq!(at(&configured, &profile), "https://sts.own.example");
}
