//! A record of what the emulator was asked and what it answered, for the tests of the project: names and kinds of
//! values, one line for each call. Only a debug build keeps one.

use std::{
    fs::OpenOptions,
    io::Write,
    sync::{Arc, Mutex, PoisonError},
};

use super::settings::Settings;
use crate::emulator::{Exchange, Recorder};

/// Returns what appends to the file that the environment names, if it names one.
pub fn recorder(settings: &Settings) -> Option<Recorder> {
    let path = settings
        .get("PROV_EMULATOR_RECORD")
        .filter(|_| cfg!(debug_assertions))?;
    let file = OpenOptions::new()
        .create(true)
        .append(true)
        .open(path)
        .ok()?;
    let file = Mutex::new(file);
    Some(Arc::new(move |exchange: &Exchange| {
        if let Ok(mut line) = serde_json::to_vec(exchange) {
            line.push(b'\n');
            let mut file = file.lock().unwrap_or_else(PoisonError::into_inner);
            // A test that finds too little recorded says so; a command has nothing to do about it.
            if file.write_all(&line).is_err() {}
        }
    }))
}
