use super::*;
use crate::cloud::error::{ApiError, ApiErrorKind};

/// The error of a call that gets this answer.
async fn error(sent: Sent) -> ApiError {
    let script = Script::of([sent]);
    client(&script).call(&create()).await.unwrap_err()
}

#[tokio::test(start_paused = true)]
async fn an_error_is_read_with_all_that_it_says() {
    let error = error(answer(
        404,
        r#"{"RequestId":"R-9","HostId":"h","Code":"InvalidImageId.NotFound",
            "Message":"The specified ImageId does not exist.","Recommend":"https://example.com/q"}"#,
    ))
    .await;
    assert_eq!(error.kind, ApiErrorKind::NotFound);
    assert_eq!(error.action, "CreateInstance");
    assert_eq!(error.code, "InvalidImageId.NotFound");
    assert_eq!(error.message, "The specified ImageId does not exist.");
    assert_eq!(error.request_id, "R-9");
    assert_eq!(error.status, 404);
    assert_eq!(error.recommend.as_deref(), Some("https://example.com/q"));
    assert_eq!(error.parameters(), ["ImageId"]);
}

#[tokio::test(start_paused = true)]
async fn an_error_in_xml_is_read_too() {
    let error = error(answer(
        403,
        "<?xml version='1.0' encoding='UTF-8'?><Error><RequestId>R-2</RequestId><HostId>h</HostId>\
         <Code>Forbidden.RAM</Code><Message>User not &lt;authorized&gt; &amp; more.</Message></Error>",
    ))
    .await;
    assert_eq!(
        (error.kind, error.request_id.as_str()),
        (ApiErrorKind::Denied, "R-2")
    );
    assert_eq!(error.message, "User not <authorized> & more.");
}

#[tokio::test(start_paused = true)]
async fn html_says_to_check_the_endpoint() {
    for status in [200, 404] {
        let page = "\n<!DOCTYPE html><html><body>Welcome</body></html>";
        let error = error(answer(status, page)).await;
        assert_eq!(error.kind, ApiErrorKind::Invalid);
        let expected = "The endpoint http://127.0.0.1:7000 answered HTML";
        assert!(error.message.starts_with(expected), "{error}");
        assert!(error.message.contains("not the ECS API"), "{error}");
        assert!(error.remedy().unwrap().contains("endpoints"));
    }
}

#[tokio::test(start_paused = true)]
async fn a_redirect_is_not_followed() {
    let moved = with_header(answer(302, ""), "location", "http://portal.example/");
    let error = error(moved).await;
    assert_eq!(error.kind, ApiErrorKind::Invalid);
    assert!(
        error
            .message
            .contains("redirects to http://portal.example/"),
        "{error}"
    );
}

#[tokio::test(start_paused = true)]
async fn other_text_is_no_answer() {
    for body in ["hello", "{\"a\": nonsense}", "[1]", "\u{0}\u{1}"] {
        assert_eq!(error(answer(400, body)).await.code, "NotTheApi", "{body}");
    }
    assert_eq!(error(answer(400, "{}")).await.code, "NotTheApi");
}

#[tokio::test(start_paused = true)]
async fn a_body_cut_short_is_asked_for_again() {
    let script = Script::of([
        ok(""),
        ok("{\"RequestId\":\"R"),
        ok("{\"InstanceId\":\"i-1\"}"),
    ]);
    let json = client(&script).call(&create()).await.unwrap();
    assert_eq!(json["InstanceId"], "i-1");
}

#[tokio::test(start_paused = true)]
async fn a_code_in_a_success_is_an_error() {
    let failed = r#"{"Code":"InvalidParameter","Message":"No."}"#;
    assert_eq!(error(ok(failed)).await.code, "InvalidParameter");
    for fine in [r#"{"Code":"200"}"#, r#"{"Code":"OK"}"#, r#"{"Code":0}"#] {
        let script = Script::of([ok(fine)]);
        client(&script).call(&create()).await.unwrap();
    }
}

#[tokio::test(start_paused = true)]
async fn a_wrong_secret_is_denied_without_quoting_the_request() {
    let message = "Specified signature is not matched with our calculation. server string to sign \
                   is:POST&%2F&Password%3DHunter2%2521";
    let body =
        format!(r#"{{"Code":"SignatureDoesNotMatch","Message":"{message}","RequestId":"R"}}"#);
    let error = error(answer(400, &body)).await;
    assert_eq!(error.kind, ApiErrorKind::Denied);
    assert!(
        !format!("{error:?} {error}").contains("Hunter2"),
        "{error:?}"
    );
    assert!(error.remedy().unwrap().contains("secret"));
}

#[tokio::test(start_paused = true)]
async fn quoted_passwords_are_taken_out() {
    let body = r#"{"Code":"InvalidPassword.Malformed","Message":"Hunter2! is bad; testsecret"}"#;
    let script = Script::of([answer(400, body)]);
    let call = create().param("Password", "Hunter2!");
    let error = client(&script).call(&call).await.unwrap_err();
    assert_eq!(error.message, "*** is bad; ***");
}

#[tokio::test(start_paused = true)]
async fn an_unknown_region_is_named() {
    let error = error(fault(404, "InvalidRegionId.NotFound")).await;
    assert!(error.message.contains("`cn-hangzhou`"), "{error}");
    assert_eq!(error.kind, ApiErrorKind::Invalid);
}

#[test]
fn the_client_does_not_show_its_secret() {
    let script = Script::of([]);
    assert!(!format!("{:?}", client(&script)).contains("testsecret"));
    let call = create().param("Password", "Hunter2!");
    assert!(!format!("{call:?}").contains("Hunter2"));
}

/// Keeps what is logged.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl std::io::Write for Log {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

#[tokio::test(start_paused = true)]
async fn each_attempt_is_logged_without_its_values() {
    let log = Log::default();
    let writer = log.clone();
    let subscriber = tracing_subscriber::fmt()
        .with_max_level(tracing::Level::TRACE)
        .with_ansi(false)
        .with_writer(move || writer.clone())
        .finish();
    // Another test may be the first to come by the log line, and would then decide that nobody listens.
    client(&Script::of([])).call(&read()).await.unwrap();
    let guard = tracing::subscriber::set_default(subscriber);
    // … and may do so once more right after the cache was rebuilt: then nothing was logged, and it is
    // tried again.
    for _ in 0..100 {
        tracing::callsite::rebuild_interest_cache();
        let script = Script::of([fault(500, "InternalError")]);
        let call = create().param("Password", "Hunter2!");
        client(&script).call(&call).await.unwrap();
        if log
            .0
            .lock()
            .unwrap()
            .iter()
            .filter(|byte| **byte == b'\n')
            .count()
            >= 2
        {
            break;
        }
        log.0.lock().unwrap().clear();
    }
    drop(guard);
    let text = String::from_utf8(log.0.lock().unwrap().clone()).unwrap();
    assert_eq!(text.lines().count(), 2, "{text}");
    for part in [
        "CreateInstance",
        "InternalError",
        "status=500",
        "R-OK",
        "\"Password\"",
    ] {
        assert!(text.contains(part), "{part}: {text}");
    }
    for secret in ["Hunter2", "testsecret", "Signature="] {
        assert!(!text.contains(secret), "{text}");
    }
}

mod robustness {
    use proptest::prelude::*;

    use crate::cloud::error::{Source, read, redact};

    proptest! {
        #[test]
        fn no_answer_is_too_strange(status in 100u16..1000, body in prop::collection::vec(any::<u8>(), 0..200)) {
            let answer = http::Response::builder().status(status).body(bytes::Bytes::from(body)).unwrap();
            let source = Source { action: "A", product: "ECS", region: "r", endpoint: "https://e" };
            let _ = read(source, &answer);
        }

        #[test]
        fn nor_any_xml(text in "<(Error|Code|Message|&|;|amp|<|>|/|!\\[CDATA\\[|[a-zé ]){0,40}") {
            let answer = http::Response::builder().status(400).body(bytes::Bytes::from(text)).unwrap();
            let source = Source { action: "A", product: "ECS", region: "r", endpoint: "https://e" };
            let _ = read(source, &answer);
        }

        #[test]
        fn nothing_follows_a_string_to_sign(before in "\\PC{0,20}", after in "[!-~]{8,40}") {
            let message = redact(&format!("{before} Server String To Sign is:{after}"));
            prop_assert!(!message[before.len()..].contains(&after));
        }
    }
}
