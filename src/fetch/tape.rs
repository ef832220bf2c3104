//! Takes down exchanges as they went over the wire, where somebody wants to keep them.

use super::http::Ask;
use crate::model::{Cut, Exchange, Protocol};
use bytes::{Bytes, BytesMut};
use jiff::Timestamp;
use reqwest::header::{self, HeaderMap, HeaderName, HeaderValue};
use reqwest::{Response, Version};
use std::sync::{Arc, Mutex, PoisonError};
use url::{Position, Url};

/// Headers of a request that let somebody in; they are not taken down. What a configuration sends to one source alone is
/// marked as sensitive, and is left out by that.
const SECRETS: [HeaderName; 3] = [header::AUTHORIZATION, header::COOKIE, header::PROXY_AUTHORIZATION];

/// What the transfer coding is called that was undone: under its own name it would be taken for one that still is to be.
const UNDONE_TRANSFER_CODING: &str = "x-orig-transfer-encoding";

/// Every exchange of the requests made by [`Fetcher::recorded`](super::Fetcher::recorded), in the order in which they ended:
/// redirects, answers that were errors, further tries, and each robots.txt that was asked for on the way. Clones are one tape.
#[derive(Debug, Clone, Default)]
pub struct Tape(Arc<Mutex<Vec<Exchange>>>);

impl Tape {
    /// What was taken down since the last call.
    #[must_use]
    pub fn take(&self) -> Vec<Exchange> {
        std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }

    fn add(&self, exchange: Exchange) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).push(exchange);
    }
}

/// The pieces of a body as they come.
#[derive(Debug, Clone, Default)]
pub(super) struct Pieces(Arc<Mutex<Vec<Bytes>>>);

impl Pieces {
    pub(super) fn add(&self, piece: &Bytes) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).push(piece.clone());
    }

    /// All of them together, up to a limit, which the last one may lie across.
    fn whole(&self, limit: usize) -> Bytes {
        let mut pieces = std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner));
        if pieces.len() == 1 {
            let mut whole = pieces.remove(0);
            whole.truncate(limit);
            return whole;
        }
        let mut whole = BytesMut::with_capacity(pieces.iter().map(Bytes::len).sum());
        for piece in pieces {
            whole.extend_from_slice(&piece);
        }
        whole.truncate(limit);
        whole.freeze()
    }
}

/// An exchange whose body is still to come. Dropped before it ends, it is taken down as one that took too long: that is what
/// drops it.
#[derive(Debug)]
pub(super) struct Recording {
    tape: Tape,
    pub(super) pieces: Pieces,
    exchange: Option<Exchange>,
    /// Bytes of a body at the most.
    limit: usize,
}

impl Recording {
    /// Begins when the head of an answer is there; `sent` are the headers of the request.
    pub(super) fn begin(tape: &Tape, ask: &Ask<'_>, time: Timestamp, sent: &HeaderMap, response: &Response) -> Self {
        let limit = usize::try_from(ask.limit).unwrap_or(usize::MAX);
        let headers = response.headers();
        let text = |value: &HeaderValue| String::from_utf8_lossy(value.as_bytes()).into_owned();
        let exchange = Exchange {
            url: without_password(ask.url),
            time,
            address: response.remote_addr().map(|address| address.ip()),
            protocol: match response.version() {
                Version::HTTP_09 | Version::HTTP_10 => Protocol::Http10,
                Version::HTTP_2 => Protocol::Http2,
                _ => Protocol::Http11,
            },
            request: request_head(ask.url, sent),
            // What a source that somebody is let into by a cookie gives is one.
            response: response_head(response, ask.access.is_some()),
            status: response.status().as_u16(),
            content_type: headers.get(header::CONTENT_TYPE).map(text),
            body: Bytes::new(),
            cut: Some(Cut::Time),
        };
        Self { tape: tape.clone(), pieces: Pieces::default(), exchange: Some(exchange), limit }
    }

    /// Ends. `body` is what was received where somebody has it in one piece already.
    pub(super) fn end(mut self, body: Option<Bytes>, cut: Option<Cut>) {
        if let Some(exchange) = &mut self.exchange {
            exchange.cut = cut;
            exchange.body = body.unwrap_or_default();
        }
    }
}

impl Drop for Recording {
    fn drop(&mut self) {
        if let Some(mut exchange) = self.exchange.take() {
            if exchange.body.is_empty() {
                exchange.body = self.pieces.whole(self.limit);
            }
            self.tape.add(exchange);
        }
    }
}

fn without_password(url: &Url) -> Url {
    let mut url = url.clone();
    let _ = (url.set_username(""), url.set_password(None));
    url
}

/// The request as HTTP/1.1 has it: the headers in the order in which the client sends them.
fn request_head(url: &Url, sent: &HeaderMap) -> Bytes {
    let mut head = format!("GET {} HTTP/1.1\r\n", &url[Position::BeforePath..Position::AfterQuery]).into_bytes();
    for (name, value) in sent {
        if !value.is_sensitive() && !SECRETS.contains(name) {
            add_header(&mut head, name.as_str(), value.as_bytes());
        }
    }
    add_header(&mut head, "host", url[Position::BeforeHost..Position::AfterPort].as_bytes());
    head.extend_from_slice(b"\r\n");
    head.into()
}

fn response_head(response: &Response, hides_cookies: bool) -> Bytes {
    let status = response.status();
    let version = if response.version() == Version::HTTP_10 { "HTTP/1.0" } else { "HTTP/1.1" };
    let reason = status.canonical_reason().unwrap_or_default();
    let mut head = format!("{version} {} {reason}\r\n", status.as_u16()).into_bytes();
    for (name, value) in response.headers() {
        if hides_cookies && name == header::SET_COOKIE {
            continue;
        }
        let name = if *name == header::TRANSFER_ENCODING { UNDONE_TRANSFER_CODING } else { name.as_str() };
        add_header(&mut head, name, value.as_bytes());
    }
    head.extend_from_slice(b"\r\n");
    head.into()
}

fn add_header(head: &mut Vec<u8>, name: &str, value: &[u8]) {
    head.extend_from_slice(name.as_bytes());
    head.extend_from_slice(b": ");
    head.extend_from_slice(value);
    head.extend_from_slice(b"\r\n");
}
