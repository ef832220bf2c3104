//! The query of a request, read strictly: what is not known is refused, so that a misspelt filter is not taken for none.

use super::problem::Problem;
use crate::archive::catalogue::Filter;
use crate::config::parse_moment;
use jiff::Timestamp;
use std::str::FromStr;
use url::form_urlencoded;

/// The keys that choose articles, as the command line has them.
pub(super) const FILTER: [&str; 6] = ["since", "until", "source", "site", "lang", "author"];

/// The longest text of a filter or a search, in characters: no headline is as long.
const MAX_TEXT: usize = 1000;

/// How often a key may stand that may stand several times.
const MAX_VALUES: usize = 50;

/// A query, taken apart.
#[derive(Debug)]
pub(super) struct Query {
    pairs: Vec<(String, String)>,
}

impl Query {
    /// Reads a query that may have these keys.
    pub(super) fn read(query: Option<&str>, known: &[&[&str]]) -> Result<Self, Problem> {
        let pairs: Vec<(String, String)> =
            form_urlencoded::parse(query.unwrap_or_default().as_bytes()).into_owned().collect();
        for (key, value) in &pairs {
            if !known.iter().any(|known| known.contains(&key.as_str())) {
                let known: Vec<&str> = known.iter().flat_map(|known| known.iter().copied()).collect();
                let known = if known.is_empty() { "nothing".to_owned() } else { known.join(", ") };
                return Err(Problem::new(400, format!("the query has {key:?}; it may have {known}")));
            }
            if value.chars().count() > MAX_TEXT || value.contains('\0') {
                return Err(Problem::new(400, format!("the value of {key} is too long or has a zero in it")));
            }
        }
        Ok(Self { pairs })
    }

    /// The value of a key that may stand once.
    pub(super) fn one(&self, key: &str) -> Result<Option<&str>, Problem> {
        let mut values = self.pairs.iter().filter(|(known, _)| known == key).map(|(_, value)| value.as_str());
        match (values.next(), values.next()) {
            (value, None) => Ok(value),
            _ => Err(Problem::new(400, format!("{key} may stand once in the query"))),
        }
    }

    /// The value of a key, read as something; `wanted` says what it has to be.
    pub(super) fn read_as<T: FromStr>(&self, key: &str, wanted: &str) -> Result<Option<T>, Problem> {
        let read = |value: &str| {
            value.parse().map_err(|_| Problem::new(400, format!("{key} is {value:?}; it has to be {wanted}")))
        };
        self.one(key)?.map(read).transpose()
    }

    /// A number within bounds.
    pub(super) fn number(&self, key: &str, default: usize, bounds: (usize, usize)) -> Result<usize, Problem> {
        let (least, most) = bounds;
        let wanted = format!("a number from {least} to {most}");
        match self.read_as::<usize>(key, &wanted)? {
            None => Ok(default),
            Some(number) if (least..=most).contains(&number) => Ok(number),
            Some(number) => Err(Problem::new(400, format!("{key} is {number}; it has to be {wanted}"))),
        }
    }

    /// One of some words, as what it stands for.
    pub(super) fn choice<T: Copy>(&self, key: &str, choices: &[(&str, T)]) -> Result<Option<T>, Problem> {
        let Some(value) = self.one(key)? else { return Ok(None) };
        if let Some((_, choice)) = choices.iter().find(|(word, _)| *word == value) {
            return Ok(Some(*choice));
        }
        let words: Vec<&str> = choices.iter().map(|(word, _)| *word).collect();
        Err(Problem::new(400, format!("{key} is {value:?}; it may be {}", words.join(" or "))))
    }

    /// A moment.
    fn moment(&self, key: &str) -> Result<Option<Timestamp>, Problem> {
        let read = |text| parse_moment(text).map_err(|error| Problem::new(400, format!("{key}: {error}")));
        self.one(key)?.map(read).transpose()
    }

    fn all(&self, key: &str) -> Result<Vec<String>, Problem> {
        let values: Vec<String> =
            self.pairs.iter().filter(|(known, _)| known == key).map(|(_, value)| value.clone()).collect();
        if values.len() > MAX_VALUES {
            return Err(Problem::new(400, format!("{key} may stand {MAX_VALUES} times in the query")));
        }
        Ok(values)
    }

    /// Which articles are meant.
    pub(super) fn filter(&self) -> Result<Filter, Problem> {
        Ok(Filter {
            since: self.moment("since")?,
            until: self.moment("until")?,
            sources: self.all("source")?,
            sites: self.all("site")?,
            languages: self.all("lang")?,
            author: self.one("author")?.map(str::to_owned),
        })
    }

    /// The query without a key.
    pub(super) fn without(&self, key: &str) -> String {
        let mut out = form_urlencoded::Serializer::new(String::new());
        out.extend_pairs(self.pairs.iter().filter(|(known, _)| known != key)).finish()
    }

    /// The query with a key set to a value, the others as they are: for the address of what comes next.
    pub(super) fn with(&self, key: &str, value: &str) -> String {
        let mut out = form_urlencoded::Serializer::new(String::new());
        out.extend_pairs(self.pairs.iter().filter(|(known, _)| known != key));
        out.append_pair(key, value).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_known_is_refused() {
        let read = |query| Query::read(Some(query), &[&FILTER, &["limit"]]);
        assert!(read("sorce=a").is_err() && read("limit=1&author=%00").is_err());
        let query = read("source=a&source=b+c&limit=7&since=2026-11-24").unwrap();
        let filter = query.filter().unwrap();
        assert_eq!(filter.sources, ["a", "b c"]);
        assert_eq!(filter.since.unwrap().to_string(), "2026-11-24T00:00:00Z");
        assert_eq!(query.number("limit", 3, (1, 9)).unwrap(), 7);
        assert!(query.number("limit", 3, (1, 6)).is_err() && query.one("source").is_err());
        assert_eq!(query.with("limit", "8"), "source=a&source=b+c&since=2026-11-24&limit=8");
    }
}
