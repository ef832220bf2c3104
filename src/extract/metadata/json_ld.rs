//! JSON-LD as sites write it: graphs, references by `@id`, lists of lists, and JSON that is not quite JSON.

use serde_json::{Map, Value};
use std::collections::HashMap;

/// How deep objects are looked into; real graphs have at most six levels.
const MAX_DEPTH: usize = 12;
/// How many objects of a page are looked at.
const MAX_OBJECTS: usize = 4000;

/// All of a page's JSON-LD, flattened.
#[derive(Debug, Default)]
pub(super) struct JsonLd {
    objects: Vec<Map<String, Value>>,
    by_id: HashMap<String, usize>,
}

impl JsonLd {
    /// Adds the content of one `<script type="application/ld+json">`.
    pub(super) fn add(&mut self, script: &str) {
        let Some(value) = parse(script) else { return };
        self.flatten(value, 0);
    }

    fn flatten(&mut self, value: Value, depth: usize) {
        if depth > MAX_DEPTH || self.objects.len() >= MAX_OBJECTS {
            return;
        }
        match value {
            Value::Array(list) => list.into_iter().for_each(|item| self.flatten(item, depth + 1)),
            Value::Object(object) => {
                let place = self.objects.len();
                // A bare reference (`{"@id": …}`) is not the object that it names.
                if let Some(id) = object.get("@id").and_then(Value::as_str).filter(|_| object.len() > 1) {
                    self.by_id.entry(id.to_owned()).or_insert(place);
                }
                // What others said of the page's subject is not the page.
                let below: Vec<Value> = object
                    .iter()
                    .filter(|(key, _)| !matches!(key.as_str(), "review" | "reviews" | "comment"))
                    .map(|(_, value)| value)
                    .filter(|value| matches!(value, Value::Object(_) | Value::Array(_)))
                    .cloned()
                    .collect();
                self.objects.push(object);
                for value in below {
                    self.flatten(value, depth + 1);
                }
            }
            _ => {}
        }
    }

    /// The object that describes the page's article: of the types for articles the first, one that names `url` before
    /// others.
    pub(super) fn article(&self, url: Option<&str>) -> Option<Node<'_>> {
        let mut best: Option<(u32, usize)> = None;
        for (place, object) in self.objects.iter().enumerate() {
            let Some(rank) = types_of(object).filter_map(article_rank).max() else { continue };
            let node = Node { graph: self, object };
            let names_page = url.is_some_and(|url| {
                ["url", "@id", "mainEntityOfPage"]
                    .iter()
                    .filter_map(|key| node.text_or(key, "@id"))
                    .any(|value| same_page(&value, url))
            });
            let full = u32::from(object.contains_key("headline") || object.contains_key("articleBody"))
                + u32::from(object.contains_key("datePublished"))
                + u32::from(object.contains_key("author"));
            let score = rank + 4 * full + if names_page { 20 } else { 0 };
            if best.is_none_or(|(known, _)| score > known) {
                best = Some((score, place));
            }
        }
        best.map(|(_, place)| Node { graph: self, object: &self.objects[place] })
    }

    /// The first object of a type.
    pub(super) fn of_type(&self, wanted: &str) -> Option<Node<'_>> {
        self.objects
            .iter()
            .find(|object| types_of(object).any(|kind| kind == wanted))
            .map(|object| Node { graph: self, object })
    }

    /// Every type that occurs.
    pub(super) fn types(&self) -> impl Iterator<Item = &str> {
        self.objects.iter().flat_map(types_of)
    }

    /// The longest `articleBody` or `text` of a post.
    pub(super) fn longest_body(&self) -> Option<&str> {
        self.objects
            .iter()
            .filter_map(|object| object.get("articleBody").and_then(Value::as_str))
            .max_by_key(|body| body.len())
    }
}

fn types_of(object: &Map<String, Value>) -> impl Iterator<Item = &str> {
    let kind = object.get("@type");
    let one = kind.and_then(Value::as_str).into_iter();
    let many = kind.and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str);
    one.chain(many).map(|kind| kind.rsplit(['/', ':']).next().unwrap_or(kind))
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
    object: &'a Map<String, Value>,
}

impl<'a> Node<'a> {
    /// A property as text: a string, a number, or the `name`, `@value` or `url` of an object; of a list its first.
    pub(super) fn text(&self, key: &str) -> Option<String> {
        self.text_or(key, "name")
    }

    fn text_or(&self, key: &str, inner: &str) -> Option<String> {
        self.first_text(self.object.get(key)?, inner, 0)
    }

    fn first_text(&self, value: &'a Value, inner: &str, depth: usize) -> Option<String> {
        if depth > 4 {
            return None;
        }
        match value {
            Value::String(text) => Some(text.clone()).filter(|text| !text.trim().is_empty()),
            Value::Number(number) => Some(number.to_string()),
            Value::Array(list) => list.iter().find_map(|item| self.first_text(item, inner, depth + 1)),
            Value::Object(object) => {
                let object = self.resolve(object);
                [inner, "@value", "name", "url", "contentUrl"]
                    .iter()
                    .find_map(|key| self.first_text(object.get(*key)?, inner, depth + 1))
            }
            _ => None,
        }
    }

    /// A property that is a plain string, or an object's `@id`, without a copy.
    pub(super) fn borrowed(&self, key: &str) -> Option<&'a str> {
        match self.object.get(key)? {
            Value::String(text) => Some(text),
            Value::Object(object) => object.get("@id").and_then(Value::as_str),
            _ => None,
        }
    }

    /// A property as true or false, which sites write as strings and as schema.org addresses too.
    pub(super) fn flag(&self, key: &str) -> Option<bool> {
        match self.object.get(key)? {
            Value::Bool(flag) => Some(*flag),
            Value::String(text) => match text.rsplit('/').next()?.to_ascii_lowercase().as_str() {
                "true" => Some(true),
                "false" => Some(false),
                _ => None,
            },
            _ => None,
        }
    }

    /// A property as the names of all that it lists, with whether each is an organisation.
    pub(super) fn names(&self, key: &str) -> Vec<(String, bool)> {
        let mut names = Vec::new();
        if let Some(value) = self.object.get(key) {
            self.collect_names(value, &mut names, 0);
        }
        names
    }

    fn collect_names(&self, value: &'a Value, names: &mut Vec<(String, bool)>, depth: usize) {
        if depth > 4 {
            return;
        }
        match value {
            Value::String(text) => names.push((text.clone(), false)),
            Value::Array(list) => list.iter().for_each(|item| self.collect_names(item, names, depth + 1)),
            Value::Object(object) => {
                let object = self.resolve(object);
                let organisation = types_of(object).any(|kind| kind.ends_with("Organization"));
                match object.get("name") {
                    Some(Value::String(name)) => names.push((name.clone(), organisation)),
                    Some(list @ Value::Array(_)) => self.collect_names(list, names, depth + 1),
                    _ => {
                        let part = |key| object.get(key).and_then(Value::as_str).unwrap_or_default();
                        let full = format!("{} {}", part("givenName"), part("familyName"));
                        if !full.trim().is_empty() {
                            names.push((full.trim().to_owned(), organisation));
                        }
                    }
                }
            }
            _ => {}
        }
    }

    /// A property as a list of texts; a string with commas is split.
    pub(super) fn list(&self, key: &str) -> Vec<String> {
        match self.object.get(key) {
            Some(Value::String(text)) => text.split([',', ';']).map(|part| part.trim().to_owned()).collect(),
            Some(Value::Array(list)) => list.iter().filter_map(|item| self.first_text(item, "name", 0)).collect(),
            Some(value @ Value::Object(_)) => self.first_text(value, "name", 0).into_iter().collect(),
            _ => Vec::new(),
        }
    }

    fn resolve(&self, object: &'a Map<String, Value>) -> &'a Map<String, Value> {
        let only_reference = object.keys().all(|key| key.starts_with('@')) && !object.contains_key("@value");
        object
            .get("@id")
            .and_then(Value::as_str)
            .filter(|_| only_reference)
            .and_then(|id| self.graph.by_id.get(id))
            .map_or(object, |&place| &self.graph.objects[place])
    }

    /// Whether the object has a type for articles.
    pub(super) fn is_article(&self) -> bool {
        types_of(self.object).filter_map(article_rank).any(|rank| rank > 1)
    }
}

/// Parses JSON, and what browsers' own structured-data readers forgive: comment wrappers, raw line breaks in strings,
/// commas before a closing bracket, a semicolon at the end, a missing end.
fn parse(script: &str) -> Option<Value> {
    let text = script.trim();
    if text.is_empty() {
        return None;
    }
    if let Ok(value) = serde_json::from_str(text) {
        return Some(value);
    }
    // Templates escape for an attribute what stands in a script, where nothing undoes it.
    let first_name = text.trim_start_matches(['{', '[']).trim_start();
    let unescaped = (first_name.starts_with("&quot;") || first_name.starts_with("&#34;")).then(|| {
        let names = [("&quot;", "\""), ("&#34;", "\""), ("&#39;", "'"), ("&#x27;", "'"), ("&lt;", "<"), ("&gt;", ">")];
        let text = names.iter().fold(text.to_owned(), |text, (name, sign)| text.replace(name, sign));
        text.replace("&amp;", "&")
    });
    let repaired = repair(unescaped.as_deref().unwrap_or(text));
    serde_json::from_str(&repaired).ok().or_else(|| {
        // Several objects one after the other, or rubbish behind the first.
        let mut stream = serde_json::Deserializer::from_str(&repaired).into_iter::<Value>();
        let values: Vec<Value> = std::iter::from_fn(|| stream.next().and_then(Result::ok)).collect();
        (!values.is_empty()).then_some(Value::Array(values))
    })
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
        assert_eq!(article.names("author"), [("Jane Roe".to_owned(), false)]);
        assert_eq!(article.text("headline").as_deref(), Some("H"));
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
