//! The command line: one file a subcommand. Results go to standard output, all else to standard error.

mod archive;
mod clean;
mod coverage;
mod crawl;
mod deliver;
mod demo;
mod dev;
mod diff;
mod explain;
mod export;
mod figures;
mod history;
mod in_order;
mod looking;
mod mcp;
mod notify;
mod parts;
mod plan;
mod printed;
mod progress;
mod reading;
mod reclean;
mod rules;
mod search;
mod serve;
mod sources;
mod summary_table;
mod tail;
#[cfg(feature = "otel")]
mod telemetry;
mod watch;

use clap::{Parser, Subcommand};
use std::io::Write as _;
use std::process::ExitCode;

/// Exit code: everything was done.
pub const DONE: u8 = 0;
/// Exit code: something failed; standard error says what.
pub const FAILED: u8 = 1;
/// Exit code: the arguments or the configuration are wrong.
pub const USAGE: u8 = 2;
/// Exit code: interrupted, the state is saved (128 + SIGINT, as shells have it).
pub const INTERRUPTED: u8 = 130;

/// Polite news crawler and article cleaner.
#[derive(Debug, Parser)]
#[command(name = "copydesk", version, about, propagate_version = true, max_term_width = 100)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Clean a page or a text: a URL, an HTML file, a .txt file, or standard input
    Clean(clean::Args),
    /// Crawl the sources of the configuration once: fetch what is new, clean it, write it to the archive
    Crawl(crawl::Args),
    /// Crawl on and on, each source at its own times, until told to stop; SIGHUP has the configuration read again
    Watch(crawl::Args),
    /// Say what a crawl would do now, and how long it would take
    Plan(plan::Args),
    /// Say what is known of an address: its state, its history, its next visit, and the rules that concern it
    Explain(explain::Args),
    /// Compare what feeds, sitemaps and sections named with what the archive has
    Coverage(coverage::Args),
    /// Find articles of the archive by their words
    Search(search::Args),
    /// Show the versions of an article, and what changed in each
    History(history::Args),
    /// Show what changed between two versions of an article, word by word
    Diff(diff::Args),
    /// Send what waits to the webhooks and the command of the configuration; crawl and watch do so by themselves
    Deliver(deliver::Args),
    /// Print the versions behind a sequence number, one a line as JSON, and go on as new ones come
    Tail(tail::Args),
    /// Clean the pages of web archives again: WARC, WACZ, folders of HTML, or the archive's own
    Reclean(reclean::Args),
    /// Give parts of the archive to other programs
    Export(export::Args),
    /// Clean pages for other programs over HTTP, on this machine unless told otherwise
    Serve(serve::Args),
    /// Give agents the archive and the cleaner as tools (Model Context Protocol), over standard input and output
    Mcp(mcp::Args),
    /// Find a site's feeds, sitemaps and sections
    Sources(sources::Args),
    /// Show what the [[rule]]s for single sites do to a page
    Rules(rules::Args),
    /// Crawl the bundled sample news site, to see what comes out
    Demo(demo::Args),
    /// Keep the archive in order
    Archive(archive::Args),
    /// What the makers of the cleaner need
    #[command(hide = true)]
    Dev(dev::Args),
}

/// Runs the program with the arguments of its process.
#[must_use]
pub fn main() -> ExitCode {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => {
            // Help and version are no errors; they go to standard output with code 0.
            let code = if error.use_stderr() { USAGE } else { DONE };
            let _ = error.print();
            return ExitCode::from(code);
        }
    };
    let code = match cli.command {
        Command::Archive(args) => archive::run(&args),
        Command::Clean(args) => clean::run(&args),
        Command::Crawl(args) => crawl::run(&args),
        Command::Coverage(args) => coverage::run(&args),
        Command::Watch(args) => watch::run(&args),
        Command::Deliver(args) => deliver::run(&args),
        Command::Demo(args) => demo::run(&args),
        Command::Diff(args) => diff::run(&args),
        Command::Explain(args) => explain::run(&args),
        Command::History(args) => history::run(&args),
        Command::Plan(args) => plan::run(&args),
        Command::Export(args) => export::run(&args),
        Command::Reclean(args) => reclean::run(&args),
        Command::Rules(args) => rules::run(&args),
        Command::Search(args) => search::run(&args),
        Command::Serve(args) => serve::run(&args),
        Command::Mcp(args) => mcp::run(&args),
        Command::Sources(args) => sources::run(&args),
        Command::Tail(args) => tail::run(&args),
        Command::Dev(args) => dev::run(&args),
    };
    ExitCode::from(code)
}

/// Says on standard error what failed. Where that is closed there is nobody to tell, and nothing to stop for.
fn complain(message: impl std::fmt::Display) {
    let _ = writeln!(std::io::stderr(), "copydesk: {message}");
}
