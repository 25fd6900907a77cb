//! One file per command: its arguments, whose comments are its help, and what it does.

pub mod adopt;
pub mod apply;
pub mod completion;
pub mod console;
pub mod emulator;
pub mod fmt;
pub mod force_unlock;
pub mod get;
pub mod graph;
pub mod import;
pub mod init;
pub mod modules;
pub mod output;
pub mod plan;
pub mod providers;
pub mod recover;
pub mod refresh;
pub mod show;
pub mod state;
pub mod taint;
pub mod test;
pub mod validate;
pub mod version;
pub mod workspace;
