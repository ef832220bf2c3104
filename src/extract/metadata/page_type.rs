//! What kind of page it is.

use super::Context;
use super::head::Head;
use super::json_ld::Node;
use crate::model::{Article, PageType};
use url::Url;

/// Words of running text from which a page without any sign of being an article is taken for one.
const ARTICLE_WORDS: f32 = 120.0;
/// Paragraphs for the same.
const ARTICLE_PARAGRAPHS: usize = 3;
/// Share of running text in the kept body under which the page is a list of teasers.
const LISTING_SHARE: f32 = 0.4;

/// Programs that make forums, and programs that make manuals, as they name themselves.
const FORUM_PROGRAMS: &[&str] =
    &["phpbb", "vbulletin", "discourse", "xenforo", "nodebb", "flarum", "mybb", "vanilla", "invision", "lemmy"];
const MANUAL_PROGRAMS: &[&str] = &[
    "docusaurus",
    "mkdocs",
    "sphinx",
    "vitepress",
    "docbook",
    "mediawiki",
    "dokuwiki",
    "mdbook",
    "gitbook",
    "doxygen",
];

/// First labels of hosts, and steps of paths, that name what they lead to.
const FORUM_HOSTS: &[&str] = &["forum", "forums", "boards", "board", "bbs", "discuss", "discussion", "discussions"];
const FORUM_STEPS: &[&str] = &[
    "forum",
    "forums",
    "viewtopic.php",
    "showthread.php",
    "showtopic",
    "threads",
    "thread",
    "topic",
    "topics",
    "discussion",
];
/// The step of a path below which the commonest program for mailing lists keeps their archives.
const LIST_STEPS: &[&str] = &["pipermail"];
const MANUAL_HOSTS: &[&str] = &["docs", "doc", "documentation", "wiki", "manual", "devdocs", "apidocs"];
const MANUAL_STEPS: &[&str] =
    &["docs", "doc", "documentation", "manual", "man-pages", "manpages", "handbook", "api-reference", "usersguide"];
const SHOP_STEPS: &[&str] = &["product", "products", "produkt", "produkte", "producto", "produit", "dp", "pdp"];

/// Posts from which a page of a forum's own elements is a thread.
const LEAST_POSTS: usize = 2;
/// Buttons for a cart up to which a page sells one thing; lists have one each.
const MOST_CART_BUTTONS: usize = 4;

/// What an address says of the page.
struct Address<'a> {
    host: &'a str,
    path: &'a str,
    query: &'a str,
}

impl Address<'_> {
    fn has_host(&self, names: &[&str]) -> bool {
        self.host.split('.').next().is_some_and(|label| names.contains(&label))
    }

    /// Whether a step before the last is one of these: the last is the page's own name.
    fn has_step(&self, names: &[&str]) -> bool {
        let path = self.path.trim_end_matches('/');
        path.rsplit_once('/').is_some_and(|(front, _)| front.split('/').any(|step| names.contains(&step)))
    }

    fn has_last_step(&self, names: &[&str]) -> bool {
        self.path.rsplit('/').next().is_some_and(|step| names.contains(&step))
    }
}

/// The type that the page itself, its address or the program that made it tells, whatever the text is like.
pub(super) fn declared(
    head: &Head,
    node: Option<&Node<'_>>,
    url: Option<&Url>,
    is_dated: bool,
) -> Option<(PageType, &'static str)> {
    let at_root = is_root(url);
    let url = url.or(head.base.as_ref());
    let address = Address {
        host: url.and_then(Url::host_str).unwrap_or_default().trim_start_matches("www."),
        path: url.map(Url::path).unwrap_or_default(),
        query: url.and_then(Url::query).unwrap_or_default(),
    };
    if head.has_type(&["APIReference", "TechArticle"]) {
        return Some((PageType::Documentation, "JSON-LD or microdata type"));
    }
    let is_post = head.has_type(&["DiscussionForumPosting", "QAPage"]);
    if node.is_some_and(|node| node.is_article()) && !at_root && !is_post {
        return Some((PageType::Article, "JSON-LD type"));
    }
    if is_post {
        return Some((PageType::Forum, "JSON-LD or microdata type"));
    }
    // A list of products describes each of them.
    let is_list = || head.has_type(&["CollectionPage", "OfferCatalog", "SearchResultsPage"]);
    let price = || head.meta(&["product:price:amount", "og:price:amount"]).is_some();
    let open_graph = head.meta(&["og:type"]).unwrap_or_default().to_ascii_lowercase();
    if (head.has_type(&["Product", "ProductGroup"]) && !is_list()) || open_graph.contains("product") || price() {
        return Some((PageType::Product, "JSON-LD, microdata or Open Graph type"));
    }
    by_program_or_address(head, &address, at_root, is_dated)
}

/// Whether an address is the front page of its host.
pub(super) fn is_root(url: Option<&Url>) -> bool {
    url.is_some_and(|url| url.path().len() <= 1 && url.query().is_none())
}

/// Chooses the type, and says by what.
pub(super) fn choose(
    head: &Head,
    node: Option<&Node<'_>>,
    context: &Context<'_>,
    article: &Article,
) -> (PageType, &'static str) {
    if let Some(found) = declared(head, node, context.url, article.published.is_some()) {
        return found;
    }
    let (share, paragraphs) = context.decision.running_share();
    let words = context.decision.kept_tokens();
    let at_root = is_root(context.url);
    if head.says_article() && !at_root && (words > 40.0 || article.published.is_some()) {
        return (PageType::Article, "og:type");
    }
    let is_listing =
        at_root || share < LISTING_SHARE || context.decision.link_share() > 0.6 && paragraphs < ARTICLE_PARAGRAPHS;
    if head.has_type(&["CollectionPage", "ItemList", "SearchResultsPage"]) && is_listing {
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

/// Threads, manuals and shops seldom say what they are; what made them, and where they stand, does.
fn by_program_or_address(
    head: &Head,
    address: &Address<'_>,
    at_root: bool,
    is_dated: bool,
) -> Option<(PageType, &'static str)> {
    if at_root {
        return None;
    }
    let program = head.meta(&["generator"]).unwrap_or_default().to_ascii_lowercase();
    let made_by = |names: &[&str]| names.iter().any(|name| program.contains(name));
    let has_posts = head.thread_parts.len() >= LEAST_POSTS;
    if made_by(FORUM_PROGRAMS)
        || address.has_last_step(FORUM_STEPS)
        || has_posts && (address.has_step(FORUM_STEPS) || address.has_host(FORUM_HOSTS))
        || address.has_step(FORUM_STEPS) && address.has_host(FORUM_HOSTS)
        || head.posts.len() >= LEAST_POSTS
        || address.has_step(LIST_STEPS)
        || address.path.starts_with("/r/") && address.has_step(&["comments"])
        || address.path.ends_with("/index.php") && address.query.starts_with("topic=")
    {
        return Some((PageType::Forum, "program or address of a forum"));
    }
    let has_parts = !head.manual_parts.is_empty() && !is_dated;
    if made_by(MANUAL_PROGRAMS) || address.has_host(MANUAL_HOSTS) || address.has_step(MANUAL_STEPS) || has_parts {
        return Some((PageType::Documentation, "program or address of a manual"));
    }
    let sells = (1..=MOST_CART_BUTTONS).contains(&head.cart_buttons.len());
    if sells && !is_dated || address.has_step(SHOP_STEPS) && !head.cart_buttons.is_empty() {
        return Some((PageType::Product, "button for a cart"));
    }
    None
}
