//! Markdown, as converters and readers write it: which line is a heading, an item, a quotation, code, a table's row.
//!
//! Line by line, because scraped Markdown keeps to no standard: blank lines stand within its tables, lists are set in
//! without need, fences are left open. What a line says is read by a parser, in `markdown_line`.

use super::lines::{Form, RULE};
use super::markdown_line::{Definitions, is_link_alone};
use super::physical::Physical;

/// Signs that are looked for, and how many different ones a text must have.
const LEAST_SIGNS: u32 = 2;
/// Links or headings that are enough by themselves.
const LEAST_ALIKE: usize = 3;

/// Spaces from which a line is code.
const CODE_INDENT: usize = 4;

/// Lists in lists that are told apart.
const DEEPEST: usize = 6;

/// Whether a text is Markdown: it has different signs that running text has not.
pub(super) fn is_markdown(lines: &[Physical<'_>]) -> bool {
    let (mut headings, mut linked, mut images, mut fences, mut strong, mut definitions) = (0, 0, 0, 0, 0, 0);
    let mut begins_with_heading = false;
    let mut is_first = true;
    for (index, line) in lines.iter().enumerate().filter(|(_, line)| line.is_running()) {
        let text = line.text.as_str();
        let after_blank = index == 0 || lines[index - 1].is_blank();
        let before_blank = lines.get(index + 1).is_none_or(Physical::is_blank);
        if after_blank && line.indent < CODE_INDENT && heading(text).is_some() {
            headings += 1;
            begins_with_heading |= is_first && before_blank;
        }
        is_first = false;
        fences += usize::from(fence(text).is_some());
        linked += usize::from(text.contains("](") && has_link(text));
        images += usize::from(text.contains("![") && text.contains("]("));
        strong += usize::from(has_strong(text));
        definitions += usize::from(definition(text).is_some());
    }
    let signs = [headings, linked, images, fences / 2, strong, definitions];
    let kinds = signs.iter().filter(|&&count| count > 0).count() as u32 + u32::from(begins_with_heading);
    kinds >= LEAST_SIGNS || linked + images >= LEAST_ALIKE || headings >= LEAST_ALIKE || strong >= LEAST_ALIKE
}

/// `[words](address)`: what stands in the brackets looks like an address.
fn has_link(text: &str) -> bool {
    text.match_indices("](").any(|(at, _)| {
        let address = text[at + 2..].trim_start_matches([' ', '<']);
        ["http://", "https://", "/", "#", "mailto:", "./", "../", "?"].iter().any(|start| address.starts_with(start))
    })
}

/// `**words**`, with nothing between the marks and what they hold.
fn has_strong(text: &str) -> bool {
    let Some(open) = text.find("**") else { return false };
    let rest = &text[open + 2..];
    let before = text[..open].chars().next_back();
    before.is_none_or(|c| !c.is_alphanumeric())
        && rest.starts_with(|c: char| !c.is_whitespace() && c != '*')
        && rest.find("**").is_some_and(|close| close > 0 && !rest[..close].ends_with(char::is_whitespace))
}

/// Reads the forms of a text's lines, and takes their marks off. Returns what its links by reference lead to.
pub(super) fn read(lines: &mut [Physical<'_>]) -> Definitions {
    let mut definitions = Definitions::default();
    let mut list = List::default();
    let mut no_closing = NoClosing::default();
    let mut index = 0;
    while index < lines.len() {
        if lines[index].is_blank() || lines[index].form != Form::Running {
            index += 1;
            continue;
        }
        let after_blank = index == 0 || lines[index - 1].is_blank();
        if let Some(end) = fenced(lines, index, &mut no_closing) {
            index = end;
            continue;
        }
        if after_blank
            && list.is_closed_by(&lines[index])
            && lines[index].indent >= CODE_INDENT
            && !is_item(&lines[index])
        {
            index = indented_code(lines, index);
            continue;
        }
        if let Some(rows) = table(lines, index) {
            index = rows;
            list = List::default();
            continue;
        }
        if let Some((name, address)) = definition(&lines[index].text) {
            definitions.add(name, address);
            lines[index].leave_out("the address of a link");
        } else {
            block(lines, index, &mut list);
        }
        index += 1;
    }
    definitions
}

/// Whether a line opens or closes a division of the page that was converted: `::: {#main .post}`.
fn is_division(text: &str) -> bool {
    let Some(rest) = text.strip_prefix(":::") else { return false };
    let rest = rest.trim_start_matches(':').trim_start();
    rest.is_empty() || rest.starts_with('{') || !rest.contains(' ')
}

/// A line without the names and classes that Pandoc writes behind headings and spans: `{#post-4 .title}`,
/// `[Jane Roe]{.author}`.
fn without_attributes(text: &str) -> String {
    /// Bytes of them at the most.
    const MOST_BYTES: usize = 200;
    let is_attribute = |part: &str| part.starts_with(['#', '.']) && part.len() > 1 || part.contains("=\"");
    let mut out = String::with_capacity(text.len());
    // Places of brackets in what is written, open ones and those of spans.
    let (mut open, mut of_spans) = (Vec::new(), Vec::new());
    let mut last_closed = None;
    let mut from = 0;
    while let Some(at) = text[from..].find(['[', ']', '{']).map(|at| from + at) {
        out.push_str(&text[from..at]);
        from = at + 1;
        match text.as_bytes()[at] {
            b'[' => {
                open.push(out.len());
                out.push('[');
            }
            b']' => {
                last_closed = open.pop().map(|opened| (opened, out.len()));
                out.push(']');
            }
            _ => {
                let near = &text[from..text.floor_char_boundary(from + MOST_BYTES)];
                let inside = near.split_once('}').map(|(inside, _)| inside);
                let is_behind = out.ends_with([']', ' ', ')', '`']);
                match inside.filter(|inside| is_behind && !inside.is_empty() && inside.split(' ').all(is_attribute)) {
                    Some(inside) => {
                        // A span's brackets hold its words alone.
                        if let Some((opened, closed)) = last_closed.filter(|&(_, closed)| closed + 1 == out.len()) {
                            of_spans.extend([opened, closed]);
                        }
                        from += inside.len() + 1;
                    }
                    None => out.push('{'),
                }
            }
        }
    }
    out.push_str(&text[from..]);
    of_spans.sort_unstable();
    let mut spans = of_spans.into_iter().peekable();
    let kept = out.char_indices().filter(|(at, _)| spans.next_if_eq(at).is_none()).map(|(_, c)| c);
    kept.collect::<String>().trim_end().to_owned()
}

/// What a single line is.
fn block(lines: &mut [Physical<'_>], index: usize, list: &mut List) {
    if let Some(level) = underline(lines, index) {
        lines[index - 1].form = Form::Heading(level);
        (lines[index - 1].begins, lines[index - 1].ends) = (true, true);
        lines[index].text.clear();
        return;
    }
    let line = &mut lines[index];
    if is_division(&line.text) {
        line.leave_out("the mark of a division");
        return;
    }
    if line.text.contains('{') {
        line.text = without_attributes(&line.text);
    }
    if line.is_rule() {
        line.leave_out(RULE);
        *list = List::default();
        return;
    }
    if let Some((level, text)) = heading(&line.text) {
        line.text = text.to_owned();
        line.form = Form::Heading(level);
        (line.begins, line.ends) = (true, true);
        *list = List::default();
    } else if let Some(quoted) = line.text.strip_prefix('>') {
        line.text = quoted.trim_start_matches(['>', ' ']).to_owned();
        line.form = Form::Quote;
        line.indent = 0;
    } else if is_item(line) {
        list.take(line);
    } else if list.is_closed_by(line) {
        *list = List::default();
    } else if list.is_open {
        // A paragraph of the item.
        line.indent = line.indent.min(list.indent + 2);
    }
    // Two blanks or a backslash at its end keep a line end.
    line.ends |= line.raw.ends_with("  ") || line.text.ends_with('\\');
    line.text.truncate(line.text.trim_end_matches('\\').trim_end().len());
    line.is_link = is_link_alone(&line.text);
    line.begins |= line.is_link;
}

/// The lists that are open.
#[derive(Debug, Default)]
struct List {
    is_open: bool,
    /// Columns before the last item's mark.
    indent: usize,
    /// The same of each list that is open, the outermost first.
    indents: Vec<usize>,
}

impl List {
    fn is_closed_by(&self, line: &Physical<'_>) -> bool {
        !self.is_open || line.indent == 0 || line.indent <= self.indent
    }

    fn take(&mut self, line: &mut Physical<'_>) {
        let Some((number, from)) = item(&line.text) else { return };
        while self.indents.last().is_some_and(|&open| line.indent < open) {
            self.indents.pop();
        }
        if self.indents.last().is_none_or(|&open| line.indent > open + 1) && self.indents.len() < DEEPEST {
            self.indents.push(line.indent);
        }
        (self.is_open, self.indent) = (true, line.indent);
        line.depth = u8::try_from(self.indents.len().saturating_sub(1)).unwrap_or_default();
        line.number = number;
        line.text = line.text[from..].trim_start().to_owned();
        (line.is_item, line.begins) = (true, true);
    }
}

fn is_item(line: &Physical<'_>) -> bool {
    item(&line.text).is_some()
}

/// The number of an item, and where its words begin.
fn item(text: &str) -> Option<(Option<u32>, usize)> {
    const LONGEST_NUMBER: usize = 3;
    let bytes = text.as_bytes();
    if matches!(bytes.first(), Some(b'*' | b'-' | b'+')) && bytes.get(1) == Some(&b' ') {
        return Some((None, 2));
    }
    let digits = bytes.iter().take(LONGEST_NUMBER + 1).take_while(|byte| byte.is_ascii_digit()).count();
    let is_mark = matches!(bytes.get(digits), Some(b'.' | b')')) && bytes.get(digits + 1) == Some(&b' ');
    ((1..=LONGEST_NUMBER).contains(&digits) && is_mark).then(|| (text[..digits].parse().ok(), digits + 2))
}

/// The level and the words of a heading with its mark before it.
fn heading(text: &str) -> Option<(u8, &str)> {
    let words = text.trim_start_matches('#');
    let level = text.len() - words.len();
    let words = words.strip_prefix(' ')?.trim_end_matches('#').trim();
    ((1..=6).contains(&level) && !words.is_empty()).then(|| (u8::try_from(level).unwrap_or(6), words))
}

/// The level that a line gives to the one above, as a rule below a heading.
fn underline(lines: &[Physical<'_>], index: usize) -> Option<u8> {
    const LONGEST_HEADING: usize = 120;
    let text = lines[index].text.as_str();
    let level = match text.bytes().next()? {
        b'=' => 1,
        b'-' => 2,
        _ => return None,
    };
    let is_one_sign = text.len() >= 2 && text.bytes().all(|byte| byte == text.as_bytes()[0]);
    let above = index.checked_sub(1).map(|above| &lines[above])?;
    let stands_alone = index < 2 || !lines[index - 2].is_running() || lines[index - 2].ends;
    let is_heading =
        above.form == Form::Running && !above.is_blank() && !above.is_item && above.width <= LONGEST_HEADING;
    (is_one_sign && stands_alone && is_heading).then_some(level)
}

/// The sign of a fence, its length, and the language that it names.
fn fence(text: &str) -> Option<(u8, usize, &str)> {
    let sign = text.bytes().next().filter(|sign| matches!(sign, b'`' | b'~'))?;
    let length = text.bytes().take_while(|byte| *byte == sign).count();
    let language = text[length..].trim();
    (length >= 3 && !language.contains('`')).then_some((sign, length, language))
}

/// Fences that nothing below closes, so that it is looked for once.
#[derive(Debug, Default)]
struct NoClosing {
    backticks: Option<usize>,
    tildes: Option<usize>,
    html2text: bool,
}

impl NoClosing {
    fn of(&mut self, sign: u8) -> &mut Option<usize> {
        if sign == b'`' { &mut self.backticks } else { &mut self.tildes }
    }
}

/// The end of the fenced code that begins on a line, if any does. Its lines are marked.
fn fenced(lines: &mut [Physical<'_>], open: usize, no_closing: &mut NoClosing) -> Option<usize> {
    let text = lines[open].text.as_str();
    let (close, language) = if text == "[code]" && !no_closing.html2text {
        let close = (open + 1..lines.len()).find(|&line| lines[line].text == "[/code]");
        no_closing.html2text |= close.is_none();
        (close?, None)
    } else {
        let (sign, length, language) = fence(text)?;
        if no_closing.of(sign).is_some_and(|least| length >= least) {
            return None;
        }
        let language = language.split_whitespace().next().map(str::to_owned);
        let is_close = |line: usize| {
            fence(&lines[line].text)
                .is_some_and(|(own, least, words)| own == sign && least >= length && words.is_empty())
        };
        let close = (open + 1..lines.len()).find(|&line| is_close(line));
        if close.is_none() {
            *no_closing.of(sign) = Some(length);
        }
        (close?, language)
    };
    for line in [open, close] {
        lines[line].text.clear();
    }
    mark_code(&mut lines[open + 1..close], language.as_deref());
    Some(close + 1)
}

/// The end of code that is set in.
fn indented_code(lines: &mut [Physical<'_>], from: usize) -> usize {
    let is_code = |line: &Physical<'_>| line.is_blank() || line.indent >= CODE_INDENT;
    let end = lines[from..].iter().position(|line| !is_code(line)).map_or(lines.len(), |length| from + length);
    let end = lines[from..end].iter().rposition(|line| !line.is_blank()).map_or(from, |last| from + last + 1);
    mark_code(&mut lines[from..end], None);
    end
}

/// Marks lines as one piece of code.
pub(super) fn mark_code(lines: &mut [Physical<'_>], language: Option<&str>) {
    let Some(first) = lines.iter().position(|line| !line.is_blank()) else { return };
    let last = lines.iter().rposition(|line| !line.is_blank()).unwrap_or(first);
    let indent = lines.iter().filter(|line| !line.is_blank()).map(|line| line.indent).min().unwrap_or_default();
    for line in &mut lines[first..=last] {
        line.form = Form::Code;
        line.text = raw_code(line.raw, indent);
    }
    lines[first].begins = true;
    lines[first].language = language.map(str::to_owned);
    lines[last].ends = true;
}

/// A line of code as it stands, without the white space that all of its lines begin with.
fn raw_code(raw: &str, indent: usize) -> String {
    let mut columns = 0;
    let from = raw.char_indices().find(|(_, c)| {
        let is_over = columns >= indent || !c.is_whitespace();
        columns += 1;
        is_over
    });
    from.map_or("", |(from, _)| raw[from..].trim_end()).to_owned()
}

/// The end of the table that begins on a line, if one does: a row, and below it a row of dashes.
fn table(lines: &mut [Physical<'_>], from: usize) -> Option<usize> {
    if !lines[from].text.contains('|') {
        return None;
    }
    // A blank line may have come between rows.
    let next_row = |at: usize| (at + 1..lines.len().min(at + 3)).find(|&next| !lines[next].is_blank());
    let dashes = next_row(from).filter(|&row| is_delimiter(&lines[row].text))?;
    let mut end = dashes + 1;
    while let Some(row) = next_row(end - 1).filter(|&row| lines[row].text.contains('|')) {
        end = row + 1;
    }
    for line in &mut lines[from..end] {
        line.form = Form::Row { is_head: false };
        (line.begins, line.ends) = (true, true);
    }
    lines[from].form = Form::Row { is_head: true };
    lines[dashes].text.clear();
    Some(end)
}

fn is_delimiter(text: &str) -> bool {
    text.contains('|')
        && text.contains("--")
        && text.bytes().all(|byte| matches!(byte, b'|' | b'-' | b':' | b' ' | b'+'))
}

/// The cells of a row.
pub(super) fn cells(row: &str) -> Vec<&str> {
    let row = row.trim().strip_prefix('|').unwrap_or(row.trim());
    let row = row.strip_suffix('|').filter(|rest| !rest.ends_with('\\')).unwrap_or(row);
    let mut cells = Vec::new();
    let mut from = 0;
    for (at, _) in row.match_indices('|') {
        if !row[..at].ends_with('\\') {
            cells.push(row[from..at].trim());
            from = at + 1;
        }
    }
    cells.push(row[from..].trim());
    cells
}

/// `[name]: address`.
fn definition(text: &str) -> Option<(&str, &str)> {
    let (name, rest) = text.strip_prefix('[')?.split_once("]:")?;
    let address = rest.split_whitespace().next()?.trim_matches(['<', '>']);
    let is_address = address.contains("://") || address.starts_with(['/', '#']) || address.starts_with("mailto:");
    (!name.is_empty() && !name.starts_with('^') && !name.contains([']', '[']) && is_address).then_some((name, address))
}
