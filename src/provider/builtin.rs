//! What is carried out without any cloud: `terraform_data`, a resource that only remembers, and
//! `terraform_remote_state`, which reads the outputs of another state.

use std::{
    path::{Path, PathBuf},
    sync::Arc,
};

use async_trait::async_trait;

use super::{Change, CreateRequest, Failure, Progress, Provider, Wanted};
use crate::{
    cloud::ApiError,
    model::{Object, Value},
    schema::ResourceType,
};

/// The provider of the built-in types.
#[derive(Clone, Default)]
pub struct Builtin {
    /// How the outputs in a state file are read; without it, there are no states.
    pub outputs: Option<ReadOutputs>,
}

/// Returns the outputs in a state file, or nothing if there is none.
pub type ReadOutputs = Arc<dyn Fn(&Path) -> Result<Option<Object>, String> + Send + Sync>;

#[async_trait]
impl Provider for Builtin {
    async fn check(&self, _: &'static ResourceType) -> Result<(), ApiError> {
        Ok(())
    }

    /// What is known is all that there is.
    async fn read(&self, wanted: &[Wanted]) -> Vec<Result<Option<Object>, ApiError>> {
        let known = |wanted: &Wanted| Ok(Some((*wanted.known).clone()));
        wanted.iter().map(known).collect()
    }

    async fn data(&self, ty: &'static ResourceType, arguments: &Object) -> Result<Object, Failure> {
        let Some(read) = self.outputs.as_ref().filter(|_| ty.name == REMOTE_STATE) else {
            let message = format!("There is no built-in data source `{}`", ty.name);
            return Err(failure("UnknownDataSource", message, None));
        };
        remote_state(arguments, read)
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

/// The object with its id, and its input as its output.
fn remembered(id: &str, desired: &Object) -> Object {
    let mut object = desired.clone();
    let output = desired.get("input").cloned().unwrap_or(Value::Null);
    object.insert("id", Value::string(id));
    object.insert("output", output);
    object
}
