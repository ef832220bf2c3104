//! Rows taken out of a Parquet file.

use super::super::{ArchiveError, safe_file};
use super::file::{self, explain};
use super::rows;
use arrow_array::RecordBatch;
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use parquet::errors::ParquetError;
use std::fs::File;
use std::path::Path;

/// Writes a file anew without the rows that `goes` says, by id and number; takes it away where none stays. Whether there
/// were any.
pub(in super::super) fn remove(
    root: &Path,
    path: &Path,
    goes: impl Fn(&str, u64) -> bool,
) -> Result<bool, ArchiveError> {
    let mut counts = (0_u64, 0_u64);
    rows::each_row(path, |row| {
        // A file that cannot be read holds nothing that could be found.
        if let Ok(row) = row {
            counts.0 += 1;
            counts.1 += u64::from(goes(&row.id, row.seq));
        }
        Ok(())
    })?;
    let (all, going) = counts;
    if going == 0 {
        return Ok(false);
    }
    if going == all {
        std::fs::remove_file(path).map_err(|source| ArchiveError::file("remove", path, source))?;
    } else {
        let known = file::look(path)?;
        let open = File::open(path).map_err(|source| ArchiveError::file("open", path, source))?;
        let failed = |source| explain("read", path, source);
        let reader = ParquetRecordBatchReaderBuilder::try_new(open).and_then(ParquetRecordBatchReaderBuilder::build);
        let kept = reader.map_err(failed)?.flat_map(|batch| match batch {
            Ok(batch) => kept(&batch, &goes).into_iter().map(Ok).collect::<Vec<_>>(),
            Err(error) => vec![Err(failed(ParquetError::from(error)))],
        });
        let part = root.join(super::FOLDER).join(".removal.part");
        file::write(&part, known.origin.as_deref().unwrap_or_default(), known.schema, kept)?;
        std::fs::rename(&part, path).map_err(|source| ArchiveError::file("write", path, source))?;
    }
    path.parent().map_or(Ok(()), safe_file::sync_folder)?;
    Ok(true)
}

/// The runs of rows that stay.
fn kept(batch: &RecordBatch, goes: &impl Fn(&str, u64) -> bool) -> Vec<RecordBatch> {
    let Some(marks) = rows::rows(batch) else { return vec![batch.clone()] };
    let mut runs: Vec<(usize, usize)> = Vec::new();
    for (at, row) in marks.iter().enumerate().filter(|(_, row)| !goes(&row.id, row.seq)) {
        match runs.last_mut() {
            Some((start, length)) if *start + *length == at => *length += 1,
            _ => {
                let _ = row;
                runs.push((at, 1));
            }
        }
    }
    runs.into_iter().map(|(start, length)| batch.slice(start, length)).collect()
}
