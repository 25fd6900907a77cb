//! The processes: an emulator that outlives its own death, and the program in a folder.

use std::{
    fs::{self, File},
    io::{BufRead, BufReader},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    thread,
    time::{Duration, Instant},
};

use serde_json::Value as Json;

use crate::support::control::ask;

/// An emulator, whose world is kept in a folder.
pub struct Cloud {
    program: PathBuf,
    data: PathBuf,
    profile: &'static str,
    pub address: String,
    child: Child,
}

impl Cloud {
    pub fn start(program: &Path, data: &Path, profile: &'static str) -> Self {
        let (child, address) = serve(program, data, profile, "127.0.0.1:0");
        Self {
            program: program.to_owned(),
            data: data.to_owned(),
            profile,
            address,
            child,
        }
    }

    /// Kills it and starts it again where it was.
    pub fn dies(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
        let (child, _) = serve(&self.program, &self.data, self.profile, &self.address);
        self.child = child;
    }

    pub fn world(&self) -> Json {
        ask(&self.address, "GET", "world", "").unwrap()
    }

    pub fn set(&self, what: &str, body: &Json) {
        let answer = ask(&self.address, "POST", what, &body.to_string()).unwrap();
        assert!(answer.get("error").is_none(), "{answer}");
    }
}

impl Drop for Cloud {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn serve(program: &Path, data: &Path, profile: &str, listen: &str) -> (Child, String) {
    let mut child = Command::new(program)
        .args(["emulator", "-listen", listen, "-profile", profile, "-data"])
        .arg(data)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut line = String::new();
    let mut out = BufReader::new(child.stdout.take().unwrap());
    out.read_line(&mut line).unwrap();
    let address = line.trim().strip_prefix("listening on http://");
    let address = address.unwrap_or_else(|| panic!("{line:?}")).to_owned();
    (child, address)
}

/// How a command ended: `None` when a signal ended it.
#[derive(Debug)]
pub struct Ran {
    pub code: Option<i32>,
    pub said: String,
    /// Whether it had to be ended, since it did not by itself.
    late: bool,
}

/// How long a command may take, on a machine that has other things to do.
const LONGEST: Duration = Duration::from_secs(90);

impl Ran {
    /// Returns how it ended; the error is that it did not.
    pub fn in_time(&self) -> Result<Option<i32>, String> {
        if self.late {
            return Err(format!("did not end within {LONGEST:?}: {}", self.said));
        }
        Ok(self.code)
    }
}

/// The program while it runs.
pub struct Running {
    child: Child,
    said: PathBuf,
}

impl Running {
    /// Kills it after a while, if it is still there.
    pub fn killed_after(mut self, pause: Duration) -> Ran {
        thread::sleep(pause);
        let _ = self.child.kill();
        self.ended()
    }

    /// Waits for its end, which has to come.
    pub fn ended(mut self) -> Ran {
        let end = Instant::now() + LONGEST;
        let mut late = false;
        let status = loop {
            match self.child.try_wait().unwrap() {
                Some(status) => break status,
                None if !late && Instant::now() > end => {
                    late = true;
                    let _ = self.child.kill();
                }
                None => thread::sleep(Duration::from_millis(3)),
            }
        };
        let said = String::from_utf8_lossy(&fs::read(&self.said).unwrap()).into_owned();
        Ran {
            code: status.code(),
            said,
            late,
        }
    }
}

/// A folder with a manifest.
pub struct Desk {
    program: PathBuf,
    pub folder: PathBuf,
    /// How far the program's clock is wrong, in seconds.
    pub ahead: i64,
}

impl Desk {
    pub fn new(program: &Path, folder: &Path, address: &str) -> Self {
        fs::create_dir_all(folder).unwrap();
        let desk = Self {
            program: program.to_owned(),
            folder: folder.to_owned(),
            ahead: 0,
        };
        let provider = format!(
            "provider \"alicloud\" {{\n  region     = \"cn-hangzhou\"\n  access_key = \"LTAI-emulator\"\n  secret_key = \"emulator-secret\"\n  endpoint   = \"http://{address}\"\n}}\n"
        );
        desk.write("provider.tf", &provider);
        desk
    }

    pub fn write(&self, name: &str, text: &str) {
        fs::write(self.folder.join(name), text).unwrap();
    }

    pub fn read(&self, name: &str) -> Option<String> {
        fs::read_to_string(self.folder.join(name)).ok()
    }

    pub fn start(&self, arguments: &[&str], environment: &[(&str, String)]) -> Running {
        // Two can be under way at once.
        let said = tempfile::NamedTempFile::new_in(&self.folder).unwrap();
        let (out, said) = said.keep().unwrap();
        let child = self.command(arguments, environment, out);
        Running { child, said }
    }

    fn command(&self, arguments: &[&str], environment: &[(&str, String)], out: File) -> Child {
        Command::new(&self.program)
            .args(arguments)
            .current_dir(&self.folder)
            .env_clear()
            .env("HOME", &self.folder)
            .env("USER", "laboratory")
            .env("PATH", "/usr/local/bin:/usr/bin:/bin")
            .env("PROV_CLOCK", self.ahead.to_string())
            .envs(environment.iter().map(|(name, value)| (name, value)))
            .stdin(Stdio::null())
            .stdout(out.try_clone().unwrap())
            .stderr(out)
            .spawn()
            .unwrap()
    }

    pub fn run(&self, arguments: &[&str]) -> Ran {
        let running = self.start(arguments, &[]);
        let said = running.said.clone();
        let ran = running.ended();
        let _ = fs::remove_file(said);
        ran
    }
}
