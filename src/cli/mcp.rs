//! `copydesk mcp`: the archive and the cleaner as tools for agents, over standard input and output.

use super::progress::{LogFormat, Progress, Verbosity};
use super::reading::ArchiveArgs;
use super::serve::runtime;
use super::{DONE, FAILED, INTERRUPTED, USAGE, complain, in_order, parts};
use crate::config::{Config, SourceBook};
use crate::fetch::AllowedHost;
use crate::serve::{Agents, Desk, DeskParts};
use rmcp::ServiceExt as _;
use rmcp::transport::async_rw::AsyncRwTransport;
use std::path::PathBuf;
use std::sync::Arc;

/// Bytes of a message from a client, at the most; the longest that makes sense is a query.
const MAX_MESSAGE: usize = 1024 * 1024;

/// Arguments of `copydesk mcp`.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    #[command(flatten)]
    archive: ArchiveArgs,
    /// The store of what was seen, instead of [store] path
    #[arg(long, value_name = "FILE")]
    store: Option<PathBuf>,
    /// Let URLs lead to this loopback or private address; may be given several times
    #[arg(long, value_name = "HOST[:PORT]")]
    allow_host: Vec<AllowedHost>,
    /// How log lines are written to standard error
    #[arg(long, value_enum, default_value_t, value_name = "FORMAT")]
    log: LogFormat,
    /// Log more; twice for much more. The variable `RUST_LOG` wins
    #[arg(short, long, action = clap::ArgAction::Count)]
    verbose: u8,
}

/// Runs the subcommand, until standard input ends or somebody interrupts it.
pub(super) fn run(args: &Args) -> u8 {
    let mut config = match args.archive.config() {
        Ok(config) => config,
        Err(error) => {
            complain(error);
            return USAGE;
        }
    };
    if let Some(path) = &args.store {
        config.store = Some(path.clone());
    }
    config.fetch.allow_hosts.extend(args.allow_host.iter().cloned());
    // Standard error is shown to people by few clients: what is in order is not told unless asked for.
    let _log = Progress::lines(args.log, Verbosity { verbose: args.verbose, quiet: args.verbose == 0 }, None);
    let workers = in_order::workers(None);
    let runtime = match runtime(workers) {
        Ok(runtime) => runtime,
        Err(error) => {
            complain(format_args!("cannot start threads: {error}; free some memory or raise the limit on processes"));
            return FAILED;
        }
    };
    let ended = runtime.block_on(async {
        tokio::select! {
            ended = answer(config, workers) => ended.map(|()| DONE),
            () = super::crawl::interrupted() => Ok(INTERRUPTED),
        }
    });
    // A thread may be waiting for standard input, which nothing can stop.
    runtime.shutdown_background();
    ended.unwrap_or_else(|error| {
        complain(error);
        FAILED
    })
}

async fn answer(config: Config, workers: usize) -> Result<(), String> {
    // What single sources need to be let in is not for everybody who asks.
    let fetcher = parts::fetcher(&config, &[]).map_err(|error| error.to_string())?;
    let desk = Desk::new(DeskParts {
        fetcher,
        clean: config.clean.clone(),
        token: None,
        rate: Some(0),
        workers,
        archive: config.archive.path.clone(),
        store: config.store_path(),
        sources: SourceBook::new(&config),
        figures: None,
        websub: None,
    });
    let agents = Agents::new(Arc::new(desk));
    let transport = AsyncRwTransport::new(tokio::io::stdin(), tokio::io::stdout()).with_max_line_length(MAX_MESSAGE);
    match agents.serve(transport).await {
        Ok(running) => running.waiting().await.map(drop).map_err(|error| format!("answering failed: {error}")),
        // Whoever goes before saying anything wanted nothing.
        Err(rmcp::service::ServerInitializeError::ConnectionClosed(_)) => Ok(()),
        Err(error) => Err(format!("the client did not begin as the Model Context Protocol has it: {error}")),
    }
}
