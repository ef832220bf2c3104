//! The archive: what lies where, and what a crash leaves.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

#[path = "support/archived.rs"]
mod archived;

use archived::{own_files, rows, versions};
use copydesk::archive::catalogue::{Catalogue, Search};
use copydesk::archive::{Archive, ArchiveError, ArchiveOptions, Compression, Format, JsonlSink, Place, Record, Sink};
use copydesk::frontier::{
    Frontier, KnownArticle, LeaseRequest, Outcome, RevisitRule, SqliteFrontier, UrlKind, Verdict, WhichSources,
};
use copydesk::model::{Article, Fingerprint, Image, Link, PageType, Provenance, SinkPosition, Usage, Validators};
use jiff::{SignedDuration, Timestamp};
use proptest::prelude::*;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use tempfile::TempDir;

const JSONL: &str = "jsonl/harbour/2026-03-06.jsonl";

fn article(id: &str, title: &str) -> Article {
    Article {
        id: id.to_owned(),
        url: Some(format!("https://www.harbour.test/2026/{id}")),
        canonical_url: Some(format!("https://harbour.test/{id}")),
        title: Some(title.to_owned()),
        authors: vec!["Ana Lopes".to_owned()],
        published: Some("2026-03-05T23:30:00-08:00".parse().unwrap()),
        fetched: Some("2026-03-06T08:00:00Z".parse().unwrap()),
        text: "The harbour reopens.".to_owned(),
        markdown: "The harbour **reopens**.\n".to_owned(),
        html: "<p>The harbour <strong>reopens</strong>.</p>".to_owned(),
        word_count: 3,
        content_hash: "00ff".repeat(8),
        fingerprint: Fingerprint(7),
        page_type: PageType::Article,
        confidence: 0.9,
        images: vec![Image {
            url: Some("https://harbour.test/a.jpg".to_owned()),
            caption: Some("A \"crane\"".to_owned()),
            ..Image::default()
        }],
        usage: Usage { license: Some("CC BY 4.0".to_owned()), ..Usage::default() },
        version: 1,
        seq: 1,
        ..Article::default()
    }
}

fn options(folder: &TempDir) -> ArchiveOptions {
    files_in(folder.path().to_owned())
}

/// The two formats that most of these tests are about.
fn files_in(path: PathBuf) -> ArchiveOptions {
    ArchiveOptions { path, formats: vec![Format::Jsonl, Format::Markdown], ..ArchiveOptions::default() }
}

/// What the store would hold.
#[derive(Default)]
struct Store(BTreeMap<String, u64>);

impl Store {
    fn commit(&mut self, archive: &mut Archive) {
        for position in archive.flush().unwrap() {
            self.0.insert(position.path, position.length);
        }
        archive.committed().unwrap();
    }

    fn positions(&self) -> Vec<SinkPosition> {
        self.0.iter().map(|(path, length)| SinkPosition { path: path.clone(), length: *length }).collect()
    }

    fn reopen(&self, folder: &TempDir) -> Archive {
        let mut archive = Archive::open(&options(folder)).unwrap();
        archive.recover(&self.positions()).unwrap();
        archive
    }
}

fn records(folder: &Path, file: &str) -> Vec<Article> {
    let text = std::fs::read_to_string(folder.join(file)).unwrap_or_default();
    assert!(text.is_empty() || text.ends_with('\n'), "half a record at the end");
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

/// Every file under a folder, relative, notes and parts included.
fn files(folder: &Path) -> Vec<String> {
    fn walk(folder: &Path, root: &Path, found: &mut Vec<String>) {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                walk(&path, root, found);
            } else {
                found.push(path.strip_prefix(root).unwrap().to_str().unwrap().to_owned());
            }
        }
    }
    let mut found = Vec::new();
    walk(folder, folder, &mut found);
    found.sort();
    found
}

#[test]
fn articles_lie_where_the_contract_says() {
    let folder = tempfile::tempdir().unwrap();
    let mut store = Store::default();
    let mut archive = store.reopen(&folder);
    let written = article("00000000000000a1", "The harbour: open #1!");
    let file = archive.write(&written, "harbour", None).unwrap().unwrap();
    assert_eq!(file, "markdown/www.harbour.test/2026/03/05/the-harbour-open-1-00000000000000a1.md");
    assert!(!folder.path().join(&file).exists(), "nothing is there before the flush");
    store.commit(&mut archive);
    assert_eq!(files(folder.path()), [JSONL, file.as_str()]);
    assert_eq!(records(folder.path(), JSONL), [written]);
    assert_eq!(store.0[JSONL], std::fs::metadata(folder.path().join(JSONL)).unwrap().len());
}

#[test]
fn a_markdown_file_reads_back_as_its_record() {
    let folder = tempfile::tempdir().unwrap();
    let mut store = Store::default();
    let mut archive = store.reopen(&folder);
    let mut written = article("a1", "Tide *high*:\n[10]_m_");
    written.summary = Some("Line\u{2028}one\nno\t\"yes\" \u{85} \\ 😀".to_owned());
    written.tags = vec!["null".to_owned(), "2026-03-05".to_owned(), "- x".to_owned(), "#".to_owned(), String::new()];
    let file = archive.write(&written, "harbour", None).unwrap().unwrap();
    store.commit(&mut archive);
    let text = std::fs::read_to_string(folder.path().join(file)).unwrap();
    let (front, body) = text.strip_prefix("---\n").unwrap().split_once("\n---\n").unwrap();
    let read: Article = serde_saphyr::from_str(front).unwrap();
    let expected = Article { text: String::new(), markdown: String::new(), html: String::new(), ..written };
    assert_eq!(read, expected);
    assert_eq!(body, "\n# Tide \\*high\\*: \\[10\\]\\_m\\_\n\nThe harbour **reopens**.\n");
    assert!(front.contains("\nconfidence: 0.9\n"), "{front}");
}

#[test]
fn an_article_without_title_or_dates_has_a_place_too() {
    let folder = tempfile::tempdir().unwrap();
    let mut archive = Store::default().reopen(&folder);
    let bare =
        Article { id: "x".to_owned(), fetched: Some("2026-03-06T08:00:00Z".parse().unwrap()), ..Article::default() };
    let file = archive.write(&bare, "../odd/source", None).unwrap().unwrap();
    assert_eq!(file, "markdown/unknown-site/2026/03/06/untitled-x.md");
    let day = Article { published: Some("2024-05-19".parse().unwrap()), id: "../../up".to_owned(), ..bare };
    let file = archive.write(&day, "../odd/source", None).unwrap().unwrap();
    assert!(file.starts_with("markdown/unknown-site/2024/05/19/untitled-"), "{file}");
    assert!(!file.contains(".."));
    archive.flush().unwrap();
    archive.committed().unwrap();
    assert_eq!(files(folder.path()).iter().filter(|file| file.starts_with("jsonl/")).count(), 1);
    assert!(!folder.path().parent().unwrap().join("odd").exists());
}

#[test]
fn formats_can_be_chosen() {
    let folder = tempfile::tempdir().unwrap();
    for (formats, expected) in [(vec![Format::Jsonl, Format::Jsonl], vec![JSONL]), (vec![], vec![])] {
        let path = folder.path().join(format!("{}", formats.len()));
        let mut archive =
            Archive::open(&ArchiveOptions { path: path.clone(), formats, ..ArchiveOptions::default() }).unwrap();
        assert_eq!(archive.write(&article("a1", "T"), "harbour", None).unwrap(), None);
        archive.flush().unwrap();
        archive.committed().unwrap();
        assert_eq!(files(&path), expected);
    }
    assert_eq!("Markdown".parse(), Ok(Format::Markdown));
    assert_eq!(
        "docx".parse::<Format>().unwrap_err().to_string(),
        "\"docx\" is no archive format; choose from jsonl, markdown, text, csv, parquet, warc, catalogue"
    );
}

#[test]
fn a_new_version_replaces_the_file_and_is_appended_to_the_lines() {
    let folder = tempfile::tempdir().unwrap();
    let mut store = Store::default();
    let mut archive = store.reopen(&folder);
    let first = article("a1", "First title");
    let old = archive.write(&first, "harbour", None).unwrap().unwrap();
    store.commit(&mut archive);
    let second = Article {
        title: Some("Second title".to_owned()),
        published: Some("2026-03-07".parse().unwrap()),
        version: 2,
        ..first
    };
    let new = archive.write(&second, "harbour", Some(&old)).unwrap().unwrap();
    store.commit(&mut archive);
    assert_eq!(files(folder.path()), [JSONL, new.as_str()]);
    assert_eq!(records(folder.path(), JSONL).len(), 2);

    // Twice before one flush: the last one counts, and both before it are gone.
    let third = Article { title: Some("Third".to_owned()), ..second.clone() };
    let never = archive.write(&third, "harbour", Some(&new)).unwrap().unwrap();
    let last = archive.write(&second, "harbour", Some(&never)).unwrap().unwrap();
    assert_eq!(last, new);
    let fourth = Article { title: Some("Fourth".to_owned()), ..second };
    let last = archive.write(&fourth, "harbour", Some(&last)).unwrap().unwrap();
    store.commit(&mut archive);
    assert_eq!(files(folder.path()), [JSONL, last.as_str()]);
}

#[test]
fn a_previous_path_that_leads_out_is_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    let archive_folder = folder.path().join("archive");
    let precious = folder.path().join("precious.md");
    std::fs::write(&precious, "x").unwrap();
    let mut archive = Archive::open(&files_in(archive_folder)).unwrap();
    for previous in ["markdown/../../precious.md", precious.to_str().unwrap(), "../precious.md"] {
        archive.write(&article("a1", "T"), "harbour", Some(previous)).unwrap();
        archive.flush().unwrap();
    }
    assert!(precious.exists());
}

#[test]
fn what_was_not_committed_is_cut_back_and_written_again_once() {
    let folder = tempfile::tempdir().unwrap();
    let mut store = Store::default();
    let mut archive = store.reopen(&folder);
    archive.write(&article("a1", "One"), "harbour", None).unwrap();
    store.commit(&mut archive);
    // Written and flushed, but the run dies before the commit; a file of another source is new.
    archive.write(&article("a2", "Two"), "harbour", None).unwrap();
    archive.write(&article("b1", "Other"), "fjord", None).unwrap();
    archive.flush().unwrap();
    drop(archive);
    assert_eq!(records(folder.path(), JSONL).len(), 2);

    let mut archive = store.reopen(&folder);
    assert_eq!(records(folder.path(), JSONL).len(), 1);
    assert_eq!(records(folder.path(), "jsonl/fjord/2026-03-06.jsonl").len(), 0);
    // The title has changed in between; the file of the dead run goes.
    archive.write(&article("a2", "Two, corrected"), "harbour", None).unwrap();
    archive.write(&article("b1", "Other"), "fjord", None).unwrap();
    store.commit(&mut archive);
    let ids: Vec<_> = records(folder.path(), JSONL).into_iter().map(|article| article.id).collect();
    assert_eq!(ids, ["a1", "a2"]);
    assert_eq!(records(folder.path(), "jsonl/fjord/2026-03-06.jsonl").len(), 1);
    let files = files(folder.path());
    assert_eq!(files.iter().filter(|file| file.ends_with("-a2.md")).count(), 1, "{files:?}");
    assert!(files.iter().all(|file| !file.contains("/.")), "{files:?}");
}

#[test]
fn half_a_line_is_cut_off_before_another_is_added() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(JSONL);
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    let whole = format!("{}\n", serde_json::to_string(&article("a1", "One")).unwrap());
    // Half a line, longer than what is read at a time.
    for (found, ids) in
        [(format!("{whole}{{\"id\":\"{}", "x".repeat(200_000)), &["a1", "a2"][..]), ("no line".to_owned(), &["a2"][..])]
    {
        std::fs::write(&path, found).unwrap();
        let mut store = Store::default();
        let mut archive = store.reopen(&folder);
        archive.write(&article("a2", "Two"), "harbour", None).unwrap();
        store.commit(&mut archive);
        let found: Vec<_> = records(folder.path(), JSONL).into_iter().map(|article| article.id).collect();
        assert_eq!(found, ids);
    }
}

#[test]
fn a_new_store_over_an_old_archive_loses_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let mut store = Store::default();
    let mut archive = store.reopen(&folder);
    archive.write(&article("a1", "One"), "harbour", None).unwrap();
    store.commit(&mut archive);
    drop(archive);
    // Another store that knows nothing; its run writes to the same day and dies.
    let mut archive = Store::default().reopen(&folder);
    assert_eq!(records(folder.path(), JSONL).len(), 1);
    archive.write(&article("a2", "Two"), "harbour", None).unwrap();
    archive.flush().unwrap();
    drop(archive);
    let mut store = Store::default();
    let mut archive = store.reopen(&folder);
    assert_eq!(records(folder.path(), JSONL).len(), 1, "only what that run wrote is gone");
    archive.write(&article("a2", "Two"), "harbour", None).unwrap();
    store.commit(&mut archive);
    drop(archive);
    store.reopen(&folder);
    assert_eq!(records(folder.path(), JSONL).len(), 2);
}

#[test]
fn a_file_that_was_shortened_by_hand_is_taken_as_it_is() {
    let folder = tempfile::tempdir().unwrap();
    let mut store = Store::default();
    let mut archive = store.reopen(&folder);
    archive.write(&article("a1", "One"), "harbour", None).unwrap();
    archive.write(&article("a2", "Two"), "harbour", None).unwrap();
    store.commit(&mut archive);
    let path = folder.path().join(JSONL);
    let text = std::fs::read_to_string(&path).unwrap();
    std::fs::write(&path, text.lines().next().unwrap().to_owned() + "\n").unwrap();
    let mut archive = store.reopen(&folder);
    archive.write(&article("a3", "Three"), "harbour", None).unwrap();
    store.commit(&mut archive);
    drop(archive);
    store.reopen(&folder);
    assert_eq!(records(folder.path(), JSONL).len(), 2);
}

#[test]
fn an_archive_that_cannot_be_written_is_refused_at_once() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("a-file");
    std::fs::write(&file, "x").unwrap();
    let path = file.join("archive");
    let error = Archive::open(&files_in(path)).unwrap_err();
    let message = error.to_string();
    assert!(message.starts_with("cannot create the folder"), "{message}");
    assert!(message.contains("a-file/archive") && message.contains("--archive"), "{message}");
}

/// Linux has a file that is always full.
#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_is_said_and_costs_nothing_that_was_saved() {
    let folder = tempfile::tempdir().unwrap();
    let full = folder.path().join("jsonl/harbour/2026-03-06.jsonl");
    std::fs::create_dir_all(full.parent().unwrap()).unwrap();
    std::os::unix::fs::symlink("/dev/full", &full).unwrap();
    let mut archive = Archive::open(&options(&folder)).unwrap();
    archive.write(&article("a1", "One"), "harbour", None).unwrap();
    let error = archive.flush().unwrap_err();
    assert!(matches!(error, ArchiveError::DiskFull { .. }), "{error:?}");
    let message = error.to_string();
    assert!(message.contains("2026-03-06.jsonl"), "{message}");
    assert!(message.contains("free space and run again: nothing already saved was lost"), "{message}");
    // Space again: the same call goes through, with the record whole.
    std::fs::remove_file(&full).unwrap();
    let mut sink = JsonlSink::new(folder.path());
    let one = article("a1", "One");
    sink.write(&Record { article: &one, source: "harbour", previous: None, places: &[] }).unwrap();
    assert_eq!(sink.flush().unwrap().len(), 1);
    assert_eq!(records(folder.path(), JSONL).len(), 1);

    let part = folder.path().join("markdown/www.harbour.test/2026/03/05/.two-a2.md.part");
    std::fs::create_dir_all(part.parent().unwrap()).unwrap();
    std::os::unix::fs::symlink("/dev/full", &part).unwrap();
    let error = archive.write(&article("a2", "Two"), "fjord", None).unwrap_err();
    assert!(matches!(error, ArchiveError::DiskFull { .. }), "{error:?}");
    assert!(!part.exists(), "nothing is left of it");
    assert!(archive.write(&article("a2", "Two"), "fjord", None).is_ok());
}

/// A sink on a disk that is full from the first article on.
struct FullDisk(PathBuf);

impl Sink for FullDisk {
    fn write(&mut self, _record: &Record<'_>) -> Result<Option<Place>, ArchiveError> {
        Err(ArchiveError::DiskFull { path: self.0.clone(), source: std::io::ErrorKind::StorageFull.into() })
    }

    fn flush(&mut self) -> Result<Vec<SinkPosition>, ArchiveError> {
        Ok(Vec::new())
    }

    fn recover(&mut self, _committed: &[SinkPosition]) -> Result<(), ArchiveError> {
        Ok(())
    }
}

#[test]
fn sinks_of_ones_own_can_be_used() {
    let mut archive = Archive::with_sinks(PathBuf::from("x"), vec![Box::new(FullDisk(PathBuf::from("x/y")))]);
    let error = archive.write(&article("a1", "One"), "harbour", None).unwrap_err();
    assert!(error.to_string().starts_with("the disk is full, so x/y cannot be written"), "{error}");
}

#[test]
fn the_summary_of_a_run() {
    let folder = tempfile::tempdir().unwrap();
    let archive = Archive::open(&options(&folder)).unwrap();
    for articles in [1, 2] {
        let path = archive.write_run("2026-03-06T08-00-00Z", &serde_json::json!({"articles": articles})).unwrap();
        assert_eq!(path, folder.path().join("runs/2026-03-06T08-00-00Z.json"));
        let read: serde_json::Value = serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap();
        assert_eq!(read["articles"], articles);
    }
    assert_eq!(files(folder.path()), ["runs/2026-03-06T08-00-00Z.json"]);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(60))]

    /// Runs that die anywhere: what was committed is there once, in order, and nothing else.
    #[test]
    fn a_run_may_die_at_any_moment(
        runs in proptest::collection::vec(proptest::collection::vec(0..3_u8, 0..8), 1..6),
        torn in proptest::collection::vec(0..400_usize, 6),
    ) {
        let folder = tempfile::tempdir().unwrap();
        let mut store = Store::default();
        let mut committed: Vec<String> = Vec::new();
        let mut number = 0;
        for (run, steps) in runs.into_iter().enumerate() {
            let mut archive = store.reopen(&folder);
            let mut pending = Vec::new();
            for step in steps {
                match step {
                    0 => {
                        number += 1;
                        let id = format!("{number:04}");
                        archive.write(&article(&id, &format!("Title {id}")), "harbour", None).unwrap();
                        pending.push(id);
                    }
                    1 => { archive.flush().unwrap(); }
                    _ => {
                        store.commit(&mut archive);
                        committed.append(&mut pending);
                    }
                }
            }
            drop(archive);
            // The system wrote some of what was on its way.
            let path = folder.path().join(JSONL);
            if path.exists() {
                let mut text = std::fs::read(&path).unwrap();
                text.extend(std::iter::repeat_n(b'x', torn[run]));
                std::fs::write(&path, text).unwrap();
            }
        }
        store.reopen(&folder);
        let ids: Vec<_> = records(folder.path(), JSONL).into_iter().map(|article| article.id).collect();
        prop_assert_eq!(ids, committed);
    }
}

/// Counts down to the moment at which a run dies.
struct Fuse(usize);

impl Fuse {
    fn burns(&mut self) -> Result<(), ()> {
        self.0 = self.0.checked_sub(1).ok_or(())?;
        Ok(())
    }
}

fn every_sink(folder: &TempDir) -> ArchiveOptions {
    ArchiveOptions {
        formats: vec![Format::Jsonl, Format::Markdown, Format::Text, Format::Csv, Format::Catalogue],
        compression: Compression::Zstd,
        rotate_size: Some(2000),
        ..options(folder)
    }
}

/// One run as a crawler makes it, with a store on the disk; it ends when nothing is due or when the fuse has burnt.
fn run(folder: &TempDir, links: &[Link], fuse: &mut Fuse) -> Result<(), ()> {
    let now = Timestamp::from_second(1_772_784_000).unwrap();
    let store = SqliteFrontier::open(&folder.path().join("copydesk.db"), RevisitRule::default()).unwrap();
    store.release_all(now).unwrap();
    let mut archive = Archive::open(&every_sink(folder)).unwrap();
    archive.recover(&store.sink_positions().unwrap()).unwrap();
    fuse.burns()?;
    store.discover("harbour", links, UrlKind::Article, now).unwrap();
    let request = LeaseRequest {
        limit: 3,
        per_host_limit: 9,
        lease_for: SignedDuration::from_mins(5),
        sources: WhichSources::All,
        articles_of: WhichSources::All,
    };
    let mut seq = store.last_seq().unwrap();
    loop {
        fuse.burns()?;
        let leases = store.lease(&request, now).unwrap();
        if leases.is_empty() {
            return Ok(());
        }
        let mut outcomes = Vec::new();
        for lease in leases {
            fuse.burns()?;
            seq += 1;
            let id = lease.url.article_id();
            let previous = lease.article.and_then(|article| article.file);
            let written = Article { seq, ..article(&id, &format!("Story {seq}")) };
            let file = archive.write(&written, &lease.source, previous.as_deref()).unwrap();
            let known = KnownArticle {
                id,
                content_hash: written.content_hash,
                version: 1,
                seq,
                file,
                ..KnownArticle::default()
            };
            let verdict = Verdict::Fetched {
                final_url: lease.url.clone(),
                aliases: vec![],
                validators: Validators::default(),
                body_hash: None,
                article: Some(known),
            };
            outcomes.push(Outcome { url: lease.url, kind: lease.kind, verdict });
        }
        fuse.burns()?;
        let positions = archive.flush().unwrap();
        fuse.burns()?;
        store.commit(&outcomes, &positions, now).unwrap();
        fuse.burns()?;
        archive.committed().unwrap();
    }
}

/// In scripts without spaces no blank says where a word begins.
#[test]
fn a_word_inside_a_sentence_is_found_in_chinese_japanese_and_russian() {
    let folder = tempfile::tempdir().unwrap();
    let texts = [
        ("zh", "昨天下午港口的新渡轮第一次试航，岛上的居民都来到码头观看。", "渡轮", "灯塔"),
        ("ja", "島の漁師たちは、春までに古い灯台を直すことに決めた。", "灯台", "渡船"),
        ("ru", "Вчера жители острова увидели, как старый паром впервые за зиму вышел из гавани.", "паром", "маяк"),
    ];
    let mut archive = Archive::open(&ArchiveOptions {
        path: folder.path().to_owned(),
        formats: vec![Format::Catalogue],
        ..ArchiveOptions::default()
    })
    .unwrap();
    archive.recover(&[]).unwrap();
    for (seq, (language, text, ..)) in (1..).zip(texts) {
        let (language, text) = (Some(language.to_owned()), text.to_owned());
        archive.write(&Article { seq, language, text, ..article(&seq.to_string(), "News") }, "harbour", None).unwrap();
    }
    archive.flush().unwrap();
    archive.committed().unwrap();
    let catalogue = Catalogue::open(folder.path()).unwrap();
    let found = |query: &str| {
        let search = Search { query: query.to_owned(), limit: 10, ..Search::default() };
        let hits = catalogue.search(&search).unwrap();
        hits.into_iter().filter_map(|hit| hit.version.article.language).collect::<Vec<_>>()
    };
    for (language, _, inside, missing) in texts {
        assert_eq!(found(inside), [language]);
        assert_eq!(found(missing), [""; 0]);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    /// However often a crawl dies, and wherever: in the end every article is in every sink, once.
    #[test]
    fn store_and_archive_agree_after_any_crash(fuses in proptest::collection::vec(0..30_usize, 0..6)) {
        let folder = tempfile::tempdir().unwrap();
        let links: Vec<_> = (0..8)
            .map(|n| Link::new(format!("https://harbour.test/{n}").parse().unwrap(), Provenance::Feed))
            .collect();
        for fuse in fuses {
            let _ = run(&folder, &links, &mut Fuse(fuse));
        }
        run(&folder, &links, &mut Fuse(usize::MAX)).unwrap();
        let lines: Vec<Article> = archived::records(folder.path()).into_iter().map(|(_, article)| article).collect();
        let mut seqs: Vec<_> = lines.iter().map(|article| article.seq).collect();
        seqs.sort_unstable();
        prop_assert_eq!(seqs, (1..=8).collect::<Vec<_>>());
        let ids: Vec<_> = lines.iter().map(|article| &article.id).collect();
        let rows = rows(folder.path());
        prop_assert_eq!(rows.iter().map(|(_, row)| &row["id"]).collect::<Vec<_>>(), ids);
        let catalogued = versions(folder.path());
        prop_assert!(catalogued.iter().map(|version| &version.article).eq(&lines));
        let texts = own_files(folder.path(), "text", ".txt");
        prop_assert_eq!(texts.len(), 8);
        let files = files(&folder.path().join("markdown"));
        prop_assert_eq!(files.len(), 8, "{:?}", files);
        for article in lines {
            let ending = format!("-{}.md", article.id);
            let file = files.iter().find(|file| file.ends_with(&ending)).unwrap();
            let text = std::fs::read_to_string(folder.path().join("markdown").join(file)).unwrap();
            let seq = format!("\nseq: {}\n", article.seq);
            prop_assert!(text.contains(&seq), "{} and the line of {} disagree", file, article.id);
        }
    }
}
