//! Other calendars and numerals than ours: Jalali (Iran, Afghanistan), the Buddhist era, the eras of East Asia.

use std::ops::RangeInclusive;

/// Years of the Jalali calendar that a page can be of; they are no years of ours that a page can be of.
pub(super) const JALALI_YEARS: RangeInclusive<i64> = 1360..=1420;

/// Months of Iran, and of Afghanistan, which has the same year.
const JALALI_MONTHS: [[&str; 2]; 12] = [
    ["فروردین", "حمل"],
    ["اردیبهشت", "ثور"],
    ["خرداد", "جوزا"],
    ["تیر", "سرطان"],
    ["مرداد", "اسد"],
    ["شهریور", "سنبله"],
    ["مهر", "میزان"],
    ["آبان", "عقرب"],
    ["آذر", "قوس"],
    ["دی", "جدی"],
    ["بهمن", "دلو"],
    ["اسفند", "حوت"],
];

/// The month of the Jalali year that a word names.
pub(super) fn jalali_month(word: &str) -> Option<i64> {
    // "اسفندماه": the word for month, joined to the name.
    let word = word.strip_suffix("ماه").map_or(word, |name| name.trim_end_matches('\u{200c}'));
    (1..).zip(JALALI_MONTHS).find(|(_, names)| names.contains(&word)).map(|(month, _)| month)
}

/// Our date of a Jalali one. Leap years by the cycle of 33 years, which holds for every year in [`JALALI_YEARS`].
pub(super) fn from_jalali(year: i64, month: i64, day: i64) -> Option<(i64, i64, i64)> {
    /// Years of a cycle, counted from its start, that have a day more.
    const LEAP: [i64; 8] = [1, 5, 9, 13, 17, 22, 26, 30];
    /// 1 Farvardin 1360, in days since 1970.
    const START: i64 = 4097;
    let is_leap = |year: i64| LEAP.contains(&year.rem_euclid(33));
    let length = match month {
        1..=6 => 31,
        7..=11 => 30,
        12 => 29 + i64::from(is_leap(year)),
        _ => return None,
    };
    if !(1..=length).contains(&day) {
        return None;
    }
    let years: i64 = (*JALALI_YEARS.start()..year).map(|year| 365 + i64::from(is_leap(year))).sum();
    let months = (month - 1) * 30 + (month - 1).min(6);
    let epoch = jiff::civil::date(1970, 1, 1);
    let date = epoch.checked_add(jiff::Span::new().days(START + years + months + day - 1)).ok()?;
    Some((date.year().into(), date.month().into(), date.day().into()))
}

/// Thailand counts from 543 BC.
pub(super) fn without_buddhist_era(year: i64) -> i64 {
    if (2443..=2643).contains(&year) { year - 543 } else { year }
}

/// A year of two digits in Thailand: of its own era, where that gives a year of ours that a page can be of.
pub(super) fn short_thai_year(year: i64) -> i64 {
    /// Of the 26th century of that era, the years from our 1990 to what is ahead of us by less than a lifetime.
    const OWN: RangeInclusive<i64> = 33..=99;
    if OWN.contains(&year) { without_buddhist_era(2500 + year) } else { 2000 + year }
}

/// The year of ours before the first of an era.
pub(super) fn era(name: &str) -> Option<i64> {
    const ERAS: [(&str, i64); 6] =
        [("令和", 2018), ("平成", 1988), ("昭和", 1925), ("民國", 1911), ("民国", 1911), ("中華民國", 1911)];
    // The name may follow other words without a blank.
    ERAS.iter().find(|(era, _)| name.ends_with(era)).map(|&(_, base)| base)
}

/// Signs of the numbers that Chinese and Japanese write in words, zero to ten. Zero has two more.
const NUMERALS: [char; 11] = ['〇', '一', '二', '三', '四', '五', '六', '七', '八', '九', '十'];

/// Whether a sign is one of the numerals.
pub(super) fn is_numeral(c: char) -> bool {
    NUMERALS.contains(&c) || matches!(c, '零' | '○')
}

/// The value of a run of numerals, and its digits: `二〇二四` and `二十五`.
pub(super) fn numeral(text: &str) -> Option<(i64, usize)> {
    let digit = |c: char| (0..=10).zip(NUMERALS).find(|&(_, sign)| sign == c).map_or(0, |(value, _)| value);
    if let Some((tens, units)) = text.split_once('十') {
        let value = |text: &str, missing: i64| match text.chars().count() {
            0 => Some(missing),
            1 => text.chars().next().map(digit),
            _ => None,
        };
        return Some((value(tens, 1)? * 10 + value(units, 0)?, 2));
    }
    let count = text.chars().count();
    (count <= 4).then(|| (text.chars().fold(0, |value, c| value * 10 + digit(c)), count))
}
