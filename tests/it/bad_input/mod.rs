//! Bad input, each kind once: one clear message, exit code 1, nothing changed, no panic, no hang.
//!
//! What prov tells is kept in `transcripts`; `BLESS=1` rewrites them, and they are read before they are
//! committed.

mod case;
mod cloud;
mod command_line;
mod files;
mod look;
mod manifests;
mod network;
mod references;
mod repetition;
mod rules;
mod secrets;
mod sizes;
mod tables;
mod variables;

use case::{Case, Cloud, VPC};
