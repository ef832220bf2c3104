//! Furniture among the paragraphs that no label names and that is told by its make: boxes with a field to fill in, what a
//! player or a counter of minutes says of itself, who the writer is.

use super::blocks::{Field, NO_ELEMENT};
use super::measure::{HashedMap, Sums};
use super::phrases::PhraseTable;
use super::{Decision, Reason, Verdict, heuristic};
use std::sync::LazyLock;

/// What the button of a reading voice says, in lower case.
static PLAYERS: LazyLock<PhraseTable> = LazyLock::new(|| {
    PhraseTable::new(&[&[
        "^listen to this",
        "^listen to the article",
        "^listen to article",
        "^play audio",
        "^artikel anhören",
        "^artikel hören",
        "^vorlesen",
        "^beitrag anhören",
        "^écouter cet article",
        "^écouter l'article",
        "^écouter l’article",
        "^escuchar esta",
        "^escuchar este",
        "^escuchar la noticia",
        "^escuchar noticia",
        "^escucha esta",
        "^ouvir artigo",
        "^ouça este",
        "^ouça a",
        "^ascolta l'articolo",
        "^ascolta l’articolo",
        "^ascolta questo",
        "^luister naar dit",
        "^beluister dit",
        "^lyssna på artikel",
        "^lyssna på texten",
        "^lytt til",
        "^lyt til artik",
        "^kuuntele artikkeli",
        "^kuuntele juttu",
        "^posłuchaj",
        "^poslechnout článek",
        "^слушать",
        "^прослушать",
        "^слухати",
        "^ακούστε το άρθρο",
        "^haberi dinle",
        "^استمع إلى",
        "^האזינו לכתבה",
        "^इस खबर को सुनें",
        "^記事を聞く",
        "^この記事を聴く",
        "^この記事を聞く",
        "^音声で聞く",
        "^听新闻",
        "^收听",
        "^기사 듣기",
    ]])
});

/// Tokens up to which a block is what a control says.
const CONTROL_TOKENS: f32 = 8.0;

/// Tokens and blocks up to which what stands around a field is its box, and how far above the field that can end, in
/// elements.
const BOX_TOKENS: f32 = 60.0;
const BOX_BLOCKS: f32 = 8.0;
const BOX_REACH: usize = 4;

/// Tokens of a writer's biography, at the most.
const BIOGRAPHY_TOKENS: f32 = 120.0;

/// The share of the kept words from which a box is the page.
const LARGEST_SHARE: f32 = 0.3;

/// Boxes with answers to choose from, from which they are the story: a quiz.
const QUIZ: usize = 4;

impl Decision {
    /// Drops them. `writers` are the names of those who wrote the page, in lower case.
    pub(super) fn drop_furniture(&mut self, writers: &[String]) {
        // How many paragraphs that are kept are built alike.
        let mut paragraphs: HashedMap<u32> = HashedMap::default();
        for (_, block) in
            self.verdicts.iter().zip(&self.measures.blocks).filter(|(own, block)| own.kept && block.is_long)
        {
            *paragraphs.entry(block.shape).or_default() += 1;
        }
        self.drop_forms(&paragraphs);
        self.drop_biographies(writers, &paragraphs);
        let lead =
            self.verdicts.iter().zip(&self.measures.blocks).position(|(verdict, block)| verdict.kept && block.is_long);
        for index in 0..self.verdicts.len() {
            let (kept, tokens) = (self.verdicts[index].kept, self.measures.blocks[index].tokens);
            if !kept || tokens > CONTROL_TOKENS {
                continue;
            }
            let text = self.outline.text_of(&self.outline.blocks[index]);
            // Below the beginning minutes may be those of a recipe.
            let is_counter = lead.is_some_and(|lead| index < lead) && is_reading_time(text);
            if is_counter || PLAYERS.matches(&text.to_lowercase()) != 0 {
                self.drop_as_furniture(index);
            }
        }
    }

    /// Boxes with a field for an address of electronic mail, or with answers to choose from.
    fn drop_forms(&mut self, paragraphs: &HashedMap<u32>) {
        let most = LARGEST_SHARE * self.kept_tokens();
        let box_of = |field: &Field| self.box_of(field.element, paragraphs).map(|element| (element, field.is_choice));
        let mut boxes: Vec<(u32, bool)> = self.outline.fields.iter().filter_map(box_of).collect();
        boxes.dedup();
        if boxes.iter().filter(|(_, is_choice)| *is_choice).count() >= QUIZ {
            boxes.retain(|(_, is_choice)| !is_choice);
        }
        for (element, _) in boxes {
            let sums = &self.measures.sums[element as usize];
            if sums.tokens <= most {
                (sums.first as usize..=sums.last as usize).for_each(|index| self.drop_as_furniture(index));
            }
        }
    }

    /// The largest element around a field that has a few words at most, not the headline, and no paragraph that is built as
    /// others outside are.
    fn box_of(&self, field: u32, paragraphs: &HashedMap<u32>) -> Option<u32> {
        let holds_story = |sums: &Sums| {
            let own = || sums.first as usize..=sums.last as usize;
            own().any(|index| Some(index) == self.measures.title_block)
                || own().filter(|&index| self.measures.blocks[index].is_long).any(|index| {
                    let shape = self.measures.blocks[index].shape;
                    let is_alike = |other: &usize| {
                        let block = &self.measures.blocks[*other];
                        block.is_long && block.shape == shape && self.verdicts[*other].kept
                    };
                    paragraphs.get(&shape).is_some_and(|&all| all as usize > own().filter(is_alike).count())
                })
        };
        let above = std::iter::successors(Some(field), |&element| {
            Some(self.outline.elements[element as usize].parent).filter(|&parent| parent != NO_ELEMENT)
        });
        let sums = |element: u32| &self.measures.sums[element as usize];
        above
            .take(BOX_REACH)
            .take_while(|&element| sums(element).tokens <= BOX_TOKENS && sums(element).blocks <= BOX_BLOCKS)
            .filter(|&element| sums(element).blocks > 0.0)
            .take_while(|&element| !holds_story(sums(element)))
            .last()
    }

    /// Paragraphs that begin with a writer's name and stand apart from the story's, or all in italics.
    fn drop_biographies(&mut self, writers: &[String], paragraphs: &HashedMap<u32>) {
        if writers.is_empty() {
            return;
        }
        for index in 0..self.verdicts.len() {
            let (block, measure) = (&self.outline.blocks[index], &self.measures.blocks[index]);
            let stands_apart = || {
                block.italic_chars == block.chars
                    || paragraphs.get(&measure.shape).is_none_or(|&alike| alike <= u32::from(measure.is_long))
            };
            let is_biography = self.verdicts[index].kept
                && heuristic::line_tag(&self.outline, block.element).heading_level().is_none()
                && measure.tokens <= BIOGRAPHY_TOKENS
                && begins_with_one(self.outline.text_of(block), writers)
                && stands_apart();
            if is_biography {
                self.drop_as_furniture(index);
            }
        }
    }

    fn drop_as_furniture(&mut self, index: usize) {
        let verdict = &mut self.verdicts[index];
        if verdict.kept {
            *verdict = Verdict { kept: false, probability: verdict.probability, reason: Reason::Furniture };
        }
    }
}

/// Whether a text begins with one of the names, which are in lower case, and goes on with another word.
fn begins_with_one(text: &str, names: &[String]) -> bool {
    /// Bytes of a text in which a name can be.
    const REACH: usize = 120;
    let head = text[..text.floor_char_boundary(REACH)].to_lowercase();
    names
        .iter()
        .any(|name| head.strip_prefix(name.as_str()).is_some_and(|rest| !rest.starts_with(char::is_alphanumeric)))
}

/// "4 min", "5 Min. Lesezeit", "7 minute read".
fn is_reading_time(text: &str) -> bool {
    const UNITS: [&str; 8] = ["min", "мин", "хв", "分", "분", "دقائق", "دقيقة", "नि"];
    let rest = text.trim_start().trim_start_matches(char::is_numeric);
    rest.len() < text.trim_start().len() && UNITS.iter().any(|unit| rest.trim_start().to_lowercase().starts_with(unit))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn minutes_to_read_are_told() {
        for text in ["4 min", "5 Min. Lesezeit", "7 minute read", "4分", "3 мин", "12min"] {
            assert!(is_reading_time(text), "{text}");
        }
        for text in ["", "min", "4 crowns", "Four minutes", "2024"] {
            assert!(!is_reading_time(text), "{text}");
        }
    }
}
