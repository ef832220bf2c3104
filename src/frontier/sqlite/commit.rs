//! Records what became of a URL.

use super::super::{KnownArticle, Outcome, State, Verdict};
use super::{duplicates, state_name};
use crate::model::{CanonicalUrl, HostKey, Validators};
use jiff::Timestamp;
use rusqlite::{Transaction, params};

pub(super) fn record(transaction: &Transaction<'_>, outcome: &Outcome, now: Timestamp) -> rusqlite::Result<()> {
    let url = &outcome.url;
    match &outcome.verdict {
        Verdict::Fetched { final_url, aliases, validators, body_hash, article } => {
            if let Some(article) = article {
                keep_article(transaction, article, now)?;
            }
            if final_url != url {
                stand_in(transaction, url, final_url, now)?;
                redirect(transaction, url, final_url, now)?;
            }
            let article = article.as_ref().map(|article| article.id.as_str());
            fetched(transaction, final_url, validators, body_hash.as_deref(), article, now)?;
            for alias in aliases.iter().filter(|alias| *alias != final_url && *alias != url) {
                if stand_in(transaction, final_url, alias, now)? {
                    redirect(transaction, alias, final_url, now)?;
                } else {
                    redirect_unless_in_use(transaction, alias, final_url, now)?;
                }
            }
            Ok(())
        }
        Verdict::NotModified { validators } => transaction
            .prepare_cached(
                "UPDATE url SET state = 'NOT_MODIFIED', due = NULL, fetched = ?2, attempts = 0, reason = NULL,
                                etag = coalesce(?3, etag), last_modified = coalesce(?4, last_modified)
                 WHERE url = ?1",
            )?
            .execute(params![url.as_str(), now.as_millisecond(), validators.etag, validators.last_modified])
            .map(drop),
        Verdict::Retry { reason, at } => transaction
            .prepare_cached(
                "UPDATE url SET state = 'RETRY', due = ?2, attempts = attempts + 1, reason = ?3 WHERE url = ?1",
            )?
            .execute(params![url.as_str(), at.as_millisecond(), reason])
            .map(drop),
        Verdict::PutOff { reason, at } => transaction
            .prepare_cached("UPDATE url SET state = 'RETRY', due = ?2, reason = ?3 WHERE url = ?1")?
            .execute(params![url.as_str(), at.as_millisecond(), reason])
            .map(drop),
        Verdict::Failed { reason } => rest(transaction, url, State::Failed, reason, now),
        Verdict::Gone { reason } => rest(transaction, url, State::Gone, reason, now),
        Verdict::Excluded { reason } => rest(transaction, url, State::Excluded, reason, now),
        Verdict::Redirected { to } => {
            stand_in(transaction, url, to, now)?;
            if to == url {
                // A URL that stands for itself has nothing behind it.
                return rest(transaction, url, State::Failed, "redirects to itself", now);
            }
            redirect(transaction, url, to, now)
        }
    }
}

fn keep_article(transaction: &Transaction<'_>, article: &KnownArticle, now: Timestamp) -> rusqlite::Result<()> {
    transaction
        .prepare_cached(
            "INSERT INTO article (id, content_hash, version, seq, file, captured, published)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
             ON CONFLICT (id) DO UPDATE SET
                content_hash = excluded.content_hash, version = excluded.version, seq = excluded.seq,
                file = excluded.file, published = coalesce(published, excluded.published)",
        )?
        .execute(params![
            article.id,
            article.content_hash,
            article.version,
            article.seq.cast_signed(),
            article.file,
            now.as_millisecond(),
            article.published.map(|date| date.to_string()),
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
                                        newness, announced, discovered)
             SELECT ?2, ?3, source, kind, 'DISCOVERED', ?4, rank, provenance, title, published, modified, newness,
                    announced, ?4
             FROM url WHERE url = ?1",
        )?
        .execute(params![of.as_str(), url.as_str(), HostKey::of(&url.to_url()).as_str(), now.as_millisecond()])
        .map(|inserted| inserted > 0)
}

fn redirect(
    transaction: &Transaction<'_>,
    url: &CanonicalUrl,
    to: &CanonicalUrl,
    now: Timestamp,
) -> rusqlite::Result<()> {
    transaction
        .prepare_cached(
            "UPDATE url SET state = 'REDIRECTED', due = NULL, redirect = ?2, fetched = ?3, attempts = 0, reason = NULL
             WHERE url = ?1",
        )?
        .execute(params![url.as_str(), to.as_str(), now.as_millisecond()])
        .map(drop)
}

/// An alias that somebody else is fetching right now will be reported by them; one that has a page of its own keeps it.
fn redirect_unless_in_use(
    transaction: &Transaction<'_>,
    alias: &CanonicalUrl,
    to: &CanonicalUrl,
    now: Timestamp,
) -> rusqlite::Result<()> {
    transaction
        .prepare_cached(
            "UPDATE url SET state = 'REDIRECTED', due = NULL, redirect = ?2, fetched = ?3, attempts = 0, reason = NULL
             WHERE url = ?1 AND state NOT IN ('LEASED', 'FETCHED', 'NOT_MODIFIED') AND kind = 'ARTICLE'",
        )?
        .execute(params![alias.as_str(), to.as_str(), now.as_millisecond()])
        .map(drop)
}

fn fetched(
    transaction: &Transaction<'_>,
    url: &CanonicalUrl,
    validators: &Validators,
    body_hash: Option<&str>,
    article: Option<&str>,
    now: Timestamp,
) -> rusqlite::Result<()> {
    transaction
        .prepare_cached(
            "UPDATE url SET state = ?2, due = NULL, fetched = ?3, attempts = 0, reason = NULL, redirect = NULL,
                            changed = CASE WHEN body_hash IS ?6 AND ?6 IS NOT NULL THEN changed ELSE ?3 END,
                            etag = ?4, last_modified = ?5, body_hash = ?6, article = coalesce(?7, article)
             WHERE url = ?1",
        )?
        .execute(params![
            url.as_str(),
            state_name(State::Fetched),
            now.as_millisecond(),
            validators.etag,
            validators.last_modified,
            body_hash,
            article,
        ])
        .map(drop)
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
            "UPDATE url SET state = ?2, due = NULL, fetched = ?3, attempts = attempts + 1, reason = ?4 WHERE url = ?1",
        )?
        .execute(params![url.as_str(), state_name(state), now.as_millisecond(), reason])
        .map(drop)
}
