//! Pictures of articles, beside their Markdown files: which are wanted, where they lie, which are there.
//!
//! They lie in `<article id>.images/`, in the folder of the article's Markdown file, each named by its address and its
//! content. So it is known without any list which are there, and whether one is damaged. A picture appears whole, before
//! the article that links to it is committed; what a crash leaves is found again and not fetched once more.
//!
//! It fetches nothing.

use super::article_files::{folder_of, safe_id};
use super::{ArchiveError, safe_file};
use crate::model::Article;
use pulldown_cmark::{Event, Options, Parser, Tag};
use std::borrow::Cow;
use std::collections::{BTreeSet, HashMap};
use std::fmt;
use std::path::{Path, PathBuf};
use std::str::FromStr;
use url::Url;
use xxhash_rust::xxh3::xxh3_64;

/// The folder of the Markdown files, which the pictures lie under.
pub(super) const FOLDER: &str = "markdown";

/// How the folder of an article's pictures ends.
const ENDING: &str = ".images";

/// Pictures of one article, at the most. A long photo series has as many.
const MAX_PICTURES: usize = 50;

/// Bytes in which a file says that it is an AVIF picture: the brands that its first box names (ISO/IEC 14496-12).
const BRANDS: usize = 64;

/// Which pictures of an article are kept beside its Markdown file.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum WhichImages {
    /// None; links lead to the publisher's.
    #[default]
    No,
    /// The lead picture.
    Lead,
    /// All that the record or its body names.
    All,
}

/// A word that names no choice of pictures.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} says not which pictures are kept; choose from \"no\", \"lead\" and \"all\"")]
pub struct UnknownImages(String);

impl FromStr for WhichImages {
    type Err = UnknownImages;

    fn from_str(text: &str) -> Result<Self, UnknownImages> {
        match text.trim().to_ascii_lowercase().as_str() {
            "no" | "none" => Ok(Self::No),
            "lead" => Ok(Self::Lead),
            "all" => Ok(Self::All),
            _ => Err(UnknownImages(text.to_owned())),
        }
    }
}

impl fmt::Display for WhichImages {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::No => "no",
            Self::Lead => "lead",
            Self::All => "all",
        })
    }
}

/// Where pictures are put. Cheap to clone; takes no lock, since each article's pictures are fetched by one task.
#[derive(Debug, Clone)]
pub struct PictureShelf {
    root: PathBuf,
    which: WhichImages,
}

impl PictureShelf {
    /// The shelf of an archive; `None` where no pictures are kept.
    pub(super) fn new(root: &Path, which: WhichImages) -> Option<Self> {
        (which != WhichImages::No).then(|| Self { root: root.to_owned(), which })
    }

    /// The pictures of an article that are wanted and are not there, the lead picture first; none where the publisher
    /// does not want them indexed (`noimageindex`).
    #[must_use]
    pub fn missing(&self, article: &Article) -> Vec<Url> {
        if article.usage.robots.iter().any(|word| word == "noimageindex") {
            return Vec::new();
        }
        let images = article.images.iter().filter_map(|image| image.url.as_deref());
        let mut urls: Vec<Url> = match self.which {
            WhichImages::No => Vec::new(),
            WhichImages::Lead => images.take(1).filter_map(address).collect(),
            WhichImages::All => {
                let shown = images_of(&article.markdown).into_iter().filter_map(|image| address(&image.url));
                images.filter_map(address).chain(shown).collect()
            }
        };
        let mut seen = BTreeSet::new();
        urls.retain(|url| seen.insert(key(url)));
        urls.truncate(MAX_PICTURES);
        let there = Beside::of(&self.root, article);
        urls.retain(|url| there.name(url).is_none());
        urls
    }

    /// Keeps a picture of an article; `false` for bytes that are none of the formats that are kept: JPEG, PNG, GIF, WebP,
    /// AVIF. SVG is none of them, since it can hold script.
    ///
    /// # Errors
    /// [`ArchiveError`] where it cannot be written; nothing is left of it then.
    pub fn keep(&self, article: &Article, url: &Url, bytes: &[u8]) -> Result<bool, ArchiveError> {
        let Some(extension) = extension_of(bytes) else { return Ok(false) };
        let name = format!("{:016x}-{:016x}.{extension}", key(url), xxh3_64(bytes));
        safe_file::replace(&folder(&self.root, article).join(name), bytes)?;
        Ok(true)
    }
}

/// Pictures that lie beside an article's Markdown file.
#[derive(Debug, Default)]
pub(super) struct Beside {
    /// The folder's name.
    folder: String,
    /// File names by the keys of the addresses.
    names: HashMap<u64, String>,
}

impl Beside {
    /// Those of an article, whatever is linked.
    pub(super) fn of(root: &Path, article: &Article) -> Self {
        let entries = std::fs::read_dir(folder(root, article)).into_iter().flatten().flatten();
        let names = entries.filter_map(|entry| entry.file_name().into_string().ok());
        let names = names.filter_map(|name| Some((parts_of(&name)?.0, name))).collect();
        Self { folder: folder_name(article), names }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.names.is_empty()
    }

    /// The name of the picture of an address.
    fn name(&self, url: &Url) -> Option<&str> {
        self.names.get(&key(url)).map(String::as_str)
    }

    /// Where the picture of an address lies, seen from the Markdown file.
    pub(super) fn link(&self, url: &str) -> Option<String> {
        Some(format!("{}/{}", self.folder, self.name(&address(url)?)?))
    }

    /// Markdown whose pictures are taken from here where they are there.
    pub(super) fn linked<'a>(&self, markdown: &'a str) -> Cow<'a, str> {
        if self.is_empty() {
            return Cow::Borrowed(markdown);
        }
        let mut out = String::with_capacity(markdown.len());
        let mut from = 0;
        for image in images_of(markdown) {
            if let Some(link) = self.link(&image.url) {
                out.push_str(&markdown[from..image.start]);
                out.push_str(&link);
                from = image.end;
            }
        }
        out.push_str(&markdown[from..]);
        Cow::Owned(out)
    }
}

/// A picture in Markdown.
struct MarkdownImage {
    url: String,
    /// Where its address is written.
    start: usize,
    end: usize,
}

/// The pictures that a reader of Markdown sees, in order. Our renderer writes them as `![alt](address)`; other forms are
/// left as they are.
fn images_of(markdown: &str) -> Vec<MarkdownImage> {
    let options = Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH;
    let mut images = Vec::new();
    for (event, range) in Parser::new_ext(markdown, options).into_offset_iter() {
        let Event::Start(Tag::Image { dest_url, .. }) = event else { continue };
        let written = &markdown[range.clone()];
        if let (Some(at), Some(end)) = (written.rfind("]("), written.rfind(')')) {
            images.push(MarkdownImage {
                url: dest_url.into_string(),
                start: range.start + at + 2,
                end: range.start + end,
            });
        }
    }
    images
}

/// The folder of an article's pictures.
fn folder(root: &Path, article: &Article) -> PathBuf {
    root.join(folder_of(FOLDER, article)).join(folder_name(article))
}

fn folder_name(article: &Article) -> String {
    format!("{}{ENDING}", safe_id(&article.id))
}

/// The folder of the pictures of the article whose Markdown file this is.
pub(super) fn folder_beside(file: &Path) -> Option<PathBuf> {
    let stem = file.file_name()?.to_str()?.strip_suffix(".md")?;
    let (_, id) = stem.rsplit_once('-')?;
    Some(file.with_file_name(format!("{id}{ENDING}")))
}

/// The id of the article whose pictures a folder of this name holds.
pub(super) fn article_of(folder: &str) -> Option<&str> {
    folder.strip_suffix(ENDING).filter(|id| !id.is_empty() && !id.starts_with('.'))
}

/// Of a file's name, the key of its address and the digest of its content; nothing for one that is none of ours.
pub(super) fn parts_of(name: &str) -> Option<(u64, u64)> {
    let (stem, extension) = name.split_once('.')?;
    let (key, digest) = stem.split_once('-')?;
    let number = |text: &str| u64::from_str_radix(text, 16).ok().filter(|_| text.len() == 16);
    matches!(extension, "jpg" | "png" | "gif" | "webp" | "avif").then_some((number(key)?, number(digest)?))
}

/// Takes away the pictures of a Markdown file that it does not link to.
pub(super) fn remove_others(file: &Path, document: &str) -> Result<(), ArchiveError> {
    let Some(folder) = folder_beside(file).filter(|folder| folder.is_dir()) else { return Ok(()) };
    let linked: BTreeSet<&str> = links_in(document, &folder).collect();
    let mut is_empty = true;
    for path in super::series::entries(&folder)? {
        let name = super::append::file_name(&path).unwrap_or_default();
        if parts_of(name).is_some() && !linked.contains(name) {
            remove_file(&path)?;
        } else {
            is_empty = false;
        }
    }
    if is_empty {
        // Where a part of a picture is being written into it, it stays.
        let _ = std::fs::remove_dir(&folder);
    }
    Ok(())
}

/// Takes away a folder of pictures.
pub(super) fn remove_folder(folder: &Path) -> Result<(), ArchiveError> {
    match std::fs::remove_dir_all(folder) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(ArchiveError::file("remove", folder, error)),
        _ => Ok(()),
    }
}

fn remove_file(path: &Path) -> Result<(), ArchiveError> {
    match std::fs::remove_file(path) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(ArchiveError::file("remove", path, error)),
        _ => Ok(()),
    }
}

/// The names of the pictures in a folder that a Markdown file beside it links to.
pub(super) fn links_in<'a>(document: &'a str, folder: &Path) -> impl Iterator<Item = &'a str> {
    let before = folder.file_name().and_then(|name| name.to_str()).map(|name| format!("{name}/")).unwrap_or_default();
    let starts = document.match_indices(&before).map(|(at, found)| at + found.len()).collect::<Vec<_>>();
    starts.into_iter().filter_map(move |start| {
        let rest = &document[start..];
        let end = rest.find(|c: char| !c.is_ascii_alphanumeric() && c != '-' && c != '.').unwrap_or(rest.len());
        Some(&rest[..end]).filter(|name| parts_of(name).is_some())
    })
}

/// An address of the web.
fn address(text: &str) -> Option<Url> {
    Url::parse(text).ok().filter(|url| matches!(url.scheme(), "http" | "https"))
}

/// What an address is known by in a file's name.
fn key(url: &Url) -> u64 {
    let text = url.as_str();
    xxh3_64(text.split_once('#').map_or(text, |(before, _)| before).as_bytes())
}

/// How the names of pictures end whose first bytes are these (WHATWG MIME sniffing standard, section 6.1; AVIF by its
/// specification, section 6). Nothing for what is no picture, or may hold script.
fn extension_of(bytes: &[u8]) -> Option<&'static str> {
    if bytes.starts_with(b"\xff\xd8\xff") {
        return Some("jpg");
    }
    if bytes.starts_with(b"\x89PNG\r\n\x1a\n") {
        return Some("png");
    }
    if bytes.starts_with(b"GIF87a") || bytes.starts_with(b"GIF89a") {
        return Some("gif");
    }
    if bytes.starts_with(b"RIFF") && bytes.get(8..12) == Some(b"WEBP") {
        return Some("webp");
    }
    let length = u32::from_be_bytes(bytes.get(..4)?.try_into().ok()?) as usize;
    let brands = bytes.get(8..length.min(BRANDS).min(bytes.len()))?;
    let is_avif =
        bytes.get(4..8) == Some(b"ftyp") && brands.chunks_exact(4).any(|brand| matches!(brand, b"avif" | b"avis"));
    is_avif.then_some("avif")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pictures_are_known_by_their_first_bytes() {
        for (bytes, expected) in [
            (&b"\xff\xd8\xff\xe0 rest"[..], Some("jpg")),
            (b"\x89PNG\r\n\x1a\n rest", Some("png")),
            (b"GIF89a rest", Some("gif")),
            (b"RIFF\x10\0\0\0WEBPVP8 ", Some("webp")),
            (b"\0\0\0\x1cftypavif\0\0\0\0mif1miaf", Some("avif")),
            (b"\0\0\0\x18ftypmif1\0\0\0\0avif    ", Some("avif")),
            (b"\0\0\0\x18ftypmp42\0\0\0\0isommp42", None),
            (b"RIFF\x10\0\0\0WAVEfmt ", None),
            (b"<svg xmlns=\"http://www.w3.org/2000/svg\"><script/></svg>", None),
            (b"<!doctype html><p>no picture", None),
            (b"\0\0\0\x04ftyp", None),
            (b"", None),
        ] {
            assert_eq!(extension_of(bytes), expected, "{:?}", String::from_utf8_lossy(bytes));
        }
    }

    #[test]
    fn only_pictures_are_linked_anew() {
        let url = |text: &str| Url::parse(text).unwrap();
        let (one, two) = ("https://a.example/x_(1).png?w=1&amp=2", "https://a.example/y.jpg");
        let names = [(key(&url(one)), "1.png".to_owned()), (key(&url(two)), "2.jpg".to_owned())];
        let beside = Beside { folder: "id.images".to_owned(), names: names.into() };
        let markdown = "![A \\] b](https://a.example/x_(1).png?w=1\\&amp=2)\n\nText [link](https://a.example/y.jpg) and\n\
                        ![](https://a.example/z.png) ![b](https://a.example/y.jpg).\n\n```\n![c](https://a.example/y.jpg)\n```\n";
        assert_eq!(
            beside.linked(markdown),
            "![A \\] b](id.images/1.png)\n\nText [link](https://a.example/y.jpg) and\n\
             ![](https://a.example/z.png) ![b](id.images/2.jpg).\n\n```\n![c](https://a.example/y.jpg)\n```\n"
        );
    }
}
