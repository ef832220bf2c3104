//! The documents of a book: chapters, title page, navigation, NCX, package. Pure.

use super::{BookHead, headline, xhtml};
use crate::archive::xml::xml;
use crate::model::{Article, ArticleDate};
use jiff::Timestamp;
use jiff::civil::Date;
use std::fmt::Write as _;
use xxhash_rust::xxh3::xxh3_128;

/// Sources that a title names; more are counted.
const NAMED_SOURCES: usize = 3;

/// Languages that are written from right to left, whatever their tags say of the script.
const LEFTWARD_LANGUAGES: [&str; 14] =
    ["ar", "arc", "arz", "ckb", "dv", "fa", "he", "iw", "ps", "sd", "syr", "ug", "ur", "yi"];

/// Scripts that run from right to left, as a tag may name them.
const LEFTWARD_SCRIPTS: [&str; 7] = ["adlm", "arab", "hebr", "nkoo", "rohg", "syrc", "thaa"];

/// Where the package lies (Open Container Format).
pub(super) const CONTAINER: &str = r#"<?xml version="1.0" encoding="utf-8"?>
<container xmlns="urn:oasis:names:tc:opendocument:xmlns:container" version="1.0">
<rootfiles><rootfile full-path="EPUB/package.opf" media-type="application/oebps-package+xml"/></rootfiles>
</container>
"#;

/// What the table of contents says of a chapter.
#[derive(Debug)]
pub(super) struct Line {
    pub(super) file: String,
    pub(super) title: String,
    /// The publication's name as readers know it.
    pub(super) source: String,
    /// Its name in the configuration.
    pub(super) source_name: String,
    pub(super) day: Option<Date>,
}

/// An article's page.
pub(super) fn chapter(article: &Article, line: &Line) -> String {
    let language = article.language.as_deref().and_then(language);
    let is_leftward = language.as_deref().map_or_else(|| begins_leftward(&line.title), runs_leftward);
    let mut page = opening(&line.title, language.as_deref(), is_leftward);
    page.push_str("<section epub:type=\"chapter\">\n<header>\n");
    paragraph(&mut page, "kicker", article.section.as_deref());
    let _ = writeln!(page, "<h1>{}</h1>", xml(headline(article)));
    paragraph(&mut page, "standfirst", article.subtitle.as_deref().or(article.summary.as_deref()));
    let authors = article.authors.join(", ");
    paragraph(&mut page, "byline", Some(&authors));
    if let Some(date) = article.published {
        let _ = writeln!(page, "<p class=\"byline\"><time datetime=\"{}\">{}</time></p>", date.instant(), moment(date));
    }
    // The renderer marks what runs from right to left, and takes the other direction for granted.
    let _ = write!(page, "</header>\n<div class=\"body\" dir=\"ltr\">\n{}\n</div>\n", xhtml::body(&article.html));
    captions(&mut page, article);
    let _ = write!(page, "<p class=\"source\">{}", xml(&line.source));
    if let Some(url) = article.canonical_url.as_deref().or(article.url.as_deref()) {
        let _ = match xhtml::address(url) {
            Some(address) => write!(page, ": <a href=\"{}\" dir=\"ltr\">{}</a>", xml(&address), xml(url)),
            None => write!(page, ": {}", xml(url)),
        };
    }
    page.push_str("</p>\n</section>\n</body>\n</html>\n");
    page
}

/// The captions of pictures that stand outside of the body, such as the lead picture's.
fn captions(page: &mut String, article: &Article) {
    for image in &article.images {
        let Some(caption) = image.caption.as_deref().filter(|caption| !caption.trim().is_empty()) else { continue };
        // The renderer escapes fewer characters than we do; a caption with any of them in the body is no great harm.
        if !article.text.contains(caption) && !article.markdown.contains(caption) {
            let credit = image.credit.as_deref().map(|credit| format!(" ({credit})")).unwrap_or_default();
            let _ = writeln!(page, "<p class=\"picture\">{}</p>", xml(&format!("[{caption}]{credit}")));
        }
    }
}

/// The beginning of a page, up to the start tag of its body.
fn opening(title: &str, language: Option<&str>, is_leftward: bool) -> String {
    let language = language.map(|language| format!(" lang=\"{language}\" xml:lang=\"{language}\"")).unwrap_or_default();
    let direction = if is_leftward { " dir=\"rtl\"" } else { "" };
    format!(
        "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<!DOCTYPE html>\n\
         <html xmlns=\"http://www.w3.org/1999/xhtml\" xmlns:epub=\"http://www.idpf.org/2007/ops\"{language}{direction}>\n\
         <head>\n<meta charset=\"utf-8\"/>\n<title>{}</title>\n<link rel=\"stylesheet\" type=\"text/css\" href=\"style.css\"/>\n\
         </head>\n<body>\n",
        xml(title)
    )
}

fn paragraph(page: &mut String, class: &str, text: Option<&str>) {
    if let Some(text) = text.map(str::trim).filter(|text| !text.is_empty()) {
        let _ = writeln!(page, "<p class=\"{class}\">{}</p>", xml(text));
    }
}

/// A time for people: the publisher's own day and, where it is known, hour.
fn moment(date: ArticleDate) -> String {
    let said = xml(&date.to_string());
    if date.has_time() { said.replacen('T', " ", 1) } else { said }
}

/// All of a book but its chapters.
#[derive(Debug)]
pub(super) struct Contents<'a> {
    pub(super) head: &'a BookHead,
    pub(super) lines: &'a [Line],
    /// The commonest first.
    pub(super) languages: Vec<String>,
    pub(super) modified: Timestamp,
}

impl Contents<'_> {
    /// The chapters by source, and those by day.
    fn groups(&self) -> impl Iterator<Item = (&str, impl Iterator<Item = (String, &[Line])>)> {
        self.lines.chunk_by(|one, next| one.source_name == next.source_name).map(|source| {
            let days = source.chunk_by(|one, next| one.day == next.day);
            (source[0].source.as_str(), days.map(|day| (day_name(day[0].day), day)))
        })
    }

    fn title(&self) -> String {
        if let Some(title) = self.head.title.as_deref().map(str::trim).filter(|title| !title.is_empty()) {
            return title.to_owned();
        }
        let sources: Vec<&str> = self.groups().map(|(source, _)| source).collect();
        let mut title = sources.iter().take(NAMED_SOURCES).copied().collect::<Vec<_>>().join(", ");
        if sources.len() > NAMED_SOURCES {
            let _ = write!(title, " and {} more", sources.len() - NAMED_SOURCES);
        }
        match self.days() {
            Some(days) => format!("{title}: {days}"),
            None => title,
        }
    }

    /// From when to when.
    fn days(&self) -> Option<String> {
        let days = || self.lines.iter().filter_map(|line| line.day);
        let (first, last) = (days().min()?, days().max()?);
        Some(if first == last { first.to_string() } else { format!("{first} to {last}") })
    }

    /// Whether most of it is written from right to left.
    fn is_leftward(&self) -> bool {
        self.languages.first().is_some_and(|language| runs_leftward(language))
    }

    /// A name that stays in later editions, in the form of a UUID that is made of data (RFC 9562, version 8).
    fn identifier(&self) -> String {
        let hash = xxh3_128(self.head.name.as_bytes());
        let bits = hash & !(0xf << 76) & !(0b11 << 62) | (0x8 << 76) | (0b10 << 62);
        let digits = format!("{bits:032x}");
        let parts = [&digits[..8], &digits[8..12], &digits[12..16], &digits[16..20], &digits[20..]];
        format!("urn:uuid:{}", parts.join("-"))
    }

    pub(super) fn title_page(&self) -> String {
        let title = self.title();
        let mut page = opening(&title, Some("en"), false);
        let _ = writeln!(page, "<section epub:type=\"titlepage\">\n<h1 dir=\"auto\">{}</h1>", xml(&title));
        let count = self.lines.len();
        let days = self.days().map(|days| format!(", {days}")).unwrap_or_default();
        let _ = writeln!(page, "<p>{count} {}{days}</p>\n<ul>", if count == 1 { "article" } else { "articles" });
        for (source, days) in self.groups() {
            let count: usize = days.map(|(_, lines)| lines.len()).sum();
            let _ = writeln!(page, "<li><span dir=\"auto\">{}</span>: {count}</li>", xml(source));
        }
        page.push_str("</ul>\n");
        for chosen in &self.head.chosen {
            let _ = writeln!(page, "<p class=\"chosen\">{}</p>", xml(chosen));
        }
        page.push_str("<p class=\"chosen\">Made by Copydesk. The articles belong to their publishers.</p>\n");
        page.push_str("</section>\n</body>\n</html>\n");
        page
    }

    pub(super) fn navigation(&self) -> String {
        let mut page = opening("Contents", Some("en"), false);
        page.push_str("<nav epub:type=\"toc\" id=\"toc\">\n<h1>Contents</h1>\n<ol>\n");
        page.push_str("<li><a href=\"title.xhtml\">Title page</a></li>\n");
        for (source, days) in self.groups() {
            let _ = writeln!(page, "<li><span dir=\"auto\">{}</span>\n<ol>", xml(source));
            for (day, lines) in days {
                let _ = writeln!(page, "<li><span>{day}</span>\n<ol>");
                for line in lines {
                    let _ = writeln!(page, "<li><a href=\"{}\" dir=\"auto\">{}</a></li>", line.file, xml(&line.title));
                }
                page.push_str("</ol></li>\n");
            }
            page.push_str("</ol></li>\n");
        }
        page.push_str("</ol>\n</nav>\n</body>\n</html>\n");
        page
    }

    /// The table of contents of EPUB 2, which older readers go by.
    pub(super) fn ncx(&self) -> String {
        let mut number = 0_usize;
        let mut point = |out: &mut String, label: &str, file: &str| {
            number += 1;
            let _ = writeln!(
                out,
                "<navPoint id=\"point-{number}\"><navLabel><text>{}</text></navLabel><content src=\"{file}\"/>",
                xml(label)
            );
        };
        let mut out = format!(
            "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n\
             <ncx xmlns=\"http://www.daisy.org/z3986/2005/ncx/\" version=\"2005-1\">\n<head>\n\
             <meta name=\"dtb:uid\" content=\"{}\"/>\n<meta name=\"dtb:depth\" content=\"3\"/>\n</head>\n\
             <docTitle><text>{}</text></docTitle>\n<navMap>\n",
            self.identifier(),
            xml(&self.title())
        );
        for (source, days) in self.groups() {
            for (index, (day, lines)) in days.enumerate() {
                if index == 0 {
                    point(&mut out, source, &lines[0].file);
                }
                point(&mut out, &day, &lines[0].file);
                for line in lines {
                    point(&mut out, &line.title, &line.file);
                    out.push_str("</navPoint>\n");
                }
                out.push_str("</navPoint>\n");
            }
            out.push_str("</navPoint>\n");
        }
        out.push_str("</navMap>\n</ncx>\n");
        out
    }

    pub(super) fn package(&self) -> String {
        let mut out = format!(
            "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n\
             <package xmlns=\"http://www.idpf.org/2007/opf\" version=\"3.0\" unique-identifier=\"identifier\" xml:lang=\"en\">\n\
             <metadata xmlns:dc=\"http://purl.org/dc/elements/1.1/\">\n\
             <dc:identifier id=\"identifier\">{}</dc:identifier>\n<dc:title>{}</dc:title>\n",
            self.identifier(),
            xml(&self.title())
        );
        // A book has to name a language; "und" is the tag for one that is not known.
        let unknown = ["und".to_owned()];
        for language in if self.languages.is_empty() { &unknown[..] } else { &self.languages[..] } {
            let _ = writeln!(out, "<dc:language>{language}</dc:language>");
        }
        for (source, _) in self.groups() {
            let _ = writeln!(out, "<dc:creator>{}</dc:creator>", xml(source));
        }
        let _ = writeln!(out, "<dc:contributor>Copydesk {}</dc:contributor>", env!("CARGO_PKG_VERSION"));
        let modified = self.modified.strftime("%Y-%m-%dT%H:%M:%SZ");
        let _ = writeln!(out, "<meta property=\"dcterms:modified\">{modified}</meta>");
        for (property, value) in [
            ("accessMode", "textual"),
            ("accessModeSufficient", "textual"),
            ("accessibilityFeature", "tableOfContents"),
            ("accessibilityFeature", "readingOrder"),
            ("accessibilityHazard", "none"),
        ] {
            let _ = writeln!(out, "<meta property=\"schema:{property}\">{value}</meta>");
        }
        out.push_str(
            "</metadata>\n<manifest>\n\
             <item id=\"nav\" href=\"nav.xhtml\" media-type=\"application/xhtml+xml\" properties=\"nav\"/>\n\
             <item id=\"ncx\" href=\"toc.ncx\" media-type=\"application/x-dtbncx+xml\"/>\n\
             <item id=\"style\" href=\"style.css\" media-type=\"text/css\"/>\n\
             <item id=\"title\" href=\"title.xhtml\" media-type=\"application/xhtml+xml\"/>\n",
        );
        for (index, line) in self.lines.iter().enumerate() {
            let _ =
                writeln!(out, "<item id=\"c{index}\" href=\"{}\" media-type=\"application/xhtml+xml\"/>", line.file);
        }
        let direction = if self.is_leftward() { " page-progression-direction=\"rtl\"" } else { "" };
        let _ = writeln!(
            out,
            "</manifest>\n<spine toc=\"ncx\"{direction}>\n<itemref idref=\"title\"/>\n<itemref idref=\"nav\"/>"
        );
        for index in 0..self.lines.len() {
            let _ = writeln!(out, "<itemref idref=\"c{index}\"/>");
        }
        out.push_str("</spine>\n</package>\n");
        out
    }
}

fn day_name(day: Option<Date>) -> String {
    day.map_or_else(|| "Without a date".to_owned(), |day| day.to_string())
}

/// A language tag as far as it is a plain one: language, script, region (BCP 47). Nothing where not even its language is.
pub(super) fn language(tag: &str) -> Option<String> {
    let mut subtags = tag.trim().split(['-', '_']);
    let is_letters = |text: &str| text.bytes().all(|byte| byte.is_ascii_alphabetic());
    let primary = subtags.next().filter(|text| matches!(text.len(), 2..=3) && is_letters(text))?;
    let mut out = primary.to_ascii_lowercase();
    for (index, subtag) in subtags.enumerate() {
        let is_script = index == 0 && subtag.len() == 4 && is_letters(subtag);
        let is_region = (subtag.len() == 2 && is_letters(subtag))
            || (subtag.len() == 3 && subtag.bytes().all(|byte| byte.is_ascii_digit()));
        if !is_script && !is_region {
            break;
        }
        out.push('-');
        out.push_str(subtag);
        if is_region {
            break;
        }
    }
    Some(out)
}

/// Whether a language is written from right to left.
fn runs_leftward(language: &str) -> bool {
    let mut subtags = language.split('-');
    let primary = subtags.next().unwrap_or_default();
    match subtags.next().filter(|subtag| subtag.len() == 4) {
        Some(script) => LEFTWARD_SCRIPTS.contains(&script.to_ascii_lowercase().as_str()),
        None => LEFTWARD_LANGUAGES.contains(&primary),
    }
}

/// Whether the first letter of a text is of a script from right to left (Hebrew to Arabic Extended-A, and their
/// presentation forms).
fn begins_leftward(text: &str) -> bool {
    let letter = text.chars().find(|c| c.is_alphabetic()).map_or(0, u32::from);
    matches!(letter, 0x0590..=0x08FF | 0xFB1D..=0xFDFF | 0xFE70..=0xFEFF)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn languages_are_cut_to_what_is_plain() {
        for (tag, expected) in [
            ("de", Some("de")),
            ("EN_gb", Some("en-gb")),
            ("zh-Hant-TW", Some("zh-Hant-TW")),
            ("ca-valencia", Some("ca")),
            ("german", None),
            ("", None),
            ("x\"><b>", None),
        ] {
            assert_eq!(language(tag).as_deref(), expected, "{tag}");
        }
        assert!(runs_leftward("ar") && runs_leftward("ku-Arab") && !runs_leftward("az-Latn") && !runs_leftward("de"));
    }
}
