//! Who is told of new versions: `[[webhook]]` and `[archive] on_article`.

use super::ConfigError;
use super::access::env_name;
use super::duration::positive;
use super::reader::{Section, list, text};
use crate::archive::catalogue::Filter;
use crate::deliver::{CommandHook, Receiver, Way, Webhook};
use std::time::Duration;
use toml::de::DeValue;
use url::Url;

/// How long an answer may take where the configuration says nothing: what the makers of webhooks wait.
const WEBHOOK_TIMEOUT: Duration = Duration::from_secs(15);

/// How long a command may take.
const COMMAND_TIMEOUT: Duration = Duration::from_mins(1);

/// What the command is called.
pub(super) const ON_ARTICLE: &str = "on_article";

/// One `[[webhook]]`.
pub(super) fn webhook(section: &Section<'_>, before: &[Receiver]) -> Result<Receiver, ConfigError> {
    section.check_keys(&["url", "name", "secret_env", "timeout", "sources", "sites", "languages"])?;
    let url = section.need("url", "https://example.org/hook", address)?;
    let name = section.get("name", text)?.unwrap_or_else(|| url.to_string());
    if before.iter().any(|other| other.name == name) {
        return Err(
            section.refuse("url", "is there twice; give each a \"name\" of its own, under which it is remembered")
        );
    }
    let strings = |key| Ok::<_, ConfigError>(section.get(key, list(text))?.unwrap_or_default());
    let filter = Filter {
        sources: strings("sources")?,
        sites: strings("sites")?,
        languages: strings("languages")?,
        ..Filter::default()
    };
    let secret_env = section.get("secret_env", |value| text(value).and_then(env_name))?;
    let timeout = section.get("timeout", positive)?.unwrap_or(WEBHOOK_TIMEOUT);
    Ok(Receiver { name, filter, way: Way::Webhook(Webhook { url, secret_env, timeout }) })
}

/// The command of `[archive] on_article`.
pub(super) fn command(section: &Section<'_>) -> Result<Option<Receiver>, ConfigError> {
    let Some(command) = section.get(ON_ARTICLE, list(text))? else { return Ok(None) };
    if command.first().is_none_or(|program| program.trim().is_empty()) {
        return Err(section.refuse(ON_ARTICLE, "names no program; write [\"program\", \"argument\"]"));
    }
    let way = Way::Command(CommandHook { command, timeout: COMMAND_TIMEOUT });
    Ok(Some(Receiver { name: ON_ARTICLE.to_owned(), filter: Filter::default(), way }))
}

fn address(value: &DeValue<'_>) -> Result<Url, String> {
    let url = text(value)?.parse::<Url>().map_err(|error| format!("has to be a URL: {error}"))?;
    if matches!(url.scheme(), "http" | "https") {
        Ok(url)
    } else {
        Err("has to begin with http:// or https://".to_owned())
    }
}
