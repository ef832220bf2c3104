//! Bytes to a bounded tree of nodes: charset, guarded parse, flat tree. Knows HTML; knows nothing of articles.
//!
//! The pure stages that read pages (`discover`, `extract`) share this floor.

mod decode;
mod guard;
mod names;
mod references;
mod serialize;
mod tag;
mod tokenizer;
mod tree;

pub use decode::{Decoded, charset_of, decode};
pub use guard::{MAX_DEPTH, MAX_NODES, parse, parse_with_all_attributes};
pub use references::resolve_text;
pub use serialize::escape_into;
pub use tag::Tag;
pub use tree::{Attribute, Children, Descendants, Document, NodeData, NodeId};
