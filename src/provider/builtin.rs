//! What is carried out without any cloud: `terraform_data`, a resource that only remembers.

use async_trait::async_trait;

use super::{Change, CreateRequest, Failure, Progress, Provider, Wanted};
use crate::{
    cloud::ApiError,
    model::{Object, Value},
    schema::ResourceType,
};

/// The provider of the built-in types.
#[derive(Clone, Copy, Debug, Default)]
pub struct Builtin;

#[async_trait]
impl Provider for Builtin {
    async fn check(&self, _: &'static ResourceType) -> Result<(), ApiError> {
        Ok(())
    }

    /// What is known is all that there is.
    async fn read(&self, wanted: &[Wanted]) -> Vec<Result<Option<Object>, ApiError>> {
        // Of what is imported, nothing but the id is known.
        let known = |wanted: &Wanted| {
            let mut object = (*wanted.known).clone();
            for attribute in wanted.ty.attributes {
                if object.get(attribute.name).is_none() {
                    object.insert(attribute.name, Value::Null);
                }
            }
            Ok(Some(object))
        };
        wanted.iter().map(known).collect()
    }

    async fn data(&self, ty: &'static ResourceType, _: &Object) -> Result<Object, Failure> {
        let message = format!("There is no built-in data source `{}`", ty.name);
        Err(Failure {
            error: ApiError::local("UnknownDataSource", message),
            attribute: None,
            current: None,
        })
    }

    fn create_request(&self, _: &'static ResourceType, _: &Object) -> CreateRequest {
        CreateRequest {
            action: "terraform_data",
            params: Vec::new(),
            takes_token: false,
        }
    }

    async fn create(
        &self,
        _: &'static ResourceType,
        _: &CreateRequest,
        _: &str,
        _: &Object,
    ) -> Result<String, Failure> {
        Ok(uuid::Uuid::new_v4().to_string())
    }

    async fn settle(
        &self,
        _: &'static ResourceType,
        id: &str,
        desired: &Object,
        _: Progress<'_>,
    ) -> Result<Object, Failure> {
        Ok(remembered(id, desired))
    }

    async fn update(
        &self,
        _: &'static ResourceType,
        id: &str,
        change: Change<'_>,
        _: Progress<'_>,
    ) -> Result<Object, Failure> {
        Ok(remembered(id, change.desired))
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

/// The object with its id, and its input as its output.
fn remembered(id: &str, desired: &Object) -> Object {
    let mut object = desired.clone();
    let output = desired.get("input").cloned().unwrap_or(Value::Null);
    object.insert("id", Value::string(id));
    object.insert("output", output);
    object
}
