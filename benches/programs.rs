#![expect(
    clippy::print_stdout,
    clippy::disallowed_methods,
    reason = "a report for people, over temporary files"
)]

//! Whole commands, timed as a user would: prov beside Terraform on the same configuration, in the same run.
//!
//! `cargo bench --bench programs` measures prov, and Terraform where it is on the PATH. Terraform's time
//! grows with the square of the size, so it runs at 1,000 only unless `BENCH_FULL=1`. Figures are the best of
//! several runs; what counts are the ratios, since machines differ.

use std::{
    env, fs,
    path::Path,
    process::{Command, Stdio},
    time::{Duration, Instant},
};

/// One timed command.
struct Timed {
    best: Duration,
    /// The largest resident set, in MiB; 0 where the system does not tell.
    peak: u64,
}

fn main() {
    if env::args().any(|argument| argument == "--test") {
        return;
    }
    let prov = env!("CARGO_BIN_EXE_prov").to_owned();
    let terraform = which("terraform");
    let full = env::var_os("BENCH_FULL").is_some();
    println!(
        "{:<48} {:>12} {:>10} {:>14} {:>10}",
        "what", "prov", "peak MiB", "terraform", "ratio"
    );
    start(&prov, terraform.as_deref());
    for size in [1_000, 5_000, 10_000, 100_000] {
        let other = terraform
            .as_deref()
            .filter(|_| size == 1_000 || (full && size == 5_000));
        count(&prov, other, size);
    }
    for_each(&prov, terraform.as_deref());
    refresh(&prov);
}

fn start(prov: &str, terraform: Option<&str>) {
    let directory = tempfile::tempdir().expect("a temporary directory");
    let ours = time(20, || run(prov, directory.path(), &["version"]));
    let theirs = terraform.map(|it| time(5, || run(it, directory.path(), &["version"])));
    report("version", &ours, theirs.as_ref());
}

/// `terraform_data` with `count`: plan of nothing, apply, plan again.
fn count(prov: &str, terraform: Option<&str>, size: usize) {
    let text = format!(
        "resource \"terraform_data\" \"a\" {{\n  count = {size}\n  input = {{ n = count.index, name = \"item-${{count.index}}\" }}\n}}\n"
    );
    both(prov, terraform, &format!("count = {size}"), &text);
}

fn for_each(prov: &str, terraform: Option<&str>) {
    let text = "resource \"terraform_data\" \"a\" {\n  for_each = { for n in range(1000) : \"k${n}\" => n }\n  input = each.value\n}\n";
    both(prov, terraform, "for_each over 1000", text);
}

fn both(prov: &str, terraform: Option<&str>, name: &str, text: &str) {
    let ours = tempfile::tempdir().expect("a temporary directory");
    fs::write(ours.path().join("main.tf"), text).expect("a temporary file");
    let theirs = tempfile::tempdir().expect("a temporary directory");
    fs::write(theirs.path().join("main.tf"), text).expect("a temporary file");
    if let Some(terraform) = terraform {
        run(terraform, theirs.path(), &["init", "-input=false"]);
    }
    let apply = &["apply", "-auto-approve", "-input=false"];
    let timed = |times: usize, arguments: &[&str], fresh: bool| {
        let clean = |directory: &Path| {
            if fresh {
                let _ = fs::remove_file(directory.join("terraform.tfstate"));
            }
        };
        let mine = time(times, || {
            clean(ours.path());
            run(prov, ours.path(), arguments)
        });
        let other = terraform.map(|it| {
            time(1, || {
                clean(theirs.path());
                run(it, theirs.path(), arguments)
            })
        });
        (mine, other)
    };
    for (what, arguments, fresh) in [
        ("plan of all", &["plan", "-input=false"][..], true),
        ("apply", apply, true),
        ("plan again", &["plan", "-input=false"], false),
    ] {
        let (mine, other) = timed(3, arguments, fresh);
        report(&format!("{name}: {what}"), &mine, other.as_ref());
    }
}

/// How many calls, and how long, the refresh of 500 instances takes against the emulator.
fn refresh(prov: &str) {
    let directory = tempfile::tempdir().expect("a temporary directory");
    let manifest = include_str!("fleet.tf");
    fs::write(directory.path().join("main.tf"), manifest).expect("a temporary file");
    let emulator = Emulator::start(prov);
    let environment = [("ALIBABA_CLOUD_ENDPOINT", emulator.address.as_str())];
    let applied = Instant::now();
    run_with(
        prov,
        directory.path(),
        &["apply", "-auto-approve", "-parallelism=64"],
        &environment,
    );
    println!(
        "{:<48} {:>12}",
        "500 instances: apply",
        show(applied.elapsed())
    );
    let before = emulator.calls();
    let planned = Instant::now();
    run_with(prov, directory.path(), &["plan"], &environment);
    println!(
        "{:<48} {:>12}",
        "500 instances: plan with refresh",
        show(planned.elapsed())
    );
    println!(
        "{:<48} {:>12}",
        "500 instances: calls of that plan",
        emulator.calls() - before
    );
}

struct Emulator {
    child: std::process::Child,
    address: String,
}

impl Emulator {
    fn start(prov: &str) -> Self {
        use std::io::{BufRead, BufReader};
        let mut child = Command::new(prov)
            .args(["emulator", "-listen", "127.0.0.1:0", "-profile", "instant"])
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

    fn calls(&self) -> u64 {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .expect("a runtime");
        let url = format!("{}/_emulator/calls", self.address);
        runtime.block_on(async {
            let _ = rustls::crypto::ring::default_provider().install_default();
            let calls: serde_json::Value = reqwest::get(url)
                .await
                .expect("an answer")
                .json()
                .await
                .expect("JSON");
            let all = calls.as_object().expect("an object");
            all.values().filter_map(|it| it["calls"].as_u64()).sum()
        })
    }
}

impl Drop for Emulator {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn which(name: &str) -> Option<String> {
    let path = env::var_os("PATH")?;
    let found = env::split_paths(&path)
        .map(|directory| directory.join(name))
        .find(|it| it.is_file())?;
    Some(found.display().to_string())
}

/// Runs a command and returns its peak memory in MiB.
fn run(program: &str, directory: &Path, arguments: &[&str]) -> u64 {
    run_with(program, directory, arguments, &[])
}

fn run_with(
    program: &str,
    directory: &Path,
    arguments: &[&str],
    environment: &[(&str, &str)],
) -> u64 {
    let report = directory.join(".peak");
    // GNU time tells the peak; without it only the time is measured.
    let timer = which("time").filter(|_| Path::new("/usr/bin/time").exists());
    let mut command = match &timer {
        Some(timer) => {
            let mut command = Command::new(timer);
            command.args(["-f", "%M", "-o"]).arg(&report).arg(program);
            command
        }
        None => Command::new(program),
    };
    let status = command
        .args(arguments)
        .current_dir(directory)
        .env("ALIBABA_CLOUD_ACCESS_KEY_ID", "LTAI-emulator")
        .env("ALIBABA_CLOUD_ACCESS_KEY_SECRET", "emulator-secret")
        .envs(environment.iter().copied())
        .stdout(Stdio::null())
        .stderr(Stdio::inherit())
        .status()
        .expect("the command starts");
    assert!(status.success(), "{program} {arguments:?} failed");
    fs::read_to_string(report)
        .ok()
        .and_then(|text| text.trim().parse::<u64>().ok())
        .unwrap_or(0)
        / 1024
}

fn time(times: usize, mut work: impl FnMut() -> u64) -> Timed {
    let mut timed = Timed {
        best: Duration::MAX,
        peak: 0,
    };
    for _ in 0..times {
        let start = Instant::now();
        timed.peak = timed.peak.max(work());
        timed.best = timed.best.min(start.elapsed());
    }
    timed
}

fn show(duration: Duration) -> String {
    format!("{:.1} ms", duration.as_secs_f64() * 1000.0)
}

fn report(what: &str, ours: &Timed, theirs: Option<&Timed>) {
    let (other, ratio) = theirs.map_or((String::new(), String::new()), |theirs| {
        let ratio = theirs.best.as_secs_f64() / ours.best.as_secs_f64();
        (show(theirs.best), format!("{ratio:.0}x"))
    });
    println!(
        "{what:<48} {:>12} {:>10} {other:>14} {ratio:>10}",
        show(ours.best),
        ours.peak
    );
}
