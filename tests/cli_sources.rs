//! `copydesk sources add`: a look at a site, and what is written of it.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod support;

use assert_cmd::cargo::cargo_bin;
use std::path::Path;
use std::process::Command;
use support::{FaultServer, Reply, Seen};
use tempfile::TempDir;

fn run(folder: &Path, arguments: &[String]) -> (i32, String, String) {
    let output = Command::new(cargo_bin("copydesk")).args(arguments).current_dir(folder).output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (output.status.code().unwrap(), text(output.stdout), text(output.stderr))
}

async fn ran(folder: &TempDir, arguments: &[&str]) -> (i32, String, String) {
    let folder = folder.path().to_owned();
    let arguments: Vec<String> = arguments.iter().map(|text| (*text).to_owned()).collect();
    tokio::task::spawn_blocking(move || run(&folder, &arguments)).await.unwrap()
}

fn stories(from: usize) -> String {
    (from..from + 5)
        .map(|number| {
            format!("<h2><a href='/2026/11/01/story-of-a-bridge-{number}/'>A story of bridge number {number}</a></h2>")
        })
        .collect::<Vec<_>>()
        .concat()
}

fn feed(host: &str) -> Reply {
    let item = |number: usize| {
        format!(
            "<item><title>S</title><link>http://{host}/2026/11/01/story-of-a-bridge-{number}/</link>\
             <pubDate>Sun, 0{number} Nov 2026 08:00:00 +0000</pubDate></item>"
        )
    };
    let items = (1..4).map(item).collect::<Vec<_>>().concat();
    Reply::new(200, "application/rss+xml", format!("<rss version='2.0'><channel>{items}</channel></rss>"))
}

/// A site with everything, at its second address.
fn rich(seen: &Seen) -> Reply {
    let host = seen.header("host").unwrap();
    match seen.path.as_str() {
        "/robots.txt" => {
            let text = "User-agent: *\nDisallow: /members/\nSitemap: /news.xml\nSitemap: /gone.xml\n";
            Reply::new(200, "text/plain", text)
        }
        "/" => Reply::redirect(301, "/en/"),
        "/en/" => Reply::html(&format!(
            "<link rel=alternate type=application/rss+xml href=/en/feed><link rel=alternate type=application/rss+xml href=/en/comments/feed>\
             <link rel=alternate type=application/atom+xml href=/en/broken>\
             <nav><a href='/town/'>Town</a><a href='/members/'>Members</a><a href='/empty/'>Empty</a></nav>{}",
            stories(1)
        )),
        "/en/feed" => feed(host),
        "/en/broken" => Reply::html("<p>nothing"),
        "/news.xml" => Reply::new(
            200,
            "application/xml",
            format!(
                "<sitemapindex><sitemap><loc>http://{host}/a.xml</loc></sitemap><sitemap><loc>http://{host}/b.xml</loc></sitemap></sitemapindex>"
            ),
        ),
        "/town/" => Reply::html(&stories(10)),
        "/empty/" => Reply::html("<p>Nothing yet."),
        path if path.contains("story") => {
            let words = (0..80).map(|n| format!("word{}", n * path.len())).collect::<Vec<_>>().join(" ");
            Reply::html(&format!("<title>{path}</title><article><h1>{path}</h1><p>{path} {words}.</p></article>"))
        }
        _ => Reply::status(404),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_site_is_looked_at_proposed_and_written_with_every_comment_kept() {
    let server = FaultServer::start(rich).await;
    let folder = TempDir::new().unwrap();
    let address = server.address.to_string();
    let home = format!("http://{address}/");
    let before = format!(
        "# My own words.\n[fetch]\ndelay = \"0s\"   # fast\nallow_hosts = [\"{address}\"]\n\n# [[source]]\n# name = \"not-this\"\n\
         [[source]]\nname = \"old\"\nurl = \"http://old.localhost/\"  # the other one"
    );
    let file = folder.path().join("my.toml");
    std::fs::write(&file, &before).unwrap();

    let (code, out, err) = ran(&folder, &["sources", "add", &home, "--config", "my.toml", "--name", "bridges"]).await;
    assert_eq!(code, 0, "{err}");
    let expected = format!(
        "[[source]]\nname = \"bridges\"\nurl = \"http://{address}/en/\"\nfeeds = [\n    \"/en/feed\",  # 3 entries, the newest of 2026-11-03\n]\n\
         sitemaps = [\n    \"/news.xml\",  # an index of 2\n]\nsections = [\n    \"/town/\",  # 5 stories\n]\n"
    );
    assert_eq!(out, expected);
    assert!(err.contains("left out:") && err.contains("/en/broken is no feed") && err.contains("/gone.xml"), "{err}");
    assert_eq!(std::fs::read_to_string(&file).unwrap(), before, "nothing is written unasked");
    assert_eq!(server.count("/members/"), 0);

    let write = ["sources", "add", &home, "--config", "my.toml", "--name", "bridges", "--write"];
    let (code, _, err) = ran(&folder, &write).await;
    assert_eq!(code, 0, "{err}");
    assert_eq!(std::fs::read_to_string(&file).unwrap(), format!("{before}\n\n{expected}"));
    let (code, _, err) = ran(&folder, &write).await;
    assert_eq!(code, 2);
    assert!(err.contains("as is another source's"), "{err}");
    let (code, _, err) = ran(&folder, &["sources", "add", &home, "--config", "my.toml"]).await;
    assert!(code == 2 && err.contains("has the source bridges"), "{err}");

    let (code, out, err) = ran(&folder, &["crawl", "--quiet", "--config", "my.toml", "--source", "bridges"]).await;
    assert_eq!(code, 0, "{out}{err}");
    let records =
        std::fs::read_dir(folder.path().join("archive/jsonl/bridges")).unwrap().next().unwrap().unwrap().path();
    assert_eq!(std::fs::read_to_string(records).unwrap().lines().count(), 8, "{out}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_site_that_names_nothing_is_searched_and_a_file_is_begun() {
    let server = FaultServer::start(|seen: &Seen| match seen.path.as_str() {
        "/" => Reply::html("<h1>Welcome</h1>"),
        "/feed.xml" => feed(seen.header("host").unwrap()),
        "/sitemap_index.xml" => Reply::new(200, "application/xml", "<urlset><url><loc>/x</loc></url></urlset>"),
        _ => Reply::status(404),
    })
    .await;
    let folder = TempDir::new().unwrap();
    let address = server.address.to_string();
    let (code, out, err) =
        ran(&folder, &["sources", "add", &format!("http://{address}/"), "--allow-host", &address, "--write"]).await;
    assert_eq!(code, 0, "{err}");
    assert!(
        out.contains("\"/feed.xml\",  # 3 entries") && out.contains("\"/sitemap_index.xml\",  # 1 entries"),
        "{out}"
    );
    assert!(!err.contains("left out"), "guesses that fail are nobody's fault: {err}");
    assert_eq!(std::fs::read_to_string(folder.path().join("config.toml")).unwrap(), out);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_a_source_is_said() {
    let server = FaultServer::start(|seen: &Seen| match seen.path.as_str() {
        "/" => Reply::html("<h1>Welcome</h1>"),
        _ => Reply::status(404),
    })
    .await;
    let folder = TempDir::new().unwrap();
    let address = server.address.to_string();
    let home = format!("http://{address}/");
    let (code, out, err) = ran(&folder, &["sources", "add", &home, "--allow-host", &address, "--write"]).await;
    assert!(code == 1 && out.is_empty() && err.contains("leads to stories"), "{err}");
    assert!(!folder.path().join("config.toml").exists());
    let (code, _, err) = ran(&folder, &["sources", "add", &home]).await;
    assert!(code == 1 && err.contains("--allow-host"), "{err}");
    assert_eq!(ran(&folder, &["sources", "add", "ftp://a.test/"]).await.0, 2);
    std::fs::write(folder.path().join("bad.toml"), "[fetch\n").unwrap();
    assert_eq!(ran(&folder, &["sources", "add", &home, "--config", "bad.toml"]).await.0, 2);
}
