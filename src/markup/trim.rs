//! Takes out of a page's source what the tree has no use for, at memory speed, before the tokenizer sees it: the content of
//! scripts and styles, and comments; and bounds the attributes of a tag.
//!
//! Follows the tokenizer's own grammar for as long as it surely does. Where the tree builder decides what the tokenizer
//! reads next (drawings and formulas with scripts in them, selects with more than options, framesets), the rest of the page
//! is left as it is. A test holds the tree with against the tree without.

use super::guard::MAX_ATTRIBUTES;
use memchr::{memchr, memmem};
use std::borrow::Cow;

/// The page without the content of scripts (JSON excepted) and styles, without comments, and with no more than
/// [`MAX_ATTRIBUTES`] attributes a tag.
pub(super) fn trim(html: &str) -> Cow<'_, str> {
    let mut scan = Scan { bytes: html.as_bytes(), at: 0, cuts: Vec::new(), select: false };
    scan.run();
    if scan.cuts.is_empty() {
        return Cow::Borrowed(html);
    }
    let kept = html.len() - scan.cuts.iter().map(|(start, end)| end - start).sum::<usize>();
    let mut out = String::with_capacity(kept);
    let mut from = 0;
    for &(start, end) in &scan.cuts {
        out.push_str(&html[from..start]);
        from = end;
    }
    out.push_str(&html[from..]);
    Cow::Owned(out)
}

struct Scan<'a> {
    bytes: &'a [u8],
    at: usize,
    /// Stretches to take out; each begins and ends beside an ASCII byte.
    cuts: Vec<(usize, usize)>,
    select: bool,
}

/// A start tag.
struct Tag<'a> {
    name: &'a [u8],
    /// The value of its `type` attribute.
    kind: &'a [u8],
    self_closing: bool,
}

impl<'a> Scan<'a> {
    fn run(&mut self) {
        while self.step().is_some() {}
    }

    /// One piece of markup; `None` at the end, and where what follows is better left alone.
    fn step(&mut self) -> Option<()> {
        let open = self.at + memchr(b'<', &self.bytes[self.at..])?;
        match *self.bytes.get(open + 1)? {
            b'!' if self.bytes[open..].starts_with(b"<!--") => {
                let end = self.comment_end(open)?;
                self.cuts.push((open, end));
                self.at = end;
            }
            b'/' if self.bytes.get(open + 2).is_some_and(u8::is_ascii_alphabetic) => {
                self.at = open + 2;
                let tag = self.tag()?;
                if tag.name.eq_ignore_ascii_case(b"select") {
                    self.select = false;
                }
            }
            // A doctype or a bogus comment; `<![CDATA[` outside drawings is one too.
            b'!' | b'?' | b'/' => self.at = open + memchr(b'>', &self.bytes[open..])? + 1,
            byte if byte.is_ascii_alphabetic() => {
                self.at = open + 1;
                let tag = self.tag()?;
                self.start_tag(&tag)?;
            }
            _ => self.at = open + 1,
        }
        Some(())
    }

    fn start_tag(&mut self, tag: &Tag<'a>) -> Option<()> {
        let is = |name: &[u8]| tag.name.eq_ignore_ascii_case(name);
        if is(b"svg") || is(b"math") {
            return if tag.self_closing { Some(()) } else { self.drawing() };
        }
        if is(b"frameset") || is(b"plaintext") {
            return None;
        }
        if is(b"select") {
            self.select = true;
            return Some(());
        }
        let is_raw = [&b"script"[..], b"style", b"xmp", b"iframe", b"noembed", b"noframes", b"textarea", b"title"]
            .into_iter()
            .any(is);
        if !is_raw {
            return Some(());
        }
        if self.select {
            return None;
        }
        let start = self.at;
        let end = self.raw_text_end(tag.name)?;
        if is(b"style") || (is(b"script") && !is_data(tag.kind)) {
            // `<!--` in a script changes where it ends.
            if is(b"script") && memmem::find(&self.bytes[start..end], b"<!--").is_some() {
                return None;
            }
            if end > start {
                self.cuts.push((start, end));
            }
        } else if is(b"script") && memmem::find(&self.bytes[start..end], b"<!--").is_some() {
            return None;
        }
        self.at = end;
        Some(())
    }

    /// Passes over a drawing or a formula, if nothing in it is read by other rules there than outside.
    fn drawing(&mut self) -> Option<()> {
        loop {
            let open = self.at + memchr(b'<', &self.bytes[self.at..])?;
            let next = *self.bytes.get(open + 1)?;
            if next == b'!' || next == b'?' {
                if self.bytes[open..].starts_with(b"<![CDATA[") {
                    return None;
                }
                self.at = if self.bytes[open..].starts_with(b"<!--") {
                    self.comment_end(open)?
                } else {
                    open + memchr(b'>', &self.bytes[open..])? + 1
                };
                continue;
            }
            let closes = next == b'/';
            self.at = open + 1 + usize::from(closes);
            if !self.bytes.get(self.at).is_some_and(u8::is_ascii_alphabetic) {
                continue;
            }
            let tag = self.tag()?;
            let is = |name: &[u8]| tag.name.eq_ignore_ascii_case(name);
            if closes && (is(b"svg") || is(b"math")) {
                return Some(());
            }
            // Elements that are raw text in HTML and not here, that lead back to HTML, or that nest.
            let plain = [
                &b"path"[..],
                b"g",
                b"use",
                b"defs",
                b"rect",
                b"circle",
                b"ellipse",
                b"line",
                b"polyline",
                b"polygon",
                b"symbol",
                b"clippath",
                b"lineargradient",
                b"radialgradient",
                b"stop",
                b"mask",
                b"text",
                b"tspan",
                b"filter",
                b"image",
                b"pattern",
                b"animate",
                b"animatetransform",
                b"feblend",
                b"fecolormatrix",
                b"fecomposite",
                b"feflood",
                b"fegaussianblur",
                b"femerge",
                b"femergenode",
                b"feoffset",
            ];
            if !plain.into_iter().any(is) {
                return None;
            }
        }
    }

    /// Behind a comment that begins here.
    fn comment_end(&self, open: usize) -> Option<usize> {
        let body = &self.bytes[open + 4..];
        if body.starts_with(b">") {
            return Some(open + 5);
        }
        if body.starts_with(b"->") {
            return Some(open + 6);
        }
        let mut from = 0;
        loop {
            let dashes = from + memmem::find(&body[from..], b"--")?;
            match (body.get(dashes + 2), body.get(dashes + 3)) {
                (Some(b'>'), _) => return Some(open + 4 + dashes + 3),
                (Some(b'!'), Some(b'>')) => return Some(open + 4 + dashes + 4),
                (None, _) => return None,
                _ => from = dashes + 1,
            }
        }
    }

    /// Where the end tag of a raw text element begins.
    fn raw_text_end(&self, name: &[u8]) -> Option<usize> {
        let mut from = self.at;
        loop {
            let close = from + memmem::find(&self.bytes[from..], b"</")?;
            let behind = close + 2 + name.len();
            let named = self.bytes.get(close + 2..behind).is_some_and(|found| found.eq_ignore_ascii_case(name));
            if named && matches!(self.bytes.get(behind), Some(b'\t' | b'\n' | b'\r' | b'\x0C' | b' ' | b'/' | b'>')) {
                return Some(close);
            }
            from = close + 2;
        }
    }

    /// Reads a tag from its name to behind its `>`; `None` where the page ends in it.
    fn tag(&mut self) -> Option<Tag<'a>> {
        let bytes = self.bytes;
        let start = self.at;
        let is_space = |byte: u8| matches!(byte, b'\t' | b'\n' | b'\r' | b'\x0C' | b' ');
        let find = |from: usize, stop: &dyn Fn(u8) -> bool| {
            bytes[from..].iter().position(|&byte| stop(byte)).map(|found| from + found)
        };
        let mut at = find(start, &|byte| is_space(byte) || byte == b'/' || byte == b'>')?;
        let mut tag = Tag { name: &bytes[start..at], kind: b"", self_closing: false };
        let (mut count, mut cut) = (0, None);
        loop {
            at = find(at, &|byte| !is_space(byte) && byte != b'/')?;
            tag.self_closing = bytes[at] == b'>' && bytes[at - 1] == b'/';
            if bytes[at] == b'>' {
                break;
            }
            count += 1;
            if count > MAX_ATTRIBUTES && cut.is_none() {
                cut = Some(at);
            }
            // A name; an equals sign at its start is part of it.
            let name = at;
            at = find(at + 1, &|byte| is_space(byte) || matches!(byte, b'/' | b'>' | b'='))?;
            let name = &bytes[name..at];
            let equals = find(at, &|byte| !is_space(byte))?;
            if bytes[equals] != b'=' {
                continue;
            }
            at = find(equals + 1, &|byte| !is_space(byte))?;
            let value = match bytes[at] {
                quote @ (b'"' | b'\'') => {
                    let end = at + 1 + memchr(quote, &bytes[at + 1..])?;
                    let value = &bytes[at + 1..end];
                    at = end + 1;
                    value
                }
                b'>' => &[],
                _ => {
                    let end = at + space_or_close(&bytes[at..])?;
                    let value = &bytes[at..end];
                    at = end;
                    value
                }
            };
            if name.eq_ignore_ascii_case(b"type") && tag.kind.is_empty() {
                tag.kind = value;
            }
        }
        if let Some(cut) = cut {
            self.cuts.push((cut, at));
        }
        self.at = at + 1;
        Some(tag)
    }
}

fn space_or_close(bytes: &[u8]) -> Option<usize> {
    bytes.iter().position(|byte| matches!(byte, b'\t' | b'\n' | b'\r' | b'\x0C' | b' ' | b'>'))
}

/// Scripts that hold data: JSON-LD, and the state of applications.
fn is_data(kind: &[u8]) -> bool {
    kind.windows(4).any(|window| window.eq_ignore_ascii_case(b"json"))
}

#[cfg(test)]
mod tests {
    use super::super::guard::{parse, parse_untrimmed};
    use super::super::{Document, NodeData, NodeId, Tag};
    use super::*;
    use proptest::prelude::*;
    use std::fmt::Write as _;

    /// The tree as text: comments, and the content of scripts and styles, left out; texts in a row joined.
    fn outline(document: &Document) -> String {
        let mut out = String::new();
        let mut next = document.first_child(NodeId::ROOT);
        let mut depth = 0_usize;
        let mut in_text = false;
        while let Some(node) = next {
            let mut into = true;
            match document.data(node) {
                NodeData::Element { tag, attributes } => {
                    let list: Vec<String> =
                        attributes.iter().map(|a| format!("{}={:?}", a.name.local, &*a.value)).collect();
                    let _ = write!(out, "\n{depth}<{} {}>", document.local_name(node), list.join(" "));
                    let is_json = document.attribute(node, "type").is_some_and(|kind| is_data(kind.as_bytes()));
                    into = !(matches!(tag, Tag::Style) || *tag == Tag::Script && !is_json);
                    in_text = false;
                }
                NodeData::Text(text) => {
                    if !in_text {
                        let _ = write!(out, "\n{depth}");
                    }
                    out += text;
                    in_text = true;
                }
                NodeData::Document | NodeData::Inert => {}
            }
            next = document.first_child(node).filter(|_| into);
            if next.is_some() {
                depth += 1;
                in_text = false;
                continue;
            }
            let mut at = Some(node);
            while let Some(here) = at {
                if let Some(sibling) = document.next_sibling(here) {
                    next = Some(sibling);
                    break;
                }
                at = document.parent(here);
                depth = depth.saturating_sub(1);
                in_text = false;
            }
        }
        out
    }

    fn same(html: &str) {
        assert_eq!(outline(&parse(html)), outline(&parse_untrimmed(html)), "{html}");
    }

    #[test]
    fn what_is_taken_out() {
        let cases = [
            ("a<!-- b -->c", "ac"),
            ("<script>x()</script>", "<script></script>"),
            ("<SCRIPT a='>' >if (a < b) {}</SCRIPT >", "<SCRIPT a='>' ></SCRIPT >"),
            ("<style>p > a {}</style>", "<style></style>"),
            ("<script type=\"application/ld+json\">{}</script>", "<script type=\"application/ld+json\">{}</script>"),
        ];
        for (html, expected) in cases {
            assert_eq!(trim(html), expected);
            same(html);
        }
    }

    #[test]
    fn nasties_give_the_same_tree() {
        for html in [
            "<!-- <script> --><p>a</p><!-- </script> -->b",
            "<script><!-- <script> </script> --></script><p>after</p>",
            "<script>'<!--'; var a = '<script>';</script><p>after</p><script>x</script>",
            "<script>var a = \"</script\" + \">\";</script>tail",
            "<script>never closed <p>no</p>",
            "<style>never closed <p>no</p>",
            "<!-- never closed <p>no</p>",
            "<!--><p>a</p>--><p>b</p><!---><p>c</p>--!><p>d",
            "<!-- a --!> <p>b</p> <!-- c ----> d <!-- e --- > f --> g",
            "<p title='<script>'>a</p><p title=\"-->\">b</p><p a\"b='c'>d</p><p =x y = z>e",
            "<textarea><script>a</textarea>b</script>c<title><!-- d</title>e",
            "<svg><script>a < b</script><style>c</style><title><p>d</title></svg><script>e</script>f",
            "<svg><path d=''/><g></g></svg><script>a</script>b<math><mi>x</math><style>c</style>d",
            "<svg><p>out<script>a</script>b",
            "<select><option>a<script>b</script><style>c</style></select>d",
            "<select><textarea>a</select><script>b</script>",
            "<noscript><style>a</style><p>b</noscript><noscript><script>c</script></noscript>d",
            "<table><script>a</script><tr><style>b</style><td>c<script>d</script>",
            "<template><script>a</script><p>b</template><iframe><p>c</iframe><xmp><p>d</xmp>",
            "<plaintext><script>a</script>",
            "<frameset><script>a</script><frame></frameset><script>b</script>",
            "<scripty>a</scripty><script/>b</script>c<style/>d</style>e",
            "</script>a</style>b</p><script\n>c</script\n>d<script\t/>e</script/>f",
            "<![CDATA[ <script> ]]>a<?php <script> ?>b</script>c<!doctype html><!x>d</!>e</>f<>g",
            "<a href=x/>b<br/><img src=a onerror='<script>alert(1)</script>'>c",
            "<p a=1 b='2' a=3 type=json>x</p><script type=text/json>{}</script><script type='JSON'>[]</script>",
            "<title>a<script>b</title>c</script>d<iframe>e</iframe><noembed><p></noembed>",
            "\u{feff}<p>\u{e9}<!--\u{4e00}-->\u{fc}</p><script>\u{1f600}</script>",
            "a\0b<script>\0</script>c<!--\0-->d",
        ] {
            same(html);
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(2000))]

        #[test]
        fn generated_nasties_give_the_same_tree(parts in proptest::collection::vec(prop_oneof![
            Just("<script>"), Just("</script>"), Just("<script type=application/json>"), Just("<style>"), Just("</style>"),
            Just("<!--"), Just("-->"), Just("--!>"), Just("<!"), Just("<svg>"), Just("</svg>"), Just("<path d='>'>"),
            Just("<title>"), Just("</title>"), Just("<textarea>"), Just("</textarea>"), Just("<select>"), Just("</select>"),
            Just("<option>"), Just("<p a='"), Just("'>"), Just("\""), Just("<p x=\">\">"), Just("text "), Just("<"), Just(">"),
            Just("<iframe>"), Just("</iframe>"), Just("<noscript>"), Just("</noscript>"), Just("<template>"), Just("</p>"),
            Just("<table>"), Just("<td>"), Just("</table>"), Just("<math>"), Just("</math>"), Just("<g/>"), Just("-"), Just("="),
            Just("<br/>"), Just("</"), Just("<desc>"), Just("<foreignObject>"), Just("<![CDATA["), Just("]]>"), Just("<head>"),
            Just("<body>"), Just("</html>"), Just("<frameset>"), Just("<xmp>"), Just("</xmp>"), Just("\u{e9}"),
        ], 0..14)) {
            same(&parts.concat());
        }
    }
}
