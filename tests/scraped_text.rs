//! Scraped texts of one site together: what they have in common goes, and nothing that is a text's own.

#![expect(clippy::unwrap_used, reason = "what fails here fails the test")]

use assert_cmd::Command;
use copydesk::extract::{Corpus, Options, clean_text, clean_text_of_site, document_lines};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::fs::File;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

fn fixture(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/corpus").join(name)
}

fn rows(text: &str) -> Vec<Value> {
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

fn clean_rows() -> Command {
    let mut command = Command::cargo_bin("copydesk").unwrap();
    command.args(["clean", "--jsonl"]).timeout(Duration::from_mins(1));
    command
}

fn records(output: &std::process::Output) -> Vec<Value> {
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
    rows(std::str::from_utf8(&output.stdout).unwrap())
}

fn check(records: &[Value]) {
    let expected = rows(&std::fs::read_to_string(fixture("holm-courier.expected.jsonl")).unwrap());
    let by_id: BTreeMap<&str, &Value> = records.iter().map(|record| (record["id"].as_str().unwrap(), record)).collect();
    assert_eq!(by_id.len(), expected.len());
    for wanted in &expected {
        let record = by_id[wanted["id"].as_str().unwrap()];
        for field in ["title", "authors", "published", "text"] {
            assert_eq!(record[field], wanted[field], "{field} of {}", wanted["id"]);
        }
    }
}

/// The file is read twice: the first row is judged by the last.
#[test]
fn rows_of_a_file_are_judged_by_all_of_them() {
    let input = fixture("holm-courier.jsonl");
    let output = std::process::Command::new(assert_cmd::cargo::cargo_bin("copydesk"))
        .args(["clean", "--jsonl", "--jobs", "2"])
        .stdin(File::open(&input).unwrap())
        .output()
        .unwrap();
    let records = records(&output);
    check(&records);
    let ids: Vec<&Value> = records.iter().map(|record| &record["id"]).collect();
    let given = rows(&std::fs::read_to_string(input).unwrap());
    assert_eq!(ids, given.iter().map(|row| &row["id"]).collect::<Vec<_>>(), "in the order of the rows");
}

#[test]
fn rows_of_a_pipe_wait_for_those_behind_them() {
    let given = std::fs::read_to_string(fixture("holm-courier.jsonl")).unwrap();
    check(&records(&clean_rows().write_stdin(given.clone()).output().unwrap()));
    // Without that, the first rows keep what nobody could know of.
    let hasty = records(&clean_rows().args(["--look-ahead", "0"]).write_stdin(given.clone()).output().unwrap());
    let last = hasty.last().unwrap();
    assert_eq!(last["title"], "Choir looks for one bass");
    assert!(hasty[0]["text"].as_str().unwrap().contains("take no gifts"));
    assert!(!last["text"].as_str().unwrap().contains("take no gifts"));
    let kept = records(&clean_rows().arg("--keep-repeated").write_stdin(given).output().unwrap());
    assert!(kept.iter().filter(|record| record["text"].as_str().unwrap().contains("take no gifts")).count() == 6);
}

/// Whoever writes a row and waits for its record gets it.
#[test]
fn a_row_does_not_wait_for_ever() {
    use std::io::{BufRead as _, BufReader, Write as _};
    use std::process::{Command, Stdio};
    let mut child = Command::new(assert_cmd::cargo::cargo_bin("copydesk"))
        .args(["clean", "--jsonl", "--jobs", "1"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut input = child.stdin.take().unwrap();
    let mut output = BufReader::new(child.stdout.take().unwrap());
    let start = Instant::now();
    for id in 1..=2 {
        writeln!(input, "{}", json!({"id": id, "text": "A title\n\nOne sentence that is the whole of it."})).unwrap();
        let mut record = String::new();
        output.read_line(&mut record).unwrap();
        assert_eq!(serde_json::from_str::<Value>(&record).unwrap()["id"], id);
    }
    drop(input);
    assert!(child.wait().unwrap().success());
    assert!(start.elapsed() < Duration::from_secs(30));
}

/// A document of a site: its own paragraphs, and others put in at a place.
fn document(number: usize, frame: &[(usize, &str)]) -> String {
    let own = |part: usize| {
        format!(
            "Paragraph {part} of story {} tells of things that happened in the harbour on day {} only.",
            words(number),
            words(part * 31 + number)
        )
    };
    let mut lines: Vec<String> = (0..12).map(own).collect();
    lines.insert(0, format!("Story {}", words(number)));
    for (place, line) in frame.iter().rev() {
        lines.insert((*place).min(lines.len()), (*line).to_owned());
    }
    lines.join("\n\n")
}

/// A number that is no digits, since those are all the same to the cleaner.
fn words(number: usize) -> String {
    number.to_string().chars().map(|digit| char::from(b'a' + digit as u8 - b'0')).collect()
}

/// In how many of `all` documents a line is still there that stands in `with` of them.
fn kept(all: usize, with: usize, place: usize, line: &str) -> usize {
    let frame = [(place, line)];
    let documents: Vec<String> =
        (0..all).map(|number| document(number, if number < with { &frame } else { &[] })).collect();
    let mut corpus = Corpus::default();
    for document in &documents {
        corpus.learn("", &document_lines(document));
    }
    let cleaned = documents.iter().map(|document| {
        let repeated = corpus.repeated("", &document_lines(document));
        clean_text_of_site(document, &Options::default(), &repeated).article
    });
    cleaned.filter(|article| article.text.contains(line) || article.title.as_deref() == Some(line)).count()
}

#[test]
fn what_is_the_sites_and_what_is_a_texts_own() {
    const SENTENCE: &str = "The shipping forecast is read by a person who knows the sea.";
    const MIDDLE: usize = 6;
    const END: usize = 99;
    // In a tenth of the documents at the end, in a fifth anywhere: the site's.
    assert_eq!(kept(40, 4, END, SENTENCE), 0);
    assert_eq!(kept(40, 8, MIDDLE, SENTENCE), 0);
    // Rarer than that, or in too few documents to tell: their own.
    assert_eq!(kept(50, 4, END, SENTENCE), 4);
    assert_eq!(kept(40, 7, MIDDLE, SENTENCE), 7);
    assert_eq!(kept(6, 3, END, SENTENCE), 3);
    assert_eq!(kept(4, 4, END, SENTENCE), 4);
    // Speech and headings recur in texts that have nothing else in common.
    assert_eq!(kept(20, 20, MIDDLE, "Yes."), 20);
    assert_eq!(kept(20, 9, END, "“No,” he said."), 9);
    assert_eq!(kept(20, 20, MIDDLE, "Ingredients"), 20);
    // A column's title is a title, even in two documents of five; a site's name is in most.
    assert_eq!(kept(20, 8, 0, "Letters to the editor"), 8);
    assert_eq!(kept(20, 12, 0, "Holm Courier – news from the island"), 0);
}

#[test]
fn short_lines_alone_are_no_menu() {
    let poem = "The old pier\n\nNobody walks\nthe old pier\nnow that\nthe planks are\na bench\nin the square";
    let article = clean_text(poem, &Options::default()).article;
    assert_eq!(article.title.as_deref(), Some("The old pier"));
    assert!(article.text.starts_with("Nobody walks") && article.text.ends_with("in the square"), "{}", article.text);
}

#[test]
fn two_lines_of_a_menu_are_one_that_begins_with_the_way_home() {
    let told = "Nobody walks across the old pier now that its planks are a bench in the square of the town.";
    for (text, title) in [
        (
            format!("Home\nSign in\n\nThe old pier is a bench now, and nobody minds\nBy Jane Roe\n\n{told}"),
            "The old pier is",
        ),
        (format!("Home\n\nThe old pier\nBy Jane Roe\n\n{told}"), "The old pier"),
    ] {
        let article = clean_text(&text, &Options::default()).article;
        assert!(article.title.as_deref().is_some_and(|own| own.starts_with(title)), "{:?}", article.title);
        assert_eq!(article.text, told);
    }
}

#[test]
fn versions_of_one_story_keep_its_lines() {
    let versions: Vec<String> = (0..8)
        .map(|version| {
            let more: Vec<String> = (0..3)
                .map(|line| format!("Added at {}: the wind has turned again.", words(version * 7 + line)))
                .collect();
            format!("{}\n\n{}", document(1, &[]), more.join("\n\n"))
        })
        .collect();
    let mut corpus = Corpus::default();
    for version in &versions {
        corpus.learn("", &document_lines(version));
    }
    for version in &versions {
        let repeated = corpus.repeated("", &document_lines(version));
        assert!(!repeated.is_empty());
        let article = clean_text_of_site(version, &Options::default(), &repeated).article;
        assert!(article.text.contains("Paragraph 3 of story b"), "{}", article.text);
    }
}

#[test]
fn one_text_many_times_teaches_nothing() {
    let mut corpus = Corpus::default();
    let lines = document_lines(&document(1, &[]));
    for _ in 0..100 {
        corpus.learn("", &lines);
    }
    assert!(corpus.repeated("", &lines).is_empty());
}

#[test]
fn a_menu_longer_than_any_stands_above_a_marked_headline() {
    let menu: Vec<String> = (0..2000).map(|entry| format!("* [Section {}](/s/{entry})", words(entry))).collect();
    let text = format!("{}\n\n# The old pier is a bench\n\nBy Jane Roe\n\n{}", menu.join("\n"), document(3, &[]));
    let article = clean_text(&text, &Options::default()).article;
    assert_eq!(article.title.as_deref(), Some("The old pier is a bench"));
    assert!(article.text.contains("Paragraph 3 of story d"), "{}", article.text);
}
