//! Where two answers differ, and where they are meant to.

use serde_json::Value as Json;

/// What is meant to differ from Terraform: the case, where in its answers, and why.
pub(super) const DIFFERENCES: &[(&str, &str, &str)] = &[];

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
        (Json::Array(left), Json::Array(right)) if place.ends_with("said") && left != right => {
            let only = |one: &[Json], another: &[Json]| {
                let lines = one.iter().filter(|line| !another.contains(line));
                lines
                    .map(|line| format!("\n      {line}"))
                    .collect::<String>()
            };
            all.push((place.clone(), only(left, right), only(right, left)));
        }
        _ if one != another => {
            all.push((place.clone(), one.to_string(), another.to_string()));
        }
        _ => {}
    }
}
