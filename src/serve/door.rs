//! Who may ask.

use super::problem::Problem;
use axum::body::Body;
use axum::http::header::{self, AUTHORIZATION, HOST, WWW_AUTHENTICATE};
use axum::http::uri::Authority;
use axum::http::{HeaderMap, HeaderValue, Method, Request};
use hmac::{Hmac, KeyInit as _, Mac as _};
use jiff::Timestamp;
use sha2::{Digest, Sha256};
use std::fmt::Write as _;
use std::hint::black_box;
use std::net::{IpAddr, SocketAddr};

/// The shortest token, in bytes: sixteen random letters are beyond guessing over a network.
const MIN_TOKEN: usize = 16;

/// The cookie that stands for the token, and how long it does, in seconds: a month, after which a person shows it again.
const COOKIE: &str = "copydesk";
const COOKIE_AGE: i64 = 30 * 24 * 3600;

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

    /// The token whose SHA-256 is given, in hexadecimal.
    ///
    /// # Errors
    /// [`TokenError`] where that is no such hash.
    pub fn from_hash(hexadecimal: &str) -> Result<Self, TokenError> {
        let digit = |at: usize| u8::from_str_radix(hexadecimal.get(at..at + 2)?, 16).ok();
        let bytes: Option<Vec<u8>> = (0..hexadecimal.len()).step_by(2).map(digit).collect();
        let hash = bytes.and_then(|bytes| bytes.try_into().ok()).ok_or(TokenError)?;
        Ok(Self { hash })
    }

    /// Whether this is the token. Takes as long for a wrong one as for the right one.
    pub(super) fn is(&self, shown: &[u8]) -> bool {
        let shown: [u8; 32] = Sha256::digest(shown).into();
        let differences =
            self.hash.iter().zip(shown).fold(0, |found, (ours, theirs)| black_box(found | (ours ^ theirs)));
        differences == 0
    }

    /// The cookie that stands for the token in a browser, as a `Set-Cookie` header has it: until when, and that sealed with
    /// the token's hash. So nothing is kept of who came in, and another token shuts everybody out.
    pub(super) fn cookie(&self, now: Timestamp) -> String {
        let until = now.as_second() + COOKIE_AGE;
        format!("{COOKIE}={until}.{}; Path=/; Max-Age={COOKIE_AGE}; HttpOnly; SameSite=Strict", self.seal(until))
    }

    /// Whether a cookie's value is one of ours, and still good.
    fn is_cookie(&self, value: &str, now: Timestamp) -> bool {
        let Some((until, seal)) = value.split_once('.') else { return false };
        let Ok(until) = until.parse::<i64>() else { return false };
        let seal = (0..seal.len()).step_by(2).map(|at| u8::from_str_radix(seal.get(at..at + 2)?, 16).ok());
        let Some(seal) = seal.collect::<Option<Vec<u8>>>() else { return false };
        until > now.as_second() && self.mac(until).verify_slice(&seal).is_ok()
    }

    fn seal(&self, until: i64) -> String {
        let seal = self.mac(until).finalize().into_bytes();
        seal.iter().fold(String::new(), |mut text, byte| {
            let _ = write!(text, "{byte:02x}");
            text
        })
    }

    fn mac(&self, until: i64) -> Hmac<Sha256> {
        let mut mac = Hmac::<Sha256>::new_from_slice(&self.hash).expect("a key of any length will do");
        mac.update(format!("{COOKIE}.{until}").as_bytes());
        mac
    }
}

impl std::fmt::Debug for Token {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Token")
    }
}

/// Refuses a request without the token. A browser shows a cookie for it: to read, and on the pages' own forms.
pub(super) fn check_token(request: &Request<Body>, token: Option<&Token>, is_page: bool) -> Result<(), Problem> {
    let Some(token) = token else { return Ok(()) };
    let shown = request.headers().get(AUTHORIZATION).map(HeaderValue::as_bytes).unwrap_or_default();
    let by_header = match shown.split_at_checked("Bearer ".len()) {
        Some((scheme, shown)) => scheme.eq_ignore_ascii_case(b"Bearer ") && token.is(shown),
        None => false,
    };
    let may_be_cookie = is_page || matches!(*request.method(), Method::GET | Method::HEAD);
    if by_header || may_be_cookie && has_cookie(request.headers(), token) {
        return Ok(());
    }
    let detail = "the server's token is needed, as \"Authorization: Bearer TOKEN\"";
    Err(Problem::new(401, detail).with(WWW_AUTHENTICATE, "Bearer"))
}

fn has_cookie(headers: &HeaderMap, token: &Token) -> bool {
    our_cookies(headers).any(|value| token.is_cookie(value, Timestamp::now()))
}

/// The values of what stands for the token.
fn our_cookies(headers: &HeaderMap) -> impl Iterator<Item = &str> {
    let cookies = headers.get_all(header::COOKIE).iter().filter_map(|cookies| cookies.to_str().ok());
    let cookies = cookies.flat_map(|cookies| cookies.split(';')).filter_map(|cookie| cookie.trim().split_once('='));
    cookies.filter(|(name, _)| *name == COOKIE).map(|(_, value)| value)
}

/// Whether a request shows anything for a token. Cookies of other names are those of other programs on this host.
pub(super) fn shows_token(request: &Request<Body>) -> bool {
    request.headers().contains_key(AUTHORIZATION) || our_cookies(request.headers()).next().is_some()
}

/// Refuses a form that another site's page has sent: browsers say where it comes from.
pub(super) fn check_origin(headers: &HeaderMap) -> Result<(), Problem> {
    let text = |name: header::HeaderName| headers.get(name).and_then(|value| value.to_str().ok());
    let site = headers.get("sec-fetch-site").and_then(|value| value.to_str().ok());
    let is_ours = match text(header::ORIGIN) {
        Some(origin) => origin.split_once("://").map(|(_, host)| host) == text(HOST),
        // A program, which has nobody's cookies.
        None => true,
    };
    if is_ours && site.is_none_or(|site| matches!(site, "same-origin" | "none")) {
        return Ok(());
    }
    Err(Problem::new(403, "the form was sent by a page of another site; use the one here"))
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cookie_stands_for_the_token_until_it_is_old() {
        let token = Token::new("a-token-of-the-tests-0123456789").unwrap();
        let other = Token::new("another-token-of-the-tests-012345").unwrap();
        let now = Timestamp::from_second(1_800_000_000).unwrap();
        let cookie = token.cookie(now);
        let value = cookie.split_once('=').unwrap().1.split_once(';').unwrap().0.to_owned();
        let later = Timestamp::from_second(now.as_second() + COOKIE_AGE).unwrap();
        assert!(token.is_cookie(&value, now));
        assert!(!token.is_cookie(&value, later) && !other.is_cookie(&value, now));
        let (until, seal) = value.split_once('.').unwrap();
        let until: i64 = until.parse().unwrap();
        for wrong in
            [format!("{}.{seal}", until + 1), format!("{until}."), format!("{until}.zz"), String::new(), ".".to_owned()]
        {
            assert!(!token.is_cookie(&wrong, now), "{wrong}");
        }
    }

    #[test]
    fn forms_of_other_sites_are_refused() {
        let check = |lines: &[(&'static str, &str)]| {
            let mut headers = HeaderMap::new();
            for (name, value) in lines {
                headers.insert(*name, value.parse().unwrap());
            }
            check_origin(&headers).is_ok()
        };
        let host = ("host", "127.0.0.1:8700");
        assert!(check(&[host]) && check(&[host, ("origin", "http://127.0.0.1:8700")]));
        assert!(!check(&[host, ("origin", "http://evil.test")]) && !check(&[host, ("origin", "null")]));
        assert!(
            !check(&[host, ("origin", "http://127.0.0.1:8701")]) && !check(&[host, ("sec-fetch-site", "cross-site")])
        );
    }
}
