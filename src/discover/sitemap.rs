//! Sitemaps: XML (a list of pages or of further sitemaps), plain text, either of them gzipped.

use super::feed::absolute;
use super::unpack::unpack;
use super::{DiscoverError, charset, date, feed};
use crate::model::{ArticleDate, Link, Provenance};
use quick_xml::Reader;
use quick_xml::events::Event;
use url::Url;

/// Entries of a sitemap that are read: the protocol's own limit.
pub const MAX_ENTRIES: usize = 50_000;

/// What a sitemap holds.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Sitemap {
    /// Its pages, with the dates and titles given.
    pub links: Vec<Link>,
    /// Further sitemaps, with the date of their last change.
    pub children: Vec<(Url, Option<ArticleDate>)>,
    /// Whether it broke off or passed a limit, so that there may be more.
    pub truncated: bool,
}

/// Reads a sitemap; `base` is where it came from. XML that breaks gives what stood before the break, a feed in a
/// sitemap's place gives its entries.
///
/// # Errors
/// [`DiscoverError::NotASitemap`] where it is none.
pub fn sitemap(bytes: &[u8], base: &Url) -> Result<Sitemap, DiscoverError> {
    let (bytes, cut) = unpack(bytes);
    let text = charset::text(&bytes);
    let text = text.trim_start_matches(['\u{feff}', ' ', '\t', '\r', '\n']);
    let mut sitemap =
        if text.starts_with('<') { xml(text, base) } else { plain_text(text, base) }.or_else(|problem| {
            match feed(&bytes, base) {
                Ok(links) => Ok(Sitemap { links, ..Sitemap::default() }),
                Err(_) => Err(DiscoverError::NotASitemap { url: Box::new(base.clone()), problem }),
            }
        })?;
    sitemap.truncated |= cut;
    Ok(sitemap)
}

fn plain_text(text: &str, base: &Url) -> Result<Sitemap, String> {
    let mut sitemap = Sitemap::default();
    let mut lines = text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#'));
    for line in lines.by_ref().take(MAX_ENTRIES) {
        if line.starts_with("http://") || line.starts_with("https://") {
            sitemap.links.extend(absolute(line, base).map(|url| Link::new(url, Provenance::Sitemap)));
        }
    }
    sitemap.truncated = lines.next().is_some();
    if sitemap.links.is_empty() { Err(begins_with(text)) } else { Ok(sitemap) }
}

fn begins_with(text: &str) -> String {
    if text.is_empty() {
        return "it is empty".to_owned();
    }
    format!("it begins with {:?}", text.chars().take(40).collect::<String>())
}

/// What the reader is inside of.
#[derive(Default)]
struct Entry {
    is_child: bool,
    address: String,
    modified: String,
    published: String,
    title: String,
}

fn xml(text: &str, base: &Url) -> Result<Sitemap, String> {
    let mut reader = Reader::from_str(text);
    let config = reader.config_mut();
    (config.check_end_names, config.allow_unmatched_ends, config.allow_dangling_amp) = (false, true, true);
    let mut sitemap = Sitemap::default();
    let mut recognized = false;
    let mut entry: Option<Entry> = None;
    // The elements between the entry and here, by their names without prefix.
    let mut path: Vec<String> = Vec::new();
    loop {
        match reader.read_event() {
            Ok(Event::Start(tag)) => match tag.local_name().into_inner() {
                "urlset" | "sitemapindex" => recognized = true,
                name @ ("url" | "sitemap") if path.len() <= 1 || !path.iter().any(|above| above == "news") => {
                    recognized = true;
                    // An entry that was never closed.
                    close(entry.take(), base, &mut sitemap);
                    entry = Some(Entry { is_child: name == "sitemap", ..Entry::default() });
                    path.clear();
                }
                name if entry.is_some() => path.push(name.to_owned()),
                name if !recognized => return Err(format!("its root is <{name}>")),
                _ => {}
            },
            Ok(Event::End(tag)) => match tag.local_name().into_inner() {
                "url" | "sitemap" => {
                    close(entry.take(), base, &mut sitemap);
                    path.clear();
                }
                _ => drop(path.pop()),
            },
            Ok(Event::Text(text)) => add(&mut entry, &path, &text.xml10_content()),
            Ok(Event::CData(text)) => add(&mut entry, &path, &text.xml10_content()),
            Ok(Event::GeneralRef(reference)) => {
                // Entities that the document declares itself are not looked up, so that none can grow.
                let resolved = reference.resolve_char_ref().ok().flatten().map(String::from);
                let name = reference.xml10_content();
                let text = resolved.or_else(|| quick_xml::escape::resolve_predefined_entity(&name).map(str::to_owned));
                add(&mut entry, &path, &text.unwrap_or_else(|| format!("&{name};")));
            }
            Ok(Event::Eof) => break,
            Ok(_) => {}
            Err(error) if recognized => {
                tracing::debug!(url = %base, %error, "the sitemap breaks off");
                sitemap.truncated = true;
                break;
            }
            Err(error) => return Err(error.to_string()),
        }
        if sitemap.links.len() + sitemap.children.len() >= MAX_ENTRIES {
            sitemap.truncated = true;
            return Ok(sitemap);
        }
    }
    if let Some(open) = entry.filter(|_| path.is_empty()) {
        sitemap.truncated = true;
        close(Some(open), base, &mut sitemap);
    }
    if recognized { Ok(sitemap) } else { Err(begins_with(text)) }
}

/// Text of the element at the end of `path` goes where it belongs. Addresses of pictures and videos stand deeper.
fn add(entry: &mut Option<Entry>, path: &[String], text: &str) {
    let Some(entry) = entry else { return };
    let field = match path {
        [one] if one == "loc" => &mut entry.address,
        [one] if one == "lastmod" => &mut entry.modified,
        [news, one] if news == "news" && one == "publication_date" => &mut entry.published,
        [news, one] if news == "news" && one == "title" => &mut entry.title,
        _ => return,
    };
    field.push_str(text);
}

fn close(entry: Option<Entry>, base: &Url, sitemap: &mut Sitemap) {
    let Some(entry) = entry else { return };
    let Some(url) = absolute(&entry.address, base) else { return };
    let modified = date::read(&entry.modified);
    if entry.is_child {
        sitemap.children.push((url, modified));
        return;
    }
    sitemap.links.push(Link {
        title: Some(entry.title.split_whitespace().collect::<Vec<_>>().join(" ")).filter(|title| !title.is_empty()),
        published: date::read(&entry.published),
        modified,
        ..Link::new(url, Provenance::Sitemap)
    });
}
