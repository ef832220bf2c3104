//! What the subcommands have in common that read the archive through its catalogue.

use super::{FAILED, USAGE, complain};
use crate::archive::bucket::BucketError;
use crate::archive::catalogue::{Filter, Version};
use crate::archive::{ArchiveError, Catalogue};
use crate::config::{Config, ConfigError, parse_moment};
use crate::frontier::FrontierError;
use jiff::Timestamp;
use std::io::IsTerminal as _;
use std::path::{Path, PathBuf};

/// The configuration that is read where none is named.
const CONFIG: &str = "config.toml";

/// Which archive.
#[derive(Debug, clap::Args)]
pub(super) struct ArchiveArgs {
    /// The configuration; `config.toml` if there is one
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
    /// The archive's folder, instead of [archive] path
    #[arg(long, value_name = "DIR")]
    archive: Option<PathBuf>,
}

impl ArchiveArgs {
    /// The configuration with the command line's say; that of the defaults where there is none.
    pub(super) fn config(&self) -> Result<Config, ConfigError> {
        let default = Path::new(CONFIG);
        let mut config = match &self.config {
            Some(path) => Config::load(path)?,
            None if default.exists() => Config::load(default)?,
            None => Config::default(),
        };
        if let Some(path) = &self.archive {
            config.archive.path.clone_from(path);
        }
        Ok(config)
    }

    /// The archive's catalogue.
    pub(super) fn catalogue(&self) -> Result<Catalogue, Unreadable> {
        Ok(Catalogue::open(&self.config()?.archive.path)?)
    }
}

/// Which articles.
#[derive(Debug, clap::Args)]
pub(super) struct FilterArgs {
    /// Published since (or fetched, where that is unknown): a day, a moment (RFC 3339), or a time ago such as 7d
    #[arg(long, value_name = "WHEN", value_parser = parse_moment)]
    since: Option<Timestamp>,
    #[command(flatten)]
    rest: OtherFilterArgs,
}

/// Which articles, where "since" means something else.
#[derive(Debug, clap::Args)]
pub(super) struct OtherFilterArgs {
    /// Published before; written as for --since
    #[arg(long, value_name = "WHEN", value_parser = parse_moment)]
    until: Option<Timestamp>,
    /// Of this source; may be given several times
    #[arg(long, value_name = "NAME")]
    source: Vec<String>,
    /// From this host or the hosts under it; may be given several times
    #[arg(long, value_name = "HOST")]
    site: Vec<String>,
    /// In this language (BCP 47); may be given several times
    #[arg(long, value_name = "LANGUAGE")]
    lang: Vec<String>,
    /// By somebody with this in the name
    #[arg(long, value_name = "NAME")]
    author: Option<String>,
}

impl FilterArgs {
    pub(super) fn filter(&self) -> Filter {
        Filter { since: self.since, ..self.rest.filter() }
    }
}

impl OtherFilterArgs {
    pub(super) fn filter(&self) -> Filter {
        Filter {
            since: None,
            until: self.until,
            sources: self.source.clone(),
            sites: self.site.clone(),
            languages: self.lang.clone(),
            author: self.author.clone(),
        }
    }
}

/// Why the archive could not be read.
#[derive(Debug, thiserror::Error)]
pub(super) enum Unreadable {
    #[error(transparent)]
    Config(#[from] ConfigError),
    #[error(transparent)]
    Archive(#[from] ArchiveError),
    #[error(transparent)]
    Store(#[from] FrontierError),
    #[error(transparent)]
    Bucket(#[from] BucketError),
    #[error("cannot start threads: {0}; free some memory or raise the limit on processes")]
    Threads(std::io::Error),
    #[error("no article of the archive has the id or address {0:?}; find it by: copydesk search")]
    Unknown(String),
    #[error("{0:?} may mean several articles: {1}; give more of the id")]
    Ambiguous(String, String),
    #[error("the article {id} has no version {version}; it has {known}")]
    NoVersion { id: String, version: u32, known: String },
    #[error("{} is not empty; name a folder that is new or empty", .0.display())]
    NotEmpty(PathBuf),
    #[error("no article of the archive is meant, so {} was not written; see --since, --until, --source, --site, --lang, --query", .0.display())]
    NothingChosen(PathBuf),
    #[error("cannot write {}: {}; check its folder, its permissions and the space on the disk", .0.display(), .1)]
    Writing(PathBuf, std::io::Error),
    /// Whoever reads what we print has gone, which is no failure.
    #[error("standard output: {0}")]
    Output(#[from] std::io::Error),
}

/// Says what went wrong, if anything; gives the exit code.
pub(super) fn ended(result: Result<(), Unreadable>) -> u8 {
    match result {
        Ok(()) => super::DONE,
        Err(Unreadable::Output(error)) if error.kind() == std::io::ErrorKind::BrokenPipe => super::DONE,
        Err(error) => {
            complain(&error);
            match error {
                Unreadable::Config(_) | Unreadable::Archive(ArchiveError::Query { .. }) => USAGE,
                _ => FAILED,
            }
        }
    }
}

/// All versions of the one article that a text means: an id, the beginning of one, or its address.
pub(super) fn article(catalogue: &Catalogue, text: &str) -> Result<Vec<Version>, Unreadable> {
    let ids = catalogue.find(text)?;
    match ids.as_slice() {
        [] => Err(Unreadable::Unknown(text.to_owned())),
        [id] => Ok(catalogue.history(id)?),
        several if several.iter().any(|id| id == text) => Ok(catalogue.history(text)?),
        several => Err(Unreadable::Ambiguous(text.to_owned(), several.join(", "))),
    }
}

/// How text is set on a terminal; plain where there is none, or where `NO_COLOR` is set (<https://no-color.org>).
#[derive(Debug, Clone, Copy)]
pub(super) struct Paint {
    is_on: bool,
}

impl Paint {
    /// For standard output.
    pub(super) fn of_output() -> Self {
        let refused = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
        Self { is_on: std::io::stdout().is_terminal() && !refused }
    }

    pub(super) fn is_on(self) -> bool {
        self.is_on
    }

    pub(super) fn bold(self, text: &str) -> String {
        self.set("1", text)
    }

    pub(super) fn dim(self, text: &str) -> String {
        self.set("2", text)
    }

    /// What came in.
    pub(super) fn added(self, text: &str) -> String {
        self.set("32;4", text)
    }

    /// What went out.
    pub(super) fn removed(self, text: &str) -> String {
        self.set("31;9", text)
    }

    fn set(self, code: &str, text: &str) -> String {
        if self.is_on { format!("\u{1b}[{code}m{text}\u{1b}[0m") } else { text.to_owned() }
    }
}

/// A text without what a terminal would take for a command: what a page wrote must not move the cursor.
pub(super) fn tame(text: &str) -> String {
    text.chars().map(|c| if c.is_control() && c != '\n' { '\u{fffd}' } else { c }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_terminal_is_given_no_commands() {
        assert_eq!(tame("a\u{1b}[2Jb\nc\u{7}"), "a\u{fffd}[2Jb\nc\u{fffd}");
    }
}
