//! A sitemap or an index of them, plain or gzipped.
#![no_main]

use copydesk::discover::{MAX_ENTRIES, sitemap};
use libfuzzer_sys::fuzz_target;
use std::sync::LazyLock;
use url::Url;

static BASE: LazyLock<Url> = LazyLock::new(|| Url::parse("https://news.example/sitemap.xml").expect("a URL"));

fuzz_target!(|bytes: &[u8]| {
    if let Ok(found) = sitemap(bytes, &BASE) {
        assert!(found.links.len() <= MAX_ENTRIES && found.children.len() <= MAX_ENTRIES);
    }
});
