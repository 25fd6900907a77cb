//! Arithmetic: integers where they fit, exact decimals beyond, bounded in digits and size.

use bigdecimal::{BigDecimal, Signed, Zero, num_bigint::BigInt};

use crate::model::Number;

/// Significant digits that results keep: what Terraform's 512-bit numbers hold.
const DIGITS: u64 = 155;

/// The most decimal places before or after the point.
const MAX_EXPONENT: i64 = 4_096;

/// Returns the decimal as a number: rounded to what is kept, an error when it is too large.
pub(super) fn settle(decimal: BigDecimal) -> Result<Number, String> {
    if decimal.is_zero() {
        return Ok(Number::Int(0));
    }
    let digits = decimal.digits();
    let decimal = if digits > DIGITS {
        decimal.with_prec(DIGITS)
    } else {
        decimal
    };
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

/// Adds two numbers.
pub(super) fn add(a: &Number, b: &Number) -> Result<Number, String> {
    if let (Number::Int(a), Number::Int(b)) = (a, b)
        && let Some(sum) = a.checked_add(*b)
    {
        return Ok(Number::Int(sum));
    }
    settle(a.to_decimal() + b.to_decimal())
}

/// Subtracts `b` from `a`.
pub(super) fn subtract(a: &Number, b: &Number) -> Result<Number, String> {
    if let (Number::Int(a), Number::Int(b)) = (a, b)
        && let Some(difference) = a.checked_sub(*b)
    {
        return Ok(Number::Int(difference));
    }
    settle(a.to_decimal() - b.to_decimal())
}

/// Multiplies two numbers.
pub(super) fn multiply(a: &Number, b: &Number) -> Result<Number, String> {
    if let (Number::Int(a), Number::Int(b)) = (a, b)
        && let Some(product) = a.checked_mul(*b)
    {
        return Ok(Number::Int(product));
    }
    settle(a.to_decimal() * b.to_decimal())
}

/// Divides `a` by `b`.
pub(super) fn divide(a: &Number, b: &Number) -> Result<Number, String> {
    if let (Number::Int(a), Number::Int(b)) = (a, b)
        && a.checked_rem(*b) == Some(0)
        && let Some(quotient) = a.checked_div(*b)
    {
        return Ok(Number::Int(quotient));
    }
    let (a, b) = (a.to_decimal(), b.to_decimal());
    if b.is_zero() {
        return Err("division by zero".to_owned());
    }
    let shift = (DIGITS + b.digits()).saturating_sub(a.digits());
    let power = u32::try_from(shift).map_err(|_| "the result is too small a number".to_owned())?;
    let ((a, a_scale), (b, b_scale)) = (a.into_bigint_and_scale(), b.into_bigint_and_scale());
    let scaled = a * BigInt::from(10).pow(power);
    let quotient = scaled / b;
    settle(BigDecimal::new(
        quotient,
        a_scale - b_scale + i64::from(power),
    ))
}

/// Returns the remainder of `a` by `b`, with the sign of `a`.
pub(super) fn modulo(a: &Number, b: &Number) -> Result<Number, String> {
    if let (Number::Int(a), Number::Int(b)) = (a, b)
        && let Some(rest) = a.checked_rem(*b)
    {
        return Ok(Number::Int(rest));
    }
    let (a, b) = (a.to_decimal(), b.to_decimal());
    if b.is_zero() {
        return Err("modulo by zero".to_owned());
    }
    settle(a % b)
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
