//! The page itself with every block marked by what was decided of it: for people who want to see what went.
//!
//! Only tags of a closed list are written, without any attribute of the page's, so that nothing of it runs, loads or
//! covers anything.

use super::blocks::{self, Block, effective_tag};
use super::{Decision, Verdict};
use crate::markup::{Document, NodeData, NodeId, Tag, escape_into};
use std::fmt::Write as _;

/// Bytes from which on the rest of a page is left out: a browser draws no more in a second or two.
const MAX_BYTES: usize = 4 * 1024 * 1024;

impl Decision {
    /// The page's body as HTML. Each piece of text stands in a `<mark>` with the number of its block, from 0, in `data-block`
    /// and with the class `kept`, `dropped`, or `taken` where the block is one of these texts, which went into a field; what is
    /// no part of any block stands as it is.
    pub(in super::super) fn xray(&self, document: &Document, fields: &[&str]) -> String {
        let is_taken = |block: &Block| fields.contains(&self.outline.text_of(block));
        let class = |(block, verdict): (&Block, &Verdict)| {
            if verdict.kept {
                "kept"
            } else if is_taken(block) {
                "taken"
            } else {
                "dropped"
            }
        };
        let classes: Vec<&str> = self.outline.blocks.iter().zip(&self.verdicts).map(class).collect();
        let mut out = String::new();
        let Some(body) = document.find(NodeId::ROOT, Tag::Body) else { return out };
        let mut pieces = self.outline.pieces.iter().peekable();
        let mut open: Vec<(NodeId, &str)> = Vec::new();
        let mut next = document.first_child(body);
        while let Some(node) = next {
            while open.last().is_some_and(|(top, _)| document.parent(node) != Some(*top)) {
                close(&mut open, &mut out);
            }
            let mut below = None;
            match document.data(node) {
                NodeData::Text(text) => {
                    // Pieces stand in the order of the walk, which is this one's.
                    let piece = pieces.next_if(|(piece, _)| *piece == node);
                    let class = |block: u32| if self.cut.contains(&node) { "dropped" } else { classes[block as usize] };
                    mark(text, piece.map(|&(_, block)| (block, class(block))), &mut out);
                }
                NodeData::Element { tag, .. } => {
                    let tag = effective_tag(document, node, *tag);
                    match tag {
                        Tag::Br => out.push_str("<br>"),
                        Tag::Hr => out.push_str("<hr>"),
                        Tag::Img | Tag::AmpImg => picture(document.attribute(node, "alt"), &mut out),
                        // Where it was read, its pieces say so.
                        tag if blocks::is_skipped(tag) && tag != Tag::Noscript => {}
                        tag => {
                            let (name, class) = written(tag);
                            out.push('<');
                            out.push_str(name);
                            if !class.is_empty() {
                                let _ = write!(out, " class=\"{class}\"");
                            }
                            out.push('>');
                            open.push((node, name));
                            below = document.first_child(node);
                        }
                    }
                }
                NodeData::Document => {}
            }
            if out.len() > MAX_BYTES {
                out.push_str("<hr><p>The rest of this page is left out here.</p>");
                break;
            }
            next = below.or_else(|| document.after(node, body));
        }
        while !open.is_empty() {
            close(&mut open, &mut out);
        }
        out
    }
}

fn mark(text: &str, block: Option<(u32, &str)>, out: &mut String) {
    let Some((block, class)) = block else {
        escape_into(text, out);
        return;
    };
    let _ = write!(out, "<mark class=\"{class}\" data-block=\"{block}\">");
    escape_into(text, out);
    out.push_str("</mark>");
}

fn close(open: &mut Vec<(NodeId, &str)>, out: &mut String) {
    if let Some((_, name)) = open.pop() {
        let _ = write!(out, "</{name}>");
    }
}

fn picture(alt: Option<&str>, out: &mut String) {
    out.push_str("<span class=\"picture\">");
    escape_into(alt.filter(|alt| !alt.trim().is_empty()).unwrap_or("picture"), out);
    out.push_str("</span>");
}

/// The element and the class that stand for a tag. Headings and landmarks are none here: they would be among those of the
/// page that shows this.
fn written(tag: Tag) -> (&'static str, &'static str) {
    match tag {
        Tag::P => ("p", ""),
        Tag::Ul | Tag::Menu | Tag::Dir => ("ul", ""),
        Tag::Ol => ("ol", ""),
        Tag::Li => ("li", ""),
        Tag::Dl => ("dl", ""),
        Tag::Dt => ("dt", ""),
        Tag::Dd => ("dd", ""),
        Tag::Table => ("table", ""),
        Tag::Tbody | Tag::Thead | Tag::Tfoot => ("tbody", ""),
        Tag::Tr => ("tr", ""),
        Tag::Td | Tag::Th => ("td", ""),
        Tag::Blockquote => ("blockquote", ""),
        Tag::Pre => ("pre", ""),
        Tag::B | Tag::Strong => ("b", ""),
        Tag::I | Tag::Em | Tag::Cite => ("i", ""),
        Tag::Code | Tag::Kbd | Tag::Samp | Tag::Tt => ("code", ""),
        Tag::Sub => ("sub", ""),
        Tag::Sup => ("sup", ""),
        Tag::A => ("span", "link"),
        Tag::H1 => ("div", "h1"),
        Tag::H2 => ("div", "h2"),
        Tag::H3 | Tag::H4 | Tag::H5 | Tag::H6 => ("div", "h3"),
        Tag::Nav => ("div", "box nav"),
        Tag::Header => ("div", "box header"),
        Tag::Footer => ("div", "box footer"),
        Tag::Aside => ("div", "box aside"),
        Tag::Form => ("div", "box form"),
        Tag::Article | Tag::Main => ("div", "box article"),
        Tag::Figure => ("div", "box figure"),
        tag if blocks::is_block(tag) => ("div", ""),
        _ => ("span", ""),
    }
}

#[cfg(test)]
mod tests {
    use super::super::{PageWords, decide};
    use crate::markup::parse;

    fn xray(html: &str) -> String {
        let document = parse(html);
        decide(&document, &PageWords::default()).xray(&document, &["One title"])
    }

    #[test]
    fn nothing_of_the_page_but_its_words_and_its_structure_is_written() {
        let html = "<body onload=x()><nav><a href=javascript:x() onclick=x()>Home</a></nav><svg onload=x()><text>y</text></svg>\
            <style>mark{display:none}</style><iframe srcdoc='<script>x()</script>'></iframe><p style='position:fixed'>One \
            &lt;script&gt; <b title=x>two</b><img src=x onerror=x() alt='a \"cat\"'></p><mark class=kept>own</mark>";
        let seen = xray(html);
        for bad in ["onclick", "onload", "onerror", "javascript", "style", "iframe", "svg", "<script", "href", "title"]
        {
            assert!(!seen.contains(bad), "{bad} is in {seen}");
        }
        assert!(seen.contains("data-block=\"0\">Home</mark>") && seen.contains("&lt;script&gt;"), "{seen}");
        assert!(seen.contains("<span class=\"picture\">a &quot;cat&quot;</span>"), "{seen}");
        // A mark of the page's own is none of ours.
        assert!(seen.contains("<span><mark class=\"") && !seen.contains("<mark class=\"kept\">own"), "{seen}");
        let count = |what: &str| seen.matches(what).count();
        for name in ["div", "p", "span", "b", "mark"] {
            assert_eq!(
                count(&format!("<{name}>")) + count(&format!("<{name} ")),
                count(&format!("</{name}>")),
                "{name}"
            );
        }
    }

    #[test]
    fn every_block_is_marked() {
        let html = "<ul><li>a b<li>c d</ul><p>one<br><br>two</p><table><tr><td>x y</table><p> — </p>";
        let seen = xray(html);
        for block in 0..5 {
            assert!(seen.contains(&format!("data-block=\"{block}\"")), "{block} is not in {seen}");
        }
        assert!(!seen.contains("data-block=\"5\"") && seen.contains('—'), "{seen}");
        assert!(xray("<h1>One <i>title</i></h1>").contains("<mark class=\"taken\" data-block=\"0\">title</mark>"));
    }
}
