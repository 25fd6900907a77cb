//! Variables and outputs.

use super::Case;

const DATA: &str = "resource \"terraform_data\" \"a\" {}\n";

fn variable(body: &str) -> Case {
    Case::hcl(format!("variable \"size\" {{\n{body}}}\n\n{DATA}"))
}

#[test]
fn a_required_variable_without_a_value() {
    let ran = variable("  type = number\n").refused_once("variable_missing");
    for way in ["-var", "TF_VAR_size", "tfvars"] {
        assert!(
            ran.stderr.contains(way),
            "{way} is not named: {}",
            ran.stderr
        );
    }
}

#[test]
fn a_value_for_a_variable_that_is_not_declared() {
    variable("  default = 1\n")
        .runs("plan -var siz=2")
        .refused_once("variable_undeclared");
}

#[test]
fn a_value_in_a_file_for_a_variable_that_is_not_declared_is_a_warning() {
    variable("  default = 1\n")
        .file("terraform.tfvars", "siz = 2\n")
        .runs("plan")
        .done("variable_undeclared_in_file");
}

#[test]
fn a_value_of_the_wrong_type() {
    variable("  type = number\n")
        .runs("plan -var size=large")
        .refused_once("variable_type");
}

#[test]
fn a_value_of_the_wrong_type_in_a_file() {
    variable("  type = number\n")
        .file("terraform.tfvars", "size = \"large\"\n")
        .refused_once("variable_type_in_file");
}

#[test]
fn a_value_that_cannot_be_read() {
    variable("  type = list(number)\n")
        .runs("plan -var size=[1,")
        .refused_once("variable_syntax");
}

#[test]
fn a_value_without_a_name() {
    variable("  default = 1\n")
        .runs("plan -var size")
        .refused_once("variable_form");
}

#[test]
fn a_file_of_values_that_does_not_exist() {
    variable("  default = 1\n")
        .runs("plan -var-file nope.tfvars")
        .refused_once("variable_file");
}

#[test]
fn a_default_of_the_wrong_type() {
    variable("  type    = number\n  default = \"large\"\n").refused_once("variable_default");
}

#[test]
fn a_type_that_does_not_exist() {
    variable("  type = strin\n").refused("variable_type_unknown");
}

#[test]
fn a_validation_that_does_not_hold() {
    variable("  default = 5\n  validation {\n    condition     = var.size > 10\n    error_message = \"The size must be above 10.\"\n  }\n")
        .refused_once("variable_validation");
}

#[test]
fn an_output_of_a_secret_that_does_not_say_so() {
    Case::hcl("variable \"secret\" {\n  default   = \"hunter22\"\n  sensitive = true\n}\n\noutput \"secret\" {\n  value = var.secret\n}\n")
        .refused_once("output_secret");
}
