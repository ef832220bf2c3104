//! Sizes: a number of bytes, or text with a unit.

use super::reader::{describe, integer};
use toml::de::DeValue;

/// The units with their bytes.
const UNITS: [(&str, u64); 7] = [
    ("b", 1),
    ("kb", 1000),
    ("kib", 1 << 10),
    ("mb", 1_000_000),
    ("mib", 1 << 20),
    ("gb", 1_000_000_000),
    ("gib", 1 << 30),
];

/// A size of the file, at least one byte.
pub(super) fn size(value: &DeValue<'_>) -> Result<u64, String> {
    let error =
        || format!("has to be a size such as \"16MiB\", \"500kB\" or a number of bytes, not {}", describe(value));
    let bytes = match value {
        DeValue::String(text) => parse(text),
        _ => integer(value).and_then(|number| u64::try_from(number).ok()),
    };
    bytes.filter(|bytes| *bytes > 0).ok_or_else(error)
}

fn parse(text: &str) -> Option<u64> {
    let text = text.trim();
    let end = text.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(text.len());
    let unit = text[end..].trim().to_ascii_lowercase();
    let (_, factor) = UNITS.iter().find(|(name, _)| *name == unit || unit.is_empty() && *name == "b")?;
    if let Ok(number) = text[..end].parse::<u64>() {
        return number.checked_mul(*factor);
    }
    let number: f64 = text[..end].parse().ok()?;
    Some((number * *factor as f64) as u64)
}

#[cfg(test)]
mod tests {
    use super::parse;

    #[test]
    fn sizes() {
        let cases = [
            ("16MiB", Some(16 << 20)),
            ("500 kB", Some(500_000)),
            ("1.5KiB", Some(1536)),
            ("12", Some(12)),
            ("MiB", None),
            ("1 furlong", None),
            ("-1", None),
        ];
        for (text, bytes) in cases {
            assert_eq!(parse(text), bytes, "{text}");
        }
    }
}
