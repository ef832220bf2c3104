//! The renderings of every page fixture, read again by parsers that know nothing of ours: Markdown and HTML say the same,
//! and the HTML holds only what it may.

#![expect(clippy::unwrap_used, reason = "what fails here fails the test")]

#[path = "support/structure.rs"]
mod structure;

use copydesk::extract::{Input, Options, clean, clean_text};
use copydesk::model::Article;
use scraper::Html;
use std::path::{Path, PathBuf};
use structure::{Piece, of_html, of_markdown};
use url::Url;

/// Elements and their attributes that a body may have.
const ALLOWED: [(&str, &[&str]); 33] = [
    ("html", &[]),
    ("p", &["dir"]),
    ("h2", &["dir"]),
    ("h3", &["dir"]),
    ("h4", &["dir"]),
    ("h5", &["dir"]),
    ("h6", &["dir"]),
    ("blockquote", &["dir"]),
    ("pre", &[]),
    ("code", &["class"]),
    ("ul", &["dir"]),
    ("ol", &["dir", "reversed", "start", "type"]),
    ("li", &["dir"]),
    ("table", &["dir"]),
    ("tbody", &[]),
    ("tr", &[]),
    ("th", &["dir"]),
    ("td", &["dir"]),
    ("dl", &["dir"]),
    ("dt", &["dir"]),
    ("dd", &["dir"]),
    ("figure", &[]),
    ("img", &["src", "alt"]),
    ("figcaption", &["dir"]),
    ("hr", &[]),
    ("br", &[]),
    ("a", &["href"]),
    ("strong", &[]),
    ("em", &[]),
    ("del", &[]),
    ("sub", &[]),
    ("sup", &[]),
    ("ruby", &[]),
];
const RUBY: [&str; 2] = ["rt", "rp"];

fn articles() -> Vec<(String, Article)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures");
    let url = Url::parse("https://outlet.example/2026/03/04/story").unwrap();
    let mut all = Vec::new();
    for kind in ["pages", "open", "scraped"] {
        let mut folders: Vec<PathBuf> =
            std::fs::read_dir(root.join(kind)).unwrap().map(|entry| entry.unwrap().path()).collect();
        folders.sort();
        for folder in folders {
            let name = format!("{kind}/{}", folder.file_name().unwrap().to_string_lossy());
            let article = match std::fs::read(folder.join("source.html")) {
                Ok(bytes) => {
                    let input = Input { bytes: &bytes, url: Some(&url), ..Input::default() };
                    clean(&input, &Options::default()).unwrap().article
                }
                Err(_) => {
                    clean_text(&std::fs::read_to_string(folder.join("source.txt")).unwrap(), &Options::default())
                        .article
                }
            };
            all.push((name, article));
        }
    }
    assert!(all.len() > 80);
    all
}

#[test]
fn markdown_and_html_have_the_same_structure() {
    let mut faults = Vec::new();
    for (name, article) in articles() {
        let has_formulas = article.html.contains("language-math");
        let (markdown, html) = (of_markdown(&article.markdown, has_formulas), of_html(&article.html));
        for (index, pair) in pairs(&markdown, &html).into_iter().enumerate() {
            if pair.0 != pair.1 {
                faults.push(format!("{name}, piece {index}:\n  markdown {:?}\n  html     {:?}", pair.0, pair.1));
                break;
            }
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

fn pairs<'a>(one: &'a [Piece], other: &'a [Piece]) -> Vec<(Option<&'a Piece>, Option<&'a Piece>)> {
    (0..one.len().max(other.len())).map(|index| (one.get(index), other.get(index))).collect()
}

#[test]
fn html_holds_only_what_it_may() {
    for (name, article) in articles() {
        for element in Html::parse_fragment(&article.html).root_element().descendent_elements() {
            let tag = element.value().name();
            let attributes = ALLOWED.iter().find(|(known, _)| *known == tag).map(|(_, attributes)| *attributes);
            let attributes =
                attributes.or(RUBY.contains(&tag).then_some(&[])).unwrap_or_else(|| panic!("{name}: <{tag}>"));
            for (attribute, value) in element.value().attrs() {
                assert!(attributes.contains(&attribute), "{name}: <{tag} {attribute}={value:?}>");
                match attribute {
                    // Only the language of code, where the HTML standard puts it.
                    "class" => assert!(value.starts_with("language-") && !value.contains(' '), "{name}: {value}"),
                    "href" | "src" => {
                        let url = Url::parse(value).unwrap_or_else(|_| panic!("{name}: {value} is not absolute"));
                        let schemes: &[&str] =
                            if attribute == "src" { &["http", "https"] } else { &["http", "https", "mailto", "tel"] };
                        assert!(schemes.contains(&url.scheme()), "{name}: {value}");
                    }
                    _ => {}
                }
            }
        }
    }
}

/// The plain text has the words of the HTML, in their order.
#[test]
fn text_has_the_words_of_the_html() {
    // The text tells exponents and the marks of notes from the words before them, the HTML by its elements alone.
    let level = |text: &str| {
        let high = "⁰¹²³⁴⁵⁶⁷⁸⁹";
        let mut out = String::new();
        for c in text.replace("^(", "").chars() {
            let digit = high.chars().position(|known| known == c).and_then(|at| char::from_digit(at as u32, 10));
            if c != '[' || !out.ends_with(char::is_alphanumeric) {
                out.push(digit.unwrap_or(c));
            }
        }
        out
    };
    let words = |text: &str| -> Vec<String> {
        let split = text.split(|c: char| !c.is_alphanumeric());
        split.filter(|word| !word.is_empty()).map(str::to_owned).collect()
    };
    let reading = regex::Regex::new("<rp>.</rp><rt>.*?</rt><rp>.</rp>").unwrap();
    for (name, article) in articles() {
        let html = reading.replace_all(&article.html, "").replace("</t", " </t").replace("<br>", " ");
        let theirs: Vec<String> = words(&level(&Html::parse_fragment(&html).root_element().text().collect::<String>()));
        // Captions are in the HTML only.
        let mut rest = theirs.iter();
        for word in words(&level(&article.text)) {
            assert!(rest.any(|other| *other == word), "{name}: {word:?} is not in the HTML, or not in its place");
        }
    }
}

#[test]
fn right_to_left_and_readings_are_kept() {
    for (name, article) in articles() {
        let leftwards = matches!(article.language.as_deref(), Some("ar" | "fa" | "he" | "ur"));
        assert_eq!(article.html.contains("<p dir=\"rtl\">"), leftwards, "{name}");
        if name.ends_with("japanese-ruby") {
            assert!(article.html.contains("<ruby>杉<rp>(</rp><rt>すぎ</rt><rp>)</rp></ruby>"));
        }
    }
}
