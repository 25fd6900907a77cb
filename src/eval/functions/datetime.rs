//! Functions over points in time, written as RFC 3339 says.

use jiff::{
    SignedDuration,
    civil::{Date, DateTime, Time},
};

use super::{Answer, Call, Fault, Function, Kind, invalid, param, show};
use crate::model::{Type, Value};

pub(super) const FUNCTIONS: &[Function] = &[
    Function::new(
        "formatdate",
        &[param("format", Kind::String), param("time", Kind::String)],
        Kind::String,
        formatdate,
    )
    .doc("Writes a time in a format such as DD MMM YYYY hh:mm ZZZ.")
    .example(
        r#"formatdate("DD MMM YYYY hh:mm ZZZ", "2018-01-02T23:12:01Z")"#,
        r#""02 Jan 2018 23:12 UTC""#,
    ),
    Function::new("plantimestamp", &[], Kind::String, |call| {
        given(call, "plantimestamp")
    })
    .doc("Returns the time of the plan."),
    Function::new(
        "timeadd",
        &[
            param("timestamp", Kind::String),
            param("duration", Kind::String),
        ],
        Kind::String,
        timeadd,
    )
    .doc("Adds a duration such as 1h30m to a time.")
    .example(
        r#"timeadd("2020-01-01T00:00:00+02:00", "-10m")"#,
        r#""2019-12-31T23:50:00+02:00""#,
    ),
    Function::new(
        "timecmp",
        &[
            param("timestamp_a", Kind::String),
            param("timestamp_b", Kind::String),
        ],
        Kind::Number,
        |call| {
            let (a, b) = (parse(call.text(0))?, parse(call.text(1))?);
            Ok(Value::int(match a.utc()?.cmp(&b.utc()?) {
                std::cmp::Ordering::Less => -1,
                std::cmp::Ordering::Equal => 0,
                std::cmp::Ordering::Greater => 1,
            }))
        },
    )
    .doc("Compares two times: -1, 0 or 1.")
    .example(
        r#"timecmp("2020-01-01T00:00:00Z", "2020-01-01T01:00:00+01:00")"#,
        "0",
    ),
    Function::new("timestamp", &[], Kind::String, |call| {
        given(call, "timestamp")
    })
    .doc("Returns the time of the apply; unknown while planning."),
    Function::new("uuid", &[], Kind::String, |call| given(call, "uuid"))
        .doc("Returns a random UUID; unknown while planning."),
];

/// A time that the engine knows, or does not know yet.
fn given(call: &Call<'_>, name: &str) -> Answer {
    let given = call.scope.special("prov", name);
    Ok(given.unwrap_or(Value::Unknown(Type::String)))
}

/// A time and how many minutes its zone is ahead of UTC.
struct Moment {
    local: DateTime,
    offset: i64,
}

impl Moment {
    fn utc(&self) -> Result<DateTime, Fault> {
        shifted(self.local, SignedDuration::from_mins(-self.offset))
    }

    fn zone(&self, colon: &str) -> String {
        let sign = if self.offset < 0 { '-' } else { '+' };
        let minutes = self.offset.abs();
        format!("{sign}{:02}{colon}{:02}", minutes / 60, minutes % 60)
    }
}

fn shifted(time: DateTime, by: SignedDuration) -> Result<DateTime, Fault> {
    time.checked_add(by)
        .map_err(|_| "the result is not a time that can be written".into())
}

fn parse(text: &str) -> Result<Moment, Fault> {
    read(text).ok_or_else(|| {
        format!(
            "not a valid RFC3339 timestamp such as 2006-01-02T15:04:05Z: {}",
            show::quoted(text)
        )
        .into()
    })
}

fn read(text: &str) -> Option<Moment> {
    let number = |range: std::ops::Range<usize>| {
        let part = text.get(range)?;
        part.bytes()
            .all(|byte| byte.is_ascii_digit())
            .then(|| part.parse::<i16>().ok())?
    };
    let small = |range| number(range).and_then(|number| i8::try_from(number).ok());
    let bytes = text.as_bytes();
    let marks = [(4, b'-'), (7, b'-'), (10, b'T'), (13, b':'), (16, b':')];
    if marks.iter().any(|(at, mark)| bytes.get(*at) != Some(mark)) {
        return None;
    }
    let date = Date::new(number(0..4)?, small(5..7)?, small(8..10)?).ok()?;
    let rest = text.get(19..)?;
    let (nanos, zone) = match rest.strip_prefix('.') {
        None => (0, rest),
        Some(after) => {
            let digits = after.bytes().take_while(u8::is_ascii_digit).count();
            let kept = after.get(..digits.min(9)).filter(|kept| !kept.is_empty())?;
            (format!("{kept:0<9}").parse().ok()?, &after[digits..])
        }
    };
    let time = Time::new(small(11..13)?, small(14..16)?, small(17..19)?, nanos).ok()?;
    Some(Moment {
        local: DateTime::from_parts(date, time),
        offset: offset(zone)?,
    })
}

fn offset(zone: &str) -> Option<i64> {
    if zone == "Z" {
        return Some(0);
    }
    let (sign, rest) = match zone.as_bytes().first()? {
        b'+' => (1, &zone[1..]),
        b'-' => (-1, &zone[1..]),
        _ => return None,
    };
    let (hours, minutes) = rest.split_once(':')?;
    let two = |text: &str| {
        (text.len() == 2 && text.bytes().all(|byte| byte.is_ascii_digit()))
            .then(|| text.parse::<i64>().ok())?
    };
    let (hours, minutes) = (two(hours)?, two(minutes)?);
    (hours < 24 && minutes < 60).then_some(sign * (hours * 60 + minutes))
}

fn timeadd(call: &Call<'_>) -> Answer {
    let moment = parse(call.text(0))?;
    let text = call.text(1);
    let by = duration(text).ok_or_else(|| {
        invalid(
            "duration",
            format!("{} is not a duration such as 1h30m", show::quoted(text)),
        )
    })?;
    let local = shifted(moment.local, by)?;
    let zone = if moment.offset == 0 {
        "Z".to_owned()
    } else {
        moment.zone(":")
    };
    Ok(Value::string(format!(
        "{}{zone}",
        local.strftime("%Y-%m-%dT%H:%M:%S")
    )))
}

/// Reads Go's durations: `1h30m`, `-1.5s`.
fn duration(text: &str) -> Option<SignedDuration> {
    let (sign, mut rest) = match text.strip_prefix('-') {
        Some(rest) => (-1.0, rest),
        None => (1.0, text.strip_prefix('+').unwrap_or(text)),
    };
    if rest == "0" {
        return Some(SignedDuration::ZERO);
    }
    let mut seconds = 0.0;
    while !rest.is_empty() {
        let digits = rest.find(|c: char| !c.is_ascii_digit() && c != '.')?;
        let number: f64 = rest[..digits].parse().ok()?;
        let unit = &rest[digits..];
        let end = unit
            .find(|c: char| c.is_ascii_digit() || c == '.')
            .unwrap_or(unit.len());
        seconds += number
            * match &unit[..end] {
                "h" => 3_600.0,
                "m" => 60.0,
                "s" => 1.0,
                "ms" => 1e-3,
                "us" | "µs" | "μs" => 1e-6,
                "ns" => 1e-9,
                _ => return None,
            };
        rest = &unit[end..];
    }
    if text.trim_start_matches(['-', '+']).is_empty() {
        return None;
    }
    SignedDuration::try_from_secs_f64(sign * seconds).ok()
}

fn formatdate(call: &Call<'_>) -> Answer {
    let moment = parse(call.text(1))?;
    let format: Vec<char> = call.text(0).chars().collect();
    let mut text = String::new();
    let mut at = 0;
    while let Some(letter) = format.get(at).copied() {
        if letter == '\'' {
            at = literal(&format, at, &mut text)?;
        } else if letter.is_ascii_alphabetic() {
            let count = format[at..]
                .iter()
                .take_while(|next| **next == letter)
                .count();
            text.push_str(&verb(letter, count, &moment)?);
            at += count;
        } else {
            text.push(letter);
            at += 1;
        }
    }
    Ok(Value::string(text))
}

/// Copies what stands between quotes; two of them are one quote.
fn literal(format: &[char], start: usize, text: &mut String) -> Result<usize, Fault> {
    let mut at = start + 1;
    if format.get(at) == Some(&'\'') {
        text.push('\'');
        return Ok(at + 1);
    }
    while let Some(letter) = format.get(at) {
        match (letter, format.get(at + 1)) {
            ('\'', Some('\'')) => {
                text.push('\'');
                at += 2;
            }
            ('\'', _) => return Ok(at + 1),
            _ => {
                text.push(*letter);
                at += 1;
            }
        }
    }
    Err(invalid("format", "unterminated literal '"))
}

fn verb(letter: char, count: usize, moment: &Moment) -> Result<String, Fault> {
    let time = moment.local;
    let pattern = match (letter, count) {
        ('Y', 4) => "%Y",
        ('Y', 2) => "%y",
        ('M', 4) => "%B",
        ('M', 3) => "%b",
        ('M', 2) => "%m",
        ('M', 1) => "%-m",
        ('D', 2) => "%d",
        ('D', 1) => "%-d",
        ('E', 4) => "%A",
        ('E', 3) => "%a",
        ('h', 2) => "%H",
        ('h', 1) => "%-H",
        ('H', 2) => "%I",
        ('H', 1) => "%-I",
        ('m', 2) => "%M",
        ('m', 1) => "%-M",
        ('s', 2) => "%S",
        ('s', 1) => "%-S",
        ('A', 2) => "%p",
        ('a', 2) => return Ok(time.strftime("%p").to_string().to_lowercase()),
        ('Z', 3) if moment.offset == 0 => "UTC",
        ('Z', 1) if moment.offset == 0 => "Z",
        ('Z', 3 | 4) => return Ok(moment.zone("")),
        ('Z', 1 | 5) => return Ok(moment.zone(":")),
        _ => {
            let verb: String = std::iter::repeat_n(letter, count.min(20)).collect();
            return Err(invalid(
                "format",
                format!("invalid date format verb \"{verb}\""),
            ));
        }
    };
    Ok(time.strftime(pattern).to_string())
}
