//! Whether a line is a cron line: five fields, and a time zone behind them if wanted.

use std::ops::RangeInclusive;

/// A field of a cron line.
struct Field {
    name: &'static str,
    range: RangeInclusive<u8>,
    /// Names that stand for the numbers from the range's start.
    words: &'static [&'static str],
}

/// The fields, as crontab(5) has them.
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

/// Refuses what is no cron line, with a sentence that says why.
pub(super) fn check(line: &str) -> Result<String, String> {
    let words: Vec<&str> = line.split_whitespace().collect();
    let zone = match words.len() {
        5 => None,
        6 => Some(words[5]),
        found => {
            return Err(format!(
                "a cron line has five fields (minute, hour, day of the month, month, day of the week) and may have a \
                 time zone behind them, and this has {found}; write for example \"*/15 6-22 * * 1-5 Europe/Berlin\""
            ));
        }
    };
    for (field, text) in FIELDS.iter().zip(&words) {
        for part in text.split(',') {
            if !is_valid(field, part) {
                let (from, to) = (field.range.start(), field.range.end());
                return Err(format!(
                    "the {} is {text:?}; write *, a number from {from} to {to}, a range such as {from}-{to}, a step such \
                     as */{} or a list of them with commas",
                    field.name,
                    from + 2
                ));
            }
        }
    }
    if let Some(zone) = zone
        && jiff::tz::TimeZone::get(zone).is_err()
    {
        return Err(format!("{zone:?} is no time zone; write its IANA name, such as \"Europe/Berlin\" or \"UTC\""));
    }
    Ok(words.join(" "))
}

fn is_valid(field: &Field, part: &str) -> bool {
    let (range, step) = part.split_once('/').map_or((part, None), |(range, step)| (range, Some(step)));
    let step_fits = step.is_none_or(|step| step.parse::<u8>().is_ok_and(|step| step > 0));
    let range_fits = match range.split_once('-') {
        _ if range == "*" => true,
        Some((from, to)) => matches!((number(field, from), number(field, to)), (Some(from), Some(to)) if from <= to),
        None => number(field, range).is_some(),
    };
    step_fits && range_fits
}

fn number(field: &Field, text: &str) -> Option<u8> {
    let by_word = || field.words.iter().position(|word| word.eq_ignore_ascii_case(text));
    let number = text.parse().ok().or_else(|| Some(u8::try_from(by_word()?).ok()? + field.range.start()))?;
    field.range.contains(&number).then_some(number)
}

#[cfg(test)]
mod tests {
    use super::check;

    #[test]
    fn cron_lines() {
        for line in ["*/15 * * * *", "0 6-22/2 1,15 jan-mar MON-fri", "0 0 * * 7 Europe/Berlin", "5 4 * * sun UTC"] {
            assert!(check(line).is_ok(), "{line}: {:?}", check(line));
        }
        for line in ["", "* * * *", "60 * * * *", "* 5-2 * * *", "*/0 * * * *", "* * 0 * *", "* * * * * Mars/Olympus"] {
            assert!(check(line).is_err(), "{line}");
        }
    }
}
