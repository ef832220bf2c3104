//! A gradient-boosted model over a constant table: how likely a block is body.
//!
//! The tables are written by `training/train.py`; see there for the format. They are embedded, so that a build needs
//! nothing else, and checked against the features' names by a test.

use super::measure::PageKind;
use std::sync::LazyLock;

const MAGIC: &[u8] = b"CDBLOCK1";

/// On an article, after every so many trees, the rows whose sum (in log-odds) is past [`SETTLED_SUM`] are settled: the rest
/// only push it further, since most blocks of such a page are plainly its frame. On other pages how likely each block is
/// decides where the threshold lies, so there all trees are asked.
const TREES_BETWEEN_LOOKS: usize = 10;
const SETTLED_SUM: f32 = 3.2;

/// The model trained on articles alone.
static ARTICLES: LazyLock<Model> = LazyLock::new(|| Model::embedded(include_bytes!("articles.model")));

/// The model trained on pages of all types.
static OTHERS: LazyLock<Model> = LazyLock::new(|| Model::embedded(include_bytes!("others.model")));

/// How likely blocks are body, 0 to 1, by their rows, one after the other in `rows`. What the two models differ in is
/// chance as much as knowledge: of an article's blocks their mean is taken where the first leaves a doubt.
pub(super) fn probabilities(kind: PageKind, rows: &[f32], columns: usize) -> Vec<f32> {
    let count = rows.len() / columns.max(1);
    let mut open: Vec<usize> = (0..count).collect();
    let first = if kind == PageKind::Article { &ARTICLES } else { &OTHERS };
    let mut chances: Vec<f32> = first.sums(kind, rows, columns, &mut open).into_iter().map(logistic).collect();
    if kind == PageKind::Article {
        let rest = open.clone();
        let sums = OTHERS.sums(kind, rows, columns, &mut open);
        for row in rest {
            chances[row] = f32::midpoint(chances[row], logistic(sums[row]));
        }
    }
    chances
}

fn logistic(sum: f32) -> f32 {
    1.0 / (1.0 + (-sum).exp())
}

/// Trees over the columns of [`super::features`].
#[derive(Debug)]
pub(super) struct Model {
    #[cfg_attr(not(test), expect(dead_code, reason = "a test holds it against the features"))]
    columns_hash: u64,
    nodes: Vec<Node>,
    leaves: Vec<f32>,
    /// Where each tree's nodes and leaves begin.
    trees: Vec<(u32, u32)>,
}

#[derive(Debug, Clone, Copy)]
struct Node {
    threshold: f32,
    column: u16,
    /// The next node of the tree; of a leaf the complement of its number.
    left: i16,
    right: i16,
}

impl Model {
    fn embedded(table: &[u8]) -> Self {
        Self::read(table).expect("the embedded tables are complete: a test reads them")
    }

    fn read(table: &[u8]) -> Option<Self> {
        let mut rest = table.strip_prefix(MAGIC)?;
        let columns_hash = u64::from_le_bytes(take(&mut rest)?);
        let count = u16::from_le_bytes(take(&mut rest)?);
        let mut model = Self { columns_hash, nodes: Vec::new(), leaves: Vec::new(), trees: Vec::new() };
        for _ in 0..count {
            model.trees.push((model.nodes.len() as u32, model.leaves.len() as u32));
            let nodes = u16::from_le_bytes(take(&mut rest)?);
            for _ in 0..nodes {
                model.nodes.push(Node {
                    column: u16::from_le_bytes(take(&mut rest)?),
                    threshold: f32::from_le_bytes(take(&mut rest)?),
                    left: i16::from_le_bytes(take(&mut rest)?),
                    right: i16::from_le_bytes(take(&mut rest)?),
                });
            }
            // A binary tree has one leaf more than inner nodes.
            for _ in 0..=nodes {
                model.leaves.push(f32::from_le_bytes(take(&mut rest)?));
            }
        }
        rest.is_empty().then_some(model)
    }

    /// The sums, in log-odds, of the rows that `open` names; the others stay 0. Goes through the trees with all rows at
    /// once: one tree's nodes are near each other, and the rows do not wait for one another. Rows that are settled early
    /// leave `open`.
    fn sums(&self, kind: PageKind, rows: &[f32], columns: usize, open: &mut Vec<usize>) -> Vec<f32> {
        let mut sums = vec![0.0_f32; rows.len() / columns.max(1)];
        for (count, &(nodes, leaves)) in self.trees.iter().enumerate() {
            if kind == PageKind::Article && count % TREES_BETWEEN_LOOKS == 0 {
                open.retain(|&row| sums[row].abs() <= SETTLED_SUM);
            }
            let nodes = &self.nodes[nodes as usize..];
            let leaves = &self.leaves[leaves as usize..];
            for &index in &*open {
                let row = &rows[index * columns..][..columns];
                let mut next = 0_i16;
                while let Ok(at) = usize::try_from(next) {
                    let node = nodes[at];
                    next = if row[usize::from(node.column)] <= node.threshold { node.left } else { node.right };
                }
                sums[index] += leaves[usize::from(!next as u16)];
            }
        }
        sums
    }
}

fn take<const N: usize>(rest: &mut &[u8]) -> Option<[u8; N]> {
    let (head, tail) = rest.split_first_chunk()?;
    *rest = tail;
    Some(*head)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::extract::content::{PageWords, table};
    use crate::markup::parse;

    /// FNV-1a, as `training/train.py` has it.
    fn hash(text: &str) -> u64 {
        text.bytes().fold(0xCBF2_9CE4_8422_2325, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01B3))
    }

    #[test]
    fn the_tables_fit_the_features() {
        let document = parse("<p>One paragraph.</p>");
        let columns = table(&document, &PageWords::default()).columns;
        for model in [&ARTICLES, &OTHERS] {
            assert_eq!(model.columns_hash, hash(&columns.join("\n")), "the features changed: run training/train.py");
            assert!(model.nodes.iter().all(|node| usize::from(node.column) < columns.len()));
        }
    }

    #[test]
    fn a_table_cut_short_is_no_table() {
        let table = include_bytes!("articles.model");
        assert!(Model::read(table).is_some());
        assert!(Model::read(&table[..table.len() - 1]).is_none());
        assert!(Model::read(b"CDBLOCK9").is_none());
    }
}
