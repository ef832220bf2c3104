//! Stories as feeds hold them, for those whose pages cannot be had. Kept for the run, in bounded memory.

use crate::model::{CanonicalUrl, Link};
use std::collections::HashMap;
use std::fmt::Write as _;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// Bytes of HTML below which an entry is a teaser, whatever element of the feed it stands in.
const LEAST_BYTES: usize = 600;

/// Words that the cleaned text has at the least; shorter ones are teasers. Many feeds put two sentences where the whole
/// story belongs.
pub(super) const LEAST_WORDS: usize = 100;

/// Bytes of all texts together: several feeds of a hundred long stories. Past it, stories have their pages alone.
const BUDGET: usize = 16 * 1024 * 1024;

/// Texts by the addresses of their stories.
#[derive(Debug, Default)]
pub(super) struct FeedTexts {
    texts: Mutex<Texts>,
}

#[derive(Debug, Default)]
struct Texts {
    by_url: HashMap<CanonicalUrl, String>,
    bytes: usize,
}

impl FeedTexts {
    /// Takes the texts out of links; whether there were any that are more than a teaser.
    pub(super) fn take_from(&self, links: &mut [Link]) -> bool {
        let mut found = false;
        for link in links {
            let Some(text) = link.content.take().filter(|text| text.len() >= LEAST_BYTES) else { continue };
            found = true;
            let mut texts = self.texts();
            if texts.bytes + text.len() <= BUDGET {
                texts.bytes += text.len();
                if let Some(old) = texts.by_url.insert(CanonicalUrl::new(&link.url), text) {
                    texts.bytes -= old.len();
                }
            }
        }
        found
    }

    /// The text of a story, which is then forgotten.
    pub(super) fn take(&self, url: &CanonicalUrl) -> Option<String> {
        let mut texts = self.texts();
        let text = texts.by_url.remove(url)?;
        texts.bytes -= text.len();
        Some(text)
    }

    /// Forgets a story whose page could be had.
    pub(super) fn forget(&self, url: &CanonicalUrl) {
        drop(self.take(url));
    }

    fn texts(&self) -> MutexGuard<'_, Texts> {
        self.texts.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A page around a feed's text, for the cleaner.
pub(super) fn as_page(text: &str, title: Option<&str>) -> String {
    let mut page = String::with_capacity(text.len() + 200);
    page.push_str("<!doctype html><html><head><meta charset=utf-8>");
    let title = title.map(|title| title.replace('&', "&amp;").replace('<', "&lt;"));
    if let Some(title) = &title {
        let _ = write!(page, "<title>{title}</title>");
    }
    page.push_str("</head><body><article>");
    if let Some(title) = &title {
        let _ = write!(page, "<h1>{title}</h1>");
    }
    page.push_str(text);
    page.push_str("</article></body></html>");
    page
}
