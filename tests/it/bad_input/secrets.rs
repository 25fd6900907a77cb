//! What is wrong with a secret is told without telling the secret.

use super::Case;

const SECRET: &str = "hunter2";

fn refused(case: Case, name: &str) {
    let ran = case.refused_once(name);
    assert!(!ran.stderr.contains(SECRET), "{}", ran.stderr);
    assert!(!ran.stdout.contains(SECRET), "{}", ran.stdout);
}

fn variable(ty: &str, rest: &str) -> Case {
    Case::hcl(format!(
        "variable \"secret\" {{\n  type      = {ty}\n  sensitive = true\n}}\n\n{rest}\n"
    ))
}

#[test]
fn in_a_range() {
    let rest = "resource \"alicloud_vpc\" \"main\" {\n  cidr_block = var.secret\n}";
    refused(
        variable("string", rest).with("TF_VAR_secret", SECRET),
        "secret_range",
    );
}

#[test]
fn in_a_function() {
    let rest = "output \"a\" {\n  sensitive = true\n  value     = tonumber(var.secret)\n}";
    let case = variable("string", rest).with("TF_VAR_secret", SECRET);
    let ran = case.refused("secret_function");
    assert!(!ran.stderr.contains(SECRET), "{}", ran.stderr);
}

#[test]
fn that_cannot_be_read() {
    let case = variable("list(string)", "").with("TF_VAR_secret", "[hunter2");
    refused(case, "secret_syntax");
}

#[test]
fn that_names_nothing() {
    let case = variable("list(string)", "").with("TF_VAR_secret", "hunter2");
    refused(case, "secret_reference");
}

#[test]
fn of_the_wrong_type_in_a_file() {
    let case = variable("number", "").file("terraform.tfvars", "secret = \"hunter2\"\n");
    refused(case, "secret_type_in_file");
}

#[test]
fn in_the_message_of_a_validation() {
    let case = Case::hcl(
        "variable \"secret\" {\n  default   = \"hunter2\"\n  sensitive = true\n\n  validation {\n    condition     = length(var.secret) > 10\n    error_message = \"Too short: ${var.secret}.\"\n  }\n}\n",
    );
    let ran = case.refused_once("secret_validation");
    assert!(!ran.stderr.contains("short: hunter2"), "{}", ran.stderr);
}
