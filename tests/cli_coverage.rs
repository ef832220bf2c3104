//! `copydesk coverage`: what was found against what the archive has.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod support;

use assert_cmd::cargo::cargo_bin;
use std::path::Path;
use std::process::Command;
use support::{FaultServer, Reply, Seen};
use tempfile::TempDir;

fn run(folder: &Path, arguments: &[&str]) -> (i32, String, String) {
    let output = Command::new(cargo_bin("copydesk")).args(arguments).current_dir(folder).output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (output.status.code().unwrap(), text(output.stdout), text(output.stderr))
}

async fn ran(folder: &TempDir, arguments: &'static [&'static str]) -> (i32, String, String) {
    let folder = folder.path().to_owned();
    tokio::task::spawn_blocking(move || run(&folder, arguments)).await.unwrap()
}

fn site(seen: &Seen) -> Reply {
    let host = seen.header("host").unwrap();
    let story = |number: usize| format!("http://{host}/town/a-story-of-number-{number}/");
    match seen.path.as_str() {
        "/robots.txt" => Reply::new(200, "text/plain", "User-agent: *\nDisallow: /town/a-story-of-number-2/\n"),
        "/feed.xml" => {
            let now = httpdate::fmt_http_date(std::time::SystemTime::now());
            let dated = |number: usize, date: &str| {
                format!("<item><title>S</title><link>{}</link><pubDate>{date}</pubDate></item>", story(number))
            };
            let mut items = dated(0, "Sun, 01 Nov 2026 08:00:00 +0000") + &dated(1, "Sun, 01 Nov 2026 08:00:00 +0000");
            items += &dated(2, "Sun, 01 Nov 2026 08:00:00 +0000");
            if seen.before > 0 {
                items += &dated(7, &now);
            }
            Reply::new(200, "application/rss+xml", format!("<rss version='2.0'><channel>{items}</channel></rss>"))
        }
        "/map.xml" => {
            let entries: String = [1, 3, 4].map(|number| format!("<url><loc>{}</loc></url>", story(number))).concat();
            Reply::new(200, "application/xml", format!("<urlset>{entries}</urlset>"))
        }
        "/news/" => Reply::html(&format!("<h2><a href='{}'>A story of a bridge and a ferry</a></h2>", story(5))),
        path if path.ends_with("4/") => Reply::status(404),
        path => {
            let words = (0..80).map(|n| format!("word{n}of{}", path.len() + n * 7)).collect::<Vec<_>>().join(" ");
            Reply::html(&format!("<title>{path}</title><article><h1>{path}</h1><p>{path} {words}.</p></article>"))
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_found_against_what_was_captured() {
    let server = FaultServer::start(site).await;
    let folder = TempDir::new().unwrap();
    let address = server.address;
    let config = format!(
        "[fetch]\ndelay = \"0s\"\nretries = 0\nallow_hosts = [\"{address}\"]\n[[source]]\nname = \"ledger\"\nurl = \"http://{address}/\"\n\
         feeds = [\"/feed.xml\"]\nsitemaps = [\"/map.xml\"]\nsections = [\"/news/\"]\n\
         [[source]]\nname = \"never\"\nurl = \"http://{address}/never/\"\nfeeds = [\"/never.xml\"]\n"
    );
    std::fs::write(folder.path().join("config.toml"), config).unwrap();

    let (code, _, err) = ran(&folder, &["coverage"]).await;
    assert_eq!(code, 1);
    assert!(err.contains("there is no store") && err.contains("copydesk crawl"), "{err}");

    let crawl: &[&str] = &["crawl", "--quiet", "--source", "ledger"];
    assert_eq!(ran(&folder, crawl).await.0, 0);
    let (code, out, err) = ran(&folder, &["coverage", "--source", "ledger"]).await;
    assert_eq!((code, err.as_str()), (0, ""));
    let cells: Vec<&str> =
        out.lines().nth(1).unwrap().split("  ").map(str::trim).filter(|cell| !cell.is_empty()).collect();
    assert_eq!(cells, ["ledger", "2 of 3", "1 of 2", "1 of 1", "4 of 6", "66.7 %", "-", "-"], "{out}");
    assert!(out.contains("1  robots.txt disallows it\n") && out.contains("1  http_404\n"), "{out}");
    assert!(out.contains(&format!("http://{address}/town/a-story-of-number-2/")), "{out}");

    // A feed that was looked at within the minute is not looked at again.
    rusqlite::Connection::open(folder.path().join("archive/copydesk.db"))
        .and_then(|store| store.execute("UPDATE url SET fetched = 0 WHERE kind = 'FEED'", []))
        .unwrap();
    assert_eq!(ran(&folder, crawl).await.0, 0);
    let (code, out, _) = ran(&folder, &["coverage", "--format", "json"]).await;
    assert_eq!(code, 0);
    let report: serde_json::Value = serde_json::from_str(&out).unwrap();
    let ledger = &report["ledger"];
    assert_eq!((ledger["found"].as_u64(), ledger["captured"].as_u64()), (Some(7), Some(5)), "{out}");
    assert_eq!(ledger["places"]["feeds"]["found"], 4);
    assert_eq!(ledger["missing"]["robots"]["count"], 1);
    // The one that came out between the two.
    assert_eq!(ledger["lag"]["articles"], 1, "{out}");
    let lag = ledger["lag"]["p95_seconds"].as_f64().unwrap();
    assert!((0.0..60.0).contains(&lag), "{lag}");
    assert_eq!(report["never"]["found"], 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn it_reads_beside_a_crawl_and_refuses_what_is_no_store() {
    let server = FaultServer::start(|seen: &Seen| match seen.path.as_str() {
        "/slow.xml" => Reply::silent().wait(std::time::Duration::from_mins(1)),
        _ => site(seen),
    })
    .await;
    let folder = TempDir::new().unwrap();
    let address = server.address;
    let config = format!(
        "[fetch]\ndelay = \"0s\"\nallow_hosts = [\"{address}\"]\n[[source]]\nname = \"ledger\"\nurl = \"http://{address}/\"\nfeeds = [\"/slow.xml\"]\n"
    );
    std::fs::write(folder.path().join("config.toml"), config).unwrap();
    let mut crawl =
        Command::new(cargo_bin("copydesk")).args(["crawl", "--quiet"]).current_dir(folder.path()).spawn().unwrap();
    while server.count("/slow.xml") == 0 {
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
    let (code, out, err) = ran(&folder, &["coverage"]).await;
    crawl.kill().unwrap();
    crawl.wait().unwrap();
    assert_eq!(code, 0, "{out}{err}");

    std::fs::write(folder.path().join("no.db"), "not a database, and longer than the header of one would have to be")
        .unwrap();
    let (code, _, err) = ran(&folder, &["coverage", "--store", "no.db"]).await;
    assert!(code == 1 && err.contains("is not a copydesk store"), "{err}");
    assert_eq!(ran(&folder, &["coverage", "--source", "nobody"]).await.0, 2);
}
