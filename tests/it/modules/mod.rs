//! Modules: what is called, where it comes from, and what of it programs are told.

mod loading;
