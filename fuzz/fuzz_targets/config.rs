//! A configuration file: read or refused with a line.
#![no_main]

use copydesk::config::Config;
use libfuzzer_sys::fuzz_target;
use std::path::Path;

fuzz_target!(|text: &str| {
    if let Err(error) = Config::parse(text, Path::new("fuzz.toml")) {
        assert!(error.to_string().starts_with("fuzz.toml"), "{error}");
    }
});
