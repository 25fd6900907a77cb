//! Functions over files and paths. Relative paths start at `path.cwd`.

use std::{
    fs,
    io::Read,
    path::{Path, PathBuf},
};

use base64::{Engine, engine::general_purpose::STANDARD};

use super::{
    super::{Scope, expression::MAX_TEXT},
    Answer, Call, Fault, Function, Kind, invalid, param,
};
use crate::model::Value;

pub(super) const FUNCTIONS: &[Function] = &[
    Function::new("abspath", PATH, Kind::String, |call| {
        Ok(Value::string(clean(&located(call).to_string_lossy())))
    })
    .doc("Returns a path from the root."),
    Function::new("basename", PATH, Kind::String, basename)
        .doc("Returns the last part of a path.")
        .example(r#"basename("a/b/")"#, r#""b""#),
    Function::new("dirname", PATH, Kind::String, dirname)
        .doc("Returns a path without its last part.")
        .example(r#"dirname("a/b/c")"#, r#""a/b""#),
    Function::new("file", PATH, Kind::String, file)
        .doc("Returns a file's text, which must be UTF-8."),
    Function::new("filebase64", PATH, Kind::String, |call| {
        Ok(Value::string(STANDARD.encode(read(call)?)))
    })
    .doc("Returns a file's bytes in base 64."),
    Function::new("fileexists", PATH, Kind::Bool, fileexists).doc("Whether a file exists."),
    Function::new("pathexpand", PATH, Kind::String, pathexpand)
        .doc("Writes out the home directory where a path starts with ~.")
        .example(r#"pathexpand("a/~/b")"#, r#""a/~/b""#),
];

const PATH: &[super::Param] = &[param("path", Kind::String)];

/// Where the file that the first argument names is.
pub(super) fn located(call: &Call<'_>) -> PathBuf {
    located_in(call.text(0), call.scope)
}

fn located_in(path: &str, scope: &dyn Scope) -> PathBuf {
    let given = Path::new(path);
    match scope.special("path", "cwd") {
        Some(base) if given.is_relative() => Path::new(base.as_str().unwrap_or(".")).join(given),
        _ => given.to_owned(),
    }
}

/// Reads the file that the first argument names.
pub(super) fn read(call: &Call<'_>) -> Result<Vec<u8>, Fault> {
    read_in(call.text(0), call.scope)
}

fn read_in(path: &str, scope: &dyn Scope) -> Result<Vec<u8>, Fault> {
    let shown = super::show::quoted(path);
    let file = fs::File::open(located_in(path, scope)).map_err(|error| match error.kind() {
        std::io::ErrorKind::NotFound => invalid(
            "path",
            format!(
                "no file exists at {shown}; this function works only with files that are distributed as part of the configuration source code"
            ),
        ),
        _ => invalid("path", format!("failed to open {shown}: {error}")),
    })?;
    let mut bytes = Vec::new();
    let limit = MAX_TEXT as u64;
    file.take(limit + 1)
        .read_to_end(&mut bytes)
        .map_err(|error| invalid("path", format!("failed to read {shown}: {error}")))?;
    if bytes.len() as u64 > limit {
        return Err(invalid(
            "path",
            format!("{shown} is larger than {} MiB", limit >> 20),
        ));
    }
    Ok(bytes)
}

fn file(call: &Call<'_>) -> Answer {
    read_text(call.text(0), call.scope).map(Value::string)
}

/// Reads a file that must be UTF-8.
pub(super) fn read_text(path: &str, scope: &dyn Scope) -> Result<String, Fault> {
    String::from_utf8(read_in(path, scope)?).map_err(|_| {
        "contents of the file are not valid UTF-8; use the filebase64 function to obtain the Base64 encoded contents".into()
    })
}

fn pathexpand(call: &Call<'_>) -> Answer {
    let path = call.text(0);
    let Some(rest) = path.strip_prefix('~') else {
        return Ok(Value::string(path));
    };
    if !rest.is_empty() && !rest.starts_with('/') {
        return Err("cannot expand the home directory of another user".into());
    }
    let home = call.scope.special("path", "~");
    let home = home.as_ref().and_then(Value::as_str);
    let home = home.ok_or("the home directory is not known; set HOME")?;
    Ok(Value::string(clean(&format!("{home}{rest}"))))
}

fn fileexists(call: &Call<'_>) -> Answer {
    match fs::metadata(located(call)) {
        Ok(found) if found.is_dir() => Err(format!(
            "{} is a directory, not a file",
            super::show::quoted(call.text(0))
        )
        .into()),
        Ok(found) => Ok(Value::Bool(found.is_file())),
        Err(_) => Ok(Value::Bool(false)),
    }
}

fn basename(call: &Call<'_>) -> Answer {
    let path = call.text(0);
    let trimmed = path.trim_end_matches('/');
    Ok(Value::string(match trimmed.rsplit('/').next() {
        Some("") | None if path.is_empty() => ".",
        Some("") | None => "/",
        Some(last) => last,
    }))
}

fn dirname(call: &Call<'_>) -> Answer {
    let (head, slash) = match call.text(0).rfind('/') {
        Some(at) => (&call.text(0)[..=at], true),
        None => ("", false),
    };
    Ok(Value::string(if slash {
        clean(head)
    } else {
        ".".to_owned()
    }))
}

/// Returns the path without `.`, `..` and doubled slashes where they change nothing.
fn clean(path: &str) -> String {
    let rooted = path.starts_with('/');
    let mut parts: Vec<&str> = Vec::new();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." if parts.last().is_some_and(|last| *last != "..") => {
                parts.pop();
            }
            ".." if rooted => {}
            other => parts.push(other),
        }
    }
    let joined = parts.join("/");
    match (rooted, joined.is_empty()) {
        (true, _) => format!("/{joined}"),
        (false, true) => ".".to_owned(),
        (false, false) => joined,
    }
}
