//! Signatures, layouts, formats, strictness and limits, whatever the action.

use super::*;

#[tokio::test]
async fn both_signatures_and_all_layouts_are_understood() {
    let service = Service::instant().await;
    let all = complete(ECS, "DescribeRegions", &[]);
    let answer = service
        .get(&format!("/?{}", signed_v1("GET", &all, SECRET)))
        .await;
    assert_eq!(answer.status, 200);
    assert!(
        answer
            .head
            .contains("content-type: application/json;charset=utf-8")
    );
    let all = complete(ECS, "DescribeRegions", &[("SignatureType", "")]);
    let form = signed_v1("POST", &all, SECRET);
    let answer = service
        .post("/", "application/x-www-form-urlencoded", &form)
        .await
        .unwrap();
    assert_eq!(answer.status, 200, "{}", answer.body);
    let answer = service
        .exchange(&version_3(ECS, "DescribeRegions", &[]))
        .await
        .unwrap();
    assert!(answer.json()["Regions"]["Region"].as_array().unwrap().len() > 10);
    let answer = service
        .exchange(&version_3(
            VPC,
            "DescribeVpcs",
            &[("RegionId", REGION), ("VpcName", "测试 *~+")],
        ))
        .await
        .unwrap();
    assert_eq!(answer.json()["TotalCount"], 0, "{}", answer.body);
    service.end().await;
}

#[tokio::test]
async fn xml_is_the_default_of_version_1() {
    let service = Service::instant().await;
    let mut all = complete(VPC, "CreateVpc", &[("VpcName", "a<b")]);
    all.remove("Format");
    let answer = service
        .get(&format!("/?{}", signed_v1("GET", &all, SECRET)))
        .await;
    assert!(answer.head.contains("content-type: text/xml;charset=utf-8"));
    assert!(
        answer
            .body
            .starts_with("<?xml version='1.0' encoding='UTF-8'?><CreateVpcResponse>")
    );
    let all = complete(VPC, "DescribeVpcs", &[("Format", "xml")]);
    let answer = service
        .get(&format!("/?{}", signed_v1("GET", &all, SECRET)))
        .await;
    assert!(
        answer.body.contains("<VpcName>a&lt;b</VpcName>"),
        "{}",
        answer.body
    );
    let all = complete(
        VPC,
        "DescribeVpcAttribute",
        &[("Format", "XML"), ("VpcId", "vpc-none")],
    );
    let answer = service
        .get(&format!("/?{}", signed_v1("GET", &all, SECRET)))
        .await;
    assert_eq!(answer.status, 404);
    assert!(answer.body.contains("<Error>") && answer.body.contains("InvalidVpcId.NotFound"));
    service.end().await;
}

#[tokio::test]
async fn the_gateway_refuses_what_it_cannot_believe() {
    let service = Service::instant().await;
    let send = async |all: &BTreeMap<String, String>, secret: &str| {
        let answer = service
            .get(&format!("/?{}", signed_v1("GET", all, secret)))
            .await;
        (
            answer.status,
            answer.code(),
            answer.json()["Message"].as_str().unwrap_or("").to_owned(),
        )
    };
    let all = complete(ECS, "DescribeRegions", &[]);
    assert_eq!(send(&all, SECRET).await.0, 200);
    assert_eq!(send(&all, SECRET).await.1, "SignatureNonceUsed");
    let wrong = send(&complete(ECS, "DescribeRegions", &[]), "wrong").await;
    assert_eq!((wrong.0, wrong.1.as_str()), (400, "SignatureDoesNotMatch"));
    let (_, theirs) = wrong.2.split_once(':').unwrap();
    assert!(theirs.starts_with("GET&%2F&AccessKeyId%3D"), "{theirs}");
    let unknown = send(
        &complete(ECS, "DescribeRegions", &[("AccessKeyId", "nobody")]),
        SECRET,
    )
    .await;
    assert_eq!(
        (unknown.0, unknown.1.as_str()),
        (404, "InvalidAccessKeyId.NotFound")
    );
    let cases: &[(&str, &str, &str)] = &[
        (
            "Timestamp",
            "2020-01-01T00:00:00Z",
            "InvalidTimeStamp.Expired",
        ),
        (
            "Timestamp",
            "2100-01-01T00:00:00Z",
            "InvalidTimeStamp.Expired",
        ),
        ("Timestamp", "yesterday", "InvalidTimeStamp.Format"),
        ("Timestamp", "", "MissingParameter"),
        ("AccessKeyId", "", "MissingParameter"),
        ("Version", "", "MissingParameter"),
        ("Action", "", "MissingParameter"),
        ("SignatureMethod", "HMAC-MD5", "InvalidParamater"),
        ("SignatureNonce", "", "MissingParameter"),
        ("Action", "DescribeUnicorns", "InvalidAction.NotFound"),
        ("Version", "2001-01-01", "InvalidVersion"),
    ];
    for (name, value, code) in cases {
        let refused = send(&complete(ECS, "DescribeRegions", &[(name, value)]), SECRET).await;
        assert_eq!(refused.1, *code, "{name}={value}");
    }
    for method in ["PUT", "DELETE", "OPTIONS", "HEAD"] {
        let request = format!("{method} / HTTP/1.1\r\nHost: ecs\r\nConnection: close\r\n\r\n");
        let answer = service.exchange(&request).await.unwrap();
        assert_eq!(answer.status, 403, "{method}");
    }
    let reset = service.get("/_emulator/reset").await;
    assert_eq!(
        (reset.status, reset.body.contains("another method")),
        (404, true)
    );
    service.end().await;
}

#[tokio::test]
async fn parameters_are_read_strictly() {
    let service = Service::instant().await;
    let code = async |action: &str, parameters: Parameters<'_>| {
        service.refused(VPC, action, parameters).await
    };
    assert_eq!(
        code("CreateVpc", &[("CidrBlok", "10.0.0.0/8")]).await,
        "UnsupportedParameter"
    );
    assert_eq!(
        code("DescribeVpcs", &[("PageSize", "many")]).await,
        "InvalidParameter"
    );
    assert_eq!(
        code("DescribeVpcs", &[("PageSize", "51")]).await,
        "InvalidParameter"
    );
    assert_eq!(
        code("CreateVpc", &[("EnableIpv6", "perhaps")]).await,
        "InvalidParameter"
    );
    assert_eq!(
        code("CreateVpc", &[("Tag.01.Key", "a")]).await,
        "UnsupportedParameter"
    );
    assert_eq!(code("DeleteVpc", &[]).await, "MissingParameter");
    assert_eq!(
        code("DescribeVpcs", &[("RegionId", "mars")]).await,
        "InvalidRegionId.NotFound"
    );
    let all = complete(VPC, "CreateVpc", &[("VpcName", "one")]);
    let twice = format!("/?{}&VpcName=two", signed_v1("GET", &all, SECRET));
    assert_eq!(service.get(&twice).await.code(), "InvalidParameter");
    service.end().await;
}

#[tokio::test]
async fn temporary_credentials_work() {
    let service = Service::instant().await;
    let asked = [
        ("RoleArn", "acs:ram::1234567890123456:role/ci"),
        ("RoleSessionName", "run"),
    ];
    let lent = good("AssumeRole", &service.call(STS, "AssumeRole", &asked).await);
    let credentials = &lent["Credentials"];
    let (id, secret, token) = (
        text(credentials, "AccessKeyId"),
        text(credentials, "AccessKeySecret"),
        text(credentials, "SecurityToken"),
    );
    let more = [
        ("AccessKeyId", id.as_str()),
        ("SecurityToken", token.as_str()),
    ];
    let all = complete(STS, "GetCallerIdentity", &more);
    let answer = service
        .get(&format!("/?{}", signed_v1("GET", &all, &secret)))
        .await;
    let identity = good("GetCallerIdentity", &answer);
    assert_eq!(
        identity["Arn"],
        "acs:ram::1234567890123456:assumed-role/ci/run"
    );
    let without = complete(STS, "GetCallerIdentity", &[("AccessKeyId", &id)]);
    let answer = service
        .get(&format!("/?{}", signed_v1("GET", &without, &secret)))
        .await;
    assert_eq!(answer.code(), "MissingSecurityToken");
    service.end().await;
}

#[tokio::test]
async fn connections_are_kept() {
    let service = Service::instant().await;
    let mut stream = TcpStream::connect(service.address).await.unwrap();
    let request = "GET /_emulator/calls HTTP/1.1\r\nHost: ecs\r\n\r\n";
    for _ in 0..2 {
        stream.write_all(request.as_bytes()).await.unwrap();
        let mut bytes = [0; 1024];
        let count = stream.read(&mut bytes).await.unwrap();
        assert!(String::from_utf8_lossy(&bytes[..count]).ends_with("{}"));
    }
    service.end().await;
}

#[tokio::test]
async fn calls_beyond_their_limit_are_throttled() {
    let service = Service::instant().await;
    service
        .faults(json!({ "limits": { "DescribeVpcs": 0, "Describe*": 1 } }))
        .await;
    let answer = service.call(VPC, "DescribeVpcs", &[]).await;
    assert_eq!(
        (answer.status, answer.code().as_str()),
        (400, "Throttling.User")
    );
    service.ecs("DescribeRegions", &[]).await;
    service.get("/_emulator/reset").await;
    let answer = service
        .post("/_emulator/reset", "text/plain", "")
        .await
        .unwrap();
    assert_eq!(answer.status, 200);
    service.vpc("DescribeVpcs", &[]).await;
    service
        .faults(json!({ "limits": { "DescribeVpcs": "0/s" } }))
        .await;
    let answer = service.call(VPC, "DescribeVpcs", &[]).await;
    assert_eq!(answer.code(), "Throttling.User");
    let (_, wait) = answer.head.split_once("x-acs-retry-after: ").unwrap();
    let wait: u64 = wait.lines().next().unwrap().trim().parse().unwrap();
    assert!((1..=1000).contains(&wait), "{wait}");
    service.end().await;
}

#[tokio::test(start_paused = true)]
async fn who_says_nothing_is_not_waited_for() {
    let service = Service::instant().await;
    let said = [
        "",
        "GET / HTTP/1.1\r\nHost: ecs\r\n",
        "POST / HTTP/1.1\r\nHost: ecs\r\nContent-Length: 9\r\n\r\nfour",
        "GET /_emulator/calls HTTP/1.1\r\nHost: ecs\r\n\r\n",
    ];
    for said in said {
        let mut stream = TcpStream::connect(service.address).await.unwrap();
        stream.write_all(said.as_bytes()).await.unwrap();
        let mut heard = Vec::new();
        let ended = stream.read_to_end(&mut heard);
        let ended = tokio::time::timeout(Duration::from_secs(600), ended).await;
        assert!(ended.is_ok(), "{said:?}");
    }
    // Nor when it ends.
    let mut half = TcpStream::connect(service.address).await.unwrap();
    half.write_all(b"GET / HTTP/1.1\r\n").await.unwrap();
    service.end().await;
}

#[tokio::test]
async fn a_body_that_is_too_large_is_refused() {
    let service = Service::instant().await;
    let large = "x".repeat(4 * 1024 * 1024 + 1);
    let answer = service.post("/", "text/plain", &large).await.unwrap();
    assert_eq!(answer.status, 413);
    assert!(answer.body.contains("4194304 bytes"), "{}", answer.body);
    service.end().await;
}
