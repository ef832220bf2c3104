//! The language of the text: declared, and checked against its script and its words.

use super::head::Head;
use super::json_ld::Node;
use crate::model::letters::is_alphabetic;
use whatlang::{Lang, Script};

/// Shortest text that detection says anything of, in characters.
const LEAST_CHARS: usize = 60;
/// How much of a text detection reads, in bytes.
const DETECTED_BYTES: usize = 600;

/// Chooses the language: declared, if the text does not plainly contradict it; else detected.
pub(super) fn choose(head: &Head, node: Option<&Node<'_>>, text: &str) -> Option<(String, &'static str)> {
    let declared = [
        (Some(head.html_language().to_owned()), "html lang"),
        (head.meta(&["og:locale"]).map(|locale| locale.replace('_', "-")), "og:locale"),
        (head.meta(&["content-language", "language", "dc.language", "dcterms.language"]).map(str::to_owned), "meta"),
        (node.and_then(|node| node.text("inLanguage")), "JSON-LD"),
    ];
    let declared: Vec<(String, &'static str)> =
        declared.into_iter().filter_map(|(tag, source)| Some((canonical(&tag?)?, source))).collect();
    let primary = |tag: &str| tag.split('-').next().unwrap_or_default().to_owned();
    if let Some(found) = declared.iter().find(|(tag, _)| has_function_words(&primary(tag), text)) {
        return Some(found.clone());
    }
    let Some((found, sure)) = detect(text) else { return declared.into_iter().next() };
    // Templates declare one language for all pages, and the page another.
    let is_found = |tag: &str| sure && primary(tag) == found;
    let is_open = |tag: &str| !sure || related(&primary(tag), found) || may_be(&primary(tag), found, text);
    let chosen =
        declared.iter().find(|(tag, _)| is_found(tag)).or_else(|| declared.iter().find(|(tag, _)| is_open(tag)));
    chosen.cloned().or_else(|| Some((found.to_owned(), "text")))
}

/// Whether a text can be of a language that the detector does not know, and takes for another.
fn may_be(language: &str, found: &str, text: &str) -> bool {
    /// Languages that the detector does not know and that are written in another script than the Latin.
    const OTHER_SCRIPTS: [&str; 24] = [
        "ab", "av", "ba", "bo", "ce", "ckb", "cv", "dv", "dz", "kk", "ky", "lo", "mn", "os", "ps", "sa", "sah", "sd",
        "tg", "ti", "tt", "tyv", "ug", "as",
    ];
    /// Languages with a script of their own, by which they are known.
    const BY_SCRIPT: [&str; 9] = ["ja", "ko", "th", "el", "he", "yi", "ka", "zh", "hy"];
    if whatlang::Lang::all().iter().any(|&lang| code(lang) == Some(language)) || BY_SCRIPT.contains(&found) {
        return false;
    }
    let latin = text.chars().take(DETECTED_BYTES).filter(char::is_ascii_alphabetic).count() * 2
        > text.chars().take(DETECTED_BYTES).filter(|&c| is_alphabetic(c)).count();
    latin != OTHER_SCRIPTS.contains(&language) && !has_function_words(found, text)
}

/// Whether a text is plainly of a language by the words that hold its sentences together. Where a page declares one of these
/// languages that spares the detector, which weighs the text against all that it knows.
fn has_function_words(language: &str, text: &str) -> bool {
    /// Frequent words of each language that the others here have seldom or not at all.
    const WORDS: [(&str, &[&str]); 9] = [
        ("en", &["the", "and", "of", "that", "with", "from", "this", "have", "has", "their", "by", "is"]),
        ("de", &["der", "die", "und", "das", "dem", "den", "ist", "nicht", "mit", "für", "von", "auf", "ein"]),
        ("fr", &["le", "les", "des", "dans", "pour", "est", "du", "une", "qui", "au", "pas", "et"]),
        ("es", &["el", "los", "las", "del", "y", "por", "con", "su", "para", "al", "más", "se"]),
        ("it", &["il", "che", "della", "di", "per", "sono", "non", "nel", "gli", "è", "ha", "alla"]),
        ("pt", &["os", "do", "da", "em", "um", "não", "uma", "com", "na", "ao", "dos", "foi"]),
        ("nl", &["het", "een", "van", "dat", "niet", "voor", "zijn", "aan", "ook", "wordt", "naar", "bij"]),
        ("sv", &["och", "att", "är", "som", "på", "inte", "ett", "från", "också", "efter"]),
        ("pl", &["w", "z", "się", "jest", "nie", "przez", "oraz", "że", "dla", "jak"]),
    ];
    /// Words under which a text says nothing, and of how many of them at least one is of these: of 1,700 real texts none
    /// passed for two of the languages so.
    const LEAST_WORDS: usize = 30;
    const ONE_IN: usize = 10;
    let Some((_, known)) = WORDS.iter().find(|(code, _)| *code == language) else { return false };
    let text = &text[..text.floor_char_boundary(DETECTED_BYTES)];
    let (mut words, mut hits) = (0, 0);
    for word in text.split(|c| !is_alphabetic(c)).filter(|word| !word.is_empty()) {
        words += 1;
        hits += usize::from(known.iter().any(|known| known.eq_ignore_ascii_case(word)));
    }
    words >= LEAST_WORDS && hits * ONE_IN >= words
}

/// Pairs that statistics over letters take for each other.
fn related(one: &str, other: &str) -> bool {
    const GROUPS: [&[&str]; 12] = [
        &["no", "nb", "nn", "da", "sv"],
        &["hr", "sr", "bs", "sl", "mk"],
        &["id", "ms", "jv"],
        &["cs", "sk"],
        &["pt", "gl", "es", "ca"],
        &["ru", "uk", "be", "bg"],
        &["hi", "mr", "ne"],
        &["af", "nl"],
        &["tr", "az", "tk"],
        &["fa", "ur", "ar", "ps"],
        &["zh", "yue"],
        &["tl", "fil"],
    ];
    GROUPS.iter().any(|group| group.contains(&one) && group.contains(&other))
}

/// A BCP 47 tag in its usual case, or `None` for what is none.
fn canonical(tag: &str) -> Option<String> {
    let tag = tag.trim().replace('_', "-");
    let mut parts = tag.split('-');
    let primary = parts.next()?.to_ascii_lowercase();
    if !(2..=3).contains(&primary.len()) || !primary.bytes().all(|byte| byte.is_ascii_lowercase()) {
        return None;
    }
    let mut out = primary;
    for part in parts {
        if part.is_empty() || part.len() > 8 || !part.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
            break;
        }
        out.push('-');
        match part.len() {
            2 => out.push_str(&part.to_ascii_uppercase()),
            4 if part.bytes().all(|byte| byte.is_ascii_alphabetic()) => {
                out.push_str(&part[..1].to_ascii_uppercase());
                out.push_str(&part[1..].to_ascii_lowercase());
            }
            _ => out.push_str(&part.to_ascii_lowercase()),
        }
    }
    Some(out)
}

/// The language of a text as a two-letter code, and whether that is sure.
pub(in crate::extract) fn detect(text: &str) -> Option<(&'static str, bool)> {
    let text = &text[..text.floor_char_boundary(DETECTED_BYTES)];
    if let Some(language) = by_letters(text) {
        return Some((language, true));
    }
    let info = whatlang::detect(text)?;
    let long = text.chars().count() >= LEAST_CHARS;
    let own_script = matches!(
        info.script(),
        Script::Hiragana
            | Script::Katakana
            | Script::Hangul
            | Script::Thai
            | Script::Greek
            | Script::Hebrew
            | Script::Georgian
    );
    if !long && !own_script {
        return None;
    }
    Some((code(info.lang())?, info.is_reliable() || own_script))
}

/// The language of a Cyrillic text by letters that no other has: the detector takes them all for Russian.
fn by_letters(text: &str) -> Option<&'static str> {
    /// Letters of each that the languages before it here have not.
    const LETTERS: [(&str, &[char]); 7] = [
        ("ba", &['ҙ', 'ҡ', 'ҫ']),
        ("kk", &['ұ', 'Ұ']),
        ("tg", &['ҷ', 'ӣ', 'ӯ']),
        ("uz", &['қ', 'ҳ', 'ў']),
        ("tt", &['җ', 'ә']),
        ("ky", &['ң', 'ө', 'ү']),
        ("mn", &['ө', 'ү']),
    ];
    /// Of how many letters at least one is of those.
    const ONE_IN: usize = 60;
    let letters = text.chars().filter(|&c| is_alphabetic(c)).count();
    // Most pages have no letter of the block.
    if letters < LEAST_CHARS || !text.contains(|c: char| matches!(c, '\u{0490}'..='\u{04FF}')) {
        return None;
    }
    LETTERS.iter().find_map(|(language, own)| {
        let count = |set: &[char]| text.chars().filter(|c| set.contains(c)).count();
        let has_all = match *language {
            "uz" => own.iter().all(|c| text.contains(*c)),
            "ky" => text.contains('ң'),
            _ => true,
        };
        (has_all && count(own) * ONE_IN >= letters).then_some(*language)
    })
}

/// ISO 639-1 codes of what the detector knows.
fn code(lang: Lang) -> Option<&'static str> {
    Some(match lang.code() {
        "epo" => "eo",
        "eng" => "en",
        "rus" => "ru",
        "cmn" => "zh",
        "spa" => "es",
        "por" => "pt",
        "ita" => "it",
        "ben" => "bn",
        "fra" => "fr",
        "deu" => "de",
        "ukr" => "uk",
        "kat" => "ka",
        "ara" => "ar",
        "hin" => "hi",
        "jpn" => "ja",
        "heb" => "he",
        "yid" => "yi",
        "pol" => "pl",
        "amh" => "am",
        "jav" => "jv",
        "kor" => "ko",
        "nob" => "nb",
        "dan" => "da",
        "swe" => "sv",
        "fin" => "fi",
        "tur" => "tr",
        "nld" => "nl",
        "hun" => "hu",
        "ces" => "cs",
        "ell" => "el",
        "bul" => "bg",
        "bel" => "be",
        "mar" => "mr",
        "kan" => "kn",
        "ron" => "ro",
        "slv" => "sl",
        "hrv" => "hr",
        "srp" => "sr",
        "mkd" => "mk",
        "lit" => "lt",
        "lav" => "lv",
        "est" => "et",
        "tam" => "ta",
        "vie" => "vi",
        "urd" => "ur",
        "tha" => "th",
        "guj" => "gu",
        "uzb" => "uz",
        "pan" => "pa",
        "aze" => "az",
        "ind" => "id",
        "tel" => "te",
        "pes" => "fa",
        "mal" => "ml",
        "ori" => "or",
        "mya" => "my",
        "nep" => "ne",
        "sin" => "si",
        "khm" => "km",
        "tuk" => "tk",
        "aka" => "ak",
        "zul" => "zu",
        "sna" => "sn",
        "afr" => "af",
        "lat" => "la",
        "slk" => "sk",
        "cat" => "ca",
        "tgl" => "tl",
        "hye" => "hy",
        "cym" => "cy",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn function_words_tell_a_language() {
        let german = "Die Fähre fährt seit Montag wieder, und auf dem Anleger standen schon am frühen Morgen vierzig Leute \
            mit Rädern, Körben und zwei Ziegen. Der Kapitän sagte, er habe den See noch nie so still gesehen wie in den \
            Wochen ohne Boot.";
        assert!(has_function_words("de", german));
        for other in ["en", "fr", "nl", "sv", "es", "it", "pt", "pl", "xx"] {
            assert!(!has_function_words(other, german), "{other}");
        }
        assert!(!has_function_words("de", "Die Fähre und der Kapitän"));
    }

    #[test]
    fn the_detector_does_not_overrule_a_language_that_it_does_not_know() {
        let basque = "Udal batzordeak erabaki du ibai ondoko geltoki zaharra ez eraistea, eta lau urteren buruan \
            liburutegi eta museo txiki bihurtzea. Obrek hiru milioi euro inguru balioko dute; erdia aldundiak jarriko du.";
        let english = "The ferry is back on the lake, and forty people with bicycles and two goats were on the pier in the \
            early morning. The captain said that he had not seen the water as still as in the weeks without a boat.";
        assert!(may_be("eu", "id", basque) && may_be("sq", "fr", basque));
        assert!(!may_be("eu", "en", english) && !may_be("de", "id", basque) && !may_be("kk", "id", basque));
        let kazakh = "Тұрғындар бұл жаңалықты көп жыл күткенін және музейге тапсыру үшін үйлерінде ескі суреттерді сақтап \
            жүргенін айтады.";
        assert_eq!(by_letters(kazakh), Some("kk"));
        assert_eq!(
            by_letters("Жители соседних домов надеются, что строительство не затянется, а тропа вдоль воды открыта."),
            None
        );
    }

    #[test]
    fn tags_take_their_usual_form() {
        assert_eq!(canonical("EN_us").as_deref(), Some("en-US"));
        assert_eq!(canonical("zh-hans-cn").as_deref(), Some("zh-Hans-CN"));
        assert_eq!(canonical("english"), None);
        assert_eq!(canonical(""), None);
    }
}
