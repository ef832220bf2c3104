//! A WARC file as one stream of bytes, however it is packed, with the ends of its gzip members.
//!
//! What is damaged costs no more than itself: from a member that cannot be unpacked, and from bytes between members, the
//! search goes on to what begins like the next one.

use flate2::bufread::GzDecoder;
use std::io::{self, BufRead, Read};

/// How a gzip member begins (RFC 1952, section 2.3.1), with the only method that there is.
const GZIP: [u8; 3] = [0x1f, 0x8b, 8];

/// How a zstd frame begins (RFC 8878, section 3.1.1), and one that is skipped, of which a dictionary is one.
const ZSTD: [u8; 4] = [0x28, 0xb5, 0x2f, 0xfd];
const ZSTD_DICTIONARY: [u8; 4] = [0x5d, 0x2a, 0x4d, 0x18];

/// Bytes of a dictionary at the most; `zstd --train` makes them of 110 kB.
const MAX_DICTIONARY: u32 = 16 * 1024 * 1024;

/// Bytes unpacked at a time.
const CHUNK: usize = 64 * 1024;

/// Where the bytes come from, and how many were taken.
pub(super) struct Source {
    inner: Box<dyn BufRead + Send>,
    position: u64,
    /// Bytes that come before the rest.
    again: &'static [u8],
}

/// A stream of unpacked bytes. It ends at the end of each member; [`Members::advance`] goes on to the next.
pub(super) struct Members {
    kind: Kind,
    /// Bytes that were unpacked and not taken.
    chunk: Vec<u8>,
    taken: usize,
    /// Where the member begins in the file.
    start: u64,
    /// Whether the member broke off or cannot be unpacked.
    is_broken: bool,
    /// Places where the file is damaged.
    pub(super) damage: u64,
}

enum Kind {
    Plain(Source),
    Gzip(Box<GzDecoder<Source>>),
    Zstd(Box<dyn Read + Send>),
    /// Between two steps, and at the end.
    None,
}

impl Read for Source {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.fill_buf()?.read(buffer)?;
        self.consume(count);
        Ok(count)
    }
}

impl BufRead for Source {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        if self.again.is_empty() { self.inner.fill_buf() } else { Ok(self.again) }
    }

    fn consume(&mut self, count: usize) {
        if self.again.is_empty() {
            self.inner.consume(count);
        } else {
            self.again = &self.again[count..];
        }
        self.position += count as u64;
    }
}

impl Source {
    /// Goes on to what begins like a gzip member; whether there is one, and how many bytes were passed over.
    fn seek_member(&mut self) -> io::Result<(bool, u64)> {
        let from = self.position;
        // How much of the beginning the last bytes were.
        let mut matched = 0;
        loop {
            let bytes = self.fill_buf()?;
            if bytes.is_empty() {
                return Ok((false, self.position - from));
            }
            let mut count = 0;
            while count < bytes.len() && matched < GZIP.len() {
                let byte = bytes[count];
                matched = if byte == GZIP[matched] { matched + 1 } else { usize::from(byte == GZIP[0]) };
                count += 1;
            }
            self.consume(count);
            if matched == GZIP.len() {
                let passed = self.position - from - GZIP.len() as u64;
                // It was taken to know it, and is read again.
                self.again = &GZIP;
                self.position -= GZIP.len() as u64;
                return Ok((true, passed));
            }
        }
    }
}

impl Members {
    /// Looks at how a file is packed.
    pub(super) fn open(inner: Box<dyn BufRead + Send>) -> io::Result<Self> {
        let mut source = Source { inner, position: 0, again: &[] };
        let head = source.fill_buf()?;
        let kind = if head.starts_with(&GZIP) {
            Kind::Gzip(Box::new(GzDecoder::new(source)))
        } else if head.starts_with(&ZSTD) || head.starts_with(&ZSTD_DICTIONARY) {
            Kind::Zstd(zstd_decoder(source)?)
        } else {
            Kind::Plain(source)
        };
        Ok(Self { kind, chunk: Vec::new(), taken: 0, start: 0, is_broken: false, damage: 0 })
    }

    /// Where the member begins in the file, in bytes; for what is not made of gzip members, where the stream is.
    pub(super) fn offset(&self) -> u64 {
        match &self.kind {
            Kind::Plain(source) => source.position,
            _ => self.start,
        }
    }

    /// Whether the file is not packed.
    pub(super) fn is_plain(&self) -> bool {
        matches!(self.kind, Kind::Plain(_))
    }

    /// Whether members end somewhere in the stream.
    pub(super) fn has_members(&self) -> bool {
        matches!(self.kind, Kind::Gzip(_))
    }

    /// Bytes that can be had; none at the end of a member.
    ///
    /// # Errors
    /// Where the file cannot be read. That its content cannot be unpacked is the end of the member.
    pub(super) fn fill(&mut self) -> io::Result<&[u8]> {
        if self.is_plain() {
            return match &mut self.kind {
                Kind::Plain(source) => source.fill_buf(),
                _ => Ok(&[]),
            };
        }
        if self.taken == self.chunk.len() && !self.is_broken {
            self.chunk.resize(CHUNK, 0);
            self.taken = 0;
            let read = match &mut self.kind {
                Kind::Gzip(decoder) => read_some(decoder, &mut self.chunk),
                Kind::Zstd(decoder) => read_some(decoder, &mut self.chunk),
                Kind::Plain(_) | Kind::None => Ok(0),
            };
            let count = match read {
                Ok(count) => count,
                // A disk that cannot be read says nothing of the file.
                Err(error) if error.raw_os_error().is_some() => return Err(error),
                Err(_) => {
                    self.is_broken = true;
                    self.damage += 1;
                    0
                }
            };
            self.chunk.truncate(count);
        }
        Ok(&self.chunk[self.taken..])
    }

    /// Takes bytes that were filled in.
    pub(super) fn consume(&mut self, count: usize) {
        match &mut self.kind {
            Kind::Plain(source) => source.consume(count),
            _ => self.taken += count,
        }
    }

    /// Goes on behind the end of a member; whether there is anything.
    ///
    /// # Errors
    /// Where the file cannot be read.
    pub(super) fn advance(&mut self) -> io::Result<bool> {
        if !self.has_members() {
            return Ok(false);
        }
        let Kind::Gzip(decoder) = std::mem::replace(&mut self.kind, Kind::None) else { return Ok(false) };
        let mut source = decoder.into_inner();
        let (found, passed) = source.seek_member()?;
        // What was broken has been counted.
        if passed > 0 && !self.is_broken {
            self.damage += 1;
        }
        (self.start, self.is_broken) = (source.position, false);
        self.chunk.clear();
        self.taken = 0;
        if found {
            self.kind = Kind::Gzip(Box::new(GzDecoder::new(source)));
        }
        Ok(found)
    }
}

/// Reads until there is something, or the end.
fn read_some(reader: &mut impl Read, buffer: &mut [u8]) -> io::Result<usize> {
    loop {
        match reader.read(buffer) {
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            other => return other,
        }
    }
}

/// The frames of a file, one behind the other; with a dictionary in front where the file has one (the proposal "WARC files
/// with zstd compression" of the IIPC).
fn zstd_decoder(mut source: Source) -> io::Result<Box<dyn Read + Send>> {
    if !source.fill_buf()?.starts_with(&ZSTD_DICTIONARY) {
        return Ok(Box::new(zstd::stream::read::Decoder::with_buffer(source)?));
    }
    let mut head = [0; 8];
    source.read_exact(&mut head)?;
    let length = u32::from_le_bytes([head[4], head[5], head[6], head[7]]);
    if length > MAX_DICTIONARY {
        return Err(io::Error::new(io::ErrorKind::InvalidData, "its zstd dictionary is too large"));
    }
    let mut dictionary = vec![0; length as usize];
    source.read_exact(&mut dictionary)?;
    if dictionary.starts_with(&ZSTD) {
        let mut unpacked = Vec::new();
        zstd::stream::read::Decoder::new(&dictionary[..])?
            .take(u64::from(MAX_DICTIONARY))
            .read_to_end(&mut unpacked)?;
        dictionary = unpacked;
    }
    Ok(Box::new(zstd::stream::read::Decoder::with_dictionary(source, &dictionary)?))
}
