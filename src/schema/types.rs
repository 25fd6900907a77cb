//! The columns of the three tables: a type lists its calls in order; a call is a row; an attribute
//! says which calls carry it, and under which name.

use crate::model::{
    Object, Value,
    plan::{Consequence, Effect},
};

/// A resource type or data source.
#[derive(Debug)]
pub struct ResourceType {
    pub name: &'static str,
    /// The name of the type that this one is another name for, in manifests and in state.
    pub alias_of: Option<&'static str>,
    pub doc: &'static str,
    pub service: Service,
    pub id: Id,
    /// The first whose `when` holds is the one.
    pub create: &'static [&'static Call],
    pub read: &'static [&'static Read],
    /// In this order.
    pub updates: &'static [&'static Call],
    pub delete: &'static [&'static Call],
    pub timeouts: Timeouts,
    pub attributes: &'static [Attribute],
    pub rules: &'static [Rule],
    /// Rules between an object and one that it refers to.
    pub cross: &'static [CrossRule],
    /// What all objects that this one refers to must agree in: their `vpc_id`.
    pub agree: &'static [&'static str],
    /// Create actions that a hook chooses, beyond those of `create`.
    pub further_create_actions: &'static [&'static str],
    /// A rule between two objects of this type.
    pub siblings: Option<Siblings>,
    /// How many objects of this type may refer to one.
    pub crowd: Option<Crowd>,
    /// How existing objects are found and written down.
    pub adopt: Adopt,
    /// The form of the id that `prov import` takes; empty for a data source, and for what cannot be imported.
    pub import: &'static str,
    /// Whether that id is itself a secret, which is shown nowhere.
    pub import_is_secret: bool,
    pub schema_version: u64,
}

impl ResourceType {
    /// Returns the name that stands for the type and its aliases, the one that `refers_to` has.
    pub const fn canonical(&self) -> &'static str {
        match self.alias_of {
            Some(name) => name,
            None => self.name,
        }
    }

    /// Returns the same type under an older name, which configurations and states may use.
    #[must_use]
    pub const fn alias(self, name: &'static str) -> Self {
        Self {
            name,
            alias_of: Some(self.name),
            ..self
        }
    }
}

/// How existing objects of a type are found in a region, and what a configuration says of them.
#[derive(Clone, Copy, Debug)]
pub struct Adopt {
    /// Parameters with which the type's first read lists them, in pages; `None`: it does not.
    pub listed: Option<&'static [(&'static str, &'static str)]>,
    /// The path of the list's items, where it is not that of the first read.
    pub item: &'static str,
    /// Whether an item of the list is part of another object, or not the account's to write down.
    pub skip: fn(&serde_json::Value) -> bool,
    /// Whether an item of the list is the cloud's own, beyond what says of itself that a service manages it.
    pub of_cloud: fn(&serde_json::Value) -> bool,
    /// The ids of the objects that an item of the list tells of, where it is not the one in the id's field.
    pub ids: Option<fn(&serde_json::Value) -> Vec<String>>,
    /// Attributes by which other objects name this one, besides its id.
    pub known_by: &'static [&'static str],
    /// Attributes that a configuration leaves to the cloud.
    pub unsaid: &'static [&'static str],
}

impl Adopt {
    /// Found by a hook or not at all.
    pub const UNLISTED: Self = Self {
        listed: None,
        item: "",
        skip: |_| false,
        of_cloud: |_| false,
        ids: None,
        known_by: &[],
        unsaid: &[],
    };

    /// All that the type's first read lists.
    pub const LISTED: Self = Self {
        listed: Some(&[]),
        ..Self::UNLISTED
    };
}

/// A rule between an object and the one that `attribute` (whose `refers_to` names the type) refers to.
#[derive(Debug)]
pub struct CrossRule {
    /// Where a problem is reported: the attribute that refers to the other one.
    pub attribute: &'static str,
    /// Sees unknown values in both; must stay silent where they decide.
    pub check: fn(this: &Object, that: &Object) -> Option<Problem>,
}

/// A rule between two objects of one type that have the same known value of `same`.
#[derive(Clone, Copy, Debug)]
pub struct Siblings {
    pub same: &'static str,
    /// The problem is one of the first object. Sees unknown values in both.
    pub check: fn(this: &Object, that: &Object) -> Option<Problem>,
}

/// A rule about how many objects of one type refer to the same object by `attribute`.
#[derive(Clone, Copy, Debug)]
pub struct Crowd {
    pub attribute: &'static str,
    /// So many are never a problem.
    pub free: usize,
    /// Sees how many there are, and what they refer to as far as the plan has it.
    pub check: fn(count: usize, that: Option<&Object>) -> Option<Problem>,
}

/// Who carries a type's calls out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Service {
    Ecs,
    Vpc,
    Slb,
    /// No cloud at all: `terraform_data`.
    Builtin,
    /// No cloud, either: `random_*`.
    Random,
}

/// Where a new object's id comes from.
#[derive(Debug, PartialEq, Eq)]
pub enum Id {
    /// A field of the create call's answer.
    Field(&'static str),
    /// Parts with `:` between them: of each, the create call's parameter or its answer's field, and the
    /// attribute that holds it. A `:` within a part is written `_`.
    Parts(&'static [(&'static str, &'static str)]),
    /// Made of attributes by the type's hook.
    Composite,
}

/// Minutes; 0: the type has no such timeout to configure.
#[derive(Clone, Copy, Debug)]
pub struct Timeouts {
    pub create: u32,
    pub update: u32,
    pub delete: u32,
}

/// A call that changes something.
#[derive(Debug)]
pub struct Call {
    pub action: &'static str,
    pub when: When,
    pub part: Part,
    /// Fixed parameters.
    pub with: &'static [(&'static str, &'static str)],
    /// Whether the action takes a client token.
    pub token: bool,
    pub retry: &'static [&'static str],
    /// Codes that mean that it is already done; of a create call, that the object may be there.
    pub gone: &'static [&'static str],
    /// Whether an update sends everything that the call carries, and not only what changed.
    pub whole: bool,
    pub wait: Option<Wait>,
    /// Whether the action takes `DryRun`, to be asked beforehand whether it would be accepted.
    pub dry_run: bool,
    /// Whether to poll until what was sent reads back.
    pub confirm: bool,
    /// Whether it also runs after the creation, if an attribute of it is set.
    pub after_create: bool,
    /// How it goes together with others. Only of calls that may be repeated without a token.
    pub together: Option<Together>,
}

/// Calls that differ only in the parameters under `prefix.1` are made as one, with `prefix.1` to `prefix.most`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Together {
    pub prefix: &'static str,
    pub most: usize,
}

#[derive(Debug)]
pub enum When {
    Always,
    True(&'static str),
    Set(&'static str),
    Is(&'static str, &'static str),
    /// The attribute has another value, or none.
    IsNot(&'static str, &'static str),
}

#[derive(Debug, PartialEq, Eq)]
pub enum Part {
    Whole,
    EachAdded,
    EachRemoved,
}

/// Polls the type's read until a field has one of these values.
#[derive(Clone, Copy, Debug)]
pub struct Wait {
    pub field: &'static str,
    pub until: &'static [&'static str],
    pub failed: &'static [&'static str],
}

/// A call that reads objects.
#[derive(Debug)]
pub struct Read {
    pub action: &'static str,
    pub ids: Ids,
    /// The path of the items in the answer: `Vpcs.Vpc`.
    pub item: &'static str,
}

/// How many ids one read takes, and how they are written.
#[derive(Debug)]
pub enum Ids {
    One(&'static str),
    Commas(&'static str, usize),
    /// The same, and a fixed parameter that every such call needs.
    CommasWith(&'static str, usize, (&'static str, &'static str)),
    Json(&'static str, usize),
    /// The same, of an action that knows pages by their size alone.
    JsonPaged(&'static str, usize),
    /// `Id.1`, `Id.2`, ….
    Numbered(&'static str, usize),
    /// One id; all of its items, in pages of this size.
    Pages(&'static str, usize),
    /// Objects whose id has parts: asked for by the first part, and found by the fields that equal the parts.
    /// A part with an empty field is not compared.
    Within(&'static Self, &'static [&'static str]),
    /// One id; many are found by listing all objects that have the same known attribute, in pages.
    Listed {
        id: &'static str,
        /// The filter's parameter, and the attribute with its value.
        by: (&'static str, &'static str),
        page: usize,
    },
}

/// One attribute of a type, or of a nested block.
#[derive(Debug)]
pub struct Attribute {
    pub name: &'static str,
    /// The older name's successor: this one is deprecated in its favour.
    pub deprecated: Option<&'static str>,
    pub ty: Type,
    pub presence: Presence,
    pub default: Option<Default>,
    /// Whether a change replaces the object.
    pub replaces: bool,
    /// Whether it only goes with an update call that something else causes: how to do it, not what.
    pub rides: bool,
    /// Whether an update can make it larger only.
    pub grows: Grows,
    /// The calls that carry it, and the parameter; `Names[]` is a JSON array with it as its only element.
    pub sent: &'static [(&'static Call, &'static str)],
    pub read: Option<(&'static Read, &'static str)>,
    pub wire: Wire,
    pub checks: &'static [Check],
    /// Whether a difference (state, merged new values) is to be ignored.
    pub same: Option<fn(&Object, &Object) -> bool>,
    pub sensitive: bool,
    /// The attribute in whose place it is sent, where it is only sent: state and plan have neither of the two. It is sent
    /// again when its version, `NAME_version`, changes.
    pub write_only: Option<&'static str>,
    /// The type whose id it holds.
    pub refers_to: Option<&'static str>,
    /// Whether what it refers to cannot be deleted before it refers to something else.
    pub holds: bool,
    /// What changes of it in place do beyond changing the value.
    pub effects: &'static [(Effect, On)],
    pub doc: &'static str,
    pub example: &'static str,
}

/// Whether a number can grow only.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Grows {
    Freely,
    Only,
    /// Where this other attribute stays: its change makes the thing anew, in any size.
    OnlyWith(&'static str),
}

/// The changes of a value that have an effect.
#[derive(Clone, Copy, Debug)]
pub enum On {
    Any,
    /// A number grows. What was not set is nothing.
    Larger,
    Smaller,
    To(&'static str),
    From(&'static str),
    /// Anything that needs code.
    When(fn(&Transition<'_>) -> bool),
}

/// An attribute's way from one value to another, and the objects around it.
#[derive(Clone, Copy, Debug)]
pub struct Transition<'a> {
    pub from: &'a Value,
    pub to: &'a Value,
    pub before: &'a Object,
    pub after: &'a Object,
}

#[derive(Clone, Copy, Debug)]
pub enum Type {
    /// Any value, whose own type is kept (`terraform_data`).
    Any,
    String,
    Int,
    Float,
    Bool,
    List(&'static Self),
    Set(&'static Self),
    /// A map of strings.
    Map,
    /// Nested blocks, in order.
    Blocks(&'static [Attribute], usize, usize),
    /// Nested blocks, unordered.
    BlockSet(&'static [Attribute], usize, usize),
}

/// Who decides on an attribute's value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Presence {
    Required,
    Optional,
    /// Optional, and the cloud's value stands when unset ("optional and computed").
    Kept,
    Computed,
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Default {
    String(&'static str),
    Int(i64),
    Bool(bool),
}

/// How a value is written in requests and answers.
#[derive(Debug)]
pub enum Wire {
    Plain,
    Commas,
    Numbered,
    Json,
    Tags,
    /// One block, whose attributes are written as `Outer.Inner`.
    Struct,
    /// Base64, in which text that is valid Base64 already is.
    Base64,
    /// Attribute value, wire value.
    Words(&'static [(&'static str, &'static str)]),
}

/// What a known value must satisfy.
#[derive(Debug)]
pub enum Check {
    /// In bytes.
    Length(usize, usize),
    /// In characters.
    Characters(usize, usize),
    Range(i64, i64),
    OneOf(&'static [&'static str]),
    OneOfInts(&'static [i64]),
    /// An IPv4 network with a mask in this range.
    Cidr(u8, u8),
    Ipv4,
    NoPrefix(&'static [&'static str]),
    /// Anything that needs code: the error is a sentence.
    Custom(fn(&Value) -> Result<(), String>),
}

/// A rule over several attributes.
#[derive(Debug)]
pub enum Rule {
    ExactlyOneOf(&'static [&'static str]),
    AtLeastOneOf(&'static [&'static str]),
    Conflicts(&'static str, &'static str),
    Requires(&'static str, &'static str),
    /// Anything that needs code. Sees unknown values; must stay silent where they decide.
    Custom(fn(&Object) -> Vec<Problem>),
    /// The same, of an object that is to be created or replaced only: what exists may be what is not sold any more.
    New(fn(&Object) -> Vec<Problem>),
}

/// What is wrong with a configuration, at which attribute.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// `data_disks[0].size`; empty for the resource as a whole.
    pub path: String,
    /// A short sentence-case line: `Invalid disk size`.
    pub summary: String,
    /// Full sentences with the value and what is allowed.
    pub detail: String,
    pub hint: Option<String>,
    pub warning: bool,
}

impl Problem {
    /// What is wrong, and what to do about it.
    pub fn new(
        path: impl Into<String>,
        summary: &str,
        detail: impl Into<String>,
        hint: impl Into<String>,
    ) -> Self {
        Self {
            path: path.into(),
            summary: summary.to_owned(),
            detail: detail.into(),
            hint: Some(hint.into()),
            warning: false,
        }
    }
}

/// What an object will be, and what that takes.
#[derive(Clone, Debug, Default)]
pub struct Proposal {
    /// The object after the change; `Unknown` where only the cloud knows.
    pub after: Object,
    /// Paths of attributes that differ from the prior object: what an update has to do.
    pub changed: Vec<String>,
    /// Those of them that force a replacement.
    pub replaces: Vec<String>,
    pub effects: Vec<Consequence>,
}
