//! A gradient-boosted model over a constant table: how likely a block is body.
//!
//! The tables are written by `training/train.py`; see there for the format. They are embedded, so that a build needs
//! nothing else, and checked against the features' names by a test.

use super::features::COLUMNS;
use super::measure::PageKind;
use std::array;
use std::sync::OnceLock;

const MAGIC: &[u8] = b"CDBLOCK1";

/// After every so many trees, the rows whose sum is past [`settled_sum`] are settled: the rest only push it further, since
/// most blocks of a page are plainly its frame.
const TREES_BETWEEN_LOOKS: usize = 10;

/// In log-odds. On pages other than articles how likely each block is decides where the threshold lies, so there a row is
/// settled only below 0.5 % and above 99.5 %. With these the cross-validated bodies are as good as with every tree read.
const fn settled_sum(kind: PageKind) -> f32 {
    match kind {
        PageKind::Article => 3.2,
        PageKind::Other => 5.3,
    }
}

/// Rows that go through a tree together: of 1, 2, 4 and 8 the fastest by `benches/clean.rs`.
const TOGETHER: usize = 8;

/// The two models that read pages.
#[derive(Debug)]
struct Models {
    /// Trained on articles alone.
    articles: Model,
    /// Trained on pages of all types.
    others: Model,
}

static MODELS: OnceLock<Models> = OnceLock::new();

/// The embedded models, unless [`replace`] came first.
fn models() -> &'static Models {
    MODELS.get_or_init(|| {
        let embedded = |table| Model::read(table).expect("the embedded tables are complete: a test reads them");
        Models {
            articles: embedded(include_bytes!("articles.model")),
            others: embedded(include_bytes!("others.model")),
        }
    })
}

/// Has every page of this process read by other tables. Says whether they are whole tables and no page was read before.
pub(in super::super) fn replace(articles: &[u8], others: &[u8]) -> bool {
    let models = Model::read(articles).zip(Model::read(others));
    models.is_some_and(|(articles, others)| MODELS.set(Models { articles, others }).is_ok())
}

/// How likely blocks are body, 0 to 1, by their rows, one after the other in `rows`. What the two models differ in is
/// chance as much as knowledge: of an article's blocks their mean is taken where the model of all types leaves a doubt. It
/// comes first: the other is sure that lists are none of it, and some pages that say that they are articles are lists.
pub(super) fn probabilities(kind: PageKind, rows: &[f32], columns: usize) -> Vec<f32> {
    let count = rows.len() / columns.max(1);
    let mut open: Vec<usize> = (0..count).collect();
    let Models { articles, others } = models();
    let mut chances: Vec<f32> = others.sums(kind, rows, columns, &mut open).into_iter().map(logistic).collect();
    if kind == PageKind::Article {
        let rest = open.clone();
        let sums = articles.sums(kind, rows, columns, &mut open);
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
    trees: Vec<Tree>,
}

/// A tree's nodes, the root first; the two children of a node stand beside each other.
#[derive(Debug)]
struct Tree {
    nodes: Vec<Node>,
    /// Of a leaf, what it adds to the sum, in log-odds; of an inner node nothing.
    values: Vec<f32>,
}

#[derive(Debug, Clone, Copy)]
struct Node {
    threshold: f32,
    column: u16,
    /// Where a row goes on whose value is not above the threshold; one further if it is. A leaf leads to itself: nothing
    /// is above its threshold.
    child: u16,
}

/// A node as the table has it: column, threshold, and where it goes on to the left and to the right (of a leaf, the
/// complement of its number).
type Listed = (u16, f32, i16, i16);

impl Tree {
    /// Puts the nodes of a table in the order of [`Tree`]. `None` if the children are not those of a tree.
    fn new(listed: &[Listed], leaves: &[f32]) -> Option<Self> {
        let mut tree = Self { nodes: Vec::new(), values: Vec::new() };
        let mut order = vec![if listed.is_empty() { !0 } else { 0_i16 }];
        let mut at = 0;
        while let Some(&next) = order.get(at) {
            if let Ok(number) = usize::try_from(next) {
                let &(column, threshold, left, right) = listed.get(number)?;
                let child = u16::try_from(order.len()).ok()?;
                tree.nodes.push(Node { threshold, column, child });
                tree.values.push(0.0);
                order.extend([left, right]);
            } else {
                tree.nodes.push(Node { threshold: f32::INFINITY, column: 0, child: at as u16 });
                tree.values.push(*leaves.get(usize::from(!next as u16))?);
            }
            at += 1;
            if at > 2 * listed.len() + 1 {
                return None;
            }
        }
        Some(tree)
    }

    /// What the tree adds to each of some rows. They take each step together: where a row goes next depends on its last
    /// step, so a row alone would keep the processor waiting.
    fn values<const ROWS: usize>(&self, rows: [&[f32]; ROWS]) -> [f32; ROWS] {
        let mut at = [0_usize; ROWS];
        loop {
            let mut moved = 0;
            for (at, row) in at.iter_mut().zip(rows) {
                let node = self.nodes[*at];
                let next = usize::from(node.child) + usize::from(row[usize::from(node.column)] > node.threshold);
                moved |= next ^ *at;
                *at = next;
            }
            if moved == 0 {
                return at.map(|at| self.values[at]);
            }
        }
    }
}

impl Model {
    fn read(table: &[u8]) -> Option<Self> {
        let mut rest = table.strip_prefix(MAGIC)?;
        let columns_hash = u64::from_le_bytes(take(&mut rest)?);
        let count = u16::from_le_bytes(take(&mut rest)?);
        let mut model = Self { columns_hash, trees: Vec::with_capacity(usize::from(count)) };
        for _ in 0..count {
            let nodes = u16::from_le_bytes(take(&mut rest)?);
            let mut listed = Vec::with_capacity(usize::from(nodes));
            for _ in 0..nodes {
                let column = u16::from_le_bytes(take(&mut rest)?);
                if usize::from(column) >= COLUMNS {
                    return None;
                }
                let threshold = f32::from_le_bytes(take(&mut rest)?);
                listed.push((
                    column,
                    threshold,
                    i16::from_le_bytes(take(&mut rest)?),
                    i16::from_le_bytes(take(&mut rest)?),
                ));
            }
            // A binary tree has one leaf more than inner nodes.
            let leaves: Option<Vec<f32>> = (0..=nodes).map(|_| take(&mut rest).map(f32::from_le_bytes)).collect();
            model.trees.push(Tree::new(&listed, &leaves?)?);
        }
        rest.is_empty().then_some(model)
    }

    /// The sums, in log-odds, of the rows that `open` names; the others stay 0. Goes through the trees with all rows at
    /// once, since one tree's nodes are near each other. Rows that are settled early leave `open`.
    fn sums(&self, kind: PageKind, rows: &[f32], columns: usize, open: &mut Vec<usize>) -> Vec<f32> {
        let mut sums = vec![0.0_f32; rows.len() / columns.max(1)];
        let row = |index: usize| &rows[index * columns..][..columns];
        for (count, tree) in self.trees.iter().enumerate() {
            if count % TREES_BETWEEN_LOOKS == 0 {
                open.retain(|&row| sums[row].abs() <= settled_sum(kind));
            }
            for group in open.chunks(TOGETHER) {
                // A group that is not full takes its last row along again: alone, it would take as long.
                let together = array::from_fn(|place| row(group[place.min(group.len() - 1)]));
                for (index, value) in group.iter().zip(tree.values::<TOGETHER>(together)) {
                    sums[*index] += value;
                }
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
        assert_eq!(columns.len(), COLUMNS);
        let Models { articles, others } = models();
        for model in [articles, others] {
            assert_eq!(model.columns_hash, hash(&columns.join("\n")), "the features changed: run training/train.py");
        }
    }

    #[test]
    fn a_table_cut_short_is_no_table() {
        let table = include_bytes!("articles.model");
        assert!(Model::read(table).is_some());
        assert!(Model::read(&table[..table.len() - 1]).is_none());
        assert!(Model::read(b"CDBLOCK9").is_none());
    }

    #[test]
    fn a_table_of_other_features_is_no_table() {
        let of_column = |column: usize| {
            let mut table = [MAGIC, &[0; 8], &1_u16.to_le_bytes(), &1_u16.to_le_bytes()].concat();
            table.extend((column as u16).to_le_bytes());
            table.extend(0.5_f32.to_le_bytes());
            // To the left its first leaf, to the right its second.
            table.extend([!0_i16, !1].iter().flat_map(|next| next.to_le_bytes()));
            table.extend([-1.0_f32, 1.0].iter().flat_map(|value| value.to_le_bytes()));
            Model::read(&table)
        };
        assert!(of_column(COLUMNS - 1).is_some() && of_column(COLUMNS).is_none());
    }
}
