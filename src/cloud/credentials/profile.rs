//! Profiles of the `aliyun` command: `~/.aliyun/config.json`, and which of them is meant. What a profile of
//! each mode is, is in `modes`.

use std::{io, path::PathBuf};

use serde::Deserialize;

use super::{
    chain::{self, Step},
    given::{Given, Surroundings, filled},
    ini,
    modes::{Profile, source},
    source::Source,
};
use crate::model::diagnostic::did_you_mean;

/// The file. It has secrets, so it is never shown.
#[derive(Deserialize)]
struct Config {
    #[serde(default)]
    current: String,
    #[serde(default)]
    profiles: Vec<Profile>,
}

/// Which profile of which file.
pub(super) struct Which {
    pub(super) name: Option<String>,
    pub(super) file: Option<PathBuf>,
    /// Whether somebody named the profile or the file.
    pub(super) asked: bool,
}

impl Which {
    /// What the provider block asks for; the environment's file holds for it too.
    fn of_block(given: &Given, around: &Surroundings<'_>) -> Option<Self> {
        let name = filled(given.profile.as_ref());
        let file = filled(given.shared_credentials_file.as_ref());
        if name.is_none() && file.is_none() {
            return None;
        }
        let file = file.map(|path| around.expand(&path));
        Some(Self {
            name: name.or_else(|| Self::named(around)),
            file: file.or_else(|| Self::located(around)),
            asked: true,
        })
    }

    /// What the environment asks for, else the file's usual place.
    pub(super) fn of_environment(around: &Surroundings<'_>) -> Self {
        let name = Self::named(around);
        let file = Self::located(around);
        Self {
            asked: name.is_some() || file.is_some(),
            name,
            file,
        }
    }

    fn named(around: &Surroundings<'_>) -> Option<String> {
        let found = around.first(&["ALICLOUD_PROFILE", "ALIBABA_CLOUD_PROFILE"]);
        found.map(|(_, name)| name)
    }

    fn located(around: &Surroundings<'_>) -> Option<PathBuf> {
        let found = around.first(&[
            "ALICLOUD_SHARED_CREDENTIALS_FILE",
            "ALIBABA_CLOUD_CREDENTIALS_FILE",
            "ALIBABA_CLOUD_CONFIG_FILE",
        ]);
        found.map(|(_, path)| around.expand(&path))
    }
}

/// Looks at the profile that the provider block names.
pub(super) fn in_block(given: &Given, around: &Surroundings<'_>) -> Step {
    match Which::of_block(given, around) {
        None => chain::not_in_block(),
        Some(which) => chain::step(either(&which, around), &which),
    }
}

/// Looks at the profile that the environment names, or at the current one.
pub(super) fn in_environment(_: &Given, around: &Surroundings<'_>) -> Step {
    let disabled = [
        "ALIBABA_CLOUD_CLI_PROFILE_DISABLED",
        "ALIBABA_CLOUD_IGNORE_PROFILE",
    ];
    if let Some(name) = disabled.iter().find(|name| around.flag(name)) {
        return Step::Skip(format!("{name} is set"));
    }
    let which = Which::of_environment(around);
    match in_file(&which, around) {
        Ok(source) => Step::Take(source),
        // It may be in the other file yet, which is looked at next.
        Err(Trouble::Absent(reason)) => Step::Skip(reason),
        Err(Trouble::Wrong(reason)) => chain::step(Err(reason), &which),
    }
}

/// Returns the region of the profile that is named, or that is used.
pub(super) fn region(given: &Given, around: &Surroundings<'_>, used: bool) -> Option<String> {
    let which = Which::of_block(given, around).unwrap_or_else(|| Which::of_environment(around));
    if !which.asked && !used {
        return None;
    }
    let (config, _) = config(&which, around).ok()?;
    let name = config.chosen(&which);
    let profile = config.profiles.iter().find(|one| one.name == name)?;
    filled(Some(&profile.region_id))
}

/// Why a file does not help.
pub(super) enum Trouble {
    /// There is no such file or profile.
    Absent(String),
    /// There is, and it cannot be used.
    Wrong(String),
}

impl Trouble {
    fn reason(self) -> String {
        match self {
            Self::Absent(reason) | Self::Wrong(reason) => reason,
        }
    }
}

/// Looks into the file of the `aliyun` command, and then into the credentials file.
fn either(which: &Which, around: &Surroundings<'_>) -> Result<Source, String> {
    match in_file(which, around) {
        Err(Trouble::Absent(first)) => match ini::in_file(which, around) {
            Ok(source) => Ok(source),
            Err(Trouble::Absent(_)) => Err(format!(
                "{first}. Check `profile` and `shared_credentials_file` in the provider block"
            )),
            Err(Trouble::Wrong(reason)) => Err(reason),
        },
        found => found.map_err(Trouble::reason),
    }
}

fn in_file(which: &Which, around: &Surroundings<'_>) -> Result<Source, Trouble> {
    let (config, path) = config(which, around)?;
    let name = config.chosen(which);
    let Some(profile) = config.profiles.iter().find(|one| one.name == name) else {
        return Err(Trouble::Absent(config.lacks(&name, &path)));
    };
    let told = |reason| Trouble::Wrong(format!("The profile \"{name}\" of {path} {reason}"));
    source(&config.profiles, profile, around).map_err(told)
}

/// Reads the file, which may be one of the other kind.
fn config(which: &Which, around: &Surroundings<'_>) -> Result<(Config, String), Trouble> {
    let path = which
        .file
        .clone()
        .or_else(|| around.at_home(".aliyun/config.json"));
    let Some(path) = path else {
        return Err(Trouble::Absent("HOME is not set".to_owned()));
    };
    let shown = path.display().to_string();
    let text = read(&path, around)?;
    if !text.trim_start().starts_with('{') {
        let reason = format!("{shown} is no configuration of the aliyun command (JSON)");
        return Err(Trouble::Absent(reason));
    }
    // A message of the parser could quote what it read.
    let config = serde_json::from_str(&text).map_err(|error| {
        let (line, column) = (error.line(), error.column());
        Trouble::Wrong(format!(
            "{shown} is not understood (line {line}, column {column})"
        ))
    })?;
    Ok((config, shown))
}

/// Reads a file that may not be there.
pub(super) fn read(path: &std::path::Path, around: &Surroundings<'_>) -> Result<String, Trouble> {
    let shown = path.display();
    (around.file)(path).map_err(|error| match error.kind() {
        io::ErrorKind::NotFound | io::ErrorKind::NotADirectory => {
            Trouble::Absent(format!("{shown} does not exist"))
        }
        _ => Trouble::Wrong(format!("{shown} cannot be read: {error}")),
    })
}

impl Config {
    fn chosen(&self, which: &Which) -> String {
        let current = || filled(Some(&self.current));
        let name = which.name.clone().or_else(current);
        name.unwrap_or_else(|| "default".to_owned())
    }

    fn lacks(&self, name: &str, path: &str) -> String {
        let names: Vec<&str> = self.profiles.iter().map(|one| one.name.as_str()).collect();
        let has = match (did_you_mean(name, names.iter().copied()), names.as_slice()) {
            (Some(near), _) => format!("did you mean \"{near}\"?"),
            (None, []) => "it has none".to_owned(),
            (None, names) => format!("it has {}", names.join(", ")),
        };
        format!("There is no profile \"{name}\" in {path}: {has}")
    }
}
