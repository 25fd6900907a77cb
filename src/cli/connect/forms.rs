//! The forms of what a provider block takes, as far as they can be told without asking anybody.

use std::net::IpAddr;

/// Whether a text can be a region's id.
pub(super) fn is_region(text: &str) -> bool {
    text.bytes()
        .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-')
}

/// Whether a text can be an account's number.
pub(super) fn is_number(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_digit())
}

/// Whether a text is an address of either version.
pub(super) fn is_address(text: &str) -> bool {
    text.parse::<IpAddr>().is_ok()
}

/// Whether a text is the ARN of one thing of a kind: `acs:ram::1234567890123456:role/deploy`.
pub(super) fn is_arn(text: &str, kind: &str) -> bool {
    let parts: Vec<&str> = text.splitn(5, ':').collect();
    let ["acs", "ram", "", account, thing] = parts[..] else {
        return false;
    };
    let name = thing
        .strip_prefix(kind)
        .and_then(|rest| rest.strip_prefix('/'));
    !account.is_empty() && is_number(account) && name.is_some_and(|name| !name.is_empty())
}

/// Whether a text can be a session's name.
pub(super) fn is_session(text: &str) -> bool {
    (2..=64).contains(&text.len())
        && text
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || b".@-_".contains(&byte))
}

/// Whether a text is an object in JSON.
pub(super) fn is_json(text: &str) -> bool {
    serde_json::from_str::<serde_json::Map<String, serde_json::Value>>(text).is_ok()
}
