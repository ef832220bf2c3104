//! A page's text through the whole cleaner, by a rule as well; what comes out keeps its promises.
#![no_main]

use copydesk::config::Config;
use copydesk::extract::{Explain, Input, Options, clean};
use libfuzzer_sys::fuzz_target;
use std::path::Path;
use std::sync::LazyLock;
use url::Url;

static OTHER_HOST: LazyLock<Url> = LazyLock::new(|| Url::parse("https://other.example/2026/03/04/story").expect("a URL"));
static RULED_HOST: LazyLock<Url> = LazyLock::new(|| Url::parse("https://ruled.example/story").expect("a URL"));
static OPTIONS: LazyLock<Options> = LazyLock::new(|| {
    let rule = "[[rule]]\nhost = \"ruled.example\"\nbody = [\"main\", \"article p\", \"td\"]\ntitle = \"h1\"\nauthors = \"b\"\n\
                date = \"time\"\nremove = [\"aside\", \"p + p\", \"script\"]\n";
    let config = Config::parse(rule, Path::new("fuzz")).expect("a configuration");
    Options { explain: Explain::Yes, ..config.clean }
});

fuzz_target!(|html: &str| {
    for url in [&*OTHER_HOST, &*RULED_HOST] {
        let Ok(cleaned) = clean(&Input { bytes: html.as_bytes(), url: Some(url), ..Input::default() }, &OPTIONS) else { return };
        let article = cleaned.article;
        assert!((0.0..=1.0).contains(&article.confidence));
        let lower = article.html.to_ascii_lowercase();
        for forbidden in ["<script", "<style", "<iframe", " onerror=", "href=\"javascript:"] {
            assert!(!lower.contains(forbidden), "{forbidden} in {}", article.html);
        }
    }
});
