//! Reads WARC files (ISO 28500), also those of others, and damaged ones.
//!
//! A file may be plain, packed record by record or as a whole by gzip, or packed by zstd. What is no record is passed over
//! to the next that is one: bytes between records, a record with a wrong length, a member that cannot be unpacked, an end
//! that is missing. Memory is bounded by what the caller asks for of a block.

use super::members::Members;
use std::fs::File;
use std::io::{self, BufRead, BufReader, Read as _, Seek as _, SeekFrom};
use std::path::Path;

/// Bytes of a record's head at the most. The largest seen hold an address of some kilobytes.
const MAX_HEAD: usize = 256 * 1024;

/// Bytes read from a file at a time.
const READ_BYTES: usize = 256 * 1024;

/// Bytes of a file in all that are read again for records whose lengths are too large; past it, what such a record swallows
/// is lost. A bound, so that a file made of them takes no longer than its size.
const AGAIN_BYTES: u64 = 1024 * 1024 * 1024;

/// How every record begins.
const BEGIN: &[u8] = b"WARC/";

/// Whether a line is the first of a record, be it that something else stands before it.
fn begins_record(line: &[u8]) -> bool {
    let Some(at) = memchr::memmem::rfind(line, BEGIN) else { return false };
    let version = line[at + BEGIN.len()..].trim_ascii_end();
    matches!(version, [major, b'.', minor] if major.is_ascii_digit() && minor.is_ascii_digit())
}

/// Reads a WARC file, record by record.
pub struct WarcReader {
    members: Members,
    /// Bytes that were read and are to be read again.
    again: Vec<u8>,
    again_taken: usize,
    again_left: u64,
    /// Bytes of the present block that were not read.
    left: u64,
    /// Bytes that there are, where that is known and they are not packed.
    plain_length: Option<u64>,
    damage: u64,
    /// Where the last record can be read from, and its number from there.
    last: Option<(u64, u64)>,
    /// Where the reading began.
    base: u64,
}

/// The head of a record.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct WarcHead {
    /// Names in lower case, and values.
    fields: Vec<(String, String)>,
    /// From where on it can be read again: where it begins in the file, or the packed piece that it stands in.
    pub offset: u64,
    /// How many records are read before it from there.
    pub index: u64,
    /// Bytes of its block, as the head says.
    pub length: u64,
}

/// The block of a record.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct WarcBlock {
    /// The bytes.
    pub bytes: Vec<u8>,
    /// Whether there is less of it than the head says, or more than was asked for.
    pub is_cut: bool,
}

impl WarcHead {
    /// A field's value.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&str> {
        self.fields.iter().find(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
    }

    /// What kind of record it is: `response`.
    #[must_use]
    pub fn kind(&self) -> &str {
        self.get("warc-type").unwrap_or_default()
    }

    /// The address that it is about; early writers put it between angle brackets.
    #[must_use]
    pub fn target(&self) -> Option<&str> {
        self.get("warc-target-uri").map(|target| target.trim_start_matches('<').trim_end_matches('>'))
    }
}

impl std::fmt::Debug for WarcReader {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("WarcReader").field("offset", &self.members.offset()).finish_non_exhaustive()
    }
}

impl WarcReader {
    /// Opens a part of a file: from an offset up to a length, both in bytes.
    ///
    /// # Errors
    /// Where it cannot be read.
    pub fn open(path: &Path, from: u64, length: u64) -> io::Result<Self> {
        let mut file = File::open(path)?;
        file.seek(SeekFrom::Start(from))?;
        let mut reader = Self::new(Box::new(BufReader::with_capacity(READ_BYTES, file.take(length))))?;
        reader.plain_length = Some(length).filter(|_| reader.members.is_plain());
        reader.base = from;
        Ok(reader)
    }

    /// Reads from anything.
    ///
    /// # Errors
    /// Where it cannot be read.
    pub fn new(source: Box<dyn BufRead + Send>) -> io::Result<Self> {
        let members = Members::open(source)?;
        Ok(Self {
            members,
            again: Vec::new(),
            again_taken: 0,
            again_left: AGAIN_BYTES,
            left: 0,
            plain_length: None,
            damage: 0,
            last: None,
            base: 0,
        })
    }

    /// Places so far where the file is damaged.
    #[must_use]
    pub fn damage(&self) -> u64 {
        self.damage + self.members.damage
    }

    /// How far the file was read, in bytes: the beginning of the present gzip member, or of the record behind the present.
    #[must_use]
    pub fn offset(&self) -> u64 {
        self.base + self.members.offset()
    }

    /// The head of the next record; `None` at the end of the file. What was not read of the block before is passed over.
    ///
    /// # Errors
    /// Where the file cannot be read. Damage is no error; [`WarcReader::damage`] counts it.
    pub fn next_head(&mut self) -> io::Result<Option<WarcHead>> {
        self.skip_block()?;
        // Whether it is clear already that something is in the way.
        let mut in_the_way = false;
        loop {
            let offset = if self.members.has_members() { self.members.offset() } else { self.plain_offset() };
            let Some(line) = self.line()? else {
                if self.members.advance()? {
                    continue;
                }
                return Ok(None);
            };
            if begins_record(&line) {
                match self.head(offset)? {
                    Some(head) => return Ok(Some(head)),
                    None => in_the_way = false,
                }
            } else if !line.iter().all(u8::is_ascii_whitespace) && !in_the_way {
                in_the_way = true;
                self.damage += 1;
            }
        }
    }

    /// The block of the present record, up to so many bytes.
    ///
    /// # Errors
    /// Where the file cannot be read.
    pub fn block(&mut self, limit: u64) -> io::Result<WarcBlock> {
        let wanted = self.left.min(limit);
        // A head may promise more than there is, so memory follows what came.
        let mut bytes = Vec::with_capacity(usize::try_from(wanted.min(1024 * 1024)).unwrap_or_default());
        let mut missing = wanted;
        while missing > 0 {
            let some = self.fill()?;
            if some.is_empty() {
                break;
            }
            let count = some.len().min(usize::try_from(missing).unwrap_or(usize::MAX));
            bytes.extend_from_slice(&some[..count]);
            self.consume(count);
            missing -= count as u64;
        }
        self.left -= wanted - missing;
        let is_short = missing > 0;
        if is_short {
            self.left = 0;
        }
        if is_short || self.left == 0 && !self.is_followed()? {
            self.damage += 1;
            self.give_back_next(&mut bytes);
            return Ok(WarcBlock { bytes, is_cut: true });
        }
        Ok(WarcBlock { bytes, is_cut: self.left > 0 })
    }

    /// Where a length is too large, the next record is in the block: it is taken out, to be read again.
    fn give_back_next(&mut self, block: &mut Vec<u8>) {
        let Some(at) = memchr::memmem::find(block, b"\r\nWARC/1.") else { return };
        let Some(left) = self.again_left.checked_sub((block.len() - at) as u64) else { return };
        self.again_left = left;
        let rest: Vec<u8> = self.again.drain(self.again_taken..).collect();
        self.again = block.split_off(at + 2);
        self.again.extend(rest);
        self.again_taken = 0;
        while block.ends_with(b"\r\n") {
            block.truncate(block.len() - 2);
        }
    }

    /// Whether a block is followed by what has to follow it, or by nothing.
    fn is_followed(&mut self) -> io::Result<bool> {
        let next = self.fill()?;
        Ok(next.is_empty() || next[0] == b'\r' || next[0] == b'\n')
    }

    fn skip_block(&mut self) -> io::Result<()> {
        while self.left > 0 {
            let count = self.fill()?.len();
            if count == 0 {
                self.left = 0;
                self.damage += 1;
                break;
            }
            let count = count.min(usize::try_from(self.left).unwrap_or(usize::MAX));
            self.consume(count);
            self.left -= count as u64;
        }
        Ok(())
    }

    /// Where the next byte stands in a file that is not packed.
    fn plain_offset(&self) -> u64 {
        self.members.offset() - (self.again.len() - self.again_taken) as u64
    }

    /// The rest of a head, whose first line was read; `None` for one that says nothing of its length.
    fn head(&mut self, offset: u64) -> io::Result<Option<WarcHead>> {
        let mut head = WarcHead { offset, ..WarcHead::default() };
        let mut bytes = 0;
        while let Some(line) = self.line()? {
            bytes += line.len();
            let text = String::from_utf8_lossy(&line);
            let text = text.trim_end_matches(['\r', '\n']);
            if text.is_empty() || bytes > MAX_HEAD {
                break;
            }
            if text.starts_with([' ', '\t'])
                && let Some((_, value)) = head.fields.last_mut()
            {
                value.push(' ');
                value.push_str(text.trim());
            } else if let Some((name, value)) = text.split_once(':') {
                head.fields.push((name.trim().to_ascii_lowercase(), value.trim().to_owned()));
            }
        }
        let Some(length) = head.get("content-length").and_then(|length| length.parse().ok()) else {
            self.damage += 1;
            return Ok(None);
        };
        head.length = length;
        // What a plain file cannot hold is no length; the next record is looked for right behind the head.
        if self.plain_length.is_some_and(|whole| length > whole.saturating_sub(self.plain_offset())) {
            self.damage += 1;
            return Ok(None);
        }
        self.left = length;
        head.index = self.last.filter(|(last, _)| *last == offset).map_or(0, |(_, index)| index + 1);
        self.last = Some((offset, head.index));
        head.offset += self.base;
        Ok(Some(head))
    }

    /// A line with its end, or as much of it as a head may have; `None` at the end of a member.
    fn line(&mut self) -> io::Result<Option<Vec<u8>>> {
        let mut line = Vec::new();
        while line.len() < MAX_HEAD {
            let some = self.fill()?;
            if some.is_empty() {
                break;
            }
            let some = &some[..some.len().min(MAX_HEAD - line.len())];
            let end = memchr::memchr(b'\n', some);
            let count = end.map_or(some.len(), |end| end + 1);
            line.extend_from_slice(&some[..count]);
            self.consume(count);
            if end.is_some() {
                break;
            }
        }
        Ok((!line.is_empty()).then_some(line))
    }

    fn fill(&mut self) -> io::Result<&[u8]> {
        if self.again_taken < self.again.len() {
            return Ok(&self.again[self.again_taken..]);
        }
        self.members.fill()
    }

    fn consume(&mut self, count: usize) {
        if self.again_taken < self.again.len() {
            self.again_taken += count;
            if self.again_taken == self.again.len() {
                (self.again, self.again_taken) = (Vec::new(), 0);
            }
        } else {
            self.members.consume(count);
        }
    }
}
