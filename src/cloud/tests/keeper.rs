//! Credentials over time: renewed early, by one for all, and kept while they are valid.

use std::sync::atomic::{AtomicI64, AtomicUsize, Ordering};

use super::*;
use crate::cloud::{
    credentials::{Keeper, Lender, Lent},
    error::ApiError,
};

/// The lender's clock: seconds, moved by the tests. Each test has a thread of its own.
fn now() -> jiff::Timestamp {
    let second = CLOCK.with(|clock| clock.load(Ordering::Relaxed));
    jiff::Timestamp::from_second(second).unwrap()
}

thread_local! {
    static CLOCK: AtomicI64 = const { AtomicI64::new(1_000_000) };
}

fn wait(seconds: i64) {
    CLOCK.with(|clock| clock.fetch_add(seconds, Ordering::Relaxed));
}

/// Lends numbered keys for some seconds, after a moment; fails when told to.
struct Counter {
    lent: Arc<AtomicUsize>,
    seconds: i64,
    broken: Arc<AtomicUsize>,
}

#[async_trait]
impl Lender for Counter {
    async fn lend(&self) -> Result<Lent, ApiError> {
        let number = self.lent.fetch_add(1, Ordering::Relaxed) + 1;
        tokio::time::sleep(Duration::from_millis(5)).await;
        if self.broken.load(Ordering::Relaxed) > 0 {
            return Err(ApiError::local("NoCredentials", "It is broken."));
        }
        Ok(Lent {
            credentials: Credentials {
                access_key: format!("key-{number}"),
                ..testid()
            },
            expires: now()
                .checked_add(jiff::SignedDuration::from_secs(self.seconds))
                .ok(),
        })
    }
}

/// A keeper, how often it has asked, and whether it is refused.
fn keeper(seconds: i64) -> (Keeper, Arc<AtomicUsize>, Arc<AtomicUsize>) {
    let (lent, broken) = (Arc::default(), Arc::default());
    let counter = Counter {
        lent: Arc::clone(&lent),
        seconds,
        broken: Arc::clone(&broken),
    };
    (Keeper::with_clock(counter, now), lent, broken)
}

async fn key(keeper: &Keeper) -> String {
    let found = keeper.current().await.unwrap().unwrap();
    found.access_key.clone()
}

#[tokio::test(start_paused = true)]
async fn they_are_renewed_three_minutes_before_they_expire() {
    let (keeper, lent, _) = keeper(3600);
    assert_eq!(key(&keeper).await, "key-1");
    wait(3600 - 181);
    assert_eq!(key(&keeper).await, "key-1");
    wait(1);
    assert_eq!(key(&keeper).await, "key-2");
    assert_eq!(lent.load(Ordering::Relaxed), 2);
}

#[tokio::test(start_paused = true)]
async fn one_asks_for_all() {
    let (keeper, lent, _) = keeper(3600);
    let all = futures::future::join_all((0..50).map(|_| key(&keeper))).await;
    assert!(all.iter().all(|key| key == "key-1"), "{all:?}");
    wait(3500);
    // Whoever comes while one is asking takes the old ones and does not wait.
    let all = futures::future::join_all((0..50).map(|_| key(&keeper))).await;
    assert_eq!(
        all.iter().filter(|key| *key == "key-2").count(),
        1,
        "{all:?}"
    );
    assert_eq!(
        all.iter().filter(|key| *key == "key-1").count(),
        49,
        "{all:?}"
    );
    assert_eq!(key(&keeper).await, "key-2");
    assert_eq!(lent.load(Ordering::Relaxed), 2);
}

#[tokio::test(start_paused = true)]
async fn a_renewal_that_fails_does_no_harm_while_the_old_ones_are_valid() {
    let (keeper, lent, broken) = keeper(3600);
    assert_eq!(key(&keeper).await, "key-1");
    broken.store(1, Ordering::Relaxed);
    wait(3500);
    assert_eq!(key(&keeper).await, "key-1");
    assert_eq!(key(&keeper).await, "key-1");
    // Not at every call.
    assert_eq!(lent.load(Ordering::Relaxed), 2);
    wait(10);
    assert_eq!(key(&keeper).await, "key-1");
    assert_eq!(lent.load(Ordering::Relaxed), 3);
    wait(90);
    let error = keeper.current().await.unwrap_err();
    assert_eq!(error.message, "It is broken.");
    broken.store(0, Ordering::Relaxed);
    assert_eq!(key(&keeper).await, "key-5");
}

#[tokio::test(start_paused = true)]
async fn a_failure_is_everybodys() {
    let (keeper, lent, broken) = keeper(3600);
    broken.store(1, Ordering::Relaxed);
    let all = futures::future::join_all((0..20).map(|_| keeper.current())).await;
    assert!(all.iter().all(Result::is_err));
    assert_eq!(lent.load(Ordering::Relaxed), 1);
}

#[tokio::test(start_paused = true)]
async fn short_ones_and_ones_that_seem_expired_are_not_fetched_at_every_call() {
    for seconds in [100, -5000] {
        let (keeper, lent, _) = keeper(seconds);
        for _ in 0..20 {
            assert_eq!(key(&keeper).await, "key-1", "{seconds}");
        }
        wait(10);
        assert_eq!(key(&keeper).await, "key-2", "{seconds}");
        assert_eq!(lent.load(Ordering::Relaxed), 2, "{seconds}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_call_whose_credentials_the_cloud_holds_for_expired_is_repeated_with_others() {
    let expired = || fault(400, "InvalidSecurityToken.Expired");
    let script = Script::of([expired()]);
    let (keeper, _, _) = keeper(3600);
    let mut settings = settings();
    settings.credentials = keeper;
    let client = Client::new(settings, script.clone());
    client.call(&create()).await.unwrap();
    assert_eq!(script.values("AccessKeyId"), ["key-1", "key-2"]);
    assert_eq!(script.values("ClientToken"), ["token-1", "token-1"]);
    // Twice, and then it is the answer.
    let script = Script::of([expired(), expired(), expired(), expired()]);
    let mut settings = super::settings();
    settings.credentials = super::keeper::keeper(3600).0;
    let client = Client::new(settings, script.clone());
    let error = client.call(&read()).await.unwrap_err();
    assert_eq!(error.code, "InvalidSecurityToken.Expired");
    assert_eq!(script.count(), 3);
}

#[tokio::test(start_paused = true)]
async fn fixed_credentials_that_have_expired_are_not_tried_again() {
    let script = Script::of([fault(400, "InvalidSecurityToken.Expired")]);
    let error = client(&script).call(&read()).await.unwrap_err();
    assert_eq!(error.code, "InvalidSecurityToken.Expired");
    assert_eq!(script.count(), 1);
}

#[tokio::test(start_paused = true)]
async fn nothing_is_sent_without_credentials() {
    let script = Script::of([]);
    let (keeper, _, broken) = keeper(3600);
    broken.store(1, Ordering::Relaxed);
    let mut settings = settings();
    settings.credentials = keeper;
    let error = Client::new(settings, script.clone()).call(&create()).await;
    let error = error.unwrap_err();
    assert_eq!((error.code.as_str(), script.count()), ("NoCredentials", 0));
    assert!(!error.message.contains("not known whether"), "{error}");
}
