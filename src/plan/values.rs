//! What names mean while a plan is made or applied: variables, locals, and every resource so far, in the root module and in
//! each instance of every module below it.
//!
//! Nothing of a module is evaluated before something names it: a variable is what the caller's argument is in the
//! caller's own scope, an output what its expression is in the module's. What is wholly known stays; the rest
//! is evaluated again when a resource has become known.

use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    sync::{Arc, Mutex, OnceLock, PoisonError},
};

use jiff::Timestamp;
use uuid::Uuid;

use super::{
    resolved::{Keys, Repetition, Resolved, entry, keys_of},
    scope::{AnyInstance, InstanceScope, Special},
};
use crate::{
    eval::{
        self, Scope,
        ephemeral::Ephemerals,
        expand::expand,
        variables::{self, Argument},
    },
    manifest::{
        self,
        ast::{Expr, Module, ModuleCall, Target, Variable},
    },
    model::{
        Diagnostic, Key, ModulePath, Object, ResourceAddress, Span, Value,
        diagnostic::did_you_mean, state::State,
    },
};

/// Everything that an expression can name. As a scope it is the root module's.
#[derive(Debug)]
pub struct Values<'m> {
    pub module: &'m Module,
    pub variables: &'m BTreeMap<String, Value>,
    pub special: Special,
    /// Whether `timestamp()` and `uuid()` answer: in a plan they are not known yet.
    live: bool,
    /// Counts changes of resources: what depends on them may have become known.
    generation: u64,
    /// The root module first, then instances of others, each after its caller.
    instances: Vec<Instance<'m>>,
    places: HashMap<ModulePath, usize>,
    /// By the path without keys.
    by_config: HashMap<ModulePath, Vec<usize>>,
}

/// One instance of a module.
#[derive(Debug)]
struct Instance<'m> {
    path: ModulePath,
    module: &'m Module,
    caller: Option<Caller<'m>>,
    /// By the module's own addresses.
    resources: HashMap<Arc<ResourceAddress>, Resolved>,
    calls: HashMap<Arc<str>, Called>,
    ephemerals: OnceLock<Ephemerals>,
    variables: Cache,
    locals: Cache,
    outputs: Cache,
}

/// Where an instance of a module gets its variables from.
#[derive(Debug)]
struct Caller<'m> {
    at: usize,
    call: &'m ModuleCall,
    key: Key,
    each: Option<Value>,
    /// Whether the instance stands for all: what `count` and `each` are is not known.
    any: bool,
}

/// The instances of one call.
#[derive(Debug)]
struct Called {
    repetition: Repetition,
    /// Sorted by key; `None` if it is not known what there is.
    instances: Option<Vec<(Key, usize)>>,
    whole: Cache,
}

/// Values as last evaluated, and in which generation.
#[derive(Debug, Default)]
struct Cache(Mutex<HashMap<Arc<str>, (u64, Value)>>);

impl Cache {
    fn get(&self, name: &str, generation: u64) -> Option<Value> {
        let known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let (of, value) = known.get(name)?;
        (*of == generation || value.is_wholly_known()).then(|| value.clone())
    }

    fn put(&self, name: &Arc<str>, generation: u64, value: &Value) {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        known.insert(name.clone(), (generation, value.clone()));
    }
}

impl<'m> Instance<'m> {
    fn new(path: ModulePath, module: &'m Module, caller: Option<Caller<'m>>) -> Self {
        Self {
            path,
            module,
            caller,
            resources: HashMap::new(),
            calls: HashMap::new(),
            ephemerals: OnceLock::new(),
            variables: Cache::default(),
            locals: Cache::default(),
            outputs: Cache::default(),
        }
    }
}

impl<'m> Values<'m> {
    /// Returns values in which no resource is resolved yet and no module entered.
    pub fn new(
        module: &'m Module,
        variables: &'m BTreeMap<String, Value>,
        special: Special,
    ) -> Self {
        let root = ModulePath::default();
        Self {
            module,
            variables,
            special,
            live: false,
            generation: 0,
            instances: vec![Instance::new(root.clone(), module, None)],
            places: HashMap::from([(root.clone(), 0)]),
            by_config: HashMap::from([(root, vec![0])]),
        }
    }

    /// Lets `timestamp()` and `uuid()` answer from here on.
    pub fn go_live(&mut self) {
        self.generation += 1;
        self.live = true;
    }

    /// Returns the scope of an instance of a module, if there is such an instance.
    pub fn within(&self, path: &ModulePath) -> Option<ModuleScope<'_, 'm>> {
        let at = match path.is_root() {
            true => 0,
            false => *self.places.get(path)?,
        };
        Some(ModuleScope { values: self, at })
    }

    /// Returns the scopes of the instances of a module of the configuration.
    pub fn instances(&self, config: &ModulePath) -> Vec<ModuleScope<'_, 'm>> {
        let places = self.by_config.get(config).map(Vec::as_slice);
        let places = places.unwrap_or_default().iter();
        places
            .map(|at| ModuleScope {
                values: self,
                at: *at,
            })
            .collect()
    }

    /// Returns the scopes of all instances of all modules, the root's first.
    pub fn everywhere(&self) -> impl Iterator<Item = ModuleScope<'_, 'm>> {
        (0..self.instances.len()).map(|at| ModuleScope { values: self, at })
    }

    /// Returns the scope of the root module.
    pub fn root(&self) -> ModuleScope<'_, 'm> {
        ModuleScope {
            values: self,
            at: 0,
        }
    }

    /// Makes the instances of what a call calls, in every instance of the caller; returns what is wrong with its
    /// `count` or `for_each`.
    pub fn enter(&mut self, config: &ModulePath) -> Vec<Diagnostic> {
        let mut problems = Vec::new();
        let Some((caller, step)) = config.split() else {
            return problems;
        };
        for at in self.by_config.get(&caller).cloned().unwrap_or_default() {
            let Some(call) = self.instances[at].module.calls.get(&step.name) else {
                continue;
            };
            let scope = ModuleScope { values: self, at };
            match expand(call.count.as_ref(), call.for_each.as_ref(), &scope) {
                Ok(expansion) => {
                    let (repetition, keys) = keys_of(expansion);
                    self.add(at, call, repetition, Some(keys));
                }
                Err(problem) => {
                    let path = self.instances[at].path.child(&step.name, Key::None);
                    problems.push(problem.about(path));
                    self.add(at, call, repetition_of(call), None);
                }
            }
        }
        problems
    }

    /// Adds instances of a call; without keys it is not known what there is.
    fn add(
        &mut self,
        caller: usize,
        call: &'m ModuleCall,
        repetition: Repetition,
        keys: Option<Keys>,
    ) {
        self.generation += 1;
        let name = &call.name.text;
        let Some(child) = self.instances[caller].module.children.get(name) else {
            return;
        };
        let add = |(key, each): (Key, Option<Value>)| {
            let at = self.instances.len();
            let path = self.instances[caller].path.child(name, key.clone());
            self.places.insert(path.clone(), at);
            self.by_config.entry(path.config()).or_default().push(at);
            let caller = Caller {
                at: caller,
                call,
                key: key.clone(),
                each,
                any: false,
            };
            self.instances
                .push(Instance::new(path, child, Some(caller)));
            (key, at)
        };
        let instances = keys.map(|keys| keys.into_iter().map(add).collect());
        let called = Called {
            repetition,
            instances,
            whole: Cache::default(),
        };
        self.instances[caller].calls.insert(name.clone(), called);
    }

    /// Puts in scope what the state has of every declared resource, in the modules that there are by it.
    pub fn recall(&mut self, state: &State) {
        let mut recorded = None;
        let mut at = 0;
        while at < self.instances.len() {
            let Instance { module, path, .. } = &self.instances[at];
            let (module, path) = (*module, path.clone());
            for (own, block) in &module.resources {
                let address = placed(own, &path);
                let resolved = Resolved::recorded(Some(block), state, &address);
                self.instances[at].resources.insert(own.clone(), resolved);
            }
            self.generation += 1;
            let mut left: Vec<&'m ModuleCall> = module.calls.values().collect();
            // A call's count may need what another call answers.
            while self.enter_known(at, &mut left) {}
            for call in left {
                let all = recorded.get_or_insert_with(|| module_instances(state));
                let keys = all.get(&path.child(&call.name.text, Key::None).config());
                let keys = keys
                    .into_iter()
                    .flatten()
                    .filter(|it| it.split().is_some_and(|(caller, _)| caller == path));
                let keys = keys.filter_map(|it| Some((it.steps().last()?.key.clone(), None)));
                let keys = keys.collect();
                self.add(at, call, repetition_of(call), Some(keys));
            }
            at += 1;
        }
    }

    /// Enters the calls of an instance whose repetition is known, and leaves the others; returns whether both are.
    fn enter_known(&mut self, at: usize, left: &mut Vec<&'m ModuleCall>) -> bool {
        let before = left.len();
        for call in std::mem::take(left) {
            let scope = ModuleScope { values: self, at };
            match expand(call.count.as_ref(), call.for_each.as_ref(), &scope) {
                Ok(expansion) => {
                    let (repetition, keys) = keys_of(expansion);
                    self.add(at, call, repetition, Some(keys));
                }
                Err(_) => left.push(call),
            }
        }
        !left.is_empty() && left.len() < before
    }

    /// Enters what is called once, for what needs no resources.
    pub fn enter_single(&mut self) {
        self.enter_all(|call| call.count.is_none() && call.for_each.is_none());
    }

    /// Enters one instance of every call, which stands for all of them.
    pub fn enter_any(&mut self) {
        self.enter_all(|_| true);
    }

    fn enter_all(&mut self, wanted: impl Fn(&ModuleCall) -> bool) {
        let mut at = 0;
        while at < self.instances.len() {
            let module = self.instances[at].module;
            for call in module.calls.values().filter(|call| wanted(call)) {
                let first = self.instances.len();
                self.add(at, call, Repetition::Single, Some(vec![(Key::None, None)]));
                let repeated = repetition_of(call) != Repetition::Single;
                if repeated && let Some(called) = self.instances[at].calls.get_mut(&call.name.text)
                {
                    called.instances = None;
                }
                for instance in &mut self.instances[first..] {
                    if let Some(caller) = &mut instance.caller {
                        caller.any = repeated;
                    }
                }
            }
            at += 1;
        }
    }

    /// Puts a resource in scope.
    pub fn resolve(&mut self, address: &Arc<ResourceAddress>, resolved: Resolved) {
        self.generation += 1;
        let Some(at) = self.within(&address.module).map(|scope| scope.at) else {
            return;
        };
        let own = match at {
            0 => address.clone(),
            _ => Arc::new(address.relative()),
        };
        self.instances[at].resources.insert(own, resolved);
    }

    /// Replaces the value of one instance of a resource that is in scope.
    pub fn set(&mut self, address: &ResourceAddress, key: &Key, value: Value) {
        self.generation += 1;
        let Some(at) = self.within(&address.module).map(|scope| scope.at) else {
            return;
        };
        let resources = &mut self.instances[at].resources;
        let resolved = match at {
            0 => resources.get_mut(address),
            _ => resources.get_mut(&address.relative()),
        };
        if let Some(resolved) = resolved {
            resolved.set(key, value);
        }
    }
}

/// Returns the address that a module's own resource has seen from the root.
pub fn placed(own: &Arc<ResourceAddress>, path: &ModulePath) -> Arc<ResourceAddress> {
    match path.is_root() {
        true => own.clone(),
        false => Arc::new(own.within(path.clone())),
    }
}

fn repetition_of(call: &ModuleCall) -> Repetition {
    match (&call.count, &call.for_each) {
        (Some(_), _) => Repetition::Count,
        (None, Some(_)) => Repetition::ForEach,
        (None, None) => Repetition::Single,
    }
}

/// Returns the instances of modules that a state has something of, by their paths without keys.
fn module_instances(state: &State) -> HashMap<ModulePath, BTreeSet<ModulePath>> {
    let mut all: HashMap<ModulePath, BTreeSet<ModulePath>> = HashMap::new();
    for address in state.resources.keys() {
        let mut path = address.module.clone();
        while let Some((caller, _)) = path.split() {
            if !all.entry(path.config()).or_default().insert(path) {
                break;
            }
            path = caller;
        }
    }
    all
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

/// The scope of one instance of a module.
#[derive(Clone, Copy, Debug)]
pub struct ModuleScope<'v, 'm> {
    values: &'v Values<'m>,
    at: usize,
}

impl<'v, 'm> ModuleScope<'v, 'm> {
    fn instance(&self) -> &'v Instance<'m> {
        &self.values.instances[self.at]
    }

    /// Returns the module.
    pub fn module(&self) -> &'m Module {
        self.instance().module
    }

    /// Returns where the instance is.
    pub fn path(&self) -> &'v ModulePath {
        &self.instance().path
    }

    /// Evaluates once in a generation, until the value is wholly known.
    fn once(&self, cache: &Cache, name: &Arc<str>, evaluate: impl FnOnce() -> Value) -> Value {
        let generation = self.values.generation;
        if let Some(known) = cache.get(name, generation) {
            return known;
        }
        let value = evaluate();
        cache.put(name, generation, &value);
        value
    }

    fn variable(&self, name: &Arc<str>) -> Result<Value, String> {
        let instance = self.instance();
        let lacking = || undeclared("input variable", name, instance.module.variables.keys());
        let Some(caller) = &instance.caller else {
            return self
                .values
                .variables
                .get(&**name)
                .cloned()
                .ok_or_else(lacking);
        };
        let variable = instance.module.variables.get(name).ok_or_else(lacking)?;
        Ok(self.once(&instance.variables, name, || {
            // What is wrong with it is told where the walk comes by.
            self.argument(caller, variable)
                .unwrap_or_else(|_| Value::Unknown(variable.ty.clone()))
                .marked(variable.sensitive || variable.ephemeral)
        }))
    }

    /// Evaluates what the caller gives a variable.
    fn argument(&self, caller: &Caller<'m>, variable: &Variable) -> Result<Value, Box<Diagnostic>> {
        let mut written = caller.call.body.attributes.iter();
        let Some(written) = written.find(|it| it.name.text == variable.name.text) else {
            return variables::from_default(variable);
        };
        let outside = ModuleScope {
            values: self.values,
            at: caller.at,
        };
        let value = if caller.any {
            let call = caller.call;
            let any = AnyInstance::of(&outside, call.count.as_ref(), call.for_each.as_ref());
            eval::evaluate(&written.value, &any)
        } else {
            let scope = InstanceScope {
                values: &outside,
                key: &caller.key,
                each: caller.each.as_ref(),
                this: None,
            };
            eval::evaluate(&written.value, &scope)
        };
        let argument = Argument {
            value: value?,
            span: written.value.span,
            address: format!("{}.var.{}", self.path(), variable.name.text),
        };
        variables::from_argument(variable, argument)
    }

    /// Returns what is wrong with the value of a variable that the caller gives.
    pub fn check_variable(&self, name: &Arc<str>) -> Vec<Diagnostic> {
        let instance = self.instance();
        let (Some(caller), Some(variable)) =
            (&instance.caller, instance.module.variables.get(name))
        else {
            return Vec::new();
        };
        let address = format!("{}.var.{name}", self.path());
        if let Err(problem) = self.argument(caller, variable) {
            let known = problem.address.is_some();
            return vec![if known {
                *problem
            } else {
                problem.about(address)
            }];
        }
        variables::broken(variable, self, &address, self.given_at(variable))
    }

    /// Returns where a variable is given its value: in the call, or where it is declared.
    pub fn given_at(&self, variable: &Variable) -> Span {
        let written = self.instance().caller.as_ref().and_then(|caller| {
            let mut all = caller.call.body.attributes.iter();
            all.find(|it| it.name.text == variable.name.text)
        });
        written.map_or(variable.name.span, |it| it.value.span)
    }

    fn local(&self, name: &Arc<str>) -> Result<Value, String> {
        let instance = self.instance();
        let Some(local) = instance.module.locals.get(name) else {
            return Err(undeclared(
                "local value",
                name,
                instance.module.locals.keys(),
            ));
        };
        Ok(self.once(&instance.locals, name, || {
            // An error in a local is reported where the local is declared; here it only spreads.
            // So does one that shares its parts so often that whoever looks at all of it takes forever.
            eval::evaluate(&local.value, self)
                .ok()
                .filter(|value| !value.holds_more_than(MAX_LOCAL))
                .unwrap_or(Value::UNKNOWN)
        }))
    }

    /// Returns what the module's output says; unknown where it cannot be evaluated, which the walk tells.
    fn answer(&self, name: &str) -> Option<Value> {
        let instance = self.instance();
        let (name, output) = instance.module.outputs.get_key_value(name)?;
        Some(self.once(&instance.outputs, name, || {
            eval::evaluate(&output.value, self)
                .unwrap_or(Value::UNKNOWN)
                .marked(output.sensitive || output.ephemeral)
        }))
    }

    /// Returns what the whole of a call is: an object of its outputs, or a tuple or object of such.
    fn called(&self, name: &Arc<str>) -> Result<Value, String> {
        let instance = self.instance();
        let Some(called) = instance.calls.get(name) else {
            if instance.module.calls.contains_key(name) {
                return Ok(Value::UNKNOWN);
            }
            return Err(undeclared(
                "module call",
                name,
                instance.module.calls.keys(),
            ));
        };
        let Some(places) = &called.instances else {
            return Ok(Value::UNKNOWN);
        };
        Ok(self.once(&called.whole, name, || {
            let whole = |(key, at): &(Key, usize)| {
                let inner = ModuleScope {
                    values: self.values,
                    at: *at,
                };
                let outputs = inner.module().outputs.keys();
                let entries = outputs.filter_map(|it| Some((it.clone(), inner.answer(it)?)));
                (key.clone(), Value::object(entries.collect::<Object>()))
            };
            let all: Vec<(Key, Value)> = places.iter().map(whole).collect();
            match called.repetition {
                Repetition::Single => all
                    .into_iter()
                    .next()
                    .map_or(Value::UNKNOWN, |(_, value)| value),
                Repetition::Count => Value::tuple(all.into_iter().map(|(_, it)| it).collect()),
                Repetition::ForEach => Value::object(all.iter().map(entry).collect::<Object>()),
            }
        }))
    }
}

impl Scope for ModuleScope<'_, '_> {
    fn target(&self, target: &Target) -> Result<Value, String> {
        match target {
            Target::Variable(name) => self.variable(name),
            Target::Local(name) => self.local(name),
            Target::Output(name) => Err(format!("output.{name} cannot be referred to here.")),
            Target::Module(name) => self.called(name),
            Target::ModuleOutput(name, output) => self
                .output(name, &Key::None, output)
                .ok_or_else(|| format!("module.{name} has no output \"{output}\".")),
            Target::Resource(address) => self
                .instance()
                .resources
                .get(address)
                .map(Resolved::whole)
                .ok_or_else(|| {
                    format!("{address} is not declared, or is not known at this point.")
                }),
        }
    }

    fn instance(&self, resource: &ResourceAddress, key: &Key) -> Option<Value> {
        let resolved = self.values.instances[self.at].resources.get(resource)?;
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
        let instance = self.instance();
        let ephemerals = || Ephemerals::of(instance.module);
        instance.ephemerals.get_or_init(ephemerals).holds(expr)
    }

    fn keyed(&self, resource: &ResourceAddress) -> Option<bool> {
        let resolved = self.instance().resources.get(resource)?;
        Some(resolved.repetition != Repetition::Single)
    }

    fn output(&self, module: &str, key: &Key, output: &str) -> Option<Value> {
        let called = self.values.instances[self.at].calls.get(module)?;
        let places = called.instances.as_ref()?;
        let at = places.binary_search_by(|(other, _)| other.cmp(key)).ok()?;
        let inner = ModuleScope {
            values: self.values,
            at: places[at].1,
        };
        inner.answer(output)
    }

    fn special(&self, root: &str, name: &str) -> Option<Value> {
        let special = &self.values.special;
        Some(match (root, name) {
            ("path", "module") if self.at != 0 => {
                Value::string(self.module().directory.to_string_lossy())
            }
            ("path", "module" | "root") => Value::string(special.root.as_str()),
            ("path", "~") => Value::string(special.home.as_deref()?),
            ("path", "cwd") => Value::string(special.cwd.as_str()),
            ("terraform", "applying") => Value::Bool(self.values.live),
            ("terraform", "workspace") => Value::string(special.workspace.as_str()),
            ("prov", "timestamp") if self.values.live => {
                let now = Timestamp::now();
                Value::string(now.strftime("%Y-%m-%dT%H:%M:%SZ").to_string())
            }
            ("prov", "uuid") if self.values.live => Value::string(Uuid::new_v4().to_string()),
            ("prov", "plantimestamp") => Value::string(special.timestamp.as_str()),
            _ => return None,
        })
    }

    fn template(&self, text: &str, _name: &str) -> Option<Result<Expr, Diagnostic>> {
        Some(manifest::parse_template(text))
    }
}

impl Scope for Values<'_> {
    fn target(&self, target: &Target) -> Result<Value, String> {
        self.root().target(target)
    }

    fn instance(&self, resource: &ResourceAddress, key: &Key) -> Option<Value> {
        Scope::instance(&self.root(), resource, key)
    }

    fn ephemeral(&self, expr: &Expr) -> bool {
        self.root().ephemeral(expr)
    }

    fn keyed(&self, resource: &ResourceAddress) -> Option<bool> {
        self.root().keyed(resource)
    }

    fn output(&self, module: &str, key: &Key, output: &str) -> Option<Value> {
        self.root().output(module, key, output)
    }

    fn special(&self, root: &str, name: &str) -> Option<Value> {
        self.root().special(root, name)
    }

    fn template(&self, text: &str, name: &str) -> Option<Result<Expr, Diagnostic>> {
        self.root().template(text, name)
    }
}
