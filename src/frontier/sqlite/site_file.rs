//! The robots.txt files, and others that speak for a site, that were fetched.

use super::row;
use crate::model::SiteFile;
use rusqlite::{Connection, OptionalExtension, Transaction, params};
use url::Url;

pub(super) fn find(connection: &Connection, url: &Url) -> rusqlite::Result<Option<SiteFile>> {
    connection
        .prepare_cached("SELECT fetched, status, body FROM site_file WHERE url = ?1")?
        .query_row([url.as_str()], |row| {
            Ok(SiteFile { url: url.clone(), fetched: row::timestamp(row, 0)?, status: row.get(1)?, body: row.get(2)? })
        })
        .optional()
}

pub(super) fn keep(transaction: &Transaction<'_>, file: &SiteFile) -> rusqlite::Result<()> {
    transaction
        .prepare_cached("INSERT OR REPLACE INTO site_file (url, fetched, status, body) VALUES (?1, ?2, ?3, ?4)")?
        .execute(params![file.url.as_str(), file.fetched.as_millisecond(), file.status, file.body])
        .map(drop)
}
