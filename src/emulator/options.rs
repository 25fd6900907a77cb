//! How an emulator is set up.

use std::path::PathBuf;

use super::{Accounts, Faults, Profile, Recorder};

/// How an emulator is set up.
#[derive(Clone)]
pub struct Options {
    /// Where the world is kept; in memory without it.
    pub data: Option<PathBuf>,
    /// Ids and chances follow from it.
    pub seed: u64,
    /// How long states last.
    pub profile: Profile,
    /// Access key ids with their secrets.
    pub access_keys: Vec<(String, String)>,
    /// Further accounts, users and roles.
    pub accounts: Accounts,
    /// What is to go wrong from the start.
    pub faults: Option<Faults>,
    /// Who is told of every call that was understood.
    pub recorder: Option<Recorder>,
}

impl std::fmt::Debug for Options {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let ids: Vec<&str> = self.access_keys.iter().map(|(id, _)| id.as_str()).collect();
        formatter
            .debug_struct("Options")
            .field("data", &self.data)
            .field("seed", &self.seed)
            .field("profile", &self.profile)
            .field("access_keys", &ids)
            .field("accounts", &self.accounts)
            .field("faults", &self.faults)
            .finish_non_exhaustive()
    }
}

impl Default for Options {
    fn default() -> Self {
        Self {
            data: None,
            seed: 0,
            profile: Profile::default(),
            access_keys: vec![("LTAI-emulator".to_owned(), "emulator-secret".to_owned())],
            accounts: Accounts::default(),
            faults: None,
            recorder: None,
        }
    }
}
