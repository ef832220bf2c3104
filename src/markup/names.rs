//! Names of tags and attributes as the tree builder's interned ones, found without its look-up for every tag.

use html5ever::LocalName;

/// Places of the table; pages use well under a hundred names, and a place that two share is filled anew.
const PLACES: usize = 512;

/// Longest name that is remembered, in bytes: the table outlives the page, and names in use are far shorter.
const LONGEST: usize = 64;

/// Every attribute that a stage reads (`Document::attribute` checks in debug builds that it is here). Others are
/// dropped, but for those of formatting elements, which the tree builder compares, and where all are asked for.
const KEPT: [&str; 58] = [
    "alt",
    "alttext",
    "aria-hidden",
    "aria-label",
    "aria-level",
    "charset",
    "checked",
    "class",
    "colspan",
    "content",
    "data-component",
    "data-component-name",
    "data-datetime",
    "data-full-src",
    "data-hi-res-src",
    "data-image",
    "data-lang",
    "data-language",
    "data-lazy",
    "data-lazy-src",
    "data-lazy-srcset",
    "data-original",
    "data-original-set",
    "data-src",
    "data-srcset",
    "data-testid",
    "data-url",
    "datetime",
    "dir",
    "display",
    "encoding",
    "height",
    "hidden",
    "href",
    "hreflang",
    "http-equiv",
    "id",
    "itemprop",
    "itemscope",
    "itemtype",
    "lang",
    "media",
    "name",
    "property",
    "rel",
    "reversed",
    "role",
    "rowspan",
    "shadowrootmode",
    "size",
    "src",
    "srcset",
    "start",
    "style",
    "title",
    "type",
    "width",
    "xml:lang",
];

/// Whether attributes of this name come into the tree whatever the element.
pub(super) fn is_kept(attribute: &str) -> bool {
    KEPT.binary_search(&attribute).is_ok()
}

/// Which names a table holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Wanted {
    All,
    Kept,
}

/// Names seen before, by a hash of their letters.
#[derive(Debug)]
pub(super) struct Names {
    places: Vec<Seen>,
    wanted: Wanted,
}

#[derive(Debug, Clone, Default)]
struct Seen {
    name: String,
    interned: Option<LocalName>,
}

impl Names {
    pub(super) fn new(wanted: Wanted) -> Self {
        Self { places: vec![Seen::default(); PLACES], wanted }
    }

    /// The interned name, in lower case; `None` if it is not wanted.
    pub(super) fn get(&mut self, written: &str) -> Option<LocalName> {
        let place = &mut self.places[place_of(written.as_bytes())];
        if place.name.is_empty() || place.name != written && !place.name.eq_ignore_ascii_case(written) {
            let name = written.to_ascii_lowercase().replace('\0', "\u{FFFD}");
            let interned = (self.wanted == Wanted::All || is_kept(&name)).then(|| LocalName::from(name.as_str()));
            if written.contains('\0') || written.len() > LONGEST {
                return interned;
            }
            *place = Seen { name, interned };
        }
        place.interned.clone()
    }
}

/// Where a name is remembered, by its length and its first and last bytes. Letters in lower case lead where those in upper
/// case do; what else 0x20 makes equal is told apart there.
fn place_of(name: &[u8]) -> usize {
    const LOWER: u64 = 0x2020_2020_2020_2020;
    let ends = if let (Some(first), Some(last)) = (name.first_chunk::<8>(), name.last_chunk::<8>()) {
        u64::from_le_bytes(*first) ^ (u64::from_le_bytes(*last) | LOWER).rotate_left(23)
    } else if let (Some(first), Some(last)) = (name.first_chunk::<4>(), name.last_chunk::<4>()) {
        u64::from(u32::from_le_bytes(*first)) << 32 | u64::from(u32::from_le_bytes(*last))
    } else {
        name.iter().fold(0, |ends, &byte| ends << 8 | u64::from(byte))
    };
    (((ends | LOWER) ^ name.len() as u64).wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 32) as usize % PLACES
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_found_in_any_case() {
        let mut names = Names::new(Wanted::All);
        for written in ["DIV", "div", "dIv", "p\0", "custom-element"] {
            let expected = written.to_ascii_lowercase().replace('\0', "\u{FFFD}");
            assert_eq!(names.get(written).as_deref(), Some(expected.as_str()));
        }
        assert!(names.places.iter().any(|place| place.name == "custom-element"));
        let long = "x".repeat(LONGEST + 1);
        assert_eq!(names.get(&long).as_deref(), Some(long.as_str()));
        assert!(names.places.iter().all(|place| place.name.len() <= LONGEST));
        let mut attributes = Names::new(Wanted::Kept);
        assert_eq!(attributes.get("CLASS").as_deref(), Some("class"));
        assert_eq!(attributes.get("onclick"), None);
    }

    #[test]
    fn the_list_is_in_order() {
        assert!(KEPT.is_sorted());
    }
}
