//! What stands below a scraped text's story: the notice of a paywall, who made the story, comments, other stories, the page's
//! frame.

use super::header::Header;
use super::kinds::{Kind, LABEL_WORDS, is_addressed, is_running};
use super::labels::{CONTROL_WORDS, NOTICE_WORDS as CLOSING_WORDS};
use super::lines::{Line, ends_sentence, is_spoken};
use super::words::NEXT_STORY;
use crate::extract::content::{
    COLOPHON_REACH, ClosingLine, FurnitureLine, LONGEST_BEGINNING, NOTICE_WORDS, PITCH_WORDS, REPLIES, count_words,
    introduces_writer, is_paywall_notice, label_key, writer_told_of,
};
use crate::extract::metadata::is_person;

/// Words from which a line that ends a sentence is one of the story's.
const SENTENCE_WORDS: usize = 6;

/// Words up to which a line can be a button's answer to a question.
const ANSWER_WORDS: usize = 2;

/// A notice below the beginning of a story that the rest is for subscribers, and the offer that follows it, are no body.
/// Says whether the beginning is all that there is.
pub(super) fn cut_paywall(lines: &[Line], kinds: &mut [Kind]) -> bool {
    let words = |index: usize| count_words(&lines[index].text);
    let Some(paragraph) = (0..lines.len()).find(|&index| kinds[index].is_body() && is_running(&lines[index])) else {
        return false;
    };
    // From the end up: what is behind a notice is short, and little.
    let (mut after, mut notice) = (0, None);
    for index in (paragraph + 1..lines.len()).rev() {
        let own = words(index);
        after += if kinds[index].is_body() { own } else { 0 };
        if own > NOTICE_WORDS && kinds[index].is_body() || after > PITCH_WORDS {
            break;
        }
        if own <= NOTICE_WORDS && is_paywall_notice(&lines[index].text.to_lowercase()) {
            notice = Some(index);
        }
    }
    let Some(notice) = notice else { return false };
    kinds[notice..].iter_mut().filter(|kind| kind.is_body()).for_each(|kind| *kind = Kind::Paywall);
    (0..notice).filter(|&index| kinds[index].is_body()).map(words).sum::<usize>() <= LONGEST_BEGINNING
}

/// Where a whole story stands above, and `words` of its paragraphs.
fn story_above(lines: &[Line], kinds: &[Kind], index: usize) -> usize {
    let own = lines[..index].iter().zip(kinds).filter(|(line, kind)| kind.is_body() && is_running(line));
    own.map(|(line, _)| count_words(&line.text)).sum()
}

/// What is pressed beside a comment to complain of it.
const REPORTS: [&str; 12] = [
    "report",
    "report comment",
    "kommentar melden",
    "melden",
    "signaler",
    "signaler un abus",
    "denunciar",
    "reportar",
    "segnala",
    "anmäl",
    "zgłoś",
    "пожаловаться",
];

/// Comments: below a line that counts them, or heads them, where lines have the buttons or the beginnings that comments have.
pub(super) fn cut_comments(lines: &[Line], kinds: &mut [Kind]) {
    /// Lines below the heading in which the first button stands.
    const REACH: usize = 12;
    let Some(lead) = lines.iter().position(is_running) else { return };
    let is_of_comment = |line: &Line| {
        let key = label_key(&line.text);
        REPLIES.contains(&key.as_str())
            || REPORTS.contains(&key.as_str())
            || line.text.ends_with(" says:")
            || line.text.ends_with(" sagt:")
    };
    let heads =
        |index: &usize| kinds[*index] == Kind::Comments && lines[index + 1..].iter().take(REACH).any(is_of_comment);
    let Some(head) = (lead + 1..lines.len()).find(heads) else { return };
    let below: usize = lines[head..].iter().map(|line| count_words(&line.text)).sum();
    // Where comments are most of the text they are what it is.
    if below <= story_above(lines, kinds, head) {
        kinds[head..].iter_mut().filter(|kind| kind.is_body()).for_each(|kind| *kind = Kind::Comments);
    }
}

/// Another whole story below "Next article": a headline, and a byline or paragraphs.
pub(super) fn cut_next_story(lines: &[Line], kinds: &mut [Kind]) {
    let Some(lead) = lines.iter().position(is_running) else { return };
    let is_headline = |line: &Line| !ends_sentence(&line.text) && count_words(&line.text) > ANSWER_WORDS;
    let heads = |index: &usize| {
        let below = &lines[index + 1..];
        NEXT_STORY.has(&lines[*index].text)
            && below.first().is_some_and(is_headline)
            && below.iter().skip(1).take(COLOPHON_REACH).any(is_running)
    };
    let Some(head) = (lead + 1..lines.len()).find(heads) else { return };
    kinds[head + 1..].iter_mut().filter(|kind| kind.is_body()).for_each(|kind| *kind = Kind::Other);
}

/// The line of a writer's name, close above a paragraph about her that begins with it: "Jane Roe", "Town correspondent",
/// "Jane has written about the harbour for nine years." Where several names stand so, the text is about these people.
fn name_above(lines: &[Line], kinds: &[Kind], biography: usize) -> Option<usize> {
    const REACH: usize = 3;
    let text = lines[biography].text.as_str();
    let is_of = |&above: &usize| {
        let name = lines[above].text.as_str();
        let first = name.split_whitespace().next().unwrap_or_default();
        kinds[above].is_body()
            && is_person(name)
            && text.strip_prefix(first).is_some_and(|rest| rest.starts_with([' ', ',', '’', '\'']))
    };
    let is_sentence = ends_sentence(text) && count_words(text) > CONTROL_WORDS;
    let found = is_sentence.then(|| (biography.saturating_sub(REACH)..biography).find(is_of)).flatten()?;
    let names = lines.iter().zip(kinds).filter(|(line, kind)| kind.is_body() && is_person(&line.text));
    (names.count() == 1).then_some(found)
}

/// Whether a paragraph is about one of those who signed the text: it begins with the name.
fn is_about_writer(text: &str, header: &Header) -> bool {
    header
        .signed
        .values()
        .flatten()
        .any(|name| text.strip_prefix(name.as_str()).is_some_and(|rest| !rest.starts_with(char::is_alphanumeric)))
}

/// The lines below the last paragraph that say who made the story, and what readers are asked for.
pub(super) fn cut_colophon(lines: &[Line], kinds: &mut [Kind], header: &Header) {
    let is_body = |&index: &usize| kinds[index].is_body();
    let paragraph = (0..lines.len()).find(|index| is_body(index) && is_running(&lines[*index]));
    let Some(lead) = paragraph.or_else(|| (0..lines.len()).find(is_body)) else { return };
    let (mut is_last, mut looked_at) = (true, 0);
    for index in (lead + 1..lines.len()).rev() {
        if !kinds[index].is_body() {
            continue;
        }
        let text = lines[index].text.as_str();
        let words = count_words(text);
        if is_of_colophon(text, words, is_last) {
            kinds[index] = Kind::Colophon;
            continue;
        }
        let is_short = words <= CLOSING_WORDS;
        // "About the author", and what is said there.
        let heading = index.checked_sub(1).filter(|&above| introduces_writer(&lines[above].text));
        if is_last
            && is_short
            && let Some(from) = heading
        {
            kinds[from..=index].fill(Kind::Colophon);
            continue;
        }
        if is_last && is_short && (is_about_writer(text, header) || writer_told_of(text).is_some()) {
            kinds[index] = Kind::Colophon;
            continue;
        }
        if is_last && let Some(name) = name_above(lines, kinds, index) {
            kinds[name..=index].iter_mut().filter(|kind| kind.is_body()).for_each(|kind| *kind = Kind::Colophon);
            continue;
        }
        // "Was this helpful?" "Yes" "No".
        let is_answer = |line: &Line| count_words(&line.text) <= ANSWER_WORDS && !ends_sentence(&line.text);
        if text.ends_with(['?', '？', '؟'])
            && lines.get(index + 1..index + 3).is_some_and(|answers| answers.iter().all(is_answer))
            && kinds[index + 1..index + 3].iter().all(|kind| kind.is_body())
        {
            kinds[index..index + 3].fill(Kind::Promotion);
            continue;
        }
        is_last = false;
        looked_at += 1;
        if looked_at == COLOPHON_REACH {
            return;
        }
    }
}

/// Whether a line near the end is what papers write below their stories.
fn is_of_colophon(text: &str, words: usize, is_last: bool) -> bool {
    let lower = text.to_lowercase();
    let line = ClosingLine {
        text,
        lower: &lower,
        words,
        ends_sentence: ends_sentence(text),
        // Which words were links is not known here; what somebody says in the story is none.
        has_link: !is_spoken(text),
        is_last,
        site: None,
    };
    let furniture = FurnitureLine::of(&lower);
    let is_notice = || furniture.is_legal() || furniture.asks_to_install(words) || furniture.tells_of_a_machine(words);
    // "The post Why the bridge hums appeared first on The Ledger."
    let is_feeds = || lower.starts_with("the post ") && lower.contains(" appeared first on ");
    !super::kinds::quotes(text)
        && (line.is_colophon() || is_last && words <= CLOSING_WORDS && is_notice() || is_feeds())
}

/// What stands behind the last paragraph is the page's frame: short lines that end no sentence. What stands right below it,
/// above the first line of the frame, may be the text's own: whole sentences, who signs a letter, where and when, and a long
/// list.
pub(super) fn cut_tail(lines: &[Line], kinds: &mut [Kind]) {
    /// Lines from which it is a list of the text's own: stories that a page points to are fewer.
    const LIST_LINES: usize = 15;
    let is_paragraph = |index: &usize| {
        matches!(kinds[*index], Kind::Code | Kind::Row)
            || matches!(kinds[*index], Kind::Body | Kind::Item | Kind::Quote)
                && ends_sentence(&lines[*index].text)
                && count_words(&lines[*index].text) >= SENTENCE_WORDS
    };
    let Some(end) = (0..lines.len()).rev().find(is_paragraph) else { return };
    let is_frame = |kind: &Kind| {
        matches!(
            kind,
            Kind::Promotion
                | Kind::Comments
                | Kind::Counter
                | Kind::Pointer
                | Kind::Account
                | Kind::Legal
                | Kind::Repeated
                | Kind::Other
        )
    };
    let Some(frame) = kinds[end + 1..].iter().position(is_frame).map(|at| end + 1 + at) else { return };
    let signs = |line: &Line| {
        let text = line.text.as_str();
        text.ends_with([',', '，', '،']) || text.contains(char::is_numeric)
    };
    let below = end + 1..frame;
    // What stands above a last sentence, and what has a letter's signs.
    let sentence = below.clone().rev().find(|&index| kinds[index].is_body() && ends_sentence(&lines[index].text));
    let is_list = below.clone().filter(|&index| kinds[index].is_body()).count() >= LIST_LINES;
    let is_own = is_list || lines[below].iter().any(signs);
    for index in end + 1..lines.len() {
        let line = &lines[index];
        let is_addressed = is_addressed(&line.text) && !signs(line);
        let stays = sentence.is_some_and(|sentence| index <= sentence)
            || (ends_sentence(&line.text) || index < frame && is_own) && !is_addressed;
        if !stays && kinds[index].is_body() && count_words(&line.text) <= LABEL_WORDS {
            kinds[index] = Kind::Promotion;
        }
    }
}
