//! What is said, and about which part of the text.

use super::{World, parse};
use crate::eval::evaluate;

#[track_caller]
fn fails(text: &str, summary: &str, detail: &str, at: &str) {
    let error = evaluate(&parse::expression(text), &World).expect_err(text);
    assert_eq!(error.summary, summary, "{text}: {}", error.detail);
    assert!(error.detail.contains(detail), "{text}: {}", error.detail);
    let span = error.span.expect("a span");
    assert_eq!(&text[span.start as usize..span.end as usize], at, "{text}");
}

#[test]
fn operators() {
    fails(
        r#""a" + 1"#,
        "Invalid operand",
        "left operand: a number is required.",
        r#""a""#,
    );
    fails("true + 1", "Invalid operand", "number required", "true");
    fails("1 + null", "Operation failed", "must not be null", "null");
    fails("1 / 0", "Division by zero", "division by zero", "0");
    fails(
        "!5",
        "Invalid operand",
        "unary operand: bool required.",
        "5",
    );
    fails("null ? 1 : 2", "Null condition", "is null", "null");
    fails("\"x\" ? 1 : 2", "Incorrect condition type", "bool", "\"x\"");
    fails(
        "true ? 1 : true",
        "Inconsistent conditional result types",
        "'true' value is number, but the 'false' value is bool",
        "true ? 1 : true",
    );
    fails(
        "true || \"x\"",
        "Invalid operand",
        "a bool is required",
        "\"x\"",
    );
}

#[test]
fn indices_and_attributes() {
    fails(
        "[1, 2][5]",
        "Invalid index",
        "the index 5 is out of range, as the collection has 2 elements",
        "5",
    );
    fails("[][0]", "Invalid index", "no elements", "0");
    fails("[1][-1]", "Invalid index", "negative", "-1");
    fails("[1][1.5]", "Invalid index", "fractional", "1.5");
    fails(
        "[1][\"a\"]",
        "Invalid index",
        "a number is required",
        "\"a\"",
    );
    fails(
        "{abc=1}.abd",
        "Unsupported attribute",
        "named \"abd\". Did you mean \"abc\"?",
        "abd",
    );
    fails(
        "tomap({abc=1}).abd",
        "Missing map element",
        "Did you mean \"abc\"?",
        "abd",
    );
    fails(
        "{abc=1}[\"abd\"]",
        "Invalid index",
        "no element \"abd\". Did you mean \"abc\"",
        "\"abd\"",
    );
    fails(
        "null.a",
        "Attempt to get attribute from null value",
        "null",
        "a",
    );
    fails("null[0]", "Attempt to index null value", "null", "null[0]");
    fails(
        "\"abc\".x",
        "Unsupported attribute",
        "primitive-typed value (string)",
        "x",
    );
    fails(
        "\"abc\"[0]",
        "Invalid index",
        "does not have any indices",
        "0",
    );
    fails("toset([1])[0]", "Invalid index", "Elements of a set", "0");
    fails(
        "[1].a",
        "Unsupported attribute",
        "does not have any attributes",
        "a",
    );
    fails(
        "vpc.many.id",
        "Missing resource instance key",
        "has \"count\" set",
        "id",
    );
    fails(
        "vpc.main[0]",
        "Unexpected resource instance key",
        "does not have \"count\" set",
        "0",
    );
}

#[test]
fn names() {
    fails(
        "vpc.nope.id",
        "Reference to undeclared resource",
        "has not been declared",
        "vpc.nope",
    );
    fails(
        "var.nope",
        "Reference to undeclared input variable",
        "\"nope\"",
        "var.nope",
    );
    fails(
        "local.nope",
        "Reference to undeclared local value",
        "\"nope\"",
        "local.nope",
    );
    fails("foo", "Invalid reference", "at least one attribute", "foo");
    fails(
        "self.id",
        "Invalid \"self\" reference",
        "not available",
        "self.id",
    );
    fails(
        "each.value",
        "each.value cannot be used in this context",
        "for_each",
        "each.value",
    );
    fails(
        "path.modul",
        "Invalid \"path\" attribute",
        "Did you mean \"module\"?",
        "path.modul",
    );
    fails(
        "try(var.nope, 1)",
        "Reference to undeclared input variable",
        "nope",
        "var.nope",
    );
}

#[test]
fn collections_and_templates() {
    fails(
        "{for x in [\"a\", \"a\"] : x => 1}",
        "Duplicate object key",
        "the key \"a\"",
        "x",
    );
    fails(
        "[for x in 5 : x]",
        "Iteration over non-iterable value",
        "number",
        "5",
    );
    fails(
        "[for x in null : x]",
        "Iteration over null value",
        "null",
        "null",
    );
    fails(
        "[for x in [1] : x if null]",
        "Condition is null",
        "null",
        "null",
    );
    fails(
        "{for x in [1] : null => x}",
        "Invalid object key",
        "null",
        "null",
    );
    fails("{(null)=1}", "Null value as key", "null", "(null)");
    fails(
        "{([1])=1}",
        "Incorrect key type",
        "string required",
        "([1])",
    );
    fails(
        "\"a${null}b\"",
        "Invalid template interpolation value",
        "null",
        "null",
    );
    fails(
        "\"a${[1]}b\"",
        "Invalid template interpolation value",
        "string required",
        "[1]",
    );
}

#[test]
fn calls() {
    fails(
        "uper(\"a\")",
        "Call to unknown function",
        "Did you mean \"upper\"?",
        "uper",
    );
    fails(
        "upper()",
        "Not enough function arguments",
        "Missing value for \"str\"",
        "upper()",
    );
    fails(
        "upper(1, 2)",
        "Too many function arguments",
        "only 1",
        "upper(1, 2)",
    );
    fails(
        "upper(null)",
        "Invalid function argument",
        "must not be null",
        "null",
    );
    fails(
        "upper([1])",
        "Invalid function argument",
        "\"str\" parameter: string required",
        "[1]",
    );
    fails(
        "max(null...)",
        "Invalid expanding argument value",
        "null",
        "null",
    );
    fails(
        "tonumber(\"a\")",
        "Invalid function argument",
        "cannot convert \"a\" to number",
        "\"a\"",
    );
    fails(
        "range(2000)",
        "Error in function call",
        "more than 1024",
        "range",
    );
    fails(
        "one([1, 2])",
        "Invalid function argument",
        "zero or one",
        "[1, 2]",
    );
}

#[test]
fn results_that_calls_do_not_have() {
    fails(
        "slice([1, 2, 3], 1, 5)",
        "Invalid function argument",
        "end_index",
        "5",
    );
    fails(
        "try([][0], {}.a)",
        "Error in function call",
        "no expression succeeded",
        "try([][0], {}.a)",
    );
    fails(
        "cidrsubnet(\"10.0.0.0/30\", 8, 1)",
        "Error in function call",
        "insufficient address space",
        "cidrsubnet",
    );
    fails(
        "cidrsubnets(\"10.1.0.0/16\", 1, 1, 1)",
        "Invalid function argument",
        "after 10.1.128.0/17",
        "1",
    );
    fails(
        "regex(\"x\", \"abc\")",
        "Error in function call",
        "did not match",
        "regex",
    );
    fails(
        "format(\"a\", \"b\")",
        "Invalid function argument",
        "too many arguments; no verbs",
        "\"b\"",
    );
    fails(
        "format(\"%d\")",
        "Error in function call",
        "need index 1 but have 0",
        "format",
    );
    fails(
        "format(\"%z\", 1)",
        "Error in function call",
        "unsupported format verb 'z'",
        "format",
    );
    fails(
        "file(\"/nope\")",
        "Invalid function argument",
        "no file exists",
        "\"/nope\"",
    );
    fails(
        "rsadecrypt(\"x\", \"y\")",
        "Call to unknown function",
        "not supported",
        "rsadecrypt",
    );
}

#[test]
fn secrets_are_not_shown() {
    for text in [
        "parseint(var.s, 10)",
        "[1, 2][var.sn + 7]",
        "{a=1}[var.s]",
        "lookup({a=1}, var.s)",
        "jsondecode(var.s)",
        "tonumber(var.s)",
        "var.s + 1",
        "{for x in [1, 2] : var.s => x}",
        "regex(var.s, \"a\")",
        "cidrhost(var.s, 1)",
        "{x = sensitive({hidden_9 = 1})}.x.hidden_8",
        "sensitive({hidden_9 = 1})[\"hidden_8\"]",
    ] {
        let error = evaluate(&parse::expression(text), &World).expect_err(text);
        let shown = format!("{error:?}");
        assert!(
            !shown.contains("sec\"") && !shown.contains("\\\"sec"),
            "{text}: {shown}"
        );
        assert!(!error.detail.contains('9'), "{text}: {shown}");
    }
}

#[test]
fn growth_is_bounded() {
    for text in [
        "pow(10, 1000000)",
        "tonumber(\"1e4000\") * tonumber(\"1e4000\")",
        "format(\"%10000000d\", 1)",
        "indent(100000000, \"a\\nb\")",
        "setproduct(var.big, var.big, var.big, var.big, var.big)",
        "parseint(join(\"\", [for x in var.big : \"11111111111\"]), 10)",
        "range(0, 1, 0.000001)",
        "range(1, 2, 0)",
        "tonumber(\"1e99999\")",
    ] {
        let error = evaluate(&parse::expression(text), &World).expect_err(text);
        assert!(error.detail.len() < 400, "{text}: {}", error.detail);
    }
}
