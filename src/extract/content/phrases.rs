//! Sets of phrases, prepared once and looked for in a text in one pass.

use aho_corasick::automaton::{Automaton, StateID};
use aho_corasick::nfa::contiguous::NFA;
use aho_corasick::{Anchored, MatchKind};

/// A set of phrase groups; bit `n` of a result says that a phrase of group `n` occurs.
///
/// In a phrase `|` at either end asks for a word boundary there, `^` at the start for the start of the text, and `·`
/// stands for nothing, a blank, `-` or `_`.
#[derive(Debug)]
pub(in super::super) struct PhraseTable {
    /// Reads on from where a phrase may begin.
    automaton: NFA,
    start: StateID,
    /// By the automaton's numbers.
    told: Vec<Phrase>,
    /// Of the phrases that stand at the start of a text.
    at_start: Beginnings,
    /// Of the others.
    anywhere: Beginnings,
}

#[derive(Debug, Clone, Copy)]
struct Phrase {
    group: u8,
    at_start: bool,
    bounded_before: bool,
    bounded_after: bool,
}

impl PhraseTable {
    /// A table of these groups.
    pub(in super::super) fn new(groups: &[&[&str]]) -> Self {
        let (mut patterns, mut told) = (Vec::new(), Vec::new());
        let mut beginnings = [Beginnings::default(), Beginnings::default()];
        for (group, list) in groups.iter().enumerate() {
            for text in *list {
                let (at_start, rest) = text.strip_prefix('^').map_or((false, *text), |rest| (true, rest));
                let (bounded_before, rest) = rest.strip_prefix('|').map_or((false, rest), |rest| (true, rest));
                let (bounded_after, rest) = rest.strip_suffix('|').map_or((false, rest), |rest| (true, rest));
                let joints: &[&str] = if rest.contains('·') { &["", "-", "_", " "] } else { &[""] };
                for joint in joints {
                    let pattern = rest.replace('·', joint);
                    beginnings[usize::from(at_start)].add(pattern.as_bytes());
                    patterns.push(pattern);
                    told.push(Phrase { group: group as u8, at_start, bounded_before, bounded_after });
                }
            }
        }
        let mut builder = NFA::builder();
        builder.match_kind(MatchKind::Standard).ascii_case_insensitive(true);
        let automaton = builder.build(&patterns).expect("the tables are constant and small");
        let start = automaton.start_state(Anchored::Yes).expect("it is built for every start");
        let [anywhere, at_start] = beginnings;
        Self { automaton, start, told, at_start, anywhere }
    }

    /// The groups of which a phrase occurs in `text`. Letters beyond ASCII are matched as they stand: give lower case.
    pub(in super::super) fn matches(&self, text: &str) -> u32 {
        const AHEAD: usize = Beginnings::BYTES - 1;
        let bytes = text.as_bytes();
        let (first, rest) = bytes.split_at(bytes.len().min(AHEAD));
        // The last places have fewer bytes than are looked at: as if zeros came behind the text.
        let padded = first.iter().chain(&[0; AHEAD]).take(AHEAD);
        let mut key = padded.fold(0, |key, &byte| Beginnings::next(key, byte));
        let start = Beginnings::next(key, rest.first().copied().unwrap_or_default());
        let mut groups = if self.at_start.has(start) { self.matches_at(bytes, 0) } else { 0 };
        let mut look = |at: usize, byte: u8| {
            key = Beginnings::next(key, byte);
            if self.anywhere.has(key) {
                groups |= self.matches_at(bytes, at);
            }
        };
        for (at, &byte) in rest.iter().enumerate() {
            look(at, byte);
        }
        for at in rest.len()..bytes.len() {
            look(at, 0);
        }
        groups
    }

    /// The groups of which a phrase stands just here.
    fn matches_at(&self, bytes: &[u8], start: usize) -> u32 {
        let mut groups = 0;
        let mut state = self.start;
        for (end, &byte) in (start + 1..).zip(&bytes[start..]) {
            state = self.automaton.next_state(Anchored::Yes, state, byte);
            if !self.automaton.is_special(state) {
                continue;
            }
            if self.automaton.is_dead(state) {
                break;
            }
            let matches = if self.automaton.is_match(state) { self.automaton.match_len(state) } else { 0 };
            for place in 0..matches {
                let pattern = self.automaton.match_pattern(state, place);
                let phrase = self.told[pattern.as_usize()];
                // A match includes those that end with it, and of these some begin later.
                let fits = self.automaton.pattern_len(pattern) == end - start
                    && (!phrase.at_start || start == 0)
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

/// Where phrases may begin: by four bytes, of each the low bits, in which letters of either case are the same. In most
/// texts few places are left, and the set is small enough to stay near the processor, which an automaton is not.
struct Beginnings([u64; Self::WORDS]);

impl Beginnings {
    /// Bytes that are looked at.
    const BYTES: usize = 4;
    /// Bits of a byte that count.
    const BITS: usize = 4;
    const KEYS: usize = 1 << (Self::BYTES * Self::BITS);
    const WORDS: usize = Self::KEYS / u64::BITS as usize;

    /// The key behind another when a byte follows; that of the end of a text with zeros behind it.
    fn next(key: usize, byte: u8) -> usize {
        ((key << Self::BITS) | (usize::from(byte) % (1 << Self::BITS))) % Self::KEYS
    }

    fn add(&mut self, pattern: &[u8]) {
        let known = pattern.len().min(Self::BYTES);
        let key = pattern[..known].iter().fold(0, |key, &byte| Self::next(key, byte));
        // Anything may follow a shorter one.
        let open = (Self::BYTES - known) * Self::BITS;
        for key in key << open..(key + 1) << open {
            self.0[key / 64] |= 1 << (key % 64);
        }
    }

    fn has(&self, key: usize) -> bool {
        self.0[key / 64] >> (key % 64) & 1 != 0
    }
}

impl Default for Beginnings {
    fn default() -> Self {
        Self([0; Self::WORDS])
    }
}

impl std::fmt::Debug for Beginnings {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} keys", self.0.iter().map(|word| word.count_ones()).sum::<u32>())
    }
}

/// What a table said of the texts that a thread saw last: the pages of a site call their elements alike, and those of
/// many sites do.
#[derive(Debug)]
pub(in super::super) struct Recent {
    /// Hashes of texts, and the groups found in them. Where two texts have one place, the later one has it.
    places: Vec<(u64, u32)>,
}

impl Recent {
    /// Texts that are remembered at the most, 64 KB of them.
    const PLACES: usize = 4096;

    /// The groups that occur in a text, by `find` where it is not remembered.
    pub(in super::super) fn groups(&mut self, text: &str, find: impl FnOnce() -> u32) -> u32 {
        let hash = xxhash_rust::xxh3::xxh3_64(text.as_bytes());
        let (known, groups) = &mut self.places[hash as usize % Self::PLACES];
        if *known != hash {
            (*known, *groups) = (hash, find());
        }
        *groups
    }
}

impl Default for Recent {
    fn default() -> Self {
        Self { places: vec![(0, 0); Self::PLACES] }
    }
}

/// ASCII letters and digits continue a word, and so does every byte of another script.
fn is_boundary(neighbour: Option<u8>) -> bool {
    neighbour.is_none_or(|byte| byte.is_ascii() && !byte.is_ascii_alphanumeric())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// The phrases of a table one by one.
    fn plainly(groups: &[&[&str]], text: &str) -> u32 {
        let text = text.to_ascii_lowercase();
        let stands = |phrase: &str| {
            let (at_start, rest) = phrase.strip_prefix('^').map_or((false, phrase), |rest| (true, rest));
            let bounds = (rest.starts_with('|'), rest.ends_with('|'));
            let forms = ["", "-", "_", " "].map(|joint| rest.trim_matches('|').replace('·', joint));
            let bounded =
                |neighbour: Option<char>| neighbour.is_none_or(|c| c.is_ascii() && !c.is_ascii_alphanumeric());
            forms.iter().any(|form| {
                text.match_indices(form.as_str()).any(|(at, found)| {
                    (!at_start || at == 0)
                        && (!bounds.0 || bounded(text[..at].chars().next_back()))
                        && (!bounds.1 || bounded(text[at + found.len()..].chars().next()))
                })
            })
        };
        (0_u32..)
            .zip(groups)
            .filter(|(_, group)| group.iter().any(|phrase| stands(phrase)))
            .fold(0, |found, (group, _)| found | 1 << group)
    }

    const GROUPS: &[&[&str]] = &[
        &["©", "|ad|", "aa"],
        &["^by|", "^aab", "^د"],
        &["a·b", "aba"],
        &["newsletter", "letter|"],
        &["подпис", "|ба"],
    ];

    proptest! {
        #[test]
        fn found_as_by_looking_for_each(parts in proptest::collection::vec(prop_oneof![
            Just("a"), Just("b"), Just("A"), Just("-"), Just(" "), Just("ad"), Just("by"), Just("newsletter"), Just("Letter"),
            Just("©"), Just("под"), Just("пис"), Just("б"), Just("а"), Just("د"), Just("_"), Just("s"),
        ], 0..9)) {
            let text = parts.concat();
            prop_assert_eq!(PhraseTable::new(GROUPS).matches(&text), plainly(GROUPS, &text), "{}", text);
        }
    }

    #[test]
    fn what_was_seen_is_not_looked_for_again() {
        let mut seen = Recent::default();
        assert_eq!(seen.groups("a label", || 5), 5);
        assert_eq!(seen.groups("a label", || unreachable!("it is remembered")), 5);
        // However many come between, the answer is the same.
        (0..3 * Recent::PLACES as u32)
            .for_each(|number| assert_eq!(seen.groups(&number.to_string(), || number), number));
        assert_eq!(seen.groups("a label", || 5), 5);
    }
}
