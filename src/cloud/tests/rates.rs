//! The limiter against servers that count as the cloud might: by tokens or windows, telling how long or not.

use tokio::time::Instant;

use super::*;
use crate::cloud::credentials::Keeper;

/// How a server counts.
#[derive(Clone, Copy, Debug)]
enum Count {
    /// Tokens that come back one by one, so many at most.
    Tokens(f64),
    /// So many in each window of these seconds.
    Window(f64),
}

#[derive(Clone, Copy, Debug)]
struct Case {
    /// Calls a second.
    rate: f64,
    count: Count,
    /// Milliseconds.
    latency: u64,
    /// Whether it says when to come again.
    tells: bool,
}

const HUNDRED: Case = Case {
    rate: 100.0,
    count: Count::Window(1.0),
    latency: 50,
    tells: true,
};

struct Server {
    case: Case,
    start: Instant,
    state: Mutex<State>,
    /// The rate after a moment, in place of the case's.
    later: Option<(f64, f64)>,
}

#[derive(Default)]
struct State {
    /// Tokens that are left, or calls of this window, and of when.
    used: f64,
    at: f64,
    /// When each call was let through or refused, in seconds.
    passed: Vec<f64>,
    refused: Vec<f64>,
}

impl Server {
    fn new(case: Case, later: Option<(f64, f64)>) -> Arc<Self> {
        Arc::new(Self {
            case,
            // Not at the beginning of a window.
            start: Instant::now() - Duration::from_millis(330),
            state: Mutex::default(),
            later,
        })
    }

    /// Counts a call; how long to wait when it is one too many.
    fn count(&self) -> Result<(), f64> {
        let now = self.start.elapsed().as_secs_f64();
        let mut state = self.state.lock().unwrap();
        let Case { rate, count, .. } = self.case;
        let later = self.later.filter(|(from, _)| now >= *from);
        let rate = later.map_or(rate, |(_, rate)| rate);
        let wait = match count {
            Count::Tokens(most) => {
                state.used = (state.used - (now - state.at) * rate).max(0.0);
                state.at = now;
                (state.used + 1.0 > most).then(|| (state.used + 1.0 - most) / rate)
            }
            Count::Window(length) => {
                let window = (now / length).floor();
                if window > state.at {
                    (state.at, state.used) = (window, 0.0);
                }
                let end = (window + 1.0) * length;
                (state.used + 1.0 > rate * length).then_some(end - now)
            }
        };
        match wait {
            None => {
                state.used += 1.0;
                state.passed.push(now);
                Ok(())
            }
            Some(wait) => {
                state.refused.push(now);
                Err(wait)
            }
        }
    }
}

#[async_trait]
impl Transport for Server {
    async fn send(&self, _: http::Request<Bytes>) -> Sent {
        let half = Duration::from_millis(self.case.latency) / 2;
        tokio::time::sleep(half).await;
        let counted = self.count();
        tokio::time::sleep(half).await;
        let Err(wait) = counted else {
            return ok("{}");
        };
        let refusal = fault(400, "Throttling.User");
        if self.case.tells {
            let milliseconds = (wait * 1000.0).ceil().to_string();
            return with_header(refusal, "x-acs-retry-after", &milliseconds);
        }
        refusal
    }
}

/// What came of many calls at once.
#[derive(Debug)]
struct Came {
    seconds: f64,
    passed: Vec<f64>,
    refused: Vec<f64>,
}

impl Came {
    /// The part of the calls from then to then that was refused.
    fn refused(&self, from: f64, to: f64) -> f64 {
        let (refused, passed) = (
            within(&self.refused, from, to),
            within(&self.passed, from, to),
        );
        refused / (refused + passed).max(1.0)
    }

    /// How many calls a second got through from then to then.
    fn rate(&self, from: f64, to: f64) -> f64 {
        within(&self.passed, from, to) / (to - from)
    }
}

fn within(times: &[f64], from: f64, to: f64) -> f64 {
    let count = times
        .iter()
        .filter(|time| (from..to).contains(*time))
        .count();
    f64::from(u32::try_from(count).unwrap())
}

/// A client that signs nothing, which would take most of the time.
fn unsigned(server: &Arc<Server>) -> Client {
    let mut settings = settings();
    settings.credentials = Keeper::nobody();
    Client::new(settings, server.clone())
}

async fn calls(case: Case, later: Option<(f64, f64)>, many: usize) -> Came {
    let server = Server::new(case, later);
    let client = unsigned(&server);
    let started = Instant::now();
    let call = read();
    let calls = (0..many).map(|_| client.call(&call));
    let done = futures::future::join_all(calls).await;
    assert!(done.iter().all(Result::is_ok), "{case:?}");
    let mut state = server.state.lock().unwrap();
    Came {
        seconds: started.elapsed().as_secs_f64(),
        passed: std::mem::take(&mut state.passed),
        refused: std::mem::take(&mut state.refused),
    }
}

#[tokio::test(start_paused = true)]
async fn a_limit_is_found_and_kept_to() {
    use Count::{Tokens, Window};
    let of = |rate, count, tells| Case {
        rate,
        count,
        tells,
        ..HUNDRED
    };
    for (case, many, warm) in [
        (HUNDRED, 500, 2.0),
        (of(100.0, Window(1.0), false), 500, 2.0),
        (of(100.0, Tokens(100.0), true), 700, 2.0),
        (of(100.0, Tokens(100.0), false), 700, 2.0),
        (of(100.0, Tokens(10.0), true), 500, 2.0),
        (of(20.0, Window(1.0), true), 300, 4.0),
        (of(5.0, Window(60.0), true), 700, 61.0),
        (of(5.0, Tokens(5.0), true), 400, 8.0),
    ] {
        let came = calls(case, None, many).await;
        let best = f64::from(u32::try_from(many).unwrap()) / case.rate + 0.05;
        assert!(came.seconds <= best * 1.1, "{case:?}: {} s", came.seconds);
        let refused = came.refused(warm + 0.33, f64::INFINITY);
        assert!(refused <= 0.01, "{case:?}: {refused}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_limit_that_changes_is_followed() {
    let came = calls(HUNDRED, Some((10.0, 20.0)), 1400).await;
    assert!(came.rate(12.0, 20.0) > 18.0, "{}", came.rate(12.0, 20.0));
    let refused = came.refused(13.0, f64::INFINITY);
    assert!(refused < 0.03, "{refused}");

    let low = Case {
        rate: 20.0,
        ..HUNDRED
    };
    let came = calls(low, Some((10.0, 100.0)), 3000).await;
    assert!(came.rate(30.0, 40.0) > 90.0, "{}", came.rate(30.0, 40.0));
    let refused = came.refused(3.0, f64::INFINITY);
    assert!(refused < 0.01, "{refused}");
}

#[tokio::test(start_paused = true)]
async fn when_nothing_gets_through_one_call_tries_for_all() {
    let closed = Case {
        rate: 0.0,
        tells: false,
        ..HUNDRED
    };
    let came = calls(closed, Some((60.0, 100.0)), 300).await;
    // Those that were on their way at first, and then one at a time.
    let tries = within(&came.refused, 1.0, 60.0);
    assert!(tries < 30.0, "{tries}");
    assert!(came.seconds < 70.0, "{}", came.seconds);
}

#[tokio::test(start_paused = true)]
async fn refusals_for_no_reason_slow_nothing_down() {
    let random = Mutex::new(fastrand::Rng::with_seed(3));
    let mut settings = settings();
    settings.credentials = Keeper::nobody();
    let client = Client::new(settings, Arc::new(Capricious(random)));
    let started = Instant::now();
    let call = read();
    let done = futures::future::join_all((0..3000).map(|_| client.call(&call))).await;
    assert!(done.iter().all(Result::is_ok));
    assert!(started.elapsed().as_secs() < 30, "{:?}", started.elapsed());
}

/// Refuses three calls in ten.
struct Capricious(Mutex<fastrand::Rng>);

#[async_trait]
impl Transport for Capricious {
    async fn send(&self, _: http::Request<Bytes>) -> Sent {
        tokio::time::sleep(Duration::from_millis(5)).await;
        if self.0.lock().unwrap().f64() < 0.3 {
            return with_header(fault(400, "Throttling.User"), "x-acs-retry-after", "1");
        }
        ok("{}")
    }
}

#[tokio::test(start_paused = true)]
async fn a_call_now_and_then_is_never_held_back() {
    let refusal = with_header(fault(400, "Throttling.User"), "x-acs-retry-after", "20");
    let answers = (0..30).map(|_| ok("{}")).chain([refusal]);
    let client = client(&Script::of(answers));
    for _ in 0..40 {
        tokio::time::sleep(Duration::from_secs(3)).await;
        let started = Instant::now();
        client.call(&read()).await.unwrap();
        assert!(started.elapsed() < Duration::from_millis(30));
    }
}

#[tokio::test(start_paused = true)]
async fn too_many_at_once_is_not_too_often() {
    let crowd = || fault(400, "Throttling.ConcurrentLimitExceeded");
    let script = Script::of((0..8).map(|_| crowd()));
    let client = client(&script);
    let call = read();
    let done = futures::future::join_all((0..200).map(|_| client.call(&call))).await;
    assert!(done.iter().all(Result::is_ok));
    let started = Instant::now();
    futures::future::join_all((0..200).map(|_| client.call(&call))).await;
    assert!(
        started.elapsed().as_millis() < 100,
        "{:?}",
        started.elapsed()
    );
}

#[tokio::test(start_paused = true)]
async fn clients_of_one_account_and_region_share_what_they_find_out() {
    for (account, region, shared) in [
        ("1", "cn-beijing", true),
        ("2", "cn-beijing", false),
        ("1", "cn-hangzhou", false),
    ] {
        let throttle = Throttle::new(64);
        let of = |account: &str, region: &str, script: &Arc<Script>| {
            let mut settings = settings();
            settings.throttle = throttle.clone();
            settings.account = Some(account.to_owned());
            settings.region = region.to_owned();
            Client::new(settings, script.clone())
        };
        let refusal = with_header(fault(400, "Throttling.User"), "x-acs-retry-after", "5000");
        let first = of("1", "cn-beijing", &Script::of([refusal]));
        let second = of(account, region, &Script::of([]));
        let call = read();
        let later = async {
            tokio::time::sleep(Duration::from_millis(10)).await;
            let started = Instant::now();
            second.call(&call).await.unwrap();
            started.elapsed()
        };
        let (_, waited) = tokio::join!(first.call(&call), later);
        assert_eq!(
            waited.as_secs() >= 4,
            shared,
            "{account} {region}: {waited:?}"
        );
    }
}
