//! Holds the import table of `docs/architecture.md` against the sources: an arrow never runs back up, and the pure
//! modules touch no clock, network, file or runtime.
//!
//! The table in the document is the rule; nothing is said twice. Sources are read as tokens, not as text, so that
//! comments, strings and tests do not count, and `use` groups and `super::` do.

#![expect(clippy::unwrap_used, reason = "what fails here fails the test")]

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

/// A row of the table.
#[derive(Debug)]
struct Room {
    floor: u32,
    pure: bool,
    may_import: Vec<String>,
}

type House = BTreeMap<String, Room>;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The table whose header begins with `module`: name, floor, purpose, imports.
fn house() -> House {
    read_table(&fs::read_to_string(root().join("docs/architecture.md")).unwrap())
}

fn read_table(document: &str) -> House {
    let rows = document.lines().skip_while(|line| !line.starts_with("| module |")).skip(2);
    let mut house = House::new();
    let mut imports = Vec::new();
    for row in rows.take_while(|line| line.starts_with('|')) {
        let cells: Vec<&str> = row.trim_matches('|').split('|').map(str::trim).collect();
        let [name, floor, _, may_import] = cells[..] else { panic!("four cells: {row}") };
        let name = name.trim_matches('`').to_owned();
        let (number, kind) = floor.split_once(',').unwrap_or((floor, ""));
        let room = Room { floor: number.parse().unwrap(), pure: kind.trim() == "pure", may_import: Vec::new() };
        imports.push((name.clone(), may_import));
        house.insert(name, room);
    }
    for (name, text) in imports {
        let mut list: Vec<String> = text.split('`').skip(1).step_by(2).map(str::to_owned).collect();
        let on_floors = |floors: &[u32]| {
            house
                .iter()
                .filter(|(_, room)| floors.contains(&room.floor))
                .map(|(name, _)| name.clone())
                .collect::<Vec<_>>()
        };
        match text.split('`').next().unwrap().trim_end_matches([',', ' ']) {
            "" | "nothing of ours" => {}
            "floors 0 and 1" => list.extend(on_floors(&[0, 1])),
            "all" => list.extend(house.keys().cloned()),
            other => panic!("the table says {other:?} of {name}, which this test cannot read"),
        }
        house.get_mut(&name).unwrap().may_import = list;
    }
    house
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Token {
    Word(String),
    /// `::`
    Path,
    Sign(char),
}

/// The tokens of a source without comments, and with nothing in place of literals.
fn tokens(source: &str) -> Vec<Token> {
    let chars: Vec<char> = source.chars().collect();
    let at = |i: usize| chars.get(i).copied().unwrap_or('\0');
    let is_word = |c: char| c.is_alphanumeric() || c == '_';
    let mut out = Vec::new();
    let mut i = 0;
    while i < chars.len() {
        match (at(i), at(i + 1)) {
            ('/', '/') => i += chars[i..].iter().take_while(|c| **c != '\n').count(),
            ('/', '*') => {
                let mut depth = 0;
                loop {
                    match (at(i), at(i + 1)) {
                        ('/', '*') => (depth, i) = (depth + 1, i + 2),
                        ('*', '/') => (depth, i) = (depth - 1, i + 2),
                        _ => i += 1,
                    }
                    if depth == 0 || i >= chars.len() {
                        break;
                    }
                }
            }
            ('"', _) => {
                i += 1;
                while i < chars.len() && at(i) != '"' {
                    i += if at(i) == '\\' { 2 } else { 1 };
                }
                i += 1;
            }
            // A character or a lifetime: only the first has a quote right behind it.
            ('\'', '\\') => i += 3 + chars[(i + 3).min(chars.len())..].iter().take_while(|c| **c != '\'').count() + 1,
            ('\'', _) => i += if at(i + 2) == '\'' { 3 } else { 1 },
            (c, _) if is_word(c) => {
                let word: String = chars[i..].iter().take_while(|c| is_word(**c)).collect();
                i += word.chars().count();
                let hashes = chars[i..].iter().take_while(|c| **c == '#').count();
                if matches!(word.as_str(), "r" | "br" | "cr") && at(i + hashes) == '"' {
                    let end: Vec<char> = std::iter::once('"').chain(std::iter::repeat_n('#', hashes)).collect();
                    i += hashes + 1;
                    i += chars[i..].windows(end.len()).position(|window| window == end).unwrap() + end.len();
                } else {
                    out.push(Token::Word(word));
                }
            }
            (':', ':') => {
                out.push(Token::Path);
                i += 2;
            }
            (c, _) => {
                if !c.is_whitespace() {
                    out.push(Token::Sign(c));
                }
                i += 1;
            }
        }
    }
    out
}

/// Takes away what is compiled for tests alone: each `#[cfg(test)]` with the item behind it.
fn without_tests(tokens: &[Token]) -> Vec<Token> {
    let mark: Vec<Token> = self::tokens("#[cfg(test)]");
    let mut out = Vec::new();
    let mut i = 0;
    while i < tokens.len() {
        if !tokens[i..].starts_with(&mark) {
            out.push(tokens[i].clone());
            i += 1;
            continue;
        }
        i += mark.len();
        let mut depth = 0;
        while i < tokens.len() {
            let token = &tokens[i];
            i += 1;
            match token {
                Token::Sign('(' | '[' | '{') => depth += 1,
                Token::Sign(')' | ']' | '}') => depth -= 1,
                _ => {}
            }
            if depth == 0 && matches!(token, Token::Sign('}' | ';')) {
                break;
            }
        }
    }
    out
}

/// Every path of a source, `use` groups written out.
fn paths(tokens: &[Token]) -> Vec<Vec<String>> {
    let mut out = Vec::new();
    let mut i = 0;
    while i < tokens.len() {
        i = if matches!(tokens[i], Token::Word(_)) { path(tokens, i, &[], &mut out) } else { i + 1 };
    }
    out
}

/// Reads one path from `i`, behind `before`; returns where it ends.
fn path(tokens: &[Token], i: usize, before: &[String], out: &mut Vec<Vec<String>>) -> usize {
    let mut i = i;
    match &tokens[i] {
        Token::Sign('{') => {
            i += 1;
            while i < tokens.len() && tokens[i] != Token::Sign('}') {
                i = match &tokens[i] {
                    Token::Word(word) if word == "as" => i + 2,
                    Token::Word(_) | Token::Sign('{' | '*') => path(tokens, i, before, out),
                    _ => i + 1,
                };
            }
            i + 1
        }
        token => {
            let name = if let Token::Word(word) = token { word.clone() } else { "*".to_owned() };
            let whole: Vec<String> = before.iter().cloned().chain([name]).collect();
            let goes_on = tokens.get(i + 1) == Some(&Token::Path)
                && matches!(tokens.get(i + 2), Some(Token::Word(_) | Token::Sign('{' | '*')));
            if goes_on {
                return path(tokens, i + 2, &whole, out);
            }
            // A root under another name would hide what is taken from it.
            let renamed = tokens.get(i + 1) == Some(&Token::Word("as".to_owned()));
            out.push(if renamed && whole == ["crate"] { vec![whole[0].clone(), "*".to_owned()] } else { whole });
            i + 1
        }
    }
}

/// The module of ours that a path leads to from a file of the module path `here`.
fn target(path: &[String], here: &[String]) -> Option<String> {
    match path[0].as_str() {
        "crate" => path.get(1).cloned(),
        "super" => {
            let ups = path.iter().take_while(|name| *name == "super").count();
            // Within its own module a path is nobody's business; above it, the next name says where it leads.
            if ups < here.len() { None } else { path.get(ups).cloned() }
        }
        _ => None,
    }
}

/// Why a path has no place in a module that takes values and gives values.
fn impurity(path: &[String]) -> bool {
    let names: Vec<&str> = path.iter().map(String::as_str).collect();
    match names[..] {
        ["std" | "core", "fs" | "env" | "process" | "thread" | "os", ..]
        | ["std", "io", "stdin" | "stdout" | "stderr" | "*", ..]
        | ["std", "net" | "time" | "*"]
        | ["tokio" | "tokio_util" | "futures_util" | "reqwest" | "rusqlite" | "axum" | "async_compression", ..]
        | ["async" | "await" | "println" | "eprintln" | "print" | "eprint" | "dbg"] => true,
        // Addresses are values.
        ["std" | "core", "net", name, ..] => !name.ends_with("Addr"),
        _ => names.iter().any(|name| matches!(*name, "SystemTime" | "Instant")) || names[1..].contains(&"now"),
    }
}

/// What is wrong with a source of `module`, whose file has the module path `here`.
fn faults(house: &House, here: &[String], source: &str) -> Vec<String> {
    let (module, room) = (&here[0], &house[&here[0]]);
    let mut faults = Vec::new();
    for path in paths(&without_tests(&tokens(source))) {
        if let Some(name) = target(&path, here)
            && name != *module
            && !room.may_import.contains(&name)
        {
            faults.push(format!("imports {name} ({})", path.join("::")));
        }
        if room.pure && impurity(&path) {
            faults.push(format!("uses {}", path.join("::")));
        }
    }
    faults
}

/// The sources below `src/`, those at its top left out, each with its module path.
fn sources() -> Vec<(PathBuf, Vec<String>)> {
    let top = root().join("src");
    let mut found = Vec::new();
    let mut folders = vec![top.clone()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") && folder != top {
                let inside = path.strip_prefix(&top).unwrap().with_extension("");
                let mut here: Vec<String> = inside.iter().map(|name| name.to_str().unwrap().to_owned()).collect();
                if here.last().is_some_and(|name| name == "mod") {
                    here.pop();
                }
                found.push((path, here));
            }
        }
    }
    found
}

#[test]
fn no_arrow_runs_back_up() {
    let house = house();
    let sources = sources();
    assert!(sources.len() > 50, "the sources were found: {}", sources.len());
    let mut report = Vec::new();
    for (path, here) in sources {
        let source = fs::read_to_string(&path).unwrap();
        report.extend(faults(&house, &here, &source).into_iter().map(|fault| format!("{}: {fault}", path.display())));
    }
    assert!(report.is_empty(), "docs/architecture.md does not allow:\n{}", report.join("\n"));
}

#[test]
fn the_table_and_the_tree_name_the_same_modules() {
    let mut modules: Vec<String> = sources().into_iter().map(|(_, here)| here[0].clone()).collect();
    modules.sort();
    modules.dedup();
    assert_eq!(house().into_keys().collect::<Vec<_>>(), modules);
}

/// The floors that give the table its point: a module imports nothing above it, and no I/O below is pure.
#[test]
fn the_table_itself_runs_downwards() {
    let house = house();
    for (name, room) in &house {
        for import in room.may_import.iter().filter(|import| *import != name) {
            let below = house.get(import).unwrap_or_else(|| panic!("{name} may import {import}, which is no module"));
            assert!(below.floor <= room.floor, "{name} may import {import}");
            assert!(below.pure || below.floor == 0 || !room.pure, "{name} is pure and may import {import}");
            assert!(
                !below.may_import.contains(name) || import == "cli" || name == "cli",
                "{name} and {import}: a circle"
            );
        }
    }
    let pure: Vec<&str> = house.iter().filter(|(_, room)| room.pure).map(|(name, _)| name.as_str()).collect();
    assert_eq!(pure, ["discover", "extract", "markup", "model"]);
}

#[test]
fn the_checker_sees_what_it_is_for() {
    let house = house();
    let look = |here: &str, source: &str| {
        let here: Vec<String> = here.split('/').map(str::to_owned).collect();
        faults(&house, &here, source)
    };
    for (here, source, fault) in [
        ("extract", "use crate::fetch::Fetcher;", "imports fetch"),
        ("extract", "fn f() { crate::cli::main(); }", "imports cli"),
        ("fetch", "use crate::{model::Page, extract::{Input, clean}};", "imports extract"),
        ("extract/body", "use super::super::fetch::Fetcher;", "imports fetch"),
        ("extract/body", "use super::super::{model, archive as a};", "imports archive"),
        ("extract", "use super::*;", "imports *"),
        ("extract", "use crate as ours;", "imports *"),
        ("extract", "#[cfg(test)]\nmod tests { fn f() { [0; 3]; } }\nuse crate::cli::DONE;", "imports cli"),
        ("config", "use crate::cli::DONE;", "imports cli"),
        ("extract", "use std::{fs, io};", "uses std::fs"),
        ("markup", "use std::{\n    io::{self, stdin},\n};", "uses std::io::stdin"),
        ("model", "let now = jiff::Timestamp::now();", "uses jiff::Timestamp::now"),
        ("model", "use jiff::Timestamp as T; fn f() { T::now(); }", "uses T::now"),
        ("model", "use std::time::{Duration, Instant};", "uses std::time::Instant"),
        ("discover", "use std::net::TcpStream;", "uses std::net::TcpStream"),
        ("discover", "pub async fn f() {}", "uses async"),
        ("discover", "fn f(c: char) { if c == '\"' { tokio::spawn(g()); } }", "uses tokio::spawn"),
        ("discover", "const A: &str = r#\"\"#; use reqwest::Client;", "uses reqwest::Client"),
    ] {
        let found = look(here, source);
        assert!(!found.is_empty() && found.iter().all(|found| found.starts_with(fault)), "{source}: {found:?}");
    }
    for (here, source) in [
        ("extract", "use crate::model::Article;\nuse crate::extract::flow;"),
        ("extract/content/mod", "use super::flow::Flow; pub(in super::super) fn f() {} pub(crate) fn g() {}"),
        ("extract", "// crate::cli\n/* std::fs /* tokio */ std::fs */ const A: &str = \"std::fs \\\" tokio::spawn\";"),
        ("extract", "#[cfg(test)]\nmod tests { use crate::cli; use std::fs; }"),
        ("extract", "#[cfg(test)]\nuse std::{fs, io};\nfn f<'a>(now: &'a str) -> &'a str { now }"),
        ("model", "use std::net::IpAddr; use std::time::Duration;"),
        ("crawl", "use tokio::sync::mpsc; use crate::archive::Archive;"),
    ] {
        assert_eq!(look(here, source), Vec::<String>::new(), "{source}");
    }
}
