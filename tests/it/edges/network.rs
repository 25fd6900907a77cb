//! Names without addresses, certificates that are not to be trusted, proxies, and IPv6.

use std::{
    io::{Read, Write},
    net::{SocketAddr, TcpListener, TcpStream},
    sync::{Arc, mpsc},
    thread,
};

use rcgen::{CertifiedKey, generate_simple_self_signed};
use rustls::{
    ServerConfig, ServerConnection, StreamOwned,
    pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer},
};

use crate::support::{
    fleet::{self, check},
    server::{Emulator, Project, Ran},
};

const APPLY: &[&str] = &["apply", "-auto-approve"];
const VPC: &str = "resource \"alicloud_vpc\" \"main\" {\n  cidr_block = \"10.0.0.0/16\"\n}\n";

/// A project with one VPC at this endpoint.
fn at(endpoint: &str) -> Project {
    let project = Project::new(VPC);
    project.aim(endpoint);
    project
}

/// Checks that an apply was refused, with these words and at the endpoint.
#[track_caller]
fn refused(ran: &Ran, words: &[&str]) {
    assert_eq!(ran.code, Some(1), "{ran}");
    let said: Vec<&str> = ran.err.split_whitespace().collect();
    let said = said.join(" ");
    for word in words.iter().chain(&["Hint: "]) {
        assert!(said.contains(word.trim()), "{word} is not in:\n{ran}");
    }
}

/// Answers each connection with what `answer` makes of it, in a thread that ends with the test's process.
fn serve(answer: impl Fn(TcpStream) + Send + 'static) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    thread::spawn(move || listener.incoming().flatten().for_each(answer));
    address
}

/// Reads the head of a request.
fn head(stream: &mut impl Read) -> String {
    let mut head = Vec::new();
    let mut byte = [0];
    while !head.ends_with(b"\r\n\r\n") && stream.read(&mut byte).unwrap_or_default() == 1 {
        head.push(byte[0]);
    }
    String::from_utf8_lossy(&head).into_owned()
}

/// A server with a certificate of its own making, which says that nothing is allowed; and the certificate as PEM.
fn with_certificate() -> (SocketAddr, String) {
    let CertifiedKey { cert, signing_key } =
        generate_simple_self_signed(["localhost".to_owned()]).unwrap();
    let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(signing_key.serialize_der()));
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![cert.der().clone()], key)
        .unwrap();
    let config = Arc::new(config);
    let address = serve(move |stream| {
        let connection = ServerConnection::new(config.clone()).unwrap();
        let mut stream = StreamOwned::new(connection, stream);
        if head(&mut stream).is_empty() {
            return;
        }
        let body = r#"{"Code":"Forbidden.RAM","Message":"No.","RequestId":"1"}"#;
        let _ = write!(
            stream,
            "HTTP/1.1 403 Forbidden\r\ncontent-type: application/json\r\nconnection: close\r\ncontent-length: {}\r\n\r\n{body}",
            body.len()
        );
        stream.conn.send_close_notify();
        let _ = stream.flush();
    });
    (address, cert.pem())
}

#[test]
fn a_name_without_an_address_is_told() {
    refused(
        &at("https://ecs.nowhere.invalid").run(APPLY),
        &[
            "Cannot reach the cloud",
            "https://ecs.nowhere.invalid",
            "provider.tf line 5",
        ],
    );
}

#[test]
fn nobody_who_listens_is_told() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let endpoint = format!("https://{}", listener.local_addr().unwrap());
    drop(listener);
    refused(
        &at(&endpoint).run(APPLY),
        &["Cannot reach the cloud", &endpoint, "refused"],
    );
}

#[test]
fn a_certificate_that_is_not_to_be_trusted_is_refused() {
    let (address, certificate) = with_certificate();
    let endpoint = format!("https://localhost:{}", address.port());
    let mut project = at(&endpoint);
    refused(
        &project.run(APPLY),
        &[
            "Invalid endpoint",
            "provider.tf line 5",
            &endpoint,
            "SSL_CERT_FILE",
        ],
    );
    // As the hint says.
    project.write("authority.pem", &certificate);
    let authority = project.file("authority.pem");
    project.set("SSL_CERT_FILE", authority.to_str().unwrap());
    refused(&project.run(APPLY), &["Forbidden.RAM"]);
}

#[test]
fn a_port_without_encryption_is_told() {
    let address = serve(|mut stream| {
        let _ = stream.write_all(b"HTTP/1.1 400 Bad Request\r\ncontent-length: 0\r\n\r\n");
        head(&mut stream);
    });
    let endpoint = format!("https://{address}");
    refused(
        &at(&endpoint).run(APPLY),
        &[
            "Invalid endpoint",
            &endpoint,
            "No encrypted connection",
            "http://",
        ],
    );
}

/// What goes out goes through the proxy of the environment; this machine is spoken to without it.
#[test]
fn the_proxy_of_the_environment_is_asked() {
    let (asked, heard) = mpsc::channel();
    let proxy = serve(move |mut stream| {
        let _ = asked.send(head(&mut stream));
        let _ = stream.write_all(b"HTTP/1.1 403 Forbidden\r\ncontent-length: 0\r\n\r\n");
    });
    let proxy = format!("http://{proxy}");
    let mut project = at("https://ecs.somewhere.invalid");
    project.set("HTTPS_PROXY", &proxy);
    refused(
        &project.run(APPLY),
        &[
            "Cannot reach the cloud",
            "through the proxy",
            "HTTPS_PROXY",
            "NO_PROXY",
        ],
    );
    let first = heard.try_recv().unwrap();
    assert!(
        first.starts_with("CONNECT ecs.somewhere.invalid:443 HTTP/1.1\r\n"),
        "{first}"
    );
    while heard.try_recv().is_ok() {}

    project.set("NO_PROXY", "somewhere.invalid");
    refused(&project.run(APPLY), &["Cannot reach the cloud", "network"]);
    assert!(heard.try_recv().is_err());

    let emulator = Emulator::start(&["-profile", "instant"]);
    project.aim(&emulator.url());
    project.set("HTTP_PROXY", &proxy);
    project.set("ALL_PROXY", &proxy);
    project.ok(APPLY);
    assert!(heard.try_recv().is_err());
}

#[test]
fn an_endpoint_may_be_of_ipv6() {
    if TcpListener::bind("[::1]:0").is_err() {
        eprintln!("skipped: this machine has no IPv6");
        return;
    }
    let emulator = Emulator::start_at("[::1]:0", &["-profile", "instant"]);
    assert!(emulator.url().starts_with("http://[::1]:"));
    let project = Project::on(&emulator, fleet::MAIN);
    project.ok(APPLY);
    check(&emulator, &project, "one", "cloud_essd", "over IPv6");
}
