//! Carrying a plan out, exactly once.

pub mod journal;
pub mod token;

#[cfg(test)]
mod tests;
