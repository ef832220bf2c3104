//! Pictures of stories: fetched between the cleaning of a story and its writing, beside the pages that are under way.
//!
//! A story that waits for its pictures holds no place of those that pages need, so that a slow server of pictures holds up
//! nobody else's stories. Each picture is fetched as any page is: by the address guard, robots.txt and the pause of its
//! host. A picture that cannot be had leaves its link as it was; the story is saved in any case.

use super::shared::Shared;
use super::writer::{Fresh, Report, is_same};
use super::{CrawlError, writer};
use crate::archive::PictureShelf;
use crate::fetch::{Accept, Request};
use crate::model::HostKey;
use jiff::Timestamp;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::mpsc;
use tokio::task::JoinSet;
use tokio::time::{Instant, timeout_at};
use url::Url;

/// Stories that wait for their pictures, at the most, before pages wait for them: a few megabytes of records.
const WAITING: usize = 256;

/// How long the pictures of one story may take in all; what is not there by then is left out. Fifty pictures at the usual
/// pause take a minute.
const STORY_TIME: Duration = Duration::from_mins(5);

/// The longest that is waited for a server of pictures that asks to be left alone.
const PATIENCE: Duration = Duration::from_secs(30);

/// A story and the pictures that it wants.
pub(super) struct Story {
    fresh: Box<Fresh>,
    urls: Vec<Url>,
}

/// Where stories wait for their pictures.
pub(super) struct Easel {
    shelf: PictureShelf,
    stories: mpsc::Sender<Story>,
}

impl Easel {
    /// A place for stories to wait, and the other end of it.
    pub(super) fn new(shelf: PictureShelf) -> (Self, mpsc::Receiver<Story>) {
        let (stories, received) = mpsc::channel(WAITING);
        (Self { shelf, stories }, received)
    }
}

/// Hands a story on to the writer, by way of its pictures where it wants any.
pub(super) async fn hand_over(shared: &Arc<Shared>, fresh: Fresh) -> Result<(), CrawlError> {
    let fresh = Box::new(fresh);
    let Some(easel) = &shared.easel else { return shared.report(Report::Article(fresh)).await };
    // A story that is not written again needs no pictures.
    let id = fresh.article.id.clone();
    let known = shared.ask(move |frontier| frontier.article_by_id(&id)).await?;
    if known.is_some_and(|known| is_same(&known, &fresh.article)) {
        return shared.report(Report::Article(fresh)).await;
    }
    let (shelf, article) = (easel.shelf.clone(), fresh.article.clone());
    let urls = tokio::task::spawn_blocking(move || shelf.missing(&article)).await.unwrap_or_default();
    if urls.is_empty() {
        return shared.report(Report::Article(fresh)).await;
    }
    shared.expect_report();
    easel
        .stories
        .send(Story { fresh, urls })
        .await
        .map_err(|_| CrawlError::Died { part: "fetcher of pictures", reason: "it takes no more".to_owned() })
}

/// Fetches pictures of stories and hands the stories to the writer, until the future is dropped.
pub(super) async fn illustrate(shared: Arc<Shared>, mut stories: mpsc::Receiver<Story>) {
    let mut under_way = JoinSet::new();
    loop {
        tokio::select! {
            Some(story) = stories.recv(), if under_way.len() < shared.options.concurrency.max(1) => {
                under_way.spawn(complete(Arc::clone(&shared), story));
            }
            Some(_) = under_way.join_next() => {}
            else => return,
        }
    }
}

/// Fetches the pictures of a story, and hands it on whatever becomes of them.
async fn complete(shared: Arc<Shared>, story: Story) {
    let Story { fresh, urls } = story;
    let mut pictures = JoinSet::new();
    let (article, source) = (fresh.article.clone(), fresh.source.clone());
    let fetcher = shared.fetcher.for_source(&source);
    pictures.spawn({
        let shared = Arc::clone(&shared);
        async move {
            let end = Instant::now() + STORY_TIME;
            for url in urls {
                let host = HostKey::of(&url);
                if shared.breaker.is_down(&host, Timestamp::now()) {
                    continue;
                }
                let request = Request::new(url.clone(), Accept::Image).with_patience(PATIENCE);
                let Ok(answer) = timeout_at(end, fetcher.fetch(&request)).await else { break };
                shared.breaker.note(&host, &answer, Timestamp::now());
                let page = match answer {
                    Ok(page) => page,
                    Err(error) => {
                        tracing::debug!(%url, %error, "a picture is left where it is");
                        shared.count(&source, |tally| tally.counts.pictures_left += 1);
                        continue;
                    }
                };
                let bytes = page.wire_bytes;
                let Some(Easel { shelf, .. }) = &shared.easel else { break };
                let (shelf, article, address) = (shelf.clone(), article.clone(), url.clone());
                let kept = tokio::task::spawn_blocking(move || shelf.keep(&article, &address, &page.body)).await;
                let is_kept = match kept {
                    Ok(Ok(is_kept)) => is_kept,
                    // A full disk stops the writer, which says so.
                    Ok(Err(error)) => {
                        tracing::warn!(%url, %error, "a picture could not be kept");
                        false
                    }
                    Err(_) => false,
                };
                shared.count(&source, |tally| {
                    tally.counts.bytes += bytes;
                    *(if is_kept { &mut tally.counts.pictures } else { &mut tally.counts.pictures_left }) += 1;
                });
            }
        }
    });
    // A fault of ours in there is not to cost the story.
    if let Some(Err(error)) = pictures.join_next().await {
        tracing::warn!(%error, url = %fresh.lease.url, "the pictures of a story could not be fetched");
    }
    let _ = shared.report_expected(writer::Report::Article(fresh)).await;
}
