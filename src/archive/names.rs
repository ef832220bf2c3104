//! Names of files and folders that are safe whatever they are made of. Pure.
//!
//! Letters of every script are kept: a title in Greek gives a name in Greek. What is not kept is what some file system
//! or terminal would stumble over, or what a reader cannot see.

/// Bytes of a slug, so that with the id and an extension it stays far below the 255 bytes that file systems allow.
const MAX_SLUG_BYTES: usize = 80;

/// Bytes of a folder's name; the same reason.
const MAX_FOLDER_BYTES: usize = 100;

/// Names that Windows keeps for devices, with or without an extension.
const RESERVED: &[&str] = &["aux", "con", "nul", "prn", "conin$", "conout$"];

/// Names that Windows keeps with a digit behind them.
const RESERVED_NUMBERED: &[&str] = &["com", "lpt"];

/// A title as part of a file name: lower-case words with hyphens between them, at most 80 bytes, never empty.
#[must_use]
pub fn slug(title: &str) -> String {
    let mut slug = String::new();
    let mut gap = false;
    for c in title.chars().flat_map(char::to_lowercase) {
        if !is_word_char(c) {
            // An apostrophe belongs to its word, so that "Putin's" is "putins".
            gap |= !matches!(c, '\'' | '’' | 'ʼ' | '\u{ad}' | '\u{200b}'..='\u{200d}' | '\u{fe00}'..='\u{fe0f}');
            continue;
        }
        if gap && !slug.is_empty() {
            slug.push('-');
        }
        gap = false;
        slug.push(c);
    }
    if slug.len() > MAX_SLUG_BYTES {
        slug.truncate(slug.floor_char_boundary(MAX_SLUG_BYTES));
        // Whole words, unless that would leave little: scripts without spaces have one long "word".
        if let Some(end) = slug.rfind('-').filter(|end| *end > MAX_SLUG_BYTES / 2) {
            slug.truncate(end);
        }
    }
    let slug = slug.trim_matches('-');
    if slug.is_empty() { "untitled".to_owned() } else { escape_reserved(slug.to_owned()) }
}

/// A name, such as a source's or a host's, as the name of a folder. A name that is safe stays as it is; any other gets a
/// mark of what it was behind it, so that two names never share a folder.
#[must_use]
pub fn folder_name(name: &str) -> String {
    let mut folder: String = name.chars().map(|c| if is_folder_char(c) { c } else { '_' }).collect();
    folder.truncate(folder.floor_char_boundary(MAX_FOLDER_BYTES));
    // A leading dot hides, dots and spaces at the end are dropped by Windows, a leading hyphen looks like an option.
    let trimmed = folder.trim_end_matches(['.', ' ']).trim_start_matches(['.', ' ', '-']);
    let folder = escape_reserved(trimmed.to_owned());
    if folder == name && !folder.is_empty() {
        return folder;
    }
    let mark = xxhash_rust::xxh3::xxh3_64(name.as_bytes()) as u32;
    if folder.is_empty() { format!("unnamed-{mark:08x}") } else { format!("{folder}-{mark:08x}") }
}

fn escape_reserved(name: String) -> String {
    let stem = name.split('.').next().unwrap_or(&name).trim_end().to_ascii_lowercase();
    let numbered = RESERVED_NUMBERED.iter().any(|device| {
        stem.strip_prefix(device).is_some_and(|rest| {
            let mut rest = rest.chars();
            matches!(rest.next(), Some('0'..='9' | '¹' | '²' | '³')) && rest.next().is_none()
        })
    });
    if numbered || RESERVED.contains(&stem.as_str()) { format!("_{name}") } else { name }
}

fn is_word_char(c: char) -> bool {
    if c.is_ascii() { c.is_ascii_alphanumeric() } else { is_plain_non_ascii(c) && !is_symbol(c) }
}

fn is_folder_char(c: char) -> bool {
    if c.is_ascii() {
        c.is_ascii_alphanumeric()
            || matches!(c, ' ' | '.' | '-' | '_' | '+' | '=' | '@' | ',' | '(' | ')' | '&' | '!' | '\'' | '~' | '#')
    } else {
        is_plain_non_ascii(c)
    }
}

/// Neither white space, nor a control, nor something that cannot be seen or changes how the rest is seen: soft hyphen,
/// fillers, joiners, bidirectional controls, variation selectors, tags, private use, noncharacters.
fn is_plain_non_ascii(c: char) -> bool {
    !(c.is_whitespace()
        || c.is_control()
        || matches!(
            c,
            '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}' | '\u{180b}'..='\u{180f}'
                | '\u{2000}'..='\u{200f}' | '\u{2028}'..='\u{202f}' | '\u{205f}'..='\u{206f}' | '\u{3164}'
                | '\u{e000}'..='\u{f8ff}' | '\u{fdd0}'..='\u{fdef}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{ffa0}'
                | '\u{fff0}'..='\u{ffff}' | '\u{e0000}'..='\u{10ffff}'
        )
        || (c as u32) & 0xfffe == 0xfffe)
}

/// Punctuation and pictures: the blocks of Unicode that hold no letters. Marks that combine with a letter are none of
/// them, and so stay with it.
fn is_symbol(c: char) -> bool {
    matches!(
        c,
        '\u{80}'..='\u{a9}' | '\u{ab}'..='\u{b1}' | '\u{b4}' | '\u{b6}'..='\u{b8}' | '\u{bb}' | '\u{bf}' | '×' | '÷'
            | '\u{2c2}'..='\u{2c5}' | '\u{37e}' | '\u{387}' | '\u{55a}'..='\u{55f}' | '\u{589}'..='\u{58f}' | '\u{5be}'
            | '\u{5c0}' | '\u{5c3}' | '\u{5c6}' | '\u{5f3}' | '\u{5f4}' | '\u{600}'..='\u{60f}' | '\u{61b}'..='\u{61f}'
            | '\u{66a}'..='\u{66d}' | '\u{6d4}' | '\u{964}' | '\u{965}' | '\u{e4f}' | '\u{e5a}' | '\u{e5b}'
            | '\u{2010}'..='\u{2027}' | '\u{2030}'..='\u{205e}' | '\u{20a0}'..='\u{20cf}' | '\u{2190}'..='\u{2bff}'
            | '\u{2e00}'..='\u{2e7f}' | '\u{3001}'..='\u{3004}' | '\u{3008}'..='\u{3020}' | '\u{3030}' | '\u{30fb}'
            | '\u{fe10}'..='\u{fe1f}' | '\u{fe30}'..='\u{fe6f}' | '\u{ff01}'..='\u{ff0f}' | '\u{ff1a}'..='\u{ff20}'
            | '\u{ff3b}'..='\u{ff40}' | '\u{ff5b}'..='\u{ff65}' | '\u{ffe0}'..='\u{ffee}' | '\u{1f000}'..='\u{1faff}'
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn slugs() {
        let cases = [
            ("Kremlin prepares for Putin’s visit to North Korea", "kremlin-prepares-for-putins-visit-to-north-korea"),
            ("  «Straße» — 50 % mehr?! ", "straße-50-mehr"),
            ("../../etc/passwd\0", "etc-passwd"),
            ("", "untitled"),
            ("🎉🎉", "untitled"),
            ("CON", "_con"),
            ("lpt1", "_lpt1"),
            ("東京：「桜」が満開、花見", "東京-桜-が満開-花見"),
            ("Ξένοι; ναι", "ξένοι-ναι"),
            ("हिन्दी समाचार", "हिन्दी-समाचार"),
            ("اخبار، اليوم", "اخبار-اليوم"),
            ("e\u{301}te\u{301}", "e\u{301}te\u{301}"),
            ("a\u{202e}fdp.exe", "a-fdp-exe"),
        ];
        for (title, expected) in cases {
            assert_eq!(slug(title), expected, "{title:?}");
        }
        assert_eq!(slug(&"word ".repeat(40)), "word-".repeat(16).trim_end_matches('-'));
        assert_eq!(slug(&"桜".repeat(40)), "桜".repeat(26));
    }

    #[test]
    fn folders() {
        for safe in ["bbc", "Die Zeit", "news.example.org", "127.0.0.1", "Λαός"] {
            assert_eq!(folder_name(safe), safe);
        }
        for odd in
            ["..", ".", "", "a/b", "a\\b", ".hidden", "nul", "NUL.txt", "trailing.", "trailing ", "[::1]", "a:b", "-rf"]
        {
            let folder = folder_name(odd);
            assert_ne!(folder, odd);
            assert_eq!(folder_name(&folder), folder, "{odd:?}");
        }
        assert_ne!(folder_name("a/b"), folder_name("a:b"));
    }

    fn is_safe(name: &str) -> bool {
        let device = name.split('.').next().unwrap_or_default().trim_end().to_ascii_lowercase();
        !name.is_empty()
            && name.len() <= 120
            && !name.starts_with(['.', ' ', '-'])
            && !name.ends_with(['.', ' '])
            && !["con", "nul", "prn", "aux", "com1", "lpt9"].contains(&device.as_str())
            && !name.chars().any(|c| {
                c.is_control()
                    || matches!(c, '/' | '\\' | ':' | '*' | '?' | '"' | '<' | '>' | '|')
                    || matches!(c, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}')
            })
    }

    proptest! {
        #[test]
        fn names_are_safe_whatever_they_are_made_of(text in any::<String>(), odd in "[./\\\\ a-cCONLPT19:\u{202e}\u{0}-]{0,12}") {
            for text in [&text, &odd] {
                prop_assert!(is_safe(&folder_name(text)), "{:?}", folder_name(text));
                let slug = slug(text);
                prop_assert!(is_safe(&slug) && slug.len() <= MAX_SLUG_BYTES + 1, "{slug:?}");
            }
        }
    }
}
