//! Text that was scraped already: alone, and as one of several of its site.
#![no_main]

use copydesk::extract::{Corpus, Options, clean_text, clean_text_of_site, document_lines};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let _ = clean_text(text, &Options::default());
    let parts: Vec<&str> = text.split("\n---\n").collect();
    let mut corpus = Corpus::default();
    for part in &parts {
        corpus.learn("site", &document_lines(part));
    }
    for part in &parts {
        let repeated = corpus.repeated("site", &document_lines(part));
        let _ = clean_text_of_site(part, &Options::default(), &repeated);
    }
});
