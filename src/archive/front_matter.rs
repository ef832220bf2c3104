//! The metadata of an article as YAML, at the head of its Markdown file. Pure.
//!
//! Every string is double-quoted and escaped, so that it is a string to any YAML reader, of version 1.1 or 1.2, and
//! exactly this one: "no" is no boolean, a date is no date, a line separator is not folded away.

use serde_json::{Number, Value};
use std::fmt::Write;

/// The fields that the file's body carries.
const IN_BODY: &[&str] = &["text", "markdown", "html"];

/// The fields that a reader looks for first, in this order; all others follow in that of their names.
const FIRST: &[&str] = &[
    "id",
    "url",
    "canonical_url",
    "site_name",
    "title",
    "subtitle",
    "section",
    "tags",
    "authors",
    "published",
    "modified",
    "language",
    "summary",
];

/// The record as a YAML mapping, between its `---` lines.
pub(super) fn front_matter(record: &Value) -> String {
    let mut out = String::from("---\n");
    if let Value::Object(fields) = record {
        let first = FIRST.iter().filter_map(|name| fields.get_key_value(*name));
        let rest = fields.iter().filter(|(name, _)| !FIRST.contains(&name.as_str()));
        for (name, value) in first.chain(rest).filter(|(name, _)| !IN_BODY.contains(&name.as_str())) {
            entry(&mut out, 0, name, value);
        }
    }
    out.push_str("---\n");
    out
}

/// A line of its own.
fn entry(out: &mut String, depth: usize, name: &str, value: &Value) {
    indent(out, depth);
    field(out, depth, name, value);
}

/// A name and its value; the line has begun, at a depth.
fn field(out: &mut String, depth: usize, name: &str, value: &Value) {
    // The names of our own fields are plain words; any other is quoted like a value.
    if name.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_') {
        out.push_str(name);
    } else {
        quote(out, name);
    }
    out.push(':');
    block(out, depth, value);
}

/// What stands behind a colon: a scalar on the same line, or lines of their own.
fn block(out: &mut String, depth: usize, value: &Value) {
    match value {
        Value::Array(items) if !items.is_empty() => {
            out.push('\n');
            for item in items {
                indent(out, depth + 1);
                out.push('-');
                match item {
                    // The first entry of a mapping stands behind the dash.
                    Value::Object(fields) if !fields.is_empty() => {
                        for (index, (name, value)) in fields.iter().enumerate() {
                            if index == 0 {
                                out.push(' ');
                                field(out, depth + 2, name, value);
                            } else {
                                entry(out, depth + 2, name, value);
                            }
                        }
                    }
                    item => block(out, depth + 1, item),
                }
            }
        }
        Value::Object(fields) if !fields.is_empty() => {
            out.push('\n');
            for (name, value) in fields {
                entry(out, depth + 1, name, value);
            }
        }
        scalar => {
            out.push(' ');
            match scalar {
                Value::Array(_) => out.push_str("[]"),
                Value::Object(_) => out.push_str("{}"),
                Value::Null => out.push_str("null"),
                Value::Bool(truth) => out.push_str(if *truth { "true" } else { "false" }),
                Value::Number(number) => push_number(out, number),
                Value::String(text) => quote(out, text),
            }
            out.push('\n');
        }
    }
}

fn indent(out: &mut String, depth: usize) {
    for _ in 0..depth {
        out.push_str("  ");
    }
}

/// A number that was an `f32` is written as one: 0.9, not 0.8999999761581421.
fn push_number(out: &mut String, number: &Number) {
    let short = number.as_f64().filter(|_| number.is_f64()).map(|wide| wide as f32);
    let written = match short {
        Some(short) if number.as_f64() == Some(f64::from(short)) => write!(out, "{short:?}"),
        _ => write!(out, "{number}"),
    };
    written.expect("writing to a String does not fail");
}

/// A double-quoted scalar: what YAML calls non-printable and what any version of it takes for a line break is escaped.
fn quote(out: &mut String, text: &str) {
    out.push('"');
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\t' => out.push_str("\\t"),
            ' '..='~' => out.push(c),
            '\u{a0}'..='\u{ffff}' if !matches!(c, '\u{2028}' | '\u{2029}' | '\u{feff}' | '\u{fffe}' | '\u{ffff}') => {
                out.push(c);
            }
            '\u{10000}'.. if (c as u32) & 0xfffe != 0xfffe => out.push(c),
            other => {
                let code = other as u32;
                let written = match code {
                    0..=0xff => write!(out, "\\x{code:02X}"),
                    0x100..=0xffff => write!(out, "\\u{code:04X}"),
                    _ => write!(out, "\\U{code:08X}"),
                };
                written.expect("writing to a String does not fail");
            }
        }
    }
    out.push('"');
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use serde_json::json;

    fn read_back(record: &Value) -> Value {
        let text = front_matter(record);
        let body = text.strip_prefix("---\n").and_then(|text| text.strip_suffix("---\n")).unwrap();
        serde_saphyr::from_str(body).unwrap_or_else(|error| panic!("{error}\n{text}"))
    }

    #[test]
    fn the_fields_stand_in_their_order_and_the_body_is_left_out() {
        let record = json!({
            "text": "body", "markdown": "body", "html": "body", "title": "A: \"b\"", "id": "0a", "tags": ["no", "2026-03-05"],
            "images": [{"alt": null, "url": "u"}, {}], "usage": {"robots": [], "license": "CC"}, "seq": 7, "authors": [],
        });
        let expected = "---\nid: \"0a\"\ntitle: \"A: \\\"b\\\"\"\ntags:\n  - \"no\"\n  - \"2026-03-05\"\nauthors: []\nimages:\n  \
                        - alt: null\n    url: \"u\"\n  - {}\nusage:\n  robots: []\n  license: \"CC\"\nseq: 7\n---\n";
        assert_eq!(front_matter(&record), expected);
    }

    #[test]
    fn short_numbers_stay_short() {
        let record = json!({"confidence": 0.9_f32, "exact": 0.1, "one": 1.0, "count": u64::MAX});
        assert_eq!(
            front_matter(&record),
            format!("---\nconfidence: 0.9\nexact: 0.1\none: 1.0\ncount: {}\n---\n", u64::MAX)
        );
    }

    fn value() -> impl Strategy<Value = Value> {
        let odd = "[ \\n\\r\\t:#'\"\\\\{}\\[\\]&*!|>%@`,?~a-\u{85}\u{a0}\u{2028}\u{2029}\u{feff}\u{7f}\u{0}\u{202e}\u{1f600}\u{fffe}-]{0,10}";
        let text =
            prop_oneof![any::<String>(), odd.prop_map(String::from), Just("null".to_owned()), Just("1e3".to_owned())];
        let leaf = prop_oneof![
            4 => text.prop_map(Value::from),
            1 => any::<u32>().prop_map(Value::from),
            1 => any::<bool>().prop_map(Value::from),
            1 => Just(Value::Null),
        ];
        leaf.prop_recursive(3, 24, 4, |inner| {
            prop_oneof![
                proptest::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
                proptest::collection::btree_map("[a-z_]{1,5}|[ -~]{1,4}", inner, 0..4)
                    .prop_map(|fields| Value::Object(fields.into_iter().collect())),
            ]
        })
    }

    proptest! {
        #[test]
        fn a_yaml_reader_gets_back_what_was_written(fields in proptest::collection::btree_map("x[a-z]{1,6}", value(), 1..6)) {
            let record = Value::Object(fields.into_iter().collect());
            prop_assert_eq!(read_back(&record), record);
        }
    }
}
