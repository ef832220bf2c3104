//! What a line of Markdown says: emphasis, links, code, without their marks.

use crate::extract::flow::{Inline, plain, trim};
use pulldown_cmark::{BrokenLink, CowStr, Event, Options, Parser, Tag, TagEnd};
use std::borrow::Cow;
use std::collections::HashMap;

/// Bytes up to which a line is read; no paragraph is as long.
const LONGEST: usize = 1 << 18;

/// Signs without which a line says what it shows.
const SIGNS: [char; 8] = ['*', '_', '[', '`', '\\', '<', '&', '~'];

/// What links by reference lead to, by their names in lower case.
#[derive(Debug, Default)]
pub(super) struct Definitions(HashMap<String, String>);

impl Definitions {
    pub(super) fn add(&mut self, name: &str, address: &str) {
        self.0.entry(name.to_lowercase()).or_insert_with(|| address.to_owned());
    }

    fn of(&self, name: &str) -> Option<&String> {
        self.0.get(&name.to_lowercase())
    }
}

/// What a line holds.
#[derive(Debug, Default)]
pub(super) struct Read {
    pub(super) inlines: Vec<Inline>,
    pub(super) text: String,
    /// All of its words are links.
    pub(super) is_link: bool,
    /// It had a picture.
    pub(super) has_picture: bool,
}

/// Whether a line is a link, and nothing else.
pub(super) fn is_link_alone(text: &str) -> bool {
    text.trim_start_matches(['*', '_']).starts_with(['[', '!']) && {
        let read = read(text, &Definitions::default());
        read.is_link || read.has_picture && read.text.is_empty()
    }
}

/// Reads a line.
pub(super) fn read(text: &str, definitions: &Definitions) -> Read {
    if text.len() > LONGEST || !text.contains(SIGNS) {
        return Read { inlines: vec![Inline::Text(text.to_owned())], text: text.to_owned(), ..Read::default() };
    }
    let text = &without_data(text);
    // A bracket before it keeps the parser from taking its beginning for a mark, and lets emphasis begin behind it.
    let line = format!("({text}");
    let callback = |link: BrokenLink<'_>| {
        let address = definitions.of(&link.reference)?.clone();
        Some((CowStr::from(address), CowStr::from("")))
    };
    let mut reader = Reader::default();
    for event in Parser::new_with_broken_link_callback(&line, Options::ENABLE_STRIKETHROUGH, Some(callback)) {
        reader.take(event);
    }
    let mut inlines = reader.inlines;
    if let Some(Inline::Text(first)) = inlines.first_mut() {
        *first = first.strip_prefix('(').unwrap_or(first).to_owned();
    }
    trim(&mut inlines);
    let linked = reader.linked > 0 && reader.unlinked == 0;
    Read { text: plain(&inlines), inlines, is_link: linked, has_picture: reader.has_picture }
}

/// A line without the pictures' data in its addresses, which have blanks and brackets: `(data:image/svg+xml,<svg width='9'>)`.
fn without_data(text: &str) -> Cow<'_, str> {
    const START: &str = "](data:";
    if !text.contains(START) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find(START) {
        let from = at + START.len();
        out.push_str(&rest[..from]);
        let mut open = 1;
        let end = rest[from..].find(|c| {
            open += i32::from(c == '(') - i32::from(c == ')');
            open == 0
        });
        rest = end.map_or("", |end| &rest[from + end..]);
    }
    out.push_str(rest);
    Cow::Owned(out)
}

#[derive(Debug, Default)]
struct Reader {
    inlines: Vec<Inline>,
    /// What is open, with what stood before it.
    open: Vec<Vec<Inline>>,
    pictures: usize,
    links: usize,
    /// Where the open links lead to.
    addresses: Vec<String>,
    /// Letters and numbers within links, and outside of them.
    linked: usize,
    unlinked: usize,
    has_picture: bool,
}

impl Reader {
    fn take(&mut self, event: Event<'_>) {
        match event {
            Event::Start(Tag::Image { .. }) => {
                self.pictures += 1;
                self.has_picture = true;
            }
            Event::End(TagEnd::Image) => self.pictures = self.pictures.saturating_sub(1),
            // A picture's words stand for it.
            _ if self.pictures > 0 => {}
            Event::Start(tag @ (Tag::Emphasis | Tag::Strong | Tag::Strikethrough | Tag::Link { .. })) => {
                self.open.push(std::mem::take(&mut self.inlines));
                if let Tag::Link { dest_url, .. } = tag {
                    self.links += 1;
                    self.addresses.push(dest_url.into_string());
                }
            }
            Event::End(end @ (TagEnd::Emphasis | TagEnd::Strong | TagEnd::Strikethrough | TagEnd::Link)) => {
                self.close(end);
            }
            Event::Text(text) | Event::InlineHtml(text) | Event::Html(text) => {
                self.count(&text);
                match self.inlines.last_mut() {
                    Some(Inline::Text(last)) => last.push_str(&text),
                    _ => self.inlines.push(Inline::Text(text.into_string())),
                }
            }
            Event::Code(text) => {
                self.count(&text);
                self.inlines.push(Inline::Code(text.into_string()));
            }
            Event::SoftBreak | Event::HardBreak => self.inlines.push(Inline::Text(" ".to_owned())),
            _ => {}
        }
    }

    fn close(&mut self, end: TagEnd) {
        let Some(before) = self.open.pop() else { return };
        let below = std::mem::replace(&mut self.inlines, before);
        let piece = match end {
            TagEnd::Link => {
                self.links = self.links.saturating_sub(1);
                let address = self.addresses.pop().unwrap_or_default();
                // What leads on from the page it stood on leads nowhere from here.
                if !address.starts_with("http://") && !address.starts_with("https://") {
                    self.inlines.extend(below);
                    return;
                }
                if below.is_empty() {
                    return;
                }
                Inline::Link(address, below)
            }
            TagEnd::Strong => Inline::Strong(below),
            TagEnd::Emphasis => Inline::Emphasis(below),
            _ => Inline::Deleted(below),
        };
        self.inlines.push(piece);
    }

    fn count(&mut self, text: &str) {
        let letters = text.chars().filter(|c| c.is_alphanumeric()).count();
        *(if self.links > 0 { &mut self.linked } else { &mut self.unlinked }) += letters;
    }
}
