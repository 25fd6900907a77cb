//! Manifests as text in, modules and diagnostics out.

use std::io::Write as _;

use proptest::prelude::*;

use super::{
    ast::{Expr, ExprKind, IgnoreChanges, Module, Part, PathStep, Target},
    files::{self, Language},
    hcl, load, load_values, parse_all, parse_expression, value_files,
};
use crate::model::{
    Diagnostic, Diagnostics, Mode, ResourceAddress, SourceId, Sources, Type, Value,
};

/// What came of some texts.
struct Loaded {
    module: Module,
    errors: Vec<Diagnostic>,
    sources: Sources,
}

fn texts(files: &[(&str, Language)]) -> Loaded {
    let mut sources = Sources::default();
    let ids: Vec<_> = files
        .iter()
        .enumerate()
        .map(|(at, (text, language))| (*language, sources.add(format!("{at}.tf"), *text), false))
        .collect();
    let mut diags = Diagnostics::default();
    let module = parse_all(&ids, &sources, &mut diags);
    Loaded {
        module,
        errors: diags.take(),
        sources,
    }
}

fn good(text: &str, language: Language) -> Loaded {
    let loaded = texts(&[(text, language)]);
    assert!(loaded.errors.is_empty(), "{:#?}", loaded.errors);
    loaded
}

/// Returns the first error as `line:column text summary. detail hint`.
fn error(text: &str, language: Language) -> String {
    let loaded = texts(&[(text, language)]);
    let Some(error) = loaded.errors.first() else {
        panic!("no error in {text}");
    };
    let span = error.span.expect("every error has a position");
    let (line, column) = loaded.sources.position(span);
    let marked = loaded.sources.text(span);
    let hint = error.hint.as_deref().unwrap_or("-");
    format!(
        "{line}:{column} {marked:?} {}: {} [{hint}]",
        error.summary, error.detail
    )
}

fn hcl_error(text: &str) -> String {
    error(text, Language::Hcl)
}

fn yaml_error(text: &str) -> String {
    error(text, Language::Yaml)
}

/// Returns the local `x` of a manifest.
fn local(text: &str, language: Language) -> Expr {
    good(text, language).module.locals["x"].value.clone()
}

fn expr(text: &str) -> Expr {
    let mut sources = Sources::default();
    parse_expression(text, "<test>", &mut sources).unwrap_or_else(|error| panic!("{error:?}"))
}

/// Returns an expression with every structure visible.
fn tree(expr: &Expr) -> String {
    use ExprKind as K;
    let all = |items: &[Expr]| items.iter().map(tree).collect::<Vec<_>>().join(", ");
    match &expr.kind {
        K::Literal(Value::String(text)) => format!("{text:?}"),
        K::Literal(Value::Number(number)) => number.to_string(),
        K::Literal(value) => value.to_json().to_string(),
        K::Template(list) => format!("`{}`", parts(list)),
        K::Variable(name) => name.to_string(),
        K::GetAttr(object, name) => format!("{}.{}", tree(object), name.text),
        K::Index(object, key) => format!("{}[{}]", tree(object), tree(key)),
        K::Splat { source, each } => format!("{}[* {}]", tree(source), tree(each)),
        K::SplatItem => "@".to_owned(),
        K::Call {
            name,
            args,
            expand_last,
        } => {
            let dots = if *expand_last { "..." } else { "" };
            format!("{}({}{dots})", name.text, all(args))
        }
        K::Unary(operator, inner) => format!("({operator:?} {})", tree(inner)),
        K::Binary(operator, a, b) => format!("({} {operator:?} {})", tree(a), tree(b)),
        K::Conditional(a, b, c) => format!("({} ? {} : {})", tree(a), tree(b), tree(c)),
        K::Tuple(items) => format!("[{}]", all(items)),
        K::Object(entries) => {
            let entries: Vec<String> = entries
                .iter()
                .map(|(key, value)| format!("{}: {}", tree(key), tree(value)))
                .collect();
            format!("{{{}}}", entries.join(", "))
        }
        K::For(parts) => format!(
            "for({:?}, {}, {}, {:?}, {}, {}, {:?})",
            parts.key_name.as_ref().map(|name| &*name.text),
            parts.value_name.text,
            tree(&parts.collection),
            parts.key.as_ref().map(tree),
            tree(&parts.value),
            parts.group,
            parts.condition.as_ref().map(tree),
        ),
        K::Parens(inner) => format!("({})", tree(inner)),
    }
}

fn parts(list: &[Part]) -> String {
    list.iter()
        .map(|part| match part {
            Part::Literal(text) => format!("{text:?}"),
            Part::Interpolation(expr) => format!("${{{}}}", tree(expr)),
            Part::If { condition, yes, no } => {
                format!("if({}){}else{}end", tree(condition), parts(yes), parts(no))
            }
            Part::For {
                key_name,
                value_name,
                collection,
                body,
            } => format!(
                "for({:?}, {}, {}){}end",
                key_name.as_ref().map(|name| &*name.text),
                value_name.text,
                tree(collection),
                parts(body)
            ),
        })
        .collect()
}

#[test]
fn expressions_become_trees() {
    let cases = [
        ("1 + 2 * 3 - 4", "((1 Add (2 Multiply 3)) Subtract 4)"),
        ("a || b && !c", "(a Or (b And (Not c)))"),
        ("a == b ? 1 : 2", "((a Equal b) ? 1 : 2)"),
        ("a ? b : c ? d : e", "(a ? b : (c ? d : e))"),
        ("1 < 2 == true", "((1 Less 2) Equal true)"),
        ("-a.b[0]", "(Negate a.b[0])"),
        ("-5", "-5"),
        ("- 5", "-5"),
        ("(1 + 2) * 3", "(((1 Add 2)) Multiply 3)"),
        ("18446744073709551616", "18446744073709551616"),
        ("a.0.b", "a[0].b"),
        ("a[\"k\"].b", "a[\"k\"].b"),
        ("a.*.b.c[0]", "a[* @.b.c][0]"),
        ("a[*].b.c[0]", "a[* @.b.c[0]]"),
        ("a[*].b[*].c", "a[* @.b[* @.c]]"),
        ("f(a, b...)", "f(a, b...)"),
        ("provider::x::f()", "provider::x::f()"),
        (
            "[for v in l : v if v > 1]",
            "for(None, v, l, None, v, false, Some(\"(v Greater 1)\"))",
        ),
        (
            "{for k, v in m : k => v...}",
            "for(Some(\"k\"), v, m, Some(\"k\"), v, true, None)",
        ),
        (
            "{a = 1, \"b\" : 2, (c) = 3}",
            "{\"a\": 1, \"b\": 2, (c): 3}",
        ),
        ("\"${a}\"", "`${a}`"),
        ("\" ${~ a ~} \"", "`${a}\"\"`"),
        ("\"a${b}c\"", "`\"a\"${b}\"c\"`"),
        ("\"$${a} %%{b} \\u00e9 \\\"\"", "\"${a} %{b} é \\\"\""),
        (
            "\"%{ if a }q\\\"\\n${1}%{ endif }\"",
            "`if(a)\"q\\\"\\n\"${1}elseend`",
        ),
    ];
    for (text, expected) in cases {
        assert_eq!(tree(&expr(text)), expected, "{text}");
    }
}

/// What `terraform console` prints for the same heredocs.
#[test]
fn heredocs_are_stripped_and_unindented_as_terraform_does() {
    let cases = [
        (
            "x = <<-EOT\n    x\n    %{ for v in l ~}\n      item ${v}\n    %{ endfor ~}\n    end\n  EOT\n",
            "`\"x\\n\"for(None, v, l)\"      item \"${v}\"\\n\"end\"    end\\n\"`",
        ),
        (
            "x = <<EOT\n  %{ if true ~}\n\n     yes\n  %{~ else ~}\n   no\n  %{ endif ~}\n  tail\nEOT\n",
            "`\"  \"if(true)\"\\n     yes\\n\"else\"   no\\n  \"end\"  tail\\n\"`",
        ),
        (
            "x = <<-EOT\n      a\n    \n   \tb\n    ${1}\n\t c\n  EOT\n",
            "`\"    a\\n    \\n \\tb\\n  \"${1}\"\\nc\\n\"`",
        ),
        ("x = <<-EOT\n  ${1}\n    b\n  EOT\n", "`${1}\"\\n  b\\n\"`"),
        (
            "x = <<EOT\na\\n\"b\" $${x}\nEOT\n",
            "\"a\\\\n\\\"b\\\" ${x}\\n\"",
        ),
        ("x = <<EOT\nEOT\n", "\"\""),
    ];
    for (text, expected) in cases {
        let text = format!("locals {{\n{text}}}\n");
        assert_eq!(tree(&local(&text, Language::Hcl)), expected, "{text}");
    }
}

#[test]
fn spans_point_into_the_text() {
    let text = "resource \"a\" \"b\" {\n  x = [for v in aé.b[0][*].c : \"p${v.q + f::g(1)}\"]\n}\n";
    let loaded = good(text, Language::Hcl);
    let resource = loaded.module.resources.values().next().unwrap();
    assert_eq!(loaded.sources.text(resource.span), "resource \"a\" \"b\"");
    let attribute = &resource.body.attributes[0];
    assert_eq!(loaded.sources.text(attribute.name.span), "x");
    let ExprKind::For(parts) = &attribute.value.kind else {
        panic!("not a comprehension");
    };
    assert_eq!(loaded.sources.text(parts.value_name.span), "v");
    assert_eq!(loaded.sources.text(parts.collection.span), "aé.b[0][*].c");
    let ExprKind::Splat { source, each } = &parts.collection.kind else {
        panic!("not a splat");
    };
    assert_eq!(loaded.sources.text(source.span), "aé.b[0]");
    assert_eq!(loaded.sources.text(each.span), "[*].c");
    let ExprKind::Template(list) = &parts.value.kind else {
        panic!("not a template");
    };
    let Part::Interpolation(sum) = &list[1] else {
        panic!("not an interpolation");
    };
    assert_eq!(loaded.sources.text(sum.span), "v.q + f::g(1)");
    let ExprKind::Binary(_, _, call) = &sum.kind else {
        panic!("not a sum");
    };
    let ExprKind::Call { name, .. } = &call.kind else {
        panic!("not a call");
    };
    assert_eq!(loaded.sources.text(name.span), "f::g");
}

const HCL: &str = r#"
terraform {
  required_version = ">= 1.5"
  required_providers {
    alicloud = { source = "aliyun/alicloud", version = "~> 1.2" }
  }
  backend "http" {
    address = "http://localhost/state"
  }
}

provider "alicloud" {
  region = "cn-hangzhou"
}

provider "alicloud" {
  alias  = "east"
  region = var.region
}

variable "region" {
  type        = string
  default     = "cn-${"$"}{x}"
  description = "Where"
  nullable    = false
  validation {
    condition     = length(var.region) > 2
    error_message = "Too short: ${var.region}."
  }
}

variable "servers" {
  type = map(object({ cpu = optional(number, 2), tags = optional(list(string)) }))
}

locals {
  numbers = [1, 1.5, true, null]
  object  = { a = "b", "c d" = [] }
  sum     = "${1 + 2}"
}

data "alicloud_zones" "all" {
  provider = alicloud.east
}

resource "alicloud_vpc" "main" {
  vpc_name = "${var.region}-vpc"
}

resource "alicloud_instance" "web" {
  for_each   = "${var.servers}"
  depends_on = [alicloud_vpc.main, data.alicloud_zones.all]
  zone_id    = "${data.alicloud_zones.all.ids[0]}"
  dynamic "data_disks" {
    iterator = disk
    for_each = "${each.value.disks}"
    content {
      size = "${data_disks.value}"
      dynamic "inner" {
        for_each = []
        content {}
      }
    }
  }
  lifecycle {
    create_before_destroy = true
    ignore_changes        = [tags, tags["a"], data_disks[0].size]
    replace_triggered_by  = [alicloud_vpc.main.id]
    postcondition {
      condition     = "${self.id != ""}"
      error_message = "No id."
    }
  }
}

output "id" {
  value      = "${alicloud_vpc.main.id}"
  sensitive  = true
  depends_on = [alicloud_instance.web]
}

import {
  to = alicloud_vpc.main
  id = "vpc-1"
}
"#;

const YAML: &str = r#"
terraform:
  required_version: ">= 1.5"
  required_providers:
    alicloud: {source: aliyun/alicloud, version: ~> 1.2}
  backend:
    http:
      address: http://localhost/state
provider:
  alicloud:
    - region: cn-hangzhou
    - alias: east
      region: ${var.region}
variable:
  region:
    type: string
    default: cn-${x}
    description: Where
    nullable: false
    validation:
      condition: ${length(var.region) > 2}
      error_message: "Too short: ${var.region}."
  servers:
    type: "map(object({ cpu = optional(number, 2), tags = optional(list(string)) }))"
locals:
  numbers: [1, 1.5, true, null]
  object: {a: b, "c d": []}
  sum: ${1 + 2}
data:
  alicloud_zones:
    all:
      provider: alicloud.east
resource:
  alicloud_vpc:
    main:
      vpc_name: ${var.region}-vpc
  alicloud_instance:
    web:
      for_each: ${var.servers}
      depends_on: [alicloud_vpc.main, data.alicloud_zones.all]
      zone_id: ${data.alicloud_zones.all.ids[0]}
      dynamic:
        data_disks:
          iterator: disk
          for_each: ${each.value.disks}
          content:
            size: ${data_disks.value}
            dynamic: {inner: {for_each: [], content: {}}}
      lifecycle:
        create_before_destroy: true
        ignore_changes: [tags, 'tags["a"]', "data_disks[0].size"]
        replace_triggered_by: [alicloud_vpc.main.id]
        postcondition:
          condition: ${self.id != ""}
          error_message: No id.
output:
  id:
    value: ${alicloud_vpc.main.id}
    sensitive: true
    depends_on: [alicloud_instance.web]
import:
  to: alicloud_vpc.main
  id: vpc-1
"#;

/// Returns a module's debug form without spans, and without what only one spelling has.
fn without_spans(module: &Module) -> String {
    let mut text = format!("{module:#?}");
    while let Some(start) = text.find("Span {") {
        let end = text[start..].find('}').expect("it is closed") + start;
        text.replace_range(start..=end, "_");
    }
    text
}

#[test]
fn both_spellings_become_the_same_module() {
    // What HCL writes as a bare expression is a template of one interpolation in YAML.
    let hcl = HCL
        .replace("cn-${\"$\"}{x}", "cn-$${x}")
        .replace(
            "condition     = length(var.region) > 2",
            "condition = \"${length(var.region) > 2}\"",
        )
        .replace("region = var.region", "region = \"${var.region}\"");
    let hcl = without_spans(&good(&hcl, Language::Hcl).module);
    let yaml = without_spans(&good(YAML, Language::Yaml).module);
    assert_eq!(hcl, yaml);
}

#[test]
fn json_is_read_as_yaml_is() {
    let yaml = "locals:\n  x: {a: [1, \"${b}\", null], c: \"é\\n\"}\n";
    let json = "{\n\t\"//\": \"a comment\",\n\t\"locals\": {\"x\": {\"a\": [1, \"${b}\", null], \"//\": 1, \"c\": \"\\u00e9\\n\"}}\n}";
    assert_eq!(
        tree(&local(json, Language::Json)),
        tree(&local(yaml, Language::Yaml))
    );
    let json = r#"{"locals": {"x": ["\/\ud83d\ude00", 1.10, 1e3, -0.5]}}"#;
    assert_eq!(
        tree(&local(json, Language::Json)),
        "[\"/😀\", 1.1, 1000, -0.5]"
    );
}

#[test]
fn plain_scalars_follow_the_core_schema_and_keep_their_text() {
    let cases = [
        ("no", "\"no\""),
        ("on", "\"on\""),
        ("True", "true"),
        ("~", "null"),
        ("", "null"),
        ("12", "12"),
        ("-1.5", "-1.5"),
        ("18446744073709551616", "18446744073709551616"),
        ("1.10", "\"1.10\""),
        ("0755", "\"0755\""),
        ("1_000", "\"1_000\""),
        ("0x1F", "\"0x1F\""),
        ("1e3", "\"1e3\""),
        ("2024-01-02", "\"2024-01-02\""),
        ("10.0.0.0/8", "\"10.0.0.0/8\""),
        ("'12'", "\"12\""),
        ("12:30", "\"12:30\""),
    ];
    for (text, expected) in cases {
        let manifest = format!("locals:\n  x: {text}\n");
        assert_eq!(tree(&local(&manifest, Language::Yaml)), expected, "{text}");
    }
}

#[test]
fn spans_in_yaml_scalars_are_exact_where_they_can_be() {
    let scalars = [
        "${aa.bb}",
        "\"é ${aa.bb}\"",
        "'${aa.bb}'",
        "\"\\n\\u00e9\\uD83D\\uDE00 ${aa.bb}\"",
        "|\n    first\n      ${aa.bb}\n",
    ];
    for scalar in scalars {
        let loaded = good(&format!("locals:\n  x: {scalar}\n"), Language::Yaml);
        let ExprKind::Template(parts) = &loaded.module.locals["x"].value.kind else {
            panic!("not a template: {scalar}");
        };
        let found = parts.iter().find_map(|part| match part {
            Part::Interpolation(expr) => Some(expr.span),
            _ => None,
        });
        let span = found.expect("an interpolation");
        assert_eq!(loaded.sources.text(span), "aa.bb", "{scalar}");
    }
    let folded = good("locals:\n  x: >\n    a\n    ${b}\n", Language::Yaml);
    let span = folded.module.locals["x"].value.span;
    assert_eq!(folded.sources.text(span), "a\n    ${b}");
}

#[test]
fn anchors_aliases_and_merge_keys_work() {
    let text = "
locals:
  base: &base {a: 1, b: 2}
  more: &more {b: 3, c: 4}
  x: {<<: [*base, *more], b: 5}
  y: [*base, *base]
";
    let loaded = good(text, Language::Yaml);
    let shown = |name: &str| tree(&loaded.module.locals[name].value);
    assert_eq!(shown("x"), "{\"b\": 5, \"a\": 1, \"c\": 4}");
    assert_eq!(shown("y"), "[{\"a\": 1, \"b\": 2}, {\"a\": 1, \"b\": 2}]");
}

#[test]
fn documents_and_files_merge_into_one_module() {
    let loaded = texts(&[
        (
            "---\nlocals: {a: 1}\n---\n---\nlocals: {b: 2}\n",
            Language::Yaml,
        ),
        ("locals {\n  c = 3\n}\n", Language::Hcl),
    ]);
    assert!(loaded.errors.is_empty(), "{:?}", loaded.errors);
    let names: Vec<&str> = loaded.module.locals.keys().map(|name| &**name).collect();
    assert_eq!(names, ["a", "b", "c"]);
}

#[test]
fn duplicates_show_both_places() {
    let loaded = texts(&[
        ("resource \"a\" \"b\" {}\n", Language::Hcl),
        ("resource: {a: {b: {}}}\n", Language::Yaml),
    ]);
    let [error] = loaded.errors.as_slice() else {
        panic!("one error: {:?}", loaded.errors);
    };
    let place = |span| &loaded.sources.get(span).name;
    assert_eq!(place(error.span.expect("a place").source), "1.tf");
    assert_eq!(place(error.labels[0].0.source), "0.tf");

    let loaded = texts(&[("locals {\n  xy = 1\n  x = 1\n  xy = 2\n}\n", Language::Hcl)]);
    let error = &loaded.errors[0];
    let (first, _) = error.labels[0];
    assert_eq!(loaded.sources.position(first), (2, 3));
    assert_eq!(
        loaded.sources.position(error.span.expect("a place")),
        (4, 3)
    );
}

#[test]
fn meta_arguments_are_understood() {
    let module = good(HCL.replace("cn-${\"$\"}{x}", "cn").as_str(), Language::Hcl).module;
    let web = &module.resources[&ResourceAddress::managed("alicloud_instance", "web")];
    assert!(web.count.is_none() && web.for_each.is_some());
    let dependencies: Vec<&Target> = web.depends_on.iter().map(|r| &r.target).collect();
    let resource = |address: ResourceAddress| Target::Resource(address.into());
    assert_eq!(
        dependencies,
        [
            &resource(ResourceAddress::managed("alicloud_vpc", "main")),
            &resource(ResourceAddress::data("alicloud_zones", "all")),
        ]
    );
    let IgnoreChanges::Some(paths) = &web.lifecycle.ignore_changes else {
        panic!("a list");
    };
    assert_eq!(
        paths[2].0,
        [
            PathStep::Name("data_disks".into()),
            PathStep::Index(0),
            PathStep::Name("size".into())
        ]
    );
    let names: Vec<&str> = web.body.attributes.iter().map(|a| &*a.name.text).collect();
    assert_eq!(names, ["zone_id"]);
    assert_eq!(&*web.body.blocks[0].labels[0].text, "data_disks");
    let zones = &module.resources[&ResourceAddress::data("alicloud_zones", "all")];
    assert_eq!(zones.address.mode, Mode::Data);
    let (name, alias) = zones.provider.as_ref().expect("a provider");
    assert_eq!(
        (&*name.text, &*alias.as_ref().expect("an alias").text),
        ("alicloud", "east")
    );
    assert_eq!(
        module.variables["servers"].ty.to_string(),
        "map(object({cpu = optional(number), tags = optional(list(string))}))"
    );
    assert_eq!(module.variables["region"].ty, Type::String);
    let all = good(
        "resource \"a\" \"b\" {\n lifecycle {\n  ignore_changes = all\n }\n}\n",
        Language::Hcl,
    );
    let resource = all.module.resources.values().next().expect("one");
    assert_eq!(resource.lifecycle.ignore_changes, IgnoreChanges::All);
}

/// Manifests, and how their first error starts.
const HCL_ERRORS: &[(&str, &str)] = &[
    (
        "locals {\n  x = \"abc\n  y = 2\n}\n",
        "2:7 \"\\\"abc\" Unterminated template string",
    ),
    (
        "locals {\n x = \"${a}\nb\"\n}\n",
        "2:11 \"\" Unterminated template string",
    ),
    (
        "locals {\n x = 'a'\n}\n",
        "2:6 \"'\" Invalid expression: Expected an expression, found \"'\". [Strings are written in double quotes.]",
    ),
    (
        "locals {\n x = [1, 2\n}\n",
        "3:1 \"}\" Missing item separator",
    ),
    (
        "locals {\n x = f(1\n}\n",
        "3:1 \"}\" Missing argument separator",
    ),
    (
        "locals {\n  x = 1\n",
        "1:8 \"{\" Unclosed configuration block",
    ),
    (
        "locals {\n x = {a = 1 b = 2}\n}\n",
        "2:13 \"b\" Missing attribute separator",
    ),
    (
        "locals {\n x = {a=1, a=2}\n}\n",
        "2:12 \"a\" Duplicate object key",
    ),
    (
        "locals { a = 1, b = 2 }\n",
        "1:15 \",\" Invalid single-argument block definition",
    ),
    (
        "locals {\n x = <<EOT\n a\n}\n",
        "3:2 \"a\" Unterminated heredoc",
    ),
    (
        "locals {\n x = \"\\q\"\n}\n",
        "2:7 \"\\\\q\" Invalid escape sequence",
    ),
    (
        "locals {\n x = \"%{ if a }\\q%{ endif }\"\n}\n",
        "2:16 \"\\\\q\" Invalid escape sequence",
    ),
    (
        "locals {\n x = y.0.0\n}\n",
        "2:7 \".0.0\" Invalid legacy index: After the first dot, 0.0 reads as one number. [Write [0][0].]",
    ),
    (
        "locals {\n x = a ? b\n}\n",
        "2:11 \"\" Missing false expression in conditional",
    ),
    (
        "locals {\n x: 1\n}\n",
        "2:3 \":\" Argument or block definition required",
    ),
    (
        "locals {\n x = {a.b = 1}\n}\n",
        "2:7 \"a.b\" Ambiguous attribute key",
    ),
    ("x = 1\n", "1:1 \"x\" Unsupported argument"),
    (
        "resorce \"a\" \"b\" {}\n",
        "1:1 \"resorce\" Unsupported block type: There is no block \"resorce\" in a manifest. [Did you mean \"resource\"?]",
    ),
    (
        "module \"m\" {}\n",
        "1:1 \"module \\\"m\\\"\" Missing required argument: A module call needs the argument \"source\"",
    ),
    (
        "module \"m\" {\n source = var.x\n}\n",
        "2:11 \"var.x\" Variables not allowed",
    ),
    (
        "module \"m\" {\n source = \"m\"\n}\n",
        "2:11 \"\\\"m\\\"\" Invalid module source address: \"m\" says neither where the module is nor how to get it. [For a directory beside this file, write \"./m\".]",
    ),
    (
        "module \"m\" {\n source = \"./m\"\n version = \"1.0\"\n}\n",
        "2:11 \"\\\"./m\\\"\" Invalid registry module source address",
    ),
    (
        "module \"m\" {\n source = \"./m\"\n lifecycle {}\n}\n",
        "3:2 \"lifecycle\" Unsupported block type: A module call has arguments only",
    ),
    (
        "module \"m\" {\n source = \"./m\"\n count = 1\n for_each = {}\n}\n",
        "4:13 \"{}\" Invalid combination of \"count\" and \"for_each\": module.m has either",
    ),
    (
        "module \"m\" {\n source = \"./m\"\n providers = { a.b = c.d.e }\n}\n",
        "3:22 \"c.d.e\" Invalid provider reference",
    ),
    (
        "module \"m\" {\n source = \"./m\"\n}\nmodule \"m\" {\n source = \"./m\"\n}\n",
        "4:1 \"module \\\"m\\\"\" Duplicate module call: \"m\" is already declared",
    ),
    (
        "resource \"a\" {}\n",
        "1:1 \"resource \\\"a\\\"\" Missing name for resource",
    ),
    (
        "resource \"a\" \"b c\" {}\n",
        "1:14 \"\\\"b c\\\"\" Invalid resource name",
    ),
    (
        "variable \"x\" {\n tpe = string\n}\n",
        "2:2 \"tpe\" Unsupported argument: There is no argument \"tpe\" in a variable block. [Did you mean \"type\"?]",
    ),
    (
        "variable \"x\" {\n type = lst(string)\n}\n",
        "2:9 \"lst(string)\" Invalid type specification: There is no type \"lst\". [Did you mean \"list\"?]",
    ),
    (
        "variable \"x\" {\n default = var.y\n}\n",
        "2:12 \"var\" Variables not allowed",
    ),
    (
        "variable \"x\" {\n validation {\n condition = true\n }\n}\n",
        "2:2 \"validation\" Missing required argument: The argument \"error_message\"",
    ),
    (
        "resource \"a\" \"b\" {\n count = 1\n for_each = {}\n}\n",
        "3:13 \"{}\" Invalid combination of \"count\" and \"for_each\"",
    ),
    (
        "resource \"a\" \"b\" {\n depends_on = [a.b.c]\n}\n",
        "2:16 \"a.b.c\" Invalid reference",
    ),
    (
        "resource \"a\" \"b\" {\n provisioner \"x\" {}\n}\n",
        "2:2 \"provisioner \\\"x\\\"\" Unsupported provisioner",
    ),
    (
        "resource \"a\" \"b\" {\n lifecycle {\n ignore_changes = [f(x)]\n }\n}\n",
        "3:20 \"f(x)\" Invalid expression",
    ),
    (
        "resource \"a\" \"b\" {\n lifecycle {\n prevent_destroy = var.x\n }\n}\n",
        "3:20 \"var.x\" Variables not allowed",
    ),
    (
        "output \"x\" {}\n",
        "1:1 \"output \\\"x\\\"\" Missing required argument",
    ),
    (
        "resource \"a\" \"b\"\n{\n}\n",
        "1:17 \"\" Invalid block definition",
    ),
];

#[test]
fn hcl_errors_say_what_where_and_what_next() {
    for (text, expected) in HCL_ERRORS {
        let found = hcl_error(text);
        assert!(found.starts_with(expected), "{text}\n{found}");
    }
}

#[test]
fn yaml_errors_say_what_where_and_what_next() {
    let cases = [
        (
            "a: b: c\n",
            "1:5 \":\" Invalid YAML: A \": \" stands where no key can be.",
        ),
        (
            "locals:\n\tx: 1\n",
            "2:1 \"\\t\" Invalid YAML: A tab stands where YAML allows only spaces. [Indent with spaces.]",
        ),
        (
            "locals: {a: ${x}}\n",
            "1:14 \"{\" Invalid YAML: Expected a comma or } here. [Quote templates: \"${…}\".]",
        ),
        (
            "locals:\n  x: \"${a.}\"\n",
            "2:11 \"}\" Invalid attribute name",
        ),
        (
            "locals:\n  x: |\n    aa\n      ${b c}\n",
            "4:11 \"c\" Extra characters after interpolation expression",
        ),
        (
            "locals:\n  x: !foo 1\n",
            "2:6 \"!foo\" Unsupported YAML tag",
        ),
        ("locals:\n  x: 1\n  x: 2\n", "3:3 \"x\" Duplicate key"),
        (
            "locals:\n  x: *a\n",
            "2:6 \"*\" Invalid YAML: No anchor of this name",
        ),
        (
            "locals:\n  x: &a [*a]\n",
            "2:10 \"*a\" Alias refers to itself",
        ),
        ("- 1\n", "1:1 \"- 1\" Expected a mapping"),
        ("locals:\n  x:1\n", "2:3 \"x:1\" Expected a mapping"),
        (
            "locals:\n x: 'a\n",
            "2:5 \"'\" Invalid YAML: A quoted string is not closed.",
        ),
        (
            "locals:\n  x: 1\n y: 2\n",
            "3:2 \"y\" Invalid YAML: Expected a key here.",
        ),
        (
            "locals:\n  x: {{ a }}\n",
            "2:7 \"{ a }\" Invalid mapping key: A key must be plain text, not a mapping or a list. [Quote templates",
        ),
        ("resorce: {}\n", "1:1 \"resorce\" Unsupported block type"),
        ("locals:\n  <<: 1\n", "2:7 \"1\" Invalid merge key"),
        (
            "variable:\n  x: {type: lst(string)}\n",
            "2:13 \"lst(string)\" Invalid type specification",
        ),
    ];
    for (text, expected) in cases {
        let found = yaml_error(text);
        assert!(found.starts_with(expected), "{text}\n{found}");
    }
}

#[test]
fn what_is_too_deep_or_too_much_is_an_error() {
    let deep = 100_000;
    let local = |text: String| format!("locals {{\n x = {text}\n}}\n");
    let hcl = [
        local("(".repeat(deep)),
        local("[".repeat(deep)),
        local("{a={".repeat(deep)),
        local("!".repeat(deep)),
        local(format!("a{}", ".y".repeat(deep))),
        local(format!("a{}", "[0]".repeat(deep))),
        local(format!("a{}", "[*]".repeat(deep))),
        local(format!("a{}", "+a".repeat(deep))),
        local(format!(
            "{}a{}",
            "(".repeat(60),
            format!("{})", ".y".repeat(200)).repeat(60)
        )),
        local("a?a:".repeat(deep)),
        local("\"${".repeat(deep)),
        local(format!("\"{}", "%{ if a }".repeat(deep))),
        "a {\n".repeat(deep),
    ];
    for text in hcl {
        assert!(!hcl_error(&text).is_empty());
    }
    let chain: String = (1..deep)
        .map(|n| format!("  a{n}: &a{n} [*a{}]\n", n - 1))
        .collect();
    let bomb: String = (1..30)
        .map(|n| {
            format!(
                "  a{n}: &a{n} [{}]\n",
                vec![format!("*a{}", n - 1); 9].join(", ")
            )
        })
        .collect();
    let merges: String = (1..3_000)
        .map(|n| format!("  a{n}: &a{n} {{<<: *a{}, k{n}: 1}}\n", n - 1))
        .collect();
    let yaml = [
        format!("locals:\n  x: {}", "[".repeat(deep)),
        format!("locals:\n  x: {}", "{a: ".repeat(deep)),
        "- ".repeat(deep),
        (0..1_000)
            .map(|n| format!("{}a:\n", " ".repeat(n)))
            .collect(),
        format!("locals:\n  a0: &a0 [1]\n{chain}"),
        format!("locals:\n  a0: &a0 [1]\n{bomb}"),
        format!("locals:\n  a0: &a0 {{k0: 1}}\n{merges}"),
    ];
    for text in yaml {
        assert!(!yaml_error(&text).is_empty());
    }
}

#[test]
fn files_are_found_and_read() {
    let directory = tempfile::tempdir().expect("a directory");
    let root = directory.path();
    let write = |name: &str, text: &[u8]| {
        let mut file = std::fs::File::create(root.join(name)).expect("created");
        file.write_all(text).expect("written");
    };
    let loaded = |files: &[std::path::PathBuf]| {
        let (mut sources, mut diags) = (Sources::default(), Diagnostics::default());
        let module = load(root, files, &mut sources, &mut diags);
        let names: Vec<String> = sources
            .iter()
            .map(|(_, source)| source.name.rsplit('/').next().unwrap_or("").to_owned())
            .collect();
        (module, names, diags.take())
    };
    let (_, _, errors) = loaded(&[]);
    assert_eq!(errors[0].summary, "No configuration files");
    write("b.tf", b"\xef\xbb\xbflocals {\n  b = 1\n}\n");
    write("a.prov.yaml", b"locals: {a: 1}\n");
    write("c.tf.json", b"{\"locals\": {\"c\": 1}}");
    write("d.prov.hcl", b"locals {\n  d = 1\n}\n");
    write("e.yaml", b"ignored: true\n");
    write(".f.tf", b"ignored {}\n");
    write("terraform.tfvars", b"x = [1]\n");
    write("b.auto.tfvars", b"y = 2\n");
    write("a.auto.tfvars.json", b"{\"z\": \"${not a template\"}");
    let (module, names, errors) = loaded(&[]);
    assert!(errors.is_empty(), "{errors:?}");
    assert_eq!(names, ["a.prov.yaml", "b.tf", "c.tf.json", "d.prov.hcl"]);
    assert_eq!(module.locals.len(), 4);
    let values = value_files(root);
    let (mut sources, mut diags) = (Sources::default(), Diagnostics::default());
    let values: Vec<String> = values
        .iter()
        .flat_map(|path| load_values(path, &mut sources, &mut diags))
        .map(|(name, value)| format!("{} = {}", name.text, tree(&value)))
        .collect();
    assert_eq!(values, ["x = [1]", "z = \"${not a template\"", "y = 2"]);
    assert!(diags.is_empty());
    write("x.conf", b"\n# comment\nlocals:\n  x: 1\n");
    let (module, _, errors) = loaded(&["x.conf".into()]);
    assert!(errors.is_empty() && module.locals.len() == 1, "{errors:?}");
    write("bad.tf", b"locals {\n  x = \"\xff\"\n}\n");
    let (_, _, errors) = loaded(&[]);
    let summaries: Vec<&str> = errors.iter().map(|error| &*error.summary).collect();
    assert_eq!(summaries, ["Invalid text"]);
    assert!(
        errors[0]
            .detail
            .ends_with("is not UTF-8 at line 2, column 8.")
    );
    let (_, _, errors) = loaded(&["gone.tf".into()]);
    assert!(
        errors[0].detail.ends_with("gone.tf does not exist."),
        "{errors:?}"
    );
}

#[test]
fn the_language_of_a_nameless_text_is_told_by_its_start() {
    assert_eq!(
        files::guess("# c\nresource \"a\" \"b\" {}\n"),
        Language::Hcl
    );
    assert_eq!(files::guess("a = 1\n"), Language::Hcl);
    assert_eq!(files::guess("\n# c\nresource:\n"), Language::Yaml);
    assert_eq!(files::guess("---\n"), Language::Yaml);
    assert_eq!(files::guess(" {\"a\": 1}"), Language::Json);
}

/// Makes texts of what the grammars are made of: they get further than random letters.
fn pieces() -> impl Strategy<Value = String> {
    let piece = prop::sample::select(vec![
        "a",
        "b",
        " ",
        "\n",
        "  ",
        "\t",
        "{",
        "}",
        "[",
        "]",
        "(",
        ")",
        "\"",
        "'",
        "${",
        "%{",
        "~",
        "}",
        "=",
        ":",
        ": ",
        ",",
        ".",
        "..",
        "...",
        "*",
        "&a ",
        "*a",
        "<<",
        "<<-E\n",
        "\nE\n",
        "<<: ",
        "- ",
        "? ",
        "|\n",
        ">\n",
        "\\",
        "\\u00",
        "#",
        "//",
        "/*",
        "*/",
        "1",
        "0",
        "1e5",
        "if ",
        "for ",
        " in ",
        "else",
        "endif",
        "endfor",
        "=>",
        "!",
        "!x",
        "==",
        "&&",
        "||",
        "+",
        "-",
        "locals",
        "resource",
        "variable",
        "type",
        "é",
        "\u{1F600}",
        "\r\n",
        "---\n",
        "$${",
        "lifecycle",
        "depends_on",
        "null",
    ]);
    prop::collection::vec(piece, 0..40).prop_map(|pieces| pieces.concat())
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, cases: 500, ..ProptestConfig::default() })]

    #[test]
    fn no_text_panics(text in prop_oneof![pieces(), "\\PC{0,60}"], wrap in any::<bool>()) {
        let hcl = if wrap { format!("locals {{\n x = {text}\n}}\n") } else { text.clone() };
        let yaml = if wrap { format!("locals:\n  x: {text}\n") } else { text.clone() };
        for (text, language) in [(&hcl, Language::Hcl), (&yaml, Language::Yaml), (&yaml, Language::Json)] {
            let loaded = texts(&[(text, language)]);
            for error in loaded.errors {
                let span = error.span.expect("every error has a position");
                prop_assert!(span.start <= span.end && span.end as usize <= text.len());
                prop_assert!(text.is_char_boundary(span.start as usize));
                prop_assert!(text.is_char_boundary(span.end as usize));
            }
        }
        let _ = parse_expression(&text, "<test>", &mut Sources::default());
    }
}

#[test]
fn a_large_file_is_parsed_in_parts_as_it_would_be_as_one() {
    let block = "resource \"a\" \"r%\" {\n  x = <<EOT\n{\n}\nEOT\n  y = \"é\"\n}\n";
    let plain = "resource \"a\" \"s%\" {\n}\n";
    let source = SourceId(0);
    for block in [block, plain] {
        let text: String = (0..300)
            .map(|n| block.replace('%', &n.to_string()))
            .collect();
        let whole = hcl::body(&text, source).expect("it is valid");
        for size in [1, 100, 1_000] {
            let parts = hcl::in_parts(&text, source, size).expect("it is valid");
            assert_eq!(parts.blocks, whole.blocks);
        }
        let broken = format!("{text}resource \"a\" {{\n  x = \n}}\n");
        let errors = hcl::in_parts(&broken, source, 1_000).expect_err("it is broken");
        assert_eq!(
            errors,
            hcl::body(&broken, source).expect_err("it is broken")
        );
    }
}
