//! `copydesk clean` as a user runs it: every form of the contract, and every bad input with its message and exit code.

#![expect(clippy::unwrap_used, reason = "what fails here fails the test")]

mod support;

use assert_cmd::Command;
use flate2::Compression;
use flate2::write::GzEncoder;
use serde_json::{Value, json};
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::time::Duration;
use support::{FaultServer, Reply};
use tempfile::TempDir;

const PAGE: &str = "<!doctype html><html lang=en><head><title>Ferry returns | Harbour Ledger</title>\
    <meta property=og:type content=article></head><body><nav><a href=/>Home</a></nav><article><h1>Ferry returns</h1>\
    <p>The ferry to Holm island sails again on Monday, three months after a storm broke its ramp, the harbour office \
    said in a letter to the islanders.</p><p>Two divers and a smith from Upper Tarn had worked on the ramp since \
    October, for the most part at night, when the tide was low enough to reach the hinges.</p><p>“We were told six \
    weeks,” said the baker, Rurik Aune, who had carried the island’s bread in a rowing boat all winter and means to \
    give the boat a coat of paint.</p></article><div class=share>Share this</div></body></html>";

fn copydesk() -> Command {
    let mut command = Command::cargo_bin("copydesk").unwrap();
    command.arg("clean").timeout(Duration::from_mins(1));
    command
}

fn fixture(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures").join(path)
}

struct Ran {
    code: i32,
    out: String,
    err: String,
}

fn run(command: &mut Command) -> Ran {
    let output = command.output().unwrap();
    Ran {
        code: output.status.code().expect("it ended by itself"),
        out: String::from_utf8(output.stdout).unwrap(),
        err: String::from_utf8(output.stderr).unwrap(),
    }
}

fn file(folder: &TempDir, name: &str, bytes: &[u8]) -> PathBuf {
    let path = folder.path().join(name);
    std::fs::write(&path, bytes).unwrap();
    path
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

/// A server on loopback, run on a runtime of its own while the program is started from the test.
struct Site {
    server: FaultServer,
    _runtime: tokio::runtime::Runtime,
}

impl Site {
    fn start(handler: impl Fn(&str) -> Reply + Send + Sync + 'static) -> Self {
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
        let server = runtime.block_on(FaultServer::start(move |seen| handler(&seen.path)));
        Self { server, _runtime: runtime }
    }

    fn url(&self, path: &str) -> String {
        self.server.url(path).into()
    }

    fn clean(&self, path: &str) -> Ran {
        run(copydesk().args(["--allow-host", &self.server.address.to_string(), "--timeout", "2", &self.url(path)]))
    }
}

#[test]
fn html_files_in_every_format() {
    let folder = TempDir::new().unwrap();
    let page = file(&folder, "page.html", PAGE.as_bytes());
    let markdown = run(copydesk().arg(&page));
    assert_eq!((markdown.code, markdown.err.as_str()), (0, ""));
    assert!(markdown.out.starts_with("# Ferry returns\n\nThe ferry to Holm island sails"), "{}", markdown.out);
    assert!(!markdown.out.contains("Share this"));
    let text = run(copydesk().args(["--format", "text"]).arg(&page));
    assert!(text.out.starts_with("The ferry to Holm") && text.out.contains("\n\nTwo divers"), "{}", text.out);
    let html = run(copydesk().args(["--format", "html"]).arg(&page));
    assert!(html.out.starts_with("<h1>Ferry returns</h1>\n<p>The ferry"), "{}", html.out);
    let json = run(copydesk().args(["--format", "json", "--url", "https://harbour.example/ferry"]).arg(&page));
    let record: Value = serde_json::from_str(&json.out).unwrap();
    assert_eq!(record["title"], "Ferry returns");
    assert_eq!(record["url"], "https://harbour.example/ferry");
    assert_eq!(record["fetched"], Value::Null);
    for field in [
        "id",
        "url",
        "canonical_url",
        "site_name",
        "title",
        "subtitle",
        "section",
        "tags",
        "authors",
        "published",
        "modified",
        "language",
        "summary",
        "text",
        "markdown",
        "html",
        "images",
        "word_count",
        "content_hash",
        "fingerprint",
        "page_type",
        "confidence",
        "paywalled",
        "usage",
        "fetched",
        "version",
        "seq",
    ] {
        assert!(record.get(field).is_some(), "{field} is missing");
    }
    let line = run(copydesk().args(["--format", "jsonl"]).arg(&page).arg(&page));
    assert_eq!(line.out.lines().count(), 2);
}

#[test]
fn gzipped_files_scraped_text_and_standard_input() {
    let folder = TempDir::new().unwrap();
    let packed = run(copydesk().arg(file(&folder, "page.html.gz", &gzip(PAGE.as_bytes()))));
    assert!(packed.out.starts_with("# Ferry returns"), "{}", packed.err);
    let scraped = run(copydesk().args(["--format", "json"]).arg(fixture("scraped/blog-post/source.txt")));
    let record: Value = serde_json::from_str(&scraped.out).unwrap();
    let expected: Value =
        serde_json::from_str(&std::fs::read_to_string(fixture("scraped/blog-post/expected.json")).unwrap()).unwrap();
    assert_eq!((&record["title"], &record["published"]), (&expected["title"], &expected["published"]));
    let piped = run(copydesk().arg("-").write_stdin(PAGE));
    assert!(piped.out.starts_with("# Ferry returns"), "{}", piped.err);
    let text =
        run(copydesk().arg("-").write_stdin("A title\n\nOne sentence that is the whole of the story, it ends here.\n"));
    assert_eq!(text.out, "# A title\n\nOne sentence that is the whole of the story, it ends here.\n");
}

#[test]
fn explanations_and_the_other_engine() {
    let folder = TempDir::new().unwrap();
    let page = file(&folder, "page.html", PAGE.as_bytes());
    let words = run(copydesk().arg("--explain").arg(&page));
    assert!(words.out.starts_with("# Ferry returns"));
    assert!(words.err.contains("title  Ferry returns  [headline on the page"), "{}", words.err);
    assert!(words.err.lines().any(|line| line.starts_with("- ") && line.contains("Share this")), "{}", words.err);
    let json = run(copydesk().args(["--explain", "--format", "json"]).arg(&page));
    let record: Value = serde_json::from_str(&json.out).unwrap();
    let blocks = record["explanation"]["blocks"].as_array().unwrap();
    assert!(blocks.iter().any(|block| block["kept"] == true && block["probability"].as_f64().unwrap() > 0.5));
    assert!(blocks.iter().all(|block| !block["reason"].as_str().unwrap().is_empty()));
    let other = run(copydesk().args(["--engine", "readability"]).arg(&page));
    assert!(other.out.contains("Two divers and a smith"), "{} {}", other.out, other.err);
}

#[test]
fn a_stream_of_rows() {
    let folder = TempDir::new().unwrap();
    let page = file(&folder, "page.html", PAGE.as_bytes());
    let rows = [
        json!({"id": "a", "url": "https://harbour.example/ferry", "path": page}).to_string(),
        json!({"id": 7, "html": PAGE}).to_string(),
        "{\"id\": \"broken\", ".to_owned(),
        json!({"id": "none"}).to_string(),
        String::new(),
        json!({"id": "missing", "path": folder.path().join("nowhere.html")}).to_string(),
        json!({"id": "empty", "html": ""}).to_string(),
        json!({"id": "text", "text": "A title\n\nOne sentence that is the whole of the story, it ends here."})
            .to_string(),
        json!({"id": "odd", "html": 5}).to_string(),
    ];
    for jobs in ["1", "4"] {
        let ran = run(copydesk().args(["--jsonl", "--jobs", jobs]).write_stdin(format!("\u{feff}{}", rows.join("\n"))));
        assert_eq!((ran.code, ran.err.as_str()), (0, ""));
        let records: Vec<Value> = ran.out.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        let ids: Vec<&Value> = records.iter().map(|record| &record["id"]).collect();
        assert_eq!(
            json!(ids),
            json!(["a", 7, null, "none", "missing", "empty", "text", "odd"]),
            "in the order of the rows"
        );
        assert_eq!(records[0]["title"], "Ferry returns");
        assert_eq!(records[1]["text"], records[0]["text"]);
        assert!(records[2]["error"].as_str().unwrap().contains("line 3"));
        assert!(records[3]["error"].as_str().unwrap().contains("neither"));
        assert!(records[4]["error"].as_str().unwrap().contains("nowhere.html: there is no such file"));
        assert!(records[5]["error"].as_str().unwrap().contains("the page is empty"));
        assert_eq!(records[6]["title"], "A title");
        assert!(records[7]["error"].is_string());
    }
    let nothing = run(copydesk().arg("--jsonl").write_stdin(""));
    assert_eq!((nothing.code, nothing.out.as_str()), (0, ""));
}

#[test]
fn a_page_from_the_network() {
    let site = Site::start(|path| match path {
        "/robots.txt" => Reply::new(200, "text/plain", "User-agent: *\nDisallow: /"),
        "/old" => Reply::redirect(301, "/ferry"),
        "/notes.txt" => {
            Reply::new(200, "text/plain", "A title\n\nOne sentence that is the whole of the story, it ends here.\n")
        }
        _ => Reply::new(200, "text/html; charset=utf-8", PAGE).header("X-Robots-Tag", "noarchive"),
    });
    let ran = run(copydesk().args(["--format", "json", "--allow-host", "127.0.0.1", &site.url("/old")]));
    let record: Value = serde_json::from_str(&ran.out).unwrap_or_else(|_| panic!("{}", ran.err));
    assert_eq!(record["url"], site.url("/ferry"), "where it was found in the end");
    assert!(record["fetched"].is_string());
    assert_eq!(record["usage"]["robots"], json!(["noarchive"]));
    let text = site.clean("/notes.txt");
    assert!(text.out.starts_with("# A title"), "{} {}", text.out, text.err);
}

#[test]
fn loopback_is_refused_unless_allowed() {
    let site = Site::start(|_| Reply::html(PAGE));
    let ran = run(copydesk().arg(site.url("/ferry")));
    assert_eq!((ran.code, ran.out.as_str()), (1, ""));
    assert!(ran.err.contains(&site.url("/ferry")) && ran.err.contains("loopback"), "{}", ran.err);
    assert!(ran.err.contains("--allow-host 127.0.0.1"), "{}", ran.err);
    assert_eq!(site.server.log().len(), 0, "nothing was asked for");
}

#[test]
fn every_refusal_of_a_server_is_named_with_its_remedy() {
    let site = Site::start(|path| Reply::status(path[1..].parse().unwrap_or(404)));
    for (status, words) in [
        (401, "401 Unauthorized; it wants a login"),
        (403, "403 Forbidden; the site refuses this client"),
        (404, "404 Not Found; there is no such page; check the address"),
        (410, "410 Gone; the page was taken down for good"),
        (429, "429 Too Many Requests; the site wants fewer requests"),
        (500, "500 Internal Server Error; the fault is the site's; try again later"),
        (503, "503 Service Unavailable; the fault is the site's; try again later"),
    ] {
        // A first 429 or 5xx is asked for once more.
        let ran = site.clean(&format!("/{status}"));
        assert_eq!((ran.code, ran.out.as_str()), (1, ""), "{status}");
        assert!(ran.err.contains(words) && ran.err.contains(&site.url(&format!("/{status}"))), "{status}: {}", ran.err);
        assert_eq!(ran.err.lines().count(), 1, "{}", ran.err);
    }
}

#[test]
fn a_busy_server_is_asked_once_more_and_a_server_that_wants_a_pause_is_not() {
    let once = std::sync::atomic::AtomicUsize::new(0);
    let site = Site::start(move |path| match path {
        "/busy" => Reply::status(429),
        "/rest" => Reply::status(429).header("Retry-After", "120"),
        "/recovers" if once.fetch_add(1, std::sync::atomic::Ordering::SeqCst) == 0 => Reply::status(503),
        _ => Reply::html(PAGE),
    });
    let busy = site.clean("/busy");
    assert!(busy.code == 1 && busy.err.contains("wants fewer requests; try again later"), "{}", busy.err);
    assert_eq!(site.server.count("/busy"), 2);
    let recovers = site.clean("/recovers");
    assert_eq!((recovers.code, recovers.err.as_str()), (0, ""));
    let rest = site.clean("/rest");
    assert!(rest.code == 1 && rest.err.contains("try again in 120 s"), "{}", rest.err);
    assert_eq!(site.server.count("/rest"), 1);
}

#[test]
fn remedies_are_options_of_this_command() {
    let site = Site::start(|path| match path {
        "/403" => Reply::status(403),
        "/silent" => Reply::silent().wait(Duration::from_secs(20)),
        path => Reply::redirect(302, &format!("{path}x")),
    });
    for (path, words) in [
        ("/403", "say who you are with --user-agent"),
        ("/silent", "or raise --timeout"),
        ("/on-and-on", "check the address in a browser"),
    ] {
        let ran = site.clean(path);
        assert!(ran.err.contains(words) && !ran.err.contains("[fetch]"), "{path}: {}", ran.err);
    }
    let allow = site.server.address.to_string();
    run(copydesk().args(["--user-agent", "Reader/1.0 (a person)", "--allow-host", &allow, &site.url("/403")]));
    let log = site.server.log();
    assert_eq!(log.last().unwrap().header("user-agent"), Some("Reader/1.0 (a person)"));
    let refused = run(copydesk().args(["--user-agent", "a\nb", "http://news.example/"]));
    assert!(refused.code == 2 && refused.err.contains("--user-agent cannot be used"), "{}", refused.err);
}

#[test]
fn plain_text_keeps_its_charset_and_a_page_under_that_name_is_a_page() {
    let text = "Паром\n\nПаром снова ходит на остров.\n";
    let site = Site::start(move |path| match path {
        "/koi8" => Reply::new(200, "text/plain; charset=koi8-r", encoding_rs::WINDOWS_1251.encode(text).0.into_owned()),
        _ => Reply::new(200, "text/plain", PAGE),
    });
    let declared = site.clean("/koi8");
    let read_as_declared = encoding_rs::KOI8_R.decode(&encoding_rs::WINDOWS_1251.encode("Паром").0).0.into_owned();
    assert!(declared.out.contains(&read_as_declared), "{} {}", declared.out, declared.err);
    assert!(site.clean("/page").out.starts_with("# Ferry returns\n"));
}

#[test]
fn pages_that_are_none_are_refused() {
    let site = Site::start(|path| match path {
        "/pdf" => Reply::new(200, "application/pdf", "%PDF-1.7"),
        "/image" => Reply::new(200, "image/png", "\u{89}PNG"),
        "/liar" => Reply::new(200, "text/html", b"%PDF-1.7\n%binary".to_vec()),
        "/empty" => Reply::html(""),
        "/endless" => Reply::bare(200).header("Content-Type", "text/html").forever("<p>more</p>".repeat(4000)),
        "/loop" => Reply::redirect(302, "/loop2"),
        "/loop2" => Reply::redirect(302, "/loop"),
        "/silent" => Reply::silent().wait(Duration::from_secs(20)),
        _ => Reply::status(404),
    });
    for (path, words) in [
        ("/pdf", "is application/pdf, not a web page"),
        ("/image", "is image/png, not a web page"),
        ("/liar", "this is a PDF file, not a web page"),
        ("/empty", "the page is empty"),
        ("/endless", "larger than 16777216 bytes"),
        ("/loop", "redirects in a circle"),
        ("/silent", "took longer than 2s; try again later"),
    ] {
        let ran = site.clean(path);
        assert_eq!((ran.code, ran.out.as_str()), (1, ""), "{path}");
        assert!(ran.err.contains(words) && ran.err.contains(&site.url(path)), "{path}: {}", ran.err);
    }
}

#[test]
fn hosts_that_cannot_be_reached() {
    let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let gone = run(copydesk().args(["--allow-host", "127.0.0.1", &format!("http://{free}/x")]));
    assert_eq!(gone.code, 1);
    assert!(
        gone.err.contains(&format!("http://{free}/x: no connection")) && gone.err.contains("check that"),
        "{}",
        gone.err
    );
    let plain = Site::start(|_| Reply::html(PAGE));
    let url = plain.url("/").replacen("http:", "https:", 1);
    let tls = run(copydesk().args(["--allow-host", "127.0.0.1", &url]));
    assert_eq!(tls.code, 1);
    assert!(tls.err.contains("no secure connection to 127.0.0.1"), "{}", tls.err);
}

#[test]
fn files_that_are_none() {
    let folder = TempDir::new().unwrap();
    // As evenly spread as what was packed or enciphered.
    let spread: Vec<u8> = (0..9000_u32).map(|at| (at.wrapping_mul(2_654_435_761) >> 11) as u8).collect();
    for (name, bytes, words) in [
        ("empty.html", &b""[..], "the page is empty"),
        ("blank.txt", b" \n\n", "the page is empty"),
        ("photo.html", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "this is a PNG picture, not a web page"),
        ("paper.html", b"%PDF-1.4 ...", "this is a PDF file, not a web page"),
        ("paper.txt", b"%PDF-1.4 ...", "this is a PDF file, not a web page"),
        ("noise.html", &[0, 1, 2, 3, 4, 5, 6, 7, 200, 1, 2, 3], "this is binary data"),
        ("spread.html", &spread, "this is binary data"),
        ("cut.html.gz", &gzip(PAGE.as_bytes())[..200], "the gzip file is damaged"),
    ] {
        let path = file(&folder, name, bytes);
        let ran = run(copydesk().arg(&path));
        assert_eq!((ran.code, ran.out.as_str()), (1, ""), "{name}");
        assert!(ran.err.contains(words) && ran.err.contains(name), "{name}: {}", ran.err);
    }
    let missing = run(copydesk().arg(folder.path().join("nowhere.html")));
    assert_eq!(missing.code, 1);
    assert!(missing.err.contains("nowhere.html: there is no such file; check the name"), "{}", missing.err);
    let a_folder = run(copydesk().arg(folder.path()));
    assert!(a_folder.code == 1 && a_folder.err.contains("it is a folder; give a file"), "{}", a_folder.err);
}

#[test]
fn standard_input_is_judged_by_what_it_holds() {
    let text = "A title\n\nOne sentence that is the whole of the story, it ends here.\n";
    let utf16: Vec<u8> = [0xFF, 0xFE].into_iter().chain(text.encode_utf16().flat_map(u16::to_le_bytes)).collect();
    for (bytes, beginning) in [
        (gzip(PAGE.as_bytes()), "# Ferry returns\n"),
        (gzip(text.as_bytes()), "# A title\n"),
        (utf16, "# A title\n\nOne sentence"),
    ] {
        let ran = run(copydesk().arg("-").write_stdin(bytes));
        assert!(ran.out.starts_with(beginning), "{} {}", ran.out, ran.err);
    }
    let paper = run(copydesk().arg("-").write_stdin("%PDF-1.7\n1 0 obj\n"));
    assert_eq!((paper.code, paper.out.as_str()), (1, ""));
    assert!(paper.err.contains("-: this is a PDF file"), "{}", paper.err);
    let empty = run(copydesk().arg("-").write_stdin(""));
    assert!(empty.code == 1 && empty.err.contains("-: the page is empty"), "{}", empty.err);
}

#[cfg(unix)]
#[test]
fn a_file_name_need_not_be_unicode() {
    use std::os::unix::ffi::OsStrExt as _;
    let folder = TempDir::new().unwrap();
    let path = folder.path().join(std::ffi::OsStr::from_bytes(b"caf\xe9.html"));
    // Some file systems take only Unicode.
    if std::fs::write(&path, PAGE).is_ok() {
        assert!(run(copydesk().arg(&path)).out.starts_with("# Ferry returns\n"));
    }
    let missing = run(copydesk().arg(folder.path().join(std::ffi::OsStr::from_bytes(b"th\xe9.html"))));
    assert!(missing.code == 1 && missing.err.contains("there is no such file"), "{}", missing.err);
}

/// A reader of standard output that went away ends the program at once and without a word, also while whoever writes
/// the rows is silent.
#[test]
fn a_closed_standard_output_is_quiet() {
    use std::io::{BufRead as _, BufReader, Read as _};
    use std::process::{Command, Stdio};
    let mut child = Command::new(assert_cmd::cargo::cargo_bin("copydesk"))
        .args(["clean", "--jsonl", "--jobs", "2"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut rows = child.stdin.take().unwrap();
    let mut records = BufReader::new(child.stdout.take().unwrap());
    let row = json!({"id": 1, "html": PAGE});
    writeln!(rows, "{row}").unwrap();
    records.read_line(&mut String::new()).unwrap();
    drop(records);
    writeln!(rows, "{row}").unwrap();
    let mut errors = child.stderr.take().unwrap();
    let (ended, end) = std::sync::mpsc::channel();
    std::thread::spawn(move || {
        let mut words = String::new();
        errors.read_to_string(&mut words).unwrap();
        ended.send((child.wait().unwrap().code(), words)).unwrap();
    });
    let (code, words) = end.recv_timeout(Duration::from_secs(30)).expect("it ends while its input is still open");
    assert_eq!((code, words.as_str()), (Some(0), ""));
    drop(rows);
}

#[test]
fn one_bad_target_does_not_stop_the_others() {
    let folder = TempDir::new().unwrap();
    let page = file(&folder, "page.html", PAGE.as_bytes());
    let ran = run(copydesk().args(["--format", "text"]).arg(folder.path().join("nowhere.html")).arg(&page));
    assert_eq!(ran.code, 1);
    assert!(ran.out.starts_with("The ferry") && ran.err.contains("nowhere.html"));
    let two = run(copydesk().args([&page, &page]));
    assert!(two.out.contains("paint.\n\n# Ferry returns\n"), "one blank line between two: {}", two.out);
}

#[test]
fn a_page_without_an_article_says_so() {
    let ran = run(copydesk().arg("-").write_stdin("<html><body><nav><a href=/>Home</a></nav></body></html>"));
    assert_eq!(ran.code, 0);
    assert!(ran.err.contains("no article text was found"), "{}", ran.err);
}

#[test]
fn wrong_arguments_are_refused_with_code_2() {
    for arguments in [
        &["--format", "docx", "x.html"][..],
        &["--engine", "magic", "x.html"],
        &["--allow-host", "not a host", "x.html"],
        &["--jsonl", "--jobs", "0"],
        &["--url", "no url", "x.html"],
        &["--url", "http://news.example/a", "http://news.example/b"],
        &["--url", "http://news.example/a", "x.html", "y.html"],
        &["--url", "http://news.example/a", "--jsonl"],
        &[],
    ] {
        let ran = run(copydesk().args(arguments));
        assert_eq!((ran.code, ran.out.as_str()), (2, ""), "{arguments:?}");
        assert!(!ran.err.is_empty(), "{arguments:?}");
    }
}

/// What training asks of the program: the features, and whole texts by tables that stand in for the embedded ones.
#[test]
fn training_reads_features_and_texts() {
    let folder = TempDir::new().unwrap();
    let page = file(&folder, "page.html", PAGE.as_bytes());
    let row = json!({"id": "one", "url": "https://ledger.example/ferry-returns", "path": page}).to_string();
    let dev = |arguments: &[&str]| {
        let mut command = Command::cargo_bin("copydesk").unwrap();
        run(command.arg("dev").args(arguments).write_stdin(row.clone()).timeout(Duration::from_mins(1)))
    };
    let at = folder.path().to_str().unwrap();

    assert_eq!(dev(&["features", "--out", at]).code, 0);
    let columns = std::fs::read_to_string(folder.path().join("columns.txt")).unwrap().lines().count();
    let blocks: Value =
        serde_json::from_str(&std::fs::read_to_string(folder.path().join("blocks.jsonl")).unwrap()).unwrap();
    let values = std::fs::metadata(folder.path().join("values.f32")).unwrap().len();
    assert_eq!(values as usize, columns * blocks["texts"].as_array().unwrap().len() * size_of::<f32>());

    let tables = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/extract/content");
    let ran = dev(&["texts", "--tables", tables.to_str().unwrap()]);
    let text: Value = serde_json::from_str(&ran.out).unwrap();
    let cleaned = run(copydesk().arg(&page).args(["--format", "json"]));
    let cleaned: Value = serde_json::from_str(&cleaned.out).unwrap();
    assert!(text["text"].as_str().unwrap().starts_with("The ferry to Holm island"), "{}", ran.err);
    assert_eq!((&text["id"], &text["text"]), (&json!("one"), &cleaned["text"]));

    // Tables of one tree that is a leaf are whole, and find no block likely.
    let unlikely = [&b"CDBLOCK1"[..], &[0; 8], &[1, 0, 0, 0], &(-10.0_f32).to_le_bytes()].concat();
    for name in ["articles.model", "others.model"] {
        file(&folder, name, &unlikely);
    }
    let ran = dev(&["texts", "--tables", at]);
    let other: Value = serde_json::from_str(&ran.out).unwrap();
    assert_ne!(other["text"], text["text"]);
    file(&folder, "others.model", b"CDBLOCK1 cut short");
    let ran = dev(&["texts", "--tables", at]);
    assert_ne!(ran.code, 0);
    assert!(ran.err.contains("these are no tables") && ran.err.contains("training/train.py"), "{}", ran.err);
}
