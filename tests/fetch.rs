//! The fetch stage against a server that misbehaves.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod support;

use async_compression::tokio::bufread::{BrotliEncoder, DeflateEncoder, GzipEncoder, ZlibEncoder, ZstdEncoder};
use copydesk::fetch::{Accept, AllowedHost, FetchError, FetchOptions, Fetcher, Request};
use copydesk::model::{HostKey, Page, Validators};
use std::net::SocketAddr;
use std::time::{Duration, Instant, SystemTime};
use support::{FaultServer, Reply, Seen};
use tokio::io::{AsyncRead, AsyncReadExt};
use url::Url;

const BODY: &str = "<!doctype html><title>Harbour</title><p>The harbour reopens.</p>";

fn allow(address: SocketAddr) -> AllowedHost {
    address.to_string().parse().unwrap()
}

/// Fast, but otherwise like the default.
fn options(server: &FaultServer) -> FetchOptions {
    FetchOptions {
        delay: Duration::ZERO,
        backoff: Duration::from_millis(2),
        timeout: Duration::from_secs(5),
        max_retry_wait: Duration::from_millis(200),
        allow_hosts: vec![allow(server.address)],
        ..FetchOptions::default()
    }
}

/// Serves a site without robots.txt.
async fn site(handler: impl Fn(&Seen) -> Reply + Send + Sync + 'static) -> FaultServer {
    FaultServer::start(move |seen| if seen.path == "/robots.txt" { Reply::status(404) } else { handler(seen) }).await
}

async fn get(options: FetchOptions, url: Url) -> Result<Page, FetchError> {
    Fetcher::new(options).unwrap().fetch(&Request::new(url, Accept::Page)).await
}

async fn get_from(server: &FaultServer, path: &str) -> Result<Page, FetchError> {
    get(options(server), server.url(path)).await
}

async fn encoded(mut encoder: impl AsyncRead + Unpin) -> Vec<u8> {
    let mut bytes = Vec::new();
    encoder.read_to_end(&mut bytes).await.unwrap();
    bytes
}

#[tokio::test]
async fn an_ordinary_page() {
    let server = site(|_| {
        Reply::html(BODY)
            .header("ETag", "\"v1\"")
            .header("Last-Modified", "Sun, 06 Nov 1994 08:49:37 GMT")
            .header("X-Robots-Tag", "noarchive")
            .header("x-robots-tag", "otherbot: noindex")
    })
    .await;
    let page = get_from(&server, "/a?b=1#top").await.unwrap();
    assert_eq!(page.status, 200);
    assert_eq!(page.body, BODY);
    assert_eq!(page.wire_bytes, BODY.len() as u64);
    assert_eq!(page.content_type.as_deref(), Some("text/html; charset=utf-8"));
    assert_eq!(page.robots_tags, ["noarchive", "otherbot: noindex"]);
    assert_eq!(page.validators.etag.as_deref(), Some("\"v1\""));
    assert!(page.redirects.is_empty());
    let log = server.log();
    assert_eq!(log.iter().map(|seen| seen.path.as_str()).collect::<Vec<_>>(), ["/robots.txt", "/a?b=1"]);
    assert!(log[1].header("user-agent").unwrap().starts_with("Copydesk/"));
    assert_eq!(log[1].header("accept-encoding"), Some("gzip, deflate, br, zstd"));
    assert_eq!(server.connections(), 1, "the connection is kept");
}

#[tokio::test]
async fn every_content_coding() {
    let body = BODY.repeat(50);
    let bytes = body.as_bytes();
    let gzip = encoded(GzipEncoder::new(bytes)).await;
    let cases: Vec<(&str, Vec<u8>)> = vec![
        ("gzip", gzip.clone()),
        ("X-GZIP", gzip.clone()),
        ("br", encoded(BrotliEncoder::new(bytes)).await),
        ("zstd", encoded(ZstdEncoder::new(bytes)).await),
        ("deflate", encoded(ZlibEncoder::new(bytes)).await),
        ("deflate", encoded(DeflateEncoder::new(bytes)).await),
        ("gzip, br", encoded(BrotliEncoder::new(&gzip[..])).await),
        ("identity", bytes.to_vec()),
    ];
    for (coding, sent) in cases {
        let wire = sent.len() as u64;
        let server = site(move |_| Reply::new(200, "text/html", sent.clone()).header("Content-Encoding", coding)).await;
        let page = get_from(&server, "/").await.unwrap();
        assert_eq!(page.body, body, "{coding}");
        assert_eq!(page.wire_bytes, wire, "{coding}");
    }
}

#[tokio::test]
async fn an_empty_body_is_an_empty_page_in_any_coding() {
    let server = site(|_| Reply::new(200, "text/html", "").header("Content-Encoding", "gzip")).await;
    assert!(get_from(&server, "/").await.unwrap().body.is_empty());
}

#[tokio::test]
async fn a_gzip_body_may_have_several_members_and_padding() {
    let mut body = encoded(GzipEncoder::new(&BODY.as_bytes()[..20])).await;
    body.extend(encoded(GzipEncoder::new(&BODY.as_bytes()[20..])).await);
    let padded = [body.clone(), vec![0; 64]].concat();
    let cut = body[..body.len() - 6].to_vec();
    let server = site(move |seen| {
        let bytes = match seen.path.as_str() {
            "/padded" => padded.clone(),
            "/cut" => cut.clone(),
            _ => body.clone(),
        };
        Reply::new(200, "text/html", bytes).header("Content-Encoding", "gzip")
    })
    .await;
    for path in ["/", "/padded"] {
        assert_eq!(get_from(&server, path).await.unwrap().body, BODY, "{path}");
    }
    assert!(get_from(&server, "/cut").await.is_err());
}

#[tokio::test]
async fn headers_that_only_browsers_take() {
    let server = site(|seen| match seen.path.as_str() {
        "/folded" => Reply::html(BODY).header("X-Folded", "one\r\n two"),
        "/blank" => Reply::html(BODY).header("X-Blank ", "one"),
        "/name" => Reply::html(BODY).header("X(odd)", "one"),
        _ => Reply::new(200, "text/html charset=utf-8", BODY),
    })
    .await;
    for path in ["/folded", "/blank", "/name", "/no-semicolon"] {
        assert_eq!(get_from(&server, path).await.unwrap().body, BODY, "{path}");
    }
}

#[tokio::test]
async fn codings_that_lie_or_are_unknown() {
    let server = site(|seen| match seen.path.as_str() {
        "/lie" => Reply::html(BODY).header("Content-Encoding", "gzip"),
        _ => Reply::html(BODY).header("Content-Encoding", "compress"),
    })
    .await;
    let error = get_from(&server, "/lie").await.unwrap_err();
    assert_eq!(error.kind(), "decode", "{error}");
    assert!(error.to_string().contains("not the valid gzip"), "{error}");
    let error = get_from(&server, "/unknown").await.unwrap_err();
    assert!(error.to_string().contains("\"compress\""), "{error}");
}

#[tokio::test]
async fn a_bomb_costs_no_more_than_the_limit() {
    let zeros = vec![b' '; 64 << 20];
    let bomb = encoded(GzipEncoder::new(&zeros[..])).await;
    let nested = encoded(GzipEncoder::new(&bomb[..])).await;
    let server = site(move |seen| match seen.path.as_str() {
        "/nested" => Reply::new(200, "text/html", nested.clone()).header("Content-Encoding", "gzip, gzip"),
        _ => Reply::new(200, "text/html", bomb.clone()).header("Content-Encoding", "gzip"),
    })
    .await;
    for path in ["/plain", "/nested"] {
        let error = get(FetchOptions { max_body: 1 << 20, ..options(&server) }, server.url(path)).await.unwrap_err();
        assert_eq!(error.kind(), "too_large");
        assert!(error.is_skip());
        assert!(error.to_string().contains("larger than 1048576 bytes"), "{error}");
        assert!(error.to_string().contains("[fetch] max_body"), "{error}");
        assert_eq!(server.count(path), 1, "not tried again");
    }
}

#[tokio::test]
async fn an_endless_body_is_cut_off() {
    let server = site(|_| Reply::bare(200).header("Content-Type", "text/html").forever(vec![b'x'; 8192])).await;
    let error = get(FetchOptions { max_body: 100_000, ..options(&server) }, server.url("/")).await.unwrap_err();
    assert_eq!(error.kind(), "too_large");
}

#[tokio::test]
async fn a_body_that_announces_too_much_is_not_read() {
    let server =
        site(|_| Reply::bare(200).header("Content-Type", "text/html").header("Content-Length", "99999999999")).await;
    assert_eq!(get_from(&server, "/").await.unwrap_err().kind(), "too_large");
}

#[tokio::test]
async fn a_body_of_exactly_the_limit_is_taken() {
    let server = site(|_| Reply::html(BODY)).await;
    let limit = BODY.len() as u64;
    assert!(get(FetchOptions { max_body: limit, ..options(&server) }, server.url("/")).await.is_ok());
    assert!(get(FetchOptions { max_body: limit - 1, ..options(&server) }, server.url("/")).await.is_err());
}

#[tokio::test]
async fn a_truncated_body_is_tried_again() {
    let short =
        || Reply::bare(200).header("Content-Type", "text/html").header("Content-Length", "1000").send("half").close();
    let server = site(move |seen| if seen.before == 0 { short() } else { Reply::html(BODY) }).await;
    assert_eq!(get_from(&server, "/").await.unwrap().body, BODY);

    let server = site(move |_| short()).await;
    let error = get_from(&server, "/").await.unwrap_err();
    assert_eq!(error.kind(), "truncated");
    assert!(error.to_string().contains("broke off after 4 bytes of 1000"), "{error}");
    assert_eq!(server.count("/"), 3, "the first try and two more");
}

#[tokio::test]
async fn a_truncated_compressed_body_without_a_length() {
    let whole = encoded(GzipEncoder::new(BODY.repeat(20).as_bytes())).await;
    let half = whole[..whole.len() / 2].to_vec();
    let server = site(move |_| {
        let reply = Reply::bare(200).header("Content-Type", "text/html").header("Content-Encoding", "gzip");
        reply.header("Connection", "close").send(half.clone()).close()
    })
    .await;
    assert_eq!(get_from(&server, "/").await.unwrap_err().kind(), "truncated");
}

#[tokio::test]
async fn resets_are_tried_again() {
    let server = site(|seen| match (seen.path.as_str(), seen.before) {
        ("/before", 0) => Reply::silent().reset(),
        ("/within", 0) => {
            Reply::bare(200).header("Content-Length", "9").header("Content-Type", "text/html").send("x").reset()
        }
        ("/never", _) => Reply::silent().close(),
        _ => Reply::html(BODY),
    })
    .await;
    assert!(get_from(&server, "/before").await.is_ok());
    assert!(get_from(&server, "/within").await.is_ok());
    let error = get_from(&server, "/never").await.unwrap_err();
    assert_eq!(error.kind(), "interrupted", "{error}");
    assert!(error.is_transient());
}

#[tokio::test]
async fn every_status_has_its_message() {
    let cases = [
        (401, "401 Unauthorized; it wants a login", "http_401", 1),
        (403, "403 Forbidden; the site refuses this client", "http_403", 1),
        (404, "404 Not Found; there is no such page", "http_404", 1),
        (410, "410 Gone; the page was taken down", "http_410", 1),
        (418, "418 I'm a teapot; check the address", "http_4xx", 1),
        (429, "429 Too Many Requests; the site wants fewer requests", "http_429", 8),
        (451, "withheld for legal reasons", "http_451", 1),
        (500, "500 Internal Server Error; the fault is the site's", "http_500", 3),
        (501, "501 Not Implemented", "http_5xx", 1),
        (503, "503 Service Unavailable; the fault is the site's", "http_503", 3),
        (304, "304 Not Modified; that answers a question that was not asked", "http_other", 1),
        (300, "300 Multiple Choices", "http_other", 1),
    ];
    let server = site(|seen| Reply::status(seen.path[1..].parse().unwrap())).await;
    for (status, message, kind, tries) in cases {
        let path = format!("/{status}");
        let error = get_from(&server, &path).await.unwrap_err();
        assert!(error.to_string().contains(message), "{error}");
        assert!(error.to_string().starts_with(server.url(&path).as_str()), "{error}");
        assert_eq!(error.kind(), kind);
        assert_eq!(server.count(&path), tries, "{status}");
        assert_eq!(error.is_gone(), matches!(status, 404 | 410));
    }
}

#[tokio::test]
async fn a_503_that_recovers() {
    let server = site(|seen| if seen.before < 2 { Reply::status(503) } else { Reply::html(BODY) }).await;
    assert_eq!(get_from(&server, "/").await.unwrap().body, BODY);
}

#[tokio::test]
async fn a_429_costs_no_retry_and_its_wait_holds_the_whole_host() {
    for is_date in [false, true] {
        let server = site(move |seen| match (seen.path.as_str(), seen.before) {
            ("/busy", 0..2) => {
                // Whole seconds: the second one may be almost over.
                let date = httpdate::fmt_http_date(SystemTime::now() + Duration::from_secs(2));
                Reply::status(429).header("Retry-After", if is_date { &date } else { "1" })
            }
            _ => Reply::html(BODY),
        })
        .await;
        let wait = Duration::from_millis(990);
        let fetcher = Fetcher::new(FetchOptions { retries: 0, ..options(&server) }).unwrap();
        let (busy, other) =
            (Request::new(server.url("/busy"), Accept::Page), Request::new(server.url("/other"), Accept::Page));
        let (busy, other) = tokio::join!(fetcher.fetch(&busy), fetcher.fetch(&other));
        assert!(busy.is_ok() && other.is_ok());
        let log = server.log();
        for pair in log.windows(2).filter(|pair| pair[0].path == "/busy" && pair[0].before < 2) {
            assert!(pair[1].start - pair[0].start >= wait, "{:?}", pair[1].start - pair[0].start);
        }
    }
}

#[tokio::test]
async fn a_host_that_wants_a_long_rest_is_left_alone_and_nobody_waits_for_it() {
    for (status, asked, told) in
        [(429, "3600", 1), (503, "3600", 1), (500, "3600", 1), (429, "99999999999999999999999", 24)]
    {
        let server = site(move |_| Reply::status(status).header("Retry-After", asked)).await;
        let fetcher = Fetcher::new(options(&server)).unwrap();
        let request = Request::new(server.url("/"), Accept::Page);
        let error = fetcher.fetch(&request).await.unwrap_err();
        assert!(matches!(error, FetchError::PutOff { .. }) && error.is_transient(), "{error}");
        assert_eq!(error.retry_after(), Some(Duration::from_hours(told)));
        for path in ["/", "/other"] {
            let next = fetcher.fetch(&Request::new(server.url(path), Accept::Page)).await.unwrap_err();
            assert!(matches!(next, FetchError::NotYet { .. }), "{next}");
        }
        assert_eq!(server.log().iter().filter(|seen| seen.path != "/robots.txt").count(), 1);
    }
}

#[tokio::test]
async fn a_part_of_a_page_that_nobody_asked_for_is_no_page() {
    let part = |seen: &Seen| {
        let is_first = seen.before == 0 && seen.path == "/once";
        if !is_first && seen.path == "/once" {
            return Reply::html(BODY);
        }
        Reply::new(206, "text/html", "<p>The first half of").header("Content-Range", "bytes 0-19/40")
    };
    let server = site(part).await;
    assert_eq!(get_from(&server, "/once").await.unwrap().body, BODY);
    let error = get_from(&server, "/always").await.unwrap_err();
    assert_eq!((error.kind(), server.count("/always")), ("http_206", 3));
    assert!(error.is_transient() && error.to_string().contains("a part of the page"), "{error}");
}

#[tokio::test]
async fn a_cookie_is_kept_for_one_chain_of_redirects_and_no_longer() {
    let has_cookie = |seen: &Seen| seen.header("cookie").is_some_and(|cookie| cookie.contains("seen=1"));
    let server = site(move |seen| match seen.path.as_str() {
        "/check" => Reply::redirect(302, "/wall").header("Set-Cookie", "seen=1; Path=/"),
        _ if has_cookie(seen) => Reply::html(BODY),
        "/wall" => Reply::redirect(302, "/check"),
        "/never" => Reply::redirect(302, "/never").header("Set-Cookie", "other=1; Path=/"),
        path => Reply::redirect(302, path).header("Set-Cookie", "seen=1; Path=/"),
    })
    .await;
    let fetcher = Fetcher::new(options(&server)).unwrap();
    let get = async |path: &str| fetcher.fetch(&Request::new(server.url(path), Accept::Page)).await;
    for path in ["/itself", "/wall", "/another"] {
        assert_eq!(get(path).await.unwrap().body, BODY, "{path}");
        let log = server.log();
        let first = log.iter().find(|seen| seen.path == path).unwrap();
        assert_eq!(first.header("cookie"), None, "{path}: from another chain");
    }
    assert!(matches!(get("/never").await.unwrap_err(), FetchError::RedirectLoop { .. }));
    assert!(server.count("/never") <= 3);
}

#[tokio::test]
async fn redirects_are_followed_and_listed() {
    let server = site(|seen| match seen.path.as_str() {
        "/1" => Reply::redirect(301, "/2"),
        "/2" => Reply::redirect(302, "3?x=1#frag"),
        "/3?x=1" => Reply::redirect(307, "/4").send("ignored").close(),
        "/4" => Reply::redirect(308, "/5"),
        _ => Reply::html(BODY),
    })
    .await;
    let page = get_from(&server, "/1").await.unwrap();
    assert_eq!(page.requested, server.url("/1"));
    assert_eq!(page.url, server.url("/5"));
    assert_eq!(page.redirects, ["/1", "/2", "/3?x=1", "/4"].map(|path| server.url(path)));
}

#[tokio::test]
async fn redirects_that_lead_nowhere() {
    let server = site(|seen| match seen.path.as_str() {
        "/a" => Reply::redirect(302, "/b"),
        "/b" => Reply::redirect(302, "/a"),
        "/self" => Reply::redirect(301, "/self"),
        "/none" => Reply::new(302, "", ""),
        "/bad" => Reply::redirect(302, "http://[::1"),
        "/mail" => Reply::redirect(302, "mailto:editor@news.test"),
        path => Reply::redirect(302, &format!("/{}", path[1..].parse::<u32>().unwrap_or(0) + 1)),
    })
    .await;
    for (path, kind, message) in [
        ("/a", "redirect_loop", "redirects in a circle, back to"),
        ("/self", "redirect_loop", "redirects in a circle"),
        ("/0", "too_many_redirects", "more than 10 times, last to"),
        ("/none", "bad_redirect", "no usable Location"),
        ("/bad", "bad_redirect", "http://[::1"),
        ("/mail", "bad_url", "its scheme is \"mailto\""),
    ] {
        let error = get_from(&server, path).await.unwrap_err();
        assert_eq!(error.kind(), kind, "{error}");
        assert!(error.to_string().contains(message), "{error}");
        assert!(!error.is_transient());
    }
    assert_eq!(server.count("/10"), 1);
    assert_eq!(server.count("/11"), 0);
}

#[tokio::test]
async fn a_redirect_to_a_forbidden_address_is_refused() {
    let inner = site(|_| Reply::html("secret")).await;
    let target = inner.url("/secret");
    let port = inner.address.port();
    let by_name = format!("http://inside.localhost:{port}/secret");
    let server = site(move |seen| match seen.path.as_str() {
        "/direct" => Reply::redirect(302, target.as_str()),
        "/name" => Reply::redirect(302, &by_name),
        _ => Reply::redirect(302, "http://169.254.169.254/latest/meta-data/"),
    })
    .await;
    for (path, words) in [
        ("/direct", "a loopback address and is refused; to allow it pass --allow-host 127.0.0.1:"),
        ("/name", "a loopback address and is refused; to allow it pass --allow-host inside.localhost:"),
        ("/metadata", "a cloud metadata address"),
    ] {
        let error = get_from(&server, path).await.unwrap_err();
        assert_eq!(error.kind(), "refused_address");
        assert!(error.to_string().contains(words), "{error}");
        assert!(error.to_string().contains("[fetch] allow_hosts"), "{error}");
    }
    assert!(inner.log().is_empty());
    assert_eq!(inner.connections(), 0);
}

#[tokio::test]
async fn a_name_that_resolves_inside_is_refused_until_it_is_allowed() {
    let server = site(|_| Reply::html(BODY)).await;
    let port = server.address.port();
    let url = Url::parse(&format!("http://news.test:{port}/")).unwrap();
    let resolve = [("news.test".to_owned(), server.address)].into();
    let closed = FetchOptions { resolve, ..options(&server) };
    let error = get(closed.clone(), url.clone()).await.unwrap_err();
    assert_eq!(error.kind(), "refused_address", "{error}");
    assert!(error.to_string().contains(&format!("leads to 127.0.0.1, which is a loopback address and is refused; to allow it pass --allow-host news.test:{port}")), "{error}");
    assert!(server.log().is_empty());

    let other_port = FetchOptions { allow_hosts: vec!["news.test:1".parse().unwrap()], ..closed.clone() };
    assert_eq!(get(other_port, url.clone()).await.unwrap_err().kind(), "refused_address");
    let open = FetchOptions { allow_hosts: vec![format!("news.test:{port}").parse().unwrap()], ..closed };
    assert_eq!(get(open, url).await.unwrap().body, BODY);
}

#[tokio::test]
async fn the_port_of_a_fixed_address_serves_a_url_without_one() {
    let server = site(|_| Reply::html(BODY)).await;
    let resolve = [("news.test".to_owned(), server.address)].into();
    let options = FetchOptions { resolve, allow_hosts: vec!["news.test".parse().unwrap()], ..options(&server) };
    let page = get(options, Url::parse("http://news.test/x").unwrap()).await.unwrap();
    assert_eq!(page.url.as_str(), "http://news.test/x");
    assert_eq!(server.log()[1].header("host"), Some("news.test"));
}

#[tokio::test]
async fn localhost_names_are_served_when_allowed() {
    let server = site(|_| Reply::html(BODY)).await;
    let port = server.address.port();
    let allowed =
        FetchOptions { allow_hosts: vec![format!("outlet.localhost:{port}").parse().unwrap()], ..options(&server) };
    assert!(get(allowed, Url::parse(&format!("http://outlet.localhost:{port}/")).unwrap()).await.is_ok());
}

#[tokio::test]
async fn schemes_that_are_no_pages() {
    let fetcher = Fetcher::new(FetchOptions::default()).unwrap();
    for text in ["ftp://news.example/", "file:///etc/passwd", "data:text/html,x", "javascript:1"] {
        let error = fetcher.fetch(&Request::new(Url::parse(text).unwrap(), Accept::Page)).await.unwrap_err();
        assert_eq!(error.kind(), "bad_url");
        assert!(error.to_string().contains("only http and https"), "{error}");
    }
}

#[tokio::test]
async fn a_host_that_is_not_there() {
    // Bound and closed again: nobody listens there now.
    let address = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap();
    let options = FetchOptions {
        delay: Duration::ZERO,
        backoff: Duration::from_millis(1),
        allow_hosts: vec![allow(address)],
        ..FetchOptions::default()
    };
    let error = get(options, Url::parse(&format!("http://{address}/story")).unwrap()).await.unwrap_err();
    assert_eq!(error.kind(), "connect", "{error}");
    assert_eq!(error.url().unwrap().path(), "/story");
    assert!(error.to_string().contains("no connection to 127.0.0.1"), "{error}");
    assert!(error.to_string().to_lowercase().contains("refused"), "{error}");
}

#[tokio::test]
async fn tls_that_fails() {
    let plain = site(|_| Reply::html(BODY)).await;

    // A server that hangs up on what it cannot read, and one that answers in plain text.
    let text = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let text_address = text.local_addr().unwrap();
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = text.accept().await {
            let _ = tokio::io::AsyncWriteExt::write_all(&mut stream, b"HTTP/1.1 400 Bad Request\r\n\r\n").await;
            let _ = stream.read(&mut [0; 1024]).await;
        }
    });
    for (address, transient) in [(plain.address, true), (text_address, false)] {
        let url = Url::parse(&format!("https://{address}/")).unwrap();
        let open = FetchOptions { allow_hosts: vec![allow(address)], ..options(&plain) };
        let error = get(open, url).await.unwrap_err();
        assert_eq!(error.kind(), "tls", "{error:?}");
        assert_eq!(error.is_transient(), transient, "{error:?}");
        assert!(error.to_string().contains("no secure connection to 127.0.0.1"), "{error}");
    }

    // A certificate that nobody vouches for.
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let _ = rustls::crypto::ring::default_provider().install_default();
    let certificate = include_bytes!("support/self-signed.crt.der").to_vec().into();
    let key = rustls::pki_types::PrivateKeyDer::Pkcs8(include_bytes!("support/self-signed.key.der").to_vec().into());
    let config =
        rustls::ServerConfig::builder().with_no_client_auth().with_single_cert(vec![certificate], key).unwrap();
    let config = std::sync::Arc::new(config);
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let (Ok(mut stream), Ok(mut tls)) = (stream, rustls::ServerConnection::new(config.clone())) else { return };
            let _ = tls.complete_io(&mut stream);
        }
    });
    let options = FetchOptions { allow_hosts: vec![allow(address)], ..options(&plain) };
    let error = get(options, Url::parse(&format!("https://{address}/")).unwrap()).await.unwrap_err();
    assert_eq!(error.kind(), "tls", "{error:?}");
    assert!(error.to_string().contains("certificate"), "{error}");
    assert!(!error.is_transient());
}

#[tokio::test]
async fn slow_servers_are_cut_off() {
    let server = site(|seen| {
        if seen.path.as_str() == "/stall" {
            Reply::silent().wait(Duration::from_secs(30))
        } else {
            let drip = Reply::bare(200).header("Content-Type", "text/html").header("Content-Length", "900");
            (0..900).fold(drip, |reply, _| reply.send("x").wait(Duration::from_millis(20)))
        }
    })
    .await;
    let fast = FetchOptions { retries: 0, timeout: Duration::from_millis(300), ..options(&server) };
    let start = Instant::now();
    let error = get(fast.clone(), server.url("/drip")).await.unwrap_err();
    assert_eq!(
        error.to_string(),
        format!(
            "{}: the whole answer took longer than 300ms; try again later or raise [fetch] timeout",
            server.url("/drip")
        )
    );
    let stalled = FetchOptions { first_byte_timeout: Duration::from_millis(100), ..fast };
    let error = get(stalled, server.url("/stall")).await.unwrap_err();
    assert!(error.to_string().contains("the first byte of the answer took longer than 100ms"), "{error}");
    assert_eq!(error.kind(), "timeout");
    assert!(start.elapsed() < Duration::from_secs(10));
}

#[tokio::test]
async fn content_types_that_are_no_page() {
    let server = site(|seen| match seen.path.as_str() {
        "/pdf" => Reply::bare(200).header("Content-Type", "application/pdf").forever(vec![0; 1000]),
        "/image" => Reply::new(200, "image/jpeg", "x"),
        "/untyped-pdf" => Reply::new(200, "", "%PDF-1.7\n"),
        "/untyped" => Reply::new(200, "", BODY),
        "/octets" => Reply::new(200, "application/octet-stream", BODY),
        "/text" => Reply::new(200, "text/plain", "A story."),
        _ => Reply::new(200, "application/rss+xml", "<rss/>"),
    })
    .await;
    for (path, words) in [
        ("/pdf", "is application/pdf, not a web page"),
        ("/image", "is image/jpeg, not a web page"),
        ("/untyped-pdf", "is a PDF document, not a web page"),
        ("/feed", "is application/rss+xml, not a web page"),
    ] {
        let error = get_from(&server, path).await.unwrap_err();
        assert!(error.to_string().contains(words), "{error}");
        assert!(error.is_skip());
        assert_eq!(server.count(path), 1);
    }
    for path in ["/untyped", "/octets", "/text"] {
        assert!(get_from(&server, path).await.is_ok(), "{path}");
    }
    let fetcher = Fetcher::new(options(&server)).unwrap();
    assert!(fetcher.fetch(&Request::new(server.url("/feed"), Accept::Feed)).await.is_ok());
    assert!(fetcher.fetch(&Request::new(server.url("/image"), Accept::Anything)).await.is_ok());
}

#[tokio::test]
async fn a_conditional_request_gives_a_304() {
    let server = site(|seen| match seen.header("if-none-match") {
        Some("\"v1\"") => Reply::bare(304).header("ETag", "\"v1\""),
        _ => Reply::html(BODY).header("ETag", "\"v1\"").header("Last-Modified", "Sun, 06 Nov 1994 08:49:37 GMT"),
    })
    .await;
    let fetcher = Fetcher::new(options(&server)).unwrap();
    let request = Request::new(server.url("/"), Accept::Page);
    let first = fetcher.fetch(&request).await.unwrap();
    let again = fetcher.fetch(&request.clone().if_changed(first.validators.clone())).await.unwrap();
    assert!(again.not_modified());
    assert!(again.body.is_empty());
    assert_eq!(again.validators, first.validators, "a 304 may leave out what it repeats");
    assert_eq!(server.log()[2].header("if-modified-since"), Some("Sun, 06 Nov 1994 08:49:37 GMT"));
    let stale = Validators { etag: Some("\"v0\"".to_owned()), last_modified: None };
    assert_eq!(fetcher.fetch(&request.if_changed(stale)).await.unwrap().status, 200);
}

#[tokio::test]
async fn robots_rules_are_obeyed_and_named() {
    let server = FaultServer::start(|seen| match seen.path.as_str() {
        "/robots.txt" => Reply::new(200, "text/plain", "User-agent: *\nDisallow: /private\nSitemap: /map.xml\n"),
        "/open" => Reply::redirect(302, "/private/b"),
        _ => Reply::html(BODY),
    })
    .await;
    let fetcher = Fetcher::new(options(&server)).unwrap();
    for path in ["/private/a", "/open"] {
        let error = fetcher.fetch(&Request::new(server.url(path), Accept::Page)).await.unwrap_err();
        assert_eq!(error.kind(), "robots");
        assert!(error.is_skip());
        assert!(
            error
                .to_string()
                .contains(&format!("is disallowed by \"Disallow: /private\" in {}", server.url("/robots.txt"))),
            "{error}"
        );
    }
    assert_eq!(fetcher.sitemaps(&server.url("/")).await.unwrap(), [server.url("/map.xml")]);
    assert_eq!(server.count("/robots.txt"), 1);
    assert!(server.log().iter().all(|seen| !seen.path.starts_with("/private")));
    let disobedient = FetchOptions { obey_robots: false, ..options(&server) };
    assert!(get(disobedient, server.url("/private/a")).await.is_ok());
}

#[tokio::test]
async fn robots_failures_close_the_site_and_absence_opens_it() {
    for (status, open) in [(404, true), (401, true), (403, true), (410, true), (500, false), (503, false), (429, false)]
    {
        let server = FaultServer::start(move |seen| match seen.path.as_str() {
            "/robots.txt" => Reply::status(status),
            _ => Reply::html(BODY),
        })
        .await;
        let fetcher =
            Fetcher::new(FetchOptions { retries: 0, max_retry_wait: Duration::from_millis(5), ..options(&server) })
                .unwrap();
        for path in ["/a", "/b"] {
            let result = fetcher.fetch(&Request::new(server.url(path), Accept::Page)).await;
            assert_eq!(result.is_ok(), open, "{status}");
            if let Err(error) = result {
                assert_eq!(error.kind(), "robots_unavailable");
                assert!(error.is_transient() && !error.is_skip());
                assert!(error.to_string().contains(&format!("({status} ")), "{error}");
                assert_eq!(server.count(path), 0);
            }
        }
        assert_eq!(server.count("/robots.txt"), if status == 429 { 3 } else { 1 });
    }
}

#[tokio::test]
async fn robots_behind_redirects_and_of_great_length() {
    let server = FaultServer::start(|seen| match seen.path.as_str() {
        "/robots.txt" => Reply::redirect(301, "/r1"),
        "/r5" => {
            let filler = "# filler\n".repeat(70_000);
            Reply::new(200, "text/plain", format!("\u{feff}User-agent: *\nDisallow: /early\n{filler}Disallow: /late\n"))
        }
        path if path.starts_with("/r") => Reply::redirect(301, &format!("/r{}", path[2..].parse::<u32>().unwrap() + 1)),
        _ => Reply::html(BODY),
    })
    .await;
    assert_eq!(get_from(&server, "/early").await.unwrap_err().kind(), "robots");
    assert!(get_from(&server, "/late").await.is_ok());
}

#[tokio::test]
async fn one_robots_request_for_many_pages_and_never_two_at_a_time() {
    let delay = Duration::from_millis(15);
    let server = FaultServer::start(|seen| match seen.path.as_str() {
        "/robots.txt" => Reply::new(200, "text/plain", ""),
        _ => Reply::html(BODY).wait(Duration::from_millis(3)),
    })
    .await;
    let fetcher = Fetcher::new(FetchOptions { delay, ..options(&server) }).unwrap();
    let requests = (0..12).map(|n| {
        let (fetcher, request) = (fetcher.clone(), Request::new(server.url(&format!("/{n}")), Accept::Page));
        tokio::spawn(async move { fetcher.fetch(&request).await })
    });
    for task in requests.collect::<Vec<_>>() {
        assert!(task.await.unwrap().is_ok());
    }
    let log = server.log();
    assert_eq!(log.len(), 13);
    assert_eq!(server.count("/robots.txt"), 1);
    for pair in log.windows(2) {
        // Its end is when the server had written all; the client's clock starts a little later.
        assert!(pair[1].start >= pair[0].end, "two at a time");
        assert!(pair[1].start - pair[0].start >= delay, "{:?}", pair[1].start - pair[0].start);
    }
    assert!(server.connections() <= 2, "{}", server.connections());
}

#[tokio::test]
async fn a_crawl_delay_is_kept_and_capped() {
    let server = FaultServer::start(|seen| match (seen.path.as_str(), seen.before) {
        ("/robots.txt", 0) => Reply::new(200, "text/plain", "User-agent: *\nCrawl-delay: 0.06\n"),
        ("/robots.txt", _) => Reply::new(200, "text/plain", "User-agent: *\nCrawl-delay: 60\n"),
        _ => Reply::html(BODY),
    })
    .await;
    for (cap, at_least) in [(Duration::from_secs(9), 60), (Duration::from_millis(5), 5)] {
        let fetcher = Fetcher::new(FetchOptions { max_crawl_delay: cap, ..options(&server) }).unwrap();
        let seen_before = server.log().len();
        for path in ["/a", "/b"] {
            fetcher.fetch(&Request::new(server.url(path), Accept::Page)).await.unwrap();
        }
        let log = &server.log()[seen_before..];
        for pair in log.windows(2) {
            let gap = (pair[1].start - pair[0].start).as_millis();
            assert!((at_least..9000).contains(&gap), "{gap}");
        }
    }
}

#[tokio::test]
async fn a_slow_host_does_not_starve_another() {
    let slow = site(|_| Reply::html(BODY)).await;
    let quick = site(|_| Reply::html(BODY)).await;
    let options = FetchOptions {
        concurrency: 1,
        allow_hosts: vec![allow(slow.address), allow(quick.address)],
        obey_robots: false,
        ..options(&slow)
    };
    let fetcher = Fetcher::new(options).unwrap();
    fetcher.hold_host(&HostKey::of(&slow.url("/")), jiff::Timestamp::now() + jiff::SignedDuration::from_secs(60));
    let waiting: Vec<_> = (0..4)
        .map(|n| {
            let (fetcher, request) = (fetcher.clone(), Request::new(slow.url(&format!("/{n}")), Accept::Page));
            tokio::spawn(async move { fetcher.fetch(&request).await })
        })
        .collect();
    tokio::task::yield_now().await;
    assert!(fetcher.fetch(&Request::new(quick.url("/"), Accept::Page)).await.is_ok());
    assert!(slow.log().is_empty());
    // The quick one may rest for an instant as well.
    let clocks = fetcher.host_clocks();
    let until = clocks.iter().find(|(host, _)| *host == HostKey::of(&slow.url("/"))).unwrap().1;
    assert!(until > jiff::Timestamp::now());
    for task in waiting {
        task.abort();
    }
}

#[tokio::test]
async fn options_that_fit_no_client() {
    let with_agent =
        |user_agent: &str| Fetcher::new(FetchOptions { user_agent: user_agent.to_owned(), ..FetchOptions::default() });
    for user_agent in ["", "1/2", "Bad\nAgent"] {
        let error = with_agent(user_agent).unwrap_err();
        assert!(error.to_string().contains("[fetch] user_agent"), "{error}");
        assert!(error.url().is_none());
    }
}

#[tokio::test]
async fn credentials_in_a_link_are_not_sent() {
    let server = site(|_| Reply::html(BODY)).await;
    let url = Url::parse(&format!("http://reader:secret@{}/", server.address)).unwrap();
    assert!(get(options(&server), url).await.is_ok());
    assert!(server.log().iter().all(|seen| seen.header("authorization").is_none()));
}

#[tokio::test]
async fn a_proxy_gets_the_requests_and_the_guard_still_judges_addresses() {
    let proxy = FaultServer::start(|seen| match seen.path.as_str() {
        "http://news.example/robots.txt" => Reply::status(404),
        "http://news.example/in" => Reply::redirect(302, "http://169.254.169.254/"),
        _ => Reply::html(BODY),
    })
    .await;
    let through = FetchOptions { proxy: Some(proxy.url("/")), ..options(&proxy) };
    let page = get(through.clone(), Url::parse("http://news.example/a").unwrap()).await.unwrap();
    assert_eq!(page.body, BODY);
    assert_eq!(proxy.count("http://news.example/a"), 1);
    let error = get(through, Url::parse("http://news.example/in").unwrap()).await.unwrap_err();
    assert_eq!(error.kind(), "refused_address");
}

#[tokio::test]
async fn a_gzipped_sitemap_stays_gzipped() {
    let gzip = encoded(GzipEncoder::new(&b"<urlset/>"[..])).await;
    let sent = gzip.clone();
    let server = site(move |seen| match seen.path.as_str() {
        "/untyped.xml.gz" => Reply::new(200, "", sent.clone()),
        _ => Reply::new(200, "application/x-gzip", sent.clone()),
    })
    .await;
    let fetcher = Fetcher::new(options(&server)).unwrap();
    for path in ["/typed.xml.gz", "/untyped.xml.gz"] {
        let page = fetcher.fetch(&Request::new(server.url(path), Accept::Sitemap)).await.unwrap();
        assert_eq!(page.body, gzip);
    }
}
