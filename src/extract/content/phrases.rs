//! Sets of phrases, prepared once and looked for in a text in one pass.

/// A set of phrase groups; bit `n` of a result says that a phrase of group `n` occurs.
///
/// In a phrase `|` at either end asks for a word boundary there, `^` at the start for the start of the text, and `·`
/// stands for nothing, a blank, `-` or `_`.
#[derive(Debug)]
pub(in super::super) struct PhraseTable {
    /// Phrases that stand at the start of a text.
    at_start: Phrases,
    /// The others.
    anywhere: Phrases,
}

#[derive(Debug)]
struct Phrase {
    bytes: Vec<u8>,
    group: u8,
    bounded_before: bool,
    bounded_after: bool,
}

impl PhraseTable {
    /// A table of these groups.
    pub(in super::super) fn new(groups: &[&[&str]]) -> Self {
        let mut phrases = [Vec::new(), Vec::new()];
        for (group, list) in groups.iter().enumerate() {
            for text in *list {
                let (at_start, rest) = text.strip_prefix('^').map_or((false, *text), |rest| (true, rest));
                let (bounded_before, rest) = rest.strip_prefix('|').map_or((false, rest), |rest| (true, rest));
                let (bounded_after, rest) = rest.strip_suffix('|').map_or((false, rest), |rest| (true, rest));
                let joints: &[&str] = if rest.contains('·') { &["", "-", "_", " "] } else { &[""] };
                phrases[usize::from(at_start)].extend(joints.iter().map(|joint| Phrase {
                    bytes: rest.replace('·', joint).into_bytes(),
                    group: group as u8,
                    bounded_before,
                    bounded_after,
                }));
            }
        }
        let [anywhere, at_start] = phrases.map(Phrases::new);
        Self { at_start, anywhere }
    }

    /// The groups of which a phrase occurs in `text`. Letters beyond ASCII are matched as they stand: give lower case.
    pub(in super::super) fn matches(&self, text: &str) -> u32 {
        const AHEAD: usize = Phrases::BYTES - 1;
        let bytes = text.as_bytes();
        let (first, rest) = bytes.split_at(bytes.len().min(AHEAD));
        // The last places have fewer bytes than are looked at: as if zeros came behind the text.
        let padded = first.iter().chain(&[0; AHEAD]).take(AHEAD);
        let mut key = padded.fold(0, |key, &byte| Phrases::next(key, byte));
        let start = Phrases::next(key, rest.first().copied().unwrap_or_default());
        let mut groups = self.at_start.groups_at(start, bytes, 0);
        let mut look = |at: usize, byte: u8| {
            key = Phrases::next(key, byte);
            groups |= self.anywhere.groups_at(key, bytes, at);
        };
        for (at, &byte) in rest.iter().enumerate() {
            look(at, byte);
        }
        for at in rest.len()..bytes.len() {
            look(at, 0);
        }
        groups
    }
}

/// Phrases by how they begin: by four bytes, of each the low bits, in which letters of either case are the same. In most
/// places of a text none begins, which a set says that is small enough to stay near the processor.
struct Phrases {
    /// Of the beginnings' keys, a bit each.
    begins: Box<[u64; Self::WORDS]>,
    /// How many bits stand before each word of these.
    before: Box<[u16; Self::WORDS]>,
    /// Where in `order` the phrases of each key that has some end, in the order of the keys.
    ends: Vec<u32>,
    /// Numbers of phrases, by key.
    order: Vec<u16>,
    list: Vec<Phrase>,
}

impl Phrases {
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

    fn new(list: Vec<Phrase>) -> Self {
        let mut pairs = Vec::with_capacity(list.len());
        for (number, phrase) in (0_u16..).zip(&list) {
            let known = phrase.bytes.len().min(Self::BYTES);
            let key = phrase.bytes[..known].iter().fold(0, |key, &byte| Self::next(key, byte));
            // Anything may follow a shorter one.
            let open = (Self::BYTES - known) * Self::BITS;
            pairs.extend((key << open..(key + 1) << open).map(|key| (key, number)));
        }
        pairs.sort_unstable();
        let (mut begins, mut before) = (Box::new([0_u64; Self::WORDS]), Box::new([0_u16; Self::WORDS]));
        let mut ends: Vec<u32> = Vec::new();
        for (place, &(key, _)) in (1..).zip(&pairs) {
            let bit = 1 << (key % 64);
            if begins[key / 64] & bit == 0 {
                begins[key / 64] |= bit;
                ends.push(0);
            }
            *ends.last_mut().expect("there is one for each key seen") = place;
        }
        let mut bits = 0;
        for (word, before) in begins.iter().zip(before.iter_mut()) {
            *before = bits;
            bits += word.count_ones() as u16;
        }
        Self { begins, before, ends, order: pairs.into_iter().map(|(_, number)| number).collect(), list }
    }

    /// The groups of which a phrase stands just here, where the text goes on with the bytes of `key`.
    #[inline]
    fn groups_at(&self, key: usize, bytes: &[u8], start: usize) -> u32 {
        let word = self.begins[key / 64];
        if word >> (key % 64) & 1 == 0 { 0 } else { self.groups_behind(word, key, bytes, start) }
    }

    fn groups_behind(&self, word: u64, key: usize, bytes: &[u8], start: usize) -> u32 {
        let lower = word & ((1 << (key % 64)) - 1);
        let rank = usize::from(self.before[key / 64]) + lower.count_ones() as usize;
        let from = rank.checked_sub(1).map_or(0, |above| self.ends[above]);
        let numbers = &self.order[from as usize..self.ends[rank] as usize];
        let text = &bytes[start..];
        let stands = |phrase: &&Phrase| {
            let end = phrase.bytes.len();
            text.get(..end).is_some_and(|text| text.eq_ignore_ascii_case(&phrase.bytes))
                && (!phrase.bounded_before || is_boundary(start.checked_sub(1).map(|at| bytes[at])))
                && (!phrase.bounded_after || is_boundary(text.get(end).copied()))
        };
        let phrases = numbers.iter().map(|&number| &self.list[usize::from(number)]);
        phrases.filter(stands).fold(0, |groups, phrase| groups | 1 << phrase.group)
    }
}

impl std::fmt::Debug for Phrases {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} phrases", self.list.len())
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
