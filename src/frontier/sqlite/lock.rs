//! One process at a time for each store.

use super::super::FrontierError;
use std::fs::{File, OpenOptions, TryLockError};
use std::io::{Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::time::Duration;

/// How long a lock may be held by somebody who only looks whether it is.
const GLANCE: Duration = Duration::from_millis(50);

/// The lock of a store; let go of when dropped, and by the system when the process dies.
#[derive(Debug)]
pub(super) struct StoreLock {
    _file: File,
}

impl StoreLock {
    /// Takes the lock, a file beside the store.
    pub(super) fn take(store: &Path) -> Result<Self, FrontierError> {
        let path = file_of(store);
        let failed = |doing, source| FrontierError::File { doing, path: path.clone(), source };
        let mut file = OpenOptions::new()
            .create(true)
            .truncate(false)
            .read(true)
            .write(true)
            .open(&path)
            .map_err(|source| failed("create the lock file", source))?;
        let locked = file.try_lock().or_else(|_| {
            std::thread::sleep(GLANCE);
            file.try_lock()
        });
        match locked {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                let mut text = String::new();
                // The owner wrote its number; if it cannot be read, the refusal stands all the same.
                let _ = file.read_to_string(&mut text);
                let pid = text.trim();
                let owner = if pid.is_empty() { "process unknown".to_owned() } else { format!("pid {pid}") };
                return Err(FrontierError::Locked { path: store.to_owned(), owner });
            }
            Err(TryLockError::Error(source)) => return Err(failed("lock", source)),
        }
        let write = |file: &mut File| {
            file.set_len(0)?;
            file.seek(SeekFrom::Start(0))?;
            writeln!(file, "{}", std::process::id())
        };
        write(&mut file).map_err(|source| failed("write", source))?;
        Ok(Self { _file: file })
    }
}

/// Whether a process has a store.
pub(super) fn is_held(store: &Path) -> Result<bool, FrontierError> {
    let path = file_of(store);
    let file = match File::open(&path) {
        Ok(file) => file,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(false),
        Err(source) => return Err(FrontierError::File { doing: "look at the lock file", path, source }),
    };
    // What is got is let go of at once, as the file is closed.
    Ok(matches!(file.try_lock_shared(), Err(TryLockError::WouldBlock)))
}

/// The lock's file.
fn file_of(store: &Path) -> PathBuf {
    let mut name = store.as_os_str().to_owned();
    name.push(".lock");
    PathBuf::from(name)
}
