//! `[[rule]]`.

use super::ConfigError;
use super::reader::{Section, describe, parsed};
use crate::extract::{HostPattern, SiteRule, SiteSelector};
use toml::de::DeValue;

/// What a rule can say, each a selector or a list of them.
const KEYS: [&str; 5] = ["body", "title", "authors", "date", "remove"];

pub(super) fn rule(section: &Section<'_>, others: &[SiteRule]) -> Result<SiteRule, ConfigError> {
    section.check_keys(&["host", KEYS[0], KEYS[1], KEYS[2], KEYS[3], KEYS[4]])?;
    let host: HostPattern = section.need("host", "host = \"www.my-paper.example\"", parsed(str::parse))?;
    if others.iter().any(|other| other.host == host) {
        return Err(section.refuse("host", format!("is {host}, as is another rule's; put both into one")));
    }
    let read = |key| Ok(section.get(key, selectors)?.unwrap_or_default());
    let rule = SiteRule {
        host,
        body: read("body")?,
        title: read("title")?,
        authors: read("authors")?,
        date: read("date")?,
        remove: read("remove")?,
    };
    let says_nothing =
        [&rule.body, &rule.title, &rule.authors, &rule.date, &rule.remove].iter().all(|selectors| selectors.is_empty());
    if says_nothing {
        return Err(section.refuse("host", format!("has a rule that says nothing; give it one of {}", KEYS.join(", "))));
    }
    Ok(rule)
}

/// One selector, or several in a list.
fn selectors(value: &DeValue<'_>) -> Result<Vec<SiteSelector>, String> {
    let one = parsed(str::parse::<SiteSelector>);
    match value {
        DeValue::Array(values) => values.iter().map(|value| one(value.get_ref())).collect(),
        DeValue::String(_) => one(value).map(|selector| vec![selector]),
        other => Err(format!("has to be a CSS selector in quotes, or a list of them, not {}", describe(other))),
    }
}
