//! Stories that were told before, in nearly the same words: by another paper, under another address.

use super::CrawlError;
use crate::frontier::{Frontier, KnownArticle, Likeness};
use crate::model::{Article, Sketch};
use std::collections::HashMap;
use std::fmt;
use std::str::FromStr;

/// Why a story is left out that was told before.
pub(super) const NEAR_DUPLICATE: &str = "near_duplicate";

/// What becomes of stories that were told before.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum NearDuplicates {
    /// Nothing is looked for.
    Keep,
    /// They are kept, and the record says which story was the first.
    #[default]
    Mark,
    /// They are left out; the first seen stays.
    Skip,
}

impl FromStr for NearDuplicates {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text {
            "keep" => Ok(Self::Keep),
            "mark" => Ok(Self::Mark),
            "skip" => Ok(Self::Skip),
            other => Err(format!("{other:?} is no way to treat near-duplicates; write \"keep\", \"mark\" or \"skip\"")),
        }
    }
}

impl fmt::Display for NearDuplicates {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Keep => "keep",
            Self::Mark => "mark",
            Self::Skip => "skip",
        })
    }
}

/// What an article is like, and whether another told the same before.
pub(super) struct Judged {
    pub(super) likeness: Likeness,
    pub(super) was_told: bool,
}

/// Judges an article that is new, or changed; `None` where that is not wanted or the text is too short. `written` are those
/// that the frontier does not know yet.
pub(super) fn judge(
    policy: NearDuplicates,
    frontier: &dyn Frontier,
    written: &HashMap<String, KnownArticle>,
    article: &Article,
) -> Result<Option<Judged>, CrawlError> {
    let wanted = policy != NearDuplicates::Keep;
    let Some(sketch) = wanted.then(|| Sketch::of(&article.text)).flatten() else { return Ok(None) };
    let known = match written.get(&article.id).and_then(|known| known.likeness.as_ref()) {
        Some(likeness) => Some(likeness.cluster.clone()),
        None => frontier.cluster_of(&article.id)?,
    };
    // An article stays where it is, however its text changes.
    if let Some(cluster) = known {
        return Ok(Some(Judged { likeness: Likeness { cluster, sketch }, was_told: false }));
    }
    let here = written
        .values()
        .filter_map(|known| Some((known.likeness.as_ref()?, known.seq)))
        .filter(|(likeness, _)| likeness.sketch.is_near(&sketch))
        .map(|(likeness, seq)| (likeness.sketch.similarity(&sketch), seq, likeness.cluster.clone()))
        .max_by(|one, other| one.0.total_cmp(&other.0).then(other.1.cmp(&one.1)));
    let before = frontier.alike(&sketch, &article.id)?;
    let cluster = match (before, here) {
        (Some(before), Some((similarity, _, cluster))) => {
            Some(if similarity > before.similarity { cluster } else { before.cluster })
        }
        (before, here) => before.map(|before| before.cluster).or(here.map(|(_, _, cluster)| cluster)),
    };
    let was_told = cluster.is_some();
    let cluster = cluster.unwrap_or_else(|| article.id.clone());
    Ok(Some(Judged { likeness: Likeness { cluster, sketch }, was_told }))
}
