//! `config.toml`: read, checked, and turned into the stages' own options.
//!
//! Every key is known by name and type; what is wrong is refused with the file, the line, the key, and what to write
//! instead. Nothing is fetched or opened here but the file itself, and the command line's say comes later.

mod access;
mod contact;
mod duration;
mod error;
mod moment;
mod reader;
mod receivers;
mod rule;
mod serve;
mod settings;
mod size;
mod source;
mod source_book;

pub use duration::{format_duration, parse_duration};
pub use error::{ConfigError, Place};
pub use moment::parse_moment;
pub use serve::ServeOptions;
pub use source_book::{Entry, NewSource, SourceBook, SourceBookError};

use crate::archive::{ArchiveOptions, Format};
use crate::crawl::{CrawlOptions, Source};
use crate::deliver::Receiver;
use crate::extract;
use crate::fetch::FetchOptions;
use crate::frontier::RevisitRule;
use reader::Section;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use url::Url;

/// The store's file in the archive's folder, where no other is named.
const STORE_FILE: &str = "copydesk.db";

/// Everything that can be set.
#[derive(Debug, Clone, Default)]
pub struct Config {
    /// `[fetch]`, with what each `[[source]]` needs to be let in.
    pub fetch: FetchOptions,
    /// `[archive]`.
    pub archive: ArchiveOptions,
    /// `[archive] bucket`: what follows the archive's folder.
    pub bucket: Option<Url>,
    /// `[store] path`; see [`Config::store_path`].
    pub store: Option<PathBuf>,
    /// When known URLs are due again: `[crawl] reread`, and every source's own schedule.
    pub revisit: RevisitRule,
    /// `[crawl] metrics_file`: where figures are written while a crawl goes on.
    pub metrics_file: Option<PathBuf>,
    /// `[clean]`, with every `[[rule]]`.
    pub clean: extract::Options,
    /// `[crawl]`; its concurrency is that of `[fetch]`.
    pub crawl: CrawlOptions,
    /// Every `[[source]]`, in the file's order.
    pub sources: Vec<Source>,
    /// Who is told of new versions: every `[[webhook]]`, and `[archive] on_article`.
    pub receivers: Vec<Receiver>,
    /// `[serve]`.
    pub serve: ServeOptions,
    /// Sources that rest, by [`Config::take_in_book`].
    pub paused: BTreeSet<String>,
}

impl Config {
    /// Reads a file.
    ///
    /// # Errors
    /// [`ConfigError`] where it cannot be read or holds what it should not.
    pub fn load(path: &Path) -> Result<Self, ConfigError> {
        let text =
            std::fs::read_to_string(path).map_err(|source| ConfigError::Read { path: path.to_owned(), source })?;
        Self::parse(&text, path)
    }

    /// Reads a text; `path` is for messages.
    ///
    /// # Errors
    /// [`ConfigError`] for what should not be there.
    pub fn parse(text: &str, path: &Path) -> Result<Self, ConfigError> {
        let table = toml::de::DeTable::parse(text).map_err(|error| ConfigError::Syntax {
            place: Place::new(path, text, error.span().map_or(0, |span| span.start)),
            problem: error.message().lines().next().unwrap_or_default().to_owned(),
        })?;
        let root = Section::root(path, text, table.get_ref());
        root.check_keys(&["fetch", "archive", "store", "clean", "crawl", "source", "rule", "webhook", "serve"])?;
        let mut config = Self::default();
        if let Some(section) = root.section("fetch")? {
            settings::fetch(&section, &mut config.fetch)?;
        }
        if root.has_text("archive") {
            // An address alone is short for the table with it as its bucket.
            config.bucket = root.get("archive", settings::bucket_address)?;
        } else if let Some(section) = root.section("archive")? {
            settings::archive(&section, &mut config.archive)?;
            config.receivers.extend(receivers::command(&section)?);
            config.bucket = settings::bucket(&section)?;
        }
        if let Some(section) = root.section("store")? {
            config.store = settings::store(&section)?;
        }
        if let Some(section) = root.section("clean")? {
            settings::clean(&section, &mut config.clean)?;
        }
        if let Some(section) = root.section("crawl")? {
            settings::crawl(&section, &mut config.crawl, &mut config.revisit)?;
            config.metrics_file = settings::metrics_file(&section)?;
        }
        if let Some(section) = root.section("serve")? {
            serve::serve(&section, &mut config.serve)?;
        }
        config.crawl.concurrency = config.fetch.concurrency;
        for section in root.sections("source")? {
            let source = source::source(&section, &config.sources)?;
            config.revisit.schedules.insert(source.name.clone(), source.schedule.clone());
            let access = access::access(&section, &source.url)?;
            if !access.is_plain() {
                config.fetch.access.insert(source.name.clone(), access);
            }
            config.sources.push(source);
        }
        for section in root.sections("webhook")? {
            let receiver = receivers::webhook(&section, &config.receivers)?;
            config.receivers.push(receiver);
        }
        if !config.receivers.is_empty() && !config.archive.formats.contains(&Format::Catalogue) {
            let problem = "says nothing of \"catalogue\", from which versions are handed on; add it to the formats";
            return Err(match root.section("archive")? {
                Some(section) => section.refuse("formats", problem),
                None => root.refuse("archive", problem),
            });
        }
        let mut rules = Vec::new();
        for section in root.sections("rule")? {
            rules.push(rule::rule(&section, &rules)?);
        }
        config.clean.rules = extract::SiteRules::new(rules);
        Ok(config)
    }

    /// Where the store is.
    #[must_use]
    pub fn store_path(&self) -> PathBuf {
        self.store.clone().unwrap_or_else(|| self.archive.path.join(STORE_FILE))
    }

    /// Takes in what was said of sources while the program ran: the [`SourceBook`] beside the store, whose place has to be
    /// final.
    ///
    /// # Errors
    /// [`ConfigError::Book`] where it cannot be used.
    pub fn take_in_book(&mut self) -> Result<(), ConfigError> {
        for Entry { source, is_added, is_paused, .. } in SourceBook::new(self).all().map_err(ConfigError::Book)? {
            if is_paused {
                self.paused.insert(source.name.clone());
            }
            if is_added {
                self.revisit.schedules.insert(source.name.clone(), source.schedule.clone());
                self.sources.push(source);
            }
        }
        Ok(())
    }

    /// The sources of these names, or all that do not rest where none is named, in the file's order.
    ///
    /// # Errors
    /// [`ConfigError::NoSources`] where the file has none, [`ConfigError::UnknownSource`] for a name that is not there.
    pub fn select(&self, names: &[String], path: &Path) -> Result<Vec<Source>, ConfigError> {
        if self.sources.is_empty() {
            return Err(ConfigError::NoSources { path: path.to_owned() });
        }
        let known = || self.sources.iter().map(|source| source.name.as_str());
        for name in names {
            if !known().any(|known| known == name) {
                return Err(ConfigError::UnknownSource {
                    path: path.to_owned(),
                    name: name.clone(),
                    hint: error::hint(name, known())
                        .unwrap_or_else(|| format!("it has {}", known().collect::<Vec<_>>().join(", "))),
                });
            }
        }
        let is_wanted = |source: &&Source| match names {
            [] => !self.paused.contains(&source.name),
            names => names.contains(&source.name),
        };
        Ok(self.sources.iter().filter(is_wanted).cloned().collect())
    }
}
