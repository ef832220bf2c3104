//! Articles taken out of the archive, each with a tombstone: what `prune` and `take-down` have in common.

use super::super::reading::Unreadable;
use crate::archive::catalogue::Version;
use crate::archive::keeping::{Gone, remove};
use crate::archive::{Archive, Ending};
use crate::config::Config;
use crate::frontier::{Frontier, KnownArticle, Outcome, SqliteFrontier, UrlKind, Verdict};
use crate::model::{Article, CanonicalUrl, Tombstone};
use jiff::Timestamp;

/// What was taken out.
pub(super) struct Done {
    pub(super) versions: u64,
    pub(super) files: Vec<String>,
}

/// Takes articles out, by the last of their versions. The tombstones come first: whatever dies later, they say that the
/// rest is to go, and the same call again ends what was begun.
pub(super) fn take_out(config: &Config, articles: &[Version], tombstone: Tombstone) -> Result<Done, Unreadable> {
    // Held until the end, so that no crawl writes meanwhile.
    let store = SqliteFrontier::open(&config.store_path(), config.revisit.clone())?;
    let mut archive = Archive::open(&config.archive)?;
    archive.recover(&store.sink_positions()?)?;
    let mut seq = store.last_seq()?.max(archive.last_seq()?);
    let mut gone = Gone::default();
    let mut outcomes = Vec::new();
    let now = Timestamp::now();
    for version in articles {
        let last = &version.article;
        if last.tombstone == Some(tombstone) {
            gone.articles.insert(last.id.clone(), last.seq);
            continue;
        }
        seq += 1;
        let article = Article {
            id: last.id.clone(),
            url: last.url.clone(),
            // Of what is taken down not even the headline stays.
            title: last.title.clone().filter(|_| tombstone != Tombstone::TakenDown),
            fetched: Some(now),
            tombstone: Some(tombstone),
            version: last.version + 1,
            seq,
            ..Article::default()
        };
        archive.write(&article, &version.source, None)?;
        gone.articles.insert(article.id.clone(), seq);
        let urls = [&last.url, &last.canonical_url].into_iter().flatten();
        let urls: Vec<CanonicalUrl> = urls.filter_map(|url| CanonicalUrl::parse(url)).collect();
        let known = KnownArticle {
            id: article.id,
            version: article.version,
            seq,
            title: article.title,
            ..KnownArticle::default()
        };
        let reason = tombstone.name().to_owned();
        outcomes.extend(urls.into_iter().map(|url| {
            let verdict = Verdict::Withdrawn { reason: reason.clone(), article: known.clone() };
            Outcome { url, kind: UrlKind::Article, verdict }
        }));
    }
    store.commit(&outcomes, &archive.flush()?, now)?;
    archive.committed()?;
    archive.finish(Ending::Last)?;
    // What the sinks have open is about to be written anew.
    drop(archive);
    let removed = remove(&config.archive.path, &gone)?;
    store.commit(&[], &removed.positions, now)?;
    let mut archive = Archive::open(&config.archive)?;
    archive.recover(&store.sink_positions()?)?;
    archive.finish(Ending::Last)?;
    Ok(Done { versions: removed.versions, files: removed.files })
}
