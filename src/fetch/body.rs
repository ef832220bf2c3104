//! Reads a body as it comes: counts it, undoes its content codings, and stops at the limit.
//!
//! The limit holds at every step, on the wire and behind each coding, so that a small file which unpacks to gigabytes
//! costs no more than one of the largest size allowed.

use super::FetchError;
use super::tape::Pieces;
use async_compression::tokio::bufread::{BrotliDecoder, DeflateDecoder, GzipDecoder, ZlibDecoder, ZstdDecoder};
use bytes::Bytes;
use futures_util::{StreamExt, TryStreamExt};
use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::task::{Context, Poll};
use tokio::io::{AsyncBufReadExt, AsyncRead, AsyncReadExt, BufReader, ReadBuf};
use tokio_util::io::StreamReader;
use url::Url;

/// Codings one behind the other that are undone. More than two has no use but to do harm.
const MAX_CODINGS: usize = 2;

/// Bytes that are set aside at the most for a body that says how long it is.
const MOST_AHEAD: u64 = 1024 * 1024;

/// Bytes that are made room for at a time, at the least.
const CHUNK: usize = 64 * 1024;

/// What to do with a body that is longer than the limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Overflow {
    /// It is of no use.
    Refuse,
    /// Its beginning will do.
    Cut,
}

/// A body, read to its end.
pub(super) struct Body {
    pub(super) bytes: Bytes,
    pub(super) wire_bytes: u64,
    /// Whether the bytes are as they were received.
    pub(super) is_plain: bool,
    /// Whether there was more of it.
    pub(super) is_cut: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Coding {
    Gzip,
    Deflate,
    Brotli,
    Zstd,
}

/// The body of an answer; its pieces as received are also added to `pieces`.
pub(super) async fn read(
    response: reqwest::Response,
    url: &Url,
    limit: u64,
    overflow: Overflow,
    pieces: Option<&Pieces>,
) -> Result<Body, FetchError> {
    let expected = response.content_length();
    let coding = header_list(&response, reqwest::header::CONTENT_ENCODING);
    let codings = parse_codings(&coding)
        .ok_or_else(|| FetchError::UnknownCoding { url: Box::new(url.clone()), coding: coding.clone() })?;
    let too_large = || FetchError::TooLarge { url: Box::new(url.clone()), limit };
    if overflow == Overflow::Refuse && expected.is_some_and(|bytes| bytes > limit) {
        return Err(too_large());
    }

    let wire_bytes = Arc::new(AtomicU64::new(0));
    let stream = response.bytes_stream().map_err(io::Error::other).inspect({
        let wire_bytes = Arc::clone(&wire_bytes);
        let pieces = pieces.cloned();
        move |chunk| {
            if let Ok(chunk) = chunk {
                if let Some(pieces) = &pieces {
                    pieces.add(chunk);
                }
                wire_bytes.fetch_add(chunk.len() as u64, Ordering::Relaxed);
            }
        }
    });
    let mut reader: Pin<Box<dyn AsyncRead + Send>> = Box::pin(Limited::new(StreamReader::new(Box::pin(stream)), limit));
    // One more: room in which the reader finds the end.
    let mut bytes = Vec::with_capacity(expected.unwrap_or_default().min(limit).min(MOST_AHEAD) as usize + 1);
    let mut outcome = Ok(());
    let is_gzip = codings == [Coding::Gzip];
    for coding in codings.iter().rev().filter(|_| !is_gzip) {
        match decoder(*coding, reader).await {
            Ok(decoded) => reader = Box::pin(Limited::new(decoded, limit)),
            Err(error) => {
                outcome = Err(error);
                reader = Box::pin(tokio::io::empty());
                break;
            }
        }
    }
    if is_gzip {
        outcome = read_members(reader, &mut bytes, limit).await;
    } else if outcome.is_ok() {
        outcome = read_all(&mut reader, &mut bytes).await;
    }
    let received = wire_bytes.load(Ordering::Relaxed);
    let mut is_cut = false;
    match outcome {
        Ok(()) => {}
        Err(error) if is_overflow(&error) => {
            if overflow == Overflow::Refuse {
                return Err(too_large());
            }
            is_cut = true;
        }
        Err(source) => {
            let of_network = source.get_ref().is_some_and(<dyn std::error::Error + Send + Sync>::is::<reqwest::Error>);
            let url = Box::new(url.clone());
            return Err(if of_network || source.kind() == io::ErrorKind::UnexpectedEof {
                FetchError::Truncated { url, received, expected, source }
            } else {
                FetchError::Decode { url, coding, source }
            });
        }
    }
    bytes.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
    Ok(Body { bytes: bytes.into(), wire_bytes: received, is_plain: codings.is_empty(), is_cut })
}

/// Reads gzip, of which a body may be several one after the other (RFC 1952, section 2.2). What follows that is none is
/// padding.
async fn read_members(reader: Pin<Box<dyn AsyncRead + Send>>, bytes: &mut Vec<u8>, limit: u64) -> io::Result<()> {
    /// The first byte of a member.
    const MAGIC: u8 = 0x1F;
    let mut reader = BufReader::new(reader);
    let mut is_first = true;
    loop {
        let next = reader.fill_buf().await?.first().copied();
        if next.is_none_or(|byte| !is_first && byte != MAGIC) {
            return Ok(());
        }
        is_first = false;
        let mut decoder = GzipDecoder::new(reader);
        read_all(&mut Limited::new(&mut decoder, limit.saturating_sub(bytes.len() as u64)), bytes).await?;
        reader = decoder.into_inner();
    }
}

async fn read_all(reader: &mut (impl AsyncRead + Unpin), bytes: &mut Vec<u8>) -> io::Result<()> {
    loop {
        // Without room it would grow by a few bytes at a time.
        if bytes.len() == bytes.capacity() {
            bytes.reserve(CHUNK.max(bytes.len()));
        }
        if reader.read_buf(bytes).await? == 0 {
            return Ok(());
        }
    }
}

/// Every value of a header that may stand on several lines, as one list.
pub(super) fn header_list(response: &reqwest::Response, name: reqwest::header::HeaderName) -> String {
    let values: Vec<_> =
        response.headers().get_all(name).iter().map(|value| String::from_utf8_lossy(value.as_bytes())).collect();
    values.join(", ")
}

/// The codings in the order in which they were applied, or `None` for one that we do not know or for too many.
fn parse_codings(header: &str) -> Option<Vec<Coding>> {
    let mut codings = Vec::new();
    for name in header.split(',').map(|name| name.trim().to_ascii_lowercase()) {
        codings.push(match name.as_str() {
            // Some servers name the charset or `none` here; a body without a coding is what they send.
            "" | "identity" | "none" | "utf-8" => continue,
            "gzip" | "x-gzip" => Coding::Gzip,
            "deflate" => Coding::Deflate,
            "br" => Coding::Brotli,
            "zstd" => Coding::Zstd,
            _ => return None,
        });
    }
    (codings.len() <= MAX_CODINGS).then_some(codings)
}

async fn decoder(coding: Coding, reader: Pin<Box<dyn AsyncRead + Send>>) -> io::Result<Pin<Box<dyn AsyncRead + Send>>> {
    let mut reader = BufReader::new(reader);
    // No bytes at all are an empty body, whatever the header says.
    if reader.fill_buf().await?.is_empty() {
        return Ok(Box::pin(reader));
    }
    Ok(match coding {
        Coding::Gzip => Box::pin(GzipDecoder::new(reader)),
        Coding::Brotli => Box::pin(BrotliDecoder::new(reader)),
        Coding::Zstd => Box::pin(ZstdDecoder::new(reader)),
        Coding::Deflate => {
            // "deflate" is zlib by the standard and bare deflate by habit; the two bytes of a zlib header tell.
            let mut head = Vec::with_capacity(2);
            (&mut reader).take(2).read_to_end(&mut head).await?;
            let is_zlib = matches!(head[..], [method, flags] if method & 0x0f == 8 && u16::from_be_bytes([method, flags]) % 31 == 0);
            let whole = BufReader::new(io::Cursor::new(head).chain(reader));
            if is_zlib { Box::pin(ZlibDecoder::new(whole)) } else { Box::pin(DeflateDecoder::new(whole)) }
        }
    })
}

/// More came than the limit allows.
#[derive(Debug, thiserror::Error)]
#[error("more bytes than the limit")]
struct OverLimit;

fn is_overflow(error: &io::Error) -> bool {
    error.get_ref().is_some_and(<dyn std::error::Error + Send + Sync>::is::<OverLimit>)
}

/// A reader that fails past a number of bytes, so that a decoder before it cannot take the end for the body's own.
struct Limited<R> {
    inner: R,
    left: u64,
    over: bool,
}

impl<R> Limited<R> {
    fn new(inner: R, left: u64) -> Self {
        Self { inner, left, over: false }
    }
}

impl<R: AsyncRead + Unpin> AsyncRead for Limited<R> {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        if self.over {
            return Poll::Ready(Err(io::Error::other(OverLimit)));
        }
        let before = buf.filled().len();
        let polled = Pin::new(&mut self.inner).poll_read(cx, buf);
        let read = (buf.filled().len() - before) as u64;
        if read > self.left {
            // What fits is handed out first; the next call fails.
            self.over = true;
            buf.set_filled(before + self.left as usize);
            self.left = 0;
            return if buf.filled().len() > before { polled } else { Poll::Ready(Err(io::Error::other(OverLimit))) };
        }
        self.left -= read;
        polled
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codings_are_read_in_order_and_bounded() {
        assert_eq!(parse_codings("gzip, BR"), Some(vec![Coding::Gzip, Coding::Brotli]));
        assert_eq!(parse_codings("identity"), Some(vec![]));
        assert_eq!(parse_codings("gzip, gzip, gzip"), None);
        assert_eq!(parse_codings("compress"), None);
    }

    #[tokio::test]
    async fn the_limit_is_exact() {
        let data: &'static [u8] = &[7; 10];
        let mut reader: Pin<Box<dyn AsyncRead + Send>> = Box::pin(Limited::new(data, 10));
        let mut bytes = Vec::new();
        read_all(&mut reader, &mut bytes).await.unwrap();
        assert_eq!(bytes, data);
        let mut reader: Pin<Box<dyn AsyncRead + Send>> = Box::pin(Limited::new(data, 9));
        let mut bytes = Vec::new();
        assert!(is_overflow(&read_all(&mut reader, &mut bytes).await.unwrap_err()));
        assert_eq!(bytes, data[..9]);
    }
}
