//! The WARC files of a crawl as other people's programs read them: warcio checks every record and digest, pywb replays a
//! page from the CDXJ files; and what the files say of the exchanges and of the articles that came of them.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

#[path = "support/archived.rs"]
mod archived;
#[path = "support/crawled_site.rs"]
mod crawled_site;
#[path = "support/python.rs"]
mod python;

use archived::{files_under, records};
use copydesk::sample_site::expected;
use crawled_site::CrawledSite;
use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::{Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};
use tempfile::TempDir;

/// Reads files with warcio, which checks every digest, and prints each record as a line of JSON.
const READ: &str = r#"
import base64, json, sys
from warcio.archiveiterator import ArchiveIterator
for path in sys.argv[1:]:
    with open(path, "rb") as file:
        records = ArchiveIterator(file, check_digests="raise")
        for record in records:
            http = record.http_headers
            block = record.raw_stream.read()
            print(json.dumps({
                "file": path,
                "kind": record.rec_type,
                "offset": records.get_record_offset(),
                "length": records.get_record_length(),
                "fields": dict(record.rec_headers.headers),
                "status": http.statusline if http else None,
                "http": http.headers if http else [],
                "block": base64.b64encode(block).decode(),
            }))
"#;

/// A record as warcio reads it.
#[derive(Debug, Deserialize)]
struct Record {
    file: String,
    kind: String,
    offset: u64,
    length: u64,
    fields: BTreeMap<String, String>,
    status: Option<String>,
    http: Vec<(String, String)>,
    /// Base64; of an answer the body alone.
    block: String,
}

impl Record {
    fn field(&self, name: &str) -> &str {
        self.fields.get(name).map_or("", String::as_str)
    }

    fn url(&self) -> &str {
        self.field("WARC-Target-URI")
    }

    fn id(&self) -> &str {
        self.field("WARC-Record-ID")
    }

    fn block(&self) -> Vec<u8> {
        let digit = |byte: u8| match byte {
            b'A'..=b'Z' => u32::from(byte - b'A'),
            b'a'..=b'z' => u32::from(byte - b'a') + 26,
            b'0'..=b'9' => u32::from(byte - b'0') + 52,
            b'+' => 62,
            b'/' => 63,
            other => panic!("{other} is no digit"),
        };
        let mut bytes = Vec::new();
        for chunk in self.block.trim_end_matches('=').as_bytes().chunks(4) {
            let number = chunk.iter().fold(0, |number, byte| number << 6 | digit(*byte)) << (6 * (4 - chunk.len()));
            bytes.extend_from_slice(&number.to_be_bytes()[1..chunk.len()]);
        }
        bytes
    }

    fn text(&self) -> String {
        String::from_utf8(self.block()).unwrap()
    }
}

struct Rig(CrawledSite);

impl Rig {
    async fn new(archive: &str, crawl: &str) -> Self {
        Self(CrawledSite::new(archive, crawl).await)
    }

    fn archive(&self) -> PathBuf {
        self.0.archive()
    }

    fn crawl(&self) {
        self.0.crawl();
    }

    /// Crawls again as if everything were due.
    fn crawl_again(&self) {
        let store = rusqlite::Connection::open(self.archive().join("copydesk.db")).unwrap();
        store.execute("UPDATE url SET due = 1 WHERE due IS NOT NULL", []).unwrap();
        drop(store);
        self.crawl();
    }

    fn files(&self) -> Vec<PathBuf> {
        let mut files = files_under(&self.archive().join("warc"));
        files.retain(|path| path.extension().is_some_and(|extension| extension == "gz"));
        files
    }

    /// Every record, as warcio reads it.
    fn records(&self) -> Vec<Record> {
        let files = self.files();
        let files: Vec<&str> = files.iter().map(|path| path.to_str().unwrap()).collect();
        let lines = python::run(READ, &files);
        lines.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
    }

    /// The lines of every CDXJ file: key, time, fields.
    fn cdxj(&self) -> Vec<(String, String, BTreeMap<String, String>)> {
        let mut lines = Vec::new();
        for file in files_under(&self.archive().join("warc/indexes")) {
            if file.extension().is_none_or(|extension| extension != "cdxj") {
                continue;
            }
            let text = fs::read_to_string(&file).unwrap();
            let of_file: Vec<&str> = text.lines().collect();
            assert!(of_file.is_sorted(), "{}", file.display());
            lines.extend(of_file.into_iter().map(|line| {
                let (key, rest) = line.split_once(' ').unwrap();
                let (time, fields) = rest.split_once(' ').unwrap();
                (key.to_owned(), time.to_owned(), serde_json::from_str(fields).unwrap())
            }));
        }
        lines
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn warcio_checks_every_record_of_a_crawl() {
    let rig = Rig::new("", "").await;
    rig.crawl();
    let first = rig.records();
    rig.crawl_again();
    let all = rig.records();
    assert!(all.len() > first.len());

    let ids: BTreeSet<&str> = all.iter().map(Record::id).collect();
    assert_eq!(ids.len(), all.len(), "each name once");
    let mut files: Vec<&str> = all.iter().map(|record| record.file.as_str()).collect();
    files.dedup();
    assert_eq!(files.len(), 3, "a file a source");
    for file in files {
        let name = Path::new(file).file_name().unwrap().to_str().unwrap();
        let infos: Vec<&Record> = all.iter().filter(|one| one.file == file && one.kind == "warcinfo").collect();
        assert!(infos.len() == 1 && infos[0].offset == 0, "{file}");
        assert_eq!(infos[0].field("WARC-Filename"), name);
        assert!(infos[0].text().contains("format: WARC File Format 1.1\r\n"));
    }

    // What the server's log has is what the archive has, exchange by exchange.
    let answers = |kind: &'static str| all.iter().filter(move |record| record.kind == kind);
    let mut served: Vec<(String, u16)> =
        rig.0.site.requests().into_iter().map(|one| (format!("http://{}{}", one.host, one.path), one.status)).collect();
    served.sort();
    let code = |record: &Record| -> u16 {
        let line = record.status.clone().unwrap();
        line.split(' ').find_map(|word| word.parse().ok()).unwrap()
    };
    let mut kept: Vec<(String, u16)> =
        answers("response").chain(answers("revisit")).map(|one| (one.url().to_owned(), code(one))).collect();
    kept.sort();
    assert_eq!(kept, served);
    assert!(served.iter().any(|(_, status)| *status == 301) && served.iter().any(|(_, status)| *status == 404));
    assert!(served.iter().any(|(_, status)| *status == 503) && served.iter().any(|(_, status)| *status == 304));
    for answer in answers("response").chain(answers("revisit")) {
        assert_eq!(answer.field("WARC-IP-Address"), "127.0.0.1");
        assert_eq!(answer.field("WARC-Protocol"), "http/1.1");
        assert!(answer.field("WARC-Payload-Digest").starts_with("sha256:"));
        let requests = all.iter().filter(|one| one.kind == "request" && one.field("WARC-Concurrent-To") == answer.id());
        let requests: Vec<&Record> = requests.collect();
        assert!(requests.len() == 1 && requests[0].url() == answer.url(), "{answer:?}");
        assert!(
            requests[0].status.as_ref().unwrap().starts_with("GET /")
                || requests[0].status.as_ref().unwrap().starts_with('/')
        );
        assert!(requests[0].http.iter().any(|(name, _)| name == "host"));
    }

    // What is not kept again stands where its record says.
    let by_digest: BTreeMap<&str, &Record> =
        answers("response").map(|one| (one.field("WARC-Payload-Digest"), one)).collect();
    let (mut identical, mut unchanged) = (0, 0);
    for revisit in answers("revisit") {
        let original = by_digest[revisit.field("WARC-Payload-Digest")];
        assert_eq!(revisit.field("WARC-Refers-To"), original.id());
        assert_eq!(revisit.field("WARC-Refers-To-Target-URI"), original.url());
        assert_eq!(revisit.field("WARC-Refers-To-Date"), original.field("WARC-Date"));
        match revisit.field("WARC-Profile") {
            "http://netpreserve.org/warc/1.1/revisit/identical-payload-digest" => identical += 1,
            "http://netpreserve.org/warc/1.1/revisit/server-not-modified" => {
                assert_eq!((code(revisit), original.url()), (304, revisit.url()));
                unchanged += 1;
            }
            other => panic!("{other}"),
        }
    }
    assert!(identical > 0 && unchanged > 0, "{identical} identical, {unchanged} unchanged");

    // The articles, as they are in the JSON lines, each beside the answer that it came of.
    let articles: BTreeMap<String, copydesk::model::Article> =
        records(&rig.archive()).into_iter().map(|(_, article)| (article.id.clone(), article)).collect();
    assert_eq!(articles.len(), expected().len());
    let mut found = 0;
    for record in answers("metadata") {
        let article: copydesk::model::Article = serde_json::from_slice(&record.block()).unwrap();
        assert_eq!(articles[&article.id], article);
        let text = answers("conversion").find(|one| one.url() == record.url()).unwrap();
        assert_eq!(text.text(), article.text);
        for derived in [record, text] {
            let source = all.iter().find(|one| one.id() == derived.field("WARC-Refers-To")).unwrap();
            assert_eq!((source.kind.as_str(), source.url()), ("response", record.url()));
        }
        found += 1;
    }
    assert_eq!(found, expected().len());

    // The index knows every answer, and where it lies.
    let lines = rig.cdxj();
    assert_eq!(lines.len(), kept.iter().filter(|(_, status)| *status != 304).count());
    for (key, time, fields) in &lines {
        let record = all.iter().find(|one| {
            one.file.ends_with(&format!("/warc/{}", fields["filename"])) && one.offset.to_string() == fields["offset"]
        });
        let record = record.unwrap();
        assert_eq!((fields["url"].as_str(), fields["length"].parse()), (record.url(), Ok(record.length)));
        assert_eq!(*time, record.field("WARC-Date").replace(['-', ':', 'T', 'Z'], ""));
        assert_eq!(fields["digest"], record.field("WARC-Payload-Digest"));
        assert_eq!(fields["status"], code(record).to_string());
        assert_eq!(fields["mime"] == "warc/revisit", record.kind == "revisit");
        assert!(key.starts_with("test,"), "{key}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_index_that_is_lost_or_damaged_is_made_again_from_the_files() {
    let rig = Rig::new("rotate_size = \"20kB\"", "").await;
    rig.crawl();
    assert!(rig.files().len() > 3, "several files a source");
    let lines = |rig: &Rig| rig.cdxj().into_iter().collect::<BTreeSet<_>>();
    let whole = lines(&rig);
    let indexes = rig.archive().join("warc/indexes");
    for damage in 0..3 {
        match damage {
            0 => fs::remove_dir_all(&indexes).unwrap(),
            1 => fs::write(
                indexes.join("index.db"),
                "this is no database, but it is as long as a header of one is, or longer",
            )
            .unwrap(),
            _ => fs::write(indexes.join("left-over-20200101-0001.cdxj"), "x\n").unwrap(),
        }
        rig.crawl_again();
        let again = lines(&rig);
        assert!(whole.is_subset(&again), "{damage}");
        // Revisits need the index; what was fetched again is known to be the same.
        let responses = rig.records().iter().filter(|one| one.kind == "response").count();
        let digests: BTreeSet<_> = again
            .iter()
            .filter(|(_, _, fields)| fields["mime"] != "warc/revisit")
            .map(|(_, _, fields)| fields["digest"].clone())
            .collect();
        assert!(responses <= digests.len() + 3, "{responses} answers of {} payloads", digests.len());
        assert!(!indexes.join("left-over-20200101-0001.cdxj").exists());
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_page_that_may_not_be_kept_is_not() {
    let rig = Rig::new("", "respect = [\"noarchive\"]").await;
    let url = &expected()[0].url;
    let parsed = url::Url::parse(url).unwrap();
    let secret = "<!doctype html><html><head><meta name=robots content=noarchive><title>Kept off</title></head><body>\
         <article><h1>Kept off</h1><p>The harbour board met and asked that nobody keep this page, whatever happens.</p></article>";
    rig.0.site.replace(parsed.host_str().unwrap(), parsed.path(), secret);
    rig.crawl();
    let records = rig.records();
    assert!(records.len() > 50);
    for record in &records {
        assert_ne!(record.url(), url, "{record:?}");
        assert!(!String::from_utf8_lossy(&record.block()).contains("asked that nobody"));
    }
}

/// A pywb that ends with the value.
struct Wayback(Child);

impl Drop for Wayback {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// What a server on this machine answers, head and body.
fn get(port: u16, path: &str) -> Option<Vec<u8>> {
    let mut stream = TcpStream::connect(("127.0.0.1", port)).ok()?;
    write!(stream, "GET {path} HTTP/1.0\r\nHost: 127.0.0.1\r\n\r\n").ok()?;
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).ok()?;
    Some(answer)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn pywb_replays_a_page_from_the_index() {
    let rig = Rig::new("", "").await;
    rig.crawl();
    rig.crawl_again();
    let warc = rig.archive().join("warc");
    let home = TempDir::new().unwrap();
    let config = format!(
        "collections:\n  news:\n    index_paths: {0}/indexes\n    archive_paths: {0}/\nframed_replay: false\n",
        warc.display()
    );
    fs::write(home.path().join("config.yaml"), config).unwrap();
    let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let log = fs::File::create(home.path().join("log")).unwrap();
    let wayback = Command::new(python::python().with_file_name("wayback"))
        .args(["--bind", "127.0.0.1", "--port", &port.to_string()])
        .current_dir(home.path())
        .stdout(Stdio::null())
        .stderr(log)
        .spawn()
        .unwrap();
    let _wayback = Wayback(wayback);
    let began = Instant::now();
    while get(port, "/").is_none_or(|answer| answer.is_empty()) {
        let log = fs::read_to_string(home.path().join("log")).unwrap();
        assert!(began.elapsed() < Duration::from_mins(2), "pywb does not start: {log}");
        std::thread::sleep(Duration::from_millis(200));
    }
    // As it was served, to the byte: an article, a page in another charset, and one that was answered 304 or sent again since.
    let records = rig.records();
    let of = |profile: &str, status: &str| {
        let wanted = |one: &&Record| {
            one.field("WARC-Profile").ends_with(profile)
                && one.status.as_ref().is_some_and(|line| line.contains(status))
        };
        records.iter().find(wanted).unwrap().url().to_owned()
    };
    let again = [of("server-not-modified", "304"), of("identical-payload-digest", "200")];
    let articles = records.iter().filter(|one| one.kind == "metadata");
    let mut urls: Vec<String> = articles.map(|one| one.url().to_owned()).collect();
    assert_eq!(urls.len(), expected().len());
    urls.extend(again);
    for url in urls {
        let answer = get(port, &format!("/news/20300101000000id_/{url}")).unwrap();
        let at = answer.windows(4).position(|window| window == b"\r\n\r\n").unwrap();
        let head = String::from_utf8_lossy(&answer[..at]);
        assert!(head.split("\r\n").next().unwrap().contains(" 200 "), "{url}: {head}");
        // What was sent again stands where it was sent first.
        let good = |one: &&Record| one.url() == url && one.status.as_ref().unwrap().contains("200");
        let last = records.iter().filter(|one| matches!(one.kind.as_str(), "response" | "revisit")).rfind(good);
        let digest = last.unwrap().field("WARC-Payload-Digest");
        let original = records.iter().find(|one| one.kind == "response" && one.field("WARC-Payload-Digest") == digest);
        assert_eq!(&answer[at + 4..], original.unwrap().block(), "{url}");
    }
    let missing =
        String::from_utf8_lossy(&get(port, "/news/20300101000000id_/http://harbour-ledger.test/never").unwrap())
            .into_owned();
    assert!(missing.split("\r\n").next().unwrap().contains(" 404 "), "{missing}");
}
