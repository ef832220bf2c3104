//! Lines of a scraped text that were controls, labels and notices on the page, told by the words that pages write on them.

use super::header::Header;
use super::kinds::{Kind, LABEL_WORDS, TIME, is_addressed};
use super::lines::{Form, Line, ends_sentence, is_spoken};
use super::words::{CONTENTS_NAMES, Lines, NETWORK, NEXT_STORY, PAID_LABEL, VOTE, said, says};
use crate::extract::content::{
    FurnitureLine, count_words, cues_of, heads_other_stories, is_credit, is_pointer, is_unspaced, label_key,
    names_beginning, page_label, pitches, points_elsewhere,
};
use regex::Regex;
use std::sync::LazyLock;

/// Words up to which a line can be a control's.
pub(super) const CONTROL_WORDS: usize = 6;

/// Words up to which a line can be an invitation or a notice.
pub(super) const NOTICE_WORDS: usize = 60;

/// Words up to which a line can be an answer to choose, and such answers below a question.
const ANSWER_WORDS: usize = 5;
const ANSWERS: std::ops::RangeInclusive<usize> = 2..=8;

/// Marks, times and numbers of pictures: "01:32", "4.2/5 (12)", "Image 3 of 7".
static NUMBERS: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r"(?ix)^ (?: \d{1,2} (?: :\d{2} ){1,2} | \d{1,2} \s? (?: min\.? | мин\.? | хв\.? | 分 | 分钟 | 분 | دقائق | دقيقة | मिनट ) | \d (?:[.,]\d)? \s? / \s? \d{1,2} \s* \(\d+\)
            | \d{1,2} (?: :\d{2} ){1,2} \s? / \s? \d{1,2} (?: :\d{2} ){1,2} | \d (?: [.,]\d{1,2} )? x | \d{1,3} \s (?: of | von | sur | de | di | van | av | af | z | из ) \s \d{1,3}
            | (?: image | photo | picture | slide | bild | foto | imagen | imagem | immagine | beeld | zdjęcie | фото | 写真 | 图 )
              \s? \d{1,3} \s? (?: / | of | von | sur | de | di | van | av | af | z | из ) \s? \d{1,3} ) $",
    )
    .expect("a constant pattern")
});

/// The way to a page's pictures: "View gallery (5 images)".
static GALLERY: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r"(?ix) \b (?: gallery | galleries | galerie | bildergalerie | galería | galeria | galleria | галере\w+ ) \b .* \d | ^ (?: voir\ les | view\ all | alle ) \s
            \d+ \s (?: photos | images | bilder | fotos ) | [（(] \d+ [枚张張] [)）]$",
    )
    .expect("a constant pattern")
});

/// Lines with controls that stand below a story or beside it, as a whole.
const CONTROLS: &str = "\
post navigation | recent posts | recent comments | archives | categories | blogroll | meta | was this page helpful |
was this page helpful yes no | was this helpful | was this helpful yes no | yes no | view larger map | nearby attractions |
book now | book a table | sign the guest book | sign the guestbook | send flowers | place an obituary | upvote | downvote |
award | share your memories | story saved | log in to reply | download zip | star this repository | leaderboards |
match stats | line ups | head to head | buy photo | rate this recipe | print recipe | back to search results | email address |
your name | reuse this content | gift unlocked article | have your say | report comment | what to read next |
our standards | this live blog is now closed
war diese seite hilfreich | ja nein | beitragsnavigation | neueste beiträge | kategorien | archiv | seite bearbeiten |
rezept drucken | kommentar melden | e mail adresse
navigation de l'article | articles récents | signaler un abus | nos lecteurs ont lu ensuite | mentions légales |
gestion des cookies | cette page vous a t elle été utile | adresse e mail
navegación de entradas | entradas recientes | archivos | ¿te resultó útil | navegação de posts | posts recentes |
arquivos | navigazione articoli | articoli recenti | archivi | stampa la ricetta | berichtnavigatie | recente berichten |
archief | inläggsnavigering | senaste inläggen | arkiv | innleggsnavigasjon | siste innlegg | indlægsnavigation |
seneste indlæg | nawigacja wpisu | najnowsze wpisy | archiwa | navigace pro příspěvek | nejnovější příspěvky
навигация по записям | свежие записи | архивы | рубрики | навигація записів | недавні записи | архіви
پیمایش نوشته | تصفّح المقالات | 投稿ナビゲーション | 最近の投稿 | アーカイブ | カテゴリー | 文章导航 | 近期文章 | 归档 | 기사제보 및 보도자료";

static CONTROL_LINES: LazyLock<Lines> = LazyLock::new(|| Lines::of(CONTROLS));

/// Where a picture stood, without words of its own: "[image]", "<img src=…>".
static IMAGE: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r"(?ix)^ (?: \[ \s? (?: image | photo | picture | inline | video | embed | bild | foto | imagen | imagem | immagine | afbeelding | фото | 画像 | 图片 ) \s? \d* \s? \]
            | < /? [a-z]{1,10} \b [^<>]{0,400} > ) $",
    )
    .expect("a constant pattern")
});

/// "Image 3 of 7: The passage", "[Image: A viaduct]": what a picture shows.
static IMAGE_TEXT: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r"(?ix)^ (?: (?: image | photo | picture | slide | bild | foto | imagen | imagem | immagine | beeld | zdjęcie ) \s \d{1,3} \s (?: of | von | sur | de | di | van | av | af | z ) \s \d{1,3} \s? [:.–-]
            | \[ \s? (?: image | photo | picture | bild | foto | imagen | imagem | immagine | afbeelding ) \s? : .* \] $ )",
    )
    .expect("a constant pattern")
});

/// Whether a line has an arrow; a guillemet alone may open what somebody says.
fn has_arrow(line: &str) -> bool {
    line.contains(['←', '→', '‹', '›']) || line.starts_with("« ") || line.ends_with(" »")
}

/// "4,9 von 5 (17 Bewertungen)", "4.7 from 31 votes": what readers gave, by the numbers in it.
fn is_votes(line: &str) -> bool {
    static VOTES: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(
            r"(?ix)^ [★☆\s]* \d [.,] \d{1,2} \s (?: of | out\ of | von | sur | de | su | van | av | af | z | из | from ) \s \d{1,5} \s? (?: stars? | sterne? | étoiles | votes? | ratings? )? \s? (?: [(（] .{1,30} [)）] )? $",
        )
        .expect("a constant pattern")
    });
    VOTES.is_match(line)
}

/// What a line is that a control or a label of the page left; `bare` is the line without brackets and marks around it.
/// Its `next` line can complete it; `in_header` says that no paragraph stands above.
pub(super) fn label(line: &str, bare: &str, next: Option<&str>, in_header: bool) -> Option<Kind> {
    const MARKS: [char; 7] = ['▶', '►', '⏵', '★', '☆', '✕', '✓'];
    let words = count_words(line);
    if !line.contains(char::is_alphanumeric) && line.contains(MARKS) || NUMBERS.is_match(line) {
        return Some(Kind::Counter);
    }
    if words > NOTICE_WORDS || is_spoken(line) {
        return None;
    }
    if IMAGE_TEXT.is_match(line) {
        return Some(Kind::Caption);
    }
    let lower = bare.to_lowercase();
    let furniture = FurnitureLine::of(&lower);
    let ends = ends_sentence(line);
    if words <= LABEL_WORDS {
        let key = label_key(bare);
        let is_film = || furniture.names_film() && next.is_some_and(|next| NUMBERS.is_match(next));
        if PAID_LABEL.has_key(&key) || page_label(bare).is_some() || furniture.is_label() || is_film() || is_bar(bare) {
            return Some(Kind::Promotion);
        }
        if words <= CONTROL_WORDS && !ends && (in_header && furniture.is_control() || GALLERY.is_match(bare)) {
            return Some(Kind::Pointer);
        }
        let is_arrow = || line.starts_with(['←', '‹', '«']) != line.ends_with(['→', '›', '»']) && has_arrow(line);
        let leads_on = || is_short_pointer(bare) || points_elsewhere(bare, false) || is_arrow();
        if !ends && (leads_on() || heads_other_stories(bare) && !bare.starts_with(char::is_numeric))
            || NEXT_STORY.has_key(&key)
            || CONTROL_LINES.has_key(&key)
            || IMAGE.is_match(line)
        {
            return Some(Kind::Pointer);
        }
        if is_votes(line) {
            return Some(Kind::Counter);
        }
        if pitches(&lower) {
            return Some(Kind::Promotion);
        }
        if !ends && is_credit(&line.to_lowercase()) {
            return Some(Kind::Caption);
        }
    }
    // A whole sentence that speaks to nobody tells of somebody's channel.
    let asks = furniture.asks_to_follow(words, ends && !is_addressed(line), true);
    if in_header && (furniture.tells_of_a_machine(words) || furniture.tells_of_commission(words)) {
        return Some(Kind::Legal);
    }
    let is_call = asks
        || furniture.invites(words)
        || furniture.speaks_of_accounts(words)
        || furniture.offers_mail(words, cues_of(&lower));
    (is_call || furniture.is_placeholder()).then_some(Kind::Promotion)
}

/// What a page's header leaves between its headline and the first paragraph: kickers, badges, buttons. A long list there is
/// the text's own.
pub(super) fn cut_header(lines: &[Line], kinds: &mut [Kind], header: &Header) {
    /// Lines of a header at the most.
    const MOST_LINES: usize = 12;
    /// Words and characters of such a line, and characters where blanks part no words.
    const WORDS: usize = 3;
    const CHARS: usize = 24;
    const UNSPACED_CHARS: usize = 10;
    let Some(title) = header.title else { return };
    let between = title + 1..header.end.max(title + 1);
    let has_digits = |text: &str| text.starts_with(char::is_numeric);
    if between.clone().filter(|&index| kinds[index].is_body()).count() > MOST_LINES {
        return;
    }
    let mut is_contents = false;
    for index in between {
        let text = lines[index].text.as_str();
        // The first entry of a live report stands below its list.
        let is_entry = TIME.is_match(text) || kinds[index] == Kind::Date;
        is_contents = (is_contents || CONTENTS_NAMES.has(text)) && !is_entry;
        let most = if text.chars().any(is_unspaced) { UNSPACED_CHARS } else { CHARS };
        let is_short = text.split_whitespace().count() <= WORDS && text.chars().count() <= most && !has_digits(text);
        let is_label = kinds[index].is_body()
            && kinds[index] != Kind::Item
            && !is_entry
            && !ends_sentence(text)
            && !is_spoken(text);
        // What the text itself marks as a heading is none of the page's labels, and a comma is behind a salutation.
        let is_label = is_label
            && lines[index].form == Form::Running
            && !names_beginning(text)
            && !text.ends_with([',', '，', '、', '،']);
        if is_label && (is_short || is_contents && count_words(text) <= LABEL_WORDS) {
            kinds[index] = Kind::Pointer;
        }
    }
}

/// Rows of networks' names: one alone may be a heading.
pub(super) fn cut_networks(lines: &[Line], kinds: &mut [Kind]) {
    let is_network = |line: &Line| NETWORK.has(&line.text);
    for index in 0..lines.len() {
        let beside = [index.checked_sub(1), Some(index + 1)].into_iter().flatten().filter_map(|near| lines.get(near));
        if kinds[index].is_body() && is_network(&lines[index]) && beside.into_iter().any(is_network) {
            kinds[index] = Kind::Pointer;
        }
    }
}

/// Names of controls and networks that ran into each other: `ShareFacebookWhatsApp`.
fn is_bar(line: &str) -> bool {
    let mut names = Vec::new();
    let (mut from, mut is_small) = (0, false);
    for (at, c) in line.char_indices() {
        if is_small && c.is_uppercase() {
            names.push(line[from..at].trim());
            from = at;
        }
        is_small = c.is_lowercase();
    }
    names.push(line[from..].trim());
    // "WhatsApp" and "LinkedIn" are two such parts.
    let is_known =
        |name: &str| page_label(name).is_some() || NETWORK.has(name) || said(&name.to_lowercase()) & says::POINTS != 0;
    let mut at = 0;
    while at < names.len() {
        let pair = names.get(at + 1).map(|next| format!("{}{next}", names[at]));
        if pair.is_some_and(|pair| is_known(&pair)) {
            at += 2;
        } else if is_known(names[at]) {
            at += 1;
        } else {
            return false;
        }
    }
    names.len() > 2
}

/// Headlines of other stories below a line that heads them, up to the next paragraph. Many more are no such list.
pub(super) fn cut_lists(lines: &[Line], kinds: &mut [Kind]) {
    /// Headlines at the most, and words of one.
    const MOST: usize = 8;
    const WORDS: usize = 20;
    let is_headline = |line: &Line| {
        let text = line.text.as_str();
        !line.is_item && !ends_sentence(text) && !is_spoken(text) && count_words(text) <= WORDS
    };
    for head in 0..lines.len() {
        if !heads_other_stories(&lines[head].text) {
            continue;
        }
        let count = lines[head + 1..].iter().take(MOST + 1).take_while(|line| is_headline(line)).count();
        if count <= MOST {
            kinds[head + 1..=head + count]
                .iter_mut()
                .filter(|kind| kind.is_body())
                .for_each(|kind| *kind = Kind::Pointer);
        }
    }
}

/// Whether a line begins as a pointer to another story does, with a colon behind few words.
fn is_short_pointer(line: &str) -> bool {
    const LEAD_BYTES: usize = 32;
    line.find([':', '：']).is_some_and(|colon| colon <= LEAD_BYTES) && is_pointer(line)
}

/// Questions to readers with answers to choose among, and what is pressed below them. A question of the story's own has
/// neither shares of votes behind its answers nor a button.
pub(super) fn cut_polls(lines: &[Line], kinds: &mut [Kind]) {
    let is_answer =
        |line: &Line| count_words(&line.text) <= ANSWER_WORDS && !ends_sentence(&line.text) && !VOTE.has(&line.text);
    let has_share = |line: &Line| line.text.contains('%');
    for index in 0..lines.len() {
        let text = lines[index].text.as_str();
        if !kinds[index].is_body() || !text.ends_with(['?', '？', '؟']) || count_words(text) > LABEL_WORDS {
            continue;
        }
        let below = &lines[index + 1..];
        let answers = below.iter().take(*ANSWERS.end()).take_while(|line| is_answer(line)).count();
        let buttons = below[answers..].iter().take_while(|line| VOTE.has(&line.text)).count();
        let shares = below[..answers].iter().filter(|line| has_share(line)).count();
        if ANSWERS.contains(&answers) && (buttons > 0 || shares * 2 > answers) {
            // "POLL" stands above.
            let is_name = |above: &usize| count_words(&lines[*above].text) <= 2 && !ends_sentence(&lines[*above].text);
            let from = index.checked_sub(1).filter(is_name).unwrap_or(index);
            kinds[from..=index + answers + buttons]
                .iter_mut()
                .filter(|kind| kind.is_body())
                .for_each(|kind| *kind = Kind::Promotion);
        }
    }
}
