use super::*;

/// Lets only so many calls through per second, and counts those at once.
struct Metered {
    rate: usize,
    at_once: Mutex<(usize, usize)>,
    window: Mutex<Option<(tokio::time::Instant, usize)>>,
    refused: Mutex<usize>,
}

impl Metered {
    fn of(rate: usize) -> Arc<Self> {
        Arc::new(Self {
            rate,
            at_once: Mutex::default(),
            window: Mutex::default(),
            refused: Mutex::default(),
        })
    }
}

#[async_trait]
impl Transport for Metered {
    async fn send(&self, _: http::Request<Bytes>) -> Sent {
        {
            let mut at_once = self.at_once.lock().unwrap();
            at_once.0 += 1;
            at_once.1 = at_once.1.max(at_once.0);
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
        self.at_once.lock().unwrap().0 -= 1;
        let now = tokio::time::Instant::now();
        let mut window = self.window.lock().unwrap();
        let (start, used) = window.get_or_insert((now, 0));
        if now - *start >= Duration::from_secs(1) {
            (*start, *used) = (now, 0);
        }
        *used += 1;
        if *used > self.rate {
            *self.refused.lock().unwrap() += 1;
            return with_header(fault(400, "Throttling.User"), "x-acs-retry-after", "500");
        }
        ok("{}")
    }
}

#[tokio::test(start_paused = true)]
async fn calls_settle_at_what_the_api_lets_through() {
    let metered = Metered::of(50);
    let client = Client::new(settings(), metered.clone());
    let calls = (0..1000).map(|_| {
        let client = client.clone();
        async move { client.call(&read()).await.map(drop) }
    });
    let started = tokio::time::Instant::now();
    let done = futures::future::join_all(calls).await;
    assert!(done.iter().all(Result::is_ok));
    let (at_once, refused) = (
        metered.at_once.lock().unwrap().1,
        *metered.refused.lock().unwrap(),
    );
    assert!(at_once <= 64, "{at_once}");
    assert!(refused < 500, "{refused}");
    // 1000 calls at 50 a second take 20 seconds at best.
    assert!(
        started.elapsed() < Duration::from_secs(60),
        "{:?}",
        started.elapsed()
    );
}

#[tokio::test(start_paused = true)]
async fn the_upper_bound_holds() {
    let metered = Metered::of(50);
    let mut settings = settings();
    settings.throttle = Throttle::new(3);
    let client = Client::new(settings, metered.clone());
    let calls = (0..40).map(|_| client.call(&CALL));
    static CALL: std::sync::LazyLock<Call> = std::sync::LazyLock::new(read);
    futures::future::join_all(calls).await;
    assert_eq!(metered.at_once.lock().unwrap().1, 3);
}

#[tokio::test(start_paused = true)]
async fn a_call_that_is_dropped_gives_its_permit_back() {
    let metered = Metered::of(50);
    let mut settings = settings();
    settings.throttle = Throttle::new(1);
    let client = Client::new(settings, metered);
    let call = read();
    for _ in 0..3 {
        let late = tokio::time::timeout(Duration::from_millis(10), client.call(&call));
        assert!(late.await.is_err());
    }
    client.call(&call).await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn nobody_gives_up_while_others_get_through() {
    // At this rate the last call is let through long after the limit for being throttled.
    let client = Client::new(settings(), Metered::of(5));
    let calls = (0..4000).map(|_| {
        let client = client.clone();
        async move { client.call(&read()).await.map(drop) }
    });
    let started = tokio::time::Instant::now();
    let done = futures::future::join_all(calls).await;
    assert!(done.iter().all(Result::is_ok));
    assert!(started.elapsed() > settings().retry.throttled);
}
