//! Which pages are shown to a browser before they are cleaned.

use super::page::{self, Cleaned, Unclean};
use super::shared::Shared;
use super::{Render, Source};
use crate::extract::{self, Input};
use crate::model::Page;
use url::Url;

/// Cleans a page, rendered where its source wants that: part `number` of the story at `first`. The page comes back without
/// its body. A page that cannot be rendered is cleaned as it was received, and the failure is counted.
pub(super) async fn clean(
    shared: &Shared,
    source: &Source,
    page: Page,
    first: &Url,
    number: usize,
) -> (Page, Result<Cleaned, Unclean>) {
    match source.render {
        Render::Never => page::clean(shared, page, first, number).await,
        Render::Always => {
            let page = rendered(shared, source, &page).await.unwrap_or(page);
            page::clean(shared, page, first, number).await
        }
        Render::Auto => {
            let received = page.clone();
            let (page, cleaned) = page::clean(shared, page, first, number).await;
            let is_shell = match &cleaned {
                Ok(cleaned) => is_shell(shared, &received, cleaned).await,
                Err(_) => false,
            };
            let rendered = if is_shell { rendered(shared, source, &received).await } else { None };
            match rendered {
                Some(rendered) => page::clean(shared, rendered, first, number).await,
                None => (page, cleaned),
            }
        }
    }
}

/// Whether a page is one that a script was to fill.
async fn is_shell(shared: &Shared, page: &Page, cleaned: &Cleaned) -> bool {
    let (body, url, content_type) = (page.body.clone(), page.url.clone(), page.content_type.clone());
    let article = cleaned.article.clone();
    let look = move || {
        let content_type = content_type.as_deref();
        let input = Input { bytes: &body, url: Some(&url), content_type, ..Input::default() };
        extract::is_script_built(&input, &article)
    };
    // A page that this panics on was cleaned without a fault.
    shared.workers.run(look).await.unwrap_or(false)
}

async fn rendered(shared: &Shared, source: &Source, page: &Page) -> Option<Page> {
    let fetcher = shared.fetcher.for_source(&source.name);
    let result = match fetcher.browser() {
        Ok(browser) => browser.render(page).await,
        Err(error) => Err(error),
    };
    match result {
        Ok(rendered) => {
            shared.count(&source.name, |tally| tally.counts.rendered += 1);
            tracing::info!(url = %page.url, bytes = rendered.body.len(), "rendered");
            Some(rendered)
        }
        Err(error) => {
            shared.failed(&source.name, page.url.as_str(), error.kind(), &error.to_string());
            None
        }
    }
}
