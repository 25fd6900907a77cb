//! The file of a saved plan: a line of text that says what it is and holds the rest to its digest, and compressed parts.
//!
//! A part is made in pieces, side by side, and each goes out of memory as soon as it is compressed: the text of a large plan is
//! nowhere as a whole.

use std::{
    io::{self, Read, Write},
    os::unix::fs::PermissionsExt,
    path::Path,
};

use flate2::{Compression, read::MultiGzDecoder, write::GzEncoder};
use rayon::prelude::*;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

/// What the file begins with: enough to tell it from a state.
const FORMAT: &str = "prov-plan";
const VERSION: u32 = 3;

/// How many bytes are compressed as one piece.
const PIECE: usize = 1 << 20;
/// How many of these are kept before they are.
const PIECES: usize = 8;

/// The first line.
#[derive(Debug, Default, Serialize, Deserialize)]
struct Title {
    format: String,
    version: u32,
    /// SHA-256 of everything after the line, and of the lengths.
    #[serde(default)]
    digest: String,
    /// Of each part, in bytes.
    #[serde(default)]
    lengths: Vec<usize>,
}

/// A part of the file: pieces in their order, each compressed by itself.
#[derive(Default)]
pub struct Part {
    pieces: Vec<Vec<u8>>,
    /// What waits to be compressed.
    text: Vec<u8>,
}

impl Part {
    /// Returns a part of pieces that were compressed before.
    pub fn of(pieces: Vec<Vec<u8>>) -> Self {
        let text = Vec::new();
        Self { pieces, text }
    }

    fn squeeze(&mut self) {
        let pieces = self.text.par_chunks(PIECE).map(compressed);
        self.pieces.extend(pieces.collect::<Vec<_>>());
        self.text.clear();
    }
}

impl Write for Part {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.text.extend_from_slice(bytes);
        if self.text.len() >= PIECE * PIECES {
            self.squeeze();
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.squeeze();
        Ok(())
    }
}

/// Returns a piece.
pub fn compressed(text: &[u8]) -> Vec<u8> {
    let mut out = GzEncoder::new(Vec::new(), Compression::fast());
    out.write_all(text)
        .and_then(|()| out.finish())
        .expect("memory takes all bytes")
}

/// Returns the text of a part. One that was never compressed is its text.
fn expanded(part: &[u8]) -> Option<String> {
    if !part.starts_with(&[0x1f, 0x8b]) {
        return String::from_utf8(part.to_vec()).ok();
    }
    let mut text = String::new();
    MultiGzDecoder::new(part).read_to_string(&mut text).ok()?;
    Some(text)
}

/// Writes the file, which only its owner can read, or leaves what was there.
pub fn write<const N: usize>(path: &Path, mut parts: [Part; N]) -> io::Result<()> {
    for part in &mut parts {
        part.flush()?;
    }
    let length = |part: &Part| part.pieces.iter().map(Vec::len).sum();
    let mut title = Title {
        format: FORMAT.to_owned(),
        version: VERSION,
        digest: String::new(),
        lengths: parts.iter().map(length).collect(),
    };
    let pieces = || parts.iter().flat_map(|part| &part.pieces);
    title.digest = sum(&title.lengths, pieces().map(Vec::as_slice));
    let directory = match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    };
    let mut file = tempfile::Builder::new()
        .prefix(".prov-plan")
        .permissions(std::fs::Permissions::from_mode(0o600))
        .tempfile_in(directory)?;
    let out = file.as_file_mut();
    let mut line = serde_json::to_vec(&title)?;
    line.push(b'\n');
    out.write_all(&line)?;
    for piece in pieces() {
        out.write_all(piece)?;
    }
    out.sync_all()?;
    file.persist(path).map_err(|error| error.error)?;
    Ok(())
}

fn sum<'a>(lengths: &[usize], rest: impl Iterator<Item = &'a [u8]>) -> String {
    let mut hash = Sha256::new();
    hash.update(format!("{VERSION} {lengths:?}\n"));
    rest.for_each(|bytes| hash.update(bytes));
    let digest = hash.finalize();
    digest.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Whether these bytes begin like a saved plan.
pub fn is_one(bytes: &[u8]) -> bool {
    bytes.starts_with(format!("{{\"format\":\"{FORMAT}\"").as_bytes())
}

/// Reads the parts; whether to hold them to the digest is for who tries the reading to say.
pub fn read<const N: usize>(bytes: &[u8], checked: bool) -> Result<[String; N], String> {
    if bytes.starts_with(b"PK") {
        return Err("this is a plan file of Terraform, which prov cannot read".to_owned());
    }
    if !is_one(bytes) {
        return Err("this is not a plan that prov saved".to_owned());
    }
    let end = bytes.iter().position(|byte| *byte == b'\n');
    let (line, rest) = bytes.split_at(end.map_or(bytes.len(), |end| end + 1));
    let title: Title = serde_json::from_slice(line)
        .map_err(|error| format!("the saved plan is damaged: {error}"))?;
    if title.version > VERSION {
        return Err("the plan was saved by a newer version of prov".to_owned());
    }
    if title.version < VERSION {
        return Err("the plan was saved by an older version of prov".to_owned());
    }
    if checked && title.digest != sum(&title.lengths, std::iter::once(rest)) {
        return Err("the saved plan was edited or damaged".to_owned());
    }
    let mut left = rest;
    let parts = title.lengths.iter().map(|length| {
        let (part, rest) = left.split_at_checked(*length)?;
        left = rest;
        expanded(part)
    });
    let parts: Option<Vec<String>> = parts.collect();
    parts
        .and_then(|parts| parts.try_into().ok())
        .ok_or_else(|| "the saved plan is damaged".to_owned())
}
