//! What each line of a scraped text is: by its own words and form, by its neighbours, and by what its site repeats.

use super::corpus::RepeatedLines;
use super::labels::label;
use super::lines::{Form, Line, ends_sentence, is_spoken};
use crate::extract::content::count_words as word_count;
use crate::extract::content::{LONGEST_BEGINNING, NOTICE_WORDS, PITCH_WORDS, is_paywall_notice, writers};
use crate::extract::metadata;
use crate::extract::pictures::{split_credit, split_glued_caption};
use regex::Regex;
use std::collections::HashSet;
use std::sync::LazyLock;

/// Words up to which a line can be a label, a counter, a byline or a button.
pub(super) const LABEL_WORDS: usize = 14;
/// Words up to which a line can be a heading.
const HEADING_WORDS: usize = 16;
/// Words up to which a line can be a headline.
const TITLE_WORDS: usize = 40;
/// Words up to which a line can be an entry of a menu, and lines in a row that make one.
const MENU_WORDS: usize = 4;
const MENU_ENTRIES: usize = 5;
/// Words up to which a line can be a notice.
const LEGAL_WORDS: usize = 80;
/// Words from which a sentence can tell of something.
const TELLING_WORDS: usize = 6;
/// Repeated paragraphs from which a document can be a version of another: more than a site says of itself.
const VERSION_PARAGRAPHS: usize = 4;
/// Words from which a line that comes again says nothing new.
const COPY_WORDS: usize = 8;

/// What a line is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Title,
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
            Self::Byline => "a byline",
            Self::Account => "a shortened account name",
            Self::Date => "a date line",
            Self::Counter => "a counter",
            Self::Promotion => "advertising or a promotion",
            Self::Pointer => "a pointer to other pages, or a share line",
            Self::Comments => "a comment counter",
            Self::Caption => "a caption",
            Self::Legal => "a notice of rights, of cookies or of programs",
            Self::Paywall => "a notice that the rest is for subscribers, or its offer",
            Self::Colophon => "a line below the story: who made it, or what readers are asked for",
            Self::Copy => "stands above already",
            Self::Repeated => "a line that the site's documents have in common",
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

/// What every line is. `repeated` are the lines that are the site's and not the document's.
pub(super) fn classify(lines: &[Line], language: &str, repeated: &RepeatedLines) -> Vec<Kind> {
    let kinds = judge(lines, language, repeated);
    let running = |wanted: &dyn Fn(Kind) -> bool| {
        lines.iter().zip(&kinds).filter(|(line, kind)| wanted(**kind) && is_running(line)).count()
    };
    let (repeated, own) = (running(&|kind| kind == Kind::Repeated), running(&Kind::is_body));
    // A document that would lose most of its paragraphs is one of several versions of a story, and they are its own.
    if repeated >= VERSION_PARAGRAPHS && repeated > own {
        return judge(lines, language, &RepeatedLines::default());
    }
    kinds
}

fn judge(lines: &[Line], language: &str, repeated: &RepeatedLines) -> Vec<Kind> {
    let mut kinds: Vec<Kind> = Vec::with_capacity(lines.len());
    let title = title(lines, language, repeated);
    let below_title = title.map_or(0, |title| title + 1);
    let first_paragraph =
        lines.iter().skip(below_title).position(is_running).map_or(lines.len(), |index| index + below_title);
    // Where paragraphs stand without blank lines between them, a missing one says nothing.
    let has_groups = lines.iter().filter(|line| line.opens_group).count() * 2 > lines.len();
    let mut seen = HashSet::new();
    for (index, line) in lines.iter().enumerate() {
        if Some(index) == title {
            kinds.push(Kind::Title);
            seen.insert(line.text.to_lowercase());
            continue;
        }
        let next = lines.get(index + 1).map(|next| next.text.as_str());
        let in_header = index < first_paragraph;
        let mut kind = kind_of(line, next, in_header, language);
        let words = word_count(&line.text);
        if kind.is_body() {
            if repeated.has(line) {
                kind = Kind::Repeated;
            } else if title.is_some_and(|title| index < title) {
                // Above the headline is the page's frame.
                kind = Kind::Pointer;
            } else if !matches!(kind, Kind::Code | Kind::Row)
                && (words >= COPY_WORDS || in_header)
                && !seen.insert(line.text.to_lowercase())
            {
                kind = Kind::Copy;
            }
        }
        // What follows "Read also" or "Advertisement" without a blank line is what it points at.
        let above = kinds
            .last()
            .copied()
            .filter(|kind| has_groups && !line.opens_group && matches!(kind, Kind::Pointer | Kind::Promotion));
        kinds.push(match above {
            Some(above)
                if words <= 2 * LABEL_WORDS
                    && kind.is_body()
                    && (above == Kind::Promotion || !ends_sentence(&line.text)) =>
            {
                above
            }
            _ => kind,
        });
    }
    kinds
}

/// Whether a line is a paragraph beyond doubt.
pub(super) fn is_running(line: &Line) -> bool {
    !matches!(line.form, Form::Code | Form::Row { .. } | Form::Remains(_))
        && word_count(&line.text) > LABEL_WORDS
        && ends_sentence(&line.text)
}

/// The headline, where the text's own marks say which line it is: the highest heading above the first paragraph, or the only
/// one of the first level.
fn marked_title(lines: &[Line], repeated: &RepeatedLines) -> Option<usize> {
    let lead = lines.iter().position(is_running).unwrap_or(lines.len());
    let level = |index: usize| match lines[index].form {
        Form::Heading(level) if !lines[index].is_link && !repeated.has(&lines[index]) => Some(level),
        _ => None,
    };
    let above = (0..lead).filter_map(|index| Some((level(index)?, index))).min().map(|(_, index)| index);
    let first: Vec<usize> = (0..lines.len()).filter(|&index| level(index) == Some(1)).take(2).collect();
    let found = above.or_else(|| <[usize; 1]>::try_from(first).ok().map(|[only]| only));
    found.filter(|&index| word_count(&lines[index].text) <= TITLE_WORDS)
}

/// The headline's line: the first that is no part of the frame above it.
fn title(lines: &[Line], language: &str, repeated: &RepeatedLines) -> Option<usize> {
    if let Some(marked) = marked_title(lines, repeated) {
        return Some(marked);
    }
    let is_frame = |line: &Line| {
        SKIP_LINK.is_match(&line.text)
            || HOME.is_match(&line.text)
            || repeated.has(line)
            || matches!(
                kind_of(line, None, true, language),
                Kind::Pointer | Kind::Account | Kind::Counter | Kind::Comments | Kind::Legal | Kind::Remains
            )
    };
    let is_menu_entry = |line: &Line| {
        word_count(&line.text) <= MENU_WORDS
            && !ends_sentence(&line.text)
            && !is_spoken(&line.text)
            && !is_byline(&line.text)
            && metadata::read_date(&line.text, language).is_none()
    };
    let mut at = lines.iter().position(|line| !is_frame(line))?;
    let entries = lines[at..].iter().take_while(|line| is_menu_entry(line) || is_frame(line)).count();
    let next = at + entries;
    // A menu that begins with the way to the front page may be short.
    let least = if lines[..at].iter().any(|line| HOME.is_match(&line.text)) { 1 } else { MENU_ENTRIES };
    // A text of short lines alone is a poem or a list.
    if entries >= least && lines[next..].iter().any(is_running) {
        // The last of them is the headline where the story begins right below.
        let is_headline = lines.get(next).is_some_and(|line| {
            word_count(&line.text) <= TITLE_WORDS
                && !ends_sentence(&line.text)
                && !is_byline(&line.text)
                && metadata::read_date(&line.text, language).is_none()
        });
        at = if is_headline { next } else { next - 1 };
    }
    (word_count(&lines.get(at)?.text) <= TITLE_WORDS).then_some(at)
}

static SKIP_LINK: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r"(?ix)^ (?: skip\ to\ .+ | (?:toggle\ )?(?:menu|navigation|search) | zum\ (?:haupt)?inhalt(?:\ springen)? | aller\ au\ contenu(?:\ principal)?
            | (?:ir|saltar)\ al\ contenido(?:\ principal)? | vai\ al\ contenuto | hoppa\ till\ .+ | przejdź\ do\ treści ) $",
    )
    .expect("a constant pattern")
});
/// What menus call the way to the front page.
static HOME: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r"(?ix)^ (?: home(?:\ ?page)? | start(?:seite)? | accueil | inicio | início | página\ inicial | voorpagina | hem | hjem | forside(?:n)? | etusivu
            | strona\ główna | hlavní\ strana | kezdőlap | acasă | главная | головна | αρχική | ana\ sayfa | الرئيسية | ראשי | होम | トップ | ホーム | 首页 | 首頁 | 홈 ) $",
    )
    .expect("a constant pattern")
});
static LEGAL: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r"(?ix)^ (?: ©|\(c\)|copyright\b ) .* \d{4} | \ball\ rights\ reserved\b | \balle\ rechte\ vorbehalten\b | \btous\ droits\ réservés\b
            | \btodos\ los\ derechos\ reservados\b | \bвсе\ права\ защищены\b | 無断転載
            | \b(?:we|our\ partners|this\ (?:web)?site)\b .* \buses?\b .* \bcookies\b | \bwir\b .* \bcookies\b .* \b(?:zustimm|einwillig|akzeptier)
            | \bnous\b .* \bcookies\b .* \b(?:accept|consent)",
    )
    .expect("a constant pattern")
});
/// Who is spoken to, or speaks for the site.
static ADDRESSED: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r"(?ix)\b(?: you | your | our | us | we | my | sie | ihren? | ihr | uns(?:ere?n?)? | wir | vous | votre | vos | nos | notre | nous | tu | tus | su | nuestr\w+ | você | noss\w+
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
static PROMOTION: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r"(?ix) \b(?: start\ (?:your\ )?(?:a\ )?free\ trial | free\ trial | subscribe | (?:your|a|our)\ subscription | subscription\ (?:offers?|deals?) | sign\ up | newsletter | advertisement | sponsored
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
        r"(?ix)^ (?: read\ (?:more|also|next|on) | see\ also | also\ read | related(?:\ (?:articles?|stories|posts))? | more\ (?:on(?:\ this\ (?:story|topic|subject))?|from|stories|like\ this) | you\ (?:may|might)\ also\ like
            | share(?:\ (?:this|on|via)\b.*)? | tweet | print(?:\ this)?(?:\ article)? | e-?mail\ this\b.* | copy\ link | listen\ to\ this | tags? | filed\ under | continue\ reading | (?:story|article)\ continues\ .+ | scroll\ (?:down\ )?to\ continue(?:\ reading)?
            | lesen\ sie(?:\ auch)? | mehr\ (?:zum\ thema|dazu) | auch\ interessant | artikel\ teilen | teilen | drucken | lire\ aussi | à\ lire | partager | lea\ tambi[ée]n | leer\ m[áa]s | compartir
            | leia\ (?:tamb[ée]m|mais) | leggi\ anche | lees\ (?:ook|meer) | читайте(?:\ также)? | поделиться | czytaj\ (?:tak[żz]e|te[żz]|wi[ęe]cej) ) (?: \s* [:：\-–—>»] .* | \s* \.{0,3} )? $
            | ^(?:関連記事|あわせて読みたい|続きを読む|シェア|この記事をシェア|相关阅读|延伸阅读|分享|相关新闻)",
    )
    .expect("a constant pattern")
});

fn kind_of(whole: &Line, next: Option<&str>, in_header: bool, language: &str) -> Kind {
    let Line { text: line, is_item, form, is_link, .. } = whole;
    match form {
        Form::Remains(_) => return Kind::Remains,
        Form::Code => return Kind::Code,
        Form::Row { .. } => return Kind::Row,
        Form::Sender => return Kind::Byline,
        Form::Sent => return Kind::Date,
        // A live report's entries are headed by their times.
        Form::Heading(_) if !line.contains(char::is_alphabetic) => return Kind::Heading,
        Form::Running | Form::Heading(_) | Form::Quote => {}
    }
    let words = word_count(line);
    if *is_link && words <= LABEL_WORDS && (in_header || !is_item && !ends_sentence(line)) {
        return Kind::Pointer;
    }
    let bare = line.trim_matches([
        '【', '】', '[', ']', '［', '］', '(', ')', '（', '）', '★', '■', '▼', '▶', '▲', '◆', '●', '—', '-', ' ',
    ]);
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
    if in_header && words <= LABEL_WORDS && is_breadcrumb(line) {
        return Kind::Pointer;
    }
    if words <= LEGAL_WORDS && !is_spoken(line) && LEGAL.is_match(line) {
        return Kind::Legal;
    }
    // A whole sentence that speaks to nobody tells of somebody's subscription or donation.
    let tells = words >= TELLING_WORDS && ends_sentence(line) && !is_addressed(line);
    if words <= LABEL_WORDS && !is_spoken(line) && !tells && PROMOTION.is_match(bare) {
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
    if let Some(kind) = label(line, bare, next, in_header) {
        return kind;
    }
    if *is_item {
        return Kind::Item;
    }
    match form {
        Form::Heading(_) => return Kind::Heading,
        Form::Quote => return Kind::Quote,
        _ => {}
    }
    let next_is_longer = next.is_some_and(|next| word_count(next) > words && ends_sentence(next));
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

/// Whether a line speaks to its reader, or for those who wrote it.
pub(super) fn is_addressed(line: &str) -> bool {
    ADDRESSED.is_match(line)
}

/// "Home › Harbour › Ferry": names with one sign between them.
fn is_breadcrumb(line: &str) -> bool {
    const PART_CHARS: usize = 40;
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

fn is_byline(line: &str) -> bool {
    static BYLINE: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"(?i)^(?:by|von|par|por|di|door|av|af|autor(?:in)?|author|text|reporting by|written by|автор|текст)\s*:?\s+\p{L}|^(?:文|取材|記者|作者|記事)\s*[:：／/＝]\s*\p{L}|^\p{Han}{2,8}(?:記者|编辑)$|^\p{L}[\p{L}\s]{1,20}\s*[（(](?:記者|文)[）)]$")
            .expect("a constant pattern")
    });
    BYLINE.is_match(line) && !ends_sentence(line) || !writers(line).is_empty()
}

pub(super) fn is_update(line: &str) -> bool {
    let lower = line.to_lowercase();
    ["updated", "aktualisiert", "modified", "mis à jour", "actualizado", "更新", "обновлено"]
        .iter()
        .any(|word| lower.contains(word))
}

fn is_lone_caption(line: &str) -> bool {
    let (caption, credit) = split_credit(line);
    !credit.is_empty() && !caption.is_empty() && caption.len() < line.len()
}

/// A notice below the beginning of a story that the rest is for subscribers, and the offer that follows it, are no body.
/// Says whether the beginning is all that there is.
pub(super) fn cut_paywall(lines: &[Line], kinds: &mut [Kind]) -> bool {
    let words = |index: usize| word_count(&lines[index].text);
    let Some(paragraph) = (0..lines.len()).find(|&index| kinds[index].is_body() && is_running(&lines[index])) else {
        return false;
    };
    // From the end up: what is behind a notice is short, and little.
    let (mut after, mut notice) = (0, None);
    for index in (paragraph + 1..lines.len()).rev() {
        let own = words(index);
        after += if kinds[index].is_body() { own } else { 0 };
        if own > NOTICE_WORDS && kinds[index].is_body() || after > PITCH_WORDS {
            break;
        }
        if own <= NOTICE_WORDS && is_paywall_notice(&lines[index].text.to_lowercase()) {
            notice = Some(index);
        }
    }
    let Some(notice) = notice else { return false };
    kinds[notice..].iter_mut().filter(|kind| kind.is_body()).for_each(|kind| *kind = Kind::Paywall);
    (0..notice).filter(|&index| kinds[index].is_body()).map(words).sum::<usize>() <= LONGEST_BEGINNING
}

/// What stands behind the last paragraph is the page's frame: short lines that end no sentence.
pub(super) fn cut_tail(lines: &[Line], kinds: &mut [Kind]) {
    let Some(end) = (0..lines.len()).rev().find(|&index| {
        matches!(kinds[index], Kind::Code | Kind::Row)
            || matches!(kinds[index], Kind::Body | Kind::Item | Kind::Quote)
                && ends_sentence(&lines[index].text)
                && word_count(&lines[index].text) >= 6
    }) else {
        return;
    };
    let has_frame = kinds[end + 1..].iter().any(|kind| {
        matches!(
            kind,
            Kind::Promotion
                | Kind::Comments
                | Kind::Counter
                | Kind::Pointer
                | Kind::Account
                | Kind::Legal
                | Kind::Repeated
        )
    });
    for (line, kind) in lines.iter().zip(kinds.iter_mut()).skip(end + 1) {
        if has_frame && kind.is_body() && word_count(&line.text) <= LABEL_WORDS {
            *kind = Kind::Promotion;
        }
    }
}
