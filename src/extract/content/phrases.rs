//! Sets of phrases, prepared once and looked for in a text in one pass.

use aho_corasick::automaton::{Automaton, StateID};
use aho_corasick::dfa::DFA;
use aho_corasick::nfa::contiguous::NFA;
use aho_corasick::{Anchored, MatchKind, StartKind};

/// A set of phrase groups; bit `n` of a result says that a phrase of group `n` occurs.
///
/// In a phrase `|` at either end asks for a word boundary there, `^` at the start for the start of the text, and `·`
/// stands for nothing, a blank, `-` or `_`.
#[derive(Debug)]
pub(in super::super) struct PhraseTable {
    /// Those that stand at the start: in most texts they are done with after a byte or two.
    at_start: Phrases,
    anywhere: Phrases,
}

/// Phrases that are all searched for from the start of a text alone, or all from everywhere.
#[derive(Debug)]
struct Phrases {
    machine: Machine,
    anchored: Anchored,
    start: StateID,
    /// By the automaton's numbers.
    told: Vec<Phrase>,
}

/// The automaton of a table.
#[derive(Debug)]
enum Machine {
    /// Small and soon made.
    Small(NFA),
    /// Fast to walk.
    Fast(DFA),
}

#[derive(Debug, Clone, Copy)]
struct Phrase {
    group: u8,
    bounded_before: bool,
    bounded_after: bool,
}

impl PhraseTable {
    /// A table that a few lines of a page are looked up in.
    pub(in super::super) fn new(groups: &[&[&str]]) -> Self {
        Self::made(groups, Machine::small)
    }

    /// A table that every block or label of a page is looked up in: faster to walk, and larger and slower to make.
    pub(in super::super) fn fast(groups: &[&[&str]]) -> Self {
        Self::made(groups, Machine::fast)
    }

    fn made(groups: &[&[&str]], make: fn(&[String], Anchored) -> Machine) -> Self {
        let mut lists = [(Vec::new(), Vec::new()), (Vec::new(), Vec::new())];
        for (group, list) in groups.iter().enumerate() {
            for text in *list {
                let (anchored, rest) = text.strip_prefix('^').map_or((false, *text), |rest| (true, rest));
                let (bounded_before, rest) = rest.strip_prefix('|').map_or((false, rest), |rest| (true, rest));
                let (bounded_after, rest) = rest.strip_suffix('|').map_or((false, rest), |rest| (true, rest));
                let joints: &[&str] = if rest.contains('·') { &["", "-", "_", " "] } else { &[""] };
                let (patterns, phrases) = &mut lists[usize::from(anchored)];
                for joint in joints {
                    patterns.push(rest.replace('·', joint));
                    phrases.push(Phrase { group: group as u8, bounded_before, bounded_after });
                }
            }
        }
        let [anywhere, at_start] = lists;
        Self {
            at_start: Phrases::new(make(&at_start.0, Anchored::Yes), at_start.1, Anchored::Yes),
            anywhere: Phrases::new(make(&anywhere.0, Anchored::No), anywhere.1, Anchored::No),
        }
    }

    /// The groups of which a phrase occurs in `text`. Letters beyond ASCII are matched as they stand: give lower case.
    pub(in super::super) fn matches(&self, text: &str) -> u32 {
        self.at_start.matches(text.as_bytes()) | self.anywhere.matches(text.as_bytes())
    }
}

impl Machine {
    fn small(patterns: &[String], _: Anchored) -> Self {
        let mut builder = NFA::builder();
        builder.match_kind(MatchKind::Standard).ascii_case_insensitive(true);
        Self::Small(builder.build(patterns).expect("the tables are constant and small"))
    }

    fn fast(patterns: &[String], anchored: Anchored) -> Self {
        let start_kind = if anchored.is_anchored() { StartKind::Anchored } else { StartKind::Unanchored };
        let mut builder = DFA::builder();
        builder.match_kind(MatchKind::Standard).ascii_case_insensitive(true).start_kind(start_kind);
        Self::Fast(builder.build(patterns).expect("the tables are constant and small"))
    }
}

impl Phrases {
    fn new(machine: Machine, told: Vec<Phrase>, anchored: Anchored) -> Self {
        let start = match &machine {
            Machine::Small(automaton) => automaton.start_state(anchored),
            Machine::Fast(automaton) => automaton.start_state(anchored),
        };
        Self { machine, anchored, start: start.expect("it is built for this start"), told }
    }

    fn matches(&self, bytes: &[u8]) -> u32 {
        match &self.machine {
            _ if self.told.is_empty() => 0,
            Machine::Small(automaton) => self.walk(automaton, bytes),
            Machine::Fast(automaton) => self.walk(automaton, bytes),
        }
    }

    /// Walks the automaton itself: the crate's iterator over overlapping finds sets out anew after each.
    fn walk(&self, automaton: &impl Automaton, bytes: &[u8]) -> u32 {
        let mut groups = 0;
        let mut state = self.start;
        for (at, &byte) in bytes.iter().enumerate() {
            state = automaton.next_state(self.anchored, state, byte);
            if !automaton.is_special(state) {
                continue;
            }
            if automaton.is_dead(state) {
                break;
            }
            let matches = if automaton.is_match(state) { automaton.match_len(state) } else { 0 };
            for place in 0..matches {
                let pattern = automaton.match_pattern(state, place);
                let phrase = self.told[pattern.as_usize()];
                let (start, end) = (at + 1 - automaton.pattern_len(pattern), at + 1);
                // A match includes those that end with it, and of these some start later.
                let fits = (start == 0 || !self.anchored.is_anchored())
                    && (!phrase.bounded_before || is_boundary(start.checked_sub(1).map(|at| bytes[at])))
                    && (!phrase.bounded_after || is_boundary(bytes.get(end).copied()));
                if fits {
                    groups |= 1 << phrase.group;
                }
            }
        }
        groups
    }
}

/// ASCII letters and digits continue a word, and so does every byte of another script.
fn is_boundary(neighbour: Option<u8>) -> bool {
    neighbour.is_none_or(|byte| byte.is_ascii() && !byte.is_ascii_alphanumeric())
}
