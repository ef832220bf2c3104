//! What kind of page it is.

use super::Context;
use super::head::Head;
use super::json_ld::Node;
use crate::model::{Article, PageType};

/// Words of running text from which a page without any sign of being an article is taken for one.
const ARTICLE_WORDS: f32 = 120.0;
/// Paragraphs for the same.
const ARTICLE_PARAGRAPHS: usize = 3;
/// Share of running text in the kept body under which the page is a list of teasers.
const LISTING_SHARE: f32 = 0.4;

fn types_any(head: &Head, wanted: &[&str]) -> bool {
    head.json_ld.types().any(|kind| wanted.contains(&kind))
}

/// Chooses the type, and says by what.
pub(super) fn choose(
    head: &Head,
    node: Option<&Node<'_>>,
    context: &Context<'_>,
    article: &Article,
) -> (PageType, &'static str) {
    let (share, paragraphs) = context.decision.running_share();
    let words = context.decision.kept_tokens();
    let at_root = context.url.is_some_and(|url| url.path().len() <= 1 && url.query().is_none());
    if types_any(head, &["APIReference", "TechArticle"]) {
        return (PageType::Documentation, "JSON-LD type");
    }
    let says_article = node.is_some_and(Node::is_article);
    if says_article && !at_root {
        return (PageType::Article, "JSON-LD type");
    }
    let types = |wanted: &[&str]| types_any(head, wanted);
    let open_graph = head.meta(&["og:type"]).unwrap_or_default().to_ascii_lowercase();
    if types(&["DiscussionForumPosting", "QAPage"]) {
        return (PageType::Forum, "JSON-LD type");
    }
    if types(&["Product"]) || open_graph.starts_with("product") || open_graph == "og:product" {
        return (PageType::Product, "JSON-LD or Open Graph type");
    }
    if open_graph == "article" && !at_root && (words > 40.0 || article.published.is_some()) {
        return (PageType::Article, "og:type");
    }
    let is_listing =
        at_root || share < LISTING_SHARE || context.decision.link_share() > 0.6 && paragraphs < ARTICLE_PARAGRAPHS;
    if types(&["CollectionPage", "ItemList", "SearchResultsPage"]) && is_listing {
        return (PageType::Listing, "JSON-LD type and structure");
    }
    if is_listing && words > 0.0 && article.published.is_none() {
        return (PageType::Listing, "structure");
    }
    if article.published.is_some() || words * share >= ARTICLE_WORDS && paragraphs >= ARTICLE_PARAGRAPHS {
        return (PageType::Article, "running text");
    }
    (PageType::Other, "no sign of another type")
}
