//! The builtin `random_*`.

use super::{LIFE, Life, keep, lead, replace};

/// What strings and passwords have.
macro_rules! characters {
    ($kind:literal) => {
        Life {
            kind: $kind,
            base: &[("length", "12")],
            steps: &[
                replace(&[("length", "20")]),
                replace(&[("keepers", "{ release = \"1\" }")]),
                keep(&[("keepers", "{ release = \"1\", nothing = null }")]),
                replace(&[("keepers", "")]),
                replace(&[("lower", "false")]),
                replace(&[("upper", "false")]),
                replace(&[("special", "false")]),
                replace(&[("lower", ""), ("numeric", "false")]),
                keep(&[("numeric", ""), ("number", "false")]),
                replace(&[("number", "true")]),
                replace(&[("upper", ""), ("min_upper", "2")]),
                replace(&[("min_lower", "2")]),
                replace(&[("min_numeric", "2")]),
                replace(&[("special", ""), ("min_special", "2")]),
                replace(&[("override_special", "\"-_é\"")]),
                keep(&[("lower", "true")]),
            ],
            ..LIFE
        }
    };
}

pub(super) const LIVES: &[Life] = &[
    characters!("random_string"),
    characters!("random_password"),
    Life {
        kind: "random_integer",
        base: &[("min", "1"), ("max", "3")],
        steps: &[
            replace(&[("min", "-5")]),
            replace(&[
                ("max", "9223372036854775807"),
                ("min", "-9223372036854775808"),
            ]),
            replace(&[("seed", "\"a\"")]),
            replace(&[("keepers", "{ a = \"1\" }")]),
        ],
        ..LIFE
    },
    Life {
        kind: "random_id",
        base: &[("byte_length", "8")],
        steps: &[
            replace(&[("byte_length", "4")]),
            replace(&[("prefix", "\"web-\"")]),
            keep(&[("keepers", "{}")]),
            replace(&[("keepers", "{ a = \"1\" }")]),
            replace(&[("keepers", "{ a = \"2\" }")]),
        ],
        ..LIFE
    },
    Life {
        kind: "random_bytes",
        base: &[("length", "32")],
        steps: &[
            replace(&[("length", "1")]),
            replace(&[("keepers", "{ a = \"1\" }")]),
        ],
        ..LIFE
    },
    Life {
        kind: "random_uuid",
        base: &[],
        steps: &[replace(&[("keepers", "{ a = \"1\" }")])],
        ..LIFE
    },
    Life {
        kind: "random_pet",
        base: &[],
        steps: &[
            keep(&[("length", "2"), ("separator", "\"-\"")]),
            replace(&[("length", "4")]),
            replace(&[("separator", "\"_\"")]),
            replace(&[("prefix", "\"web\"")]),
            replace(&[("keepers", "{ a = \"1\" }")]),
        ],
        ..LIFE
    },
    Life {
        kind: "random_shuffle",
        base: &[("input", "[\"a\", \"b\", \"c\"]")],
        steps: &[
            replace(&[("input", "[\"a\", \"b\"]")]),
            replace(&[("result_count", "1")]),
            replace(&[("seed", "\"a\"")]),
            replace(&[("keepers", "{ a = \"1\" }")]),
        ],
        ..LIFE
    },
];

#[test]
fn random_values() {
    LIVES.iter().for_each(lead);
}
