//! Feeds and sitemaps that are gzipped files, whatever the server says of them.

use flate2::read::MultiGzDecoder;
use std::borrow::Cow;
use std::io::Read;

/// Bytes of a sitemap or feed, unpacked, that are read: the sitemaps' own limit.
pub const MAX_EXPANDED_BYTES: u64 = 50 * 1024 * 1024;

const GZIP_MAGIC: &[u8] = &[0x1f, 0x8b];

/// The bytes unpacked, and whether some are missing.
pub(super) fn unpack(bytes: &[u8]) -> (Cow<'_, [u8]>, bool) {
    if !bytes.starts_with(GZIP_MAGIC) {
        let limit = bytes.len().min(MAX_EXPANDED_BYTES as usize);
        return (Cow::Borrowed(&bytes[..limit]), limit < bytes.len());
    }
    let mut out = Vec::new();
    let result = MultiGzDecoder::new(bytes).take(MAX_EXPANDED_BYTES + 1).read_to_end(&mut out);
    let over = out.len() as u64 > MAX_EXPANDED_BYTES;
    out.truncate(MAX_EXPANDED_BYTES as usize);
    (Cow::Owned(out), over || result.is_err())
}
