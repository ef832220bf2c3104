//! Why a page could not be rendered.

use std::path::PathBuf;
use std::time::Duration;
use url::Url;

/// Why a page could not be rendered.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum RenderError {
    /// There is no Chromium, or not where the configuration says.
    #[error("{}", no_browser(.named.as_ref()))]
    NoBrowser {
        /// What the configuration names.
        named: Option<PathBuf>,
    },
    /// A proxy is configured, which the browser would pass by.
    #[error("pages cannot be rendered through a proxy; take `proxy` out, or write render = \"never\"")]
    Proxy,
    /// It did not start, or ended.
    #[error("{program}: the browser {problem}; start it by hand to see why, or write render = \"never\"")]
    Died {
        /// The program.
        program: String,
        /// What became of it.
        problem: String,
    },
    /// The page's own process ended: it ran out of memory, or met a fault of the browser.
    #[error("{url}: the page took more memory than it may have, or crashed the browser; clean it without rendering")]
    Crashed {
        /// The page.
        url: Box<Url>,
    },
    /// It took too long.
    #[error("{url}: its scripts were not done after {limit:?}; try again later, or clean it without rendering")]
    Timeout {
        /// The page.
        url: Box<Url>,
        /// The bound.
        limit: Duration,
    },
    /// What the scripts built is too large.
    #[error("{url}: its scripts built more than {limit} bytes of page; clean it without rendering")]
    TooLarge {
        /// The page.
        url: Box<Url>,
        /// The bound, in bytes.
        limit: u64,
    },
    /// The browser would not do what was asked.
    #[error("{url}: the browser could not show it ({problem}); clean it without rendering")]
    Refused {
        /// The page.
        url: Box<Url>,
        /// What it said.
        problem: String,
    },
}

impl RenderError {
    /// A short name for counts.
    #[must_use]
    pub fn kind(&self) -> &'static str {
        match self {
            Self::NoBrowser { .. } => "no_browser",
            Self::Proxy => "render_proxy",
            Self::Died { .. } => "browser_died",
            Self::Crashed { .. } => "render_crashed",
            Self::Timeout { .. } => "render_timeout",
            Self::TooLarge { .. } => "render_too_large",
            Self::Refused { .. } => "render_refused",
        }
    }
}

fn no_browser(named: Option<&PathBuf>) -> String {
    named.map_or_else(
        || {
            "no Chromium was found to render pages with; install one (Debian and Ubuntu: apt-get install chromium), or \
             say where it is (`browser` under [fetch], `clean --browser`)"
                .to_owned()
        },
        |path| {
            format!(
                "{} is no program to render pages with; check `browser` under [fetch], or `clean --browser`",
                path.display()
            )
        },
    )
}
