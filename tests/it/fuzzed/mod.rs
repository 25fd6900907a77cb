//! What fuzzing has found, and what it would take long to find: each input ends in what is said here, and in no panic.
//!
//! The subjects are those of `fuzz/`: what they promise of any input is checked for these, too. An input of a few bytes is a
//! file in `inputs`, under a name that tells what is odd about it; a long one is made in [`LONG`].

#[path = "../../../fuzz/src/lib.rs"]
mod subjects;

use std::{collections::BTreeSet, fs, path::PathBuf, thread};

/// Inputs by subject and name, and what is said of them; nothing where they are in order.
const FOUND: &[(&str, &str, &str)] = &[
    (
        "expression",
        "exponent_that_has_no_opposite",
        "out of range",
    ),
    ("expression", "yaml_number_with_two_signs", ""),
    ("fmt", "empty_heredoc_before_another", ""),
    (
        "fmt",
        "empty_heredoc_before_an_open_string",
        "A quoted string ends on the line",
    ),
    (
        "fmt",
        "heredoc_with_an_open_directive",
        "ends before this if directive does",
    ),
    // The block between the two is still there.
    ("hcl", "empty_heredoc_before_another", "nothing.here"),
    (
        "hcl",
        "heredoc_with_an_open_directive",
        "ends before this if directive does",
    ),
    ("state", "marks_within_a_marked_value", ""),
];

/// Makes an input.
type Make = fn() -> String;

/// Long inputs: the subject, how it is made, and what is said of it.
const LONG: &[(&str, Make, &str)] = &[
    (
        "expression",
        json_in_json,
        "nested more than 128 levels deep",
    ),
    (
        "expression",
        aliases,
        "its aliases expand to more than 1000000 values",
    ),
    (
        "expression",
        texts_of_texts,
        "makes more than 512 MiB of values",
    ),
    ("expression", long_looks, "takes more than 20 million steps"),
    (
        "expression",
        twice_and_twice,
        "holds more than 1000000 others",
    ),
    ("template", directives_in_directives, "deep"),
    ("hcl", keys_beside_keys, "at most 25000 keys"),
    ("state", types_in_types, "recursion limit"),
    ("plan_file", lists_in_a_configuration, "recursion limit"),
    ("answers", lists_in_an_answer, "text that is no JSON"),
    ("emulator", lists_in_a_parameter, "Invalid"),
];

const DEEP: usize = 100_000;

fn json_in_json() -> String {
    format!("jsondecode(\"{}{}\")", "[".repeat(DEEP), "]".repeat(DEEP))
}

fn aliases() -> String {
    let (all, many) = ("1,".repeat(900), "*a,".repeat(20_000));
    format!("yamldecode(\"a: &a [{all}]\\nb: [{many}]\\n\")")
}

/// 64 MB as often as there are numbers.
fn texts_of_texts() -> String {
    "[for i in range(1024) : join(\"\", [for j in range(64) : format(\"%1000000d\", j)])]"
        .to_owned()
}

/// 64 MB once, given to a function as often as there are numbers.
fn long_looks() -> String {
    let text = "join(\"\", [for j in range(64) : format(\"%1000000d\", j)])";
    format!("[for t in [{text}] : [for i in range(1024) : startswith(t, \"x\")]]")
}

/// Each variable has the one before in it, twice.
fn twice_and_twice() -> String {
    let loops: String = (1..30)
        .map(|n| format!("[for v{n} in [[v{}, v{0}]] : ", n - 1))
        .collect();
    format!("[for v0 in [[1, 1]] : {loops}v29 == v29{}]", "]".repeat(29))
}

fn keys_beside_keys() -> String {
    let keys: String = (0..DEEP).map(|n| format!("k{n} = {n}\n")).collect();
    format!("locals {{\n  a = {{\n{keys}  }}\n}}\n")
}

fn directives_in_directives() -> String {
    format!(
        "{}{}",
        "%{ if true }".repeat(DEEP),
        "%{ endif }".repeat(DEEP)
    )
}

fn types_in_types() -> String {
    let ty = format!(
        "{}\"string\"{}",
        "[\"list\",".repeat(DEEP),
        "]".repeat(DEEP)
    );
    let outputs = format!("{{\"o\":{{\"value\":null,\"type\":{ty}}}}}");
    format!("{{\"version\":4,\"serial\":1,\"lineage\":\"a\",\"outputs\":{outputs}}}")
}

fn lists_in_a_configuration() -> String {
    let seed = include_str!("../../../fuzz/seeds/plan_file/create");
    let name = "\"configuration\":";
    seed.replacen(name, &format!("{name}{}", "[".repeat(DEEP)), 1)
}

fn lists_in_an_answer() -> String {
    format!(
        "alicloud_vpc read vpc-1\n{}{}",
        "[".repeat(DEEP),
        "]".repeat(DEEP)
    )
}

fn lists_in_a_parameter() -> String {
    format!("ecs DescribeInstances InstanceIds={}", "[".repeat(DEEP))
}

/// Runs a subject on as much stack as the program gives to what reads and evaluates.
fn said(subject: &str, input: Vec<u8>) -> String {
    let subject = subject.to_owned();
    let run = move || subjects::run(&subject, &input).join("\n");
    let thread = thread::Builder::new().stack_size(16 << 20).spawn(run);
    thread.unwrap().join().expect("the subject does not panic")
}

fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/it/fuzzed/inputs")
}

#[track_caller]
fn check(subject: &str, name: &str, input: Vec<u8>, expected: &str) {
    let said = said(subject, input);
    let right = if expected.is_empty() {
        said.is_empty()
    } else {
        said.contains(expected)
    };
    assert!(right, "{subject}/{name}: {said:.500}");
}

#[test]
fn what_was_found_is_mended() {
    for (subject, name, expected) in FOUND {
        let input = fs::read(folder().join(subject).join(name)).unwrap();
        check(subject, name, input, expected);
    }
}

#[test]
fn what_is_long_ends_in_an_error() {
    for (subject, make, expected) in LONG {
        let input = make().into_bytes();
        check(subject, expected, input, expected);
    }
}

#[test]
fn seeds_of_plans_and_states_can_be_read() {
    let seeds = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("fuzz/seeds");
    for subject in ["plan_file", "state"] {
        for seed in fs::read_dir(seeds.join(subject)).unwrap() {
            let path = seed.unwrap().path();
            let name = path.display().to_string();
            check(subject, &name, fs::read(path).unwrap(), "");
        }
    }
}

#[test]
fn every_input_is_told_of() {
    let mut files = BTreeSet::new();
    for subject in fs::read_dir(folder()).unwrap() {
        for file in fs::read_dir(subject.unwrap().path()).unwrap() {
            let path = file.unwrap().path();
            files.insert(path.strip_prefix(folder()).unwrap().to_owned());
        }
    }
    let told = FOUND
        .iter()
        .map(|(subject, name, _)| PathBuf::from(subject).join(name))
        .collect();
    assert_eq!(files, told);
}

#[test]
fn every_subject_has_a_target() {
    let targets = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("fuzz/fuzz_targets");
    let names = fs::read_dir(targets).unwrap().map(|file| {
        let path = file.unwrap().path();
        path.file_stem().unwrap().to_string_lossy().into_owned()
    });
    let names: BTreeSet<String> = names.collect();
    let subjects = subjects::SUBJECTS
        .iter()
        .map(|subject| subject.name.to_owned());
    assert_eq!(names, subjects.collect());
}
