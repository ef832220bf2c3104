//! `/v1/sources`: what is crawled, how it is, and what a user says of it.

use crate::config::{Entry, NewSource, SourceBookError, format_duration};
use crate::crawl::{Render, explore};
use crate::frontier::{FrontierError, Health, Hub, Schedule, SqliteFrontier};
use crate::serve::Desk;
use crate::serve::answer;
use crate::serve::body::Held;
use crate::serve::problem::Problem;
use crate::serve::query::Query;
use axum::body::Body;
use axum::http::header::LOCATION;
use axum::http::{Request, Response, StatusCode};
use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde::{Deserialize, Serialize};
use serde_json::json;
use std::collections::BTreeMap;
use std::time::Duration;
use url::Url;

/// Days of which the articles are counted: what a person sees at a glance.
pub(in crate::serve) const DAYS: i64 = 30;

/// How long a look at a new site may take: some two dozen requests at the pace of a crawl.
const LOOK_TIME: Duration = Duration::from_mins(2);

/// A source as it is told.
#[derive(Debug, Serialize)]
pub(in crate::serve) struct Told {
    pub(in crate::serve) name: String,
    pub(in crate::serve) url: String,
    feeds: Vec<String>,
    sitemaps: Vec<String>,
    sections: Vec<String>,
    /// When it is crawled, in words of the configuration: `adaptive`, `every 15m`, a cron line.
    pub(in crate::serve) schedule: String,
    render: &'static str,
    /// Whether it was added here and does not stand in the configuration.
    pub(in crate::serve) added: bool,
    pub(in crate::serve) paused: bool,
    /// When somebody wanted it crawled at once, until that is done.
    pub(in crate::serve) crawl_now: Option<Timestamp>,
    pub(in crate::serve) last_crawl: Option<Timestamp>,
    pub(in crate::serve) next_due: Option<Timestamp>,
    /// Stories that are due and not fetched.
    pub(in crate::serve) waiting: u64,
    /// Articles that the archive has of it.
    pub(in crate::serve) articles: u64,
    /// Articles by day of publication, of the last days, today last.
    pub(in crate::serve) days: Vec<Day>,
    /// What stands in the way, each in a sentence.
    pub(in crate::serve) problems: Vec<String>,
    hubs: Vec<HubTold>,
}

/// A day's articles.
#[derive(Debug, Clone, Serialize)]
pub(in crate::serve) struct Day {
    pub(in crate::serve) day: Date,
    pub(in crate::serve) articles: u64,
}

/// A feed, sitemap or section as it is told.
#[derive(Debug, Serialize)]
struct HubTold {
    url: String,
    kind: &'static str,
    state: &'static str,
    reason: Option<String>,
    fetched: Option<Timestamp>,
    due: Option<Timestamp>,
}

/// What a client sends to add a source.
#[derive(Debug, Deserialize)]
struct Addition {
    /// Whether the site is looked at for what is not said: feeds, sitemaps, sections, a name.
    #[serde(default = "yes")]
    explore: bool,
    #[serde(default)]
    name: Option<String>,
    #[serde(flatten)]
    rest: serde_json::Map<String, serde_json::Value>,
}

fn yes() -> bool {
    true
}

/// What a client sends to change a source.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Changes {
    paused: bool,
}

impl Desk {
    /// Answers `GET /v1/sources`.
    pub(in crate::serve) async fn list_sources(&self, query: Option<&str>) -> Result<Response<Body>, Problem> {
        Query::read(query, &[])?;
        let (sources, crawling) = self.told_sources().await?;
        answer::json(&json!({"sources": sources, "crawling": crawling}))
    }

    /// Answers `GET /v1/sources/{name}`.
    pub(in crate::serve) async fn one_source(
        &self,
        name: &str,
        query: Option<&str>,
    ) -> Result<Response<Body>, Problem> {
        Query::read(query, &[])?;
        answer::json(&self.told_source(name).await?)
    }

    /// Answers `POST /v1/sources`.
    pub(in crate::serve) async fn add_source(&self, request: Request<Body>) -> Result<Response<Body>, Problem> {
        Query::read(request.uri().query(), &[])?;
        let addition: Addition = self.read_json(request).await?;
        let Addition { explore, name, mut rest } = addition;
        // A name is made of the host's where there is none.
        rest.insert("name".to_owned(), name.clone().unwrap_or_default().into());
        let new: NewSource = serde_json::from_value(rest.into())
            .map_err(|error| Problem::new(422, format!("the source will not do: {error}")))?;
        let name = self.add(new, name.is_some(), explore).await?;
        let told = self.told_source(&name).await?;
        let response = answer::with_status(answer::json(&told)?, StatusCode::CREATED);
        Ok(answer::with(response, LOCATION, &format!("/v1/sources/{}", utf8_percent_encode(&name, NON_ALPHANUMERIC))))
    }

    /// Adds a source; gives its name.
    pub(in crate::serve) async fn add(
        &self,
        mut new: NewSource,
        is_named: bool,
        look: bool,
    ) -> Result<String, Problem> {
        let url = Url::parse(new.url.trim()).ok().filter(|url| matches!(url.scheme(), "http" | "https"));
        let url = url.ok_or_else(|| {
            let detail = format!("{:?} is no web address; write it whole, with https://", new.url);
            Problem::new(422, detail)
        })?;
        let is_bare = new.feeds.is_empty() && new.sitemaps.is_empty() && new.sections.is_empty();
        let entries = self.sources.all()?;
        if let Some(taken) = entries.iter().find(|entry| entry.source.url == url) {
            return Err(SourceBookError::Taken(taken.source.name.clone()).into());
        }
        let taken: Vec<&str> = entries.iter().map(|entry| entry.source.name.as_str()).collect();
        if look && is_bare {
            let looked = tokio::time::timeout(LOOK_TIME, explore(&self.fetcher, &url)).await;
            let proposal = looked
                .map_err(|_| Problem::new(504, format!("{url} took longer than {} s to look at", LOOK_TIME.as_secs())))?
                .map_err(|error| Problem::fetching(&error))?;
            if proposal.is_empty() {
                let detail = format!(
                    "nothing on {} leads to stories: no feed, no sitemap, no section, no story on the page itself; name \
                     the page that lists them",
                    proposal.home
                );
                return Err(Problem::new(422, detail));
            }
            let addresses = |found: &[crate::crawl::Found]| found.iter().map(|found| found.url.to_string()).collect();
            new.feeds = addresses(&proposal.feeds);
            new.sitemaps = addresses(&proposal.sitemaps);
            new.sections = addresses(&proposal.sections);
            new.url = proposal.home.to_string();
            if !is_named {
                new.name = proposal.name(&taken);
            }
        } else if !is_named {
            return Err(Problem::new(
                422,
                "the source has no name, and the site is not to be looked at for one; give one",
            ));
        }
        Ok(self.sources.add(new)?.name)
    }

    /// Answers `PATCH /v1/sources/{name}`.
    pub(in crate::serve) async fn change_source(
        &self,
        name: &str,
        request: Request<Body>,
    ) -> Result<Response<Body>, Problem> {
        Query::read(request.uri().query(), &[])?;
        let Changes { paused } = self.read_json(request).await?;
        self.sources.set_paused(name, paused)?;
        answer::json(&self.told_source(name).await?)
    }

    /// Answers `DELETE /v1/sources/{name}`.
    pub(in crate::serve) fn remove_source(&self, name: &str, query: Option<&str>) -> Result<Response<Body>, Problem> {
        Query::read(query, &[])?;
        self.sources.remove(name)?;
        Ok(answer::with_status(Response::new(Body::empty()), StatusCode::NO_CONTENT))
    }

    /// Answers `POST /v1/sources/{name}/crawl`.
    pub(in crate::serve) async fn crawl_now(&self, name: &str, query: Option<&str>) -> Result<Response<Body>, Problem> {
        Query::read(query, &[])?;
        self.ask_for_crawl(name)?;
        Ok(answer::with_status(answer::json(&self.told_source(name).await?)?, StatusCode::ACCEPTED))
    }

    /// Has a source crawled as soon as may be.
    pub(in crate::serve) fn ask_for_crawl(&self, name: &str) -> Result<(), Problem> {
        let entries = self.sources.all()?;
        let entry = entries.iter().find(|entry| entry.source.name == name).ok_or_else(|| no_source(name))?;
        if entry.is_paused {
            return Err(Problem::new(409, format!("the source {name:?} is paused; have it go on first")));
        }
        if !SqliteFrontier::is_held(&self.store)? {
            let detail = format!(
                "nobody crawls: start this server with --watch, or copydesk watch beside it; or crawl it once by: copydesk \
                 crawl --source {name}"
            );
            return Err(Problem::new(409, detail));
        }
        Ok(self.sources.crawl_now(name, Timestamp::now())?)
    }

    async fn told_source(&self, name: &str) -> Result<Told, Problem> {
        let (sources, _) = self.told_sources().await?;
        sources.into_iter().find(|source| source.name == name).ok_or_else(|| no_source(name))
    }

    /// Every source with how it is, and whether somebody crawls.
    pub(in crate::serve) async fn told_sources(&self) -> Result<(Vec<Told>, bool), Problem> {
        let entries = self.sources.all()?;
        let store = self.store.clone();
        let (mut health, crawling) = self
            .blocking(move || {
                let health = match SqliteFrontier::health(&store) {
                    Ok(health) => health,
                    Err(FrontierError::NotThere { .. }) => BTreeMap::new(),
                    Err(error) => return Err(error.into()),
                };
                Ok((health, SqliteFrontier::is_held(&store)?))
            })
            .await?;
        let today = jiff::tz::TimeZone::UTC.to_datetime(Timestamp::now()).date();
        let since = Timestamp::now().checked_sub(SignedDuration::from_hours(24 * DAYS)).unwrap_or_default();
        let counts = self.catalogue(move |catalogue| Ok((catalogue.sources()?, catalogue.days(since)?))).await?;
        let (counts, mut days) = counts.unwrap_or_default();
        let tell = |entry: Entry| {
            let name = entry.source.name.clone();
            let health = health.remove(&name).unwrap_or_default();
            let articles = counts.get(&name).copied().unwrap_or_default();
            let days = last_days(&days.remove(&name).unwrap_or_default(), today);
            told(entry, health, articles, days)
        };
        Ok((entries.into_iter().map(tell).collect(), crawling))
    }

    /// Reads a body of JSON.
    async fn read_json<T: serde::de::DeserializeOwned>(&self, request: Request<Body>) -> Result<T, Problem> {
        super::clean::check_json(request.headers())?;
        let Held { bytes, .. } = self.read_body(request.into_body()).await?;
        serde_json::from_slice(&bytes).map_err(|error| {
            let status = if error.is_data() { 422 } else { 400 };
            Problem::new(status, format!("the body is not as it should be: {error}"))
        })
    }
}

/// There is no such source.
pub(in crate::serve) fn no_source(name: &str) -> Problem {
    Problem::new(404, format!("there is no source {name:?}; GET /v1/sources lists them"))
}

impl From<SourceBookError> for Problem {
    fn from(error: SourceBookError) -> Self {
        let status = match &error {
            SourceBookError::Refused(_) => 422,
            SourceBookError::Taken(_) | SourceBookError::Configured(_) => 409,
            SourceBookError::Unknown(_) => 404,
            _ => {
                tracing::error!(%error, "the list of sources cannot be used");
                return Self::new(500, "the list of sources cannot be used; the server's log says why");
            }
        };
        Self::new(status, error.to_string())
    }
}

/// The articles of the last days, those without any among them.
fn last_days(known: &BTreeMap<String, u64>, today: Date) -> Vec<Day> {
    let day = |back: i64| today.checked_sub(jiff::Span::new().days(back)).unwrap_or(today);
    let days = (0..DAYS).rev().map(day);
    days.map(|day| Day { day, articles: known.get(&day.to_string()).copied().unwrap_or_default() }).collect()
}

fn told(entry: Entry, health: Health, articles: u64, days: Vec<Day>) -> Told {
    let Entry { source, is_added, is_paused, crawl_now } = entry;
    let texts = |urls: &[Url]| urls.iter().map(Url::to_string).collect();
    Told {
        url: source.url.to_string(),
        feeds: texts(&source.feeds),
        sitemaps: texts(&source.sitemaps),
        sections: texts(&source.sections),
        schedule: match &source.schedule {
            Schedule::Adaptive => "adaptive".to_owned(),
            Schedule::Every(every) => format!("every {}", format_duration(*every)),
            Schedule::Cron(line) => line.to_string(),
        },
        render: match source.render {
            Render::Never => "never",
            Render::Auto => "auto",
            Render::Always => "always",
        },
        added: is_added,
        paused: is_paused,
        // Once it was crawled since, that is done.
        crawl_now: crawl_now.filter(|asked| health.last_crawl.is_none_or(|last| last < *asked)),
        last_crawl: health.last_crawl,
        next_due: if is_paused { None } else { health.next_due },
        waiting: health.waiting,
        articles,
        days,
        problems: problems(&health),
        hubs: health.hubs.into_iter().map(hub).collect(),
        name: source.name,
    }
}

fn hub(hub: Hub) -> HubTold {
    HubTold {
        kind: hub.kind.name(),
        state: hub.state.name(),
        url: hub.url,
        reason: hub.reason,
        fetched: hub.fetched,
        due: hub.due,
    }
}

/// Problems that are told one by one.
const PROBLEMS: usize = 3;

/// What stands in the way, in sentences.
fn problems(health: &Health) -> Vec<String> {
    let failing = health.hubs.iter().filter(|hub| hub.is_failing());
    let mut problems: Vec<String> = failing
        .take(PROBLEMS)
        .map(|hub| {
            let reason = hub.reason.as_deref().unwrap_or("no reason is known");
            let tries = if hub.attempts > 1 { format!(", {} times in a row", hub.attempts) } else { String::new() };
            format!("{} could not be read{tries}: {reason}", hub.url)
        })
        .collect();
    let more = health.failing.saturating_sub(PROBLEMS as u64);
    if more > 0 {
        problems.push(format!("{more} more could not be read"));
    }
    problems
}
