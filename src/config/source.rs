//! `[[source]]`.

use super::ConfigError;
use super::duration::positive;
use super::reader::{Section, count, list, parsed, text};
use crate::archive::folder_name;
use crate::crawl::{Render, Respect, Source};
use crate::discover::Scope;
use crate::frontier::{CronLine, Schedule};
use toml::de::DeValue;
use url::Url;

pub(super) fn source(section: &Section<'_>, others: &[Source]) -> Result<Source, ConfigError> {
    section.check_keys(&[
        "name",
        "url",
        "feeds",
        "sitemaps",
        "sections",
        "include",
        "exclude",
        "max_age",
        "max_pages",
        "respect",
        "headers",
        "login",
        "cookies",
        "proxy",
        "every",
        "schedule",
        "render",
    ])?;
    let name = section.need("name", "name = \"my-paper\"", name)?;
    let url = section.need("url", "url = \"https://www.my-paper.example/\"", parsed(web_url))?;
    if others.iter().any(|other| other.name.eq_ignore_ascii_case(&name)) {
        return Err(section.refuse("name", format!("is {name:?}, as is another source's; give each its own")));
    }
    let links = |key| Ok(section.get(key, list(parsed(|text| link(text, &url))))?.unwrap_or_default());
    let mut source = Source::new(name, url.clone());
    (source.feeds, source.sitemaps, source.sections) = (links("feeds")?, links("sitemaps")?, links("sections")?);
    source.scope = scope(section)?;
    source.max_pages = section.get("max_pages", count(1))?;
    source.respect = section.get("respect", list(parsed(str::parse::<Respect>)))?;
    source.schedule = schedule(section)?;
    section.set("render", &mut source.render, render)?;
    Ok(source)
}

/// A name that can be a folder's as it is, on every file system.
fn name(value: &DeValue<'_>) -> Result<String, String> {
    let name = text(value)?;
    let plain = name.chars().all(|c| c.is_alphanumeric() || matches!(c, '-' | '_' | '.' | '+'));
    if !name.is_empty() && plain && folder_name(&name) == name {
        Ok(name)
    } else {
        Err(format!(
            "is {name:?}, which is no safe name for a folder; use letters, digits, - and _, such as \"my-paper\""
        ))
    }
}

fn scope(section: &Section<'_>) -> Result<Scope, ConfigError> {
    let patterns = |key| Ok(section.get(key, list(text))?.unwrap_or_default());
    let (include, exclude): (Vec<String>, Vec<String>) = (patterns("include")?, patterns("exclude")?);
    let max_age = section.get("max_age", positive)?;
    let tried = |key, include: &[String], exclude: &[String]| {
        Scope::new(include, exclude, max_age).map_err(|error| {
            section.refuse(
                key,
                format!(
                    "will not do: {error}; characters such as . ? ( [ have a meaning there, \\ before one takes it away"
                ),
            )
        })
    };
    tried("include", &include, &[])?;
    tried("exclude", &include, &exclude)
}

fn schedule(section: &Section<'_>) -> Result<Schedule, ConfigError> {
    let every = section.get("every", positive)?;
    let cron = section.get("schedule", parsed(str::parse::<CronLine>))?;
    match (every, cron) {
        (Some(_), Some(_)) => Err(section.refuse("schedule", "and `every` are both there; keep one of them")),
        (Some(every), None) => Ok(Schedule::Every(every)),
        (None, Some(line)) => Ok(Schedule::Cron(line)),
        (None, None) => Ok(Schedule::Adaptive),
    }
}

fn render(value: &DeValue<'_>) -> Result<Render, String> {
    match text(value)?.as_str() {
        "never" => Ok(Render::Never),
        "auto" => Ok(Render::Auto),
        "always" => Ok(Render::Always),
        other => Err(format!("is {other:?}; write \"never\", \"auto\" or \"always\"")),
    }
}

/// An absolute web address.
fn web_url(text: &str) -> Result<Url, String> {
    let error = || format!("{text:?} is no web address; write it whole, such as \"https://www.my-paper.example/\"");
    let url = Url::parse(text.trim()).map_err(|_| error())?;
    let named = url.host_str().is_some_and(|host| !host.is_empty());
    if matches!(url.scheme(), "http" | "https") && named { Ok(url) } else { Err(error()) }
}

/// A web address, absolute or relative to a home page.
fn link(text: &str, home: &Url) -> Result<Url, String> {
    let joined = home.join(text.trim()).map_err(|error| format!("{text:?} is no web address: {error}"))?;
    web_url(joined.as_str())
}

/// The address of a proxy.
pub(super) fn parse_proxy(text: &str) -> Result<Url, String> {
    let url = Url::parse(text.trim()).ok();
    url.filter(|url| matches!(url.scheme(), "http" | "https" | "socks5" | "socks5h") && url.host_str().is_some())
        .ok_or_else(|| format!("{text:?} is no proxy; write \"http://host:port\" or \"socks5://host:port\""))
}
