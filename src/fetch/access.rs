//! What one source needs to be let in: headers, a login, cookies, a proxy of its own.
//!
//! Headers and login go to the host of the source's home page only, with its `www.` or without, and never over plain
//! http where the home page is https: no redirect, and no link to elsewhere, carries them away. Secrets come from
//! environment variables and show in no message.

use super::{FetchError, Tape};
use crate::model::HostKey;
use reqwest::cookie::{CookieStore, Jar};
use reqwest::header::{self, HeaderMap, HeaderName, HeaderValue};
use std::sync::Arc;
use url::Url;

/// What a source needs to be let in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccessOptions {
    /// The source's home page; its host is the one that headers and login are for.
    pub home: Url,
    /// Headers sent along, by their names.
    pub headers: Vec<(String, Setting)>,
    /// A login by HTTP basic authentication (RFC 7617).
    pub login: Option<Login>,
    /// Whether cookies are kept for the run and sent back to where they came from.
    pub cookies: bool,
    /// A proxy in the place of [`FetchOptions::proxy`](super::FetchOptions::proxy), as a URL.
    pub proxy: Option<Setting>,
}

/// A value, or where it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Setting {
    /// The value itself.
    Text(String),
    /// The name of the environment variable that holds it.
    Env(String),
}

/// A user's name, and where the password is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Login {
    /// The name.
    pub user: String,
    /// The environment variable with the password.
    pub password_env: String,
}

impl AccessOptions {
    /// Nothing beyond what everybody sends.
    #[must_use]
    pub fn new(home: Url) -> Self {
        Self { home, headers: Vec::new(), login: None, cookies: false, proxy: None }
    }

    /// Whether there is nothing special in it.
    #[must_use]
    pub fn is_plain(&self) -> bool {
        *self == Self::new(self.home.clone())
    }
}

impl Setting {
    fn value(&self) -> Result<String, String> {
        match self {
            Self::Text(text) => Ok(text.clone()),
            Self::Env(name) => std::env::var(name)
                .map_err(|_| format!("the environment variable {name} is not set (as text); set it and run again")),
        }
    }
}

/// On whose behalf something is asked for.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Behalf<'a> {
    /// What the source needs to be let in.
    pub(super) access: Option<&'a Access>,
    /// Where the exchanges are taken down.
    pub(super) tape: Option<&'a Tape>,
}

/// The same, ready for use.
#[derive(Debug)]
pub(super) struct Access {
    home: Url,
    /// Those with secrets among them are marked as sensitive, so that no log shows them.
    headers: HeaderMap,
    jar: Option<Arc<Jar>>,
    pub(super) proxy: Option<Url>,
}

impl Access {
    pub(super) fn new(source: &str, options: &AccessOptions) -> Result<Self, FetchError> {
        let wrong = |option: &'static str| {
            move |problem: String| FetchError::Options { option, problem: format!("{problem} (source {source})") }
        };
        let mut headers = HeaderMap::new();
        for (name, setting) in &options.headers {
            let wrong = wrong("headers");
            let name = HeaderName::try_from(name.as_str()).map_err(|_| wrong(format!("{name:?} is no header name")))?;
            headers.insert(&name, sensitive(&setting.value().map_err(&wrong)?).map_err(&wrong)?);
        }
        if let Some(Login { user, password_env }) = &options.login {
            let wrong = wrong("login");
            let password = Setting::Env(password_env.clone()).value().map_err(&wrong)?;
            let value = format!("Basic {}", base64(format!("{user}:{password}").as_bytes()));
            headers.insert(header::AUTHORIZATION, sensitive(&value).map_err(&wrong)?);
        }
        let proxy = match &options.proxy {
            None => None,
            Some(setting) => {
                let wrong = wrong("proxy");
                let text = setting.value().map_err(&wrong)?;
                // Not what is wrong with it: there may be a password in it.
                Some(Url::parse(&text).map_err(|_| wrong("the proxy's address is no URL".to_owned()))?)
            }
        };
        let jar = options.cookies.then(Arc::default);
        Ok(Self { home: options.home.clone(), headers, jar, proxy })
    }

    /// Adds to a request's headers what is for its address.
    pub(super) fn add_to(&self, headers: &mut HeaderMap, url: &Url) {
        if self.is_home(url) {
            for (name, value) in &self.headers {
                headers.insert(name, value.clone());
            }
        }
        if let Some(mut cookies) = self.jar.as_ref().and_then(|jar| jar.cookies(url)) {
            cookies.set_sensitive(true);
            headers.insert(header::COOKIE, cookies);
        }
    }

    /// Whether cookies are kept.
    pub(super) fn keeps_cookies(&self) -> bool {
        self.jar.is_some()
    }

    /// Takes the cookies of an answer.
    pub(super) fn note(&self, headers: &HeaderMap, url: &Url) {
        if let Some(jar) = &self.jar {
            jar.set_cookies(&mut headers.get_all(header::SET_COOKIE).iter(), url);
        }
    }

    fn is_home(&self, url: &Url) -> bool {
        let host = |url: &Url| {
            let key = HostKey::of(url);
            key.as_str().strip_prefix("www.").unwrap_or(key.as_str()).to_owned()
        };
        host(url) == host(&self.home) && (url.scheme() == "https" || self.home.scheme() == "http")
    }
}

fn sensitive(text: &str) -> Result<HeaderValue, String> {
    let mut value = HeaderValue::from_str(text).map_err(|_| "the value cannot be sent in a header".to_owned())?;
    value.set_sensitive(true);
    Ok(value)
}

/// Base64 with padding (RFC 4648, section 4).
fn base64(bytes: &[u8]) -> String {
    const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut out = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for chunk in bytes.chunks(3) {
        let number = chunk.iter().fold(0_u32, |number, byte| number << 8 | u32::from(*byte)) << (8 * (3 - chunk.len()));
        for at in 0..4 {
            let digit = ALPHABET[(number >> (18 - 6 * at) & 63) as usize];
            out.push(if at <= chunk.len() { char::from(digit) } else { '=' });
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base64_as_in_its_standard() {
        for (text, expected) in [
            ("", ""),
            ("f", "Zg=="),
            ("fo", "Zm8="),
            ("foo", "Zm9v"),
            ("foob", "Zm9vYg=="),
            ("fooba", "Zm9vYmE="),
            ("foobar", "Zm9vYmFy"),
            ("Aladdin:open sesame", "QWxhZGRpbjpvcGVuIHNlc2FtZQ=="),
        ] {
            assert_eq!(base64(text.as_bytes()), expected);
        }
    }

    #[test]
    fn headers_are_for_the_home_page_s_host_alone() {
        let home = Url::parse("https://www.news.test/").unwrap();
        let headers = vec![("X-Key".to_owned(), Setting::Text("open".to_owned()))];
        let access = Access::new("a", &AccessOptions { headers, ..AccessOptions::new(home) }).unwrap();
        for (url, sent) in [
            ("https://www.news.test/a", true),
            ("https://news.test/a", true),
            ("http://news.test/a", false),
            ("https://news.test:8443/a", false),
            ("https://shop.news.test/", false),
            ("https://evil.test/www.news.test", false),
        ] {
            let mut headers = HeaderMap::new();
            access.add_to(&mut headers, &Url::parse(url).unwrap());
            assert_eq!(headers.contains_key("x-key"), sent, "{url}");
        }
        assert!(!format!("{access:?}").contains("open"), "{access:?}");
    }
}
