//! Instances of the emulated cloud: what one command costs in time, memory, calls and bytes.

use std::{
    io::{BufRead, BufReader},
    path::Path,
    process::{Child, Command, Stdio},
};

use serde_json::{Value, json};

use super::{
    measure::{Program, Sample},
    shapes,
};

/// What one command came to.
pub struct Row {
    pub size: usize,
    pub what: &'static str,
    pub sample: Sample,
    pub calls: u64,
    pub throttled: u64,
    /// Seconds that the calls take at the API's rate and latency.
    pub ideal: Option<f64>,
    /// Bytes of the state that is left.
    pub state: u64,
}

/// How far away the emulator is, in milliseconds.
const LATENCY: u32 = 50;
/// How often each of its actions may be called in a second.
const RATE: u32 = 100;
/// Calls that wait for each other: region, network, route table, switches, group, instance, a look, start, a look, disks.
const DEPTH: u32 = 12;

/// Measures with an emulator that answers at once, and with one that is far away.
pub fn measure(prov: &Program, full: bool) -> Vec<Row> {
    let mut rows = Vec::new();
    for size in [1_000, 10_000, 100_000] {
        if size <= 1_000 || full {
            rows.extend(near(prov, size));
        }
    }
    rows.extend(far(prov, if full { 5_000 } else { 1_000 }));
    rows
}

fn near(prov: &Program, size: usize) -> Vec<Row> {
    let world = World::new(prov, size, json!({}));
    let apply = ["apply", "-auto-approve", "-parallelism=64"];
    vec![
        world.run("plan of all", &["plan"], None),
        world.run("apply", &apply, None),
        world.run(
            "plan again, from the state",
            &["plan", "-refresh=false"],
            None,
        ),
        world.run("plan again, with the cloud", &["plan"], None),
    ]
}

fn far(prov: &Program, size: usize) -> Vec<Row> {
    let distance = json!({
        "limits": { "*": format!("{RATE}/s") },
        "rules": [{ "kind": "delay", "delay_ms": LATENCY }],
    });
    let world = World::new(prov, size, distance);
    let rate = f64::from(RATE);
    let latency = f64::from(LATENCY) / 1000.0;
    #[expect(clippy::cast_precision_loss, reason = "sizes are small")]
    let ideal = size as f64 / rate + f64::from(DEPTH) * latency;
    #[expect(clippy::cast_precision_loss, reason = "sizes are small")]
    let pages = (size as f64 / 100.0).ceil();
    // Of each instance are read itself, its disks and its attributes.
    let refresh = pages / rate + 4.0 * latency;
    vec![
        world.run("apply, far away", &["apply", "-auto-approve"], Some(ideal)),
        world.run("plan again, far away", &["plan"], Some(refresh)),
    ]
}

/// An emulator, and a configuration for it.
struct World {
    emulator: Emulator,
    program: Program,
    directory: tempfile::TempDir,
    size: usize,
}

impl World {
    fn new(prov: &Program, size: usize, mut faults: Value) -> Self {
        let directory = tempfile::tempdir().expect("a temporary directory");
        shapes::INSTANCES.write(directory.path(), size);
        faults["quotas"] = json!({ "instances": 1_000_000, "security_groups": 1_000 });
        let emulator = Emulator::start(&prov.path, &faults, directory.path());
        let endpoint = emulator.address.clone();
        Self {
            emulator,
            program: Program {
                path: prov.path.clone(),
                environment: vec![("ALIBABA_CLOUD_ENDPOINT", endpoint)],
            },
            directory,
            size,
        }
    }

    fn run(&self, what: &'static str, arguments: &[&str], ideal: Option<f64>) -> Row {
        let before = self.emulator.counted();
        let sample = self.program.run(self.directory.path(), arguments);
        let after = self.emulator.counted();
        let state = self.directory.path().join("terraform.tfstate");
        eprintln!("{} instances: {what} {:.3} s", self.size, sample.seconds);
        Row {
            size: self.size,
            what,
            sample,
            calls: after.0 - before.0,
            throttled: after.1 - before.1,
            ideal,
            state: std::fs::metadata(state).map_or(0, |it| it.len()),
        }
    }
}

struct Emulator {
    child: Child,
    address: String,
}

impl Emulator {
    fn start(prov: &str, faults: &Value, directory: &Path) -> Self {
        let path = directory.join("faults");
        std::fs::write(&path, faults.to_string()).expect("a temporary file");
        let mut command = Command::new(prov);
        command.args(["emulator", "-listen", "127.0.0.1:0", "-profile", "instant"]);
        command.arg("-faults").arg(&path);
        let mut child = command
            .stdout(Stdio::piped())
            .spawn()
            .expect("the emulator starts");
        let mut line = String::new();
        let out = child.stdout.take().expect("it is piped");
        BufReader::new(out)
            .read_line(&mut line)
            .expect("it says where it listens");
        let address = line
            .trim()
            .rsplit(' ')
            .next()
            .unwrap_or_default()
            .to_owned();
        Self { child, address }
    }

    /// Returns how many calls there were, and how many of them were refused for their rate.
    fn counted(&self) -> (u64, u64) {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .expect("a runtime");
        let url = format!("{}/_emulator/calls", self.address);
        let counts: Value = runtime.block_on(async {
            let _ = rustls::crypto::ring::default_provider().install_default();
            let answer = reqwest::get(url).await.expect("an answer");
            answer.json().await.expect("JSON")
        });
        let all = || counts.as_object().into_iter().flat_map(|it| it.values());
        let sum = |name: &str| all().filter_map(|it| it[name].as_u64()).sum();
        (sum("calls"), sum("throttled"))
    }
}

impl Drop for Emulator {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
