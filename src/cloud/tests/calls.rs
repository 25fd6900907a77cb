use super::*;
use crate::cloud::error::ApiErrorKind;
use TransportErrorKind::{Connect, Interrupted, Resolve, Timeout};

#[tokio::test(start_paused = true)]
async fn a_lost_answer_is_asked_for_with_the_same_token_and_a_new_nonce() {
    let script = Script::of([cut(Interrupted), fault(500, "InternalError"), cut(Timeout)]);
    client(&script).call(&create()).await.unwrap();
    assert_eq!(script.values("ClientToken"), ["token-1"; 4]);
    let mut nonces = script.values("SignatureNonce");
    nonces.sort();
    nonces.dedup();
    assert_eq!(nonces.len(), 4);
}

#[tokio::test(start_paused = true)]
async fn a_change_without_a_token_is_not_repeated_when_it_may_be_done() {
    for lost in [
        cut(Interrupted),
        cut(Timeout),
        fault(500, "InternalError"),
        fault(503, "ServiceUnavailable"),
        fault(400, "SignatureNonceUsed"),
        answer(502, "<html><body>Bad gateway</body></html>"),
        ok(""),
        ok(r#"{"RequestId":"R-1","Inst"#),
    ] {
        let script = Script::of([lost]);
        let call = Call::change(Product::Ecs, "AllocatePublicIpAddress");
        let error = client(&script).call(&call).await.unwrap_err();
        assert_eq!(error.kind, ApiErrorKind::OutcomeUnknown, "{error}");
        assert!(error.message.contains("not known whether"), "{error}");
        assert_eq!(script.count(), 1, "{error}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_change_without_a_token_is_repeated_when_it_was_refused() {
    let script = Script::of([
        fault(400, "Throttling.User"),
        fault(400, "SystemBusy"),
        fault(409, "OperationConflict"),
    ]);
    let call = Call::change(Product::Ecs, "AllocatePublicIpAddress");
    client(&script).call(&call).await.unwrap();
    assert_eq!(script.count(), 4);
}

#[tokio::test(start_paused = true)]
async fn what_sets_a_value_is_repeated() {
    let script = Script::of([cut(Interrupted), fault(500, "InternalError")]);
    let call = Call::change(Product::Vpc, "DeleteVSwitch").again();
    client(&script).call(&call).await.unwrap();
    assert_eq!(script.count(), 3);
}

#[tokio::test(start_paused = true)]
async fn throttling_waits_as_long_as_the_answer_asks() {
    let throttled = with_header(fault(400, "Throttling.User"), "x-acs-retry-after", "7000");
    let script = Script::of([throttled]);
    let started = tokio::time::Instant::now();
    client(&script).call(&read()).await.unwrap();
    assert!(started.elapsed() >= Duration::from_secs(7));
    assert_eq!(script.count(), 2);
}

#[tokio::test(start_paused = true)]
async fn throttling_ends_after_ten_minutes() {
    let script = Script::of((0..5000).map(|_| fault(400, "Throttling")));
    let started = tokio::time::Instant::now();
    let error = client(&script).call(&read()).await.unwrap_err();
    assert_eq!(error.kind, ApiErrorKind::Throttled);
    let elapsed = started.elapsed().as_secs();
    assert!((600..660).contains(&elapsed), "{elapsed}");
    assert!(error.message.contains("attempts"), "{error}");
}

#[tokio::test(start_paused = true)]
async fn a_failing_server_is_given_up() {
    let script = Script::of((0..100).map(|_| fault(503, "ServiceUnavailable")));
    let error = client(&script).call(&read()).await.unwrap_err();
    assert_eq!(error.kind, ApiErrorKind::Server);
    assert_eq!(script.count(), 20);
}

#[tokio::test(start_paused = true)]
async fn a_create_that_was_lost_once_stays_unknown_when_the_rest_fails() {
    let lost = [cut(Interrupted)];
    let script = Script::of(lost.into_iter().chain((0..100).map(|_| cut(Connect))));
    let error = client(&script).call(&create()).await.unwrap_err();
    assert_eq!(error.kind, ApiErrorKind::OutcomeUnknown);

    // A definite refusal of the same token says that it was not done.
    let script = Script::of([cut(Interrupted), fault(404, "InvalidImageId.NotFound")]);
    let error = client(&script).call(&create()).await.unwrap_err();
    assert_eq!(error.kind, ApiErrorKind::NotFound);
}

#[tokio::test(start_paused = true)]
async fn an_endpoint_that_never_answered_is_given_up_soon() {
    let script = Script::of((0..10).map(|_| cut(Connect)));
    let error = client(&script).call(&read()).await.unwrap_err();
    assert_eq!(error.kind, ApiErrorKind::Unreachable);
    assert_eq!(script.count(), 3);
    assert!(error.message.contains("http://127.0.0.1:7000"), "{error}");
    assert!(error.message.contains("`endpoints`"), "{error}");
}

#[tokio::test(start_paused = true)]
async fn an_outage_of_a_known_endpoint_is_waited_for() {
    let client_script = Script::of([ok("{}")].into_iter().chain((0..10).map(|_| cut(Connect))));
    let client = client(&client_script);
    client.call(&read()).await.unwrap();
    client.call(&read()).await.unwrap();
    assert_eq!(client_script.count(), 12);
}

#[tokio::test(start_paused = true)]
async fn a_host_that_does_not_exist_names_the_region() {
    let script = Script::of((0..6).map(|_| cut(Resolve)));
    let mut settings = settings();
    settings.endpoints = Endpoints::default();
    settings.region = "cn-hangzhuo".into();
    let client = Client::new(settings, script);
    let error = client.call(&read()).await.unwrap_err();
    assert!(
        error.message.contains("the region `cn-hangzhuo`"),
        "{error}"
    );
}

#[tokio::test(start_paused = true)]
async fn a_used_nonce_is_replaced() {
    let script = Script::of([fault(400, "SignatureNonceUsed")]);
    client(&script).call(&create()).await.unwrap();
    let nonces = script.values("SignatureNonce");
    assert_ne!(nonces[0], nonces[1]);
}

#[tokio::test(start_paused = true)]
async fn a_wrong_clock_is_corrected_once() {
    let expired = || {
        let sent = fault(400, "InvalidTimeStamp.Expired");
        with_header(sent, "date", "Wed, 01 Jan 2031 10:00:00 GMT")
    };
    let script = Script::of([expired()]);
    let client = client(&script);
    client.call(&read()).await.unwrap();
    client.call(&read()).await.unwrap();
    let times = script.values("Timestamp");
    assert!(!times[0].starts_with("2031"));
    assert!(times[1].starts_with("2031-01-01T10:0") && times[2].starts_with("2031-01-01T10:0"));

    let script = Script::of([expired(), expired()]);
    let error = Client::new(settings(), script)
        .call(&read())
        .await
        .unwrap_err();
    assert!(error.remedy().unwrap().contains("clock"), "{error}");
}

#[tokio::test(start_paused = true)]
async fn a_token_in_progress_is_asked_for_again() {
    let script = Script::of([
        fault(403, "LastTokenProcessing"),
        fault(400, "OperationFailed.IdempotentTokenProcessing"),
        fault(403, "IdempotentProcessing"),
    ]);
    client(&script).call(&create()).await.unwrap();
    assert_eq!(script.values("ClientToken"), ["token-1"; 4]);
}

#[tokio::test(start_paused = true)]
async fn a_token_of_another_request_is_final() {
    for code in ["IdempotentParameterMismatch", "IdempotenceParamNotMatch"] {
        let script = Script::of([fault(400, code)]);
        let error = client(&script).call(&create()).await.unwrap_err();
        assert_eq!(
            (error.kind, script.count()),
            (ApiErrorKind::OutcomeUnknown, 1)
        );
    }
}

#[tokio::test(start_paused = true)]
async fn listed_codes_are_retried_as_long_as_the_call_is_patient() {
    let refusals = || (0..1000).map(|_| fault(403, "IncorrectStatus.VSwitch"));
    let codes = &["IncorrectStatus"];
    let script = Script::of(refusals().take(3));
    let call = create().retry(codes, Duration::from_secs(60));
    client(&script).call(&call).await.unwrap();
    assert_eq!(script.count(), 4);

    let script = Script::of(refusals());
    let started = tokio::time::Instant::now();
    let error = client(&script).call(&call).await.unwrap_err();
    assert_eq!(error.kind, ApiErrorKind::Busy);
    assert!((60..70).contains(&started.elapsed().as_secs()));

    let script = Script::of(refusals());
    let error = client(&script).call(&create()).await.unwrap_err();
    assert_eq!((error.kind, script.count()), (ApiErrorKind::Busy, 1));
}

/// A server that fails before or after acting, drops connections and throttles, each call with 30 %.
struct Faulty {
    random: Mutex<fastrand::Rng>,
}

#[async_trait]
impl Transport for Faulty {
    async fn send(&self, _: http::Request<Bytes>) -> Sent {
        tokio::time::sleep(Duration::from_millis(1)).await;
        let roll = self.random.lock().unwrap().u8(..100);
        match roll {
            0..6 => cut(Interrupted),
            6..12 => fault(400, "Throttling.User"),
            12..18 => fault(500, "InternalError"),
            18..24 => fault(503, "ServiceUnavailable"),
            24..27 => fault(400, "SignatureNonceUsed"),
            27..30 => ok(r#"{"RequestId":"#),
            _ => ok("{}"),
        }
    }
}

#[tokio::test(start_paused = true)]
async fn thousands_of_calls_get_through_when_three_in_ten_fail() {
    let random = Mutex::new(fastrand::Rng::with_seed(7));
    let client = Client::new(settings(), Arc::new(Faulty { random }));
    let started = tokio::time::Instant::now();
    let calls = (0..5000).map(|_| {
        let client = client.clone();
        async move { client.call(&create()).await.map(drop) }
    });
    let done = futures::future::join_all(calls).await;
    assert!(done.iter().all(Result::is_ok));
    assert!(started.elapsed() < Duration::from_secs(600));
}
