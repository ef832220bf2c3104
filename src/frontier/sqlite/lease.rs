//! Gives out what is due, and counts it.

use super::super::{Hints, Lease, LeaseRequest, Pending, State, UrlKind, WhichSources};
use super::{discover, row};
use crate::model::{CanonicalUrl, HostKey, Validators};
use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension, Transaction, params};
use std::cmp::Reverse;
use url::Url;

/// URLs that are marked as ready in one step at the most, so that a lease after a long rest is not held up by them.
const READIED: i64 = 10_000;

/// A source's place on a host: what a lease goes through in turn.
pub(super) type Place = (String, String);

/// Walks the hosts that have ready URLs, source by source, from behind the one where the last lease stopped, and takes
/// from each what its limit leaves. It stops when it has enough, so that its cost grows neither with the number of hosts
/// nor with that of the URLs.
pub(super) fn lease(
    transaction: &Transaction<'_>,
    request: &LeaseRequest<'_>,
    last: &mut Place,
    now: Timestamp,
) -> rusqlite::Result<Vec<Lease>> {
    make_ready(transaction, now)?;
    let until = now.checked_add(request.lease_for).unwrap_or(Timestamp::MAX);
    let mut found: Vec<(i64, i64, Lease)> = Vec::new();
    let start = last.clone();
    let mut wrapped = false;
    while found.len() < request.limit {
        let Some(place) = next_place(transaction, last, request)? else {
            // Behind the last host comes the first; with nothing behind an empty name there is none at all.
            let is_first = last.0.is_empty();
            *last = Place::default();
            if wrapped || is_first {
                break;
            }
            wrapped = true;
            continue;
        };
        if wrapped && place > start {
            break;
        }
        let room = request.per_host_limit.saturating_sub(leased(transaction, &place.1, now)?);
        let room = room.min(request.limit - found.len());
        take(transaction, &place, room, request, (now, until), &mut found)?;
        *last = place;
    }
    found.sort_by_key(|(rank, newness, _)| (*rank, Reverse(*newness)));
    Ok(found.into_iter().map(|(_, _, lease)| lease).collect())
}

/// Marks what has become due.
fn make_ready(transaction: &Transaction<'_>, now: Timestamp) -> rusqlite::Result<()> {
    transaction
        .prepare_cached(
            "UPDATE url SET ready = 1 WHERE id IN
                (SELECT id FROM url WHERE ready = 0 AND due IS NOT NULL AND due <= ?1 ORDER BY due LIMIT ?2)",
        )?
        .execute(params![now.as_millisecond(), READIED])
        .map(drop)
}

/// The next place behind another that has something ready of a source that is asked for.
fn next_place(
    transaction: &Transaction<'_>,
    after: &Place,
    request: &LeaseRequest<'_>,
) -> rusqlite::Result<Option<Place>> {
    let (mut source, mut host) = after.clone();
    loop {
        if request.sources.contains(&source) {
            let found: Option<String> = transaction
                .prepare_cached(
                    "SELECT host FROM url WHERE ready = 1 AND source = ?1 AND host > ?2 AND (?3 OR rank = 0)
                     ORDER BY host LIMIT 1",
                )?
                .query_row(params![source, host, request.articles_of.contains(&source)], |row| row.get(0))
                .optional()?;
            if let Some(host) = found {
                return Ok(Some((source, host)));
            }
        }
        let Some(next) = next_source(transaction, &source)? else { return Ok(None) };
        (source, host) = (next, String::new());
    }
}

/// Leases of a host that have not run out.
fn leased(transaction: &Transaction<'_>, host: &str, now: Timestamp) -> rusqlite::Result<usize> {
    transaction
        .prepare_cached("SELECT count(*) FROM lease WHERE host = ?1 AND until > ?2")?
        .query_row(params![host, now.as_millisecond()], |row| row.get::<_, i64>(0))
        .map(|count| usize::try_from(count).unwrap_or(usize::MAX))
}

/// Of these, those of feeds, sitemaps and sections.
fn leased_hubs(transaction: &Transaction<'_>, host: &str, now: Timestamp) -> rusqlite::Result<usize> {
    transaction
        .prepare_cached(
            "SELECT count(*) FROM lease JOIN url ON url.id = lease.url
             WHERE lease.host = ?1 AND until > ?2 AND rank = 0",
        )?
        .query_row(params![host, now.as_millisecond()], |row| row.get::<_, i64>(0))
        .map(|count| usize::try_from(count).unwrap_or(usize::MAX))
}

/// What is ready at a place, of one rank, up to a number.
fn ready(
    transaction: &Transaction<'_>,
    (source, host): &Place,
    kind: UrlKind,
    most: usize,
    now: Timestamp,
) -> rusqlite::Result<Vec<i64>> {
    transaction
        .prepare_cached(
            "SELECT id FROM url WHERE ready = 1 AND source = ?1 AND host = ?2 AND rank = ?3
                AND NOT EXISTS (SELECT 1 FROM lease WHERE lease.url = url.id AND until > ?4)
             ORDER BY newness DESC",
        )?
        .query_map(params![source, host, super::rank(kind), now.as_millisecond()], |row| row.get(0))?
        .take(most)
        .collect()
}

/// Takes leases out of what is counted to their hosts.
pub(super) fn shelve(transaction: &Transaction<'_>, urls: &[CanonicalUrl]) -> rusqlite::Result<()> {
    for url in urls {
        transaction
            .prepare_cached("UPDATE lease SET host = '' WHERE url = (SELECT id FROM url WHERE url = ?1)")?
            .execute([url.as_str()])?;
    }
    Ok(())
}

/// Has nothing of a host given out before a moment that is due now: walks along the sources that have something ready,
/// so that what is changed is found by the index of what is ready.
pub(super) fn put_host_off(
    transaction: &Transaction<'_>,
    host: &HostKey,
    until: Timestamp,
    unasked: &[CanonicalUrl],
) -> rusqlite::Result<Vec<(String, u64)>> {
    for url in unasked {
        transaction
            .prepare_cached("DELETE FROM lease WHERE url = (SELECT id FROM url WHERE url = ?1)")?
            .execute([url.as_str()])?;
    }
    let mut counts = Vec::new();
    let mut last = String::new();
    while let Some(source) = next_source(transaction, &last)? {
        let changed = transaction
            .prepare_cached(
                "UPDATE url SET due = ?3, ready = 0 WHERE ready = 1 AND source = ?1 AND host = ?2
                 AND NOT EXISTS (SELECT 1 FROM lease WHERE lease.url = url.id)",
            )?
            .execute(params![source, host.as_str(), until.as_millisecond()])?;
        if changed > 0 {
            counts.push((source.clone(), changed as u64));
        }
        last = source;
    }
    Ok(counts)
}

/// The next source, by name, that has something ready.
fn next_source(transaction: &Transaction<'_>, after: &str) -> rusqlite::Result<Option<String>> {
    transaction
        .prepare_cached("SELECT source FROM url WHERE ready = 1 AND source > ?1 ORDER BY source LIMIT 1")?
        .query_row([after], |row| row.get(0))
        .optional()
}

/// Gives out what a host has room for: hubs before articles, but no more than half of its leases are hubs while
/// articles wait, so that hubs which take longer to read than they rest hold up no article.
fn take(
    transaction: &Transaction<'_>,
    place: &Place,
    room: usize,
    request: &LeaseRequest<'_>,
    (now, until): (Timestamp, Timestamp),
    found: &mut Vec<(i64, i64, Lease)>,
) -> rusqlite::Result<()> {
    if room == 0 {
        return Ok(());
    }
    let (source, host) = place;
    let mut ids = ready(transaction, place, UrlKind::Feed, room, now)?;
    if request.articles_of.contains(source) {
        let hubs_room = match ids.len() {
            0 => 0,
            waiting => {
                let under_way = leased_hubs(transaction, host, now)?;
                (request.per_host_limit.div_ceil(2)).saturating_sub(under_way).min(waiting)
            }
        };
        let articles = ready(transaction, place, UrlKind::Article, room - hubs_room, now)?;
        ids.truncate(room - articles.len());
        ids.extend(articles);
    }
    for id in ids {
        transaction
            .prepare_cached("INSERT OR REPLACE INTO lease (url, host, until) VALUES (?1, ?2, ?3)")?
            .execute(params![id, host, until.as_millisecond()])?;
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
        "SELECT source, CASE WHEN until > ?1 THEN 'LEASED' ELSE state END AS now, count(*),
                count(due <= ?1 AND until IS NULL OR until <= ?1 OR NULL),
                min(CASE WHEN until > ?1 THEN until WHEN due > ?1 THEN due END)
         FROM url LEFT JOIN lease ON lease.url = url.id GROUP BY source, now",
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
