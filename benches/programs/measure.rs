//! Programs as they run: how long, with how much memory, and how much they write.

use std::{
    env, fs,
    path::Path,
    process::{Command, Stdio},
    time::Instant,
};

/// One run of a program, or the medians of several.
#[derive(Clone, Copy, Debug, Default)]
pub struct Sample {
    /// From start to end.
    pub seconds: f64,
    /// On processors, of all threads together.
    pub busy: f64,
    /// The largest resident set, in bytes.
    pub peak: u64,
    /// What went to the file system, in bytes.
    pub written: u64,
}

/// A program, and what is in its environment.
pub struct Program {
    pub path: String,
    pub environment: Vec<(&'static str, String)>,
}

impl Program {
    /// Returns the program at a path.
    pub fn new(path: impl Into<String>) -> Self {
        Self {
            path: path.into(),
            environment: Vec::new(),
        }
    }

    /// Runs it in a directory. What is not to be known without GNU time is 0.
    pub fn run(&self, directory: &Path, arguments: &[&str]) -> Sample {
        let report = directory.join(".measured");
        let mut command = match Path::new(TIME).exists() {
            true => {
                let mut command = Command::new(TIME);
                let format = ["-f", "%U %S %M %O", "-o"];
                command.args(format).arg(&report).arg(&self.path);
                command
            }
            false => Command::new(&self.path),
        };
        let out = directory.join(".out");
        let file = fs::File::create(&out).expect("a temporary file");
        command
            .args(arguments)
            .current_dir(directory)
            .env("ALIBABA_CLOUD_ACCESS_KEY_ID", "LTAI-emulator")
            .env("ALIBABA_CLOUD_ACCESS_KEY_SECRET", "emulator-secret")
            .envs(self.environment.iter().cloned())
            .stdout(Stdio::null())
            .stderr(file);
        let started = Instant::now();
        let status = command.status().expect("the command starts");
        let seconds = started.elapsed().as_secs_f64();
        let said = || fs::read_to_string(&out).unwrap_or_default();
        assert!(
            status.success(),
            "{} {arguments:?} failed: {}",
            self.path,
            said()
        );
        let text = fs::read_to_string(&report).unwrap_or_default();
        let figures: Vec<f64> = text
            .split_whitespace()
            .filter_map(|it| it.parse().ok())
            .collect();
        let figure = |at: usize| figures.get(at).copied().unwrap_or_default();
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "figures of a process"
        )]
        let whole = |at: usize| figure(at) as u64;
        Sample {
            seconds,
            busy: figure(0) + figure(1),
            peak: whole(2) * 1024,
            // Blocks of 512 bytes.
            written: whole(3) * 512,
        }
    }
}

const TIME: &str = "/usr/bin/time";

/// Returns the medians of several runs.
pub fn median(samples: &[Sample]) -> Sample {
    let middle = |of: fn(&Sample) -> f64| {
        let mut all: Vec<f64> = samples.iter().map(of).collect();
        all.sort_by(f64::total_cmp);
        all.get(all.len() / 2).copied().unwrap_or_default()
    };
    Sample {
        seconds: middle(|it| it.seconds),
        busy: middle(|it| it.busy),
        peak: samples.iter().map(|it| it.peak).max().unwrap_or_default(),
        written: samples
            .iter()
            .map(|it| it.written)
            .max()
            .unwrap_or_default(),
    }
}

/// Returns where a program is.
pub fn which(name: &str) -> Option<String> {
    let path = env::var_os("PATH")?;
    let found = env::split_paths(&path)
        .map(|directory| directory.join(name))
        .find(|it| it.is_file())?;
    Some(found.display().to_string())
}
