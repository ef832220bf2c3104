//! Cron lines: five fields as crontab(5) has them, and a time zone behind them if wanted. Pure.

use jiff::civil::{Date, Time};
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};
use std::fmt;
use std::ops::RangeInclusive;
use std::str::FromStr;

/// A field of a cron line.
struct Field {
    name: &'static str,
    range: RangeInclusive<u8>,
    /// Names that stand for the numbers from the range's start.
    words: &'static [&'static str],
}

/// The fields, in their order.
const FIELDS: [Field; 5] = [
    Field { name: "minute", range: 0..=59, words: &[] },
    Field { name: "hour", range: 0..=23, words: &[] },
    Field { name: "day of the month", range: 1..=31, words: &[] },
    Field {
        name: "month",
        range: 1..=12,
        words: &["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"],
    },
    Field { name: "day of the week", range: 0..=7, words: &["sun", "mon", "tue", "wed", "thu", "fri", "sat"] },
];

/// Days looked ahead: 29 February is up to eight years away, across a century that has none.
const DAYS_AHEAD: usize = 366 * 8 + 2;

/// When something is to be done, again and again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CronLine {
    text: String,
    zone: TimeZone,
    /// What each field allows, a bit a number.
    fields: [u64; 5],
    /// Where the month's days and the week's are both restricted, either will do.
    either_day: bool,
}

/// Why a text is no cron line: a sentence that says what to write.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct CronError(String);

impl FromStr for CronLine {
    type Err = CronError;

    fn from_str(line: &str) -> Result<Self, CronError> {
        let words: Vec<&str> = line.split_whitespace().collect();
        let zone = match words.len() {
            5 => TimeZone::UTC,
            6 => TimeZone::get(words[5]).map_err(|_| {
                CronError(format!(
                    "{:?} is no time zone; write its IANA name, such as \"Europe/Berlin\" or \"UTC\"",
                    words[5]
                ))
            })?,
            found => {
                return Err(CronError(format!(
                    "a cron line has five fields (minute, hour, day of the month, month, day of the week) and may have a \
                     time zone behind them, and this has {found}; write for example \"*/15 6-22 * * 1-5 Europe/Berlin\""
                )));
            }
        };
        let mut fields = [0; 5];
        for ((bits, field), text) in fields.iter_mut().zip(&FIELDS).zip(&words) {
            for part in text.split(',') {
                *bits |= numbers(field, part).ok_or_else(|| {
                    let (from, to) = (field.range.start(), field.range.end());
                    CronError(format!(
                        "the {} is {text:?}; write *, a number from {from} to {to}, a range such as {from}-{to}, a step \
                         such as */{} or a list of them with commas",
                        field.name,
                        from + 2
                    ))
                })?;
            }
        }
        // Sunday is 0 as well as 7.
        fields[4] |= fields[4] >> 7 & 1;
        let either_day = !words[2].starts_with('*') && !words[4].starts_with('*');
        let line = Self { text: words.join(" "), zone, fields, either_day };
        if line.next_after(Timestamp::UNIX_EPOCH).is_none() {
            return Err(CronError(format!("{:?} names a day that never comes; correct day and month", line.text)));
        }
        Ok(line)
    }
}

impl fmt::Display for CronLine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl CronLine {
    /// The first moment after another that the line names. A time that the clocks leap over in spring counts as the one
    /// that they leap to; one that they show twice in autumn counts once. `None` only at the end of time.
    #[must_use]
    pub fn next_after(&self, moment: Timestamp) -> Option<Timestamp> {
        let today = moment.to_zoned_datetime(self.zone.clone()).date();
        let mut day = today;
        for _ in 0..DAYS_AHEAD {
            if self.has_day(day) {
                for hour in (0..24).filter(|hour| self.has(1, *hour)) {
                    for minute in (0..60).filter(|minute| self.has(0, *minute)) {
                        let time = Time::new(hour, minute, 0, 0).ok()?;
                        let at = self.zone.to_timestamp(day.to_datetime(time)).ok()?;
                        if at > moment {
                            return Some(at);
                        }
                    }
                }
            }
            day = day.checked_add(1.day()).ok()?;
        }
        None
    }

    fn has(&self, field: usize, number: i8) -> bool {
        self.fields[field] >> number & 1 == 1
    }

    fn has_day(&self, day: Date) -> bool {
        let of_month = self.has(2, day.day());
        let of_week = self.has(4, day.weekday().to_sunday_zero_offset());
        let is_day = if self.either_day { of_month || of_week } else { of_month && of_week };
        is_day && self.has(3, day.month())
    }
}

/// The numbers that a part of a field names, a bit each.
fn numbers(field: &Field, part: &str) -> Option<u64> {
    let (range, step) = part.split_once('/').map_or((part, None), |(range, step)| (range, Some(step)));
    let step = step.map_or(Some(1), |step| step.parse::<usize>().ok().filter(|step| *step > 0))?;
    let (from, to) = match range.split_once('-') {
        _ if range == "*" => (*field.range.start(), *field.range.end()),
        Some((from, to)) => (number(field, from)?, number(field, to)?),
        // "5/10" is from 5 on, every ten.
        None if part.contains('/') => (number(field, range)?, *field.range.end()),
        None => (number(field, range)?, number(field, range)?),
    };
    (from <= to).then(|| (from..=to).step_by(step).fold(0, |bits, number| bits | 1 << number))
}

fn number(field: &Field, text: &str) -> Option<u8> {
    let by_word = || field.words.iter().position(|word| word.eq_ignore_ascii_case(text));
    let number = text.parse().ok().or_else(|| Some(u8::try_from(by_word()?).ok()? + field.range.start()))?;
    field.range.contains(&number).then_some(number)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cron_lines() {
        for line in ["*/15 * * * *", "0 6-22/2 1,15 jan-mar MON-fri", "0 0 * * 7 Europe/Berlin", "5 4 * * sun UTC"] {
            assert!(line.parse::<CronLine>().is_ok(), "{line}: {:?}", line.parse::<CronLine>());
        }
        let wrong = [
            "",
            "* * * *",
            "60 * * * *",
            "* 5-2 * * *",
            "*/0 * * * *",
            "* * 0 * *",
            "* * * * * Mars/Olympus",
            "0 0 30 2 *",
        ];
        for line in wrong {
            assert!(line.parse::<CronLine>().is_err(), "{line}");
        }
    }

    #[test]
    fn the_next_moment() {
        let cases = [
            ("*/15 * * * *", "2026-11-24T14:36:10Z", "2026-11-24T14:45:00Z"),
            ("45 14 * * *", "2026-11-24T14:45:00Z", "2026-11-25T14:45:00Z"),
            ("0 6 * * 1-5 Europe/Berlin", "2026-11-27T06:00:00Z", "2026-11-30T05:00:00Z"),
            ("0 6 * * 1-5 Europe/Berlin", "2026-07-03T05:00:00Z", "2026-07-06T04:00:00Z"),
            ("0 0 29 2 *", "2097-01-01T00:00:00Z", "2104-02-29T00:00:00Z"),
            // Either the 13th or a Friday.
            ("0 0 13 * fri", "2026-11-10T00:00:00Z", "2026-11-13T00:00:00Z"),
            ("0 0 13 * fri", "2026-11-13T00:00:00Z", "2026-11-20T00:00:00Z"),
            ("0 0 * * 7", "2026-11-24T00:00:00Z", "2026-11-29T00:00:00Z"),
            // The clocks leap from 2 to 3 on 29 March, and show 2:30 twice on 25 October.
            ("30 2 * * * Europe/Berlin", "2026-03-28T12:00:00Z", "2026-03-29T01:30:00Z"),
            ("30 2 * * * Europe/Berlin", "2026-10-24T12:00:00Z", "2026-10-25T00:30:00Z"),
            ("30 2 * * * Europe/Berlin", "2026-10-25T00:30:00Z", "2026-10-26T01:30:00Z"),
            ("5/20 0 1 jan *", "2026-01-01T00:05:00Z", "2026-01-01T00:25:00Z"),
        ];
        for (line, from, next) in cases {
            let found = line.parse::<CronLine>().unwrap().next_after(from.parse().unwrap()).unwrap();
            assert_eq!(found.to_string(), next, "{line} from {from}");
        }
    }

    proptest::proptest! {
        /// What comes next is later, is named by the line, and nothing that it names lies in between.
        #[test]
        fn nothing_is_left_out(minute in 0..60_u8, step in 1..24_u8, from in 0..4_000_000_000_i64) {
            let line: CronLine = format!("{minute} */{step} * * *").parse().unwrap();
            let from = Timestamp::from_second(from).unwrap();
            let next = line.next_after(from).unwrap();
            let mut at = from.as_second() / 60 * 60 + 60;
            while at < next.as_second() {
                let in_day = at % 86_400;
                proptest::prop_assert!(!(in_day % 3600 / 60 == i64::from(minute) && in_day / 3600 % i64::from(step) == 0));
                at += 60;
            }
            proptest::prop_assert!(next > from && next.as_second() % 3600 / 60 == i64::from(minute));
        }
    }
}
