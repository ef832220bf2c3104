//! The reader: articles searched and filtered, one set in good type, its versions, and the page that it came from.

use super::words::{count, date, grouped, when};
use super::{framed, segment};
use crate::archive::catalogue::{Hit, Search, Snippet, Version};
use crate::archive::{Catalogue, Comparison, Paragraph, Side, Told, archived_page, history, pair};
use crate::model::Article;
use crate::serve::Desk;
use crate::serve::api::articles::{no_article, no_version, versions};
use crate::serve::problem::Problem;
use crate::serve::query::{FILTER, Query};
use axum::body::Body;
use axum::http::Response;
use maud::{Markup, PreEscaped, html};
use url::form_urlencoded;

/// Articles of a page.
const PAGE: usize = 20;

/// The last page, since each article before is read to be passed over.
const MAX_PAGE: usize = 500;

/// What was found, and what a person can choose from.
#[derive(Default)]
struct Found {
    hits: Vec<Hit>,
    sources: Vec<String>,
    languages: Vec<String>,
}

impl Desk {
    /// The page of all articles.
    pub(super) async fn reader_page(&self, query: Option<&str>) -> Result<Response<Body>, Problem> {
        // A form sends what is left empty, too.
        let filled =
            form_urlencoded::parse(query.unwrap_or_default().as_bytes()).filter(|(_, value)| !value.is_empty());
        let filled = form_urlencoded::Serializer::new(String::new()).extend_pairs(filled).finish();
        let query = Query::read(Some(&filled), &[&FILTER, &["query", "page"]])?;
        let number = query.number("page", 1, (1, MAX_PAGE))?;
        let text = query.one("query")?.map(str::to_owned);
        let (filter, wanted) = (query.filter()?, text.clone());
        let find = move |catalogue: &Catalogue| {
            let offset = (number - 1) * PAGE;
            // One more tells whether there is another page.
            let hits = match wanted {
                Some(query) => catalogue.search(&Search { query, filter, limit: PAGE + 1, offset })?,
                None => catalogue.newest(&filter, PAGE + 1, offset)?.into_iter().map(plain_hit).collect(),
            };
            Ok(Found { hits, sources: catalogue.sources()?.into_keys().collect(), languages: catalogue.languages()? })
        };
        let mut found = self.catalogue(find).await?.unwrap_or_default();
        let is_more = found.hits.len() > PAGE;
        found.hits.truncate(PAGE);
        let content = html! {
            h1 { "Reader" }
            (search_form(&query, &found)?)
            @if found.hits.is_empty() {
                p.empty role="status" {
                    @if filled.is_empty() { "The archive is empty." } @else { "Nothing was found. Fewer words or filters find more." }
                }
            }
            ol.hits { @for hit in &found.hits { (hit_item(hit)) } }
            nav.pages aria-label="Pages of articles" {
                @if number > 1 {
                    a rel="prev" href={ "/articles?" (query.with("page", &(number - 1).to_string())) } { "Earlier page" }
                }
                @if is_more && number < MAX_PAGE {
                    a rel="next" href={ "/articles?" (query.with("page", &(number + 1).to_string())) } { "Next page" }
                }
                a.quiet href=(feed_of(&query, text.as_deref())) { "This as a feed" }
            }
        };
        Ok(framed("/articles", "Reader", &content))
    }

    /// The page of one article.
    pub(super) async fn article_page(&self, id: String, query: Option<&str>) -> Result<Response<Body>, Problem> {
        let query = Query::read(query, &[&["version"]])?;
        let wanted = query.read_as::<u32>("version", "the number of a version")?;
        let find = move |catalogue: &Catalogue| {
            let versions = versions(catalogue, &id)?;
            let (_, version) = pair(&versions, None, wanted).map_err(no_version)?;
            let siblings = match &version.article.cluster {
                Some(cluster) => catalogue.cluster(cluster)?,
                None => Vec::new(),
            };
            let siblings = siblings.into_iter().filter(|other| other.article.id != id).collect::<Vec<_>>();
            Ok((version.clone(), history(catalogue, &versions)?, siblings))
        };
        let (version, told, siblings) = self.catalogue(find).await?.ok_or_else(no_article)?;
        let article = &version.article;
        let content = html! {
            div.reading {
                (article_body(&version))
                aside aria-label="About this article" {
                    (versions_list(article, &told))
                    @if !siblings.is_empty() {
                        h2 { "Told elsewhere" }
                        ul.lines { @for sibling in &siblings { li { (line(sibling)) } } }
                    }
                    (downloads(article))
                    (facts(&version))
                }
            }
        };
        Ok(framed("", title(article), &content))
    }

    /// The page of two versions, compared.
    pub(super) async fn diff_page(&self, id: String, query: Option<&str>) -> Result<Response<Body>, Problem> {
        let query = Query::read(query, &[&["old", "new"]])?;
        let number = |key| query.read_as::<u32>(key, "the number of a version");
        let (old, new) = (number("old")?, number("new")?);
        let of = id.clone();
        let find = move |catalogue: &Catalogue| {
            let versions = versions(catalogue, &of)?;
            let (old, new) = pair(&versions, old, new).map_err(no_version)?;
            Ok((new.article.clone(), Comparison::of(&old.article, &new.article)))
        };
        let (article, comparison) = self.catalogue(find).await?.ok_or_else(no_article)?;
        let language = article.language.as_deref();
        let content = html! {
            p { a href={ "/articles/" (segment(&id)) } { "Back to the article" } }
            h1 { "Version " (comparison.old) " and version " (comparison.new) }
            p.quiet { del { "Struck out" } " was taken out, " ins { "underlined" } " came in." }
            @if comparison.is_same() { p.empty { "No word differs." } }
            article.prose.diff lang=[language] {
                @for paragraph in &comparison.title { h2 dir="auto" { (pieces(paragraph)) } }
                @for paragraph in &comparison.subtitle { p.lead dir="auto" { (pieces(paragraph)) } }
                @for paragraph in &comparison.text { p dir="auto" { (pieces(paragraph)) } }
            }
        };
        Ok(framed("", "What changed", &content))
    }

    /// The page of an article beside the page that it came from.
    pub(super) async fn original_page(&self, id: String, query: Option<&str>) -> Result<Response<Body>, Problem> {
        let query = Query::read(query, &[&["version"]])?;
        let wanted = query.read_as::<u32>("version", "the number of a version")?;
        let of = id.clone();
        let find = move |catalogue: &Catalogue| {
            let versions = versions(catalogue, &of)?;
            let (_, version) = pair(&versions, None, wanted).map_err(no_version)?;
            Ok(version.clone())
        };
        let version = self.catalogue(find).await?.ok_or_else(no_article)?;
        let (root, place) = (self.archive.clone(), version.article.url.clone().zip(version.article.fetched));
        let page = self
            .blocking(move || match place {
                Some((url, fetched)) => Ok(archived_page(&root, &url, fetched)?),
                None => Ok(None),
            })
            .await?;
        let frame = format!("/v1/articles/{}/original?version={}", segment(&id), version.article.version);
        let content = html! {
            p { a href={ "/articles/" (segment(&id)) } { "Back to the article" } }
            div.beside {
                (article_body(&version))
                section aria-labelledby="original" {
                    h2 id="original" { "As it was received" }
                    @if let Some(page) = page {
                        p.quiet { "Captured " (page.date) ", in " code { (page.file) } ". Nothing of it runs or loads here." }
                        iframe src=(frame) title="The page as it was received" sandbox="" {}
                    } @else {
                        p.empty {
                            "The archive does not have the page as it was received. Add " code { "warc" } " to "
                            code { "[archive] formats" } " to keep pages from now on."
                        }
                    }
                }
            }
        };
        Ok(framed("", "Original", &content))
    }
}

fn plain_hit(version: Version) -> Hit {
    let text = version.article.summary.clone().unwrap_or_default();
    Hit { version, snippet: Snippet { text, marks: Vec::new() }, score: 0.0, is_withdrawn: false }
}

/// The feed of what is searched for.
fn feed_of(query: &Query, text: Option<&str>) -> String {
    let name = if text.is_some() { "search" } else { "all" };
    let all = query.without("page");
    if all.is_empty() { format!("/feeds/{name}.atom") } else { format!("/feeds/{name}.atom?{all}") }
}

fn search_form(query: &Query, found: &Found) -> Result<Markup, Problem> {
    let one = |key| query.one(key).map(Option::unwrap_or_default);
    let choice = |name: &'static str, label: &'static str, all: &'static str, choices: &[String]| {
        let chosen = one(name)?;
        Ok::<_, Problem>(html! {
            div {
                label for=(name) { (label) }
                select id=(name) name=(name) {
                    option value="" { (all) }
                    @for choice in choices { option value=(choice) selected[choice == chosen] { (choice) } }
                }
            }
        })
    };
    Ok(html! {
        form.search role="search" action="/articles" {
            div.wide {
                label for="query" { "Words" }
                input id="query" name="query" type="search" value=(one("query")?) placeholder="harbour \"night ferry\" -parrot" maxlength="1000";
            }
            (choice("source", "Source", "all", &found.sources)?)
            (choice("lang", "Language", "any", &found.languages)?)
            div { label for="author" { "By" } input id="author" name="author" value=(one("author")?) maxlength="200"; }
            div { label for="since" { "Since" } input id="since" name="since" value=(one("since")?) placeholder="7d or 2026-11-01" maxlength="40"; }
            button type="submit" { "Search" }
        }
    })
}

fn hit_item(hit: &Hit) -> Markup {
    let article = &hit.version.article;
    html! {
        li lang=[article.language.as_deref()] {
            h2 dir="auto" { a href={ "/articles/" (article.id) } { (title(article)) } }
            p.quiet { (about(&hit.version)) @if hit.is_withdrawn { " · " span.pill.rest { "withdrawn since" } } }
            p dir="auto" { (marked(&hit.snippet)) }
        }
    }
}

/// A snippet with what was looked for marked.
fn marked(snippet: &Snippet) -> Markup {
    let mut at = 0;
    let mut parts = Vec::new();
    for mark in &snippet.marks {
        parts.push((false, &snippet.text[at..mark.start]));
        parts.push((true, &snippet.text[mark.clone()]));
        at = mark.end;
    }
    parts.push((false, &snippet.text[at..]));
    html! { @for (is_mark, text) in parts { @if is_mark { mark { (text) } } @else { (text) } } }
}

/// An article in two lines.
pub(super) fn line(version: &Version) -> Markup {
    let article = &version.article;
    html! {
        a dir="auto" lang=[article.language.as_deref()] href={ "/articles/" (article.id) } { (title(article)) }
        div.quiet { (about(version)) }
    }
}

fn about(version: &Version) -> Markup {
    let article = &version.article;
    html! {
        (article.site_name.as_deref().unwrap_or(&version.source))
        @if let Some(published) = article.published { " · " (date(published)) }
        @if !article.authors.is_empty() { " · " (article.authors.join(", ")) }
    }
}

fn title(article: &Article) -> &str {
    article.title.as_deref().filter(|title| !title.trim().is_empty()).unwrap_or("(without a headline)")
}

/// The article, set to be read.
pub(super) fn article_body(version: &Version) -> Markup {
    let article = &version.article;
    html! {
        article.prose lang=[article.language.as_deref()] {
            header {
                p.kicker { (article.site_name.as_deref().unwrap_or(&version.source)) @if let Some(section) = &article.section { " · " (section) } }
                h1 dir="auto" { (title(article)) }
                @if let Some(subtitle) = &article.subtitle { p.lead dir="auto" { (subtitle) } }
                p.byline {
                    @if !article.authors.is_empty() { "By " (article.authors.join(", ")) " · " }
                    @if let Some(published) = article.published { (date(published)) }
                    @if let Some(modified) = article.modified.filter(|modified| Some(*modified) != article.published) { ", changed " (date(modified)) }
                }
            }
            @if article.paywalled { p.note { "The page says that it holds only a teaser." } }
            @if article.tombstone.is_some() { p.note { "There is no text of this version." } }
            (PreEscaped(without_pictures(&article.html)))
        }
    }
}

fn versions_list(article: &Article, told: &[Told]) -> Markup {
    html! {
        h2 { "Versions" }
        ol.lines.versions {
            @for version in told {
                li {
                    a href={ "/articles/" (article.id) "?version=" (version.version) }
                        aria-current=[(version.version == article.version).then_some("true")] { "Version " (version.version) }
                    " " span.quiet { (when(version.fetched)) }
                    @for change in &version.changes { div.quiet dir="auto" { (change.in_words(version.word_count)) } }
                    @if version.version > 1 && version.tombstone.is_none() {
                        a href={ "/articles/" (article.id) "/diff?old=" (version.version - 1) "&new=" (version.version) } { "What changed" }
                    }
                }
            }
        }
    }
}

fn downloads(article: &Article) -> Markup {
    let original = format!("/articles/{}/original?version={}", article.id, article.version);
    let forms = [("md", "Markdown"), ("html", "HTML"), ("txt", "Text"), ("json", "JSON")];
    html! {
        h2 { "Elsewhere" }
        ul.lines {
            @if let Some(url) = article.url.as_ref().filter(|url| is_web(url)) { li { a href=(url) rel="noreferrer noopener" { "At the publisher" } } }
            li { a href=(original) { "Beside the original" } }
            li {
                "Download: "
                @for (index, (form, name)) in forms.into_iter().enumerate() {
                    @if index > 0 { ", " }
                    a href={ "/v1/articles/" (article.id) "?version=" (article.version) "&form=" (form) } download={ (article.id) "." (form) } { (name) }
                }
            }
        }
    }
}

/// Whether an address leads to the web: what came out of other archives may have any.
fn is_web(url: &str) -> bool {
    url.starts_with("https://") || url.starts_with("http://")
}

fn facts(version: &Version) -> Markup {
    let article = &version.article;
    html! {
        h2 { "Facts" }
        dl.facts {
            dt { "Source" } dd { (version.source) }
            @if let Some(language) = &article.language { dt { "Language" } dd { (language) } }
            dt { "Length" } dd { (count(article.word_count as u64, "word", "words")) }
            dt { "Kind" } dd { (article.page_type.name()) ", sure to " (format!("{:.0} %", article.confidence * 100.0)) }
            @if !article.tags.is_empty() { dt { "Tags" } dd dir="auto" { (article.tags.join(", ")) } }
            @if let Some(license) = &article.usage.license { dt { "Licence" } dd { (license) } }
            @if article.usage.tdm_reservation == Some(true) { dt { "Text and data mining" } dd { "reserved" } }
            @if let Some(fetched) = article.fetched { dt { "Fetched" } dd { (when(Some(fetched))) } }
            dt { "Number" } dd { (grouped(article.seq)) }
            dt { "Id" } dd { code { (article.id) } }
        }
    }
}

fn pieces(paragraph: &Paragraph) -> Markup {
    html! {
        @for piece in &paragraph.pieces {
            @match piece.side {
                Side::Both => (piece.text),
                Side::Old => del { (piece.text) },
                Side::New => ins { (piece.text) },
            }
        }
    }
}

/// The cleaner's HTML with a link in each picture's place: what lies elsewhere is not loaded. That HTML is written by this
/// program, in one form: `<img src="…" alt="…">`, its values escaped.
pub(super) fn without_pictures(html: &str) -> String {
    let mut out = String::with_capacity(html.len());
    let mut rest = html;
    while let Some(start) = rest.find("<img ") {
        out.push_str(&rest[..start]);
        let tag = &rest[start..];
        let end = tag.find('>').map_or(tag.len(), |end| end + 1);
        let value = |name: &str| {
            let value = tag[..end].split_once(&format!(" {name}=\""))?.1;
            value.split_once('"').map(|(value, _)| value)
        };
        let alt = value("alt").filter(|alt| !alt.is_empty()).unwrap_or("picture");
        match value("src") {
            // Within a link there can be no other.
            Some(source) if !is_within_link(&out) => {
                out.push_str("<a class=\"picture\" rel=\"noreferrer noopener\" href=\"");
                out.push_str(source);
                out.push_str("\">");
                out.push_str(alt);
                out.push_str("</a>");
            }
            _ => {
                out.push_str("<span class=\"picture\">");
                out.push_str(alt);
                out.push_str("</span>");
            }
        }
        rest = &tag[end..];
    }
    out.push_str(rest);
    out
}

fn is_within_link(html: &str) -> bool {
    let opened = html.rfind("<a ");
    opened.is_some_and(|opened| !html[opened..].contains("</a>"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pictures_become_links() {
        let html = "<p>a</p><figure><img src=\"https://e.test/a.jpg?b&amp;c\" alt=\"A &quot;cat&quot;\"></figure>\
                    <a href=\"https://e.test/\"><img src=\"x\" alt=\"\"></a>";
        let expected = "<p>a</p><figure><a class=\"picture\" rel=\"noreferrer noopener\" \
                        href=\"https://e.test/a.jpg?b&amp;c\">A &quot;cat&quot;</a></figure>\
                        <a href=\"https://e.test/\"><span class=\"picture\">picture</span></a>";
        assert_eq!(without_pictures(html), expected);
        assert_eq!(without_pictures("<img "), "<span class=\"picture\">picture</span>");
    }

    #[test]
    fn what_was_looked_for_is_marked() {
        let snippet = Snippet { text: "a <b> c".to_owned(), marks: vec![2..5, 6..7] };
        assert_eq!(marked(&snippet).into_string(), "a <mark>&lt;b&gt;</mark> <mark>c</mark>");
    }
}
