//! Any bytes, read as whatever their first one says that they are declared to be.
#![no_main]

use copydesk::extract::{Input, Options, clean};
use libfuzzer_sys::fuzz_target;

const TYPES: [Option<&str>; 6] = [
    None,
    Some("text/html; charset=utf-8"),
    Some("text/html; charset=windows-1252"),
    Some("text/html;charset=\"shift_jis\""),
    Some("text/html; charset=utf-16le"),
    Some("text/html; charset="),
];

fuzz_target!(|data: &[u8]| {
    let Some((&first, bytes)) = data.split_first() else { return };
    let content_type = TYPES[usize::from(first) % TYPES.len()];
    let _ = clean(&Input { bytes, content_type, ..Input::default() }, &Options::default());
});
