//! `[serve]`: where the server listens, and who may ask.

use super::ConfigError;
use super::access::env_name;
use super::reader::{Section, count, parsed, text};
use std::net::{Ipv4Addr, SocketAddr};
use toml::de::DeValue;
use url::Url;

/// How to serve.
#[derive(Debug, Clone)]
pub struct ServeOptions {
    /// Where to listen.
    pub listen: SocketAddr,
    /// The environment variable that holds the bearer token; without one, everybody on this machine may ask.
    pub token_env: Option<String>,
    /// Instead of it, the token's SHA-256 in hexadecimal, so that the token itself stands nowhere.
    pub token_sha256: Option<String>,
    /// Requests a second of one address; 0 for any number. Where it is not said, 20 for other machines and any number for
    /// this one.
    pub rate: Option<u32>,
    /// Where the server can be reached from outside, for hubs that tell of news; with a slash at its end.
    pub public_url: Option<Url>,
}

impl Default for ServeOptions {
    fn default() -> Self {
        Self {
            listen: (Ipv4Addr::LOCALHOST, 8700).into(),
            token_env: None,
            token_sha256: None,
            rate: None,
            public_url: None,
        }
    }
}

pub(super) fn serve(section: &Section<'_>, options: &mut ServeOptions) -> Result<(), ConfigError> {
    section.check_keys(&["listen", "token_env", "token_sha256", "rate", "public_url"])?;
    section.set("listen", &mut options.listen, parsed(str::parse::<SocketAddr>))?;
    options.token_env = section.get("token_env", |value| env_name(text(value)?))?;
    options.token_sha256 = section.get("token_sha256", sha256)?;
    if options.token_env.is_some() && options.token_sha256.is_some() {
        return Err(section.refuse("token_sha256", "and `token_env` are both there; keep one of them"));
    }
    options.rate = section.get("rate", count(0))?;
    options.public_url = section.get("public_url", |value| public_url(&text(value)?))?;
    Ok(())
}

fn sha256(value: &DeValue<'_>) -> Result<String, String> {
    let hash = text(value)?;
    if hash.len() == 64 && hash.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return Ok(hash);
    }
    Err("is no SHA-256; write the 64 digits that this prints: printf %s TOKEN | sha256sum".to_owned())
}

/// An address below which others can stand.
fn public_url(text: &str) -> Result<Url, String> {
    let mut url = Url::parse(text).map_err(|error| format!("will not do: {error}"))?;
    let is_bare = url.query().is_none() && url.fragment().is_none() && url.username().is_empty();
    if !matches!(url.scheme(), "http" | "https") || !is_bare || url.password().is_some() {
        return Err("has to be an http or https address without name, query and fragment".to_owned());
    }
    if !url.path().ends_with('/') {
        let path = format!("{}/", url.path());
        url.set_path(&path);
    }
    Ok(url)
}
