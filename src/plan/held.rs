//! What an object is in, and cannot leave in time: the other one is destroyed before there is a successor, and
//! the cloud deletes nothing that is in use. What is in it can only be replaced along with it.

use std::{
    collections::{BTreeSet, HashMap},
    sync::Arc,
};

use super::refresh::id_of;
use crate::{
    eval,
    manifest::ast::Resource,
    model::{
        Address, Diagnostic, Object, ResourceAddress, Value,
        plan::{Action, Change},
    },
    schema::{Attribute, ResourceType},
};

/// Objects that are destroyed before their successors are there, by their type and id.
#[derive(Debug, Default)]
pub struct Departing {
    objects: HashMap<(&'static str, String), Address>,
}

/// An attribute that refers to such an object.
#[derive(Debug)]
pub struct Held<'a> {
    pub attribute: &'static str,
    by: &'a Address,
}

impl Departing {
    /// Notes an object that departs.
    pub fn note(&mut self, ty: &ResourceType, change: &Change) {
        if change.action == Action::DeleteCreate
            && let Some(before) = &change.before
        {
            let place = (ty.canonical(), id_of(before));
            self.objects.insert(place, change.address.clone());
        }
    }

    /// Notes an object that goes for good, before what it is in departs.
    pub fn note_surplus(
        &mut self,
        ty: &ResourceType,
        address: &Address,
        before: &Object,
        needs: &BTreeSet<Arc<ResourceAddress>>,
    ) {
        if !self.held(ty, before, needs).is_empty() {
            let place = (ty.canonical(), id_of(before));
            self.objects.insert(place, address.clone());
        }
    }

    pub fn is_empty(&self) -> bool {
        self.objects.is_empty()
    }

    /// Returns the attributes by which an object is in what departs, and what it needs from there is yet to come.
    pub fn held(
        &self,
        ty: &ResourceType,
        before: &Object,
        needs: &BTreeSet<Arc<ResourceAddress>>,
    ) -> Vec<Held<'_>> {
        if needs.is_empty() {
            return Vec::new();
        }
        let holding = ty.attributes.iter().filter(|attribute| attribute.holds);
        let held = holding.filter_map(|attribute| {
            let by = self.referred(attribute, before, needs)?;
            let attribute = attribute.name;
            Some(Held { attribute, by })
        });
        held.collect()
    }

    fn referred(
        &self,
        attribute: &Attribute,
        before: &Object,
        needs: &BTreeSet<Arc<ResourceAddress>>,
    ) -> Option<&Address> {
        let kind = attribute.refers_to?;
        let value = before.get(attribute.name)?;
        let ids = value.as_str().into_iter();
        let ids = ids.chain(
            value
                .as_list()
                .into_iter()
                .flatten()
                .filter_map(Value::as_str),
        );
        ids.filter_map(|id| self.objects.get(&(kind, id.to_owned())))
            .find(|address| needs.contains(&address.resource.config()))
    }
}

impl Held<'_> {
    /// Says that the object goes along, and what would let it stay.
    pub fn tell(&self, address: &Address, block: &Resource) -> Diagnostic {
        let Self { attribute, by } = self;
        let span = eval::span_of(&block.body, attribute).unwrap_or(block.span);
        Diagnostic::warning(
            "Replaced along with what it refers to",
            format!(
                "{by} is destroyed before its successor is there, and cannot be while {attribute} of {address} refers to it."
            ),
        )
        .at(span)
        .about(address)
        .hint(format!(
            "To keep this object, let it move: set create_before_destroy in the lifecycle block of {}, if the cloud can have both at once.",
            by.resource
        ))
    }
}
