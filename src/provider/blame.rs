//! Which attributes an error of the API may be about, by the parameters that it names.

use crate::{
    cloud::{ApiError, ApiErrorKind},
    schema::{Attribute, ResourceType, Type},
};

/// Returns the attribute that an error is most likely about.
pub(super) fn attribute(ty: &ResourceType, error: &ApiError) -> Option<String> {
    suspects(ty, error).into_iter().next()
}

/// Returns the attributes that an error may be about, the likeliest first: `data_disks.size`, or
/// `data_disks[1].size` where it says which.
///
/// What an error is about is known of most codes; else it is guessed from the code
/// (`InvalidVpcName.Malformed`) or the message (`The specified parameter "PortRange" is not valid.`).
pub fn suspects(ty: &ResourceType, error: &ApiError) -> Vec<String> {
    let mut paths = Vec::new();
    for parameter in error.parameters() {
        let action = Some(error.action.as_str());
        let of = |action| sent_as(ty.attributes, &parameter, action);
        if let Some(path) = of(action).or_else(|| of(None))
            && !paths.contains(&path)
        {
            paths.push(path);
        }
    }
    if paths.is_empty() {
        paths.extend(guess(ty, error));
    }
    paths
}

/// Returns the attribute that is sent as this very parameter: `DataDisk.N.Size`, `DataDisk.2.Size`.
fn sent_as(attributes: &[Attribute], parameter: &str, action: Option<&str>) -> Option<String> {
    attributes
        .iter()
        .filter(|one| one.name != "id")
        .find_map(|attribute| {
            let mut names = attribute
                .sent
                .iter()
                .filter(|(call, _)| action.is_none_or(|action| action == call.action))
                .map(|(_, name)| *name);
            names.find_map(|name| one_sent_as(attribute, name, parameter, action))
        })
}

fn one_sent_as(
    attribute: &Attribute,
    name: &str,
    parameter: &str,
    action: Option<&str>,
) -> Option<String> {
    let whole = !parameter.contains('.') && last(name).eq_ignore_ascii_case(parameter);
    if whole || name.eq_ignore_ascii_case(parameter) {
        return Some(attribute.name.to_owned());
    }
    let rest = parameter.strip_prefix(name)?.strip_prefix('.')?;
    let (Type::Blocks(nested, ..) | Type::BlockSet(nested, ..)) = attribute.ty else {
        return Some(attribute.name.to_owned());
    };
    let (number, inner) = rest.split_once('.')?;
    let index = match number.parse::<usize>() {
        Ok(number) => format!("[{}]", number.saturating_sub(1)),
        Err(_) => String::new(),
    };
    let inner = sent_as(nested, inner, action)?;
    Some(format!("{}{index}.{inner}", attribute.name))
}

fn guess(ty: &ResourceType, error: &ApiError) -> Option<String> {
    let words = candidates(error);
    let among = |action| {
        words
            .iter()
            .find_map(|word| find(ty.attributes, word, action))
    };
    // A parameter of this very action says more than one of another.
    among(Some(error.action.as_str()))
        .or_else(|| among(None))
        .or_else(|| in_prose(ty, error))
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
    !word.is_empty() && last(parameter).eq_ignore_ascii_case(word)
}

/// The part of a parameter that is a name: `PortRange` of `Permissions.1.PortRange`.
fn last(parameter: &str) -> &str {
    parameter
        .rsplit('.')
        .find(|part| part.parse::<u32>().is_err())
        .unwrap_or(parameter)
}

/// Looks for a parameter whose name the message spells out: `Specified CIDR block is not valid.`
fn in_prose(ty: &ResourceType, error: &ApiError) -> Option<String> {
    if !matches!(error.kind, ApiErrorKind::Invalid | ApiErrorKind::NotFound) {
        return None;
    }
    let message = squeezed(&error.message);
    let sent = ty.attributes.iter().flat_map(|attribute| {
        attribute
            .sent
            .iter()
            .map(move |(call, parameter)| (attribute, *call, *parameter))
    });
    sent.filter(|(attribute, call, _)| call.action == error.action && attribute.name != "id")
        .map(|(attribute, _, parameter)| (attribute, squeezed(last(parameter))))
        // Short names (`Tag`, `Size`) are words of any sentence.
        .filter(|(_, parameter)| parameter.len() >= 5 && message.contains(parameter.as_str()))
        .max_by_key(|(_, parameter)| parameter.len())
        .map(|(attribute, _)| attribute.name.to_owned())
}

fn squeezed(text: &str) -> String {
    text.chars()
        .filter(char::is_ascii_alphanumeric)
        .map(|letter| letter.to_ascii_lowercase())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schema::{Call, Service, call, resource, string};

    static MAKE: Call = call("Make");
    static ATTRIBUTES: &[Attribute] = &[
        string("thing_name", "Name.").sent(&[(&MAKE, "ThingName")]),
        string("cidr_block", "Range.").sent(&[(&MAKE, "CidrBlock")]),
        string("ports", "Ports.").sent(&[(&MAKE, "Permissions.1.PortRange")]),
    ];

    static THING: ResourceType = ResourceType {
        create: &[&MAKE],
        attributes: ATTRIBUTES,
        ..resource("test_thing", Service::Ecs, "A thing.")
    };

    fn blamed(code: &str, message: &str) -> String {
        let error = ApiError {
            kind: ApiErrorKind::Invalid,
            action: "Make".to_owned(),
            code: code.to_owned(),
            message: message.to_owned(),
            request_id: String::new(),
            status: 400,
            recommend: None,
        };
        attribute(&THING, &error).unwrap_or_default()
    }

    #[test]
    fn the_named_parameter_is_found() {
        assert_eq!(blamed("InvalidThingName.Malformed", ""), "thing_name");
        assert_eq!(blamed("InvalidParameter.CidrBlock", ""), "cidr_block");
        assert_eq!(blamed("MissingThingName", ""), "thing_name");
        let message = "The specified parameter \"PortRange\" is not valid.";
        assert_eq!(blamed("InvalidIpProtocol.Malformed", message), "ports");
        assert_eq!(
            blamed("InvalidParameter", "Specified CIDR block is not valid."),
            "cidr_block"
        );
        assert_eq!(blamed("InternalError", "Try it later."), "");
    }
}
