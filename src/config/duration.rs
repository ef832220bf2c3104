//! Durations as text: a number and a unit.

use super::reader::{describe, integer};
use std::time::Duration;
use toml::de::DeValue;

/// The units, largest first, with their milliseconds.
const UNITS: [(&str, u64); 6] =
    [("w", 604_800_000), ("d", 86_400_000), ("h", 3_600_000), ("m", 60_000), ("s", 1000), ("ms", 1)];

/// Reads `"500ms"`, `"1s"`, `"1.5s"`, `"15m"`, `"2h"`, `"30d"`, `"2w"`, or several of them: `"1h30m"`.
///
/// # Errors
/// A sentence that says what to write.
pub fn parse_duration(text: &str) -> Result<Duration, String> {
    let error =
        || format!("{text:?} is no duration; write a number and a unit, such as \"500ms\", \"1s\", \"15m\", \"30d\"");
    let mut rest = text.trim();
    let mut total = Duration::ZERO;
    if rest.is_empty() {
        return Err(error());
    }
    while !rest.is_empty() {
        let end = rest.find(|c: char| !c.is_ascii_digit() && c != '.').ok_or_else(error)?;
        let number: f64 = rest[..end].parse().map_err(|_| error())?;
        let behind = rest[end..].trim_start();
        let length = behind.find(|c: char| !c.is_ascii_alphabetic()).unwrap_or(behind.len());
        let unit = UNITS.iter().find(|(unit, _)| *unit == &behind[..length]).ok_or_else(error)?;
        let piece = Duration::try_from_secs_f64(number * unit.1 as f64 / 1000.0).map_err(|_| error())?;
        total = total.checked_add(piece).ok_or_else(error)?;
        rest = behind[length..].trim_start();
    }
    Ok(total)
}

/// A duration as [`parse_duration`] reads it, in the largest unit that divides it.
#[must_use]
pub fn format_duration(duration: Duration) -> String {
    let millis = duration.as_millis();
    if millis == 0 {
        return "0s".to_owned();
    }
    let (unit, size) = UNITS.iter().find(|(_, size)| millis.is_multiple_of(u128::from(*size))).unwrap_or(&("ms", 1));
    format!("{}{unit}", millis / u128::from(*size))
}

/// A duration of the file.
pub(super) fn duration(value: &DeValue<'_>) -> Result<Duration, String> {
    if let Some(number) = integer(value) {
        return Err(format!("has to be a duration in quotes with a unit; write \"{number}s\" for {number} seconds"));
    }
    match value {
        DeValue::String(text) => parse_duration(text).map_err(|problem| format!("will not do: {problem}")),
        other => Err(format!("has to be a duration such as \"1s\", not {}", describe(other))),
    }
}

/// A duration that is not nothing.
pub(super) fn positive(value: &DeValue<'_>) -> Result<Duration, String> {
    let duration = duration(value)?;
    if duration.is_zero() { Err("has to be longer than nothing".to_owned()) } else { Ok(duration) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations() {
        let cases = [
            ("0s", 0),
            ("500ms", 500),
            ("1s", 1000),
            ("1.5 s", 1500),
            ("15m", 900_000),
            ("1h30m", 5_400_000),
            ("30d", 2_592_000_000),
        ];
        for (text, millis) in cases {
            assert_eq!(parse_duration(text).unwrap(), Duration::from_millis(millis), "{text}");
        }
        for text in ["", "1", "s", "1 parsec", "-1s", "1s s", "1e400s", "99999999999999999999d"] {
            assert!(parse_duration(text).is_err(), "{text}");
        }
    }

    #[test]
    fn what_is_written_is_read() {
        for text in ["0s", "500ms", "1500ms", "1s", "15m", "2h", "30d", "1w"] {
            assert_eq!(format_duration(parse_duration(text).unwrap()), text);
        }
    }
}
