//! `[serve]`: where the server listens, and who may ask.

use super::ConfigError;
use super::access::env_name;
use super::reader::{Section, parsed, text};
use std::net::{Ipv4Addr, SocketAddr};

/// How to serve.
#[derive(Debug, Clone)]
pub struct ServeOptions {
    /// Where to listen.
    pub listen: SocketAddr,
    /// The environment variable that holds the bearer token; without one, everybody on this machine may ask.
    pub token_env: Option<String>,
}

impl Default for ServeOptions {
    fn default() -> Self {
        Self { listen: (Ipv4Addr::LOCALHOST, 8700).into(), token_env: None }
    }
}

pub(super) fn serve(section: &Section<'_>, options: &mut ServeOptions) -> Result<(), ConfigError> {
    section.check_keys(&["listen", "token_env"])?;
    section.set("listen", &mut options.listen, parsed(str::parse::<SocketAddr>))?;
    options.token_env = section.get("token_env", |value| env_name(text(value)?))?;
    Ok(())
}
