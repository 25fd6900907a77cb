//! A plan to the cloud: exactly once, whatever dies when.
//!
//! Start with `run`; what is written down and what follows from it is in `journal`.

pub mod crash;
pub mod desired;
pub mod journal;
pub mod recover;
pub mod run;
pub mod saved;
mod sealing;
pub mod store;
pub mod token;

#[cfg(test)]
mod tests;
