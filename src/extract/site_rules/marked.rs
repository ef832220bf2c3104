//! A page written out again, for selectors and for a second reading of a part of it.
//!
//! The selectors are those of the `scraper` crate, which has a tree of its own. So it is given the guarded page with each
//! element's number in an attribute, and says by that which of our nodes it means.

use crate::markup::{Document, NodeData, NodeId, Tag, escape_into};
use html5ever::driver::{ParseOpts, parse_document};
use html5ever::tendril::TendrilSink as _;
use html5ever::tree_builder::TreeBuilderOpts;
use scraper::{Html, HtmlTreeSink, Selector};
use std::collections::HashSet;
use std::fmt::Write as _;

/// The attribute with an element's number.
const MARK: &str = "data-copydesk-node";

/// A page in the form in which selectors work on it.
pub(super) struct MarkedPage {
    html: Html,
    /// By the number of an element's mark.
    nodes: Vec<NodeId>,
}

impl MarkedPage {
    pub(super) fn new(document: &Document) -> Self {
        let nodes: Vec<NodeId> = document.descendants(NodeId::ROOT).collect();
        let mut writer =
            Writer { document, out: String::from("<!DOCTYPE html>"), left_out: HashSet::new(), marks: Some(0) };
        writer.children(NodeId::ROOT);
        // As the guarded parse: scripts do not run here, so `<noscript>` holds elements.
        let options = ParseOpts {
            tree_builder: TreeBuilderOpts { scripting_enabled: false, ..TreeBuilderOpts::default() },
            ..ParseOpts::default()
        };
        let html = parse_document(HtmlTreeSink::new(Html::new_document()), options).one(writer.out);
        Self { html, nodes }
    }

    /// The elements that a selector matches, in document order.
    pub(super) fn select(&self, selector: &Selector) -> Vec<NodeId> {
        let number = |mark: &str| self.nodes.get(mark.parse::<usize>().ok()?).copied();
        self.html.select(selector).filter_map(|element| number(element.value().attr(MARK)?)).collect()
    }
}

/// What of a page is written.
#[derive(Clone, Copy)]
pub(super) enum Part<'a> {
    All,
    /// These elements, each with what it holds; one inside another is there once.
    Below(&'a [NodeId]),
}

/// A page as HTML, its scripts included, without some of its elements.
pub(super) fn html(document: &Document, part: Part<'_>, left_out: &[NodeId]) -> String {
    let mut writer = Writer {
        document,
        out: String::from("<!DOCTYPE html>"),
        left_out: left_out.iter().copied().collect(),
        marks: None,
    };
    match part {
        Part::All => writer.children(NodeId::ROOT),
        Part::Below(tops) => {
            let chosen: HashSet<NodeId> = tops.iter().copied().collect();
            writer.out.push_str("<html><body>");
            let mut next = document.first_child(NodeId::ROOT);
            while let Some(node) = next {
                let below = if writer.left_out.contains(&node) {
                    None
                } else if chosen.contains(&node) {
                    writer.top(node);
                    None
                } else {
                    document.first_child(node)
                };
                next = below.or_else(|| document.after(node, NodeId::ROOT));
            }
        }
    }
    writer.out
}

struct Writer<'a> {
    document: &'a Document,
    out: String,
    left_out: HashSet<NodeId>,
    /// The next node's number, where elements are marked with it.
    marks: Option<usize>,
}

impl Writer<'_> {
    /// An element that stands for itself: parts of a table say nothing without it.
    fn top(&mut self, node: NodeId) {
        let needs_table = matches!(
            self.document.local_name(node),
            "td" | "th" | "tr" | "tbody" | "thead" | "tfoot" | "caption" | "body" | "html" | "head"
        );
        if needs_table {
            self.out.push_str("<div>");
            self.children(node);
            self.out.push_str("</div>");
        } else {
            self.node(node);
        }
    }

    /// Recursion is as deep as the tree, which the guarded parse bounds.
    fn children(&mut self, node: NodeId) {
        for child in self.document.children(node) {
            self.node(child);
        }
    }

    fn node(&mut self, node: NodeId) {
        let number = self.marks;
        if let Some(next) = &mut self.marks {
            *next += 1;
        }
        match self.document.data(node) {
            NodeData::Text(text) => escape_into(text, &mut self.out),
            NodeData::Element { tag, .. } if !self.left_out.contains(&node) => self.element(node, *tag, number),
            _ => {}
        }
    }

    fn element(&mut self, node: NodeId, tag: Tag, number: Option<usize>) {
        let name = self.document.local_name(node);
        self.out.push('<');
        self.out.push_str(name);
        if let Some(number) = number {
            // Writing to a String cannot fail.
            let _ = write!(self.out, " {MARK}=\"{number}\"");
        }
        for attribute in self.document.attributes(node) {
            if &*attribute.name != MARK {
                attribute.write(&mut self.out);
            }
        }
        self.out.push('>');
        if is_void(name) {
            return;
        }
        if matches!(tag, Tag::Script | Tag::Style) || matches!(name, "xmp" | "iframe" | "noembed" | "noframes") {
            // The parser took no reference in them for a character, and will not do so again.
            let text = self.document.text_content(node);
            if let Some(next) = &mut self.marks {
                *next += self.document.descendants(node).count();
            }
            self.out.push_str(&text);
        } else {
            // The parser drops a line end right behind these.
            if matches!(name, "pre" | "textarea" | "listing") {
                self.out.push('\n');
            }
            self.children(node);
        }
        self.out.push_str("</");
        self.out.push_str(name);
        self.out.push('>');
    }
}

fn is_void(name: &str) -> bool {
    matches!(
        name,
        "area"
            | "base"
            | "basefont"
            | "bgsound"
            | "br"
            | "col"
            | "embed"
            | "frame"
            | "hr"
            | "img"
            | "input"
            | "keygen"
            | "link"
            | "meta"
            | "param"
            | "source"
            | "track"
            | "wbr"
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::markup::parse;

    #[test]
    fn selectors_find_our_nodes() {
        let document = parse(
            "<body><noscript><p class=x>one</p></noscript><script>'<p class=x>'</script><table><tr><td class=x>two</table>\
             <pre>\n\nx</pre><div id=a><p>three<p class='x y'>four</div>",
        );
        let page = MarkedPage::new(&document);
        let texts = |selector: &str| -> Vec<String> {
            let nodes = page.select(&Selector::parse(selector).unwrap());
            nodes.into_iter().map(|node| document.text_content(node)).collect()
        };
        assert_eq!(texts(".x"), ["one", "two", "four"]);
        assert_eq!(texts("#a > p:first-child"), ["three"]);
        assert_eq!(texts("div:has(.y)"), ["threefour"]);
        assert!(texts("b").is_empty());
    }

    #[test]
    fn what_is_written_is_read_the_same() {
        let source = "<!DOCTYPE html><html lang=\"de\"><head><script type=\"application/ld+json\">{\"a\":\"<b>&amp;\"}</script>\
                      <title>T &lt; U</title></head><body><p>a<br>b</p><pre>\n\nx</pre><ul><li>c</li></ul></body></html>";
        let document = parse(source);
        assert_eq!(html(&document, Part::All, &[]), source);
    }

    #[test]
    fn parts() {
        let document = parse("<div id=a><p>one<i>x</i></p></div><table><tr><td>two</td><td>three</td></tr></table>");
        let page = MarkedPage::new(&document);
        let select = |text: &str| page.select(&Selector::parse(text).unwrap());
        let tops = [select("#a"), select("#a p"), select("td + td")].concat();
        let out = html(&document, Part::Below(&tops), &select("i"));
        assert_eq!(out, "<!DOCTYPE html><html><body><div id=\"a\"><p>one</p></div><div>three</div>");
    }
}
