//! Tags: how many, and their form.

use super::{Problem, hinted, problem};
use crate::model::Object;

/// The largest number of tags of one resource.
const TAGS: usize = 20;
/// The largest number of characters of a tag's key.
const TAG_KEY: usize = 64;
/// The largest number of characters of a tag's value.
const TAG_VALUE: usize = 128;
/// What no tag may start with.
const RESERVED: &[&str] = &["aliyun", "acs:", "http://", "https://"];

/// How many tags, and their form.
pub(super) fn tags(object: &Object) -> Vec<Problem> {
    ["tags", "volume_tags"]
        .into_iter()
        .filter_map(|name| Some((name, object.get(name)?.as_object()?)))
        .flat_map(|(name, tags)| tag_problems(name, tags))
        .collect()
}

fn tag_problems(path: &str, tags: &Object) -> Vec<Problem> {
    let mut problems = Vec::new();
    if tags.len() > TAGS {
        problems.push(hinted(
            problem(
                path,
                "Too many tags",
                format!(
                    "{} tags are given, but at most {TAGS} are allowed.",
                    tags.len()
                ),
            ),
            "Remove some of them.",
        ));
    }
    for (key, value) in tags.iter() {
        // A sensitive value is checked, and not repeated.
        let wrong = wrong_tag("key", key, 1, TAG_KEY).or_else(|| {
            let text = value.as_str()?;
            wrong_tag("value", text, 0, TAG_VALUE)
        });
        problems.extend(wrong.map(|wrong| {
            hinted(
                problem(path, "Invalid tag", format!("Tag {key:?}: {wrong}.")),
                "Shorten or rename it.",
            )
        }));
    }
    problems
}

fn wrong_tag(part: &str, text: &str, least: usize, most: usize) -> Option<String> {
    let length = text.chars().count();
    if !(least..=most).contains(&length) {
        return Some(format!(
            "the {part} has {length} characters, but {least} to {most} are allowed"
        ));
    }
    RESERVED
        .iter()
        .find(|prefix| text.starts_with(**prefix))
        .map(|prefix| format!("the {part} must not start with {prefix}"))
}
