//! Furniture among the paragraphs that no label names and that is told by its make: boxes with a field to fill in, what
//! controls and notices say of themselves, who the writer is, what readers answered.

use super::blocks::Field;
use super::boxes::{BoxSize, Shapes};
use super::colophon_words;
use super::furniture_words::{QUOTES, REPLIES, WRITER_VERBS, WRITER_VERBS_UNSPACED, said, says};
use super::labels::{Label, heads_other_stories, introduces_writer, names_beginning, page_label, points_elsewhere};
use super::pitch_words::pitches;
use super::words::{cue, cues_of, is_unspaced};
use super::{Decision, PageKind, PageWords, Reason, heuristic};
use crate::markup::{Document, Tag};
use crate::model::letters::lower;
use regex::Regex;
use std::cell::OnceCell;
use std::ops::RangeInclusive;
use std::sync::LazyLock;

/// Tokens up to which a block is what a control says.
const CONTROL_TOKENS: f32 = 12.0;

/// How likely a short line is body that is none of the names and controls around a story, also where it is built as the story's
/// paragraphs are and has two words of so many characters that begin small.
const SURE_LINE: f32 = 0.85;
const LIKELY_LINE: f32 = 0.5;
const SMALL_WORD: usize = 4;

/// Tokens of a whole sentence that says how long the story takes to read, at the most.
const READING_TIME_TOKENS: f32 = 6.0;

/// Words of a question to the reader, at the most; of some scripts every character is one.
const QUESTION_WORDS: usize = 24;

/// Words of a line that asks to be followed, at the most.
const FOLLOW_WORDS: usize = 24;

/// Words of a line that asks for the reader's name, at the most.
const INVITATION_WORDS: usize = 40;

/// Tokens of a notice or an appeal, at the most.
const NOTICE_TOKENS: f32 = 90.0;

/// Bytes of a line with the writer and the day, at the most.
const DATELINE_BYTES: usize = 80;

/// Words and characters of a line above the story that is a name or a place, at the most; the second where blanks part no
/// words.
const NAME_WORDS: usize = 5;
const NAME_CHARS: usize = 44;
const UNSPACED_NAME_CHARS: usize = 12;

/// Tokens of a line that leads to another story, at the most.
const POINTER_TOKENS: f32 = 40.0;

/// Words of a line that speaks to those who have an account, at the most.
const ACCOUNT_WORDS: usize = 14;

/// Blocks of an appeal's box, at the most: a heading, the appeal, two buttons.
const APPEAL_BLOCKS: usize = 4;

/// Tokens of a button or link that an appeal ends with, at the most.
const CALL_TOKENS: f32 = 6.0;

/// How far above a block an element that quotes can be.
const QUOTE_REACH: u8 = 3;

/// Tokens of a comment, at the most.
const COMMENT_TOKENS: f32 = 400.0;

/// Tokens of the button below a comment, and how many blocks below the comment it can stand.
const REPLY_TOKENS: f32 = 3.0;
const REPLY_REACH: usize = 4;

/// A box with a field to fill in, and one that asks for something.
const FIELD_BOX: BoxSize = BoxSize { tokens: 60.0, blocks: 8.0 };
const APPEAL_BOX: BoxSize = BoxSize { tokens: 150.0, blocks: 8.0 };
/// A list of other stories with what is told of each.
const LIST_BOX: BoxSize = BoxSize { tokens: 1500.0, blocks: 100.0 };

/// Tokens of a writer's biography, at the most.
const BIOGRAPHY_TOKENS: f32 = 120.0;

/// Share of a part's words that are links, at the least, for its being a list of other stories.
const LIST_LINKS: f32 = 0.25;

/// The share of the kept words from which comments or an appeal are the page.
const MOST_APART: f32 = 0.5;

/// The share of the kept words from which a form's box is the page.
const LARGEST_SHARE: f32 = 0.3;

/// Boxes with answers to choose from, from which they are the story: a quiz.
const QUIZ: usize = 4;

impl Decision {
    /// Drops them. `page` is a story's; on pages of other kinds persons and names of controls may be what the page is for.
    pub(super) fn drop_furniture(&mut self, document: &Document, page: Option<&PageWords<'_>>) {
        let is_paragraph = |index: &usize| self.verdicts[*index].kept && self.measures.blocks[*index].is_long;
        let Some(lead) = (0..self.verdicts.len()).find(is_paragraph) else { return };
        let shapes = self.shapes_of_paragraphs(lead);
        if let Some(page) = page {
            self.drop_biographies(&page.writers, &shapes);
            self.drop_last_biography(lead, page.site_name);
            self.drop_lists(lead, &shapes);
            self.drop_boxes(document, lead, &shapes, page);
            if page.kind == PageKind::Article {
                self.drop_apart(document, lead, &shapes, page.site);
            }
            // Where nothing says that it is an article it may be a thread, or a calculator.
            if page.kind == PageKind::Article {
                self.drop_forms(&shapes);
                self.drop_comments(lead);
            }
        }
        self.drop_appeals(lead, &shapes);
        self.drop_by_words(lead, &shapes, page.is_some());
    }

    /// What its own words tell, with where it stands or what stands beside it.
    fn drop_by_words(&mut self, lead: usize, shapes: &Shapes, is_article: bool) {
        let end = self.end_of_story();
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
            let lower = self.measures.lower_of(index);
            let line = FurnitureLine::of(lower);
            let is_short = measure.tokens <= CONTROL_TOKENS;
            // Below the beginning minutes may be those of a recipe, and a manual's title may name what prints.
            let is_control = is_article
                && index < lead
                && is_short
                && heuristic::line_tag(&self.outline, block.element).heading_level().is_none()
                && (!measure.ends_sentence && line.is_control()
                    || (!measure.ends_sentence || measure.tokens <= READING_TIME_TOKENS) && is_reading_time(lower));
            let words = (measure.tokens / measure.tokens_a_word()) as usize;
            let links = measure.link_density > 0.1 || lower.contains('@');
            // What a quoted post says of its network is no appeal.
            let is_quoted =
                self.measures.place(block.element).landmarks[heuristic::landmark(Tag::Blockquote)] <= QUOTE_REACH;
            let asks = !is_quoted && line.asks_to_follow(words, measure.ends_sentence, links);
            let invites = asks
                || links && line.invites(words)
                || line.speaks_of_accounts(words)
                || line.offers_mail(words, measure.cues);
            // Where every character is a word, such a line can be long enough for the lead.
            let is_dated = is_article
                && index <= lead
                && lower.len() <= DATELINE_BYTES
                && !measure.ends_sentence
                && shows_day(lower);
            let tells_of_a_machine = (index <= lead + 1 || is_last) && line.tells_of_a_machine(words);
            let is_pitch = is_article
                && !is_quoted
                && words <= INVITATION_WORDS
                && heuristic::line_tag(&self.outline, block.element).heading_level().is_none()
                && pitches(lower);
            let asks_to_install = is_last && links && line.asks_to_install(words);
            let is_label = is_short && line.is_label()
                || words <= QUESTION_WORDS && self.asks_by_buttons(index)
                || self.is_whole_label(index, is_article)
                || self.leads_elsewhere(index);
            let is_name = is_article
                && (index < lead && self.is_near_headline(index)
                    || is_last && index > end && !lower.contains(char::is_numeric))
                && self.may_be_name(index, shapes);
            // Between paragraphs it could be a heading of theirs.
            let is_mark = || is_short && lower.contains(['©', 'ⓒ']);
            let is_set_off = block.italic_chars == block.chars;
            let is_legal = line.is_legal() && (is_last || is_mark())
                || (index <= lead + 1 || is_set_off) && line.tells_of_commission(words);
            let stands_apart = shapes.get(&measure.shape).is_none_or(|&alike| alike <= 1);
            let appeals = measure.cues & cue::PROMO != 0 && measure.is_long && stands_apart && !is_quoted;
            if is_control
                || is_dated
                || is_legal
                || invites
                || is_label
                || is_name
                || tells_of_a_machine
                || asks_to_install
                || is_pitch
            {
                self.drop_as_furniture(index);
            } else if index > lead
                && let Some(blocks) = self.box_with_call(index)
                && (appeals || line.names_cookies() || line.promises_mail())
            {
                // Of a larger part the rest may be the story's.
                let blocks = if blocks.clone().count() <= APPEAL_BLOCKS { blocks } else { index..=index };
                blocks.for_each(|index| self.drop_as_furniture(index));
            } else {
                is_last = false;
            }
        }
    }

    /// Whether a line is a label of the page as a whole. On pages other than articles a control's name may be what they
    /// tell of, and everywhere a heading, a cell or an item of a list.
    fn is_whole_label(&self, index: usize, is_article: bool) -> bool {
        let (block, measure) = (&self.outline.blocks[index], &self.measures.blocks[index]);
        let tag = heuristic::line_tag(&self.outline, block.element);
        let is_part = tag.heading_level().is_some()
            || matches!(tag, Tag::Td | Tag::Th | Tag::Dt | Tag::Dd | Tag::Pre | Tag::Blockquote)
            || tag == Tag::Li && measure.link_density <= 0.5 && !self.is_among_labels(index);
        let fits = || match page_label(self.outline.text_of(block)) {
            Some(Label::Advertising) => true,
            Some(Label::Control) => is_article && block.bold_chars < block.chars,
            None => false,
        };
        measure.tokens <= CONTROL_TOKENS * measure.tokens_a_word() && !is_part && fits()
    }

    /// Whether the item before or behind an item of a list is a label too: one alone may be the story's.
    fn is_among_labels(&self, index: usize) -> bool {
        let parent = |index: usize| self.outline.elements[self.outline.blocks[index].element as usize].parent;
        [index.checked_sub(1), Some(index + 1)].into_iter().flatten().any(|near| {
            near < self.verdicts.len()
                && parent(near) == parent(index)
                && page_label(self.outline.text_of(&self.outline.blocks[near])).is_some()
        })
    }

    /// Whether a line leads to another story: it says so, and is a link or set off from the story's own letters.
    fn leads_elsewhere(&self, index: usize) -> bool {
        let (block, measure) = (&self.outline.blocks[index], &self.measures.blocks[index]);
        let is_set_off =
            !measure.ends_sentence && (block.bold_chars == block.chars || block.italic_chars == block.chars);
        measure.tokens <= POINTER_TOKENS * measure.tokens_a_word()
            && (measure.link_density > 0.5 || is_set_off)
            && points_elsewhere(self.outline.text_of(block), true)
    }

    /// Whether a block stands where bylines do.
    fn is_near_headline(&self, index: usize) -> bool {
        let reach = heuristic::BYLINE_REACH.unsigned_abs();
        self.measures.title_block.is_some_and(|title| (title + 1..=title + reach).contains(&index))
    }

    /// Behind which block what stands below the story begins: its last paragraph, if no more than a few lines follow. More
    /// are a list.
    fn end_of_story(&self) -> usize {
        /// Lines at the most.
        const LINES: usize = 3;
        let kept = (0..self.verdicts.len()).rev().filter(|&index| self.verdicts[index].kept);
        let is_paragraph = |&index: &usize| self.measures.blocks[index].is_long;
        kept.take(LINES + 1).find(is_paragraph).unwrap_or(self.verdicts.len())
    }

    /// Whether a line above or below the story can be a name, a place, a paper or a control: few words that are no sentence
    /// and in no element that would make them one of the story's parts.
    fn may_be_name(&self, index: usize, shapes: &Shapes) -> bool {
        let (block, measure) = (&self.outline.blocks[index], &self.measures.blocks[index]);
        let tag = heuristic::line_tag(&self.outline, block.element);
        let text = self.outline.text_of(block).trim();
        let most = if text.contains(is_unspaced) { UNSPACED_NAME_CHARS } else { NAME_CHARS };
        // "The tap is still dry" is a story's last line.
        let words = text.split_whitespace();
        let is_small = |word: &str| word.starts_with(char::is_lowercase);
        let is_named = !words.clone().any(is_small);
        let says_more = words.filter(|word| is_small(word) && word.chars().count() >= SMALL_WORD).count() >= 2
            && shapes.get(&measure.shape).is_some_and(|&alike| alike > 1);
        let least = if says_more { LIKELY_LINE } else { SURE_LINE };
        !measure.ends_sentence
            && (self.verdicts[index].probability < least || is_named)
            && matches!(tag, Tag::P | Tag::Div | Tag::Span)
            && block.bold_chars < block.chars
            && text.chars().count() <= most
            && text.split_whitespace().count() <= NAME_WORDS
            && text.contains(char::is_alphabetic)
            && !text.contains(['%', '$', '€', '£', '¥', '₹', '!'])
            && !text.ends_with([':', '：', ',', '،', '…'])
            && !is_dateline(text)
            && !names_beginning(text)
    }

    /// Lists of other stories: a line or heading that says so, the links below it, and the rest of the part that it heads if
    /// that is cards with links.
    pub(super) fn drop_lists(&mut self, lead: usize, shapes: &Shapes) {
        for index in 0..self.verdicts.len() {
            let block = &self.outline.blocks[index];
            let (measure, tag) = (&self.measures.blocks[index], heuristic::line_tag(&self.outline, block.element));
            let may_head = tag.heading_level().is_some() || matches!(tag, Tag::P | Tag::Div | Tag::Span | Tag::Td);
            // "Read more" as a link belongs to what stands above it.
            if !may_head
                || measure.tokens > CONTROL_TOKENS
                || measure.link_density > 0.5
                || !heads_other_stories(self.outline.text_of(block))
            {
                continue;
            }
            let heads = |element: &u32| self.measures.sums[*element as usize].first as usize == index;
            let is_list = |element: &u32| {
                let sums = &self.measures.sums[*element as usize];
                sums.blocks > 1.0 && sums.link_density() >= LIST_LINKS && !self.holds_story(*element, shapes)
            };
            let parts = self.boxes_around(block.element, LIST_BOX);
            // Above the story the links themselves: a column beside it stands there in old pages.
            let part = parts.take_while(heads).filter(is_list).last().filter(|_| index > lead);
            let is_link = |&below: &usize| self.measures.blocks[below].link_density > 0.5;
            let links = (index + 1..self.verdicts.len()).take_while(is_link).last();
            let Some(end) = part.map(|part| *self.blocks_of(part).end()).max(links) else { continue };
            let is_cell = |&index: &usize| {
                matches!(heuristic::line_tag(&self.outline, self.outline.blocks[index].element), Tag::Td | Tag::Th)
            };
            // A cell of a larger table is the story's.
            let is_own = |index: &usize| part.is_some_and(|part| self.blocks_of(part).contains(index));
            let list: Vec<usize> = (index..=end).filter(|index| is_own(index) || !is_cell(index)).collect();
            for index in list {
                self.drop_as_furniture(index);
            }
        }
    }

    /// Small boxes below the lead around a button or link that asks for support, if nothing of the story is in them.
    fn drop_appeals(&mut self, lead: usize, shapes: &Shapes) {
        let most = MOST_APART * self.kept_tokens();
        for index in lead + 1..self.verdicts.len() {
            let block = &self.outline.blocks[index];
            // A box that has anything to drop is no larger than this; most links of a page are far from its story.
            let reach = APPEAL_BOX.blocks as usize;
            let near = index.saturating_sub(reach)..self.verdicts.len().min(index + reach);
            if !self.verdicts[near].iter().any(|verdict| verdict.kept) {
                continue;
            }
            if !self.is_call(index) || said(self.measures.lower_of(index)) & says::GIVE == 0 {
                continue;
            }
            let boxes = self.boxes_around(block.element, APPEAL_BOX);
            let Some(appeal) = boxes.take_while(|&element| !self.holds_story(element, shapes)).last() else { continue };
            // A story cut short can be small enough to stand in a box with the offer of the rest.
            let blocks = self.blocks_of(appeal);
            if !blocks.contains(&lead) && self.measures.sums[appeal as usize].tokens <= most {
                blocks.for_each(|index| self.drop_as_furniture(index));
            }
        }
    }

    /// Whether a block is a button, or a link in a short line of its own.
    pub(super) fn is_call(&self, index: usize) -> bool {
        let measure = &self.measures.blocks[index];
        measure.tokens <= CALL_TOKENS && (self.is_button(index) || measure.link_density > 0.5)
    }

    pub(super) fn is_button(&self, index: usize) -> bool {
        self.measures.place(self.outline.blocks[index].element).landmarks[heuristic::landmark(Tag::Button)] <= 1
    }

    /// Whether a block asks what the two buttons after it answer: "Was this helpful?" "Yes" "No".
    fn asks_by_buttons(&self, index: usize) -> bool {
        self.measures.lower_of(index).trim_end().ends_with(['?', '？', '؟', ';'])
            && index + 2 < self.verdicts.len()
            && [index + 1, index + 2].into_iter().all(|near| self.is_button(near) && self.is_call(near))
    }

    /// The blocks of a small box around one that has a button, or a link in a line of its own, and no paragraph else.
    fn box_with_call(&self, index: usize) -> Option<RangeInclusive<usize>> {
        let is_other =
            |other: usize| other != index && self.verdicts[other].kept && self.measures.blocks[other].is_long;
        let ranges =
            self.boxes_around(self.outline.blocks[index].element, APPEAL_BOX).map(|element| self.blocks_of(element));
        ranges
            .take_while(|range| !range.clone().any(is_other))
            .find(|range| range.clone().any(|near| near != index && self.is_call(near)))
    }

    /// What readers wrote: paragraphs with a button to answer just below.
    fn drop_comments(&mut self, lead: usize) {
        let most = MOST_APART * self.kept_tokens();
        for index in lead + 1..self.verdicts.len() {
            if !self.verdicts[index].kept || !self.measures.blocks[index].is_long {
                continue;
            }
            let answers = |&near: &usize| {
                let text = self.measures.lower_of(near).trim();
                let begins = |reply: &&str| {
                    text.strip_prefix(reply).is_some_and(|rest| rest.is_empty() || rest.starts_with(' '))
                };
                self.measures.blocks[near].tokens <= REPLY_TOKENS && REPLIES.iter().any(begins)
            };
            let Some(button) = (index + 1..self.verdicts.len().min(index + 1 + REPLY_REACH)).find(answers) else {
                continue;
            };
            let element = |block: usize| self.outline.blocks[block].element;
            let comment = self.common(element(index), element(button));
            let tokens = self.measures.sums[comment as usize].tokens;
            let comment = self.blocks_of(comment);
            // The story's own last paragraph may stand before the button, and all of the story around the two.
            if !comment.contains(&lead) && tokens <= COMMENT_TOKENS.min(most) {
                comment.for_each(|index| self.drop_as_furniture(index));
            }
        }
    }

    /// Boxes with a field for an address of electronic mail, or with answers to choose from.
    fn drop_forms(&mut self, shapes: &Shapes) {
        let most = LARGEST_SHARE * self.kept_tokens();
        let box_of = |field: &Field| self.box_of(field.element, shapes).map(|element| (element, field.is_choice));
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

    /// The largest element around a field that has a few words at most and none of the story.
    fn box_of(&self, field: u32, shapes: &Shapes) -> Option<u32> {
        self.boxes_around(field, FIELD_BOX)
            .filter(|&element| self.measures.sums[element as usize].blocks > 0.0)
            .take_while(|&element| !self.holds_story(element, shapes))
            .last()
    }

    /// Paragraphs that begin with a writer's name and stand apart from the story's, or all in italics.
    fn drop_biographies(&mut self, writers: &[String], shapes: &Shapes) {
        if writers.is_empty() {
            return;
        }
        for index in 0..self.verdicts.len() {
            let (block, measure) = (&self.outline.blocks[index], &self.measures.blocks[index]);
            let stands_apart = || {
                block.italic_chars == block.chars
                    || shapes.get(&measure.shape).is_none_or(|&alike| alike <= u32::from(measure.is_long))
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

    /// What is said of the writer below the story: under a line that says so, or as the last paragraph, which begins with a
    /// name and says what this person is to the press.
    fn drop_last_biography(&mut self, lead: usize, site_name: &str) {
        let mut found = None;
        let mut words = 0.0;
        for index in (lead + 1..self.verdicts.len()).rev().filter(|&index| self.verdicts[index].kept) {
            let block = &self.outline.blocks[index];
            let text = self.outline.text_of(block);
            if self.measures.blocks[index].tokens <= CONTROL_TOKENS && introduces_writer(text) {
                found = Some(index);
                break;
            }
            let is_first = words == 0.0;
            words += self.measures.blocks[index].tokens;
            if words > BIOGRAPHY_TOKENS {
                break;
            }
            if is_first && self.is_of_writer(index, site_name) {
                found = Some(index);
            }
        }
        let Some(from) = found else { return };
        (from..self.verdicts.len()).for_each(|index| self.drop_as_furniture(index));
    }

    /// Whether a paragraph tells of the writer, and stands apart from the story by its letters or with the site's own name.
    fn is_of_writer(&self, index: usize, site_name: &str) -> bool {
        let (block, measure) = (&self.outline.blocks[index], &self.measures.blocks[index]);
        let is_italic = block.italic_chars == block.chars;
        measure.tokens <= BIOGRAPHY_TOKENS
            && (measure.ends_sentence || is_italic)
            && heuristic::line_tag(&self.outline, block.element).heading_level().is_none()
            && writer_told_of(self.outline.text_of(block)).is_some()
            && (is_italic || names_site(self.measures.lower_of(index), site_name))
    }

    pub(super) fn drop_as_furniture(&mut self, index: usize) {
        self.verdicts[index].drop_for(Reason::Furniture);
    }
}

/// A line among a story's paragraphs, by its words alone.
#[derive(Debug)]
pub(in super::super) struct FurnitureLine<'a> {
    lower: &'a str,
    /// What it says, looked up when it is first asked: most lines of a story are not.
    groups: OnceCell<u32>,
}

impl<'a> FurnitureLine<'a> {
    /// Reads a line, which is in lower case.
    pub(in super::super) fn of(lower: &'a str) -> Self {
        Self { lower, groups: OnceCell::new() }
    }

    fn says(&self, groups: u32) -> bool {
        self.groups.get_or_init(|| said(self.lower)) & groups != 0
    }

    /// Whether, being short, it is what a player, a mark, a film or an advertisement in between is labelled with.
    pub(in super::super) fn is_label(&self) -> bool {
        self.says(says::PLAYER | says::CONTINUE | says::RATE) || self.names_film() && ends_with_duration(self.lower)
    }

    /// Whether, being short, it is a control or counter of the page.
    pub(in super::super) fn is_control(&self) -> bool {
        self.says(says::CONTROL)
    }

    /// Whether it asks the reader to follow the paper or its writer. A sentence has to begin with that, or to use a form of
    /// the word that only speaks to somebody: a story may name a ministry's channel.
    pub(in super::super) fn asks_to_follow(&self, words: usize, ends_sentence: bool, has_link: bool) -> bool {
        words <= FOLLOW_WORDS
            && self.says(says::FOLLOW | says::NETWORKS)
            && (self.says(says::JOIN)
                || (has_link || !ends_sentence) && self.says(says::FOLLOW_WRITER)
                || has_link && !ends_sentence && self.says(says::FOLLOW))
    }

    /// Whether it speaks to those who have an account, or asks who has one.
    pub(in super::super) fn speaks_of_accounts(&self, words: usize) -> bool {
        words <= ACCOUNT_WORDS && self.says(says::ACCOUNT)
    }

    /// Whether, by its cues, it asks the reader to take letters to an address of his.
    pub(in super::super) fn offers_mail(&self, words: usize, cues: u32) -> bool {
        words <= INVITATION_WORDS && cues & (cue::PROMO | cue::INVITATION) != 0 && self.promises_mail()
    }

    /// Whether it promises letters to the reader's own address.
    fn promises_mail(&self) -> bool {
        self.says(says::INBOX)
    }

    /// Whether, as it has a link, it asks the reader to put a name down.
    pub(in super::super) fn invites(&self, words: usize) -> bool {
        words <= INVITATION_WORDS && self.says(says::INVITE)
    }

    /// Whether, as it has a link and nothing of a story follows, it asks the reader to install the paper's program.
    pub(in super::super) fn asks_to_install(&self, words: usize) -> bool {
        words <= INVITATION_WORDS && self.says(says::DOWNLOAD) && self.says(says::APP)
    }

    /// Whether it says that a program made the summary or the translation.
    pub(in super::super) fn tells_of_a_machine(&self, words: usize) -> bool {
        words <= INVITATION_WORDS && self.says(says::MACHINE)
    }

    /// Whether, being the last line, it says whose the text is.
    pub(in super::super) fn is_legal(&self) -> bool {
        self.says(says::LEGAL)
    }

    /// Whether it says that the paper earns by the links in the story.
    pub(in super::super) fn tells_of_commission(&self, words: usize) -> bool {
        words <= INVITATION_WORDS && colophon_words::said(self.lower) & colophon_words::says::COMMISSION != 0
    }

    /// Whether it says what somebody is to the press: a reporter, an editor.
    fn names_press(&self) -> bool {
        self.says(says::PRESS)
    }

    /// Whether it begins as the label of a film.
    pub(in super::super) fn names_film(&self) -> bool {
        self.says(says::FILM)
    }

    /// Whether it says that the page keeps track of its readers.
    pub(in super::super) fn names_cookies(&self) -> bool {
        self.says(says::COOKIES)
    }

    /// Whether it stands in the place of what a reader has to agree to first.
    pub(in super::super) fn is_placeholder(&self) -> bool {
        cues_of(self.lower) & cue::PLACEHOLDER != 0
    }
}

/// Whether a text in lower case begins as a correction does.
pub(super) fn names_correction(lower: &str) -> bool {
    said(lower) & says::CORRECTION != 0
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

/// The person with whose name a paragraph begins, if it says at once what this person is to a paper: behind the name comes
/// a word such as "is" or "covers", or the office itself. Whom a story quotes says something. Where words are not parted
/// the name is no more than the paragraph's beginning.
pub(in super::super) fn writer_told_of(text: &str) -> Option<String> {
    /// Bytes of the beginning in which it says so, and words of it among which the verb is; characters without blanks.
    const HEAD: usize = 120;
    const VERB: RangeInclusive<usize> = 2..=4;
    const UNSPACED: usize = 12;
    let head = &text[..text.floor_char_boundary(HEAD)];
    if text.contains(QUOTES) || !begins_with_name(head) || !FurnitureLine::of(&lower(head)).names_press() {
        return None;
    }
    if head.contains(is_unspaced) {
        let end = head.char_indices().nth(UNSPACED).map_or(head.len(), |(at, _)| at);
        return WRITER_VERBS_UNSPACED
            .iter()
            .filter_map(|verb| head[..end].find(verb))
            .min()
            .map(|at| head[..at].to_owned());
    }
    let (first, last) = (*VERB.start(), *VERB.end());
    let is_office = |word: &str| !word.is_ascii() && FurnitureLine::of(&lower(word)).names_press();
    let words: Vec<&str> = head.split_whitespace().take(last + 1).collect();
    let verb = (first..words.len())
        .find(|&at| WRITER_VERBS.contains(&&*lower(words[at])) || at == first && is_office(words[at]))?;
    Some(words[..verb].join(" "))
}

/// Whether a line is where a report is from, as agencies write it: "BAAR, SWITZERLAND".
fn is_dateline(text: &str) -> bool {
    text.contains(',') && text.chars().all(|c| c.is_uppercase() || c.is_whitespace() || ",.-–—".contains(c))
}

/// Whether a text in lower case has a long word of the site's name, whatever its last letter: languages bend it.
fn names_site(lower_text: &str, site_name: &str) -> bool {
    /// Characters from which a word of a name is its own.
    const LEAST: usize = 4;
    let least = if site_name.contains(is_unspaced) { 2 } else { LEAST };
    lower(site_name).split(|c: char| !c.is_alphanumeric() && c.is_ascii()).any(|word| {
        let stem_end = word.char_indices().next_back().map_or(0, |(at, _)| at);
        let stem = if word.chars().count() > least + 1 { &word[..stem_end] } else { word };
        word.chars().count() >= least && lower_text.contains(stem)
    })
}

/// Whether a text begins with two words that can be a name: neither begins with a small letter, and both are followed by
/// others. In scripts without capitals, and without blanks, any can.
fn begins_with_name(text: &str) -> bool {
    let is_large = |word: &str| {
        word.trim_start_matches(|c: char| !c.is_alphanumeric())
            .starts_with(|c: char| c.is_alphabetic() && !c.is_lowercase())
    };
    let mut words = text.split_whitespace();
    text.contains(is_unspaced)
        || words.next().is_some_and(is_large) && words.next().is_some_and(is_large) && words.next().is_some()
}

/// "4 min", "5 Min. Lesezeit", "Reading time: 7 minutes": a number of minutes, and no other number.
fn is_reading_time(text: &str) -> bool {
    const UNITS: [&str; 8] = ["min", "мин", "хв", "分", "분", "دقائق", "دقيقة", "मिनट"];
    let Some((_, from)) = text.split_once(char::is_numeric) else { return false };
    let rest = from.trim_start_matches(char::is_numeric);
    let unit = rest.trim_start().to_lowercase();
    UNITS.iter().any(|name| unit.starts_with(name)) && !rest.contains(char::is_numeric)
}

/// Whether a line has a whole date in numbers: "2026-05-04", "2026年5月4日", "4.5.2026".
fn shows_day(text: &str) -> bool {
    static DAY: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(
            r"(?:^|\D)(?:(?:20|19)\d\d\s?[-./年년]\s?\d{1,2}\s?[-./月월]\s?\d{1,2}|\d{1,2}[-./]\d{1,2}[-./]20\d\d)(?:\D|$)",
        )
        .expect("a constant pattern")
    });
    DAY.is_match(text)
}

/// Whether a text ends with how long a film is: "1:32", "01:02:33".
fn ends_with_duration(text: &str) -> bool {
    let rest = text.trim_end().trim_end_matches(|c: char| c.is_ascii_digit());
    text.trim_end().len() - rest.len() == 2 && rest.ends_with(':') && rest.len() > 1
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_are_told() {
        assert!(ends_with_duration("the bridge from above 01:32") && ends_with_duration("1:02:33 "));
        for text in ["", ":", ":12", "at 7", "2024", "7:3", "16:9 is the format"] {
            assert!(!ends_with_duration(text), "{text}");
        }
    }

    #[test]
    fn sentences_of_a_story_are_no_labels_and_no_invitations() {
        for text in [
            "the path continues below the dam.",
            "nach der anzeige ermittelte die polizei drei wochen lang.",
            "las acciones subieron después del anuncio.",
            "de weg loopt door onder de brug.",
            "विज्ञापन के बाद 2019 में बिक्री बढ़ी।",
            "melden sie sich bei der wache am hafen unter 555-0101.",
            "inscrivez-vous à la mairie avant le 4 mai.",
            "اشترك في العملية 20 جنديا.",
        ] {
            let line = FurnitureLine::of(text);
            assert!(!line.is_label() && !line.invites(9) && !line.asks_to_follow(9, true, true), "{text}");
        }
        assert!(FurnitureLine::of("story continues below advertisement").is_label());
        assert!(FurnitureLine::of("melden sie sich für den newsletter an").invites(7));
    }

    #[test]
    fn what_a_story_says_of_channels_and_subscribers_stays() {
        for (text, ends) in [
            ("google news faces a fine", false),
            ("how the whatsapp channel works", false),
            ("the ministry wrote on its telegram channel that the ice has gone.", true),
            ("sie haben bereits ein neues schiff bestellt.", true),
            ("ainda não é claro quem vai pagar.", true),
        ] {
            let line = FurnitureLine::of(text);
            assert!(!line.asks_to_follow(9, ends, false) && !line.speaks_of_accounts(9), "{text}");
        }
        assert!(FurnitureLine::of("follow the ledger on google news").asks_to_follow(6, false, false));
        assert!(FurnitureLine::of("add the ledger as a preferred source on google").asks_to_follow(9, false, false));
        assert!(FurnitureLine::of("¿ya eres suscriptor? inicia sesión").speaks_of_accounts(5));
    }

    #[test]
    fn writers_are_told_from_people_of_the_press_in_a_story() {
        for text in [
            "Jane Roe is the transport correspondent of The Harbour Ledger.",
            "Jane Roe covers transport for The Harbour Ledger.",
            "Jana Roth ist Verkehrsredakteurin beim Hafenboten.",
            "Яна Рогова — корреспондент «Причала».",
            "Η Γιάννα Ρόη είναι συντάκτρια της Προβλήτας.",
            "جنى روحانا مراسلة النقل في صحيفة الميناء.",
            "罗佳是码头日报交通记者，自2014年起报道船舶新闻。",
        ] {
            assert!(writer_told_of(text).is_some(), "{text}");
        }
        for text in [
            "Max Doe, editor of the Gazette, told The Harbour Ledger that he would stay.",
            "Orla Finch told reporters that The Harbour Ledger had it right.",
            "Prime Minister Orla Finch said to a reporter of The Harbour Ledger: “No.”",
            "“Jane Roe is a reporter,” she said.",
            "罗佳对码头日报记者说，船还没有到。",
            "The reporter is at home.",
        ] {
            assert_eq!(writer_told_of(text), None, "{text}");
        }
    }

    #[test]
    fn programs_and_what_to_install_are_told() {
        assert!(FurnitureLine::of("this summary was generated by ai.").tells_of_a_machine(6));
        assert!(FurnitureLine::of("download the ledger app for the latest news").asks_to_install(8));
        assert!(FurnitureLine::of("ledgerアプリをダウンロードして最新ニュースを").asks_to_install(20));
        for text in
            ["download the form from the town hall", "the app was downloaded 40,000 times in may", "a summary was read"]
        {
            let line = FurnitureLine::of(text);
            assert!(!line.asks_to_install(9) && !line.tells_of_a_machine(9), "{text}");
        }
    }

    #[test]
    fn whole_dates_in_numbers_are_told() {
        for text in ["입력 2026-05-04 10:32", "更新 2026年5月5日 8時15分", "04.05.2026, 10:32", "2026/5/4"] {
            assert!(shows_day(text), "{text}");
        }
        for text in ["", "2026", "May 2026", "1998-2026", "10:32", "3-2-1", "12026-05-041"] {
            assert!(!shows_day(text), "{text}");
        }
    }

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
