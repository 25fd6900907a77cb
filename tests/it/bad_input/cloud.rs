//! A cloud that does not take the configuration.

use std::{
    io::{Read, Write},
    net::TcpListener,
    thread,
};

use super::{Case, Cloud, VPC};

fn provider(region: &str, secret: &str, endpoint: &str) -> String {
    format!(
        "provider \"alicloud\" {{\n  region     = \"{region}\"\n  access_key = \"LTAI-emulator\"\n  secret_key = \"{secret}\"\n  endpoint   = \"{endpoint}\"\n}}\n\n{VPC}"
    )
}

/// Answers every request with a web page.
fn web_server(status: &'static str) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    thread::spawn(move || {
        for mut stream in listener.incoming().map(Result::unwrap) {
            let mut request = [0; 65536];
            let _ = stream.read(&mut request);
            let page = "<html><body><h1>Welcome</h1></body></html>";
            let _ = write!(
                stream,
                "HTTP/1.1 {status}\r\ncontent-type: text/html\r\ncontent-length: {}\r\nconnection: close\r\n\r\n{page}",
                page.len()
            );
        }
    });
    url
}

#[test]
fn a_wrong_secret() {
    let cloud = Cloud::start();
    let ran = Case::hcl(provider("cn-hangzhou", "wrong-secret", &cloud.url))
        .runs("apply -auto-approve")
        .redact(&cloud.url, "URL")
        .refused_once("wrong_secret");
    assert!(!ran.stderr.contains("wrong-secret"), "{}", ran.stderr);
    cloud.was_only_read();
}

#[test]
fn a_wrong_secret_while_planning() {
    let cloud = Cloud::start();
    Case::hcl(provider("cn-hangzhou", "wrong-secret", &cloud.url))
        .runs("plan")
        .redact(&cloud.url, "URL")
        .refused_once("wrong_secret_plan");
    cloud.was_only_read();
}

#[test]
fn a_wrong_secret_for_a_data_source() {
    let cloud = Cloud::start();
    let data = "data \"alicloud_zones\" \"all\" {}\n";
    Case::hcl(provider("cn-hangzhou", "wrong-secret", &cloud.url) + data)
        .runs("apply -auto-approve")
        .redact(&cloud.url, "URL")
        .refused_once("wrong_secret_data");
    cloud.was_only_read();
}

#[test]
fn an_unknown_region() {
    let cloud = Cloud::start();
    Case::hcl(provider("cn-hangzou", "emulator-secret", &cloud.url))
        .runs("apply -auto-approve")
        .redact(&cloud.url, "URL")
        .refused_once("unknown_region");
    cloud.was_only_read();
}

#[test]
fn an_endpoint_that_answers_html() {
    let url = web_server("200 OK");
    Case::hcl(provider("cn-hangzhou", "emulator-secret", &url))
        .runs("apply -auto-approve")
        .redact(&url, "http://localhost:1")
        .refused_once("html");
}

#[test]
fn an_endpoint_that_answers_html_with_404() {
    let url = web_server("404 Not Found");
    Case::hcl(provider("cn-hangzhou", "emulator-secret", &url))
        .runs("apply -auto-approve")
        .redact(&url, "http://localhost:1")
        .refused_once("html_404");
}

#[test]
fn an_endpoint_where_nobody_is() {
    Case::hcl(provider(
        "cn-hangzhou",
        "emulator-secret",
        "http://127.0.0.1:1",
    ))
    .runs("apply -auto-approve")
    .refused_once("unreachable");
}

#[test]
fn an_endpoint_that_is_none() {
    Case::hcl(provider("cn-hangzhou", "emulator-secret", "ftp://x y"))
        .runs("apply -auto-approve")
        .refused_once("endpoint");
}

#[test]
fn no_credentials() {
    Case::hcl(VPC)
        .with("ALIBABA_CLOUD_ECS_METADATA_DISABLED", "true")
        .runs("apply -auto-approve")
        .refused_once("no_credentials");
}

#[test]
fn a_provider_block_whose_values_cannot_be() {
    let role = |more: &str| format!("assume_role {{\n    {more}\n  }}");
    for (name, argument) in [
        ("provider_role", role("role_arn = \"deploy\"").as_str()),
        (
            "provider_session_name",
            role("session_name = \"a b\"").as_str(),
        ),
        ("provider_policy", role("policy = \"all\"").as_str()),
        ("provider_region", "region = \"cn hangzhou\""),
        ("provider_account", "account_id = \"mine\""),
        ("provider_source_ip", "source_ip = \"here\""),
        ("provider_transport", "secure_transport = \"yes\""),
        ("provider_protocol", "protocol = \"ftp\""),
        (
            "provider_endpoints",
            "endpoints {\n    ess = \"ess.example\"\n    esc = \"ecs.example\"\n  }",
        ),
        (
            "provider_block_argument",
            "assume_role {\n    role = \"x\"\n  }",
        ),
        (
            "provider_session",
            "assume_role {\n    role_arn           = \"acs:ram::1:role/x\"\n    session_expiration = 60\n  }",
        ),
    ] {
        let _ = Case::hcl(format!("provider \"alicloud\" {{\n  {argument}\n}}\n{VPC}"))
            .runs("apply -auto-approve -emulator")
            .refused_once(name);
    }
}
