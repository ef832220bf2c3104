//! Spans of `copydesk serve` as a collector of OpenTelemetry gets them. Only with the feature `otel`.

#![expect(clippy::unwrap_used, reason = "what fails here fails the test")]

use assert_cmd::cargo::cargo_bin;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::process::{Command, Stdio};
use std::sync::mpsc;

/// The trace that the client is on, as bytes and as the header has it.
const TRACE: [u8; 16] = [10, 247, 101, 25, 22, 205, 67, 221, 132, 72, 235, 33, 28, 128, 49, 156];
const PARENT: &str = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

/// A collector on loopback: the path and the body of all that is sent to it.
fn collector() -> (String, mpsc::Receiver<(String, Vec<u8>)>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    let (sent, received) = mpsc::channel();
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let mut reader = BufReader::new(stream.unwrap());
            let mut lines = Vec::new();
            loop {
                let mut line = String::new();
                if reader.read_line(&mut line).unwrap() == 0 || line.trim().is_empty() {
                    break;
                }
                lines.push(line.to_ascii_lowercase());
            }
            let Some(target) = lines.first().and_then(|line| line.split(' ').nth(1)).map(str::to_owned) else {
                continue;
            };
            let length = lines.iter().find_map(|line| line.strip_prefix("content-length:")?.trim().parse().ok());
            let mut body = vec![0; length.unwrap()];
            reader.read_exact(&mut body).unwrap();
            let answer = b"HTTP/1.1 200 OK\r\nContent-Type: application/x-protobuf\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
            reader.get_mut().write_all(answer).unwrap();
            let _ = sent.send((target, body));
        }
    });
    (address, received)
}

fn has(message: &[u8], part: &[u8]) -> bool {
    message.windows(part.len()).any(|window| window == part)
}

#[test]
fn a_collector_gets_the_span_of_a_request_on_the_clients_trace() {
    let (collector, received) = collector();
    let folder = tempfile::TempDir::new().unwrap();
    let mut server = Command::new(cargo_bin("copydesk"))
        .args(["serve", "--quiet", "--listen", "127.0.0.1:0"])
        .env_remove("OTEL_SERVICE_NAME")
        .env("OTEL_EXPORTER_OTLP_ENDPOINT", collector)
        .current_dir(folder.path())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut line = String::new();
    BufReader::new(server.stdout.take().unwrap()).read_line(&mut line).unwrap();
    let address = line.trim().rsplit("http://").next().unwrap().to_owned();
    let mut stream = TcpStream::connect(&address).unwrap();
    let head =
        format!("Host: {address}\r\nConnection: close\r\nX-Request-Id: the-request\r\ntraceparent: {PARENT}\r\n");
    write!(stream, "GET /v1/runs/no-such-run HTTP/1.1\r\n{head}\r\n").unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    assert!(answer.starts_with("HTTP/1.1 404"), "{answer}");
    // What waits is sent at the end.
    assert!(Command::new("kill").arg(server.id().to_string()).status().unwrap().success());
    assert_eq!(server.wait().unwrap().code(), Some(130));
    let (path, message) = received.try_recv().expect("spans were sent before it ended");
    assert_eq!(path, "/v1/traces");
    // Protocol buffers, in which texts and the bytes of ids stand as they are.
    let parts = ["copydesk", "GET /v1/runs/{id}", "http.route", "http.response.status_code", "the-request"];
    for part in parts {
        assert!(has(&message, part.as_bytes()), "{part} is not in {}", String::from_utf8_lossy(&message));
    }
    // The field's value: a message of three bytes, with the number 404 as its whole number.
    let status = [b"http.response.status_code".as_slice(), &[0x12, 3, 0x18, 0x94, 0x03]].concat();
    assert!(has(&message, &status), "it does not say 404: {}", String::from_utf8_lossy(&message));
    assert!(has(&message, &TRACE), "it is not on the client's trace: {}", String::from_utf8_lossy(&message));
}
