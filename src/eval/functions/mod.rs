//! The functions of the language: one table per family, and what holds for all of them.
//!
//! A row says what a function takes and returns; arity, conversions, nulls, unknown and sensitive
//! arguments are handled here, once. A row that must see more says so with [`Sight`].

use std::sync::{Arc, LazyLock};

use super::{
    Scope,
    convert::convert,
    expression::{Env, Failure, Outcome, eval, failed, unmark},
    show,
};
use crate::{
    manifest::ast::{Expr, Name},
    model::{Span, Type, Value, diagnostic::did_you_mean},
};

mod charset;
mod collection;
mod datetime;
mod encoding;
mod fileset;
mod filesystem;
mod format;
mod hash;
mod ip_network;
mod language;
mod numeric;
mod set;
mod string;
mod template;
mod type_conversion;
mod yaml;

/// A row: what a function takes, returns and does.
#[derive(Clone, Copy, Debug)]
pub struct Function {
    pub name: &'static str,
    pub params: &'static [Param],
    /// The parameter that takes all further arguments.
    pub rest: Option<Param>,
    pub sight: Sight,
    pub returns: Kind,
    run: fn(&Call<'_>) -> Answer,
    pub doc: &'static str,
    /// A call, and an expression of the value that it has.
    pub example: &'static str,
    pub result: &'static str,
}

/// A parameter.
#[derive(Clone, Copy, Debug)]
pub struct Param {
    pub name: &'static str,
    pub kind: Kind,
}

/// What a parameter is converted to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Any,
    /// Any, and null too.
    Nullable,
    Bool,
    Number,
    String,
    Bools,
    Numbers,
    Strings,
    List,
    Set,
    Map,
    StringsByName,
}

/// What a function gets to see of unknown and sensitive arguments.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sight {
    /// Only known values without marks, at any depth: otherwise the result is unknown, or is marked.
    Plain,
    /// Known collections without a mark of their own; elements may be unknown or marked.
    Elements,
    /// Everything as it is.
    Everything,
}

/// A call's converted arguments.
struct Call<'a> {
    args: Vec<Value>,
    scope: &'a dyn Scope,
}

/// Why a call fails.
#[derive(Debug)]
struct Fault {
    param: Option<&'static str>,
    text: String,
}

type Answer = Result<Value, Fault>;

impl From<String> for Fault {
    fn from(text: String) -> Self {
        Self { param: None, text }
    }
}

impl From<&str> for Fault {
    fn from(text: &str) -> Self {
        text.to_owned().into()
    }
}

impl Fault {
    /// Says which argument it is about.
    fn of(self, param: &'static str) -> Self {
        Self {
            param: Some(param),
            ..self
        }
    }
}

/// Returns a fault of one argument.
fn invalid(param: &'static str, text: impl Into<String>) -> Fault {
    Fault {
        param: Some(param),
        text: text.into(),
    }
}

const fn param(name: &'static str, kind: Kind) -> Param {
    Param { name, kind }
}

impl Function {
    const fn new(
        name: &'static str,
        params: &'static [Param],
        returns: Kind,
        run: fn(&Call<'_>) -> Answer,
    ) -> Self {
        Self {
            name,
            params,
            rest: None,
            sight: Sight::Plain,
            returns,
            run,
            doc: "",
            example: "",
            result: "",
        }
    }

    const fn rest(mut self, name: &'static str, kind: Kind) -> Self {
        self.rest = Some(Param { name, kind });
        self
    }

    const fn sees(mut self, sight: Sight) -> Self {
        self.sight = sight;
        self
    }

    const fn doc(mut self, doc: &'static str) -> Self {
        self.doc = doc;
        self
    }

    const fn example(mut self, example: &'static str, result: &'static str) -> Self {
        self.example = example;
        self.result = result;
        self
    }
}

impl Kind {
    fn ty(self) -> Type {
        match self {
            Self::Any | Self::Nullable => Type::Any,
            Self::Bool => Type::Bool,
            Self::Number => Type::Number,
            Self::String => Type::String,
            Self::Bools => Type::list(Type::Bool),
            Self::Numbers => Type::list(Type::Number),
            Self::Strings => Type::list(Type::String),
            Self::List => Type::list(Type::Any),
            Self::Set => Type::set(Type::Any),
            Self::Map => Type::map(Type::Any),
            Self::StringsByName => Type::map(Type::list(Type::String)),
        }
    }
}

impl Call<'_> {
    /// The text of an argument that its row converts to a string.
    fn text(&self, at: usize) -> &str {
        self.args.get(at).and_then(Value::as_str).unwrap_or("")
    }

    /// The elements of an argument that is a list, set or tuple.
    fn items(&self, at: usize) -> &[Value] {
        self.args.get(at).and_then(Value::as_list).unwrap_or(&[])
    }

    /// A whole number.
    fn int(&self, at: usize) -> Result<i64, Fault> {
        let int = self.args.get(at).and_then(Value::as_int);
        int.ok_or_else(|| "value must be a whole number".into())
    }
}

/// Returns all functions, sorted by name.
pub fn all() -> &'static [&'static Function] {
    static ALL: LazyLock<Vec<&'static Function>> = LazyLock::new(|| {
        let families = [
            charset::FUNCTIONS,
            collection::FUNCTIONS,
            datetime::FUNCTIONS,
            encoding::FUNCTIONS,
            fileset::FUNCTIONS,
            filesystem::FUNCTIONS,
            format::FUNCTIONS,
            hash::FUNCTIONS,
            ip_network::FUNCTIONS,
            language::FUNCTIONS,
            numeric::FUNCTIONS,
            set::FUNCTIONS,
            string::FUNCTIONS,
            type_conversion::FUNCTIONS,
        ];
        let mut all: Vec<&Function> = families.into_iter().flatten().collect();
        all.sort_by_key(|function| function.name);
        all
    });
    &ALL
}

fn find(name: &str) -> Option<&'static Function> {
    let name = name.strip_prefix("core::").unwrap_or(name);
    let all = all();
    let at = all
        .binary_search_by(|function| function.name.cmp(name))
        .ok()?;
    Some(all[at])
}

/// Returns the type of a call's result, as far as it follows from the arguments' types.
pub(super) fn returns(name: &str, args: &[Type]) -> Type {
    let first = args.first().cloned().unwrap_or_default();
    match name.strip_prefix("core::").unwrap_or(name) {
        "can" => Type::Bool,
        "templatefile" | "templatestring" => Type::String,
        "try" | "sensitive" | "nonsensitive" | "ephemeralasnull" | "sort" | "reverse"
        | "distinct" => first,
        "tolist" => Type::list(elements(&first)),
        "toset" => Type::set(elements(&first)),
        "tomap" => Type::map(elements(&first)),
        "lookup" | "element" | "one" => match &first {
            Type::List(element) | Type::Set(element) | Type::Map(element) => (**element).clone(),
            _ => Type::Any,
        },
        "values" => match &first {
            Type::Map(element) => Type::List(element.clone()),
            _ => Type::Any,
        },
        // Of the text, or of each of the groups.
        "regex" => Type::String,
        _ => find(name).map_or(Type::Any, |function| function.returns.ty()),
    }
}

/// Returns the type that the elements of a collection of this type have in common.
fn elements(ty: &Type) -> Type {
    let fields;
    let all: &[Type] = match ty {
        Type::List(element) | Type::Set(element) | Type::Map(element) => {
            return (**element).clone();
        }
        Type::Tuple(elements) => elements,
        Type::Object(of) => {
            fields = of.iter().map(|field| field.ty.clone()).collect::<Vec<_>>();
            &fields
        }
        _ => return Type::Any,
    };
    super::convert::unify(all).unwrap_or_default()
}

/// Evaluates a call.
pub(super) fn call(
    name: &Name,
    args: &[Expr],
    expand_last: bool,
    span: Span,
    env: Env<'_>,
) -> Outcome {
    match name.text.strip_prefix("core::").unwrap_or(&name.text) {
        "try" => return first_success(args, span, env),
        "can" => return can(args, span, env),
        "templatefile" | "templatestring" => return template::call(name, args, span, env),
        _ => {}
    }
    let function = find(&name.text).ok_or_else(|| unknown_function(name))?;
    let Some(values) = arguments(args, expand_last, env)? else {
        return Ok(Value::UNKNOWN);
    };
    check_arity(function, values.len(), span)?;
    // Where arguments come out of `...`, the last expression stands for all of them.
    let place = |at: usize| {
        args.get(at.min(args.len().saturating_sub(1)))
            .map_or(span, |a| a.span)
    };
    env.effort.takes(&values, span)?;
    let value = run(function, values, &place, name.span, env)?;
    env.effort.returns(&value, span)?;
    Ok(value)
}

/// Evaluates the arguments; `None` when it is not known how many there are.
fn arguments(args: &[Expr], expand_last: bool, env: Env<'_>) -> Outcome<Option<Vec<Value>>> {
    let mut values = Vec::with_capacity(args.len());
    for arg in args {
        values.push(eval(arg, env)?);
    }
    if !expand_last {
        return Ok(Some(values));
    }
    let (last, at) = match (values.pop(), args.last()) {
        (Some(last), Some(arg)) => (last, arg.span),
        _ => return Ok(Some(values)),
    };
    let (last, marked) = unmark(last);
    let invalid = |text: &str| failed(at, "Invalid expanding argument value", text);
    match last {
        Value::Null => Err(invalid(
            "The expanding argument (indicated by ...) must not be null.",
        )),
        Value::Unknown(_) => Ok(None),
        Value::List(items) | Value::Set(items) | Value::Tuple(items) => {
            values.extend(items.iter().map(|item| item.clone().marked(marked)));
            Ok(Some(values))
        }
        _ => Err(invalid(
            "The expanding argument (indicated by ...) must be of a tuple, list, or set type.",
        )),
    }
}

fn check_arity(function: &Function, given: usize, span: Span) -> Outcome<()> {
    let name = function.name;
    let expected = function.params.len();
    if let Some(missing) = function.params.get(given) {
        let least = if function.rest.is_some() {
            "at least "
        } else {
            ""
        };
        return Err(failed(
            span,
            "Not enough function arguments",
            format!(
                "Function \"{name}\" expects {least}{expected} argument(s). Missing value for \"{}\".",
                missing.name
            ),
        ));
    }
    if given > expected && function.rest.is_none() {
        return Err(failed(
            span,
            "Too many function arguments",
            format!("Function \"{name}\" expects only {expected} argument(s)."),
        ));
    }
    Ok(())
}

fn run(
    function: &Function,
    mut values: Vec<Value>,
    place: &dyn Fn(usize) -> Span,
    name: Span,
    env: Env<'_>,
) -> Outcome {
    let (mut marked, mut unknown) = (false, false);
    for (at, value) in values.iter_mut().enumerate() {
        let Some(param) = function.params.get(at).or(function.rest.as_ref()) else {
            continue;
        };
        let wrong = |text: &str| invalid_argument(param.name, text, place(at));
        if value.is_null() && param.kind != Kind::Nullable {
            return Err(wrong("argument must not be null"));
        }
        let ty = param.kind.ty();
        if ty != Type::Any {
            *value = convert(value, &ty).map_err(|text| wrong(&text))?;
        }
        let taken = std::mem::take(value);
        *value = match function.sight {
            Sight::Everything => taken,
            Sight::Elements => {
                let (taken, mark) = unmark(taken);
                marked |= mark;
                unknown |= taken.is_unknown();
                taken
            }
            Sight::Plain => {
                marked |= taken.has_sensitive();
                unknown |= !taken.is_wholly_known();
                taken.unmarked_deep()
            }
        };
    }
    if unknown {
        return Ok(Value::Unknown(function.returns.ty()).marked(marked));
    }
    let call = Call {
        args: values,
        scope: env.scope,
    };
    match (function.run)(&call) {
        Ok(value) => Ok(value.marked(marked)),
        Err(fault) => Err(call_failed(function, fault, marked, place, name)),
    }
}

fn invalid_argument(param: &str, text: &str, span: Span) -> Box<Failure> {
    failed(
        span,
        "Invalid function argument",
        format!("Invalid value for \"{param}\" parameter: {text}."),
    )
}

/// Says why a call failed; nothing about values where an argument is sensitive.
fn call_failed(
    function: &Function,
    fault: Fault,
    hidden: bool,
    place: &dyn Fn(usize) -> Span,
    name: Span,
) -> Box<Failure> {
    let text = if hidden {
        "an argument is not suitable (it is sensitive, so it is not shown)".to_owned()
    } else {
        fault.text
    };
    let Some(param) = fault.param else {
        return failed(
            name,
            "Error in function call",
            format!("Call to function \"{}\" failed: {text}.", function.name),
        );
    };
    let at = function.params.iter().position(|p| p.name == param);
    invalid_argument(param, &text, place(at.unwrap_or(function.params.len())))
}

/// Functions of Terraform that are missing on purpose, and why.
const MISSING: &[(&str, &str)] = &[
    (
        "rsadecrypt",
        "it would put a private key's secrets into the plan",
    ),
    ("type", "it only exists on the console, and only by itself"),
];

/// Functions that see more than their arguments' values, and so are in no table: call and description.
pub const SPECIAL: &[(&str, &str)] = &[
    ("can(expression)", "Whether an expression has a value."),
    (
        "templatefile(path, vars)",
        "Fills a file's template with variables; within it, nothing else has a name.",
    ),
    (
        "templatestring(template, vars)",
        "Fills a template with variables; within it, nothing else has a name.",
    ),
    (
        "try(expressions...)",
        "Returns the first of the expressions that has a value.",
    ),
];

fn special_names() -> impl Iterator<Item = &'static str> {
    let calls = SPECIAL.iter().map(|(call, _)| *call);
    calls.map(|call| call.split('(').next().unwrap_or(call))
}

fn unknown_function(name: &Name) -> Box<Failure> {
    let text = &*name.text;
    let detail = match MISSING.iter().find(|(missing, _)| *missing == text) {
        Some((_, why)) => format!("The function \"{text}\" is not supported: {why}."),
        None => {
            let names = all()
                .iter()
                .map(|function| function.name)
                .chain(special_names());
            let hint = did_you_mean(text, names)
                .map_or_else(String::new, |near| format!(" Did you mean \"{near}\"?"));
            format!("There is no function named \"{text}\".{hint}")
        }
    };
    let summary = if text.contains("::") {
        "Unknown provider function"
    } else {
        "Call to unknown function"
    };
    failed(name.span, summary, detail)
}

/// `try(…)`: the first argument that has a value.
fn first_success(args: &[Expr], span: Span, env: Env<'_>) -> Outcome {
    let mut problems = Vec::new();
    for arg in args {
        match eval(arg, env) {
            Ok(value) => return Ok(value),
            Err(failure) if failure.fatal => return Err(failure),
            Err(failure) => problems.push(format!(
                "{}: {}",
                failure.diagnostic.summary, failure.diagnostic.detail
            )),
        }
    }
    if problems.is_empty() {
        return Err(failed(
            span,
            "Error in function call",
            "Call to function \"try\" failed: at least one argument is required.",
        ));
    }
    Err(failed(
        span,
        "Error in function call",
        format!(
            "Call to function \"try\" failed: no expression succeeded. {} At least one expression must produce a successful result.",
            problems.join(" ")
        ),
    ))
}

/// `can(…)`: whether the argument has a value.
fn can(args: &[Expr], span: Span, env: Env<'_>) -> Outcome {
    let [arg] = args else {
        let (summary, detail) = if args.is_empty() {
            (
                "Not enough function arguments",
                "Function \"can\" expects 1 argument(s). Missing value for \"expression\".",
            )
        } else {
            (
                "Too many function arguments",
                "Function \"can\" expects only 1 argument(s).",
            )
        };
        return Err(failed(span, summary, detail));
    };
    match eval(arg, env) {
        Ok(value) if value.is_wholly_known() => Ok(Value::Bool(true)),
        Ok(_) => Ok(Value::Unknown(Type::Bool)),
        Err(failure) if failure.fatal => Err(failure),
        Err(_) => Ok(Value::Bool(false)),
    }
}

/// Whether a text can be the name of a variable.
fn is_identifier(name: &str) -> bool {
    name.starts_with(|c: char| c.is_alphabetic() || c == '_')
        && name
            .chars()
            .all(|c| c.is_alphanumeric() || c == '_' || c == '-')
}

/// Returns a list of strings.
fn strings<T: Into<Arc<str>>>(texts: impl IntoIterator<Item = T>) -> Value {
    Value::list(texts.into_iter().map(Value::string).collect())
}

/// Returns a type's name as messages show it.
fn kind_name(value: &Value) -> String {
    show::type_name(&value.type_of())
}
