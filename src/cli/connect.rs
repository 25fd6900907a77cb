//! From a provider block to a provider: credentials, region, endpoints, or the emulator inside the process.

use std::{net::Ipv4Addr, path::PathBuf, sync::{Arc, Mutex, PoisonError}, time::Duration};

use async_trait::async_trait;

use super::settings::Settings;
use crate::{
    cloud::{self, Client, transport::{Transport, TransportError, TransportErrorKind}},
    emulator::{self, Emulator},
    eval,
    manifest::ast,
    model::{Diagnostic, Object, Value, secret::Secret},
    provider::{Provider, aliyun::Aliyun},
    resources,
};

/// Makes providers for a run.
pub struct Connector {
    settings: Settings,
    /// `-emulator`: the directory of its world.
    pub emulator: Option<PathBuf>,
    /// The emulator, once something has asked for it: one for all provider blocks.
    running: Mutex<Option<Emulator>>,
    /// The upper bound of calls at once.
    pub parallelism: usize,
}

impl Connector {
    /// Takes the environment; `emulator` is what `-emulator` says.
    pub fn new(settings: &Settings, emulator: Option<PathBuf>, parallelism: usize) -> Self {
        Self { settings: settings.clone(), emulator, running: Mutex::new(None), parallelism }
    }

    /// Returns the provider that a block configures.
    pub fn connect(
        &self,
        arguments: &Object,
        block: Option<&ast::Provider>,
    ) -> Result<Arc<dyn Provider>, Box<Diagnostic>> {
        check_arguments(arguments, block)?;
        let text = |name: &str| arguments.get(name).and_then(Value::as_str).map(ToOwned::to_owned);
        let inside = self.emulator.is_some() || text("endpoint").as_deref() == Some("emulator");
        let environment = |name: &str| self.settings.get(name).map(ToOwned::to_owned);
        let error = |error: cloud::ApiError| {
            let place = block.map(|block| block.span);
            let mut diagnostic =
                Diagnostic::error("Invalid provider configuration", error.message.clone()).at(place);
            diagnostic.hint = crate::provider::remedy(&error);
            Box::new(diagnostic)
        };
        let client = if inside {
            let region = text("region").unwrap_or_else(|| {
                self.settings
                    .first(&["ALICLOUD_REGION", "ALIBABA_CLOUD_REGION"])
                    .unwrap_or("cn-hangzhou")
                    .to_owned()
            });
            let transport = Arc::new(InProcess(self.emulator(block)?));
            Client::new(emulated(region, self.parallelism), transport)
        } else {
            let mut configured = cloud::credentials::settings(arguments, &environment).map_err(error)?;
            configured.parallelism = self.parallelism;
            let transport = cloud::transport::Http::new(configured.timeouts());
            Client::new(configured, Arc::new(transport))
        };
        Ok(Arc::new(Aliyun::new(client, resources::ALL, resources::DATA)))
    }

    fn emulator(&self, block: Option<&ast::Provider>) -> Result<Emulator, Box<Diagnostic>> {
        let mut running = self.running.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(emulator) = &*running {
            return Ok(emulator.clone());
        }
        let data = self.emulator.clone().unwrap_or_else(default_world);
        let options = emulator::Options { data: Some(data.clone()), ..emulator::Options::default() };
        let opened = Emulator::open(options).map_err(|error| {
            Box::new(
                Diagnostic::error("Could not start the emulator", error.to_string())
                    .at(block.map(|block| block.span))
                    .hint(format!(
                        "Its world is kept in {}; another process may be using it, or choose one with -emulator=DIR.",
                        data.display()
                    )),
            )
        })?;
        *running = Some(opened.clone());
        Ok(opened)
    }

    /// Saves the emulator's world, if one is running inside this process.
    pub fn close(&self) -> std::io::Result<()> {
        match &*self.running.lock().unwrap_or_else(PoisonError::into_inner) {
            None => Ok(()),
            Some(emulator) => emulator.save(),
        }
    }
}

/// Where the emulator's world is kept unless `-emulator=DIR` says so.
pub fn default_world() -> PathBuf {
    PathBuf::from(".prov").join("emulator")
}

fn emulated(region: String, parallelism: usize) -> cloud::Settings {
    let mut settings = cloud::Settings::new(
        "LTAI-emulator".to_owned(),
        Secret::new("emulator-secret"),
        region,
    );
    settings.endpoints = cloud::Endpoints::all(&format!("http://{}", Ipv4Addr::LOCALHOST));
    settings.parallelism = parallelism;
    settings.backoff = Duration::from_millis(20);
    settings
}

/// A transport that hands requests to an emulator in this process.
struct InProcess(Emulator);

#[async_trait]
impl Transport for InProcess {
    async fn send(
        &self,
        request: http::Request<bytes::Bytes>,
    ) -> Result<http::Response<bytes::Bytes>, TransportError> {
        self.0.handle(request).await.map_err(|_| TransportError {
            kind: TransportErrorKind::Interrupted,
            message: "the emulator cut the connection".to_owned(),
        })
    }
}

/// The arguments of a provider block (`spec` of the alicloud provider), with whether prov acts on them.
const ARGUMENTS: &[&str] = &[
    "access_key", "secret_key", "security_token", "region", "account_id", "account_type",
    "ecs_role_name", "profile", "shared_credentials_file", "credentials_uri", "assume_role",
    "assume_role_with_oidc", "sign_version", "endpoints", "endpoint", "protocol",
    "client_read_timeout", "client_connect_timeout", "max_retry_timeout", "skip_region_validation",
    "configuration_source", "source_ip", "secure_transport", "security_transport", "features",
];

fn check_arguments(arguments: &Object, block: Option<&ast::Provider>) -> Result<(), Box<Diagnostic>> {
    let place = |name: &str| {
        block.map(|block| eval::name_span(&block.body, name).unwrap_or(block.span))
    };
    for (name, value) in arguments.iter() {
        if !ARGUMENTS.contains(&&**name) {
            let mut diagnostic = Diagnostic::error(
                "Unsupported argument",
                format!("An argument named \"{name}\" is not expected in a provider block."),
            )
            .at(place(name));
            diagnostic.hint =
                crate::model::diagnostic::did_you_mean(name, ARGUMENTS.iter().copied())
                    .map(|candidate| format!("Did you mean \"{candidate}\"?"));
            return Err(Box::new(diagnostic));
        }
        if !value.is_wholly_known() {
            return Err(Box::new(
                Diagnostic::error(
                    "Unknown provider argument",
                    format!("\"{name}\" is not known while planning."),
                )
                .at(place(name))
                .hint("Use a variable or a literal."),
            ));
        }
    }
    Ok(())
}
