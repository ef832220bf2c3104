//! Subscriptions at hubs: a paper with its hub on loopback, and `serve --watch` that subscribes and hears of news.

#![expect(clippy::unwrap_used, reason = "what fails here fails the test")]

#[path = "support/desk.rs"]
#[allow(dead_code, reason = "not each test file that includes this asks for everything")]
mod desk;

use axum::body::{Body, to_bytes};
use axum::http::{Method, Request, Response};
use desk::Desk;
use hmac::{Hmac, KeyInit as _, Mac as _};
use serde_json::Value;
use sha2::Sha256;
use std::collections::HashMap;
use std::fmt::Write as _;
use std::io::Write as _;
use std::path::Path;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};
use tempfile::TempDir;
use tokio::net::TcpListener;
use tokio::runtime::Runtime;

/// Far above what each step takes.
const PATIENCE: Duration = Duration::from_mins(1);

type Form = HashMap<String, String>;

/// What the hub answers to a request for a subscription: a status, or where to send it instead.
type Answers = dyn Fn(usize) -> (u16, Option<String>) + Send + Sync;

#[derive(Default)]
struct State {
    stories: usize,
    requests: Vec<(Instant, Form)>,
    feed_fetches: usize,
}

/// A paper that is its own hub.
struct Paper {
    port: u16,
    state: Arc<Mutex<State>>,
    _runtime: Runtime,
}

impl Paper {
    fn start(answers: impl Fn(usize) -> (u16, Option<String>) + Send + Sync + 'static) -> Self {
        let runtime = Runtime::new().unwrap();
        let listener = runtime.block_on(TcpListener::bind("127.0.0.1:0")).unwrap();
        let port = listener.local_addr().unwrap().port();
        let state = Arc::new(Mutex::new(State { stories: 1, ..State::default() }));
        let (shared, answers): (_, Arc<Answers>) = (Arc::clone(&state), Arc::new(answers));
        let app = axum::Router::new().fallback(move |request: Request<Body>| {
            let (shared, answers) = (Arc::clone(&shared), Arc::clone(&answers));
            async move { answer(request, port, &shared, answers.as_ref()).await }
        });
        runtime.spawn(async move { axum::serve(listener, app).await });
        Self { port, state, _runtime: runtime }
    }

    fn requests(&self) -> Vec<(Instant, Form)> {
        self.state.lock().unwrap().requests.clone()
    }

    fn publish(&self) -> usize {
        let mut state = self.state.lock().unwrap();
        state.stories += 1;
        state.stories
    }

    fn desk(&self, folder: TempDir) -> Desk {
        let port = self.port;
        let config = format!(
            "[archive]\nformats = [\"jsonl\"]\n[fetch]\ndelay = \"0ms\"\ntimeout = \"2s\"\nretries = 0\n\
             allow_hosts = [\"127.0.0.1:{port}\"]\n[serve]\npublic_url = \"https://news.example/desk\"\n\
             token_env = \"DESK_TOKEN\"\n[[source]]\nname = \"paper\"\nurl = \"http://127.0.0.1:{port}/\"\n\
             feeds = [\"http://127.0.0.1:{port}/feed\"]\nevery = \"7d\"\n"
        );
        Desk::start_in(folder, &config, &["--watch"])
    }
}

async fn answer(request: Request<Body>, port: u16, state: &Mutex<State>, answers: &Answers) -> Response<Body> {
    let reply = |status: u16, kind: &str, body: String| {
        Response::builder().status(status).header("content-type", kind).body(Body::from(body)).unwrap()
    };
    let path = request.uri().path().to_owned();
    if request.method() == Method::POST {
        let body = to_bytes(request.into_body(), 1 << 16).await.unwrap();
        let form: Form = url::form_urlencoded::parse(&body).into_owned().collect();
        let count = {
            let mut state = state.lock().unwrap();
            state.requests.push((Instant::now(), form));
            state.requests.len()
        };
        let (status, location) = answers(count);
        if status == 0 {
            std::future::pending::<()>().await;
        }
        let mut response = reply(status, "text/plain", String::new());
        if let Some(location) = location {
            response.headers_mut().insert("location", location.parse().unwrap());
        }
        return response;
    }
    match path.as_str() {
        "/feed" => {
            let mut state = state.lock().unwrap();
            state.feed_fetches += 1;
            reply(200, "application/rss+xml", feed(port, state.stories))
        }
        path if path.starts_with("/2026/") => reply(200, "text/html; charset=utf-8", story(path)),
        _ => reply(404, "text/plain", String::new()),
    }
}

fn feed(port: u16, stories: usize) -> String {
    let mut feed = format!(
        "<rss version=\"2.0\" xmlns:atom=\"http://www.w3.org/2005/Atom\"><channel><title>Quay Post</title>\
         <link>http://127.0.0.1:{port}/</link><atom:link rel=\"hub\" href=\"http://127.0.0.1:{port}/hub\"/>\
         <atom:link rel=\"self\" href=\"http://127.0.0.1:{port}/feed?canonical\"/>"
    );
    for number in 1..=stories {
        let link = format!("http://127.0.0.1:{port}/2026/03/04/the-ferry-of-pier-{number}-sails-again");
        let _ = write!(feed, "<item><title>Ferry {number}</title><link>{link}</link><guid>{link}</guid></item>");
    }
    feed + "</channel></rss>"
}

fn story(path: &str) -> String {
    let mut body = String::new();
    for line in 0..12 {
        let _ = write!(
            body,
            "<p>The ferry of {path} left its berth for the {line}th time this week, the harbour master said on the \
             quay, and every one of its {line} boats had been painted anew by the crew.</p>"
        );
    }
    format!(
        "<html><head><title>{path}</title></head><body><article><h1>Ferry {path}</h1>{body}</article></body></html>"
    )
}

fn wait_for<T>(what: &str, mut look: impl FnMut() -> Option<T>) -> T {
    let start = Instant::now();
    loop {
        if let Some(found) = look() {
            return found;
        }
        assert!(start.elapsed() < PATIENCE, "waited in vain for {what}");
        std::thread::sleep(Duration::from_millis(50));
    }
}

fn archived(folder: &Path, number: usize) -> Option<()> {
    let mut folders = vec![folder.join("archive")];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
            let path = entry.path();
            if path.is_dir() {
                folders.push(path);
            } else if std::fs::read_to_string(&path).is_ok_and(|text| text.contains(&format!("pier-{number}-sails"))) {
                return Some(());
            }
        }
    }
    None
}

fn kept(folder: &Path) -> Option<Value> {
    let store = ["", "archive"].map(|place| std::fs::read(folder.join(place).join("websub.json")));
    let text = store.into_iter().find(Result::is_ok).transpose().unwrap();
    let book: Value = serde_json::from_slice(&text?).unwrap();
    book["subscriptions"].get(0).cloned()
}

/// The path of a callback at the desk, whose prefix a proxy would take off.
fn callback(form: &Form) -> String {
    let path = form["hub.callback"].strip_prefix("https://news.example/desk").unwrap().to_owned();
    assert!(path.strip_prefix("/websub/").is_some_and(|id| id.len() == 32), "{path}");
    path
}

/// How a hub comes through the proxy.
fn from_hub(desk: &Desk, method: &str, target: &str, headers: &str, body: &str) -> desk::Answer {
    let length = body.len();
    desk.raw(&format!(
        "{method} {target} HTTP/1.1\r\nHost: news.example\r\nConnection: close\r\n{headers}Content-Length: {length}\r\n\r\n{body}"
    ))
}

fn verify(desk: &Desk, form: &Form, mode: &str, topic: &str, seconds: u32) -> desk::Answer {
    let query = url::form_urlencoded::Serializer::new(String::new())
        .extend_pairs([("hub.mode", mode), ("hub.topic", topic), ("hub.challenge", "ch<a>llenge")])
        .append_pair("hub.lease_seconds", &seconds.to_string())
        .finish();
    from_hub(desk, "GET", &format!("{}?{query}", callback(form)), "", "")
}

fn deliver(desk: &Desk, form: &Form, secret: &str) -> desk::Answer {
    let mut mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).unwrap();
    mac.update(b"<rss/>");
    let hex = mac.finalize().into_bytes().iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    });
    from_hub(desk, "POST", &callback(form), &format!("X-Hub-Signature: sha256={hex}\r\n"), "<rss/>")
}

#[test]
fn a_hub_tells_of_a_story_long_before_its_feed_is_due_also_after_a_restart() {
    let paper = Paper::start(|_| (202, None));
    let desk = paper.desk(TempDir::new().unwrap());
    let form = wait_for("a request", || paper.requests().first().map(|(_, form)| form.clone()));
    let topic = format!("http://127.0.0.1:{}/feed?canonical", paper.port);
    assert_eq!((form["hub.mode"].as_str(), &form["hub.topic"]), ("subscribe", &topic));
    assert_eq!(form["hub.lease_seconds"], "864000");
    let secret = form["hub.secret"].clone();
    assert_eq!(secret.len(), 64);

    assert_eq!(verify(&desk, &form, "subscribe", "http://other.example/feed", 86_400).status, 404);
    assert_eq!(verify(&desk, &form, "unsubscribe", &topic, 86_400).status, 404);
    let answer = verify(&desk, &form, "subscribe", &topic, 86_400);
    assert_eq!((answer.status, answer.body.as_str()), (200, "ch<a>llenge"));
    assert!(answer.has("content-type: text/plain; charset=utf-8"), "{}", answer.head);
    wait_for("the first story", || archived(desk.folder.path(), 1));
    wait_for("the lease in the file", || kept(desk.folder.path())?.get("lease_until").cloned());

    // A wrong signature is answered as a right one, and does nothing; nor does none.
    paper.publish();
    let before = paper.state.lock().unwrap().feed_fetches;
    assert_eq!(deliver(&desk, &form, "guessed").status, 202);
    assert_eq!(from_hub(&desk, "POST", &callback(&form), "", "<rss/>").status, 202);
    let told = Instant::now();
    assert_eq!(deliver(&desk, &form, &secret).status, 202);
    wait_for("the second story", || archived(desk.folder.path(), 2));
    println!("archived {:?} after the hub told of it", told.elapsed());
    assert_eq!(paper.state.lock().unwrap().feed_fetches, before + 1);
    // Without the id, the host is still not ours.
    assert_eq!(from_hub(&desk, "GET", "/v1/articles", "", "").status, 421);

    let mut desk = desk;
    let folder = std::mem::replace(&mut desk.folder, TempDir::new().unwrap());
    let (_, log) = desk.end();
    assert!(!log.contains(&secret) && !log.contains(callback(&form).trim_start_matches("/websub/")), "{log}");
    assert!(log.contains("/websub/{id}"), "{log}");
    let lines = |words: &str| log.lines().filter(|line| line.contains(words)).count();
    assert_eq!((lines("without a good signature"), lines("a hub told of news")), (2, 1), "{log}");

    let desk = paper.desk(folder);
    paper.publish();
    wait_for("the callback", || (deliver(&desk, &form, &secret).status == 202).then_some(()));
    wait_for("the third story", || archived(desk.folder.path(), 3));
    assert_eq!(paper.requests().len(), 1, "it is still subscribed");
    // Whoever was not asked is told nothing.
    assert_eq!(from_hub(&desk, "POST", "/websub/00112233445566778899aabbccddeeff", "", "<rss/>").status, 410);
    assert!(desk.end().1.contains("a hub told of news"));
}

#[test]
fn a_hub_that_fails_is_asked_again_and_a_lease_is_renewed() {
    let paper = Paper::start(|count| (if count == 1 { 500 } else { 202 }, None));
    let desk = paper.desk(TempDir::new().unwrap());
    let form = wait_for("another try", || paper.requests().get(1).map(|(_, form)| form.clone()));
    let times: Vec<Instant> = paper.requests().iter().map(|(time, _)| *time).collect();
    assert!(times[1] - times[0] >= Duration::from_secs(4), "{:?}", times[1] - times[0]);
    assert_eq!(verify(&desk, &form, "subscribe", &form["hub.topic"], 3).status, 200);
    let renewed = wait_for("the renewal", || paper.requests().get(2).map(|(_, form)| form.clone()));
    assert_eq!(renewed, form, "the same callback and secret");
    // Not wanted any more: said, and not asked again soon.
    assert_eq!(verify(&desk, &form, "denied", &form["hub.topic"], 0).status, 200);
    wait_for("the denial in the file", || kept(desk.folder.path())?.get("lease_until").is_none().then_some(()));
    let (_, log) = desk.end();
    assert!(log.contains("500") && log.contains("a hub does not want us"), "{log}");
}

#[test]
fn a_redirect_into_the_own_network_is_refused_and_one_that_keeps_the_method_is_followed() {
    let inside = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    inside.set_nonblocking(true).unwrap();
    let target = format!("http://{}/hub", inside.local_addr().unwrap());
    let paper = Paper::start(move |count| match count {
        1 => (307, Some(target.clone())),
        2 => (308, Some("/second".to_owned())),
        _ => (202, None),
    });
    let desk = paper.desk(TempDir::new().unwrap());
    let requests = wait_for("the second try and its redirect", || Some(paper.requests()).filter(|all| all.len() == 3));
    assert_eq!(requests[1].1, requests[2].1);
    assert!(inside.accept().is_err(), "the port that is not allowed was connected to");
    let (_, log) = desk.end();
    assert!(log.contains("a hub cannot be subscribed to"), "{log}");
}

#[test]
fn silent_hubs_and_hostile_callers_keep_nothing_from_going_on() {
    let paper = Paper::start(|_| (0, None));
    let desk = paper.desk(TempDir::new().unwrap());
    let form = wait_for("a request", || paper.requests().first().map(|(_, form)| form.clone()));
    wait_for("the story, though the hub says nothing", || archived(desk.folder.path(), 1));
    let mut stream = std::io::BufReader::new(desk.connect());
    for number in 0..10_000 {
        let head = format!("GET /websub/{number:032x}?hub.mode=subscribe HTTP/1.1\r\nHost: x.example\r\n\r\n");
        stream.get_mut().write_all(head.as_bytes()).unwrap();
        assert_eq!(one_status(&mut stream), 404, "request {number}");
    }
    // A gigabyte, to a known and to an unknown path: refused after 32 MiB, and at once.
    for (path, most) in [(callback(&form), 64 << 20), ("/websub/00".to_owned(), 16 << 20)] {
        let mut stream = desk.connect();
        let head = format!("POST {path} HTTP/1.1\r\nHost: news.example\r\nContent-Length: 1073741824\r\n\r\n");
        stream.write_all(head.as_bytes()).unwrap();
        let chunk = vec![b'x'; 1 << 20];
        let mut sent = 0;
        while sent < 1 << 30 && stream.write_all(&chunk).is_ok() {
            sent += chunk.len();
        }
        assert!(sent < most, "{sent} bytes were taken at {path}");
    }
    assert_eq!(desk.ask("GET", "/healthz", &[], "").status, 200);
    wait_for("another try at the silent hub", || (paper.requests().len() > 1).then_some(()));
    let (_, log) = desk.end();
    assert!(log.contains("a hub cannot be subscribed to"), "{}", &log[..log.len().min(4000)]);
}

/// The status of one answer on a connection that is kept.
fn one_status(stream: &mut impl std::io::BufRead) -> u16 {
    let (mut status, mut length) = (0, 0);
    loop {
        let mut line = String::new();
        stream.read_line(&mut line).unwrap();
        let line = line.trim_end().to_ascii_lowercase();
        if let Some(rest) = line.strip_prefix("http/1.1 ") {
            status = rest[..3].parse().unwrap();
        } else if let Some(rest) = line.strip_prefix("content-length: ") {
            length = rest.parse().unwrap();
        } else if line.is_empty() {
            break;
        }
    }
    stream.read_exact(&mut vec![0; length]).unwrap();
    status
}
