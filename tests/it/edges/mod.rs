//! What happens around a run: signals, terminals and pipes that close, places that vanish, networks that are in the way.

mod network;
mod process;
