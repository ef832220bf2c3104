//! Exports of the sample site's archive, read by programs not ours.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

#[path = "support/python.rs"]
mod python;

use assert_cmd::Command;
use serde_json::Value;
use std::path::Path;
use std::sync::OnceLock;
use tempfile::TempDir;

/// The archive of the sample site after its two days, made once.
fn archive() -> &'static Path {
    static ARCHIVE: OnceLock<TempDir> = OnceLock::new();
    let folder = ARCHIVE.get_or_init(|| {
        let folder = TempDir::new().unwrap();
        Command::cargo_bin("copydesk")
            .unwrap()
            .args(["demo", "--next-day", "--archive"])
            .arg(folder.path())
            .current_dir(folder.path())
            .assert()
            .success();
        folder
    });
    folder.path()
}

fn export(arguments: &[&str]) -> String {
    let mut command = Command::cargo_bin("copydesk").unwrap();
    command.arg("export").args(arguments).arg("--archive").arg(archive()).current_dir(archive());
    let output = command.output().unwrap();
    assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn lines_are_the_last_versions_that_have_a_text() {
    let lines: Vec<Value> = export(&["jsonl"]).lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(lines.len(), 27);
    assert!(lines.iter().all(|line| line["text"].as_str().is_some_and(|text| !text.is_empty())));
    assert!(lines.iter().any(|line| line["title"] == "Kinovorhang lag 40 Jahre im Keller" && line["version"] == 2));
    let some = |more: &[&str]| export(&[&["jsonl"], more].concat()).lines().count();
    assert_eq!(some(&["--source", "two-rivers-wire"]), 9);
    assert_eq!(some(&["--lang", "ja"]), 1);
    assert_eq!(some(&["--since", "2026-11-01"]) + some(&["--until", "2026-11-01"]), 27);
    assert_eq!(some(&["--query", "nachgez\u{e4}hlt"]), 1);
}

#[test]
fn feedparser_reads_the_atom_feed() {
    let folder = TempDir::new().unwrap();
    let file = folder.path().join("feed.atom");
    let file = file.to_str().unwrap();
    export(&[
        "atom",
        "--limit",
        "20",
        "--title",
        "News & more",
        "--feed-url",
        "https://example.org/f.atom",
        "-o",
        file,
    ]);
    let script = "
import feedparser, json, sys
feed = feedparser.parse(sys.argv[1])
assert not feed.bozo, feed.bozo_exception
print(json.dumps({
    'version': feed.version, 'title': feed.feed.title, 'updated': feed.feed.updated,
    'self': [link.href for link in feed.feed.links if link.rel == 'self'],
    'entries': [[e.id, e.title, e.link, e.published, e.authors[0].name, len(e.content[0].value)] for e in feed.entries],
}))";
    let feed: Value = serde_json::from_str(&python::run(script, &[file])).unwrap();
    assert_eq!((&feed["version"], &feed["title"]), (&"atom10".into(), &"News & more".into()));
    assert_eq!(feed["self"][0], "https://example.org/f.atom");
    let entries = feed["entries"].as_array().unwrap();
    assert_eq!(entries.len(), 20);
    assert_eq!(entries[0][1], "Both halves of the pantomime horse go on strike");
    assert!(entries.iter().all(|entry| entry[5].as_u64().unwrap() > 100), "{entries:?}");
    let times: Vec<&str> = entries.iter().map(|entry| entry[3].as_str().unwrap()).collect();
    assert!(times.is_sorted_by(|one, next| one >= next), "{times:?}");
}

#[test]
fn the_json_feed_has_what_its_specification_asks_for() {
    let feed: Value = serde_json::from_str(&export(&["jsonfeed", "--source", "harbour-ledger"])).unwrap();
    assert_eq!(feed["version"], "https://jsonfeed.org/version/1.1");
    let items = feed["items"].as_array().unwrap();
    assert_eq!(items.len(), 9);
    for item in items {
        let fields = item.as_object().unwrap();
        assert!(item["id"].is_string() && item["content_html"].is_string() && item["url"].is_string(), "{item}");
        assert!(fields.values().all(|value| !value.is_null()), "{item}");
        item["date_published"].as_str().unwrap().parse::<jiff::Timestamp>().unwrap();
    }
    assert!(items[0]["url"].as_str().unwrap().ends_with("/pantomime-horse-strike/"));
}

#[test]
fn duckdb_reads_the_exported_files() {
    let folder = TempDir::new().unwrap();
    let (rows, columns) = (folder.path().join("rows"), folder.path().join("columns"));
    export(&["csv", "-o", rows.to_str().unwrap()]);
    export(&["parquet", "-o", columns.to_str().unwrap()]);
    let script = "
import duckdb, sys
rows = duckdb.sql(f\"SELECT count(*), count(DISTINCT id) FROM read_csv('{sys.argv[1]}/csv/*/*.csv', types = {{'id': 'VARCHAR', 'cluster': 'VARCHAR', 'content_hash': 'VARCHAR'}})\").fetchall()
columns = duckdb.sql(f\"SELECT count(*), count(DISTINCT id) FROM read_parquet('{sys.argv[2]}/parquet/*/*/*.parquet')\").fetchall()
print(rows[0], columns[0])";
    let said = python::run(script, &[rows.to_str().unwrap(), columns.to_str().unwrap()]);
    assert_eq!(said.trim(), "(27, 27) (27, 27)");
    let pages = folder.path().join("pages");
    export(&["markdown", "--lang", "de", "-o", pages.to_str().unwrap()]);
    let sites: Vec<_> =
        std::fs::read_dir(pages.join("markdown")).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert_eq!(sites, ["kreisbote-nordufer.test"]);
    // What is there already is not mixed with it.
    let mut again = Command::cargo_bin("copydesk").unwrap();
    again.args(["export", "text", "-o"]).arg(&pages).arg("--archive").arg(archive()).current_dir(archive());
    let output = again.output().unwrap();
    assert_eq!(output.status.code(), Some(1));
    assert!(String::from_utf8(output.stderr).unwrap().contains("is not empty"));
}
