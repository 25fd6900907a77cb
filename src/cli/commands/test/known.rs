//! What is known after a plan or an apply, and what is left at the end of a file.

use std::{io::Write, sync::Arc};

use super::prepare::Prepared;
use crate::{
    backend::format,
    model::{Diagnostic, Mode, Object, Value, plan, state::State},
    plan::Values,
    render::testing::Left,
};

/// Returns the values when there is no plan: everything but the variables is unknown.
pub(super) fn unplanned(prepared: &Prepared) -> Values<'_> {
    use crate::{
        model::Key,
        plan::scope::{Repetition, Resolved},
    };
    let special = prepared.special.clone();
    let mut values = Values::new(&prepared.module, &prepared.variables, special);
    values.enter_any();
    for address in prepared.module.resources.keys() {
        let unknown = Resolved::new(Repetition::Single, vec![(Key::None, Value::UNKNOWN)]);
        values.resolve(address, unknown);
    }
    values
}

/// Returns the outputs as they are planned.
pub(super) fn planned_outputs(plan: &plan::Plan) -> Object {
    plan.outputs
        .iter()
        .filter_map(|(name, change)| {
            let value = change.after.clone()?;
            Some((Arc::from(name.as_str()), value.marked(change.sensitive)))
        })
        .collect()
}

/// Returns the outputs of a state.
pub(super) fn state_outputs(state: &State) -> Object {
    state
        .outputs
        .iter()
        .map(|(name, output)| {
            let value = output.value.clone().marked(output.sensitive);
            (Arc::<str>::from(name.as_str()), value)
        })
        .collect()
}

/// Writes down what could not be destroyed in the real cloud, where nothing else remembers it; says where.
pub(super) fn rescued(state: &State) -> Diagnostic {
    let written = || -> std::io::Result<String> {
        let mut file = tempfile::Builder::new()
            .prefix("errored_test_")
            .suffix(".tfstate")
            .tempfile_in(".")?;
        // A state that is stored has been written once at least.
        let state = State {
            serial: state.serial.max(1),
            ..state.clone()
        };
        file.write_all(&format::to_bytes(&state))?;
        file.as_file().sync_all()?;
        let (_, path) = file.keep().map_err(|error| error.error)?;
        let name = path.file_name().unwrap_or(path.as_os_str());
        Ok(name.to_string_lossy().into_owned())
    };
    match written() {
        Ok(name) => Diagnostic::warning(
            "The state of the test was kept",
            format!("What could not be destroyed is in {name}."),
        )
        .hint(format!(
            "Destroy it with prov destroy -state={name}, then delete the file."
        )),
        Err(error) => Diagnostic::error(
            "The state of the test is lost",
            format!("What could not be destroyed could not be written down either: {error}."),
        )
        .hint("Delete the resources that are named here by hand."),
    }
}

/// Returns the objects that a state still has.
pub(super) fn left(state: &State) -> Vec<Left> {
    let mut left = Vec::new();
    for (resource, kept) in &state.resources {
        if resource.mode != Mode::Managed {
            continue;
        }
        for (key, instance) in &kept.instances {
            let address = crate::model::Address {
                resource: resource.clone(),
                key: key.clone(),
            };
            if instance.current.is_some() {
                left.push(Left {
                    address: address.clone(),
                    deposed: None,
                });
            }
            left.extend(instance.deposed.keys().map(|key| Left {
                address: address.clone(),
                deposed: Some(key.clone()),
            }));
        }
    }
    left
}
