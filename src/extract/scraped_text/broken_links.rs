//! Links and pictures of Markdown that reach over the ends of lines: html2text breaks paragraphs at 78 columns, in the midst of a
//! link's words and of its address.

use super::physical::Physical;

/// Lines that a link reaches over at the most, and bytes of such a line: what was wrapped is no longer.
const MOST_LINES: usize = 16;
const MOST_BYTES: usize = 600;

/// Where in a link a text ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    Outside,
    /// In this many brackets.
    Words(u32),
    /// In the address, with this many parentheses open, and maybe the title behind it; brackets around the link.
    Address {
        parentheses: u32,
        in_title: bool,
        around: u32,
    },
}

impl Place {
    /// Where the text behind it ends, and whether a link ended in it.
    fn behind(mut self, text: &str) -> (Self, bool) {
        let mut had_link = false;
        let mut chars = text.chars().peekable();
        let mut last = ' ';
        while let Some(c) = chars.next() {
            if c == '\\' {
                chars.next();
                last = c;
                continue;
            }
            self = match (self, c) {
                (Self::Outside, '[') => Self::Words(1),
                (Self::Words(depth), '[') => Self::Words(depth + 1),
                (Self::Words(depth), ']') => {
                    if chars.next_if_eq(&'(').is_some() {
                        Self::Address { parentheses: 1, in_title: false, around: depth - 1 }
                    } else {
                        Self::within(depth - 1)
                    }
                }
                (Self::Address { parentheses, in_title, around }, '"') if in_title || last == ' ' => {
                    Self::Address { parentheses, in_title: !in_title, around }
                }
                (Self::Address { parentheses, in_title: false, around }, '(') => {
                    Self::Address { parentheses: parentheses + 1, in_title: false, around }
                }
                (Self::Address { parentheses: 1, in_title: false, around }, ')') => {
                    had_link = true;
                    Self::within(around)
                }
                (Self::Address { parentheses, in_title: false, around }, ')') => {
                    Self::Address { parentheses: parentheses - 1, in_title: false, around }
                }
                (place, _) => place,
            };
            last = c;
        }
        (self, had_link)
    }

    fn within(brackets: u32) -> Self {
        if brackets == 0 { Self::Outside } else { Self::Words(brackets) }
    }

    /// What stands in place of the line's end before `next`.
    fn joint(self, next: &str) -> &'static str {
        match self {
            Self::Address { in_title: false, .. } if !next.starts_with('"') => "",
            _ => " ",
        }
    }
}

/// Brings the lines of each link together.
pub(super) fn join(lines: &mut Vec<Physical<'_>>) {
    let mut is_code = false;
    let mut at = 0;
    let mut goes = vec![false; lines.len()];
    while at < lines.len() {
        let text = lines[at].text.as_str();
        is_code ^= text.starts_with("```") || text.starts_with("~~~");
        let count = if is_code || !text.contains('[') { 1 } else { lines_of_link(&lines[at..]).unwrap_or(1) };
        let (first, rest) = lines[at..at + count].split_at_mut(1);
        let mut place = Place::Outside.behind(&first[0].text).0;
        for line in rest.iter() {
            first[0].text.push_str(place.joint(&line.text));
            first[0].text.push_str(&line.text);
            place = place.behind(&line.text).0;
        }
        if let Some(last) = rest.last() {
            // Whether the paragraph goes on is told by where its last line ended.
            first[0].width = last.width;
            goes[at + 1..at + count].fill(true);
        }
        at += count;
    }
    let mut index = 0;
    lines.retain(|_| {
        index += 1;
        !goes[index - 1]
    });
}

/// The first lines that a link stands in, if it is more than one.
fn lines_of_link(lines: &[Physical<'_>]) -> Option<usize> {
    let (mut place, mut had_link) = (Place::Outside, false);
    for (index, line) in lines.iter().enumerate().take(MOST_LINES) {
        if line.is_blank() || !line.is_running() || line.text.len() > MOST_BYTES {
            return None;
        }
        let (end, ends_one) = place.behind(&line.text);
        (place, had_link) = (end, had_link || ends_one && index > 0);
        if place == Place::Outside {
            return (index > 0 && had_link).then_some(index + 1);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn joined(text: &str) -> Vec<String> {
        let mut lines = text.lines().map(Physical::of).collect();
        join(&mut lines);
        lines.into_iter().map(|line| line.text).collect()
    }

    #[test]
    fn a_link_is_one_line() {
        assert_eq!(
            joined("## [ Pier\nopens](https://a.example/pier-\nopens/1 \"Pier\nopens\")\nwith a band."),
            ["## [ Pier opens](https://a.example/pier-opens/1 \"Pier opens\")", "with a band."]
        );
        assert_eq!(
            joined("[![A pier\n](/p.png)](https://a.example/\npier_(town))"),
            ["[![A pier ](/p.png)](https://a.example/pier_(town))"]
        );
    }

    #[test]
    fn brackets_alone_join_nothing() {
        for text in
            ["As Roe says [1,\n2] it is old.", "[ open\nand never closed", "```\na[1](\n2)\n```", "a [b\n\n](c)"]
        {
            assert_eq!(joined(text), text.lines().collect::<Vec<_>>());
        }
    }
}
