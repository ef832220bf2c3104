//! The links of a front or section page: stories, sections, feeds.

use super::feed::absolute;
use super::listed::{self, Listed};
use super::repeated::{self, Repeated};
use super::url_kind::{UrlKind, has_id, path_date, same_site, segments, split_extension, url_kind, words};
use crate::markup;
use crate::model::{ArticleDate, CanonicalUrl, Link, Provenance};
use scraper::{ElementRef, Html, Selector};
use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;
use url::Url;

/// What a front or section page leads to, each address once, in the page's order.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PageLinks {
    /// Pages that are likely stories, with the link's text as title.
    pub articles: Vec<Link>,
    /// Pages that likely list more of them.
    pub sections: Vec<Url>,
    /// Feeds that the page advertises.
    pub feeds: Vec<Url>,
    /// Of the stories and sections, those to which every link says `nofollow`.
    pub nofollow: HashSet<CanonicalUrl>,
    /// Whether the page says of itself that it is an article: in its JSON-LD, or in Open Graph with a time of publication.
    pub is_story: bool,
    /// Tags of the head that tell some robot not to follow links: whom, and what they say in all.
    pub robots: Vec<(String, String)>,
}

/// Points from which on a link is taken for a story's. Chosen on the front pages of the sample site and on invented ones
/// in the tests: a dated or numbered address suffices with any headline; a bare slug needs a headline of some length.
const STORY_POINTS: i32 = 3;

/// What it counts that the page's JSON-LD names a link among its stories: enough by itself.
const LISTED_POINTS: i32 = STORY_POINTS;

/// What it counts that a link stands in a list of headlines.
const POSITION_POINTS: i32 = 2;

/// What it counts that a link's address is like those of headlines.
const SHAPE_POINTS: i32 = 1;

/// Words of a link text that is a headline and not a label.
const HEADLINE_WORDS: usize = 4;

/// Characters of a headline in a script that does not part words.
const HEADLINE_IDEOGRAPHS: usize = 8;

/// Path segments of a section at the most: `/news/`, `/news/politics/`.
const SECTION_DEPTH: usize = 2;

static ANCHORS: LazyLock<Selector> = LazyLock::new(|| selector("a[href], area[href]"));
static BASE: LazyLock<Selector> = LazyLock::new(|| selector("base[href]"));
static META: LazyLock<Selector> = LazyLock::new(|| selector("meta[name][content]"));
static PROPERTIES: LazyLock<Selector> = LazyLock::new(|| selector("meta[property][content]"));
static CANONICAL: LazyLock<Selector> = LazyLock::new(|| selector("link[rel=canonical i][href]"));
static ALTERNATES: LazyLock<Selector> = LazyLock::new(|| selector("link[rel~=alternate i][href][type]"));

fn selector(text: &str) -> Selector {
    Selector::parse(text).expect("the selectors of this file are valid")
}

/// The links of a page. `content_type` is the header of that name, for the charset; `url` is where the page was found.
///
/// Stories and sections are on the page's own site only (see [`same_site`]); feeds may lie elsewhere.
#[must_use]
pub fn page_links(bytes: &[u8], content_type: Option<&str>, url: &Url) -> PageLinks {
    let decoded = markup::decode(bytes, content_type.and_then(markup::charset_of));
    // The guarded tree first: what the second parser gets is as deep and as large as that, and no more.
    let document = markup::parse(&decoded.text);
    let html = Html::parse_document(&document.to_html());
    let base = html
        .select(&BASE)
        .find_map(|base| absolute(base.attr("href").unwrap_or_default(), url))
        .unwrap_or_else(|| url.clone());
    let canonical = html.select(&CANONICAL).find_map(|link| absolute(link.attr("href").unwrap_or_default(), &base));
    let own: Vec<CanonicalUrl> = canonical.iter().chain([url]).map(CanonicalUrl::new).collect();
    let (listed, names_itself) = listed::listed(&document, &base, &own);
    let (articles, sections, nofollow) = anchors(&html, &base, url, listed);
    let is_story = names_itself || is_open_graph_article(&html);
    PageLinks { articles, sections, feeds: feeds(&html, &base), nofollow, is_story, robots: robots(&html) }
}

/// Whether Open Graph calls the page an article and says when it was published. Systems call every page an article that is
/// no list; those without a date are about the house.
fn is_open_graph_article(html: &Html) -> bool {
    let has = |property: &str, says: &str| {
        html.select(&PROPERTIES).any(|meta| {
            meta.attr("property").is_some_and(|name| name.trim().eq_ignore_ascii_case(property))
                && meta
                    .attr("content")
                    .is_some_and(|content| says.is_empty() || content.trim().eq_ignore_ascii_case(says))
        })
    };
    has("og:type", "article") && has("article:published_time", "")
}

fn robots(html: &Html) -> Vec<(String, String)> {
    let named = html.select(&META).filter_map(|meta| Some((meta.attr("name")?.trim(), meta.attr("content")?)));
    let forbids = |content: &str| {
        let content = content.to_ascii_lowercase();
        content.contains("nofollow") || content.contains("none")
    };
    named.filter(|(_, content)| forbids(content)).map(|(name, content)| (name.to_owned(), content.to_owned())).collect()
}

fn feeds(html: &Html, base: &Url) -> Vec<Url> {
    let mut feeds = Vec::new();
    for link in html.select(&ALTERNATES) {
        let kind = link.attr("type").unwrap_or_default().to_ascii_lowercase();
        let is_feed = ["rss+xml", "atom+xml", "feed+json"].iter().any(|name| kind.contains(name));
        if let Some(feed) = absolute(link.attr("href").unwrap_or_default(), base)
            && is_feed
            && !feeds.contains(&feed)
        {
            feeds.push(feed);
        }
    }
    feeds
}

/// The best of the links that lead to one address.
struct Candidate {
    order: usize,
    points: i32,
    text: String,
    url: Url,
    kind: UrlKind,
    in_navigation: bool,
    /// Where it stands, as far as that repeats.
    position: String,
    published: Option<ArticleDate>,
}

fn anchors(html: &Html, base: &Url, page: &Url, listed: Vec<Listed>) -> (Vec<Link>, Vec<Url>, HashSet<CanonicalUrl>) {
    let own = CanonicalUrl::new(page);
    let mut found: HashMap<CanonicalUrl, Candidate> = HashMap::new();
    let (mut followed, mut nofollow) = (HashSet::new(), HashSet::new());
    for (order, anchor) in html.select(&ANCHORS).enumerate() {
        let href = anchor.attr("href").unwrap_or_default().trim();
        if href.starts_with('#') {
            continue;
        }
        let Some(url) = absolute(href, base).filter(|url| same_site(url, page)) else { continue };
        let canonical = CanonicalUrl::new(&url);
        let kind = url_kind(&url);
        if canonical == own || kind == UrlKind::Other {
            continue;
        }
        let says_nofollow = anchor.attr("rel").unwrap_or_default().split_ascii_whitespace();
        let says_nofollow = says_nofollow.into_iter().any(|word| word.eq_ignore_ascii_case("nofollow"));
        (if says_nofollow { &mut nofollow } else { &mut followed }).insert(canonical.clone());
        let text = text_of(anchor);
        let place = Place::of(anchor);
        let points = points(&url, kind, &text, &place);
        let in_navigation = place.navigation;
        let position = repeated::position(anchor);
        let candidate = Candidate { order, points, text, url, kind, in_navigation, position, published: None };
        match found.get_mut(&canonical) {
            Some(best) if best.points >= points => best.in_navigation |= in_navigation,
            Some(best) => {
                *best =
                    Candidate { order: best.order, in_navigation: best.in_navigation || in_navigation, ..candidate };
            }
            None => drop(found.insert(canonical, candidate)),
        }
    }
    nofollow.retain(|url| !followed.contains(url));
    add_listed(&mut found, listed, page);
    let mut candidates: Vec<Candidate> = found.into_values().collect();
    candidates.sort_unstable_by_key(|candidate| candidate.order);
    add_repeated(&mut candidates);
    let (mut articles, mut sections) = (Vec::new(), Vec::new());
    for candidate in candidates {
        if candidate.points >= STORY_POINTS && candidate.kind != UrlKind::Hub {
            let title = Some(candidate.text).filter(|text| is_headline(text));
            let published = candidate.published;
            articles.push(Link { title, published, ..Link::new(candidate.url, Provenance::Section) });
        } else if is_section(&candidate) {
            // As it stands, but for the tracking parameters, which would make a page of links another one at each look.
            let mut section = candidate.url;
            section.set_query(None);
            section.set_fragment(None);
            sections.push(section);
        }
    }
    (articles, sections, nofollow)
}

/// Takes in what the page's JSON-LD lists: links that are there count as stories, others come behind them.
fn add_listed(found: &mut HashMap<CanonicalUrl, Candidate>, listed: Vec<Listed>, page: &Url) {
    for (order, listed) in listed.into_iter().enumerate() {
        let kind = url_kind(&listed.url);
        if !same_site(&listed.url, page) || matches!(kind, UrlKind::Hub | UrlKind::Other) {
            continue;
        }
        let candidate = found.entry(CanonicalUrl::new(&listed.url)).or_insert_with(|| Candidate {
            order: usize::MAX / 2 + order,
            points: 0,
            text: String::new(),
            url: listed.url,
            kind,
            in_navigation: false,
            position: String::new(),
            published: None,
        });
        candidate.points += LISTED_POINTS;
        candidate.published = listed.published;
        if let Some(title) = listed.title.filter(|_| !is_headline(&candidate.text)) {
            candidate.text = title;
        }
    }
}

/// Gives points for standing in a list of headlines, and for an address like theirs. What is in a menu is counted apart.
fn add_repeated(candidates: &mut [Candidate]) {
    let (mut positions, mut shapes) = (Repeated::default(), Repeated::default());
    let shape = |candidate: &Candidate| repeated::shape(&candidate.url);
    for candidate in candidates.iter().filter(|candidate| !candidate.in_navigation) {
        positions.add(&candidate.position, is_headline(&candidate.text));
        shapes.add(&shape(candidate), is_headline(&candidate.text));
    }
    for candidate in candidates.iter_mut().filter(|candidate| !candidate.in_navigation) {
        if positions.is_list_of_stories(&candidate.position) {
            candidate.points += POSITION_POINTS;
        }
        if shapes.is_list_of_stories(&shape(candidate)) {
            candidate.points += SHAPE_POINTS;
        }
    }
}

/// Where on the page a link stands.
#[derive(Default)]
struct Place {
    heading: bool,
    article: bool,
    navigation: bool,
}

impl Place {
    fn of(anchor: ElementRef<'_>) -> Self {
        let mut place = Self::default();
        let above = anchor.ancestors().filter_map(ElementRef::wrap);
        // A card that is one link has its heading inside.
        let inside = anchor.descendants().filter_map(ElementRef::wrap);
        for element in above {
            match element.value().name() {
                "h1" | "h2" | "h3" | "h4" => place.heading = true,
                "article" => place.article = true,
                "nav" | "header" | "footer" | "menu" => place.navigation = true,
                _ => {
                    let named = element.attr("class").into_iter().chain(element.attr("id"));
                    place.navigation |= element.attr("role") == Some("navigation")
                        || named.flat_map(str::split_whitespace).any(|name| {
                            let name = name.to_ascii_lowercase();
                            name.starts_with("nav") || name.starts_with("menu") || name.ends_with("menu")
                        });
                }
            }
        }
        place.heading |= inside.skip(1).any(|element| matches!(element.value().name(), "h1" | "h2" | "h3" | "h4"));
        // A story's own header is no navigation.
        place.navigation &= !place.article;
        place
    }
}

fn text_of(anchor: ElementRef<'_>) -> String {
    let text: String = anchor.text().flat_map(|piece| [piece, " "]).collect();
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if !text.is_empty() {
        return text;
    }
    anchor.attr("title").or_else(|| anchor.attr("aria-label")).unwrap_or_default().trim().to_owned()
}

fn is_headline(text: &str) -> bool {
    let ideographs =
        text.chars().filter(|c| matches!(u32::from(*c), 0x0E00..=0x0EFF | 0x3040..=0x9FFF | 0xAC00..=0xD7AF));
    // "Town & country / sport" are three.
    let words = text.split_whitespace().filter(|word| word.contains(char::is_alphanumeric));
    words.count() >= HEADLINE_WORDS || ideographs.count() >= HEADLINE_IDEOGRAPHS
}

/// How much speaks for a link's leading to a story.
fn points(url: &Url, kind: UrlKind, text: &str, place: &Place) -> i32 {
    let segments = segments(url);
    let (stem, extension) = segments.last().map_or(("", ""), |last| split_extension(last));
    let mut points = match words(stem) {
        0..=1 => 0,
        2..=3 => 1,
        4..=5 => 2,
        _ => 3,
    };
    let mut add = |condition: bool, weight: i32| points += if condition { weight } else { 0 };
    add(path_date(url).is_some(), 3);
    add(has_id(stem), 2);
    add(!extension.is_empty(), 1);
    add(kind == UrlKind::Article, 1);
    add(is_headline(text), 2);
    add(place.heading, 2);
    add(place.article, 1);
    add(place.navigation && !is_headline(text), -2);
    add(segments.len() <= 1 && extension.is_empty() && words(stem) < 3, -1);
    points
}

fn is_section(candidate: &Candidate) -> bool {
    let url = CanonicalUrl::new(&candidate.url).to_url();
    let depth = segments(&url).len();
    let short = candidate.text.split_whitespace().count() < HEADLINE_WORDS;
    let list = candidate.kind == UrlKind::Hub && depth > 1 && !candidate.in_navigation;
    (1..=SECTION_DEPTH).contains(&depth) && url.query().is_none() && short && !list
}
