//! Manifests as text in, modules and diagnostics out.

use proptest::prelude::*;

use super::{
    ast::{Expr, ExprKind, IgnoreChanges, Module, Part, PathStep, Target},
    files::{self, Language},
    load, load_values, parse_all, parse_expression, value_files,
};
use crate::model::{Diagnostic, Diagnostics, Mode, ResourceAddress, Sources, Type, Value};

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
        .map(|(at, (text, language))| (*language, sources.add(format!("{at}.tf"), *text)))
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
    for_each = "${each.value.disks}"
    content {
      size = "${data_disks.value}"
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
          for_each: ${each.value.disks}
          content:
            size: ${data_disks.value}
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
