//! What an address alone says of the page behind it.

use crate::model::registrable_domain;
use jiff::civil::Date;
use url::{Host, Url};

/// What the shape of an address says of the page.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum UrlKind {
    /// A date in the path, a long slug, a number as news systems give it.
    Article,
    /// A page of links: the front page, a tag, an author, page 2.
    Hub,
    /// A file, a form, a legal page: of no use here.
    Other,
    /// It could be a section or a story.
    Unclear,
}

/// Path segments that stand before the name of a list of stories.
const HUB_SEGMENTS: &[&str] = &[
    "archive",
    "archiv",
    "archives",
    "author",
    "authors",
    "autor",
    "autoren",
    "auteur",
    "autore",
    "category",
    "categories",
    "categoria",
    "categorie",
    "kategorie",
    "keyword",
    "label",
    "page",
    "rubrik",
    "schlagwort",
    "seite",
    "tag",
    "tags",
    "tema",
    "thema",
    "themen",
    "topic",
    "topics",
    "feed",
    "rss",
    "sitemap",
    "search",
    "suche",
    "newsletter",
    "newsletters",
    "profile",
    "profil",
];

/// Path segments behind which a name is that of a list or of a person, with whatever number it ends: `/tag/ferries-85230`.
const LIST_OF: &[&str] = &[
    "auteur",
    "auteurs",
    "author",
    "authors",
    "autor",
    "autore",
    "autoren",
    "autores",
    "autori",
    "categoria",
    "categories",
    "category",
    "categorie",
    "etiqueta",
    "etiquetas",
    "kategorie",
    "keyword",
    "people",
    "person",
    "profil",
    "profile",
    "redakteur",
    "redakteure",
    "rubrik",
    "rubrique",
    "schlagwort",
    "sekce",
    "section",
    "tag",
    "tagi",
    "tags",
    "tema",
    "temas",
    "thema",
    "themen",
    "topic",
    "topics",
];

/// Path segments of pages that every site has and nobody reads as news.
const OTHER_SEGMENTS: &[&str] = &[
    "about",
    "about-us",
    "aboutus",
    "abo",
    "abo-service",
    "account",
    "accessibility",
    "advertise",
    "advertising",
    "agb",
    "anmelden",
    "apps",
    "barrierefreiheit",
    "careers",
    "cart",
    "cgi-bin",
    "checkout",
    "code-of-conduct",
    "contact",
    "contact-us",
    "contacto",
    "contacts",
    "contatti",
    "cookie-policy",
    "cookies",
    "copyright",
    "datenschutz",
    "datenschutzerklaerung",
    "disclaimer",
    "donate",
    "editorial-policy",
    "email-protection",
    "faq",
    "help",
    "hilfe",
    "imprint",
    "impressum",
    "jobs",
    "karriere",
    "kontakt",
    "legal",
    "legal-notice",
    "login",
    "log-in",
    "logout",
    "masthead",
    "mediadaten",
    "mentions-legales",
    "my-account",
    "nutzungsbedingungen",
    "password",
    "policies",
    "print",
    "privacidad",
    "privacy",
    "privacy-policy",
    "registrieren",
    "register",
    "registration",
    "share",
    "shop",
    "sign-in",
    "sign-up",
    "signin",
    "signup",
    "subscribe",
    "subscription",
    "subscriptions",
    "support",
    "terms",
    "terms-and-conditions",
    "terms-of-service",
    "terms-of-use",
    "tos",
    "ueber-uns",
    "om-oss",
    "service",
    "user",
    "wp-admin",
    "wp-content",
    "wp-json",
    "wp-login",
    "xmlrpc",
];

/// Extensions of pages; any other one is a file.
const PAGE_EXTENSIONS: &[&str] =
    &["html", "htm", "shtml", "xhtml", "phtml", "php", "asp", "aspx", "jsp", "jhtml", "amp"];

/// Extensions of files that pages link to.
const FILE_EXTENSIONS: &[&str] = &[
    "7z", "apk", "avi", "bmp", "css", "csv", "doc", "docx", "epub", "exe", "gif", "gz", "ico", "ics", "jpeg", "jpg",
    "js", "json", "m3u8", "m4a", "m4v", "mov", "mp3", "mp4", "mpeg", "mpg", "odt", "ogg", "pdf", "png", "ppt", "pptx",
    "rar", "rss", "svg", "tar", "tif", "tiff", "txt", "vcf", "wav", "webm", "webp", "woff", "woff2", "xls", "xlsx",
    "xml", "zip",
];

/// Query parameters by which older systems name a story.
const ID_PARAMETERS: &[&str] =
    &["p", "id", "aid", "article", "articleid", "article_id", "artikel", "story", "storyid", "nid"];

/// Query parameters of calendars and of lists that can be sorted and filtered: with them alone, a page is a list.
const LIST_PARAMETERS: &[&str] = &[
    "cal",
    "calendar",
    "color",
    "date",
    "day",
    "dir",
    "direction",
    "filter",
    "limit",
    "month",
    "offset",
    "order",
    "orderby",
    "page",
    "paged",
    "per_page",
    "price",
    "q",
    "query",
    "search",
    "sort",
    "sortby",
    "week",
    "year",
];

/// Digits of a number that names a story. Years and page numbers have fewer.
const ID_DIGITS: usize = 5;

/// Words of a slug that is a headline's and not a section's name.
const SLUG_WORDS: usize = 4;

/// What an address alone says of the page behind it.
#[must_use]
pub fn url_kind(url: &Url) -> UrlKind {
    let segments = segments(url);
    let Some(last) = segments.last() else {
        return if has_story_query(url) { UrlKind::Article } else { UrlKind::Hub };
    };
    let (stem, extension) = split_extension(last);
    if FILE_EXTENSIONS.contains(&extension) {
        return UrlKind::Other;
    }
    // `/2026/11/05/` with nothing behind it is that day's list.
    let is_day = stem.len() <= 4 && stem.bytes().all(|byte| byte.is_ascii_digit()) && path_date(url).is_some();
    if is_day {
        return UrlKind::Hub;
    }
    let above = segments.len().checked_sub(2).map_or("", |at| segments[at].as_str());
    let is_list_of = LIST_OF.contains(&above);
    // `/19852382/the-headline`
    let is_numbered = above.len() >= ID_DIGITS && above.bytes().all(|byte| byte.is_ascii_digit());
    let is_story = path_date(url).is_some()
        || is_numbered
        || has_id(stem) && !is_list_of
        || extension == "html" && words(stem) >= SLUG_WORDS && !is_list_of;
    let names = |list: &[&str], segment: &str| list.contains(&segment);
    if names(OTHER_SEGMENTS, stem) || (!is_story && segments.len() <= 2 && names(OTHER_SEGMENTS, &segments[0])) {
        return UrlKind::Other;
    }
    let hub = segments.iter().any(|segment| names(HUB_SEGMENTS, segment));
    if (hub || is_list_of || matches!(stem, "index" | "default" | "home")) && !is_story {
        return UrlKind::Hub;
    }
    if is_story || words(stem) >= SLUG_WORDS || has_story_query(url) {
        return UrlKind::Article;
    }
    let is_list = |name: &str| LIST_PARAMETERS.binary_search(&name).is_ok();
    if url.query_pairs().next().is_some() && url.query_pairs().all(|(name, _)| is_list(&name.to_ascii_lowercase())) {
        return UrlKind::Hub;
    }
    UrlKind::Unclear
}

/// Whether two pages belong to one site: the same registered domain, or the same address and port where the host is an
/// IP address.
#[must_use]
pub fn same_site(a: &Url, b: &Url) -> bool {
    match (a.host(), b.host()) {
        (Some(Host::Domain(a)), Some(Host::Domain(b))) => registrable_domain(a) == registrable_domain(b),
        (Some(one), Some(other)) => one == other && a.port_or_known_default() == b.port_or_known_default(),
        _ => false,
    }
}

/// The date that a path holds: `/2026/11/05/`, `/2026-11-05/`, `/20261105-slug`, or a month, of which the last day is
/// taken.
#[must_use]
pub fn path_date(url: &Url) -> Option<Date> {
    let segments = segments(url);
    for (at, segment) in segments.iter().enumerate() {
        let number = |offset: usize, digits: std::ops::RangeInclusive<usize>| {
            let segment = segments.get(at + offset)?;
            (digits.contains(&segment.len()) && segment.bytes().all(|byte| byte.is_ascii_digit()))
                .then(|| segment.parse::<i16>().ok())
                .flatten()
        };
        if let Some(year) = number(0, 4..=4).filter(|year| is_year(*year)) {
            let month = number(1, 1..=2).or_else(|| month_name(segments.get(at + 1)?));
            if let Some(month) = month {
                let month = i8::try_from(month).ok()?;
                let day = number(2, 1..=2).and_then(|day| i8::try_from(day).ok());
                let date = day
                    .and_then(|day| Date::new(year, month, day).ok())
                    .or_else(|| Some(Date::new(year, month, 1).ok()?.last_of_month()));
                if date.is_some() {
                    return date;
                }
            }
        }
        if let Some(date) = compact_date(segment) {
            return Some(date);
        }
    }
    None
}

/// `20261105` or `2026-11-05` at the start or the end of a segment.
fn compact_date(segment: &str) -> Option<Date> {
    let (stem, _) = split_extension(segment);
    let bytes = stem.as_bytes();
    let digit = |at: usize| bytes.get(at).is_some_and(u8::is_ascii_digit);
    [(0, 8), (0, 10), (bytes.len().wrapping_sub(8), 8), (bytes.len().wrapping_sub(10), 10)].into_iter().find_map(
        |(from, length)| {
            let piece = stem.get(from..from.checked_add(length)?)?;
            let amid_digits = digit(from + length) || from > 0 && digit(from - 1);
            let (year, month, day) = match length {
                8 if piece.bytes().all(|byte| byte.is_ascii_digit()) => (&piece[..4], &piece[4..6], &piece[6..]),
                10 if matches!(piece.as_bytes(), [_, _, _, _, b'-' | b'_', _, _, b'-' | b'_', _, _]) => {
                    (&piece[..4], &piece[5..7], &piece[8..])
                }
                _ => return None,
            };
            let year = year.parse::<i16>().ok().filter(|year| is_year(*year))?;
            (!amid_digits).then(|| Date::new(year, month.parse().ok()?, day.parse().ok()?).ok()).flatten()
        },
    )
}

/// Years in which pages on the web were published. The upper end is only to tell a year from a number.
fn is_year(year: i16) -> bool {
    (1990..=2100).contains(&year)
}

fn month_name(segment: &str) -> Option<i16> {
    const NAMES: [&str; 12] = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
    (segment.len() == 3)
        .then(|| NAMES.iter().position(|name| *name == segment))?
        .and_then(|at| i16::try_from(at + 1).ok())
}

/// The path's parts in lower case, empty ones left out.
pub(super) fn segments(url: &Url) -> Vec<String> {
    url.path().split('/').filter(|part| !part.is_empty()).map(str::to_lowercase).collect()
}

/// A file name without and its extension; the extension is empty where there is none that is known.
pub(super) fn split_extension(name: &str) -> (&str, &str) {
    match name.rsplit_once('.') {
        Some((stem, extension)) if PAGE_EXTENSIONS.contains(&extension) || FILE_EXTENSIONS.contains(&extension) => {
            (stem, extension)
        }
        _ => (name, ""),
    }
}

/// The words that a slug is made of.
pub(super) fn words(slug: &str) -> usize {
    slug.split(['-', '_', '+', '.']).filter(|word| word.chars().any(char::is_alphabetic)).count()
}

/// Whether a segment holds a number long enough to name a story.
pub(super) fn has_id(stem: &str) -> bool {
    stem.split(|c: char| !c.is_ascii_digit()).any(|digits| digits.len() >= ID_DIGITS)
}

fn has_story_query(url: &Url) -> bool {
    url.query_pairs().any(|(name, value)| {
        ID_PARAMETERS.contains(&name.to_ascii_lowercase().as_str()) && value.bytes().any(|byte| byte.is_ascii_digit())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_sorted_for_its_search() {
        assert!(LIST_PARAMETERS.is_sorted());
    }
}
