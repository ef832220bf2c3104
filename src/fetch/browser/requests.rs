//! Which requests of a page go: those that can bring text. Advertising and counters are known by their hosts.

use url::Url;

/// Requests of one page; those past it are refused.
pub(super) const MAX_REQUESTS: usize = 200;

/// Kinds that can bring text or build it, as the browser names them.
const WANTED_KINDS: [&str; 5] = ["Script", "Stylesheet", "XHR", "Fetch", "Preflight"];

/// Networks of advertising and counting that many publishers have in common, with all hosts below them.
const AD_DOMAINS: [&str; 32] = [
    "2mdn.net",
    "adform.net",
    "adnxs.com",
    "adsafeprotected.com",
    "adsrvr.org",
    "amazon-adsystem.com",
    "casalemedia.com",
    "chartbeat.com",
    "chartbeat.net",
    "criteo.com",
    "criteo.net",
    "demdex.net",
    "doubleclick.net",
    "doubleverify.com",
    "google-analytics.com",
    "googleadservices.com",
    "googlesyndication.com",
    "googletagmanager.com",
    "googletagservices.com",
    "hotjar.com",
    "ioam.de",
    "moatads.com",
    "nr-data.net",
    "openx.net",
    "outbrain.com",
    "parsely.com",
    "pubmatic.com",
    "quantserve.com",
    "rubiconproject.com",
    "scorecardresearch.com",
    "taboola.com",
    "teads.tv",
];

/// First labels of hosts that serve nothing else.
const AD_LABELS: [&str; 10] =
    ["ad", "ads", "adserver", "adservice", "analytics", "beacon", "pixel", "telemetry", "tracker", "tracking"];

/// Whether a request other than for the page itself may go, as far as it is told by what it is for.
pub(super) fn is_wanted(kind: &str, method: &str, url: &Url) -> bool {
    WANTED_KINDS.contains(&kind)
        && matches!(method, "GET" | "HEAD" | "POST" | "OPTIONS")
        && matches!(url.scheme(), "http" | "https")
        && !url.host_str().is_some_and(is_for_ads)
}

fn is_for_ads(host: &str) -> bool {
    let below =
        |domain: &str| host.strip_suffix(domain).is_some_and(|before| before.is_empty() || before.ends_with('.'));
    AD_DOMAINS.iter().any(|domain| below(domain))
        || host.split_once('.').is_some_and(|(label, rest)| AD_LABELS.contains(&label) && rest.contains('.'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_brings_text_goes_and_nothing_else() {
        let wanted = |kind, url: &str| is_wanted(kind, "GET", &Url::parse(url).unwrap());
        assert!(wanted("Script", "https://news.example/app.js"));
        assert!(wanted("Fetch", "http://api.news.example/story.json"));
        assert!(wanted("XHR", "https://adelaide.example/x"));
        assert!(wanted("XHR", "https://ads.example/an-outlet-of-that-name"));
        for kind in ["Image", "Media", "Font", "Ping", "EventSource", "WebSocket", "Document", "Other", ""] {
            assert!(!wanted(kind, "https://news.example/x"), "{kind}");
        }
        for url in [
            "https://www.googletagmanager.com/gtm.js",
            "https://doubleclick.net/x",
            "https://ads.news.example/x",
            "file:///etc/passwd",
            "ftp://news.example/x",
        ] {
            assert!(!wanted("Script", url), "{url}");
        }
        assert!(!is_wanted("Fetch", "DELETE", &Url::parse("https://news.example/x").unwrap()));
    }
}
