//! The page fixtures, and larger ones made of them: for tests and measurements of what grows with a page.

use std::fs;
use std::path::{Path, PathBuf};

/// Every page fixture with its name, read as UTF-8 (the few that are not lose some letters, which costs nothing here).
pub(crate) fn pages() -> Vec<(String, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/pages");
    let mut folders: Vec<PathBuf> =
        fs::read_dir(root).expect("fixtures").map(|entry| entry.expect("a readable folder").path()).collect();
    folders.sort();
    folders
        .into_iter()
        .map(|folder| {
            let bytes = fs::read(folder.join("source.html")).expect("a page");
            let name = folder.file_name().expect("a name").to_string_lossy().into_owned();
            (name, String::from_utf8_lossy(&bytes).into_owned())
        })
        .collect()
}

/// A page whose body stands in it `times` times.
pub(crate) fn repeated(page: &str, times: usize) -> String {
    let start = page.find("<body").and_then(|at| Some(at + page[at..].find('>')? + 1)).unwrap_or(0);
    let end = page.rfind("</body>").filter(|end| *end > start).unwrap_or(page.len());
    [&page[..start], &page[start..end].repeat(times), &page[end..]].concat()
}
