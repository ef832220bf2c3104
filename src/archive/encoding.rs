//! How records become the bytes of an append-only file, and where such a file is whole.
//!
//! A packed file is a row of pieces, each complete in itself: gzip's members, zstd's frames. So it can be cut back to the
//! end of any piece, and is then what it was before.

use flate2::Compression as GzipLevel;
use flate2::bufread::GzDecoder;
use flate2::write::GzEncoder;
use std::borrow::Cow;
use std::fs::File;
use std::io::{self, BufRead, BufReader, Read, Seek, SeekFrom, Write};
use std::path::Path;

/// Bytes read at a time in search of the last whole record.
const TAIL_BYTES: u64 = 64 * 1024;

/// The level of the `gzip` program, 1 to 9.
const GZIP_LEVEL: u32 = 6;

/// The level of the `zstd` program, 1 to 22.
const ZSTD_LEVEL: i32 = 3;

/// How an append-only file is made; its name says it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Encoding {
    /// A record ends with this, which stands nowhere else.
    Plain(&'static [u8]),
    Gzip,
    /// A record is a gzip member before it comes here.
    GzipRecords,
    Zstd,
}

impl Encoding {
    pub(super) fn of(path: &Path) -> Self {
        if path.to_str().is_some_and(|path| path.ends_with(".warc.gz")) {
            return Self::GzipRecords;
        }
        match path.extension().and_then(|extension| extension.to_str()) {
            Some("gz") => Self::Gzip,
            Some("zst") => Self::Zstd,
            // A field of several lines has plain line feeds.
            Some("csv") => Self::Plain(b"\r\n"),
            _ => Self::Plain(b"\n"),
        }
    }

    /// Whether the file is as long as what is put into it.
    pub(super) fn is_plain(self) -> bool {
        matches!(self, Self::Plain(_) | Self::GzipRecords)
    }

    /// Whole records as a piece of a file.
    pub(super) fn encode(self, records: &[u8]) -> io::Result<Cow<'_, [u8]>> {
        match self {
            Self::Plain(_) | Self::GzipRecords => Ok(Cow::Borrowed(records)),
            Self::Gzip => {
                let mut encoder = GzEncoder::new(Vec::new(), GzipLevel::new(GZIP_LEVEL));
                encoder.write_all(records)?;
                encoder.finish().map(Cow::Owned)
            }
            Self::Zstd => {
                let mut encoder = zstd::bulk::Compressor::new(ZSTD_LEVEL)?;
                encoder.include_checksum(true)?;
                encoder.compress(records).map(Cow::Owned)
            }
        }
    }

    /// The length up to and with the last whole record or piece.
    pub(super) fn whole(self, path: &Path, length: u64) -> io::Result<u64> {
        match self {
            Self::Plain(end) => whole_records(path, length, end),
            Self::Gzip | Self::GzipRecords => {
                whole_pieces(path, |reader| io::copy(&mut GzDecoder::new(reader), &mut io::sink()))
            }
            Self::Zstd => whole_pieces(path, |reader| {
                let mut decoder = zstd::stream::read::Decoder::with_buffer(reader)?.single_frame();
                io::copy(&mut decoder, &mut io::sink())
            }),
        }
    }
}

/// The length up to and with the last end of a record.
fn whole_records(path: &Path, length: u64, record_end: &[u8]) -> io::Result<u64> {
    let mut file = File::open(path)?;
    let mut end = length;
    let mut chunk = Vec::new();
    while end > 0 {
        let start = end.saturating_sub(TAIL_BYTES);
        file.seek(SeekFrom::Start(start))?;
        chunk.clear();
        (&mut file).take(end - start).read_to_end(&mut chunk)?;
        if let Some(at) = chunk.windows(record_end.len()).rposition(|window| window == record_end) {
            return Ok(start + (at + record_end.len()) as u64);
        }
        // What ends a record may lie across two chunks.
        end = if start == 0 { 0 } else { start + (record_end.len() - 1) as u64 };
    }
    Ok(0)
}

/// The length up to which every piece can be unpacked; for that all of the file is read.
fn whole_pieces(path: &Path, unpack: impl Fn(&mut BufReader<File>) -> io::Result<u64>) -> io::Result<u64> {
    let mut reader = BufReader::new(File::open(path)?);
    let mut good = 0;
    while !reader.fill_buf()?.is_empty() {
        match unpack(&mut reader) {
            Ok(_) => good = reader.stream_position()?,
            // A disk that cannot be read says nothing of the file.
            Err(error) if error.raw_os_error().is_some() => return Err(error),
            Err(_) => break,
        }
    }
    Ok(good)
}
