//! What tests of the whole program share: a project in a directory of its own, the built program, and an
//! emulator in another process.

use std::{
    fs,
    io::{BufRead, BufReader, Read, Write},
    path::{Path, PathBuf},
    process::{Child, Command, Output, Stdio},
};

use flate2::read::MultiGzDecoder;
use serde_json::Value as Json;

use super::{
    contract::{RECORD, Record},
    control::ask,
};

/// The built program.
pub const PROV: &str = env!("CARGO_BIN_EXE_prov");

/// An emulator in a process of its own; it ends with this.
pub struct Emulator {
    child: Child,
    address: String,
    /// Ends after the child does, and is checked then.
    _record: Record,
}

impl Emulator {
    /// Starts one on a free port, with further arguments.
    pub fn start(arguments: &[&str]) -> Self {
        Self::start_at("127.0.0.1:0", arguments)
    }

    /// Starts one at an address, with further arguments.
    pub fn start_at(address: &str, arguments: &[&str]) -> Self {
        let record = Record::new();
        let mut child = Command::new(PROV)
            .args(["emulator", "-listen", address])
            .args(arguments)
            .env(RECORD, record.path())
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut line = String::new();
        let mut out = BufReader::new(child.stdout.take().unwrap());
        out.read_line(&mut line).unwrap();
        let address = line.trim().strip_prefix("listening on http://");
        let address = address.unwrap_or_else(|| panic!("{line}")).to_owned();
        Self {
            child,
            address,
            _record: record,
        }
    }

    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Returns what exists.
    pub fn world(&self) -> Json {
        self.ask("GET", "world", "")
    }

    /// Returns what an account has.
    pub fn world_of(&self, account: &str) -> Json {
        self.ask("GET", &format!("world?account={account}"), "")
    }

    /// Returns how often each action was called.
    pub fn calls(&self) -> Json {
        self.ask("GET", "calls", "")
    }

    /// Replaces the faults.
    pub fn faults(&self, faults: &Json) {
        let answer = self.ask("POST", "faults", &faults.to_string());
        assert!(answer.get("error").is_none(), "{answer}");
    }

    /// Lets days pass at once, for the dates of requests too.
    pub fn days_pass(&self, days: u32) {
        let body = serde_json::json!({ "days": days, "dates": true });
        self.ask("POST", "clock", &body.to_string());
    }

    /// Begins anew with an empty world.
    pub fn reset(&self) {
        self.ask("POST", "reset", "");
    }

    fn ask(&self, method: &str, what: &str, body: &str) -> Json {
        ask(&self.address, method, what, body).unwrap()
    }
}

impl Drop for Emulator {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A directory with manifests, and nothing of the surroundings of the test.
pub struct Project {
    directory: tempfile::TempDir,
    pub environment: Vec<(String, String)>,
    record: Record,
}

impl Project {
    /// Makes one with a `main.tf`.
    pub fn new(main: &str) -> Self {
        let project = Self {
            directory: tempfile::tempdir().unwrap(),
            environment: Vec::new(),
            record: Record::new(),
        };
        project.write("main.tf", main);
        project
    }

    /// Makes one whose provider block is for this emulator.
    pub fn on(emulator: &Emulator, main: &str) -> Self {
        let project = Self::new(main);
        project.aim(&emulator.url());
        project
    }

    /// Writes the provider block for this endpoint.
    pub fn aim(&self, url: &str) {
        self.write(
            "provider.tf",
            &format!(
                "provider \"alicloud\" {{\n  region     = \"cn-hangzhou\"\n  access_key = \"LTAI-emulator\"\n  secret_key = \"emulator-secret\"\n  endpoint   = \"{url}\"\n}}\n"
            ),
        );
    }

    pub fn path(&self) -> &Path {
        self.directory.path()
    }

    pub fn file(&self, name: &str) -> PathBuf {
        self.path().join(name)
    }

    pub fn write(&self, name: &str, text: &str) {
        fs::File::create(self.file(name))
            .unwrap()
            .write_all(text.as_bytes())
            .unwrap();
    }

    pub fn read(&self, name: &str) -> String {
        fs::read_to_string(self.file(name)).unwrap()
    }

    /// Sets an environment variable for what is run from here on.
    pub fn set(&mut self, name: &str, value: &str) {
        self.environment.push((name.to_owned(), value.to_owned()));
    }

    /// Returns the command, not yet started.
    pub fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(PROV);
        command.args(arguments);
        self.prepare(&mut command);
        command
    }

    /// Gives a command this project's directory and surroundings.
    pub fn prepare(&self, command: &mut Command) {
        command
            .current_dir(self.path())
            .env_clear()
            .env("PATH", "/usr/local/bin:/usr/bin:/bin")
            .env("HOME", self.path())
            .env("USER", "tester")
            .env(RECORD, self.record.path())
            .envs(self.environment.iter().cloned())
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
    }

    /// Starts the program.
    pub fn start(&self, arguments: &[&str]) -> Running {
        Running::of(&mut self.command(arguments))
    }

    /// Runs the program to its end.
    pub fn run(&self, arguments: &[&str]) -> Ran {
        self.command(arguments).output().unwrap().into()
    }

    /// Runs the program and kills it at a record of its journal: whether it came so far. Otherwise it
    /// has to end well.
    #[track_caller]
    pub fn killed_at(
        &self,
        arguments: &[&str],
        (name, place): (&str, &dyn std::fmt::Display),
    ) -> bool {
        let mut command = self.command(arguments);
        command.env(name, place.to_string());
        let ran = Ran::from(command.output().unwrap());
        assert!(
            matches!(ran.code, None | Some(0)),
            "{arguments:?} {name}={place}\n{ran}"
        );
        ran.code.is_none()
    }

    /// Runs the program, which has to end well, and returns its standard output.
    pub fn ok(&self, arguments: &[&str]) -> String {
        let ran = self.run(arguments);
        assert_eq!(ran.code, Some(0), "prov {arguments:?}\n{ran}");
        ran.out
    }

    /// Returns every file below the directory with its bytes.
    pub fn files(&self) -> Vec<(PathBuf, Vec<u8>)> {
        let mut found = Vec::new();
        let mut open = vec![self.path().to_owned()];
        while let Some(folder) = open.pop() {
            for entry in fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    open.push(path);
                } else {
                    let mut bytes = fs::read(&path).unwrap();
                    if prov::apply::saved::is_one(&bytes) {
                        expand(&mut bytes);
                    }
                    found.push((path, bytes));
                }
            }
        }
        found
    }
}

/// Adds to a saved plan the text of what is compressed in it.
pub fn expand(plan: &mut Vec<u8>) {
    let title = plan
        .split(|byte| *byte == b'\n')
        .next()
        .unwrap_or(&[])
        .len();
    let mut text = Vec::new();
    // Of one that was cut, what can be read.
    let _ = MultiGzDecoder::new(plan.get(title + 1..).unwrap_or(&[])).read_to_end(&mut text);
    plan.extend(text);
}

/// The program while it runs; it is killed with this.
pub struct Running {
    child: Child,
    out: tempfile::NamedTempFile,
    err: tempfile::NamedTempFile,
}

impl Running {
    /// Starts a command. What it says goes to files, since nobody reads it before it has ended.
    pub fn of(command: &mut Command) -> Self {
        let out = tempfile::NamedTempFile::new().unwrap();
        let err = tempfile::NamedTempFile::new().unwrap();
        let child = command
            .stdout(out.reopen().unwrap())
            .stderr(err.reopen().unwrap())
            .spawn()
            .unwrap();
        Self { child, out, err }
    }

    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// Sends a signal by its name.
    pub fn signal(&self, name: &str) {
        let arguments = [format!("-{name}"), self.id().to_string()];
        let status = Command::new("kill").args(arguments).status().unwrap();
        assert!(status.success());
    }

    /// Returns what it has said so far on standard output.
    pub fn said(&self) -> String {
        fs::read_to_string(self.out.path()).unwrap()
    }

    /// Waits for its end.
    pub fn ended(mut self) -> Ran {
        let status = self.child.wait().unwrap();
        Ran {
            code: status.code(),
            out: self.said(),
            err: fs::read_to_string(self.err.path()).unwrap(),
        }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// How a run of the program ended.
#[derive(Debug)]
#[must_use]
pub struct Ran {
    /// `None` when a signal ended it.
    pub code: Option<i32>,
    pub out: String,
    pub err: String,
}

impl From<Output> for Ran {
    fn from(output: Output) -> Self {
        Self {
            code: output.status.code(),
            out: String::from_utf8_lossy(&output.stdout).into_owned(),
            err: String::from_utf8_lossy(&output.stderr).into_owned(),
        }
    }
}

impl std::fmt::Display for Ran {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(out, "exit {:?}\n{}\n{}", self.code, self.out, self.err)
    }
}

/// Polls until a condition holds.
#[track_caller]
pub fn until(what: &str, mut holds: impl FnMut() -> bool) {
    let end = std::time::Instant::now() + std::time::Duration::from_secs(60);
    while !holds() {
        assert!(std::time::Instant::now() < end, "{what} did not come true");
        std::thread::sleep(std::time::Duration::from_millis(5));
    }
}
