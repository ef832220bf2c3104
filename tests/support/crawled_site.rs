//! The sample site, crawled into JSON lines and WARC files by the program itself.

use assert_cmd::cargo::cargo_bin;
use copydesk::sample_site::SampleSite;
use std::fmt::Write as _;
use std::fs;
use std::path::PathBuf;
use std::process::Command;
use tempfile::TempDir;

#[allow(dead_code, reason = "not each test file that includes this looks at the site")]
pub(crate) struct CrawledSite {
    pub(crate) site: SampleSite,
    pub(crate) folder: TempDir,
}

impl CrawledSite {
    /// The site, with a configuration to crawl it by; `archive` and `crawl` are what stands in these tables.
    pub(crate) async fn new(archive: &str, crawl: &str) -> Self {
        let site = SampleSite::start().await.unwrap();
        let folder = TempDir::new().unwrap();
        let hosts = SampleSite::hosts();
        let mut config = format!(
            "[archive]\nformats = [\"jsonl\", \"warc\"]\n{archive}\n[crawl]\n{crawl}\n[fetch]\ndelay = \"0ms\"\n\
             max_crawl_delay = \"0ms\"\nallow_hosts = {hosts:?}\n[fetch.resolve]\n"
        );
        for host in &hosts {
            writeln!(config, "{host:?} = \"{}\"", site.addr()).unwrap();
        }
        for host in &hosts {
            let name = host.strip_suffix(".test").unwrap();
            write!(config, "[[source]]\nname = {name:?}\nurl = \"http://{host}/\"\n").unwrap();
        }
        fs::write(folder.path().join("config.toml"), config).unwrap();
        Self { site, folder }
    }

    pub(crate) fn archive(&self) -> PathBuf {
        self.folder.path().join("archive")
    }

    pub(crate) fn crawl(&self) {
        let output = Command::new(cargo_bin("copydesk"))
            .args(["crawl", "--quiet"])
            .current_dir(self.folder.path())
            .output()
            .unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    }
}
