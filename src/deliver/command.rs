//! A command that is started for each version, with the record on its standard input.

use super::{Answer, Message};
use crate::archive::catalogue::Version;
use std::process::Stdio;
use std::time::Duration;
use tokio::io::AsyncWriteExt as _;
use tokio::process::Command;

/// A command that is told of versions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CommandHook {
    /// The program and its arguments. No shell reads them.
    pub command: Vec<String>,
    /// How long it may take; then it is killed.
    pub timeout: Duration,
}

/// Starts the command for a version, and waits for it. What it prints goes where our errors go.
pub(super) async fn start(hook: &CommandHook, version: &Version) -> Answer {
    let Some((program, arguments)) = hook.command.split_first() else { return Answer::Taken };
    let body = match serde_json::to_vec(&Message::of(version)) {
        Ok(mut body) => {
            body.push(b'\n');
            body
        }
        Err(error) => return Answer::Refused(format!("the version cannot be written as JSON: {error}")),
    };
    let child = Command::new(program)
        .args(arguments)
        .env("COPYDESK_SEQ", version.article.seq.to_string())
        .env("COPYDESK_ID", &version.article.id)
        .stdin(Stdio::piped())
        .stdout(std::io::stderr())
        .kill_on_drop(true)
        .spawn();
    let mut child = match child {
        Ok(child) => child,
        Err(error) => return Answer::Refused(format!("cannot be started: {error}")),
    };
    let input = child.stdin.take();
    let work = async {
        if let Some(mut input) = input {
            // A command that reads nothing is as good as one that does; its exit code says whether all went well.
            let _ = input.write_all(&body).await;
        }
        child.wait().await
    };
    match tokio::time::timeout(hook.timeout, work).await {
        Ok(Ok(status)) if status.success() => Answer::Taken,
        Ok(Ok(status)) => Answer::Refused(format!("ended with {status}")),
        Ok(Err(error)) => Answer::Refused(format!("cannot be waited for: {error}")),
        // Dropped, it is killed.
        Err(_) => Answer::Refused(format!("took longer than {:?} and was killed", hook.timeout)),
    }
}
