//! The robots.txt files that were fetched.

use super::row;
use crate::model::RobotsCopy;
use rusqlite::{Connection, OptionalExtension, Transaction, params};
use url::Url;

pub(super) fn find(connection: &Connection, url: &Url) -> rusqlite::Result<Option<RobotsCopy>> {
    connection
        .prepare_cached("SELECT fetched, status, body FROM robots WHERE url = ?1")?
        .query_row([url.as_str()], |row| {
            Ok(RobotsCopy {
                url: url.clone(),
                fetched: row::timestamp(row, 0)?,
                status: row.get(1)?,
                body: row.get(2)?,
            })
        })
        .optional()
}

pub(super) fn keep(transaction: &Transaction<'_>, copy: &RobotsCopy) -> rusqlite::Result<()> {
    transaction
        .prepare_cached("INSERT OR REPLACE INTO robots (url, fetched, status, body) VALUES (?1, ?2, ?3, ?4)")?
        .execute(params![copy.url.as_str(), copy.fetched.as_millisecond(), copy.status, copy.body])
        .map(drop)
}
