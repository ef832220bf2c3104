//! `copydesk tail`: the archive's change feed as NDJSON.

use super::reading::{ArchiveArgs, OtherFilterArgs, Unreadable, ended};
use super::{DONE, INTERRUPTED};
use crate::archive::catalogue::{Version, Versions};
use serde::Serialize;
use std::io::{self, Write};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

/// How often it is looked for new versions. A commit of the crawler comes a few times a second at the most.
const LOOK: Duration = Duration::from_millis(250);

/// Arguments of `copydesk tail`.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Begin behind this sequence number: the last one that the reader has. 0 is the beginning
    #[arg(long, value_name = "SEQ", default_value_t = 0)]
    since: u64,
    /// Go on when the end is reached, as new versions come
    #[arg(long)]
    follow: bool,
    /// How many versions, at the most
    #[arg(long, value_name = "N")]
    limit: Option<u64>,
    #[command(flatten)]
    filter: OtherFilterArgs,
    #[command(flatten)]
    archive: ArchiveArgs,
}

/// Runs the subcommand.
pub(super) fn run(args: &Args) -> u8 {
    let stop = Arc::new(AtomicBool::new(false));
    if args.follow {
        let stop = Arc::clone(&stop);
        std::thread::spawn(move || {
            let Ok(runtime) = tokio::runtime::Builder::new_current_thread().enable_all().build() else { return };
            runtime.block_on(super::crawl::interrupted());
            stop.store(true, Ordering::Relaxed);
        });
    }
    let code = ended(tail(args, &stop));
    if code == DONE && stop.load(Ordering::Relaxed) { INTERRUPTED } else { code }
}

fn tail(args: &Args, stop: &AtomicBool) -> Result<(), Unreadable> {
    let catalogue = args.archive.catalogue()?;
    let filter = args.filter.filter();
    let mut after = args.since;
    let mut left = args.limit.unwrap_or(u64::MAX);
    let mut out = io::BufWriter::new(io::stdout().lock());
    while left > 0 && !stop.load(Ordering::Relaxed) {
        // What is there now; of the rest the next look tells. What the filter leaves out is not read again.
        let end = catalogue.last_seq()?;
        catalogue.each(after, Versions::All, &filter, |version| {
            if version.article.seq > end || stop.load(Ordering::Relaxed) {
                return Ok(false);
            }
            write_line(&mut out, &version)?;
            after = version.article.seq;
            left -= 1;
            Ok::<_, Unreadable>(left > 0)
        })?;
        out.flush()?;
        if !args.follow || stop.load(Ordering::Relaxed) {
            break;
        }
        if left > 0 {
            after = after.max(end);
            std::thread::sleep(LOOK);
        }
    }
    Ok(())
}

/// A record with its source, on one line.
pub(super) fn write_line(out: &mut impl Write, version: &Version) -> io::Result<()> {
    #[derive(Serialize)]
    struct Line<'a> {
        source: &'a str,
        #[serde(flatten)]
        article: &'a crate::model::Article,
    }
    serde_json::to_writer(&mut *out, &Line { source: &version.source, article: &version.article })?;
    out.write_all(b"\n")
}
