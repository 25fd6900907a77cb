#![expect(
    clippy::print_stdout,
    clippy::print_stderr,
    clippy::disallowed_methods,
    reason = "a report for people, over temporary files"
)]

//! Whole commands, timed as a user would: prov beside Terraform on the same configuration, in the same run, in turns.
//!
//! `cargo bench --bench programs` measures at small sizes, in about a minute; `-- full` at all of them, which with
//! Terraform takes an hour; `-- full write` writes docs/performance.md, too. Figures are medians; what counts are the
//! ratios, since machines differ.

mod commands;
mod fleet;
mod measure;
mod page;
mod shapes;

use commands::{ALL, Row, Stage, compare};
use measure::{Program, which};
use shapes::Shape;

fn main() {
    let given: Vec<String> = std::env::args().skip(1).collect();
    let asked = |word: &str| given.iter().any(|it| it == word);
    if asked("--test") {
        return;
    }
    let full = asked("full");
    let prov = Program::new(env!("CARGO_BIN_EXE_prov"));
    let terraform = which("terraform").map(Program::new);
    let report = page::Report {
        terraform: terraform.as_ref().map(version),
        beside: beside((&prov, terraform.as_ref()), full),
        alone: alone(&prov, full),
        cloud: fleet::measure(&prov, full),
        shapes: SHAPES.to_vec(),
    };
    let text = report.text();
    println!("{text}");
    if asked("write") {
        let page = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/performance.md");
        std::fs::write(page, text).expect("the page is in the source tree");
    }
}

/// Returns the number of Terraform's version.
fn version(terraform: &Program) -> String {
    let said = std::process::Command::new(&terraform.path)
        .arg("version")
        .output()
        .expect("the command starts");
    let said = String::from_utf8_lossy(&said.stdout);
    let line = said.lines().next().unwrap_or_default();
    line.trim_start_matches("Terraform v").to_owned()
}

const SHAPES: &[&Shape] = &[
    &shapes::COUNT,
    &shapes::FOR_EACH,
    &shapes::LINKED,
    &shapes::FAN,
    &shapes::CHAIN,
    &shapes::MODULES,
    &shapes::WHOLE,
    &shapes::RANDOM,
    &shapes::FILES,
    &shapes::INSTANCES,
    &shapes::INSTANCE_BLOCKS,
];

/// What is measured beside Terraform: how often it runs there, and whether only when all is measured.
const BESIDE: &[(&Shape, usize, &[Stage], usize, bool)] = &[
    (&shapes::COUNT, 1_000, ALL, 2, false),
    (&shapes::FOR_EACH, 1_000, ALL, 1, false),
    (&shapes::LINKED, 1_000, ALL, 3, false),
    (&shapes::FILES, 10_000, &[Stage::Validate], 3, false),
    (&shapes::MODULES, 1_000, ALL, 1, true),
    (&shapes::COUNT, 5_000, ALL, 1, true),
];

fn beside((ours, theirs): (&Program, Option<&Program>), full: bool) -> Vec<Row> {
    let chosen = BESIDE.iter().filter(|(.., long)| full || !long);
    let rows = chosen.map(|(shape, size, stages, rounds, _)| {
        compare(shape, *size, stages, (ours, theirs), (5, *rounds))
    });
    rows.flatten().collect()
}

/// What is measured alone, at sizes that show a slope.
const ALONE: &[(&Shape, &[usize], &[Stage])] = &[
    (&shapes::COUNT, &[10_000, 100_000, 1_000_000], ALL),
    (&shapes::FOR_EACH, &[10_000, 100_000], ALL),
    (&shapes::LINKED, &[10_000, 100_000], ALL),
    (&shapes::FAN, &[10_000, 100_000], ALL),
    (&shapes::CHAIN, &[1_000, 10_000], ALL),
    (&shapes::MODULES, &[10_000, 100_000], ALL),
    (&shapes::WHOLE, &[10_000, 100_000], ALL),
    (&shapes::RANDOM, &[10_000, 100_000], ALL),
    (&shapes::FILES, &[10_000, 100_000], &[Stage::Validate]),
    (&shapes::INSTANCE_BLOCKS, &[10_000], &[Stage::Validate]),
];

fn alone(prov: &Program, full: bool) -> Vec<Row> {
    let mut rows = Vec::new();
    for (shape, sizes, stages) in ALONE {
        let sizes = sizes.iter().filter(|size| full || **size <= 10_000);
        for size in sizes {
            let rounds = if *size < 1_000_000 { 3 } else { 1 };
            rows.extend(compare(shape, *size, stages, (prov, None), (rounds, 0)));
        }
    }
    rows
}
