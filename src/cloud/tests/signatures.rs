use super::*;
use crate::cloud::sign;

fn pairs(json: &Json) -> Vec<(String, String)> {
    let entries = json.as_object().unwrap();
    entries
        .iter()
        .map(|(name, value)| (name.clone(), value.as_str().unwrap().to_owned()))
        .collect()
}

fn cases(text: &str) -> Vec<Json> {
    serde_json::from_str(text).unwrap()
}

#[test]
fn v1_agrees_with_the_official_clients() {
    let cases = cases(include_str!("signature_v1.json"));
    assert_eq!(cases.len(), 7);
    for case in cases {
        let text = |name: &str| case[name].as_str().unwrap();
        let params = pairs(&case["params"]);
        let string = sign::v1_string_to_sign(text("method"), &params);
        assert_eq!(string, text("string_to_sign"), "{}", text("name"));
        let signature = sign::v1(text("method"), &params, text("secret"));
        assert_eq!(signature, text("signature"), "{}", text("name"));
    }
}

#[test]
fn v3_agrees_with_the_official_clients() {
    let cases = cases(include_str!("signature_v3.json"));
    assert_eq!(cases.len(), 5);
    for case in cases {
        let text = |name: &str| case[name].as_str().unwrap();
        let signed = sign::V3 {
            method: text("method"),
            query: &pairs(&case["query"]),
            headers: &pairs(&case["headers"]),
            payload_hash: &sign::sha256_hex(text("body").as_bytes()),
        };
        let name = text("name");
        assert_eq!(
            signed.canonical_request(),
            text("canonical_request"),
            "{name}"
        );
        assert_eq!(signed.string_to_sign(), text("string_to_sign"), "{name}");
        let authorization = signed.authorization(text("access_key_id"), text("access_key_secret"));
        assert_eq!(authorization, text("authorization"), "{name}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_v1_request_carries_what_it_signs() {
    let script = Script::of([]);
    let call = create()
        .param("UserData", "a+b c*")
        .param("Tag.1.Key", "团队");
    client(&script).call(&call).await.unwrap();
    let form = script.forms().remove(0);
    let signature = value(&form, "Signature").unwrap();
    let rest: Vec<_> = form
        .iter()
        .filter(|(name, _)| name != "Signature")
        .cloned()
        .collect();
    assert_eq!(signature, sign::v1("POST", &rest, "testsecret"));
    for (name, expected) in [
        ("Action", "CreateInstance"),
        ("Version", "2014-05-26"),
        ("Format", "JSON"),
        ("RegionId", "cn-hangzhou"),
        ("ClientToken", "token-1"),
        ("UserData", "a+b c*"),
        ("Tag.1.Key", "团队"),
    ] {
        assert_eq!(value(&form, name).as_deref(), Some(expected));
    }
    let time = value(&form, "Timestamp").unwrap();
    assert!(time.ends_with('Z') && time.len() == 20, "{time}");
    let requests = script.requests.lock().unwrap();
    assert_eq!(requests[0].uri(), "http://127.0.0.1:7000/");
    assert_eq!(requests[0].headers()["host"], "127.0.0.1:7000");
}

#[tokio::test(start_paused = true)]
async fn a_v3_request_carries_what_it_signs() {
    let script = Script::of([]);
    let mut settings = settings();
    settings.sign_version = SignVersion::V3;
    settings.credentials = Credentials {
        security_token: Some(Secret::new("session")),
        ..testid()
    }
    .into();
    let client = Client::new(settings, script.clone());
    client.call(&create()).await.unwrap();
    let requests = script.requests.lock().unwrap();
    let request = &requests[0];
    let header = |name: &str| request.headers()[name].to_str().unwrap().to_owned();
    let authorization = header("authorization");
    let (_, signed) = authorization.split_once("SignedHeaders=").unwrap();
    let (names, _) = signed.split_once(',').unwrap();
    assert!(names.contains("x-acs-security-token"), "{names}");
    let headers: Vec<_> = names
        .split(';')
        .map(|name| (name.to_owned(), header(name)))
        .collect();
    let query = decode(request.uri().query().unwrap().as_bytes());
    assert!(value(&query, "Action").is_none());
    let again = sign::V3 {
        method: "POST",
        query: &query,
        headers: &headers,
        payload_hash: &header("x-acs-content-sha256"),
    };
    assert_eq!(authorization, again.authorization("testid", "testsecret"));
    // Each header once, as signed.
    assert_eq!(request.headers().get_all("x-acs-action").iter().count(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_region_that_the_caller_gives_wins() {
    let script = Script::of([]);
    let call = read().param("RegionId", "cn-beijing");
    client(&script).call(&call).await.unwrap();
    let form = script.forms().remove(0);
    let regions = form.iter().filter(|(name, _)| name == "RegionId");
    assert_eq!(
        regions.map(|(_, value)| value).collect::<Vec<_>>(),
        ["cn-beijing"]
    );
}
