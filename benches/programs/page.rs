//! The report, as the page docs/performance.md has it.

use std::fmt::Write;

use super::{
    commands::{Row, Stage},
    fleet,
    measure::Sample,
    shapes::Shape,
};

/// All that was measured.
pub struct Report {
    pub terraform: Option<String>,
    pub beside: Vec<Row>,
    pub alone: Vec<Row>,
    pub cloud: Vec<fleet::Row>,
    pub shapes: Vec<&'static Shape>,
}

const INTRODUCTION: &str = "# Performance

This page is what `cargo bench --bench programs -- full write` has written: whole commands, from start to end, as a user would time them. Beside
Terraform, both programs ran on the same configuration in the same run, in turns. Each time is a median; memory is the largest resident set.
Processor time is that of all threads. Machines differ, and so what counts are the ratios; small times are mostly those of starting a process.
";

const LIMITS: &str = "
Beside each figure is what no program can do without: the bytes of the manifests and of the state that are read, and of the state
that is written. An apply also writes its journal, so that what was made is never forgotten; `written` is all that went to the file system.
";

const BESIDE: &str = "
## Beside Terraform

Terraform compares and copies its whole state for each resource, so its time grows with the square of their number: the ratios grow with it.

";

const ALONE: &str = "
## How it grows

What a hundred thousand resources take is to be at most eleven times what ten thousand take, for every command and shape.

";

const CLOUD: &str = "
## With a cloud

Against the [emulator](guide/emulator.md), which ran on the same machine and had its share of the processors. *Near* it answers at once, and what takes time is
work; *far away* each call takes 50 ms, and each action may be called 100 times a second. The best that can be is then the number of objects ÷ the rate
+ the calls that wait for each other × the latency. How the rate is found out is in [decision 13](decisions/0013-the-rate-is-found-out.md).

";

impl Report {
    /// Returns the page.
    pub fn text(&self) -> String {
        let mut out = INTRODUCTION.to_owned();
        let _ = writeln!(out, "\nMeasured on {}.", machine(self.terraform.as_deref()));
        out.push_str(LIMITS);
        out.push_str("\n| configuration | |\n|---|---|\n");
        for shape in &self.shapes {
            let _ = writeln!(out, "| {} | {} |", shape.name, shape.about);
        }
        if self.terraform.is_some() {
            out.push_str(BESIDE);
            self.beside(&mut out);
        }
        out.push_str(ALONE);
        self.alone(&mut out);
        out.push_str(CLOUD);
        self.cloud(&mut out);
        out
    }

    fn beside(&self, out: &mut String) {
        out.push_str(
            "| configuration | command | prov | Terraform | times as fast | prov's memory | Terraform's | of it | read | state |\n|---|---|--:|--:|--:|--:|--:|--:|--:|--:|\n",
        );
        for row in &self.beside {
            let Some(theirs) = &row.theirs else { continue };
            let ours = &row.ours;
            let _ = writeln!(
                out,
                "| {} {} | {} | {} | {} | **{}** | {} | {} | {} | {} | {} |",
                row.shape,
                number(row.size),
                row.stage.name(),
                time(ours.seconds),
                time(theirs.seconds),
                number(whole(theirs.seconds / ours.seconds)),
                bytes(ours.peak),
                bytes(theirs.peak),
                share(ours.peak, theirs.peak),
                bytes(row.read),
                bytes(row.state),
            );
        }
    }

    fn alone(&self, out: &mut String) {
        out.push_str(
            "| configuration | command | time | on processors | of a tenth | memory | read | state | written |\n|---|---|--:|--:|--:|--:|--:|--:|--:|\n",
        );
        for row in &self.alone {
            let tenth = self.alone.iter().find(|it| {
                it.shape == row.shape && it.stage == row.stage && it.size * 10 == row.size
            });
            let growth = tenth.map_or_else(String::new, |it| {
                format!("× {:.1}", row.ours.seconds / it.ours.seconds)
            });
            let _ = writeln!(
                out,
                "| {} {} | {} | {} | {} | {growth} | {} | {} | {} | {} |",
                row.shape,
                number(row.size),
                row.stage.name(),
                time(row.ours.seconds),
                time(row.ours.busy),
                bytes(row.ours.peak),
                bytes(row.read),
                bytes(if row.stage == Stage::Apply {
                    row.state
                } else {
                    0
                }),
                bytes(row.ours.written),
            );
        }
    }

    fn cloud(&self, out: &mut String) {
        out.push_str(
            "| instances | command | time | best | on processors | memory | calls | of these refused | state | written |\n|--:|---|--:|--:|--:|--:|--:|--:|--:|--:|\n",
        );
        for row in &self.cloud {
            let Sample {
                seconds,
                busy,
                peak,
                written,
            } = row.sample;
            let best = row.ideal.map_or_else(String::new, |best| {
                format!("{} (× {:.2})", time(best), seconds / best)
            });
            let _ = writeln!(
                out,
                "| {} | {} | {} | {best} | {} | {} | {} | {} | {} | {} |",
                number(row.size),
                row.what,
                time(seconds),
                time(busy),
                bytes(peak),
                number(row.calls),
                share(row.throttled, row.calls),
                bytes(row.state),
                bytes(written),
            );
        }
    }
}

/// Says what was measured with.
fn machine(terraform: Option<&str>) -> String {
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let text = std::fs::read_to_string("/proc/meminfo").unwrap_or_default();
    let total = text
        .split_whitespace()
        .nth(1)
        .and_then(|it| it.parse().ok());
    let kib: u64 = total.unwrap_or_default();
    let beside = terraform.map_or_else(String::new, |version| format!(", Terraform {version}"));
    format!(
        "{cores} cores with {} of memory, prov {}{beside}",
        bytes(kib * 1024),
        env!("CARGO_PKG_VERSION")
    )
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "ratios of times"
)]
fn whole(ratio: f64) -> u64 {
    ratio.round() as u64
}

fn time(seconds: f64) -> String {
    match seconds {
        it if it < 1.0 => format!("{:.0} ms", it * 1000.0),
        it if it < 100.0 => format!("{it:.1} s"),
        it => format!("{it:.0} s"),
    }
}

#[expect(clippy::cast_precision_loss, reason = "for people")]
fn bytes(count: u64) -> String {
    match count as f64 / f64::from(1 << 20) {
        _ if count == 0 => String::new(),
        it if it < 0.1 => format!("{:.0} KiB", it * 1024.0),
        it if it < 10.0 => format!("{it:.1} MiB"),
        it => format!("{it:.0} MiB"),
    }
}

#[expect(clippy::cast_precision_loss, reason = "for people")]
fn share(part: u64, all: u64) -> String {
    match all {
        0 => String::new(),
        all => format!("{:.1} %", part as f64 * 100.0 / all as f64),
    }
}

/// Writes a number with commas.
fn number(number: impl TryInto<u64>) -> String {
    let digits = number.try_into().unwrap_or_default().to_string();
    let mut out = String::new();
    for (at, digit) in digits.char_indices() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}
