//! The one task that writes: articles to the archive, outcomes to the frontier, in this order.

use super::identity;
use super::near_duplicates::{self, NEAR_DUPLICATE};
use super::observer::{Event, Kept};
use super::shared::{Shared, another_look};
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

/// Why a story is withdrawn whose address leads to one that the archive holds too: that one stands for it.
const MOVED: &str = "moved";

/// Why a story is asked for again whose address leads to another one.
const ANOTHER_STORY: &str = "leads_to_another_story";

/// What became of a leased URL.
pub(super) enum Report {
    /// Nothing to write.
    Outcome(Box<Outcome>),
    /// An article.
    Article(Box<Fresh>),
    /// An address that leads to another.
    Move(Box<Move>),
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
            Self::Move(moved) => Some(&moved.lease.url),
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
    /// What becomes of its page, where the article is not from there.
    pub(super) page_later: Option<Verdict>,
}

/// By the addresses on whose account they were made, with the source.
type Exchanges = HashMap<CanonicalUrl, (String, Vec<Exchange>)>;

/// An address of a story that leads to another, which is asked for by itself.
pub(super) struct Move {
    pub(super) lease: Lease,
    pub(super) source: String,
    pub(super) to: CanonicalUrl,
}

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
    let mut saving = Saving {
        frontier,
        archive,
        last_seq,
        policy,
        outcomes: Vec::with_capacity(batch.len()),
        told: Vec::new(),
        written: HashMap::new(),
        homes: HashMap::new(),
    };
    for report in batch {
        if let Some((source, exchanges)) = report.url().and_then(|url| exchanges.remove(url)) {
            saving.archive.write_exchanges(&source, &exchanges)?;
        }
        match report {
            Report::Outcome(outcome) => saving.outcomes.push(*outcome),
            Report::Article(fresh) => saving.article(*fresh)?,
            Report::Move(moved) => saving.leave(*moved)?,
            Report::Withdrawal(withdrawal) => {
                let Withdrawal { lease, source, reason, tombstone } = *withdrawal;
                saving.bury(&lease, &source, &reason, tombstone)?;
            }
            Report::End => {}
        }
    }
    let Saving { outcomes, told, .. } = saving;
    let positions = archive.flush()?;
    frontier.commit(&outcomes, &positions, Timestamp::now())?;
    archive.committed()?;
    Ok(told)
}

/// A batch that is being saved.
struct Saving<'a> {
    frontier: &'a dyn Frontier,
    archive: &'a mut Archive,
    last_seq: &'a mut u64,
    policy: NearDuplicates,
    outcomes: Vec<Outcome>,
    told: Vec<Told>,
    /// Articles of this batch, which the frontier does not know yet.
    written: HashMap<String, KnownArticle>,
    /// Ids of the articles at the addresses of this batch, likewise.
    homes: HashMap<CanonicalUrl, String>,
}

impl Saving<'_> {
    /// What is known of an article.
    fn known(&self, id: &str) -> Result<Option<KnownArticle>, CrawlError> {
        match self.written.get(id) {
            Some(known) => Ok(Some(known.clone())),
            None => Ok(self.frontier.article_by_id(id)?),
        }
    }

    /// The article of an address.
    fn held_at(&self, url: &CanonicalUrl) -> Result<Option<KnownArticle>, CrawlError> {
        if let Some(id) = self.homes.get(url) {
            return self.known(id);
        }
        let article = self.frontier.url(url)?.and_then(|known| known.article);
        article.map_or(Ok(None), |article| self.known(&article.id))
    }

    /// Writes an article, if it is to be.
    fn article(&mut self, mut fresh: Fresh) -> Result<(), CrawlError> {
        if !self.bring_home(&mut fresh)? {
            return Ok(());
        }
        let known = identity::settle(&mut fresh, |id| self.known(id))?;
        let (kept, known, stands_for) = judge(&fresh, known, self.frontier)?;
        let mut is_retold = false;
        let judged = match kept {
            Kept::New | Kept::Updated => {
                near_duplicates::judge(self.policy, self.frontier, &self.written, &fresh.article)?
            }
            Kept::Unchanged | Kept::Duplicate | Kept::Withdrawn => None,
        };
        if kept == Kept::New
            && self.policy == NearDuplicates::Skip
            && judged.as_ref().is_some_and(|judged| judged.was_told)
        {
            return self.leave_out(fresh);
        }
        let article = if matches!(kept, Kept::New | Kept::Updated) {
            *self.last_seq += 1;
            fresh.article.version = known.as_ref().map_or(1, |known| known.version + 1);
            fresh.article.seq = *self.last_seq;
            is_retold = kept == Kept::New && judged.as_ref().is_some_and(|judged| judged.was_told);
            let likeness = judged.map(|judged| Box::new(judged.likeness));
            fresh.article.cluster = likeness.as_ref().map(|likeness| likeness.cluster.clone());
            let previous = known.and_then(|known| known.file);
            let file = self.archive.write(&fresh.article, &fresh.source, previous.as_deref())?;
            let article = KnownArticle {
                id: fresh.article.id.clone(),
                content_hash: fresh.article.content_hash.clone(),
                title: fresh.article.title.clone(),
                version: fresh.article.version,
                seq: *self.last_seq,
                file,
                published: fresh.article.published,
                likeness,
            };
            self.written.insert(article.id.clone(), article.clone());
            Some(article)
        } else {
            known
        };
        self.told.push(Told {
            source: fresh.source,
            url: fresh.lease.url.clone(),
            title: fresh.article.title.unwrap_or_default(),
            kept: Some(kept),
            is_retold,
        });
        let verdict = if let Some(to) = stands_for {
            Verdict::Redirected { to }
        } else {
            self.homes.extend(article.as_ref().map(|article| (fresh.final_url.clone(), article.id.clone())));
            Verdict::Fetched {
                final_url: fresh.final_url,
                aliases: fresh.aliases,
                validators: fresh.validators,
                body_hash: Some(fresh.body_hash),
                article,
            }
        };
        let (url, kind) = (fresh.lease.url, fresh.lease.kind);
        self.outcomes.push(Outcome { url: url.clone(), kind, verdict });
        self.outcomes.extend(fresh.page_later.map(|verdict| Outcome { url, kind, verdict }));
        Ok(())
    }

    /// Leaves an article out that was told before.
    fn leave_out(&mut self, fresh: Fresh) -> Result<(), CrawlError> {
        let (url, kind, reason) = (fresh.lease.url, fresh.lease.kind, NEAR_DUPLICATE.to_owned());
        let skip =
            Skip { time: Timestamp::now(), source: fresh.source.clone(), url: url.to_string(), reason: reason.clone() };
        self.archive.note_skips(&[skip])?;
        let title = fresh.article.title.unwrap_or_default();
        self.told.push(Told { source: fresh.source, url: url.clone(), title, kept: None, is_retold: true });
        self.outcomes.push(Outcome { url, kind, verdict: Verdict::Excluded { reason } });
        Ok(())
    }

    /// Takes an article for the one that its address has by now: a lease may be older than the report of another address that
    /// leads there. Whether there is something to write.
    fn bring_home(&mut self, fresh: &mut Fresh) -> Result<bool, CrawlError> {
        if fresh.final_url == fresh.lease.url && fresh.lease.article.is_some() {
            return Ok(true);
        }
        let Some(there) = self.held_at(&fresh.final_url)? else { return Ok(true) };
        if !self.may_go(&fresh.lease, &fresh.source, &there)? {
            return Ok(false);
        }
        if is_held(&there) || fresh.lease.article.is_none() {
            fresh.lease.article = Some(there);
        }
        Ok(true)
    }

    /// Leaves a story to the address that its own leads to.
    fn leave(&mut self, moved: Move) -> Result<(), CrawlError> {
        let Move { lease, source, to } = moved;
        let there = self.held_at(&to)?;
        if let Some(there) = &there
            && !self.may_go(&lease, &source, there)?
        {
            return Ok(());
        }
        if let Some(own) = lease.article.filter(|_| !there.as_ref().is_some_and(is_held)) {
            self.homes.insert(to.clone(), own.id);
        }
        self.outcomes.push(Outcome { url: lease.url, kind: lease.kind, verdict: Verdict::Moved { to } });
        Ok(())
    }

    /// Whether a story's address may go over to one with an article. That stands for the story then, which is withdrawn if it
    /// had another id, so that readers have it once. Where it tells something else, the story is asked for again first: a
    /// site may lead to one page from all of its addresses for an hour.
    fn may_go(&mut self, lease: &Lease, source: &str, there: &KnownArticle) -> Result<bool, CrawlError> {
        let own = match &lease.article {
            Some(own) if own.id != there.id && is_held(there) => self.known(&own.id)?.filter(is_held),
            _ => None,
        };
        let Some(own) = own else { return Ok(true) };
        if identity::tell_apart(&own, there)
            && let Some(at) = another_look(lease, Timestamp::now())
        {
            let verdict = Verdict::Retry { reason: ANOTHER_STORY.to_owned(), at };
            self.outcomes.push(Outcome { url: lease.url.clone(), kind: lease.kind, verdict });
            return Ok(false);
        }
        self.bury(lease, source, MOVED, Tombstone::Gone)?;
        Ok(true)
    }

    /// Writes the tombstone of an article, unless it has one.
    fn bury(&mut self, lease: &Lease, source: &str, reason: &str, tombstone: Tombstone) -> Result<(), CrawlError> {
        let (url, kind, reason) = (lease.url.clone(), lease.kind, reason.to_owned());
        let id = lease.article.as_ref().map(|article| article.id.clone()).unwrap_or_default();
        let Some(known) = self.known(&id)?.filter(is_held) else {
            self.outcomes.push(Outcome { url, kind, verdict: Verdict::Gone { reason } });
            return Ok(());
        };
        *self.last_seq += 1;
        let article = Article {
            id,
            url: Some(lease.address.to_string()),
            title: known.title.clone(),
            fetched: Some(Timestamp::now()),
            tombstone: Some(tombstone),
            version: known.version + 1,
            seq: *self.last_seq,
            ..Article::default()
        };
        let file = self.archive.write(&article, source, known.file.as_deref())?.or(known.file);
        let title = known.title.unwrap_or_default();
        let known = KnownArticle {
            id: article.id,
            version: article.version,
            seq: article.seq,
            title: article.title,
            file,
            ..KnownArticle::default()
        };
        self.written.insert(known.id.clone(), known.clone());
        self.told.push(Told {
            source: source.to_owned(),
            url: url.clone(),
            title,
            kept: Some(Kept::Withdrawn),
            is_retold: false,
        });
        self.outcomes.push(Outcome { url, kind, verdict: Verdict::Withdrawn { reason, article: known } });
        Ok(())
    }
}

/// Whether the archive has an article's words, and not only that it is gone.
fn is_held(known: &KnownArticle) -> bool {
    !known.content_hash.is_empty()
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
