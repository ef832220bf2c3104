//! Holds the import table of `docs/architecture.md` against the sources: an arrow never runs back up, and the pure
//! modules touch no clock, network or file.

use std::fs;
use std::path::{Path, PathBuf};

/// What each module may import of ours.
const MAY_IMPORT: &[(&str, &[&str])] = &[
    ("model", &[]),
    ("markup", &["model"]),
    ("discover", &["model", "markup"]),
    ("extract", &["model", "markup"]),
    ("fetch", &["model"]),
    ("frontier", &["model"]),
    ("archive", &["model"]),
    ("sample_site", &[]),
    ("crawl", &["model", "markup", "discover", "extract", "fetch", "frontier", "archive"]),
    ("config", &["model", "markup", "discover", "extract", "fetch", "frontier", "archive", "crawl"]),
    (
        "cli",
        &["model", "markup", "discover", "extract", "fetch", "frontier", "archive", "sample_site", "crawl", "config"],
    ),
];

/// Modules that take values and give values.
const PURE: &[&str] = &["model", "markup", "discover", "extract"];

/// What a pure module has no business with.
const IMPURE: &[&str] = &[
    "std::fs",
    "std::net::Tcp",
    "std::net::Udp",
    "ToSocketAddrs",
    "std::io::stdin",
    "tokio",
    "reqwest",
    "rusqlite",
    "SystemTime",
    "Instant::now",
    "Timestamp::now",
    "Zoned::now",
    "std::env",
    "std::process",
    "std::thread",
];

/// The sources of a module, with its tests cut off.
fn sources(module: &str) -> Vec<(PathBuf, String)> {
    let mut files = Vec::new();
    let mut folders = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join("src").join(module)];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display())) {
            let path = entry.expect("a readable folder").path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                let text = fs::read_to_string(&path).expect("a readable source");
                files.push((path, without_tests_and_comments(&text)));
            }
        }
    }
    assert!(!files.is_empty(), "src/{module} has no sources");
    files
}

fn without_tests_and_comments(text: &str) -> String {
    let text = text.split("#[cfg(test)]\nmod ").next().unwrap_or_default();
    text.lines().filter(|line| !line.trim_start().starts_with("//")).collect::<Vec<_>>().join("\n")
}

/// The modules of ours that a source names by `crate::…` or `crate::{…}`.
fn imports(source: &str) -> Vec<String> {
    let mut found = Vec::new();
    for (at, _) in source.match_indices("crate::") {
        let rest = &source[at + "crate::".len()..];
        let mut push = |name: &str| {
            let word: String = name.trim().chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
            if !word.is_empty() {
                found.push(word);
            }
        };
        match rest.strip_prefix('{') {
            Some(list) => {
                let mut depth = 0;
                let mut part = String::new();
                for c in list.chars() {
                    match c {
                        '{' => depth += 1,
                        '}' if depth == 0 => break,
                        '}' => depth -= 1,
                        ',' if depth == 0 => push(&std::mem::take(&mut part)),
                        _ => {}
                    }
                    if c != ',' || depth > 0 {
                        part.push(c);
                    }
                }
                push(&part);
            }
            None => push(rest),
        }
    }
    found
}

fn faults(module: &str, source: &str) -> Vec<String> {
    let allowed = MAY_IMPORT.iter().find(|(name, _)| *name == module).map_or(&[][..], |(_, list)| list);
    let mut faults: Vec<String> = imports(source)
        .into_iter()
        .filter(|import| import != module && !allowed.contains(&import.as_str()))
        .map(|import| format!("imports {import}"))
        .collect();
    if PURE.contains(&module) {
        faults.extend(IMPURE.iter().filter(|word| source.contains(**word)).map(|word| format!("uses {word}")));
    }
    faults
}

#[test]
fn no_arrow_runs_back_up() {
    let mut report = Vec::new();
    for (module, _) in MAY_IMPORT {
        for (path, source) in sources(module) {
            report.extend(faults(module, &source).into_iter().map(|fault| format!("{}: {fault}", path.display())));
        }
    }
    assert!(report.is_empty(), "{}", report.join("\n"));
}

#[test]
fn every_module_is_in_the_table() {
    let lib = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("src/lib.rs")).unwrap();
    let modules: Vec<&str> = lib.lines().filter_map(|line| line.strip_prefix("pub mod ")?.strip_suffix(';')).collect();
    for module in &modules {
        assert!(MAY_IMPORT.iter().any(|(name, _)| name == module), "src/{module} is not in the table");
    }
    let architecture = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/architecture.md")).unwrap();
    for (module, _) in MAY_IMPORT {
        assert!(architecture.contains(&format!("`{module}`")), "docs/architecture.md does not name {module}");
    }
}

#[test]
fn the_checker_sees_what_it_is_for() {
    assert_eq!(faults("extract", "use crate::fetch::Fetcher;"), ["imports fetch"]);
    assert_eq!(faults("fetch", "use crate::{model::Page, extract::{Input, clean}};"), ["imports extract"]);
    assert_eq!(faults("model", "let now = jiff::Timestamp::now();"), ["uses Timestamp::now"]);
    assert_eq!(faults("extract", "use crate::model::Article;\nuse crate::extract::flow;"), Vec::<String>::new());
    assert_eq!(
        without_tests_and_comments("// crate::cli\nfn a() {}\n#[cfg(test)]\nmod tests { use crate::cli; }"),
        "fn a() {}"
    );
}
