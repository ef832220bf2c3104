//! What a fetcher takes down of its exchanges: the requests as a server sees them, the bodies as received, every answer, and
//! no secret.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod support;

use copydesk::fetch::{Accept, AccessOptions, FetchOptions, Fetcher, Login, Request, Setting, Tape};
use copydesk::model::{Cut, Exchange, Protocol, Validators};
use flate2::Compression;
use flate2::write::GzEncoder;
use std::io::Write as _;
use std::time::Duration;
use support::{FaultServer, Reply, Seen};

fn options(server: &FaultServer) -> FetchOptions {
    FetchOptions {
        delay: Duration::ZERO,
        backoff: Duration::from_millis(1),
        timeout: Duration::from_secs(2),
        allow_hosts: vec![server.address.to_string().parse().unwrap()],
        max_body: 10_000,
        ..FetchOptions::default()
    }
}

fn gzipped(text: &str) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(text.as_bytes()).unwrap();
    encoder.finish().unwrap()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

/// The exchanges of one request without robots.txt.
async fn taken(server: &FaultServer, path: &str, validators: Validators) -> Vec<Exchange> {
    let tape = Tape::default();
    let options = FetchOptions { obey_robots: false, ..options(server) };
    let fetcher = Fetcher::new(options).unwrap().recorded(tape.clone());
    let _ = fetcher.fetch(&Request::new(server.url(path), Accept::Page).if_changed(validators)).await;
    tape.take()
}

#[tokio::test]
async fn a_request_is_taken_down_as_the_server_saw_it() {
    let server = FaultServer::start(|seen: &Seen| match seen.path.as_str() {
        "/robots.txt" => Reply::new(200, "text/plain", "User-agent: *\nDisallow: /x\n"),
        "/old" => Reply::redirect(301, "/new?a=%20b#c"),
        _ => Reply::html("<p>New.</p>").header("X-Two", "1").header("X-Two", "2"),
    })
    .await;
    let tape = Tape::default();
    let fetcher = Fetcher::new(options(&server)).unwrap();
    fetcher.recorded(tape.clone()).fetch(&Request::new(server.url("/old"), Accept::Page)).await.unwrap();
    let exchanges = tape.take();
    assert!(tape.take().is_empty());
    let seen = server.log();
    assert_eq!(seen.len(), 3);
    for (exchange, seen) in exchanges.iter().zip(&seen) {
        let mut sent = format!("GET {} HTTP/1.1\r\n", seen.path);
        for (name, value) in &seen.headers {
            sent.extend([name, ": ", value, "\r\n"]);
        }
        assert_eq!(text(&exchange.request), format!("{sent}\r\n"));
        assert_eq!(exchange.address, Some(server.address.ip()));
        assert_eq!((exchange.protocol, exchange.cut), (Protocol::Http11, None));
    }
    let statuses: Vec<_> = exchanges.iter().map(|one| (one.url.path().to_owned(), one.status)).collect();
    assert_eq!(
        statuses,
        [("/robots.txt", 200), ("/old", 301), ("/new", 200)].map(|(path, status)| (path.to_owned(), status))
    );
    let page = &exchanges[2];
    let head = text(&page.response);
    assert!(head.starts_with("HTTP/1.1 200 OK\r\ncontent-length: 11\r\n"), "{head}");
    assert!(head.contains("x-two: 1\r\nx-two: 2\r\n") && head.ends_with("\r\n\r\n"), "{head}");
    assert_eq!(
        (text(&page.body).as_str(), page.content_type.as_deref()),
        ("<p>New.</p>", Some("text/html; charset=utf-8"))
    );

    // Whoever does not ask for it gets nothing taken down.
    fetcher.fetch(&Request::new(server.url("/new"), Accept::Page)).await.unwrap();
    assert!(tape.take().is_empty());
}

#[tokio::test]
async fn bodies_are_kept_as_received() {
    let packed = gzipped("<p>Packed.</p>");
    let server = FaultServer::start({
        let packed = packed.clone();
        move |seen: &Seen| match seen.path.as_str() {
            "/packed" => Reply::new(200, "text/html", packed.clone()).header("Content-Encoding", "gzip"),
            "/chunked" => Reply::bare(200)
                .header("Content-Type", "text/html")
                .header("Transfer-Encoding", "chunked")
                .send("3\r\n<p>\r\n5\r\nPiece\r\n0\r\n\r\n"),
            "/gone" => Reply::new(410, "text/html", "<p>Withdrawn.</p>".repeat(10)),
            "/unchanged" => Reply::bare(304).header("ETag", "\"1\""),
            _ => Reply::new(404, "text/html", ""),
        }
    })
    .await;
    let one = taken(&server, "/packed", Validators::default()).await.remove(0);
    assert_eq!(one.body, packed);
    assert!(text(&one.response).contains("content-encoding: gzip\r\n"));

    let one = taken(&server, "/chunked", Validators::default()).await.remove(0);
    assert_eq!(text(&one.body), "<p>Piece");
    assert!(text(&one.response).contains("\r\nx-orig-transfer-encoding: chunked\r\n"), "{}", text(&one.response));

    let one = taken(&server, "/gone", Validators::default()).await.remove(0);
    assert_eq!((one.status, text(&one.body)), (410, "<p>Withdrawn.</p>".repeat(10)));

    let validators = Validators { etag: Some("\"1\"".to_owned()), last_modified: None };
    let one = taken(&server, "/unchanged", validators).await.remove(0);
    assert_eq!((one.status, one.body.len(), one.cut), (304, 0, None));
    assert!(text(&one.request).contains("if-none-match: \"1\"\r\n"));
}

#[tokio::test]
async fn what_is_not_whole_says_so_and_stays_bounded() {
    let server = FaultServer::start(|seen: &Seen| match seen.path.as_str() {
        "/large" => Reply::bare(200).header("Content-Type", "text/html").forever("x".repeat(1000)),
        "/large-error" => Reply::bare(404).header("Content-Type", "text/html").forever("x".repeat(1000)),
        "/bomb" => Reply::new(200, "text/html", gzipped(&" ".repeat(1_000_000))).header("Content-Encoding", "gzip"),
        "/broken" => {
            Reply::bare(200).header("Content-Type", "text/html").header("Content-Length", "9").send("half").close()
        }
        "/slow" => Reply::bare(200).header("Content-Type", "text/html").send("slow").wait(Duration::from_mins(1)),
        "/film" => Reply::new(200, "video/mp4", "film"),
        _ => Reply::status(500),
    })
    .await;
    for (path, cut, least, most) in [
        ("/large", Cut::Length, 10_000, 10_000),
        ("/large-error", Cut::Length, 10_000, 10_000),
        ("/bomb", Cut::Length, 1, 10_000),
        ("/broken", Cut::Disconnect, 4, 4),
        ("/slow", Cut::Time, 4, 4),
        ("/film", Cut::Unwanted, 0, 0),
    ] {
        let exchanges = taken(&server, path, Validators::default()).await;
        // What may pass is tried again, and each try is an exchange.
        assert_eq!(exchanges.len(), server.count(path), "{path}");
        for one in exchanges {
            assert_eq!(one.cut, Some(cut), "{path}");
            assert!((least..=most).contains(&one.body.len()), "{path}: {}", one.body.len());
        }
    }
    let tries = taken(&server, "/always", Validators::default()).await;
    assert_eq!(tries.iter().map(|one| one.status).collect::<Vec<_>>(), [500; 3]);
}

#[tokio::test]
async fn secrets_are_not_taken_down() {
    let server = FaultServer::start(|_: &Seen| Reply::html("<p>In.</p>").header("Set-Cookie", "session=secret7")).await;
    let mut options = FetchOptions { obey_robots: false, ..options(&server) };
    let access = AccessOptions {
        headers: vec![("X-Key".to_owned(), Setting::Text("secret8".to_owned()))],
        // A variable that every test process has.
        login: Some(Login { user: "secret9".to_owned(), password_env: "PATH".to_owned() }),
        cookies: true,
        ..AccessOptions::new(server.url("/"))
    };
    options.access.insert("ledger".to_owned(), access);
    let tape = Tape::default();
    let fetcher = Fetcher::new(options).unwrap().recorded(tape.clone());
    let mut url = server.url("/page");
    url.set_username("reader").unwrap();
    url.set_password(Some("secret6")).unwrap();
    for _ in 0..2 {
        fetcher.for_source("ledger").fetch(&Request::new(url.clone(), Accept::Page)).await.unwrap();
    }
    let seen = server.log();
    assert!(["x-key", "authorization", "cookie"].iter().all(|name| seen[1].header(name).is_some()), "{seen:?}");
    let exchanges = tape.take();
    assert_eq!(exchanges.len(), 2);
    let all = format!("{exchanges:?}").to_lowercase();
    for word in ["secret", "x-key", "authorization", "cookie", "reader"] {
        assert!(!all.contains(word), "{word} in {all}");
    }
    // To whom nothing special is sent, what comes back is nobody's secret.
    fetcher.fetch(&Request::new(server.url("/page"), Accept::Page)).await.unwrap();
    assert!(text(&tape.take()[0].response).contains("set-cookie: session=secret7\r\n"));
}
