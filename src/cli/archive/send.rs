//! `copydesk archive send`: the bucket that follows the archive, now and without a crawl.

use super::super::crawl::{runtime, say};
use super::super::looking::StoreArgs;
use super::super::{DONE, FAILED, USAGE, complain, parts};
use crate::archive::bucket::{Bucket, Depth, Difference, Round, Sent};
use crate::config::Config;
use crate::frontier::{Frontier, FrontierError};
use std::fmt::Write as _;
use tokio_util::sync::CancellationToken;

/// Arguments of `copydesk archive send`.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    #[command(flatten)]
    place: StoreArgs,
    /// Send nothing; compare the bucket with the archive, and say what is different
    #[arg(long)]
    check: bool,
    /// With --check: read everything back, where otherwise sizes and tags are compared
    #[arg(long, requires = "check")]
    content: bool,
    /// Compare first, and send again what is missing or different in the bucket
    #[arg(long, conflicts_with = "check")]
    repair: bool,
}

/// Runs the subcommand.
pub(super) fn run(args: &Args) -> u8 {
    let config = match args.place.configured() {
        Ok(config) => config,
        Err(error) => {
            complain(error);
            return USAGE;
        }
    };
    if config.bucket.is_none() {
        complain("no bucket is configured; write bucket = \"s3://bucket/prefix\" under [archive]");
        return USAGE;
    }
    match work(args, &config) {
        Ok(code) => code,
        Err(error) => {
            complain(error);
            FAILED
        }
    }
}

/// Works under the store's lock, so that no crawl does the same.
fn work(args: &Args, config: &Config) -> Result<u8, Box<dyn std::error::Error>> {
    let path = config.store_path();
    // An empty one would not know how far the files are committed.
    if !path.exists() {
        return Err(FrontierError::NotThere { path }.into());
    }
    let Some(url) = &config.bucket else { return Ok(USAGE) };
    let store = parts::store(config)?;
    let positions = store.sink_positions()?;
    let mut bucket = Bucket::open(&config.archive.path, &config.store_path(), url)?;
    runtime()?.block_on(async {
        if args.check {
            let depth = if args.content { Depth::Content } else { Depth::Listing };
            let differences = bucket.verify(&positions, depth).await?;
            say(&listed(&differences));
            return Ok(if differences.is_empty() { DONE } else { FAILED });
        }
        if args.repair {
            let differences = bucket.verify(&positions, Depth::Listing).await?;
            say(&listed(&differences));
            bucket.send_again(&differences)?;
        }
        let sent = bucket.send(&positions, Round::Last, &CancellationToken::new()).await;
        Ok(told(&sent))
    })
}

fn told(sent: &Sent) -> u8 {
    let Sent { files, bytes, removed, waiting, failure } = sent;
    say(&format!("{files} files sent, {bytes} bytes; {removed} objects removed; {waiting} files wait.\n"));
    if let Some(failure) = failure {
        complain(failure);
        return FAILED;
    }
    DONE
}

fn listed(differences: &[Difference]) -> String {
    if differences.is_empty() {
        return "The bucket is as the archive is.\n".to_owned();
    }
    let mut text = String::new();
    for Difference { path, problem } in differences {
        let _ = writeln!(text, "{path}: {problem}");
    }
    text
}
