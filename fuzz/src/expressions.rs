//! Expressions and templates: read, looked through for references, and evaluated.

use prov::{
    eval, manifest,
    manifest::ast::Expr,
    model::{Diagnostic, Sources},
};

use super::{
    Said, line,
    scope::{World, keeps_secrets},
};

/// An expression that stands alone.
pub fn expression(data: &[u8]) -> Said {
    let Ok(text) = std::str::from_utf8(data) else {
        return Said::new();
    };
    // The console asks this of a line that may go on.
    let _ = manifest::goes_on(text);
    said(
        text,
        manifest::parse_expression(text, "fuzzed", &mut Sources::default()),
    )
}

/// The text of a template file.
pub fn template(data: &[u8]) -> Said {
    let Ok(text) = std::str::from_utf8(data) else {
        return Said::new();
    };
    said(text, manifest::parse_template(text))
}

fn said(text: &str, parsed: Result<Expr, Diagnostic>) -> Said {
    let expr = match parsed {
        Ok(expr) => expr,
        Err(diagnostic) => return vec![line(&diagnostic)],
    };
    eval::references(&expr, &mut Vec::new());
    let _ = eval::plain_reference(&expr);
    let outcome = eval::evaluate(&expr, &World);
    if let Ok(value) = &outcome {
        let _ = eval::infer(&expr, value, &World);
    }
    keeps_secrets(text, &outcome);
    outcome.err().iter().map(line).collect()
}
