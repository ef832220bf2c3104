//! What a document of unknown kind is, how it is cleaned, and what is handed out of it as one text.

use super::{Cleaned, ExtractError, Input, Options, RepeatedLines, check_text, clean, clean_text_of_site};
use crate::markup;
use crate::model::Article;
use serde_json::{Value, json};
use url::Url;

/// How far into bytes of unknown kind a tag is looked for, in characters: past a long comment, well within any head.
const TAG_SCAN_CHARS: usize = 2048;

/// What the bytes of a document are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A web page.
    Html,
    /// Text that was scraped already.
    ScrapedText,
}

impl Kind {
    /// What bytes without a name are: a page has a tag near its start.
    #[must_use]
    pub fn by_look(bytes: &[u8]) -> Self {
        let text = markup::decode(bytes, None).text;
        let head: Vec<char> = text.chars().take(TAG_SCAN_CHARS).collect();
        let has_tag = head.windows(2).any(|pair| pair[0] == '<' && (pair[1].is_ascii_alphabetic() || pair[1] == '!'));
        if has_tag { Self::Html } else { Self::ScrapedText }
    }

    /// What a server sent. Plain text is scraped text, unless the server gave a page the wrong name.
    #[must_use]
    pub fn of_answer(content_type: Option<&str>, bytes: &[u8]) -> Self {
        let essence = content_type.unwrap_or_default().split(';').next().unwrap_or_default().trim();
        if essence.eq_ignore_ascii_case("text/plain") { Self::by_look(bytes) } else { Self::Html }
    }
}

/// Cleans a page or a text. `repeated` are the lines of a text that are its site's.
///
/// # Errors
/// [`ExtractError`] where the bytes are no document.
pub fn clean_as(
    kind: Kind,
    input: &Input<'_>,
    options: &Options,
    repeated: &RepeatedLines,
) -> Result<Cleaned, ExtractError> {
    if kind == Kind::Html {
        return clean(input, options);
    }
    check_text(input.bytes)?;
    let charset = input.content_type.and_then(markup::charset_of);
    let mut cleaned = clean_text_of_site(&markup::decode(input.bytes, charset).text, options, repeated);
    cleaned.article.url = input.url.map(Url::to_string);
    cleaned.article.fetched = input.fetched;
    Ok(cleaned)
}

impl Cleaned {
    /// The record, with the explanation where there is one.
    #[must_use]
    pub fn record(&self) -> Value {
        let mut record = json!(self.article);
        if let (Value::Object(fields), Some(explanation)) = (&mut record, &self.explanation) {
            fields.insert("explanation".to_owned(), json!(explanation));
        }
        record
    }
}

/// Title and body as Markdown, ended by a line feed.
#[must_use]
pub fn titled_markdown(article: &Article) -> String {
    let title = article.title.as_ref().map(|title| format!("# {title}\n\n")).unwrap_or_default();
    format!("{title}{}\n", article.markdown)
}

/// Title and body as sanitized HTML, ended by a line feed.
#[must_use]
pub fn titled_html(article: &Article) -> String {
    let mut out = String::new();
    if let Some(title) = &article.title {
        out.push_str("<h1>");
        markup::escape_into(title, &mut out);
        out.push_str("</h1>\n");
    }
    out.push_str(&article.html);
    out.push('\n');
    out
}
