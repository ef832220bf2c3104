//! RSS of every version and Atom, in one pass over well-formed XML.
//!
//! Namespaces are taken for what they are meant to be: an entry's own elements are those of the same namespace,
//! whichever that is, and a prefix that nobody declared means what it usually does. What is not well-formed is no matter
//! of this module.

use super::date;
use super::feed::{absolute, address, is_web, plain_title, text_as_html};
use crate::model::{ArticleDate, Link, Provenance};
use quick_xml::NsReader;
use quick_xml::escape;
use quick_xml::events::{BytesStart, Event};
use quick_xml::name::ResolveResult;
use url::Url;

/// How deep `xml:base` is heeded: root, channel, a list and the entries in it. It bounds what is remembered.
const MAX_BASE_DEPTH: usize = 4;

/// The longest base that is heeded, in characters: no longer address is followed, and every link of a feed is joined to it.
const MAX_BASE: usize = 2048;

/// How much of a namespace's name is looked at, in bytes: more than any has, and little for every element of a feed.
const MAX_NAMESPACE: usize = 200;

/// HTML elements without an end tag, which an entry's XHTML has closed.
const VOID: &[&str] = &["area", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"];

/// The entries of a feed, up to `limit`, wherever below its root they stand.
///
/// # Errors
/// What breaks the document, or that it is no feed.
pub(super) fn entries(text: &str, base: &Url, limit: usize) -> Result<Vec<Link>, String> {
    let mut reader = NsReader::from_str(text);
    reader.config_mut().expand_empty_elements = true;
    let mut walk = Walk { bases: vec![(0, base.clone())], depth: 0, entry: None, links: Vec::new() };
    while walk.links.len() < limit {
        let (namespace, event) = reader.read_resolved_event().map_err(|error| error.to_string())?;
        match event {
            Event::Start(tag) => walk.start(&namespace, &tag)?,
            Event::End(tag) => {
                walk.end(tag.local_name().into_inner());
                // What stands behind the root (comments of caches, scripts) is not looked at.
                if walk.depth == 0 {
                    break;
                }
            }
            Event::Text(text) => walk.text(&text.xml10_content()),
            Event::CData(text) => walk.text(&text.xml10_content()),
            Event::GeneralRef(reference) => {
                // Entities that the document declares itself are not looked up, so that none can grow.
                let resolved = reference.resolve_char_ref().ok().flatten().map(String::from);
                let name = reference.xml10_content();
                let known = resolved.or_else(|| escape::resolve_predefined_entity(&name).map(str::to_owned));
                match known {
                    Some(text) => walk.text(&text),
                    None => walk.unknown(&name),
                }
            }
            Event::Eof => return Err("it breaks off".to_owned()),
            _ => {}
        }
    }
    Ok(walk.links)
}

/// Where the reader stands, and what it has found.
struct Walk {
    /// What relative addresses are relative to, with the depth of the element that says so.
    bases: Vec<(usize, Url)>,
    depth: usize,
    entry: Option<Entry>,
    links: Vec<Link>,
}

/// An entry that is being read.
#[derive(Default)]
struct Entry {
    depth: usize,
    namespace: String,
    is_atom: bool,
    field: Option<Field>,
    /// The story's address as a service that counts clicks has noted it.
    original: Option<Url>,
    link: Option<Url>,
    /// An address given as an attribute, with how little it looks like a page for readers.
    alternate: Option<(u8, Url)>,
    guid: Option<Url>,
    title: Option<String>,
    published: Option<ArticleDate>,
    modified: Option<ArticleDate>,
    content: Option<String>,
}

/// An element of an entry that is being read.
struct Field {
    kind: Kind,
    text: String,
    /// Whether `text` is markup, since the element holds others.
    is_markup: bool,
}

/// What an element of an entry tells.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Original,
    Link,
    Guid,
    Title,
    Published,
    Modified,
    Html,
    Plain,
}

/// What a namespace is for.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Vocabulary {
    /// The entry's own, whatever its name.
    Own,
    Atom,
    DublinCore,
    Content,
    FeedBurner,
    Foreign,
}

impl Walk {
    fn base(&self) -> Option<&Url> {
        self.bases.last().map(|(_, base)| base)
    }

    fn start(&mut self, namespace: &ResolveResult<'_>, tag: &BytesStart<'_>) -> Result<(), String> {
        let local = tag.local_name().into_inner();
        let name = local.to_ascii_lowercase();
        if self.depth == 0 && !matches!(name.as_str(), "rss" | "rdf" | "feed" | "channel" | "entry") {
            return Err(format!("its root is <{local}>"));
        }
        self.depth += 1;
        if self.depth <= MAX_BASE_DEPTH || self.entry.as_ref().is_some_and(|entry| self.depth == entry.depth + 1) {
            let base = attribute(tag, "xml:base").and_then(|href| absolute(&href, self.base()?));
            let base = base.filter(|base| base.as_str().len() <= MAX_BASE);
            self.bases.extend(base.map(|base| (self.depth, base)));
        }
        let base = self.bases.last().map(|(_, base)| base);
        match &mut self.entry {
            None if matches!(name.as_str(), "item" | "entry") => {
                self.entry = Some(Entry {
                    depth: self.depth,
                    namespace: key(namespace),
                    is_atom: name == "entry",
                    ..Entry::default()
                });
            }
            Some(entry) if self.depth == entry.depth + 1 => entry.open(&name, namespace, tag, base),
            Some(Entry { field: Some(field), .. }) => field.open(local, tag),
            _ => {}
        }
        Ok(())
    }

    fn end(&mut self, local: &str) {
        if let Some(entry) = &mut self.entry {
            if self.depth == entry.depth {
                let link = self.entry.take().and_then(Entry::into_link);
                self.links.extend(link);
            } else if self.depth == entry.depth + 1 {
                let base = self.bases.last().map(|(_, base)| base);
                entry.close(base);
            } else if let Some(field) = &mut entry.field {
                field.close(local);
            }
        }
        self.depth -= 1;
        while self.bases.last().is_some_and(|(depth, _)| *depth > self.depth) {
            self.bases.pop();
        }
    }

    fn field(&mut self) -> Option<&mut Field> {
        self.entry.as_mut()?.field.as_mut()
    }

    fn text(&mut self, text: &str) {
        let Some(field) = self.field() else { return };
        if field.is_markup {
            field.text.push_str(&escape::minimal_escape(text));
        } else {
            field.text.push_str(text);
        }
    }

    /// An entity of HTML, or of the document's own: it stays a reference, which a title or a text can still undo.
    fn unknown(&mut self, name: &str) {
        if let Some(field) = self.field() {
            field.text.extend(["&", name, ";"]);
        }
    }
}

impl Entry {
    /// An element of the entry begins. Only those with a meaning here are read.
    fn open(&mut self, name: &str, namespace: &ResolveResult<'_>, tag: &BytesStart<'_>, base: Option<&Url>) {
        use Vocabulary::{Atom, Content, DublinCore, FeedBurner, Own};
        self.field = None;
        let vocabulary = self.vocabulary(namespace);
        let kind = match (vocabulary, name) {
            (Own | Atom, "link") => {
                self.take_alternate(tag, base);
                // The links of another vocabulary say nothing in their text.
                (vocabulary == Own).then_some(Kind::Link)
            }
            (FeedBurner, "origlink") => Some(Kind::Original),
            // A guid is a permanent link unless it says otherwise, and some feeds have nothing else.
            (Own, "guid") => {
                let is_link = attribute(tag, "isPermaLink").is_none_or(|value| !value.eq_ignore_ascii_case("false"));
                is_link.then_some(Kind::Guid)
            }
            (Own, "id") if self.is_atom => Some(Kind::Guid),
            (Own, "title") => Some(Kind::Title),
            (Own, "pubdate") | (Own | Atom, "published" | "issued") | (DublinCore, "date" | "issued") => {
                Some(Kind::Published)
            }
            (Own | Atom, "updated" | "modified") | (DublinCore, "modified") => Some(Kind::Modified),
            (Content, "encoded") => Some(Kind::Html),
            (Own, "content") if self.is_atom => content_kind(tag),
            (Atom, "content") => content_kind(tag),
            _ => None,
        };
        self.field = kind.map(|kind| Field { kind, text: String::new(), is_markup: false });
    }

    fn vocabulary(&self, namespace: &ResolveResult<'_>) -> Vocabulary {
        if *namespace == ResolveResult::Unbound || key(namespace) == self.namespace {
            return Vocabulary::Own;
        }
        match namespace {
            ResolveResult::Bound(name) => {
                let name = beginning(name.0).trim_start_matches("https://").trim_start_matches("http://");
                match name.trim_end_matches(['/', '#']) {
                    "www.w3.org/2005/Atom" | "purl.org/atom/ns" => Vocabulary::Atom,
                    "purl.org/dc/elements/1.1" | "purl.org/dc/terms" => Vocabulary::DublinCore,
                    "purl.org/rss/1.0/modules/content" => Vocabulary::Content,
                    "rssnamespace.org/feedburner/ext/1.0" => Vocabulary::FeedBurner,
                    _ => Vocabulary::Foreign,
                }
            }
            ResolveResult::Unknown(prefix) => match prefix.to_ascii_lowercase().as_str() {
                "atom" | "a10" => Vocabulary::Atom,
                "dc" | "dcterms" => Vocabulary::DublinCore,
                "content" => Vocabulary::Content,
                "feedburner" => Vocabulary::FeedBurner,
                _ => Vocabulary::Foreign,
            },
            ResolveResult::Unbound => Vocabulary::Own,
        }
    }

    /// Takes the address of a link that gives it as an attribute, if it leads to the story itself. Of several, a page
    /// comes before other forms, and the earlier before the later.
    fn take_alternate(&mut self, tag: &BytesStart<'_>, base: Option<&Url>) {
        let relation = attribute(tag, "rel").unwrap_or_default();
        let mut relations = relation.split_ascii_whitespace().peekable();
        let is_story = relations.peek().is_none() || relations.any(|one| one.eq_ignore_ascii_case("alternate"));
        if !is_story {
            return;
        }
        let Some(url) = attribute(tag, "href").and_then(|href| address(&href, base?)) else { return };
        let is_page = attribute(tag, "type").is_none_or(|kind| {
            let kind = kind.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
            matches!(kind.as_str(), "" | "text/html" | "html" | "application/xhtml+xml")
        });
        let rank = u8::from(!is_page);
        if self.alternate.as_ref().is_none_or(|(best, _)| rank < *best) {
            self.alternate = Some((rank, url));
        }
    }

    /// An element of the entry ends: the first of a kind that can be made sense of counts.
    fn close(&mut self, base: Option<&Url>) {
        let Some(Field { kind, text, is_markup }) = self.field.take() else { return };
        if text.trim().is_empty() {
            return;
        }
        let url = || address(&text, base?);
        let moment = || date::read_in_utc(&text);
        match kind {
            Kind::Original => self.original = self.original.take().or_else(url),
            Kind::Link => self.link = self.link.take().or_else(url),
            // An id that is no address is none relative to the feed either.
            Kind::Guid => self.guid = self.guid.take().or_else(|| Url::parse(text.trim()).ok().filter(is_web)),
            Kind::Title => self.title = self.title.take().or_else(|| plain_title(&text)),
            Kind::Published => self.published = self.published.or_else(moment),
            Kind::Modified => self.modified = self.modified.or_else(moment),
            Kind::Plain if self.content.is_none() && !is_markup => self.content = Some(text_as_html(&text)),
            Kind::Html | Kind::Plain => self.content = self.content.take().or(Some(text)),
        }
    }

    fn into_link(self) -> Option<Link> {
        let alternate = self.alternate.map(|(_, url)| url);
        let target = self.original.or(self.link).or(alternate).or(self.guid)?;
        Some(Link {
            title: self.title,
            published: self.published,
            modified: self.modified,
            content: self.content,
            ..Link::new(target, Provenance::Feed)
        })
    }
}

impl Field {
    /// An element inside of the field begins: the field holds markup, which is written down as HTML.
    fn open(&mut self, local: &str, tag: &BytesStart<'_>) {
        if !self.is_markup {
            self.is_markup = true;
            self.text = escape::minimal_escape(self.text.as_str()).into_owned();
        }
        self.text.extend(["<", local, tag.attributes_raw().trim_end().trim_end_matches('/'), ">"]);
    }

    fn close(&mut self, local: &str) {
        if !VOID.contains(&local) {
            self.text.extend(["</", local, ">"]);
        }
    }
}

/// How the text of an Atom entry is written down; not what is only linked to, and neither pictures nor other data.
fn content_kind(tag: &BytesStart<'_>) -> Option<Kind> {
    if attribute(tag, "mode").is_some_and(|mode| mode.eq_ignore_ascii_case("base64")) {
        return None;
    }
    match attribute(tag, "type").unwrap_or_default().trim().to_ascii_lowercase().as_str() {
        "" | "text" | "text/plain" => Some(Kind::Plain),
        "html" | "xhtml" | "text/html" | "application/xhtml+xml" => Some(Kind::Html),
        _ => None,
    }
}

/// What tells namespaces apart, declared or not.
fn key(namespace: &ResolveResult<'_>) -> String {
    match namespace {
        ResolveResult::Bound(name) => beginning(name.0).to_owned(),
        ResolveResult::Unknown(prefix) => format!("{}:", beginning(prefix)),
        ResolveResult::Unbound => String::new(),
    }
}

fn beginning(name: &str) -> &str {
    &name[..name.floor_char_boundary(MAX_NAMESPACE)]
}

/// The value of an attribute, in whichever case its name is written.
fn attribute(tag: &BytesStart<'_>, name: &str) -> Option<String> {
    let mut attributes = tag.html_attributes();
    // Looking for names that stand twice takes the square of their number.
    let value = attributes
        .with_checks(false)
        .flatten()
        .find(|attribute| attribute.key.as_ref().eq_ignore_ascii_case(name))?
        .value;
    let unescaped = escape::unescape(&value).map(std::borrow::Cow::into_owned);
    // A reference that nobody knows stays what it is.
    Some(unescaped.unwrap_or_else(|_| value.into_owned()))
}
