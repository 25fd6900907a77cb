//! Addresses of resources and of their instances, as Terraform writes them.

use std::{fmt, sync::Arc};

/// Whether a resource is managed or only read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Mode {
    Managed,
    Data,
}

/// The address of a resource block: `alicloud_vpc.main`, `data.alicloud_zones.all`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ResourceAddress {
    pub mode: Mode,
    /// The resource type: `alicloud_vpc`.
    pub kind: Arc<str>,
    pub name: Arc<str>,
}

/// The key of one instance of a resource.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Key {
    /// The resource has neither `count` nor `for_each`.
    #[default]
    None,
    Int(u64),
    Text(Arc<str>),
}

/// The address of one instance: `alicloud_instance.web[0]`, `alicloud_instance.web["a"]`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Address {
    pub resource: Arc<ResourceAddress>,
    pub key: Key,
}

impl ResourceAddress {
    /// Returns the address of a managed resource.
    pub fn managed(kind: &str, name: &str) -> Self {
        Self {
            mode: Mode::Managed,
            kind: kind.into(),
            name: name.into(),
        }
    }

    /// Returns the address of a data source.
    pub fn data(kind: &str, name: &str) -> Self {
        Self {
            mode: Mode::Data,
            kind: kind.into(),
            name: name.into(),
        }
    }
}

impl Address {
    /// Reads an address as a user writes it; the error says what is wrong with it.
    pub fn parse(text: &str) -> Result<Self, String> {
        let wrong = |what: &str| format!("\"{text}\" is not a resource address: {what}");
        let (head, key) = match text.find('[') {
            None => (text, Key::None),
            Some(at) => {
                let inner = text[at + 1..]
                    .strip_suffix(']')
                    .ok_or_else(|| wrong("a [ is not closed"))?;
                (
                    &text[..at],
                    Key::parse(inner).ok_or_else(|| {
                        wrong("the index is neither a number nor a quoted string")
                    })?,
                )
            }
        };
        let mut parts: Vec<&str> = head.split('.').collect();
        let mode = if parts.first() == Some(&"data") {
            parts.remove(0);
            Mode::Data
        } else {
            Mode::Managed
        };
        let [kind, name] = parts[..] else {
            return Err(wrong("it must have the form TYPE.NAME or data.TYPE.NAME"));
        };
        let plain = |part: &str| {
            !part.is_empty()
                && part
                    .chars()
                    .all(|c| c.is_alphanumeric() || c == '_' || c == '-')
        };
        if !plain(kind) || !plain(name) {
            return Err(wrong("a type or name holds letters, digits, _ and - only"));
        }
        let resource = ResourceAddress {
            mode,
            kind: kind.into(),
            name: name.into(),
        };
        Ok(Self {
            resource: Arc::new(resource),
            key,
        })
    }
}

impl Key {
    /// Reads what stands between the brackets: `0` or `"a"`.
    pub fn parse(text: &str) -> Option<Self> {
        if text.starts_with('"') {
            return serde_json::from_str::<String>(text)
                .ok()
                .map(|text| Self::Text(text.replace("$${", "${").replace("%%{", "%{").into()));
        }
        text.parse().ok().map(Self::Int)
    }
}

impl fmt::Display for ResourceAddress {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.mode {
            Mode::Managed => write!(out, "{}.{}", self.kind, self.name),
            Mode::Data => write!(out, "data.{}.{}", self.kind, self.name),
        }
    }
}

impl fmt::Display for Address {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}{}", self.resource, self.key)
    }
}

impl fmt::Display for Key {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::None => Ok(()),
            Self::Int(index) => write!(out, "[{index}]"),
            // Terraform quotes keys as HCL does, which agrees with JSON for what keys hold, but for templates.
            Self::Text(text) if text.contains("${") || text.contains("%{") => {
                let text = text.replace("${", "$${").replace("%{", "%%{");
                write!(out, "[{}]", serde_json::Value::from(text))
            }
            Self::Text(text) => write!(out, "[{}]", serde_json::Value::from(&**text)),
        }
    }
}
