//! "3 hours ago": dates that count back from the moment of reading.

use jiff::civil::Date;
use jiff::tz::Offset;
use jiff::{SignedDuration, Timestamp};

/// Words for "ago" that stand before the number.
const BEFORE: &[&str] = &[
    "vor ",
    "hace ",
    "il y a ",
    "há ",
    "fa ",
    "před ",
    "pred ",
    "prije ",
    "pre ",
    "пред ",
    "преди ",
    "acum ",
    "prieš ",
    "pirms ",
    "منذ ",
    "قبل ",
    "לפני ",
    "πριν από ",
    "πριν ",
    "duela ",
    "dhjetra ",
];

/// Words for "ago" that stand behind the unit.
const BEHIND: &[&str] = &[
    "ago",
    "geleden",
    "fa",
    "temu",
    "sitten",
    "назад",
    "тому",
    "önce",
    "əvvəl",
    "lalu",
    "yang lalu",
    "trước",
    "पहले",
    "पूर्वी",
    "আগে",
    "முன்பு",
    "క్రితం",
    "前",
    "전",
    "ที่แล้ว",
    "ที่ผ่านมา",
    "tagasi",
    "siden",
    "sedan",
    "پیش",
    "قبل",
    "پہلے",
    "წინ",
    "iliyopita",
    "síðan",
    "ezelőtt",
    "бұрын",
    "oldin",
    "nakaraan",
    "gelede",
    "таму",
];

/// Beginnings of the words for minutes, hours, days and weeks.
const UNITS: [(&[&str], i64); 4] = [
    (
        &[
            "min",
            "мин",
            "хв",
            "хвил",
            "perc",
            "dakika",
            "dəqiqə",
            "dk",
            "λεπτ",
            "دقيق",
            "دقائق",
            "دقیق",
            "منٹ",
            "דק",
            "मिनट",
            "मिनिट",
            "মিনিট",
            "நிமிட",
            "నిమిష",
            "分",
            "분",
            "นาที",
            "phút",
            "menit",
            "daqiqa",
            "წუთ",
            "dakik",
            "хвіл",
        ],
        60,
    ),
    (
        &[
            "hour",
            "hr",
            "h ",
            "std",
            "stund",
            "heure",
            "hora",
            "ore",
            "ora",
            "oră",
            "uur",
            "uren",
            "tim",
            "tunti",
            "tuntia",
            "godzin",
            "godz",
            "hodin",
            "ur",
            "sat",
            "час",
            "год",
            "órá",
            "óra",
            "saat",
            "ώρ",
            "ساع",
            "گھنٹ",
            "שע",
            "घंट",
            "घण्ट",
            "तास",
            "ঘণ্টা",
            "ঘন্টা",
            "மணி",
            "గంట",
            "小时",
            "小時",
            "時間",
            "시간",
            "ชั่วโมง",
            "giờ",
            "jam",
            "soat",
            "საათ",
            "valand",
            "stund",
            "klst",
            "masaa",
            "oras",
            "гадз",
        ],
        3600,
    ),
    (
        &[
            "day",
            "tag",
            "jour",
            "día",
            "dia",
            "giorn",
            "dag",
            "päiv",
            "dni",
            "dzień",
            "dne",
            "dny",
            "dan",
            "дн",
            "ден",
            "день",
            "nap",
            "gün",
            "ημέρ",
            "μέρ",
            "يوم",
            "أيام",
            "ايام",
            "روز",
            "دن",
            "ימ",
            "יום",
            "दिन",
            "दिवस",
            "দিন",
            "நா",
            "రోజ",
            "天",
            "日",
            "일",
            "วัน",
            "ngày",
            "hari",
            "kun",
            "დღ",
            "dien",
            "zile",
            "zi ",
            "päev",
            "siku",
            "araw",
            "дзён",
        ],
        86_400,
    ),
    (
        &[
            "week",
            "woche",
            "semaine",
            "semana",
            "settiman",
            "weken",
            "veck",
            "uke",
            "uge",
            "viikko",
            "tygod",
            "týdn",
            "недел",
            "тиж",
            "hét",
            "hete",
            "hafta",
            "εβδομ",
            "أسبوع",
            "أسابيع",
            "هفت",
            "ہفت",
            "שבוע",
            "सप्ताह",
            "हफ्त",
            "周",
            "週",
            "주",
            "สัปดาห์",
            "tuần",
            "minggu",
        ],
        604_800,
    ),
];

/// Words for the day itself and the day before.
const DAYS: [(&[&str], i64); 2] = [
    (
        &[
            "today",
            "heute",
            "aujourd'hui",
            "aujourd’hui",
            "hoy",
            "hoje",
            "oggi",
            "vandaag",
            "idag",
            "i dag",
            "tänään",
            "dzisiaj",
            "dziś",
            "dnes",
            "danas",
            "сегодня",
            "сьогодні",
            "днес",
            "bugün",
            "σήμερα",
            "اليوم",
            "امروز",
            "آج",
            "היום",
            "आज",
            "আজ",
            "今天",
            "今日",
            "오늘",
            "วันนี้",
            "hôm nay",
            "hari ini",
            "astăzi",
            "azi",
            "ma",
            "šiandien",
            "šodien",
            "täna",
        ],
        0,
    ),
    (
        &[
            "yesterday",
            "gestern",
            "hier",
            "ayer",
            "ontem",
            "ieri",
            "gisteren",
            "igår",
            "i går",
            "eilen",
            "wczoraj",
            "včera",
            "jučer",
            "juče",
            "вчера",
            "вчора",
            "dün",
            "χθες",
            "أمس",
            "دیروز",
            "کل",
            "אתמול",
            "कल",
            "গতকাল",
            "昨天",
            "昨日",
            "어제",
            "เมื่อวาน",
            "hôm qua",
            "kemarin",
            "tegnap",
            "vakar",
            "eile",
        ],
        1,
    ),
];

/// Largest number that is believed.
const MOST: i64 = 99;

/// The day that a short line gives by counting back from `now`. In UTC, as the fetch is.
pub(super) fn day(line: &str, now: Timestamp) -> Option<Date> {
    let lower = line.to_lowercase();
    let today = Offset::UTC.to_datetime(now).date();
    if let Some(seconds) = seconds_ago(&lower) {
        let then = now.checked_sub(SignedDuration::from_secs(seconds)).ok()?;
        return Some(Offset::UTC.to_datetime(then).date());
    }
    // "Today, 14:30": the word begins the line, or all of it that is no time.
    let words = lower.trim_start_matches(|c: char| !c.is_alphanumeric());
    let is_day = |word: &str| {
        words.strip_prefix(word).is_some_and(|rest| {
            let rest = rest.trim_end();
            let ends = rest.chars().next().is_none_or(|c| !c.is_alphanumeric() || !word.is_ascii() && c.is_numeric());
            ends && !rest.chars().any(|c| c.is_alphabetic() && !"uhrhampto".contains(c))
        })
    };
    let back = DAYS.iter().find(|(names, _)| names.iter().any(|name| is_day(name))).map(|&(_, back)| back)?;
    today.checked_sub(jiff::Span::new().days(back)).ok()
}

fn seconds_ago(lower: &str) -> Option<i64> {
    let mut from = 0;
    while let Some(at) = lower[from..].find(char::is_numeric).map(|at| from + at) {
        let digits = lower[at..].find(|c: char| !c.is_numeric()).map_or(lower.len(), |end| at + end);
        from = digits;
        let value = lower[at..digits].chars().try_fold(0_i64, |value, c| {
            Some((value * 10 + crate::extract::digits::digit_of(c)?).min(i64::from(i32::MAX)))
        });
        let Some(value) = value.filter(|value| (1..=MOST).contains(value)) else { continue };
        let rest = lower[digits..].trim_start();
        let unit = UNITS.iter().flat_map(|(names, seconds)| names.iter().map(move |name| (*name, *seconds)));
        let Some((name, seconds)) = unit.filter(|(name, _)| rest.starts_with(name)).max_by_key(|(name, _)| name.len())
        else {
            continue;
        };
        let front = &lower[..at];
        let is_before = BEFORE
            .iter()
            .any(|word| front.strip_suffix(word).is_some_and(|rest| !rest.ends_with(char::is_alphanumeric)));
        // Behind the unit, with a word of it left: "2 days ago", "3 часа назад", "5分钟前".
        let after = rest[name.len()..].trim_start_matches(|c: char| c.is_alphabetic() && rest.is_ascii());
        let words = || after.split_whitespace().take(3);
        let is_behind = BEHIND.iter().any(|word| {
            let unspaced = matches!(*word, "前" | "전" | "ที่แล้ว" | "ที่ผ่านมา");
            if unspaced {
                after.chars().take(8).collect::<String>().contains(word)
            } else {
                words().any(|it| it == *word)
            }
        });
        if is_before || is_behind {
            return Some(value * seconds);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_count_back_from_the_fetch() {
        let now: Timestamp = "2026-05-20T10:00:00Z".parse().unwrap();
        let cases = [
            ("3 hours ago", "2026-05-20"),
            ("Published 11 hours ago", "2026-05-19"),
            ("2 days ago", "2026-05-18"),
            ("1 week ago", "2026-05-13"),
            ("vor 2 Stunden", "2026-05-20"),
            ("vor 3 Tagen", "2026-05-17"),
            ("hace 2 días", "2026-05-18"),
            ("il y a 5 jours", "2026-05-15"),
            ("há 2 dias", "2026-05-18"),
            ("2 giorni fa", "2026-05-18"),
            ("4 dagen geleden", "2026-05-16"),
            ("för 3 dagar sedan", "2026-05-17"),
            ("2 dni temu", "2026-05-18"),
            ("před 3 dny", "2026-05-17"),
            ("3 дня назад", "2026-05-17"),
            ("12 годин тому", "2026-05-19"),
            ("2 gün önce", "2026-05-18"),
            ("πριν από 2 ημέρες", "2026-05-18"),
            ("منذ ٣ أيام", "2026-05-17"),
            ("۳ روز پیش", "2026-05-17"),
            ("לפני 2 ימים", "2026-05-18"),
            ("3 दिन पहले", "2026-05-17"),
            ("2天前", "2026-05-18"),
            ("5分钟前", "2026-05-20"),
            ("12時間前", "2026-05-19"),
            ("3일 전", "2026-05-17"),
            ("2 ngày trước", "2026-05-18"),
            ("2 hari yang lalu", "2026-05-18"),
            ("Yesterday, 14:30", "2026-05-19"),
            ("gestern, 14:30 Uhr", "2026-05-19"),
            ("今天", "2026-05-20"),
        ];
        for (line, expected) in cases {
            assert_eq!(day(line, now).map(|day| day.to_string()).as_deref(), Some(expected), "{line}");
        }
        for line in
            ["3 min read", "5 comments", "for 3 years", "Yesterday Once More", "vor 12 Jahren", "2 hours of film"]
        {
            assert_eq!(day(line, now), None, "{line}");
        }
    }
}
