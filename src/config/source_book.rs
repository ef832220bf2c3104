//! Sources that came in while the program runs, and what was said of any of them: `sources.toml`, beside the store.
//!
//! The user's own `config.toml` is theirs and is never written. What is said over the web page or the interface stands in a
//! file of the same form, which crawls and the daemon read beside it, be they in this process or in another.

use super::{Config, ConfigError};
use crate::archive::write_whole;
use crate::crawl::Source;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

/// The file's name.
const FILE: &str = "sources.toml";

/// Sources that can be added: what a person can look after, and more.
const MAX_ADDED: usize = 10_000;

/// What stands above the file's content.
const HEADING: &str = "# Sources that were added over the web page or the interface of `copydesk serve`, and what was said of these and of\n\
     # those in config.toml. Read beside it by crawl, watch and serve; written by serve.\n\n";

/// A source to be added; the keys are those of `[[source]]`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NewSource {
    /// Its name.
    pub name: String,
    /// Its home page.
    pub url: String,
    /// Its feeds.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub feeds: Vec<String>,
    /// Its sitemaps.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub sitemaps: Vec<String>,
    /// Its section pages.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub sections: Vec<String>,
    /// Patterns of the addresses that are wanted.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub include: Vec<String>,
    /// Patterns of those that are not.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub exclude: Vec<String>,
    /// How old stories may be.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_age: Option<String>,
    /// How many pages may be fetched at a time.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_pages: Option<u32>,
    /// How often it is looked at.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub every: Option<String>,
    /// By which cron line.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub schedule: Option<String>,
    /// Whether its pages are rendered.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub render: Option<String>,
}

/// What stands in the file.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Content {
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    paused: BTreeSet<String>,
    /// When somebody wanted a source crawled at once.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    crawl_now: BTreeMap<String, Timestamp>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    source: Vec<NewSource>,
}

/// A source and what was said of it.
#[derive(Debug, Clone)]
pub struct Entry {
    /// The source.
    pub source: Source,
    /// Whether it stands in the book and not in the configuration.
    pub is_added: bool,
    /// Whether it rests until somebody says otherwise.
    pub is_paused: bool,
    /// When somebody wanted it crawled at once.
    pub crawl_now: Option<Timestamp>,
}

/// What went wrong with the book.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SourceBookError {
    /// The file cannot be read or written, or holds what it should not.
    #[error("{}: {problem}; correct the file, or move it away to begin a new one", path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        problem: String,
    },
    /// The source will not do.
    #[error("the source cannot be added: {0}")]
    Refused(String),
    /// There is one of that name, or of that home page.
    #[error("there is a source {0:?} already; choose another name, or change that one")]
    Taken(String),
    /// There is none of that name.
    #[error("there is no source {0:?}")]
    Unknown(String),
    /// It stands in the configuration, which is not ours to change.
    #[error("the source {0:?} stands in the configuration file; take it out there, or pause it here")]
    Configured(String),
}

/// The sources of a configuration and of the book beside its store.
#[derive(Debug)]
pub struct SourceBook {
    path: PathBuf,
    config: Config,
    /// Held while the file is read to be written again.
    writing: Mutex<()>,
}

impl SourceBook {
    /// The book of a configuration, whose store and archive are final. Nothing is read yet.
    #[must_use]
    pub fn new(config: &Config) -> Self {
        let path = config.store_path().with_file_name(FILE);
        Self { path, config: config.clone(), writing: Mutex::new(()) }
    }

    /// The file.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Every source: those of the configuration first.
    ///
    /// # Errors
    /// [`SourceBookError::File`].
    pub fn all(&self) -> Result<Vec<Entry>, SourceBookError> {
        self.entries(&self.read()?)
    }

    /// Whether there is a source of this name.
    ///
    /// # Errors
    /// [`SourceBookError::File`].
    pub fn has(&self, name: &str) -> Result<bool, SourceBookError> {
        Ok(self.all()?.iter().any(|entry| entry.source.name == name))
    }

    /// Adds a source.
    ///
    /// # Errors
    /// [`SourceBookError`] where it will not do, there is one already, or the file cannot be written.
    pub fn add(&self, new: NewSource) -> Result<Source, SourceBookError> {
        self.change(|content| {
            let added =
                self.parsed(std::slice::from_ref(&new)).map_err(|error| SourceBookError::Refused(error.to_string()))?;
            let source = added.into_iter().next().ok_or_else(|| SourceBookError::Refused("it is empty".to_owned()))?;
            self.config
                .check_contact(std::slice::from_ref(&source), Path::new("the configuration"))
                .map_err(|error| SourceBookError::Refused(error.to_string()))?;
            let entries = self.entries(content)?;
            let is_same =
                |entry: &&Entry| entry.source.name.eq_ignore_ascii_case(&source.name) || entry.source.url == source.url;
            if let Some(taken) = entries.iter().find(is_same) {
                return Err(SourceBookError::Taken(taken.source.name.clone()));
            }
            if content.source.len() >= MAX_ADDED {
                return Err(SourceBookError::Refused(format!("there are {MAX_ADDED} added sources already")));
            }
            content.source.push(new);
            Ok(source)
        })
    }

    /// Takes out a source that was added. Its articles stay.
    ///
    /// # Errors
    /// [`SourceBookError`] for one that was not added, or where the file cannot be written.
    pub fn remove(&self, name: &str) -> Result<(), SourceBookError> {
        self.change(|content| {
            let before = content.source.len();
            content.source.retain(|source| source.name != name);
            if content.source.len() == before {
                let is_there = self.config.sources.iter().any(|source| source.name == name);
                let error = if is_there { SourceBookError::Configured } else { SourceBookError::Unknown };
                return Err(error(name.to_owned()));
            }
            content.paused.remove(name);
            content.crawl_now.remove(name);
            Ok(())
        })
    }

    /// Has a source rest, or be crawled again.
    ///
    /// # Errors
    /// [`SourceBookError`] for one that is not there, or where the file cannot be written.
    pub fn set_paused(&self, name: &str, is_paused: bool) -> Result<(), SourceBookError> {
        self.change(|content| {
            self.known(content, name)?;
            if is_paused {
                content.paused.insert(name.to_owned());
            } else {
                content.paused.remove(name);
            }
            Ok(())
        })
    }

    /// Has a source crawled as soon as may be by whoever crawls.
    ///
    /// # Errors
    /// [`SourceBookError`] for one that is not there, or where the file cannot be written.
    pub fn crawl_now(&self, name: &str, now: Timestamp) -> Result<(), SourceBookError> {
        self.change(|content| {
            self.known(content, name)?;
            content.crawl_now.insert(name.to_owned(), now);
            Ok(())
        })
    }

    fn known(&self, content: &Content, name: &str) -> Result<(), SourceBookError> {
        let is_there = self.entries(content)?.iter().any(|entry| entry.source.name == name);
        if is_there { Ok(()) } else { Err(SourceBookError::Unknown(name.to_owned())) }
    }

    fn entries(&self, content: &Content) -> Result<Vec<Entry>, SourceBookError> {
        let added = self.parsed(&content.source).map_err(|error| self.file_error(&error))?;
        // What has come into the configuration since stands there.
        let is_new =
            |source: &Source| !self.config.sources.iter().any(|known| known.name.eq_ignore_ascii_case(&source.name));
        let configured = self.config.sources.iter().cloned().map(|source| (source, false));
        let added = added.into_iter().filter(is_new).map(|source| (source, true));
        let entry = |(source, is_added): (Source, bool)| Entry {
            is_paused: content.paused.contains(&source.name),
            crawl_now: content.crawl_now.get(&source.name).copied(),
            source,
            is_added,
        };
        Ok(configured.chain(added).map(entry).collect())
    }

    /// New sources as the configuration reads them.
    fn parsed(&self, sources: &[NewSource]) -> Result<Vec<Source>, ConfigError> {
        let content = Content { source: sources.to_vec(), ..Content::default() };
        let text = toml::to_string(&content).unwrap_or_default();
        Ok(Config::parse(&text, &self.path)?.sources)
    }

    fn read(&self) -> Result<Content, SourceBookError> {
        match std::fs::read_to_string(&self.path) {
            Ok(text) => toml::from_str(&text).map_err(|error| self.file_error(&error.message())),
            // Where the store's folder is none, whoever opens the store says so.
            Err(error) if matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory) => {
                Ok(Content::default())
            }
            Err(error) => Err(self.file_error(&error)),
        }
    }

    fn change<T>(&self, change: impl FnOnce(&mut Content) -> Result<T, SourceBookError>) -> Result<T, SourceBookError> {
        let _writing = self.writing.lock().unwrap_or_else(PoisonError::into_inner);
        let mut content = self.read()?;
        let before = content.clone();
        let result = change(&mut content)?;
        if content != before {
            let text = toml::to_string(&content).map_err(|error| self.file_error(&error))?;
            write_whole(&self.path, [HEADING, &text].concat().as_bytes()).map_err(|error| self.file_error(&error))?;
        }
        Ok(result)
    }

    fn file_error(&self, problem: &dyn std::fmt::Display) -> SourceBookError {
        SourceBookError::File { path: self.path.clone(), problem: problem.to_string() }
    }
}
