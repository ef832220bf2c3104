//! Handing versions on: receivers that are down, slow, refuse, or die, and what they have in the end.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use copydesk::archive::catalogue::Filter;
use copydesk::archive::{Archive, ArchiveOptions, Format};
use copydesk::deliver::{CommandHook, DeliverError, Delivered, Outbox, OutboxOptions, Receiver, Way, Webhook};
use copydesk::model::Article;
use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::path::Path;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tempfile::TempDir;
use tokio::net::TcpListener;
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;

/// How a receiver takes a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Mood {
    Takes,
    Fails,
    /// Takes it, and answers when the sender has long given up.
    Sleeps,
}

/// A receiver that takes each request in the next mood of a list, and the last one from then on.
#[derive(Debug)]
struct Hook {
    moods: Mutex<Vec<Mood>>,
    /// Those that were answered with success, and those that were not.
    seen: Mutex<Vec<(Mood, HeaderMap, Bytes)>>,
    arrived: Notify,
}

async fn receive(State(hook): State<Arc<Hook>>, headers: HeaderMap, body: Bytes) -> StatusCode {
    let mood = {
        let mut moods = hook.moods.lock().unwrap();
        if moods.len() > 1 { moods.remove(0) } else { moods[0] }
    };
    hook.seen.lock().unwrap().push((mood, headers, body));
    hook.arrived.notify_one();
    match mood {
        Mood::Takes => StatusCode::NO_CONTENT,
        Mood::Fails => StatusCode::INTERNAL_SERVER_ERROR,
        Mood::Sleeps => std::future::pending().await,
    }
}

/// Starts a receiver, at an address that may have been another's before.
async fn start(address: Option<SocketAddr>, moods: &[Mood]) -> (Arc<Hook>, SocketAddr, CancellationToken) {
    let any = SocketAddr::from(([127, 0, 0, 1], 0));
    let listener = TcpListener::bind(address.unwrap_or(any)).await.unwrap();
    let address = listener.local_addr().unwrap();
    let hook = Arc::new(Hook { moods: Mutex::new(moods.to_vec()), seen: Mutex::default(), arrived: Notify::new() });
    let stop = CancellationToken::new();
    let app = Router::new().fallback(receive).with_state(Arc::clone(&hook));
    tokio::spawn(axum::serve(listener, app).with_graceful_shutdown(stop.clone().cancelled_owned()).into_future());
    (hook, address, stop)
}

impl Hook {
    /// What came, in order: sequence number and id.
    fn versions(&self, moods: &[Mood]) -> Vec<(u64, String)> {
        let seen = self.seen.lock().unwrap();
        let meant = seen.iter().filter(|(mood, ..)| moods.contains(mood));
        let value = |body: &Bytes| serde_json::from_slice::<serde_json::Value>(body).unwrap();
        meant
            .map(|(.., body)| value(body))
            .map(|one| (one["seq"].as_u64().unwrap(), one["id"].as_str().unwrap().to_owned()))
            .collect()
    }
}

fn webhook(address: SocketAddr, secret_env: Option<&str>) -> Receiver {
    let url = format!("http://{address}/hook").parse().unwrap();
    let way =
        Way::Webhook(Webhook { url, secret_env: secret_env.map(str::to_owned), timeout: Duration::from_millis(300) });
    Receiver { name: "desk".to_owned(), filter: Filter::default(), way }
}

/// Writes versions: three of each of these ids, in turns.
fn write(folder: &Path, ids: &[&str], from: u64) {
    let options =
        ArchiveOptions { path: folder.to_owned(), formats: vec![Format::Catalogue], ..ArchiveOptions::default() };
    let mut archive = Archive::open(&options).unwrap();
    let mut seq = from;
    for version in 1..=3 {
        for id in ids {
            let text = format!("Version {version} of {id}.");
            let article = Article { id: (*id).to_owned(), text, version, seq, ..Article::default() };
            archive.write(&article, if *id == "a1" { "harbour" } else { "fjord" }, None).unwrap();
            seq += 1;
        }
        archive.flush().unwrap();
        archive.committed().unwrap();
    }
}

const QUICK: OutboxOptions = OutboxOptions {
    first_pause: Duration::from_millis(10),
    longest_pause: Duration::from_millis(50),
    patience: Duration::from_millis(100),
};

/// Delivers until all is taken or patience is out.
async fn deliver(folder: &Path, receiver: Receiver) -> Delivered {
    let ending = CancellationToken::new();
    ending.cancel();
    let outbox = Outbox::new(folder, vec![receiver], QUICK).unwrap();
    outbox.run(ending, CancellationToken::new()).await.unwrap().remove(0)
}

/// Every version in order, at least once: without those that came again right after themselves.
fn check_order(mut versions: Vec<(u64, String)>, last: u64) {
    versions.dedup();
    assert_eq!(versions.iter().map(|(seq, _)| *seq).collect::<Vec<_>>(), (1..=last).collect::<Vec<_>>());
}

#[tokio::test]
async fn a_receiver_that_is_down_slow_and_failing_in_turn_misses_nothing() {
    let folder = TempDir::new().unwrap();
    write(folder.path(), &["a1", "a2"], 1);
    let (hook, address, stop) = start(None, &[Mood::Takes, Mood::Fails, Mood::Fails, Mood::Sleeps, Mood::Takes]).await;
    // It goes down after its first requests, while deliveries go on.
    let ending = CancellationToken::new();
    let outbox = Outbox::new(folder.path(), vec![webhook(address, None)], QUICK).unwrap();
    let running = tokio::spawn(outbox.run(ending.clone(), CancellationToken::new()));
    while hook.versions(&[Mood::Takes]).len() < 3 {
        hook.arrived.notified().await;
    }
    stop.cancel();
    while TcpListener::bind(address).await.is_err() {
        tokio::task::yield_now().await;
    }
    // More comes while it is down. Then it is up again.
    write(folder.path(), &["a1", "a2"], 7);
    let (again, ..) = start(Some(address), &[Mood::Fails, Mood::Takes]).await;
    while again.versions(&[Mood::Takes]).last().is_none_or(|(seq, _)| *seq < 12) {
        again.arrived.notified().await;
    }
    ending.cancel();
    let delivered = running.await.unwrap().unwrap().remove(0);
    assert!(delivered.is_done && delivered.refused >= 3, "{delivered:?}");
    assert_eq!((delivered.seq, delivered.taken), (12, 12));
    let mut taken = hook.versions(&[Mood::Takes]);
    taken.extend(again.versions(&[Mood::Takes]));
    check_order(taken, 12);
    // What came and was not acknowledged came again, and nothing before it.
    let mut all = hook.versions(&[Mood::Takes, Mood::Fails, Mood::Sleeps]);
    all.extend(again.versions(&[Mood::Takes, Mood::Fails]));
    assert!(all.is_sorted_by_key(|(seq, _)| *seq), "{all:?}");
}

#[tokio::test]
async fn what_is_not_taken_waits_for_the_next_time() {
    let folder = TempDir::new().unwrap();
    write(folder.path(), &["a1"], 1);
    let (hook, address, _stop) = start(None, &[Mood::Takes, Mood::Fails]).await;
    let first = deliver(folder.path(), webhook(address, None)).await;
    assert!(!first.is_done && first.refused > 0, "{first:?}");
    assert_eq!((first.taken, first.seq), (1, 1));
    *hook.moods.lock().unwrap() = vec![Mood::Takes];
    let second = deliver(folder.path(), webhook(address, None)).await;
    assert_eq!((second.is_done, second.taken, second.seq), (true, 2, 3));
    let third = deliver(folder.path(), webhook(address, None)).await;
    assert_eq!((third.is_done, third.taken, third.seq), (true, 0, 3));
    check_order(hook.versions(&[Mood::Takes]), 3);
    // The same version has the same key, however often it comes.
    let seen = hook.seen.lock().unwrap();
    let mut keys: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for (_, headers, body) in seen.iter() {
        let version: serde_json::Value = serde_json::from_slice(body).unwrap();
        let key = headers["webhook-id"].to_str().unwrap().to_owned();
        assert_eq!(headers["idempotency-key"], key.as_str());
        keys.entry(version["seq"].to_string()).or_default().push(key);
    }
    assert!(keys["2"].len() > 2 && keys.values().all(|keys| keys.iter().all(|key| *key == keys[0])), "{keys:?}");
}

#[tokio::test]
async fn only_what_the_filter_lets_through_is_sent() {
    let folder = TempDir::new().unwrap();
    write(folder.path(), &["a1", "a2"], 1);
    let (hook, address, _stop) = start(None, &[Mood::Takes]).await;
    let filter = Filter { sources: vec!["fjord".to_owned()], ..Filter::default() };
    let delivered = deliver(folder.path(), Receiver { filter, ..webhook(address, None) }).await;
    assert_eq!((delivered.is_done, delivered.taken, delivered.seq), (true, 3, 6));
    assert!(hook.versions(&[Mood::Takes]).iter().all(|(_, id)| id == "a2"));
}

#[test]
fn a_secret_that_is_not_there_is_said() {
    let address = SocketAddr::from(([127, 0, 0, 1], 9));
    let receivers = vec![webhook(address, Some("COPYDESK_TEST_NO_SUCH_SECRET"))];
    let error = Outbox::new(Path::new("nowhere"), receivers, QUICK).unwrap_err();
    assert!(matches!(error, DeliverError::Secret { .. }), "{error:?}");
    assert!(error.to_string().contains("COPYDESK_TEST_NO_SUCH_SECRET is not set"), "{error}");
}

#[tokio::test]
async fn a_signature_is_made_with_the_secret_of_the_environment() {
    use base64::Engine as _;
    use hmac::{KeyInit as _, Mac as _};
    let folder = TempDir::new().unwrap();
    write(folder.path(), &["a1"], 1);
    let (hook, address, _stop) = start(None, &[Mood::Takes]).await;
    let config = folder.path().join("config.toml");
    let text = format!("[[webhook]]\nurl = \"http://{address}/hook\"\nsecret_env = \"COPYDESK_TEST_SECRET\"\n");
    std::fs::write(&config, text).unwrap();
    let mut command = tokio::process::Command::new(assert_cmd::cargo::cargo_bin("copydesk"));
    command.arg("deliver").arg("--archive").arg(folder.path()).arg("--config").arg(&config);
    let output = command.env("COPYDESK_TEST_SECRET", "whsec_c2VjcmV0").output().await.unwrap();
    assert!(output.status.success(), "{output:?}");
    assert!(String::from_utf8(output.stdout).unwrap().contains("3 versions taken, up to number 3"));
    let seen = hook.seen.lock().unwrap();
    assert_eq!(seen.len(), 3);
    for (_, headers, body) in seen.iter() {
        let header = |name: &str| headers[name].to_str().unwrap().to_owned();
        let mut mac = hmac::Hmac::<sha2::Sha256>::new_from_slice(b"secret").unwrap();
        mac.update(format!("{}.{}.", header("webhook-id"), header("webhook-timestamp")).as_bytes());
        mac.update(body);
        let expected = base64::engine::general_purpose::STANDARD.encode(mac.finalize().into_bytes());
        assert_eq!(header("webhook-signature"), format!("v1,{expected}"));
    }
}

#[cfg(unix)]
#[tokio::test]
async fn a_command_is_given_each_record() {
    let folder = TempDir::new().unwrap();
    write(folder.path(), &["a1"], 1);
    let out = folder.path().join("out.jsonl");
    let receiver = |script: String, timeout| {
        let command = ["sh", "-c", &script, "sh"].map(str::to_owned).to_vec();
        let way = Way::Command(CommandHook { command, timeout });
        Receiver { name: "on_article".to_owned(), filter: Filter::default(), way }
    };
    // The second time it is asked, it fails.
    let script = format!("cat >> {0}; test $(wc -l < {0}) -ne 2", out.display());
    let delivered = deliver(folder.path(), receiver(script, Duration::from_secs(20))).await;
    assert_eq!((delivered.is_done, delivered.taken, delivered.refused), (true, 3, 1));
    let lines = std::fs::read_to_string(&out).unwrap();
    let seqs: Vec<u64> = lines
        .lines()
        .map(|line| serde_json::from_str::<serde_json::Value>(line).unwrap()["seq"].as_u64().unwrap())
        .collect();
    assert_eq!(seqs, [1, 2, 2, 3]);

    // One that hangs is killed, one that is not there is said, and neither takes anything.
    write(folder.path(), &["a9"], 4);
    let hanging = deliver(folder.path(), receiver("sleep 1000".to_owned(), Duration::from_millis(50))).await;
    assert!(!hanging.is_done && hanging.taken == 0 && hanging.refused > 0, "{hanging:?}");
    let way =
        Way::Command(CommandHook { command: vec!["/no/such/program".to_owned()], timeout: Duration::from_secs(1) });
    let missing = Receiver { name: "on_article".to_owned(), filter: Filter::default(), way };
    assert_eq!(deliver(folder.path(), missing).await.taken, 0);
}
