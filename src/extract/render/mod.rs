//! The body's structure as plain text, `CommonMark` and HTML.

mod direction;
mod html;
mod markdown;
mod markdown_line;
mod text;

pub(super) use html::html;
pub(super) use markdown::markdown;
pub(super) use text::text;

#[cfg(test)]
#[path = "../../../tests/support/structure.rs"]
mod structure;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::extract::flow::{Definition, Flow, Inline, Numbering, trim};
    use proptest::collection::vec;
    use proptest::prelude::*;

    /// Text that is full of what Markdown and HTML take for themselves.
    fn nasty() -> impl Strategy<Value = String> {
        let word = prop_oneof![
            3 => "[a-zé鳴]{1,4}",
            3 => proptest::sample::select(vec![
                "*", "**", "_", "__", "#", "##", "1.", "2)", "-", "+", "=", "---", "===", "|", "| --- |", "`", "``", "```",
                "<", "<b>", "</p>", "<!--", "&", "&amp;", "&lt", "&#35;", "[", "]", "[x]", "[x](y)", "](", "]:", "[a]: b", "!",
                "![", "~", "~~", "~5", "\\", "\\\\", "\\*", ">", ">>", "(", ")", "“", "”", ".", ":", "http://a.example/b_c_d",
                "snake_case_word", "*star*", "a*b*c", "\"", "'", "$", "^", "@", "C#", "- x", "{", "x`y",
            ]).prop_map(str::to_owned),
            1 => "[ -~]{1,6}",
        ];
        vec((word, any::<bool>()), 1..6).prop_map(|words| {
            let joined: String = words.into_iter().map(|(word, space)| if space { word + " " } else { word }).collect();
            let folded = joined.split_whitespace().collect::<Vec<_>>().join(" ");
            if folded.is_empty() { "x".to_owned() } else { folded }
        })
    }

    fn url() -> impl Strategy<Value = String> {
        proptest::sample::select(vec![
            "https://a.example/",
            "https://a.example/x_(y)_z?q=1&amp;copy=2&lt;3",
            "https://a.example/*a*/_b_/[c]",
            "mailto:a@b.example",
            "https://a.example/a|b",
        ])
        .prop_map(str::to_owned)
    }

    fn tex() -> impl Strategy<Value = String> {
        proptest::sample::select(vec![
            "E = mc^2",
            "\\mathbf{a}_i*\\mathbf{b}_j*2",
            "\\begin{pmatrix} a & b \\\\ c & d \\end{pmatrix}",
            "\\{x \\mid x<y, [a](b)\\}",
            "f'(x)",
        ])
        .prop_map(str::to_owned)
    }

    /// What a line can hold; marks up to `depth` in one another.
    fn inline(depth: u32) -> BoxedStrategy<Inline> {
        let spaced = (any::<bool>(), nasty(), any::<bool>()).prop_map(|(before, text, behind)| {
            Inline::Text(format!("{}{text}{}", if before { " " } else { "" }, if behind { " " } else { "" }))
        });
        if depth == 0 {
            return prop_oneof![4 => spaced, 1 => nasty().prop_map(Inline::Code)].boxed();
        }
        let below = || vec(inline(depth - 1), 1..3);
        prop_oneof![
            6 => spaced,
            1 => nasty().prop_map(Inline::Code),
            1 => Just(Inline::LineBreak),
            1 => below().prop_map(Inline::Strong),
            1 => below().prop_map(Inline::Emphasis),
            1 => below().prop_map(Inline::Deleted),
            1 => below().prop_map(Inline::Superscript),
            1 => below().prop_map(Inline::NoteMark),
            1 => (tex(), any::<bool>()).prop_map(|(tex, display)| Inline::Math { tex, display }),
            1 => (below(), nasty()).prop_map(|(base, reading)| Inline::Ruby(base, reading)),
            1 => (url(), vec(inline(0), 1..3)).prop_map(|(url, below)| Inline::Link(url, below)),
        ]
        .boxed()
    }

    /// A line as the body has them: trimmed, not empty, one break at a time.
    fn line() -> impl Strategy<Value = Vec<Inline>> {
        vec(inline(2), 1..5).prop_map(|mut line| {
            trim(&mut line);
            line.dedup_by(|a, b| *a == Inline::LineBreak && *b == Inline::LineBreak);
            if line.is_empty() { vec![Inline::Text("x".to_owned())] } else { line }
        })
    }

    fn unbroken() -> impl Strategy<Value = Vec<Inline>> {
        vec(inline(0), 1..4).prop_map(|mut line| {
            trim(&mut line);
            if line.is_empty() { vec![Inline::Text("x".to_owned())] } else { line }
        })
    }

    fn flow(depth: u32) -> BoxedStrategy<Flow> {
        let simple = prop_oneof![
            5 => line().prop_map(Flow::Paragraph),
            1 => (2_u8..=6, unbroken()).prop_map(|(level, line)| Flow::Heading(level, line)),
            1 => (proptest::option::of("[a-z]{1,5}"), vec(nasty(), 1..4)).prop_map(|(language, lines)| Flow::Code {
                language,
                text: lines.join("\n"),
            }),
            1 => vec(vec(unbroken(), 2..4), 1..4).prop_map(|rows| Flow::Table { headers: rows.len() % 2, rows }),
            1 => (url(), nasty(), unbroken()).prop_map(|(url, alt, caption)| Flow::Figure { url, alt, caption }),
            1 => (unbroken(), line()).prop_map(|(term, line)| Flow::Definitions(vec![
                Definition::Term(term),
                Definition::Meaning(vec![Flow::Paragraph(line)]),
            ])),
        ];
        if depth == 0 {
            return simple.boxed();
        }
        let below = || vec(flow(depth - 1), 1..3);
        prop_oneof![
            4 => simple,
            1 => below().prop_map(Flow::Quote),
            2 => (proptest::option::of(prop_oneof![Just(1_u32), 0_u32..20, Just(999_999_990)]), vec(below(), 1..4))
                .prop_map(|(start, items)| Flow::List { numbering: start.map(Numbering::from), items }),
        ]
        .boxed()
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 1000, max_shrink_iters: 20_000, ..ProptestConfig::default() })]

        /// Whatever a body holds, a `CommonMark` reader sees in its Markdown what a browser sees in its HTML.
        #[test]
        fn markdown_says_what_the_html_says(flows in vec(flow(2), 1..4)) {
            let (markdown, html) = (markdown(&flows), html(&flows));
            let wanted = structure::of_html(&html);
            let read = structure::of_markdown(&markdown, html.contains("language-math"));
            prop_assert!(read == wanted, "\n{}\n-- html\n{}\n-- read   {:?}\n-- wanted {:?}", markdown, html, read, wanted);
        }

        /// Plain text comes back word for word.
        #[test]
        fn text_comes_back(text in nasty()) {
            let written = markdown(&[Flow::Paragraph(vec![Inline::Text(text.clone())])]);
            let read = structure::of_markdown(&written, false);
            prop_assert_eq!(read, vec![structure::Piece::Paragraph(text)], "{}", written);
        }
    }
}
