//! A date in words, in the languages that are read: what comes out can be written and read again.
#![no_main]

use copydesk::extract::read_date;
use libfuzzer_sys::fuzz_target;

const LANGUAGES: [&str; 8] = ["", "en", "de", "fr", "es", "ru", "ja", "ar"];

fuzz_target!(|data: &[u8]| {
    let Some((&first, rest)) = data.split_first() else { return };
    let Ok(text) = std::str::from_utf8(rest) else { return };
    if let Some(date) = read_date(text, LANGUAGES[usize::from(first) % LANGUAGES.len()]) {
        let written = date.to_string();
        let again = read_date(&written, "").unwrap_or_else(|| panic!("{written} cannot be read"));
        assert_eq!(again.to_string(), written);
    }
});
