//! `copydesk serve`: the cleaner over HTTP.

use super::crawl::{listen, say};
use super::progress::{LogFormat, Verbosity, log_lines};
use super::{FAILED, INTERRUPTED, USAGE, complain, in_order, parts};
use crate::config::{Config, ConfigError, ServeOptions};
use crate::fetch::AllowedHost;
use crate::serve::{self, Desk, Token};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

/// Threads that wait for the name service, beside those that clean.
const LOOK_UPS: usize = 8;

/// Arguments of `copydesk serve`.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// The configuration; `config.toml` if there is one
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
    /// Where to listen, instead of [serve] listen. Other addresses than loopback need a token, [serve] `token_env`
    #[arg(long, value_name = "ADDRESS:PORT")]
    listen: Option<SocketAddr>,
    /// Let URLs lead to this loopback or private address; may be given several times
    #[arg(long, value_name = "HOST[:PORT]")]
    allow_host: Vec<AllowedHost>,
    /// How log lines are written to standard error
    #[arg(long, value_enum, default_value_t, value_name = "FORMAT")]
    log: LogFormat,
    /// Log more; twice for much more. The variable `RUST_LOG` wins
    #[arg(short, long, action = clap::ArgAction::Count)]
    verbose: u8,
    /// Log only errors
    #[arg(short, long, conflicts_with = "verbose")]
    quiet: bool,
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
    log_lines(args.log, Verbosity { verbose: args.verbose, quiet: args.quiet });
    let workers = in_order::workers(None);
    // Pages are cleaned on these threads.
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .thread_stack_size(in_order::STACK_BYTES)
        .max_blocking_threads(workers + LOOK_UPS)
        .build();
    let runtime = match runtime {
        Ok(runtime) => runtime,
        Err(error) => {
            complain(format_args!("cannot start threads: {error}; free some memory or raise the limit on processes"));
            return FAILED;
        }
    };
    match runtime.block_on(serve_until_told(config, token, workers)) {
        Ok(()) => INTERRUPTED,
        Err(error) => {
            complain(error);
            FAILED
        }
    }
}

/// The configuration with the command line's say, and the token.
fn configured(args: &Args) -> Result<(Config, Option<Token>), String> {
    let mut config = load(args.config.as_deref()).map_err(|error| error.to_string())?;
    config.fetch.allow_hosts.extend(args.allow_host.iter().cloned());
    if let Some(address) = args.listen {
        config.serve.listen = address;
    }
    let token = token(&config.serve)?;
    if token.is_none() && !config.serve.listen.ip().is_loopback() {
        return Err(format!(
            "{} can be reached from other machines, so a token is needed; name the environment variable that holds it in \
             [serve] token_env, or listen on 127.0.0.1",
            config.serve.listen
        ));
    }
    Ok((config, token))
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
    let Some(name) = &options.token_env else { return Ok(None) };
    let secret = std::env::var(name)
        .map_err(|_| format!("[serve] token_env names {name}, which is not set; set it to the token"))?;
    Token::new(&secret).map(Some).map_err(|error| format!("the token in {name} will not do: {error}"))
}

async fn serve_until_told(
    config: Config,
    token: Option<Token>,
    workers: usize,
) -> Result<(), Box<dyn std::error::Error>> {
    let stop = CancellationToken::new();
    let listener = tokio::spawn(listen(stop.clone()));
    // What single sources need to be let in is not for everybody who asks.
    let fetcher = parts::fetcher(&config, &[])?;
    let address = config.serve.listen;
    let socket = TcpListener::bind(address)
        .await
        .map_err(|error| format!("cannot listen on {address}: {error}; choose another by --listen"))?;
    say(&format!("listening on http://{}\n", socket.local_addr()?));
    serve::serve(socket, Desk::new(fetcher, config.clean, token, workers), stop).await?;
    listener.abort();
    Ok(())
}
