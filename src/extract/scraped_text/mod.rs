//! Text that somebody has already scraped: a title line, whatever stood around the article, and the article.
//!
//! ```text
//! text ─ characters ─ notations ─ lines ─ glued ─┬─ header ─ kinds ─ labels ─ tail ─┬─► fields and flows
//!                                   │            └── the story of a whole page ◄─────┘
//!                                   └─ corpus ─► lines that a site repeats
//! ```

mod broken_links;
mod characters;
mod codepages;
mod corpus;
mod dumps;
mod flows;
mod front_matter;
mod glued;
mod header;
mod headline;
mod kinds;
mod labels;
mod lines;
mod listings;
mod mail;
mod markdown;
mod markdown_line;
mod mojibake;
mod nodes;
mod pages;
mod physical;
mod pull_quotes;
mod run_together;
mod scripts;
mod tail;
mod whole_page;
mod words;
mod wraps;

pub use corpus::{Corpus, DocumentLines, RepeatedLines, document_lines};

use super::content::{count_words, writer_told_of};
use super::flow::{Flow, Inline};
use super::pictures::{split_credit, split_glued_caption};
use super::{BlockReport, Cleaned, Explain, Explanation, FieldReport, Options, finish, metadata, render};
use crate::model::{Article, Image, PageType};
use header::{Extent, Header};
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
    let lines = glued::part(repeated.part(lines::logical_lines(text)));
    let sample = lines
        .iter()
        .map(|line| line.text.as_str())
        .filter(|line| count_words(line) > LABEL_WORDS)
        .collect::<Vec<_>>()
        .join("\n");
    let language = metadata::detect_language(if sample.is_empty() { text } else { &sample }).map(|(code, _)| code);
    let language_tag = language.unwrap_or_default();
    let (kinds, header, paywalled) = judge(&lines, language_tag, repeated);
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
    read_fields(&lines, &kinds, &header, language_tag, &mut article, &mut note);
    for (whole @ Line { text: line, .. }, kind) in lines.iter().zip(&kinds) {
        match kind {
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
            Kind::Title
            | Kind::PageTitle
            | Kind::Account
            | Kind::Byline
            | Kind::Date
            | Kind::Colophon
            | Kind::Counter
            | Kind::Promotion
            | Kind::Pointer
            | Kind::Comments
            | Kind::Legal
            | Kind::Paywall
            | Kind::Copy
            | Kind::Repeated
            | Kind::Remains
            | Kind::Other
            | Kind::Page => {}
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

/// What every line is, the text's header, and whether it breaks off at a paywall. The story in a whole page's text is judged
/// as a text of its own, with the lines above it in which its headline stands.
fn judge(lines: &[Line], language: &str, repeated: &RepeatedLines) -> (Vec<Kind>, Header, bool) {
    let (kinds, header, paywalled) = judge_text(lines, language, repeated, Extent::Text);
    // Somebody signs a story, or a day stands above it; what else runs on must be more of the page.
    for (least_share, must_be_signed) in [(whole_page::SIGNED_SHARE, true), (whole_page::UNSIGNED_SHARE, false)] {
        let Some(story) = whole_page::story_in(lines, &kinds, least_share) else { continue };
        // What the page's title says again is the headline wherever it stands.
        let known = header.page_title.and(header.title).filter(|&title| title < story.end);
        let from = known.unwrap_or_else(|| whole_page::opening(&story)).min(story.start);
        let extent =
            Extent::Story { start: story.start - from, title: known.map(|title| title - from), first: &lines[0].text };
        let (own, found, paywalled) = judge_text(&lines[from..story.end], language, repeated, extent);
        if must_be_signed && found.signed.is_empty() && found.dated.is_empty() {
            continue;
        }
        let mut kinds = vec![Kind::Page; lines.len()];
        kinds[from..story.end].copy_from_slice(&own);
        // Standfirst and lead may stand above the buttons that part them from the rest.
        let headline = found.title.map_or(story.start, |title| from + title);
        for index in from..story.start {
            if kinds[index].is_body() && (index < headline || !whole_page::runs_on(&lines[index])) {
                kinds[index] = Kind::Page;
            }
        }
        return (kinds, found.further_down(from, header), paywalled);
    }
    (kinds, header, paywalled)
}

fn judge_text(
    lines: &[Line],
    language: &str,
    repeated: &RepeatedLines,
    extent: Extent<'_>,
) -> (Vec<Kind>, Header, bool) {
    let (mut kinds, header) = kinds::classify(lines, language, repeated, extent);
    let paywalled = tail::cut_paywall(lines, &mut kinds);
    tail::cut_comments(lines, &mut kinds);
    tail::cut_next_story(lines, &mut kinds);
    labels::cut_header(lines, &mut kinds, &header);
    labels::cut_networks(lines, &mut kinds);
    labels::cut_lists(lines, &mut kinds);
    labels::cut_polls(lines, &mut kinds);
    // What is below the writer's biography hides it, and the biography what is above it.
    tail::cut_tail(lines, &mut kinds);
    tail::cut_colophon(lines, &mut kinds, &header);
    tail::cut_tail(lines, &mut kinds);
    pull_quotes::cut(lines, &mut kinds);
    (kinds, header, paywalled)
}

/// What the text's lines say of it: headline, site, who wrote it and when.
fn read_fields(
    lines: &[Line],
    kinds: &[Kind],
    header: &Header,
    language: &str,
    article: &mut Article,
    note: &mut impl FnMut(&'static str, &str),
) {
    if let Some(title) = header.title {
        let title = header.headline.as_deref().unwrap_or(&lines[title].text);
        // A kicker and the headline, in two boxes on the page. Only French sets a blank before the colon.
        let title = if language == "fr" { title.to_owned() } else { title.replace(" : ", ": ") };
        note("title", &title);
        article.title = Some(title);
    }
    if let Some(site) = &header.site_name {
        note("site_name", site);
        article.site_name = Some(site.clone());
    }
    for (index, (Line { text, .. }, kind)) in lines.iter().zip(kinds).enumerate() {
        let names = match kind {
            Kind::Colophon if article.authors.is_empty() => {
                let signed = metadata::signed_names(text, &[]);
                let told = writer_told_of(text).filter(|name| signed.is_empty() && metadata::is_person(name));
                signed.into_iter().chain(told).collect()
            }
            _ => header.signed.get(&index).cloned().unwrap_or_default(),
        };
        for name in names {
            if !article.authors.contains(&name) {
                note("authors", &name);
                article.authors.push(name);
            }
        }
        if !matches!(kind, Kind::Byline | Kind::Date) {
            continue;
        }
        let (published, modified) = metadata::read_dates(text, language);
        if let Some(date) = published.filter(|_| article.published.is_none()) {
            note("published", &date.to_string());
            article.published = Some(date);
        }
        if let Some(date) = modified.filter(|_| article.modified.is_none()) {
            note("modified", &date.to_string());
            article.modified = Some(date);
        }
    }
    let paragraph = lines.iter().zip(kinds).find(|(line, kind)| **kind == Kind::Body && kinds::is_running(line));
    if article.published.is_none()
        && let Some(date) = paragraph.and_then(|(line, _)| header::dateline(&line.text, language))
    {
        note("published", &date.to_string());
        article.published = Some(date);
    }
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
