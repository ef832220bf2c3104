//! The frontier in one SQLite file.

mod clock;
mod commit;
mod coverage;
mod discover;
mod duplicates;
mod health;
mod lease;
mod lock;
mod look_up;
mod row;
mod schema;
mod site_file;

use super::{
    Alike, Discovered, Frontier, FrontierError, HostDown, HostWork, KnownArticle, KnownUrl, Lease, LeaseRequest,
    Outcome, Pending, RevisitRule, State, UrlKind, WhichSources,
};
use crate::model::{CanonicalUrl, HostKey, Link, Provenance, SinkPosition, SiteFile, Sketch, Validators};
use jiff::Timestamp;
use lock::StoreLock;
use rusqlite::config::DbConfig;
use rusqlite::{Connection, ErrorCode, OpenFlags, OptionalExtension, Transaction, TransactionBehavior, params};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock};
use std::time::Duration;
use url::Url;

/// How long one who only looks waits for one who writes.
const BUSY: Duration = Duration::from_secs(5);

/// Statements kept ready: more than there are in this stage.
const PREPARED_STATEMENTS: usize = 64;

/// The frontier in one SQLite file, for one process at a time.
#[derive(Debug)]
pub struct SqliteFrontier {
    path: PathBuf,
    rule: RwLock<Arc<RevisitRule>>,
    inner: Mutex<Inner>,
    _lock: Option<StoreLock>,
}

#[derive(Debug)]
struct Inner {
    connection: Connection,
    /// When the connection has a commit on the disk.
    durable: Durable,
    /// The place that a lease looked at last; the next one begins behind it.
    last: lease::Place,
}

/// When a commit has to be on the disk. A killed process loses nothing either way; this is about a loss of power.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Durable {
    /// When it is done: the archive's files are cut to what it says.
    AtOnce,
    /// With the next one that has to be, which puts all before it there too. A URL whose lease is lost is fetched again,
    /// as is a lost robots.txt; lost links are found again, because the outcome of the page that had them comes later.
    WithTheNext,
}

impl Inner {
    /// For a connection on which every commit is on the disk when it is done.
    fn new(connection: Connection) -> Self {
        Self { connection, durable: Durable::AtOnce, last: lease::Place::default() }
    }

    fn be(&mut self, durable: Durable) -> rusqlite::Result<()> {
        if durable != self.durable {
            self.connection.execute_batch(match durable {
                Durable::AtOnce => "PRAGMA synchronous = FULL",
                Durable::WithTheNext => "PRAGMA synchronous = NORMAL",
            })?;
            self.durable = durable;
        }
        Ok(())
    }
}

impl SqliteFrontier {
    /// Opens a store, or makes it, its folder too. It is locked until the value is dropped.
    ///
    /// # Errors
    /// [`FrontierError::Locked`] while another process has it, [`FrontierError::NotAStore`] and
    /// [`FrontierError::TooNew`] for a file that is left alone, [`FrontierError::File`] where it cannot be made.
    pub fn open(path: &Path, rule: RevisitRule) -> Result<Self, FrontierError> {
        let failed = |doing, path: &Path, source| FrontierError::File { doing, path: path.to_owned(), source };
        if let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
            std::fs::create_dir_all(folder).map_err(|source| failed("create the folder", folder, source))?;
        }
        if path.is_dir() {
            return Err(failed("open", path, std::io::ErrorKind::IsADirectory.into()));
        }
        let lock = StoreLock::take(path)?;
        let connection = Connection::open(path).map_err(|source| explain(path, "open the database", source))?;
        Self::with(connection, path.to_owned(), rule, Some(lock))
    }

    /// A store that ends with the value, for tests and for runs that leave nothing behind.
    ///
    /// # Errors
    /// [`FrontierError::Database`] where even that fails.
    pub fn in_memory(rule: RevisitRule) -> Result<Self, FrontierError> {
        let path = PathBuf::from("(in memory)");
        let connection = Connection::open_in_memory().map_err(|source| explain(&path, "open the database", source))?;
        Self::with(connection, path, rule, None)
    }

    fn with(
        connection: Connection,
        path: PathBuf,
        rule: RevisitRule,
        lock: Option<StoreLock>,
    ) -> Result<Self, FrontierError> {
        schema::prepare(&connection, &path)?;
        connection.set_prepared_statement_cache_capacity(PREPARED_STATEMENTS);
        // Plans that do not depend on what is bound: else SQLite prepares some statements anew for every value.
        connection
            .set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)
            .map_err(|source| explain(&path, "set the database up", source))?;
        let inner = Mutex::new(Inner::new(connection));
        Ok(Self { path, rule: RwLock::new(Arc::new(rule)), inner, _lock: lock })
    }

    /// Opens a store to look at, beside a process that works with it. It is neither locked nor made nor brought up to
    /// date; whatever writes fails.
    ///
    /// # Errors
    /// [`FrontierError::NotThere`] where there is no store, [`FrontierError::NotAStore`] and [`FrontierError::Format`] for
    /// a file that cannot be read so.
    pub fn open_to_look(path: &Path, rule: RevisitRule) -> Result<Self, FrontierError> {
        let connection = open_to_read(path)?;
        let inner = Mutex::new(Inner::new(connection));
        Ok(Self { path: path.to_owned(), rule: RwLock::new(Arc::new(rule)), inner, _lock: None })
    }

    /// Sets another revisit rule, for what is decided from now on.
    pub fn set_rule(&self, rule: RevisitRule) {
        *self.rule.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(rule);
    }

    fn rule(&self) -> Arc<RevisitRule> {
        Arc::clone(&self.rule.read().unwrap_or_else(PoisonError::into_inner))
    }

    fn inner(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn read<T>(
        &self,
        doing: &'static str,
        query: impl FnOnce(&Connection) -> rusqlite::Result<T>,
    ) -> Result<T, FrontierError> {
        query(&self.inner().connection).map_err(|source| explain(&self.path, doing, source))
    }

    /// All or nothing, and on the disk when it returns.
    fn write<T>(
        &self,
        doing: &'static str,
        change: impl FnOnce(&Transaction<'_>) -> rusqlite::Result<T>,
    ) -> Result<T, FrontierError> {
        self.change(doing, Durable::AtOnce, |transaction, _| change(transaction))
    }

    fn change<T>(
        &self,
        doing: &'static str,
        durable: Durable,
        change: impl FnOnce(&Transaction<'_>, &mut lease::Place) -> rusqlite::Result<T>,
    ) -> Result<T, FrontierError> {
        let mut inner = self.inner();
        let run = || {
            inner.be(durable)?;
            let Inner { connection, last, .. } = &mut *inner;
            let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
            let result = change(&transaction, last)?;
            transaction.commit()?;
            Ok(result)
        };
        run().map_err(|source| explain(&self.path, doing, source))
    }
}

impl Frontier for SqliteFrontier {
    fn discover(
        &self,
        source: &str,
        links: &[Link],
        kind: UrlKind,
        now: Timestamp,
    ) -> Result<Discovered, FrontierError> {
        let rule = self.rule();
        self.change("add links", Durable::WithTheNext, |transaction, _| {
            discover::discover(transaction, source, links, kind, &rule, now)
        })
    }

    fn lease(&self, request: &LeaseRequest<'_>, now: Timestamp) -> Result<Vec<Lease>, FrontierError> {
        self.change("lease URLs", Durable::WithTheNext, |transaction, last| {
            lease::lease(transaction, request, last, now)
        })
    }

    fn commit(&self, outcomes: &[Outcome], positions: &[SinkPosition], now: Timestamp) -> Result<(), FrontierError> {
        let rule = self.rule();
        self.write("record outcomes", |transaction| {
            for outcome in outcomes {
                commit::record(transaction, outcome, &rule, now)?;
            }
            for position in positions {
                if position.length == 0 {
                    transaction.prepare_cached("DELETE FROM sink WHERE path = ?1")?.execute([&position.path])?;
                    continue;
                }
                transaction
                    .prepare_cached("INSERT OR REPLACE INTO sink (path, length) VALUES (?1, ?2)")?
                    .execute(params![position.path, position.length.cast_signed()])?;
            }
            Ok(())
        })
    }

    fn hasten(&self, source: &str, asked: Timestamp) -> Result<usize, FrontierError> {
        self.write("make a source due", |transaction| {
            let sql = "UPDATE url SET due = ?2 WHERE source = ?1 AND rank = 0 AND ready = 0 AND due > ?2
                       AND redirect IS NULL AND (fetched IS NULL OR fetched < ?2)";
            transaction.prepare_cached(sql)?.execute(params![source, asked.as_millisecond()])
        })
    }

    fn hasten_hub(&self, url: &CanonicalUrl, due: Timestamp) -> Result<bool, FrontierError> {
        self.write("make a feed due", |transaction| {
            let sql = "UPDATE url SET due = ?2 WHERE url = ?1 AND rank = 0 AND ready = 0 AND due > ?2
                       AND redirect IS NULL AND (fetched IS NULL OR fetched < ?2)";
            Ok(transaction.prepare_cached(sql)?.execute(params![url.as_str(), due.as_millisecond()])? > 0)
        })
    }

    fn release_all(&self, _: Timestamp) -> Result<usize, FrontierError> {
        self.write("release leases", |transaction| {
            // What was leased stayed ready.
            transaction.execute("DELETE FROM lease", [])
        })
    }

    fn shelve(&self, urls: &[CanonicalUrl]) -> Result<(), FrontierError> {
        self.change("shelve leases", Durable::WithTheNext, |transaction, _| lease::shelve(transaction, urls))
    }

    fn put_host_off(
        &self,
        host: &HostKey,
        until: Timestamp,
        unasked: &[CanonicalUrl],
    ) -> Result<Vec<(String, u64)>, FrontierError> {
        self.change("put a host's URLs off", Durable::WithTheNext, |transaction, _| {
            lease::put_host_off(transaction, host, until, unasked)
        })
    }

    fn pending(&self, sources: WhichSources<'_>, now: Timestamp) -> Result<Pending, FrontierError> {
        self.read("count URLs", |connection| lease::pending(connection, sources, now))
    }

    fn next_due(
        &self,
        sources: WhichSources<'_>,
        articles_of: WhichSources<'_>,
    ) -> Result<Option<Timestamp>, FrontierError> {
        self.read("look up what is due next", |connection| look_up::next_due(connection, sources, articles_of))
    }

    fn due_sources(&self, now: Timestamp) -> Result<Vec<String>, FrontierError> {
        self.read("look up what is due", |connection| look_up::due_sources(connection, now))
    }

    fn count_ready(&self, limit: u64) -> Result<u64, FrontierError> {
        self.read("count what is due", |connection| {
            connection
                .prepare_cached("SELECT count(*) FROM (SELECT 1 FROM url WHERE ready = 1 LIMIT ?1)")?
                .query_row([i64::try_from(limit).unwrap_or(i64::MAX)], |row| row.get::<_, i64>(0))
                .map(i64::cast_unsigned)
        })
    }

    fn work(&self, sources: WhichSources<'_>, now: Timestamp) -> Result<Vec<HostWork>, FrontierError> {
        let rule = self.rule();
        self.read("count what is due", |connection| look_up::work(connection, sources, &rule, now))
    }

    fn url(&self, url: &CanonicalUrl) -> Result<Option<KnownUrl>, FrontierError> {
        self.read("look a URL up", |connection| look_up::url(connection, url))
    }

    fn article_by_id(&self, id: &str) -> Result<Option<KnownArticle>, FrontierError> {
        self.read("look an article up", |connection| row::article(connection, id))
    }

    fn last_seq(&self) -> Result<u64, FrontierError> {
        self.read("read the last sequence number", |connection| {
            connection.query_row("SELECT coalesce(max(seq), 0) FROM article", [], |row| {
                row.get::<_, i64>(0).map(i64::cast_unsigned)
            })
        })
    }

    fn validators(&self, url: &CanonicalUrl) -> Result<Validators, FrontierError> {
        self.read("look a URL up", |connection| {
            let found = connection
                .prepare_cached("SELECT etag, last_modified FROM url WHERE url = ?1")?
                .query_row([url.as_str()], |row| Ok(Validators { etag: row.get(0)?, last_modified: row.get(1)? }))
                .optional()?;
            Ok(found.unwrap_or_default())
        })
    }

    fn sink_positions(&self) -> Result<Vec<SinkPosition>, FrontierError> {
        self.read("read the archive's lengths", |connection| {
            connection
                .prepare("SELECT path, length FROM sink ORDER BY path")?
                .query_map([], |row| {
                    Ok(SinkPosition { path: row.get(0)?, length: row.get::<_, i64>(1)?.cast_unsigned() })
                })?
                .collect()
        })
    }

    fn host_clock(&self, host: &HostKey) -> Result<Option<Timestamp>, FrontierError> {
        self.read("read a host's clock", |connection| {
            connection
                .prepare_cached("SELECT not_before FROM host WHERE host = ?1")?
                .query_row([host.as_str()], |row| row::timestamp(row, 0))
                .optional()
        })
    }

    fn host_clocks(&self, now: Timestamp) -> Result<Vec<(HostKey, Timestamp)>, FrontierError> {
        self.read("read the hosts' clocks", |connection| {
            connection
                .prepare("SELECT host, not_before FROM host WHERE not_before > ?1 ORDER BY host")?
                .query_map([now.as_millisecond()], |row| Ok((row::stored(row, 0)?, row::timestamp(row, 1)?)))?
                .collect()
        })
    }

    fn set_host_clocks(&self, clocks: &[(HostKey, Timestamp)]) -> Result<(), FrontierError> {
        self.write("set the hosts' clocks", |transaction| {
            for (host, not_before) in clocks {
                transaction
                    .prepare_cached(
                        "INSERT INTO host (host, not_before) VALUES (?1, ?2)
                         ON CONFLICT (host) DO UPDATE SET not_before = excluded.not_before",
                    )?
                    .execute(params![host.as_str(), not_before.as_millisecond()])?;
            }
            Ok(())
        })
    }

    fn hosts_down(&self) -> Result<Vec<HostDown>, FrontierError> {
        self.read("read which hosts are down", |connection| {
            connection
                .prepare("SELECT host, times_down, down_until FROM host WHERE times_down > 0 ORDER BY host")?
                .query_map([], |row| {
                    Ok(HostDown { host: row::stored(row, 0)?, times: row.get(1)?, until: row::timestamp(row, 2)? })
                })?
                .collect()
        })
    }

    fn set_hosts_down(&self, hosts: &[HostDown]) -> Result<(), FrontierError> {
        self.write("note which hosts are down", |transaction| {
            for HostDown { host, times, until } in hosts {
                transaction
                    .prepare_cached(
                        "INSERT INTO host (host, not_before, times_down, down_until) VALUES (?1, 0, ?2, ?3)
                         ON CONFLICT (host) DO UPDATE SET times_down = excluded.times_down, down_until = excluded.down_until",
                    )?
                    .execute(params![host.as_str(), times, until.as_millisecond()])?;
            }
            Ok(())
        })
    }

    fn site_file(&self, url: &Url) -> Result<Option<SiteFile>, FrontierError> {
        self.read("look a site's file up", |connection| site_file::find(connection, url))
    }

    fn set_site_file(&self, file: &SiteFile) -> Result<(), FrontierError> {
        self.change("keep a site's file", Durable::WithTheNext, |transaction, _| site_file::keep(transaction, file))
    }

    fn forget_site_files(&self, before: Timestamp) -> Result<(), FrontierError> {
        self.write("forget old files of sites", |transaction| {
            transaction.execute("DELETE FROM site_file WHERE fetched < ?1", [before.as_millisecond()]).map(drop)
        })
    }

    fn forget_sitemaps(&self, before: Timestamp) -> Result<usize, FrontierError> {
        self.write("forget old sitemaps", |transaction| {
            // Those that the configuration names, or that were guessed, stay.
            transaction.execute(
                "DELETE FROM url WHERE kind = 'SITEMAP' AND fetched < ?1 AND provenance = ?2
                 AND state NOT IN ('DISCOVERED', 'LEASED', 'RETRY')",
                params![before.as_millisecond(), row::provenance_rank(Provenance::Sitemap)],
            )
        })
    }

    fn alike(&self, sketch: &Sketch, except: &str) -> Result<Option<Alike>, FrontierError> {
        self.read("look for an article that tells the same", |connection| duplicates::find(connection, sketch, except))
    }

    fn cluster_of(&self, id: &str) -> Result<Option<String>, FrontierError> {
        self.read("look the cluster of an article up", |connection| duplicates::cluster_of(connection, id))
    }

    fn last_run_ended(&self) -> Result<bool, FrontierError> {
        self.read("look the last run up", |connection| {
            connection
                .query_row("SELECT ended IS NOT NULL FROM run ORDER BY began DESC, id DESC LIMIT 1", [], |row| {
                    row.get(0)
                })
                .optional()
                .map(|ended| ended.unwrap_or(true))
        })
    }

    fn begin_run(&self, id: &str, now: Timestamp) -> Result<(), FrontierError> {
        self.write("note the run", |transaction| {
            clock::set_back(transaction, now)?;
            transaction
                .execute("INSERT OR REPLACE INTO run (id, began) VALUES (?1, ?2)", params![id, now.as_millisecond()])
                .map(drop)
        })
    }

    fn forget_run(&self, id: &str) -> Result<(), FrontierError> {
        self.write("forget a run", |transaction| transaction.execute("DELETE FROM run WHERE id = ?1", [id]).map(drop))
    }

    fn end_run(&self, id: &str, summary: &serde_json::Value, now: Timestamp) -> Result<(), FrontierError> {
        self.write("note the run's end", |transaction| {
            transaction
                .execute(
                    "UPDATE run SET ended = ?2, summary = ?3 WHERE id = ?1",
                    params![id, now.as_millisecond(), summary.to_string()],
                )
                .map(drop)
        })
    }
}

/// Opens a store to read it, whatever a crawl writes meanwhile.
fn open_to_read(path: &Path) -> Result<Connection, FrontierError> {
    if !path.exists() {
        return Err(FrontierError::NotThere { path: path.to_owned() });
    }
    let failed = |source| explain(path, "open the database", source);
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(path, flags).map_err(failed)?;
    connection.busy_timeout(BUSY).map_err(failed)?;
    schema::check(&connection, path)?;
    Ok(connection)
}

/// The database's error as ours.
fn explain(path: &Path, doing: &'static str, source: rusqlite::Error) -> FrontierError {
    let path = path.to_owned();
    match source.sqlite_error_code() {
        Some(ErrorCode::DiskFull) => FrontierError::DiskFull { path, source },
        _ => FrontierError::Database { doing, path, source },
    }
}

/// Hubs before articles: they say which articles there are.
fn rank(kind: UrlKind) -> i64 {
    i64::from(!kind.is_hub())
}

fn state_name(state: State) -> &'static str {
    state.name()
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::SignedDuration;

    #[test]
    fn a_commit_waits_for_the_disk_and_a_lease_does_not() {
        let frontier = SqliteFrontier::in_memory(RevisitRule::default()).unwrap();
        let level = || {
            let read = |row: &rusqlite::Row<'_>| row.get::<_, i64>(0);
            frontier.inner().connection.query_row("PRAGMA synchronous", [], read).unwrap()
        };
        let (normal, full) = (1, 2);
        let request = LeaseRequest {
            limit: 1,
            per_host_limit: 1,
            lease_for: SignedDuration::from_hours(1),
            sources: WhichSources::All,
            articles_of: WhichSources::All,
        };
        assert_eq!(level(), full);
        for _ in 0..2 {
            frontier.lease(&request, Timestamp::UNIX_EPOCH).unwrap();
            assert_eq!(level(), normal);
            frontier.commit(&[], &[], Timestamp::UNIX_EPOCH).unwrap();
            assert_eq!(level(), full);
        }
    }
}
