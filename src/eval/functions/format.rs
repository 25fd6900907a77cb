//! `format` and `formatlist`: Go's verbs over Terraform's values.

use bigdecimal::{BigDecimal, RoundingMode};

use super::{
    super::expression::{MAX_ELEMENTS, MAX_TEXT},
    Answer, Call, Fault, Function, Kind, Sight, convert,
    encoding::write_json,
    invalid, param,
};
use crate::model::{Number, Type, Value};

pub(super) const FUNCTIONS: &[Function] = &[
    Function::new(
        "format",
        &[param("format", Kind::String)],
        Kind::String,
        |call| format(call.text(0), &call.args[1..]).map(Value::string),
    )
    .rest("args", Kind::Nullable)
    .doc("Writes values into a text: %s, %d, %05.2f, %q, %v, ….")
    .example(
        r#"format("%s-%03d %.2f %q", "a", 7, 1.239, "b")"#,
        r#""a-007 1.24 \"b\"""#,
    ),
    Function::new(
        "formatlist",
        &[param("format", Kind::String)],
        Kind::Strings,
        formatlist,
    )
    .rest("args", Kind::Nullable)
    .sees(Sight::Plain)
    .doc("Writes the elements of lists into a text, one after the other.")
    .example(
        r#"formatlist("%s-%s", ["a", "b"], "c")"#,
        r#"tolist(["a-c", "b-c"])"#,
    ),
];

/// The widest that one value is written.
const MAX_WIDTH: usize = 1_000_000;

fn formatlist(call: &Call<'_>) -> Answer {
    let args = &call.args[1..];
    let mut rows: Option<(usize, usize)> = None;
    for (at, arg) in args.iter().enumerate() {
        let Some(items) = arg.as_list() else { continue };
        match rows {
            Some((first, len)) if len != items.len() => {
                return Err(invalid(
                    "args",
                    format!(
                        "argument {} has length {}, which is inconsistent with argument {} of length {len}",
                        at + 1,
                        items.len(),
                        first + 1
                    ),
                ));
            }
            _ => rows = Some((at, items.len())),
        }
    }
    let count = rows.map_or(1, |(_, len)| len);
    let mut texts = Vec::new();
    let mut total = 0_usize;
    for row in 0..count.min(MAX_ELEMENTS) {
        let values: Vec<Value> = args
            .iter()
            .map(|arg| {
                arg.as_list()
                    .map_or_else(|| arg.clone(), |items| items[row].clone())
            })
            .collect();
        let text = format(call.text(0), &values)?;
        total = total.saturating_add(text.len());
        if total > MAX_TEXT {
            return Err(too_long());
        }
        texts.push(Value::string(text));
    }
    Ok(Value::list(texts))
}

fn too_long() -> Fault {
    format!("the result is longer than {} MiB", MAX_TEXT >> 20).into()
}

/// One `%…` of a format.
#[derive(Default)]
struct Verb {
    /// As written, for messages.
    text: String,
    offset: usize,
    letter: char,
    minus: bool,
    plus: bool,
    space: bool,
    zero: bool,
    sharp: bool,
    width: usize,
    precision: Option<usize>,
    /// Which argument, counted from 1.
    arg: usize,
}

fn format(pattern: &str, args: &[Value]) -> Result<String, Fault> {
    let mut out = String::new();
    let mut next = 1;
    let mut most = 0;
    let mut rest = pattern;
    while let Some(at) = rest.find('%') {
        out.push_str(&rest[..at]);
        let offset = pattern.len() - rest.len() + at;
        let (verb, after) = read_verb(&rest[at..], offset, &mut next)?;
        rest = after;
        if verb.letter == '%' {
            out.push('%');
            continue;
        }
        most = most.max(verb.arg);
        let value = verb
            .arg
            .checked_sub(1)
            .and_then(|at| args.get(at))
            .ok_or_else(|| {
                format!(
                    "not enough arguments for \"{}\" at {offset}: need index {} but have {} total",
                    verb.text,
                    verb.arg,
                    args.len()
                )
            })?;
        out.push_str(&verb.write(value)?);
        if out.len() > MAX_TEXT {
            return Err(too_long());
        }
    }
    out.push_str(rest);
    if most < args.len() {
        let why = if most == 0 {
            "no verbs in format string".to_owned()
        } else {
            format!("only {most} used by format string")
        };
        return Err(invalid("args", format!("too many arguments; {why}")));
    }
    Ok(out)
}

fn read_verb<'a>(text: &'a str, offset: usize, next: &mut usize) -> Result<(Verb, &'a str), Fault> {
    let mut verb = Verb {
        offset,
        ..Verb::default()
    };
    let mut letters = text.char_indices().skip(1).peekable();
    while let Some((_, flag)) = letters.next_if(|(_, c)| matches!(c, '-' | '+' | ' ' | '0' | '#')) {
        match flag {
            '-' => verb.minus = true,
            '+' => verb.plus = true,
            ' ' => verb.space = true,
            '0' => verb.zero = true,
            _ => verb.sharp = true,
        }
    }
    verb.width = digits(&mut letters).unwrap_or(0);
    if letters.next_if(|(_, c)| *c == '.').is_some() {
        verb.precision = Some(digits(&mut letters).unwrap_or(0));
    }
    if letters.next_if(|(_, c)| *c == '[').is_some() {
        *next = digits(&mut letters).unwrap_or(0);
        if letters.next_if(|(_, c)| *c == ']').is_none() {
            return Err(format!("unterminated argument index at offset {offset}").into());
        }
    }
    let (at, letter) = letters
        .next()
        .ok_or_else(|| format!("unterminated verb at end of format string, at offset {offset}"))?;
    let end = at + letter.len_utf8();
    verb.text = text[..end].to_owned();
    verb.letter = letter;
    if verb.width > MAX_WIDTH
        || verb
            .precision
            .is_some_and(|precision| precision > MAX_WIDTH)
    {
        return Err(format!(
            "width or precision of {} is too large",
            super::show::quoted(&verb.text)
        )
        .into());
    }
    if letter != '%' {
        verb.arg = *next;
        *next = next.saturating_add(1);
    }
    Ok((verb, &text[end..]))
}

type Letters<'t> = std::iter::Peekable<std::iter::Skip<std::str::CharIndices<'t>>>;

/// Reads the decimal digits that come next.
fn digits(letters: &mut Letters<'_>) -> Option<usize> {
    let mut number: Option<usize> = None;
    while let Some((_, letter)) = letters.next_if(|(_, letter)| letter.is_ascii_digit()) {
        let digit = letter.to_digit(10).map_or(0, |digit| digit as usize);
        number = Some(number.unwrap_or(0).saturating_mul(10).saturating_add(digit));
    }
    number
}

impl Verb {
    fn write(&self, value: &Value) -> Result<String, Fault> {
        let unsuitable = |why: &str| {
            Fault::from(format!(
                "unsupported value for \"{}\" at {}: {why}",
                self.text, self.offset
            ))
        };
        let to = |ty: &Type| {
            if value.is_null() {
                return Err(unsuitable("null value cannot be formatted"));
            }
            convert(value, ty).map_err(|why| unsuitable(&why))
        };
        let number = || match to(&Type::Number)? {
            Value::Number(number) => Ok(number),
            _ => Err(unsuitable("a number is required")),
        };
        Ok(match self.letter {
            'v' if self.sharp => self.padded(json(value)?),
            'v' => self.padded(plain(value)?),
            't' => to(&Type::Bool)?.as_bool().unwrap_or(false).to_string(),
            's' | 'q' => {
                let text = to(&Type::String)?;
                let text = text.as_str().unwrap_or("");
                let text: String = match self.precision.filter(|most| *most > 0) {
                    Some(most) => text.chars().take(most).collect(),
                    None => text.to_owned(),
                };
                self.padded(if self.letter == 'q' {
                    serde_json::Value::from(text).to_string()
                } else {
                    text
                })
            }
            'd' | 'b' | 'o' | 'x' | 'X' => {
                let number = number()?;
                let digits = self
                    .integer(&number)
                    .ok_or_else(|| unsuitable("an integer is required"))?;
                self.signed(&digits, self.precision.is_none())
            }
            'e' | 'E' | 'f' | 'F' | 'g' | 'G' => self.signed(&self.decimal(&number()?), true),
            letter => {
                return Err(format!(
                    "unsupported format verb {letter:?} in \"{}\" at offset {}",
                    self.text, self.offset
                )
                .into());
            }
        })
    }

    fn integer(&self, number: &Number) -> Option<String> {
        let whole = number.to_decimal();
        if !whole.is_integer() {
            return None;
        }
        let (whole, _) = whole.with_scale(0).into_bigint_and_scale();
        let (radix, prefix) = match self.letter {
            'b' => (2, "0b"),
            'o' => (8, "0"),
            'x' => (16, "0x"),
            'X' => (16, "0X"),
            _ => (10, ""),
        };
        let digits = whole.to_str_radix(radix);
        let (sign, digits) = match digits.strip_prefix('-') {
            Some(digits) => ("-", digits),
            None => ("", &*digits),
        };
        // A precision is the least number of digits: none at all for zero.
        let digits = match self.precision {
            Some(0) if digits == "0" => String::new(),
            Some(least) => format!("{digits:0>least$}"),
            None => digits.to_owned(),
        };
        let digits = if self.letter == 'X' {
            digits.to_uppercase()
        } else {
            digits
        };
        let prefix = if self.sharp { prefix } else { "" };
        Some(format!("{sign}{prefix}{digits}"))
    }

    fn decimal(&self, number: &Number) -> String {
        let decimal = number.to_decimal();
        match self.letter {
            'f' | 'F' => fixed(&decimal, self.precision.unwrap_or(6)),
            'e' | 'E' => exponential(&decimal, Some(self.precision.unwrap_or(6)), self.letter),
            _ => general(&decimal, self.precision, self.letter),
        }
    }

    /// Puts the sign that the flags ask for in front, and pads.
    fn signed(&self, digits: &str, zeros: bool) -> String {
        let (sign, digits) = match digits.strip_prefix('-') {
            Some(rest) => ("-", rest),
            None if self.plus => ("+", digits),
            None if self.space => (" ", digits),
            None => ("", digits),
        };
        if digits.is_empty() {
            return self.with_fill(String::new(), " ");
        }
        if self.zero && zeros && !self.minus {
            let width = self.width.saturating_sub(sign.len());
            return format!(
                "{sign}{digits:0>width$.width$}",
                width = width.max(digits.len())
            );
        }
        self.with_fill(format!("{sign}{digits}"), " ")
    }

    fn padded(&self, text: String) -> String {
        self.with_fill(text, if self.zero { "0" } else { " " })
    }

    fn with_fill(&self, text: String, fill: &str) -> String {
        let missing = self.width.saturating_sub(text.chars().count());
        if missing == 0 {
            return text;
        }
        if self.minus {
            return text + &" ".repeat(missing);
        }
        fill.repeat(missing) + &text
    }
}

fn json(value: &Value) -> Result<String, Fault> {
    let mut text = String::new();
    write_json(value, &mut text)?;
    Ok(text)
}

fn plain(value: &Value) -> Result<String, Fault> {
    match value {
        Value::String(text) => Ok(text.to_string()),
        Value::Number(number) => Ok(general(&number.to_decimal(), None, 'g')),
        other => json(other),
    }
}

fn fixed(decimal: &BigDecimal, places: usize) -> String {
    let places = i64::try_from(places).unwrap_or(0);
    decimal
        .with_scale_round(places, RoundingMode::HalfEven)
        .to_plain_string()
}

/// Returns the sign, the significant digits and the exponent of the first.
fn scientific(decimal: &BigDecimal, digits: Option<usize>) -> (&'static str, String, i64) {
    let rounded = match digits.and_then(|digits| std::num::NonZeroU64::new(digits as u64)) {
        Some(digits) => decimal.with_precision_round(digits, RoundingMode::HalfEven),
        None => decimal.normalized(),
    };
    let (number, scale) = rounded.into_bigint_and_scale();
    let text = number.to_str_radix(10);
    let (sign, text) = match text.strip_prefix('-') {
        Some(rest) => ("-", rest.to_owned()),
        None => ("", text),
    };
    let exponent = if text == "0" {
        0
    } else {
        i64::try_from(text.len()).unwrap_or(0) - 1 - scale
    };
    // Rounding up may have added a digit, which is a zero.
    let kept = digits.map_or(text.len(), |digits| digits.min(text.len()));
    (sign, text[..kept].to_owned(), exponent)
}

fn exponential(decimal: &BigDecimal, places: Option<usize>, letter: char) -> String {
    let (sign, mut digits, exponent) = scientific(decimal, places.map(|places| places + 1));
    if let Some(places) = places {
        while digits.len() < places + 1 {
            digits.push('0');
        }
    }
    let point = if digits.len() > 1 { "." } else { "" };
    let e = if letter.is_ascii_uppercase() {
        'E'
    } else {
        'e'
    };
    let mark = if exponent < 0 { '-' } else { '+' };
    format!(
        "{sign}{}{point}{}{e}{mark}{:02}",
        &digits[..1],
        &digits[1..],
        exponent.abs()
    )
}

fn general(decimal: &BigDecimal, precision: Option<usize>, letter: char) -> String {
    let wanted = precision.map(|precision| precision.max(1));
    let (_, digits, exponent) = scientific(decimal, wanted);
    let digits = digits.trim_end_matches('0');
    let digits = if digits.is_empty() { "0" } else { digits };
    let count = i64::try_from(digits.len()).unwrap_or(0);
    // Go's rule for when the exponent is written.
    let limit = wanted.map_or(6, |precision| i64::try_from(precision).unwrap_or(i64::MAX));
    if exponent < -4 || exponent >= limit {
        return exponential(decimal, Some(digits.len() - 1), letter);
    }
    let places = (count - 1 - exponent).max(0);
    fixed(decimal, usize::try_from(places).unwrap_or(0))
}
