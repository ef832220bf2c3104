//! `copydesk export wacz`: packages that the tool of those who wrote the standard accepts, of which every line of the index
//! leads to a record, and every revisit to what it stands for.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

#[path = "support/crawled_site.rs"]
mod crawled_site;
#[path = "support/python.rs"]
mod python;

use assert_cmd::cargo::cargo_bin;
use copydesk::sample_site::expected;
use crawled_site::CrawledSite;
use serde::Deserialize;
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::{Command, Output};

/// Reads a package: each line of its index with the record that it leads to, and the pages.
const READ: &str = r#"
import io, json, sys, zipfile
from warcio.archiveiterator import ArchiveIterator
package = zipfile.ZipFile(sys.argv[1])
assert package.testzip() is None
for entry in package.infolist():
    assert entry.compress_type == 0, entry.filename
archives = {name.split("/")[1]: package.read(name) for name in package.namelist() if name.startswith("archive/")}
captures = []
for line in package.read("indexes/index.cdxj").decode().splitlines():
    key, time, fields = line.split(" ", 2)
    fields = json.loads(fields)
    start, length = int(fields["offset"]), int(fields["length"])
    member = archives[fields["filename"]][start:start + length]
    record = next(iter(ArchiveIterator(io.BytesIO(member), check_digests="raise")))
    captures.append({"kind": record.rec_type, "url": record.rec_headers["WARC-Target-URI"], "date": record.rec_headers["WARC-Date"],
                     "digest": record.rec_headers["WARC-Payload-Digest"], "listed": fields["url"], "file": fields["filename"]})
pages = [json.loads(line) for line in package.read("pages/pages.jsonl").decode().splitlines()]
print(json.dumps({"files": sorted(archives), "captures": captures, "pages": pages[1:], "head": pages[0]}))
"#;

#[derive(Debug, Deserialize)]
struct Package {
    files: Vec<String>,
    captures: Vec<Capture>,
    pages: Vec<BTreeMap<String, String>>,
    head: BTreeMap<String, String>,
}

#[derive(Debug, Deserialize)]
struct Capture {
    kind: String,
    url: String,
    date: String,
    digest: String,
    listed: String,
    file: String,
}

fn export(site: &CrawledSite, arguments: &[&str]) -> Output {
    let mut command = Command::new(cargo_bin("copydesk"));
    command.args(["export", "wacz"]).args(arguments).current_dir(site.folder.path());
    command.output().unwrap()
}

/// A package, checked by the standard's own tool.
fn package(site: &CrawledSite, name: &str, arguments: &[&str]) -> Package {
    let output = export(site, &[&[name], arguments].concat());
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let file = site.folder.path().join(name);
    let checked =
        Command::new(python::python().with_file_name("wacz")).args(["validate", "-f"]).arg(&file).output().unwrap();
    let said = String::from_utf8_lossy(&checked.stdout).into_owned() + &String::from_utf8_lossy(&checked.stderr);
    assert!(checked.status.success() && said.contains("the passed WACZ is valid"), "{said}");
    serde_json::from_str(&python::run(READ, &[file.to_str().unwrap()])).unwrap()
}

/// Every revisit has what it stands for in the package, and every page a capture.
fn is_whole(package: &Package) {
    for capture in &package.captures {
        assert_eq!(capture.url, capture.listed);
        if capture.kind == "revisit" {
            assert!(
                package.captures.iter().any(|one| one.kind == "response" && one.digest == capture.digest),
                "{capture:?}"
            );
        }
    }
    assert_eq!(package.head["format"], "json-pages-1.0");
    for page in &package.pages {
        assert!(package.captures.iter().any(|one| one.url == page["url"] && one.date == page["ts"]), "{page:?}");
    }
}

fn everything_is_due(site: &CrawledSite) {
    let store = rusqlite::Connection::open(site.archive().join("copydesk.db")).unwrap();
    store.execute("UPDATE url SET due = 1 WHERE due IS NOT NULL", []).unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_package_of_all_and_one_of_a_source() {
    let site = CrawledSite::new("", "").await;
    site.crawl();
    everything_is_due(&site);
    site.crawl();
    let all = package(&site, "all.wacz", &[]);
    is_whole(&all);
    assert_eq!((all.files.len(), all.pages.len()), (3, expected().len()));
    assert!(all.captures.iter().any(|capture| capture.kind == "revisit"));
    assert!(all.pages.iter().all(|page| !page["title"].is_empty()));

    let one = package(&site, "one.wacz", &["--source", "harbour-ledger"]);
    is_whole(&one);
    assert!(
        one.files.iter().all(|file| file.starts_with("harbour-ledger-") || file == "originals.warc.gz"),
        "{:?}",
        one.files
    );
    assert!(one.captures.len() < all.captures.len());
    assert!(
        one.captures
            .iter()
            .filter(|capture| capture.file != "originals.warc.gz")
            .all(|one| one.url.contains("harbour-ledger"))
    );

    // Without its index the archive gives the same.
    fs::remove_dir_all(site.archive().join("warc/indexes")).unwrap();
    let again = package(&site, "again.wacz", &[]);
    assert_eq!((again.files, again.captures.len()), (all.files, all.captures.len()));

    // And what was packed can be cleaned again.
    let output = Command::new(cargo_bin("copydesk"))
        .args(["reclean", "one.wacz"])
        .current_dir(site.folder.path())
        .output()
        .unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    for article in expected().iter().filter(|article| article.source == "harbour-ledger") {
        assert!(text.contains(&serde_json::to_string(&article.title).unwrap()), "{}", article.title);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_package_of_one_day_has_what_its_revisits_stand_for() {
    let site = CrawledSite::new("", "").await;
    site.crawl();
    // As if that had been on another day.
    for folder in fs::read_dir(site.archive().join("warc")).unwrap().map(|entry| entry.unwrap().path()) {
        for file in fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path()) {
            let name = file.file_name().unwrap().to_str().unwrap().to_owned();
            if let Some(source) = name.strip_suffix("-0001.warc.gz").and_then(|stem| stem.rsplit_once('-')) {
                fs::rename(&file, folder.join(format!("{}-20200229-0001.warc.gz", source.0))).unwrap();
            }
        }
    }
    everything_is_due(&site);
    site.crawl();
    let later = package(&site, "later.wacz", &["--since", "2020-03-01"]);
    is_whole(&later);
    assert!(later.files.iter().any(|file| file == "originals.warc.gz"), "{:?}", later.files);
    assert!(later.files.iter().all(|file| !file.contains("20200229")));
    let earlier = package(&site, "earlier.wacz", &["--until", "2020-02-29"]);
    is_whole(&earlier);
    assert_eq!((earlier.files.len(), earlier.pages.len()), (3, expected().len()));
    let neither = export(&site, &["none.wacz", "--since", "2020-03-01", "--until", "2020-03-01"]);
    assert!(String::from_utf8_lossy(&neither.stderr).contains("is empty"), "{neither:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_package_that_cannot_be_written_leaves_nothing() {
    let site = CrawledSite::new("", "").await;
    site.crawl();
    fs::write(site.folder.path().join("file"), "no folder").unwrap();
    let output = export(&site, &["file/all.wacz"]);
    assert_eq!(output.status.code(), Some(1));
    // A file that vanished while its index still knows it.
    let warc = fs::read_dir(site.archive().join("warc/harbour-ledger")).unwrap().next().unwrap().unwrap().path();
    fs::remove_file(&warc).unwrap();
    let output = export(&site, &["all.wacz", "--source", "harbour-ledger"]);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let left = |name: &str| Path::exists(&site.folder.path().join(name));
    assert!(left("all.wacz") && !left(".all.wacz.part"));
}
