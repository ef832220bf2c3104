//! Webhooks, by the Standard Webhooks specification (version 1.0): `webhook-id`, `webhook-timestamp`, `webhook-signature`.

use super::{Answer, Message};
use crate::archive::catalogue::Version;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit as _, Mac as _};
use jiff::Timestamp;
use reqwest::Client;
use sha2::Sha256;
use std::fmt;
use std::time::Duration;
use url::Url;

/// How secrets of the specification begin; base64 follows.
const PREFIX: &str = "whsec_";

/// Bytes of a refusal that are read, to say what it said.
const SAID: usize = 200;

/// A URL that is told of versions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Webhook {
    /// Where the requests go.
    pub url: Url,
    /// The environment variable that holds what signs them; unsigned where there is none.
    pub secret_env: Option<String>,
    /// How long an answer may take.
    pub timeout: Duration,
}

/// What signs requests. It is never shown.
#[derive(Clone, PartialEq, Eq)]
pub(super) struct Secret(Vec<u8>);

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(…)")
    }
}

impl Secret {
    /// From `whsec_` and base64, or any other text, whose bytes are then the key. A sentence for one that is empty, or whose
    /// base64 cannot be read.
    pub(super) fn parse(text: &str) -> Result<Self, String> {
        let key = match text.strip_prefix(PREFIX) {
            Some(encoded) => STANDARD
                .decode(encoded)
                .map_err(|error| format!("what stands behind \"{PREFIX}\" is no base64: {error}"))?,
            None => text.as_bytes().to_vec(),
        };
        if key.is_empty() { Err("is empty".to_owned()) } else { Ok(Self(key)) }
    }

    /// The signature of a message: `v1,` and the HMAC-SHA256 in base64 of "id.timestamp.body".
    fn sign(&self, id: &str, timestamp: i64, body: &[u8]) -> String {
        let mut mac = Hmac::<Sha256>::new_from_slice(&self.0).expect("a key of any length will do");
        mac.update(format!("{id}.{timestamp}.").as_bytes());
        mac.update(body);
        format!("v1,{}", STANDARD.encode(mac.finalize().into_bytes()))
    }
}

/// Sends a version.
pub(super) async fn send(client: &Client, webhook: &Webhook, secret: Option<&Secret>, version: &Version) -> Answer {
    let article = &version.article;
    let body = match serde_json::to_vec(&Message::of(version)) {
        Ok(body) => body,
        Err(error) => return Answer::Refused(format!("the version cannot be written as JSON: {error}")),
    };
    // The same for the same version, however often it is sent.
    let id = format!("{}.{}.{}", article.seq, article.id, article.version);
    let now = Timestamp::now().as_second();
    let mut request = client
        .post(webhook.url.clone())
        .timeout(webhook.timeout)
        .header("content-type", "application/json")
        .header("webhook-id", &id)
        .header("webhook-timestamp", now)
        .header("idempotency-key", &id);
    if let Some(secret) = secret {
        request = request.header("webhook-signature", secret.sign(&id, now, &body));
    }
    match request.body(body).send().await {
        Ok(response) if response.status().is_success() => Answer::Taken,
        Ok(response) => {
            let status = response.status();
            let said = response.text().await.unwrap_or_default();
            let said: String = said.chars().filter(|c| !c.is_control()).take(SAID).collect();
            Answer::Refused(format!("answered {status}: {said}").trim_end_matches([':', ' ']).to_owned())
        }
        Err(error) => Answer::Refused(innermost(&error.without_url())),
    }
}

/// What is at the bottom of an error: "connection refused", not "error sending request".
fn innermost(error: &dyn std::error::Error) -> String {
    let mut error = error;
    while let Some(source) = error.source() {
        error = source;
    }
    error.to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn signatures_are_those_of_the_specification() {
        // The example of the specification's own reference implementations.
        let secret = Secret::parse("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw").unwrap();
        let signature = secret.sign("msg_p5jXN8AQM9LWM0D4loKWxJek", 1_614_265_330, br#"{"test": 2432232314}"#);
        assert_eq!(signature, "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
    }

    #[test]
    fn secrets_are_not_shown() {
        assert_eq!(format!("{:?}", Secret::parse("hidden").unwrap()), "Secret(…)");
        assert!(Secret::parse("whsec_***").unwrap_err().contains("base64"));
        assert!(Secret::parse("").is_err());
    }
}
