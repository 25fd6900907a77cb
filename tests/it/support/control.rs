//! The emulator's own endpoints.

use std::{
    io::{self, Read, Write},
    net::TcpStream,
};

use serde_json::Value as Json;

/// Asks an emulator, which may be dead.
pub fn ask(address: &str, method: &str, what: &str, body: &str) -> io::Result<Json> {
    let mut stream = TcpStream::connect(address)?;
    write!(
        stream,
        "{method} /_emulator/{what} HTTP/1.1\r\nhost: {address}\r\nconnection: close\r\ncontent-length: {}\r\n\r\n{body}",
        body.len()
    )?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer)?;
    let (_, body) = answer
        .split_once("\r\n\r\n")
        .ok_or(io::ErrorKind::UnexpectedEof)?;
    serde_json::from_str(body).map_err(|error| io::Error::other(format!("{error}: {answer}")))
}
