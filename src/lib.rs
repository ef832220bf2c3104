//! Copydesk downloads pages from news sites, cleans them of everything that is not the article, and writes what is left
//! with its metadata.
#![forbid(unsafe_code)]

pub mod archive;
pub mod cli;
pub mod config;
pub mod crawl;
pub mod deliver;
pub mod discover;
pub mod extract;
pub mod fetch;
pub mod frontier;
pub mod markup;
pub mod model;
pub mod sample_site;
pub mod serve;
