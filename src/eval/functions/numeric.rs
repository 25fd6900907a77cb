//! Functions over numbers.

use bigdecimal::{BigDecimal, num_bigint::BigInt};

use super::{super::number, Answer, Call, Fault, Function, Kind, Sight, invalid, kind_name, param};
use crate::model::{Number, Type, Value};

pub(super) const FUNCTIONS: &[Function] = &[
    Function::new("abs", NUM, Kind::Number, |call| {
        let number = number_at(call, 0)?;
        Ok(Value::Number(if number::is_negative(number) {
            number::negate(number)
        } else {
            number.clone()
        }))
    })
    .doc("Returns a number without its sign.")
    .example("abs(-1.5)", "1.5"),
    Function::new("ceil", NUM, Kind::Number, |call| {
        Ok(Value::Number(number::negate(&number::floor(
            &number::negate(number_at(call, 0)?),
        ))))
    })
    .doc("Returns the least whole number that is not below.")
    .example("ceil(1.2)", "2"),
    Function::new("floor", NUM, Kind::Number, |call| {
        Ok(Value::Number(number::floor(number_at(call, 0)?)))
    })
    .doc("Returns the greatest whole number that is not above.")
    .example("floor(-1.2)", "-2"),
    Function::new(
        "log",
        &[param("num", Kind::Number), param("base", Kind::Number)],
        Kind::Number,
        |call| {
            let (number, base) = (number_at(call, 0)?.to_f64(), number_at(call, 1)?.to_f64());
            float(number.ln() / base.ln())
        },
    )
    .doc("Returns the logarithm of a number to a base.")
    .example("log(16, 2)", "4"),
    Function::new("max", &[], Kind::Number, |call| {
        extreme(call, |best, next| next > best)
    })
    .rest("numbers", Kind::Number)
    .doc("Returns the greatest of the numbers.")
    .example("max(3, \"1\", 2)", "3"),
    Function::new("min", &[], Kind::Number, |call| {
        extreme(call, |best, next| next < best)
    })
    .rest("numbers", Kind::Number)
    .doc("Returns the least of the numbers.")
    .example("min(3, \"1\", 2)", "1"),
    Function::new(
        "parseint",
        &[param("number", Kind::Any), param("base", Kind::Number)],
        Kind::Number,
        parseint,
    )
    .doc("Reads a whole number of a base from 2 to 62.")
    .example(r#"parseint("-7f", 16)"#, "-127"),
    Function::new(
        "pow",
        &[param("num", Kind::Number), param("power", Kind::Number)],
        Kind::Number,
        |call| {
            float(
                number_at(call, 0)?
                    .to_f64()
                    .powf(number_at(call, 1)?.to_f64()),
            )
        },
    )
    .doc("Raises a number to a power.")
    .example("pow(2, 10)", "1024"),
    Function::new("range", &[], Kind::Numbers, range)
        .rest("params", Kind::Number)
        .doc("Counts: to a limit, from a start to a limit, or in steps.")
        .example("range(1, 10, 3)", "tolist([1, 4, 7])"),
    Function::new("signum", NUM, Kind::Number, |call| {
        Ok(Value::int(call.int(0)?.signum()))
    })
    .doc("Returns -1, 0 or 1 as a whole number's sign is.")
    .example("signum(-3)", "-1"),
    Function::new("sum", &[param("list", Kind::Any)], Kind::Number, sum)
        .sees(Sight::Plain)
        .doc("Adds the elements of a list.")
        .example("sum([1, 2, \"3\"])", "6"),
];

const NUM: &[super::Param] = &[param("num", Kind::Number)];

/// How many numbers `range` returns at most, as in Terraform.
const MAX_RANGE: usize = 1_024;

fn number_at<'a>(call: &'a Call<'_>, at: usize) -> Result<&'a Number, Fault> {
    match call.args.get(at) {
        Some(Value::Number(number)) => Ok(number),
        _ => Err("a number is required".into()),
    }
}

/// Returns the number that a double prints as.
fn float(result: f64) -> Answer {
    if result.is_nan() || result.is_infinite() {
        return Err("the result is not a finite number".into());
    }
    Number::parse(&format!("{result:e}"))
        .map(Value::Number)
        .ok_or_else(|| "the result is too large a number".into())
}

fn extreme(call: &Call<'_>, better: fn(&Number, &Number) -> bool) -> Answer {
    let mut best: Option<&Number> = None;
    for at in 0..call.args.len() {
        let next = number_at(call, at)?;
        if best.is_none_or(|best| better(best, next)) {
            best = Some(next);
        }
    }
    best.map(|best| Value::Number(best.clone()))
        .ok_or_else(|| "must pass at least one number".into())
}

fn parseint(call: &Call<'_>) -> Answer {
    let Value::String(text) = &call.args[0] else {
        return Err(invalid(
            "number",
            format!(
                "first argument must be a string, not {}",
                kind_name(&call.args[0])
            ),
        ));
    };
    let base = call
        .int(1)
        .ok()
        .and_then(|base| u32::try_from(base).ok())
        .filter(|base| (2..=62).contains(base))
        .ok_or_else(|| {
            invalid(
                "base",
                "base must be a whole number between 2 and 62 inclusive",
            )
        })?;
    digits(text, base).map(Value::Number).ok_or_else(|| {
        let text = super::show::quoted(text);
        invalid(
            "number",
            format!("cannot parse {text} as a base {base} integer"),
        )
    })
}

fn digits(text: &str, base: u32) -> Option<Number> {
    let (negative, rest) = match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text.strip_prefix('+').unwrap_or(text)),
    };
    // Longer ones are no numbers that anybody means, and reading them takes quadratic time.
    if rest.is_empty() || rest.len() > 1_024 {
        return None;
    }
    let mut number = BigInt::from(0);
    for byte in rest.bytes() {
        let digit = match byte {
            b'0'..=b'9' => byte - b'0',
            b'a'..=b'z' => byte - b'a' + 10,
            b'A'..=b'Z' if base <= 36 => byte - b'A' + 10,
            b'A'..=b'Z' => byte - b'A' + 36,
            _ => return None,
        };
        if u32::from(digit) >= base {
            return None;
        }
        number = number * base + digit;
    }
    let number = if negative { -number } else { number };
    Some(Number::from_decimal(&BigDecimal::from(number)))
}

fn range(call: &Call<'_>) -> Answer {
    let (zero, one) = (Number::Int(0), Number::Int(1));
    let (start, end, step) = match call.args.len() {
        1 => (&zero, number_at(call, 0)?, None),
        2 => (number_at(call, 0)?, number_at(call, 1)?, None),
        3 => (
            number_at(call, 0)?,
            number_at(call, 1)?,
            Some(number_at(call, 2)?),
        ),
        _ => return Err("must have one, two, or three arguments".into()),
    };
    let down = end < start;
    let step = match step {
        Some(step) => step.clone(),
        None if down => Number::Int(-1),
        None => one,
    };
    if down && step > zero {
        return Err(invalid(
            "params",
            "step must be less than zero when end is less than start",
        ));
    }
    if !down && number::is_negative(&step) {
        return Err(invalid(
            "params",
            "step must be greater than zero when end is greater than start",
        ));
    }
    let mut values = Vec::new();
    let mut next = start.clone();
    while if down { next > *end } else { next < *end } {
        if values.len() >= MAX_RANGE {
            return Err(format!(
                "more than {MAX_RANGE} values were generated; either decrease the difference between start and end or use a smaller step"
            ).into());
        }
        let following = number::add(&next, &step)?;
        values.push(Value::Number(std::mem::replace(&mut next, following)));
    }
    Ok(Value::list(values))
}

fn sum(call: &Call<'_>) -> Answer {
    let items = call.args[0]
        .as_list()
        .ok_or_else(|| invalid("list", "cannot sum noniterable"))?;
    if items.is_empty() {
        return Err(invalid("list", "cannot sum an empty list"));
    }
    let mut total = Number::Int(0);
    for item in items {
        match super::convert(item, &Type::Number) {
            Ok(Value::Number(number)) => total = number::add(&total, &number)?,
            _ => {
                return Err(invalid(
                    "list",
                    "argument must be list, set, or tuple of number values",
                ));
            }
        }
    }
    Ok(Value::Number(total))
}
