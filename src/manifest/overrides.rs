//! Override files: their blocks change blocks of the other files, as Terraform merges them.

use std::collections::HashMap;

use super::ast::{Attribute, Block, Body, ExprKind};
use crate::model::{Diagnostic, Diagnostics, Span, Value};

/// What merges into a block of the same kind and labels, and how it is called.
const MERGED: &[(&str, &str)] = &[
    ("resource", "resource"),
    ("data", "data source"),
    ("variable", "variable"),
    ("output", "output"),
    ("provider", "provider with this alias"),
    ("module", "module call"),
];

/// Blocks within these that cannot be overridden.
const FIXED: &[&str] = &["precondition", "postcondition", "validation"];

/// Where a block is: file, block.
type Place = (usize, usize);

/// Merges the files of overrides, in their order, into the others.
pub(super) fn merge(files: &mut [Body], overrides: Vec<Body>, diags: &mut Diagnostics) {
    if overrides.is_empty() {
        return;
    }
    let mut index: HashMap<Vec<String>, Place> = HashMap::new();
    for (file, body) in files.iter().enumerate() {
        for (at, block) in body.blocks.iter().enumerate() {
            index.entry(key(block)).or_insert((file, at));
        }
    }
    for body in overrides {
        for attribute in body.attributes {
            diags.push(
                Diagnostic::error(
                    "Unsupported argument",
                    "An override file holds blocks; this is an argument.",
                )
                .at(attribute.name.span),
            );
        }
        for block in body.blocks {
            let place = index.get(&key(&block)).copied();
            match &*block.kind.text {
                "locals" => locals(files, block, diags),
                "terraform" | "prov" => settings(files, block),
                kind => match MERGED.iter().find(|(merged, _)| *merged == kind) {
                    None => diags.push(not_here(&block)),
                    Some((_, what)) => match place {
                        Some((file, at)) => one(&mut files[file].blocks[at], block, diags),
                        // A provider without an alias is there without being written.
                        None if kind == "provider" && alias(&block).is_none() => {
                            if let Some(file) = files.first_mut() {
                                file.blocks.push(block);
                            }
                        }
                        None => diags.push(no_base(what, &block)),
                    },
                },
            }
        }
    }
}

/// What two blocks have in common of which one overrides the other.
fn key(block: &Block) -> Vec<String> {
    let labels = block.labels.iter().map(|label| label.text.to_string());
    let mut key: Vec<String> = std::iter::once(block.kind.text.to_string())
        .chain(labels)
        .collect();
    if &*block.kind.text == "provider" {
        key.extend(alias(block));
    }
    key
}

fn alias(block: &Block) -> Option<String> {
    let mut attributes = block.body.attributes.iter();
    let alias = attributes.find(|attribute| &*attribute.name.text == "alias")?;
    match &alias.value.kind {
        ExprKind::Literal(Value::String(text)) => Some(text.to_string()),
        _ => None,
    }
}

fn one(base: &mut Block, over: Block, diags: &mut Diagnostics) {
    for attribute in &over.body.attributes {
        if &*attribute.name.text == "depends_on" {
            diags.push(
                Diagnostic::error("Unsupported override", "depends_on cannot be overridden.")
                    .at(attribute.name.span)
                    .hint("Write it in the block that is overridden."),
            );
        }
    }
    let Body {
        attributes,
        mut blocks,
        ..
    } = over.body;
    set(&mut base.body.attributes, attributes);
    let lifecycles: Vec<Block> = blocks
        .extract_if(.., |block| &*block.kind.text == "lifecycle")
        .collect();
    for lifecycle in lifecycles {
        fixed(&lifecycle.body.blocks, diags);
        let mut bases = base.body.blocks.iter_mut();
        match bases.find(|block| &*block.kind.text == "lifecycle") {
            Some(base) => set(&mut base.body.attributes, lifecycle.body.attributes),
            None => base.body.blocks.push(lifecycle),
        }
    }
    fixed(&blocks, diags);
    replace(&mut base.body.blocks, blocks);
}

/// Each argument takes the place of the one of the same name.
fn set(base: &mut Vec<Attribute>, over: Vec<Attribute>) {
    for attribute in over {
        match base
            .iter_mut()
            .find(|it| it.name.text == attribute.name.text)
        {
            Some(base) => *base = attribute,
            None => base.push(attribute),
        }
    }
}

/// All blocks of a kind take the place of all blocks of that kind, `dynamic` ones among them.
fn replace(base: &mut Vec<Block>, over: Vec<Block>) {
    base.retain(|block| !over.iter().any(|other| name(other) == name(block)));
    base.extend(over);
}

/// The name of what a block makes.
fn name(block: &Block) -> &str {
    match block.labels.first() {
        Some(label) if &*block.kind.text == "dynamic" => &label.text,
        _ => &block.kind.text,
    }
}

fn fixed(blocks: &[Block], diags: &mut Diagnostics) {
    for block in blocks {
        if FIXED.contains(&&*block.kind.text) {
            let kind = &block.kind.text;
            diags.push(
                Diagnostic::error(
                    format!("Can't override {kind} blocks"),
                    format!("A {kind} block stands in the block that it is about."),
                )
                .at(block.span)
                .hint("Move it there."),
            );
        }
    }
}

fn locals(files: &mut [Body], block: Block, diags: &mut Diagnostics) {
    for attribute in block.body.attributes {
        let mut all = files
            .iter_mut()
            .flat_map(|file| &mut file.blocks)
            .filter(|block| &*block.kind.text == "locals")
            .flat_map(|block| &mut block.body.attributes);
        match all.find(|base| base.name.text == attribute.name.text) {
            Some(base) => *base = attribute,
            None => diags.push(missing(
                "local value",
                &attribute.name.text,
                attribute.name.span,
            )),
        }
    }
}

/// A backend and a version take the place of what is there, and each required provider of its namesake.
fn settings(files: &mut [Body], block: Block) {
    let is_settings = |block: &Block| matches!(&*block.kind.text, "terraform" | "prov");
    let names: Vec<_> = block
        .body
        .attributes
        .iter()
        .map(|it| it.name.text.clone())
        .collect();
    for base in files
        .iter_mut()
        .flat_map(|file| &mut file.blocks)
        .filter(|it| is_settings(it))
    {
        base.body
            .attributes
            .retain(|it| !names.contains(&it.name.text));
        for over in &block.body.blocks {
            if &*over.kind.text == "required_providers" {
                let mut inner = base.body.blocks.iter_mut();
                if let Some(inner) = inner.find(|it| it.kind.text == over.kind.text) {
                    let given = &over.body.attributes;
                    let stays =
                        |it: &Attribute| given.iter().all(|other| other.name.text != it.name.text);
                    inner.body.attributes.retain(stays);
                }
            } else {
                base.body.blocks.retain(|it| it.kind.text != over.kind.text);
            }
        }
    }
    if let Some(file) = files.first_mut() {
        file.blocks.push(block);
    }
}

fn not_here(block: &Block) -> Diagnostic {
    let kind = &block.kind.text;
    Diagnostic::error(
        format!("Cannot override '{kind}' blocks"),
        format!("A {kind} block stands in an ordinary file, not in an override file."),
    )
    .at(block.span)
    .hint("Move it to a file whose name does not end in \"override\".")
}

fn no_base(what: &str, block: &Block) -> Diagnostic {
    let labels: Vec<&str> = block.labels.iter().map(|label| &*label.text).collect();
    missing(what, &labels.join("."), block.span)
}

fn missing(what: &str, name: &str, span: Span) -> Diagnostic {
    let base = match what {
        "variable" => "base variable declaration",
        "output" => "base output definition",
        "local value" => "base local value definition",
        "provider" => "base provider configuration",
        other => other,
    };
    Diagnostic::error(
        format!("Missing {base} to override"),
        format!("No other file has a {what} \"{name}\", and an override file only changes what is there."),
    )
    .at(span)
    .hint("Declare it in an ordinary file, or correct its name.")
}
