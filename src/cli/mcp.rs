//! `copydesk mcp`: the archive and the cleaner as tools for agents, over standard input and output.

use super::progress::{LogFormat, Verbosity, log_lines};
use super::reading::ArchiveArgs;
use super::{DONE, FAILED, INTERRUPTED, USAGE, complain, in_order, parts};
use crate::config::Config;
use crate::fetch::AllowedHost;
use crate::serve::{Agents, Desk, KnownSource};
use rmcp::ServiceExt as _;
use rmcp::transport::async_rw::AsyncRwTransport;
use std::sync::Arc;

/// Threads that read the catalogue, look up names and wait for standard input, beside those that clean.
const OTHERS: usize = 16;

/// Bytes of a message from a client, at the most; the longest that makes sense is a query.
const MAX_MESSAGE: usize = 1024 * 1024;

/// Arguments of `copydesk mcp`.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    #[command(flatten)]
    archive: ArchiveArgs,
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
    config.fetch.allow_hosts.extend(args.allow_host.iter().cloned());
    // Standard error is shown to people by few clients: what is in order is not told unless asked for.
    log_lines(args.log, Verbosity { verbose: args.verbose, quiet: args.verbose == 0 });
    let workers = in_order::workers(None);
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .thread_stack_size(in_order::STACK_BYTES)
        .max_blocking_threads(workers + OTHERS)
        .build();
    let runtime = match runtime {
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
    let sources = config
        .sources
        .iter()
        .map(|source| KnownSource { name: source.name.clone(), url: source.url.to_string() })
        .collect();
    let desk = Arc::new(Desk::new(fetcher, config.clean, None, workers));
    let agents = Agents::new(desk, config.archive.path, sources);
    let transport = AsyncRwTransport::new(tokio::io::stdin(), tokio::io::stdout()).with_max_line_length(MAX_MESSAGE);
    match agents.serve(transport).await {
        Ok(running) => running.waiting().await.map(drop).map_err(|error| format!("answering failed: {error}")),
        // Whoever goes before saying anything wanted nothing.
        Err(rmcp::service::ServerInitializeError::ConnectionClosed(_)) => Ok(()),
        Err(error) => Err(format!("the client did not begin as the Model Context Protocol has it: {error}")),
    }
}
