//! Manifests in one language and in the other.

use proptest::prelude::*;

use super::{To, convert};
use crate::{
    manifest::format,
    model::{Diagnostic, SourceId},
};

fn blocks(kind: &str, _: &str, path: &[&str]) -> bool {
    kind == "resource" && matches!(path, ["disks" | "timeouts"] | ["disks", "parts"])
}

fn attempt(to: To, name: &str, text: &str) -> Result<String, Vec<Diagnostic>> {
    convert(text, SourceId(0), name, to, &blocks)
}

fn to_yaml(hcl: &str) -> String {
    attempt(To::Yaml, "a.tf", hcl).unwrap_or_else(|errors| panic!("{errors:#?}\n{hcl}"))
}

fn to_hcl(yaml: &str) -> String {
    attempt(To::Hcl, "a.prov.yaml", yaml).unwrap_or_else(|errors| panic!("{errors:#?}\n{yaml}"))
}

/// Converts HCL to YAML and back; what comes of it comes of it again.
fn there_and_back(hcl: &str) -> (String, String) {
    let yaml = to_yaml(hcl);
    let back = to_hcl(&yaml);
    assert_eq!(to_yaml(&back), yaml, "from\n{back}");
    assert_eq!(to_hcl(&yaml), back);
    assert_eq!(format::yaml::format(&yaml, SourceId(0)).as_ref(), Ok(&yaml));
    (yaml, back)
}

fn local(value: &str) -> String {
    format!("locals {{\n  x = {value}\n}}\n")
}

#[test]
fn every_construct_goes_there_and_back() {
    let hcl = include_str!("everything.tf");
    let (yaml, back) = there_and_back(hcl);
    let words = |text: &str| {
        let comments = text.lines().filter_map(|line| line.split_once("# "));
        let mut words: Vec<String> = comments
            .map(|(_, comment)| comment.trim().to_owned())
            .collect();
        words.sort();
        words
    };
    let mut expected = words(hcl);
    // Of the comment between /* and */.
    expected.extend(["of many".to_owned(), "lines".to_owned()]);
    expected.sort();
    assert_eq!(words(&yaml), expected);
    assert_eq!(words(&back), expected);
}

#[test]
fn json_becomes_either() {
    let json = "{\n\t\"//\": \"about it\",\n\t\"resource\": {\"a\": {\"b\": [{\"count\": 2, \"disks\": {\"size\": \"${var.x}\"},\n\t\"tags\": {\"//\": \"why\", \"k\": \"$${v}\\n\"}}]}}}\n";
    let yaml = "resource:\n  a:\n    # about it\n    b:\n      count: 2\n      disks:\n        size: ${var.x}\n      tags:\n        # why\n        k: |\n          $${v}\n";
    assert_eq!(attempt(To::Yaml, "a.tf.json", json).as_deref(), Ok(yaml));
    let hcl = "# about it\nresource \"a\" \"b\" {\n  count = 2\n\n  disks {\n    size = var.x\n  }\n\n  tags = {\n    # why\n    k = <<-EOT\n      $${v}\n    EOT\n  }\n}\n";
    assert_eq!(attempt(To::Hcl, "a.tf.json", json).as_deref(), Ok(hcl));
    assert_eq!(to_hcl(yaml), hcl);
}

#[test]
fn values_are_written_as_each_language_does() {
    for (hcl, yaml) in [
        ("1", "1"),
        ("1.50", "1.5"),
        ("-0.5", "-0.5"),
        ("true", "true"),
        ("null", "null"),
        ("\"text\"", "text"),
        ("\"no\"", "\"no\""),
        ("\"1.10\"", "\"1.10\""),
        ("\"22:22\"", "\"22:22\""),
        ("\"10.0.0.0/8\"", "10.0.0.0/8"),
        ("\"a: b\"", "\"a: b\""),
        ("\"a #b\"", "\"a #b\""),
        ("\"it's\"", "it's"),
        ("\"\"", "\"\""),
        ("\"$${a} %%{b}\"", "$${a} %%{b}"),
        ("\"\\\\ \\\"\"", "\\ \""),
        ("\"- \\\"\"", "'- \"'"),
        ("\"\\t\\u0007\"", "\"\\t\\u0007\""),
        ("\"a\\nb\"", "|-\n    a\n    b"),
        ("\" a\\nb\"", "\" a\\nb\""),
        ("var.x", "${var.x}"),
        ("\"${var.x}\"", "${var.x}"),
        ("\"a ${var.x[\"k\"]}\"", "a ${var.x[\"k\"]}"),
        ("var.a ? 1 : 2", "\"${var.a ? 1 : 2}\""),
        ("[]", "[]"),
        ("{}", "{}"),
        ("[1, [2]]", "\n    - 1\n    - - 2"),
        (
            "{ a = 1, \"b c\" = 2, (var.k) = 3, \"${var.k}x\" = 4 }",
            "\n    a: 1\n    b c: 2\n    ${var.k}: 3\n    ${var.k}x: 4",
        ),
        ("[for s in var.l : s]", "\"${[for s in var.l : s]}\""),
        (
            "<<-E\n    a ${b}\n\n      c\n  E",
            "|\n    a ${b}\n\n      c",
        ),
        (
            "[\n    for s in l :\n    s # why\n  ]",
            "|-\n    ${[\n      for s in l :\n      s # why\n    ]}",
        ),
    ] {
        let (written, _) = there_and_back(&local(hcl));
        let expected = format!("locals:\n  x: {yaml}\n").replace(": \n", ":\n");
        assert_eq!(written, expected, "of {hcl}");
    }
}

#[test]
fn what_spans_lines_is_held_together() {
    let yaml = "locals:\n  x: |-\n    ${var.a &&\n    var.b}\n";
    assert_eq!(
        to_hcl(yaml),
        "locals {\n  x = (\n    var.a &&\n    var.b\n  )\n}\n"
    );
}

#[test]
fn blocks_come_from_lists_where_the_type_has_blocks() {
    let yaml = "resource:\n  a:\n    b:\n      disks:\n        # one\n        - size: 1\n          parts:\n            - { p: 1 }\n      tags:\n        - x: 1\n";
    let hcl = "resource \"a\" \"b\" {\n  # one\n  disks {\n    size = 1\n\n    parts {\n      p = 1\n    }\n  }\n\n  tags = [\n    {\n      x = 1\n    },\n  ]\n}\n";
    assert_eq!(to_hcl(yaml), hcl);
}

#[test]
fn aliases_and_merged_keys_are_written_out() {
    let yaml = "locals:\n  a: &a\n    b: 1 # one\n  c: *a\n  d:\n    <<: *a\n    e: 2\n";
    let hcl = "locals {\n  a = {\n    b = 1 # one\n  }\n  c = {\n    b = 1\n  }\n  d = {\n    e = 2\n    b = 1\n  }\n}\n";
    assert_eq!(
        to_hcl(yaml).replace("e = 2\n    b = 1", "b = 1\n    e = 2"),
        hcl.replace("e = 2\n    b = 1", "b = 1\n    e = 2")
    );
}

#[test]
fn static_blocks_and_dynamic_ones_stay_in_their_order() {
    let hcl = "resource \"a\" \"b\" {\n  disks {\n    size = 1\n  }\n  dynamic \"disks\" {\n    for_each = [2]\n    content {\n      size = disks.value\n    }\n  }\n}\n";
    there_and_back(hcl);
    let between = hcl.replace("\n}\n", "\n  disks {\n    size = 3\n  }\n}\n");
    let refused = attempt(To::Yaml, "a.tf", &between).unwrap_err();
    assert!(refused[0].detail.contains("would not say the same"));
}

#[test]
fn what_has_no_words_is_said_with_its_place() {
    for (hcl, marked) in [
        (
            "variable \"a\" {\n  default = \"a${1}b\"\n}\n",
            "\"a${1}b\"",
        ),
        ("variable \"a\" {\n  default = max(1, 2)\n}\n", "max(1, 2)"),
        ("x = 1\n", "x"),
        ("nonsense {}\n", "nonsense"),
        ("resource \"a\" {}\n", "resource \"a\""),
        ("resource \"a\" \"b\" {\n  c \"d\" {}\n}\n", "c \"d\""),
    ] {
        let errors = attempt(To::Yaml, "a.tf", hcl).unwrap_err();
        let span = errors[0].span.unwrap();
        assert_eq!(&hcl[span.start as usize..span.end as usize], marked);
    }
    let errors = attempt(To::Hcl, "a.prov.yaml", "module:\n  a:\n    b c: 1\n").unwrap_err();
    assert!(errors[0].detail.contains("\"b c\""), "{errors:?}");
}

fn text() -> impl Strategy<Value = String> {
    let piece = prop::sample::select(vec![
        "a", "no", "1", ".", ":", ": ", " #", "-", "- ", "'", "\"", "\\", "\n", "\n\n", " ", "\t",
        "$${", "%%{", "$", "%", "{", "}", "[", "é", "漢", "\u{7}", "\u{2028}", "\r\n", "~", "&",
        "*", "!", "|", ">", "@", "`", ",", "?", "<<", "EOT", "yes", "null", "0x1f", "1e3",
    ]);
    prop::collection::vec(piece, 0..8).prop_map(|pieces| pieces.concat())
}

fn quoted(text: &str) -> String {
    let mut quoted = String::from("\"");
    for c in text.chars() {
        match c {
            '"' | '\\' => quoted.extend(['\\', c]),
            c if c.is_control() => quoted += &format!("\\u{:04x}", u32::from(c)),
            c => quoted.push(c),
        }
    }
    quoted + "\""
}

fn value() -> impl Strategy<Value = String> {
    let leaf = prop_oneof![
            text().prop_map(|text| quoted(&text)),
            text().prop_map(
                |text| quoted(&format!("{text}${{var.x}}")).replace("$${var.x}", " ${var.x}")
            ),
            prop::sample::select(vec![
                "1",
                "-2.5",
                "true",
                "null",
                "var.x",
                "a[0].b",
                "[for s in xs : s]",
                "f(1, \"a: b\")",
                "!x",
                "(1 + 2) * 3",
                "<<E\n  keep $${x}\nE\n",
                "<<-E\n    a\n      ${var.x}\n  E\n",
                "\"%{if a~} yes  %{else}no%{endif}\"",
            ])
            .prop_map(str::to_owned),
        ];
    leaf.prop_recursive(3, 24, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4)
                .prop_map(|items| format!("[\n# i\n{}\n]", items.join("\n,"))),
            prop::collection::vec((text(), inner), 0..4).prop_map(|entries| {
                let entry = |(at, (key, value)): (usize, (String, String))| {
                    format!("{} = {value}\n", quoted(&format!("{key}{at}")))
                };
                let entries: String = entries.into_iter().enumerate().map(entry).collect();
                format!("{{\n# e\n{entries}}}")
            }),
        ]
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(192))]

    #[test]
    fn whatever_a_value_is_it_stays_what_it_is(values in prop::collection::vec((value(), text()), 1..5)) {
        let mut hcl = String::from("# head\n\nlocals {\n");
        for (at, (value, note)) in values.iter().enumerate() {
            let note = note.replace(|c: char| c.is_control() || c == '\u{2028}', " ");
            hcl += &format!("  # c{at} {note}\n  x{at} = {value}\n\n");
        }
        hcl += "  # end\n}\n";
        // A key may hold half a template by chance.
        prop_assume!(crate::manifest::hcl::body(&hcl, SourceId(0)).is_ok());
        let (yaml, back) = there_and_back(&hcl);
        for text in [&yaml, &back] {
            for at in 0..values.len() {
                prop_assert_eq!(text.matches(&format!("# c{at}")).count(), 1);
            }
            let count = |mark: &str| hcl.lines().filter(|line| line.trim() == mark).count();
            for mark in ["# i", "# e", "# end", "# head"] {
                prop_assert_eq!(text.lines().filter(|line| line.trim() == mark).count(), count(mark), "{} in\n{}", mark, text);
            }
        }
    }
}
