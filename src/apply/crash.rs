//! Where a test makes the process die, to see what the next run makes of it.
//!
//! Builds without debug assertions have no such place.

/// The record at which the process kills itself.
#[derive(Clone, Copy, Debug, Default)]
pub struct Crash {
    /// Right before the record with this number is written; the first is 1.
    pub before: Option<u64>,
    /// Right after the record with this number is durable.
    pub after: Option<u64>,
    written: u64,
}

impl Crash {
    /// Returns a place that is before or after the record with this number.
    pub fn new(before: Option<u64>, after: Option<u64>) -> Self {
        Self {
            before,
            after,
            written: 0,
        }
    }

    /// Returns how many of the next records may be written at once.
    pub fn room(&self, records: usize) -> usize {
        if !cfg!(debug_assertions) {
            return records;
        }
        let next = self.before.and_then(|before| before.checked_sub(1));
        if next == Some(self.written) {
            die();
        }
        [next, self.after]
            .into_iter()
            .flatten()
            .filter_map(|end| usize::try_from(end.checked_sub(self.written)?).ok())
            .filter(|room| *room > 0)
            .fold(records, usize::min)
    }

    /// Takes note of what was written.
    pub fn written(&mut self, records: usize) {
        self.written += records as u64;
        if cfg!(debug_assertions) && self.after == Some(self.written) {
            die();
        }
    }
}

/// Ends the process as `kill -9` does: nothing is cleaned up.
fn die() -> ! {
    let id = std::process::id().to_string();
    let sent = std::process::Command::new("kill")
        .args(["-KILL", &id])
        .status();
    if sent.is_ok_and(|status| status.success()) {
        std::thread::sleep(std::time::Duration::from_secs(10));
    }
    std::process::abort()
}
