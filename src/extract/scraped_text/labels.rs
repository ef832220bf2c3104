//! Lines of a scraped text that were controls, labels and notices on the page, told by the words that pages write on them.

use super::kinds::{Kind, LABEL_WORDS, is_addressed, is_running};
use super::lines::{Form, Line, ends_sentence, is_spoken};
use crate::extract::content::{
    COLOPHON_REACH, ClosingLine, FurnitureLine, count_words, cues_of, heads_other_stories, introduces_writer,
    is_credit, is_pointer, is_unspaced, names_beginning, page_label, points_elsewhere,
};
use crate::extract::metadata::is_person;
use regex::Regex;
use std::sync::LazyLock;

/// Words up to which a line can be a control's.
const CONTROL_WORDS: usize = 6;

/// Words up to which a line can be an invitation or a notice.
const NOTICE_WORDS: usize = 60;

/// Words up to which a line can be a button's answer to a question.
const ANSWER_WORDS: usize = 2;

/// Marks, times and numbers of pictures: "01:32", "4.2/5 (12)", "Image 3 of 7".
static NUMBERS: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r"(?ix)^ (?: \d{1,2} (?: :\d{2} ){1,2} | \d{1,2} \s? (?: min\.? | мин\.? | хв\.? | 分 | 分钟 | 분 | دقائق | دقيقة | मिनट ) | \d (?:[.,]\d)? \s? / \s? \d{1,2} \s* \(\d+\)
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

/// How pointers to other stories begin, with or without a colon.
const POINTERS: &[&str] = &[
    "leggi anche",
    "lees ook",
    "läs också",
    "les også",
    "læs også",
    "lue myös",
    "czytaj także",
    "czytaj też",
    "zobacz też",
    "zobacz także",
    "lea también",
    "lee también",
    "leia também",
    "veja também",
    "lire aussi",
    "à lire aussi",
    "a lire aussi",
    "lesen sie auch",
    "citește și",
    "citiți și",
    "čtěte také",
    "přečtěte si",
    "читайте также",
    "читайте також",
    "διαβάστε επίσης",
    "διαβάστε ακόμα",
    "اقرأ أيضا",
    "קראו גם",
    "यह भी पढ़ें",
    "관련기사",
    "관련 기사",
    "baca juga",
    "xem thêm",
    "đọc thêm",
    "あわせて読みたい",
    "関連記事",
    "延伸阅读",
    "延伸閱讀",
    "相关阅读",
    "相關閱讀",
    "相关新闻",
    "view this post on",
    "sieh dir diesen beitrag",
    "voir cette publication sur",
    "ver esta publicación en",
    "ver esta publicação no",
    "visualizza questo post su",
    "dit bericht op instagram",
    "visa detta inlägg",
    "se dette innlegget",
    "wyświetl ten post",
    "посмотреть эту публикацию",
    "bu gönderiyi",
    "この投稿をinstagram",
    "instagram에서 이 게시물",
    "在 instagram 查看",
    "next article",
    "previous article",
    "next story",
    "nächster artikel",
    "vorheriger artikel",
    "article suivant",
    "article précédent",
    "siguiente noticia",
    "siguiente artículo",
    "próxima notícia",
    "próximo artigo",
    "articolo successivo",
    "articolo precedente",
    "volgend artikel",
    "следующая новость",
    "следующая статья",
    "предыдущая новость",
    "次の記事",
    "前の記事",
    "下一篇",
    "上一篇",
    "다음 기사",
    "이전 기사",
    "más sobre este tema",
    "más noticias",
    "mehr zu diesem thema",
    "sur le même sujet",
    "più letti",
    "read this article in",
    "read this story in",
];

/// What a list of the story's parts is called.
const CONTENTS: [&str; 16] = [
    "in this article",
    "table of contents",
    "contents",
    "inhaltsverzeichnis",
    "in diesem artikel",
    "sommaire",
    "dans cet article",
    "en este artículo",
    "índice",
    "indice",
    "in dit artikel",
    "содержание",
    "в этой статье",
    "目次",
    "目录",
    "목차",
];

/// Where a line sends the story on; what is shared there stands in lines of its own.
const NETWORKS: [&str; 36] = [
    "facebook",
    "x",
    "twitter",
    "x (twitter)",
    "whatsapp",
    "telegram",
    "linkedin",
    "pinterest",
    "reddit",
    "bluesky",
    "threads",
    "instagram",
    "messenger",
    "flipboard",
    "pocket",
    "line",
    "xing",
    "viber",
    "email",
    "e-mail",
    "mail",
    "вконтакте",
    "одноклассники",
    "微博",
    "微信",
    "카카오톡",
    "페이스북",
    "فيسبوك",
    "واتساب",
    "link kopieren",
    "copier le lien",
    "copiar enlace",
    "copia link",
    "скопировать ссылку",
    "リンクをコピー",
    "复制链接",
];

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
    let lower = bare.to_lowercase();
    let furniture = FurnitureLine::of(&lower);
    let ends = ends_sentence(line);
    if words <= LABEL_WORDS {
        let is_film = || furniture.names_film() && next.is_some_and(|next| NUMBERS.is_match(next));
        if page_label(bare).is_some() || furniture.is_label() || is_film() || is_bar(bare) {
            return Some(Kind::Promotion);
        }
        if words <= CONTROL_WORDS && !ends && (in_header && furniture.is_control() || GALLERY.is_match(bare)) {
            return Some(Kind::Pointer);
        }
        let leads_on = || {
            POINTERS.iter().any(|lead| lower.starts_with(lead))
                || is_short_pointer(bare)
                || points_elsewhere(bare, false)
        };
        if !ends && leads_on() {
            return Some(Kind::Pointer);
        }
        if !ends && is_credit(&line.to_lowercase()) {
            return Some(Kind::Caption);
        }
    }
    // A whole sentence that speaks to nobody tells of somebody's channel.
    let asks = furniture.asks_to_follow(words, ends && !is_addressed(line), true);
    let tracks = furniture.names_cookies() && is_addressed(line);
    if in_header && (furniture.tells_of_a_machine(words) || furniture.tells_of_commission(words)) {
        return Some(Kind::Legal);
    }
    let is_call = asks
        || tracks
        || furniture.invites(words)
        || furniture.speaks_of_accounts(words)
        || furniture.offers_mail(words, cues_of(&lower));
    (is_call || furniture.is_placeholder()).then_some(Kind::Promotion)
}

/// What a page's header leaves between its headline and the first paragraph: kickers, badges, buttons. A long list there is
/// the text's own.
pub(super) fn cut_header(lines: &[Line], kinds: &mut [Kind]) {
    /// Lines of a header at the most.
    const MOST_LINES: usize = 12;
    /// Words and characters of such a line, and characters where blanks part no words.
    const WORDS: usize = 3;
    const CHARS: usize = 24;
    const UNSPACED_CHARS: usize = 10;
    let Some(title) = kinds.iter().position(|&kind| kind == Kind::Title) else { return };
    let Some(lead) = (title + 1..lines.len()).find(|&index| is_running(&lines[index])) else { return };
    let header = title + 1..lead;
    let has_digits = |text: &str| text.starts_with(char::is_numeric);
    if header.clone().filter(|&index| kinds[index].is_body()).count() > MOST_LINES {
        return;
    }
    let mut is_contents = false;
    for index in header {
        let text = lines[index].text.as_str();
        let lower = text.to_lowercase();
        let name = lower.trim_matches(|c: char| !c.is_alphanumeric());
        is_contents |= CONTENTS.contains(&name);
        let most = if text.chars().any(is_unspaced) { UNSPACED_CHARS } else { CHARS };
        let is_short = text.split_whitespace().count() <= WORDS && text.chars().count() <= most && !has_digits(text);
        let is_label = kinds[index].is_body() && kinds[index] != Kind::Item && !ends_sentence(text) && !is_spoken(text);
        // What the text itself marks as a heading is none of the page's labels, and a comma is behind a salutation.
        let is_label = is_label && lines[index].form == Form::Running && !text.ends_with([',', '，', '、', '،']);
        let is_label = is_label && !names_beginning(name);
        if is_label && (is_short || is_contents && count_words(text) <= LABEL_WORDS) {
            kinds[index] = Kind::Pointer;
        }
    }
}

/// Rows of networks' names: one alone may be a heading.
pub(super) fn cut_networks(lines: &[Line], kinds: &mut [Kind]) {
    let is_network = |line: &Line| NETWORKS.contains(&line.text.to_lowercase().as_str());
    for index in 0..lines.len() {
        let beside = [index.checked_sub(1), Some(index + 1)].into_iter().flatten().filter_map(|near| lines.get(near));
        if kinds[index].is_body() && is_network(&lines[index]) && beside.into_iter().any(is_network) {
            kinds[index] = Kind::Pointer;
        }
    }
}

/// The line of a writer's name, close above a paragraph about her that begins with it: "Jane Roe", "Town correspondent",
/// "Jane has written about the harbour for nine years." Where several names stand so, the text is about these people.
fn name_above(lines: &[Line], kinds: &[Kind], biography: usize) -> Option<usize> {
    const REACH: usize = 3;
    let text = lines[biography].text.as_str();
    let is_of = |&above: &usize| {
        let name = lines[above].text.as_str();
        let first = name.split_whitespace().next().unwrap_or_default();
        kinds[above].is_body()
            && is_person(name)
            && text.strip_prefix(first).is_some_and(|rest| rest.starts_with([' ', ',', '’', '\'']))
    };
    let is_sentence = ends_sentence(text) && count_words(text) > CONTROL_WORDS;
    let found = is_sentence.then(|| (biography.saturating_sub(REACH)..biography).find(is_of)).flatten()?;
    let names = lines.iter().zip(kinds).filter(|(line, kind)| kind.is_body() && is_person(&line.text));
    (names.count() == 1).then_some(found)
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
    let is_known = |name: &str| page_label(name).is_some() || NETWORKS.contains(&name.to_lowercase().as_str());
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

/// The lines below the last paragraph that say who made the story, and what readers are asked for.
pub(super) fn cut_colophon(lines: &[Line], kinds: &mut [Kind]) {
    let Some(lead) = (0..lines.len()).find(|&index| kinds[index].is_body() && is_running(&lines[index])) else {
        return;
    };
    let (mut is_last, mut looked_at) = (true, 0);
    for index in (lead + 1..lines.len()).rev() {
        if !kinds[index].is_body() {
            continue;
        }
        let text = lines[index].text.as_str();
        let (lower, words) = (text.to_lowercase(), count_words(text));
        let line = ClosingLine {
            text,
            lower: &lower,
            words,
            ends_sentence: ends_sentence(text),
            // Which words were links is not known here; what somebody says in the story is none.
            has_link: !is_spoken(text),
            is_last,
            site: None,
        };
        let furniture = FurnitureLine::of(&lower);
        let is_notice = furniture.is_legal() || furniture.asks_to_install(words) || furniture.tells_of_a_machine(words);
        if line.is_colophon() || is_last && words <= NOTICE_WORDS && is_notice {
            kinds[index] = Kind::Colophon;
            continue;
        }
        // "About the author", and what is said there.
        let heading = index.checked_sub(1).filter(|&above| introduces_writer(&lines[above].text));
        if is_last
            && words <= NOTICE_WORDS
            && let Some(from) = heading
        {
            kinds[from..=index].fill(Kind::Colophon);
            continue;
        }
        if is_last && let Some(name) = name_above(lines, kinds, index) {
            kinds[name..=index].iter_mut().filter(|kind| kind.is_body()).for_each(|kind| *kind = Kind::Colophon);
            continue;
        }
        // "Was this helpful?" "Yes" "No".
        let is_answer = |line: &Line| count_words(&line.text) <= ANSWER_WORDS && !ends_sentence(&line.text);
        if text.ends_with(['?', '？', '؟'])
            && lines.get(index + 1..index + 3).is_some_and(|answers| answers.iter().all(is_answer))
        {
            kinds[index..index + 3].fill(Kind::Promotion);
            continue;
        }
        is_last = false;
        looked_at += 1;
        if looked_at == COLOPHON_REACH {
            return;
        }
    }
}
