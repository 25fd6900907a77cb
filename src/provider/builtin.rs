//! What is carried out without any cloud: values that are remembered, or made up, and `terraform_remote_state`,
//! which reads the outputs of another state. A type says by two hooks how an object is made and what an import takes; all
//! else follows.

use std::{
    path::{Path, PathBuf},
    sync::Arc,
};

use async_trait::async_trait;

use super::{Change, CreateRequest, Failure, Progress, Provider, Wanted, registry::Registry};
use crate::{
    cloud::ApiError,
    model::{Mode, Object, Value},
    schema::ResourceType,
};

/// The provider of all types that are carried out in the process.
#[derive(Clone)]
pub struct Builtin {
    registry: Registry,
    /// How the outputs in a state file are read; without it, there are no states.
    outputs: Option<ReadOutputs>,
}

/// Returns the outputs in a state file, or nothing if there is none.
pub type ReadOutputs = Arc<dyn Fn(&Path) -> Result<Option<Object>, String> + Send + Sync>;

impl Builtin {
    /// Carries the types of this registry out.
    pub const fn new(registry: Registry) -> Self {
        Self {
            registry,
            outputs: None,
        }
    }

    /// Reads the outputs of other states so.
    #[must_use]
    pub fn reading(self, outputs: ReadOutputs) -> Self {
        Self {
            outputs: Some(outputs),
            ..self
        }
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
        let invalid = |why| ApiError::local("InvalidImportId", why);
        let mut object = import(&wanted.id).map_err(invalid)?;
        // What the id does not say is nothing.
        for attribute in wanted.ty.attributes {
            if object.get(attribute.name).is_none() {
                object.insert(attribute.name, Value::Null);
            }
        }
        Ok(Some(object))
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

    async fn data(&self, ty: &'static ResourceType, arguments: &Object) -> Result<Object, Failure> {
        let Some(read) = self.outputs.as_ref().filter(|_| ty.name == REMOTE_STATE) else {
            let message = format!("There is no built-in data source `{}`", ty.name);
            return Err(failure("UnknownDataSource", message, None));
        };
        remote_state(arguments, read)
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

const REMOTE_STATE: &str = "terraform_remote_state";

fn failure(code: &str, message: String, attribute: Option<&str>) -> Failure {
    Failure {
        error: ApiError::local(code, message),
        attribute: attribute.map(Into::into),
        current: None,
    }
}

/// Reads the outputs of a state; what `defaults` has is there even if the state does not have it.
fn remote_state(arguments: &Object, read: &ReadOutputs) -> Result<Object, Failure> {
    let config = arguments.get("config").map(Value::unmarked);
    let text = |name: &str| match config {
        Some(Value::Object(config)) => config.get(name).and_then(Value::as_str),
        _ => None,
    };
    let workspace = arguments.get("workspace").and_then(Value::as_str);
    let path = match workspace {
        None | Some("default") => PathBuf::from(text("path").unwrap_or("terraform.tfstate")),
        Some(workspace) => Path::new(text("workspace_dir").unwrap_or("terraform.tfstate.d"))
            .join(workspace)
            .join("terraform.tfstate"),
    };
    let found = read(&path).map_err(|why| failure("UnreadableState", why, Some("config")))?;
    let found = found.ok_or_else(|| {
        let message = format!("There is no state at {}", path.display());
        failure("NoState", message, Some("config"))
    })?;
    let mut outputs = match arguments.get("defaults").map(Value::unmarked) {
        Some(Value::Object(defaults)) => (**defaults).clone(),
        _ => Object::new(),
    };
    for (name, value) in found.iter() {
        outputs.insert(name.clone(), value.clone());
    }
    let mut object = arguments.clone();
    object.insert("outputs", Value::object(outputs));
    Ok(object)
}
