//! Bodies: blocks, `dynamic`, places.

use super::{World, parse, show};
use crate::{
    eval::{body_references, evaluate_body, name_span, span_of},
    model::{Diagnostics, Value},
};

const BODY: &str = r#"
name = "a"
tags = { a = 1, b = "x" }
disk {
  size = 1
}
disk {
  size = 1 + 1
}
dynamic "disk" {
  for_each = [7]
  iterator = it
  content {
    size = it.value
    inner {
      name = it.key
    }
  }
}
dynamic "rule" {
  for_each = { a = vpc.main.id }
  content {
    name = "${rule.key}-${rule.value}"
  }
}
"#;

#[track_caller]
fn evaluated(text: &str) -> (String, Vec<String>) {
    let mut diags = Diagnostics::default();
    let object = evaluate_body(&parse::body(text), &World, &mut diags);
    let problems = diags
        .iter()
        .map(|problem| problem.summary.clone())
        .collect();
    (show(&Value::object(object)), problems)
}

#[test]
fn blocks_become_tuples() {
    let (value, problems) = evaluated(BODY);
    assert_eq!(problems, Vec::<String>::new());
    assert_eq!(
        value,
        r#"{disk = [{size = 1}, {size = 2}, {inner = [{name = 0}], size = 7}], name = "a", rule = [{name = "a-v"}], tags = {a = 1, b = "x"}}"#
    );
}

#[test]
fn unknown_for_each_makes_the_blocks_unknown() {
    let (value, _) =
        evaluated("disk {}\ndynamic \"disk\" {\n  for_each = vpc.new.any\n  content {}\n}\n");
    assert_eq!(value, "{disk = unknown any}");
}

#[test]
fn sensitive_for_each_marks_what_comes_of_it() {
    let (value, _) = evaluated(
        "dynamic \"disk\" {\n  for_each = var.sl\n  content {\n    name = disk.value\n    size = 1\n  }\n}\n",
    );
    assert_eq!(
        value,
        r#"{disk = [{name = sensitive "a", size = 1}, {name = sensitive "b", size = 1}]}"#
    );
}

#[test]
fn errors_are_collected() {
    let (value, problems) = evaluated("a = 1/0\nb = {}.x\nc = 1\n");
    assert_eq!(value, "{a = unknown any, b = unknown any, c = 1}");
    assert_eq!(problems, ["Division by zero", "Unsupported attribute"]);
    let (_, problems) = evaluated("dynamic \"x\" {\n  for_each = null\n  content {}\n}\n");
    assert_eq!(problems, ["Invalid dynamic for_each value"]);
}

#[test]
fn places_are_found() {
    let body = parse::body(BODY);
    let text =
        |path: &str| span_of(&body, path).map(|at| &BODY[at.start as usize..at.end as usize]);
    assert_eq!(text("name"), Some("\"a\""));
    assert_eq!(text("tags[\"b\"]"), Some("\"x\""));
    assert_eq!(text("tags.b"), Some("\"x\""));
    assert_eq!(text("tags[\"zz\"]"), Some("{ a = 1, b = \"x\" }"));
    assert_eq!(text("disk[1].size"), Some("1 + 1"));
    assert_eq!(text("disk[0].nope"), Some("disk"));
    assert_eq!(text("disk[2].inner[0].name"), Some("it.key"));
    assert_eq!(text("nope"), None);
    let name =
        |name: &str| name_span(&body, name).map(|at| &BODY[at.start as usize..at.end as usize]);
    assert_eq!(name("tags"), Some("tags"));
    assert_eq!(name("disk"), Some("disk"));
    assert_eq!(name("rule"), Some("\"rule\""));
    assert_eq!(name("nope"), None);
}

#[test]
fn references_of_a_body_leave_iterators_out() {
    let mut found = Vec::new();
    body_references(&parse::body(BODY), &mut found);
    assert_eq!(found.len(), 1, "{found:?}");
}
