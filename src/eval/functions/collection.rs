//! Functions over lists, maps, tuples and objects.

use std::sync::Arc;

use super::{
    super::{convert::unify, expression::MAX_ELEMENTS, operator::equal},
    Answer, Call, Fault, Function, Kind, Sight, convert, invalid, kind_name, param,
    string::letters,
};
use crate::model::{Object, Type, Value};

pub(super) const FUNCTIONS: &[Function] = &[
    Function::new("alltrue", BOOLS, Kind::Bool, |call| {
        Ok(quantified(call, false))
    })
    .sees(Sight::Elements)
    .doc("Whether every element is true.")
    .example(r#"alltrue([true, "false"])"#, "false"),
    Function::new("anytrue", BOOLS, Kind::Bool, |call| {
        Ok(quantified(call, true))
    })
    .sees(Sight::Elements)
    .doc("Whether some element is true.")
    .example("anytrue([null, true])", "true"),
    Function::new(
        "chunklist",
        &[param("list", Kind::List), param("size", Kind::Number)],
        Kind::List,
        chunklist,
    )
    .sees(Sight::Elements)
    .doc("Splits a list into lists of a size.")
    .example(
        r#"chunklist(["a", "b", "c"], 2)"#,
        r#"tolist([tolist(["a", "b"]), tolist(["c"])])"#,
    ),
    Function::new("coalesce", &[], Kind::Any, coalesce)
        .rest("vals", Kind::Nullable)
        .sees(Sight::Everything)
        .doc("Returns the first value that is neither null nor an empty string.")
        .example(r#"coalesce(null, "", "a")"#, r#""a""#),
    Function::new("coalescelist", &[], Kind::Any, coalescelist)
        .rest("vals", Kind::Nullable)
        .sees(Sight::Everything)
        .doc("Returns the first list that is not empty.")
        .example(r#"coalescelist([], ["a"])"#, r#"["a"]"#),
    Function::new(
        "compact",
        &[param("list", Kind::Strings)],
        Kind::Strings,
        compact,
    )
    .doc("Removes null and empty strings from a list.")
    .example(r#"compact(["a", "", null, "b"])"#, r#"tolist(["a", "b"])"#),
    Function::new("concat", &[], Kind::Any, concat)
        .rest("seqs", Kind::Any)
        .sees(Sight::Elements)
        .doc("Joins lists to one.")
        .example(r#"concat(["a"], [1])"#, r#"["a", 1]"#),
    Function::new(
        "contains",
        &[param("list", Kind::Any), param("value", Kind::Any)],
        Kind::Bool,
        contains,
    )
    .sees(Sight::Elements)
    .doc("Whether a list or set has an element of this value and type.")
    .example(r#"contains(["a", "b"], "a")"#, "true"),
    Function::new(
        "distinct",
        &[param("list", Kind::List)],
        Kind::List,
        distinct,
    )
    .doc("Removes repeated elements from a list; the first of each stays.")
    .example(r#"distinct(["b", "a", "b"])"#, r#"tolist(["b", "a"])"#),
    Function::new(
        "element",
        &[param("list", Kind::Any), param("index", Kind::Number)],
        Kind::Any,
        element,
    )
    .sees(Sight::Elements)
    .doc("Returns an element of a list; an index beyond the end starts over.")
    .example(r#"element(["a", "b"], 3)"#, r#""b""#),
    Function::new("flatten", &[param("list", Kind::Any)], Kind::Any, flatten)
        .sees(Sight::Elements)
        .doc("Replaces elements that are lists by their elements.")
        .example(r#"flatten([[1, [2]], [], ["a"]])"#, r#"[1, 2, "a"]"#),
    Function::new(
        "index",
        &[param("list", Kind::Any), param("value", Kind::Any)],
        Kind::Number,
        index,
    )
    .doc("Returns the position of a value in a list.")
    .example(r#"index(["a", "b"], "b")"#, "1"),
    Function::new("keys", &[param("inputMap", Kind::Any)], Kind::Any, keys)
        .sees(Sight::Elements)
        .doc("Returns a map's keys in order.")
        .example("keys({b = 1, a = 2})", r#"["a", "b"]"#),
    Function::new("length", &[param("value", Kind::Any)], Kind::Number, length)
        .sees(Sight::Elements)
        .doc("Returns the number of elements or characters.")
        .example(r#"length("héllo")"#, "5"),
    Function::new(
        "lookup",
        &[param("inputMap", Kind::Any), param("key", Kind::String)],
        Kind::Any,
        lookup,
    )
    .rest("default", Kind::Nullable)
    .sees(Sight::Everything)
    .doc("Returns a map's element, or a default when there is none.")
    .example(r#"lookup({a = 1}, "b", 2)"#, "2"),
    Function::new(
        "matchkeys",
        &[
            param("values", Kind::List),
            param("keys", Kind::List),
            param("searchset", Kind::List),
        ],
        Kind::List,
        matchkeys,
    )
    .doc("Returns the values whose key is one of those searched for.")
    .example(
        r#"matchkeys(["a", "b", "c"], ["x", "y", "x"], ["x"])"#,
        r#"tolist(["a", "c"])"#,
    ),
    Function::new("merge", &[], Kind::Any, merge)
        .rest("maps", Kind::Nullable)
        .sees(Sight::Elements)
        .doc("Joins maps to one; later elements win.")
        .example(r#"merge({a = 1}, {a = 2, b = "x"})"#, r#"{a = 2, b = "x"}"#),
    Function::new("one", &[param("list", Kind::Any)], Kind::Any, one)
        .sees(Sight::Elements)
        .doc("Returns a list's only element, or null when it is empty.")
        .example(r#"one(["a"])"#, r#""a""#),
    Function::new("reverse", &[param("list", Kind::Any)], Kind::Any, reverse)
        .sees(Sight::Elements)
        .doc("Turns a list around.")
        .example(r#"reverse([1, "a"])"#, r#"["a", 1]"#),
    Function::new(
        "slice",
        &[
            param("list", Kind::Any),
            param("start_index", Kind::Number),
            param("end_index", Kind::Number),
        ],
        Kind::Any,
        slice,
    )
    .sees(Sight::Elements)
    .doc("Returns the elements from one position to before another.")
    .example("slice([1, 2, 3], 1, 3)", "[2, 3]"),
    Function::new("sort", &[param("list", Kind::Strings)], Kind::Strings, sort)
        .doc("Sorts strings.")
        .example(r#"sort(["b", "a", 1])"#, r#"tolist(["1", "a", "b"])"#),
    Function::new(
        "transpose",
        &[param("values", Kind::StringsByName)],
        Kind::StringsByName,
        transpose,
    )
    .doc("Turns a map of lists around: values become keys.")
    .example(
        r#"transpose({a = ["1", "2"], b = ["2"]})"#,
        r#"tomap({"1" = tolist(["a"]), "2" = tolist(["a", "b"])})"#,
    ),
    Function::new("values", &[param("mapping", Kind::Any)], Kind::Any, values)
        .sees(Sight::Elements)
        .doc("Returns a map's elements in the order of their keys.")
        .example("values({b = 1, a = 2})", "[2, 1]"),
    Function::new(
        "zipmap",
        &[param("keys", Kind::Strings), param("values", Kind::Any)],
        Kind::Any,
        zipmap,
    )
    .sees(Sight::Elements)
    .doc("Makes a map of a list of keys and a list of values.")
    .example(r#"zipmap(["a", "b"], [1, "x"])"#, r#"{a = 1, b = "x"}"#),
];

const BOOLS: &[super::Param] = &[param("list", Kind::Bools)];

/// Returns elements in a collection of the same kind as that they came from.
fn like(original: &Value, items: Vec<Value>) -> Value {
    match original {
        Value::List(_) | Value::Set(_) => Value::list(items),
        _ => Value::tuple(items),
    }
}

fn too_many() -> Fault {
    format!("the result has more than {MAX_ELEMENTS} elements").into()
}

/// Looks for an element that decides; an unknown one leaves it open.
fn quantified(call: &Call<'_>, decisive: bool) -> Value {
    let items = call.items(0);
    let marked = items.iter().any(Value::is_sensitive);
    let truth = |item: &Value| item.as_bool().unwrap_or(false);
    let known = |item: &&Value| !item.is_unknown();
    let result = if items
        .iter()
        .filter(known)
        .any(|item| truth(item) == decisive)
    {
        Value::Bool(decisive)
    } else if items.iter().any(Value::is_unknown) {
        Value::Unknown(Type::Bool)
    } else {
        Value::Bool(!decisive)
    };
    result.marked(marked)
}

fn chunklist(call: &Call<'_>) -> Answer {
    let size = usize::try_from(call.int(1)?)
        .map_err(|_| Fault::from("the size argument must be positive"))?;
    let items = call.items(0);
    if items.is_empty() {
        return Ok(Value::list(Vec::new()));
    }
    let size = if size == 0 { items.len() } else { size };
    Ok(Value::list(
        items
            .chunks(size)
            .map(|chunk| Value::list(chunk.to_vec()))
            .collect(),
    ))
}

fn coalesce(call: &Call<'_>) -> Answer {
    let types: Vec<Type> = call.args.iter().map(Value::type_of).collect();
    let ty = unify(&types)
        .filter(|_| !types.is_empty())
        .ok_or("all arguments must have the same type")?;
    // Terraform does not tell which of them the result came from either.
    let marked = call.args.iter().any(Value::is_sensitive);
    for arg in &call.args {
        if arg.is_unknown() {
            return Ok(Value::Unknown(ty).marked(marked));
        }
        let empty = matches!(arg.unmarked(), Value::String(text) if text.is_empty());
        if !arg.is_null() && !empty {
            return Ok(convert(arg, &ty)?.marked(marked));
        }
    }
    Err("no non-null, non-empty-string arguments".into())
}

fn coalescelist(call: &Call<'_>) -> Answer {
    let mut marked = false;
    for arg in &call.args {
        marked |= arg.is_sensitive();
        if arg.is_unknown() {
            return Ok(Value::UNKNOWN.marked(marked));
        }
        match arg.unmarked() {
            Value::List(items) | Value::Tuple(items) if !items.is_empty() => {
                return Ok(arg.clone().marked(marked));
            }
            Value::List(_) | Value::Tuple(_) => {}
            _ => return Err("coalescelist arguments must be lists or tuples".into()),
        }
    }
    Err("no non-null arguments".into())
}

fn compact(call: &Call<'_>) -> Answer {
    let wanted = |item: &&Value| item.as_str().is_some_and(|text| !text.is_empty());
    Ok(Value::list(
        call.items(0).iter().filter(wanted).cloned().collect(),
    ))
}

fn concat(call: &Call<'_>) -> Answer {
    let mut items = Vec::new();
    let mut lists = true;
    for arg in &call.args {
        match arg {
            Value::List(more) => items.extend(more.iter().cloned()),
            Value::Tuple(more) => {
                lists = false;
                items.extend(more.iter().cloned());
            }
            other => {
                return Err(invalid(
                    "seqs",
                    format!(
                        "all arguments must be lists or tuples; got {}",
                        kind_name(other)
                    ),
                ));
            }
        }
        if items.len() > MAX_ELEMENTS {
            return Err(too_many());
        }
    }
    match call.args.as_slice() {
        [] => Err("at least one argument is required".into()),
        [only] => Ok(only.clone()),
        _ if lists => Ok(convert(&Value::list(items.clone()), &Kind::List.ty())
            .unwrap_or_else(|_| Value::tuple(items))),
        _ => Ok(Value::tuple(items)),
    }
}

fn contains(call: &Call<'_>) -> Answer {
    let items = call.args[0]
        .as_list()
        .ok_or("argument must be list, tuple, or set")?;
    let wanted = &call.args[1];
    let marked = wanted.has_sensitive() || items.iter().any(Value::has_sensitive);
    let mut result = Some(false);
    for item in items {
        match equal(item, wanted) {
            Some(true) => return Ok(Value::Bool(true).marked(marked)),
            Some(false) => {}
            None => result = None,
        }
    }
    Ok(result
        .map_or(Value::Unknown(Type::Bool), Value::Bool)
        .marked(marked))
}

fn distinct(call: &Call<'_>) -> Answer {
    let items = call.items(0);
    let mut order: Vec<usize> = (0..items.len()).collect();
    order.sort_by(|a, b| items[*a].order(&items[*b]));
    order.dedup_by(|later, first| items[*later].order(&items[*first]).is_eq());
    order.sort_unstable();
    Ok(Value::list(
        order.into_iter().map(|at| items[at].clone()).collect(),
    ))
}

fn element(call: &Call<'_>) -> Answer {
    let items = match &call.args[0] {
        Value::List(items) | Value::Tuple(items) => items,
        other => return Err(format!("cannot read elements from {}", kind_name(other)).into()),
    };
    if items.is_empty() {
        return Err("cannot use element function with an empty list".into());
    }
    let len = i64::try_from(items.len()).unwrap_or(i64::MAX);
    let at = call.int(1)?.rem_euclid(len);
    Ok(items[usize::try_from(at).unwrap_or(0)].clone())
}

fn flatten(call: &Call<'_>) -> Answer {
    if call.args[0].as_list().is_none() {
        return Err("can only flatten lists, sets and tuples".into());
    }
    let mut flat = Vec::new();
    let (mut marked, mut unknown) = (false, false);
    // A stack of what is still to be visited: nesting costs no recursion.
    let mut pending: Vec<Value> = call.items(0).iter().rev().cloned().collect();
    while let Some(item) = pending.pop() {
        match item {
            Value::List(items) | Value::Set(items) | Value::Tuple(items) => {
                pending.extend(items.iter().rev().cloned());
            }
            Value::Unknown(
                Type::Bool | Type::Number | Type::String | Type::Map(_) | Type::Object(_),
            ) => {
                flat.push(item);
            }
            Value::Unknown(_) => unknown = true,
            Value::Sensitive(ref inner) if inner.as_list().is_some() || inner.is_unknown() => {
                marked = true;
                pending.push((**inner).clone());
            }
            other => flat.push(other),
        }
        if flat.len().saturating_add(pending.len()) > MAX_ELEMENTS {
            return Err(too_many());
        }
    }
    let result = if unknown {
        Value::UNKNOWN
    } else {
        Value::tuple(flat)
    };
    Ok(result.marked(marked))
}

fn index(call: &Call<'_>) -> Answer {
    let (Value::List(items) | Value::Tuple(items)) = &call.args[0] else {
        return Err("argument must be a list or tuple".into());
    };
    if items.is_empty() {
        return Err("cannot search an empty list".into());
    }
    let found = items
        .iter()
        .position(|item| equal(item, &call.args[1]) == Some(true));
    let at = found.ok_or("item not found")?;
    Ok(Value::int(i64::try_from(at).unwrap_or(i64::MAX)))
}

fn keys(call: &Call<'_>) -> Answer {
    let names = |entries: &Object| entries.keys().cloned().map(Value::String).collect();
    match &call.args[0] {
        Value::Map(entries) => Ok(Value::list(names(entries))),
        Value::Object(entries) => Ok(Value::tuple(names(entries))),
        _ => Err(invalid("inputMap", "must have map or object type")),
    }
}

fn length(call: &Call<'_>) -> Answer {
    let len = match &call.args[0] {
        Value::String(text) => letters(text).count(),
        Value::Set(items) if items.iter().any(Value::is_unknown) => {
            return Ok(Value::Unknown(Type::Number));
        }
        Value::List(items) | Value::Set(items) | Value::Tuple(items) => items.len(),
        Value::Map(entries) | Value::Object(entries) => entries.len(),
        _ => {
            return Err(
                "argument must be a string, a collection type, or a structural type".into(),
            );
        }
    };
    Ok(Value::int(i64::try_from(len).unwrap_or(i64::MAX)))
}

fn lookup(call: &Call<'_>) -> Answer {
    let default = match call.args.as_slice() {
        [_, _] => None,
        [_, _, default] => Some(default),
        _ => return Err("lookup() takes two or three arguments".into()),
    };
    let marked = call.args[0].is_sensitive() || call.args[1].is_sensitive();
    if call.args[0].is_unknown() || call.args[1].is_unknown() {
        return Ok(Value::UNKNOWN.marked(marked));
    }
    let entries = call.args[0]
        .as_object()
        .ok_or_else(|| invalid("inputMap", "lookup() requires a map as the first argument"))?;
    let key = call.text(1);
    let kind = match call.args[0].unmarked() {
        Value::Map(_) => "element",
        _ => "attribute",
    };
    let found = match (entries.get(key), default) {
        (Some(found), _) => found.clone(),
        (None, Some(default)) if kind == "element" => {
            let element = entries.values().next().map_or(Type::Any, Value::type_of);
            convert(default, &element).map_err(|_| {
                invalid(
                    "default",
                    "the default value must have the same type as the map elements",
                )
            })?
        }
        (None, Some(default)) => default.clone(),
        (None, None) if marked => {
            return Err(invalid(
                "inputMap",
                format!("the given object has no such {kind}"),
            ));
        }
        (None, None) => {
            return Err(invalid(
                "inputMap",
                format!(
                    "the given object has no {kind} {}",
                    super::show::quoted(key)
                ),
            ));
        }
    };
    Ok(found.marked(marked))
}

fn matchkeys(call: &Call<'_>) -> Answer {
    let (values, keys) = (call.items(0), call.items(1));
    if values.len() != keys.len() {
        return Err("length of keys and values should be equal".into());
    }
    let mut wanted: Vec<Value> = call.items(2).to_vec();
    let types = [call.args[1].type_of(), call.args[2].type_of()].map(|ty| match ty {
        Type::List(element) => (*element).clone(),
        other => other,
    });
    let common = unify(&types).unwrap_or_default();
    let alike = |value: &Value| convert(value, &common).unwrap_or_else(|_| value.clone());
    wanted = wanted.iter().map(alike).collect();
    wanted.sort_by(Value::order);
    let is_wanted = |key: &Value| {
        let key = alike(key);
        wanted.binary_search_by(|item| item.order(&key)).is_ok()
    };
    let pairs = values.iter().zip(keys);
    Ok(Value::list(
        pairs
            .filter(|(_, key)| is_wanted(key))
            .map(|(value, _)| value.clone())
            .collect(),
    ))
}

fn merge(call: &Call<'_>) -> Answer {
    let mut maps = true;
    let mut sources: Vec<&Arc<Object>> = Vec::new();
    for arg in &call.args {
        match arg {
            Value::Null => {}
            Value::Map(entries) => sources.push(entries),
            Value::Object(entries) => {
                maps = false;
                sources.push(entries);
            }
            other => {
                let kind = kind_name(other);
                return Err(format!("arguments must be maps or objects, got \"{kind}\"").into());
            }
        }
    }
    let all: Object = sources
        .iter()
        .flat_map(|entries| entries.iter())
        .map(|(name, value)| (name.clone(), value.clone()))
        .collect();
    let merged = Value::object(all);
    // Maps with elements of one type make a map, others an object.
    let types: Vec<Type> = call.args.iter().map(Value::type_of).collect();
    let mut known = types.iter().filter(|ty| **ty != Type::map(Type::Any));
    let alike = known.next().is_none_or(|first| known.all(|ty| ty == first));
    if maps && alike && !sources.is_empty() {
        return Ok(convert(&merged, &Kind::Map.ty()).unwrap_or(merged));
    }
    Ok(merged)
}

fn one(call: &Call<'_>) -> Answer {
    match call.args[0].as_list() {
        Some([]) => Ok(Value::Null),
        Some([only]) => Ok(only.clone()),
        _ => Err(invalid(
            "list",
            "must be a list, set, or tuple value with either zero or one elements",
        )),
    }
}

fn reverse(call: &Call<'_>) -> Answer {
    let items = call.args[0].as_list().ok_or_else(|| {
        let kind = kind_name(&call.args[0]);
        invalid(
            "list",
            format!("can only reverse list or tuple values, not {kind}"),
        )
    })?;
    Ok(like(&call.args[0], items.iter().rev().cloned().collect()))
}

fn slice(call: &Call<'_>) -> Answer {
    let items = match &call.args[0] {
        Value::List(items) | Value::Tuple(items) => items,
        Value::Set(_) => {
            return Err(invalid(
                "list",
                "cannot slice a set, because its elements do not have indices; explicitly convert to a list if the ordering of the result is not important",
            ));
        }
        _ => return Err(invalid("list", "must be a list or tuple value")),
    };
    let bound = |at, name| {
        usize::try_from(call.int(at)?).map_err(|_| invalid(name, "the index must not be negative"))
    };
    let (start, end) = (bound(1, "start_index")?, bound(2, "end_index")?);
    if end > items.len() {
        return Err(invalid(
            "end_index",
            "end index must not be greater than the length of the list",
        ));
    }
    if start > end {
        return Err(invalid(
            "start_index",
            "start index must not be greater than end index",
        ));
    }
    Ok(like(&call.args[0], items[start..end].to_vec()))
}

fn sort(call: &Call<'_>) -> Answer {
    let mut items = call.items(0).to_vec();
    if items.iter().any(Value::is_null) {
        return Err("given list element is null; a null string cannot be sorted".into());
    }
    items.sort_by(Value::order);
    Ok(Value::list(items))
}

fn transpose(call: &Call<'_>) -> Answer {
    let mut turned: std::collections::BTreeMap<Arc<str>, Vec<Value>> = Default::default();
    for (name, list) in call.args[0].as_object().into_iter().flat_map(Object::iter) {
        for item in list.as_list().unwrap_or(&[]) {
            let key = item.as_str().ok_or("input must not contain null string")?;
            turned
                .entry(key.into())
                .or_default()
                .push(Value::String(name.clone()));
        }
    }
    let entries = turned
        .into_iter()
        .map(|(key, names)| (key, Value::list(names)));
    Ok(Value::map(entries.collect()))
}

fn values(call: &Call<'_>) -> Answer {
    match &call.args[0] {
        Value::Map(entries) => Ok(Value::list(entries.values().cloned().collect())),
        Value::Object(entries) => Ok(Value::tuple(entries.values().cloned().collect())),
        _ => Err("values() requires a map as the first argument".into()),
    }
}

fn zipmap(call: &Call<'_>) -> Answer {
    let (keys, values) = (call.items(0), &call.args[1]);
    let (Value::List(items) | Value::Tuple(items)) = values else {
        return Err(invalid("values", "must be a list or tuple value"));
    };
    if keys.len() != items.len() {
        return Err(format!(
            "number of keys ({}) does not match number of values ({})",
            keys.len(),
            items.len()
        )
        .into());
    }
    if keys.iter().any(Value::is_unknown) {
        return Ok(Value::UNKNOWN.marked(keys.iter().any(Value::is_sensitive)));
    }
    let marked = keys.iter().any(Value::is_sensitive);
    let entries: Object = keys
        .iter()
        .zip(items.iter())
        .map(|(key, value)| key.as_str().map(|key| (key, value.clone())))
        .collect::<Option<_>>()
        .ok_or("a key is null")?;
    Ok(match values {
        Value::List(_) => Value::map(entries),
        _ => Value::object(entries),
    }
    .marked(marked))
}
