//! What a site says of its pages at first and takes back later, or says wrongly: stories are not lost by it, and no notice
//! takes a story's place. Real runs of the program, by the server's log and by what is in the archive.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod support;

use assert_cmd::cargo::cargo_bin;
use serde_json::Value;
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::time::Duration;
use support::{FaultServer, Reply, Seen};
use tempfile::TempDir;

/// A site whose feed names its stories, and an archive for it.
struct Rig {
    server: FaultServer,
    folder: TempDir,
}

impl Rig {
    async fn new(
        stories: &'static [&'static str],
        answer: impl Fn(&Seen) -> Reply + Send + Sync + 'static,
        source: &str,
    ) -> Self {
        let server = FaultServer::start(move |seen: &Seen| match seen.path.as_str() {
            "/robots.txt" => Reply::new(200, "text/plain", ""),
            "/feed.xml" => {
                let host = seen.header("host").unwrap();
                let item = |path: &&str| {
                    let title = headline(path);
                    format!("<item><title>{title}</title><link>http://{host}{path}</link></item>")
                };
                let items = stories.iter().map(item).collect::<Vec<_>>().concat();
                let feed = format!("<rss version=\"2.0\"><channel><title>Ledger</title>{items}</channel></rss>");
                Reply::new(200, "application/rss+xml", feed)
            }
            _ => answer(seen),
        })
        .await;
        let folder = TempDir::new().unwrap();
        let address = server.address;
        let config = format!(
            "[fetch]\nuser_agent = \"Thoughts/1\"\nallow_hosts = [\"{address}\"]\ndelay = \"10ms\"\n\
             max_retry_wait = \"3s\"\n[[source]]\nname = \"ledger\"\nurl = \"http://{address}/\"\nfeeds = [\"/feed.xml\"]\n\
             {source}\n"
        );
        std::fs::write(folder.path().join("config.toml"), config).unwrap();
        Self { server, folder }
    }

    /// Gives the source another feed in place of its own.
    fn read_instead(&self, feed: &str) {
        let path = self.folder.path().join("config.toml");
        let config = std::fs::read_to_string(&path).unwrap().replace("/feed.xml", feed);
        std::fs::write(path, config).unwrap();
    }

    async fn crawl(&self) {
        let mut command = Command::new(cargo_bin("copydesk"));
        command.args(["crawl", "--quiet"]).current_dir(self.folder.path()).stdout(Stdio::null()).stderr(Stdio::null());
        tokio::task::spawn_blocking(move || command.status().unwrap()).await.unwrap();
    }

    /// Makes everything due that waits for its time.
    fn let_time_pass(&self) {
        let store = rusqlite::Connection::open(self.folder.path().join("archive/copydesk.db")).unwrap();
        let all = "UPDATE url SET due = 1, fetched = 1 WHERE due IS NOT NULL OR state = 'FETCHED'";
        store.execute(all, []).unwrap();
    }

    /// Makes a story due that rests, as a feed does that tells of a change.
    fn announce_change(&self, path: &str) {
        let store = rusqlite::Connection::open(self.folder.path().join("archive/copydesk.db")).unwrap();
        let due =
            "UPDATE url SET state = 'DISCOVERED', due = 1, ready = 1, attempts = 0, redirect = NULL WHERE url LIKE ?1";
        assert_eq!(store.execute(due, [format!("%{path}")]).unwrap(), 1);
    }

    /// The records of the archive, in the order in which they were written.
    fn records(&self) -> Vec<Value> {
        let folder: PathBuf = self.folder.path().join("archive/jsonl/ledger");
        let mut records: Vec<Value> = std::fs::read_dir(folder)
            .into_iter()
            .flatten()
            .flat_map(|file| {
                let text = std::fs::read_to_string(file.unwrap().path()).unwrap();
                text.lines().map(|line| serde_json::from_str(line).unwrap()).collect::<Vec<Value>>()
            })
            .collect();
        records.sort_by_key(|record| record["seq"].as_u64());
        records
    }

    /// The paths of the stories that were archived, without doubles, in order.
    fn paths(&self) -> Vec<String> {
        let path = |record: &Value| url::Url::parse(record["url"].as_str().unwrap()).unwrap().path().to_owned();
        let mut paths: Vec<String> = self.records().iter().map(path).collect();
        paths.sort();
        paths.dedup();
        paths
    }
}

const FERRY: &str = "/2026/11/01/the-night-ferry-stays/";
const BRIDGE: &str = "/2026/11/02/a-bridge-for-lorries/";
const CHOIR: &str = "/2026/11/03/school-choir-wins-a-prize/";

/// A story under a headline of its own; what is said stands in its words.
fn story(headline: &str, head: &str) -> Reply {
    let text = format!("What there is to say of this was said on Monday: {headline}, and nothing else. ").repeat(12);
    Reply::html(&format!(
        "<html lang=en><head><title>{headline}</title><meta property=og:type content=article>{head}</head>\
         <body><article><h1>{headline}</h1><p>{text}</p></article></body></html>"
    ))
}

fn headline(path: &str) -> &'static str {
    match path {
        FERRY => "Council keeps the night ferry",
        BRIDGE => "Builders begin work upon new crossing",
        _ => "Pupils of Brackwater sing best",
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_story_that_cannot_be_had_at_first_is_asked_for_again() {
    let answers: [fn() -> Reply; 8] = [
        || Reply::status(404),
        || Reply::status(403),
        || Reply::new(200, "text/html", ""),
        || Reply::status(304),
        || Reply::redirect(302, "/"),
        || Reply::redirect(302, FERRY),
        EMPTY[2],
        EMPTY[3],
    ];
    for first in answers {
        let answer = move |seen: &Seen| match seen.path.as_str() {
            "/" => Reply::html("<p>Front page.</p>"),
            path if seen.before == 0 => {
                assert_eq!(path, FERRY);
                first()
            }
            path => story(headline(path), ""),
        };
        let rig = Rig::new(&[FERRY], answer, "").await;
        rig.crawl().await;
        let asked = rig.server.count(FERRY);
        assert!(rig.records().is_empty() && asked >= 1);
        rig.crawl().await;
        assert_eq!(rig.server.count(FERRY), asked, "not before its time");
        rig.let_time_pass();
        rig.crawl().await;
        assert_eq!(rig.paths(), [FERRY], "{:?}", first());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_gone_for_good_is_not_asked_for_again_and_the_rest_not_for_ever() {
    let answer = |seen: &Seen| Reply::status(if seen.path == FERRY { 410 } else { 404 });
    let rig = Rig::new(&[FERRY, BRIDGE], answer, "").await;
    for _ in 0..6 {
        rig.crawl().await;
        rig.let_time_pass();
    }
    assert_eq!((rig.server.count(FERRY), rig.server.count(BRIDGE)), (1, 4));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_site_that_answers_nothing_but_503_is_asked_ever_more_seldom_and_then_left() {
    const STORIES: &[&str] = &[FERRY, BRIDGE, CHOIR, "/2026/11/04/one-more-story/", "/2026/11/05/and-one-more-story/"];
    let rig = Rig::new(STORIES, |_| Reply::status(503), "").await;
    rig.crawl().await;
    let log = rig.server.log();
    let stories: Vec<&Seen> = log.iter().filter(|seen| seen.path.starts_with("/2026")).collect();
    assert!((6..=9).contains(&stories.len()), "{}", stories.len());
    assert!(STORIES.iter().all(|path| rig.server.count(path) <= 3));
    let waits: Vec<Duration> = stories.windows(2).map(|pair| pair[1].start - pair[0].end).collect();
    // A second doubled each time, half of it left to chance, up to three.
    for (index, wait) in waits.iter().enumerate() {
        let full = Duration::from_secs(1 << index).min(Duration::from_secs(3));
        assert!(*wait + Duration::from_millis(20) >= full / 2, "{index}: {waits:?}");
    }
    // The next run does not begin anew.
    rig.crawl().await;
    let asked = rig.server.log().iter().filter(|seen| seen.path.starts_with("/2026")).count();
    assert_eq!(asked, stories.len());
}

#[tokio::test(flavor = "multi_thread")]
async fn stories_that_all_name_one_address_as_their_own_are_all_kept() {
    for wrong in ["/local/", "/article.php", BRIDGE] {
        let answer = move |seen: &Seen| {
            story(
                headline(&seen.path),
                &format!("<link rel=canonical href='{wrong}'><meta property=og:url content='{wrong}'>"),
            )
        };
        let rig = Rig::new(&[FERRY, BRIDGE, CHOIR], answer, "").await;
        rig.crawl().await;
        assert_eq!(rig.paths(), [FERRY, BRIDGE, CHOIR], "{wrong}");
        let ids: std::collections::BTreeSet<_> = rig.records().iter().map(|record| record["id"].to_string()).collect();
        assert_eq!(ids.len(), 3);
        // Read again, each is what it was.
        rig.let_time_pass();
        rig.crawl().await;
        assert_eq!(rig.records().len(), 3);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_address_keeps_its_article_when_a_template_begins_to_name_another() {
    let answer = |seen: &Seen| {
        let again = if seen.before > 0 { "<link rel=canonical href='/local/'>" } else { "" };
        let correction = if seen.before > 0 { " (corrected)" } else { "" };
        story(&format!("{}{correction}", headline(&seen.path)), again)
    };
    let rig = Rig::new(&[FERRY, BRIDGE], answer, "").await;
    rig.crawl().await;
    rig.let_time_pass();
    rig.crawl().await;
    let versions: Vec<_> =
        rig.records().iter().map(|record| (record["id"].clone(), record["version"].clone())).collect();
    assert_eq!(versions.len(), 4, "{versions:?}");
    assert_eq!((&versions[0].0, &versions[1].0), (&versions[2].0, &versions[3].0));
    assert!(versions[2..].iter().all(|(_, version)| *version == 2));
}

#[tokio::test(flavor = "multi_thread")]
async fn two_addresses_of_one_story_give_one_article_and_no_versions_in_turn() {
    const AMP: &str = "/amp/2026/11/01/the-night-ferry-stays/";
    // The one for telephones is a little shorter.
    let answer = |seen: &Seen| {
        let head = format!("<link rel=canonical href='{FERRY}'>");
        if seen.path == AMP {
            let text = "What there is to say of this was said on Monday, and nothing else. ".repeat(12);
            let title = headline(FERRY);
            return Reply::html(&format!(
                "<html lang=en><head><title>{title}</title>{head}</head><body><h1>{title}</h1><p>{text}</p></body></html>"
            ));
        }
        story(headline(FERRY), &head)
    };
    for order in [&[FERRY, AMP] as &'static [&'static str], &[AMP, FERRY]] {
        let rig = Rig::new(order, answer, "").await;
        for _ in 0..3 {
            rig.crawl().await;
            rig.let_time_pass();
        }
        assert_eq!(rig.records().len(), 1, "{:?}", rig.records());
        assert!(rig.server.count(AMP) <= 2, "{}", rig.server.count(AMP));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_date_of_the_future_is_nobodys() {
    // The first has a page, the second a feed's text alone.
    let answer = |seen: &Seen| match seen.path.as_str() {
        "/more.xml" => {
            let said = format!("{}<pubDate>Fri, 01 Jan 2100 00:00:00 GMT</pubDate>", entry(headline(FERRY)));
            feed_of(seen, &said, &["/n/ferry", "/n/bridge"])
        }
        "/map.xml" => {
            let host = seen.header("host").unwrap();
            let map = format!(
                "<urlset xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\" \
                 xmlns:news=\"http://www.google.com/schemas/sitemap-news/0.9\"><url><loc>http://{host}/n/a-choir-that-sings/</loc>\
                 <news:news><news:publication_date>2100-01-01</news:publication_date><news:title>Choir</news:title></news:news>\
                 </url></urlset>"
            );
            Reply::new(200, "application/xml", map)
        }
        "/n/bridge" => Reply::status(404),
        path => story(headline(path), ""),
    };
    let rig = Rig::new(&[], answer, "sitemaps = [\"/map.xml\"]").await;
    rig.read_instead("/more.xml");
    rig.crawl().await;
    assert_eq!(rig.paths(), ["/n/a-choir-that-sings/", "/n/bridge", "/n/ferry"]);
    assert!(rig.records().iter().all(|record| record["published"].is_null()), "{:?}", rig.records());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_header_names_the_canonical_address_too() {
    const PRINT: &str = "/print/17";
    let answer = |_: &Seen| {
        story(headline(FERRY), "").header("Link", &format!("</style.css>; rel=preload, <{FERRY}>; rel=\"canonical\""))
    };
    let rig = Rig::new(&[FERRY, PRINT], answer, "").await;
    rig.crawl().await;
    assert_eq!(rig.paths().len(), 1, "{:?}", rig.records());
    let canonical = rig.records()[0]["canonical_url"].as_str().unwrap().to_owned();
    assert!(canonical.ends_with(FERRY), "{canonical}");
}

/// A feed of some addresses that says the same of each.
fn feed_of(seen: &Seen, said: &str, paths: &[&str]) -> Reply {
    let host = seen.header("host").unwrap();
    let item = |path: &&str| format!("<item><link>http://{host}{path}</link>{said}</item>");
    let items = paths.iter().map(item).collect::<Vec<_>>().concat();
    let head = "<rss version=\"2.0\" xmlns:content=\"http://purl.org/rss/1.0/modules/content/\">";
    Reply::new(200, "application/rss+xml", format!("{head}<channel>{items}</channel></rss>"))
}

/// A headline and a whole story, as a feed's entry says it.
fn entry(headline: &str) -> String {
    let text = "What there is to say of this stands in the feed, and is nothing else. ".repeat(12);
    format!("<title>{headline}</title><content:encoded>{text}</content:encoded>")
}

const NEW_FERRY: &str = "/2026/11/01/the-night-ferry-is-kept-after-all/";

/// The ferry's story, which moves to another address once it was read, and a later feed that names that one.
fn moving(seen: &Seen) -> Reply {
    match seen.path.as_str() {
        "/later.xml" => feed_of(seen, &format!("<title>{}</title>", headline(FERRY)), &[NEW_FERRY]),
        FERRY if seen.before > 0 => Reply::redirect(301, NEW_FERRY),
        _ => story(headline(FERRY), ""),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_story_whose_address_changes_stays_one() {
    let rig = Rig::new(&[FERRY], moving, "").await;
    rig.crawl().await;
    rig.let_time_pass();
    rig.read_instead("/later.xml");
    rig.crawl().await;
    assert_eq!((rig.server.count(FERRY), rig.server.count(NEW_FERRY)), (2, 1));
    assert_eq!(rig.records().len(), 1, "{:?}", rig.records());
    rig.let_time_pass();
    rig.crawl().await;
    assert_eq!((rig.server.count(FERRY), rig.server.count(NEW_FERRY), rig.records().len()), (2, 2, 1));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_story_that_is_known_where_it_moves_is_had_once() {
    let rig = Rig::new(&[FERRY], moving, "").await;
    rig.crawl().await;
    rig.read_instead("/later.xml");
    rig.crawl().await;
    assert_eq!(rig.paths(), [NEW_FERRY, FERRY]);
    for _ in 0..2 {
        rig.let_time_pass();
        rig.crawl().await;
        let records = rig.records();
        assert_eq!(records.len(), 3, "{records:?}");
        assert_eq!((&records[2]["id"], &records[2]["tombstone"]), (&records[0]["id"], &Value::from("gone")));
        assert_ne!(records[0]["id"], records[1]["id"]);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_story_whose_address_leads_to_another_for_once_is_kept() {
    for times in [1, 9] {
        let answer = move |seen: &Seen| match seen.path.as_str() {
            FERRY if (1..=times).contains(&seen.before) => Reply::redirect(302, BRIDGE),
            path => story(headline(path), ""),
        };
        let rig = Rig::new(&[FERRY, BRIDGE], answer, "").await;
        for _ in 0..6 {
            rig.crawl().await;
            rig.let_time_pass();
        }
        let records = rig.records();
        let tombstones = records.iter().filter(|record| !record["tombstone"].is_null()).count();
        assert_eq!((records.len() - tombstones, tombstones), (2, usize::from(times > 3)), "{records:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_several_addresses_lead_to_is_asked_for_once() {
    const SHORT: &[&str] = &["/r/1", "/r/2", "/r/3", "/r/4"];
    let answer = |seen: &Seen| match seen.path.as_str() {
        path if path.starts_with("/r/") => Reply::redirect(301, FERRY),
        path => story(headline(path), ""),
    };
    let rig = Rig::new(SHORT, answer, "").await;
    for _ in 0..2 {
        rig.crawl().await;
        assert_eq!((rig.server.count(FERRY), rig.records().len()), (1, 1));
        assert!(SHORT.iter().all(|path| rig.server.count(path) == 1));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_source_does_not_want_is_not_had_by_a_redirect() {
    const SPORT: &str = "/sport/2026/11/03/a-long-game-of-quoits/";
    for (wanted, is_asked, reason) in
        [("exclude = [\"/sport/\"]", 0, "excluded"), ("include = [\"/r/\", \"/11/02/\"]", 1, "not_included")]
    {
        let answer = |seen: &Seen| match seen.path.as_str() {
            "/r/1" => Reply::redirect(301, SPORT),
            path => story(headline(path), ""),
        };
        let rig = Rig::new(&["/r/1", BRIDGE], answer, wanted).await;
        rig.crawl().await;
        assert_eq!((rig.paths(), rig.server.count(SPORT)), (vec![BRIDGE.to_owned()], is_asked));
        let skipped = std::fs::read_to_string(rig.folder.path().join("archive/skipped.jsonl")).unwrap();
        assert!(skipped.lines().any(|line| line.contains("/r/1") && line.contains(reason)), "{skipped}");
        rig.let_time_pass();
        rig.crawl().await;
        assert_eq!((rig.server.count("/r/1"), rig.server.count(SPORT)), (1, is_asked));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_feed_has_the_text_while_the_server_is_in_trouble() {
    for status in [500, 503] {
        let answer = move |seen: &Seen| match seen.path.as_str() {
            "/full.xml" => feed_of(seen, &entry(headline(FERRY)), &[FERRY]),
            FERRY if seen.before < 9 => Reply::status(status),
            path => story(headline(path), ""),
        };
        let rig = Rig::new(&[], answer, "").await;
        rig.read_instead("/full.xml");
        rig.crawl().await;
        let records = rig.records();
        assert!(
            records.len() == 1 && records[0]["text"].as_str().unwrap().contains("stands in the feed"),
            "{records:?}"
        );
        assert!(rig.server.count(FERRY) > 1, "tried again in the same run");
        while rig.server.count(FERRY) < 10 {
            rig.let_time_pass();
            rig.crawl().await;
        }
        let records = rig.records();
        assert_eq!((records.len(), &records[1]["id"]), (2, &records[0]["id"]), "{records:?}");
        assert!(records[1]["text"].as_str().unwrap().contains("on Monday"));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_section_is_no_story_whoever_names_it() {
    // Only the brief and the digest are stories; the first of the sections is the configuration's.
    const NAMED: &[&str] = &["/", "/local/", "/town/", "/briefs/pump", "/morning/", FERRY];
    let teaser = |path: &str| {
        format!(
            "<article class=card><h2><a href=\"{path}\">{}</a></h2><p>It was said on Monday that this is what there \
                 is to say of it, and that nobody is to say more.</p><span class=date>30 November 2026</span></article>",
            headline(path)
        )
    };
    let teasers = [FERRY, BRIDGE, CHOIR].map(teaser).concat();
    let answer = move |seen: &Seen| match seen.path.as_str() {
        "/briefs/pump" => Reply::html(
            "<html lang=en><body><article><h1>Pupils sing best</h1><p class=date>30 November 2026</p><p>The \
             pupils of Brackwater sing, and two cellars in the old town had to be pumped dry by volunteers.</p></article></body></html>",
        ),
        "/morning/" => Reply::html(&format!(
            "<html lang=en><body><main><h1>Pupils sing best in the morning</h1><p>Good morning from \
             Brackwater, where the pupils sing and the ferry goes on through the night. This is what you need to know today.</p>\
             {teasers}</main></body></html>"
        )),
        "/map.xml" => {
            let host = seen.header("host").unwrap();
            let entry = |path: &&str| format!("<url><loc>http://{host}{path}</loc></url>");
            let all = NAMED.iter().map(entry).collect::<Vec<_>>().concat();
            Reply::new(
                200,
                "application/xml",
                format!("<urlset xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\">{all}</urlset>"),
            )
        }
        path if path.ends_with('/') && path != FERRY && path != BRIDGE && path != CHOIR => Reply::html(&format!(
            "<html lang=en><head><title>Town</title></head><body><main><h1>Town</h1>{teasers}</main></body></html>"
        )),
        path => story(headline(path), ""),
    };
    for (feed, source) in
        [(NAMED, "sections = [\"/local/\"]"), (&[][..], "sections = [\"/local/\"]\nsitemaps = [\"/map.xml\"]")]
    {
        let rig = Rig::new(feed, answer.clone(), source).await;
        rig.crawl().await;
        let mut expected = vec!["/briefs/pump", "/morning/", FERRY, BRIDGE, CHOIR];
        expected.sort_unstable();
        assert_eq!(rig.paths(), expected);
        assert_eq!((rig.server.count("/"), rig.server.count("/local/")), (0, 1));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_notice_is_no_version_of_a_story() {
    let answer = |seen: &Seen| match seen.before {
        1 => Reply::html(
            "<title>Back soon</title><h1>We are mending our press</h1><p>Please come by later in the day.</p>",
        ),
        0 => story(headline(&seen.path), ""),
        _ => story(&format!("{}, after all", headline(&seen.path)), ""),
    };
    let rig = Rig::new(&[FERRY], answer, "").await;
    for expected in [1, 1, 2] {
        rig.crawl().await;
        assert_eq!(rig.records().len(), expected);
        rig.let_time_pass();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_story_that_was_withdrawn_and_is_there_again_is_had_again() {
    // With the very same bytes, and with what asks whether they are.
    for etag in [None, Some("\"1\"")] {
        let answer = move |seen: &Seen| {
            if seen.before == 1 {
                return Reply::status(404);
            }
            let page = story(headline(&seen.path), "");
            match etag {
                Some(etag) if seen.header("if-none-match") == Some(etag) => Reply::status(304),
                Some(etag) => page.header("ETag", etag),
                None => page,
            }
        };
        let rig = Rig::new(&[FERRY], answer, "").await;
        rig.crawl().await;
        rig.let_time_pass();
        rig.crawl().await;
        rig.announce_change(FERRY);
        rig.crawl().await;
        let records = rig.records();
        let ids: Vec<_> = records.iter().map(|record| &record["id"]).collect();
        assert!(ids.len() == 3 && ids.iter().all(|id| *id == ids[0]), "{records:?}");
        let versions: Vec<_> =
            records.iter().map(|record| (record["version"].as_u64(), &record["tombstone"])).collect();
        assert_eq!(versions, [(Some(1), &Value::Null), (Some(2), &Value::from("gone")), (Some(3), &Value::Null)]);
        assert_eq!(records[0]["text"], records[2]["text"]);
    }
}

/// Answers without a story: a server that is being mended, and a database that is down.
const EMPTY: [fn() -> Reply; 4] = [
    || Reply::html(""),
    || Reply::bare(204),
    || Reply::html("<h1>Error establishing a database connection</h1>"),
    || Reply::html("<title>Ledger</title><div id=root></div><noscript>You need to enable JavaScript.</noscript>"),
];

#[tokio::test(flavor = "multi_thread")]
async fn a_known_story_is_not_withdrawn_for_one_empty_answer() {
    for empty in EMPTY {
        let answer = move |seen: &Seen| match seen.before {
            0 | 4 => story(headline(&seen.path), ""),
            _ => empty(),
        };
        let rig = Rig::new(&[FERRY], answer, "").await;
        for asked in 1..=5 {
            rig.crawl().await;
            assert_eq!((rig.server.count(FERRY), rig.records().len()), (asked, 1), "{:?}", empty());
            rig.crawl().await;
            assert_eq!(rig.server.count(FERRY), asked, "not before its time");
            rig.let_time_pass();
        }
        // It was there again, so that the count begins anew.
        rig.announce_change(FERRY);
        for (asked, records) in [(6, 1), (7, 1), (8, 1), (9, 2), (9, 2)] {
            rig.crawl().await;
            assert_eq!((rig.server.count(FERRY), rig.records().len()), (asked, records), "{:?}", empty());
            rig.let_time_pass();
        }
        assert_eq!(rig.records()[1]["tombstone"], "emptied");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_notice_is_no_story_at_the_first_visit_either() {
    let notice = "<html lang=en><head><title>One moment</title></head><body><main><h1>One moment</h1><p>We have to see \
                  that you are no machine before you may go on, which takes a few seconds at the most.</p></main></body>";
    let answer = move |seen: &Seen| match seen.path.as_str() {
        CHOIR if seen.before == 0 => Reply::html(notice),
        path => story(headline(path), ""),
    };
    let rig = Rig::new(&[FERRY, CHOIR], answer, "").await;
    rig.crawl().await;
    assert_eq!(rig.paths(), [FERRY]);
    rig.let_time_pass();
    rig.crawl().await;
    assert_eq!(rig.paths(), [FERRY, CHOIR]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_brief_that_a_link_does_not_announce_is_no_notice() {
    let brief = |head: &str| {
        Reply::html(&format!(
            "<html lang=en><head><title>Ebble in flood</title>{head}</head><body><article><h1>Ebble in flood</h1><p>The \
             river rose by a metre overnight, and two cellars in the old town had to be pumped dry by volunteers.</p>\
             </article></body></html>"
        ))
    };
    let answer = move |seen: &Seen| match seen.path.as_str() {
        "/" => Reply::html(&format!("<ul><li><a href=\"{BRIDGE}\">Story 125: what councils vote</a></li></ul>")),
        BRIDGE => brief(""),
        _ => brief("<meta property=article:published_time content=2026-11-01T10:00:00+01:00>"),
    };
    let rig = Rig::new(&[FERRY], answer, "sections = [\"/\"]").await;
    rig.crawl().await;
    assert_eq!(rig.paths(), [FERRY, BRIDGE]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_to_agree_at_first_is_no_story_and_a_section_is_none() {
    let answer = |seen: &Seen| match seen.path.as_str() {
        FERRY => Reply::redirect(302, &format!("/consent?return={FERRY}")),
        path if path.starts_with("/consent") => story("Before you go on", ""),
        "/local/night/ferry-taken-away" => Reply::redirect(302, "/local/"),
        "/local/" => story("News of the town", ""),
        path => story(headline(path), ""),
    };
    let rig = Rig::new(&[FERRY, BRIDGE, "/local/night/ferry-taken-away"], answer, "").await;
    rig.crawl().await;
    assert_eq!(rig.paths(), [BRIDGE]);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_address_that_gives_a_cookie_first_is_no_loop() {
    let answer = |seen: &Seen| {
        if seen.header("cookie").is_some_and(|cookie| cookie.contains("seen=1")) {
            story(headline(&seen.path), "")
        } else {
            Reply::redirect(302, &seen.path).header("Set-Cookie", "seen=1; Path=/")
        }
    };
    let rig = Rig::new(&[FERRY], answer, "cookies = true").await;
    rig.crawl().await;
    assert_eq!(rig.paths(), [FERRY]);
}
