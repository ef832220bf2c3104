//! What the tools take.

use rmcp::schemars::JsonSchema;
use serde::Deserialize;

/// Arguments of `clean_url`.
#[derive(Debug, Deserialize, JsonSchema)]
#[schemars(crate = "rmcp::schemars")]
#[serde(deny_unknown_fields)]
pub(super) struct Page {
    /// The page's address, http or https.
    pub(super) url: String,
    /// From which character on, to read on in a long article; 0 for its beginning.
    #[serde(default)]
    pub(super) offset: usize,
}

/// Arguments of `search_articles`.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[schemars(crate = "rmcp::schemars")]
#[serde(deny_unknown_fields, default)]
pub(super) struct Search {
    /// The words to look for; left out for the newest articles.
    pub(super) query: Option<String>,
    /// Published since (or fetched, where that is unknown): a day such as 2026-11-01, a moment (RFC 3339), or a time ago such
    /// as 7d.
    pub(super) since: Option<String>,
    /// Published before; written like since.
    pub(super) until: Option<String>,
    /// From this host or the hosts under it, such as example.org.
    pub(super) site: Option<String>,
    /// Of this source, by its name in `list_sources`.
    pub(super) source: Option<String>,
    /// In this language (BCP 47), such as de.
    pub(super) lang: Option<String>,
    /// How many at the most, up to 50; 10 where it is left out.
    pub(super) limit: Option<usize>,
    /// How many of the first are passed over, to get those behind them.
    pub(super) offset: usize,
}

/// Arguments of `get_article`.
#[derive(Debug, Deserialize, JsonSchema)]
#[schemars(crate = "rmcp::schemars")]
#[serde(deny_unknown_fields)]
pub(super) struct Article {
    /// The article's id, the beginning of it, or its address.
    pub(super) id: String,
    /// Which version, from 1; the last that has a text where it is left out.
    #[serde(default)]
    pub(super) version: Option<u32>,
    /// From which character on, to read on in a long article; 0 for its beginning.
    #[serde(default)]
    pub(super) offset: usize,
}

/// Arguments of `list_sources`.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[schemars(crate = "rmcp::schemars")]
#[serde(deny_unknown_fields, default)]
pub(super) struct Sources {
    /// How many of the first are passed over, to get those behind them.
    pub(super) offset: usize,
}

/// Arguments of `what_changed`.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[schemars(crate = "rmcp::schemars")]
#[serde(deny_unknown_fields, default)]
pub(super) struct Changes {
    /// Behind this sequence number, as an earlier answer named it.
    pub(super) after_seq: Option<u64>,
    /// Fetched since: a day such as 2026-11-01, a moment (RFC 3339), or a time ago such as 24h. Without this and `after_seq`,
    /// the latest.
    pub(super) since: Option<String>,
    /// Of this article alone: its id, the beginning of it, or its address.
    pub(super) id: Option<String>,
    /// How many at the most, up to 50; 20 where it is left out.
    pub(super) limit: Option<usize>,
}
