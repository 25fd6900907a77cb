//! Checks of single values: names, descriptions, user data, devices, prices and times.

use base64::{Engine, prelude::BASE64_STANDARD};

use crate::model::{Number, Value};

/// The largest size of user data in bytes, before it is encoded.
const USER_DATA: usize = 16 * 1024;

/// Checks a name of an instance or a disk.
pub(in crate::resources) fn name(value: &Value) -> Result<(), String> {
    let Some(name) = value.as_str().filter(|name| !name.is_empty()) else {
        return Ok(());
    };
    let allowed = "a name has 2 to 128 characters, starts with a letter or a Chinese character, does \
                   not start with http:// or https://, and may contain digits, colons, underscores, \
                   hyphens and dots";
    let length = name.chars().count();
    let wrong = if !(2..=128).contains(&length) {
        Some(format!("it has {length}"))
    } else if name.starts_with("http://") || name.starts_with("https://") {
        Some("it starts with a URL scheme".to_owned())
    } else if !name.starts_with(char::is_alphabetic) {
        Some("it does not start with a letter".to_owned())
    } else {
        let odd = |c: &char| !c.is_alphanumeric() && !":_-.".contains(*c);
        name.chars().find(odd).map(|c| format!("it contains {c:?}"))
    };
    wrong.map_or(Ok(()), |wrong| {
        Err(format!(
            "{name:?} is not a valid name: {wrong}, but {allowed}."
        ))
    })
}

/// Checks a description.
pub(in crate::resources) fn description(value: &Value) -> Result<(), String> {
    let Some(text) = value.as_str().filter(|text| !text.is_empty()) else {
        return Ok(());
    };
    let length = text.chars().count();
    if !(2..=256).contains(&length) {
        return Err(format!(
            "The description has {length} characters, but 2 to 256 are allowed."
        ));
    }
    if text.starts_with("http://") || text.starts_with("https://") {
        return Err("A description must not start with http:// or https://.".to_owned());
    }
    Ok(())
}

/// Checks the form of an instance type.
pub(in crate::resources) fn instance_type(value: &Value) -> Result<(), String> {
    match value.as_str() {
        Some(text) if !text.is_empty() && !text.starts_with("ecs.") => Err(format!(
            "{text:?} is not an instance type: its name starts with \"ecs.\", like ecs.g7.large."
        )),
        _ => Ok(()),
    }
}

/// Checks the size of user data, as it is before it is encoded.
pub(in crate::resources::instance) fn user_data(value: &Value) -> Result<(), String> {
    let Some(text) = value.as_str() else {
        return Ok(());
    };
    let size = BASE64_STANDARD
        .decode(text)
        .map_or(text.len(), |raw| raw.len());
    if size > USER_DATA {
        return Err(format!(
            "The user data has {size} bytes before it is encoded, but at most {USER_DATA} are allowed."
        ));
    }
    Ok(())
}

/// Checks where a data disk is mounted: `/dev/xvdb` to `/dev/xvdz`, by either name of the device.
pub(in crate::resources::instance) fn device(value: &Value) -> Result<(), String> {
    let Some(text) = value.as_str().filter(|text| !text.is_empty()) else {
        return Ok(());
    };
    let letter = text
        .strip_prefix("/dev/xvd")
        .or_else(|| text.strip_prefix("/dev/vd"));
    if letter.is_some_and(|letter| matches!(letter.as_bytes(), [b'b'..=b'z'])) {
        return Ok(());
    }
    Err("A data disk is mounted at /dev/xvdb to /dev/xvdz.".to_owned())
}

/// Checks a price: above zero, with at most three decimals.
pub(in crate::resources::instance) fn spot_price_limit(value: &Value) -> Result<(), String> {
    let Value::Number(price) = value.unmarked() else {
        return Ok(());
    };
    let text = price.to_string();
    let decimals = text
        .split_once('.')
        .map_or(0, |(_, decimals)| decimals.len());
    if *price < Number::Int(0) {
        return Err(format!(
            "The price limit is {text}, but it must not be negative."
        ));
    }
    if decimals > 3 {
        return Err(format!(
            "The price limit {text} has {decimals} decimals, but at most three are allowed."
        ));
    }
    Ok(())
}

/// Checks a time in UTC, with or without seconds.
pub(in crate::resources::instance) fn release_time(value: &Value) -> Result<(), String> {
    let Some(text) = value.as_str().filter(|text| !text.is_empty()) else {
        return Ok(());
    };
    let parsed = text
        .strip_suffix('Z')
        .is_some_and(|local| local.parse::<jiff::civil::DateTime>().is_ok());
    if !parsed {
        return Err(format!(
            "{text:?} is not a time in UTC, like 2030-01-01T00:00:00Z."
        ));
    }
    Ok(())
}

/// Checks a full hour, as maintenance windows have it.
pub(in crate::resources::instance) fn hour(value: &Value) -> Result<(), String> {
    let Some(text) = value.as_str() else {
        return Ok(());
    };
    let valid = text
        .strip_suffix(":00:00")
        .is_some_and(|hour| hour.len() == 2 && hour.parse::<u8>().is_ok_and(|hour| hour < 24));
    if !valid {
        return Err(format!("{text:?} is not a full hour, like 02:00:00."));
    }
    Ok(())
}
