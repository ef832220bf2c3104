//! The desk: what is crawled and how it is, what came in last, and what a person does with a source.

use super::words::{count, grouped, when};
use super::{framed, reader, see_other, segment};
use crate::archive::catalogue::{Filter, Version};
use crate::config::NewSource;
use crate::crawl::RunSummary;
use crate::serve::Desk;
use crate::serve::api::sources::{Day, Told};
use crate::serve::problem::Problem;
use crate::serve::query::Query;
use axum::body::Body;
use axum::http::{Request, Response};
use maud::{Markup, html};

/// Articles that are shown as the last ones.
const NEWEST: usize = 8;

/// Runs that are shown.
const RUNS: usize = 5;

/// A sparkline's size, in units of its own.
const SPARK_HEIGHT: u64 = 24;
const SPARK_STEP: usize = 4;

impl Desk {
    /// The page.
    pub(super) async fn desk_page(&self, query: Option<&str>) -> Result<Response<Body>, Problem> {
        Query::read(query, &[])?;
        let (sources, crawling) = self.told_sources().await?;
        let runs = self.last_runs(RUNS, None).await?;
        let newest = self.catalogue(|catalogue| Ok(catalogue.newest(&Filter::default(), NEWEST, 0)?)).await?;
        let content = html! {
            div.heading {
                h1 { "Desk" }
                (state(&sources, crawling))
            }
            section aria-labelledby="sources" {
                h2 id="sources" { "Sources" }
                div id="source-list" data-live { (source_list(&sources)) }
                (addition())
            }
            div.columns {
                section aria-labelledby="newest" {
                    h2 id="newest" { "Newest articles" }
                    div id="newest-list" data-live { (newest_list(&newest.unwrap_or_default())) }
                }
                section aria-labelledby="runs" {
                    h2 id="runs" { "Last crawls" }
                    div id="run-list" data-live { (run_list(&runs)) }
                }
            }
        };
        Ok(framed("/", "Desk", &content))
    }

    /// Adds the source of a form.
    pub(super) async fn add_from_form(&self, request: Request<Body>) -> Result<Response<Body>, Problem> {
        let form = self.read_form(request).await?;
        let url = form.field("url").ok_or_else(|| Problem::new(422, "the form has no address of a home page"))?;
        // What people type into a browser's address line.
        let url = if url.contains("://") { url.to_owned() } else { format!("https://{url}") };
        let name = form.field("name");
        let new = NewSource { name: name.unwrap_or_default().to_owned(), url, ..NewSource::default() };
        self.add(new, name.is_some(), true).await?;
        Ok(see_other("/"))
    }

    /// Does something with a source.
    pub(super) fn act(&self, name: &str, action: &str) -> Result<Response<Body>, Problem> {
        match action {
            "pause" => self.sources.set_paused(name, true)?,
            "resume" => self.sources.set_paused(name, false)?,
            "remove" => self.sources.remove(name)?,
            _ => self.ask_for_crawl(name)?,
        }
        Ok(see_other("/"))
    }
}

fn state(sources: &[Told], crawling: bool) -> Markup {
    let waiting: u64 = sources.iter().map(|source| source.waiting).sum();
    html! {
        p.state id="state" data-live role="status" {
            @if crawling && waiting > 0 {
                span.pill.busy { "Crawling" } " " (count(waiting, "story is waiting", "stories are waiting"))
            } @else if crawling {
                span.pill.good { "Watching" } " Nothing is due"
            } @else {
                span.pill.rest { "Nobody crawls" } " Start the server with " code { "--watch" } ", or run "
                code { "copydesk crawl" }
            }
        }
    }
}

fn source_list(sources: &[Told]) -> Markup {
    if sources.is_empty() {
        return html! {
            p.empty { "No source yet. Add a site's home page below: its feeds, sitemaps and sections are looked for." }
        };
    }
    html! {
        div.scroll tabindex="0" role="region" aria-label="Sources" {
            table.sources {
                thead {
                    tr {
                        th scope="col" { "Source" }
                        th scope="col" { "State" }
                        th scope="col" { "Last look" }
                        th scope="col" { "Next" }
                        th.number scope="col" { "Articles" }
                        th scope="col" { "Last 30 days" }
                        th scope="col" { "Do" }
                    }
                }
                tbody { @for source in sources { (source_row(source)) } }
            }
        }
    }
}

fn source_row(source: &Told) -> Markup {
    html! {
        tr {
            th scope="row" {
                a href={ "/articles?source=" (segment(&source.name)) } { (source.name) }
                div.quiet { (source.url) }
            }
            td {
                @if source.paused {
                    span.pill.rest { "Paused" }
                } @else if !source.problems.is_empty() {
                    span.pill.failing { "Trouble" }
                } @else if source.last_crawl.is_none() {
                    span.pill.rest { "New" }
                } @else if source.waiting > 0 {
                    span.pill.busy { (grouped(source.waiting)) " waiting" }
                } @else {
                    span.pill.good { "Well" }
                }
                @for problem in &source.problems { div.problem { (problem) } }
            }
            td data-label="Last look" { (when(source.last_crawl)) }
            td data-label="Next" {
                @if source.crawl_now.is_some() { "now" } @else if source.paused { span.quiet { "when it goes on" } }
                @else { (when(source.next_due)) }
                div.quiet { (source.schedule) }
            }
            td.number { (grouped(source.articles)) }
            td { (sparkline(&source.days)) }
            td.actions {
                (button(&source.name, if source.paused { "resume" } else { "pause" }))
                (button(&source.name, "crawl"))
                @if source.added { (button(&source.name, "remove")) }
            }
        }
    }
}

fn button(source: &str, action: &str) -> Markup {
    let says = match action {
        "resume" => "Go on",
        "crawl" => "Crawl now",
        "remove" => "Remove",
        _ => "Pause",
    };
    html! {
        form method="post" action={ "/sources/" (segment(source)) "/" (action) } {
            button.small type="submit" aria-label={ (says) ": " (source) } { (says) }
        }
    }
}

/// Articles by day as bars.
fn sparkline(days: &[Day]) -> Markup {
    let most = days.iter().map(|day| day.articles).max().unwrap_or_default();
    let total: u64 = days.iter().map(|day| day.articles).sum();
    if total == 0 {
        return html! { span.quiet { "none" } };
    }
    let width = days.len() * SPARK_STEP;
    let label = format!("{} in {} days, at most {most} a day", count(total, "article", "articles"), days.len());
    html! {
        svg.spark viewBox={ "0 0 " (width) " " (SPARK_HEIGHT) } role="img" aria-label=(label) {
            @for (index, day) in days.iter().enumerate() {
                // A day with anything is seen.
                @let height = if day.articles == 0 { 1 } else { 3 + (SPARK_HEIGHT - 3) * day.articles / most };
                rect.day.none[day.articles == 0] x=(index * SPARK_STEP) y=(SPARK_HEIGHT - height) width=(SPARK_STEP - 1) height=(height) {
                    title { (day.day) ": " (day.articles) }
                }
            }
        }
    }
}

fn addition() -> Markup {
    html! {
        form.add method="post" action="/sources" {
            h3 { "Add a source" }
            div.fields {
                div {
                    label for="add-url" { "Home page" }
                    input id="add-url" name="url" type="text" inputmode="url" placeholder="https://www.my-paper.example/" required maxlength="2000";
                }
                div {
                    label for="add-name" { "Name " span.quiet { "(made of the host's where it is empty)" } }
                    input id="add-name" name="name" type="text" maxlength="60" pattern="[A-Za-z0-9][A-Za-z0-9_\\-]*" title="letters, digits, - and _";
                }
                button type="submit" { "Look and add" }
            }
        }
    }
}

fn newest_list(newest: &[Version]) -> Markup {
    html! {
        @if newest.is_empty() { p.empty { "The archive is empty." } }
        ol.lines { @for version in newest { li { (reader::line(version)) } } }
    }
}

fn run_list(runs: &[RunSummary]) -> Markup {
    html! {
        @if runs.is_empty() { p.empty { "Nothing was crawled yet." } }
        ol.lines {
            @for run in runs {
                li {
                    strong { (when(Some(run.started))) }
                    @if run.interrupted { " " span.pill.rest { "stopped early" } }
                    div.quiet {
                        (count(run.total.new, "new article", "new articles"))
                        @if run.total.updated > 0 { ", " (grouped(run.total.updated)) " updated" }
                        @if run.total.withdrawn > 0 { ", " (grouped(run.total.withdrawn)) " withdrawn" }
                        ", " (count(run.total.fetched, "page", "pages")) " in " (format!("{:.1}", run.seconds)) " s"
                    }
                    @for (reason, failure) in &run.total.failed {
                        div.problem { (grouped(failure.count)) " failed: " (reason.replace('_', " ")) }
                    }
                    @for source in &run.unreachable { div.problem { "Nothing of " (source) " could be reached" } }
                }
            }
        }
    }
}
