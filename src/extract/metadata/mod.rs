//! What the page says of its article beside the body. One order of precedence a field, each value with its source.

mod author_names;
mod author_words;
mod authors;
mod calendars;
mod date_lines;
mod dates;
mod first_post;
mod head;
mod json_ld;
mod language;
mod link_header;
mod month_names;
mod page_type;
mod publication;
mod relative_dates;
mod title;
mod url_dates;
mod usage;

pub(super) use author_names::{clean_names, is_person, is_section_word, signed_names};
pub(super) use authors::{bare_name_in, names_in_line};
pub(super) use head::Head;
pub(super) use language::detect as detect_language;

use super::app_state::{SOURCE as STATE, Told};
use super::content::{Decision, PageKind};
use super::pictures::fold;
use crate::markup::Document;
use crate::model::{Article, ArticleDate, Usage};
use jiff::Timestamp;
use url::Url;

/// Where a field's value came from, for people.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct FieldReport {
    /// The record's field.
    pub field: &'static str,
    /// Where on the page its value stands.
    pub source: &'static str,
    /// The value.
    pub value: String,
}

/// What [`read`] needs besides the head.
pub(super) struct Context<'a> {
    pub(super) document: &'a Document,
    pub(super) decision: &'a Decision,
    /// Where the page was fetched.
    pub(super) url: Option<&'a Url>,
    /// The cleaned body.
    pub(super) text: &'a str,
    /// What the page's state says of the article, where the body was found there.
    pub(super) told: &'a Told,
    /// The moment that nothing can have been published after.
    pub(super) now: Option<Timestamp>,
    /// The `X-Robots-Tag` headers.
    pub(super) robots_tags: &'a [String],
    /// The `Link` headers.
    pub(super) links: &'a [String],
    /// What else was said of the page's use.
    pub(super) usage: Option<&'a Usage>,
    /// Our name among robots.
    pub(super) robot: &'a str,
}

/// Fills an article's metadata, and says where each value came from.
pub(super) fn read(head: &Head, context: &Context<'_>, article: &mut Article) -> Vec<FieldReport> {
    let mut reports = Vec::new();
    let mut record = |field: &'static str, source: &'static str, value: &dyn std::fmt::Display| {
        reports.push(FieldReport { field, source, value: value.to_string() });
    };
    let node = head.json_ld.article(context.url.map(Url::as_str));

    article.url = context.url.map(Url::to_string);
    if let Some((url, source)) = head.canonical_url(context) {
        record("canonical_url", source, &url);
        article.canonical_url = Some(url.into());
    }
    if let Some((name, source)) = head.site_name(context, node.as_ref()) {
        record("site_name", source, &name);
        article.site_name = Some(name);
    }
    let is_article = head.page_words(context.url).kind == PageKind::Article;
    let title =
        title::choose(head, node.as_ref(), context.decision, article.site_name.as_deref(), context.url, is_article);
    // The title element of a page that a script is to build names the site, until the script has run.
    let declared = title.filter(|(_, source)| context.told.title.is_none() || *source != title::ELEMENT);
    let told = || Some((fold(&without_markup(context.told.title.as_ref()?)), STATE));
    if let Some((title, source)) = declared.or_else(told) {
        record("title", source, &title);
        article.title = Some(title);
    }
    if let Some((language, source)) = language::choose(head, node.as_ref(), context.text) {
        record("language", source, &language);
        article.language = Some(language);
    }
    if let Some((summary, source)) = head.summary(context.document, node.as_ref()) {
        record("summary", source, &summary);
        article.summary = Some(summary);
    }
    if let Some((subtitle, source)) = subtitle(node.as_ref(), context.decision, article.title.as_deref()) {
        record("subtitle", source, &subtitle);
        article.subtitle = Some(subtitle);
    }
    if let Some((section, source)) = head.section(context, node.as_ref(), article) {
        record("section", source, &section);
        article.section = Some(section);
    }
    let (tags, source) = head.tags(context.document, node.as_ref());
    if !tags.is_empty() {
        record("tags", source, &tags.join(", "));
        article.tags = tags;
    }
    let reading = dates::Reading {
        language: article.language.as_deref().unwrap_or_default(),
        host: context.url.and_then(Url::host_str).unwrap_or_default(),
    };
    let (authors, source) = authors::choose(head, node.as_ref(), context, article.site_name.as_deref(), reading);
    if !authors.is_empty() {
        record("authors", source, &authors.join(", "));
        article.authors = authors;
    }
    let found = publication::choose(head, node.as_ref(), context, reading);
    if let Some((date, source)) = found.published {
        record("published", source, &date);
        article.published = Some(date);
    }
    if let Some((date, source)) = found.modified {
        record("modified", source, &date);
        article.modified = Some(date);
    }
    article.usage = head.usage(node.as_ref(), context);
    article.paywalled = head.paywalled(context, node.as_ref());
    let (page_type, source) = page_type::choose(head, node.as_ref(), context, article);
    record("page_type", source, &format!("{page_type:?}").to_lowercase());
    article.page_type = page_type;
    reports
}

/// A date for scraped text: the same reading, without a page around it.
pub(super) fn read_date(text: &str, language: &str) -> Option<ArticleDate> {
    dates::read(text, dates::Reading { language, host: "" })
}

/// What a line of a scraped text says of its dates: the day of publication and that of a change.
pub(super) fn read_dates(line: &str, language: &str) -> (Option<ArticleDate>, Option<ArticleDate>) {
    let line = date_lines::Line::read(line, dates::Reading { language, host: "" });
    (line.published.map(|written| written.date), line.updated.map(|written| written.date))
}

/// Whether a line has a word for publication or for a change.
pub(super) fn names_a_day(lower: &str) -> bool {
    date_lines::says_published(lower) || date_lines::says_updated(lower)
}

impl Head {
    fn canonical_url(&self, context: &Context<'_>) -> Option<(Url, &'static str)> {
        let &Context { document, url, links, .. } = context;
        let microdata = self.property("mainEntityOfPage").next().and_then(|node| document.attribute(node, "href"));
        let candidates = [
            (self.link("canonical"), "link rel=canonical"),
            (link_header::canonical(links), "Link header"),
            (self.meta(&["og:url"]), "og:url"),
            (self.json_ld_url(url), "JSON-LD"),
            (microdata, "microdata"),
        ];
        candidates.into_iter().find_map(|(text, source)| {
            // What a template did not fill in is no address: "{{ canonical }}".
            let text = text.filter(|text| !text.contains(['{', '}', '<', '>']))?;
            let found = match url.or(self.base.as_ref()) {
                Some(base) => base.join(text.trim()).ok()?,
                None => Url::parse(text.trim()).ok()?,
            };
            // A canonical link to the front page, from an article, is a template's mistake.
            let plausible = matches!(found.scheme(), "http" | "https")
                && found.has_host()
                && !(found.path().len() <= 1 && found.query().is_none() && url.is_some_and(|url| url.path().len() > 1));
            plausible.then_some((found, source))
        })
    }

    fn summary(&self, document: &Document, node: Option<&json_ld::Node<'_>>) -> Option<(String, &'static str)> {
        let microdata = self.property("description").next().map(|node| head::property_text(document, node));
        let candidates = [
            (self.meta(&["description"]).map(str::to_owned), "meta description"),
            (self.meta(&["og:description"]).map(str::to_owned), "og:description"),
            (node.and_then(|node| node.text("description")), "JSON-LD"),
            (self.meta(&["twitter:description", "dc.description", "dcterms.description"]).map(str::to_owned), "meta"),
            (microdata, "microdata"),
        ];
        candidates.into_iter().find_map(|(text, source)| {
            let text = fold(&without_markup(&text?));
            (!text.is_empty()).then_some((text, source))
        })
    }
}

/// The standfirst: declared as a second headline, or shown as one.
fn subtitle(
    node: Option<&json_ld::Node<'_>>,
    decision: &Decision,
    title: Option<&str>,
) -> Option<(String, &'static str)> {
    let distinct = |text: &str| {
        let text = fold(text);
        ((8..=600).contains(&text.chars().count()) && title != Some(text.as_str())).then_some(text)
    };
    let declared = node.and_then(|node| node.text("alternativeHeadline")).and_then(|text| distinct(&text));
    declared
        .map(|text| (text, "JSON-LD alternativeHeadline"))
        .or_else(|| decision.standfirst().and_then(distinct).map(|text| (text, "standfirst")))
}

/// Descriptions hold tags and character references now and then.
pub(super) fn without_markup(text: &str) -> String {
    if text.contains('<') && text.contains('>') || text.contains('&') && text.contains(';') {
        let document = crate::markup::parse(text);
        let plain = document.text_content(crate::markup::NodeId::ROOT);
        // Escaped twice, by a template and by its data.
        if plain.contains("&#") || plain.contains("&amp;") {
            crate::markup::parse(&plain).text_content(crate::markup::NodeId::ROOT)
        } else {
            plain
        }
    } else {
        text.to_owned()
    }
}
