//! Text to syntax: HCL and YAML manifests become one spanned tree, `ast`.
//!
//! Nothing after this module knows which language a manifest was written in. Start with `ast` and
//! `load`; `hcl` and `json_syntax` parse, `module` says what the blocks mean.

pub mod ast;

mod constraint;
mod continuation;
pub mod convert;
mod files;
mod format;
mod hcl;
mod hcl_error;
mod hcl_template;
mod json_syntax;
mod module;
pub mod modules;
mod overrides;
mod place;
mod reference;
mod shape;
pub mod test_file;
#[cfg(test)]
mod tests;
mod tree;
pub mod version;
mod yaml;

use std::path::{Path, PathBuf};

use rayon::prelude::*;

use self::{
    ast::{Body, Expr, Module, Name},
    files::Language,
    json_syntax::Dialect,
    place::{Names, Place},
};
pub use self::{
    continuation::goes_on,
    files::{has_manifests, value_files},
    format::{format, yaml::format as format_yaml},
};
use crate::model::{Diagnostic, Diagnostics, SourceId, Sources, Span};

/// Loads the manifests of a directory, or exactly `files` if there are any, as one module, without the modules that
/// it calls: [`modules::load`] loads those.
///
/// The ending decides the language. Standard input (`-`) and files with another ending are JSON if they
/// start with `{`, YAML if they start with `---` or a key and a colon, and HCL otherwise.
pub fn load(
    root: &Path,
    files: &[PathBuf],
    sources: &mut Sources,
    diags: &mut Diagnostics,
) -> Module {
    let found = match files {
        [] => files::find(root, diags),
        files => files.iter().map(|file| files::named(root, file)).collect(),
    };
    let texts: Vec<_> = found.par_iter().map(files::read).collect();
    let mut read = Vec::with_capacity(found.len());
    for (file, text) in found.iter().zip(texts) {
        match text {
            Ok(text) => {
                let language = file.language.unwrap_or_else(|| files::guess(&text));
                let source = sources.add(file.name.as_str(), text);
                read.push((language, source, file.overrides));
            }
            Err(diagnostic) => diags.push(diagnostic),
        }
    }
    let mut module = parse_all(&read, sources, diags);
    module.directory = modules::directory_of(Path::new(""), &root.to_string_lossy());
    module
}

/// Parses sources and merges what they declare.
fn parse_all(
    files: &[(Language, SourceId, bool)],
    sources: &Sources,
    diags: &mut Diagnostics,
) -> Module {
    let bodies: Vec<_> = files
        .par_iter()
        .map(|(language, source, _)| parse(&sources.get(*source).text, *source, *language))
        .collect();
    let mut ordinary = Vec::with_capacity(bodies.len());
    let mut overrides = Vec::new();
    let mut whole = true;
    for (body, (_, _, is_override)) in bodies.into_iter().zip(files) {
        match body {
            Ok(body) if *is_override => overrides.push(body),
            Ok(body) => ordinary.push(body),
            Err(errors) => {
                whole = false;
                diags.extend(errors);
            }
        }
    }
    // What a file that cannot be read declares is not missing.
    if whole {
        overrides::merge(&mut ordinary, overrides, diags);
    }
    let mut module = Module::default();
    for body in ordinary {
        module::declare(&mut module, body, sources, diags);
    }
    module
}

fn parse(text: &str, source: SourceId, language: Language) -> Result<Body, Vec<Diagnostic>> {
    match language {
        Language::Hcl => hcl::manifest(text, source),
        Language::Yaml => json_syntax::body(text, source, Dialect::Yaml),
        Language::Json => json_syntax::body(text, source, Dialect::Json),
    }
}

/// Loads a file of values of variables: `.tfvars`, `.tfvars.json`, or YAML by its ending.
pub fn load_values(
    path: &Path,
    sources: &mut Sources,
    diags: &mut Diagnostics,
) -> Vec<(Name, Expr)> {
    let file = files::named(Path::new(""), path);
    let text = match files::read(&file) {
        Ok(text) => text,
        Err(diagnostic) => {
            diags.push(diagnostic);
            return Vec::new();
        }
    };
    let source = sources.add(file.name.as_str(), text);
    let text = &sources.get(source).text;
    let values = match file.language.unwrap_or(Language::Hcl) {
        Language::Hcl => hcl::body(text, source).map(|body| hcl_values(body, diags)),
        Language::Yaml => json_syntax::values(text, source, Dialect::Yaml),
        Language::Json => json_syntax::values(text, source, Dialect::Json),
    };
    values.unwrap_or_else(|errors| {
        diags.extend(errors);
        Vec::new()
    })
}

/// Whether a text whose name does not tell is YAML.
pub fn is_yaml(text: &str) -> bool {
    files::guess(text) == Language::Yaml
}

fn hcl_values(body: Body, diags: &mut Diagnostics) -> Vec<(Name, Expr)> {
    for block in &body.blocks {
        let detail = "A file of values holds names and values only.";
        diags.push(
            Diagnostic::error("Unexpected block", detail)
                .at(block.span)
                .hint("Write NAME = VALUE for each variable; blocks go into a manifest."),
        );
    }
    for attribute in &body.attributes {
        if let Some(culprit) = module::reference_in(&attribute.value) {
            let detail = "The value of a variable is a constant: it cannot refer to anything.";
            diags.push(
                Diagnostic::error("Variables not allowed", detail)
                    .at(culprit.span)
                    .hint("Write the value out; text goes in double quotes."),
            );
        }
    }
    body.attributes
        .into_iter()
        .map(|attribute| (attribute.name, attribute.value))
        .collect()
}

/// Parses the text of a template file: like the inside of a heredoc. Its nodes have no place among the
/// sources, since it is not a manifest; whoever tells of an error in it names the file.
///
/// # Errors
///
/// Returns the first thing that is wrong with it.
pub fn parse_template(text: &str) -> Result<Expr, Diagnostic> {
    let nowhere = Span {
        source: SourceId::NOWHERE,
        start: 0,
        end: 0,
    };
    let parsed = hcl::template(text, &Place::Whole(nowhere), &mut Names::default());
    parsed.map_err(|errors| {
        let first = errors.into_iter().next();
        first.unwrap_or_else(|| Diagnostic::error("Invalid template", "It cannot be parsed."))
    })
}

/// Parses HCL of whatever meaning. Its nodes have no place among the sources: what is in it may be secret.
///
/// # Errors
///
/// Returns the first thing that is wrong with it.
pub fn parse_blocks(text: &str) -> Result<Body, Diagnostic> {
    hcl::body(text, SourceId::NOWHERE).map_err(|errors| {
        let first = errors.into_iter().next();
        first.unwrap_or_else(|| Diagnostic::error("Invalid text", "It cannot be parsed."))
    })
}

/// Parses the text of a file of values of variables. Its nodes have no place among the sources.
///
/// # Errors
///
/// Returns the first thing that is wrong with it.
pub fn parse_values(text: &str) -> Result<Vec<(Name, Expr)>, Diagnostic> {
    let mut diags = Diagnostics::default();
    let values = hcl::body(text, SourceId::NOWHERE).map(|body| hcl_values(body, &mut diags));
    let values = values.unwrap_or_else(|errors| {
        diags.extend(errors);
        Vec::new()
    });
    let first = diags.iter().next().cloned();
    first.map_or(Ok(values), Err)
}

/// Parses an expression that stands alone, as in `-var 'x=[1, 2]'`; `name` is what errors call it.
///
/// # Errors
///
/// Returns the first thing that is wrong with it.
pub fn parse_expression(text: &str, name: &str, sources: &mut Sources) -> Result<Expr, Diagnostic> {
    let source = sources.add(name, text);
    hcl::expression(text, &Place::At(source, 0), &mut Names::default()).map_err(|errors| {
        errors
            .into_iter()
            .next()
            .unwrap_or_else(|| Diagnostic::error("Invalid expression", "It cannot be read."))
    })
}
