//! Input that is too deep, too long or too much.

use super::Case;

const DEEP: usize = 100_000;

fn output(value: &str) -> Case {
    Case::hcl(format!("output \"a\" {{\n  value = {value}\n}}\n"))
}

/// `open` 100,000 times, something, and `close` as often.
fn nested(open: &str, close: &str) -> String {
    format!("{}1{}", open.repeat(DEEP), close.repeat(DEEP))
}

#[test]
fn parentheses() {
    output(&nested("(", ")")).refused_once("deep_parentheses");
}

#[test]
fn operators() {
    output(&nested("1 + ", "")).refused_once("deep_operators");
}

#[test]
fn other_forms() {
    let forms = [
        nested("[", "]"),
        nested("!", ""),
        nested("true ? 1 : ", ""),
        nested("\"${", "}\""),
        nested("abs(", ")"),
        format!("local.a{}", ".b".repeat(DEEP)),
        format!("local.a{}", "[0]".repeat(DEEP)),
    ];
    for form in forms {
        let ran = output(&form).run();
        assert_eq!(ran.code, 1);
        assert!(ran.stderr.contains("too deep"), "{}", ran.stderr);
        assert!(ran.stderr.len() < 2_000, "{}", ran.stderr.len());
    }
}

#[test]
fn blocks() {
    let text = format!(
        "resource \"terraform_data\" \"a\" {{\n{}{}}}\n",
        "a {\n".repeat(DEEP),
        "}\n".repeat(DEEP)
    );
    Case::hcl(text).refused_once("deep_blocks");
}

#[test]
fn lists_in_yaml() {
    Case::yaml(format!("output:\n  a:\n    value: {}\n", nested("[", "]")))
        .refused_once("deep_yaml");
}

#[test]
fn lists_in_json() {
    let text = format!(
        "{{\"output\": {{\"a\": {{\"value\": {}}}}}}}\n",
        nested("[", "]")
    );
    Case::json(text).refused_once("deep_json");
}

#[test]
fn an_alias_bomb() {
    let mut text = "locals:\n  a0: &a0 [x, x, x, x, x, x, x, x, x]\n".to_owned();
    for n in 1..10 {
        let nine = vec![format!("*a{}", n - 1); 9].join(", ");
        text.push_str(&format!("  a{n}: &a{n} [{nine}]\n"));
    }
    Case::yaml(text).refused_once("alias_bomb");
}

#[test]
fn an_alias_bomb_of_merge_keys() {
    let mut text = "locals:\n  a0: &a0 {b: 1}\n".to_owned();
    for n in 1..40 {
        let nine = vec![format!("*a{}", n - 1); 9].join(", ");
        text.push_str(&format!(
            "  a{n}: &a{n} {{<<: [{nine}], k{n}: *a{}}}\n",
            n - 1
        ));
    }
    Case::yaml(text).refused_once("alias_bomb_merge");
}

#[test]
fn lists_that_hold_each_other_ten_times() {
    let mut text = "locals {\n  a0 = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]\n".to_owned();
    for n in 1..12 {
        let ten = vec![format!("local.a{}", n - 1); 10].join(", ");
        text.push_str(&format!("  a{n} = [{ten}]\n"));
    }
    text.push_str("}\n\noutput \"a\" {\n  value = local.a11\n}\n");
    Case::hcl(text).refused_once("value_too_large");
}

#[test]
fn a_manifest_of_50_mb() {
    let comment = "# a line of a comment that goes on for a while, and for a while longer\n";
    let text = comment.repeat(50 * 1024 * 1024 / comment.len());
    Case::hcl(text + "resource \"terraform_data\" \"a\" {\n  inputt = 1\n}\n")
        .refused_once("manifest_50_mb");
}

#[test]
fn a_manifest_of_50_mb_in_yaml() {
    let comment = "# a line of a comment that goes on for a while, and for a while longer\n";
    let text = comment.repeat(50 * 1024 * 1024 / comment.len());
    Case::yaml(text + "resource: [\n").refused_once("manifest_50_mb_yaml");
}

#[test]
fn a_line_of_10_mb() {
    let text = format!(
        "locals {{\n  a = \"{}\" + nope(1)\n}}\n",
        "x".repeat(10_000_000)
    );
    let ran = Case::hcl(text).run();
    assert_eq!(ran.code, 1);
    assert!(ran.stderr.len() < 2_000, "{}", ran.stderr.len());
    assert!(ran.stderr.contains("nope"), "{}", ran.stderr);
}
