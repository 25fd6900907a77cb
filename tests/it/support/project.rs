//! A project in a directory of its own, and the built program at work in it.

use std::{
    collections::BTreeMap,
    ffi::OsStr,
    fs,
    io::{BufRead, BufReader},
    path::{Path, PathBuf},
    process::{Child, Command, Output, Stdio},
};

use serde_json::Value as Json;

use super::contract::{RECORD, Record};

/// A directory with manifests, deleted with this value.
pub struct Project {
    folder: tempfile::TempDir,
    environment: BTreeMap<String, String>,
    record: Record,
}

/// What a command came to.
#[derive(Debug)]
pub struct Ran {
    /// -1 when a signal ended it.
    pub code: i32,
    pub stdout: String,
    pub stderr: String,
}

impl Ran {
    /// Panics with everything that was said unless the command succeeded.
    #[track_caller]
    pub fn ok(self) -> Self {
        assert_eq!(self.code, 0, "{self}");
        self
    }

    /// Panics unless standard output has each of these in it.
    #[track_caller]
    pub fn says(self, parts: &[&str]) -> Self {
        for part in parts {
            assert!(self.stdout.contains(part), "no {part:?} in\n{self}");
        }
        self
    }

    /// Panics unless the command failed and standard error has each of these in it, wrapped or not.
    #[track_caller]
    pub fn fails(self, parts: &[&str]) -> Self {
        assert_eq!(self.code, 1, "{self}");
        self.warns(parts)
    }

    /// Panics unless standard error has each of these in it, wrapped or not.
    #[track_caller]
    pub fn warns(self, parts: &[&str]) -> Self {
        let words: Vec<&str> = self
            .stderr
            .split_whitespace()
            .filter(|word| *word != "│")
            .collect();
        let flat = words.join(" ");
        for part in parts {
            assert!(flat.contains(part), "no {part:?} in\n{self}");
        }
        self
    }
}

impl std::fmt::Display for Ran {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(
            out,
            "exit {}\n--- stdout\n{}\n--- stderr\n{}",
            self.code, self.stdout, self.stderr
        )
    }
}

impl Project {
    /// An empty directory.
    pub fn new() -> Self {
        Self {
            folder: tempfile::tempdir().unwrap(),
            environment: BTreeMap::new(),
            record: Record::new(),
        }
    }

    /// A directory with this as its only manifest.
    pub fn with(manifest: &str) -> Self {
        let project = Self::new();
        project.write("main.tf", manifest);
        project
    }

    /// Copies a directory, as `git` would: without what a run leaves behind.
    pub fn copy_of(folder: &Path) -> Self {
        let project = Self::new();
        copy(folder, project.path());
        project
    }

    /// Makes a directory with these files.
    pub fn of(files: &[(&str, &str)]) -> Self {
        let project = Self {
            folder: tempfile::tempdir().unwrap(),
            environment: BTreeMap::new(),
            record: Record::new(),
        };
        for (name, text) in files {
            project.write(name, text);
        }
        project
    }

    /// Writes a file into the directory, or a folder of it.
    pub fn write(&self, name: &str, text: &str) {
        use std::io::Write;
        let path = self.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        let mut file = fs::File::create(path).unwrap();
        file.write_all(text.as_bytes()).unwrap();
    }

    /// Returns what a file of the directory says.
    pub fn read(&self, name: &str) -> String {
        fs::read_to_string(self.path().join(name)).unwrap()
    }

    /// Takes a file out of the directory.
    pub fn remove(&self, name: &str) {
        fs::remove_file(self.path().join(name)).unwrap();
    }

    /// Sets an environment variable for its commands.
    pub fn with_variable(mut self, name: &str, value: &str) -> Self {
        self.environment.insert(name.to_owned(), value.to_owned());
        self
    }

    /// Returns its directory.
    pub fn path(&self) -> &Path {
        self.folder.path()
    }

    /// Runs prov with these arguments, separated by spaces.
    pub fn prov(&self, arguments: &str) -> Ran {
        self.run(arguments.split_whitespace())
    }

    /// Runs prov in the directory, with no terminal and an environment of its own.
    pub fn run<S: AsRef<OsStr>>(&self, arguments: impl IntoIterator<Item = S>) -> Ran {
        let output = self.command(arguments).output().unwrap();
        ran(&output)
    }

    /// Runs prov with this piped in.
    pub fn piping(&self, input: &str, arguments: &str) -> Ran {
        use std::io::Write;
        let mut command = self.command(arguments.split_whitespace());
        let streams = command.stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut child = streams.stderr(Stdio::piped()).spawn().unwrap();
        let mut stdin = child.stdin.take().unwrap();
        stdin.write_all(input.as_bytes()).unwrap();
        drop(stdin);
        ran(&child.wait_with_output().unwrap())
    }

    /// Runs prov with its standard output there.
    pub fn writing_to(&self, file: fs::File, arguments: &str) -> Ran {
        let mut command = self.command(arguments.split_whitespace());
        ran(&command.stdout(file).output().unwrap())
    }

    /// Runs prov and asserts that it succeeds.
    pub fn succeeds<S: AsRef<OsStr>>(&self, arguments: impl IntoIterator<Item = S>) -> Ran {
        let ran = self.run(arguments);
        assert_eq!(ran.code, 0, "{}\n{}", ran.stdout, ran.stderr);
        ran
    }

    fn command<S: AsRef<OsStr>>(&self, arguments: impl IntoIterator<Item = S>) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_prov"));
        command
            .args(arguments)
            .current_dir(self.path())
            .env_clear()
            .env("HOME", self.path())
            .env(RECORD, self.record.path())
            .envs(&self.environment)
            .stdin(Stdio::null());
        command
    }

    /// Applies.
    #[track_caller]
    pub fn apply(&self) -> Ran {
        self.prov("apply -auto-approve -no-color").ok()
    }

    /// Panics unless there is nothing to do.
    #[track_caller]
    pub fn settled(&self) {
        let said = self.prov("plan -detailed-exitcode -no-color");
        assert_eq!(said.code, 0, "the plan is not empty\n{said}");
    }

    /// The plan as `show -json` gives it.
    #[track_caller]
    pub fn plan_json(&self, arguments: &str) -> Json {
        self.prov(&format!("plan -out=the.plan {arguments}")).ok();
        serde_json::from_str(&self.prov("show -json the.plan").ok().stdout).unwrap()
    }

    /// Returns the state file.
    pub fn state(&self) -> Json {
        let text = fs::read(self.path().join("terraform.tfstate")).unwrap();
        serde_json::from_slice(&text).unwrap()
    }

    /// The attributes of an instance in the state: `type`, `name`, its index.
    pub fn attributes(&self, kind: &str, name: &str, index: usize) -> Json {
        let state = self.state();
        let resources = state["resources"].as_array().unwrap();
        let found = resources
            .iter()
            .find(|one| one["type"] == kind && one["name"] == name);
        let found = found.unwrap_or_else(|| panic!("no {kind}.{name} in {state:#}"));
        found["instances"][index]["attributes"].clone()
    }

    /// Returns what exists in the world that `-emulator` keeps in the directory.
    pub fn world(&self) -> Json {
        let data: PathBuf = self.path().join(".prov/emulator");
        let arguments = ["emulator", "-listen", "127.0.0.1:0", "-data"].map(OsStr::new);
        let mut server = Server(
            self.command(arguments.into_iter().chain([data.as_os_str()]))
                .stdout(Stdio::piped())
                .spawn()
                .unwrap(),
        );
        let mut line = String::new();
        BufReader::new(server.0.stdout.as_mut().unwrap())
            .read_line(&mut line)
            .unwrap();
        let address = line.trim().strip_prefix("listening on ").unwrap();
        serde_json::from_str(&get(&format!("{address}/_emulator/world"))).unwrap()
    }
}

fn ran(output: &Output) -> Ran {
    Ran {
        code: output.status.code().unwrap_or(-1),
        stdout: String::from_utf8(output.stdout.clone()).unwrap(),
        stderr: String::from_utf8(output.stderr.clone()).unwrap(),
    }
}

struct Server(Child);

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn get(url: &str) -> String {
    use std::io::{Read, Write};
    let (host, path) = url
        .strip_prefix("http://")
        .unwrap()
        .split_once('/')
        .unwrap();
    let mut stream = std::net::TcpStream::connect(host).unwrap();
    write!(
        stream,
        "GET /{path} HTTP/1.1\r\nhost: {host}\r\nconnection: close\r\n\r\n"
    )
    .unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    let (_, body) = answer.split_once("\r\n\r\n").unwrap();
    body.to_owned()
}

/// Copies what belongs to a project, its modules too.
fn copy(from: &Path, to: &Path) {
    for file in fs::read_dir(from).unwrap().map(Result::unwrap) {
        let name = file.file_name();
        let text = name.to_string_lossy();
        let target = to.join(&name);
        if text.starts_with('.') || text.contains(".tfstate") {
            continue;
        }
        if file.file_type().unwrap().is_file() {
            fs::copy(file.path(), target).unwrap();
        } else {
            fs::create_dir(&target).unwrap();
            copy(&file.path(), &target);
        }
    }
}
