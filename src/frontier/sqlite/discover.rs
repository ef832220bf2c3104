//! Adds links.

use super::super::revisit::{History, HubVisits, RevisitRule};
use super::super::{Discovered, State, UrlKind};
use super::row;
use crate::model::{ArticleDate, CanonicalUrl, HostKey, Link, Provenance};
use jiff::{SignedDuration, Timestamp};
use rusqlite::{OptionalExtension, Transaction, params};

/// Redirects followed from one known URL to the one that stands for it. Chains come from sites that moved several
/// times; the bound keeps a circle from being one.
const MAX_HOPS: usize = 8;

/// What has to be known of a URL's row.
struct Known {
    id: i64,
    kind: UrlKind,
    state: State,
    provenance: i64,
    history: History,
    interval: Option<SignedDuration>,
    /// Whether the archive's keeper took its article out, so that it is not to be had again.
    is_unwanted: bool,
}

impl Known {
    /// Whether it is still to be fetched, so that nobody can say that it is as it was.
    fn waits(&self) -> bool {
        match self.state {
            State::Discovered | State::Leased => true,
            State::Retry => self.history.fetched.is_none(),
            _ => false,
        }
    }
}

/// Why an article rests that was taken out, in the words of its tombstone.
const UNWANTED: [&str; 2] = ["pruned", "taken_down"];

pub(super) fn discover(
    transaction: &Transaction<'_>,
    source: &str,
    links: &[Link],
    kind: UrlKind,
    rule: &RevisitRule,
    now: Timestamp,
) -> rusqlite::Result<Discovered> {
    let mut counts = Discovered::default();
    for link in links {
        let url = CanonicalUrl::new(&link.url);
        match known(transaction, url.as_str())? {
            None => {
                let due =
                    if kind.is_hub() && link.provenance == Provenance::Seed { rule.first(source, now) } else { now };
                insert(transaction, source, &url, link, kind, due, now)?;
                counts.new += 1;
            }
            Some(known) => {
                counts.known += 1;
                let is_changed = renew(transaction, source, &known, link, kind, rule, now)?;
                counts.changed += usize::from(is_changed);
                counts.waiting += usize::from(!is_changed && known.waits());
            }
        }
    }
    Ok(counts)
}

/// The row of a URL, or of the URL that stands for it.
fn known(transaction: &Transaction<'_>, url: &str) -> rusqlite::Result<Option<Known>> {
    let mut statement = transaction.prepare_cached(
        "SELECT id, kind, CASE WHEN EXISTS (SELECT 1 FROM lease WHERE lease.url = id) THEN 'LEASED' ELSE state END,
                    provenance, fetched, announced, redirect, due, pause, reason
             FROM url WHERE url = ?1",
    )?;
    let mut url = url.to_owned();
    let mut last = None;
    for _ in 0..MAX_HOPS {
        let found = statement
            .query_row([&url], |row| {
                let known = Known {
                    id: row.get(0)?,
                    kind: kind_of(row, 1)?,
                    state: state_of(row, 2)?,
                    provenance: row.get(3)?,
                    history: History {
                        fetched: row::optional_timestamp(row, 4)?,
                        announced: row::optional_timestamp(row, 5)?,
                        due: row::optional_timestamp(row, 7)?,
                    },
                    interval: row.get::<_, Option<i64>>(8)?.map(SignedDuration::from_millis),
                    is_unwanted: row.get_ref(9)?.as_str_or_null()?.is_some_and(|reason| UNWANTED.contains(&reason)),
                };
                Ok((known, row.get::<_, Option<String>>(6)?))
            })
            .optional()?;
        match found {
            None => break,
            Some((known, redirect)) => {
                last = Some(known);
                match redirect {
                    Some(target) => url = target,
                    None => break,
                }
            }
        }
    }
    Ok(last)
}

fn insert(
    transaction: &Transaction<'_>,
    source: &str,
    url: &CanonicalUrl,
    link: &Link,
    kind: UrlKind,
    due: Timestamp,
    now: Timestamp,
) -> rusqlite::Result<()> {
    transaction
        .prepare_cached(
            "INSERT INTO url (url, host, source, kind, state, rank, provenance, title, published, modified, newness,
                              announced, discovered, address, due, ready)
             VALUES (?1, ?2, ?3, ?4, 'DISCOVERED', ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?5, ?13, ?14, ?14 <= ?5)",
        )?
        .execute(params![
            url.as_str(),
            HostKey::of(&url.to_url()).as_str(),
            source,
            kind.name(),
            now.as_millisecond(),
            super::rank(kind),
            row::provenance_rank(link.provenance),
            link.title,
            text_of(link.published),
            text_of(link.modified),
            newness(link),
            announced(link).map(Timestamp::as_millisecond),
            Some(address_of(link)).filter(|address| address != url.as_str()),
            due.as_millisecond(),
        ])?;
    Ok(())
}

/// Takes over what a link says of a known URL; whether that made it due again.
fn renew(
    transaction: &Transaction<'_>,
    source: &str,
    known: &Known,
    link: &Link,
    kind: UrlKind,
    rule: &RevisitRule,
    now: Timestamp,
) -> rusqlite::Result<bool> {
    let is_seed = link.provenance == Provenance::Seed;
    let kind = if is_seed || is_story_after_all(known, link, kind) { kind } else { known.kind };
    let announced = announced(link);
    let resting = !known.state.is_open() && !known.is_unwanted;
    // Who starts a pass has perhaps just corrected what was wrong with a hub, and wants to see it work.
    let once_more = is_seed && known.state == State::Retry && kind.is_hub() && rule.hubs == HubVisits::EveryPass;
    let due = once_more || resting && (kind != known.kind || rule.is_due(kind, known.history, announced, now));
    let rests = matches!(known.state, State::Fetched | State::NotModified);
    // What is due already stays so: a hub told of news, or somebody asked for it, just before this pass began.
    let waits = known.history.due.is_none_or(|due| due > now);
    let again = known.history.fetched.filter(|_| is_seed && rests && waits && !due);
    let again = again.and_then(|fetched| rule.reschedule(kind, source, fetched, known.interval));
    // The most trusted place gives title and dates; others only fill what is missing. Dates of change only go forward.
    let trusted = row::provenance_rank(link.provenance) <= known.provenance;
    let newer = announced > known.history.announced;
    transaction
        .prepare_cached(
            "UPDATE url SET
                kind = ?2, rank = ?3,
                provenance = min(provenance, ?4),
                title = CASE WHEN ?5 THEN coalesce(?6, title) ELSE coalesce(title, ?6) END,
                published = CASE WHEN ?5 THEN coalesce(?7, published) ELSE coalesce(published, ?7) END,
                modified = CASE WHEN ?8 THEN coalesce(?9, modified) ELSE coalesce(modified, ?9) END,
                announced = CASE WHEN ?8 THEN ?10 ELSE announced END,
                newness = max(newness, ?11),
                state = CASE WHEN ?12 THEN 'DISCOVERED' ELSE state END,
                due = CASE WHEN ?12 THEN ?13 ELSE coalesce(?15, due) END,
                ready = CASE WHEN ?12 THEN 1 WHEN ?15 IS NULL THEN ready ELSE ?15 <= ?13 END,
                redirect = CASE WHEN ?12 THEN NULL ELSE redirect END,
                attempts = CASE WHEN ?12 THEN 0 ELSE attempts END,
                address = CASE WHEN url = ?14 THEN NULL WHEN kind = ?2 THEN address ELSE ?14 END,
                etag = CASE WHEN kind = ?2 THEN etag END,
                last_modified = CASE WHEN kind = ?2 THEN last_modified END,
                body_hash = CASE WHEN kind = ?2 THEN body_hash END
             WHERE id = ?1",
        )?
        .execute(params![
            known.id,
            kind.name(),
            super::rank(kind),
            row::provenance_rank(link.provenance),
            trusted,
            link.title,
            text_of(link.published),
            newer,
            text_of(link.modified),
            announced.map(Timestamp::as_millisecond),
            newness(link),
            due,
            now.as_millisecond(),
            address_of(link),
            again.map(Timestamp::as_millisecond),
        ])?;
    Ok(due)
}

/// Whether what looked like a section page, by a short address and a short link on a front page, is a story: by a feed, a
/// sitemap with dates of publication, or the page itself. The other way round only the configuration can say so.
fn is_story_after_all(known: &Known, link: &Link, kind: UrlKind) -> bool {
    let is_told = match link.provenance {
        Provenance::Feed | Provenance::Article => true,
        Provenance::Sitemap => link.published.is_some(),
        Provenance::Seed | Provenance::Section => false,
    };
    let is_configured = known.provenance == row::provenance_rank(Provenance::Seed);
    kind == UrlKind::Article && known.kind == UrlKind::Section && is_told && !is_configured
}

/// The last change that a feed or a sitemap tells of. Other places show dates too, but not of the page behind the link.
fn announced(link: &Link) -> Option<Timestamp> {
    matches!(link.provenance, Provenance::Feed | Provenance::Sitemap)
        .then(|| link.modified.or(link.published))
        .flatten()
        .map(|date| date.instant())
}

/// A link's address as it was found, without the fragment, which no server sees.
fn address_of(link: &Link) -> String {
    let mut address = link.url.clone();
    address.set_fragment(None);
    address.into()
}

/// By what the newest come first: publication, else change; nothing known comes last.
fn newness(link: &Link) -> i64 {
    link.published.or(link.modified).map_or(0, |date| date.instant().as_millisecond())
}

fn text_of(date: Option<ArticleDate>) -> Option<String> {
    date.map(|date| date.to_string())
}

pub(super) fn kind_of(row: &rusqlite::Row<'_>, column: usize) -> rusqlite::Result<UrlKind> {
    let name = row.get_ref(column)?.as_str()?;
    UrlKind::from_name(name)
        .ok_or_else(|| row::unreadable(column, std::io::Error::other(format!("unknown kind {name}"))))
}

pub(super) fn state_of(row: &rusqlite::Row<'_>, column: usize) -> rusqlite::Result<State> {
    let name = row.get_ref(column)?.as_str()?;
    State::from_name(name)
        .ok_or_else(|| row::unreadable(column, std::io::Error::other(format!("unknown state {name}"))))
}
