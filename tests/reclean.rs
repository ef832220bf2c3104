//! `copydesk reclean`: pages out of web archives of every kind, damaged ones too; cut off and taken up again; and what the
//! archive's own records differ in.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

#[path = "support/archived.rs"]
mod archived;
#[path = "support/crawled_site.rs"]
mod crawled_site;

use archived::records;
use assert_cmd::cargo::cargo_bin;
use copydesk::model::Article;
use crawled_site::CrawledSite;
use flate2::Compression;
use flate2::write::GzEncoder;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Output, Stdio};
use std::time::Duration;
use tempfile::TempDir;

fn reclean(arguments: &[&str]) -> Output {
    let folder = TempDir::new().unwrap();
    Command::new(cargo_bin("copydesk")).arg("reclean").args(arguments).current_dir(folder.path()).output().unwrap()
}

/// The records that come of inputs; the command ends well.
fn recleaned(arguments: &[&str]) -> Vec<serde_json::Value> {
    let output = reclean(arguments);
    assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    lines(&output.stdout)
}

fn lines(bytes: &[u8]) -> Vec<serde_json::Value> {
    let text = std::str::from_utf8(bytes).unwrap();
    assert!(text.is_empty() || text.ends_with('\n'), "the last line is whole");
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

fn page(number: usize) -> String {
    format!(
        "<!doctype html><html><head><title>Story {number}</title></head><body><article><h1>Story {number}</h1>\
         <p>The harbour reopens on day {number}, says the board, and the ferries run as they did before the storm.</p>\
         <p>Fishermen had waited for {number} weeks, and so had the town, which lives on them and on the summer's guests.</p>\
         </article></body></html>"
    )
}

fn url(number: usize) -> String {
    format!("http://news.example/2026/03/06/story-{number}")
}

/// A response record with a body of its own, plain.
fn record(number: usize, headers: &str, body: &[u8]) -> Vec<u8> {
    let http = format!("HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n{headers}\r\n");
    let length = http.len() + body.len();
    with_length(number, length, &[http.as_bytes(), body].concat())
}

/// The same with any length in its head.
fn with_length(number: usize, length: usize, block: &[u8]) -> Vec<u8> {
    let head = format!(
        "WARC/1.0\r\nWARC-Type: response\r\nWARC-Record-ID: <urn:uuid:00000000-0000-4000-8000-{number:012}>\r\n\
         WARC-Date: 2026-03-06T08:00:00Z\r\nWARC-Target-URI: {}\r\nContent-Type: application/http; msgtype=response\r\n\
         Content-Length: {length}\r\n\r\n",
        url(number)
    );
    [head.as_bytes(), block, b"\r\n\r\n"].concat()
}

fn story(number: usize) -> Vec<u8> {
    record(number, "", page(number).as_bytes())
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

/// The numbers of the stories whose records came out, in order.
fn numbers(records: &[serde_json::Value]) -> Vec<usize> {
    let number =
        |record: &serde_json::Value| record["title"].as_str().unwrap().strip_prefix("Story ").unwrap().parse().unwrap();
    records.iter().map(number).collect()
}

/// The numbers of the stories in a file of some name, which is read without a failure.
fn stories_in(name: &str, bytes: &[u8]) -> Vec<usize> {
    let folder = TempDir::new().unwrap();
    let file = folder.path().join(name);
    fs::write(&file, bytes).unwrap();
    numbers(&recleaned(&[file.to_str().unwrap()]))
}

#[test]
fn files_may_be_packed_in_any_way() {
    let stories: Vec<Vec<u8>> = (0..5).map(story).collect();
    let all: Vec<usize> = (0..5).collect();
    let plain = stories.concat();
    assert_eq!(stories_in("a.warc", &plain), all);
    assert_eq!(stories_in("a.warc.gz", &stories.iter().flat_map(|one| gzip(one)).collect::<Vec<_>>()), all);
    assert_eq!(stories_in("whole.warc.gz", &gzip(&plain)), all);
    assert_eq!(stories_in("a.warc.zst", &zstd::bulk::compress(&plain, 3).unwrap()), all);
    let frames: Vec<u8> = stories.iter().flat_map(|one| zstd::bulk::compress(one, 3).unwrap()).collect();
    assert_eq!(stories_in("frames.warc.zst", &frames), all);
    // By its looks, where the name does not say it.
    assert_eq!(stories_in("CC-NEWS", &gzip(&plain)), all);

    let dictionary = story(99);
    let mut compressor = zstd::bulk::Compressor::with_dictionary(3, &dictionary).unwrap();
    let mut packed = vec![0x5d, 0x2a, 0x4d, 0x18];
    packed.extend((dictionary.len() as u32).to_le_bytes());
    packed.extend(&dictionary);
    for one in &stories {
        packed.extend(compressor.compress(one).unwrap());
    }
    assert_eq!(stories_in("dictionary.warc.zst", &packed), all);
}

#[test]
fn a_file_may_have_any_number_of_members() {
    let other = String::from_utf8(story(0)).unwrap().replace("WARC-Type: response", "WARC-Type: revisit");
    let mut bytes = gzip(other.as_bytes()).repeat(100_000);
    bytes.extend(gzip(&story(1)));
    assert_eq!(stories_in("a.warc.gz", &bytes), [1]);
}

#[test]
fn pages_come_out_as_the_cleaner_makes_them() {
    let folder = TempDir::new().unwrap();
    let file = folder.path().join("a.warc");
    let mut bytes = record(1, "Content-Encoding: gzip\r\n", &gzip(page(1).as_bytes()));
    bytes.extend(record(
        2,
        "Transfer-Encoding: chunked\r\n",
        format!("{:x}\r\n{}\r\n0\r\n\r\n", page(2).len(), page(2)).as_bytes(),
    ));
    // What is no page is passed over: an error, a picture, a revisit, a request.
    let error = "HTTP/1.1 404 Not Found\r\nContent-Type: text/html\r\n\r\n<p>No such page.";
    bytes.extend(with_length(3, error.len(), error.as_bytes()));
    let picture = "HTTP/1.1 200 OK\r\nContent-Type: image/png\r\n\r\n\u{89}PNG";
    bytes.extend(with_length(4, picture.len(), picture.as_bytes()));
    for kind in ["request", "revisit", "metadata"] {
        let other = String::from_utf8(story(5)).unwrap().replace("WARC-Type: response", &format!("WARC-Type: {kind}"));
        bytes.extend(other.as_bytes());
    }
    fs::write(&file, &bytes).unwrap();
    let found = recleaned(&[file.to_str().unwrap(), "--jobs", "1"]);
    assert_eq!(numbers(&found), [1, 2]);
    let article: Article = serde_json::from_value(found[0].clone()).unwrap();
    assert_eq!(article.url, Some(url(1)));
    assert_eq!(article.fetched, Some("2026-03-06T08:00:00Z".parse().unwrap()));
    assert!(article.text.starts_with("The harbour reopens on day 1, says the board"), "{}", article.text);

    // A folder of pages is one, too.
    let pages = folder.path().join("pages/below");
    fs::create_dir_all(&pages).unwrap();
    fs::write(pages.join("a.html"), page(7)).unwrap();
    fs::write(pages.join("b.html.gz"), gzip(page(8).as_bytes())).unwrap();
    fs::write(pages.join("c.txt"), "no page").unwrap();
    assert_eq!(numbers(&recleaned(&[folder.path().join("pages").to_str().unwrap()])), [7, 8]);
    assert_eq!(numbers(&recleaned(&[folder.path().to_str().unwrap()])), [1, 2, 7, 8]);
}

#[test]
fn what_is_damaged_costs_no_more_than_itself() {
    let stories: Vec<Vec<u8>> = (0..4).map(story).collect();
    let members: Vec<Vec<u8>> = stories.iter().map(|one| gzip(one)).collect();
    // Cut off in the middle of the last record, or of its head.
    for cut in [10, 200, 500] {
        let mut bytes = stories.concat();
        bytes.truncate(bytes.len() - cut);
        assert_eq!(stories_in("a.warc", &bytes)[..3], [0, 1, 2], "{cut}");
        let mut bytes = members.concat();
        bytes.truncate(bytes.len() - cut / 5);
        assert_eq!(stories_in("a.warc.gz", &bytes)[..3], [0, 1, 2], "{cut}");
    }
    // Bytes between records, and between members.
    let garbage = b"\0\x01\x1f\x8b no record \x1f\x1f\x8b\r\n\r\n\xff\xfe";
    for joint in [&garbage[..], b"\r\n\r\n", &[0; 5000], &[0x1f; 300]] {
        assert_eq!(stories_in("a.warc", &stories.join(&joint.to_vec()[..])), [0, 1, 2, 3]);
        assert_eq!(stories_in("a.warc.gz", &members.join(&joint.to_vec()[..])), [0, 1, 2, 3]);
    }
    // A member of which a part was overwritten.
    let mut broken = members.clone();
    let middle = broken[1].len() / 2;
    broken[1][middle..middle + 40].fill(0x55);
    assert_eq!(
        stories_in("a.warc.gz", &broken.concat()).into_iter().filter(|number| *number != 1).collect::<Vec<_>>(),
        [0, 2, 3]
    );

    // Lengths that are wrong: the story itself may be cut, the others are not touched.
    let http = |number| [b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n", page(number).as_bytes()].concat();
    for length in [0, 100, 10_000, 1_000_000, usize::MAX] {
        let mut lying = stories.clone();
        lying[1] = with_length(1, length, &http(1));
        for (name, bytes) in [
            ("a.warc", lying.concat()),
            ("whole.warc.gz", gzip(&lying.concat())),
            ("a.warc.gz", lying.iter().flat_map(|one| gzip(one)).collect()),
        ] {
            let found = stories_in(name, &bytes);
            let kept: BTreeSet<usize> = found.into_iter().collect();
            // What a length swallows that reaches to the end of what is packed as a whole cannot be told from a page.
            let lost = name == "whole.warc.gz" && length > 16 * 1024 * 1024;
            assert!(kept.contains(&0) && (lost || kept.contains(&2) && kept.contains(&3)), "{name} {length}: {kept:?}");
        }
    }
    // Nothing but rubbish.
    for bytes in [
        &b""[..],
        b"WARC/1.0",
        b"WARC/1.0\r\n\r\n",
        &[0x1f, 0x8b, 8],
        &[0x28, 0xb5, 0x2f, 0xfd, 0],
        &vec![b'x'; 600_000],
    ] {
        assert_eq!(stories_in("a.warc", bytes), Vec::<usize>::new());
    }
}

#[test]
fn a_bomb_costs_neither_memory_nor_the_rest() {
    let bomb = gzip(&vec![b' '; 300_000_000]);
    let mut bytes = story(0);
    // In the page's own coding, and as the record.
    bytes.extend(record(1, "Content-Encoding: gzip\r\n", &bomb));
    bytes.extend(story(2));
    let folder = TempDir::new().unwrap();
    let (plain, packed) = (folder.path().join("a.warc"), folder.path().join("b.warc.gz"));
    fs::write(&plain, &bytes).unwrap();
    let large = record(3, "", &vec![b' '; 300_000_000]);
    fs::write(&packed, [gzip(&story(4)), gzip(&large), gzip(&story(5))].concat()).unwrap();
    let script = format!(
        "ulimit -v 1000000; exec {} reclean {} {} --jobs 2",
        cargo_bin("copydesk").display(),
        plain.display(),
        packed.display()
    );
    let output = Command::new("sh").args(["-c", &script]).current_dir(folder.path()).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let titles: Vec<String> =
        lines(&output.stdout).iter().filter_map(|record| record["title"].as_str().map(str::to_owned)).collect();
    assert_eq!(titles, ["Story 0", "Story 2", "Story 4", "Story 5"]);
}

#[test]
fn inputs_that_cannot_be_read_are_said() {
    let folder = TempDir::new().unwrap();
    let zip = folder.path().join("a.wacz");
    fs::write(&zip, b"PK\x03\x04 and no more").unwrap();
    for (input, word) in [
        ("nowhere.warc", "there is no such file"),
        (zip.to_str().unwrap(), "no WACZ file that can be read"),
        (folder.path().join("empty").to_str().unwrap(), "holds no WARC"),
    ] {
        fs::create_dir_all(folder.path().join("empty")).unwrap();
        let output = reclean(&[input]);
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.code() == Some(1) && said.contains(word), "{input}: {said}");
    }
}

#[test]
fn web_archives_within_a_wacz_file_are_read() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("a.wacz");
    let mut zip = zip::ZipWriter::new(fs::File::create(&path).unwrap());
    let stored = zip::write::SimpleFileOptions::default().compression_method(zip::CompressionMethod::Stored);
    for (name, numbers) in [("archive/b.warc.gz", 2..4), ("archive/a.warc", 0..2), ("pages/pages.jsonl", 9..10)] {
        zip.start_file(name, stored).unwrap();
        for number in numbers {
            let one = story(number);
            zip.write_all(&if name == "archive/b.warc.gz" { gzip(&one) } else { one }).unwrap();
        }
    }
    zip.finish().unwrap();
    assert_eq!(numbers(&recleaned(&[path.to_str().unwrap()])), [2, 3, 0, 1]);
}

/// Cuts the work off again and again, and compares what it came to with that of one that was not.
fn killed_and_resumed(input: &Path, longest: Duration) {
    let folder = TempDir::new().unwrap();
    let (whole, cut) = (folder.path().join("whole"), folder.path().join("cut"));
    let start = |out: &Path| {
        let mut command = Command::new(cargo_bin("copydesk"));
        command.arg("reclean").arg(input).arg("--out").arg(out).current_dir(folder.path());
        command.stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap()
    };
    let output = start(&whole).wait_with_output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let mut cuts = 0;
    for round in 1.. {
        let mut child = start(&cut);
        // Longer each time, so that it comes to an end.
        std::thread::sleep(longest.mul_f64(f64::from(round) / 8.0));
        child.kill().unwrap();
        let output = child.wait_with_output().unwrap();
        if output.status.success() {
            break;
        }
        cuts += 1;
        // It may have said its last words and not be gone yet.
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(said.is_empty() || said.contains(" 0 pages could not be cleaned"), "{said}");
    }
    assert!(cuts >= 2, "{cuts} cuts");
    let [whole, cut] = [whole, cut].map(|folder| fs::read(folder.join("records.jsonl")).unwrap());
    assert_eq!(lines(&whole).len(), lines(&cut).len());
    assert!(whole == cut, "the same records in the same order");
}

#[test]
fn killed_and_started_again_it_loses_nothing_and_doubles_nothing() {
    let folder = TempDir::new().unwrap();
    let stories: Vec<Vec<u8>> = (0..1000).map(story).collect();
    for (name, bytes) in [
        ("a.warc", stories.concat()),
        ("a.warc.gz", stories.iter().flat_map(|one| gzip(one)).collect()),
        ("whole.warc.gz", gzip(&stories.concat())),
    ] {
        let file = folder.path().join(name);
        fs::write(&file, bytes).unwrap();
        killed_and_resumed(&file, Duration::from_millis(800));
    }
}

#[test]
fn a_folder_of_results_knows_what_it_is_of() {
    let folder = TempDir::new().unwrap();
    let file = folder.path().join("a.warc");
    fs::write(&file, [story(0), story(1)].concat()).unwrap();
    let out = folder.path().join("out");
    let arguments = [file.to_str().unwrap(), "--out", out.to_str().unwrap()];
    assert!(reclean(&arguments).stdout.is_empty());
    let records = fs::read(out.join("records.jsonl")).unwrap();
    assert_eq!(numbers(&lines(&records)), [0, 1]);
    // Done is done.
    let again = reclean(&arguments);
    assert!(again.status.success() && String::from_utf8_lossy(&again.stderr).contains("nothing left to do"));
    assert_eq!(fs::read(out.join("records.jsonl")).unwrap(), records);
    // Other inputs, and the same in another length, are not mixed in.
    fs::write(&file, [story(0), story(1), story(2)].concat()).unwrap();
    let other = reclean(&arguments);
    assert!(other.status.code() == Some(1) && String::from_utf8_lossy(&other.stderr).contains("other inputs"));
    assert_eq!(fs::read(out.join("records.jsonl")).unwrap(), records);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_archive_of_ours_gives_back_its_articles_and_says_what_changed() {
    let crawled = CrawledSite::new("", "").await;
    crawled.crawl();
    let archive = crawled.archive();
    let archive_name = archive.to_str().unwrap();
    let known: BTreeMap<String, Article> =
        records(&archive).into_iter().map(|(_, article)| (article.id.clone(), article)).collect();
    let again = recleaned(&[archive_name]);
    let by_id: BTreeMap<String, Article> = again
        .iter()
        .map(|record| serde_json::from_value::<Article>(record.clone()).unwrap())
        .map(|article| (article.id.clone(), article))
        .collect();
    for (id, article) in &known {
        assert_eq!(by_id[id].text, article.text, "{:?}", article.url);
    }
    assert!(again.len() > known.len(), "front and section pages are pages, too");

    // Today's cleaner is the one that it was archived with.
    let changed = recleaned(&[archive_name, "--only-changed"]);
    assert_eq!(changed, Vec::<serde_json::Value>::new());
    // With a rule for one site it is another.
    let config = crawled.folder.path().join("rules.toml");
    fs::write(&config, "[[source]]\nname = \"x\"\nurl = \"http://harbour-ledger.test/\"\n[[rule]]\nhost = \"harbour-ledger.test\"\ntitle = \"h1\"\nremove = [\"article p:first-of-type\", \"main p:first-of-type\"]\n").unwrap();
    let changed = recleaned(&[archive_name, "--only-changed", "--config", config.to_str().unwrap()]);
    assert!(!changed.is_empty());
    for record in &changed {
        let fields: Vec<&str> =
            record["changed"].as_array().unwrap().iter().map(|name| name.as_str().unwrap()).collect();
        assert!(fields.contains(&"text"), "{fields:?}");
        let article: Article = serde_json::from_value(record.clone()).unwrap();
        assert!(article.url.unwrap().contains("harbour-ledger.test"));
        assert_ne!(known[&article.id].text, article.text);
    }
}
