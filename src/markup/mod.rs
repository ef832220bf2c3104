//! Bytes to a bounded tree of nodes: charset, guarded parse, flat tree. Knows HTML; knows nothing of articles.
//!
//! The pure stages that read pages (`discover`, `extract`) share this floor.

mod decode;
mod guard;
mod serialize;
mod tag;
mod tree;
mod trim;

pub use decode::{Decoded, charset_of, decode};
pub use guard::{MAX_DEPTH, MAX_NODES, parse};
pub use serialize::escape_into;
pub use tag::Tag;
pub use tree::{Children, Descendants, Document, NodeData, NodeId};
