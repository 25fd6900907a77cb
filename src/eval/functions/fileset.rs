//! `fileset`: the files below a folder whose paths match a pattern.

use std::{fs, path::Path};

use regex::Regex;

use super::{Answer, Call, Fault, Function, Kind, filesystem::located, invalid, param};
use crate::model::Value;

pub(super) const FUNCTIONS: &[Function] = &[Function::new(
    "fileset",
    &[param("path", Kind::String), param("pattern", Kind::String)],
    Kind::Set,
    fileset,
)
.doc("Returns the paths of files below a folder that match a pattern: *, **, ?, [a-z], {a,b}.")];

/// The most entries of folders that are looked at.
const MAX_ENTRIES: usize = 100_000;

/// How deep folders are searched; links may form circles.
const MAX_DEPTH: usize = 32;

fn fileset(call: &Call<'_>) -> Answer {
    let pattern = compiled(call.text(1).trim_start_matches("./"))?;
    let mut search = Search {
        pattern,
        found: Vec::new(),
        entries: 0,
    };
    search.folder(&located(call), "", 0)?;
    Ok(Value::set(search.found))
}

struct Search {
    pattern: Regex,
    found: Vec<Value>,
    entries: usize,
}

impl Search {
    fn folder(&mut self, folder: &Path, prefix: &str, depth: usize) -> Result<(), Fault> {
        let Ok(entries) = fs::read_dir(folder) else {
            return Ok(());
        };
        for entry in entries.flatten() {
            self.entries += 1;
            if self.entries > MAX_ENTRIES {
                return Err(invalid(
                    "path",
                    format!("the folder has more than {MAX_ENTRIES} entries"),
                ));
            }
            let name = entry.file_name();
            let Some(name) = name.to_str() else { continue };
            let path = format!("{prefix}{name}");
            // Links are followed.
            match fs::metadata(entry.path()) {
                Ok(kind) if kind.is_dir() && depth < MAX_DEPTH => {
                    self.folder(&entry.path(), &format!("{path}/"), depth + 1)?;
                }
                Ok(kind) if kind.is_file() && self.pattern.is_match(&path) => {
                    self.found.push(Value::string(path));
                }
                _ => {}
            }
        }
        Ok(())
    }
}

/// Turns a pattern of paths into a regular expression.
fn compiled(pattern: &str) -> Result<Regex, Fault> {
    let mut text = String::from("^");
    let mut rest = pattern;
    let mut braces = 0_usize;
    while let Some(letter) = rest.chars().next() {
        let mut taken = letter.len_utf8();
        match letter {
            '*' if rest.starts_with("**/") => {
                taken = 3;
                text.push_str("(?:.*/)?");
            }
            '*' if rest.starts_with("**") => {
                taken = 2;
                text.push_str(".*");
            }
            '*' => text.push_str("[^/]*"),
            '?' => text.push_str("[^/]"),
            '{' => {
                braces += 1;
                text.push_str("(?:");
            }
            '}' if braces > 0 => {
                braces -= 1;
                text.push(')');
            }
            ',' if braces > 0 => text.push('|'),
            '[' => match rest[1..].find(']') {
                Some(end) => {
                    taken = end + 2;
                    let inner = &rest[1..=end];
                    let (not, inner) = match inner.strip_prefix(['!', '^']) {
                        Some(inner) => ("^", inner),
                        None => ("", inner),
                    };
                    text.push_str(&format!("[{not}{}]", inner.replace(['\\', '['], "")));
                }
                None => return Err(unusable(pattern)),
            },
            other => text.push_str(&regex::escape(other.encode_utf8(&mut [0; 4]))),
        }
        rest = &rest[taken..];
    }
    Regex::new(&(text + "$")).map_err(|_| unusable(pattern))
}

fn unusable(pattern: &str) -> Fault {
    format!("{} is not a pattern of paths", super::show::quoted(pattern)).into()
}
