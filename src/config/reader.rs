//! A table of the file, with the line of everything in it.

use super::error::hint;
use super::{ConfigError, Place};
use std::path::Path;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// A table that is being read.
#[derive(Debug)]
pub(super) struct Section<'a> {
    path: &'a Path,
    text: &'a str,
    /// As it is called in messages: `[fetch]`.
    name: String,
    /// Where it begins, in bytes.
    start: usize,
    table: &'a DeTable<'a>,
}

impl<'a> Section<'a> {
    pub(super) fn root(path: &'a Path, text: &'a str, table: &'a DeTable<'a>) -> Self {
        Self { path, text, name: "the file".to_owned(), start: 0, table }
    }

    fn place(&self, at: usize) -> Place {
        Place::new(self.path, self.text, at)
    }

    /// Refuses keys that are not among `known`.
    pub(super) fn check_keys(&self, known: &[&str]) -> Result<(), ConfigError> {
        for key in self.table.keys() {
            let name = key.get_ref().as_ref();
            if !known.contains(&name) {
                return Err(ConfigError::UnknownKey {
                    place: self.place(key.span().start),
                    key: name.to_owned(),
                    section: self.name.clone(),
                    hint: hint(name, known.iter().copied())
                        .unwrap_or_else(|| format!("it may hold {}", known.join(", "))),
                });
            }
        }
        Ok(())
    }

    /// Whether there is a text under a key.
    pub(super) fn has_text(&self, key: &str) -> bool {
        self.table.get(key).is_some_and(|value| matches!(value.get_ref(), DeValue::String(_)))
    }

    /// The table under a key.
    pub(super) fn section(&self, key: &str) -> Result<Option<Section<'a>>, ConfigError> {
        let Some(value) = self.table.get(key) else { return Ok(None) };
        match value.get_ref() {
            DeValue::Table(table) => Ok(Some(self.below(table, value, format!("[{key}]")))),
            other => Err(self.wrong(key, value, format!("has to be a table, [{key}], not {}", describe(other)))),
        }
    }

    /// The tables under a key that may stand several times.
    pub(super) fn sections(&self, key: &str) -> Result<Vec<Section<'a>>, ConfigError> {
        let Some(value) = self.table.get(key) else { return Ok(Vec::new()) };
        let wrong = |value, other: &DeValue<'_>| {
            self.wrong(key, value, format!("has to be a table in double brackets, [[{key}]], not {}", describe(other)))
        };
        let DeValue::Array(tables) = value.get_ref() else { return Err(wrong(value, value.get_ref())) };
        tables
            .iter()
            .map(|value| match value.get_ref() {
                DeValue::Table(table) => Ok(self.below(table, value, format!("[[{key}]]"))),
                other => Err(wrong(value, other)),
            })
            .collect()
    }

    fn below(&self, table: &'a DeTable<'a>, value: &Spanned<DeValue<'a>>, name: String) -> Section<'a> {
        Section { path: self.path, text: self.text, name, start: value.span().start, table }
    }

    /// The value of a key, read by `read`, which says what is wrong with it: "has to be …".
    pub(super) fn get<T>(
        &self,
        key: &str,
        read: impl FnOnce(&DeValue<'_>) -> Result<T, String>,
    ) -> Result<Option<T>, ConfigError> {
        let Some(value) = self.table.get(key) else { return Ok(None) };
        read(value.get_ref()).map(Some).map_err(|problem| self.wrong(key, value, problem))
    }

    /// Puts the value of a key, where there is one, in the place of the default.
    pub(super) fn set<T>(
        &self,
        key: &str,
        target: &mut T,
        read: impl FnOnce(&DeValue<'_>) -> Result<T, String>,
    ) -> Result<(), ConfigError> {
        if let Some(value) = self.get(key, read)? {
            *target = value;
        }
        Ok(())
    }

    /// The value of a key that has to be there; `example` is a line that would do.
    pub(super) fn need<T>(
        &self,
        key: &'static str,
        example: &str,
        read: impl FnOnce(&DeValue<'_>) -> Result<T, String>,
    ) -> Result<T, ConfigError> {
        self.get(key, read)?.ok_or_else(|| ConfigError::Missing {
            place: self.place(self.start),
            key,
            section: self.name.clone(),
            example: example.to_owned(),
        })
    }

    /// The keys with their values, for a table whose keys are free.
    pub(super) fn entries<T>(
        &self,
        read: impl Fn(&str, &DeValue<'_>) -> Result<T, String>,
    ) -> Result<Vec<T>, ConfigError> {
        let read = |(key, value): (&Spanned<std::borrow::Cow<'_, str>>, &Spanned<DeValue<'_>>)| {
            read(key.get_ref(), value.get_ref()).map_err(|problem| self.wrong(key.get_ref(), value, problem))
        };
        self.table.iter().map(read).collect()
    }

    /// An error at a key that was found wrong in company with others.
    pub(super) fn refuse(&self, key: &str, problem: impl Into<String>) -> ConfigError {
        let at = self.table.get(key).map_or(self.start, |value| value.span().start);
        ConfigError::Value {
            place: self.place(at),
            key: key.to_owned(),
            section: self.name.clone(),
            problem: problem.into(),
        }
    }

    fn wrong(&self, key: &str, value: &Spanned<DeValue<'_>>, problem: String) -> ConfigError {
        let place = self.place(value.span().start);
        ConfigError::Value { place, key: key.to_owned(), section: self.name.clone(), problem }
    }
}

/// A value as it is named in messages.
pub(super) fn describe(value: &DeValue<'_>) -> String {
    match value {
        DeValue::String(text) => format!("the text {text:?}"),
        DeValue::Integer(number) => format!("the number {}", number.as_str()),
        DeValue::Float(number) => format!("the number {}", number.as_str()),
        DeValue::Boolean(value) => value.to_string(),
        DeValue::Datetime(date) => format!("the date {date}"),
        DeValue::Array(_) => "a list".to_owned(),
        DeValue::Table(_) => "a table".to_owned(),
    }
}

pub(super) fn text(value: &DeValue<'_>) -> Result<String, String> {
    match value {
        DeValue::String(text) => Ok(text.clone().into_owned()),
        other => Err(format!("has to be text in quotes, not {}", describe(other))),
    }
}

pub(super) fn boolean(value: &DeValue<'_>) -> Result<bool, String> {
    value.as_bool().ok_or_else(|| format!("has to be true or false, not {}", describe(value)))
}

/// A whole number from `least`.
pub(super) fn count<T: TryFrom<i64>>(least: i64) -> impl Fn(&DeValue<'_>) -> Result<T, String> {
    move |value| {
        integer(value)
            .filter(|number| *number >= least)
            .and_then(|number| T::try_from(number).ok())
            .ok_or_else(|| format!("has to be a whole number from {least}, not {}", describe(value)))
    }
}

/// A number from 0.
pub(super) fn number(value: &DeValue<'_>) -> Result<f64, String> {
    let text = match value {
        DeValue::Float(number) => Some(number.as_str().replace('_', "")),
        _ => integer(value).map(|number| number.to_string()),
    };
    text.and_then(|text| text.parse::<f64>().ok())
        .filter(|number| number.is_finite() && *number >= 0.0)
        .ok_or_else(|| format!("has to be a number from 0, not {}", describe(value)))
}

pub(super) fn integer(value: &DeValue<'_>) -> Option<i64> {
    let number = value.as_integer()?;
    i64::from_str_radix(&number.as_str().replace('_', ""), number.radix()).ok()
}

/// A list, each of its values read by `read`.
pub(super) fn list<T>(
    read: impl Fn(&DeValue<'_>) -> Result<T, String>,
) -> impl Fn(&DeValue<'_>) -> Result<Vec<T>, String> {
    move |value| match value {
        DeValue::Array(values) => values.iter().map(|value| read(value.get_ref())).collect(),
        other => Err(format!("has to be a list in square brackets, not {}", describe(other))),
    }
}

/// A text that is parsed, with what the parser says where it fails.
pub(super) fn parsed<T, E: std::fmt::Display>(
    parse: impl Fn(&str) -> Result<T, E>,
) -> impl Fn(&DeValue<'_>) -> Result<T, String> {
    move |value| parse(&text(value)?).map_err(|error| format!("will not do: {error}"))
}
