//! What a file says outside its rules to one agent: delays and signals.
//!
//! Files in the wild write a group as `User-agent`, `Crawl-delay` and nothing else; so for these lines, other than for
//! rules, they themselves end the list of names above them.

use std::collections::BTreeMap;
use std::time::Duration;

/// Collects what is for us, by name or as for everybody.
#[derive(Debug, Default)]
pub(super) struct Asides {
    in_names: bool,
    names_us: bool,
    names_all: bool,
    ours: Option<Aside>,
    everybodys: Aside,
}

/// What one agent is told.
#[derive(Debug, Clone, Default)]
pub(super) struct Aside {
    pub(super) delay: Option<Duration>,
    pub(super) signals: BTreeMap<String, bool>,
}

/// Whom a User-agent line names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Named {
    Us,
    Everybody,
    Another,
}

impl Asides {
    pub(super) fn user_agent(&mut self, whom: Named) {
        if !self.in_names {
            (self.in_names, self.names_us, self.names_all) = (true, false, false);
        }
        self.names_us |= whom == Named::Us;
        self.names_all |= whom == Named::Everybody;
        if self.names_us {
            self.ours.get_or_insert_default();
        }
    }

    pub(super) fn rule(&mut self) {
        self.in_names = false;
    }

    /// Of several delays the longest, which offends nobody.
    pub(super) fn crawl_delay(&mut self, value: &[u8]) {
        let text = String::from_utf8_lossy(value);
        let seconds = text.trim_end_matches(|c: char| c.is_ascii_alphabetic() || c == ' ').parse::<f64>().ok();
        let delay = seconds.and_then(|seconds| Duration::try_from_secs_f64(seconds).ok());
        self.each(|aside| aside.delay = aside.delay.max(delay));
    }

    /// `search=yes, ai-train=no`. Of several answers to one question "no" wins.
    pub(super) fn content_signal(&mut self, value: &[u8]) {
        self.in_names = false;
        let text = String::from_utf8_lossy(value).to_ascii_lowercase();
        for (name, answer) in text.split(',').filter_map(|part| part.split_once('=')) {
            let (name, answer) = (name.trim(), answer.trim());
            let may = match answer {
                "yes" | "y" => true,
                "no" | "n" => false,
                _ => continue,
            };
            if !name.is_empty() {
                self.each(|aside| *aside.signals.entry(name.to_owned()).or_insert(true) &= may);
            }
        }
    }

    fn each(&mut self, change: impl Fn(&mut Aside)) {
        self.in_names = false;
        if self.names_us {
            change(self.ours.get_or_insert_default());
        }
        if self.names_all {
            change(&mut self.everybodys);
        }
    }

    pub(super) fn result(self) -> Aside {
        self.ours.unwrap_or(self.everybodys)
    }
}
