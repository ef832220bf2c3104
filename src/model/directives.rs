//! The words by which a page says to robots what may be done with it (`X-Robots-Tag`, `<meta name="robots">`).

/// Directives that have a value behind a colon. Other words before a colon are names of robots.
const WITH_VALUE: [&str; 4] = ["unavailable_after", "max-snippet", "max-image-preview", "max-video-preview"];

/// Takes a header's or a tag's directives into a list, each once.
///
/// Names and words come out in lower case. What is for every robot, or for `us`, stands bare (`noarchive`); what is for
/// another stands behind its name (`otherbot: noindex`). `named` is whom the whole text is for, where that is said
/// elsewhere, as by the name of a tag; within a text, a name holds up to the next one.
pub fn add_directives(list: &mut Vec<String>, text: &str, named: Option<&str>, us: &str) {
    let for_all = |name: &str| name.eq_ignore_ascii_case("robots") || name == "*" || name.eq_ignore_ascii_case(us);
    let other = |name: &str| (!for_all(name)).then(|| name.to_ascii_lowercase());
    let mut whom = named.and_then(other);
    let mut pieces = text.split(',').map(str::trim).peekable();
    while let Some(piece) = pieces.next() {
        let mut piece = piece.to_owned();
        if let Some((name, rest)) = piece.split_once(':')
            && is_name(name.trim())
            && !has_value(name)
        {
            whom = other(name.trim());
            piece = rest.trim().to_owned();
        }
        let words: Vec<String> = match piece.split_once(':') {
            Some((word, value)) if has_value(word) => {
                let mut value = value.trim().to_owned();
                // "Friday, 25-Jun-10 15:00:00 GMT": the comma is the date's own.
                if !value.contains(|c: char| c.is_ascii_digit())
                    && !value.is_empty()
                    && let Some(rest) = pieces.next_if(|rest| rest.starts_with(|c: char| c.is_ascii_digit()))
                {
                    value = format!("{value}, {rest}");
                }
                let word = word.trim().to_lowercase();
                vec![if word == WITH_VALUE[0] { format!("{word}: {value}") } else { format!("{word}:{value}") }]
            }
            // Some part the words by blanks.
            _ => piece.split([' ', '\t', '\n', '\r', ';']).map(str::to_lowercase).collect(),
        };
        for word in words.into_iter().filter(|word| !word.is_empty()) {
            let word = whom.as_ref().map_or_else(|| word.clone(), |whom| format!("{whom}: {word}"));
            if !list.contains(&word) {
                list.push(word);
            }
        }
    }
}

fn has_value(word: &str) -> bool {
    WITH_VALUE.iter().any(|known| word.trim().eq_ignore_ascii_case(known))
}

fn is_name(text: &str) -> bool {
    !text.is_empty() && text.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '*'))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str, named: Option<&str>) -> Vec<String> {
        let mut list = Vec::new();
        add_directives(&mut list, text, named, "Copydesk");
        list
    }

    #[test]
    fn words_and_names() {
        for (text, expected) in [
            ("noarchive", vec!["noarchive"]),
            (" NOINDEX,NoFollow ,, noindex", vec!["noindex", "nofollow"]),
            ("noindex nofollow;noai", vec!["noindex", "nofollow", "noai"]),
            ("otherbot: noindex, nofollow", vec!["otherbot: noindex", "otherbot: nofollow"]),
            ("copydesk: noai, noimageai", vec!["noai", "noimageai"]),
            ("otherbot: noindex, CopyDesk: noarchive, robots: noai", vec!["otherbot: noindex", "noarchive", "noai"]),
            ("max-snippet:-1, max-image-preview: large", vec!["max-snippet:-1", "max-image-preview:large"]),
            ("otherbot: max-snippet: 5", vec!["otherbot: max-snippet:5"]),
            ("", vec![]),
        ] {
            assert_eq!(read(text, None), expected, "{text}");
        }
    }

    #[test]
    fn dates_keep_their_commas_and_colons() {
        for (text, expected) in [
            ("unavailable_after: 25 Jun 2010 15:00:00 PST", vec!["unavailable_after: 25 Jun 2010 15:00:00 PST"]),
            (
                "noai, unavailable_after: Friday, 25-Jun-10 15:00:00 GMT, nofollow",
                vec!["noai", "unavailable_after: Friday, 25-Jun-10 15:00:00 GMT", "nofollow"],
            ),
            ("otherbot: unavailable_after: 2010-06-25", vec!["otherbot: unavailable_after: 2010-06-25"]),
        ] {
            assert_eq!(read(text, None), expected, "{text}");
        }
    }

    #[test]
    fn tags_with_a_name() {
        assert_eq!(read("noindex", Some("ROBOTS")), ["noindex"]);
        assert_eq!(read("noindex", Some("copydesk")), ["noindex"]);
        assert_eq!(read("noindex", Some("Googlebot")), ["googlebot: noindex"]);
    }
}
