//! Where chance comes from: the system, or a seed.

use sha2::{Digest, Sha256};

/// A source of chance.
pub enum Dice {
    /// What the operating system gives: fit for secrets.
    System,
    /// SHA-256 of the seed and a counter: the same for the same seed, on every machine and for all time.
    Seeded {
        key: [u8; 32],
        counter: u64,
        left: Vec<u8>,
    },
}

impl Dice {
    /// Returns dice that roll the same for the same seed; without one, those of the system.
    pub fn of(seed: &str) -> Self {
        if seed.is_empty() {
            return Self::System;
        }
        Self::Seeded {
            key: Sha256::digest(seed).into(),
            counter: 0,
            left: Vec::new(),
        }
    }

    /// Returns so many bytes.
    pub fn bytes(&mut self, count: usize) -> Result<Vec<u8>, String> {
        let mut bytes = vec![0; count];
        self.fill(&mut bytes)?;
        Ok(bytes)
    }

    fn fill(&mut self, bytes: &mut [u8]) -> Result<(), String> {
        match self {
            Self::System => getrandom::fill(bytes)
                .map_err(|error| format!("The system gives no random bytes: {error}.")),
            Self::Seeded { key, counter, left } => {
                for byte in bytes {
                    if left.is_empty() {
                        let mut hash = Sha256::new();
                        hash.update(*key);
                        hash.update(counter.to_be_bytes());
                        left.extend(hash.finalize());
                        *counter += 1;
                    }
                    *byte = left.pop().unwrap_or_default();
                }
                Ok(())
            }
        }
    }

    fn next(&mut self) -> Result<u64, String> {
        let mut bytes = [0; 8];
        self.fill(&mut bytes)?;
        Ok(u64::from_be_bytes(bytes))
    }

    /// Returns a number below the bound, each as likely as the other; 0 bounds nothing.
    pub fn below(&mut self, bound: u64) -> Result<u64, String> {
        if bound == 0 {
            return self.next();
        }
        // The last numbers would make some remainders likelier.
        let whole = u64::MAX - (u64::MAX % bound + 1) % bound;
        loop {
            let number = self.next()?;
            if number <= whole {
                return Ok(number % bound);
            }
        }
    }

    /// Returns a place in a list of this length.
    pub fn place(&mut self, length: usize) -> Result<usize, String> {
        let place = self.below(length as u64)?;
        Ok(usize::try_from(place).expect("it is below a length"))
    }

    /// Returns one of them.
    pub fn one_of<'a, T>(&mut self, of: &'a [T]) -> Result<&'a T, String> {
        Ok(&of[self.place(of.len())?])
    }

    /// Puts them in any order.
    pub fn shuffle<T>(&mut self, all: &mut [T]) -> Result<(), String> {
        for at in (1..all.len()).rev() {
            all.swap(at, self.place(at + 1)?);
        }
        Ok(())
    }
}
