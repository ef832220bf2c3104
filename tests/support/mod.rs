//! A loopback server that misbehaves as it is told, and writes down every request it got.
//!
//! It speaks HTTP/1.1 by hand, so that it can send what no decent server library would.

#![allow(
    dead_code,
    unreachable_pub,
    clippy::unwrap_used,
    reason = "each test file that includes this uses its part of it"
)]

pub mod crawled;

use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};
use url::Url;

/// One request, as the server saw it.
#[derive(Debug, Clone)]
pub struct Seen {
    /// Which connection it came over, from 0.
    pub connection: usize,
    /// Path and query.
    pub path: String,
    /// Names in lower case.
    pub headers: Vec<(String, String)>,
    /// How many requests for this path of this host came before.
    pub before: usize,
    /// When its head was complete.
    pub start: Instant,
    /// Just before the last bytes of the answer were handed over, or when the client was seen to have hung up; the same as
    /// `start` while it is under way.
    pub end: Instant,
    /// Whether the client hung up before the answer was whole, which is seen only some time after it did.
    pub given_up: bool,
}

impl Seen {
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    /// The host that was asked, without its port.
    pub fn host(&self) -> &str {
        self.header("host").unwrap_or_default().split(':').next().unwrap_or_default()
    }
}

/// From when to when a connection was open; `None` for one that still is.
pub type Opened = (Instant, Option<Instant>);

/// What the server does on one request.
#[derive(Debug, Clone, Default)]
pub struct Reply {
    head: String,
    steps: Vec<Step>,
}

#[derive(Debug, Clone)]
enum Step {
    Send(Vec<u8>),
    Wait(Duration),
    /// Sends the bytes again and again until the client hangs up.
    Forever(Vec<u8>),
    Reset,
    Close,
}

impl Reply {
    /// An answer with a body of the right length.
    pub fn new(status: u16, content_type: &str, body: impl Into<Vec<u8>>) -> Self {
        let body = body.into();
        let mut reply = Self::bare(status).header("Content-Length", &body.len().to_string());
        if !content_type.is_empty() {
            reply = reply.header("Content-Type", content_type);
        }
        reply.send(body)
    }

    pub fn html(body: &str) -> Self {
        Self::new(200, "text/html; charset=utf-8", body)
    }

    pub fn status(status: u16) -> Self {
        Self::new(status, "text/html", "<p>no</p>")
    }

    pub fn redirect(status: u16, location: &str) -> Self {
        Self::new(status, "", "").header("Location", location)
    }

    /// A status line, and nothing else yet.
    pub fn bare(status: u16) -> Self {
        Self { head: format!("HTTP/1.1 {status} X\r\n"), steps: Vec::new() }
    }

    /// No answer at all.
    pub fn silent() -> Self {
        Self::default()
    }

    pub fn header(mut self, name: &str, value: &str) -> Self {
        for part in [name, ": ", value, "\r\n"] {
            self.head.push_str(part);
        }
        self
    }

    pub fn send(mut self, bytes: impl Into<Vec<u8>>) -> Self {
        self.steps.push(Step::Send(bytes.into()));
        self
    }

    pub fn wait(mut self, time: Duration) -> Self {
        self.steps.push(Step::Wait(time));
        self
    }

    pub fn forever(mut self, bytes: impl Into<Vec<u8>>) -> Self {
        self.steps.push(Step::Forever(bytes.into()));
        self
    }

    pub fn reset(mut self) -> Self {
        self.steps.push(Step::Reset);
        self
    }

    pub fn close(mut self) -> Self {
        self.steps.push(Step::Close);
        self
    }
}

type Handler = dyn Fn(&Seen) -> Reply + Send + Sync;

/// The server; it ends with the value.
pub struct FaultServer {
    pub address: SocketAddr,
    log: Arc<Mutex<Vec<Seen>>>,
    connections: Arc<Mutex<Vec<Opened>>>,
    task: tokio::task::JoinHandle<()>,
}

impl FaultServer {
    /// Starts on a free port of the loopback interface.
    pub async fn start(handler: impl Fn(&Seen) -> Reply + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let log = Arc::new(Mutex::new(Vec::new()));
        let connections = Arc::new(Mutex::new(Vec::new()));
        let handler: Arc<Handler> = Arc::new(handler);
        let task = tokio::spawn({
            let (log, connections) = (Arc::clone(&log), Arc::clone(&connections));
            async move {
                while let Ok((stream, _)) = listener.accept().await {
                    let number = {
                        let mut connections = connections.lock().unwrap();
                        connections.push((Instant::now(), None));
                        connections.len() - 1
                    };
                    let (handler, log, connections) =
                        (Arc::clone(&handler), Arc::clone(&log), Arc::clone(&connections));
                    tokio::spawn(async move {
                        serve(stream, number, handler, log).await;
                        connections.lock().unwrap()[number].1 = Some(Instant::now());
                    });
                }
            }
        });
        Self { address, log, connections, task }
    }

    pub fn url(&self, path: &str) -> Url {
        Url::parse(&format!("http://{}{path}", self.address)).unwrap()
    }

    /// All requests so far, in order of arrival.
    pub fn log(&self) -> Vec<Seen> {
        self.log.lock().unwrap().clone()
    }

    /// How often a path was asked for.
    pub fn count(&self, path: &str) -> usize {
        self.log().iter().filter(|seen| seen.path == path).count()
    }

    /// Connections so far.
    pub fn connections(&self) -> usize {
        self.connections.lock().unwrap().len()
    }

    /// When each connection was open, in the order of their numbers.
    pub fn opened(&self) -> Vec<Opened> {
        self.connections.lock().unwrap().clone()
    }
}

impl Drop for FaultServer {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn serve(stream: TcpStream, connection: usize, handler: Arc<Handler>, log: Arc<Mutex<Vec<Seen>>>) {
    let _ = stream.set_nodelay(true);
    let mut stream = BufReader::new(stream);
    while let Some((path, headers)) = read_head(&mut stream).await {
        let start = Instant::now();
        let (index, seen) = {
            let mut log = log.lock().unwrap();
            let mut seen = Seen { connection, path, headers, before: 0, start, end: start, given_up: false };
            seen.before = log.iter().filter(|other| other.path == seen.path && other.host() == seen.host()).count();
            log.push(seen.clone());
            (log.len() - 1, seen)
        };
        let reply = handler(&seen);
        let played = play(&mut stream, reply).await;
        {
            let mut log = log.lock().unwrap();
            (log[index].end, log[index].given_up) = (played.end, played.given_up);
        }
        if !played.go_on {
            return;
        }
    }
}

async fn read_head(stream: &mut BufReader<TcpStream>) -> Option<(String, Vec<(String, String)>)> {
    let mut line = String::new();
    stream.read_line(&mut line).await.ok()?;
    let path = line.split(' ').nth(1)?.to_owned();
    let mut headers = Vec::new();
    loop {
        let mut line = String::new();
        stream.read_line(&mut line).await.ok()?;
        let line = line.trim_end();
        if line.is_empty() {
            return Some((path, headers));
        }
        let (name, value) = line.split_once(':')?;
        headers.push((name.to_ascii_lowercase(), value.trim().to_owned()));
    }
}

/// How an answer went.
struct Played {
    end: Instant,
    given_up: bool,
    /// Whether the connection may go on.
    go_on: bool,
}

async fn play(stream: &mut BufReader<TcpStream>, reply: Reply) -> Played {
    let socket = stream.get_mut();
    let mut end = Instant::now();
    let given_up = || Played { end: Instant::now(), given_up: true, go_on: false };
    if !reply.head.is_empty() && socket.write_all(format!("{}\r\n", reply.head).as_bytes()).await.is_err() {
        return given_up();
    }
    for step in reply.steps {
        match step {
            Step::Send(bytes) => {
                end = Instant::now();
                if socket.write_all(&bytes).await.is_err() {
                    return given_up();
                }
            }
            Step::Wait(time) => {
                // Whoever hangs up ends the wait; whoever has the whole answer may be asking for the next already.
                let mut byte = [0];
                let end = tokio::time::Instant::now() + time;
                tokio::select! {
                    () = tokio::time::sleep_until(end) => {}
                    read = socket.peek(&mut byte) => match read {
                        Ok(1) => tokio::time::sleep_until(end).await,
                        _ => return given_up(),
                    },
                }
            }
            Step::Forever(bytes) => {
                while socket.write_all(&bytes).await.is_ok() {}
                return given_up();
            }
            Step::Reset => {
                let _ = socket.set_zero_linger();
                return Played { end, given_up: false, go_on: false };
            }
            Step::Close => return Played { end, given_up: false, go_on: false },
        }
    }
    let _ = socket.flush().await;
    Played { end, given_up: false, go_on: true }
}
