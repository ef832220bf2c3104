//! Text that somebody has already scraped: a title line, whatever stood around the article, and the article.
//!
//! ```text
//! text ─ characters ─ notations ─ lines ─ kinds ─► fields and flows
//!                                   └─ corpus ─► lines that a site repeats ─┘
//! ```

mod characters;
mod codepages;
mod corpus;
mod dumps;
mod flows;
mod front_matter;
mod kinds;
mod labels;
mod lines;
mod listings;
mod mail;
mod markdown;
mod markdown_line;
mod mojibake;
mod pages;
mod physical;
mod scripts;
mod wraps;

pub use corpus::{Corpus, DocumentLines, RepeatedLines, document_lines};

use super::content::{count_words, writers};
use super::flow::{Flow, Inline};
use super::pictures::{split_credit, split_glued_caption};
use super::{BlockReport, Cleaned, Explain, Explanation, FieldReport, Options, finish, metadata, render};
use crate::model::{Article, Image, PageType};
use kinds::{Kind, LABEL_WORDS};
use lines::{Form, Line, RULE};

/// Cleans text that was scraped already: title, author, date and body come out in their fields; account names,
/// counters, advertising, subscription lines and comment counters go; a caption that ran into a paragraph is split off.
#[must_use]
pub fn clean_text(text: &str, options: &Options) -> Cleaned {
    clean_text_of_site(text, options, &RepeatedLines::default())
}

/// As [`clean_text`], without the lines that the text's site repeats, as [`Corpus`] learned them.
#[must_use]
pub fn clean_text_of_site(text: &str, options: &Options, repeated: &RepeatedLines) -> Cleaned {
    let lines = lines::logical_lines(text);
    let sample = lines
        .iter()
        .map(|line| line.text.as_str())
        .filter(|line| count_words(line) > LABEL_WORDS)
        .collect::<Vec<_>>()
        .join("\n");
    let language = metadata::detect_language(if sample.is_empty() { text } else { &sample }).map(|(code, _)| code);
    let language_tag = language.unwrap_or_default();
    let (kinds, paywalled) = judge(&lines, language_tag, repeated);
    let mut article = Article {
        language: language.map(str::to_owned),
        page_type: PageType::Article,
        paywalled,
        ..Article::default()
    };
    let mut flows = Vec::new();
    let mut fields = Vec::new();
    let mut note =
        |field, value: &str| fields.push(FieldReport { field, source: "line of the text", value: value.to_owned() });
    for (whole @ Line { text: line, .. }, kind) in lines.iter().zip(&kinds) {
        let names = match kind {
            Kind::Byline | Kind::Date => names_in(line, *kind),
            Kind::Colophon if article.authors.is_empty() => metadata::signed_names(line, &[]),
            _ => Vec::new(),
        };
        for name in names {
            if !article.authors.contains(&name) {
                note("authors", &name);
                article.authors.push(name);
            }
        }
        match kind {
            Kind::Title => {
                note("title", line);
                article.title = Some(line.clone());
            }
            Kind::Date => {
                let date = metadata::read_date(line, language_tag);
                if kinds::is_update(line) && article.published.is_some() {
                    article.modified = article.modified.or(date);
                } else if article.published.is_none() {
                    if let Some(date) = date {
                        note("published", &date.to_string());
                    }
                    article.published = date;
                }
            }
            Kind::Caption => {
                let (caption, rest) = split_glued_caption(line).unwrap_or((line.as_str(), ""));
                let (caption, credit) = split_credit(caption);
                article.images.push(Image {
                    caption: Some(caption).filter(|text| !text.is_empty()),
                    credit: Some(credit).filter(|text| !text.is_empty()),
                    ..Image::default()
                });
                if !rest.is_empty() {
                    flows.push(Flow::Paragraph(vec![Inline::Text(rest.to_owned())]));
                }
            }
            Kind::Heading | Kind::Body | Kind::Item | Kind::Quote | Kind::Code | Kind::Row => {
                flows::push(&mut flows, whole, *kind);
            }
            Kind::Remains if whole.form == Form::Remains(RULE) => flows::push_break(&mut flows),
            Kind::Account
            | Kind::Byline
            | Kind::Colophon
            | Kind::Counter
            | Kind::Promotion
            | Kind::Pointer
            | Kind::Comments
            | Kind::Legal
            | Kind::Paywall
            | Kind::Copy
            | Kind::Repeated
            | Kind::Remains => {}
        }
    }
    flows::finish(&mut flows);
    let body = render::text(&flows);
    article.markdown = render::markdown(&flows);
    article.html = render::html(&flows);
    article.confidence = if body.is_empty() { 0.0 } else { 0.8 };
    finish(&mut article, body);
    let explanation = (options.explain != Explain::No).then(|| Explanation {
        encoding: "UTF-8",
        truncated: false,
        body: "lines of the text",
        fields,
        blocks: lines.iter().zip(&kinds).map(|(line, &kind)| report(line, kind)).collect(),
        page: None,
    });
    Cleaned { article, explanation }
}

/// What every line is, and whether the text breaks off at a paywall.
fn judge(lines: &[Line], language: &str, repeated: &RepeatedLines) -> (Vec<Kind>, bool) {
    let mut kinds = kinds::classify(lines, language, repeated);
    let paywalled = kinds::cut_paywall(lines, &mut kinds);
    labels::cut_header(lines, &mut kinds);
    labels::cut_networks(lines, &mut kinds);
    labels::cut_lists(lines, &mut kinds);
    labels::cut_colophon(lines, &mut kinds);
    kinds::cut_tail(lines, &mut kinds);
    (kinds, paywalled)
}

/// What was decided of a line.
fn report(line: &Line, kind: Kind) -> BlockReport {
    let reason = match line.form {
        Form::Remains(why) if kind == Kind::Remains => why,
        _ => kind.words(),
    };
    BlockReport {
        kept: kind.is_body(),
        probability: if kind.is_body() { 1.0 } else { 0.0 },
        reason: reason.to_owned(),
        features: Vec::new(),
        path: String::new(),
        text: line.text.clone(),
    }
}

/// Whom a header's line names: behind a label, or as a byline.
fn names_in(line: &str, kind: Kind) -> Vec<String> {
    let told: Vec<String> = writers(line).into_iter().map(str::to_owned).collect();
    if told.is_empty() && kind == Kind::Byline {
        return metadata::clean_names(&[line.to_owned()], &[]);
    }
    metadata::clean_names(&told, &[])
}
