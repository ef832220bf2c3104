//! `copydesk export csv|parquet|markdown|text`: the files that an archive of this format would have, under another folder.

use super::Selected;
use crate::archive::{Archive, CsvSink, Ending, MarkdownSink, ParquetSink, Sink, TextSink};
use crate::cli::complain;
use crate::cli::reading::{Unreadable, ended};
use std::path::PathBuf;

/// Articles that are put on the disk together.
const BATCH: u64 = 500;

/// Arguments of `copydesk export` to files.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// The folder to write to; has to be new or empty
    #[arg(short, long, value_name = "DIR")]
    out: PathBuf,
    #[command(flatten)]
    selected: Selected,
}

/// Which files.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Csv,
    Parquet,
    Markdown,
    Text,
}

/// Runs the subcommand.
pub(super) fn run(args: &Args, kind: Kind) -> u8 {
    ended(export(args, kind))
}

fn export(args: &Args, kind: Kind) -> Result<(), Unreadable> {
    let catalogue = args.selected.archive.catalogue()?;
    // Beside what is there, nobody could tell what was exported.
    if std::fs::read_dir(&args.out).is_ok_and(|mut entries| entries.next().is_some()) {
        return Err(Unreadable::NotEmpty(args.out.clone()));
    }
    let out = &args.out;
    let sink: Box<dyn Sink> = match kind {
        Kind::Csv => Box::new(CsvSink::new(out)),
        Kind::Parquet => Box::new(ParquetSink::new(out)),
        Kind::Markdown => Box::new(MarkdownSink::new(out)),
        Kind::Text => Box::new(TextSink::new(out)),
    };
    let mut archive = Archive::with_sinks(out.clone(), vec![sink]);
    let mut count = 0_u64;
    args.selected.each(&catalogue, |version| {
        archive.write(&version.article, &version.source, None)?;
        count += 1;
        if count.is_multiple_of(BATCH) {
            archive.flush()?;
            archive.committed()?;
        }
        Ok(())
    })?;
    archive.flush()?;
    archive.committed()?;
    archive.finish(Ending::Last)?;
    complain(format_args!("{}: {count} articles", args.out.display()));
    Ok(())
}
