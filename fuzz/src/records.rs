//! What a run leaves for the next: states, journals, saved plans.

use prov::{
    apply::{journal, saved},
    backend::{Backend, Local, format},
    model::state::State,
};

use super::Said;

fn said<T, E: ToString>(outcome: Result<T, E>) -> (Option<T>, Said) {
    match outcome {
        Ok(value) => (Some(value), Said::new()),
        Err(error) => (None, vec![error.to_string()]),
    }
}

/// A state, and what `prov` writes of it.
pub fn state(data: &[u8]) -> Said {
    let _ = format::head(data);
    let (read, said) = said(format::read(data));
    if let Some(mut state) = read {
        // A resource without instances is not written.
        state
            .resources
            .retain(|_, resource| !resource.instances.is_empty());
        let written = format::to_bytes(&state);
        let again = format::read(&written).expect("what is written can be read");
        assert_eq!(again, state, "what is written is what was read");
    }
    said
}

/// A state, a zero byte, and the journal beside it: frames as they are or, after another zero byte, what is framed here.
pub fn journal(data: &[u8]) -> Said {
    let mut parts = data.splitn(2, |byte| *byte == 0);
    let (snapshot, rest) = (
        parts.next().unwrap_or_default(),
        parts.next().unwrap_or_default(),
    );
    let frames = match rest.strip_prefix(&[0]) {
        Some(batches) => framed(batches),
        None => rest.to_vec(),
    };
    let folder = tempfile::tempdir().expect("a folder for the state");
    let path = folder.path().join("terraform.tfstate");
    if !snapshot.is_empty() {
        write(&path, snapshot);
    }
    write(&folder.path().join("terraform.tfstate.journal"), &frames);
    let runtime = tokio::runtime::Builder::new_current_thread()
        .build()
        .expect("a runtime");
    let (kept, mut lines) = said(runtime.block_on(Local::at(&path).read()));
    let Some(kept) = kept else { return lines };
    let (state, more) = said(format::read(&kept.snapshot.unwrap_or_default()));
    lines.extend(more);
    let state = state.unwrap_or_default();
    for batch in kept.journal.iter().flat_map(|journal| &journal.batches) {
        lines.extend(replayed(&state, batch));
    }
    lines
}

/// Follows the records of a batch over a state.
fn replayed(state: &State, batch: &[u8]) -> Said {
    let (records, mut lines) = said(journal::decode(batch));
    let Some(records) = records else { return lines };
    let again = journal::decode(&journal::encode(&records)).expect("what is written can be read");
    assert_eq!(again, records, "what is written is what was read");
    let (followed, more) = said(journal::replay(state.clone(), &records));
    lines.extend(more);
    lines.extend(said(journal::salvage(state.clone(), &records)).1);
    if let Some(followed) = followed {
        for open in &followed.open {
            let _ = journal::history(&followed.state, &open.address);
            let _ = journal::decide(open, some_time());
        }
        let written = format::to_bytes(&followed.state);
        format::read(&written).expect("what the journal makes can be written and read");
    }
    lines
}

fn some_time() -> jiff::Timestamp {
    jiff::Timestamp::from_second(1_800_000_000).expect("a time within range")
}

/// Puts what zero bytes part into frames.
fn framed(payloads: &[u8]) -> Vec<u8> {
    let mut out = Vec::new();
    for (number, payload) in (0_u64..).zip(payloads.split(|byte| *byte == 0)) {
        let mut hasher = crc32fast::Hasher::new();
        hasher.update(&number.to_le_bytes());
        hasher.update(payload);
        let length = u32::try_from(payload.len()).expect("inputs are short");
        out.extend_from_slice(&length.to_le_bytes());
        out.extend_from_slice(&hasher.finalize().to_le_bytes());
        out.extend_from_slice(&number.to_le_bytes());
        out.extend_from_slice(payload);
    }
    out
}

fn write(path: &std::path::Path, bytes: &[u8]) {
    use std::io::Write;
    let mut file = std::fs::File::create(path).expect("the folder is ours");
    file.write_all(bytes).expect("the folder is ours");
}

/// Puts what zero bytes part into the file of a saved plan, with what follows the fourth part in it.
fn plan_of(parts: &[u8]) -> Vec<u8> {
    let mut parts: Vec<&[u8]> = parts.splitn(4, |byte| *byte == 0).collect();
    parts.resize(4, &[]);
    let lengths: Vec<usize> = parts.iter().map(|part| part.len()).collect();
    let title = format!("{{\"format\":\"prov-plan\",\"version\":3,\"lengths\":{lengths:?}}}\n");
    [title.as_bytes(), &parts.concat()].concat()
}

/// A saved plan: a file, and the parts of one that zero bytes part, whatever its digest says of them.
pub fn plan_file(data: &[u8]) -> Said {
    let _ = saved::is_one(data);
    let _ = saved::parse(data);
    let (read, mut lines) = said(saved::parse_unchecked(&plan_of(data)));
    let Some(saved) = read else { return lines };
    let _ = (saved.has_drift(), saved.variables());
    lines.extend(said(saved.options()).1);
    lines.extend(said(saved.prior()).1);
    let (plan, more) = said(saved.plan());
    lines.extend(more);
    if let Some(plan) = plan {
        lines.extend(said(saved.check_changes(&plan)).1);
        let mut shown = Vec::new();
        let style = prov::render::Style {
            full: true,
            ..prov::render::Style::default()
        };
        prov::render::terminal::plan(&plan, style, &mut shown).expect("memory takes all");
        let json = prov::render::json::plan_json(&plan, &saved.configuration);
        prov::render::json::write(&json, &mut shown).expect("memory takes all");
    }
    lines
}
