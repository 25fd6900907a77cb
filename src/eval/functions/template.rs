//! `templatefile` and `templatestring`: text with a few variables, and no other names.

use std::{cell::RefCell, collections::HashMap, rc::Rc};

use super::filesystem::read_text;
use crate::{
    eval::{
        Scope,
        convert::convert,
        expression::{Env, Failure, Outcome, eval, failed, unmark},
        show,
    },
    manifest::ast::{Expr, Name, Target},
    model::{Diagnostic, Span, Type, Value},
};

/// Evaluates a call of either function.
pub(super) fn call(name: &Name, args: &[Expr], span: Span, env: Env<'_>) -> Outcome {
    let function = name.text.strip_prefix("core::").unwrap_or(&name.text);
    let [source, vars] = args else {
        return Err(failed(
            span,
            "Wrong number of function arguments",
            format!("Function \"{function}\" expects 2 argument(s)."),
        ));
    };
    let (text, marked) = unmark(eval(source, env)?);
    let (vars_value, vars_marked) = unmark(eval(vars, env)?);
    let marked = marked || vars_marked;
    let wrong = |at: &Expr, param: &str, text: &str| super::invalid_argument(param, text, at.span);
    let param = if function == "templatefile" {
        "path"
    } else {
        "template"
    };
    let text = convert(&text, &Type::String).map_err(|text| wrong(source, param, &text))?;
    if text.is_unknown() || vars_value.is_unknown() {
        return Ok(Value::Unknown(Type::String).marked(marked));
    }
    let text = text
        .as_str()
        .ok_or_else(|| wrong(source, param, "argument must not be null"))?;
    let vars = vars_value
        .as_object()
        .ok_or_else(|| wrong(vars, "vars", "invalid vars value: must be a map"))?;
    if let Some(name) = vars.keys().find(|name| !super::is_identifier(name)) {
        let text = format!(
            "invalid template variable name {}: it must start with a letter, followed by letters, digits and underscores",
            show::quoted(name)
        );
        return Err(wrong(&args[1], "vars", &text));
    }
    let file;
    let (text, shown) = if function == "templatefile" {
        file = read_text(text, env.scope).map_err(|fault| match fault.param {
            Some(_) => super::invalid_argument(param, &fault.text, source.span),
            None => failed(
                span,
                "Error in function call",
                format!("Call to function \"{function}\" failed: {}.", fault.text),
            ),
        })?;
        (&*file, text)
    } else {
        (text, "the template")
    };
    let template = parsed(text, shown, env.scope)
        .map_err(|problem| explain(function, shown, &problem, span))?;
    let inside = Inside(env.scope);
    eval(&template, env.of_template(&inside, vars))
        .map(|value| value.marked(marked))
        .map_err(|failure| {
            if failure.diagnostic.summary == "Invalid function argument" {
                // A variable that the template needs and that is not given.
                return super::invalid_argument("vars", &failure.diagnostic.detail, args[1].span);
            }
            explain(function, shown, &failure.diagnostic, span)
        })
}

/// Says at the call what is wrong within a template, whose places mean nothing elsewhere.
fn explain(function: &str, shown: &str, problem: &Diagnostic, span: Span) -> Box<Failure> {
    failed(
        span,
        "Error in function call",
        format!(
            "Call to function \"{function}\" failed: {}: {}: {}",
            show::quoted(shown),
            problem.summary,
            problem.detail
        ),
    )
}

/// Parses a template, once for all instances that use it.
fn parsed(text: &str, name: &str, scope: &dyn Scope) -> Result<Rc<Expr>, Diagnostic> {
    const KEPT: usize = 64;
    thread_local! {
        static PARSED: RefCell<HashMap<String, Rc<Expr>>> = RefCell::default();
    }
    if let Some(known) = PARSED.with_borrow(|all| all.get(text).cloned()) {
        return Ok(known);
    }
    let template = scope.template(text, name).unwrap_or_else(|| {
        Err(Diagnostic::error(
            "No templates here",
            "Templates cannot be used in this place, nor within other templates.",
        ))
    })?;
    let template = Rc::new(template);
    PARSED.with_borrow_mut(|all| {
        if all.len() >= KEPT {
            all.clear();
        }
        all.insert(text.to_owned(), template.clone());
    });
    Ok(template)
}

/// The scope within a template: files, but no objects.
struct Inside<'a>(&'a dyn Scope);

impl Scope for Inside<'_> {
    fn target(&self, target: &Target) -> Result<Value, String> {
        let root = match target {
            Target::Variable(_) => "var",
            Target::Local(_) => "local",
            Target::Output(_) => "output",
            Target::Module(_) | Target::ModuleOutput(..) => "module",
            Target::Resource(address) => &address.kind,
        };
        Err(format!(
            "The vars map does not contain key {}.",
            show::quoted(root)
        ))
    }

    fn special(&self, root: &str, name: &str) -> Option<Value> {
        (root == "path" && name == "cwd" || root == "prov")
            .then(|| self.0.special(root, name))
            .flatten()
    }
}
