//! Records what became of a URL.

use super::super::revisit::{Look, RevisitRule};
use super::super::{KnownArticle, Outcome, State, UrlKind, Verdict};
use super::{discover, duplicates, row, state_name};
use crate::model::{ArticleDate, CanonicalUrl, HostKey, Validators};
use jiff::{SignedDuration, Timestamp};
use rusqlite::{OptionalExtension, Transaction, params};

/// Visits kept of a URL, the latest: enough to see how it came to be where it is.
const VISITS: i64 = 20;

pub(super) fn record(
    transaction: &Transaction<'_>,
    outcome: &Outcome,
    rule: &RevisitRule,
    now: Timestamp,
) -> rusqlite::Result<()> {
    let url = &outcome.url;
    transaction
        .prepare_cached("DELETE FROM lease WHERE url = (SELECT id FROM url WHERE url = ?1)")?
        .execute([url.as_str()])?;
    if again_as_another_kind(transaction, outcome, now)? {
        return Ok(());
    }
    match &outcome.verdict {
        Verdict::Fetched { final_url, aliases, validators, body_hash, article } => {
            if let Some(article) = article {
                keep_article(transaction, article, now)?;
            }
            if final_url != url {
                stand_in(transaction, url, final_url, now)?;
                redirect(transaction, url, final_url, now)?;
            }
            let page = Fetched { validators, body_hash: body_hash.as_deref(), article: article.as_ref() };
            fetched(transaction, final_url, &page, rule, now)?;
            for alias in aliases.iter().filter(|alias| *alias != final_url && *alias != url) {
                if stand_in(transaction, final_url, alias, now)? {
                    redirect(transaction, alias, final_url, now)?;
                } else {
                    redirect_unless_in_use(transaction, alias, final_url, now)?;
                }
            }
            Ok(())
        }
        Verdict::NotModified { validators } => not_modified(transaction, url, validators, rule, now),
        Verdict::Retry { reason, at } => retry(transaction, url, reason, *at, 1, now),
        Verdict::PutOff { reason, at } => retry(transaction, url, reason, *at, 0, now),
        Verdict::Failed { reason } => rest(transaction, url, State::Failed, reason, now),
        Verdict::Gone { reason } => rest(transaction, url, State::Gone, reason, now),
        Verdict::Withdrawn { reason, article } => {
            keep_article(transaction, article, now)?;
            rest(transaction, url, State::Gone, reason, now)
        }
        Verdict::Excluded { reason } => rest(transaction, url, State::Excluded, reason, now),
        Verdict::Redirected { to } | Verdict::Moved { to } => {
            stand_in(transaction, url, to, now)?;
            if to == url {
                // A URL that stands for itself has nothing behind it.
                return rest(transaction, url, State::Failed, "redirects to itself", now);
            }
            if matches!(outcome.verdict, Verdict::Moved { .. }) {
                hand_on_article(transaction, url, to)?;
            }
            redirect(transaction, url, to, now)
        }
    }
}

/// What was fetched as a section page and turned out a story meanwhile, or the other way round, is fetched again as what
/// it is; whether it was so.
fn again_as_another_kind(transaction: &Transaction<'_>, outcome: &Outcome, now: Timestamp) -> rusqlite::Result<bool> {
    transaction
        .prepare_cached(
            "UPDATE url SET state = 'DISCOVERED', due = ?3, ready = 1, attempts = 0, reason = NULL
             WHERE url = ?1 AND kind <> ?2",
        )?
        .execute(params![outcome.url.as_str(), outcome.kind.name(), now.as_millisecond()])
        .map(|changed| changed > 0)
}

/// What has to be known of a URL to decide on its next visit.
struct Before {
    kind: UrlKind,
    source: String,
    body_hash: Option<String>,
    published: Option<ArticleDate>,
    discovered: Timestamp,
    interval: Option<SignedDuration>,
}

impl Before {
    fn of(transaction: &Transaction<'_>, url: &CanonicalUrl) -> rusqlite::Result<Option<Self>> {
        transaction
            .prepare_cached("SELECT kind, source, body_hash, published, discovered, pause FROM url WHERE url = ?1")?
            .query_row([url.as_str()], |row| {
                Ok(Self {
                    kind: discover::kind_of(row, 0)?,
                    source: row.get(1)?,
                    body_hash: row.get(2)?,
                    published: row::date(row, 3)?,
                    discovered: row::timestamp(row, 4)?,
                    interval: row.get::<_, Option<i64>>(5)?.map(SignedDuration::from_millis),
                })
            })
            .optional()
    }

    fn next(&self, rule: &RevisitRule, changed: bool, now: Timestamp) -> (Option<i64>, Option<i64>) {
        let born = self.published.map_or(self.discovered, |date| date.instant());
        let look = Look { kind: self.kind, source: &self.source, now, changed, interval: self.interval, born };
        let next = rule.next(&look);
        let interval = next.interval.map(|interval| i64::try_from(interval.as_millis()).unwrap_or(i64::MAX));
        (next.at.map(Timestamp::as_millisecond), interval)
    }
}

/// Writes down what became of a URL.
fn note(
    transaction: &Transaction<'_>,
    url: &CanonicalUrl,
    state: State,
    reason: Option<&str>,
    now: Timestamp,
) -> rusqlite::Result<()> {
    transaction
        .prepare_cached(
            "INSERT OR REPLACE INTO visit (url, at, state, reason) SELECT id, ?2, ?3, ?4 FROM url WHERE url = ?1",
        )?
        .execute(params![url.as_str(), now.as_millisecond(), state_name(state), reason])?;
    transaction
        .prepare_cached(
            "DELETE FROM visit WHERE url = (SELECT id FROM url WHERE url = ?1)
             AND at <= (SELECT at FROM visit WHERE url = (SELECT id FROM url WHERE url = ?1)
                        ORDER BY at DESC LIMIT 1 OFFSET ?2)",
        )?
        .execute(params![url.as_str(), VISITS])
        .map(drop)
}

fn not_modified(
    transaction: &Transaction<'_>,
    url: &CanonicalUrl,
    validators: &Validators,
    rule: &RevisitRule,
    now: Timestamp,
) -> rusqlite::Result<()> {
    let Some(before) = Before::of(transaction, url)? else { return Ok(()) };
    let (due, interval) = before.next(rule, false, now);
    transaction
        .prepare_cached(
            "UPDATE url SET state = 'NOT_MODIFIED', due = ?5, pause = ?6, ready = 0, fetched = ?2, attempts = 0,
                            reason = NULL, etag = coalesce(?3, etag), last_modified = coalesce(?4, last_modified)
             WHERE url = ?1",
        )?
        .execute(params![
            url.as_str(),
            now.as_millisecond(),
            validators.etag,
            validators.last_modified,
            due,
            interval
        ])?;
    note(transaction, url, State::NotModified, None, now)
}

fn retry(
    transaction: &Transaction<'_>,
    url: &CanonicalUrl,
    reason: &str,
    at: Timestamp,
    attempts: u32,
    now: Timestamp,
) -> rusqlite::Result<()> {
    transaction
        .prepare_cached(
            "UPDATE url SET state = 'RETRY', due = ?2, ready = 0, attempts = attempts + ?4, reason = ?3 WHERE url = ?1",
        )?
        .execute(params![url.as_str(), at.as_millisecond(), reason, attempts])?;
    note(transaction, url, State::Retry, Some(reason), now)
}

fn keep_article(transaction: &Transaction<'_>, article: &KnownArticle, now: Timestamp) -> rusqlite::Result<()> {
    transaction
        .prepare_cached(
            "INSERT INTO article (id, content_hash, version, seq, file, captured, published, title)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)
             ON CONFLICT (id) DO UPDATE SET
                content_hash = excluded.content_hash, version = excluded.version, seq = excluded.seq,
                file = excluded.file, published = coalesce(published, excluded.published),
                title = excluded.title",
        )?
        .execute(params![
            article.id,
            article.content_hash,
            article.version,
            article.seq.cast_signed(),
            article.file,
            now.as_millisecond(),
            article.published.map(|date| date.to_string()),
            article.title,
        ])?;
    match &article.likeness {
        Some(likeness) => duplicates::keep(transaction, &article.id, likeness),
        None => Ok(()),
    }
}

/// A row for a URL that another one led to, with what is known of the other; whether it had none before.
fn stand_in(
    transaction: &Transaction<'_>,
    of: &CanonicalUrl,
    url: &CanonicalUrl,
    now: Timestamp,
) -> rusqlite::Result<bool> {
    transaction
        .prepare_cached(
            "INSERT OR IGNORE INTO url (url, host, source, kind, state, due, rank, provenance, title, published, modified,
                                        newness, announced, discovered, ready)
             SELECT ?2, ?3, source, kind, 'DISCOVERED', ?4, rank, provenance, title, published, modified, newness,
                    announced, ?4, 1
             FROM url WHERE url = ?1",
        )?
        .execute(params![of.as_str(), url.as_str(), HostKey::of(&url.to_url()).as_str(), now.as_millisecond()])
        .map(|inserted| inserted > 0)
}

/// Gives the article of a URL that moved to where it moved, unless there is one already.
fn hand_on_article(transaction: &Transaction<'_>, url: &CanonicalUrl, to: &CanonicalUrl) -> rusqlite::Result<()> {
    transaction
        .prepare_cached(
            "UPDATE url SET article = coalesce((SELECT article FROM url WHERE url = ?1), article)
             WHERE url = ?2 AND kind = 'ARTICLE'
                AND NOT EXISTS (SELECT 1 FROM article WHERE article.id = url.article AND content_hash <> '')",
        )?
        .execute(params![url.as_str(), to.as_str()])
        .map(drop)
}

fn redirect(
    transaction: &Transaction<'_>,
    url: &CanonicalUrl,
    to: &CanonicalUrl,
    now: Timestamp,
) -> rusqlite::Result<()> {
    transaction
        .prepare_cached(
            "UPDATE url SET state = 'REDIRECTED', due = NULL, ready = 0, redirect = ?2, fetched = ?3, attempts = 0, reason = NULL
             WHERE url = ?1",
        )?
        .execute(params![url.as_str(), to.as_str(), now.as_millisecond()])?;
    note(transaction, url, State::Redirected, Some(to.as_str()), now)
}

/// An alias that somebody else is fetching right now will be reported by them; one that has a page of its own keeps it, and
/// one that waits to be fetched is: a page may say by mistake that it is another.
fn redirect_unless_in_use(
    transaction: &Transaction<'_>,
    alias: &CanonicalUrl,
    to: &CanonicalUrl,
    now: Timestamp,
) -> rusqlite::Result<()> {
    let changed = transaction
        .prepare_cached(
            "UPDATE url SET state = 'REDIRECTED', due = NULL, ready = 0, redirect = ?2, fetched = ?3, attempts = 0, reason = NULL
             WHERE url = ?1 AND state NOT IN ('FETCHED', 'NOT_MODIFIED', 'DISCOVERED', 'RETRY') AND kind = 'ARTICLE'
                AND id NOT IN (SELECT url FROM lease)",
        )?
        .execute(params![alias.as_str(), to.as_str(), now.as_millisecond()])?;
    if changed > 0 { note(transaction, alias, State::Redirected, Some(to.as_str()), now) } else { Ok(()) }
}

/// What came of a fetch.
struct Fetched<'a> {
    validators: &'a Validators,
    body_hash: Option<&'a str>,
    article: Option<&'a KnownArticle>,
}

fn fetched(
    transaction: &Transaction<'_>,
    url: &CanonicalUrl,
    page: &Fetched<'_>,
    rule: &RevisitRule,
    now: Timestamp,
) -> rusqlite::Result<()> {
    let Some(mut before) = Before::of(transaction, url)? else { return Ok(()) };
    let changed = page.body_hash.is_none() || before.body_hash.as_deref() != page.body_hash;
    // What the page itself says goes before what was said of it.
    let published = page.article.and_then(|article| article.published);
    before.published = published.or(before.published);
    let (due, interval) = before.next(rule, changed, now);
    transaction
        .prepare_cached(
            "UPDATE url SET state = 'FETCHED', due = ?2, pause = ?8, ready = 0, fetched = ?3, attempts = 0, reason = NULL,
                            redirect = NULL, changed = CASE WHEN ?9 THEN ?3 ELSE changed END,
                            etag = ?4, last_modified = ?5, body_hash = ?6, article = coalesce(?7, article),
                            published = coalesce(published, ?10)
             WHERE url = ?1",
        )?
        .execute(params![
            url.as_str(),
            due,
            now.as_millisecond(),
            page.validators.etag,
            page.validators.last_modified,
            page.body_hash,
            page.article.map(|article| &article.id),
            interval,
            changed,
            published.map(|date| date.to_string()),
        ])?;
    note(transaction, url, State::Fetched, (!changed).then_some("unchanged"), now)
}

fn rest(
    transaction: &Transaction<'_>,
    url: &CanonicalUrl,
    state: State,
    reason: &str,
    now: Timestamp,
) -> rusqlite::Result<()> {
    transaction
        .prepare_cached(
            "UPDATE url SET state = ?2, due = NULL, ready = 0, fetched = ?3, attempts = attempts + 1, reason = ?4 WHERE url = ?1",
        )?
        .execute(params![url.as_str(), state_name(state), now.as_millisecond(), reason])?;
    note(transaction, url, state, Some(reason), now)
}
