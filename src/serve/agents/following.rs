//! `what_changed`: versions in the order in which the archive got them.

use super::finding::moment;
use super::piece::line;
use super::reading::versions;
use super::{Agents, Answer, Refusal, told, wanted};
use crate::archive::catalogue::{Filter, Version, Versions};
use crate::archive::{ArchiveError, Catalogue, changes};
use jiff::Timestamp;

/// Versions in one answer where nothing else is asked for.
const USUAL: usize = 20;

/// Versions in one answer, at the most.
const MOST: usize = 50;

/// Characters in which one change is told; notices of corrections can be long.
const CHANGE: usize = 500;

impl Agents {
    pub(super) async fn what_changed(&self, wanted: wanted::Changes) -> Result<Answer, Refusal> {
        let since = wanted.since.as_deref().map(|text| moment("since", text)).transpose()?;
        let limit = wanted.limit.unwrap_or(USUAL).clamp(1, MOST);
        self.ask(move |catalogue| {
            let end = catalogue.last_seq()?;
            let after = match (wanted.after_seq, since, &wanted.id) {
                (Some(after), ..) => after,
                (None, Some(since), _) => before(catalogue, since, end)?,
                (None, None, Some(_)) => 0,
                (None, None, None) => end.saturating_sub(limit as u64),
            };
            let mut found = match &wanted.id {
                Some(id) => {
                    let mut versions = versions(catalogue, id)?;
                    versions.retain(|version| version.article.seq > after && version.article.seq <= end);
                    versions.truncate(limit + 1);
                    versions
                }
                None => behind(catalogue, after, end, limit + 1)?,
            };
            let has_more = found.len() > limit;
            found.truncate(limit);
            let next = found.last().map(|version| version.article.seq).filter(|_| has_more);
            let changes = found.iter().map(|version| tell(catalogue, version)).collect::<Result<Vec<_>, Refusal>>()?;
            let changes = told::ChangeList { changes, next_after_seq: next.unwrap_or(end), has_more };
            Ok(Answer::new(changes.words(), &changes))
        })
        .await
    }
}

/// So many versions behind a number.
fn behind(catalogue: &Catalogue, after: u64, end: u64, limit: usize) -> Result<Vec<Version>, ArchiveError> {
    let mut found = Vec::new();
    catalogue.each(after, Versions::All, &Filter::default(), |version| {
        if version.article.seq > end {
            return Ok(false);
        }
        found.push(version);
        Ok::<_, ArchiveError>(found.len() < limit)
    })?;
    Ok(found)
}

/// The number behind which the versions are that were fetched at a time or later. Numbers are given in the order of
/// writing, which is that of fetching but for what was under way at the same time.
fn before(catalogue: &Catalogue, since: Timestamp, end: u64) -> Result<u64, ArchiveError> {
    let (mut low, mut high) = (0, end);
    while low < high {
        let middle = low + (high - low) / 2;
        // Numbers may be missing; the next that is there tells.
        let next = behind(catalogue, middle, end, 1)?.pop();
        match next {
            Some(version) if version.article.fetched.is_none_or(|fetched| fetched < since) => low = version.article.seq,
            _ => high = middle,
        }
    }
    Ok(low)
}

/// What is new in a version.
fn tell(catalogue: &Catalogue, version: &Version) -> Result<told::Change, Refusal> {
    let article = &version.article;
    let history = catalogue.history(&article.id)?;
    let before = history.iter().rev().find(|other| other.article.seq < article.seq);
    let what = changes(before.map(|version| &version.article), article);
    Ok(told::Change {
        seq: article.seq,
        id: article.id.clone(),
        version: article.version,
        url: told::address(article),
        title: article.title.as_deref().map(|title| line(title, told::TITLE)),
        source: version.source.clone(),
        fetched: article.fetched.map(|time| time.to_string()),
        what: what.iter().map(|change| line(&change.in_words(article.word_count), CHANGE)).collect(),
    })
}
