//! From how likely blocks are to which are kept.

/// Between these the threshold of a page may lie: what is less likely than the lower is not kept for all its length, and
/// what is more likely than the upper is kept on every page.
pub(super) const LOWEST: f32 = 0.15;
const HIGHEST: f32 = 0.5;

/// The probability from which to keep blocks so that the body's F-value, by the probabilities themselves, is highest.
/// Where a page leaves few doubts that is near one half; where most blocks are doubtful it is lower, since an empty body
/// is surely wrong.
///
/// `blocks` gives every block's probability and length in words.
pub(super) fn best(blocks: impl Iterator<Item = (f32, f32)>) -> f32 {
    let mut blocks: Vec<(f32, f32)> = blocks.collect();
    blocks.sort_unstable_by(|one, other| other.0.total_cmp(&one.0));
    let wanted: f32 = blocks.iter().map(|(probability, tokens)| probability * tokens).sum();
    let (mut kept, mut right) = (0.0, 0.0);
    let (mut threshold, mut highest) = (HIGHEST, 0.0);
    for (probability, tokens) in blocks {
        kept += tokens;
        right += probability * tokens;
        let value = right / (kept + wanted);
        if value > highest {
            (threshold, highest) = (probability, value);
        }
    }
    threshold.clamp(LOWEST, HIGHEST)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(blocks: &[(f32, f32)]) -> f32 {
        best(blocks.iter().copied())
    }

    #[test]
    fn doubtful_blocks_are_kept_where_nothing_is_surer() {
        assert!(of(&[(0.99, 500.0), (0.98, 300.0), (0.3, 100.0), (0.01, 400.0)]) > 0.3);
        assert!(of(&[(0.3, 100.0), (0.25, 100.0), (0.02, 400.0)]) <= 0.25);
    }

    #[test]
    fn the_bounds_hold() {
        for blocks in [&[][..], &[(0.01, 50.0)], &[(1.0, 50.0)], &[(0.0, 10.0), (0.0, 0.0)], &[(f32::NAN, 1.0)]] {
            let threshold = of(blocks);
            assert!((LOWEST..=HIGHEST).contains(&threshold), "{blocks:?}: {threshold}");
        }
    }
}
