//! Properties of the canonical form of addresses: it is stable, and what names a resource stays what it is.

use copydesk::model::CanonicalUrl;
use proptest::prelude::*;
use url::Url;

/// What says how a reader came, or asks for another form of the same page.
const NOISE: [&str; 8] = [
    "utm_source=mail",
    "fbclid=IwAR0x",
    "UTM_Campaign=a%20b",
    "jsessionid=1A2B3C",
    "PHPSESSID=ab12",
    "amp=1",
    "outputType=amp",
    "print=1",
];

/// Names and values that are neither.
const PARAMETER: &str = "[a-e]{1,2}(=([a-zA-Z0-9]|%[2-7][0-9a-fA-F]|%C3%A9|é|-|\\+){0,6})";

fn address() -> impl Strategy<Value = (String, String, Vec<String>)> {
    let host = prop_oneof![
        Just("news.example"),
        Just("NEWS.example"),
        Just("münchen.example"),
        Just("news.example:8080"),
        Just("news.example:80"),
        Just("192.0.2.7"),
        Just("[2001:db8::7]"),
    ];
    let segment = "([a-zA-Z0-9._~-]|%[2-7][0-9a-fA-F]|é|ж|,|:|@|!){1,8}";
    let path = prop::collection::vec(segment, 0..5).prop_map(|segments| segments.join("/"));
    ("https?", host, path, prop::collection::vec(PARAMETER, 0..5))
        .prop_map(|(scheme, host, path, query)| (format!("{scheme}://{host}"), path, query))
}

fn parse(base: &str, path: &str, query: &[String]) -> Url {
    let query = if query.is_empty() { String::new() } else { format!("?{}", query.join("&")) };
    Url::parse(&format!("{base}/{path}{query}")).expect("made of what addresses are made of")
}

/// Escapes undone, so that only what they stand for is compared.
fn plain(text: &str) -> Vec<u8> {
    let (mut out, mut rest) = (Vec::new(), text.as_bytes());
    while let [byte, tail @ ..] = rest {
        let hex = tail.get(..2).and_then(|pair| u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok());
        match (*byte, hex) {
            (b'%', Some(escaped)) => {
                out.push(escaped);
                rest = &tail[2..];
            }
            (byte, _) => {
                out.push(byte);
                rest = tail;
            }
        }
    }
    out
}

/// The parameters by their names, in order within a name.
fn parameters(url: &Url) -> Vec<(String, String)> {
    let mut pairs: Vec<(String, String)> =
        url.query_pairs().map(|(name, value)| (name.into_owned(), value.into_owned())).collect();
    pairs.sort_by(|one, other| one.0.cmp(&other.0));
    pairs
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2000, ..ProptestConfig::default() })]

    #[test]
    fn the_form_of_a_form_is_itself((base, path, query) in address()) {
        let once = CanonicalUrl::new(&parse(&base, &path, &query));
        prop_assert_eq!(CanonicalUrl::new(&once.to_url()), once);
    }

    #[test]
    fn what_names_the_resource_stays((base, path, query) in address()) {
        let url = parse(&base, &path, &query);
        let canonical = CanonicalUrl::new(&url).to_url();
        prop_assert_eq!(canonical.scheme(), url.scheme());
        prop_assert_eq!(canonical.host(), url.host());
        prop_assert_eq!(canonical.port(), url.port());
        prop_assert_eq!(plain(canonical.path()), plain(url.path()));
        prop_assert_eq!(parameters(&canonical), parameters(&url));
    }

    #[test]
    fn noise_at_any_place_changes_nothing((base, path, query) in address(), noise in 0..NOISE.len(), at in 0_usize..6) {
        let mut noisy = query.clone();
        noisy.insert(at.min(query.len()), NOISE[noise].to_owned());
        let mut url = parse(&base, &path, &noisy);
        url.set_fragment(Some("comments"));
        prop_assert_eq!(CanonicalUrl::new(&url), CanonicalUrl::new(&parse(&base, &path, &query)));
    }

    #[test]
    fn the_order_of_parameters_of_different_names_is_nothing((base, path, query) in address()) {
        let mut turned = query.clone();
        turned.reverse();
        turned.sort_by_key(|pair| query.iter().position(|other| name(other) == name(pair)).map(std::cmp::Reverse));
        // Equal names keep their order; only their groups change places.
        let mut grouped: Vec<String> = Vec::new();
        for pair in turned {
            if !grouped.iter().any(|known| name(known) == name(&pair)) {
                grouped.extend(query.iter().filter(|other| name(other) == name(&pair)).cloned());
            }
        }
        prop_assert_eq!(
            CanonicalUrl::new(&parse(&base, &path, &grouped)),
            CanonicalUrl::new(&parse(&base, &path, &query))
        );
    }

    #[test]
    fn another_path_or_value_is_another_resource((base, path, query) in address(), value in "[a-z]{3}") {
        let url = CanonicalUrl::new(&parse(&base, &path, &query));
        let mut more = query.clone();
        more.push(format!("id={value}"));
        prop_assert_ne!(CanonicalUrl::new(&parse(&base, &path, &more)), url.clone());
        prop_assert_ne!(CanonicalUrl::new(&parse(&base, &format!("{path}{value}"), &query)), url);
    }
}

fn name(pair: &str) -> &str {
    pair.split('=').next().unwrap_or(pair)
}
