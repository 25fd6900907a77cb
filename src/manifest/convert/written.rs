//! The author's own text of expressions and strings, whichever language they stand in.

use std::collections::HashMap;

use super::{
    super::{
        ast::{Expr, ExprKind, Name, Part},
        files::Language,
        hcl,
        place::{Names, Place},
        yaml,
    },
    same::plain,
};
use crate::model::{SourceId, Value};

/// A text, and how its nodes are written in it.
pub(super) struct Written<'a> {
    text: &'a str,
    /// The texts of the scalars of JSON syntax by where they start, without quotes and escapes; none in HCL.
    scalars: Option<HashMap<u32, String>>,
}

impl<'a> Written<'a> {
    pub(super) fn new(text: &'a str, language: Language) -> Self {
        Self {
            text,
            scalars: (language != Language::Hcl).then(|| yaml::scalars(text)),
        }
    }

    /// Returns an expression of HCL as it is written; its lines after the first as far to the left as they get.
    pub(super) fn raw(&self, expr: &Expr) -> String {
        let (start, end) = (expr.span.start as usize, expr.span.end as usize);
        let raw = self.text.get(start..end).unwrap_or("");
        let line = self.text[..start].rfind('\n').map_or(0, |at| at + 1);
        let indent = self.text[line..].len() - self.text[line..].trim_start_matches(' ').len();
        // In a heredoc blanks mean something.
        if raw.contains("<<") {
            return raw.to_owned();
        }
        let lines = raw.split('\n').enumerate().map(|(at, line)| match at {
            0 => line,
            _ => {
                let blanks = line.len() - line.trim_start_matches(' ').len();
                &line[blanks.min(indent)..]
            }
        });
        lines.collect::<Vec<_>>().join("\n")
    }

    /// Returns the text of a string as JSON syntax has it.
    pub(super) fn scalar(&self, expr: &Expr) -> Option<&str> {
        let scalars = self.scalars.as_ref()?;
        scalars.get(&expr.span.start).map(String::as_str)
    }

    /// Whether the text is HCL.
    pub(super) fn is_hcl(&self) -> bool {
        self.scalars.is_none()
    }

    /// Returns what JSON syntax has as the text of an expression.
    pub(super) fn bare(&self, expr: &Expr) -> String {
        match (&expr.kind, self.scalar(expr)) {
            (ExprKind::Literal(Value::String(_)) | ExprKind::Template(_), Some(text)) => {
                inside(text).unwrap_or_else(|| text.trim().to_owned())
            }
            (ExprKind::Literal(Value::String(text)), None) => text.to_string(),
            (ExprKind::Template(parts), None) => match parts.as_slice() {
                [Part::Interpolation(inner)] => self.raw(inner),
                _ => self.raw(expr),
            },
            (ExprKind::Literal(value), _) => plain_text(value),
            _ => self.raw(expr),
        }
    }

    /// Returns a template of HCL as the text of a string of JSON syntax.
    pub(super) fn template(&self, expr: &Expr, parts: &[Part]) -> String {
        let raw = &self.text[expr.span.start as usize..expr.span.end as usize];
        let own = match raw.strip_prefix('"') {
            Some(inner) => inner.strip_suffix('"').map(str::to_owned),
            None => heredoc(raw),
        };
        let own = own.filter(|own| {
            let read = read(own);
            read.is_some_and(|read| plain(&read) == plain(expr))
        });
        own.unwrap_or_else(|| {
            let raw = |inner: &Expr| self.raw(inner);
            parts_text(parts, &raw, &escaped)
        })
    }
}

/// Returns a value that is neither text nor a collection as both languages write it.
pub(super) fn plain_text(value: &Value) -> String {
    match value {
        Value::Bool(value) => value.to_string(),
        Value::Number(number) => number.to_string(),
        Value::String(text) => text.to_string(),
        _ => "null".to_owned(),
    }
}

/// Returns text so that a template says it.
pub(super) fn escaped(text: &str) -> String {
    text.replace("${", "$${").replace("%{", "%%{")
}

/// Reads the text of a string of JSON syntax; the places are in that text.
pub(super) fn read(text: &str) -> Option<Expr> {
    let place = Place::At(SourceId::NOWHERE, 0);
    hcl::template(text, &place, &mut Names::default()).ok()
}

/// Returns the expression that is all of a template.
pub(super) fn inside(text: &str) -> Option<String> {
    let ExprKind::Template(parts) = read(text)?.kind else {
        return None;
    };
    match parts.as_slice() {
        [Part::Interpolation(inner)] => {
            let range = inner.span.start as usize..inner.span.end as usize;
            text.get(range).map(str::to_owned)
        }
        _ => None,
    }
}

/// Writes the parts of a template; `raw` gives the expressions, `escape` the texts between.
pub(super) fn parts_text(
    parts: &[Part],
    raw: &dyn Fn(&Expr) -> String,
    escape: &dyn Fn(&str) -> String,
) -> String {
    let mut text = String::new();
    for part in parts {
        match part {
            Part::Literal(literal) => text += &escape(literal),
            Part::Interpolation(inner) => text += &format!("${{{}}}", raw(inner)),
            Part::If { condition, yes, no } => {
                text += &format!("%{{if {}}}", raw(condition));
                text += &parts_text(yes, raw, escape);
                if !no.is_empty() {
                    text += "%{else}";
                    text += &parts_text(no, raw, escape);
                }
                text += "%{endif}";
            }
            Part::For {
                key_name,
                value_name,
                collection,
                body,
            } => {
                let key = |name: &Name| format!("{}, ", name.text);
                let key = key_name.as_ref().map(key).unwrap_or_default();
                let collection = raw(collection);
                text += &format!("%{{for {key}{} in {collection}}}", value_name.text);
                text += &parts_text(body, raw, escape);
                text += "%{endfor}";
            }
        }
    }
    text
}

/// Returns what stands in a heredoc, without its indentation if that does not count.
fn heredoc(raw: &str) -> Option<String> {
    let marked = raw.strip_prefix("<<")?;
    let (first, rest) = marked.split_once('\n')?;
    let inner = match rest.rfind('\n') {
        Some(end) => &rest[..=end],
        None => "",
    };
    if !first.starts_with('-') {
        return Some(inner.to_owned());
    }
    let blanks = |line: &&str| line.len() - line.trim_start_matches(' ').len();
    let said = inner.lines().filter(|line| !line.trim().is_empty());
    let indent = said.map(|line| blanks(&line)).min().unwrap_or(0);
    let lines = inner.split_inclusive('\n');
    Some(
        lines
            .map(|line| match line.trim().is_empty() {
                true => line,
                false => &line[indent..],
            })
            .collect(),
    )
}
