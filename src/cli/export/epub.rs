//! `copydesk export epub`: articles as a book.

use super::Selected;
use crate::archive::catalogue::time_of;
use crate::archive::epub::{Book, BookHead, day_of};
use crate::archive::write_whole_with;
use crate::cli::complain;
use crate::cli::reading::{Unreadable, ended};
use std::io::BufWriter;
use std::path::PathBuf;

/// Arguments of `copydesk export epub`.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// The book to write; one that is there is replaced
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// What the book is called; made of the sources and days where it is left out
    #[arg(long, value_name = "TEXT")]
    title: Option<String>,
    #[command(flatten)]
    selected: Selected,
}

/// Runs the subcommand.
pub(super) fn run(args: &Args) -> u8 {
    ended(export(args))
}

fn export(args: &Args) -> Result<(), Unreadable> {
    let catalogue = args.selected.archive.catalogue()?;
    // By source, day and time. Only this is kept of all of them; their bodies are read one by one.
    let mut order = Vec::new();
    args.selected.each(&catalogue, |version| {
        let article = &version.article;
        order.push((version.source, day_of(article), time_of(article), article.seq));
        Ok(())
    })?;
    if order.is_empty() {
        return Err(Unreadable::NothingChosen(args.file.clone()));
    }
    order.sort();
    let chosen = args.selected.words();
    let name = std::iter::once(args.title.clone().unwrap_or_default()).chain(chosen.clone());
    let head = BookHead { title: args.title.clone(), name: name.collect::<Vec<_>>().join("\n"), chosen };
    let chapters = write_whole_with(&args.file, |file| {
        let failed = |source| Unreadable::Writing(args.file.clone(), source);
        let mut book = Book::new(head, BufWriter::new(file)).map_err(failed)?;
        for (.., seq) in order {
            // What was taken down since is not in the book.
            if let Some(version) = catalogue.version(seq)? {
                book.chapter(&version).map_err(failed)?;
            }
        }
        let chapters = book.chapters();
        book.finish().and_then(|out| out.into_inner().map_err(std::io::IntoInnerError::into_error)).map_err(failed)?;
        Ok::<_, Unreadable>(chapters)
    })?;
    complain(format_args!("{}: {chapters} articles", args.file.display()));
    Ok(())
}
