//! Modules: what is called, where it comes from, and what of it programs are told.

mod bringing;
mod copying;
mod engine;
mod loading;
mod server;
mod telling;
