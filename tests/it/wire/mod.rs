//! The emulator alone, by hand-written requests over HTTP with their own signing: no client of the project.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod market;

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::time::{Duration, Instant};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit, Mac};
use prov::emulator::{Emulator, Options, Profile};
use serde_json::{Value, json};
use sha1::Sha1;
use sha2::{Digest, Sha256};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::oneshot;
use tokio::task::JoinSet;

use crate::support::contract::Record;

mod launch_template;
mod storage;

const ECS: &str = "2014-05-26";
const VPC: &str = "2016-04-28";
const STS: &str = "2015-04-01";
const REGION: &str = "cn-hangzhou";
const ZONE: &str = "cn-hangzhou-h";
const IMAGE: &str = "aliyun_3_x64_20G_alibase_20240819.vhd";

/// An emulator on a port.
struct Service {
    address: SocketAddr,
    emulator: Emulator,
    stop: Option<oneshot::Sender<()>>,
    serving: JoinSet<std::io::Result<()>>,
    _record: Record,
}

/// An answer: status, headers and body.
#[derive(Debug)]
struct Answer {
    status: u16,
    head: String,
    body: String,
}

impl Answer {
    fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|_| panic!("not JSON: {}", self.body))
    }

    fn code(&self) -> String {
        self.json()["Code"].as_str().unwrap_or_default().to_owned()
    }
}

type Parameters<'a> = &'a [(&'a str, &'a str)];

impl Service {
    async fn start(options: Options) -> Self {
        let record = Record::new();
        let options = Options {
            recorder: Some(record.recorder()),
            ..options
        };
        let emulator = Emulator::open(options).unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let (stop, stopped) = oneshot::channel();
        let mut serving = JoinSet::new();
        let served = emulator.clone();
        serving.spawn(async move {
            let stopped = async {
                let _: Result<(), _> = stopped.await;
            };
            served.serve(listener, stopped).await
        });
        Self {
            address,
            emulator,
            stop: Some(stop),
            serving,
            _record: record,
        }
    }

    async fn instant() -> Self {
        Self::start(Options {
            profile: Profile::Instant,
            ..Options::default()
        })
        .await
    }

    async fn end(mut self) {
        self.stop.take().unwrap().send(()).unwrap();
        self.serving.join_next().await.unwrap().unwrap().unwrap();
    }

    /// Sends bytes and reads what comes until the connection ends.
    async fn exchange(&self, request: &str) -> Option<Answer> {
        let mut stream = TcpStream::connect(self.address).await.unwrap();
        stream.write_all(request.as_bytes()).await.unwrap();
        let mut bytes = Vec::new();
        stream.read_to_end(&mut bytes).await.unwrap_or_default();
        let text = String::from_utf8(bytes).unwrap();
        let (head, body) = text.split_once("\r\n\r\n")?;
        let status = head.split(' ').nth(1)?.parse().ok()?;
        Some(Answer {
            status,
            head: head.to_ascii_lowercase(),
            body: body.to_owned(),
        })
    }

    async fn get(&self, target: &str) -> Answer {
        let request = format!("GET {target} HTTP/1.1\r\nHost: ecs\r\nConnection: close\r\n\r\n");
        self.exchange(&request).await.unwrap()
    }

    async fn post(&self, target: &str, kind: &str, body: &str) -> Option<Answer> {
        let length = body.len();
        self.exchange(&format!(
            "POST {target} HTTP/1.1\r\nHost: ecs\r\nConnection: close\r\nContent-Type: {kind}\r\n\
             Content-Length: {length}\r\n\r\n{body}"
        ))
        .await
    }

    /// A call signed by version 1, its parameters in the query.
    async fn call(&self, version: &str, action: &str, parameters: Parameters<'_>) -> Answer {
        self.try_call(version, action, parameters).await.unwrap()
    }

    async fn try_call(
        &self,
        version: &str,
        action: &str,
        parameters: Parameters<'_>,
    ) -> Option<Answer> {
        let all = complete(version, action, parameters);
        self.post(
            &format!("/?{}", signed_v1("POST", &all, SECRET)),
            "text/plain",
            "",
        )
        .await
    }

    async fn ecs(&self, action: &str, parameters: Parameters<'_>) -> Value {
        good(action, &self.call(ECS, action, parameters).await)
    }

    async fn vpc(&self, action: &str, parameters: Parameters<'_>) -> Value {
        good(action, &self.call(VPC, action, parameters).await)
    }

    async fn refused(&self, version: &str, action: &str, parameters: Parameters<'_>) -> String {
        let answer = self.call(version, action, parameters).await;
        assert!(answer.status >= 400, "{action} succeeded: {}", answer.body);
        answer.code()
    }

    async fn faults(&self, faults: Value) {
        let answer = self
            .post("/_emulator/faults", "application/json", &faults.to_string())
            .await
            .unwrap();
        assert_eq!(answer.status, 200, "{}", answer.body);
    }
}

const SECRET: &str = "emulator-secret";

fn good(action: &str, answer: &Answer) -> Value {
    assert_eq!(answer.status, 200, "{action}: {}", answer.body);
    answer.json()
}

fn nonce() -> String {
    uuid::Uuid::new_v4().to_string()
}

fn now() -> String {
    jiff::Timestamp::now()
        .strftime("%Y-%m-%dT%H:%M:%SZ")
        .to_string()
}

fn encode(text: &str) -> String {
    let keep = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.~".contains(&byte);
    text.bytes()
        .map(|byte| match keep(byte) {
            true => char::from(byte).to_string(),
            false => format!("%{byte:02X}"),
        })
        .collect()
}

fn join(all: &BTreeMap<String, String>) -> String {
    let pairs: Vec<String> = all
        .iter()
        .map(|(name, value)| format!("{}={}", encode(name), encode(value)))
        .collect();
    pairs.join("&")
}

fn complete(version: &str, action: &str, parameters: Parameters<'_>) -> BTreeMap<String, String> {
    let mut all: BTreeMap<String, String> = [
        ("Action", action),
        ("Version", version),
        ("Format", "JSON"),
        ("RegionId", REGION),
        ("AccessKeyId", "LTAI-emulator"),
        ("SignatureMethod", "HMAC-SHA1"),
        ("SignatureVersion", "1.0"),
    ]
    .iter()
    .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
    .collect();
    all.insert("SignatureNonce".to_owned(), nonce());
    all.insert("Timestamp".to_owned(), now());
    all.extend(
        parameters
            .iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned())),
    );
    all
}

fn signed_v1(method: &str, all: &BTreeMap<String, String>, secret: &str) -> String {
    let text = format!("{method}&%2F&{}", encode(&join(all)));
    let mut mac = Hmac::<Sha1>::new_from_slice(format!("{secret}&").as_bytes()).unwrap();
    mac.update(text.as_bytes());
    let signature = STANDARD.encode(mac.finalize().into_bytes());
    format!("{}&Signature={}", join(all), encode(&signature))
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// A request signed by version 3, its parameters in the query.
fn version_3(version: &str, action: &str, parameters: Parameters<'_>) -> String {
    let query: BTreeMap<String, String> = parameters
        .iter()
        .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
        .collect();
    let hash = hex(&Sha256::digest(b""));
    let headers: BTreeMap<&str, String> = BTreeMap::from([
        ("host", "ecs.cn-hangzhou.aliyuncs.com".to_owned()),
        ("x-acs-action", action.to_owned()),
        ("x-acs-content-sha256", hash.clone()),
        ("x-acs-date", now()),
        ("x-acs-signature-nonce", nonce()),
        ("x-acs-version", version.to_owned()),
    ]);
    let lines: String = headers
        .iter()
        .map(|(name, value)| format!("{name}:{value}\n"))
        .collect();
    let names: Vec<&str> = headers.keys().copied().collect();
    let names = names.join(";");
    let canonical = format!("POST\n/\n{}\n{lines}\n{names}\n{hash}", join(&query));
    let text = format!(
        "ACS3-HMAC-SHA256\n{}",
        hex(&Sha256::digest(canonical.as_bytes()))
    );
    let mut mac = Hmac::<Sha256>::new_from_slice(SECRET.as_bytes()).unwrap();
    mac.update(text.as_bytes());
    let signature = hex(&mac.finalize().into_bytes());
    let sent: String = headers
        .iter()
        .map(|(name, value)| format!("{name}: {value}\r\n"))
        .collect();
    format!(
        "POST /?{} HTTP/1.1\r\n{sent}Connection: close\r\nContent-Length: 0\r\nAuthorization: \
         ACS3-HMAC-SHA256 Credential=LTAI-emulator,SignedHeaders={names},Signature={signature}\
         \r\n\r\n",
        join(&query)
    )
}

/// Asks until an answer holds. Nothing sleeps: the emulator's own delays pass meanwhile.
async fn until(
    service: &Service,
    action: &str,
    parameters: Parameters<'_>,
    holds: fn(&Value) -> bool,
) {
    let version = if action.contains("Instance") {
        ECS
    } else {
        VPC
    };
    let deadline = Instant::now() + Duration::from_secs(20);
    loop {
        let answer = service.call(version, action, parameters).await.json();
        if holds(&answer) {
            return;
        }
        assert!(Instant::now() < deadline, "{action} still says {answer}");
    }
}

/// The ids of a place where instances can be made.
struct Network {
    vpc: String,
    vswitch: String,
    group: String,
}

fn text(value: &Value, name: &str) -> String {
    value[name]
        .as_str()
        .unwrap_or_else(|| panic!("no {name} in {value}"))
        .to_owned()
}

async fn network(service: &Service) -> Network {
    let vpc = text(
        &service
            .vpc("CreateVpc", &[("CidrBlock", "10.0.0.0/8")])
            .await,
        "VpcId",
    );
    until(service, "DescribeVpcAttribute", &[("VpcId", &vpc)], |it| {
        it["Status"] == "Available"
    })
    .await;
    let made = service
        .vpc(
            "CreateVSwitch",
            &[
                ("VpcId", &vpc),
                ("ZoneId", ZONE),
                ("CidrBlock", "10.1.0.0/24"),
            ],
        )
        .await;
    let vswitch = text(&made, "VSwitchId");
    let available = |it: &Value| it["Status"] == "Available";
    until(
        service,
        "DescribeVSwitchAttributes",
        &[("VSwitchId", &vswitch)],
        available,
    )
    .await;
    let made = service.ecs("CreateSecurityGroup", &[("VpcId", &vpc)]).await;
    Network {
        vpc,
        vswitch,
        group: text(&made, "SecurityGroupId"),
    }
}

fn order<'a>(network: &'a Network, more: Parameters<'a>) -> Vec<(&'a str, &'a str)> {
    let mut all = vec![
        ("ImageId", IMAGE),
        ("InstanceType", "ecs.g7.large"),
        ("VSwitchId", network.vswitch.as_str()),
        ("SecurityGroupId", network.group.as_str()),
    ];
    for pair in more {
        all.retain(|(name, _)| *name != pair.0);
        all.push(*pair);
    }
    all
}

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
        ("Timestamp", "yesterday", "InvalidTimeStamp.Format"),
        ("SignatureMethod", "HMAC-MD5", "InvalidParamater"),
        ("SignatureNonce", "", "MissingParameter"),
        ("Action", "DescribeUnicorns", "InvalidAction.NotFound"),
        ("Version", "2001-01-01", "InvalidVersion"),
    ];
    for (name, value, code) in cases {
        let refused = send(&complete(ECS, "DescribeRegions", &[(name, value)]), SECRET).await;
        assert_eq!(refused.1, *code, "{name}={value}");
    }
    let put = "PUT / HTTP/1.1\r\nHost: ecs\r\nConnection: close\r\n\r\n";
    assert_eq!(service.exchange(put).await.unwrap().status, 403);
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
async fn rules_are_authorized_once_and_shown_as_the_service_shows_them() {
    let service = Service::instant().await;
    let network = network(&service).await;
    let rule = [
        ("SecurityGroupId", network.group.as_str()),
        ("Permissions.1.IpProtocol", "TCP"),
        ("Permissions.1.PortRange", "22/22"),
        ("Permissions.1.SourceCidrIp", "10.0.0.0/8"),
        ("Permissions.1.Description", "ssh"),
    ];
    service.ecs("AuthorizeSecurityGroup", &rule).await;
    service.ecs("AuthorizeSecurityGroup", &rule).await;
    let group = [("SecurityGroupId", network.group.as_str())];
    let shown = service.ecs("DescribeSecurityGroupAttribute", &group).await;
    let rules = shown["Permissions"]["Permission"]
        .as_array()
        .unwrap()
        .clone();
    assert_eq!(rules.len(), 1);
    assert_eq!(rules[0]["IpProtocol"], "TCP");
    assert_eq!(rules[0]["NicType"], "intranet");
    assert_eq!(rules[0]["Priority"], "1");
    service.end().await;
}

#[tokio::test]
async fn an_instance_lives_and_dies() {
    let service = Service::start(Options::default()).await;
    let network = network(&service).await;
    let group = [("SecurityGroupId", network.group.as_str())];
    let disks = [
        ("DataDisk.1.Category", "cloud_ssd"),
        ("DataDisk.1.Size", "50"),
        ("Tag.1.Key", "a"),
    ];
    let made = service
        .ecs("CreateInstance", &order(&network, &disks))
        .await;
    let id = text(&made, "InstanceId");
    assert!(id.starts_with("i-bp1") && id.len() == 22, "{id}");
    let this = [("InstanceId", id.as_str())];
    until(&service, "DescribeInstanceAttribute", &this, |it| {
        it["Status"] == "Stopped"
    })
    .await;
    service.ecs("StartInstance", &this).await;
    until(&service, "DescribeInstanceAttribute", &this, |it| {
        it["Status"] == "Running"
    })
    .await;
    assert_eq!(
        service.refused(ECS, "DeleteInstance", &this).await,
        "IncorrectInstanceStatus"
    );
    service.ecs("StopInstance", &this).await;
    until(&service, "DescribeInstanceAttribute", &this, |it| {
        it["Status"] == "Stopped"
    })
    .await;

    let listed = json!([id]).to_string();
    let shown = service
        .ecs("DescribeInstances", &[("InstanceIds", &listed)])
        .await;
    let instance = &shown["Instances"]["Instance"][0];
    assert_eq!(
        instance["VpcAttributes"]["PrivateIpAddress"]["IpAddress"][0],
        "10.1.0.1"
    );
    assert_eq!(instance["Tags"]["Tag"][0]["TagKey"], "a");
    assert_eq!(instance["InstanceName"], json!(id));
    let shown = service.ecs("DescribeDisks", &this).await;
    assert_eq!(shown["TotalCount"], 2);

    assert_eq!(
        service.refused(ECS, "DeleteSecurityGroup", &group).await,
        "DependencyViolation"
    );
    let vswitch = [("VSwitchId", network.vswitch.as_str())];
    assert_eq!(
        service.refused(VPC, "DeleteVSwitch", &vswitch).await,
        "DependencyViolation"
    );
    let vpc = [("VpcId", network.vpc.as_str())];
    assert_eq!(
        service.refused(VPC, "DeleteVpc", &vpc).await,
        "DependencyViolation.VSwitch"
    );
    service.ecs("DeleteInstance", &this).await;
    assert_eq!(
        service.refused(ECS, "DeleteInstance", &this).await,
        "InvalidInstanceId.NotFound"
    );
    dismantle(&service, &network).await;
    let world = service.get("/_emulator/world").await.json();
    for kind in [
        "vpcs",
        "vswitches",
        "security_groups",
        "instances",
        "disks",
        "network_interfaces",
    ] {
        assert_eq!(world[kind], json!([]), "{kind}");
    }
    service.end().await;
}

/// Deletes a network, asking again while something still lingers.
async fn dismantle(service: &Service, network: &Network) {
    let steps = [
        (
            ECS,
            "DeleteSecurityGroup",
            "SecurityGroupId",
            &network.group,
        ),
        (VPC, "DeleteVSwitch", "VSwitchId", &network.vswitch),
        (VPC, "DeleteVpc", "VpcId", &network.vpc),
    ];
    let deadline = Instant::now() + Duration::from_secs(20);
    for (version, action, name, id) in steps {
        while service.call(version, action, &[(name, id)]).await.status != 200 {
            assert!(Instant::now() < deadline, "{action} never succeeded");
        }
    }
}

#[tokio::test]
async fn run_instances_starts_them_and_pages_by_token() {
    let service = Service::instant().await;
    let network = network(&service).await;
    let more = [
        ("Amount", "25"),
        ("InstanceName", "web"),
        ("InternetMaxBandwidthOut", "5"),
    ];
    let made = service.ecs("RunInstances", &order(&network, &more)).await;
    assert_eq!(
        made["InstanceIdSets"]["InstanceIdSet"]
            .as_array()
            .unwrap()
            .len(),
        25
    );
    let (mut seen, mut token) = (Vec::new(), String::new());
    loop {
        let page = [
            ("MaxResults", "10"),
            ("NextToken", token.as_str()),
            ("Status", "Running"),
        ];
        let shown = service.ecs("DescribeInstances", &page).await;
        assert_eq!(shown["TotalCount"], 25);
        let instances = shown["Instances"]["Instance"].as_array().unwrap().clone();
        seen.extend(instances.iter().map(|it| text(it, "InstanceId")));
        token = text(&shown, "NextToken");
        if token.is_empty() {
            break;
        }
    }
    seen.sort();
    seen.dedup();
    assert_eq!(seen.len(), 25);
    let shown = service
        .ecs(
            "DescribeInstances",
            &[("PageNumber", "3"), ("PageSize", "10")],
        )
        .await;
    assert_eq!(shown["Instances"]["Instance"].as_array().unwrap().len(), 5);
    assert_ne!(
        shown["Instances"]["Instance"][0]["PublicIpAddress"]["IpAddress"],
        json!([])
    );
    service.end().await;
}

/// What CreateInstance refuses: what differs from a good order, and the status and the code of the answer.
const REFUSALS: &[(Parameters<'static>, u16, &str)] = &[
    (
        &[("InstanceType", "ecs.nothing")],
        400,
        "InvalidInstanceType.ValueNotSupported",
    ),
    (&[("ImageId", "none.vhd")], 404, "InvalidImageId.NotFound"),
    (
        &[("VSwitchId", "vsw-none")],
        403,
        "InvalidVSwitchId.NotFound",
    ),
    (
        &[("SecurityGroupId", "sg-none")],
        404,
        "InvalidSecurityGroupId.NotFound",
    ),
    (&[("VSwitchId", "")], 400, "MissingParameter"),
    (
        &[("PrivateIpAddress", "10.2.0.9")],
        400,
        "InvalidPrivateIpAddress",
    ),
    (
        &[("InstanceName", "1web")],
        400,
        "InvalidInstanceName.Malformed",
    ),
    (
        &[("Description", "http://x")],
        400,
        "InvalidDescription.Malformed",
    ),
    (&[("HostName", "-web")], 400, "InvalidHostName.Malformed"),
    (&[("Password", "short")], 400, "InvalidPassword.Malformed"),
    (
        &[("Password", "EcsV587!"), ("PasswordInherit", "true")],
        400,
        "InvalidPasswordParam.Mismatch",
    ),
    (
        &[("InstanceChargeType", "Free")],
        404,
        "InvalidInstanceChargeType.NotFound",
    ),
    (&[("InstanceChargeType", "PrePaid")], 400, "InvalidPeriod"),
    (
        &[("InstanceChargeType", "PrePaid"), ("Period", "10")],
        400,
        "InvalidPeriod",
    ),
    (
        &[
            ("InstanceChargeType", "PrePaid"),
            ("Period", "1"),
            ("PeriodUnit", "Day"),
        ],
        400,
        "InvalidPeriodUnit.ValueNotSupported",
    ),
    (
        &[
            ("InstanceChargeType", "PrePaid"),
            ("Period", "1"),
            ("AutoRenew", "true"),
        ],
        400,
        "InvalidAutoRenewPeriod.ValueNotSupported",
    ),
    (
        &[("SpotStrategy", "SpotWithPriceLimit")],
        400,
        "InvalidSpotPriceLimit",
    ),
    (
        &[
            ("SpotStrategy", "SpotWithPriceLimit"),
            ("SpotPriceLimit", "0.001"),
        ],
        400,
        "InvalidSpotPriceLimit.LowerThanPublicPrice",
    ),
    (
        &[("SystemDisk.Category", "tape")],
        400,
        "InvalidSystemDiskCategory.ValueNotSupported",
    ),
    (
        &[("SystemDisk.Category", "cloud")],
        403,
        "InvalidDiskCategory.NotSupported",
    ),
    (
        &[("SystemDisk.Size", "501")],
        400,
        "InvalidSystemDiskSize.ValueNotSupported",
    ),
    (
        &[
            (
                "ImageId",
                "win2019_1809_x64_dtc_zh-cn_40G_alibase_20230811.vhd",
            ),
            ("SystemDisk.Size", "30"),
        ],
        404,
        "InvalidSystemDiskSize.LessThanImageSize",
    ),
    (
        &[("DataDisk.1.Size", "2001")],
        400,
        "InvalidDataDiskSize.ValueNotSupported",
    ),
    (
        &[
            ("DataDisk.1.Size", "50"),
            ("DataDisk.1.Category", "ephemeral_ssd"),
        ],
        400,
        "InvalidDataDiskCategory.ValueNotSupported",
    ),
    (
        &[("DataDisk.17.Size", "50")],
        400,
        "InstanceDiskNumber.LimitExceed",
    ),
    (
        &[("DataDisk.1.SnapshotId", "s-none")],
        404,
        "InvalidDataDiskSnapshotId.NotFound",
    ),
    (
        &[
            ("DataDisk.1.Size", "50"),
            ("DataDisk.1.Device", "/dev/null"),
        ],
        400,
        "InvalidDataDevice.Malformed",
    ),
    (
        &[("InternetMaxBandwidthOut", "101")],
        400,
        "InvalidParameter.Bandwidth",
    ),
    (
        &[("InternetChargeType", "PayByLuck")],
        400,
        "InvalidInternetChargeType.ValueNotSupported",
    ),
    (
        &[("KeyPairName", "none")],
        404,
        "InvalidKeyPairName.NotFound",
    ),
    (
        &[("UserData", "***")],
        400,
        "InvalidUserData.Base64FormatInvalid",
    ),
    (&[("Tag.1.Key", "acs:x")], 400, "InvalidTagKey.Malformed"),
    (
        &[("ZoneId", "cn-hangzhou-z")],
        404,
        "InvalidZoneId.NotFound",
    ),
    (
        &[("InstanceType", "ecs.n4.small")],
        403,
        "OperationDenied.NoStock",
    ),
    (&[("DryRun", "true")], 400, "DryRunOperation"),
];

#[tokio::test]
async fn create_instance_enforces_its_document() {
    let service = Service::instant().await;
    let network = network(&service).await;
    for (more, status, code) in REFUSALS {
        // The zone of this network is in the later half, where old families are sold no more.
        let answer = service
            .call(ECS, "CreateInstance", &order(&network, more))
            .await;
        assert_eq!(
            (answer.status, answer.code().as_str()),
            (*status, *code),
            "{more:?}"
        );
    }
    assert_eq!(service.emulator.world()["instances"], json!([]));
    service.end().await;
}

#[tokio::test]
async fn a_client_token_is_answered_once() {
    let service = Service::instant().await;
    let network = network(&service).await;
    let token = [("ClientToken", "token-1"), ("InstanceName", "web")];
    let first = service
        .ecs("CreateInstance", &order(&network, &token))
        .await;
    let again = service
        .ecs("CreateInstance", &order(&network, &token))
        .await;
    assert_eq!(first["InstanceId"], again["InstanceId"]);
    assert_ne!(first["RequestId"], again["RequestId"]);
    let other = [("ClientToken", "token-1"), ("InstanceName", "other")];
    let code = service
        .refused(ECS, "CreateInstance", &order(&network, &other))
        .await;
    assert_eq!(code, "IdempotentParameterMismatch");
    let refused = [("ClientToken", "token-2"), ("KeyPairName", "pair")];
    let code = service
        .refused(ECS, "CreateInstance", &order(&network, &refused))
        .await;
    assert_eq!(code, "InvalidKeyPairName.NotFound");
    service
        .ecs("CreateKeyPair", &[("KeyPairName", "pair")])
        .await;
    let code = service
        .refused(ECS, "CreateInstance", &order(&network, &refused))
        .await;
    assert_eq!(
        code, "InvalidKeyPairName.NotFound",
        "a refusal is remembered"
    );
    let long = "x".repeat(65);
    let code = service
        .refused(VPC, "CreateVpc", &[("ClientToken", &long)])
        .await;
    assert_eq!(code, "InvalidClientToken.ValueNotSupported");
    assert_eq!(
        service.emulator.world()["instances"]
            .as_array()
            .unwrap()
            .len(),
        1
    );
    service.end().await;
}

#[tokio::test]
async fn a_lost_answer_is_found_again_by_its_token() {
    let service = Service::instant().await;
    let network = network(&service).await;
    service
        .faults(json!({ "rules": [
            { "action": "CreateInstance", "kind": "cut_after", "count": 1 },
            { "action": "CreateVpc", "kind": "error_before", "count": 1 },
            { "action": "Delete*", "kind": "throttle", "count": 1 },
            { "action": "CreateSecurityGroup", "kind": "cut_before", "count": 1 },
        ]}))
        .await;
    let order = order(&network, &[("ClientToken", "token")]);
    assert!(
        service
            .try_call(ECS, "CreateInstance", &order)
            .await
            .is_none()
    );
    let made = service.emulator.world()["instances"][0]["id"].clone();
    let found = service.ecs("CreateInstance", &order).await;
    assert_eq!(found["InstanceId"], made);
    assert_eq!(
        service.refused(VPC, "CreateVpc", &[]).await,
        "ServiceUnavailable"
    );
    service.vpc("CreateVpc", &[]).await;
    let throttled = service
        .call(VPC, "DeleteVpc", &[("VpcId", &network.vpc)])
        .await;
    assert_eq!(throttled.code(), "Throttling.User");
    assert!(throttled.head.contains("x-acs-retry-after:"));
    assert!(
        service
            .try_call(ECS, "CreateSecurityGroup", &[])
            .await
            .is_none()
    );
    let calls = service.get("/_emulator/calls").await.json();
    assert_eq!(
        calls["CreateInstance"],
        json!({ "calls": 2, "throttled": 0, "failed": 0 })
    );
    assert_eq!(calls["DeleteVpc"]["throttled"], 1);
    let world = service.emulator.world();
    assert_eq!(world["security_groups"].as_array().unwrap().len(), 1);
    service.end().await;
}

#[tokio::test]
async fn the_world_outlives_the_process() {
    let directory = tempfile::tempdir().unwrap();
    let options = || Options {
        data: Some(directory.path().to_owned()),
        profile: Profile::Instant,
        ..Options::default()
    };
    let service = Service::start(options()).await;
    let network = network(&service).await;
    let more = [("ClientToken", "token"), ("Password", "EcsV587!secret")];
    let first = service.ecs("CreateInstance", &order(&network, &more)).await;
    let held = Emulator::open(options()).err().unwrap();
    assert!(
        held.to_string()
            .contains(&directory.path().display().to_string()),
        "{held}"
    );
    let before = service.emulator.world();
    // Not ended in order: the log alone has to be enough.
    let log = std::fs::read_to_string(directory.path().join("world.log")).unwrap();
    assert!(!log.contains("EcsV587"));
    let copy = tempfile::tempdir().unwrap();
    let torn = format!("{log}[{{\"kind\":\"vpc\",\"id\":\"vpc-");
    std::fs::File::create(copy.path().join("world.log"))
        .and_then(|mut file| std::io::Write::write_all(&mut file, torn.as_bytes()))
        .unwrap();
    let survivor = Service::start(Options {
        data: Some(copy.path().to_owned()),
        ..options()
    })
    .await;
    assert_eq!(survivor.emulator.world(), before);
    let again = survivor
        .ecs("CreateInstance", &order(&network, &more))
        .await;
    assert_eq!(again["InstanceId"], first["InstanceId"]);
    survivor.end().await;
    service.end().await;
    let reopened = Service::start(options()).await;
    assert_eq!(reopened.emulator.world(), before);
    let more = service_next_address(&reopened, &network).await;
    assert_eq!(more, "10.1.0.2");
    reopened.end().await;
}

async fn service_next_address(service: &Service, network: &Network) -> String {
    let made = service.ecs("CreateInstance", &order(network, &[])).await;
    let world = service.emulator.world();
    let instances = world["instances"].as_array().unwrap().clone();
    let this = instances
        .iter()
        .find(|it| it["id"] == made["InstanceId"])
        .unwrap();
    text(this, "private_ip")
}

#[tokio::test]
async fn dependencies_and_protection_hold() {
    let service = Service::instant().await;
    let network = network(&service).await;
    let vpc = [("VpcId", network.vpc.as_str())];
    let other = service.ecs("CreateSecurityGroup", &vpc).await;
    let other = text(&other, "SecurityGroupId");
    let rule = [
        ("SecurityGroupId", network.group.as_str()),
        ("IpProtocol", "all"),
        ("SourceGroupId", other.as_str()),
    ];
    service.ecs("AuthorizeSecurityGroup", &rule).await;
    let gone = [("SecurityGroupId", other.as_str())];
    assert_eq!(
        service.refused(ECS, "DeleteSecurityGroup", &gone).await,
        "DependencyViolation"
    );
    service.ecs("RevokeSecurityGroup", &rule).await;
    service.ecs("RevokeSecurityGroup", &rule).await;
    service.ecs("DeleteSecurityGroup", &gone).await;
    let overlapping = [
        ("VpcId", network.vpc.as_str()),
        ("ZoneId", ZONE),
        ("CidrBlock", "10.1.0.0/25"),
    ];
    let code = service.refused(VPC, "CreateVSwitch", &overlapping).await;
    assert_eq!(code, "InvalidCidrBlock.Overlapped");
    let more = [
        ("DeletionProtection", "true"),
        ("PrivateIpAddress", "10.1.0.77"),
    ];
    let made = service.ecs("CreateInstance", &order(&network, &more)).await;
    let this = [("InstanceId", made["InstanceId"].as_str().unwrap())];
    let code = service.refused(ECS, "DeleteInstance", &this).await;
    assert_eq!(code, "InvalidOperation.DeletionProtection");
    let code = service
        .refused(ECS, "CreateInstance", &order(&network, &more))
        .await;
    assert_eq!(code, "InvalidPrivateIpAddress.Duplicated");
    let subscribed = [("InstanceChargeType", "PrePaid"), ("Period", "1")];
    let made = service
        .ecs("CreateInstance", &order(&network, &subscribed))
        .await;
    let this = [("InstanceId", made["InstanceId"].as_str().unwrap())];
    assert_eq!(
        service.refused(ECS, "DeleteInstance", &this).await,
        "ChargeTypeViolation"
    );
    for _ in 0..9 {
        service.vpc("CreateVpc", &[]).await;
    }
    assert_eq!(
        service.refused(VPC, "CreateVpc", &[]).await,
        "QuotaExceeded.Vpc"
    );
    service.end().await;
}

#[tokio::test]
async fn stale_reads_show_the_world_of_a_moment_ago() {
    let service = Service::instant().await;
    service
        .faults(
            json!({ "lengths": { "lag": 3_600_000 }, "rules": [{ "action": "DescribeVpcs", "kind": "stale_read", "count": 1 }] }),
        )
        .await;
    service.vpc("CreateVpc", &[]).await;
    assert_eq!(service.vpc("DescribeVpcs", &[]).await["TotalCount"], 0);
    assert_eq!(service.vpc("DescribeVpcs", &[]).await["TotalCount"], 1);
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
async fn tags_are_set_listed_and_taken_off() {
    let service = Service::instant().await;
    let network = network(&service).await;
    let this = [
        ("ResourceType", "VPC"),
        ("ResourceId.1", network.vpc.as_str()),
    ];
    let set = [
        this[0],
        this[1],
        ("Tag.1.Key", "env"),
        ("Tag.1.Value", "prod"),
    ];
    service.vpc("TagResources", &set).await;
    let listed = service.vpc("ListTagResources", &this).await;
    assert_eq!(listed["TagResources"]["TagResource"][0]["TagValue"], "prod");
    let shown = service.vpc("DescribeVpcs", &[("Tag.1.Key", "env")]).await;
    assert_eq!(
        shown["Vpcs"]["Vpc"][0]["Tags"]["Tag"][0],
        json!({ "Key": "env", "Value": "prod" })
    );
    service
        .vpc("UnTagResources", &[this[0], this[1], ("TagKey.1", "env")])
        .await;
    assert_eq!(
        service.vpc("DescribeVpcs", &[("Tag.1.Key", "env")]).await["TotalCount"],
        0
    );
    let absent = [
        ("ResourceType", "instance"),
        ("ResourceId.1", "i-none"),
        set[2],
        set[3],
    ];
    let code = service.refused(ECS, "TagResources", &absent).await;
    assert_eq!(code, "InvalidResourceId.NotFound");
    service.end().await;
}

/// Calls that succeed on a stopped pay-as-you-go instance: the action and what it is given besides the instance.
const CHANGES: &[(&str, Parameters<'static>)] = &[
    ("ModifyInstanceSpec", &[("InstanceType", "ecs.g7.xlarge")]),
    (
        "ModifyInstanceAttribute",
        &[
            ("InstanceName", "web-2"),
            ("Description", "the second"),
            ("HostName", "web-2.local"),
            ("Password", "EcsV587!new"),
            ("UserData", "ZWNobyBoaQ=="),
            ("EnableJumboFrame", "true"),
        ],
    ),
    (
        "ModifyInstanceNetworkSpec",
        &[("InternetMaxBandwidthOut", "10")],
    ),
    ("AllocatePublicIpAddress", &[]),
    (
        "ModifyInstanceMetadataOptions",
        &[("HttpEndpoint", "enabled"), ("HttpTokens", "required")],
    ),
    (
        "ModifyInstanceMaintenanceAttributes",
        &[
            ("ActionOnMaintenance", "Stop"),
            ("NotifyOnMaintenance", "true"),
            ("MaintenanceWindow.1.StartTime", "02:00:00"),
            ("MaintenanceWindow.1.EndTime", "04:00:00"),
        ],
    ),
    (
        "ModifyInstanceAttachmentAttributes",
        &[("PrivatePoolOptions.MatchCriteria", "Open")],
    ),
    (
        "ReplaceSystemDisk",
        &[
            ("ImageId", "ubuntu_22_04_x64_20G_alibase_20240926.vhd"),
            ("SystemDisk.Size", "60"),
        ],
    ),
];

#[tokio::test]
async fn a_stopped_instance_can_be_changed() {
    let service = Service::instant().await;
    let network = network(&service).await;
    let made = service.ecs("CreateInstance", &order(&network, &[])).await;
    let id = text(&made, "InstanceId");
    for (action, given) in CHANGES {
        let name = if action.contains("Maintenance") {
            "InstanceId.1"
        } else {
            "InstanceId"
        };
        let mut all = vec![(name, id.as_str())];
        all.extend(*given);
        service.ecs(action, &all).await;
    }
    let set = service.ecs("CreateDeploymentSet", &[]).await;
    let set = text(&set, "DeploymentSetId");
    let joins = [
        ("InstanceId", id.as_str()),
        ("DeploymentSetId", set.as_str()),
    ];
    service.ecs("ModifyInstanceDeployment", &joins).await;
    let ids = json!([id]).to_string();
    let these = [("InstanceIds", ids.as_str())];
    let role = [these[0], ("RamRoleName", "reader")];
    assert_eq!(
        service.ecs("AttachInstanceRamRole", &role).await["FailCount"],
        0
    );
    service
        .ecs("CreateKeyPair", &[("KeyPairName", "pair")])
        .await;
    service
        .ecs("AttachKeyPair", &[these[0], ("KeyPairName", "pair")])
        .await;
    let shown = service.ecs("DescribeInstances", &these).await;
    let instance = &shown["Instances"]["Instance"][0];
    assert_eq!(instance["InstanceType"], "ecs.g7.xlarge");
    assert_eq!(instance["Memory"], 16384);
    assert_eq!(instance["InstanceName"], "web-2");
    assert_eq!(instance["HostName"], "web-2.local");
    assert_eq!(instance["KeyPairName"], "pair");
    assert_eq!(instance["DeploymentSetId"], set);
    assert_eq!(instance["MetadataOptions"]["HttpTokens"], "required");
    assert_eq!(
        instance["ImageId"],
        "ubuntu_22_04_x64_20G_alibase_20240926.vhd"
    );
    assert_eq!(
        instance["PublicIpAddress"]["IpAddress"]
            .as_array()
            .unwrap()
            .len(),
        1
    );
    let this = [("InstanceId", id.as_str())];
    assert_eq!(
        service.ecs("DescribeUserData", &this).await["UserData"],
        "ZWNobyBoaQ=="
    );
    let shown = service
        .ecs(
            "DescribeInstanceMaintenanceAttributes",
            &[("InstanceId.1", &id)],
        )
        .await;
    let shown = &shown["MaintenanceAttributes"]["MaintenanceAttribute"][0];
    assert_eq!(
        shown["MaintenanceWindows"]["MaintenanceWindow"][0]["StartTime"],
        "02:00:00"
    );
    let shown = service.ecs("DescribeInstanceRamRole", &these).await;
    let shown = &shown["InstanceRamRoleSets"]["InstanceRamRoleSet"][0];
    assert_eq!(shown["RamRoleName"], "reader");
    assert_eq!(
        service.ecs("DescribeInstanceAttribute", &this).await["EnableJumboFrame"],
        true
    );
    service.end().await;
}

#[tokio::test]
async fn disks_change() {
    let service = Service::instant().await;
    let network = network(&service).await;
    let more = [("SystemDisk.Category", "cloud_essd")];
    let made = service.ecs("CreateInstance", &order(&network, &more)).await;
    let id = text(&made, "InstanceId");
    let this = ("InstanceId", id.as_str());
    let shown = service
        .ecs("DescribeDisks", &[this, ("DiskType", "system")])
        .await;
    let disk = text(&shown["Disks"]["Disk"][0], "DiskId");
    let smaller = [("DiskId", disk.as_str()), ("NewSize", "40")];
    assert_eq!(
        service.refused(ECS, "ResizeDisk", &smaller).await,
        "InvalidDiskSize"
    );
    service
        .ecs("ResizeDisk", &[("DiskId", &disk), ("NewSize", "100")])
        .await;
    service
        .ecs(
            "ModifyDiskSpec",
            &[("DiskId", &disk), ("PerformanceLevel", "PL0")],
        )
        .await;
    service
        .ecs(
            "ModifyDiskAttribute",
            &[("DiskId", &disk), ("DiskName", "root")],
        )
        .await;
    let ids = json!([disk]).to_string();
    let policy = [
        ("autoSnapshotPolicyId", "sp-1"),
        ("diskIds", &ids),
        ("regionId", REGION),
    ];
    service.ecs("ApplyAutoSnapshotPolicy", &policy).await;
    let shown = service.ecs("DescribeDisks", &[("DiskIds", &ids)]).await;
    let shown = &shown["Disks"]["Disk"][0];
    assert_eq!(shown["Size"], 100);
    assert_eq!(shown["PerformanceLevel"], "PL0");
    assert_eq!(shown["DiskName"], "root");
    assert_eq!(shown["AutoSnapshotPolicyId"], "sp-1");

    service.end().await;
}

#[tokio::test]
async fn interfaces_of_their_own_come_and_go() {
    let service = Service::instant().await;
    let network = network(&service).await;
    let made = service.ecs("CreateInstance", &order(&network, &[])).await;
    let instance = text(&made, "InstanceId");
    let it = ("InstanceId", instance.as_str());
    let place = [
        ("VSwitchId", network.vswitch.as_str()),
        ("SecurityGroupId", network.group.as_str()),
    ];
    let asked = |more: &[(&'static str, &'static str)]| [&place[..], more].concat();
    for (more, code) in [
        (
            &[("PrimaryIpAddress", "10.9.0.1")][..],
            "InvalidPrivateIpAddress",
        ),
        (
            &[("PrivateIpAddress.1", "10.1.0.1")],
            "InvalidPrivateIpAddress.Duplicated",
        ),
        (
            &[
                ("PrivateIpAddress.1", "10.1.0.9"),
                ("PrivateIpAddress.2", "10.1.0.9"),
            ],
            "InvalidIp.IpRepeated",
        ),
        (
            &[
                ("PrivateIpAddress.1", "10.1.0.9"),
                ("SecondaryPrivateIpAddressCount", "1"),
            ],
            "InvalidParameter.Conflict",
        ),
        (
            &[("Ipv4Prefix.1", "10.1.0.0/28")],
            "InvalidVSwitchId.IpInvalid",
        ),
        (
            &[("Ipv6AddressCount", "1")],
            "InvalidVSwitchId.Ipv6NotTurnOn",
        ),
        (&[("QueueNumber", "4096")], "InvalidParameter"),
        (
            &[("SecurityGroupIds.1", "sg-none")],
            "InvalidParameter.Conflict",
        ),
    ] {
        let refused = service
            .refused(ECS, "CreateNetworkInterface", &asked(more))
            .await;
        assert_eq!(refused, code, "{more:?}");
    }
    let world = service.emulator.world();
    assert_eq!(world["network_interfaces"].as_array().unwrap().len(), 1);
    let order = asked(&[("Ipv4PrefixCount", "1"), ("ClientToken", "token-1")]);
    let made = service.ecs("CreateNetworkInterface", &order).await;
    let again = service.ecs("CreateNetworkInterface", &order).await;
    assert_eq!(made["NetworkInterfaceId"], again["NetworkInterfaceId"]);
    assert_eq!(
        made["Ipv4PrefixSets"]["Ipv4PrefixSet"][0]["Ipv4Prefix"],
        "10.1.0.16/28"
    );
    let id = text(&made, "NetworkInterfaceId");
    let this = ("NetworkInterfaceId", id.as_str());
    let refused = async |action, given: &[(&str, &str)]| service.refused(ECS, action, given).await;
    assert_eq!(
        refused("DetachNetworkInterface", &[this, it]).await,
        "InvalidOperation.InvalidEniState"
    );
    service.ecs("AttachNetworkInterface", &[this, it]).await;
    assert_eq!(
        refused("AttachNetworkInterface", &[this, it]).await,
        "InvalidOperation.InvalidEniState"
    );
    assert_eq!(
        refused("DeleteNetworkInterface", &[this]).await,
        "InvalidOperation.InvalidEniState"
    );
    let shown = service
        .ecs("DescribeNetworkInterfaces", &[it, ("Type", "Primary")])
        .await;
    let primary = text(
        &shown["NetworkInterfaceSets"]["NetworkInterfaceSet"][0],
        "NetworkInterfaceId",
    );
    assert_eq!(
        refused(
            "DetachNetworkInterface",
            &[("NetworkInterfaceId", &primary), it]
        )
        .await,
        "InvalidOperation.DetachPrimaryEniNotAllowed"
    );
    service.ecs("DetachNetworkInterface", &[this, it]).await;
    service.ecs("DeleteNetworkInterface", &[this]).await;
    assert_eq!(
        refused("DeleteNetworkInterface", &[this]).await,
        "InvalidEniId.NotFound"
    );
}

#[tokio::test]
async fn deployment_sets_have_members() {
    let service = Service::instant().await;
    let network = network(&service).await;
    service
        .faults(json!({ "quotas": { "instances_per_deployment_set": 1 } }))
        .await;
    let bad = [("Strategy", "Near")];
    assert_eq!(
        service.refused(ECS, "CreateDeploymentSet", &bad).await,
        "InvalidParameter.Strategy"
    );
    let made = service
        .ecs("CreateDeploymentSet", &[("DeploymentSetName", "web")])
        .await;
    let set = text(&made, "DeploymentSetId");
    let this = ("DeploymentSetId", set.as_str());
    let joins = [this];
    let order = order(&network, &joins);
    let made = service.ecs("CreateInstance", &order).await;
    let instance = text(&made, "InstanceId");
    assert_eq!(
        service.refused(ECS, "CreateInstance", &order).await,
        "QuotaExceed.DeploymentSetInstanceQuotaFull"
    );
    let shown = service.ecs("DescribeDeploymentSets", &[]).await;
    let shown = &shown["DeploymentSets"]["DeploymentSet"][0];
    assert_eq!(shown["InstanceIds"]["InstanceId"], json!([instance]));
    assert_eq!(shown["InstanceAmount"], 1);
    assert_eq!(
        service.refused(ECS, "DeleteDeploymentSet", &[this]).await,
        "DependencyViolation.NotEmpty"
    );
    let leaves = [
        this,
        ("InstanceId", &instance),
        ("RemoveFromDeploymentSet", "true"),
    ];
    service.ecs("ModifyInstanceDeployment", &leaves).await;
    service.ecs("DeleteDeploymentSet", &[this]).await;
    let none = [("InstanceId", instance.as_str()), this];
    assert_eq!(
        service
            .refused(ECS, "ModifyInstanceDeployment", &none)
            .await,
        "DeploymentSet.NotFound"
    );
}

#[tokio::test]
async fn addresses_and_groups_change() {
    let service = Service::instant().await;
    let network = network(&service).await;
    let made = service.ecs("CreateInstance", &order(&network, &[])).await;
    let id = text(&made, "InstanceId");
    let this = ("InstanceId", id.as_str());
    let shown = service.ecs("DescribeNetworkInterfaces", &[this]).await;
    let interface = text(
        &shown["NetworkInterfaceSets"]["NetworkInterfaceSet"][0],
        "NetworkInterfaceId",
    );
    let eni = ("NetworkInterfaceId", interface.as_str());
    let count = [eni, ("SecondaryPrivateIpAddressCount", "2")];
    let given = service.ecs("AssignPrivateIpAddresses", &count).await;
    let given = given["AssignedPrivateIpAddressesSet"]["PrivateIpSet"]["PrivateIpAddress"].clone();
    assert_eq!(given, json!(["10.1.0.2", "10.1.0.3"]));
    let leaving = [eni, ("PrivateIpAddress.1", "10.1.0.2")];
    service.ecs("UnassignPrivateIpAddresses", &leaving).await;
    let primary = [eni, ("PrivateIpAddress.1", "10.1.0.1")];
    assert_eq!(
        service
            .refused(ECS, "UnassignPrivateIpAddresses", &primary)
            .await,
        "InvalidIp.IpUnassigned"
    );
    let second = service
        .ecs("CreateSecurityGroup", &[("VpcId", &network.vpc)])
        .await;
    let second = text(&second, "SecurityGroupId");
    let group = ("SecurityGroupId", second.as_str());
    service.ecs("JoinSecurityGroup", &[this, group]).await;
    let again = service
        .refused(ECS, "JoinSecurityGroup", &[this, group])
        .await;
    assert_eq!(again, "InvalidInstanceId.AlreadyExists");
    service
        .ecs(
            "LeaveSecurityGroup",
            &[this, ("SecurityGroupId", &network.group)],
        )
        .await;
    let last = service
        .refused(ECS, "LeaveSecurityGroup", &[this, group])
        .await;
    assert_eq!(last, "InstanceLastSecurityGroup");
    let moved = [
        this,
        ("VSwitchId", &network.vswitch),
        ("PrivateIpAddress", "10.1.0.50"),
    ];
    service.ecs("ModifyInstanceVpcAttribute", &moved).await;
    let shown = service.ecs("DescribeInstanceAttribute", &[this]).await;
    assert_eq!(
        shown["VpcAttributes"]["PrivateIpAddress"]["IpAddress"],
        json!(["10.1.0.50"])
    );
    assert_eq!(
        shown["SecurityGroupIds"]["SecurityGroupId"],
        json!([second])
    );
    service.end().await;
}

#[tokio::test]
async fn subscriptions_renew_and_end() {
    let service = Service::instant().await;
    let network = network(&service).await;
    let more = [
        ("InstanceChargeType", "PrePaid"),
        ("Period", "1"),
        ("AutoRenew", "true"),
        ("AutoRenewPeriod", "2"),
    ];
    let made = service.ecs("CreateInstance", &order(&network, &more)).await;
    assert!(made["OrderId"].is_string());
    let id = text(&made, "InstanceId");
    let this = ("InstanceId", id.as_str());
    let renewal = async || {
        let shown = service
            .ecs("DescribeInstanceAutoRenewAttribute", &[this])
            .await;
        shown["InstanceRenewAttributes"]["InstanceRenewAttribute"][0].clone()
    };
    assert_eq!(renewal().await["RenewalStatus"], "AutoRenewal");
    assert_eq!(renewal().await["Duration"], 2);
    let never = [this, ("RenewalStatus", "NotRenewal")];
    service
        .ecs("ModifyInstanceAutoRenewAttribute", &never)
        .await;
    assert_eq!(renewal().await["AutoRenewEnabled"], false);
    service
        .ecs(
            "ModifyPrepayInstanceSpec",
            &[this, ("InstanceType", "ecs.g7.2xlarge")],
        )
        .await;
    let spec = service.refused(ECS, "ModifyInstanceSpec", &[this]).await;
    assert_eq!(spec, "ChargeTypeViolation");
    let ids = json!([id]).to_string();
    let paid = [
        ("InstanceIds", ids.as_str()),
        ("InstanceChargeType", "PostPaid"),
    ];
    service.ecs("ModifyInstanceChargeType", &paid).await;
    let later = jiff::Timestamp::now() + Duration::from_secs(7200);
    let later = later.strftime("%Y-%m-%dT%H:%M:%SZ").to_string();
    service
        .ecs(
            "ModifyInstanceAutoReleaseTime",
            &[this, ("AutoReleaseTime", &later)],
        )
        .await;
    let shown = service
        .ecs("DescribeInstances", &[("InstanceIds", &ids)])
        .await;
    assert_eq!(
        shown["Instances"]["Instance"][0]["AutoReleaseTime"],
        json!(later)
    );
    service.ecs("DeleteInstance", &[this]).await;
    service.end().await;
}

#[tokio::test]
async fn networks_change() {
    let service = Service::instant().await;
    let made = service
        .vpc(
            "CreateVpc",
            &[("CidrBlock", "192.168.0.0/16"), ("EnableIpv6", "true")],
        )
        .await;
    let vpc = text(&made, "VpcId");
    let this = ("VpcId", vpc.as_str());
    service
        .vpc(
            "ModifyVpcAttribute",
            &[this, ("VpcName", "net"), ("Description", "")],
        )
        .await;
    let secondary = [
        this,
        ("SecondaryCidrBlock", "10.0.0.0/16"),
        ("IpVersion", "IPV4"),
    ];
    service.vpc("AssociateVpcCidrBlock", &secondary).await;
    let place = [
        this,
        ("ZoneId", ZONE),
        ("CidrBlock", "10.0.1.0/24"),
        ("Ipv6CidrBlock", "7"),
    ];
    let made = service.vpc("CreateVSwitch", &place).await;
    let shown = service
        .vpc(
            "DescribeVSwitches",
            &[("VSwitchId", made["VSwitchId"].as_str().unwrap())],
        )
        .await;
    let shown = &shown["VSwitches"]["VSwitch"][0];
    assert!(
        shown["Ipv6CidrBlock"]
            .as_str()
            .unwrap()
            .ends_with("07::/64"),
        "{shown}"
    );
    assert_eq!(shown["AvailableIpAddressCount"], 252);
    let used = service
        .refused(VPC, "UnassociateVpcCidrBlock", &secondary[..2])
        .await;
    assert_eq!(used, "OperationFailed.CidrInUse");
    service
        .vpc(
            "DeleteVSwitch",
            &[("VSwitchId", made["VSwitchId"].as_str().unwrap())],
        )
        .await;
    service
        .vpc("UnassociateVpcCidrBlock", &secondary[..2])
        .await;
    let tables = service.vpc("DescribeRouteTableList", &[this]).await;
    let table = text(
        &tables["RouterTableList"]["RouterTableListType"][0],
        "RouteTableId",
    );
    let name = [("RouteTableId", table.as_str()), ("RouteTableName", "main")];
    service.vpc("ModifyRouteTableAttributes", &name).await;
    let moved = [
        ("ResourceType", "VPC"),
        ("ResourceId", vpc.as_str()),
        ("NewResourceGroupId", "rg-2"),
    ];
    service.vpc("MoveResourceGroup", &moved).await;
    let shown = service.vpc("DescribeVpcAttribute", &[this]).await;
    assert_eq!(shown["ResourceGroupId"], "rg-2");
    assert_eq!(shown["VpcName"], "net");
    service.end().await;
}

#[tokio::test]
async fn default_networks_are_made() {
    let service = Service::instant().await;
    let made = service.vpc("CreateDefaultVpc", &[]).await;
    let made_vswitch = service
        .vpc("CreateDefaultVSwitch", &[("ZoneId", ZONE)])
        .await;
    let shown = service
        .vpc(
            "DescribeVSwitches",
            &[("VpcId", made["VpcId"].as_str().unwrap())],
        )
        .await;
    assert_eq!(
        shown["VSwitches"]["VSwitch"][0]["VSwitchId"],
        made_vswitch["VSwitchId"]
    );
    service.end().await;
}

#[tokio::test]
async fn the_catalogue_is_shown() {
    let service = Service::instant().await;
    let zones = service.ecs("DescribeZones", &[]).await;
    assert_eq!(zones["Zones"]["Zone"].as_array().unwrap().len(), 8);
    assert_eq!(
        service.vpc("DescribeZones", &[]).await["Zones"]["Zone"]
            .as_array()
            .unwrap()
            .len(),
        8
    );
    let images = service
        .ecs(
            "DescribeImages",
            &[("ImageName", "ubuntu*"), ("PageSize", "2")],
        )
        .await;
    assert_eq!(images["Images"]["Image"].as_array().unwrap().len(), 2);
    let types = service
        .ecs(
            "DescribeInstanceTypes",
            &[("InstanceTypes.1", "ecs.g7.large")],
        )
        .await;
    assert_eq!(types["InstanceTypes"]["InstanceType"][0]["MemorySize"], 8.0);
    let asked = [
        ("DestinationResource", "InstanceType"),
        ("ZoneId", ZONE),
        ("Cores", "2"),
    ];
    let stock = service.ecs("DescribeAvailableResource", &asked).await;
    assert_eq!(
        stock["AvailableZones"]["AvailableZone"][0]["Status"],
        "Available"
    );
    let price = service
        .ecs("DescribePrice", &[("InstanceType", "ecs.g7.large")])
        .await;
    assert!(price["PriceInfo"]["Price"]["TradePrice"].as_f64().unwrap() > 0.0);
    service.ecs("DescribeInstanceTypeFamilies", &[]).await;
    service.end().await;
}

#[tokio::test]
async fn what_is_between_two_states_refuses() {
    let service = Service::instant().await;
    let network = network(&service).await;
    let hours = 3_600_000;
    service
        .faults(json!({ "lengths": { "pending": hours, "vpc": hours, "vswitch": hours } }))
        .await;
    let made = service.ecs("CreateInstance", &order(&network, &[])).await;
    let this = [("InstanceId", made["InstanceId"].as_str().unwrap())];
    for action in ["StartInstance", "StopInstance", "RebootInstance"] {
        assert_eq!(
            service.refused(ECS, action, &this).await,
            "IncorrectInstanceStatus"
        );
    }
    let code = service.refused(ECS, "DeleteInstance", &this).await;
    assert_eq!(code, "IncorrectInstanceStatus.Initializing");
    let vpc = text(
        &service
            .vpc("CreateVpc", &[("CidrBlock", "10.0.0.0/8")])
            .await,
        "VpcId",
    );
    let early = [
        ("VpcId", vpc.as_str()),
        ("ZoneId", ZONE),
        ("CidrBlock", "10.1.0.0/24"),
    ];
    assert_eq!(
        service.refused(VPC, "CreateVSwitch", &early).await,
        "IncorrectVpcStatus"
    );
    assert_eq!(
        service.refused(VPC, "DeleteVpc", &early[..1]).await,
        "IncorrectVpcStatus"
    );
    let place = [
        ("VpcId", network.vpc.as_str()),
        ("ZoneId", ZONE),
        ("CidrBlock", "10.2.0.0/24"),
    ];
    let vswitch = text(&service.vpc("CreateVSwitch", &place).await, "VSwitchId");
    let other = [place[0], place[1], ("CidrBlock", "10.3.0.0/24")];
    assert_eq!(
        service.refused(VPC, "CreateVSwitch", &other).await,
        "IncorrectVSwitchStatus"
    );
    let there = [("VSwitchId", vswitch.as_str())];
    let code = service
        .refused(ECS, "RunInstances", &order(&network, &there))
        .await;
    assert_eq!(code, "IncorrectVSwitchStatus");
    service
        .faults(json!({ "lengths": { "starting": hours } }))
        .await;
    let made = service.ecs("RunInstances", &order(&network, &[])).await;
    let this = [(
        "InstanceId",
        made["InstanceIdSets"]["InstanceIdSet"][0].as_str().unwrap(),
    )];
    assert_eq!(
        service.refused(ECS, "StopInstance", &this).await,
        "IncorrectInstanceStatus"
    );
    service
        .ecs("DeleteInstance", &[this[0], ("Force", "true")])
        .await;
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
    service.end().await;
}

#[tokio::test]
async fn interfaces_of_an_order_are_made_with_it() {
    let service = Service::instant().await;
    let network = network(&service).await;
    let order = [
        ("ImageId", IMAGE),
        ("InstanceType", "ecs.g7.large"),
        ("Amount", "2"),
        ("InstanceName", "web-[7,3]"),
        ("NetworkInterface.1.InstanceType", "Primary"),
        ("NetworkInterface.1.VSwitchId", &network.vswitch),
        ("NetworkInterface.1.SecurityGroupIds.1", &network.group),
        ("NetworkInterface.2.InstanceType", "Secondary"),
        ("NetworkInterface.2.VSwitchId", &network.vswitch),
        ("NetworkInterface.2.SecurityGroupIds.1", &network.group),
        ("NetworkInterface.2.DeleteOnRelease", "false"),
    ];
    service.ecs("RunInstances", &order).await;
    let shown = service
        .ecs("DescribeInstances", &[("InstanceName", "web-*")])
        .await;
    let instances = shown["Instances"]["Instance"].as_array().unwrap().clone();
    assert_eq!(instances[1]["InstanceName"], "web-008");
    let interfaces = instances[0]["NetworkInterfaces"]["NetworkInterface"]
        .as_array()
        .unwrap();
    assert_eq!(interfaces.len(), 2);
    assert_eq!(interfaces[1]["Type"], "Secondary");
    let this = ("InstanceId", instances[0]["InstanceId"].as_str().unwrap());
    service
        .ecs("DeleteInstance", &[this, ("Force", "true")])
        .await;
    let kept = (
        "NetworkInterfaceId.1",
        interfaces[1]["NetworkInterfaceId"].as_str().unwrap(),
    );
    let shown = service.ecs("DescribeNetworkInterfaces", &[kept]).await;
    assert_eq!(
        shown["NetworkInterfaceSets"]["NetworkInterfaceSet"][0]["Status"],
        "Available"
    );
    service.end().await;
}
