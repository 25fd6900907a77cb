#![expect(
    clippy::print_stdout,
    clippy::disallowed_methods,
    reason = "a report for people, over temporary files"
)]

//! The emulator under load: how large it is with 100,000 instances, what a call costs it, and how fast it starts.
//!
//! `cargo bench --bench emulator`, or `-- 20000` for another number of instances. What counts is the processor time
//! that the server takes for a call, which the other programs of the machine do not change; Linux tells it.

use std::{
    fs,
    io::{BufRead, BufReader, Read, Write},
    net::TcpStream,
    path::Path,
    process::{Child, Command, Stdio},
    sync::atomic::{AtomicUsize, Ordering},
    thread,
    time::Instant,
};

use prov::cloud::sign;
use serde_json::{Value, json};

const CONNECTIONS: usize = 8;
/// What /proc counts processor time in.
const TICKS: f64 = 100.0;

fn main() {
    if std::env::args().any(|argument| argument == "--test") {
        return;
    }
    let size = std::env::args().find_map(|argument| argument.parse().ok());
    let size: usize = size.unwrap_or(100_000);
    let folder = tempfile::tempdir().expect("a temporary directory");
    let mut server = Server::start(folder.path());
    let place = Place::make(&server);
    println!(
        "{:<44} {:>9} {:>12} {:>12} {:>10}",
        "what", "calls", "calls/s", "calls/cpu s", "peak MiB"
    );
    let created = server.load("CreateInstance", size, |at| place.create(at));
    let ids = instances(&server);
    for (name, calls, read) in READS {
        server.load(name, *calls, |at| read((&place, &ids, size), at));
    }
    server.load(
        "mix: 9 reads of a page of 10, 1 creation",
        20_000,
        |at| match at % 10 {
            0 => place.create(created + at),
            at => place.page(1 + at * 7, 10),
        },
    );
    for (signal, name) in [
        ("TERM", "start after SIGTERM"),
        ("KILL", "start after SIGKILL"),
    ] {
        server.end(signal);
        let started = Instant::now();
        server = Server::start(folder.path());
        println!(
            "{name:<44} {:>9.2} s {:>27} {:>10}",
            started.elapsed().as_secs_f64(),
            "",
            server.peak()
        );
        server.load("a page after it", 1_000, |at| place.page(1 + at, 10));
        server.load("CreateInstance after it", 1_000, |at| {
            place.create(2 * size + at)
        });
    }
}

type Call = Vec<(String, String)>;

/// The network that the instances stand in.
struct Place {
    vpc: String,
    group: String,
    vswitches: Vec<String>,
}

impl Place {
    fn make(server: &Server) -> Self {
        let vpc = server.ask(&call("CreateVpc", &[("CidrBlock", "10.0.0.0/8")]));
        let vpc = text(&vpc, "VpcId");
        let of_vpc = ("VpcId", vpc.as_str());
        let vswitches = (0..4).map(|at| {
            let cidr = format!("10.{at}.0.0/16");
            let place = [of_vpc, ("CidrBlock", &cidr), ("ZoneId", "cn-hangzhou-h")];
            text(&server.ask(&call("CreateVSwitch", &place)), "VSwitchId")
        });
        let vswitches = vswitches.collect();
        let group = server.ask(&call("CreateSecurityGroup", &[of_vpc]));
        let group = text(&group, "SecurityGroupId");
        Self {
            vpc,
            group,
            vswitches,
        }
    }

    fn create(&self, at: usize) -> Call {
        let name = format!("machine-{at}");
        let token = format!("token-{at}-of-a-load-that-has-a-usual-length");
        call(
            "CreateInstance",
            &[
                ("InstanceName", &name),
                ("ClientToken", &token),
                ("InstanceType", "ecs.g6.large"),
                ("ImageId", "aliyun_3_x64_20G_alibase_20240819.vhd"),
                ("VSwitchId", &self.vswitches[at % self.vswitches.len()]),
                ("SecurityGroupId", &self.group),
                ("SystemDisk.Category", "cloud_essd"),
                ("InstanceChargeType", "PostPaid"),
                ("Tag.1.Key", "fleet"),
                (
                    "Tag.1.Value",
                    if at.is_multiple_of(100) {
                        "blue"
                    } else {
                        "green"
                    },
                ),
            ],
        )
    }

    fn page(&self, number: usize, size: usize) -> Call {
        call(
            "DescribeInstances",
            &[
                ("PageNumber", &number.to_string()),
                ("PageSize", &size.to_string()),
            ],
        )
    }
}

/// What a load of reads knows: the network, some ids, how many instances there are.
type Known<'a> = (&'a Place, &'a [String], usize);
type Reading = fn(Known<'_>, usize) -> Call;

/// Reads: what they are called, how many, and the call of a number.
const READS: &[(&str, usize, Reading)] = &[
    ("first page of 10", 20_000, |(place, ..), _| {
        place.page(1, 10)
    }),
    ("last page of 10", 20_000, |(place, _, size), _| {
        place.page(size / 10, 10)
    }),
    ("page of 100", 2_000, |(place, ..), at| {
        place.page(1 + at % 100, 100)
    }),
    ("by one id", 20_000, |(_, ids, _), _| {
        by("InstanceIds", &json!(&ids[..1]).to_string(), 0)
    }),
    ("by 100 ids, 10 shown", 10_000, |(_, ids, _), at| {
        by("InstanceIds", &json!(ids).to_string(), at % 9)
    }),
    ("by VpcId", 10_000, |(place, ..), at| {
        by("VpcId", &place.vpc, at)
    }),
    ("by VSwitchId", 10_000, |(place, ..), at| {
        by("VSwitchId", &place.vswitches[0], at)
    }),
    ("by SecurityGroupId", 10_000, |(place, ..), at| {
        by("SecurityGroupId", &place.group, at)
    }),
    ("by InstanceName", 10_000, |(_, _, size), at| {
        by("InstanceName", &format!("machine-{}", at % size), 0)
    }),
    ("by a tag", 10_000, |_, at| tagged(at)),
    ("by a pattern of names (no index)", 50, |_, _| {
        by("InstanceName", "machine-9*", 0)
    }),
    ("DescribeInstanceStatus, 50 shown", 10_000, |_, at| {
        let page = (1 + at % 100).to_string();
        call(
            "DescribeInstanceStatus",
            &[("PageNumber", &page), ("PageSize", "50")],
        )
    }),
];

/// A page of the instances that a filter finds.
fn by(filter: &str, value: &str, at: usize) -> Call {
    call(
        "DescribeInstances",
        &[(filter, value), ("PageNumber", &(1 + at % 50).to_string())],
    )
}

fn tagged(at: usize) -> Call {
    let page = (1 + at % 50).to_string();
    let tag = [
        ("Tag.1.Key", "fleet"),
        ("Tag.1.Value", "green"),
        ("PageNumber", &page),
    ];
    call("DescribeInstances", &tag)
}

fn instances(server: &Server) -> Vec<String> {
    let page = server.ask(&call("DescribeInstances", &[("PageSize", "100")]));
    let all = page["Instances"]["Instance"]
        .as_array()
        .cloned()
        .unwrap_or_default();
    all.iter().map(|one| text(one, "InstanceId")).collect()
}

fn text(value: &Value, name: &str) -> String {
    value[name]
        .as_str()
        .unwrap_or_else(|| panic!("no {name} in {value}"))
        .to_owned()
}

fn call(action: &str, parameters: &[(&str, &str)]) -> Call {
    let version = if ["CreateVpc", "CreateVSwitch"].contains(&action) {
        "2016-04-28"
    } else {
        "2014-05-26"
    };
    let common = [
        ("Action", action),
        ("Version", version),
        ("RegionId", "cn-hangzhou"),
    ];
    let all = common.iter().chain(parameters);
    all.map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
        .collect()
}

/// Signs a call and writes it as HTTP.
fn request(call: &Call) -> Vec<u8> {
    static NONCE: AtomicUsize = AtomicUsize::new(0);
    let now = jiff::Timestamp::now()
        .strftime("%Y-%m-%dT%H:%M:%SZ")
        .to_string();
    let nonce = format!(
        "{}-{}",
        std::process::id(),
        NONCE.fetch_add(1, Ordering::Relaxed)
    );
    let mut all = call.clone();
    for (name, value) in [
        ("Format", "JSON"),
        ("AccessKeyId", "LTAI-emulator"),
        ("SignatureMethod", "HMAC-SHA1"),
        ("SignatureVersion", "1.0"),
        ("SignatureNonce", &nonce),
        ("Timestamp", &now),
    ] {
        all.push((name.to_owned(), value.to_owned()));
    }
    all.push((
        "Signature".to_owned(),
        sign::v1("POST", &all, "emulator-secret"),
    ));
    let body = sign::form(&all);
    format!(
        "POST / HTTP/1.1\r\nhost: emulator\r\ncontent-type: application/x-www-form-urlencoded\r\ncontent-length: {}\r\n\r\n{body}",
        body.len()
    )
    .into_bytes()
}

struct Server {
    child: Child,
    address: String,
}

impl Server {
    fn start(data: &Path) -> Self {
        let faults = data.join("faults.json");
        let much =
            json!({ "quotas": { "addresses_per_group": 1_000_000, "instances": 1_000_000 } });
        fs::write(&faults, much.to_string()).expect("a temporary file");
        let mut child = Command::new(env!("CARGO_BIN_EXE_prov"))
            .args([
                "emulator",
                "-listen",
                "127.0.0.1:0",
                "-profile",
                "instant",
                "-data",
            ])
            .arg(data.join("world"))
            .arg("-faults")
            .arg(&faults)
            .stdout(Stdio::piped())
            .spawn()
            .expect("prov starts");
        let mut line = String::new();
        let out = child.stdout.take().expect("its output is piped");
        BufReader::new(out)
            .read_line(&mut line)
            .expect("it says where it listens");
        let address = line
            .trim()
            .strip_prefix("listening on http://")
            .expect("it says so");
        let address = address.to_owned();
        Self { child, address }
    }

    fn ask(&self, call: &Call) -> Value {
        let mut connection = Connection::to(&self.address);
        let answer = connection.send(&request(call));
        serde_json::from_slice(&answer).expect("answers are JSON")
    }

    /// Sends calls over some connections, says what they cost, and returns how many were sent.
    fn load(&self, name: &str, calls: usize, make: impl Fn(usize) -> Call + Sync) -> usize {
        let next = AtomicUsize::new(0);
        let (before, started) = (self.processor(), Instant::now());
        thread::scope(|scope| {
            for _ in 0..CONNECTIONS.min(calls) {
                scope.spawn(|| {
                    let mut connection = Connection::to(&self.address);
                    loop {
                        let at = next.fetch_add(1, Ordering::Relaxed);
                        if at >= calls {
                            return;
                        }
                        connection.send(&request(&make(at)));
                    }
                });
            }
        });
        let (wall, spent) = (started.elapsed().as_secs_f64(), self.processor() - before);
        let of = |seconds: f64| calls as f64 / seconds.max(0.01);
        println!(
            "{name:<44} {calls:>9} {:>12.0} {:>12.0} {:>10}",
            of(wall),
            of(spent),
            self.peak()
        );
        calls
    }

    /// The processor time that the server has taken, in seconds.
    fn processor(&self) -> f64 {
        let line =
            fs::read_to_string(format!("/proc/{}/stat", self.child.id())).unwrap_or_default();
        let fields: Vec<&str> = line.split_whitespace().collect();
        let ticks = |at: usize| {
            fields
                .get(at)
                .and_then(|text| text.parse::<f64>().ok())
                .unwrap_or(0.0)
        };
        (ticks(13) + ticks(14)) / TICKS
    }

    /// The largest resident set so far, in MiB.
    fn peak(&self) -> u64 {
        let status =
            fs::read_to_string(format!("/proc/{}/status", self.child.id())).unwrap_or_default();
        let line = status
            .lines()
            .find_map(|line| line.strip_prefix("VmHWM:"))
            .unwrap_or("0");
        let number = line
            .split_whitespace()
            .next()
            .and_then(|text| text.parse::<u64>().ok());
        number.unwrap_or(0) / 1024
    }

    fn end(&mut self, signal: &str) {
        let arguments = [format!("-{signal}"), self.child.id().to_string()];
        let started = Instant::now();
        Command::new("kill")
            .args(arguments)
            .status()
            .expect("kill runs");
        self.child.wait().expect("it ends");
        println!(
            "{:<44} {:>9.2} s",
            format!("ended by SIG{signal}"),
            started.elapsed().as_secs_f64()
        );
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

/// A kept connection.
struct Connection(BufReader<TcpStream>);

impl Connection {
    fn to(address: &str) -> Self {
        let stream = TcpStream::connect(address).expect("the server listens");
        stream.set_nodelay(true).expect("a socket takes options");
        Self(BufReader::new(stream))
    }

    /// Sends a request and returns the body of its answer, which has to be a good one.
    fn send(&mut self, request: &[u8]) -> Vec<u8> {
        self.0
            .get_mut()
            .write_all(request)
            .expect("the server reads");
        let (mut length, mut line, mut status) = (0, String::new(), String::new());
        loop {
            line.clear();
            self.0.read_line(&mut line).expect("the server answers");
            if status.is_empty() {
                line.clone_into(&mut status);
            }
            if let Some(value) = line.strip_prefix("content-length: ") {
                length = value.trim().parse().expect("a length is a number");
            }
            if line == "\r\n" {
                break;
            }
        }
        let mut body = vec![0; length];
        self.0.read_exact(&mut body).expect("the body follows");
        assert!(
            status.contains(" 200 "),
            "{status}{}",
            String::from_utf8_lossy(&body)
        );
        body
    }
}
