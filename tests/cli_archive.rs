//! The subcommands that read the archive: search, history, diff, tail.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use assert_cmd::Command;
use serde_json::Value;
use std::fmt::Write as _;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Stdio};
use std::sync::OnceLock;
use tempfile::TempDir;

const SHEEP: &str = "http://kreisbote-nordufer.test/lokales/deichschafe-auf-abwegen-10688";
const CINEMA: &str = "http://kreisbote-nordufer.test/kultur/kino-ohne-vorhang-10641";
const WINDMILL: &str = "http://kreisbote-nordufer.test/wirtschaft/windrad-mit-dorfnamen-10720";

fn copydesk() -> Command {
    let mut command = Command::cargo_bin("copydesk").unwrap();
    command.env_remove("RUST_LOG").current_dir(std::env::temp_dir());
    command
}

/// The archive of the sample site after its two days, made once.
fn archive() -> &'static Path {
    static ARCHIVE: OnceLock<TempDir> = OnceLock::new();
    let folder = ARCHIVE.get_or_init(|| {
        let folder = TempDir::new().unwrap();
        copydesk().args(["demo", "--next-day", "--archive"]).arg(folder.path()).assert().success();
        folder
    });
    folder.path()
}

fn said(arguments: &[&str]) -> String {
    let output = copydesk().args(arguments).arg("--archive").arg(archive()).output().unwrap();
    assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

fn json(arguments: &[&str]) -> Value {
    serde_json::from_str(&said(arguments)).unwrap()
}

#[test]
fn a_correction_a_new_headline_and_a_withdrawal_are_named() {
    let sheep = said(&["history", SHEEP]);
    assert!(sheep.contains("v1") && sheep.contains("first seen"), "{sheep}");
    assert!(sheep.contains("correction: Korrektur: In einer ersten Fassung"), "{sheep}");
    let cinema = said(&["history", CINEMA]);
    let updated = "updated headline: \"Das Kino sucht seinen Vorhang\" became \"Kinovorhang lag 40 Jahre im Keller\"";
    assert!(cinema.contains(updated), "{cinema}");
    let windmill = said(&["history", WINDMILL]);
    assert!(windmill.contains("withdrawn: the page is gone") && windmill.contains("Windrad"), "{windmill}");

    let versions = json(&["history", WINDMILL, "--format", "json"]);
    assert_eq!(versions[0]["changes"][0]["kind"], "first");
    assert_eq!(versions[1]["changes"][0]["kind"], "withdrawn");
    assert_eq!((&versions[1]["tombstone"], &versions[1]["version"]), (&"gone".into(), &2.into()));
    let markdown = versions[0]["places"]["markdown"].as_str().unwrap();
    assert!(archive().join(markdown).is_file(), "the last version stays");
    // The same by id, and by the beginning of one.
    let id = versions[0]["id"].as_str().unwrap();
    assert_eq!(said(&["history", id]), windmill);
    assert_eq!(said(&["history", &id[..8]]), windmill);
}

#[test]
fn a_diff_shows_the_words_that_changed() {
    let diff = said(&["diff", SHEEP]);
    assert!(diff.contains("Herde von [-rund hundert-]{+84+} Deichschafen"), "{diff}");
    assert!(diff.contains("etwa [-180-]{+240+} Euro"), "{diff}");
    assert!(diff.contains("{+Korrektur: In einer"), "{diff}");
    assert_eq!(said(&["diff", SHEEP, "1", "v2"]), diff);
    assert!(said(&["diff", SHEEP, "2", "2"]).contains("No word differs"));
    let cinema = said(&["diff", CINEMA]);
    assert!(
        cinema.ends_with("[-Das Kino sucht seinen Vorhang-]\n\n{+Kinovorhang lag 40 Jahre im Keller+}\n"),
        "{cinema}"
    );
    let pieces = json(&["diff", SHEEP, "--format", "json"]);
    assert_eq!(pieces["text"][0][1], serde_json::json!({"side": "old", "text": "rund hundert"}));
}

#[test]
fn what_is_not_there_is_said() {
    let cases: [(&[&str], i32, &str); 5] = [
        (&["history", "ffffffffffffffff"], 1, "no article of the archive has the id or address"),
        (&["diff", SHEEP, "7"], 1, "has no version 7; it has v1, v2"),
        (&["search", "..."], 2, "no word to look for"),
        (&["search", "x", "--since", "yesterday"], 2, "is no moment"),
        (&["diff", SHEEP, "one"], 2, "is no version"),
    ];
    for (arguments, code, message) in cases {
        let output = copydesk().args(arguments).arg("--archive").arg(archive()).output().unwrap();
        let error = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(code), "{arguments:?}: {error}");
        assert!(error.contains(message), "{arguments:?}: {error}");
    }
    let empty = TempDir::new().unwrap();
    let output = copydesk().args(["tail", "--archive"]).arg(empty.path()).output().unwrap();
    let error = String::from_utf8(output.stderr).unwrap();
    assert!(output.status.code() == Some(1) && error.contains("there is no catalogue"), "{error}");
}

#[test]
fn words_are_found_in_every_script() {
    let first = |query: &str| {
        let hits = json(&["search", query, "--format", "json"]);
        hits[0]["article"]["url"].as_str().unwrap_or_default().to_owned()
    };
    // Of the corrected text; the first version's words are gone.
    assert_eq!(first("nachgezählt"), SHEEP);
    assert_eq!(first("NACHGEZAHLT"), SHEEP);
    assert_eq!(first("title:Kinovorhang"), CINEMA);
    assert_eq!(first("\"hundert Deichschafen\""), "");
    assert_eq!(first("Deichscha* -Kinovorhang"), SHEEP);
    // Russian, and Japanese in the middle of a sentence.
    assert!(first("упряжку").contains("reka-led.htm"));
    assert!(first("罰金").contains("yuki-yubin.htm"));
    let text = said(&["search", "Deichschafen"]);
    assert!(text.contains("1. Hundert Schafe warten vor dem Rathaus") && text.contains("**Deichschafen**"), "{text}");
    let windmill = said(&["search", "Wilhelmine"]);
    assert!(windmill.contains("withdrawn since"), "{windmill}");
    assert_eq!(said(&["search", "quetzalcoatl"]), "Nothing was found.\n");
}

#[test]
fn filters_narrow_a_search() {
    let some = |more: &[&str]| said(&[&["search", "the OR der OR die", "--format", "urls"], more].concat());
    let found = |more: &[&str]| some(&[&["--limit", "99"], more].concat());
    let all = found(&[]).lines().count();
    assert!(all > 20, "{all}");
    assert!(found(&["--lang", "de"]).lines().all(|url| url.contains("kreisbote")));
    assert!(found(&["--site", "harbour-ledger.test"]).lines().all(|url| url.contains("harbour-ledger")));
    assert_eq!(found(&["--site", "www.harbour-ledger.test"]), found(&["--source", "harbour-ledger"]));
    assert_eq!(found(&["--author", "corley"]).lines().count(), found(&["--author", "Agnes Corley"]).lines().count());
    assert!(found(&["--author", "corley"]).lines().count() >= 3);
    let new = found(&["--since", "2026-11-01"]).lines().count();
    let old = found(&["--until", "2026-11-01"]).lines().count();
    assert!(new > 0 && old > 0);
    assert_eq!(new + old, all);
    assert_eq!(some(&["--limit", "2", "--offset", "1"]).lines().count(), 2);
}

fn lines(arguments: &[&str]) -> Vec<Value> {
    said(arguments).lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

#[test]
fn the_feed_goes_on_behind_a_number() {
    let all = lines(&["tail"]);
    let seqs: Vec<u64> = all.iter().map(|line| line["seq"].as_u64().unwrap()).collect();
    assert_eq!(seqs, (1..=30).collect::<Vec<_>>(), "27 articles and three changes");
    assert_eq!(lines(&["tail", "--since", "27"]), all[27..]);
    assert_eq!(lines(&["tail", "--since", "10", "--limit", "5"]), all[10..15]);
    assert_eq!(lines(&["tail", "--since", "30"]), [Value::Null; 0]);
    assert!(lines(&["tail", "--source", "two-rivers-wire"]).iter().all(|line| line["source"] == "two-rivers-wire"));
    let gone: Vec<&Value> = all.iter().filter(|line| line["tombstone"] == "gone").collect();
    assert_eq!((gone.len(), &gone[0]["url"], &gone[0]["text"]), (1, &WINDMILL.into(), &"".into()));
}

struct Killed(Child);

impl Drop for Killed {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

#[test]
fn a_follower_is_told_of_what_comes_later() {
    let folder = TempDir::new().unwrap();
    copydesk().args(["demo", "--archive"]).arg(folder.path()).assert().success();
    let mut command = std::process::Command::new(assert_cmd::cargo::cargo_bin("copydesk"));
    command.args(["tail", "--follow", "--since", "26", "--limit", "4", "--archive"]).arg(folder.path());
    let mut follower = Killed(command.stdout(Stdio::piped()).spawn().unwrap());
    let mut lines = BufReader::new(follower.0.stdout.take().unwrap()).lines();
    let mut next = || serde_json::from_str::<Value>(&lines.next().unwrap().unwrap()).unwrap();
    assert_eq!(next()["seq"], 27);
    copydesk().args(["demo", "--next-day", "--archive"]).arg(folder.path()).assert().success();
    assert_eq!([next()["seq"].clone(), next()["seq"].clone(), next()["seq"].clone()], [28, 29, 30]);
    assert!(lines.next().is_none() && follower.0.wait().unwrap().success());
}

/// The sample site's archive with every format, and a configuration to crawl it again with.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_taken_down_stays_down() {
    let site = copydesk::sample_site::SampleSite::start().await.unwrap();
    let folder = TempDir::new().unwrap();
    let hosts = copydesk::sample_site::SampleSite::hosts();
    let mut config = format!(
        "[archive]\nformats = [\"jsonl\", \"csv\", \"markdown\", \"text\", \"warc\", \"parquet\", \"catalogue\"]\npath = {:?}\n\
         [fetch]\ndelay = \"20ms\"\nmax_crawl_delay = \"20ms\"\nallow_hosts = {hosts:?}\n[fetch.resolve]\n",
        folder.path().join("archive")
    );
    for host in &hosts {
        writeln!(config, "{host:?} = \"{}\"", site.addr()).unwrap();
    }
    config += "[[source]]\nname = \"kreisbote\"\nurl = \"http://kreisbote-nordufer.test/\"\n";
    let file = folder.path().join("config.toml");
    std::fs::write(&file, config).unwrap();
    let run = |arguments: &[&str]| {
        let output = copydesk().args(arguments).arg("--config").arg(&file).output().unwrap();
        let error = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(output.status.success(), "{arguments:?}: {error}");
        String::from_utf8(output.stdout).unwrap()
    };
    tokio::task::block_in_place(|| {
        run(&["crawl"]);
        let down = run(&["archive", "take-down", SHEEP, "--reason", "asked for by the shepherd"]);
        assert!(down.contains("1 versions of it"), "{down}");
        assert!(run(&["archive", "verify"]).contains("files and catalogue agree"));
        assert_eq!(run(&["search", "Deichschafen"]), "Nothing was found.\n");
        assert!(run(&["history", SHEEP]).contains("taken down from this archive"));
        let log = std::fs::read_to_string(folder.path().join("archive/takedowns.jsonl")).unwrap();
        assert!(log.contains("asked for by the shepherd") && log.contains(SHEEP), "{log}");
        // The next day it is announced with a correction, and is not fetched.
        site.turn_to_next_day();
        site.clear_requests();
        let text = std::fs::read_to_string(&file).unwrap();
        std::fs::write(&file, text.replace("[fetch]\n", "[fetch]\nuser_agent = \"Copydesk/2\"\n")).unwrap();
        let connection = rusqlite::Connection::open(folder.path().join("archive/copydesk.db")).unwrap();
        // As if the first pass were of yesterday.
        connection.execute("UPDATE url SET fetched = fetched - 86400000 WHERE kind != 'ARTICLE'", []).unwrap();
        drop(connection);
        run(&["crawl"]);
        let asked: Vec<String> = site.requests().into_iter().map(|request| request.path).collect();
        assert!(asked.iter().any(|path| path.contains("kino-ohne-vorhang")), "{asked:?}");
        assert!(!asked.iter().any(|path| path.contains("deichschafe")), "{asked:?}");
        assert!(run(&["archive", "verify"]).contains("files and catalogue agree"));

        let would = run(&["archive", "prune", "--older-than", "1d", "--dry-run"]);
        assert!(
            would.contains("7 articles would be pruned") || would.contains("8 articles would be pruned"),
            "{would}"
        );
        run(&["archive", "prune", "--source", "kreisbote"]);
        assert!(run(&["archive", "stats"]).starts_with("0 articles of 0 words"), "{}", run(&["archive", "stats"]));
        assert!(run(&["archive", "verify"]).contains("files and catalogue agree"));
        assert_eq!(run(&["archive", "prune", "--source", "kreisbote"]), "No article falls under the rule.\n");
    });
}
