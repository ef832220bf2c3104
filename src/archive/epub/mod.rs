//! Articles as a book: EPUB 3.3, with a table of contents for older readers as well. Articles in, bytes out; no clock.
//!
//! It is written as it goes: of a chapter that is written, only its line in the table of contents is remembered. Pictures
//! are left out, since a book must not fetch them from afar.

mod documents;
mod xhtml;

use super::catalogue::{Version, time_of};
use crate::model::Article;
use documents::{Contents, Line};
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use std::collections::BTreeMap;
use std::io::{self, Seek, Write};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

/// What a book says of itself.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct BookHead {
    /// Its title; made of the sources and days where it is left out.
    pub title: Option<String>,
    /// What tells it from other books, and stays in later editions: its identifier is made of it.
    pub name: String,
    /// What was asked for, in words, for the title page.
    pub chosen: Vec<String>,
}

/// A book in the making. Articles come in the order of the book: those of a source together, and of a day.
pub struct Book<W: Write + Seek> {
    zip: ZipWriter<W>,
    head: BookHead,
    lines: Vec<Line>,
    /// How many articles are in each language.
    languages: BTreeMap<String, usize>,
    /// When the newest article was fetched or changed: the book's own time, so that the same articles give the same bytes.
    modified: Timestamp,
}

impl<W: Write + Seek> std::fmt::Debug for Book<W> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Book").field("head", &self.head).field("chapters", &self.lines.len()).finish_non_exhaustive()
    }
}

impl<W: Write + Seek> Book<W> {
    /// Begins a book.
    ///
    /// # Errors
    /// What writing fails with.
    pub fn new(head: BookHead, out: W) -> io::Result<Self> {
        let languages = BTreeMap::new();
        let mut book =
            Self { zip: ZipWriter::new(out), head, lines: Vec::new(), languages, modified: Timestamp::UNIX_EPOCH };
        // The container's first file, as it is, tells what the container is (EPUB 3.3, section 4.2.3).
        book.add("mimetype", CompressionMethod::Stored, "application/epub+zip")?;
        book.add("META-INF/container.xml", CompressionMethod::Deflated, documents::CONTAINER)?;
        book.add("EPUB/style.css", CompressionMethod::Deflated, include_str!("style.css"))?;
        Ok(book)
    }

    /// Writes an article as the next chapter.
    ///
    /// # Errors
    /// What writing fails with.
    pub fn chapter(&mut self, version: &Version) -> io::Result<()> {
        let article = &version.article;
        let line = Line {
            file: format!("chapter-{:06}.xhtml", self.lines.len() + 1),
            title: headline(article).to_owned(),
            source: article.site_name.clone().unwrap_or_else(|| version.source.clone()),
            source_name: version.source.clone(),
            day: day_of(article),
        };
        let page = documents::chapter(article, &line);
        self.add(&format!("EPUB/{}", line.file), CompressionMethod::Deflated, &page)?;
        if let Some(language) = article.language.as_deref().and_then(documents::language) {
            *self.languages.entry(language).or_default() += 1;
        }
        let changed = article.fetched.max(article.modified.or(article.published).map(|date| date.instant()));
        self.modified = self.modified.max(changed.unwrap_or(Timestamp::UNIX_EPOCH));
        self.lines.push(line);
        Ok(())
    }

    /// How many chapters are written.
    #[must_use]
    pub fn chapters(&self) -> usize {
        self.lines.len()
    }

    /// Ends the book, with its title page and table of contents.
    ///
    /// # Errors
    /// What writing fails with.
    pub fn finish(mut self) -> io::Result<W> {
        let mut languages: Vec<(String, usize)> = std::mem::take(&mut self.languages).into_iter().collect();
        languages.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
        let contents = Contents {
            head: &self.head,
            lines: &self.lines,
            languages: languages.into_iter().map(|(language, _)| language).collect(),
            modified: self.modified,
        };
        let files = [
            ("EPUB/title.xhtml", contents.title_page()),
            ("EPUB/nav.xhtml", contents.navigation()),
            ("EPUB/toc.ncx", contents.ncx()),
            ("EPUB/package.opf", contents.package()),
        ];
        for (path, text) in files {
            self.add(path, CompressionMethod::Deflated, &text)?;
        }
        Ok(self.zip.finish()?)
    }

    fn add(&mut self, path: &str, method: CompressionMethod, text: &str) -> io::Result<()> {
        self.zip.start_file(path, SimpleFileOptions::default().compression_method(method))?;
        self.zip.write_all(text.as_bytes())
    }
}

/// The day that an article stands under in a book: of publication in the publisher's own reckoning, or of fetching.
#[must_use]
pub fn day_of(article: &Article) -> Option<Date> {
    let published = article.published.map(|date| date.day());
    published.or_else(|| time_of(article).map(|time| time.to_zoned_datetime(TimeZone::UTC).date()))
}

fn headline(article: &Article) -> &str {
    article.title.as_deref().map(str::trim).filter(|title| !title.is_empty()).unwrap_or("(without a headline)")
}
