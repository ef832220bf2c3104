//! The web pages: server-rendered, readable without a script, under a policy that lets a browser load nothing from elsewhere.
//!
//! They are made with `maud`, whose templates are functions that the compiler checks and that escape what they are given.

mod assets;
mod clean;
mod coverage;
mod desk;
mod login;
mod reader;
mod reference;
mod words;

use super::Desk;
use super::answer;
use super::door;
use super::problem::Problem;
use axum::body::Body;
use axum::http::header::{CONTENT_SECURITY_POLICY, LOCATION, REFERRER_POLICY};
use axum::http::{HeaderMap, Method, Request, Response, StatusCode};
use maud::{DOCTYPE, Markup, html};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use std::net::IpAddr;
use url::form_urlencoded;

/// What a browser may do with our pages: show them with our style and script, and ask us. No inline script or style, nothing
/// from elsewhere, no frame but ours, no form to elsewhere.
const POLICY: &str = "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; connect-src 'self'; \
                      frame-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

/// A page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Page {
    /// Sources and how they are.
    Desk,
    /// Articles, searched.
    Reader,
    /// One of them.
    Article(String),
    /// Two of its versions.
    Diff(String),
    /// It beside the page that it came from.
    Original(String),
    /// A page or a text to clean, and what came of it.
    Clean,
    /// What was found against what was captured.
    Coverage,
    /// The interface for programs.
    Reference,
    /// Where the token is shown.
    Login,
    /// A source is added.
    AddSource,
    /// Something is done with a source: `pause`, `resume`, `crawl`, `remove`.
    Act(String, String),
    /// A file that pages refer to.
    Asset(String),
}

impl Page {
    /// What the parts of a path stand for.
    pub(super) fn of(parts: &[&str]) -> Option<Self> {
        Some(match parts {
            [""] => Self::Desk,
            ["articles"] => Self::Reader,
            ["articles", id] if !id.is_empty() => Self::Article((*id).to_owned()),
            ["articles", id, "diff"] => Self::Diff((*id).to_owned()),
            ["articles", id, "original"] => Self::Original((*id).to_owned()),
            ["clean"] => Self::Clean,
            ["coverage"] => Self::Coverage,
            ["reference"] => Self::Reference,
            ["login"] => Self::Login,
            ["sources"] => Self::AddSource,
            ["sources", name, action @ ("pause" | "resume" | "crawl" | "remove")] => {
                Self::Act((*name).to_owned(), (*action).to_owned())
            }
            ["assets", file] => Self::Asset((*file).to_owned()),
            _ => return None,
        })
    }

    /// The methods that are answered.
    pub(super) fn methods(&self) -> &'static str {
        match self {
            Self::AddSource | Self::Act(..) => "POST",
            Self::Clean | Self::Login => "GET, HEAD, POST",
            _ => "GET, HEAD",
        }
    }

    /// What it is called in figures.
    pub(super) fn name(&self) -> &'static str {
        match self {
            Self::Desk => "/",
            Self::Reader => "/articles",
            Self::Article(_) => "/articles/{id}",
            Self::Diff(_) => "/articles/{id}/diff",
            Self::Original(_) => "/articles/{id}/original",
            Self::Clean => "/clean",
            Self::Coverage => "/coverage",
            Self::Reference => "/reference",
            Self::Login => "/login",
            Self::AddSource => "/sources",
            Self::Act(..) => "/sources/{name}/{action}",
            Self::Asset(_) => "/assets/{file}",
        }
    }

    /// Whether it is shown to whoever asks: what the page for the token needs.
    pub(super) fn is_open(&self) -> bool {
        matches!(self, Self::Login | Self::Asset(_))
    }
}

/// The pages that every page leads to, each with its title.
const PLACES: [(&str, &str); 5] = [
    ("/", "Desk"),
    ("/articles", "Reader"),
    ("/clean", "Clean"),
    ("/coverage", "Coverage"),
    ("/reference", "Interface"),
];

impl Desk {
    /// Answers for a page.
    pub(super) async fn page(
        &self,
        page: Page,
        method: &Method,
        request: Request<Body>,
        peer: IpAddr,
    ) -> Result<Response<Body>, Problem> {
        let query = request.uri().query().map(str::to_owned);
        let query = query.as_deref();
        if method == Method::POST {
            door::check_origin(request.headers())?;
        }
        match page {
            Page::Desk => self.desk_page(query).await,
            Page::Reader => self.reader_page(query).await,
            Page::Article(id) => self.article_page(id, query).await,
            Page::Diff(id) => self.diff_page(id, query).await,
            Page::Original(id) => self.original_page(id, query).await,
            Page::Clean if method == Method::POST => self.cleaned_page(request).await,
            Page::Clean => Ok(clean::form_page(query)),
            Page::Coverage => self.coverage_page().await,
            Page::Reference => Ok(reference::page()),
            Page::Login if method == Method::POST => self.log_in(request, peer).await,
            Page::Login => Ok(login::page(query, None)),
            Page::AddSource => self.add_from_form(request).await,
            Page::Act(name, action) => self.act(&name, &action),
            Page::Asset(file) => assets::answer(&file, request.headers()),
        }
    }

    /// Reads a form; the last of several fields of a name counts.
    async fn read_form(&self, request: Request<Body>) -> Result<Form, Problem> {
        let kind = request.headers().get("content-type").and_then(|kind| kind.to_str().ok()).unwrap_or_default();
        if !kind.to_ascii_lowercase().starts_with("application/x-www-form-urlencoded") {
            return Err(Problem::new(415, "the body has to be a form, application/x-www-form-urlencoded"));
        }
        let held = self.read_body(request.into_body()).await?;
        Ok(Form(form_urlencoded::parse(&held.bytes).into_owned().collect()))
    }
}

/// The fields of a form.
struct Form(Vec<(String, String)>);

impl Form {
    /// A field that is filled in.
    fn field(&self, name: &str) -> Option<&str> {
        let value = self.0.iter().rev().find(|(known, _)| known == name).map(|(_, value)| value.trim());
        value.filter(|value| !value.is_empty())
    }
}

/// A page in the frame that all have.
fn framed(here: &str, title: &str, content: &Markup) -> Response<Body> {
    let page = html! {
        (DOCTYPE)
        html lang="en" {
            head {
                (head(title))
                link rel="alternate" type="application/atom+xml" title="All sources" href="/feeds/all.atom";
                script src="/assets/desk.js" defer {}
            }
            body {
                a.skip href="#main" { "To the content" }
                header.top {
                    a.brand href="/" { "Copydesk" }
                    nav aria-label="Pages" {
                        @for (place, name) in PLACES {
                            a href=(place) aria-current=[(place == here).then_some("page")] { (name) }
                        }
                    }
                }
                main id="main" tabindex="-1" { (content) }
            }
        }
    };
    document(page)
}

/// What stands in the head of every page.
fn head(title: &str) -> Markup {
    html! {
        meta charset="utf-8";
        meta name="viewport" content="width=device-width, initial-scale=1";
        meta name="color-scheme" content="light dark";
        title { (title) " · Copydesk" }
        link rel="icon" href="/assets/icon.svg" type="image/svg+xml";
        link rel="stylesheet" href="/assets/desk.css";
    }
}

/// A page as it stands.
fn document(page: Markup) -> Response<Body> {
    let response = answer::content("text/html; charset=utf-8", page.into_string());
    let response = answer::with(response, CONTENT_SECURITY_POLICY, POLICY);
    // No other site hears of our pages; our own forms have to say where they come from.
    answer::with(response, REFERRER_POLICY, "same-origin")
}

/// A problem as a page.
pub(super) fn problem(problem: Problem, id: &str) -> Response<Body> {
    let told = problem.told();
    let page = html! {
        h1 { (told.title) }
        p.lead { (told.detail) }
        p.quiet { "Request " code { (id) } }
        p { a href="/" { "Back to the desk" } }
    };
    let mut response = answer::with_status(framed("", &told.title, &page), told.status);
    response.headers_mut().extend(told.headers);
    response
}

/// Sends a browser elsewhere, by GET.
fn see_other(place: &str) -> Response<Body> {
    let response = answer::with_status(Response::new(Body::empty()), StatusCode::SEE_OTHER);
    answer::with(response, LOCATION, place)
}

/// Where a browser without the token is sent.
pub(super) fn to_login(target: &str) -> Response<Body> {
    see_other(&format!("/login?next={}", utf8_percent_encode(target, NON_ALPHANUMERIC)))
}

/// Whether a browser asks, and not a program: it wants HTML.
pub(super) fn wants_html(headers: &HeaderMap) -> bool {
    headers.get("accept").and_then(|accept| accept.to_str().ok()).is_some_and(|accept| accept.contains("text/html"))
}

/// A name as a part of a path.
fn segment(name: &str) -> String {
    utf8_percent_encode(name, NON_ALPHANUMERIC).to_string()
}
