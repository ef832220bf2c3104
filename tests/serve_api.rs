//! The interface of `copydesk serve` over an archive of the sample site, as programs meet it.

#![expect(clippy::unwrap_used, reason = "what fails here fails the test")]

#[path = "support/desk.rs"]
#[allow(dead_code, reason = "not each test file that includes this asks for everything")]
mod desk;
#[path = "support/python.rs"]
mod python;
#[path = "support/two_days.rs"]
mod two_days;

use assert_cmd::cargo::cargo_bin;
use copydesk::sample_site::SampleSite;
use desk::{Answer, Desk};
use serde_json::{Value, json};
use std::io::{BufRead as _, BufReader, Write as _};
use std::process::{Child, Command};
use std::time::{Duration, Instant};
use tempfile::TempDir;

const SHEEP: &str = "http://kreisbote-nordufer.test/lokales/deichschafe-auf-abwegen-10688";
const WINDMILL: &str = "http://kreisbote-nordufer.test/wirtschaft/windrad-mit-dorfnamen-10720";

/// Far above what a pass over the sample site takes.
const PATIENCE: Duration = Duration::from_mins(2);

/// The desk over the sample site after both its days; no source is left.
fn after_two_days() -> Desk {
    let days = two_days::after_two_days();
    Desk::start_in(days.folder, &two_days::configuration(&days.site.0, false), &[])
}

fn id_of(desk: &Desk, url: &str) -> String {
    let list = desk.get("/v1/articles?limit=100");
    let articles = list["articles"].as_array().unwrap();
    let found = articles.iter().find(|article| article["url"] == url).unwrap_or_else(|| panic!("{url} is not there"));
    found["id"].as_str().unwrap().to_owned()
}

fn header<'a>(answer: &'a Answer, name: &str) -> &'a str {
    let value = answer.head.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(": "));
    value.unwrap_or_else(|| panic!("{name} is not among\n{}", answer.head))
}

#[test]
fn articles_are_listed_searched_and_followed() {
    let desk = after_two_days();

    // Page by page by sequence number, nothing twice and nothing left out.
    let mut next = "/v1/articles?limit=7&versions=all".to_owned();
    let mut seqs = Vec::new();
    loop {
        let page = desk.get(&next);
        seqs.extend(page["articles"].as_array().unwrap().iter().map(|article| article["seq"].as_u64().unwrap()));
        match page["next"].as_str() {
            Some(following) => following.clone_into(&mut next),
            None => break,
        }
    }
    let last_seq = desk.get("/v1/articles?limit=1")["last_seq"].as_u64().unwrap();
    assert_eq!(seqs, (1..=last_seq).collect::<Vec<_>>());

    // A client that has the list is told so, until something comes.
    let answer = desk.ask("GET", "/v1/articles?limit=3", &[], "");
    let tag = header(&answer, "etag").to_owned();
    let again = desk.ask("GET", "/v1/articles?limit=3", &[&format!("If-None-Match: {tag}")], "");
    assert_eq!((again.status, again.body.as_str()), (304, ""));
    assert_eq!(desk.ask("GET", "/v1/articles?limit=4", &[&format!("If-None-Match: {tag}")], "").status, 200);

    let found = desk.get("/v1/articles?query=nachgez%C3%A4hlt&lang=de");
    assert_eq!(found["articles"][0]["url"], SHEEP);
    assert!(found["articles"][0]["snippet"].as_str().unwrap().contains("nachgezählt"), "{}", found["articles"][0]);
    assert_eq!(found["next"], Value::Null);
    assert_eq!(desk.get("/v1/articles?query=Deichschafen&lang=ja")["articles"], json!([]));
    let newest = desk.get("/v1/articles?order=newest&limit=100");
    let dates: Vec<&str> =
        newest["articles"].as_array().unwrap().iter().filter_map(|article| article["published"].as_str()).collect();
    assert!(dates.len() > 20 && dates.windows(2).all(|two| two[0][..10] >= two[1][..10]), "{dates:?}");

    let runs = desk.get("/v1/runs");
    assert_eq!(runs["runs"].as_array().unwrap().len(), 2, "{runs}");
    let last = runs["runs"][0]["run"].as_str().unwrap();
    assert_eq!(desk.get(&format!("/v1/runs/{last}")), runs["runs"][0]);

    for (target, detail) in [
        ("/v1/articles?limit=0", "from 1 to 100"),
        ("/v1/articles?limt=1", "it may have since, until"),
        ("/v1/articles?query=...", "no word to look for"),
        ("/v1/articles?since=yesterday", "is no moment"),
        ("/v1/articles?order=newest&after=3", "it is offset"),
        ("/v1/articles?offset=3", "it is after"),
        ("/v1/articles?after=18446744073709551615", "sequence number"),
        ("/v1/articles?source=a&author=b&author=c", "may stand once"),
    ] {
        desk.ask("GET", target, &[], "").is_problem(400, detail);
    }
    desk.ask("POST", "/v1/articles", &[], "").is_problem(405, "GET, HEAD");
}

#[test]
fn an_article_has_its_versions_their_difference_and_its_original() {
    let desk = after_two_days();
    let id = id_of(&desk, SHEEP);
    let article = desk.get(&format!("/v1/articles/{id}"));
    assert_eq!((&article["version"], &article["withdrawn"]), (&json!(2), &json!(false)));
    assert_eq!(article["source"], "kreisbote-nordufer");
    let markdown = desk.ask("GET", &format!("/v1/articles/{id}?version=1"), &["Accept: text/markdown"], "");
    assert!(markdown.has("content-type: text/markdown; charset=utf-8") && markdown.body.contains("rund hundert"));
    let versions = desk.get(&format!("/v1/articles/{id}/versions"));
    assert_eq!(versions[1]["changes"][0]["kind"], "correction");
    let diff = desk.get(&format!("/v1/articles/{id}/diff"));
    assert_eq!(diff["text"][0][1], json!({"side": "old", "text": "rund hundert"}));
    assert_eq!(desk.get(&format!("/v1/articles/{id}/diff?old=1&new=2")), diff);
    desk.ask("GET", &format!("/v1/articles/{id}/diff?old=9"), &[], "").is_problem(404, "no version 9");

    // Each version's own page, as it came, and a browser may run nothing of it.
    for (version, says) in [(1, "rund hundert"), (2, "Korrektur")] {
        let page = desk.ask("GET", &format!("/v1/articles/{id}/original?version={version}"), &[], "");
        assert_eq!(page.status, 200);
        assert!(page.body.contains("<html") && page.body.contains(says), "{version}: {}", page.body);
        assert!(header(&page, "content-security-policy").contains("default-src 'none'"), "{}", page.head);
        assert!(header(&page, "content-security-policy").contains("sandbox"), "{}", page.head);
    }

    // What the publisher took back is told as such, with the text that there was.
    let windmill = desk.get(&format!("/v1/articles/{}", id_of(&desk, WINDMILL)));
    assert_eq!((&windmill["withdrawn"], &windmill["version"]), (&json!(true), &json!(1)));
    desk.ask("GET", "/v1/articles/ffffffffffffffff", &[], "").is_problem(404, "no article of that id");
    desk.ask("GET", "/v1/articles/ffffffffffffffff/original", &[], "").is_problem(404, "no article of that id");
}

#[test]
fn an_archive_that_is_empty_has_empty_lists() {
    let desk = Desk::start("", &[]);
    assert_eq!(desk.get("/v1/articles"), json!({"articles": [], "next": null, "last_seq": 0}));
    assert_eq!(desk.get("/v1/sources"), json!({"sources": [], "crawling": false}));
    assert_eq!(desk.get("/v1/runs"), json!({"runs": [], "next": null}));
    assert_eq!(desk.get("/v1/coverage"), json!({}));
    assert_eq!(desk.get("/feeds/all.json")["items"], json!([]));
    desk.ask("GET", "/v1/articles/ab", &[], "").is_problem(404, "no article");
    desk.ask("GET", "/v1/runs/..%2F..%2Fconfig", &[], "").is_problem(404, "no run");
    desk.ask("GET", "/feeds/nobody.atom", &[], "").is_problem(404, "no source \"nobody\"");
}

#[test]
fn many_are_cleaned_while_they_come() {
    let desk = Desk::start("", &[]);
    let page = |n: u32| {
        let text =
            "The ferry sails again on Monday, three months after a storm broke its ramp, the harbour office said.";
        format!(
            "<html><head><title>Ferry {n}</title></head><body><article><h1>Ferry {n}</h1><p>{text}</p><p>{text} Again.</p></article></body></html>"
        )
    };
    let mut rows = String::new();
    for n in 0..40 {
        let row = match n {
            7 => "{\"id\": 7, \"html\": ".to_owned(),
            8 => json!({"id": 8, "path": "/etc/passwd"}).to_string(),
            9 => json!({"id": 9, "url": "http://127.0.0.1:1/"}).to_string(),
            n => json!({"id": n, "html": page(n), "url": format!("https://ledger.example/{n}")}).to_string(),
        };
        rows.push_str(&row);
        rows.push_str("\n\n");
    }
    let answer = desk.ask("POST", "/v1/clean/batch", &["Content-Type: application/x-ndjson"], rows.trim_end());
    assert_eq!(answer.status, 200, "{}", answer.body);
    let records: Vec<Value> = answer.body.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(records.len(), 40);
    for (n, record) in records.iter().enumerate() {
        match n {
            7 => assert!(record["error"].as_str().unwrap().contains("not as it should be"), "{record}"),
            8 => assert!(record["error"].as_str().unwrap().contains("neither \"url\""), "{record}"),
            9 => assert!(record["id"] == 9 && record["error"].as_str().unwrap().contains("--allow-host"), "{record}"),
            n => assert_eq!((&record["id"], &record["title"]), (&json!(n), &json!(format!("Ferry {n}")))),
        }
    }
    desk.send("POST", "/v1/clean/batch", &json!({})).is_problem(415, "application/x-ndjson");

    // The first record comes before the second row is sent.
    let mut stream = desk.connect();
    let row = json!({"id": "first", "html": page(1)}).to_string() + "\n";
    write!(
        stream,
        "POST /v1/clean/batch HTTP/1.1\r\nHost: 127.0.0.1:{}\r\nContent-Type: application/x-ndjson\r\n\
         Content-Length: {}\r\n\r\n{row}",
        desk.port,
        row.len() * 2
    )
    .unwrap();
    let mut lines = BufReader::new(stream.try_clone().unwrap()).lines();
    assert!(lines.by_ref().map(Result::unwrap).any(|line| line.contains("\"first\"")));
}

/// Reads events until so many have come; gives their ids.
fn events(desk: &Desk, target: &str, headers: &str, count: usize) -> Vec<u64> {
    let mut stream = desk.connect();
    write!(stream, "GET {target} HTTP/1.1\r\nHost: 127.0.0.1:{}\r\n{headers}\r\n", desk.port).unwrap();
    let ids = BufReader::new(stream).lines().filter_map(|line| line.unwrap().strip_prefix("id: ")?.parse().ok());
    ids.take(count).collect()
}

#[test]
fn new_versions_are_streamed() {
    let desk = after_two_days();
    let last = desk.get("/v1/articles?limit=1")["last_seq"].as_u64().unwrap();
    let all = usize::try_from(last).unwrap();
    assert_eq!(events(&desk, "/v1/stream?after=0", "", all), (1..=last).collect::<Vec<_>>());
    // A client that was cut off goes on where it was.
    let rest = events(&desk, "/v1/stream?after=0", &format!("Last-Event-ID: {}\r\n", last - 3), 3);
    assert_eq!(rest, [last - 2, last - 1, last]);
    desk.ask("GET", "/v1/stream", &["Last-Event-ID: x"], "").is_problem(400, "sequence number");
    // One that is open does not hold up the end.
    let mut stream = desk.connect();
    write!(stream, "GET /v1/stream HTTP/1.1\r\nHost: 127.0.0.1:{}\r\n\r\n", desk.port).unwrap();
    let mut lines = BufReader::new(stream).lines();
    assert!(lines.by_ref().map(Result::unwrap).any(|line| line.starts_with("retry: ")));
    let start = Instant::now();
    assert_eq!(desk.end().0, Some(130));
    assert!(start.elapsed() < Duration::from_secs(20), "it waited for a stream that has no end");
}

#[test]
fn a_source_is_added_crawled_paused_and_taken_out() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let site = runtime.block_on(SampleSite::start()).unwrap();
    let desk = Desk::start(&two_days::configuration(&site, false), &["--watch"]);
    let added = desk.send("POST", "/v1/sources", &json!({"url": "http://kreisbote-nordufer.test/"}));
    assert_eq!(added.status, 201, "{}", added.body);
    assert_eq!(header(&added, "location"), "/v1/sources/kreisbote%2Dnordufer");
    let source = added.json();
    assert!(source["added"] == true && !source["sitemaps"].as_array().unwrap().is_empty(), "{source}");
    desk.send("POST", "/v1/sources", &json!({"url": "http://kreisbote-nordufer.test/"})).is_problem(409, "already");

    // The daemon hears of it by itself.
    let start = Instant::now();
    let crawled = loop {
        let source = desk.get("/v1/sources/kreisbote-nordufer");
        if source["articles"].as_u64().unwrap() >= 3 && source["waiting"] == 0 {
            break source;
        }
        assert!(start.elapsed() < PATIENCE, "it is not crawled: {source}");
        std::thread::sleep(Duration::from_millis(100));
    };
    assert!(crawled["last_crawl"].is_string() && crawled["problems"] == json!([]), "{crawled}");
    assert!(desk.get("/v1/coverage")["kreisbote-nordufer"]["captured"].as_u64().unwrap() >= 3);
    let metrics = desk.ask("GET", "/metrics", &[], "").body;
    assert!(metrics.contains("copydesk_articles_total{source=\"kreisbote-nordufer\",kept=\"new\"}"), "{metrics}");

    // Asked for, it is looked at again though nothing is due.
    let asked = desk.send("POST", "/v1/sources/kreisbote-nordufer/crawl", &json!({}));
    assert_eq!(asked.status, 202, "{}", asked.body);
    let before = crawled["last_crawl"].as_str().unwrap().to_owned();
    while desk.get("/v1/sources/kreisbote-nordufer")["last_crawl"].as_str().unwrap() <= before.as_str() {
        assert!(start.elapsed() < PATIENCE, "it is not crawled again");
        std::thread::sleep(Duration::from_millis(100));
    }

    let paused = desk.send("PATCH", "/v1/sources/kreisbote-nordufer", &json!({"paused": true}));
    assert_eq!(paused.json()["paused"], true);
    desk.send("POST", "/v1/sources/kreisbote-nordufer/crawl", &json!({})).is_problem(409, "paused");
    let gone = desk.ask("DELETE", "/v1/sources/kreisbote-nordufer", &[], "");
    assert_eq!((gone.status, gone.body.as_str()), (204, ""));
    desk.ask("GET", "/v1/sources/kreisbote-nordufer", &[], "").is_problem(404, "no source");
    // Its articles stay, and so does its feed.
    assert!(!desk.get("/feeds/kreisbote-nordufer.json")["items"].as_array().unwrap().is_empty());

    for (body, status, detail) in [
        (json!({"url": "ftp://ledger.example/"}), 422, "no web address"),
        (json!({"url": "http://10.0.0.1/"}), 422, "allow"),
        (json!({"url": "http://kreisbote-nordufer.test/", "name": "../up"}), 422, "no safe name"),
        (json!({"url": "http://a.test/", "name": "a", "explore": false, "every": "often"}), 422, "every"),
        (json!({"url": "http://a.test/", "surprise": 1}), 422, "surprise"),
        (json!({"url": "http://a.test/", "explore": false}), 422, "name"),
        (json!([]), 422, "should be"),
    ] {
        desk.send("POST", "/v1/sources", &body).is_problem(status, detail);
    }
}

/// Kills a process at the end, however that comes.
struct Killed(Child);

impl Drop for Killed {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

#[test]
fn the_daemon_may_be_another_process() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let site = runtime.block_on(SampleSite::start()).unwrap();
    let config = two_days::configuration(&site, false)
        + "[[source]]\nname = \"harbour-ledger\"\nurl = \"http://harbour-ledger.test/\"\n";
    let desk = Desk::start(&config, &[]);
    desk.send("POST", "/v1/sources/harbour-ledger/crawl", &json!({})).is_problem(409, "nobody crawls");
    let watch =
        Command::new(cargo_bin("copydesk")).args(["watch", "-q"]).current_dir(desk.folder.path()).spawn().unwrap();
    let _watch = Killed(watch);
    let start = Instant::now();
    let crawled = |name: &str| {
        while desk.get(&format!("/v1/sources/{name}"))["articles"].as_u64().unwrap() < 3 {
            assert!(start.elapsed() < PATIENCE, "{name} is not crawled");
            std::thread::sleep(Duration::from_millis(100));
        }
    };
    crawled("harbour-ledger");
    assert_eq!(desk.get("/v1/sources")["crawling"], true);
    let added = desk.send("POST", "/v1/sources", &json!({"url": "http://kreisbote-nordufer.test/"}));
    assert_eq!(added.status, 201, "{}", added.body);
    crawled("kreisbote-nordufer");
    assert_eq!(desk.send("POST", "/v1/sources/kreisbote-nordufer/crawl", &json!({})).status, 202);
    // What stands in the configuration is not taken out here, but it can rest.
    desk.ask("DELETE", "/v1/sources/harbour-ledger", &[], "").is_problem(409, "configuration");
    assert_eq!(desk.send("PATCH", "/v1/sources/harbour-ledger", &json!({"paused": true})).json()["paused"], true);
    let crawl = Command::new(cargo_bin("copydesk")).args(["plan"]).current_dir(desk.folder.path()).output().unwrap();
    let plan = String::from_utf8_lossy(&crawl.stdout).into_owned();
    assert!(plan.contains("kreisbote-nordufer") && !plan.contains("harbour-ledger"), "{plan}");
}

#[test]
fn other_programs_read_the_description_the_feeds_and_the_figures() {
    let desk = after_two_days();
    let url = format!("http://127.0.0.1:{}", desk.port);
    let said = python::run(
        r#"
import json, sys, urllib.request
import feedparser
from openapi_spec_validator import validate
from prometheus_client.parser import text_string_to_metric_families
base = sys.argv[1]
get = lambda path: urllib.request.urlopen(base + path).read()
validate(json.loads(get("/openapi.json")))
feed = feedparser.parse(base + "/feeds/search.atom?query=Deichschafen")
assert not feed.bozo, feed.bozo_exception
assert any("Schafe" in entry.title for entry in feed.entries), feed.entries
feed = json.loads(get("/feeds/search.json?query=Deichschafen"))
assert any("Schafe" in item["title"] for item in feed["items"]), feed
families = {family.name: family for family in text_string_to_metric_families(get("/metrics").decode())}
assert families["copydesk_http_request_duration_seconds"].type == "histogram"
assert sum(sample.value for sample in families["copydesk_archive_articles"].samples) > 20
print("read")
"#,
        &[&url],
    );
    assert_eq!(said.trim(), "read");
}

#[test]
fn no_request_meets_an_error_or_an_answer_that_is_not_described() {
    // Addresses out of the archive are asked for, too, so that the site has to be there.
    let days = two_days::after_two_days();
    let site = days.site;
    let desk = Desk::start_in(days.folder, &two_days::configuration(&site.0, false), &[]);
    let folder = TempDir::new().unwrap();
    let url = format!("http://127.0.0.1:{}", desk.port);
    let checks = "not_a_server_error,status_code_conformance,content_type_conformance,response_headers_conformance,\
                  response_schema_conformance,missing_required_header,unsupported_method";
    let output = Command::new(python::python().with_file_name("st"))
        .args(["run", &format!("{url}/openapi.json"), "--url", &url, "--checks", checks])
        .args(["--phases", "examples,coverage,fuzzing", "--max-examples", "10", "--seed", "1", "--workers", "1"])
        // A stream has no end, and rows are no document.
        .args(["--exclude-path", "/v1/stream", "--exclude-path", "/v1/clean/batch", "--no-color"])
        .current_dir(folder.path())
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "{said}\n{}", String::from_utf8_lossy(&output.stderr));
    assert!(said.contains("generated"), "{said}");
}
