//! The parse, bounded: no page, however built, costs more than in proportion to its length.

use super::tree::Arena;
use super::{Document, NodeId};
use html5ever::buffer_queue::BufferQueue;
use html5ever::interface::Tracer;
use html5ever::tendril::StrTendril;
use html5ever::tokenizer::{TagKind, Token, TokenSink, TokenSinkResult, Tokenizer, TokenizerOpts};
use html5ever::tree_builder::{TreeBuilder, TreeBuilderOpts, TreeSink};
use html5ever::{LocalName, local_name};
use memchr::{memchr, memchr2_iter, memchr3, memmem};
use std::borrow::Cow;
use std::cell::Cell;

/// Elements within elements, at the most. Browsers stop at 512 too (Blink and `WebKit`, `maximumHTMLParserDOMTreeDepth`);
/// the tree builder's work for a tag is in proportion to the depth.
pub const MAX_DEPTH: u32 = 512;

/// Nodes of a page, at the most. The largest real pages seen have about 60,000.
pub const MAX_NODES: usize = 200_000;

/// Start tags between two looks at the depth; the depth can pass its bound by this much.
const TAGS_BETWEEN_PROBES: u32 = 64;

/// Source bytes for a node, as a first guess of the tree's size; measured on news pages.
const BYTES_PER_NODE: usize = 40;

/// Attributes of one tag, at the most. The tokenizer compares each with all before it; real tags have under a hundred.
const MAX_ATTRIBUTES: usize = 5000;

/// Parses a page as a browser without scripting would, within [`MAX_DEPTH`] and [`MAX_NODES`]; past these start tags
/// are dropped and their text stays. Never fails and never panics.
#[must_use]
pub fn parse(html: &str) -> Document {
    let sink = Arena::with_capacity((html.len() / BYTES_PER_NODE).min(MAX_NODES));
    let options = TreeBuilderOpts { scripting_enabled: false, ..TreeBuilderOpts::default() };
    let guard = Guard {
        builder: TreeBuilder::new(sink, options),
        start_tags: Cell::new(0),
        too_deep: Cell::new(false),
        dropped: Cell::new(false),
    };
    let tokenizer = Tokenizer::new(guard, TokenizerOpts::default());
    let input = BufferQueue::default();
    input.push_back(StrTendril::from(&*limit_attributes(html)));
    // The tokenizer stops after every `</script>`, so that a browser could run it.
    while !matches!(tokenizer.feed(&input), html5ever::TokenizerResult::Done) {}
    tokenizer.end();
    let Guard { builder, dropped, .. } = tokenizer.sink;
    let mut document = builder.sink.finish();
    if dropped.get() {
        document.mark_truncated();
    }
    document
}

/// The page with every tag's attributes past [`MAX_ATTRIBUTES`] cut off.
///
/// Reads only as much of the grammar as that needs: quotes and `>` inside tags. What looks like a tag in a comment is
/// taken for one too; it loses something only if it has thousands of quoted parts.
fn limit_attributes(html: &str) -> Cow<'_, str> {
    let bytes = html.as_bytes();
    let mut cuts: Vec<(usize, usize)> = Vec::new();
    let mut at = 0;
    while let Some(open) = memchr(b'<', &bytes[at..]).map(|found| at + found) {
        at = open + 1;
        if !bytes.get(at).is_some_and(u8::is_ascii_alphabetic) {
            continue;
        }
        if bytes[at..].get(..6).is_some_and(|name| name.eq_ignore_ascii_case(b"script")) {
            // No attribute of a script's own comes before its end, and data in it has quotes without number.
            at = memmem::find(&bytes[at..], b"</").map_or(bytes.len(), |found| at + found);
            continue;
        }
        let (mut attributes, mut cut, mut from) = (0, None, at);
        loop {
            // Without one more of these there is no more tag that ends.
            let Some(found) = memchr3(b'>', b'"', b'\'', &bytes[from..]).map(|found| from + found) else {
                return cut_out(html, &cuts);
            };
            // Unquoted and bare attributes are apart by white space; a short stretch of them is not worth counting.
            attributes +=
                1 + if found - from > 256 { memchr2_iter(b' ', b'\n', &bytes[from..found]).count() } else { 0 };
            if attributes > MAX_ATTRIBUTES && cut.is_none() {
                cut = Some(nth_space(bytes, from, found, MAX_ATTRIBUTES));
            }
            if bytes[found] == b'>' {
                if let Some(cut) = cut {
                    cuts.push((cut, found));
                }
                at = found + 1;
                break;
            }
            match memchr(bytes[found], &bytes[found + 1..]) {
                Some(length) => from = found + length + 2,
                None => return cut_out(html, &cuts),
            }
        }
    }
    cut_out(html, &cuts)
}

/// Where the tag is cut: at the given space between two places, or at the first place.
fn nth_space(bytes: &[u8], from: usize, to: usize, count: usize) -> usize {
    memchr2_iter(b' ', b'\n', &bytes[from..to]).nth(count).map_or(from, |found| from + found)
}

fn cut_out<'a>(html: &'a str, cuts: &[(usize, usize)]) -> Cow<'a, str> {
    if cuts.is_empty() {
        return Cow::Borrowed(html);
    }
    let mut out = String::with_capacity(html.len());
    let mut from = 0;
    for &(start, end) in cuts {
        out.push_str(&html[from..start]);
        from = end;
    }
    out.push_str(&html[from..]);
    Cow::Owned(out)
}

struct Guard {
    builder: TreeBuilder<NodeId, Arena>,
    start_tags: Cell<u32>,
    too_deep: Cell<bool>,
    dropped: Cell<bool>,
}

impl Guard {
    /// Whether one more start tag would take the page past its bounds.
    fn is_full(&self) -> bool {
        let count = self.start_tags.get().wrapping_add(1);
        self.start_tags.set(count);
        // The builder does not say how deep it is, and counting what it holds open costs that depth: so now and then,
        // and at every tag only while the page is too deep.
        if self.too_deep.get() || count.is_multiple_of(TAGS_BETWEEN_PROBES) {
            let open = OpenCount(Cell::new(0));
            self.builder.trace_handles(&open);
            self.too_deep.set(open.0.get() >= MAX_DEPTH);
        }
        self.too_deep.get() || self.builder.sink.node_count() >= MAX_NODES
    }
}

/// Counts the elements that the tree builder holds open or will open again.
struct OpenCount(Cell<u32>);

impl Tracer for OpenCount {
    type Handle = NodeId;

    fn trace_handle(&self, _: &NodeId) {
        self.0.set(self.0.get() + 1);
    }
}

impl TokenSink for Guard {
    type Handle = NodeId;

    fn process_token(&self, token: Token, line: u64) -> TokenSinkResult<Self::Handle> {
        if let Token::TagToken(tag) = &token
            && tag.kind == TagKind::StartTag
            && self.is_full()
            && !switches_tokenizer(&tag.name)
        {
            self.dropped.set(true);
            return TokenSinkResult::Continue;
        }
        self.builder.process_token(token, line)
    }

    fn end(&self) {
        self.builder.end();
    }

    fn adjusted_current_node_present_but_not_in_html_namespace(&self) -> bool {
        self.builder.adjusted_current_node_present_but_not_in_html_namespace()
    }
}

/// Elements whose content is not markup: without their start tag it would be read as text of the page.
fn switches_tokenizer(name: &LocalName) -> bool {
    matches!(
        *name,
        local_name!("script")
            | local_name!("style")
            | local_name!("textarea")
            | local_name!("title")
            | local_name!("iframe")
            | local_name!("noembed")
            | local_name!("noframes")
            | local_name!("xmp")
            | local_name!("plaintext")
    )
}

#[cfg(test)]
mod tests {
    use super::super::Tag;
    use super::*;

    fn text(html: &str) -> String {
        let document = parse(html);
        document.text_content(NodeId::ROOT)
    }

    #[test]
    fn noscript_is_markup() {
        let document = parse("<body><noscript><p>Plain</p></noscript>");
        assert!(document.find(NodeId::ROOT, Tag::P).is_some());
    }

    #[test]
    fn nested_tags_of_every_kind_are_bounded() {
        for tag in
            ["div", "ul><li", "b", "p><b i", "table><tr><td", "svg", "blockquote", "span", "a href=x", "template"]
        {
            let html = format!("{}deep text", format!("<{tag}>").repeat(30_000));
            let document = parse(&html);
            assert!(document.len() < MAX_NODES + 10 * MAX_DEPTH as usize, "{tag}: {}", document.len());
            assert!(document.truncated() || document.len() < MAX_NODES, "{tag}");
            assert!(document.text_content(NodeId::ROOT).contains("deep text"), "{tag}");
        }
    }

    #[test]
    fn formatting_that_piles_up_is_bounded() {
        let html = (0..20_000).map(|n| format!("<p><b i{n}>x")).collect::<Vec<_>>().concat();
        assert!(parse(&html).len() < MAX_NODES + 100 * MAX_DEPTH as usize);
    }

    #[test]
    fn tags_of_countless_attributes_are_cut() {
        let attributes = |form: &dyn Fn(usize) -> String| (0..50_000).map(form).collect::<Vec<_>>().join(" ");
        for list in [
            attributes(&|n| format!("a{n}=1")),
            attributes(&|n| format!("a{n}=\">\"")),
            attributes(&|n| format!("a{n}='x y'")),
        ] {
            let document = parse(&format!("<p>before</p><p {list}>after</p><i title=\"kept\">end</i>"));
            assert_eq!(document.text_content(NodeId::ROOT), "beforeafterend");
            let last = document.find(NodeId::ROOT, Tag::I).unwrap();
            assert_eq!(document.attribute(last, "title"), Some("kept"));
        }
    }

    #[test]
    fn ordinary_tags_are_left_alone() {
        for html in
            ["<p a='>' b=\">\">x</p>", "a < b > c", "<script>if (a<b && '\"') {}</script><p title=\"x", "<", "<a"]
        {
            assert!(matches!(limit_attributes(html), Cow::Borrowed(_)), "{html}");
        }
    }

    #[test]
    fn unclosed_paragraphs_are_not_depth() {
        let html = (0..5000).map(|n| format!("<p>Paragraph {n}")).collect::<Vec<_>>().concat();
        let document = parse(&html);
        assert!(!document.truncated());
        assert!(text(&html).contains("Paragraph 4999"));
    }

    #[test]
    fn depth_recovers_after_a_deep_part() {
        let html = format!("{}x{}<p>after</p>", "<div>".repeat(2000), "</div>".repeat(2000));
        let document = parse(&html);
        assert!(document.truncated());
        let paragraph = document.find(NodeId::ROOT, Tag::P).unwrap();
        assert_eq!(document.text_content(paragraph), "after");
    }
}
