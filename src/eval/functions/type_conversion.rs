//! Functions that change a value's type or mark.

use super::{Answer, Call, Function, Kind, Sight, convert, invalid, kind_name, param, show};
use crate::model::{Type, Value};

pub(super) const FUNCTIONS: &[Function] = &[
    Function::new("ephemeralasnull", VALUE, Kind::Any, |call| {
        Ok(call.args[0].clone())
    })
    .sees(Sight::Everything)
    .doc("Returns the value, with null for what is ephemeral in it.")
    .example("ephemeralasnull(1)", "1"),
    Function::new("issensitive", VALUE, Kind::Bool, |call| {
        let value = &call.args[0];
        // An unknown value may still turn out to be marked.
        Ok(if matches!(value, Value::Unknown(_)) {
            Value::Unknown(Type::Bool)
        } else {
            Value::Bool(value.is_sensitive())
        })
    })
    .sees(Sight::Everything)
    .doc("Whether the value is marked as sensitive.")
    .example("issensitive(sensitive(1))", "true"),
    Function::new("nonsensitive", VALUE, Kind::Any, |call| {
        Ok(call.args[0].unmarked().clone())
    })
    .sees(Sight::Everything)
    .doc("Returns the value without its mark.")
    .example(r#"nonsensitive(sensitive("a"))"#, r#""a""#),
    Function::new("sensitive", VALUE, Kind::Any, |call| {
        Ok(call.args[0].clone().sensitive())
    })
    .sees(Sight::Everything)
    .doc("Marks the value as sensitive.")
    .example(r#"issensitive(sensitive("a"))"#, "true"),
    Function::new("tobool", V, Kind::Bool, |call| to(call, &Type::Bool))
        .sees(Sight::Everything)
        .doc("Converts to a boolean.")
        .example(r#"tobool("true")"#, "true"),
    Function::new("tolist", V, Kind::List, |call| to(call, &Kind::List.ty()))
        .sees(Sight::Everything)
        .doc("Converts to a list.")
        .example(r#"tolist([1, "a"])"#, r#"tolist(["1", "a"])"#),
    Function::new("tomap", V, Kind::Map, |call| to(call, &Kind::Map.ty()))
        .sees(Sight::Everything)
        .doc("Converts to a map.")
        .example(r#"tomap({a = 1, b = "x"})"#, r#"tomap({a = "1", b = "x"})"#),
    Function::new("tonumber", V, Kind::Number, |call| to(call, &Type::Number))
        .sees(Sight::Everything)
        .doc("Converts to a number.")
        .example(r#"tonumber("1.5")"#, "1.5"),
    Function::new("toset", V, Kind::Set, |call| to(call, &Kind::Set.ty()))
        .sees(Sight::Everything)
        .doc("Converts to a set.")
        .example(r#"toset(["b", "a", "b"])"#, r#"toset(["a", "b"])"#),
    Function::new("tostring", V, Kind::String, |call| to(call, &Type::String))
        .sees(Sight::Everything)
        .doc("Converts to a string.")
        .example("tostring(1.50)", r#""1.5""#),
];

const VALUE: &[super::Param] = &[param("value", Kind::Nullable)];
const V: &[super::Param] = &[param("v", Kind::Nullable)];

fn to(call: &Call<'_>, ty: &Type) -> Answer {
    let value = &call.args[0];
    convert(value, ty).map_err(|_| {
        let target = show::type_name(ty);
        let text = match (value, ty) {
            (Value::String(text), Type::Number) => format!(
                "cannot convert {} to number; given string must be a decimal representation of a number",
                show::quoted(text)
            ),
            (Value::String(text), Type::Bool) => format!(
                "cannot convert {} to bool; only the strings \"true\" or \"false\" are allowed",
                show::quoted(text)
            ),
            _ => format!("cannot convert {} to {target}", kind_name(value)),
        };
        invalid("v", text)
    })
}
