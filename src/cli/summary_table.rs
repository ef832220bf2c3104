//! A run's summary for people.

use crate::crawl::{Counts, RunSummary};
use std::fmt::Write;
use std::path::Path;

/// The columns behind the source's name.
const COLUMNS: [&str; 6] = ["found", "fetched", "articles", "unchanged", "skipped", "failed"];

/// What the words for skips mean.
const SKIPS: &[(&str, &str)] = &[
    ("content-signal", "its robots.txt says no to a use (Content-Signal)"),
    ("content_type", "no web page, by its content type"),
    ("excluded", "an exclude pattern matches"),
    ("max_pages", "left for the next run by max_pages"),
    ("max_sitemaps", "sitemaps left out by [crawl] max_sitemaps"),
    ("near_duplicate", "another told the same before"),
    ("no_article", "the page holds no article"),
    ("noai", "the page says noai"),
    ("noarchive", "the page says noarchive"),
    ("nofollow", "links of pages that say nofollow"),
    ("noindex", "the page says noindex"),
    ("no_story_address", "the address is not a story's"),
    ("not_included", "no include pattern matches"),
    ("old_sitemap", "sitemaps older than max_age"),
    ("redirected_to_front_page", "redirected to a front page"),
    ("robots", "robots.txt disallows it"),
    ("tdm", "text and data mining is reserved"),
    ("trap", "the site makes such addresses without end"),
    ("too_large", "larger than [fetch] max_body"),
    ("too_old", "older than max_age"),
    ("unavailable_after", "the page says that it is no longer available"),
];

/// The table, the reasons, and where the archive is.
pub(super) fn render(summary: &RunSummary, archive: &Path) -> String {
    let mut out = String::new();
    table(summary, &mut out);
    reasons(summary, &mut out);
    let total = &summary.total;
    let _ = match (total.articles, summary.interrupted) {
        (_, true) => writeln!(out, "\nInterrupted after {:.1} s; the next run goes on from here.", summary.seconds),
        (0, _) if total.failed.is_empty() && total.withdrawn == 0 => {
            writeln!(out, "\nNothing new since the last run ({:.1} s).", summary.seconds)
        }
        _ => writeln!(
            out,
            "\n{} new and {} updated{}{} in {:.1} s, {} received.",
            total.new,
            total.updated,
            if total.withdrawn > 0 { format!(", {} withdrawn", total.withdrawn) } else { String::new() },
            if total.rendered > 0 { format!(", {} by a browser", total.rendered) } else { String::new() },
            summary.seconds,
            bytes(total.bytes)
        ),
    };
    let _ = writeln!(out, "Archive: {}", archive.display());
    let _ = writeln!(out, "Summary: {}", archive.join(format!("runs/{}.json", summary.run)).display());
    out
}

fn table(summary: &RunSummary, out: &mut String) {
    let mut rows: Vec<(&str, [u64; 6])> =
        summary.sources.iter().map(|(name, counts)| (name.as_str(), cells(counts))).collect();
    if rows.len() != 1 {
        rows.push(("total", cells(&summary.total)));
    }
    let name_width = rows.iter().map(|(name, _)| name.chars().count()).max().unwrap_or(0).max("source".len());
    let widths: Vec<usize> = COLUMNS
        .iter()
        .enumerate()
        .map(|(at, title)| {
            rows.iter().map(|(_, cells)| cells[at].to_string().len()).max().unwrap_or(0).max(title.len())
        })
        .collect();
    let _ = write!(out, "{:name_width$}", "source");
    for (title, width) in COLUMNS.iter().zip(&widths) {
        let _ = write!(out, "  {title:>width$}");
    }
    out.push('\n');
    for (name, cells) in rows {
        let _ = write!(out, "{name:name_width$}");
        for (cell, width) in cells.iter().zip(&widths) {
            let _ = write!(out, "  {cell:>width$}");
        }
        out.push('\n');
    }
}

fn cells(counts: &Counts) -> [u64; 6] {
    [
        counts.found,
        counts.fetched,
        counts.articles,
        counts.known + counts.unchanged,
        counts.skipped_in_all(),
        counts.failed_in_all(),
    ]
}

fn reasons(summary: &RunSummary, out: &mut String) {
    let total = &summary.total;
    if total.duplicates + total.near_duplicates > 0 {
        let _ = writeln!(out, "\nDuplicates");
    }
    if total.duplicates > 0 {
        let _ = writeln!(out, "  {:>5}  another address gave the same article", total.duplicates);
    }
    if total.near_duplicates > 0 {
        let _ = writeln!(out, "  {:>5}  kept, and told before by another (see cluster)", total.near_duplicates);
    }
    if total.pictures + total.pictures_left > 0 {
        let _ = writeln!(out, "\nPictures");
        let _ = writeln!(out, "  {:>5}  kept beside their articles", total.pictures);
        let _ = writeln!(out, "  {:>5}  not to be had, and linked to where they were", total.pictures_left);
    }
    if !total.skipped.is_empty() {
        let _ = writeln!(out, "\nSkipped");
        for (reason, count) in &total.skipped {
            let _ = writeln!(out, "  {count:>5}  {}", meaning(reason));
        }
    }
    if !total.failed.is_empty() {
        let _ = writeln!(out, "\nFailed");
        for (reason, failure) in &total.failed {
            let _ = writeln!(out, "  {:>5}  {reason}", failure.count);
            for example in &failure.examples {
                let _ = writeln!(out, "         {}", example.error);
            }
        }
    }
    for name in &summary.unreachable {
        let _ = writeln!(out, "\nNothing of {name} could be reached.");
    }
}

/// Rows of as many cells each, the first column to the left and the others to the right.
pub(super) fn aligned(rows: &[Vec<String>]) -> String {
    let width = |column: usize| rows.iter().map(|row| row[column].chars().count()).max().unwrap_or_default();
    let widths: Vec<usize> = (0..rows[0].len()).map(width).collect();
    let mut out = String::new();
    for row in rows {
        for (at, (cell, width)) in row.iter().zip(&widths).enumerate() {
            let _ = if at == 0 { write!(out, "{cell:width$}") } else { write!(out, "  {cell:>width$}") };
        }
        out.push('\n');
    }
    out
}

/// What the word for a skip means; the word itself where it is none.
pub(super) fn meaning(reason: &str) -> &str {
    SKIPS.iter().find(|(word, _)| *word == reason).map_or(reason, |(_, meaning)| meaning)
}

pub(super) fn bytes(count: u64) -> String {
    match count {
        0..1000 => format!("{count} B"),
        1000..1_000_000 => format!("{:.1} kB", count as f64 / 1e3),
        _ => format!("{:.1} MB", count as f64 / 1e6),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::Timestamp;

    #[test]
    fn columns_are_aligned() {
        let counts = Counts { found: 1234, fetched: 5, ..Counts::default() };
        let summary = RunSummary {
            run: "r".into(),
            started: Timestamp::UNIX_EPOCH,
            ended: Timestamp::UNIX_EPOCH,
            seconds: 1.0,
            interrupted: false,
            unreachable: vec![],
            total: counts.clone(),
            sources: [("a-long-name".to_owned(), counts.clone()), ("b".to_owned(), counts)].into(),
        };
        let text = render(&summary, Path::new("archive"));
        let lines: Vec<&str> = text.lines().take(4).collect();
        assert!(lines.iter().all(|line| line.len() == lines[0].len()), "{text}");
        assert!(lines[3].starts_with("total "), "{text}");
    }
}
