//! `/v1/runs` and `/v1/coverage`: what crawls came to.

use crate::crawl::RunSummary;
use crate::frontier::{FrontierError, SqliteFrontier};
use crate::serve::Desk;
use crate::serve::answer;
use crate::serve::problem::Problem;
use crate::serve::query::Query;
use axum::body::Body;
use axum::http::Response;
use serde_json::{Value, json};
use std::io;

/// Where the summaries lie, under the archive.
const FOLDER: &str = "runs";

/// Runs of one answer.
const LIMITS: (usize, usize) = (1, 100);
const DEFAULT_LIMIT: usize = 20;

impl Desk {
    /// Answers `GET /v1/runs`: the newest first. Ids of runs rise with time.
    pub(in crate::serve) async fn runs(&self, query: Option<&str>) -> Result<Response<Body>, Problem> {
        let query = Query::read(query, &[&["limit", "before"]])?;
        let limit = query.number("limit", DEFAULT_LIMIT, LIMITS)?;
        let before = query.one("before")?.map(str::to_owned);
        let runs = self.last_runs(limit, before).await?;
        let next = (runs.len() == limit).then(|| {
            let last = runs.last().map(|run| run.run.as_str()).unwrap_or_default();
            format!("/v1/runs?{}", query.with("before", last))
        });
        answer::json(&json!({"runs": runs, "next": next}))
    }

    /// The summaries of the last runs, the newest first.
    pub(in crate::serve) async fn last_runs(
        &self,
        limit: usize,
        before: Option<String>,
    ) -> Result<Vec<RunSummary>, Problem> {
        let folder = self.archive.join(FOLDER);
        self.blocking(move || {
            let entries = match std::fs::read_dir(&folder) {
                Ok(entries) => entries,
                Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
                Err(error) => return Err(unreadable(&error)),
            };
            let names = entries.filter_map(|entry| entry.ok()?.file_name().into_string().ok());
            let mut ids: Vec<String> = names
                .filter_map(|name| name.strip_suffix(".json").map(str::to_owned))
                // Ids are moments; `latest.json` is a copy of the last.
                .filter(|id| id.starts_with(|c: char| c.is_ascii_digit()))
                .filter(|id| before.as_ref().is_none_or(|before| id < before))
                .collect();
            ids.sort_unstable_by(|one, other| other.cmp(one));
            // One that cannot be read, as from another edition, hides no other.
            let read = |id: &String| {
                let text = std::fs::read(folder.join(format!("{id}.json"))).ok()?;
                serde_json::from_slice(&text).ok()
            };
            Ok(ids.iter().filter_map(read).take(limit).collect())
        })
        .await
    }

    /// Answers `GET /v1/runs/{id}`.
    pub(in crate::serve) async fn run(&self, id: String, query: Option<&str>) -> Result<Response<Body>, Problem> {
        Query::read(query, &[])?;
        let none = || Problem::new(404, "there is no run of that id; GET /v1/runs lists them");
        // An id is a file's name, and nothing that leads elsewhere.
        if id.starts_with('.') || !id.chars().all(|c| c.is_ascii_alphanumeric() || "-_.".contains(c)) {
            return Err(none());
        }
        let path = self.archive.join(FOLDER).join(format!("{id}.json"));
        let run: RunSummary = self
            .blocking(move || match std::fs::read(&path) {
                Ok(text) => serde_json::from_slice(&text).map_err(|_| none()),
                Err(error) if error.kind() == io::ErrorKind::NotFound => Err(none()),
                Err(error) => Err(unreadable(&error)),
            })
            .await?;
        answer::json(&run)
    }

    /// Answers `GET /v1/coverage`: what was found of each source against what the archive has.
    pub(in crate::serve) async fn coverage(&self, query: Option<&str>) -> Result<Response<Body>, Problem> {
        let query = Query::read(query, &[&["source"]])?;
        let only = query.one("source")?.map(str::to_owned);
        if let Some(name) = &only
            && !self.sources.has(name)?
        {
            return Err(super::sources::no_source(name));
        }
        let mut known = self.known_coverage().await?;
        let wanted = self.sources.all()?.into_iter().map(|entry| entry.source.name);
        let wanted = wanted.filter(|name| only.as_ref().is_none_or(|only| only == name));
        let sources: serde_json::Map<String, Value> =
            wanted.map(|name| (name.clone(), known.remove(&name).unwrap_or_default().value())).collect();
        answer::json(&sources)
    }

    /// The coverage of every source that the store knows; of none where there is no store yet.
    pub(in crate::serve) async fn known_coverage(
        &self,
    ) -> Result<std::collections::BTreeMap<String, crate::frontier::Coverage>, Problem> {
        let store = self.store.clone();
        self.blocking(move || match SqliteFrontier::coverage(&store) {
            Ok(known) => Ok(known),
            Err(FrontierError::NotThere { .. }) => Ok(std::collections::BTreeMap::new()),
            Err(error) => Err(error.into()),
        })
        .await
    }
}

fn unreadable(error: &io::Error) -> Problem {
    tracing::error!(%error, "the summaries of runs cannot be read");
    Problem::new(500, "the summaries of runs cannot be read; the server's log says why")
}
