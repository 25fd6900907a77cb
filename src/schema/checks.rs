//! Checks in code that several tables share.

use crate::model::Value;

/// At most 20 tags per resource; keys of 1 to 128 characters that are not the cloud's own; values of at
/// most 128 characters.
pub fn tags(value: &Value) -> Result<(), String> {
    let Some(tags) = value.as_object() else {
        return Ok(());
    };
    if tags.len() > 20 {
        return Err(format!(
            "There can be at most 20 tags, and there are {}.",
            tags.len()
        ));
    }
    for (key, value) in tags.iter() {
        let length = key.chars().count();
        if !(1..=128).contains(&length) {
            return Err(format!(
                "A tag's key must be 1 to 128 characters long, and one has {length}."
            ));
        }
        if ["aliyun", "acs:"]
            .iter()
            .any(|prefix| key.starts_with(prefix))
            || key.contains("http://")
            || key.contains("https://")
        {
            return Err(format!(
                "The key \"{key}\" is reserved: keys start neither with \"aliyun\" nor with \"acs:\", and have no \"http://\" or \"https://\" in them."
            ));
        }
        if value
            .as_str()
            .is_some_and(|text| text.chars().count() > 128)
        {
            return Err(format!(
                "The value of the tag \"{key}\" is longer than 128 characters."
            ));
        }
    }
    Ok(())
}

/// A name of letters, digits, and `:`, `_`, `.`, `-`.
pub fn plain_characters(value: &Value) -> Result<(), String> {
    let plain = |c: char| c.is_alphanumeric() || ":_.-".contains(c);
    match value
        .as_str()
        .and_then(|text| text.chars().find(|c| !plain(*c)))
    {
        Some(c) => Err(format!(
            "It can have letters, digits, colons, underscores, periods and hyphens in it, and it has {c:?}."
        )),
        None => Ok(()),
    }
}

/// A name that starts with a letter.
pub fn starts_with_letter(value: &Value) -> Result<(), String> {
    match value.as_str().and_then(|text| text.chars().next()) {
        Some(first) if !first.is_alphabetic() => Err("It must start with a letter.".to_owned()),
        _ => Ok(()),
    }
}

/// A description: none, or 2 to 256 characters.
pub fn two_or_none(value: &Value) -> Result<(), String> {
    let length = value.as_str().map_or(0, |text| text.chars().count());
    match length {
        0 | 2..=256 => Ok(()),
        _ => Err(format!(
            "It must be 2 to 256 characters long, and it is {length}."
        )),
    }
}
