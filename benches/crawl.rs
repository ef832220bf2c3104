//! What a whole crawl costs (fetch, clean, write JSON lines and Markdown) against cleaning the same pages alone.
//!
//! `cargo bench --bench crawl` serves 5,000 pages over 50 hosts on the loopback address, has the program crawl them with no
//! delay and then clean them with `clean --jsonl`, and prints pages a second, processor seconds a page and the most memory
//! at any time, of each. The pages are those of `COPYDESK_BENCH_PAGES` (`*.html`), by default the project's own, each with
//! a number of its own in the title and without the words that would make several addresses one story.
//!
//! With `-- serve` it only serves, prints the address of its first host, and goes on until its input ends: other crawlers
//! are measured on the same pages so (`benches/peers/crawl.py`).
//!
//! ext4 passes over inodes that were deleted within the last five minutes when it makes a file: let the machine rest
//! between two runs, or set `TMPDIR` to a folder in memory.

#[path = "support/measured.rs"]
mod measured;

use axum::Router;
use axum::extract::{Request, State};
use axum::http::header::{CONTENT_TYPE, HOST};
use axum::response::{IntoResponse, Response};
use measured::measure;
use std::fmt::Write as _;
use std::fs;
use std::io::{BufRead, Read};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;

const HOSTS: usize = 50;
const PAGES_PER_HOST: usize = 100;

fn main() {
    let folder = std::env::var_os("COPYDESK_BENCH_PAGES")
        .map_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/pages"), PathBuf::from);
    let files = html_files(&folder);
    assert!(!files.is_empty(), "no *.html in {}", folder.display());
    let templates: Arc<Vec<Template>> = Arc::new(files.iter().map(|file| Template::read(file)).collect());
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    let port = runtime.block_on(serve(Arc::clone(&templates)));
    if std::env::args().any(|argument| argument == "serve") {
        println!("{}", home(0, port));
        let _ = std::io::stdin().read_to_end(&mut Vec::new());
        return;
    }
    let work = tempfile::tempdir().expect("a folder");
    let pages = HOSTS * PAGES_PER_HOST;
    let bytes: usize = templates.iter().map(|template| template.before.len() + template.after.len()).sum();
    println!("{pages} pages of {HOSTS} hosts, {} bytes a page", bytes / templates.len());

    let config = work.path().join("config.toml");
    fs::write(&config, configuration(port)).expect("a configuration");
    let mut crawl = Command::new(env!("CARGO_BIN_EXE_copydesk"));
    crawl.args(["crawl", "--config"]).arg(&config).current_dir(work.path());
    let crawled = measure(crawl, None);
    let records = lines(&work.path().join("archive/jsonl"), "jsonl");
    let skipped = lines(&work.path().join("archive/skipped.jsonl"), "jsonl");
    let markdown = count(&work.path().join("archive/markdown"), "md");
    crawled.print("crawl", pages);
    println!("{records} records, {markdown} Markdown files, {skipped} skipped with a reason");

    for (number, template) in templates.iter().enumerate() {
        fs::write(work.path().join(number.to_string()), [&*template.before, &template.after].concat()).expect("a page");
    }
    let rows: String = (0..pages).fold(String::new(), |mut rows, number| {
        let (path, url) = (work.path().join((number % templates.len()).to_string()), story(number, port));
        let row = serde_json::json!({ "id": number.to_string(), "url": url, "path": path });
        let _ = writeln!(rows, "{row}");
        rows
    });
    let mut clean = Command::new(env!("CARGO_BIN_EXE_copydesk"));
    clean.args(["clean", "--jsonl"]);
    let cleaned = measure(clean, Some(rows));
    cleaned.print("clean --jsonl", pages);
    println!("crawl / clean --jsonl: {:.2} x the processor time a page", crawled.cpu / cleaned.cpu);
}

/// A page in two halves, between which its number goes.
struct Template {
    before: String,
    after: String,
}

impl Template {
    fn read(file: &Path) -> Self {
        let text = String::from_utf8_lossy(&fs::read(file).expect("a page")).into_owned();
        // Thousands of copies of one story have one canonical address only, and would rightly be one record.
        let text =
            text.replace("canonical", "original").replace("og:url", "og:link").replace("mainEntityOfPage", "mainPage");
        let at = text.find("</title>").unwrap_or(0);
        Self { before: text[..at].to_owned(), after: text[at..].to_owned() }
    }
}

/// Serves the pages from now on; the port.
async fn serve(templates: Arc<Vec<Template>>) -> u16 {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let port = listener.local_addr().expect("an address").port();
    let router = Router::new().fallback(answer).with_state(templates);
    tokio::spawn(async move { axum::serve(listener, router).await });
    port
}

async fn answer(State(templates): State<Arc<Vec<Template>>>, request: Request) -> Response {
    let host = request.headers().get(HOST).and_then(|host| host.to_str().ok()).unwrap_or_default();
    let path = request.uri().path();
    let number = |text: &str| text.chars().filter(char::is_ascii_digit).collect::<String>().parse::<usize>().ok();
    let page = match number(host.split('.').next().unwrap_or_default()).filter(|host| *host < HOSTS) {
        None => None,
        Some(host) if path == "/" => Some(front_page(host)),
        Some(host) => {
            path.strip_prefix("/news/").and_then(number).filter(|page| page / PAGES_PER_HOST == host).map(|page| {
                let template = &templates[page % templates.len()];
                format!("{} {page}{}", template.before, template.after)
            })
        }
    };
    match page {
        Some(page) => ([(CONTENT_TYPE, "text/html; charset=utf-8")], page).into_response(),
        None => axum::http::StatusCode::NOT_FOUND.into_response(),
    }
}

/// Links to all stories of a host.
fn front_page(host: usize) -> String {
    let mut page = format!("<!doctype html><title>Outlet {host}</title><main>");
    for story in host * PAGES_PER_HOST..(host + 1) * PAGES_PER_HOST {
        let _ = write!(page, "<h2><a href=\"{}\">Story {story}: the council votes</a></h2>", path(story));
    }
    page + "</main>"
}

fn path(story: usize) -> String {
    format!("/news/{story}-the-council-votes-on-the-harbour")
}

fn story(number: usize, port: u16) -> String {
    home(number / PAGES_PER_HOST, port) + &path(number)[1..]
}

fn home(host: usize, port: u16) -> String {
    format!("http://outlet{host}.localhost:{port}/")
}

fn configuration(port: u16) -> String {
    let hosts: Vec<String> = (0..HOSTS).map(|host| format!("\"outlet{host}.localhost:{port}\"")).collect();
    let mut text = format!(
        "[fetch]\ndelay = \"0s\"\ndelay_factor = 0.0\nallow_hosts = [{}]\n[crawl]\nmin_words = 1\n[archive]\npath = \"archive\"\nformats = [\"jsonl\", \"markdown\"]\n",
        hosts.join(", ")
    );
    for host in 0..HOSTS {
        let _ =
            write!(text, "[[source]]\nname = \"outlet{host}\"\nurl = \"{}\"\nsections = [\"/\"]\n", home(host, port));
    }
    text
}

fn html_files(folder: &Path) -> Vec<PathBuf> {
    let mut files = files(folder, "html");
    files.sort();
    files
}

/// The files below a folder, or the file itself, that end so.
fn files(place: &Path, extension: &str) -> Vec<PathBuf> {
    if place.is_file() {
        return vec![place.to_owned()];
    }
    let entries = fs::read_dir(place).into_iter().flatten().flatten().map(|entry| entry.path());
    entries
        .flat_map(|path| if path.is_dir() { files(&path, extension) } else { vec![path] })
        .filter(|path| path.extension().is_some_and(|own| own == extension))
        .collect()
}

fn count(place: &Path, extension: &str) -> usize {
    files(place, extension).len()
}

fn lines(place: &Path, extension: &str) -> usize {
    let files = files(place, extension).into_iter().filter_map(|file| fs::File::open(file).ok());
    files.map(|file| std::io::BufReader::new(file).lines().count()).sum()
}
