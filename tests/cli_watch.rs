//! `copydesk watch` as a program: schedules, reloads, the lock, the service manager, the end.

#![cfg(unix)]
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use assert_cmd::cargo::cargo_bin;
use copydesk::sample_site::SampleSite;
use std::fmt::Write;
use std::fs;
use std::os::unix::net::UnixDatagram;
use std::process::{Child, Command, Output, Stdio};
use std::time::{Duration, Instant};
use tempfile::TempDir;

const HOST: &str = "harbour-ledger.test";

/// How long anything may take before something is wrong.
const PATIENCE: Duration = Duration::from_mins(1);

/// A sample site, and a daemon that watches a part of it.
struct Rig {
    site: SampleSite,
    folder: TempDir,
    manager: UnixDatagram,
}

impl Rig {
    async fn new() -> Self {
        let site = SampleSite::start().await.unwrap();
        let folder = TempDir::new().unwrap();
        let manager = UnixDatagram::bind(folder.path().join("notify")).unwrap();
        manager.set_read_timeout(Some(PATIENCE)).unwrap();
        let rig = Self { site, folder, manager };
        rig.serve(&["one"]);
        rig
    }

    /// Puts stories into a feed that only this test knows.
    fn serve(&self, stories: &[&str]) {
        let mut items = String::new();
        for story in stories {
            let path = format!("/2026/11/20/{story}/");
            write!(items, "<item><title>Story {story}</title><link>http://{HOST}{path}</link></item>").unwrap();
            let sentence = format!("The ferry {story} left the quay at noon with forty sheep and the mayor on board. ");
            let page = format!(
                "<head><title>Story {story}</title></head><body><article><h1>Story {story}</h1><p>{}</p></article></body>",
                sentence.repeat(5)
            );
            self.site.replace(HOST, &path, page);
        }
        let feed = format!("<rss version=\"2.0\"><channel><title>x</title>{items}</channel></rss>");
        self.site.replace(HOST, "/own.xml", feed);
    }

    fn configure(&self, sources: &str) {
        let hosts = SampleSite::hosts();
        let mut config = format!("[fetch]\ndelay = \"10ms\"\nmax_crawl_delay = \"10ms\"\nallow_hosts = {hosts:?}\n");
        writeln!(config, "[fetch.resolve]").unwrap();
        for host in &hosts {
            writeln!(config, "{host:?} = \"{}\"", self.site.addr()).unwrap();
        }
        config.push_str(sources);
        fs::write(self.folder.path().join("config.toml"), config).unwrap();
    }

    fn source(name: &str, feed: &str, schedule: &str) -> String {
        format!("[[source]]\nname = {name:?}\nurl = \"http://{HOST}/\"\nfeeds = [{feed:?}]\n{schedule}\n")
    }

    fn command(&self) -> Command {
        let mut command = Command::new(cargo_bin("copydesk"));
        command.args(["watch", "--log", "json"]).current_dir(self.folder.path()).env_remove("RUST_LOG");
        command
    }

    fn start(&self) -> Child {
        let log = fs::File::create(self.folder.path().join("log")).unwrap();
        let mut command = self.command();
        command.env("NOTIFY_SOCKET", self.folder.path().join("notify")).env("WATCHDOG_USEC", "200000");
        command.stdout(Stdio::null()).stderr(log).spawn().unwrap()
    }

    fn log(&self) -> String {
        fs::read_to_string(self.folder.path().join("log")).unwrap()
    }

    fn wait_for(&self, what: &str, is_so: impl Fn() -> bool) {
        let began = Instant::now();
        while !is_so() {
            assert!(began.elapsed() < PATIENCE, "no {what}: {}", self.log());
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    /// What a source's archive tells of.
    fn titles(&self, source: &str) -> Vec<String> {
        let mut titles = Vec::new();
        for file in fs::read_dir(self.folder.path().join("archive/jsonl").join(source)).into_iter().flatten() {
            let path = file.unwrap().path();
            if path.extension().is_none_or(|extension| extension != "jsonl") {
                continue;
            }
            for line in fs::read_to_string(path).unwrap().lines() {
                if let Ok(record) = serde_json::from_str::<serde_json::Value>(line) {
                    titles.push(record["title"].as_str().unwrap().to_owned());
                }
            }
        }
        titles.sort();
        titles
    }

    /// The next message to the service manager that is no sign of life.
    fn told(&self) -> String {
        loop {
            let mut buffer = [0; 64];
            let length = self.manager.recv(&mut buffer).unwrap();
            let message = String::from_utf8_lossy(&buffer[..length]).into_owned();
            if message != "WATCHDOG=1" {
                return message;
            }
        }
    }

    fn looks(&self, path: &str) -> usize {
        self.site.requests().iter().filter(|request| request.path == path).count()
    }
}

fn signal(child: &Child, name: &str) {
    assert!(Command::new("kill").args([name, &child.id().to_string()]).status().unwrap().success());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn it_looks_by_schedule_and_stops_in_order() {
    let rig = Rig::new().await;
    let never = Rig::source("later", "/feed.xml", "schedule = \"0 0 29 2 *\"");
    rig.configure(&(Rig::source("own", "/own.xml", "every = \"500ms\"") + &never));
    let mut child = rig.start();
    assert_eq!(rig.told(), "READY=1");
    rig.wait_for("first story", || rig.titles("own") == ["Story one"]);
    rig.serve(&["two", "one"]);
    rig.wait_for("second story", || rig.titles("own") == ["Story one", "Story two"]);
    let mut sign = [0; 64];
    let length = rig.manager.recv(&mut sign).unwrap();
    assert_eq!(&sign[..length], b"WATCHDOG=1", "a sign of life while it waits");

    // Somebody else is told who is at work, and leaves it alone.
    let Output { status, stderr, .. } = rig.command().output().unwrap();
    let message = String::from_utf8_lossy(&stderr);
    assert_eq!(status.code(), Some(1), "{message}");
    let owner = format!("(pid {})", child.id());
    assert!(message.contains("another copydesk is using the store") && message.contains(&owner), "{message}");

    // A manager that has not read for a while, so that its socket is full of signs of life, still hears of the end.
    std::thread::sleep(Duration::from_millis(1500));
    signal(&child, "-TERM");
    assert_eq!(rig.told(), "STOPPING=1");
    assert_eq!(child.wait().unwrap().code(), Some(130), "{}", rig.log());
    assert_eq!(rig.looks("/feed.xml"), 0, "what a cron line names for a leap day is not looked at today");
    assert_eq!(rig.looks("/2026/11/20/one/"), 1, "nothing is fetched twice");
    let runs = fs::read_dir(rig.folder.path().join("archive/runs")).unwrap().count();
    assert!(runs <= 4, "{runs} summaries, of which two brought something, one was stopped, and one is the latest");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn it_reads_its_configuration_again_and_keeps_the_old_one_if_that_is_broken() {
    let rig = Rig::new().await;
    let own = Rig::source("own", "/own.xml", "every = \"1h\"");
    rig.configure(&own);
    let mut child = rig.start();
    assert_eq!(rig.told(), "READY=1");
    rig.wait_for("first story", || rig.titles("own") == ["Story one"]);

    rig.configure(&(own.clone() + "evry = \"2h\"\n"));
    signal(&child, "-HUP");
    assert_eq!(rig.told(), "RELOADING=1");
    assert_eq!(rig.told(), "READY=1");
    let log = rig.log();
    assert!(log.contains("the old one stays") && log.contains("did you mean `every`?"), "{log}");

    // Another source, and a shorter interval for the one that was looked at already.
    rig.serve(&["two", "one"]);
    rig.configure(&(Rig::source("own", "/own.xml", "every = \"500ms\"") + &Rig::source("new", "/feed.xml", "")));
    signal(&child, "-HUP");
    assert_eq!(rig.told(), "RELOADING=1");
    assert_eq!(rig.told(), "READY=1");
    rig.wait_for("story of the new source", || !rig.titles("new").is_empty());
    rig.wait_for("second story", || rig.titles("own") == ["Story one", "Story two"]);

    signal(&child, "-INT");
    assert_eq!(child.wait().unwrap().code(), Some(130), "{}", rig.log());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_wrong_at_the_start_is_said_and_ends_it() {
    let rig = Rig::new().await;
    rig.configure("[crawl]\nreread = [\"1d\", \"1h\"]\n");
    let Output { status, stderr, .. } = rig.command().output().unwrap();
    let message = String::from_utf8_lossy(&stderr);
    assert!(status.code() == Some(2) && message.contains("`reread`") && message.contains("has to rise"), "{message}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn max_pages_bounds_an_hour() {
    let rig = Rig::new().await;
    rig.serve(&["one", "two", "three", "four"]);
    rig.configure(&Rig::source("own", "/own.xml", "every = \"300ms\"\nmax_pages = 3"));
    let mut child = rig.start();
    rig.wait_for("three stories", || rig.titles("own").len() == 3);
    rig.wait_for("fifth look", || rig.looks("/own.xml") >= 5);
    signal(&child, "-TERM");
    child.wait().unwrap();
    assert_eq!(rig.titles("own").len(), 3);
}
