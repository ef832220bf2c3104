//! Who wrote it: names, one each, without roles, agencies' tails and doubles.

use super::Context;
use super::author_words::{
    AGENCIES, BLOCKED_WORDS, BY, DATE_WORDS, DEGREES, GENRES, LABELS, LONG_MONTHS, MONTHS, PROFILE_PATHS, ROLES,
    SECTION_WORDS, SIGNED, TRAILING_TITLES, WEEKDAYS,
};
use super::dates::{self, Reading};
use super::head::{Head, is_inside, is_labelled_above, named_text};
use super::json_ld::Node;
use super::without_markup;
use crate::extract::content::is_unspaced;
use crate::extract::pictures::{fold, spaced_text};
use crate::markup::{Document, NodeId, Tag};
use crate::model::registrable_domain;
use regex::Regex;
use std::sync::LazyLock;
use url::Url;

/// Longest name that is believed, in characters.
const NAME_CHARS: usize = 60;
/// Most words that a name has.
const NAME_WORDS: usize = 6;
/// Most authors that a page is believed to have.
const MAX_AUTHORS: usize = 20;

/// Lines below the headline in which a byline without a label can be.
const LINES: usize = 8;

/// Chooses the authors: the first source that gives names that stand the test.
pub(super) fn choose(
    head: &Head,
    node: Option<&Node<'_>>,
    context: &Context<'_>,
    site_name: Option<&str>,
    reading: Reading<'_>,
) -> (Vec<String>, &'static str) {
    let publisher = node.and_then(|node| node.text("publisher")).unwrap_or_default();
    // The publication calls itself by several names; none of them wrote the article.
    let mut site = vec![site_name.unwrap_or_default(), &publisher];
    site.extend(head.metas(&["publisher", "dc.publisher", "og:site_name", "application-name"]));
    let declared: Vec<String> = node
        .map(|node| {
            let (authors, creators) = (node.names("author"), node.names("creator"));
            let signed = !clean_names(&authors, &site).is_empty() || clean_names(&creators, &site).is_empty();
            if signed && !authors.is_empty() { authors } else { creators }
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
            "articleauthor",
            "article:byline",
        ];
        names.iter().find_map(|name| {
            let list: Vec<String> = head
                .metas(&[name])
                .map(|text| if *name == "citation_author" { first_name_first(text) } else { text.to_owned() })
                .collect();
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
    if let Some(found) = shown(head, context, &site, reading) {
        return found;
    }
    // Nobody else: an article that the publication signs itself.
    let own = clean_names(&declared, &[]);
    if !own.is_empty() {
        return (own, "JSON-LD, the publication itself");
    }
    let own: Vec<String> = head.metas(&["author"]).take(1).map(str::to_owned).collect();
    (clean_names(&own, &[]), "meta, the publication itself")
}

/// Names that the page shows: what says of itself that it is a byline before what only stands where one does.
fn shown(
    head: &Head,
    context: &Context<'_>,
    site: &[&str],
    reading: Reading<'_>,
) -> Option<(Vec<String>, &'static str)> {
    let document = context.document;
    let stands_apart = |element: &NodeId, parts: &[Tag]| {
        is_inside(document, *element, parts)
            || is_labelled_above(document, *element, &["comment", "related", "recommend", "teaser"])
    };
    let near = |element: &NodeId| !stands_apart(element, &[Tag::Aside, Tag::Footer, Tag::Nav]);
    let texts = |elements: Vec<NodeId>| {
        let list: Vec<String> =
            elements.into_iter().filter(near).map(|element| named_text(document, element)).collect();
        clean_names(&list, site)
    };
    // An author's address or picture has properties of its own.
    let by_property =
        texts(head.property("author").filter(|&node| document.attribute(node, "itemprop") == Some("author")).collect());
    if !by_property.is_empty() {
        return Some((by_property, "microdata"));
    }
    let by_link = texts(head.author_links.clone());
    if !by_link.is_empty() {
        return Some((by_link, "rel=author"));
    }
    // Some layouts have the writer's name in an aside of its own.
    let in_aside = head.author_links.iter().filter(|link| !stands_apart(link, &[Tag::Footer, Tag::Nav]));
    let aside: Vec<String> = in_aside.map(|&link| named_text(document, link)).collect();
    let only = clean_names(&aside, site);
    if only.len() == 1 {
        return Some((only, "rel=author"));
    }
    // The innermost elements that are called bylines: the outer ones hold dates and buttons too.
    let bylines = head.byline_elements.iter().copied().filter(near).filter(|&element| {
        !head.byline_elements.iter().any(|&other| other != element && is_below(document, other, element))
    });
    for element in bylines {
        let text = fold(&spaced_text(document, element));
        if text.chars().count() <= 200 {
            let names = clean_names(&[text], site);
            if !names.is_empty() {
                return Some((names, "byline"));
            }
        }
    }
    // "Written by" can be a line of its own.
    let mut is_announced = false;
    for (text, _) in context.decision.blocks_near_headline(12) {
        let announced =
            std::mem::replace(&mut is_announced, says_by(text)).then_some(text).filter(|text| is_person(text));
        let name = announced.or_else(|| reporter(text)).or_else(|| glued_to_by(text));
        if text.chars().count() <= 120 && (name.is_some() || after_by(text).is_some()) {
            let names = clean_names(&[name.unwrap_or(text).to_owned()], site);
            if !names.is_empty() {
                return Some((names, "text near the headline"));
            }
        }
    }
    let linked: Vec<String> = context
        .decision
        .lines_below_headline(LINES)
        .flat_map(|(_, element)| profiles(document, element, head.base.as_ref()))
        .map(|link| document.text_content(link))
        // "See my full profile".
        .filter(|name| name.split_whitespace().all(|word| word.len() <= 3 || !word.starts_with(char::is_lowercase)))
        .collect();
    let names = clean_names(&linked, site);
    if !names.is_empty() {
        return Some((names, "link to a profile below the headline"));
    }
    let is_site = |name: &str| site.iter().any(|site| site.to_lowercase().contains(&name.to_lowercase()));
    let bare = bare_name(context, reading).filter(|name| !is_site(name));
    let names = bare.map(|name| clean_names(&[name.to_owned()], site)).unwrap_or_default();
    if !names.is_empty() {
        return Some((names, "name below the headline"));
    }
    let at_end = context.decision.lines_at_end().map(|line| labelled_names(line, site));
    let at_end = at_end.filter(|names| names.iter().all(|name| is_person(name)));
    let mut signed = context.decision.colophon().map(|line| signed_names(line, site)).chain(at_end);
    if let Some(names) = signed.find(|names| !names.is_empty()) {
        return Some((names, "sign-off below the story"));
    }
    let in_box = context
        .decision
        .person_below()
        .filter(|&(_, element)| !profiles(document, element, head.base.as_ref()).is_empty());
    let names = in_box.map(|(name, _)| clean_names(&[name.to_owned()], site)).unwrap_or_default();
    (!names.is_empty()).then_some((names, "box below the story"))
}

/// The links of an element that lead to the page of one who writes for the site: "/author/jane-roe".
fn profiles(document: &Document, element: NodeId, base: Option<&Url>) -> Vec<NodeId> {
    /// Nodes of an element that are looked at: of a larger one the links are other stories'.
    const MOST_NODES: usize = 40;
    let site = |url: &Url| url.host_str().map(registrable_domain).map(str::to_owned);
    let leads_to_one = |link: &NodeId| {
        let target = base.zip(document.attribute(*link, "href")).and_then(|(base, href)| base.join(href.trim()).ok());
        let is_own = target.as_ref().and_then(site) == base.and_then(site);
        let path = target.as_ref().map(|url| url.path().to_lowercase()).unwrap_or_default();
        let mut steps = path.split('/').filter(|step| !step.is_empty());
        is_own && steps.by_ref().any(|step| PROFILE_PATHS.contains(&step)) && steps.next().is_some()
    };
    // The element can be in the link as well.
    let around = std::iter::successors(Some(element), |&node| document.parent(node)).skip(1).take(2);
    let all =
        document.descendants(element).take(MOST_NODES).chain(around).filter(|&node| document.tag(node) == Some(Tag::A));
    all.filter(leads_to_one).collect()
}

/// The name in a line that says behind it what its bearer is: "카시우스 손 기자 | 입력 2026-05-04", "三崎遥記者 5月4日".
fn reporter(line: &str) -> Option<&str> {
    static REPORTER: LazyLock<Regex> = LazyLock::new(|| {
        // What follows tells it from a press conference (記者会見, 기자회견).
        Regex::new(
            r"^(?:([가-힣]{2,4}|[가-힣]{2,6} [가-힣]{1,6}) ?(?:기자|특파원)|([\p{Han}\p{Hiragana}\p{Katakana}ー・]{2,14}?) ?(?:記者|特派員))(?:[\s\d=|｜/（(]|$)",
        )
        .expect("a constant pattern")
    });
    /// Characters of such a line.
    const LINE_CHARS: usize = 60;
    if line.chars().nth(LINE_CHARS).is_some() {
        return None;
    }
    REPORTER.captures(line.trim())?.iter().skip(1).flatten().next().map(|name| name.as_str())
}

/// A line below the headline that is a name alone and stands beside a date, or has an office behind it.
fn bare_name<'a>(context: &'a Context<'_>, reading: Reading<'_>) -> Option<&'a str> {
    /// Its length in characters.
    const LINE_CHARS: usize = 90;
    let lines: Vec<&str> = context.decision.lines_below_headline(LINES).map(|(line, _)| line).collect();
    let is_dated = |line: Option<&&str>| {
        line.is_some_and(|line| line.chars().count() <= LINE_CHARS && dates::read(line, reading).is_some())
    };
    lines.iter().enumerate().find_map(|(at, line)| {
        let (name, office) = line.split_once(',').map_or((*line, None), |(name, office)| (name, Some(office)));
        let has_office =
            || office.is_some_and(|office| office.to_lowercase().split_whitespace().next_back().is_some_and(is_role));
        let is_beside_date = || {
            office.is_none()
                && (is_dated(lines.get(at + 1)) || at.checked_sub(1).is_some_and(|at| is_dated(lines.get(at))))
        };
        // "Jane Roe | Staff Writer | July 2, 2025".
        let mut parts = line.split(['|', '·', '•']).map(str::trim);
        let first = parts.next().unwrap_or_default();
        let mut is_line_of = || {
            is_person(first)
                && line.chars().count() <= LINE_CHARS
                && parts.any(|part| is_dated(Some(&part)) || is_role(&part.to_lowercase()))
        };
        if is_person(name) && (has_office() || is_beside_date()) { Some(name) } else { is_line_of().then_some(first) }
    })
}

/// The writers whom a line below a story names: "(Reporting by Jane Roe in Almsworth; editing by John Doe)",
/// "Text: Jane Roe", "(Jane Roe)", "(dpa)".
pub(in crate::extract) fn signed_names(line: &str, site: &[&str]) -> Vec<String> {
    let line = unwrapped(line);
    let labelled = labelled_names(line, site);
    let is_name = is_person(line) || AGENCIES.contains(&line.to_lowercase().as_str());
    if labelled.is_empty() && is_name { clean_names(&[line.to_owned()], site) } else { labelled }
}

/// The same, where a word says that they wrote it.
fn labelled_names(line: &str, site: &[&str]) -> Vec<String> {
    let line = unwrapped(line);
    // Who edited or translated it comes behind.
    let line = line.split([';', '；']).flat_map(|part| part.split(". ")).next().unwrap_or(line);
    let lower = line.to_lowercase();
    let labelled = SIGNED.iter().find_map(|label| {
        let rest = line.get(label.len()..).filter(|_| lower.starts_with(label))?;
        rest.strip_prefix([':', '：', ' ']).map(|names| names.trim_start_matches([':', ' ']))
    });
    let names = labelled.map(|names| clean_names(&[names.to_owned()], site)).unwrap_or_default();
    names.into_iter().map(|name| name.split(" in ").next().unwrap_or_default().to_owned()).collect()
}

fn unwrapped(line: &str) -> &str {
    line.trim().trim_start_matches(['(', '[', '（', '［']).trim_end_matches([')', ']', '）', '］'])
}

/// Whether a line is a word for "by" alone.
fn says_by(line: &str) -> bool {
    BY.contains(&line.trim().trim_end_matches([':', '：']).to_lowercase().as_str())
}

/// The name behind a "By" with nothing between them, where only the look of the page parts the two.
fn glued_to_by(line: &str) -> Option<&str> {
    ["By", "BY", "Von", "Por", "Par", "Di"].iter().find_map(|by| line.strip_prefix(by)).filter(|name| is_person(name))
}

/// Small words of names.
const PARTICLES: [&str; 24] = [
    "de", "da", "do", "dos", "del", "della", "di", "du", "des", "la", "le", "van", "von", "der", "den", "zu", "al",
    "bin", "el", "ter", "ten", "af", "av", "d'",
];

/// Whether a text may be a person's name in a script with capitals, and is no label of a section.
pub(in crate::extract) fn is_person(text: &str) -> bool {
    let is_name = |word: &str| {
        word.chars().next().is_some_and(char::is_uppercase)
            && word.chars().all(|c| c.is_alphabetic() || "-'’.".contains(c))
    };
    let words: Vec<&str> = text.split_whitespace().collect();
    (2..=4).contains(&words.len())
        && is_name(words[0])
        && is_name(words[words.len() - 1])
        && words.iter().all(|word| is_name(word) || PARTICLES.contains(word))
        && !words.iter().any(|word| SECTION_WORDS.contains(&word.to_lowercase().as_str()))
}

/// Catalogues write "Roe, Jane", one person a tag.
fn first_name_first(text: &str) -> String {
    match text.split_once(',') {
        Some((last, first)) if !first.contains(',') && !first.trim().is_empty() => {
            format!("{} {}", first.trim(), last.trim())
        }
        _ => text.to_owned(),
    }
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
            (ends && head.to_lowercase() == *by).then(|| rest.trim_start_matches([' ', ':', '：', '\u{a0}']))
        })
        .min_by_key(|rest| rest.len())
}

/// Names out of raw bylines: split, stripped of roles and addresses, each once.
pub(in crate::extract) fn clean_names(raw: &[String], site: &[&str]) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    for text in raw {
        let text = fold(&without_markup(text));
        if text.contains("://") || text.starts_with("www.") {
            continue;
        }
        let (text, is_line) = after_by(&text).map_or((text.as_str(), false), |rest| (rest, true));
        let text = before_others(text);
        for part in split(text) {
            // "Jane Roe — Almsworth": a place or the paper behind the name, or the paper before it.
            let mut pieces = part.split(" — ").flat_map(|part| part.split(" – "));
            let Some(name) = pieces.find_map(|piece| clean_name(piece, site)) else { continue };
            let follows_person = names.iter().any(|known| known.contains(' '));
            // A newsroom may sign beside a person: "Jane Roe, Ledger staff reporter".
            let is_none = is_credential(&name)
                || is_office(part) && part.trim().split(' ').count() <= 3
                || is_line && is_place(&name);
            if follows_person && is_none {
                continue;
            }
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

/// What stands before the names of those who took the pictures or looked it through: "Jane Roe  Photos: John Doe".
fn before_others(text: &str) -> &str {
    const OTHERS: [&str; 14] = [
        " foto:",
        " fotos:",
        " photo:",
        " photos:",
        " bild:",
        " bilder:",
        " photographs by ",
        " photography by ",
        " reviewed by ",
        " edited by ",
        " checked by ",
        " verified by ",
        " translated by ",
        " illustrated by ",
    ];
    let lower = text.to_lowercase();
    if lower.len() != text.len() {
        return text;
    }
    OTHERS.iter().filter_map(|label| lower.find(label)).min().map_or(text, |at| &text[..at])
}

/// Whether what follows a person's name is what she has passed or belongs to: "RD", "FAND", "CEPF®".
fn is_credential(name: &str) -> bool {
    const CHARS: usize = 6;
    let letters = name.trim_end_matches(['®', '™', '.']);
    letters.len() <= CHARS
        && letters.bytes().all(|byte| byte.is_ascii_uppercase() || byte == b'-')
        && !AGENCIES.contains(&letters.to_lowercase().as_str())
}

/// Whether what follows a whole name in a byline is a place: one word that is no agency ("Jane Roe, Almsworth").
fn is_place(name: &str) -> bool {
    let is_cased = name.chars().next().is_some_and(char::is_uppercase) && !is_shouted(name);
    !name.contains(' ') && is_cased && !AGENCIES.contains(&name.to_lowercase().as_str())
}

/// Whether words end with an office: "Health Correspondents".
fn is_office(name: &str) -> bool {
    let lower = name.trim().to_lowercase();
    let last = lower.rsplit(' ').next().unwrap_or_default();
    is_role(last) || last.strip_suffix('s').is_some_and(is_role)
}

/// Splits a list of names at commas, semicolons, bars and the words for "and".
fn split(text: &str) -> Vec<&str> {
    const AND: [&str; 16] = [
        " and ", " und ", " et ", " y ", " e ", " en ", " och ", " og ", " i ", " и ", " & ", " with ", " mit ",
        " con ", " avec ", " med ",
    ];
    let mut parts: Vec<&str> =
        text.split([',', ';', '|', '、', '，', '•', '⋅', '\n', '；']).flat_map(split_at_dots).collect();
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

/// Splits at `·`, which in Chinese also stands between the names of one foreigner.
fn split_at_dots(text: &str) -> Vec<&str> {
    let is_of_name = |at: usize| {
        let (before, after) = (text[..at].chars().next_back(), text[at + '·'.len_utf8()..].chars().next());
        before.is_some_and(is_unspaced) && after.is_some_and(is_unspaced)
    };
    let mut from = 0;
    let mut parts = Vec::new();
    for (at, dot) in text.match_indices('·').filter(|&(at, _)| !is_of_name(at)) {
        parts.push(&text[from..at]);
        from = at + dot.len();
    }
    parts.push(&text[from..]);
    parts
}

fn without_bracket(text: &str) -> &str {
    text.split(['(', '[', '<']).next().unwrap_or(text).trim()
}

fn clean_name(part: &str, site: &[&str]) -> Option<String> {
    let is_site = |name: &str| site.iter().any(|site| !site.is_empty() && same_name(name, without_bracket(site)));
    let part = after_by(part).unwrap_or(part);
    let part = without_bracket(part);
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
        || is_site(&lower)
        || LABELS.contains(&lower.as_str())
        || WEEKDAYS.contains(&lower.as_str())
        || lower.split_whitespace().any(|word| BLOCKED_WORDS.contains(&word))
        || is_month_of_date(&lower)
        || lower.ends_with(" by")
        || begins_inside_a_sentence(part);
    (!bad).then(|| part.to_owned())
}

/// Whether a text of three words or more begins with a small letter and has capitals behind it, and is no name with a
/// particle: "of Startup Lessons Learned".
fn begins_inside_a_sentence(part: &str) -> bool {
    const WORDS: usize = 3;
    let first = part.split_whitespace().next().unwrap_or_default();
    part.split_whitespace().count() >= WORDS
        && first.chars().all(|c| c.is_alphabetic() && c.is_lowercase())
        && first != "the"
        && !PARTICLES.contains(&first)
        && part.split_whitespace().skip(1).any(|word| word.starts_with(char::is_uppercase))
}

/// Whether a month stands where it does in a date: alone, beside a number, or behind another word. "April Fulton" is a name.
fn is_month_of_date(lower: &str) -> bool {
    let mut words = lower.split_whitespace().enumerate();
    words.any(|(at, word)| {
        LONG_MONTHS.contains(&word) && (at > 0 || word.len() == lower.len() || lower.contains(char::is_numeric))
    })
}

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
    let trim = |part: &'_ str| -> usize {
        part.trim_end_matches(|c: char| c.is_whitespace() || ",.:|–—-·»".contains(c)).len()
    };
    let mut name = &part[..trim(&part[..end])];
    // "Jane Roe Dec" and "Jane Roe - Mar" were cut from a date behind the name.
    if end < part.len()
        && let Some((rest, last)) = name.rsplit_once(' ')
        && MONTHS.contains(&last.to_lowercase().as_str())
    {
        name = &rest[..trim(rest)];
    }
    name.strip_suffix(" on").or_else(|| name.strip_suffix(" am")).unwrap_or(name)
}

fn is_role(lower: &str) -> bool {
    ROLES.contains(&lower)
}

/// "Jane Roe Senior Reporter" and "Political Editor Jane Roe" are Jane Roe.
fn strip_role(part: &str) -> &str {
    let lower = part.to_lowercase();
    if lower.len() != part.len() {
        return part;
    }
    for role in ROLES.iter().filter(|role| role.contains(' ') || role.len() > 5) {
        if let Some(rest) = lower.strip_suffix(role)
            && rest.ends_with(' ')
            && leaves_a_name(rest)
        {
            return part[..rest.len()].trim().trim_end_matches([',', '-', '–']).trim();
        }
        if let Some(rest) = lower.strip_prefix(role)
            && rest.starts_with(' ')
            && leaves_a_name(rest)
        {
            return part[part.len() - rest.len()..].trim();
        }
    }
    part
}

/// Whether a person is left when a role is taken off: two words, neither of them a role ("Ledger staff reporter" is the
/// newspaper's own byline, and stays whole) nor an address.
fn leaves_a_name(rest: &str) -> bool {
    let mut words = rest.split_whitespace();
    rest.split_whitespace().count() >= 2 && !words.any(|word| is_role(word) || word.contains('.') && word.len() > 4)
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
    fn a_name_is_no_label() {
        for name in ["Jane Roe", "Ana de la Cruz", "J. R. O'Hara", "JANE ROE", "Анна Петрова"] {
            assert!(is_person(name), "{name}");
        }
        for label in ["World Cup", "Jane", "From our desk", "New York", "Opened 1912", "jane roe", "A Happy End"] {
            assert!(!is_person(label), "{label}");
        }
    }

    #[test]
    fn reporters_are_named_before_what_they_are() {
        assert_eq!(reporter("카시우스 손 기자 | 입력 2026-05-04 10:32"), Some("카시우스 손"));
        assert_eq!(reporter("김하늘 기자"), Some("김하늘"));
        assert_eq!(reporter("三崎遥記者 2026年5月4日"), Some("三崎遥"));
        assert_eq!(reporter("カシアス・ソーン特派員"), Some("カシアス・ソーン"));
        for text in ["定例記者会見", "市長が記者団に語った", "기자회견 2026-05-04", "시장 기자회견", "記者", "기자"]
        {
            assert_eq!(reporter(text), None, "{text}");
        }
    }

    #[test]
    fn a_word_for_by_can_stand_alone_or_be_glued() {
        assert!(says_by("Written by:") && says_by("by ") && !says_by("by the harbour"));
        assert_eq!(glued_to_by("ByJane Roe"), Some("Jane Roe"));
        assert_eq!(glued_to_by("Bygone Days"), None);
        assert_eq!(labelled_names("Written by Jane Roe", &[]), ["Jane Roe"]);
        assert_eq!(labelled_names("Jane Roe", &[]), Vec::<String>::new());
    }

    #[test]
    fn bylines_become_names() {
        assert_eq!(names("By Jane Roe and John Q. Public"), ["Jane Roe", "John Q. Public"]);
        assert_eq!(names("Von Jürgen Müller und Anna-Lena Weiß"), ["Jürgen Müller", "Anna-Lena Weiß"]);
        assert_eq!(names("Por Ana Gómez y Luis Pérez"), ["Ana Gómez", "Luis Pérez"]);
        assert_eq!(names("Jane Roe, Senior Reporter"), ["Jane Roe"]);
        assert_eq!(names("Von Jane Roe, Almsworth"), ["Jane Roe"]);
        assert_eq!(names("Par Jane Roe avec AFP"), ["Jane Roe", "AFP"]);
        assert_eq!(names("By Jane Roe and John Doe, Health Correspondents"), ["Jane Roe", "John Doe"]);
        assert_eq!(names("Por Jane Roe — São Paulo"), ["Jane Roe"]);
        assert_eq!(names("Text: Jane Roe  Fotos: John Doe"), ["Jane Roe"]);
        assert_eq!(names("Madonna, Prince"), ["Madonna", "Prince"]);
        assert_eq!(names("JANE ROE; Jane Roe"), ["Jane Roe"]);
        assert_eq!(names("山田太郎、鈴木花子"), ["山田太郎", "鈴木花子"]);
        assert_eq!(names("The Harbour Ledger"), Vec::<String>::new());
        assert_eq!(names("Kommentar von Jan Muster"), ["Jan Muster"]);
        assert_eq!(names("Recipe by Jane Roe, Ph.D."), ["Jane Roe"]);
        assert_eq!(names("Otto von Muster"), ["Otto von Muster"]);
        assert_eq!(names("https://www.facebook.com/ledger"), Vec::<String>::new());
        assert_eq!(names("Jane Roe (jane@ledger.example)"), ["Jane Roe"]);
        assert_eq!(names("Ortega y Gasset"), ["Ortega y Gasset"]);
        assert_eq!(names("卡西乌斯·索恩 · 李明"), ["卡西乌斯·索恩", "李明"]);
        assert_eq!(names("Jane Roe · John Doe"), ["Jane Roe", "John Doe"]);
        assert_eq!(names("Ledger staff reporter"), ["Ledger staff reporter"]);
        assert_eq!(names("Jane Roe Dec 5, 2026"), ["Jane Roe"]);
        assert_eq!(names("Jane Roe - Mar 12"), ["Jane Roe"]);
        assert_eq!(names("By April Fulton and June Roe"), ["April Fulton", "June Roe"]);
        assert_eq!(names("April 2026, June, 4 August"), Vec::<String>::new());
        assert_eq!(names("Jane Roe, MS, RD, FAND"), ["Jane Roe"]);
        assert_eq!(names("Jane Roe, CEPF®, AFP"), ["Jane Roe", "AFP"]);
        assert_eq!(names("Jane Roe, DVM. Reviewed by John Doe, DVM"), ["Jane Roe"]);
        assert_eq!(names("Jane Roe ⋅ Review Editor ⋅"), ["Jane Roe"]);
        assert_eq!(names("Jane Roe Writer"), ["Jane Roe"]);
        assert_eq!(names("By JANE ROE, AP Sports Writer"), ["JANE ROE"]);
        assert_eq!(names("n-tv NACHRICHTEN"), ["n-tv NACHRICHTEN"]);
        assert_eq!(names("the Ledger Team"), ["the Ledger Team"]);
        assert_eq!(names("of Lessons Learned, van der Moor"), ["van der Moor"]);
        assert_eq!(names("Article by"), Vec::<String>::new());
        assert_eq!(names("Written by"), Vec::<String>::new());
        assert_eq!(names("Sat"), Vec::<String>::new());
    }
}
