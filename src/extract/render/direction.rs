//! Which way a piece of text runs, by its first letter (rules P2 and P3 of the Unicode Bidirectional Algorithm, which is
//! what HTML's `dir="auto"` goes by).

use crate::extract::flow::{Definition, Flow, Inline};

/// Which way a text runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Direction {
    LeftToRight,
    RightToLeft,
}

impl Direction {
    /// The value of the attribute `dir`.
    pub(super) fn value(self) -> &'static str {
        match self {
            Self::LeftToRight => "ltr",
            Self::RightToLeft => "rtl",
        }
    }
}

/// The direction of a piece; `None` where it has no letter.
pub(super) fn of_flow(flow: &Flow) -> Option<Direction> {
    match flow {
        Flow::Paragraph(line) | Flow::Heading(_, line) | Flow::Figure { caption: line, .. } => of_line(line),
        Flow::Quote(below) => below.iter().find_map(of_flow),
        Flow::List { items, .. } => items.iter().flatten().find_map(of_flow),
        Flow::Table { rows, .. } => rows.iter().flatten().find_map(|cell| of_line(cell)),
        Flow::Definitions(entries) => entries.iter().find_map(|entry| match entry {
            Definition::Term(line) => of_line(line),
            Definition::Meaning(below) => below.iter().find_map(of_flow),
        }),
        // Code runs from left to right in any language.
        Flow::Code { .. } | Flow::Break => None,
    }
}

/// The direction of a line.
pub(super) fn of_line(line: &[Inline]) -> Option<Direction> {
    line.iter().find_map(|inline| match inline {
        Inline::Text(text) => of_text(text),
        Inline::Link(_, below)
        | Inline::Strong(below)
        | Inline::Emphasis(below)
        | Inline::Deleted(below)
        | Inline::Subscript(below)
        | Inline::Superscript(below)
        | Inline::NoteMark(below)
        | Inline::Ruby(below, _) => of_line(below),
        // Formulas run from left to right too.
        Inline::Code(_) | Inline::Math { .. } | Inline::LineBreak => None,
    })
}

fn of_text(text: &str) -> Option<Direction> {
    let letter = text.chars().find(|c| c.is_alphabetic())?;
    // Hebrew to Arabic Extended-A, their presentation forms, and the historic and African scripts that run leftwards.
    let leftwards = matches!(u32::from(letter),
        0x0590..=0x08FF | 0xFB1D..=0xFDFF | 0xFE70..=0xFEFF | 0x1_0800..=0x1_0FFF | 0x1_E800..=0x1_EFFF);
    Some(if leftwards { Direction::RightToLeft } else { Direction::LeftToRight })
}
