//! Differences of an instance that are none: each function gets the state and the merged new
//! values, and says whether to ignore the difference.

use crate::model::{Object, Value};

pub(super) use crate::schema::encoded;

fn text<'a>(object: &'a Object, name: &str) -> &'a str {
    object.get(name).and_then(Value::as_str).unwrap_or_default()
}

fn unknown(object: &Object, name: &str) -> bool {
    object.get(name).is_some_and(Value::is_unknown)
}

pub(super) fn prepaid(_: &Object, new: &Object) -> bool {
    text(new, "instance_charge_type") == "PrePaid"
}

pub(super) fn not_prepaid(_: &Object, new: &Object) -> bool {
    text(new, "instance_charge_type") != "PrePaid" && !unknown(new, "instance_charge_type")
}

pub(super) fn not_renewed(old: &Object, new: &Object) -> bool {
    not_prepaid(old, new) || text(new, "renewal_status") != "AutoRenewal"
}

pub(super) fn no_price_limit(old: &Object, new: &Object) -> bool {
    prepaid(old, new) || text(new, "spot_strategy") != "SpotWithPriceLimit"
}

pub(super) fn without_bandwidth(_: &Object, new: &Object) -> bool {
    new.get("internet_max_bandwidth_out")
        .is_none_or(|value| !value.is_unknown() && value.as_int().unwrap_or(0) <= 0)
}

/// A password that is given as it is has precedence.
pub(super) fn password_given(_: &Object, new: &Object) -> bool {
    !text(new, "password").is_empty() || unknown(new, "password")
}

pub(super) fn not_encrypted(_: &Object, new: &Object) -> bool {
    text(new, "kms_encrypted_password").is_empty() && !unknown(new, "kms_encrypted_password")
}

pub(super) fn not_essd(_: &Object, new: &Object) -> bool {
    text(new, "system_disk_category") != "cloud_essd"
}

/// The mode counts when the instance is stopped, and at no other time.
pub(super) fn not_stopping(old: &Object, new: &Object) -> bool {
    text(new, "status") != "Stopped" || text(old, "status") == "Stopped"
}

fn from_template(object: &Object) -> bool {
    !text(object, "launch_template_id").is_empty()
        || !text(object, "launch_template_name").is_empty()
}

/// Clearing it while a launch template sets it.
pub(super) fn deployment_set(_: &Object, new: &Object) -> bool {
    from_template(new)
        && text(new, "deployment_set_id").is_empty()
        && !unknown(new, "deployment_set_id")
}

/// Labels that the launch template gave, while none are configured.
pub(super) fn tags(_: &Object, new: &Object) -> bool {
    from_template(new) && crate::schema::is_unset(new, "tags")
}

/// The same bytes, encoded or not.
pub(super) fn user_data(old: &Object, new: &Object) -> bool {
    if unknown(new, "user_data") {
        return false;
    }
    let (old_text, new_text) = (text(old, "user_data"), text(new, "user_data"));
    (from_template(new) && new_text.is_empty()) || encoded(old_text) == encoded(new_text)
}

/// Reads a time in UTC, with or without seconds.
pub(in crate::resources) fn moment(text: &str) -> Option<jiff::civil::DateTime> {
    text.strip_suffix('Z')?.parse().ok()
}

/// The same moment: the API may answer without seconds.
pub(super) fn release_time(old: &Object, new: &Object) -> bool {
    if unknown(new, "auto_release_time") {
        return false;
    }
    let (old_text, new_text) = (
        text(old, "auto_release_time"),
        text(new, "auto_release_time"),
    );
    prepaid(old, new)
        || moment(old_text).is_some_and(|old| moment(new_text) == Some(old))
        || (new_text.is_empty() && from_template(new))
}
