//! A robots.txt, and what it says of two addresses.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &[u8]| {
    copydesk::fetch::read_robots(text);
});
