//! What a WARC record looks like (WARC/1.1, ISO 28500:2017): a gzip member of its own.

use flate2::Compression;
use flate2::write::GzEncoder;
use jiff::Timestamp;
use sha2::{Digest as _, Sha256};
use std::fmt::{self, Write as _};
use std::hash::{BuildHasher, RandomState};
use std::io::Write as _;
use xxhash_rust::xxh3::xxh3_128_with_seed;

/// The level of the `gzip` program, 1 to 9.
const GZIP_LEVEL: u32 = 6;

/// Why a record without its payload stands for another with the same payload, and for one that the server said has not
/// changed (WARC/1.1, section 6.7).
pub(super) const IDENTICAL: &str = "http://netpreserve.org/warc/1.1/revisit/identical-payload-digest";
pub(super) const NOT_MODIFIED: &str = "http://netpreserve.org/warc/1.1/revisit/server-not-modified";

/// A record on its way into a file.
#[derive(Debug)]
pub(super) struct WarcRecord<'a> {
    head: String,
    /// The block, in pieces.
    block: &'a [&'a [u8]],
}

impl<'a> WarcRecord<'a> {
    /// A record of a kind, such as `response`.
    pub(super) fn new(kind: &str, id: &RecordId, date: Timestamp, block: &'a [&'a [u8]]) -> Self {
        let mut head = String::from("WARC/1.1\r\n");
        let date = date_text(date);
        // Writing to a String cannot fail.
        let _ = write!(head, "WARC-Type: {kind}\r\nWARC-Record-ID: {id}\r\nWARC-Date: {date}\r\n");
        Self { head, block }
    }

    /// Adds a field. The values are of our own making, or addresses, and hold no line break.
    pub(super) fn field(mut self, name: &str, value: impl fmt::Display) -> Self {
        let _ = write!(self.head, "{name}: {value}\r\n");
        self
    }

    /// The same where there is a value.
    pub(super) fn field_if(self, name: &str, value: Option<impl fmt::Display>) -> Self {
        match value {
            Some(value) => self.field(name, value),
            None => self,
        }
    }

    /// Adds the record as a gzip member.
    ///
    /// # Errors
    /// What the encoder says, which writes to memory.
    pub(super) fn pack_into(self, packed: &mut Vec<u8>) -> std::io::Result<()> {
        let length: usize = self.block.iter().map(|piece| piece.len()).sum();
        let head = self.head;
        let digest = Digest::of(self.block);
        let mut encoder = GzEncoder::new(packed, Compression::new(GZIP_LEVEL));
        write!(encoder, "{head}WARC-Block-Digest: {digest}\r\nContent-Length: {length}\r\n\r\n")?;
        for piece in self.block {
            encoder.write_all(piece)?;
        }
        encoder.write_all(b"\r\n\r\n")?;
        encoder.finish().map(drop)
    }
}

/// A date as the records have it. To the second: not every tool reads more.
pub(super) fn date_text(date: Timestamp) -> String {
    date.strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
}

/// The same in 14 digits, as indexes have it.
pub(super) fn date_digits(date: &str) -> String {
    date.bytes().filter(u8::is_ascii_digit).take(14).map(char::from).collect()
}

/// The SHA-256 of some bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct Digest([u8; 32]);

impl Digest {
    pub(super) fn of(pieces: &[&[u8]]) -> Self {
        let mut hash = Sha256::new();
        for piece in pieces {
            hash.update(piece);
        }
        Self(hash.finalize().into())
    }
}

/// The digest of a block as our records have it.
pub(in super::super) fn block_digest(block: &[u8]) -> String {
    Digest::of(&[block]).to_string()
}

impl fmt::Display for Digest {
    /// `sha256:` and 64 hexadecimal digits.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("sha256:")?;
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

/// The name of a record, which no other has.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct RecordId(pub(super) String);

impl fmt::Display for RecordId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Makes names of records: random ones (UUID version 4, RFC 9562).
#[derive(Debug)]
pub(super) struct RecordIds {
    /// Random, from the system.
    seeds: [RandomState; 2],
    count: u64,
}

impl RecordIds {
    pub(super) fn new() -> Self {
        Self { seeds: [RandomState::new(), RandomState::new()], count: 0 }
    }

    pub(super) fn next(&mut self) -> RecordId {
        self.count += 1;
        let now = Timestamp::now().as_nanosecond();
        let [one, two] = [0, 1].map(|at| self.seeds[at].hash_one((self.count, now)));
        let number = xxh3_128_with_seed(&one.to_le_bytes(), two);
        let number = number & !(0xf << 76) & !(0x3 << 62) | 0x4 << 76 | 0x2 << 62;
        let digits = format!("{number:032x}");
        let groups = [0..8, 8..12, 12..16, 16..20, 20..32].map(|group| &digits[group]);
        RecordId(format!("<urn:uuid:{}>", groups.join("-")))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_uuids_and_differ() {
        let mut ids = RecordIds::new();
        let (one, two) = (ids.next().0, ids.next().0);
        assert_ne!(one, two);
        assert_eq!(one.len(), "<urn:uuid:00000000-0000-4000-8000-000000000000>".len());
        assert_eq!(&one[24..25], "4", "{one}");
        assert!("89ab".contains(&one[29..30]), "{one}");
    }

    #[test]
    fn a_digest_as_other_programs_write_it() {
        let digest = Digest::of(&[b"ab", b"c"]).to_string();
        assert_eq!(digest, "sha256:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    }
}
