//! A Parquet file: how it is written, and what can be told of one without reading its rows.

use super::super::ArchiveError;
use ::parquet::arrow::ArrowWriter;
use ::parquet::arrow::arrow_reader::{ArrowReaderMetadata, ArrowReaderOptions};
use ::parquet::basic::{Compression, ZstdLevel};
use ::parquet::errors::ParquetError;
use ::parquet::file::metadata::KeyValue;
use ::parquet::file::properties::WriterProperties;
use ::parquet::schema::types::ColumnPath;
use arrow_array::RecordBatch;
use arrow_schema::SchemaRef;
use std::fs::File;
use std::path::Path;

/// With its dot.
pub(super) const EXTENSION: &str = ".parquet";

/// Rows of a row group, at the most: as many as `DuckDB` reads in one piece.
const GROUP_ROWS: usize = 122_880;

/// Bytes of a row group as it is in the file, at the most. Articles are large, so that this comes first; a scan of some
/// columns still reads megabytes at a time, and whoever writes or reads one holds it in memory.
const GROUP_BYTES: usize = 64 << 20;

/// The level of the `zstd` program, 1 to 22.
const ZSTD_LEVEL: i32 = 3;

/// Columns whose values are hardly ever the same twice: a dictionary of them is made for nothing.
const DISTINCT: [&str; 8] = ["seq", "id", "url", "text", "markdown", "html", "content_hash", "fingerprint"];

/// Under what key a file says what it was made of.
const ORIGIN: &str = "copydesk.origin";

/// Writes a file, which is on the disk then, and takes it away again if that fails. Its folder has to be there.
pub(super) fn write(
    path: &Path,
    origin: &str,
    schema: SchemaRef,
    batches: impl IntoIterator<Item = Result<RecordBatch, ArchiveError>>,
) -> Result<(), ArchiveError> {
    // The space that it takes may be the very space that is missing.
    write_all(path, origin, schema, batches).inspect_err(|_| drop(std::fs::remove_file(path)))
}

fn write_all(
    path: &Path,
    origin: &str,
    schema: SchemaRef,
    batches: impl IntoIterator<Item = Result<RecordBatch, ArchiveError>>,
) -> Result<(), ArchiveError> {
    let failed = |source| explain("write", path, source);
    let file = File::create(path).map_err(|source| ArchiveError::file("write", path, source))?;
    let mut writer = ArrowWriter::try_new(file, schema, Some(properties(origin).map_err(failed)?)).map_err(failed)?;
    for batch in batches {
        writer.write(&batch?).map_err(failed)?;
    }
    let file = writer.into_inner().map_err(failed)?;
    file.sync_all().map_err(|source| ArchiveError::file("sync", path, source))
}

fn properties(origin: &str) -> Result<WriterProperties, ParquetError> {
    let mut builder = WriterProperties::builder()
        .set_compression(Compression::ZSTD(ZstdLevel::try_new(ZSTD_LEVEL)?))
        .set_max_row_group_row_count(Some(GROUP_ROWS))
        .set_max_row_group_bytes(Some(GROUP_BYTES))
        .set_created_by(concat!("copydesk ", env!("CARGO_PKG_VERSION")).to_owned())
        .set_key_value_metadata(Some(vec![KeyValue::new(ORIGIN.to_owned(), origin.to_owned())]));
    for column in DISTINCT {
        builder = builder.set_column_dictionary_enabled(ColumnPath::from(column), false);
    }
    Ok(builder.build())
}

/// What a file is, without its rows.
pub(super) struct Known {
    /// What it was made of.
    pub(super) origin: Option<String>,
    pub(super) schema: SchemaRef,
    pub(super) rows: u64,
}

/// Reads what a file is from its end.
pub(super) fn look(path: &Path) -> Result<Known, ArchiveError> {
    let file = File::open(path).map_err(|source| ArchiveError::file("open", path, source))?;
    let read = ArrowReaderMetadata::load(&file, ArrowReaderOptions::new());
    let read = read.map_err(|source| explain("read", path, source))?;
    let file = read.metadata().file_metadata();
    let origin = file.key_value_metadata().into_iter().flatten().find(|pair| pair.key == ORIGIN);
    Ok(Known {
        origin: origin.and_then(|pair| pair.value.clone()),
        schema: plain(read.schema()),
        rows: file.num_rows().cast_unsigned(),
    })
}

/// A schema without what is said of the file beside it.
fn plain(schema: &SchemaRef) -> SchemaRef {
    std::sync::Arc::new(arrow_schema::Schema::new(schema.fields().clone()))
}

/// An error of the format's, or what the system said.
pub(super) fn explain(doing: &'static str, path: &Path, source: ParquetError) -> ArchiveError {
    match source {
        ParquetError::External(error) => match error.downcast::<std::io::Error>() {
            Ok(source) => ArchiveError::file(doing, path, *source),
            Err(other) => ArchiveError::Parquet { doing, path: path.to_owned(), source: ParquetError::External(other) },
        },
        source => ArchiveError::Parquet { doing, path: path.to_owned(), source },
    }
}
