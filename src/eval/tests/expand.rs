//! `count` and `for_each`.

use super::{World, parse};
use crate::eval::expand::{Expansion, expand};

fn count(text: &str) -> Result<Expansion, String> {
    expand(Some(&parse::expression(text)), None, &World).map_err(|error| error.detail)
}

fn for_each(text: &str) -> Result<Expansion, String> {
    expand(None, Some(&parse::expression(text)), &World).map_err(|error| error.detail)
}

#[test]
fn counts() {
    assert_eq!(expand(None, None, &World).unwrap(), Expansion::Single);
    assert_eq!(count("3").unwrap(), Expansion::Count(3));
    assert_eq!(count("\"2\"").unwrap(), Expansion::Count(2));
    for (text, problem) in [
        ("-1", "greater than or equal to zero"),
        ("1.5", "whole number"),
        ("null", "is null"),
        ("\"a\"", "a number is required"),
        ("length(vpc.new.list)", "cannot be determined until apply"),
        ("99999999999", "more than"),
        ("1e30", "whole number"),
    ] {
        let error = count(text).unwrap_err();
        assert!(error.contains(problem), "{text}: {error}");
    }
}

#[test]
fn keys() {
    let keys = |text: &str| match for_each(text).unwrap() {
        Expansion::ForEach(pairs) => {
            let shown = pairs
                .iter()
                .map(|(key, value)| format!("{key}={}", super::show(value)));
            shown.collect::<Vec<_>>().join(" ")
        }
        other => panic!("{other:?}"),
    };
    assert_eq!(keys("{b=1, a=vpc.new.id}"), "a=unknown string b=1");
    assert_eq!(keys("toset([\"b\", \"a\"])"), "a=\"a\" b=\"b\"");
    assert_eq!(keys("{}"), "");
    for (text, problem) in [
        ("[\"a\"]", "value of type tuple"),
        ("null", "is null"),
        ("var.sm", "Sensitive values"),
        ("toset([1, 2])", "a set containing type number"),
        ("toset([\"a\", null])", "null values"),
        ("toset([vpc.new.id])", "cannot be determined until apply"),
        ("vpc.new.any", "cannot be determined until apply"),
        ("\"a\"", "value of type string"),
    ] {
        let error = for_each(text).unwrap_err();
        assert!(error.contains(problem), "{text}: {error}");
    }
}
