//! Texts of pages whose elements ran into each other, because a program put nothing between them: "… of brick.The council
//! said", `HomeNewsSport`. They are parted where an element must have ended.

use super::lines::{Form, Line};
use regex::Regex;
use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

/// Sentences without a blank behind them from which a text ran together; a missing blank or two are slips.
const LEAST_JOINTS: usize = 5;

/// Words that begin inside of words from which a line is a row of entries.
const LEAST_ENTRIES: usize = 4;

/// Where a sentence of small words ends and another begins with no blank between them. Names in programs
/// (`System.Text`) begin with large letters.
static JOINT: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r#"\s\p{Ll}{2,}[.!?…]["”“»’)]?["“„«]?\p{Lu}[\p{L}’'-]*[\s,]"#).expect("a constant pattern")
});

/// Where any sentence ends so, once it is known that elements ran together.
static END: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r#"[\p{L}\p{N}]{2}[.!?…][”»’)]*(?P<quote>["“]?)(?P<next>[„«]?\p{Lu})"#).expect("a constant pattern")
});

/// Names that have a large letter within.
const NAMES: [&str; 28] = [
    "YouTube",
    "WhatsApp",
    "LinkedIn",
    "TikTok",
    "iPhone",
    "iPad",
    "iOS",
    "eBay",
    "PayPal",
    "OpenAI",
    "ChatGPT",
    "GitHub",
    "JavaScript",
    "TypeScript",
    "PlayStation",
    "BioNTech",
    "AirPods",
    "MacBook",
    "SpaceX",
    "DeepMind",
    "FaceTime",
    "BuzzFeed",
    "NextEra",
    "HuffPost",
    "ProPublica",
    "MasterCard",
    "AstraZeneca",
    "BlackRock",
];

/// The lines, parted where elements ended, if the text ran together.
pub(super) fn part(lines: Vec<Line>) -> Vec<Line> {
    let joints = lines.iter().filter(|line| may_be_parted(line)).flat_map(|line| JOINT.find_iter(&line.text));
    if joints.take(LEAST_JOINTS).count() < LEAST_JOINTS {
        return lines;
    }
    // A name stands more than once.
    let mut tokens: HashMap<String, u32> = HashMap::new();
    for token in lines.iter().flat_map(|line| line.text.split(|c: char| !c.is_alphanumeric())) {
        if inner_capitals(token).next().is_some() {
            *tokens.entry(token.to_owned()).or_default() += 1;
        }
    }
    let is_repeated = |token: &str| tokens.get(token).is_some_and(|&count| count > 1);
    let closes_low = lines.iter().any(|line| line.text.contains('„'));
    let mut parted = Vec::with_capacity(lines.len());
    for mut line in lines {
        if !may_be_parted(&line) {
            parted.push(line);
            continue;
        }
        let text = std::mem::take(&mut line.text);
        let mut cuts = ends_in(&text, closes_low);
        let entries = entries_in(&text, &is_repeated);
        if entries.len() >= LEAST_ENTRIES {
            cuts.extend(entries);
            cuts.sort_unstable();
            cuts.dedup();
        }
        let mut from = 0;
        for end in cuts.into_iter().chain([text.len()]) {
            let piece = text[from..end].trim();
            if !piece.is_empty() {
                let opens_group = line.opens_group || from > 0;
                parted.push(Line { text: piece.to_owned(), opens_group, inlines: Vec::new(), ..line.clone() });
            }
            from = end;
        }
    }
    parted
}

fn may_be_parted(line: &Line) -> bool {
    matches!(line.form, Form::Running | Form::Quote)
}

/// Where sentences begin that ran into the ones before. The mark “ closes what „ opens, and else opens; the same sign for both
/// opens and closes in turn.
fn ends_in(text: &str, closes_low: bool) -> Vec<usize> {
    let mut counted = 0;
    let mut is_open = false;
    let mut cuts = Vec::new();
    for found in END.captures_iter(text) {
        let (Some(quote), Some(next)) = (found.name("quote"), found.name("next")) else { continue };
        is_open ^= text[counted..quote.start()].matches('"').count() % 2 == 1;
        counted = quote.start();
        let closes = if quote.as_str() == "“" { closes_low } else { is_open };
        cuts.push(if closes { next.start() } else { quote.start() });
    }
    cuts
}

/// Where the entries of a row begin that ran into the ones before.
fn entries_in(text: &str, is_repeated: &impl Fn(&str) -> bool) -> Vec<usize> {
    let mut cuts = Vec::new();
    let mut from = 0;
    for token in text.split(|c: char| !c.is_alphanumeric()) {
        if !is_repeated(token) && !token.starts_with("Mc") {
            let names = NAMES.iter().flat_map(|name| token.match_indices(name));
            let inside: HashSet<usize> =
                names.flat_map(|(at, name)| inner_capitals(name).map(move |inner| at + inner)).collect();
            let capitals = inner_capitals(token).filter(|at| !inside.contains(at));
            cuts.extend(capitals.map(|at| from + at));
        }
        // What parts tokens is one sign.
        from += token.len();
        from += text[from..].chars().next().map_or(0, char::len_utf8);
    }
    cuts
}

/// Where a large letter stands behind a small one.
fn inner_capitals(token: &str) -> impl Iterator<Item = usize> + '_ {
    let behind = token.char_indices().skip(1);
    token
        .chars()
        .zip(behind)
        .filter(|(before, (_, c))| before.is_lowercase() && c.is_uppercase())
        .map(|(_, (at, _))| at)
}

#[cfg(test)]
mod tests {
    use crate::extract::scraped_text::lines::logical_lines;

    fn texts(text: &str) -> Vec<String> {
        logical_lines(text).into_iter().map(|line| line.text).collect()
    }

    const PROSE: &str = "The pier is made of wood.It was built long ago by hand.It has no roof at all.Nobody fishes from it now.Nobody sits on it.The end of it fell off.";

    #[test]
    fn sentences_and_entries_are_parted_where_elements_ended() {
        let menu = "HomeNewsSportYouTubeTownLetters";
        let said =
            "He said so.“It is old.” “Then mend it.”She left. \"No.\"Then \"yes.\"Pay day came.\"So it did,\" he said.";
        let parts = texts(&format!("{menu}\n\n{PROSE}\n\n{said}"));
        assert_eq!(parts[..6], ["Home", "News", "Sport", "YouTube", "Town", "Letters"], "{parts:?}");
        assert_eq!(parts[6..12].len(), PROSE.matches('.').count());
        assert_eq!(
            parts[12..],
            [
                "He said so.",
                "“It is old.” “Then mend it.”",
                "She left. \"No.\"",
                "Then \"yes.\"",
                "Pay day came.",
                "\"So it did,\" he said."
            ]
        );
    }

    #[test]
    fn slips_and_names_in_programs_part_nothing() {
        for text in [
            "The pier is old.It was built by hand. Nobody knows when that was.",
            "Use System.Text and System.Linq, then call StringBuilder.Append or Console.WriteLine, and getElementById twice.",
        ] {
            assert_eq!(texts(text), [text]);
        }
    }
}
