//! `copydesk rules`: what the rules for single sites do to a page.

use super::clean::network::{Network, NetworkArgs};
use super::clean::{CONFIG_FILE, address, read_file};
use super::crawl::say;
use super::{DONE, FAILED, USAGE, complain};
use crate::config::Config;
use crate::extract::{self, Input, Options, SelectorMatches, SiteRules};
use crate::model::Article;
use clap::{Subcommand, ValueEnum};
use serde_json::json;
use std::ffi::OsString;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use url::Url;

/// Pairs of lines that are compared at the most: past that, lines that only one side has are told without their order.
const MAX_PAIRS: usize = 4_000_000;

/// Arguments of `copydesk rules`.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand)]
enum What {
    /// Clean a page without and with the rule of its site, and show the difference and what each selector matches
    Test(TestArgs),
}

/// Arguments of `copydesk rules test`.
#[derive(Debug, clap::Args)]
struct TestArgs {
    /// A URL or an HTML file (also .html.gz)
    target: OsString,
    /// The address of the page, for a file: its host says which rule is meant
    #[arg(long, value_name = "URL")]
    url: Option<Url>,
    /// The configuration with the rules
    #[arg(long, value_name = "FILE", default_value = CONFIG_FILE)]
    config: PathBuf,
    /// What to print
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
    #[command(flatten)]
    network: NetworkArgs,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// For reading
    Text,
    /// For programs: {"url","host","selectors","without","with","removed","added"}
    Json,
}

/// Why nothing could be shown.
enum Failure {
    /// Arguments or configuration.
    Usage(String),
    /// The page.
    Page(String),
}

/// Runs the subcommand.
pub(super) fn run(args: &Args) -> u8 {
    let What::Test(args) = &args.what;
    match test(args) {
        Ok(report) => {
            say(&report);
            DONE
        }
        Err(Failure::Usage(message)) => {
            complain(message);
            USAGE
        }
        Err(Failure::Page(message)) => {
            complain(message);
            FAILED
        }
    }
}

/// The bytes of a page and what is known of them.
struct Page {
    bytes: Vec<u8>,
    url: Url,
    content_type: Option<String>,
}

fn test(args: &TestArgs) -> Result<String, Failure> {
    let config = Config::load(&args.config).map_err(|error| Failure::Usage(error.to_string()))?;
    let options = config.clean;
    if options.rules.is_empty() {
        return Err(Failure::Usage(format!(
            "{} has no rule; add one:\n\n[[rule]]\nhost = \"www.my-paper.example\"\nremove = [\".promo\"]\n",
            args.config.display()
        )));
    }
    let page = page(args)?;
    let host = page.url.host_str().unwrap_or_default();
    let Some(rule) = options.rules.for_url(&page.url) else {
        let known: Vec<String> = options.rules.iter().map(|rule| rule.host.to_string()).collect();
        return Err(Failure::Usage(format!(
            "{} has no rule for {host}; it has rules for {}",
            args.config.display(),
            known.join(", ")
        )));
    };
    let input = Input {
        bytes: &page.bytes,
        url: Some(&page.url),
        content_type: page.content_type.as_deref(),
        ..Input::default()
    };
    let failed = |error: extract::ExtractError| Failure::Page(format!("{}: {error}", args.target.display()));
    let selectors = extract::rule_matches(&input, rule).map_err(failed)?;
    let with = extract::clean(&input, &options).map_err(failed)?.article;
    let ruleless = Options { rules: SiteRules::default(), ..options.clone() };
    let without = extract::clean(&input, &ruleless).map_err(failed)?.article;
    let lines = difference(&without.text, &with.text);
    Ok(match args.format {
        Format::Text => in_words(&rule.host.to_string(), &page.url, &selectors, [&without, &with], &lines),
        Format::Json => {
            let only = |side| lines.iter().filter(|line| line.0 == side).map(|line| line.1).collect::<Vec<_>>();
            let report = json!({
                "url": page.url,
                "host": rule.host.to_string(),
                "selectors": selectors,
                "without": without,
                "with": with,
                "removed": only(Side::Without),
                "added": only(Side::With),
            });
            format!("{report:#}\n")
        }
    })
}

fn page(args: &TestArgs) -> Result<Page, Failure> {
    let name = args.target.display();
    if let Some(address) = address(&args.target) {
        if args.url.is_some() {
            return Err(Failure::Usage("--url is the address of a file; leave it out for a URL".to_owned()));
        }
        let url = Url::parse(address)
            .map_err(|error| Failure::Usage(format!("{name} is no URL ({error}); check its spelling")))?;
        let network = Network::new(&args.network, None).map_err(Failure::Usage)?;
        let page = network.page(url).map_err(Failure::Page)?;
        return Ok(Page { bytes: page.body.to_vec(), url: page.url, content_type: page.content_type });
    }
    let url = args.url.clone().ok_or_else(|| {
        Failure::Usage(format!("{name} is a file; say with --url what its address was, for rules go by the host"))
    })?;
    let bytes = read_file(Path::new(&args.target)).map_err(Failure::Page)?;
    Ok(Page { bytes, url, content_type: None })
}

/// Which of two texts has a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Side {
    Both,
    Without,
    With,
}

/// The lines of two texts, side by side.
fn difference<'a>(without: &'a str, with: &'a str) -> Vec<(Side, &'a str)> {
    let lines = |text: &'a str| text.lines().filter(|line| !line.is_empty()).collect::<Vec<_>>();
    let (a, b) = (lines(without), lines(with));
    let mut out = Vec::with_capacity(a.len().max(b.len()));
    if a.len() * b.len() > MAX_PAIRS {
        out.extend(a.iter().map(|line| (if b.contains(line) { Side::Both } else { Side::Without }, *line)));
        out.extend(b.iter().filter(|line| !a.contains(line)).map(|line| (Side::With, *line)));
        return out;
    }
    // The longest common subsequence from each pair of places on.
    let columns = b.len() + 1;
    let mut common = vec![0_u32; (a.len() + 1) * columns];
    for i in (0..a.len()).rev() {
        for j in (0..b.len()).rev() {
            common[i * columns + j] = if a[i] == b[j] {
                common[(i + 1) * columns + j + 1] + 1
            } else {
                common[(i + 1) * columns + j].max(common[i * columns + j + 1])
            };
        }
    }
    let (mut i, mut j) = (0, 0);
    while i < a.len() || j < b.len() {
        if i < a.len() && j < b.len() && a[i] == b[j] {
            out.push((Side::Both, a[i]));
            (i, j) = (i + 1, j + 1);
        } else if j == b.len() || (i < a.len() && common[(i + 1) * columns + j] >= common[i * columns + j + 1]) {
            out.push((Side::Without, a[i]));
            i += 1;
        } else {
            out.push((Side::With, b[j]));
            j += 1;
        }
    }
    out
}

fn in_words(
    host: &str,
    url: &Url,
    selectors: &[SelectorMatches],
    [without, with]: [&Article; 2],
    lines: &[(Side, &str)],
) -> String {
    // Writing to a String cannot fail.
    let mut out = format!("The rule for {host} on {url}\n\n");
    for found in selectors {
        let SelectorMatches { key, selector, matches, sample } = found;
        let what = match (matches, sample) {
            (0, _) => "matches nothing, so it changes nothing".to_owned(),
            (1, Some(sample)) => format!("1 match: {sample}"),
            (more, Some(sample)) => format!("{more} matches, first: {sample}"),
            (more, None) => format!("{more} matches"),
        };
        let _ = writeln!(out, "{key:>8}  {selector}\n          {what}");
    }
    out.push('\n');
    let date = |article: &Article| article.published.as_ref().map(ToString::to_string);
    let rows = [
        ("title", without.title.clone(), with.title.clone()),
        ("authors", Some(without.authors.join(", ")), Some(with.authors.join(", "))),
        ("date", date(without), date(with)),
        ("words", Some(without.word_count.to_string()), Some(with.word_count.to_string())),
    ];
    for (name, before, after) in rows {
        let said = |value: Option<String>| value.filter(|value| !value.is_empty()).unwrap_or_else(|| "–".to_owned());
        let (before, after) = (said(before), said(after));
        if before == after {
            let _ = writeln!(out, "{name:>8}  {before}");
        } else {
            let _ = writeln!(out, "{name:>8}  - {before}\n          + {after}");
        }
    }
    let count = |side| lines.iter().filter(|line| line.0 == side).count();
    let _ = writeln!(
        out,
        "\nThe article: {} lines as before, {} gone (-), {} new (+)\n",
        count(Side::Both),
        count(Side::Without),
        count(Side::With)
    );
    for (side, line) in lines {
        let sign = match side {
            Side::Both => ' ',
            Side::Without => '-',
            Side::With => '+',
        };
        let _ = writeln!(out, "{sign} {line}");
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_side_by_side() {
        let signs = |without: &str, with: &str| -> String {
            let sign = |(side, line): &(Side, &str)| match side {
                Side::Both => format!(" {line}"),
                Side::Without => format!("-{line}"),
                Side::With => format!("+{line}"),
            };
            difference(without, with).iter().map(sign).collect()
        };
        assert_eq!(signs("a\n\nb\n\nc", "a\n\nc\n\nd"), " a-b c+d");
        assert_eq!(signs("", "a"), "+a");
        let many = |from: usize| (from..from + 2500).map(|n| n.to_string()).collect::<Vec<_>>().join("\n");
        let (first, second) = (many(0), many(1));
        let lines = difference(&first, &second);
        assert_eq!((lines[0], lines.last().copied()), ((Side::Without, "0"), Some((Side::With, "2500"))));
    }
}
