//! `copydesk crawl` and `copydesk demo` as programs: output, exit codes, signals.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use assert_cmd::cargo::cargo_bin;
use copydesk::sample_site::{SampleSite, expected};
use std::collections::BTreeSet;
use std::fmt::Write;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Command, Output, Stdio};
use tempfile::TempDir;

fn copydesk(folder: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(cargo_bin("copydesk"));
    command.args(arguments).current_dir(folder).env_remove("RUST_LOG");
    command
}

fn run(folder: &Path, arguments: &[&str]) -> (i32, String, String) {
    let Output { status, stdout, stderr } = copydesk(folder, arguments).output().unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    (status.code().unwrap(), text(stdout), text(stderr))
}

fn write_config(folder: &Path, text: &str) {
    std::fs::write(folder.join("config.toml"), text).unwrap();
}

/// The titles of all records, with a check that no id and sequence number comes twice.
fn titles(archive: &Path) -> BTreeSet<String> {
    let mut titles = BTreeSet::new();
    let mut ids = BTreeSet::new();
    for source in std::fs::read_dir(archive.join("jsonl")).into_iter().flatten() {
        for file in std::fs::read_dir(source.unwrap().path()).unwrap() {
            for line in std::fs::read_to_string(file.unwrap().path()).unwrap().lines() {
                let record: serde_json::Value = serde_json::from_str(line).unwrap();
                assert!(ids.insert(record["id"].to_string()), "twice: {line}");
                titles.insert(record["title"].as_str().unwrap().to_owned());
            }
        }
    }
    titles
}

fn expected_titles() -> BTreeSet<String> {
    expected().into_iter().map(|article| article.title).collect()
}

#[test]
fn the_demo_writes_every_article_and_a_second_one_adds_nothing() {
    let folder = TempDir::new().unwrap();
    let (code, out, err) = run(folder.path(), &["demo"]);
    assert_eq!(code, 0, "{out}{err}");
    assert_eq!(titles(&folder.path().join("archive")), expected_titles());
    assert!(out.contains("27 new and 0 updated"), "{out}");
    assert!(out.contains("Archive: archive") && out.contains("\n    # "), "{out}");
    let (code, out, err) = run(folder.path(), &["demo", "--quiet"]);
    assert_eq!((code, err.as_str()), (0, ""), "{out}");
    assert!(out.contains("Nothing new since the last run"), "{out}");
    assert_eq!(titles(&folder.path().join("archive")), expected_titles());
}

#[test]
fn logs_for_machines_are_json() {
    let folder = TempDir::new().unwrap();
    let (code, _, err) = run(folder.path(), &["demo", "--log", "json", "--archive", "elsewhere"]);
    assert_eq!(code, 0, "{err}");
    assert!(folder.path().join("elsewhere/copydesk.db").exists());
    let lines: Vec<serde_json::Value> = err.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert!(lines.iter().any(|line| line["message"] == "article" && line["kept"] == "new"), "{err}");
}

#[test]
fn a_wrong_configuration_is_refused_with_line_and_hint() {
    let folder = TempDir::new().unwrap();
    let source = "[[source]]\nname = \"a\"\nurl = \"http://a.localhost/\"\n";
    let cases: &[(&str, &[&str], &[&str])] = &[
        ("[fetch]\ndely = \"1s\"\n", &["crawl"], &["config.toml:2:", "`dely`", "did you mean `delay`?"]),
        ("[fetch]\n", &["crawl"], &["names no source to crawl", "[[source]]"]),
        (source, &["crawl", "--source", "b"], &["no source named \"b\""]),
        (source, &["crawl", "--config", "other.toml"], &["cannot read the configuration other.toml"]),
        (source, &["crawl", "--allow-host", "a b"], &["no host to allow"]),
    ];
    for (config, arguments, parts) in cases {
        write_config(folder.path(), config);
        let (code, out, err) = run(folder.path(), arguments);
        assert_eq!((code, out.as_str()), (2, ""), "{err}");
        for part in *parts {
            assert!(err.contains(part), "{err}\nlacks {part:?}");
        }
    }
    assert!(!folder.path().join("archive").exists());
}

#[test]
fn an_archive_or_store_that_cannot_be_used_is_named() {
    let folder = TempDir::new().unwrap();
    write_config(folder.path(), "[[source]]\nname = \"a\"\nurl = \"http://a.localhost/\"\n");
    std::fs::write(folder.path().join("file"), "no folder and no database, only text that is long enough").unwrap();
    let (code, _, err) = run(folder.path(), &["crawl", "--archive", "file"]);
    assert!(code == 1 && err.contains("file") && err.contains("--archive"), "{err}");
    let (code, _, err) = run(folder.path(), &["crawl", "--store", "file"]);
    assert!(code == 1 && err.contains("file") && err.contains("--store"), "{err}");
}

#[test]
fn a_source_out_of_reach_is_an_error_that_names_the_way_out() {
    let folder = TempDir::new().unwrap();
    write_config(folder.path(), "[[source]]\nname = \"a\"\nurl = \"http://127.0.0.1:9/\"\n[fetch]\nretries = 0\n");
    let (code, out, err) = run(folder.path(), &["crawl", "-q"]);
    assert_eq!(code, 1, "{out}{err}");
    assert!(err.contains("nothing of the source a could be reached") && err.contains("--allow-host"), "{err}");
    assert!(out.contains("refused_address"), "{out}");
    // The guard lets it through now; nobody is there.
    let (code, _, err) = run(folder.path(), &["crawl", "-q", "--allow-host", "127.0.0.1:9"]);
    assert!(code == 1 && err.contains("refused"), "{err}");
}

/// A configuration of the sample site, slow enough to be interrupted.
fn slow_config(site: &SampleSite) -> String {
    let mut config = "[fetch]\ndelay = \"150ms\"\n".to_owned();
    let hosts = SampleSite::hosts();
    writeln!(config, "allow_hosts = {hosts:?}\n[fetch.resolve]").unwrap();
    for host in &hosts {
        writeln!(config, "{host:?} = \"{}\"", site.addr()).unwrap();
    }
    for host in &hosts {
        let name = host.strip_suffix(".test").unwrap();
        write!(config, "[[source]]\nname = {name:?}\nurl = \"http://{host}/\"\n").unwrap();
    }
    config
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn figures_are_written_for_prometheus() {
    let folder = TempDir::new().unwrap();
    let site = SampleSite::start().await.unwrap();
    write_config(folder.path(), &(slow_config(&site) + "[crawl]\nmetrics_file = \"figures.prom\"\n"));
    let (code, out, err) = run(folder.path(), &["crawl", "-q"]);
    assert_eq!(code, 0, "{out}{err}");
    let text = std::fs::read_to_string(folder.path().join("figures.prom")).unwrap();
    let sum = |start: &str| -> u64 {
        let rows = text.lines().filter(|line| line.starts_with(start));
        rows.map(|line| line.rsplit_once(' ').unwrap().1.parse::<u64>().unwrap()).sum()
    };
    let summary = std::fs::read_to_string(folder.path().join("archive/runs/latest.json")).unwrap();
    let total = &serde_json::from_str::<serde_json::Value>(&summary).unwrap()["total"];
    let counted = |key: &str| total[key].as_u64().unwrap();
    assert_eq!(sum("copydesk_articles_total{"), expected().len() as u64 + counted("duplicates"), "{text}");
    assert_eq!(sum("copydesk_pages_total{"), counted("fetched") + counted("hubs") + counted("not_modified"), "{text}");
    assert_eq!(sum("copydesk_bytes_total{"), counted("bytes"), "{text}");
    assert_eq!((sum("copydesk_failures_total{"), sum("copydesk_running")), (1, 0), "{text}");
    assert!(text.contains("host=\"harbour-ledger.test\""), "{text}");
    assert!(!folder.path().join("figures.prom.part").exists());

    // Where they cannot be written, that is said, and the crawl goes on.
    write_config(folder.path(), &(slow_config(&site) + "[crawl]\nmetrics_file = \"archive\"\n"));
    let (code, _, err) = run(folder.path(), &["crawl"]);
    assert!(code == 0 && err.contains("check [crawl] metrics_file"), "{err}");
}

/// Starts a crawl and waits until its log tells of an article.
#[cfg(unix)]
fn start_and_see_an_article(folder: &Path) -> (std::process::Child, impl BufRead + use<>) {
    let mut child =
        copydesk(folder, &["crawl", "--log", "json"]).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let mut log = BufReader::new(child.stderr.take().unwrap());
    let mut line = String::new();
    while !line.contains("\"kept\"") {
        line.clear();
        assert!(log.read_line(&mut line).unwrap() > 0, "the run ended before its first article");
    }
    (child, log)
}

#[cfg(unix)]
fn signal(child: &std::process::Child, name: &str) {
    assert!(Command::new("kill").args([name, &child.id().to_string()]).status().unwrap().success());
}

#[cfg(unix)]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_interrupted_run_saves_and_exits_130_and_the_next_one_finishes_it() {
    let folder = TempDir::new().unwrap();
    let site = SampleSite::start().await.unwrap();
    write_config(folder.path(), &slow_config(&site));
    for name in ["-INT", "-TERM"] {
        let (child, mut log) = start_and_see_an_article(folder.path());
        signal(&child, name);
        std::io::copy(&mut log, &mut std::io::sink()).unwrap();
        let ended = child.wait_with_output().unwrap();
        assert_eq!(ended.status.code(), Some(130), "{name}");
        let out = String::from_utf8(ended.stdout).unwrap();
        assert!(out.contains("Interrupted after"), "{out}");
    }
    let (code, out, err) = run(folder.path(), &["crawl", "-q"]);
    assert_eq!(code, 0, "{out}{err}");
    assert_eq!(titles(&folder.path().join("archive")), expected_titles());
}
