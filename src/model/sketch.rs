//! A sketch of a text's word shingles, by which near-duplicates are found among many texts.
//!
//! The 64-bit [`Fingerprint`](super::Fingerprint) says how near two texts are that one has; finding the near ones of a
//! million by it means to look at all of them, or to miss those with more than a few edits. A sketch is longer and comes
//! with bands: two texts that are nearly the same share one almost surely, and bands can be looked up.

use super::letters;
use std::fmt;
use xxhash_rust::xxh3::xxh3_64;

/// Words in a shingle, as in the fingerprint.
const SHINGLE_WORDS: usize = 3;

/// Least hashes in a sketch (Broder, "On the resemblance and containment of documents", 1997).
const HASHES: usize = ROWS * BANDS;

/// Hashes in a band, all of which have to agree. With 3 of them in 12 bands, texts that share 60 % of their shingles meet
/// with a probability of 94 %, those that share 75 % with 99.8 %, those that share 10 % with 1 %.
const ROWS: usize = 3;

/// Bands of a sketch.
const BANDS: usize = 12;

/// Words of a text that has a sketch. What is shorter is alike with too much.
const LEAST_WORDS: usize = 20;

/// The share of equal hashes, which estimates the share of common shingles, from which on texts tell the same. An edit of
/// one word in twenty leaves three quarters of the shingles; texts of one subject by different hands share a few percent.
const SAME: f32 = 0.55;

/// Sketch of a text: the lower halves of the least hashes of its shingles.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Sketch([u16; HASHES]);

impl Sketch {
    /// Bytes that it is kept as.
    pub const BYTES: usize = 2 * HASHES;

    /// The sketch of a text; `None` where it is too short for one. Case, punctuation and white space play no part. In
    /// scripts without spaces every character counts as a word.
    #[must_use]
    pub fn of(text: &str) -> Option<Self> {
        let lower = letters::lower(text);
        let mut least = [u64::MAX; HASHES];
        let mut window = [0_u64; SHINGLE_WORDS];
        let mut words = 0_usize;
        let mut add = |word: &str| {
            window.rotate_left(1);
            window[SHINGLE_WORDS - 1] = xxh3_64(word.as_bytes());
            words += 1;
            if words >= SHINGLE_WORDS {
                let shingle = window.iter().fold(0_u64, |hash, word| mix(hash.rotate_left(21) ^ word));
                // Of whole products: the least of them has the least upper half, which is what counts.
                for (least, factor) in least.iter_mut().zip(&FACTORS) {
                    *least = (*least).min(shingle.wrapping_mul(*factor));
                }
            }
        };
        for run in letters::words(&lower) {
            if run.chars().any(is_word_by_itself) {
                run.char_indices().for_each(|(at, c)| add(&run[at..at + c.len_utf8()]));
            } else {
                add(run);
            }
        }
        (words >= LEAST_WORDS).then(|| Self(least.map(|hash| (hash >> 32) as u16)))
    }

    /// The share of common shingles, estimated, from 0 to 1.
    #[must_use]
    pub fn similarity(&self, other: &Self) -> f32 {
        let equal = self.0.iter().zip(&other.0).filter(|(one, other)| one == other).count();
        equal as f32 / HASHES as f32
    }

    /// Whether two texts tell the same, as far as sketches tell.
    #[must_use]
    pub fn is_near(&self, other: &Self) -> bool {
        self.similarity(other) >= SAME
    }

    /// What to look near ones up by: they share at least one of these, almost surely. Not negative, and no number is in two
    /// places.
    #[must_use]
    pub fn bands(&self) -> [i64; BANDS] {
        let mut bands = [0; BANDS];
        for ((band, rows), number) in bands.iter_mut().zip(self.0.chunks_exact(ROWS)).zip(0_i64..) {
            *band = rows.iter().fold(number, |band, row| band << 16 | i64::from(*row));
        }
        bands
    }

    /// As it is kept.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        self.0.iter().flat_map(|hash| hash.to_le_bytes()).collect()
    }

    /// From how it was kept; `None` where that is no sketch.
    #[must_use]
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        (bytes.len() == Self::BYTES)
            .then(|| Self(std::array::from_fn(|at| u16::from_le_bytes([bytes[2 * at], bytes[2 * at + 1]]))))
    }
}

impl fmt::Debug for Sketch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Sketch({:04x}{:04x}…)", self.0[0], self.0[1])
    }
}

/// 2^64 divided by the golden ratio.
const GOLDEN: u64 = 0x9E37_79B9_7F4A_7C15;

/// What the shingles' hashes are multiplied by to put them into another order for each place of a sketch: odd, and
/// without a pattern (Dietzfelbinger and others, "A reliable randomized algorithm for the closest-pair problem", 1997).
static FACTORS: [u64; HASHES] = {
    let mut factors = [0; HASHES];
    let mut at = 0;
    while at < HASHES {
        factors[at] = mix((at as u64 + 1).wrapping_mul(GOLDEN)) | 1;
        at += 1;
    }
    factors
};

/// The finalizer of `SplitMix64` (Steele, Lea, Flood, OOPSLA 2014).
const fn mix(value: u64) -> u64 {
    let value = (value ^ value >> 30).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    let value = (value ^ value >> 27).wrapping_mul(0x94D0_49BB_1331_11EB);
    value ^ value >> 31
}

/// Characters of scripts that do not part words: Thai, Lao, Myanmar, Khmer, kana, Han.
fn is_word_by_itself(c: char) -> bool {
    matches!(
        u32::from(c),
        0x0E00..=0x0EFF | 0x1000..=0x109F | 0x1780..=0x17FF | 0x3040..=0x30FF | 0x3400..=0x4DBF | 0x4E00..=0x9FFF
            | 0xF900..=0xFAFF | 0x20000..=0x3FFFF
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_kept_comes_back() {
        let text = (0..50).map(|n| format!("word{n}")).collect::<Vec<_>>().join(" ");
        let sketch = Sketch::of(&text).unwrap();
        assert_eq!(Sketch::from_bytes(&sketch.to_bytes()), Some(sketch));
        assert_eq!(Sketch::from_bytes(&[0; 7]), None);
        let bands = sketch.bands();
        assert!(bands.iter().all(|band| *band >= 0) && bands.windows(2).all(|pair| pair[0] < pair[1]));
    }

    #[test]
    fn case_and_punctuation_are_nothing_and_short_texts_have_none() {
        let text = (0..50).map(|n| format!("word{n}")).collect::<Vec<_>>();
        assert_eq!(Sketch::of(&text.join(", ").to_uppercase()), Sketch::of(&text.join(" ")));
        assert_eq!(Sketch::of("Only five words are here."), None);
    }

    #[test]
    fn scripts_without_spaces() {
        let text = "市議会は月曜日に新しい橋の建設を承認し、来年の春に工事を始めることを決めた。住民は長い間この橋を待っていた。";
        let edited = text.replace("来年の春", "来年の夏");
        let other =
            "気象庁によると、台風は明日の朝に九州の南に近づき、沿岸では高い波に警戒が必要である。漁船は港に戻った。";
        let sketch = |text: &str| Sketch::of(text).unwrap();
        assert!(sketch(text).is_near(&sketch(&edited)));
        assert!(!sketch(text).is_near(&sketch(other)));
    }
}
