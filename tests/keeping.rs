//! Keeping an archive: every damage is found, and the catalogue can be made anew.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use copydesk::archive::catalogue::{Filter, Search, Version, Versions};
use copydesk::archive::keeping::{Gone, remove, repair, stats, verify};
use copydesk::archive::{Archive, ArchiveError, ArchiveOptions, Catalogue, Compression, Ending, Format};
use copydesk::model::{Article, SinkPosition, Tombstone, content_hash};
use std::fs;
use std::io::Read as _;
use std::path::{Path, PathBuf};
use tempfile::TempDir;

const FORMATS: [Format; 7] =
    [Format::Jsonl, Format::Csv, Format::Markdown, Format::Text, Format::Warc, Format::Parquet, Format::Catalogue];

fn article(id: &str, version: u32, seq: u64, text: &str) -> Article {
    Article {
        id: id.to_owned(),
        url: Some(format!("https://www.harbour.test/{id}")),
        title: Some(format!("Title of {id}")),
        published: Some("2026-03-05T23:30:00-08:00".parse().unwrap()),
        fetched: Some("2026-03-06T08:00:00Z".parse().unwrap()),
        language: Some("en".to_owned()),
        text: text.to_owned(),
        content_hash: content_hash(&text.to_lowercase()),
        word_count: text.split_whitespace().count(),
        version,
        seq,
        ..Article::default()
    }
}

/// An archive of three articles, one of them in two versions and one withdrawn, and the committed lengths of its files.
fn archive(compression: Compression) -> (TempDir, Vec<SinkPosition>) {
    let folder = TempDir::new().unwrap();
    let options = ArchiveOptions {
        path: folder.path().to_owned(),
        formats: FORMATS.to_vec(),
        compression,
        ..ArchiveOptions::default()
    };
    let mut archive = Archive::open(&options).unwrap();
    let gone = Article {
        tombstone: Some(Tombstone::Gone),
        title: Some("Title of a3".to_owned()),
        content_hash: String::new(),
        word_count: 0,
        ..article("a3", 2, 5, "")
    };
    let first = article("a1", 1, 1, "The harbour is closed.");
    let file = archive.write(&first, "harbour", None).unwrap();
    archive.write(&article("a2", 1, 2, "A ferry came in late."), "harbour", None).unwrap();
    let third = archive.write(&article("a3", 1, 3, "The bridge fell."), "harbour", None).unwrap();
    archive.write(&article("a1", 2, 4, "The harbour is open again."), "harbour", file.as_deref()).unwrap();
    archive.write(&gone, "harbour", third.as_deref()).unwrap();
    let positions = archive.flush().unwrap();
    archive.committed().unwrap();
    archive.finish(Ending::Last).unwrap();
    (folder, positions)
}

fn only(folder: &Path, format: &str, extension: &str) -> PathBuf {
    let mut folders = vec![folder.join(format)];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.to_str().unwrap().ends_with(extension) {
                return path;
            }
        }
    }
    panic!("no {extension} under {format}");
}

#[test]
fn what_a_crawl_wrote_is_sound() {
    for compression in [Compression::None, Compression::Gzip, Compression::Zstd] {
        let (folder, positions) = archive(compression);
        let verified = verify(folder.path(), &positions).unwrap();
        assert!(verified.is_sound(), "{compression:?} {:#?}", verified.faults);
        assert_eq!(verified.versions, 5);
        let copies = |format: &str| verified.formats[format].copies;
        assert_eq!([copies("jsonl"), copies("csv"), copies("warc"), copies("parquet")], [5; 4]);
        assert_eq!((copies("markdown"), copies("text")), (3, 3));
    }
}

#[test]
fn every_damage_is_found() {
    type Damage = fn(&Path);
    let damages: [(&str, Damage, &str); 13] = [
        ("a changed word", |folder| replace(&only(folder, "jsonl", ".jsonl"), "ferry", "canoe"), "another record"),
        ("half a line", |folder| cut(&only(folder, "jsonl", ".jsonl"), 10), "a part of it is lost"),
        (
            "no record",
            |folder| replace(&only(folder, "jsonl", ".jsonl"), "{\"id\":\"a2\"", "{\"id\":\"a2"),
            "is no record",
        ),
        (
            "a lost file",
            |folder| fs::remove_file(only(folder, "jsonl", ".jsonl")).unwrap(),
            "does not hold the version",
        ),
        (
            "a changed row",
            |folder| replace(&only(folder, "csv", ".csv"), "\n2,a2,", "\n2,a9,"),
            "which in the catalogue is a2",
        ),
        (
            "a lost article",
            |folder| fs::remove_file(only(folder, "markdown", ".md")).unwrap(),
            "does not hold the version",
        ),
        (
            "an unknown article",
            |folder| {
                fs::write(folder.join("text/www.harbour.test/stray-a7.txt"), "x").unwrap();
            },
            "which the catalogue does not have",
        ),
        ("no metadata", |folder| fs::write(only(folder, "markdown", ".md"), "x").unwrap(), "no metadata"),
        ("a flipped bit", |folder| flip(&only(folder, "warc", ".warc.gz")), "warc"),
        ("a flipped bit in columns", |folder| flip(&only(folder, "parquet", ".parquet")), "parquet"),
        (
            "a lost file of columns",
            |folder| fs::remove_file(only(folder, "parquet", ".parquet")).unwrap(),
            "does not hold the version",
        ),
        ("a cut web archive", |folder| cut(&only(folder, "warc", ".warc.gz"), 30), "a part of it is lost"),
        (
            "a version that is not there",
            |folder| {
                let catalogue = rusqlite::Connection::open(folder.join("catalogue.db")).unwrap();
                catalogue.execute("DELETE FROM version WHERE seq = 2", []).unwrap();
            },
            "which the catalogue does not have",
        ),
    ];
    for (what, damage, problem) in damages {
        let (folder, positions) = archive(Compression::None);
        damage(folder.path());
        let verified = verify(folder.path(), &positions).unwrap();
        let told: Vec<String> =
            verified.faults.iter().map(|fault| format!("{} {}", fault.path, fault.problem)).collect();
        assert!(told.iter().any(|told| told.contains(problem)), "{what}: {told:#?}");
    }
    // What is packed has a checksum.
    for (compression, extension) in [(Compression::Gzip, ".jsonl.gz"), (Compression::Zstd, ".jsonl.zst")] {
        let (folder, positions) = archive(compression);
        flip(&only(folder.path(), "jsonl", extension));
        assert!(!verify(folder.path(), &positions).unwrap().is_sound(), "{compression:?}");
    }
}

fn replace(path: &Path, old: &str, new: &str) {
    let text = fs::read_to_string(path).unwrap();
    assert!(text.contains(old), "{old} is not in {text}");
    fs::write(path, text.replacen(old, new, 1)).unwrap();
}

fn cut(path: &Path, bytes: u64) {
    let file = fs::File::options().write(true).open(path).unwrap();
    file.set_len(file.metadata().unwrap().len() - bytes).unwrap();
}

fn flip(path: &Path) {
    let mut bytes = fs::read(path).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 16;
    fs::write(path, bytes).unwrap();
}

fn all(folder: &Path) -> Vec<Version> {
    let mut found = Vec::new();
    let take = |version| {
        found.push(version);
        Ok::<_, ArchiveError>(true)
    };
    Catalogue::open(folder).unwrap().each(0, Versions::All, &Filter::default(), take).unwrap();
    found
}

#[test]
fn the_catalogue_is_made_anew_of_the_files() {
    for formats in [vec!["csv", "text"], vec!["csv", "text", "jsonl"]] {
        let (folder, positions) = archive(Compression::Zstd);
        let before = all(folder.path());
        for format in &formats[2..] {
            // Of the web archive's own records, where there are no others.
            fs::remove_dir_all(folder.path().join(format)).unwrap();
        }
        fs::write(folder.path().join("catalogue.db"), "damaged").unwrap();
        let sources = ["harbour".to_owned()];
        let repaired = repair(folder.path(), &positions, &sources).unwrap();
        assert_eq!((repaired.versions, repaired.faults), (5, vec![]));
        assert_eq!(all(folder.path()), before);
        let search = |query: &str| {
            let search = Search { query: query.to_owned(), limit: 9, ..Search::default() };
            let hits = Catalogue::open(folder.path()).unwrap().search(&search).unwrap();
            hits.into_iter().map(|hit| (hit.version.article.id, hit.is_withdrawn)).collect::<Vec<_>>()
        };
        assert_eq!(search("harbour"), [("a1".to_owned(), false)]);
        assert_eq!((search("closed"), search("bridge")), (vec![], vec![("a3".to_owned(), true)]));
        let positions: Vec<_> = positions
            .iter()
            .filter(|one| !formats[2..].contains(&one.path.split('/').next().unwrap()))
            .cloned()
            .collect();
        assert!(verify(folder.path(), &positions).unwrap().is_sound());

        // A run goes on where the files end, though the store knew the old catalogue.
        let options =
            ArchiveOptions { path: folder.path().to_owned(), formats: FORMATS.to_vec(), ..ArchiveOptions::default() };
        let mut archive = Archive::open(&options).unwrap();
        archive.recover(&positions).unwrap();
        assert_eq!((archive.last_seq().unwrap(), all(folder.path())), (5, before));
    }
}

#[test]
fn an_archive_is_counted() {
    let (folder, _) = archive(Compression::None);
    let stats = stats(folder.path()).unwrap();
    let counts = &stats.counts;
    assert_eq!((counts.articles, counts.versions, counts.withdrawn, counts.words), (3, 5, 1, 13));
    assert_eq!((counts.sources["harbour"], counts.languages["en"], counts.days["2026-03-06"]), (3, 3, 3));
    assert_eq!((stats.files["jsonl"].files, stats.files["markdown"].files), (1, 3));
}

/// Every byte of every file under a folder, unpacked where it is packed.
fn bytes_under(folder: &Path) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let raw = fs::read(&path).unwrap();
            let mut unpacked = Vec::new();
            match path.extension().and_then(|extension| extension.to_str()) {
                Some("gz") => {
                    let _ = flate2::bufread::MultiGzDecoder::new(raw.as_slice()).read_to_end(&mut unpacked).unwrap();
                }
                Some("zst") => unpacked = zstd::decode_all(raw.as_slice()).unwrap(),
                _ => {}
            }
            bytes.extend(raw);
            bytes.extend(unpacked);
        }
    }
    bytes
}

#[test]
fn what_is_removed_is_in_no_file_any_more() {
    for compression in [Compression::None, Compression::Gzip, Compression::Zstd] {
        let (folder, positions) = archive(compression);
        let tombstone = Article {
            tombstone: Some(Tombstone::TakenDown),
            title: None,
            content_hash: String::new(),
            word_count: 0,
            ..article("a1", 3, 6, "")
        };
        let options = ArchiveOptions {
            path: folder.path().to_owned(),
            formats: FORMATS.to_vec(),
            compression,
            ..ArchiveOptions::default()
        };
        let mut archive = Archive::open(&options).unwrap();
        archive.recover(&positions).unwrap();
        archive.write(&tombstone, "harbour", None).unwrap();
        let mut known: std::collections::BTreeMap<String, u64> =
            positions.into_iter().map(|one| (one.path, one.length)).collect();
        known.extend(archive.flush().unwrap().into_iter().map(|one| (one.path, one.length)));
        archive.committed().unwrap();
        archive.finish(Ending::Last).unwrap();
        drop(archive);
        let holds = |word: &str| memchr::memmem::find(&bytes_under(folder.path()), word.as_bytes()).is_some();
        // The catalogue packs its records, and says the title in the open.
        assert!(holds("harbour is open again") && holds("Title of a1"), "{compression:?}");

        let gone = Gone { articles: [("a1".to_owned(), 6)].into() };
        let removed = remove(folder.path(), &gone).unwrap();
        assert_eq!(removed.versions, 2, "{compression:?}");
        // Lines, rows, columns, web archive, and both files of its own.
        assert_eq!(removed.files.len(), 6, "{compression:?} {:?}", removed.files);
        for word in ["harbour is open again", "harbour is closed", "Title of a1"] {
            assert!(!holds(word), "{compression:?} still holds {word:?}");
        }
        assert!(holds("ferry came in late") && holds("The bridge fell"), "{compression:?} has lost something else");
        known.extend(removed.positions.into_iter().map(|one| (one.path, one.length)));
        let positions: Vec<SinkPosition> =
            known.into_iter().map(|(path, length)| SinkPosition { path, length }).collect();
        let mut archive = Archive::open(&options).unwrap();
        archive.recover(&positions).unwrap();
        archive.finish(Ending::Last).unwrap();
        drop(archive);
        let verified = verify(folder.path(), &positions).unwrap();
        assert!(verified.is_sound(), "{compression:?} {:#?}", verified.faults);
        assert_eq!(all(folder.path()).iter().map(|version| version.article.seq).collect::<Vec<_>>(), [2, 3, 5, 6]);
        // Once more is no harm.
        assert_eq!(remove(folder.path(), &gone).unwrap().files, Vec::<String>::new());
    }
}
