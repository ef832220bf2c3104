//! What can be wrong with a configuration.

use std::fmt;
use std::io;
use std::path::{Path, PathBuf};

/// How alike two names have to be for one to be offered in the other's place, from 0 to 1 (Jaro-Winkler). Misspellings
/// of one letter in our shortest keys score about 0.8.
const ALIKE: f64 = 0.75;

/// What is wrong with a configuration.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ConfigError {
    /// The file cannot be read.
    #[error("cannot read the configuration {}: {source}; check the path, or name another file with --config", path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// The file is no TOML.
    #[error("{place}: this is no TOML: {problem}; correct the line")]
    Syntax {
        /// Where.
        place: Place,
        /// What the parser said.
        problem: String,
    },
    /// A key that means nothing.
    #[error("{place}: unknown key `{key}` in {section}; {hint}")]
    UnknownKey {
        /// Where.
        place: Place,
        /// The key.
        key: String,
        /// The table that it stands in.
        section: String,
        /// What may have been meant.
        hint: String,
    },
    /// A value that will not do.
    #[error("{place}: `{key}` in {section} {problem}")]
    Value {
        /// Where.
        place: Place,
        /// The key.
        key: String,
        /// The table that it stands in.
        section: String,
        /// What is wrong, and what to write.
        problem: String,
    },
    /// A key that has to be there.
    #[error("{place}: {section} has no `{key}`; add {example}")]
    Missing {
        /// Where.
        place: Place,
        /// The key.
        key: &'static str,
        /// The table that lacks it.
        section: String,
        /// A line that would do.
        example: String,
    },
    /// What was said of sources cannot be used.
    #[error(transparent)]
    Book(super::SourceBookError),
    /// Nothing to crawl.
    #[error(
        "{} names no source to crawl; add one:\n\n[[source]]\nname = \"my-paper\"\nurl = \"https://www.my-paper.example/\"\n",
        path.display()
    )]
    NoSources {
        /// The file.
        path: PathBuf,
    },
    /// Strangers are to be asked without saying who asks.
    #[error(
        "{}: user_agent in [fetch] is {user_agent:?}, which has no address at which the owners of {host} could reach you; \
         add one: user_agent = \"MyPaperArchive/1.0 (+https://my-paper.example/bot)\", or an e-mail address",
        path.display()
    )]
    NoContact {
        /// The file.
        path: PathBuf,
        /// What is set.
        user_agent: String,
        /// The first host that would be asked.
        host: String,
    },
    /// A source that was asked for and is not there.
    #[error("{} has no source named {name:?}; {hint}", path.display())]
    UnknownSource {
        /// The file.
        path: PathBuf,
        /// The name.
        name: String,
        /// What may have been meant.
        hint: String,
    },
}

/// A line of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// The file.
    pub path: PathBuf,
    /// The line, from 1.
    pub line: usize,
}

impl Place {
    /// The place of a byte in a file's text.
    pub(super) fn new(path: &Path, text: &str, at: usize) -> Self {
        let line = text.bytes().take(at).filter(|byte| *byte == b'\n').count() + 1;
        Self { path: path.to_owned(), line }
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.path.display(), self.line)
    }
}

/// "did you mean …?", where a known name is near.
pub(super) fn hint<'a>(name: &str, known: impl Iterator<Item = &'a str>) -> Option<String> {
    known
        .map(|candidate| (strsim::jaro_winkler(&name.to_lowercase(), candidate), candidate))
        .filter(|(likeness, _)| *likeness >= ALIKE)
        .max_by(|(a, _), (b, _)| a.total_cmp(b))
        .map(|(_, candidate)| format!("did you mean `{candidate}`?"))
}
