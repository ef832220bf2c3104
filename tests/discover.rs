//! Feeds, sitemaps, page links and scope, from bytes.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use copydesk::discover::{
    DiscoverError, MAX_EXPANDED_BYTES, OutOfScope, Scope, UrlKind, feed, page_links, path_date, same_site, sitemap,
    url_kind,
};
use copydesk::model::{Link, Provenance};
use flate2::Compression;
use flate2::write::GzEncoder;
use std::io::Write;
use std::time::Duration;
use url::Url;

fn url(text: &str) -> Url {
    Url::parse(text).unwrap()
}

fn site(path: &str) -> Vec<u8> {
    std::fs::read(format!("{}/fixtures/site/{path}", env!("CARGO_MANIFEST_DIR"))).unwrap()
}

fn addresses(links: &[Link]) -> Vec<&str> {
    links.iter().map(|link| link.url.as_str()).collect()
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

mod feeds {
    use super::*;

    #[test]
    fn rss_of_the_sample_site() {
        let links = feed(&site("harbour-ledger.test/feed.xml"), &url("http://harbour-ledger.test/feed.xml")).unwrap();
        assert_eq!(links[0].title.as_deref(), Some("Both halves of the pantomime horse go on strike"));
        assert_eq!(links[0].published.unwrap().to_string(), "2026-11-21T18:40:00Z");
        assert_eq!(links[0].provenance, Provenance::Feed);
        let moved = "http://harbour-ledger.test/old/2026/breakwater-barrels.html";
        assert!(addresses(&links).contains(&moved));
    }

    #[test]
    fn atom_with_relative_links_and_several_relations() {
        let text = r#"<?xml version="1.0"?><feed xmlns="http://www.w3.org/2005/Atom"><title>x</title><id>x</id>
            <entry><id>tag:1</id><title type="html">A &amp;amp; B &lt;b&gt;bold&lt;/b&gt;</title>
              <link rel="replies" href="/a/comments"/><link rel="alternate" href="/a"/>
              <published>2026-03-05T14:30:00Z</published><updated>2026-03-06T08:00:00Z</updated></entry>
            <entry><id>tag:2</id><title>Mail</title><link href="mailto:x@y.test"/></entry></feed>"#;
        let links = feed(text.as_bytes(), &url("https://news.test/feeds/all")).unwrap();
        assert_eq!(addresses(&links), ["https://news.test/a"]);
        assert_eq!(links[0].title.as_deref(), Some("A & B bold"));
        assert_eq!(links[0].modified.unwrap().to_string(), "2026-03-06T08:00:00Z");
    }

    #[test]
    fn json_feed() {
        let text = r#"{"version":"https://jsonfeed.org/version/1.1","title":"x","items":[
            {"id":"1","url":"https://news.test/a","title":"A","date_published":"2026-03-05T14:30:00+01:00"}]}"#;
        let links = feed(text.as_bytes(), &url("https://news.test/feed.json")).unwrap();
        assert_eq!(addresses(&links), ["https://news.test/a"]);
        assert_eq!(links[0].published.unwrap().to_string(), "2026-03-05T13:30:00Z");
    }

    #[test]
    fn feeds_in_utf_16_and_in_gzip() {
        let text = "<?xml version=\"1.0\" encoding=\"utf-16\"?><rss version=\"2.0\"><channel><title>L</title><item>\
                    <title>Über die Fähre</title><link>https://a.test/x</link></item></channel></rss>";
        let wide = |order: fn(u16) -> [u8; 2]| text.encode_utf16().flat_map(order).collect::<Vec<u8>>();
        let (big, little) = (wide(u16::to_be_bytes), wide(u16::to_le_bytes));
        let plain = text.replace("utf-16", "utf-8").into_bytes();
        let all = [
            [vec![0xFE, 0xFF], big.clone()].concat(),
            [vec![0xFF, 0xFE], little.clone()].concat(),
            big,
            little,
            gzip(&plain),
        ];
        for bytes in all {
            let links = feed(&bytes, &url("https://a.test/feed")).unwrap();
            assert_eq!(addresses(&links), ["https://a.test/x"]);
            assert_eq!(links[0].title.as_deref(), Some("Über die Fähre"));
        }
    }

    #[test]
    fn a_raw_ampersand_a_wrong_end_tag_and_a_cut_end_cost_no_entry() {
        let item = |n: u32| {
            format!(
                "<item><title>Bread & butter {n}</title><link>https://news.test/{n}?a=1&b=2</link>\
                 <pubDate>Sat, 21 Nov 2026 18:40:00 +0100</pubDate></item>"
            )
        };
        let head =
            "<?xml version=\"1.0\"?><rss version=\"2.0\"><channel><title>x</title><link>https://news.test/</link>";
        let base = url("https://news.test/feed");
        let whole = format!("{head}{}{}</channel></rss>", item(1), item(2));
        let wrong = whole.replacen("</title><link>https://news.test/2", "</titel><link>https://news.test/2", 1);
        let cut =
            format!("{head}{}<item><title>Bread & butter 2</title><link>https://news.test/2?a=1&b=2</li", item(1));
        for text in [whole, wrong, cut] {
            let links = feed(text.as_bytes(), &base).unwrap();
            assert_eq!(addresses(&links), ["https://news.test/1?a=1&b=2", "https://news.test/2?a=1&b=2"], "{text}");
            assert_eq!(links[0].title.as_deref(), Some("Bread & butter 1"));
            assert_eq!(links[0].published.unwrap().to_string(), "2026-11-21T18:40:00+01:00");
        }
    }

    #[test]
    fn salvage_reads_atom_cdata_and_other_charsets() {
        let text = "<?xml version='1.0' encoding='windows-1251'?><feed xmlns='http://www.w3.org/2005/Atom'>\
            <entry><title><![CDATA[Река & лёд]]></title><link rel='edit' href='/e'/><link href='/a?x=1&amp;y=2'/>\
            <updated>2026-03-05</updated></entry><entry></broken>";
        let (bytes, ..) = encoding_rs::WINDOWS_1251.encode(text);
        let links = feed(&bytes, &url("https://news.test/")).unwrap();
        assert_eq!(addresses(&links), ["https://news.test/a?x=1&y=2"]);
        assert_eq!(links[0].title.as_deref(), Some("Река & лёд"));
        assert_eq!(links[0].modified.unwrap().to_string(), "2026-03-05");
    }

    #[test]
    fn json_feeds_that_break_the_rules_give_what_they_hold() {
        let item = |n: u32| {
            format!(
                r#"{{"id": {n}, "url": "/{n}", "title": "Bread &amp; butter", "content_text": "One & two.\n\nThree."}}"#
            )
        };
        let whole = format!(r#"{{"title": "x", "note": "\"items\": [", "items": [{}, {}]}}"#, item(1), item(2));
        let cut = format!(
            r#"{{"version": "https://jsonfeed.org/version/1", "items": [{},{}, {{"url": "/3", "ti"#,
            item(1),
            item(2)
        );
        for text in [whole, cut] {
            let links = feed(text.as_bytes(), &url("https://news.test/feed.json")).unwrap();
            assert_eq!(addresses(&links), ["https://news.test/1", "https://news.test/2"], "{text}");
            assert_eq!(links[0].title.as_deref(), Some("Bread & butter"));
            assert_eq!(links[0].content.as_deref(), Some("<p>One &amp; two.</p><p>Three.</p>"));
        }
        assert!(feed(br#"{"items": 3}"#, &url("https://news.test/")).is_err());
    }

    #[test]
    fn texts_of_stories_are_kept_and_summaries_are_not() {
        let rss = "<rss version='2.0' xmlns:content='http://purl.org/rss/1.0/modules/content/'><channel><title>x</title>\
            <item><link>https://news.test/1</link><description>Short.</description>\
            <content:encoded><![CDATA[<p>The whole story.</p>]]></content:encoded></item>\
            <item><link>https://news.test/2</link><description>Short.</description></item></channel></rss>";
        let atom = "<feed xmlns='http://www.w3.org/2005/Atom'><title>x</title><id>x</id>\
            <entry><id>1</id><link href='https://news.test/1'/><content type='html'>&lt;p>The whole story.&lt;/p></content></entry>\
            <entry><id>2</id><link href='https://news.test/2'/><summary>Short.</summary></entry></feed>";
        for text in
            [rss.to_owned(), atom.to_owned(), rss.replace("</channel>", "& </chan"), atom.replace("</feed>", "&")]
        {
            let links = feed(text.as_bytes(), &url("https://news.test/feed")).unwrap();
            let contents: Vec<Option<&str>> = links.iter().map(|link| link.content.as_deref()).collect();
            assert_eq!(contents, [Some("<p>The whole story.</p>"), None], "{text}");
        }
    }

    fn found(text: &str) -> Vec<String> {
        let links = feed(text.as_bytes(), &url("https://news.test/feeds/all.xml")).unwrap();
        links.into_iter().map(|link| link.url.into()).collect()
    }

    fn item(elements: &str) -> String {
        format!("<rss version='2.0'><channel><title>The Ferry Gazette</title><item>{elements}</item></channel></rss>")
    }

    #[test]
    fn only_links_and_permanent_ids_are_addresses_of_stories() {
        let picture = "<image><url>/logo.png</url><title>Logo</title><link>https://news.test/logo</link></image>\
            <source url='/other.xml'>Another</source>";
        let media = "<media:group xmlns:media='http://search.yahoo.com/mrss/'><media:title>Wrong</media:title>\
            <media:content url='/gull.jpg'/><media:link href='/player'/></media:group>";
        let before = [
            "<comments>https://news.test/1/comments</comments>",
            "<slash:comments>3</slash:comments>",
            "<wfw:commentRss xmlns:wfw='http://wellformedweb.org/CommentAPI/'>https://news.test/1/rss</wfw:commentRss>",
            "<dc:creator>A. Nonym</dc:creator><media:content url='x'/><media:title>Wrong</media:title>",
            picture,
            media,
        ];
        let story = "<title>Ferry late again</title><link>https://news.test/1</link>";
        for elements in before {
            let whole = item(&format!("{elements}{story}"));
            for text in [whole.clone(), whole.replace("Gazette", "Gazette & Post")] {
                let links = feed(text.as_bytes(), &url("https://news.test/feed")).unwrap();
                assert_eq!(addresses(&links), ["https://news.test/1"], "{text}");
                assert_eq!(links[0].title.as_deref(), Some("Ferry late again"), "{text}");
            }
        }
        let none = "<title>Only talk</title><comments>https://news.test/1/comments</comments>\
            <guid isPermaLink='false'>https://news.test/?p=1</guid>";
        let guid = "<link/><guid>https://news.test/1</guid><comments>https://news.test/1/comments</comments>";
        let original =
            "<link>https://clicks.test/~r/1</link><feedburner:origLink>https://news.test/1</feedburner:origLink>";
        for broken in ["", "&"] {
            assert!(found(&item(&format!("{none}{broken}"))).is_empty());
            assert_eq!(found(&item(&format!("{guid}{broken}"))), ["https://news.test/1"]);
            assert_eq!(found(&item(&format!("{original}{broken}"))), ["https://news.test/1"]);
        }
    }

    #[test]
    fn of_several_forms_of_a_story_the_page_is_taken() {
        let entry = |links: &str| {
            format!(
                "<feed xmlns='http://www.w3.org/2005/Atom'><entry>{links}<id>urn:x:1</id><title>Gull</title></entry>\
                 </feed>"
            )
        };
        let json = "<link rel='alternate' type='application/json' href='/1.json'/>";
        let others = "<link rel='self' href='/1.atom'/><link rel='enclosure' type='audio/mpeg' href='/1.mp3'/>";
        let page = "<link rel='alternate' type='text/html' href='/1'/>";
        for broken in ["", "&"] {
            assert_eq!(found(&entry(&format!("{others}{json}{page}{broken}"))), ["https://news.test/1"]);
            assert_eq!(found(&entry(&format!("{page}{json}{others}{broken}"))), ["https://news.test/1"]);
            assert_eq!(found(&entry(&format!("{others}{json}{broken}"))), ["https://news.test/1.json"]);
            assert!(found(&entry(&format!("{others}{broken}"))).is_empty());
        }
        let in_rss = item("<atom:link rel='self' href='/feed'/><atom:link href='/1'/><title>Gull</title>");
        assert_eq!(found(&in_rss), ["https://news.test/1"]);
        let both = item("<atom:link href='/other'/><link>/1</link>");
        assert_eq!(found(&both), ["https://news.test/1"]);
    }

    #[test]
    fn namespaces_do_not_decide_what_an_entry_is() {
        let plain = item("<title>Gull</title><link>/1</link><pubDate>Sat, 21 Nov 2026 18:40:00 GMT</pubDate>");
        let roots = [
            "<rss xmlns='http://backend.userland.com/rss2'>",
            "<rss version='2.0' xmlns='http://www.w3.org/2005/Atom'>",
            "<rss version='3.14' xmlns:dc='http://purl.org/dc/elements/1.1/'>",
            "<rss>",
        ];
        let mut feeds: Vec<String> = roots.iter().map(|root| plain.replace("<rss version='2.0'>", root)).collect();
        feeds.push(plain.replace("<item>", "<ITEM>").replace("</item>", "</ITEM>").replace("link>", "LINK>"));
        feeds.push(plain.replace("rss", "RSS").replace("title>", "Title>").replace("pubDate", "PUBDATE"));
        // Broken besides.
        feeds.push(feeds[feeds.len() - 1].replace("Gazette", "Gazette & Post").replace("item>", "ITEM>"));
        let prefixed = "<r:RDF xmlns:r='http://www.w3.org/1999/02/22-rdf-syntax-ns#' \
            xmlns:s='http://purl.org/rss/1.0/'>\
            <s:item><s:title>Gull</s:title><s:link>/1</s:link><dc:date>2026-11-21T18:40:00Z</dc:date></s:item></r:RDF>";
        feeds.push(prefixed.to_owned());
        feeds.push(prefixed.replace(" xmlns:s='http://purl.org/rss/1.0/'", ""));
        for text in feeds {
            let links = feed(text.as_bytes(), &url("https://news.test/feed")).unwrap();
            assert_eq!(addresses(&links), ["https://news.test/1"], "{text}");
            assert_eq!(links[0].title.as_deref(), Some("Gull"), "{text}");
            assert_eq!(links[0].published.unwrap().instant().to_string(), "2026-11-21T18:40:00Z", "{text}");
        }
    }

    #[test]
    fn atom_of_the_year_2003() {
        let text = "<feed version='0.3' xmlns='http://purl.org/atom/ns#'><title>The Ferry Gazette</title>\
            <link rel='alternate' type='text/html' href='/'/><modified>2026-11-22T08:00:00Z</modified>\
            <entry><id>tag:1</id><title mode='escaped' type='text/html'>Gull &amp;amp; &lt;i>ferry&lt;/i></title>\
            <link rel='alternate' type='text/html' href='/1'/><issued>2026-11-21T19:40:00+01:00</issued>\
            <modified>2026-11-21T20:00:00Z</modified><created>2026-11-20T08:00:00Z</created>\
            <content type='text/html' mode='escaped'>&lt;p>The ferry.&lt;/p></content></entry>\
            <entry><id>tag:2</id><link href='/2'/><title type='application/xhtml+xml'><b>Fog</b> at noon</title>\
            <content type='application/xhtml+xml'>A &lt; B<div xmlns='http://www.w3.org/1999/xhtml'>The<br/>fog.</div>\
            </content></entry>\
            <entry><id>tag:3</id><link href='/3'/><content type='image/png' mode='base64'>aGVsbG8=</content></entry>\
            </feed>";
        let links = feed(text.as_bytes(), &url("https://news.test/atom.xml")).unwrap();
        assert_eq!(addresses(&links), ["https://news.test/1", "https://news.test/2", "https://news.test/3"]);
        assert_eq!(links[0].title.as_deref(), Some("Gull & ferry"));
        assert_eq!(links[0].published.unwrap().to_string(), "2026-11-21T18:40:00Z");
        assert_eq!(links[0].modified.unwrap().to_string(), "2026-11-21T20:00:00Z");
        assert_eq!(links[0].content.as_deref(), Some("<p>The ferry.</p>"));
        assert_eq!(links[1].title.as_deref(), Some("Fog at noon"));
        let xhtml = "A &lt; B<div xmlns='http://www.w3.org/1999/xhtml'>The<br>fog.</div>";
        assert_eq!(links[1].content.as_deref(), Some(xhtml));
        assert_eq!(links[2].content, None);
    }

    #[test]
    fn entries_of_every_channel_and_beside_it_count() {
        let one = |n: u32| format!("<item><link>/{n}</link></item>");
        let (first, second) = (one(1), one(2));
        let both = ["https://news.test/1", "https://news.test/2"];
        for inside in [
            format!("<channel><title>Town</title>{first}</channel><channel><title>Harbour</title>{second}</channel>"),
            format!("<channel><title>Town</title></channel>{first}{second}"),
            format!("<channel>{first}</channel>{second}"),
            format!("<channel><items>{first}{second}</items></channel>"),
        ] {
            assert_eq!(found(&format!("<rss version='2.0'>{inside}</rss>")), both, "{inside}");
        }
        let behind = format!("<rss><channel>{first}{second}</channel></rss>\n<script>if (1 < 2 && x) y</script>");
        assert_eq!(found(&behind), both);
    }

    #[test]
    fn a_feed_that_says_utf_16_and_is_not_is_read() {
        for (title, rest) in [("Ferry late again", ""), ("Fähre wieder spät", ""), ("Fähre wieder spät", "&")] {
            let text = item(&format!("<title>{title}</title><link>/1</link>{rest}"));
            let text = format!("<?xml version=\"1.0\" encoding=\"UTF-16\"?>\n{text}");
            let links = feed(text.as_bytes(), &url("https://news.test/feed")).unwrap();
            assert_eq!(addresses(&links), ["https://news.test/1"]);
            assert_eq!(links[0].title.as_deref(), Some(title));
        }
    }

    #[test]
    fn addresses_escaped_twice_and_relative_to_a_base() {
        let twice = "<link>https://news.test/story?id=11&amp;amp;cat=2</link>";
        for text in [item(twice), item(&format!("{twice}&"))] {
            assert_eq!(found(&text), ["https://news.test/story?id=11&cat=2"]);
        }
        let atom = "<feed xmlns='http://www.w3.org/2005/Atom' xml:base='/news/'><entry xml:base='2026/'>\
            <source xml:base='https://other.test/'><id>urn:y</id><link href='/wrong'/></source>\
            <link href='gull'/></entry>\
            <entry><link xml:base='https://two.test/a/' href='b'/></entry><entry><link href='fog'/></entry></feed>";
        assert_eq!(
            found(atom),
            ["https://news.test/news/2026/gull", "https://two.test/a/b", "https://news.test/news/fog"]
        );
    }

    #[test]
    fn an_attachment_of_a_json_feed_is_no_story() {
        let text = r#"{"version": "https://jsonfeed.org/version/1.1", "title": "x", "_more": {"items": []}, "items": [
            {"id": "1", "attachments": [{"url": "https://news.test/1.mp3", "mime_type": "audio/mpeg"}]},
            {"id": "2", "url": "/2", "content_html": "", "content_text": "Fog."}]}"#;
        let links = feed(text.as_bytes(), &url("https://news.test/feed.json")).unwrap();
        assert_eq!(addresses(&links), ["https://news.test/2"]);
        assert_eq!(links[0].content.as_deref(), Some("<p>Fog.</p>"));
    }

    #[test]
    fn a_hostile_feed_is_bounded() {
        let deep = format!("<rss><channel><item><link>/1</link>{}", "<x xml:base='a/'>".repeat(100_000));
        let wide = format!("<rss {}><channel><item><link>/1</link></item></channel></rss>", {
            let declared: Vec<String> = (0..20_000).map(|n| format!("xmlns:n{n}='u'")).collect();
            declared.join(" ")
        });
        let items = item("<link>/1</link>").replace("<item>", &"<item>".repeat(50_000));
        for text in [deep, wide, items] {
            assert_eq!(found(&text), ["https://news.test/1"], "{}", &text[..100]);
        }
        let long = "a/".repeat(200_000);
        let base = format!("<rss xml:base='/{long}'>{}</rss>", "<item><link>b</link></item>".repeat(500));
        assert_eq!(found(&base)[499], "https://news.test/feeds/b");
        let name = format!("<rss xmlns='{long}'>{}</rss>", "<item><link>b</link></item>".repeat(500));
        assert_eq!(found(&name)[499], "https://news.test/feeds/b");
        let many = format!("<rss>{}</rss>", "<item><link>/1</link></item>".repeat(30_000));
        assert_eq!(found(&many).len(), 20_000);
        for text in ["<rss>", "<rss><item", "<feed><entry/></feed>", "<rss></feed></rss>", "<rss/><"] {
            assert!(found(text).is_empty(), "{text}");
        }
    }

    #[test]
    fn a_page_is_no_feed_and_the_message_names_it() {
        let error = feed(b"<!doctype html><p>Not found", &url("https://news.test/feed")).unwrap_err();
        assert!(matches!(error, DiscoverError::NotAFeed { .. }));
        assert!(error.to_string().starts_with("https://news.test/feed is no feed"), "{error}");
    }

    #[test]
    fn entities_do_not_grow() {
        let text = "<?xml version='1.0'?><!DOCTYPE r [<!ENTITY a 'aaaaaaaaaa'><!ENTITY b '&a;&a;&a;&a;&a;&a;'>]>\
            <rss version='2.0'><channel><title>x</title><item><title>&b;</title><link>https://news.test/a</link></item></channel></rss>";
        let links = feed(text.as_bytes(), &url("https://news.test/")).unwrap();
        assert!(links.iter().all(|link| link.title.as_ref().is_none_or(|title| title.len() < 20)));
    }
}

mod sitemaps {
    use super::*;

    fn base() -> Url {
        url("http://kreisbote-nordufer.test/sitemap-index.xml")
    }

    #[test]
    fn the_index_a_child_and_the_news_of_the_sample_site() {
        let index = sitemap(&site("kreisbote-nordufer.test/sitemap-index.xml"), &base()).unwrap();
        assert_eq!(index.children.len(), 2);
        assert_eq!(index.children[0].1.unwrap().to_string(), "2026-10-31T23:55:00+01:00");
        let child = gzip(&site("kreisbote-nordufer.test/sitemaps/2026-10.xml"));
        let child = sitemap(&child, &base()).unwrap();
        assert_eq!(child.links.len(), 7);
        assert_eq!(child.links[1].modified.unwrap().to_string(), "2026-10-02T06:30:00+02:00");
        let news = sitemap(&site("kreisbote-nordufer.test/sitemaps/news.xml"), &base()).unwrap();
        assert_eq!(news.links[0].title.as_deref(), Some("Das Kino sucht seinen Vorhang"));
        assert_eq!(news.links[0].published.unwrap().to_string(), "2026-11-05T18:00:00+01:00");
        assert!(!news.truncated);
    }

    #[test]
    fn pictures_are_not_pages_and_references_are_undone() {
        let text = "<urlset xmlns:image='i'><url><loc> https://news.test/a?x=1&amp;y=%C3%A4&#38;z=2 </loc>\
            <image:image><image:loc>https://news.test/a.jpg</image:loc></image:image></url>\
            <url><loc><![CDATA[https://news.test/b]]></loc></url></urlset>";
        let read = sitemap(text.as_bytes(), &base()).unwrap();
        assert_eq!(addresses(&read.links), ["https://news.test/a?x=1&y=%C3%A4&z=2", "https://news.test/b"]);
    }

    #[test]
    fn broken_xml_gives_what_was_readable() {
        let text = "<urlset><url><loc>https://news.test/a</loc></url><url><loc>https://news.test/b</loc><lastmod>2026";
        let read = sitemap(text.as_bytes(), &base()).unwrap();
        assert_eq!(addresses(&read.links), ["https://news.test/a"]);
        let text =
            "<urlset><url><loc>https://news.test/a</loc></url><url><loc>https://news.test/b</loc></wrong></url><<<";
        let read = sitemap(text.as_bytes(), &base()).unwrap();
        assert_eq!(addresses(&read.links), ["https://news.test/a", "https://news.test/b"]);
        assert!(read.truncated);
    }

    #[test]
    fn a_cut_gzip_gives_its_beginning() {
        let entries: Vec<String> =
            (0..2000).map(|n| format!("<url><loc>https://news.test/{n:x}{n}</loc></url>\n")).collect();
        let entries = entries.concat();
        let mut bytes = gzip(format!("<urlset>{entries}</urlset>").as_bytes());
        bytes.truncate(bytes.len() / 2);
        let read = sitemap(&bytes, &base()).unwrap();
        assert!(read.truncated);
        assert!((100..2000).contains(&read.links.len()), "{}", read.links.len());
    }

    #[test]
    fn a_bomb_stops_at_the_limit() {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
        encoder.write_all(b"<urlset><url><loc>https://news.test/a</loc></url>").unwrap();
        let blank = vec![b' '; 1 << 20];
        for _ in 0..=MAX_EXPANDED_BYTES >> 20 {
            encoder.write_all(&blank).unwrap();
        }
        let read = sitemap(&encoder.finish().unwrap(), &base()).unwrap();
        assert!(read.truncated);
        assert_eq!(read.links.len(), 1);
    }

    #[test]
    fn plain_text_and_a_feed_in_its_place() {
        let text = "\u{feff}https://news.test/a\n\n# note\nhttps://news.test/b\r\nnonsense\n";
        assert_eq!(
            addresses(&sitemap(text.as_bytes(), &base()).unwrap().links),
            ["https://news.test/a", "https://news.test/b"]
        );
        let rss = site("harbour-ledger.test/feed.xml");
        assert!(sitemap(&rss, &base()).unwrap().links.len() > 5);
    }

    #[test]
    fn a_page_is_no_sitemap() {
        for text in ["<!doctype html><html><body>Not found", "Not found", ""] {
            let error = sitemap(text.as_bytes(), &base()).unwrap_err();
            assert!(error.to_string().contains("is no sitemap"), "{error}");
        }
    }

    #[test]
    fn an_empty_one_is_one() {
        assert!(sitemap(b"<?xml version='1.0'?><urlset></urlset>", &base()).unwrap().links.is_empty());
    }
}

mod pages {
    use super::*;

    /// Every story that the front and section pages of the sample site lead to, and nothing else.
    fn check(host: &str, pages: &[&str], stories: usize, members: usize) {
        let mut found = std::collections::BTreeSet::new();
        for page in pages {
            let links =
                page_links(&site(&format!("{host}/{page}")), Some("text/html"), &url(&format!("http://{host}/")));
            found.extend(links.articles.iter().map(|link| copydesk::model::CanonicalUrl::new(&link.url)));
        }
        let expected = String::from_utf8(site("expected.json")).unwrap();
        let (known, other): (Vec<_>, Vec<_>) = found
            .iter()
            .map(copydesk::model::CanonicalUrl::as_str)
            .partition(|url| expected.contains(&format!("\"{url}\"")));
        assert!(known.len() >= stories, "{host}: {known:?}");
        assert!(other.len() <= members, "{host}: {other:?}");
    }

    #[test]
    fn stories_of_the_sample_site() {
        check("harbour-ledger.test", &["index.html"], 9, 1);
        check(
            "kreisbote-nordufer.test",
            &["index.html", "lokales/index.html", "kultur/index.html", "wirtschaft/index.html"],
            9,
            0,
        );
        check("two-rivers-wire.test", &["index.html", "world/index.html", "local/index.html"], 9, 0);
    }

    #[test]
    fn sections_and_feeds_of_the_sample_site() {
        let home = url("http://harbour-ledger.test/");
        let links = page_links(&site("harbour-ledger.test/index.html"), None, &home);
        let sections: Vec<_> = links.sections.iter().map(|section| section.path().to_owned()).collect();
        assert_eq!(sections, ["/harbour/", "/town/", "/business/"]);
        assert_eq!(links.feeds, [url("http://harbour-ledger.test/feed.xml")]);
        let links = page_links(&site("two-rivers-wire.test/index.html"), None, &url("http://two-rivers-wire.test/"));
        let sections: Vec<_> = links.sections.iter().map(|section| section.path().to_owned()).collect();
        assert_eq!(sections, ["/world/", "/local/"]);
    }

    #[test]
    fn the_base_element_and_other_sites() {
        let html = br#"<head><base href="https://www.news.test/en/"></head>
            <h2><a href="story-about-a-very-long-bridge.html">A very long bridge opens today</a></h2>
            <h2><a href="https://ads.test/a-very-long-advert-that-looks-like-one">Buy this now while it lasts</a></h2>
            <h2><a href="javascript:void(0)">Open the menu of this page</a></h2>"#;
        let links = page_links(html, None, &url("https://news.test/"));
        assert_eq!(addresses(&links.articles), ["https://www.news.test/en/story-about-a-very-long-bridge.html"]);
        assert_eq!(links.articles[0].title.as_deref(), Some("A very long bridge opens today"));
    }

    /// The address of a story by its number.
    type Address = fn(usize) -> String;

    /// A story's teaser, of its address and title.
    type Card = fn(&str, &str) -> String;

    const HEADLINES: [&str; 6] = [
        "The harbour bridge will open in the spring",
        "Council votes for a longer summer ferry",
        "Why the old lighthouse keeper came back",
        "Two schools share one piano this winter",
        "Storm takes the roof off the fish hall",
        "Short one",
    ];

    /// A front page with a menu, a list of stories and a footer, in the manner of some publishing system.
    fn front_page(address: impl Fn(usize) -> String, card: impl Fn(&str, &str) -> String) -> String {
        let cards: String = HEADLINES.iter().enumerate().map(|(at, title)| card(&address(at), title)).collect();
        format!(
            "<header><nav class=menu><a href='/'>Home</a><a href='/town/'>Town and country news</a><a href='/sport/'>Sport</a>\
             <a href='/weather/'>Weather for the coming week</a></nav></header><main>{cards}</main>\
             <div class=tags><a href='/tag/harbour'>Harbour</a><a href='/tag/ferry'>Ferry</a><a href='/author/a-corley'>A. Corley</a></div>\
             <footer><a href='/imprint'>Imprint</a><a href='/terms'>Terms and conditions of use</a><a href='/a/b'>Who we are and why</a></footer>"
        )
    }

    #[test]
    fn stories_of_sites_with_bare_addresses() {
        let addresses: [(&str, Address); 6] = [
            ("opaque ids", |at| format!("/n/x{at}k{at}q")),
            ("short slugs", |at| format!("/news/item{}", ["a", "b", "c", "d", "e", "f"][at])),
            ("slugs at the root", |at| format!("/{}-fire", ["quay", "mill", "barn", "shop", "boat", "hall"][at])),
            ("numbers", |at| format!("/artikel/{}", 100 + at)),
            ("ids in the query", |at| format!("/show.php?id={}", 40 + at)),
            ("words in other letters", |at| {
                format!("/новости/{}", ["мост", "паром", "маяк", "школа", "шторм", "рыба"][at])
            }),
        ];
        let cards: [(&str, Card); 4] = [
            ("headings", |address, title| format!("<div class=card><h3><a href='{address}'>{title}</a></h3></div>")),
            ("bare list", |address, title| format!("<ul class=list><li><a href='{address}'>{title}</a></li></ul>")),
            ("linked cards", |address, title| {
                format!("<a class='tile tile-{}' href='{address}'><img><span>{title}</span></a>", title.len())
            }),
            ("table", |address, title| format!("<table><tr><td><a href='{address}'>{title}</a></td></tr></table>")),
        ];
        for (system, address) in addresses {
            for (layout, card) in cards {
                let html = front_page(address, card);
                let links = page_links(html.as_bytes(), None, &url("https://news.test/"));
                let found: Vec<String> = links.articles.iter().map(|link| link.url.to_string()).collect();
                let all: Vec<String> =
                    (0..6).map(|at| url("https://news.test/").join(&address(at)).unwrap().into()).collect();
                assert_eq!(found, all, "{system}, {layout}");
            }
        }
    }

    #[test]
    fn stories_that_only_json_ld_names() {
        let html = r#"<script type="application/ld+json">{"@context": "https://schema.org", "@graph": [
              {"@type": "WebSite", "url": "https://news.test/"},
              {"@type": "BreadcrumbList", "itemListElement": [{"@type": "ListItem", "item": "https://news.test/town"}]},
              {"@type": "ItemList", "itemListElement": [
                {"@type": "ListItem", "position": 1, "url": "/n/1a"},
                {"@type": "ListItem", "item": {"@type": "NewsArticle", "url": "/n/2b", "headline": "Two &amp; three",
                  "datePublished": "2026-11-05T18:00:00+01:00"}},
                {"@type": "ListItem", "item": "https://news.test/n/3c"}, "https://news.test/n/4d",
                {"@type": "ListItem", "url": "https://other.test/n/5e"}]},
              {"@type": "ItemList", "itemListElement": [{"@type": "SiteNavigationElement", "url": "/sport"}]}]}</script>
            <script type="application/ld+json">not json</script><a href="/n/1a">One</a><a href="/town">Town</a>"#;
        let links = page_links(html.as_bytes(), None, &url("https://news.test/"));
        let expected = ["1a", "2b", "3c", "4d"].map(|name| format!("https://news.test/n/{name}"));
        assert_eq!(addresses(&links.articles), expected);
        assert_eq!(links.articles[1].title.as_deref(), None, "two words are no headline");
        assert_eq!(links.articles[1].published.unwrap().to_string(), "2026-11-05T18:00:00+01:00");
        assert_eq!(links.sections, [url("https://news.test/town")]);
    }

    #[test]
    fn a_section_is_asked_for_as_it_stands_without_tracking() {
        let html = "<nav><a href='/de/index.html'>Deutsch</a> <a href='/town?utm_source=menu#top'>Town</a></nav>";
        let links = page_links(html.as_bytes(), None, &url("https://news.test/"));
        assert_eq!(links.sections, ["https://news.test/de/index.html", "https://news.test/town"].map(url));
    }

    #[test]
    fn a_page_that_says_it_is_a_story_is_one() {
        let is_story = |head: &str| page_links(head.as_bytes(), None, &url("https://news.test/foldcut")).is_story;
        let json_ld = |url: &str| {
            format!(
                r#"<script type="application/ld+json">{{"@graph": [{{"@type": "NewsArticle", "url": "{url}"}}]}}</script>"#
            )
        };
        let article = "<meta property='og:type' content='Article'>";
        let dated = "<meta property='article:published_time' content='2026-11-05T18:00:00+01:00'>";
        assert!(is_story(&json_ld("https://news.test/foldcut")));
        let canonical = "<link rel=canonical href='https://www.news.test/foldcut.html'>";
        assert!(is_story(&format!("{canonical}{}", json_ld("https://www.news.test/foldcut.html"))));
        assert!(is_story(&format!("{article}{dated}")));
        assert!(!is_story(&json_ld("https://news.test/another")), "the article of a teaser");
        assert!(!is_story(article), "pages about the house have no date");
        assert!(!is_story(dated));
    }

    #[test]
    fn a_hostile_page_is_bounded() {
        let html = format!("{}<a href='/2026/11/05/story/'>A story that is deep below</a>", "<p><b i>".repeat(50_000));
        let links = page_links(html.as_bytes(), None, &url("https://news.test/"));
        assert!(links.articles.len() <= 1);
    }
}

mod urls {
    use super::*;

    #[test]
    fn kinds() {
        let cases = [
            ("https://n.test/", UrlKind::Hub),
            ("https://n.test/2026/11/05/bridge/", UrlKind::Article),
            ("https://n.test/world/20261105-salt-tax.htm", UrlKind::Article),
            ("https://n.test/kultur/kino-10641", UrlKind::Article),
            ("https://n.test/news/the-bridge-that-moved-north", UrlKind::Article),
            ("https://n.test/?p=1234", UrlKind::Article),
            ("https://n.test/2026/11/05/markets/index.html", UrlKind::Article),
            ("https://n.test/markets/index.html", UrlKind::Hub),
            ("https://n.test/2026/11/05/", UrlKind::Hub),
            ("https://n.test/news/2026/11", UrlKind::Hub),
            ("https://n.test/harbour/", UrlKind::Unclear),
            ("https://n.test/tag/bridges/", UrlKind::Hub),
            ("https://n.test/author/agnes-corley", UrlKind::Hub),
            ("https://n.test/news/page/2", UrlKind::Hub),
            ("https://n.test/tag/2026/11/05/bridge-story/", UrlKind::Article),
            ("https://n.test/tag/how-we-live-here-85230", UrlKind::Hub),
            ("https://n.test/autor/agnes-corley-78818852.html", UrlKind::Hub),
            ("https://n.test/tag/harbour/the-bridge-opens-85230", UrlKind::Article),
            ("https://n.test/service/app", UrlKind::Other),
            ("https://n.test/service/newsticker/19849663/the-fire", UrlKind::Article),
            ("https://n.test/events?month=2026-11&sort=asc", UrlKind::Hub),
            ("https://n.test/events?ref=home", UrlKind::Unclear),
            ("https://n.test/k1234z?from=home", UrlKind::Unclear),
            ("https://n.test/show?id=7&sort=asc", UrlKind::Article),
            ("https://n.test/about", UrlKind::Other),
            ("https://n.test/en/privacy-policy.html", UrlKind::Other),
            ("https://n.test/login?next=/2026", UrlKind::Other),
            ("https://n.test/files/report-2026-11-05.pdf", UrlKind::Other),
        ];
        for (address, kind) in cases {
            assert_eq!(url_kind(&url(address)), kind, "{address}");
        }
    }

    #[test]
    fn dates_in_paths() {
        let cases = [
            ("https://n.test/2026/11/05/x", Some("2026-11-05")),
            ("https://n.test/2026/2/x", Some("2026-02-28")),
            ("https://n.test/2026/nov/05/x", Some("2026-11-05")),
            ("https://n.test/a/20261105-x.htm", Some("2026-11-05")),
            ("https://n.test/x-2026-11-05.html", Some("2026-11-05")),
            ("https://n.test/x-120261105", None),
            ("https://n.test/2026/13/45", None),
            ("https://n.test/12345678", None),
        ];
        for (address, date) in cases {
            assert_eq!(path_date(&url(address)).map(|date| date.to_string()).as_deref(), date, "{address}");
        }
    }

    #[test]
    fn sites() {
        assert!(same_site(&url("https://www.news.co.uk/"), &url("http://m.news.co.uk/x")));
        assert!(!same_site(&url("https://a.co.uk/"), &url("https://b.co.uk/")));
        assert!(same_site(&url("http://127.0.0.1:80/"), &url("http://127.0.0.1/x")));
        assert!(!same_site(&url("http://127.0.0.1:81/"), &url("http://127.0.0.1:82/")));
    }
}

mod scopes {
    use super::*;

    fn dated(address: &str, published: Option<&str>, modified: Option<&str>) -> Link {
        Link {
            published: published.map(|date| date.parse().unwrap()),
            modified: modified.map(|date| date.parse().unwrap()),
            ..Link::new(url(address), Provenance::Sitemap)
        }
    }

    #[test]
    fn patterns_and_age() {
        let month = Some(Duration::from_hours(30 * 24));
        let scope = Scope::new(&["/news/".into(), "^https://b\\.".into()], &["/sport/".into()], month).unwrap();
        let now = "2026-11-24T08:00:00Z".parse().unwrap();
        let cases = [
            (dated("https://a.test/news/x", None, None), Ok(())),
            (dated("https://a.test/x", None, None), Err(OutOfScope::NotIncluded)),
            (dated("https://b.test/sport/x", None, None), Err(OutOfScope::Excluded)),
            (dated("https://b.test/x", Some("2026-10-01"), Some("2026-11-23")), Err(OutOfScope::TooOld)),
            (dated("https://b.test/2020/01/02/x", None, Some("2026-11-23")), Err(OutOfScope::TooOld)),
            (dated("https://b.test/x", None, Some("2026-10-01")), Err(OutOfScope::TooOld)),
            (dated("https://b.test/x", Some("2026-10-25"), None), Ok(())),
            (dated("https://b.test/2026/10/x", None, None), Ok(())),
        ];
        for (link, expected) in cases {
            assert_eq!(scope.admit(&link, now), expected, "{link:?}");
        }
    }

    #[test]
    fn a_bad_pattern_is_named() {
        let error = Scope::new(&[], &["ok".into(), "(".into()], None).unwrap_err().to_string();
        assert!(error.starts_with("the exclude pattern \"(\" is no regular expression"), "{error}");
    }
}
