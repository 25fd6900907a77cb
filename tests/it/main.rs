//! The tests of the whole: one binary, one file for each concern.

#![expect(
    clippy::disallowed_methods,
    clippy::too_many_lines,
    clippy::unwrap_used,
    reason = "a test that cannot go on fails, a story is as long as it is, and its files need not be atomic"
)]

mod adopt;
mod adopt_all;
mod architecture;
mod backend_config;
mod backends;
mod bad_input;
mod configurations;
mod contract;
mod crash;
mod credentials;
mod data_sources;
mod edges;
mod effects;
mod endurance;
mod ephemeral;
mod errors;
mod everything;
mod examples;
mod expressions;
mod faults;
mod few_calls;
mod fmt;
mod formats;
mod fuzzed;
mod graph;
mod history;
mod key_pairs;
mod laboratory;
mod languages;
mod launch_templates;
mod lifecycle;
mod locking;
mod model;
mod modules;
mod network;
mod network_interfaces;
mod overrides;
mod plans;
mod preflight;
mod providers;
mod provisioners;
mod random;
mod rates;
mod recovery;
mod reference;
mod replacements;
mod resources;
mod saved_plans;
mod secrets;
mod storage;
mod support;
mod surgery;
mod test_command;
mod wire;
mod workspaces;
