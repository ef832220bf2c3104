//! Maps and sets of what is a hash already.

use std::collections::{HashMap, HashSet};
use std::hash::{BuildHasherDefault, Hasher};

/// A set of hashes that need no further hashing than one multiplication.
pub(crate) type HashedSet = HashSet<u64, Multiplied>;
/// See [`HashedSet`].
pub(crate) type HashedMap<V> = HashMap<u64, V, Multiplied>;
/// Hashes by [`Multiply`]. Who sends a page can make keys that meet in one place: for small maps, or where the page is
/// bounded.
pub(crate) type Multiplied = BuildHasherDefault<Multiply>;

/// Hashes by one multiplication.
#[derive(Default)]
pub(crate) struct Multiply(u64);

impl Hasher for Multiply {
    fn write(&mut self, bytes: &[u8]) {
        for &byte in bytes {
            self.write_u64(u64::from(byte));
        }
    }

    fn write_u32(&mut self, value: u32) {
        self.write_u64(u64::from(value));
    }

    fn write_u64(&mut self, value: u64) {
        self.0 = (self.0.rotate_left(23) ^ value).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    }

    fn finish(&self) -> u64 {
        self.0 ^ self.0 >> 32
    }
}
