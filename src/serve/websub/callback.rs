//! What a hub says: that it has heard us, that it does not want us, that there is news. Open to the world, so it tells
//! nothing to who does not know the path.

use super::super::problem::Problem;
use super::super::{Desk, Method};
use super::signature::is_signed;
use axum::body::Body;
use axum::http::header::{CONNECTION, CONTENT_TYPE};
use axum::http::{HeaderValue, Request, Response, StatusCode};
use url::form_urlencoded;

/// The longest challenge that is sent back, in bytes: hubs send some dozens.
const MAX_CHALLENGE: usize = 4096;

impl Desk {
    /// Answers a hub.
    pub(in super::super) async fn hear_hub(
        &self,
        id: &str,
        method: &Method,
        request: Request<Body>,
    ) -> Result<Response<Body>, Problem> {
        if method == Method::POST { self.hear_news(id, request).await } else { self.verify(id, request.uri().query()) }
    }

    /// A hub asks whether it was us who subscribed.
    fn verify(&self, id: &str, query: Option<&str>) -> Result<Response<Body>, Problem> {
        let unknown = || Problem::new(404, "nothing of this kind was asked for here");
        let websub = self.websub.as_ref().ok_or_else(unknown)?;
        let known = websub.find(id).ok_or_else(unknown)?;
        let pairs: Vec<_> = form_urlencoded::parse(query.unwrap_or_default().as_bytes()).collect();
        let value = |key: &str| pairs.iter().find(|(name, _)| name == key).map(|(_, value)| value.as_ref());
        if value("hub.topic") != Some(known.topic.as_str()) {
            return Err(unknown());
        }
        match value("hub.mode") {
            Some("subscribe") => {
                let challenge = value("hub.challenge").filter(|text| (1..=MAX_CHALLENGE).contains(&text.len()));
                let challenge = challenge.ok_or_else(|| Problem::new(400, "hub.challenge is missing or too long"))?;
                websub.verified(&known, value("hub.lease_seconds").and_then(|seconds| seconds.parse().ok()));
                Ok(plain(StatusCode::OK, challenge.to_owned()))
            }
            Some("denied") => {
                websub.denied(&known, value("hub.reason").unwrap_or_default());
                Ok(plain(StatusCode::OK, String::new()))
            }
            _ => Err(unknown()),
        }
    }

    /// A hub delivers. What it brings is taken for the news that there is some: the feed is then fetched from its own
    /// server, at its pace and by its robots.txt, as always.
    async fn hear_news(&self, id: &str, request: Request<Body>) -> Result<Response<Body>, Problem> {
        // Who delivers for what is gone may stop; its body is not read.
        let gone = || Problem::new(410, "there is no such subscription").with(CONNECTION, "close");
        let websub = self.websub.as_ref().ok_or_else(gone)?;
        let known = websub.find(id).ok_or_else(gone)?;
        let (head, body) = request.into_parts();
        let delivered = self.read_body(body).await?;
        if is_signed(&head.headers, &known.secret, &delivered.bytes) {
            websub.tell(&known);
        } else {
            tracing::warn!(source = known.source, hub = %known.hub, "a delivery without a good signature was ignored");
        }
        // The same for both: a guess is not to be helped.
        Ok(plain(StatusCode::ACCEPTED, String::new()))
    }
}

fn plain(status: StatusCode, text: String) -> Response<Body> {
    let mut response = Response::new(Body::from(text));
    *response.status_mut() = status;
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("text/plain; charset=utf-8"));
    response
}
