//! How far a receiver has come, on the disk.

use std::fs::{self, File, TryLockError};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use xxhash_rust::xxh3::xxh3_64;

/// The folder under the archive; hidden, as it is none of it.
const FOLDER: &str = ".deliveries";

/// The number of the last version that a receiver took, and the right to deliver to it.
#[derive(Debug)]
pub(super) struct Cursor {
    path: PathBuf,
    seq: u64,
    /// Held as long as the cursor is.
    _lock: File,
}

impl Cursor {
    /// The cursor of a receiver; nothing where another process delivers to it. A receiver that is new begins behind
    /// `first`.
    pub(super) fn open(archive: &Path, name: &str, first: u64) -> io::Result<Option<Self>> {
        let folder = archive.join(FOLDER);
        fs::create_dir_all(&folder)?;
        // Names are URLs for the most part, which make no file names.
        let stem = format!("{:016x}", xxh3_64(name.as_bytes()));
        let lock = File::create(folder.join(format!("{stem}.lock")))?;
        match lock.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => return Ok(None),
            Err(TryLockError::Error(error)) => return Err(error),
        }
        let path = folder.join(format!("{stem}.seq"));
        let text = match fs::read_to_string(&path) {
            Ok(text) => text,
            Err(error) if error.kind() == io::ErrorKind::NotFound => String::new(),
            Err(error) => return Err(error),
        };
        let known = text.split_whitespace().next().and_then(|seq| seq.parse().ok());
        let mut cursor = Self { path, seq: known.unwrap_or(first), _lock: lock };
        if known.is_none() {
            cursor.save(first, name)?;
        }
        Ok(Some(cursor))
    }

    pub(super) fn seq(&self) -> u64 {
        self.seq
    }

    /// Remembers that a version was taken. The name is for whoever looks into the file.
    pub(super) fn save(&mut self, seq: u64, name: &str) -> io::Result<()> {
        let part = self.path.with_extension("part");
        let mut file = File::create(&part)?;
        writeln!(file, "{seq} {name}")?;
        file.sync_data()?;
        fs::rename(&part, &self.path)?;
        self.seq = seq;
        Ok(())
    }
}
