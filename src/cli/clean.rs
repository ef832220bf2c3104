//! `copydesk clean`: one page or many, from files, standard input or the network.

mod learning;
pub(super) mod network;
mod rows;

use super::{DONE, FAILED, USAGE, complain};
use crate::config::{Config, ConfigError};
use crate::extract::{self, Cleaned, Engine, Explain, Explanation, Input, Kind, Options, RepeatedLines};
use clap::ValueEnum;
use flate2::read::MultiGzDecoder;
use learning::Learning;
use network::{Network, NetworkArgs};
use std::borrow::Cow;
use std::ffi::{OsStr, OsString};
use std::fs::File;
use std::io::{self, Read, Write};
use std::panic::catch_unwind;
use std::path::{Path, PathBuf};
use url::Url;

/// Largest page that is read from a file or from standard input, in bytes after decompression.
const MAX_PAGE_BYTES: u64 = 64 * 1024 * 1024;

/// The configuration that is used where none is named.
pub(super) const CONFIG_FILE: &str = "config.toml";

/// What is said of a page that made the cleaner panic.
pub(super) const PANICKED: &str = "the cleaner failed on this page; please report it";

/// Arguments of `copydesk clean`.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// What to clean: a URL, an HTML file (also .html.gz), a .txt file of already scraped text, or - for standard input
    #[arg(required_unless_present = "jsonl", conflicts_with = "jsonl")]
    target: Vec<OsString>,
    /// The address of the page, for a file or standard input
    #[arg(long, value_name = "URL")]
    url: Option<Url>,
    #[command(flatten)]
    network: NetworkArgs,
    /// What to print
    #[arg(long, value_enum, default_value_t = Format::Md)]
    format: Format,
    /// Say of every block whether it was kept or dropped, and why; and where each field came from
    #[arg(long)]
    explain: bool,
    /// Who decides what the body is: copydesk (if not said otherwise), or readability for comparison
    #[arg(long)]
    engine: Option<Engine>,
    /// Show the page of a URL to an installed Chromium before it is cleaned: always (if nothing else is said), or auto, only
    /// where the page as sent holds no article and was to be built by script
    #[arg(long, value_enum, value_name = "WHEN", num_args = 0..=1, require_equals = true, default_missing_value = "always")]
    #[arg(conflicts_with = "jsonl")]
    render: Option<When>,
    /// The Chromium for --render, by its path or name
    #[arg(long, value_name = "PROGRAM", requires = "render")]
    browser: Option<PathBuf>,
    /// The configuration, for its [clean] and its [[rule]]s; without it, config.toml where there is one in this folder
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
    /// Read one JSON object a line, {"id","url","path"}, {"id","url","html"} or {"id","text"} (also with "url" or "site");
    /// print one record a line
    #[arg(long)]
    jsonl: bool,
    /// In --jsonl, keep the lines that many texts of one site have in common. Else they go: a line that stands in at least 4
    /// of at least 5 texts, and in a tenth of them at their start or end, or, if it is a sentence of six words or more, in
    /// a fifth anywhere. A site is the host of the row's "url", else its "site", else all rows without either
    #[arg(long, requires = "jsonl")]
    keep_repeated: bool,
    /// In --jsonl from a pipe, rows of text that wait for those behind them, so that it is known what their site repeats
    /// (32 MiB at the most, and a second when no row comes). A file on standard input is read twice instead
    #[arg(long, value_name = "ROWS", requires = "jsonl", default_value_t = 2000)]
    look_ahead: usize,
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

/// Which pages a browser renders.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum When {
    /// All
    Always,
    /// Those that hold no article and were to be built by script
    Auto,
}

/// Runs the subcommand.
pub(super) fn run(args: &Args) -> u8 {
    let explain = if args.explain { Explain::Yes } else { Explain::No };
    let options = match configured(args.config.as_deref()) {
        Ok(configured) => Options { engine: args.engine.unwrap_or(configured.engine), explain, ..configured },
        Err(error) => {
            complain(error);
            return USAGE;
        }
    };
    if args.jsonl {
        if args.url.is_some() {
            complain("--url is for a single page; in --jsonl every row has its own \"url\"");
            return USAGE;
        }
        let learning = Learning { wanted: !args.keep_repeated, look_ahead: args.look_ahead };
        return rows::stream(args.jobs, &options, learning);
    }
    let any_url = args.target.iter().any(|target| address(target).is_some());
    if args.url.is_some() && (any_url || args.target.len() > 1) {
        complain(
            "--url is the address of one page from a file or standard input; leave it out, or give that target alone",
        );
        return USAGE;
    }
    if args.render.is_some() && args.target.iter().any(|target| address(target).is_none()) {
        complain("--render is for URLs: the scripts of a saved page would ask a site that is not there; leave it out");
        return USAGE;
    }
    let network = match any_url.then(|| Network::new(&args.network, args.browser.as_deref())).transpose() {
        Ok(network) => network,
        Err(error) => {
            complain(error);
            return USAGE;
        }
    };
    let mut code = DONE;
    let mut printed = false;
    for target in &args.target {
        let name = target.display();
        match clean_target(target, args, &options, network.as_ref()) {
            Ok(cleaned) => {
                if cleaned.article.text.is_empty() {
                    complain(format_args!("{name}: no article text was found; see --explain"));
                }
                if let Err(error) = print(&cleaned, args.format, printed) {
                    // A reader that went away (`| head`) wants no more.
                    if error.kind() != io::ErrorKind::BrokenPipe {
                        complain(format_args!("standard output: {error}"));
                        return FAILED;
                    }
                    return code;
                }
                printed = true;
            }
            Err(message) => {
                complain(message);
                code = FAILED;
            }
        }
    }
    code
}

/// How to clean, by the configuration. One that was not asked for and is not ours is passed over with a word: the name is
/// a common one.
pub(super) fn configured(path: Option<&Path>) -> Result<Options, ConfigError> {
    let found = Path::new(CONFIG_FILE);
    match path {
        Some(path) => Config::load(path).map(|config| config.clean),
        None if !found.is_file() => Ok(Options::default()),
        None => Ok(Config::load(found).map_or_else(
            |error| {
                complain(format_args!("{error}\ncopydesk: going on without {CONFIG_FILE}; name another with --config"));
                Options::default()
            },
            |config| config.clean,
        )),
    }
}

/// The address that a target is, if it is one.
pub(super) fn address(target: &OsStr) -> Option<&str> {
    target.to_str().filter(|target| target.contains("://"))
}

fn clean_target(target: &OsStr, args: &Args, options: &Options, network: Option<&Network>) -> Result<Cleaned, String> {
    let name = target.display();
    if let (Some(address), Some(network)) = (address(target), network) {
        let url = Url::parse(address).map_err(|error| format!("{name} is no URL ({error}); check its spelling"))?;
        return network.clean(url, options, args.render);
    }
    let (bytes, kind) = if target == "-" {
        let bytes = read_page(io::stdin().lock(), 0).map_err(|error| format!("standard input: {error}"))?;
        let kind = Kind::by_look(&bytes);
        (bytes, kind)
    } else {
        let path = Path::new(target);
        (read_file(path)?, kind_by_name(path))
    };
    let input = Input { bytes: &bytes, url: args.url.as_ref(), ..Input::default() };
    clean_input(&input, kind, options, &RepeatedLines::default()).map_err(|error| format!("{name}: {error}"))
}

/// Cleans a page or a text. What one of them does to the cleaner must not end the others.
fn clean_input(input: &Input<'_>, kind: Kind, options: &Options, repeated: &RepeatedLines) -> Result<Cleaned, String> {
    catch_unwind(|| extract::clean_as(kind, input, options, repeated))
        .map_err(|_| PANICKED.to_owned())?
        .map_err(|error| error.to_string())
}

fn kind_by_name(path: &Path) -> Kind {
    let is = |path: &Path, wanted: &str| path.extension().is_some_and(|known| known.eq_ignore_ascii_case(wanted));
    let unpacked = if is(path, "gz") { path.with_extension("") } else { path.to_owned() };
    if is(&unpacked, "txt") { Kind::ScrapedText } else { Kind::Html }
}

pub(super) fn read_file(path: &Path) -> Result<Vec<u8>, String> {
    let read = |file: File| {
        let bytes = file.metadata().map_or(0, |metadata| metadata.len());
        read_page(file, bytes)
    };
    File::open(path).and_then(read).map_err(|error| {
        let problem: Cow<'_, str> = match error.kind() {
            io::ErrorKind::NotFound => {
                "there is no such file; check the name, or write http:// before an address".into()
            }
            io::ErrorKind::PermissionDenied => "it may not be read; check its permissions".into(),
            io::ErrorKind::IsADirectory => "it is a folder; give a file".into(),
            io::ErrorKind::InvalidData | io::ErrorKind::FileTooLarge => error.to_string().into(),
            _ => format!("it cannot be read ({error}); check the file and its disk").into(),
        };
        format!("{}: {problem}", path.display())
    })
}

/// A page's bytes, probably `expected` of them, unpacked where they are gzipped.
fn read_page(source: impl Read, expected: u64) -> io::Result<Vec<u8>> {
    let bytes = read_limited(source, expected)?;
    if !bytes.starts_with(&[0x1F, 0x8B]) {
        return Ok(bytes);
    }
    read_limited(MultiGzDecoder::new(&bytes[..]), 0).map_err(|error| match error.kind() {
        io::ErrorKind::FileTooLarge => error,
        _ => io::Error::new(io::ErrorKind::InvalidData, format!("the gzip file is damaged ({error}); fetch it again")),
    })
}

fn read_limited(source: impl Read, expected: u64) -> io::Result<Vec<u8>> {
    // One more, by which the end is noticed.
    let mut bytes = Vec::with_capacity(expected.min(MAX_PAGE_BYTES) as usize + 1);
    source.take(MAX_PAGE_BYTES + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > MAX_PAGE_BYTES {
        let problem = format!("it is larger than {} MiB; cut it up", MAX_PAGE_BYTES / 1024 / 1024);
        return Err(io::Error::new(io::ErrorKind::FileTooLarge, problem));
    }
    Ok(bytes)
}

/// Prints an article; `again` if another one came before it.
fn print(cleaned: &Cleaned, format: Format, again: bool) -> io::Result<()> {
    let mut out = io::stdout().lock();
    if again && matches!(format, Format::Md | Format::Text) {
        writeln!(out)?;
    }
    let article = &cleaned.article;
    match format {
        Format::Json => writeln!(out, "{:#}", cleaned.record())?,
        Format::Jsonl => writeln!(out, "{}", cleaned.record())?,
        Format::Text => writeln!(out, "{}", article.text)?,
        Format::Md => write!(out, "{}", extract::titled_markdown(article))?,
        Format::Html => write!(out, "{}", extract::titled_html(article))?,
    }
    if let Some(explanation) = &cleaned.explanation
        && !matches!(format, Format::Json | Format::Jsonl)
    {
        // Standard error may be closed; the article matters more.
        let _ = write!(io::stderr().lock(), "{}", explanation_in_words(explanation));
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
