//! Lines of a scraped text that were controls, labels and notices on the page, told by the words that pages write on them.

use super::kinds::{Kind, LABEL_WORDS, is_addressed, is_running};
use super::lines::{Line, ends_sentence, is_spoken};
use crate::extract::content::{COLOPHON_REACH, ClosingLine, FurnitureLine, count_words, is_credit, is_pointer};
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
        r"(?ix)^ (?: \d{1,2} (?: :\d{2} ){1,2} | \d (?:[.,]\d)? \s? / \s? \d{1,2} \s* \(\d+\)
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

/// Labels of advertising, of lists of other stories, and of the way up, which are all of their line.
const LABELS: &[&str] = &[
    "pubblicità",
    "continua após a publicidade",
    "广告",
    "廣告",
    "광고",
    "إعلان",
    "विज्ञापन",
    "reklame",
    "annonse",
    "annons",
    "advertentie",
    "reklam",
    "reklama",
    "διαφήμιση",
    "iklan",
    "quảng cáo",
    "โฆษณา",
    "פרסומת",
    "mainos",
    "hirdetés",
    "publicitate",
    "oglas",
    "sponsored",
    "gesponsert",
    "sponsorisé",
    "patrocinado",
    "sponsorizzato",
    "gesponsord",
    "赞助",
    "スポンサー",
    "most read",
    "most popular",
    "trending",
    "trending now",
    "meistgelesen",
    "meist gelesen",
    "les plus lus",
    "les + lus",
    "lo más leído",
    "más leídas",
    "mais lidas",
    "più letti",
    "i più letti",
    "meest gelezen",
    "mest lästa",
    "mest läst",
    "mest leste",
    "mest læste",
    "luetuimmat",
    "najczęściej czytane",
    "nejčtenější",
    "legolvasottabb",
    "cele mai citite",
    "самое читаемое",
    "популярное",
    "найпопулярніше",
    "en çok okunanlar",
    "الأكثر قراءة",
    "הנקראות ביותר",
    "सबसे ज्यादा पढ़ी गई",
    "アクセスランキング",
    "人気記事",
    "热门文章",
    "熱門文章",
    "多く読まれている記事",
    "많이 본 기사",
    "back to top",
    "top",
    "nach oben",
    "zum seitenanfang",
    "haut de page",
    "volver arriba",
    "torna su",
    "naar boven",
    "till toppen",
    "do góry",
    "nahoru",
    "наверх",
    "ページの先頭へ",
    "返回顶部",
    "load video",
    "load content",
    "externen inhalt laden",
    "inhalt laden",
    "accept",
    "akzeptieren",
    "accepter",
    "aceptar",
    "aceptar y ver",
    "accetta",
    "aceitar",
    "разрешить",
    "許可する",
    "save",
    "merken",
    "enregistrer",
    "guardar",
    "save for later",
    "lire plus tard",
    "guardar para después",
    "保存",
    "あとで読む",
];

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
        if LABELS.contains(&lower.as_str()) || furniture.is_label() || is_film() {
            return Some(Kind::Promotion);
        }
        if words <= CONTROL_WORDS && !ends && (in_header && furniture.is_control() || GALLERY.is_match(bare)) {
            return Some(Kind::Pointer);
        }
        let leads_on = || POINTERS.iter().any(|lead| lower.starts_with(lead)) || is_short_pointer(bare);
        if !ends && leads_on() {
            return Some(Kind::Pointer);
        }
        if !ends && is_credit(&line.to_lowercase()) {
            return Some(Kind::Caption);
        }
    }
    // A whole sentence that speaks to nobody tells of somebody's channel.
    let asks = furniture.asks_to_follow(words) && (!ends || is_addressed(line));
    let tracks = furniture.names_cookies() && is_addressed(line);
    (asks || tracks || furniture.invites(words) || furniture.is_placeholder()).then_some(Kind::Promotion)
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
        let line = ClosingLine {
            text,
            lower: &text.to_lowercase(),
            words: count_words(text),
            ends_sentence: ends_sentence(text),
            // Which words were links is not known here; what somebody says in the story is none.
            has_link: !is_spoken(text),
            is_last,
            site: None,
        };
        if line.is_colophon() {
            kinds[index] = Kind::Colophon;
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
