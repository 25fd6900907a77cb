//! A failure of the cloud as a diagnostic: what happened, what it means, and which lines of the manifest
//! it is about.

use super::arguments::written_secret;
use crate::{
    eval,
    manifest::ast::{self, Resource},
    model::{Address, Diagnostic, Span, language::Words},
    provider::{self, Failure, blame},
    schema::ResourceType,
};

pub const CREATING: Words = Words::new("Error creating a resource", "创建资源失败");
pub const UPDATING: Words = Words::new("Error updating a resource", "更新资源失败");
pub const DESTROYING: Words = Words::new("Error destroying a resource", "销毁资源失败");
pub const READING: Words = Words::new("Error reading a resource", "读取资源失败");
pub const READING_DATA: Words = Words::new("Error reading a data source", "读取数据源失败");
pub const FINDING_STATE: Words = Words::new("Unable to find remote state", "找不到远程状态");

/// What is said of further lines that an error may be about.
const ALSO: Words = Words::new("or it is this", "也可能是此处");
/// So many further lines are shown.
const FURTHER: usize = 3;

/// What a failure is about.
#[derive(Clone, Copy)]
pub struct Subject<'a> {
    pub address: &'a Address,
    pub ty: Option<&'static ResourceType>,
    pub block: Option<&'a Resource>,
    /// The block of the provider that was asked.
    pub provider: Option<&'a ast::Provider>,
}

/// Returns the diagnostic for a call that failed: at the manifest lines of what it may be about.
pub fn failed(summary: Words, failure: &Failure, subject: Subject<'_>) -> Diagnostic {
    let diagnostic = provider::explain(summary, &failure.error, None).about(subject.address);
    let Some(block) = subject.block else {
        return diagnostic;
    };
    let mut suspects = suspected(failure, subject, block).into_iter();
    let mut diagnostic = match suspects.next() {
        Some((span, Shown::Whole)) => diagnostic.at(span),
        Some((span, Shown::Place)) => diagnostic.at(span).masked(),
        None => diagnostic.at(block.span),
    };
    // The line of a further place would be shown.
    let further = suspects.filter(|(_, shown)| *shown == Shown::Whole);
    for (span, _) in further.take(FURTHER) {
        diagnostic = diagnostic.label(span, ALSO.english);
    }
    if let Some(told) = &mut diagnostic.chinese {
        told.label = ALSO.chinese.to_owned();
    }
    diagnostic
}

/// How much of a line may be shown.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Shown {
    Whole,
    /// It has a secret in it.
    Place,
}

/// Returns where the manifest has what a failure may be about, the likeliest first.
fn suspected(failure: &Failure, subject: Subject<'_>, block: &Resource) -> Vec<(Span, Shown)> {
    let Some(ty) = subject.ty else {
        return Vec::new();
    };
    let error = &failure.error;
    let suspects = blame::suspects(ty, error);
    // What the step itself knows to be at fault comes before what the answer suggests.
    let known = failure
        .attribute
        .iter()
        .filter(|path| !suspects.contains(path));
    let mut spans = Vec::new();
    let region = || eval::span_of(&subject.provider?.body, "region");
    if error
        .parameters()
        .first()
        .is_some_and(|name| name == "RegionId")
    {
        spans.extend(region().map(|span| (span, Shown::Whole)));
    }
    for path in known.chain(&suspects) {
        let shown = match written_secret(ty, block, path) {
            true => Shown::Place,
            false => Shown::Whole,
        };
        for span in eval::spans_of(&block.body, path) {
            if !spans.contains(&(span, shown)) {
                spans.push((span, shown));
            }
        }
    }
    spans
}
