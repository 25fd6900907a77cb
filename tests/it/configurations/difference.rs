//! Where two answers differ, and where they are meant to.

use serde_json::Value as Json;

/// What is meant to differ from Terraform: the case, where in its answers, and why.
pub(super) const DIFFERENCES: &[(&str, &str, &str)] = &[];

/// Summaries of errors that Terraform has because of others; where they stand alone, ours are compared.
const FOLLOWING: &[&str] = &[
    "Zero assert blocks",
    "Invalid multi-line string",
    "Quoted references are deprecated",
];

/// Finds where two answers differ: a path of names, and what each has there.
pub(super) fn differences(
    one: &Json,
    another: &Json,
    place: &mut String,
    all: &mut Vec<(String, String, String)>,
) {
    let length = place.len();
    match (one, another) {
        (Json::Object(left), Json::Object(right)) => {
            let names = left
                .keys()
                .chain(right.keys().filter(|it| !left.contains_key(*it)));
            for name in names {
                place.push('/');
                place.push_str(name);
                let missing = &Json::String("(nothing)".to_owned());
                let (left, right) = (left.get(name), right.get(name));
                differences(
                    left.unwrap_or(missing),
                    right.unwrap_or(missing),
                    place,
                    all,
                );
                place.truncate(length);
            }
        }
        (Json::Array(left), Json::Array(right))
            if left.len() == right.len() && !place.ends_with("said") =>
        {
            for (at, (left, right)) in left.iter().zip(right).enumerate() {
                place.push_str(&format!("/{at}"));
                differences(left, right, place, all);
                place.truncate(length);
            }
        }
        (Json::Array(left), Json::Array(right)) if place.ends_with("said") => {
            if let Some((left, right)) = said(left, right) {
                all.push((place.clone(), left, right));
            }
        }
        _ if one != another => {
            all.push((place.clone(), one.to_string(), another.to_string()));
        }
        _ => {}
    }
}

/// Compares diagnostics by their places. Of several that Terraform has for a line, those that follow from the
/// first need not be ours, and where it names no place, ours may.
fn said(theirs: &[Json], ours: &[Json]) -> Option<(String, String)> {
    let parts = |line: &Json| {
        let (place, summary) = line.as_str().unwrap().split_once(": ").unwrap();
        (place.to_owned(), summary.to_owned())
    };
    let theirs: Vec<(String, String)> = theirs.iter().map(parts).collect();
    let ours: Vec<(String, String)> = ours.iter().map(parts).collect();
    let nowhere = |place: &str| place.ends_with(" -");
    let agree = |(place, summary): &(String, String),
                 (our_place, our_summary): &(String, String)| {
        summary == our_summary && (place == our_place || nowhere(place))
    };
    let met = |one: &&(String, String)| ours.iter().any(|our| agree(one, our));
    let missing = theirs.iter().filter(|one| {
        let same_place = theirs.iter().filter(|it| it.0 == one.0);
        let follows = FOLLOWING.contains(&&*one.1);
        !met(one) && !follows && (nowhere(&one.0) || !same_place.into_iter().any(|it| met(&it)))
    });
    let surplus = ours
        .iter()
        .filter(|our| !theirs.iter().any(|one| agree(one, our)));
    let list = |all: Vec<&(String, String)>| {
        let line = |it: &&(String, String)| format!("\n      {}: {}", it.0, it.1);
        all.iter().map(line).collect::<String>()
    };
    let (missing, surplus) = (list(missing.collect()), list(surplus.collect()));
    (!missing.is_empty() || !surplus.is_empty()).then_some((missing, surplus))
}
