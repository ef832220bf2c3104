//! `copydesk serve` as its clients meet it: real HTTP over loopback, the good and the hostile.

#![expect(clippy::unwrap_used, reason = "what fails here fails the test")]

#[path = "support/desk.rs"]
#[allow(dead_code, reason = "not each test file that includes this asks for everything")]
mod desk;
mod support;

use desk::{Desk, TOKEN, program, read_answer, terminate};
use serde_json::json;
use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::process::Output;
use std::time::Duration;
use support::{FaultServer, Reply};
use tempfile::TempDir;

const PAGE: &str = "<!doctype html><html lang=en><head><title>Ferry returns | Harbour Ledger</title></head><body>\
    <nav><a href=/>Home</a></nav><article><h1>Ferry returns</h1><script>alert(1)</script><p onclick=steal()>The ferry to \
    Holm island sails again on Monday, three months after a storm broke its ramp, the harbour office said in a letter to \
    the islanders.</p><p>Two divers and a smith from Upper Tarn had worked on the ramp since October, for the most part \
    at night, when the tide was low enough to reach the hinges.</p></article></body></html>";

#[test]
fn a_page_goes_out_in_the_form_that_is_asked_for() {
    let desk = Desk::start("", &[]);
    let page = json!({"html": PAGE, "url": "https://ledger.example/ferry"});
    let record = desk.clean(&page, &[]);
    assert_eq!(record.status, 200, "{}", record.body);
    let article = record.json();
    assert_eq!(article["title"], "Ferry returns");
    assert_eq!(article["url"], "https://ledger.example/ferry");
    assert!(article["text"].as_str().unwrap().starts_with("The ferry to Holm"));
    assert_eq!(article.get("explanation"), None);
    for (accept, kind, start) in [
        ("text/markdown", "text/markdown; charset=utf-8", "# Ferry returns\n\nThe ferry"),
        ("text/plain", "text/plain; charset=utf-8", "The ferry to Holm"),
        ("text/html;q=0.9, application/json;q=0.1", "text/html; charset=utf-8", "<h1>Ferry returns</h1>\n<p>"),
        ("text/*, text/markdown;q=0, text/html;q=0.2", "text/plain; charset=utf-8", "The ferry"),
        ("*/*", "application/json", "{\"id\""),
    ] {
        let answer = desk.clean(&page, &[&format!("Accept: {accept}")]);
        assert!(answer.body.starts_with(start) && !answer.body.contains("onclick"), "{accept}: {}", answer.body);
        assert!(answer.has(&format!("content-type: {kind}")) && answer.has("x-content-type-options: nosniff"));
        assert!(answer.has("content-security-policy: default-src 'none'; sandbox"), "{}", answer.head);
        assert!(!answer.head.to_ascii_lowercase().contains("access-control"), "{}", answer.head);
    }
    desk.clean(&page, &["Accept: image/png"]).is_problem(406, "text/markdown");

    let text = desk.clean(&json!({"text": "Ferry returns\n\nThe ferry sails again on Monday, the office said."}), &[]);
    assert!(text.json()["text"].as_str().unwrap().contains("sails again"), "{}", text.body);
    let explained = desk.clean(&json!({"html": PAGE, "explain": true}), &[]).json();
    assert!(explained["explanation"]["blocks"].as_array().unwrap().len() > 1);
    let json = "Content-Type: application/json";
    let by_query = desk.ask("POST", "/v1/clean?explain=true", &[json], &page.to_string()).json();
    assert_eq!(by_query["explanation"]["encoding"], explained["explanation"]["encoding"]);
    desk.clean(&json!({"html": PAGE, "explain": true}), &["Accept: text/plain"]).is_problem(400, "explanation");

    for path in ["/healthz", "/readyz"] {
        assert_eq!(desk.ask("GET", path, &[], "").status, 200);
    }
}

#[test]
fn what_is_wrong_with_a_request_is_said_as_a_problem_document() {
    let desk = Desk::start("", &[]);
    let json = "Content-Type: application/json";
    let post = |target: &str, header: &str, body: &str| desk.ask("POST", target, &[header], body);
    post("/v1/clean", "Content-Type: text/plain", "{}").is_problem(415, "application/json");
    post("/v1/clean", json, "{\"html\"").is_problem(400, "send");
    post("/v1/clean", json, "{\"path\":\"/etc/passwd\"}").is_problem(422, "unknown field");
    post("/v1/clean", json, "{\"url\":\"nowhere\"}").is_problem(422, "URL");
    post("/v1/clean", json, "{}").is_problem(422, "neither");
    post("/v1/clean", json, "{\"html\":\"a\",\"text\":\"b\"}").is_problem(422, "both");
    post("/v1/clean", json, "{\"html\":\" \"}").is_problem(422, "empty");
    post("/v1/clean?token=x", json, "{}").is_problem(400, "query");
    post("/v1/other", json, "{}").is_problem(404, "nothing here");
    let get = desk.ask("GET", "/v1/clean", &[], "");
    get.is_problem(405, "POST");
    assert!(get.has("allow: post"));
    desk.ask("OPTIONS", "/v1/clean", &["Origin: https://evil.example"], "").is_problem(405, "POST");
    desk.ask("POST", "/healthz", &[], "").is_problem(405, "GET");
    let named = desk.ask("GET", "/nothing", &["X-Request-Id: my-own_1.2"], "");
    assert!(named.has("x-request-id: my-own_1.2"), "{}", named.head);
    let odd = desk.ask("GET", "/nothing", &["X-Request-Id: a b"], "");
    assert!(!odd.has("x-request-id: a b"), "{}", odd.head);
    let large = format!("{{\"html\":\"{}\"}}", "a".repeat(33 << 20));
    let mut stream = desk.connect();
    let head = format!(
        "POST /v1/clean HTTP/1.1\r\nHost: localhost:{}\r\n{json}\r\nContent-Length: {}\r\n\r\n",
        desk.port,
        large.len()
    );
    stream.write_all(head.as_bytes()).unwrap();
    // Of this the last mebibyte is not sent, so that nothing is lost when the server hangs up.
    let _ = stream.write_all(&large.as_bytes()[..=(32 << 20)]);
    read_answer(&mut stream).is_problem(413, "32 MiB");
    assert_eq!(desk.ask("GET", "/healthz", &[], "").status, 200);
}

#[test]
fn a_name_that_is_not_this_machine_is_refused() {
    let desk = Desk::start("", &[]);
    let get = |host: &str| desk.raw(&format!("GET /healthz HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n"));
    let port = desk.port;
    for host in ["127.0.0.1", "localhost", "LOCALHOST", "[::1]"] {
        assert_eq!(get(&format!("{host}:{port}")).status, 200, "{host}");
    }
    for host in ["evil.example", "evil.example:80", "localhost:1", "localhost", "127.0.0.1.evil.example", ""] {
        get(host).is_problem(421, "this machine");
    }
    get(&format!("evil.example:{port}")).is_problem(421, "this machine");
    get(&format!("localhost@evil.example:{port}")).is_problem(421, "this machine");
    get(&format!("localhost:{port}\r\nHost: evil.example")).is_problem(421, "this machine");
}

#[test]
fn a_token_is_asked_for_and_never_told() {
    let desk = Desk::start("[serve]\ntoken_env = \"DESK_TOKEN\"\n", &["-vv"]);
    let page = json!({"html": PAGE});
    for shown in ["X-Other: 1", "Authorization: Bearer wrong", "Authorization: Bearer ", "Authorization: Basic YTpi"] {
        let answer = desk.clean(&page, &[shown]);
        answer.is_problem(401, "token");
        assert!(answer.has("www-authenticate: bearer"));
    }
    // Who shows no token learns nothing of what there is.
    desk.ask("GET", "/v1/nothing", &[], "").is_problem(401, "token");
    assert_eq!(desk.clean(&page, &[&format!("Authorization: Bearer {TOKEN}")]).status, 200);
    assert_eq!(desk.ask("GET", "/healthz", &[], "").status, 200);
    let (code, log) = desk.end();
    assert_eq!(code, Some(130));
    assert!(log.contains("\"status\":401") && log.contains("\"path\":\"/v1/clean\""), "{log}");
    assert!(!log.contains(TOKEN) && !log.contains("Bearer"), "{log}");
}

#[test]
fn other_machines_are_served_only_with_a_token() {
    let folder = TempDir::new().unwrap();
    let run = |config: &str, variable: Option<&str>| -> Output {
        let mut command = program(&folder, config, &["--listen", "0.0.0.0:0"]);
        if let Some(token) = variable {
            command.env("DESK_TOKEN", token);
        }
        command.output().unwrap()
    };
    let with_token = "[serve]\ntoken_env = \"DESK_TOKEN\"\n";
    for (config, variable, said) in
        [("", None, "a token is needed"), (with_token, None, "not set"), (with_token, Some("short"), "at least 16")]
    {
        let output = run(config, variable);
        let message = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(2), "{message}");
        assert!(message.contains(said) && output.stdout.is_empty(), "{message}");
    }
}

#[test]
fn a_url_is_fetched_behind_the_address_guard() {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
    let site = runtime.block_on(FaultServer::start(|seen| match seen.path.as_str() {
        "/robots.txt" => Reply::new(200, "text/plain", "User-agent: *\nDisallow: /private\n"),
        "/ferry" => Reply::new(200, "text/html", PAGE),
        _ => Reply::status(404),
    }));
    let url = |path: &str| json!({"url": site.url(path)});
    let config = "[fetch]\ndelay = \"0s\"\nretries = 0\n";
    let guarded = Desk::start(config, &[]);
    guarded.clean(&url("/ferry"), &[]).is_problem(422, "--allow-host");
    guarded.clean(&json!({"url": "http://169.254.169.254/latest"}), &[]).is_problem(422, "refused");
    guarded.clean(&json!({"url": "file:///etc/passwd"}), &[]).is_problem(422, "scheme");
    let desk = Desk::start(config, &["--allow-host", &site.address.to_string()]);
    let article = desk.clean(&url("/ferry"), &[]).json();
    assert_eq!((&article["title"], article["fetched"].is_string()), (&json!("Ferry returns"), true));
    desk.clean(&url("/nowhere"), &[]).is_problem(422, "404");
    desk.clean(&url("/private/a"), &[]).is_problem(422, "disallowed");
}

#[test]
fn slow_clients_do_not_stop_it() {
    let desk = Desk::start("", &[]);
    let begin = |sent: &str| {
        let mut stream = desk.connect();
        stream.write_all(sent.as_bytes()).unwrap();
        stream
    };
    let head = "POST /v1/clean HTTP/1.1\r\nHost: localhost";
    let body = format!("{head}:{}\r\nContent-Type: application/json\r\nContent-Length: 900\r\n\r\n{{\"html", desk.port);
    let mut heads: Vec<TcpStream> = (0..100).map(|_| begin(head)).collect();
    let bodies: Vec<TcpStream> = (0..100).map(|_| begin(&body)).collect();
    for _ in 0..5 {
        assert_eq!(desk.clean(&json!({"html": PAGE}), &[]).status, 200);
    }
    // They are cut off in the end; what else the server says to a half head does not matter.
    let mut rest = Vec::new();
    assert!(heads[0].read_to_end(&mut rest).is_ok(), "the connection ended");
    drop(bodies);
    assert_eq!(desk.clean(&json!({"html": PAGE}), &[]).status, 200);
}

#[test]
fn what_is_under_way_is_answered_before_it_ends() {
    let desk = Desk::start("", &[]);
    let body = json!({"html": PAGE}).to_string();
    let mut stream = desk.connect();
    let head = format!(
        "POST /v1/clean HTTP/1.1\r\nHost: localhost:{}\r\nContent-Type: application/json\r\nExpect: 100-continue\r\n\
         Content-Length: {}\r\n\r\n",
        desk.port,
        body.len()
    );
    stream.write_all(head.as_bytes()).unwrap();
    // It says that it wants the body, so the request is under way.
    let mut go_on = [0; 25];
    stream.read_exact(&mut go_on).unwrap();
    assert_eq!(&go_on, b"HTTP/1.1 100 Continue\r\n\r\n");
    terminate(&desk.child);
    while TcpStream::connect(("127.0.0.1", desk.port)).is_ok() {
        std::thread::sleep(Duration::from_millis(20));
    }
    stream.write_all(body.as_bytes()).unwrap();
    let answer = read_answer(&mut stream);
    assert_eq!((answer.status, &answer.json()["title"]), (200, &json!("Ferry returns")));
    let mut desk = desk;
    assert_eq!(desk.child.wait().unwrap().code(), Some(130));
}

#[test]
fn an_address_that_asks_too_often_is_told_when_to_come_again() {
    // The token's hash alone is written down.
    let hash = "4a06d3b2d9a9ae7d8b4ad2fb7bfd0e9d";
    let config = |hash: &str| format!("[serve]\nrate = 2\ntoken_sha256 = \"{hash}\"\n");
    let folder = TempDir::new().unwrap();
    let output: Output = program(&folder, &config(hash), &[]).output().unwrap();
    let error = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.code() == Some(2) && error.contains("sha256sum"), "{error}");
    let desk = Desk::start(&config(&sha256(TOKEN)), &[]);
    let token = format!("Authorization: Bearer {TOKEN}");
    let ask = |headers: &[&str]| desk.ask("GET", "/v1/articles", headers, "");
    assert_eq!(ask(&[&token]).status, 200);
    // Who shows none tries none; who tries one pays for it.
    ask(&[]).is_problem(401, "token is needed");
    ask(&["Cookie: theirs=1"]).is_problem(401, "token is needed");
    ask(&["Authorization: Bearer not-the-token-of-the-tests"]).is_problem(401, "token is needed");
    let refused = ask(&[&token]);
    refused.is_problem(429, "more than 2 requests a second");
    assert!(refused.head.lines().any(|line| line.starts_with("retry-after: ")), "{}", refused.head);
    // Whoever watches over it is answered all the same.
    assert!((0..30).all(|_| desk.ask("GET", "/healthz", &[], "").status == 200));
    assert!((0..30).all(|_| desk.ask("GET", "/assets/desk.css", &[], "").status == 200));

    // Tokens are tried no faster at the page for it, and from this machine neither, whatever else it may ask.
    let desk = Desk::start("[serve]\ntoken_env = \"DESK_TOKEN\"\n", &[]);
    let form = ["Content-Type: application/x-www-form-urlencoded"];
    let tries: Vec<u16> = std::thread::scope(|scope| {
        let wrong = || desk.ask("POST", "/login", &form, "token=not-the-token-of-the-tests").status;
        let tries: Vec<_> = (0..20).map(|_| scope.spawn(wrong)).collect();
        tries.into_iter().map(|status| status.join().unwrap()).collect()
    });
    assert!(tries.iter().filter(|status| **status == 429).count() >= 5, "{tries:?}");
    assert_eq!(desk.ask("GET", "/v1/articles", &[&token], "").status, 200);
}

fn sha256(text: &str) -> String {
    use sha2::Digest as _;
    sha2::Sha256::digest(text).iter().fold(String::new(), |hash, byte| format!("{hash}{byte:02x}"))
}
