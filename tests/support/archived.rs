//! The files of an archive as a reader finds them, who knows nothing of ours but docs/archive.md. Whatever is not whole
//! makes the test fail.

#![allow(dead_code, reason = "each test file that includes this uses its part of it")]

use copydesk::archive::catalogue::{Filter, Version, Versions};
use copydesk::archive::{ArchiveError, Catalogue};
use copydesk::model::Article;
use std::collections::BTreeMap;
use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};

/// A row of a CSV file, by column.
pub(crate) type Row = BTreeMap<String, String>;

/// Every file under a folder, in the order of their names.
pub(crate) fn files_under(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).into_iter().flatten() {
        let path = entry.unwrap().path();
        if path.is_dir() { found.extend(files_under(&path)) } else { found.push(path) }
    }
    found.sort();
    found
}

/// Every record of `jsonl/`, with its source, packed or not.
pub(crate) fn records(archive: &Path) -> Vec<(String, Article)> {
    let mut records = Vec::new();
    for file in files_under(&archive.join("jsonl")) {
        let text = String::from_utf8(unpacked(&file)).unwrap();
        assert!(text.ends_with('\n'), "{} does not end with a whole line", file.display());
        records.extend(text.lines().map(|line| (source_of(&file), serde_json::from_str(line).unwrap())));
    }
    records
}

/// Every row of `csv/`, with its source.
pub(crate) fn rows(archive: &Path) -> Vec<(String, Row)> {
    let mut rows = Vec::new();
    for file in files_under(&archive.join("csv")) {
        assert!(fs::read(&file).unwrap().ends_with(b"\r\n"), "{} does not end with a whole row", file.display());
        let mut reader = csv::Reader::from_path(&file).unwrap();
        for row in reader.deserialize() {
            rows.push((source_of(&file), row.unwrap()));
        }
    }
    rows
}

/// A record of a WARC file: its fields by their names, and its block.
pub(crate) struct WarcRecord {
    pub(crate) fields: BTreeMap<String, String>,
    pub(crate) block: Vec<u8>,
}

impl WarcRecord {
    pub(crate) fn kind(&self) -> &str {
        &self.fields["WARC-Type"]
    }

    pub(crate) fn url(&self) -> &str {
        self.fields.get("WARC-Target-URI").map_or("", String::as_str)
    }
}

/// Every record of `warc/`, read without any leniency.
pub(crate) fn warc_records(archive: &Path) -> Vec<WarcRecord> {
    let mut records = Vec::new();
    for file in files_under(&archive.join("warc")) {
        if !file.to_str().unwrap().ends_with(".warc.gz") {
            continue;
        }
        let bytes = unpacked(&file);
        let mut rest = &bytes[..];
        while !rest.is_empty() {
            let end = rest.windows(4).position(|window| window == b"\r\n\r\n").unwrap();
            let head = std::str::from_utf8(&rest[..end]).unwrap();
            let mut lines = head.split("\r\n");
            assert_eq!(lines.next(), Some("WARC/1.1"), "{}", file.display());
            let field =
                |line: &str| line.split_once(": ").map(|(name, value)| (name.to_owned(), value.to_owned())).unwrap();
            let fields: BTreeMap<String, String> = lines.map(field).collect();
            let length: usize = fields["Content-Length"].parse().unwrap();
            let block = rest[end + 4..end + 4 + length].to_vec();
            rest = rest[end + 4 + length..].strip_prefix(b"\r\n\r\n").unwrap();
            records.push(WarcRecord { fields, block });
        }
    }
    records
}

/// The articles in the metadata records of `warc/`, each with its text behind it; one without has not come whole.
pub(crate) fn warc_articles(archive: &Path) -> Vec<Article> {
    let records = warc_records(archive);
    let pairs = records.windows(2).filter(|pair| pair[0].kind() == "metadata" && pair[1].kind() == "conversion");
    pairs
        .map(|pair| {
            let article: Article = serde_json::from_slice(&pair[0].block).unwrap();
            assert_eq!((article.text.as_bytes(), pair[0].url()), (&pair[1].block[..], pair[1].url()));
            article
        })
        .collect()
}

/// The articles' own files of a format, whole, by the ids in their names.
pub(crate) fn own_files(archive: &Path, folder: &str, extension: &str) -> Vec<(String, String)> {
    let files = files_under(&archive.join(folder)).into_iter();
    files
        .map(|path| {
            let name = path.file_name().unwrap().to_str().unwrap();
            let stem = name.strip_suffix(extension).unwrap_or_else(|| panic!("{name} is left over"));
            (stem.rsplit_once('-').unwrap().1.trim_end_matches('.').to_owned(), fs::read_to_string(&path).unwrap())
        })
        .collect()
}

/// What a file holds, to its very end.
pub(crate) fn unpacked(file: &Path) -> Vec<u8> {
    let packed = fs::File::open(file).unwrap();
    let mut bytes = Vec::new();
    let mut reader: Box<dyn Read> = match file.extension().and_then(|extension| extension.to_str()).unwrap() {
        "gz" => Box::new(flate2::read::MultiGzDecoder::new(packed)),
        "zst" => Box::new(zstd::stream::read::Decoder::new(packed).unwrap()),
        "jsonl" => Box::new(packed),
        other => panic!("{}: who wrote a .{other}?", file.display()),
    };
    reader.read_to_end(&mut bytes).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
    bytes
}

fn source_of(file: &Path) -> String {
    file.parent().unwrap().file_name().unwrap().to_str().unwrap().to_owned()
}

/// What the catalogue shows to readers, in order.
pub(crate) fn versions(folder: &Path) -> Vec<Version> {
    let mut found = Vec::new();
    let catalogue = Catalogue::open(folder).unwrap();
    let take = |version| {
        found.push(version);
        Ok::<_, ArchiveError>(true)
    };
    catalogue.each(0, Versions::All, &Filter::default(), take).unwrap();
    found
}

/// A row of `parquet/`, as far as the tests look at it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct ParquetRow {
    pub(crate) source: String,
    pub(crate) seq: i64,
    pub(crate) id: String,
    pub(crate) text: String,
}

/// Every row of `parquet/`, file by file in the order of their first records.
pub(crate) fn parquet_rows(archive: &Path) -> Vec<ParquetRow> {
    use arrow_array::cast::AsArray;
    use arrow_array::types::Int64Type;
    let mut rows = Vec::new();
    let mut files = files_under(&archive.join("parquet"));
    files.retain(|file| file.extension().is_some_and(|extension| extension != "jsonl"));
    let first = |file: &PathBuf| {
        let stem = file.file_stem().unwrap().to_str().unwrap();
        stem.split_once('-')
            .unwrap_or_else(|| panic!("{} is left over", file.display()))
            .0
            .parse::<u64>()
            .unwrap_or_else(|_| panic!("{} is left over", file.display()))
    };
    files.sort_by_key(|file| (file.parent().unwrap().to_owned(), first(file)));
    for file in files {
        let partition = file.parent().unwrap().parent().unwrap().file_name().unwrap().to_str().unwrap();
        let source = partition.strip_prefix("source=").unwrap().to_owned();
        let open = fs::File::open(&file).unwrap();
        let reader = parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder::try_new(open);
        for batch in reader.unwrap_or_else(|error| panic!("{}: {error}", file.display())).build().unwrap() {
            let batch = batch.unwrap_or_else(|error| panic!("{}: {error}", file.display()));
            let text = |name: &str| batch.column_by_name(name).unwrap().as_string::<i32>();
            let seqs = batch.column_by_name("seq").unwrap().as_primitive::<Int64Type>();
            rows.extend((0..batch.num_rows()).map(|row| ParquetRow {
                source: source.clone(),
                seq: seqs.value(row),
                id: text("id").value(row).to_owned(),
                text: text("text").value(row).to_owned(),
            }));
        }
    }
    rows
}
