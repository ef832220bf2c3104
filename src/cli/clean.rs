//! `copydesk clean`: one page or many, from files, standard input or the network.

use super::{DONE, FAILED, USAGE, complain};
use crate::extract::{self, Cleaned, Engine, Explain, Explanation, Input, Options};
use crate::fetch::{Accept, AllowedHost, FetchOptions, Fetcher, Request};
use crate::model::Article;
use clap::ValueEnum;
use flate2::read::MultiGzDecoder;
use serde::Deserialize;
use serde_json::{Value, json};
use std::fs::File;
use std::io::{self, BufRead, Read, Write};
use std::path::{Path, PathBuf};
use std::sync::mpsc;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use url::Url;

/// Largest page that is read from a file or from standard input, in bytes after decompression.
const MAX_PAGE_BYTES: u64 = 64 * 1024 * 1024;

/// Rows under way for each worker of `--jsonl`: enough that none waits, few enough that memory stays small.
const ROWS_PER_JOB: usize = 4;

/// Arguments of `copydesk clean`.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// What to clean: a URL, an HTML file (also .html.gz), a .txt file of already scraped text, or - for standard input
    #[arg(required_unless_present = "jsonl", conflicts_with = "jsonl")]
    target: Vec<String>,
    /// The address of the page, for a file or standard input
    #[arg(long, value_name = "URL")]
    url: Option<Url>,
    /// Let a URL lead to this loopback or private address; may be given several times
    #[arg(long, value_name = "HOST[:PORT]")]
    allow_host: Vec<AllowedHost>,
    /// Seconds that fetching a URL may take. (A page asked for by hand is fetched whatever robots.txt says; crawls obey it)
    #[arg(long, value_name = "SECONDS", default_value_t = 30, value_parser = clap::value_parser!(u64).range(1..=3600))]
    timeout: u64,
    /// What to print
    #[arg(long, value_enum, default_value_t = Format::Md)]
    format: Format,
    /// Say of every block whether it was kept or dropped, and why; and where each field came from
    #[arg(long)]
    explain: bool,
    /// Who decides what the body is: copydesk, or readability for comparison
    #[arg(long, default_value_t = Engine::Copydesk)]
    engine: Engine,
    /// Read one JSON object a line, {"id","url","path"}, {"id","url","html"} or {"id","text"}; print one record a line
    #[arg(long)]
    jsonl: bool,
    /// Workers of --jsonl; as many as there are processors unless given
    #[arg(long, value_name = "N", requires = "jsonl", value_parser = clap::value_parser!(u16).range(1..))]
    jobs: Option<u16>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// Title and body as Markdown
    Md,
    /// Title and body as HTML
    Html,
    /// The body as plain text
    Text,
    /// The whole record as JSON, for reading
    Json,
    /// The whole record as JSON on one line
    Jsonl,
}

/// Runs the subcommand.
pub(super) fn run(args: &Args) -> u8 {
    let explain = if args.explain { Explain::Yes } else { Explain::No };
    let options = Options { engine: args.engine, explain };
    if args.jsonl {
        return stream(args, options);
    }
    let mut code = DONE;
    let mut network = None;
    for target in &args.target {
        match clean_target(target, args, options, &mut network) {
            Ok(cleaned) => {
                if cleaned.article.text.is_empty() {
                    complain(format_args!("{target}: no article text was found; see --explain"));
                }
                if let Err(error) = print(&cleaned, args.format) {
                    // A reader that went away (`| head`) wants no more.
                    if error.kind() != io::ErrorKind::BrokenPipe {
                        complain(format_args!("standard output: {error}"));
                        return FAILED;
                    }
                    return code;
                }
            }
            Err(message) => {
                complain(message);
                code = FAILED;
            }
        }
    }
    code
}

/// What fetching takes; made for the first target that is a URL.
struct Network {
    runtime: tokio::runtime::Runtime,
    fetcher: Fetcher,
}

impl Network {
    /// Further tries of a page that somebody waits for.
    const RETRIES: u32 = 1;

    fn new(args: &Args) -> Result<Self, String> {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .map_err(|error| format!("no runtime for the network: {error}"))?;
        let fetch = FetchOptions {
            delay: Duration::ZERO,
            timeout: Duration::from_secs(args.timeout),
            first_byte_timeout: Duration::from_secs(args.timeout),
            connect_timeout: Duration::from_secs(args.timeout).min(FetchOptions::default().connect_timeout),
            retries: Self::RETRIES,
            max_retry_wait: Duration::from_secs(args.timeout),
            allow_hosts: args.allow_host.clone(),
            obey_robots: false,
            ..FetchOptions::default()
        };
        // The client wants a runtime around it while it is made.
        let _inside = runtime.enter();
        let fetcher = Fetcher::new(fetch).map_err(|error| error.to_string())?;
        Ok(Self { runtime, fetcher })
    }

    fn clean(&self, url: Url, options: Options) -> Result<Cleaned, String> {
        let page = self
            .runtime
            .block_on(self.fetcher.fetch(&Request::new(url, Accept::Page)))
            .map_err(|error| error.to_string())?;
        let input = Input {
            bytes: &page.body,
            url: Some(&page.url),
            content_type: page.content_type.as_deref(),
            robots_tags: &page.robots_tags,
            fetched: Some(page.fetched),
        };
        let is_text = page.content_type.as_deref().is_some_and(|kind| kind.trim_start().starts_with("text/plain"));
        let cleaned = if is_text && !looks_like_html(&page.body) {
            clean_bytes(&page.body, Kind::ScrapedText, Some(&page.url), options)
        } else {
            extract::clean(&input, &options)
        };
        let mut cleaned = cleaned.map_err(|error| format!("{}: {error}", page.url))?;
        cleaned.article.fetched = Some(page.fetched);
        Ok(cleaned)
    }
}

/// What the bytes of a target are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Html,
    ScrapedText,
}

fn clean_target(target: &str, args: &Args, options: Options, network: &mut Option<Network>) -> Result<Cleaned, String> {
    if target.contains("://") {
        let url = Url::parse(target).map_err(|error| format!("{target} is no URL ({error}); check its spelling"))?;
        let network = match network {
            Some(network) => network,
            None => network.insert(Network::new(args)?),
        };
        return network.clean(url, options);
    }
    let (bytes, kind) = if target == "-" {
        let bytes = read_limited(io::stdin().lock()).map_err(|error| format!("standard input: {error}"))?;
        let kind = if looks_like_html(&bytes) { Kind::Html } else { Kind::ScrapedText };
        (bytes, kind)
    } else {
        let path = Path::new(target);
        (read_file(path)?, kind_of(path))
    };
    clean_bytes(&bytes, kind, args.url.as_ref(), options).map_err(|error| format!("{target}: {error}"))
}

fn clean_bytes(
    bytes: &[u8],
    kind: Kind,
    url: Option<&Url>,
    options: Options,
) -> Result<Cleaned, extract::ExtractError> {
    if kind == Kind::ScrapedText {
        let text = crate::markup::decode(bytes, None).text;
        if text.trim().is_empty() {
            return Err(extract::ExtractError::Empty);
        }
        let mut cleaned = extract::clean_text(&text, &options);
        cleaned.article.url = url.map(Url::to_string);
        return Ok(cleaned);
    }
    extract::clean(&Input { bytes, url, ..Input::default() }, &options)
}

fn kind_of(path: &Path) -> Kind {
    let is_text = path.extension().is_some_and(|known| known.eq_ignore_ascii_case("txt"));
    if is_text { Kind::ScrapedText } else { Kind::Html }
}

/// Whether bytes from standard input are markup: a page has a tag near its start.
fn looks_like_html(bytes: &[u8]) -> bool {
    let head = &bytes[..bytes.len().min(2048)];
    head.windows(2).any(|pair| pair[0] == b'<' && (pair[1].is_ascii_alphabetic() || pair[1] == b'!'))
        || head.contains(&0)
}

fn read_file(path: &Path) -> Result<Vec<u8>, String> {
    let remedy = |error: &io::Error| match error.kind() {
        io::ErrorKind::NotFound => "there is no such file; check the name, or write http:// before an address",
        io::ErrorKind::PermissionDenied => "it may not be read; check its permissions",
        io::ErrorKind::IsADirectory => "it is a folder; give a file",
        _ => "it cannot be read",
    };
    let file = File::open(path).map_err(|error| format!("{}: {} ({error})", path.display(), remedy(&error)))?;
    let bytes = read_limited(file).map_err(|error| format!("{}: {} ({error})", path.display(), remedy(&error)))?;
    if bytes.starts_with(&[0x1F, 0x8B]) {
        return read_limited(MultiGzDecoder::new(&bytes[..]))
            .map_err(|error| format!("{}: the gzip file is damaged ({error}); fetch it again", path.display()));
    }
    Ok(bytes)
}

fn read_limited(source: impl Read) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    source.take(MAX_PAGE_BYTES + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > MAX_PAGE_BYTES {
        return Err(io::Error::other(format!("larger than {} MiB; cut it up", MAX_PAGE_BYTES / 1024 / 1024)));
    }
    Ok(bytes)
}

fn print(cleaned: &Cleaned, format: Format) -> io::Result<()> {
    let mut out = io::stdout().lock();
    let article = &cleaned.article;
    let explained = |article: &Article| -> Value {
        let mut record = json!(article);
        if let (Value::Object(fields), Some(explanation)) = (&mut record, &cleaned.explanation) {
            fields.insert("explanation".to_owned(), json!(explanation));
        }
        record
    };
    match format {
        Format::Json => writeln!(out, "{:#}", explained(article))?,
        Format::Jsonl => writeln!(out, "{}", explained(article))?,
        Format::Text => writeln!(out, "{}", article.text)?,
        Format::Md => {
            if let Some(title) = &article.title {
                writeln!(out, "# {title}\n")?;
            }
            writeln!(out, "{}", article.markdown)?;
        }
        Format::Html => {
            if let Some(title) = &article.title {
                let mut escaped = String::new();
                crate::markup::escape_into(title, &mut escaped);
                writeln!(out, "<h1>{escaped}</h1>")?;
            }
            writeln!(out, "{}", article.html)?;
        }
    }
    if let Some(explanation) = &cleaned.explanation
        && !matches!(format, Format::Json | Format::Jsonl)
    {
        write!(io::stderr().lock(), "{}", explanation_in_words(explanation))?;
    }
    out.flush()
}

fn explanation_in_words(explanation: &Explanation) -> String {
    use std::fmt::Write as _;
    let mut out = format!("read as {}, body from {}\n", explanation.encoding, explanation.body);
    // Writing to a String cannot fail.
    for field in &explanation.fields {
        let _ = writeln!(out, "{:>14}  {}  [{}]", field.field, field.value, field.source);
    }
    for block in &explanation.blocks {
        let sign = if block.kept { '+' } else { '-' };
        let text: String = block.text.replace('\n', " ").chars().take(90).collect();
        let _ = writeln!(out, "{sign} {:.2}  {text}  [{}]  {}", block.probability, block.reason, block.path);
    }
    out
}

/// A row of `--jsonl`.
#[derive(Debug, Deserialize)]
struct Row {
    id: Option<Value>,
    url: Option<String>,
    path: Option<PathBuf>,
    html: Option<String>,
    text: Option<String>,
}

/// Cleans a stream of rows with several workers; the records come out in the order of the rows.
fn stream(args: &Args, options: Options) -> u8 {
    let jobs = args.jobs.map_or_else(|| std::thread::available_parallelism().map_or(1, usize::from), usize::from);
    if args.url.is_some() {
        complain("--url is for a single page; in --jsonl every row has its own \"url\"");
        return USAGE;
    }
    let written = std::thread::scope(|scope| {
        let (rows, inbox) = mpsc::sync_channel::<(usize, String)>(jobs * ROWS_PER_JOB);
        let (records, outbox) = mpsc::sync_channel::<(usize, String)>(jobs * ROWS_PER_JOB);
        let inbox = Arc::new(Mutex::new(inbox));
        for _ in 0..jobs {
            let (inbox, records) = (Arc::clone(&inbox), records.clone());
            // The parse recurses as deep as the guard lets a page be.
            std::thread::Builder::new()
                .stack_size(8 * 1024 * 1024)
                .spawn_scoped(scope, move || {
                    loop {
                        let row = inbox.lock().map(|inbox| inbox.recv());
                        let Ok(Ok((number, line))) = row else { return };
                        if records.send((number, clean_row(&line, number, options))).is_err() {
                            return;
                        }
                    }
                })
                .expect("the system gives a thread");
        }
        drop(records);
        scope.spawn(move || {
            for (number, line) in io::stdin().lock().split(b'\n').enumerate() {
                let line = match line {
                    Ok(line) => String::from_utf8_lossy(&line).into_owned(),
                    Err(error) => {
                        complain(format_args!("standard input: {error}"));
                        return;
                    }
                };
                if rows.send((number, line)).is_err() {
                    return;
                }
            }
        });
        write_in_order(&outbox)
    });
    match written {
        Ok(()) => DONE,
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => DONE,
        Err(error) => {
            complain(format_args!("standard output: {error}"));
            FAILED
        }
    }
}

/// Rows are under way a bounded number at a time, so what waits here for an earlier row is bounded too.
fn write_in_order(outbox: &mpsc::Receiver<(usize, String)>) -> io::Result<()> {
    let mut out = io::BufWriter::new(io::stdout().lock());
    let mut waiting = std::collections::BTreeMap::new();
    let mut next = 0;
    loop {
        // What is finished goes out before the program waits, so that a reader at the other end sees it.
        let (number, record) = match outbox.try_recv() {
            Ok(finished) => finished,
            Err(mpsc::TryRecvError::Disconnected) => break,
            Err(mpsc::TryRecvError::Empty) => {
                out.flush()?;
                match outbox.recv() {
                    Ok(finished) => finished,
                    Err(_) => break,
                }
            }
        };
        waiting.insert(number, record);
        while let Some(record) = waiting.remove(&next) {
            if !record.is_empty() {
                out.write_all(record.as_bytes())?;
                out.write_all(b"\n")?;
            }
            next += 1;
        }
    }
    out.flush()
}

/// One row's record, or its error; nothing for an empty line.
fn clean_row(line: &str, number: usize, options: Options) -> String {
    if line.trim().is_empty() {
        return String::new();
    }
    let row: Row = match serde_json::from_str(line) {
        Ok(row) => row,
        Err(error) => {
            // The id may still be readable, so that the caller knows which row it was.
            let id = serde_json::from_str::<Value>(line).ok().and_then(|row| row.get("id").cloned());
            return json!({"id": id, "error": format!("line {}: {error}", number + 1)}).to_string();
        }
    };
    let id = row.id.clone().unwrap_or(Value::Null);
    // What one page does to the cleaner must not end the stream.
    let result = std::panic::catch_unwind(|| clean_one(row, options))
        .unwrap_or_else(|_| Err("the cleaner failed on this page; please report it".to_owned()));
    match result {
        Ok(cleaned) => {
            let mut record = json!(cleaned.article);
            if let Value::Object(fields) = &mut record {
                if !id.is_null() {
                    fields.insert("id".to_owned(), id);
                }
                if let Some(explanation) = cleaned.explanation {
                    fields.insert("explanation".to_owned(), json!(explanation));
                }
            }
            record.to_string()
        }
        Err(error) => json!({"id": id, "error": error}).to_string(),
    }
}

fn clean_one(row: Row, options: Options) -> Result<Cleaned, String> {
    let url = row.url.as_deref().and_then(|url| Url::parse(url).ok());
    let (bytes, kind, name) = match (row.html, row.text, row.path) {
        (Some(html), ..) => (html.into_bytes(), Kind::Html, "html".to_owned()),
        (None, Some(text), _) => (text.into_bytes(), Kind::ScrapedText, "text".to_owned()),
        (None, None, Some(path)) => (read_file(&path)?, kind_of(&path), path.display().to_string()),
        (None, None, None) => return Err("the row has neither \"html\" nor \"text\" nor \"path\"".to_owned()),
    };
    clean_bytes(&bytes, kind, url.as_ref(), options).map_err(|error| format!("{name}: {error}"))
}
