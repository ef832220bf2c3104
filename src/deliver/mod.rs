//! Hands versions on to those downstream as they come: webhooks, and a command for each.
//!
//! What is to be handed on stands in the archive's catalogue already, under its sequence number; all that is kept of a
//! receiver is the number of the last version that it took. So nothing is lost in a crash, a receiver that was away goes on
//! where it left off, and what it has taken when we die may come once more: at least once, in the order of the numbers.

mod command;
mod cursor;
mod outbox;
mod webhook;

pub use command::CommandHook;
pub use outbox::{DeliverError, Delivered, Outbox, OutboxOptions};
pub use webhook::Webhook;

use crate::archive::catalogue::{Filter, Version};
use serde::Serialize;

/// Somebody who is told of every version.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Receiver {
    /// What it is called in messages, and by which it is remembered.
    pub name: String,
    /// Which versions it is told of.
    pub filter: Filter,
    /// How it is told.
    pub way: Way,
}

/// How somebody is told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Way {
    /// By a request to a URL.
    Webhook(Webhook),
    /// By starting a command.
    Command(CommandHook),
}

/// A version as it is handed on: its record with its source, as `copydesk tail` prints it.
#[derive(Debug, Serialize)]
struct Message<'a> {
    source: &'a str,
    #[serde(flatten)]
    article: &'a crate::model::Article,
}

impl<'a> Message<'a> {
    fn of(version: &'a Version) -> Self {
        Self { source: &version.source, article: &version.article }
    }
}

/// What a receiver made of a version.
#[derive(Debug)]
enum Answer {
    /// It has it.
    Taken,
    /// It has not, and may take it later.
    Refused(String),
}
