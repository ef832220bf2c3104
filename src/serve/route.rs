//! What is asked for: a path taken apart, and the methods that it takes.

use super::pages::Page;
use percent_encoding::percent_decode_str;

/// What a path stands for. Names and ids are decoded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Route {
    /// Whether the process runs.
    Health,
    /// Whether there is room for another request.
    Ready,
    /// Figures for Prometheus.
    Metrics,
    /// The description of the interface.
    OpenApi,
    /// One page or text to clean.
    Clean,
    /// Many of them.
    Batch,
    /// Articles of the archive.
    Articles,
    /// One of them.
    Article(String, Part),
    /// New versions as they come.
    Stream,
    /// Sources.
    Sources,
    /// One of them.
    Source(String),
    /// A source to be crawled now.
    CrawlNow(String),
    /// The summaries of runs.
    Runs,
    /// One of them.
    Run(String),
    /// What was found against what was captured.
    Coverage,
    /// Articles as a feed, of a source or a search.
    Feed(String, FeedForm),
    /// Tools for agents.
    Agents,
    /// A page for people.
    Page(Page),
    /// What a hub has to say of a subscription.
    Websub(String),
}

/// What of an article is meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Part {
    /// The article.
    Whole,
    /// Its history.
    Versions,
    /// Two of its versions, compared.
    Diff,
    /// The page that it came from.
    Original,
}

/// The form of a feed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum FeedForm {
    /// Atom.
    Atom,
    /// JSON Feed.
    Json,
}

impl Route {
    /// What a path stands for; `None` for nothing.
    pub(super) fn of(path: &str) -> Option<Self> {
        let parts: Vec<String> = path.strip_prefix('/')?.split('/').map(decoded).collect::<Option<_>>()?;
        let parts: Vec<&str> = parts.iter().map(String::as_str).collect();
        Some(match parts.as_slice() {
            ["healthz"] => Self::Health,
            ["readyz"] => Self::Ready,
            ["metrics"] => Self::Metrics,
            ["openapi.json"] => Self::OpenApi,
            ["mcp"] => Self::Agents,
            ["v1", "clean"] => Self::Clean,
            ["v1", "clean", "batch"] => Self::Batch,
            ["v1", "articles"] => Self::Articles,
            ["v1", "articles", id] if !id.is_empty() => Self::Article((*id).to_owned(), Part::Whole),
            ["v1", "articles", id, "versions"] => Self::Article((*id).to_owned(), Part::Versions),
            ["v1", "articles", id, "diff"] => Self::Article((*id).to_owned(), Part::Diff),
            ["v1", "articles", id, "original"] => Self::Article((*id).to_owned(), Part::Original),
            ["v1", "stream"] => Self::Stream,
            ["v1", "sources"] => Self::Sources,
            ["v1", "sources", name] if !name.is_empty() => Self::Source((*name).to_owned()),
            ["v1", "sources", name, "crawl"] => Self::CrawlNow((*name).to_owned()),
            ["v1", "runs"] => Self::Runs,
            ["v1", "runs", id] if !id.is_empty() => Self::Run((*id).to_owned()),
            ["v1", "coverage"] => Self::Coverage,
            ["feeds", file] => {
                let (name, form) = match file.rsplit_once('.')? {
                    (name, "atom") => (name, FeedForm::Atom),
                    (name, "json") => (name, FeedForm::Json),
                    _ => return None,
                };
                if name.is_empty() {
                    return None;
                }
                Self::Feed(name.to_owned(), form)
            }
            ["websub", id] if !id.is_empty() => Self::Websub((*id).to_owned()),
            parts => Self::Page(Page::of(parts)?),
        })
    }

    /// Whether whoever asks is answered, with the token or without.
    pub(super) fn is_open(&self) -> bool {
        match self {
            // Hubs have no token; the id in the path is theirs alone.
            Self::Health | Self::Ready | Self::Websub(_) => true,
            Self::Page(page) => page.is_open(),
            _ => false,
        }
    }

    /// The methods that are answered, as an `Allow` header has them.
    pub(super) fn methods(&self) -> &'static str {
        match self {
            Self::Clean | Self::Batch | Self::CrawlNow(_) | Self::Agents => "POST",
            Self::Sources | Self::Websub(_) => "GET, HEAD, POST",
            Self::Source(_) => "GET, HEAD, PATCH, DELETE",
            Self::Page(page) => page.methods(),
            _ => "GET, HEAD",
        }
    }

    /// What it is called in figures, without names and ids, which would make a series of their own each.
    pub(super) fn name(&self) -> &'static str {
        match self {
            Self::Health => "/healthz",
            Self::Ready => "/readyz",
            Self::Metrics => "/metrics",
            Self::OpenApi => "/openapi.json",
            Self::Clean => "/v1/clean",
            Self::Batch => "/v1/clean/batch",
            Self::Articles => "/v1/articles",
            Self::Article(_, Part::Whole) => "/v1/articles/{id}",
            Self::Article(_, Part::Versions) => "/v1/articles/{id}/versions",
            Self::Article(_, Part::Diff) => "/v1/articles/{id}/diff",
            Self::Article(_, Part::Original) => "/v1/articles/{id}/original",
            Self::Stream => "/v1/stream",
            Self::Sources => "/v1/sources",
            Self::Source(_) => "/v1/sources/{name}",
            Self::CrawlNow(_) => "/v1/sources/{name}/crawl",
            Self::Runs => "/v1/runs",
            Self::Run(_) => "/v1/runs/{id}",
            Self::Coverage => "/v1/coverage",
            Self::Feed(_, FeedForm::Atom) => "/feeds/{name}.atom",
            Self::Feed(_, FeedForm::Json) => "/feeds/{name}.json",
            Self::Agents => "/mcp",
            Self::Page(page) => page.name(),
            Self::Websub(_) => "/websub/{id}",
        }
    }
}

fn decoded(part: &str) -> Option<String> {
    percent_decode_str(part).decode_utf8().ok().map(std::borrow::Cow::into_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths() {
        let article = |part| Some(Route::Article("ab12".to_owned(), part));
        for (path, route) in [
            ("/healthz", Some(Route::Health)),
            ("/v1/articles/ab12", article(Part::Whole)),
            ("/v1/articles/ab12/original", article(Part::Original)),
            ("/v1/sources/L%C3%A4ndle%2Fx", Some(Route::Source("Ländle/x".to_owned()))),
            ("/feeds/a.b.atom", Some(Route::Feed("a.b".to_owned(), FeedForm::Atom))),
            ("/feeds/.atom", None),
            ("/websub/00ff", Some(Route::Websub("00ff".to_owned()))),
            ("/websub/", None),
            ("/", Some(Route::Page(Page::Desk))),
            ("/sources/a%20b/pause", Some(Route::Page(Page::Act("a b".to_owned(), "pause".to_owned())))),
            ("/sources/a/burn", None),
            ("/v1/articles/", None),
            ("/v1/sources/%ff", None),
            ("healthz", None),
            ("//healthz", None),
        ] {
            assert_eq!(Route::of(path), route, "{path}");
        }
    }
}
