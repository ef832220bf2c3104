//! The parse, bounded: no page, however built, costs more than in proportion to its length.

use super::tokenizer::{Attributes, Sink, tokenize};
use super::tree::Arena;
use super::{Document, NodeId, Tag};
use html5ever::interface::{Attribute, Tracer};
use html5ever::tokenizer::{TagKind, Token, TokenSink, TokenSinkResult};
use html5ever::tree_builder::{TreeBuilder, TreeBuilderOpts, TreeSink};
use html5ever::{LocalName, local_name};
use std::cell::Cell;

/// Elements within elements, at the most. Browsers stop at 512 too (Blink and `WebKit`, `maximumHTMLParserDOMTreeDepth`);
/// the tree builder's work for a tag is in proportion to the depth.
pub const MAX_DEPTH: u32 = 512;

/// Nodes of a page, at the most. A round bound far above what pages that people read have.
pub const MAX_NODES: usize = 200_000;

/// Start tags between two looks at the depth; the depth can pass its bound by this much.
const TAGS_BETWEEN_PROBES: u32 = 64;

/// Source bytes for a node, as a first guess of the tree's size; only the first allocation depends on it.
const BYTES_PER_NODE: usize = 40;

/// Parses a page as a browser without scripting would, within [`MAX_DEPTH`] and [`MAX_NODES`]; past these start tags
/// are dropped and their text stays. What no stage reads is left out: the content of scripts (data excepted), styles and
/// drawings, comments, and most attributes. Never fails and never panics.
#[must_use]
pub fn parse(html: &str) -> Document {
    parse_keeping(Attributes::Read, html)
}

/// As [`parse`], with every attribute: for selectors that users write.
#[must_use]
pub fn parse_with_all_attributes(html: &str) -> Document {
    parse_keeping(Attributes::All, html)
}

fn parse_keeping(kept: Attributes, html: &str) -> Document {
    reading_frames(html, |guard| {
        tokenize(html, kept, &guard);
        guard.finish()
    })
}

/// What `parsed` makes of a page; a set of frames has no body, and what it shows to browsers without frames is the page.
fn reading_frames(html: &str, parsed: impl Fn(Guard) -> Document) -> Document {
    let document = parsed(Guard::new(html.len()));
    if document.find(NodeId::ROOT, Tag::Body).is_none() {
        return parsed(Guard { ignores_frames: true, ..Guard::new(html.len()) });
    }
    document
}

/// The same by html5ever's own tokenizer, with nothing left out.
#[cfg(test)]
pub(super) fn parse_by_html5ever(html: &str) -> Document {
    use html5ever::TokenizerResult;
    use html5ever::tokenizer::{Tokenizer, TokenizerOpts};
    reading_frames(html, |guard| {
        let tokenizer = Tokenizer::new(guard, TokenizerOpts::default());
        let input = html5ever::buffer_queue::BufferQueue::default();
        input.push_back(html5ever::tendril::StrTendril::from(html));
        // The tokenizer stops after every `</script>`, so that a browser could run it.
        while !matches!(tokenizer.feed(&input), TokenizerResult::Done) {}
        tokenizer.end();
        tokenizer.sink.finish()
    })
}

struct Guard {
    builder: TreeBuilder<NodeId, Arena>,
    /// The tags of frames are read as if they were not there.
    ignores_frames: bool,
    start_tags: Cell<u32>,
    too_deep: Cell<bool>,
    dropped: Cell<bool>,
}

impl Guard {
    fn new(bytes: usize) -> Self {
        let sink = Arena::with_capacity((bytes / BYTES_PER_NODE).min(MAX_NODES));
        let options = TreeBuilderOpts { scripting_enabled: false, ..TreeBuilderOpts::default() };
        Self {
            builder: TreeBuilder::new(sink, options),
            ignores_frames: false,
            start_tags: Cell::new(0),
            too_deep: Cell::new(false),
            dropped: Cell::new(false),
        }
    }

    fn finish(self) -> Document {
        let mut document = self.builder.sink.finish();
        if self.dropped.get() {
            document.mark_truncated();
        }
        document
    }

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
        if self.ignores_frames
            && let Token::TagToken(tag) = &token
            && matches!(tag.name, local_name!("frameset") | local_name!("frame") | local_name!("noframes"))
        {
            return TokenSinkResult::Continue;
        }
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

impl Sink for Guard {
    fn spare_list(&self) -> Vec<Attribute> {
        self.builder.sink.spare_list()
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
    fn a_set_of_frames_is_read_as_browsers_without_frames_do() {
        let page = "<title>Club</title><frameset><frame src=a><noframes><body><p>Plain</body></noframes></frameset>";
        let document = parse(page);
        assert!(document.find(NodeId::ROOT, Tag::P).is_some());
        assert_eq!(text(page), "ClubPlain");
        assert!(parse("<frameset><frame src=a></frameset>").find(NodeId::ROOT, Tag::Body).is_some());
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
    fn an_element_that_many_tags_add_to_is_cut() {
        let tags = (0..50_000).fold(String::new(), |page, n| page + &format!("<html a{n}><body b{n}=1>"));
        let document = parse_with_all_attributes(&(tags + "after"));
        let most = document.descendants(NodeId::ROOT).map(|node| document.attributes(node).len()).max();
        assert_eq!(most, Some(super::super::tree::MAX_ATTRIBUTES));
        assert_eq!(document.text_content(NodeId::ROOT), "after");
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
