//! Directories, files, states and plans that cannot be read.

use std::{fs, os::unix::fs::symlink};

use super::Case;

const DATA: &str = "resource \"terraform_data\" \"a\" {}\n";

#[test]
fn a_directory_that_is_a_file() {
    Case::hcl(DATA)
        .runs("-chdir=main.tf plan")
        .refused_once("chdir_file");
}

#[test]
fn a_directory_that_does_not_exist() {
    Case::hcl(DATA)
        .runs("-chdir=nowhere plan")
        .refused_once("chdir_nowhere");
}

#[test]
fn a_directory_that_may_not_be_read() {
    use std::os::unix::fs::PermissionsExt;
    let case = Case::hcl(DATA)
        .file("closed/main.tf", DATA)
        .runs("-chdir=closed plan");
    let closed = case.path("closed");
    fs::set_permissions(&closed, fs::Permissions::from_mode(0o000)).unwrap();
    // The administrator may read everything.
    let may = fs::read_dir(&closed).is_ok();
    let ran = case.run();
    fs::set_permissions(&closed, fs::Permissions::from_mode(0o755)).unwrap();
    assert_eq!(ran.code, i32::from(!may), "{}", ran.stderr);
    assert_eq!(ran.stderr.contains("closed"), !may, "{}", ran.stderr);
}

#[test]
fn a_directory_without_manifests() {
    Case::new().refused_once("empty_directory");
}

#[test]
fn a_link_to_nothing() {
    let case = Case::hcl(DATA);
    symlink("/nowhere/b.tf", case.path("b.tf")).unwrap();
    case.refused_once("dangling_link");
}

#[test]
fn a_manifest_that_is_a_directory() {
    Case::hcl(DATA)
        .runs("plan -f .")
        .refused_once("manifest_directory");
}

#[test]
fn a_manifest_that_does_not_exist() {
    Case::hcl(DATA)
        .runs("plan -f nope.tf")
        .refused_once("manifest_missing");
}

#[test]
fn a_manifest_that_is_no_text() {
    Case::hcl(b"resource \"terraform_data\" \"a\" {\n  input = \"\xff\xfe\"\n}\n")
        .refused_once("not_text");
}

#[test]
fn a_manifest_in_utf_16() {
    let units = DATA.encode_utf16().flat_map(u16::to_le_bytes);
    let text: Vec<u8> = [0xff, 0xfe].into_iter().chain(units).collect();
    Case::hcl(text).refused_once("utf_16");
}

#[test]
fn a_state_that_ends_early() {
    Case::hcl(DATA)
        .file(
            "terraform.tfstate",
            "{\"version\": 4, \"terraform_version\": \"1.11.4\", \"ser",
        )
        .refused_once("state_cut");
}

#[test]
fn a_state_of_a_newer_version() {
    Case::hcl(DATA)
        .file(
            "terraform.tfstate",
            "{\"version\": 5, \"terraform_version\": \"2.0.0\", \"serial\": 1, \"lineage\": \"x\"}",
        )
        .refused_once("state_newer");
}

#[test]
fn a_state_of_an_older_version() {
    Case::hcl(DATA)
        .file(
            "terraform.tfstate",
            "{\"version\": 3, \"terraform_version\": \"0.11.4\", \"serial\": 1, \"lineage\": \"x\"}",
        )
        .refused_once("state_older");
}

#[test]
fn a_state_that_is_something_else() {
    Case::hcl(DATA)
        .file("terraform.tfstate", "[1]")
        .refused_once("state_shape");
}

#[test]
fn a_state_that_is_a_directory() {
    Case::hcl(DATA)
        .file("terraform.tfstate/x", "")
        .refused_once("state_directory");
}

#[test]
fn a_damaged_journal() {
    let mut journal = vec![7; 4096];
    journal[..4].copy_from_slice(&[0, 0, 0, 9]);
    let case = Case::hcl(DATA).file("terraform.tfstate.journal", journal);
    let ran = case.run();
    // Nothing of it was ever acknowledged: it is what a crash at the first write leaves.
    assert_eq!(ran.code, 0, "{}", ran.stderr);
}

#[test]
fn a_plan_that_is_none() {
    Case::hcl(DATA)
        .file("x.plan", "hello")
        .runs("apply x.plan")
        .refused_once("plan_none");
}

#[test]
fn a_manifest_given_as_a_plan() {
    Case::hcl(DATA)
        .runs("apply main.tf")
        .refused_once("plan_manifest");
}

#[test]
fn a_plan_that_does_not_exist() {
    Case::hcl(DATA)
        .runs("apply x.plan")
        .refused_once("plan_missing");
}

#[test]
fn a_plan_to_show_that_is_none() {
    Case::hcl(DATA)
        .file("x.plan", "hello")
        .runs("show x.plan")
        .refused_once("plan_show");
}
