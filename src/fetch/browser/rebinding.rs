//! Tests of a page's proxy, by hand and with a browser before it: who is let in, what is connected to, and how much comes
//! through. As in the fetcher's own tests, 127.0.0.1 is declared public and every other address judged as always.

use super::Browser;
use super::gate::{Gate, USER};
use crate::fetch::FetchOptions;
use crate::fetch::rebinding::{Fickle, PUBLIC, Server, classify};
use crate::fetch::resolver::{Guard, NameService};
use crate::model::{Page, Usage, Validators};
use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use jiff::Timestamp;
use std::sync::Arc;
use std::time::Duration;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

const ANSWER: &str = "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nAccess-Control-Allow-Origin: *\r\n\
    Connection: close\r\n\r\nwhat the server said";

fn guard(names: &Arc<Fickle>) -> Guard {
    Guard { names: Arc::clone(names) as Arc<dyn NameService>, classify }
}

async fn gate(options: FetchOptions, names: &Arc<Fickle>, bytes: u64) -> Gate {
    Gate::open(Arc::new(options), guard(names), bytes).await.unwrap()
}

/// Sends a request with the secret, and what comes behind it; gives the whole answer.
async fn ask(gate: &Gate, line: &str, behind: &str) -> String {
    let credentials = BASE64_STANDARD.encode(format!("{USER}:{}", gate.secret));
    let head =
        format!("{line}\r\nHost: x\r\nProxy-Authorization: Basic {credentials}\r\nConnection: close\r\n\r\n{behind}");
    send(gate, &head).await
}

async fn send(gate: &Gate, request: &str) -> String {
    let mut stream = TcpStream::connect(gate.address).await.unwrap();
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut answer = Vec::new();
    let _ = stream.read_to_end(&mut answer).await;
    String::from_utf8_lossy(&answer).into_owned()
}

fn page(url: &str, body: &str) -> Page {
    let url: url::Url = url.parse().unwrap();
    Page {
        requested: url.clone(),
        url,
        redirects: Vec::new(),
        status: 200,
        content_type: Some("text/html".to_owned()),
        links: Vec::new(),
        robots_tags: Vec::new(),
        usage: Usage::default(),
        validators: Validators::default(),
        body: body.to_owned().into(),
        wire_bytes: 0,
        fetched: Timestamp::UNIX_EPOCH,
        elapsed: Duration::ZERO,
    }
}

#[tokio::test]
async fn only_who_knows_the_secret_is_served() {
    let server = Server::start(ANSWER).await;
    let names = Fickle::new(&[]);
    let gate = gate(FetchOptions::default(), &names, 1 << 20).await;
    let options = FetchOptions { allow_hosts: vec!["127.0.0.1".parse().unwrap()], ..FetchOptions::default() };
    let open = self::gate(options, &names, 1 << 20).await;
    for line in
        [format!("GET http://{PUBLIC}:{}/ HTTP/1.1", server.port), format!("CONNECT {PUBLIC}:{} HTTP/1.1", server.port)]
    {
        for head in ["", "Proxy-Authorization: Basic cGFnZTp4\r\n"] {
            let answer = send(&open, &format!("{line}\r\nHost: x\r\n{head}Connection: close\r\n\r\n")).await;
            assert!(answer.starts_with("HTTP/1.1 407 "), "{answer}");
        }
        // A literal is judged before anything else, and 127.0.0.1 is none that may be named.
        assert!(ask(&gate, &line, "").await.starts_with("HTTP/1.1 403 "), "{line}");
    }
    assert_eq!(server.connections(), 0);
    let plain = ask(&open, &format!("GET http://{PUBLIC}:{}/ HTTP/1.1", server.port), "").await;
    assert!(plain.starts_with("HTTP/1.1 200 OK") && plain.contains("what the server said"), "{plain}");
    let tunnel = ask(&open, &format!("CONNECT {PUBLIC}:{} HTTP/1.1", server.port), "GET / HTTP/1.1\r\n\r\n").await;
    assert!(tunnel.starts_with("HTTP/1.1 200 OK") && tunnel.contains("what the server said"), "{tunnel}");
    assert_eq!(server.connections(), 2);
}

#[tokio::test]
async fn each_connection_has_its_own_look_up_and_goes_where_that_was_judged() {
    for inside in ["127.0.0.2", "10.0.0.7", "169.254.169.254", "::1", "fd00:ec2::254", "::ffff:127.0.0.2"] {
        for line in ["GET http://news.test:PORT/ HTTP/1.1", "CONNECT news.test:PORT HTTP/1.1"] {
            let server = Server::start(ANSWER).await;
            let names = Fickle::new(&[("news.test", &[&["127.0.0.1"], &[inside]])]);
            let gate = gate(FetchOptions::default(), &names, 1 << 20).await;
            let line = line.replace("PORT", &server.port.to_string());
            assert!(ask(&gate, &line, "GET / HTTP/1.1\r\n\r\n").await.contains("what the server said"), "{line}");
            assert_eq!((names.asked("news.test"), server.connections()), (1, 1), "{inside}");
            assert!(ask(&gate, &line, "").await.starts_with("HTTP/1.1 403 "), "{inside} {line}");
            assert_eq!((names.asked("news.test"), server.connections()), (2, 1), "{inside}");
        }
    }
}

#[tokio::test]
async fn bytes_are_counted_and_the_end_of_the_page_is_the_end_of_all() {
    let server = Server::start(ANSWER).await;
    let names = Fickle::new(&[("news.test", &[&["127.0.0.1"]])]);
    let gate = gate(FetchOptions::default(), &names, ANSWER.len() as u64 + 10).await;
    let line = format!("GET http://news.test:{}/ HTTP/1.1", server.port);
    assert!(ask(&gate, &line, "").await.contains("what the server said"));
    assert!(!ask(&gate, &line, "").await.contains("what the server said"));
    let address = gate.address;
    let mut waiting = TcpStream::connect(address).await.unwrap();
    waiting.write_all(b"GET http://news.test/").await.unwrap();
    drop(gate);
    let mut rest = Vec::new();
    let ended = tokio::time::timeout(Duration::from_secs(5), waiting.read_to_end(&mut rest)).await;
    assert!(ended.is_ok() && rest.is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn the_browser_looks_up_nothing_by_itself() {
    let server = Server::start(ANSWER).await;
    let names = Fickle::new(&[("news.test", &[&["127.0.0.1"], &["127.0.0.2"]]), ("inside.test", &[&["10.1.2.3"]])]);
    let browser = Browser::with_guard(Arc::new(FetchOptions::default()), guard(&names)).unwrap();
    let url = format!("http://news.test:{}/", server.port);
    let body = "<body><p id=log></p><script>(async()=>{for(const u of ['/a','/b','http://inside.test/'])try{\
        log.append(await(await fetch(u,{cache:'no-store'})).text()+';')}catch{log.append('no;')}\
        log.append('done')})()</script>";
    let rendered = browser.render(&page(&url, body)).await.unwrap();
    let rendered = String::from_utf8(rendered.body.to_vec()).unwrap();
    let log = rendered.split("</p>").next().unwrap();
    assert!(log.starts_with("<!doctype html><html><head></head><body><p id=\"log\">what the server said;"), "{log}");
    // The proxy's own refusal carries no leave to be read.
    assert_eq!(log.matches("what the server said").count(), 1, "{log}");
    assert!(log.ends_with("done") && server.connections() == 1, "{log}");
    assert_eq!((names.asked("news.test"), names.asked("inside.test")), (2, 1));
}
