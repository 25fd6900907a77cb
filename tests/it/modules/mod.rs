//! Modules: what is called, where it comes from, and what of it programs are told.

mod engine;
mod loading;
