//! The body of a page that a script was to build, out of the state that the page carries for it: `__NEXT_DATA__`, Nuxt,
//! Apollo, Redux, `self.__next_f`, or an attribute of the element that the script fills. Read only where the page itself shows
//! no body.
//!
//! What is found is written as HTML, so that one builder makes the structure of it whatever form it had: HTML in a string,
//! rich text (objects that say that they are a paragraph, with pieces of a line below), or plain texts in a list.

mod told;

pub(super) use told::Told;

use super::content::{count_words, ends_sentence, is_unspaced};
use super::flow::Flow;
use super::{content, pictures};
use crate::markup;
use memchr::memmem;
use serde_json::{Map, Value};
use std::collections::HashSet;

/// The source of what was found there, for people.
pub(super) const SOURCE: &str = "state of the page's application";

/// Scripts that are shorter hold no article, in bytes.
const LEAST_SCRIPT: usize = 400;
/// How much of a page's state is read, in bytes: the rest is of other pages.
const MOST_STATE: usize = 8 * 1024 * 1024;
/// Words that a text must have to be a paragraph, unless it says that it is one.
const PARAGRAPH_WORDS: usize = 8;
/// Words past which what says that it is a heading is the list of a menu's.
const HEADING_WORDS: usize = 30;
/// How deep below a list of paragraphs their words can lie.
const PARAGRAPH_DEPTH: usize = 6;
/// How deep below a paragraph the pieces of its line can lie.
const LINE_DEPTH: usize = 12;
/// How deep state is looked into.
const MOST_DEPTH: usize = 60;

/// Fields whose text is no part of the body, in order.
const ASIDE: [&str; 17] = [
    "__typename",
    "alt",
    "caption",
    "class",
    "classname",
    "copyright",
    "credit",
    "d",
    "description",
    "href",
    "id",
    "query",
    "src",
    "srcset",
    "style",
    "summary",
    "url",
];
/// Fields by which an object says what it is, the most telling first.
const KINDS: [&str; 6] = ["type", "_type", "nodeType", "__typename", "tag", "name"];
/// Fields that hold a line's text or its pieces, the most telling first.
const PIECES: [&str; 10] =
    ["text", "value", "html", "content", "contents", "children", "nodes", "leaves", "spans", "data"];
/// Elements of a page's state that show none of its body, in order.
const UNSHOWN: [&str; 11] =
    ["aside", "footer", "head", "link", "meta", "nav", "noscript", "script", "style", "svg", "title"];

/// What a page's state holds of its article.
#[derive(Default)]
pub(super) struct Story {
    pub(super) body: Vec<Flow>,
    /// What the object around the body says of it.
    pub(super) told: Told,
}

/// The article that a page's state holds, or nothing.
pub(super) fn story(html: &str) -> Story {
    let mut best = Text::default();
    let mut pushed = String::new();
    let mut read = 0;
    for script in scripts(html) {
        read += script.len();
        if script.len() < LEAST_SCRIPT || read > MOST_STATE {
            continue;
        }
        if let Some(rows) = script.trim_start().strip_prefix("self.__next_f.push(") {
            push_rows(rows, &mut pushed);
            continue;
        }
        for value in values(script) {
            search(&value, 0, &mut Vec::new(), &mut best);
        }
    }
    flight_rows(&pushed, |value| search(&value, 0, &mut Vec::new(), &mut best));
    for json in attributes(html) {
        read += json.len();
        if read > MOST_STATE {
            break;
        }
        if let Ok(value) = serde_json::from_str(&json) {
            search(&value, 0, &mut Vec::new(), &mut best);
        }
    }
    if best.html.is_empty() {
        return Story::default();
    }
    let document = markup::parse(&best.html);
    let decision = content::keep_all(&document);
    let body = super::body::assemble(&document, &decision.kept(&document), &pictures::Pictures::default(), None);
    Story { body, told: best.told }
}

/// The long values of attributes that are JSON: the state of what a script is to build in that element.
fn attributes(html: &str) -> impl Iterator<Item = String> {
    let bytes = html.as_bytes();
    let mut at = 0;
    std::iter::from_fn(move || {
        loop {
            at += memchr::memchr(b'=', &bytes[at..])? + 1;
            let Some(quote @ (b'"' | b'\'')) = bytes.get(at).copied() else { continue };
            let start = at + 1;
            if !html[start..].trim_start().starts_with(['{', '[']) {
                continue;
            }
            let end = start + memchr::memchr(quote, &bytes[start..])?;
            at = end + 1;
            if end - start >= LEAST_SCRIPT {
                return Some(super::metadata_text(&html[start..end]));
            }
        }
    })
}

/// The content of every script, in order.
fn scripts(html: &str) -> impl Iterator<Item = &str> {
    let bytes = html.as_bytes();
    let mut at = 0;
    std::iter::from_fn(move || {
        let open = at + memmem::find(&bytes[at..], b"<script")?;
        let start = open + memchr::memchr(b'>', &bytes[open..])? + 1;
        let end = start + memmem::find(&bytes[start..], b"</script").unwrap_or(bytes.len() - start);
        at = end;
        Some(&html[start..end])
    })
}

/// The values of a script: it is JSON, or JSON is assigned to names in it, or what it is made of are strings with HTML.
fn values(script: &str) -> Vec<Value> {
    let script = script.trim();
    if let Ok(value) = serde_json::from_str(script) {
        return vec![value];
    }
    let mut values = Vec::new();
    let mut at = 0;
    while let Some(found) = script[at..].find('=') {
        at += found + 1;
        let rest = script[at..].trim_start();
        let rest = rest.strip_prefix("JSON.parse(").unwrap_or(rest);
        if !rest.starts_with(['{', '[', '"']) || rest.len() < LEAST_SCRIPT {
            continue;
        }
        let mut stream = serde_json::Deserializer::from_str(rest).into_iter::<Value>();
        if let Some(Ok(value)) = stream.next() {
            at = script.len() - rest.len() + stream.byte_offset();
            // State that is JSON in a string.
            let inner = value.as_str().and_then(|text| serde_json::from_str(text).ok());
            values.push(inner.unwrap_or(value));
        } else {
            // A failed read went as far as this; trying again inside of it would be quadratic.
            at = script.len() - rest.len() + stream.byte_offset().max(1);
        }
        while !script.is_char_boundary(at) {
            at += 1;
        }
    }
    if values.is_empty() {
        values.extend(literals(script).map(Value::String));
    }
    values
}

/// The long strings in double quotes of a script that is no JSON, such as a function that returns the state.
fn literals(script: &str) -> impl Iterator<Item = String> {
    let bytes = script.as_bytes();
    let mut at = 0;
    std::iter::from_fn(move || {
        loop {
            let open = at + memchr::memchr(b'"', &bytes[at..])?;
            let mut end = open + 1;
            loop {
                end += memchr::memchr2(b'"', b'\\', &bytes[end..])?;
                if bytes[end] == b'"' {
                    break;
                }
                end = (end + 2).min(bytes.len());
            }
            at = end + 1;
            if end - open < LEAST_SCRIPT {
                continue;
            }
            if let Ok(text) = serde_json::from_str(&script[open..=end]) {
                return Some(text);
            }
        }
    })
}

/// Collects what `self.__next_f.push([1, "…"])` pushes.
fn push_rows(arguments: &str, pushed: &mut String) {
    let mut stream = serde_json::Deserializer::from_str(arguments).into_iter::<Value>();
    if let Some(Ok(Value::Array(parts))) = stream.next() {
        pushed.extend(parts.iter().filter_map(Value::as_str));
    }
}

/// The rows of what was pushed: `id:JSON` up to the end of the line, or `id:T`, the length of a text in bytes as
/// hexadecimal digits, a comma and the text, which may be of several lines.
fn flight_rows(pushed: &str, mut found: impl FnMut(Value)) {
    let digits = |text: &str| text.bytes().take_while(u8::is_ascii_hexdigit).count();
    let mut rest = pushed;
    while !rest.is_empty() {
        let start = digits(rest);
        let row = rest[start..].strip_prefix(':').unwrap_or_default();
        let text = row.strip_prefix('T').and_then(|text| {
            let (length, text) = text.split_at(digits(text));
            text.strip_prefix(',')?.split_at_checked(usize::from_str_radix(length, 16).ok()?)
        });
        if let Some((text, after)) = text {
            found(Value::String(text.to_owned()));
            rest = after;
            continue;
        }
        let end = memchr::memchr(b'\n', rest.as_bytes()).unwrap_or(rest.len());
        if let Some(value) = rest.get(start + 1..end).and_then(|json| serde_json::from_str(json).ok()) {
            found(value);
        }
        rest = rest.get(end + 1..).unwrap_or_default();
    }
}

/// What may be the body, as HTML.
#[derive(Default)]
struct Text {
    html: String,
    words: usize,
    /// Words in lines that end as sentences do.
    prose: usize,
    lines: usize,
    /// Whether the last line is of a list that is still open.
    in_list: bool,
    seen: HashSet<String>,
    told: Told,
}

impl Text {
    /// Adds a line that shows a text, unless it is there.
    fn add(&mut self, tag: &str, html: &str, text: &str) {
        let words = count_words(text);
        let is_heading = tag.starts_with('h');
        if words == 0 || is_heading && words > HEADING_WORDS || !self.seen.insert(text.to_owned()) {
            return;
        }
        if !is_heading {
            self.words += words;
            self.lines += 1;
            self.prose += if is_prose(text) { words } else { 0 };
        }
        let in_list = tag == "li";
        let list = match (self.in_list, in_list) {
            (false, true) => "<ul>",
            (true, false) => "</ul>",
            _ => "",
        };
        self.in_list = in_list;
        for part in [list, "<", tag, ">", html, "</", tag, ">"] {
            self.html.push_str(part);
        }
    }

    /// Whether it is several lines, and running text for the most part.
    fn is_body(&self) -> bool {
        self.lines > 1 && self.prose * 2 >= self.words
    }
}

/// Whether a line ends as running text does: names of files, class names and what is said of settings do not.
fn is_prose(line: &str) -> bool {
    ends_sentence(line) || line.ends_with(['…', ':', ';']) || line.ends_with(is_unspaced)
}

/// Looks for the list with the most running text close below it, for texts that are HTML of several paragraphs, and for
/// threads. `around` are the objects around the value, the innermost last.
fn search<'a>(value: &'a Value, depth: usize, around: &mut Vec<&'a Map<String, Value>>, best: &mut Text) {
    if depth > MOST_DEPTH {
        return;
    }
    match value {
        Value::Array(items) => {
            if is_element(items).is_some_and(is_unshown) {
                return;
            }
            let found = posts(items, around).or_else(|| {
                let mut text = Text::default();
                for item in items {
                    collect(item, 0, &mut text);
                }
                (text.words > best.words && text.is_body()).then(|| Text { told: Told::of(around), ..text })
            });
            if let Some(found) = found.filter(|found| found.words > best.words) {
                *best = found;
            }
            for item in items {
                search(item, depth + 1, around, best);
            }
        }
        Value::Object(fields) => {
            around.push(fields);
            for field in fields.values() {
                search(field, depth + 1, around, best);
            }
            around.pop();
        }
        Value::String(text) if text.len() >= LEAST_SCRIPT && text.starts_with(['{', '[']) => {
            // State within state, as a string.
            match serde_json::from_str(text) {
                Ok(inner) => search(&inner, depth + 1, &mut Vec::new(), best),
                Err(_) => html_text(text, around, best),
            }
        }
        Value::String(text) => html_text(text, around, best),
        _ => {}
    }
}

/// A text that is HTML of several paragraphs.
fn html_text(text: &str, around: &[&Map<String, Value>], best: &mut Text) {
    if text.matches("</p>").count() > 1 || text.matches("<p>").count() > 1 {
        let words = count_words(&visible(text));
        if words > best.words {
            *best = Text { words, html: text.to_owned(), told: Told::of(around), ..Text::default() };
        }
    }
}

/// The posts of a thread, one after another: objects with the HTML that their program made of what was written.
fn posts(items: &[Value], around: &[&Map<String, Value>]) -> Option<Text> {
    let mut thread = Text::default();
    let mut count = 0;
    for item in items {
        let fields = item.as_object()?;
        // Discourse calls that HTML cooked; Flarum's has a name that lists of articles use too, beside what each item is.
        let is_post = fields.get("type").and_then(Value::as_str) == Some("posts");
        let inner = fields.get("attributes").and_then(Value::as_object).filter(|_| is_post).unwrap_or(fields);
        let written = if is_post { "contentHtml" } else { "cooked" };
        let Some(html) = inner.get(written).and_then(Value::as_str) else { continue };
        if count == 0 {
            thread.told = Told::of_post(&[around, &[fields, inner]].concat());
        }
        count += 1;
        thread.words += count_words(&visible(html));
        thread.html.extend(["<div>", html, "</div>"]);
    }
    (count > 0).then_some(thread)
}

/// The lines of one item: what says that it is one, and the texts that are long enough.
fn collect(value: &Value, depth: usize, text: &mut Text) {
    if depth > PARAGRAPH_DEPTH {
        return;
    }
    if let Some(tag) = tag_of(value) {
        let mut line = String::new();
        pieces(value, 0, &mut line);
        text.add(tag, &line, visible(&line).trim());
        return;
    }
    match value {
        Value::String(piece) => {
            let html = escaped(piece);
            let shown = visible(&html);
            // Titles, names of pictures and addresses are long too, but no sentences.
            if is_prose(shown.trim()) && count_words(&shown) >= PARAGRAPH_WORDS {
                text.add("p", &html, shown.trim());
            }
        }
        // An object's fields, so that two lists of articles side by side are not taken for one text.
        Value::Object(fields) => {
            for (_, field) in fields.iter().filter(|(name, _)| !is_aside(name)) {
                collect(field, depth + 1, text);
            }
        }
        Value::Array(items) => match is_element(items) {
            Some(tag) if is_unshown(tag) => {}
            Some(_) => items.iter().skip(2).for_each(|item| collect(item, depth + 1, text)),
            None => items.iter().for_each(|item| collect(item, depth + 1, text)),
        },
        _ => {}
    }
}

/// The pieces of a line, in a row. Lines in it, such as the paragraphs of a quote, stay lines.
fn pieces(value: &Value, depth: usize, line: &mut String) {
    if depth > LINE_DEPTH {
        return;
    }
    let tag = tag_of(value).filter(|_| depth > 0);
    if let Some(tag) = tag {
        line.extend(["<", tag, ">"]);
    }
    match value {
        Value::String(piece) => line.push_str(&escaped(piece)),
        Value::Array(items) if is_element(items).is_some() => {
            items.iter().skip(3).for_each(|item| pieces(item, depth + 1, line));
        }
        Value::Array(items) => items.iter().for_each(|item| pieces(item, depth + 1, line)),
        Value::Object(fields) => {
            if kind(fields).is_some_and(|kind| matches!(kind.as_str(), "br" | "hardbreak" | "hard_break" | "linebreak"))
            {
                line.push_str("<br>");
            }
            // What holds both holds the words of the children once more, or an address.
            let filled = |name: &&&str| fields.get(**name).is_some_and(|field| !is_empty(field));
            if let Some(field) = PIECES.iter().find(filled).and_then(|name| fields.get(*name)) {
                pieces(field, depth + 1, line);
            }
        }
        _ => {}
    }
    if let Some(tag) = tag {
        line.extend(["</", tag, ">"]);
    }
}

fn is_empty(field: &Value) -> bool {
    match field {
        Value::String(text) => text.is_empty(),
        Value::Array(items) => items.is_empty(),
        Value::Object(fields) => fields.is_empty(),
        _ => true,
    }
}

/// The element of a page that a list stands for: `["$", "p", key, properties]`.
fn is_element(items: &[Value]) -> Option<&str> {
    match items {
        [Value::String(mark), Value::String(tag), ..] if mark == "$" => Some(tag),
        _ => None,
    }
}

fn is_unshown(tag: &str) -> bool {
    UNSHOWN.binary_search(&tag).is_ok()
}

fn is_aside(name: &str) -> bool {
    ASIDE.binary_search(&name.to_ascii_lowercase().as_str()).is_ok()
}

/// What an object says that it is, in lower case and without the name of a library: `core/paragraph`.
fn kind(fields: &Map<String, Value>) -> Option<String> {
    let name = KINDS.iter().find_map(|name| fields.get(*name).and_then(Value::as_str))?;
    Some(name.rsplit(['/', '.']).next().unwrap_or(name).to_ascii_lowercase())
}

/// The element that a value is written as, where it is a line.
fn tag_of(value: &Value) -> Option<&'static str> {
    match value {
        Value::Array(items) => tag_of_kind(is_element(items)?, None),
        // Lists of settings have names too; a line holds text.
        Value::Object(fields) if PIECES.iter().any(|name| fields.contains_key(*name)) => {
            let style = fields.get("style").and_then(Value::as_str);
            tag_of_kind(&kind(fields)?, if fields.contains_key("listItem") { Some("li") } else { style })
        }
        _ => None,
    }
}

/// By what editors and their libraries call a line; a block of Portable Text says by its style what it is.
fn tag_of_kind(kind: &str, style: Option<&str>) -> Option<&'static str> {
    match kind {
        "block" => Some(match style {
            Some("h1" | "h2") => "h2",
            Some("h3" | "h4" | "h5" | "h6") => "h3",
            Some("blockquote") => "blockquote",
            Some("li") => "li",
            _ => "p",
        }),
        "p" | "unstyled" | "paragraph-block" | "paragraphblock" => Some("p"),
        "h1" | "h2" | "header" | "header-one" | "header-two" | "subheading" | "crosshead" => Some("h2"),
        "h3" | "h4" | "h5" | "h6" | "header-three" | "header-four" => Some("h3"),
        "blockquote" | "quote" => Some("blockquote"),
        "li" | "listitem" | "list-item" | "list_item" | "unordered-list-item" | "ordered-list-item" => Some("li"),
        _ if kind.ends_with("paragraph") => Some("p"),
        _ if kind.starts_with("heading") => Some("h2"),
        _ => None,
    }
}

/// A text of the state as HTML: it is HTML, or its signs are escaped. What is escaped once already stays so.
fn escaped(text: &str) -> String {
    if text.contains('<') && text.contains('>') { text.to_owned() } else { text.replace('<', "&lt;") }
}

/// The words that HTML shows.
fn visible(html: &str) -> String {
    if html.contains(['<', '&']) { markup::parse(html).text_content(markup::NodeId::ROOT) } else { html.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::extract::{Input, Options, clean, render};

    const FIRST: &str = "The ferry to Holm island sails again on Monday, three months after a storm broke its ramp.";
    const SECOND: &str = "Two divers and a smith had worked on the ramp since October, for the most part at night.";

    fn text(html: &str) -> String {
        render::text(&story(html).body)
    }

    fn filler() -> String {
        format!("\"menu\":[{}]", vec!["{\"title\":\"Home\",\"url\":\"/a\"}"; 20].join(","))
    }

    #[test]
    fn addresses_are_no_text() {
        let address = |n: usize| {
            format!("https://harbour-ledger.test/2026/11/01/the-ferry-to-holm-island-sails-again-on-monday-{n}")
        };
        let list: Vec<String> = (0..20).map(address).collect();
        assert_eq!(
            text(&format!("<script type=application/ld+json>{}</script>", serde_json::json!({ "a": list }))),
            ""
        );
    }

    #[test]
    fn names_are_in_order() {
        assert!(ASIDE.is_sorted() && UNSHOWN.is_sorted());
    }

    /// What a library for rich text makes of a heading, a paragraph with a link and a long one.
    fn page(blocks: &serde_json::Value) -> String {
        format!(
            "<script type=application/json>{}</script>",
            serde_json::json!({ "menu": "x".repeat(400), "body": blocks })
        )
    }

    #[test]
    fn pieces_of_a_line_stay_together() {
        let expected = "Back on Monday\n\nThe ferry to Holm sails again, says Ada Roe.\n\n".to_owned() + SECOND;
        let line = ["The ferry to Holm sails ", "again", ", says Ada Roe."];
        for blocks in [
            // ProseMirror.
            serde_json::json!({ "type": "doc", "content": [
                { "type": "heading", "attrs": { "level": 2 }, "content": [{ "type": "text", "text": "Back on Monday" }] },
                { "type": "paragraph", "content": [
                    { "type": "text", "text": line[0] },
                    { "type": "text", "marks": [{ "type": "link", "attrs": { "href": "/a" } }], "text": line[1] },
                    { "type": "text", "text": line[2] } ] },
                { "type": "paragraph", "content": [{ "type": "text", "text": SECOND }] } ] }),
            // Portable Text.
            serde_json::json!([
                { "_type": "block", "style": "h2", "children": [{ "_type": "span", "text": "Back on Monday" }] },
                { "_type": "block", "style": "normal", "children": [
                    { "_type": "span", "text": line[0] }, { "_type": "span", "marks": ["k1"], "text": line[1] },
                    { "_type": "span", "text": line[2] } ] },
                { "_type": "block", "children": [{ "_type": "span", "text": SECOND }] } ]),
            // Contentful.
            serde_json::json!({ "nodeType": "document", "content": [
                { "nodeType": "heading-2", "content": [{ "nodeType": "text", "value": "Back on Monday" }] },
                { "nodeType": "paragraph", "content": [
                    { "nodeType": "text", "value": line[0] },
                    { "nodeType": "hyperlink", "data": { "uri": "/a" }, "content": [{ "nodeType": "text", "value": line[1] }] },
                    { "nodeType": "text", "value": line[2] } ] },
                { "nodeType": "paragraph", "content": [{ "nodeType": "text", "value": SECOND }] } ] }),
            // Lexical.
            serde_json::json!({ "root": { "type": "root", "children": [
                { "type": "heading", "tag": "h2", "children": [{ "type": "text", "text": "Back on Monday" }] },
                { "type": "paragraph", "children": [
                    { "type": "text", "text": line[0] },
                    { "type": "link", "url": "/a", "children": [{ "type": "text", "text": line[1] }] },
                    { "type": "text", "text": line[2] } ] },
                { "type": "paragraph", "children": [{ "type": "text", "text": SECOND }] } ] } }),
            // Slate.
            serde_json::json!([
                { "type": "h2", "children": [{ "text": "Back on Monday" }] },
                { "type": "p", "children": [
                    { "text": line[0] }, { "type": "a", "url": "/a", "children": [{ "text": line[1] }] }, { "text": line[2] } ] },
                { "type": "p", "children": [{ "text": SECOND }] } ]),
            // Editor.js, Gutenberg, Draft.js: HTML or text in one piece.
            serde_json::json!([
                { "type": "header", "data": { "text": "Back on Monday", "level": 2 } },
                { "type": "paragraph", "data": { "text": format!("{}<a href=/a>{}</a>{}", line[0], line[1], line[2]) } },
                { "name": "core/paragraph", "content": SECOND } ]),
            serde_json::json!({ "blocks": [
                { "type": "header-two", "text": "Back on Monday" }, { "type": "unstyled", "text": line.concat() },
                { "type": "unstyled", "text": SECOND } ], "entityMap": {} }),
        ] {
            assert_eq!(text(&page(&blocks)), expected, "{blocks}");
        }
    }

    #[test]
    fn lines_in_a_line_stay_lines() {
        let paragraph =
            |text: &str| serde_json::json!({ "type": "paragraph", "content": [{ "type": "text", "text": text }] });
        let blocks = serde_json::json!({ "type": "doc", "content": [
            paragraph(FIRST),
            { "type": "blockquote", "content": [paragraph("We had the tide."), paragraph("And no wind.")] },
            { "type": "bulletList", "content": [
                { "type": "listItem", "content": [paragraph("Mondays")] }, { "type": "listItem", "content": [paragraph("Fridays")] } ] },
            { "type": "paragraph", "content": [
                { "type": "text", "text": "Ticket office:" }, { "type": "hardBreak" }, { "type": "text", "text": "Quay 4." } ] },
            paragraph(SECOND) ] });
        assert_eq!(
            render::markdown(&story(&page(&blocks)).body),
            format!(
                "{FIRST}\n\n> We had the tide.\n>\n> And no wind.\n\n- Mondays\n- Fridays\n\nTicket office:\\\nQuay 4.\n\n{SECOND}"
            )
        );
    }

    #[test]
    fn elements_that_a_server_pushed() {
        let rows = serde_json::json!(["$", "div", null, { "className": "story", "children": [
            ["$", "meta", "0", { "name": "description", "content": format!("{FIRST} {SECOND} And more of it.") }],
            ["$", "nav", null, { "children": ["$", "p", null, { "children": "Read what our readers say of the ferry to Holm." }] }],
            ["$", "h2", null, { "children": "Back on Monday" }],
            ["$", "p", null, { "className": "text", "children": ["The ferry to Holm sails ", ["$", "b", null, { "children": "again" }], "."] }],
            ["$", "p", null, { "children": SECOND }] ] }]);
        let html = format!("<p>{FIRST}</p>\n<p>{SECOND} Über 40 Nächte.</p>");
        let push =
            |row: String| format!("<script>self.__next_f.push([1,{}])</script>", serde_json::to_string(&row).unwrap());
        let filler = format!("0:{{\"x\":\"{}\"}}\n", "y".repeat(400));
        assert_eq!(
            text(&push(format!("{filler}1:{rows}\n"))),
            format!("Back on Monday\n\nThe ferry to Holm sails again.\n\n{SECOND}")
        );
        // A text of several lines, whose length is told in bytes, and a row behind it.
        assert_eq!(
            text(&push(format!("{filler}a:T{:x},{html}b:[\"$\",\"p\",null,{{}}]\n", html.len()))),
            format!("{FIRST}\n\n{SECOND} Über 40 Nächte.")
        );
        // A length that is none.
        for row in ["a:Tffffffffffffffff,x", "a:Tffff,x", "a:T1,é", "a:T", "a:T,", ":", "a:"] {
            assert_eq!(text(&push(format!("{filler}{row}"))), "");
        }
    }

    #[test]
    fn what_is_no_prose_is_no_body() {
        let classes =
            "flex cursor-pointer items-center justify-between overflow-hidden whitespace-nowrap duration-150 gap-2";
        let blocks = |of: &dyn Fn(usize) -> String| (0..20).map(of).collect::<Vec<_>>();
        for list in [
            blocks(&|n| format!("{classes} text-{n}")),
            blocks(&|n| {
                format!("Passes parameter {n} on to the player so that the other address of its server is used")
            }),
            blocks(&|n| {
                format!("Size guide for the living room, desktop and mobile picture number {n} of twenty (11/9)")
            }),
        ] {
            assert_eq!(text(&page(&serde_json::json!(list))), "");
        }
    }

    #[test]
    fn a_page_that_shows_much_more_than_its_state_is_no_shell() {
        let state = page(&serde_json::json!((0..5).map(|n| format!("{n}: {FIRST}")).collect::<Vec<_>>()));
        let text = |links: usize| {
            let menu = "<a href=/boats>Boats and harbours</a> ".repeat(links);
            let html = format!("<body><nav>{menu}</nav><div id=root></div>{state}");
            let input = Input { bytes: html.as_bytes(), ..Input::default() };
            clean(&input, &Options::default()).unwrap().article.text
        };
        assert!(text(20).contains(FIRST));
        assert_eq!(text(100), "");
    }

    #[test]
    fn a_function_that_returns_the_state() {
        let html = format!("<p>{FIRST}</p><p>He said: \"{SECOND}\"</p>{}", "<p></p>".repeat(60));
        let literal = serde_json::to_string(&html).unwrap().replace('<', "\\u003C");
        let script = format!(
            "window.__NUXT__=(function(a,b){{return {{layout:\"default\",data:[{{story:{{body:{literal}}}}}]}}}}(0,1));"
        );
        assert_eq!(text(&format!("<script>{script}</script>")), format!("{FIRST}\n\nHe said: \"{SECOND}\""));
        for broken in ["\"".repeat(3), "\"\\".repeat(1000), format!("f(\"{}", "x".repeat(1000))] {
            assert_eq!(text(&format!("<script>{}{broken}</script>", " ".repeat(400))), "");
        }
    }

    #[test]
    fn state_of_every_kind() {
        let expected = format!("{FIRST}\n\n{SECOND}");
        let list = format!(
            "[{{\"type\":\"p\",\"text\":\"{FIRST}\"}},{{\"type\":\"p\",\"children\":[{{\"text\":\"{SECOND}\"}}]}}]"
        );
        let state = format!("{{{},\"page\":{{\"story\":{{\"blocks\":{list}}}}}}}", filler());
        let in_string = serde_json::to_string(&state).unwrap();
        let flight = serde_json::to_string(&format!("3:{state}\n")).unwrap();
        let html = serde_json::to_string(&format!("<p>{FIRST}</p><p>{SECOND}</p>")).unwrap();
        for page in [
            format!("<script id=__NEXT_DATA__ type=application/json>{state}</script>"),
            format!("<script>window.__STATE__ = {state};</script>"),
            format!("<script>window.__STATE__ = JSON.parse({in_string});</script>"),
            format!("<script>self.__next_f.push([1,{flight}])</script>"),
            format!("<script>var x = 1; window.__DATA__={{{},\"body\":{html}}};</script>", filler()),
        ] {
            assert_eq!(text(&page), expected, "{page}");
        }
    }

    #[test]
    fn posts_are_a_thread_and_articles_are_not() {
        let long = format!("<p>{FIRST}</p><p>{SECOND}</p>");
        let short = "<p>The ramp held.</p>";
        let post = |html: &str| serde_json::json!({ "type": "posts", "attributes": { "contentHtml": html } });
        let article = |html: &str| serde_json::json!({ "type": "stories", "attributes": { "contentHtml": html } });
        let state = |items: [Value; 2]| {
            format!(
                "<script type=application/json>{}</script>",
                serde_json::json!({ "x": "y".repeat(400), "included": items })
            )
        };
        let alone = format!("{FIRST}\n\n{SECOND}");
        assert_eq!(text(&state([post(&long), post(short)])), format!("{alone}\n\nThe ramp held."));
        assert_eq!(text(&state([article(&long), article(short)])), alone);
    }

    #[test]
    fn no_state_is_no_body() {
        for page in
            ["", "<script>", "<script>var a = {", "<p>x</p>", &format!("<script>{}</script>", "= {".repeat(3000))]
        {
            assert_eq!(text(page), "");
        }
    }

    #[test]
    fn deep_and_long_state_is_bounded() {
        assert_eq!(text(&format!("<script>a={}</script>", "[".repeat(200_000))), "");
        assert_eq!(text(&format!("<script>{}</script>", "a={\"b\":".repeat(50_000))), "");
    }
}
