//! What the outlets change over night. Read from `next-day.toml`.

use super::files;
use jiff::Timestamp;
use serde::Deserialize;

/// Stands in an edit for the moment at which the next day began.
const NOW: &str = "{now}";

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Edit {
    host: String,
    path: String,
    old: String,
    new: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Withdrawn {
    host: String,
    path: String,
}

/// The changes of the next day.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct NextDay {
    edit: Vec<Edit>,
    withdrawn: Vec<Withdrawn>,
}

impl NextDay {
    pub(super) fn bundled() -> Self {
        let file = files::get("next-day.toml").expect("the next day is bundled");
        toml::from_str(&String::from_utf8_lossy(&file)).expect("the bundled next day is valid")
    }

    /// Whether a page is no longer there.
    pub(super) fn has_withdrawn(&self, host: &str, path: &str) -> bool {
        self.withdrawn.iter().any(|page| page.host == host && page.path == path)
    }

    /// A page as it is on the next day, which began at a moment.
    pub(super) fn edited(&self, host: &str, path: &str, content: Vec<u8>, began: Timestamp) -> Vec<u8> {
        let mut edits = self.edit.iter().filter(|edit| edit.host == host && edit.path == path).peekable();
        // Most pages stay as they are, and not all are UTF-8.
        if edits.peek().is_none() {
            return content;
        }
        let mut text = String::from_utf8_lossy(&content).into_owned();
        for edit in edits {
            text = text.replace(&edit.old, &edit.new.replace(NOW, &began.to_string()));
        }
        text.into_bytes()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_edit_finds_its_place() {
        let day = NextDay::bundled();
        assert_eq!((day.edit.len(), day.withdrawn.len()), (8, 1));
        for edit in &day.edit {
            let path = files::path_of(&edit.host, &edit.path).unwrap();
            let content = files::get(&path).unwrap();
            assert!(String::from_utf8_lossy(&content).contains(&edit.old), "{edit:?}");
        }
        for page in &day.withdrawn {
            assert!(files::path_of(&page.host, &page.path).is_some(), "{page:?}");
        }
    }
}
