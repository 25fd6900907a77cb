//! What a type does by itself where the tables cannot say it.

use futures::future::BoxFuture;

use super::{
    Change, CreateRequest, Failure, Listing, Lost, Progress, Trace, Wanted,
    batch::Answers,
    lookout::Lookout,
    offer::{Offer, Related},
    together::Together,
};
use crate::{
    cloud::{ApiError, Client},
    model::{Object, plan::Effect},
    schema::{Proposal, ResourceType},
};

/// What a hook may use.
#[derive(Clone, Copy)]
pub struct Context<'a> {
    pub client: &'a Client,
    pub ty: &'static ResourceType,
    pub progress: Progress<'a>,
    /// Answers of this refresh, so that two objects that need the same one ask once.
    pub answers: &'a Answers,
    /// Where steps that wait for objects look at them together.
    pub lookout: &'a Lookout,
    /// Where calls that can be made as one meet.
    pub together: &'a Together,
}

/// Reads many objects of the type, in the order asked.
pub type ReadHook =
    for<'a> fn(Context<'a>, &'a [Wanted]) -> BoxFuture<'a, Vec<Result<Option<Object>, ApiError>>>;
/// Reads a data source.
pub type DataHook = for<'a> fn(Context<'a>, &'a Object) -> BoxFuture<'a, Result<Object, Failure>>;
/// Returns the create call. Pure.
pub type CreateRequestHook = fn(&'static ResourceType, &Object) -> CreateRequest;
/// Sends a create call whose answer needs care of its own, with its client token, and returns the answer.
pub type CreateHook = for<'a> fn(
    Context<'a>,
    &'a CreateRequest,
    &'a Object,
    &'a str,
) -> BoxFuture<'a, Result<serde_json::Value, ApiError>>;
/// Completes a create call right before it is sent, with what must be nowhere on disk. An error says that
/// nothing was sent.
pub type RevealHook =
    for<'a> fn(Context<'a>, &'a CreateRequest) -> BoxFuture<'a, Result<CreateRequest, ApiError>>;
/// Looks for the object of a create call without a client token whose answer was lost.
pub type TraceHook = for<'a> fn(Context<'a>, Lost<'a>) -> BoxFuture<'a, Result<Trace, ApiError>>;
/// Returns the id of a created object from its request and the create call's answer.
pub type IdHook = fn(&CreateRequest, &serde_json::Value) -> Option<String>;
/// Does what follows the creation, as far as it is still to be done. The object is read afterwards by the caller.
pub type SettleHook =
    for<'a> fn(Context<'a>, &'a str, &'a Object) -> BoxFuture<'a, Result<(), Failure>>;
/// Changes the object. It is read afterwards by the caller.
pub type UpdateHook =
    for<'a> fn(Context<'a>, &'a str, Change<'a>) -> BoxFuture<'a, Result<(), Failure>>;
/// Deletes the object and waits until it is gone.
pub type DeleteHook =
    for<'a> fn(Context<'a>, &'a str, &'a Object) -> BoxFuture<'a, Result<(), Failure>>;
/// Whether an update that was cut short has to be settled like a creation, by what the object was before: an
/// instance that ran may have been stopped for the update, and is to run again.
pub type ResumesHook = fn(&Object) -> bool;
/// Returns the ids of all objects of the type that exist in the region.
pub type ListHook = for<'a> fn(Context<'a>) -> BoxFuture<'a, Result<Listing, ApiError>>;
/// Amends the proposal that the table gives (prior object, configuration). Pure.
pub type ProposeHook = fn(Option<&Object>, &Object, &mut Proposal);

/// Makes an object that needs no cloud: the desired object in, with `Unknown` where it is to be made up, and the
/// whole object out.
pub type MakeHook = fn(&Object) -> Result<Object, String>;

/// Returns the object that an import of a type without a cloud takes into the state, from the id alone.
pub type ImportHook = fn(&str) -> Result<Object, String>;

/// Brings the attributes of an object that an older schema of the type wrote up to date.
pub type UpgradeHook = fn(&Object) -> Object;

/// Returns what an object's deletion does beyond removing it; of a replacement too. Pure.
pub type LossHook = fn(&Object) -> Vec<Effect>;

/// Returns what an object takes from the market and the account, with the objects that it refers to. Pure.
pub type OfferHook = fn(&Object, &Related) -> Offer;

/// The phases of a type's life that it carries out by itself; each replaces the table-driven one.
#[derive(Clone, Copy, Default)]
pub struct Hooks {
    pub read: Option<ReadHook>,
    pub data: Option<DataHook>,
    pub create_request: Option<CreateRequestHook>,
    pub reveal: Option<RevealHook>,
    pub create: Option<CreateHook>,
    pub trace: Option<TraceHook>,
    pub id: Option<IdHook>,
    pub settle: Option<SettleHook>,
    pub update: Option<UpdateHook>,
    pub delete: Option<DeleteHook>,
    /// Whether a deletion goes on when the object is gone: one that was cut short is then carried out again.
    pub deletes_more: bool,
    pub propose: Option<ProposeHook>,
    pub list: Option<ListHook>,
    pub resumes: Option<ResumesHook>,
    pub loss: Option<LossHook>,
    /// What a preflight asks about; without it, the type costs nothing and is not limited.
    pub offer: Option<OfferHook>,
    pub make: Option<MakeHook>,
    pub import: Option<ImportHook>,
    pub upgrade: Option<UpgradeHook>,
}

impl Hooks {
    /// Everything follows from the table.
    pub const NONE: Self = Self {
        read: None,
        data: None,
        create_request: None,
        reveal: None,
        create: None,
        trace: None,
        id: None,
        settle: None,
        update: None,
        delete: None,
        deletes_more: false,
        propose: None,
        list: None,
        resumes: None,
        loss: None,
        offer: None,
        make: None,
        import: None,
        upgrade: None,
    };
}

impl Kind {
    /// Whether an update that was cut short has to be settled like a creation, by what the object was before.
    pub fn resumes(&self, before: &Object) -> bool {
        self.hooks.resumes.is_some_and(|hook| hook(before))
    }
}

/// A registered type: its table and its hooks.
#[derive(Clone, Copy)]
pub struct Kind {
    pub ty: &'static ResourceType,
    pub hooks: Hooks,
}
