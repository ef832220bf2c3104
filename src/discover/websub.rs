//! Who would tell of a feed's news: hub and topic, as `WebSub` has them found (section 4). Nothing is asked here.

use super::charset;
use super::feed::absolute;
use super::unpack::unpack;
use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};
use serde::Deserialize;
use url::Url;

/// The longest address of a hub or a topic, in characters: as of addresses that are followed.
const MAX_ADDRESS: usize = 2048;

/// Tags of a feed that are read for its links, which stand at its beginning or its end.
const MAX_TAGS: usize = 200_000;

/// A hub that tells of a feed's news.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HubOffer {
    /// Where to subscribe: the first hub that is named.
    pub hub: Url,
    /// What to subscribe to: the feed's own address, as it names it.
    pub topic: Url,
}

/// What a feed says of hubs: in its `Link` headers or, where these name none, in itself. A feed that does not name its own
/// address is known by that from which it came.
#[must_use]
pub fn hub_offer(bytes: &[u8], link_headers: &[String], base: &Url) -> Option<HubOffer> {
    let mut named = Named::default();
    for value in link_headers {
        named.header(value, base);
    }
    if named.hub.is_none() {
        let (unpacked, _) = unpack(bytes);
        let text = charset::text(&unpacked);
        let text = text.trim_start_matches(['\u{feff}', ' ', '\t', '\r', '\n']);
        if text.starts_with('{') { named.json(text, base) } else { named.xml(text, base) }
    }
    Some(HubOffer { hub: named.hub?, topic: named.topic.unwrap_or_else(|| base.clone()) })
}

#[derive(Default)]
struct Named {
    hub: Option<Url>,
    topic: Option<Url>,
}

impl Named {
    /// Takes an address in; the first of each kind counts.
    fn take(&mut self, rel: &str, href: &str, base: &Url) {
        for rel in rel.split_ascii_whitespace() {
            let place = match rel.to_ascii_lowercase().as_str() {
                "hub" => &mut self.hub,
                "self" => &mut self.topic,
                _ => continue,
            };
            if place.is_none() && href.len() <= MAX_ADDRESS {
                *place = absolute(href, base);
            }
        }
    }

    /// A `Link` header (RFC 8288), which may hold several links.
    fn header(&mut self, value: &str, base: &Url) {
        for link in value.split('<').skip(1) {
            let Some((href, parameters)) = link.split_once('>') else { continue };
            let rel = parameters.split([';', ',']).find_map(|parameter| {
                let (name, value) = parameter.split_once('=')?;
                name.trim().eq_ignore_ascii_case("rel").then(|| value.trim().trim_matches('"'))
            });
            self.take(rel.unwrap_or_default(), href, base);
        }
    }

    /// The links of the feed itself; those of its entries are not.
    fn xml(&mut self, text: &str, base: &Url) {
        let mut reader = Reader::from_str(text);
        reader.config_mut().check_end_names = false;
        reader.config_mut().allow_unmatched_ends = true;
        let mut inside_entry = false;
        for _ in 0..MAX_TAGS {
            // What breaks here may still have entries, but no more hubs.
            let Ok(event) = reader.read_event() else { return };
            match event {
                Event::Start(tag) if is_entry(tag.local_name().as_ref()) => inside_entry = true,
                Event::End(tag) if is_entry(tag.local_name().as_ref()) => inside_entry = false,
                Event::Start(tag) | Event::Empty(tag) if !inside_entry && tag.local_name().as_ref() == "link" => {
                    self.tag(&tag, base);
                }
                Event::Eof => return,
                _ => {}
            }
        }
    }

    fn tag(&mut self, tag: &BytesStart<'_>, base: &Url) {
        let (mut rel, mut href) = (String::new(), String::new());
        for attribute in tag.html_attributes().flatten() {
            let value = attribute.value;
            match attribute.key.as_ref() {
                "rel" => rel = value.into_owned(),
                "href" => href = value.replace("&amp;", "&"),
                _ => {}
            }
        }
        self.take(&rel, &href, base);
    }

    fn json(&mut self, text: &str, base: &Url) {
        #[derive(Deserialize)]
        struct Feed {
            #[serde(default)]
            hubs: Vec<Hub>,
            feed_url: Option<String>,
        }
        #[derive(Deserialize)]
        struct Hub {
            #[serde(rename = "type", default)]
            kind: String,
            url: String,
        }
        let Ok(feed) = serde_json::from_str::<Feed>(text) else { return };
        // Other kinds, such as rssCloud, speak another protocol.
        let hub = feed.hubs.iter().find(|hub| hub.kind.eq_ignore_ascii_case("websub"));
        self.take("hub", hub.map_or("", |hub| &hub.url), base);
        self.take("self", feed.feed_url.as_deref().unwrap_or_default(), base);
    }
}

fn is_entry(name: &str) -> bool {
    matches!(name, "item" | "entry")
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write;

    fn offer(body: &str, headers: &[&str]) -> Option<(String, String)> {
        let base = Url::parse("https://paper.example/feed").unwrap();
        let headers: Vec<String> = headers.iter().map(ToString::to_string).collect();
        let offer = hub_offer(body.as_bytes(), &headers, &base)?;
        Some((offer.hub.to_string(), offer.topic.to_string()))
    }

    fn named(hub: &str, topic: &str) -> (String, String) {
        (hub.to_owned(), topic.to_owned())
    }

    #[test]
    fn hubs_of_feeds_in_every_form() {
        let both = named("https://hub.example/?a=1&b=2", "https://paper.example/rss.xml");
        let rss = r#"<?xml version="1.0"?><rss xmlns:a="http://www.w3.org/2005/Atom"><channel><title>T</title>
            <!-- <a:link rel="hub" href="https://old.example/"/> --><link>https://paper.example/</link>
            <a:link rel="hub" href="https://hub.example/?a=1&amp;b=2"/><a:link href="/rss.xml" rel="self"></a:link>
            <item><a:link rel="hub" href="https://evil.example/"/></item></channel></rss>"#;
        assert_eq!(offer(rss, &[]), Some(both.clone()));
        let late = r#"<feed><entry><link rel="hub" href="https://evil.example/"/></entry>
            <link rel="self" href="https://paper.example/rss.xml"/><link rel="HUB" href="https://hub.example/?a=1&amp;b=2"/></feed>"#;
        assert_eq!(offer(late, &[]), Some(both.clone()));
        let json = r#"{"items": [], "feed_url": "https://paper.example/rss.xml", "hubs": [
            {"type": "rssCloud", "url": "https://cloud.example/"},
            {"type": "WebSub", "url": "https://hub.example/?a=1&b=2"}]}"#;
        assert_eq!(offer(json, &[]), Some(both.clone()));
        let headers = [
            r#"<https://paper.example/>; rel="alternate", <https://hub.example/?a=1&b=2>; rel=hub"#,
            r#"</rss.xml>; rel="self""#,
        ];
        assert_eq!(offer(rss.split("<a:link").next().unwrap(), &headers), Some(both.clone()));
    }

    #[test]
    fn a_gzipped_feed_names_its_hub_too() {
        let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        encoder.write_all(br#"<feed><link rel="hub" href="https://hub.example/"/></feed>"#).unwrap();
        let base = Url::parse("https://paper.example/feed.xml.gz").unwrap();
        let offer = hub_offer(&encoder.finish().unwrap(), &[], &base).unwrap();
        assert_eq!(offer.hub.as_str(), "https://hub.example/");
    }

    #[test]
    fn headers_come_first_and_what_is_no_hub_is_none() {
        let atom = r#"<feed><link rel="hub" href="https://two.example/"/><entry/></feed>"#;
        assert_eq!(offer(atom, &[]), Some(named("https://two.example/", "https://paper.example/feed")));
        let header = "<https://one.example/>; rel=\"hub\"";
        assert_eq!(offer(atom, &[header]), Some(named("https://one.example/", "https://paper.example/feed")));
        for none in [
            "",
            "{",
            "<feed>",
            "<rss><channel><link>https://paper.example/</link>",
            r#"<feed><link rel="hub" href="javascript:alert(1)"/></feed>"#,
            r#"<feed><link rel="hub" href=""/></feed>"#,
            r#"{"hubs": 7}"#,
            r#"{"hubs": [{"type": "WebSub", "url": "ftp://a.example/"}]}"#,
        ] {
            assert_eq!(offer(none, &["<", "x", "<https://a.example/>"]), None, "{none}");
        }
        let long = format!(r#"<feed><link rel="hub" href="https://a.example/{}"/></feed>"#, "a".repeat(MAX_ADDRESS));
        assert_eq!(offer(&long, &[]), None);
    }
}
