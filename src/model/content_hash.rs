//! What tells whether a text has changed.

use super::letters;

/// Hash of the words of a text in lower case: white space, punctuation and case are no change. 32 hexadecimal digits.
#[must_use]
pub fn content_hash(lower: &str) -> String {
    let mut hasher = xxhash_rust::xxh3::Xxh3Default::new();
    for word in letters::words(lower) {
        hasher.update(word.as_bytes());
        hasher.update(b" ");
    }
    format!("{:032x}", hasher.digest128())
}
