//! Code as its author wrote it: its lines, its language, and no numbers of lines.

use super::content::is_block;
use crate::markup::{Document, NodeData, NodeId, Tag};
use std::collections::HashSet;

/// Elements around a listing in which its language is looked for: the highlighters' own boxes are two to four deep, with a
/// table between them as many more.
const LANGUAGE_LEVELS: usize = 4;
const LANGUAGE_LEVELS_OF_TABLE: usize = 8;

/// Bytes of a column of numbers beside a listing: four digits and a line end for some thousand lines.
const GUTTER_BYTES: usize = 8192;

/// Names in classes of what holds the numbers of lines.
const GUTTERS: [&str; 10] = [
    "blob-num",
    "crayon-num",
    "gutter",
    "line-no",
    "line-number",
    "line_no",
    "lineno",
    "linenumber",
    "ln-num",
    "ln-line",
];

/// Languages that a class may name without saying that it does, as highlighters and their users write them.
const LANGUAGES: [&str; 83] = [
    "actionscript",
    "apache",
    "applescript",
    "arduino",
    "asm",
    "awk",
    "bash",
    "bat",
    "c",
    "c++",
    "clojure",
    "cmake",
    "cobol",
    "coffeescript",
    "console",
    "cpp",
    "crystal",
    "cs",
    "csharp",
    "css",
    "csv",
    "dart",
    "delphi",
    "diff",
    "dockerfile",
    "elixir",
    "elm",
    "erlang",
    "fortran",
    "fsharp",
    "go",
    "graphql",
    "groovy",
    "haskell",
    "hcl",
    "html",
    "http",
    "ini",
    "java",
    "javascript",
    "js",
    "json",
    "jsx",
    "julia",
    "kotlin",
    "latex",
    "lisp",
    "lua",
    "makefile",
    "matlab",
    "nginx",
    "nix",
    "objc",
    "objectivec",
    "ocaml",
    "pascal",
    "perl",
    "php",
    "powershell",
    "prolog",
    "protobuf",
    "py",
    "python",
    "python3",
    "r",
    "rb",
    "rs",
    "ruby",
    "rust",
    "scala",
    "scss",
    "sh",
    "shell",
    "sql",
    "swift",
    "toml",
    "ts",
    "tsx",
    "typescript",
    "vb",
    "xml",
    "yaml",
    "zsh",
];

/// Language and text of a `pre` element, or of one that holds several lines of code; `None` where it is empty or the
/// column of numbers beside a column of code.
pub(super) fn code_block(document: &Document, node: NodeId) -> Option<(Option<String>, String)> {
    let (labelled, counted) = line_numbers(document, node);
    let (mut text, _) = text_without(document, node, &labelled);
    if labelled.is_empty() && counted.len() > 1 {
        // Code has numbers of its own; one in order at the start of every line, before something else, is none of them.
        let (rest, at_start) = text_without(document, node, &counted);
        if at_start == counted.len() && at_start == rest.lines().count() && rest.contains(char::is_alphabetic) {
            text = rest;
        }
    }
    let in_cell = || document.parent(node).and_then(|above| document.tag(above)) == Some(Tag::Td);
    if text.trim().is_empty() || in_cell() && text.lines().count() > 1 && counts(text.split_whitespace()) {
        return None;
    }
    Some((language(document, node, LANGUAGE_LEVELS), text))
}

/// Language and text of a listing that is drawn as a table: numbers of lines in a first column that its class labels, code
/// in the second.
pub(super) fn code_table(document: &Document, rows: &[Vec<NodeId>]) -> Option<(Option<String>, String)> {
    let mut text = String::new();
    let none = HashSet::new();
    for row in rows {
        let &[numbers, code] = row.as_slice() else { return None };
        let is_gutter =
            [Some(numbers), document.first_child(numbers)].into_iter().flatten().any(|node| is_gutter(document, node));
        let holds_numbers =
            || document.short_text(numbers, GUTTER_BYTES).is_some_and(|text| text.split_whitespace().all(is_number));
        if !is_gutter || !holds_numbers() {
            return None;
        }
        if !text.is_empty() {
            text.push('\n');
        }
        text.push_str(&text_without(document, code, &none).0);
    }
    let first = rows.first()?.get(1)?;
    let code = document.find(*first, Tag::Pre).unwrap_or(*first);
    let text = text.trim_matches('\n').to_owned();
    (!text.trim().is_empty()).then(|| (language(document, code, LANGUAGE_LEVELS_OF_TABLE), text))
}

/// The text of a code block without some of its elements, and how many of these stand at the start of a line.
fn text_without(document: &Document, node: NodeId, without: &HashSet<NodeId>) -> (String, usize) {
    let mut text = String::new();
    let mut at_start = 0;
    let mut next = document.first_child(node);
    while let Some(below) = next {
        match document.data(below) {
            // What keeps spaces apart on a page breaks a program.
            NodeData::Text(piece) => text.extend(piece.chars().map(|c| if c == '\u{A0}' { ' ' } else { c })),
            NodeData::Element { tag: Tag::Br, .. } => text.push('\n'),
            // A line may be an element of its own, with or without a break in it.
            NodeData::Element { tag, .. }
                if is_block(*tag) && !matches!(tag, Tag::Td | Tag::Th) && !text.is_empty() && !text.ends_with('\n') =>
            {
                text.push('\n');
            }
            NodeData::Element { .. } | NodeData::Document => {}
        }
        // A button copies the code.
        let left_out = without.contains(&below);
        at_start += usize::from(left_out && (text.is_empty() || text.ends_with('\n')));
        let inside =
            if left_out || document.tag(below) == Some(Tag::Button) { None } else { document.first_child(below) };
        next = inside.or_else(|| document.after(below, node));
    }
    (text.trim_matches('\n').to_owned(), at_start)
}

/// The elements of a code block that hold nothing but a number: those labelled as numbers of lines, and those that count
/// from one.
fn line_numbers(document: &Document, node: NodeId) -> (HashSet<NodeId>, HashSet<NodeId>) {
    let (mut labelled, mut counted) = (HashSet::new(), HashSet::new());
    for below in document.descendants(node) {
        let Some(number) = document.text(below).map(str::trim) else { continue };
        // All that its element holds: the label can be that of the whole code, which has numbers in it.
        let alone = |&parent: &NodeId| {
            parent != node && document.first_child(parent) == Some(below) && document.next_sibling(below).is_none()
        };
        let Some(parent) = document.parent(below).filter(alone) else { continue };
        if is_gutter(document, parent) && number.split_whitespace().all(is_number) && !number.is_empty() {
            labelled.insert(parent);
        } else if is_number(number) && number.parse() == Ok(counted.len() + 1) {
            counted.insert(parent);
        }
    }
    (labelled, counted)
}

fn is_gutter(document: &Document, node: NodeId) -> bool {
    document.attribute(node, "class").is_some_and(|class| {
        let class = class.to_ascii_lowercase();
        GUTTERS.iter().any(|label| class.contains(label))
    })
}

fn is_number(word: &str) -> bool {
    !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_digit())
}

/// The language of a listing: what its `code` or `pre` element says, or one of the boxes around it.
fn language(document: &Document, node: NodeId, levels: usize) -> Option<String> {
    let inner = document.find(node, Tag::Code).unwrap_or(node);
    let own = [inner, node].into_iter().find_map(|element| named_language(document, element));
    own.or_else(|| {
        let mut around = std::iter::successors(document.parent(node), |&above| document.parent(above));
        let found = around.by_ref().take(levels).find_map(|above| boxed_language(document, above));
        found.map(str::to_ascii_lowercase)
    })
}

fn named_language(document: &Document, node: NodeId) -> Option<String> {
    let named = document.attribute(node, "data-lang").or_else(|| document.attribute(node, "data-language"));
    let from_class = || {
        let class = document.attribute(node, "class")?;
        let mut words = class.split_ascii_whitespace();
        let prefixed = words.by_ref().find_map(|word| {
            let prefixes = ["language-", "lang-", "lang:", "brush:", "highlight-source-", "src-"];
            prefixes.iter().find_map(|prefix| word.strip_prefix(prefix))
        });
        match prefixed {
            // `brush: html`
            Some("") => words.next(),
            Some(language) => Some(language),
            None => class.split_ascii_whitespace().find(|word| is_language(word)),
        }
    };
    let language = named.or_else(from_class)?.trim_end_matches(';').to_ascii_lowercase();
    let plain = language.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"+#-_.".contains(&byte));
    let says = !["", "default", "none", "undefined"].contains(&&*language);
    (plain && says && language.len() <= 30).then_some(language)
}

/// A language that the class of a highlighter's box names: only one that is known, since boxes of other kinds have classes
/// of languages that people speak.
fn boxed_language(document: &Document, node: NodeId) -> Option<&str> {
    let class = document.attribute(node, "class")?;
    let is_highlighter = class.split_ascii_whitespace().any(|word| matches!(word, "syntaxhighlighter" | "sourceCode"));
    class.split_ascii_whitespace().find_map(|word| {
        let prefixes = ["language-", "highlight-source-", "highlight-", "type-"];
        let bare = prefixes.iter().find_map(|prefix| word.strip_prefix(prefix));
        bare.or_else(|| is_highlighter.then_some(word)).filter(|word| is_language(word))
    })
}

fn is_language(word: &str) -> bool {
    LANGUAGES.binary_search(&&*word.to_ascii_lowercase()).is_ok()
}

/// Whether words count upwards by one.
fn counts<'a>(words: impl Iterator<Item = &'a str>) -> bool {
    let numbers: Option<Vec<u32>> = words.map(|word| word.parse().ok()).collect();
    numbers.is_some_and(|numbers| numbers.windows(2).all(|pair| pair[0].checked_add(1) == Some(pair[1])))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::markup::parse;

    #[test]
    fn languages_are_in_order() {
        assert!(LANGUAGES.is_sorted() && GUTTERS.iter().all(|label| label.is_ascii()));
    }

    #[test]
    fn the_language_is_where_highlighters_write_it() {
        let language = |html: &str| {
            let document = parse(html);
            let pre = document.find(NodeId::ROOT, Tag::Pre).unwrap();
            code_block(&document, pre).unwrap().0
        };
        for (html, expected) in [
            ("<pre class='brush: html notranslate'><code>x</code></pre>", Some("html")),
            ("<pre class='sourceCode r'><code class='sourceCode r'>x</code></pre>", Some("r")),
            ("<pre class='rust rust-example-rendered'><code>x</code></pre>", Some("rust")),
            ("<pre class='src src-python'>x</pre>", Some("python")),
            ("<div class='highlight-python notranslate'><div><pre>x</pre></div></div>", Some("python")),
            ("<div class='highlight highlight-source-shell'><pre>x</pre></div>", Some("shell")),
            ("<div class='language-console highlight'><pre><code>x</code></pre></div>", Some("console")),
            ("<div class='language-en'><pre>x</pre></div>", None),
            ("<div class='highlight-default'><pre class=wide>x</pre></div>", None),
            ("<pre><code class=language-none>x</code></pre>", None),
        ] {
            assert_eq!(language(html).as_deref(), expected, "{html}");
        }
    }
}
