//! `copydesk archive verify`.

use super::super::crawl::runtime;
use super::super::printed::FormatArgs;
use super::super::reading::{ArchiveArgs, Unreadable, ended};
use super::super::{FAILED, summary_table};
use crate::archive::bucket::{Bucket, Depth, Difference};
use crate::archive::keeping::{Fault, Verified, verify};
use crate::config::Config;
use crate::model::SinkPosition;
use std::fmt::Write as _;
use std::io::Write as _;
use url::Url;

/// Arguments of `copydesk archive verify`.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    #[command(flatten)]
    printed: FormatArgs,
    #[command(flatten)]
    archive: ArchiveArgs,
}

/// Runs the subcommand: 0 where all is well, 1 where something is wrong.
pub(super) fn run(args: &Args) -> u8 {
    match check(args) {
        Ok(true) => super::super::DONE,
        Ok(false) => FAILED,
        Err(error) => ended(Err(error)),
    }
}

fn check(args: &Args) -> Result<bool, Unreadable> {
    let config = args.archive.config()?;
    let positions = super::positions(&config)?;
    let mut verified = verify(&config.archive.path, &positions)?;
    if let Some(url) = &config.bucket {
        for Difference { path, problem } in compare(&config, url, &positions)? {
            verified.add(Fault::new(&path, problem.to_string()));
        }
    }
    let printed = args.printed.of(&verified, text);
    std::io::stdout().write_all(printed.as_bytes())?;
    Ok(verified.is_sound())
}

/// Compares the bucket with the archive, by sizes and tags.
fn compare(config: &Config, url: &Url, positions: &[SinkPosition]) -> Result<Vec<Difference>, Unreadable> {
    let mut bucket = Bucket::open(&config.archive.path, &config.store_path(), url)?;
    Ok(runtime().map_err(Unreadable::Threads)?.block_on(bucket.verify(positions, Depth::Listing))?)
}

fn text(verified: &Verified) -> String {
    let mut rows = vec![["format", "files", "copies", "size"].map(str::to_owned).to_vec()];
    rows.extend(verified.formats.iter().map(|(format, checked)| {
        vec![format.clone(), checked.files.to_string(), checked.copies.to_string(), summary_table::bytes(checked.bytes)]
    }));
    let mut out = summary_table::aligned(&rows);
    let _ = writeln!(out, "\n{} versions in the catalogue.", verified.versions);
    if verified.is_sound() {
        out.push_str("Every file can be read, every digest is right, and files and catalogue agree.\n");
        return out;
    }
    let _ = writeln!(out, "{} faults:", verified.fault_count);
    for fault in &verified.faults {
        let _ = writeln!(out, "  {}\n      {}", fault.path, fault.problem);
    }
    let told = verified.faults.len() as u64;
    if verified.fault_count > told {
        let _ = writeln!(out, "  and {} more", verified.fault_count - told);
    }
    out.push_str("If the catalogue is at fault, make it anew by: copydesk archive repair\n");
    out
}
