//! `copydesk explain`: all that is known of one address, and what follows from it. Asks nobody; reads the store.

use super::crawl::say;
use super::{DONE, FAILED, USAGE, complain, looking, summary_table};
use crate::config::{Config, format_duration};
use crate::crawl::Source;
use crate::discover::{self, OutOfScope};
use crate::fetch::{KnownRules, PauseRule, RobotsAnswer, pause};
use crate::frontier::{Frontier, FrontierError, KnownUrl, Schedule, State, UrlKind};
use crate::model::{CanonicalUrl, HostKey, Link, Provenance};
use jiff::Timestamp;
use serde_json::{Value, json};
use std::fmt::Write as _;
use std::time::Duration;
use url::Url;

/// Redirects followed from one known address to the one that stands for it.
const MAX_HOPS: usize = 8;

/// Arguments of `copydesk explain`.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// The address
    url: Url,
    #[command(flatten)]
    look: looking::LookArgs,
}

/// What there is to say.
struct Explanation {
    url: CanonicalUrl,
    /// The address, and those that stand for it in turn.
    known: Vec<KnownUrl>,
    /// Why a link to it would not be followed.
    out_of_scope: Option<String>,
    robots: Option<(Url, Timestamp, u16, RobotsAnswer)>,
    pause: Duration,
    rule: PauseRule,
    rests_until: Option<Timestamp>,
    down_until: Option<Timestamp>,
    next: String,
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
    let explained =
        looking::store(&config).and_then(|store| explain(&store, &config, &sources, &args.url, Timestamp::now()));
    match explained {
        Ok(explanation) => {
            say(&if args.look.is_json() { json_text(&explanation) } else { text(&explanation, &config) });
            DONE
        }
        Err(error) => {
            complain(error);
            FAILED
        }
    }
}

fn explain(
    store: &dyn Frontier,
    config: &Config,
    sources: &[Source],
    url: &Url,
    now: Timestamp,
) -> Result<Explanation, FrontierError> {
    let canonical = CanonicalUrl::new(url);
    let mut known = Vec::new();
    let mut at = Some(canonical.clone());
    while let Some(url) = at.take().filter(|_| known.len() < MAX_HOPS) {
        if let Some(found) = store.url(&url)? {
            at.clone_from(&found.redirect);
            known.push(found);
        }
    }
    let host = HostKey::of(url);
    let file = KnownRules::place(url).map(|place| store.site_file(&place)).transpose()?.flatten();
    let rules = file.as_ref().map(|file| KnownRules::read(file, &config.fetch));
    let (pause, rule) = pause(&config.fetch, rules.as_ref().and_then(KnownRules::crawl_delay));
    let robots = file.zip(rules).map(|(file, rules)| (file.url, file.fetched, file.status, rules.answer(url)));
    let later = |until: &Timestamp| *until > now;
    let down = store.hosts_down()?.into_iter().find(|down| down.host == host).map(|down| down.until);
    let out_of_scope = out_of_scope(sources, url, known.first(), now);
    Ok(Explanation {
        next: next(known.last(), sources, config, now),
        url: canonical,
        known,
        out_of_scope,
        robots,
        pause,
        rule,
        rests_until: store.host_clock(&host)?.filter(later),
        down_until: down.filter(later),
    })
}

/// Why a link to an address that nothing is known of would not be followed.
fn out_of_scope(sources: &[Source], url: &Url, known: Option<&KnownUrl>, now: Timestamp) -> Option<String> {
    if known.is_some() {
        return None;
    }
    let host = HostKey::of(url);
    let Some(source) = sources.iter().find(|source| HostKey::of(&source.url) == host) else {
        return Some(format!("no source of the configuration has its home page on {host}"));
    };
    let reason = match source.scope.admit(&Link::new(url.clone(), Provenance::Section), now) {
        Err(OutOfScope::NotIncluded) => "no pattern of `include` matches it",
        Err(OutOfScope::Excluded) => "a pattern of `exclude` matches it",
        Err(OutOfScope::TooOld) => "it is older than `max_age`",
        Ok(()) => match discover::url_kind(url) {
            discover::UrlKind::Hub => "its address is that of a front or section page",
            discover::UrlKind::Other => "its address is not that of a story, so it would count only in a feed",
            _ => return None,
        },
    };
    Some(format!("the source {} leaves it out: {reason}", source.name))
}

/// When it is visited next, and why then.
fn next(known: Option<&KnownUrl>, sources: &[Source], config: &Config, now: Timestamp) -> String {
    let Some(known) = known else { return "when a feed, a sitemap or a section names it".to_owned() };
    if !sources.iter().any(|source| source.name == known.source) {
        return format!("never, unless the configuration has a source {} again", known.source);
    }
    let by_ages = || config.revisit.reread.iter().map(|age| age_text(*age)).collect::<Vec<_>>().join(", ");
    let why = match (known.state, known.kind) {
        (State::Discovered, _) => "it is waiting for its turn".to_owned(),
        (State::Leased, _) => {
            return "now: a run has it, or had when it died; the next run takes it up".to_owned();
        }
        (State::Retry, _) => format!("it failed {} times, and the pause grows each time", known.attempts),
        (State::Gone | State::Failed | State::Excluded, UrlKind::Article) => {
            return "only if a feed or a sitemap announces a change".to_owned();
        }
        (_, UrlKind::Article) if known.due.is_some() => format!("an article is read again at the ages {}", by_ages()),
        (_, UrlKind::Article) => {
            return format!("only if a feed or a sitemap announces a change; past the ages {} it rests", by_ages());
        }
        (_, kind) => {
            let own = match config.revisit.schedules.get(&known.source) {
                Some(Schedule::Every(every)) => format!("every = {:?} of its source", format_duration(*every)),
                Some(Schedule::Cron(line)) => format!("schedule = \"{line}\" of its source"),
                _ => format!(
                    "its interval is {} by what it had so far",
                    known.interval.map_or_else(|| "not set yet".to_owned(), age_text)
                ),
            };
            let when = known.due.map_or_else(|| "when its source is begun again".to_owned(), |due| due.to_string());
            return format!("{when} by `watch` ({kind}: {own}); by `crawl` in every pass");
        }
    };
    match known.due {
        Some(due) if due > now => format!("{due}: {why}"),
        Some(_) => format!("in the next pass: {why}"),
        None => "never".to_owned(),
    }
}

fn age_text(age: jiff::SignedDuration) -> String {
    format_duration(Duration::from_secs(age.unsigned_abs().as_secs()))
}

fn place(provenance: Provenance) -> &'static str {
    match provenance {
        Provenance::Seed => "the configuration, or the home page",
        Provenance::Feed => "a feed",
        Provenance::Sitemap => "a sitemap",
        Provenance::Section => "a section page",
        Provenance::Article => "the page itself",
    }
}

fn robots_text(answer: &RobotsAnswer) -> String {
    match answer {
        RobotsAnswer::Allowed(Some(rule)) => format!("allowed by \"{rule}\""),
        RobotsAnswer::Allowed(None) => "allowed: no rule concerns it".to_owned(),
        RobotsAnswer::Disallowed(rule) => format!("disallowed by \"{rule}\""),
        RobotsAnswer::NoFile => "allowed: there is no robots.txt".to_owned(),
        _ => "disallowed: the robots.txt could not be had".to_owned(),
    }
}

fn pause_text(rule: PauseRule) -> &'static str {
    match rule {
        PauseRule::CrawlDelay => "Crawl-delay in its robots.txt",
        PauseRule::CrawlDelayCut => "Crawl-delay in its robots.txt, cut to [fetch] max_crawl_delay",
        _ => "[fetch] delay",
    }
}

fn text(explanation: &Explanation, config: &Config) -> String {
    let mut out = format!("{}\n", explanation.url);
    let mut line = |name: &str, value: &str| {
        let _ = writeln!(out, "  {name:<11} {value}");
    };
    for (hop, known) in explanation.known.iter().enumerate() {
        if hop > 0 {
            line("leads to", known.url.as_str());
        }
        let reason = known.reason.as_deref().map(|reason| format!(": {}", summary_table::meaning(reason)));
        line("state", &format!("{}{}", known.state, reason.unwrap_or_default()));
        line("found", &format!("{}, in {}", known.discovered, place(known.hints.provenance)));
        line("source", &format!("{} ({})", known.source, known.kind));
        if let Some(article) = &known.article {
            let file = article.file.as_deref().map(|file| format!(", {file}")).unwrap_or_default();
            line("article", &format!("{}, version {}{file}", article.id, article.version));
        }
    }
    if explanation.known.is_empty() {
        line("state", "not known: no feed, sitemap or section has named it so far");
    }
    if let Some(reason) = &explanation.out_of_scope {
        line("scope", reason);
    }
    line("next visit", &explanation.next);
    match &explanation.robots {
        Some((url, fetched, status, answer)) => {
            line("robots.txt", &format!("{} ({url}, fetched {fetched}, answered {status})", robots_text(answer)));
        }
        None => line("robots.txt", "not asked for yet"),
    }
    if !config.fetch.obey_robots {
        line("", "but [fetch] obey_robots is false");
    }
    line("pause", &format!("{} by {}", format_duration(explanation.pause), pause_text(explanation.rule)));
    if let Some(until) = explanation.rests_until {
        line("host", &format!("left alone until {until}"));
    }
    if let Some(until) = explanation.down_until {
        line("host", &format!("could not be reached; its pages are not tried until {until}"));
    }
    for known in explanation.known.iter().filter(|known| !known.visits.is_empty()) {
        let _ = writeln!(out, "  history of {}", known.url);
        for visit in &known.visits {
            let reason = visit.reason.as_deref().map(summary_table::meaning).unwrap_or_default();
            let _ = writeln!(out, "    {:<24}  {:<12}  {reason}", visit.at.to_string(), visit.state.name());
        }
    }
    out.lines().map(str::trim_end).fold(String::new(), |text, line| text + line + "\n")
}

fn json_text(explanation: &Explanation) -> String {
    let known: Vec<Value> = explanation.known.iter().map(known_json).collect();
    let robots = explanation.robots.as_ref().map(|(url, fetched, status, answer)| {
        let (allowed, rule) = match answer {
            RobotsAnswer::Allowed(rule) => (true, rule.clone()),
            RobotsAnswer::Disallowed(rule) => (false, Some(rule.clone())),
            RobotsAnswer::NoFile => (true, None),
            _ => (false, None),
        };
        json!({"url": url, "fetched": fetched, "status": status, "allowed": allowed, "rule": rule})
    });
    let value = json!({
        "url": explanation.url,
        "known": known,
        "out_of_scope": explanation.out_of_scope,
        "next_visit": explanation.next,
        "robots": robots,
        "pause": {"seconds": explanation.pause.as_secs_f64(), "by": pause_text(explanation.rule)},
        "host_rests_until": explanation.rests_until,
        "host_down_until": explanation.down_until,
    });
    format!("{value:#}\n")
}

fn known_json(known: &KnownUrl) -> Value {
    let visits: Vec<Value> = known
        .visits
        .iter()
        .map(|visit| json!({"at": visit.at, "state": visit.state.name(), "reason": visit.reason}))
        .collect();
    json!({
        "url": known.url,
        "source": known.source,
        "kind": known.kind.name(),
        "state": known.state.name(),
        "reason": known.reason,
        "found_in": known.hints.provenance,
        "discovered": known.discovered,
        "fetched": known.fetched,
        "changed": known.changed,
        "due": known.due,
        "interval_seconds": known.interval.map(|interval| interval.as_secs_f64()),
        "attempts": known.attempts,
        "article": known.article.as_ref().map(|article| json!({"id": article.id, "version": article.version, "file": article.file})),
        "history": visits,
    })
}
