//! A page's bytes in, an article out. Pure: no clock, no network, no file.
//!
//! ```text
//! bytes ─ markup::decode ─ markup::parse ─► tree
//! tree ─ metadata::Head::collect ─► what the page says of itself
//! tree ─ content::decide ─► which blocks are the body
//! tree + decision ─ body::assemble ─► flows ─ render ─► text, Markdown, HTML
//! ```
//!
//! Text that somebody has scraped already takes [`clean_text`] instead.

mod app_state;
mod body;
mod by_words;
mod code;
mod content;
mod digits;
mod document;
mod entities;
mod flow;
mod formula;
mod metadata;
mod parts;
mod pictures;
mod render;
mod scraped_text;
mod script_built;
mod site_rules;

pub use content::{BlockReport, BlockTable, Decisive};
pub use document::{Kind, clean_as, titled_html, titled_markdown};
pub use metadata::FieldReport;
pub use parts::append;
pub use scraped_text::{Corpus, DocumentLines, RepeatedLines, clean_text, clean_text_of_site, document_lines};
pub use script_built::is_script_built;
pub use site_rules::{HostPattern, SelectorMatches, SiteRule, SiteRules, SiteSelector};

use crate::markup::{self, Document};
use crate::model::{Article, CanonicalUrl, Fingerprint, PageType, Usage, content_hash, letters, registrable_domain};
use content::Decision;
use flow::{Flow, Inline};
use jiff::Timestamp;
use metadata::Head;
use std::fmt;
use std::str::FromStr;
use url::Url;

/// A page to clean.
#[derive(Debug, Clone, Copy, Default)]
pub struct Input<'a> {
    /// The page as it was received, content codings undone.
    pub bytes: &'a [u8],
    /// Where it was fetched: relative links start from it, and its path can hold a date.
    pub url: Option<&'a Url>,
    /// The `Content-Type` header, for its charset.
    pub content_type: Option<&'a str>,
    /// Every `X-Robots-Tag` header.
    pub robots_tags: &'a [String],
    /// Every `Link` header, for the canonical address.
    pub links: &'a [String],
    /// What else was said of the page's use outside its text; what the page itself says takes precedence.
    pub usage: Option<&'a Usage>,
    /// Our name among robots: what is said to it is said to us.
    pub robot: &'a str,
    /// When it was fetched: nothing can have been published later.
    pub fetched: Option<Timestamp>,
}

/// How to clean.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// Who decides what the body is.
    pub engine: Engine,
    /// Whether to say why.
    pub explain: Explain,
    /// What is known of single sites.
    pub rules: SiteRules,
}

/// Who decides what of a page is its body.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Engine {
    /// Ours.
    #[default]
    Copydesk,
    /// The `readability` crate, a port of arc90's original: the comparison that users know.
    Readability,
}

impl FromStr for Engine {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text {
            "copydesk" => Ok(Self::Copydesk),
            "readability" => Ok(Self::Readability),
            other => Err(format!("unknown engine {other:?}: use \"copydesk\" or \"readability\"")),
        }
    }
}

impl fmt::Display for Engine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Copydesk => "copydesk",
            Self::Readability => "readability",
        })
    }
}

/// Whether to say why.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Explain {
    /// Only the article.
    #[default]
    No,
    /// The article, and the reason for every block and field.
    Yes,
    /// The same, and the page with every block marked.
    WithPage,
}

/// What cleaning gives.
#[derive(Debug, Clone, PartialEq)]
pub struct Cleaned {
    /// The article. Its `version`, `seq` and `fetched` are for whoever keeps it.
    pub article: Article,
    /// Why it is as it is, if that was asked for.
    pub explanation: Option<Explanation>,
}

/// Why an article is as it is.
#[derive(Debug, Clone, PartialEq, serde::Serialize)]
pub struct Explanation {
    /// The charset that the bytes were read as.
    pub encoding: &'static str,
    /// Whether the guarded parse dropped tags because the page was too deep or too large.
    pub truncated: bool,
    /// Where the body came from.
    pub body: &'static str,
    /// Every field's source.
    pub fields: Vec<FieldReport>,
    /// Every block's verdict, in document order.
    pub blocks: Vec<BlockReport>,
    /// The page as HTML of a closed list of tags, without attributes of its own: each piece of a block's text in a `<mark>`
    /// with the block's number in `data-block` and the class `kept`, `dropped`, or `taken` for headline and standfirst.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub page: Option<String>,
}

/// Why there is no article.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ExtractError {
    /// No bytes, or only white space.
    #[error("the page is empty; fetch it again or check the file")]
    Empty,
    /// Not text at all.
    #[error("this is {kind}, not a web page; give an HTML page or a .txt file")]
    Binary {
        /// What it looks like.
        kind: &'static str,
    },
    /// The other engine gave up.
    #[error("the readability engine failed on this page ({reason}); use --engine copydesk")]
    Engine {
        /// What it said.
        reason: String,
    },
}

/// Share of the words of a JSON-LD body under which the page itself is taken not to show its body.
const SHOWN_SHARE: f32 = 0.5;
/// Words under which a page is a shell that a script was to fill.
const SHELL_TOKENS: f32 = 40.0;
/// Words from which a text in an application's state is an article.
const STATE_WORDS: usize = 80;
/// Where a body comes from that the page shows.
const SHOWN: &str = "blocks of the page";
/// Where a body comes from that the site's rule names.
const RULED: &str = "blocks of the part that the site's rule names";
/// How sure a body is that only data holds: publishers cut some of these short.
const DATA_CONFIDENCE: f32 = 0.7;
/// Words from which a JSON-LD body is one.
const BODY_WORDS: usize = 30;

/// Cleans a page.
///
/// # Errors
/// Only for what is no page: nothing, or a picture or a PDF under a page's name. A page without an article gives an
/// article with an empty text.
pub fn clean(input: &Input<'_>, options: &Options) -> Result<Cleaned, ExtractError> {
    let rule = input.url.and_then(|url| options.rules.for_url(url));
    // A rule's selectors may name any attribute.
    let kind = if rule.is_some() { markup::parse_with_all_attributes } else { markup::parse };
    let (decoded, whole) = parse_by(input, kind)?;
    let mut ruled = rule.map(|rule| site_rules::apply(rule, &whole));
    let truncated = whole.truncated();
    let document = ruled.as_mut().and_then(|ruled| ruled.page.take()).unwrap_or(whole);
    let head = Head::collect(&document, input.url);
    let decision = content::decide(&document, &head.page_words(input.url));
    // The page's own body, or the part of it that a rule names.
    let part = ruled.as_mut().and_then(|ruled| ruled.body.take());
    let part = part.map(|part| {
        let words = content::PageWords { is_chosen: true, ..head.page_words(input.url) };
        (content::decide(&part, &words), part)
    });
    let (body_decision, body) = part.as_ref().map_or((&decision, &document), |(decision, part)| (decision, part));
    let (mut flows, found, mut source) = match options.engine {
        Engine::Copydesk => {
            let (flows, pictures) = shown_body(body, body_decision, &head);
            (flows, pictures, if part.is_some() { RULED } else { SHOWN })
        }
        Engine::Readability => readability(body, &head)?,
    };
    if options.engine == Engine::Copydesk
        && source == SHOWN
        && let Some(hidden) = head.article_body().map(body_from_data)
        && words_in(&hidden) >= BODY_WORDS
        && decision.kept_tokens() < SHOWN_SHARE * words_in(&hidden) as f32
    {
        (flows, source) = (hidden, "JSON-LD articleBody");
    }
    let mut told = app_state::Told::default();
    if options.engine == Engine::Copydesk && source == SHOWN && decision.kept_tokens() < SHELL_TOKENS {
        let state = app_state::story(&decoded.text);
        let words = words_in(&state.body);
        // A page that shows much more than its state holds is no shell: what it shows is just no article.
        if words >= STATE_WORDS && words * 2 >= script_built::words_shown(&document) {
            (flows, source, told) = (state.body, app_state::SOURCE, state.told);
        }
    }
    let text = render::text(&flows);
    let mut article = Article::default();
    let context = metadata::Context {
        document: &document,
        decision: &decision,
        url: input.url,
        text: &text,
        told: &told,
        now: input.fetched,
        robots_tags: input.robots_tags,
        links: input.links,
        usage: input.usage,
        robot: input.robot,
    };
    let mut fields = metadata::read(&head, &context, &mut article);
    if let Some(ruled) = &ruled {
        ruled.fill(&mut article, &mut fields);
    }
    article.confidence = if [SHOWN, RULED].contains(&source) { confidence(body_decision) } else { DATA_CONFIDENCE };
    if article.page_type == PageType::Listing {
        article.subtitle = None;
    }
    article.markdown = render::markdown(&flows);
    article.html = render::html(&flows);
    article.images = found.images(head.lead_image().as_deref(), &document, head.base.as_ref());
    article.fetched = input.fetched;
    finish(&mut article, text);
    let explanation = (options.explain != Explain::No).then(|| Explanation {
        encoding: decoded.encoding,
        truncated,
        body: source,
        fields,
        blocks: body_decision.report(body),
        page: (options.explain == Explain::WithPage).then(|| {
            let taken: Vec<&str> = article.title.iter().chain(&article.subtitle).map(String::as_str).collect();
            body_decision.xray(body, &taken)
        }),
    });
    Ok(Cleaned { article, explanation })
}

/// What the selectors of a rule match in a page.
///
/// # Errors
/// As [`clean`].
pub fn rule_matches(input: &Input<'_>, rule: &SiteRule) -> Result<Vec<SelectorMatches>, ExtractError> {
    let (_, document) = parse_by(input, markup::parse_with_all_attributes)?;
    Ok(site_rules::matches(rule, &document))
}

/// The blocks of a page with the features that the learned model reads: for training.
///
/// # Errors
/// As [`clean`].
pub fn block_table(input: &Input<'_>) -> Result<BlockTable, ExtractError> {
    let (decoded, document) = parse(input)?;
    drop(decoded);
    let head = Head::collect(&document, input.url);
    Ok(content::table(&document, &head.page_words(input.url)))
}

/// Has every page that this process cleans read by other tables than the embedded ones: for training, whose
/// cross-validation scores whole articles. Both are bytes as `training/train.py` writes them. Says whether they were taken:
/// they are not if one is no whole table, or a page was cleaned before.
#[must_use]
pub fn replace_models(articles: &[u8], others: &[u8]) -> bool {
    content::replace_models(articles, others)
}

fn parse<'a>(input: &Input<'a>) -> Result<(markup::Decoded<'a>, Document), ExtractError> {
    parse_by(input, markup::parse)
}

fn parse_by<'a>(
    input: &Input<'a>,
    parse: fn(&str) -> Document,
) -> Result<(markup::Decoded<'a>, Document), ExtractError> {
    if input.bytes.trim_ascii().is_empty() {
        return Err(ExtractError::Empty);
    }
    let charset = input.content_type.and_then(markup::charset_of);
    let is_wide = charset.is_some_and(|charset| charset.to_ascii_lowercase().starts_with("utf-16"));
    if let Some(kind) = binary_kind(input.bytes, is_wide) {
        return Err(ExtractError::Binary { kind });
    }
    let decoded = markup::decode(input.bytes, charset);
    let document = parse(&decoded.text);
    Ok((decoded, document))
}

fn flows_of(document: &Document, decision: &Decision, pictures: &pictures::Pictures, head: &Head) -> Vec<Flow> {
    let mut kept = decision.kept(document);
    for node in pictures.nodes() {
        kept.keep(document, node);
    }
    body::assemble(document, &kept, pictures, head.base.as_ref())
}

/// The kept blocks and their pictures.
fn shown_body(document: &Document, decision: &Decision, head: &Head) -> (Vec<Flow>, pictures::Pictures) {
    let mut pictures = pictures::find(document, decision, head.base.as_ref());
    let mut flows = flows_of(document, decision, &pictures, head);
    pictures::split_glued_captions(&mut flows, &mut pictures);
    // A standfirst is a paragraph, whatever element it stands in.
    if let Some(standfirst) = decision.standfirst().map(pictures::fold) {
        let heading = flows
            .iter_mut()
            .take(4)
            .find(|flow| matches!(flow, Flow::Heading(_, line) if pictures::fold(&flow::plain(line)) == standfirst));
        if let Some(flow) = heading
            && let Flow::Heading(_, line) = flow
        {
            *flow = Flow::Paragraph(std::mem::take(line));
        }
    }
    (flows, pictures)
}

/// The `readability` crate, fed the guarded, script-free page, its answer rendered by our own hand.
fn readability(
    document: &Document,
    head: &Head,
) -> Result<(Vec<Flow>, pictures::Pictures, &'static str), ExtractError> {
    let html = document.to_html();
    let base = head.base.clone().or_else(|| Url::parse("http://localhost/").ok());
    let Some(base) = base else { return Ok((Vec::new(), pictures::Pictures::default(), "")) };
    // The crate is not written for hostile pages; what it does with one must not end the program.
    let product = std::panic::catch_unwind(|| readability::extractor::extract(&mut html.as_bytes(), &base))
        .map_err(|_| ExtractError::Engine { reason: "it panicked".to_owned() })?
        .map_err(|error| ExtractError::Engine { reason: error.to_string() })?;
    let cut = markup::parse(&product.content);
    let decision = content::keep_all(&cut);
    let pictures = pictures::find(&cut, &decision, head.base.as_ref());
    Ok((flows_of(&cut, &decision, &pictures, head), pictures, "readability crate"))
}

/// Fills what follows from the body: id, counts, hashes.
fn finish(article: &mut Article, text: String) {
    let lower = letters::lower(&text);
    let mut words = 0;
    content::each_word(&lower, |_, _| words += 1);
    article.word_count = words;
    article.content_hash = content_hash(&lower);
    article.fingerprint = Fingerprint::of_lower(&lower);
    article.id = article_id(article);
    article.text = text;
    article.version = 1;
}

/// The address that an article is known by: the canonical one if it is of the same publisher, else where it was found.
fn article_id(article: &Article) -> String {
    let own = article.url.as_deref().and_then(CanonicalUrl::parse);
    let canonical = article.canonical_url.as_deref().and_then(CanonicalUrl::parse);
    let chosen = match (own, canonical) {
        (Some(own), Some(canonical)) => {
            let (a, b) = (own.to_url(), canonical.to_url());
            let domain = |url: &Url| registrable_domain(url.host_str().unwrap_or_default()).to_owned();
            Some(if domain(&a) == domain(&b) { canonical } else { own })
        }
        (own, canonical) => own.or(canonical),
    };
    chosen.map_or_else(|| article.content_hash.chars().take(16).collect(), |url| url.article_id())
}

fn words_in(flows: &[Flow]) -> usize {
    let mut words = 0;
    content::each_word(&render::text(flows), |_, _| words += 1);
    words
}

/// A body that data holds: text with line breaks, or HTML.
fn body_from_data(body: &str) -> Vec<Flow> {
    // HTML that was escaped for an attribute, where nothing undoes it.
    let unescaped = ["&lt;/p", "&lt;br", "&lt;/div"].iter().any(|tag| body.contains(tag)).then(|| metadata_text(body));
    let body = unescaped.as_deref().unwrap_or(body);
    if body.contains("</p>") || body.contains("<br") || body.contains("</div>") {
        let document = markup::parse(body);
        let decision = content::keep_all(&document);
        let kept = decision.kept(&document);
        return body::assemble(&document, &kept, &pictures::Pictures::default(), None);
    }
    let body = metadata_text(body);
    body.split('\n')
        .map(pictures::fold)
        .filter(|line| !line.is_empty())
        .map(|line| Flow::Paragraph(vec![Inline::Text(line)]))
        .collect()
}

/// Character references in data that was meant for HTML.
fn metadata_text(text: &str) -> String {
    if text.contains('&') && text.contains(';') {
        let document = markup::parse(&format!("<pre>{}", text.replace('<', "&lt;")));
        document.text_content(markup::NodeId::ROOT)
    } else {
        text.to_owned()
    }
}

/// How sure the body is: the chance that its words F1 is above 0.9, by the F1 that is to be expected of the blocks'
/// probabilities. The pairs are of 1,700 pages of all types in cross-validation (`training/calibrate.py`).
fn confidence(decision: &Decision) -> f32 {
    const PAIRS: [(f32, f32); 12] = [
        (0.5, 0.07),
        (0.7, 0.15),
        (0.8, 0.38),
        (0.85, 0.43),
        (0.88, 0.64),
        (0.91, 0.64),
        (0.93, 0.78),
        (0.95, 0.87),
        (0.97, 0.95),
        (0.98, 0.97),
        (0.99, 0.99),
        (1.0, 1.00),
    ];
    let expected = decision.expected_f1();
    let above = PAIRS.iter().position(|&(known, _)| expected <= known).unwrap_or(PAIRS.len() - 1);
    let (low, high) = (PAIRS[above.saturating_sub(1)], PAIRS[above]);
    let share = if high.0 > low.0 { ((expected - low.0) / (high.0 - low.0)).clamp(0.0, 1.0) } else { 0.0 };
    ((low.1 + share * (high.1 - low.1)) * 100.0).round() / 100.0
}

/// A door for the fuzzer alone: reads a date in words.
#[cfg(fuzzing)]
#[must_use]
pub fn read_date(text: &str, language: &str) -> Option<crate::model::ArticleDate> {
    metadata::read_date(text, language)
}

/// Whether bytes can be given to [`clean_text`] once they are decoded.
///
/// # Errors
/// [`ExtractError::Empty`] and [`ExtractError::Binary`], as [`clean`] gives them.
pub fn check_text(bytes: &[u8]) -> Result<(), ExtractError> {
    if bytes.trim_ascii().is_empty() {
        return Err(ExtractError::Empty);
    }
    binary_kind(bytes, false).map_or(Ok(()), |kind| Err(ExtractError::Binary { kind }))
}

/// What bytes are that are no text, by their first ones.
fn binary_kind(bytes: &[u8], is_wide: bool) -> Option<&'static str> {
    const MAGIC: [(&[u8], &str); 10] = [
        (b"%PDF-", "a PDF file"),
        (b"\x89PNG", "a PNG picture"),
        (b"\xFF\xD8\xFF", "a JPEG picture"),
        (b"GIF8", "a GIF picture"),
        (b"PK\x03\x04", "a ZIP archive or an office document"),
        (b"\x1F\x8B", "a gzip file"),
        (b"\x7FELF", "a program"),
        (b"\xD0\xCF\x11\xE0", "an office document"),
        (b"BZh", "a bzip2 file"),
        (b"\x28\xB5\x2F\xFD", "a zstd file"),
    ];
    if let Some((_, kind)) = MAGIC.iter().find(|(magic, _)| bytes.starts_with(magic)) {
        return Some(kind);
    }
    if bytes.starts_with(b"RIFF") && bytes.get(8..12) == Some(b"WEBP") {
        return Some("a WebP picture");
    }
    // UTF-16 has its mark or is known by its header; any other text has no run of NULs and few other controls.
    let head = &bytes[..bytes.len().min(4096)];
    let has_mark = is_wide || head.starts_with(&[0xFF, 0xFE]) || head.starts_with(&[0xFE, 0xFF]);
    // Of evenly spread bytes a tenth are controls, of text hardly any is one. Some programs fill what they save with NULs.
    let (mut zeros, mut controls) = (0, 0);
    for byte in head {
        match byte {
            0 => zeros += 1,
            // All but blanks, line ends and the escape of Japanese charsets.
            1..=8 | 14..=26 | 28..=31 => controls += 1,
            _ => {}
        }
    }
    (!has_mark && (controls * 20 > head.len() || zeros * 10 > head.len())).then_some("binary data")
}
