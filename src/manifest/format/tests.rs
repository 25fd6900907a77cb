//! Formatting changes blanks and nothing else, once.

use proptest::prelude::*;

use super::{format, tokens};
use crate::model::SourceId;

fn formatted(text: &str) -> String {
    format(text, SourceId(0)).unwrap_or_else(|errors| panic!("{errors:?} in\n{text}"))
}

#[test]
fn tokens_leave_nothing_out() {
    let text = "a \"b${c ? \"$${d}\" : <<E\n x ${ {e=1}[\"e\"] }\n E\n}\" # é\r\n/* f */ :: 1.5e-3 \u{1F600} $ %";
    let (tokens, blanks) = tokens::scan(text);
    let length: usize = tokens.iter().map(|it| it.blanks + it.text.len()).sum();
    assert_eq!(length + blanks, text.len());
}

#[test]
fn a_template_of_nothing_but_an_expression_is_the_expression() {
    for (old, new) in [
        ("\"${var.x}\"", "var.x"),
        ("\"${\"${var.x}\"}\"", "var.x"),
        ("\"${\n var.x\n}\"", "var.x"),
        ("\"${a ?\n b :\n c}\"", "(a ?\n    b :\n  c)"),
        ("\"${var.x} \"", "\"${var.x} \""),
        ("\"${a}${b}\"", "\"${a}${b}\""),
        ("\"%{if a}%{endif}\"", "\"%{if a}%{endif}\""),
    ] {
        let text = formatted(&format!("locals {{\n  x = {old}\n}}\n"));
        assert_eq!(text, format!("locals {{\n  x = {new}\n}}\n"));
        assert_eq!(formatted(&text), text);
    }
}

#[test]
fn comments_between_labels_stay() {
    let text = "resource /* why */ a 'b' {}\n".replace('\'', "\"");
    assert_eq!(formatted(&text), "resource /* why */ \"a\" \"b\" {}\n");
}

fn blank() -> impl Strategy<Value = &'static str> {
    prop::sample::select(vec!["", " ", "   ", "\t", " /* c */ "])
}

/// Expressions with blanks in odd places.
fn expression() -> impl Strategy<Value = String> {
    let leaf = prop::sample::select(vec![
        "1",
        "-2.5",
        "true",
        "var.x",
        "a[0].b",
        "xs[*].y",
        "\"text\"",
        "\"a ${var.x}  b\"",
        "\"%{if a~} yes  %{endif}\"",
        "<<E\n  keep   ${x}\n\tthis\nE\n",
        "\"é漢\"",
    ])
    .prop_map(str::to_owned);
    leaf.prop_recursive(4, 24, 4, |inner| {
        let list = prop::collection::vec((blank(), inner.clone()), 0..4).boxed();
        let operator = prop::sample::select(vec!["+", "-", "*", "==", "&&", "<", ">="]);
        // A heredoc ends its line, so that after each part the line may end.
        let sep = prop::sample::select(vec![",", ",\n", ", # c\n"]);
        prop_oneof![
            (list.clone(), sep, blank()).prop_map(|(items, sep, end)| {
                let items = items.into_iter().map(|(b, it)| format!("{b}{it}{sep}"));
                format!("[{}{end}]", items.collect::<String>())
            }),
            list.clone().prop_map(|items| {
                let items = items.into_iter().enumerate();
                let items = items.map(|(n, (b, it))| format!("{b}k{n}{b}={b}{it}\n"));
                format!("{{\n{}}}", items.collect::<String>())
            }),
            (inner.clone(), operator, inner.clone(), blank())
                .prop_map(|(one, with, other, b)| format!("({one}{b}{with}{b}{other})")),
            (inner.clone(), inner.clone(), blank())
                .prop_map(|(one, other, b)| format!("(var.x{b}?{b}{one}{b}:{b}{other})")),
            (list, blank()).prop_map(|(items, b)| {
                let items: Vec<_> = items.into_iter().map(|(_, it)| it).collect();
                format!("foo({b}{})", items.join(&format!("{b},")))
            }),
            (inner, blank()).prop_map(|(it, b)| format!("[for{b} x in y{b}:{b}{it}{b}]")),
        ]
    })
}

fn body() -> impl Strategy<Value = String> {
    let attribute = (blank(), expression(), blank());
    let end = prop::sample::select(vec!["\n", " # c\n", "\n\n", "// d\n"]);
    prop::collection::vec((attribute, end, any::<bool>()), 1..6).prop_map(|items| {
        let mut text = String::new();
        for (n, ((b, value, c), end, block)) in items.into_iter().enumerate() {
            // Nothing but the end of the line may follow a heredoc.
            let end = if value.ends_with('\n') { "" } else { end };
            let name = "x".repeat(n + 1);
            text += &format!("{b}{name}{c}={b}{value}{end}");
            if block {
                text += &format!("{b}block{n} \"é\"{c}{{\n{b}y={c}1\n{b}}}\n");
            }
        }
        text
    })
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, cases: 400, ..ProptestConfig::default() })]

    #[test]
    fn the_meaning_stays_and_once_is_enough(text in body()) {
        // A blank after the last item and the like are not always allowed; most texts are.
        prop_assume!(hcl::parse(&text).is_ok());
        let before = hcl::parse(&text).expect("it has been parsed");
        let once = formatted(&text);
        prop_assert_eq!(&hcl::parse(&once).expect("it is still HCL"), &before, "{}", once);
        let twice = formatted(&once);
        prop_assert_eq!(twice, once);
    }
}

/// YAML in odd forms: lines with their indentation.
fn yaml() -> impl Strategy<Value = String> {
    let scalar = prop::sample::select(vec![
        "1",
        "'it''s'",
        "\"a\\tb\"",
        "${var.x}",
        "no",
        "[a,  'b',{c: 1}]",
        "{ }",
        "|\n@ text  \n@   more\n",
        ">-\n@ a\n@ b\n",
        "&n x",
        "",
        "~",
        "plain  text",
    ]);
    let comment = prop::sample::select(vec!["", "", "   # c", " #d"]);
    let leaf = (scalar, comment).prop_map(|(scalar, comment)| match scalar.split_once('\n') {
        Some((header, rest)) => format!("{header}{comment}\n{rest}"),
        None => format!("{scalar}{comment}\n"),
    });
    leaf.prop_recursive(3, 20, 4, |inner| {
        let lead = prop::sample::select(vec!["", "", "\n\n\n", "# lead\n", "\n#lead\n\n"]);
        (
            prop::collection::vec((lead, inner), 1..4),
            any::<bool>(),
            1..4_usize,
        )
            .prop_map(|(entries, list, by)| {
                let entry = |(at, (lead, value)): (usize, (&str, String))| {
                    let name = if list {
                        "-".to_owned()
                    } else {
                        format!("k{at}:")
                    };
                    format!("{lead}{name} {value}")
                };
                let text: String = entries.into_iter().enumerate().map(entry).collect();
                let indented = text.lines().map(|line| match line {
                    "" => "\n".to_owned(),
                    line => format!("{}{line}\n", " ".repeat(by)),
                });
                format!("# of it\n{}", indented.collect::<String>())
            })
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn yaml_is_formatted_once_and_keeps_what_it_says(value in yaml()) {
        let text = format!("top: {value}").replace('@', "           ");
        // Not everything that is put together is YAML; what is, has a form.
        if crate::manifest::yaml::parse(&text, SourceId(0), "YAML").is_ok() {
            let once = super::yaml::format(&text, SourceId(0));
            let once = once.unwrap_or_else(|errors| panic!("{errors:?} in\n{text}"));
            prop_assert_eq!(super::yaml::format(&once, SourceId(0)), Ok(once.clone()), "from\n{}", text);
        }
    }
}
