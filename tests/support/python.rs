//! Python with other people's readers of our files, in a virtual environment under `target/`.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// What is to be installed.
const READERS: &str = include_str!("../readers.txt");

/// A Python that has the packages of `tests/readers.txt`; made at the first use, and again when that file changes.
///
/// # Panics
/// Where there is no Python 3 with `venv`, or the packages cannot be had.
pub(crate) fn python() -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("readers");
    let python = folder.join("bin/python");
    fs::create_dir_all(folder.parent().unwrap()).unwrap();
    // Test programs run beside each other, and threads within them.
    let lock = File::create(folder.with_extension("lock")).unwrap();
    lock.lock().unwrap();
    let installed = folder.join("installed.txt");
    if fs::read_to_string(&installed).is_ok_and(|installed| installed == READERS) && python.exists() {
        return python;
    }
    let _ = fs::remove_dir_all(&folder);
    done(Command::new("python3").arg("-m").arg("venv").arg(&folder));
    let list = folder.join("wanted.txt");
    fs::write(&list, READERS).unwrap();
    done(Command::new(&python).args(["-m", "pip", "install", "--quiet", "--requirement"]).arg(&list));
    fs::rename(&list, &installed).unwrap();
    python
}

/// Runs a script with arguments; gives what it printed.
///
/// # Panics
/// Where it fails, with what it said.
pub(crate) fn run(script: &str, arguments: &[&str]) -> String {
    let output = done(Command::new(python()).arg("-c").arg(script).args(arguments));
    String::from_utf8(output.stdout).unwrap()
}

fn done(command: &mut Command) -> Output {
    let output = match command.output() {
        Ok(output) => output,
        Err(error) => panic!("{command:?}: {error}; the tests need python3 with venv (Debian: python3-venv)"),
    };
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{command:?}: {}\n{said}", output.status);
    output
}
