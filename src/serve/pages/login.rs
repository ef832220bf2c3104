//! Where a person shows the token, which a browser cannot send by itself, and gets a cookie that stands for it.

use super::{document, head, see_other};
use crate::serve::Desk;
use crate::serve::answer;
use crate::serve::problem::Problem;
use crate::serve::rate::WRONG_TOKEN;
use axum::body::Body;
use axum::http::header::SET_COOKIE;
use axum::http::{Request, Response, StatusCode};
use jiff::Timestamp;
use maud::{DOCTYPE, html};
use std::net::IpAddr;
use std::time::{Duration, Instant};
use url::form_urlencoded;

/// How long an answer to a wrong token takes, so that few can be tried.
const PENALTY: Duration = Duration::from_secs(1);

/// The page.
pub(super) fn page(query: Option<&str>, problem: Option<&str>) -> Response<Body> {
    let next = form_urlencoded::parse(query.unwrap_or_default().as_bytes()).find(|(key, _)| key == "next");
    let next = next.map(|(_, next)| next.into_owned()).unwrap_or_default();
    document(html! {
        (DOCTYPE)
        html lang="en" {
            head { (head("Token")) }
            body.login {
                main {
                    h1 { "Copydesk" }
                    form method="post" action="/login" {
                        input type="hidden" name="next" value=(next);
                        label for="token" { "The server's token" }
                        input id="token" name="token" type="password" autocomplete="current-password" required autofocus;
                        @if let Some(problem) = problem { p.failing role="alert" { (problem) } }
                        button type="submit" { "Come in" }
                    }
                }
            }
        }
    })
}

impl Desk {
    /// Takes the token of a form.
    pub(super) async fn log_in(&self, request: Request<Body>, peer: IpAddr) -> Result<Response<Body>, Problem> {
        let form = self.read_form(request).await?;
        let next = form.field("next").filter(|next| is_ours(next)).unwrap_or("/").to_owned();
        let Some(token) = &self.token else { return Ok(see_other("/")) };
        if !token.is(form.field("token").unwrap_or_default().as_bytes()) {
            self.rate.take(peer, WRONG_TOKEN, Instant::now())?;
            tokio::time::sleep(PENALTY).await;
            let query = form_urlencoded::Serializer::new(String::new()).append_pair("next", &next).finish();
            let page = page(Some(&query), Some("This is not the token."));
            return Ok(answer::with_status(page, StatusCode::UNAUTHORIZED));
        }
        Ok(answer::with(see_other(&next), SET_COOKIE, &token.cookie(Timestamp::now())))
    }
}

/// Whether an address leads to a page of ours: `//elsewhere` and `/\elsewhere` do not.
fn is_ours(place: &str) -> bool {
    place.starts_with('/') && !place.starts_with("//") && !place.contains('\\') && !place.contains(char::is_control)
}
