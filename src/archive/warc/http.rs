//! The HTTP answer in the block of a response record.

use brotli_decompressor::Decompressor;
use flate2::bufread::{DeflateDecoder, MultiGzDecoder, ZlibDecoder};
use std::borrow::Cow;
use std::io::Read;

/// Bytes that a brotli decoder takes at a time.
const BROTLI_BUFFER: usize = 16 * 1024;

/// An answer, as it stands in a block.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HttpAnswer<'a> {
    /// The status; 0 where it cannot be read.
    pub status: u16,
    /// Names in lower case, and values.
    headers: Vec<(String, String)>,
    /// The body with its codings.
    pub body: &'a [u8],
}

impl<'a> HttpAnswer<'a> {
    /// Reads a block; `None` for one that does not begin like an answer.
    #[must_use]
    pub fn read(block: &'a [u8]) -> Option<Self> {
        if !block.starts_with(b"HTTP/") {
            return None;
        }
        let (head, body) = match memchr::memmem::find(block, b"\r\n\r\n") {
            Some(end) => (&block[..end], &block[end + 4..]),
            // Some writers end lines with a line feed alone.
            None => match memchr::memmem::find(block, b"\n\n") {
                Some(end) => (&block[..end], &block[end + 2..]),
                None => (block, &block[..0]),
            },
        };
        let head = String::from_utf8_lossy(head);
        let mut lines = head.lines();
        let status = lines.next().and_then(|line| line.split_ascii_whitespace().nth(1)?.parse().ok());
        let header = |line: &str| {
            let (name, value) = line.split_once(':')?;
            Some((name.trim().to_ascii_lowercase(), value.trim().to_owned()))
        };
        Some(Self { status: status.unwrap_or_default(), headers: lines.filter_map(header).collect(), body })
    }

    /// The first value of a header, by its name in lower case.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    /// Every value of a header.
    pub fn headers<'b>(&'b self, name: &'b str) -> impl Iterator<Item = &'b str> {
        self.headers.iter().filter(move |(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    /// The body with its codings undone, cut at a limit in bytes. Where the headers promise a coding that it does not have, it
    /// is taken as it is: many archives undo codings and leave the headers.
    #[must_use]
    pub fn decoded(&self, limit: u64) -> Cow<'a, [u8]> {
        let mut body = Cow::Borrowed(self.body);
        if self.header("transfer-encoding").is_some_and(|value| value.to_ascii_lowercase().contains("chunked"))
            && let Some(whole) = unchunked(&body)
        {
            body = Cow::Owned(whole);
        }
        let codings: Vec<&str> = self.headers("content-encoding").flat_map(|value| value.split(',')).collect();
        for coding in codings.into_iter().rev() {
            if let Some(plain) = undone(coding.trim(), &body, limit) {
                body = Cow::Owned(plain);
            }
        }
        if body.len() as u64 > limit {
            let end = usize::try_from(limit).unwrap_or(usize::MAX);
            body = match body {
                Cow::Borrowed(bytes) => Cow::Borrowed(&bytes[..end]),
                Cow::Owned(mut bytes) => {
                    bytes.truncate(end);
                    Cow::Owned(bytes)
                }
            };
        }
        body
    }
}

/// What a coding was applied to; as much of it as there is. `None` where it was not.
fn undone(coding: &str, bytes: &[u8], limit: u64) -> Option<Vec<u8>> {
    match coding.to_ascii_lowercase().as_str() {
        "gzip" | "x-gzip" if bytes.starts_with(&[0x1f, 0x8b]) => Some(read_up_to(MultiGzDecoder::new(bytes), limit)),
        "br" => Some(read_up_to(Decompressor::new(bytes, BROTLI_BUFFER), limit)),
        "zstd" => Some(read_up_to(zstd::stream::read::Decoder::with_buffer(bytes).ok()?, limit)),
        "deflate" => {
            // "deflate" is zlib by the standard and bare deflate by habit.
            let plain = read_up_to(ZlibDecoder::new(bytes), limit);
            Some(if plain.is_empty() { read_up_to(DeflateDecoder::new(bytes), limit) } else { plain })
        }
        _ => None,
    }
    .filter(|plain| !plain.is_empty())
}

/// Reads up to a limit, or to where it cannot be read on.
fn read_up_to(reader: impl Read, limit: u64) -> Vec<u8> {
    let mut bytes = Vec::new();
    // What came before the fault is kept.
    let _ = reader.take(limit).read_to_end(&mut bytes);
    bytes
}

/// The body of a chunked answer; `None` for one that is not made of chunks.
fn unchunked(bytes: &[u8]) -> Option<Vec<u8>> {
    let mut whole = Vec::with_capacity(bytes.len());
    let mut rest = bytes;
    loop {
        let end = memchr::memchr(b'\n', rest)?;
        let line = std::str::from_utf8(&rest[..end]).ok()?.trim();
        let size = usize::from_str_radix(line.split(';').next()?.trim(), 16).ok()?;
        rest = &rest[end + 1..];
        if size == 0 {
            return Some(whole);
        }
        // A last chunk that is cut off is still a part of the page.
        let chunk = &rest[..size.min(rest.len())];
        whole.extend_from_slice(chunk);
        rest = &rest[chunk.len()..];
        rest = rest.strip_prefix(b"\r\n").or_else(|| rest.strip_prefix(b"\n")).unwrap_or(rest);
        if rest.is_empty() {
            return Some(whole);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codings_are_undone_and_bounded() {
        let answer = |head: &str, body: &[u8]| [head.as_bytes(), b"\r\n\r\n", body].concat();
        let decoded = |block: &[u8], limit| {
            String::from_utf8(HttpAnswer::read(block).unwrap().decoded(limit).into_owned()).unwrap()
        };
        let plain = answer("HTTP/1.1 200 OK\r\nContent-Type: text/html", b"<p>Page.");
        assert_eq!(decoded(&plain, 100), "<p>Page.");
        assert_eq!(decoded(&plain, 3), "<p>");
        let chunked =
            answer("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked", b"3\r\n<p>\r\n5;x=1\r\nPage.\r\n0\r\n\r\n");
        assert_eq!(decoded(&chunked, 100), "<p>Page.");
        let not_chunked = answer("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked", b"<p>Page.");
        assert_eq!(decoded(&not_chunked, 100), "<p>Page.");
        let bomb = zstd::bulk::compress(&vec![b'x'; 1_000_000], 3).unwrap();
        let bomb = answer("HTTP/1.1 200 OK\r\nContent-Encoding: zstd", &bomb);
        assert_eq!(decoded(&bomb, 1000).len(), 1000);
        let lie = answer("HTTP/1.1 200 OK\r\nContent-Encoding: br, gzip", b"<p>Page.");
        assert_eq!(decoded(&lie, 100), "<p>Page.");
        let two = answer("HTTP/1.1 404 Not Found\nX-A: 1\nx-a:2\n", b"");
        let two = HttpAnswer::read(&two).unwrap();
        assert_eq!((two.status, two.headers("x-a").collect::<Vec<_>>()), (404, vec!["1", "2"]));
        assert_eq!(HttpAnswer::read(b"<html>"), None);
    }
}
