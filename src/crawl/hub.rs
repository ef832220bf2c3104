//! A feed, a sitemap or a section page: fetched for its links.

use super::observer::Event;
use super::respect::{NOT_FOLLOWED, may_follow, refusal};
use super::shared::{PATIENCE, Shared, retry_at, verdict_of};
use super::{CrawlError, Respect, Source, seed, sitemap_turns};
use crate::discover::{self, DiscoverError, HubOffer, OutOfScope};
use crate::fetch::{Accept, FetchError, Request};
use crate::frontier::{Discovered, Lease, UrlKind, Verdict};
use crate::model::{ArticleDate, CanonicalUrl, HostKey, Link, Page, Provenance, Usage, Validators, add_directives};
use jiff::Timestamp;
use std::collections::HashSet;
use std::sync::Arc;
use url::Url;
use xxhash_rust::xxh3::xxh3_64;

/// Feeds taken from a home page. Sites advertise one for everything, one for comments, and some for sections.
const MAX_FEEDS: usize = 5;

/// How often the pause after a failure is doubled for a hub that the configuration names: up to about an hour.
const HUB_DOUBLINGS: u32 = 6;

/// Why an address is left out of which a site makes any number.
const TRAP: &str = "trap";

/// Links handed to the frontier in one go, so that no single step holds it for long.
const CHUNK: usize = 2000;

/// What a hub holds.
#[derive(Default)]
struct Finds {
    stories: Vec<Link>,
    /// Whether the page is itself a story, as it says.
    is_story: bool,
    feeds: Vec<Url>,
    sections: Vec<Url>,
    sitemaps: Vec<(Url, Option<ArticleDate>)>,
    /// Addresses to which every link says `nofollow`.
    nofollow: HashSet<CanonicalUrl>,
    /// What the page's tags say to robots: to whom, and what.
    robots: Vec<(String, String)>,
    /// Who would tell of a feed's news.
    offer: Option<HubOffer>,
}

impl Finds {
    /// A hash of the links, which tells whether there is anything new: the rest of a page changes with every look.
    fn hash(&self) -> String {
        let sitemaps = self.sitemaps.iter().map(|(url, modified)| (url, *modified));
        let stories = self.stories.iter().map(|link| (&link.url, link.modified.or(link.published)));
        let hubs = self.feeds.iter().chain(&self.sections).map(|url| (url, None));
        let mut all = String::new();
        for (url, date) in stories.chain(sitemaps).chain(hubs) {
            all.push_str(url.as_str());
            all.push_str(&date.map(|date| date.to_string()).unwrap_or_default());
            all.push('\n');
        }
        format!("{:016x}", xxh3_64(all.as_bytes()))
    }

    fn leads_on(&self) -> bool {
        !(self.feeds.is_empty() && self.sections.is_empty() && self.sitemaps.is_empty())
    }
}

/// Fetches a hub and puts what it leads to into the frontier. A lease that is to wait for its server comes back.
pub(super) async fn work(shared: &Arc<Shared>, source: &Source, lease: Lease) -> Result<Option<Lease>, CrawlError> {
    let url = lease.address.clone();
    let accept = match lease.kind {
        UrlKind::Feed => Accept::Feed,
        UrlKind::Sitemap => Accept::Sitemap,
        UrlKind::Section | UrlKind::Article => Accept::Page,
    };
    let request = Request::new(url.clone(), accept).if_changed(lease.validators.clone()).with_patience(PATIENCE);
    let request = request.after_redirects(shared.hops(&lease.url));
    let answer = shared.fetcher_for(source, &lease.url).fetch(&request).await;
    shared.breaker.note(&HostKey::of(&url), &answer, Timestamp::now());
    if shared.may_put_off(&lease.url, &answer) {
        return Ok(Some(lease));
    }
    if let Some(to) = shared.redirect_waits(&answer) {
        return shared.report_verdict(&lease, Verdict::Redirected { to }).await.map(|()| None);
    }
    take(shared, source, lease, answer).await.map(|()| None)
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
            if !(error.is_gone() && seed::is_guess(source, &url, lease.kind)) {
                shared.count(&source.name, |tally| tally.hubs_failed += 1);
                if error.is_skip() {
                    shared.skipped(&source.name, url.as_str(), error.kind());
                } else {
                    shared.failed(&source.name, url.as_str(), error.kind(), &error.to_string());
                }
            }
            let verdict = verdict_of(&error, lease.attempts, Timestamp::now());
            return shared.report_verdict(&lease, after_failure(source, &lease, error.kind(), verdict)).await;
        }
    };
    shared.count(&source.name, |tally| {
        tally.hubs_reached += 1;
        tally.counts.bytes += page.wire_bytes;
        *(if page.not_modified() { &mut tally.counts.not_modified } else { &mut tally.counts.hubs }) += 1;
    });
    shared.observer.event(Event::Fetched {
        source: &source.name,
        url: &url,
        status: page.status,
        bytes: page.wire_bytes,
    });
    if page.not_modified() {
        return shared.report_verdict(&lease, Verdict::NotModified { validators: page.validators }).await;
    }
    let validators = page.validators.clone();
    let (page, mut finds) = match read(shared, page, lease.kind).await {
        Ok(read) => read,
        Err((reason, error)) => {
            if !seed::is_guess(source, &url, lease.kind) {
                shared.count(&source.name, |tally| tally.hubs_failed += 1);
                shared.failed(&source.name, url.as_str(), reason, &error);
            }
            let verdict = Verdict::Failed { reason: reason.to_owned() };
            return shared.report_verdict(&lease, after_failure(source, &lease, reason, verdict)).await;
        }
    };
    if lease.kind == UrlKind::Feed {
        let offer = finds.offer.take();
        shared.observer.event(Event::Feed { source: &source.name, feed: &lease.url, offer: offer.as_ref() });
    }
    if finds.is_story && only_looks_like_a_section(&lease, &page.url) {
        let itself = Link::new(url.clone(), Provenance::Article);
        finds = Finds { stories: vec![itself], robots: finds.robots, ..Finds::default() };
    }
    let nofollow = std::mem::take(&mut finds.nofollow);
    if shared.respect(source).contains(&Respect::NoFollow) && !nofollow.is_empty() {
        let all = finds.stories.len();
        finds.stories.retain(|link| !nofollow.contains(&CanonicalUrl::new(&link.url)));
        finds.sections.retain(|url| !nofollow.contains(&CanonicalUrl::new(url)));
        let left_out = (all - finds.stories.len()) as u64;
        shared.count(&source.name, |tally| tally.counts.skip(NOT_FOLLOWED, left_out));
    }
    let usage = usage(shared, &page, &finds);
    if refusal(&usage, shared.respect(source), page.fetched).is_some() {
        // Its links may be followed, but it may not be kept.
        drop(shared.take_exchanges(&lease.url));
    }
    if !may_follow(&usage, shared.respect(source), page.fetched) {
        let skipped = finds.stories.len() as u64;
        shared.count(&source.name, |tally| tally.counts.skip(NOT_FOLLOWED, skipped));
        shared.note_skip(&source.name, url.as_str(), NOT_FOLLOWED);
        finds = Finds::default();
    }
    let links_hash = finds.hash();
    // Links before outcome: who dies in between reads the hub again, and loses nothing.
    let read_again = add(shared, source, &lease, finds, &page.url).await?;
    let verdict = Verdict::Fetched {
        final_url: CanonicalUrl::new(&page.url),
        aliases: page.redirects.iter().map(CanonicalUrl::new).collect(),
        // What leads on to other hubs is read whole every time: "not modified" would not say which those were. So is,
        // once, a feed with the texts of stories that are new: their pages may fail until the next run.
        validators: if read_again { Validators::default() } else { validators },
        body_hash: Some(links_hash),
        article: None,
    };
    shared.report_verdict(&lease, verdict).await
}

/// Whether a page is taken for a section's only because a front page has a link to it that is short.
fn only_looks_like_a_section(lease: &Lease, url: &Url) -> bool {
    lease.kind == UrlKind::Section
        && lease.hints.provenance != Provenance::Seed
        && discover::url_kind(url) == discover::UrlKind::Unclear
}

/// What is said to us in headers and tags of a hub.
fn usage(shared: &Shared, page: &Page, finds: &Finds) -> Usage {
    let mut usage = page.usage.clone();
    for (name, content) in &finds.robots {
        add_directives(&mut usage.robots, content, Some(name), shared.fetcher.product_token());
    }
    usage
}

/// What becomes of a hub that failed. One that the configuration names is tried again, whatever went wrong: in the very
/// next pass where somebody starts that, and after a growing pause where the crawler goes on by itself.
fn after_failure(source: &Source, lease: &Lease, reason: &str, verdict: Verdict) -> Verdict {
    let is_named = lease.hints.provenance == Provenance::Seed && !seed::is_guess(source, &lease.address, lease.kind);
    if !is_named || matches!(verdict, Verdict::PutOff { .. }) {
        return verdict;
    }
    let asked = if let Verdict::Retry { at, .. } = verdict { at } else { Timestamp::MIN };
    let at = retry_at(lease.attempts.min(HUB_DOUBLINGS), Timestamp::now()).max(asked);
    Verdict::Retry { reason: reason.to_owned(), at }
}

/// Reads a hub where that may take its time. What goes wrong comes back as a word and a sentence.
async fn read(shared: &Shared, page: Page, kind: UrlKind) -> Result<(Page, Finds), (&'static str, String)> {
    let url = page.url.clone();
    let reading = shared.workers.run(move || {
        let finds = find(&page, kind).map_err(|error| error.to_string())?;
        Ok::<_, String>((page, finds))
    });
    match reading.await {
        Ok(Ok(read)) => Ok(read),
        Ok(Err(error)) => Err((not_a(kind), error)),
        Err(died) => Err((
            "reader_panicked",
            format!("{url} could not be read ({died}); this is a fault of copydesk, please report it with the file"),
        )),
    }
}

fn not_a(kind: UrlKind) -> &'static str {
    if kind == UrlKind::Feed { "not_a_feed" } else { "not_a_sitemap" }
}

fn find(page: &Page, kind: UrlKind) -> Result<Finds, DiscoverError> {
    Ok(match kind {
        UrlKind::Feed => Finds {
            stories: discover::feed(&page.body, &page.url)?,
            offer: discover::hub_offer(&page.body, &page.links, &page.url),
            ..Finds::default()
        },
        UrlKind::Sitemap => {
            let sitemap = discover::sitemap(&page.body, &page.url)?;
            Finds { stories: sitemap.links, sitemaps: sitemap.children, ..Finds::default() }
        }
        UrlKind::Section | UrlKind::Article => {
            let links = discover::page_links(&page.body, page.content_type.as_deref(), &page.url);
            Finds {
                stories: links.articles,
                is_story: links.is_story,
                feeds: links.feeds,
                sections: links.sections,
                sitemaps: Vec::new(),
                nofollow: links.nofollow,
                robots: links.robots,
                offer: None,
            }
        }
    })
}

/// Puts finds into the frontier; whether the hub is to be read whole the next time, changed or not.
async fn add(
    shared: &Arc<Shared>,
    source: &Source,
    lease: &Lease,
    mut finds: Finds,
    url: &Url,
) -> Result<bool, CrawlError> {
    // Two levels: a home page leads to sections and feeds, these to stories. It is known by its being a seed, since it
    // may have moved.
    let is_home = source.is_to_be_explored() && lease.hints.provenance == Provenance::Seed;
    if lease.kind == UrlKind::Section && !is_home {
        (finds.feeds, finds.sections) = (Vec::new(), Vec::new());
    }
    finds.feeds.retain(|feed| !feed.path().contains("comment"));
    finds.feeds.truncate(MAX_FEEDS);
    let leads_on = finds.leads_on();
    let feeds = finds.feeds.into_iter().map(|url| Link::new(url, Provenance::Section)).collect();
    add_hubs(shared, source, feeds, UrlKind::Feed).await?;
    let sections = shared.count(&source.name, |tally| {
        let room = shared.options.max_sections.saturating_sub(tally.sections);
        finds.sections.truncate(room);
        tally.sections += finds.sections.len();
        finds.sections
    });
    let sections = sections.into_iter().map(|url| Link::new(url, Provenance::Section)).collect();
    add_hubs(shared, source, sections, UrlKind::Section).await?;
    add_sitemaps(shared, source, finds.sitemaps).await?;
    let has_texts = shared.feed_texts.take_from(&mut finds.stories);
    let due = add_stories(shared, source, finds.stories, url).await?;
    Ok(leads_on || has_texts && due > 0)
}

/// Children of a sitemap index, as many as one pass may read: see [`sitemap_turns`].
async fn add_sitemaps(
    shared: &Shared,
    source: &Source,
    mut children: Vec<(Url, Option<ArticleDate>)>,
) -> Result<(), CrawlError> {
    if children.is_empty() {
        return Ok(());
    }
    let all = children.len();
    children.retain(|(_, modified)| source.scope.admit_date(modified.as_ref(), shared.started).is_ok());
    let old = all - children.len();
    let beyond = shared.count(&source.name, |tally| {
        let room = shared.options.max_sitemaps.saturating_sub(tally.sitemaps);
        let beyond = children.len().saturating_sub(room);
        sitemap_turns::choose(&mut children, room, shared.started);
        tally.sitemaps += children.len();
        tally.counts.skip("old_sitemap", old as u64);
        tally.counts.skip("max_sitemaps", beyond as u64);
        beyond
    });
    if beyond > 0 {
        tracing::info!(source = source.name, beyond, "more sitemaps than [crawl] max_sitemaps");
    }
    let links =
        children.into_iter().map(|(url, modified)| Link { modified, ..Link::new(url, Provenance::Sitemap) }).collect();
    add_hubs(shared, source, links, UrlKind::Sitemap).await
}

/// Puts hubs into the frontier, each once in a run: an index that names itself is no circle.
pub(super) async fn add_hubs(
    shared: &Shared,
    source: &Source,
    mut links: Vec<Link>,
    kind: UrlKind,
) -> Result<(), CrawlError> {
    links.retain(|link| link.provenance == Provenance::Seed || !discover::is_trap(&link.url));
    shared.count(&source.name, |tally| links.retain(|link| tally.hubs_met.insert(hash(link))));
    if links.is_empty() {
        return Ok(());
    }
    let (name, now) = (source.name.clone(), Timestamp::now());
    shared.ask(move |frontier| frontier.discover(&name, &links, kind, now)).await?;
    shared.tell_news();
    Ok(())
}

/// Puts the stories that are in scope into the frontier, and counts them; how many are to be fetched.
async fn add_stories(shared: &Shared, source: &Source, stories: Vec<Link>, url: &Url) -> Result<usize, CrawlError> {
    // What was met before in this run is counted no more, but what is said of it here may be new.
    let (mut fresh, mut again) = (Vec::new(), Vec::new());
    let lists = lists_of(source);
    shared.count(&source.name, |tally| {
        for link in stories {
            let is_fresh = tally.met.insert(hash(&link));
            match why_not(source, &lists, &link, shared.started) {
                Some(reason) if is_fresh => tally.counts.skip(reason, 1),
                Some(_) => {}
                // Whoever writes a feed or a sitemap does so once; a page of links may be made for each visitor.
                None if is_fresh && link.provenance == Provenance::Section && !tally.bounds.admit(&link.url) => {
                    tally.counts.skip(TRAP, 1);
                }
                None if is_fresh => fresh.push(link),
                None => again.push(link),
            }
        }
    });
    let links = fresh.len();
    let counted = discover_all(shared, source, fresh).await?;
    discover_all(shared, source, again).await?;
    let due = counted.new + counted.changed + counted.waiting;
    shared.count(&source.name, |tally| {
        tally.counts.found += links as u64;
        tally.counts.known += counted.known.saturating_sub(counted.changed + counted.waiting) as u64;
    });
    shared.observer.event(Event::Found { source: &source.name, url, links, due });
    shared.tell_news();
    Ok(due)
}

async fn discover_all(shared: &Shared, source: &Source, links: Vec<Link>) -> Result<Discovered, CrawlError> {
    let mut sum = Discovered::default();
    for chunk in links.chunks(CHUNK) {
        let (name, chunk, now) = (source.name.clone(), chunk.to_vec(), Timestamp::now());
        let counts = shared.ask(move |frontier| frontier.discover(&name, &chunk, UrlKind::Article, now)).await?;
        sum.new += counts.new;
        sum.known += counts.known;
        sum.changed += counts.changed;
        sum.waiting += counts.waiting;
    }
    Ok(sum)
}

/// The pages of a source that list its stories, by its configuration.
fn lists_of(source: &Source) -> HashSet<CanonicalUrl> {
    [&source.url].into_iter().chain(&source.sections).map(CanonicalUrl::new).collect()
}

/// Why a link is not followed.
fn why_not(source: &Source, lists: &HashSet<CanonicalUrl>, link: &Link, now: Timestamp) -> Option<&'static str> {
    // Whoever writes a feed chooses its entries; a sitemap and a page name whatever there is. But a host's front page and
    // what the configuration calls a section are no stories, whoever names them.
    let kind = discover::url_kind(&link.url);
    let is_front_page = link.url.path().len() <= 1 && link.url.query().is_none();
    let is_page = match link.provenance {
        _ if is_front_page || lists.contains(&CanonicalUrl::new(&link.url)) => false,
        Provenance::Seed | Provenance::Feed => true,
        _ => !matches!(kind, discover::UrlKind::Other | discover::UrlKind::Hub),
    };
    if !is_page {
        return Some("no_story_address");
    }
    if discover::is_trap(&link.url) {
        return Some(TRAP);
    }
    source.scope.admit(link, now).err().map(reason)
}

/// The word for reports.
pub(super) fn reason(why: OutOfScope) -> &'static str {
    match why {
        OutOfScope::NotIncluded => "not_included",
        OutOfScope::Excluded => "excluded",
        OutOfScope::TooOld => "too_old",
    }
}

fn hash(link: &Link) -> u64 {
    xxh3_64(CanonicalUrl::new(&link.url).as_str().as_bytes())
}
