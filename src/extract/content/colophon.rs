//! What stands below a story in lines like its own: who wrote, edited and photographed it, where it was printed, and what
//! readers are asked for, which are hints, mistakes and support.

use super::blocks::Block;
use super::boxes::{BoxSize, Shapes, leads_to_own_pages};
use super::bylines::is_byline;
use super::colophon_words::{said, says};
use super::measure::ends_sentence;
use super::words::count_words;
use super::{Decision, Reason, heuristic};
use crate::markup::{Document, NodeId, Tag};
use crate::model::letters::lower;
use crate::model::registrable_domain;

/// Lines from the end in which a colophon stands.
pub(in super::super) const COLOPHON_REACH: usize = 8;

/// Words of a line that names the makers or the paper, and of one that asks for something, at the most.
const LINE_WORDS: usize = 40;
const CALL_WORDS: usize = 60;

/// Words of a line that says where the news is from, at the most.
const SOURCE_WORDS: usize = 8;

/// Words of a line that says when a story first appeared, at the most.
const FIRST_WORDS: usize = 14;

/// Words of a picture's credit, at the most.
const CREDIT_WORDS: usize = 14;

/// Characters of a last line that is all in brackets, as agencies and writers sign: "(dpa)".
const SIGNATURE_CHARS: usize = 40;

/// Addresses at which readers ask for what a story is about: seats, papers, a place.
const SERVICES: [&str; 24] = [
    "info",
    "kontakt",
    "contact",
    "contacto",
    "contato",
    "contatti",
    "office",
    "mail",
    "hello",
    "tickets",
    "anmeldung",
    "registration",
    "register",
    "events",
    "booking",
    "bookings",
    "reservations",
    "press",
    "presse",
    "prensa",
    "service",
    "shop",
    "inscription",
    "prenotazioni",
];

/// A box about one person.
const PERSON_BOX: BoxSize = BoxSize { tokens: 80.0, blocks: 5.0 };

/// Characters and words of a name, at the most.
const NAME_CHARS: usize = 40;
const NAME_WORDS: usize = 4;

/// Characters of what says what somebody is, at the most.
const ROLE_CHARS: usize = 40;

impl Decision {
    /// Drops it. `site` is the domain that the owner of an article's page registered; on pages of other kinds people and where
    /// to write to may be what the page is for.
    pub(super) fn drop_colophon(&mut self, document: &Document, site: Option<&str>) {
        let is_paragraph = |index: &usize| self.verdicts[*index].kept && self.measures.blocks[*index].is_long;
        let Some(lead) = (0..self.verdicts.len()).find(is_paragraph) else { return };
        self.drop_credits();
        if let Some(site) = site {
            self.cut_opening_time(document, lead);
            self.cut_pointers(document, lead, site);
        }
        let shapes = self.shapes_of_paragraphs(lead);
        // Nothing of the story follows.
        let mut is_last = true;
        let mut looked_at = 0;
        for index in (lead..self.verdicts.len()).rev() {
            if !self.verdicts[index].kept {
                continue;
            }
            let is_persons = || is_last && site.is_some() && self.name_in_box(index, &shapes).is_some();
            if index > lead && (self.is_of_colophon(index, site, is_last) || is_persons()) {
                self.verdicts[index].drop_for(Reason::Colophon);
                continue;
            }
            if self.outline.blocks[index].breaks > 0 {
                self.cut_closing_lines(document, index, site, is_last);
            }
            is_last = false;
            looked_at += 1;
            if looked_at == COLOPHON_REACH {
                return;
            }
        }
    }

    fn is_of_colophon(&self, index: usize, site: Option<&str>, is_last: bool) -> bool {
        let (block, measure) = (&self.outline.blocks[index], &self.measures.blocks[index]);
        let line = ClosingLine {
            text: self.outline.text_of(block),
            lower: self.measures.lower_of(index),
            words: measure.tokens as usize,
            ends_sentence: measure.ends_sentence,
            has_link: block.links > 0,
            is_last,
            site,
        };
        line.is_colophon()
    }

    /// Cuts from a block of several lines those at its end that are of the colophon: old programs write a story as one
    /// element, with breaks between its paragraphs.
    fn cut_closing_lines(&mut self, document: &Document, index: usize, site: Option<&str>, is_last: bool) {
        let block = &self.outline.blocks[index];
        let text = self.outline.text_of(block);
        let mut end = text.len();
        while let Some(start) = text[..end].rfind('\n') {
            let line = text[start..end].trim();
            let words = count_words(line);
            let lower = lower(line);
            let closing = ClosingLine {
                text: line,
                lower: &lower,
                words,
                ends_sentence: ends_sentence(line),
                has_link: block.links > 0,
                is_last,
                site,
            };
            if !(line.is_empty() || closing.is_colophon() || words <= CREDIT_WORDS && is_credit(&lower)) {
                break;
            }
            end = start;
        }
        let line = block.text.start + end..block.text.end;
        let letters = letters_of(&text[end..]);
        let pieces = self.outline.pieces_of(index).iter().rev().map(|&(node, _)| node);
        if let Some(nodes) = whole_nodes(document, pieces, letters).filter(|_| letters > 0) {
            self.cut.extend(nodes);
            self.closing_lines.push(line);
        }
    }

    /// Cuts the moment of publication from the beginning of a story that is one element with breaks between its lines.
    fn cut_opening_time(&mut self, document: &Document, lead: usize) {
        let pieces = self.outline.pieces_of(lead);
        let is_in_time =
            |node: NodeId| document.parent(node).is_some_and(|above| document.tag(above) == Some(Tag::Time));
        let block = &self.outline.blocks[lead];
        let Some((first, _)) = self.outline.text_of(block).split_once('\n') else { return };
        let own = pieces.iter().map(|&(node, _)| node).take_while(|&node| is_in_time(node));
        if let Some(nodes) = whole_nodes(document, own, letters_of(first)).filter(|nodes| !nodes.is_empty()) {
            self.cut.extend(nodes);
        }
    }

    /// Cuts links from the ends of paragraphs, in brackets or lines of their own, where they lead to other pages of the site:
    /// "(See also: …)".
    fn cut_pointers(&mut self, document: &Document, lead: usize, site: &str) {
        /// Bytes of such a link: one around many paragraphs would be read again for each of them.
        const MOST_BYTES: usize = 400;
        const BRACKETS: [(char, char); 4] = [('(', ')'), ('[', ']'), ('（', '）'), ('【', '】')];
        for index in lead..self.verdicts.len() {
            let (block, measure) = (&self.outline.blocks[index], &self.measures.blocks[index]);
            if !self.verdicts[index].kept || block.links == 0 || !measure.is_long {
                continue;
            }
            let is_link = |node: &NodeId| document.tag(*node) == Some(Tag::A);
            let above = |node| std::iter::successors(Some(node), |&node| document.parent(node)).take(4).find(is_link);
            let pieces = self.outline.pieces_of(index).iter().rev().map(|&(node, _)| node);
            let mut pieces = pieces.skip_while(|&node| document.text(node).is_none_or(|text| text.trim().is_empty()));
            let Some(link) = pieces.next().and_then(above) else { continue };
            let Some(label) = document.short_text(link, MOST_BYTES) else { continue };
            let label = label.trim();
            let is_bracketed = BRACKETS.iter().any(|&(open, close)| label.starts_with(open) && label.ends_with(close));
            let text = self.outline.text_of(block).trim_end();
            let (before, last) = text.rsplit_once('\n').unwrap_or((text, ""));
            let fills_line =
                !label.is_empty() && last.trim() == label && ends_sentence(before) && !ends_sentence(label);
            if (is_bracketed || fills_line) && leads_to_own_pages(document, link, site) {
                let own = self.outline.pieces_of(index).iter().map(|&(node, _)| node);
                self.cut.extend(own.filter(|&node| above(node) == Some(link)));
            }
        }
    }

    /// Where the name stands in a small box about one person, of which a block is the text: it stands apart from the story and
    /// has a name for a link above the block.
    pub(super) fn name_in_box(&self, index: usize, shapes: &Shapes) -> Option<usize> {
        let has_name = |above: &usize| {
            let (block, measure) = (&self.outline.blocks[*above], &self.measures.blocks[*above]);
            let (name, role) = name_and_role(self.outline.text_of(block), block);
            let mut words = name.split_whitespace();
            block.links == 1
                && role.chars().count() <= ROLE_CHARS
                && name.chars().count() <= NAME_CHARS
                && (1..=NAME_WORDS).contains(&words.clone().count())
                && words.all(may_be_name)
                && (!measure.ends_sentence || role.is_empty())
        };
        let own = self.outline.blocks[index].element;
        let measure = &self.measures.blocks[index];
        if heuristic::line_tag(&self.outline, own).heading_level().is_some()
            || !measure.is_long && !measure.ends_sentence
        {
            return None;
        }
        let boxes = self.boxes_around(own, PERSON_BOX).take_while(|&element| !self.holds_story(element, shapes));
        let mut above = boxes.flat_map(|element| self.blocks_of(element).take_while(|&above| above < index));
        above.find(has_name)
    }

    /// Lines of their own that say whose a picture is. Those below a picture go to it.
    fn drop_credits(&mut self) {
        for index in 0..self.verdicts.len() {
            let (block, measure) = (&self.outline.blocks[index], &self.measures.blocks[index]);
            if self.verdicts[index].kept
                && (2..=CREDIT_WORDS).contains(&(measure.tokens as usize))
                && block.media == 0
                && !measure.ends_sentence
                && is_credit(self.measures.lower_of(index))
            {
                self.verdicts[index].drop_for(Reason::Colophon);
            }
        }
    }
}

/// A line near the end of a story.
#[derive(Debug)]
pub(in super::super) struct ClosingLine<'a> {
    pub(in super::super) text: &'a str,
    pub(in super::super) lower: &'a str,
    pub(in super::super) words: usize,
    pub(in super::super) ends_sentence: bool,
    pub(in super::super) has_link: bool,
    /// Whether nothing of the story follows.
    pub(in super::super) is_last: bool,
    /// The domain whose addresses of electronic mail are the paper's own, if they tell anything.
    pub(in super::super) site: Option<&'a str>,
}

impl ClosingLine<'_> {
    /// Whether it is no part of the story.
    pub(in super::super) fn is_colophon(&self) -> bool {
        if self.words > CALL_WORDS {
            return false;
        }
        let groups = said(self.lower);
        let has = |group: u32| groups & group != 0;
        let is_line = self.words <= LINE_WORDS;
        let can_answer = || self.has_link || self.text.contains('@') || self.text.contains(char::is_numeric);
        has(says::HINTS) && can_answer()
            || has(says::SUPPORT) && self.has_link
            || has(says::COMMISSION)
            || is_line && has(says::MISTAKES | says::PRINTED | says::COMMENTS)
            || is_line && has(says::MAKERS) && !self.tells_of_no_maker()
            || is_line && !self.ends_sentence && has(says::TAGS)
            || self.words <= SOURCE_WORDS && has(says::SOURCES)
            || self.words <= FIRST_WORDS && has(says::FIRST) && self.text.contains(char::is_numeric)
            || is_line && self.is_last && has(says::ORIGIN | says::OPINION)
            || self.is_last && is_byline(self.text)
            || self.is_last
                && (is_signature(self.text)
                    || is_hashtags(self.text)
                    || is_name_with_address(self.text)
                    || is_line && self.site.is_some_and(|site| names_address_at(self.text, site)))
    }
}

impl ClosingLine<'_> {
    /// "Reporting by the company's own paper that the canal would never open was withdrawn at noon.": makers have names.
    fn tells_of_no_maker(&self) -> bool {
        const FEW_WORDS: usize = 8;
        let named = self.text.split_once(" by ").map_or("", |(_, named)| named);
        self.ends_sentence && self.words > FEW_WORDS && named.starts_with(char::is_lowercase)
    }
}

/// A block's link, if it may begin with it, and what stands behind it: "Jane Roe", "Town correspondent". Where the link is not
/// at the start, its length mostly ends inside a word, and there is no name.
pub(super) fn name_and_role<'a>(text: &'a str, block: &Block) -> (&'a str, &'a str) {
    let text = text.trim();
    let shown = text.char_indices().filter(|(_, c)| !c.is_whitespace());
    let (name, role) =
        text.split_at(shown.skip(block.link_chars as usize).map(|(at, _)| at).next().unwrap_or(text.len()));
    let ends_inside = name.ends_with(char::is_alphanumeric) && role.starts_with(char::is_alphanumeric);
    if ends_inside { ("", text) } else { (name.trim_end(), role) }
}

/// The first text nodes that have so many letters together; `None` where that many end inside of one.
fn whole_nodes(document: &Document, nodes: impl Iterator<Item = NodeId>, mut letters: usize) -> Option<Vec<NodeId>> {
    let mut found = Vec::new();
    for node in nodes {
        if letters == 0 {
            break;
        }
        // A line that begins inside a piece of text stays.
        letters = letters.checked_sub(letters_of(document.text(node).unwrap_or_default()))?;
        found.push(node);
    }
    (letters == 0).then_some(found)
}

/// How many letters and digits a text has.
fn letters_of(text: &str) -> usize {
    text.chars().filter(|c| c.is_alphanumeric()).count()
}

/// Whether a line in lower case says whose a picture is.
pub(in super::super) fn is_credit(lower: &str) -> bool {
    lower.trim_start().starts_with('©') || said(lower) & says::CREDITS != 0
}

/// Whether a line is all in brackets, as agencies and writers sign: "(dpa)".
fn is_signature(text: &str) -> bool {
    let text = text.trim();
    let inside = text
        .strip_prefix(['(', '[', '（', '［', '【'])
        .and_then(|text| text.strip_suffix([')', ']', '）', '］', '】']));
    text.chars().count() <= SIGNATURE_CHARS
        && inside.is_some_and(|inside| {
            inside.contains(char::is_alphabetic) && !inside.contains(char::is_numeric) && !inside.contains(['(', '（'])
        })
}

/// Whether a line is a name and an address of electronic mail: "Jane Roe j.roe@ledger.example".
fn is_name_with_address(text: &str) -> bool {
    let (addresses, names): (Vec<&str>, Vec<&str>) = text.split_whitespace().partition(|word| word.contains('@'));
    addresses.len() == 1 && (2..=NAME_WORDS).contains(&names.len()) && names.into_iter().all(may_be_name)
}

/// Whether a word may be part of a name: it begins with a letter that is not small.
fn may_be_name(word: &str) -> bool {
    word.starts_with(|first: char| first.is_alphabetic() && !first.is_lowercase())
}

/// Whether all of a text's words are hashtags.
fn is_hashtags(text: &str) -> bool {
    let mut words = text.split_whitespace().peekable();
    words.peek().is_some() && words.all(|word| word.len() > 1 && word.starts_with(['#', '＃']))
}

/// Whether a text names an address of electronic mail at that site's domain that is somebody's own or the newsroom's.
fn names_address_at(text: &str, site: &str) -> bool {
    let is_of_domain = |c: char| c.is_alphanumeric() || matches!(c, '.' | '-');
    let is_own = |at: usize| {
        let domain = &text[at + 1..];
        let domain = domain[..domain.find(|c| !is_of_domain(c)).unwrap_or(domain.len())].trim_end_matches('.');
        let name = text[..at].rsplit(|c: char| !c.is_alphanumeric()).next().unwrap_or_default().to_lowercase();
        registrable_domain(&domain.to_ascii_lowercase()) == site && !SERVICES.contains(&name.as_str())
    };
    !site.is_empty() && text.match_indices('@').any(|(at, _)| is_own(at))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is_closing(text: &str) -> bool {
        let words = count_words(text);
        let lower = lower(text);
        let line = ClosingLine {
            text,
            lower: &lower,
            words,
            ends_sentence: ends_sentence(text),
            has_link: true,
            is_last: true,
            site: None,
        };
        line.is_colophon()
    }

    #[test]
    fn closing_lines_are_told_by_their_words() {
        for text in [
            "(Reporting by Jane Roe; editing by John Doe)",
            "Found an error? Tell us.",
            "Have a tip? desk@ledger.example",
            "Unterstützen Sie uns mit einer Spende.",
            "Нашли ошибку? Выделите её.",
            "제보는 desk@ledger.example 로 보내주세요.",
            "(dpa)",
            "#harbour #bridges",
        ] {
            assert!(is_closing(text), "{text}");
        }
    }

    #[test]
    fn a_storys_last_sentence_stays() {
        for text in [
            "She has a small donation box by the door, and last year it held 212 crowns.",
            "Auditors found an error in 12 of the 40 accounts.",
            "The hotline can be reached at 555-0101.",
            "They all have a story, and in 2019 she began to write them down.",
            "She invited residents to join the discussion on 4 May.",
            "Die Stiftung half mit einer Spende von 5000 Kronen.",
            "Prüfer haben Fehler gefunden, in 12 von 40 Konten.",
            "Il y a une erreur dans le rapport, page 12.",
            "Si sabes algo de él, dijo, llama al 555-0101.",
            "그는 지면에 떨어졌다고 2019년에 말했다.",
            "경찰은 2023년 시민의 제보를 받고 출동했다.",
            "量子纠错在2025年取得进展。",
            "球迷支持我们，他在2024年说。",
            "被災地へのご支援は2026年も続く。",
        ] {
            assert!(!is_closing(text), "{text}");
        }
    }

    #[test]
    fn writers_sign_with_their_addresses() {
        assert!(
            is_name_with_address("Jane Roe j.roe@ledger.example")
                && is_name_with_address("카시우스 손 기자 a@b.example")
        );
        for text in ["", "a@b.example", "Tickets: a@b.example", "Ask at the desk a@b.example", "Jane Roe"] {
            assert!(!is_name_with_address(text), "{text}");
        }
    }

    #[test]
    fn a_name_is_a_link_that_the_block_begins_with() {
        let document = crate::markup::parse(
            "<div><a href=/jr>Jane Roe</a> Town correspondent</div><div>By <a href=/jr>Jane Roe</a></div>",
        );
        let outline = super::super::blocks::outline(&document);
        let parts = |at: usize| name_and_role(outline.text_of(&outline.blocks[at]), &outline.blocks[at]);
        assert_eq!(parts(0), ("Jane Roe", "Town correspondent"));
        assert_eq!(parts(1), ("", "By Jane Roe"));
    }

    #[test]
    fn addresses_are_the_sites_own() {
        assert!(names_address_at("Write to tips@ledger.example.", "ledger.example"));
        assert!(names_address_at("제보는 tips@news.Ledger.example 로", "ledger.example"));
        for text in [
            "tips@other.example",
            "@ledger",
            "ledger.example",
            "tips@",
            "a@ledger.example.net",
            "Seats: info@ledger.example",
        ] {
            assert!(!names_address_at(text, "ledger.example"), "{text}");
        }
        assert!(!names_address_at("a@b", ""));
    }
}
