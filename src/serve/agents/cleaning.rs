//! `clean_url`: a page from the web, cleaned.

use super::piece::piece;
use super::{Agents, Answer, Recent, Refusal, told, wanted};
use crate::extract::Explain;
use crate::model::Article;
use crate::serve::api::clean::Wanted;
use std::sync::{Arc, PoisonError};
use std::time::{Duration, Instant};
use url::Url;

/// Pages that are kept for who reads on.
const KEPT: usize = 8;

/// How long they are kept: a model that reads on does so at once.
const KEPT_FOR: Duration = Duration::from_mins(10);

impl Agents {
    pub(super) async fn clean_url(&self, wanted: wanted::Page) -> Result<Answer, Refusal> {
        let url = Url::parse(wanted.url.trim()).map_err(|error| {
            Refusal::new(format!("this is no address ({error}); give a whole one, such as https://example.org/story"))
        })?;
        let kept = if wanted.offset > 0 { self.kept(&url) } else { None };
        let article = if let Some(article) = kept {
            article
        } else {
            let wanted = Wanted { url: Some(url.clone()), ..Wanted::default() };
            let cleaned = self.desk.clean_one(wanted, Explain::No, None).await?;
            let article = Arc::new(cleaned.article);
            self.keep(url.clone(), &article);
            article
        };
        if article.markdown.trim().is_empty() {
            return Err(Refusal::new(format!("{url} has no article: it may be a list, a form, or made by script")));
        }
        let piece = piece(&article.markdown, wanted.offset).ok_or_else(|| {
            Refusal::new(format!("the article ends before offset {}; begin again with offset 0", wanted.offset))
        })?;
        let text = told::Text::new(&article, &piece, wanted.offset);
        Ok(Answer::new(text.words(), &text))
    }

    fn kept(&self, url: &Url) -> Option<Arc<Article>> {
        let mut cleaned = self.cleaned.lock().unwrap_or_else(PoisonError::into_inner);
        cleaned.retain(|recent| recent.since.elapsed() < KEPT_FOR);
        cleaned.iter().find(|recent| recent.url == *url).map(|recent| Arc::clone(&recent.article))
    }

    fn keep(&self, url: Url, article: &Arc<Article>) {
        let mut cleaned = self.cleaned.lock().unwrap_or_else(PoisonError::into_inner);
        cleaned.retain(|recent| recent.url != url);
        cleaned.push_front(Recent { url, since: Instant::now(), article: Arc::clone(article) });
        cleaned.truncate(KEPT);
    }
}
