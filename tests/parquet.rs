//! Parquet files: what waits for one and when it becomes one, crashes in between, compaction, and other people's readers.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

#[path = "support/archived.rs"]
mod archived;
#[path = "support/python.rs"]
mod python;

use archived::{ParquetRow, files_under, parquet_rows};
use assert_cmd::cargo::cargo_bin;
use copydesk::archive::{Archive, ArchiveError, ArchiveOptions, Ending, Format, compact};
use copydesk::frontier::{Frontier, RevisitRule, SqliteFrontier};
use copydesk::model::{Article, Image, SinkPosition, Usage};
use copydesk::sample_site::{SampleSite, expected};
use jiff::{SignedDuration, Timestamp};
use std::fmt::Write as _;
use std::fs;
use std::path::Path;
use std::process::{Command, Output, Stdio};
use std::time::Duration;
use tempfile::TempDir;

fn open(folder: &Path) -> Archive {
    let options =
        ArchiveOptions { path: folder.to_owned(), formats: vec![Format::Parquet], ..ArchiveOptions::default() };
    Archive::open(&options).unwrap()
}

/// An archive as the next run finds it, with what the last one committed.
fn reopen(folder: &Path, committed: &[SinkPosition]) -> Archive {
    let mut archive = open(folder);
    archive.recover(committed).unwrap();
    archive
}

fn article(seq: u64, fetched: Timestamp) -> Article {
    Article {
        id: format!("{seq:016x}"),
        title: Some(format!("Title {seq}")),
        text: format!("Body {seq}."),
        fetched: Some(fetched),
        version: 1,
        seq,
        ..Article::default()
    }
}

fn write(archive: &mut Archive, seqs: impl IntoIterator<Item = u64>, fetched: Timestamp) -> Vec<SinkPosition> {
    for seq in seqs {
        assert_eq!(archive.write(&article(seq, fetched), "harbour", None).unwrap(), None);
    }
    let positions = archive.flush().unwrap();
    archive.committed().unwrap();
    positions
}

fn seqs(folder: &Path) -> Vec<i64> {
    parquet_rows(folder).into_iter().map(|row| row.seq).collect()
}

/// The names under `parquet/`.
fn names(folder: &Path) -> Vec<String> {
    let files = files_under(&folder.join("parquet"));
    files.iter().map(|file| file.file_name().unwrap().to_str().unwrap().to_owned()).collect()
}

/// A day that is over.
fn past() -> Timestamp {
    "2026-03-06T08:00:00Z".parse().unwrap()
}

#[test]
fn rows_wait_for_a_file_over_runs_that_are_followed_by_others() {
    let folder = TempDir::new().unwrap();
    let now = Timestamp::now();
    let mut archive = open(folder.path());
    let mut committed = write(&mut archive, [1, 2], now);
    archive.finish(Ending::Pause).unwrap();
    assert_eq!(seqs(folder.path()), [0_i64; 0]);
    let mut archive = reopen(folder.path(), &committed);
    committed = write(&mut archive, [3], now);
    assert_eq!(committed.len(), 1, "it goes on with the same: {committed:?}");
    archive.finish(Ending::Last).unwrap();
    assert_eq!(seqs(folder.path()), [1, 2, 3]);
    assert_eq!(names(folder.path()), ["1-3.parquet"]);
    // The store is told that what waited is no more.
    let mut archive = reopen(folder.path(), &committed);
    assert_eq!(archive.flush().unwrap(), [SinkPosition { path: committed[0].path.clone(), length: 0 }]);
}

#[test]
fn what_has_waited_for_an_hour_or_is_large_becomes_a_file_by_itself() {
    let folder = TempDir::new().unwrap();
    let mut archive = open(folder.path());
    write(&mut archive, [1], Timestamp::now() - SignedDuration::from_mins(61));
    assert_eq!(seqs(folder.path()), [1]);

    let folder = TempDir::new().unwrap();
    let (path, formats) = (folder.path().to_owned(), vec![Format::Parquet]);
    let options = ArchiveOptions { path, formats, rotate_size: Some(3000), ..ArchiveOptions::default() };
    let mut archive = Archive::open(&options).unwrap();
    let now = Timestamp::now();
    for seq in 1..=20 {
        write(&mut archive, [seq], now);
    }
    archive.finish(Ending::Last).unwrap();
    assert_eq!(seqs(folder.path()), (1..=20).collect::<Vec<_>>());
    let files = names(folder.path());
    assert!((4..=10).contains(&files.len()), "{files:?}");
}

#[test]
fn a_crash_between_the_file_and_the_end_of_the_spool_doubles_nothing() {
    let folder = TempDir::new().unwrap();
    let mut archive = open(folder.path());
    let committed = write(&mut archive, [7, 8, 9], Timestamp::now());
    let spool = folder.path().join(&committed[0].path);
    let content = fs::read(&spool).unwrap();
    archive.finish(Ending::Last).unwrap();
    assert!(!spool.exists());
    // As if it had died before it took the spool away, and in the middle of a file before that.
    fs::write(&spool, &content).unwrap();
    let part = spool.with_file_name(format!(".{}.part", spool.file_name().unwrap().to_str().unwrap()));
    fs::write(&part, "PAR1 and no more").unwrap();
    let mut archive = reopen(folder.path(), &committed);
    archive.finish(Ending::Last).unwrap();
    assert_eq!(seqs(folder.path()), [7, 8, 9]);
    assert_eq!(names(folder.path()), ["7-9.parquet"]);
}

#[test]
fn what_was_not_committed_does_not_become_a_file() {
    let folder = TempDir::new().unwrap();
    let mut archive = open(folder.path());
    let committed = write(&mut archive, [1], Timestamp::now());
    archive.write(&article(2, Timestamp::now()), "harbour", None).unwrap();
    archive.flush().unwrap();
    archive.finish(Ending::Last).unwrap();
    assert_eq!(names(folder.path()).iter().filter(|name| name.ends_with(".parquet")).count(), 0);
    let mut archive = reopen(folder.path(), &committed);
    archive.finish(Ending::Last).unwrap();
    assert_eq!(seqs(folder.path()), [1]);
}

#[test]
fn a_new_store_over_an_old_archive_replaces_nothing() {
    let folder = TempDir::new().unwrap();
    for _ in 0..3 {
        // Each time the numbers begin anew. The first two leave what they had in the spool.
        let mut archive = reopen(folder.path(), &[]);
        write(&mut archive, [1, 2], Timestamp::now());
    }
    reopen(folder.path(), &[]).finish(Ending::Last).unwrap();
    assert_eq!(seqs(folder.path()), [1, 2, 1, 2, 1, 2]);
    assert_eq!(names(folder.path()), ["1-2.parquet", "1-2_2.parquet", "1-2_3.parquet"]);
}

#[test]
fn a_line_that_somebody_spoiled_stops_nothing_else() {
    let folder = TempDir::new().unwrap();
    let mut archive = open(folder.path());
    let committed = write(&mut archive, [1, 2], Timestamp::now());
    let spool = folder.path().join(&committed[0].path);
    let text = fs::read_to_string(&spool).unwrap();
    let spoiled = text.replacen("\"title\"", "\"titl\u{1}\"", 1).replacen(":1,", ":x,", 1);
    assert_ne!(spoiled, text);
    let spoiled = &spoiled[..text.len() - 1];
    fs::write(&spool, format!("{}\n", spoiled.trim_end())).unwrap();
    let mut archive = reopen(folder.path(), &[SinkPosition { length: text.len() as u64, ..committed[0].clone() }]);
    archive.write(&article(3, Timestamp::now()), "kreisbote", None).unwrap();
    archive.flush().unwrap();
    archive.committed().unwrap();
    archive.finish(Ending::Last).unwrap();
    assert_eq!(seqs(folder.path()), [3]);
    assert!(spool.exists(), "what can be read of it is not thrown away");
}

/// Linux has a file that is always full.
#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_while_a_file_is_made_costs_nothing() {
    let folder = TempDir::new().unwrap();
    let mut archive = open(folder.path());
    let committed = write(&mut archive, [1, 2], Timestamp::now());
    let spool = folder.path().join(&committed[0].path);
    let part = spool.with_file_name(format!(".{}.part", spool.file_name().unwrap().to_str().unwrap()));
    std::os::unix::fs::symlink("/dev/full", &part).unwrap();
    let error = archive.finish(Ending::Last).unwrap_err();
    assert!(matches!(error, ArchiveError::DiskFull { .. }), "{error:?}");
    let mut archive = reopen(folder.path(), &committed);
    archive.finish(Ending::Last).unwrap();
    assert_eq!(seqs(folder.path()), [1, 2]);
}

/// Partitions of small files: for each source so many files of three rows.
fn small_files(folder: &Path, sources: u64, files: u64) -> Vec<ParquetRow> {
    let mut archive = open(folder);
    let mut seq = 0;
    for _ in 0..files {
        for source in 0..sources {
            for _ in 0..3 {
                seq += 1;
                archive.write(&article(seq, past()), &format!("source-{source}"), None).unwrap();
            }
        }
        archive.flush().unwrap();
        archive.committed().unwrap();
    }
    let mut rows = parquet_rows(folder);
    rows.sort();
    assert_eq!((rows.len() as u64, names(folder).len() as u64), (seq, sources * files));
    rows
}

#[test]
fn compaction_joins_small_files_and_changes_no_row() {
    let folder = TempDir::new().unwrap();
    let rows = small_files(folder.path(), 2, 5);
    let partition = folder.path().join("parquet/source=source-0/date=2026-03-06");
    fs::write(partition.join("readme.txt"), "mine").unwrap();
    let done = compact(folder.path()).unwrap();
    assert_eq!((done.partitions, done.joined, done.into, done.rows), (2, 10, 2, 30));
    assert_eq!(fs::read_to_string(partition.join("readme.txt")).unwrap(), "mine");
    fs::remove_file(partition.join("readme.txt")).unwrap();
    let mut found = parquet_rows(folder.path());
    found.sort();
    assert_eq!(found, rows);
    assert_eq!(names(folder.path()), ["1-27.parquet", "4-30.parquet"]);
    assert!(!folder.path().join(".compacting").exists());
    // Nothing is left to do, and a file that comes later is joined to the rest.
    assert_eq!(compact(folder.path()).unwrap().joined, 0);
    let mut archive = open(folder.path());
    archive.write(&article(31, past()), "source-1", None).unwrap();
    archive.flush().unwrap();
    archive.committed().unwrap();
    assert_eq!(compact(folder.path()).unwrap().joined, 2);
    assert_eq!(names(folder.path()), ["1-27.parquet", "4-31.parquet"]);
}

#[test]
fn a_compaction_that_died_between_two_renames_is_put_right_by_the_next_start() {
    let folder = TempDir::new().unwrap();
    let rows = small_files(folder.path(), 1, 3);
    let place = "source=source-0/date=2026-03-06";
    // As file systems have it that cannot exchange two folders: the old one is away, the new one not in its place.
    let old = folder.path().join(".compacting/old").join(place);
    fs::create_dir_all(old.parent().unwrap()).unwrap();
    fs::rename(folder.path().join("parquet").join(place), &old).unwrap();
    assert_eq!(seqs(folder.path()), [0_i64; 0]);
    reopen(folder.path(), &[]);
    assert_eq!(parquet_rows(folder.path()), rows);
    assert!(!folder.path().join(".compacting").exists());
}

#[test]
fn whoever_reads_while_files_are_joined_sees_each_row_once() {
    let folder = TempDir::new().unwrap();
    let rows = small_files(folder.path(), 1, 60);
    let partition = folder.path().join("parquet/source=source-0/date=2026-03-06");
    let joined = std::thread::spawn({
        let folder = folder.path().to_owned();
        move || compact(&folder).unwrap()
    });
    let mut looks = 0;
    while !joined.is_finished() || looks == 0 {
        // One listing; a name that is gone when it is opened belongs to an old one.
        let listed: Vec<_> = fs::read_dir(&partition).unwrap().map(|entry| entry.unwrap().path()).collect();
        let counts: Option<Vec<i64>> = listed.iter().map(|path| rows_of(path)).collect();
        if let Some(counts) = counts {
            assert_eq!(counts.iter().sum::<i64>(), i64::try_from(rows.len()).unwrap(), "{listed:?}");
            looks += 1;
        }
    }
    assert_eq!(joined.join().unwrap().joined, 60);
}

/// The rows of a file; nothing for one that is not there.
fn rows_of(path: &Path) -> Option<i64> {
    let file = fs::File::open(path).ok()?;
    let reader = parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder::try_new(file).unwrap();
    Some(reader.metadata().file_metadata().num_rows())
}

fn copydesk(folder: &Path, arguments: &[&str]) -> Output {
    Command::new(cargo_bin("copydesk")).args(arguments).current_dir(folder).output().unwrap()
}

const CONFIG: &str =
    "[archive]\nformats = [\"parquet\"]\n[[source]]\nname = \"harbour\"\nurl = \"https://harbour.test/\"\n";

#[test]
fn compaction_killed_at_any_moment_loses_nothing_and_doubles_nothing() {
    const KILLS: u32 = 40;
    let folder = TempDir::new().unwrap();
    fs::write(folder.path().join("config.toml"), CONFIG).unwrap();
    let archive = folder.path().join("archive");
    let rows = small_files(&archive, 24, 8);
    SqliteFrontier::open(&archive.join("copydesk.db"), RevisitRule::default()).unwrap();
    let mut halfway = 0;
    for kill in 0..KILLS {
        let mut child = Command::new(cargo_bin("copydesk"))
            .args(["archive", "compact"])
            .current_dir(folder.path())
            .stdout(Stdio::null())
            .spawn()
            .unwrap();
        std::thread::sleep(Duration::from_millis(5 + u64::from(kill % 20) * 4));
        let _ = child.kill();
        child.wait().unwrap();
        let mut found = parquet_rows(&archive);
        found.sort();
        assert_eq!(found, rows, "after {kill}");
        let files = names(&archive).len();
        halfway += u32::from(files > 24 && files < 24 * 8);
    }
    println!("{halfway} of {KILLS} times with some partitions done and others not");
    let output = copydesk(folder.path(), &["archive", "compact"]);
    assert!(output.status.success(), "{output:?}");
    let mut found = parquet_rows(&archive);
    found.sort();
    assert_eq!((found, names(&archive).len()), (rows, 24));
    assert!(!archive.join(".compacting").exists());
}

#[test]
fn the_command_makes_files_of_what_waits_and_is_refused_beside_a_crawl() {
    let folder = TempDir::new().unwrap();
    fs::write(folder.path().join("config.toml"), CONFIG).unwrap();
    let archive = folder.path().join("archive");
    let output = copydesk(folder.path(), &["archive", "compact"]);
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(output.status.code() == Some(1) && said.contains("there is no store"), "{said}");

    let store = SqliteFrontier::open(&archive.join("copydesk.db"), RevisitRule::default()).unwrap();
    let mut writer = open(&archive);
    for seqs in [[1, 2], [3, 4]] {
        for seq in seqs {
            writer.write(&article(seq, Timestamp::now()), "harbour", None).unwrap();
        }
        let positions = writer.flush().unwrap();
        store.commit(&[], &positions, Timestamp::now()).unwrap();
        writer.committed().unwrap();
    }
    // A record that is not committed, as a crawl leaves it that is killed.
    writer.write(&article(5, Timestamp::now()), "harbour", None).unwrap();
    writer.flush().unwrap();
    drop(writer);
    let output = copydesk(folder.path(), &["archive", "compact"]);
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(output.status.code() == Some(1) && said.contains("another copydesk is using the store"), "{said}");
    assert_eq!(seqs(&archive), [0_i64; 0]);
    drop(store);
    let output = copydesk(folder.path(), &["archive", "compact"]);
    assert!(output.status.success(), "{output:?}");
    assert_eq!(seqs(&archive), [1, 2, 3, 4]);
    assert_eq!(names(&archive), ["1-4.parquet"]);
}

/// Crawls the sample site by the binary, with Parquet among the formats.
async fn crawl(folder: &Path) {
    let site = SampleSite::start().await.unwrap();
    let hosts = SampleSite::hosts();
    let mut config = format!(
        "[archive]\nformats = [\"jsonl\", \"parquet\"]\n[fetch]\ndelay = \"10ms\"\nmax_crawl_delay = \"10ms\"\n\
         allow_hosts = {hosts:?}\n[fetch.resolve]\n"
    );
    for host in &hosts {
        writeln!(config, "{host:?} = \"{}\"", site.addr()).unwrap();
    }
    for host in &hosts {
        let name = host.strip_suffix(".test").unwrap();
        write!(config, "[[source]]\nname = {name:?}\nurl = \"http://{host}/\"\n").unwrap();
    }
    fs::write(folder.join("config.toml"), config).unwrap();
    let folder = folder.to_owned();
    let output = tokio::task::spawn_blocking(move || copydesk(&folder, &["crawl"])).await.unwrap();
    assert!(output.status.success(), "{output:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn duckdb_pyarrow_and_polars_read_the_folder_of_a_crawl_in_one_line() {
    let folder = TempDir::new().unwrap();
    crawl(folder.path()).await;
    let archive = folder.path().join("archive");
    let records = archived::records(&archive);
    assert_eq!(records.len(), expected().len());
    let words: usize = records.iter().map(|(_, article)| article.word_count).sum();
    let images: usize = records.iter().map(|(_, article)| article.images.len()).sum();
    let authors: usize = records.iter().map(|(_, article)| article.authors.len()).sum();
    let published: i64 = records
        .iter()
        .filter_map(|(_, article)| article.published)
        .map(|published| published.instant().as_second())
        .sum();
    let wanted = format!("{} {words} {images} {authors} {published} 3", records.len());

    let script = "
import os, sys
os.chdir(sys.argv[1])
import duckdb
print(*duckdb.sql(\"SELECT count(*), sum(word_count), sum(len(images)), sum(len(authors)), sum(epoch(published))::BIGINT, count(DISTINCT source) FROM 'parquet/**/*.parquet'\").fetchall()[0])
types = {row[0]: row[1] for row in duckdb.sql(\"DESCRIBE SELECT * FROM 'parquet/**/*.parquet'\").fetchall()}
for name in 'seq id version published published_text fetched authors images word_count confidence paywalled usage source date'.split():
    print(name, types[name])

import pyarrow.dataset as dataset, pyarrow.compute as compute
table = dataset.dataset('parquet', partitioning='hive').to_table()
print(table.num_rows, compute.sum(table['word_count']), sum(map(len, table['images'].to_pylist())), sum(map(len, table['authors'].to_pylist())), sum(int(moment.timestamp()) for moment in table['published'].to_pylist() if moment), len(set(table['source'].to_pylist())))
for name in ['published', 'authors', 'images', 'usage']:
    print(name, table.schema.field(name).type)

import polars
frame = polars.scan_parquet('parquet/**/*.parquet', hive_partitioning=True).collect()
print(frame.height, frame['word_count'].sum(), frame['images'].list.len().sum(), frame['authors'].list.len().sum(), frame['published'].dt.epoch('s').sum(), frame['source'].n_unique())
print(frame.schema['published'], frame.schema['authors'], frame.schema['fetched'])";
    let said = tokio::task::spawn_blocking(move || python::run(script, &[archive.to_str().unwrap()])).await.unwrap();
    let lines: Vec<&str> = said.lines().collect();
    let structs = "STRUCT(url VARCHAR, caption VARCHAR, credit VARCHAR, alt VARCHAR)[]";
    let usage = "STRUCT(license VARCHAR, robots VARCHAR[], tdm_reservation BOOLEAN, tdm_policy VARCHAR, content_signal MAP(VARCHAR, BOOLEAN))";
    let duckdb = [
        wanted.clone(),
        "seq BIGINT".to_owned(),
        "id VARCHAR".to_owned(),
        "version INTEGER".to_owned(),
        "published TIMESTAMP WITH TIME ZONE".to_owned(),
        "published_text VARCHAR".to_owned(),
        "fetched TIMESTAMP WITH TIME ZONE".to_owned(),
        "authors VARCHAR[]".to_owned(),
        format!("images {structs}"),
        "word_count BIGINT".to_owned(),
        "confidence FLOAT".to_owned(),
        "paywalled BOOLEAN".to_owned(),
        format!("usage {usage}"),
        "source VARCHAR".to_owned(),
        "date DATE".to_owned(),
    ];
    assert_eq!(lines[..15], duckdb, "DuckDB");
    let pyarrow = [
        wanted.as_str(),
        "published timestamp[us, tz=UTC]",
        "authors list<element: string not null>",
        "images list<element: struct<url: string, caption: string, credit: string, alt: string> not null>",
        "usage struct<license: string, robots: list<element: string not null> not null, tdm_reservation: bool, \
         tdm_policy: string, content_signal: map<string, bool",
    ];
    // How it names the entries of a map differs from one edition to another.
    let mut said: Vec<&str> = lines[15..20].to_vec();
    said[4] = said[4].split(" ('").next().unwrap();
    assert_eq!(said, pyarrow, "pyarrow");
    let polars = [
        wanted.as_str(),
        "Datetime(time_unit='us', time_zone='UTC') List(String) Datetime(time_unit='us', time_zone='UTC')",
    ];
    assert_eq!(lines[20..], polars, "polars");
}

#[test]
fn other_programs_read_every_kind_of_value() {
    let folder = TempDir::new().unwrap();
    let mut archive = open(folder.path());
    let full = Article {
        published: Some("2026-03-05T23:30:00-08:00".parse().unwrap()),
        modified: Some("2026-03-07".parse().unwrap()),
        authors: vec!["Ana Lopes".to_owned(), "北京\0\"".to_owned()],
        images: vec![Image { caption: Some("Quay".to_owned()), ..Image::default() }, Image::default()],
        usage: Usage {
            robots: vec!["noarchive".to_owned()],
            tdm_reservation: Some(true),
            content_signal: [("ai-train".to_owned(), false), ("search".to_owned(), true)].into(),
            ..Usage::default()
        },
        confidence: 0.5,
        ..article(1, past())
    };
    archive.write(&full, "harbour", None).unwrap();
    archive.write(&Article { fetched: Some(past()), title: None, ..article(2, past()) }, "harbour", None).unwrap();
    archive.flush().unwrap();
    archive.committed().unwrap();
    let script = "
import sys, json, pyarrow.parquet
rows = pyarrow.parquet.read_table(sys.argv[1] + '/parquet').sort_by('seq').to_pylist()
print(json.dumps(rows, default=str, ensure_ascii=False))
import duckdb
print(duckdb.sql(f\"SELECT usage.content_signal['search'], images[1].caption, tombstone FROM '{sys.argv[1]}/parquet/**/*.parquet' WHERE seq = 1\").fetchall()[0])";
    let said = python::run(script, &[folder.path().to_str().unwrap()]);
    let (json, duckdb) = said.split_once('\n').unwrap();
    assert_eq!(duckdb.trim(), "(True, 'Quay', None)");
    let rows: serde_json::Value = serde_json::from_str(json).unwrap();
    let (one, two) = (&rows[0], &rows[1]);
    assert_eq!(one["published"], "2026-03-06 07:30:00+00:00");
    assert_eq!(one["published_text"], "2026-03-05T23:30:00-08:00");
    assert_eq!((&one["modified"], &one["modified_text"]), (&"2026-03-07 00:00:00+00:00".into(), &"2026-03-07".into()));
    assert_eq!(one["authors"], serde_json::json!(["Ana Lopes", "北京\0\""]));
    assert_eq!(one["images"][0]["caption"], "Quay");
    assert_eq!(one["images"][1]["url"], serde_json::Value::Null);
    assert_eq!(one["usage"]["tdm_reservation"], true);
    assert_eq!(one["usage"]["content_signal"], serde_json::json!([["ai-train", false], ["search", true]]));
    assert_eq!((&one["confidence"], &one["paywalled"]), (&0.5.into(), &false.into()));
    assert_eq!((&one["source"], &one["page_type"]), (&"harbour".into(), &"other".into()));
    for empty in ["title", "published", "published_text", "url", "tombstone"] {
        assert_eq!(two[empty], serde_json::Value::Null, "{empty}");
    }
    assert_eq!((&two["tags"], &two["images"]), (&serde_json::json!([]), &serde_json::json!([])));
}
