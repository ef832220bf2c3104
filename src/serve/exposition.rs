//! Figures in the text format of Prometheus, version 0.0.4.

use std::fmt::{Display, Write as _};

/// The media type.
pub const CONTENT_TYPE: &str = "text/plain; version=0.0.4; charset=utf-8";

/// Adds a family of figures: what they are, and a row for each set of labels.
pub fn family<V: Display>(
    out: &mut String,
    name: &str,
    kind: &str,
    help: &str,
    rows: impl IntoIterator<Item = (String, V)>,
) {
    let _ = writeln!(out, "# HELP copydesk_{name} {help}\n# TYPE copydesk_{name} {kind}");
    for (labels, value) in rows {
        row(out, name, &labels, value);
    }
}

/// Adds a row.
pub fn row(out: &mut String, name: &str, labels: &str, value: impl Display) {
    let _ = if labels.is_empty() {
        writeln!(out, "copydesk_{name} {value}")
    } else {
        writeln!(out, "copydesk_{name}{{{labels}}} {value}")
    };
}

/// A label's value as it is written.
#[must_use]
pub fn escaped(value: &str) -> String {
    value.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n")
}
