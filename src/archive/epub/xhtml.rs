//! An article's body as XHTML for a book. Pure.
//!
//! The body comes from our own renderer, in a closed vocabulary; for that, what comes out is valid. Whatever else comes in,
//! what comes out is well-formed: every element is opened and closed here, and text is escaped.

use crate::archive::xml::xml;
use std::borrow::Cow;
use std::fmt::Write as _;
use url::{Position, Url};

/// Elements in one another, at the most; more are left out, and their text stays. Reading systems lay a page out by
/// recursion; no story is a tenth as deep.
const MAX_DEPTH: usize = 100;

/// Bytes of the longest character reference that is read: `&#x10ffff;`.
const MAX_REFERENCE: usize = 10;

/// Elements that stay what they are. The rest of the vocabulary (`img`) is dealt with by itself.
const ELEMENTS: [&str; 34] = [
    "p",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "blockquote",
    "pre",
    "code",
    "ol",
    "ul",
    "li",
    "table",
    "tr",
    "th",
    "td",
    "dl",
    "dt",
    "dd",
    "figure",
    "figcaption",
    "hr",
    "br",
    "a",
    "strong",
    "em",
    "del",
    "sub",
    "sup",
    "ruby",
    "rp",
    "rt",
    "div",
];

/// What an element stands in, where that is not free.
const PARENTS: [(&str, &[&str]); 9] = [
    ("li", &["ol", "ul"]),
    ("tr", &["table"]),
    ("th", &["tr"]),
    ("td", &["tr"]),
    ("dt", &["dl"]),
    ("dd", &["dl"]),
    ("figcaption", &["figure"]),
    ("rp", &["ruby"]),
    ("rt", &["ruby"]),
];

/// A body's HTML as XHTML, to stand within an element that takes paragraphs. A book must not fetch pictures from afar
/// (EPUB 3.3, section 3.6), so their description stands in their place.
pub(super) fn body(html: &str) -> String {
    let mut writer = Writer { out: String::with_capacity(html.len() + html.len() / 8), open: Vec::new() };
    let mut rest = html;
    while let Some(at) = rest.find('<') {
        writer.text(&rest[..at]);
        let Some((tag, behind)) = Tag::read(&rest[at..]) else {
            writer.text("<");
            rest = &rest[at + 1..];
            continue;
        };
        writer.tag(&tag);
        rest = behind;
    }
    writer.text(rest);
    writer.close_to(0);
    writer.out
}

/// A link that a book may hold, in the form that checkers take: an address of the web, of mail or of a telephone.
pub(super) fn address(text: &str) -> Option<String> {
    let url = Url::parse(text.trim()).ok()?;
    let is_web = matches!(url.scheme(), "http" | "https");
    if !is_web && (!matches!(url.scheme(), "mailto" | "tel") || url.has_authority()) {
        return None;
    }
    if is_web {
        let host = url.host_str()?;
        let is_plain = host.split('.').all(|label| {
            !label.is_empty() && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'))
        });
        let is_known = url.username().is_empty() && url.password().is_none();
        if !is_known || !(is_plain || matches!(url.host(), Some(url::Host::Ipv6(_)))) {
            return None;
        }
    }
    let mut out = url[..Position::BeforePath].to_owned();
    let rest = &url[Position::BeforePath..];
    let mut has_fragment = false;
    for (at, byte) in rest.bytes().enumerate() {
        let is_code =
            |at: usize| rest.as_bytes().get(at..at + 2).is_some_and(|code| code.iter().all(u8::is_ascii_hexdigit));
        let stays = match byte {
            b'%' => is_code(at + 1),
            b'#' => !std::mem::replace(&mut has_fragment, true),
            _ => byte.is_ascii_alphanumeric() || b"-._~!$&'()*+,;=:@/?".contains(&byte),
        };
        if stays {
            out.push(char::from(byte));
        } else {
            let _ = write!(out, "%{byte:02X}");
        }
    }
    Some(out)
}

/// A tag of the source.
struct Tag<'a> {
    name: &'a str,
    is_end: bool,
    attributes: &'a str,
}

impl<'a> Tag<'a> {
    /// The tag that a text begins with, and what is behind it.
    fn read(text: &'a str) -> Option<(Self, &'a str)> {
        let inside = text.strip_prefix('<')?;
        let is_end = inside.starts_with('/');
        let inside = inside.strip_prefix('/').unwrap_or(inside);
        let length = inside.bytes().take_while(u8::is_ascii_alphanumeric).count();
        let (name, rest) = inside.split_at(length);
        if !name.starts_with(|c: char| c.is_ascii_alphabetic()) {
            return None;
        }
        // The end is the first `>` outside of quotes.
        let mut quoted = false;
        let end = rest.bytes().position(|byte| {
            quoted ^= byte == b'"';
            byte == b'>' && !quoted
        })?;
        Some((Self { name, is_end, attributes: &rest[..end] }, &rest[end + 1..]))
    }

    /// The value of an attribute, its character references read.
    fn value(&self, name: &str) -> Option<Cow<'a, str>> {
        let mut rest = self.attributes;
        loop {
            rest = rest.trim_start();
            let (key, behind) = rest.split_once("=\"")?;
            let (value, behind) = behind.split_once('"')?;
            if key == name {
                return Some(unescaped(value));
            }
            rest = behind;
        }
    }
}

struct Writer {
    out: String,
    /// The elements that are open, outermost first.
    open: Vec<Open>,
}

/// An element that is open.
struct Open {
    name: &'static str,
    /// The element that was opened in it last; empty for none.
    last: &'static str,
}

impl Writer {
    fn text(&mut self, text: &str) {
        if !text.is_empty() {
            self.out.push_str(&xml(&unescaped(text)));
        }
    }

    fn tag(&mut self, tag: &Tag<'_>) {
        let Some(name) = ELEMENTS.into_iter().find(|name| *name == tag.name) else {
            if tag.name == "img" && !tag.is_end {
                self.picture(tag);
            }
            return;
        };
        let is_void = matches!(name, "br" | "hr");
        match (tag.is_end, is_void) {
            (true, true) => {}
            (true, false) => {
                if let Some(at) = self.open.iter().rposition(|open| open.name == name) {
                    self.close_to(at);
                }
            }
            (false, true) => {
                let _ = write!(self.out, "<{name}/>");
            }
            (false, false) => self.start(name, tag),
        }
    }

    fn start(&mut self, name: &'static str, tag: &Tag<'_>) {
        let around = self.open.last().map_or("", |open| open.name);
        let has_place =
            PARENTS.iter().find(|(child, _)| *child == name).is_none_or(|(_, above)| above.contains(&around));
        let link = if name == "a" { tag.value("href").and_then(|url| address(&url)) } else { None };
        let is_link_within = name == "a" && (link.is_none() || self.open.iter().any(|open| open.name == "a"));
        if self.open.len() >= MAX_DEPTH || !has_place || is_link_within {
            return;
        }
        if let Some(around) = self.open.last_mut() {
            // A list of definitions begins with a term.
            if name == "dd" && around.last.is_empty() {
                self.out.push_str("<dt></dt>");
            }
            around.last = name;
        }
        self.open.push(Open { name, last: "" });
        let _ = write!(self.out, "<{name}");
        if let Some(link) = link {
            let _ = write!(self.out, " href=\"{}\"", xml(&link));
        }
        if let Some(direction) = tag.value("dir").filter(|direction| matches!(&**direction, "ltr" | "rtl")) {
            let _ = write!(self.out, " dir=\"{direction}\"");
        }
        if name == "ol"
            && let Some(start) = tag.value("start").and_then(|start| start.parse::<i32>().ok())
        {
            let _ = write!(self.out, " start=\"{start}\"");
        }
        if name == "ol" {
            if tag.value("reversed").is_some() {
                self.out.push_str(" reversed=\"reversed\"");
            }
            if let Some(style) = tag.value("type").filter(|style| matches!(&**style, "a" | "A" | "i" | "I")) {
                let _ = write!(self.out, " type=\"{style}\"");
            }
        }
        self.out.push('>');
    }

    fn close_to(&mut self, length: usize) {
        for Open { name, last } in self.open.drain(length..).rev() {
            // A list of definitions ends with a meaning.
            if name == "dl" && last == "dt" {
                self.out.push_str("<dd></dd>");
            }
            let _ = write!(self.out, "</{name}>");
        }
    }

    /// A picture's description in its place.
    fn picture(&mut self, tag: &Tag<'_>) {
        let alt = tag.value("alt").unwrap_or_default();
        if !alt.trim().is_empty() {
            let name = if self.open.last().is_none_or(|around| matches!(around.name, "figure" | "div" | "blockquote")) {
                "p"
            } else {
                "span"
            };
            let _ = write!(self.out, "<{name} class=\"picture\">[{}]</{name}>", xml(alt.trim()));
        }
    }
}

/// A text with its character references read; what is none stands for itself.
fn unescaped(text: &str) -> Cow<'_, str> {
    if !text.contains('&') {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('&') {
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        let (c, length) = reference(rest).unwrap_or(('&', 1));
        out.push(c);
        rest = &rest[length..];
    }
    out.push_str(rest);
    Cow::Owned(out)
}

/// The character that a reference at the start of a text means, and the reference's length.
fn reference(text: &str) -> Option<(char, usize)> {
    let end = text.bytes().take(MAX_REFERENCE).position(|byte| byte == b';')?;
    let c = match &text[1..end] {
        "amp" => '&',
        "lt" => '<',
        "gt" => '>',
        "quot" => '"',
        "nbsp" => '\u{a0}',
        name => {
            let number = name.strip_prefix('#')?;
            let code = match number.strip_prefix(['x', 'X']) {
                Some(digits) => u32::from_str_radix(digits, 16),
                None => number.parse(),
            };
            char::from_u32(code.ok()?)?
        }
    };
    Some((c, end + 1))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use quick_xml::events::Event;

    /// Whether a reader of XML takes it to the end, every element closed.
    fn is_well_formed(body: &str) -> bool {
        let whole = format!("<div>{body}</div>");
        let mut reader = quick_xml::Reader::from_str(&whole);
        reader.config_mut().check_comments = true;
        let mut depth = 0;
        loop {
            match reader.read_event() {
                Ok(Event::Start(start)) => {
                    depth += 1;
                    if start.attributes().any(|attribute| attribute.is_err()) {
                        return false;
                    }
                }
                Ok(Event::End(_)) => depth -= 1,
                Ok(Event::GeneralRef(name)) => {
                    if !matches!(&*name, "amp" | "lt" | "gt" | "quot" | "apos" | "#9" | "#10" | "#13") {
                        return false;
                    }
                }
                Ok(Event::Text(text)) => {
                    if text.contains(['<', '&', '\0']) {
                        return false;
                    }
                }
                Ok(Event::Empty(_)) => {}
                Ok(Event::Eof) => return depth == 0,
                _ => return false,
            }
        }
    }

    #[test]
    fn our_own_markup_stays_what_it_is() {
        for (html, expected) in [
            ("<p>a<br>b &amp; c</p>\n<hr>", "<p>a<br/>b &amp; c</p>\n<hr/>"),
            ("<ol dir=\"rtl\" start=\"3\">\n<li>x</li>\n</ol>", "<ol dir=\"rtl\" start=\"3\">\n<li>x</li>\n</ol>"),
            (
                "<a href=\"https://a.example/?x=1&amp;y=&quot;|\">b</a>",
                "<a href=\"https://a.example/?x=1&amp;y=%22%7C\">b</a>",
            ),
            ("<p>1 < 2 <b>bold</b></p>", "<p>1 &lt; 2 bold</p>"),
            ("<a href=\"javascript:x()\">b</a>", "b"),
            (
                "<a href=\"https://a.example/\">b<a href=\"https://b.example/\">c</a>",
                "<a href=\"https://a.example/\">bc</a>",
            ),
            (
                "<figure><img src=\"https://a.example/x.png\" alt=\"A &lt;ferry&gt;\"><figcaption>C</figcaption></figure>",
                "<figure><p class=\"picture\">[A &lt;ferry&gt;]</p><figcaption>C</figcaption></figure>",
            ),
            ("<p><em>a</p>b</em>", "<p><em>a</em></p>b"),
            ("<li>a</li><td>b</td>", "ab"),
            ("<dl>\n<dd>a</dd></dl>", "<dl>\n<dt></dt><dd>a</dd></dl>"),
            ("<dl dir=\"rtl\"><dt>a</dt></dl>", "<dl dir=\"rtl\"><dt>a</dt><dd></dd></dl>"),
        ] {
            let body = body(html);
            assert_eq!(body, expected, "{html}");
            assert!(is_well_formed(&body), "{body}");
        }
    }

    #[test]
    fn depth_is_bounded() {
        let html = "<blockquote>".repeat(10_000) + "x";
        let body = body(&html);
        assert!(is_well_formed(&body) && body.contains('x') && body.matches("<blockquote>").count() == MAX_DEPTH);
    }

    proptest! {
        #[test]
        fn whatever_comes_in_comes_out_well_formed(
            parts in proptest::collection::vec(
                prop_oneof![
                    proptest::sample::select(ELEMENTS.to_vec()).prop_map(|name| format!("<{name}>")),
                    proptest::sample::select(ELEMENTS.to_vec()).prop_map(|name| format!("</{name}>")),
                    "<(a|img|ol|p) (href|alt|dir|start|x)=\"[^\"]{0,8}\">",
                    "&(#x?[0-9a-f]{1,8}|[a-z]{1,4});?",
                    proptest::sample::select(vec!["<!--", "-->", "]]>", "<![CDATA[", "<?x", "<", ">", "\"", "\0", "\u{ffff}"])
                        .prop_map(str::to_owned),
                    any::<String>(),
                ],
                0..30,
            )
        ) {
            let html = parts.concat();
            let body = body(&html);
            prop_assert!(is_well_formed(&body), "{html:?} gave {body:?}");
        }

        #[test]
        fn an_address_has_only_what_addresses_may_have(text in "(https?|mailto|tel)://?[a-z.]{0,9}/\\PC{0,20}") {
            if let Some(address) = address(&text) {
                prop_assert!(Url::parse(&address).is_ok());
                prop_assert!(address.bytes().all(|byte| byte.is_ascii_graphic() && !b"<>\"{}|\\^`".contains(&byte)), "{address}");
            }
        }
    }
}
