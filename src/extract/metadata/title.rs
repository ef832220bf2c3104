//! The headline as the reader sees it.

use super::head::Head;
use super::json_ld::Node;
use super::{page_type, without_markup};
use crate::extract::content::{Decision, Headline, each_word};
use crate::extract::pictures::fold;
use std::collections::HashSet;
use url::Url;

/// The source of what only the title element says.
pub(super) const ELEMENT: &str = "title element";

/// Signs by which sites join a headline with their name. Those that headlines use too need blanks around them.
const SEPARATORS: [&str; 14] =
    [" | ", "|", " - ", " – ", " — ", " :: ", " » ", " « ", " · ", " • ", " ‹ ", " › ", "｜", " / "];

/// Whether a character is what one of these is known by.
fn is_separating(c: char) -> bool {
    matches!(c, '|' | '-' | '–' | '—' | ':' | '»' | '«' | '·' | '•' | '‹' | '›' | '｜' | '/')
}

/// Letters from which the end of one title that is another's whole is no chance.
const LEAST_TAIL: usize = 12;

/// Lines of a block in one of which its headline stands.
const HEADLINE_LINES: usize = 4;

/// Share of words in common from which two titles are one that somebody edited.
const SAME_HEADLINE: f32 = 0.8;

/// Share of words in common from which what a page shows is its headline in another form, by how plainly it is one:
/// publishers write another title for search engines than for readers.
fn least_likeness(headline: Headline) -> f32 {
    match headline {
        Headline::Text | Headline::Part | Headline::Drawn => 0.6,
        Headline::FirstLevel => 0.3,
        Headline::OnlyFirstLevel => 0.2,
    }
}

/// Chooses the title: what the page shows, if its metadata agrees; else what the metadata says.
pub(super) fn choose(
    head: &Head,
    node: Option<&Node<'_>>,
    decision: &Decision,
    site_name: Option<&str>,
    url: Option<&Url>,
    is_article: bool,
) -> Option<(String, &'static str)> {
    let shown = decision.headline();
    let host = url.and_then(Url::host_str).unwrap_or_default();
    // A front page is called as its site; another page that says so has not been given a title.
    let is_front = page_type::is_root(url);
    let is_site_name = |text: &str| !is_front && site_name.is_some_and(|name| likeness(name, text) > 0.99);
    let tidy = |text: String| {
        let text = fold(&without_markup(&text));
        let text = without_site(&text, site_name, host).to_owned();
        (!text.is_empty() && !is_site_name(&text)).then_some(text)
    };
    let headline = node.filter(|node| node.is_article()).and_then(|node| node.text("headline")).and_then(tidy);
    let open_graph = head.metas(&["og:title"]).map(str::to_owned).find_map(tidy);
    let other = head
        .meta(&["twitter:title", "dc.title", "parsely-title", "sailthru.title", "title"])
        .map(str::to_owned)
        .and_then(tidy);
    let document = Some(head.document_title().to_owned()).and_then(tidy);
    let plainness = shown.map(|(_, headline)| headline);
    let least = plainness.map_or(1.0, least_likeness);
    // In one line with the byline and the date, by line breaks: the first is the headline, if that is what is declared. Where
    // it is no heading, a path can be before it.
    let is_declared = |line: &&str| {
        let own = document.as_deref().map(|title| own_part(title, site_name, url));
        // "The Ledger - News - Ferry returns".
        let tail = document.as_deref().and_then(|title| title.rsplit(" - ").next());
        let titles = [&headline, &open_graph, &document, &other].into_iter().flatten().map(String::as_str);
        let titles = titles.chain(own).chain(tail);
        titles.into_iter().any(|title| likeness(title, line) > 0.99)
    };
    let shown = shown.map(|(text, plainness)| {
        let most = if plainness == Headline::Text { HEADLINE_LINES } else { 1 };
        let mut lines = text.trim_start().split('\n').take(most);
        (lines.find(is_declared).unwrap_or(text), plainness)
    });
    // Manuals end their headings with a sign that links to them.
    let shown = shown
        .map(|(text, _)| fold(text).trim_end_matches(['¶', ' ']).to_owned())
        .filter(|text| !text.is_empty() && !is_site_name(text));
    // "Boat Board • View topic - Pump leaks" above "Pump leaks": the first-level heading is the board's name.
    if let Some(own) = shown.as_deref().and_then(|shown| below_the_site(decision, shown, head.document_title())) {
        return Some((own, "heading below the site's name"));
    }
    if let Some(shown) = &shown {
        let declared = [&headline, &open_graph, &document, &other].into_iter().flatten();
        // A kicker that runs into the headline: where Open Graph has all but it, that is the headline; where it has another
        // kicker, what both end with.
        if let Some(title) = open_graph.as_deref().and_then(|title| common_headline(shown, title)) {
            return Some((title.to_owned(), "headline on the page, without the kicker that its metadata has not"));
        }
        // All that is declared says one thing, and the page nearly the same.
        if let (Some(title), Some(same), Some(third)) = (&headline, &open_graph, &document)
            && title == same
            && title == third
            && likeness(shown, title) >= SAME_HEADLINE
        {
            return Some((title.clone(), "JSON-LD, og:title and title element, which agree"));
        }
        // The same letters with better punctuation: on the page a line break or a style stands for it.
        let letters = |text: &str| text.chars().filter(|c| c.is_alphanumeric()).collect::<String>();
        if let Some(same) = declared.clone().find(|title| letters(title) == letters(shown)) {
            return Some((same.clone(), "headline on the page, as its metadata writes it"));
        }
        // A kicker that runs into the headline, or that the metadata puts before it: the metadata knows where it ends.
        let own = letters(shown);
        // What is no first-level heading may be a part's, or another story's; the sites of shops and services name such parts
        // as they like.
        if let (Some(same), Some(third)) = (&open_graph, &document)
            && (plainness == Some(Headline::Part) || plainness == Some(Headline::Text) && !is_article)
            && same == third
            && headline.as_ref().is_none_or(|headline| headline == same)
            && letters(own_part(same, site_name, url)) != own
        {
            return Some((same.clone(), "og:title and title element, which agree"));
        }
        let is_tail = |title: &str| {
            let title = letters(title);
            let (short, long) = if title.len() < own.len() { (&title, &own) } else { (&own, &title) };
            short.chars().count() >= LEAST_TAIL && long.ends_with(short.as_str())
        };
        // A second line in the headline's element, in small print, or a note in brackets, which no metadata has.
        let is_whole = |title: &&String| begins_with_headline(shown, title);
        let alike = [&headline, &open_graph, &document].into_iter().flatten().filter(is_whole);
        if let (Some(title), true) =
            (alike.clone().next(), alike.clone().all(|title| Some(title) == alike.clone().next()))
        {
            return Some((title.clone(), "headline on the page, without what its metadata has not"));
        }
        if let Some(title) = open_graph.iter().chain(&headline).find(|title| is_tail(title)) {
            return Some((title.clone(), "metadata, with or without the kicker of the headline on the page"));
        }
        if declared.clone().any(|title| likeness(shown, title) >= least) {
            return Some((shown.clone(), "headline on the page"));
        }
        // The metadata has the site's motto, and the page's own address the words of its headline.
        if plainness == Some(Headline::OnlyFirstLevel) && url.is_some_and(|url| is_in_address(shown, url)) {
            return Some((shown.clone(), "headline on the page, as its address has it"));
        }
    }
    // Old pages have the paper's name for a title on every page, and converters that of a file.
    let is_plain = || plainness == Some(Headline::OnlyFirstLevel) && decision.heads_story();
    let drawn = shown.clone().filter(|_| plainness == Some(Headline::Drawn) || is_plain());
    headline
        .map(|title| (title, "JSON-LD headline"))
        .or_else(|| open_graph.map(|title| (title, "og:title")))
        .or_else(|| drawn.map(|title| (title, "headline on the page, of which its metadata knows nothing")))
        .or_else(|| other.map(|title| (title, "meta title")))
        .or_else(|| document.map(|title| (title, ELEMENT)))
        .or_else(|| shown.map(|title| (title, "headline on the page")))
        .or_else(|| Some((fold(head.document_title()), ELEMENT)).filter(|(title, _)| !title.is_empty()))
}

/// What of a title that metadata gives is the page's own: without the site's name, up to the next sign that parts it.
pub(super) fn own_part<'a>(title: &'a str, site_name: Option<&str>, url: Option<&Url>) -> &'a str {
    let title = without_site(title, site_name, url.and_then(Url::host_str).unwrap_or_default());
    let end = SEPARATORS.iter().filter_map(|separator| title.find(separator)).filter(|&at| at > 0).min();
    title[..end.unwrap_or(title.len())].trim()
}

/// Whether a part of the page's address is made of the headline's words; addresses leave out short words and cut ends.
fn is_in_address(headline: &str, url: &Url) -> bool {
    /// Words under which an address has a headline's words by chance.
    const LEAST_WORDS: usize = 3;
    let Some(parts) = url.path_segments() else { return false };
    parts
        .map(|part| part.replace(['-', '_', '+'], " "))
        .any(|part| words(&part).len() >= LEAST_WORDS && likeness(headline, &part) >= least_likeness(Headline::Text))
}

/// The heading below a first-level heading with which the title element begins, where that heading says how it ends: the
/// site's name stands above.
fn below_the_site(decision: &Decision, shown: &str, title: &str) -> Option<String> {
    let letters = |text: &str| text.to_lowercase().chars().filter(|c| c.is_alphanumeric()).collect::<String>();
    let site = letters(shown);
    let starts = SEPARATORS.iter().copied().chain([": "]).filter_map(|separator| title.split_once(separator));
    let rest = starts.filter(|(front, _)| letters(front) == site).map(|(_, rest)| rest).next()?;
    let tails = SEPARATORS.iter().filter_map(|separator| rest.rsplit_once(separator)).map(|(_, tail)| tail);
    let wanted: Vec<String> = tails.chain([rest]).map(letters).filter(|tail| !tail.is_empty()).collect();
    decision.heading_below_headline(&wanted).map(fold)
}

/// Whether a headline is what is declared, and more that does not belong to it: a bracket, or words behind it.
fn begins_with_headline(shown: &str, declared: &str) -> bool {
    /// Words of a headline at the least, since a shorter one can be a section's name.
    const LEAST_WORDS: usize = 4;
    shown.strip_prefix(declared).is_some_and(|rest| {
        let is_bracket = rest.trim_start().starts_with('(') && rest.ends_with(')') && !rest.trim().contains(' ');
        declared.split_whitespace().count() >= LEAST_WORDS && (is_bracket || rest.starts_with(' '))
    })
}

/// What two forms of a headline end with, if the one is the other behind a kicker or both have a kicker of their own.
fn common_headline<'a>(shown: &'a str, declared: &str) -> Option<&'a str> {
    /// Signs that part a kicker from its headline.
    const KICKER_ENDS: [&str; 5] = [": ", " - ", " – ", " — ", " | "];
    /// Words that a kicker has at most.
    const KICKER_WORDS: usize = 6;
    /// Share of words in common under which two kickers are two.
    const OTHER_KICKER: f32 = 0.5;
    let few = |kicker: &str| kicker.split_whitespace().count() <= KICKER_WORDS;
    KICKER_ENDS.into_iter().filter_map(|end| shown.split_once(end)).find_map(|(kicker, rest)| {
        let long = rest.chars().filter(|c| c.is_alphanumeric()).count() >= LEAST_TAIL;
        let other = declared.strip_suffix(rest).filter(|_| long && few(kicker))?;
        let is_kicker = other.is_empty()
            || KICKER_ENDS
                .iter()
                .filter_map(|end| other.strip_suffix(end))
                .any(|other| few(other) && likeness(kicker, other) < OTHER_KICKER);
        is_kicker.then_some(rest)
    })
}

fn words(text: &str) -> HashSet<u32> {
    let mut words = HashSet::new();
    each_word(&text.to_lowercase(), |hash, _| {
        words.insert(hash);
    });
    words
}

/// F-value of the words in common, 0 to 1.
fn likeness(one: &str, other: &str) -> f32 {
    let (one, other) = (words(one), words(other));
    if one.is_empty() || other.is_empty() {
        return 0.0;
    }
    2.0 * one.intersection(&other).count() as f32 / (one.len() + other.len()) as f32
}

/// Takes the site's name, and a section between it and the headline, off a title's end or start.
fn without_site<'a>(title: &'a str, site_name: Option<&str>, host: &str) -> &'a str {
    /// Least share of the site's name in a part that goes for having it: behind the headline, where sections stand too, and
    /// before it, where a headline may begin with the name ("Harbour Ledger wins an award - Town news").
    const LEAST_BEHIND: usize = 4;
    const LEAST_BEFORE: usize = 2;
    // Most headlines have none of them.
    if !title.contains(is_separating) {
        return title;
    }
    let letters = |text: &str| text.to_lowercase().chars().filter(|c| c.is_alphanumeric()).collect::<String>();
    let site = site_name.map(letters).unwrap_or_default();
    let host = letters(host.strip_prefix("www.").unwrap_or(host));
    let names_site = |part: &str, least: usize| {
        let part = letters(part);
        let count = part.chars().count();
        let named = site.chars().count();
        count >= 2
            && (part == site
                || (named >= 4 && part.contains(&site) && named * least >= count)
                || (count >= 4 && (site.contains(&part) || host.contains(&part))))
    };
    let mut title = title;
    for separator in SEPARATORS {
        while let Some((front, tail)) = title.rsplit_once(separator)
            && !front.trim().is_empty()
            && names_site(tail, LEAST_BEHIND)
        {
            title = front.trim();
        }
        if let Some((front, tail)) = title.split_once(separator)
            && !tail.trim().is_empty()
            && names_site(front, LEAST_BEFORE)
        {
            return tail.trim();
        }
    }
    title
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_separator_is_known_by_a_character() {
        assert!(SEPARATORS.iter().all(|separator| separator.contains(is_separating)));
    }

    #[test]
    fn site_names_come_off() {
        let cut = |title| without_site(title, Some("The Harbour Ledger"), "www.harbour-ledger.test");
        assert_eq!(cut("Ferry returns | The Harbour Ledger"), "Ferry returns");
        assert_eq!(cut("Ferry returns - Harbour Ledger"), "Ferry returns");
        assert_eq!(cut("Harbour Ledger: Ferry returns"), "Harbour Ledger: Ferry returns");
        assert_eq!(cut("Ferry returns - and nobody notices"), "Ferry returns - and nobody notices");
    }
}
