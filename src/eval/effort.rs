//! What evaluating an expression may take: steps, and the size of what it makes on its way.
//!
//! Each text and collection has a limit of its own; these are for what is made over and over, as in a `for` within a
//! `for` within a `for`.

use std::cell::Cell;

use super::expression::{Failure, Outcome, fatal};
use crate::model::{Span, Value};

/// The most steps: a few seconds of work.
const MAX_STEPS: u64 = 50_000_000;

/// The most that is made, in units of [`UNIT`] bytes: what is no longer needed counts, too.
const MAX_MADE: u64 = 40_000_000;

/// About what an element of a collection takes.
const UNIT: usize = 16;

/// What an expression has taken so far.
#[derive(Debug, Default)]
pub(super) struct Effort {
    steps: Cell<u64>,
    made: Cell<u64>,
}

impl Effort {
    /// Counts the evaluation of a node.
    pub(super) fn step(&self, span: Span) -> Outcome<()> {
        self.steps(1, span)
    }

    /// Counts a value that is made, without what its elements have counted themselves.
    pub(super) fn makes(&self, value: &Value, span: Span) -> Outcome<()> {
        self.make(own_size(value), span)
    }

    /// Counts a call: what it looks at, in steps, and what it makes, with its elements' elements if they are alike.
    pub(super) fn calls(&self, given: u64, made: &Value, span: Span) -> Outcome<()> {
        let inner = match made.as_list() {
            Some([first, rest @ ..]) => own_size(first).saturating_mul(1 + rest.len() as u64),
            _ => 0,
        };
        self.steps(given, span)?;
        self.make(own_size(made).saturating_add(inner), span)
    }

    fn steps(&self, count: u64, span: Span) -> Outcome<()> {
        let steps = self.steps.get().saturating_add(count);
        self.steps.set(steps);
        if steps > MAX_STEPS {
            let millions = MAX_STEPS / 1_000_000;
            return Err(too_much(
                span,
                format!("Evaluating it takes more than {millions} million steps."),
            ));
        }
        Ok(())
    }

    fn make(&self, size: u64, span: Span) -> Outcome<()> {
        let made = self.made.get().saturating_add(size);
        self.made.set(made);
        if made > MAX_MADE {
            let most = MAX_MADE as usize * UNIT >> 20;
            return Err(too_much(
                span,
                format!("Evaluating it makes more than {most} MiB of values."),
            ));
        }
        Ok(())
    }
}

/// Returns the size of a value without what its elements hold.
pub(super) fn own_size(value: &Value) -> u64 {
    let size = match value.unmarked() {
        Value::String(text) => 2 + text.len() / UNIT,
        Value::List(items) | Value::Set(items) | Value::Tuple(items) => 4 + items.len(),
        Value::Map(entries) | Value::Object(entries) => 4 + 2 * entries.len(),
        _ => 0,
    };
    size as u64
}

/// Says that a value shares its parts so often that whoever looks at all of it takes forever.
pub(super) fn check_sharing(value: &Value, span: Span) -> Outcome<()> {
    if value.holds_more_than(super::expression::MAX_ELEMENTS) {
        let most = super::expression::MAX_ELEMENTS;
        return Err(too_much(
            span,
            format!("The value holds more than {most} values, those within others included."),
        ));
    }
    Ok(())
}

fn too_much(span: Span, detail: String) -> Box<Failure> {
    let mut failure = fatal(span, "Expression does too much", detail);
    failure.diagnostic = failure
        .diagnostic
        .hint("Check what it repeats, and give parts of it names with local values.");
    failure
}
