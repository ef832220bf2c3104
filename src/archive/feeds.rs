//! Articles as a feed for readers: Atom (RFC 4287) and JSON Feed 1.1. Pure.

use super::catalogue::Version;
use super::xml::xml;
use crate::model::{Article, ArticleDate};
use jiff::Timestamp;
use serde_json::{Value, json};
use std::fmt::Write as _;

/// What a feed says of itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FeedHead {
    /// Its title.
    pub title: String,
    /// What tells it from other feeds, and stays: part of its id.
    pub name: String,
    /// Where it will be had, if that is known.
    pub url: Option<String>,
}

/// A feed in Atom, in the order in which the articles are given.
#[must_use]
pub fn atom(head: &FeedHead, articles: &[Version]) -> String {
    let updated =
        articles.iter().filter_map(|version| updated(&version.article)).max().unwrap_or(Timestamp::UNIX_EPOCH);
    let mut out =
        String::from("<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<feed xmlns=\"http://www.w3.org/2005/Atom\">\n");
    let _ = writeln!(out, "<id>urn:copydesk:feed:{}</id>", xml(&head.name.replace(' ', "-")));
    let _ = writeln!(out, "<title>{}</title>\n<updated>{updated}</updated>", xml(&head.title));
    let _ = writeln!(out, "<generator version=\"{0}\">Copydesk</generator>", env!("CARGO_PKG_VERSION"));
    if let Some(url) = &head.url {
        let _ = writeln!(out, "<link rel=\"self\" type=\"application/atom+xml\" href=\"{}\"/>", xml(url));
    }
    for version in articles {
        entry(&mut out, version);
    }
    out.push_str("</feed>\n");
    out
}

fn entry(out: &mut String, version: &Version) {
    let article = &version.article;
    let title = article.title.as_deref().filter(|title| !title.trim().is_empty()).unwrap_or("(without a headline)");
    let _ = writeln!(out, "<entry>\n<id>urn:copydesk:article:{}</id>\n<title>{}</title>", xml(&article.id), xml(title));
    let updated = updated(article).unwrap_or(Timestamp::UNIX_EPOCH);
    let _ = writeln!(out, "<updated>{updated}</updated>");
    if let Some(published) = article.published {
        let _ = writeln!(out, "<published>{}</published>", moment(published));
    }
    // An entry has to have an author (RFC 4287, section 4.1.2).
    let nobody = [article.site_name.clone().unwrap_or_else(|| version.source.clone())];
    for author in if article.authors.is_empty() { &nobody[..] } else { &article.authors[..] } {
        let _ = writeln!(out, "<author><name>{}</name></author>", xml(author));
    }
    if let Some(url) = address(article) {
        let _ = writeln!(out, "<link rel=\"alternate\" type=\"text/html\" href=\"{}\"/>", xml(url));
    }
    for tag in article.section.iter().chain(&article.tags) {
        let _ = writeln!(out, "<category term=\"{}\"/>", xml(tag));
    }
    if let Some(summary) = &article.summary {
        let _ = writeln!(out, "<summary>{}</summary>", xml(summary));
    }
    let language = article.language.as_deref().map(|language| format!(" xml:lang=\"{}\"", xml(language)));
    let _ = writeln!(out, "<content type=\"html\"{}>{}</content>", language.unwrap_or_default(), xml(&article.html));
    out.push_str("</entry>\n");
}

/// A feed in JSON Feed 1.1.
#[must_use]
pub fn json_feed(head: &FeedHead, articles: &[Version]) -> Value {
    let item = |version: &Version| {
        let article = &version.article;
        let authors: Vec<Value> = article.authors.iter().map(|name| json!({"name": name})).collect();
        let mut item = json!({
            "id": format!("urn:copydesk:article:{}", article.id),
            "url": address(article),
            "title": article.title,
            "summary": article.summary,
            "content_html": article.html,
            "content_text": article.text,
            "date_published": article.published.map(moment),
            "date_modified": updated(article),
            "image": article.images.iter().find_map(|image| image.url.as_ref()),
            "language": article.language,
            "authors": authors,
            "tags": article.section.iter().chain(&article.tags).collect::<Vec<_>>(),
        });
        // What is not known is left out; null is none of the format's values.
        if let Value::Object(fields) = &mut item {
            fields.retain(|_, value| !value.is_null());
        }
        item
    };
    let mut feed = json!({
        "version": "https://jsonfeed.org/version/1.1",
        "title": head.title,
        "items": articles.iter().map(item).collect::<Vec<_>>(),
    });
    if let (Some(url), Value::Object(fields)) = (&head.url, &mut feed) {
        fields.insert("feed_url".to_owned(), url.as_str().into());
    }
    feed
}

fn address(article: &Article) -> Option<&str> {
    article.canonical_url.as_deref().or(article.url.as_deref())
}

/// When it last changed, as far as is known.
fn updated(article: &Article) -> Option<Timestamp> {
    let said = article.modified.or(article.published).map(|date| date.instant());
    // Of several versions the later ones were changed by the time that they were fetched.
    if article.version > 1 { article.fetched.max(said) } else { said.or(article.fetched) }
}

/// A bare day as its beginning.
fn moment(date: ArticleDate) -> String {
    date.instant().to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_text_breaks_the_xml() {
        let nasty = "a]]>b<script>&\u{0}\u{8}\u{ffff}\"'\u{202e}";
        let article = Article {
            id: "a1".to_owned(),
            title: Some(nasty.to_owned()),
            authors: vec![nasty.to_owned()],
            tags: vec![nasty.to_owned()],
            html: nasty.to_owned(),
            ..Article::default()
        };
        let head = FeedHead { title: nasty.to_owned(), name: nasty.to_owned(), url: Some(nasty.to_owned()) };
        let feed = atom(&head, &[Version { source: "s".to_owned(), article }]);
        let mut reader = quick_xml::Reader::from_str(&feed);
        let mut texts = String::new();
        loop {
            match reader.read_event().unwrap() {
                quick_xml::events::Event::Eof => break,
                event => drop(write!(texts, "{event:?}")),
            }
        }
        assert!(!feed.contains('\u{0}') && !feed.contains("<script>") && texts.contains("entry"));
    }
}
