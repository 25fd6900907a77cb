//! YAML in one form: two blanks for each level, one line between what is set apart, double quotes.
//!
//! `pretty_yaml` does it. The text is held against what it was, so that neither a value nor a comment gets lost.

use granit_parser::{Event, Parser, ScalarStyle, ScanError};
use pretty_yaml::config::{FormatOptions, LanguageOptions, LayoutOptions, LineBreak};

use crate::{
    manifest::yaml,
    model::{Diagnostic, SourceId},
};

/// How long a line may get before a collection in brackets takes several.
const WIDTH: usize = 100;

/// Returns a text as it should be written.
///
/// # Errors
///
/// Returns what keeps the text from being read: what cannot be read is not touched.
pub fn format(text: &str, source: SourceId) -> Result<String, Vec<Diagnostic>> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    yaml::parse(text, source, "YAML").map_err(|error| vec![error])?;
    let before = said(text);
    let formatted = formatted(text);
    let same = |formatted: &String| said(formatted).ok() == before.as_ref().ok().cloned();
    formatted.filter(same).ok_or_else(|| {
        vec![
            Diagnostic::error(
                "Cannot format the file",
                "Its form could not be changed without changing what it says, so it was left as it is.",
            )
            .hint("Format it in parts to find what is in the way, and report it."),
        ]
    })
}

/// Returns YAML in its form, or nothing where it cannot be brought into it.
pub(in crate::manifest) fn formatted(text: &str) -> Option<String> {
    let line_break = if text.contains("\r\n") {
        LineBreak::Crlf
    } else {
        LineBreak::Lf
    };
    let options = FormatOptions {
        layout: LayoutOptions {
            print_width: WIDTH,
            line_break,
            ..LayoutOptions::default()
        },
        language: LanguageOptions {
            // Blanks at the end of a line of a block scalar are part of it.
            trim_trailing_whitespaces: false,
            ..LanguageOptions::default()
        },
    };
    pretty_yaml::format_text(text, &options).ok()
}

/// Returns everything that a text says: its events, and its comments.
fn said(text: &str) -> Result<(Vec<String>, Vec<String>), ScanError> {
    let options = granit_parser::options! { emit_comments: true };
    let (mut events, mut comments) = (Vec::new(), Vec::new());
    for event in Parser::new_from_str_with_options(text, options) {
        match event?.0 {
            Event::Comment(text, _) => comments.push(text.trim().to_owned()),
            Event::Scalar(text, style, anchor, tag) => {
                let plain = style == ScalarStyle::Plain;
                events.push(format!("{plain} {anchor} {tag:?} {text}"));
            }
            Event::SequenceStart(_, anchor, tag) => events.push(format!("[ {anchor} {tag:?}")),
            Event::MappingStart(_, anchor, tag) => events.push(format!("{{ {anchor} {tag:?}")),
            Event::DocumentStart(..) => events.push("---".to_owned()),
            other => events.push(format!("{other:?}")),
        }
    }
    Ok((events, comments))
}
