//! Canonical addresses: canonical already when they come out, and the same article under both.
#![no_main]

use copydesk::model::{CanonicalUrl, HostKey};
use copydesk::discover::{path_date, url_kind};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let Some(canonical) = CanonicalUrl::parse(text) else { return };
    let again = CanonicalUrl::parse(canonical.as_str()).expect("a canonical address is one");
    assert_eq!(canonical.as_str(), again.as_str());
    assert_eq!(canonical.article_id(), again.article_id());
    let url = canonical.to_url();
    let _ = (HostKey::of(&url), url_kind(&url), path_date(&url));
});
