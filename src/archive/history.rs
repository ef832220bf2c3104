//! What changed from one version of an article to the next.

use super::ArchiveError;
use super::catalogue::{Catalogue, Version};
use super::word_diff::{Paragraph, Side, word_diff};
use crate::model::{Article, Tombstone};
use jiff::Timestamp;
use serde::Serialize;
use std::collections::BTreeMap;

/// How editors begin the paragraph that says what was wrong, in lower case; whatever stands behind counts.
const NOTICES: [&str; 39] = [
    "correction",
    "corrections",
    "clarification",
    "editor's note",
    "editor’s note",
    "editors' note",
    "erratum",
    "this article was amended",
    "this article has been corrected",
    "this story has been corrected",
    "this article was corrected",
    "an earlier version of this",
    "a previous version of this",
    "berichtigung",
    "korrektur",
    "richtigstellung",
    "anmerkung der redaktion",
    "in einer früheren version",
    "rectificatif",
    "correctif",
    "une version précédente",
    "corrección",
    "fe de errores",
    "fe de erratas",
    "correção",
    "errata",
    "rettifica",
    "correzione",
    "rectificatie",
    "correctie",
    "rettelse",
    "rättelse",
    "korreksjon",
    "oikaisu",
    "sprostowanie",
    "поправка",
    "исправление",
    "訂正",
    "更正",
];

/// A kind of change. As JSON: `{"kind": "headline", "from": …, "to": …}` and so on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
#[non_exhaustive]
pub enum Change {
    /// It is the first version.
    First,
    /// Another headline.
    Headline {
        /// The one before.
        from: String,
        /// The one now.
        to: String,
    },
    /// Another standfirst.
    Standfirst,
    /// The editors say that something was wrong.
    Correction {
        /// In these words.
        notice: String,
    },
    /// Other words in the body.
    Text {
        /// Words that came in.
        added: usize,
        /// Words that went out.
        removed: usize,
    },
    /// It is there again.
    Restored,
    /// It is there no more.
    Withdrawn {
        /// For this reason.
        why: Tombstone,
    },
}

impl Change {
    /// In words, of a version with so many words of text.
    #[must_use]
    pub fn in_words(&self, words: usize) -> String {
        match self {
            Self::First => format!("first seen, {words} words"),
            Self::Headline { from, to } => format!("updated headline: \"{from}\" became \"{to}\""),
            Self::Standfirst => "updated standfirst".to_owned(),
            Self::Correction { notice } => format!("correction: {notice}"),
            Self::Text { added, removed } => format!("text: {added} words added, {removed} removed"),
            Self::Restored => format!("there again, {words} words"),
            Self::Withdrawn { why } => withdrawn(*why).to_owned(),
        }
    }
}

fn withdrawn(why: Tombstone) -> &'static str {
    match why {
        Tombstone::Gone => "withdrawn: the page is gone; the version before it stays",
        Tombstone::Emptied => "withdrawn: the page has no article any more; the version before it stays",
        Tombstone::Pruned => "pruned from this archive by a rule",
        Tombstone::TakenDown => "taken down from this archive",
    }
}

/// A version of an article as a history tells of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Told {
    /// The article's id.
    pub id: String,
    /// Which revision, from 1.
    pub version: u32,
    /// Position in the change feed.
    pub seq: u64,
    /// The source that it came from.
    pub source: String,
    /// When it was fetched.
    pub fetched: Option<Timestamp>,
    /// The headline.
    pub title: Option<String>,
    /// Words of the text.
    pub word_count: usize,
    /// Why there is no text.
    pub tombstone: Option<Tombstone>,
    /// What changed since the version before.
    pub changes: Vec<Change>,
    /// Where its copies lie, by format: files relative to the archive.
    pub places: BTreeMap<String, String>,
}

/// Tells the history of an article, of which these are all versions in order.
///
/// # Errors
/// [`ArchiveError`] where the catalogue cannot be read.
pub fn history(catalogue: &Catalogue, versions: &[Version]) -> Result<Vec<Told>, ArchiveError> {
    let tell = |(version, changes): (&Version, Vec<Change>)| {
        let article = &version.article;
        Ok(Told {
            id: article.id.clone(),
            version: article.version,
            seq: article.seq,
            source: version.source.clone(),
            fetched: article.fetched,
            title: article.title.clone(),
            word_count: article.word_count,
            tombstone: article.tombstone,
            changes,
            places: catalogue.places(article.seq)?.into_iter().collect(),
        })
    };
    with_changes(versions).map(tell).collect()
}

/// Each version with what changed in it.
fn with_changes(versions: &[Version]) -> impl Iterator<Item = (&Version, Vec<Change>)> {
    versions.iter().enumerate().map(|(index, version)| {
        // What is there again is compared with what was there.
        let before = index.checked_sub(1).map(|before| &versions[before].article);
        (version, changes(before, &version.article))
    })
}

/// Two versions of an article side by side.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Comparison {
    /// The number of the old version.
    pub old: u32,
    /// The number of the new one.
    pub new: u32,
    /// The headline.
    pub title: Vec<Paragraph>,
    /// The standfirst.
    pub subtitle: Vec<Paragraph>,
    /// The body.
    pub text: Vec<Paragraph>,
}

impl Comparison {
    /// Compares two versions.
    #[must_use]
    pub fn of(old: &Article, new: &Article) -> Self {
        let plain = |text: &Option<String>| text.clone().unwrap_or_default();
        Self {
            old: old.version,
            new: new.version,
            title: word_diff(&plain(&old.title), &plain(&new.title)),
            subtitle: word_diff(&plain(&old.subtitle), &plain(&new.subtitle)),
            text: word_diff(&old.text, &new.text),
        }
    }

    /// Whether no word differs.
    #[must_use]
    pub fn is_same(&self) -> bool {
        [&self.title, &self.subtitle, &self.text].into_iter().flatten().all(Paragraph::is_same)
    }
}

/// The two versions that are meant, of all versions in order: by their numbers; else the last with a text, and the one with a
/// text before it. An article with one version is compared with itself.
///
/// # Errors
/// The number of a version that is not there.
pub fn pair(versions: &[Version], old: Option<u32>, new: Option<u32>) -> Result<(&Version, &Version), u32> {
    let find = |wanted: u32| versions.iter().rev().find(|version| version.article.version == wanted).ok_or(wanted);
    let has_text = |version: &&Version| version.article.tombstone.is_none();
    let new = match new {
        Some(number) => find(number)?,
        // Without a text there is nothing to show but that it is gone.
        None => versions.iter().rev().find(has_text).or(versions.last()).ok_or(1_u32)?,
    };
    let old = if let Some(number) = old {
        find(number)?
    } else {
        let mut earlier = versions.iter().filter(|version| version.article.seq < new.article.seq);
        earlier.rfind(has_text).unwrap_or(new)
    };
    Ok((old, new))
}

/// What changed from one version to the next; `None` before the first. Empty where a reader sees nothing else.
#[must_use]
pub fn changes(before: Option<&Article>, after: &Article) -> Vec<Change> {
    if let Some(tombstone) = after.tombstone {
        return vec![Change::Withdrawn { why: tombstone }];
    }
    let Some(before) = before else { return vec![Change::First] };
    if before.tombstone.is_some() {
        return vec![Change::Restored];
    }
    let mut changes = Vec::new();
    let plain = |text: &Option<String>| text.as_deref().unwrap_or_default().trim().to_owned();
    let (from, to) = (plain(&before.title), plain(&after.title));
    if from != to {
        changes.push(Change::Headline { from, to });
    }
    if plain(&before.subtitle) != plain(&after.subtitle) {
        changes.push(Change::Standfirst);
    }
    if before.content_hash != after.content_hash {
        if let Some(notice) = notice(&before.text, &after.text) {
            changes.push(Change::Correction { notice });
        }
        let (mut added, mut removed) = (0, 0);
        for paragraph in word_diff(&before.text, &after.text) {
            for piece in &paragraph.pieces {
                let words = piece.text.split_whitespace().count();
                match piece.side {
                    Side::New => added += words,
                    Side::Old => removed += words,
                    Side::Both => {}
                }
            }
        }
        changes.push(Change::Text { added, removed });
    }
    changes
}

/// A paragraph that the version before does not have and that reads like an editor's notice.
fn notice(before: &str, after: &str) -> Option<String> {
    let is_notice = |line: &&str| {
        let start: String = line.trim_start_matches(|c: char| !c.is_alphanumeric()).chars().take(60).collect();
        let start = start.to_lowercase();
        NOTICES.iter().any(|notice| {
            start.strip_prefix(notice).is_some_and(|rest| {
                let is_ideographic = notice.chars().all(|c| c > '\u{2e80}');
                is_ideographic || rest.chars().next().is_none_or(|c| !c.is_alphanumeric())
            })
        })
    };
    let known: Vec<&str> = before.lines().map(str::trim).collect();
    after.lines().map(str::trim).find(|line| is_notice(line) && !known.contains(line)).map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn article(title: &str, text: &str) -> Article {
        Article {
            title: Some(title.to_owned()),
            text: text.to_owned(),
            content_hash: text.to_owned(),
            ..Article::default()
        }
    }

    #[test]
    fn changes_are_named() {
        let first = article("Bridge to open", "The bridge opens on Monday.\n\nIt cost four million.");
        assert_eq!(changes(None, &first), [Change::First]);
        assert_eq!(changes(Some(&first), &first), []);
        let retold = article("Bridge opens", &first.text);
        let headline = Change::Headline { from: "Bridge to open".to_owned(), to: "Bridge opens".to_owned() };
        assert_eq!(changes(Some(&first), &retold), std::slice::from_ref(&headline));
        let text = "The bridge opens on Monday.\n\nIt cost five million.\n\nCorrection: it did not cost four million.";
        let corrected = article("Bridge opens", text);
        let notice = "Correction: it did not cost four million.".to_owned();
        let expected = [headline, Change::Correction { notice }, Change::Text { added: 8, removed: 1 }];
        assert_eq!(changes(Some(&first), &corrected), expected);
        let gone = Article { tombstone: Some(Tombstone::Gone), ..Article::default() };
        assert_eq!(changes(Some(&first), &gone), [Change::Withdrawn { why: Tombstone::Gone }]);
        assert_eq!(changes(Some(&gone), &first), [Change::Restored]);
    }

    #[test]
    fn a_notice_is_a_paragraph_of_its_own_that_is_new() {
        let old = "Correction: old.\n\nText.";
        assert_eq!(notice(old, "Correction: old.\n\nText and more."), None);
        assert_eq!(notice(old, "Corrective surgery is common.\n\nText."), None);
        assert_eq!(notice("", "* Berichtigung: Es waren drei.").as_deref(), Some("* Berichtigung: Es waren drei."));
        assert_eq!(notice("", "訂正します。三人でした。").as_deref(), Some("訂正します。三人でした。"));
    }
}
