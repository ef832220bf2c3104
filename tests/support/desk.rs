//! `copydesk serve` in a folder of its own, and what it answers over loopback.

use assert_cmd::cargo::cargo_bin;
use serde_json::Value;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::process::{Child, Command, Stdio};
use std::thread::JoinHandle;
use std::time::Duration;
use tempfile::TempDir;

/// The token that the program finds in `DESK_TOKEN`.
pub(crate) const TOKEN: &str = "a-token-of-the-tests-0123456789";

/// Far above what an answer takes, so that a server that hangs fails the test.
const PATIENCE: Duration = Duration::from_mins(1);

/// The program, in a folder of its own.
pub(crate) struct Desk {
    pub(crate) child: Child,
    pub(crate) port: u16,
    pub(crate) folder: TempDir,
    /// What it logs: a pipe that nobody reads would stop it in time.
    log: Option<JoinHandle<String>>,
}

impl Drop for Desk {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// An answer.
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) head: String,
    pub(crate) body: String,
}

impl Answer {
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap()
    }

    pub(crate) fn has(&self, line: &str) -> bool {
        self.head.to_ascii_lowercase().lines().any(|found| found == line)
    }

    /// A problem document of this status.
    pub(crate) fn is_problem(&self, status: u16, detail: &str) {
        assert_eq!(self.status, status, "{}\n{}", self.head, self.body);
        assert!(self.has("content-type: application/problem+json"), "{}", self.head);
        let problem = self.json();
        assert_eq!(problem["status"], status);
        assert!(problem["detail"].as_str().unwrap().contains(detail), "{problem}");
        assert!(self.has(&format!("x-request-id: {}", problem["request_id"].as_str().unwrap())), "{}", self.head);
    }
}

pub(crate) fn program(folder: &TempDir, config: &str, args: &[&str]) -> Command {
    std::fs::write(folder.path().join("config.toml"), config).unwrap();
    let mut command = Command::new(cargo_bin("copydesk"));
    command.current_dir(folder.path()).arg("serve").args(args).env_remove("RUST_LOG");
    command
}

impl Desk {
    pub(crate) fn start(config: &str, args: &[&str]) -> Self {
        Self::start_in(TempDir::new().unwrap(), config, args)
    }

    /// Starts it in a folder that may hold an archive.
    pub(crate) fn start_in(folder: TempDir, config: &str, args: &[&str]) -> Self {
        let mut command = program(&folder, config, &["--listen", "127.0.0.1:0", "--log", "json"]);
        command.args(args).env("DESK_TOKEN", TOKEN).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let port = line.trim().rsplit(':').next().unwrap().parse().expect("it says where it listens");
        let mut said = child.stderr.take().unwrap();
        let log = std::thread::spawn(move || {
            let mut log = String::new();
            let _ = said.read_to_string(&mut log);
            log
        });
        Self { child, port, folder, log: Some(log) }
    }

    /// What a path answers as JSON.
    pub(crate) fn get(&self, target: &str) -> Value {
        let answer = self.ask("GET", target, &[], "");
        assert_eq!(answer.status, 200, "{target}: {}\n{}", answer.head, answer.body);
        answer.json()
    }

    /// Sends JSON.
    pub(crate) fn send(&self, method: &str, target: &str, body: &Value) -> Answer {
        self.ask(method, target, &["Content-Type: application/json"], &body.to_string())
    }

    pub(crate) fn connect(&self) -> TcpStream {
        let stream = TcpStream::connect(("127.0.0.1", self.port)).unwrap();
        stream.set_read_timeout(Some(PATIENCE)).unwrap();
        stream
    }

    /// Sends what is given and reads until the server closes.
    pub(crate) fn raw(&self, request: &str) -> Answer {
        let mut stream = self.connect();
        // A server that refuses closes before it has read all.
        let _ = stream.write_all(request.as_bytes());
        read_answer(&mut stream)
    }

    pub(crate) fn ask(&self, method: &str, target: &str, headers: &[&str], body: &str) -> Answer {
        let mut head = format!("{method} {target} HTTP/1.1\r\nHost: 127.0.0.1:{}\r\nConnection: close\r\n", self.port);
        for header in headers {
            head.push_str(header);
            head.push_str("\r\n");
        }
        self.raw(&format!("{head}Content-Length: {}\r\n\r\n{body}", body.len()))
    }

    pub(crate) fn clean(&self, body: &Value, headers: &[&str]) -> Answer {
        let headers: Vec<&str> = headers.iter().copied().chain(["Content-Type: application/json"]).collect();
        self.ask("POST", "/v1/clean", &headers, &body.to_string())
    }

    /// Tells it to end; gives its exit code and what it logged.
    pub(crate) fn end(mut self) -> (Option<i32>, String) {
        terminate(&self.child);
        let code = self.child.wait().unwrap().code();
        let log = self.log.take().unwrap().join().unwrap();
        (code, log)
    }
}

pub(crate) fn terminate(child: &Child) {
    assert!(Command::new("kill").arg(child.id().to_string()).status().unwrap().success());
}

pub(crate) fn read_answer(stream: &mut TcpStream) -> Answer {
    let mut bytes = Vec::new();
    let read = stream.read_to_end(&mut bytes);
    let end = bytes.windows(4).position(|four| four == b"\r\n\r\n");
    let end = end.unwrap_or_else(|| panic!("no answer ({read:?}): {}", String::from_utf8_lossy(&bytes)));
    let head = String::from_utf8(bytes[..end].to_vec()).unwrap();
    let status = head.split(' ').nth(1).unwrap().parse().unwrap();
    let mut body = bytes[end + 4..].to_vec();
    if head.to_ascii_lowercase().contains("transfer-encoding: chunked") {
        body = unchunked(&body);
    }
    Answer { status, head, body: String::from_utf8(body).unwrap() }
}

fn unchunked(mut bytes: &[u8]) -> Vec<u8> {
    let mut whole = Vec::new();
    while let Some(end) = bytes.windows(2).position(|two| two == b"\r\n") {
        let size = usize::from_str_radix(std::str::from_utf8(&bytes[..end]).unwrap(), 16).unwrap();
        whole.extend_from_slice(&bytes[end + 2..end + 2 + size]);
        bytes = &bytes[end + 2 + size + 2..];
        if size == 0 {
            break;
        }
    }
    whole
}
