//! What is to be done and what is known, for those who only look.

use super::super::{Hints, HostWork, KnownUrl, RevisitRule, UrlKind, Visit, WhichSources};
use super::{discover, row};
use crate::model::CanonicalUrl;
use jiff::{SignedDuration, Timestamp};
use rusqlite::{Connection, OptionalExtension, params};

/// When the next URL of these sources is due. Where something is ready, that is the earliest moment there is.
pub(super) fn next_due(
    connection: &Connection,
    sources: WhichSources<'_>,
    articles_of: WhichSources<'_>,
) -> rusqlite::Result<Option<Timestamp>> {
    let is_wanted = |source: &str, rank: i64| {
        sources.contains(source) && (rank < super::rank(UrlKind::Article) || articles_of.contains(source))
    };
    for source in ready_sources(connection)? {
        if sources.contains(&source)
            && connection
                .prepare_cached(
                    "SELECT 1 FROM url WHERE ready = 1 AND source = ?1 AND (?2 OR rank = 0)
                        AND NOT EXISTS (SELECT 1 FROM lease WHERE lease.url = url.id) LIMIT 1",
                )?
                .exists(params![source, articles_of.contains(&source)])?
        {
            return Ok(Some(Timestamp::UNIX_EPOCH));
        }
    }
    // Of sources that are crawled no more, a few may lie before.
    let mut statement = connection
        .prepare_cached("SELECT due, source, rank FROM url WHERE ready = 0 AND due IS NOT NULL ORDER BY due")?;
    let mut leases = connection
        .prepare_cached("SELECT until, source, rank FROM lease JOIN url ON url.id = lease.url ORDER BY until")?;
    let mut next = None;
    for statement in [&mut statement, &mut leases] {
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            if is_wanted(row.get_ref(1)?.as_str()?, row.get(2)?) {
                next = next.into_iter().chain([row::timestamp(row, 0)?]).min();
                break;
            }
        }
    }
    Ok(next)
}

/// The sources that have something due.
pub(super) fn due_sources(connection: &Connection, now: Timestamp) -> rusqlite::Result<Vec<String>> {
    let mut sources = ready_sources(connection)?;
    let mut statement = connection
        .prepare_cached("SELECT DISTINCT source FROM url WHERE ready = 0 AND due IS NOT NULL AND due <= ?1")?;
    for source in statement.query_map([now.as_millisecond()], |row| row.get(0))? {
        sources.push(source?);
    }
    sources.sort();
    sources.dedup();
    Ok(sources)
}

/// The sources that have something ready, by one step along the index for each.
fn ready_sources(connection: &Connection) -> rusqlite::Result<Vec<String>> {
    let mut sources = Vec::new();
    let mut source = String::new();
    let mut statement =
        connection.prepare_cached("SELECT source FROM url WHERE ready = 1 AND source > ?1 ORDER BY source LIMIT 1")?;
    while let Some(next) = statement.query_row([&source], |row| row.get::<_, String>(0)).optional()? {
        source.clone_from(&next);
        sources.push(next);
    }
    Ok(sources)
}

/// What a pass would ask of each host.
pub(super) fn work(
    connection: &Connection,
    sources: WhichSources<'_>,
    rule: &RevisitRule,
    now: Timestamp,
) -> rusqlite::Result<Vec<HostWork>> {
    let mut statement = connection.prepare_cached(
        "SELECT source, host, count(rank = 0 OR NULL), count(rank > 0 OR NULL) FROM url
         WHERE due <= ?1 OR rank = 0 AND ?2 AND fetched <= ?3 AND redirect IS NULL
         GROUP BY source, host ORDER BY source, host",
    )?;
    let every_pass = rule.hubs == super::super::HubVisits::EveryPass;
    let rested = now.checked_sub(rule.hub_pause).unwrap_or(now);
    let rows = statement.query_map(params![now.as_millisecond(), every_pass, rested.as_millisecond()], |row| {
        Ok(HostWork {
            source: row.get(0)?,
            host: row::stored(row, 1)?,
            hubs: row.get::<_, i64>(2)?.cast_unsigned(),
            articles: row.get::<_, i64>(3)?.cast_unsigned(),
        })
    })?;
    rows.filter(|work| work.as_ref().map_or(true, |work| sources.contains(&work.source))).collect()
}

/// All that is known of a URL.
pub(super) fn url(connection: &Connection, url: &CanonicalUrl) -> rusqlite::Result<Option<KnownUrl>> {
    let found = connection
        .prepare_cached(
            "SELECT id, source, kind,
                    CASE WHEN EXISTS (SELECT 1 FROM lease WHERE lease.url = id) THEN 'LEASED' ELSE state END, reason, redirect, due, pause, provenance, title, published, modified,
                    discovered, fetched, changed, attempts, article
             FROM url WHERE url = ?1",
        )?
        .query_row([url.as_str()], |row| {
            let known = KnownUrl {
                url: url.clone(),
                source: row.get(1)?,
                kind: discover::kind_of(row, 2)?,
                state: discover::state_of(row, 3)?,
                reason: row.get(4)?,
                redirect: row.get::<_, Option<String>>(5)?.and_then(|url| CanonicalUrl::parse(&url)),
                due: row::optional_timestamp(row, 6)?,
                interval: row.get::<_, Option<i64>>(7)?.map(SignedDuration::from_millis),
                hints: Hints {
                    provenance: row::provenance(row.get(8)?),
                    title: row.get(9)?,
                    published: row::date(row, 10)?,
                    modified: row::date(row, 11)?,
                },
                discovered: row::timestamp(row, 12)?,
                fetched: row::optional_timestamp(row, 13)?,
                changed: row::optional_timestamp(row, 14)?,
                attempts: row.get(15)?,
                article: None,
                visits: Vec::new(),
            };
            Ok((row.get::<_, i64>(0)?, row.get::<_, Option<String>>(16)?, known))
        })
        .optional()?;
    let Some((id, article, mut known)) = found else { return Ok(None) };
    if let Some(article) = article {
        known.article = row::article(connection, &article)?;
    }
    known.visits = connection
        .prepare_cached("SELECT at, state, reason FROM visit WHERE url = ?1 ORDER BY at")?
        .query_map([id], |row| {
            Ok(Visit { at: row::timestamp(row, 0)?, state: discover::state_of(row, 1)?, reason: row.get(2)? })
        })?
        .collect::<rusqlite::Result<_>>()?;
    Ok(Some(known))
}
