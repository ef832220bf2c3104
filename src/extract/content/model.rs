//! A gradient-boosted model over a constant table: how likely a block is body.
//!
//! The tables are written by `training/train.py`; see there for the format. They are embedded, so that a build needs
//! nothing else, and checked against the features' names by a test.

use super::features::{COLUMNS, Values};
use super::measure::PageKind;
use std::array;
use std::sync::OnceLock;

const MAGIC: &[u8] = b"CDBLOCK1";

/// A look at the rows on the way through the trees. Most blocks of a page are plainly its frame, and the remaining trees
/// would only say so again.
#[derive(Debug, Clone, Copy)]
struct Look {
    /// Trees before it.
    trees: usize,
    /// Sums, in log-odds, outside of which a row is settled.
    below: f32,
    above: f32,
    /// How likely the rows that are settled here came out with every tree read, on the average of each side.
    low: f32,
    high: f32,
}

impl Look {
    /// How likely a row is by its sum, if that is settled.
    fn settled(&self, sum: f32) -> Option<f32> {
        if sum < self.below {
            Some(self.low)
        } else if sum > self.above {
            Some(self.high)
        } else {
            None
        }
    }
}

/// When rows are settled by the model of all types: where no more than one in a thousand of those that are settled so came
/// out on the other side of what matters, in cross-validation (`training/settle.py`). The other model reads what this one
/// leaves in doubt, and most of it to the end.
const LOOKS: [Look; 9] = [
    Look { trees: 20, below: -1.977, above: 1.779, low: 0.003, high: 0.995 },
    Look { trees: 30, below: -2.489, above: 2.372, low: 0.010, high: 0.994 },
    Look { trees: 40, below: -2.834, above: 2.915, low: 0.007, high: 0.995 },
    Look { trees: 50, below: -2.826, above: 2.902, low: 0.008, high: 0.992 },
    Look { trees: 70, below: -3.002, above: 3.019, low: 0.013, high: 0.988 },
    Look { trees: 100, below: -2.975, above: 3.181, low: 0.017, high: 0.987 },
    Look { trees: 150, below: -2.638, above: 2.866, low: 0.033, high: 0.978 },
    Look { trees: 200, below: -2.482, above: 2.756, low: 0.048, high: 0.966 },
    Look { trees: 300, below: -2.160, above: 2.472, low: 0.071, high: 0.949 },
];

/// Pairs of a tree and a row that are looked at together. Of 1, 2, 4 and 8 rows on one tree, 8 were the fastest by
/// `benches/clean.rs`.
const LANES: usize = 8;

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

/// Whether all trees are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Haste {
    /// Not of blocks that are settled early, whose likelihood is then that of all such blocks.
    Settled,
    /// Of every block.
    Whole,
}

/// How likely blocks are body, 0 to 1, by their rows. What the two models differ in is
/// chance as much as knowledge: of an article's blocks their mean is taken where the model of all types leaves a doubt. It
/// comes first: the other is sure that lists are none of it, and some pages that say that they are articles are lists.
pub(super) fn probabilities(kind: PageKind, rows: &[Values], haste: Haste) -> Vec<f32> {
    let looks: &[Look] = match haste {
        Haste::Settled => &LOOKS,
        Haste::Whole => &[],
    };
    let mut open: Vec<usize> = (0..rows.len()).collect();
    let Models { articles, others } = models();
    let mut chances = vec![0.0; rows.len()];
    others.read_rows(looks, rows, &mut open, |row, chance| chances[row] = chance);
    if kind == PageKind::Article {
        articles.read_rows(&[], rows, &mut open, |row, chance| chances[row] = f32::midpoint(chances[row], chance));
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
    nodes: [Node; MOST_NODES],
    /// Of a leaf, what it adds to the sum, in log-odds; of an inner node nothing.
    values: [f32; MOST_NODES],
}

/// Steps from a tree's root to its deepest leaf, at the most.
const DEPTH: usize = 6;

/// Nodes of a tree, leaves among them: those of 31 leaves are 61. A power of two, so that its remainder is cheap.
const MOST_NODES: usize = 64;

#[derive(Debug, Clone, Copy)]
struct Node {
    threshold: f32,
    column: u8,
    /// Where a row goes on whose value is not above the threshold; one further if it is. A leaf leads to itself: nothing
    /// is above its threshold.
    child: u8,
}

/// A node as the table has it: column, threshold, and where it goes on to the left and to the right (of a leaf, the
/// complement of its number).
type Listed = (u16, f32, i16, i16);

impl Tree {
    /// Puts the nodes of a table in the order of [`Tree`]. `None` if the children are not those of a tree, or are too many
    /// or too deep.
    fn new(listed: &[Listed], leaves: &[f32]) -> Option<Self> {
        let leaf = |at: usize| Node { threshold: f32::INFINITY, column: 0, child: at as u8 };
        let mut tree = Self { nodes: std::array::from_fn(leaf), values: [0.0; MOST_NODES] };
        // Nodes and how deep they are.
        let mut order = vec![(if listed.is_empty() { !0 } else { 0_i16 }, 0)];
        let mut at = 0;
        while let Some(&(next, depth)) = order.get(at) {
            if at >= MOST_NODES || at > 2 * listed.len() || depth > DEPTH {
                return None;
            }
            if let Ok(number) = usize::try_from(next) {
                let &(column, threshold, left, right) = listed.get(number)?;
                let child = u8::try_from(order.len()).ok().filter(|&child| usize::from(child) + 1 < MOST_NODES)?;
                tree.nodes[at] = Node { threshold, column: u8::try_from(column).ok()?, child };
                order.extend([(left, depth + 1), (right, depth + 1)]);
            } else {
                tree.values[at] = *leaves.get(usize::from(!next as u16))?;
            }
            at += 1;
        }
        Some(tree)
    }
}

/// What trees add to rows, a pair in each lane. The lanes take each step together: where a row goes next depends on its
/// last step, so that one alone would keep the processor waiting.
#[inline(always)]
#[expect(clippy::inline_always, reason = "where all lanes have one tree, it is looked up once")]
fn values(trees: [&Tree; LANES], rows: [&Values; LANES]) -> [f32; LANES] {
    let mut at = [0_usize; LANES];
    for _ in 0..DEPTH {
        for lane in 0..LANES {
            let node = &trees[lane].nodes[at[lane] % MOST_NODES];
            at[lane] = usize::from(node.child) + usize::from(rows[lane][usize::from(node.column)] > node.threshold);
        }
    }
    array::from_fn(|lane| trees[lane].values[at[lane] % MOST_NODES])
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

    /// Finds how likely the rows are that `open` names. Rows that are settled early leave it.
    fn read_rows(&self, looks: &[Look], rows: &[Values], open: &mut Vec<usize>, mut found: impl FnMut(usize, f32)) {
        let mut sums = vec![0.0_f32; rows.len()];
        let mut from = 0;
        for look in looks {
            let to = look.trees.clamp(from, self.trees.len());
            add_up(&self.trees[from..to], rows, open, &mut sums);
            open.retain(|&row| look.settled(sums[row]).map(|chance| found(row, chance)).is_none());
            from = to;
        }
        add_up(&self.trees[from..], rows, open, &mut sums);
        for &row in &*open {
            found(row, logistic(sums[row]));
        }
    }
}

/// Adds what trees say of the rows that `open` names.
fn add_up(trees: &[Tree], rows: &[Values], open: &[usize], sums: &mut [f32]) {
    let (groups, rest) = open.as_chunks::<LANES>();
    for group in groups {
        let lanes = group.map(|row| &rows[row]);
        let mut own = group.map(|row| sums[row]);
        for tree in trees {
            let found = values([tree; LANES], lanes);
            own.iter_mut().zip(found).for_each(|(sum, value)| *sum += value);
        }
        group.iter().zip(own).for_each(|(&row, sum)| sums[row] = sum);
    }
    // Those that fill no group are read by several trees at a time.
    let mut pairs = trees.iter().flat_map(|tree| rest.iter().map(move |&row| (tree, row)));
    while let Some(first) = pairs.next() {
        let mut taken = [first; LANES];
        let count = 1 + taken[1..].iter_mut().zip(&mut pairs).map(|(lane, pair)| *lane = pair).count();
        let found = values(taken.map(|(tree, _)| tree), taken.map(|(_, row)| &rows[row]));
        for ((_, row), value) in taken[..count].iter().zip(found) {
            sums[*row] += value;
        }
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
    fn a_tree_that_is_too_deep_or_in_a_circle_is_none() {
        // To the left a leaf each time, to the right the next node.
        let chain = |nodes: i16| (0..nodes).map(|at| (0, 0.5, !at, at + 1)).collect::<Vec<Listed>>();
        let ended = |nodes: i16| {
            let mut nodes = chain(nodes);
            if let Some(last) = nodes.last_mut() {
                last.3 = !(last.2.abs());
            }
            nodes
        };
        let most = i16::try_from(DEPTH).unwrap();
        let leaves = [0.0; 20];
        assert!(Tree::new(&ended(most), &leaves).is_some());
        assert!(Tree::new(&ended(most + 1), &leaves).is_none());
        assert!(Tree::new(&chain(3), &leaves).is_none(), "it leads to a node that is not there");
        assert!(Tree::new(&[(0, 0.5, 0, 0)], &leaves).is_none(), "it leads to itself");
    }

    #[test]
    fn rows_are_added_up_tree_by_tree_however_many_there_are() {
        let Models { others, .. } = models();
        let row = |number: usize| -> Values { array::from_fn(|column| ((number * 31 + column * 17) % 23) as f32) };
        let rows: Vec<Values> = (0..=3 * LANES).map(row).collect();
        let by_hand = |row: &Values| -> f32 {
            let of_tree = |tree: &Tree| {
                let mut at = 0;
                while tree.nodes[at].threshold < f32::INFINITY {
                    let node = tree.nodes[at];
                    at = usize::from(node.child) + usize::from(row[usize::from(node.column)] > node.threshold);
                }
                tree.values[at]
            };
            others.trees.iter().map(of_tree).sum()
        };
        for count in [1, LANES - 1, LANES, rows.len()] {
            let mut sums = vec![0.0; count];
            add_up(&others.trees, &rows[..count], &(0..count).collect::<Vec<_>>(), &mut sums);
            for (row, sum) in rows.iter().zip(sums) {
                assert!((by_hand(row) - sum).abs() < 1e-3);
            }
        }
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
