//! Unary and binary operators. Both operands are always evaluated, as in Terraform.

use super::{
    convert::convert,
    expression::{Env, Failure, Outcome, eval, failed, unmark},
    number,
};
use crate::{
    manifest::ast::{BinaryOp, Expr, UnaryOp},
    model::{Number, Span, Type, Value},
};

/// Evaluates `-x` or `!x`.
pub(super) fn unary(op: UnaryOp, operand: &Expr, env: Env<'_>) -> Outcome {
    let ty = match op {
        UnaryOp::Negate => Type::Number,
        UnaryOp::Not => Type::Bool,
    };
    let value = eval(operand, env)?;
    let (value, marked) = take(value, &ty, "unary operand", operand.span)?;
    let result = match (op, value) {
        (UnaryOp::Negate, Value::Number(number)) => Value::Number(number::negate(&number)),
        (UnaryOp::Not, Value::Bool(value)) => Value::Bool(!value),
        _ => Value::Unknown(ty),
    };
    Ok(result.marked(marked))
}

/// Evaluates `left op right`.
pub(super) fn binary(op: BinaryOp, left: &Expr, right: &Expr, span: Span, env: Env<'_>) -> Outcome {
    let (a, b) = (eval(left, env)?, eval(right, env)?);
    if matches!(op, BinaryOp::Equal | BinaryOp::NotEqual) {
        return Ok(equality(op, &a, &b));
    }
    let ty = match op {
        BinaryOp::And | BinaryOp::Or => Type::Bool,
        _ => Type::Number,
    };
    let (a, a_marked) = take(a, &ty, "left operand", left.span)?;
    let (b, b_marked) = take(b, &ty, "right operand", right.span)?;
    env.effort.calculates(&a, left.span)?;
    env.effort.calculates(&b, right.span)?;
    let result = match (&a, &b) {
        (Value::Number(a), Value::Number(b)) => {
            numeric(op, a, b).map_err(|problem| operation_failed(right.span, span, &problem))?
        }
        _ => logic(op, a.as_bool(), b.as_bool()),
    };
    Ok(result.marked(a_marked || b_marked))
}

/// Converts an operand and takes its mark off.
fn take(value: Value, ty: &Type, which: &str, span: Span) -> Outcome<(Value, bool)> {
    let (value, marked) = unmark(value);
    if value.is_null() {
        return Err(failed(
            span,
            "Operation failed",
            "Error during operation: argument must not be null.",
        ));
    }
    match convert(&value, ty) {
        Ok(value) => Ok((value, marked)),
        Err(text) => Err(failed(
            span,
            "Invalid operand",
            format!("Unsuitable value for {which}: {text}."),
        )),
    }
}

fn operation_failed(operand: Span, whole: Span, problem: &str) -> Box<Failure> {
    let span = if problem.ends_with("by zero") {
        operand
    } else {
        whole
    };
    let summary = match problem {
        "division by zero" => "Division by zero",
        _ => "Operation failed",
    };
    failed(span, summary, format!("Error during operation: {problem}."))
}

fn numeric(op: BinaryOp, a: &Number, b: &Number) -> Result<Value, String> {
    let number = match op {
        BinaryOp::Add => number::add(a, b),
        BinaryOp::Subtract => number::subtract(a, b),
        BinaryOp::Multiply => number::multiply(a, b),
        BinaryOp::Divide => number::divide(a, b),
        BinaryOp::Modulo => number::modulo(a, b),
        BinaryOp::Less => return Ok(Value::Bool(a < b)),
        BinaryOp::LessEqual => return Ok(Value::Bool(a <= b)),
        BinaryOp::Greater => return Ok(Value::Bool(a > b)),
        BinaryOp::GreaterEqual => return Ok(Value::Bool(a >= b)),
        BinaryOp::Equal | BinaryOp::NotEqual | BinaryOp::And | BinaryOp::Or => {
            return Ok(Value::Unknown(Type::Bool));
        }
    };
    number.map(Value::Number)
}

/// Combines truth values of which some are unknown; for other operators an operand was unknown.
fn logic(op: BinaryOp, a: Option<bool>, b: Option<bool>) -> Value {
    let decided = |by: bool| {
        if a == Some(by) || b == Some(by) {
            Value::Bool(by)
        } else if a.is_some() && b.is_some() {
            Value::Bool(!by)
        } else {
            Value::Unknown(Type::Bool)
        }
    };
    match op {
        BinaryOp::And => decided(false),
        BinaryOp::Or => decided(true),
        BinaryOp::Add
        | BinaryOp::Subtract
        | BinaryOp::Multiply
        | BinaryOp::Divide
        | BinaryOp::Modulo => Value::Unknown(Type::Number),
        BinaryOp::Equal
        | BinaryOp::NotEqual
        | BinaryOp::Less
        | BinaryOp::LessEqual
        | BinaryOp::Greater
        | BinaryOp::GreaterEqual => Value::Unknown(Type::Bool),
    }
}

fn equality(op: BinaryOp, a: &Value, b: &Value) -> Value {
    let marked = a.has_sensitive() || b.has_sensitive();
    let result = match equal(a, b) {
        Some(equal) => Value::Bool(equal == (op == BinaryOp::Equal)),
        None => Value::Unknown(Type::Bool),
    };
    result.marked(marked)
}

/// Whether two values are equal; values of different types never are. `None`: not known yet.
pub(super) fn equal(a: &Value, b: &Value) -> Option<bool> {
    match (a, b) {
        (Value::Sensitive(a), b) => equal(a, b),
        (a, Value::Sensitive(b)) => equal(a, b),
        (Value::Unknown(_), _) | (_, Value::Unknown(_)) => None,
        (Value::List(a), Value::List(b)) | (Value::Tuple(a), Value::Tuple(b)) => {
            if a.len() != b.len() {
                return Some(false);
            }
            all(a.iter().zip(b.iter()).map(|(a, b)| equal(a, b)))
        }
        (Value::Set(x), Value::Set(y)) => {
            if a.is_wholly_known() && b.is_wholly_known() {
                Some(
                    x.len() == y.len()
                        && x.iter()
                            .zip(y.iter())
                            .all(|(a, b)| equal(a, b) == Some(true)),
                )
            } else {
                None
            }
        }
        (Value::Map(a), Value::Map(b)) | (Value::Object(a), Value::Object(b)) => {
            if !a.keys().eq(b.keys()) {
                return Some(false);
            }
            all(a.values().zip(b.values()).map(|(a, b)| equal(a, b)))
        }
        _ => Some(a == b),
    }
}

/// A definite difference decides, whatever is unknown.
fn all(results: impl Iterator<Item = Option<bool>>) -> Option<bool> {
    let mut known = true;
    for result in results {
        match result {
            Some(true) => {}
            Some(false) => return Some(false),
            None => known = false,
        }
    }
    known.then_some(true)
}
