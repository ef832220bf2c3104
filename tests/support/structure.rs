//! The structure of a body, read from its Markdown by a `CommonMark` parser and from its HTML by an HTML parser, in one
//! form: whatever the two renderings say must be the same.

use pulldown_cmark::{CodeBlockKind, Event, Options, Parser, Tag, TagEnd};
use scraper::{ElementRef, Html};

/// A piece of a body. Texts carry their inline structure as `{b …}`, `{i …}`, `{a URL …}` and the like.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Piece {
    Paragraph(String),
    Heading(u8, String),
    Quote(Vec<Piece>),
    List(Option<u64>, Vec<Vec<Piece>>),
    Code(String, String),
    /// Rows of cells; a row's empty cells at its end do not count, and neither does a header of empty cells.
    Table(Vec<Vec<String>>),
    Rule,
}

/// Text with white space folded, as a browser shows it; a hard break is `{br}`.
fn fold(text: &str) -> String {
    // Spaces around a break are not seen.
    let folded = text.split([' ', '\n', '\t', '\r']).filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ");
    folded.replace(" {br}", "{br}").replace("{br} ", "{br}")
}

fn put(out: &mut String, what: std::fmt::Arguments<'_>) {
    std::fmt::Write::write_fmt(out, what).expect("a String takes all");
}

/// Puts a mark around a text; white space and breaks at its ends stand outside, where nobody sees a difference.
fn marked(mark: &str, text: &str, out: &mut String) {
    let mut inner = text;
    while let Some(rest) = inner.strip_prefix("{br}").or_else(|| inner.strip_prefix([' ', '\n'])) {
        inner = rest;
    }
    out.push_str(&text[..text.len() - inner.len()]);
    let mut kept = inner;
    while let Some(rest) = kept.strip_suffix("{br}").or_else(|| kept.strip_suffix([' ', '\n'])) {
        kept = rest;
    }
    if !kept.is_empty() {
        put(out, format_args!("{{{mark} {kept}}}"));
    }
    out.push_str(&inner[kept.len()..]);
}

/// The structure of `CommonMark` with tables and strikethrough, and with formulas between dollars.
pub(crate) fn of_markdown(markdown: &str, formulas: bool) -> Vec<Piece> {
    let mut options = Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH;
    // Money is escaped only where there are formulas.
    options.set(Options::ENABLE_MATH, formulas);
    let mut events: Vec<Event<'_>> = Parser::new_ext(markdown, options).collect();
    events.reverse();
    let mut out = Vec::new();
    while !events.is_empty() {
        markdown_pieces(&mut events, &mut out);
        events.pop();
    }
    out
}

/// Reads pieces up to the end of what holds them. `events` has the next one last.
fn markdown_pieces(events: &mut Vec<Event<'_>>, out: &mut Vec<Piece>) {
    // The words of a tight item stand there without a paragraph.
    let mut bare = String::new();
    let flush = |bare: &mut String, out: &mut Vec<Piece>| {
        let text = fold(&std::mem::take(bare));
        if !text.is_empty() {
            out.push(Piece::Paragraph(text));
        }
    };
    loop {
        match events.last() {
            None | Some(Event::End(_)) => break,
            Some(
                Event::Start(Tag::Emphasis | Tag::Strong | Tag::Strikethrough | Tag::Link { .. } | Tag::Image { .. })
                | Event::Text(_)
                | Event::Code(_)
                | Event::InlineMath(_)
                | Event::DisplayMath(_)
                | Event::InlineHtml(_)
                | Event::SoftBreak
                | Event::HardBreak,
            ) => {
                markdown_inline(events, &mut bare);
                continue;
            }
            Some(_) => flush(&mut bare, out),
        }
        let Some(event) = events.pop() else { break };
        match event {
            Event::Rule => out.push(Piece::Rule),
            Event::Start(tag) => {
                match tag {
                    Tag::Paragraph => {
                        let text = markdown_text(events);
                        if !text.is_empty() {
                            out.push(Piece::Paragraph(text));
                        }
                    }
                    Tag::Heading { level, .. } => out.push(Piece::Heading(level as u8, markdown_text(events))),
                    Tag::BlockQuote(_) => {
                        let mut below = Vec::new();
                        markdown_pieces(events, &mut below);
                        out.push(Piece::Quote(below));
                    }
                    Tag::CodeBlock(kind) => {
                        let mut text = String::new();
                        while let Some(Event::Text(_)) = events.last() {
                            if let Some(Event::Text(piece)) = events.pop() {
                                text.push_str(&piece);
                            }
                        }
                        let language = match kind {
                            CodeBlockKind::Fenced(language) => language.to_string(),
                            CodeBlockKind::Indented => "indented".to_owned(),
                        };
                        out.push(Piece::Code(language, text.trim_end_matches('\n').to_owned()));
                    }
                    Tag::List(start) => {
                        let mut items = Vec::new();
                        while let Some(Event::Start(Tag::Item)) = events.last() {
                            events.pop();
                            let mut item = Vec::new();
                            markdown_pieces(events, &mut item);
                            events.pop();
                            items.push(item);
                        }
                        out.push(Piece::List(start, items));
                    }
                    Tag::Table(_) => {
                        let mut rows = Vec::new();
                        while let Some(Event::Start(Tag::TableHead | Tag::TableRow)) = events.last() {
                            events.pop();
                            let mut row = Vec::new();
                            while let Some(Event::Start(Tag::TableCell)) = events.last() {
                                events.pop();
                                row.push(markdown_text(events));
                                events.pop();
                            }
                            events.pop();
                            rows.push(row);
                        }
                        out.push(table(rows));
                    }
                    // Two lists in a row have a comment between them.
                    Tag::HtmlBlock => {
                        while !matches!(events.last(), None | Some(Event::End(TagEnd::HtmlBlock))) {
                            if let Some(Event::Html(html)) = events.pop() {
                                assert_eq!(html.trim(), "<!-- -->", "a block of HTML");
                            }
                        }
                    }
                    other => panic!("{other:?} where none is written"),
                }
                events.pop();
            }
            other => panic!("{other:?} where none is written"),
        }
    }
    flush(&mut bare, out);
}

fn markdown_text(events: &mut Vec<Event<'_>>) -> String {
    let mut text = String::new();
    while !matches!(events.last(), None | Some(Event::End(_))) {
        markdown_inline(events, &mut text);
    }
    fold(&text)
}

fn markdown_inline(events: &mut Vec<Event<'_>>, out: &mut String) {
    let Some(event) = events.pop() else { return };
    match event {
        Event::Text(text) => out.push_str(&text),
        Event::Code(text) => put(out, format_args!("{{code {text}}}")),
        Event::InlineMath(text) | Event::DisplayMath(text) => put(out, format_args!("{{math {text}}}")),
        Event::SoftBreak => out.push(' '),
        Event::HardBreak => out.push_str("{br}"),
        Event::InlineHtml(html) if &*html == "<!-- -->" => {}
        Event::InlineHtml(html) if &*html == "<br>" => out.push_str("{br}"),
        Event::InlineHtml(html) => {
            let name = html.trim_matches(['<', '>']);
            let mark = match name {
                "strong" => "b",
                "em" => "i",
                other => other,
            };
            let mut below = String::new();
            let closing = format!("</{name}>");
            while !matches!(events.last(), None | Some(Event::End(_))) {
                if matches!(events.last(), Some(Event::InlineHtml(end)) if **end == *closing) {
                    break;
                }
                markdown_inline(events, &mut below);
            }
            match events.last() {
                Some(Event::InlineHtml(_)) => drop(events.pop()),
                _ => below.push_str("NEVER CLOSED"),
            }
            marked(mark, &below, out);
        }
        Event::Start(Tag::Image { dest_url, .. }) => {
            let alt = markdown_text(events);
            events.pop();
            put(out, format_args!("{{img {dest_url} {alt}}}"));
        }
        Event::Start(tag) => {
            let mark = match tag {
                Tag::Emphasis => "i".to_owned(),
                Tag::Strong => "b".to_owned(),
                Tag::Strikethrough => "del".to_owned(),
                Tag::Link { dest_url, .. } => format!("a {dest_url}"),
                other => panic!("{other:?} in a line"),
            };
            let mut below = String::new();
            while !matches!(events.last(), None | Some(Event::End(_))) {
                markdown_inline(events, &mut below);
            }
            events.pop();
            marked(&mark, &below, out);
        }
        other => panic!("{other:?} in a line"),
    }
}

fn table(rows: Vec<Vec<String>>) -> Piece {
    let mut rows: Vec<Vec<String>> = rows
        .into_iter()
        .map(|mut row| {
            while row.last().is_some_and(String::is_empty) {
                row.pop();
            }
            row
        })
        .collect();
    if rows.first().is_some_and(Vec::is_empty) {
        rows.remove(0);
    }
    Piece::Table(rows)
}

/// The structure of the HTML rendering.
pub(crate) fn of_html(html: &str) -> Vec<Piece> {
    let document = Html::parse_fragment(html);
    let mut out = Vec::new();
    html_pieces(document.root_element(), &mut out);
    out
}

fn html_pieces(element: ElementRef<'_>, out: &mut Vec<Piece>) {
    let mut bare = String::new();
    let flush = |bare: &mut String, out: &mut Vec<Piece>| {
        let text = fold(&std::mem::take(bare));
        if !text.is_empty() {
            out.push(Piece::Paragraph(text));
        }
    };
    for child in element.children() {
        if let Some(text) = child.value().as_text() {
            bare.push_str(text);
        }
        let Some(child) = ElementRef::wrap(child) else { continue };
        let name = child.value().name();
        if matches!(
            name,
            "a" | "strong"
                | "em"
                | "del"
                | "sub"
                | "sup"
                | "code"
                | "ruby"
                | "br"
                | "rp"
                | "rt"
                | "bdi"
                | "bdo"
                | "span"
        ) {
            html_inline(child, &mut bare);
            continue;
        }
        flush(&mut bare, out);
        match name {
            "p" => out.extend(Some(html_text(child)).filter(|text| !text.is_empty()).map(Piece::Paragraph)),
            "h2" | "h3" | "h4" | "h5" | "h6" => out.push(Piece::Heading(name.as_bytes()[1] - b'0', html_text(child))),
            "blockquote" => {
                let mut below = Vec::new();
                html_pieces(child, &mut below);
                out.push(Piece::Quote(below));
            }
            "pre" => {
                let code = child.child_elements().next().expect("code in pre");
                let class = code.value().attr("class").unwrap_or_default();
                let text: String = code.text().collect();
                let language = class.strip_prefix("language-").unwrap_or_default().to_owned();
                out.push(Piece::Code(language, text.trim_end_matches('\n').to_owned()));
            }
            "ul" | "ol" => {
                let first =
                    if child.value().attr("reversed").is_some() { child.child_elements().count() as u64 } else { 1 };
                let start = child.value().attr("start").map_or(first, |start| start.parse().expect("a number"));
                let items = child.child_elements().map(|item| {
                    assert_eq!(item.value().name(), "li");
                    let mut below = Vec::new();
                    html_pieces(item, &mut below);
                    below
                });
                out.push(Piece::List((name == "ol").then_some(start), items.collect()));
            }
            "table" => {
                let rows: Vec<ElementRef<'_>> =
                    child.descendent_elements().filter(|row| row.value().name() == "tr").collect();
                let cells = |row: &ElementRef<'_>| row.child_elements().map(html_text).collect();
                out.push(table(rows.iter().map(cells).collect()));
            }
            "dl" => {
                for part in child.child_elements() {
                    if part.value().name() == "dt" {
                        out.push(Piece::Paragraph(fold(&format!("{{b {}}}", html_text(part)))));
                    } else {
                        html_pieces(part, out);
                    }
                }
            }
            "figure" => {
                for part in child.child_elements() {
                    out.push(Piece::Paragraph(match part.value().name() {
                        "img" => {
                            let attribute = |name| part.value().attr(name).unwrap_or_default();
                            fold(&format!("{{img {} {}}}", attribute("src"), fold(attribute("alt"))))
                        }
                        // Markdown has captions without their own marks.
                        _ => fold(&format!("{{i {}}}", part.text().collect::<String>())),
                    }));
                }
            }
            "hr" => out.push(Piece::Rule),
            other => panic!("<{other}> is not written"),
        }
    }
    flush(&mut bare, out);
}

fn html_text(element: ElementRef<'_>) -> String {
    let mut text = String::new();
    html_children(element, &mut text);
    fold(&text)
}

fn html_children(element: ElementRef<'_>, out: &mut String) {
    for child in element.children() {
        if let Some(text) = child.value().as_text() {
            out.push_str(text);
        } else if let Some(child) = ElementRef::wrap(child) {
            html_inline(child, out);
        }
    }
}

fn html_inline(element: ElementRef<'_>, out: &mut String) {
    let mark = match element.value().name() {
        "br" => {
            out.push_str("{br}");
            return;
        }
        "code" => {
            let kind = if element.value().attr("class") == Some("language-math") { "math" } else { "code" };
            put(out, format_args!("{{{kind} {}}}", element.text().collect::<String>().replace('\n', " ")));
            return;
        }
        "a" => format!("a {}", element.value().attr("href").expect("a target")),
        "strong" => "b".to_owned(),
        "em" => "i".to_owned(),
        name @ ("del" | "sub" | "sup" | "ruby" | "rp" | "rt") => name.to_owned(),
        other => panic!("<{other}> in a line"),
    };
    let mut below = String::new();
    html_children(element, &mut below);
    marked(&mark, &below, out);
}
