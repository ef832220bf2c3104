//! The header that programs put above Markdown: YAML between rules, and the fields of a reader for language models.

use super::lines::Form;
use super::physical::Physical;

/// Lines of such a header at the most.
const LONGEST: usize = 60;

const FIELD: &str = "a field of the file's own header";

/// Reads the header at the start of a text, if it has one.
pub(super) fn read(lines: &mut [Physical<'_>]) {
    let Some(first) = lines.iter().position(|line| !line.is_blank()) else { return };
    let reach = lines.len().min(first + LONGEST);
    let end = match lines[first].text.as_str() {
        "---" => yaml_end(&lines[first + 1..reach]).map(|length| first + 1 + length),
        text if text.starts_with("Title: ") => fields_end(&lines[first..reach]).map(|length| first + length),
        _ => None,
    };
    for line in &mut lines[first..end.unwrap_or(first)] {
        if !line.is_blank() {
            read_field(line);
        }
    }
}

/// Lines up to the rule that ends YAML and with it, if they are YAML about a document.
fn yaml_end(lines: &[Physical<'_>]) -> Option<usize> {
    let end = lines.iter().position(|line| matches!(line.text.as_str(), "---" | "..."))?;
    let is_part = |line: &Physical<'_>| {
        line.is_blank() || line.indent > 0 || line.text.starts_with(['#', '-']) || field(&line.text).is_some()
    };
    let has_name = |line: &Physical<'_>| field(&line.text).is_some_and(|(name, _)| is_title(&name) || is_date(&name));
    (lines[..end].iter().all(is_part) && lines[..end].iter().any(has_name)).then_some(end + 1)
}

/// Lines up to "Markdown Content:" and with it.
fn fields_end(lines: &[Physical<'_>]) -> Option<usize> {
    let has_source = |line: &Physical<'_>| line.text.starts_with("URL Source: ");
    let end = lines.iter().position(|line| line.text == "Markdown Content:")?;
    lines[..end].iter().any(has_source).then_some(end + 1)
}

/// A field's name, in lower case, and its value.
fn field(text: &str) -> Option<(String, &str)> {
    let (name, value) = text.split_once(':')?;
    let is_name = !name.is_empty() && name.chars().all(|c| c.is_alphanumeric() || matches!(c, ' ' | '_' | '-'));
    is_name.then(|| (name.to_lowercase(), value.trim_matches([' ', '"', '\'', '[', ']'])))
}

fn is_title(name: &str) -> bool {
    name == "title"
}

fn is_date(name: &str) -> bool {
    matches!(name, "date" | "published" | "published time" | "pubdate" | "published_at" | "datepublished")
}

fn read_field(line: &mut Physical<'_>) {
    let Some((name, value)) = field(&line.text).filter(|(_, value)| !value.is_empty()) else {
        line.leave_out(FIELD);
        return;
    };
    let value = value.to_owned();
    line.leave_out(FIELD);
    if is_title(&name) {
        line.form = Form::Heading(1);
    } else if is_date(&name) {
        line.form = Form::Sent;
    } else if matches!(name.as_str(), "author" | "authors" | "byline" | "creator") {
        line.form = Form::Sender;
    } else {
        return;
    }
    line.text = value;
}
