//! Every golden file in `state/` still loads, and comes back the same.

use std::{fs, path::PathBuf};

use prov::{
    backend::format,
    model::{
        Address,
        state::{State, Status},
    },
};

use crate::support::project::Project;

fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("state/golden")
}

fn golden(name: &str) -> State {
    let bytes = fs::read(folder().join(name)).expect("the golden file is there");
    format::read(&bytes).unwrap_or_else(|error| panic!("{name}: {error}"))
}

#[test]
fn every_golden_file_loads_and_comes_back_the_same() {
    let mut count = 0;
    for entry in fs::read_dir(folder()).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        let state = golden(&name);
        let bytes = format::to_bytes(&state);
        assert_eq!(format::read(&bytes).unwrap(), state, "{name}");
        assert_eq!(
            format::to_bytes(&format::read(&bytes).unwrap()),
            bytes,
            "{name}"
        );
        count += 1;
    }
    assert!(count >= 3);
}

#[test]
fn what_prov_writes_is_what_it_wrote() {
    let name = "prov-1.tfstate";
    let bytes = fs::read(folder().join(name)).unwrap();
    assert_eq!(
        String::from_utf8(format::to_bytes(&golden(name))).unwrap(),
        String::from_utf8(bytes).unwrap()
    );
}

#[test]
fn terraforms_tainted_and_deposed_objects_are_seen() {
    let state = golden("terraform-1.11.4-deposed-tainted.tfstate");
    let address = Address::parse("terraform_data.cbd").unwrap();
    let instance = &state.resources[&address.resource].instances[&address.key];
    assert_eq!(instance.current.as_ref().unwrap().status, Status::Tainted);
    assert_eq!(instance.deposed.len(), 1);
    assert!(instance.current.as_ref().unwrap().create_before_destroy);
}

#[test]
fn terraforms_sensitive_values_are_marked() {
    let state = golden("terraform-1.11.4-values.tfstate");
    let get = |address: &str| {
        state
            .get(&Address::parse(address).unwrap())
            .unwrap()
            .clone()
    };
    let secret = get("terraform_data.secret");
    assert!(secret.attributes.get("input").unwrap().is_sensitive());
    let values = get("terraform_data.values");
    let input = values.attributes.get("input").unwrap().as_object().unwrap();
    assert!(input.get("pw").unwrap().is_sensitive());
    assert!(!input.get("lpw").unwrap().is_sensitive());
    assert!(input.get("lpw").unwrap().has_sensitive());
    assert!(input.get("mpw").unwrap().has_sensitive());
    assert!(!input.get("m").unwrap().has_sensitive());
}

/// Whether names come one after the other in a text.
fn in_order(text: &str, names: &[&str]) -> bool {
    let places: Vec<_> = names
        .iter()
        .map(|name| text.find(&format!("\"{name}\"")))
        .collect();
    places.iter().all(Option::is_some) && places.is_sorted()
}

#[test]
fn json_has_its_names_in_terraforms_order() {
    let project = Project::with("locals {\n  a = nothing.here\n}\n");
    for (command, names) in [
        (
            "validate -json",
            &[
                "format_version",
                "valid",
                "error_count",
                "warning_count",
                "diagnostics",
                "severity",
                "summary",
                "detail",
                "range",
                "filename",
                "start",
                "line",
                "column",
                "byte",
                "end",
                "snippet",
                "context",
                "code",
                "start_line",
                "highlight_start_offset",
                "highlight_end_offset",
            ][..],
        ),
        (
            "version -json",
            &[
                "terraform_version",
                "platform",
                "provider_selections",
                "terraform_outdated",
            ],
        ),
        (
            "providers schema -json",
            &[
                "format_version",
                "provider_schemas",
                "provider",
                "version",
                "block",
                "attributes",
            ],
        ),
    ] {
        let said = project.prov(command).stdout;
        assert!(in_order(&said, names), "{command}: {said:.2000}");
    }
}
