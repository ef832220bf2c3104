//! Every case of `tests/robots_cases` is a test of its own: a robots.txt, an agent, an address, and what has to come of
//! it. `google.toml` restates the cases that Google publishes with its parser, `standard.toml` goes through RFC 9309, and
//! `wild.toml` holds what files in the wild do.

use copydesk::fetch::Robots;
use libtest_mimic::{Arguments, Failed, Trial};
use serde::Deserialize;
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;
use url::Url;

#[derive(Debug, Deserialize)]
struct Table {
    robots: Vec<File>,
}

/// A robots.txt with what is asked of it.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    name: String,
    #[serde(default = "foo_bot")]
    agent: String,
    text: String,
    /// Name, "allow" or "deny", address.
    #[serde(default)]
    cases: Vec<(String, String, String)>,
    /// Seconds; negative for none.
    delay: Option<f64>,
    sitemaps: Option<Vec<String>>,
    signals: Option<BTreeMap<String, bool>>,
}

fn foo_bot() -> String {
    "FooBot".to_owned()
}

fn main() -> ExitCode {
    let arguments = Arguments::from_args();
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/robots_cases");
    let mut tables: Vec<PathBuf> = fs::read_dir(folder)
        .expect("the cases are part of the project")
        .map(|entry| entry.expect("readable").path())
        .collect();
    tables.sort();
    let mut trials = Vec::new();
    for path in tables {
        let text = fs::read_to_string(&path).expect("the cases are part of the project");
        let table: Table = toml::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        let stem = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        for file in table.robots {
            add(&mut trials, &stem, &Arc::new(file));
        }
    }
    let count = trials.len();
    trials.push(Trial::test("there_are_at_least_150_cases", move || {
        if count < 150 { Err(format!("there are {count}").into()) } else { Ok(()) }
    }));
    libtest_mimic::run(&arguments, trials).exit_code()
}

fn add(trials: &mut Vec<Trial>, stem: &str, file: &Arc<File>) {
    let name = |case: &str| format!("{stem}::{}::{case}", file.name).replace(' ', "_");
    for index in 0..file.cases.len() {
        let shared = Arc::clone(file);
        trials.push(Trial::test(name(&file.cases[index].0), move || check(&shared, index)));
    }
    if file.delay.is_some() {
        let shared = Arc::clone(file);
        trials.push(Trial::test(name("delay"), move || {
            let expected = shared.delay.and_then(|seconds| Duration::try_from_secs_f64(seconds).ok());
            same(&robots(&shared).crawl_delay(), &expected)
        }));
    }
    if file.sitemaps.is_some() {
        let shared = Arc::clone(file);
        trials.push(Trial::test(name("sitemaps"), move || {
            let found: Vec<String> = robots(&shared).sitemaps().iter().map(Url::to_string).collect();
            same(&Some(found), &shared.sitemaps)
        }));
    }
    if file.signals.is_some() {
        let shared = Arc::clone(file);
        trials.push(Trial::test(name("signals"), move || {
            same(&Some(robots(&shared).signals().clone()), &shared.signals)
        }));
    }
}

fn robots(file: &File) -> Robots {
    Robots::parse(address("/robots.txt"), file.text.as_bytes(), &file.agent)
}

fn address(text: &str) -> Url {
    Url::parse("http://foo.bar").and_then(|site| site.join(text)).expect("the cases hold addresses")
}

fn check(file: &File, index: usize) -> Result<(), Failed> {
    let (_, expected, path) = &file.cases[index];
    let found = robots(file).check(&address(path));
    match (expected.as_str(), &found) {
        ("allow", Ok(())) | ("deny", Err(_)) => Ok(()),
        _ => Err(format!("{path} should be {expected}: {found:?} of\n{}", file.text).into()),
    }
}

fn same<T: PartialEq + std::fmt::Debug>(found: &T, expected: &T) -> Result<(), Failed> {
    if found == expected { Ok(()) } else { Err(format!("{found:?} instead of {expected:?}").into()) }
}
