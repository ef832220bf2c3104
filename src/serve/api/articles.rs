//! `/v1/articles`: the archive's articles, their histories, and the pages that they came from.

use crate::archive::catalogue::{Filter, Hit, Search, Version, Versions};
use crate::archive::{Catalogue, Comparison, archived_page, history, pair};
use crate::model::Article;
use crate::serve::Desk;
use crate::serve::answer::{self, Tag};
use crate::serve::forms::Form;
use crate::serve::problem::Problem;
use crate::serve::query::{FILTER, Query};
use crate::serve::route::Part;
use axum::body::Body;
use axum::http::header::{CONTENT_SECURITY_POLICY, CONTENT_TYPE, LINK, VARY};
use axum::http::{HeaderMap, Response};
use jiff::Timestamp;
use serde::Serialize;
use serde_json::Value;

/// Articles of one answer.
pub(in crate::serve) const LIMITS: (usize, usize) = (1, 100);
/// Where the client does not say how many.
const DEFAULT_LIMIT: usize = 20;

/// How many may be passed over: each is read to be passed over, and who wants more goes by sequence number.
pub(in crate::serve) const OFFSETS: (usize, usize) = (0, 10_000);

/// What a browser may do with a page that somebody else wrote: show its text and its own pictures and styles. Nothing is
/// loaded, nothing runs, nothing can be sent.
const ORIGINAL_POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; sandbox";

/// A record with what the archive knows of it.
#[derive(Debug, Serialize)]
pub(in crate::serve) struct Item<'a> {
    pub(in crate::serve) source: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    score: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    snippet: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    withdrawn: Option<bool>,
    #[serde(flatten)]
    article: &'a Article,
}

impl<'a> Item<'a> {
    /// A version as `copydesk tail` prints it.
    pub(in crate::serve) fn of(version: &'a Version) -> Self {
        let Version { source, article } = version;
        Self { source, score: None, snippet: None, withdrawn: None, article }
    }

    /// What a search found.
    fn found(hit: &'a Hit) -> Self {
        Self {
            score: Some(hit.score),
            snippet: Some(&hit.snippet.text),
            withdrawn: Some(hit.is_withdrawn),
            ..Self::of(&hit.version)
        }
    }
}

/// In which order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Order {
    /// As they came into the archive.
    Seq,
    /// The newest first.
    Newest,
}

impl Desk {
    /// Answers `GET /v1/articles`.
    pub(in crate::serve) async fn articles(
        &self,
        query: Option<&str>,
        headers: &HeaderMap,
    ) -> Result<Response<Body>, Problem> {
        let query = Query::read(query, &[&FILTER, &["query", "after", "limit", "offset", "order", "versions"]])?;
        let wanted = Wanted::read(&query)?;
        let last_seq = self.catalogue(|catalogue| Ok(catalogue.last_seq()?)).await?.unwrap_or_default();
        // A time ago is another moment each time.
        let tag = Tag::of(&[&last_seq, &format_args!("{wanted:?}")]);
        if let Some(answer) = tag.not_modified(headers) {
            return Ok(answer);
        }
        let found = self.catalogue(move |catalogue| wanted.list(catalogue)).await?;
        let (articles, next) = found.unwrap_or_default();
        let next = next.map(|(key, value)| format!("/v1/articles?{}", query.with(key, &value)));
        let list = serde_json::json!({"articles": articles, "next": next, "last_seq": last_seq});
        let mut response = tag.mark(answer::json(&list)?);
        if let Some(next) = &next {
            response = answer::with(response, LINK, &format!("<{next}>; rel=\"next\""));
        }
        Ok(response)
    }

    /// Answers for one article.
    pub(in crate::serve) async fn article(
        &self,
        id: String,
        part: Part,
        query: Option<&str>,
        headers: &HeaderMap,
    ) -> Result<Response<Body>, Problem> {
        match part {
            Part::Whole => self.whole(id, query, headers).await,
            Part::Versions => {
                Query::read(query, &[])?;
                let told = self.catalogue(move |catalogue| Ok(history(catalogue, &versions(catalogue, &id)?)?)).await?;
                answer::json(&told.ok_or_else(no_article)?)
            }
            Part::Diff => {
                let query = Query::read(query, &[&["old", "new"]])?;
                let number = |key| query.read_as::<u32>(key, "the number of a version");
                let (old, new) = (number("old")?, number("new")?);
                let compare = move |catalogue: &Catalogue| {
                    let versions = versions(catalogue, &id)?;
                    let (old, new) = pair(&versions, old, new).map_err(no_version)?;
                    Ok(Comparison::of(&old.article, &new.article))
                };
                answer::json(&self.catalogue(compare).await?.ok_or_else(no_article)?)
            }
            Part::Original => self.original(id, query).await,
        }
    }

    async fn whole(&self, id: String, query: Option<&str>, headers: &HeaderMap) -> Result<Response<Body>, Problem> {
        let query = Query::read(query, &[&["version", "form"]])?;
        let form = match query.choice("form", &Form::NAMES)? {
            Some(form) => form,
            None => Form::accepted(headers)?,
        };
        let wanted = query.read_as::<u32>("version", "the number of a version")?;
        let find = move |catalogue: &Catalogue| {
            let versions = versions(catalogue, &id)?;
            let is_withdrawn = versions.last().is_some_and(|last| last.article.tombstone.is_some());
            let (_, version) = pair(&versions, None, wanted).map_err(no_version)?;
            Ok((version.clone(), is_withdrawn))
        };
        let (version, is_withdrawn) = self.catalogue(find).await?.ok_or_else(no_article)?;
        let tag = Tag::of(&[&version.article.seq, &is_withdrawn, &form.kind()]);
        if let Some(answer) = tag.not_modified(headers) {
            return Ok(answer::with(answer, VARY, "accept"));
        }
        let item = Item { withdrawn: Some(is_withdrawn), ..Item::of(&version) };
        Ok(tag.mark(form.answer(&version.article, || value(&item))))
    }

    async fn original(&self, id: String, query: Option<&str>) -> Result<Response<Body>, Problem> {
        let query = Query::read(query, &[&["version"]])?;
        let wanted = query.read_as::<u32>("version", "the number of a version")?;
        let find = move |catalogue: &Catalogue| {
            let versions = versions(catalogue, &id)?;
            let (_, version) = pair(&versions, None, wanted).map_err(no_version)?;
            Ok(version.article.url.clone().zip(version.article.fetched))
        };
        let none = || {
            let detail = "the archive does not have the page as it was received; add \"warc\" to [archive] formats to keep \
                 pages from now on";
            Problem::new(404, detail)
        };
        let (url, fetched): (String, Timestamp) =
            self.catalogue(find).await?.ok_or_else(no_article)?.ok_or_else(none)?;
        let root = self.archive.clone();
        let page = self.blocking(move || Ok(archived_page(&root, &url, fetched)?)).await?.ok_or_else(none)?;
        let kind = page.content_type.as_deref().unwrap_or("application/octet-stream").to_owned();
        let response = answer::with(Response::new(Body::from(page.body)), CONTENT_TYPE, &kind);
        Ok(answer::with(response, CONTENT_SECURITY_POLICY, ORIGINAL_POLICY))
    }
}

/// Which articles a list has.
#[derive(Debug)]
struct Wanted {
    text: Option<String>,
    filter: Filter,
    limit: usize,
    offset: usize,
    order: Order,
    versions: Versions,
    after: u64,
}

/// The articles of a list, and by which key and value the next part is had.
type List = (Vec<Value>, Option<(&'static str, String)>);

impl Wanted {
    fn read(query: &Query) -> Result<Self, Problem> {
        let text = query.one("query")?.map(str::to_owned);
        let order = query.choice("order", &[("seq", Order::Seq), ("newest", Order::Newest)])?;
        let versions = query.choice("versions", &[("last", Versions::Last), ("all", Versions::All)])?;
        let after = query.read_as::<u64>("after", "a sequence number")?;
        let by_seq = text.is_none() && order != Some(Order::Newest);
        let wrong = if by_seq && query.one("offset")?.is_some() {
            Some("offset goes with query or order=newest; by sequence number it is after")
        } else if !by_seq && (after.is_some() || versions.is_some()) {
            Some("after and versions go with order=seq; with query or order=newest it is offset")
        } else if text.is_some() && order.is_some() {
            Some("what a query finds comes in the order in which it fits; leave order out")
        } else if after.is_some_and(|after| i64::try_from(after).is_err()) {
            Some("after is no sequence number that there could be")
        } else {
            None
        };
        if let Some(wrong) = wrong {
            return Err(Problem::new(400, wrong));
        }
        Ok(Self {
            text,
            filter: query.filter()?,
            limit: query.number("limit", DEFAULT_LIMIT, LIMITS)?,
            offset: query.number("offset", 0, OFFSETS)?,
            order: order.unwrap_or(Order::Seq),
            versions: versions.unwrap_or(Versions::Last),
            after: after.unwrap_or_default(),
        })
    }

    fn list(&self, catalogue: &Catalogue) -> Result<List, Problem> {
        let mut articles = Vec::new();
        if let Some(text) = &self.text {
            let (filter, limit, offset) = (self.filter.clone(), self.limit, self.offset);
            for hit in catalogue.search(&Search { query: text.clone(), filter, limit, offset })? {
                articles.push(value(&Item::found(&hit)));
            }
        } else if self.order == Order::Newest {
            let found = catalogue.newest(&self.filter, self.limit, self.offset)?;
            articles.extend(found.iter().map(|version| value(&Item::of(version))));
        } else {
            let last = catalogue.each(self.after, self.versions, &self.filter, |version| {
                articles.push(value(&Item::of(&version)));
                Ok::<_, Problem>(articles.len() < self.limit)
            })?;
            let is_more = articles.len() == self.limit;
            return Ok((articles, is_more.then(|| ("after", last.to_string()))));
        }
        let next = self.offset + articles.len();
        let is_more = articles.len() == self.limit && next <= OFFSETS.1;
        Ok((articles, is_more.then(|| ("offset", next.to_string()))))
    }
}

fn value(item: &Item<'_>) -> Value {
    serde_json::to_value(item).unwrap_or_default()
}

/// All versions of an article, by its whole id.
pub(in crate::serve) fn versions(catalogue: &Catalogue, id: &str) -> Result<Vec<Version>, Problem> {
    let versions = catalogue.history(id)?;
    if versions.is_empty() { Err(no_article()) } else { Ok(versions) }
}

pub(in crate::serve) fn no_article() -> Problem {
    Problem::new(404, "the archive has no article of that id; find it by GET /v1/articles?query=…")
}

pub(in crate::serve) fn no_version(number: u32) -> Problem {
    Problem::new(404, format!("the article has no version {number}; its /versions tells which there are"))
}
