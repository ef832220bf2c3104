//! What the rows of a Parquet file say of themselves.

use super::super::ArchiveError;
use super::file::explain;
use arrow_array::cast::AsArray;
use arrow_array::types::Int64Type;
use arrow_array::{Array, RecordBatch};
use parquet::arrow::ProjectionMask;
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use parquet::errors::ParquetError;
use std::fs::File;
use std::path::Path;

/// A row, as far as it says which version it is, and whether it is whole.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in super::super) struct Row {
    pub(in super::super) id: String,
    pub(in super::super) seq: u64,
    pub(in super::super) text: String,
    /// Empty for a tombstone.
    pub(in super::super) content_hash: String,
}

/// The columns that are read.
const READ: [&str; 4] = ["id", "seq", "text", "content_hash"];

/// Calls back for each row of a file; for the first one that cannot be read, with what is wrong.
pub(in super::super) fn each_row(
    path: &Path,
    mut found: impl FnMut(Result<Row, String>) -> Result<(), ArchiveError>,
) -> Result<(), ArchiveError> {
    let open = File::open(path).map_err(|source| ArchiveError::file("open", path, source))?;
    let builder = match ParquetRecordBatchReaderBuilder::try_new(open) {
        Ok(builder) => builder,
        Err(error) => return fault(path, error, found),
    };
    let mask = ProjectionMask::columns(builder.parquet_schema(), READ);
    let batches = match builder.with_projection(mask).build() {
        Ok(batches) => batches,
        Err(error) => return fault(path, error, found),
    };
    for batch in batches {
        match batch.map_err(ParquetError::from).map(|batch| rows(&batch)) {
            Ok(Some(rows)) => rows.into_iter().try_for_each(|row| found(Ok(row)))?,
            Ok(None) => return found(Err("does not have our columns".to_owned())),
            Err(error) => return fault(path, error, found),
        }
    }
    Ok(())
}

/// A disk that cannot be read is an error; what is wrong with the file is what is looked for.
fn fault(
    path: &Path,
    error: ParquetError,
    mut found: impl FnMut(Result<Row, String>) -> Result<(), ArchiveError>,
) -> Result<(), ArchiveError> {
    match explain("read", path, error) {
        ArchiveError::Parquet { source, .. } => found(Err(format!("cannot be read: {source}"))),
        other => Err(other),
    }
}

pub(super) fn rows(batch: &RecordBatch) -> Option<Vec<Row>> {
    let texts = |name: &str| batch.column_by_name(name)?.as_string_opt::<i32>();
    let (ids, bodies, hashes) = (texts("id")?, texts("text")?, texts("content_hash")?);
    let seqs = batch.column_by_name("seq")?.as_primitive_opt::<Int64Type>()?;
    let value = |column: &arrow_array::StringArray, row| {
        if column.is_null(row) { String::new() } else { column.value(row).to_owned() }
    };
    let row = |row| Row {
        id: value(ids, row),
        seq: seqs.value(row).cast_unsigned(),
        text: value(bodies, row),
        content_hash: value(hashes, row),
    };
    Some((0..batch.num_rows()).map(row).collect())
}
