use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpListener,
};

use super::*;
use crate::cloud::{error::ApiErrorKind, transport::Http};

/// Serves one connection for each of these raw answers, then stops listening.
async fn server(answers: Vec<Vec<u8>>) -> (String, impl Future<Output = Vec<String>>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    let serve = async move {
        let mut requests = Vec::new();
        for answer in answers {
            let (mut stream, _) = listener.accept().await.unwrap();
            let mut text = vec![0; 65536];
            let mut length = 0;
            // The client sends head and body in one or two pieces; the body ends the form.
            while !String::from_utf8_lossy(&text[..length]).contains("Signature=") {
                length += stream.read(&mut text[length..]).await.unwrap();
            }
            requests.push(String::from_utf8_lossy(&text[..length]).into_owned());
            stream.write_all(&answer).await.unwrap();
            stream.shutdown().await.unwrap();
        }
        requests
    };
    (address, serve)
}

fn over_network(address: &str) -> Client {
    let mut settings = settings();
    settings.endpoints = Endpoints::single(address);
    settings.retry = Policy {
        base: Duration::from_millis(1),
        ..Policy::default()
    };
    Client::new(settings, Arc::new(Http::default()))
}

#[tokio::test]
async fn a_real_socket_is_spoken_to_and_cuts_are_survived() {
    let body = r#"{"RequestId":"R","Vpcs":{"Vpc":[]}}"#;
    let whole = format!(
        "HTTP/1.1 200 OK\r\ncontent-length: {}\r\n\r\n{body}",
        body.len()
    );
    let cut = &whole[..whole.len() - 5];
    let answers = vec![Vec::new(), cut.into(), whole.clone().into()];
    let (address, serve) = server(answers).await;
    let client = over_network(&address);
    let call = read();
    let (json, requests) = tokio::join!(client.call(&call), serve);
    assert_eq!(json.unwrap()["RequestId"], "R");
    assert_eq!(requests.len(), 3);
    assert!(requests[0].starts_with("POST / HTTP/1.1\r\n"));
    assert!(requests[0].contains("content-type: application/x-www-form-urlencoded\r\n"));
    let host = address.trim_start_matches("http://");
    assert_eq!(requests[0].matches(&format!("host: {host}\r\n")).count(), 1);
}

#[tokio::test]
async fn a_closed_port_is_unreachable() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    drop(listener);
    let error = over_network(&address).call(&read()).await.unwrap_err();
    assert_eq!(error.kind, ApiErrorKind::Unreachable, "{error}");
    assert!(error.message.contains(&address), "{error}");
}

#[tokio::test]
async fn tls_is_set_up() {
    let (address, serve) = server(Vec::new()).await;
    drop(serve);
    let address = address.replace("http:", "https:");
    let error = over_network(&address).call(&read()).await.unwrap_err();
    assert!(error.message.contains("cannot be reached"), "{error}");
    assert!(!error.message.contains("set up"), "{error}");
}

#[tokio::test]
async fn a_redirect_over_the_network_is_not_followed() {
    let moved = "HTTP/1.1 302 Found\r\nlocation: http://127.0.0.1:1/\r\ncontent-length: 0\r\n\r\n";
    let (address, serve) = server(vec![moved.into()]).await;
    let client = over_network(&address);
    let call = read();
    let (result, _) = tokio::join!(client.call(&call), serve);
    assert_eq!(result.unwrap_err().code, "NotTheApi");
}
