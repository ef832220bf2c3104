//! Text that somebody has already scraped: a title line, whatever stood around the article, and the article.

use super::content::{count_words as word_count, is_unspaced};
use super::flow::{Flow, Inline};
use super::pictures::{fold, split_credit, split_glued_caption};
use super::{BlockReport, Cleaned, Explain, Explanation, FieldReport, Options, finish, metadata, render};
use crate::model::{Article, Image, PageType};
use regex::Regex;
use std::sync::LazyLock;

/// Words up to which a line can be a label, a counter, a byline or a button.
const LABEL_WORDS: usize = 14;
/// Words up to which a line can be a heading.
const HEADING_WORDS: usize = 16;
/// Characters that a hard-wrapped line has at least, and at most: the widths at which mail and text files were wrapped.
const WRAP_WIDTH: std::ops::RangeInclusive<usize> = 50..=100;

/// What a line is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Title,
    Byline,
    Account,
    Date,
    Counter,
    Promotion,
    Pointer,
    Comments,
    Caption,
    Heading,
    Body,
}

impl Kind {
    fn words(self) -> &'static str {
        match self {
            Self::Title => "the title",
            Self::Byline => "a byline",
            Self::Account => "a shortened account name",
            Self::Date => "a date line",
            Self::Counter => "a counter",
            Self::Promotion => "advertising or a promotion",
            Self::Pointer => "a pointer to other pages, or a share line",
            Self::Comments => "a comment counter",
            Self::Caption => "a caption",
            Self::Heading => "a heading",
            Self::Body => "a paragraph",
        }
    }
}

/// Cleans text that was scraped already: title, author, date and body come out in their fields; account names,
/// counters, advertising, subscription lines and comment counters go; a caption that ran into a paragraph is split off.
#[must_use]
pub fn clean_text(text: &str, options: &Options) -> Cleaned {
    let lines = logical_lines(text);
    let sample = lines
        .iter()
        .map(|line| line.text.as_str())
        .filter(|line| word_count(line) > LABEL_WORDS)
        .collect::<Vec<_>>()
        .join("\n");
    let language = metadata::detect_language(if sample.is_empty() { text } else { &sample }).map(|(code, _)| code);
    let language_tag = language.unwrap_or_default();
    let mut kinds = classify(&lines, language_tag);
    cut_tail(&lines, &mut kinds);
    let mut article =
        Article { language: language.map(str::to_owned), page_type: PageType::Article, ..Article::default() };
    let mut flows = Vec::new();
    let mut fields = Vec::new();
    let mut note =
        |field, value: &str| fields.push(FieldReport { field, source: "line of the text", value: value.to_owned() });
    for (Line { text: line, .. }, kind) in lines.iter().zip(&kinds) {
        match kind {
            Kind::Title => {
                note("title", line);
                article.title = Some(line.clone());
            }
            Kind::Byline => {
                for name in metadata::clean_names(std::slice::from_ref(line), &[]) {
                    if !article.authors.contains(&name) {
                        note("authors", &name);
                        article.authors.push(name);
                    }
                }
            }
            Kind::Date => {
                let date = metadata::read_date(line, language_tag);
                if is_update(line) && article.published.is_some() {
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
            Kind::Heading => flows.push(Flow::Heading(2, vec![Inline::Text(line.clone())])),
            Kind::Body => flows.push(Flow::Paragraph(vec![Inline::Text(line.clone())])),
            Kind::Account | Kind::Counter | Kind::Promotion | Kind::Pointer | Kind::Comments => {}
        }
    }
    let body = render::text(&flows);
    article.markdown = render::markdown(&flows);
    article.html = render::html(&flows);
    article.confidence = if body.is_empty() { 0.0 } else { 0.8 };
    finish(&mut article, body);
    let explanation = (options.explain == Explain::Yes).then(|| Explanation {
        encoding: "UTF-8",
        truncated: false,
        body: "lines of the text",
        fields,
        blocks: lines
            .iter()
            .zip(&kinds)
            .map(|(line, kind)| {
                let kept = matches!(kind, Kind::Body | Kind::Heading);
                BlockReport {
                    kept,
                    probability: if kept { 1.0 } else { 0.0 },
                    reason: kind.words().to_owned(),
                    path: String::new(),
                    text: line.text.clone(),
                }
            })
            .collect(),
    });
    Cleaned { article, explanation }
}

/// A line of the text, white space folded.
struct Line {
    text: String,
    /// A blank line stands before it.
    opens_group: bool,
}

/// The text's lines that are not blank; hard-wrapped lines of one paragraph joined.
fn logical_lines(text: &str) -> Vec<Line> {
    let lines: Vec<String> = text.lines().map(fold).collect();
    let wrapped = is_hard_wrapped(&lines);
    let mut out: Vec<Line> = Vec::new();
    let mut opens_group = true;
    let mut runs_on = false;
    for line in lines {
        if line.is_empty() {
            (opens_group, runs_on) = (true, false);
            continue;
        }
        let width = line.chars().count();
        match out.last_mut().filter(|_| runs_on) {
            Some(last) => {
                if !last.text.chars().last().is_some_and(is_unspaced) {
                    last.text.push(' ');
                }
                last.text.push_str(&line);
            }
            None => out.push(Line { text: line, opens_group }),
        }
        opens_group = false;
        runs_on = wrapped && WRAP_WIDTH.contains(&width);
    }
    out
}

/// Whether most lines that are followed by another have about one width and end in the middle of a sentence.
fn is_hard_wrapped(lines: &[String]) -> bool {
    let followed: Vec<&String> =
        lines.windows(2).filter(|pair| !pair[0].is_empty() && !pair[1].is_empty()).map(|pair| &pair[0]).collect();
    let wrapped =
        followed.iter().filter(|line| WRAP_WIDTH.contains(&line.chars().count()) && !ends_sentence(line)).count();
    let longest = lines.iter().map(|line| line.chars().count()).max().unwrap_or(0);
    wrapped >= 5 && wrapped * 2 > followed.len() && longest <= *WRAP_WIDTH.end()
}

fn ends_sentence(line: &str) -> bool {
    line.trim_end_matches(|c: char| "\"'”’»」』）)]".contains(c))
        .ends_with(['.', '!', '?', '…', '。', '！', '？', '؟', '।', ':'])
}

fn classify(lines: &[Line], language: &str) -> Vec<Kind> {
    let mut kinds: Vec<Kind> = Vec::with_capacity(lines.len());
    let first_paragraph = lines
        .iter()
        .position(|line| word_count(&line.text) > LABEL_WORDS && ends_sentence(&line.text))
        .unwrap_or(lines.len());
    for (index, line) in lines.iter().enumerate() {
        if index == 0 && word_count(&line.text) <= 40 {
            kinds.push(Kind::Title);
            continue;
        }
        let next = lines.get(index + 1).map(|next| next.text.as_str());
        let kind = kind_of(&line.text, next, index < first_paragraph, language);
        // What follows "Read also" or "Advertisement" without a blank line is what it points at.
        let above =
            kinds.last().copied().filter(|kind| !line.opens_group && matches!(kind, Kind::Pointer | Kind::Promotion));
        let is_short = word_count(&line.text) <= 2 * LABEL_WORDS;
        kinds.push(match above {
            Some(above)
                if is_short
                    && matches!(kind, Kind::Body | Kind::Heading)
                    && (above == Kind::Promotion || !ends_sentence(&line.text)) =>
            {
                above
            }
            _ => kind,
        });
    }
    kinds
}

static ACCOUNT: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"^@?[A-Za-z0-9_-]{2,12}(\.\.\.|…)[A-Za-z0-9_-]{2,12}$").expect("a constant pattern"));
static COUNTER: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r"(?ix)^ (?: [\d.,]+ \s* [kKmM]? | [\d.,]+ \s* (?:views?|votes?|likes?|shares?|reads?|min(?:utes?)?\ read|aufrufe|vues|visitas|просмотр\w*|閲覧|回) | \#? \d+ ) $",
    )
    .expect("a constant pattern")
});
static COMMENTS: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r"(?ix)^ [\(\[]? (?: \d+ \s* (?: comments? | kommentare? | commentaires? | comentarios? | comentários? | commenti | reacties | комментари\w* | 件の?コメント | 条评论 | 評論 )
           | (?: comments? | kommentare? | commentaires? | comentarios? | コメント | комментарии ) \s* [:：(]? \s* \d+ \s* (?:件)? \)? | no\ comments(?:\ yet)? | leave\ a\ (?:comment|reply) | be\ the\ first\ to\ comment ) [\)\]]? $",
    )
    .expect("a constant pattern")
});
static PROMOTION: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r"(?ix) \b(?: start\ (?:your\ )?(?:a\ )?free\ trial | free\ trial | subscribe | subscription | sign\ up | newsletter | advertisement | sponsored
            | download\ (?:the|our)\ app | get\ the\ app | join\ (?:our|the)\ (?:telegram|whatsapp|channel) | follow\ us | shop\ now | buy\ now | learn\ more
            | upvote | support\ (?:us|our\ work) | donate | enjoy\ this\ (?:blog|article|post) | amazon\ prime | promo\ code | limited\ offer
            | abonnieren | newsletter-anmeldung | jetzt\ (?:testen|lesen|bestellen) | s'abonner | abonnez-vous | suscr[íi]b\w+ | inscreva-se | assine | abbonati
            | подпи(?:сывайтесь|шитесь|ска|саться) ) \b | ^(?:anzeige|werbung|publicit[éeà]|publicidad|реклама|広告|[\[［【]?PR[\]］】]?|スポンサーリンク|advertisement|ad)$
            | メルマガ | ニュースレター | 会員登録 | 無料(?:登録|体験) | 购买 | 订阅 | 訂閱",
    )
    .expect("a constant pattern")
});
static POINTER: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r"(?ix)^ (?: read\ (?:more|also|next|on) | see\ also | also\ read | related(?:\ (?:articles?|stories|posts))? | more\ (?:on|from|stories) | you\ (?:may|might)\ also\ like
            | share(?:\ (?:this|on|via)\b.*)? | tweet | print(?:\ this)?(?:\ article)? | e-?mail\ this\b.* | copy\ link | listen\ to\ this | tags? | filed\ under | continue\ reading
            | lesen\ sie(?:\ auch)? | mehr\ (?:zum\ thema|dazu) | auch\ interessant | artikel\ teilen | teilen | drucken | lire\ aussi | à\ lire | partager | lea\ tambi[ée]n | leer\ m[áa]s | compartir
            | leia\ (?:tamb[ée]m|mais) | leggi\ anche | lees\ (?:ook|meer) | читайте(?:\ также)? | поделиться | czytaj\ (?:tak[żz]e|te[żz]|wi[ęe]cej) ) (?: \s* [:：\-–—>»] .* | \s* \.{0,3} )? $
            | ^(?:関連記事|あわせて読みたい|続きを読む|シェア|この記事をシェア|相关阅读|延伸阅读|分享|相关新闻)",
    )
    .expect("a constant pattern")
});

fn kind_of(line: &str, next: Option<&str>, in_header: bool, language: &str) -> Kind {
    let words = word_count(line);
    let bare =
        line.trim_matches(['【', '】', '[', ']', '［', '］', '(', ')', '（', '）', '★', '■', '▼', '—', '-', ' ']);
    if ACCOUNT.is_match(line) {
        return Kind::Account;
    }
    if COUNTER.is_match(line) {
        return Kind::Counter;
    }
    if COMMENTS.is_match(line) {
        return Kind::Comments;
    }
    if words <= LABEL_WORDS && POINTER.is_match(bare) {
        return Kind::Pointer;
    }
    if words <= LABEL_WORDS && !is_spoken(line) && PROMOTION.is_match(bare) {
        return Kind::Promotion;
    }
    if in_header && words <= LABEL_WORDS {
        if metadata::read_date(line, language).is_some() {
            return Kind::Date;
        }
        if is_byline(line) {
            return Kind::Byline;
        }
    }
    if split_glued_caption(line).is_some() || (words <= 40 && is_lone_caption(line)) {
        return Kind::Caption;
    }
    let next_is_longer = next.is_some_and(|next| word_count(next) > words && ends_sentence(next));
    if words <= HEADING_WORDS
        && words > 0
        && !ends_sentence(line)
        && !is_spoken(line)
        && next_is_longer
        && starts_like_heading(line)
    {
        return Kind::Heading;
    }
    Kind::Body
}

/// A line that opens with a quotation mark or a dash is somebody's words.
fn is_spoken(line: &str) -> bool {
    line.starts_with(['"', '“', '„', '«', '»', '–', '—', '-', '「', '『', '\'', '‘'])
}

fn starts_like_heading(line: &str) -> bool {
    line.chars().next().is_some_and(|c| c.is_uppercase() || c.is_numeric() || (c.is_alphabetic() && !c.is_lowercase()))
}

fn is_byline(line: &str) -> bool {
    static BYLINE: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"(?i)^(?:by|von|par|por|di|door|av|af|autor(?:in)?|author|text|reporting by|written by|автор|текст)\s*:?\s+\p{L}|^(?:文|取材|記者|作者|記事)\s*[:：／/＝]\s*\p{L}|^\p{Han}{2,8}(?:記者|编辑)$|^\p{L}[\p{L}\s]{1,20}\s*[（(](?:記者|文)[）)]$")
            .expect("a constant pattern")
    });
    BYLINE.is_match(line) && !ends_sentence(line)
}

fn is_update(line: &str) -> bool {
    let lower = line.to_lowercase();
    ["updated", "aktualisiert", "modified", "mis à jour", "actualizado", "更新", "обновлено"]
        .iter()
        .any(|word| lower.contains(word))
}

fn is_lone_caption(line: &str) -> bool {
    let (caption, credit) = split_credit(line);
    !credit.is_empty() && !caption.is_empty() && caption.len() < line.len()
}

/// What stands behind the last paragraph is the page's frame: short lines that end no sentence.
fn cut_tail(lines: &[Line], kinds: &mut [Kind]) {
    let Some(end) = (0..lines.len()).rev().find(|&index| {
        kinds[index] == Kind::Body && ends_sentence(&lines[index].text) && word_count(&lines[index].text) >= 6
    }) else {
        return;
    };
    let has_frame = kinds[end + 1..]
        .iter()
        .any(|kind| matches!(kind, Kind::Promotion | Kind::Comments | Kind::Counter | Kind::Pointer | Kind::Account));
    for (line, kind) in lines.iter().zip(kinds.iter_mut()).skip(end + 1) {
        if has_frame && matches!(kind, Kind::Body | Kind::Heading) && word_count(&line.text) <= LABEL_WORDS {
            *kind = Kind::Promotion;
        }
    }
}
