//! Arithmetic: integers where they fit, Terraform's 512-bit numbers beyond, bounded in size.

use bigdecimal::{Signed, Zero, num_bigint::BigInt};

use crate::model::{Number, binary::Binary};

/// The most decimal places before or after the point.
const MAX_EXPONENT: i64 = 4_096;

/// Returns the number that is nearest to a result: an error when it is too large.
fn settle(result: &Binary) -> Result<Number, String> {
    let decimal = result.rounded().to_decimal();
    if decimal.is_zero() {
        return Ok(Number::Int(0));
    }
    let (_, scale) = decimal.as_bigint_and_exponent();
    let exponent = i64::try_from(decimal.digits()).unwrap_or(i64::MAX) - scale;
    if exponent > MAX_EXPONENT {
        return Err("the result is too large a number".to_owned());
    }
    if exponent < -MAX_EXPONENT {
        return Ok(Number::Int(0));
    }
    Ok(Number::from_decimal(&decimal))
}

fn binary(number: &Number) -> Binary {
    match number {
        Number::Int(int) => Binary {
            mantissa: BigInt::from(*int),
            exponent: 0,
        },
        Number::Decimal(decimal) => Binary::nearest(decimal),
    }
}

/// Returns both mantissas at the lesser exponent, and that.
fn aligned(a: Binary, b: Binary) -> (BigInt, BigInt, i64) {
    let exponent = a.exponent.min(b.exponent);
    let at = |it: Binary| it.mantissa << (it.exponent - exponent).unsigned_abs();
    (at(a), at(b), exponent)
}

/// Adds two numbers.
pub(super) fn add(a: &Number, b: &Number) -> Result<Number, String> {
    if let (Number::Int(a), Number::Int(b)) = (a, b)
        && let Some(sum) = a.checked_add(*b)
    {
        return Ok(Number::Int(sum));
    }
    let (a, b, exponent) = aligned(binary(a), binary(b));
    settle(&Binary {
        mantissa: a + b,
        exponent,
    })
}

/// Subtracts `b` from `a`.
pub(super) fn subtract(a: &Number, b: &Number) -> Result<Number, String> {
    if let (Number::Int(a), Number::Int(b)) = (a, b)
        && let Some(difference) = a.checked_sub(*b)
    {
        return Ok(Number::Int(difference));
    }
    add(a, &negate(b))
}

/// Multiplies two numbers.
pub(super) fn multiply(a: &Number, b: &Number) -> Result<Number, String> {
    if let (Number::Int(a), Number::Int(b)) = (a, b)
        && let Some(product) = a.checked_mul(*b)
    {
        return Ok(Number::Int(product));
    }
    let (a, b) = (binary(a), binary(b));
    settle(&Binary {
        mantissa: a.mantissa * b.mantissa,
        exponent: a.exponent + b.exponent,
    })
}

/// Divides `a` by `b`.
pub(super) fn divide(a: &Number, b: &Number) -> Result<Number, String> {
    if let (Number::Int(a), Number::Int(b)) = (a, b)
        && a.checked_rem(*b) == Some(0)
        && let Some(quotient) = a.checked_div(*b)
    {
        return Ok(Number::Int(quotient));
    }
    let (a, b) = (binary(a), binary(b));
    if b.mantissa.is_zero() {
        return Err("division by zero".to_owned());
    }
    let quotient = Binary::quotient(&a.mantissa, &b.mantissa);
    settle(&Binary {
        exponent: quotient.exponent + a.exponent - b.exponent,
        ..quotient
    })
}

/// Returns the remainder of `a` by `b`, with the sign of `a`; by zero it is `a`, as in Terraform.
pub(super) fn modulo(a: &Number, b: &Number) -> Result<Number, String> {
    if *b == Number::Int(0) {
        return Ok(a.clone());
    }
    if let (Number::Int(a), Number::Int(b)) = (a, b)
        && let Some(rest) = a.checked_rem(*b)
    {
        return Ok(Number::Int(rest));
    }
    let quotient = divide(a, b)?;
    let whole = if is_negative(&quotient) {
        negate(&floor(&negate(&quotient)))
    } else {
        floor(&quotient)
    };
    subtract(a, &multiply(b, &whole)?)
}

/// Returns the number with the other sign.
pub(super) fn negate(number: &Number) -> Number {
    match number {
        Number::Int(int) => int
            .checked_neg()
            .map_or_else(|| Number::from_decimal(&-number.to_decimal()), Number::Int),
        Number::Decimal(decimal) => Number::from_decimal(&-(**decimal).clone()),
    }
}

/// Returns the greatest integer that is not above the number.
pub(super) fn floor(number: &Number) -> Number {
    let Number::Decimal(decimal) = number else {
        return number.clone();
    };
    let whole = decimal.with_scale_round(0, bigdecimal::RoundingMode::Floor);
    Number::from_decimal(&whole)
}

/// Whether the number is below zero.
pub(super) fn is_negative(number: &Number) -> bool {
    match number {
        Number::Int(int) => *int < 0,
        Number::Decimal(decimal) => decimal.is_negative(),
    }
}
