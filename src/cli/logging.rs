//! Logs: to standard error or a file, when `PROV_LOG` or `TF_LOG` asks for them.

use std::{fs::OpenOptions, os::unix::fs::OpenOptionsExt, sync::Mutex};

use tracing_subscriber::EnvFilter;

use super::settings::Settings;

/// Starts logging if a level is asked for; a second call does nothing.
pub fn start(settings: &Settings) {
    let Some(level) = settings.first(&["PROV_LOG", "TF_LOG"]) else {
        return;
    };
    let level = match level.to_ascii_lowercase().as_str() {
        "off" => return,
        "json" => "trace".to_owned(),
        level => level.to_owned(),
    };
    // Only our own lines: an HTTP library at `trace` would write whole requests.
    let filter =
        EnvFilter::try_new(format!("prov={level}")).unwrap_or_else(|_| EnvFilter::new("prov=info"));
    let builder = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_ansi(false);
    let file = settings
        .first(&["PROV_LOG_PATH", "TF_LOG_PATH"])
        .and_then(|path| {
            OpenOptions::new()
                .create(true)
                .append(true)
                .mode(0o600)
                .open(path)
                .ok()
        });
    let _ = match file {
        Some(file) => builder.with_writer(Mutex::new(file)).try_init(),
        None => builder.with_writer(std::io::stderr).try_init(),
    };
}
