//! `copydesk plan`: what a pass would do now, and how long it would take. Asks nobody; reads the store.

use super::crawl::say;
use super::summary_table::aligned;
use super::{DONE, FAILED, USAGE, complain, looking};
use crate::config::Config;
use crate::crawl::Source;
use crate::fetch::{KnownRules, pause};
use crate::frontier::{Frontier, FrontierError, HostWork, WhichSources};
use crate::model::HostKey;
use jiff::Timestamp;
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::time::Duration;
use url::Url;

/// Arguments of `copydesk plan`.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    #[command(flatten)]
    look: looking::LookArgs,
}

/// What a host would be asked for.
struct Row {
    work: HostWork,
    pause: Duration,
    /// From the start of the pass to the last request to the host, with those for other sources.
    takes: Duration,
}

struct Plan {
    rows: Vec<Row>,
    /// Sources of which nothing is known.
    never: Vec<String>,
    /// When `watch` would look next.
    next: Option<Timestamp>,
}

/// Runs the subcommand.
pub(super) fn run(args: &Args) -> u8 {
    let (config, sources) = match args.look.configured(&[]) {
        Ok(configured) => configured,
        Err(error) => {
            complain(error);
            return USAGE;
        }
    };
    let now = Timestamp::now();
    let planned = match looking::store(&config) {
        Ok(store) => plan(&store, &config, &sources, now),
        // Before the first crawl all is new.
        Err(FrontierError::NotThere { .. }) => {
            let never = sources.iter().map(|source| source.name.clone()).collect();
            Ok(Plan { rows: Vec::new(), never, next: None })
        }
        Err(error) => Err(error),
    };
    match planned {
        Ok(plan) => {
            say(&if args.look.is_json() { json_text(&plan) } else { text(&plan, now) });
            DONE
        }
        Err(error) => {
            complain(error);
            FAILED
        }
    }
}

fn plan(store: &dyn Frontier, config: &Config, sources: &[Source], now: Timestamp) -> Result<Plan, FrontierError> {
    let names: Vec<String> = sources.iter().map(|source| source.name.clone()).collect();
    let mut work = store.work(WhichSources::Only(&names), now)?;
    for source in sources {
        // Of a source's stories a pass fetches only so many.
        let mut left = source.max_pages.map_or(u64::MAX, |limit| limit as u64);
        for work in work.iter_mut().filter(|work| work.source == source.name) {
            work.articles = work.articles.min(left);
            left -= work.articles;
        }
    }
    let clocks: BTreeMap<HostKey, Timestamp> = store.host_clocks(now)?.into_iter().collect();
    let mut requests: BTreeMap<HostKey, u64> = BTreeMap::new();
    for work in &work {
        *requests.entry(work.host.clone()).or_default() += work.hubs + work.articles;
    }
    let mut rows = Vec::new();
    for work in work {
        let pause = pause(&config.fetch, crawl_delay(store, config, &work.host)?).0;
        let rest = clocks.get(&work.host).and_then(|until| Duration::try_from(until.duration_since(now)).ok());
        let pauses = u32::try_from(requests[&work.host].saturating_sub(1)).unwrap_or(u32::MAX);
        let takes = pause.saturating_mul(pauses).saturating_add(rest.unwrap_or_default());
        rows.push(Row { work, pause, takes });
    }
    rows.sort_by(|a, b| b.takes.cmp(&a.takes).then_with(|| a.work.host.cmp(&b.work.host)));
    let seen: BTreeSet<&str> = rows.iter().map(|row| row.work.source.as_str()).collect();
    let mut never = Vec::new();
    for name in names.iter().filter(|name| !seen.contains(name.as_str())) {
        let only = std::slice::from_ref(name);
        if store.pending(WhichSources::Only(only), now)?.by_state.is_empty() {
            never.push(name.clone());
        }
    }
    let next = store.next_due(WhichSources::Only(&names), WhichSources::Only(&names))?;
    Ok(Plan { rows, never, next })
}

/// What a host's robots.txt asks for, if one was fetched.
fn crawl_delay(store: &dyn Frontier, config: &Config, host: &HostKey) -> Result<Option<Duration>, FrontierError> {
    for scheme in ["https", "http"] {
        let place = Url::parse(&format!("{scheme}://{host}/")).ok().and_then(|url| KnownRules::place(&url));
        if let Some(file) = place.map(|place| store.site_file(&place)).transpose()?.flatten() {
            return Ok(KnownRules::read(&file, &config.fetch).crawl_delay());
        }
    }
    Ok(None)
}

/// The longest that any host takes: they are asked side by side.
fn takes(plan: &Plan) -> Duration {
    plan.rows.iter().map(|row| row.takes).max().unwrap_or_default()
}

fn text(plan: &Plan, now: Timestamp) -> String {
    let mut out = String::new();
    if !plan.rows.is_empty() {
        let mut rows = vec![["host", "source", "hubs", "stories", "pause", "takes"].map(str::to_owned).to_vec()];
        rows.extend(plan.rows.iter().map(|row| {
            vec![
                row.work.host.to_string(),
                row.work.source.clone(),
                row.work.hubs.to_string(),
                row.work.articles.to_string(),
                seconds(row.pause),
                seconds(row.takes),
            ]
        }));
        out.push_str(&aligned(&rows));
        let _ = writeln!(
            out,
            "\nA pass takes at least {}, as long as the pauses of its slowest host. New stories come on top, and the time \
             that servers take to answer.",
            seconds(takes(plan))
        );
    }
    if !plan.never.is_empty() {
        let _ = writeln!(out, "Not crawled yet, so that nothing is known: {}.", plan.never.join(", "));
    }
    if out.is_empty() {
        out.push_str("Nothing is due now.\n");
    }
    match plan.next {
        Some(next) if next > now => {
            let _ = writeln!(out, "`copydesk watch` would look next at {next}.");
        }
        Some(_) => out.push_str("`copydesk watch` would begin at once.\n"),
        None => {}
    }
    out
}

fn seconds(time: Duration) -> String {
    let seconds = time.as_secs_f64();
    match seconds {
        0.0..120.0 => format!("{seconds:.1} s"),
        120.0..7200.0 => format!("{:.0} min", seconds / 60.0),
        _ => format!("{:.1} h", seconds / 3600.0),
    }
}

fn json_text(plan: &Plan) -> String {
    let rows: Vec<Value> = plan
        .rows
        .iter()
        .map(|row| {
            json!({
                "host": row.work.host,
                "source": row.work.source,
                "hubs": row.work.hubs,
                "stories": row.work.articles,
                "pause_seconds": row.pause.as_secs_f64(),
                "seconds": row.takes.as_secs_f64(),
            })
        })
        .collect();
    let value = json!({
        "hosts": rows,
        "seconds": takes(plan).as_secs_f64(),
        "never_crawled": plan.never,
        "next_by_schedule": plan.next,
    });
    format!("{value:#}\n")
}
