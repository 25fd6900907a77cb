//! The seam between the engine and what carries changes out.
//!
//! The engine (`plan`, `apply`) knows this trait and the tables, never an action of the cloud.

pub mod aliyun;
pub mod batch;
pub mod blame;
pub mod builtin;
mod gather;
pub mod hooks;
pub mod kms;
pub mod lifecycle;
pub mod lookout;
pub mod mock;
pub mod offer;
pub mod preflight;
pub mod registry;
pub mod tags;
pub mod together;

pub use aliyun::Aliyun;

use async_trait::async_trait;

pub use crate::{
    cloud::{ApiError, ApiErrorKind},
    schema::Param,
};
use crate::{
    model::{
        Diagnostic, Object,
        language::{Language, Words},
    },
    schema::ResourceType,
};

/// One object to read.
#[derive(Clone, Debug)]
pub struct Wanted {
    pub ty: &'static ResourceType,
    pub id: String,
    /// What is known of it: attributes that the cloud does not give back are kept from here.
    pub known: std::sync::Arc<Object>,
}

/// What a type's list holds.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Listing {
    pub ids: Vec<String>,
    /// How many more there are that are the cloud's own.
    pub left: usize,
}

impl From<Vec<String>> for Listing {
    fn from(ids: Vec<String>) -> Self {
        Self { ids, left: 0 }
    }
}

/// A create call, complete but for its client token: what the token is derived from and the journal holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CreateRequest {
    pub action: &'static str,
    /// Sorted by name, as sent.
    pub params: Vec<Param>,
    /// Whether the action takes a client token. Without one, the request must be such that asking
    /// twice makes one object (security group rules), or leave a mark that can be found.
    pub takes_token: bool,
}

/// A create call that was never answered, and cannot be asked again: it takes no client token, or has other secrets by now.
#[derive(Clone, Copy, Debug)]
pub struct Lost<'a> {
    pub request: &'a CreateRequest,
    /// The object as it was planned.
    pub planned: &'a Object,
    /// When the call was about to leave, by the clock of the machine that sent it.
    pub at: jiff::Timestamp,
    /// The ids of what is known to be another's.
    pub known: &'a [String],
}

/// How far the creation time of an object may be from when the call was to leave: what a call waits for
/// at most, and the clocks' difference that the API puts up with.
const NEAR: jiff::SignedDuration = jiff::SignedDuration::from_mins(15);

impl Lost<'_> {
    /// Whether an object that was created then may be this call's.
    pub fn is_near(&self, created: &str) -> bool {
        let created = created.parse::<jiff::Timestamp>();
        created.is_ok_and(|created| created.duration_since(self.at).abs() <= NEAR)
    }
}

/// Where a provider's calls go, whatever its block is called.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Whereabouts {
    pub region: String,
    /// The account's number, or what tells it apart where the configuration does not say the number.
    pub account: String,
}

/// What looking for the object of a lost create call came to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Trace {
    /// Looking tells nothing, or not yet: asking again makes one object.
    AskAgain,
    /// The object is there.
    Made { id: String },
    /// It is there and of no use, since what only the lost answer had is missing: that, as a noun.
    Spoilt { id: String, missing: String },
    /// There is none that this call made.
    NotMade,
}

/// An update or settling that failed part of the way.
#[derive(Debug)]
pub struct Failure {
    pub error: ApiError,
    /// The attribute that it is about, when that is known: `instance_type`.
    pub attribute: Option<String>,
    /// The object as it reads now, when it could be read.
    pub current: Option<Object>,
}

/// Told of each call within a step: `StartInstance`, `waiting for Running`.
pub type Progress<'a> = &'a (dyn Fn(&str) + Send + Sync);

/// Carries out reads and changes for the types that it knows.
#[async_trait]
pub trait Provider: Send + Sync {
    /// Checks that the cloud answers to credentials, region and endpoint, unless it has answered already.
    async fn check(&self, ty: &'static ResourceType) -> Result<(), ApiError>;

    /// Returns the time by the cloud's clock, as far as it is known: within what the cloud puts up with, once it has
    /// answered.
    fn now(&self) -> jiff::Timestamp {
        jiff::Timestamp::now()
    }

    /// Returns where calls go, if they go anywhere.
    fn whereabouts(&self) -> Option<Whereabouts> {
        None
    }

    /// Asks what can be known of these changes beforehand. Writes nothing.
    async fn preflight(&self, _: &[preflight::Order]) -> preflight::Report {
        preflight::Report::default()
    }

    /// Returns the attributes whose change replaces an object of this type, since the provider block says so.
    fn replacing(&self, _: &'static ResourceType) -> &'static [&'static str] {
        &[]
    }

    /// Returns a new object as the plan is to show it, where all of it is known beforehand: `after` has `Unknown` for
    /// what the cloud decides.
    fn foreseen(&self, _: &'static ResourceType, _after: &Object) -> Option<Object> {
        None
    }

    /// Reads many at once, in the order asked; `None` means that the cloud no longer has it.
    async fn read(&self, wanted: &[Wanted]) -> Vec<Result<Option<Object>, ApiError>>;

    /// Returns the ids of all objects of a type that exist; none for a type that cannot be listed.
    async fn list(&self, _: &'static ResourceType) -> Result<Listing, ApiError> {
        Ok(Listing::default())
    }

    /// Reads a data source: its arguments in, all attributes out.
    async fn data(&self, ty: &'static ResourceType, arguments: &Object) -> Result<Object, Failure>;

    /// Returns the create call for this object. Pure.
    fn create_request(&self, ty: &'static ResourceType, desired: &Object) -> CreateRequest;

    /// Sends the create call and returns the new object's id, which is known even if the object is not yet ready.
    async fn create(
        &self,
        ty: &'static ResourceType,
        request: &CreateRequest,
        token: &str,
        desired: &Object,
    ) -> Result<String, Failure>;

    /// Looks for what a create call without a client token made, when its answer was lost.
    async fn trace(&self, _: &'static ResourceType, _: Lost<'_>) -> Result<Trace, ApiError> {
        Ok(Trace::AskAgain)
    }

    /// Makes the object with this id ready and as desired after its creation, and reads it. Looks
    /// first and does only what is missing, so that it can be called again after a crash at any point.
    async fn settle(
        &self,
        ty: &'static ResourceType,
        id: &str,
        desired: &Object,
        progress: Progress<'_>,
    ) -> Result<Object, Failure>;

    /// Changes `changed` attributes from `prior` to `desired`, and reads the object.
    async fn update(
        &self,
        ty: &'static ResourceType,
        id: &str,
        change: Change<'_>,
        progress: Progress<'_>,
    ) -> Result<Object, Failure>;

    /// Deletes the object and waits until it is gone. An object that is already gone is no error.
    async fn delete(
        &self,
        ty: &'static ResourceType,
        id: &str,
        prior: &Object,
        progress: Progress<'_>,
    ) -> Result<(), Failure>;
}

/// Returns the diagnostic of an error, with its explanation in every language; a remedy that is not known
/// is `otherwise`.
pub fn explain(summary: Words, error: &ApiError, otherwise: Option<Words>) -> Diagnostic {
    let remedy = error.meaning().map(|meaning| meaning.remedy).or(otherwise);
    let hint = |language| remedy.map(|remedy| remedy.in_language(language).to_owned());
    let mut diagnostic = Diagnostic::error(summary.english, error.explained(Language::English))
        .in_chinese(
            summary.chinese,
            error.explained(Language::Chinese),
            hint(Language::Chinese),
        );
    diagnostic.hint = hint(Language::English);
    diagnostic
}

/// What an update goes from and to.
#[derive(Clone, Copy, Debug)]
pub struct Change<'a> {
    pub prior: &'a Object,
    pub desired: &'a Object,
    /// Attribute paths, from the plan's proposal.
    pub changed: &'a [String],
}
