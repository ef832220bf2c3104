//! JSON-LD as sites write it: graphs, references by `@id`, lists of lists, and JSON that is not quite JSON.

use super::without_markup;
use crate::model::hashed::HashedMap;
use serde::de::{DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::Number;
use std::borrow::Cow;
use std::cell::Cell;
use std::fmt;
use xxhash_rust::xxh3::xxh3_64;

/// How deep objects are looked into; real graphs have at most six levels.
const MAX_DEPTH: usize = 12;
/// How many objects of a page are looked at.
const MAX_OBJECTS: usize = 4000;
/// How many values are looked at for one property: lists of references to objects with lists of references multiply.
const MAX_VALUES: usize = 1000;

/// All of a page's JSON-LD: its objects in the order in which they begin, and every text behind the other.
#[derive(Debug, Default)]
pub(super) struct JsonLd {
    objects: Vec<Object>,
    texts: String,
    /// Places in `objects`, by the hash of their `@id`.
    by_id: HashedMap<usize>,
}

/// Properties in their order.
type Object = Vec<(Span, Item)>;

/// A piece of [`JsonLd::texts`], in bytes.
#[derive(Debug, Clone, Copy)]
struct Span {
    start: usize,
    end: usize,
}

#[derive(Debug)]
enum Item {
    Text(Span),
    /// As it is written in decimals.
    Number(Span),
    Flag(bool),
    List(Vec<Item>),
    /// Its place in [`JsonLd::objects`].
    Object(usize),
    /// Nothing, or nothing that is looked at.
    Nothing,
}

impl JsonLd {
    /// Adds the content of one `<script type="application/ld+json">`, and what browsers' own structured-data readers
    /// forgive: comment wrappers, raw line breaks in strings, commas before a closing bracket, a semicolon at the end, a
    /// missing end.
    pub(super) fn add(&mut self, script: &str) {
        let text = script.trim();
        if text.is_empty() {
            return;
        }
        let mark = self.mark();
        let mut reader = serde_json::Deserializer::from_str(text);
        let whole = Reader { graph: self, depth: 0 }.deserialize(&mut reader).and_then(|_| reader.end());
        if whole.is_ok() {
            return;
        }
        self.cut_back(mark);
        let repaired = repair(&unescape(text));
        let mut reader = serde_json::Deserializer::from_str(&repaired);
        // Several objects one after the other, or rubbish behind the first.
        loop {
            let mark = self.mark();
            if (Reader { graph: self, depth: 0 }).deserialize(&mut reader).is_err() {
                self.cut_back(mark);
                return;
            }
        }
    }

    fn mark(&self) -> (usize, usize) {
        (self.objects.len(), self.texts.len())
    }

    /// Forgets what came after a mark.
    fn cut_back(&mut self, (objects, texts): (usize, usize)) {
        self.objects.truncate(objects);
        self.by_id.retain(|_, place| *place < objects);
        self.texts.truncate(texts);
    }

    fn push(&mut self, text: &str) -> Span {
        let start = self.texts.len();
        self.texts.push_str(text);
        Span { start, end: self.texts.len() }
    }

    fn str(&self, span: Span) -> &str {
        &self.texts[span.start..span.end]
    }

    fn node(&self, place: usize) -> Node<'_> {
        Node { graph: self, place }
    }

    fn nodes(&self) -> impl Iterator<Item = Node<'_>> {
        (0..self.objects.len()).map(|place| self.node(place))
    }

    /// The object that describes the page's article: of the types for articles the first, one that names `url` before
    /// others.
    pub(super) fn article(&self, url: Option<&str>) -> Option<Node<'_>> {
        let mut best: Option<(u32, Node<'_>)> = None;
        for node in self.nodes() {
            let Some(rank) = node.types().filter_map(article_rank).max() else { continue };
            let names_page = url.is_some_and(|url| {
                ["url", "@id", "mainEntityOfPage"]
                    .iter()
                    .filter_map(|key| node.text_or(key, "@id"))
                    .any(|value| same_page(value, url))
            });
            let has = |key| node.get(key).is_some();
            let full = u32::from(has("headline") || has("articleBody"))
                + u32::from(has("datePublished"))
                + u32::from(has("author"));
            let score = rank + 4 * full + if names_page { 20 } else { 0 };
            if best.is_none_or(|(known, _)| score > known) {
                best = Some((score, node));
            }
        }
        best.map(|(_, node)| node)
    }

    /// The first object of the types for articles whose headline is in a page's title.
    pub(super) fn article_called(&self, title: &str) -> Option<Node<'_>> {
        /// Letters of a headline that is no chance.
        const LEAST: usize = 12;
        let letters = |text: &str| text.to_lowercase().chars().filter(|c| c.is_alphanumeric()).collect::<String>();
        let title = letters(title);
        let is_called = |node: &Node<'_>| {
            let headline = node.text("headline").map(|text| letters(&without_markup(&text))).unwrap_or_default();
            headline.chars().count() >= LEAST && title.contains(&headline)
        };
        self.nodes().filter(|node| node.types().filter_map(article_rank).any(|rank| rank >= 2)).find(is_called)
    }

    /// The first object of a type.
    pub(super) fn of_type(&self, wanted: &str) -> Option<Node<'_>> {
        self.nodes().find(|node| node.types().any(|kind| kind == wanted))
    }

    /// Every type that occurs.
    pub(super) fn types(&self) -> impl Iterator<Item = &str> {
        self.nodes().flat_map(Node::types)
    }

    /// The longest `articleBody`.
    pub(super) fn longest_body(&self) -> Option<&str> {
        self.nodes().filter_map(|node| node.string("articleBody")).max_by_key(|body| body.len())
    }
}

/// Reads one value into a graph.
struct Reader<'g> {
    graph: &'g mut JsonLd,
    depth: usize,
}

impl<'de> DeserializeSeed<'de> for Reader<'_> {
    type Value = Item;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Item, D::Error> {
        if self.depth > MAX_DEPTH {
            return deserializer.deserialize_ignored_any(IgnoredAny).map(|_| Item::Nothing);
        }
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Reader<'_> {
    type Value = Item;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("JSON")
    }

    fn visit_unit<E>(self) -> Result<Item, E> {
        Ok(Item::Nothing)
    }

    fn visit_bool<E>(self, flag: bool) -> Result<Item, E> {
        Ok(Item::Flag(flag))
    }

    fn visit_u64<E>(self, number: u64) -> Result<Item, E> {
        Ok(Item::Number(self.graph.push(&number.to_string())))
    }

    fn visit_i64<E>(self, number: i64) -> Result<Item, E> {
        Ok(Item::Number(self.graph.push(&number.to_string())))
    }

    fn visit_f64<E>(self, number: f64) -> Result<Item, E> {
        let number = Number::from_f64(number).map(|number| number.to_string());
        Ok(number.map_or(Item::Nothing, |number| Item::Number(self.graph.push(&number))))
    }

    fn visit_str<E>(self, text: &str) -> Result<Item, E> {
        Ok(Item::Text(self.graph.push(text)))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Item, A::Error> {
        let Self { graph, depth } = self;
        let mut items = Vec::new();
        while let Some(item) = list.next_element_seed(Reader { graph, depth: depth + 1 })? {
            items.push(item);
        }
        Ok(Item::List(items))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Item, A::Error> {
        let Self { graph, depth } = self;
        let place = graph.objects.len();
        if place >= MAX_OBJECTS {
            while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
            return Ok(Item::Nothing);
        }
        graph.objects.push(Vec::new());
        let mut object = Object::new();
        while let Some(key) = map.next_key_seed(Key(graph))? {
            // What others said of the page's subject is not the page.
            if matches!(graph.str(key), "review" | "reviews" | "comment") {
                map.next_value::<IgnoredAny>()?;
            } else {
                object.push((key, map.next_value_seed(Reader { graph, depth: depth + 1 })?));
            }
        }
        graph.objects[place] = object;
        // A bare reference (`{"@id": …}`) is not the object that it names.
        if let Some(id) = graph.node(place).string("@id").filter(|_| graph.objects[place].len() > 1) {
            graph.by_id.entry(xxh3_64(id.as_bytes())).or_insert(place);
        }
        Ok(Item::Object(place))
    }
}

/// Reads a property's name.
struct Key<'g>(&'g mut JsonLd);

impl<'de> DeserializeSeed<'de> for Key<'_> {
    type Value = Span;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Span, D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl Visitor<'_> for Key<'_> {
    type Value = Span;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a name")
    }

    fn visit_str<E>(self, text: &str) -> Result<Span, E> {
        Ok(self.0.push(text))
    }
}

/// How surely a type means the page's own article.
fn article_rank(kind: &str) -> Option<u32> {
    match kind {
        // Posts that are no articles of a publication.
        "DiscussionForumPosting" | "SocialMediaPosting" | "JobPosting" => Some(1),
        "LiveBlogPosting" => Some(4),
        kind if kind.ends_with("NewsArticle") => Some(3),
        kind if kind.ends_with("Article") || kind.ends_with("Posting") || kind == "Report" || kind == "Review" => {
            Some(2)
        }
        "WebPage" | "ItemPage" | "CreativeWork" | "VideoObject" | "Recipe" | "HowTo" | "PodcastEpisode" => Some(0),
        _ => None,
    }
}

/// Whether two addresses name one page; scheme, `www.` and a closing slash play no part.
fn same_page(one: &str, other: &str) -> bool {
    fn key(url: &str) -> &str {
        let url = url.split(['#', '?']).next().unwrap_or(url);
        let url = url.split_once("://").map_or(url, |(_, rest)| rest);
        url.strip_prefix("www.").unwrap_or(url).trim_end_matches('/')
    }
    key(one) == key(other)
}

/// One object, its references resolved as they are read.
#[derive(Debug, Clone, Copy)]
pub(super) struct Node<'a> {
    graph: &'a JsonLd,
    place: usize,
}

/// What may yet be looked at for one property.
struct Budget(Cell<usize>);

impl Budget {
    fn new() -> Self {
        Self(Cell::new(MAX_VALUES))
    }

    /// Whether one more value may be looked at.
    fn spend(&self) -> bool {
        let left = self.0.get();
        self.0.set(left.saturating_sub(1));
        left > 0
    }
}

impl<'a> Node<'a> {
    /// A property's value; of one that is given twice the last, as JSON's readers have it.
    fn get(self, key: &str) -> Option<&'a Item> {
        let properties = &self.graph.objects[self.place];
        properties.iter().rev().find(|(name, _)| self.graph.str(*name) == key).map(|(_, item)| item)
    }

    /// A property that is a string.
    fn string(self, key: &str) -> Option<&'a str> {
        self.graph.string(self.get(key)?)
    }

    /// The types without their vocabulary's address.
    fn types(self) -> impl Iterator<Item = &'a str> {
        let items = match self.get("@type") {
            Some(Item::List(list)) => list.as_slice(),
            Some(item) => std::slice::from_ref(item),
            None => &[],
        };
        items
            .iter()
            .filter_map(move |item| self.graph.string(item))
            .map(|kind| kind.rsplit(['/', ':']).next().unwrap_or(kind))
    }

    /// A property as text: a string, a number, or the `name`, `@value` or `url` of an object; of a list its first.
    pub(super) fn text(self, key: &str) -> Option<String> {
        self.text_or(key, "name").map(str::to_owned)
    }

    fn text_or(self, key: &str, inner: &str) -> Option<&'a str> {
        self.graph.first_text(self.get(key)?, inner, 0, &Budget::new())
    }

    /// A property that is a plain string, or an object's `@id`.
    pub(super) fn borrowed(self, key: &str) -> Option<&'a str> {
        match *self.get(key)? {
            Item::Text(span) => Some(self.graph.str(span)),
            Item::Object(place) => self.graph.node(place).string("@id"),
            _ => None,
        }
    }

    /// A property as true or false, which sites write as strings and as schema.org addresses too.
    pub(super) fn flag(self, key: &str) -> Option<bool> {
        match *self.get(key)? {
            Item::Flag(flag) => Some(flag),
            Item::Text(span) => match self.graph.str(span).rsplit('/').next()?.to_ascii_lowercase().as_str() {
                "true" => Some(true),
                "false" => Some(false),
                _ => None,
            },
            _ => None,
        }
    }

    /// A property as the names of all that it lists.
    pub(super) fn names(self, key: &str) -> Vec<String> {
        let mut names = Vec::new();
        if let Some(item) = self.get(key) {
            self.graph.collect_names(item, &mut names, 0, &Budget::new());
        }
        names
    }

    /// A property as a list of texts; a string with commas is split.
    pub(super) fn list(self, key: &str) -> Vec<String> {
        let budget = Budget::new();
        let first_text = |item| self.graph.first_text(item, "name", 0, &budget).map(str::to_owned);
        match self.get(key) {
            Some(&Item::Text(span)) => {
                self.graph.str(span).split([',', ';']).map(|part| part.trim().to_owned()).collect()
            }
            Some(Item::List(list)) => list.iter().filter_map(first_text).collect(),
            Some(item @ Item::Object(_)) => first_text(item).into_iter().collect(),
            _ => Vec::new(),
        }
    }

    /// Whether the object has a type for articles.
    pub(super) fn is_article(self) -> bool {
        self.types().filter_map(article_rank).any(|rank| rank > 1)
    }
}

/// How deep lists and objects are followed for one property.
const MAX_STEPS: usize = 4;

impl JsonLd {
    fn string(&self, item: &Item) -> Option<&str> {
        match item {
            &Item::Text(span) => Some(self.str(span)),
            _ => None,
        }
    }

    fn first_text(&self, item: &Item, inner: &str, step: usize, budget: &Budget) -> Option<&str> {
        if step > MAX_STEPS || !budget.spend() {
            return None;
        }
        match item {
            &Item::Text(span) => Some(self.str(span)).filter(|text| !text.trim().is_empty()),
            &Item::Number(span) => Some(self.str(span)),
            Item::List(list) => list.iter().find_map(|item| self.first_text(item, inner, step + 1, budget)),
            &Item::Object(place) => {
                let object = self.resolve(self.node(place));
                [inner, "@value", "name", "url", "contentUrl"]
                    .iter()
                    .find_map(|key| self.first_text(object.get(key)?, inner, step + 1, budget))
            }
            Item::Flag(_) | Item::Nothing => None,
        }
    }

    fn collect_names(&self, item: &Item, names: &mut Vec<String>, step: usize, budget: &Budget) {
        if step > MAX_STEPS || !budget.spend() {
            return;
        }
        match item {
            &Item::Text(span) => names.push(self.str(span).to_owned()),
            Item::List(list) => list.iter().for_each(|item| self.collect_names(item, names, step + 1, budget)),
            &Item::Object(place) => {
                let object = self.resolve(self.node(place));
                match object.get("name") {
                    Some(&Item::Text(name)) => names.push(self.str(name).to_owned()),
                    Some(list @ Item::List(_)) => self.collect_names(list, names, step + 1, budget),
                    _ => {
                        let part = |key| object.string(key).unwrap_or_default();
                        let full = format!("{} {}", part("givenName"), part("familyName"));
                        if !full.trim().is_empty() {
                            names.push(full.trim().to_owned());
                        }
                    }
                }
            }
            Item::Number(_) | Item::Flag(_) | Item::Nothing => {}
        }
    }

    /// The object that a bare reference (`{"@id": …}`) names; any other object itself.
    fn resolve<'a>(&'a self, node: Node<'a>) -> Node<'a> {
        let properties = &self.objects[node.place];
        let is_reference = properties.iter().all(|(name, _)| {
            let name = self.str(*name);
            name.starts_with('@') && name != "@value"
        });
        let Some(id) = node.string("@id").filter(|_| is_reference) else { return node };
        self.by_id.get(&xxh3_64(id.as_bytes())).map_or(node, |&place| self.node(place))
    }
}

/// Templates escape for an attribute what stands in a script, where nothing undoes it.
fn unescape(text: &str) -> Cow<'_, str> {
    let first_name = text.trim_start_matches(['{', '[']).trim_start();
    if !first_name.starts_with("&quot;") && !first_name.starts_with("&#34;") {
        return Cow::Borrowed(text);
    }
    let names = [("&quot;", "\""), ("&#34;", "\""), ("&#39;", "'"), ("&#x27;", "'"), ("&lt;", "<"), ("&gt;", ">")];
    let text = names.iter().fold(text.to_owned(), |text, (name, sign)| text.replace(name, sign));
    Cow::Owned(text.replace("&amp;", "&"))
}

fn repair(text: &str) -> String {
    // The bracket of `<![CDATA[` opens no list.
    let start = text
        .char_indices()
        .find(|&(at, c)| c == '{' || (c == '[' && !text[..at].ends_with("CDATA") && !text[..at].ends_with("<!")))
        .map_or(0, |(at, _)| at);
    let mut out = String::with_capacity(text.len());
    let mut closers = Vec::new();
    let mut in_string = false;
    let mut chars = text[start..].chars().peekable();
    while let Some(c) = chars.next() {
        if in_string {
            match c {
                '"' if closes_string(&chars) => {
                    in_string = false;
                    out.push('"');
                }
                // A quotation mark that nobody escaped.
                '"' => out.push_str("\\\""),
                '\\' => match chars.next() {
                    Some(next @ ('"' | '\\' | '/' | 'b' | 'f' | 'n' | 'r' | 't' | 'u')) => out.extend(['\\', next]),
                    Some(next) => out.push(next),
                    None => {}
                },
                '\n' => out.push_str("\\n"),
                '\r' => {}
                '\t' => out.push_str("\\t"),
                c if c < ' ' => out.push(' '),
                c => out.push(c),
            }
            continue;
        }
        match c {
            '"' => {
                in_string = true;
                out.push(c);
            }
            '{' | '[' => {
                closers.push(if c == '{' { '}' } else { ']' });
                out.push(c);
            }
            '}' | ']' => {
                drop_trailing_comma(&mut out);
                closers.pop();
                out.push(c);
            }
            // `<!--`, `-->`, `;` and comments outside strings are no JSON.
            '/' if matches!(chars.peek(), Some('*')) => {
                let mut star = false;
                for c in chars.by_ref() {
                    if star && c == '/' {
                        break;
                    }
                    star = c == '*';
                }
            }
            ';' | '<' | '>' | '!' => {}
            c => out.push(c),
        }
    }
    if in_string {
        out.push('"');
    }
    if !closers.is_empty() {
        drop_trailing_comma(&mut out);
        out.extend(closers.into_iter().rev());
    }
    out
}

/// Whether what follows a quotation mark is what follows a string: `:`, `,`, a closing bracket or the end.
fn closes_string(rest: &std::iter::Peekable<std::str::Chars<'_>>) -> bool {
    let mut rest = rest.clone();
    let next = rest.by_ref().find(|c| !c.is_whitespace());
    match next {
        None | Some('}' | ']' | ':') => true,
        // `"He said "no", then left"`: a comma in running text is not followed by a new string or bracket.
        Some(',') => matches!(
            rest.find(|c| !c.is_whitespace()),
            None | Some('"' | '{' | '[' | '}' | ']' | '0'..='9' | 't' | 'f' | 'n')
        ),
        Some(_) => false,
    }
}

fn drop_trailing_comma(out: &mut String) {
    let kept = out.trim_end();
    if kept.ends_with(',') {
        out.truncate(kept.len() - 1);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn references_are_followed() {
        let mut graph = JsonLd::default();
        graph.add(
            r##"{"@graph":[{"@type":"WebPage","@id":"#p"},{"@type":"NewsArticle","headline":"H","author":{"@id":"#a"}},
               {"@type":"Person","@id":"#a","name":"Jane Roe"}]}"##,
        );
        let article = graph.article(None).unwrap();
        assert_eq!(article.names("author"), ["Jane Roe"]);
        assert_eq!(article.text("headline").as_deref(), Some("H"));
    }

    #[test]
    fn an_article_is_known_by_its_headline_however_it_is_escaped() {
        let mut graph = JsonLd::default();
        graph.add(r#"{"@type":"NewsArticle","headline":"Ferries &#038; tides: a list","author":{"name":"Jane Roe"}}"#);
        let called = graph.article_called("Ferries & Tides: A List | The Harbour Ledger").unwrap();
        assert_eq!(called.names("author"), ["Jane Roe"]);
        assert!(graph.article_called("Bridges & tides: a list").is_none());
    }

    #[test]
    fn references_that_multiply_are_bounded() {
        let refer = |to: &str| vec![format!("{{\"@id\":\"{to}\"}}"); 900].join(",");
        let mut graph = JsonLd::default();
        graph.add(&format!(
            "[{{\"@id\":\"b\",\"name\":\"Jane Roe\"}},{{\"@id\":\"a\",\"name\":[{}]}},{{\"@type\":\"NewsArticle\",\"author\":[{}]}}]",
            refer("b"),
            refer("a")
        ));
        let names = graph.article(None).unwrap().names("author");
        assert!(!names.is_empty() && names.len() <= MAX_VALUES, "{}", names.len());
    }

    #[test]
    fn broken_json_is_read_as_far_as_it_goes() {
        let cases = [
            "<!-- {\"@type\":\"NewsArticle\",\"headline\":\"H\",} -->",
            "{\"@type\":\"NewsArticle\",\"headline\":\"H\",\"description\":\"two\nlines\"};",
            "{\"@type\":\"NewsArticle\",\"headline\":\"H\",\"author\":[{\"name\":\"J\"}",
            "{\"@type\":\"NewsArticle\",\"headline\":\"H\",\"description\":\"She said \"no\" and left\"}",
            "/* <![CDATA[ */ {\"@type\":\"NewsArticle\",\"headline\":\"H\"}",
            "{&quot;@type&quot;:&quot;NewsArticle&quot;,&quot;headline&quot;:&quot;H&quot;,&quot;name&quot;:&quot;A &amp; B&quot;}",
        ];
        for case in cases {
            let mut graph = JsonLd::default();
            graph.add(case);
            assert_eq!(graph.article(None).and_then(|node| node.text("headline")).as_deref(), Some("H"), "{case}");
        }
    }

    #[test]
    fn the_page_itself_comes_before_related_articles() {
        let mut graph = JsonLd::default();
        graph.add(
            r#"[{"@type":"NewsArticle","headline":"Other","url":"https://a.example/other"},
                {"@type":"NewsArticle","headline":"This","mainEntityOfPage":{"@id":"https://a.example/this/"}}]"#,
        );
        assert_eq!(graph.article(Some("http://www.a.example/this")).unwrap().text("headline").unwrap(), "This");
    }
}
