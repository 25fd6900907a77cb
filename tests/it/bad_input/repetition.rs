//! `count` and `for_each` that cannot be.

use super::Case;

fn count(value: &str) -> Case {
    Case::hcl(format!(
        "resource \"terraform_data\" \"a\" {{\n  input = [1]\n}}\n\nresource \"terraform_data\" \"b\" {{\n  count = {value}\n}}\n"
    ))
}

fn for_each(value: &str) -> Case {
    Case::hcl(format!(
        "variable \"secret\" {{\n  default   = [\"a\"]\n  sensitive = true\n}}\n\nresource \"terraform_data\" \"a\" {{}}\n\nresource \"terraform_data\" \"b\" {{\n  for_each = {value}\n}}\n"
    ))
}

#[test]
fn a_negative_count() {
    count("-1").refused_once("count_negative");
}

#[test]
fn a_count_of_a_thousand_million() {
    count("1000000000").refused_once("count_huge");
}

#[test]
fn a_count_that_is_no_number() {
    count("\"many\"").refused_once("count_text");
}

#[test]
fn a_count_with_a_fraction() {
    count("1.5").refused_once("count_fraction");
}

#[test]
fn a_count_that_is_not_known() {
    count("length(terraform_data.a.output)").refused_once("count_unknown");
}

#[test]
fn a_for_each_that_is_not_known() {
    for_each("toset([terraform_data.a.id])").refused_once("for_each_unknown");
}

#[test]
fn a_for_each_over_secrets() {
    for_each("toset(var.secret)").refused_once("for_each_secret");
}

#[test]
fn a_for_each_over_a_list() {
    for_each("[\"a\"]").refused_once("for_each_list");
}

#[test]
fn a_for_each_over_null() {
    for_each("null").refused_once("for_each_null");
}

#[test]
fn both() {
    count("1\n  for_each = {}").refused_once("count_and_for_each");
}
