//! `copydesk sources add`: looks at a site and proposes a `[[source]]` for it.

use super::crawl::{runtime, say};
use super::{DONE, FAILED, USAGE, complain};
use crate::config::Config;
use crate::crawl::{Proposal, explore};
use crate::fetch::{AllowedHost, Fetcher};
use clap::Subcommand;
use std::fmt::Write as _;
use std::io;
use std::path::{Path, PathBuf};
use url::Url;

/// Arguments of `copydesk sources`.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand)]
enum What {
    /// Look at a site, find its feeds, sitemaps and sections, and propose a [[source]] for it
    Add(AddArgs),
}

/// Arguments of `copydesk sources add`.
#[derive(Debug, clap::Args)]
struct AddArgs {
    /// The site's home page
    url: Url,
    /// The configuration that it is for; its [fetch] holds for the look
    #[arg(long, value_name = "FILE", default_value = "config.toml")]
    config: PathBuf,
    /// The source's name, instead of one made of the host's
    #[arg(long, value_name = "NAME")]
    name: Option<String>,
    /// Add the block to the configuration, which is otherwise left as it is
    #[arg(long)]
    write: bool,
    /// Let one loopback or private address through the address guard; may be given several times
    #[arg(long, value_name = "HOST[:PORT]")]
    allow_host: Vec<AllowedHost>,
}

/// Why nothing could be proposed.
enum Failure {
    /// Arguments or configuration.
    Usage(String),
    /// The site, or the file to write to.
    Other(String),
}

/// Runs the subcommand.
pub(super) fn run(args: &Args) -> u8 {
    let What::Add(args) = &args.what;
    match add(args) {
        Ok(()) => DONE,
        Err(Failure::Usage(message)) => {
            complain(message);
            USAGE
        }
        Err(Failure::Other(message)) => {
            complain(message);
            FAILED
        }
    }
}

fn add(args: &AddArgs) -> Result<(), Failure> {
    let (text, mut config) = match std::fs::read_to_string(&args.config) {
        Ok(text) => {
            let config = Config::parse(&text, &args.config).map_err(|error| Failure::Usage(error.to_string()))?;
            (text, config)
        }
        // A first source may begin a file.
        Err(error) if error.kind() == io::ErrorKind::NotFound => (String::new(), Config::default()),
        Err(error) => {
            let path = args.config.display();
            return Err(Failure::Usage(format!(
                "cannot read the configuration {path}: {error}; check its permissions"
            )));
        }
    };
    if !matches!(args.url.scheme(), "http" | "https") {
        return Err(Failure::Usage(format!("{} is no web address; write it whole, with https://", args.url)));
    }
    config.fetch.allow_hosts.extend(args.allow_host.iter().cloned());
    complain(format_args!("looking at {} for feeds, sitemaps and sections", args.url));
    let proposal = look(&config, &args.url)?;
    if proposal.is_empty() {
        let message = format!(
            "nothing on {} leads to stories: no feed, no sitemap, no section, no story on the page itself; name the page \
             that lists them",
            proposal.home
        );
        return Err(Failure::Other(message));
    }
    let is_there = config.sources.iter().find(|source| source.url.host() == proposal.home.host());
    if let Some(source) = is_there.filter(|_| args.name.is_none()) {
        let message = format!(
            "{} has the source {} for {} already; give another name with --name to add a second one",
            args.config.display(),
            source.name,
            source.url
        );
        return Err(Failure::Usage(message));
    }
    let taken: Vec<&str> = config.sources.iter().map(|source| source.name.as_str()).collect();
    let name = args.name.clone().unwrap_or_else(|| proposal.name(&taken));
    let block = block(&name, &proposal);
    let whole = appended(&text, &block);
    // What would not be read is neither proposed nor written.
    Config::parse(&whole, &args.config)
        .map_err(|error| Failure::Usage(format!("the source cannot be added: {error}\n\n{block}")))?;
    say(&block);
    for problem in &proposal.problems {
        complain(format_args!("left out: {problem}"));
    }
    if args.write {
        write(&args.config, &whole).map_err(|error| {
            let path = args.config.display();
            Failure::Other(format!("cannot write {path}: {error}; it is as it was; add the block by hand"))
        })?;
        complain(format_args!("added to {}", args.config.display()));
    }
    Ok(())
}

fn look(config: &Config, url: &Url) -> Result<Proposal, Failure> {
    let mut fetch = config.fetch.clone();
    // A site that is not a source yet has nothing to be let in with.
    fetch.access.clear();
    let failed = |error: &dyn std::fmt::Display| Failure::Other(error.to_string());
    let runtime = runtime().map_err(|error| failed(&format_args!("cannot start threads: {error}")))?;
    runtime.block_on(async {
        let fetcher = Fetcher::new(fetch).map_err(|error| failed(&error))?;
        explore(&fetcher, url).await.map_err(|error| failed(&error))
    })
}

/// The `[[source]]`, with what each part holds in a comment.
fn block(name: &str, proposal: &Proposal) -> String {
    let mut out = format!("[[source]]\nname = \"{name}\"\nurl = \"{}\"\n", proposal.home);
    for (key, found) in [("feeds", &proposal.feeds), ("sitemaps", &proposal.sitemaps), ("sections", &proposal.sections)]
    {
        if found.is_empty() {
            continue;
        }
        let _ = writeln!(out, "{key} = [");
        for found in found {
            let _ = writeln!(out, "    \"{}\",  # {}", found.relative_to(&proposal.home), found.holds);
        }
        out.push_str("]\n");
    }
    out
}

/// The file's text with the block behind it; nothing of it is changed.
fn appended(text: &str, block: &str) -> String {
    let between = match text {
        "" => "",
        text if text.ends_with('\n') => "\n",
        _ => "\n\n",
    };
    [text, between, block].concat()
}

/// Writes beside the file and puts that in its place, so that it is never half written.
fn write(path: &Path, text: &str) -> io::Result<()> {
    // A link stays one.
    let target = path.canonicalize().unwrap_or_else(|_| path.to_owned());
    let mut beside = target.clone().into_os_string();
    beside.push(".new");
    let beside = PathBuf::from(beside);
    std::fs::write(&beside, text)?;
    if let Ok(old) = std::fs::metadata(&target) {
        std::fs::set_permissions(&beside, old.permissions())?;
    }
    std::fs::File::open(&beside)?.sync_all()?;
    std::fs::rename(&beside, &target)
}
