//! What the input did wrong: collected values with positions, not text.

use std::{borrow::Cow, fmt, sync::Arc};

use super::language::Language;

/// A file (or standard input) that manifests were read from.
#[derive(Debug)]
pub struct Source {
    /// The name as the user knows it: a path relative to the working directory, or `<stdin>`.
    pub name: String,
    pub text: String,
}

/// The index of a source in [`Sources`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SourceId(pub u32);

impl SourceId {
    /// Of what was not read from a manifest: the text of a template file.
    pub const NOWHERE: Self = Self(u32::MAX);
}

/// What [`SourceId::NOWHERE`] stands for.
static NOWHERE: Source = Source {
    name: String::new(),
    text: String::new(),
};

/// All sources of a run.
#[derive(Clone, Debug, Default)]
pub struct Sources(Vec<Arc<Source>>);

/// A range of bytes in a source.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Span {
    pub source: SourceId,
    pub start: u32,
    pub end: u32,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    Error,
    Warning,
}

/// One thing that is wrong, where, and what to do about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    pub severity: Severity,
    /// One sentence-case line without a full stop: `Unsupported argument`.
    pub summary: String,
    /// Full sentences: what happened, with names and values.
    pub detail: String,
    /// Where in the manifests.
    pub span: Option<Span>,
    /// Further places, each with what it has to do with this.
    pub labels: Vec<(Span, String)>,
    /// The resource instance (or `var.x`, `output.x`) that it is about.
    pub address: Option<String>,
    /// What to do next, one sentence.
    pub hint: Option<String>,
    /// Whether the span is of a secret: its place is shown, its line is not.
    pub masked: bool,
    /// What stands in the span, and what it is: `var.size`, `is 5`.
    pub values: Vec<(String, String)>,
    /// Whether it tells of a condition of the manifests that does not hold: what a test may expect.
    pub of_condition: bool,
    /// The language of the texts.
    pub language: Language,
    /// The same in Chinese, where prov has it.
    pub chinese: Option<Box<Told>>,
}

/// The texts of a diagnostic in another language.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Told {
    pub summary: String,
    pub detail: String,
    pub hint: Option<String>,
    /// What all labels say.
    pub label: String,
}

/// Diagnostics as they are collected.
#[derive(Clone, Debug, Default)]
pub struct Diagnostics {
    list: Vec<Diagnostic>,
}

impl Sources {
    /// Adds a source and returns its id.
    pub fn add(&mut self, name: impl Into<String>, text: impl Into<String>) -> SourceId {
        self.0.push(Arc::new(Source {
            name: name.into(),
            text: text.into(),
        }));
        SourceId(u32::try_from(self.0.len() - 1).expect("fewer than 2^32 files"))
    }

    /// Returns the source with this id.
    pub fn get(&self, id: SourceId) -> &Source {
        self.0.get(id.0 as usize).map_or(&NOWHERE, |source| source)
    }

    /// Returns all sources in the order in which they were added.
    pub fn iter(&self) -> impl Iterator<Item = (SourceId, &Source)> {
        (0..)
            .map(SourceId)
            .zip(self.0.iter().map(|source| &**source))
    }

    /// Returns a digest of all names and texts, in hexadecimal digits.
    pub fn fingerprint(&self) -> String {
        use sha2::{Digest, Sha256};
        let mut hash = Sha256::new();
        for source in &self.0 {
            for text in [&source.name, &source.text] {
                hash.update(text.len().to_le_bytes());
                hash.update(text);
            }
        }
        hash.finalize()
            .iter()
            .map(|byte| format!("{byte:02x}"))
            .collect()
    }

    /// Returns the span's text.
    pub fn text(&self, span: Span) -> &str {
        self.get(span.source)
            .text
            .get(span.start as usize..span.end as usize)
            .unwrap_or("")
    }

    /// Returns the 1-based line and column (in characters) where the span starts.
    pub fn position(&self, span: Span) -> (usize, usize) {
        let text = &self.get(span.source).text;
        let before = &text.as_bytes()[..(span.start as usize).min(text.len())];
        let line = before.iter().filter(|byte| **byte == b'\n').count() + 1;
        let start = before
            .iter()
            .rposition(|byte| *byte == b'\n')
            .map_or(0, |at| at + 1);
        let column = String::from_utf8_lossy(&before[start..]).chars().count() + 1;
        (line, column)
    }
}

impl Span {
    /// Returns the span from the start of this to the end of `other`.
    #[must_use]
    pub fn to(self, other: Self) -> Self {
        Self {
            source: self.source,
            start: self.start,
            end: other.end.max(self.end),
        }
    }
}

impl Diagnostic {
    /// Whether it is an error, and no warning.
    pub fn is_error(&self) -> bool {
        self.severity == Severity::Error
    }

    /// Returns an error.
    pub fn error(summary: impl Into<String>, detail: impl Into<String>) -> Self {
        Self {
            severity: Severity::Error,
            summary: summary.into(),
            detail: detail.into(),
            span: None,
            labels: Vec::new(),
            address: None,
            hint: None,
            masked: false,
            values: Vec::new(),
            of_condition: false,
            language: Language::English,
            chinese: None,
        }
    }

    /// Returns a warning.
    pub fn warning(summary: impl Into<String>, detail: impl Into<String>) -> Self {
        Self {
            severity: Severity::Warning,
            ..Self::error(summary, detail)
        }
    }

    /// Says where it is.
    #[must_use]
    pub fn at(mut self, span: impl Into<Option<Span>>) -> Self {
        self.span = span.into();
        self
    }

    /// Adds a further place.
    #[must_use]
    pub fn label(mut self, span: Span, text: impl Into<String>) -> Self {
        self.labels.push((span, text.into()));
        self
    }

    /// Says which instance it is about.
    #[must_use]
    pub fn about(mut self, address: impl fmt::Display) -> Self {
        self.address = Some(address.to_string());
        self
    }

    /// Says that the span is of a secret.
    #[must_use]
    pub fn masked(mut self) -> Self {
        self.masked = true;
        self
    }

    /// Says what the values in the span are.
    #[must_use]
    pub fn showing(mut self, values: Vec<(String, String)>) -> Self {
        self.values = values;
        self
    }

    /// Says that it tells of a condition of the manifests that does not hold.
    #[must_use]
    pub fn of_condition(mut self) -> Self {
        self.of_condition = true;
        self
    }

    /// Returns it in a language, as far as prov has it.
    pub fn in_language(&self, language: Language) -> Cow<'_, Self> {
        let Some(told) = self
            .chinese
            .as_ref()
            .filter(|_| language == Language::Chinese)
        else {
            return Cow::Borrowed(self);
        };
        let labels = self
            .labels
            .iter()
            .map(|(span, _)| (*span, told.label.clone()));
        Cow::Owned(Self {
            summary: told.summary.clone(),
            detail: told.detail.clone(),
            hint: told.hint.clone(),
            labels: labels.collect(),
            language,
            ..self.clone()
        })
    }

    /// Says the same in Chinese.
    #[must_use]
    pub fn in_chinese(
        mut self,
        summary: impl Into<String>,
        detail: impl Into<String>,
        hint: Option<String>,
    ) -> Self {
        self.chinese = Some(Box::new(Told {
            summary: summary.into(),
            detail: detail.into(),
            hint,
            label: String::new(),
        }));
        self
    }

    /// Says what to do next.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }
}

impl Diagnostics {
    /// Adds one.
    pub fn push(&mut self, diagnostic: Diagnostic) {
        self.list.push(diagnostic);
    }

    /// Adds many.
    pub fn extend(&mut self, diagnostics: impl IntoIterator<Item = Diagnostic>) {
        self.list.extend(diagnostics);
    }

    /// Whether there is an error among them.
    pub fn has_errors(&self) -> bool {
        self.list.iter().any(Diagnostic::is_error)
    }

    /// Returns them in the order in which they were added.
    pub fn iter(&self) -> impl Iterator<Item = &Diagnostic> {
        self.list.iter()
    }

    /// Takes them all out.
    pub fn take(&mut self) -> Vec<Diagnostic> {
        std::mem::take(&mut self.list)
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.list.is_empty()
    }
}

impl From<Diagnostic> for Diagnostics {
    fn from(diagnostic: Diagnostic) -> Self {
        Self {
            list: vec![diagnostic],
        }
    }
}

impl IntoIterator for Diagnostics {
    type Item = Diagnostic;
    type IntoIter = std::vec::IntoIter<Diagnostic>;

    fn into_iter(self) -> Self::IntoIter {
        self.list.into_iter()
    }
}

/// Returns the candidate that `given` probably means: what a "did you mean" names.
pub fn did_you_mean<'a>(
    given: &str,
    candidates: impl IntoIterator<Item = &'a str>,
) -> Option<&'a str> {
    // Comparing takes time quadratic in the length, and no name is this long.
    if given.len() > 200 {
        return None;
    }
    candidates
        .into_iter()
        .map(|candidate| {
            (
                similar::TextDiff::from_chars(given, candidate).ratio(),
                candidate,
            )
        })
        .filter(|(ratio, _)| *ratio >= 0.6)
        .max_by(|a, b| a.0.total_cmp(&b.0))
        .map(|(_, candidate)| candidate)
}
