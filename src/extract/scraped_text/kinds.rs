//! What each line of a scraped text is: by its own words and form, by its neighbours, and by what its site repeats.

use super::corpus::RepeatedLines;
use super::header::{self, Extent, Header};
use super::labels::label;
use super::lines::{Form, Line, ends_sentence, is_spoken};
use super::words::{PAID_LABEL, said, says};
use crate::extract::content::count_words as word_count;
use crate::extract::content::{FurnitureLine, Label, is_credit, page_label};
use crate::extract::metadata;
use crate::extract::pictures::{split_caption, split_glued_caption};
use regex::Regex;
use std::collections::HashSet;
use std::sync::LazyLock;

/// Words up to which a line can be a label, a counter, a byline or a button.
pub(super) const LABEL_WORDS: usize = 14;
/// Words up to which a line can be a heading.
const HEADING_WORDS: usize = 16;
/// Words up to which a line can be a caption with its credit, and the credit alone.
const CAPTION_WORDS: usize = 40;
const CREDIT_WORDS: usize = 12;
/// Words up to which a line can say when a post was made, and up to which one can call upon readers.
const POST_WORDS: usize = 10;
const CALL_WORDS: usize = 40;
/// Words up to which a line can be a notice.
const LEGAL_WORDS: usize = 80;
/// Words from which a sentence can tell of something.
const TELLING_WORDS: usize = 6;
/// Repeated paragraphs from which a document can be a version of another: more than a site says of itself.
const VERSION_PARAGRAPHS: usize = 4;
/// Words from which a line that comes again says nothing new.
const COPY_WORDS: usize = 8;
/// Lines with nothing but a time from which these are the entries' of a live report, and no player's.
const LEAST_TIMES: usize = 3;

/// What a line is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Title,
    /// The headline again, with the site's name.
    PageTitle,
    Byline,
    Account,
    Date,
    Counter,
    Promotion,
    Pointer,
    Comments,
    Caption,
    Legal,
    Paywall,
    Colophon,
    Copy,
    Repeated,
    /// Of another text that stands below.
    Other,
    /// Of the page around the story.
    Page,
    Heading,
    Item,
    Quote,
    Code,
    Row,
    Body,
    /// What the program left that made the text.
    Remains,
}

impl Kind {
    pub(super) fn is_body(self) -> bool {
        matches!(self, Self::Heading | Self::Item | Self::Quote | Self::Code | Self::Row | Self::Body)
    }

    pub(super) fn words(self) -> &'static str {
        match self {
            Self::Title => "the title",
            Self::PageTitle => "the page's title, with the site's name",
            Self::Byline => "a byline",
            Self::Account => "a shortened account name",
            Self::Date => "a date line",
            Self::Counter => "a counter",
            Self::Promotion => "advertising or a promotion",
            Self::Pointer => "a pointer to other pages, or a share line",
            Self::Comments => "readers' comments, or their number",
            Self::Caption => "a caption",
            Self::Legal => "a notice of rights, of cookies or of programs",
            Self::Paywall => "a notice that the rest is for subscribers, or its offer",
            Self::Colophon => "a line below the story: who made it, or what readers are asked for",
            Self::Copy => "stands above already",
            Self::Repeated => "a line that the site's documents have in common",
            Self::Other => "another story below this one",
            Self::Page => "of the page around the story",
            Self::Heading => "a heading",
            Self::Item => "an item of a list",
            Self::Quote => "a quotation",
            Self::Code => "code",
            Self::Row => "a row of a table",
            Self::Body => "a paragraph",
            Self::Remains => "left by the program that made the text",
        }
    }
}

/// What every line is, and the text's header. `repeated` are the lines that are the site's and not the document's.
pub(super) fn classify(
    lines: &[Line],
    language: &str,
    repeated: &RepeatedLines,
    extent: Extent<'_>,
) -> (Vec<Kind>, Header) {
    let (kinds, header) = judge(lines, language, repeated, extent);
    let running = |wanted: &dyn Fn(Kind) -> bool| {
        lines.iter().zip(&kinds).filter(|(line, kind)| wanted(**kind) && is_running(line)).count()
    };
    let (repeated, own) = (running(&|kind| kind == Kind::Repeated), running(&Kind::is_body));
    // A document that would lose most of its paragraphs is one of several versions of a story, and they are its own.
    if repeated >= VERSION_PARAGRAPHS && repeated > own {
        return judge(lines, language, &RepeatedLines::default(), extent);
    }
    (kinds, header)
}

/// Where a line stands, and what the text is about.
#[derive(Debug, Clone, Copy)]
#[expect(clippy::struct_excessive_bools, reason = "each is seen of the text by itself")]
struct Place {
    in_header: bool,
    /// Above the headline, or below the last paragraph.
    in_frame: bool,
    /// The text has times of its own.
    has_times: bool,
    tells_of_cookies: bool,
}

fn judge(lines: &[Line], language: &str, repeated: &RepeatedLines, extent: Extent<'_>) -> (Vec<Kind>, Header) {
    let header = header::find(lines, language, repeated, extent);
    let is_paragraph = |line: &Line| is_running(line) && frame_kind(line).is_none();
    let last_paragraph = lines.iter().rposition(is_paragraph).unwrap_or(lines.len());
    // Where paragraphs stand without blank lines between them, a missing one says nothing.
    let has_groups = lines.iter().filter(|line| line.opens_group).count() * 2 > lines.len();
    let has_times = lines.iter().filter(|line| TIME.is_match(&line.text)).take(LEAST_TIMES).count() == LEAST_TIMES;
    let tells_of_cookies = header.title.is_some_and(|title| names_cookie(&lines[title].text));
    let mut kinds: Vec<Kind> = Vec::with_capacity(lines.len());
    let mut seen = HashSet::new();
    for (index, line) in lines.iter().enumerate() {
        if Some(index) == header.title {
            kinds.push(Kind::Title);
            seen.insert(line.text.to_lowercase());
            continue;
        }
        let in_header = index < header.end;
        let is_above = header.title.is_some_and(|title| index < title);
        let in_frame = is_above || index > last_paragraph;
        let next = lines.get(index + 1).map(|next| next.text.as_str());
        let mut kind = if Some(index) == header.page_title {
            Kind::PageTitle
        } else if header.signed.contains_key(&index) {
            Kind::Byline
        } else if header.dated.contains(&index) {
            Kind::Date
        } else {
            kind_of(line, next, Place { in_header, in_frame, has_times, tells_of_cookies })
        };
        let words = word_count(&line.text);
        if kind.is_body() {
            if repeated.has(line) {
                kind = Kind::Repeated;
            } else if is_above {
                // Above the headline is the page's frame.
                kind = if header::is_date_line(&line.text, language) { Kind::Date } else { Kind::Pointer };
            } else if !matches!(kind, Kind::Code | Kind::Row)
                && (words >= COPY_WORDS || in_header)
                && !seen.insert(line.text.to_lowercase())
            {
                kind = Kind::Copy;
            }
        }
        // What follows "Read also" or "Advertisement" without a blank line is what it points at.
        let above = kinds.last().copied().zip(index.checked_sub(1).map(|above| lines[above].text.as_str()));
        let above = above.filter(|_| kind.is_body() && words <= 2 * LABEL_WORDS);
        kinds.push(match above {
            Some((above, label)) if has_groups && !line.opens_group && belongs_to(line, kind, above, label) => above,
            // The headline of what is paid for stands in a paragraph of its own.
            Some((Kind::Promotion, label))
                if words >= COPY_WORDS / 2 && is_headline(&line.text) && PAID_LABEL.has(label) =>
            {
                Kind::Promotion
            }
            _ => kind,
        });
    }
    (kinds, header)
}

/// Whether a line goes with the pointer or promotion right above it, whose text is `label`.
fn belongs_to(line: &Line, kind: Kind, above: Kind, label: &str) -> bool {
    let is_sentence = ends_sentence(&line.text);
    match above {
        Kind::Pointer => !is_sentence,
        // Behind a mark of advertising the story goes on, with a heading now and then.
        Kind::Promotion if page_label(label) == Some(Label::Advertising) && !PAID_LABEL.has(label) => {
            !is_sentence && kind != Kind::Heading
        }
        Kind::Promotion => !is_sentence || is_addressed(&line.text),
        _ => false,
    }
}

fn is_headline(text: &str) -> bool {
    !ends_sentence(text) && !is_spoken(text)
}

/// Whether a line is a paragraph beyond doubt.
pub(super) fn is_running(line: &Line) -> bool {
    !matches!(line.form, Form::Code | Form::Row { .. } | Form::Remains(_))
        && word_count(&line.text) > LABEL_WORDS
        && ends_sentence(&line.text)
}

/// A time alone in its line.
pub(super) static TIME: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?i)^(?:kl\.? )?\d{1,2} ?[:.h] ?\d{2}(?::\d{2})?(?: ?(?:[ap]\.?m\.?|uhr|h|[a-z]{2,4}))?$")
        .expect("a constant pattern")
});
/// Whose the text is, with a year.
static COPYRIGHT: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"(?i)^(?:©|\(c\)|copyright\b).*\d{4}").expect("a constant pattern"));
/// What forums and blogs say of a post: "Asked 6 years ago", "edited Mar 3 '18 at 9:20", "Updated at 22.20 BST".
static POST: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r"(?ix)^ (?: (?: asked | modified | viewed | active | edited | answered | replied | last\ (?:seen|edited|activity) ) \s [^.]{0,40} (?: \bago | \d{4} | \btimes | at\ \d{1,2}:\d{2} )
            | updated\ at\ \d{1,2} [.:] \d{2} [^.]{0,12} ) $",
    )
    .expect("a constant pattern")
});
/// How lines begin that call upon readers to do something.
static CALL: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r"(?ix)^ (?: please\ )? (?: subscribe | sign\ up | join | download | follow | donate | get | start | support | become | register | click | tap | abonnieren\ sie | melden\ sie | jetzt | abonnez-vous | inscrivez-vous
            | suscríbete | suscríbase | inscreva-se | iscriviti | abbonati | meld\ je | schrijf\ je | zapisz\ się | подпишитесь | подписывайтесь | підпишіться ) \b",
    )
    .expect("a constant pattern")
});
/// Who is spoken to, or speaks for the site.
static ADDRESSED: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r"(?ix)\b(?: you | your | our | us | we | my | sie | ihre[mnrs]? | ihr | dir | dich | dein\w* | uns(?:ere?n?)? | wir | vous | votre | vos | nos | notre | nous | tu | tus | su | nuestr\w+ | você | noss\w+
            | вы | вам | ваш\w* | наш\w* | нам | нас ) \b
            | हमारे | हमसे | हमें | قناتنا | معنا
            | ^(?: subscribe | sign\ up | join | download | follow | donate | get | start | shop | buy | learn | enjoy | support | abonn\w+ | s'abonner | suscr\w+ | assine | подпи\w+ )\b",
    )
    .expect("a constant pattern")
});

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

/// A line without the brackets and marks around it.
fn bare(line: &str) -> &str {
    line.trim_matches([
        '【', '】', '[', ']', '［', '］', '(', ')', '（', '）', '★', '■', '▼', '▶', '▲', '◆', '●', '—', '-', ' ', '+',
    ])
}

/// What a line is that as a whole is of the page's frame, wherever it stands.
pub(super) fn frame_kind(line: &Line) -> Option<Kind> {
    let (text, words) = (line.text.as_str(), word_count(&line.text));
    let place = Place { in_header: true, in_frame: true, has_times: false, tells_of_cookies: false };
    plain_kind(text, words, place).or_else(|| {
        let lower = text.to_lowercase();
        let furniture = FurnitureLine::of(&lower);
        let is_short = words <= LABEL_WORDS;
        if is_short && (page_label(bare(text)).is_some() || is_dotted(text) || furniture.is_label()) {
            return Some(Kind::Promotion);
        }
        if is_short && !ends_sentence(text) && is_credit(&lower) {
            return Some(Kind::Caption);
        }
        (furniture.tells_of_a_machine(words) || furniture.tells_of_commission(words)).then_some(Kind::Legal)
    })
}

/// "3 yr. ago", "• 2 h": how long ago a post was made, in few words.
fn is_dotted(text: &str) -> bool {
    text.starts_with(['•', '·']) && text.contains(char::is_numeric) && word_count(text) <= 4
}

/// What a line is by signs and words that leave no doubt.
fn plain_kind(line: &str, words: usize, place: Place) -> Option<Kind> {
    if ACCOUNT.is_match(line) {
        return Some(Kind::Account);
    }
    if COUNTER.is_match(line) && !(place.has_times && TIME.is_match(line)) {
        return Some(Kind::Counter);
    }
    // "Posted by Jane in Boats | 12 comments"
    let counts_comments = |line: &str| line.split('|').any(|part| COMMENTS.is_match(part.trim()));
    if words <= LABEL_WORDS && counts_comments(line) && !place.in_header {
        return Some(Kind::Comments);
    }
    if words <= POST_WORDS && POST.is_match(line) {
        return Some(Kind::Counter);
    }
    let lower = line.to_lowercase();
    let groups = if words <= LEGAL_WORDS { said(&lower) } else { 0 };
    let is_short = words <= LABEL_WORDS;
    if is_short && groups & says::POINTS != 0 && !tells(line, words) && !is_spoken(line) {
        return Some(Kind::Pointer);
    }
    if is_short && place.in_header && is_breadcrumb(line) {
        return Some(Kind::Pointer);
    }
    if is_short && groups & says::MACHINE != 0 && !quotes(line) {
        return Some(Kind::Legal);
    }
    let is_notice = || groups & says::LEGAL != 0 || COPYRIGHT.is_match(line);
    let tracks = || {
        let may_be_notice = place.in_frame || is_short || place.in_header && !place.tells_of_cookies;
        may_be_notice && speaks_of_cookies(line, &lower)
    };
    if words <= LEGAL_WORDS && !is_spoken(line) && (is_notice() || tracks()) {
        return Some(Kind::Legal);
    }
    None
}

/// Whether a text names cookies, in a word that most languages have from English.
fn names_cookie(text: &str) -> bool {
    let lower = text.to_lowercase();
    ["cookie", "куки", "クッキー", "쿠키"].iter().any(|word| lower.contains(word))
}

/// A notice that the page keeps track of its readers: all of its sentences speak to them.
fn speaks_of_cookies(line: &str, lower: &str) -> bool {
    /// Words of a sentence from which it says something: "Accept. Reject."
    const LEAST: usize = 4;
    let mut sentences = line.split_inclusive(['.', '!', '?']);
    let is_spoken_to = |part: &str| word_count(part) < LEAST || is_addressed(part) || names_cookie(part);
    names_cookie(lower)
        && (FurnitureLine::of(lower).names_cookies() || lower.contains("cookies"))
        && is_addressed(line)
        && sentences.all(is_spoken_to)
}

/// What a line is whose marks say it.
fn kind_of_form(form: Form, line: &str) -> Option<Kind> {
    match form {
        Form::Remains(_) => Some(Kind::Remains),
        Form::Code => Some(Kind::Code),
        Form::Row { .. } => Some(Kind::Row),
        Form::Sender => Some(Kind::Byline),
        Form::Sent => Some(Kind::Date),
        // A live report's entries are headed by their times.
        Form::Heading(_) if !line.contains(char::is_alphabetic) => Some(Kind::Heading),
        Form::Running | Form::Heading(_) | Form::Quote => None,
    }
}

fn kind_of(whole: &Line, next: Option<&str>, place: Place) -> Kind {
    let Line { text: line, is_item, form, is_link, .. } = whole;
    if let Some(kind) = kind_of_form(*form, line) {
        return kind;
    }
    let words = word_count(line);
    if *is_link && words <= LABEL_WORDS && (place.in_header || !is_item && !ends_sentence(line)) {
        return Kind::Pointer;
    }
    let next = next.filter(|next| !next.is_empty());
    // A sentence that was broken where a link stood: "Click here", "is younger than most people think."
    let runs_on = next.is_some_and(|next| {
        next.starts_with(char::is_lowercase) && ends_sentence(next) && word_count(next) >= TELLING_WORDS
    });
    if runs_on && !ends_sentence(line) && !is_item && !place.in_frame {
        return Kind::Body;
    }
    if let Some(kind) = plain_kind(line, words, place) {
        return kind;
    }
    if words <= CALL_WORDS && CALL.is_match(line) && !quotes(line) && said(&line.to_lowercase()) & says::PROMO != 0 {
        return Kind::Promotion;
    }
    let bare = bare(line);
    let is_timed = place.has_times && TIME.is_match(line);
    let next_is_longer = next.is_some_and(|next| word_count(next) > words && ends_sentence(next));
    if words <= LABEL_WORDS && !is_spoken(line) && !tells(line, words) && !quotes(line) {
        let lower = bare.to_lowercase();
        // "Advertisement effects", "How do I sign up?": what stands above its own text.
        let heads = next_is_longer && !line.ends_with(['.', '!']) && !is_addressed(line) && starts_like_heading(line);
        if said(&lower) & says::PROMO != 0 && !heads {
            return Kind::Promotion;
        }
    }
    if is_caption(line, words) {
        return Kind::Caption;
    }
    if !is_timed
        && !quotes(line)
        && let Some(kind) = label(line, bare, next, place.in_header)
    {
        return kind;
    }
    match form {
        _ if *is_item => return Kind::Item,
        Form::Heading(_) => return Kind::Heading,
        Form::Quote => return Kind::Quote,
        _ => {}
    }
    if words <= HEADING_WORDS
        && words > 0
        && !ends_sentence(line)
        && !line.ends_with([',', '，', '、', '،'])
        && !is_spoken(line)
        && next_is_longer
        && starts_like_heading(line)
    {
        return Kind::Heading;
    }
    Kind::Body
}

/// A whole sentence that speaks to nobody tells of somebody's subscription or donation.
fn tells(line: &str, words: usize) -> bool {
    words >= TELLING_WORDS && ends_sentence(line) && !is_addressed(line)
}

/// Whether a sentence says who said its first words: "Follow us, its last issue joked, and see how far that gets you."
pub(super) fn quotes(line: &str) -> bool {
    const LEAST: usize = 3;
    let is_aside =
        |part: &str| part.starts_with(char::is_lowercase) && word_count(part) >= LEAST && !is_addressed(part);
    let Some((before, last)) = line.rsplit_once(", ") else { return false };
    ends_sentence(last) && before.split(", ").skip(1).any(is_aside)
}

/// Whether a line speaks to its reader, or for those who wrote it.
pub(super) fn is_addressed(line: &str) -> bool {
    ADDRESSED.is_match(line)
}

/// "Home › Harbour › Ferry": names with one sign between them, behind a label or none.
fn is_breadcrumb(line: &str) -> bool {
    const PART_CHARS: usize = 40;
    const LABEL_CHARS: usize = 20;
    let line = line
        .split_once([':', '：'])
        .filter(|(label, _)| label.chars().count() <= LABEL_CHARS)
        .map_or(line, |(_, rest)| rest);
    ['›', '»', '>', '→', '/'].iter().any(|sign| {
        let parts: Vec<&str> = line.split(*sign).map(str::trim).collect();
        let is_name = |part: &&str| {
            part.starts_with(char::is_alphabetic)
                && part.chars().count() <= PART_CHARS
                && part.chars().all(|c| c.is_alphanumeric() || " &'’-".contains(c))
        };
        (2..=6).contains(&parts.len()) && parts.iter().all(is_name)
    })
}

fn starts_like_heading(line: &str) -> bool {
    line.chars().next().is_some_and(|c| c.is_uppercase() || c.is_numeric() || (c.is_alphabetic() && !c.is_lowercase()))
}

/// Whether a line is a caption with its credit, or begins with one.
pub(super) fn is_caption(line: &str, words: usize) -> bool {
    split_glued_caption(line).is_some() || words <= CAPTION_WORDS && is_lone_caption(line)
}

/// Whether a line is a caption with its credit at the end.
fn is_lone_caption(line: &str) -> bool {
    if ends_with_name_in_capitals(line) || ends_with_name_in_brackets(line) || PICTURED.is_match(line) {
        return true;
    }
    let (caption, credit) = split_caption(line);
    !credit.is_empty()
        && !caption.is_empty()
        && caption.len() < line.len()
        && line.get(caption.len()..).is_some_and(|credit| word_count(credit) <= CREDIT_WORDS)
}

/// Whose a Chinese picture is, in brackets at the caption's end.
static PICTURED: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"[（(][^（）()]{1,20}[摄攝][)）]$").expect("a constant pattern"));

/// "The bakery in winter. (Jane Roe)", "… (Supplied: Jane Roe)": whose a picture is, in brackets behind a sentence.
fn ends_with_name_in_brackets(line: &str) -> bool {
    const WORDS: usize = 7;
    const SENTENCES: usize = 2;
    let Some(name) = line.strip_suffix([')', ']']) else { return false };
    let Some((caption, name)) = name.rsplit_once(['(', '[']) else { return false };
    let begins = |word: &str| word.starts_with(|c: char| c.is_uppercase() || !c.is_alphabetic()) || word.len() <= 3;
    let is_name =
        || metadata::is_person(name) || name.split_once(": ").is_some_and(|(_, name)| name.split(' ').all(begins));
    caption.trim_end().ends_with(['.', '!', '?'])
        && caption.matches(". ").count() < SENTENCES
        && word_count(name) <= WORDS
        && is_name()
}

/// "The bakery in winter. JANE ROE / THE LEDGER": whose a picture is, in capitals behind what it shows.
fn ends_with_name_in_capitals(line: &str) -> bool {
    const WORDS: std::ops::RangeInclusive<usize> = 2..=8;
    const LEAST_LETTERS: usize = 3;
    let Some((caption, name)) = line.rsplit_once(". ") else { return false };
    let is_word = |word: &str| word == "/" || !word.contains(|c: char| c.is_lowercase() || c.is_numeric());
    let is_name = |word: &str| word.chars().filter(|c| c.is_uppercase()).count() >= LEAST_LETTERS;
    caption.contains(char::is_lowercase)
        && !ends_sentence(name)
        && WORDS.contains(&word_count(name))
        && name.split(' ').all(is_word)
        && name.split(' ').filter(|word| is_name(word)).count() >= *WORDS.start()
}
