//! A page that should be an article: fetched, cleaned, judged.

use super::hub::reason;
use super::identity;
use super::illustrate::hand_over;
use super::observer::Event;
use super::respect::{refusal, refusal_beforehand};
use super::shared::{PATIENCE, Shared, another_look, retry_at, unless_announced, verdict_of};
use super::writer::{Fresh, Move, Report, Withdrawal};
use super::{CrawlError, CrawlOptions, Respect, Source, feed_texts, render};
use crate::discover::{self, OutOfScope};
use crate::extract::{self, ExtractError, Input};
use crate::fetch::{Accept, FetchError, Request};
use crate::frontier::{Lease, Verdict};
use crate::model::{
    Article, ArticleDate, CanonicalUrl, HostKey, Page, PageType, Provenance, Tombstone, Usage, Validators,
};
use jiff::{SignedDuration, Timestamp};
use std::sync::Arc;
use std::time::Duration;
use url::Url;
use xxhash_rust::xxh3::xxh3_64;

/// Words from which a page that looks like a list of teasers, at an address that is not a story's, is kept all the same: live
/// blogs and digests look so too, and no list of teasers says so much in running text.
const LISTING_WORDS: usize = 250;

/// Why a page that is not there any more is no article: its address leads to a list.
const REDIRECTED_TO_FRONT_PAGE: &str = "redirected_to_front_page";

/// Pages of one story at the most. Longer ones are archives under a story's address.
const MAX_PARTS: usize = 20;

/// Runs in which a story waits for a part that fails before it is kept without.
const PART_ATTEMPTS: u32 = 3;

/// Why a story is not taken: a page stands before it at which a reader has to agree or to sign in; what stands in its place
/// is a notice; the server says that it is as before, and it was never had.
const WALL: &str = "wall";
const NOTICE: &str = "notice_in_its_place";
const UNASKED: &str = "not_modified_unasked";

/// How much later than the fetch a day may be that a feed or a sitemap gives: as for those of pages, it may be later where the
/// paper is.
const CLOCK_SKEW: SignedDuration = SignedDuration::from_hours(24);

/// Why a page is left out that holds no article.
const NO_ARTICLE: &str = "no_article";

/// Fetches a page, cleans it, and hands the article to the writer. A lease that is to wait for its server comes back.
pub(super) async fn work(shared: &Arc<Shared>, source: &Source, mut lease: Lease) -> Result<Option<Lease>, CrawlError> {
    if is_buried(&lease) {
        // "As before" would be said of the story that was taken out; whether it is back is to be seen.
        (lease.validators, lease.body_hash) = (Validators::default(), None);
    }
    let url = lease.address.clone();
    let host = HostKey::of(&url);
    if shared.breaker.is_down(&host, Timestamp::now()) {
        let error = format!(
            "{url} was not tried, because {host} could not be reached or gave nothing but errors before; try again later"
        );
        shared.failed(&source.name, url.as_str(), "host_down", &error);
        let at = retry_at(lease.attempts, Timestamp::now());
        let verdict = Verdict::Retry { reason: "host_down".to_owned(), at };
        return shared.report_verdict(&lease, verdict).await.map(|()| None);
    }
    let fetcher = shared.fetcher_for(source, &lease.url);
    let respect = shared.respect(source);
    let mut answer = None;
    if respect.iter().any(|word| matches!(word, Respect::ContentSignal(_))) {
        match fetcher.content_signal(&url, Some(PATIENCE)).await {
            Ok(signals) => {
                if let Some(reason) = refusal_beforehand(signals, respect, Timestamp::now()) {
                    return exclude(shared, source, &lease, reason).await.map(|()| None);
                }
            }
            Err(error @ FetchError::PutOff { .. }) => answer = Some(Err(error)),
            // What keeps robots.txt from being read is remembered, and keeps the page from being fetched below.
            Err(_) => {}
        }
    }
    let request = Request::new(url, Accept::Page).if_changed(lease.validators.clone()).with_patience(PATIENCE);
    let request = request.after_redirects(shared.hops(&lease.url)).stopping_at(leaves(shared, source));
    let answer = match answer {
        Some(answer) => answer,
        None => fetcher.fetch(&request).await,
    };
    shared.breaker.note(&host, &answer, Timestamp::now());
    if shared.may_put_off(&lease.url, &answer) {
        return Ok(Some(lease));
    }
    if let Some(to) = shared.redirect_waits(&answer) {
        return leave_for(shared, source, lease, to).await.map(|()| None);
    }
    take(shared, source, lease, answer).await.map(|()| None)
}

/// Which targets of redirects are not asked for: those that were had already, and those that nobody wants.
fn leaves(shared: &Arc<Shared>, source: &Source) -> impl Fn(&Url) -> bool + Send + Sync + 'static {
    let (shared, source) = (Arc::clone(shared), shared.sources.get(&source.name).cloned());
    move |url| {
        let scope = source.as_ref().map(|source| source.scope.admit_url(url));
        scope == Some(Err(OutOfScope::Excluded)) || shared.was_had(&CanonicalUrl::new(url))
    }
}

/// Leaves a story to the address that its own leads to.
async fn leave_for(shared: &Shared, source: &Source, lease: Lease, to: CanonicalUrl) -> Result<(), CrawlError> {
    match astray(source, &lease.address, &to.to_url()) {
        Some(Astray::List) => return to_front_page(shared, source, lease).await,
        // It may open by itself; a story is not to move there.
        Some(Astray::Wall) => return shared.report_verdict(&lease, Verdict::Redirected { to }).await,
        Some(Astray::OutOfScope(OutOfScope::Excluded)) => {
            return exclude(shared, source, &lease, reason(OutOfScope::Excluded)).await;
        }
        // What is not included may be a step on the way.
        Some(Astray::OutOfScope(_)) | None => {}
    }
    let source = source.name.clone();
    shared.report(Report::Move(Box::new(Move { lease, source, to }))).await
}

/// Makes of an answer what can be made of it.
async fn take(
    shared: &Arc<Shared>,
    source: &Source,
    lease: Lease,
    answer: Result<Page, FetchError>,
) -> Result<(), CrawlError> {
    let url = lease.address.clone();
    let page = match answer {
        Ok(page) => page,
        Err(error) => {
            return fail(shared, source, lease, &error).await;
        }
    };
    shared.count(&source.name, |tally| {
        tally.counts.bytes += page.wire_bytes;
        *(if page.not_modified() { &mut tally.counts.not_modified } else { &mut tally.counts.fetched }) += 1;
    });
    shared.observer.event(Event::Fetched {
        source: &source.name,
        url: &url,
        status: page.status,
        bytes: page.wire_bytes,
    });
    if page.not_modified() && !is_held(&lease) && lease.validators == Validators::default() {
        let error =
            format!("{url} was answered with 304, \"not modified\", although it was never had; try again later");
        shared.failed(&source.name, url.as_str(), UNASKED, &error);
        return give_up(shared, &lease, UNASKED).await;
    }
    let (is_redirected, final_url) = (!page.redirects.is_empty(), CanonicalUrl::new(&page.url));
    let has_moved = is_redirected && final_url != lease.url;
    if page.not_modified() {
        if has_moved {
            return leave_for(shared, source, lease, final_url).await;
        }
        return shared.report_verdict(&lease, Verdict::NotModified { validators: page.validators }).await;
    }
    let body_hash = format!("{:016x}", xxh3_64(&page.body));
    if lease.article.is_some() && lease.body_hash.as_deref() == Some(&body_hash) && !has_moved {
        shared.count(&source.name, |tally| tally.counts.unchanged += 1);
        return shared.report_verdict(&lease, Verdict::NotModified { validators: page.validators }).await;
    }
    if is_redirected || shared.hops(&lease.url) > 0 {
        match astray(source, &url, &page.url) {
            Some(Astray::Wall) => return stop_at_wall(shared, source, &lease, &page.url).await,
            Some(Astray::List) => return to_front_page(shared, source, lease).await,
            Some(Astray::OutOfScope(why)) => return exclude(shared, source, &lease, reason(why)).await,
            None => {}
        }
    }
    // Pages under way are many, and most wait for their servers: what a cleaned one needs is not held for all.
    Box::pin(read(shared, source, lease, page, body_hash)).await
}

/// Cleans a page and hands its story on.
async fn read(
    shared: &Arc<Shared>,
    source: &Source,
    lease: Lease,
    mut page: Page,
    body_hash: String,
) -> Result<(), CrawlError> {
    let (url, final_url) = (lease.address.clone(), CanonicalUrl::new(&page.url));
    add_reservation(shared, source, &lease, &mut page).await;
    let first = page.url.clone();
    let (page, cleaned) = render::clean(shared, source, page, &first, 1).await;
    let Cleaned { mut article, next } = match cleaned {
        Ok(cleaned) => cleaned,
        Err(Unclean::Extract(error)) => {
            tracing::debug!(%url, %error, "no article");
            if lease.article.is_some() {
                return miss(shared, source, lease).await;
            }
            shared.skipped(&source.name, lease.url.as_str(), NO_ARTICLE);
            return give_up(shared, &lease, NO_ARTICLE).await;
        }
        Err(Unclean::Panic(error)) => {
            shared.failed(&source.name, url.as_str(), "cleaner_panicked", &error);
            let verdict = Verdict::Failed { reason: "cleaner_panicked".to_owned() };
            return shared.report_verdict(&lease, verdict).await;
        }
    };
    if let Some(reason) = refusal(&article.usage, shared.respect(source), page.fetched) {
        // It may not be kept, in no form.
        drop(shared.take_exchanges(&lease.url));
        return exclude(shared, source, &lease, reason).await;
    }
    if !is_article(&article, &page, &shared.options) {
        if lease.article.is_some() {
            return miss(shared, source, lease).await;
        }
        shared.skipped(&source.name, lease.url.as_str(), NO_ARTICLE);
        let mut verdict = Verdict::Excluded { reason: NO_ARTICLE.to_owned() };
        if is_promised(&lease) && article.word_count < identity::NOTICE_WORDS {
            verdict = unless_announced(&lease, verdict, Timestamp::now());
        }
        return from_feed(shared, source, lease, verdict, false).await;
    }
    if shows_notice(&lease, &article) {
        return turn_notice_away(shared, source, lease, &article).await;
    }
    shared.feed_texts.forget(&lease.url);
    let mut aliases = aliases(&page, &article);
    if let Some(next) = next
        && let Err(error) = add_parts(shared, source, &lease, next, &page, &mut article, &mut aliases).await
        && lease.attempts < PART_ATTEMPTS
    {
        shared.failed(&source.name, url.as_str(), error.kind(), &error.to_string());
        return shared.report_verdict(&lease, verdict_of(&error, lease.attempts, Timestamp::now())).await;
    }
    complete(&mut article, &lease, page.fetched);
    if let Err(why) = source.scope.admit_date(article.published.as_ref(), shared.started) {
        return exclude(shared, source, &lease, reason(why)).await;
    }
    shared.note_had(&final_url);
    let fresh = Fresh {
        page_later: None,
        final_url,
        hops: page.redirects.iter().map(CanonicalUrl::new).collect(),
        aliases,
        validators: page.validators,
        body_hash,
        source: source.name.clone(),
        article,
        lease,
    };
    hand_over(shared, fresh).await
}

/// Notes that a page could not be had, and takes its story from the feed if that has it.
async fn fail(shared: &Shared, source: &Source, lease: Lease, error: &FetchError) -> Result<(), CrawlError> {
    let url = lease.address.clone();
    if error.is_gone() && lease.article.is_some() {
        return withdraw(shared, source, lease, error.kind(), Tombstone::Gone).await;
    }
    let now = Timestamp::now();
    let verdict = verdict_of(error, lease.attempts, now);
    let is_final = matches!(verdict, Verdict::Failed { .. } | Verdict::Gone { .. } | Verdict::Excluded { .. });
    // What was left out on purpose, and what is gone for good, stays so.
    let stays = error.is_skip() || matches!(error, FetchError::Status { status: 410, .. });
    let verdict = if stays { verdict } else { unless_announced(&lease, verdict, now) };
    if error.is_skip() {
        shared.skipped(&source.name, url.as_str(), error.kind());
    } else {
        shared.failed(&source.name, url.as_str(), error.kind(), &error.to_string());
    }
    // A server in trouble may be so for days, and the feed's texts are there for this run.
    let is_in_trouble = matches!(error, FetchError::Status { status: 500.., .. });
    // What robots.txt forbids is not taken by another way.
    if is_final && !matches!(error, FetchError::Disallowed { .. }) || is_in_trouble {
        return from_feed(shared, source, lease, verdict, is_in_trouble && !is_final).await;
    }
    shared.report_verdict(&lease, verdict).await
}

/// Takes a story from its feed where its page cannot be had; where the feed has no more than a teaser either, the verdict
/// on the page stands. So it does beside the feed's text where the server is in trouble: the page is asked for again.
async fn from_feed(
    shared: &Shared,
    source: &Source,
    lease: Lease,
    verdict: Verdict,
    is_in_trouble: bool,
) -> Result<(), CrawlError> {
    let Some(text) = shared.feed_texts.take(&lease.url).filter(|_| lease.article.is_none()) else {
        return shared.report_verdict(&lease, verdict).await;
    };
    let url = lease.address.clone();
    let html = feed_texts::as_page(&text, lease.hints.title.as_deref());
    let fetcher = shared.fetcher_for(source, &lease.url);
    let content_signal = fetcher.content_signal(&url, Some(PATIENCE)).await.unwrap_or_default();
    let usage = Usage { content_signal, ..Usage::default() };
    let page = Page {
        requested: url.clone(),
        url,
        redirects: Vec::new(),
        status: 200,
        content_type: Some("text/html; charset=utf-8".to_owned()),
        links: Vec::new(),
        robots_tags: Vec::new(),
        usage,
        validators: Validators::default(),
        wire_bytes: 0,
        body: html.into(),
        fetched: Timestamp::now(),
        elapsed: Duration::ZERO,
    };
    let body_hash = format!("{:016x}", xxh3_64(&page.body));
    let first = page.url.clone();
    let (page, cleaned) = clean(shared, page, &first, 1).await;
    let article = cleaned.ok().map(|cleaned| cleaned.article);
    let Some(mut article) = article.filter(|article| article.word_count >= feed_texts::LEAST_WORDS) else {
        return shared.report_verdict(&lease, verdict).await;
    };
    // There was no page to say otherwise.
    article.published = published_by(&lease, page.fetched).or(article.published);
    complete(&mut article, &lease, page.fetched);
    article.page_type = PageType::Article;
    let young = source.scope.admit_date(article.published.as_ref(), shared.started).is_ok();
    if !young || refusal(&article.usage, shared.respect(source), page.fetched).is_some() {
        return shared.report_verdict(&lease, verdict).await;
    }
    tracing::debug!(url = %lease.url, "taken from its feed");
    let page_later = Some(verdict).filter(|_| is_in_trouble);
    let fresh = Fresh {
        page_later,
        final_url: lease.url.clone(),
        aliases: Vec::new(),
        hops: Vec::new(),
        validators: Validators::default(),
        body_hash,
        source: source.name.clone(),
        article,
        lease,
    };
    shared.report(Report::Article(Box::new(fresh))).await
}

/// Keeps what there is of a story that its page does not show now, and asks for it later.
async fn keep_and_wait(
    shared: &Shared,
    source: &Source,
    lease: &Lease,
    reason: &str,
    shown: &str,
    at: Timestamp,
) -> Result<(), CrawlError> {
    let error = format!(
        "{} shows {shown} and not its story; the archive keeps what it has of it; try again later",
        lease.address
    );
    shared.failed(&source.name, lease.url.as_str(), reason, &error);
    shared.report_verdict(lease, Verdict::Retry { reason: reason.to_owned(), at }).await
}

/// Withdraws a story whose page is there without it, once it was asked for again and again: a database that is down and a
/// server that is being mended answer with an empty page too.
async fn miss(shared: &Shared, source: &Source, lease: Lease) -> Result<(), CrawlError> {
    if is_held(&lease)
        && let Some(at) = another_look(&lease, Timestamp::now())
    {
        return keep_and_wait(shared, source, &lease, NO_ARTICLE, "no article", at).await;
    }
    withdraw(shared, source, lease, NO_ARTICLE, Tombstone::Emptied).await
}

/// Whether what stands at a story's address is a notice, and not the story that is known or was announced.
fn shows_notice(lease: &Lease, article: &Article) -> bool {
    let Some(known) = &lease.article else {
        // A link on a page says what its designer likes ("More on this", "Story 12"); feeds and sitemaps say headlines.
        let is_headline = matches!(lease.hints.provenance, Provenance::Feed | Provenance::Sitemap);
        let announced = lease.hints.title.as_deref().filter(|_| is_headline);
        return announced.is_some_and(|announced| identity::is_notice_for(announced, article));
    };
    let headline = known.title.as_ref().filter(|_| !known.content_hash.is_empty());
    another_look(lease, article.fetched.unwrap_or_default()).is_some()
        && headline.is_some_and(|headline| identity::is_notice(headline, article))
}

/// Leaves a notice out. Of a story that was never had it takes what the feed has, and asks for it later.
async fn turn_notice_away(shared: &Shared, source: &Source, lease: Lease, notice: &Article) -> Result<(), CrawlError> {
    let now = Timestamp::now();
    let later = another_look(&lease, now);
    if lease.article.is_some() {
        let shown = format!("\"{}\"", notice.title.as_deref().unwrap_or_default());
        return keep_and_wait(shared, source, &lease, NOTICE, &shown, later.unwrap_or(now)).await;
    }
    let (title, announced) = (notice.title.as_deref(), lease.hints.title.as_deref());
    let error = format!(
        "{} was announced as \"{}\" and shows \"{}\" and nothing of that; look at what it asks of a reader; \
         if that is JavaScript, set render = \"auto\"",
        lease.address,
        announced.unwrap_or_default(),
        title.unwrap_or_default()
    );
    shared.failed(&source.name, lease.url.as_str(), NOTICE, &error);
    let verdict = match later {
        Some(at) => Verdict::Retry { reason: NOTICE.to_owned(), at },
        None => unless_announced(&lease, Verdict::Excluded { reason: NOTICE.to_owned() }, now),
    };
    from_feed(shared, source, lease, verdict, false).await
}

/// Leaves a story out whose address leads to the front page now, as papers do with what they have taken away.
async fn to_front_page(shared: &Shared, source: &Source, lease: Lease) -> Result<(), CrawlError> {
    if lease.article.is_some() {
        return withdraw(shared, source, lease, REDIRECTED_TO_FRONT_PAGE, Tombstone::Gone).await;
    }
    shared.skipped(&source.name, lease.url.as_str(), REDIRECTED_TO_FRONT_PAGE);
    give_up(shared, &lease, REDIRECTED_TO_FRONT_PAGE).await
}

/// Leaves a story out before which a reader has to agree or to sign in.
async fn stop_at_wall(shared: &Shared, source: &Source, lease: &Lease, wall: &Url) -> Result<(), CrawlError> {
    let error = format!(
        "{} leads to {wall}, where a reader has to agree or sign in first; give the source its cookies or a login",
        lease.address
    );
    shared.failed(&source.name, lease.url.as_str(), WALL, &error);
    give_up(shared, lease, WALL).await
}

/// Leaves a story out that could not be had, or asks for it once more later if it is announced.
async fn give_up(shared: &Shared, lease: &Lease, reason: &str) -> Result<(), CrawlError> {
    let verdict = Verdict::Excluded { reason: reason.to_owned() };
    shared.report_verdict(lease, unless_announced(lease, verdict, Timestamp::now())).await
}

/// Whether the archive has the words of a lease's story.
fn is_held(lease: &Lease) -> bool {
    lease.article.as_ref().is_some_and(|known| !known.content_hash.is_empty())
}

/// Whether somebody said that there is a story at an address, and not only that there is a page.
fn is_promised(lease: &Lease) -> bool {
    match lease.hints.provenance {
        Provenance::Feed => true,
        Provenance::Sitemap => lease.hints.published.is_some(),
        _ => false,
    }
}

/// Whether the last that the archive has of a lease's story is that it is gone.
fn is_buried(lease: &Lease) -> bool {
    lease.article.is_some() && !is_held(lease)
}

/// Whether an address that another led to is that of a page to agree or to sign in at first: it carries the other along, to
/// go back to it.
fn is_wall(asked: &Url, page: &Url) -> bool {
    let path = asked.path();
    path.len() > 1
        && page.path() != path
        && page.query_pairs().any(|(_, value)| {
            let back = Url::parse(&value).map_or_else(|_| value.to_string(), |url| url.path().to_owned());
            back.split(['?', '#']).next().is_some_and(|back| back == path)
        })
}

/// Why a page to which a story's address led is not the story's.
enum Astray {
    /// A reader has to agree or to sign in there first.
    Wall,
    /// It is a front page or a section's.
    List,
    /// The source does not want it.
    OutOfScope(OutOfScope),
}

/// Whether the page to which a story's address led is another than the story's.
fn astray(source: &Source, asked: &Url, page: &Url) -> Option<Astray> {
    if is_wall(asked, page) {
        return Some(Astray::Wall);
    }
    if discover::url_kind(page) == discover::UrlKind::Hub || is_section(page, asked) {
        return Some(Astray::List);
    }
    source.scope.admit_url(page).err().map(Astray::OutOfScope)
}

/// Whether a story's address led to a section's: one of few steps that is no story's.
fn is_section(page: &Url, asked: &Url) -> bool {
    const MOST_STEPS: usize = 2;
    let steps = |url: &Url| url.path().split('/').filter(|step| !step.is_empty()).count();
    let name = asked.path().strip_prefix(page.path()).unwrap_or_default();
    page.query().is_none()
        && page.path().ends_with('/')
        && steps(page) <= MOST_STEPS.min(steps(asked).saturating_sub(1))
        && !["index.", "default."].iter().any(|document| name.starts_with(document))
        && discover::url_kind(page) != discover::UrlKind::Article
}

/// Has it noted that a story which the archive holds is there no more.
async fn withdraw(
    shared: &Shared,
    source: &Source,
    lease: Lease,
    reason: &str,
    tombstone: Tombstone,
) -> Result<(), CrawlError> {
    let withdrawal = Withdrawal { lease, source: source.name.clone(), reason: reason.to_owned(), tombstone };
    shared.report(Report::Withdrawal(Box::new(withdrawal))).await
}

async fn exclude(shared: &Shared, source: &Source, lease: &Lease, reason: &str) -> Result<(), CrawlError> {
    shared.skipped(&source.name, lease.url.as_str(), reason);
    shared.report_verdict(lease, Verdict::Excluded { reason: reason.to_owned() }).await
}

/// Adds what the site's file says of the right to mine, where the page's headers say nothing.
async fn add_reservation(shared: &Shared, source: &Source, lease: &Lease, page: &mut Page) {
    let wanted = shared.options.tdm_file || shared.respect(source).contains(&Respect::Tdm);
    if wanted
        && page.usage.tdm_reservation.is_none()
        && let Some(said) = shared.fetcher_for(source, &lease.url).reservation(&page.url).await
    {
        page.usage.tdm_reservation = Some(said.reserved);
        page.usage.tdm_policy = page.usage.tdm_policy.take().or(said.policy);
    }
}

pub(super) enum Unclean {
    Extract(ExtractError),
    Panic(String),
}

/// What a page gave.
pub(super) struct Cleaned {
    pub(super) article: Article,
    /// Where the story's next part is.
    next: Option<Url>,
}

/// Adds the further parts of a story that is told over several pages.
///
/// # Errors
/// What may pass, where a part cannot be had now. What will not pass ends the story there.
async fn add_parts(
    shared: &Shared,
    source: &Source,
    lease: &Lease,
    mut next: Url,
    first: &Page,
    article: &mut Article,
    aliases: &mut Vec<CanonicalUrl>,
) -> Result<(), FetchError> {
    for number in 2..=MAX_PARTS {
        // Waited for, however long the host rests: half a story is none.
        let request = Request::new(next.clone(), Accept::Page);
        let page = match shared.fetcher_for(source, &lease.url).fetch(&request).await {
            Ok(page) => page,
            Err(error) if error.is_transient() => return Err(error),
            Err(error) => {
                tracing::debug!(url = %next, %error, "the story ends before this part");
                break;
            }
        };
        shared.count(&source.name, |tally| {
            tally.counts.bytes += page.wire_bytes;
            tally.counts.fetched += 1;
        });
        let event = Event::Fetched { source: &source.name, url: &next, status: page.status, bytes: page.wire_bytes };
        shared.observer.event(event);
        let (page, cleaned) = render::clean(shared, source, page, &first.url, number).await;
        let Ok(cleaned) = cleaned else { break };
        if page.url == first.url || !extract::append(article, cleaned.article) {
            break;
        }
        aliases.extend(page.redirects.iter().chain([&page.url]).map(CanonicalUrl::new));
        match cleaned.next {
            Some(following) => next = following,
            None => break,
        }
    }
    Ok(())
}

/// Cleans a page on a thread for such work: part `number` of the story at `first`. The page comes back without its body.
pub(super) async fn clean(
    shared: &Shared,
    mut page: Page,
    first: &Url,
    number: usize,
) -> (Page, Result<Cleaned, Unclean>) {
    let body = std::mem::take(&mut page.body);
    let options = shared.clean.clone();
    let (url, content_type, usage) = (page.url.clone(), page.content_type.clone(), page.usage.clone());
    let links = page.links.clone();
    let first = first.clone();
    let (fetched, robot) = (page.fetched, shared.fetcher.product_token().to_owned());
    let work = move || {
        let input = Input {
            bytes: &body,
            url: Some(&url),
            content_type: content_type.as_deref(),
            // These are in the usage.
            robots_tags: &[],
            links: &links,
            usage: Some(&usage),
            robot: &robot,
            fetched: Some(fetched),
        };
        let article = extract::clean(&input, &options)?.article;
        let next = discover::next_part(&body, content_type.as_deref(), &first, number + 1);
        Ok::<_, ExtractError>(Cleaned { article, next })
    };
    let cleaned = shared.workers.run(work).await;
    let result = match cleaned {
        Ok(result) => result.map_err(Unclean::Extract),
        Err(error) => Err(Unclean::Panic(format!(
            "{} could not be cleaned ({error}); this is a fault of copydesk, please report it with the page",
            page.url
        ))),
    };
    (page, result)
}

/// Whether what was cleaned is an article, or a page of links, a form, an empty frame.
fn is_article(article: &Article, page: &Page, options: &CrawlOptions) -> bool {
    let at_story_address = discover::url_kind(&page.url) == discover::UrlKind::Article;
    let least = match article.page_type {
        _ if !at_story_address && is_of_teasers(&article.markdown) => LISTING_WORDS,
        PageType::Article => 1,
        PageType::Listing if !at_story_address => LISTING_WORDS,
        _ => options.min_words,
    };
    article.word_count >= least.max(1)
}

/// Whether a body is nothing but teasers, though a date on its page makes it look like an article: it begins with a heading,
/// and its headings are links, one and all. Those of digests and live blogs lead nowhere, or something stands above them.
fn is_of_teasers(markdown: &str) -> bool {
    const LEAST_TEASERS: usize = 2;
    let is_heading = |line: &&str| line.starts_with('#');
    let is_link = |line: &str| {
        let words = line.trim_start_matches('#').trim();
        words.starts_with('[') && words.ends_with(')') && words.matches("](").count() == 1
    };
    let mut lines = markdown.lines().filter(|line| !line.is_empty() && !line.starts_with("!["));
    let begins_so = lines.clone().next().as_ref().is_some_and(is_heading);
    begins_so
        && lines.clone().filter(is_heading).count() >= LEAST_TEASERS
        && lines.by_ref().filter(is_heading).all(is_link)
}

/// When a story was published, by a feed or a sitemap; what is later than the fetch is not believed.
fn published_by(lease: &Lease, fetched: Timestamp) -> Option<ArticleDate> {
    let latest = fetched.saturating_add(CLOCK_SKEW).unwrap_or(Timestamp::MAX);
    lease.hints.published.filter(|date| date.instant() <= latest)
}

/// Fills what the page lacks from what a feed or sitemap said of it.
fn complete(article: &mut Article, lease: &Lease, fetched: Timestamp) {
    if article.title.is_none() {
        article.title.clone_from(&lease.hints.title);
    }
    let said = published_by(lease, fetched);
    // A bare day, which may be the address's, gives way to a moment of that day.
    let is_of_that_day = |day: ArticleDate, said: ArticleDate| {
        let apart = said.instant().duration_since(day.instant()).abs();
        !day.has_time() && said.has_time() && apart <= SignedDuration::from_hours(36)
    };
    article.published = match (article.published, said) {
        (Some(day), Some(said)) if is_of_that_day(day, said) => Some(said),
        (own, said) => own.or(said),
    };
}

/// The other addresses that the page stands for: the redirects that led to it, and what it says that its address is,
/// where the record goes by that.
fn aliases(page: &Page, article: &Article) -> Vec<CanonicalUrl> {
    let canonical = article.canonical_url.as_deref().and_then(CanonicalUrl::parse);
    let trusted = canonical.filter(|canonical| canonical.article_id() == article.id);
    page.redirects.iter().map(CanonicalUrl::new).chain(trusted).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_body_of_teasers_begins_with_a_linked_heading_and_has_no_other() {
        let teasers = "![](/a.jpg)\n\n## [Ferry stays](https://a.test/1)\n\nIt stays.\n\n### [Choir \\[live\\]](https://a.test/2)\n";
        assert!(is_of_teasers(teasers));
        assert!(!is_of_teasers(&format!("Good morning from Brackwater.\n\n{teasers}")));
        assert!(!is_of_teasers(&format!("{teasers}\n## What else\n")));
        assert!(!is_of_teasers(&format!("{teasers}\n## See [this](https://a.test/3)\n")));
        assert!(!is_of_teasers("## [Ferry stays](https://a.test/1)\n\nIt stays.\n"));
        assert!(!is_of_teasers("It stays.") && !is_of_teasers(""));
    }
}
