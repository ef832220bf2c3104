//! What ran into a paragraph where only the look of a page parted them: a picture's credit, a mark of advertising, a pointer.
//! They are cut out where both ends of them are certain; the paragraph stays.

use super::lines::{Form, Line};
use crate::extract::content::{count_words, points_elsewhere};
use crate::extract::pictures::split_glued_caption;
use regex::Regex;
use std::sync::LazyLock;

/// Words of a line from which it is a paragraph that something may have run into.
const PARAGRAPH_WORDS: usize = 8;
/// Bytes of a credit and of a pointer, at the most.
const CREDIT_BYTES: usize = 90;
const POINTER_BYTES: usize = 160;
/// Names in a credit at the most.
const CREDIT_NAMES: usize = 6;

/// Lines of a text in which its headline, byline and date stand.
const HEADER_LINES: usize = 15;

/// Small words inside of names.
const PARTICLES: [&str; 14] = ["de", "van", "von", "der", "den", "du", "di", "da", "la", "le", "ter", "al", "af", "av"];

/// Marks of advertising behind the end of a sentence with no blank between them, and credits behind one.
static MARKS: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r#"(?x) [.!?…»”"’] (?:
            (?P<ad> ADVERTISEMENT | Advertisement | ANZEIGE | Anzeige | WERBUNG | Werbung | PUBLICITÉ | Publicité | PUBLICIDAD | Publicidad
                | PUBLICIDADE | Publicidade | PUBBLICITÀ | Pubblicità | ADVERTENTIE | Advertentie | ANNONS | Annons | ANNONSE | Annonse
                | ANNONCE | Annonce | MAINOS | Mainos | REKLAMA | Reklama | РЕКЛАМА | Реклама | REKLAM | Reklam )
            | \ ? (?P<credit> (?: Photos? | PHOTOS? | Fotos? | FOTOS? | Bild | BILD | Beeld | Image | Picture | Credit | Imagen | Imagem | Immagine | Kuva | Fot\.
                | Fotó | Фото | Φωτό | Fotoğraf ) \ ?[:/]\ ? | Photo\ by\  | Foto\ von\  ) )"#,
    )
    .expect("a constant pattern")
});

/// The lines with what ran into them in lines of its own.
pub(super) fn part(lines: Vec<Line>) -> Vec<Line> {
    let mut parted = Vec::with_capacity(lines.len());
    for (index, mut line) in lines.into_iter().enumerate() {
        let may_be = matches!(line.form, Form::Running | Form::Quote);
        let is_paragraph = may_be && line.text.split_whitespace().nth(PARAGRAPH_WORDS).is_some();
        let mut cuts = if is_paragraph { cuts(&line.text) } else { Vec::new() };
        if cuts.is_empty() && may_be && index < HEADER_LINES {
            cuts = header_cuts(&line.text);
        }
        if cuts.is_empty() {
            parted.push(line);
            continue;
        }
        let text = std::mem::take(&mut line.text);
        let ends = cuts.iter().copied().chain([text.len()]);
        let mut from = 0;
        for end in ends {
            let piece = text[from..end].trim();
            if !piece.is_empty() {
                let opens_group = line.opens_group && from == 0;
                parted.push(Line { text: piece.to_owned(), opens_group, inlines: Vec::new(), ..line.clone() });
            }
            from = end;
        }
    }
    parted
}

/// Where a headline's line is parted that byline and date ran into: "… of the old pierBy Jane Roe21 October 2022".
fn header_cuts(text: &str) -> Vec<usize> {
    /// Bytes of such a line at the most.
    const MOST_BYTES: usize = 400;
    static BYLINE: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(
            r#"(?x) [\p{Ll}\p{Lo}\p{N}”"’»?!)] (?P<by>
                (?: By | Von | Par | Por | Di | Door | Av | Af | Autor(?:ka|in)? | Text | Texto | Testo | Tekst | Words | Kirjoittaja | Szerző | Автор | Текст | כתבה? | بقلم | كتب ) :? \s \p{L}
                | [記记]者\p{Han}{2,4}[／/] | 文[／/｜|]\p{Han}{2,4} )"#,
        )
        .expect("a constant pattern")
    });
    static DAY: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(
            r"(?x) \p{L} (?P<day> \d{1,2} [.\ ]? \ ? (?: de\ )? \p{L}{3,12} \.? \ (?: de\ )? (?:19|20)\d{2} | (?:19|20)\d{2} [-./年] \d{1,2} [-./月] \d{1,2} | \d{1,2} [./] \d{1,2} [./] (?:19|20)\d{2} )",
        )
        .expect("a constant pattern")
    });
    if text.len() > MOST_BYTES {
        return Vec::new();
    }
    let by = BYLINE.captures(text).and_then(|found| found.name("by"));
    let day = DAY.captures(text).and_then(|found| found.name("day"));
    let mut cuts: Vec<usize> = by.into_iter().chain(day).map(|found| found.start()).collect();
    cuts.sort_unstable();
    cuts
}

/// Where a line is parted, in order.
fn cuts(text: &str) -> Vec<usize> {
    let mut cuts = Vec::new();
    let mut from = 0;
    if let Some(end) = end_of_pointer(text) {
        cuts.push(end);
        from = end;
    }
    for found in MARKS.captures_iter(&text[from..]) {
        if let Some(ad) = found.name("ad") {
            let (start, end) = (from + ad.start(), from + ad.end());
            let behind = &text[end..];
            let is_whole = behind.trim_start().chars().next().is_none_or(|c| !c.is_lowercase() && !c.is_numeric())
                && (behind.is_empty() || !behind.starts_with(|c: char| ",.:;-".contains(c)));
            if is_whole {
                cuts.extend([start, end]);
                let rest = &text[end..];
                let blanks = rest.len() - rest.trim_start().len();
                if let Some(pointer) = end_of_pointer(rest.trim_start()) {
                    cuts.push(end + blanks + pointer);
                }
            }
        } else if let Some(credit) = found.name("credit") {
            let (start, names) = (from + credit.start(), from + credit.end());
            if let Some(end) = end_of_credit(&text[names..]) {
                cuts.extend([start, names + end]);
            }
        }
    }
    cuts.extend(start_of_caption(text));
    cuts.sort_unstable();
    cuts.dedup();
    cuts.retain(|&cut| cut < text.len());
    cuts
}

/// Where a caption begins with which a paragraph ends, the credit in brackets: "… of brick.Jane Roe on Monday (Photo: dpa)".
fn start_of_caption(text: &str) -> Option<usize> {
    /// Bytes of it at the most.
    const CAPTION_BYTES: usize = 240;
    if !text.ends_with([')', ']', '）']) {
        return None;
    }
    let from = text.ceil_char_boundary(text.len().saturating_sub(CAPTION_BYTES));
    let tail = &text[from..];
    let mut ends = tail.match_indices(['.', '!', '?', '”', '"', '»']).map(|(at, end)| at + end.len());
    let begins = |at: &usize| {
        let small = tail[..*at].trim_end_matches(|c: char| !c.is_alphanumeric()).chars().rev().take(2);
        tail[*at..].starts_with(char::is_uppercase)
            && small.clone().count() == 2
            && small.clone().all(char::is_lowercase)
    };
    let at = ends.find(begins)?;
    split_glued_caption(&tail[at..]).filter(|(_, rest)| rest.is_empty()).map(|_| from + at)
}

/// Where a credit ends that a sentence follows: inside a word (`ANVDe reparatie`), or before the last large word above the
/// first small one ("Ritzau Hun har"). At the line's end it stays, as a caption's.
fn end_of_credit(text: &str) -> Option<usize> {
    let head = &text[..text.floor_char_boundary(CREDIT_BYTES)];
    let mut last = None;
    let mut names = 0;
    for word in head.split(' ') {
        let at = word.as_ptr() as usize - head.as_ptr() as usize;
        if let Some(glue) = glue_in(word) {
            return Some(at + glue);
        }
        if word.starts_with(char::is_lowercase) && !PARTICLES.contains(&word) {
            return last.filter(|_| names > 1);
        }
        if !word.starts_with(char::is_lowercase) {
            // A sentence can begin with a quotation.
            if names > 0 && word.starts_with(['"', '“', '»', '«', '„']) {
                return Some(at);
            }
            names += 1;
            last = Some(at);
        }
        if names > CREDIT_NAMES {
            return None;
        }
    }
    None
}

/// Where a word is two, the second with a capital: `boroughSales`, `ANVDe`. `McNab` and `DeVries` are one.
fn glue_in(word: &str) -> Option<usize> {
    /// Characters of the first, at the least.
    const LEAST: usize = 3;
    let chars: Vec<(usize, char)> = word.char_indices().collect();
    (LEAST..chars.len()).find_map(|index| {
        let ((_, before), (at, c)) = (chars[index - 1], chars[index]);
        let next_is_small = chars.get(index + 1).is_some_and(|(_, next)| next.is_lowercase());
        let begins = c.is_uppercase() && next_is_small;
        let parts =
            before.is_lowercase() || before == ')' || before.is_uppercase() && chars[index - 2].1.is_uppercase();
        (begins && parts).then_some(at)
    })
}

/// Where a pointer to another story ends with which a paragraph begins: "Read more: A tower in townSales have been slow."
fn end_of_pointer(text: &str) -> Option<usize> {
    let head = &text[..text.floor_char_boundary(POINTER_BYTES)];
    if !points_elsewhere(head, false) {
        return None;
    }
    let start = head.find(':').map_or(0, |at| at + 1);
    head[start..].split(' ').find_map(|word| {
        let at = word.as_ptr() as usize - head.as_ptr() as usize;
        glue_in(word).map(|glue| at + glue).filter(|&cut| count_words(&text[cut..]) >= PARAGRAPH_WORDS)
    })
}

#[cfg(test)]
mod tests {
    use super::super::lines::logical_lines;
    use super::*;

    fn parts(text: &str) -> Vec<String> {
        part(logical_lines(text)).into_iter().map(|line| line.text).collect()
    }

    #[test]
    fn credits_are_cut_out_where_both_ends_are_certain() {
        assert_eq!(
            parts("»Vi køber færgen, og så sejler vi,« siger Bo Lind.Foto: Ida Dam/Øens Avis Hun har selv betalt."),
            ["»Vi køber færgen, og så sejler vi,« siger Bo Lind.", "Foto: Ida Dam/Øens Avis", "Hun har selv betalt."]
        );
        assert_eq!(
            parts("De pont vaart dit jaar niet meer, zegt de gemeente.Foto: Jan de Wit/ANVDe reparatie is duur."),
            ["De pont vaart dit jaar niet meer, zegt de gemeente.", "Foto: Jan de Wit/ANV", "De reparatie is duur."]
        );
        for whole in [
            "The picture went for nothing. Photo: a word that he had never liked, he said, and left.",
            "Die Brücke wird im Mai gesperrt, sagt die Stadt, und zwar für ein Jahr. Foto: Rosa Kern",
            "He works for McNab and DeVries. Credit: nobody has ever paid him a penny of it, he says.",
        ] {
            assert_eq!(parts(whole), [whole]);
        }
    }

    #[test]
    fn bylines_and_days_are_cut_off_headlines() {
        assert_eq!(
            parts("The old pier is a bench nowBy Jane Roe21 October 2022 • 4 min read"),
            ["The old pier is a bench now", "By Jane Roe", "21 October 2022 • 4 min read"]
        );
        assert_eq!(parts("El muelle viejo es un bancoPor Ana Ruiz16 de marzo de 2021").len(), 3);
        assert_eq!(parts("Standing By Me"), ["Standing By Me"]);
    }

    #[test]
    fn marks_of_advertising_and_pointers_are_cut_out() {
        assert_eq!(
            parts(
                "He has asked the council whether it has wheels.ADVERTISEMENT Read more: A tower in townSales have been slow this year, and the van is cold."
            ),
            [
                "He has asked the council whether it has wheels.",
                "ADVERTISEMENT",
                "Read more: A tower in town",
                "Sales have been slow this year, and the van is cold."
            ]
        );
        let whole = "It was printed above every such column.Advertisement, they called it, and nobody read it.";
        assert_eq!(parts(whole), [whole]);
    }
}
