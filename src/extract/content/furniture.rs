//! Furniture among the paragraphs that no label names and that is told by its make: boxes with a field to fill in, what
//! controls and notices say of themselves, who the writer is, what readers answered.

use super::blocks::Field;
use super::measure::HashedMap;
use super::phrases::PhraseTable;
use super::words::cue;
use super::{Decision, Reason, Verdict, heuristic};
use crate::markup::Tag;
use std::ops::RangeInclusive;
use std::sync::LazyLock;

/// What furniture says, in lower case; the groups are those of [`says`].
static WORDS: LazyLock<PhraseTable> = LazyLock::new(|| PhraseTable::new(&[PLAYERS, CONTROLS, COOKIES, LEGAL, FOLLOW]));

/// Groups of [`WORDS`].
mod says {
    pub(super) const PLAYER: u32 = 1;
    pub(super) const CONTROL: u32 = 2;
    pub(super) const COOKIES: u32 = 4;
    pub(super) const LEGAL: u32 = 8;
    pub(super) const FOLLOW: u32 = 16;
}

/// The button of a reading voice.
const PLAYERS: &[&str] = &[
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
];

/// Controls and counters of a page, as they stand above its text.
const CONTROLS: &[&str] = &[
    "|print|",
    "|e-mail|",
    "|email|",
    "|views|",
    "|shares|",
    "|drucken|",
    "|imprimer|",
    "|imprimir|",
    "|stampa|",
    "|afdrukken|",
    "|skriv ut|",
    "|udskriv|",
    "|tulosta|",
    "|drukuj|",
    "|vytisknout|",
    "печать",
    "распечатать",
    "просмотров",
    "εκτύπωση",
    "|yazdır|",
    "طباعة",
    "הדפסה",
    "印刷",
    "打印",
    "列印",
    "인쇄",
];

/// Notices that a page keeps track of its readers.
const COOKIES: &[&str] = &[
    "use cookies",
    "uses cookies",
    "using cookies",
    "cookies and similar",
    "verwenden cookies",
    "verwendet cookies",
    "nutzen cookies",
    "setzt cookies ein",
    "utilisons des cookies",
    "utilise des cookies",
    "utilizamos cookies",
    "usamos cookies",
    "utiliza cookies",
    "utilizziamo i cookie",
    "utilizziamo cookie",
    "utilizza cookie",
    "utilizza i cookie",
    "gebruiken cookies",
    "gebruikt cookies",
    "använder cookies",
    "bruker cookies",
    "bruker informasjonskapsler",
    "bruger cookies",
    "käyttää evästeitä",
    "käytämme evästeitä",
    "używamy plików cookie",
    "wykorzystuje pliki cookie",
    "používáme cookies",
    "soubory cookie",
    "sütiket használ",
    "folosim cookie",
    "используем cookie",
    "использует cookie",
    "файлы cookie",
    "файли cookie",
    "χρησιμοποιούμε cookies",
    "χρησιμοποιεί cookies",
    "çerezleri kullan",
    "çerez kullan",
    "ملفات تعريف الارتباط",
    "cookieを使用",
    "クッキーを使用",
    "使用cookie",
    "使用 cookie",
    "쿠키를 사용",
    "कुकीज़ का उपयोग",
];

/// Whose the text is, and who may print it.
const LEGAL: &[&str] = &[
    "^©",
    "^(c) ",
    "^copyright",
    "all rights reserved",
    "may not be published",
    "may not be reproduced",
    "alle rechte vorbehalten",
    "tous droits réservés",
    "todos los derechos reservados",
    "todos os direitos reservados",
    "tutti i diritti riservati",
    "riproduzione riservata",
    "alle rechten voorbehouden",
    "wszelkie prawa zastrzeżone",
    "všechna práva vyhrazena",
    "все права защищены",
    "με επιφύλαξη παντός δικαιώματος",
    "tüm hakları saklıdır",
    "جميع الحقوق محفوظة",
    "כל הזכויות שמורות",
    "無断転載",
    "版权所有",
    "版權所有",
    "무단 전재",
];

/// Where papers ask to be followed beside the networks: the names of one service.
const FOLLOW: &[&str] = &[
    "google news",
    "google noticias",
    "google notícias",
    "google actualités",
    "google nieuws",
    "google nyheter",
    "google haberler",
    "google новост",
    "googleニュース",
    "google新闻",
    "google新聞",
    "구글 뉴스",
    "أخبار جوجل",
    "गूगल न्यूज़",
];

/// What the button below a reader's comment says, in lower case.
const REPLIES: [&str; 25] = [
    "reply",
    "antworten",
    "antwort",
    "répondre",
    "responder",
    "rispondi",
    "reageer",
    "beantwoorden",
    "svara",
    "svar",
    "vastaa",
    "odpowiedz",
    "odpovědět",
    "odpovedať",
    "válasz",
    "răspunde",
    "ответить",
    "відповісти",
    "απάντηση",
    "yanıtla",
    "رد",
    "जवाब दें",
    "返信",
    "回复",
    "답글",
];

/// Tokens up to which a block is what a control says.
const CONTROL_TOKENS: f32 = 12.0;

/// Tokens of a line that asks to be followed, at the most.
const FOLLOW_TOKENS: f32 = 24.0;

/// Tokens of a notice or an appeal, at the most.
const NOTICE_TOKENS: f32 = 90.0;

/// Blocks of an appeal's box, at the most: a heading, the appeal, two buttons.
const APPEAL_BLOCKS: usize = 4;

/// Tokens of a button or link that an appeal ends with, and how far above the appeal its box can be, in elements.
const CALL_TOKENS: f32 = 6.0;
const CALL_REACH: usize = 4;

/// How far above a block an element that quotes can be.
const QUOTE_REACH: u8 = 3;

/// Tokens of a comment, at the most.
const COMMENT_TOKENS: f32 = 400.0;

/// Tokens of the button below a comment, and how many blocks below the comment it can stand.
const REPLY_TOKENS: f32 = 3.0;
const REPLY_REACH: usize = 4;

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
        let is_paragraph = |index: &usize| self.verdicts[*index].kept && self.measures.blocks[*index].is_long;
        let Some(lead) = (0..self.verdicts.len()).find(is_paragraph) else { return };
        // How many paragraphs that are kept are built alike.
        let mut paragraphs: HashedMap<u32> = HashedMap::default();
        for index in (lead..self.verdicts.len()).filter(is_paragraph) {
            *paragraphs.entry(self.measures.blocks[index].shape).or_default() += 1;
        }
        self.drop_forms(&paragraphs);
        self.drop_biographies(writers, &paragraphs);
        self.drop_comments(lead);
        self.drop_by_words(lead, &paragraphs);
    }

    /// What its own words tell, with where it stands or what stands beside it.
    fn drop_by_words(&mut self, lead: usize, paragraphs: &HashedMap<u32>) {
        // Nothing of the story follows.
        let mut is_last = true;
        for index in (0..self.verdicts.len()).rev() {
            let measure = &self.measures.blocks[index];
            if !self.verdicts[index].kept {
                continue;
            }
            if measure.tokens > NOTICE_TOKENS {
                is_last = false;
                continue;
            }
            let block = &self.outline.blocks[index];
            let text = self.outline.text_of(block).to_lowercase();
            let said = WORDS.matches(&text);
            let is_short = measure.tokens <= CONTROL_TOKENS;
            // Below the beginning minutes may be those of a recipe.
            let is_control = index < lead
                && is_short
                && heuristic::line_tag(&self.outline, block.element).heading_level().is_none()
                && (said & says::CONTROL != 0 && !measure.ends_sentence || is_reading_time(&text));
            let follows = measure.tokens <= FOLLOW_TOKENS && said & says::FOLLOW != 0 && measure.link_density > 0.1;
            let is_legal = is_last && said & says::LEGAL != 0;
            let stands_apart = paragraphs.get(&measure.shape).is_none_or(|&alike| alike <= 1);
            // What a quoted post says of its network is no appeal.
            let is_quoted =
                self.measures.place(block.element).landmarks[heuristic::landmark(Tag::Blockquote)] <= QUOTE_REACH;
            let appeals = measure.cues & cue::PROMO != 0 && measure.is_long && stands_apart && !is_quoted;
            let asks = said & says::COOKIES != 0 || appeals;
            if is_control || is_legal || follows || is_short && said & says::PLAYER != 0 {
                self.drop_as_furniture(index);
            } else if index > lead
                && asks
                && let Some(blocks) = self.box_with_call(index)
            {
                // Of a larger part the rest may be the story's.
                let blocks = if blocks.clone().count() <= APPEAL_BLOCKS { blocks } else { index..=index };
                blocks.for_each(|index| self.drop_as_furniture(index));
            } else {
                is_last = false;
            }
        }
    }

    /// The blocks of a small box around one that has a button, or a link in a line of its own, and no paragraph else.
    fn box_with_call(&self, index: usize) -> Option<RangeInclusive<usize>> {
        let is_call = |index: usize| {
            let (block, measure) = (&self.outline.blocks[index], &self.measures.blocks[index]);
            let is_button = self.measures.place(block.element).landmarks[heuristic::landmark(Tag::Button)] <= 1;
            measure.tokens <= CALL_TOKENS && (is_button || measure.link_density > 0.5)
        };
        let is_other =
            |other: usize| other != index && self.verdicts[other].kept && self.measures.blocks[other].is_long;
        let is_small = |&element: &u32| {
            let sums = &self.measures.sums[element as usize];
            sums.tokens <= NOTICE_TOKENS + BOX_TOKENS && sums.blocks <= BOX_BLOCKS
        };
        let above = self.ancestors(self.outline.blocks[index].element).take(CALL_REACH).take_while(is_small);
        let ranges = above.map(|element| self.blocks_of(element));
        ranges
            .take_while(|range| !range.clone().any(is_other))
            .find(|range| range.clone().any(|near| near != index && is_call(near)))
    }

    /// What readers wrote: paragraphs with a button to answer just below.
    fn drop_comments(&mut self, lead: usize) {
        let kept = self.kept_tokens();
        for index in lead + 1..self.verdicts.len() {
            if !self.verdicts[index].kept || !self.measures.blocks[index].is_long {
                continue;
            }
            let answers = |&near: &usize| {
                self.measures.blocks[near].tokens <= REPLY_TOKENS
                    && REPLIES
                        .contains(&self.outline.text_of(&self.outline.blocks[near]).trim().to_lowercase().as_str())
            };
            let Some(button) = (index + 1..self.verdicts.len().min(index + 1 + REPLY_REACH)).find(answers) else {
                continue;
            };
            let element = |block: usize| self.outline.blocks[block].element;
            let comment = self.common(element(index), element(button));
            let tokens = self.measures.sums[comment as usize].tokens;
            let comment = self.blocks_of(comment);
            // The story's own last paragraph may stand before the button, and all of the story around the two.
            if !comment.contains(&lead) && tokens <= COMMENT_TOKENS.min(0.5 * kept) {
                comment.for_each(|index| self.drop_as_furniture(index));
            }
        }
    }

    /// The blocks of an element that has some.
    fn blocks_of(&self, element: u32) -> RangeInclusive<usize> {
        let sums = &self.measures.sums[element as usize];
        sums.first as usize..=sums.last as usize
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
            if self.measures.sums[element as usize].tokens <= most {
                self.blocks_of(element).for_each(|index| self.drop_as_furniture(index));
            }
        }
    }

    /// The largest element around a field that has a few words at most, not the headline, and no paragraph that is built as
    /// others outside are.
    fn box_of(&self, field: u32, paragraphs: &HashedMap<u32>) -> Option<u32> {
        let holds_story = |element: u32| {
            let own = || self.blocks_of(element);
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
        let sums = |element: u32| &self.measures.sums[element as usize];
        self.ancestors(field)
            .take(BOX_REACH)
            .take_while(|&element| sums(element).tokens <= BOX_TOKENS && sums(element).blocks <= BOX_BLOCKS)
            .filter(|&element| sums(element).blocks > 0.0)
            .take_while(|&element| !holds_story(element))
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

/// "4 min", "5 Min. Lesezeit", "Reading time: 7 minutes": a number of minutes, and no other number.
fn is_reading_time(text: &str) -> bool {
    const UNITS: [&str; 8] = ["min", "мин", "хв", "分", "분", "دقائق", "دقيقة", "मिनट"];
    let Some((_, from)) = text.split_once(char::is_numeric) else { return false };
    let rest = from.trim_start_matches(char::is_numeric);
    let unit = rest.trim_start().to_lowercase();
    UNITS.iter().any(|name| unit.starts_with(name)) && !rest.contains(char::is_numeric)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn minutes_to_read_are_told() {
        for text in ["4 min", "5 Min. Lesezeit", "7 minute read", "Reading time: 12 min", "4分", "阅读约4分钟", "3 мин"]
        {
            assert!(is_reading_time(text), "{text}");
        }
        for text in ["", "min", "4 crowns", "Four minutes", "2024", "3 March, 12 min"] {
            assert!(!is_reading_time(text), "{text}");
        }
    }
}
