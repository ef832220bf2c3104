//! `copydesk dev`: what the makers of the cleaner need.

use super::{DONE, FAILED, complain};
use crate::extract::{self, Explain, Input, Options};
use clap::Subcommand;
use serde::Deserialize;
use serde_json::json;
use std::fs::{self, File};
use std::io::{self, BufRead, BufWriter, Write};
use std::path::{Path, PathBuf};
use url::Url;

/// Arguments of `copydesk dev`.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand)]
enum What {
    /// Write the features of every block of the pages on standard input ({"id","url","path"} a line), as the model reads
    /// them: values.f32 (little-endian rows), blocks.jsonl (a page a line), columns.txt
    Features {
        /// The folder to write to
        #[arg(long)]
        out: PathBuf,
    },
    /// Write the text of the pages on standard input ({"id","url","path"} a line) as {"id","text"} a line
    Texts {
        /// The folder of articles.model and others.model, which read the pages in place of the embedded ones
        #[arg(long)]
        tables: PathBuf,
        /// With "explanation" beside: what was decided for every block, and why
        #[arg(long)]
        explain: bool,
    },
}

#[derive(Debug, Deserialize)]
struct Row {
    id: String,
    url: Option<String>,
    path: PathBuf,
}

/// Runs the subcommand.
pub(super) fn run(args: &Args) -> u8 {
    let done = match &args.what {
        What::Features { out } => features(out),
        What::Texts { tables, explain } => texts(tables, *explain),
    };
    match done {
        Ok(()) => DONE,
        Err(message) => {
            complain(message);
            FAILED
        }
    }
}

fn failed(path: &Path) -> impl Fn(io::Error) -> String {
    let path = path.display().to_string();
    move |error| format!("{path}: {error}")
}

/// Reads the pages that standard input names, one after the other.
fn each_page(mut read: impl FnMut(&str, &Input<'_>) -> Result<(), String>) -> Result<(), String> {
    for line in io::stdin().lock().lines() {
        let line = line.map_err(|error| format!("standard input: {error}"))?;
        let row: Row = serde_json::from_str(&line).map_err(|error| format!("standard input: {error}"))?;
        let bytes = fs::read(&row.path).map_err(failed(&row.path))?;
        let url = row.url.as_deref().and_then(|url| Url::parse(url).ok());
        let input = Input { bytes: &bytes, url: url.as_ref(), ..Input::default() };
        read(&row.id, &input).map_err(|error| format!("{}: {error}", row.path.display()))?;
    }
    Ok(())
}

fn features(out: &Path) -> Result<(), String> {
    fs::create_dir_all(out).map_err(failed(out))?;
    let create = |name: &str| {
        let path = out.join(name);
        File::create(&path).map(BufWriter::new).map_err(failed(&path))
    };
    let (mut values, mut blocks) = (create("values.f32")?, create("blocks.jsonl")?);
    let mut columns = Vec::new();
    each_page(|id, input| {
        let table = extract::block_table(input).map_err(|error| error.to_string())?;
        if !table.columns.is_empty() {
            columns = table.columns;
        }
        for value in table.values {
            values.write_all(&value.to_le_bytes()).map_err(failed(out))?;
        }
        let page = json!({"id": id, "texts": table.texts, "tokens": table.tokens, "ruled_out": table.ruled_out});
        writeln!(blocks, "{page}").map_err(failed(out))
    })?;
    let names = out.join("columns.txt");
    fs::write(&names, columns.join("\n") + "\n").map_err(failed(&names))?;
    values.flush().and_then(|()| blocks.flush()).map_err(failed(out))
}

fn texts(tables: &Path, explain: bool) -> Result<(), String> {
    let read = |name: &str| {
        let path = tables.join(name);
        fs::read(&path).map_err(failed(&path))
    };
    if !extract::replace_models(&read("articles.model")?, &read("others.model")?) {
        return Err(format!("{}: these are no tables; make them by training/train.py", tables.display()));
    }
    let mut out = BufWriter::new(io::stdout().lock());
    let failed = |error: io::Error| format!("standard output: {error}");
    each_page(|id, input| {
        let explain = if explain { Explain::Yes } else { Explain::No };
        let options = Options { explain, ..Options::default() };
        let cleaned = extract::clean(input, &options).map_err(|error| error.to_string())?;
        let mut row = json!({"id": id, "text": cleaned.article.text});
        if let Some(explanation) = cleaned.explanation {
            row["explanation"] = json!(explanation);
        }
        writeln!(out, "{row}").map_err(failed)
    })?;
    out.flush().map_err(failed)
}
