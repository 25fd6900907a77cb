//! Many open operations are settled with few rounds of calls, and each id is durable before anything is read.

use std::{
    collections::BTreeMap,
    path::PathBuf,
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use async_trait::async_trait;
use jiff::Timestamp;
use prov::{
    apply::{
        journal::{Create, Operation, Record, decode},
        recover::{Found, Recovery, recover},
        store::Store,
    },
    backend::{Backend, Lease, format::Encoded, local::Local},
    manifest::ast::Module,
    model::{
        Address, Diagnostics, Object, Value,
        state::{Status, Stored},
    },
    plan::{Providers, Special, Values, providers::ALICLOUD},
    provider::{
        ApiError, Change, CreateRequest, Failure, Progress, Provider, Wanted, registry::Registry,
    },
    resources,
    schema::ResourceType,
};

const OPEN: usize = 200;
const LATENCY: Duration = Duration::from_millis(50);
const AT_ONCE: usize = 10;

/// A cloud whose calls take a while, and which looks at the journal when it is asked.
struct Slow {
    state: PathBuf,
    now: AtomicUsize,
    most: AtomicUsize,
    made: Mutex<BTreeMap<String, String>>,
    reads: AtomicUsize,
    /// Ids that were read before the journal had them.
    early: Mutex<Vec<String>>,
}

impl Slow {
    fn new(state: PathBuf) -> Self {
        Self {
            state,
            now: AtomicUsize::new(0),
            most: AtomicUsize::new(0),
            made: Mutex::default(),
            reads: AtomicUsize::new(0),
            early: Mutex::default(),
        }
    }

    async fn durable(&self) -> Vec<String> {
        let kept = Local::at(&self.state).read().await.unwrap();
        let batches = kept.journal.map(|journal| journal.batches);
        let records = batches
            .into_iter()
            .flatten()
            .flat_map(|batch| decode(&batch).unwrap());
        let ids = records.filter_map(|record| match record {
            Record::Created { id, .. } => Some(id),
            _ => None,
        });
        ids.collect()
    }
}

#[async_trait]
impl Provider for Slow {
    async fn check(&self, _: &'static ResourceType) -> Result<(), ApiError> {
        Ok(())
    }

    async fn read(&self, wanted: &[Wanted]) -> Vec<Result<Option<Object>, ApiError>> {
        self.reads.fetch_add(1, Ordering::Relaxed);
        let durable = self.durable().await;
        let early = wanted.iter().filter(|one| !durable.contains(&one.id));
        self.early
            .lock()
            .unwrap()
            .extend(early.map(|one| one.id.clone()));
        let object = |one: &Wanted| {
            let mut object = (*one.known).clone();
            object.insert("id", Value::string(one.id.as_str()));
            Ok(Some(object))
        };
        wanted.iter().map(object).collect()
    }

    async fn data(&self, _: &'static ResourceType, _: &Object) -> Result<Object, Failure> {
        unreachable!("nothing is planned")
    }

    fn create_request(&self, _: &'static ResourceType, _: &Object) -> CreateRequest {
        unreachable!("no secret is asked for again")
    }

    async fn create(
        &self,
        _: &'static ResourceType,
        _: &CreateRequest,
        token: &str,
        _: &Object,
    ) -> Result<String, Failure> {
        let now = self.now.fetch_add(1, Ordering::Relaxed) + 1;
        self.most.fetch_max(now, Ordering::Relaxed);
        tokio::time::sleep(LATENCY).await;
        self.now.fetch_sub(1, Ordering::Relaxed);
        let mut made = self.made.lock().unwrap();
        let id = format!("vpc-{token}");
        let before = made.insert(token.to_owned(), id.clone());
        assert_eq!(before, None, "{token} was asked twice");
        Ok(id)
    }

    async fn settle(
        &self,
        _: &'static ResourceType,
        _: &str,
        _: &Object,
        _: Progress<'_>,
    ) -> Result<Object, Failure> {
        unreachable!("what follows a creation is the plan's")
    }

    async fn update(
        &self,
        _: &'static ResourceType,
        _: &str,
        _: Change<'_>,
        _: Progress<'_>,
    ) -> Result<Object, Failure> {
        unreachable!("nothing is updated")
    }

    async fn delete(
        &self,
        _: &'static ResourceType,
        _: &str,
        _: &Object,
        _: Progress<'_>,
    ) -> Result<(), Failure> {
        unreachable!("nothing is deleted")
    }
}

fn address(at: usize) -> Address {
    Address::parse(&format!("alicloud_vpc.main[{at}]")).unwrap()
}

fn intent(at: usize) -> Record {
    let attributes = Object::from_iter([("id", Value::Null), ("vpc_name", Value::from("main"))]);
    let planned = Stored {
        attributes: attributes.into(),
        ..Stored::default()
    };
    Record::Intent {
        address: address(at),
        deposed: None,
        operation: Operation::Create(Box::new(Create {
            action: "CreateVpc".to_owned(),
            token: format!("token-{at}"),
            takes_token: true,
            params: Vec::new(),
            predecessor: String::new(),
            attempt: 0,
            provider: ALICLOUD.to_owned(),
            planned: Encoded::object("alicloud_vpc", &planned),
            sparse: false,
            at: Timestamp::now(),
        })),
        place: None,
    }
}

async fn store(state: &std::path::Path) -> Store {
    let backend = Box::new(Local::at(state));
    Store::open(backend, Lease::without_lock()).await.unwrap()
}

#[tokio::test(start_paused = true)]
async fn ten_calls_are_under_way_and_each_id_is_durable_before_its_object_is_read() {
    let folder = tempfile::tempdir().unwrap();
    let state = folder.path().join("terraform.tfstate");
    let mut interrupted = store(&state).await;
    let intents: Vec<Record> = (0..OPEN).map(intent).collect();
    interrupted.append(&intents).await.unwrap();
    drop(interrupted);

    let mut store = store(&state).await;
    let slow = Arc::new(Slow::new(state));
    let mut providers = Providers::default();
    providers.insert(ALICLOUD, slow.clone());
    let (module, variables) = (Module::default(), BTreeMap::new());
    let values = Values::new(&module, &variables, Special::default());
    let recovery = Recovery {
        registry: &Registry {
            kinds: resources::ALL,
            data: resources::DATA,
            ephemeral: &[],
        },
        providers: &providers,
        values: &values,
    };
    let mut diags = Diagnostics::default();
    let began = tokio::time::Instant::now();
    let settled = recover(&mut store, &recovery, &mut diags).await;

    assert!(!diags.has_errors(), "{diags:?}");
    assert_eq!(
        began.elapsed(),
        LATENCY * u32::try_from(OPEN / AT_ONCE).unwrap()
    );
    assert_eq!(slow.most.load(Ordering::Relaxed), AT_ONCE);
    assert_eq!(slow.reads.load(Ordering::Relaxed), 1);
    assert_eq!(*slow.early.lock().unwrap(), Vec::<String>::new());
    // What is said is in the order of the addresses, whatever was answered first.
    assert_eq!(settled.len(), OPEN);
    for (at, one) in settled.iter().enumerate() {
        assert_eq!(one.address, address(at).to_string());
        assert_eq!(
            (one.found, one.id.as_str()),
            (Found::Created, &*format!("vpc-token-{at}"))
        );
        let stored = store.state().get(&address(at)).unwrap();
        assert_eq!(stored.status, Status::Unsettled);
    }
    assert!(!store.has_open());
}
