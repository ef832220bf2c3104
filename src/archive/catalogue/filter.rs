//! Which versions are meant.

use super::words;
use jiff::Timestamp;
use rusqlite::types::Value;

/// Which versions are meant; each condition that is given has to hold.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Filter {
    /// Published (or else fetched) not before.
    pub since: Option<Timestamp>,
    /// Published (or else fetched) before.
    pub until: Option<Timestamp>,
    /// Of one of these sources; empty for all.
    pub sources: Vec<String>,
    /// From one of these hosts or the hosts under them, with or without "www."; empty for all.
    pub sites: Vec<String>,
    /// In one of these languages (BCP 47); a bare language stands for all its regions. Empty for all.
    pub languages: Vec<String>,
    /// By somebody with this in the name.
    pub author: Option<String>,
}

impl Filter {
    /// Conditions on the table `version`, each beginning with AND, and the values for their question marks.
    pub(super) fn sql(&self) -> (String, Vec<Value>) {
        let mut sql = String::new();
        let mut values: Vec<Value> = Vec::new();
        if let Some(since) = self.since {
            sql.push_str(" AND version.at >= ?");
            values.push(since.as_millisecond().into());
        }
        if let Some(until) = self.until {
            sql.push_str(" AND version.at < ?");
            values.push(until.as_millisecond().into());
        }
        any(&mut sql, &self.sources, "version.source = ?", |source| values.push(source.to_owned().into()));
        any(&mut sql, &self.sites, "(version.site = ? OR version.site LIKE ? ESCAPE '\\')", |site| {
            let site = site.trim().to_ascii_lowercase();
            let site = site.strip_prefix("www.").unwrap_or(&site).to_owned();
            values.push(site.clone().into());
            values.push(format!("%.{}", literal(&site)).into());
        });
        any(&mut sql, &self.languages, "(version.language = ? OR version.language LIKE ? ESCAPE '\\')", |language| {
            let language = language.trim().to_ascii_lowercase();
            values.push(language.clone().into());
            values.push(format!("{}-%", literal(&language)).into());
        });
        if let Some(author) = &self.author {
            sql.push_str(" AND version.authors LIKE ? ESCAPE '\\'");
            values.push(format!("%{}%", literal(words::indexed(author).trim_end())).into());
        }
        (sql, values)
    }
}

fn any(sql: &mut String, names: &[String], condition: &str, mut value: impl FnMut(&str)) {
    if names.is_empty() {
        return;
    }
    let conditions: Vec<&str> = names.iter().map(|_| condition).collect();
    sql.push_str(" AND (");
    sql.push_str(&conditions.join(" OR "));
    sql.push(')');
    for name in names {
        value(name);
    }
}

/// A text for LIKE that stands for itself.
fn literal(text: &str) -> String {
    text.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_")
}
