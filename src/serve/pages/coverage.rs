//! Coverage: of each source, what the site published against what was captured, and how long that took.

use super::framed;
use super::words::{grouped, span, when};
use crate::frontier::Coverage;
use crate::frontier::coverage::PLACES;
use crate::serve::Desk;
use crate::serve::problem::Problem;
use axum::body::Body;
use axum::http::Response;
use jiff::SignedDuration;
use maud::{Markup, html};

/// The plot's size, in units of its own, with room for its labels.
const WIDTH: f64 = 320.0;
const HEIGHT: f64 = 120.0;
const FOOT: f64 = 18.0;

/// The spans at which the plot has a line, in seconds: what people measure news by. The first and the last are its ends.
const TICKS: [(f64, &str); 6] =
    [(10.0, "10 s"), (60.0, "1 min"), (600.0, "10 min"), (3600.0, "1 h"), (86_400.0, "1 day"), (604_800.0, "1 week")];

/// Points of the curve, at most.
const POINTS: usize = 200;

impl Desk {
    /// The page.
    pub(super) async fn coverage_page(&self) -> Result<Response<Body>, Problem> {
        let mut known = self.known_coverage().await?;
        let sources: Vec<(String, Coverage)> = self
            .sources
            .all()?
            .into_iter()
            .map(|entry| {
                let coverage = known.remove(&entry.source.name).unwrap_or_default();
                (entry.source.name, coverage)
            })
            .collect();
        let content = html! {
            h1 { "Coverage" }
            p.lead { "What feeds, sitemaps and sections named, against what the archive has." }
            @if sources.is_empty() { p.empty { "No source yet. Add one at the " a href="/" { "desk" } "." } }
            div.cards { @for (name, coverage) in &sources { (card(name, coverage)) } }
        };
        Ok(framed("/coverage", "Coverage", &content))
    }
}

fn card(name: &str, coverage: &Coverage) -> Markup {
    let total = coverage.total();
    html! {
        section.card {
            h2 { (name) }
            @if let Some(share) = total.captured_share() {
                p.big { (format!("{:.1} %", share * 100.0)) span.quiet { " " (grouped(total.captured)) " of " (grouped(total.found)) " stories" } }
                p.quiet { "Since the first was found, " (when(coverage.since)) }
                table.places {
                    tbody {
                        @for (place, called) in PLACES {
                            @if let Some(share) = coverage.places.get(&place) {
                                tr {
                                    th scope="row" { (called) }
                                    td { meter min="0" max="1" value=(format!("{:.4}", share.captured_share().unwrap_or_default())) aria-label={ "Captured of those from " (called) } {} }
                                    td.number { (grouped(share.captured)) " of " (grouped(share.found)) }
                                }
                            }
                        }
                    }
                }
                (lag(name, coverage))
                (missing(coverage))
            } @else {
                p.empty { "Nothing was found yet." }
            }
        }
    }
}

fn missing(coverage: &Coverage) -> Markup {
    html! {
        @if !coverage.missing.is_empty() {
            h3 { "Not captured" }
            @for (reason, missing) in &coverage.missing {
                details {
                    summary { (grouped(missing.count)) " " (reason.replace('_', " ")) }
                    ul.lines { @for example in &missing.examples { li { code { (example) } } } }
                }
            }
        }
    }
}

/// How much was captured within how long.
fn lag(name: &str, coverage: &Coverage) -> Markup {
    let (Some(median), Some(most)) = (coverage.lag(0.5), coverage.lag(0.95)) else {
        return html! { p.quiet { "No article has come out since the first look, so there is no lag to show." } };
    };
    let label = format!("Half were captured within {}, 95 % within {}", span(median), span(most));
    html! {
        h3 { "Lag" }
        p.quiet { (label) "." }
        svg.plot viewBox={ "0 0 " (WIDTH) " " (HEIGHT + FOOT) } role="img" aria-label={ (name) ": " (label) } {
            @for (seconds, text) in TICKS {
                @let x = across(seconds);
                line.tick x1=(point(x)) y1="0" x2=(point(x)) y2=(HEIGHT) {}
                text x=(point(x)) y=(HEIGHT + FOOT - 5.0) text-anchor=(anchor(x)) { (text) }
            }
            line.tick x1="0" y1=(HEIGHT) x2=(WIDTH) y2=(HEIGHT) {}
            polyline.curve points=(curve(&coverage.lags)) {}
        }
    }
}

/// Where a span lies from left to right: by its logarithm, since news is measured in seconds and in days.
fn across(seconds: f64) -> f64 {
    let (first, last) = (TICKS[0].0.ln(), TICKS[TICKS.len() - 1].0.ln());
    ((seconds.max(1.0).ln() - first) / (last - first)).clamp(0.0, 1.0) * WIDTH
}

/// The share captured within each span: a curve that rises to all.
fn curve(lags: &[SignedDuration]) -> String {
    let step = lags.len().div_ceil(POINTS).max(1);
    let mut points = vec![format!("0,{HEIGHT}")];
    let ranks = (0..lags.len()).step_by(step).chain(lags.len().checked_sub(1));
    for rank in ranks {
        let share = (rank + 1) as f64 / lags.len() as f64;
        points.push(format!("{},{}", point(across(lags[rank].as_secs_f64())), point(HEIGHT * (1.0 - share))));
    }
    points.push(format!("{WIDTH},0"));
    points.join(" ")
}

fn point(value: f64) -> String {
    format!("{value:.1}")
}

/// Labels at the ends do not run out of the plot.
fn anchor(x: f64) -> &'static str {
    match x {
        x if x <= 0.0 => "start",
        x if x >= WIDTH => "end",
        _ => "middle",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_curve_rises_from_none_to_all() {
        let lags: Vec<SignedDuration> = (1..=1000).map(SignedDuration::from_secs).collect();
        let curve = curve(&lags);
        let points: Vec<(f64, f64)> = curve
            .split(' ')
            .map(|point| point.split_once(',').unwrap())
            .map(|(x, y)| (x.parse().unwrap(), y.parse().unwrap()))
            .collect();
        assert!(points.len() <= POINTS + 4, "{}", points.len());
        assert!(points.windows(2).all(|two| two[0].0 <= two[1].0 && two[0].1 >= two[1].1), "{curve}");
        assert_eq!((points[0], points[points.len() - 1]), ((0.0, HEIGHT), (WIDTH, 0.0)));
    }
}
