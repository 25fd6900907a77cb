//! Functions over text. Positions and lengths count characters.

use std::{borrow::Cow, cell::RefCell, collections::HashMap};

use regex::{Captures, Regex};
use unicode_segmentation::UnicodeSegmentation;

use super::{
    super::expression::{MAX_ELEMENTS, MAX_TEXT},
    Answer, Call, Fault, Function, Kind, invalid, param, strings,
};
use crate::model::{Object, Value};

pub(super) const FUNCTIONS: &[Function] = &[
    Function::new("chomp", STR, Kind::String, chomp)
        .doc("Removes newlines at the end.")
        .example(r#"chomp("a\n\n")"#, r#""a""#),
    Function::new("endswith", &[param("str", Kind::String), param("suffix", Kind::String)], Kind::Bool, |call| {
        Ok(Value::Bool(call.text(0).ends_with(call.text(1))))
    })
    .doc("Whether a text ends with another.")
    .example(r#"endswith("abc", "bc")"#, "true"),
    Function::new("indent", &[param("spaces", Kind::Number), param("str", Kind::String)], Kind::String, indent)
        .doc("Puts spaces in front of every line but the first.")
        .example(r#"indent(2, "a\nb")"#, r#""a\n  b""#),
    Function::new("join", &[param("separator", Kind::String)], Kind::String, join)
        .rest("lists", Kind::Strings)
        .doc("Joins the elements of lists with a separator.")
        .example(r#"join(",", ["a", "b"], [1])"#, r#""a,b,1""#),
    Function::new("lower", STR, Kind::String, |call| Ok(Value::string(lower(call.text(0)))))
        .doc("Turns letters to lower case.")
        .example(r#"lower("ÀB")"#, r#""àb""#),
    Function::new("regex", &[param("pattern", Kind::String), param("string", Kind::String)], Kind::Any, regex)
        .doc("Returns what a regular expression matches first: the text, or its groups.")
        .example(r#"regex("([a-z])([0-9])", "a1")"#, r#"["a", "1"]"#),
    Function::new("regexall", &[param("pattern", Kind::String), param("string", Kind::String)], Kind::List, regexall)
        .doc("Returns everything that a regular expression matches.")
        .example(r#"regexall("[a-z]", "a1b")"#, r#"tolist(["a", "b"])"#),
    Function::new("replace", &[param("str", Kind::String), param("substr", Kind::String), param("replace", Kind::String)], Kind::String, replace)
        .doc("Replaces a text within another; between slashes, a regular expression.")
        .example(r#"replace("hello", "/(l)(l)/", "$2-$1")"#, r#""hel-lo""#),
    Function::new("split", &[param("separator", Kind::String), param("str", Kind::String)], Kind::Strings, split)
        .doc("Splits a text at a separator.")
        .example(r#"split(",", "a,b,,c")"#, r#"tolist(["a", "b", "", "c"])"#),
    Function::new("startswith", &[param("str", Kind::String), param("prefix", Kind::String)], Kind::Bool, |call| {
        Ok(Value::Bool(call.text(0).starts_with(call.text(1))))
    })
    .doc("Whether a text starts with another.")
    .example(r#"startswith("abc", "ab")"#, "true"),
    Function::new("strcontains", &[param("str", Kind::String), param("substr", Kind::String)], Kind::Bool, |call| {
        Ok(Value::Bool(call.text(0).contains(call.text(1))))
    })
    .doc("Whether a text holds another.")
    .example(r#"strcontains("abc", "b")"#, "true"),
    Function::new("strrev", STR, Kind::String, |call| {
        Ok(Value::string(letters(call.text(0)).rev().collect::<String>()))
    })
    .doc("Turns a text around.")
    .example(r#"strrev("héllo")"#, r#""olléh""#),
    Function::new("substr", &[param("str", Kind::String), param("offset", Kind::Number), param("length", Kind::Number)], Kind::String, substr)
        .doc("Returns a part of a text; a negative offset counts from the end, length -1 means the rest.")
        .example(r#"substr("hello", -3, 2)"#, r#""ll""#),
    Function::new("title", STR, Kind::String, title)
        .doc("Turns the first letter of every word to upper case.")
        .example(r#"title("hello world foo-bar")"#, r#""Hello World Foo-Bar""#),
    Function::new("trim", &[param("str", Kind::String), param("cutset", Kind::String)], Kind::String, |call| {
        let cutset = call.text(1);
        Ok(Value::string(call.text(0).trim_matches(|c| cutset.contains(c))))
    })
    .doc("Removes the given characters from both ends.")
    .example(r#"trim("?!hello?!", "!?")"#, r#""hello""#),
    Function::new("trimprefix", &[param("str", Kind::String), param("prefix", Kind::String)], Kind::String, |call| {
        let text = call.text(0);
        Ok(Value::string(text.strip_prefix(call.text(1)).unwrap_or(text)))
    })
    .doc("Removes a text from the start.")
    .example(r#"trimprefix("helloworld", "hello")"#, r#""world""#),
    Function::new("trimspace", STR, Kind::String, |call| Ok(Value::string(call.text(0).trim())))
        .doc("Removes white space from both ends.")
        .example(r#"trimspace("  a \n")"#, r#""a""#),
    Function::new("trimsuffix", &[param("str", Kind::String), param("suffix", Kind::String)], Kind::String, |call| {
        let text = call.text(0);
        Ok(Value::string(text.strip_suffix(call.text(1)).unwrap_or(text)))
    })
    .doc("Removes a text from the end.")
    .example(r#"trimsuffix("helloworld", "world")"#, r#""hello""#),
    Function::new("upper", STR, Kind::String, |call| {
        Ok(Value::string(call.text(0).chars().map(upper).collect::<String>()))
    })
    .doc("Turns letters to upper case.")
    .example(r#"upper("straße")"#, r#""STRAßE""#),
];

const STR: &[super::Param] = &[param("str", Kind::String)];

/// The upper case of a letter where it is one letter, as Go sees it.
fn upper(letter: char) -> char {
    let mut upper = letter.to_uppercase();
    match (upper.next(), upper.next()) {
        (Some(upper), None) => upper,
        _ => letter,
    }
}

fn lower(text: &str) -> String {
    text.chars()
        .map(|letter| letter.to_lowercase().next().unwrap_or(letter))
        .collect()
}

fn chomp(call: &Call<'_>) -> Answer {
    Ok(Value::string(call.text(0).trim_end_matches(['\n', '\r'])))
}

/// Returns what a reader takes for the letters of a text: with their accents, and joined emoji.
pub(super) fn letters(text: &str) -> unicode_segmentation::Graphemes<'_> {
    text.graphemes(true)
}

/// Fails where a result would become too long a text.
fn bounded(len: usize) -> Result<(), Fault> {
    if len > MAX_TEXT {
        return Err(format!("the result is longer than {} MiB", MAX_TEXT >> 20).into());
    }
    Ok(())
}

fn indent(call: &Call<'_>) -> Answer {
    let spaces =
        usize::try_from(call.int(0)?).map_err(|_| "the number of spaces must not be negative")?;
    let text = call.text(1);
    let lines = text.matches('\n').count();
    bounded(lines.saturating_mul(spaces).saturating_add(text.len()))?;
    if lines == 0 {
        return Ok(Value::string(text));
    }
    Ok(Value::string(
        text.replace('\n', &format!("\n{}", " ".repeat(spaces))),
    ))
}

fn join(call: &Call<'_>) -> Answer {
    if call.args.len() < 2 {
        return Err("at least one list is required".into());
    }
    let mut pieces = Vec::new();
    for list in &call.args[1..] {
        for (at, item) in list.as_list().unwrap_or(&[]).iter().enumerate() {
            let text = item.as_str().ok_or_else(|| {
                invalid(
                    "lists",
                    format!("element {at} is null; cannot concatenate null values"),
                )
            })?;
            pieces.push(text);
        }
    }
    let separator = call.text(0);
    let len: usize = pieces.iter().map(|piece| piece.len()).sum();
    bounded(len.saturating_add(separator.len().saturating_mul(pieces.len())))?;
    Ok(Value::string(pieces.join(separator)))
}

fn split(call: &Call<'_>) -> Answer {
    let (separator, text) = (call.text(0), call.text(1));
    if separator.is_empty() {
        return Ok(strings(text.chars().map(String::from)));
    }
    Ok(strings(text.split(separator)))
}

fn substr(call: &Call<'_>) -> Answer {
    let text = call.text(0);
    let (offset, length) = (call.int(1)?, call.int(2)?);
    let skip = if offset < 0 {
        let count = i64::try_from(letters(text).count()).unwrap_or(i64::MAX);
        count.saturating_add(offset).max(0)
    } else {
        offset
    };
    let skip = usize::try_from(skip).unwrap_or(usize::MAX);
    let take = usize::try_from(length).unwrap_or(usize::MAX);
    Ok(Value::string(
        letters(text).skip(skip).take(take).collect::<String>(),
    ))
}

fn title(call: &Call<'_>) -> Answer {
    let mut inside = false;
    let text: String = call
        .text(0)
        .chars()
        .map(|letter| {
            let starts = !inside;
            inside = letter.is_alphanumeric() || letter == '_';
            if starts { upper(letter) } else { letter }
        })
        .collect();
    Ok(Value::string(text))
}

/// Calls `then` with a compiled pattern. Patterns are kept, as the same one is used for every instance.
fn with_pattern<T>(
    pattern: &str,
    then: impl FnOnce(&Regex) -> Result<T, Fault>,
) -> Result<T, Fault> {
    const KEPT: usize = 64;
    thread_local! {
        static COMPILED: RefCell<HashMap<String, Regex>> = RefCell::default();
    }
    let known = COMPILED.with_borrow(|all| all.get(pattern).cloned());
    let regex = match known {
        Some(regex) => regex,
        None => {
            let regex = Regex::new(&unquoted(pattern)).map_err(|error| {
                let text = error.to_string();
                let last = text
                    .lines()
                    .last()
                    .unwrap_or("")
                    .trim_start_matches("error: ");
                invalid("pattern", format!("invalid regular expression: {last}"))
            })?;
            COMPILED.with_borrow_mut(|all| {
                if all.len() >= KEPT {
                    all.clear();
                }
                all.insert(pattern.to_owned(), regex.clone());
            });
            regex
        }
    };
    then(&regex)
}

/// Returns a pattern with what stands between `\\Q` and `\\E` escaped.
fn unquoted(pattern: &str) -> Cow<'_, str> {
    let Some((before, rest)) = pattern.split_once(r"\Q") else {
        return Cow::Borrowed(pattern);
    };
    let (literal, after) = rest.split_once(r"\E").unwrap_or((rest, ""));
    format!("{before}{}{}", regex::escape(literal), unquoted(after)).into()
}

fn replace(call: &Call<'_>) -> Answer {
    let (text, wanted, by) = (call.text(0), call.text(1), call.text(2));
    let pattern = wanted
        .strip_prefix('/')
        .and_then(|rest| rest.strip_suffix('/'));
    if let Some(pattern) = pattern {
        return with_pattern(pattern, |regex| {
            // A group that is repeated in the replacement can grow by the text's length each time.
            let matches = regex.find_iter(text).count();
            let most = by
                .len()
                .saturating_add(by.matches('$').count().saturating_mul(text.len()));
            bounded(matches.saturating_mul(most))?;
            Ok(Value::string(regex.replace_all(text, by)))
        })
        .map_err(|fault| fault.text.into());
    }
    let matches = text.matches(wanted).count();
    bounded(matches.saturating_mul(by.len()).saturating_add(text.len()))?;
    Ok(Value::string(text.replace(wanted, by)))
}

fn regex(call: &Call<'_>) -> Answer {
    with_pattern(call.text(0), |regex| {
        let found = regex
            .captures(call.text(1))
            .ok_or("pattern did not match any part of the given string")?;
        matched(regex, &found)
    })
}

fn regexall(call: &Call<'_>) -> Answer {
    with_pattern(call.text(0), |regex| {
        let found = regex.captures_iter(call.text(1)).take(MAX_ELEMENTS);
        let values: Result<Vec<Value>, Fault> = found.map(|found| matched(regex, &found)).collect();
        Ok(Value::list(values?))
    })
}

/// The value of one match: its text, a tuple of groups, or an object of named groups.
fn matched(regex: &Regex, found: &Captures<'_>) -> Answer {
    let group = |at: usize| {
        found
            .get(at)
            .map_or(Value::Null, |group| Value::string(group.as_str()))
    };
    let names: Vec<Option<&str>> = regex.capture_names().skip(1).collect();
    if names.is_empty() {
        return Ok(group(0));
    }
    if names.iter().all(Option::is_none) {
        return Ok(Value::tuple((1..=names.len()).map(group).collect()));
    }
    let entries: Option<Object> = names
        .iter()
        .enumerate()
        .map(|(at, name)| name.map(|name| (name, group(at + 1))))
        .collect();
    entries.map(Value::object).ok_or_else(|| {
        invalid(
            "pattern",
            "cannot mix both named and unnamed capture groups in the same pattern",
        )
    })
}
