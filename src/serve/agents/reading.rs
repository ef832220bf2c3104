//! `get_article`: an article of the archive.

use super::piece::piece;
use super::{Agents, Answer, Refusal, told, wanted};
use crate::archive::Catalogue;
use crate::archive::catalogue::Version;

impl Agents {
    pub(super) async fn get_article(&self, wanted: wanted::Article) -> Result<Answer, Refusal> {
        self.ask(move |catalogue| {
            let versions = versions(catalogue, &wanted.id)?;
            let version = chosen(&versions, wanted.version)?;
            let article = &version.article;
            let piece = piece(&article.markdown, wanted.offset).ok_or_else(|| {
                Refusal::new(format!("the article ends before offset {}; begin again with offset 0", wanted.offset))
            })?;
            let mut text = told::Text::new(article, &piece, wanted.offset);
            text.id = Some(article.id.clone());
            text.version = Some(article.version);
            let last = versions.last().map(|version| &version.article).filter(|last| last.seq > article.seq);
            text.withdrawn = last.filter(|last| last.tombstone.is_some()).map(|_| {
                "the publisher has withdrawn this article since; what_changed with its id tells how".to_owned()
            });
            Ok(Answer::new(text.words(), &text))
        })
        .await
    }
}

/// All versions of the one article that a text means.
pub(super) fn versions(catalogue: &Catalogue, text: &str) -> Result<Vec<Version>, Refusal> {
    let text = text.trim();
    let ids = catalogue.find(text)?;
    let id = match ids.as_slice() {
        [] => None,
        [id] => Some(id.as_str()),
        several if several.iter().any(|id| id == text) => Some(text),
        several => {
            return Err(Refusal::new(format!(
                "this may mean several articles: {}; give more of the id",
                several.join(", ")
            )));
        }
    };
    let versions = id.map(|id| catalogue.history(id)).transpose()?.unwrap_or_default();
    if versions.is_empty() {
        return Err(Refusal::new("the archive has no article of this id or address; search_articles finds ids"));
    }
    Ok(versions)
}

/// The version that is meant: the one of a number, else the last that has a text.
fn chosen(versions: &[Version], number: Option<u32>) -> Result<&Version, Refusal> {
    let has_text = |version: &&Version| version.article.tombstone.is_none();
    let Some(number) = number else {
        return versions.iter().rev().find(has_text).ok_or_else(|| {
            Refusal::new("the archive keeps no text of this article: it was withdrawn, pruned or taken down")
        });
    };
    let known = || {
        let numbers: Vec<String> =
            versions.iter().filter(has_text).map(|version| version.article.version.to_string()).collect();
        numbers.join(", ")
    };
    versions
        .iter()
        .filter(has_text)
        .rfind(|version| version.article.version == number)
        .ok_or_else(|| Refusal::new(format!("there is no text of version {number}; there is of: {}", known())))
}
