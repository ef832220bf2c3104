//! Tests of the address guard against a name service that changes its mind: what was checked is what is connected to,
//! and every later answer is checked again.
//!
//! No test leaves the machine. 127.0.0.1, where the servers of the tests listen, is declared public for them; every other
//! address is judged as always.

use super::guard::{self, AddressClass};
use super::resolver::{Guard, NameService};
use super::{Accept, FetchError, FetchOptions, Fetcher, Request};
use std::collections::HashMap;
use std::io;
use std::net::{IpAddr, Ipv4Addr};
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;
use url::Url;

pub(super) const PUBLIC: IpAddr = IpAddr::V4(Ipv4Addr::LOCALHOST);

pub(super) fn classify(address: IpAddr) -> Option<AddressClass> {
    if address == PUBLIC { None } else { guard::classify(address) }
}

/// Gives each name its answers one after the other, the last one for ever.
#[derive(Debug, Default)]
pub(super) struct Fickle {
    answers: HashMap<&'static str, Vec<Vec<IpAddr>>>,
    asked: Mutex<HashMap<String, usize>>,
}

impl Fickle {
    pub(super) fn new(answers: &[(&'static str, &[&[&str]])]) -> Arc<Self> {
        let read = |answer: &&[&str]| answer.iter().map(|address| address.parse().unwrap()).collect();
        let answers = answers.iter().map(|(name, answers)| (*name, answers.iter().map(read).collect())).collect();
        Arc::new(Self { answers, ..Self::default() })
    }

    pub(super) fn asked(&self, name: &str) -> usize {
        self.asked.lock().unwrap().get(name).copied().unwrap_or_default()
    }
}

impl NameService for Fickle {
    fn look_up(&self, name: &str) -> io::Result<Vec<IpAddr>> {
        let mut asked = self.asked.lock().unwrap();
        let count = asked.entry(name.to_owned()).or_default();
        *count += 1;
        let answers = self.answers.get(name).ok_or_else(|| io::Error::other("no such name"))?;
        Ok(answers[(*count - 1).min(answers.len() - 1)].clone())
    }
}

/// A server that answers the same to everybody and counts connections. Its answer goes without a length, so that each
/// connection serves one request.
pub(super) struct Server {
    pub(super) port: u16,
    connections: Arc<Mutex<usize>>,
}

impl Server {
    pub(super) async fn start(answer: &'static str) -> Self {
        let listener = TcpListener::bind((PUBLIC, 0)).await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let connections = Arc::new(Mutex::new(0));
        let counted = Arc::clone(&connections);
        tokio::spawn(async move {
            while let Ok((mut stream, _)) = listener.accept().await {
                *counted.lock().unwrap() += 1;
                let mut request = vec![0; 4096];
                let _ = stream.read(&mut request).await;
                let _ = stream.write_all(answer.as_bytes()).await;
            }
        });
        Self { port, connections }
    }

    pub(super) fn connections(&self) -> usize {
        *self.connections.lock().unwrap()
    }
}

const PAGE: &str = "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nConnection: close\r\n\r\n<p>Page.</p>";

fn fetcher(names: &Arc<Fickle>) -> Fetcher {
    let options = FetchOptions {
        delay: Duration::ZERO,
        backoff: Duration::from_millis(1),
        obey_robots: false,
        ..FetchOptions::default()
    };
    let guard = Guard { names: Arc::clone(names) as Arc<dyn NameService>, classify };
    Fetcher::with_guard(options, &guard).unwrap()
}

async fn get(fetcher: &Fetcher, url: &str) -> Result<(), FetchError> {
    fetcher.fetch(&Request::new(Url::parse(url).unwrap(), Accept::Page)).await.map(drop)
}

#[tokio::test]
async fn one_look_up_a_connection_and_the_next_answer_is_judged_anew() {
    for inside in ["127.0.0.2", "10.0.0.7", "169.254.169.254", "::1", "fd00:ec2::254", "::ffff:127.0.0.2"] {
        let server = Server::start(PAGE).await;
        let names = Fickle::new(&[("news.test", &[&["127.0.0.1"], &[inside]])]);
        let fetcher = fetcher(&names);
        let url = format!("http://news.test:{}/", server.port);
        get(&fetcher, &url).await.unwrap();
        // Had the check a look-up of its own, the connection would have had the second answer.
        assert_eq!((names.asked("news.test"), server.connections()), (1, 1), "{inside}");
        let error = get(&fetcher, &url).await.unwrap_err();
        assert_eq!(error.kind(), "refused_address", "{inside}: {error}");
        assert_eq!((names.asked("news.test"), server.connections()), (2, 1), "{inside}");
    }
}

#[tokio::test]
async fn a_try_after_a_failure_is_judged_anew() {
    let server = Server::start("").await;
    let names = Fickle::new(&[("news.test", &[&["127.0.0.1"], &["192.168.0.1"]])]);
    let error = get(&fetcher(&names), &format!("http://news.test:{}/", server.port)).await.unwrap_err();
    assert_eq!(error.kind(), "refused_address", "{error}");
    assert_eq!(server.connections(), 1);
}

#[tokio::test]
async fn a_redirect_to_a_name_that_leads_inside() {
    let server =
        Server::start("HTTP/1.1 302 Found\r\nLocation: http://inside.test/\r\nConnection: close\r\n\r\n").await;
    let names = Fickle::new(&[("news.test", &[&["127.0.0.1"]]), ("inside.test", &[&["10.1.2.3"]])]);
    let error = get(&fetcher(&names), &format!("http://news.test:{}/", server.port)).await.unwrap_err();
    assert_eq!(error.kind(), "refused_address", "{error}");
    assert!(
        error.to_string().starts_with("http://inside.test/ leads to 10.1.2.3, which is a private address"),
        "{error}"
    );
}

#[tokio::test]
async fn a_redirect_back_to_a_name_that_has_moved_inside() {
    let server = Server::start("HTTP/1.1 302 Found\r\nLocation: /again\r\nConnection: close\r\n\r\n").await;
    let names = Fickle::new(&[("news.test", &[&["127.0.0.1"], &["100.100.100.200"]])]);
    let error = get(&fetcher(&names), &format!("http://news.test:{}/", server.port)).await.unwrap_err();
    assert_eq!((error.kind(), server.connections()), ("refused_address", 1), "{error}");
}

#[tokio::test]
async fn of_a_mixed_answer_only_the_public_part_is_used() {
    let server = Server::start(PAGE).await;
    let names = Fickle::new(&[("news.test", &[&["10.0.0.7", "::1", "127.0.0.1", "169.254.169.254"]])]);
    get(&fetcher(&names), &format!("http://news.test:{}/", server.port)).await.unwrap();
    assert_eq!(server.connections(), 1);
}

#[tokio::test]
async fn an_allowance_for_one_port_opens_no_other() {
    let server = Server::start(PAGE).await;
    let names = Fickle::new(&[("news.test", &[&["127.0.0.2"]])]);
    let options = FetchOptions {
        delay: Duration::ZERO,
        obey_robots: false,
        allow_hosts: vec!["news.test:1".parse().unwrap()],
        ..FetchOptions::default()
    };
    let guard = Guard { names: Arc::clone(&names) as Arc<dyn NameService>, classify };
    let fetcher = Fetcher::with_guard(options, &guard).unwrap();
    let error = get(&fetcher, &format!("http://news.test:{}/", server.port)).await.unwrap_err();
    assert_eq!(error.kind(), "refused_address", "{error}");
}

/// What a name service may answer and nobody may be led to.
const FORBIDDEN: [&str; 60] = [
    "0.0.0.0",
    "0.1.2.3",
    "10.0.0.0",
    "10.255.255.255",
    "100.64.0.0",
    "100.127.255.255",
    "100.100.100.200",
    "127.0.0.2",
    "127.255.255.255",
    "168.63.129.16",
    "169.254.0.1",
    "169.254.169.254",
    "169.254.170.2",
    "172.16.0.0",
    "172.31.255.255",
    "192.0.0.1",
    "192.0.0.192",
    "192.0.2.1",
    "192.88.99.1",
    "192.168.0.0",
    "192.168.255.255",
    "198.18.0.0",
    "198.19.255.255",
    "198.51.100.1",
    "203.0.113.255",
    "224.0.0.1",
    "239.255.255.250",
    "240.0.0.1",
    "255.255.255.255",
    "::",
    "::1",
    "::2",
    "::127.0.0.1",
    "::10.0.0.1",
    "::8.8.8.8",
    "::ffff:0.0.0.0",
    "::ffff:10.0.0.1",
    "::ffff:127.0.0.2",
    "::ffff:169.254.169.254",
    "::ffff:0:192.168.0.1",
    "64:ff9b::10.0.0.1",
    "64:ff9b::169.254.169.254",
    "64:ff9b:1::8.8.8.8",
    "100::1",
    "2001::1",
    "2001:0:4136:e378:8000:63bf:3fff:fdd2",
    "2001:2::1",
    "2001:10::1",
    "2001:20::1",
    "2001:db8::1",
    "2002:7f00:1::",
    "2002:a00:1::1",
    "2002:c0a8:1::",
    "3fff::1",
    "5f00::1",
    "fc00::1",
    "fd00:ec2::254",
    "fd20:ce::254",
    "fe80::1",
    "ff02::1",
];

#[tokio::test]
async fn no_forbidden_answer_of_a_name_service_is_connected_to() {
    for address in FORBIDDEN {
        let names = Arc::new(Fickle {
            answers: HashMap::from([("news.test", vec![vec![address.parse().unwrap()]])]),
            ..Fickle::default()
        });
        let error = get(&fetcher(&names), "http://news.test/").await.unwrap_err();
        assert_eq!(error.kind(), "refused_address", "{address}: {error}");
        let literal = address.parse::<IpAddr>().unwrap();
        let url = if literal.is_ipv6() { format!("http://[{literal}]/") } else { format!("http://{literal}/") };
        let error = get(&fetcher(&names), &url).await.unwrap_err();
        assert_eq!(error.kind(), "refused_address", "{url}: {error}");
    }
}
