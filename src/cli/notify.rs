//! Tells a service manager how the daemon is: the protocol of `sd_notify(3)`, a datagram to the socket that the environment
//! names. Where it names none, nobody is told.

use std::time::Duration;

/// How often a state is tried, and how long is waited in between: a second in all, which a start, a reload and an end can
/// spare.
#[cfg(unix)]
const TRIES: u32 = 20;
#[cfg(unix)]
const BETWEEN_TRIES: Duration = Duration::from_millis(50);

/// Whom to tell.
#[derive(Debug, Default)]
pub(super) struct Notifier {
    #[cfg(unix)]
    socket: Option<(std::os::unix::net::UnixDatagram, std::os::unix::net::SocketAddr)>,
}

#[cfg(unix)]
impl Notifier {
    /// The service manager that started this process, by `NOTIFY_SOCKET`.
    pub(super) fn from_environment() -> Self {
        let socket = std::env::var_os("NOTIFY_SOCKET").filter(|name| !name.is_empty()).and_then(|name| {
            let made = address(&name).and_then(|address| {
                let socket = std::os::unix::net::UnixDatagram::unbound()?;
                // A manager that does not listen must not hold the crawler up.
                socket.set_nonblocking(true)?;
                Ok((socket, address))
            });
            made.inspect_err(|error| tracing::warn!(?name, %error, "cannot use NOTIFY_SOCKET; nobody is told")).ok()
        });
        Self { socket }
    }

    /// Sends a state, such as `READY=1`; waits a moment for a manager that is behind with its reading.
    pub(super) fn tell(&self, state: &str) {
        for _ in 0..TRIES {
            match self.send(state) {
                Err(error) if error.kind() == std::io::ErrorKind::WouldBlock => std::thread::sleep(BETWEEN_TRIES),
                Err(error) => return tracing::debug!(state, %error, "the service manager was not told"),
                Ok(()) => return,
            }
        }
        tracing::debug!(state, "the service manager does not read what it is told");
    }

    /// Sends a sign of life. One that finds no room is not missed: others lie there unread.
    pub(super) fn show_life(&self) {
        let _ = self.send("WATCHDOG=1");
    }

    fn send(&self, state: &str) -> std::io::Result<()> {
        let Some((socket, address)) = &self.socket else { return Ok(()) };
        socket.send_to_addr(state.as_bytes(), address).map(drop)
    }
}

#[cfg(not(unix))]
impl Notifier {
    pub(super) fn from_environment() -> Self {
        Self::default()
    }

    pub(super) fn tell(&self, _: &str) {}

    pub(super) fn show_life(&self) {}
}

/// A path, or behind an `@` a name in the abstract namespace.
#[cfg(unix)]
fn address(name: &std::ffi::OsStr) -> std::io::Result<std::os::unix::net::SocketAddr> {
    #[cfg(target_os = "linux")]
    {
        use std::os::linux::net::SocketAddrExt;
        use std::os::unix::ffi::OsStrExt;
        if let Some(hidden) = name.as_bytes().strip_prefix(b"@") {
            return std::os::unix::net::SocketAddr::from_abstract_name(hidden);
        }
    }
    std::os::unix::net::SocketAddr::from_pathname(name)
}

/// How often the service manager wants a sign of life, if it does: half of what it waits, as its manual advises.
pub(super) fn watchdog() -> Option<Duration> {
    let is_ours = std::env::var("WATCHDOG_PID").map_or(true, |pid| pid == std::process::id().to_string());
    let microseconds: u64 = std::env::var("WATCHDOG_USEC").ok()?.parse().ok()?;
    (is_ours && microseconds > 1).then(|| Duration::from_micros(microseconds / 2))
}
