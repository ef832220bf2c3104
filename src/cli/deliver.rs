//! `copydesk deliver`: what waits for webhooks and for the command, and what comes; and the same beside a crawl.

use super::progress::{LogFormat, Progress, Verbosity};
use super::reading::{ArchiveArgs, Unreadable, ended};
use super::{DONE, FAILED, INTERRUPTED, USAGE, complain, crawl};
use crate::config::Config;
use crate::deliver::{DeliverError, Delivered, Outbox, OutboxOptions};
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

/// Arguments of `copydesk deliver`.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Go on when all is delivered, as new versions come
    #[arg(long)]
    follow: bool,
    #[command(flatten)]
    archive: ArchiveArgs,
}

/// Runs the subcommand: 0 where every receiver has everything, 1 where one does not take what it is given.
pub(super) fn run(args: &Args) -> u8 {
    let config = match args.archive.config() {
        Ok(config) => config,
        Err(error) => return ended(Err(Unreadable::Config(error))),
    };
    if config.receivers.is_empty() {
        complain("there is nobody to deliver to; name a [[webhook]] or [archive] on_article in the configuration");
        return USAGE;
    }
    // Only so that what is refused is logged.
    let _progress = Progress::start(LogFormat::Text, Verbosity { verbose: 0, quiet: false }, None);
    let runtime = match crawl::runtime() {
        Ok(runtime) => runtime,
        Err(error) => {
            complain(format_args!("cannot start threads: {error}"));
            return FAILED;
        }
    };
    let (ending, stop) = (CancellationToken::new(), CancellationToken::new());
    if !args.follow {
        ending.cancel();
    }
    let delivered = runtime.block_on(async {
        let listener = tokio::spawn(crawl::listen(stop.clone()));
        let delivered = outbox(&config)?.run(ending, stop.clone()).await;
        listener.abort();
        delivered
    });
    match delivered {
        Ok(delivered) => {
            crawl::say(&said(&delivered));
            if delivered.iter().all(|one| one.is_done) {
                DONE
            } else if stop.is_cancelled() {
                INTERRUPTED
            } else {
                FAILED
            }
        }
        Err(error) => {
            complain(error);
            FAILED
        }
    }
}

fn outbox(config: &Config) -> Result<Outbox, DeliverError> {
    Outbox::new(&config.archive.path, config.receivers.clone(), OutboxOptions::default())
}

fn said(delivered: &[Delivered]) -> String {
    let line = |one: &Delivered| {
        let rest = if one.is_done { "" } else { "; the rest waits" };
        format!(
            "{}: {} versions taken, up to number {}, {} tries refused{rest}\n",
            one.receiver, one.taken, one.seq, one.refused
        )
    };
    delivered.iter().map(line).collect()
}

/// Deliveries that go on beside a crawl.
#[derive(Debug)]
pub(super) struct Beside {
    ending: CancellationToken,
    task: Option<JoinHandle<Result<Vec<Delivered>, DeliverError>>>,
}

impl Beside {
    /// Begins to deliver, if there is anybody to deliver to. Has to be called within a runtime.
    pub(super) fn begin(config: &Config, stop: &CancellationToken) -> Result<Self, DeliverError> {
        let ending = CancellationToken::new();
        let is_wanted = !config.receivers.is_empty();
        let outbox = if is_wanted { Some(outbox(config)?) } else { None };
        let task = outbox.map(|outbox| tokio::spawn(outbox.run(ending.clone(), stop.clone())));
        Ok(Self { ending, task })
    }

    /// Delivers what is left; what is not taken waits for the next time.
    pub(super) async fn end(mut self) {
        self.ending.cancel();
        let Some(task) = self.task.take() else { return };
        match task.await {
            Ok(Ok(delivered)) => {
                for one in &delivered {
                    let (receiver, taken, refused) = (&one.receiver, one.taken, one.refused);
                    tracing::info!(receiver, taken, refused, seq = one.seq, is_done = one.is_done, "delivered");
                }
            }
            Ok(Err(error)) => tracing::error!(%error, "not delivered; the versions wait"),
            Err(error) => tracing::error!(%error, "the delivery died; the versions wait"),
        }
    }
}
