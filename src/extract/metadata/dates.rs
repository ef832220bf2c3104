//! Dates as people write them in news pages, in the languages of the world's press.

use super::calendars;
use super::month_names::{known_language, month_named, plain_letter};
use crate::extract::digits::digit_of;
use crate::model::ArticleDate;
use jiff::civil::{Date, DateTime, Time};
use jiff::fmt::temporal::Pieces;
use jiff::tz::Offset;

/// Years that a declared publication date can lie in: archives go back to the first newspapers.
const YEARS: std::ops::RangeInclusive<i16> = 1800..=2100;

/// Years that a date in words or bare numbers is believed to lie in: older ones are what a text tells of.
const YEARS_IN_TEXT: std::ops::RangeInclusive<i16> = 1990..=2100;

/// Offsets of the zone abbreviations that news pages print, in hours; only those that mean one zone in the press.
const ZONES: &[(&str, i8)] = &[
    ("utc", 0),
    ("gmt", 0),
    ("z", 0),
    ("wet", 0),
    ("bst", 1),
    ("cet", 1),
    ("mez", 1),
    ("west", 1),
    ("cest", 2),
    ("mesz", 2),
    ("eet", 2),
    ("eest", 3),
    ("msk", 3),
    ("мск", 3),
    ("jst", 9),
    ("kst", 9),
    ("est", -5),
    ("edt", -4),
    ("cst", -6),
    ("cdt", -5),
    ("mst", -7),
    ("mdt", -6),
    ("pst", -8),
    ("pdt", -7),
    ("aest", 10),
    ("aedt", 11),
];

/// What settles how an ambiguous date is read.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Reading<'a> {
    /// The page's language, as a BCP 47 tag.
    pub(super) language: &'a str,
    /// The host that the page was fetched from: English pages seldom say whose English they are in.
    pub(super) host: &'a str,
}

impl Reading<'_> {
    fn month_first(self) -> bool {
        // Month before day in all-number dates is written in the United States and the Philippines.
        let american_host = || {
            let domain = self.host.rsplit('.').next().unwrap_or_default();
            matches!(domain, "com" | "org" | "net" | "gov" | "edu" | "us" | "mil")
        };
        matches!(self.language, "en-US" | "en-us" | "en_US" | "en-PH") || self.language == "en" && american_host()
    }

    fn primary(self) -> &'static str {
        known_language(self.language)
    }
}

#[derive(Debug, Clone, PartialEq)]
enum Token {
    Number(i64, usize),
    Word(String),
    Sign(char),
}

/// A date as a page writes it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Written {
    pub(super) date: ArticleDate,
    /// The hour beside a day, where no offset from UTC says which moment it is.
    pub(super) clock: Option<DateTime>,
    /// The other day that the same numbers can mean, if they can mean two.
    pub(super) swapped: Option<Date>,
}

/// The first date in a text; with its time where the offset from UTC is given too.
pub(super) fn read(text: &str, reading: Reading<'_>) -> Option<ArticleDate> {
    written(text, reading).map(|written| written.date)
}

/// The first date in a text, and the hour beside it.
pub(super) fn written(text: &str, reading: Reading<'_>) -> Option<Written> {
    let text = text.trim();
    if let Ok(date) = text.parse::<ArticleDate>()
        && YEARS.contains(&date.day().year())
    {
        let time = || Pieces::parse(text).ok()?.time();
        let clock = (!date.has_time() && text.len() > 10).then(time).flatten();
        return Some(Written { date, clock: clock.map(|time| date.day().to_datetime(time)), swapped: None });
    }
    let tokens = tokens(text);
    let (from, day, after) =
        (0..tokens.len()).find_map(|at| day_at(&tokens[at..], reading).map(|(day, used)| (at, day, at + used)))?;
    let swapped = match &tokens[from..] {
        [Token::Number(first, ..=2), Token::Sign('/' | '-' | '.'), Token::Number(second, ..=2), ..]
            if first != second =>
        {
            Date::new(day.year(), day.day(), day.month()).ok()
        }
        _ => None,
    };
    let Some((time, at)) = time_after(&tokens, after) else {
        return Some(Written { date: ArticleDate::Day(day), clock: None, swapped });
    };
    let clock = DateTime::from_parts(day, time);
    let moment = offset_after(&tokens, at).and_then(|offset| Some((offset.to_timestamp(clock).ok()?, offset)));
    Some(match moment {
        Some((instant, offset)) => Written { date: ArticleDate::Moment(instant, offset), clock: None, swapped: None },
        None => Written { date: ArticleDate::Day(day), clock: Some(clock), swapped },
    })
}

/// Whether a text is a date and no more: numbers, months, and words as short as "de", "of" and "pm".
pub(super) fn is_bare(text: &str, reading: Reading<'_>) -> bool {
    const SHORT_CHARS: usize = 2;
    tokens(text).iter().all(|token| match token {
        Token::Word(word) => word.chars().count() <= SHORT_CHARS || month_named(word, reading.primary()).is_some(),
        Token::Number(..) | Token::Sign(_) => true,
    })
}

fn tokens(text: &str) -> Vec<Token> {
    // A date stands in a short line; more text is a sentence that mentions one.
    const MAX_CHARS: usize = 400;
    let mut out = Vec::new();
    // Turkish capitals leave a dot of their own behind in lower case.
    let lower = text.chars().take(MAX_CHARS).flat_map(char::to_lowercase).filter(|&c| c != '\u{307}');
    let mut chars = lower.map(plain_letter).peekable();
    while let Some(c) = chars.next() {
        if let Some(digit) = digit_of(c) {
            let (mut value, mut length) = (digit, 1);
            while let Some(digit) = chars.peek().copied().and_then(digit_of) {
                value = (value * 10 + digit).min(i64::from(u32::MAX));
                length += 1;
                chars.next();
            }
            out.push(Token::Number(value, length));
        } else if calendars::is_numeral(c) {
            let mut numeral = String::from(c);
            while let Some(&next) = chars.peek().filter(|&&next| calendars::is_numeral(next)) {
                numeral.push(next);
                chars.next();
            }
            let value = chars.peek().filter(|&&next| is_date_sign(next)).and_then(|_| calendars::numeral(&numeral));
            out.push(value.map_or(Token::Word(numeral), |(value, length)| Token::Number(value, length)));
        } else if c.is_alphabetic() && !is_date_sign(c) {
            let mut word = String::from(c);
            while let Some(&next) = chars.peek() {
                // Thai abbreviations have full stops inside, Indic scripts have marks that are no letters.
                let joins = (next.is_alphabetic() && !is_date_sign(next) && !calendars::is_numeral(next))
                    || matches!(next, '\u{0300}'..='\u{036F}' | '\u{0900}'..='\u{0DFF}' | '\u{0E30}'..='\u{0E4F}' | '\u{200C}')
                    // Burmese and Khmer have signs below a letter that are none, nor digits.
                    || matches!(next, '\u{1000}'..='\u{103F}' | '\u{1780}'..='\u{17D3}')
                    || (next == '.' && matches!(word.chars().next(), Some('\u{0E00}'..='\u{0E7F}')));
                if !joins {
                    break;
                }
                word.push(next);
                chars.next();
            }
            out.push(Token::Word(word.trim_end_matches('.').to_owned()));
        } else if !c.is_whitespace() {
            out.push(Token::Sign(c));
        }
    }
    out
}

/// Signs of year, month, day and time in Chinese, Japanese and Korean.
fn is_date_sign(c: char) -> bool {
    matches!(c, '年' | '月' | '日' | '号' | '號' | '时' | '時' | '点' | '點' | '分' | '년' | '월' | '일' | '시' | '분')
}

fn day_at(tokens: &[Token], reading: Reading<'_>) -> Option<(Date, usize)> {
    cjk(tokens)
        .or_else(|| vietnamese(tokens))
        .or_else(|| jalali(tokens))
        .or_else(|| year_and_day(tokens, reading))
        .or_else(|| with_month_name(tokens, reading))
        .or_else(|| all_numbers(tokens, reading))
}

/// A day of the years that a date in a text is believed to lie in; of the years of other calendars, ours.
pub(super) fn calendar_day(year: i64, month: i64, day: i64) -> Option<Date> {
    let (year, month, day) = if calendars::JALALI_YEARS.contains(&year) {
        calendars::from_jalali(year, month, day)?
    } else {
        (calendars::without_buddhist_era(year), month, day)
    };
    let date = Date::new(i16::try_from(year).ok()?, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok()?;
    YEARS_IN_TEXT.contains(&date.year()).then_some(date)
}

/// `2024年3月5日`, `令和6年3月5日`, `民國113年3月5日`, `2024년 3월 5일`.
fn cjk(tokens: &[Token]) -> Option<(Date, usize)> {
    // The first year of an era has a name of its own.
    let (base, first, used) = match tokens {
        [Token::Word(era), Token::Number(..), ..] => (calendars::era(era)?, None, 1),
        [Token::Word(era), Token::Sign('年'), ..] => (calendars::era(era.strip_suffix('元')?)?, Some(1), 1),
        _ => (0, None, 0),
    };
    let (year, tokens, used) = match (first, &tokens[used..]) {
        (Some(year), rest) => (year, rest, used),
        (None, [Token::Number(year, _), rest @ ..]) => (*year, rest, used + 1),
        _ => return None,
    };
    match tokens {
        [
            Token::Sign('年' | '년'),
            Token::Number(month, _),
            Token::Sign('月' | '월'),
            Token::Number(day, _),
            Token::Sign('日' | '号' | '號' | '일'),
            ..,
        ] => Some((calendar_day(base + year, *month, *day)?, used + 5)),
        _ => None,
    }
}

/// `۵ اسفند ۱۴۰۲`, `۵ اسفند ماه ۱۴۰۲`.
fn jalali(tokens: &[Token]) -> Option<(Date, usize)> {
    let [Token::Number(day, _), Token::Word(month), rest @ ..] = tokens else { return None };
    let month = calendars::jalali_month(month)?;
    let skipped = rest.iter().take_while(|token| !matches!(token, Token::Number(..))).take(3).count();
    let Some(Token::Number(year, 4)) = rest.get(skipped) else { return None };
    calendars::JALALI_YEARS.contains(year).then_some(())?;
    Some((calendar_day(*year, month, *day)?, skipped + 3))
}

/// `2026. gada 17. marts`, `2026 жылғы 17 наурыз`: the year, its word, the day and the month.
fn year_and_day(tokens: &[Token], reading: Reading<'_>) -> Option<(Date, usize)> {
    const YEAR_WORDS: [&str; 8] = ["gada", "жылғы", "жылдын", "жылдың", "елның", "йил", "yil", "оны"];
    let [Token::Number(year, 4), rest @ ..] = tokens else { return None };
    let is_sign = |token: &&Token| matches!(token, Token::Sign('.' | ',' | '-'));
    let before = rest.iter().take_while(is_sign).take(2).count();
    let [Token::Word(word), Token::Number(day, ..=2), rest @ ..] = &rest[before..] else { return None };
    YEAR_WORDS.contains(&word.as_str()).then_some(())?;
    let between = rest.iter().take_while(is_sign).take(2).count();
    let (month, named) = month_at(&rest[between..], reading)?;
    Some((calendar_day(*year, month, *day)?, 3 + before + between + named))
}

/// `12 tháng 4 năm 2026`, `12 tháng 4, 2026`.
fn vietnamese(tokens: &[Token]) -> Option<(Date, usize)> {
    let [
        Token::Number(day, _),
        Token::Word(month_word),
        Token::Number(month, _),
        Token::Word(_) | Token::Sign(','),
        Token::Number(year, 4),
        ..,
    ] = tokens
    else {
        return None;
    };
    (month_word == "tháng").then_some(())?;
    Some((calendar_day(*year, *month, *day)?, 5))
}

/// The month at the start, and how many tokens name it: Arabic has names of two words.
fn month_at(tokens: &[Token], reading: Reading<'_>) -> Option<(i64, usize)> {
    let Token::Word(word) = tokens.first()? else { return None };
    if let Some(Token::Word(second)) = tokens.get(1)
        && !word.is_ascii()
        && let Some(month) = month_named(&format!("{word}_{second}"), reading.primary())
    {
        return Some((month, 2));
    }
    Some((month_named(word, reading.primary())?, 1))
}

/// `5 March 2024`, `5. März 2024`, `5 de marzo de 2024`, `March 5, 2024`, `2024 m. kovo 5`.
fn with_month_name(tokens: &[Token], reading: Reading<'_>) -> Option<(Date, usize)> {
    let skip = |mut at: usize| {
        // Signs and particles between the parts: full stops, commas, "de", "of", "th", Hungarian's case ending.
        while let Some(token) = tokens.get(at) {
            let between = match token {
                Token::Sign(sign) => matches!(sign, '.' | ',' | '-' | '/' | '،' | '٬' | '\'' | '’' | 'º' | 'ª'),
                Token::Word(word) => matches!(
                    word.as_str(),
                    "de" | "del"
                        | "of"
                        | "th"
                        | "st"
                        | "nd"
                        | "rd"
                        | "er"
                        | "d"
                        | "m"
                        | "г"
                        | "року"
                        | "ο"
                        | "พ.ศ"
                        | "ए"
                        | "a"
                        | "ko"
                        | "eko"
                        | "fómhair"
                        | "ឆ្នាំ"
                        | "ခုနှစ်"
                ),
                Token::Number(..) => false,
            };
            if !between {
                break;
            }
            at += 1;
        }
        at
    };
    let number = |at: usize| match tokens.get(at) {
        Some(&Token::Number(value, length)) => Some((value, length)),
        _ => None,
    };
    let is_thai = |word: &Token| matches!(word, Token::Word(name) if name.starts_with(is_thai_letter));
    let full_year = |(value, length): (i64, usize), month: &Token| match length {
        4 => Some(value),
        2 if is_thai(month) => Some(calendars::short_thai_year(value)),
        2 => Some(2000 + value),
        _ => None,
    };
    if let Some((first, length)) = number(0) {
        let at = skip(1);
        let (month, named) = month_at(tokens.get(at..)?, reading)?;
        // "أيار / مايو": the same month twice, by both of its names.
        let again = skip(at + named);
        let twice = month_at(tokens.get(again..)?, reading).filter(|&(other, _)| other == month);
        let second = skip(twice.map_or(at + named, |(_, named)| again + named));
        let (other, other_length) = number(second)?;
        // Behind a year and a month it is the day: "2024. március 5. 13:05".
        if length != 4 && other_length == 2 && is_hour(&tokens[second + 1..]) {
            return None;
        }
        if length == 4 {
            return Some((calendar_day(first, month, other)?, second + 1));
        }
        return Some((calendar_day(full_year((other, other_length), tokens.get(at)?)?, month, first)?, second + 1));
    }
    let (month, named) = month_at(tokens, reading)?;
    let at = skip(named);
    let (day, _) = number(at)?;
    let second = skip(at + 1);
    let year = number(second)?;
    if let Some(Token::Sign(':')) = tokens.get(second + 1) {
        // "Mon Jan 20 09:49:32 UTC 2020": the time in between is read as if it stood behind.
        let late =
            (second + 4..tokens.len().min(second + 9)).find_map(|at| number(at).filter(|&(_, length)| length == 4));
        return Some((calendar_day(late?.0, month, day)?, second));
    }
    (year.1 == 4).then_some(())?;
    Some((calendar_day(year.0, month, day)?, second + 1))
}

fn is_thai_letter(c: char) -> bool {
    matches!(c, '\u{0E00}'..='\u{0E7F}')
}

/// Whether what follows a number of two digits makes it an hour: `22 February, 10:00`, `22. Februar, 10.30 Uhr`, `22 février, 10h`.
fn is_hour(rest: &[Token]) -> bool {
    match rest {
        [Token::Sign(':'), ..] | [Token::Sign('.'), Token::Number(_, 2), ..] => true,
        [Token::Word(word), ..] => matches!(word.as_str(), "h" | "uhr" | "uur" | "am" | "pm" | "a.m" | "p.m" | "ч"),
        _ => false,
    }
}

/// `2024-03-05`, `2024/03/05`, `05.03.2024`, `5/3/24`, `20240305`.
fn all_numbers(tokens: &[Token], reading: Reading<'_>) -> Option<(Date, usize)> {
    if let [Token::Number(value, 8), ..] = tokens {
        return Some((calendar_day(value / 10_000, value / 100 % 100, value % 100)?, 1));
    }
    let (Token::Number(a, a_length), mut at) = (tokens.first()?, 1) else { return None };
    let &Token::Sign(sign @ ('.' | '/' | '-' | '‐' | '–')) = tokens.get(at)? else { return None };
    at += 1;
    let &Token::Number(b, b_length) = tokens.get(at)? else { return None };
    at += 1;
    if tokens.get(at) != Some(&Token::Sign(sign)) || b_length > 2 {
        return None;
    }
    at += 1;
    let &Token::Number(c, c_length) = tokens.get(at)? else { return None };
    at += 1;
    if *a_length == 4 {
        return Some((calendar_day(*a, b, c)?, at));
    }
    let year = match c_length {
        4 => c,
        // Two digits are a year only where three full pairs leave no doubt.
        2 if *a_length == 2 && b_length == 2 && reading.primary() == "th" => calendars::short_thai_year(c),
        2 if *a_length == 2 && b_length == 2 => 2000 + c,
        _ => return None,
    };
    let month_first = (matches!(sign, '/' | '-') && reading.month_first() && *a <= 12) || b > 12;
    let (day, month) = if month_first { (b, *a) } else { (*a, b) };
    Some((calendar_day(year, month, day)?, at))
}

/// A time of day behind a date, and where it ends.
fn time_after(tokens: &[Token], from: usize) -> Option<(Time, usize)> {
    /// How many tokens may stand between a date and its time ("at", "um", a dash, a comma).
    const REACH: usize = 5;
    let start = (from..tokens.len().min(from + REACH)).find(|&at| {
        matches!(
            tokens.get(at..at + 3),
            Some([Token::Number(..), Token::Sign(':' | '.' | '時' | '时' | '点' | '시'), Token::Number(_, 2)])
        ) || matches!(tokens.get(at..at + 3), Some([Token::Number(..), Token::Word(h), Token::Number(_, 2)]) if h == "h")
    })?;
    let (&Token::Number(mut hour, _), &Token::Number(minute, _)) = (&tokens[start], &tokens[start + 2]) else {
        return None;
    };
    let mut at = start + 3;
    let mut second = 0;
    if let Some([Token::Sign(':'), Token::Number(value, 2)]) = tokens.get(at..at + 2) {
        second = *value;
        at += 2;
    }
    if let Some([Token::Sign('.' | ':' | ','), Token::Number(_, 3..)]) = tokens.get(at..at + 2) {
        at += 2;
    }
    let words = |at: usize| match tokens.get(at) {
        Some(Token::Word(word)) => word.as_str(),
        _ => "",
    };
    // "2:30 p.m.", "2:30 pm".
    let half =
        if words(at) == "p" || words(at) == "a" { words(at).to_owned() + words(at + 2) } else { words(at).to_owned() };
    match half.as_str() {
        "pm" => hour = if hour < 12 { hour + 12 } else { hour },
        "am" => hour %= 12,
        _ => {}
    }
    if matches!(half.as_str(), "pm" | "am") {
        at += if words(at).len() == 1 { 4 } else { 1 };
    }
    let time = Time::new(i8::try_from(hour).ok()?, i8::try_from(minute).ok()?, i8::try_from(second).ok()?, 0).ok()?;
    Some((time, at))
}

/// The offset from UTC behind a time. Without one the moment is not known.
fn offset_after(tokens: &[Token], at: usize) -> Option<Offset> {
    // "Uhr", brackets and commas may stand before the zone.
    let zone_at = (at..tokens.len().min(at + 3)).find(|&at| {
        matches!(&tokens[at], Token::Word(word) if zone(word).is_some())
            || matches!(tokens[at], Token::Sign('+' | '-' | '−'))
    })?;
    match &tokens[zone_at] {
        Token::Word(word) => match (zone(word)?, tokens.get(zone_at + 1..zone_at + 3)) {
            // "GMT+2".
            (0, Some([Token::Sign(sign @ ('+' | '-')), Token::Number(hours, 1..=2)])) => signed(*sign, *hours, 0),
            (hours, _) => Offset::from_hours(hours).ok(),
        },
        Token::Sign(sign) => match tokens.get(zone_at + 1..)? {
            [Token::Number(hours, 2), Token::Sign(':'), Token::Number(minutes, 2), ..] => {
                signed(*sign, *hours, *minutes)
            }
            [Token::Number(both, 4), ..] => signed(*sign, both / 100, both % 100),
            [Token::Number(hours, 2), ..] => signed(*sign, *hours, 0),
            _ => None,
        },
        Token::Number(..) => None,
    }
}

fn zone(word: &str) -> Option<i8> {
    ZONES.iter().find(|(name, _)| *name == word).map(|&(_, hours)| hours)
}

fn signed(sign: char, hours: i64, minutes: i64) -> Option<Offset> {
    let seconds = i32::try_from(hours * 3600 + minutes * 60).ok()?;
    Offset::from_seconds(if sign == '+' { seconds } else { -seconds }).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read_as(text: &str, language: &str) -> Option<String> {
        read(text, Reading { language, host: "" }).map(|date| date.to_string())
    }

    #[test]
    fn an_hour_behind_day_and_month_is_no_year() {
        for (language, text) in [
            ("uk", "22 лютого, 10:00"),
            ("de", "22. Februar, 10.30 Uhr"),
            ("de", "22. Februar, 10 Uhr"),
            ("fr", "le 22 février, 18h05"),
            ("en", "22 February, 10:00"),
            ("en", "22 February, 11 am"),
        ] {
            assert_eq!(read_as(text, language), None, "{text}");
        }
        assert_eq!(read_as("22 February 24, 10:00", "en").as_deref(), Some("2024-02-22"));
    }

    #[test]
    fn dates_in_many_languages() {
        let cases = [
            ("en", "Published: March 5, 2024 at 2:30 p.m.", "2024-03-05"),
            ("en", "5th of March 2024", "2024-03-05"),
            ("en", "Tue, 05 Mar 2024 14:30:00 +0100", "2024-03-05T14:30:00+01:00"),
            ("en", "March 5, 2024 2:30 pm EST", "2024-03-05T14:30:00-05:00"),
            ("en", "12:01 a.m. March 5, 2024", "2024-03-05"),
            ("de", "Stand: 05.03.2024, 14:30 Uhr", "2024-03-05"),
            ("de", "5. März 2024", "2024-03-05"),
            ("fr", "Publié le 5 mars 2024 à 14h30", "2024-03-05"),
            ("fr", "1er août 2024", "2024-08-01"),
            ("es", "5 de marzo de 2024", "2024-03-05"),
            ("pt-BR", "05/03/2024 às 14h30", "2024-03-05"),
            ("ru", "5 марта 2024 г., 14:30 МСК", "2024-03-05T14:30:00+03:00"),
            ("uk", "5 листопада 2024", "2024-11-05"),
            ("hr", "5. listopada 2024.", "2024-10-05"),
            ("pl", "5 listopada 2024", "2024-11-05"),
            ("cs", "5. července 2024", "2024-07-05"),
            ("hu", "2024. március 5.", "2024-03-05"),
            ("lt", "2024 m. kovo 5 d.", "2024-03-05"),
            ("tr", "5 Mart 2024", "2024-03-05"),
            ("el", "5 Μαρτίου 2024", "2024-03-05"),
            ("ar", "٥ مارس ٢٠٢٤", "2024-03-05"),
            ("he", "5 במרץ 2024", "2024-03-05"),
            ("hi", "५ मार्च २०२४", "2024-03-05"),
            ("th", "5 มีนาคม 2567", "2024-03-05"),
            ("th", "5 มี.ค. 2567", "2024-03-05"),
            ("ja", "2024年3月5日 14時30分", "2024-03-05"),
            ("ja", "令和6年3月5日", "2024-03-05"),
            ("zh", "发布时间：2024年03月05日", "2024-03-05"),
            ("ko", "2024년 3월 5일", "2024-03-05"),
            ("vi", "Chủ nhật, ngày 12 tháng 4 năm 2026", "2026-04-12"),
            ("en-US", "3/5/2024", "2024-03-05"),
            ("en-GB", "5/3/2024", "2024-03-05"),
            ("en-GB", "3/25/2024", "2024-03-25"),
            ("en", "Mon Jan 20 09:49:32 UTC 2020", "2020-01-20T09:49:32+00:00"),
            ("", "2024-03-05T14:30:00:684Z", "2024-03-05T14:30:00+00:00"),
            ("", "20240305T00:38:07Z", "2024-03-05T00:38:07Z"),
            ("tr", "5 HAZİRAN 2024", "2024-06-05"),
            ("ar", "٥ كانون الثاني ٢٠٢٤", "2024-01-05"),
            ("ar", "5 أيار / مايو 2024", "2024-05-05"),
            ("fa", "۱۵ اسفند ۱۴۰۲", "2024-03-05"),
            ("fa", "۱ فروردین ۱۴۰۳", "2024-03-20"),
            ("fa", "30 اسفند 1403", "2025-03-20"),
            ("fa", "۱۴۰۲/۱۲/۱۵ - ۱۴:۳۰", "2024-03-05"),
            ("fa", "5 فوريه 2024", "2024-02-05"),
            ("ja", "令和元年5月1日", "2019-05-01"),
            ("zh-TW", "民國113年3月5日", "2024-03-05"),
            ("zh", "二〇二四年三月五日", "2024-03-05"),
            ("zh", "二〇二四年十二月二十五日", "2024-12-25"),
            ("lo", "5/3/2024", "2024-03-05"),
            ("eu", "2026ko martxoaren 12a", "2026-03-12"),
            ("ga", "Déardaoin, 12 Márta 2026", "2026-03-12"),
            ("ga", "5 Meán Fómhair 2024", "2024-09-05"),
            ("ga", "5 Deireadh Fómhair 2024", "2024-10-05"),
            ("kk", "2026 жылғы 17 наурыз, 16:20", "2026-03-17"),
            ("lv", "2026. gada 17. marts, 13:15", "2026-03-17"),
            ("km", "ថ្ងៃទី១៧ ខែមីនា ឆ្នាំ២០២៦", "2026-03-17"),
            ("my", "၂၀၂၆ ခုနှစ် မတ်လ ၁၇ ရက်", "2026-03-17"),
            ("th", "5 ก.พ. 69", "2026-02-05"),
            ("th", "05/02/69", "2026-02-05"),
            ("ka", "17 მარტს, 2026", "2026-03-17"),
            ("hy", "5 մարտի, 2024", "2024-03-05"),
            ("", "2024-03-05 14:30:00", "2024-03-05"),
            ("", "2024-03-05T14:30:00.000+0900", "2024-03-05T14:30:00+09:00"),
        ];
        for (language, text, expected) in cases {
            assert_eq!(read_as(text, language).as_deref(), Some(expected), "{text}");
        }
    }

    #[test]
    fn what_is_no_date_is_none() {
        for text in ["", "35", "may the 4th", "version 1.2.3", "call 555-01-23", "31.02.2024", "in 2024", "9999-99-99"]
        {
            assert_eq!(read_as(text, "en"), None, "{text}");
        }
    }
}
