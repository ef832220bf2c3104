//! One set of tests that every sink has to pass: what is read back, hostile text, a crash at every step, a full disk;
//! and what the packed and the rotated files promise besides.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

#[path = "support/archived.rs"]
mod archived;

use archived::{files_under, own_files, parquet_rows, records, rows, unpacked, versions, warc_articles};
use copydesk::archive::{Archive, ArchiveError, ArchiveOptions, Compression, Ending, Format};
use copydesk::model::{Article, Image, PageType, SinkPosition, Usage};
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use tempfile::TempDir;

/// A setting of the archive under which one sink writes.
#[derive(Debug, Clone, Copy)]
struct Kind {
    format: Format,
    compression: Compression,
    rotate_size: Option<u64>,
}

/// Bytes, of which a record of these tests takes more than half.
const SMALL: Option<u64> = Some(1000);

const fn kind(format: Format, compression: Compression, rotate_size: Option<u64>) -> Kind {
    Kind { format, compression, rotate_size }
}

const KINDS: [Kind; 14] = [
    kind(Format::Jsonl, Compression::None, None),
    kind(Format::Jsonl, Compression::None, SMALL),
    kind(Format::Jsonl, Compression::Gzip, None),
    kind(Format::Jsonl, Compression::Gzip, SMALL),
    kind(Format::Jsonl, Compression::Zstd, None),
    kind(Format::Jsonl, Compression::Zstd, SMALL),
    kind(Format::Csv, Compression::None, None),
    kind(Format::Csv, Compression::None, SMALL),
    kind(Format::Markdown, Compression::None, None),
    kind(Format::Text, Compression::None, None),
    kind(Format::Parquet, Compression::None, None),
    kind(Format::Warc, Compression::None, None),
    kind(Format::Warc, Compression::None, SMALL),
    kind(Format::Catalogue, Compression::None, None),
];

impl Kind {
    /// Whether records are put behind each other in files that anybody can cut.
    fn appends(self) -> bool {
        matches!(self.format, Format::Jsonl | Format::Csv | Format::Warc)
    }

    /// Whether an article has a file of its own.
    fn has_own_files(self) -> bool {
        matches!(self.format, Format::Markdown | Format::Text)
    }

    fn open(self, folder: &Path) -> Archive {
        self.try_open(folder).unwrap()
    }

    fn try_open(self, folder: &Path) -> Result<Archive, ArchiveError> {
        let path = folder.to_owned();
        let (compression, rotate_size) = (self.compression, self.rotate_size);
        Archive::open(&ArchiveOptions {
            path,
            formats: vec![self.format],
            compression,
            rotate_size,
            ..ArchiveOptions::default()
        })
    }

    /// The ids that a reader finds, in order.
    fn ids(self, folder: &Path) -> Vec<String> {
        let mut ids: Vec<String> = match self.format {
            Format::Jsonl => records(folder).into_iter().map(|(_, article)| article.id).collect(),
            Format::Csv => rows(folder).into_iter().map(|(_, row)| row["id"].clone()).collect(),
            Format::Markdown => own_files(folder, "markdown", ".md").into_iter().map(|(id, _)| id).collect(),
            Format::Text => own_files(folder, "text", ".txt").into_iter().map(|(id, _)| id).collect(),
            Format::Warc => warc_articles(folder).into_iter().map(|article| article.id).collect(),
            Format::Catalogue => versions(folder).into_iter().map(|version| version.article.id).collect(),
            Format::Parquet => parquet_rows(folder).into_iter().map(|row| row.id).chain(spooled(folder)).collect(),
            other => panic!("no reader for {other}"),
        };
        // One file each has no order but that of the titles.
        if self.has_own_files() {
            ids.sort();
        }
        ids
    }

    /// The file that an article of source "harbour" goes to first.
    fn first_file(self) -> String {
        let extension = match self.compression {
            Compression::Gzip => ".gz",
            Compression::Zstd => ".zst",
            _ => "",
        };
        let part = if self.rotate_size.is_some() { "_0001" } else { "" };
        match self.format {
            Format::Markdown => "markdown/www.harbour.test/2026/03/05/title-a1-a1.md".to_owned(),
            Format::Text => "text/www.harbour.test/2026/03/05/title-a1-a1.txt".to_owned(),
            Format::Warc => "warc/harbour/harbour-20260306-0001.warc.gz".to_owned(),
            Format::Catalogue => "catalogue.db".to_owned(),
            Format::Parquet => "parquet/source=harbour/date=2026-03-06/1-1.parquet".to_owned(),
            format => format!("{format}/harbour/2026-03-06{part}.{format}{extension}"),
        }
    }
}

/// The ids of what waits for a Parquet file.
fn spooled(folder: &Path) -> Vec<String> {
    let mut files = files_under(&folder.join("parquet/.spool"));
    files.retain(|file| file.extension().is_some_and(|extension| extension == "jsonl"));
    let texts = files.iter().map(|file| fs::read_to_string(file).unwrap()).collect::<String>();
    texts.lines().map(|line| serde_json::from_str::<Article>(line).unwrap().id).collect()
}

/// Words of sixteen hexadecimal digits that have nothing to do with each other.
fn noise(seed: &str, words: u64) -> String {
    let word = |n| format!("{:016x}", xxhash_rust::xxh3::xxh3_64(format!("{seed}{n}").as_bytes()));
    (0..words).map(word).collect::<Vec<_>>().join(" ")
}

fn article(id: &str) -> Article {
    Article {
        id: id.to_owned(),
        url: Some(format!("https://www.harbour.test/2026/{id}")),
        title: Some(format!("Title {id}")),
        authors: vec!["Ana Lopes".to_owned(), "Bo; Berg".to_owned()],
        published: Some("2026-03-05T23:30:00-08:00".parse().unwrap()),
        fetched: Some("2026-03-06T08:00:00Z".parse().unwrap()),
        text: format!("The harbour reopens.\n\nSo says {id}."),
        markdown: format!("The harbour **reopens**.\n\nSo says {id}.\n"),
        // What packs badly: a record shall have some size in every file.
        html: noise(id, 60),
        summary: Some(noise("", 30)),
        word_count: 6,
        page_type: PageType::Article,
        confidence: 0.9,
        images: vec![Image { url: Some("https://harbour.test/a.jpg".to_owned()), ..Image::default() }],
        usage: Usage { tdm_reservation: Some(true), ..Usage::default() },
        version: 1,
        seq: id.trim_start_matches(char::is_alphabetic).parse::<u64>().unwrap_or(0),
        ..Article::default()
    }
}

/// What the store would hold.
#[derive(Default, Clone)]
struct Store(BTreeMap<String, u64>);

impl Store {
    fn keep(&mut self, positions: Vec<SinkPosition>) {
        self.0.extend(positions.into_iter().map(|position| (position.path, position.length)));
    }

    fn commit(&mut self, archive: &mut Archive) {
        self.keep(archive.flush().unwrap());
        archive.committed().unwrap();
    }

    fn reopen(&self, kind: Kind, folder: &Path) -> Archive {
        let positions = self.0.iter().map(|(path, length)| SinkPosition { path: path.clone(), length: *length });
        let mut archive = kind.open(folder);
        archive.recover(&positions.collect::<Vec<_>>()).unwrap();
        archive
    }
}

fn temporary() -> TempDir {
    tempfile::tempdir().unwrap()
}

/// The names under a folder, relative; without what is made of the WARC files and can be made again.
fn names(folder: &Path) -> Vec<String> {
    let relative = |path: &std::path::PathBuf| path.strip_prefix(folder).unwrap().to_str().unwrap().to_owned();
    files_under(folder).iter().map(relative).filter(|name| !name.starts_with("warc/indexes/")).collect()
}

#[test]
fn every_sink_gives_back_what_it_was_given() {
    for kind in KINDS {
        let folder = temporary();
        let mut store = Store::default();
        let mut archive = store.reopen(kind, folder.path());
        for id in ["a1", "a2", "a3"] {
            let file = archive.write(&article(id), "harbour", None).unwrap();
            assert_eq!(file.is_some(), kind.has_own_files(), "{kind:?}");
            if id != "a2" {
                store.commit(&mut archive);
            }
        }
        archive.finish(Ending::Last).unwrap();
        assert_eq!(kind.ids(folder.path()), ["a1", "a2", "a3"], "{kind:?}");
        let names = names(folder.path());
        assert!(names.contains(&kind.first_file()), "{kind:?} {names:?}");
        assert!(names.iter().all(|name| !name.contains("/.")), "{kind:?} leaves {names:?}");
        // The catalogue counts versions and not bytes; what waited for a Parquet file is in it now.
        let is_file = |path: &str| path != "catalogue.db" && !path.starts_with("parquet/.spool/");
        for (path, length) in store.0.iter().filter(|(path, _)| is_file(path)) {
            assert_eq!(fs::metadata(folder.path().join(path)).unwrap().len(), *length, "{kind:?} {path}");
        }
    }
}

#[test]
fn text_and_rows_say_what_the_record_says() {
    let folder = temporary();
    let mut written = article("a1");
    written.title = Some("Tide\nhigh, \"very\"".to_owned());
    written.subtitle = Some("=HYPERLINK(\"x\")".to_owned());
    for format in [Format::Text, Format::Csv] {
        let mut archive = kind(format, Compression::None, None).open(folder.path());
        archive.write(&written, "harbour", None).unwrap();
        Store::default().commit(&mut archive);
    }
    let (_, text) = own_files(folder.path(), "text", ".txt").remove(0);
    assert_eq!(text, "Tide high, \"very\"\n\nThe harbour reopens.\n\nSo says a1.\n");
    let (source, row) = rows(folder.path()).remove(0);
    let columns = [
        ("source", source.as_str()),
        ("title", "Tide\nhigh, \"very\""),
        ("subtitle", "=HYPERLINK(\"x\")"),
        ("authors", "Ana Lopes; Bo, Berg"),
        ("tags", ""),
        ("section", ""),
        ("published", "2026-03-05T23:30:00-08:00"),
        ("modified", ""),
        ("fetched", "2026-03-06T08:00:00Z"),
        ("text", "The harbour reopens.\n\nSo says a1."),
        ("word_count", "6"),
        ("image", "https://harbour.test/a.jpg"),
        ("page_type", "article"),
        ("confidence", "0.9"),
        ("paywalled", "false"),
        ("tdm_reservation", "true"),
        ("version", "1"),
    ];
    for (column, value) in columns {
        assert_eq!(row[column], value, "{column}");
    }
    let file = fs::read_to_string(folder.path().join("csv/harbour/2026-03-06.csv")).unwrap();
    assert!(file.starts_with("seq,id,version,source,url,"), "{file}");
    assert_eq!(file.matches("\r\n").count(), 2, "a header and a row, and no other end of a row");

    let mut bare = kind(Format::Text, Compression::None, None).open(folder.path());
    for (id, text) in [("b1", "Only a body."), ("b2", "")] {
        let (id, text, fetched) = (id.to_owned(), text.to_owned(), written.fetched);
        let file = bare.write(&Article { id, text: text.clone(), fetched, ..Article::default() }, "x", None).unwrap();
        bare.flush().unwrap();
        assert_eq!(fs::read_to_string(folder.path().join(file.unwrap())).unwrap(), format!("{text}\n"));
    }
}

#[test]
fn no_text_is_too_hostile_for_a_sink() {
    let nasty = [
        "\"",
        "\"\"\"",
        ",",
        ";",
        "a\r\nb",
        "a\r\r\nb\r",
        "\n\n",
        "\t",
        "\0",
        "\u{feff}x",
        "\u{202e}x",
        "\u{2028}x",
        "'",
        "=1+1",
        "---",
        "\\",
        "\u{85}",
        "😀",
        " x ",
        "\u{fffe}",
        "|",
        "{\"id\":\"z\"}\n",
        "\u{1b}[31m",
    ];
    // Longer than what is held back before it is written.
    let long = "A \"long\", story;\r\n".repeat(100_000);
    for kind in KINDS {
        let folder = temporary();
        let mut store = Store::default();
        let mut archive = store.reopen(kind, folder.path());
        let texts: Vec<&str> = nasty.into_iter().chain([long.as_str()]).collect();
        for (index, text) in texts.iter().enumerate() {
            let text = (*text).to_owned();
            let hostile = Article {
                id: format!("{index:03}"),
                title: Some(text.chars().take(500).collect()),
                tags: vec![text.clone(), String::new()],
                site_name: Some(text.clone()),
                text: text.clone(),
                markdown: text,
                seq: index as u64 + 1,
                ..article("")
            };
            archive.write(&hostile, "harbour", None).unwrap();
            store.commit(&mut archive);
        }
        let expected: Vec<_> = (0..texts.len()).map(|index| format!("{index:03}")).collect();
        assert_eq!(kind.ids(folder.path()), expected, "{kind:?}");
        for (index, text) in texts.iter().enumerate() {
            let id = &expected[index];
            match kind.format {
                Format::Jsonl => assert_eq!(records(folder.path())[index].1.text, *text),
                Format::Warc => assert_eq!(warc_articles(folder.path())[index].text, *text),
                Format::Catalogue => assert_eq!(versions(folder.path())[index].article.text, *text),
                Format::Parquet => assert_eq!(parquet_rows(folder.path())[index].text, *text),
                Format::Csv => {
                    let plain = text.replace("\r\n", "\n").replace('\r', "\n").replace('\0', "\u{fffd}");
                    let (_, row) = &rows(folder.path())[index];
                    assert_eq!((&row["text"], &row["site_name"]), (&plain, &plain), "{text:?}");
                    assert_eq!(row["tags"], format!("{}; ", plain.replace(';', ",")));
                }
                _ => {
                    let (folder_name, extension) =
                        if kind.format == Format::Text { ("text", ".txt") } else { ("markdown", ".md") };
                    let files = own_files(folder.path(), folder_name, extension);
                    let (_, file) = files.iter().find(|(found, _)| found == id).unwrap();
                    assert!(file.contains(text.trim_matches('\n')), "{text:?} is not in {file:?}");
                }
            }
        }
    }
}

/// A run of four articles that dies after so many steps, over a store on which it commits two at a time. What it still
/// has to do is what the store does not know.
fn run(kind: Kind, folder: &Path, store: &mut Store, done: &mut Vec<String>, steps: usize) -> Option<()> {
    let mut steps = steps;
    let mut step = || {
        steps = steps.checked_sub(1)?;
        Some(())
    };
    let mut archive = store.reopen(kind, folder);
    assert_eq!(if kind.has_own_files() { done.clone() } else { kind.ids(folder) }, *done, "{kind:?} after recovery");
    let todo: Vec<String> = ["a1", "a2", "a3", "a4"].map(str::to_owned).into_iter().skip(done.len()).collect();
    for batch in todo.chunks(2) {
        for id in batch {
            step()?;
            archive.write(&article(id), "harbour", None).unwrap();
        }
        step()?;
        let positions = archive.flush().unwrap();
        step()?;
        store.keep(positions);
        done.extend(batch.iter().cloned());
        step()?;
        archive.committed().unwrap();
    }
    step()?;
    archive.finish(Ending::Last).unwrap();
    Some(())
}

#[test]
fn a_crash_at_any_step_loses_nothing_and_doubles_nothing() {
    // Ten steps and one: two batches of two writes, a flush, a commit and its end.
    const STEPS: usize = 11;
    for kind in KINDS {
        for first in 0..STEPS {
            // Every pair would take a minute, most of it in waiting for the disk.
            for second in [first * 5 % STEPS, (first * 7 + 3) % STEPS] {
                let folder = temporary();
                let (mut store, mut done) = (Store::default(), Vec::new());
                let ended = run(kind, folder.path(), &mut store, &mut done, first);
                assert_eq!(ended, None);
                if kind.appends() || kind.format == Format::Parquet {
                    tear(folder.path(), &store, second);
                }
                let _ = run(kind, folder.path(), &mut store, &mut done, second);
                assert_eq!(run(kind, folder.path(), &mut store, &mut done, STEPS), Some(()));
                assert_eq!(kind.ids(folder.path()), ["a1", "a2", "a3", "a4"], "{kind:?} {first} {second}");
                let names = names(folder.path());
                assert!(names.iter().all(|name| !name.contains("/.")), "{kind:?} {first} {second}: {names:?}");
            }
        }
    }
}

/// What a power cut leaves behind the committed lengths: a part of what was written, or something else.
fn tear(folder: &Path, store: &Store, seed: usize) {
    // SQLite sees to its own file, and what has become a Parquet file was committed before.
    let is_ours = |name: &String| {
        let is_hidden = name.rsplit('/').next().unwrap().starts_with('.');
        !is_hidden && !name.starts_with("catalogue.db") && !name.ends_with(".parquet")
    };
    for name in names(folder).into_iter().filter(is_ours) {
        let path = folder.join(&name);
        let committed = store.0.get(&name).copied().unwrap_or_default();
        let mut bytes = fs::read(&path).unwrap();
        let open = bytes.len() as u64 - committed;
        bytes.truncate((committed + open * (seed as u64 % 5) / 4) as usize);
        if seed.is_multiple_of(2) && open > 0 {
            bytes.extend(std::iter::repeat_n(b'\0', 7 * seed));
        }
        fs::write(&path, bytes).unwrap();
    }
}

#[test]
fn an_appended_file_is_valid_at_every_flush() {
    for kind in KINDS.into_iter().filter(|kind| kind.appends() && kind.rotate_size.is_none()) {
        let folder = temporary();
        let mut archive = kind.open(folder.path());
        let mut lengths = Vec::new();
        for id in ["a1", "a2", "a3"] {
            archive.write(&article(id), "harbour", None).unwrap();
            lengths.extend(archive.flush().unwrap().into_iter().map(|position| position.length));
            archive.committed().unwrap();
        }
        let file = folder.path().join(kind.first_file());
        for (index, length) in lengths.into_iter().enumerate().rev() {
            fs::File::options().write(true).open(&file).unwrap().set_len(length).unwrap();
            assert_eq!(kind.ids(folder.path()).len(), index + 1, "{kind:?}");
        }
    }
}

#[test]
fn a_run_packed_in_another_way_is_cut_back_too() {
    let folder = temporary();
    let plain = kind(Format::Jsonl, Compression::None, None);
    let mut store = Store::default();
    let mut archive = store.reopen(plain, folder.path());
    archive.write(&article("a1"), "harbour", None).unwrap();
    store.commit(&mut archive);
    archive.write(&article("a2"), "harbour", None).unwrap();
    archive.flush().unwrap();
    drop(archive);
    let packed = kind(Format::Jsonl, Compression::Zstd, SMALL);
    let mut archive = store.reopen(packed, folder.path());
    archive.write(&article("a2"), "harbour", None).unwrap();
    store.commit(&mut archive);
    drop(archive);
    store.reopen(plain, folder.path());
    assert_eq!(plain.ids(folder.path()), ["a1", "a2"]);
    assert_eq!(names(&folder.path().join("jsonl/harbour")), ["2026-03-06.jsonl", "2026-03-06_0001.jsonl.zst"]);
}

#[test]
fn a_file_of_another_store_is_cut_to_its_last_whole_record_before_it_is_appended_to() {
    for kind in KINDS.into_iter().filter(|kind| kind.appends()) {
        let folder = temporary();
        let mut archive = kind.open(folder.path());
        let one = article("a1");
        archive.write(&one, "harbour", None).unwrap();
        let whole = archive.flush().unwrap()[0].length;
        archive.committed().unwrap();
        let file = folder.path().join(kind.first_file());
        let bytes = fs::read(&file).unwrap();
        assert_eq!(bytes.len() as u64, whole);
        // The file and most of another record.
        let torn = [&bytes[..], &bytes[..bytes.len() - 3]].concat();
        fs::write(&file, &torn).unwrap();
        let mut store = Store::default();
        let mut archive = store.reopen(kind, folder.path());
        assert_eq!(fs::read(&file).unwrap(), torn, "{kind:?}: nobody asked for it");
        if kind.rotate_size.is_some() {
            // Such a file is large enough, and so is not appended to at all.
            continue;
        }
        archive.write(&article("a2"), "harbour", None).unwrap();
        store.commit(&mut archive);
        let mut ids = kind.ids(folder.path());
        // The copy of the header is a row to a reader of CSV.
        ids.retain(|id| id != "id");
        assert_eq!(ids, ["a1", "a2"], "{kind:?}");

        // A file that its store knows, but that somebody shortened, keeps what is whole.
        drop(archive);
        let length = fs::metadata(&file).unwrap().len();
        fs::File::options().write(true).open(&file).unwrap().set_len(length - 1).unwrap();
        let mut archive = store.reopen(kind, folder.path());
        archive.write(&article("a3"), "harbour", None).unwrap();
        store.commit(&mut archive);
        let mut ids = kind.ids(folder.path());
        ids.retain(|id| id != "id");
        assert_eq!(ids, ["a1", "a3"], "{kind:?}");
    }
}

#[test]
fn parts_follow_each_other_in_the_order_of_their_names() {
    for kind in KINDS.into_iter().filter(|kind| kind.appends() && kind.rotate_size.is_some()) {
        let folder = temporary();
        let mut store = Store::default();
        let ids: Vec<String> = (0..12).map(|n| format!("a{n:02}")).collect();
        for batch in ids.chunks(4) {
            // Another process goes on where the last one stopped.
            let mut archive = store.reopen(kind, folder.path());
            for id in batch {
                archive.write(&article(id), "harbour", None).unwrap();
                archive.flush().unwrap();
            }
            store.commit(&mut archive);
        }
        assert_eq!(kind.ids(folder.path()), ids, "{kind:?}");
        let files: Vec<_> = names(folder.path()).iter().map(|name| folder.path().join(name)).collect();
        assert!(files.len() >= 6, "{kind:?} {files:?}");
        for (index, file) in files.iter().enumerate() {
            let name = file.file_name().unwrap().to_str().unwrap();
            let part = index + 1;
            let stem = if kind.format == Format::Warc { "harbour-20260306-" } else { "2026-03-06_" };
            assert!(name.starts_with(&format!("{stem}{part:04}.")), "{name}");
            // A part takes records as long as it is smaller, so that it is larger by one at the most.
            let length = fs::metadata(file).unwrap().len();
            assert!(length < 1000 + 5000 && (length >= 1000 || index + 1 == files.len()), "{kind:?} {name} {length}");
        }
    }
}

#[test]
fn a_day_without_parts_may_go_on_in_parts() {
    let folder = temporary();
    let mut store = Store::default();
    for (id, size) in [("a1", None), ("a2", Some(1)), ("a3", Some(1)), ("a4", Some(1_000_000)), ("a5", None)] {
        let mut archive = store.reopen(kind(Format::Jsonl, Compression::None, size), folder.path());
        archive.write(&article(id), "harbour", None).unwrap();
        store.commit(&mut archive);
    }
    let parts = names(&folder.path().join("jsonl/harbour"));
    assert_eq!(parts, ["2026-03-06.jsonl", "2026-03-06_0001.jsonl", "2026-03-06_0002.jsonl"]);
    let ids: Vec<_> = records(folder.path()).into_iter().map(|(_, article)| article.id).collect();
    assert_eq!(ids, ["a1", "a5", "a2", "a3", "a4"]);
}

#[test]
fn the_gzip_program_reads_the_packed_files() {
    let kind = kind(Format::Jsonl, Compression::Gzip, None);
    let folder = temporary();
    let mut archive = kind.open(folder.path());
    for id in ["a1", "a2"] {
        archive.write(&article(id), "harbour", None).unwrap();
        archive.flush().unwrap();
    }
    let file = folder.path().join(kind.first_file());
    let bytes = unpacked(&file);
    assert_eq!(bytes.split(|byte| *byte == b'\n').count(), 3, "two lines and what is behind them");
    let output = std::process::Command::new("gzip").arg("-dc").arg(&file).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    assert_eq!(output.stdout, bytes);
}

#[test]
fn an_own_file_of_one_format_leads_to_those_of_the_others() {
    let folder = temporary();
    let formats = vec![Format::Text, Format::Markdown];
    let options = ArchiveOptions { path: folder.path().to_owned(), formats, ..ArchiveOptions::default() };
    let mut archive = Archive::open(&options).unwrap();
    let old = archive.write(&article("a1"), "harbour", None).unwrap().unwrap();
    assert!(old.starts_with("markdown/"), "{old}");
    archive.flush().unwrap();
    let corrected = Article { title: Some("Corrected".to_owned()), ..article("a1") };
    let moved = Article { published: Some("2026-04-01".parse().unwrap()), ..corrected };
    archive.write(&moved, "harbour", Some(&old)).unwrap();
    archive.flush().unwrap();
    let left = names(folder.path());
    let place = "www.harbour.test/2026/04/01/corrected-a1";
    assert_eq!(left, [format!("markdown/{place}.md"), format!("text/{place}.txt")]);
    // What the store says leads nowhere else.
    let precious = folder.path().join("precious-a1.txt");
    fs::write(&precious, "x").unwrap();
    for previous in
        ["text/../precious-a1.txt", "markdown/../precious-a1.md", "../precious-a1.txt", "precious-a1.txt", "x"]
    {
        archive.write(&article("a1"), "harbour", Some(previous)).unwrap();
        archive.flush().unwrap();
    }
    assert!(precious.exists());
}

/// Linux has a file that is always full.
#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_is_said_and_costs_nothing_that_was_saved() {
    for kind in KINDS {
        let folder = temporary();
        let first = match kind.format {
            Format::Parquet => "parquet/.spool/harbour/2026-03-06_1.jsonl".to_owned(),
            _ => kind.first_file(),
        };
        let file = folder.path().join(&first);
        let full = if kind.has_own_files() {
            file.with_file_name(format!(".{}.part", file.file_name().unwrap().to_str().unwrap()))
        } else {
            file.clone()
        };
        fs::create_dir_all(full.parent().unwrap()).unwrap();
        std::os::unix::fs::symlink("/dev/full", &full).unwrap();
        let mut store = Store::default();
        let written = kind.try_open(folder.path()).and_then(|mut archive| {
            archive.write(&article("a1"), "harbour", None)?;
            archive.flush()
        });
        let error = written.unwrap_err();
        assert!(matches!(error, ArchiveError::DiskFull { .. }), "{kind:?} {error:?}");
        assert!(error.to_string().contains(&first), "{error}");
        // Space again: the next run goes through, with the record whole.
        let _ = fs::remove_file(&full);
        let mut archive = store.reopen(kind, folder.path());
        archive.write(&article("a1"), "harbour", None).unwrap();
        store.commit(&mut archive);
        drop(archive);
        assert_eq!(kind.ids(folder.path()), ["a1"], "{kind:?}");
        assert_eq!(names(folder.path()), [kind.first_file()]);
    }
}
