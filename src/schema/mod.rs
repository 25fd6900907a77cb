//! What a resource type is: three tables (types, calls, attributes), and what derives from them.
//!
//! A table is written with `builders`. `convert` and `validate` judge a configuration, `propose` says
//! what will be, `encode` and `decode` speak with the cloud, `seal` guards secrets.

pub mod builders;
pub mod checks;
mod convert;
mod decode;
mod effects;
mod encode;
pub mod lint;
mod names;
mod path;
mod propose;
mod restore;
mod seal;
pub mod source;
mod timeouts;
mod twins;
pub mod types;
mod validate;
mod values;
mod write_only;

pub use builders::*;
pub use convert::{Converted, convert, model_type, object_type};
pub use decode::{at, decode, is_ignored_tag, items};
pub use effects::{AMOUNT, BILLING, NO_EFFECT};
pub use encode::{
    Deed, Param, carried, carries, encode, encode_each, encode_update, goes_together, is_changed,
    root,
};
pub use names::shared;
pub use propose::{Amend, is_unset, propose};
pub use restore::{restore, unread};
pub use seal::{Memory, is_digest, is_secret, mark, seal};
pub use timeouts::{ConfiguredTimeouts, Limits, limits};
pub use twins::{counterpart, pairs};
pub use types::*;
pub use validate::{cidr, is_allowed, validate, validate_new};
pub use values::{encoded, equal, is_zero, shaped, to_wire};
pub use write_only::{renew, without_write_only, write_in};

#[cfg(test)]
mod tests;
