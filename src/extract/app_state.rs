//! The body of a page that a script was to build, out of the state that the page carries for it: `__NEXT_DATA__`, Nuxt,
//! Apollo, Redux, `self.__next_f`. Read only where the page itself shows no body.

use super::content::count_words;
use super::flow::{Flow, Inline};
use super::pictures::fold;
use super::{content, metadata_text, pictures};
use crate::markup;
use memchr::memmem;
use serde_json::Value;

/// Scripts that are shorter hold no article, in bytes.
const LEAST_SCRIPT: usize = 400;
/// How much of a page's state is read, in bytes: the rest is of other pages.
const MOST_STATE: usize = 8 * 1024 * 1024;
/// Words that a text must have to be a paragraph.
const PARAGRAPH_WORDS: usize = 8;
/// How deep below a list of paragraphs their words can lie.
const PARAGRAPH_DEPTH: usize = 6;
/// How deep state is looked into.
const MOST_DEPTH: usize = 60;

/// The body that a page's state holds, or nothing.
pub(super) fn body(html: &str) -> Vec<Flow> {
    let mut best = Found::default();
    let mut pushed = String::new();
    let mut read = 0;
    for script in scripts(html) {
        read += script.len();
        if script.len() < LEAST_SCRIPT || read > MOST_STATE {
            continue;
        }
        next_flight(script, &mut pushed);
        for value in values(script) {
            search(&value, 0, &mut best);
        }
    }
    for line in pushed.lines() {
        if let Some(value) = line.split_once(':').and_then(|(_, json)| serde_json::from_str(json).ok()) {
            search(&value, 0, &mut best);
        }
    }
    best.flows()
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

/// The JSON values of a script: all of it, or what is assigned to names in it.
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
    values
}

/// Collects what `self.__next_f.push([1, "…"])` pushes.
fn next_flight(script: &str, pushed: &mut String) {
    let Some(list) = script.trim_start().strip_prefix("self.__next_f.push(") else { return };
    let mut stream = serde_json::Deserializer::from_str(list).into_iter::<Value>();
    if let Some(Ok(Value::Array(parts))) = stream.next() {
        pushed.extend(parts.iter().filter_map(Value::as_str));
    }
}

#[derive(Default)]
struct Found {
    words: usize,
    paragraphs: Vec<String>,
    html: Option<String>,
}

impl Found {
    fn flows(self) -> Vec<Flow> {
        if let Some(html) = self.html {
            let document = markup::parse(&html);
            let decision = content::keep_all(&document);
            return super::body::assemble(&document, &decision.kept(&document), &pictures::Pictures::default(), None);
        }
        self.paragraphs.into_iter().map(|text| Flow::Paragraph(vec![Inline::Text(text)])).collect()
    }
}

/// Looks for the list with the most running text close below it, and for texts that are HTML of several paragraphs.
fn search(value: &Value, depth: usize, best: &mut Found) {
    if depth > MOST_DEPTH {
        return;
    }
    match value {
        Value::Array(items) => {
            if items.len() > 1 {
                let mut paragraphs = Vec::new();
                for item in items {
                    collect(item, 0, &mut paragraphs);
                }
                let words = paragraphs.iter().map(|text| count_words(text)).sum();
                if paragraphs.len() > 1 && words > best.words {
                    *best = Found { words, paragraphs, html: None };
                }
            }
            for item in items {
                search(item, depth + 1, best);
            }
        }
        Value::Object(fields) => {
            for field in fields.values() {
                search(field, depth + 1, best);
            }
        }
        Value::String(text) if text.matches("</p>").count() > 1 || text.matches("<p>").count() > 1 => {
            let words = count_words(&markup::parse(text).text_content(markup::NodeId::ROOT));
            if words > best.words {
                *best = Found { words, paragraphs: Vec::new(), html: Some(text.clone()) };
            }
        }
        _ => {}
    }
}

/// The paragraphs of one item: its own text, or that of the parts below it, joined where they are pieces of a line.
fn collect(value: &Value, depth: usize, paragraphs: &mut Vec<String>) {
    /// Fields whose text is no part of the body.
    const ASIDE: [&str; 12] = [
        "url",
        "href",
        "src",
        "id",
        "alt",
        "caption",
        "credit",
        "copyright",
        "description",
        "summary",
        "__typename",
        "query",
    ];
    if depth > PARAGRAPH_DEPTH {
        return;
    }
    match value {
        Value::String(text) => {
            let text = fold(&metadata_text(&without_tags(text)));
            // Text without a space is that of a script that has none, or an address.
            let is_text = text.contains(char::is_whitespace) || text.len() > 60 && !text.is_ascii();
            if is_text && count_words(&text) >= PARAGRAPH_WORDS {
                paragraphs.push(text);
            }
        }
        // An object's fields, so that two lists of articles side by side are not taken for one text.
        Value::Object(fields) => {
            for (_, field) in fields.iter().filter(|(name, _)| !ASIDE.contains(&name.to_ascii_lowercase().as_str())) {
                collect(field, depth + 1, paragraphs);
            }
        }
        Value::Array(items) => {
            for item in items {
                collect(item, depth + 1, paragraphs);
            }
        }
        _ => {}
    }
}

fn without_tags(text: &str) -> String {
    if text.contains('<') && text.contains('>') {
        markup::parse(text).text_content(markup::NodeId::ROOT)
    } else {
        text.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::extract::render;

    const FIRST: &str = "The ferry to Holm island sails again on Monday, three months after a storm broke its ramp.";
    const SECOND: &str = "Two divers and a smith had worked on the ramp since October, for the most part at night.";

    fn text(html: &str) -> String {
        render::text(&body(html))
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
