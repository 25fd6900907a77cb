//! How one gets in: the host name, the password, and the key pair.

use super::{Problem, System, create, flag, hinted, is_set, problem, system, text};
use crate::model::Object;

/// The characters that count as special in a password.
const SPECIAL: &str = "()`~!@#$%^&*-_+=|{}[]:;'‘<>,.?/";

/// The host name by operating system.
pub(super) fn host_name(object: &Object) -> Vec<Problem> {
    let Some(name) = text(object, "host_name") else {
        return Vec::new();
    };
    let windows = system(object) == System::Windows;
    let most = if windows { 15 } else { 64 };
    let length = name.chars().count();
    let allowed = |c: char| c.is_ascii_alphanumeric() || c == '-' || (c == '.' && !windows);
    let edge = |c: char| c == '.' || c == '-';
    let wrong = if !(2..=most).contains(&length) {
        format!("It has {length} characters, but 2 to {most} are allowed")
    } else if let Some(c) = name.chars().find(|c| !allowed(*c)) {
        let dots = if windows { "" } else { ", dots" };
        format!("It contains {c:?}, but only letters, digits{dots} and hyphens are allowed")
    } else if name.starts_with(edge) || name.ends_with(edge) {
        "It must not start or end with a dot or a hyphen".to_owned()
    } else if name
        .as_bytes()
        .windows(2)
        .any(|two| two.iter().all(|c| edge(char::from(*c))))
    {
        "Dots and hyphens must not follow each other".to_owned()
    } else if windows && name.bytes().all(|c| c.is_ascii_digit()) {
        "It must not consist of digits only".to_owned()
    } else {
        return Vec::new();
    };
    let of = if windows {
        " of a Windows instance"
    } else {
        ""
    };
    vec![hinted(
        problem(
            "host_name",
            "Invalid host name",
            format!("{name:?} cannot be the host name{of}. {wrong}."),
        ),
        "Use letters, digits and single hyphens, like web-1.",
    )]
}

/// The password's form, and what it excludes.
pub(super) fn password(object: &Object) -> Vec<Problem> {
    let mut problems = Vec::new();
    let given = ["password", "password_wo", "kms_encrypted_password"]
        .into_iter()
        .find(|name| is_set(object, name));
    if let Some(given) = given.filter(|_| flag(object, "password_inherit")) {
        problems.push(hinted(
            problem(
                "password_inherit",
                "Two passwords",
                format!(
                    "password_inherit takes the password of the image, but {given} is set too."
                ),
            ),
            &format!("Remove {given}, or set password_inherit to false."),
        ));
    }
    let written = ["password", "password_wo"];
    let written = written
        .into_iter()
        .find_map(|name| Some((name, text(object, name)?)));
    let Some((name, password)) = written else {
        return problems;
    };
    let remedy = "Use 8 to 30 characters with upper-case and lower-case letters, digits and special characters.";
    // What RunInstances makes may lack one kind; the document of CreateInstance asks for all four.
    let lacking = usize::from(create::by_run(object));
    if let Some(wrong) = wrong_password(password, lacking, system(object)) {
        problems.push(hinted(problem(name, "Invalid password", wrong), remedy));
    }
    problems
}

/// Says what is wrong with a password that may lack so many kinds of characters, without repeating it.
fn wrong_password(password: &str, lacking: usize, system: System) -> Option<String> {
    let length = password.chars().count();
    if !(8..=30).contains(&length) {
        return Some(format!(
            "The password has {length} characters, but 8 to 30 are allowed."
        ));
    }
    let special = |c: char| SPECIAL.contains(c);
    if password
        .chars()
        .any(|c| !c.is_ascii_alphanumeric() && !special(c))
    {
        return Some(format!(
            "The password has a character that is neither a letter of the English alphabet, nor a digit, nor one of {SPECIAL}"
        ));
    }
    let missing = missing_kinds(password);
    if missing.len() > lacking {
        return Some(format!("The password lacks {}.", missing.join(" and ")));
    }
    (system == System::Windows && password.starts_with('/'))
        .then(|| "The password of a Windows instance must not start with a slash.".to_owned())
}

/// The kinds of characters that a password does not have.
fn missing_kinds(password: &str) -> Vec<&'static str> {
    let has = |kind: fn(char) -> bool| password.chars().any(kind);
    [
        ("an upper-case letter", has(|c| c.is_ascii_uppercase())),
        ("a lower-case letter", has(|c| c.is_ascii_lowercase())),
        ("a digit", has(|c| c.is_ascii_digit())),
        ("a special character", has(|c| SPECIAL.contains(c))),
    ]
    .into_iter()
    .filter(|(_, has)| !has)
    .map(|(kind, _)| kind)
    .collect()
}

/// Key pairs are for Linux, where they leave a password without effect.
pub(super) fn key(object: &Object) -> Vec<Problem> {
    if is_set(object, "key_name") && is_set(object, "password") && system(object) == System::Other {
        return vec![Problem {
            warning: true,
            ..hinted(
                problem(
                    "password",
                    "Password without effect",
                    "With a key pair, a Linux instance does not let anyone log in with a password."
                        .to_owned(),
                ),
                "Remove password, or key_name.",
            )
        }];
    }
    if is_set(object, "key_name") && system(object) == System::Windows {
        return vec![Problem {
            warning: true,
            ..hinted(
                problem(
                    "key_name",
                    "Key pair on a Windows instance",
                    "A Windows instance ignores its key pair, and only the password works."
                        .to_owned(),
                ),
                "Remove key_name and set password.",
            )
        }];
    }
    Vec::new()
}
