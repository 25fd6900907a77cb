//! A provider that makes everything up: what a test says, and else values of the right type.

use std::collections::BTreeMap;

use async_trait::async_trait;

use super::{Change, CreateRequest, Failure, Progress, Provider, Wanted};
use crate::{
    cloud::ApiError,
    model::{Mode, Object, Value},
    schema::{Attribute, Presence, ResourceType, Type},
};

/// What an object of a mocked type has where nothing else says so.
#[derive(Clone, Debug, Default)]
pub struct Given {
    /// Of the attributes' types.
    pub values: Object,
    /// Whether the plan knows all values of a new object already.
    pub in_plan: bool,
}

/// A provider without anything behind it.
#[derive(Clone, Debug, Default)]
pub struct Mock {
    /// By the type's name.
    pub types: BTreeMap<(Mode, String), Given>,
    /// For all other types.
    pub otherwise: Given,
}

impl Mock {
    fn given(&self, mode: Mode, ty: &ResourceType) -> &Given {
        let named = |name: &str| self.types.get(&(mode, name.to_owned()));
        named(ty.name)
            .or_else(|| named(ty.canonical()))
            .unwrap_or(&self.otherwise)
    }

    fn made(&self, mode: Mode, ty: &ResourceType, object: &Object) -> Object {
        filled(ty.attributes, object, &self.given(mode, ty).values)
    }
}

#[async_trait]
impl Provider for Mock {
    async fn check(&self, _: &'static ResourceType) -> Result<(), ApiError> {
        Ok(())
    }

    fn foreseen(&self, ty: &'static ResourceType, after: &Object) -> Option<Object> {
        let in_plan = self.given(Mode::Managed, ty).in_plan;
        in_plan.then(|| self.made(Mode::Managed, ty, after))
    }

    /// What is known is all that there is.
    async fn read(&self, wanted: &[Wanted]) -> Vec<Result<Option<Object>, ApiError>> {
        let known = |wanted: &Wanted| {
            let mut object = (*wanted.known).clone();
            // An import knows the id alone.
            object.insert("id", Value::string(wanted.id.as_str()));
            Ok(Some(self.made(Mode::Managed, wanted.ty, &object)))
        };
        wanted.iter().map(known).collect()
    }

    async fn data(&self, ty: &'static ResourceType, arguments: &Object) -> Result<Object, Failure> {
        Ok(self.made(Mode::Data, ty, arguments))
    }

    fn create_request(&self, _: &'static ResourceType, _: &Object) -> CreateRequest {
        CreateRequest {
            action: "mock",
            params: Vec::new(),
            takes_token: false,
        }
    }

    async fn create(
        &self,
        ty: &'static ResourceType,
        _: &CreateRequest,
        _: &str,
        desired: &Object,
    ) -> Result<String, Failure> {
        let made = self.made(Mode::Managed, ty, desired);
        let id = made.get("id").and_then(Value::as_str);
        Ok(id.map_or_else(letters, ToOwned::to_owned))
    }

    async fn settle(
        &self,
        ty: &'static ResourceType,
        id: &str,
        desired: &Object,
        _: Progress<'_>,
    ) -> Result<Object, Failure> {
        let mut object = desired.clone();
        // What is made without any cloud is made whole at once, its id too.
        if !id.is_empty() {
            object.insert("id", Value::string(id));
        }
        Ok(self.made(Mode::Managed, ty, &object))
    }

    async fn update(
        &self,
        ty: &'static ResourceType,
        id: &str,
        change: Change<'_>,
        progress: Progress<'_>,
    ) -> Result<Object, Failure> {
        let mut desired = change.desired.clone();
        // What the cloud would decide anew stays as it was made up.
        for (name, value) in change.prior.iter() {
            if desired.get(name).is_some_and(|it| !it.is_wholly_known()) {
                desired.insert(name.clone(), value.clone());
            }
        }
        self.settle(ty, id, &desired, progress).await
    }

    async fn delete(
        &self,
        _: &'static ResourceType,
        _: &str,
        _: &Object,
        _: Progress<'_>,
    ) -> Result<(), Failure> {
        Ok(())
    }
}

/// Returns an object with everything that the cloud would decide.
fn filled(attributes: &[Attribute], object: &Object, given: &Object) -> Object {
    let mut made = object.clone();
    for attribute in attributes {
        let decided = matches!(attribute.presence, Presence::Computed | Presence::Kept);
        let now = object.get(attribute.name);
        let open = now.is_none_or(|value| value.is_null() || value.is_unknown());
        let said = given.get(attribute.name);
        let value = match (now, said) {
            _ if open && !decided => continue,
            (_, Some(said)) if open => completed(&attribute.ty, said, None),
            (Some(value), said) if !open => completed(&attribute.ty, value, said),
            _ => generated(&attribute.ty),
        };
        made.insert(attribute.name, value);
    }
    made
}

/// Returns a value with what is still open inside it.
fn completed(ty: &Type, value: &Value, said: Option<&Value>) -> Value {
    let inner = match ty {
        Type::Blocks(inner, ..) | Type::BlockSet(inner, ..) => *inner,
        _ if value.is_wholly_known() => return value.clone(),
        _ => return generated(ty),
    };
    let nothing = Object::new();
    let given = said
        .and_then(Value::as_list)
        .and_then(|items| items.first())
        .and_then(Value::as_object)
        .unwrap_or(&nothing);
    let one = |item: &Value| match item.as_object() {
        Some(object) => Value::object(filled(inner, object, given)).marked(item.is_sensitive()),
        None => item.clone(),
    };
    let items: Vec<Value> = value
        .as_list()
        .unwrap_or_default()
        .iter()
        .map(one)
        .collect();
    match ty {
        Type::BlockSet(..) => Value::set(items),
        _ => Value::list(items),
    }
    .marked(value.is_sensitive())
}

/// Returns a value of a type that means nothing.
fn generated(ty: &Type) -> Value {
    match ty {
        Type::Any => Value::Null,
        Type::String => Value::string(letters()),
        Type::Int | Type::Float => Value::int(0),
        Type::Bool => Value::Bool(false),
        Type::List(_) | Type::Blocks(..) => Value::list(Vec::new()),
        Type::Set(_) | Type::BlockSet(..) => Value::set(Vec::new()),
        Type::Map => Value::map(Object::new()),
    }
}

/// Eight letters and digits by chance.
fn letters() -> String {
    (0..8)
        .map(|_| match fastrand::alphanumeric() {
            letter if letter.is_ascii_uppercase() => letter.to_ascii_lowercase(),
            letter => letter,
        })
        .collect()
}
