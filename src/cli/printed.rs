//! Whether a subcommand prints for readers or for programs, where it needs to say no more of it than that.

use clap::ValueEnum;
use serde::Serialize;

/// The argument that says it.
#[derive(Debug, clap::Args)]
pub(super) struct FormatArgs {
    /// What to print
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// For reading
    Text,
    /// For programs
    Json,
}

impl FormatArgs {
    /// Whether it is for programs.
    pub(super) fn is_json(&self) -> bool {
        self.format == Format::Json
    }

    /// What is printed of something: as JSON, or as `text` tells it.
    pub(super) fn of<T: Serialize>(&self, what: &T, text: impl FnOnce(&T) -> String) -> String {
        if self.is_json() { serde_json::to_string_pretty(what).unwrap_or_default() + "\n" } else { text(what) }
    }
}
