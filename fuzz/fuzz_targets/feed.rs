//! A feed, in order or not.
#![no_main]

use copydesk::discover::feed;
use libfuzzer_sys::fuzz_target;
use std::sync::LazyLock;
use url::Url;

static BASE: LazyLock<Url> = LazyLock::new(|| Url::parse("https://news.example/feed.xml").expect("a URL"));

fuzz_target!(|bytes: &[u8]| {
    for link in feed(bytes, &BASE).unwrap_or_default() {
        assert!(matches!(link.url.scheme(), "http" | "https"), "{}", link.url);
    }
});
