//! Whether a page is an empty shell that a script was to fill, so that it is worth showing it to a browser.
//!
//! Asked only of pages whose cleaning gave next to nothing. It has to be sure: a page that is short, a list of teasers or
//! closed to non-subscribers is no shell, and a browser costs a hundred times what a look at the tree does.

use super::{Input, content, parse};
use crate::markup::{Document, NodeData, NodeId, Tag};
use crate::model::{Article, PageType};
use memchr::memmem;

/// Words of an article from which there is nothing to be looked for.
const ARTICLE_WORDS: usize = 40;

/// Words that a shell's root may hold: "Loading, please wait".
const ROOT_WORDS: usize = 12;

/// Words beside an empty root that a shell may show: a menu, a footer, a cookie notice.
const FRAME_WORDS: usize = 300;

/// Words that a page without a root of a known name may show.
const BARE_WORDS: usize = 60;

/// Bytes of a script from which it can build something.
const SCRIPT_BYTES: usize = 100;

/// The names under which frameworks mount what they build.
const ROOT_IDS: [&str; 14] = [
    "___gatsby",
    "__next",
    "__nuxt",
    "app",
    "app-root",
    "application",
    "main-app",
    "page-root",
    "react-app",
    "react-root",
    "root",
    "root-app",
    "svelte",
    "vue-app",
];

/// Words of class names and ids that say that the article belongs here.
const PLACES: [&str; 5] = ["article", "content", "post-body", "story", "main"];

/// Whether a page that gave this article is a shell that a script was to fill.
#[must_use]
pub fn is_script_built(input: &Input<'_>, article: &Article) -> bool {
    if article.word_count >= ARTICLE_WORDS || article.paywalled {
        return false;
    }
    let Ok((decoded, document)) = parse(input) else { return false };
    if !has_script(&decoded.text) || leads_elsewhere(&document) {
        return false;
    }
    let Some(body) = document.find(NodeId::ROOT, Tag::Body) else { return false };
    let shown = shown_words(&document, body);
    let elements =
        || document.descendants(body).filter(|node| matches!(document.data(*node), NodeData::Element { .. }));
    let is_empty = |node| shown_words(&document, node) <= ROOT_WORDS;
    if shown <= FRAME_WORDS && elements().any(|node| is_root(&document, node) && is_empty(node)) {
        return true;
    }
    let is_list = article.page_type == PageType::Listing && shown > ROOT_WORDS;
    if shown > BARE_WORDS || is_list {
        return false;
    }
    let asks = elements().filter(|node| document.tag(*node) == Some(Tag::Noscript));
    asks.map(|node| document.text_content(node).to_lowercase()).any(|text| text.contains("javascript"))
        || elements().any(|node| is_place(&document, node) && shown_words(&document, node) == 0)
}

/// Whether there is a script that is more than data or a line.
fn has_script(html: &str) -> bool {
    let bytes = html.as_bytes();
    memmem::find_iter(bytes, b"<script").any(|open| {
        let Some(end) = memchr::memchr(b'>', &bytes[open..]).map(|end| open + end) else { return false };
        let tag = html[open..end].to_ascii_lowercase();
        let length = memmem::find(&bytes[end..], b"</script").unwrap_or(bytes.len() - end);
        !tag.contains("json") && (tag.contains("src=") || length > SCRIPT_BYTES)
    })
}

/// Whether the page only sends the reader on.
fn leads_elsewhere(document: &Document) -> bool {
    document.descendants(NodeId::ROOT).any(|node| {
        document.tag(node) == Some(Tag::Meta)
            && document.attribute(node, "http-equiv").is_some_and(|value| value.eq_ignore_ascii_case("refresh"))
    })
}

fn is_root(document: &Document, node: NodeId) -> bool {
    let named = |name: &str| ROOT_IDS.binary_search(&name).is_ok();
    // Angular's mounts are elements of their own.
    document.attribute(node, "id").is_some_and(named) || document.local_name(node) == "app-root"
}

/// Whether the element is one that would hold the article.
fn is_place(document: &Document, node: NodeId) -> bool {
    match document.tag(node) {
        Some(Tag::Article | Tag::Main) => true,
        Some(Tag::Div | Tag::Section) => {
            let says = |name| document.attribute(node, name).unwrap_or_default().to_ascii_lowercase();
            let names = [says("id"), says("class"), says("itemprop"), says("role")];
            names.iter().any(|name| PLACES.iter().any(|place| name.contains(place)))
        }
        _ => false,
    }
}

/// Words that a reader would see of a page before a script has filled it.
pub(super) fn words_shown(document: &Document) -> usize {
    document.find(NodeId::ROOT, Tag::Body).map_or(0, |body| shown_words(document, body))
}

/// Words that a reader with scripts would see below a node as the page was sent.
fn shown_words(document: &Document, top: NodeId) -> usize {
    let mut words = 0;
    let mut next = document.first_child(top);
    while let Some(node) = next {
        let unseen = matches!(
            document.tag(node),
            Some(Tag::Script | Tag::Style | Tag::Noscript | Tag::Template | Tag::Svg | Tag::Iframe | Tag::Head)
        );
        if let Some(text) = document.text(node) {
            words += content::count_words(text);
        }
        let child = if unseen { None } else { document.first_child(node) };
        next = child.or_else(|| document.after(node, top));
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::extract::{Options, clean};

    const MENU: &str = "<header><a href=/>Front page</a> <a href=/town>Town</a> <a href=/sea>Sea</a></header>";
    const APP: &str = "<script src=/app.js></script>";
    const TEXT: &str = "<p>The ferry to Holm island sails again on Monday, three months after a storm broke its ramp.</p>\
        <p>Two divers and a smith from Upper Tarn had worked on the ramp since October, for the most part at night, when \
        the tide was low enough to reach the hinges and nobody wanted to cross.</p>";

    fn wanted(html: &str) -> bool {
        let input = Input { bytes: html.as_bytes(), ..Input::default() };
        is_script_built(&input, &clean(&input, &Options::default()).unwrap().article)
    }

    #[test]
    fn names_are_in_order() {
        assert!(ROOT_IDS.is_sorted());
    }

    #[test]
    fn shells_are() {
        for page in [
            format!("<body><div id=root></div>{APP}"),
            format!("<body>{MENU}<div id=__next><div class=spinner>Loading …</div></div>{APP}<footer>Imprint</footer>"),
            format!("<body><app-root>Please wait</app-root>{APP}"),
            format!("<head>{APP}</head><body><noscript>Bitte JavaScript einschalten</noscript><div></div>"),
            format!("<body>{MENU}<main></main><script>{}</script>", "build();".repeat(40)),
            format!("<body>{MENU}<div class=story-body></div>{APP}"),
        ] {
            assert!(wanted(&page), "{page}");
        }
    }

    #[test]
    fn pages_are_not() {
        let teasers = "<li><a href=/2026/11/story>Council votes on another bridge</a> Town, today</li>".repeat(30);
        for page in [
            // An article, also one of a framework.
            format!("<body>{MENU}<article><h1>Ferry</h1>{TEXT}</article>{APP}"),
            format!("<body><div id=root><article><h1>Ferry</h1>{TEXT}</article></div>{APP}"),
            // No script, or one that is data.
            "<body><div id=root></div>".to_owned(),
            "<body><div id=root></div><script type=application/ld+json src=x>{}</script>".to_owned(),
            "<body><div id=root></div><script>window.lang = 'en';</script>".to_owned(),
            // A list.
            format!("<body>{MENU}<main><ul>{teasers}</ul></main>{APP}<noscript>JavaScript</noscript>"),
            // A short page that is whole.
            format!("<body>{MENU}<main><h1>Not found</h1><p>There is no such page.</p></main>{APP}"),
            // A page that sends the reader on.
            format!("<head><meta http-equiv=refresh content='0; url=/new'></head><body><div id=app></div>{APP}"),
            // A paywall.
            format!(
                "<head><script type=application/ld+json>{{\"@context\":\"https://schema.org\",\"@type\":\"NewsArticle\",\
                 \"isAccessibleForFree\":false}}</script></head><body><main></main><p>Subscribe to read on.</p>{APP}"
            ),
        ] {
            assert!(!wanted(&page), "{page}");
        }
    }
}
