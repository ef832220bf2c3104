//! How much memory cleaning takes at its peak, counted by the allocator: in proportion to the page, whatever the page.
//!
//! One test in a program of its own, since an allocator counts for all threads.

#![expect(clippy::unwrap_used, reason = "what fails here fails the test")]

#[path = "support/growth.rs"]
mod growth;

use copydesk::extract::{Input, Options, clean};
use growth::{pages, repeated};
use peak_alloc::PeakAlloc;

#[global_allocator]
static ALLOCATOR: PeakAlloc = PeakAlloc;

/// Bytes of memory for each byte of a page, at the most, beyond the first.
const BYTES_PER_BYTE: usize = 12;

/// The same for a page that is nearly all text and tags, one whose body stands in it ten times, beyond
/// [`BYTES_OF_ROWS`] alone. The most was 20 when this was set.
const BYTES_PER_BYTE_OF_BODY: usize = 24;

/// Bytes of the rows that the model reads together, which every page takes: 64 rows of 264 numbers.
const BYTES_OF_ROWS: usize = 64 * 264 * 4;

/// Bytes that any page may take, however small.
const BYTES_AT_LEAST: usize = 4 * 1024 * 1024;

/// How often each page is put into itself, for a second measurement.
const TIMES: usize = 10;

fn peak(page: &[u8]) -> usize {
    ALLOCATOR.reset_peak_usage();
    let before = ALLOCATOR.current_usage();
    drop(clean(&Input { bytes: page, ..Input::default() }, &Options::default()).unwrap());
    ALLOCATOR.peak_usage() - before
}

#[test]
fn memory_is_in_proportion_to_the_page() {
    let pages = pages();
    // Tables that are made once stay for good.
    for (_, page) in &pages {
        peak(page.as_bytes());
    }
    let mut faults = Vec::new();
    let mut worst = (0.0, String::new());
    for (name, page) in &pages {
        let once = peak(page.as_bytes());
        let large = repeated(page, TIMES);
        let (size, many) = (large.len(), peak(large.as_bytes()));
        let share = many as f64 / size as f64;
        if share > worst.0 {
            worst = (share, format!("{name} x {TIMES}: {many} bytes for {size}"));
        }
        for (peak, size) in [(once, page.len()), (many, size)] {
            if peak > BYTES_PER_BYTE * size + BYTES_AT_LEAST {
                faults.push(format!("{name}: {peak} bytes for a page of {size}"));
            }
        }
        if many > BYTES_PER_BYTE_OF_BODY * size + BYTES_OF_ROWS {
            faults.push(format!("{name} x {TIMES}: {many} bytes for a page of {size}"));
        }
        if many > (TIMES + 2) * once {
            faults.push(format!("{name} x {TIMES}: {many} bytes, once: {once}"));
        }
    }
    println!("the most: {:.1} bytes a byte, {}", worst.0, worst.1);
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}
