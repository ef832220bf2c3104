//! The configuration file: its example, and what it refuses.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use copydesk::archive::{Compression, Format};
use copydesk::config::{Config, ConfigError};
use copydesk::crawl::Render;
use copydesk::fetch::Setting;
use copydesk::frontier::Schedule;
use std::path::Path;
use std::time::Duration;

fn example() -> String {
    std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/config.toml")).unwrap()
}

fn parse(text: &str) -> Result<Config, ConfigError> {
    Config::parse(text, Path::new("my.toml"))
}

fn refusal(text: &str) -> String {
    parse(text).unwrap_err().to_string()
}

/// The example with its optional keys and its source brought in.
fn uncommented() -> String {
    let is_setting = |line: &str| {
        line.starts_with("# [[")
            || line
                .strip_prefix("# ")
                .and_then(|line| line.split_once(" = "))
                .is_some_and(|(key, _)| key.chars().all(|c| c.is_ascii_lowercase() || c == '_'))
    };
    example()
        .lines()
        .filter(|line| !line.starts_with("# every"))
        .map(|line| if is_setting(line) { &line[2..] } else { line })
        .collect::<Vec<_>>()
        .join("\n")
}

#[test]
fn the_example_is_the_default() {
    let config = parse(&example()).unwrap();
    assert_eq!(format!("{config:#?}"), format!("{:#?}", Config::default()));
    assert_eq!(config.store_path(), Path::new("archive/copydesk.db"));
}

#[test]
fn the_example_explains_every_key() {
    let keys = [
        "user_agent",
        "concurrency",
        "per_address",
        "delay",
        "timeout",
        "connect_timeout",
        "max_body",
        "max_redirects",
        "retries",
        "max_retry_wait",
        "max_crawl_delay",
        "allow_hosts",
        "obey_robots",
        "proxy",
        "path",
        "formats",
        "compression",
        "rotate_size",
        "images",
        "on_article",
        "secret_env",
        "sites",
        "languages",
        "engine",
        "max_sections",
        "max_sitemaps",
        "min_words",
        "near_duplicates",
        "public_url",
        "name",
        "url",
        "feeds",
        "sitemaps",
        "sections",
        "include",
        "exclude",
        "max_age",
        "max_pages",
        "headers",
        "login",
        "cookies",
        "every",
        "schedule",
        "render",
        "host",
        "body",
        "title",
        "authors",
        "date",
        "remove",
    ];
    let example = example();
    for key in keys {
        let is_there = example.lines().any(|line| line.trim_start_matches("# ").starts_with(&format!("{key} = ")));
        assert!(is_there, "{key}");
    }
    assert!(example.contains("[fetch.resolve]"));
}

#[test]
fn what_the_example_shows_is_read() {
    let config = parse(&uncommented()).unwrap();
    let source = &config.sources[0];
    assert_eq!(source.name, "harbour-ledger");
    assert_eq!(source.feeds[0].as_str(), "https://harbour-ledger.example/feed.xml");
    assert_eq!(source.sections.len(), 2);
    assert_eq!(source.max_pages, Some(500));
    assert_eq!(source.render, Render::Never);
    let access = &config.fetch.access["harbour-ledger"];
    let key = Setting::Env("LEDGER_KEY".to_owned());
    assert_eq!(
        access.headers,
        [("X-Key".to_owned(), key), ("X-Reader".to_owned(), Setting::Text("archive".to_owned()))]
    );
    assert_eq!(access.login.as_ref().unwrap().password_env, "LEDGER_PASSWORD");
    assert_eq!((access.cookies, &access.proxy), (true, &Some(Setting::Env("LEDGER_PROXY".to_owned()))));
    let rule = config.clean.rules.for_url(&"https://harbour-ledger.example/a".parse().unwrap()).unwrap();
    assert_eq!((rule.body.len(), rule.remove.len(), rule.remove[1].to_string()), (1, 2, "aside[data-box]".to_owned()));
    assert_eq!(source.schedule, Schedule::Cron("0 6-22 * * 1-5 Europe/Berlin".parse().unwrap()));
    assert_eq!(config.fetch.proxy.unwrap().as_str(), "socks5://127.0.0.1:1080");
    assert_eq!(config.store.unwrap(), Path::new("archive/copydesk.db"));
}

#[test]
fn a_bucket_may_stand_as_the_path() {
    let by_path = parse("[archive]\npath = \"s3://news/paper\"\n").unwrap();
    assert_eq!(by_path.bucket.as_ref().unwrap().as_str(), "s3://news/paper");
    assert_eq!(by_path.archive.path, Path::new("archive"));
    let alone = parse("archive = \"s3://news/paper\"\n").unwrap();
    assert_eq!((alone.bucket, alone.archive.path), (by_path.bucket.clone(), Config::default().archive.path));
    let beside = parse("[archive]\npath = \"here\"\nbucket = \"gs://news\"\n").unwrap();
    assert_eq!((beside.bucket.unwrap().as_str(), beside.archive.path.as_path()), ("gs://news", Path::new("here")));
}

#[test]
fn values_are_read() {
    let config = parse(
        "[fetch]\nconcurrency = 4\ndelay = \"0s\"\nmax_body = 1_000\nallow_hosts = [\"127.0.0.1:8900\", \"[::1]:80\"]\n\
         resolve = { \"News.test\" = \"127.0.0.1:8900\" }\ntimeout = \"5s\"\n[archive]\nformats = [\"text\", \"csv\"]\n\
         compression = \"zstd\"\nrotate_size = \"64MiB\"\n[clean]\nengine = \"readability\"\n[[source]]\nname = \"a\"\nurl = \"http://news.test/\"\nevery = \"15m\"\n",
    )
    .unwrap();
    assert_eq!((config.fetch.concurrency, config.crawl.concurrency), (4, 4));
    assert_eq!(config.fetch.delay, Duration::ZERO);
    assert_eq!(config.fetch.max_body, 1000);
    assert_eq!(config.archive.formats, [Format::Text, Format::Csv]);
    assert_eq!((config.archive.compression, config.archive.rotate_size), (Compression::Zstd, Some(64 << 20)));
    assert_eq!(config.fetch.allow_hosts.len(), 2);
    assert_eq!(config.fetch.resolve["news.test"], "127.0.0.1:8900".parse().unwrap());
    assert_eq!(config.fetch.first_byte_timeout, Duration::from_secs(5));
    assert_eq!(config.sources[0].schedule, Schedule::Every(Duration::from_mins(15)));
}

#[test]
fn what_is_wrong_is_refused_with_line_key_and_hint() {
    let source = "[[source]]\nname = \"a\"\nurl = \"http://news.test/\"\n";
    let cases: &[(&str, &[&str])] = &[
        ("[fetch]\n\ndely = \"1s\"\n", &["my.toml:3:", "unknown key `dely` in [fetch]", "did you mean `delay`?"]),
        ("[fetsh]\n", &["my.toml:1:", "`fetsh`", "did you mean `fetch`?"]),
        ("[store]\nzzz = 1\n", &["my.toml:2:", "it may hold path"]),
        ("[fetch]\ndelay = 2\n", &["my.toml:2:", "`delay` in [fetch]", "write \"2s\""]),
        ("[fetch]\ndelay = \"soon\"\n", &["my.toml:2:", "is no duration", "\"15m\""]),
        ("[fetch]\ntimeout = \"0s\"\n", &["longer than nothing"]),
        ("[fetch]\nconcurrency = \"many\"\n", &["whole number from 1", "the text \"many\""]),
        ("[fetch]\nconcurrency = 0\n", &["whole number from 1, not the number 0"]),
        ("[fetch]\nobey_robots = \"yes\"\n", &["true or false"]),
        ("[serve]\ntoken_sha256 = \"abc\"\n", &["`token_sha256` in [serve]", "sha256sum"]),
        ("[serve]\nrate = -1\n", &["`rate` in [serve]"]),
        ("[serve]\npublic_url = \"news.test\"\n", &["`public_url` in [serve]"]),
        ("[serve]\npublic_url = \"https://news.test/?a=1\"\n", &["without name, query and fragment"]),
        ("[fetch]\nmax_body = \"big\"\n", &["a size such as"]),
        ("[fetch]\nallow_hosts = [\"a b\"]\n", &["no host to allow"]),
        ("[fetch]\nallow_hosts = \"a\"\n", &["a list in square brackets"]),
        ("[fetch]\nuser_agent = \"\"\n", &["has to begin with a name"]),
        ("[fetch]\nproxy = \"ftp://x\"\n", &["is no proxy"]),
        ("[fetch.resolve]\n\"a.test\" = \"10.0.0.7\"\n", &["my.toml:2:", "`a.test` in [resolve]", "a port"]),
        ("[archive]\nformats = [\"docx\"]\n", &["is no archive format"]),
        ("[archive]\ncompression = \"rar\"\n", &["my.toml:2:", "\"none\", \"gzip\" and \"zstd\""]),
        ("[archive]\nimages = \"some\"\n", &["my.toml:2:", "\"no\", \"lead\" and \"all\""]),
        ("[archive]\nformats = [\"csv\"]\nimages = \"all\"\n", &["my.toml:3:", "add \"markdown\""]),
        ("[archive]\nrotate_size = 0\n", &["`rotate_size`", "a size such as"]),
        ("[archive]\nformats = []\n", &["nothing would be kept"]),
        ("[archive]\npath = \"https://example.org/x\"\n", &["my.toml:2:", "`path`", "is no bucket"]),
        ("archive = \"https://example.org/x\"\n", &["my.toml:1:", "`archive`", "is no bucket"]),
        ("[archive]\npath = \"s3://a/b\"\nbucket = \"s3://c\"\n", &["my.toml:2:", "write a folder here"]),
        ("[[webhook]]\nname = \"desk\"\n", &["[[webhook]] has no `url`"]),
        ("[[webhook]]\nurl = \"ftp://x.test/\"\n", &["has to begin with http"]),
        ("[archive]\non_article = []\n", &["names no program"]),
        ("[archive]\nformats = [\"csv\"]\n[[webhook]]\nurl = \"http://x.test/\"\n", &["my.toml:2:", "catalogue"]),
        ("[clean]\nengine = \"magic\"\n", &["magic"]),
        ("fetch = 3\n", &["has to be a table"]),
        ("[source]\nname = \"a\"\n", &["double brackets"]),
        ("x = = 1\n", &["my.toml:1:", "no TOML"]),
        ("[[source]]\nurl = \"http://news.test/\"\n", &["my.toml:1:", "has no `name`"]),
        ("[[source]]\nname = \"a\"\n", &["has no `url`"]),
        ("[[source]]\nname = \"a/b\"\nurl = \"http://news.test/\"\n", &["my.toml:2:", "no safe name for a folder"]),
        ("[[source]]\nname = \"con\"\nurl = \"http://news.test/\"\n", &["no safe name for a folder"]),
        ("[[source]]\nname = \"a\"\nurl = \"ftp://news.test/\"\n", &["my.toml:3:", "no web address"]),
        ("[[source]]\nname = \"a\"\nurl = \"news.test\"\n", &["no web address"]),
        ("[[rule]]\nbody = \"p\"\n", &["my.toml:1:", "[[rule]] has no `host`", "add host = "]),
        ("[[rule]]\nhost = \"a/b\"\nbody = \"p\"\n", &["my.toml:2:", "`host` in [[rule]]", "is no host", "*.my-paper"]),
        ("[[rule]]\nhost = \"a.test\"\n", &["says nothing", "body, title, authors, date, remove"]),
        (
            "[[rule]]\nhost = \"a.test\"\nremove = [\".promo\", \"div[\"]\n",
            &["my.toml:3:", "`remove` in [[rule]]", "\"div[\" is no CSS selector", "copydesk rules test"],
        ),
        ("[[rule]]\nhost = \"a.test\"\nbody = \"\"\n", &["my.toml:3:", "`body`", "is no CSS selector"]),
        ("[[rule]]\nhost = \"a.test\"\nbody = 3\n", &["a CSS selector in quotes, or a list of them"]),
        ("[[rule]]\nhost = \"a.test\"\nboddy = \"p\"\n", &["my.toml:3:", "did you mean `body`?"]),
        (
            "[[rule]]\nhost = \"a.test\"\nbody = \"p\"\n[[rule]]\nhost = \"www.a.test\"\nbody = \"p\"\n",
            &["my.toml:5:", "as is another rule's"],
        ),
    ];
    for (text, parts) in cases {
        let message = refusal(text);
        for part in *parts {
            assert!(message.contains(part), "{text}\n{message}\nlacks {part:?}");
        }
    }
    let additions: &[(&str, &[&str])] = &[
        ("include = [\"(\"]\n", &["my.toml:4:", "`include`", "no regular expression"]),
        ("exclude = [\"ok\", \"[\"]\n", &["`exclude`", "\"[\""]),
        ("max_age = \"old\"\n", &["is no duration"]),
        ("max_pages = 0\n", &["whole number from 1"]),
        ("schedule = \"0 0 31 6 *\"\n", &["never comes"]),
        ("schedule = \"* * *\"\n", &["five fields"]),
        ("schedule = \"99 * * * *\"\n", &["minute"]),
        ("every = \"1h\"\nschedule = \"0 * * * *\"\n", &["keep one of them"]),
        ("render = \"maybe\"\n", &["\"never\", \"auto\" or \"always\""]),
        ("feeds = [\"mailto:x\"]\n", &["no web address"]),
        ("headers = \"X: y\"\n", &["`headers`", "has to be a table"]),
        ("headers = { \"X Y\" = \"z\" }\n", &["no name of a header"]),
        ("headers = { Host = \"z\" }\n", &["cannot be set here"]),
        ("headers = { X = { file = \"z\" } }\n", &["{ env = \"NAME\" }"]),
        ("login = { user = \"a\", password = \"b\" }\n", &["password_env", "is not taken here"]),
        ("login = { user = \"a:b\", password_env = \"B\" }\n", &["a colon"]),
        ("cookies = \"yes\"\n", &["true or false"]),
        ("proxy = \"ftp://x\"\n", &["is no proxy"]),
        ("sektions = []\n", &["did you mean `sections`?"]),
        (source, &["my.toml:5:", "as is another source's"]),
    ];
    for (addition, parts) in additions {
        let message = refusal(&format!("{source}{addition}"));
        for part in *parts {
            assert!(message.contains(part), "{addition}\n{message}\nlacks {part:?}");
        }
    }
}

#[test]
fn sources_are_chosen_by_name() {
    let path = Path::new("my.toml");
    let none = Config::default().select(&[], path).unwrap_err().to_string();
    assert!(none.contains("[[source]]\nname = "), "{none}");
    let config = parse(
        "[[source]]\nname = \"ledger\"\nurl = \"http://a.test/\"\n[[source]]\nname = \"wire\"\nurl = \"http://b.test/\"\n",
    )
    .unwrap();
    assert_eq!(config.select(&[], path).unwrap().len(), 2);
    assert_eq!(config.select(&["wire".into()], path).unwrap()[0].name, "wire");
    let message = config.select(&["legder".into()], path).unwrap_err().to_string();
    assert!(message.contains("did you mean `ledger`?"), "{message}");
}

#[test]
fn a_missing_file_is_named() {
    let message = Config::load(Path::new("no/such.toml")).unwrap_err().to_string();
    assert!(message.starts_with("cannot read the configuration no/such.toml"), "{message}");
}

#[test]
fn strangers_are_crawled_only_by_somebody_who_says_who_it_is() {
    let source = |url: &str| format!("[[source]]\nname = \"a\"\nurl = \"{url}\"\n");
    let check = |fetch: &str, url: &str| {
        let config = parse(&format!("[fetch]\n{fetch}\n{}", source(url))).unwrap();
        config.check_contact(&config.sources, Path::new("my.toml")).map_err(|error| error.to_string())
    };
    let message = check("", "https://www.news.example/").unwrap_err();
    assert!(message.starts_with("my.toml: user_agent in [fetch]") && message.contains("www.news.example"), "{message}");
    assert!(check("user_agent = \"Bot/1.0\"", "http://8.8.8.8/").is_err());
    for agent in ["Bot/1.0 (+https://bot.example/)", "Bot/1.0 (me@bot.example)"] {
        assert_eq!(check(&format!("user_agent = \"{agent}\""), "https://www.news.example/"), Ok(()));
    }
    for (fetch, url) in [
        ("", "http://127.0.0.1:8900/"),
        ("", "http://[::1]/"),
        ("", "http://paper.localhost/"),
        ("allow_hosts = [\"news.example\"]", "http://news.example/"),
        ("resolve = { \"news.example\" = \"127.0.0.1:80\" }", "http://news.example/"),
    ] {
        assert_eq!(check(fetch, url), Ok(()), "{url}");
    }
}
