//! What the object that holds an article's text says of the article: its headline, who wrote it, and when.

use jiff::Timestamp;
use serde_json::{Map, Value};

/// Objects around a text that can be the article's own, the innermost first.
const LEVELS: usize = 5;
/// Fields past which an object is a store of many things.
const MOST_FIELDS: usize = 200;
/// Longest headline, name and date, in characters.
const MOST_CHARS: usize = 300;
/// Names of an article at the most.
const MOST_NAMES: usize = 12;
/// How deep below its field a name can lie: `authors.edges[0].node.name`.
const NAME_DEPTH: usize = 6;

/// Names of fields in lower case and without any sign, the most telling first.
const TITLES: [&str; 4] = ["headline", "headlines", "title", "topictitle"];
const AUTHORS: [&str; 9] =
    ["authors", "author", "byline", "bylines", "writers", "writer", "creators", "creator", "contributors"];
const PUBLISHED: [&str; 15] = [
    "firstpublishedat",
    "firstpublished",
    "firstpublishdate",
    "publishedat",
    "publisheddate",
    "publishdate",
    "publicationdate",
    "datepublished",
    "pubdate",
    "publishtime",
    "published",
    "displaydate",
    "date",
    "createdat",
    "created",
];
const MODIFIED: [&str; 6] = ["updatedat", "modifiedat", "datemodified", "lastmodified", "updated", "modified"];
/// Of what an object is where a text is expected: `{ "rendered": "…" }`, `{ "basic": "…" }`, `{ "iso": "…" }`.
const TEXTS: [&str; 8] = ["rendered", "basic", "text", "value", "default", "iso", "date", "utc"];
/// What a person is called, and where else to look for it.
const NAMES: [&str; 6] = ["name", "fullname", "displayname", "title", "label", "username"];
const HOLDERS: [&str; 14] = [
    "data",
    "edges",
    "nodes",
    "node",
    "items",
    "list",
    "entries",
    "attributes",
    "fields",
    "author",
    "authors",
    "people",
    "person",
    "user",
];

/// What the state says of its article, as written there.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub(in crate::extract) struct Told {
    pub(in crate::extract) title: Option<String>,
    pub(in crate::extract) authors: Vec<String>,
    pub(in crate::extract) published: Option<String>,
    pub(in crate::extract) modified: Option<String>,
}

impl Told {
    /// By the objects around a text, the innermost last. What the nearest says is believed.
    pub(super) fn of(around: &[&Map<String, Value>]) -> Self {
        let near = || around.iter().rev().take(LEVELS).filter(|fields| fields.len() <= MOST_FIELDS);
        let authors = near().find_map(|fields| {
            AUTHORS.iter().find_map(|name| {
                let mut found = Vec::new();
                names(field(fields, name)?, 0, &mut found);
                (!found.is_empty()).then_some(found)
            })
        });
        let first =
            |names: &[&str]| near().find_map(|fields| names.iter().find_map(|name| field(fields, name).and_then(text)));
        Self {
            title: first(&TITLES),
            authors: authors.unwrap_or_default(),
            published: first(&PUBLISHED),
            modified: first(&MODIFIED),
        }
    }

    /// The same for a post, whose writer is a name of its own.
    pub(super) fn of_post(around: &[&Map<String, Value>]) -> Self {
        let mut told = Self::of(around);
        if let (true, Some(post)) = (told.authors.is_empty(), around.last()) {
            let name = ["name", "username"].iter().find_map(|name| field(post, name).and_then(text));
            told.authors.extend(name);
        }
        told
    }
}

/// A field by its name, however that is written: `published_at`, `publishedAt`.
fn field<'a>(fields: &'a Map<String, Value>, wanted: &str) -> Option<&'a Value> {
    let is_wanted = |name: &str| {
        let letters = name.bytes().filter(u8::is_ascii_alphanumeric).map(|byte| byte.to_ascii_lowercase());
        letters.eq(wanted.bytes())
    };
    fields.iter().find(|(name, _)| is_wanted(name)).map(|(_, value)| value)
}

/// A short text, or a moment that is a number: seconds or milliseconds since 1970.
fn text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => {
            let text = text.trim();
            let is_short = !text.is_empty() && text.chars().count() <= MOST_CHARS;
            is_short.then(|| text.parse().ok().and_then(moment).unwrap_or_else(|| text.to_owned()))
        }
        Value::Number(number) => moment(number.as_i64()?),
        Value::Object(fields) => TEXTS.iter().find_map(|name| match field(fields, name)? {
            Value::Object(_) => None,
            value => text(value),
        }),
        _ => None,
    }
}

fn moment(number: i64) -> Option<String> {
    /// Seconds from 2001 to 2286.
    const SECONDS: std::ops::Range<i64> = 1_000_000_000..10_000_000_000;
    const MILLISECONDS: i64 = 1000;
    let seconds = if SECONDS.contains(&number) { number } else { number / MILLISECONDS };
    SECONDS.contains(&seconds).then(|| Timestamp::from_second(seconds).ok().map(|moment| moment.to_string()))?
}

fn names(value: &Value, depth: usize, found: &mut Vec<String>) {
    if depth > NAME_DEPTH || found.len() >= MOST_NAMES {
        return;
    }
    match value {
        Value::String(name) if name.chars().count() <= MOST_CHARS && name.contains(char::is_alphabetic) => {
            found.push(name.trim().to_owned());
        }
        Value::Array(items) => items.iter().for_each(|item| names(item, depth + 1, found)),
        Value::Object(fields) => {
            let part = |name: &str| field(fields, name).and_then(Value::as_str).filter(|name| !name.trim().is_empty());
            let of_two = || Some(format!("{} {}", part("firstname")?, part("lastname")?));
            if let Some(name) = of_two().or_else(|| NAMES.iter().find_map(|name| part(name)).map(str::to_owned)) {
                names(&Value::String(name), depth + 1, found);
            } else if let Some(held) = HOLDERS.iter().find_map(|name| field(fields, name)) {
                names(held, depth + 1, found);
            }
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn told(objects: &[Value]) -> Told {
        Told::of(&objects.iter().filter_map(Value::as_object).collect::<Vec<_>>())
    }

    #[test]
    fn the_nearest_object_is_believed() {
        let found = told(&[
            json!({ "title": "The Harbour Ledger", "author": "The Harbour Ledger", "updated": "2026-03-09" }),
            json!({ "headlines": { "basic": "Ferry sails again" }, "authors": [{ "name": "Ada Roe" }, "Ben Ash"],
                    "firstPublishedAt": 1_772_600_400_000_i64 }),
            json!({ "type": "body" }),
        ]);
        assert_eq!(found.title.as_deref(), Some("Ferry sails again"));
        assert_eq!(found.authors, ["Ada Roe", "Ben Ash"]);
        assert_eq!(found.published.as_deref(), Some("2026-03-04T05:00:00Z"));
        assert_eq!(found.modified.as_deref(), Some("2026-03-09"));
    }

    #[test]
    fn names_lie_in_many_places() {
        for author in [
            json!("Ada Roe"),
            json!({ "firstName": "Ada", "lastName": "Roe", "title": "Reporter" }),
            json!({ "data": { "attributes": { "full_name": "Ada Roe" } } }),
            json!({ "edges": [{ "node": { "displayName": "Ada Roe" } }] }),
            json!([{ "fields": { "name": "Ada Roe", "slug": "ada" } }]),
        ] {
            assert_eq!(told(&[json!({ "author": author })]).authors, ["Ada Roe"], "{author}");
        }
        assert_eq!(told(&[json!({ "author": 5, "creator": null, "byline": "" })]), Told::default());
    }

    #[test]
    fn what_is_no_moment_is_no_date() {
        for date in [json!(5), json!(-1), json!(i64::MAX), json!(1.5), json!([]), json!({ "iso": {} }), json!("")] {
            assert_eq!(told(&[json!({ "date": date })]).published, None, "{date}");
        }
    }
}
