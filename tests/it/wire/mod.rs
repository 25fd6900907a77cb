//! The emulator alone, by hand-written requests over HTTP with their own signing: no client of the project.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod client;
mod dry_runs;
mod every_action;
mod gateway;
mod instance;
mod launch_template;
mod load_balancer;
mod market;
mod network;
mod nouns;
mod others;
mod paging;
mod storage;
mod story;
mod survival;
mod world;

use std::collections::BTreeMap;
use std::time::Duration;

use prov::emulator::{Emulator, Options, Profile};
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use client::*;
