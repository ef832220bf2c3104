//! One capture of an address, as indexes have it; and how it is read from its record.

use super::record::{date_digits, date_text};
use super::{WarcHead, surt};
use jiff::Timestamp;
use serde_json::json;
use url::Url;

/// What stands in an index in place of the media type of a record without its payload.
const REVISIT: &str = "warc/revisit";

/// A response or revisit record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Capture {
    /// Where the record begins in its file, and how long it is, in bytes.
    pub(super) offset: u64,
    pub(super) length: u64,
    /// What it is sorted and looked up by.
    pub(super) key: String,
    pub(super) url: String,
    /// As the record has it.
    pub(super) date: String,
    /// HTTP status; 0 where it cannot be read.
    pub(super) status: u16,
    pub(super) mime: String,
    /// Of the payload; empty where the record does not say.
    pub(super) digest: String,
    /// The record's name.
    pub(super) record: String,
    /// Whether another record may stand for this one: it has a payload, and all of it.
    pub(super) is_whole: bool,
}

/// The capture that a revisit record refers to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Original {
    pub(super) url: String,
    pub(super) date: String,
    pub(super) record: String,
    pub(super) digest: String,
}

impl Capture {
    /// A capture of our own.
    pub(super) fn new(url: &Url, date: Timestamp, record: String) -> Self {
        Self {
            offset: 0,
            length: 0,
            key: surt::surt(url),
            url: url.to_string(),
            date: date_text(date),
            status: 0,
            mime: String::new(),
            digest: String::new(),
            record,
            is_whole: false,
        }
    }

    /// Says that the record has no payload of its own.
    pub(super) fn revisits(&mut self) {
        REVISIT.clone_into(&mut self.mime);
        self.is_whole = false;
    }

    /// Whether the payload is in another record.
    pub(super) fn is_revisit(&self) -> bool {
        self.mime == REVISIT
    }

    /// Reads a record; `None` for one of another kind. `http` is the beginning of its block.
    pub(super) fn read(head: &WarcHead, http: &[u8]) -> Option<Self> {
        if !matches!(head.kind(), "response" | "revisit") {
            return None;
        }
        let url = Url::parse(head.target()?).ok()?;
        let date = head.get("warc-date")?.parse().ok()?;
        let mut capture = Self::new(&url, date, head.get("warc-record-id")?.to_owned());
        let text = String::from_utf8_lossy(http);
        let mut lines = text.lines();
        let status = lines.next().and_then(|line| line.split(' ').nth(1)?.parse().ok());
        capture.status = status.unwrap_or_default();
        let content_type = lines.take_while(|line| !line.is_empty()).find_map(|line| {
            let (name, value) = line.split_once(':')?;
            name.eq_ignore_ascii_case("content-type").then_some(value)
        });
        capture.mime = mime(content_type);
        head.get("warc-payload-digest").unwrap_or_default().clone_into(&mut capture.digest);
        capture.is_whole = !capture.digest.is_empty() && head.get("warc-truncated").is_none() && has_body(http, head);
        if head.kind() == "revisit" {
            capture.revisits();
        }
        Some(capture)
    }

    /// The line of a CDXJ file, with its end. `file` is relative to `warc/`.
    pub(super) fn line(&self, file: &str) -> String {
        let digits = date_digits(&self.date);
        let fields = json!({
            "url": self.url,
            "mime": self.mime,
            "status": self.status.to_string(),
            "digest": self.digest,
            "length": self.length.to_string(),
            "offset": self.offset.to_string(),
            "filename": file,
        });
        format!("{} {digits} {fields}\n", self.key)
    }
}

/// Whether there is something behind the head of an answer, of whose block this is the beginning.
fn has_body(http: &[u8], head: &WarcHead) -> bool {
    let end = memchr::memmem::find(http, b"\r\n\r\n");
    end.is_none_or(|end| (end as u64 + 4) < head.length)
}

/// The media type alone, in lower case; what an index has where there is none.
pub(super) fn mime(content_type: Option<&str>) -> String {
    let essence = content_type.unwrap_or_default().split([';', ',', ' ']).find(|part| !part.is_empty());
    essence.map_or_else(|| "unk".to_owned(), |essence| essence.trim().to_ascii_lowercase())
}
