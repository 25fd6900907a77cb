//! Expressions and the values that Terraform's console prints for them.

use super::{check, eval, parse};
use crate::{
    eval::{evaluate, plain_reference, references},
    manifest::ast::{BinaryOp, Expr, ExprKind, Name, Part, Target},
    model::{SourceId, Span},
};

fn check_all(table: &[(&str, &str)]) {
    for (text, expected) in table {
        check(text, expected);
    }
}

#[test]
fn arithmetic_converts_and_is_exact() {
    check_all(&[
        (r#""5" + 1"#, "6"),
        ("0.1 + 0.2", "0.3"),
        ("1 / 3 * 3 > 0.99", "true"),
        ("5 / 2", "2.5"),
        ("10 / 5", "2"),
        ("18446744073709551615 + 1", "18446744073709551616"),
        ("9223372036854775807 + 1", "9223372036854775808"),
        ("-9223372036854775807 - 2", "-9223372036854775809"),
        ("100000000000000000000 * 10", "1000000000000000000000"),
        ("5.5 % 2", "1.5"),
        ("-5 % 3", "-2"),
        ("7 % -3", "1"),
        ("1.5e-10", "0.00000000015"),
        ("1.10", "1.1"),
        (r#"-"5""#, "-5"),
        (r#"!"true""#, "false"),
        (r#"1 < "2""#, "true"),
        ("2 >= 2", "true"),
    ]);
    let third = eval("1/3").unwrap();
    let text = super::show(&third);
    assert!(text.starts_with("0.333333") && text.len() > 150, "{text}");
    check("2/3 * 3", "2");
}

#[test]
fn equality_minds_types() {
    check_all(&[
        (r#"1 == "1""#, "false"),
        ("1 == 1.0", "true"),
        ("[1] == tolist([1])", "false"),
        ("{a=1} == tomap({a=1})", "false"),
        (r#"tolist(["1"]) == tolist([1])"#, "false"),
        ("toset([1, 2]) == toset([2, 1])", "true"),
        ("{a=1, b=[1]} == {b=[1], a=1}", "true"),
        ("null == null", "true"),
        ("null == 1", "false"),
        (r#""a" != "b""#, "true"),
    ]);
}

#[test]
fn branches_get_one_type() {
    check_all(&[
        (r#"true ? 1 : "a""#, "\"1\""),
        (r#"true ? [1] : ["a", 2]"#, "tolist([\"1\"])"),
        (r#"true ? [1] : ["a"]"#, "[\"1\"]"),
        ("true ? {a=1} : {b=2}", "tomap({a = 1})"),
        (r#"true ? {a=1} : {a="x"}"#, "{a = \"1\"}"),
        ("true ? null : 1", "null"),
        ("false ? [] : [1, 2]", "tolist([1, 2])"),
        (r#"true ? toset(["a"]) : ["b"]"#, "toset([\"a\"])"),
        (r#"true ? 1 : 1/"a""#, "1"),
        (r#""true" ? 1 : 2"#, "1"),
    ]);
}

#[test]
fn attributes_indices_and_splats() {
    check_all(&[
        (r#"[1, 2]["1"]"#, "2"),
        ("[1, 2].0", "1"),
        ("[{a=1}, {a=2}][*].a", "[1, 2]"),
        ("[{a=1}, {a=2}].*.a", "[1, 2]"),
        ("null[*]", "[]"),
        (r#""x"[*]"#, "[\"x\"]"),
        ("{a=1}[*].a", "[1]"),
        ("toset([{a=1}])[*].a", "tolist([1])"),
        (r#"tolist(["a"])[*]"#, "tolist([\"a\"])"),
        ("[[{a=1}]][*][0].a", "[1]"),
        ("vpc.main.id", "\"v\""),
        ("resource.vpc.main.id", "\"v\""),
        ("vpc.many[1].id", "\"v1\""),
        ("vpc.many[count.index].id", "\"v1\""),
        ("vpc.many[*].id", "[\"v0\", \"v1\"]"),
        ("vpc.by[each.key].id", "\"vb\""),
        ("vpc.fast[7].id", "\"fast[7]\""),
        ("vpc.fast[each.key].id", r#""fast[\"b\"]""#),
        ("[for k, v in vpc.by : v.id]", "[\"va\", \"vb\"]"),
    ]);
}

#[test]
fn for_expressions() {
    check_all(&[
        ("[for x in {a=1, b=2} : x]", "[1, 2]"),
        (
            r#"[for k, v in {a=1, b=2} : "${k}${v}"]"#,
            "[\"a1\", \"b2\"]",
        ),
        (r#"[for i, v in ["x", "y"] : i]"#, "[0, 1]"),
        (
            r#"[for k, v in toset(["y", "x"]) : "${k}${v}"]"#,
            "[\"xx\", \"yy\"]",
        ),
        (
            r#"{for x in ["a", "b", "a"] : x => 1...}"#,
            "{a = [1, 1], b = [1]}",
        ),
        ("[for x in [1, 2, 3] : x if x > 1]", "[2, 3]"),
        ("[for var in [{s=1}] : var.s]", "[1]"),
        ("[for x in [1, 2] : [for y in [x] : x + y]]", "[[2], [4]]"),
    ]);
}

#[test]
fn templates() {
    check_all(&[
        (r#""a${1.50}${true}""#, "\"a1.5true\""),
        (r#""${1}""#, "1"),
        (r#""${[1]}""#, "[1]"),
        (r#""${1e21}x""#, "\"1000000000000000000000x\""),
        (r#""%{if true}x%{else}y%{endif}""#, "\"x\""),
        (r#""%{for x in [1, 2]}${x},%{endfor}""#, "\"1,2,\""),
        (r#""%{for k, x in {a=1}}${k}=${x},%{endfor}""#, "\"a=1,\""),
    ]);
}

#[test]
fn objects() {
    check_all(&[
        ("{1=2}", "{1 = 2}"),
        (r#"{(upper("a"))=2, b=3}"#, "{A = 2, b = 3}"),
    ]);
}

#[test]
fn sensitivity_flows() {
    check_all(&[
        ("[var.s]", "[sensitive \"sec\"]"),
        ("{(var.s)=1}", "sensitive {sec = 1}"),
        (r#""x${var.s}""#, "sensitive \"xsec\""),
        (r#"var.s == "sec""#, "sensitive true"),
        ("[var.s] == [1]", "sensitive false"),
        ("var.sb ? 1 : 2", "sensitive 1"),
        ("[for x in var.sl : x]", "sensitive [\"a\", \"b\"]"),
        ("{for x in var.sl : x => 1}", "sensitive {a = 1, b = 1}"),
        ("var.sl[0]", "sensitive \"a\""),
        ("var.sl[*]", "sensitive [\"a\", \"b\"]"),
        ("var.sn + 1", "sensitive 3"),
        ("[1, 2, 3][var.sn]", "sensitive 3"),
        ("var.sm.a", "sensitive 1"),
        ("length(var.sl)", "sensitive 2"),
        ("length([var.s])", "1"),
        ("[for x in [1, 2] : x if var.sb]", "sensitive [1, 2]"),
        (r#""%{if var.sb}x%{endif}""#, "sensitive \"x\""),
        (r#"true ? var.s : "x""#, "sensitive \"sec\""),
        (r#"false ? var.s : "x""#, "sensitive \"x\""),
        ("upper(var.s)", "sensitive \"SEC\""),
        ("merge({a=var.s}, {b=1})", "{a = sensitive \"sec\", b = 1}"),
        ("keys({a=var.s})", "[\"a\"]"),
        ("values({a=var.s})", "[sensitive \"sec\"]"),
        (r#"contains([var.s], "a")"#, "sensitive false"),
        (r#"lookup({a=var.s, b=1}, "b", 1)"#, "1"),
        (
            r#"tolist([var.s, "b"])"#,
            "tolist([sensitive \"sec\", \"b\"])",
        ),
        (
            r#"toset([var.s, "b"])"#,
            "sensitive toset([\"b\", \"sec\"])",
        ),
        (r#"flatten([[var.s], ["a"]])"#, "[sensitive \"sec\", \"a\"]"),
        ("one([var.s])", "sensitive \"sec\""),
        (r#"zipmap([var.s], ["a"])"#, "sensitive {sec = \"a\"}"),
        (r#"coalesce(var.s, "a")"#, "sensitive \"sec\""),
        ("can(var.s)", "true"),
        ("try(var.s, 1)", "sensitive \"sec\""),
        ("jsonencode({a=var.s})", r#"sensitive "{\"a\":\"sec\"}""#),
        (
            r#"setunion([var.s], ["a"])"#,
            "sensitive toset([\"a\", \"sec\"])",
        ),
        ("issensitive([var.s])", "false"),
        ("nonsensitive(var.s)", "\"sec\""),
        ("max(var.sn, 1)", "sensitive 2"),
        (
            r#"split(",", sensitive("a,b"))"#,
            "sensitive tolist([\"a\", \"b\"])",
        ),
    ]);
}

#[test]
fn unknowns_flow() {
    check_all(&[
        ("vpc.new.id", "unknown string"),
        ("vpc.new.any + 1", "unknown number"),
        (r#"vpc.new.id == "x""#, "unknown bool"),
        (r#""a${vpc.new.id}b""#, "unknown string"),
        ("vpc.new.any.x[0]", "unknown any"),
        ("[vpc.new.id][0]", "unknown string"),
        ("length([vpc.new.id])", "1"),
        ("length(vpc.new.list)", "unknown number"),
        ("upper(vpc.new.id)", "unknown string"),
        ("[for x in [vpc.new.id] : upper(x)]", "[unknown string]"),
        ("{for x in [vpc.new.id] : x => 1}", "unknown any"),
        ("[for x in vpc.new.any : x]", "unknown any"),
        (
            r#"[for x in [1, 2] : x if vpc.new.id == "a"]"#,
            "unknown any",
        ),
        (r#"vpc.new.id == "a" ? 1 : "x""#, "unknown string"),
        (
            r#"vpc.new.id == "a" ? [1] : [2]"#,
            "unknown tuple([number])",
        ),
        (r#"false && vpc.new.id == "a""#, "false"),
        (r#"true && vpc.new.id == "a""#, "unknown bool"),
        ("try(vpc.new.any.x, 1)", "unknown any"),
        ("can(vpc.new.any.x)", "unknown bool"),
        (r#"coalesce(vpc.new.id, "x")"#, "unknown string"),
        (r#"coalesce("x", vpc.new.id)"#, "\"x\""),
        (r#"contains(["a", vpc.new.id], "a")"#, "true"),
        (r#"contains(["a", vpc.new.id], "b")"#, "unknown bool"),
        (
            r#"toset(["a", vpc.new.id])"#,
            "toset([\"a\", unknown string])",
        ),
        ("length(toset([vpc.new.id]))", "unknown number"),
        (
            "merge({a=1}, {b=vpc.new.id})",
            "{a = 1, b = unknown string}",
        ),
        ("concat([vpc.new.id], [1])", "[unknown string, 1]"),
        ("flatten([vpc.new.any])", "unknown any"),
        ("flatten([vpc.new.id])", "[unknown string]"),
        (r#"zipmap(["a"], [vpc.new.id])"#, "{a = unknown string}"),
        (r#"join(",", [vpc.new.id])"#, "unknown string"),
        ("alltrue([false, vpc.new.any])", "false"),
        ("anytrue([true, vpc.new.any])", "true"),
        ("alltrue([true, vpc.new.any])", "unknown bool"),
        (
            r#"setunion(["a"], [vpc.new.id])"#,
            "toset([\"a\", unknown string])",
        ),
        ("vpc.new.list[*]", "unknown list(string)"),
        ("{a=1}[vpc.new.id]", "unknown any"),
        ("timestamp()", "unknown string"),
        ("false ? [1] : vpc.new.any", "unknown any"),
        ("vpc.new.id == \"a\" ? \"b\" : vpc.new.any", "unknown any"),
        ("issensitive(vpc.new.id)", "unknown bool"),
        ("max(vpc.new.any...)", "unknown any"),
    ]);
}

#[test]
fn functions_of_types() {
    check_all(&[
        (
            r#"concat(tolist(["a"]), tolist([1]))"#,
            "tolist([\"a\", \"1\"])",
        ),
        (r#"concat(tolist(["a"]), ["b"])"#, "[\"a\", \"b\"]"),
        ("merge(tomap({a=1}), tomap({b=2}))", "tomap({a = 1, b = 2})"),
        (r#"merge(tomap({a="x"}), {b=2})"#, "{a = \"x\", b = 2}"),
        ("merge({a=1}, null)", "{a = 1}"),
        ("merge()", "{}"),
        (r#"lookup(tomap({a=1}), "b", "7")"#, "7"),
        (r#"lookup({a=1}, "b", "x")"#, "\"x\""),
        (r#"element(["a"], -1)"#, "\"a\""),
        ("values(tomap({b=1, a=2}))", "tolist([2, 1])"),
        (r#"contains([1], "1")"#, "false"),
        (r#"toset([1, "a"])"#, "toset([\"1\", \"a\"])"),
        (
            r#"tolist([[1], ["a", "b"]])"#,
            "tolist([tolist([\"1\"]), tolist([\"a\", \"b\"])])",
        ),
        (r#"coalesce(null, 1, "a")"#, "\"1\""),
        (r#"distinct([1, "1"])"#, "tolist([\"1\"])"),
        ("flatten(toset([[1]]))", "[1]"),
        (r#"reverse(toset(["b", "a"]))"#, "tolist([\"b\", \"a\"])"),
        ("one([])", "null"),
        (
            r#"setproduct(toset(["a", "b"]), toset(["c"]))"#,
            r#"toset([["a", "c"], ["b", "c"]])"#,
        ),
        ("setproduct([\"a\"], [])", "tolist([])"),
        ("alltrue([])", "true"),
        ("max([1, 2]...)", "2"),
        (r#"core::upper("a")"#, "\"A\""),
        ("range(5, 1)", "tolist([5, 4, 3, 2])"),
        ("range(0, 1, 0.25)", "tolist([0, 0.25, 0.5, 0.75])"),
        ("pow(2, 100)", "1267650600228229400000000000000"),
        ("pow(2, 0.5)", "1.4142135623730951"),
        ("log(50, 10)", "1.6989700043360185"),
        (
            r#"parseint("9999999999999999999999", 10)"#,
            "9999999999999999999999",
        ),
        ("jsonencode(1e21)", "\"1000000000000000000000\""),
    ]);
}

#[test]
fn functions_of_text() {
    check_all(&[
        (r#"split("", "abc")"#, r#"tolist(["a", "b", "c"])"#),
        (r#"substr("hello", 1, -1)"#, "\"ello\""),
        (r#"substr("hello", 10, 2)"#, "\"\""),
        (r#"substr("héllo", 1, 1)"#, "\"é\""),
        (r#"title("HELLO wORLD")"#, "\"HELLO WORLD\""),
        (r#"replace("hello", "l", "L")"#, "\"heLLo\""),
        (r#"replace("hello", "/(?P<x>l)/", "<$x>")"#, "\"he<l><l>o\""),
        (r#"replace("a/b", "/", "-")"#, "\"a-b\""),
        (r#"replace("abc", "", "-")"#, "\"-a-b-c-\""),
        (r#"regex("[a-z]+", "123abc")"#, "\"abc\""),
        (
            r#"regex("(?P<l>[a-z])(?P<n>[0-9])", "a1")"#,
            r#"{l = "a", n = "1"}"#,
        ),
        (r#"regex("(a)|(b)", "b")"#, r#"[null, "b"]"#),
        (
            r#"regexall("(a)(.)", "axay")"#,
            r#"tolist([["a", "x"], ["a", "y"]])"#,
        ),
    ]);
}

#[test]
fn formats_keep_their_precision() {
    check_all(&[
        (
            r#"format("%v %v", 1234567, 123456)"#,
            "\"1.234567e+06 123456\"",
        ),
        (
            r#"format("%5v|%-5v|%05v", 1, 2, 3)"#,
            "\"    1|2    |00003\"",
        ),
        (
            r#"format("%.2d|%05.2d|%.0o|", 1, 100, 0)"#,
            "\"01|  100||\"",
        ),
        (r#"format("% #5.5X|", 5)"#, "\" 0X00005|\""),
        (
            r#"format("%-5.0g|%.0E|", 99.995, 99.995)"#,
            "\"1e+02|1E+02|\"",
        ),
        (r#"format("%.0s|%05t|", 3.5, true)"#, "\"3.5|true|\""),
        (r#"setproduct(["a"], toset([3]))"#, r#"toset([["a", 3]])"#),
    ]);
}

#[test]
fn formats_times_and_networks() {
    check_all(&[
        (
            r#"format("%05d|%5s|%-5s|", 42, "a", "b")"#,
            "\"00042|    a|b    |\"",
        ),
        (
            r#"format("%x %X %o %b", 255, 255, 8, 5)"#,
            "\"ff FF 10 101\"",
        ),
        (
            r#"format("%e %f %g %G", 1234.5, 1234.5, 1234.5, 1e100)"#,
            "\"1.234500e+03 1234.500000 1234.5 1E+100\"",
        ),
        (r#"format("%[2]s %[1]s", "a", "b")"#, "\"b a\""),
        (r#"format("%+d % d", 5, 5)"#, "\"+5  5\""),
        (
            r#"format("%.3s|%6.2s|", "abcdef", "abcdef")"#,
            "\"abc|    ab|\"",
        ),
        (r#"format("%v", {a=[1, "b"]})"#, r#""{\"a\":[1,\"b\"]}""#),
        (r#"format("%g", 1234567)"#, "\"1.234567e+06\""),
        (r#"format("%g", 0.00001)"#, "\"1e-05\""),
        (r#"format("%.3g", 1234.5)"#, "\"1.23e+03\""),
        (r#"format("%05s", "ab")"#, "\"000ab\""),
        (r#"format("%#x %x", 255, -255)"#, "\"0xff -ff\""),
        (r#"format("%06.2f", 3.14159)"#, "\"003.14\""),
        (r#"format("%e %g", 0, 0)"#, "\"0.000000e+00 0\""),
        (
            r#"formatdate("EEEE, DD-MMM-YY hh:mm:ss ZZZ", "2018-01-02T23:12:01Z")"#,
            "\"Tuesday, 02-Jan-18 23:12:01 UTC\"",
        ),
        (
            r#"formatdate("h'h'mm AA aa HH H M MM MMMM D YY Z ZZZZ ZZZZZ EEE s ''", "2018-01-02T23:02:01+02:00")"#,
            "\"23h02 PM pm 11 11 1 01 January 2 18 +02:00 +0200 +02:00 Tue 1 '\"",
        ),
        (
            r#"timeadd("2020-01-01T00:00:00.5Z", "10m")"#,
            "\"2020-01-01T00:10:00Z\"",
        ),
        (r#"cidrhost("10.0.0.0/8", 5)"#, "\"10.0.0.5\""),
        (r#"cidrhost("010.1.2.3/8", 1)"#, "\"10.0.0.1\""),
        (r#"cidrhost("fd00::/64", 34)"#, "\"fd00::22\""),
        (r#"cidrsubnet("10.0.0.0/8", 8, 2)"#, "\"10.2.0.0/16\""),
        (
            r#"cidrsubnets("fd00::/48", 16, 16)"#,
            r#"tolist(["fd00::/64", "fd00:0:0:1::/64"])"#,
        ),
        (r#"basename("")"#, "\".\""),
        (r#"dirname("/a")"#, "\"/\""),
        (r#"yamlencode([[1, 2], [3]])"#, r#""- - 1\n  - 2\n- - 3\n""#),
        (
            r#"yamlencode([{a=1, b=[1]}])"#,
            r#""- \"a\": 1\n  \"b\":\n  - 1\n""#,
        ),
        (
            r#"yamlencode({a={b={c=1}}})"#,
            r#""\"a\":\n  \"b\":\n    \"c\": 1\n""#,
        ),
        (
            r#"yamlencode({a={b="x\ny"}})"#,
            r#""\"a\":\n  \"b\": |-\n    x\n    y\n""#,
        ),
        (r#"yamlencode(["a\nb"])"#, r#""- |-\n  a\n  b\n""#),
        (r#"yamlencode({a="x\n"})"#, r#""\"a\": |\n  x\n""#),
        (r#"chomp("a\r\n")"#, "\"a\""),
        (r#"base64encode("")"#, "\"\""),
    ]);
}

#[test]
fn references_are_found() {
    let expr = parse::expression(
        r#"[for var in vpc.a[*].id : "${var.x}${local.y}${data.z.q.id}" if count.index > 0][var.n]"#,
    );
    let mut found = Vec::new();
    references(&expr, &mut found);
    let shown: Vec<String> = found
        .iter()
        .map(|found| match &found.target {
            Target::Resource(at) => at.to_string(),
            Target::Variable(name) => format!("var.{name}"),
            Target::Local(name) => format!("local.{name}"),
            Target::Output(name) => format!("output.{name}"),
            Target::Module(name) => format!("module.{name}"),
            Target::ModuleOutput(name, output) => format!("module.{name}.{output}"),
        })
        .collect();
    assert_eq!(shown, ["vpc.a", "local.y", "data.z.q", "var.n"]);
}

#[test]
fn plain_references_are_recognized() {
    let shown = |text: &str| {
        let expr = parse::expression(text);
        plain_reference(&expr)
            .map(|(at, key, name)| format!("{at}{} {name}", if key.is_some() { "[]" } else { "" }))
    };
    assert_eq!(shown("vpc.main.id").as_deref(), Some("vpc.main id"));
    assert_eq!(shown("vpc.x[0].id").as_deref(), Some("vpc.x[] id"));
    assert_eq!(
        shown("(data.vpc.x[each.key].id)").as_deref(),
        Some("data.vpc.x[] id")
    );
    assert_eq!(shown("\"${vpc.x.id}\"").as_deref(), Some("vpc.x id"));
    assert_eq!(shown("vpc.x[0]"), None);
    assert_eq!(shown("vpc.x.a.b"), None);
    assert_eq!(shown("var.x.id"), None);
}

/// One level of nesting around an expression.
type Nest = fn(Expr) -> ExprKind;

const NESTS: &[Nest] = &[
    |inner| ExprKind::Parens(Box::new(inner)),
    |inner| {
        ExprKind::Binary(
            BinaryOp::Add,
            Box::new(inner),
            Box::new(parse::expression("0")),
        )
    },
    |inner| ExprKind::Call {
        name: name("max"),
        args: vec![inner],
        expand_last: false,
    },
    |inner| ExprKind::Call {
        name: name("try"),
        args: vec![inner],
        expand_last: false,
    },
    |inner| {
        let one = Box::new(parse::expression("1"));
        ExprKind::Conditional(Box::new(parse::expression("true")), Box::new(inner), one)
    },
    |inner| {
        let tuple = parenthesized(ExprKind::Tuple(vec![inner]));
        ExprKind::Index(Box::new(tuple), Box::new(parse::expression("0")))
    },
    |inner| {
        let object = parenthesized(ExprKind::Object(vec![(parse::expression("\"a\""), inner)]));
        ExprKind::GetAttr(Box::new(object), name("a"))
    },
    |inner| {
        let mut node = parse::expression("[for x in [1] : x]");
        if let ExprKind::For(node) = &mut node.kind {
            node.value = inner;
        }
        let one = Expr {
            kind: ExprKind::Call {
                name: name("one"),
                args: vec![node],
                expand_last: false,
            },
            span: SPAN,
        };
        ExprKind::Parens(Box::new(one))
    },
    |inner| ExprKind::Template(vec![Part::Literal("".into()), Part::Interpolation(inner)]),
];

const SPAN: Span = Span {
    source: SourceId(0),
    start: 0,
    end: 1,
};

fn name(text: &str) -> Name {
    Name {
        text: text.into(),
        span: SPAN,
    }
}

fn parenthesized(kind: ExprKind) -> Expr {
    Expr { kind, span: SPAN }
}

#[test]
fn deep_expressions_fit_on_a_small_stack() {
    let deep = || {
        for nest in NESTS {
            let mut expr = parse::expression("1");
            for _ in 0..600 {
                expr = Expr {
                    kind: nest(expr),
                    span: SPAN,
                };
            }
            let error = evaluate(&expr, &super::World).unwrap_err();
            assert_eq!(error.summary, "Expression nested too deeply");
        }
    };
    // What threads have unless they ask for more.
    let thread = std::thread::Builder::new().stack_size(2 << 20).spawn(deep);
    thread.unwrap().join().unwrap();
}

#[test]
fn templates_see_their_variables_only() {
    let text =
        r#"templatestring("a=$${a} %%{for x in l}$${upper(x)}%%{endfor}", {a=1, l=["x", "y"]})"#;
    check(text, "\"a=1 XY\"");
    check(r#"templatestring("$${s}", {s=var.s})"#, "sensitive \"sec\"");
    check(
        r#"templatestring("$${s}", {s=vpc.new.id})"#,
        "unknown string",
    );
    for (text, problem) in [
        (
            r#"templatestring("$${b}", {})"#,
            "does not contain key \"b\"",
        ),
        (
            r#"templatestring("$${var.s}", {})"#,
            "does not contain key \"var\"",
        ),
        (
            r#"templatestring("$${templatestring(x, {})}", {x="$${1}"})"#,
            "nor within other templates",
        ),
    ] {
        let error = eval(text).unwrap_err();
        assert!(error.detail.contains(problem), "{text}: {}", error.detail);
    }
}
