//! The page's source as tokens for the tree builder, at memory speed.
//!
//! Follows the grammar of the HTML standard; a test holds the tree against that of html5ever's own tokenizer. Left out is
//! what no stage reads: the content of scripts (data excepted), styles and drawings, comments, and most attributes
//! ([`super::names`]). Text and values are slices of one shared buffer.

use super::names::{Names, Wanted};
use super::references::{self, Place};
use super::tree::MAX_ATTRIBUTES;
use html5ever::buffer_queue::BufferQueue;
use html5ever::interface::Attribute;
use html5ever::tendril::StrTendril;
use html5ever::tokenizer::states::RawKind;
use html5ever::tokenizer::{Tag, TagKind, Token, TokenSink, TokenSinkResult, Tokenizer, TokenizerOpts};
use html5ever::{LocalName, QualName, local_name, ns};
use memchr::{memchr, memchr2, memmem};
use std::borrow::Cow;
use std::cell::{Cell, RefCell};
use std::ops::Range;

thread_local! {
    /// The names that the thread's last page had: the next one has mostly the same.
    static NAMES: Cell<Option<(Names, Names)>> = const { Cell::new(None) };
}

/// What takes a page's tokens.
pub(super) trait Sink: TokenSink {
    /// An empty list for the attributes of the next tag, which has room where the sink is done with another tag's.
    fn spare_list(&self) -> Vec<Attribute>;
}

/// Which attributes come into the tree.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Attributes {
    /// Those that a stage reads.
    Read,
    /// Every one: a page may be asked for what has any of them.
    All,
}

/// Feeds a page to `sink`, to its end.
pub(super) fn tokenize(html: &str, kept: Attributes, sink: &impl Sink) {
    let html = html.strip_prefix('\u{FEFF}').unwrap_or(html);
    // Line ends are one character before anything else is read.
    let html = if memchr(b'\r', html.as_bytes()).is_some() {
        StrTendril::from(with_one_line_end(html))
    } else {
        StrTendril::from(html)
    };
    let (tags, attributes) = NAMES.take().unwrap_or_else(|| (Names::new(Wanted::All), Names::new(Wanted::Kept)));
    let mut scan =
        Scan { html: &html, bytes: html.as_bytes(), at: 0, sink, kept, tags, attributes, doctype_seen: false };
    while scan.step().is_some() {}
    scan.tell(Token::EOFToken);
    sink.end();
    NAMES.set(Some((scan.tags, scan.attributes)));
}

struct Scan<'a, S> {
    html: &'a StrTendril,
    bytes: &'a [u8],
    at: usize,
    sink: &'a S,
    kept: Attributes,
    tags: Names,
    attributes: Names,
    doctype_seen: bool,
}

impl<S: Sink> Scan<'_, S> {
    /// One piece of markup with the text before it; `None` at the end.
    fn step(&mut self) -> Option<()> {
        let Some(open) = self.find(self.at, b'<') else {
            self.text(self.at, self.bytes.len(), Some(Place::Text));
            return None;
        };
        let next = self.bytes.get(open + 1).copied();
        let is_end = next == Some(b'/');
        let is_markup = match next {
            Some(b'!' | b'?') => true,
            // `</` that ends the page is text.
            Some(b'/') => self.bytes.len() > open + 2,
            Some(byte) => byte.is_ascii_alphabetic(),
            None => false,
        };
        if !is_markup {
            let behind = (open + 1 + usize::from(is_end)).min(self.bytes.len());
            self.text(self.at, behind, Some(Place::Text));
            self.at = behind;
            return Some(());
        }
        self.text(self.at, open, Some(Place::Text));
        match self.bytes[open + 1] {
            b'!' => self.declaration(open),
            b'/' if self.bytes[open + 2].is_ascii_alphabetic() => {
                self.at = open + 2;
                self.end_tag()
            }
            b'/' | b'?' => self.bogus_comment(open),
            _ => {
                self.at = open + 1;
                self.start_tag()
            }
        }
    }

    fn find(&self, from: usize, byte: u8) -> Option<usize> {
        memchr(byte, &self.bytes[from..]).map(|found| from + found)
    }

    fn slice(&self, from: usize, to: usize) -> StrTendril {
        self.html.subtendril(from as u32, (to - from) as u32)
    }

    fn send(&self, token: Token) -> TokenSinkResult<S::Handle> {
        self.sink.process_token(token, 1)
    }

    /// Sends what cannot change how the page is read on.
    fn tell(&self, token: Token) {
        let _ = self.send(token);
    }

    /// Sends text, a NUL in it by itself, character references resolved if there are any here.
    fn text(&self, from: usize, to: usize, references: Option<Place>) {
        let mut from = from;
        while from < to {
            let end = memchr(0, &self.bytes[from..to]).map_or(to, |found| from + found);
            if end > from {
                let token = match references {
                    Some(place) if memchr(b'&', &self.bytes[from..end]).is_some() => {
                        references::resolve(&self.html[from..end], place).into()
                    }
                    _ => self.slice(from, end),
                };
                self.tell(Token::CharacterTokens(token));
            }
            if end < to {
                self.tell(Token::NullCharacterToken);
            }
            from = end + 1;
        }
    }

    /// Text in which NUL stands for an unreadable character.
    fn raw_text(&self, from: usize, to: usize, kind: RawKind) {
        let text = &self.html[from..to];
        let resolves = kind == RawKind::Rcdata && memchr(b'&', text.as_bytes()).is_some();
        let token = if resolves {
            references::resolve(&readable(text), Place::Text).into()
        } else if let Cow::Owned(text) = readable(text) {
            text.into()
        } else {
            self.slice(from, to)
        };
        self.tell(Token::CharacterTokens(token));
    }

    /// Passes over a comment. The builder is told of it, because text before and after one is not always one text.
    fn comment(&mut self, end: usize) {
        self.tell(Token::CommentToken(StrTendril::new()));
        self.at = end;
    }

    fn bogus_comment(&mut self, open: usize) -> Option<()> {
        // `</>` is nothing at all.
        let end = self.find(open + 2, b'>')?;
        if self.bytes[open + 1] == b'/' && end == open + 2 {
            // But an error, behind which html5ever no longer takes a line end for the first of a `pre`.
            self.tell(Token::ParseError(Cow::Borrowed("")));
            self.at = end + 1;
            return Some(());
        }
        self.comment(end + 1);
        Some(())
    }

    fn declaration(&mut self, open: usize) -> Option<()> {
        let rest = &self.bytes[open..];
        if rest.starts_with(b"<!--") {
            let end = comment_end(rest)?;
            self.comment(open + end);
            return Some(());
        }
        if rest.get(..9).is_some_and(|start| start.eq_ignore_ascii_case(b"<!doctype")) {
            self.doctype(open);
            return Some(());
        }
        if rest.starts_with(b"<![CDATA[") && self.sink.adjusted_current_node_present_but_not_in_html_namespace() {
            let start = open + 9;
            let end = memmem::find(&self.bytes[start..], b"]]>").map(|found| start + found);
            let to = end.unwrap_or(self.bytes.len());
            self.text(start, to, None);
            self.at = end? + 3;
            return Some(());
        }
        self.bogus_comment(open)
    }

    /// Has html5ever read the declaration: there is one on a page, and it decides how tables nest.
    fn doctype(&mut self, open: usize) {
        let end = self.find(open, b'>').map_or(self.bytes.len(), |close| close + 1);
        if self.doctype_seen {
            self.tell(Token::ParseError(Cow::Borrowed("")));
        } else {
            self.doctype_seen = true;
            let tokenizer = Tokenizer::new(Doctypes(RefCell::default()), TokenizerOpts::default());
            let input = BufferQueue::default();
            input.push_back(self.slice(open, end));
            let _ = tokenizer.feed(&input);
            tokenizer.end();
            for token in tokenizer.sink.0.take() {
                self.tell(token);
            }
        }
        self.at = end;
    }

    fn end_tag(&mut self) -> Option<()> {
        let tag = self.tag(TagKind::EndTag)?;
        self.tell(Token::TagToken(tag));
        Some(())
    }

    fn start_tag(&mut self) -> Option<()> {
        let tag = self.tag(TagKind::StartTag)?;
        let name = tag.name.clone();
        let is_inert = match name {
            local_name!("style") => true,
            local_name!("script") => !tag
                .attrs
                .iter()
                .any(|attribute| attribute.name.local == local_name!("type") && is_data(attribute.value.as_bytes())),
            _ => false,
        };
        let is_drawing = name == local_name!("svg") && !tag.self_closing;
        match self.send(Token::TagToken(tag)) {
            TokenSinkResult::Plaintext => {
                if self.at < self.bytes.len() {
                    self.raw_text(self.at, self.bytes.len(), RawKind::Rawtext);
                }
                return None;
            }
            TokenSinkResult::RawData(kind) => {
                let start = self.at;
                let end = match kind {
                    RawKind::ScriptData | RawKind::ScriptDataEscaped(_) => script_end(self.bytes, start),
                    RawKind::Rcdata | RawKind::Rawtext => end_tag_of(self.bytes, start, name.as_bytes()),
                };
                let to = end.unwrap_or(self.bytes.len());
                if to > start && !is_inert {
                    self.raw_text(start, to, kind);
                }
                self.at = end?;
            }
            // Where the builder took the tag for what it is.
            _ if is_drawing && self.sink.adjusted_current_node_present_but_not_in_html_namespace() => {
                if let Some(end) = drawing_end(self.bytes, self.at) {
                    self.at = end;
                }
            }
            _ => {}
        }
        Some(())
    }

    /// Reads a tag from its name to behind its `>`; `None` where the page ends in it.
    fn tag(&mut self, kind: TagKind) -> Option<Tag> {
        let start = self.at;
        let mut at = start + self.bytes[start..].iter().position(|&byte| ends_name(byte))?;
        let name = self.tags.get(&self.html[start..at])?;
        let keeps_all = kind == TagKind::StartTag && (self.kept == Attributes::All || is_formatting(&name));
        let mut attrs = if kind == TagKind::StartTag { self.sink.spare_list() } else { Vec::new() };
        let self_closing = loop {
            let (written, value) = match piece(self.bytes, &mut at)? {
                Piece::Attribute { name, value } => (name, value),
                Piece::Close { self_closing } => break self_closing,
            };
            if kind == TagKind::EndTag {
                continue;
            }
            let written = &self.html[written];
            let table = if keeps_all && attrs.len() < MAX_ATTRIBUTES { &mut self.tags } else { &mut self.attributes };
            if let Some(local) = table.get(written)
                && !attrs.iter().any(|known| known.name.local == local)
            {
                attrs.push(Attribute { name: QualName::new(None, ns!(), local), value: self.value(value) });
            }
        };
        self.at = at;
        Some(Tag { kind, name, self_closing, attrs, had_duplicate_attributes: false })
    }

    fn value(&self, place: Range<usize>) -> StrTendril {
        let written = &self.html[place.clone()];
        if memchr2(b'&', b'\0', written.as_bytes()).is_none() {
            return self.slice(place.start, place.end);
        }
        references::resolve(&readable(written), Place::Attribute).into()
    }
}

/// Takes a doctype out of html5ever's hands.
struct Doctypes(RefCell<Vec<Token>>);

impl TokenSink for Doctypes {
    type Handle = ();

    fn process_token(&self, token: Token, _: u64) -> TokenSinkResult<()> {
        if matches!(token, Token::DoctypeToken(_)) {
            self.0.borrow_mut().push(token);
        }
        TokenSinkResult::Continue
    }
}

/// The text with `\n` for every `\r\n` and `\r`.
fn with_one_line_end(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut lines = text.split('\r');
    out.extend(lines.next());
    for line in lines {
        if !line.starts_with('\n') {
            out.push('\n');
        }
        out.push_str(line);
    }
    out
}

fn readable(text: &str) -> Cow<'_, str> {
    if memchr(0, text.as_bytes()).is_some() { Cow::Owned(text.replace('\0', "\u{FFFD}")) } else { Cow::Borrowed(text) }
}

fn is_space(byte: u8) -> bool {
    matches!(byte, b'\t' | b'\n' | b'\x0C' | b' ')
}

fn ends_name(byte: u8) -> bool {
    is_space(byte) || matches!(byte, b'/' | b'>')
}

/// Elements that the tree builder opens again by themselves, so that all their attributes count.
fn is_formatting(name: &LocalName) -> bool {
    matches!(
        *name,
        local_name!("a")
            | local_name!("b")
            | local_name!("big")
            | local_name!("code")
            | local_name!("em")
            | local_name!("font")
            | local_name!("i")
            | local_name!("nobr")
            | local_name!("s")
            | local_name!("small")
            | local_name!("strike")
            | local_name!("strong")
            | local_name!("tt")
            | local_name!("u")
    )
}

/// Scripts that hold data: JSON-LD, the state of applications, formulas.
fn is_data(kind: &[u8]) -> bool {
    kind.windows(4).any(|window| window.eq_ignore_ascii_case(b"json")) || kind.starts_with(b"math/tex")
}

/// Behind the comment that `rest` begins with; `None` where the page ends in it.
fn comment_end(rest: &[u8]) -> Option<usize> {
    if rest[4..].starts_with(b">") {
        return Some(5);
    }
    if rest[4..].starts_with(b"->") {
        return Some(6);
    }
    let mut from = 4;
    loop {
        let dashes = from + memmem::find(&rest[from..], b"--")?;
        match (rest.get(dashes + 2)?, rest.get(dashes + 3)) {
            (b'>', _) => return Some(dashes + 3),
            (b'!', Some(b'>')) => return Some(dashes + 4),
            _ => from = dashes + 1,
        }
    }
}

/// Whether an element's name stands at `at`, with something behind it that ends a name.
fn names(bytes: &[u8], at: usize, name: &[u8]) -> bool {
    bytes.get(at..at + name.len()).is_some_and(|found| found.eq_ignore_ascii_case(name))
        && bytes.get(at + name.len()).is_some_and(|&byte| ends_name(byte))
}

/// Where the end tag of a raw text element begins.
fn end_tag_of(bytes: &[u8], start: usize, name: &[u8]) -> Option<usize> {
    memmem::find_iter(&bytes[start..], b"</").map(|found| start + found).find(|&close| names(bytes, close + 2, name))
}

/// Where the end tag of a script begins. `<!--` in it, and `<script` within that, hide an end tag until `-->`.
fn script_end(bytes: &[u8], start: usize) -> Option<usize> {
    #[derive(PartialEq)]
    enum State {
        Plain,
        Escaped,
        DoubleEscaped,
    }
    let mut state = State::Plain;
    let mut at = start;
    loop {
        let found = if state == State::Plain {
            at + memchr(b'<', &bytes[at..])?
        } else {
            at + memchr2(b'<', b'-', &bytes[at..])?
        };
        at = found + 1;
        let rest = &bytes[found..];
        if rest.starts_with(b"-->") {
            (state, at) = (State::Plain, found + 3);
        } else if state == State::Plain && rest.starts_with(b"<!--") {
            // The dashes that open can be the ones that close.
            (state, at) = (State::Escaped, found + 2);
        } else if rest.starts_with(b"</") && names(bytes, found + 2, b"script") {
            if state != State::DoubleEscaped {
                return Some(found);
            }
            state = State::Escaped;
        } else if state == State::Escaped && names(bytes, found + 1, b"script") {
            state = State::DoubleEscaped;
        }
    }
}

/// Where the end tag of a drawing begins, if nothing in it is read by other rules there than outside, and if there is no
/// text in it, which decides whether a frameset may follow.
fn drawing_end(bytes: &[u8], start: usize) -> Option<usize> {
    // No element among these is raw text in HTML, leads back to HTML, or nests drawings.
    const PLAIN: [&[u8]; 31] = [
        b"path",
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
    let mut at = start;
    loop {
        let open = at + memchr(b'<', &bytes[at..])?;
        if !bytes[at..open].iter().all(|&byte| is_space(byte)) {
            return None;
        }
        let rest = &bytes[open..];
        match *rest.get(1)? {
            b'!' if rest.starts_with(b"<![CDATA[") => return None,
            b'!' if rest.starts_with(b"<!--") => at = open + comment_end(rest)?,
            b'!' | b'?' => at = open + memchr(b'>', rest)? + 1,
            b'/' if names(bytes, open + 2, b"svg") => return Some(open),
            byte => {
                let name = open + 1 + usize::from(byte == b'/');
                let end = name + bytes[name..].iter().position(|&byte| ends_name(byte))?;
                if !PLAIN.iter().any(|plain| plain.eq_ignore_ascii_case(&bytes[name..end])) {
                    return None;
                }
                at = end;
                while let Piece::Attribute { .. } = piece(bytes, &mut at)? {}
            }
        }
    }
}

/// What follows in a tag.
enum Piece {
    Attribute { name: Range<usize>, value: Range<usize> },
    Close { self_closing: bool },
}

/// Reads on in a tag from behind its name, a value, or an earlier piece; `None` where the page ends in it.
fn piece(bytes: &[u8], at: &mut usize) -> Option<Piece> {
    let skip_space = |from: usize| bytes[from..].iter().position(|&byte| !is_space(byte)).map(|found| from + found);
    let mut self_closing = false;
    loop {
        *at = skip_space(*at)?;
        match bytes[*at] {
            b'>' => {
                *at += 1;
                return Some(Piece::Close { self_closing });
            }
            b'/' => {
                *at += 1;
                self_closing = bytes.get(*at) == Some(&b'>');
            }
            _ => break,
        }
    }
    // An equals sign at its start is part of a name.
    let start = *at;
    let end = start + 1 + bytes[start + 1..].iter().position(|&byte| ends_name(byte) || byte == b'=')?;
    let name = start..end;
    let equals = skip_space(end)?;
    if bytes[equals] != b'=' {
        *at = equals;
        return Some(Piece::Attribute { name, value: end..end });
    }
    let first = skip_space(equals + 1)?;
    let value = match bytes[first] {
        quote @ (b'"' | b'\'') => {
            let close = first + 1 + memchr(quote, &bytes[first + 1..])?;
            *at = close + 1;
            first + 1..close
        }
        b'>' => {
            *at = first;
            first..first
        }
        _ => {
            *at = first + bytes[first..].iter().position(|&byte| is_space(byte) || byte == b'>')?;
            first..*at
        }
    };
    Some(Piece::Attribute { name, value })
}

#[cfg(test)]
mod tests {
    use super::super::guard::{parse, parse_by_html5ever};
    use super::super::names::is_kept;
    use super::super::{Document, NodeData, NodeId, Tag};
    use super::*;
    use proptest::prelude::*;
    use std::fmt::Write as _;

    /// The tree as text: less what the tokenizer leaves out; texts in a row joined.
    fn outline(document: &Document) -> String {
        let mut out = String::new();
        let mut next = document.first_child(NodeId::ROOT);
        let mut depth = 0_usize;
        let mut in_text = false;
        while let Some(node) = next {
            let mut into = true;
            match document.data(node) {
                NodeData::Element { tag, .. } => {
                    let attributes = document.attributes(node).iter();
                    let list: Vec<String> = attributes
                        .filter(|attribute| is_kept(&attribute.name))
                        .map(|attribute| format!("{}={:?}", attribute.name, &*attribute.value))
                        .collect();
                    let _ = write!(out, "\n{depth}<{} {}>", document.local_name(node), list.join(" "));
                    let is_json = document.attribute(node, "type").is_some_and(|kind| is_data(kind.as_bytes()));
                    into = !(matches!(tag, Tag::Style | Tag::Svg) || *tag == Tag::Script && !is_json);
                    in_text = false;
                }
                NodeData::Text(text) => {
                    if !in_text {
                        let _ = write!(out, "\n{depth}");
                    }
                    out += text;
                    in_text = true;
                }
                NodeData::Document => {}
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
        assert_eq!(outline(&parse(html)), outline(&parse_by_html5ever(html)), "{html}");
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
            "a\0b<script>\0</script>c<!--\0-->d<p\0x title\0=1 title='a\0'>e<title>f\0</title><textarea>g\0&amp;",
            "a\r\nb\rc<pre>\r\n\nd</pre><pre><!-- -->\ne</pre><textarea>\n\nf</textarea>",
            "<p title='a&amp;b&copy=c&copy'>d &amp e&notit; &#x80;&#0;</p>&lt<b>&g</b>t; &#x;&",
            "<!DOCTYPE html><p>a<table><td>b</table>",
            "<p>a<table><td>b</table><!DOCTYPE html>",
            "<!doctype html PUBLIC '-//W3C//DTD HTML 4.01 Transitional//EN'><p>a<table><td>b</table>",
            "<!DOCTYPE html SYSTEM 'about:legacy-compat'  ><!DOCTYPE x><p>a<table><td>b</table>",
            "<!DOCTYPE",
            "<a href=x/>b</a/ href>c</a title='>'>d<input type=hidden/><br / >e<p/a/b=c/>f<p a/=b>g<p = =>h",
            "<p class=\"a\"id=b\"c'd title = 'e' =f>g<p class=>h<p class= >i",
            "<script><!--><script>a</script>b</script>c<script><!-- -- ><script >d</script>e--></script>f",
            "<script><!--<script</script>a<script><!--<scripta></script>b<script></scriptx</script/>c",
            "<title>a</title><title>b</titl",
            "a<",
            "a</",
            "a</b",
            "a<b c",
            "a<b c='",
            "a<!",
            "a<!-",
            "a<!--b--",
            "a<!--b--!",
            "<pre></>\na</pre>",
            "<!DOCTYPE html><pre><!DOCTYPE html>\na</pre>",
            "a</>b</ c>d</3>e<3>f",
            "<script>a</script",
            "<style>a</style b=c",
            "<svg><path d='M0>0'/><g><text>a</text></g></svg>b<svg/>c<svg viewBox='0'><title>d</title></svg>e",
            "<p><svg><path d=a\"b><g c='d'>></g></svg>e<svg><p>f</svg>g<svg><path",
            "<svg>]]></svg>\n<frameset><script>",
            "<svg>< </svg><frameset></frameset>",
            "<select><svg><text>a</text></svg><option>b</select><table><svg><g></g></svg><td>c",
            "<math><mi>a<![CDATA[b]]>c</mi><annotation-xml encoding='text/html'><p>d</math><svg><![CDATA[<p>]]></svg>e",
            "<svg><![CDATA[a",
            "<b a=1><b a=1><b a=1><b a=1></b></b></b></b>",
            "<p><b x=1><b x=2><b x=3><b x=4></p>a",
        ] {
            same(html);
        }
    }

    #[test]
    fn the_pages_of_the_project_give_the_same_tree() {
        let pages = concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures/pages");
        for case in std::fs::read_dir(pages).unwrap() {
            let bytes = std::fs::read(case.unwrap().path().join("source.html")).unwrap();
            same(&crate::markup::decode(&bytes, None).text);
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
            Just("<body>"), Just("</html>"), Just("\0"), Just("\r\n"), Just("\n"), Just("&amp"), Just("&#x41;"), Just("&not"),
            Just("<!DOCTYPE html>"), Just("<pre>"), Just("<b x=1>"), Just("</b>"), Just("<p class=a/>"), Just("/"), Just("a"), Just("<frameset>"), Just("<xmp>"), Just("</xmp>"), Just("\u{e9}"),
        ], 0..14)) {
            same(&parts.concat());
        }
    }
}
