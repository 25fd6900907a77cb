//! Files as prov writes them, with one object a line: these are found without looking at what is in them, and each is read
//! where there is a thread for it. Any other file is left to the reader of JSON.

use super::read::{Document, state};
use crate::model::state::State;

const OPENS: &str = "\n  \"resources\": [\n";

/// Reads a file of prov's own form; `None` for any other, and for one in which something is wrong.
pub fn read(bytes: &[u8]) -> Option<State> {
    let text = std::str::from_utf8(bytes).ok()?;
    let (rest, objects) = apart(text)?;
    let document: Document<'_> = serde_json::from_str(&rest).ok()?;
    let resources = document.resources.as_deref().unwrap_or_default();
    let empty = resources.iter().all(|it| it.instances.is_empty());
    let fits = empty && resources.len() == objects.len();
    fits.then(|| state(document, &objects).ok()).flatten()
}

/// Takes the objects of each resource out of the text; returns what is left of it.
fn apart(text: &str) -> Option<(String, Vec<Vec<&str>>)> {
    let start = text.find(OPENS)? + OPENS.len();
    let mut rest = text[..start].to_owned();
    let mut objects: Vec<Vec<&str>> = Vec::new();
    // Whether the next object of a resource may come, and whether it has to.
    let (mut may, mut must) = (false, false);
    let mut at = start;
    loop {
        let line = text[at..].split('\n').next()?;
        if let Some(object) = line.strip_prefix("      ") {
            let (object, more) = match object.strip_suffix(',') {
                Some(object) => (object, true),
                None => (object, false),
            };
            if !may || !object.starts_with('{') || !object.ends_with('}') {
                return None;
            }
            objects.last_mut()?.push(object);
            (may, must) = (more, more);
        } else if must {
            return None;
        } else if line.starts_with("  ]") {
            rest.push_str(&text[at..]);
            return Some((rest, objects));
        } else if line.starts_with("    {") && line.ends_with("\"instances\":[") {
            objects.push(Vec::new());
            may = true;
            rest.push_str(line);
        } else if line.starts_with("    ]}") {
            may = false;
            rest.push_str(line);
        } else {
            return None;
        }
        at += line.len() + 1;
        if at > text.len() {
            return None;
        }
    }
}
