//! `copydesk serve`: the cleaner and the archive over HTTP, alone or with the daemon.

use super::crawl::{OutputArgs, listen, say};
use super::progress::Progress;
use super::watch::{Orders, watch};
use super::{FAILED, INTERRUPTED, USAGE, complain, in_order, parts};
use crate::config::{Config, ConfigError, ServeOptions, SourceBook};
use crate::fetch::AllowedHost;
use crate::frontier::HubVisits;
use crate::serve::{self, Desk, DeskParts, Token, Websub};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use tokio::net::TcpListener;
use tokio::runtime::Runtime;
use tokio_util::sync::CancellationToken;

/// Threads that wait for the name service, beside those that clean.
const LOOK_UPS: usize = 8;

/// Arguments of `copydesk serve`.
#[derive(Debug, Clone, clap::Args)]
pub(super) struct Args {
    /// The configuration; `config.toml` if there is one
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
    /// Where to listen, instead of [serve] listen. Other addresses than loopback need a token, [serve] `token_env`
    #[arg(long, value_name = "ADDRESS:PORT")]
    listen: Option<SocketAddr>,
    /// Crawl as well, as `copydesk watch` does
    #[arg(long)]
    watch: bool,
    #[command(flatten)]
    output: OutputArgs,
    /// The store of what was seen, instead of [store] path
    #[arg(long, value_name = "FILE")]
    store: Option<PathBuf>,
    /// Let URLs lead to this loopback or private address; may be given several times
    #[arg(long, value_name = "HOST[:PORT]")]
    allow_host: Vec<AllowedHost>,
}

/// Runs the subcommand.
pub(super) fn run(args: &Args) -> u8 {
    let (config, token) = match configured(args) {
        Ok(configured) => configured,
        Err(error) => {
            complain(error);
            return USAGE;
        }
    };
    let orders = if args.watch { Some(orders(args)) } else { None };
    let orders = match orders.transpose() {
        Ok(orders) => orders,
        Err(error) => {
            complain(error);
            return USAGE;
        }
    };
    let progress = args.output.lines(&config);
    let workers = in_order::workers(None);
    let runtime = match runtime(workers) {
        Ok(runtime) => runtime,
        Err(error) => {
            complain(format_args!("cannot start threads: {error}; free some memory or raise the limit on processes"));
            return FAILED;
        }
    };
    let served = runtime.block_on(serve_until_told(config, token, workers, orders, &progress));
    progress.end();
    match served {
        Ok(()) => INTERRUPTED,
        Err(error) => {
            complain(error);
            FAILED
        }
    }
}

/// The runtime of a server: pages are cleaned on its threads, and the archive is read.
pub(super) fn runtime(workers: usize) -> std::io::Result<Runtime> {
    tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .thread_stack_size(in_order::STACK_BYTES)
        .max_blocking_threads(workers + LOOK_UPS + serve::MAX_READERS)
        .build()
}

/// The configuration with the command line's say, and the token.
fn configured(args: &Args) -> Result<(Config, Option<Token>), String> {
    let config = loaded(args).map_err(|error| error.to_string())?;
    let token = token(&config.serve)?;
    if token.is_none() && !config.serve.listen.ip().is_loopback() {
        return Err(format!(
            "{} can be reached from other machines, so a token is needed; name the environment variable that holds it in \
             [serve] token_env, or its hash in token_sha256, or listen on 127.0.0.1",
            config.serve.listen
        ));
    }
    Ok((config, token))
}

/// The configuration with the command line's say.
fn loaded(args: &Args) -> Result<Config, ConfigError> {
    let mut config = load(args.config.as_deref())?;
    args.output.apply(&mut config);
    if let Some(path) = &args.store {
        config.store = Some(path.clone());
    }
    config.fetch.allow_hosts.extend(args.allow_host.iter().cloned());
    if let Some(address) = args.listen {
        config.serve.listen = address;
    }
    Ok(config)
}

/// What the daemon goes by. Here it may begin without a source, since one can be added.
fn orders(args: &Args) -> Result<Orders, ConfigError> {
    let args = args.clone();
    let again = move || {
        let mut config = loaded(&args)?;
        config.revisit.hubs = HubVisits::Scheduled;
        config.take_in_book()?;
        let path = args.config.clone().unwrap_or_else(|| super::clean::CONFIG_FILE.into());
        let sources = if config.sources.is_empty() { Vec::new() } else { config.select(&[], &path)? };
        config.check_contact(&sources, &path)?;
        Ok((config, sources))
    };
    Ok(Orders { config: again()?.0, again: Box::new(again), websub: None })
}

fn load(path: Option<&Path>) -> Result<Config, ConfigError> {
    let found = Path::new(super::clean::CONFIG_FILE);
    match path {
        Some(path) => Config::load(path),
        None if found.is_file() => Config::load(found),
        None => Ok(Config::default()),
    }
}

fn token(options: &ServeOptions) -> Result<Option<Token>, String> {
    if let Some(hash) = &options.token_sha256 {
        return Token::from_hash(hash).map(Some).map_err(|error| error.to_string());
    }
    let Some(name) = &options.token_env else { return Ok(None) };
    let secret = std::env::var(name)
        .map_err(|_| format!("[serve] token_env names {name}, which is not set; set it to the token"))?;
    Token::new(&secret).map(Some).map_err(|error| format!("the token in {name} will not do: {error}"))
}

/// Answers until it is told to stop, and crawls besides where there are orders for it.
pub(super) async fn serve_until_told(
    config: Config,
    token: Option<Token>,
    workers: usize,
    mut orders: Option<Orders>,
    progress: &Arc<Progress>,
) -> Result<(), Box<dyn std::error::Error + Send + Sync>> {
    let stop = CancellationToken::new();
    let listener = tokio::spawn(listen(stop.clone()));
    let figures = orders.as_ref().map(|_| {
        let progress = Arc::clone(progress);
        Arc::new(move || progress.figures()) as serve::Figures
    });
    // What single sources need to be let in is not for everybody who asks.
    let fetcher = parts::fetcher(&config, &[])?;
    if let (Some(orders), Some(public)) = (&mut orders, &config.serve.public_url) {
        orders.websub = Some(Arc::new(Websub::open(&config.store_path(), public.clone(), fetcher.clone())?));
    }
    let desk = Desk::new(DeskParts {
        fetcher,
        clean: config.clean.clone(),
        token,
        rate: config.serve.rate,
        workers,
        archive: config.archive.path.clone(),
        store: config.store_path(),
        sources: SourceBook::new(&config),
        figures,
        websub: orders.as_ref().and_then(|orders| orders.websub.clone()),
    });
    let address = config.serve.listen;
    let socket = TcpListener::bind(address)
        .await
        .map_err(|error| format!("cannot listen on {address}: {error}; choose another by --listen"))?;
    say(&format!("listening on http://{}\n", socket.local_addr()?));
    let serving = async { Ok(serve::serve(socket, desk, stop.clone()).await?) };
    let crawling = async {
        let Some(orders) = orders else { return Ok(()) };
        let ended = watch(orders, progress, stop.clone()).await;
        // One does not go on without the other: whoever keeps the process running has to hear of it.
        stop.cancel();
        ended
    };
    let (served, crawled): (Result<(), Box<dyn std::error::Error + Send + Sync>>, _) = tokio::join!(serving, crawling);
    listener.abort();
    served.and(crawled)
}
