//! `search_articles` and `list_sources`.

use super::{Agents, Answer, Refusal, told, wanted};
use crate::archive::catalogue::{Filter, Hit, Search, Snippet};
use crate::archive::{ArchiveError, Catalogue};
use crate::config::parse_moment;
use jiff::Timestamp;
use std::collections::BTreeMap;

/// Articles in one answer where nothing else is asked for.
const USUAL: usize = 10;

/// Articles in one answer, at the most: some 40,000 characters.
const MOST: usize = 50;

/// How many are passed over, at the most; the catalogue reads what it passes over.
const DEEPEST: usize = 10_000;

/// Sources in one answer.
const SOURCES: usize = 200;

/// Bytes of a query, at the most.
const QUERY: usize = 1_000;

impl Agents {
    pub(super) async fn search_articles(&self, wanted: wanted::Search) -> Result<Answer, Refusal> {
        if wanted.query.as_ref().is_some_and(|query| query.len() > QUERY) {
            return Err(Refusal::new(format!("the query is longer than {QUERY} bytes; give fewer words")));
        }
        if wanted.offset > DEEPEST {
            return Err(Refusal::new(format!(
                "nobody reads that far: offset may be {DEEPEST} at the most; narrow the search"
            )));
        }
        let filter = Filter {
            since: wanted.since.as_deref().map(|text| moment("since", text)).transpose()?,
            until: wanted.until.as_deref().map(|text| moment("until", text)).transpose()?,
            sources: wanted.source.into_iter().collect(),
            sites: wanted.site.into_iter().collect(),
            languages: wanted.lang.into_iter().collect(),
            author: None,
        };
        let limit = wanted.limit.unwrap_or(USUAL).clamp(1, MOST);
        let query = wanted.query.filter(|query| !query.trim().is_empty());
        let offset = wanted.offset;
        // One more says whether there are more.
        let mut found = self.ask(move |catalogue| found(catalogue, query, filter, limit + 1, offset)).await?;
        let has_more = found.len() > limit;
        found.truncate(limit);
        let hits = told::Hits {
            articles: found.into_iter().map(told::Found::from).collect(),
            next_offset: has_more.then_some(offset + limit),
        };
        Ok(Answer::new(hits.words(), &hits))
    }

    pub(super) async fn list_sources(&self, wanted: wanted::Sources) -> Result<Answer, Refusal> {
        let (told, _) = self.desk.told_sources().await?;
        let counts = self.desk.catalogue(|catalogue| Ok(catalogue.sources()?)).await?;
        let note = counts.is_none().then(|| super::NO_CATALOGUE.to_owned());
        // Those that are crawled no more have left their articles.
        let mut sources: BTreeMap<String, told::Source> = counts
            .unwrap_or_default()
            .into_iter()
            .map(|(name, articles)| (name.clone(), told::Source { name, articles, ..told::Source::default() }))
            .collect();
        sources.extend(told.into_iter().map(|told| (told.name.clone(), told::Source::from(told))));
        let all = sources.len();
        let sources: Vec<told::Source> = sources.into_values().skip(wanted.offset).take(SOURCES).collect();
        let end = wanted.offset.saturating_add(sources.len());
        let sources = told::SourceList { sources, next_offset: (end < all).then_some(end), note };
        Ok(Answer::new(sources.words(), &sources))
    }
}

fn found(
    catalogue: &Catalogue,
    query: Option<String>,
    filter: Filter,
    limit: usize,
    offset: usize,
) -> Result<Vec<Hit>, Refusal> {
    let Some(query) = query else {
        let newest = catalogue.newest(&filter, limit, offset)?.into_iter().map(|version| {
            let text = version.article.text.clone();
            Hit { version, snippet: Snippet { text, marks: Vec::new() }, score: 0.0, is_withdrawn: false }
        });
        return Ok(newest.collect());
    };
    match catalogue.search(&Search { query, filter, limit, offset }) {
        Err(error @ ArchiveError::Query { .. }) => Err(Refusal::new(error.to_string())),
        other => Ok(other?),
    }
}

/// A time as it may be written.
pub(super) fn moment(name: &str, text: &str) -> Result<Timestamp, Refusal> {
    parse_moment(text).map_err(|error| Refusal::new(format!("{name}: {error}")))
}
