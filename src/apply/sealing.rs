//! The secrets of a state that goes into a saved plan: digests there, and put back from the state at apply.
//!
//! A saved plan is bound to the serial of the state that it was made from, so that the state still has them.

use std::{
    collections::{BTreeMap, HashMap},
    sync::Arc,
};

use crate::model::{
    Object, Type, Value,
    state::{Output, State},
};

/// Turns a text into its digest.
type Digest<'a> = &'a dyn Fn(&str) -> String;

/// Returns the state with the digest of each sensitive value in its place.
pub fn sealed(state: &State, digest: Digest<'_>) -> State {
    let mut state = state.clone();
    replace(&mut state, &mut |inner| {
        Value::string(digest(&spelled(inner)))
    });
    for output in state.outputs.values_mut().filter(|output| output.sensitive) {
        output.value = Value::string(digest(&spelled(&output.value)));
        output.ty = Type::String;
    }
    state
}

/// Returns the state with each digest replaced by the value that `source` has for it.
pub fn restored(mut state: State, source: &State, digest: Digest<'_>) -> State {
    let mut known: HashMap<String, Value> = HashMap::new();
    replace(&mut source.clone(), &mut |inner| {
        known.insert(digest(&spelled(inner)), inner.clone());
        inner.clone()
    });
    replace(&mut state, &mut |inner| {
        let found = inner.as_str().and_then(|text| known.get(text));
        found.unwrap_or(inner).clone()
    });
    restore_outputs(&mut state.outputs, &source.outputs);
    state
}

/// Outputs are as recorded: no refresh changes them.
fn restore_outputs(outputs: &mut BTreeMap<String, Output>, source: &BTreeMap<String, Output>) {
    for (name, output) in outputs.iter_mut().filter(|(_, output)| output.sensitive) {
        if let Some(recorded) = source.get(name) {
            output.clone_from(recorded);
        }
    }
}

/// Returns a value as the text that its digest is of: a text and what is written like it differ.
pub fn spelled(value: &Value) -> String {
    match value.as_str() {
        Some(text) => text.to_owned(),
        None => format!("\0{}", value.unmarked_deep().to_json()),
    }
}

/// Replaces what is inside each mark, in all objects.
fn replace(state: &mut State, change: &mut dyn FnMut(&Value) -> Value) {
    for resource in state.resources.values_mut() {
        for instance in resource.instances.values_mut() {
            let current = instance.current.iter_mut();
            for stored in current.chain(instance.deposed.values_mut()) {
                if stored.attributes.values().any(Value::has_sensitive) {
                    stored.attributes = Arc::new(object(&stored.attributes, change));
                }
            }
        }
    }
}

fn object(entries: &Object, change: &mut dyn FnMut(&Value) -> Value) -> Object {
    let entries = entries.iter();
    entries
        .map(|(name, inner)| (name.clone(), value(inner, change)))
        .collect()
}

/// Returns a value with what is inside each mark replaced.
pub fn value(of: &Value, change: &mut dyn FnMut(&Value) -> Value) -> Value {
    let mut all = |items: &[Value]| items.iter().map(|item| value(item, change)).collect();
    match of {
        Value::List(items) => Value::list(all(items)),
        Value::Set(items) => Value::set(all(items)),
        Value::Tuple(items) => Value::tuple(all(items)),
        Value::Map(entries) => Value::map(object(entries, change)),
        Value::Object(entries) => Value::object(object(entries, change)),
        Value::Sensitive(inner) if inner.is_null() || inner.is_unknown() => of.clone(),
        Value::Sensitive(inner) => change(inner).sensitive(),
        other => other.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Address, state::Stored};

    #[test]
    fn secrets_are_sealed_and_put_back() {
        let secret = Value::string("swordfish");
        let list = Value::list(vec![secret.clone(), Value::int(5)]);
        let entries = [
            ("a", secret.clone().sensitive()),
            ("b", Value::list(vec![list.clone().sensitive()])),
            ("c", Value::string("open")),
            ("d", Value::int(5).sensitive()),
            ("e", Value::string("5").sensitive()),
        ];
        let mut state = State::default();
        let address = Address::parse("random_password.it").unwrap();
        state.instance_mut(&address, &"p".into()).current = Some(Stored {
            attributes: Arc::new(Object::from_iter(entries)),
            ..Stored::default()
        });
        let output = Output {
            ty: Type::list(Type::String),
            value: Value::list(vec![secret]),
            sensitive: true,
        };
        state.outputs.insert("all".to_owned(), output);
        let digest = |text: &str| crate::apply::token::Digester::new("00").digest(text);
        let closed = sealed(&state, &digest);
        assert!(!format!("{closed:?}").contains("swordfish"));
        let text = String::from_utf8(crate::backend::format::to_bytes(&closed)).unwrap();
        assert!(
            !text.contains("swordfish") && text.contains("open"),
            "{text}"
        );
        assert_eq!(sealed(&closed, &|text| text.to_owned()), closed);
        assert_eq!(restored(closed, &state, &digest), state);
    }
}
