//! What was written by a clock that was ahead.

use jiff::{SignedDuration, Timestamp};
use rusqlite::{Transaction, params};

/// By how much the last run can have begun in the future before its clock is taken to have been wrong: more than time
/// services move a clock by.
const TOLERANCE: SignedDuration = SignedDuration::from_hours(1);

/// Where the last run began in the future, moves what waits for a time back by as much: a machine that started with a wrong
/// clock would not ask for anything until that time has come.
pub(super) fn set_back(transaction: &Transaction<'_>, now: Timestamp) -> rusqlite::Result<()> {
    let latest: Option<i64> = transaction.query_row("SELECT max(began) FROM run", [], |row| row.get(0))?;
    let now = now.as_millisecond();
    let Some(ahead) = latest.map(|latest| latest.saturating_sub(now)) else { return Ok(()) };
    if i128::from(ahead) <= TOLERANCE.as_millis() {
        return Ok(());
    }
    tracing::warn!(
        hours = ahead / 3_600_000,
        "the clock was set back since the last run; what waits for its time is moved"
    );
    transaction.execute(
        "UPDATE url SET due = due - ?1, fetched = CASE WHEN fetched > ?2 THEN fetched - ?1 ELSE fetched END WHERE due > ?2",
        params![ahead, now],
    )?;
    transaction
        .execute("UPDATE host SET not_before = min(not_before, ?1), down_until = min(down_until, ?1)", params![now])?;
    transaction.execute("UPDATE run SET began = min(began, ?1)", params![now]).map(drop)
}
