//! What is carried out without any cloud: values that are remembered, or made up. A type says by two hooks
//! how an object is made and what an import takes; all else follows.

use async_trait::async_trait;

use super::{Change, CreateRequest, Failure, Progress, Provider, Wanted, registry::Registry};
use crate::{
    cloud::ApiError,
    model::{Mode, Object, Value},
    schema::ResourceType,
};

/// The provider of all types that are carried out in the process.
#[derive(Clone, Copy)]
pub struct Builtin {
    registry: Registry,
}

impl Builtin {
    /// Carries the types of this registry out.
    pub const fn new(registry: Registry) -> Self {
        Self { registry }
    }

    fn make(&self, ty: &'static ResourceType, desired: &Object) -> Result<Object, Failure> {
        // An update that leaves nothing open is only remembered.
        if desired.values().all(Value::is_wholly_known) {
            return Ok(desired.clone());
        }
        let kind = self.registry.find(Mode::Managed, ty.name);
        let hook = kind.and_then(|kind| kind.hooks.make);
        let made = hook.map_or_else(
            || Err(format!("nothing is known of how {} is made", ty.name)),
            |make| make(desired),
        );
        made.map_err(|why| failed(ApiError::local("NotMade", why)))
    }

    fn import(&self, wanted: &Wanted) -> Result<Option<Object>, ApiError> {
        let kind = self.registry.find(Mode::Managed, wanted.ty.name);
        let Some(import) = kind.and_then(|kind| kind.hooks.import) else {
            let why = format!("A {} cannot be imported.", wanted.ty.name);
            return Err(ApiError::local("ImportNotSupported", why));
        };
        import(&wanted.id)
            .map(Some)
            .map_err(|why| ApiError::local("InvalidImportId", why))
    }
}

fn failed(error: ApiError) -> Failure {
    Failure {
        error,
        attribute: None,
        current: None,
    }
}

#[async_trait]
impl Provider for Builtin {
    async fn check(&self, _: &'static ResourceType) -> Result<(), ApiError> {
        Ok(())
    }

    /// What is in the state is all that there is, and is never read back: only an import asks.
    async fn read(&self, wanted: &[Wanted]) -> Vec<Result<Option<Object>, ApiError>> {
        wanted.iter().map(|wanted| self.import(wanted)).collect()
    }

    async fn data(&self, ty: &'static ResourceType, _: &Object) -> Result<Object, Failure> {
        let message = format!("There is no built-in data source `{}`", ty.name);
        Err(failed(ApiError::local("UnknownDataSource", message)))
    }

    fn create_request(&self, ty: &'static ResourceType, _: &Object) -> CreateRequest {
        CreateRequest {
            action: ty.name,
            params: Vec::new(),
            takes_token: false,
        }
    }

    /// There is nothing to begin: settling makes the object whole.
    async fn create(
        &self,
        _: &'static ResourceType,
        _: &CreateRequest,
        _: &str,
        _: &Object,
    ) -> Result<String, Failure> {
        Ok(String::new())
    }

    async fn settle(
        &self,
        ty: &'static ResourceType,
        _: &str,
        desired: &Object,
        _: Progress<'_>,
    ) -> Result<Object, Failure> {
        self.make(ty, desired)
    }

    async fn update(
        &self,
        ty: &'static ResourceType,
        _: &str,
        change: Change<'_>,
        _: Progress<'_>,
    ) -> Result<Object, Failure> {
        self.make(ty, change.desired)
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
