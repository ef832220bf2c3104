//! The one task that writes: articles to the archive, outcomes to the frontier, in this order.

use super::identity;
use super::near_duplicates::{self, NEAR_DUPLICATE};
use super::observer::{Event, Kept};
use super::shared::Shared;
use super::{CrawlError, NearDuplicates};
use crate::archive::{Archive, Skip};
use crate::frontier::{Frontier, KnownArticle, Lease, Outcome, Verdict};
use crate::model::{Article, CanonicalUrl, Exchange, Tombstone, Validators};
use jiff::Timestamp;
use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::mpsc;
use tokio::time::{Instant, timeout_at};

/// Reports committed together, at the most. A commit costs a few waits for the disk whatever it holds, so under load
/// more of them share one; a bound, so that little is done again after a crash.
pub(super) const BATCH: usize = 64;

/// How soon a commit may follow another that was not full. What is reported meanwhile shares it; after a silence the first
/// report is committed at once.
const PAUSE: Duration = Duration::from_millis(100);

/// What became of a leased URL.
pub(super) enum Report {
    /// Nothing to write.
    Outcome(Box<Outcome>),
    /// An article.
    Article(Box<Fresh>),
    /// An article that is there no more.
    Withdrawal(Box<Withdrawal>),
    /// There will be no more.
    End,
}

impl Report {
    /// The URL that was leased.
    fn url(&self) -> Option<&CanonicalUrl> {
        match self {
            Self::Outcome(outcome) => Some(&outcome.url),
            Self::Article(fresh) => Some(&fresh.lease.url),
            Self::Withdrawal(withdrawal) => Some(&withdrawal.lease.url),
            Self::End => None,
        }
    }
}

/// An article as it came from the cleaner.
pub(super) struct Fresh {
    pub(super) lease: Lease,
    pub(super) final_url: CanonicalUrl,
    /// Other addresses that it stands for: the redirects that led to it, and what the page says that its own is.
    pub(super) aliases: Vec<CanonicalUrl>,
    /// Of these, the redirects.
    pub(super) hops: Vec<CanonicalUrl>,
    pub(super) validators: Validators,
    pub(super) body_hash: String,
    pub(super) source: String,
    pub(super) article: Article,
}

/// By the addresses on whose account they were made, with the source.
type Exchanges = HashMap<CanonicalUrl, (String, Vec<Exchange>)>;

/// An article that the archive holds and that is there no more.
pub(super) struct Withdrawal {
    pub(super) lease: Lease,
    pub(super) source: String,
    pub(super) reason: String,
    pub(super) tombstone: Tombstone,
}

/// What is told of an article once it is safe.
struct Told {
    source: String,
    url: CanonicalUrl,
    title: String,
    /// `None` for what was left out because it was told before.
    kept: Option<Kept>,
    /// Whether it is new and tells what another told before.
    is_retold: bool,
}

/// Writes until it is told that there is no more; gives the archive back.
pub(super) async fn write(
    shared: Arc<Shared>,
    mut archive: Archive,
    mut reports: mpsc::Receiver<Report>,
) -> Result<Archive, CrawlError> {
    let mut last_seq = shared.ask(|frontier| frontier.last_seq()).await?.max(archive.last_seq()?);
    let mut batch = Vec::with_capacity(BATCH);
    let mut next = Instant::now();
    while gather(&mut reports, &mut batch, next).await {
        next = Instant::now() + PAUSE;
        let (count, frontier) = (batch.len(), Arc::clone(&shared.frontier));
        let work = std::mem::replace(&mut batch, Vec::with_capacity(BATCH));
        let is_end = work.iter().any(|report| matches!(report, Report::End));
        // Whoever reports a page that is left out has noted it before. The two are saved together.
        let skips: Vec<Skip> = work.iter().filter_map(Report::url).flat_map(|url| shared.take_skips(url)).collect();
        let taken = |url: &CanonicalUrl| Some((url.clone(), shared.take_exchanges(url)?));
        let exchanges: Exchanges = work.iter().filter_map(Report::url).filter_map(taken).collect();
        let policy = shared.options.near_duplicates;
        let done = tokio::task::spawn_blocking(move || {
            archive.note_skips(&skips)?;
            let told = save(frontier.as_ref(), &mut archive, work, exchanges, &mut last_seq, policy)?;
            Ok::<_, CrawlError>((archive, told, last_seq))
        })
        .await
        .map_err(|error| CrawlError::Died { part: "writer", reason: error.to_string() })?;
        let told;
        (archive, told, last_seq) = done?;
        for Told { source, url, title, kept, is_retold } in &told {
            if let Some(kept) = *kept {
                shared.count(source, |tally| {
                    tally.counts.kept(kept);
                    tally.counts.near_duplicates += u64::from(*is_retold);
                });
                shared.observer.event(Event::Article { source, url: url.as_str(), title, kept });
            } else {
                shared.count(source, |tally| tally.counts.skip(NEAR_DUPLICATE, 1));
                shared.observer.event(Event::Skipped { source, url: url.as_str(), reason: NEAR_DUPLICATE });
            }
        }
        shared.committed(count);
        if is_end {
            break;
        }
    }
    Ok(archive)
}

/// Waits for reports, and then until `full_or` for more of them, unless the batch is full or the last one has come. False
/// where nobody is there any more to report.
async fn gather(reports: &mut mpsc::Receiver<Report>, batch: &mut Vec<Report>, full_or: Instant) -> bool {
    if reports.recv_many(batch, BATCH).await == 0 {
        return false;
    }
    let more = async {
        while batch.len() < BATCH && !matches!(batch.last(), None | Some(Report::End)) {
            if reports.recv_many(batch, BATCH - batch.len()).await == 0 {
                break;
            }
        }
    };
    // What has come stays in the batch wherever the wait is cut off.
    drop(timeout_at(full_or, more).await);
    true
}

/// Appends, puts on the disk, commits.
fn save(
    frontier: &dyn Frontier,
    archive: &mut Archive,
    batch: Vec<Report>,
    mut exchanges: Exchanges,
    last_seq: &mut u64,
    policy: NearDuplicates,
) -> Result<Vec<Told>, CrawlError> {
    let mut outcomes = Vec::with_capacity(batch.len());
    let mut told = Vec::new();
    // Articles of this batch, which the frontier does not know yet.
    let mut written: HashMap<String, KnownArticle> = HashMap::new();
    for report in batch {
        if let Some((source, exchanges)) = report.url().and_then(|url| exchanges.remove(url)) {
            archive.write_exchanges(&source, &exchanges)?;
        }
        let mut fresh = match report {
            Report::Outcome(outcome) => {
                outcomes.push(*outcome);
                continue;
            }
            Report::Article(fresh) => *fresh,
            Report::Withdrawal(withdrawal) => {
                let (outcome, withdrawn) = bury(frontier, archive, &mut written, *withdrawal, last_seq)?;
                outcomes.push(outcome);
                told.extend(withdrawn);
                continue;
            }
            Report::End => continue,
        };
        let known = identity::settle(&mut fresh, |id| match written.get(id) {
            Some(known) => Ok(Some(known.clone())),
            None => Ok(frontier.article_by_id(id)?),
        })?;
        let (kept, known, stands_for) = judge(&fresh, known, frontier)?;
        let mut is_retold = false;
        let judged = match kept {
            Kept::New | Kept::Updated => near_duplicates::judge(policy, frontier, &written, &fresh.article)?,
            Kept::Unchanged | Kept::Duplicate | Kept::Withdrawn => None,
        };
        if kept == Kept::New && policy == NearDuplicates::Skip && judged.as_ref().is_some_and(|judged| judged.was_told)
        {
            let (url, kind, reason) = (fresh.lease.url, fresh.lease.kind, NEAR_DUPLICATE.to_owned());
            let skip = Skip {
                time: Timestamp::now(),
                source: fresh.source.clone(),
                url: url.to_string(),
                reason: reason.clone(),
            };
            archive.note_skips(&[skip])?;
            let title = fresh.article.title.unwrap_or_default();
            told.push(Told { source: fresh.source, url: url.clone(), title, kept: None, is_retold: true });
            outcomes.push(Outcome { url, kind, verdict: Verdict::Excluded { reason } });
            continue;
        }
        let article = if matches!(kept, Kept::New | Kept::Updated) {
            *last_seq += 1;
            fresh.article.version = known.as_ref().map_or(1, |known| known.version + 1);
            fresh.article.seq = *last_seq;
            is_retold = kept == Kept::New && judged.as_ref().is_some_and(|judged| judged.was_told);
            let likeness = judged.map(|judged| Box::new(judged.likeness));
            fresh.article.cluster = likeness.as_ref().map(|likeness| likeness.cluster.clone());
            let previous = known.and_then(|known| known.file);
            let file = archive.write(&fresh.article, &fresh.source, previous.as_deref())?;
            let article = KnownArticle {
                id: fresh.article.id.clone(),
                content_hash: fresh.article.content_hash.clone(),
                title: fresh.article.title.clone(),
                version: fresh.article.version,
                seq: *last_seq,
                file,
                published: fresh.article.published,
                likeness,
            };
            written.insert(article.id.clone(), article.clone());
            Some(article)
        } else {
            known
        };
        told.push(Told {
            source: fresh.source,
            url: fresh.lease.url.clone(),
            title: fresh.article.title.unwrap_or_default(),
            kept: Some(kept),
            is_retold,
        });
        outcomes.push(Outcome {
            url: fresh.lease.url,
            kind: fresh.lease.kind,
            verdict: match stands_for {
                Some(to) => Verdict::Redirected { to },
                None => Verdict::Fetched {
                    final_url: fresh.final_url,
                    aliases: fresh.aliases,
                    validators: fresh.validators,
                    body_hash: Some(fresh.body_hash),
                    article,
                },
            },
        });
    }
    let positions = archive.flush()?;
    frontier.commit(&outcomes, &positions, Timestamp::now())?;
    archive.committed()?;
    Ok(told)
}

/// Writes the tombstone of an article, unless it has one.
fn bury(
    frontier: &dyn Frontier,
    archive: &mut Archive,
    written: &mut HashMap<String, KnownArticle>,
    withdrawal: Withdrawal,
    last_seq: &mut u64,
) -> Result<(Outcome, Option<Told>), CrawlError> {
    let Withdrawal { lease, source, reason, tombstone } = withdrawal;
    let (url, kind) = (lease.url, lease.kind);
    let id = lease.article.map(|article| article.id).unwrap_or_default();
    let known = match written.get(&id) {
        Some(known) => Some(known.clone()),
        None => frontier.article_by_id(&id)?,
    };
    let Some(known) = known.filter(|known| !known.content_hash.is_empty()) else {
        return Ok((Outcome { url, kind, verdict: Verdict::Gone { reason } }, None));
    };
    *last_seq += 1;
    let article = Article {
        id,
        url: Some(lease.address.to_string()),
        title: known.title.clone(),
        fetched: Some(Timestamp::now()),
        tombstone: Some(tombstone),
        version: known.version + 1,
        seq: *last_seq,
        ..Article::default()
    };
    let file = archive.write(&article, &source, known.file.as_deref())?.or(known.file);
    let title = known.title.unwrap_or_default();
    let known = KnownArticle {
        id: article.id,
        version: article.version,
        seq: article.seq,
        title: article.title,
        file,
        ..KnownArticle::default()
    };
    written.insert(known.id.clone(), known.clone());
    let told = Told { source, url: url.clone(), title, kept: Some(Kept::Withdrawn), is_retold: false };
    Ok((Outcome { url, kind, verdict: Verdict::Withdrawn { reason, article: known } }, Some(told)))
}

/// What is to be done with an article, by what is known of its id, and which address stands for its own.
fn judge(
    fresh: &Fresh,
    known: Option<KnownArticle>,
    frontier: &dyn Frontier,
) -> Result<(Kept, Option<KnownArticle>, Option<CanonicalUrl>), CrawlError> {
    let is_revisit = fresh.lease.article.as_ref().is_some_and(|article| article.id == fresh.article.id);
    let kept = match &known {
        None => Kept::New,
        Some(_) if !is_revisit => Kept::Duplicate,
        Some(known) if is_same(known, &fresh.article) => Kept::Unchanged,
        Some(_) => Kept::Updated,
    };
    let stands_for = if kept == Kept::New { None } else { identity::stands_for(fresh, frontier)? };
    Ok((if stands_for.is_some() { Kept::Duplicate } else { kept }, known, stands_for))
}

/// Whether a reader would see the same: the words of the body, and of the headline where the last one is known.
pub(super) fn is_same(known: &KnownArticle, article: &Article) -> bool {
    let words = |title: &str| title.split_whitespace().map(str::to_lowercase).collect::<Vec<_>>();
    let headline = article.title.as_deref().unwrap_or_default();
    known.content_hash == article.content_hash
        && known.title.as_deref().is_none_or(|title| words(title) == words(headline))
}
