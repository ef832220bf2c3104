//! What may be set of a crawl, with its defaults.

use super::{NearDuplicates, Respect};

/// How to crawl.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CrawlOptions {
    /// Pages in memory at the same time: being fetched, cleaned or written.
    pub concurrency: usize,
    /// Section pages that are taken from a home page, where a source names none.
    pub max_sections: usize,
    /// Sitemaps of one source that are read in one pass, an index's children among them.
    pub max_sitemaps: usize,
    /// Words that the text of a page has at the least to count as an article where the page does not say that it is one.
    pub min_words: usize,
    /// Which of a publisher's words are obeyed, where a source does not say.
    pub respect: Vec<Respect>,
    /// Whether each site is asked for its reservation of text and data mining (`/.well-known/tdmrep.json`). Where that is
    /// to be obeyed it is asked in any case.
    pub tdm_file: bool,
    /// What becomes of stories that were told before in nearly the same words.
    pub near_duplicates: NearDuplicates,
}

impl Default for CrawlOptions {
    /// 30 sections and 100 sitemaps cover the front pages and indexes of large publishers without following an archive
    /// back over decades. 40 words are two sentences: less is a teaser or a form. What an archive is for, and so which
    /// words concern it, is not known here: they are written into each record, and obeyed where that is asked for.
    fn default() -> Self {
        Self {
            concurrency: 16,
            max_sections: 30,
            max_sitemaps: 100,
            min_words: 40,
            respect: Vec::new(),
            tdm_file: false,
            near_duplicates: NearDuplicates::default(),
        }
    }
}
