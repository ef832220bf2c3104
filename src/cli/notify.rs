//! Tells a service manager how the daemon is: the protocol of `sd_notify(3)`, a datagram to the socket that the environment
//! names. Where it names none, nobody is told.

use std::time::Duration;

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

    /// Sends a state, such as `READY=1`.
    pub(super) fn tell(&self, state: &str) {
        if let Some((socket, address)) = &self.socket
            && let Err(error) = socket.send_to_addr(state.as_bytes(), address)
        {
            tracing::debug!(state, %error, "the service manager was not told");
        }
    }
}

#[cfg(not(unix))]
impl Notifier {
    pub(super) fn from_environment() -> Self {
        Self::default()
    }

    pub(super) fn tell(&self, _: &str) {}
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
