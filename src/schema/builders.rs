//! Constant builders, so that a table reads as rows: `string("cidr_block", "…").kept().sent(&[…])`.
//!
//! A builder starts at the most common row (an optional, plain attribute that no call carries; an
//! unconditional call) and each method changes one column.

use super::types::*;

/// The start of a type's row: `ResourceType { create: …, ..resource("alicloud_vpc", Service::Vpc, "…") }`.
pub const fn resource(name: &'static str, service: Service, doc: &'static str) -> ResourceType {
    ResourceType {
        name,
        alias_of: None,
        doc,
        service,
        id: Id::Composite,
        create: &[],
        read: &[],
        updates: &[],
        delete: &[],
        timeouts: Timeouts {
            create: 0,
            update: 0,
            delete: 0,
        },
        attributes: &[],
        rules: &[],
        cross: &[],
        agree: &[],
        further_create_actions: &[],
        siblings: None,
        crowd: None,
        adopt: Adopt::UNLISTED,
        import: "",
        import_is_secret: false,
        schema_version: 0,
    }
}

/// A call that changes something: always, whole, without token, retry, wait.
pub const fn call(action: &'static str) -> Call {
    Call {
        action,
        when: When::Always,
        part: Part::Whole,
        with: &[],
        token: false,
        retry: &[],
        gone: &[],
        whole: false,
        wait: None,
        dry_run: false,
        confirm: false,
        after_create: false,
        together: None,
    }
}

impl Call {
    /// The action takes a `ClientToken`.
    pub const fn token(self) -> Self {
        Self {
            token: true,
            ..self
        }
    }

    /// The action takes `DryRun`.
    pub const fn dry_run(self) -> Self {
        Self {
            dry_run: true,
            ..self
        }
    }

    /// Parameters with fixed values.
    pub const fn with(self, with: &'static [(&'static str, &'static str)]) -> Self {
        Self { with, ..self }
    }

    /// Codes after which it is asked again.
    pub const fn retry(self, retry: &'static [&'static str]) -> Self {
        Self { retry, ..self }
    }

    /// Codes that mean that it is already done.
    pub const fn gone(self, gone: &'static [&'static str]) -> Self {
        Self { gone, ..self }
    }

    /// As an update, sends everything that it carries.
    pub const fn whole(self) -> Self {
        Self {
            whole: true,
            ..self
        }
    }

    /// Polls afterwards.
    pub const fn wait(self, wait: Wait) -> Self {
        Self {
            wait: Some(wait),
            ..self
        }
    }

    /// The condition under which it is the one.
    pub const fn when(self, when: When) -> Self {
        Self { when, ..self }
    }

    /// Which elements of a collection it carries.
    pub const fn part(self, part: Part) -> Self {
        Self { part, ..self }
    }

    /// Polls until what was sent reads back.
    pub const fn confirm(self) -> Self {
        Self {
            confirm: true,
            ..self
        }
    }

    /// Goes together with others that differ only under `prefix.1`, at most so many in one call.
    pub const fn together(self, prefix: &'static str, most: usize) -> Self {
        Self {
            together: Some(Together { prefix, most }),
            ..self
        }
    }

    /// Also runs after the creation, if an attribute of it is set.
    pub const fn after_create(self) -> Self {
        Self {
            after_create: true,
            ..self
        }
    }
}

/// A read that takes one id.
pub const fn read_one(action: &'static str, id: &'static str, item: &'static str) -> Read {
    Read {
        action,
        ids: Ids::One(id),
        item,
    }
}

/// An optional attribute that no call carries.
pub const fn attribute(name: &'static str, ty: Type, doc: &'static str) -> Attribute {
    Attribute {
        name,
        deprecated: None,
        ty,
        presence: Presence::Optional,
        default: None,
        replaces: false,
        rides: false,
        grows: Grows::Freely,
        sent: &[],
        read: None,
        wire: Wire::Plain,
        checks: &[],
        same: None,
        sensitive: false,
        write_only: None,
        refers_to: None,
        holds: false,
        effects: &[],
        doc,
        example: "",
    }
}

/// A string.
pub const fn string(name: &'static str, doc: &'static str) -> Attribute {
    attribute(name, Type::String, doc)
}

/// A whole number.
pub const fn int(name: &'static str, doc: &'static str) -> Attribute {
    attribute(name, Type::Int, doc)
}

/// A number with a fraction.
pub const fn float(name: &'static str, doc: &'static str) -> Attribute {
    attribute(name, Type::Float, doc)
}

/// True or false.
pub const fn boolean(name: &'static str, doc: &'static str) -> Attribute {
    attribute(name, Type::Bool, doc)
}

/// A list of strings.
pub const fn strings(name: &'static str, doc: &'static str) -> Attribute {
    attribute(name, Type::List(&Type::String), doc)
}

/// A set of strings.
pub const fn string_set(name: &'static str, doc: &'static str) -> Attribute {
    attribute(name, Type::Set(&Type::String), doc)
}

/// A map of strings.
pub const fn map(name: &'static str, doc: &'static str) -> Attribute {
    attribute(name, Type::Map, doc)
}

/// Tags, as `TagResources` sets them; 20 at most.
pub const fn tags(doc: &'static str) -> Attribute {
    map("tags", doc)
        .wire(Wire::Tags)
        .check(&[Check::Custom(super::checks::tags)])
}

/// Nested blocks, in order, from `min` to `max` of them.
pub const fn blocks(
    name: &'static str,
    doc: &'static str,
    attributes: &'static [Attribute],
    min: usize,
    max: usize,
) -> Attribute {
    attribute(name, Type::Blocks(attributes, min, max), doc)
}

/// Unordered nested blocks, from `min` to `max` of them.
pub const fn block_set(
    name: &'static str,
    doc: &'static str,
    attributes: &'static [Attribute],
    min: usize,
    max: usize,
) -> Attribute {
    attribute(name, Type::BlockSet(attributes, min, max), doc)
}

impl Attribute {
    /// Must be given.
    pub const fn required(self) -> Self {
        Self {
            presence: Presence::Required,
            ..self
        }
    }

    /// Optional, and the cloud's value stands when unset.
    pub const fn kept(self) -> Self {
        Self {
            presence: Presence::Kept,
            ..self
        }
    }

    /// Only the cloud sets it.
    pub const fn computed(self) -> Self {
        Self {
            presence: Presence::Computed,
            ..self
        }
    }

    /// The value when unset.
    pub const fn default(self, default: Default) -> Self {
        Self {
            default: Some(default),
            ..self
        }
    }

    /// A change replaces the object.
    pub const fn replaces(self) -> Self {
        Self {
            replaces: true,
            ..self
        }
    }

    /// Deprecated in favour of its successor, whose value it shares.
    pub const fn deprecated(self, successor: &'static str) -> Self {
        Self {
            deprecated: Some(successor),
            ..self
        }
    }

    /// The calls that carry it, and under which parameter.
    pub const fn sent(self, sent: &'static [(&'static Call, &'static str)]) -> Self {
        Self { sent, ..self }
    }

    /// Where it is read: a dotted path within the item of that read's answer.
    pub const fn read(self, from: &'static Read, field: &'static str) -> Self {
        Self {
            read: Some((from, field)),
            ..self
        }
    }

    /// How the value is written.
    pub const fn wire(self, wire: Wire) -> Self {
        Self { wire, ..self }
    }

    /// What a known value must satisfy.
    pub const fn check(self, checks: &'static [Check]) -> Self {
        Self { checks, ..self }
    }

    /// When a difference (state, merged new values) is to be ignored.
    pub const fn same(
        self,
        same: fn(&crate::model::Object, &crate::model::Object) -> bool,
    ) -> Self {
        Self {
            same: Some(same),
            ..self
        }
    }

    /// Only goes with an update call that something else causes.
    pub const fn rides_along(self) -> Self {
        Self {
            rides: true,
            ..self
        }
    }

    /// An update can make it larger only.
    pub const fn grows(self) -> Self {
        Self {
            grows: Grows::Only,
            ..self
        }
    }

    /// The same, while the other attribute stays.
    pub const fn grows_with(self, other: &'static str) -> Self {
        Self {
            grows: Grows::OnlyWith(other),
            ..self
        }
    }

    /// Never shown.
    pub const fn sensitive(self) -> Self {
        Self {
            sensitive: true,
            ..self
        }
    }

    /// Sent in the place of another attribute, and kept nowhere.
    pub const fn write_only(self, instead_of: &'static str) -> Self {
        Self {
            write_only: Some(instead_of),
            sensitive: true,
            ..self
        }
    }

    /// The type whose id it holds.
    pub const fn refers_to(self, ty: &'static str) -> Self {
        Self {
            refers_to: Some(ty),
            ..self
        }
    }

    /// What it refers to cannot be deleted while it does.
    pub const fn holds(self) -> Self {
        Self {
            holds: true,
            ..self
        }
    }

    /// What changes of it in place do beyond changing the value: `&[(Effect::Costs, On::Larger)]`.
    pub const fn effects(self, effects: &'static [(crate::model::plan::Effect, On)]) -> Self {
        Self { effects, ..self }
    }

    /// A value that passes its checks.
    pub const fn example(self, example: &'static str) -> Self {
        Self { example, ..self }
    }
}
