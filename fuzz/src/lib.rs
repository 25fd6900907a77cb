//! What is fuzzed: each subject takes bytes, has the program read them, and returns what was said of them.
//!
//! A subject panics where a promise does not hold that can be checked for any input: what is written can be read, a
//! secret is in no message, a format is the same the second time. `fuzz_targets` and the tests call the same ones.

pub mod answers;
pub mod calls;
pub mod expressions;
pub mod manifests;
pub mod records;
pub mod scope;
pub mod values;

use prov::model::{Diagnostic, Diagnostics};

/// What was said of an input: a line for each error.
pub type Said = Vec<String>;

/// Something that reads input.
#[derive(Clone, Copy)]
pub struct Subject {
    pub name: &'static str,
    pub run: fn(&[u8]) -> Said,
}

/// All subjects, sorted by name: each has a target.
pub const SUBJECTS: &[Subject] = &[
    subject("answers", answers::answers),
    subject("emulator", calls::emulator),
    subject("expression", expressions::expression),
    subject("fmt", manifests::fmt),
    subject("functions", values::functions),
    subject("hcl", manifests::hcl),
    subject("journal", records::journal),
    subject("plan_file", records::plan_file),
    subject("state", records::state),
    subject("template", expressions::template),
    subject("tf_json", manifests::tf_json),
    subject("yaml", manifests::yaml),
];

const fn subject(name: &'static str, run: fn(&[u8]) -> Said) -> Subject {
    Subject { name, run }
}

/// Runs the subject of this name.
pub fn run(name: &str, data: &[u8]) -> Said {
    let found = SUBJECTS.iter().find(|subject| subject.name == name);
    (found.expect("the subject is in the table").run)(data)
}

fn line(diagnostic: &Diagnostic) -> String {
    format!("{}: {}", diagnostic.summary, diagnostic.detail)
}

fn lines(diags: &Diagnostics) -> Said {
    diags.iter().map(line).collect()
}
