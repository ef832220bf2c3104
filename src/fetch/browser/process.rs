//! One Chromium: found, started with a fresh profile, watched, and ended with all its children.
//!
//! A shell stands between us and it. It hands over the two pipes as the file numbers that Chromium expects, and when
//! Chromium has ended, for whatever reason, it removes the profile. So nothing is left of either when we are killed: the
//! pipe is closed, which ends Chromium, and the shell does the rest.

use super::RenderError;
use super::protocol::Connection;
use serde_json::json;
use std::ffi::OsString;
use std::fs;
use std::hash::{BuildHasher as _, RandomState};
use std::io;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::sync::{Arc, Mutex, PoisonError, Weak};
use std::thread;
use std::time::{Duration, Instant};
use tokio::process::Child;

/// What Chromium is called, by its packagers.
const NAMES: [&str; 5] = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome"];

/// How long Chromium may take to say its version. A cold start on a loaded machine takes some seconds.
const START_TIMEOUT: Duration = Duration::from_secs(30);

/// Memory of one page's process, in bytes. Heavy news pages without their pictures take a quarter of it.
const MAX_PAGE_MEMORY: u64 = 1024 * 1024 * 1024;

/// How often memory is looked at: a script fills some 100 MB between two looks.
const MEMORY_LOOK: Duration = Duration::from_millis(200);

/// How long Chromium may rest before it is ended.
const MAX_IDLE: Duration = Duration::from_mins(1);

/// How long the profile's removal is tried while killed processes go.
const REMOVAL: Duration = Duration::from_secs(2);

/// File numbers 3 and 4 are where Chromium reads commands and writes answers. What it leaves is removed again while processes
/// of its own that outlive it still write.
const SHELL: &str = "\"$@\" 3<&0 4>&1 </dev/null >/dev/null 2>&1; rm -rf -- \"$HOME\"; \
    for _ in 1 2 3 4 5; do [ -e \"$HOME\" ] || break; sleep 1; rm -rf -- \"$HOME\"; done";

/// What Chromium is told. Names are looked up nowhere, and its own requests have a proxy that is not there: only pages
/// have one that is (`gate.rs`).
const FLAGS: [&str; 33] = [
    "--headless",
    "--remote-debugging-pipe",
    "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1",
    "--proxy-server=http://127.0.0.1:9",
    "--proxy-bypass-list=<-loopback>",
    "--webrtc-ip-handling-policy=disable_non_proxied_udp",
    "--force-webrtc-ip-handling-policy",
    "--disable-quic",
    "--dns-prefetch-disable",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-default-apps",
    "--disable-domain-reliability",
    "--disable-client-side-phishing-detection",
    "--disable-sync",
    "--disable-extensions",
    "--disable-breakpad",
    "--disable-crash-reporter",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-background-timer-throttling",
    "--disable-backgrounding-occluded-windows",
    "--disable-renderer-backgrounding",
    "--disable-search-engine-choice-screen",
    "--disable-features=Translate,MediaRouter,OptimizationHints,AutofillServerCommunication,InterestFeedContentSuggestions,\
     LocalNetworkAccessChecks,PrivateNetworkAccessRespectPreflightResults,HttpsUpgrades,HttpsFirstBalancedModeAutoEnable",
    "--blink-settings=imagesEnabled=false",
    "--js-flags=--max-old-space-size=512",
    "--renderer-process-limit=8",
    "--mute-audio",
    "--no-first-run",
    "--no-default-browser-check",
    "--password-store=basic",
    "--use-mock-keychain",
];

/// Variables that Chromium gets of ours. The rest may hold secrets.
const KEPT_VARIABLES: [&str; 6] = ["PATH", "LANG", "LC_ALL", "TZ", "LD_LIBRARY_PATH", "FONTCONFIG_PATH"];

/// A Chromium that runs. It is killed, and its profile removed, when this is dropped.
#[derive(Debug)]
pub(super) struct Process {
    pub(super) connection: Connection,
    child: Mutex<Child>,
    /// The process group, which is the shell's number.
    group: i32,
    profile: PathBuf,
    used: Mutex<Instant>,
}

/// The program that is named, or else the first of the usual ones.
pub(super) fn find(named: Option<&Path>) -> Result<PathBuf, RenderError> {
    let none = || RenderError::NoBrowser { named: named.map(Path::to_owned) };
    let folders = std::env::var_os("PATH").unwrap_or_default();
    let on_path =
        |name: &Path| std::env::split_paths(&folders).map(|folder| folder.join(name)).find(|path| is_program(path));
    match named {
        Some(path) if path.components().count() > 1 => is_program(path).then(|| path.to_owned()).ok_or_else(none),
        Some(name) => on_path(name).ok_or_else(none),
        None => NAMES.iter().find_map(|name| on_path(Path::new(name))).ok_or_else(none),
    }
}

#[cfg(unix)]
fn is_program(path: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt as _;
    fs::metadata(path).is_ok_and(|about| about.is_file() && about.permissions().mode() & 0o111 != 0)
}

/// The pipes are handed over by a shell.
#[cfg(not(unix))]
fn is_program(_: &Path) -> bool {
    false
}

impl Process {
    /// Starts it, and waits until it answers.
    pub(super) async fn start(program: &Path) -> Result<Arc<Self>, RenderError> {
        let died = |problem: String| RenderError::Died { program: program.display().to_string(), problem };
        let profile = make_profile().map_err(|error| died(format!("has no folder for its profile ({error})")))?;
        let spawned = spawn(program, &profile);
        let (child, connection) = spawned.map_err(|error| {
            let _ = fs::remove_dir_all(&profile);
            died(format!("cannot be started ({error})"))
        })?;
        let group = child.id().and_then(|id| i32::try_from(id).ok()).unwrap_or_default();
        let used = Mutex::new(Instant::now());
        let process = Arc::new(Self { connection, child: Mutex::new(child), group, profile, used });
        let version = process.connection.call(None, "Browser.getVersion", json!({}));
        match tokio::time::timeout(START_TIMEOUT, version).await {
            Ok(Ok(version)) => tracing::debug!(version = %version["product"], "the browser runs"),
            Ok(Err(error)) => return Err(died(format!("did not start: {error}"))),
            Err(_) => return Err(died(format!("did not answer within {START_TIMEOUT:?}"))),
        }
        tokio::spawn(watch(Arc::downgrade(&process), MAX_IDLE));
        Ok(process)
    }

    /// Notes that it is in use.
    pub(super) fn touch(&self) {
        *self.used.lock().unwrap_or_else(PoisonError::into_inner) = Instant::now();
    }

    fn idle(&self) -> Duration {
        self.used.lock().unwrap_or_else(PoisonError::into_inner).elapsed()
    }

    /// Kills it with its children; those who wait for it are told by the connection.
    pub(super) fn kill(&self) {
        let mut child = self.child.lock().unwrap_or_else(PoisonError::into_inner);
        // Once the shell is known to have ended, its number may be another's.
        if matches!(child.try_wait(), Ok(None)) {
            kill_group(self.group);
        }
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        self.kill();
        let begun = Instant::now();
        // Who was killed can still be about to write.
        while let Err(error) = fs::remove_dir_all(&self.profile) {
            if error.kind() == io::ErrorKind::NotFound || begun.elapsed() > REMOVAL {
                break;
            }
            thread::sleep(Duration::from_millis(5));
        }
        let mut child = self.child.lock().unwrap_or_else(PoisonError::into_inner);
        while matches!(child.try_wait(), Ok(None)) && begun.elapsed() < REMOVAL {
            thread::sleep(Duration::from_millis(5));
        }
    }
}

#[cfg(unix)]
fn kill_group(group: i32) {
    if let Some(group) = rustix::process::Pid::from_raw(group) {
        let _ = rustix::process::kill_process_group(group, rustix::process::Signal::KILL);
    }
}

#[cfg(not(unix))]
fn kill_group(_: i32) {}

/// A folder that nobody else can look into.
fn make_profile() -> io::Result<PathBuf> {
    let name = format!("copydesk-browser-{}-{:016x}", std::process::id(), RandomState::new().hash_one(0));
    let path = std::env::temp_dir().join(name);
    #[cfg_attr(not(unix), expect(unused_mut, reason = "only Unix has modes"))]
    let mut folder = fs::DirBuilder::new();
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut folder, 0o700);
    folder.create(&path)?;
    Ok(path)
}

fn spawn(program: &Path, profile: &Path) -> io::Result<(Child, Connection)> {
    let mut user_data = OsString::from("--user-data-dir=");
    user_data.push(profile);
    let mut command = std::process::Command::new("/bin/sh");
    command.args(["-c", SHELL, "sh"]).arg(program).args(FLAGS).arg(user_data);
    if is_root() {
        // Chromium's sandbox refuses to work for root.
        command.arg("--no-sandbox");
    }
    command.arg("about:blank").env_clear();
    command.envs(KEPT_VARIABLES.iter().filter_map(|name| Some((name, std::env::var_os(name)?))));
    // All that it writes goes with the profile.
    command.env("HOME", profile).env("TMPDIR", profile);
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null()).current_dir("/");
    // Of its own, so that it is ended as a whole, and so that Ctrl-C is for us.
    #[cfg(unix)]
    std::os::unix::process::CommandExt::process_group(&mut command, 0);
    let mut child = tokio::process::Command::from(command).spawn()?;
    let (input, output) = (child.stdin.take(), child.stdout.take());
    let (Some(input), Some(output)) = (input, output) else { return Err(io::Error::other("it has no pipes")) };
    Ok((child, Connection::over(input, output)))
}

#[cfg(unix)]
fn is_root() -> bool {
    rustix::process::geteuid().is_root()
}

#[cfg(not(unix))]
fn is_root() -> bool {
    false
}

/// Ends pages that take too much memory, and a browser that nobody uses.
async fn watch(process: Weak<Process>, max_idle: Duration) {
    loop {
        tokio::time::sleep(MEMORY_LOOK).await;
        let Some(process) = process.upgrade() else { break };
        if process.connection.is_closed() {
            break;
        }
        // The watch itself has one, and whoever may start it anew another.
        if Arc::strong_count(&process) <= 2 && process.idle() > max_idle {
            // In peace, so that the shell removes the profile; it is killed if it does not go.
            drop(process.connection.send(None, "Browser.close", json!({})));
            break;
        }
        let group = process.group;
        drop(process);
        let _ = tokio::task::spawn_blocking(move || end_large_pages(group)).await;
    }
}

/// Kills the processes of pages that are too large. Where there is no `/proc`, only the script's own memory is bounded.
#[cfg(unix)]
fn end_large_pages(group: i32) {
    let Ok(entries) = fs::read_dir("/proc") else { return };
    for entry in entries.flatten() {
        let Some(id) = entry.file_name().to_str().and_then(|name| name.parse::<i32>().ok()) else { continue };
        let Some((owner, memory)) = fs::read_to_string(entry.path().join("stat")).ok().and_then(|stat| of_stat(&stat))
        else {
            continue;
        };
        if owner != group || memory < MAX_PAGE_MEMORY {
            continue;
        }
        let command = fs::read(entry.path().join("cmdline")).unwrap_or_default();
        if memchr::memmem::find(&command, b"--type=renderer").is_some()
            && let Some(process) = rustix::process::Pid::from_raw(id)
        {
            tracing::debug!(memory, "a page took too much memory");
            let _ = rustix::process::kill_process(process, rustix::process::Signal::KILL);
        }
    }
}

#[cfg(not(unix))]
fn end_large_pages(_: i32) {}

/// The process group, and the memory in use in bytes, of a line of `/proc/<number>/stat` (proc(5)): of the fields behind
/// the name in brackets the third and the twenty-second.
#[cfg(unix)]
fn of_stat(stat: &str) -> Option<(i32, u64)> {
    let mut fields = stat.rsplit_once(')')?.1.split_ascii_whitespace();
    let group = fields.nth(2)?.parse().ok()?;
    let pages: u64 = fields.nth(18)?.parse().ok()?;
    Some((group, pages.saturating_mul(rustix::param::page_size() as u64)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_browser_that_is_not_there_is_named() {
        let error = find(Some(Path::new("/nowhere/chromium"))).unwrap_err();
        assert_eq!(error.kind(), "no_browser");
        assert!(error.to_string().starts_with("/nowhere/chromium is no program"), "{error}");
        assert!(find(Some(Path::new("no-such-browser"))).is_err());
        assert_eq!(find(Some(Path::new("sh"))).unwrap().file_name().unwrap(), "sh");
    }

    #[test]
    fn memory_of_a_process() {
        let own = fs::read_to_string("/proc/self/stat").unwrap();
        let (group, memory) = of_stat(&own).unwrap();
        assert!(group > 0 && memory > 100_000, "{group} {memory}");
        assert_eq!(of_stat("1 (a) b) S 1 7 7 0"), None);
    }

    #[tokio::test]
    async fn a_browser_that_nobody_uses_goes_in_peace() {
        let process = Process::start(&find(None).unwrap()).await.unwrap();
        let profile = process.profile.clone();
        assert!(profile.join("Default").exists() || profile.read_dir().unwrap().count() > 0);
        // The watch and this test have it, as the watch and its keeper do otherwise.
        tokio::spawn(watch(Arc::downgrade(&process), Duration::ZERO));
        let gone = async {
            while !process.connection.is_closed() || profile.exists() {
                tokio::time::sleep(Duration::from_millis(10)).await;
            }
        };
        tokio::time::timeout(Duration::from_secs(20), gone).await.unwrap();
    }

    #[tokio::test]
    async fn a_program_that_is_no_browser_dies_in_words() {
        let error = Process::start(Path::new("/bin/true")).await.unwrap_err();
        assert!(error.to_string().contains("/bin/true: the browser did not start: it ended"), "{error}");
    }
}
