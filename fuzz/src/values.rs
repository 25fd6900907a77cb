//! Functions with arguments of every kind, made from bytes.

use std::sync::Arc;

use arbitrary::{Arbitrary, Result, Unstructured};
use prov::{
    eval,
    manifest::ast::{Expr, ExprKind, Name},
    model::{Number, SourceId, Span, Type, Value},
};

use super::{
    Said, line,
    scope::{World, keeps_secrets},
};

const NOWHERE: Span = Span {
    source: SourceId::NOWHERE,
    start: 0,
    end: 0,
};

/// How deep the arguments nest.
const DEPTH: usize = 4;

/// Calls a function, and that of the next bytes with its result.
pub fn functions(data: &[u8]) -> Said {
    let mut bytes = Unstructured::new(data);
    let mut said = Said::new();
    let mut kept = None;
    // Who writes a secret out keeps none, and one function lifts marks.
    let mut lifted = data.windows(5).any(|part| part == b"Sw0rd");
    for _ in 0..4 {
        let Ok(call) = call(&mut bytes, kept.as_ref()) else {
            break;
        };
        let outcome = eval::evaluate(&call, &World);
        lifted |=
            matches!(&call.kind, ExprKind::Call { name, .. } if &*name.text == "nonsensitive");
        if !lifted {
            keeps_secrets("", &outcome);
        }
        match outcome {
            Ok(value) => kept = Some(value),
            Err(diagnostic) => said.push(line(&diagnostic)),
        }
    }
    said
}

/// Names of functions, with those that are in no table; none that reads files, which are whatever they are.
fn name(bytes: &mut Unstructured<'_>) -> Result<Arc<str>> {
    let special = eval::SPECIAL_FUNCTIONS
        .iter()
        .map(|(call, _)| call.split('(').next().unwrap_or(call));
    let all = eval::functions()
        .iter()
        .map(|function| function.name)
        .chain(special);
    let names: Vec<&str> = all
        .filter(|name| !name.contains("file") && *name != "bcrypt")
        .collect();
    Ok((*bytes.choose(&names)?).into())
}

fn call(bytes: &mut Unstructured<'_>, kept: Option<&Value>) -> Result<Expr> {
    let text = name(bytes)?;
    let function = eval::functions()
        .iter()
        .find(|function| function.name == &*text);
    let usual = function.map_or(2, |function| {
        function.params.len() + usize::from(function.rest.is_some())
    });
    let count = if bytes.ratio(7, 8)? {
        usual
    } else {
        bytes.int_in_range(0..=5)?
    };
    let mut args = Vec::new();
    for at in 0..count {
        let value = match kept {
            Some(kept) if at == 0 => kept.clone(),
            _ => value(bytes, DEPTH)?,
        };
        args.push(Expr {
            kind: ExprKind::Literal(value),
            span: NOWHERE,
        });
    }
    let expand_last = bytes.ratio(1, 8)? && !args.is_empty();
    let name = Name {
        text,
        span: NOWHERE,
    };
    Ok(Expr {
        kind: ExprKind::Call {
            name,
            args,
            expand_last,
        },
        span: NOWHERE,
    })
}

fn value(bytes: &mut Unstructured<'_>, depth: usize) -> Result<Value> {
    let kinds = if depth == 0 { 8 } else { 14 };
    Ok(match bytes.int_in_range(0..=kinds)? {
        0 => Value::Null,
        1 => Value::Bool(bool::arbitrary(bytes)?),
        2 => Value::int(i64::arbitrary(bytes)?),
        3 => Value::int(i64::from(i8::arbitrary(bytes)?)),
        4 => number(bytes)?,
        5 | 6 => Value::string(<&str>::arbitrary(bytes)?),
        7 => Value::string(*bytes.choose(TEXTS)?),
        8 => Value::Unknown(ty(bytes, depth)?),
        // One value over and over, as lists and sets have one type.
        9 => {
            let one = value(bytes, depth - 1)?;
            let count = bytes.int_in_range(0..=40)?;
            Value::list(vec![one; count])
        }
        10 => Value::tuple(values(bytes, depth)?),
        11 => Value::object(entries(bytes, depth)?),
        12 => Value::set((0..bytes.int_in_range(0..=6)?).map(Value::int).collect()),
        13 => value(bytes, depth - 1)?.sensitive(),
        _ => Value::string(super::scope::SECRET).sensitive(),
    })
}

fn values(bytes: &mut Unstructured<'_>, depth: usize) -> Result<Vec<Value>> {
    (0..bytes.int_in_range(0..=5)?)
        .map(|_| value(bytes, depth - 1))
        .collect()
}

fn entries(bytes: &mut Unstructured<'_>, depth: usize) -> Result<prov::model::Object> {
    (0..bytes.int_in_range(0..=4)?)
        .map(|_| Ok((<&str>::arbitrary(bytes)?, value(bytes, depth - 1)?)))
        .collect()
}

fn number(bytes: &mut Unstructured<'_>) -> Result<Value> {
    let (digits, exponent) = (i64::arbitrary(bytes)?, i16::arbitrary(bytes)?);
    let number = Number::parse(&format!("{digits}e{exponent}")).unwrap_or(Number::Int(digits));
    Ok(Value::Number(number))
}

fn ty(bytes: &mut Unstructured<'_>, depth: usize) -> Result<Type> {
    let kinds = if depth == 0 { 3 } else { 6 };
    Ok(match bytes.int_in_range(0..=kinds)? {
        0 => Type::Any,
        1 => Type::Bool,
        2 => Type::Number,
        3 => Type::String,
        4 => Type::list(ty(bytes, depth - 1)?),
        5 => Type::set(ty(bytes, depth - 1)?),
        _ => Type::map(ty(bytes, depth - 1)?),
    })
}

/// Texts that mean something to some function.
const TEXTS: &[&str] = &[
    "",
    "10.0.0.0/8",
    "fd00::/48",
    "2026-01-02T03:04:05Z",
    "YYYY-MM-DD'T'hh:mm:ssZ",
    "1h30m",
    "%s %d %5.2f %q %v %-10s %[1]x %08.3e",
    "/(a+)(?P<n>b)?/",
    "([a-z]+)",
    "$1${n}$$",
    "aGVsbG8=",
    "H4sIAAAAAAAAA8tIzcnJBwCGphA2BQAAAA==",
    "{\"a\":[1,2.5e10,null,true,\"x\"]}",
    "a: &x [1, *y]\n<<: *x\n",
    "- a\n- b: |\n    c\n",
    "a,b\n1,\"x,\"\"y\"\n",
    "UTF-16LE",
    "é\u{301}\u{1f469}\u{200d}\u{1f4bb}",
    "${x} %{ if x }a%{ endif } $${y}",
    "dns",
    "-1",
    "1e400",
    "0x7f",
    "true",
    "null",
];
