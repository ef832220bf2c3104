//! What stands below a story in lines like its own: who wrote, edited and photographed it, where it was printed, and what
//! readers are asked for, which are hints, mistakes and support.

use super::colophon_words::{said, says};
use super::furniture::{BoxSize, Shapes};
use super::{Decision, Reason, heuristic};
use crate::model::registrable_domain;

/// Lines from the end in which a colophon stands.
const REACH: usize = 8;

/// Tokens of a line that names the makers or the paper, and of one that asks for something, at the most.
const LINE_TOKENS: f32 = 40.0;
const CALL_TOKENS: f32 = 60.0;

/// Tokens of a picture's credit, at the most.
const CREDIT_TOKENS: f32 = 14.0;

/// Characters of a last line that is all in brackets, as agencies and writers sign: "(dpa)".
const SIGNATURE_CHARS: usize = 40;

/// A box about one person.
const PERSON_BOX: BoxSize = BoxSize { tokens: 80.0, blocks: 5.0 };

/// Characters and words of a name, at the most.
const NAME_CHARS: usize = 40;
const NAME_WORDS: usize = 4;

impl Decision {
    /// Drops it. `site` is the domain that the owner of an article's page registered; on pages of other kinds people and where
    /// to write to may be what the page is for.
    pub(super) fn drop_colophon(&mut self, site: Option<&str>) {
        let is_paragraph = |index: &usize| self.verdicts[*index].kept && self.measures.blocks[*index].is_long;
        let Some(lead) = (0..self.verdicts.len()).find(is_paragraph) else { return };
        self.drop_credits();
        let shapes = self.shapes_of_paragraphs(lead);
        // Nothing of the story follows.
        let mut is_last = true;
        let mut looked_at = 0;
        for index in (lead + 1..self.verdicts.len()).rev() {
            if !self.verdicts[index].kept {
                continue;
            }
            let is_persons = || is_last && site.is_some() && self.is_about_a_person(index, &shapes);
            if self.is_of_colophon(index, site, is_last) || is_persons() {
                self.verdicts[index].drop_for(Reason::Colophon);
                continue;
            }
            is_last = false;
            looked_at += 1;
            if looked_at == REACH {
                return;
            }
        }
    }

    fn is_of_colophon(&self, index: usize, site: Option<&str>, is_last: bool) -> bool {
        let (block, measure) = (&self.outline.blocks[index], &self.measures.blocks[index]);
        if measure.tokens > CALL_TOKENS {
            return false;
        }
        let text = self.outline.text_of(block);
        let groups = said(text);
        let has_link = block.links > 0;
        let can_answer = || has_link || text.contains('@') || text.contains(char::is_numeric);
        let is_signed = || {
            let text = text.trim();
            let inside =
                text.strip_prefix(['(', '[', '（', '［']).and_then(|text| text.strip_suffix([')', ']', '）', '］']));
            text.chars().count() <= SIGNATURE_CHARS
                && inside.is_some_and(|inside| {
                    inside.contains(char::is_alphabetic)
                        && !inside.contains(char::is_numeric)
                        && !inside.contains(['(', '（'])
                })
        };
        let is_address = || measure.tokens <= LINE_TOKENS && site.is_some_and(|site| names_address_at(text, site));
        groups & says::HINTS != 0 && can_answer()
            || groups & says::SUPPORT != 0 && has_link
            || groups & says::COMMISSION != 0
            || measure.tokens <= LINE_TOKENS
                && groups & (says::MAKERS | says::MISTAKES | says::PRINTED | says::COMMENTS) != 0
            || measure.tokens <= LINE_TOKENS && !measure.ends_sentence && groups & says::TAGS != 0
            || is_last && (is_signed() || is_hashtags(text) || is_address())
    }

    /// Whether a block is the text of a small box that stands apart from the story and has a name for a link above it.
    fn is_about_a_person(&self, index: usize, shapes: &Shapes) -> bool {
        let is_name = |above: usize| {
            let text = self.outline.text_of(&self.outline.blocks[above]).trim();
            let mut words = text.split_whitespace();
            self.measures.blocks[above].link_density > 0.9
                && text.chars().count() <= NAME_CHARS
                && words.clone().count() <= NAME_WORDS
                && words.all(|word| word.starts_with(|first: char| first.is_alphabetic() && !first.is_lowercase()))
        };
        let own = self.outline.blocks[index].element;
        let mut boxes = self.boxes_around(own, PERSON_BOX).take_while(|&element| !self.holds_story(element, shapes));
        let measure = &self.measures.blocks[index];
        heuristic::line_tag(&self.outline, own).heading_level().is_none()
            && (measure.is_long || measure.ends_sentence)
            && boxes.any(|element| self.blocks_of(element).take_while(|&above| above < index).any(is_name))
    }

    /// Lines of their own that say whose a picture is. Those below a picture go to it.
    fn drop_credits(&mut self) {
        for index in 0..self.verdicts.len() {
            let (block, measure) = (&self.outline.blocks[index], &self.measures.blocks[index]);
            if self.verdicts[index].kept
                && measure.tokens <= CREDIT_TOKENS
                && block.media == 0
                && !measure.ends_sentence
                && said(self.outline.text_of(block)) & says::CREDITS != 0
            {
                self.verdicts[index].drop_for(Reason::Colophon);
            }
        }
    }
}

/// Whether all of a text's words are hashtags.
fn is_hashtags(text: &str) -> bool {
    let mut words = text.split_whitespace().peekable();
    words.peek().is_some() && words.all(|word| word.len() > 1 && word.starts_with(['#', '＃']))
}

/// Whether a text names an address of electronic mail whose domain is of that site.
fn names_address_at(text: &str, site: &str) -> bool {
    let is_of_domain = |c: char| c.is_alphanumeric() || matches!(c, '.' | '-');
    !site.is_empty()
        && text.match_indices('@').any(|(at, _)| {
            let rest = &text[at + 1..];
            let domain = rest[..rest.find(|c| !is_of_domain(c)).unwrap_or(rest.len())].trim_end_matches('.');
            registrable_domain(&domain.to_ascii_lowercase()) == site
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_the_sites_own() {
        assert!(names_address_at("Write to tips@ledger.example.", "ledger.example"));
        assert!(names_address_at("제보는 tips@news.Ledger.example 로", "ledger.example"));
        for text in ["tips@other.example", "@ledger", "ledger.example", "tips@", "a@ledger.example.net"] {
            assert!(!names_address_at(text, "ledger.example"), "{text}");
        }
        assert!(!names_address_at("a@b", ""));
    }
}
