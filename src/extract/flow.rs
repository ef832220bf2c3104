//! The body as structure: what the renderers read.

/// A piece of the body that stands on lines of its own.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Flow {
    Paragraph(Vec<Inline>),
    /// Level 2 to 6: level 1 is the article's own headline.
    Heading(u8, Vec<Inline>),
    List {
        /// `None` for bullets.
        numbering: Option<Numbering>,
        items: Vec<Vec<Flow>>,
    },
    Quote(Vec<Flow>),
    Code {
        language: Option<String>,
        text: String,
    },
    Table {
        /// How many of the rows are headers.
        headers: usize,
        rows: Vec<Vec<Vec<Inline>>>,
    },
    /// Terms with what they mean.
    Definitions(Vec<Definition>),
    Figure {
        url: String,
        alt: String,
        caption: Vec<Inline>,
    },
    /// A thematic break.
    Break,
}

/// How the items of a list are numbered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Numbering {
    /// The number of the first item.
    pub(super) start: u32,
    /// Downwards.
    pub(super) reversed: bool,
    /// Letters or Roman numerals: `a`, `A`, `i` or `I`.
    pub(super) style: Option<char>,
}

impl Numbering {
    /// Arabic numerals from `start`.
    pub(super) fn from(start: u32) -> Self {
        Self { start, reversed: false, style: None }
    }

    /// The number of an item.
    pub(super) fn of(self, index: usize) -> u32 {
        let index = u32::try_from(index).unwrap_or(u32::MAX);
        if self.reversed { self.start.saturating_sub(index) } else { self.start.saturating_add(index) }
    }
}

/// A line of a definition list.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Definition {
    Term(Vec<Inline>),
    Meaning(Vec<Flow>),
}

/// A piece of a line.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Inline {
    Text(String),
    Link(String, Vec<Inline>),
    Strong(Vec<Inline>),
    Emphasis(Vec<Inline>),
    Deleted(Vec<Inline>),
    Subscript(Vec<Inline>),
    Superscript(Vec<Inline>),
    /// The mark of a note, as an exponent.
    NoteMark(Vec<Inline>),
    /// A formula in TeX, without the signs around it: no dollar and no backtick, braces in pairs.
    Math {
        tex: String,
        /// It stands on a line of its own.
        display: bool,
    },
    Code(String),
    /// Base text and its reading.
    Ruby(Vec<Inline>, String),
    /// A line break within the paragraph.
    LineBreak,
}

/// The words of a line, without its structure.
pub(super) fn plain(inlines: &[Inline]) -> String {
    let mut out = String::new();
    plain_into(inlines, &mut out);
    out
}

pub(super) fn plain_into(inlines: &[Inline], out: &mut String) {
    for inline in inlines {
        match inline {
            Inline::Text(text) | Inline::Code(text) | Inline::Math { tex: text, .. } => out.push_str(text),
            Inline::LineBreak => out.push('\n'),
            Inline::Link(_, below)
            | Inline::Strong(below)
            | Inline::Emphasis(below)
            | Inline::Deleted(below)
            | Inline::Subscript(below)
            | Inline::Superscript(below)
            | Inline::NoteMark(below)
            | Inline::Ruby(below, _) => plain_into(below, out),
        }
    }
}

/// Takes white space off both ends of a line, empty pieces out, and line breaks off its ends.
pub(super) fn trim(inlines: &mut Vec<Inline>) {
    trim_start(inlines);
    trim_end(inlines);
}

fn trim_start(inlines: &mut Vec<Inline>) {
    while let Some(first) = inlines.first_mut() {
        if let Inline::Text(text) = first {
            let kept = text.trim_start();
            if kept.len() < text.len() {
                *text = kept.to_owned();
            }
        }
        if !is_empty_after(first, trim_start) {
            return;
        }
        inlines.remove(0);
    }
}

fn trim_end(inlines: &mut Vec<Inline>) {
    while let Some(last) = inlines.last_mut() {
        if let Inline::Text(text) = last {
            text.truncate(text.trim_end().len());
        }
        if !is_empty_after(last, trim_end) {
            return;
        }
        inlines.pop();
    }
}

/// Whether nothing of a piece is left when what it holds is trimmed; a line break at an end is nothing.
fn is_empty_after(inline: &mut Inline, trim: fn(&mut Vec<Inline>)) -> bool {
    match inline {
        Inline::Text(text) | Inline::Code(text) | Inline::Math { tex: text, .. } => text.is_empty(),
        Inline::LineBreak => true,
        Inline::Link(_, below)
        | Inline::Strong(below)
        | Inline::Emphasis(below)
        | Inline::Deleted(below)
        | Inline::Subscript(below)
        | Inline::Superscript(below)
        | Inline::NoteMark(below)
        | Inline::Ruby(below, _) => {
            trim(below);
            below.is_empty()
        }
    }
}
