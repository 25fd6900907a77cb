//! Where a text that is parsed on its own stands in its source, and the names that files share.
//!
//! A template within a YAML scalar is parsed apart from the file; its spans must point into the file.

use std::{collections::HashSet, ops::Range, sync::Arc};

use crate::model::{SourceId, Span};

/// Maps positions in a parsed text to spans in a source.
#[derive(Clone, Debug)]
pub(super) enum Place {
    /// The text stands in the source as it is, from this byte on.
    At(SourceId, u32),
    /// Pieces of the text stand in the source: where each starts in the text and in the source.
    Pieces(SourceId, Vec<(u32, u32)>),
    /// The text cannot be found byte by byte: everything is at this span.
    Whole(Span),
}

impl Place {
    /// Returns the span in the source of a range of the text.
    pub(super) fn span(&self, range: Range<usize>) -> Span {
        match self {
            Self::At(source, offset) => Span {
                source: *source,
                start: narrow(range.start).saturating_add(*offset),
                end: narrow(range.end).saturating_add(*offset),
            },
            Self::Pieces(source, pieces) => {
                let start = locate(pieces, narrow(range.start));
                let last = narrow(range.end.saturating_sub(1));
                Span {
                    source: *source,
                    start,
                    end: (locate(pieces, last) + 1).max(start),
                }
            }
            Self::Whole(span) => *span,
        }
    }
}

/// Returns where a position of the text is in the source.
fn locate(pieces: &[(u32, u32)], at: u32) -> u32 {
    let next = pieces.partition_point(|(start, _)| *start <= at);
    pieces
        .get(next.saturating_sub(1))
        .map_or(at, |(start, source)| at.saturating_sub(*start) + source)
}

/// Returns a position as spans hold it; sources are smaller than 4 GiB (checked when they are read).
pub(super) fn narrow(at: usize) -> u32 {
    u32::try_from(at).unwrap_or(u32::MAX)
}

/// The names of a file, each stored once.
#[derive(Debug, Default)]
pub(super) struct Names(HashSet<Arc<str>, foldhash::fast::RandomState>);

impl Names {
    /// Returns the shared copy of `text`.
    pub(super) fn get(&mut self, text: &str) -> Arc<str> {
        if let Some(known) = self.0.get(text) {
            return known.clone();
        }
        let name: Arc<str> = text.into();
        self.0.insert(name.clone());
        name
    }
}
