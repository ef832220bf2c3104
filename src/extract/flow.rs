//! The body as structure: what the renderers read.

/// A piece of the body that stands on lines of its own.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Flow {
    Paragraph(Vec<Inline>),
    /// Level 2 to 6: level 1 is the article's own headline.
    Heading(u8, Vec<Inline>),
    List {
        /// The number of the first item; `None` for bullets.
        start: Option<u32>,
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
            Inline::Text(text) | Inline::Code(text) => out.push_str(text),
            Inline::LineBreak => out.push('\n'),
            Inline::Link(_, below)
            | Inline::Strong(below)
            | Inline::Emphasis(below)
            | Inline::Deleted(below)
            | Inline::Subscript(below)
            | Inline::Superscript(below)
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
        Inline::Text(text) | Inline::Code(text) => text.is_empty(),
        Inline::LineBreak => true,
        Inline::Link(_, below)
        | Inline::Strong(below)
        | Inline::Emphasis(below)
        | Inline::Deleted(below)
        | Inline::Subscript(below)
        | Inline::Superscript(below)
        | Inline::Ruby(below, _) => {
            trim(below);
            below.is_empty()
        }
    }
}
