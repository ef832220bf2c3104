//! Which pictures belong to the article, where their files are, and what is written under them.

use super::content::{Decision, Surroundings, count_words, ends_sentence};
use super::flow::{Flow, Inline, plain};
use super::formula;
use crate::markup::{Document, NodeId, Tag};
use crate::model::Image;
use crate::model::letters::pieces;
use aho_corasick::AhoCorasick;
use regex::Regex;
use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;
use url::Url;

/// Sides under which a declared size is that of an icon, an avatar or a counting pixel, in CSS pixels.
const ICON_SIDE: u32 = 80;

/// Longest caption that is believed, in characters; past it the element holds more than a caption.
const CAPTION_CHARS: usize = 1200;

/// Words that a caption in a paragraph of its own has at the most.
const CAPTION_WORDS: usize = 40;

/// Words of a caption that only italics tell, at the most, and of one that is a sentence: longer ones are the writer's.
const ITALIC_WORDS: usize = 24;
const ITALIC_SENTENCE_WORDS: usize = 8;

/// How far above a picture its caption is looked for, in elements.
const CAPTION_LEVELS: usize = 4;

/// A picture of the article.
#[derive(Debug)]
pub(super) struct Picture {
    pub(super) image: Image,
    /// The words under it, credit included.
    pub(super) caption: String,
}

/// The pictures of the body, by their nodes.
#[derive(Debug, Default)]
pub(super) struct Pictures {
    by_node: HashMap<NodeId, usize>,
    list: Vec<Picture>,
    /// What is written under the first picture, where only a script knows its address.
    unsourced: Option<Picture>,
}

impl Pictures {
    pub(super) fn at(&self, node: NodeId) -> Option<&Picture> {
        self.by_node.get(&node).map(|&index| &self.list[index])
    }

    pub(super) fn nodes(&self) -> impl Iterator<Item = NodeId> + '_ {
        self.by_node.keys().copied()
    }

    /// Notes what is written under a picture.
    fn describe(&mut self, url: &str, caption: String, credit: String) {
        if let Some(picture) = self.list.iter_mut().find(|picture| picture.image.url.as_deref() == Some(url)) {
            picture.image.caption = some(caption);
            picture.image.credit = some(credit);
        }
    }

    /// Every picture once, the lead image first: the one that the metadata names, where it is not among them, too, with
    /// what is said of it where it stands elsewhere in the page, or under the story's first picture if that has no address.
    pub(super) fn images(&self, lead: Option<&str>, document: &Document, base: Option<&Url>) -> Vec<Image> {
        let mut images: Vec<Image> = self.list.iter().map(|picture| picture.image.clone()).collect();
        if let Some(lead) = lead {
            let key = file_key(lead);
            let listed = images.iter().position(|image| image.url.as_deref().is_some_and(|url| file_key(url) == key));
            if let Some(at) = listed {
                images[..=at].rotate_right(1);
            } else {
                let name = key.rsplit('/').next().and_then(|name| name.rsplit_once('.')).map_or("", |(stem, _)| stem);
                let same = |node: &NodeId| {
                    may_name(document, *node, name)
                        && source(document, *node, base).is_some_and(|url| file_key(url.as_str()) == key)
                };
                let mut all = document.descendants(NodeId::ROOT);
                let node = all.find(|node| document.tag(*node) == Some(Tag::Img) && same(node));
                let image = match (node, &self.unsourced) {
                    (Some(node), _) => {
                        let (caption, credit, _) = caption(document, node, |_| false);
                        Image { url: None, caption, credit, alt: alt(document, node) }
                    }
                    (None, Some(first)) => first.image.clone(),
                    (None, None) => Image::default(),
                };
                images.insert(0, Image { url: Some(lead.to_owned()), ..image });
            }
        }
        images
    }
}

/// Finds the pictures of the body, from the headline to its last block.
pub(super) fn find(document: &Document, decision: &Decision, base: Option<&Url>) -> Pictures {
    let mut pictures = Pictures::default();
    let mut seen = HashSet::new();
    for (node, surroundings) in decision.pictures(document) {
        if surroundings == Surroundings::Foreign || is_icon(document, node) || formula::is_picture(document, node) {
            continue;
        }
        let Some(url) = source(document, node, base) else {
            if pictures.list.is_empty() && pictures.unsourced.is_none() {
                let (caption, credit, whole) = caption(document, node, |above| decision.is_caption_box(above));
                let image = Image { url: None, caption, credit, alt: alt(document, node) };
                pictures.unsourced = Some(Picture { image, caption: whole }).filter(|found| !found.caption.is_empty());
            }
            continue;
        };
        if !seen.insert(file_key(url.as_str())) {
            continue;
        }
        let (caption, credit, whole) = caption(document, node, |above| decision.is_caption_box(above));
        if surroundings == Surroundings::Linked && whole.is_empty() {
            continue;
        }
        // What had no address was this one's stand-in.
        pictures.unsourced = pictures.unsourced.filter(|stand_in| stand_in.caption != whole);
        let alt = alt(document, node);
        pictures.by_node.insert(node, pictures.list.len());
        pictures.list.push(Picture { image: Image { url: Some(url.into()), caption, credit, alt }, caption: whole });
    }
    pictures
}

/// Whether a picture's address may have that file name: to read the addresses of every picture on the page takes long.
fn may_name(document: &Document, node: NodeId, name: &str) -> bool {
    let says = |node: NodeId| document.attributes(node).iter().any(|attribute| attribute.value.contains(name));
    let picture = document.parent(node).filter(|&parent| document.tag(parent) == Some(Tag::Picture));
    // The same name can be written in several ways.
    !name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte))
        || says(node)
        || picture.is_some_and(|picture| document.children(picture).any(says))
}

/// What a picture shows, for those who cannot see it.
fn alt(document: &Document, node: NodeId) -> Option<String> {
    document.attribute(node, "alt").map(fold).filter(|alt| !alt.is_empty())
}

/// What two addresses of one picture in two sizes share: path without query, and without a size in its name.
fn file_key(url: &str) -> String {
    let path = url.split(['?', '#']).next().unwrap_or(url);
    let path = path.split_once("://").map_or(path, |(_, rest)| rest);
    let (stem, extension) = path.rsplit_once('.').unwrap_or((path, ""));
    // `photo-1024x768.jpg`, as WordPress names its sizes.
    let stem = match stem.rsplit_once('-') {
        Some((rest, size)) if size.split_once('x').is_some_and(|(w, h)| all_digits(w) && all_digits(h)) => rest,
        _ => stem,
    };
    format!("{stem}.{extension}")
}

fn all_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

fn is_icon(document: &Document, node: NodeId) -> bool {
    let side =
        |name| document.attribute(node, name).and_then(|value| value.trim().trim_end_matches("px").parse::<u32>().ok());
    let small = [side("width"), side("height")].into_iter().flatten().any(|side| side < ICON_SIDE);
    let mut class = document.attribute(node, "class").unwrap_or_default().to_ascii_lowercase();
    // The folders of its address name a kind too; its own name may be about anything.
    let address = document.attribute(node, "src").unwrap_or_default();
    if let Some((folders, _)) = address.split(['?', '#']).next().and_then(|path| path.rsplit_once('/')) {
        class.push_str(&folders.to_ascii_lowercase().replace('/', " /"));
    }
    small
        || ["avatar", "logo", "icon", "emoji", "pixel", "wp-smiley", "badge", "/gravatar", "/authors", "/staff"]
            .iter()
            .any(|word| class.contains(word))
}

/// Attributes in which loaders of pictures keep the address until the reader comes near.
const LAZY: [&str; 8] = [
    "data-src",
    "data-original",
    "data-lazy-src",
    "data-lazy",
    "data-full-src",
    "data-hi-res-src",
    "data-image",
    "data-url",
];

/// Attributes that hold several sizes.
const SETS: [&str; 4] = ["srcset", "data-srcset", "data-lazy-srcset", "data-original-set"];

/// Whether some nodes are at least one picture, and no more: a stand-in until it is loaded and the copy for readers without
/// scripts are no pictures of their own.
pub(super) fn is_one_picture(document: &Document, nodes: impl Iterator<Item = NodeId>) -> bool {
    let mut named: Option<&str> = None;
    let mut unnamed = 0;
    for node in nodes.filter(|&node| matches!(document.tag(node), Some(Tag::Img | Tag::AmpImg))) {
        let own =
            LAZY.iter().chain(&["src"]).filter_map(|name| document.attribute(node, name)).find(|url| is_file(url));
        let in_sets = || SETS.iter().filter_map(|name| document.attribute(node, name)).flat_map(candidates).next();
        match (own.or_else(|| in_sets().map(|(_, url)| url)), named) {
            (None, _) => unnamed += 1,
            (Some(own), Some(other)) if own != other => return false,
            (own, _) => named = own,
        }
    }
    named.is_some() || unnamed == 1
}

/// The best address that an `<img>` or its `<picture>` gives: the widest of `srcset`, a lazy loader's attribute, `src`.
fn source(document: &Document, node: NodeId, base: Option<&Url>) -> Option<Url> {
    let mut sets: Vec<(u32, &str)> = Vec::new();
    let mut add_sets = |element: NodeId| {
        for name in SETS {
            sets.extend(document.attribute(element, name).into_iter().flat_map(candidates));
        }
    };
    add_sets(node);
    if let Some(parent) = document.parent(node).filter(|&parent| document.tag(parent) == Some(Tag::Picture)) {
        document.children(parent).filter(|&child| document.tag(child) == Some(Tag::Source)).for_each(&mut add_sets);
    }
    sets.sort_by_key(|&(width, _)| std::cmp::Reverse(width));
    let plain = LAZY.iter().filter_map(|name| document.attribute(node, name)).chain(document.attribute(node, "src"));
    let plain: Vec<&str> = plain.filter(|url| is_file(url)).collect();
    let own_width = document.attribute(node, "width").and_then(|width| width.trim().parse::<u32>().ok()).unwrap_or(0);
    let widest = sets.iter().find(|(_, url)| is_file(url)).copied();
    // The plain address is as good where it is as wide, or is the same file without a resizer's query or another format.
    let prefers_plain = plain.first().is_some_and(|own| {
        widest.is_none_or(|(width, url)| width <= own_width || (stem(url) == stem(own) && !own.contains('?')))
    });
    let from_sets = sets.iter().map(|&(_, url)| url);
    let order: Vec<&str> = if prefers_plain {
        plain.iter().copied().chain(from_sets).collect()
    } else {
        from_sets.chain(plain.iter().copied()).collect()
    };
    order.into_iter().filter(|url| is_file(url)).find_map(|text| {
        let url = match base {
            Some(base) => base.join(text.trim()).ok()?,
            None => Url::parse(text.trim()).ok()?,
        };
        matches!(url.scheme(), "http" | "https").then_some(url)
    })
}

/// An address without query and without the ending of its file name.
fn stem(url: &str) -> &str {
    let path = url.split(['?', '#']).next().unwrap_or(url);
    path.rsplit_once('.').map_or(path, |(stem, _)| stem)
}

fn is_file(url: &str) -> bool {
    let url = url.trim();
    let name = url.split(['?', '#']).next().unwrap_or(url).to_ascii_lowercase();
    !url.is_empty()
        && !url.starts_with("data:")
        && !url.contains("{{")
        && !["blank.gif", "pixel.gif", "spacer.gif", "placeholder", "1x1.", "transparent.", "grey.gif"]
            .iter()
            .any(|dummy| name.contains(dummy))
        && name.rsplit('.').next() != Some("svg")
}

/// The candidates of a `srcset` with their widths; densities count as thousands of pixels.
fn candidates(set: &str) -> impl Iterator<Item = (u32, &str)> {
    // A comma ends a candidate only before white space: addresses hold commas.
    set.split(", ").flat_map(|part| part.split(",\n")).filter_map(|part| {
        let mut words = part.split_ascii_whitespace();
        let url = words.next()?.trim_end_matches(',');
        let width = words.next().map_or(0, |size| {
            if let Some(width) = size.strip_suffix('w') {
                width.parse().unwrap_or(0)
            } else {
                size.strip_suffix('x')
                    .and_then(|density| density.parse::<f32>().ok())
                    .map_or(0, |d| (d * 1000.0) as u32)
            }
        });
        Some((width, url))
    })
}

/// Caption, credit, and both as the page shows them.
fn caption(
    document: &Document,
    node: NodeId,
    is_box: impl Fn(NodeId) -> bool,
) -> (Option<String>, Option<String>, String) {
    /// Nodes of a caption in which its credit is looked for.
    const MOST_NODES: usize = 60;
    let Some(element) = caption_element(document, node, is_box) else { return (None, None, String::new()) };
    let whole = without_counter(&fold(&spaced_text(document, element))).to_owned();
    if whole.is_empty() || whole.chars().count() > CAPTION_CHARS {
        return (None, None, String::new());
    }
    let labelled = document.descendants(element).find(|&below| {
        document.tag(below).is_some()
            && [document.attribute(below, "class"), document.attribute(below, "itemprop")]
                .into_iter()
                .flatten()
                .any(is_credit_label)
    });
    // What stands in small print behind the caption.
    let is_small = |&below: &NodeId| {
        let text = || fold(&spaced_text(document, below));
        let ends = |text: &str| !text.is_empty() && text.len() < whole.len() && whole.ends_with(text);
        match document.tag(below) {
            Some(Tag::Small | Tag::Cite) => ends(&text()),
            // Of two parts, each in an element of its own, a name behind a sentence.
            Some(Tag::Span | Tag::Div | Tag::Em | Tag::I) => {
                let text = text();
                ends(&text) && is_name_behind(whole[..whole.len() - text.len()].trim_end(), &text)
            }
            _ => false,
        }
    };
    let credit_element = labelled.or_else(|| document.descendants(element).take(MOST_NODES).find(is_small));
    let (caption, credit) = match credit_element {
        Some(part) => {
            let credit = fold(&spaced_text(document, part));
            let caption = if credit.is_empty() { whole.clone() } else { whole.replacen(&credit, "", 1) };
            (fold(&caption), clean_credit(&credit))
        }
        None => split_caption(&whole),
    };
    let caption = caption.trim_matches(['|', '/', '–', '—', '-', ' ']).trim().to_owned();
    (some(caption), some(credit), whole)
}

/// Whether an element's words are whose the picture is, behind a caption that ends as a sentence does: a few words with
/// capitals, an agency in brackets or behind a slash.
fn is_name_behind(caption: &str, text: &str) -> bool {
    /// Words of a credit, at the most.
    const WORDS: usize = 7;
    const SMALL: [&str; 16] =
        ["for", "de", "da", "del", "della", "di", "du", "la", "le", "van", "von", "für", "via", "para", "per", "of"];
    let words = || text.split_whitespace().map(|word| word.trim_matches(['(', ')', '[', ']', ',', '/', '|', '©']));
    let is_capital = |word: &str| word.is_empty() || word.starts_with(char::is_uppercase) || SMALL.contains(&word);
    ends_sentence(caption)
        && !ends_sentence(text)
        && (2..=WORDS).contains(&words().count())
        && words().all(is_capital)
        && !text.contains(char::is_numeric)
}

/// "1 / 4 The bridge" is a gallery's counter and a caption.
fn without_counter(text: &str) -> &str {
    let rest = text.trim_start_matches(|c: char| c.is_ascii_digit());
    let after = rest.trim_start().strip_prefix(['/', '|']).map(str::trim_start).unwrap_or_default();
    let caption = after.trim_start_matches(|c: char| c.is_ascii_digit());
    if rest.len() < text.len() && caption.len() < after.len() { caption.trim_start() } else { text }
}

fn is_credit_label(label: &str) -> bool {
    let label = label.to_ascii_lowercase();
    ["credit", "copyright", "photographer", "quelle", "source", "byline", "agency", "attribution"]
        .iter()
        .any(|word| label.contains(word))
}

/// Splits a credit off the end of what stands under a picture: there the two names alone are one.
pub(super) fn split_caption(whole: &str) -> (String, String) {
    let (caption, credit) = split_credit(whole);
    match agency_in_brackets(whole).filter(|_| credit.is_empty()) {
        Some(at) => (whole[..at].trim_end().to_owned(), clean_credit(&whole[at..])),
        None => (caption, credit),
    }
}

/// Splits a credit off the end of a caption: `(Photo: Jane Roe)`, `Foto: dpa`, `© Agency`, `Credit: …`.
pub(super) fn split_credit(whole: &str) -> (String, String) {
    const MARKS: &[&str] = &[
        "photo by ",
        "photograph by ",
        "photo:",
        "photos:",
        "photograph:",
        "picture:",
        "kuvaaja:",
        "arkivfoto:",
        "archivfoto:",
        "foto de archivo:",
        "argazkia:",
        "gentileza de ",
        "φωτογραφία:",
        "φωτο:",
        "image:",
        "image credit:",
        "credit:",
        "source:",
        "foto:",
        "fotos:",
        "bild:",
        "quelle:",
        "crédit photo",
        "crédit :",
        "fuente:",
        "copyright:",
        "фото:",
        "fot. ",
        "fot.:",
        "사진=",
        "사진:",
        "摄影:",
        "摄影：",
        "攝影:",
        "攝影：",
        "تصوير:",
        "عکس:",
        "φωτο:",
        "צילום:",
        "写真：",
        "写真:",
        "写真＝",
        "图片来源",
        "圖片來源",
        "图源：",
        "fotoğraf:",
        "fotoğraflar:",
        "φωτογραφία:",
        "φωτογραφίες:",
        "φωτογραφία/",
        "ảnh:",
        "फोटो:",
        "फ़ोटो:",
        "फोटो -",
        "ছবি:",
        "ছবি :",
        "ภาพ:",
        "ภาพ :",
        "ภาพจาก",
        "kuva:",
        "fotó:",
        "beeld:",
        "immagine:",
        "imagem:",
        "imagen:",
        "crédito:",
        "світлина:",
        "снимка:",
        "الصورة:",
        "صورة:",
        "©",
        "ⓒ",
    ];
    static FIND: LazyLock<AhoCorasick> = LazyLock::new(|| AhoCorasick::new(MARKS).expect("constant patterns"));
    // Where the small letter is longer, the place of the large one keeps its length.
    let small = |c: char| c.to_lowercase().next().filter(|small| small.len_utf8() == c.len_utf8()).unwrap_or(c);
    let lower: String = whole.chars().map(small).collect();
    // The last mark, and of two that begin there the longer one.
    let found = FIND.find_overlapping_iter(&lower).map(|mark| (mark.start(), mark.len())).max();
    let Some((at, length)) = found.filter(|&(at, _)| at == 0 || !lower[..at].ends_with(char::is_alphanumeric)) else {
        return split_bare_credit(whole, &lower);
    };
    // A credit is short; more words after the mark are a sentence.
    if whole[at + length..].split_whitespace().count() > 12 {
        return (whole.to_owned(), String::new());
    }
    let caption = whole[..at].trim_end().trim_end_matches(['(', '[', '|', '/', '–', '—']).trim_end().to_owned();
    (caption, clean_credit(&whole[at..]))
}

/// Splits a credit without a colon off the end of a caption: `Photo Jane Roe`, `(foto Jane Roe)`, `（撮影・…）`, `… 摄`.
fn split_bare_credit(whole: &str, lower: &str) -> (String, String) {
    /// One of these is in every such credit, and in few other captions: the pattern is dear.
    const WORDS: [&str; 13] =
        ["photo", "foto", "bild", "фото", "撮影", "写真", "提供", "摄", "攝", "图", "사진", "기자", "특파원"];
    static CREDIT: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(
            r"(?x) (?:
                [.!?»”)] \s+ ( (?: [Pp]hotos? | PHOTOS? | [Ff]otos? | FOTOS? | [Bb]ild | Фото ) \s+ \p{Lu}[^.:!?]{2,60} )
                | ( [(（\[] \s* (?: [Pp]hotos? | [Ff]otos? | [Фф]ото | 撮影 | 写真 | 提供 | 摄影 | 攝影 | 图 | 사진 )
                    [\s・·/=] [^()（）\[\]]{2,60} [)）\]] )
                | ( [(（=＝] [^()（）=＝。]{1,30} (?: 撮影 | 提供 ) [)）]? )
                | [.。）)\s] ( [^\s.。（）()]{2,20} \s? [摄攝] )
                | [./] \s* ( [가-힣]{2,5} (?: \s [가-힣]{1,3} )? \s (?: 기자 | 특파원 ) )
            ) \s* $",
        )
        .expect("a constant pattern")
    });
    if !WORDS.iter().any(|word| lower.contains(word)) {
        return (whole.to_owned(), String::new());
    }
    let credit = CREDIT.captures(whole).and_then(|found| found.iter().skip(1).flatten().next());
    credit.map_or_else(
        || (whole.to_owned(), String::new()),
        |credit| {
            let caption = whole[..credit.start()].trim_end().trim_end_matches('/').trim_end();
            (caption.to_owned(), clean_credit(credit.as_str()))
        },
    )
}

/// Where the last bracket begins, if it holds a photographer and an agency: "(Ansel Dorr/Harbour Press)".
fn agency_in_brackets(caption: &str) -> Option<usize> {
    /// Characters of each, at the most.
    const CHARS: usize = 40;
    let at = caption.rfind(['(', '['])?;
    let inside = caption[at + 1..].trim_end().strip_suffix([')', ']'])?;
    let (person, agency) = inside.split_once('/')?;
    let is_name = |name: &str| {
        name.trim_start().starts_with(char::is_uppercase)
            && (2..=CHARS).contains(&name.chars().count())
            && !name.contains(|c: char| c.is_numeric() || "()[]/".contains(c))
    };
    (at > 0 && is_name(person) && is_name(agency)).then_some(at)
}

/// Splits a caption with its credit in brackets off the paragraph that it ran into. `None` where there is none.
pub(super) fn split_glued_caption(line: &str) -> Option<(&str, &str)> {
    static CREDIT: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(
            r"(?ix) [(（\[] \s* (?: source | photo | photos | image | picture | photo\ by | credit | foto | fotos | bild | quelle | fuente | crédit | źródło | fot\. | kuva | fotó | fotoğraf | ảnh | источник | фото | φωτ\. | φωτο | φωτό | صورة | تصوير | عکس | צילום | 写真 | 撮影 | 提供 | 来源 | 图 | 圖 | 圖片 | 照片 | 사진 )
                \s* [:：／/=]? \s* [^()（）\[\]]{1,80} [)）\]]{1,2} \s*",
        )
        .expect("a constant pattern")
    });
    /// How far into a line a caption can reach, in characters: a caption is one or two sentences.
    const REACH: usize = 320;
    let found = CREDIT.find(line)?;
    let (caption, rest) = (&line[..found.end()], &line[found.end()..]);
    let before = line[..found.start()].trim();
    // Nothing before it, or running text in which a source is named: no caption.
    if before.is_empty() || line[..found.start()].chars().count() > REACH {
        return None;
    }
    if rest.is_empty() {
        // At the end of a line of several sentences it is the paragraph's own source.
        let sentences = before.matches(['.', '。', '!', '?']).count();
        return (sentences <= 2 && count_words(before) <= 40).then_some((caption.trim_end(), rest));
    }
    let starts_sentence =
        rest.chars().next().is_some_and(|c| !c.is_lowercase() && c.is_alphanumeric() || "\"“„«「".contains(c));
    starts_sentence.then_some((caption.trim_end(), rest))
}

/// Gives a picture the caption that ran into the paragraph below it.
pub(super) fn split_glued_captions(flows: &mut [Flow], pictures: &mut Pictures) {
    for index in 1..flows.len() {
        let (above, below) = flows.split_at_mut(index);
        let (Flow::Figure { url, caption, .. }, Flow::Paragraph(line)) = (&mut above[index - 1], &mut below[0]) else {
            continue;
        };
        let text = plain(line);
        // A paragraph of its own that ends in a credit, or a short one in italics: the story's first words can be, too.
        let (words, credit) = split_caption(&text);
        let is_credited = !credit.is_empty() && count_words(&text) <= CAPTION_WORDS;
        let most = if ends_sentence(&text) { ITALIC_SENTENCE_WORDS } else { ITALIC_WORDS };
        let is_set_off = || is_in_italics(line) && !text.trim_end().ends_with(['!', '?']) && count_words(&text) <= most;
        if caption.is_empty() && !words.is_empty() && (is_credited || is_set_off()) {
            pictures.describe(url, words, credit);
            *caption = std::mem::take(line);
            continue;
        }
        let Some((glued, rest)) = split_glued_caption(&text).filter(|(_, rest)| caption.is_empty() && !rest.is_empty())
        else {
            continue;
        };
        // The cut must lie in the paragraph's first piece of text, so that no link or emphasis is torn.
        let Some(Inline::Text(first)) =
            line.first_mut().filter(|first| matches!(first, Inline::Text(text) if text.len() > glued.len()))
        else {
            continue;
        };
        let cut = first.len() - (text.len() - rest.len()).min(first.len());
        *first = first[first.len() - cut..].to_owned();
        let (words, credit) = split_credit(glued);
        *caption = vec![Inline::Text(glued.to_owned())];
        pictures.describe(url, words, credit);
    }
}

/// Whether all of a line is in italics.
fn is_in_italics(line: &[Inline]) -> bool {
    let mut parts = line.iter().filter(|part| match part {
        Inline::Text(text) => !text.trim().is_empty(),
        Inline::LineBreak => false,
        _ => true,
    });
    matches!((parts.next(), parts.next()), (Some(Inline::Emphasis(_)), None))
}

/// Takes the label word and the brackets off a credit.
fn clean_credit(credit: &str) -> String {
    let mut rest = credit.trim().trim_matches(['(', ')', '[', ']', '（', '）', '|', '/', '–', '—', '=', '＝']).trim();
    for verb in ["撮影", "提供", "摄", "攝"] {
        rest = rest.strip_suffix(verb).map_or(rest, str::trim_end);
    }
    loop {
        let before = rest;
        for label in [
            "photograph",
            "photography",
            "photos",
            "photo",
            "picture",
            "image",
            "credit",
            "source",
            "fotos",
            "foto",
            "bild",
            "quelle",
            "crédit",
            "fuente",
            "copyright",
            "фото",
            "写真",
            "撮影",
            "fot.",
            "사진",
            "摄影",
            "攝影",
            "تصوير",
            "عکس",
            "φωτο",
            "צילום",
        ] {
            if let Some(head) = rest.get(..label.len())
                && head.to_lowercase() == label
            {
                let after = rest[label.len()..].trim_start();
                if label.ends_with('.') {
                    rest = after.trim_start_matches(':').trim();
                    continue;
                }
                let is_apart = rest[label.len()..].starts_with(' ') && after.starts_with(char::is_uppercase);
                if let Some(after) = after.strip_prefix([':', '：', '=', '・']).or_else(|| strip_by(after)) {
                    rest = after.trim();
                } else if is_apart && ["photo", "foto", "фото"].contains(&label)
                    || ["credit", "photo"].iter().any(|next| after.to_lowercase().starts_with(next))
                {
                    rest = after;
                }
            }
        }
        rest = rest.trim_start_matches(['©', ' ']).trim_end_matches([')', ']', ' ']).trim();
        if rest == before {
            return rest.to_owned();
        }
    }
}

fn strip_by(text: &str) -> Option<&str> {
    ["by ", "By "].iter().find_map(|by| text.strip_prefix(by))
}

fn caption_element(document: &Document, node: NodeId, is_box: impl Fn(NodeId) -> bool) -> Option<NodeId> {
    /// Nodes around a picture that are looked through; more hold more than a picture with its caption.
    const MOST_NODES: usize = 400;
    let is_picture = |below: NodeId| matches!(document.tag(below), Some(Tag::Img | Tag::AmpImg));
    let mut above = document.parent(node)?;
    for _ in 0..CAPTION_LEVELS {
        let around: Vec<NodeId> = document.descendants(above).take(MOST_NODES).collect();
        if around.len() == MOST_NODES {
            return None;
        }
        if let Some(&figcaption) = around.iter().find(|&&below| document.tag(below) == Some(Tag::Figcaption)) {
            return Some(figcaption);
        }
        let tag = document.tag(above);
        if tag != Some(Tag::Figure) && !is_one_picture(document, around.iter().copied()) {
            return None;
        }
        let labelled = around.iter().copied().find(|&below| {
            document.tag(below).is_some()
                && !is_picture(below)
                && (document.attribute(below, "class").is_some_and(is_caption_label)
                    || document.attribute(below, "itemprop") == Some("caption"))
                && document.find(below, Tag::Img).is_none()
        });
        if labelled.is_some() {
            return labelled;
        }
        // Within a figure with a caption of its own it is the credit.
        if is_box(above) && !is_in_captioned_figure(document, above) {
            return Some(above);
        }
        if matches!(tag, Some(Tag::Figure | Tag::Article | Tag::Body | Tag::Section | Tag::P)) {
            return None;
        }
        above = document.parent(above)?;
    }
    None
}

/// Whether a node is in a figure that has a caption.
pub(super) fn is_in_captioned_figure(document: &Document, node: NodeId) -> bool {
    /// Nodes of a figure that are looked through: a picture with its caption has few.
    const MOST_NODES: usize = 60;
    let mut around = std::iter::successors(document.parent(node), |&above| document.parent(above)).take(CAPTION_LEVELS);
    let figure = around.find(|&above| document.tag(above) == Some(Tag::Figure));
    figure.is_some_and(|figure| {
        document.descendants(figure).take(MOST_NODES).any(|below| document.tag(below) == Some(Tag::Figcaption))
    })
}

/// Whether class names say that an element is a picture's caption.
pub(super) fn is_caption_label(class: &str) -> bool {
    const NAMES: [&str; 10] = [
        "caption",
        "legende",
        "bildunter",
        "bildtext",
        "image-desc",
        "photo-desc",
        "img-desc",
        "img_desc",
        "imgdesc",
        "image__desc",
    ];
    let class = class.to_ascii_lowercase();
    NAMES.iter().any(|word| class.contains(word))
}

/// Text with a space wherever an element ends or begins, so that caption and credit do not run together.
pub(super) fn spaced_text(document: &Document, node: NodeId) -> String {
    let mut out = String::new();
    for below in document.descendants(node) {
        match document.text(below) {
            Some(_) if document.parent(below).is_some_and(|above| is_unshown(document, above)) => {}
            Some(text) => out.push_str(text),
            None if document.tag(below).is_some_and(super::content::is_block) => out.push(' '),
            None => {
                if out.ends_with(|c: char| c.is_alphanumeric() || c == '.')
                    && document
                        .tag(below)
                        .is_some_and(|tag| matches!(tag, Tag::Span | Tag::Small | Tag::Br | Tag::Cite))
                {
                    out.push(' ');
                }
            }
        }
    }
    out
}

/// Whether an element's text is none that readers see: a script's, or a label for screen readers.
fn is_unshown(document: &Document, element: NodeId) -> bool {
    document.tag(element).is_some_and(super::content::is_skipped)
        || document.attribute(element, "class").is_some_and(super::content::is_screen_reader_only)
}

/// White space folded to single blanks.
pub(super) fn fold(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut wants_space = false;
    for (piece, c) in pieces(text) {
        if c.is_whitespace() {
            wants_space = !out.is_empty();
        } else if !super::content::is_invisible(c) {
            if std::mem::take(&mut wants_space) {
                out.push(' ');
            }
            out.push_str(piece);
        }
    }
    out
}

fn some(text: String) -> Option<String> {
    (!text.is_empty()).then_some(text)
}

/// Whether a file is what a site shows where a story has no picture: its name says so and names nothing else.
pub(super) fn is_stand_in_of_site(url: &Url) -> bool {
    const SIGNS: [&str; 7] = ["logo", "logos", "default", "placeholder", "fallback", "noimage", "nophoto"];
    const OTHERS: [&str; 24] = [
        "fb",
        "og",
        "share",
        "sharing",
        "social",
        "facebook",
        "twitter",
        "site",
        "image",
        "img",
        "big",
        "large",
        "small",
        "square",
        "new",
        "main",
        "header",
        "meta",
        "seo",
        "card",
        "thumb",
        "thumbnail",
        "opengraph",
        "open",
    ];
    /// Letters of a part that are a size, a count or a site's initials.
    const INITIALS: usize = 2;
    let name = url.path_segments().and_then(|mut steps| steps.next_back()).unwrap_or_default().to_lowercase();
    let stem = name.rsplit_once('.').map_or(name.as_str(), |(stem, _)| stem);
    let host = url.host_str().unwrap_or_default();
    let mut parts = stem.split(|c: char| !c.is_alphanumeric()).filter(|part| !part.is_empty());
    // Films have stills of this name on their hosts.
    let is_film = host.ends_with("ytimg.com") || host.ends_with("youtube.com");
    let is_own = |part: &str| {
        SIGNS.contains(&part)
            || OTHERS.contains(&part)
            || part.len() <= INITIALS
            || part.starts_with(|c: char| c.is_ascii_digit())
            || part.len() > 3 && host.replace('-', "").contains(part)
    };
    !is_film && parts.clone().any(|part| SIGNS.contains(&part)) && parts.all(is_own)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_photographer_and_an_agency_stand_in_brackets() {
        let line = "The pier on Monday (Ansel Dorr/Harbour Press)";
        assert_eq!(split_caption(line), ("The pier on Monday".to_owned(), "Ansel Dorr/Harbour Press".to_owned()));
        for line in
            ["(Ansel Dorr/Harbour Press)", "Shoes (men's/women's)", "The rate (3/4)", "Both (and/or)", "Now (A/B/C)"]
        {
            assert_eq!(split_caption(line).1, "", "{line}");
        }
    }

    #[test]
    fn credits_without_a_colon_are_told() {
        for (whole, caption, credit) in [
            ("The bridge, on Monday. Photo Jane Roe/Ledger", "The bridge, on Monday.", "Jane Roe/Ledger"),
            ("Il ponte lunedì (foto Jane Roe)", "Il ponte lunedì", "Jane Roe"),
            ("月曜日の橋（撮影・三崎遥）", "月曜日の橋", "三崎遥"),
            ("月曜日の橋＝三崎遥撮影", "月曜日の橋", "三崎遥"),
            ("周一的桥。简·罗 摄", "周一的桥。", "简·罗"),
            ("월요일의 다리. /김하늘 기자", "월요일의 다리.", "김하늘 기자"),
        ] {
            assert_eq!(split_credit(whole), (caption.to_owned(), credit.to_owned()), "{whole}");
        }
        for whole in ["She kept the photo Jane Roe took.", "A photo (undated) of the bridge", "市長は橋の撮影を許した"]
        {
            assert_eq!(split_credit(whole).1, "", "{whole}");
        }
    }

    #[test]
    fn folded_text_has_single_spaces() {
        assert_eq!(fold("  The\u{A0}bridge\n \u{200B} is\u{AD}n't \t"), "The bridge isn't");
    }

    #[test]
    fn credits_come_off_captions() {
        let split = |text| split_credit(text);
        assert_eq!(split("The bridge. Photo: Jane Roe"), ("The bridge.".into(), "Jane Roe".into()));
        assert_eq!(split("The bridge (Photo by Jane Roe)"), ("The bridge".into(), "Jane Roe".into()));
        assert_eq!(split("Die Brücke. Foto: dpa/Muster"), ("Die Brücke.".into(), "dpa/Muster".into()));
        assert_eq!(split("The bridge © Agency"), ("The bridge".into(), "Agency".into()));
        assert_eq!(split("The bridge at dusk"), ("The bridge at dusk".into(), String::new()));
    }

    #[test]
    fn sizes_of_one_picture_are_one_picture() {
        assert_eq!(file_key("https://a.example/x-1024x768.jpg?w=1"), file_key("http://a.example/x.jpg"));
        assert_ne!(file_key("https://a.example/x-2.jpg"), file_key("https://a.example/x-3.jpg"));
    }

    #[test]
    fn the_widest_candidate_wins() {
        let html = r#"<img src="data:," data-srcset="/s.jpg 300w, /l,1.jpg 1200w">"#;
        let document = crate::markup::parse(html);
        let image = document.find(NodeId::ROOT, Tag::Img).unwrap();
        let base = Url::parse("https://a.example/").unwrap();
        assert_eq!(source(&document, image, Some(&base)).unwrap().as_str(), "https://a.example/l,1.jpg");
    }

    #[test]
    fn a_sites_own_picture_is_no_storys() {
        let is_one = |name: &str| {
            is_stand_in_of_site(&Url::parse(&format!("https://www.harbour-ledger.example/{name}")).unwrap())
        };
        for name in [
            "img/logo-fb.png",
            "assets/og-logo.png",
            "r/hl-default.png?d=116",
            "logo.jpg",
            "harbourledger_logo_1200x630.jpg",
        ] {
            assert!(is_one(name), "{name}");
        }
        for name in
            ["img/ferry.jpg", "2026/new-logo-of-the-ferry-line.jpg", "sites/default/files/ferry.jpg", "1200x630.jpg"]
        {
            assert!(!is_one(name), "{name}");
        }
    }

    #[test]
    fn a_name_in_an_element_of_its_own_is_a_credit() {
        assert!(is_name_behind("The plate before it was cleaned.", "Hollis Ray for Glasshouse"));
        assert!(is_name_behind("Los canales cegados, vistos desde el molino.", "Lola Quiroga (EFE)"));
        assert!(!is_name_behind("The plate before it was cleaned.", "It is kept in a drawer"));
        assert!(!is_name_behind("The plate of", "Hollis Ray"));
    }
}
