//! The arguments of a call against the variables of the module.

use crate::{
    manifest::ast::{Module, ModuleCall},
    model::{Diagnostic, Diagnostics, diagnostic::did_you_mean},
};

/// Tells which arguments are missing, and which are not known.
pub(super) fn check(call: &ModuleCall, child: &Module, diags: &mut Diagnostics) {
    let address = format!("module.{}", call.name.text);
    for attribute in &call.body.attributes {
        let name = &attribute.name;
        if child.variables.contains_key(&name.text) {
            continue;
        }
        let known = child.variables.keys().map(|name| &**name);
        let near = did_you_mean(&name.text, known);
        let detail = format!("The module has no variable \"{}\".", name.text);
        let hint = match near {
            Some(near) => format!("Did you mean \"{near}\"?"),
            None if child.variables.is_empty() => "It has no variables: remove it.".to_owned(),
            None => format!("Declare it in {}, or remove it.", child.directory.display()),
        };
        diags.push(
            Diagnostic::error("Unsupported argument", detail)
                .at(name.span)
                .about(&address)
                .hint(hint),
        );
    }
    for (name, variable) in &child.variables {
        let given = |name: &str| {
            let mut attributes = call.body.attributes.iter();
            attributes.any(|attribute| &*attribute.name.text == name)
        };
        if variable.default.is_none() && !given(name) {
            let detail = format!("The module needs the argument \"{name}\".");
            diags.push(
                Diagnostic::error("Missing required argument", detail)
                    .at(call.span)
                    .label(variable.name.span, "declared here, without a default")
                    .about(&address)
                    .hint(format!("Write {name} = VALUE in the call.")),
            );
        }
    }
}
