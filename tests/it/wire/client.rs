//! Requests written and signed by hand, and a network to make things in.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::time::{Duration, Instant};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit, Mac};
use prov::emulator::{Emulator, Options, Profile};
use serde_json::Value;
use sha1::Sha1;
use sha2::{Digest, Sha256};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::oneshot;
use tokio::task::JoinSet;

use crate::support::contract::Record;

pub(super) const ECS: &str = "2014-05-26";

pub(super) const VPC: &str = "2016-04-28";

pub(super) const SLB: &str = "2014-05-15";

pub(super) const STS: &str = "2015-04-01";

pub(super) const REGION: &str = "cn-hangzhou";

pub(super) const ZONE: &str = "cn-hangzhou-h";

pub(super) const IMAGE: &str = "aliyun_3_x64_20G_alibase_20240819.vhd";

/// An emulator on a port.
pub(super) struct Service {
    pub(super) address: SocketAddr,
    pub(super) emulator: Emulator,
    pub(super) stop: Option<oneshot::Sender<()>>,
    pub(super) serving: JoinSet<std::io::Result<()>>,
    pub(super) _record: Record,
}

/// An answer: status, headers and body.
#[derive(Debug)]
pub(super) struct Answer {
    pub(super) status: u16,
    pub(super) head: String,
    pub(super) body: String,
}

impl Answer {
    pub(super) fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|_| panic!("not JSON: {}", self.body))
    }

    pub(super) fn code(&self) -> String {
        self.json()["Code"].as_str().unwrap_or_default().to_owned()
    }
}

pub(super) type Parameters<'a> = &'a [(&'a str, &'a str)];

impl Service {
    pub(super) async fn start(options: Options) -> Self {
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

    pub(super) async fn instant() -> Self {
        Self::start(Options {
            profile: Profile::Instant,
            ..Options::default()
        })
        .await
    }

    pub(super) async fn end(mut self) {
        self.stop.take().unwrap().send(()).unwrap();
        self.serving.join_next().await.unwrap().unwrap().unwrap();
    }

    /// Sends bytes and reads what comes until the connection ends.
    pub(super) async fn exchange(&self, request: &str) -> Option<Answer> {
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

    pub(super) async fn get(&self, target: &str) -> Answer {
        let request = format!("GET {target} HTTP/1.1\r\nHost: ecs\r\nConnection: close\r\n\r\n");
        self.exchange(&request).await.unwrap()
    }

    pub(super) async fn post(&self, target: &str, kind: &str, body: &str) -> Option<Answer> {
        let length = body.len();
        self.exchange(&format!(
            "POST {target} HTTP/1.1\r\nHost: ecs\r\nConnection: close\r\nContent-Type: {kind}\r\n\
             Content-Length: {length}\r\n\r\n{body}"
        ))
        .await
    }

    /// A call signed by version 1, its parameters in the query.
    pub(super) async fn call(
        &self,
        version: &str,
        action: &str,
        parameters: Parameters<'_>,
    ) -> Answer {
        self.try_call(version, action, parameters).await.unwrap()
    }

    pub(super) async fn try_call(
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

    pub(super) async fn ecs(&self, action: &str, parameters: Parameters<'_>) -> Value {
        good(action, &self.call(ECS, action, parameters).await)
    }

    pub(super) async fn vpc(&self, action: &str, parameters: Parameters<'_>) -> Value {
        good(action, &self.call(VPC, action, parameters).await)
    }

    pub(super) async fn slb(&self, action: &str, parameters: Parameters<'_>) -> Value {
        good(action, &self.call(SLB, action, parameters).await)
    }

    pub(super) async fn refused(
        &self,
        version: &str,
        action: &str,
        parameters: Parameters<'_>,
    ) -> String {
        let answer = self.call(version, action, parameters).await;
        assert!(answer.status >= 400, "{action} succeeded: {}", answer.body);
        answer.code()
    }

    pub(super) async fn faults(&self, faults: Value) {
        let answer = self
            .post("/_emulator/faults", "application/json", &faults.to_string())
            .await
            .unwrap();
        assert_eq!(answer.status, 200, "{}", answer.body);
    }
}

pub(super) const SECRET: &str = "emulator-secret";

pub(super) fn good(action: &str, answer: &Answer) -> Value {
    assert_eq!(answer.status, 200, "{action}: {}", answer.body);
    answer.json()
}

pub(super) fn nonce() -> String {
    uuid::Uuid::new_v4().to_string()
}

pub(super) fn now() -> String {
    jiff::Timestamp::now()
        .strftime("%Y-%m-%dT%H:%M:%SZ")
        .to_string()
}

pub(super) fn encode(text: &str) -> String {
    let keep = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.~".contains(&byte);
    text.bytes()
        .map(|byte| match keep(byte) {
            true => char::from(byte).to_string(),
            false => format!("%{byte:02X}"),
        })
        .collect()
}

pub(super) fn join(all: &BTreeMap<String, String>) -> String {
    let pairs: Vec<String> = all
        .iter()
        .map(|(name, value)| format!("{}={}", encode(name), encode(value)))
        .collect();
    pairs.join("&")
}

pub(super) fn complete(
    version: &str,
    action: &str,
    parameters: Parameters<'_>,
) -> BTreeMap<String, String> {
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

pub(super) fn signed_v1(method: &str, all: &BTreeMap<String, String>, secret: &str) -> String {
    let text = format!("{method}&%2F&{}", encode(&join(all)));
    let mut mac = Hmac::<Sha1>::new_from_slice(format!("{secret}&").as_bytes()).unwrap();
    mac.update(text.as_bytes());
    let signature = STANDARD.encode(mac.finalize().into_bytes());
    format!("{}&Signature={}", join(all), encode(&signature))
}

pub(super) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// A request signed by version 3, its parameters in the query.
pub(super) fn version_3(version: &str, action: &str, parameters: Parameters<'_>) -> String {
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
pub(super) async fn until(
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
pub(super) struct Network {
    pub(super) vpc: String,
    pub(super) vswitch: String,
    pub(super) group: String,
}

pub(super) fn text(value: &Value, name: &str) -> String {
    value[name]
        .as_str()
        .unwrap_or_else(|| panic!("no {name} in {value}"))
        .to_owned()
}

pub(super) async fn network(service: &Service) -> Network {
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

pub(super) fn order<'a>(network: &'a Network, more: Parameters<'a>) -> Vec<(&'a str, &'a str)> {
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

/// Deletes a network, asking again while something still lingers.
pub(super) async fn dismantle(service: &Service, network: &Network) {
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
