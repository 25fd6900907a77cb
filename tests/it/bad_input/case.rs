//! One bad input: a directory, a command line, and what prov told about it, kept as a transcript.

use std::{
    collections::BTreeMap,
    fs,
    io::{Read, Write},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    sync::mpsc,
    thread,
    time::Duration,
};

use prov::emulator::{Emulator, Options};
use serde_json::Value as Json;

use crate::support::contract::{RECORD, Record};

/// Far more than any of these needs, also where many run at once in a build without optimization.
const PATIENCE: Duration = Duration::from_secs(150);

/// What goes before the resources where a cloud of the test's own is asked.
pub const VPC: &str = "resource \"alicloud_vpc\" \"main\" {\n  cidr_block = \"10.0.0.0/8\"\n}\n\n";

/// A command in a directory of its own.
#[must_use]
pub struct Case {
    folder: tempfile::TempDir,
    arguments: Vec<String>,
    environment: Vec<(String, String)>,
    input: Vec<u8>,
    /// What transcripts say instead of a text that differs from run to run.
    redacted: Vec<(String, &'static str)>,
    record: Record,
}

/// What a command came to.
#[derive(Debug)]
pub struct Ran {
    pub code: i32,
    pub stdout: String,
    pub stderr: String,
}

impl Case {
    /// An apply in an empty directory, against the emulator, without asking.
    pub fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let path = fs::canonicalize(folder.path()).unwrap();
        Self {
            redacted: vec![(path.to_str().unwrap().to_owned(), "DIR")],
            record: Record::new(),
            folder,
            arguments: ["apply", "-auto-approve", "-emulator"]
                .map(str::to_owned)
                .to_vec(),
            environment: Vec::new(),
            input: Vec::new(),
        }
    }

    /// The same with a manifest in HCL.
    pub fn hcl(text: impl AsRef<[u8]>) -> Self {
        Self::new().file("main.tf", text)
    }

    /// The same with a manifest in YAML.
    pub fn yaml(text: impl AsRef<[u8]>) -> Self {
        Self::new().file("main.prov.yaml", text)
    }

    /// The same with a manifest in JSON.
    pub fn json(text: impl AsRef<[u8]>) -> Self {
        Self::new().file("main.tf.json", text)
    }

    /// Adds a file.
    pub fn file(self, name: &str, text: impl AsRef<[u8]>) -> Self {
        let path = self.path(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
        self
    }

    /// Gives other arguments, separated by blanks.
    pub fn runs(self, arguments: &str) -> Self {
        let all: Vec<&str> = arguments.split_whitespace().collect();
        self.runs_exactly(&all)
    }

    /// Gives other arguments.
    pub fn runs_exactly(mut self, arguments: &[&str]) -> Self {
        self.arguments = arguments.iter().map(ToString::to_string).collect();
        self
    }

    /// Adds an environment variable.
    pub fn with(mut self, name: &str, value: &str) -> Self {
        self.environment.push((name.to_owned(), value.to_owned()));
        self
    }

    /// Gives standard input.
    pub fn input(mut self, text: impl AsRef<[u8]>) -> Self {
        self.input = text.as_ref().to_vec();
        self
    }

    /// Says what transcripts show instead of `text`.
    pub fn redact(mut self, text: impl Into<String>, shown: &'static str) -> Self {
        self.redacted.push((text.into(), shown));
        self
    }

    /// Returns a path in the directory.
    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Runs it. Whoever hangs is killed, and fails.
    pub fn run(&self) -> Ran {
        let mut child = Command::new(env!("CARGO_BIN_EXE_prov"))
            .args(&self.arguments)
            .current_dir(self.folder.path())
            .env_clear()
            .env("HOME", self.folder.path())
            .env(RECORD, self.record.path())
            .envs(self.environment.iter().map(|(name, value)| (name, value)))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut stdin = child.stdin.take().unwrap();
        let input = self.input.clone();
        // A command that reads no input closes it early.
        let fed = thread::spawn(move || drop(stdin.write_all(&input)));
        let stdout = collect(child.stdout.take().unwrap());
        let stderr = collect(child.stderr.take().unwrap());
        let code = wait(child);
        fed.join().unwrap();
        let ran = Ran {
            code: code.unwrap_or(-1),
            stdout: stdout.join().unwrap(),
            stderr: stderr.join().unwrap(),
        };
        assert!(code.is_some(), "it hangs, or was killed:\n{ran:?}");
        assert!(!ran.stderr.contains("panicked"), "{}", ran.stderr);
        ran
    }

    /// Asserts that the command is refused, that it changes nothing, and that what it tells is as in the
    /// transcript of this name.
    pub fn refused(self, name: &str) -> Ran {
        let before = self.files();
        let ran = self.run();
        let text = format!("{}\n{}", ran.stdout, ran.stderr);
        assert_eq!(ran.code, 1, "{text}");
        assert_eq!(before, self.files(), "files have changed\n{text}");
        assert_eq!(self.world(), before_any(), "the world has changed\n{text}");
        self.compare(name, &ran);
        ran
    }

    /// The same, and that it tells of exactly one error, with what to do about it.
    pub fn refused_once(self, name: &str) -> Ran {
        let ran = self.refused(name);
        let count = |what: &str| {
            ran.stderr
                .lines()
                .filter(|line| line.starts_with(what))
                .count()
        };
        assert_eq!(count("Error: "), 1, "{}", ran.stderr);
        assert_eq!(count("Hint: "), 1, "{}", ran.stderr);
        ran
    }

    /// Asserts that the command succeeds, and tells what is in the transcript of this name.
    pub fn done(self, name: &str) -> Ran {
        let ran = self.run();
        assert_eq!(ran.code, 0, "{}\n{}", ran.stdout, ran.stderr);
        self.compare(name, &ran);
        ran
    }

    fn compare(&self, name: &str, ran: &Ran) {
        let shown = self.shown(ran);
        let root = Path::new(env!("CARGO_MANIFEST_DIR"));
        let path = root.join(format!("tests/it/bad_input/transcripts/{name}.txt"));
        if std::env::var_os("BLESS").is_some() {
            fs::write(&path, &shown).unwrap();
        }
        let kept = fs::read_to_string(&path).unwrap_or_default();
        assert_eq!(
            shown,
            kept,
            "differs from {}; BLESS=1 rewrites it",
            path.display()
        );
    }

    fn shown(&self, ran: &Ran) -> String {
        let mut text = format!("$ prov {}\n", self.arguments.join(" "));
        for (title, stream) in [("", &ran.stdout), ("stderr:\n", &ran.stderr)] {
            if !stream.is_empty() {
                text.push_str(title);
                text.push_str(stream);
            }
        }
        text.push_str(&format!("exit code: {}\n", ran.code));
        for (text_of_run, shown) in &self.redacted {
            text = text.replace(text_of_run, shown);
        }
        without_request_ids(&text)
    }

    /// Returns the files with digests of their texts, without what a lock leaves and the emulator's world.
    fn files(&self) -> BTreeMap<PathBuf, u64> {
        let mut files = BTreeMap::new();
        let mut folders = vec![self.folder.path().to_owned()];
        while let Some(folder) = folders.pop() {
            for entry in fs::read_dir(folder).unwrap().map(Result::unwrap) {
                let name = entry.file_name().to_string_lossy().into_owned();
                if name == ".prov" || name.contains(".lock") {
                    continue;
                }
                if entry.file_type().unwrap().is_dir() {
                    folders.push(entry.path());
                } else {
                    files.insert(
                        entry.path(),
                        digest(&fs::read(entry.path()).unwrap_or_default()),
                    );
                }
            }
        }
        files
    }

    /// Returns what exists in the world that `-emulator` keeps in the directory.
    fn world(&self) -> Json {
        let data = self.path(".prov/emulator");
        let data = data.is_dir().then_some(data);
        let world = Emulator::open(Options {
            data,
            ..Options::default()
        })
        .unwrap()
        .world();
        objects(world)
    }
}

/// What exists in a world that nobody has changed.
fn before_any() -> Json {
    objects(Emulator::open(Options::default()).unwrap().world())
}

/// Takes out of a world what is not an object: clocks and counters.
fn objects(mut world: Json) -> Json {
    if let Some(entries) = world.as_object_mut() {
        entries.retain(|_, value| value.is_array() || value.is_object());
    }
    world
}

fn digest(bytes: &[u8]) -> u64 {
    use std::hash::{DefaultHasher, Hash, Hasher};
    let mut hasher = DefaultHasher::new();
    bytes.hash(&mut hasher);
    hasher.finish()
}

fn collect(mut from: impl Read + Send + 'static) -> thread::JoinHandle<String> {
    thread::spawn(move || {
        let mut bytes = Vec::new();
        from.read_to_end(&mut bytes).unwrap();
        String::from_utf8(bytes).unwrap()
    })
}

/// Waits for the end, and returns the exit code; kills what does not end.
fn wait(mut child: Child) -> Option<i32> {
    let id = child.id();
    let (sender, ended) = mpsc::channel();
    let waiting = thread::spawn(move || {
        let status = child.wait();
        let _ = sender.send(());
        status.unwrap().code()
    });
    if ended.recv_timeout(PATIENCE).is_err() {
        let _ = Command::new("kill").args(["-9", &id.to_string()]).status();
    }
    waiting.join().unwrap()
}

/// Replaces `RequestId: …` by something that stays the same, with the line breaks around it.
fn without_request_ids(text: &str) -> String {
    let Some(at) = text.find("RequestId:") else {
        return text.to_owned();
    };
    let rest = text[at + "RequestId:".len()..].trim_start();
    let end = rest
        .find(|c: char| !c.is_ascii_hexdigit() && c != '-')
        .unwrap_or(rest.len());
    format!(
        "{}RequestId: ID{}",
        &text[..at],
        without_request_ids(&rest[end..])
    )
}

/// A cloud in this process, behind a port of its own.
pub struct Cloud {
    emulator: Emulator,
    _record: Record,
    pub url: String,
    _runtime: tokio::runtime::Runtime,
}

impl Cloud {
    /// Starts one.
    pub fn start() -> Self {
        let record = Record::new();
        let emulator = Emulator::open(Options {
            recorder: Some(record.recorder()),
            ..Options::default()
        })
        .unwrap();
        let runtime = tokio::runtime::Runtime::new().unwrap();
        let listener = runtime
            .block_on(tokio::net::TcpListener::bind("127.0.0.1:0"))
            .unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let served = emulator.clone();
        runtime.spawn(async move { served.serve(listener, std::future::pending()).await });
        Self {
            emulator,
            _record: record,
            url,
            _runtime: runtime,
        }
    }

    /// Asserts that it was only read from.
    pub fn was_only_read(&self) {
        let calls = self.emulator.calls();
        let actions = calls.as_object().unwrap();
        assert!(!actions.is_empty());
        let changing: Vec<_> = actions
            .keys()
            .filter(|name| !name.starts_with("Describe"))
            .collect();
        assert!(changing.is_empty(), "{changing:?}");
    }
}
