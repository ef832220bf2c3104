//! What a `[[source]]` needs to be let in: `headers`, `login`, `cookies`, `proxy`.

use super::reader::{Section, boolean, describe, text};
use super::{ConfigError, source};
use crate::fetch::{AccessOptions, Login, Setting};
use toml::de::DeValue;
use url::Url;

pub(super) fn access(section: &Section<'_>, home: &Url) -> Result<AccessOptions, ConfigError> {
    let mut access = AccessOptions::new(home.clone());
    section.set("headers", &mut access.headers, headers)?;
    access.login = section.get("login", login)?;
    section.set("cookies", &mut access.cookies, boolean)?;
    access.proxy = section
        .get("proxy", |value| match setting(value)? {
            Setting::Text(text) => source::parse_proxy(&text).map(|url| Some(Setting::Text(url.into()))),
            env @ Setting::Env(_) => Ok(Some(env)),
        })?
        .flatten();
    Ok(access)
}

/// Text, or `{ env = "NAME" }`.
fn setting(value: &DeValue<'_>) -> Result<Setting, String> {
    let DeValue::Table(table) = value else { return text(value).map(Setting::Text) };
    match (table.get("env"), table.len()) {
        (Some(name), 1) => text(name.get_ref()).and_then(env_name).map(Setting::Env),
        _ => Err("has to be text, or { env = \"NAME\" } with the name of an environment variable".to_owned()),
    }
}

pub(super) fn env_name(name: String) -> Result<String, String> {
    let plain = name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
    if plain && !name.is_empty() { Ok(name) } else { Err(format!("names no environment variable: {name:?}")) }
}

fn headers(value: &DeValue<'_>) -> Result<Vec<(String, Setting)>, String> {
    let DeValue::Table(table) = value else {
        return Err(format!("has to be a table such as {{ \"X-Key\" = \"value\" }}, not {}", describe(value)));
    };
    let read = |(name, value): (&toml::Spanned<std::borrow::Cow<'_, str>>, &toml::Spanned<DeValue<'_>>)| {
        let name = name.get_ref().as_ref();
        let is_name =
            !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte));
        if !is_name {
            return Err(format!("holds {name:?}, which is no name of a header"));
        }
        // What these say is the fetcher's to say, or would let its limits be got round.
        if ["host", "user-agent", "accept-encoding", "content-length", "transfer-encoding", "connection"]
            .contains(&name.to_ascii_lowercase().as_str())
        {
            return Err(format!("holds {name}, which cannot be set here"));
        }
        Ok((name.to_owned(), setting(value.get_ref())?))
    };
    table.iter().map(read).collect()
}

fn login(value: &DeValue<'_>) -> Result<Login, String> {
    let problem =
        || "has to be { user = \"name\", password_env = \"NAME\" }; a password itself is not taken here".to_owned();
    let DeValue::Table(table) = value else { return Err(problem()) };
    let (Some(user), Some(password), 2) = (table.get("user"), table.get("password_env"), table.len()) else {
        return Err(problem());
    };
    let user = text(user.get_ref())?;
    if user.contains(':') {
        return Err("has a user with a colon in it, which HTTP basic authentication cannot send".to_owned());
    }
    Ok(Login { user, password_env: env_name(text(password.get_ref())?)? })
}
