//! Which kinds of documents are wanted: by the `Content-Type` header, or by the first bytes where there is none.

/// What kind of document a request is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
#[non_exhaustive]
pub enum Accept {
    /// A web page: HTML, XHTML or plain text.
    #[default]
    Page,
    /// An RSS, Atom or JSON feed, or a page that may turn out to be one.
    Feed,
    /// A sitemap, also a gzipped one.
    Sitemap,
    /// A picture; none that may hold script, as SVG may.
    Image,
    /// Whatever comes.
    Anything,
}

impl Accept {
    /// The `Accept` request header.
    pub(super) fn header(self) -> &'static str {
        match self {
            Self::Page => "text/html,application/xhtml+xml;q=0.9,text/plain;q=0.5,*/*;q=0.1",
            Self::Feed => {
                "application/atom+xml,application/rss+xml,application/feed+json,application/xml;q=0.9,*/*;q=0.5"
            }
            Self::Sitemap => "application/xml,text/xml,text/plain;q=0.8,*/*;q=0.5",
            Self::Image => "image/avif,image/webp,image/png,image/jpeg,image/gif;q=0.9,image/*;q=0.5",
            Self::Anything => "*/*",
        }
    }

    /// What is wanted, for a message.
    pub(super) fn wanted(self) -> &'static str {
        match self {
            Self::Page => "a web page",
            Self::Feed => "a feed",
            Self::Sitemap => "a sitemap",
            Self::Image => "a picture",
            Self::Anything => "anything",
        }
    }

    /// Whether a media type will do; `None` where only the bytes can tell.
    pub(super) fn takes(self, content_type: Option<&str>) -> Option<bool> {
        let whole = content_type.unwrap_or_default();
        let essence = whole.trim().split([';', ',', ' ', '\t']).next().unwrap_or_default().trim().to_ascii_lowercase();
        let (kind, subtype) = essence.split_once('/').unwrap_or((essence.as_str(), ""));
        // A header that says nothing: none, one that is no media type, and the one that means "some bytes".
        if subtype.is_empty() || matches!(essence.as_str(), "application/octet-stream" | "binary/octet-stream" | "*/*")
        {
            return if self == Self::Anything { Some(true) } else { None };
        }
        let is_xml = subtype == "xml" || subtype.ends_with("+xml");
        Some(match self {
            Self::Anything => true,
            Self::Image => kind == "image" && !is_xml,
            Self::Page => matches!(
                essence.as_str(),
                "text/html" | "application/xhtml+xml" | "text/plain" | "text/xhtml" | "application/xhtml"
            ),
            Self::Feed => {
                kind == "text"
                    || kind == "application"
                        && (is_xml
                            || subtype.contains("json")
                            || subtype.contains("gzip")
                            || matches!(subtype, "xhtml" | "rss" | "atom"))
            }
            Self::Sitemap => kind == "text" || kind == "application" && (is_xml || subtype.contains("gzip")),
        })
    }

    /// What a body of unknown type is, where that is not what is wanted.
    pub(super) fn unwanted(self, body: &[u8]) -> Option<&'static str> {
        // What a picture is, its keeper has to look at in any case.
        if matches!(self, Self::Anything | Self::Image) {
            return None;
        }
        let found = SIGNATURES.iter().find(|(signature, _)| body.starts_with(signature)).map(|(_, name)| *name);
        match found {
            Some("a gzip archive") if matches!(self, Self::Sitemap | Self::Feed) => None,
            Some(name) => Some(name),
            // UTF-16 text is full of zero bytes too, but says so at its start.
            None if body.starts_with(b"\xff\xfe") || body.starts_with(b"\xfe\xff") => None,
            None => body.iter().take(SNIFFED_BYTES).any(|byte| *byte == 0).then_some("a binary file"),
        }
    }
}

/// Bytes looked at for a zero, which no text in a single-byte or multi-byte charset holds. The WHATWG MIME sniffing
/// standard reads 1,445; the signatures of media files have theirs well before.
const SNIFFED_BYTES: usize = 1445;

/// How files that a link on a news page may lead to begin (WHATWG MIME sniffing standard, section 6).
const SIGNATURES: &[(&[u8], &str)] = &[
    (b"%PDF-", "a PDF document"),
    (b"%!PS-Adobe-", "a PostScript document"),
    (b"\x89PNG\r\n\x1a\n", "a PNG image"),
    (b"GIF8", "a GIF image"),
    (b"\xff\xd8\xff", "a JPEG image"),
    (b"RIFF", "a WebP image, WAVE sound or AVI video"),
    (b"ID3", "an MP3 sound"),
    (b"OggS", "an Ogg sound or video"),
    (b"\x1a\x45\xdf\xa3", "a Matroska or WebM video"),
    (b"\x00\x00\x00\x18ftyp", "an MP4 video"),
    (b"\x00\x00\x00\x20ftyp", "an MP4 video"),
    (b"PK\x03\x04", "a ZIP archive"),
    (b"\x1f\x8b\x08", "a gzip archive"),
    (b"wOF", "a font"),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn media_types() {
        let cases = [
            (Accept::Page, Some("text/html; charset=utf-8"), Some(true)),
            (Accept::Page, Some("TEXT/HTML"), Some(true)),
            (Accept::Page, Some("application/pdf"), Some(false)),
            (Accept::Page, Some("image/png"), Some(false)),
            (Accept::Page, Some("application/rss+xml"), Some(false)),
            (Accept::Page, None, None),
            (Accept::Page, Some("application/octet-stream"), None),
            (Accept::Page, Some("html"), None),
            (Accept::Feed, Some("application/feed+json"), Some(true)),
            (Accept::Feed, Some("text/html"), Some(true)),
            (Accept::Feed, Some("audio/mpeg"), Some(false)),
            (Accept::Sitemap, Some("application/x-gzip"), Some(true)),
            (Accept::Sitemap, Some("video/mp4"), Some(false)),
            (Accept::Image, Some("image/webp"), Some(true)),
            (Accept::Image, Some("image/svg+xml"), Some(false)),
            (Accept::Image, Some("text/html"), Some(false)),
            (Accept::Image, None, None),
            (Accept::Anything, Some("video/mp4"), Some(true)),
        ];
        for (accept, content_type, expected) in cases {
            assert_eq!(accept.takes(content_type), expected, "{accept:?} {content_type:?}");
        }
    }

    #[test]
    fn bytes_of_unknown_type() {
        assert_eq!(Accept::Page.unwanted(b"%PDF-1.7 ..."), Some("a PDF document"));
        assert_eq!(Accept::Page.unwanted(b"<p>\0"), Some("a binary file"));
        assert_eq!(Accept::Page.unwanted(b"<!doctype html>"), None);
        assert_eq!(Accept::Page.unwanted(b"\xff\xfe<\0p\0>\0"), None);
        assert_eq!(Accept::Sitemap.unwanted(b"\x1f\x8b\x08\0"), None);
    }
}
