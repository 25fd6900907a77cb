//! Whole applies against limits of rate, in virtual time: nothing waits, and every run is the same.

use std::{
    collections::BTreeMap,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use async_trait::async_trait;
use prov::{
    apply::{
        run::{Run, run},
        store::Store,
    },
    backend::{Backend, Base, Holder, Kept, Lease, Local, StateError},
    cloud::{
        Client, Credentials, Endpoints, Settings, Throttle, Transport, TransportError,
        TransportErrorKind,
    },
    emulator::{self, Emulator},
    manifest,
    model::{Diagnostics, Sources, secret::Secret},
    plan::{self, Options, Special, providers::ALICLOUD},
    provider::{aliyun::Aliyun, registry::Registry},
    resources,
};

const REGISTRY: Registry = Registry {
    kinds: resources::ALL,
    data: resources::DATA,
    ephemeral: &[],
};

/// The emulator, so far away.
struct Distant(Emulator, Duration);

#[async_trait]
impl Transport for Distant {
    async fn send(
        &self,
        request: http::Request<bytes::Bytes>,
    ) -> Result<http::Response<bytes::Bytes>, TransportError> {
        tokio::time::sleep(self.1 / 2).await;
        let answer = self.0.handle(request).await;
        tokio::time::sleep(self.1 / 2).await;
        answer.map_err(|_| TransportError {
            kind: TransportErrorKind::Interrupted,
            message: "cut".to_owned(),
        })
    }
}

/// A state file, and how many bytes were written to it and to its journal.
struct Counting(Local, Arc<AtomicUsize>);

#[async_trait]
impl Backend for Counting {
    fn place(&self) -> String {
        self.0.place()
    }

    async fn read(&self) -> Result<Kept, StateError> {
        self.0.read().await
    }

    async fn lock(&self, holder: &Holder) -> Result<Lease, StateError> {
        self.0.lock(holder).await
    }

    async fn unlock(&self, lease: Lease) -> Result<(), StateError> {
        self.0.unlock(lease).await
    }

    async fn force_unlock(&self, id: &str) -> Result<(), StateError> {
        self.0.force_unlock(id).await
    }

    async fn append(&self, lease: &Lease, base: &Base, batch: &[u8]) -> Result<(), StateError> {
        self.1.fetch_add(batch.len(), Ordering::Relaxed);
        self.0.append(lease, base, batch).await
    }

    async fn fold(
        &self,
        lease: &Lease,
        expected: Option<&Base>,
        snapshot: Vec<u8>,
    ) -> Result<(), StateError> {
        self.1.fetch_add(snapshot.len(), Ordering::Relaxed);
        self.0.fold(lease, expected, snapshot).await
    }
}

/// How an apply of the fleet went.
struct Applied {
    seconds: f64,
    /// What the emulator counted.
    calls: serde_json::Value,
    /// Bytes that were written, and those of the state in the end.
    written: usize,
    state: usize,
}

/// Applies a fleet of so many instances.
async fn apply(instances: usize, latency: Duration, limit: &str, parallelism: usize) -> Applied {
    let directory = tempfile::tempdir().unwrap();
    let text = include_str!("../../benches/fleet.tf");
    let text = text.replace("count = 500", &format!("count = {instances}"));
    std::fs::write(directory.path().join("main.tf"), text).unwrap();
    let faults = serde_json::json!({ "limits": { "*": limit } });
    let emulator = Emulator::open(emulator::Options {
        profile: emulator::Profile::Instant,
        faults: Some(serde_json::from_value(faults).unwrap()),
        ..emulator::Options::default()
    })
    .unwrap();
    let credentials = Credentials {
        access_key: "LTAI-emulator".to_owned(),
        secret_key: Secret::new("emulator-secret"),
        security_token: None,
    };
    let endpoints = Endpoints::single("http://127.0.0.1".to_owned());
    let mut settings = Settings::new(credentials, "cn-hangzhou", endpoints);
    settings.throttle = Throttle::new(parallelism);
    let client = Client::new(settings, Arc::new(Distant(emulator.clone(), latency)));
    let mut providers = plan::Providers::default();
    let provider = Aliyun::new(client, resources::ALL, resources::DATA);
    providers.insert(ALICLOUD, Arc::new(provider));

    let mut diags = Diagnostics::default();
    let module = manifest::load(directory.path(), &[], &mut Sources::default(), &mut diags);
    let written = Arc::new(AtomicUsize::new(0));
    let file = directory.path().join("terraform.tfstate");
    let backend = Box::new(Counting(Local::at(&file), written.clone()));
    let mut store = Store::open(backend, Lease::without_lock()).await.unwrap();
    let recorded = store.state().clone();
    let started = tokio::time::Instant::now();
    let options = Options {
        refresh: true,
        ..Options::default()
    };
    let input = plan::Input {
        module: &module,
        variables: &BTreeMap::new(),
        recorded: &recorded,
        options: &options,
        registry: REGISTRY,
        providers: &providers,
        special: Special::default(),
        digest: &|text| text.to_owned(),
        events: &|_| {},
    };
    let planned = plan::build(&input, &mut diags).await.unwrap();
    let (_stop, stop) = tokio::sync::watch::channel(0);
    let how = Run {
        module: &module,
        registry: REGISTRY,
        providers: &providers,
        parallelism,
        events: &|_| {},
        stop,
    };
    let ended = run(how, planned, &mut store, &mut diags).await;
    assert!(!diags.has_errors(), "{diags:?}");
    assert_eq!(ended.summary.done.add, instances + 3);
    let seconds = started.elapsed().as_secs_f64();
    store.close().await.unwrap();
    Applied {
        seconds,
        calls: emulator.calls(),
        written: written.load(Ordering::Relaxed),
        state: std::fs::read(&file).unwrap().len(),
    }
}

/// An intent and the state have the object once each, what came of it only what was not known before, and nothing
/// else grows with their number.
#[tokio::test(start_paused = true)]
async fn three_times_an_objects_size_at_most_is_written_to_make_it() {
    for instances in [50, 200] {
        let applied = apply(instances, Duration::from_millis(50), "1000/s", 10).await;
        let Applied { written, state, .. } = applied;
        assert!(written <= 3 * state, "{instances}: {written} for {state}");
    }
}

/// 500 instances take little longer than their calls at the API's rate, and hardly a call is refused.
#[tokio::test(start_paused = true)]
async fn many_instances_are_made_as_fast_as_the_api_lets_through() {
    const INSTANCES: f64 = 500.0;
    // Region, network, its table, switch, group, instance, a look, the start, a look, its disks.
    const DEPTH: f64 = 12.0;
    // The delays before another try are by chance: always the same ones.
    fastrand::seed(1);
    let fleet = apply(500, Duration::from_millis(50), "100/s", 10).await;
    let Applied { seconds, calls, .. } = fleet;
    let best = INSTANCES / 100.0 + DEPTH * 0.05;
    assert!(seconds <= 1.1 * best, "{seconds} s {calls}");
    let count = |what: &str| -> u64 {
        let all = calls.as_object().unwrap().values();
        all.map(|action| action[what].as_u64().unwrap()).sum()
    };
    // Those of the first moments are among them.
    assert!(count("throttled") * 20 <= count("calls"), "{calls}");
}
