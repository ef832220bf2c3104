//! Pages made to break cleaners: each is cleaned without a panic, and without work out of proportion to its length (one
//! that is quadratic would keep the suite from ending).

use copydesk::extract::{Engine, Input, Options, clean, clean_text};
use copydesk::markup::{MAX_DEPTH, MAX_NODES, parse};
use proptest::prelude::*;

/// How often each pattern is repeated: a quadratic step shows at this size in any build.
const TIMES: usize = 50_000;

/// A pattern with a number of its own each time.
fn numbered(form: &dyn Fn(usize) -> String) -> String {
    (0..TIMES).map(form).collect()
}

/// Pages of many small boxes, each of which is looked at for where it leads or what it is of, and of formulas and tables.
fn boxes() -> [(&'static str, String); 5] {
    [
        (
            "pointers in one element",
            format!(
                "<meta property=og:type content=article><p>{}</p><div>{}</div>",
                "words ".repeat(90),
                "Read on: <a href=/x>the other story</a><hr>".repeat(TIMES / 4)
            ),
        ),
        (
            "small boxes",
            format!(
                "<meta property=og:type content=article><div><p>{}</p>{}</div>",
                "words ".repeat(90),
                "<section><img src=/a.jpg><b>Head</b><p>some words of it</p><a href=/x>go on</a></section>"
                    .repeat(TIMES / 8)
            ),
        ),
        (
            "captions of tables",
            format!(
                "<p>{}</p><figure>{}",
                "words of it. ".repeat(90),
                "<table><tr><td>a</table><figcaption>c</figcaption>".repeat(TIMES / 5)
            ),
        ),
        (
            "formulas",
            numbered(&|n| {
                format!("<p>Let <span class=katex><math><mi>x</mi><mn>{n}</mn></math></span> be a number here.")
            }),
        ),
        ("cells over all rows", format!("<table>{}", "<tr><td rowspan=65534>a<td colspan=1000>b".repeat(TIMES / 50))),
    ]
}

fn hostile() -> Vec<(String, String)> {
    let mut pages = Vec::new();
    for tag in [
        "div",
        "ul><li",
        "b",
        "p",
        "table><tr><td",
        "svg",
        "svg><g",
        "math",
        "blockquote",
        "span",
        "a href=x",
        "template",
        "font",
        "button",
        "select",
        "form",
        "article",
        "h1",
        "dl><dd",
        "noscript",
        "ruby",
        "p><b i",
        "figure",
        "details",
    ] {
        pages.push((format!("nested <{tag}>"), format!("<{tag}>").repeat(TIMES) + "deep text here"));
    }
    let many = [
        ("formatting that piles up", numbered(&|n| format!("<p><b i{n}>x"))),
        ("attributes without number", format!("<p {}>Hello</p>", numbered(&|n| format!("a{n}=1 ")))),
        ("one endless attribute", format!("<p title='{}'>Hello world</p>", "x".repeat(5_000_000))),
        ("entities", "&amp;&lt;&nbsp;&bogus;".repeat(TIMES)),
        ("siblings", "<p>one two three four five six seven eight nine ten eleven twelve.</p>".repeat(TIMES / 2)),
        ("list items", format!("<ul>{}", "<li><a href=x>word</a>".repeat(TIMES))),
        (
            "pictures",
            format!("<p>{}</p><div>{}</div>", "words ".repeat(90), "<img src=http://a.example/a.jpg>".repeat(TIMES)),
        ),
        (
            "clock times",
            numbered(&|n| format!("<time>14:52</time><p>Entry number {n} goes on for a while, it has words.</p>")),
        ),
        ("headlines", numbered(&|n| format!("<article><h1>Head {n}</h1><p>Words of the entry {n}.</p></article>"))),
        ("NULs", "<p>hello\0world</p>".repeat(TIMES)),
        ("table", format!("<table>{}", format!("<tr>{}</tr>", "<td>cell 1</td>".repeat(50)).repeat(TIMES / 50))),
        ("data address", format!("<img src='data:image/png;base64,{}'><p>Hello</p>", "A".repeat(5_000_000))),
        ("deep JSON-LD", format!("<script type='application/ld+json'>{}</script><p>Hello", "[".repeat(TIMES))),
        ("deep broken JSON-LD", format!("<script type='application/ld+json'>{}</script>", "{\"a\":".repeat(TIMES))),
        ("script in comment in script", format!("<script>{}</script><p>Hi", "x<!--<script>".repeat(TIMES))),
        ("comments", "<!--".repeat(TIMES)),
        ("half comments", "<!---- ".repeat(TIMES)),
        ("half end tags", "<script></scrip".repeat(TIMES)),
        ("half tags", "<a".repeat(TIMES)),
        ("quotes", "<p a=\"b' ".repeat(TIMES)),
        ("authors", "<meta name=author content='Jane Roe'>".repeat(TIMES) + "<p>x"),
        ("titles in a name", format!("<meta name=author content='Jane {}'><p>x", "Senior ".repeat(TIMES))),
        ("bylines", numbered(&|n| format!("<div class='byline date crumb author {n}'>By Jane {n}</div>"))),
        ("labels without dates", format!("<p>{}</p><p>{}", "words ".repeat(90), "<b>Published</b> ".repeat(TIMES))),
        ("properties in each other", numbered(&|n| format!("<span itemprop='author keywords articleSection'>By {n} "))),
        (
            "fields and notices",
            format!(
                "<meta property=og:type content=article><p>{}</p>{}",
                "words ".repeat(90),
                "<p>We use cookies.</p><input type=email><input type=radio>".repeat(TIMES / 4)
            ),
        ),
        (
            "answers to comments",
            format!(
                "<meta property=og:type content=article><meta name=author content='Jane Roe'><p>{}</p>{}",
                "words ".repeat(90),
                "<div><p>Jane Roe, one two three four five six seven eight nine ten.</p><i>Reply</i></div>"
                    .repeat(TIMES / 4)
            ),
        ),
        ("inline elements", format!("<p>{}", "<b><i><u>x</u></i></b>".repeat(TIMES))),
        ("line breaks", "x<br>".repeat(TIMES)),
        ("state that is none", format!("<script>{}</script>", "a={\"b\":".repeat(TIMES))),
        ("one long line", format!("<p>{}", "word ".repeat(TIMES * 4))),
        (
            "JSON-LD without number",
            "<script type='application/ld+json'>{\"@type\":\"NewsArticle\"}</script>".repeat(TIMES / 10),
        ),
    ];
    pages.extend(many.into_iter().chain(boxes()).map(|(name, page)| (name.to_owned(), page)));
    pages
}

#[test]
fn hostile_pages_are_cleaned() {
    for (name, page) in hostile() {
        let tree = parse(&page);
        assert!(tree.len() < MAX_NODES + 200 * MAX_DEPTH as usize, "{name}: {} nodes", tree.len());
        let input = Input { bytes: page.as_bytes(), ..Input::default() };
        assert!(clean(&input, &Options::default()).is_ok(), "{name}");
    }
}

#[test]
fn broken_bytes_are_cleaned() {
    let all: Vec<u8> = (0..=255).collect();
    for prefix in [&b"<p>"[..], b"<meta charset=utf-8><p>", b"<meta charset=shift_jis><p>", b"<meta charset=utf-16><p>"]
    {
        let page = [prefix, &all[32..].repeat(2000)].concat();
        let _ = clean(&Input { bytes: &page, ..Input::default() }, &Options::default());
    }
}

#[test]
fn hostile_text_is_cleaned() {
    for text in [
        "a\n".repeat(100_000),
        "(Photo: x) ".repeat(50_000),
        "word ".repeat(200_000),
        "\u{feff}\u{200b}\n".repeat(50_000),
        // Each of the notations that a text can be in, without an end.
        "[".repeat(500_000),
        "[1]word [x](".repeat(50_000),
        "# a\n\n[x](/y) **b** `c\n".repeat(20_000),
        format!("# a\n\n**b**\n\n{}", "```x\n".repeat(50_000)),
        format!("# a\n\n**b**\n\n{}", "~~~~x\n```\n".repeat(50_000)),
        format!("# a\n\n**b** {}", "*a_ **b_ [".repeat(20_000)),
        "a | b\n--|--\n".repeat(50_000),
        "> ".repeat(200_000),
        "> > a\n".repeat(50_000),
        "<p ".repeat(200_000),
        "&amp".repeat(200_000),
        "&amp;amp;".repeat(100_000),
        "  - a\n    - b\n".repeat(50_000),
        "\u{C}Head 1\n\na\n\n".repeat(30_000),
        "\u{C}".repeat(200_000),
        "Run this:\n  a = b\n".repeat(50_000),
        "var a = {};\n});\n".repeat(50_000),
        "From: a@b\nSubject: c\n".repeat(50_000),
        "Ïàðîì ñíîâà õîäèò íà îñòðîâ\n".repeat(20_000),
        format!("# a\n\n**b** {}", "[c]{ ".repeat(50_000)),
        format!("# a\n\n**b** {}", "[c]{.d}".repeat(50_000)),
        // Lines that are told by those around them.
        "The Ledger\nPage 3 2026\n".repeat(50_000),
        "HomeNews".repeat(50_000),
        "Home News ".repeat(50_000),
        "Home\nNews\n".repeat(50_000),
        "Home | News\n\n".repeat(50_000),
        "Which one?\nYes\nNo\nVote\n".repeat(30_000),
        "Next article\nA headline of four\n".repeat(50_000),
        "3 Comments\nJane\nReply\n".repeat(50_000),
        "Read also\nA headline of four\n".repeat(50_000),
        "By Jane Roe\n3 March 2026\n".repeat(50_000),
        "A long line that goes on and on without an end in\nthe next, and\n, then\n".repeat(20_000),
        "one\n\ntwo\n\n".repeat(50_000),
        format!("He said so.Photo: {}", "A ".repeat(200_000)),
        "He said so.Foto: A B.Advertisement ".repeat(20_000),
        "we were told to keep it and nobody told us\n".repeat(30_000),
    ] {
        let start = std::time::Instant::now();
        let _ = clean_text(&text, &Options::default());
        let head: String = text.chars().take(20).collect();
        assert!(start.elapsed() < std::time::Duration::from_secs(20), "{head:?}: {:?}", start.elapsed());
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    /// The project's own pages with bytes cut out, doubled and changed.
    #[test]
    fn mutated_pages_do_not_panic(page in 0_usize..1000, cuts in proptest::collection::vec((0.0..1.0_f64, 0.0..0.2_f64, any::<u8>()), 1..6)) {
        let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/pages");
        let mut folders: Vec<_> = std::fs::read_dir(root).unwrap().map(|entry| entry.unwrap().path()).collect();
        folders.sort();
        let mut bytes = std::fs::read(folders[page % folders.len()].join("source.html")).unwrap();
        for (at, length, byte) in cuts {
            let from = (at * bytes.len() as f64) as usize;
            let to = (from + (length * bytes.len() as f64) as usize).min(bytes.len());
            match byte % 3 {
                0 => drop(bytes.drain(from..to)),
                1 => { let part = bytes[from..to].to_vec(); bytes.splice(from..from, part); }
                _ => if from < bytes.len() { bytes[from] = byte },
            }
        }
        for engine in [Engine::Copydesk, Engine::Readability] {
            let _ = clean(&Input { bytes: &bytes, ..Input::default() }, &Options { engine, ..Options::default() });
        }
    }
}

#[test]
fn text_in_utf_16_is_known_by_its_header_alone() {
    let page = "<title>Ferry</title><article><p>The ferry leaves at noon, and nobody is there to wave.</p></article>";
    let bytes: Vec<u8> = page.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let said = |content_type| {
        let input = Input { bytes: &bytes, content_type, ..Input::default() };
        clean(&input, &Options::default())
    };
    let article = said(Some("text/html; charset=utf-16le")).unwrap().article;
    assert!(article.text.starts_with("The ferry leaves"), "{}", article.text);
    assert!(said(None).is_err());
}
