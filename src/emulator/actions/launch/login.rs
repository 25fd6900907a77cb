//! Names, host names, passwords, key pairs and user data of an order.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use crate::emulator::catalog::Image;
use crate::emulator::objects::Instance;
use crate::emulator::reply::{Refusal, refusal, refuse};
use crate::emulator::request::{Request, good_description, good_name};
use crate::emulator::world::World;

pub(super) fn read_names(
    request: &Request,
    image: &Image,
    instance: &mut Instance,
) -> Result<(), Refusal> {
    let malformed = |name: &str| {
        let text = format!("The specified parameter \"{name}\" is not valid.");
        refusal(400, &format!("Invalid{name}.Malformed"), text)
    };
    if let Some(name) = request.text("InstanceName") {
        if !good_name(name, 2) {
            return Err(malformed("InstanceName"));
        }
        instance.name = name.to_owned();
    }
    if let Some(description) = request.text("Description") {
        if !good_description(description) {
            return Err(malformed("Description"));
        }
        instance.description = description.to_owned();
    }
    let hosts = request.list("HostNames");
    for host in hosts
        .iter()
        .map(String::as_str)
        .chain(request.text("HostName"))
    {
        check_host_name(host, image.os_type == "windows")?;
    }
    instance.host_name = request.owned("HostName");
    Ok(())
}

/// A host name: labels of letters, digits and hyphens; Windows wants one short label that is not a number.
pub(in crate::emulator::actions) fn check_host_name(
    host: &str,
    windows: bool,
) -> Result<(), Refusal> {
    let label = |label: &str| {
        !label.is_empty()
            && !label.starts_with('-')
            && !label.ends_with('-')
            && !label.contains("--")
            && label
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
    };
    let holds = match windows {
        true => {
            (2..=15).contains(&host.len())
                && label(host)
                && !host.bytes().all(|byte| byte.is_ascii_digit())
        }
        false => (2..=64).contains(&host.len()) && host.split('.').all(label),
    };
    if holds {
        return Ok(());
    }
    let text = "The specified parameter \"HostName\" is not valid.";
    refuse(400, "InvalidHostName.Malformed", text)
}

/// A password: 8 to 30 characters of at least three kinds. CreateInstance's document wants all four.
pub(in crate::emulator::actions) fn check_password(
    password: &str,
    windows: bool,
) -> Result<(), Refusal> {
    const SPECIAL: &str = "()`~!@#$%^&*-_+=|{}[]:;'<>,.?/";
    let kinds = [
        password.contains(|c: char| c.is_ascii_lowercase()),
        password.contains(|c: char| c.is_ascii_uppercase()),
        password.contains(|c: char| c.is_ascii_digit()),
        password.contains(|c| SPECIAL.contains(c)),
    ];
    let known = password
        .chars()
        .all(|c| c.is_ascii_alphanumeric() || SPECIAL.contains(c));
    let holds = (8..=30).contains(&password.len())
        && known
        && kinds.iter().filter(|kind| **kind).count() >= 3
        && !(windows && password.starts_with('/'));
    if holds {
        return Ok(());
    }
    let text = "The specified parameter \"Password\" is not valid.";
    refuse(400, "InvalidPassword.Malformed", text)
}

pub(super) fn read_login(
    world: &World,
    request: &Request,
    image: &Image,
    instance: &mut Instance,
) -> Result<(), Refusal> {
    let windows = image.os_type == "windows";
    instance.password_inherit = request.flag("PasswordInherit");
    if let Some(password) = request.text("Password") {
        if instance.password_inherit {
            let text = "The input password should be null when passwdInherit is true.";
            return refuse(400, "InvalidPasswordParam.Mismatch", text);
        }
        check_password(password, windows)?;
        instance.has_password = true;
    }
    let Some(name) = request.text("KeyPairName").filter(|_| !windows) else {
        return Ok(());
    };
    if world
        .key_pairs
        .get(&format!("{}/{name}", instance.region))
        .is_none()
    {
        let text = "The specified parameter \"KeyPairName\" does not exist in our records.";
        return refuse(404, "InvalidKeyPairName.NotFound", text);
    }
    if !instance.io_optimized {
        let text = "The specified parameter \"KeyPairName\" only support IoOptimized Instance.";
        return refuse(400, "InvalidInstanceType.ValueNotSupported", text);
    }
    instance.key_pair = name.to_owned();
    instance.has_password = false;
    Ok(())
}

/// What only CreateInstance's document says: passwords of all four kinds, shorter tag keys, fewer values.
pub(super) fn check_older_rules(request: &Request, instance: &Instance) -> Result<(), Refusal> {
    if let Some(password) = request.text("Password") {
        let all = [
            password.contains(|c: char| c.is_ascii_lowercase()),
            password.contains(|c: char| c.is_ascii_uppercase()),
            password.contains(|c: char| c.is_ascii_digit()),
            password.contains(|c: char| !c.is_ascii_alphanumeric()),
        ];
        if all.contains(&false) {
            let text = "The specified parameter \"Password\" is not valid.";
            return refuse(400, "InvalidPassword.Malformed", text);
        }
    }
    if instance.tags.keys().any(|key| key.chars().count() > 64) {
        let text = "The specified Tag.n.Key is not valid.";
        return refuse(400, "InvalidTagKey.Malformed", text);
    }
    if instance
        .tags
        .values()
        .any(|value| value.to_ascii_lowercase().starts_with("aliyun"))
    {
        let text = "The specified Tag.n.Value is not valid.";
        return refuse(400, "InvalidTagValue.Malformed", text);
    }
    Ok(())
}

/// User data: base64 of at most 16 KiB.
pub(in crate::emulator::actions) fn check_user_data(
    user_data: &str,
    io_optimized: bool,
) -> Result<(), Refusal> {
    if !io_optimized {
        let text =
            "The specified parameter \"UserData\" only support the vpc and IoOptimized Instance.";
        return refuse(400, "InvalidUserData.NotSupported", text);
    }
    match STANDARD.decode(user_data) {
        Err(_) => {
            let text = "The specified parameter UserData must be base64 encoded.";
            refuse(400, "InvalidUserData.Base64FormatInvalid", text)
        }
        Ok(raw) if raw.len() > 16 * 1024 => {
            let text = "The specified parameter UserData exceeds the size limit.";
            refuse(400, "InvalidUserData.SizeExceeded", text)
        }
        Ok(_) => Ok(()),
    }
}
