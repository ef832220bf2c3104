//! Records as columns: which there are, of which types.
//!
//! The names are those of the record. Lists, structs and moments are what they are; `source` and `date` are not among the
//! columns, because the folders' names say them.

use crate::model::{Article, ArticleDate, Image, Tombstone};
use arrow_array::{
    Array as _, ArrayRef, BooleanArray, Float32Array, Int32Array, Int64Array, ListArray, MapArray, RecordBatch,
    StringArray, StructArray, TimestampMicrosecondArray,
};
use arrow_buffer::OffsetBuffer;
use arrow_schema::{ArrowError, DataType, Field, Fields, SchemaRef};
use std::sync::Arc;

/// The zone that moments are given in; readers show them in their own.
const ZONE: &str = "UTC";

/// The columns of a file without a row.
pub(super) fn schema() -> Result<SchemaRef, ArrowError> {
    Ok(batch(&[])?.schema())
}

/// Records as rows, in their order.
pub(super) fn batch(articles: &[Article]) -> Result<RecordBatch, ArrowError> {
    let text =
        |of: fn(&Article) -> &str| -> ArrayRef { Arc::new(StringArray::from_iter_values(articles.iter().map(of))) };
    let some_text =
        |of: fn(&Article) -> Option<&str>| -> ArrayRef { Arc::new(articles.iter().map(of).collect::<StringArray>()) };
    let texts = |of: fn(&Article) -> &[String]| strings(articles.iter().map(of));
    let moment = |of: fn(&Article) -> Option<i64>| -> ArrayRef {
        Arc::new(articles.iter().map(of).collect::<TimestampMicrosecondArray>().with_timezone(ZONE))
    };
    let as_written = |of: fn(&Article) -> Option<ArticleDate>| -> ArrayRef {
        Arc::new(articles.iter().map(|article| of(article).map(|date| date.to_string())).collect::<StringArray>())
    };
    let fingerprints = articles.iter().map(|article| article.fingerprint.to_string());
    // (name, values, whether a value may be missing)
    RecordBatch::try_from_iter_with_nullable([
        ("seq", whole(articles.iter().map(|article| article.seq.cast_signed())), false),
        ("id", text(|article| &article.id), false),
        (
            "version",
            Arc::new(Int32Array::from_iter_values(articles.iter().map(|article| article.version.cast_signed())))
                as ArrayRef,
            false,
        ),
        ("url", some_text(|article| article.url.as_deref()), true),
        ("canonical_url", some_text(|article| article.canonical_url.as_deref()), true),
        ("site_name", some_text(|article| article.site_name.as_deref()), true),
        ("title", some_text(|article| article.title.as_deref()), true),
        ("subtitle", some_text(|article| article.subtitle.as_deref()), true),
        ("section", some_text(|article| article.section.as_deref()), true),
        ("tags", texts(|article| &article.tags)?, false),
        ("authors", texts(|article| &article.authors)?, false),
        ("published", moment(|article| instant(article.published)), true),
        ("published_text", as_written(|article| article.published), true),
        ("modified", moment(|article| instant(article.modified)), true),
        ("modified_text", as_written(|article| article.modified), true),
        ("fetched", moment(|article| article.fetched.map(jiff::Timestamp::as_microsecond)), true),
        ("language", some_text(|article| article.language.as_deref()), true),
        ("summary", some_text(|article| article.summary.as_deref()), true),
        ("text", text(|article| &article.text), false),
        ("markdown", text(|article| &article.markdown), false),
        ("html", text(|article| &article.html), false),
        ("images", images(articles)?, false),
        (
            "word_count",
            whole(articles.iter().map(|article| i64::try_from(article.word_count).unwrap_or(i64::MAX))),
            false,
        ),
        ("content_hash", text(|article| &article.content_hash), false),
        ("fingerprint", Arc::new(StringArray::from_iter_values(fingerprints)), false),
        ("cluster", some_text(|article| article.cluster.as_deref()), true),
        ("page_type", text(|article| article.page_type.name()), false),
        (
            "confidence",
            Arc::new(Float32Array::from_iter_values(articles.iter().map(|article| article.confidence))),
            false,
        ),
        ("paywalled", truth(articles.iter().map(|article| Some(article.paywalled))), false),
        ("usage", usage(articles)?, false),
        ("tombstone", some_text(|article| article.tombstone.map(Tombstone::name)), true),
    ])
}

fn instant(date: Option<ArticleDate>) -> Option<i64> {
    date.map(|date| date.instant().as_microsecond())
}

fn whole(values: impl Iterator<Item = i64>) -> ArrayRef {
    Arc::new(Int64Array::from_iter_values(values))
}

fn truth(values: impl Iterator<Item = Option<bool>>) -> ArrayRef {
    Arc::new(values.collect::<BooleanArray>())
}

/// Lists of texts.
fn strings<'a>(lists: impl Iterator<Item = &'a [String]> + Clone) -> Result<ArrayRef, ArrowError> {
    let values = StringArray::from_iter_values(lists.clone().flatten());
    list(lists.map(<[String]>::len), Arc::new(values))
}

/// Lists of so many values each. Their elements have the name that the Parquet format asks for.
fn list(lengths: impl Iterator<Item = usize>, values: ArrayRef) -> Result<ArrayRef, ArrowError> {
    let element = Arc::new(Field::new("element", values.data_type().clone(), false));
    Ok(Arc::new(ListArray::try_new(element, OffsetBuffer::from_lengths(lengths), values, None)?))
}

fn images(articles: &[Article]) -> Result<ArrayRef, ArrowError> {
    let all = articles.iter().flat_map(|article| &article.images);
    let part = |of: fn(&Image) -> Option<&str>| -> ArrayRef { Arc::new(all.clone().map(of).collect::<StringArray>()) };
    let parts = [
        ("url", part(|image| image.url.as_deref())),
        ("caption", part(|image| image.caption.as_deref())),
        ("credit", part(|image| image.credit.as_deref())),
        ("alt", part(|image| image.alt.as_deref())),
    ];
    list(articles.iter().map(|article| article.images.len()), structure(parts.map(|(name, part)| (name, part, true)))?)
}

fn usage(articles: &[Article]) -> Result<ArrayRef, ArrowError> {
    let all = articles.iter().map(|article| &article.usage);
    let signals = all.clone().flat_map(|usage| &usage.content_signal);
    let names = StringArray::from_iter_values(signals.clone().map(|(name, _)| name));
    let entries = StructArray::try_new(
        Fields::from(vec![Field::new("key", DataType::Utf8, false), Field::new("value", DataType::Boolean, false)]),
        vec![Arc::new(names), truth(signals.map(|(_, allowed)| Some(*allowed)))],
        None,
    )?;
    let entry = Arc::new(Field::new("key_value", entries.data_type().clone(), false));
    let lengths = OffsetBuffer::from_lengths(all.clone().map(|usage| usage.content_signal.len()));
    structure([
        (
            "license",
            Arc::new(all.clone().map(|usage| usage.license.as_deref()).collect::<StringArray>()) as ArrayRef,
            true,
        ),
        ("robots", strings(all.clone().map(|usage| usage.robots.as_slice()))?, false),
        ("tdm_reservation", truth(all.clone().map(|usage| usage.tdm_reservation)), true),
        ("tdm_policy", Arc::new(all.map(|usage| usage.tdm_policy.as_deref()).collect::<StringArray>()), true),
        ("content_signal", Arc::new(MapArray::try_new(entry, lengths, entries, None, false)?), false),
    ])
}

/// Values side by side: name, values, whether a value may be missing.
fn structure<const N: usize>(parts: [(&str, ArrayRef, bool); N]) -> Result<ArrayRef, ArrowError> {
    let fields: Fields =
        parts.iter().map(|(name, values, nullable)| Field::new(*name, values.data_type().clone(), *nullable)).collect();
    let arrays = parts.into_iter().map(|(_, values, _)| values).collect();
    Ok(Arc::new(StructArray::try_new(fields, arrays, None)?))
}
