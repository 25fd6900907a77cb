//! Writing: one instance a line, so that the file reads well in a diff.

use std::{
    collections::BTreeMap,
    io::{self, Write},
    sync::Arc,
};

use rayon::prelude::*;

use super::{
    PROV_FORMAT, TERRAFORM_VERSION, dynamic,
    marks::write_marks,
    text::{write_entries, write_list, write_string, write_value},
    typed::{exact, is_whole, write_dynamic, write_type, write_typed},
};
use crate::model::{
    Key, ResourceAddress, Value,
    ordered::{
        Ordered, PLAIN,
        Shape::{self, Fields},
    },
    state::{Extra, Instance, Output, Resource, State, Status, Stored},
};

/// The order of what is written of a check.
static CHECKS: Shape = Fields(&[
    ("object_kind", &PLAIN),
    ("config_addr", &PLAIN),
    ("status", &PLAIN),
    (
        "objects",
        &Fields(&[("object_addr", &PLAIN), ("status", &PLAIN)]),
    ),
]);

/// How many objects are written into memory before they go out.
const CHUNK: usize = 8192;
/// How many of them are written by one thread.
const PART: usize = 512;

/// Writes a state.
pub fn write(state: &State, mut out: impl Write) -> io::Result<()> {
    let mut head = Vec::new();
    write_head(&mut head, state);
    out.write_all(&head)?;
    let lines = lines(state);
    for chunk in lines.chunks(CHUNK) {
        let parts: Vec<Vec<u8>> = chunk
            .par_chunks(PART)
            .map(|lines| {
                let mut text = Vec::new();
                for line in lines {
                    line.write(&mut text);
                }
                text
            })
            .collect();
        for part in parts {
            out.write_all(&part)?;
        }
    }
    let end = if lines.is_empty() { "" } else { "\n    ]}\n  " };
    write!(out, "{end}],\n  \"check_results\": ")?;
    serde_json::to_writer(&mut out, &Ordered(&state.check_results, &CHECKS))?;
    write_prov(&mut out, state)?;
    out.write_all(b"\n}\n")
}

/// One object, and what of its resource stands before it.
struct Line<'a> {
    address: &'a ResourceAddress,
    /// Set for the first object of a resource.
    opens: Option<&'a Resource>,
    /// Whether it is the first of all.
    first: bool,
    key: &'a Key,
    deposed: Option<&'a str>,
    stored: &'a Stored,
}

fn lines(state: &State) -> Vec<Line<'_>> {
    let mut lines = Vec::new();
    for (address, resource) in &state.resources {
        let mut opens = Some(resource);
        for (key, instance) in &resource.instances {
            for (deposed, stored) in objects(instance) {
                lines.push(Line {
                    address,
                    opens: opens.take(),
                    first: lines.is_empty(),
                    key,
                    deposed,
                    stored,
                });
            }
        }
    }
    lines
}

/// Returns the objects of an instance, deposed ones with their keys.
fn objects(instance: &Instance) -> impl Iterator<Item = (Option<&str>, &Stored)> {
    let current = instance.current.iter().map(|stored| (None, stored));
    let deposed = instance.deposed.iter();
    current.chain(deposed.map(|(key, stored)| (Some(key.as_str()), stored)))
}

impl Line<'_> {
    fn write(&self, out: &mut Vec<u8>) {
        match self.opens {
            Some(resource) => {
                let between: &[u8] = if self.first { b"\n" } else { b"\n    ]},\n" };
                out.extend_from_slice(between);
                open_resource(out, self.address, resource);
                out.extend_from_slice(b"\n      {");
            }
            None => out.extend_from_slice(b",\n      {"),
        }
        write_key(out, self.key);
        let (kind, status) = (&self.address.kind, status_at_rest(self.stored));
        write_members(out, kind, self.stored, self.deposed, status);
    }
}

/// Writes a state into memory.
pub fn to_bytes(state: &State) -> Vec<u8> {
    let mut out = Vec::new();
    write(state, &mut out).expect("memory takes all bytes");
    out
}

fn write_head(out: &mut Vec<u8>, state: &State) {
    let serial = state.serial;
    out.extend_from_slice(
        format!("{{\n  \"version\": 4,\n  \"terraform_version\": \"{TERRAFORM_VERSION}\",\n  \"serial\": {serial},\n  \"lineage\": ").as_bytes(),
    );
    write_string(out, &state.lineage);
    out.extend_from_slice(b",\n  \"outputs\": {");
    for (at, (name, output)) in state.outputs.iter().enumerate() {
        out.extend_from_slice(if at == 0 { b"\n    " } else { b",\n    " });
        write_string(out, name);
        out.extend_from_slice(b": ");
        write_output(out, output);
    }
    let end: &[u8] = if state.outputs.is_empty() {
        b""
    } else {
        b"\n  "
    };
    out.extend_from_slice(end);
    out.extend_from_slice(b"},\n  \"resources\": [");
}

/// Writes the value of the key `outputs` in one line.
pub fn write_outputs(out: &mut Vec<u8>, outputs: &BTreeMap<String, Output>) {
    out.push(b'{');
    for (at, (name, output)) in outputs.iter().enumerate() {
        if at > 0 {
            out.push(b',');
        }
        write_string(out, name);
        out.push(b':');
        write_output(out, output);
    }
    out.push(b'}');
}

fn write_output(out: &mut Vec<u8>, output: &Output) {
    let inferred;
    let ty = if is_whole(&output.ty) {
        &output.ty
    } else {
        inferred = exact(&output.value);
        &inferred
    };
    out.extend_from_slice(b"{\"value\":");
    write_typed(out, &output.value, ty);
    out.extend_from_slice(b",\"type\":");
    write_type(out, ty);
    if output.sensitive {
        out.extend_from_slice(b",\"sensitive\":true");
    }
    out.push(b'}');
}

fn open_resource(out: &mut Vec<u8>, address: &ResourceAddress, resource: &Resource) {
    let mode = address.mode.word();
    out.extend_from_slice(b"    {");
    if !address.module.is_root() {
        out.extend_from_slice(b"\"module\":");
        write_string(out, &address.module.to_string());
        out.push(b',');
    }
    for (before, text) in [
        ("\"mode\":", mode),
        (",\"type\":", &address.kind),
        (",\"name\":", &address.name),
        (",\"provider\":", &resource.provider),
    ] {
        out.extend_from_slice(before.as_bytes());
        write_string(out, text);
    }
    out.extend_from_slice(b",\"instances\":[");
}

fn write_key(out: &mut Vec<u8>, key: &Key) {
    match key {
        Key::None => {}
        Key::Int(index) => {
            out.extend_from_slice(format!("\"index_key\":{index},").as_bytes());
        }
        Key::Text(text) => {
            out.extend_from_slice(b"\"index_key\":");
            write_string(out, text);
            out.push(b',');
        }
    }
}

/// Returns the status in Terraform's words; what is unsettled stands under the key `prov`.
fn status_at_rest(stored: &Stored) -> Option<&'static str> {
    match stored.status {
        Status::Ready | Status::Unsettled => None,
        Status::Tainted => Some("tainted"),
    }
}

/// Writes one object for the journal.
pub fn object(out: &mut Vec<u8>, kind: &str, stored: &Stored) {
    let status = match stored.status {
        Status::Unsettled => Some("unsettled"),
        Status::Ready | Status::Tainted => status_at_rest(stored),
    };
    out.push(b'{');
    write_members(out, kind, stored, None, status);
}

/// Whether two values of an attribute are written alike.
pub fn same(kind: &str, name: &str, one: &Value, other: &Value) -> bool {
    if one.has_sensitive() || other.has_sensitive() {
        return false;
    }
    let write = match dynamic(kind).contains(&name) {
        true => write_dynamic,
        false => write_value,
    };
    let [one, other] = [one, other].map(|value| {
        let mut text = Vec::new();
        write(&mut text, value);
        text
    });
    one == other
}

/// Writes the members of an instance and closes it.
fn write_members(
    out: &mut Vec<u8>,
    kind: &str,
    stored: &Stored,
    deposed: Option<&str>,
    status: Option<&str>,
) {
    for (name, text) in [("status", status), ("deposed", deposed)] {
        if let Some(text) = text {
            write_string(out, name);
            out.push(b':');
            write_string(out, text);
            out.push(b',');
        }
    }
    out.extend_from_slice(format!("\"schema_version\":{}", stored.schema_version).as_bytes());
    out.extend_from_slice(b",\"attributes\":");
    let dynamic = dynamic(kind);
    write_entries(out, stored.attributes.iter(), |out, name, value| {
        if dynamic.contains(&&**name) {
            write_dynamic(out, value);
        } else {
            write_value(out, value);
        }
    });
    out.extend_from_slice(b",\"sensitive_attributes\":");
    write_marks(out, &stored.attributes);
    if let Some(private) = &stored.private {
        out.extend_from_slice(b",\"private\":");
        write_string(out, private);
    }
    if !stored.dependencies.is_empty() {
        out.extend_from_slice(b",\"dependencies\":");
        write_list(out, stored.dependencies.iter(), |out, address: &Arc<_>| {
            write_string(out, &address.to_string());
        });
    }
    if stored.create_before_destroy {
        out.extend_from_slice(b",\"create_before_destroy\":true");
    }
    out.push(b'}');
}

/// What stands under the key `prov`.
#[derive(serde::Serialize)]
struct Prov<'a> {
    format: u64,
    #[serde(flatten)]
    extra: &'a Extra,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    unsettled: Vec<Unsettled<'a>>,
}

#[derive(serde::Serialize)]
struct Unsettled<'a> {
    address: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    deposed: Option<&'a str>,
}

fn write_prov(out: &mut impl Write, state: &State) -> io::Result<()> {
    let unsettled = unsettled(state);
    if unsettled.is_empty() && state.extra == Extra::default() {
        return Ok(());
    }
    let prov = Prov {
        format: PROV_FORMAT,
        extra: &state.extra,
        unsettled,
    };
    out.write_all(b",\n  \"prov\": ")?;
    let mut text = Vec::new();
    let mut writer = serde_json::Serializer::with_formatter(&mut text, Lines::default());
    serde::Serialize::serialize(&prov, &mut writer)?;
    out.write_all(&text)
}

fn unsettled(state: &State) -> Vec<Unsettled<'_>> {
    let mut found = Vec::new();
    for (resource, kept) in &state.resources {
        for (key, instance) in &kept.instances {
            for (deposed, stored) in objects(instance) {
                if stored.status == Status::Unsettled {
                    found.push(Unsettled {
                        address: format!("{resource}{key}"),
                        deposed,
                    });
                }
            }
        }
    }
    found
}

/// Breaks lines in the two outermost levels: one address a line.
#[derive(Default)]
struct Lines {
    depth: usize,
    /// Whether something was written since the last bracket opened.
    filled: bool,
}

impl Lines {
    fn open<W: Write + ?Sized>(&mut self, out: &mut W, bracket: &[u8]) -> io::Result<()> {
        self.depth += 1;
        self.filled = false;
        out.write_all(bracket)
    }

    fn item<W: Write + ?Sized>(&mut self, out: &mut W, first: bool) -> io::Result<()> {
        self.filled = true;
        out.write_all(if first { b"" } else { b"," })?;
        self.line(out)
    }

    fn close<W: Write + ?Sized>(&mut self, out: &mut W, bracket: &[u8]) -> io::Result<()> {
        let broken = std::mem::replace(&mut self.filled, true) && self.depth <= 2;
        self.depth -= 1;
        if broken {
            self.line(out)?;
        }
        out.write_all(bracket)
    }

    fn line<W: Write + ?Sized>(&self, out: &mut W) -> io::Result<()> {
        match self.depth {
            0 => out.write_all(b"\n  "),
            1 => out.write_all(b"\n    "),
            2 => out.write_all(b"\n      "),
            _ => Ok(()),
        }
    }
}

impl serde_json::ser::Formatter for Lines {
    fn begin_object<W: Write + ?Sized>(&mut self, out: &mut W) -> io::Result<()> {
        self.open(out, b"{")
    }

    fn end_object<W: Write + ?Sized>(&mut self, out: &mut W) -> io::Result<()> {
        self.close(out, b"}")
    }

    fn begin_object_key<W: Write + ?Sized>(&mut self, out: &mut W, first: bool) -> io::Result<()> {
        self.item(out, first)
    }

    fn begin_array<W: Write + ?Sized>(&mut self, out: &mut W) -> io::Result<()> {
        self.open(out, b"[")
    }

    fn end_array<W: Write + ?Sized>(&mut self, out: &mut W) -> io::Result<()> {
        self.close(out, b"]")
    }

    fn begin_array_value<W: Write + ?Sized>(&mut self, out: &mut W, first: bool) -> io::Result<()> {
        self.item(out, first)
    }

    fn begin_object_value<W: Write + ?Sized>(&mut self, out: &mut W) -> io::Result<()> {
        out.write_all(if self.depth <= 1 { b": " } else { b":" })
    }
}
