//! Who wrote it: names, one each, without roles, agencies' tails and doubles.

use super::Context;
use super::head::{Head, is_inside, is_labelled_above, named_text};
use super::json_ld::Node;
use super::without_markup;
use crate::extract::content::is_unspaced;
use crate::extract::pictures::{fold, spaced_text};
use crate::markup::{Document, NodeId, Tag};

/// Longest name that is believed, in characters.
const NAME_CHARS: usize = 60;
/// Most words that a name has.
const NAME_WORDS: usize = 6;
/// Most authors that a page is believed to have.
const MAX_AUTHORS: usize = 20;

/// Chooses the authors: the first source that gives names that stand the test.
pub(super) fn choose(
    head: &Head,
    node: Option<&Node<'_>>,
    context: &Context<'_>,
    site_name: Option<&str>,
) -> (Vec<String>, &'static str) {
    let document = context.document;
    let publisher = node.and_then(|node| node.text("publisher")).unwrap_or_default();
    let site = [site_name.unwrap_or_default(), &publisher];
    let declared: Vec<String> = node
        .map(|node| {
            let names = [node.names("author"), node.names("creator")].into_iter().find(|names| !names.is_empty());
            names.unwrap_or_default().into_iter().map(|(name, _)| name).collect()
        })
        .unwrap_or_default();
    let metas = || {
        let names = [
            "author",
            "article:author",
            "og:article:author",
            "parsely-author",
            "sailthru.author",
            "byl",
            "dc.creator",
            "dcterms.creator",
            "dc.creator.author",
            "authors",
            "cxenseparse:author",
            "citation_author",
            "article:author_name",
        ];
        names.iter().find_map(|name| {
            let list: Vec<String> = head.metas(&[name]).map(str::to_owned).collect();
            Some(clean_names(&list, &site)).filter(|list| !list.is_empty())
        })
    };
    let cleaned = clean_names(&declared, &site);
    if !cleaned.is_empty() {
        return (cleaned, "JSON-LD");
    }
    if let Some(names) = metas() {
        return (names, "meta");
    }
    let near = |element: &NodeId| {
        !is_inside(document, *element, &[Tag::Aside, Tag::Footer, Tag::Nav])
            && !is_labelled_above(document, *element, &["comment", "related", "recommend", "teaser"])
    };
    let texts = |elements: Vec<NodeId>| {
        let list: Vec<String> =
            elements.into_iter().filter(near).map(|element| named_text(document, element)).collect();
        clean_names(&list, &site)
    };
    // An author's address or picture has properties of its own.
    let by_property =
        texts(head.property("author").filter(|&node| document.attribute(node, "itemprop") == Some("author")).collect());
    if !by_property.is_empty() {
        return (by_property, "microdata");
    }
    let by_link = texts(head.author_links.clone());
    if !by_link.is_empty() {
        return (by_link, "rel=author");
    }
    // The innermost elements that are called bylines: the outer ones hold dates and buttons too.
    let bylines = head.byline_elements.iter().copied().filter(near).filter(|&element| {
        !head.byline_elements.iter().any(|&other| other != element && is_below(document, other, element))
    });
    for element in bylines {
        let text = fold(&spaced_text(document, element));
        if text.chars().count() <= 200 {
            let names = clean_names(&[text], &site);
            if !names.is_empty() {
                return (names, "byline");
            }
        }
    }
    for (text, _) in context.decision.blocks_near_headline(12) {
        if text.chars().count() <= 120 && after_by(text).is_some() {
            let names = clean_names(&[text.to_owned()], &site);
            if !names.is_empty() {
                return (names, "text near the headline");
            }
        }
    }
    // Nobody else: an article that the publication signs itself.
    (clean_names(&declared, &[]), "JSON-LD, the publication itself")
}

fn is_below(document: &Document, node: NodeId, above: NodeId) -> bool {
    let mut at = document.parent(node);
    while let Some(parent) = at {
        if parent == above {
            return true;
        }
        at = document.parent(parent);
    }
    false
}

/// Words that say that a name follows, in the languages of the world's press.
const BY: &[&str] = &[
    "by",
    "von",
    "par",
    "por",
    "di",
    "de",
    "door",
    "av",
    "af",
    "od",
    "przez",
    "texto",
    "text",
    "texte",
    "autor",
    "autorin",
    "author",
    "authors",
    "auteur",
    "autore",
    "written by",
    "reporting by",
    "posted by",
    "words by",
    "story by",
    "redaktion",
    "автор",
    "от",
    "by:",
    "文",
    "記者",
    "作者",
    "نویسنده",
    "بقلم",
    "كتب",
    "الكاتب",
    "מאת",
    "γράφει ο",
    "γράφει η",
    "γράφει",
    "του",
    "της",
    "โดย",
    "文・",
    "文/",
    "文／",
    "记者",
    "लेखक",
    "tác giả",
    "bởi",
    "글",
];

/// What follows a word for "by" at the start of a text.
fn after_by(text: &str) -> Option<&str> {
    let text = text.trim_start();
    // "Post by", "Recipe by", "Words by".
    if let Some((what, rest)) = text.split_once(" by ").or_else(|| text.split_once(" By "))
        && !what.contains(' ')
        && what.chars().all(char::is_alphabetic)
    {
        return Some(rest);
    }
    if let Some((genre, rest)) = text.split_once(' ')
        && GENRES.contains(&genre.to_lowercase().as_str())
        && let Some(name) = BY.iter().find_map(|by| rest.strip_prefix(by)?.strip_prefix(' '))
    {
        return Some(name);
    }
    BY.iter()
        .filter_map(|by| {
            let head = text.get(..by.len())?;
            let rest = &text[by.len()..];
            let ends = rest.starts_with([' ', ':', '：', '\u{a0}'])
                || by.ends_with(['・', '/', '／'])
                || (!by.is_ascii() && by.chars().all(is_unspaced));
            (head.to_lowercase() == *by && ends).then(|| rest.trim_start_matches([' ', ':', '：', '\u{a0}']))
        })
        .max_by_key(|rest| std::cmp::Reverse(rest.len()))
}

/// Names out of raw bylines: split, stripped of roles and addresses, each once.
pub(in crate::extract) fn clean_names(raw: &[String], site: &[&str]) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    for text in raw {
        let text = fold(&without_markup(text));
        if text.contains("://") || text.starts_with("www.") {
            continue;
        }
        let text = after_by(&text).unwrap_or(&text).to_owned();
        for part in split(&text) {
            let Some(name) = clean_name(part, site) else { continue };
            let known = names.iter().position(|known| same_name(known, &name));
            match known {
                // Of two spellings the one that is not all capitals.
                Some(at) if is_shouted(&names[at]) && !is_shouted(&name) => names[at] = name,
                None if names.len() < MAX_AUTHORS => names.push(name),
                _ => {}
            }
        }
    }
    names
}

/// Splits a list of names at commas, semicolons, bars and the words for "and".
fn split(text: &str) -> Vec<&str> {
    const AND: [&str; 14] = [
        " and ", " und ", " et ", " y ", " e ", " en ", " och ", " og ", " i ", " и ", " & ", " with ", " mit ",
        " con ",
    ];
    let mut parts: Vec<&str> = text.split([',', ';', '|', '、', '，', '·', '•', '\n', '；']).collect();
    // "Jane Roe / John Doe" are two; "srf/hosb" is one sign.
    parts = parts.into_iter().flat_map(|part| part.split(" / ")).collect();
    for and in AND {
        // A single letter joins names only where both sides have two words: "Jane Roe y Juan Pérez".
        parts = parts
            .into_iter()
            .flat_map(|part| {
                let pieces: Vec<&str> = part.split(and).collect();
                let full = and.trim().len() > 1 || pieces.iter().all(|piece| piece.split_whitespace().count() >= 2);
                if full { pieces } else { vec![part] }
            })
            .collect();
    }
    parts
}

fn clean_name(part: &str, site: &[&str]) -> Option<String> {
    let part = after_by(part).unwrap_or(part);
    let part = part.split(['(', '[', '<']).next().unwrap_or(part);
    let part = part.trim_matches(|c: char| c.is_whitespace() || ".,;:–—-*·|/\"“”„".contains(c) && c != '.').trim();
    let part = before_date(part);
    let part = part.trim_end_matches('.').trim();
    let part = TRAILING_TITLES.iter().find_map(|title| part.strip_suffix(title)).map_or(part, str::trim_end);
    let part = strip_role(part);
    let lower = part.to_lowercase();
    let count = part.chars().count();
    let is_bare = lower.contains("://")
        || lower.contains("www.")
        || lower.contains('@')
        || lower.rsplit('.').next() == Some("com");
    let words = part.split_whitespace().count();
    let bad = !(2..=NAME_CHARS).contains(&count)
        || words > NAME_WORDS
        || is_bare
        || !part.chars().any(char::is_alphabetic)
        || part.starts_with(char::is_numeric)
        || part.contains([':', '…'])
        || part.contains("...")
        || is_role(&lower)
        || MONTHS.contains(&lower.as_str())
        || DEGREES.contains(&lower.replace('.', "").as_str())
        || lower.split(' ').next().is_some_and(|first| BY.contains(&first)) && words == 1
        || site.iter().any(|site| !site.is_empty() && same_name(&lower, site))
        || lower.split_whitespace().any(|word| BLOCKED_WORDS.contains(&word));
    (!bad).then(|| part.to_owned())
}

/// Words that begin a date or a label behind a name.
const DATE_WORDS: &[&str] = &[
    "published",
    "updated",
    "posted",
    "publié",
    "publiée",
    "mis",
    "publicado",
    "actualizado",
    "veröffentlicht",
    "aktualisiert",
    "stand",
    "pubblicato",
    "aggiornato",
    "gepubliceerd",
    "publicerad",
    "julkaistu",
    "опубликовано",
    "monday",
    "tuesday",
    "wednesday",
    "thursday",
    "friday",
    "saturday",
    "sunday",
    "montag",
    "dienstag",
    "mittwoch",
    "donnerstag",
    "freitag",
    "samstag",
    "sonnabend",
    "sonntag",
    "lundi",
    "mardi",
    "mercredi",
    "jeudi",
    "vendredi",
    "samedi",
    "dimanche",
    "lunes",
    "martes",
    "miércoles",
    "jueves",
    "viernes",
    "sábado",
    "domingo",
];

/// What stands before a date that runs on from a name: "Jane Roe Tuesday, 5 March".
fn before_date(part: &str) -> &str {
    let mut end = part.len();
    let mut at = 0;
    for word in part.split(' ') {
        // A name may have digits in it ("user7"); a word that begins with one is a date or a counter.
        let is_date = word.starts_with(char::is_numeric)
            || DATE_WORDS.contains(&word.trim_end_matches([':', ',', '.']).to_lowercase().as_str());
        if at > 0 && at < end && is_date {
            end = at;
        }
        at += word.len() + 1;
    }
    // A date without a blank before it: 三崎 遥2026年5月2日.
    let digits = part[..end].char_indices().find(|&(at, c)| {
        c.is_numeric() && part[at..end].chars().take_while(|c| c.is_numeric()).count() == 4 && !part[..at].is_ascii()
    });
    let end = digits.map_or(end, |(at, _)| at);
    let name = part[..end].trim_end_matches(|c: char| c.is_whitespace() || ",.:|–—-·»".contains(c));
    name.strip_suffix(" on").or_else(|| name.strip_suffix(" am")).unwrap_or(name)
}

/// Titles that stand behind a name in East Asian bylines.
const TRAILING_TITLES: [&str; 5] = ["기자", "記者", "记者", "특파원", "編集委員"];

/// Words that stand in dates, buttons and counters near a byline and in no name.
const BLOCKED_WORDS: &[&str] = &[
    "published",
    "updated",
    "ago",
    "min",
    "minutes",
    "read",
    "comments",
    "share",
    "follow",
    "subscribe",
    "uhr",
    "aktualisiert",
    "veröffentlicht",
    "january",
    "february",
    "march",
    "april",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
    "categories",
    "admin",
    "administrator",
    "undefined",
    "null",
    "none",
    "n/a",
    "unknown",
];

/// Short names of months, which stand alone where a byline was cut from a date.
const MONTHS: &[&str] = &["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "sept", "oct", "nov", "dec"];

/// Genres that stand before "by" in languages that have no word for the text itself there.
const GENRES: &[&str] = &[
    "kommentar",
    "analyse",
    "interview",
    "reportage",
    "kolumne",
    "essay",
    "glosse",
    "porträt",
    "gastbeitrag",
    "meinung",
    "chronique",
    "entretien",
    "reportaje",
    "análisis",
    "opinión",
    "intervista",
    "commento",
    "analisi",
];

/// Academic and professional titles that stand behind a name, apart by a comma.
const DEGREES: &[&str] = &[
    "phd",
    "md",
    "dr",
    "esq",
    "jr",
    "sr",
    "mba",
    "cpa",
    "rd",
    "rn",
    "jd",
    "ma",
    "ms",
    "msc",
    "ba",
    "bsc",
    "mph",
    "dietitian",
    "cfa",
];

/// Titles of an office behind or before a name.
const ROLES: &[&str] = &[
    "reporter",
    "staff reporter",
    "senior reporter",
    "editor",
    "senior editor",
    "correspondent",
    "staff writer",
    "writer",
    "staff",
    "journalist",
    "contributor",
    "columnist",
    "chief reporter",
    "political editor",
    "business editor",
    "news editor",
    "managing editor",
    "editor-in-chief",
    "editor in chief",
    "deputy editor",
    "freelance writer",
    "senior writer",
    "photographer",
    "redakteur",
    "redakteurin",
    "korrespondent",
    "korrespondentin",
    "redaktion",
    "die redaktion",
    "newsroom",
    "news desk",
    "web desk",
    "editorial team",
    "editorial board",
    "opinion",
    "video",
    "special to",
    "for the",
    "guest author",
    "producer",
    "health reporter",
    "sports reporter",
    "science writer",
    "associated press writer",
    "correspondente",
    "redacción",
    "redação",
    "redazione",
    "rédaction",
    "la rédaction",
];

fn is_role(lower: &str) -> bool {
    ROLES.contains(&lower)
}

/// "Jane Roe Senior Reporter" and "Political Editor Jane Roe" are Jane Roe.
fn strip_role(part: &str) -> &str {
    let lower = part.to_lowercase();
    if lower.len() != part.len() {
        return part;
    }
    for role in ROLES.iter().filter(|role| role.contains(' ') || role.len() > 6) {
        if let Some(rest) = lower.strip_suffix(role)
            && rest.ends_with(' ')
            && rest.split_whitespace().count() >= 2
        {
            return part[..rest.len()].trim().trim_end_matches([',', '-', '–']).trim();
        }
        if let Some(rest) = lower.strip_prefix(role)
            && rest.starts_with(' ')
            && rest.split_whitespace().count() >= 2
        {
            return part[part.len() - rest.len()..].trim();
        }
    }
    part
}

fn same_name(one: &str, other: &str) -> bool {
    let letters = |text: &str| text.to_lowercase().chars().filter(|c| c.is_alphanumeric()).collect::<String>();
    letters(one) == letters(other)
}

fn is_shouted(name: &str) -> bool {
    !name.chars().any(char::is_lowercase)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(text: &str) -> Vec<String> {
        clean_names(&[text.to_owned()], &["The Harbour Ledger"])
    }

    #[test]
    fn bylines_become_names() {
        assert_eq!(names("By Jane Roe and John Q. Public"), ["Jane Roe", "John Q. Public"]);
        assert_eq!(names("Von Jürgen Müller und Anna-Lena Weiß"), ["Jürgen Müller", "Anna-Lena Weiß"]);
        assert_eq!(names("Por Ana Gómez y Luis Pérez"), ["Ana Gómez", "Luis Pérez"]);
        assert_eq!(names("Jane Roe, Senior Reporter"), ["Jane Roe"]);
        assert_eq!(names("JANE ROE; Jane Roe"), ["Jane Roe"]);
        assert_eq!(names("山田太郎、鈴木花子"), ["山田太郎", "鈴木花子"]);
        assert_eq!(names("The Harbour Ledger"), Vec::<String>::new());
        assert_eq!(names("Kommentar von Jan Muster"), ["Jan Muster"]);
        assert_eq!(names("Recipe by Jane Roe, Ph.D."), ["Jane Roe"]);
        assert_eq!(names("Otto von Muster"), ["Otto von Muster"]);
        assert_eq!(names("https://www.facebook.com/ledger"), Vec::<String>::new());
        assert_eq!(names("Jane Roe (jane@ledger.example)"), ["Jane Roe"]);
        assert_eq!(names("Ortega y Gasset"), ["Ortega y Gasset"]);
    }
}
