//! What prov does when the cloud refuses, row by row of the API's tables.

mod known;
mod language;
pub mod page;
mod rows;

use serde_json::Value as Json;

/// One row of a table of errors.
struct Row {
    status: u16,
    code: &'static str,
    again: bool,
    fault: &'static str,
    argument: &'static str,
    message: &'static str,
}

/// The table of `CreateInstance`.
fn create_instance() -> Vec<Row> {
    let lines = include_str!("create_instance.tsv").lines();
    let rows = lines.filter(|line| !line.starts_with('#')).map(|line| {
        let cells: Vec<&str> = line.split('\t').collect();
        let [status, code, does, fault, argument, message] = cells[..] else {
            panic!("{line}");
        };
        Row {
            status: status.parse().unwrap(),
            code,
            again: match does {
                "again" => true,
                "stops" => false,
                _ => panic!("{line}"),
            },
            fault,
            argument,
            message,
        }
    });
    rows.collect()
}

/// The errors of all other actions: action, status, code, message.
fn actions() -> Vec<(&'static str, u16, &'static str, &'static str)> {
    let lines = include_str!("actions.tsv").lines();
    let rows = lines.filter(|line| !line.starts_with('#')).map(|line| {
        let cells: Vec<&str> = line.split('\t').collect();
        let [action, status, code, message] = cells[..] else {
            panic!("{line}");
        };
        (action, status.parse().unwrap(), code, message)
    });
    rows.collect()
}

/// The diagnostics among JSON lines.
fn diagnostics(stdout: &str) -> Vec<Json> {
    stdout
        .lines()
        .map(|line| serde_json::from_str::<Json>(line).unwrap())
        .filter_map(|line| line.get("diagnostic").cloned())
        .filter(|diagnostic| diagnostic["severity"] == "error")
        .collect()
}
