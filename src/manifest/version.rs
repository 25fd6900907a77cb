//! Version constraints, as `required_version` and the `version` of a module call have them.

use semver::{Comparator, Op, Version, VersionReq};

/// Whether the constraints (separated by commas) allow the version; the error is the part that is none.
///
/// # Errors
///
/// Returns the part that is no constraint.
pub fn allows(text: &str, version: &Version) -> Result<bool, String> {
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

/// Whether a call of a module that wants `text`, or nothing in particular, may have the version. One that is not released
/// is only for who names it.
///
/// # Errors
///
/// Returns the part that is no constraint.
pub fn suits(text: Option<&str>, version: &Version) -> Result<bool, String> {
    let released = version.pre.is_empty();
    match text {
        None => Ok(released),
        Some(text) => {
            let named = text.trim_start_matches(['=', ' ', 'v']).trim();
            if named == version.to_string() {
                return Ok(true);
            }
            // A constraint on what is not released is none on what is.
            if Version::parse(named).is_ok_and(|named| !named.pre.is_empty()) {
                return Ok(false);
            }
            Ok(allows(text, version)? && released)
        }
    }
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
