//! Whose requests they are: where access keys come from, and how they stay valid.
//!
//! [`chain::choose`] decides, without asking anybody, which [`Source`] it is: provider block, environment, profile, …. A
//! [`Keeper`] gets the keys from the source when the first call needs them, and new ones before they expire. The
//! environment and the files are handed in as [`Surroundings`]; nothing of them is read here otherwise.

pub mod chain;
mod environment;
mod given;
mod ini;
mod keeper;
mod key_pair;
mod metadata;
mod modes;
mod process;
mod profile;
mod remote;
mod source;
mod sso;
mod sts;

pub use chain::{Chosen, NoCredentials, choose};
pub use environment::region;
pub use given::{Given, Oidc, Role, StsPlace, Surroundings};
pub use keeper::{Keeper, Lender, Lent};
pub use remote::{METADATA, Remote};
pub use source::Source;

use crate::model::secret::Secret;

/// An access key, complete.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Credentials {
    pub access_key: String,
    pub secret_key: Secret,
    pub security_token: Option<Secret>,
}

impl Credentials {
    /// Returns the texts that must not be seen.
    pub(super) fn secrets(&self) -> impl Iterator<Item = &str> {
        [Some(&self.secret_key), self.security_token.as_ref()]
            .into_iter()
            .flatten()
            .map(Secret::expose_secret)
    }
}
