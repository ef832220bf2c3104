//! The day that an address has in its path.

use super::dates::calendar_day;
use super::month_names::month_named;
use crate::model::ArticleDate;
use jiff::civil::Date;
use url::Url;

/// The date in a URL's path: `/2024/03/05/`, `/2024-03-05-title`, `/20240305/`, `/05-03-2024`.
pub(super) fn in_url(url: &str) -> Option<ArticleDate> {
    let path = url.split_once("://").map_or(url, |(_, rest)| rest);
    let path = path.split(['?', '#']).next()?;
    let path = &path[path.find('/')?..];
    let bytes = path.as_bytes();
    let digits = |from: usize, count: usize| -> Option<i64> {
        let part = path.get(from..from + count)?;
        part.bytes().all(|byte| byte.is_ascii_digit()).then(|| part.parse().ok())?
    };
    let is_digit = |at: usize| bytes.get(at).is_some_and(u8::is_ascii_digit);
    let day_first = |at: usize| {
        let apart = bytes.get(at + 2) == Some(&b'-') && bytes.get(at + 5) == Some(&b'-') && !is_digit(at + 10);
        let day = apart.then(|| Some((digits(at, 2)?, digits(at + 3, 2)?, digits(at + 6, 4)?))).flatten();
        day.and_then(|(day, month, year)| calendar_day(year, month, day)).map(ArticleDate::Day)
    };
    (0..bytes.len()).find_map(|at| {
        if is_digit(at) && (at == 0 || !is_digit(at - 1)) {
            if let Some(day) = day_first(at) {
                return Some(day);
            }
            let year = digits(at, 4)?;
            if !(1990..=2100).contains(&year) {
                return None;
            }
            let separator = *bytes.get(at + 4)?;
            if separator == b'/'
                && let Some(day) = with_month_name(year, &path[at + 5..])
            {
                return Some(ArticleDate::Day(day));
            }
            if matches!(separator, b'/' | b'-' | b'_') {
                let month_length = if is_digit(at + 6) { 2 } else { 1 };
                let month = digits(at + 5, month_length)?;
                let rest = at + 5 + month_length;
                if bytes.get(rest) != Some(&separator) {
                    return None;
                }
                let day_length = if is_digit(rest + 2) { 2 } else { 1 };
                let day = digits(rest + 1, day_length)?;
                if is_digit(rest + 1 + day_length) {
                    return None;
                }
                return calendar_day(year, month, day).map(ArticleDate::Day);
            }
            if is_digit(at + 7) && !is_digit(at + 8) {
                return calendar_day(year, digits(at + 4, 2)?, digits(at + 6, 2)?).map(ArticleDate::Day);
            }
        }
        None
    })
}

/// Whether a URL has a day as folders of its path, `/2024/03/05/` or `/2024/3/5/`: numbers of other kinds look no such way.
pub(super) fn is_folder(url: &Url, day: Date) -> bool {
    let (year, month, day) = (day.year(), day.month(), day.day());
    [format!("/{year}/{month:02}/{day:02}/"), format!("/{year}/{month}/{day}/")]
        .iter()
        .any(|folder| url.path().contains(folder))
}

/// `mar/05/` and `march/5-bridge` behind a year.
fn with_month_name(year: i64, rest: &str) -> Option<Date> {
    let (name, rest) = rest.split_once('/')?;
    let month = month_named(&name.to_ascii_lowercase(), "en")?;
    let day = rest.split(|c: char| !c.is_ascii_digit()).next()?;
    (1..=2).contains(&day.len()).then(|| calendar_day(year, month, day.parse().ok()?))?
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_in_addresses() {
        let day = |url| in_url(url).map(|date| date.to_string());
        assert_eq!(day("https://a.example/news/2024/03/05/bridge").as_deref(), Some("2024-03-05"));
        assert_eq!(day("https://a.example/2024-3-5-bridge").as_deref(), Some("2024-03-05"));
        assert_eq!(day("https://a.example/x/20240305/y").as_deref(), Some("2024-03-05"));
        assert_eq!(day("https://a.example/news/29-10-2021").as_deref(), Some("2021-10-29"));
        assert_eq!(day("https://a.example/news/2024/mar/05/bridge").as_deref(), Some("2024-03-05"));
        assert_eq!(day("https://a.example/blog/2024/march/5/").as_deref(), Some("2024-03-05"));
        assert_eq!(day("https://a.example/x-2024030599"), None);
        assert_eq!(day("https://a.example/2024/bridge"), None);
    }
}
