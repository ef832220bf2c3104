//! `copydesk demo`: the bundled sample site, crawled by the ordinary crawler with the ordinary configuration.

use super::crawl::{OutputArgs, crawl, runtime, say, show};
use super::progress::Progress;
use super::{FAILED, complain};
use crate::config::Config;
use crate::crawl::{RunSummary, Source};
use crate::sample_site::SampleSite;
use jiff::SignedDuration;
use std::fs;
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
    #[command(flatten)]
    output: OutputArgs,
}

/// Runs the subcommand.
pub(super) fn run(args: &Args) -> u8 {
    let mut config = Config::default();
    args.output.apply(&mut config);
    let progress = args.output.progress(&config);
    let crawled = runtime()
        .map_err(|error| format!("cannot start threads: {error}").into())
        .and_then(|runtime| runtime.block_on(serve_and_crawl(&mut config, &progress, args.next_day)));
    let summary = match crawled {
        Ok(summary) => summary,
        Err(error) => {
            complain(error);
            return FAILED;
        }
    };
    let code = show(&config, &summary);
    if let Some(file) = first_article(&config.archive.path) {
        say(&format!("\n{}\n\n{}", file.display(), beginning(&file)));
    }
    code
}

async fn serve_and_crawl(
    config: &mut Config,
    progress: &Arc<Progress>,
    next_day: bool,
) -> Result<RunSummary, Box<dyn std::error::Error>> {
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
    let mut summary = crawl(config, sources.clone(), progress).await?;
    if next_day && !summary.interrupted {
        site.turn_to_next_day();
        // The first crawl has just asked.
        config.revisit.hub_pause = SignedDuration::ZERO;
        summary = crawl(config, sources, progress).await?;
    }
    site.stop().await?;
    Ok(summary)
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
