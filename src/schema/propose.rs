//! What an object will be, and what that takes: defaults, kept values, the differences that count.
//!
//! Pure. Start with [`propose`]. A prior of `None` is a creation: everything that only the cloud knows
//! is `Unknown` and nothing is "changed".

use super::{
    Attribute, Default, Presence, Proposal, ResourceType, Transition, Type, effects,
    names::{Layout, layout, shared},
    seal, twins,
    values::{equal, equal_blocks, is_zero, shaped},
};
use crate::model::{Object, Value};

/// Amends a proposal: prior object, arguments.
pub type Amend = fn(Option<&Object>, &Object, &mut Proposal);

/// Returns what the object will be after a create (no `prior`) or an update.
///
/// `digest` turns a write-only secret's plain text into the form that the state keeps. For a
/// replacement the caller asks again without a prior.
pub fn propose(
    ty: &'static ResourceType,
    hook: Option<Amend>,
    prior: Option<&Object>,
    arguments: &Object,
    digest: &dyn Fn(&str) -> String,
) -> Proposal {
    let paired: Vec<_> = twins::pairs(ty).collect();
    let layout = layout(ty.attributes);
    let aligned = prior.map(|prior| layout.align(prior));
    let prior_of = |row: usize| {
        let place = aligned.as_ref()?.places[row]?;
        prior?.value_at(place)
    };
    let creating = prior.is_none();
    let rows: Vec<Row> = ty
        .attributes
        .iter()
        .zip(&layout.unknown)
        .enumerate()
        .map(|(at, (attribute, unknown))| {
            let open = creating.then_some(unknown);
            row((attribute, open), prior_of(at), arguments, &paired, digest)
        })
        .collect();
    let mut proposal = Proposal {
        after: wanted(&layout, prior, &rows),
        ..Proposal::default()
    };
    if let Some(prior) = prior {
        compare((ty, &layout), prior, &rows, &mut proposal);
    }
    if let Some(amend) = hook {
        amend(prior, arguments, &mut proposal);
    }
    proposal
}

/// Turns a secret into the form that the state keeps.
type Digest<'a> = &'a dyn Fn(&str) -> String;

/// One attribute, before and as asked for.
struct Row {
    attribute: &'static Attribute,
    /// `None`: the prior object says nothing of it.
    prior: Option<Value>,
    wanted: Value,
    /// Whether the configuration has it, by this name.
    given: bool,
}

/// `open` is what it is while nothing is known of it, for an object that is still to be made.
fn row(
    (attribute, open): (&'static Attribute, Option<&Value>),
    prior: Option<&Value>,
    arguments: &Object,
    twins: &[(&'static Attribute, &'static Attribute)],
    digest: &dyn Fn(&str) -> String,
) -> Row {
    let prior = prior.map(|value| shaped(&attribute.ty, value));
    let own = arguments
        .get(attribute.name)
        .filter(|value| !value.is_null());
    let given = own.is_some();
    let copied = own.cloned().or_else(|| {
        twins.iter().find_map(|(old, new)| {
            let other = match attribute.name {
                name if name == old.name => new,
                name if name == new.name => old,
                _ => return None,
            };
            let value = arguments.get(other.name).filter(|value| !value.is_null())?;
            twins::counterpart(other, attribute, value)
        })
    });
    let wanted = desired(attribute, prior.as_ref(), copied.as_ref(), open, digest);
    Row {
        attribute,
        prior,
        wanted: {
            let sensitive = attribute.sensitive && !wanted.is_null();
            wanted.marked(sensitive)
        },
        given,
    }
}

/// What an attribute is to be, before anything is suppressed.
fn desired(
    attribute: &'static Attribute,
    prior: Option<&Value>,
    given: Option<&Value>,
    open: Option<&Value>,
    digest: Digest<'_>,
) -> Value {
    if attribute.write_only.is_some() {
        return Value::Null;
    }
    let cloud_decides = || prior.or(open).cloned().unwrap_or_default();
    match (attribute.presence, given) {
        (Presence::Computed, _) | (Presence::Kept, None) => cloud_decides(),
        (_, Some(given)) => match prior.filter(|_| seal::is_secret(attribute)) {
            Some(prior) if seal::matches(prior, given, digest) => prior.clone().sensitive(),
            _ => blocks_of(&attribute.ty, prior, given, digest),
        },
        (_, None) => default(attribute),
    }
}

fn default(attribute: &Attribute) -> Value {
    match attribute.default {
        None => Value::Null,
        Some(Default::String(text)) => Value::string(text),
        Some(Default::Int(number)) => Value::int(number),
        Some(Default::Bool(value)) => Value::Bool(value),
    }
}

/// Fills in what nested blocks leave out; returns any other value as it is.
fn blocks_of(ty: &'static Type, prior: Option<&Value>, given: &Value, digest: Digest<'_>) -> Value {
    let (Type::Blocks(attributes, ..) | Type::BlockSet(attributes, ..)) = ty else {
        return given.clone();
    };
    let attributes: &'static [Attribute] = attributes;
    let Some(items) = given.as_list() else {
        return given.clone();
    };
    let mut before: Vec<Option<&Value>> = prior
        .and_then(Value::as_list)
        .unwrap_or_default()
        .iter()
        .map(Some)
        .collect();
    let ordered = matches!(ty, Type::Blocks(..));
    let filled: Vec<Value> = items
        .iter()
        .enumerate()
        .map(|(at, item)| {
            let twin = if ordered {
                before.get(at).copied().flatten()
            } else {
                before
                    .iter_mut()
                    .find(|other| {
                        other.is_some_and(|other| agrees(attributes, item, other, digest))
                    })
                    .and_then(Option::take)
            };
            block(attributes, twin, item, digest)
        })
        .collect();
    let value = if ordered {
        Value::list(filled)
    } else {
        Value::set(filled)
    };
    value.marked(given.is_sensitive())
}

/// Whether an existing block has everything that is asked of this one.
fn agrees(attributes: &[Attribute], asked: &Value, existing: &Value, digest: Digest<'_>) -> bool {
    let (Some(asked), Some(existing)) = (asked.as_object(), existing.as_object()) else {
        return false;
    };
    attributes
        .iter()
        .all(|attribute| match asked.get(attribute.name) {
            None | Some(Value::Null) => true,
            Some(value) => {
                let other = existing.get(attribute.name).cloned().unwrap_or_default();
                equal(&attribute.ty, value, &other)
                    || seal::is_secret(attribute) && seal::matches(&other, value, digest)
            }
        })
}

fn block(
    attributes: &'static [Attribute],
    prior: Option<&Value>,
    given: &Value,
    digest: Digest<'_>,
) -> Value {
    let Some(entries) = given.as_object() else {
        return given.clone();
    };
    let before = prior.and_then(Value::as_object);
    let layout = layout(attributes);
    let filled = attributes
        .iter()
        .zip(&layout.unknown)
        .map(|(attribute, unknown)| {
            let prior = before.and_then(|before| before.get(attribute.name));
            let given = entries.get(attribute.name).filter(|value| !value.is_null());
            let open = before.is_none().then_some(unknown);
            let value = desired(attribute, prior, given, open, digest);
            (shared(attribute.name), value.marked(attribute.sensitive))
        })
        .collect();
    Value::object(filled).marked(given.is_sensitive())
}

fn wanted(layout: &Layout, prior: Option<&Object>, rows: &[Row]) -> Object {
    let id = || {
        let id = prior.and_then(|prior| prior.get("id")).cloned();
        id.unwrap_or(Value::Unknown(crate::model::Type::String))
    };
    let value = |row: &Option<usize>| row.map_or_else(id, |row| rows[row].wanted.clone());
    Object::with_names(layout.all.clone(), layout.rows.iter().map(value).collect())
}

/// Finds what differs, takes back what is no difference, and notes what the rest needs.
fn compare(
    (ty, layout): (&'static ResourceType, &Layout),
    prior: &Object,
    rows: &[Row],
    proposal: &mut Proposal,
) {
    // Most objects differ in nothing: the merged values are made when the first difference asks.
    let merged = std::cell::OnceCell::new();
    let merged = || merged.get_or_init(|| wanted(layout, Some(prior), rows));
    for row in rows {
        let attribute = row.attribute;
        let before = row.prior.clone().unwrap_or_default();
        if equal(&attribute.ty, &before, &row.wanted) {
            if before != row.wanted && before.unmarked_deep() != row.wanted.unmarked_deep() {
                proposal.after.insert(
                    shared(attribute.name),
                    before.marked(row.wanted.is_sensitive()),
                );
            }
            continue;
        }
        if attribute.same.is_some_and(|same| same(prior, merged())) {
            proposal.after.insert(shared(attribute.name), before);
            continue;
        }
        if adopts(row) || !row.given && twin_is_given(ty, row, rows) {
            continue;
        }
        let around = Around {
            ty,
            before: prior,
            after: merged(),
        };
        let path = attribute.name.to_owned();
        differ(around, attribute, (&before, &row.wanted), path, proposal);
    }
}

/// Whether the value is taken as what the object already has: a thing that the cloud never tells, of
/// which nothing is known (an imported object), must not cause a replacement.
fn adopts(row: &Row) -> bool {
    row.prior.is_none()
        && !is_read(row.attribute)
        && (row.attribute.replaces
            || nested(row.attribute).is_some_and(|nested| nested.iter().any(|n| n.replaces))
            || !row.given)
}

fn is_read(attribute: &Attribute) -> bool {
    attribute.read.is_some()
        || nested(attribute).is_some_and(|nested| nested.iter().any(|inner| inner.read.is_some()))
}

fn nested(attribute: &Attribute) -> Option<&'static [Attribute]> {
    match attribute.ty {
        Type::Blocks(nested, ..) | Type::BlockSet(nested, ..) => Some(nested),
        _ => None,
    }
}

/// Whether the difference is reported under the attribute's other name.
fn twin_is_given(ty: &ResourceType, row: &Row, rows: &[Row]) -> bool {
    let name = row.attribute.name;
    twins::pairs(ty).any(|(old, new)| {
        let other = match name {
            name if name == old.name => new.name,
            name if name == new.name => old.name,
            _ => return false,
        };
        rows.iter()
            .any(|row| row.attribute.name == other && row.given)
    })
}

/// What an attribute's change happens in.
#[derive(Clone, Copy)]
struct Around<'a> {
    ty: &'static ResourceType,
    before: &'a Object,
    after: &'a Object,
}

fn differ(
    around: Around<'_>,
    attribute: &'static Attribute,
    (before, after): (&Value, &Value),
    path: String,
    proposal: &mut Proposal,
) {
    if let Type::Blocks(nested, ..) = attribute.ty
        && let (Some(old), Some(new)) = (before.as_list().or(Some(&[])), after.as_list())
        && !before.is_unknown()
    {
        let nested: &'static [Attribute] = nested;
        return differ_blocks(around, (attribute, nested), (old, new), &path, proposal);
    }
    let replaces = attribute.replaces
        || nested(attribute).is_some_and(|nested| set_replaces(nested, before, after));
    note(
        around,
        (attribute, replaces),
        (before, after),
        path,
        proposal,
    );
}

/// Lists of blocks: each difference under its own path.
fn differ_blocks(
    around: Around<'_>,
    (attribute, nested): (&'static Attribute, &'static [Attribute]),
    (old, new): (&[Value], &[Value]),
    path: &str,
    proposal: &mut Proposal,
) {
    for at in 0..old.len().max(new.len()) {
        let path = format!("{path}[{at}]");
        let (Some(before), Some(after)) = (
            old.get(at).and_then(Value::as_object),
            new.get(at).and_then(Value::as_object),
        ) else {
            let replaces = attribute.replaces || nested.iter().any(|inner| inner.replaces);
            let side = |items: &[Value]| items.get(at).cloned().unwrap_or_default();
            let values = (&side(old), &side(new));
            note(around, (attribute, replaces), values, path, proposal);
            continue;
        };
        for inner in nested {
            let get = |object: &Object| object.get(inner.name).cloned().unwrap_or_default();
            let (a, b) = (get(before), get(after));
            if equal(&inner.ty, &a, &b) || inner.same.is_some_and(|same| same(before, after)) {
                continue;
            }
            let replaces = inner.replaces || attribute.replaces;
            let path = format!("{path}.{}", inner.name);
            note(around, (inner, replaces), (&a, &b), path, proposal);
        }
    }
}

/// Whether the difference of two block sets is more than attributes that an update can change.
fn set_replaces(nested: &'static [Attribute], before: &Value, after: &Value) -> bool {
    if !nested.iter().any(|inner| inner.replaces) {
        return false;
    }
    let (Some(old), Some(new)) = (before.as_list(), after.as_list()) else {
        return true;
    };
    old.len() != new.len()
        || !new
            .iter()
            .all(|block| old.iter().any(|other| equal_blocks(nested, block, other)))
}

fn note(
    around: Around<'_>,
    (attribute, replaces): (&Attribute, bool),
    (from, to): (&Value, &Value),
    path: String,
    proposal: &mut Proposal,
) {
    if replaces {
        proposal.replaces.push(path.clone());
    } else {
        let change = Transition {
            from,
            to,
            before: around.before,
            after: around.after,
        };
        let found = effects::effects(around.ty, attribute, &change);
        effects::note(&mut proposal.effects, found, &path);
    }
    proposal.changed.push(path);
}

/// Whether nothing about the attribute is set: `null`, or as good as that.
pub fn is_unset(object: &Object, name: &str) -> bool {
    object.get(name).is_none_or(is_zero)
}
