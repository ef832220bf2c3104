//! Gives out what is due, and counts it.

use super::super::{Hints, Lease, LeaseRequest, Pending, State, UrlKind, WhichSources};
use super::{discover, row};
use crate::model::{CanonicalUrl, Validators};
use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension, Transaction, params};
use std::cmp::Reverse;
use url::Url;

/// Walks the hosts that have open URLs, from behind the one where the last lease stopped, and takes from each what its
/// limit leaves. It stops when it has enough, so that its cost does not grow with the number of hosts.
pub(super) fn lease(
    transaction: &Transaction<'_>,
    request: &LeaseRequest<'_>,
    last_host: &mut String,
    now: Timestamp,
) -> rusqlite::Result<Vec<Lease>> {
    let until = now.checked_add(request.lease_for).unwrap_or(Timestamp::MAX);
    let mut found: Vec<(i64, i64, Lease)> = Vec::new();
    let start = last_host.clone();
    let mut wrapped = false;
    while found.len() < request.limit {
        let Some(host) = next_host(transaction, last_host)? else {
            // Behind the last host comes the first; with nothing behind an empty name there is none at all.
            if wrapped || last_host.is_empty() {
                last_host.clear();
                break;
            }
            wrapped = true;
            last_host.clear();
            continue;
        };
        if wrapped && host > start {
            break;
        }
        let room = request.per_host_limit.saturating_sub(leased(transaction, &host, now)?);
        let room = room.min(request.limit - found.len());
        take(transaction, &host, room, request, until, now, &mut found)?;
        *last_host = host;
    }
    found.sort_by_key(|(rank, newness, _)| (*rank, Reverse(*newness)));
    Ok(found.into_iter().map(|(_, _, lease)| lease).collect())
}

fn next_host(transaction: &Transaction<'_>, after: &str) -> rusqlite::Result<Option<String>> {
    transaction
        .prepare_cached("SELECT host FROM url WHERE due IS NOT NULL AND host > ?1 ORDER BY host LIMIT 1")?
        .query_row([after], |row| row.get(0))
        .optional()
}

/// Leases of a host that have not run out.
fn leased(transaction: &Transaction<'_>, host: &str, now: Timestamp) -> rusqlite::Result<usize> {
    transaction
        .prepare_cached("SELECT count(*) FROM url WHERE state = 'LEASED' AND host = ?1 AND due > ?2")?
        .query_row(params![host, now.as_millisecond()], |row| row.get::<_, i64>(0))
        .map(|count| usize::try_from(count).unwrap_or(usize::MAX))
}

fn take(
    transaction: &Transaction<'_>,
    host: &str,
    room: usize,
    request: &LeaseRequest<'_>,
    until: Timestamp,
    now: Timestamp,
    found: &mut Vec<(i64, i64, Lease)>,
) -> rusqlite::Result<()> {
    if room == 0 {
        return Ok(());
    }
    let mut ids = Vec::new();
    {
        // Everything that is asked for here is in the index, so that rows which are not due cost no look at the table.
        let mut statement = transaction.prepare_cached(
            "SELECT id, source, rank FROM url WHERE due IS NOT NULL AND host = ?1 AND due <= ?2 ORDER BY rank, newness DESC",
        )?;
        let mut rows = statement.query(params![host, now.as_millisecond()])?;
        while ids.len() < room
            && let Some(row) = rows.next()?
        {
            let source = row.get_ref(1)?.as_str()?;
            let is_hub = row.get::<_, i64>(2)? < super::rank(UrlKind::Article);
            if request.sources.contains(source) && (is_hub || request.articles_of.contains(source)) {
                ids.push(row.get::<_, i64>(0)?);
            }
        }
    }
    for id in ids {
        transaction
            .prepare_cached("UPDATE url SET state = 'LEASED', due = ?2 WHERE id = ?1")?
            .execute(params![id, until.as_millisecond()])?;
        let (rank, newness, mut lease, article) = transaction
            .prepare_cached(
                "SELECT rank, newness, url, source, kind, provenance, title, published, modified, etag, last_modified,
                        body_hash, attempts, article, address
                 FROM url WHERE id = ?1",
            )?
            .query_row([id], |row| {
                let url: CanonicalUrl = row::stored(row, 2)?;
                let address = row.get::<_, Option<String>>(14)?.and_then(|address| Url::parse(&address).ok());
                let lease = Lease {
                    address: address.unwrap_or_else(|| url.to_url()),
                    url,
                    source: row.get(3)?,
                    kind: discover::kind_of(row, 4)?,
                    hints: Hints {
                        provenance: row::provenance(row.get(5)?),
                        title: row.get(6)?,
                        published: row::date(row, 7)?,
                        modified: row::date(row, 8)?,
                    },
                    validators: Validators { etag: row.get(9)?, last_modified: row.get(10)? },
                    body_hash: row.get(11)?,
                    attempts: row.get(12)?,
                    article: None,
                };
                Ok((row.get(0)?, row.get(1)?, lease, row.get::<_, Option<String>>(13)?))
            })?;
        if let Some(article) = article {
            lease.article = row::article(transaction, &article)?;
        }
        found.push((rank, newness, lease));
    }
    Ok(())
}

pub(super) fn pending(connection: &Connection, sources: WhichSources<'_>, now: Timestamp) -> rusqlite::Result<Pending> {
    let now = now.as_millisecond();
    let mut pending = Pending::default();
    let mut statement = connection.prepare_cached(
        "SELECT source, state, count(*), count(due <= ?1 OR NULL), min(CASE WHEN due > ?1 THEN due END)
         FROM url GROUP BY source, state",
    )?;
    let mut rows = statement.query([now])?;
    while let Some(row) = rows.next()? {
        if !sources.contains(row.get_ref(0)?.as_str()?) {
            continue;
        }
        let state: State = discover::state_of(row, 1)?;
        *pending.by_state.entry(state).or_default() += row.get::<_, i64>(2)?.cast_unsigned();
        pending.due += row.get::<_, i64>(3)?.cast_unsigned();
        let next = row::optional_timestamp(row, 4)?;
        pending.next_due = match (pending.next_due, next) {
            (Some(one), Some(other)) => Some(one.min(other)),
            (one, other) => one.or(other),
        };
    }
    Ok(pending)
}
