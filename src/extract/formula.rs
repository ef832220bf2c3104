//! Formulas: the source in TeX that a page keeps with them, or else their words in one line.
//!
//! Pages show a formula several times over: drawn for the eye and hidden from screen readers, in `MathML` for these, as
//! source for the program that draws it. One of them is the formula.

use super::content::{is_hidden, is_skipped};
use crate::markup::{Document, NodeData, NodeId, Tag, resolve_text};
use std::fmt::{self, Write as _};

/// Nodes of what is drawn of one formula, at the most: a page of matrices has some hundreds in each.
const MOST_NODES: usize = 4096;

/// Characters of a formula's source, at the most. A page-wide system of equations has under two thousand.
const LONGEST: usize = 4000;

/// A formula.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Formula {
    pub(super) source: Source,
    /// It stands on a line of its own.
    pub(super) display: bool,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Source {
    /// TeX without the signs around it.
    Tex(String),
    /// In one line, as one would type it: `e^(−kt)`.
    Words(String),
}

/// What an element is to a formula.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Place {
    Formula(Formula),
    /// It shows what another element holds the source of.
    Twin,
}

/// The formula that an element is or is all about.
pub(super) fn at(document: &Document, node: NodeId, tag: Tag) -> Option<Place> {
    match tag {
        Tag::Math => of_math(document, node).map(Place::Formula),
        Tag::Script => of_script(document, node).map(Place::Formula),
        Tag::Img => of_picture(document, node).map(Place::Formula),
        Tag::Span | Tag::Div | Tag::Other => {
            let class = document.attribute(node, "class").unwrap_or_default();
            if !is_wrapper(class) && document.local_name(node) != "mjx-container" {
                return None;
            }
            if has_script_behind(document, node) {
                return Some(Place::Twin);
            }
            of_wrapper(document, node).map(|formula| {
                Place::Formula(Formula { display: formula.display || is_display(document, node), ..formula })
            })
        }
        _ => None,
    }
}

/// Whether an element shows nothing but formulas and their numbers.
pub(super) fn holds_only_formulas(document: &Document, node: NodeId) -> bool {
    let mut found = false;
    let mut next = document.first_child(node);
    while let Some(below) = next {
        let mut inside = document.first_child(below);
        match document.data(below) {
            NodeData::Text(text) if text.chars().any(char::is_alphabetic) => return false,
            NodeData::Element { tag, .. } => {
                if at(document, below, *tag).is_some() {
                    found = true;
                    inside = None;
                } else if is_skipped(*tag) {
                    inside = None;
                }
            }
            NodeData::Text(_) | NodeData::Document => {}
        }
        next = inside.or_else(|| document.after(below, node));
    }
    found
}

/// Whether a hidden element is what the eye sees of a formula whose source another element has.
pub(super) fn is_twin(document: &Document, node: NodeId) -> bool {
    let class = |node| document.attribute(node, "class").unwrap_or_default();
    class(node).contains("katex-html")
        || document.parent(node).is_some_and(|parent| class(parent).starts_with("MathJax"))
}

/// Whether a picture is one of a formula.
pub(super) fn is_picture(document: &Document, node: NodeId) -> bool {
    let class = document.attribute(node, "class").unwrap_or_default();
    let is_named = class
        .split_ascii_whitespace()
        .any(|word| matches!(word, "latex" | "tex" | "math" | "mathtex" | "mimetex") || word.starts_with("mwe-math"));
    let is_drawn = || {
        let address = document.attribute(node, "src").unwrap_or_default();
        ["latex.php", "latex.cgi", "/math/render/", "latex.codecogs.", "mathtex", "mimetex", "equation?tex=", "cht=tx"]
            .iter()
            .any(|program| address.contains(program))
    };
    (is_named || is_drawn()) && document.attribute(node, "alt").is_some_and(|alt| is_tex(alt) && !alt.trim().is_empty())
}

fn of_picture(document: &Document, node: NodeId) -> Option<Formula> {
    let source = is_picture(document, node).then(|| document.attribute(node, "alt").and_then(tex))??;
    let display = document.attribute(node, "class").is_some_and(|class| class.contains("image-display"));
    Some(Formula { source, display })
}

/// The source that `MathJax` 2 reads: `<script type="math/tex; mode=display">`.
fn of_script(document: &Document, node: NodeId) -> Option<Formula> {
    let kind = document.attribute(node, "type").filter(|kind| kind.starts_with("math/tex"))?;
    let text = document.text_content(node);
    // Pages that are written as XML guard it in their own ways.
    let bare = text.trim().trim_start_matches('%').trim_start();
    let bare = bare.strip_prefix("<![CDATA[").unwrap_or(text.trim());
    let bare = bare.strip_suffix("]]>").map_or(bare, |bare| bare.trim_end().trim_end_matches('%'));
    let source = tex(&resolve_text(bare))?;
    Some(Formula { source, display: kind.contains("display") })
}

fn is_wrapper(class: &str) -> bool {
    (class.contains("ath") || class.contains("katex") || class.contains("MJXc"))
        && class.split_ascii_whitespace().any(|word| {
            matches!(word, "katex" | "katex-display" | "mwe-math-element" | "MJXc-display")
                || word.strip_prefix("MathJax").is_some_and(|rest| rest.is_empty() || rest.starts_with('_'))
        })
}

fn is_display(document: &Document, node: NodeId) -> bool {
    document.attribute(node, "display").is_some_and(|display| matches!(display, "block" | "true"))
        || document.attribute(node, "class").is_some_and(|class| {
            class.contains("katex-display")
                || class.contains("MathJax") && class.contains("_Display")
                || class.contains("MJXc-display")
                || class.contains("mwe-math-element-block")
        })
}

/// Whether the source of what an element draws stands right behind it.
fn has_script_behind(document: &Document, node: NodeId) -> bool {
    /// Nodes between the first preview and the source: what is drawn, and blanks.
    const STEPS: usize = 4;
    std::iter::successors(document.next_sibling(node), |&next| document.next_sibling(next))
        .take(STEPS)
        .take_while(|&next| match document.tag(next) {
            None => document.text(next).is_some_and(|text| text.trim().is_empty()),
            Some(Tag::Script) => true,
            Some(_) => document.attribute(next, "class").is_some_and(is_wrapper),
        })
        .any(|next| {
            document.tag(next) == Some(Tag::Script)
                && document.attribute(next, "type").is_some_and(|kind| kind.starts_with("math/tex"))
        })
}

/// The one formula in an element, if this shows nothing else.
fn of_wrapper(document: &Document, node: NodeId) -> Option<Formula> {
    let mut found: Option<Formula> = None;
    let mut next = document.first_child(node);
    for _ in 0..MOST_NODES {
        let Some(below) = next else { return found };
        let mut inside = document.first_child(below);
        match document.data(below) {
            NodeData::Text(text) if !text.trim().is_empty() => return None,
            NodeData::Element { tag: Tag::Math, .. } => {
                if found.is_some() {
                    return None;
                }
                found = of_math(document, below);
                inside = None;
            }
            // Its picture, where the source is no part of the page.
            NodeData::Element { tag: Tag::Img, .. } => found = found.or_else(|| of_picture(document, below)),
            NodeData::Element { tag, .. } if is_skipped(*tag) => inside = None,
            NodeData::Element { .. } if is_hidden(document, below) => {
                if found.is_none() {
                    found = document.find(below, Tag::Math).and_then(|math| of_math(document, math));
                }
                inside = None;
            }
            _ => {}
        }
        next = inside.or_else(|| document.after(below, node));
    }
    None
}

fn of_math(document: &Document, node: NodeId) -> Option<Formula> {
    let display = is_display(document, node);
    let annotation = || {
        let semantics = document.children(node).find(|&child| document.local_name(child) == "semantics")?;
        let says_tex = |kind: &str| kind.to_ascii_lowercase().contains("tex");
        let annotation = document.children(semantics).find(|&child| {
            document.local_name(child) == "annotation" && document.attribute(child, "encoding").is_some_and(says_tex)
        })?;
        tex(&document.text_content(annotation))
    };
    let alternative = || document.attribute(node, "alttext").filter(|text| is_tex(text)).and_then(tex);
    let source = annotation().or_else(alternative).or_else(|| {
        let mut words = String::new();
        children(document, node, &mut words);
        let words = words.split_whitespace().collect::<Vec<_>>().join(" ");
        (!words.is_empty()).then_some(Source::Words(words))
    })?;
    Some(Formula { source, display })
}

/// Whether a text for those who cannot see a formula is its source rather than a sentence.
fn is_tex(text: &str) -> bool {
    /// Letters from which a run of them is a word, unless it is a command or in braces.
    const WORD: usize = 4;
    let mut run = 0;
    let mut before = ' ';
    let mut may_be_word = true;
    for c in text.chars() {
        if c.is_alphabetic() {
            if run == 0 {
                may_be_word = !matches!(before, '\\' | '{');
            }
            run += 1;
            if may_be_word && run >= WORD {
                return false;
            }
        } else {
            run = 0;
        }
        before = c;
    }
    true
}

/// A source without what says how it is set, on one line. Words where no reader of Markdown could tell its end.
fn tex(text: &str) -> Option<Source> {
    // A comment at the end of a line joins it to the next.
    let joined = text.trim().replace("%\n", "");
    let mut folded = joined.split_whitespace().collect::<Vec<_>>().join(" ");
    for (open, close) in
        [("$$", "$$"), ("$", "$"), ("\\(", "\\)"), ("\\[", "\\]"), ("{\\displaystyle ", "}"), ("{\\textstyle ", "}")]
    {
        let inner = folded.strip_prefix(open).and_then(|rest| rest.strip_suffix(close));
        if let Some(inner) = inner.filter(|inner| is_balanced(inner)) {
            folded = inner.trim().to_owned();
        }
    }
    for style in ["\\displaystyle", "\\textstyle"] {
        if let Some(rest) = folded.strip_prefix(style).filter(|rest| !rest.starts_with(char::is_alphabetic)) {
            folded = rest.trim_start().to_owned();
        }
    }
    if folded.is_empty() {
        return None;
    }
    let escapes = folded.len() - folded.trim_end_matches('\\').len();
    let is_whole = is_balanced(&folded)
        && escapes.is_multiple_of(2)
        && !folded.contains(['$', '`'])
        && folded.chars().count() <= LONGEST;
    Some(if is_whole { Source::Tex(folded) } else { Source::Words(folded) })
}

/// Whether braces come in pairs.
fn is_balanced(tex: &str) -> bool {
    let mut open = 0_i32;
    let mut chars = tex.chars();
    while let Some(c) = chars.next() {
        match c {
            '\\' => drop(chars.next()),
            '{' => open += 1,
            '}' => open -= 1,
            _ => {}
        }
        if open < 0 {
            return false;
        }
    }
    open == 0
}

/// Writes the parts of a `MathML` element in one line. Recursion is as deep as the tree, which the guarded parse bounds.
fn children(document: &Document, node: NodeId, out: &mut String) {
    for child in document.children(node) {
        if document.tag(child).is_some() {
            element(document, child, out);
        }
    }
}

fn element(document: &Document, node: NodeId, out: &mut String) {
    let parts = || document.children(node).filter(|&child| document.tag(child).is_some());
    let part = |number: usize| parts().nth(number).map(|child| inner(document, child)).unwrap_or_default();
    match document.local_name(node) {
        "mi" | "mn" | "mtext" | "ms" => {
            let text = document.text_content(node);
            let text = text.trim();
            // A name of several letters is no product of them.
            if text.chars().count() > 1 && out.ends_with(char::is_alphabetic) {
                out.push(' ');
            }
            out.push_str(text);
        }
        "mo" => operator(document.text_content(node).trim(), out),
        "semantics" => parts().take(1).for_each(|child| element(document, child, out)),
        "mfrac" => put(out, format_args!("{}/{}", grouped(&part(0)), grouped(&part(1)))),
        "msqrt" => put(out, format_args!("√({})", inner(document, node))),
        "mroot" => put(out, format_args!("{}√({})", grouped(&part(1)), part(0))),
        "msup" => put(out, format_args!("{}^{}", grouped_base(&part(0)), grouped(&part(1)))),
        "msub" => put(out, format_args!("{}_{}", grouped_base(&part(0)), grouped(&part(1)))),
        "munder" => put(out, format_args!("{}_{} ", part(0), grouped(&part(1)))),
        "mover" => {
            let over = part(1);
            out.push_str(&part(0));
            // An accent stands over its letter, a bound over its sign.
            if over.chars().count() > 1 || over.contains(char::is_alphanumeric) {
                out.push('^');
                out.push_str(&grouped(&over));
            } else {
                out.push_str(&over);
            }
        }
        "msubsup" => put(out, format_args!("{}_{}^{}", grouped_base(&part(0)), grouped(&part(1)), grouped(&part(2)))),
        "munderover" => put(out, format_args!("{}_{}^{} ", part(0), grouped(&part(1)), grouped(&part(2)))),
        "mfenced" => {
            let inside: Vec<String> = parts().map(|child| inner(document, child)).collect();
            put(out, format_args!("({})", inside.join(", ")));
        }
        "mtable" => {
            let cells = |row| {
                let cells = document.children(row).filter(|&cell| document.tag(cell).is_some());
                cells.map(|cell| inner(document, cell)).filter(|cell| !cell.is_empty()).collect::<Vec<_>>().join(", ")
            };
            out.push_str(&parts().map(cells).collect::<Vec<_>>().join("; "));
        }
        "mspace" => out.push(' '),
        "annotation" | "annotation-xml" | "mphantom" | "none" | "mprescripts" => {}
        _ => children(document, node, out),
    }
}

fn put(out: &mut String, what: fmt::Arguments<'_>) {
    // Writing to a String cannot fail.
    let _ = out.write_fmt(what);
}

/// An element in one line.
fn inner(document: &Document, node: NodeId) -> String {
    let mut out = String::new();
    match document.local_name(node) {
        "msqrt" | "mtd" | "mrow" => children(document, node, &mut out),
        _ => element(document, node, &mut out),
    }
    out.trim().to_owned()
}

/// In parentheses, unless it is one name or number.
fn grouped(part: &str) -> String {
    if part.chars().all(char::is_alphanumeric) || part.starts_with('(') && part.ends_with(')') {
        part.to_owned()
    } else {
        format!("({part})")
    }
}

/// As [`grouped`]: what has a power may have an index.
fn grouped_base(part: &str) -> String {
    if part.contains([' ', '/']) { grouped(part) } else { part.to_owned() }
}

fn operator(sign: &str, out: &mut String) {
    let mut chars = sign.chars();
    match (chars.next(), chars.next()) {
        // What only a program reads: an application, a product, a comma.
        (Some('\u{2061}'..='\u{2064}'), None) => out.push(' '),
        (Some(',' | ';'), None) => {
            out.push_str(sign);
            out.push(' ');
        }
        (
            Some(
                '(' | ')' | '[' | ']' | '{' | '}' | '|' | '‖' | '⟨' | '⟩' | '⌊' | '⌋' | '⌈' | '⌉' | '/' | '!' | '.'
                | '\'' | '′' | '″' | '∂' | '∇' | '¬' | '∀' | '∃' | '¯' | '˙' | '¨' | '^' | '~' | '∑' | '∏' | '∫' | '√',
            ),
            None,
        ) => out.push_str(sign),
        (None, _) => {}
        // A sign before what it belongs to.
        (Some('-' | '−' | '+' | '±' | '∓'), None)
            if out.trim_end().is_empty() || out.trim_end().ends_with(['(', '[', '=', ',', '<', '>']) =>
        {
            out.push_str(sign);
        }
        _ => {
            out.push(' ');
            out.push_str(sign);
            out.push(' ');
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::markup::parse;

    fn first(html: &str, tag: Tag) -> Option<Place> {
        let document = parse(html);
        let node = document.find(NodeId::ROOT, tag).unwrap();
        at(&document, node, tag)
    }

    fn formula(source: Source, display: bool) -> Place {
        Place::Formula(Formula { source, display })
    }

    #[test]
    fn the_source_is_taken_where_there_is_one() {
        let of = |source: &str, display| Some(formula(Source::Tex(source.to_owned()), display));
        let annotated = "<math><semantics><mi>x</mi><annotation encoding='application/x-tex'>{\\displaystyle x^{2}}</annotation></semantics></math>";
        assert_eq!(first(annotated, Tag::Math), of("x^{2}", false));
        let commented = "<math display=block alttext='\\displaystyle x%\n=1'><mi>x</mi></math>";
        assert_eq!(first(commented, Tag::Math), of("x=1", true));
        let script = "<script type='math/tex; mode=display'>% <![CDATA[\na &lt; b %]]></script>";
        assert_eq!(first(script, Tag::Script), of("a < b", true));
        let drawn = "<span class=MathJax><nobr aria-hidden=true>r</nobr></span> <script type='math/tex'>r</script>";
        assert_eq!(first(drawn, Tag::Span), Some(Place::Twin));
        let picture = "<img class=tex alt='$x_i$' src=a.png>";
        assert_eq!(first(picture, Tag::Img), of("x_i", false));
        assert_eq!(first("<img class=latex alt='A sheet of latex in the mill' src=a.png>", Tag::Img), None);
        assert_eq!(first("<script type='text/javascript'>x</script>", Tag::Script), None);
    }

    #[test]
    fn what_no_reader_could_end_is_words() {
        assert_eq!(tex("a}{b"), Some(Source::Words("a}{b".to_owned())));
        assert_eq!(tex("\\text{if $x$}"), Some(Source::Words("\\text{if $x$}".to_owned())));
        assert_eq!(tex("a\\"), Some(Source::Words("a\\".to_owned())));
        assert_eq!(tex(" "), None);
    }

    #[test]
    fn formulas_without_a_source_are_written_in_one_line() {
        for (html, expected) in [
            ("<mi>E</mi><mo>=</mo><mi>m</mi><msup><mi>c</mi><mn>2</mn></msup>", "E = mc^2"),
            ("<msub><mi>x</mi><mi>i</mi></msub><mo>+</mo><mn>1</mn>", "x_i + 1"),
            ("<mfrac><mi>a</mi><mrow><mi>b</mi><mo>+</mo><mn>1</mn></mrow></mfrac>", "a/(b + 1)"),
            ("<msqrt><mi>x</mi></msqrt><mo>&lt;</mo><mo>-</mo><mn>3</mn>", "√(x) < -3"),
            ("<mi>sin</mi><mo>\u{2061}</mo><mi>x</mi>", "sin x"),
            (
                "<munderover><mo>∑</mo><mrow><mi>i</mi><mo>=</mo><mn>1</mn></mrow><mi>n</mi></munderover><mi>i</mi>",
                "∑_(i = 1)^n i",
            ),
            ("<mover><mi>T</mi><mo>˙</mo></mover><mo>(</mo><mi>t</mi><mo>)</mo>", "T˙(t)"),
            (
                "<mtable><mtr><mtd><mi>a</mi></mtd><mtd><mi>b</mi></mtd></mtr><mtr><mtd><mi>c</mi></mtd><mtd><mi>d</mi></mtd></mtr></mtable>",
                "a, b; c, d",
            ),
        ] {
            let found = first(&format!("<math>{html}</math>"), Tag::Math);
            assert_eq!(found, Some(formula(Source::Words(expected.to_owned()), false)), "{html}");
        }
    }

    #[test]
    fn a_box_of_words_is_no_formula() {
        let document = parse("<div class=katex><math><mi>x</mi></math> and words</div>");
        let node = document.find(NodeId::ROOT, Tag::Div).unwrap();
        assert_eq!(at(&document, node, Tag::Div), None);
        assert!(!holds_only_formulas(&document, node));
        let document = parse("<div><p><math><mi>x</mi></math></p><p>(2)</p></div>");
        let node = document.find(NodeId::ROOT, Tag::Div).unwrap();
        assert!(holds_only_formulas(&document, node));
    }
}
