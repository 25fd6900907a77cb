//! An emulator of Alibaba Cloud's ECS, VPC and STS, written from their public documents alone.
//!
//! It imports nothing of this project, so that its client and it can only agree by agreeing with the documents.
//! Start at `Emulator::handle`: one request in, one answer out; `actions` has what each call does.

mod accounts;
mod actions;
mod catalog;
mod clock;
mod control;
mod egress;
mod faults;
mod gateway;
mod homes;
mod market;
mod objects;
mod options;
mod parameters;
mod policy;
mod recorder;
mod reply;
mod request;
mod server;
mod signature;
mod store;
mod table;
mod throttle;
mod tokens;
mod validation;
mod world;

#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, HashMap};
use std::io;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use bytes::Bytes;
use http::{HeaderValue, Request, Response};
use serde_json::Value;

pub use accounts::Accounts;
pub use clock::Profile;
pub use faults::Faults;
pub use options::Options;
pub use recorder::{Exchange, Recorder};

use actions::{Route, Routes, Run};
use clock::Transition;
use faults::{Kind, Plan, Strike};
use gateway::{Gateway, Incoming};
use homes::{Home, others};
use reply::{Answer, Envelope, Refusal, refusal};
use store::Store;
use throttle::Throttle;
use tokens::Claim;
use world::{ACCOUNT, Abroad, World};

/// The connection ends without an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cut;

impl std::fmt::Display for Cut {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("the connection is cut")
    }
}

impl std::error::Error for Cut {}

/// A handle on an emulated cloud. Clones are of the same cloud.
#[derive(Clone)]
pub struct Emulator {
    cloud: Arc<Mutex<Cloud>>,
    routes: Arc<Routes>,
}

struct Cloud {
    /// How far ahead the dates of requests and answers are.
    dates_ahead: clock::Millis,
    options: Options,
    /// The world of the account that was spoken to last, and where it is kept.
    world: World,
    store: Option<Store>,
    /// The worlds of the other accounts.
    others: HashMap<String, Home>,
    gateway: Gateway,
    throttle: Throttle,
    plan: Plan,
    calls: control::Calls,
    /// The parameters of the call being answered, once they have been understood and if they are recorded.
    understood: Option<BTreeMap<String, String>>,
    random: fastrand::Rng,
}

/// What an action answered.
type Answered = Result<Answer, Refusal>;

/// What came of a call.
struct Outcome {
    response: Response<Bytes>,
    delay: Duration,
    cut: bool,
}

impl Emulator {
    /// Opens a cloud, with the world of its data directory when there is one.
    pub fn open(options: Options) -> io::Result<Self> {
        let plan = Plan::new(options.faults.clone().unwrap_or_default());
        let Home { mut world, store } = Home::open(&options, &plan, ACCOUNT)?;
        let (ahead, dates_ahead) = options
            .data
            .as_deref()
            .map(store::clock)
            .unwrap_or_default();
        world.clock.ahead = ahead;
        let cloud = Cloud {
            gateway: Gateway::new(&options.access_keys, &options.accounts, options.seed),
            others: others(&options, &plan)?,
            throttle: Throttle::default(),
            plan,
            world,
            store,
            calls: control::Calls::default(),
            understood: None,
            random: fastrand::Rng::new(),
            dates_ahead,
            options,
        };
        Ok(Self {
            cloud: Arc::new(Mutex::new(cloud)),
            routes: Arc::new(Routes::new()),
        })
    }

    /// Answers one HTTP request. `Err` means that the connection is cut without an answer.
    pub async fn handle(&self, request: Request<Bytes>) -> Result<Response<Bytes>, Cut> {
        let (parts, body) = request.into_parts();
        if parts.uri.path().starts_with("/_emulator/") {
            return Ok(control::answer(&mut self.cloud(), &parts, &body));
        }
        let incoming = Incoming::read(&parts, body);
        let mut outcome = self.cloud().call(&incoming, &self.routes);
        self.cloud().date(&mut outcome.response);
        if !outcome.delay.is_zero() {
            tokio::time::sleep(outcome.delay).await;
        }
        if outcome.cut {
            Err(Cut)
        } else {
            Ok(outcome.response)
        }
    }

    /// Serves a listener until `stop` is ready, then saves the world.
    pub async fn serve(
        &self,
        listener: tokio::net::TcpListener,
        stop: impl Future<Output = ()> + Send + 'static,
    ) -> io::Result<()> {
        server::serve(self.clone(), listener, stop).await
    }

    /// Folds what was logged into the snapshot on disk, if that is much: the log has everything anyway.
    pub fn save(&self) -> io::Result<()> {
        self.cloud().each_store(Store::fold_long)
    }

    /// How often each action was called, throttled, and failed.
    pub fn calls(&self) -> Value {
        self.cloud().calls.report()
    }

    /// What exists.
    pub fn world(&self) -> Value {
        self.cloud().describe(ACCOUNT)
    }

    /// The products and actions that are answered, sorted.
    pub fn actions(&self) -> Vec<(&'static str, &'static str)> {
        self.routes.names()
    }

    fn cloud(&self) -> MutexGuard<'_, Cloud> {
        self.cloud.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Cloud {
    /// Dates an answer, where the server would date it otherwise.
    fn date(&self, response: &mut Response<Bytes>) {
        if self.dates_ahead > 0 {
            let now = clock::wall().saturating_add(self.dates_ahead);
            if let Ok(date) = http::HeaderValue::from_str(&clock::header(now)) {
                response.headers_mut().insert(http::header::DATE, date);
            }
        }
    }

    fn call(&mut self, incoming: &Incoming, routes: &Routes) -> Outcome {
        let mut envelope = Envelope {
            format: incoming.format,
            action: incoming.action.clone(),
            product: "Ecs",
            host: incoming.host.clone(),
            request_id: self.request_id(),
        };
        let admitted = self
            .gateway
            .admit(incoming, clock::wall().saturating_add(self.dates_ahead))
            .and_then(|call| Ok((routes.find(&call.version, &call.action)?, call)));
        let (route, call) = match admitted {
            Ok(admitted) => admitted,
            Err(refused) => {
                self.calls
                    .failed(&incoming.action, routes.knows(&incoming.action));
                return Outcome::answer(reply::write(Err(refused), &envelope));
            }
        };
        envelope.product = route.title();
        self.calls.called(route.action);
        let strikes = self.plan.strikes(route.action, &call.parameters);
        let version = call.version.clone();
        let (reply, acted) = self.act(route, call, &strikes, routes);
        let outcome = self.finish(route, reply, acted, &strikes, &envelope);
        if let (Some(record), Some(parameters)) = (&self.options.recorder, self.understood.take()) {
            let (status, body) = (outcome.response.status().as_u16(), outcome.response.body());
            record(&Exchange::new(
                &version,
                route.action,
                &parameters,
                status,
                body,
            ));
        }
        outcome
    }

    /// Does what is asked, unless something is to go wrong before. Tells whether it got so far.
    fn act(
        &mut self,
        route: &Route,
        call: gateway::Call,
        strikes: &[Strike],
        routes: &Routes,
    ) -> (Answered, bool) {
        let before = [Kind::Throttle, Kind::ErrorBefore, Kind::CutBefore];
        if let Some(strike) = strikes.iter().find(|strike| before.contains(&strike.kind)) {
            return (Err(strike.refusal()), false);
        }
        if let Err(error) = self.enter(&call.caller.account) {
            return (Err(unwritten(&error)), false);
        }
        self.world.settle();
        let region = call.parameters.get("RegionId").cloned().unwrap_or_default();
        let limit = self.plan.limit(route.action);
        let key = format!("{}/{region}/{}", route.action, call.caller.account);
        if let Err(refused) = self.throttle.admit(
            &key,
            route,
            limit,
            self.world.clock.profile(),
            self.world.now,
        ) {
            return (Err(refused), false);
        }
        let stale = strikes.iter().any(|strike| strike.kind == Kind::StaleRead);
        let reply = self.run(route, call, stale, routes);
        match self.log() {
            Ok(()) => (reply, true),
            Err(error) => (Err(unwritten(&error)), true),
        }
    }

    fn run(
        &mut self,
        route: &Route,
        call: gateway::Call,
        stale: bool,
        routes: &Routes,
    ) -> Answered {
        let request = request::Request {
            product: route.product,
            action: route.action,
            caller: call.caller,
            host: call.host,
            parameters: call.parameters,
        };
        route.permit(&request, &call.policies)?;
        routes.validate(route, &request)?;
        let recorded = self.options.recorder.as_ref();
        self.understood = recorded.map(|_| request.parameters.clone());
        self.world.abroad = self.abroad(&request);
        let world = &mut self.world;
        if let Some(reply) = actions::sts::lend(&self.gateway, &request, || world.letters(20)) {
            return reply.map(Answer::Value);
        }
        let claim = Claim::of(&request)?;
        if let Some(reply) = claim
            .as_ref()
            .and_then(|claim| claim.earlier(&self.world, &request))
        {
            return reply.map(Answer::Value);
        }
        if stale {
            let lag = self.world.length(Transition::Lag);
            self.world.look_at(Some(self.world.now.saturating_sub(lag)));
        }
        let run = match route.run {
            Run::Value(run) => run,
            Run::Text(run) => {
                let text = run(&mut self.world, &request);
                self.world.look_at(None);
                return text.map(Answer::Text);
            }
        };
        let reply = run(&mut self.world, &request);
        self.world.look_at(None);
        if let Some(claim) = claim {
            claim.remember(&mut self.world, &reply);
        }
        reply.map(Answer::Value)
    }

    /// The security groups of the other accounts, for a request that names one.
    fn abroad(&self, request: &request::Request) -> Vec<Abroad> {
        let names_owner = |name: &String| name.contains("GroupOwner");
        if !request.parameters.keys().any(names_owner) {
            return Vec::new();
        }
        let worlds = self.others.values().map(|home| &home.world);
        worlds
            .flat_map(|world| {
                world.groups.iter().map(|group| Abroad {
                    account: world.account.clone(),
                    group: group.clone(),
                })
            })
            .collect()
    }

    fn log(&mut self) -> io::Result<()> {
        let changes = self.world.changes();
        let Some(store) = &mut self.store else {
            return Ok(());
        };
        store.append(&changes)?;
        store.fold_long(&self.world)
    }

    fn finish(
        &mut self,
        route: &Route,
        reply: Answered,
        acted: bool,
        strikes: &[Strike],
        envelope: &Envelope,
    ) -> Outcome {
        let of = |kind: Kind| strikes.iter().find(|strike| strike.kind == kind);
        let afterwards = of(Kind::ErrorAfter).filter(|_| acted).map(Strike::refusal);
        let reply = afterwards.map_or(reply, Err);
        if let Err(refused) = &reply {
            self.calls.refused(route.action, refused);
        }
        let throttled = is_throttling(&reply);
        let mut response = reply::write(reply, envelope);
        if throttled {
            let scripted = of(Kind::Throttle).map(|strike| strike.delay_ms.max(1));
            let wait = scripted.unwrap_or_else(|| self.throttle.retry_after());
            response
                .headers_mut()
                .insert("x-acs-retry-after", HeaderValue::from(wait));
        }
        let delay = strikes
            .iter()
            .filter(|strike| strike.kind == Kind::Delay)
            .map(|strike| strike.delay_ms)
            .sum();
        let cut = of(Kind::CutBefore).is_some() || (acted && of(Kind::CutAfter).is_some());
        Outcome {
            response,
            delay: Duration::from_millis(delay),
            cut,
        }
    }

    fn request_id(&mut self) -> String {
        let bytes: [u8; 16] = std::array::from_fn(|_| self.random.u8(..));
        uuid::Builder::from_random_bytes(bytes)
            .into_uuid()
            .to_string()
            .to_uppercase()
    }
}

fn unwritten(error: &io::Error) -> Refusal {
    let text = format!("The world could not be written: {error}");
    refusal(500, "InternalError", text)
}

fn is_throttling(reply: &Answered) -> bool {
    matches!(reply, Err(refused) if refused.code.contains("Throttling"))
}

impl Outcome {
    fn answer(response: Response<Bytes>) -> Self {
        Self {
            response,
            delay: Duration::ZERO,
            cut: false,
        }
    }
}

impl Strike {
    fn refusal(&self) -> Refusal {
        refusal(self.status, &self.code, self.message.clone())
    }
}
