//! A request whose signature held: which action, by whom, where, and its parameters, read strictly and typed.

use std::collections::{BTreeMap, BTreeSet};
use std::net::Ipv4Addr;

use serde_json::Value;

use super::reply::{Refusal, refusal, refuse};

/// Who asks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Caller {
    pub(super) key_id: String,
    pub(super) account: String,
    /// The RAM user whose key it is; the account's own without.
    pub(super) user: Option<String>,
    /// The role session's name when temporary credentials were used: role, session.
    pub(super) session: Option<(String, String)>,
}

/// One call.
#[derive(Clone, Debug)]
pub(super) struct Request {
    pub(super) product: &'static str,
    pub(super) action: &'static str,
    pub(super) caller: Caller,
    /// The host that was asked.
    pub(super) host: String,
    pub(super) parameters: BTreeMap<String, String>,
}

pub(super) type Tags = BTreeMap<String, String>;

/// The region of calls that do not name one.
pub(super) const HOME: &str = "cn-hangzhou";

impl Request {
    /// A parameter that is present and not empty.
    pub(super) fn text(&self, name: &str) -> Option<&str> {
        self.given(name).filter(|value| !value.is_empty())
    }

    /// A parameter that is present, perhaps empty.
    pub(super) fn given(&self, name: &str) -> Option<&str> {
        self.parameters.get(name).map(String::as_str)
    }

    pub(super) fn need(&self, name: &str) -> Result<&str, Refusal> {
        self.text(name).ok_or_else(|| missing(name))
    }

    pub(super) fn owned(&self, name: &str) -> String {
        self.given(name).unwrap_or_default().to_owned()
    }

    /// The text of a parameter, or what holds without it.
    pub(super) fn text_or(&self, name: &str, otherwise: &str) -> String {
        self.text(name).unwrap_or(otherwise).to_owned()
    }

    pub(super) fn integer(&self, name: &str) -> Option<i64> {
        self.text(name)?.parse().ok()
    }

    pub(super) fn number(&self, name: &str) -> Option<f64> {
        self.text(name)?.parse().ok()
    }

    pub(super) fn boolean(&self, name: &str) -> Option<bool> {
        Some(self.text(name)?.eq_ignore_ascii_case("true"))
    }

    pub(super) fn flag(&self, name: &str) -> bool {
        self.boolean(name).unwrap_or(false)
    }

    /// The region named, if one is.
    pub(super) fn region(&self) -> Option<&str> {
        self.text("RegionId").or_else(|| self.text("regionId"))
    }

    pub(super) fn region_or_home(&self) -> &str {
        self.region().unwrap_or(HOME)
    }

    /// The elements `Name.1`, `Name.2`, …, in the order of their numbers.
    pub(super) fn list(&self, name: &str) -> Vec<String> {
        self.indices(name)
            .into_iter()
            .filter_map(|index| self.text(&format!("{name}.{index}")).map(str::to_owned))
            .collect()
    }

    /// The numbers that occur after `Name.`.
    pub(super) fn indices(&self, name: &str) -> BTreeSet<usize> {
        let prefix = format!("{name}.");
        self.parameters
            .range(prefix.clone()..)
            .take_while(|(key, _)| key.starts_with(&prefix))
            .filter_map(|(key, _)| key[prefix.len()..].split('.').next()?.parse().ok())
            .collect()
    }

    /// A JSON array of texts, as `InstanceIds` is.
    pub(super) fn json_list(
        &self,
        name: &str,
        limit: usize,
    ) -> Result<Option<Vec<String>>, Refusal> {
        let Some(text) = self.text(name) else {
            return Ok(None);
        };
        let code = format!("Invalid{name}.Malformed");
        let Ok(Value::Array(items)) = serde_json::from_str::<Value>(text) else {
            return refuse(400, &code, format!("The specified {name} are not valid."));
        };
        if items.len() > limit {
            return refuse(
                400,
                &code,
                format!("The amount of specified {name} exceeds the limit."),
            );
        }
        items
            .iter()
            .map(|item| item.as_str().map(str::to_owned))
            .collect::<Option<Vec<String>>>()
            .map(Some)
            .ok_or_else(|| refusal(400, &code, format!("The specified {name} are not valid.")))
    }

    /// A comma separated list.
    pub(super) fn commas(&self, name: &str) -> Option<Vec<String>> {
        Some(
            self.text(name)?
                .split(',')
                .map(|item| item.trim().to_owned())
                .collect(),
        )
    }

    pub(super) fn address(&self, name: &str) -> Result<Option<Ipv4Addr>, Refusal> {
        let Some(text) = self.text(name) else {
            return Ok(None);
        };
        text.parse().map(Some).map_err(|_| invalid(name))
    }

    /// The tags of a creation, checked.
    pub(super) fn tags(&self) -> Result<Tags, Refusal> {
        let mut tags = Tags::new();
        for (key, value) in self.tag_pairs() {
            let Some(key) = key else {
                return refuse(
                    400,
                    "InvalidTagKey.Malformed",
                    "The specified Tag.n.Key is not valid.",
                );
            };
            check_tag(&key, value.as_deref().unwrap_or_default())?;
            if tags.insert(key, value.unwrap_or_default()).is_some() {
                return refuse(
                    400,
                    "Duplicate.TagKey",
                    "The Tag.N.Key contain duplicate key.",
                );
            }
        }
        if tags.len() > 20 {
            let text = "The Tags parameter's number is exceed , Valid : 20";
            return refuse(400, "NumberExceed.Tags", text);
        }
        Ok(tags)
    }

    /// The tag filter: every key, with its value when one is given.
    pub(super) fn tag_filter(&self) -> Vec<(String, Option<String>)> {
        self.tag_pairs()
            .into_iter()
            .filter_map(|(key, value)| Some((key?, value)))
            .collect()
    }

    fn tag_pairs(&self) -> Vec<(Option<String>, Option<String>)> {
        self.indices("Tag")
            .into_iter()
            .map(|index| {
                let field = |upper: &str, lower: &str| {
                    self.given(&format!("Tag.{index}.{upper}"))
                        .or_else(|| self.given(&format!("Tag.{index}.{lower}")))
                        .map(str::to_owned)
                };
                (
                    field("Key", "key").filter(|key| !key.is_empty()),
                    field("Value", "value"),
                )
            })
            .collect()
    }
}

/// Whether an object's tags pass a filter.
pub(super) fn tags_match(tags: &Tags, filter: &[(String, Option<String>)]) -> bool {
    filter.iter().all(|(key, value)| {
        tags.get(key)
            .is_some_and(|have| value.as_ref().is_none_or(|value| have == value))
    })
}

fn check_tag(key: &str, value: &str) -> Result<(), Refusal> {
    let reserved = |text: &str| {
        let text = text.to_ascii_lowercase();
        ["aliyun", "acs:"]
            .iter()
            .any(|start| text.starts_with(start))
            || has_scheme(&text)
    };
    if key.is_empty() || key.chars().count() > 128 || reserved(key) {
        return refuse(
            400,
            "InvalidTagKey.Malformed",
            "The specified Tag.n.Key is not valid.",
        );
    }
    if value.chars().count() > 128 || has_scheme(value) || value.starts_with("acs:") {
        return refuse(
            400,
            "InvalidTagValue.Malformed",
            "The specified Tag.n.Value is not valid.",
        );
    }
    Ok(())
}

fn has_scheme(text: &str) -> bool {
    text.contains("http://") || text.contains("https://")
}

/// A name of ECS: 2 to 128 characters, a letter first, no scheme.
pub(super) fn good_name(text: &str, shortest: usize) -> bool {
    let length = text.chars().count();
    let first = text.chars().next().is_some_and(char::is_alphabetic);
    let plain = |c: char| c.is_alphanumeric() || ":_.-,[] ()".contains(c);
    (shortest..=128).contains(&length)
        && first
        && !starts_with_scheme(text)
        && text.chars().all(plain)
}

/// A description: 2 to 256 characters, no scheme at the start.
pub(super) fn good_description(text: &str) -> bool {
    (2..=256).contains(&text.chars().count()) && !starts_with_scheme(text)
}

fn starts_with_scheme(text: &str) -> bool {
    text.starts_with("http://") || text.starts_with("https://")
}

pub(super) fn missing(name: &str) -> Refusal {
    let text = format!(
        "The input parameter \"{name}\" that is mandatory for processing this request is not supplied."
    );
    refusal(400, "MissingParameter", text)
}

pub(super) fn invalid(name: &str) -> Refusal {
    refusal(
        400,
        "InvalidParameter",
        format!("The specified parameter \"{name}\" is not valid."),
    )
}

/// `*` stands for anything.
pub(super) fn glob(pattern: &str, text: &str) -> bool {
    match pattern.split_once('*') {
        None => pattern == text,
        Some((head, rest)) => {
            let Some(tail) = text.strip_prefix(head) else {
                return false;
            };
            rest.is_empty()
                || tail.char_indices().any(|(at, _)| glob(rest, &tail[at..]))
                || glob(rest, "")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn globs_match_anything_for_a_star() {
        assert!(glob("Describe*", "DescribeVpcs"));
        assert!(glob("*Vpc*", "DescribeVpcs"));
        assert!(glob("*", ""));
        assert!(!glob("Describe*", "CreateVpc"));
        assert!(!glob("*x", "DescribeVpcs"));
    }
}
