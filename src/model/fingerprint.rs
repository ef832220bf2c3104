//! A 64-bit similarity fingerprint of a text.

use super::letters;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::fmt;
use std::str::FromStr;
use xxhash_rust::xxh3::xxh3_64;

/// Words in a feature. Three keep word order in play while one changed word touches only three of them
/// (Charikar's similarity hash over shingles, as Manku et al. use it on web pages, WWW 2007).
const SHINGLE_WORDS: usize = 3;

/// Similarity hash of a text's word shingles: near texts differ in few bits.
///
/// As a string it is 16 hexadecimal digits.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub struct Fingerprint(pub u64);

impl Fingerprint {
    /// The fingerprint of a text. Case, punctuation and white space play no part. An empty text gives 0.
    #[must_use]
    pub fn of(text: &str) -> Self {
        Self::of_lower(&letters::lower(text))
    }

    /// The same of a text that is in lower case already.
    #[must_use]
    pub fn of_lower(lower: &str) -> Self {
        let mut window = [0_u64; SHINGLE_WORDS];
        let mut votes = Votes { lanes: [0; 8], in_lanes: 0, totals: [0; 64], count: 0 };
        let mut seen = 0_usize;
        let mut vote = |window: &[u64; SHINGLE_WORDS]| {
            let mut hash = 0_u64;
            for word in window {
                hash = hash.rotate_left(21).wrapping_mul(0x9E37_79B9_7F4A_7C15) ^ word;
            }
            votes.add(xxh3_64(&hash.to_le_bytes()));
        };
        for word in letters::words(lower) {
            window.rotate_left(1);
            window[SHINGLE_WORDS - 1] = xxh3_64(word.as_bytes());
            seen += 1;
            if seen >= SHINGLE_WORDS {
                vote(&window);
            }
        }
        if seen == 0 {
            return Self(0);
        }
        if seen < SHINGLE_WORDS {
            vote(&window);
        }
        Self(votes.majority())
    }

    /// In how many of the 64 bits two fingerprints differ.
    #[must_use]
    pub fn distance(self, other: Self) -> u32 {
        (self.0 ^ other.0).count_ones()
    }
}

/// How often each of 64 bits was set, counted eight bits at a time in the bytes of a word.
#[derive(Debug)]
struct Votes {
    /// Byte `n` of lane `m` counts bit `8 n + m`.
    lanes: [u64; 8],
    in_lanes: u8,
    totals: [u32; 64],
    count: u32,
}

impl Votes {
    fn add(&mut self, hash: u64) {
        const LOWEST_BITS: u64 = 0x0101_0101_0101_0101;
        for (bit, lane) in self.lanes.iter_mut().enumerate() {
            *lane += hash >> bit & LOWEST_BITS;
        }
        self.count += 1;
        self.in_lanes += 1;
        if self.in_lanes == u8::MAX {
            self.empty_lanes();
        }
    }

    fn empty_lanes(&mut self) {
        for (bit, lane) in self.lanes.iter_mut().enumerate() {
            for (byte, count) in lane.to_le_bytes().into_iter().enumerate() {
                self.totals[8 * byte + bit] += u32::from(count);
            }
            *lane = 0;
        }
        self.in_lanes = 0;
    }

    /// The bits that more than half of the votes had.
    fn majority(mut self) -> u64 {
        self.empty_lanes();
        let count = self.count;
        self.totals.iter().enumerate().fold(0, |bits, (bit, &set)| bits | u64::from(2 * set > count) << bit)
    }
}

impl fmt::Display for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:016x}", self.0)
    }
}

impl FromStr for Fingerprint {
    type Err = std::num::ParseIntError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        u64::from_str_radix(text, 16).map(Self)
    }
}

impl Serialize for Fingerprint {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Fingerprint {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn near_texts_are_near_and_far_texts_are_far() {
        let words = |name: &str, step: usize| {
            (0..200).map(|n| format!("{name}{}", n * step % 1000)).collect::<Vec<_>>().join(" ")
        };
        let story = words("word", 7919);
        let edited = story.replacen("word919", "another", 1);
        let other = words("thing", 104_729);
        let (story, edited, other) = (Fingerprint::of(&story), Fingerprint::of(&edited), Fingerprint::of(&other));
        assert!(story.distance(edited) <= 8, "{}", story.distance(edited));
        assert!(story.distance(other) >= 16, "{}", story.distance(other));
        assert_eq!(story.to_string().parse::<Fingerprint>().unwrap(), story);
    }

    #[test]
    fn punctuation_and_case_play_no_part() {
        assert_eq!(Fingerprint::of("One, two: THREE!"), Fingerprint::of("one two three"));
        assert_eq!(Fingerprint::of(""), Fingerprint(0));
    }
}
