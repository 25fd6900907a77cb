//! From a provider block to a provider: credentials, region, endpoints, or the emulator inside the process.

mod arguments;
mod forms;

use std::{
    net::Ipv4Addr,
    path::{Path, PathBuf},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use async_trait::async_trait;

use self::arguments::Arguments;
use super::{recording, settings::Settings};
use crate::{
    cloud::{
        self, Client, Policy,
        client::{self, Product, SignVersion},
        credentials::{self, Chosen, Given, Keeper, METADATA, Remote, Source, Surroundings},
        endpoint::{self, Endpoints},
        transport::{Http, Timeouts, Transport, TransportError, TransportErrorKind},
    },
    emulator::{self, Emulator},
    manifest::ast,
    model::{Diagnostic, Object, Span, secret::Secret},
    provider::{Provider, aliyun::Aliyun},
    resources,
};

/// Makes providers for a run.
pub struct Connector {
    settings: Settings,
    /// `-emulator`: the directory of its world.
    pub emulator: Option<PathBuf>,
    /// Whether every provider is an emulator whose world is kept nowhere, whatever its block says.
    apart: bool,
    /// The emulator, once something has asked for it: one for all provider blocks.
    running: Mutex<Option<Emulator>>,
    /// The credentials of each provider, with the place of its block.
    keepers: Mutex<Vec<(Keeper, Option<Span>)>>,
    /// When calls may be sent: what one client finds out about an account's limits holds for all.
    throttle: cloud::Throttle,
    /// A region that a flag names: no block may name another.
    pub region: Option<String>,
    /// Counts the calls of all providers.
    pub stats: cloud::Stats,
}

/// Where a client's requests go, and by whom they are.
struct Way {
    source: Source,
    region: String,
    endpoints: Endpoints,
    transport: Arc<dyn Transport>,
    retry: Policy,
}

impl Connector {
    /// Takes the environment; `emulator` is what `-emulator` says.
    pub fn new(settings: &Settings, emulator: Option<PathBuf>, parallelism: usize) -> Self {
        Self {
            settings: settings.clone(),
            emulator,
            apart: false,
            running: Mutex::new(None),
            keepers: Mutex::default(),
            throttle: cloud::Throttle::new(parallelism),
            region: None,
            stats: cloud::Stats::default(),
        }
    }

    /// Returns one that leads to an emulator of its own, with an empty world, whatever a block says.
    pub fn apart(settings: &Settings, parallelism: usize) -> Self {
        Self {
            apart: true,
            ..Self::new(settings, None, parallelism)
        }
    }

    /// Returns the provider that a block configures.
    pub fn connect(
        &self,
        arguments: &Object,
        block: Option<&ast::Provider>,
    ) -> Result<Arc<dyn Provider>, Box<Diagnostic>> {
        let given = Arguments::checked(arguments, block)?;
        let inside = self.apart
            || self.emulator.is_some()
            || given.text("endpoint").as_deref() == Some("emulator");
        let way = if inside {
            self.inside(given, block)?
        } else {
            self.outside(given, block)?
        };
        let place = block.map(|block| block.span);
        let sign_version = self.sign_version()?;
        let remote = Remote {
            network: way.transport.clone(),
            nearby: Arc::new(Http::new(NEARBY)),
            metadata: self.metadata(place)?,
            endpoints: way.endpoints.clone(),
            region: way.region.clone(),
            sign_version,
            retry: way.retry,
            user_agent: self.user_agent(given),
        };
        let user_agent = remote.user_agent.clone();
        let identity = way.source.identity();
        let keeper = way.source.kept(remote);
        locked(&self.keepers).push((keeper.clone(), place));
        let mut settings = client::Settings::new(keeper, way.region, way.endpoints);
        settings.sign_version = sign_version;
        settings.retry = way.retry;
        settings.throttle = self.throttle.clone();
        settings.identity = identity;
        settings.user_agent = user_agent;
        settings.stats = self.stats.clone();
        settings.account = given.text("account_id").or_else(|| {
            let names = ["ALICLOUD_ACCOUNT_ID", "ALIBABA_CLOUD_ACCOUNT_ID"];
            self.settings.first(&names).map(ToOwned::to_owned)
        });
        settings.extra = extra(given);
        settings.patience = self
            .number(given, "max_retry_timeout", "MAX_RETRY_TIMEOUT")
            .filter(|seconds| *seconds > 0)
            .map(Duration::from_secs);
        let client = Client::new(settings, way.transport).with_clock(self.settings.ahead());
        let provider = Aliyun::new(client, resources::ALL, resources::DATA)
            .replacing_images(replaces_images(given))
            .trusting_region(given.flag("skip_region_validation"));
        Ok(Arc::new(provider))
    }

    /// Gets the credentials of every provider, so that what is wrong with them is said once and before
    /// anything else is done.
    pub async fn ready(&self) -> Vec<Diagnostic> {
        let keepers = locked(&self.keepers).clone();
        let asked = keepers.iter().map(|(keeper, _)| keeper.current());
        let found = futures::future::join_all(asked).await;
        let mut problems: Vec<Diagnostic> = Vec::new();
        for (found, (_, place)) in found.into_iter().zip(keepers) {
            let Err(error) = found else { continue };
            if !problems.iter().any(|one| one.detail == error.message) {
                problems.push(no_credentials(&error.message, place));
            }
        }
        problems
    }

    /// Returns the region that the block, a flag or the environment names.
    fn region(
        &self,
        given: Arguments<'_>,
        block: Option<&ast::Provider>,
    ) -> Result<Option<String>, Box<Diagnostic>> {
        let given = given.text("region");
        if let (Some(named), Some(given)) = (&self.region, &given)
            && named != given
        {
            return Err(Box::new(
                Diagnostic::error(
                    "Two regions",
                    format!("-region says {named}, and the provider block says {given}."),
                )
                .at(block.map(|block| block.span))
                .hint("Leave -region out, or use another directory."),
            ));
        }
        let environment = self.environment();
        let region = given.or_else(|| self.region.clone());
        Ok(credentials::region(region.as_deref(), &environment))
    }

    /// Returns the variables as what is below wants them.
    fn environment(&self) -> impl Fn(&str) -> Option<String> {
        |name| self.settings.get(name).map(ToOwned::to_owned)
    }

    fn user_agent(&self, given: Arguments<'_>) -> String {
        let mut text = concat!("prov/", env!("CARGO_PKG_VERSION")).to_owned();
        let further = [
            given.text("configuration_source"),
            self.settings.get("TF_APPEND_USER_AGENT").map(str::to_owned),
        ];
        for part in further.into_iter().flatten() {
            let part: String = part.chars().filter(|c| (' '..='~').contains(c)).collect();
            text = format!("{text} {}", part.trim());
        }
        text.trim_end().to_owned()
    }

    /// Returns a number of the block, else of the environment.
    fn number(&self, given: Arguments<'_>, name: &str, variable: &str) -> Option<u64> {
        let number = given.number(name);
        number.or_else(|| self.settings.get(variable)?.trim().parse().ok())
    }

    /// Returns where the instance's metadata are. Only a test has them elsewhere, on this machine.
    fn metadata(&self, place: Option<Span>) -> Result<String, Box<Diagnostic>> {
        let Some(text) = self.settings.get("PROV_METADATA_ENDPOINT") else {
            return Ok(METADATA.to_owned());
        };
        match endpoint::local(text) {
            Some(endpoint) => Ok(endpoint.url()),
            None => Err(Box::new(
                Diagnostic::error(
                    "Invalid PROV_METADATA_ENDPOINT",
                    format!("\"{text}\" is not an address of this machine."),
                )
                .at(place)
                .hint("Write an address like http://127.0.0.1:8080, or unset it."),
            )),
        }
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
        let mut running = locked(&self.running);
        if let Some(emulator) = &*running {
            return Ok(emulator.clone());
        }
        let data = self.emulator.clone().unwrap_or_else(default_world);
        let options = emulator::Options {
            data: (!self.apart).then(|| data.clone()),
            recorder: recording::recorder(&self.settings),
            ..emulator::Options::default()
        };
        let opened = Emulator::open(options).map_err(|error| {
            Box::new(
                Diagnostic::error("Could not start the emulator", format!("{error}."))
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

    /// The way to the emulator in this process. Its own key needs no source, but can act as a role.
    fn inside(
        &self,
        given: Arguments<'_>,
        block: Option<&ast::Provider>,
    ) -> Result<Way, Box<Diagnostic>> {
        let region = self.region(given, block)?;
        let key = Given {
            access_key: Some("LTAI-emulator".to_owned()),
            secret_key: Some(Secret::new("emulator-secret")),
            assume_role: given.given().assume_role,
            ..Given::default()
        };
        let chosen = self.choose(&key, block)?;
        let retry = Policy {
            base: Duration::from_millis(20),
            ..Policy::default()
        };
        Ok(Way {
            source: chosen.source,
            region: region.unwrap_or_else(|| "cn-hangzhou".to_owned()),
            endpoints: Endpoints::single(format!("http://{}", Ipv4Addr::LOCALHOST)),
            transport: Arc::new(InProcess(self.emulator(block)?)),
            retry,
        })
    }

    /// The way over the network.
    fn outside(
        &self,
        given: Arguments<'_>,
        block: Option<&ast::Provider>,
    ) -> Result<Way, Box<Diagnostic>> {
        let environment = self.environment();
        let chosen = self.choose(&given.given(), block)?;
        let region = self
            .region(given, block)?
            .or(chosen.region)
            .unwrap_or_else(|| DEFAULT_REGION.to_owned());
        let usual = Timeouts::default();
        let milliseconds = |name: &str, variable: &str, usual| {
            let number = self.number(given, name, variable).filter(|it| *it > 0);
            number.map_or(usual, Duration::from_millis)
        };
        let transport = Http::new(Timeouts {
            connect: milliseconds(
                "client_connect_timeout",
                "CLIENT_CONNECT_TIMEOUT",
                usual.connect,
            ),
            read: milliseconds("client_read_timeout", "CLIENT_READ_TIMEOUT", usual.read),
        });
        Ok(Way {
            source: chosen.source,
            region,
            endpoints: Endpoints::new(endpoints(given), given.protocol(), &environment),
            transport: Arc::new(transport),
            retry: Policy::default(),
        })
    }

    fn choose(
        &self,
        given: &Given,
        block: Option<&ast::Provider>,
    ) -> Result<Chosen, Box<Diagnostic>> {
        let environment = self.environment();
        let file = |path: &Path| std::fs::read_to_string(path);
        let around = Surroundings {
            environment: &environment,
            file: &file,
        };
        credentials::choose(given, &around).map_err(|error| {
            let place = block.map(|block| block.span);
            Box::new(no_credentials(&error.to_string(), place))
        })
    }

    /// Saves the emulator's world, if one is running inside this process.
    pub fn close(&self) -> std::io::Result<()> {
        match &*locked(&self.running) {
            None => Ok(()),
            Some(emulator) => emulator.save(),
        }
    }
}

/// The region when none is configured, as the alicloud provider has it.
const DEFAULT_REGION: &str = "cn-beijing";

/// How long the instance's metadata may take: they are near, or not at all.
const NEARBY: Timeouts = Timeouts {
    connect: Duration::from_secs(1),
    read: Duration::from_secs(1),
};

fn no_credentials(text: &str, place: Option<Span>) -> Diagnostic {
    let stop = if text.ends_with(['.', '!', '?', ')']) || text.contains('\n') {
        ""
    } else {
        "."
    };
    Diagnostic::error("No credentials", format!("{text}{stop}"))
        .at(place)
        .hint("Without an account, use the emulator: add -emulator.")
}

/// Returns the parameters that the block wants in every request.
fn extra(given: Arguments<'_>) -> Vec<(String, String)> {
    let transport = given
        .text("secure_transport")
        .or_else(|| given.text("security_transport"));
    let wanted = [
        ("SourceIp", given.text("source_ip")),
        ("SecureTransport", transport),
    ];
    wanted
        .into_iter()
        .filter_map(|(name, value)| Some((name.to_owned(), value?)))
        .collect()
}

/// Returns the endpoints of the provider block: of its `endpoints` block, or `endpoint` for all.
fn endpoints(given: Arguments<'_>) -> Vec<(Product, String)> {
    let block = given.block("endpoints");
    Product::ALL
        .into_iter()
        .filter_map(|product| {
            let own = block.and_then(|block| block.text(product.name()));
            // A single endpoint is for the products, not for the service that knows their places.
            let one = || {
                given
                    .text("endpoint")
                    .filter(|_| product != Product::Location)
            };
            Some((product, own.or_else(one)?))
        })
        .collect()
}

/// The sections are short and do not panic; data behind a poisoned lock is sound.
fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Returns what `features { ecs_instance { replace_on_image_update } }` says.
fn replaces_images(given: Arguments<'_>) -> bool {
    given
        .block("features")
        .and_then(|features| features.block("ecs_instance"))
        .is_some_and(|instance| instance.flag("replace_on_image_update"))
}

/// Returns the arguments of a provider block as a block of `terraform providers schema -json`.
pub fn schema() -> serde_json::Value {
    arguments::schema()
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
