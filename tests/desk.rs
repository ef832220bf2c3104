//! The web pages of `copydesk serve` in a real Chromium, driven by Playwright, with the sample site behind them.
//!
//! Pictures of every page, at the width of a desk and of a phone, by day and by night, are left in `target/tmp/desk`.

#![expect(clippy::unwrap_used, reason = "what fails here fails the test")]

#[path = "support/desk.rs"]
#[allow(dead_code, reason = "not each test file that includes this asks for everything")]
mod desk;
#[path = "support/python.rs"]
mod python;
#[path = "support/two_days.rs"]
mod two_days;

use copydesk::sample_site::SampleSite;
use desk::{Desk, TOKEN};
use std::path::Path;
use tokio::runtime::Runtime;

/// Walks the desk in a browser.
fn walk(desk: &Desk, what: &str) {
    let pictures = Path::new(env!("CARGO_TARGET_TMPDIR")).join("desk");
    std::fs::create_dir_all(&pictures).unwrap();
    let base = format!("http://127.0.0.1:{}", desk.port);
    let said = python::run(include_str!("support/browser.py"), &[what, &base, pictures.to_str().unwrap()]);
    assert!(said.starts_with("walked, "), "{said}");
}

#[test]
fn a_source_is_added_crawled_paused_and_removed() {
    let runtime = Runtime::new().unwrap();
    let site = runtime.block_on(SampleSite::start()).unwrap();
    walk(&Desk::start(&two_days::configuration(&site, false), &["--watch"]), "add");
}

#[test]
fn an_article_is_searched_read_compared_and_held_beside_its_original() {
    let days = two_days::after_two_days();
    let config = two_days::configuration(&days.site.0, true);
    walk(&Desk::start_in(days.folder, &config, &[]), "read");
}

#[test]
fn an_x_ray_shows_what_went_and_nothing_of_a_hostile_page_runs() {
    walk(&Desk::start("", &[]), "xray");
}

#[test]
fn a_browser_shows_the_token_once() {
    let desk = Desk::start("[serve]\ntoken_env = \"DESK_TOKEN\"\n", &[]);
    let asked = desk.ask("GET", "/coverage?x=1", &["Accept: text/html"], "");
    assert_eq!(asked.status, 303, "{}", asked.head);
    assert!(asked.has("location: /login?next=%2fcoverage%3fx%3d1"), "{}", asked.head);
    let form = ["Content-Type: application/x-www-form-urlencoded"];
    let wrong = desk.ask("POST", "/login", &form, "token=not-the-token-of-the-tests&next=/coverage");
    assert!(wrong.status == 401 && wrong.body.contains("This is not the token"), "{}", wrong.body);
    let right = desk.ask("POST", "/login", &form, &format!("token={TOKEN}&next=/coverage"));
    assert_eq!(right.status, 303, "{}", right.body);
    assert!(right.has("location: /coverage"), "{}", right.head);
    let cookie = right.head.lines().find_map(|line| line.strip_prefix("set-cookie: ")).unwrap();
    assert!(cookie.contains("HttpOnly") && cookie.contains("SameSite=Strict"), "{cookie}");
    let cookie = format!("Cookie: other=1; {}", cookie.split(';').next().unwrap());
    assert_eq!(desk.ask("GET", "/coverage", &[&cookie], "").status, 200);
    assert_eq!(desk.ask("GET", "/v1/articles", &[&cookie], "").status, 200);
    // It is for pages: what changes things by the interface brings the token itself.
    let json = "Content-Type: application/json";
    assert_eq!(desk.ask("POST", "/v1/clean", &[&cookie, json], "{}").status, 401);
    let body = "url=http%3A%2F%2F10.0.0.1%2F&name=a";
    let foreign = desk.ask("POST", "/sources", &[&cookie, form[0], "Origin: http://evil.test"], body);
    assert!(foreign.status == 403 && foreign.body.contains("another site"), "{}", foreign.body);
    // Nobody is led elsewhere by a link to the page for the token.
    for next in ["//evil.test/", "https://evil.test/", "/%5Cevil.test"] {
        let led = desk.ask("POST", "/login", &form, &format!("token={TOKEN}&next={next}"));
        assert!(led.has("location: /"), "{}", led.head);
    }
}
