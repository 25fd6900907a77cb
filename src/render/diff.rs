//! What differs between two values, as a tree of actions that `view` draws.
//!
//! Decides what counts as created, changed or gone, at every depth; knows nothing of text layout.
//! Follows Terraform: lists are matched by their longest common part, sets by content.

use std::borrow::Cow;

use similar::{Algorithm, DiffOp, capture_diff_slices};

use crate::model::{Object, Value};

/// What happens to a part of a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Act {
    Keep,
    Create,
    Update,
    Delete,
}

/// One part of a value, before and after.
#[derive(Debug)]
pub(super) struct Diff<'a> {
    pub act: Act,
    /// Whether this part forces a replacement.
    pub replaces: bool,
    pub shape: Shape<'a>,
}

/// What there is to draw.
#[derive(Debug)]
pub(super) enum Shape<'a> {
    /// Null, a boolean or a number, as text.
    Plain(Cow<'a, str>, Cow<'a, str>),
    /// A string; `None` where there is none.
    Text(Option<&'a str>, Option<&'a str>),
    /// Not shown; whether it was marked, is marked, and stays the same.
    Sensitive {
        was: bool,
        becomes: bool,
        same: bool,
    },
    /// Known after apply; what is known to go.
    Unknown(Option<Box<Diff<'a>>>),
    /// `[…]`; whether the neighbours of a change are shown.
    Listed(Vec<Diff<'a>>, bool),
    /// `{…}`.
    Keyed(Vec<(Cow<'a, str>, Diff<'a>)>, Noun),
    /// Something of another kind.
    Turned(Box<Diff<'a>>, Box<Diff<'a>>),
    Body(Body<'a>),
}

/// What the entries of a mapping are called.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Noun {
    Attribute,
    Element,
}

/// A resource's or a nested block's content.
#[derive(Debug, Default)]
pub(super) struct Body<'a> {
    /// By name; those that are null before and after are left out.
    pub attributes: Vec<(&'a str, Diff<'a>)>,
    /// The nested blocks by their type.
    pub blocks: Vec<(&'a str, Vec<Diff<'a>>)>,
}

/// What the values are taken for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Manner {
    /// By their schema: maps have keys of their own, lists of objects are nested blocks.
    Blocks,
    /// By their schema, but lists of objects are attributes: what a data source reads.
    Attributes,
    /// As JSON: `terraform_data`, outputs, and JSON within strings.
    Loose,
}

/// Values nested deeper than this are compared but not drawn.
const DEEPEST: usize = 100;

/// The rest of the paths that force a replacement, below where one is.
type Paths<'a> = &'a [&'a str];

/// Where in a value one is, and what it is taken for.
#[derive(Clone, Copy)]
struct Scope<'p> {
    paths: Paths<'p>,
    manner: Manner,
    depth: usize,
}

impl Scope<'_> {
    fn below<'p>(&self, paths: Paths<'p>) -> Scope<'p> {
        Scope {
            paths,
            manner: self.manner,
            depth: self.depth + 1,
        }
    }
}

/// Compares a resource's attributes.
pub(super) fn body<'a>(
    before: Option<&'a Object>,
    after: Option<&'a Object>,
    paths: Paths<'_>,
    manner: Manner,
) -> Diff<'a> {
    block(
        before,
        after,
        Scope {
            paths,
            manner,
            depth: 0,
        },
    )
}

/// Compares one value, such as an output's; null is as good as none.
pub(super) fn single<'a>(before: Option<&'a Value>, after: Option<&'a Value>) -> Diff<'a> {
    let present = |value: &&Value| !matches!(value, Value::Null);
    let (before, after) = (before.filter(present), after.filter(present));
    let scope = Scope {
        paths: &[],
        manner: Manner::Loose,
        depth: 0,
    };
    part(before, after, scope)
}

fn block<'a>(before: Option<&'a Object>, after: Option<&'a Object>, scope: Scope<'_>) -> Diff<'a> {
    let mut body = Body::default();
    let mut keeps = true;
    for (name, before, after) in pairs(before, after) {
        let (before, after) = (before.filter(is_set), after.filter(is_set));
        if before.is_none() && after.is_none() {
            continue;
        }
        let paths = step(scope.paths, name);
        let below = scope.below(&paths);
        if scope.manner == Manner::Blocks
            && let Some((before, after, ordered)) = nested(before, after)
        {
            let blocks = blocks(before, after, ordered, below);
            keeps &= blocks.iter().all(|block| block.act == Act::Keep);
            body.blocks.push((name, blocks));
        } else {
            let diff = part(before, after, below);
            keeps &= diff.act == Act::Keep;
            body.attributes.push((name, diff));
        }
    }
    Diff {
        act: act(before.is_some(), after.is_some(), keeps),
        replaces: is_here(scope.paths),
        shape: Shape::Body(body),
    }
}

/// Whether an attribute has a value: schemas of old cannot tell an empty string from none.
fn is_set(value: &&Value) -> bool {
    match value {
        Value::Null => false,
        Value::String(text) => !text.is_empty(),
        _ => true,
    }
}

/// Returns the blocks if both sides are lists of objects (or nothing), and whether order matters.
fn nested<'a>(
    before: Option<&'a Value>,
    after: Option<&'a Value>,
) -> Option<(&'a [Value], &'a [Value], bool)> {
    let side = |value: Option<&'a Value>| -> Option<(&'a [Value], bool)> {
        match value {
            None => Some((&[], true)),
            Some(Value::List(items) | Value::Tuple(items)) => Some((items, true)),
            Some(Value::Set(items)) => Some((items, false)),
            Some(_) => None,
        }
    };
    let ((before, a), (after, b)) = (side(before)?, side(after)?);
    let is_object = |value: &Value| matches!(value, Value::Object(_));
    let all = before.iter().chain(after).all(is_object);
    (all && !(before.is_empty() && after.is_empty())).then_some((before, after, a && b))
}

fn blocks<'a>(
    before: &'a [Value],
    after: &'a [Value],
    ordered: bool,
    scope: Scope<'_>,
) -> Vec<Diff<'a>> {
    let pair = |b: Option<usize>, a: Option<usize>| {
        let object = |list: &'a [Value], at: Option<usize>| list.get(at?)?.as_object();
        let paths = index(scope.paths, a.or(b).unwrap_or(0));
        let mut block = block(object(before, b), object(after, a), scope.below(&paths));
        // The blocks of a set have no paths of their own: what forces it is the set.
        block.replaces |= is_here(scope.paths) && block.act != Act::Keep;
        block
    };
    if ordered {
        matched(before, after, false, pair)
    } else {
        merged(before, after, pair)
    }
}

/// Compares two values; `None` means that there is none, which null is not.
fn part<'a>(before: Option<&'a Value>, after: Option<&'a Value>, scope: Scope<'_>) -> Diff<'a> {
    let replaces = is_here(scope.paths);
    let hidden = |value: Option<&Value>| value.is_some_and(Value::is_sensitive);
    let (was, becomes) = (hidden(before), hidden(after));
    if scope.depth > DEEPEST {
        return deep(before, after, replaces);
    }
    if was || becomes {
        let alike = before.zip(after).is_some_and(|(b, a)| same(b, a));
        let still = alike && was == becomes;
        return Diff {
            act: act(before.is_some(), after.is_some(), still),
            replaces,
            shape: Shape::Sensitive {
                was,
                becomes,
                same: alike,
            },
        };
    }
    if let Some(Value::Unknown(_)) = after {
        let known = before.filter(|value| !value.is_unknown());
        let gone = known.map(|value| Box::new(part(Some(value), None, scope.below(&[]))));
        let act = act(before.is_some(), true, before.is_some() && gone.is_none());
        return Diff {
            act,
            replaces,
            shape: Shape::Unknown(gone),
        };
    }
    let mut diff = known(before, after, scope);
    diff.replaces = replaces;
    diff
}

/// Says only whether values that are nested too deeply differ.
fn deep<'a>(before: Option<&Value>, after: Option<&Value>, replaces: bool) -> Diff<'a> {
    let alike = before.zip(after).is_some_and(|(b, a)| same(b, a));
    let text = "(nested too deeply to be shown)";
    Diff {
        act: act(before.is_some(), after.is_some(), alike),
        replaces,
        shape: Shape::Plain(text.into(), text.into()),
    }
}

fn known<'a>(before: Option<&'a Value>, after: Option<&'a Value>, scope: Scope<'_>) -> Diff<'a> {
    use Value::{List, Map, Object as Obj, Set, String as Str, Tuple};
    let both = (before.is_some(), after.is_some());
    match (before.or(after), after.or(before)) {
        (Some(List(b) | Set(b) | Tuple(b)), Some(List(a) | Set(a) | Tuple(a))) => {
            let b: &[Value] = if both.0 { b } else { &[] };
            let a: &[Value] = if both.1 { a } else { &[] };
            let unordered =
                matches!(before.or(after), Some(Set(_))) && scope.manner != Manner::Loose;
            listed(b, a, both, unordered, scope)
        }
        (Some(Map(b) | Obj(b)), Some(Map(a) | Obj(a))) => {
            let noun = match after.or(before) {
                Some(Map(_)) if scope.manner != Manner::Loose => Noun::Element,
                _ => Noun::Attribute,
            };
            let (b, a) = (both.0.then_some(&**b), both.1.then_some(&**a));
            keyed(b, a, noun, scope)
        }
        (Some(Str(b)), Some(Str(a))) => Diff {
            act: act(both.0, both.1, a == b),
            replaces: false,
            shape: Shape::Text(both.0.then_some(&**b), both.1.then_some(&**a)),
        },
        (Some(b), Some(a)) => match (plain(b), plain(a)) {
            (Some(old), Some(new)) => Diff {
                act: act(both.0, both.1, old == new),
                replaces: false,
                shape: Shape::Plain(old, new),
            },
            _ => turned(b, a, scope),
        },
        _ => Diff {
            act: Act::Keep,
            replaces: false,
            shape: Shape::Plain("null".into(), "null".into()),
        },
    }
}

fn turned<'a>(before: &'a Value, after: &'a Value, scope: Scope<'_>) -> Diff<'a> {
    Diff {
        act: Act::Update,
        replaces: false,
        shape: Shape::Turned(
            Box::new(part(Some(before), None, scope.below(&[]))),
            Box::new(part(None, Some(after), scope.below(&[]))),
        ),
    }
}

fn plain(value: &Value) -> Option<Cow<'_, str>> {
    match value {
        Value::Null => Some("null".into()),
        Value::Bool(true) => Some("true".into()),
        Value::Bool(false) => Some("false".into()),
        Value::Number(number) => Some(number.to_string().into()),
        Value::Unknown(_) => Some("(known after apply)".into()),
        Value::String(_)
        | Value::List(_)
        | Value::Set(_)
        | Value::Tuple(_)
        | Value::Map(_)
        | Value::Object(_)
        | Value::Sensitive(_) => None,
    }
}

fn listed<'a>(
    before: &'a [Value],
    after: &'a [Value],
    present: (bool, bool),
    unordered: bool,
    scope: Scope<'_>,
) -> Diff<'a> {
    let pair = |b: Option<usize>, a: Option<usize>| {
        let paths = index(scope.paths, a.or(b).unwrap_or(0));
        let get = |list: &'a [Value], at: Option<usize>| at.and_then(|at| list.get(at));
        part(get(before, b), get(after, a), scope.below(&paths))
    };
    let items = if unordered {
        merged(before, after, pair)
    } else {
        matched(before, after, scope.manner == Manner::Loose, pair)
    };
    let keeps = items.iter().all(|item| item.act == Act::Keep);
    Diff {
        act: act(present.0, present.1, keeps),
        replaces: false,
        shape: Shape::Listed(items, !unordered),
    }
}

fn keyed<'a>(
    before: Option<&'a Object>,
    after: Option<&'a Object>,
    noun: Noun,
    scope: Scope<'_>,
) -> Diff<'a> {
    let mut keeps = true;
    let mut entries = Vec::new();
    for (key, before, after) in pairs(before, after) {
        let below = match noun {
            Noun::Attribute => step(scope.paths, key),
            Noun::Element => Vec::new(),
        };
        let diff = part(before, after, scope.below(&below));
        keeps &= diff.act == Act::Keep;
        let label = match noun {
            Noun::Attribute => super::value::name(key),
            Noun::Element => Cow::Owned(super::value::quoted(key)),
        };
        entries.push((label, diff));
    }
    Diff {
        act: act(before.is_some(), after.is_some(), keeps),
        replaces: false,
        shape: Shape::Keyed(entries, noun),
    }
}

fn act(before: bool, after: bool, keeps: bool) -> Act {
    match (before, after) {
        (false, true) => Act::Create,
        (true, false) => Act::Delete,
        (false, false) => Act::Keep,
        (true, true) if keeps => Act::Keep,
        (true, true) => Act::Update,
    }
}

/// Whether two values are equal, apart from marks and from kinds of list.
pub(super) fn same(before: &Value, after: &Value) -> bool {
    before == after || before.order(after).is_eq()
}

/// Walks two sorted objects side by side.
fn pairs<'a>(
    before: Option<&'a Object>,
    after: Option<&'a Object>,
) -> impl Iterator<Item = (&'a str, Option<&'a Value>, Option<&'a Value>)> {
    let mut before = before.into_iter().flat_map(Object::iter).peekable();
    let mut after = after.into_iter().flat_map(Object::iter).peekable();
    std::iter::from_fn(move || {
        let order = match (before.peek(), after.peek()) {
            (None, None) => return None,
            (Some(_), None) => std::cmp::Ordering::Less,
            (None, Some(_)) => std::cmp::Ordering::Greater,
            (Some((b, _)), Some((a, _))) => b.cmp(a),
        };
        let old = if order.is_le() { before.next() } else { None };
        let new = if order.is_ge() { after.next() } else { None };
        let name = old.or(new).map(|(name, _)| &**name)?;
        Some((
            name,
            old.map(|(_, value)| value),
            new.map(|(_, value)| value),
        ))
    })
}

/// Matches two lists by their longest common part; with `by_index`, lists of one length by index.
fn matched<'a>(
    before: &[Value],
    after: &[Value],
    by_index: bool,
    pair: impl Fn(Option<usize>, Option<usize>) -> Diff<'a>,
) -> Vec<Diff<'a>> {
    if before.is_empty() || after.is_empty() || (by_index && before.len() == after.len()) {
        let length = before.len().max(after.len());
        let at = |list: &[Value], at: usize| (at < list.len()).then_some(at);
        return (0..length)
            .map(|i| pair(at(before, i), at(after, i)))
            .collect();
    }
    let (old, new) = numbers(before, after);
    let mut out = Vec::with_capacity(before.len().max(after.len()));
    for op in operations(&old, &new) {
        let (tag, old, new) = op.as_tag_tuple();
        if tag == similar::DiffTag::Equal {
            out.extend(old.zip(new).map(|(b, a)| pair(Some(b), Some(a))));
            continue;
        }
        // Objects in the same place are one object that changes; the rest goes and comes.
        let both = old.clone().zip(new.clone());
        let pairs = both
            .take_while(|(b, a)| {
                before[*b].as_object().is_some() && after[*a].as_object().is_some()
            })
            .count();
        let changed = old.clone().zip(new.clone()).take(pairs);
        out.extend(changed.map(|(b, a)| pair(Some(b), Some(a))));
        out.extend(old.skip(pairs).map(|b| pair(Some(b), None)));
        out.extend(new.skip(pairs).map(|a| pair(None, Some(a))));
    }
    out
}

/// Gives equal values of both lists equal numbers.
fn numbers(before: &[Value], after: &[Value]) -> (Vec<usize>, Vec<usize>) {
    let value = |at: usize| before.get(at).unwrap_or_else(|| &after[at - before.len()]);
    let mut order: Vec<usize> = (0..before.len() + after.len()).collect();
    order.sort_by(|a, b| value(*a).order(value(*b)));
    let mut numbers = vec![0; order.len()];
    for window in order.windows(2) {
        let next = usize::from(!same(value(window[0]), value(window[1])));
        numbers[window[1]] = numbers[window[0]] + next;
    }
    let after = numbers.split_off(before.len());
    (numbers, after)
}

/// Matches two sorted sets by content.
fn merged<'a>(
    before: &[Value],
    after: &[Value],
    pair: impl Fn(Option<usize>, Option<usize>) -> Diff<'a>,
) -> Vec<Diff<'a>> {
    let (mut b, mut a) = (0, 0);
    let mut out = Vec::with_capacity(before.len().max(after.len()));
    while b < before.len() || a < after.len() {
        let order = match (before.get(b), after.get(a)) {
            (Some(old), Some(new)) => old.order(new),
            (Some(_), None) => std::cmp::Ordering::Less,
            (None, _) => std::cmp::Ordering::Greater,
        };
        let (old, new) = (order.is_le().then_some(b), order.is_ge().then_some(a));
        out.push(pair(old, new));
        b += usize::from(old.is_some());
        a += usize::from(new.is_some());
    }
    out
}

/// Whether one of the paths ends here.
fn is_here(paths: Paths<'_>) -> bool {
    paths.iter().any(|path| path.is_empty())
}

/// Returns what is left of the paths that go through `name`.
fn step<'p>(paths: &[&'p str], name: &str) -> Vec<&'p str> {
    let below = |path: &&'p str| {
        let rest = path.strip_prefix('.').unwrap_or(path).strip_prefix(name)?;
        let ends = rest.is_empty() || rest.starts_with(['.', '[']);
        ends.then_some(rest)
    };
    paths.iter().filter_map(below).collect()
}

/// Returns what is left of the paths that go through element `at`.
fn index<'p>(paths: &[&'p str], at: usize) -> Vec<&'p str> {
    let below = |path: &&'p str| {
        let (number, rest) = path.strip_prefix('[')?.split_once(']')?;
        (number.parse() == Ok(at)).then_some(rest)
    };
    paths.iter().filter_map(below).collect()
}

/// One line of a text, before and after.
pub(super) enum TextLine<'a> {
    Same(Act, &'a str),
    /// So many unchanged lines are left out.
    Hidden(usize),
}

/// How many unchanged lines are shown around a changed one.
const CONTEXT: usize = 3;

/// Above so many parts two sequences are not matched: the time is their length times what differs.
const MOST_PARTS: usize = 10_000;

fn operations<T: Eq + std::hash::Hash>(old: &[T], new: &[T]) -> Vec<DiffOp> {
    if old.len() + new.len() <= MOST_PARTS {
        return capture_diff_slices(Algorithm::Myers, old, new);
    }
    vec![DiffOp::Replace {
        old_index: 0,
        old_len: old.len(),
        new_index: 0,
        new_len: new.len(),
    }]
}

/// Returns all lines of a text that stays, comes or goes as a whole.
pub(super) fn whole(text: &str) -> Vec<TextLine<'_>> {
    text.split('\n')
        .map(|line| TextLine::Same(Act::Keep, line))
        .collect()
}

/// Compares two texts line by line.
pub(super) fn lines<'a>(before: &'a str, after: &'a str) -> Vec<TextLine<'a>> {
    let (old, new): (Vec<&str>, Vec<&str>) =
        (before.split('\n').collect(), after.split('\n').collect());
    let ops = operations(&old, &new);
    let mut out = Vec::new();
    let last = ops.len().saturating_sub(1);
    for (at, op) in ops.iter().enumerate() {
        let (tag, before, after) = op.as_tag_tuple();
        if tag == similar::DiffTag::Equal {
            let first = if at == 0 { 0 } else { CONTEXT };
            unchanged(
                &old[before],
                first,
                if at == last { 0 } else { CONTEXT },
                &mut out,
            );
        } else {
            out.extend(
                old[before]
                    .iter()
                    .map(|line| TextLine::Same(Act::Delete, line)),
            );
            out.extend(
                new[after]
                    .iter()
                    .map(|line| TextLine::Same(Act::Create, line)),
            );
        }
    }
    out
}

fn unchanged<'a>(lines: &[&'a str], first: usize, last: usize, out: &mut Vec<TextLine<'a>>) {
    let keep = |out: &mut Vec<TextLine<'a>>, part: &[&'a str]| {
        out.extend(part.iter().map(|line| TextLine::Same(Act::Keep, line)));
    };
    // Hiding a line or two saves nothing.
    if lines.len() <= first + last + 2 {
        return keep(out, lines);
    }
    keep(out, &lines[..first]);
    out.push(TextLine::Hidden(lines.len() - first - last));
    keep(out, &lines[lines.len() - last..]);
}
