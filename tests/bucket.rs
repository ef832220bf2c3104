//! The bucket that follows an archive, with a real S3 server process that stops, refuses, and comes back.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

#[path = "support/archived.rs"]
mod archived;
#[path = "support/python.rs"]
mod python;

use archived::files_under;
use assert_cmd::cargo::cargo_bin;
use copydesk::frontier::{Frontier, RevisitRule, SqliteFrontier};
use copydesk::model::SinkPosition;
use copydesk::sample_site::{SampleSite, expected};
use jiff::Timestamp;
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, Output, Stdio};
use std::time::Duration;
use tempfile::TempDir;

/// The server, which ends with the value.
struct Server {
    process: Child,
    input: ChildStdin,
    output: BufReader<ChildStdout>,
    port: u16,
}

impl Server {
    fn start() -> Self {
        let mut process = Command::new(python::python())
            .args(["-c", include_str!("support/bucket_server.py")])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let (input, output) = (process.stdin.take().unwrap(), BufReader::new(process.stdout.take().unwrap()));
        let mut server = Self { process, input, output, port: 0 };
        server.port = server.answer().parse().unwrap();
        server
    }

    fn answer(&mut self) -> String {
        let mut line = String::new();
        self.output.read_line(&mut line).unwrap();
        line.trim_end().to_owned()
    }

    fn tell(&mut self, command: &str) -> String {
        writeln!(self.input, "{command}").unwrap();
        self.answer()
    }

    fn names(&mut self) -> Vec<String> {
        serde_json::from_str(&self.tell("names")).unwrap()
    }

    /// A command of ours that finds this server.
    fn copydesk(&self, folder: &Path, arguments: &[&str]) -> Command {
        let mut command = Command::new(cargo_bin("copydesk"));
        command.args(arguments).current_dir(folder).env_remove("RUST_LOG").env("AWS_ALLOW_HTTP", "true");
        command.env("AWS_ENDPOINT", format!("http://127.0.0.1:{}", self.port)).env("AWS_REGION", "us-east-1");
        command.env("AWS_ACCESS_KEY_ID", "key").env("AWS_SECRET_ACCESS_KEY", "secret");
        command
    }

    fn run(&self, folder: &Path, arguments: &[&str]) -> (i32, String, String) {
        let Output { status, stdout, stderr } = self.copydesk(folder, arguments).output().unwrap();
        (status.code().unwrap(), String::from_utf8(stdout).unwrap(), String::from_utf8(stderr).unwrap())
    }

    /// Reads everything back, and holds it against the archive in both directions.
    fn check(&self, folder: &Path) {
        let (code, said, complaint) = self.run(folder, &["archive", "send", "--check", "--content"]);
        assert_eq!((code, said.as_str()), (0, "The bucket is as the archive is.\n"), "{complaint}");
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// A configuration for the sample site.
fn configure(folder: &Path, site: &SampleSite, delay: u64) {
    let hosts: Vec<String> = SampleSite::hosts().into_iter().chain(site.grown_hosts()).collect();
    let mut config = format!(
        "[archive]\nbucket = \"s3://archive/news/today\"\nrotate_size = \"20kB\"\n\
         formats = [\"jsonl\", \"markdown\", \"parquet\", \"warc\", \"catalogue\"]\n[fetch]\ndelay = \"{delay}ms\"\n\
         max_crawl_delay = \"{delay}ms\"\nallow_hosts = {hosts:?}\n[fetch.resolve]\n"
    );
    for host in &hosts {
        writeln!(config, "{host:?} = \"{}\"", site.addr()).unwrap();
    }
    for host in &hosts {
        let name = host.strip_suffix(".test").unwrap();
        write!(config, "[[source]]\nname = {name:?}\nurl = \"http://{host}/\"\n").unwrap();
    }
    fs::write(folder.join("config.toml"), config).unwrap();
}

/// The files of an archive that belong into a bucket.
fn visible(archive: &Path) -> Vec<String> {
    let relative = |path: &PathBuf| path.strip_prefix(archive).unwrap().to_str().unwrap().to_owned();
    let mut names: Vec<String> = files_under(archive).iter().map(relative).collect();
    names.retain(|name| !name.split('/').any(|part| part.starts_with('.')) && !name.starts_with("copydesk.db"));
    names
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_crawl_goes_on_whatever_the_bucket_does_and_the_bucket_catches_up() {
    const MORE: usize = 60;
    let site = SampleSite::grown(MORE).await.unwrap();
    let folder = TempDir::new().unwrap();
    configure(folder.path(), &site, 50);
    let path = folder.path().to_owned();
    tokio::task::spawn_blocking(move || {
        let mut server = Server::start();
        // Refusing every fourth request, and stopped for a while when a part of the files is there.
        server.tell("refuse 4");
        let mut crawl = server.copydesk(&path, &["crawl", "--log", "json"]);
        let crawl = crawl.stderr(Stdio::piped()).stdout(Stdio::null()).spawn().unwrap();
        let mut there = 0;
        while there < 20 {
            std::thread::sleep(Duration::from_millis(20));
            there = server.names().len();
        }
        server.tell("stop");
        std::thread::sleep(Duration::from_secs(2));
        server.tell("start");
        assert!(server.names().len() < visible(&path.join("archive")).len(), "{there} were all");
        let output = crawl.wait_with_output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        server.tell("refuse 0");
        server.check(&path);
        let archive = path.join("archive");
        let mut wanted: Vec<String> = visible(&archive).iter().map(|name| format!("news/today/{name}")).collect();
        wanted.sort();
        assert_eq!(server.names(), wanted);
        assert_eq!(archived::records(&archive).len(), expected().len() + MORE);

        // Away at the end of a run: the run is as good, and says what it left.
        fs::write(archive.join("runs/note.json"), "{}").unwrap();
        server.tell("stop");
        let (code, _, said) = server.run(&path, &["crawl"]);
        assert_eq!(code, 0, "{said}");
        assert!(said.contains("the bucket does not have everything yet; the next run sends it"), "{said}");
        server.tell("start");
        let (code, said, _) = server.run(&path, &["archive", "send", "--check"]);
        assert!(code == 1 && said.contains("runs/note.json: not sent yet"), "{said}");
        let (code, _, said) = server.run(&path, &["crawl"]);
        assert_eq!(code, 0, "{said}");
        server.check(&path);

        // Other people's programs read it where it lies.
        let script = "
import sys, pyarrow.dataset, pyarrow.fs
s3 = pyarrow.fs.S3FileSystem(access_key='key', secret_key='secret', endpoint_override=sys.argv[1], scheme='http', region='us-east-1')
print(pyarrow.dataset.dataset('archive/news/today/parquet', filesystem=s3, partitioning='hive').count_rows())";
        let rows = python::run(script, &[&format!("127.0.0.1:{}", server.port)]);
        assert_eq!(rows.trim(), (expected().len() + MORE).to_string());

        // Files that are joined are other files, and the small ones go.
        let before = server.names().len();
        assert_eq!(server.run(&path, &["archive", "compact"]).0, 0);
        assert_eq!(server.run(&path, &["archive", "send"]).0, 0);
        server.check(&path);
        assert!(server.names().len() < before, "{before} {:?}", server.names());
    })
    .await
    .unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn killed_while_it_sends_it_goes_on_where_it_was() {
    let site = SampleSite::start().await.unwrap();
    let folder = TempDir::new().unwrap();
    configure(folder.path(), &site, 10);
    let path = folder.path().to_owned();
    tokio::task::spawn_blocking(move || {
        let mut server = Server::start();
        server.tell("refuse 5");
        for round in 0..12_u64 {
            let mut crawl = server.copydesk(&path, &["crawl", "--quiet"]).stdout(Stdio::null()).spawn().unwrap();
            std::thread::sleep(Duration::from_millis(100 + round * 100));
            let _ = crawl.kill();
            crawl.wait().unwrap();
        }
        let (code, _, said) = server.run(&path, &["crawl"]);
        assert_eq!(code, 0, "{said}");
        server.tell("refuse 0");
        server.check(&path);
        assert_eq!(server.names().len(), visible(&path.join("archive")).len());
    })
    .await
    .unwrap();
}

/// A folder with an archive of the test's own, and a store that has committed some of it.
fn by_hand(committed: &[(&str, u64)]) -> TempDir {
    let folder = TempDir::new().unwrap();
    let archive = folder.path().join("archive");
    fs::create_dir_all(archive.join("jsonl/harbour")).unwrap();
    let config =
        "[archive]\nbucket = \"s3://archive/deep\"\n[[source]]\nname = \"harbour\"\nurl = \"https://h.test/\"\n";
    fs::write(folder.path().join("config.toml"), config).unwrap();
    let store = SqliteFrontier::open(&archive.join("copydesk.db"), RevisitRule::default()).unwrap();
    let positions = committed.iter().map(|(path, length)| SinkPosition { path: (*path).to_owned(), length: *length });
    store.commit(&[], &positions.collect::<Vec<_>>(), Timestamp::now()).unwrap();
    folder
}

#[test]
fn an_upload_in_parts_that_was_cut_off_sends_each_part_once() {
    let mut server = Server::start();
    let folder = by_hand(&[]);
    let large: Vec<u8> = (0..45_u32 << 18).flat_map(u32::to_le_bytes).collect();
    fs::write(folder.path().join("archive/large.bin"), &large).unwrap();
    let send = server.copydesk(folder.path(), &["archive", "send"]).stdout(Stdio::null()).spawn();
    let mut send = send.unwrap();
    // Killed when two parts are there, and the next try finds nobody.
    while server.tell("parts").matches(':').count() < 2 {
        assert_eq!(send.try_wait().unwrap(), None);
        std::thread::sleep(Duration::from_millis(5));
    }
    send.kill().unwrap();
    send.wait().unwrap();
    server.tell("stop");
    let (code, _, said) = server.run(folder.path(), &["archive", "send"]);
    assert!(code == 1 && said.contains("deep/large.bin"), "{said}");
    server.tell("start");
    let (code, said, complaint) = server.run(folder.path(), &["archive", "send"]);
    assert_eq!((code, said.starts_with("1 files sent, 47185920 bytes")), (0, true), "{said} {complaint}");
    let parts: BTreeMap<String, u32> = serde_json::from_str(&server.tell("parts")).unwrap();
    assert_eq!(parts.len(), 6, "{parts:?}");
    // One may have been on its way when it was killed.
    assert!(parts.values().sum::<u32>() <= 7, "{parts:?}");
    server.check(folder.path());
    // It grows: all of it goes again, and what was begun for the old content is given up.
    fs::write(folder.path().join("archive/large.bin"), [&large[..], b"more"].concat()).unwrap();
    assert_eq!(server.run(folder.path(), &["archive", "send"]).0, 0);
    server.check(folder.path());
}

#[test]
fn only_what_is_committed_is_sent_and_what_is_gone_goes() {
    let mut server = Server::start();
    let folder = by_hand(&[("jsonl/harbour/2026-03-06.jsonl", 6)]);
    let archive = folder.path().join("archive");
    let write = |name: &str, content: &str| fs::write(archive.join(name), content).unwrap();
    write("jsonl/harbour/2026-03-06.jsonl", "{\"a\"}\n{\"not committed\"}\n");
    write("jsonl/harbour/2026-03-07.jsonl", "{\"new\"}\n");
    write("jsonl/harbour/.2026-03-07.jsonl.uncommitted", "0");
    write("jsonl/harbour/Ü ß#%~日.jsonl", "{}\n");
    write("jsonl/harbour/empty.jsonl", "");
    write(".hidden", "x");
    assert_eq!(server.run(folder.path(), &["archive", "send"]).0, 0);
    server.check(folder.path());
    let names = server.names();
    let plain: Vec<&str> = names.iter().map(|name| name.strip_prefix("deep/").unwrap()).collect();
    let wanted = ["jsonl/harbour/2026-03-06.jsonl", "jsonl/harbour/empty.jsonl", "jsonl/harbour/Ü ß#%~日.jsonl"];
    assert_eq!(plain, wanted);

    // Nothing has changed, nothing is sent; touched is not changed.
    fs::File::open(archive.join("jsonl/harbour/empty.jsonl")).unwrap();
    write("jsonl/harbour/empty.jsonl", "");
    let (_, said, _) = server.run(folder.path(), &["archive", "send"]);
    assert!(said.starts_with("0 files sent"), "{said}");
    // Renamed, replaced, removed.
    fs::rename(archive.join("jsonl/harbour/Ü ß#%~日.jsonl"), archive.join("jsonl/harbour/plain.jsonl")).unwrap();
    fs::remove_file(archive.join("jsonl/harbour/empty.jsonl")).unwrap();
    let (_, said, _) = server.run(folder.path(), &["archive", "send"]);
    assert!(said.starts_with("1 files sent, 3 bytes; 2 objects removed"), "{said}");
    server.check(folder.path());

    // What others do to the bucket is seen and put right, and what is theirs is left to them.
    server.tell("delete deep/jsonl/harbour/plain.jsonl");
    server.tell("put deep/jsonl/harbour/2026-03-06.jsonl {'a'}.");
    server.tell("put deep/theirs.txt theirs");
    server.tell("put elsewhere.txt theirs");
    let (code, said, _) = server.run(folder.path(), &["archive", "send", "--check"]);
    let lines = [
        "jsonl/harbour/2026-03-06.jsonl: different in the bucket",
        "jsonl/harbour/plain.jsonl: missing in the bucket",
        "deep/theirs.txt: in the bucket, and not in the archive",
    ];
    assert_eq!((code, said.lines().collect::<Vec<_>>()), (1, lines.to_vec()));
    let (code, said, _) = server.run(folder.path(), &["archive", "send", "--repair"]);
    assert!(code == 0 && said.contains("2 files sent"), "{said}");
    let (code, said, _) = server.run(folder.path(), &["archive", "send", "--check", "--content"]);
    assert_eq!((code, said.as_str()), (1, "deep/theirs.txt: in the bucket, and not in the archive\n"));

    // Another bucket knows nothing of this.
    let config = fs::read_to_string(folder.path().join("config.toml")).unwrap();
    fs::write(folder.path().join("config.toml"), config.replace("/deep", "/other")).unwrap();
    let (_, said, _) = server.run(folder.path(), &["archive", "send"]);
    assert!(said.starts_with("2 files sent"), "{said}");
    server.check(folder.path());
}

#[test]
fn what_cannot_be_a_bucket_is_said_before_anything_is_done() {
    let server = Server::start();
    let folder = by_hand(&[]);
    let config = fs::read_to_string(folder.path().join("config.toml")).unwrap();
    for address in ["archive", "https://bucket.test/x", "s3:bucket", "file:///tmp"] {
        fs::write(folder.path().join("config.toml"), config.replace("s3://archive/deep", address)).unwrap();
        let (code, _, said) = server.run(folder.path(), &["crawl"]);
        assert!(code == 2 && said.contains("which is no bucket; write \"s3://bucket/prefix\""), "{address}: {said}");
    }
    fs::write(folder.path().join("config.toml"), config.replace("bucket = ", "# bucket = ")).unwrap();
    let (code, _, said) = server.run(folder.path(), &["archive", "send"]);
    assert!(code == 2 && said.contains("no bucket is configured"), "{said}");
}
