//! Every folder of `fixtures/pages` and `fixtures/scraped` is a test of its own: the source is cleaned and held against
//! `expected.md` and `expected.json`. `COPYDESK_UPDATE=1 cargo test --test pages` rewrites the expectations; review the
//! difference before you commit it.

use copydesk::extract::{Input, Options, clean, clean_text};
use copydesk::model::Article;
use libtest_mimic::{Arguments, Failed, Trial};
use serde_json::{Map, Value, json};
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use url::Url;

/// What `expected.json` holds, in its order.
const FIELDS: [&str; 16] = [
    "url",
    "canonical_url",
    "site_name",
    "title",
    "subtitle",
    "section",
    "tags",
    "authors",
    "published",
    "modified",
    "language",
    "summary",
    "images",
    "page_type",
    "paywalled",
    "text",
];

fn main() -> ExitCode {
    let arguments = Arguments::from_args();
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures");
    let mut trials = Vec::new();
    for kind in ["pages", "scraped"] {
        let folders = fs::read_dir(root.join(kind)).expect("the fixtures are part of the project");
        let mut folders: Vec<PathBuf> = folders.map(|entry| entry.expect("a readable folder").path()).collect();
        folders.sort();
        for folder in folders {
            let slug = folder.file_name().expect("a folder has a name").to_string_lossy().into_owned();
            trials.push(Trial::test(format!("{kind}::{slug}"), move || check(&folder)));
        }
    }
    libtest_mimic::run(&arguments, trials).exit_code()
}

fn check(folder: &Path) -> Result<(), Failed> {
    let expected_file = folder.join("expected.json");
    let expected: Map<String, Value> =
        serde_json::from_str(&fs::read_to_string(&expected_file)?).map_err(|error| error.to_string())?;
    let article = article(folder, expected.get("url").and_then(Value::as_str))?;
    let record = json!(article);
    if std::env::var_os("COPYDESK_UPDATE").is_some_and(|value| value == "1") {
        let fields: Map<String, Value> =
            FIELDS.iter().map(|&field| (field.to_owned(), record[field].clone())).collect();
        fs::write(&expected_file, format!("{:#}\n", Value::Object(ordered(&fields))))?;
        fs::write(folder.join("expected.md"), format!("{}\n", article.markdown))?;
        return Ok(());
    }
    let mut report = String::new();
    for field in FIELDS {
        let wanted = expected.get(field).ok_or_else(|| format!("expected.json has no {field:?}"))?;
        if *wanted != record[field] {
            writeln!(report, "{field}:\n  expected {wanted}\n  got      {}", record[field])?;
        }
    }
    let wanted = fs::read_to_string(folder.join("expected.md"))?;
    if wanted.trim_end() != article.markdown {
        writeln!(report, "markdown:\n{}", difference(wanted.trim_end(), &article.markdown))?;
    }
    if report.is_empty() { Ok(()) } else { Err(report.into()) }
}

fn ordered(fields: &Map<String, Value>) -> Map<String, Value> {
    FIELDS.iter().map(|&field| (field.to_owned(), fields[field].clone())).collect()
}

fn article(folder: &Path, url: Option<&str>) -> Result<Article, Failed> {
    let scraped = folder.join("source.txt");
    if scraped.exists() {
        return Ok(clean_text(&fs::read_to_string(scraped)?, &Options::default()).article);
    }
    let bytes = fs::read(folder.join("source.html"))?;
    let url = url.map(Url::parse).transpose().map_err(|error| error.to_string())?;
    let input = Input { bytes: &bytes, url: url.as_ref(), ..Input::default() };
    Ok(clean(&input, &Options::default()).map_err(|error| error.to_string())?.article)
}

/// The lines that differ, by longest common subsequence.
fn difference(wanted: &str, got: &str) -> String {
    let (a, b): (Vec<&str>, Vec<&str>) = (wanted.lines().collect(), got.lines().collect());
    let mut common = vec![vec![0_u32; b.len() + 1]; a.len() + 1];
    for i in (0..a.len()).rev() {
        for j in (0..b.len()).rev() {
            common[i][j] = if a[i] == b[j] { common[i + 1][j + 1] + 1 } else { common[i + 1][j].max(common[i][j + 1]) };
        }
    }
    let (mut i, mut j, mut out) = (0, 0, String::new());
    while i < a.len() || j < b.len() {
        if i < a.len() && j < b.len() && a[i] == b[j] {
            (i, j) = (i + 1, j + 1);
        } else if j == b.len() || (i < a.len() && common[i + 1][j] >= common[i][j + 1]) {
            out.extend(["  - ", a[i], "\n"]);
            i += 1;
        } else {
            out.extend(["  + ", b[j], "\n"]);
            j += 1;
        }
    }
    out
}
