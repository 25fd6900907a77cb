//! From a provider block to a provider: credentials, region, endpoints, or the emulator inside the process.

use std::{
    net::Ipv4Addr,
    path::PathBuf,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use async_trait::async_trait;

use super::{recording, settings::Settings};
use crate::{
    cloud::{
        self, Client,
        client::{Product, SignVersion},
        credentials::{Credentials, Given},
        endpoint::{Endpoints, Protocol},
        transport::{Http, Timeouts, Transport, TransportError, TransportErrorKind},
    },
    emulator::{self, Emulator},
    eval,
    manifest::ast,
    model::{Diagnostic, Object, Type, Value, secret::Secret},
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
    /// Counts the calls of all providers.
    pub stats: cloud::Stats,
}

impl Connector {
    /// Takes the environment; `emulator` is what `-emulator` says.
    pub fn new(settings: &Settings, emulator: Option<PathBuf>, parallelism: usize) -> Self {
        Self {
            settings: settings.clone(),
            emulator,
            running: Mutex::new(None),
            parallelism,
            stats: cloud::Stats::default(),
        }
    }

    /// Returns the provider that a block configures.
    pub fn connect(
        &self,
        arguments: &Object,
        block: Option<&ast::Provider>,
    ) -> Result<Arc<dyn Provider>, Box<Diagnostic>> {
        check_arguments(arguments, block)?;
        let text = |name: &str| {
            arguments
                .get(name)
                .and_then(Value::as_str)
                .map(ToOwned::to_owned)
        };
        let inside = self.emulator.is_some() || text("endpoint").as_deref() == Some("emulator");
        let environment = |name: &str| self.settings.get(name).map(ToOwned::to_owned);
        let region = cloud::credentials::region(text("region").as_deref(), &environment);
        let sign_version = self.sign_version()?;
        let client = if inside {
            let transport = Arc::new(InProcess(self.emulator(block)?));
            let mut settings = self.emulated(region);
            settings.sign_version = sign_version;
            settings.stats = self.stats.clone();
            Client::new(settings, transport)
        } else {
            let mut settings = self.real(arguments, block, region)?;
            settings.sign_version = sign_version;
            settings.stats = self.stats.clone();
            let milliseconds = |name: &str, default: Duration| {
                let given = arguments.get(name).and_then(Value::as_int);
                given
                    .and_then(|it| u64::try_from(it).ok())
                    .map_or(default, Duration::from_millis)
            };
            let usual = Timeouts::default();
            let transport = Http::new(Timeouts {
                connect: milliseconds("client_connect_timeout", usual.connect),
                read: milliseconds("client_read_timeout", usual.read),
            });
            Client::new(settings, Arc::new(transport))
        };
        let provider = Aliyun::new(client, resources::ALL, resources::DATA);
        Ok(Arc::new(
            provider.replacing_images(replaces_images(arguments)),
        ))
    }

    fn sign_version(&self) -> Result<SignVersion, Box<Diagnostic>> {
        match self.settings.get("PROV_SIGN_VERSION") {
            None | Some("v1") => Ok(SignVersion::V1),
            Some("v3") => Ok(SignVersion::V3),
            Some(other) => Err(Box::new(
                Diagnostic::error(
                    "Unknown signature version",
                    format!("PROV_SIGN_VERSION is \"{other}\"."),
                )
                .hint("Set it to v1 or v3, or not at all."),
            )),
        }
    }

    fn emulator(&self, block: Option<&ast::Provider>) -> Result<Emulator, Box<Diagnostic>> {
        let mut running = self.running.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(emulator) = &*running {
            return Ok(emulator.clone());
        }
        let data = self.emulator.clone().unwrap_or_else(default_world);
        let options = emulator::Options {
            data: Some(data.clone()),
            recorder: recording::recorder(&self.settings),
            ..emulator::Options::default()
        };
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

    fn emulated(&self, region: Option<String>) -> cloud::client::Settings {
        let credentials = Credentials {
            access_key: "LTAI-emulator".to_owned(),
            secret_key: Secret::new("emulator-secret"),
            security_token: None,
        };
        let region = region.unwrap_or_else(|| "cn-hangzhou".to_owned());
        let endpoints = Endpoints::single(format!("http://{}", Ipv4Addr::LOCALHOST));
        let mut settings = cloud::client::Settings::new(credentials, region, endpoints);
        settings.most_at_once = self.parallelism.max(1);
        settings.retry.base = Duration::from_millis(20);
        settings
    }

    fn real(
        &self,
        arguments: &Object,
        block: Option<&ast::Provider>,
        region: Option<String>,
    ) -> Result<cloud::client::Settings, Box<Diagnostic>> {
        let text = |name: &str| {
            arguments
                .get(name)
                .and_then(Value::as_str)
                .map(ToOwned::to_owned)
        };
        let environment = |name: &str| self.settings.get(name).map(ToOwned::to_owned);
        let given = Given {
            access_key: text("access_key"),
            secret_key: text("secret_key").map(Secret::new),
            security_token: text("security_token").map(Secret::new),
            other_sources: OTHER_SOURCES
                .iter()
                .filter(|name| {
                    arguments
                        .get(name)
                        .is_some_and(|value| !crate::schema::is_zero(value))
                })
                .map(|name| (*name).to_owned())
                .collect(),
        };
        let place = block.map(|block| block.span);
        let credentials = cloud::credentials::resolve(&given, &environment).map_err(|error| {
            Box::new(
                Diagnostic::error("No credentials", format!("{error}."))
                    .at(place)
                    .hint("Without an account, use the emulator: add -emulator."),
            )
        })?;
        let protocol = text("protocol")
            .and_then(|text| Protocol::parse(&text))
            .unwrap_or_default();
        let endpoints = Endpoints::new(endpoints(arguments), protocol, &environment);
        let region = region.unwrap_or_else(|| DEFAULT_REGION.to_owned());
        let mut settings = cloud::client::Settings::new(credentials, region, endpoints);
        settings.most_at_once = self.parallelism.max(1);
        settings.account = text("account_id")
            .or_else(|| environment("ALICLOUD_ACCOUNT_ID"))
            .or_else(|| environment("ALIBABA_CLOUD_ACCOUNT_ID"))
            .filter(|id| !id.is_empty());
        Ok(settings)
    }

    /// Saves the emulator's world, if one is running inside this process.
    pub fn close(&self) -> std::io::Result<()> {
        match &*self.running.lock().unwrap_or_else(PoisonError::into_inner) {
            None => Ok(()),
            Some(emulator) => emulator.save(),
        }
    }
}

/// The region when none is configured, as the alicloud provider has it.
const DEFAULT_REGION: &str = "cn-beijing";

/// Arguments that name other sources of credentials.
const OTHER_SOURCES: &[&str] = &[
    "profile",
    "shared_credentials_file",
    "ecs_role_name",
    "credentials_uri",
    "assume_role",
    "assume_role_with_oidc",
];

/// Returns the endpoints of the provider block: of its `endpoints` block, or `endpoint` for all.
fn endpoints(arguments: &Object) -> Vec<(Product, String)> {
    let one = arguments.get("endpoint").and_then(Value::as_str);
    let blocks = arguments.get("endpoints");
    let block = blocks
        .and_then(|value| value.as_list().and_then(<[Value]>::first).or(Some(value)))
        .and_then(Value::as_object);
    Product::ALL
        .into_iter()
        .filter_map(|product| {
            let name = product.name().to_ascii_lowercase();
            let given = block
                .and_then(|block| block.get(&name))
                .and_then(Value::as_str)
                .or(one)?;
            Some((product, given.to_owned()))
        })
        .collect()
}

/// Returns what `features { ecs_instance { replace_on_image_update } }` says.
fn replaces_images(arguments: &Object) -> bool {
    let inside = |object: &Object, name: &str| {
        let value = object.get(name)?;
        value
            .as_list()
            .and_then(<[Value]>::first)
            .unwrap_or(value)
            .as_object()
            .cloned()
    };
    inside(arguments, "features")
        .and_then(|features| inside(&features, "ecs_instance"))
        .and_then(|instance| instance.get("replace_on_image_update")?.as_bool())
        == Some(true)
}

/// Where the emulator's world is kept unless `-emulator=DIR` says so.
pub fn default_world() -> PathBuf {
    PathBuf::from(".prov").join("emulator")
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

/// What an argument of a provider block takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Takes {
    Text,
    Number,
    Flag,
    Block,
}

use Takes::{Block, Flag, Number, Text};

/// The arguments of a provider block, as the alicloud provider has them.
const ARGUMENTS: &[(&str, Takes)] = &[
    ("access_key", Text),
    ("secret_key", Text),
    ("security_token", Text),
    ("region", Text),
    ("account_id", Text),
    ("account_type", Text),
    ("ecs_role_name", Text),
    ("profile", Text),
    ("shared_credentials_file", Text),
    ("credentials_uri", Text),
    ("assume_role", Block),
    ("assume_role_with_oidc", Block),
    ("sign_version", Text),
    ("endpoints", Block),
    ("endpoint", Text),
    ("protocol", Text),
    ("client_read_timeout", Number),
    ("client_connect_timeout", Number),
    ("max_retry_timeout", Number),
    ("skip_region_validation", Flag),
    ("configuration_source", Text),
    ("source_ip", Text),
    ("secure_transport", Text),
    ("security_transport", Text),
    ("features", Block),
];

fn check_arguments(
    arguments: &Object,
    block: Option<&ast::Provider>,
) -> Result<(), Box<Diagnostic>> {
    let place =
        |name: &str| block.map(|block| eval::name_span(&block.body, name).unwrap_or(block.span));
    for (name, value) in arguments.iter() {
        let Some((_, takes)) = ARGUMENTS.iter().find(|(known, _)| *known == &**name) else {
            let mut diagnostic = Diagnostic::error(
                "Unsupported argument",
                format!("An argument named \"{name}\" is not expected in a provider block."),
            )
            .at(place(name));
            diagnostic.hint = crate::model::diagnostic::did_you_mean(
                name,
                ARGUMENTS.iter().map(|(name, _)| *name),
            )
            .map_or_else(
                || Some("Remove it.".to_owned()),
                |candidate| Some(format!("Did you mean \"{candidate}\"?")),
            );
            return Err(Box::new(diagnostic));
        };
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
        let wanted = match takes {
            Text => Some(("text", Type::String)),
            Number => Some(("a number", Type::Number)),
            Flag => Some(("true or false", Type::Bool)),
            Block => None,
        };
        if let Some((what, ty)) = wanted
            && eval::convert(value, &ty).is_err()
        {
            let diagnostic = Diagnostic::error(
                "Wrong type",
                format!("\"{name}\" of a provider block must be {what}."),
            )
            .at(block.map(|block| eval::span_of(&block.body, name).unwrap_or(block.span)))
            .hint(format!("Write {name} as {what}."));
            let secret = name.contains("key") || name.contains("token");
            return Err(Box::new(if secret {
                diagnostic.masked()
            } else {
                diagnostic
            }));
        }
    }
    Ok(())
}
