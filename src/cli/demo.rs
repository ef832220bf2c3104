//! `copydesk demo`: the bundled sample site, crawled by the ordinary crawler with the ordinary configuration.

use super::crawl::{OutputArgs, crawl, runtime, say, show};
use super::progress::Progress;
use super::watch::Orders;
use super::{FAILED, INTERRUPTED, USAGE, complain, in_order, serve};
use crate::archive::Format;
use crate::config::{Config, ConfigError};
use crate::crawl::Source;
use crate::frontier::HubVisits;
use crate::sample_site::SampleSite;
use jiff::SignedDuration;
use std::fs;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;
use url::Url;

/// The pause between two requests to an outlet: a tenth of the ordinary one, as nobody else reads this site.
const DELAY: Duration = Duration::from_millis(100);

/// Lines shown of the first article.
const LINES: usize = 15;

/// Columns that a line is cut at.
const COLUMNS: usize = 110;

/// Arguments of `copydesk demo`.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Crawl again on the site's next day, on which a story was corrected, another has a new headline, and one is gone
    #[arg(long)]
    next_day: bool,
    /// Then show the desk over the archive, and go on crawling the site, until it is told to stop
    #[arg(long)]
    serve: bool,
    /// Where the desk listens
    #[arg(long, value_name = "ADDRESS:PORT", requires = "serve", default_value = "127.0.0.1:8700")]
    listen: SocketAddr,
    #[command(flatten)]
    output: OutputArgs,
}

/// Runs the subcommand.
pub(super) fn run(args: &Args) -> u8 {
    let mut config = Config::default();
    args.output.apply(&mut config);
    config.serve.listen = args.listen;
    if args.serve && !args.listen.ip().is_loopback() {
        complain(format_args!("the demo listens on this machine alone, not on {}; use copydesk serve", args.listen));
        return USAGE;
    }
    if args.serve {
        // The desk shows pages as they were received.
        config.archive.formats.push(Format::Warc);
    }
    let progress = if args.serve { args.output.lines(&config) } else { args.output.progress(&config) };
    let workers = in_order::workers(None);
    let shown = if args.serve { serve::runtime(workers) } else { runtime() }
        .map_err(|error| format!("cannot start threads: {error}").into())
        .and_then(|runtime| runtime.block_on(demonstrate(args, config, &progress, workers)));
    match shown {
        Ok(code) => code,
        Err(error) => {
            complain(error);
            FAILED
        }
    }
}

async fn demonstrate(
    args: &Args,
    mut config: Config,
    progress: &Arc<Progress>,
    workers: usize,
) -> Result<u8, Box<dyn std::error::Error>> {
    let site = SampleSite::start()
        .await
        .map_err(|error| format!("cannot serve the sample site on the loopback address: {error}"))?;
    let mut sources = Vec::new();
    for host in SampleSite::hosts() {
        let name = host.rsplit_once('.').map_or(host.as_str(), |(name, _)| name);
        sources.push(Source::new(name, Url::parse(&format!("http://{host}/"))?));
        config.fetch.allow_hosts.push(host.parse()?);
        config.fetch.resolve.insert(host, site.addr());
    }
    config.fetch.delay = DELAY;
    let mut summary = crawl(&config, sources.clone(), progress).await?;
    if args.next_day && !summary.interrupted {
        site.turn_to_next_day();
        // The first crawl has just asked.
        config.revisit.hub_pause = SignedDuration::ZERO;
        summary = crawl(&config, sources.clone(), progress).await?;
    }
    let mut code = show(&config, &summary);
    if args.serve && !summary.interrupted {
        config.sources = sources;
        Box::pin(show_desk(config, progress, workers)).await?;
        code = INTERRUPTED;
    } else if let Some(file) = first_article(&config.archive.path) {
        say(&format!("\n{}\n\n{}", file.display(), beginning(&file)));
    }
    site.stop().await?;
    Ok(code)
}

/// The desk over the archive, with the daemon.
async fn show_desk(config: Config, progress: &Arc<Progress>, workers: usize) -> Result<(), Box<dyn std::error::Error>> {
    let again = {
        let config = config.clone();
        move || -> Result<(Config, Vec<Source>), ConfigError> {
            let mut config = config.clone();
            config.revisit.hubs = HubVisits::Scheduled;
            config.take_in_book()?;
            let sources = config.select(&[], Path::new("the demo"))?;
            Ok((config, sources))
        }
    };
    let orders = Orders { config: again()?.0, again: Box::new(again), websub: None };
    let served = Box::pin(serve::serve_until_told(config, None, workers, Some(orders), progress)).await;
    served.map_err(|error| error as Box<dyn std::error::Error>)
}

/// The first article of the sample site in an archive that may hold others.
fn first_article(archive: &Path) -> Option<PathBuf> {
    SampleSite::hosts().iter().find_map(|host| first_file(&archive.join("markdown").join(host)))
}

fn first_file(folder: &Path) -> Option<PathBuf> {
    let mut entries: Vec<PathBuf> = fs::read_dir(folder).ok()?.filter_map(|entry| Some(entry.ok()?.path())).collect();
    entries.sort();
    entries.into_iter().find_map(|path| {
        if path.is_dir() {
            first_file(&path)
        } else {
            path.extension().is_some_and(|name| name == "md").then_some(path)
        }
    })
}

/// The beginning of an article, behind its metadata.
fn beginning(file: &Path) -> String {
    let text = fs::read_to_string(file).unwrap_or_default();
    let body =
        text.strip_prefix("---\n").and_then(|text| text.split_once("\n---\n")).map_or(text.as_str(), |(_, body)| body);
    let mut out = String::new();
    for line in body.trim_start().lines().take(LINES) {
        let cut: String = line.chars().take(COLUMNS).collect();
        let more = if cut.len() < line.len() { "…" } else { "" };
        out.push_str(format!("    {cut}{more}").trim_end());
        out.push('\n');
    }
    out
}
