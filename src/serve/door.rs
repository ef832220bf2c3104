//! Who may ask.

use super::problem::Problem;
use axum::body::Body;
use axum::http::header::{AUTHORIZATION, HOST, WWW_AUTHENTICATE};
use axum::http::uri::Authority;
use axum::http::{HeaderValue, Request};
use sha2::{Digest, Sha256};
use std::hint::black_box;
use std::net::{IpAddr, SocketAddr};

/// The shortest token, in bytes: sixteen random letters are beyond guessing over a network.
const MIN_TOKEN: usize = 16;

/// The bearer token, of which only the hash is kept.
#[derive(Clone)]
pub struct Token {
    hash: [u8; 32],
}

/// A text that is no token.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a token has at least {MIN_TOKEN} visible ASCII characters; make one by `openssl rand -hex 32`")]
pub struct TokenError;

impl Token {
    /// Takes a token in.
    ///
    /// # Errors
    /// [`TokenError`] where it is too short, or could not be sent in a header.
    pub fn new(secret: &str) -> Result<Self, TokenError> {
        let is_good = secret.len() >= MIN_TOKEN && secret.bytes().all(|byte| byte.is_ascii_graphic());
        if is_good { Ok(Self { hash: Sha256::digest(secret).into() }) } else { Err(TokenError) }
    }

    /// Whether this is the token. Takes as long for a wrong one as for the right one.
    fn is(&self, shown: &[u8]) -> bool {
        let shown: [u8; 32] = Sha256::digest(shown).into();
        let differences =
            self.hash.iter().zip(shown).fold(0, |found, (ours, theirs)| black_box(found | (ours ^ theirs)));
        differences == 0
    }
}

impl std::fmt::Debug for Token {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Token")
    }
}

/// Refuses a request without the token.
pub(super) fn check_token(request: &Request<Body>, token: Option<&Token>) -> Result<(), Problem> {
    let Some(token) = token else { return Ok(()) };
    let shown = request.headers().get(AUTHORIZATION).map(HeaderValue::as_bytes).unwrap_or_default();
    match shown.split_at_checked("Bearer ".len()) {
        Some((scheme, shown)) if scheme.eq_ignore_ascii_case(b"Bearer ") && token.is(shown) => Ok(()),
        _ => {
            let detail = "the server's token is needed, as \"Authorization: Bearer TOKEN\"";
            Err(Problem::new(401, detail).with(WWW_AUTHENTICATE, "Bearer"))
        }
    }
}

/// Refuses a request that names a host that we are not, where we listen on loopback: a web page whose own name was made to
/// lead here (DNS rebinding) sends that name.
pub(super) fn check_host(request: &Request<Body>, listening: SocketAddr) -> Result<(), Problem> {
    if !listening.ip().is_loopback() {
        return Ok(());
    }
    let mut named = request.headers().get_all(HOST).iter();
    let is_ours = |named: &str| named.parse().is_ok_and(|named: Authority| is_us(&named, listening));
    let by_header = match (named.next(), named.next()) {
        (Some(host), None) => host.to_str().is_ok_and(is_ours),
        _ => false,
    };
    let by_target = request.uri().authority().is_none_or(|named| is_us(named, listening));
    if by_header && by_target {
        return Ok(());
    }
    Err(Problem::new(421, format!("the Host header has to name this machine; ask at http://{listening}")))
}

fn is_us(named: &Authority, listening: SocketAddr) -> bool {
    let host = named.host().trim_matches(['[', ']']);
    let is_local = host.eq_ignore_ascii_case("localhost") || host.parse().is_ok_and(|ip: IpAddr| ip.is_loopback());
    is_local && !named.as_str().contains('@') && named.port_u16().unwrap_or(80) == listening.port()
}
