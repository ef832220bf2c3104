//! `copydesk archive take-down`.

use super::super::reading::{ArchiveArgs, Unreadable, article, ended};
use super::removal::take_out;
use crate::archive::{ArchiveError, Catalogue};
use crate::model::Tombstone;
use jiff::Timestamp;
use serde_json::json;
use std::io::Write as _;
use std::path::Path;

/// The file of what was taken down, under the archive: a line each.
const LOG: &str = "takedowns.jsonl";

/// Arguments of `copydesk archive take-down`.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// The article: its id, the beginning of it, or its address
    #[arg(value_name = "ID")]
    article: String,
    /// Why, or at whose request; for the log
    #[arg(long, value_name = "TEXT")]
    reason: Option<String>,
    #[command(flatten)]
    archive: ArchiveArgs,
}

/// Runs the subcommand.
pub(super) fn run(args: &Args) -> u8 {
    ended(take_down(args))
}

fn take_down(args: &Args) -> Result<(), Unreadable> {
    let config = args.archive.config()?;
    let mut versions = article(&Catalogue::open(&config.archive.path)?, &args.article)?;
    let Some(last) = versions.pop() else { return Err(Unreadable::Unknown(args.article.clone())) };
    let done = take_out(&config, std::slice::from_ref(&last), Tombstone::TakenDown)?;
    let line = json!({
        "time": Timestamp::now(),
        "id": last.article.id,
        "url": last.article.url,
        "source": last.source,
        "reason": args.reason,
        "versions": done.versions,
        "files": done.files,
    });
    log(&config.archive.path.join(LOG), &format!("{line}\n"))?;
    let mut out = std::io::stdout().lock();
    writeln!(
        out,
        "Taken down: {}, {} versions of it, out of {} files. It will not be fetched again. Logged in {LOG}.",
        last.article.id,
        done.versions,
        done.files.len()
    )?;
    Ok(())
}

fn log(path: &Path, line: &str) -> Result<(), ArchiveError> {
    let written = std::fs::File::options().create(true).append(true).open(path).and_then(|mut file| {
        file.write_all(line.as_bytes())?;
        file.sync_all()
    });
    written.map_err(|source| ArchiveError::File { doing: "write", path: path.to_owned(), source })
}
