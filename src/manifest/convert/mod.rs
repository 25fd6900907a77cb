//! A manifest from one language to the other: HCL or JSON syntax to YAML, YAML or JSON syntax to HCL.
//!
//! The tree is the same for all languages; here it is written out again, with the author's own text of expressions and
//! with his comments. What was written is read once more, and must say the same: else there is an error and
//! no text. Start with [`convert`]; `to_hcl` and `to_yaml` write, `written` gives them the texts.

mod comments;
mod document;
mod same;
#[cfg(test)]
mod tests;
mod to_hcl;
mod to_yaml;
mod written;

use self::{comments::Comments, written::Written};
use super::{
    ast::{Attribute, Block, Body, Expr, ExprKind},
    files::{self, Language},
    format, parse,
};
use crate::model::{Diagnostic, SourceId, Span};

/// What a manifest can be converted to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum To {
    Hcl,
    Yaml,
}

impl To {
    fn language(self) -> Language {
        match self {
            Self::Hcl => Language::Hcl,
            Self::Yaml => Language::Yaml,
        }
    }

    fn name(self) -> &'static str {
        match self {
            Self::Hcl => "HCL",
            Self::Yaml => "YAML",
        }
    }
}

/// Tells whether an argument is one of nested blocks, which JSON syntax does not say: the kind of the block
/// (`resource`), its first label, and the argument's name after those of the blocks around it.
pub type IsBlock<'a> = &'a dyn Fn(&str, &str, &[&str]) -> bool;

/// The nested block that every type may have, once.
const TIMEOUTS: &str = "timeouts";

/// Whether an argument of a resource, data source or provider is one of nested blocks.
fn is_nested(is_block: IsBlock<'_>, kind: &str, label: &str, path: &[&str]) -> bool {
    !kind.is_empty() && (path == [TIMEOUTS] && kind != "provider" || is_block(kind, label, path))
}

/// Returns what a manifest would be called in the other language, or nothing if it is written in it already or is none.
pub fn renamed(name: &str, to: To) -> Option<String> {
    let (stem, language) = files::stem(name)?;
    let ending = match to {
        To::Hcl => ".tf",
        To::Yaml => ".prov.yaml",
    };
    (language != to.language()).then(|| format!("{stem}{ending}"))
}

/// Returns a manifest in the other language; `name` tells what it is written in, or else the text does. What is in
/// that language already is formatted.
///
/// # Errors
///
/// Returns what is wrong with the manifest, or what the other language has no words for.
pub fn convert(
    text: &str,
    source: SourceId,
    name: &str,
    to: To,
    is_block: IsBlock<'_>,
) -> Result<String, Vec<Diagnostic>> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let from = files::stem(name).map_or_else(|| files::guess(text), |(_, language)| language);
    let body = parse(text, source, from)?;
    let write = |text: &str, body: &Body| {
        let written = Written::new(text, from);
        let comments = Comments::new(text, from);
        match to {
            To::Hcl => to_hcl::write(body, &written, comments, is_block),
            To::Yaml => to_yaml::write(body, &written, comments),
        }
    };
    let mut converted = match (from, to) {
        (Language::Hcl, To::Hcl) => return format::format(text, source),
        (Language::Yaml, To::Yaml) => return format::yaml::format(text, source),
        (Language::Hcl, To::Yaml) => {
            // The places of errors are those of the text as it is; what is written comes from the formatted one.
            write(text, &body)?;
            let tidy = format::format(text, source)?;
            let body = parse(&tidy, source, from)?;
            write(&tidy, &body)?
        }
        _ => write(text, &body)?,
    };
    match to {
        To::Hcl => converted = format::formatted(&converted),
        To::Yaml => {
            if let Some(formatted) = format::yaml::formatted(&converted) {
                converted = formatted;
            }
        }
    }
    let again = parse(&converted, SourceId::NOWHERE, to.language());
    if again.is_ok_and(|again| same::same(&body, &again, is_block)) {
        return Ok(converted);
    }
    Err(vec![
        Diagnostic::error(
            "Cannot convert the manifest",
            format!(
                "Written in {}, it would not say the same, so nothing was written.",
                to.name()
            ),
        )
        .at(Span {
            source,
            start: 0,
            end: 0,
        })
        .hint("Convert it in parts to find what is in the way, and report it."),
    ])
}

/// What stands in a body, in the order in which it is written.
enum Item<'a> {
    Attribute(&'a Attribute),
    Block(&'a Block),
}

impl Item<'_> {
    /// Returns where what names it starts.
    fn start(&self) -> u32 {
        match self {
            Self::Attribute(attribute) => attribute.name.span.start,
            Self::Block(block) => block.kind.span.start,
        }
    }
}

fn items(body: &Body) -> Vec<Item<'_>> {
    let attributes = body.attributes.iter().map(Item::Attribute);
    let mut items: Vec<_> = attributes
        .chain(body.blocks.iter().map(Item::Block))
        .collect();
    items.sort_by_key(Item::start);
    items
}

/// Returns up to where comments are about a name and its value: those in a collection are about what is in it.
fn named_until(name: u32, value: &Expr) -> u32 {
    match value.kind {
        ExprKind::Tuple(_) | ExprKind::Object(_) => name,
        _ => value.span.start,
    }
}

/// How strings are to be read where they stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Mode {
    /// As templates.
    Template,
    /// As text.
    Literal,
    /// As the text of an expression.
    Bare,
}

fn mode(shape: Option<&super::shape::Shape>, name: &str) -> Mode {
    match shape {
        Some(shape) if shape.bare.contains(&name) => Mode::Bare,
        Some(shape) if shape.literal => Mode::Literal,
        _ => Mode::Template,
    }
}

/// Returns the error for what the other language has no words for.
fn wordless(span: Span, detail: String, hint: &str) -> Vec<Diagnostic> {
    vec![
        Diagnostic::error("Cannot convert the manifest", detail)
            .at(span)
            .hint(hint),
    ]
}
