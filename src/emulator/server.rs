//! The emulator on a port: HTTP/1.1 with kept connections, which really are cut when a call says so.

use std::io;
use std::time::Duration;

use bytes::Bytes;
use http::{HeaderValue, Request, Response, StatusCode, header};
use http_body_util::{BodyExt, Full, LengthLimitError, Limited};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::task::JoinSet;

use super::{Cut, Emulator};

/// How long calls under way may take to end.
const PATIENCE: Duration = Duration::from_secs(2);

/// How long a connection may idle and take over the head of a request: longer than clients keep idle connections.
const HEAD: Duration = Duration::from_secs(120);

/// How long the body of a request may take.
const BODY: Duration = Duration::from_secs(60);

/// How large the body of a request may be.
const LARGEST: usize = 4 * 1024 * 1024;

pub(super) async fn serve(
    emulator: Emulator,
    listener: TcpListener,
    stop: impl Future<Output = ()> + Send + 'static,
) -> io::Result<()> {
    let (ending, ended) = watch::channel(false);
    let mut connections = JoinSet::new();
    tokio::pin!(stop);
    loop {
        tokio::select! {
            () = &mut stop => break,
            accepted = listener.accept() => match accepted {
                Ok((stream, _)) => {
                    connections.spawn(connection(emulator.clone(), stream, ended.clone()));
                }
                // Too many open files and the like pass; a loop without a pause would not let them.
                Err(_) => tokio::time::sleep(Duration::from_millis(20)).await,
            },
            Some(_) = connections.join_next(), if !connections.is_empty() => {}
        }
    }
    drop(listener);
    ending.send_replace(true);
    let all = async { while connections.join_next().await.is_some() {} };
    if tokio::time::timeout(PATIENCE, all).await.is_err() {
        connections.shutdown().await;
    }
    emulator.save()
}

async fn connection(emulator: Emulator, stream: TcpStream, mut ended: watch::Receiver<bool>) {
    // Small answers are not to wait for more.
    if stream.set_nodelay(true).is_err() {
        return;
    }
    let service = service_fn(move |request| answer(emulator.clone(), request));
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(HEAD)
        .serve_connection(TokioIo::new(stream), service);
    tokio::pin!(connection);
    tokio::select! {
        // An error here is a cut, ours or the client's.
        _ = connection.as_mut() => return,
        _ = ended.wait_for(|ended| *ended) => connection.as_mut().graceful_shutdown(),
    }
    if connection.await.is_err() {}
}

async fn answer(
    emulator: Emulator,
    request: Request<Incoming>,
) -> Result<Response<Full<Bytes>>, Cut> {
    let (parts, body) = request.into_parts();
    let body = Limited::new(body, LARGEST).collect();
    let body = match tokio::time::timeout(BODY, body).await {
        Ok(Ok(body)) => body.to_bytes(),
        Ok(Err(error)) if error.is::<LengthLimitError>() => return Ok(too_large()),
        Ok(Err(_)) | Err(_) => return Err(Cut),
    };
    let response = emulator.handle(Request::from_parts(parts, body)).await?;
    Ok(response.map(Full::new))
}

/// Refuses a body that nobody has read to its end, after which the connection is of no use.
fn too_large() -> Response<Full<Bytes>> {
    let text = format!("The body of a request may have {LARGEST} bytes at most.\n");
    let mut response = Response::new(Full::new(Bytes::from(text)));
    *response.status_mut() = StatusCode::PAYLOAD_TOO_LARGE;
    let close = HeaderValue::from_static("close");
    response.headers_mut().insert(header::CONNECTION, close);
    response
}
