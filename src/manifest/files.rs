//! Which files make a module, and their text.

use std::{
    fs, io,
    io::Read,
    path::{Path, PathBuf},
};

use crate::model::{Diagnostic, Diagnostics};

/// What a file is written in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Language {
    Hcl,
    Yaml,
    Json,
}

/// A file to read.
#[derive(Debug)]
pub(super) struct File {
    /// Where it is; `-` is standard input.
    path: PathBuf,
    /// What the user calls it.
    pub(super) name: String,
    /// What its ending says.
    pub(super) language: Option<Language>,
    /// Whether it changes what the other files declare.
    pub(super) overrides: bool,
}

/// Whether a file of this name is one of overrides.
fn is_override(name: &str) -> bool {
    let stem = name.split('.').next().unwrap_or("");
    stem == "override" || stem.ends_with("_override")
}

/// The endings of manifests.
const ENDINGS: &[(&str, Language)] = &[
    (".tf", Language::Hcl),
    (".tf.json", Language::Json),
    (".prov.hcl", Language::Hcl),
    (".prov.yaml", Language::Yaml),
    (".prov.yml", Language::Yaml),
];

/// The endings of files that are named one by one.
const OTHER_ENDINGS: &[(&str, Language)] = &[
    (".hcl", Language::Hcl),
    (".tfvars", Language::Hcl),
    (".json", Language::Json),
    (".yaml", Language::Yaml),
    (".yml", Language::Yaml),
];

/// Whether a directory has manifests.
pub fn has_manifests(root: &Path) -> bool {
    let mut names = list(root).into_iter().flatten();
    names.any(|name| language(&name, ENDINGS).is_some())
}

/// Returns the manifests of a directory in the order of their names.
pub(super) fn find(root: &Path, diags: &mut Diagnostics) -> Vec<File> {
    let names = match list(root) {
        Ok(names) => names,
        Err(error) => {
            diags.push(unreadable("directory", &root.display().to_string(), &error));
            return Vec::new();
        }
    };
    let mut files = Vec::new();
    for name in names {
        let Some(language) = language(&name, ENDINGS) else {
            continue;
        };
        let file = File {
            path: root.join(&name),
            name: shown(&root.join(&name)),
            language: Some(language),
            overrides: is_override(&name),
        };
        files.push(file);
    }
    if files.is_empty() && !diags.has_errors() {
        let detail = format!("The directory {} has no manifests.", root.display());
        diags.push(Diagnostic::error("No configuration files", detail).hint(
            "Create a file that ends in .tf, .tf.json, .prov.hcl or .prov.yaml, or name files with -f.",
        ));
    }
    files
}

/// Returns the files of a directory with these endings; none where there is no such directory.
pub(super) fn ending(root: &Path, endings: &[(&str, Language)]) -> Vec<File> {
    let names = list(root).unwrap_or_default();
    let file = |name: String| {
        let language = language(&name, endings)?;
        Some(File {
            path: root.join(&name),
            name: shown(&root.join(&name)),
            language: Some(language),
            overrides: false,
        })
    };
    names.into_iter().filter_map(file).collect()
}

/// Returns a file that the user named, relative to `root`.
pub(super) fn named(root: &Path, path: &Path) -> File {
    if path == Path::new("-") {
        return File {
            path: path.to_owned(),
            name: "<stdin>".to_owned(),
            language: None,
            overrides: false,
        };
    }
    let path = root.join(path);
    let name = shown(&path);
    File {
        language: language(&name, ENDINGS).or_else(|| language(&name, OTHER_ENDINGS)),
        overrides: false,
        name,
        path,
    }
}

/// Returns the files of values that are read without being named, in the order in which they count.
pub fn value_files(root: &Path) -> Vec<PathBuf> {
    let names = list(root).unwrap_or_default();
    let fixed = ["terraform.tfvars", "terraform.tfvars.json"];
    let auto =
        |name: &&String| name.ends_with(".auto.tfvars") || name.ends_with(".auto.tfvars.json");
    fixed
        .iter()
        .filter(|fixed| names.iter().any(|name| name == *fixed))
        .map(|name| root.join(name))
        .chain(names.iter().filter(auto).map(|name| root.join(name)))
        .collect()
}

/// Returns the names of the files in a directory that are not hidden, sorted.
fn list(root: &Path) -> io::Result<Vec<String>> {
    let root = if root.as_os_str().is_empty() {
        Path::new(".")
    } else {
        root
    };
    let mut names = Vec::new();
    for entry in fs::read_dir(root)? {
        let entry = entry?;
        let name = entry.file_name().to_string_lossy().into_owned();
        if !name.starts_with('.') && !entry.path().is_dir() {
            names.push(name);
        }
    }
    names.sort_unstable();
    Ok(names)
}

fn language(name: &str, endings: &[(&str, Language)]) -> Option<Language> {
    endings
        .iter()
        .find(|(ending, _)| name.ends_with(ending))
        .map(|(_, language)| *language)
}

/// Returns the name of a manifest without its ending, and the language that the ending says.
pub(super) fn stem(name: &str) -> Option<(&str, Language)> {
    let mut endings = ENDINGS.iter();
    endings.find_map(|(ending, language)| Some((name.strip_suffix(ending)?, *language)))
}

/// Returns a path as the user would write it.
fn shown(path: &Path) -> String {
    let inside = path.strip_prefix(".").unwrap_or(path);
    let named = if inside.as_os_str().is_empty() {
        Path::new(".")
    } else {
        inside
    };
    named.display().to_string()
}

/// Tells the language of a text whose name does not.
pub(super) fn guess(text: &str) -> Language {
    let first = text
        .lines()
        .map(str::trim)
        .find(|line| !line.is_empty() && !line.starts_with('#'))
        .unwrap_or("");
    if first.starts_with('{') {
        return Language::Json;
    }
    let key = first.find(|c: char| !(c.is_alphanumeric() || matches!(c, '_' | '-' | '"' | '\'')));
    let colon = key.is_some_and(|end| end > 0 && first[end..].trim_start().starts_with(':'));
    if colon || first.starts_with("---") || first.starts_with('%') {
        return Language::Yaml;
    }
    Language::Hcl
}

/// Reads a file as text, without its byte order mark.
pub(super) fn read(file: &File) -> Result<String, Diagnostic> {
    let bytes = if file.path == Path::new("-") {
        let mut bytes = Vec::new();
        io::stdin().read_to_end(&mut bytes).map(|_| bytes)
    } else {
        fs::read(&file.path)
    };
    let bytes = bytes.map_err(|error| match fs::read_link(&file.path) {
        Ok(target) if error.kind() == io::ErrorKind::NotFound => {
            let detail = format!(
                "{} is a link to {}, which does not exist.",
                file.name,
                target.display()
            );
            Diagnostic::error("Cannot read the file", detail).hint("Mend or remove the link.")
        }
        _ => unreadable("file", &file.name, &error),
    })?;
    if u32::try_from(bytes.len()).is_err() {
        let detail = format!("{} is larger than 4 GiB.", file.name);
        return Err(
            Diagnostic::error("File too large", detail).hint("Split it into several files.")
        );
    }
    let mut text = String::from_utf8(bytes).map_err(|error| not_text(&file.name, &error))?;
    if text.starts_with('\u{feff}') {
        text.drain(..'\u{feff}'.len_utf8());
    }
    Ok(text)
}

fn not_text(name: &str, error: &std::string::FromUtf8Error) -> Diagnostic {
    let at = error.utf8_error().valid_up_to();
    let before = &error.as_bytes()[..at];
    let line = before.iter().filter(|byte| **byte == b'\n').count() + 1;
    let start = before
        .iter()
        .rposition(|byte| *byte == b'\n')
        .map_or(0, |at| at + 1);
    let column = String::from_utf8_lossy(&before[start..]).chars().count() + 1;
    let detail = format!("{name} is not UTF-8 at line {line}, column {column}.");
    Diagnostic::error("Invalid text", detail).hint("Save the file as UTF-8.")
}

fn unreadable(what: &str, name: &str, error: &io::Error) -> Diagnostic {
    let detail = match error.kind() {
        io::ErrorKind::NotFound => format!("The {what} {name} does not exist."),
        io::ErrorKind::PermissionDenied => format!("The {what} {name} may not be read."),
        io::ErrorKind::NotADirectory => format!("{name} is not a directory."),
        io::ErrorKind::IsADirectory => format!("{name} is a directory, not a file."),
        _ => format!("The {what} {name} cannot be read: {error}."),
    };
    let hint = match error.kind() {
        io::ErrorKind::NotFound => "Check the path.",
        io::ErrorKind::PermissionDenied => "Check its permissions.",
        io::ErrorKind::IsADirectory => "Name a file; for a directory use -chdir.",
        io::ErrorKind::NotADirectory => "Name a directory, or name files with -f.",
        _ => "Check that it is a readable file.",
    };
    Diagnostic::error(format!("Cannot read the {what}"), detail).hint(hint)
}
