//! Whether a delivery was signed with a subscription's secret: `X-Hub-Signature`, section 8 of `WebSub`.

use axum::http::{HeaderMap, HeaderName};
use hmac::digest::block_api::EagerHash;
use hmac::{Hmac, Mac as _};
use sha1::Sha1;
use sha2::{Sha256, Sha384, Sha512};

/// Where the signature stands.
static X_HUB_SIGNATURE: HeaderName = HeaderName::from_static("x-hub-signature");

/// Whether the body is signed with the secret. Where several signatures are given, one good one will do.
pub(super) fn is_signed(headers: &HeaderMap, secret: &str, body: &[u8]) -> bool {
    headers.get_all(&X_HUB_SIGNATURE).iter().filter_map(|value| value.to_str().ok()).any(|value| {
        let Some((method, shown)) = value.trim().split_once('=') else { return false };
        let Some(shown) = unhex(shown) else { return false };
        match method.to_ascii_lowercase().as_str() {
            "sha256" => is_mac::<Sha256>(secret, body, &shown),
            // What most hubs send. As a MAC it is still beyond forging, and the secret is ours and random.
            "sha1" => is_mac::<Sha1>(secret, body, &shown),
            "sha384" => is_mac::<Sha384>(secret, body, &shown),
            "sha512" => is_mac::<Sha512>(secret, body, &shown),
            _ => false,
        }
    })
}

fn is_mac<D: EagerHash>(secret: &str, body: &[u8], shown: &[u8]) -> bool
where
    Hmac<D>: hmac::KeyInit + hmac::Mac,
{
    let mut mac = <Hmac<D> as hmac::KeyInit>::new_from_slice(secret.as_bytes()).expect("a key of any length will do");
    mac.update(body);
    mac.verify_slice(shown).is_ok()
}

fn unhex(text: &str) -> Option<Vec<u8>> {
    if !text.len().is_multiple_of(2) || !text.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return None;
    }
    (0..text.len()).step_by(2).map(|at| u8::from_str_radix(&text[at..at + 2], 16).ok()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(value: &str, body: &str) -> bool {
        let mut headers = HeaderMap::new();
        headers.insert(X_HUB_SIGNATURE.clone(), value.parse().unwrap());
        is_signed(&headers, "Jefe", body.as_bytes())
    }

    #[test]
    fn signatures_of_every_method() {
        // The second test case of RFC 2202 and of RFC 4231.
        let body = "what do ya want for nothing?";
        for good in [
            "sha1=effcdf6ae5eb2fa2d27416d5f184df9c259a7c79",
            "sha256=5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843",
            "SHA256=5BDCC146BF60754E6A042426089575C75A003F089D2739839DEC58B964EC3843",
            "sha384=af45d2e376484031617f78d2b58a6b1b9c7ef464f5a01b47e42ec3736322445e8e2240ca5e69e2c78b3239ecfab21649",
            "sha512=164b7a7bfcf819e2e395fbe73b56e0a387bd64222e831fd610270cd7ea2505549758bf75c05a994a6d034f65f8f0e6fd\
             caeab1a34d4a6b4b636e070a38bce737",
        ] {
            assert!(check(good, body), "{good}");
            assert!(!check(good, "what do ya want for something?"), "{good}");
        }
        for bad in
            ["", "sha1", "sha1=", "sha256=5b", "sha1=effcdf6ae5eb2fa2d27416d5f184df9c259a7c78", "md5=00", "sha1=zz"]
        {
            assert!(!check(bad, body), "{bad}");
        }
    }
}
