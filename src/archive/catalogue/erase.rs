//! Articles taken out of the catalogue.

use super::super::ArchiveError;
use super::{FILE, schema};
use rusqlite::{Connection, TransactionBehavior, params};
use std::collections::HashMap;
use std::path::{Path, PathBuf};

/// A catalogue that articles are taken out of.
pub(in super::super) struct Erase {
    path: PathBuf,
    connection: Connection,
}

impl Erase {
    pub(in super::super) fn open(root: &Path) -> Result<Self, ArchiveError> {
        let path = root.join(FILE);
        if !path.exists() {
            return Err(ArchiveError::NoCatalogue { path });
        }
        Ok(Self { connection: schema::open(&path)?, path })
    }

    /// Takes every version of these articles out but one each; says how many those were. Nothing of them stays in the
    /// file, not even in its free pages.
    pub(in super::super) fn erase(mut self, articles: &HashMap<String, u64>) -> Result<u64, ArchiveError> {
        let failed = |source| schema::explain("remove articles from", &self.path, source);
        self.connection.execute_batch("PRAGMA secure_delete = ON").map_err(failed)?;
        let mut erased = 0;
        let transaction = self.connection.transaction_with_behavior(TransactionBehavior::Immediate).map_err(failed)?;
        for (id, kept) in articles {
            let kept = kept.cast_signed();
            let erase = || -> rusqlite::Result<usize> {
                let meant = "SELECT seq FROM version WHERE id = ?1 AND seq != ?2";
                transaction.execute(
                    &format!("DELETE FROM words WHERE rowid IN ({meant} AND is_last = 1)"),
                    params![id, kept],
                )?;
                transaction.execute(&format!("DELETE FROM place WHERE seq IN ({meant})"), params![id, kept])?;
                transaction.execute("DELETE FROM version WHERE id = ?1 AND seq != ?2", params![id, kept])
            };
            erased += erase().map_err(failed)? as u64;
        }
        // Deleted words of the index stay in its segments until these are joined.
        transaction.execute("INSERT INTO words (words) VALUES ('optimize')", []).map_err(failed)?;
        transaction.commit().map_err(failed)?;
        self.connection.execute_batch("PRAGMA wal_checkpoint(TRUNCATE)").map_err(failed)?;
        Ok(erased)
    }
}
