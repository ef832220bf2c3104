//! Pages that their scripts build, rendered by a real Chromium: what comes out, what does not get out, and what is left
//! behind.

#![expect(clippy::unwrap_used, reason = "what fails here fails the test")]

mod support;

use copydesk::archive::{Archive, ArchiveOptions};
use copydesk::crawl::{CrawlOptions, Parts, Render, RunSummary, Silent, Source, run};
use copydesk::extract;
use copydesk::fetch::browser::{Browser, RenderError};
use copydesk::fetch::{Accept, FetchOptions, Fetcher, Request};
use copydesk::frontier::{RevisitRule, SqliteFrontier};
use copydesk::model::{Article, Page};
use copydesk::sample_site::SampleSite;
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::thread;
use std::time::{Duration, Instant};
use support::{FaultServer, Reply};
use tempfile::TempDir;
use tokio_util::sync::CancellationToken;

const HOST: &str = "harbour-ledger.test";
const STORY: &str = "http://harbour-ledger.test/2026/11/20/tide-clock-stops/";

/// Leaves a sign in the page that its source does not have.
const BUILT: &str = "document.body.append('built by '+'script');";

fn html(body: &str) -> Reply {
    Reply::new(200, "text/html; charset=utf-8", body)
}

fn options(server: &FaultServer) -> FetchOptions {
    FetchOptions {
        delay: Duration::ZERO,
        obey_robots: false,
        timeout: Duration::from_secs(8),
        allow_hosts: vec![server.address.to_string().parse().unwrap()],
        ..FetchOptions::default()
    }
}

/// A server with one page, and whatever else a test gives it.
async fn serve(page: impl Into<String>) -> FaultServer {
    let page = page.into();
    FaultServer::start(move |seen| if seen.path == "/" { html(&page) } else { html("other") }).await
}

async fn fetched(fetcher: &Fetcher, server: &FaultServer) -> Page {
    fetcher.fetch(&Request::new(server.url("/"), Accept::Page)).await.unwrap()
}

async fn rendered(server: &FaultServer) -> Result<String, RenderError> {
    let fetcher = Fetcher::new(options(server)).unwrap();
    let page = fetched(&fetcher, server).await;
    let rendered = fetcher.browser().unwrap().render(&page).await?;
    assert_eq!(rendered.url, page.url);
    Ok(String::from_utf8(rendered.body.to_vec()).unwrap())
}

fn paths(server: &FaultServer) -> Vec<String> {
    server.log().into_iter().map(|seen| seen.path).collect()
}

/// Processes whose command line has a text in it.
fn processes(with: &str) -> Vec<u32> {
    let entries = fs::read_dir("/proc").unwrap().flatten();
    let ids = entries.filter_map(|entry| entry.file_name().to_str()?.parse().ok());
    ids.filter(|id| {
        let command = fs::read(format!("/proc/{id}/cmdline")).unwrap_or_default();
        *id != std::process::id() && String::from_utf8_lossy(&command).contains(with)
    })
    .collect()
}

fn wait_until(what: &str, mut holds: impl FnMut() -> bool) {
    let end = Instant::now() + Duration::from_secs(20);
    while !holds() {
        assert!(Instant::now() < end, "{what}");
        thread::sleep(Duration::from_millis(20));
    }
}

fn profiles(of: &Path) -> usize {
    fs::read_dir(of).unwrap().flatten().filter(|entry| entry.file_name().to_string_lossy().contains("copydesk")).count()
}

#[tokio::test(flavor = "multi_thread")]
async fn what_scripts_build_is_there_and_the_page_is_asked_for_once() {
    let server = FaultServer::start(|seen| match seen.path.as_str() {
        "/" => html(
            "<!doctype html><title>x</title><noscript>Needs JavaScript</noscript><div id=app></div><x-card><b slot=a>\
             slotted</b></x-card><img src=/a.png><video src=/a.mp4></video><link rel=stylesheet href=/a.css>\
             <iframe src=/frame></iframe><script src=/app.js></script><style>@font-face{font-family:f;src:url(/f.woff2)}\
             body{font-family:f}</style>",
        ),
        "/app.js" => Reply::new(200, 
            "text/javascript",
            "const r=document.querySelector('x-card').attachShadow({mode:'open'});r.innerHTML='<p>shadow <slot name=a>\
             </slot></p>';fetch('/data',{method:'POST',body:'q'}).then(a=>a.text()).then(t=>app.textContent=t);\
             new Image().src='/b.png';navigator.sendBeacon('/beacon','x');new EventSource('/events');",
        ),
        "/data" => Reply::new(200, "text/plain; charset=utf-8", "fetched “text”"),
        _ => Reply::new(200, "text/plain", ""),
    })
    .await;
    let body = rendered(&server).await.unwrap();
    assert!(body.contains("<div id=\"app\">fetched “text”</div>"), "{body}");
    assert!(body.contains("<p>shadow <b slot=\"a\">slotted</b></p>") && !body.contains("Needs JavaScript"), "{body}");
    let mut paths = paths(&server);
    paths.sort_unstable();
    assert_eq!(paths, ["/", "/a.css", "/app.js", "/data"]);
    let agents = server.log().into_iter().map(|seen| seen.header("user-agent").unwrap().to_owned());
    assert!(agents.collect::<Vec<_>>().iter().all(|agent| agent.starts_with("Copydesk/")));
    assert!(server.log().iter().all(|seen| seen.header("proxy-authorization").is_none()));
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_reaches_what_the_guard_refuses() {
    let inside = serve("secret").await;
    let address = inside.address;
    let page = format!(
        "<body><div id=log></div><script>(async()=>{{for(const u of ['http://{address}/fetch','http://localhost:{port}/\
         name','http://169.254.169.254/latest','http://[::1]:{port}/six','http://[::ffff:127.0.0.1]:{port}/mapped',\
         'file:///etc/passwd','https://{address}/tls','/leads-inside']){{try{{const t=await(await fetch(u)).text();\
         log.append(u+' answered '+t+';')}}catch(e){{log.append('no;')}}}}\
         try{{const w=new WebSocket('ws://{address}/socket');w.onerror=()=>log.append('closed;')}}catch{{}}\
         try{{new Worker(URL.createObjectURL(new Blob([`fetch('http://{address}/worker')`])))}}catch{{}}\
         try{{const c=new RTCPeerConnection({{iceServers:[{{urls:'stun:{address}'}}]}});c.createDataChannel('x');\
         c.setLocalDescription(await c.createOffer())}}catch{{}}\
         const s=document.createElement('script');s.src='http://{address}/script';document.body.append(s);\
         const f=document.createElement('iframe');f.src='http://{address}/frame';document.body.append(f);\
         window.open('http://{address}/window');f.contentWindow.open('http://{address}/window2');\
         location.href='http://{address}/gone'}})();{BUILT}</script>",
        port = address.port(),
    );
    let server = FaultServer::start(move |seen| match seen.path.as_str() {
        "/" => html(&page),
        "/leads-inside" => Reply::redirect(302, &format!("http://{address}/redirected")),
        _ => html("other"),
    })
    .await;
    let body = rendered(&server).await.unwrap();
    assert!(body.contains("built by script"), "{body}");
    let log = body.split("</div>").next().unwrap();
    assert!(log.contains("no;no;no;no;no;no;no;no;") && !log.contains("answered"), "{log}");
    assert_eq!(paths(&inside), Vec::<String>::new());
    assert_eq!(inside.connections(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn pages_that_never_end_or_want_attention() {
    for script in [
        "setInterval(()=>{for(;;){}},1);",
        "setInterval(()=>alert('look'),1);",
        "const f=document.createElement('iframe');document.body.append(f);for(let i=0;i<5;i++)f.contentWindow.alert(i);",
        "setInterval(()=>fetch('/poll?'+Math.random()),50);",
        "location.reload();",
        "setTimeout(()=>location.href='/elsewhere',100);",
        "onbeforeunload=()=>'stay';location.href='data:text/html,x';",
        "setInterval(()=>window.open('/w'),1);",
    ] {
        let server = serve(format!("<body><p>sent</p><script>{BUILT}{script}</script>")).await;
        let begun = Instant::now();
        let body = rendered(&server).await.unwrap_or_else(|error| panic!("{script}: {error}"));
        assert!(body.contains("<p>sent</p>") && body.contains("built by script"), "{script}: {body}");
        assert!(begun.elapsed() < Duration::from_secs(25), "{script}");
        let paths = paths(&server);
        assert!(
            paths.iter().filter(|path| *path == "/").count() == 1 && paths.len() <= 201,
            "{script}: {}",
            paths.len()
        );
        assert!(!paths.iter().any(|path| path == "/elsewhere" || path == "/w"), "{script}: {paths:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_that_takes_the_browser_down_fails_alone() {
    let server = FaultServer::start(|seen| match seen.path.as_str() {
        "/good" => html(&format!("<body><script>{BUILT}</script>")),
        "/endless" => html("<body><script>for(;;){}</script>"),
        "/large" => html(
            "<body><script>const p='x'.repeat(1<<20);setInterval(()=>{for(let i=0;i<25;i++){const d=document.\
             createElement('p');d.textContent=p+Math.random();document.body.append(d)}},1)</script>",
        ),
        "/nodes" => html(
            "<body><script>for(;;){const d=document.createElement('div');d.innerHTML='<b>x</b>'.repeat(1000);\
             document.body.append(d)}</script>",
        ),
        "/windows" => html(
            "<body><iframe></iframe><script>const w=document.querySelector('iframe').contentWindow;\
             setInterval(()=>{try{w.open('/w')}catch{}},1)</script>",
        ),
        _ => html("<body><script>location.href='chrome://crash'</script>"),
    })
    .await;
    // Chromium under a name by which this test finds its own.
    let folder = TempDir::new().unwrap();
    let (program, mark) = (folder.path().join("chromium"), format!("--mark={}", folder.path().display()));
    let real = Browser::new(&options(&server)).unwrap().program().display().to_string();
    fs::write(&program, format!("#!/bin/sh\nexec {real} {mark} \"$@\"\n")).unwrap();
    assert!(Command::new("chmod").arg("+x").arg(&program).status().unwrap().success());
    let fetcher = Fetcher::new(FetchOptions { browser: Some(program), ..options(&server) }).unwrap();
    let browser = fetcher.browser().unwrap();
    let get = async |path: &str| {
        let page = fetcher.fetch(&Request::new(server.url(path), Accept::Page)).await.unwrap();
        browser.render(&page).await
    };
    for (path, kinds) in [
        ("/endless", &[][..]),
        ("/large", &["render_crashed", "render_too_large", "render_timeout"]),
        ("/nodes", &["render_crashed", "render_too_large", "render_timeout"]),
        ("/windows", &["render_refused"]),
    ] {
        let (bad, good) = tokio::join!(get(path), get("/good"));
        match bad {
            Err(error) => assert!(kinds.contains(&error.kind()), "{path}: {error}"),
            // The script was stopped; windows that nobody asked for Chromium itself may refuse.
            Ok(page) => assert!(!matches!(path, "/large" | "/nodes"), "{path}: {} bytes", page.body.len()),
        }
        assert!(String::from_utf8_lossy(&good.unwrap().body).contains("built by script"), "beside {path}");
    }
    // The browser itself dies.
    let own = processes(&mark);
    assert!(!own.is_empty());
    for id in own {
        let _ = Command::new("kill").args(["-9", &id.to_string()]).status();
    }
    let page = get("/good").await.unwrap();
    assert!(String::from_utf8_lossy(&page.body).contains("built by script"));
}

#[test]
fn nothing_is_left_behind() {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    let server = runtime.block_on(serve("<body><script>setInterval(()=>fetch('/poll'),100)</script>"));
    let clean = |folder: &TempDir| -> Child {
        let mut command = Command::new(env!("CARGO_BIN_EXE_copydesk"));
        command.args(["clean", "--render", "--allow-host", &server.address.to_string(), server.url("/").as_str()]);
        command.env("TMPDIR", folder.path()).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap()
    };
    for signal in ["", "-INT", "-KILL"] {
        let folder = TempDir::new().unwrap();
        let name = folder.path().to_str().unwrap();
        let mut child = clean(&folder);
        wait_until("the browser runs", || processes(name).len() > 3);
        assert_eq!(profiles(folder.path()), 1);
        if !signal.is_empty() {
            wait_until("the page runs", || paths(&server).iter().any(|path| path == "/poll"));
            assert!(Command::new("kill").args([signal, &child.id().to_string()]).status().unwrap().success());
        }
        child.wait().unwrap();
        wait_until(&format!("no process is left after {signal:?}"), || processes(name).is_empty());
        wait_until(&format!("no profile is left after {signal:?}"), || profiles(folder.path()) == 0);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_browser_that_is_not_there_or_would_pass_by_a_proxy() {
    let missing = FetchOptions { browser: Some("/nowhere/chromium".into()), ..FetchOptions::default() };
    assert_eq!(Browser::new(&missing).unwrap_err().kind(), "no_browser");
    let proxied = FetchOptions { proxy: Some("http://127.0.0.1:1/".parse().unwrap()), ..FetchOptions::default() };
    assert_eq!(Browser::new(&proxied).unwrap_err().kind(), "render_proxy");
}

#[test]
fn a_crawl_that_lacks_its_browser_says_so_before_it_begins() {
    let folder = TempDir::new().unwrap();
    let config = folder.path().join("config.toml");
    let source = "[[source]]\nname = \"ledger\"\nurl = \"http://127.0.0.1:1/\"\nrender = \"auto\"\n";
    for (fetch, source, said) in [
        ("browser = \"/nowhere/chromium\"", source.to_owned(), "/nowhere/chromium is no program"),
        ("proxy = \"http://127.0.0.1:1\"", source.to_owned(), "pages cannot be rendered through a proxy"),
        ("", format!("{source}proxy = \"http://127.0.0.1:1\"\n"), "pages cannot be rendered through a proxy"),
    ] {
        let contact = "user_agent = \"Copydesk/0.1 (+https://example.org/bot)\"";
        fs::write(&config, format!("{source}[fetch]\n{contact}\n{fetch}\n")).unwrap();
        let mut command = Command::new(env!("CARGO_BIN_EXE_copydesk"));
        let output = command.current_dir(folder.path()).arg("crawl").arg("--config").arg(&config).output().unwrap();
        let err = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(1), "{err}");
        assert!(err.contains("source \"ledger\": ") && err.contains(said), "{err}");
        assert!(!folder.path().join("archive").exists());
    }
}

/// Crawls the sample site's outlets, with the feed of stories that scripts build.
async fn crawl(render: Render) -> (RunSummary, BTreeMap<String, Article>, Vec<String>) {
    let (site, folder) = (SampleSite::start().await.unwrap(), TempDir::new().unwrap());
    let fetch = FetchOptions {
        user_agent: "Copydesk/0.1".to_owned(),
        delay: Duration::ZERO,
        resolve: SampleSite::hosts().into_iter().map(|host| (host, site.addr())).collect(),
        allow_hosts: SampleSite::hosts().iter().map(|host| host.parse().unwrap()).collect(),
        ..FetchOptions::default()
    };
    let sources = SampleSite::hosts().into_iter().map(|host| {
        let mut source = Source::new(host.trim_end_matches(".test"), format!("http://{host}/").parse().unwrap());
        source.render = render;
        if host == HOST {
            source.feeds = ["/feed.xml", "/interactive/feed.xml"].map(|path| source.url.join(path).unwrap()).to_vec();
            source.sections = ["/", "/harbour/", "/town/"].map(|path| source.url.join(path).unwrap()).to_vec();
        }
        source
    });
    let archive = ArchiveOptions { path: folder.path().to_owned(), ..ArchiveOptions::default() };
    let parts = Parts {
        fetcher: Fetcher::new(fetch).unwrap(),
        frontier: Arc::new(SqliteFrontier::in_memory(RevisitRule::default()).unwrap()),
        archive: Archive::open(&archive).unwrap(),
        clean: extract::Options::default(),
        sources: sources.collect(),
    };
    let summary = run(parts, &CrawlOptions::default(), Arc::new(Silent), CancellationToken::new()).await.unwrap();
    let mut articles = BTreeMap::new();
    for source in fs::read_dir(folder.path().join("jsonl")).unwrap() {
        for file in fs::read_dir(source.unwrap().path()).unwrap() {
            for line in fs::read_to_string(file.unwrap().path()).unwrap().lines() {
                let article: Article = serde_json::from_str(line).unwrap();
                articles.insert(article.url.clone().unwrap(), article);
            }
        }
    }
    let asked = site.requests().into_iter().filter(|served| served.host == HOST).map(|served| served.path).collect();
    (summary, articles, asked)
}

#[tokio::test(flavor = "multi_thread")]
async fn auto_renders_the_one_page_of_the_sample_site_that_needs_it() {
    let (plain, without, _) = crawl(Render::Never).await;
    let (auto, with, asked) = crawl(Render::Auto).await;
    assert_eq!((auto.total.rendered, auto.sources["harbour-ledger"].rendered), (1, 1), "{:?}", auto.total.failed);
    assert_eq!(plain.total.rendered, 0);
    // All that the page itself has to say is that it needs JavaScript, which is not what its feed announced.
    assert!(!without.contains_key(STORY) && plain.total.failed.contains_key("notice_in_its_place"));
    assert_eq!(auto.total.articles, plain.total.articles + 1);
    let story = &with[STORY];
    assert_eq!(story.title.as_deref(), Some("The tide clock stops, and the town is early for everything"));
    assert!(story.text.starts_with("The tide clock on the fish hall") && story.text.ends_with("with a broom."));
    assert_eq!(story.authors.len(), 1, "{:?}", story.authors);
    let asked_for = |path: &str| asked.iter().filter(|asked| *asked == path).count();
    assert_eq!((asked_for("/2026/11/20/tide-clock-stops/"), asked_for("/api/stories/9104.json")), (1, 1));
    assert_eq!(asked_for("/wp-content/uploads/2026/11/tide-clock.jpg"), 0);
    for (url, article) in without.iter().filter(|(url, _)| *url != STORY) {
        assert_eq!(with[url].text, article.text, "{url}");
    }
}

#[test]
fn clean_renders_where_it_is_told_to() {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    let words = "The ferry to Holm island sails again on Monday, three months after a storm broke its ramp. ".repeat(4);
    let server = runtime.block_on(FaultServer::start(move |seen| match seen.path.as_str() {
        "/plain" => html(&format!(
            "<h1>Ferry</h1><article><p>{words}</p></article><script>document.body.\
            innerHTML='<p>replaced by script</p>'</script>"
        )),
        "/story" => Reply::new(200, "text/plain; charset=utf-8", words.as_str()),
        _ => html(
            "<div id=root></div><script>fetch('/story').then(a=>a.text()).then(t=>root.innerHTML='<article><h1>\
            Ferry</h1><p>'+t+'</p></article>')/* the bundle of a real page is longer than this line and its neighbours \
            put together */</script>",
        ),
    }));
    let run = |arguments: &[&str], path: &str| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_copydesk"));
        command.args(["clean", "--format", "text", "--allow-host", &server.address.to_string()]).args(arguments);
        let output =
            command.arg(if path.starts_with('/') { server.url(path).to_string() } else { path.to_owned() }).output();
        let output = output.unwrap();
        let text = |bytes| String::from_utf8(bytes).unwrap();
        (output.status.code().unwrap(), text(output.stdout), text(output.stderr))
    };
    let (code, out, err) = run(&[], "/built");
    assert_eq!((code, out.trim()), (0, ""), "{err}");
    for arguments in [&["--render"][..], &["--render=auto"]] {
        let (code, out, err) = run(arguments, "/built");
        assert!(code == 0 && out.starts_with("The ferry to Holm island"), "{arguments:?}: {out}{err}");
    }
    assert!(run(&["--render=auto"], "/plain").1.starts_with("The ferry"));
    assert!(!run(&["--render"], "/plain").1.contains("The ferry"));
    let (code, _, err) = run(&["--render"], "page.html");
    assert!(code == 2 && err.contains("--render is for URLs"), "{err}");
    let (code, _, err) = run(&["--render", "--browser", "/nowhere/chromium"], "/built");
    assert!(code == 1 && err.contains("/nowhere/chromium is no program"), "{err}");
}
