//! `required_version` and `required_providers`: whether this program is one that the manifests are for.

use semver::{Comparator, Op, Version, VersionReq};

use crate::{
    manifest::ast::Settings,
    model::{Diagnostic, Diagnostics},
};

/// Where the providers that prov stands in for come from, as `source` names them.
const SOURCES: &[&str] = &["aliyun/alicloud", "hashicorp/alicloud", "builtin/terraform"];

/// Checks what the manifests require; `version` is the version of Terraform whose language prov speaks.
pub fn check(settings: &Settings, version: &str, diags: &mut Diagnostics) {
    let Ok(version) = Version::parse(version) else {
        return;
    };
    for (text, span) in &settings.required_version {
        match allows(text, &version) {
            Ok(true) => {}
            Ok(false) => diags.push(
                Diagnostic::error(
                    "Unsupported Terraform Core version",
                    format!(
                        "The manifests require Terraform {text}; prov speaks the language of Terraform {version}."
                    ),
                )
                .at(*span)
                .hint("Widen the constraint, if the manifests need nothing newer."),
            ),
            Err(part) => diags.push(
                Diagnostic::error(
                    "Invalid version constraint",
                    format!("\"{part}\" is not a version constraint."),
                )
                .at(*span)
                .hint("Write it like \">= 1.5\" or \"~> 1.5, != 1.6.2\"."),
            ),
        }
    }
    for provider in &settings.required_providers {
        let source = provider.source.as_deref().unwrap_or("aliyun/alicloud");
        let known = SOURCES.iter().any(|known| source.ends_with(known));
        if !known && &*provider.name.text == "alicloud" {
            diags.push(
                Diagnostic::warning(
                    "Other source for a provider",
                    format!("prov stands in for aliyun/alicloud, not for {source}."),
                )
                .at(provider.name.span),
            );
        }
    }
}

/// Whether the constraints (separated by commas) allow the version; the error is the part that is none.
fn allows(text: &str, version: &Version) -> Result<bool, String> {
    for part in text.split(',').map(str::trim) {
        let wrong = || part.to_owned();
        let (operator, number) = part.split_at(
            part.find(|c: char| c.is_ascii_digit() || c == 'v')
                .unwrap_or(0),
        );
        let number = number.trim_start_matches('v');
        let fields: Vec<u64> = number
            .split('.')
            .map(|it| it.parse().map_err(|_| wrong()))
            .collect::<Result<_, _>>()?;
        let (major, rest) = fields.split_first().ok_or_else(wrong)?;
        let at = |index: usize| rest.get(index).copied().unwrap_or(0);
        let exact = Version::new(*major, at(0), at(1));
        let op = match operator.trim() {
            "" | "=" => Op::Exact,
            "!=" if *version == exact => return Ok(false),
            "!=" => continue,
            ">" => Op::Greater,
            ">=" => Op::GreaterEq,
            "<" => Op::Less,
            "<=" => Op::LessEq,
            // Only the last number that is written may grow.
            "~>" if rest.len() >= 2 => Op::Tilde,
            "~>" => Op::Caret,
            _ => return Err(wrong()),
        };
        let comparator = Comparator {
            op,
            major: exact.major,
            minor: Some(exact.minor),
            patch: Some(exact.patch),
            pre: semver::Prerelease::EMPTY,
        };
        let required = VersionReq {
            comparators: vec![comparator],
        };
        // A caret at 0.x would stop at the next minor number, where `~> 0.12` does not.
        let zero = op == Op::Caret && exact.major == 0;
        if !(required.matches(version) || (zero && version.major == 0 && *version >= exact)) {
            return Ok(false);
        }
    }
    Ok(true)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn constraints_mean_what_terraform_says() {
        let version = Version::new(1, 11, 4);
        for (text, expected) in [
            (">= 1.5", Ok(true)),
            ("~> 1.5", Ok(true)),
            ("~> 1.11.0", Ok(true)),
            ("~> 1.10.0", Ok(false)),
            ("~> 2.0", Ok(false)),
            ("1.11.4", Ok(true)),
            ("= 1.11.3", Ok(false)),
            (">= 1.0, < 1.11.4", Ok(false)),
            (">= 1.0,!= 1.11.4", Ok(false)),
            (">= v1.0", Ok(true)),
            ("> 1.x", Err("> 1.x".to_owned())),
            ("=> 1.0", Err("=> 1.0".to_owned())),
            ("", Err(String::new())),
        ] {
            assert_eq!(allows(text, &version), expected, "{text}");
        }
    }
}
