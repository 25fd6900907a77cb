//! Manifests in each language, what their expressions come to, and their formatting.

use prov::{
    eval, manifest,
    manifest::ast::{Body, Module},
    model::{Diagnostics, SourceId, Sources},
};

use super::{Said, line, lines, scope::World};

/// A manifest in HCL.
pub fn hcl(data: &[u8]) -> Said {
    loaded("main.tf", data)
}

/// A manifest in HCL's JSON.
pub fn tf_json(data: &[u8]) -> Said {
    loaded("main.tf.json", data)
}

/// A manifest in YAML.
pub fn yaml(data: &[u8]) -> Said {
    loaded("main.prov.yaml", data)
}

fn loaded(name: &str, data: &[u8]) -> Said {
    let Ok(text) = std::str::from_utf8(data) else {
        return Said::new();
    };
    let mut sources = Sources::default();
    let mut diags = Diagnostics::default();
    let module = manifest::of_texts(&[(name, text)], &mut sources, &mut diags);
    for diagnostic in diags.iter() {
        for span in diagnostic
            .span
            .iter()
            .chain(diagnostic.labels.iter().map(|(span, _)| span))
        {
            let _ = (sources.text(*span), sources.position(*span));
        }
    }
    if !diags.has_errors() {
        evaluate(&module, &mut diags);
    }
    lines(&diags)
}

/// Evaluates everything that a module says.
fn evaluate(module: &Module, diags: &mut Diagnostics) {
    let locals = module.locals.values().map(|local| &local.value);
    let outputs = module.outputs.values().map(|output| &output.value);
    for expr in locals.chain(outputs) {
        if let Err(diagnostic) = eval::evaluate(expr, &World) {
            diags.push(diagnostic);
        }
    }
    for variable in module.variables.values() {
        if let Err(diagnostic) = eval::variables::from_default(variable) {
            diags.push(*diagnostic);
        }
    }
    for resource in module.resources.values() {
        eval::evaluate_body(&resource.body, &World, diags);
        let expanded =
            eval::expand::expand(resource.count.as_ref(), resource.for_each.as_ref(), &World);
        diags.extend(expanded.err());
        eval::body_references(&resource.body, &mut Vec::new());
    }
}

/// A manifest in HCL, formatted: it is read as before, and formatting it again changes nothing.
pub fn fmt(data: &[u8]) -> Said {
    let Ok(text) = std::str::from_utf8(data) else {
        return Said::new();
    };
    let once = match manifest::format(text, SourceId(0)) {
        Ok(once) => once,
        Err(errors) => return errors.iter().map(line).collect(),
    };
    let twice = manifest::format(&once, SourceId(0)).expect("what was formatted can be formatted");
    assert_eq!(twice, once, "formatting is idempotent");
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    // What has a plainer way to say the same is said that way, and is another tree.
    if marks(text).eq(marks(&once))
        && let Ok(before) = manifest::parse_blocks(text)
    {
        let after = manifest::parse_blocks(&once).expect("what was formatted can be read");
        assert_eq!(
            without_places(&after),
            without_places(&before),
            "formatting keeps the meaning"
        );
    }
    Said::new()
}

fn marks(text: &str) -> impl Iterator<Item = char> {
    text.chars().filter(|letter| !letter.is_whitespace())
}

/// Writes a tree without the places of its nodes.
fn without_places(body: &Body) -> String {
    const PLACE: &str = "Span { ";
    let written = format!("{body:?}");
    let mut pieces = written.split(PLACE);
    let mut kept = pieces.next().unwrap_or_default().to_owned();
    for piece in pieces {
        kept.push_str(piece.split_once('}').map_or(piece, |(_, rest)| rest));
    }
    kept
}
