//! Rules for single sites: what they change of an article, in the library, in `clean`, in `crawl`, and as `rules test`
//! shows it.

#![expect(clippy::unwrap_used, reason = "what fails here fails the test")]

use assert_cmd::Command;
use copydesk::config::Config;
use copydesk::extract::{Explain, Input, Options, clean};
use copydesk::model::Article;
use copydesk::sample_site::SampleSite;
use serde_json::{Value, json};
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::time::Duration;
use tempfile::TempDir;
use url::Url;

/// A page whose story stands where no cleaner would look for it.
const PAGE: &str = r#"<!doctype html><html lang=en><head><title>Deck 4</title><meta name=made content="Edda Kroll; Ivo Lund">
<script type="application/ld+json">{"@type": "NewsArticle", "headline": "Deck 4", "datePublished": "2026-01-01"}</script>
</head><body><main><h1>Deck 4</h1><div class=notice><p>The harbour office is closed on the days before and after every
public holiday, on all Fridays in August and while the flag is up, as it has been in all years of which there is a record,
and letters that arrive on such days are read on the next one, in the order of their size.</p><p>Complaints are taken at the
second window on the left, which opens when the first is closed, and has to be knocked on three times, with a pause that
is long enough to be noticed by the clerk.</p></div></main>
<footer><div class=story><h2 class=real>Ferry returns with a new ramp</h2><span class=day>4 March 2026, 10:15</span>
<p>The ferry to Holm sails again on Monday, three months after a storm broke its ramp, the harbour office said.</p>
<p class=promo>The ramp was made by Anders & Daughter, makers of fine ramps, who also have a shop that smells of tar.</p>
<p>Two divers and a smith from Upper Tarn had worked on it since October, for the most part at night.</p></div></footer>
</body></html>"#;

const RULE: &str = "[[rule]]\nhost = \"*.holm.example\"\nbody = \".story\"\ntitle = \".real\"\nauthors = \"meta[name=made]\"\n\
                    date = [\".never\", \".day\"]\nremove = [\".promo\", \".real\", \".day\"]\n";

const URL: &str = "https://news.holm.example/ferry";

fn options(rules: &str) -> Options {
    Config::parse(rules, Path::new("my.toml")).unwrap().clean
}

fn cleaned(html: &str, url: &str, options: &Options) -> Article {
    let url = Url::parse(url).unwrap();
    clean(&Input { bytes: html.as_bytes(), url: Some(&url), ..Input::default() }, options).unwrap().article
}

#[test]
fn body_title_authors_date_and_removal() {
    let article = cleaned(PAGE, URL, &options(RULE));
    assert_eq!(
        article.text,
        "The ferry to Holm sails again on Monday, three months after a storm broke its ramp, the harbour office said.\n\n\
         Two divers and a smith from Upper Tarn had worked on it since October, for the most part at night."
    );
    assert_eq!(article.markdown, article.text);
    assert_eq!(article.title.as_deref(), Some("Ferry returns with a new ramp"));
    assert_eq!(article.authors, ["Edda Kroll", "Ivo Lund"]);
    assert!(article.published.unwrap().to_string().starts_with("2026-03-04"));
    // Without the rule the page is read as it seems.
    let other = cleaned(PAGE, "https://tarn.example/ferry", &options(RULE));
    assert!(other.text.contains("Complaints") && !other.text.contains("Two divers"), "{}", other.text);
    assert_eq!(other.title.as_deref(), Some("Deck 4"));
}

#[test]
fn selectors_may_name_any_attribute() {
    let html = PAGE
        .replace("<div class=story>", "<div data-qa=\"story\">")
        .replace("<p class=promo>", "<p onclick=go() data-x-y>")
        .replace("class=real", "translate=no")
        .replace("class=day", "aria-describedby=when");
    let rule = RULE.replace(".story", "[data-qa^=sto]").replace(".promo", "[data-x-y]").replace(".real", "[translate]");
    let rule = rule.replace(".day", "[aria-describedby=when]");
    let (found, expected) = (cleaned(&html, URL, &options(&rule)), cleaned(PAGE, URL, &options(RULE)));
    assert_eq!(found.text, expected.text);
    assert_eq!((found.title, found.authors, found.published), (expected.title, expected.authors, expected.published));
}

#[test]
fn what_matches_nothing_changes_nothing() {
    let rule = "[[rule]]\nhost = \"news.holm.example\"\nbody = \".nowhere\"\ntitle = \"h5\"\nauthors = \"em\"\ndate = \"h1\"\n\
                remove = \"video\"\n";
    let (with, without) = (cleaned(PAGE, URL, &options(rule)), cleaned(PAGE, URL, &Options::default()));
    assert_eq!(with, without);
}

#[test]
fn a_removed_part_says_nothing_anywhere_and_data_does_not_bring_it_back() {
    let page = PAGE.replace("\"headline\"", "\"articleBody\": \"Words that only the data has. \", \"headline\"");
    let rule = "[[rule]]\nhost = \"news.holm.example\"\nremove = [\"main\", \"script\"]\n";
    let article = cleaned(&page, URL, &options(rule));
    assert!(article.text.contains("The ferry to Holm") && !article.text.contains("Complaints"), "{}", article.text);
    assert_ne!(article.published.map(|date| date.to_string()).as_deref(), Some("2026-01-01"));
}

#[test]
fn several_parts_make_a_body_in_the_pages_order() {
    let paragraph = |n: usize| {
        let words = [
            "The first boat of the morning left without its mooring rope, which the harbour office has since found on the roof",
            "Nobody reads what stands in the margin, the editor said, and yet four letters about it come in every single week",
            "Divers went down to the old lock gates on Tuesday, came up with a bicycle, and were thanked by its former owner",
            "A vote on the new bridge was put off until the spring, when those who are against it will be out at sea again",
        ];
        format!("<p>Part {n}. {}.</p>", words[n - 1])
    };
    let page = format!(
        "<html><body><h1>Report</h1><div><section class=b>{}</section><aside>{}</aside></div><section class=a>{}{}</section>",
        paragraph(1),
        paragraph(2),
        paragraph(3),
        paragraph(4)
    );
    let rule = "[[rule]]\nhost = \"news.holm.example\"\nbody = [\".a\", \".b\", \".b p\"]\n";
    let text = cleaned(&page, URL, &options(rule)).text;
    let numbers: String = text.chars().filter(char::is_ascii_digit).collect();
    assert_eq!(numbers, "134", "{text}");
}

#[test]
fn explanations_name_the_rule() {
    let url = Url::parse(URL).unwrap();
    let options = Options { explain: Explain::Yes, ..options(RULE) };
    let input = Input { bytes: PAGE.as_bytes(), url: Some(&url), ..Input::default() };
    let explanation = clean(&input, &options).unwrap().explanation.unwrap();
    assert!(explanation.body.contains("rule"));
    let titles: Vec<_> = explanation.fields.iter().filter(|field| field.field == "title").collect();
    assert!(titles.len() == 1 && titles[0].source == "rule of the site");
    assert_eq!(explanation.blocks.iter().filter(|block| block.kept).count(), 2);
}

struct Ran {
    code: i32,
    out: String,
    err: String,
}

fn run(folder: &Path, arguments: &[&str]) -> Ran {
    let mut command = Command::cargo_bin("copydesk").unwrap();
    let output = command.args(arguments).current_dir(folder).timeout(Duration::from_mins(1)).output().unwrap();
    Ran {
        code: output.status.code().unwrap(),
        out: String::from_utf8(output.stdout).unwrap(),
        err: String::from_utf8(output.stderr).unwrap(),
    }
}

fn folder(config: &str) -> (TempDir, PathBuf) {
    let folder = TempDir::new().unwrap();
    std::fs::write(folder.path().join("page.html"), PAGE).unwrap();
    std::fs::write(folder.path().join("my.toml"), config).unwrap();
    let path = folder.path().to_owned();
    (folder, path)
}

#[test]
fn clean_reads_the_configuration_that_is_named_or_found() {
    let (_folder, path) = folder(RULE);
    let plain = run(&path, &["clean", "--url", URL, "page.html"]);
    assert!(plain.out.starts_with("# Deck 4\n") && plain.err.is_empty(), "{}", plain.out);
    let named = run(&path, &["clean", "--config", "my.toml", "--url", URL, "page.html"]);
    assert!(named.out.starts_with("# Ferry returns with a new ramp\n\nThe ferry"), "{}", named.out);
    std::fs::copy(path.join("my.toml"), path.join("config.toml")).unwrap();
    assert_eq!(run(&path, &["clean", "--url", URL, "page.html"]).out, named.out);
    let row = json!({"id": 1, "url": URL, "html": PAGE}).to_string();
    let mut rows = Command::cargo_bin("copydesk").unwrap();
    let rows = rows.args(["clean", "--jsonl"]).current_dir(&path).write_stdin(row).output().unwrap();
    let record: Value = serde_json::from_slice(&rows.stdout).unwrap();
    assert_eq!(record["title"], "Ferry returns with a new ramp");
    // One that is wrong is refused if it was asked for, and passed over if it only lay there.
    std::fs::write(path.join("config.toml"), "title = \"My blog\"\n").unwrap();
    let found = run(&path, &["clean", "--url", URL, "page.html"]);
    assert!(found.code == 0 && found.out == plain.out, "{}", found.out);
    assert!(
        found.err.contains("config.toml:1: unknown key `title`") && found.err.contains("going on without"),
        "{}",
        found.err
    );
    let asked = run(&path, &["clean", "--config", "config.toml", "page.html"]);
    assert_eq!((asked.code, asked.out.as_str()), (2, ""));
    assert_eq!(run(&path, &["clean", "--config", "nowhere.toml", "page.html"]).code, 2);
}

#[test]
fn rules_test_shows_what_a_rule_does() {
    let (_folder, path) = folder(RULE);
    let words = run(&path, &["rules", "test", "page.html", "--url", URL, "--config", "my.toml"]);
    assert_eq!((words.code, words.err.as_str()), (0, ""));
    for line in [
        "The rule for *.holm.example on https://news.holm.example/ferry",
        "    body  .story\n          1 match: Ferry returns",
        "    date  .never\n          matches nothing, so it changes nothing",
        "   title  - Deck 4\n          + Ferry returns with a new ramp",
        " authors  - –\n          + Edda Kroll, Ivo Lund",
        "The article: 0 lines as before, 2 gone (-), 2 new (+)",
        "- Complaints are taken",
        "+ Two divers and a smith",
    ] {
        assert!(words.out.contains(line), "{}\nlacks\n{line}", words.out);
    }
    let json = run(&path, &["rules", "test", "page.html", "--url", URL, "--config", "my.toml", "--format", "json"]);
    let report: Value = serde_json::from_str(&json.out).unwrap();
    assert_eq!(
        report["selectors"][0],
        json!({"key": "body", "selector": ".story", "matches": 1, "sample": report["selectors"][0]["sample"]})
    );
    assert_eq!(report["with"]["title"], "Ferry returns with a new ramp");
    assert_eq!(report["without"]["title"], "Deck 4");
    assert_eq!((report["removed"].as_array().unwrap().len(), report["added"].as_array().unwrap().len()), (2, 2));
}

#[test]
fn rules_test_says_what_is_missing() {
    let (_folder, path) = folder(RULE);
    std::fs::write(path.join("none.toml"), "[fetch]\n").unwrap();
    std::fs::write(path.join("bad.toml"), "[[rule]]\nhost = \"a.test\"\nremove = \"p[\"\n").unwrap();
    for (arguments, code, words) in [
        (&["page.html", "--config", "my.toml"][..], 2, "say with --url"),
        (&["page.html", "--url", URL], 2, "cannot read the configuration config.toml"),
        (&["page.html", "--url", URL, "--config", "none.toml"], 2, "none.toml has no rule; add one"),
        (&["page.html", "--url", URL, "--config", "bad.toml"], 2, "bad.toml:3: `remove` in [[rule]] will not do"),
        (
            &["page.html", "--url", "http://a.test/", "--config", "my.toml"],
            2,
            "no rule for a.test; it has rules for *.holm.example",
        ),
        (&["gone.html", "--url", URL, "--config", "my.toml"], 1, "gone.html: there is no such file"),
        (&["http://127.0.0.1:9/", "--config", "my.toml"], 1, "--allow-host"),
        (&["http://127.0.0.1:9/", "--url", URL, "--config", "my.toml"], 2, "leave it out"),
    ] {
        let ran = run(&path, &[&["rules", "test"], arguments].concat());
        assert_eq!((ran.code, ran.out.as_str()), (code, ""), "{arguments:?} {}", ran.err);
        assert!(ran.err.contains(words), "{arguments:?} {}", ran.err);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_crawl_goes_by_the_rules() {
    let folder = TempDir::new().unwrap();
    let site = SampleSite::start().await.unwrap();
    let mut config = "[[rule]]\nhost = \"harbour-ledger.test\"\ntitle = \".cat-links\"\nremove = \".entry-content > p:last-of-type\"\n\
                      [[source]]\nname = \"ledger\"\nurl = \"http://harbour-ledger.test/\"\n"
        .to_owned();
    write!(
        config,
        "[fetch]\ndelay = \"0s\"\nretries = 0\nallow_hosts = [\"harbour-ledger.test\"]\n[fetch.resolve]\n\
         \"harbour-ledger.test\" = \"{}\"\n",
        site.addr()
    )
    .unwrap();
    std::fs::write(folder.path().join("config.toml"), config).unwrap();
    let path = folder.path().to_owned();
    let ran = tokio::task::spawn_blocking(move || run(&path, &["crawl", "-q"])).await.unwrap();
    assert_eq!(ran.code, 0, "{}{}", ran.out, ran.err);
    let day = std::fs::read_dir(folder.path().join("archive/jsonl/ledger")).unwrap().next().unwrap().unwrap();
    let records: Vec<Value> =
        std::fs::read_to_string(day.path()).unwrap().lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let flats = records.iter().find(|record| record["url"].as_str().unwrap().contains("ropeworks-flats")).unwrap();
    assert_eq!(flats["title"], "Business");
    let text = flats["text"].as_str().unwrap();
    assert!(
        text.starts_with("The ropeworks behind the fish market") && !text.contains("Building starts in April"),
        "{text}"
    );
}
