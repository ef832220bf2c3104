//! What changed from one version of an article to the next.

use super::word_diff::{Side, word_diff};
use crate::model::{Article, Tombstone};

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

/// A kind of change.
#[derive(Debug, Clone, PartialEq, Eq)]
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
    Withdrawn(Tombstone),
}

/// What changed from one version to the next; `None` before the first. Empty where a reader sees nothing else.
#[must_use]
pub fn changes(before: Option<&Article>, after: &Article) -> Vec<Change> {
    if let Some(tombstone) = after.tombstone {
        return vec![Change::Withdrawn(tombstone)];
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
        assert_eq!(changes(Some(&first), &gone), [Change::Withdrawn(Tombstone::Gone)]);
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
