//! Pictures beside Markdown files: fetched as politely as pages, kept whole, linked, and known to those who keep the archive.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod support;

use copydesk::archive::keeping::{Gone, remove, verify};
use copydesk::archive::{Archive, ArchiveOptions, WhichImages};
use copydesk::crawl::{CrawlOptions, Parts, RunSummary, Silent, Source, run};
use copydesk::extract;
use copydesk::fetch::{FetchOptions, Fetcher};
use copydesk::frontier::{RevisitRule, SqliteFrontier};
use copydesk::model::Article;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};
use support::{FaultServer, Reply, Seen};
use tempfile::TempDir;
use tokio_util::sync::CancellationToken;

/// A picture of one pixel (GIF).
const GIF: &[u8] =
    b"GIF89a\x01\0\x01\0\x80\0\0\xff\xff\xff\0\0\0!\xf9\x04\x01\0\0\0\0,\0\0\0\0\x01\0\x01\0\0\x02\x02D\x01\0;";
/// The beginnings of others.
const PNG: &[u8] = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR and so on";
const JPEG: &[u8] = b"\xff\xd8\xff\xe0\0\x10JFIF and so on";
const WEBP: &[u8] = b"RIFF\x1a\0\0\0WEBPVP8L and so on";
const AVIF: &[u8] = b"\0\0\0\x1cftypavif\0\0\0\0mif1miaf and so on";

/// Bytes of a body at the most.
const MAX_BODY: u64 = 64 * 1024;

struct Rig {
    server: FaultServer,
    folder: TempDir,
    which: WhichImages,
    concurrency: usize,
}

impl Rig {
    fn new(server: FaultServer) -> Self {
        Self { server, folder: TempDir::new().unwrap(), which: WhichImages::All, concurrency: 4 }
    }

    fn parts(&self) -> Parts {
        let address = self.server.address;
        let fetch = FetchOptions {
            user_agent: "Copydesk/0.1".to_owned(),
            delay: Duration::ZERO,
            backoff: Duration::from_millis(1),
            timeout: Duration::from_secs(2),
            delay_factor: 0.0,
            retries: 1,
            max_body: MAX_BODY,
            allow_hosts: vec![address.to_string().parse().unwrap(), "pictures.test".parse().unwrap()],
            resolve: [("pictures.test".to_owned(), address)].into(),
            ..FetchOptions::default()
        };
        let mut source = Source::new("ledger", self.server.url("/"));
        source.feeds = vec![self.server.url("/feed.xml")];
        let archive =
            ArchiveOptions { path: self.folder.path().to_owned(), images: self.which, ..ArchiveOptions::default() };
        Parts {
            fetcher: Fetcher::new(fetch).unwrap(),
            frontier: Arc::new(SqliteFrontier::in_memory(RevisitRule::default()).unwrap()),
            archive: Archive::open(&archive).unwrap(),
            clean: extract::Options::default(),
            sources: vec![source],
        }
    }

    /// Crawls with a store of its own: all is new each time, as after a crash before the first commit.
    async fn crawl(&self) -> RunSummary {
        let options = CrawlOptions { concurrency: self.concurrency, ..CrawlOptions::default() };
        run(self.parts(), &options, Arc::new(Silent), CancellationToken::new()).await.unwrap()
    }

    /// The Markdown files.
    fn documents(&self) -> Vec<(PathBuf, String)> {
        let files = files_under(&self.folder.path().join("markdown"));
        let files = files.into_iter().filter(|file| file.extension().is_some_and(|extension| extension == "md"));
        files.map(|file| (file.clone(), fs::read_to_string(file).unwrap())).collect()
    }

    fn document(&self) -> (PathBuf, String) {
        let mut documents = self.documents();
        assert_eq!(documents.len(), 1, "{documents:?}");
        documents.remove(0)
    }

    /// The pictures, whole ones only.
    fn pictures(&self) -> Vec<PathBuf> {
        let mut files = files_under(&self.folder.path().join("markdown"));
        files.retain(|file| file.extension().is_none_or(|extension| extension != "md"));
        files
    }

    fn faults(&self) -> Vec<String> {
        let verified = verify(self.folder.path(), &[]).unwrap();
        verified.faults.into_iter().map(|fault| format!("{}: {}", fault.path, fault.problem)).collect()
    }

    fn record(&self) -> Article {
        let file = files_under(&self.folder.path().join("jsonl")).remove(0);
        serde_json::from_str(fs::read_to_string(file).unwrap().lines().last().unwrap()).unwrap()
    }
}

fn files_under(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).into_iter().flatten() {
        let path = entry.unwrap().path();
        if path.is_dir() { files.extend(files_under(&path)) } else { files.push(path) }
    }
    files.sort();
    files
}

fn is_gif(path: &str) -> bool {
    Path::new(path).extension().is_some_and(|extension| extension == "gif")
}

fn feed(seen: &Seen, paths: &[&str]) -> Reply {
    let host = seen.header("host").unwrap();
    let mut items = String::new();
    for path in paths {
        write!(items, "<item><title>Story</title><link>http://{host}{path}</link></item>").unwrap();
    }
    let text = format!("<rss version='2.0'><channel><title>Ledger</title>{items}</channel></rss>");
    Reply::new(200, "application/rss+xml", text)
}

/// A story with these pictures in its body, and a lead picture that only its head names.
fn story(head: &str, pictures: &[&str]) -> Reply {
    let mut body = String::new();
    for (number, picture) in pictures.iter().enumerate() {
        write!(
            body,
            "<figure><img src=\"{picture}\" alt=\"Picture {number}\" width=800 height=600><figcaption>Caption {number}</figcaption></figure>\
             <p>The ferry of the number {number} left the harbour early in the morning, and nobody at the pier could say \
             where it would be going, since the master had told the harbour office nothing of it before the weekend.</p>"
        )
        .unwrap();
    }
    Reply::html(&format!(
        "<html lang=en><head><title>The ferry</title><meta property=og:type content=article>{head}</head><body><article>\
         <h1>The ferry</h1><p>The ferry that left the harbour on Monday has been seen again off the northern cape, where \
         fishermen say that it went round in circles for a day, and then stood out to sea without a light.</p>{body}\
         </article></body></html>"
    ))
}

#[tokio::test]
async fn pictures_lie_beside_the_document_that_links_to_them() {
    let server = FaultServer::start(|seen: &Seen| match seen.path.as_str() {
        "/feed.xml" => feed(seen, &["/2026/11/01/the-ferry/"]),
        "/2026/11/01/the-ferry/" => {
            let host = seen.header("host").unwrap();
            let lead = format!("<meta property=og:image content=\"http://{host}/lead.jpg\">");
            story(&lead, &["/a_(1).png?w=800&amp;h=600", "/b.gif", "/c.webp", "/d.avif"])
        }
        "/lead.jpg" => Reply::new(200, "image/jpeg", JPEG),
        "/a_(1).png?w=800&h=600" => Reply::new(200, "image/png", PNG),
        // A picture without a type, and one behind a redirect.
        "/b.gif" => Reply::new(200, "", GIF),
        "/c.webp" => Reply::redirect(302, "/moved.webp"),
        "/moved.webp" => Reply::new(200, "image/webp", WEBP),
        "/d.avif" => Reply::new(200, "image/avif", AVIF),
        _ => Reply::status(404),
    })
    .await;
    let rig = Rig::new(server);
    let summary = rig.crawl().await;
    assert_eq!((summary.total.new, summary.total.pictures, summary.total.pictures_left), (1, 5, 0), "{summary:#?}");
    let (file, text) = rig.document();
    let mut bodies: Vec<Vec<u8>> = rig.pictures().iter().map(|picture| fs::read(picture).unwrap()).collect();
    bodies.sort();
    let mut expected = [GIF, PNG, JPEG, WEBP, AVIF].map(<[u8]>::to_vec);
    expected.sort();
    assert_eq!(bodies, expected);
    // Every link leads to a file from where the document lies, in body and front matter.
    let (front, body) = text.strip_prefix("---\n").unwrap().split_once("\n---\n").unwrap();
    let links: Vec<&str> = body.split("](").skip(1).map(|rest| rest.split(')').next().unwrap()).collect();
    assert_eq!(links.len(), 4, "{body}");
    for link in &links {
        assert!(!link.contains("://") && file.parent().unwrap().join(link).is_file(), "{link}");
    }
    let named: Vec<&str> =
        front.lines().filter_map(|line| line.trim().strip_prefix("file: \"")?.strip_suffix('"')).collect();
    assert!(!named.is_empty() && named.iter().all(|link| file.parent().unwrap().join(link).is_file()), "{front}");
    // The record keeps the publisher's addresses.
    let record = rig.record();
    assert!(record.images.iter().all(|image| image.url.as_deref().unwrap().starts_with("http://")), "{record:#?}");
    assert!(record.markdown.contains("/b.gif)") && !record.markdown.contains(".images/"));
    assert_eq!(rig.faults(), Vec::<String>::new());

    // What is there is not asked for again, though the store knows nothing of it.
    rig.crawl().await;
    for path in ["/lead.jpg", "/b.gif", "/c.webp", "/moved.webp", "/d.avif", "/a_(1).png?w=800&h=600"] {
        assert_eq!(rig.server.count(path), 1, "{path}");
    }
    assert_eq!(rig.server.count("/2026/11/01/the-ferry/"), 2);

    // A damaged one and a missing one are found.
    let pictures = rig.pictures();
    let mut bytes = fs::read(&pictures[0]).unwrap();
    bytes[5] ^= 1;
    fs::write(&pictures[0], bytes).unwrap();
    fs::remove_file(&pictures[1]).unwrap();
    let faults = rig.faults().join("\n");
    assert!(faults.contains("is not what the digest in its name says"), "{faults}");
    assert!(faults.contains("which is not there"), "{faults}");
    let name = |path: &PathBuf| path.file_name().unwrap().to_str().unwrap().to_owned();
    assert!(faults.contains(&name(&pictures[0])) && faults.contains(&name(&pictures[1])), "{faults}");

    // What is taken down takes its pictures with it.
    let gone = Gone { articles: [(record.id, u64::MAX)].into() };
    let removed = remove(rig.folder.path(), &gone).unwrap();
    assert!(removed.files.contains(&pictures[2].strip_prefix(rig.folder.path()).unwrap().to_str().unwrap().to_owned()));
    assert_eq!(files_under(&rig.folder.path().join("markdown")), Vec::<PathBuf>::new());
}

#[tokio::test]
async fn what_is_no_picture_leaves_its_link_and_costs_no_story() {
    let server = FaultServer::start(|seen: &Seen| match seen.path.as_str() {
        "/robots.txt" => Reply::new(200, "text/plain", "User-agent: *\nDisallow: /forbidden/\n"),
        "/feed.xml" => feed(seen, &["/2026/11/01/the-ferry/"]),
        "/2026/11/01/the-ferry/" => story(
            "",
            &[
                "/large.png",
                "/endless.png",
                "/page.png",
                "/private.png",
                "/forbidden/x.png",
                "/gone.png",
                "/drawing.jpg",
                "/disguised.jpg",
                "/named.png",
                "/reset.png",
                "/good.gif",
            ],
        ),
        // A gigabyte, by its own account and for real.
        "/large.png" => {
            Reply::bare(200).header("Content-Type", "image/png").header("Content-Length", "1073741824").forever(PNG)
        }
        "/endless.png" => Reply::bare(200).header("Content-Type", "image/png").send(PNG).forever(vec![0; 4096]),
        "/page.png" => Reply::new(200, "image/png", "<html><script>alert(1)</script></html>"),
        "/private.png" => Reply::redirect(302, "http://10.0.0.1/x.png"),
        "/drawing.jpg" => Reply::new(200, "image/svg+xml", "<svg xmlns='http://www.w3.org/2000/svg'><script/></svg>"),
        "/disguised.jpg" => Reply::new(200, "image/jpeg", "<svg xmlns='http://www.w3.org/2000/svg'><script/></svg>"),
        "/named.png" => Reply::new(200, "text/html", PNG),
        "/reset.png" => Reply::bare(200).header("Content-Type", "image/png").send(PNG).reset(),
        "/good.gif" => Reply::new(200, "image/gif", GIF),
        _ => Reply::status(404),
    })
    .await;
    let rig = Rig::new(server);
    let began = Instant::now();
    let summary = rig.crawl().await;
    assert!(began.elapsed() < Duration::from_mins(1), "{:?}", began.elapsed());
    assert_eq!((summary.total.new, summary.total.pictures, summary.total.pictures_left), (1, 1, 10), "{summary:#?}");
    // A picture that fails is no failure of the crawl.
    assert_eq!(summary.total.failed_in_all(), 0, "{summary:#?}");
    assert!(summary.total.bytes < 10 * MAX_BODY, "{}", summary.total.bytes);
    assert_eq!(rig.server.count("/forbidden/x.png"), 0);
    let (_, text) = rig.document();
    let body = text.split_once("\n---\n").unwrap().1;
    let outside = body.split("](").skip(1).filter(|link| link.starts_with("http://")).count();
    assert_eq!((outside, body.matches(".images/").count()), (10, 1), "{body}");
    let pictures = rig.pictures();
    assert_eq!(pictures.iter().map(|picture| fs::read(picture).unwrap()).collect::<Vec<_>>(), [GIF]);
    assert_eq!(rig.faults(), Vec::<String>::new());
}

#[tokio::test]
async fn only_what_is_wanted_is_fetched() {
    let server = FaultServer::start(|seen: &Seen| match seen.path.as_str() {
        "/feed.xml" => feed(seen, &["/2026/11/01/the-ferry/", "/2026/11/02/not-for-indexes/"]),
        "/2026/11/01/the-ferry/" => story("", &["/one.gif", "/two.gif"]),
        "/2026/11/02/not-for-indexes/" => story("<meta name=robots content=noimageindex>", &["/three.gif"]),
        path if is_gif(path) => Reply::new(200, "image/gif", GIF),
        _ => Reply::status(404),
    })
    .await;
    let mut rig = Rig::new(server);
    rig.which = WhichImages::Lead;
    rig.crawl().await;
    let count = |path: &str| rig.server.count(path);
    assert_eq!((count("/one.gif"), count("/two.gif"), count("/three.gif")), (1, 0, 0));
    assert_eq!((rig.documents().len(), rig.pictures().len()), (2, 1));
    rig.which = WhichImages::No;
    let rig = Rig { folder: TempDir::new().unwrap(), ..rig };
    rig.crawl().await;
    assert_eq!((rig.server.count("/one.gif"), rig.documents().len(), rig.pictures().len()), (1, 2, 0));
}

#[tokio::test]
async fn a_story_that_changed_keeps_what_it_links_to() {
    let server = FaultServer::start(|seen: &Seen| match seen.path.as_str() {
        "/feed.xml" => feed(seen, &["/2026/11/01/the-ferry/"]),
        "/2026/11/01/the-ferry/" if seen.before == 0 => story("", &["/one.gif", "/two.gif"]),
        "/2026/11/01/the-ferry/" => story("", &["/two.gif", "/three.png", "/one-more.png"]),
        "/three.png" | "/one-more.png" => Reply::new(200, "image/png", PNG),
        path if is_gif(path) => Reply::new(200, "image/gif", GIF),
        _ => Reply::status(404),
    })
    .await;
    let rig = Rig::new(server);
    rig.crawl().await;
    assert_eq!(rig.pictures().len(), 2);
    rig.crawl().await;
    assert_eq!(rig.server.count("/two.gif"), 1);
    let (_, text) = rig.document();
    let pictures = rig.pictures();
    assert_eq!(pictures.len(), 3, "{pictures:?}");
    for picture in pictures {
        assert!(text.contains(picture.file_name().unwrap().to_str().unwrap()), "{text}");
    }
}

/// A run that dies while pictures are fetched leaves whole pictures and no article; the next one asks only for the rest.
#[tokio::test]
async fn a_crash_in_between_costs_no_picture_that_was_there() {
    let server = FaultServer::start(|seen: &Seen| match seen.path.as_str() {
        "/feed.xml" => feed(seen, &["/2026/11/01/the-ferry/"]),
        "/2026/11/01/the-ferry/" => story("", &["/one.gif", "/two.png", "/three.gif"]),
        "/one.gif" | "/three.gif" => Reply::new(200, "image/gif", GIF),
        // The first time it hangs in the middle.
        "/two.png" if seen.before == 0 => {
            let head = Reply::bare(200).header("Content-Type", "image/png").header("Content-Length", "100");
            head.send(PNG).wait(Duration::from_mins(10))
        }
        "/two.png" => Reply::new(200, "image/png", PNG),
        _ => Reply::status(404),
    })
    .await;
    let rig = Rig::new(server);
    {
        let running = rig.crawl();
        tokio::pin!(running);
        let halfway = async {
            while rig.server.count("/two.png") == 0 {
                tokio::task::yield_now().await;
            }
        };
        tokio::select! {
            summary = &mut running => panic!("it ended: {summary:#?}"),
            () = halfway => {}
        }
    }
    assert_eq!(rig.documents(), []);
    assert_eq!(rig.pictures().len(), 1, "{:?}", rig.pictures());
    let summary = rig.crawl().await;
    assert_eq!((summary.total.new, summary.total.pictures), (1, 2), "{summary:#?}");
    assert_eq!((rig.server.count("/one.gif"), rig.server.count("/two.png")), (1, 2));
    assert_eq!(rig.pictures().len(), 3);
    assert_eq!(rig.faults(), Vec::<String>::new());
}

/// One place for pages, and a server of pictures that does not answer: the other stories come all the same.
#[tokio::test]
async fn pictures_hold_up_no_other_story() {
    let server = FaultServer::start(|seen: &Seen| match (seen.host(), seen.path.as_str()) {
        ("pictures.test", "/robots.txt") => Reply::status(404),
        ("pictures.test", _) => Reply::silent().wait(Duration::from_mins(10)),
        (_, "/feed.xml") => {
            feed(seen, &["/2026/11/03/first-story/", "/2026/11/02/second-story/", "/2026/11/01/third-story/"])
        }
        (_, path) if path.ends_with("-story/") => {
            let port = seen.header("host").unwrap().split(':').nth(1).unwrap();
            story("", &[&format!("http://pictures.test:{port}/{}.gif", path.len())])
        }
        _ => Reply::status(404),
    })
    .await;
    let mut rig = Rig::new(server);
    rig.concurrency = 1;
    let summary = rig.crawl().await;
    assert_eq!((summary.total.new, summary.total.pictures), (3, 0), "{summary:#?}");
    let log = rig.server.log();
    let end = |seen: &&Seen| seen.host() == "pictures.test" && is_gif(&seen.path);
    let first_end = log.iter().filter(end).map(|seen| seen.end).min().unwrap();
    let pages: Vec<&Seen> = log.iter().filter(|seen| seen.path.ends_with("-story/")).collect();
    assert_eq!(pages.len(), 3);
    assert!(pages.iter().all(|page| page.start < first_end), "{log:#?}");
}
