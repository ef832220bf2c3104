//! A parsed page written as HTML again, for crates that parse for themselves.

use super::{Attribute, Document, NodeData, NodeId, Tag};

impl Document {
    /// The page as HTML without scripts, styles, templates, drawings and comments. As deep and as large as the guarded
    /// tree, so that another parser can be given it without fear. `base`, where given, is declared in the head.
    #[must_use]
    pub fn to_html(&self) -> String {
        let mut out = String::from("<!DOCTYPE html>");
        let mut open: Vec<NodeId> = Vec::new();
        let mut next = self.first_child(NodeId::ROOT);
        while let Some(node) = next {
            while open.last().is_some_and(|&top| self.parent(node) != Some(top)) {
                self.close(open.pop(), &mut out);
            }
            let mut below = None;
            match self.data(node) {
                NodeData::Text(text) => escape_into(text, &mut out),
                NodeData::Element { tag, .. } if !is_inert(*tag) => {
                    self.open(node, &mut out);
                    if !is_void(*tag) {
                        open.push(node);
                        below = self.first_child(node);
                    }
                }
                _ => {}
            }
            next = below.or_else(|| self.after(node, NodeId::ROOT));
        }
        while let Some(node) = open.pop() {
            self.close(Some(node), &mut out);
        }
        out
    }

    fn open(&self, node: NodeId, out: &mut String) {
        out.push('<');
        out.push_str(self.local_name(node));
        for attribute in self.attributes(node) {
            attribute.write(out);
        }
        out.push('>');
    }

    fn close(&self, node: Option<NodeId>, out: &mut String) {
        if let Some(node) = node {
            out.push_str("</");
            out.push_str(self.local_name(node));
            out.push('>');
        }
    }
}

impl Attribute {
    /// Writes it into a tag. Names that a parser took from broken markup (`<a "x<y>`) need not survive that.
    pub(crate) fn write(&self, out: &mut String) {
        if self.name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_:.".contains(&byte)) {
            out.push(' ');
            out.push_str(&self.name);
            out.push_str("=\"");
            escape_into(&self.value, out);
            out.push('"');
        }
    }
}

/// Text with the characters escaped that mean something in HTML text and in double-quoted attributes.
pub fn escape_into(text: &str, out: &mut String) {
    let mut from = 0;
    for (at, byte) in text.bytes().enumerate() {
        let escape = match byte {
            b'&' => "&amp;",
            b'<' => "&lt;",
            b'>' => "&gt;",
            b'"' => "&quot;",
            _ => continue,
        };
        out.push_str(&text[from..at]);
        out.push_str(escape);
        from = at + 1;
    }
    out.push_str(&text[from..]);
}

fn is_inert(tag: Tag) -> bool {
    matches!(tag, Tag::Script | Tag::Style | Tag::Template | Tag::Svg | Tag::Math | Tag::Canvas | Tag::Iframe)
}

fn is_void(tag: Tag) -> bool {
    matches!(
        tag,
        Tag::Br | Tag::Hr | Tag::Img | Tag::Input | Tag::Link | Tag::Meta | Tag::Embed | Tag::Source | Tag::Wbr
    )
}

#[cfg(test)]
mod tests {
    use super::super::parse;

    #[test]
    fn scripts_go_and_text_is_escaped() {
        let html = parse("<p title='a\"b'>1 &lt; 2<script>x()</script><br>&amp;</p>").to_html();
        assert_eq!(
            html,
            "<!DOCTYPE html><html><head></head><body><p title=\"a&quot;b\">1 &lt; 2<br>&amp;</p></body></html>"
        );
        assert_eq!(parse(&html).to_html(), html);
    }

    #[test]
    fn a_template_is_shown_where_it_is_a_shadow_root() {
        let body = |html: &str| {
            let html = parse(html).to_html();
            html.replace("<!DOCTYPE html><html><head></head><body>", "").replace("</body></html>", "")
        };
        assert_eq!(
            body("<x-y><template shadowrootmode=OPEN><p>a<slot></slot></template><b>b</b></x-y>"),
            "<x-y><div shadowrootmode=\"OPEN\"><p>a<slot></slot></p></div><b>b</b></x-y>"
        );
        assert_eq!(body("<p>a</p><template><p>b</template><template shadowrootmode=none><p>c</template>"), "<p>a</p>");
    }
}
