//! `GET /feeds/{name}.atom` and `.json`: the newest articles of a source, of all sources, or of a search, for feed readers.

use crate::archive::Catalogue;
use crate::archive::catalogue::{Search, Version};
use crate::archive::feeds::{FeedHead, atom, json_feed};
use crate::serve::Desk;
use crate::serve::answer::{self, Tag};
use crate::serve::problem::Problem;
use crate::serve::query::{FILTER, Query};
use crate::serve::route::FeedForm;
use axum::body::Body;
use axum::http::header::HOST;
use axum::http::{HeaderMap, Response, Uri};

/// The feed of all sources.
const ALL: &str = "all";

/// The feed of a search, which is in its query.
const SEARCH: &str = "search";

/// Articles of a feed: as many as most readers keep of one.
const ENTRIES: (usize, usize) = (1, 100);
const DEFAULT_ENTRIES: usize = 50;

impl Desk {
    /// Answers for a feed.
    pub(in crate::serve) async fn feed(
        &self,
        name: String,
        form: FeedForm,
        uri: &Uri,
        headers: &HeaderMap,
    ) -> Result<Response<Body>, Problem> {
        let query = Query::read(uri.query(), &[&FILTER, &["query", "limit"]])?;
        let mut filter = query.filter()?;
        let text = query.one("query")?.map(str::to_owned);
        let title = match (name.as_str(), &text) {
            (SEARCH, None) => return Err(Problem::new(400, "the feed of a search needs query=…")),
            (SEARCH, Some(text)) => format!("Search: {text}"),
            (_, Some(_)) => return Err(Problem::new(400, "a query goes with /feeds/search.atom or .json")),
            (ALL, None) => "All sources".to_owned(),
            (name, None) => {
                // A source that is crawled no more has its articles still.
                let of = name.to_owned();
                let counts = move |catalogue: &Catalogue| Ok(catalogue.sources()?.contains_key(&of));
                if !self.sources.has(name)? && !self.catalogue(counts).await?.unwrap_or(false) {
                    return Err(Problem::new(404, format!("there is no source {name:?}; GET /v1/sources lists them")));
                }
                filter.sources = vec![name.to_owned()];
                name.to_owned()
            }
        };
        let limit = query.number("limit", DEFAULT_ENTRIES, ENTRIES)?;
        let last_seq = self.catalogue(|catalogue| Ok(catalogue.last_seq()?)).await?.unwrap_or_default();
        let tag = Tag::of(&[&last_seq, &format_args!("{name:?} {form:?} {text:?} {filter:?} {limit}")]);
        if let Some(answer) = tag.not_modified(headers) {
            return Ok(answer);
        }
        let find = move |catalogue: &Catalogue| {
            let Some(query) = text else { return Ok(catalogue.newest(&filter, limit, 0)?) };
            let hits = catalogue.search(&Search { query, filter, limit, offset: 0 })?;
            Ok(hits.into_iter().map(|hit| hit.version).collect())
        };
        let articles: Vec<Version> = self.catalogue(find).await?.unwrap_or_default();
        let head = FeedHead {
            title,
            name: uri.path_and_query().map_or(name, ToString::to_string),
            url: address(uri, headers),
        };
        let response = match form {
            FeedForm::Atom => answer::content("application/atom+xml; charset=utf-8", atom(&head, &articles)),
            FeedForm::Json => answer::content("application/feed+json", json_feed(&head, &articles).to_string()),
        };
        Ok(tag.mark(response))
    }
}

/// The feed's own address, as the client knows it.
fn address(uri: &Uri, headers: &HeaderMap) -> Option<String> {
    let host = headers.get(HOST)?.to_str().ok()?;
    Some(format!("http://{host}{}", uri.path_and_query()?))
}
