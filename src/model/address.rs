//! Addresses of resources and of their instances, as Terraform writes them.

use std::{cmp::Ordering, fmt, sync::Arc};

/// Whether a resource is managed, only read, or there for one run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Mode {
    Managed,
    Data,
    Ephemeral,
}

impl Mode {
    /// Returns the word for it in states and plans.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Managed => "managed",
            Self::Data => "data",
            Self::Ephemeral => "ephemeral",
        }
    }

    /// Returns the mode whose references begin with this word.
    pub fn of_root(root: &str) -> Option<Self> {
        Some(match root {
            "resource" => Self::Managed,
            "data" => Self::Data,
            "ephemeral" => Self::Ephemeral,
            _ => return None,
        })
    }

    /// Returns what a block of it declares, as messages have it.
    pub const fn what(self) -> &'static str {
        match self {
            Self::Managed => "resource type",
            Self::Data => "data source",
            Self::Ephemeral => "ephemeral resource",
        }
    }
}

/// Where a module is: the calls that lead to it from the root module, which is the empty path.
///
/// In the configuration no step has a key; what is in the state or a plan is in one instance of each call.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct ModulePath(Option<Arc<[ModuleStep]>>);

/// One call on the way to a module: `module.web`, `module.web[0]`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ModuleStep {
    pub name: Arc<str>,
    pub key: Key,
}

/// The address of a resource block: `alicloud_vpc.main`, `data.alicloud_zones.all`, `module.web.alicloud_vpc.main`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ResourceAddress {
    /// Empty too for what a module says of itself, as its own references do.
    pub module: ModulePath,
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

/// What a person can name: a module with everything in it, or a resource or one of its instances.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum AnyAddress {
    Module(ModulePath),
    Resource(Address),
}

impl ModulePath {
    /// Returns the path with these steps.
    pub fn new(steps: Vec<ModuleStep>) -> Self {
        Self((!steps.is_empty()).then(|| steps.into()))
    }

    /// Whether it is the root module.
    pub fn is_root(&self) -> bool {
        self.0.is_none()
    }

    /// Returns the calls from the root on.
    pub fn steps(&self) -> &[ModuleStep] {
        self.0.as_deref().unwrap_or_default()
    }

    /// Returns the path of what this module calls.
    pub fn child(&self, name: &Arc<str>, key: Key) -> Self {
        let step = ModuleStep {
            name: name.clone(),
            key,
        };
        Self::new(self.steps().iter().cloned().chain([step]).collect())
    }

    /// Returns the path of the caller and the last call.
    pub fn split(&self) -> Option<(Self, &ModuleStep)> {
        let (last, before) = self.steps().split_last()?;
        Some((Self::new(before.to_vec()), last))
    }

    /// Returns the path in the configuration: without keys.
    pub fn config(&self) -> Self {
        if self.steps().iter().all(|step| step.key == Key::None) {
            return self.clone();
        }
        let bare = |step: &ModuleStep| ModuleStep {
            name: step.name.clone(),
            key: Key::None,
        };
        Self::new(self.steps().iter().map(bare).collect())
    }

    /// Whether this is the other or around it; where this has no key, any key will do.
    pub fn covers(&self, other: &Self) -> bool {
        let (own, others) = (self.steps(), other.steps());
        own.len() <= others.len()
            && own.iter().zip(others).all(|(own, other)| {
                own.name == other.name && (own.key == Key::None || own.key == other.key)
            })
    }

    /// Returns this path with `from`, with which it begins, changed for `to`.
    pub fn moved(&self, from: &Self, to: &Self) -> Option<Self> {
        let rest = self.steps().strip_prefix(from.steps())?;
        let steps = to.steps().iter().chain(rest).cloned();
        Some(Self::new(steps.collect()))
    }
}

impl Ord for ModulePath {
    fn cmp(&self, other: &Self) -> Ordering {
        let (own, others) = (self.steps(), other.steps());
        own.len().cmp(&others.len()).then_with(|| own.cmp(others))
    }
}

impl PartialOrd for ModulePath {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl ResourceAddress {
    /// Returns an address in the root module, or in the module that speaks.
    pub fn new(mode: Mode, kind: Arc<str>, name: Arc<str>) -> Self {
        Self {
            module: ModulePath::default(),
            mode,
            kind,
            name,
        }
    }

    /// Returns the address of a managed resource.
    pub fn managed(kind: &str, name: &str) -> Self {
        Self::new(Mode::Managed, kind.into(), name.into())
    }

    /// Returns the address of a data source.
    pub fn data(kind: &str, name: &str) -> Self {
        Self::new(Mode::Data, kind.into(), name.into())
    }

    /// Returns the same resource of another module.
    pub fn within(&self, module: ModulePath) -> Self {
        Self {
            module,
            ..self.clone()
        }
    }

    /// Returns the address as the module itself has it.
    pub fn relative(&self) -> Self {
        self.within(ModulePath::default())
    }

    /// Returns the address of the block in the configuration: without the keys of module instances.
    pub fn config(self: &Arc<Self>) -> Arc<Self> {
        if self.module.steps().iter().all(|step| step.key == Key::None) {
            return self.clone();
        }
        Arc::new(self.within(self.module.config()))
    }
}

impl Address {
    /// Reads an address as a user writes it; the error says what is wrong with it.
    pub fn parse(text: &str) -> Result<Self, String> {
        match AnyAddress::parse(text)? {
            AnyAddress::Resource(address) => Ok(address),
            AnyAddress::Module(_) => Err(format!(
                "\"{text}\" is not a resource address: it is a module's"
            )),
        }
    }
}

impl ModulePath {
    /// Reads the path of a module: `module.a["k"].module.b`.
    pub fn parse(text: &str) -> Result<Self, String> {
        match AnyAddress::parse(text)? {
            AnyAddress::Module(path) => Ok(path),
            AnyAddress::Resource(_) => Err(format!(
                "\"{text}\" is not a module address: it is a resource's"
            )),
        }
    }
}

impl AnyAddress {
    /// Reads an address as a user writes it; the error says what is wrong with it.
    pub fn parse(text: &str) -> Result<Self, String> {
        let wrong = |what: &str| format!("\"{text}\" is not a resource address: {what}");
        let parts = parts(text).map_err(wrong)?;
        let plain = |part: &str| {
            !part.is_empty()
                && part
                    .chars()
                    .all(|c| c.is_alphanumeric() || c == '_' || c == '-')
        };
        let mut rest = parts.as_slice();
        let mut steps = Vec::new();
        while let [("module", Key::None), (name, key), others @ ..] = rest {
            if !plain(name) {
                return Err(wrong("a module's name holds letters, digits, _ and - only"));
            }
            steps.push(ModuleStep {
                name: (*name).into(),
                key: key.clone(),
            });
            rest = others;
        }
        let module = ModulePath::new(steps);
        if rest.is_empty() && !module.is_root() {
            return Ok(Self::Module(module));
        }
        let mode = match rest {
            [("data", Key::None), others @ ..] => {
                rest = others;
                Mode::Data
            }
            [("ephemeral", Key::None), others @ ..] => {
                rest = others;
                Mode::Ephemeral
            }
            _ => Mode::Managed,
        };
        let [(kind, Key::None), (name, key)] = rest else {
            return Err(wrong("it must have the form TYPE.NAME or data.TYPE.NAME"));
        };
        if !plain(kind) || !plain(name) {
            return Err(wrong("a type or name holds letters, digits, _ and - only"));
        }
        let resource = ResourceAddress {
            module,
            mode,
            kind: (*kind).into(),
            name: (*name).into(),
        };
        Ok(Self::Resource(Address {
            resource: Arc::new(resource),
            key: key.clone(),
        }))
    }

    /// Whether it is this instance or around it; where it has no key, any key will do.
    pub fn covers(&self, address: &Address) -> bool {
        match self {
            Self::Module(path) => path.covers(&address.resource.module),
            Self::Resource(own) => {
                own.covers(&address.resource) && (own.key == Key::None || own.key == address.key)
            }
        }
    }

    /// Returns the same of a module at a path, which says it of its own.
    pub fn within(&self, path: &ModulePath) -> Self {
        let root = ModulePath::default();
        let moved = |own: &ModulePath| own.moved(&root, path).unwrap_or_default();
        match self {
            Self::Module(own) => Self::Module(moved(own)),
            Self::Resource(address) => {
                let resource = address.resource.within(moved(&address.resource.module));
                Self::Resource(Address {
                    resource: Arc::new(resource),
                    key: address.key.clone(),
                })
            }
        }
    }

    /// Returns the module that it is or is in.
    pub fn module(&self) -> &ModulePath {
        match self {
            Self::Module(path) => path,
            Self::Resource(address) => &address.resource.module,
        }
    }
}

impl Address {
    /// Whether a resource is this instance's, or that of such an instance in any instance of a module that is named
    /// without a key.
    pub fn covers(&self, resource: &ResourceAddress) -> bool {
        let own = &*self.resource;
        (own.mode, &own.kind, &own.name) == (resource.mode, &resource.kind, &resource.name)
            && own.module.steps().len() == resource.module.steps().len()
            && own.module.covers(&resource.module)
    }
}

/// Takes an address apart at its dots: names, with the keys behind them.
fn parts(text: &str) -> Result<Vec<(&str, Key)>, &'static str> {
    let mut parts = Vec::new();
    let mut rest = text;
    loop {
        let end = rest.find(['.', '[']).unwrap_or(rest.len());
        let (name, mut after) = rest.split_at(end);
        let mut key = Key::None;
        if let Some(inner) = after.strip_prefix('[') {
            let close = closing(inner).ok_or("a [ is not closed")?;
            key = Key::parse(&inner[..close])
                .ok_or("the index is neither a number nor a quoted string")?;
            after = &inner[close + 1..];
        }
        parts.push((name, key));
        match after.strip_prefix('.') {
            Some(next) => rest = next,
            None if after.is_empty() => return Ok(parts),
            None => return Err("something follows a ]"),
        }
    }
}

/// Returns where the bracket closes; one in quotes does not.
fn closing(text: &str) -> Option<usize> {
    let (mut quoted, mut escaped) = (false, false);
    for (at, c) in text.char_indices() {
        match c {
            _ if escaped => escaped = false,
            '\\' if quoted => escaped = true,
            '"' => quoted = !quoted,
            ']' if !quoted => return Some(at),
            _ => {}
        }
    }
    None
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

impl fmt::Display for ModulePath {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, step) in self.steps().iter().enumerate() {
            let dot = if at > 0 { "." } else { "" };
            write!(out, "{dot}module.{}{}", step.name, step.key)?;
        }
        Ok(())
    }
}

impl fmt::Display for AnyAddress {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Module(path) => path.fmt(out),
            Self::Resource(address) => address.fmt(out),
        }
    }
}

impl fmt::Display for ResourceAddress {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !self.module.is_root() {
            write!(out, "{}.", self.module)?;
        }
        match self.mode {
            Mode::Managed => write!(out, "{}.{}", self.kind, self.name),
            Mode::Data | Mode::Ephemeral => {
                write!(out, "{}.{}.{}", self.mode.word(), self.kind, self.name)
            }
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_read_as_they_are_shown() {
        for text in [
            "alicloud_vpc.main",
            "data.alicloud_zones.all[0]",
            "module.a.alicloud_vpc.main",
            "module.a[\"k.[]\\\"\"].module.b[0].data.t.n[\"x\"]",
        ] {
            assert_eq!(Address::parse(text).unwrap().to_string(), text);
        }
        let path = ModulePath::parse("module.a[1].module.b").unwrap();
        assert_eq!(path.to_string(), "module.a[1].module.b");
        assert_eq!(path.config().to_string(), "module.a.module.b");
        for text in [
            "module",
            "module.a.b",
            "a.b[0",
            "a.b[0]x",
            "module.a[0]",
            "a",
            "a.b.c",
        ] {
            assert!(Address::parse(text).is_err(), "{text}");
        }
    }

    #[test]
    fn the_root_comes_first_and_what_is_deeper_later() {
        let mut all = [
            "module.a.module.b.t.n",
            "module.b[0].t.n",
            "module.b.t.n",
            "module.a[\"x\"].t.n",
            "z.z",
        ];
        all.sort_by_key(|text| Address::parse(text).unwrap());
        assert_eq!(
            all,
            [
                "z.z",
                "module.a[\"x\"].t.n",
                "module.b.t.n",
                "module.b[0].t.n",
                "module.a.module.b.t.n"
            ]
        );
    }

    #[test]
    fn what_has_no_key_covers_every_key() {
        let covers = |a: &str, b: &str| {
            AnyAddress::parse(a)
                .unwrap()
                .covers(&Address::parse(b).unwrap())
        };
        assert!(covers("module.a", "module.a[0].module.b.t.n[1]"));
        assert!(covers("module.a.t.n", "module.a[0].t.n[1]"));
        assert!(!covers("module.a[1]", "module.a[0].t.n"));
        assert!(!covers("t.n", "module.a.t.n"));
        assert!(!covers("module.a.t.n", "module.a.module.b.t.n"));
    }
}
