//! What is made is as it was asked for.

use std::collections::BTreeSet;

use super::{dice::Dice, *};
use crate::schema::propose;

fn made(kind: Kind, arguments: &[(&str, Value)]) -> Object {
    let arguments = arguments
        .iter()
        .map(|(name, value)| ((*name).to_owned(), value.clone()));
    let arguments: Object = arguments.collect();
    let desired = propose(kind.ty, None, None, &arguments, &|text| text.to_owned()).after;
    let made = kind.hooks.make.unwrap()(&desired).unwrap();
    assert!(made.values().all(Value::is_wholly_known), "{made:?}");
    made
}

#[test]
fn characters_are_of_their_classes() {
    let count = |text: &str, class: fn(&char) -> bool| text.chars().filter(class).count();
    let special = |c: &char| "!@#$%&*()-_=+[]{}<>:?".contains(*c);
    for length in [8_i64, 9, 40] {
        let arguments = [
            ("length", Value::int(length)),
            ("min_lower", Value::int(1)),
            ("min_upper", Value::int(2)),
            ("min_numeric", Value::int(3)),
            ("min_special", Value::int(2)),
        ];
        let text = text(&made(STRING, &arguments), "result").to_owned();
        assert_eq!(text.chars().count() as i64, length);
        assert!(count(&text, char::is_ascii_lowercase) >= 1, "{text}");
        assert!(count(&text, char::is_ascii_uppercase) >= 2, "{text}");
        assert!(count(&text, char::is_ascii_digit) >= 3, "{text}");
        assert!(count(&text, special) >= 2, "{text}");
    }
    let only = |name: &'static str| {
        let mut arguments = vec![
            ("length", Value::int(200)),
            ("override_special", "é€".into()),
        ];
        for other in ["lower", "upper", "numeric", "special"] {
            arguments.push((other, Value::Bool(other == name)));
        }
        text(&made(STRING, &arguments), "result").to_owned()
    };
    assert!(only("lower").chars().all(|c| c.is_ascii_lowercase()));
    assert!(only("upper").chars().all(|c| c.is_ascii_uppercase()));
    assert!(only("numeric").chars().all(|c| c.is_ascii_digit()));
    assert!(only("special").chars().all(|c| "é€".contains(c)));
}

#[test]
fn a_thousand_are_a_thousand() {
    let length = ("length", Value::int(16));
    for (kind, arguments, name) in [
        (STRING, vec![length], "result"),
        (ID, vec![("byte_length", Value::int(16))], "hex"),
        (UUID, vec![], "result"),
        (BYTES, vec![("length", Value::int(16))], "base64"),
        (PET, vec![("length", Value::int(8))], "id"),
    ] {
        let all: BTreeSet<String> = (0..1000)
            .map(|_| text(&made(kind, &arguments), name).to_owned())
            .collect();
        assert_eq!(all.len(), 1000, "{}", kind.ty.name);
    }
}

#[test]
fn a_password_has_its_hash() {
    let made = made(PASSWORD, &[("length", Value::int(100))]);
    let (result, hash) = (text(&made, "result"), text(&made, "bcrypt_hash"));
    assert!(bcrypt::verify(&result.as_bytes()[..72], hash).unwrap());
    assert!(made.get("result").unwrap().is_sensitive());
    assert_eq!(text(&made, "id"), "none");
}

#[test]
fn numbers_are_of_their_range() {
    let all: BTreeSet<i64> = (0..1000)
        .map(|_| {
            number(
                &made(INTEGER, &[("min", Value::int(-1)), ("max", Value::int(2))]),
                "result",
            )
        })
        .collect();
    assert_eq!(Vec::from_iter(all), [-1, 0, 1, 2]);
    let whole = [("min", Value::int(i64::MIN)), ("max", Value::int(i64::MAX))];
    let all: BTreeSet<i64> = (0..100)
        .map(|_| number(&made(INTEGER, &whole), "result"))
        .collect();
    assert_eq!(all.len(), 100);
    let one = [("min", Value::int(7)), ("max", Value::int(7))];
    assert_eq!(number(&made(INTEGER, &one), "result"), 7);
}

#[test]
fn a_seed_is_a_promise() {
    let arguments = |seed: &'static str| {
        [
            ("min", Value::int(1)),
            ("max", Value::int(50_000)),
            ("seed", seed.into()),
        ]
    };
    let of = |seed| number(&made(INTEGER, &arguments(seed)), "result");
    assert_eq!(of("web"), of("web"));
    assert_ne!(of("web"), of("web2"));
    let input = Value::list(["a", "b", "c", "d", "e"].map(Value::from).to_vec());
    let arguments = [
        ("input", input),
        ("seed", "web".into()),
        ("result_count", Value::int(12)),
    ];
    let result = made(SHUFFLE, &arguments).get("result").cloned().unwrap();
    assert_eq!(Some(&result), made(SHUFFLE, &arguments).get("result"));
    let items = result.as_list().unwrap();
    assert_eq!(items.len(), 12);
    for round in items.chunks_exact(5) {
        let texts: BTreeSet<&str> = round.iter().filter_map(Value::as_str).collect();
        assert_eq!(texts.len(), 5);
    }
}

#[test]
fn nothing_shuffled_is_nothing() {
    let arguments = [
        ("input", Value::list(Vec::new())),
        ("result_count", Value::int(3)),
    ];
    let result = made(SHUFFLE, &arguments).get("result").cloned().unwrap();
    assert_eq!(result.as_list(), Some(&[][..]));
}

#[test]
fn names_have_their_words() {
    let of = |arguments: &[(&str, Value)]| text(&made(PET, arguments), "id").to_owned();
    assert_eq!(of(&[]).split('-').count(), 2);
    let long = of(&[
        ("length", Value::int(4)),
        ("separator", "_".into()),
        ("prefix", "web".into()),
    ]);
    assert_eq!(long.split('_').count(), 5);
    assert!(long.starts_with("web_"), "{long}");
    let words = [words::ADVERBS, words::ADJECTIVES, words::ANIMALS];
    for list in words {
        let unique: BTreeSet<&str> = list.iter().copied().collect();
        assert_eq!(unique.len(), list.len());
        let plain = |word: &&str| word.bytes().all(|byte| byte.is_ascii_lowercase());
        assert!(list.iter().all(plain));
    }
}

#[test]
fn dice_are_fair() {
    let mut dice = Dice::of("any");
    let mut seen = [0_u32; 6];
    for _ in 0..6000 {
        seen[dice.place(6).unwrap()] += 1;
    }
    assert!(
        seen.iter().all(|count| (850..1150).contains(count)),
        "{seen:?}"
    );
}

#[test]
fn keepers_that_say_nothing_are_none() {
    let keepers = |entries: &[(&'static str, Value)]| {
        let map: Object = entries.iter().cloned().collect();
        Object::from_iter([("keepers", Value::map(map))])
    };
    let same = |before: &Object, after: &Object| same_keepers(before, after);
    let (one, two) = (("a", Value::from("1")), ("b", Value::Null));
    let both = keepers(&[one.clone(), two.clone()]);
    assert!(same(&keepers(std::slice::from_ref(&one)), &both));
    assert!(!same(&both, &keepers(std::slice::from_ref(&one))));
    assert!(!same(
        &keepers(std::slice::from_ref(&one)),
        &keepers(&[("a", "2".into())])
    ));
    assert!(same(&Object::new(), &keepers(&[two])));
    let unknown = Object::from_iter([("keepers", Value::UNKNOWN)]);
    assert!(!same(&keepers(&[one]), &unknown));
}
