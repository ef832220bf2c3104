//! Dates in the lines that readers see, and the words beside them: published, updated, not the article's at all.

use super::calendars;
use super::dates::{self, Reading, Written};
use crate::extract::content::PhraseTable;
use std::sync::LazyLock;

/// What stands before the day of a change.
const UPDATED: &[&str] = &[
    "updated",
    "modified",
    "revised",
    "last edited",
    "aktualisiert",
    "geändert",
    "mis à jour",
    "modifié",
    "actualizado",
    "actualizada",
    "actualización",
    "atualizado",
    "atualizada",
    "atualização",
    "aggiornato",
    "aggiornamento",
    "bijgewerkt",
    "gewijzigd",
    "uppdaterad",
    "oppdatert",
    "opdateret",
    "päivitetty",
    "uppfært",
    "aktualizov",
    "aktualizac",
    "zaktualizowan",
    "frissítve",
    "actualizat",
    "ažurirano",
    "posodobljeno",
    "обновлен",
    "оновлено",
    "актуализ",
    "güncelle",
    "ενημέρωση",
    "ενημερώθηκε",
    "atnaujinta",
    "atjaunots",
    "uuendatud",
    "diperbarui",
    "cập nhật",
    "עודכן",
    "تحديث",
    "به‌روزرسانی",
    "अपडेट",
    "আপডেট",
    "更新",
    "수정",
    "업데이트",
    "อัปเดต",
    "แก้ไข",
    "ปรับปรุง",
    "last update",
    "laatste update",
    "letztes update",
    "laatst bijgewerkt",
    "modifica il",
    "modificato",
    "ultima modifica",
    "modificado",
    "modificada",
    "última modificación",
    "dernière mise",
    "senast ändrad",
    "endret",
    "ændret",
    "muokattu",
    "síðast breytt",
    "upraveno",
    "upravené",
    "izmijenjeno",
    "измењено",
    "ажурирано",
    "изменен",
    "змінено",
    "обновено",
    "абноўлена",
    "жаңартыл",
    "yenilən",
    "yangilan",
    "eguneratu",
    "nuashonraithe",
    "diweddarwyd",
    "përditësuar",
    "imeboreshwa",
    "dikemas kini",
    "dikemaskini",
    "թարմացվ",
    "განახლ",
    "اپ ڈیٹ",
    "بروزرسانی",
    "अद्यतन",
    "হালনাগাদ",
    "અપડેટ",
    "ਅਪਡੇਟ",
    "புதுப்பிக்க",
    "అప్‌డేట్",
    "ನವೀಕರ",
    "അപ്ഡേറ്റ്",
    "යාවත්කාලීන",
    "修改",
    "改定",
];

/// What stands before the day of publication.
const PUBLISHED: &[&str] = &[
    "published",
    "posted",
    "created",
    "first issued",
    "veröffentlich",
    "publiziert",
    "erstellt",
    "erschienen",
    "publié",
    "publicado",
    "publicada",
    "pubblicato",
    "gepubliceerd",
    "publicerad",
    "publisert",
    "publiceret",
    "julkaistu",
    "zveřejněno",
    "publikováno",
    "opublikowan",
    "közzétéve",
    "publicat",
    "objavljeno",
    "опубликован",
    "опубліковано",
    "публикуван",
    "yayın",
    "δημοσίευση",
    "δημοσιεύθηκε",
    "paskelbta",
    "publicēts",
    "avaldatud",
    "dipublikasikan",
    "diterbitkan",
    "đăng",
    "פורסם",
    "نشر",
    "منتشر",
    "تاریخ انتشار",
    "प्रकाशित",
    "প্রকাশ",
    "发布",
    "發布",
    "发表",
    "公開",
    "掲載",
    "입력",
    "등록",
    "게재",
    "เผยแพร่",
    "offentliggjort",
    "udgivet",
    "birt",
    "zverejnené",
    "vydáno",
    "argitaratu",
    "foilsithe",
    "cyhoeddwyd",
    "publikuar",
    "imechapishwa",
    "disiarkan",
    "објављено",
    "апублікавана",
    "жарияла",
    "dərc olun",
    "հրապարակվ",
    "გამოქვეყნდ",
    "شائع",
    "প্রকাশিত",
    "પ્રકાશિત",
    "ਪ੍ਰਕਾਸ਼ਿਤ",
    "வெளியிடப்பட்ட",
    "ప్రచురించ",
    "ಪ್ರಕಟ",
    "പ്രസിദ്ധീകരിച്ച",
    "ចេញផ្សាយ",
    "发稿",
    "投稿日",
    "配信",
];

/// What stands before a date that is not the article's: of a member, of the rights, of the clock.
const OTHERS: &[&str] = &[
    "©",
    "copyright",
    "current time",
    "it is now",
    "it is currently",
    "aktuelle zeit",
    "heure actuelle",
    "hora actual",
    "|joined|",
    "join date",
    "|founded|",
    "member since",
    "|registered|",
    "registriert",
    "mitglied seit",
    "dabei seit",
    "beigetreten",
    "inscrit",
    "inscription",
    "registrado",
    "miembro desde",
    "membro desde",
    "iscritto",
    "lid sinds",
    "medlem sedan",
    "зарегистрирован",
    "регистрация",
    "登録日",
    "注册时间",
];

const IS_UPDATED: u32 = 1;
const IS_PUBLISHED: u32 = 2;
const IS_OTHER: u32 = 4;

static WORDS: LazyLock<PhraseTable> = LazyLock::new(|| PhraseTable::new(&[UPDATED, PUBLISHED, OTHERS]));

/// What a line of the page says of its dates.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Line {
    pub(super) published: Option<Written>,
    pub(super) updated: Option<Written>,
}

impl Line {
    pub(super) fn read(line: &str, reading: Reading<'_>) -> Self {
        if !line.chars().any(|c| c.is_numeric() || calendars::is_numeral(c)) {
            return Self::default();
        }
        let lower = line.to_lowercase();
        // Only the look of a page parts "06:10" and "Updated" where each is an element.
        let mut last_is_digit = false;
        let is_glued =
            lower.chars().any(|c| std::mem::replace(&mut last_is_digit, c.is_numeric()) && c.is_alphabetic());
        let groups = WORDS.matches(&lower) | if is_glued { WORDS.matches(&apart_from_digits(&lower)) } else { 0 };
        if groups & IS_OTHER != 0 {
            return Self::default();
        }
        let first = |words: &[&str]| words.iter().filter_map(|word| lower.find(word)).min();
        let Some(updated) = (groups & IS_UPDATED != 0).then(|| first(UPDATED)).flatten() else {
            return Self { published: dates::written(line, reading), updated: None };
        };
        // "Published 5 March, updated 6 March" and the other way about.
        let published = dates::written(&lower[..updated], reading);
        if published.is_some() {
            let behind = dates::written(&lower[updated..], reading);
            // East Asian languages put the word behind its date.
            let word_is_last = lower[updated..].starts_with(['更', '수', '업']) && groups & IS_PUBLISHED == 0;
            return match behind {
                None if word_is_last => Self { published: None, updated: published },
                updated => Self { published, updated },
            };
        }
        let word = (groups & IS_PUBLISHED != 0).then(|| first(PUBLISHED)).flatten().filter(|&word| word > updated);
        let end = word.unwrap_or(lower.len());
        Self {
            published: dates::written(&lower[end..], reading),
            updated: dates::written(&lower[updated..end], reading),
        }
    }
}

/// Whether a text in lower case has a word for a change and none for publication.
pub(super) fn says_updated(lower: &str) -> bool {
    WORDS.matches(lower) & (IS_UPDATED | IS_PUBLISHED) == IS_UPDATED
}

/// A text with a blank between a digit and a letter behind it.
fn apart_from_digits(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + text.len() / 8);
    for c in text.chars() {
        if c.is_alphabetic() && out.ends_with(char::is_numeric) {
            out.push(' ');
        }
        out.push(c);
    }
    out
}

/// Whether a text in lower case has a word for publication.
pub(super) fn says_published(lower: &str) -> bool {
    WORDS.matches(lower) & IS_PUBLISHED != 0
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(text: &str, language: &str) -> (Option<String>, Option<String>) {
        let line = Line::read(text, Reading { language, host: "" });
        let day = |written: Option<Written>| written.map(|written| written.date.day().to_string());
        (day(line.published), day(line.updated))
    }

    #[test]
    fn lines_tell_publication_from_change() {
        let cases = [
            ("en", "Published 5 March 2024, updated 6 March 2024", Some("2024-03-05"), Some("2024-03-06")),
            ("en", "Updated 6 March 2024 | Published 5 March 2024", Some("2024-03-05"), Some("2024-03-06")),
            ("en", "Last updated: 6 March 2024", None, Some("2024-03-06")),
            ("en", "5 March 2024 / Updated 8 hours ago", Some("2024-03-05"), None),
            ("de", "Aktualisiert am 6. März 2024", None, Some("2024-03-06")),
            ("de", "Stand: 05.03.2024, 14:30 Uhr", Some("2024-03-05"), None),
            ("fr", "Publié le 5 mars 2024, mis à jour le 6 mars 2024", Some("2024-03-05"), Some("2024-03-06")),
            ("ja", "2024年3月5日 公開 2024年3月6日 更新", Some("2024-03-05"), None),
            ("ja", "2024年3月6日更新", None, Some("2024-03-06")),
            ("de", "Registriert: 18.09.2008", None, None),
            ("en", "© 5 March 2024 The Ledger", None, None),
            ("en", "Joined 5 March 2024", None, None),
            (
                "hu",
                "2024. március 5., kedd 18:42Frissítve: 2024. március 6. 06:10",
                Some("2024-03-05"),
                Some("2024-03-06"),
            ),
            ("it", "5 marzo 2024 (modifica il 6 marzo 2024 | 08:12)", Some("2024-03-05"), Some("2024-03-06")),
            ("nl", "laatste update: za 6 maart 2024", None, Some("2024-03-06")),
            ("bn", "প্রকাশ: ৫ মার্চ ২০২৪ হালনাগাদ: ৬ মার্চ ২০২৪", Some("2024-03-05"), Some("2024-03-06")),
        ];
        for (language, text, published, updated) in cases {
            let expected = (published.map(str::to_owned), updated.map(str::to_owned));
            assert_eq!(line(text, language), expected, "{text}");
        }
    }
}
