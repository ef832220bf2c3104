//! `copydesk plan` and `copydesk explain` as programs, before, between and beside crawls.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use assert_cmd::cargo::cargo_bin;
use copydesk::sample_site::SampleSite;
use serde_json::Value;
use std::fmt::Write;
use std::path::Path;
use std::process::{Command, Output};
use tempfile::TempDir;

fn run(folder: &Path, arguments: &[&str]) -> (i32, String, String) {
    let mut command = Command::new(cargo_bin("copydesk"));
    let Output { status, stdout, stderr } =
        command.args(arguments).current_dir(folder).env_remove("RUST_LOG").output().unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    (status.code().unwrap(), text(stdout), text(stderr))
}

fn json(folder: &Path, arguments: &[&str]) -> Value {
    let (code, out, err) = run(folder, &[arguments, &["--format", "json"]].concat());
    assert_eq!(code, 0, "{out}{err}");
    serde_json::from_str(&out).unwrap()
}

/// A configuration of the whole sample site, with something more for the harbour's source.
fn configure(folder: &Path, site: &SampleSite, fetch: &str, harbour: &str) {
    let hosts = SampleSite::hosts();
    let mut config = format!("[fetch]\n{fetch}\nallow_hosts = {hosts:?}\n[fetch.resolve]\n");
    for host in &hosts {
        writeln!(config, "{host:?} = \"{}\"", site.addr()).unwrap();
    }
    for host in &hosts {
        let name = host.strip_suffix(".test").unwrap();
        write!(config, "[[source]]\nname = {name:?}\nurl = \"http://{host}/\"\n").unwrap();
        if name == "harbour-ledger" {
            writeln!(config, "{harbour}").unwrap();
        }
    }
    std::fs::write(folder.join("config.toml"), config).unwrap();
}

fn states(known: &Value) -> Vec<String> {
    known["history"].as_array().unwrap().iter().map(|visit| visit["state"].as_str().unwrap().to_owned()).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_plan_says_what_is_due_and_how_long_it_takes() {
    let folder = TempDir::new().unwrap();
    let folder = folder.path();
    let site = SampleSite::start().await.unwrap();
    configure(folder, &site, "delay = \"20ms\"\nmax_crawl_delay = \"200ms\"", "max_pages = 2");
    let (code, out, _) = run(folder, &["plan"]);
    assert_eq!(code, 0);
    let never = "Not crawled yet, so that nothing is known: harbour-ledger, kreisbote-nordufer, two-rivers-wire.";
    assert!(out.contains(never), "{out}");

    assert_eq!(run(folder, &["crawl", "--quiet"]).0, 0);
    site.clear_requests();
    let plan = json(folder, &["plan"]);
    let hosts = plan["hosts"].as_array().unwrap();
    assert_eq!(hosts.len(), 1, "the rest of the harbour's stories: {plan:#}");
    assert_eq!((hosts[0]["host"].as_str(), hosts[0]["stories"].as_u64()), (Some("harbour-ledger.test"), Some(2)));
    assert_eq!((hosts[0]["hubs"].as_u64(), hosts[0]["pause_seconds"].as_f64()), (Some(0), Some(0.2)));
    assert!((0.2..0.5).contains(&plan["seconds"].as_f64().unwrap()), "{plan:#}");
    assert_eq!(plan["never_crawled"], serde_json::json!([]));

    configure(folder, &site, "delay = \"2s\"", "");
    let (_, out, _) = run(folder, &["plan"]);
    assert!(out.contains("harbour-ledger.test") && out.contains("2.0 s"), "{out}");
    assert!(out.contains("`copydesk watch` would begin at once"), "{out}");
    let hosts = &json(folder, &["plan"])["hosts"];
    let (stories, takes) = (hosts[0]["stories"].as_f64().unwrap(), hosts[0]["seconds"].as_f64().unwrap());
    assert!(stories > 2.0 && takes >= (stories - 1.0) * 2.0, "{hosts:#}");
    assert!(site.requests().is_empty(), "nobody was asked");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_address_is_explained() {
    let folder = TempDir::new().unwrap();
    let folder = folder.path();
    let site = SampleSite::start().await.unwrap();
    configure(folder, &site, "delay = \"20ms\"\nmax_crawl_delay = \"50ms\"", "exclude = [\"pilot\"]");
    let story = "http://harbour-ledger.test/2026/10/14/breakwater-survey/";
    let (code, _, err) = run(folder, &["explain", story]);
    assert!(code == 1 && err.contains("run `copydesk crawl` first"), "{err}");
    assert_eq!(run(folder, &["crawl", "--quiet"]).0, 0);
    site.clear_requests();

    // An article: where it is in its life, what comes next, and which rules hold.
    let said = json(folder, &["explain", &format!("{story}?utm_source=mail#top")]);
    let known = &said["known"][0];
    assert_eq!((said["url"].as_str(), known["state"].as_str()), (Some(story), Some("FETCHED")));
    // Once, though there is a redirect from its old address too.
    assert_eq!(states(known), ["FETCHED"]);
    assert!(known["article"]["file"].as_str().unwrap().starts_with("markdown/"), "{said:#}");
    assert_eq!((&said["robots"]["allowed"], &said["robots"]["rule"]), (&true.into(), &Value::Null));
    assert_eq!(said["pause"]["seconds"], 0.05);
    assert_eq!(said["pause"]["by"], "Crawl-delay in its robots.txt, cut to [fetch] max_crawl_delay");
    let (_, out, _) = run(folder, &["explain", story]);
    assert!(out.contains("next visit") && out.contains("past the ages 1h, 6h, 1d, 1w it rests"), "{out}");

    // One that another stands for.
    let said = json(folder, &["explain", "http://harbour-ledger.test/old/2026/breakwater-barrels.html"]);
    let hops: Vec<_> = said["known"].as_array().unwrap().iter().map(|known| known["state"].as_str().unwrap()).collect();
    assert_eq!(hops, ["REDIRECTED", "FETCHED"], "{said:#}");

    // One that robots.txt disallows, by which line; one that is not there; one that was busy first.
    let (_, out, _) = run(folder, &["explain", "http://harbour-ledger.test/members/lighthouse-diary/"]);
    assert!(out.contains("disallowed by \"Disallow: /members/\""), "{out}");
    let (_, out, _) = run(folder, &["explain", "http://harbour-ledger.test/2026/11/01/bridge-not-there/"]);
    assert!(out.contains("RETRY: http_404") && out.contains("the pause grows each time"), "{out}");

    // A hub goes by its schedule.
    let (_, out, _) = run(folder, &["explain", "http://harbour-ledger.test/feed.xml"]);
    assert!(out.contains("its interval is 15m by what it had so far") && out.contains("FEED"), "{out}");

    // What was never named, and why it would not be followed if it were.
    let cases = [
        ("http://harbour-ledger.test/2026/10/06/pilot-boat-sold/", "a pattern of `exclude` matches it"),
        ("http://elsewhere.test/story", "no source of the configuration has its home page on elsewhere.test"),
        ("http://two-rivers-wire.test/world/20261199-new-story.htm", "not known: no feed, sitemap or section"),
    ];
    for (url, reason) in cases {
        let (code, out, err) = run(folder, &["explain", url]);
        assert!(code == 0 && out.contains(reason), "{out}{err}");
    }
    assert!(site.requests().is_empty(), "nobody was asked");
    assert_eq!(run(folder, &["explain", "no address"]).0, 2);
}
