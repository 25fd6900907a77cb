//! The command line, standard input and standard output.

use std::process::{Command, Stdio};

use super::Case;

const DATA: &str = "resource \"terraform_data\" \"a\" {\n  input = 1\n}\n";

#[test]
fn an_unknown_option() {
    let ran = Case::hcl(DATA)
        .runs("plan -foo")
        .refused_once("option_unknown");
    assert!(!ran.stderr.contains("--"), "{}", ran.stderr);
}

#[test]
fn a_misspelt_option() {
    Case::hcl(DATA)
        .runs("plan -detailed-exitcod")
        .refused_once("option_misspelt");
}

#[test]
fn an_unknown_command() {
    Case::hcl(DATA).runs("foo").refused_once("command_unknown");
}

#[test]
fn a_misspelt_command() {
    Case::hcl(DATA)
        .runs("aply")
        .refused_once("command_misspelt");
}

#[test]
fn a_misspelt_inner_command() {
    Case::hcl(DATA)
        .runs("state lst")
        .refused_once("command_inner");
}

#[test]
fn a_missing_argument() {
    Case::hcl(DATA)
        .runs("state show")
        .refused_once("argument_missing");
}

#[test]
fn an_argument_too_many() {
    Case::hcl(DATA)
        .runs("plan a b")
        .refused_once("argument_unexpected");
}

#[test]
fn an_option_without_its_value() {
    Case::hcl(DATA)
        .runs("plan -var")
        .refused_once("value_missing");
}

#[test]
fn an_option_with_a_wrong_value() {
    Case::hcl(DATA)
        .runs("plan -lock=maybe")
        .refused_once("value_wrong");
}

#[test]
fn no_parallelism() {
    Case::hcl(DATA)
        .runs("plan -parallelism=0")
        .refused_once("parallelism");
}

#[test]
fn a_misspelt_target() {
    Case::hcl(DATA)
        .runs("plan -target=terraform_data.b")
        .refused_once("target_unknown");
}

#[test]
fn a_target_that_is_no_address() {
    Case::hcl(DATA)
        .runs("plan -target=foo")
        .refused_once("target_form");
}

#[test]
fn a_target_of_no_instance() {
    Case::hcl(DATA)
        .runs("plan -target=terraform_data.a[3]")
        .refused("target_instance");
}

#[test]
fn a_replacement_of_nothing() {
    Case::hcl(DATA)
        .runs("plan -replace=terraform_data.b")
        .refused_once("replace_unknown");
}

#[test]
fn options_from_the_environment() {
    Case::hcl(DATA)
        .runs("plan")
        .with("TF_CLI_ARGS_plan", "-nope")
        .refused_once("environment_options");
}

#[test]
fn quoted_options_from_the_environment() {
    Case::hcl("variable \"a\" {}\n\noutput \"a\" {\n  value = var.a\n}\n")
        .runs("plan")
        .with("TF_CLI_ARGS_plan", "-no-color -var \"a=b c\"")
        .done("environment_quotes");
}

#[test]
fn nobody_to_ask_for_approval() {
    Case::hcl(DATA)
        .runs("apply")
        .refused_once("approval_silence");
}

#[test]
fn an_approval_that_is_none() {
    Case::hcl(DATA)
        .runs("apply")
        .input("YES\n")
        .refused("approval_no");
}

#[test]
fn an_approval_that_may_not_be_asked_for() {
    Case::hcl(DATA)
        .runs("apply -input=false")
        .refused_once("approval_input");
}

#[test]
fn a_manifest_where_the_approval_should_be() {
    Case::new()
        .runs("apply -f -")
        .input(DATA)
        .refused_once("approval_stdin");
}

#[test]
fn an_approval_with_json() {
    let ran = Case::hcl(DATA).runs("apply -json").run();
    assert_eq!(ran.code, 1);
    assert!(ran.stdout.contains("auto-approve"), "{}", ran.stdout);
}

#[test]
fn manifests_in_standard_input() {
    let texts = [
        "resource \"terraform_data\" \"a\" {\n  inputt = 1\n}\n",
        "resource:\n  terraform_data:\n    a:\n      inputt: 1\n",
        "{\"resource\": {\"terraform_data\": {\"a\": {\"inputt\": 1}}}}",
    ];
    for (text, name) in texts
        .into_iter()
        .zip(["stdin_hcl", "stdin_yaml", "stdin_json"])
    {
        Case::new().runs("plan -f -").input(text).refused_once(name);
    }
}

#[test]
fn the_same_file_twice() {
    Case::hcl(DATA)
        .runs("plan -f main.tf -f main.tf")
        .refused_once("file_twice");
}

/// Runs a shell line in which `prov` is the built program.
fn shell(case: &Case, line: &str) -> (i32, String) {
    let output = Command::new("/bin/bash")
        .args([
            "-o",
            "pipefail",
            "-c",
            &line.replace("prov ", concat!(env!("CARGO_BIN_EXE_prov"), " ")),
        ])
        .current_dir(case.path(""))
        .stdin(Stdio::null())
        .output()
        .unwrap();
    (
        output.status.code().unwrap(),
        String::from_utf8(output.stderr).unwrap(),
    )
}

#[test]
fn a_pipe_that_closes_early_is_no_panic() {
    let text = "resource \"terraform_data\" \"a\" {\n  count = 3000\n}\n";
    let case = Case::hcl(text);
    for command in [
        "plan",
        "plan -json",
        "apply -auto-approve",
        "state list",
        "show",
        "show -json",
    ] {
        let (code, stderr) = shell(&case, &format!("prov {command} | head -1"));
        assert_eq!((code, stderr.as_str()), (0, ""), "{command}");
    }
}

#[test]
fn closed_streams_are_no_panic() {
    let case = Case::hcl(DATA);
    for line in [
        "prov plan >&- 2>&-",
        "prov apply -auto-approve >&- 2>&-",
        "prov plan <&-",
    ] {
        let (code, stderr) = shell(&case, line);
        assert_eq!((code, stderr.as_str()), (0, ""), "{line}");
    }
}
