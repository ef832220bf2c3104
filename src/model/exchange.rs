//! One request and its answer as they went over the wire.

use bytes::Bytes;
use jiff::Timestamp;
use std::fmt;
use std::net::IpAddr;
use url::Url;

/// One request and its answer; of a redirect, one of several.
///
/// Heads are in the form of HTTP/1.1, whatever the protocol was, with header names in lower case, and end with their empty
/// line. Credentials are not among them. The transfer coding of the body is undone, its content codings are not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Exchange {
    /// The address that was asked for, without user name and password.
    pub url: Url,
    /// When the request was sent.
    pub time: Timestamp,
    /// Who answered; not known behind some proxies.
    pub address: Option<IpAddr>,
    /// By which protocol.
    pub protocol: Protocol,
    /// The request; it has no body.
    pub request: Bytes,
    /// Status line and headers of the answer.
    pub response: Bytes,
    /// HTTP status of the answer.
    pub status: u16,
    /// The `Content-Type` header of the answer, whole.
    pub content_type: Option<String>,
    /// The body as received.
    pub body: Bytes,
    /// Why the body is not all of it, where it is not.
    pub cut: Option<Cut>,
}

/// A version of HTTP.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Protocol {
    /// HTTP/1.0.
    Http10,
    /// HTTP/1.1.
    Http11,
    /// HTTP/2.
    Http2,
}

/// Why a body is not whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cut {
    /// It was longer than allowed.
    Length,
    /// It took too long.
    Time,
    /// The connection broke off.
    Disconnect,
    /// It was not read on, since it was of no use.
    Unwanted,
}

impl fmt::Display for Protocol {
    /// The protocol's identifier in TLS (RFC 7301), which WARC files use too.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Http10 => "http/1.0",
            Self::Http11 => "http/1.1",
            Self::Http2 => "h2",
        })
    }
}
