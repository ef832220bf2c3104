//! The dates of feeds: RFC 3339, RFC 2822, and what programs write that mean one of them.

use crate::model::ArticleDate;
use jiff::tz::Offset;

/// Time zone names of RFC 822 and the summer times that feeds write beside them, with their hours from UTC.
const ZONES: &[(&str, i8)] = &[
    ("UTC", 0),
    ("UT", 0),
    ("Z", 0),
    ("GMT", 0),
    ("WET", 0),
    ("BST", 1),
    ("CET", 1),
    ("MEZ", 1),
    ("CEST", 2),
    ("MESZ", 2),
    ("EET", 2),
    ("EEST", 3),
    ("MSK", 3),
    ("JST", 9),
    ("KST", 9),
    ("EST", -5),
    ("EDT", -4),
    ("CST", -6),
    ("CDT", -5),
    ("MST", -7),
    ("MDT", -6),
    ("PST", -8),
    ("PDT", -7),
];

/// Reads a date as feeds and sitemaps write it; `None` where it is none.
pub(super) fn read(text: &str) -> Option<ArticleDate> {
    let text = text.trim();
    if let Ok(date) = text.parse::<ArticleDate>() {
        return Some(date);
    }
    // `2026-11-05 18:00:00 +0100`
    if let Some((day, rest)) = text.split_once(' ')
        && day.parse::<jiff::civil::Date>().is_ok()
        && let Ok(date) = format!("{day}T{}", rest.replace(' ', "")).parse()
    {
        return Some(date);
    }
    let parse = |text: &str| {
        let zoned = jiff::fmt::rfc2822::parse(text).ok()?;
        Some(ArticleDate::Moment(zoned.timestamp(), zoned.offset()))
    };
    parse(text).or_else(|| parse(&plain(text)?))
}

/// Reads the date of an entry. Its zone is that of a server and says nothing of the paper's, so it is not kept.
pub(super) fn read_in_utc(text: &str) -> Option<ArticleDate> {
    read(text).map(|date| if date.has_time() { ArticleDate::from(date.instant()) } else { date })
}

/// A date with its weekday left out, which feeds get wrong or write in their own language, and its zone as a number.
fn plain(text: &str) -> Option<String> {
    let text = text.split_once(',').map_or(text, |(_, rest)| rest);
    let mut words: Vec<&str> = text.split_whitespace().collect();
    let is_number = |word: Option<&&str>| word.is_some_and(|word| word.bytes().all(|byte| byte.is_ascii_digit()));
    if words.first()?.chars().all(char::is_alphabetic) {
        if is_number(words.get(1)) && is_number(words.get(2)) {
            // `Oct 14 2026 09:15:00`
            words.swap(0, 1);
        } else {
            words.remove(0);
        }
    }
    let [day, month, year, time, zone @ ..] = words.as_slice() else {
        let [day, month, year] = words.as_slice() else { return None };
        return Some(format!("{day} {} {year} 00:00:00 +0000", month.get(..3)?));
    };
    // Hours of one digit, and the midnight that ends a day instead of beginning it.
    let (hour, rest) = time.split_once(':')?;
    let time = format!("{:0>2}:{rest}", if hour == "24" { "00" } else { hour });
    let zone = zone.first().copied().unwrap_or("+0000");
    let zone = match ZONES.iter().find(|(name, _)| name.eq_ignore_ascii_case(zone)) {
        Some((_, hours)) => {
            let sign = if *hours < 0 { '-' } else { '+' };
            format!("{sign}{:02}00", Offset::constant(*hours).seconds().unsigned_abs() / 3600)
        }
        None => zone.replace(':', ""),
    };
    Some(format!("{day} {} {year} {time} {zone}", month.get(..3)?))
}

#[cfg(test)]
mod tests {
    use super::read;

    #[test]
    fn dates_of_feeds() {
        let cases = [
            ("Sat, 21 Nov 2026 18:40:00 +0000", "2026-11-21T18:40:00+00:00"),
            ("Wed, 14 Oct 2026 09:15:00 +0100", "2026-10-14T09:15:00+01:00"),
            ("Mon, 14 Oct 2026 09:15:00 EDT", "2026-10-14T09:15:00-04:00"),
            ("14 October 2026 09:15:00 GMT", "2026-10-14T09:15:00+00:00"),
            ("Sa, 14 Oct 2026 09:15:00 MESZ", "2026-10-14T09:15:00+02:00"),
            ("2026-11-05T18:00:00+01:00", "2026-11-05T18:00:00+01:00"),
            ("2026-11-05 18:00:00 +0100", "2026-11-05T18:00:00+01:00"),
            ("2026-11-05", "2026-11-05"),
            ("Oct 14 2026 09:15:00 GMT", "2026-10-14T09:15:00+00:00"),
            ("Wed, 14 Oct 2026 9:15 GMT", "2026-10-14T09:15:00+00:00"),
            ("Wed, 14 Oct 2026 24:00:00 +0200", "2026-10-14T00:00:00+02:00"),
            ("Wed, 14 Oct 2026 09:15:00 Z", "2026-10-14T09:15:00+00:00"),
        ];
        for (given, expected) in cases {
            assert_eq!(read(given).unwrap().to_string(), expected, "{given}");
        }
        for nonsense in ["", "soon", "32 Foo 2026", "yesterday, 10 o'clock"] {
            assert_eq!(read(nonsense), None, "{nonsense}");
        }
    }
}
