//! Where the records go: to standard output, or to a folder with a note of how far the work is.
//!
//! `records.jsonl` counts up to the length that `progress.json` says, which is replaced in one step when that much is on
//! the disk. Whoever starts again after a crash cuts the file to that length and reads on behind the place that is noted.

use super::inputs::Unit;
use super::pages::Place;
use serde::{Deserialize, Serialize};
use std::fs::{self, File, OpenOptions};
use std::io::{self, BufWriter, Seek as _, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

/// How often the state is saved: little is done again after a crash, and the disk is not waited for all the time.
const SAVED_EVERY: Duration = Duration::from_secs(2);

/// The form of the note.
const FORMAT: u32 = 1;

/// Where the records go.
pub(super) enum Output {
    Lines(BufWriter<io::Stdout>),
    Folder(Box<Folder>),
}

/// A folder that holds what was done.
pub(super) struct Folder {
    path: PathBuf,
    records: BufWriter<File>,
    state: State,
    saved: Instant,
}

/// How far the work is.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct State {
    format: u32,
    /// What was asked for: it has to be the same to go on.
    inputs: Vec<(String, u64)>,
    only_changed: bool,
    /// The last page that was dealt with.
    pub(super) place: Option<Place>,
    /// Bytes of `records.jsonl`.
    length: u64,
    /// Whether there is nothing left to do.
    pub(super) is_done: bool,
    pub(super) counts: Counts,
}

/// What was done.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(super) struct Counts {
    /// Pages that were cleaned.
    pub(super) pages: u64,
    /// Records that were written.
    pub(super) records: u64,
    /// Pages that could not be cleaned.
    pub(super) failed: u64,
}

impl Folder {
    /// Opens a folder for inputs, or makes it.
    ///
    /// # Errors
    /// Where it cannot be written to, is in use, or holds the result of other inputs.
    pub(super) fn open(path: &Path, units: &[Unit], only_changed: bool) -> Result<Self, String> {
        let failed = |doing: &str, path: &Path| {
            let name = path.display().to_string();
            let doing = doing.to_owned();
            move |error: io::Error| {
                format!("cannot {doing} {name}: {error}; check the path, its permissions and the space on its disk")
            }
        };
        fs::create_dir_all(path).map_err(failed("create the folder", path))?;
        let (records, note) = (path.join("records.jsonl"), path.join("progress.json"));
        let mut file = OpenOptions::new()
            .create(true)
            .read(true)
            .write(true)
            .truncate(false)
            .open(&records)
            .map_err(failed("open", &records))?;
        if file.try_lock().is_err() {
            return Err(format!(
                "{} is being written by another process; wait for it, or choose another folder",
                path.display()
            ));
        }
        let inputs: Vec<(String, u64)> = units.iter().map(|unit| (unit.name.clone(), unit.length)).collect();
        let state = match fs::read(&note) {
            Ok(text) => {
                let state: State = serde_json::from_slice(&text)
                    .map_err(|error| format!("{} cannot be read ({error}); choose another folder", note.display()))?;
                if state.format != FORMAT || state.inputs != inputs || state.only_changed != only_changed {
                    return Err(format!(
                        "{} holds the result of other inputs, or of these before they changed; choose another folder for --out",
                        path.display()
                    ));
                }
                state
            }
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                let length = file.metadata().map_err(failed("read", &records))?.len();
                if length > 0 {
                    return Err(format!(
                        "{} holds records of something else; choose another folder for --out",
                        path.display()
                    ));
                }
                let counts = Counts::default();
                State { format: FORMAT, inputs, only_changed, place: None, length: 0, is_done: false, counts }
            }
            Err(error) => return Err(failed("read", &note)(error)),
        };
        let length = file.metadata().map_err(failed("read", &records))?.len();
        if length < state.length {
            return Err(format!(
                "{} is shorter than {} says; choose another folder for --out",
                records.display(),
                note.display()
            ));
        }
        file.set_len(state.length).and_then(|()| file.seek(SeekFrom::End(0))).map_err(failed("write", &records))?;
        let mut folder = Self { path: path.to_owned(), records: BufWriter::new(file), state, saved: Instant::now() };
        // From now on it is known whose records these are.
        folder.save().map_err(failed("write", &note))?;
        Ok(folder)
    }

    fn save(&mut self) -> io::Result<()> {
        self.records.flush()?;
        self.records.get_ref().sync_data()?;
        self.state.length = self.records.get_mut().stream_position()?;
        let (note, part) = (self.path.join("progress.json"), self.path.join(".progress.json.part"));
        let mut file = File::create(&part)?;
        serde_json::to_writer(&mut file, &self.state)?;
        file.sync_data()?;
        fs::rename(&part, &note)?;
        File::open(&self.path)?.sync_all()?;
        self.saved = Instant::now();
        Ok(())
    }
}

impl Output {
    /// How far an earlier run came.
    pub(super) fn state(&self) -> Option<&State> {
        match self {
            Self::Lines(_) => None,
            Self::Folder(folder) => Some(&folder.state),
        }
    }

    /// Takes what came of a page.
    ///
    /// # Errors
    /// Where it cannot be written.
    pub(super) fn take(&mut self, place: Place, line: Option<&str>, counts: &Counts) -> io::Result<()> {
        let out: &mut dyn Write = match self {
            Self::Lines(out) => out,
            Self::Folder(folder) => &mut folder.records,
        };
        if let Some(line) = line {
            out.write_all(line.as_bytes())?;
            out.write_all(b"\n")?;
        }
        if let Self::Folder(folder) = self {
            folder.state.place = Some(place);
            folder.state.counts.clone_from(counts);
            if folder.saved.elapsed() >= SAVED_EVERY {
                folder.save()?;
            }
        }
        Ok(())
    }

    /// Shows what is there, before something is waited for.
    ///
    /// # Errors
    /// Where it cannot be written.
    pub(super) fn show(&mut self) -> io::Result<()> {
        match self {
            Self::Lines(out) => out.flush(),
            Self::Folder(_) => Ok(()),
        }
    }

    /// Says that there is nothing left to do.
    ///
    /// # Errors
    /// Where it cannot be written.
    pub(super) fn end(&mut self) -> io::Result<()> {
        match self {
            Self::Lines(out) => out.flush(),
            Self::Folder(folder) => {
                folder.state.is_done = true;
                folder.save()
            }
        }
    }
}
