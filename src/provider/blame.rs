//! Which attribute an error of the API is about, by the parameter that it names.

use crate::{
    cloud::ApiError,
    schema::{Attribute, ResourceType, Type},
};

/// Returns the attribute whose parameter the error names, by its code (`InvalidVpcName.Malformed`,
/// `InvalidParameter.CidrBlock`) or by its message (`The specified parameter "PortRange" is not valid.`).
pub(super) fn attribute(ty: &ResourceType, error: &ApiError) -> Option<String> {
    let words = candidates(error);
    // A parameter of this very action says more than one of another.
    let found = words
        .iter()
        .find_map(|word| find(ty.attributes, word, Some(&error.action)));
    found.or_else(|| {
        words
            .iter()
            .find_map(|word| find(ty.attributes, word, None))
    })
}

/// Words that may be parameter names, the likeliest first.
fn candidates(error: &ApiError) -> Vec<String> {
    let mut words = Vec::new();
    let mut segments = error.code.split('.');
    let first = segments.next().unwrap_or_default();
    for prefix in ["Invalid", "Missing", "Incorrect", ""] {
        if let Some(word) = first.strip_prefix(prefix)
            && !["", "Parameter", "Operation"].contains(&word)
        {
            words.push(word.to_owned());
        }
    }
    words.extend(segments.map(str::to_owned));
    // Every second piece between quotes is inside them.
    let quoted = error
        .message
        .split('"')
        .skip(1)
        .step_by(2)
        .filter(|word| word.len() <= 64);
    words.extend(quoted.map(str::to_owned));
    words
}

fn find(attributes: &[Attribute], word: &str, action: Option<&str>) -> Option<String> {
    for attribute in attributes {
        let hit = attribute.sent.iter().any(|(call, name)| {
            action.is_none_or(|action| action == call.action) && names(name, word)
        });
        // The object's own id is not what somebody wrote wrongly.
        if hit && attribute.name != "id" {
            return Some(attribute.name.to_owned());
        }
        if let Type::Blocks(nested, ..) | Type::BlockSet(nested, ..) = attribute.ty
            && let Some(inner) = find(nested, word, action)
        {
            return Some(format!("{}.{inner}", attribute.name));
        }
    }
    None
}

/// Whether a word is a parameter's name: whole, or its last part.
fn names(parameter: &str, word: &str) -> bool {
    let word = word.rsplit('.').next().unwrap_or(word);
    let last = parameter
        .rsplit('.')
        .find(|part| part.parse::<u32>().is_err());
    last.is_some_and(|last| last.eq_ignore_ascii_case(word))
}
