//! The tables that stand once: `[fetch]`, `[archive]`, `[store]`, `[clean]`, `[crawl]`.

use super::duration::{duration, positive};
use super::reader::{Section, boolean, count, list, number, parsed, text};
use super::size::size;
use super::{ConfigError, receivers, source};
use crate::archive::{ArchiveOptions, Compression, Format, WhichImages};
use crate::crawl::{CrawlOptions, NearDuplicates, Respect};
use crate::extract::{self, Engine};
use crate::fetch::{AllowedHost, FetchOptions};
use crate::frontier::RevisitRule;
use jiff::SignedDuration;
use std::net::SocketAddr;
use std::path::PathBuf;
use toml::de::DeValue;
use url::Url;

pub(super) fn fetch(section: &Section<'_>, options: &mut FetchOptions) -> Result<(), ConfigError> {
    section.check_keys(&[
        "user_agent",
        "concurrency",
        "per_address",
        "delay",
        "delay_factor",
        "timeout",
        "connect_timeout",
        "max_body",
        "max_redirects",
        "retries",
        "max_retry_wait",
        "max_crawl_delay",
        "allow_hosts",
        "resolve",
        "obey_robots",
        "proxy",
        "browser",
    ])?;
    section.set("user_agent", &mut options.user_agent, user_agent)?;
    section.set("concurrency", &mut options.concurrency, count(1))?;
    section.set("per_address", &mut options.per_address, count(0))?;
    section.set("delay", &mut options.delay, duration)?;
    section.set("delay_factor", &mut options.delay_factor, number)?;
    section.set("timeout", &mut options.timeout, positive)?;
    section.set("connect_timeout", &mut options.connect_timeout, positive)?;
    section.set("max_body", &mut options.max_body, size)?;
    section.set("max_redirects", &mut options.max_redirects, count(0))?;
    section.set("retries", &mut options.retries, count(0))?;
    section.set("max_retry_wait", &mut options.max_retry_wait, duration)?;
    section.set("max_crawl_delay", &mut options.max_crawl_delay, duration)?;
    section.set("allow_hosts", &mut options.allow_hosts, list(parsed(str::parse::<AllowedHost>)))?;
    section.set("obey_robots", &mut options.obey_robots, boolean)?;
    options.proxy = section.get("proxy", parsed(source::parse_proxy))?;
    options.browser = section.get("browser", path)?;
    if let Some(hosts) = section.section("resolve")? {
        let address = |value: &DeValue<'_>| {
            text(value)?
                .parse::<SocketAddr>()
                .map_err(|_| "has to be an address and a port, \"10.0.0.7:80\"".to_owned())
        };
        options.resolve =
            hosts.entries(|name, value| Ok((name.to_ascii_lowercase(), address(value)?)))?.into_iter().collect();
    }
    // The wait for the first byte is part of the whole, so it is never the longer one.
    options.first_byte_timeout = options.first_byte_timeout.min(options.timeout);
    Ok(())
}

fn user_agent(value: &DeValue<'_>) -> Result<String, String> {
    let agent = text(value)?;
    let named = agent.starts_with(|c: char| c.is_ascii_alphabetic());
    if named && agent.bytes().all(|byte| (b' '..=b'~').contains(&byte)) {
        Ok(agent)
    } else {
        Err("has to begin with a name and be plain ASCII: \"MyPaperArchive/1.0 (+https://example.org/bot)\"".to_owned())
    }
}

pub(super) fn archive(section: &Section<'_>, options: &mut ArchiveOptions) -> Result<(), ConfigError> {
    section.check_keys(&[
        "path",
        "formats",
        "compression",
        "rotate_size",
        "images",
        "bucket",
        receivers::ON_ARTICLE,
    ])?;
    // An address stands for a bucket, which follows the folder that is otherwise meant.
    if !section.get("path", text)?.is_some_and(|path| path.contains("://")) {
        section.set("path", &mut options.path, path)?;
    }
    section.set("formats", &mut options.formats, list(parsed(str::parse::<Format>)))?;
    section.set("compression", &mut options.compression, parsed(str::parse::<Compression>))?;
    if let Some(bytes) = section.get("rotate_size", size)? {
        options.rotate_size = Some(bytes);
    }
    section.set("images", &mut options.images, parsed(str::parse::<WhichImages>))?;
    if options.images != WhichImages::No && !options.formats.contains(&Format::Markdown) {
        return Err(
            section.refuse("images", "asks for pictures, which lie beside Markdown files; add \"markdown\" to formats")
        );
    }
    if options.formats.is_empty() {
        return Err(
            section.refuse("formats", "is empty, so nothing would be kept; name at least one, such as \"jsonl\"")
        );
    }
    Ok(())
}

/// The address of a bucket, which may also stand as the path.
pub(super) fn bucket(section: &Section<'_>) -> Result<Option<Url>, ConfigError> {
    let is_path = section.get("path", text)?.is_some_and(|path| path.contains("://"));
    if is_path && section.get("bucket", text)?.is_some() {
        return Err(section.refuse("path", "is a bucket, and there is \"bucket\" besides; write a folder here"));
    }
    section.get(if is_path { "path" } else { "bucket" }, bucket_address)
}

/// The address of a bucket.
pub(super) fn bucket_address(value: &DeValue<'_>) -> Result<Url, String> {
    let text = text(value)?;
    let url = Url::parse(text.trim()).ok();
    // The others that object_store knows name hosts of the web, which says nothing of whether they are buckets.
    url.filter(|url| matches!(url.scheme(), "s3" | "s3a" | "gs" | "az" | "abfs" | "abfss") && url.host_str().is_some())
        .ok_or_else(|| {
            format!("is {text:?}, which is no bucket; write \"s3://bucket/prefix\", \"gs://bucket/prefix\" or \"az://container/prefix\"")
        })
}

pub(super) fn store(section: &Section<'_>) -> Result<Option<PathBuf>, ConfigError> {
    section.check_keys(&["path"])?;
    section.get("path", path)
}

pub(super) fn clean(section: &Section<'_>, options: &mut extract::Options) -> Result<(), ConfigError> {
    section.check_keys(&["engine"])?;
    section.set("engine", &mut options.engine, parsed(str::parse::<Engine>))
}

pub(super) fn crawl(
    section: &Section<'_>,
    options: &mut CrawlOptions,
    revisit: &mut RevisitRule,
) -> Result<(), ConfigError> {
    section.check_keys(&[
        "max_sections",
        "max_sitemaps",
        "min_words",
        "reread",
        "respect",
        "tdm_file",
        "near_duplicates",
        "metrics_file",
    ])?;
    section.set("reread", &mut revisit.reread, ages)?;
    section.set("max_sections", &mut options.max_sections, count(0))?;
    section.set("max_sitemaps", &mut options.max_sitemaps, count(0))?;
    section.set("min_words", &mut options.min_words, count(0))?;
    section.set("respect", &mut options.respect, list(parsed(str::parse::<Respect>)))?;
    section.set("tdm_file", &mut options.tdm_file, boolean)?;
    section.set("near_duplicates", &mut options.near_duplicates, parsed(str::parse::<NearDuplicates>))
}

pub(super) fn metrics_file(section: &Section<'_>) -> Result<Option<PathBuf>, ConfigError> {
    section.get("metrics_file", path)
}

/// Ages, rising.
fn ages(value: &DeValue<'_>) -> Result<Vec<SignedDuration>, String> {
    let ages: Vec<SignedDuration> = list(positive)(value)?
        .into_iter()
        .map(|age| SignedDuration::try_from(age).map_err(|_| "names an age that is too long".to_owned()))
        .collect::<Result<_, _>>()?;
    if ages.is_sorted() { Ok(ages) } else { Err("has to rise, such as [\"1h\", \"1d\"]".to_owned()) }
}

fn path(value: &DeValue<'_>) -> Result<PathBuf, String> {
    let text = text(value)?;
    if text.trim().is_empty() { Err("is empty; name a path".to_owned()) } else { Ok(PathBuf::from(text)) }
}
