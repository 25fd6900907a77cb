//! Functions over sets.

use super::{
    super::expression::MAX_ELEMENTS, Answer, Call, Fault, Function, Kind, Sight, convert, invalid,
    param,
};
use crate::model::{Type, Value};

pub(super) const FUNCTIONS: &[Function] = &[
    Function::new(
        "setintersection",
        &[param("first_set", Kind::Set)],
        Kind::Set,
        |call| combine(call, |first, next| first.retain(|item| has(next, item))),
    )
    .rest("other_sets", Kind::Set)
    .doc("Returns the elements that all sets have.")
    .example(r#"setintersection(["a", "b"], ["b"])"#, r#"toset(["b"])"#),
    Function::new("setproduct", &[], Kind::Any, product)
        .rest("sets", Kind::Any)
        .sees(Sight::Elements)
        .doc("Returns every combination of one element of each.")
        .example(
            r#"setproduct(["a"], [1, 2])"#,
            r#"tolist([["a", 1], ["a", 2]])"#,
        ),
    Function::new(
        "setsubtract",
        &[param("a", Kind::Set), param("b", Kind::Set)],
        Kind::Set,
        |call| combine(call, |first, next| first.retain(|item| !has(next, item))),
    )
    .doc("Returns the elements of the first set that the second has not.")
    .example(r#"setsubtract(["a", "b"], ["b"])"#, r#"toset(["a"])"#),
    Function::new(
        "setunion",
        &[param("first_set", Kind::Set)],
        Kind::Set,
        union,
    )
    .rest("other_sets", Kind::Set)
    .sees(Sight::Elements)
    .doc("Returns the elements of all sets.")
    .example(r#"setunion(["a"], ["b", "a"])"#, r#"toset(["a", "b"])"#),
];

fn has(sorted: &[Value], item: &Value) -> bool {
    sorted.binary_search_by(|other| other.order(item)).is_ok()
}

/// Returns the arguments as sets of one type.
fn sets(call: &Call<'_>) -> Result<Vec<Value>, Fault> {
    let types: Vec<Type> = call.args.iter().map(Value::type_of).collect();
    let ty =
        crate::eval::convert::unify(&types).ok_or("the sets must have elements of one type")?;
    let ty = match ty {
        Type::Set(_) => ty,
        _ => Kind::Set.ty(),
    };
    Ok(call
        .args
        .iter()
        .map(|arg| convert(arg, &ty))
        .collect::<Result<_, String>>()?)
}

fn combine(call: &Call<'_>, with: fn(&mut Vec<Value>, &[Value])) -> Answer {
    let sets = sets(call)?;
    let mut sets = sets.iter().map(|set| set.as_list().unwrap_or(&[]));
    let mut result = sets.next().unwrap_or(&[]).to_vec();
    for next in sets {
        with(&mut result, next);
    }
    Ok(Value::set(result))
}

fn union(call: &Call<'_>) -> Answer {
    let sets = sets(call)?;
    let all = sets.iter().flat_map(|set| set.as_list().unwrap_or(&[]));
    Ok(Value::set(all.cloned().collect()))
}

fn product(call: &Call<'_>) -> Answer {
    if call.args.len() < 2 {
        return Err("at least two arguments are required".into());
    }
    let mut columns: Vec<Vec<Value>> = Vec::with_capacity(call.args.len());
    let mut total: usize = 1;
    for arg in &call.args {
        let items = match arg {
            Value::Tuple(_) => convert(arg, &Kind::List.ty())?,
            other => other.clone(),
        };
        let items = items
            .as_list()
            .ok_or_else(|| invalid("sets", "a set or a list is required"))?
            .to_vec();
        total = total.saturating_mul(items.len());
        columns.push(items);
    }
    if total.saturating_mul(columns.len()) > MAX_ELEMENTS {
        return Err(format!("the result has more than {MAX_ELEMENTS} elements").into());
    }
    let mut rows: Vec<Vec<Value>> = vec![Vec::new()];
    for column in &columns {
        rows = rows
            .iter()
            .flat_map(|row| {
                column.iter().map(|item| {
                    let mut row = row.clone();
                    row.push(item.clone());
                    row
                })
            })
            .collect();
    }
    let rows = rows.into_iter().map(Value::tuple).collect();
    if call.args.iter().any(|arg| matches!(arg, Value::Set(_))) {
        return Ok(Value::set(rows));
    }
    Ok(Value::list(rows))
}
