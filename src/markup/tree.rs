//! The flat tree: every node in one array, links by index.

use super::Tag;
use html5ever::interface::{ElemName, ElementFlags, NodeOrText, QuirksMode, TreeSink};
use html5ever::tendril::StrTendril;
use html5ever::{LocalName, Namespace, QualName, local_name, ns};
use std::borrow::Cow;
use std::cell::{Ref, RefCell};
use std::ops::Range;

/// Attributes of an element at the most, where all of them count: the standard has them compared with each other, and
/// real tags have under a hundred.
pub(super) const MAX_ATTRIBUTES: usize = 256;

/// A node's place in its [`Document`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct NodeId(u32);

impl NodeId {
    /// The document itself.
    pub const ROOT: Self = Self(0);
    const NONE: Self = Self(u32::MAX);

    /// The place as an index, for tables that run beside the tree.
    #[must_use]
    pub fn index(self) -> usize {
        self.0 as usize
    }

    fn some(self) -> Option<Self> {
        (self != Self::NONE).then_some(self)
    }
}

/// What a node is.
#[derive(Debug)]
pub enum NodeData {
    /// The root.
    Document,
    /// An element.
    Element {
        /// Its name, where it is a known one.
        tag: Tag,
        /// Where its attributes stand: see [`Document::attributes`].
        attributes: Range<u32>,
    },
    /// Text, adjacent pieces joined.
    Text(StrTendril),
}

/// An attribute of an element.
#[derive(Debug, Clone)]
pub struct Attribute {
    /// Its name, in lower case.
    pub name: LocalName,
    /// Its value, character references resolved.
    pub value: StrTendril,
}

impl From<html5ever::Attribute> for Attribute {
    fn from(parsed: html5ever::Attribute) -> Self {
        Self { name: parsed.name.local, value: parsed.value }
    }
}

#[derive(Debug)]
struct Node {
    parent: NodeId,
    first_child: NodeId,
    last_child: NodeId,
    previous: NodeId,
    next: NodeId,
    data: NodeData,
}

/// A parsed page.
#[derive(Debug)]
pub struct Document {
    nodes: Vec<Node>,
    names: Vec<(Namespace, LocalName)>,
    /// Of all elements: those of one stand together, in source order.
    attributes: Vec<Attribute>,
    truncated: bool,
}

impl Document {
    /// How many nodes there are, detached ones included.
    #[must_use]
    pub fn len(&self) -> usize {
        self.nodes.len()
    }

    /// Whether the page held nothing at all.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.nodes.len() <= 1
    }

    /// Whether the guard dropped tags because the page was too deep or had too many nodes.
    #[must_use]
    pub fn truncated(&self) -> bool {
        self.truncated
    }

    pub(super) fn mark_truncated(&mut self) {
        self.truncated = true;
    }

    /// What a node is.
    #[must_use]
    pub fn data(&self, node: NodeId) -> &NodeData {
        &self.nodes[node.index()].data
    }

    /// The tag of an element; `None` for other nodes.
    #[must_use]
    pub fn tag(&self, node: NodeId) -> Option<Tag> {
        match self.data(node) {
            NodeData::Element { tag, .. } => Some(*tag),
            _ => None,
        }
    }

    /// An element's name as written by the parser, for elements that [`Tag`] does not know too.
    #[must_use]
    pub fn local_name(&self, node: NodeId) -> &str {
        let name = &self.names[node.index()].1;
        // A shadow root's template is shown, as other programs would not show it.
        if &**name == "template" && self.tag(node) == Some(Tag::Div) { "div" } else { name }
    }

    /// The text of a text node.
    #[must_use]
    pub fn text(&self, node: NodeId) -> Option<&str> {
        match self.data(node) {
            NodeData::Text(text) => Some(text),
            _ => None,
        }
    }

    /// An element's attribute, of those that `names` has the tokenizer keep.
    #[must_use]
    pub fn attribute(&self, node: NodeId, name: &str) -> Option<&str> {
        debug_assert!(super::names::is_kept(name), "{name}: the tokenizer drops it");
        self.attributes(node).iter().find(|attribute| &*attribute.name == name).map(|attribute| &*attribute.value)
    }

    /// An element's attributes.
    #[must_use]
    pub fn attributes(&self, node: NodeId) -> &[Attribute] {
        match self.data(node) {
            NodeData::Element { attributes, .. } => {
                &self.attributes[attributes.start as usize..attributes.end as usize]
            }
            _ => &[],
        }
    }

    /// The parent.
    #[must_use]
    pub fn parent(&self, node: NodeId) -> Option<NodeId> {
        self.nodes[node.index()].parent.some()
    }

    /// The first child.
    #[must_use]
    pub fn first_child(&self, node: NodeId) -> Option<NodeId> {
        self.nodes[node.index()].first_child.some()
    }

    /// The next sibling.
    #[must_use]
    pub fn next_sibling(&self, node: NodeId) -> Option<NodeId> {
        self.nodes[node.index()].next.some()
    }

    /// The previous sibling.
    #[must_use]
    pub fn previous_sibling(&self, node: NodeId) -> Option<NodeId> {
        self.nodes[node.index()].previous.some()
    }

    /// The children, in order.
    #[must_use]
    pub fn children(&self, node: NodeId) -> Children<'_> {
        Children { document: self, next: self.first_child(node) }
    }

    /// The nodes below a node, in document order, the node itself not among them.
    #[must_use]
    pub fn descendants(&self, node: NodeId) -> Descendants<'_> {
        Descendants { document: self, top: node, next: self.first_child(node) }
    }

    /// The text below a node, pieces joined as they stand.
    #[must_use]
    pub fn text_content(&self, node: NodeId) -> String {
        self.descendants(node).filter_map(|below| self.text(below)).collect()
    }

    /// The text below a node if it has at most `most` bytes, found in as many steps: what asks for it of many nodes in
    /// each other stays linear.
    #[must_use]
    pub fn short_text(&self, node: NodeId, most: usize) -> Option<String> {
        let mut out = String::new();
        for (step, below) in self.descendants(node).enumerate() {
            out.push_str(self.text(below).unwrap_or_default());
            if step >= most || out.len() > most {
                return None;
            }
        }
        Some(out)
    }

    /// The first element of a name below a node.
    #[must_use]
    pub fn find(&self, node: NodeId, tag: Tag) -> Option<NodeId> {
        self.descendants(node).find(|&below| self.tag(below) == Some(tag))
    }

    /// The node that follows in document order when `node`'s own subtree is passed over, within `top`.
    #[must_use]
    pub fn after(&self, node: NodeId, top: NodeId) -> Option<NodeId> {
        let mut at = node;
        while at != top {
            if let Some(next) = self.next_sibling(at) {
                return Some(next);
            }
            at = self.parent(at)?;
        }
        None
    }
}

/// See [`Document::children`].
#[derive(Debug)]
pub struct Children<'a> {
    document: &'a Document,
    next: Option<NodeId>,
}

impl Iterator for Children<'_> {
    type Item = NodeId;

    fn next(&mut self) -> Option<NodeId> {
        let node = self.next?;
        self.next = self.document.next_sibling(node);
        Some(node)
    }
}

/// See [`Document::descendants`].
#[derive(Debug)]
pub struct Descendants<'a> {
    document: &'a Document,
    top: NodeId,
    next: Option<NodeId>,
}

impl Iterator for Descendants<'_> {
    type Item = NodeId;

    fn next(&mut self) -> Option<NodeId> {
        let node = self.next?;
        self.next = self.document.first_child(node).or_else(|| self.document.after(node, self.top));
        Some(node)
    }
}

/// Builds a [`Document`] from the tree builder's calls.
#[derive(Debug)]
pub(super) struct Arena {
    document: RefCell<Document>,
    /// The list that the last tag's attributes came in, empty again: the next tag's can come in it too.
    spare: RefCell<Vec<html5ever::Attribute>>,
}

impl Arena {
    pub(super) fn with_capacity(nodes: usize) -> Self {
        let arena = Self {
            document: RefCell::new(Document {
                nodes: Vec::with_capacity(nodes),
                names: Vec::with_capacity(nodes),
                attributes: Vec::with_capacity(nodes),
                truncated: false,
            }),
            spare: RefCell::default(),
        };
        arena.push(NodeData::Document, None);
        arena
    }

    pub(super) fn node_count(&self) -> usize {
        self.document.borrow().nodes.len()
    }

    /// An empty list for a tag's attributes.
    pub(super) fn spare_list(&self) -> Vec<html5ever::Attribute> {
        self.spare.take()
    }

    fn push(&self, data: NodeData, name: Option<QualName>) -> NodeId {
        let mut document = self.document.borrow_mut();
        let id = NodeId(u32::try_from(document.nodes.len()).expect("the guard bounds the number of nodes"));
        document.nodes.push(Node {
            parent: NodeId::NONE,
            first_child: NodeId::NONE,
            last_child: NodeId::NONE,
            previous: NodeId::NONE,
            next: NodeId::NONE,
            data,
        });
        document.names.push(name.map_or((ns!(), local_name!("")), |name| (name.ns, name.local)));
        id
    }
}

impl Document {
    /// Puts attributes behind all others; says where.
    fn add_attributes(&mut self, added: impl Iterator<Item = Attribute>) -> Range<u32> {
        let from = self.attributes.len() as u32;
        self.attributes.extend(added);
        from..self.attributes.len() as u32
    }

    fn detach(&mut self, node: NodeId) {
        let Node { parent, previous, next, .. } = self.nodes[node.index()];
        match previous.some() {
            Some(previous) => self.nodes[previous.index()].next = next,
            None if parent != NodeId::NONE => self.nodes[parent.index()].first_child = next,
            None => {}
        }
        match next.some() {
            Some(next) => self.nodes[next.index()].previous = previous,
            None if parent != NodeId::NONE => self.nodes[parent.index()].last_child = previous,
            None => {}
        }
        let node = &mut self.nodes[node.index()];
        (node.parent, node.previous, node.next) = (NodeId::NONE, NodeId::NONE, NodeId::NONE);
    }

    fn append(&mut self, parent: NodeId, child: NodeId) {
        self.detach(child);
        let last = self.nodes[parent.index()].last_child;
        match last.some() {
            Some(last) => self.nodes[last.index()].next = child,
            None => self.nodes[parent.index()].first_child = child,
        }
        self.nodes[parent.index()].last_child = child;
        let node = &mut self.nodes[child.index()];
        (node.parent, node.previous) = (parent, last);
    }

    fn insert_before(&mut self, sibling: NodeId, child: NodeId) {
        self.detach(child);
        let Node { parent, previous, .. } = self.nodes[sibling.index()];
        let node = &mut self.nodes[child.index()];
        (node.parent, node.previous, node.next) = (parent, previous, sibling);
        self.nodes[sibling.index()].previous = child;
        match previous.some() {
            Some(previous) => self.nodes[previous.index()].next = child,
            None if parent != NodeId::NONE => self.nodes[parent.index()].first_child = child,
            None => {}
        }
    }

    fn text_mut(&mut self, node: NodeId) -> Option<&mut StrTendril> {
        match &mut self.nodes.get_mut(node.index())?.data {
            NodeData::Text(text) => Some(text),
            _ => None,
        }
    }
}

/// An element's name while the arena is borrowed.
#[derive(Debug)]
pub(super) struct NameRef<'a>(Ref<'a, (Namespace, LocalName)>);

impl ElemName for NameRef<'_> {
    fn ns(&self) -> &Namespace {
        &self.0.0
    }

    fn local_name(&self) -> &LocalName {
        &self.0.1
    }
}

impl TreeSink for Arena {
    type Handle = NodeId;
    type Output = Document;
    type ElemName<'a> = NameRef<'a>;

    fn finish(self) -> Document {
        self.document.into_inner()
    }

    fn parse_error(&self, _: Cow<'static, str>) {}

    fn get_document(&self) -> NodeId {
        NodeId::ROOT
    }

    fn elem_name<'a>(&'a self, target: &'a NodeId) -> NameRef<'a> {
        NameRef(Ref::map(self.document.borrow(), |document| &document.names[target.index()]))
    }

    fn create_element(&self, name: QualName, mut attributes: Vec<html5ever::Attribute>, _: ElementFlags) -> NodeId {
        let tag = if name.ns == ns!(html) || &*name.local == "svg" || &*name.local == "math" {
            Tag::of(&name.local)
        } else {
            Tag::Other
        };
        // A browser shows what such a template holds in the place of the element around it.
        let is_shadow_root = |attribute: &html5ever::Attribute| {
            &*attribute.name.local == "shadowrootmode"
                && ["open", "closed"].iter().any(|mode| attribute.value.eq_ignore_ascii_case(mode))
        };
        let tag = if tag == Tag::Template && attributes.iter().any(is_shadow_root) { Tag::Div } else { tag };
        let own = self.document.borrow_mut().add_attributes(attributes.drain(..).map(Attribute::from));
        self.spare.replace(attributes);
        self.push(NodeData::Element { tag, attributes: own }, Some(name))
    }

    /// No stage reads comments: they have no node, and the text before and after one is one text.
    fn create_comment(&self, _: StrTendril) -> NodeId {
        NodeId::NONE
    }

    fn create_pi(&self, _: StrTendril, _: StrTendril) -> NodeId {
        NodeId::NONE
    }

    fn append(&self, parent: &NodeId, child: NodeOrText<NodeId>) {
        match child {
            NodeOrText::AppendNode(NodeId::NONE) => {}
            NodeOrText::AppendNode(child) => self.document.borrow_mut().append(*parent, child),
            NodeOrText::AppendText(text) => {
                let last = self.document.borrow().nodes[parent.index()].last_child;
                if let Some(end) = self.document.borrow_mut().text_mut(last) {
                    end.push_tendril(&text);
                    return;
                }
                let node = self.push(NodeData::Text(text), None);
                self.document.borrow_mut().append(*parent, node);
            }
        }
    }

    fn append_before_sibling(&self, sibling: &NodeId, child: NodeOrText<NodeId>) {
        match child {
            NodeOrText::AppendNode(NodeId::NONE) => {}
            NodeOrText::AppendNode(child) => self.document.borrow_mut().insert_before(*sibling, child),
            NodeOrText::AppendText(text) => {
                let previous = self.document.borrow().nodes[sibling.index()].previous;
                if let Some(end) = self.document.borrow_mut().text_mut(previous) {
                    end.push_tendril(&text);
                    return;
                }
                let node = self.push(NodeData::Text(text), None);
                self.document.borrow_mut().insert_before(*sibling, node);
            }
        }
    }

    fn append_based_on_parent_node(&self, element: &NodeId, previous: &NodeId, child: NodeOrText<NodeId>) {
        if self.document.borrow().parent(*element).is_some() {
            self.append_before_sibling(element, child);
        } else {
            self.append(previous, child);
        }
    }

    fn append_doctype_to_document(&self, _: StrTendril, _: StrTendril, _: StrTendril) {}

    /// A template's contents stay below it: nothing reads them unless they are a shadow root, and they need no tree of
    /// their own.
    fn get_template_contents(&self, target: &NodeId) -> NodeId {
        *target
    }

    fn same_node(&self, one: &NodeId, other: &NodeId) -> bool {
        one == other
    }

    fn set_quirks_mode(&self, _: QuirksMode) {}

    fn allow_declarative_shadow_roots(&self, _: &NodeId) -> bool {
        false
    }

    fn add_attrs_if_missing(&self, target: &NodeId, new: Vec<html5ever::Attribute>) {
        let mut document = self.document.borrow_mut();
        let known = document.attributes(*target);
        let is_new = |attribute: &Attribute| !known.iter().any(|known| known.name == attribute.name);
        // However many tags of this name add to the element's, they are copied no more often than there is room.
        let room = MAX_ATTRIBUTES.saturating_sub(known.len());
        let new: Vec<Attribute> = new.into_iter().map(Attribute::from).filter(is_new).take(room).collect();
        if !new.is_empty() {
            let all = [known, &new].concat();
            let place = document.add_attributes(all.into_iter());
            if let NodeData::Element { attributes, .. } = &mut document.nodes[target.index()].data {
                *attributes = place;
            }
        }
    }

    fn remove_from_parent(&self, target: &NodeId) {
        self.document.borrow_mut().detach(*target);
    }

    fn reparent_children(&self, node: &NodeId, new_parent: &NodeId) {
        let mut document = self.document.borrow_mut();
        let mut next = document.first_child(*node);
        while let Some(child) = next {
            next = document.next_sibling(child);
            document.append(*new_parent, child);
        }
    }
}
