//! Numbers as Terraform keeps them: binary, of 512 digits, and shown as the shortest decimal that means the
//! same one.

use std::cmp::Ordering;

use bigdecimal::{
    BigDecimal,
    num_bigint::{BigInt, BigUint, Sign},
};

/// Binary digits of a number.
const PRECISION: u64 = 512;

/// Decimal digits that are never lost.
const EXACT_DIGITS: u64 = 153;

/// A number `mantissa * 2^exponent`.
#[derive(Clone, Debug)]
pub struct Binary {
    pub mantissa: BigInt,
    pub exponent: i64,
}

impl Binary {
    /// Returns the nearest number to a decimal.
    pub fn nearest(decimal: &BigDecimal) -> Self {
        let (digits, scale) = decimal.as_bigint_and_exponent();
        let power = |by: i64| BigInt::from(10).pow(u32::try_from(by).unwrap_or(u32::MAX));
        if scale <= 0 {
            Self::quotient(&(digits * power(-scale)), &BigInt::from(1))
        } else {
            Self::quotient(&digits, &power(scale))
        }
    }

    /// Returns the nearest number to a fraction; of two that are as near, the even one.
    pub fn quotient(numerator: &BigInt, denominator: &BigInt) -> Self {
        let negative = (numerator.sign() == Sign::Minus) != (denominator.sign() == Sign::Minus);
        let (mut above, mut below) = (
            numerator.magnitude().clone(),
            denominator.magnitude().clone(),
        );
        if above == BigUint::ZERO {
            return Self {
                mantissa: BigInt::ZERO,
                exponent: 0,
            };
        }
        let shift = signed(PRECISION + 1) + signed(below.bits()) - signed(above.bits());
        if shift >= 0 {
            above <<= shift.unsigned_abs();
        } else {
            below <<= shift.unsigned_abs();
        }
        let (whole, rest) = (&above / &below, &above % &below);
        let extra = whole.bits() - PRECISION;
        let kept = &whole >> extra;
        let lost = &whole - (&kept << extra);
        let up = match lost.cmp(&(BigUint::from(1_u8) << (extra - 1))) {
            Ordering::Greater => true,
            Ordering::Equal => rest != BigUint::ZERO || kept.bit(0),
            Ordering::Less => false,
        };
        let magnitude = if up { kept + 1_u8 } else { kept };
        let sign = if negative { Sign::Minus } else { Sign::Plus };
        Self {
            mantissa: BigInt::from_biguint(sign, magnitude),
            exponent: signed(extra) - shift,
        }
    }

    /// Returns the nearest number that has no more digits than are kept.
    #[must_use]
    pub fn rounded(&self) -> Self {
        let one = BigInt::from(1);
        let rounded = Self::quotient(&self.mantissa, &one);
        Self {
            exponent: rounded.exponent + self.exponent,
            ..rounded
        }
    }

    /// Returns the shortest decimal that reads as this number, which must be a rounded one.
    pub fn to_decimal(&self) -> BigDecimal {
        let magnitude = self.mantissa.magnitude();
        if *magnitude == BigUint::ZERO {
            return BigDecimal::from(0);
        }
        // As many digits as are kept, and one more: then the neighbours' borders are whole.
        let missing = PRECISION + 1 - magnitude.bits().min(PRECISION);
        let middle = magnitude << missing;
        let exponent = self.exponent - signed(missing);
        let (scale, spread): (i64, Box<dyn Fn(BigUint) -> BigUint>) = if exponent >= 0 {
            (0, Box::new(move |it| it << exponent.unsigned_abs()))
        } else {
            let fives = BigUint::from(5_u8).pow(u32::try_from(-exponent).unwrap_or(u32::MAX));
            (-exponent, Box::new(move |it| it * &fives))
        };
        let inclusive = !(&middle >> 1_u8).bit(0);
        let [lower, exact, upper] = [&middle - 1_u8, middle.clone(), &middle + 1_u8]
            .map(|it| spread(it).to_string().into_bytes());
        let (digits, kept) = shortest(&lower, &exact, &upper, inclusive);
        let value = BigInt::from_biguint(self.mantissa.sign(), digits);
        let left = signed(exact.len() as u64) - signed(kept as u64);
        BigDecimal::new(value, scale - left)
    }
}

fn signed(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

/// Returns the fewest leading digits of a number (rounded) that are between two others, and how many.
fn shortest(lower: &[u8], exact: &[u8], upper: &[u8], inclusive: bool) -> (BigUint, usize) {
    let used = |digits: &[u8]| {
        digits
            .iter()
            .rposition(|it| *it != b'0')
            .map_or(0, |at| at + 1)
    };
    let (lower_used, upper_used, used) = (used(lower), used(upper), used(exact));
    let number = |count: usize| {
        BigUint::parse_bytes(&exact[..count], 10).expect("digits are written just above")
    };
    for (at, digit) in exact[..used].iter().enumerate() {
        let (below, above) = (
            lower.get(at).copied().unwrap_or(b'0'),
            upper.get(at).copied().unwrap_or(b'0'),
        );
        let down = below != *digit || inclusive && at + 1 == lower_used;
        let up = *digit != above && (inclusive || digit + 1 < above || at + 1 < upper_used);
        let count = at + 1;
        let nearer_up = match exact[count..used] {
            [] => false,
            [b'5'] => digit % 2 == 1,
            [next, ..] => next >= b'5',
        };
        if up && (nearer_up || !down) {
            return (number(count) + 1_u8, count);
        }
        if down {
            return (number(count), count);
        }
    }
    (number(used), used)
}

/// Returns the decimal that Terraform shows for one with many digits.
pub fn settled(decimal: BigDecimal) -> BigDecimal {
    if decimal.digits() <= EXACT_DIGITS {
        return decimal;
    }
    Binary::nearest(&decimal).to_decimal()
}
