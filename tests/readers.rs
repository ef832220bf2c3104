//! What a crawl of the sample site writes, read by programs not ours.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

#[path = "support/python.rs"]
mod python;

use assert_cmd::Command;
use std::path::Path;
use tempfile::TempDir;

/// Crawls the sample site into a folder with these formats, by the binary.
fn crawl(folder: &Path) {
    let archive = folder.join("archive");
    Command::cargo_bin("copydesk").unwrap().arg("demo").arg("--archive").arg(&archive).assert().success();
}

#[test]
fn duckdb_reads_json_lines() {
    let folder = TempDir::new().unwrap();
    crawl(folder.path());
    let files = folder.path().join("archive/jsonl/*/*.jsonl");
    let script = "
import duckdb, sys
rows = duckdb.sql(f\"SELECT count(*), count(DISTINCT id), min(seq), max(seq) FROM read_json('{sys.argv[1]}')\").fetchall()[0]
print(*rows)";
    let said = python::run(script, &[files.to_str().unwrap()]);
    let count = copydesk::sample_site::expected().len();
    assert_eq!(said.trim(), format!("{count} {count} 1 {count}"));
}
