//! Which articles tell the same: an index of sketches, by their bands.

use super::super::{Alike, Likeness};
use crate::model::Sketch;
use rusqlite::{Connection, OptionalExtension, Transaction, params};
use std::cmp::Reverse;
use std::collections::HashMap;

/// Articles of one band that are looked at, the newest: a band that more have is that of a text which all of them quote.
const PER_BAND: usize = 64;

/// Articles whose sketches are compared in all, those with the most bands in common first.
const COMPARED: usize = 16;

/// Keeps what an article is like, in place of what an earlier version was like.
pub(super) fn keep(transaction: &Transaction<'_>, article: &str, likeness: &Likeness) -> rusqlite::Result<()> {
    let old = transaction
        .prepare_cached("SELECT row, sketch FROM likeness WHERE article = ?1")?
        .query_row([article], |row| Ok((row.get::<_, i64>(0)?, row.get::<_, Vec<u8>>(1)?)))
        .optional()?;
    if let Some((row, sketch)) = &old {
        for band in Sketch::from_bytes(sketch).iter().flat_map(Sketch::bands) {
            transaction
                .prepare_cached("DELETE FROM likeness_band WHERE band = ?1 AND row = ?2")?
                .execute(params![band, row])?;
        }
    }
    transaction
        .prepare_cached(
            "INSERT INTO likeness (article, cluster, sketch) VALUES (?1, ?2, ?3)
             ON CONFLICT (article) DO UPDATE SET sketch = excluded.sketch",
        )?
        .execute(params![article, likeness.cluster, likeness.sketch.to_bytes()])?;
    let row: i64 = match old {
        Some((row, _)) => row,
        None => transaction.last_insert_rowid(),
    };
    for band in likeness.sketch.bands() {
        transaction
            .prepare_cached("INSERT OR IGNORE INTO likeness_band (band, row) VALUES (?1, ?2)")?
            .execute(params![band, row])?;
    }
    Ok(())
}

/// The article that tells the same, of several the most similar one, of equals the first seen. Not the article itself.
pub(super) fn find(connection: &Connection, sketch: &Sketch, except: &str) -> rusqlite::Result<Option<Alike>> {
    // One view of the store for all of these reads, which costs its locks once and not each time.
    let connection = &connection.unchecked_transaction()?;
    let mut common: HashMap<i64, usize> = HashMap::new();
    let mut with_band = connection.prepare_cached("SELECT row FROM likeness_band WHERE band = ?1 ORDER BY row DESC")?;
    for band in sketch.bands() {
        for row in with_band.query_map([band], |row| row.get(0))?.take(PER_BAND) {
            *common.entry(row?).or_default() += 1;
        }
    }
    let mut rows: Vec<(i64, usize)> = common.into_iter().collect();
    rows.sort_unstable_by_key(|(row, bands)| (Reverse(*bands), *row));
    let mut by_row = connection.prepare_cached("SELECT article, cluster, sketch FROM likeness WHERE row = ?1")?;
    let mut best: Option<Alike> = None;
    for (row, _) in rows.into_iter().take(COMPARED) {
        let found = by_row
            .query_row([row], |row| Ok((row.get::<_, String>(0)?, row.get::<_, String>(1)?, row.get::<_, Vec<u8>>(2)?)))
            .optional()?;
        let Some((article, cluster, kept)) = found else { continue };
        let Some(kept) = Sketch::from_bytes(&kept).filter(|kept| kept.is_near(sketch) && article != except) else {
            continue;
        };
        let similarity = kept.similarity(sketch);
        if best.as_ref().is_none_or(|best| similarity > best.similarity) {
            best = Some(Alike { article, cluster, similarity });
        }
        // Nothing is nearer than the same.
        if similarity >= 1.0 {
            break;
        }
    }
    Ok(best)
}

/// The cluster of an article.
pub(super) fn cluster_of(connection: &Connection, article: &str) -> rusqlite::Result<Option<String>> {
    connection
        .prepare_cached("SELECT cluster FROM likeness WHERE article = ?1")?
        .query_row([article], |row| row.get(0))
        .optional()
}
