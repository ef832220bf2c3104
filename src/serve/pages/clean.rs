//! Clean: a URL, a page or a text in; the article out, and an X-ray of the page that shows what went and why.

use super::framed;
use super::reader::without_pictures;
use super::words::date;
use crate::extract::{BlockReport, Cleaned, Explain, Explanation};
use crate::serve::Desk;
use crate::serve::api::clean::Wanted;
use crate::serve::problem::Problem;
use axum::body::Body;
use axum::http::{Request, Response};
use maud::{Markup, PreEscaped, html};
use url::{Url, form_urlencoded};

/// Blocks that are listed one by one below the X-ray.
const LISTED: usize = 2000;

/// Characters of a block's text in that list.
const EXCERPT: usize = 160;

/// What stands in the form.
#[derive(Default)]
struct Typed<'a> {
    what: &'a str,
    url: &'a str,
    problem: Option<String>,
}

/// The page before anything is cleaned.
pub(super) fn form_page(query: Option<&str>) -> Response<Body> {
    let what = form_urlencoded::parse(query.unwrap_or_default().as_bytes()).find(|(key, _)| key == "url");
    let what = what.map(|(_, url)| url.into_owned()).unwrap_or_default();
    let content = html! {
        h1 { "Clean" }
        p.lead { "An address, a page's HTML, or text that somebody copied: see the article in it, and what was left out." }
        (form(&Typed { what: &what, ..Typed::default() }))
    };
    framed("/clean", "Clean", &content)
}

impl Desk {
    /// The page with what was cleaned.
    pub(super) async fn cleaned_page(&self, request: Request<Body>) -> Result<Response<Body>, Problem> {
        let fields = self.read_form(request).await?;
        let (what, url) = (fields.field("what").unwrap_or_default(), fields.field("url").unwrap_or_default());
        let cleaned = match wanted(what, url) {
            Ok(wanted) => self.clean_one(wanted, Explain::WithPage, None).await.map_err(Problem::into_detail),
            Err(problem) => Err(problem),
        };
        let typed = Typed { what, url, problem: cleaned.as_ref().err().cloned() };
        let content = html! {
            h1 { "Clean" }
            (form(&typed))
            @if let Ok(cleaned) = &cleaned { (result(cleaned)) }
        };
        Ok(framed("/clean", "Clean", &content))
    }
}

/// What is meant by what was typed.
fn wanted(what: &str, url: &str) -> Result<Wanted, String> {
    let read = |text: &str| {
        let url = Url::parse(text).ok().filter(|url| matches!(url.scheme(), "http" | "https"));
        url.ok_or_else(|| format!("{text:?} is no web address; write it whole, with https://"))
    };
    let base = if url.is_empty() { None } else { Some(read(url)?) };
    let is_one_line = !what.contains(char::is_whitespace);
    Ok(match what {
        "" => return Err("nothing was given; paste an address, a page's HTML, or text".to_owned()),
        what if is_one_line && !what.contains('<') => Wanted { url: Some(read(what)?), ..Wanted::default() },
        what if what.contains('<') && what.contains('>') => {
            Wanted { html: Some(what.to_owned()), url: base, ..Wanted::default() }
        }
        what => Wanted { text: Some(what.to_owned()), url: base, ..Wanted::default() },
    })
}

fn form(typed: &Typed<'_>) -> Markup {
    html! {
        form.clean method="post" action="/clean" {
            label for="what" { "Address, HTML or text" }
            textarea id="what" name="what" rows="5" required spellcheck="false" placeholder="https://www.my-paper.example/a-story" {
                (typed.what)
            }
            details open[!typed.url.is_empty()] {
                summary { "Where pasted HTML came from" }
                label for="url" { "Its address, which makes its links absolute" }
                input id="url" name="url" type="text" inputmode="url" value=(typed.url) maxlength="2000";
            }
            @if let Some(problem) = &typed.problem { p.failing role="alert" { (problem) } }
            button type="submit" { "Clean" }
        }
    }
}

fn result(cleaned: &Cleaned) -> Markup {
    let article = &cleaned.article;
    html! {
        nav.tabs aria-label="Parts of the result" {
            a href="#article" { "Article" }
            a href="#xray" { "X-ray" }
            a href="#fields" { "Fields" }
            a href="#markdown" { "Markdown" }
        }
        section id="article" aria-labelledby="article-title" {
            article.prose lang=[article.language.as_deref()] {
                h2 id="article-title" dir="auto" { (article.title.as_deref().unwrap_or("(without a headline)")) }
                @if let Some(subtitle) = &article.subtitle { p.lead dir="auto" { (subtitle) } }
                p.byline {
                    @if !article.authors.is_empty() { "By " (article.authors.join(", ")) " · " }
                    @if let Some(published) = article.published { (date(published)) }
                }
                @if article.text.is_empty() { p.empty { "There is no article in this." } }
                (PreEscaped(without_pictures(&article.html)))
            }
        }
        @if let Some(explanation) = &cleaned.explanation { (xray(explanation)) (fields(cleaned, explanation)) }
        section id="markdown" aria-labelledby="markdown-title" {
            h2 id="markdown-title" { "Markdown" }
            pre.code tabindex="0" dir="auto" { (article.markdown) }
        }
    }
}

fn xray(explanation: &Explanation) -> Markup {
    let kept = explanation.blocks.iter().filter(|block| block.kept).count();
    html! {
        section id="xray" aria-labelledby="xray-title" {
            h2 id="xray-title" { "X-ray" }
            p {
                mark.kept { "Kept" } " " (kept) ", " mark.dropped { "dropped" } " " (explanation.blocks.len() - kept) " of "
                (explanation.blocks.len()) " blocks, among them what was " mark.taken { "taken" } " as headline or standfirst. The \
                body comes from " (explanation.body) "."
            }
            p.quiet.scripted { "Hover over a block, or tap it, to see why." }
            @if let Some(page) = &explanation.page {
                div.xray tabindex="0" role="region" aria-label="The page with its blocks marked" {
                    (PreEscaped(page))
                }
            }
            div.why id="why" role="status" hidden {}
            details {
                summary { "Every block, with the reason" }
                div.scroll tabindex="0" role="region" aria-label="Every block" {
                    table.blocks {
                        thead { tr { th scope="col" { "Block" } th scope="col" { "Verdict" } th scope="col" { "Text" } th scope="col" { "Why" } } }
                        tbody {
                            @for (number, block) in explanation.blocks.iter().enumerate().take(LISTED) { (block_row(number, block)) }
                        }
                    }
                }
                @if explanation.blocks.len() > LISTED { p.quiet { (explanation.blocks.len() - LISTED) " more are left out here." } }
            }
        }
    }
}

fn block_row(number: usize, block: &BlockReport) -> Markup {
    let mut text: String = block.text.chars().take(EXCERPT).collect();
    if text.len() < block.text.len() {
        text.push('…');
    }
    html! {
        tr id={ "block-" (number) } data-kept[block.kept] {
            th scope="row" { (number + 1) }
            td {
                span.pill.good[block.kept].rest[!block.kept] { @if block.kept { "kept" } @else { "dropped" } }
                div.quiet { (format!("{:.0} %", block.probability * 100.0)) }
            }
            td dir="auto" { (text) div.quiet { code { (block.path) } } }
            td.reason { (block.reason) }
        }
    }
}

fn fields(cleaned: &Cleaned, explanation: &Explanation) -> Markup {
    let article = &cleaned.article;
    html! {
        section id="fields" aria-labelledby="fields-title" {
            h2 id="fields-title" { "Fields" }
            p.quiet {
                (article.page_type.name()) ", sure to " (format!("{:.0} %", article.confidence * 100.0)) "; "
                (article.word_count) " words; read as " (explanation.encoding)
            }
            div.scroll tabindex="0" role="region" aria-label="Fields" {
                table {
                    thead { tr { th scope="col" { "Field" } th scope="col" { "Value" } th scope="col" { "From" } } }
                    tbody {
                        @for field in &explanation.fields {
                            tr { th scope="row" { (field.field) } td dir="auto" { (field.value) } td.quiet { (field.source) } }
                        }
                    }
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_typed_is_an_address_a_page_or_a_text() {
        let is = |what: &str| {
            let wanted = wanted(what, "").unwrap();
            (wanted.url.is_some(), wanted.html.is_some(), wanted.text.is_some())
        };
        assert_eq!(is("https://ledger.example/a?b=c"), (true, false, false));
        assert_eq!(is("<p>One</p>"), (false, true, false));
        assert_eq!(is("One two.\n\nThree > four."), (false, false, true));
        assert!(wanted("word", "").is_err() && wanted("", "").is_err() && wanted("file:///etc/passwd", "").is_err());
        assert!(wanted("<p>One</p>", "ledger").is_err());
    }
}
