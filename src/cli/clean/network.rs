//! Pages from the network, for `copydesk clean URL`: one person, one page.
//!
//! robots.txt is not asked, since it speaks to crawlers; the address guard holds as everywhere.

use super::{When, clean_input, complain};
use crate::extract::{self, Cleaned, Input, Kind, Options, RepeatedLines};
use crate::fetch::{Accept, AllowedHost, FetchError, FetchOptions, Fetcher, Request};
use crate::model::Page;
use std::path::Path;
use std::time::Duration;
use url::Url;

/// The longest that a server may ask to be left alone (`Retry-After`) and still be asked again: who waits at a terminal
/// would rather be told.
const MAX_RETRY_WAIT: Duration = Duration::from_secs(5);

/// The wait before a page is asked for once more.
const RETRY_WAIT: Duration = Duration::from_secs(1);

/// Arguments that say how a URL is fetched.
#[derive(Debug, clap::Args)]
pub(in crate::cli) struct NetworkArgs {
    /// Let a URL lead to this loopback or private address; may be given several times
    #[arg(long, value_name = "HOST[:PORT]")]
    allow_host: Vec<AllowedHost>,
    /// Seconds that fetching a URL may take. (A page asked for by hand is fetched whatever robots.txt says; crawls obey it)
    #[arg(long, value_name = "SECONDS", default_value_t = 30, value_parser = clap::value_parser!(u64).range(1..=3600))]
    timeout: u64,
    /// The User-Agent header for fetching a URL
    #[arg(long, value_name = "TEXT")]
    user_agent: Option<String>,
}

/// What fetching takes.
pub(in crate::cli) struct Network {
    runtime: tokio::runtime::Runtime,
    fetcher: Fetcher,
}

impl Network {
    /// A fetcher with the options of the command line.
    pub(in crate::cli) fn new(args: &NetworkArgs, browser: Option<&Path>) -> Result<Self, String> {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .map_err(|error| format!("no runtime for the network: {error}; give files instead"))?;
        let timeout = Duration::from_secs(args.timeout);
        let defaults = FetchOptions::default();
        let options = FetchOptions {
            user_agent: args.user_agent.clone().unwrap_or(defaults.user_agent),
            delay: Duration::ZERO,
            timeout,
            first_byte_timeout: timeout,
            connect_timeout: timeout,
            // `fetch` below tries again by rules of its own.
            retries: 0,
            throttle_retries: 0,
            max_retry_wait: MAX_RETRY_WAIT,
            allow_hosts: args.allow_host.clone(),
            obey_robots: false,
            browser: browser.map(Path::to_owned),
            ..defaults
        };
        // The client wants a runtime around it while it is made.
        let fetcher = {
            let _inside = runtime.enter();
            Fetcher::new(options).map_err(|error| in_terms_of_options(&error))?
        };
        Ok(Self { runtime, fetcher })
    }

    /// Fetches a page and cleans it, rendered where that is wanted.
    pub(super) fn clean(&self, url: Url, options: &Options, render: Option<When>) -> Result<Cleaned, String> {
        let page = self.page(url)?;
        if render == Some(When::Always) {
            return self.clean_page(&self.rendered(&page)?, options);
        }
        let cleaned = self.clean_page(&page, options)?;
        let is_shell = render.is_some() && extract::is_script_built(&self.input(&page), &cleaned.article);
        if !is_shell {
            return Ok(cleaned);
        }
        // What was sent is there all the same.
        match self.rendered(&page) {
            Ok(page) => self.clean_page(&page, options),
            Err(error) => {
                complain(error);
                Ok(cleaned)
            }
        }
    }

    fn rendered(&self, page: &Page) -> Result<Page, String> {
        let browser = self.fetcher.browser().map_err(|error| error.to_string())?;
        self.runtime.block_on(browser.render(page)).map_err(|error| error.to_string())
    }

    fn input<'a>(&'a self, page: &'a Page) -> Input<'a> {
        Input {
            bytes: &page.body,
            url: Some(&page.url),
            content_type: page.content_type.as_deref(),
            // These are in the usage.
            robots_tags: &[],
            links: &page.links,
            usage: Some(&page.usage),
            robot: self.fetcher.product_token(),
            fetched: Some(page.fetched),
        }
    }

    fn clean_page(&self, page: &Page, options: &Options) -> Result<Cleaned, String> {
        let input = self.input(page);
        let kind = Kind::of_answer(page.content_type.as_deref(), &page.body);
        clean_input(&input, kind, options, &RepeatedLines::default()).map_err(|error| format!("{}: {error}", page.url))
    }

    /// Fetches a page.
    pub(in crate::cli) fn page(&self, url: Url) -> Result<Page, String> {
        self.fetch(url).map_err(|error| in_terms_of_options(&error))
    }

    /// A page, asked for once more after a failure that may pass at once.
    fn fetch(&self, url: Url) -> Result<Page, FetchError> {
        let request = Request::new(url, Accept::Page);
        self.runtime.block_on(async {
            match self.fetcher.fetch(&request).await {
                Err(error) if is_worth_another_try(&error) => {
                    tokio::time::sleep(RETRY_WAIT).await;
                    self.fetcher.fetch(&request).await
                }
                other => other,
            }
        })
    }
}

/// A timeout has taken its time already, and a server that wants a long pause gets it.
fn is_worth_another_try(error: &FetchError) -> bool {
    error.is_transient()
        && !matches!(error, FetchError::Timeout { .. })
        && error.retry_after().is_none_or(|wait| wait <= MAX_RETRY_WAIT)
}

/// The failure, with the options of this command as remedies where the fetcher names keys of a configuration that this
/// command does not read.
fn in_terms_of_options(error: &FetchError) -> String {
    match error {
        FetchError::Options { option: "user_agent", problem } => format!("--user-agent cannot be used: {problem}"),
        FetchError::Timeout { url, phase, limit } => {
            format!("{url}: {phase} took longer than {limit:?}; try again later or raise --timeout")
        }
        FetchError::TooLarge { url, limit } => {
            format!(
                "{url}: the body is larger than {limit} bytes and was given up; no article is that long, but if this \
                 one is, save the page and clean the file"
            )
        }
        FetchError::TooManyRedirects { url, limit, last } => {
            format!("{url} was redirected more than {limit} times, last to {last}; check the address in a browser")
        }
        FetchError::Status { url, status: 403, .. } => {
            format!(
                "{url} answered 403 Forbidden; the site refuses this client; say who you are with --user-agent, or \
                 leave it out"
            )
        }
        FetchError::Status { url, status: 429, retry_after } => {
            let when = retry_after.map_or_else(|| "later".to_owned(), |wait| format!("in {} s", wait.as_secs()));
            format!("{url} answered 429 Too Many Requests; the site wants fewer requests; try again {when}")
        }
        other => other.to_string(),
    }
}
