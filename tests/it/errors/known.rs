//! No code that is documented, or that the emulator answers, is without an explanation.

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
};

use prov::cloud::meaning;
use regex::Regex;

use super::{actions, create_instance};

#[test]
fn every_documented_code_is_explained() {
    let of_instances = create_instance();
    let of_instances = of_instances.iter().map(|row| (row.code, row.message));
    let of_others = actions();
    let of_others = of_others
        .iter()
        .map(|(.., code, message)| (*code, *message));
    let unknown: BTreeSet<&str> = of_instances
        .chain(of_others)
        .filter(|(code, message)| meaning(code, message).is_none())
        .map(|(code, _)| code)
        .collect();
    assert_eq!(unknown, BTreeSet::new());
}

fn sources(folder: &Path, found: &mut Vec<PathBuf>) {
    for path in fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
    {
        if path.is_dir() {
            sources(&path, found);
        } else if path.extension().is_some_and(|end| end == "rs") {
            found.push(path);
        }
    }
}

/// The codes that stand in the emulator's sources: after a status, or by their first words.
fn codes_of_the_emulator() -> BTreeSet<String> {
    let after_status = Regex::new(r#"\b[45]\d\d,\s*&?"([A-Z][A-Za-z_.]+)""#).unwrap();
    let by_words = Regex::new(
        r#""((?:Dependency|Forbidden|Incorrect|Invalid|Operation|Quota)[A-Za-z]*\.[A-Z][A-Za-z.]+)""#,
    )
    .unwrap();
    let mut files = Vec::new();
    sources(
        &Path::new(env!("CARGO_MANIFEST_DIR")).join("src/emulator"),
        &mut files,
    );
    let mut codes = BTreeSet::new();
    for file in files {
        let text = fs::read_to_string(file).unwrap();
        for found in after_status
            .captures_iter(&text)
            .chain(by_words.captures_iter(&text))
        {
            codes.insert(found[1].to_owned());
        }
    }
    codes
}

#[test]
fn every_code_of_the_emulator_is_explained() {
    let codes = codes_of_the_emulator();
    assert!(codes.len() > 150, "{codes:?}");
    let unknown: Vec<&String> = codes
        .iter()
        .filter(|code| meaning(code, "").is_none())
        .collect();
    assert_eq!(unknown, [""; 0]);
}
