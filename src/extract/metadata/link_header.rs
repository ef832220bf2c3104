//! The canonical address that an answer's `Link` headers give (RFC 8288, RFC 6596).

/// The first address that headers name as the page's canonical one, as it stands there.
pub(super) fn canonical(headers: &[String]) -> Option<&str> {
    headers.iter().find_map(|header| {
        let mut rest = header.as_str();
        while let Some((address, behind)) = rest.split_once('<').and_then(|(_, link)| link.split_once('>')) {
            let (parameters, next) = behind.split_at(end_of_link(behind));
            if is_canonical(parameters) {
                return Some(address);
            }
            rest = next;
        }
        None
    })
}

/// Where the next link begins: at a comma outside of quotes, or nowhere.
fn end_of_link(parameters: &str) -> usize {
    outside_quotes(parameters).find(|(_, c)| *c == ',').map_or(parameters.len(), |(at, _)| at)
}

/// The characters that stand in no quoted value, with their places.
fn outside_quotes(text: &str) -> impl Iterator<Item = (usize, char)> {
    let (mut is_quoted, mut is_escaped) = (false, false);
    text.char_indices().filter(move |(_, c)| {
        let was_quoted = is_quoted;
        if is_escaped {
            is_escaped = false;
        } else if *c == '"' {
            is_quoted = !is_quoted;
        } else {
            is_escaped = is_quoted && *c == '\\';
        }
        !was_quoted && !is_quoted
    })
}

/// Whether a link's parameters say so of the page itself. The first `rel` counts; what has an anchor speaks of another page.
fn is_canonical(parameters: &str) -> bool {
    let mut is_canonical = None;
    let mut rest = parameters;
    while !rest.is_empty() {
        let end = outside_quotes(rest).find(|(_, c)| *c == ';').map_or(rest.len(), |(at, _)| at);
        let (name, value) = rest[..end].split_once('=').unwrap_or((&rest[..end], ""));
        let value = value.trim().trim_matches('"');
        match name.trim().to_ascii_lowercase().as_str() {
            "anchor" => return false,
            "rel" if is_canonical.is_none() => {
                is_canonical = Some(value.split_ascii_whitespace().any(|rel| rel.eq_ignore_ascii_case("canonical")));
            }
            _ => {}
        }
        rest = rest.get(end + 1..).unwrap_or_default();
    }
    is_canonical.unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_canonical_link_of_several_headers() {
        let found = |headers: &[&str]| {
            let headers: Vec<String> = headers.iter().map(|header| (*header).to_owned()).collect();
            canonical(&headers).map(str::to_owned)
        };
        assert_eq!(found(&["<https://a.test/x>; rel=\"canonical\""]).as_deref(), Some("https://a.test/x"));
        assert_eq!(found(&["</x>;REL=Canonical"]).as_deref(), Some("/x"));
        let several =
            "</a.css>; rel=preload; as=style, </y,z?a=1;b=2>; title=\"x, <b>; rel=next\"; rel=\"up canonical\"";
        assert_eq!(found(&["</feed>; rel=alternate", several]).as_deref(), Some("/y,z?a=1;b=2"));
        for other in [
            "",
            "<",
            "</x",
            "</x>",
            "</x>; rel",
            "</x>; rel=next; rel=canonical",
            "</x>; rel=canonical; anchor=\"/other\"",
            "</x>; title=\"rel=canonical; rel=canonical",
            "</x>; title=\"\\\"; rel=canonical\"",
        ] {
            assert_eq!(found(&[other]), None, "{other}");
        }
    }
}
