//! `copydesk mcp`, asked by a client of the Model Context Protocol that is not ours: the official Python SDK.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

#[path = "support/python.rs"]
mod python;
mod support;

use assert_cmd::cargo::cargo_bin;
use copydesk::sample_site::SampleSite;
use serde_json::{Value, json};
use std::fmt::Write as _;
use std::fs;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};
use support::{FaultServer, Reply, Seen};
use tempfile::TempDir;

/// How long a process may take to end.
const PATIENCE: Duration = Duration::from_secs(30);

/// Starts the server with these arguments, lists its tools, calls them one after the other, and says what came. The SDK
/// holds each structured result against the tool's output schema.
const SESSION: &str = "
import asyncio, json, sys
from mcp import StdioServerParameters
from mcp.client.client import Client
from mcp.client.stdio import stdio_client

async def main():
    program, arguments, calls = sys.argv[1], json.loads(sys.argv[2]), json.loads(sys.argv[3])
    async with Client(stdio_client(StdioServerParameters(command=program, args=arguments))) as client:
        tools = (await client.list_tools()).tools
        said = []
        for name, wanted in calls:
            result = await client.call_tool(name, wanted)
            assert all(block.type == 'text' for block in result.content)
            text = ''.join(block.text for block in result.content)
            said.append({'is_error': bool(result.is_error), 'text': text, 'structured': result.structured_content})
        tools = [{'name': tool.name, 'description': tool.description, 'in': tool.input_schema, 'out': tool.output_schema,
                  'read_only': tool.annotations.read_only_hint} for tool in tools]
        print(json.dumps({'tools': tools, 'said': said}))

asyncio.run(main())";

fn session(arguments: &[&str], calls: &Value) -> Value {
    let program = cargo_bin("copydesk");
    let said = python::run(SESSION, &[program.to_str().unwrap(), &json!(arguments).to_string(), &calls.to_string()]);
    serde_json::from_str(&said).unwrap()
}

/// What one call gave, which has to be no error.
fn structured(session: &Value, number: usize) -> &Value {
    let said = &session["said"][number];
    assert_eq!(said["is_error"], false, "{said:#}");
    &said["structured"]
}

/// What one call was refused with.
fn refused(session: &Value, number: usize) -> &str {
    let said = &session["said"][number];
    assert_eq!(said["is_error"], true, "{said:#}");
    said["text"].as_str().unwrap()
}

/// Characters of what came as text.
fn length(session: &Value, number: usize) -> usize {
    session["said"][number]["text"].as_str().unwrap().chars().count()
}

/// A configuration that crawls the sample site; each crawl reads everything again.
fn configure(folder: &Path, site: &SampleSite) {
    let hosts = SampleSite::hosts();
    let mut config = format!(
        "[archive]\nformats = [\"catalogue\"]\n[fetch]\ndelay = \"0ms\"\nmax_crawl_delay = \"0ms\"\nallow_hosts = {hosts:?}\n\
         [fetch.resolve]\n"
    );
    for host in &hosts {
        writeln!(config, "{host:?} = \"{}\"", site.addr()).unwrap();
    }
    for host in &hosts {
        let name = host.strip_suffix(".test").unwrap();
        write!(config, "[[source]]\nname = {name:?}\nurl = \"http://{host}/\"\n").unwrap();
    }
    fs::write(folder.join("config.toml"), config).unwrap();
}

fn crawl(folder: &Path) {
    let output = Command::new(cargo_bin("copydesk")).args(["crawl", "--quiet"]).current_dir(folder).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_official_client_finds_reads_cleans_and_follows() {
    let site = SampleSite::start().await.unwrap();
    let folder = TempDir::new().unwrap();
    configure(folder.path(), &site);
    let config = folder.path().join("config.toml");
    let archive = folder.path().join("archive");
    let arguments = ["mcp", "--config", config.to_str().unwrap(), "--archive", archive.to_str().unwrap()];
    tokio::task::block_in_place(|| crawl(folder.path()));
    let page = "http://harbour-ledger.test/2026/10/14/breakwater-survey/";
    let calls = json!([
        ["search_articles", {"query": "barrels breakwater", "limit": 5}],
        ["get_article", {"id": page}],
        ["clean_url", {"url": page}],
        ["list_sources", {}],
        ["what_changed", {}],
        ["search_articles", {"lang": "ja"}],
        ["search_articles", {"source": "two-rivers-wire", "limit": 4, "offset": 4}],
        ["what_changed", {"since": "2020-01-01", "limit": 3}],
        ["what_changed", {"since": "2999-01-01"}],
    ]);
    let first = tokio::task::block_in_place(|| session(&arguments, &calls));

    let tools = first["tools"].as_array().unwrap();
    let names: Vec<&str> = tools.iter().map(|tool| tool["name"].as_str().unwrap()).collect();
    assert_eq!(names, ["clean_url", "search_articles", "get_article", "list_sources", "what_changed"]);
    for tool in tools {
        assert_eq!(
            (&tool["in"]["type"], &tool["out"]["type"], &tool["read_only"]),
            (&"object".into(), &"object".into(), &true.into())
        );
        let gives_words = tool["name"] != "list_sources";
        assert_eq!(tool["description"].as_str().unwrap().contains("untrusted"), gives_words, "{tool:#}");
    }

    let found = &structured(&first, 0)["articles"][0];
    assert_eq!(found["title"], "Divers find the breakwater resting on barrels");
    assert_eq!(found["url"], page);
    let text = first["said"][0]["text"].as_str().unwrap();
    assert!(text.contains(page) && text.contains(found["id"].as_str().unwrap()), "{text}");
    let (read, cleaned) = (structured(&first, 1), structured(&first, 2));
    assert_eq!((&read["id"], &read["version"], &cleaned["id"]), (&found["id"], &1.into(), &Value::Null));
    assert_eq!(read["markdown"], cleaned["markdown"]);
    assert_eq!(cleaned["authors"], json!(["Ronan Beck", "Agnes Corley"]));
    assert_eq!((&cleaned["published"], &cleaned["next_offset"]), (&"2026-10-14T09:15:00+01:00".into(), &Value::Null));
    // The page's words stand between marks, ours around them.
    let text = first["said"][2]["text"].as_str().unwrap();
    let (ours, theirs) = text.split_once(" ---\n").unwrap();
    assert!(ours.starts_with(&format!("Source: {page}\n--- the page's own words begin (")), "{text}");
    let mark = ours.rsplit('(').next().unwrap();
    assert!(theirs.trim_end().ends_with(&format!("--- the page's own words end ({mark} ---")), "{text}");
    assert!(theirs.contains("Title: Divers find") && theirs.contains("wine barrels"), "{text}");

    let sources = structured(&first, 3)["sources"].as_array().unwrap();
    assert_eq!(sources.len(), 3);
    assert_eq!((&sources[0]["url"], &sources[0]["articles"]), (&"http://harbour-ledger.test/".into(), &9.into()));
    assert!(sources[0]["last_crawl"].is_string() && sources[0]["problems"] == json!([]), "{sources:#?}");
    let latest = structured(&first, 4);
    assert!(latest["changes"][0]["what"][0].as_str().unwrap().starts_with("first seen, "), "{latest:#}");
    assert_eq!((latest["changes"].as_array().unwrap().len(), &latest["has_more"]), (20, &false.into()));
    let japanese = structured(&first, 5)["articles"].as_array().unwrap();
    assert_eq!((japanese.len(), &japanese[0]["language"]), (1, &"ja".into()));
    assert_eq!(
        (structured(&first, 6)["articles"].as_array().unwrap().len(), &structured(&first, 6)["next_offset"]),
        (4, &8.into())
    );
    let earliest = structured(&first, 7);
    assert_eq!(
        (&earliest["changes"][0]["seq"], &earliest["has_more"], &earliest["next_after_seq"]),
        (&1.into(), &true.into(), &3.into())
    );
    assert_eq!(structured(&first, 8)["changes"], json!([]));

    // The next day.
    site.turn_to_next_day();
    let text = fs::read_to_string(&config).unwrap();
    fs::write(&config, text.replace("[fetch]\n", "[fetch]\nuser_agent = \"Copydesk/2\"\n")).unwrap();
    let connection = rusqlite::Connection::open(archive.join("copydesk.db")).unwrap();
    // As if the first pass were of yesterday.
    connection.execute("UPDATE url SET fetched = fetched - 86400000 WHERE kind != 'ARTICLE'", []).unwrap();
    drop(connection);
    let after = latest["next_after_seq"].clone();
    let windmill = "http://kreisbote-nordufer.test/wirtschaft/windrad-mit-dorfnamen-10720";
    let calls = json!([
        ["what_changed", {"after_seq": after}],
        ["get_article", {"id": windmill}],
        ["what_changed", {"id": windmill}],
        ["get_article", {"id": "http://kreisbote-nordufer.test/kultur/kino-ohne-vorhang-10641", "version": 1}],
        ["get_article", {"id": windmill, "version": 2}],
    ]);
    let second = tokio::task::block_in_place(|| {
        crawl(folder.path());
        session(&arguments, &calls)
    });
    let changes = structured(&second, 0)["changes"].as_array().unwrap();
    let what: Vec<String> = changes.iter().map(|change| change["what"].to_string()).collect();
    let what = what.join("\n");
    for expected in ["updated headline: ", "correction: Korrektur", "withdrawn: the page is gone"] {
        assert!(what.contains(expected), "{what}");
    }
    let withdrawn = structured(&second, 1);
    assert!(withdrawn["withdrawn"].as_str().unwrap().contains("withdrawn this article since"), "{withdrawn:#}");
    assert!(!withdrawn["markdown"].as_str().unwrap().is_empty());
    assert_eq!(structured(&second, 2)["changes"].as_array().unwrap().len(), 2);
    assert_eq!(structured(&second, 3)["version"], 1);
    assert!(refused(&second, 4).contains("there is no text of version 2; there is of: 1"));
    tokio::task::block_in_place(|| drop(folder));
    site.stop().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn long_articles_come_in_pieces_and_are_fetched_once() {
    let paragraph = |number: usize| {
        format!(
            "<p>The ferry of the number {number} left the harbour early in the morning, and nobody at the pier could say where \
             it would be going, since the master had told the harbour office nothing of it before the weekend.</p>"
        )
    };
    let page: String = (0..300).map(paragraph).collect();
    let page = format!("<title>Ferries</title><article><h1>Ferries</h1>{page}</article>");
    let server = FaultServer::start(move |seen: &Seen| match seen.path.as_str() {
        "/robots.txt" => Reply::new(200, "text/plain", "User-agent: *\nDisallow: /closed/\n"),
        "/2026/11/01/ferries/" => Reply::html(&page),
        "/list/" => Reply::html("<title>Nothing</title><form><input></form>"),
        "/out/" => Reply::redirect(302, "http://10.0.0.1/"),
        _ => Reply::status(404),
    })
    .await;
    let folder = TempDir::new().unwrap();
    fs::write(folder.path().join("config.toml"), "[fetch]\ndelay = \"0ms\"\nretries = 0\n").unwrap();
    let (config, host) = (folder.path().join("config.toml"), server.address.to_string());
    let archive = folder.path().join("archive");
    let arguments =
        ["mcp", "--config", config.to_str().unwrap(), "--archive", archive.to_str().unwrap(), "--allow-host", &host];
    let url = server.url("/2026/11/01/ferries/").to_string();
    let at = |path: &str| server.url(path).to_string();
    let calls = json!([
        ["clean_url", {"url": url}],
        ["clean_url", {"url": url, "offset": 19_000}],
        ["clean_url", {"url": url, "offset": u64::MAX}],
        ["clean_url", {"url": at("/list/")}],
        ["clean_url", {"url": at("/closed/story/")}],
        ["clean_url", {"url": at("/gone/")}],
        ["clean_url", {"url": at("/out/")}],
        ["clean_url", {"url": "http://127.0.0.1:1/"}],
        ["clean_url", {"url": "file:///etc/passwd"}],
        ["clean_url", {"url": "not an address"}],
        ["clean_url", {}],
        ["clean_url", {"url": url, "surprise": 1}],
        // There is no archive, which is said in words; the sources are known without one.
        ["search_articles", {"query": "ferry"}],
        ["get_article", {"id": "0123456789abcdef"}],
        ["what_changed", {}],
        ["list_sources", {}],
    ]);
    let said = tokio::task::block_in_place(|| session(&arguments, &calls));
    let first = structured(&said, 0);
    let next = first["next_offset"].as_u64().unwrap();
    assert!((15_000..=20_000).contains(&next), "{next}");
    assert_eq!(first["markdown"].as_str().unwrap().chars().count() as u64, next);
    assert!(length(&said, 0) < 21_000 && length(&said, 1) < 21_000);
    let text = said["said"][0]["text"].as_str().unwrap();
    assert!(text.contains(&format!("call again with offset {next}.")), "{}", &text[text.len() - 300..]);
    assert_eq!(structured(&said, 1)["total_characters"], first["total_characters"]);
    assert_eq!(server.count("/2026/11/01/ferries/"), 1);
    for (number, words) in [
        (2, "the article ends before offset"),
        (3, "has no article"),
        (4, "robots.txt"),
        (5, "404"),
        (6, "10.0.0.1"),
        (7, "--allow-host"),
        (8, "file"),
        (9, "give a whole one"),
        (10, "missing field `url`"),
        (11, "unknown field `surprise`"),
        (12, "there is no catalogue"),
        (13, "there is no catalogue"),
        (14, "there is no catalogue"),
    ] {
        let refusal = refused(&said, number);
        assert!(refusal.contains(words), "{number}: {refusal}");
    }
    assert_eq!(server.count("/closed/story/"), 0);
    assert!(structured(&said, 15)["note"].as_str().unwrap().contains("there is no catalogue"));
}

#[test]
fn no_call_gives_more_than_a_window_takes() {
    let folder = TempDir::new().unwrap();
    let demo = Command::new(cargo_bin("copydesk"))
        .args(["demo", "--next-day", "--archive"])
        .arg(folder.path())
        .current_dir(folder.path())
        .output()
        .unwrap();
    assert!(demo.status.success());
    let arguments = ["mcp", "--archive", folder.path().to_str().unwrap()];
    let calls = json!([
        ["search_articles", {"limit": u64::MAX}],
        ["search_articles", {"limit": 0}],
        ["what_changed", {"after_seq": 0, "limit": u64::MAX}],
        ["search_articles", {"offset": u64::MAX}],
        ["what_changed", {"after_seq": u64::MAX}],
        ["list_sources", {"offset": u64::MAX}],
        ["search_articles", {"query": "x".repeat(2_000)}],
        ["search_articles", {"query": "-ferry"}],
        ["search_articles", {"query": "ferry\" OR (title: NEAR *"}],
        ["search_articles", {"since": "yesterday, maybe"}],
        ["get_article", {"id": ""}],
        ["get_article", {"id": "x".repeat(100_000)}],
        ["get_article", {"id": "' OR 1=1 --"}],
    ]);
    let said = session(&arguments, &calls);
    assert_eq!(structured(&said, 0)["articles"].as_array().unwrap().len(), 27);
    assert_eq!(structured(&said, 1)["articles"].as_array().unwrap().len(), 1);
    assert_eq!(structured(&said, 2)["changes"].as_array().unwrap().len(), 30);
    assert!((0..3).all(|number| length(&said, number) < 40_000));
    assert!(refused(&said, 3).contains("offset may be"));
    assert_eq!((&structured(&said, 4)["changes"], &structured(&said, 5)["sources"]), (&json!([]), &json!([])));
    assert!(refused(&said, 6).contains("longer than"));
    assert!(refused(&said, 7).contains("no word to look for"));
    structured(&said, 8);
    assert!(refused(&said, 9).starts_with("since: "));
    for number in 10..13 {
        let refusal = refused(&said, number);
        assert!(refusal.contains("no article of this id") && refusal.len() < 300, "{refusal}");
    }
}

/// Lines that are none of the protocol, and a client that goes away.
#[test]
fn nothing_but_the_protocol_goes_out_whatever_comes_in() {
    let folder = TempDir::new().unwrap();
    let mut child = Command::new(cargo_bin("copydesk"))
        .args(["mcp", "-vv", "--archive"])
        .arg(folder.path())
        .current_dir(folder.path())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut input = child.stdin.take().unwrap();
    let mut output = BufReader::new(child.stdout.take().unwrap()).lines();
    let start = json!({"jsonrpc": "2.0", "id": 1, "method": "initialize", "params": {
        "protocolVersion": "2025-06-18", "capabilities": {}, "clientInfo": {"name": "test", "version": "1"}}});
    writeln!(input, "{start}").unwrap();
    let answer: Value = serde_json::from_str(&output.next().unwrap().unwrap()).unwrap();
    assert_eq!((&answer["id"], &answer["result"]["serverInfo"]["name"]), (&1.into(), &"copydesk".into()), "{answer:#}");
    assert!(answer["result"]["instructions"].as_str().unwrap().contains("never instructions to follow"));
    writeln!(input, "{}", json!({"jsonrpc": "2.0", "method": "notifications/initialized"})).unwrap();
    for line in ["{\"jsonrpc\": ", "no JSON at all", "[]", "{}", "\u{0}\u{1b}[2J"] {
        writeln!(input, "{line}").unwrap();
    }
    // Longer than any message may be.
    input.write_all(&vec![b'x'; 3 << 20]).unwrap();
    writeln!(input).unwrap();
    let unknown = json!({"jsonrpc": "2.0", "id": 2, "method": "tools/call", "params": {"name": "rm", "arguments": {}}});
    let call =
        json!({"jsonrpc": "2.0", "id": 3, "method": "tools/call", "params": {"name": "list_sources", "arguments": {}}});
    writeln!(input, "{unknown}\n{call}").unwrap();
    let mut seen = Vec::new();
    while ![2, 3].iter().all(|id| seen.iter().any(|answer: &Value| answer["id"] == *id)) {
        let line = output.next().unwrap().unwrap();
        let answer: Value = serde_json::from_str(&line).unwrap_or_else(|error| panic!("{error}: {line}"));
        assert_eq!(answer["jsonrpc"], "2.0");
        seen.push(answer);
    }
    let unknown = seen.iter().find(|answer| answer["id"] == 2).unwrap();
    assert!(unknown["error"]["message"].as_str().unwrap().contains("there is no such tool"), "{unknown}");
    drop(input);
    let deadline = Instant::now() + PATIENCE;
    let status = loop {
        if let Some(status) = child.try_wait().unwrap() {
            break status;
        }
        assert!(Instant::now() < deadline, "it goes on without a client");
        std::thread::yield_now();
    };
    assert_eq!(status.code(), Some(0));
    assert!(output.all(|line| serde_json::from_str::<Value>(&line.unwrap()).is_ok()));
    let mut log = String::new();
    child.stderr.take().unwrap().read_to_string(&mut log).unwrap();
    assert!(log.contains("answered an agent") && !log.contains('\u{1b}'), "{log}");
}

/// The same over HTTP: asks the server at an address.
const SESSION_OVER_HTTP: &str = "
import asyncio, json, sys
from mcp.client.client import Client

async def main():
    async with Client(sys.argv[1]) as client:
        tools = [tool.name for tool in (await client.list_tools()).tools]
        result = await client.call_tool('clean_url', {'url': sys.argv[2]})
        assert not result.is_error, result
        print(json.dumps({'tools': tools, 'cleaned': result.structured_content}))

asyncio.run(main())";

#[tokio::test(flavor = "multi_thread")]
async fn the_official_client_lists_the_tools_and_cleans_a_page_over_http() {
    let site = SampleSite::start().await.unwrap();
    let folder = TempDir::new().unwrap();
    configure(folder.path(), &site);
    let mut server = Command::new(cargo_bin("copydesk"))
        .args(["serve", "--quiet", "--listen", "127.0.0.1:0"])
        .current_dir(folder.path())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut line = String::new();
    BufReader::new(server.stdout.take().unwrap()).read_line(&mut line).unwrap();
    let address = format!("{}/mcp", line.trim().rsplit(' ').next().unwrap());
    let page = "http://harbour-ledger.test/2026/10/14/breakwater-survey/";
    let said = tokio::task::block_in_place(|| python::run(SESSION_OVER_HTTP, &[&address, page]));
    server.kill().unwrap();
    server.wait().unwrap();
    let said: Value = serde_json::from_str(&said).unwrap();
    assert_eq!(said["tools"].as_array().unwrap().len(), 5, "{said}");
    assert_eq!(said["cleaned"]["url"], page, "{said}");
}
