//! What names mean while a plan is made or applied: variables, locals, and every resource so far.

use std::{
    collections::{BTreeMap, HashMap},
    sync::{Arc, Mutex, OnceLock, PoisonError},
};

use jiff::Timestamp;
use uuid::Uuid;

use crate::{
    eval::{self, Scope, ephemeral::Ephemerals},
    manifest::{
        self,
        ast::{Expr, Module, Resource, Target},
    },
    model::{
        Diagnostic, Key, Object, ResourceAddress, Type, Value,
        diagnostic::did_you_mean,
        state::{Instance, State},
    },
};

/// What `path.…`, `terraform.…` and the clock answer.
#[derive(Clone, Debug, Default)]
pub struct Special {
    pub workspace: String,
    /// The directory of the manifests, as `path.module` and `path.root`.
    pub root: String,
    pub cwd: String,
    /// What `~` is to `pathexpand`.
    pub home: Option<String>,
    /// RFC 3339; what `plantimestamp()` answers.
    pub timestamp: String,
}

/// How the instances of a resource are keyed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Repetition {
    Single,
    Count,
    ForEach,
}

/// The values of one resource's instances, sorted by key.
#[derive(Debug)]
pub struct Resolved {
    pub repetition: Repetition,
    pub instances: Vec<(Key, Value)>,
    whole: OnceLock<Value>,
}

impl Resolved {
    /// Takes the instances' values; they must be sorted by key.
    pub fn new(repetition: Repetition, instances: Vec<(Key, Value)>) -> Self {
        Self {
            repetition,
            instances,
            whole: OnceLock::new(),
        }
    }

    /// Guesses the repetition from the keys: for resources that are in the state only.
    pub fn from_keys(instances: Vec<(Key, Value)>) -> Self {
        let repetition = match instances.first() {
            Some((Key::Int(_), _)) => Repetition::Count,
            Some((Key::Text(_), _)) => Repetition::ForEach,
            Some((Key::None, _)) | None => Repetition::Single,
        };
        Self::new(repetition, instances)
    }

    /// Returns instances of which nothing is known but their type and whether they have keys.
    pub fn unknown(block: &Resource, ty: Type) -> Self {
        let (repetition, ty) = if block.count.is_some() {
            (Repetition::Count, Type::List(Arc::new(ty)))
        } else if block.for_each.is_some() {
            (Repetition::ForEach, Type::Map(Arc::new(ty)))
        } else {
            (Repetition::Single, ty)
        };
        Self {
            whole: OnceLock::from(Value::Unknown(ty)),
            ..Self::new(repetition, Vec::new())
        }
    }

    /// Returns the instances that the state has of a resource.
    pub fn recorded(module: &Module, state: &State, address: &ResourceAddress) -> Self {
        let current = |(key, instance): (&Key, &Instance)| {
            let stored = instance.current.as_ref()?;
            Some((key.clone(), Value::Object(stored.attributes.clone())))
        };
        let instances: Vec<_> = state
            .resources
            .get(address)
            .map(|kept| kept.instances.iter().filter_map(current).collect())
            .unwrap_or_default();
        let repetition = match module.resources.get(address) {
            Some(block) if block.count.is_some() => Repetition::Count,
            Some(block) if block.for_each.is_some() => Repetition::ForEach,
            _ => return Self::from_keys(instances),
        };
        Self::new(repetition, instances)
    }

    fn get(&self, key: &Key) -> Option<&Value> {
        let at = self
            .instances
            .binary_search_by(|(candidate, _)| candidate.cmp(key))
            .ok()?;
        Some(&self.instances[at].1)
    }

    fn set(&mut self, key: &Key, value: Value) {
        self.whole = OnceLock::new();
        match self
            .instances
            .binary_search_by(|(candidate, _)| candidate.cmp(key))
        {
            Ok(at) => self.instances[at].1 = value,
            Err(at) => self.instances.insert(at, (key.clone(), value)),
        }
    }

    /// Returns what the resource's address means: an object, or a tuple or object of them.
    fn whole(&self) -> Value {
        let make = || match self.repetition {
            Repetition::Single => self
                .instances
                .first()
                .map_or(Value::UNKNOWN, |(_, value)| value.clone()),
            Repetition::Count => Value::tuple(
                self.instances
                    .iter()
                    .map(|(_, value)| value.clone())
                    .collect(),
            ),
            Repetition::ForEach => {
                let entry = |(key, value): &(Key, Value)| match key {
                    Key::Text(text) => (text.clone(), value.clone()),
                    Key::Int(index) => (Arc::from(index.to_string()), value.clone()),
                    Key::None => (Arc::from(""), value.clone()),
                };
                Value::object(self.instances.iter().map(entry).collect::<Object>())
            }
        };
        self.whole.get_or_init(make).clone()
    }
}

/// Everything that an expression can name.
#[derive(Debug)]
pub struct Values<'m> {
    pub module: &'m Module,
    pub variables: &'m BTreeMap<String, Value>,
    pub special: Special,
    /// Whether `timestamp()` and `uuid()` answer: in a plan they are not known yet.
    live: bool,
    resources: HashMap<Arc<ResourceAddress>, Resolved>,
    /// Counts changes of `resources`: what a local depends on may have become known.
    generation: u64,
    ephemerals: OnceLock<Ephemerals>,
    /// Locals as last evaluated, and in which generation.
    locals: Mutex<HashMap<Arc<str>, (u64, Value)>>,
}

impl<'m> Values<'m> {
    /// Returns values in which no resource is resolved yet.
    pub fn new(
        module: &'m Module,
        variables: &'m BTreeMap<String, Value>,
        special: Special,
    ) -> Self {
        Self {
            module,
            variables,
            special,
            live: false,
            resources: HashMap::new(),
            generation: 0,
            ephemerals: OnceLock::new(),
            locals: Mutex::new(HashMap::new()),
        }
    }

    /// Lets `timestamp()` and `uuid()` answer from here on.
    pub fn go_live(&mut self) {
        self.generation += 1;
        self.live = true;
    }

    /// Puts in scope what the state has of every declared resource.
    pub fn recall(&mut self, state: &State) {
        for address in self.module.resources.keys() {
            let recorded = Resolved::recorded(self.module, state, address);
            self.resources.insert(address.clone(), recorded);
        }
    }

    fn local(&self, name: &Arc<str>) -> Result<Value, String> {
        let known = self
            .locals
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .get(name)
            .cloned();
        if let Some((generation, value)) = known
            && (generation == self.generation || value.is_wholly_known())
        {
            return Ok(value);
        }
        let Some(local) = self.module.locals.get(name) else {
            return Err(undeclared("local value", name, self.module.locals.keys()));
        };
        // An error in a local is reported where the local is declared; here it only spreads.
        // So does one that shares its parts so often that whoever looks at all of it takes forever.
        let value = eval::evaluate(&local.value, self)
            .ok()
            .filter(|value| !value.holds_more_than(MAX_LOCAL))
            .unwrap_or(Value::UNKNOWN);
        let mut locals = self.locals.lock().unwrap_or_else(PoisonError::into_inner);
        locals.insert(name.clone(), (self.generation, value.clone()));
        Ok(value)
    }

    /// Puts a resource in scope.
    pub fn resolve(&mut self, address: Arc<ResourceAddress>, resolved: Resolved) {
        self.generation += 1;
        self.resources.insert(address, resolved);
    }

    /// Replaces the value of one instance of a resource that is in scope.
    pub fn set(&mut self, address: &ResourceAddress, key: &Key, value: Value) {
        self.generation += 1;
        if let Some(resolved) = self.resources.get_mut(address) {
            resolved.set(key, value);
        }
    }
}

/// How many values a local may hold.
pub const MAX_LOCAL: usize = 10_000_000;

/// Returns the sentence for a name that is declared nowhere.
pub fn undeclared<'a>(
    what: &str,
    name: &str,
    candidates: impl Iterator<Item = &'a Arc<str>>,
) -> String {
    let suggestion = did_you_mean(name, candidates.map(|candidate| &**candidate))
        .map_or(String::new(), |candidate| {
            format!(" Did you mean \"{candidate}\"?")
        });
    format!("No {what} named \"{name}\" is declared.{suggestion}")
}

impl Scope for Values<'_> {
    fn target(&self, target: &Target) -> Result<Value, String> {
        match target {
            Target::Variable(name) => self
                .variables
                .get(&**name)
                .cloned()
                .ok_or_else(|| undeclared("input variable", name, self.module.variables.keys())),
            Target::Local(name) => self.local(name),
            Target::Output(name) => Err(format!("output.{name} cannot be referred to here.")),
            Target::Resource(address) => self
                .resources
                .get(address)
                .map(Resolved::whole)
                .ok_or_else(|| {
                    format!("{address} is not declared, or is not known at this point.")
                }),
        }
    }

    fn instance(&self, resource: &ResourceAddress, key: &Key) -> Option<Value> {
        let resolved = self.resources.get(resource)?;
        let keyed = matches!(
            (resolved.repetition, key),
            (Repetition::Count, Key::Int(_)) | (Repetition::ForEach, Key::Text(_))
        );
        if keyed {
            resolved.get(key).cloned()
        } else {
            None
        }
    }

    fn ephemeral(&self, expr: &Expr) -> bool {
        self.ephemerals
            .get_or_init(|| Ephemerals::of(self.module))
            .holds(expr)
    }

    fn keyed(&self, resource: &ResourceAddress) -> Option<bool> {
        let resolved = self.resources.get(resource)?;
        Some(resolved.repetition != Repetition::Single)
    }

    fn special(&self, root: &str, name: &str) -> Option<Value> {
        Some(match (root, name) {
            ("path", "module" | "root") => Value::string(self.special.root.as_str()),
            ("path", "~") => Value::string(self.special.home.as_deref()?),
            ("path", "cwd") => Value::string(self.special.cwd.as_str()),
            ("terraform", "applying") => Value::Bool(self.live),
            ("terraform", "workspace") => Value::string(self.special.workspace.as_str()),
            ("prov", "timestamp") if self.live => {
                let now = Timestamp::now();
                Value::string(now.strftime("%Y-%m-%dT%H:%M:%SZ").to_string())
            }
            ("prov", "uuid") if self.live => Value::string(Uuid::new_v4().to_string()),
            ("prov", "plantimestamp") => Value::string(self.special.timestamp.as_str()),
            _ => return None,
        })
    }

    fn template(&self, text: &str, _name: &str) -> Option<Result<Expr, Diagnostic>> {
        Some(manifest::parse_template(text))
    }
}

/// The scope of one instance's arguments: `count`, `each` and, in conditions, `self`.
pub struct InstanceScope<'a> {
    pub values: &'a dyn Scope,
    pub key: &'a Key,
    pub each: Option<&'a Value>,
    pub this: Option<&'a Value>,
}

impl Scope for InstanceScope<'_> {
    fn target(&self, target: &Target) -> Result<Value, String> {
        self.values.target(target)
    }

    fn instance(&self, resource: &ResourceAddress, key: &Key) -> Option<Value> {
        self.values.instance(resource, key)
    }

    fn ephemeral(&self, expr: &Expr) -> bool {
        self.values.ephemeral(expr)
    }

    fn keyed(&self, resource: &ResourceAddress) -> Option<bool> {
        self.values.keyed(resource)
    }

    fn special(&self, root: &str, name: &str) -> Option<Value> {
        match (root, name, self.key) {
            ("count", "index", Key::Int(index)) => {
                Some(Value::int(i64::try_from(*index).unwrap_or(i64::MAX)))
            }
            ("each", "key", Key::Text(text)) => Some(Value::String(text.clone())),
            ("each", "value", Key::Text(_)) => self.each.cloned(),
            ("self", name, _) => self
                .this
                .and_then(|this| this.as_object()?.get(name).cloned()),
            _ => self.values.special(root, name),
        }
    }

    fn template(&self, text: &str, name: &str) -> Option<Result<Expr, Diagnostic>> {
        self.values.template(text, name)
    }
}
