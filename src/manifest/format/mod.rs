//! HCL in the form that Terraform gives it: only blanks change, and what has a plainer way to say the same.
//!
//! It works on tokens, not on a tree, and so keeps what it knows nothing of. Start with [`format()`]; YAML has
//! a form of its own, [`yaml`].

mod idiom;
mod layout;
#[cfg(test)]
mod tests;
pub(super) mod tokens;
pub mod yaml;

use super::hcl;
use crate::model::{Diagnostic, SourceId};

/// Returns a text as it should be written.
///
/// # Errors
///
/// Returns what keeps the text from being parsed: what cannot be read is not touched.
pub fn format(text: &str, source: SourceId) -> Result<String, Vec<Diagnostic>> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    hcl::syntax(text, source)?;
    let formatted = formatted(text);
    // Two programs read the text here; where they disagree, the file stays as it is.
    if formatted != text && hcl::syntax(&formatted, source).is_err() {
        return Err(vec![
            Diagnostic::error(
                "Cannot format the file",
                "Formatted, it could not be read again, so it was left as it is.",
            )
            .hint("Format it in parts to find what is in the way, and report it."),
        ]);
    }
    Ok(formatted)
}

/// Returns HCL in its form.
pub(super) fn formatted(text: &str) -> String {
    let (tokens, blanks_at_end) = tokens::scan(text);
    let mut tokens = idiom::rewrite(&tokens);
    layout::lay_out(&mut tokens);
    let mut written = String::with_capacity(text.len() + text.len() / 8);
    for token in tokens {
        written.extend(std::iter::repeat_n(' ', token.blanks));
        written.push_str(token.text);
    }
    written.extend(std::iter::repeat_n(' ', blanks_at_end));
    written
}
