//! What evaluating an expression may take: steps, and the size of what it makes on its way.
//!
//! Each text and collection has a limit of its own; these are for what is made over and over, as in a `for` within a
//! `for` within a `for`.

use std::cell::Cell;

use super::expression::{Failure, Outcome, fatal};
use crate::model::{Number, Span, Value};

/// The most steps: a few seconds of work.
const MAX_STEPS: u64 = 20_000_000;

/// The most that is made, in units of [`UNIT`] bytes: what is no longer needed counts, too.
const MAX_MADE: u64 = 32 << 20;

/// The most values in what a `for` within another goes through, each as often as it is there.
const MAX_SHARED: usize = 1_000_000;

/// How many units a function looks at in the time of a step.
const UNITS_IN_A_STEP: u64 = 8;

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

    /// Counts the steps that it takes to calculate with a number: digits take their time.
    pub(super) fn calculates(&self, value: &Value, span: Span) -> Outcome<()> {
        match value {
            Value::Number(Number::Decimal(decimal)) => {
                let (digits, scale) = decimal.as_bigint_and_scale();
                self.steps((digits.bits() + 4 * scale.unsigned_abs()) / 4, span)
            }
            _ => Ok(()),
        }
    }

    /// Counts what a function looks at.
    pub(super) fn takes(&self, arguments: &[Value], span: Span) -> Outcome<()> {
        let units: u64 = arguments.iter().map(own_size).sum();
        self.steps(units / UNITS_IN_A_STEP, span)?;
        arguments
            .iter()
            .try_for_each(|value| self.calculates(value, span))
    }

    /// Counts what a function makes, with its elements' elements if they are alike.
    pub(super) fn returns(&self, value: &Value, span: Span) -> Outcome<()> {
        let inner = match value.as_list() {
            Some([first, rest @ ..]) => own_size(first).saturating_mul(1 + rest.len() as u64),
            _ => 0,
        };
        self.make(own_size(value).saturating_add(inner), span)
    }

    /// Counts the values in another, each as often as it is there: one that shares its parts again and again takes
    /// whoever looks at all of it forever.
    pub(super) fn goes_through(&self, value: &Value, span: Span) -> Outcome<()> {
        let count = value.count_to(MAX_SHARED).ok_or_else(|| {
            too_much(
                span,
                format!("The value holds more than {MAX_SHARED} others, counted each time that they are named."),
            )
        })?;
        self.steps(count as u64 / UNITS_IN_A_STEP, span)
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
            let most = (MAX_MADE * UNIT as u64) >> 20;
            return Err(too_much(
                span,
                format!("Evaluating it makes more than {most} MiB of values."),
            ));
        }
        Ok(())
    }
}

/// Returns the size of a value without what its elements hold.
fn own_size(value: &Value) -> u64 {
    let size = match value.unmarked() {
        Value::String(text) => 2 + text.len() / UNIT,
        Value::List(items) | Value::Set(items) | Value::Tuple(items) => 4 + items.len(),
        Value::Map(entries) | Value::Object(entries) => 4 + 2 * entries.len(),
        _ => 0,
    };
    size as u64
}

fn too_much(span: Span, detail: String) -> Box<Failure> {
    let mut failure = fatal(span, "Expression does too much", detail);
    failure.diagnostic = failure
        .diagnostic
        .hint("Check what it repeats, and give parts of it names with local values.");
    failure
}
