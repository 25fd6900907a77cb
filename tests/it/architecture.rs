//! The arrows of ARCHITECTURE.md, and a few habits, as a test.

use std::{
    fs,
    path::{Path, PathBuf},
};

/// Each module and the modules that it may import. What stands further down sees more.
const ARROWS: &[(&str, &[&str])] = &[
    ("model", &[]),
    ("emulator", &[]),
    ("schema", &["model"]),
    ("manifest", &["model"]),
    ("cloud", &["model"]),
    ("backend", &["model"]),
    ("render", &["model"]),
    ("eval", &["model", "manifest"]),
    ("provider", &["model", "schema", "cloud"]),
    ("resources", &["model", "schema", "cloud", "provider"]),
    ("plan", &["model", "schema", "manifest", "eval", "provider"]),
    (
        "apply",
        &[
            "model", "schema", "manifest", "eval", "provider", "plan", "backend",
        ],
    ),
];

/// Folders whose `mod.rs` must name every file and folder in it.
const REGISTRIES: &[&str] = &[
    "resources",
    "backend",
    "render",
    "cli/commands",
    "emulator/actions",
    "eval/functions",
];

/// Modules named for nothing in particular gather everything.
const NOTHING_IN_PARTICULAR: &[&str] = &["util", "utils", "common", "helpers", "misc"];

fn source() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("src")
}

#[test]
fn modules_import_only_what_they_may() {
    let mut broken = Vec::new();
    for file in rust_files(&source()) {
        let path = file.strip_prefix(source()).unwrap().to_str().unwrap();
        let text = fs::read_to_string(&file).unwrap();
        let module = path.split('/').next().unwrap();
        let Some((_, allowed)) = ARROWS.iter().find(|(name, _)| *name == module) else {
            continue;
        };
        for used in imports(&text).into_iter().filter(|used| used != module) {
            if !allowed.contains(&used.as_str()) {
                broken.push(format!("{path}: {module} must not import {used}"));
            }
        }
    }
    assert!(broken.is_empty(), "\n{}", broken.join("\n"));
}

#[test]
fn every_module_has_its_arrows() {
    let outside = ["cli", "lib.rs", "main.rs"];
    for entry in fs::read_dir(source()).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        let known = ARROWS.iter().any(|(module, _)| *module == name);
        assert!(
            known || outside.contains(&&*name),
            "src/{name} has no line in ARROWS: say in ARCHITECTURE.md what it may import"
        );
    }
}

#[test]
fn registries_are_whole_and_names_mean_something() {
    let mut broken = Vec::new();
    for registry in REGISTRIES {
        let list = fs::read_to_string(source().join(registry).join("mod.rs")).unwrap();
        for file in fs::read_dir(source().join(registry)).unwrap() {
            let path = file.unwrap().path();
            let name = path.file_stem().unwrap().to_str().unwrap();
            if name != "mod" && !list.contains(&format!("mod {name};")) {
                broken.push(format!("{registry}/mod.rs does not list {name}"));
            }
        }
    }
    for file in rust_files(&source()) {
        let path = file.strip_prefix(source()).unwrap().to_str().unwrap();
        let name = file.file_stem().unwrap().to_str().unwrap();
        if NOTHING_IN_PARTICULAR.contains(&name) {
            broken.push(format!("{path}: name it for what it holds"));
        }
        let text = fs::read_to_string(&file).unwrap();
        if text.contains("super::super") {
            broken.push(format!("{path}: name the module instead of super::super"));
        }
        if !path.contains("tests") && !text.starts_with("//!") {
            broken.push(format!("{path} does not begin by saying what it is for"));
        }
    }
    assert!(broken.is_empty(), "\n{}", broken.join("\n"));
}

#[test]
fn every_file_of_the_tests_is_listed() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it");
    let list = fs::read_to_string(folder.join("main.rs")).unwrap();
    for file in fs::read_dir(&folder).unwrap() {
        let path = file.unwrap().path();
        let name = path.file_stem().unwrap().to_str().unwrap();
        assert!(
            name == "main" || list.contains(&format!("mod {name};")),
            "tests/it/main.rs does not list {name}"
        );
    }
}

#[test]
fn imports_are_found() {
    let text =
        "use crate::{model::{A, B}, cloud, // eval::c\n plan::d};\nfn f() { crate::apply::g() }";
    assert_eq!(imports(text), ["model", "cloud", "plan", "apply"]);
}

fn rust_files(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for path in fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
    {
        if path.is_dir() {
            files.extend(rust_files(&path));
        } else if path.extension().is_some_and(|it| it == "rs") {
            files.push(path);
        }
    }
    files
}

/// Returns the modules that follow `crate::`, inside `{}` groups too.
fn imports(text: &str) -> Vec<String> {
    let lines = text.lines().map(|line| line.split("//").next().unwrap());
    let code: String = lines.collect::<Vec<_>>().join("\n");
    code.match_indices("crate::")
        .flat_map(|(at, found)| first_names(&code[at + found.len()..]))
        .collect()
}

fn first_names(rest: &str) -> Vec<String> {
    let name = |text: &str| -> String {
        let text = text.trim().chars();
        text.take_while(|c| c.is_alphanumeric() || *c == '_')
            .collect()
    };
    let Some(group) = rest.strip_prefix('{') else {
        return vec![name(rest)];
    };
    let (mut names, mut depth, mut start) = (Vec::new(), 0, 0);
    for (at, c) in group.char_indices() {
        match c {
            '{' => depth += 1,
            '}' if depth > 0 => depth -= 1,
            ',' | '}' if depth == 0 => {
                names.push(name(&group[start..at]));
                start = at + 1;
                if c == '}' {
                    break;
                }
            }
            _ => {}
        }
    }
    names.retain(|name| !name.is_empty());
    names
}
