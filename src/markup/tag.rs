//! The element names that the stages ask for, as a small integer.

use crate::model::hashed::Multiplied;
use html5ever::LocalName;
use std::collections::HashMap;
use std::sync::LazyLock;

macro_rules! tags {
    ($($variant:ident $name:literal),* $(,)?) => {
        /// An HTML element's name, or [`Tag::Other`].
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        #[repr(u8)]
        #[expect(missing_docs, reason = "each variant is the element of its name")]
        pub enum Tag { $($variant,)* Other }

        impl Tag {
            /// The name, in lower case; `"other"` for [`Tag::Other`].
            #[must_use]
            pub fn name(self) -> &'static str {
                match self { $(Self::$variant => $name,)* Self::Other => "other" }
            }

            const ALL: &'static [(&'static str, Tag)] = &[$(($name, Tag::$variant),)*];
        }
    };
}

tags! {
    A "a", Abbr "abbr", Address "address", AmpImg "amp-img", Article "article", Aside "aside", Audio "audio", B "b",
    Base "base", Bdi "bdi", Bdo "bdo", Blockquote "blockquote", Body "body", Br "br", Button "button", Canvas "canvas",
    Caption "caption", Center "center", Cite "cite", Code "code", Datalist "datalist", Dd "dd", Del "del",
    Details "details", Dialog "dialog", Dir "dir", Div "div", Dl "dl", Dt "dt", Em "em", Embed "embed",
    Fieldset "fieldset", Figcaption "figcaption", Figure "figure", Font "font", Footer "footer", Form "form",
    H1 "h1", H2 "h2", H3 "h3", H4 "h4", H5 "h5", H6 "h6", Head "head", Header "header", Hr "hr", Html "html", I "i",
    Iframe "iframe", Img "img", Input "input", Ins "ins", Kbd "kbd", Label "label", Legend "legend", Li "li",
    Link "link", Main "main", Map "map", Mark "mark", Math "math", Menu "menu", Meta "meta", Nav "nav",
    Noindex "noindex", Noscript "noscript", Object "object", Ol "ol", Optgroup "optgroup", Option "option", P "p",
    Picture "picture", Pre "pre", Q "q", Rp "rp", Rt "rt", Ruby "ruby", S "s", Samp "samp", Script "script",
    Search "search", Section "section", Select "select", Small "small", Source "source", Span "span",
    Strike "strike", Strong "strong", Style "style", Sub "sub", Summary "summary", Sup "sup", Svg "svg",
    Table "table", Tbody "tbody", Td "td", Template "template", Textarea "textarea", Tfoot "tfoot", Th "th",
    Thead "thead", Time "time", Title "title", Tr "tr", Tt "tt", U "u", Ul "ul", Var "var", Video "video", Wbr "wbr",
}

static BY_NAME: LazyLock<HashMap<LocalName, Tag, Multiplied>> =
    LazyLock::new(|| Tag::ALL.iter().map(|&(name, tag)| (LocalName::from(name), tag)).collect());

impl Tag {
    /// The tag of an element's local name.
    pub(super) fn of(name: &LocalName) -> Self {
        BY_NAME.get(name).copied().unwrap_or(Self::Other)
    }

    /// 1 to 6 for a heading.
    #[must_use]
    pub fn heading_level(self) -> Option<u8> {
        match self {
            Self::H1 => Some(1),
            Self::H2 => Some(2),
            Self::H3 => Some(3),
            Self::H4 => Some(4),
            Self::H5 => Some(5),
            Self::H6 => Some(6),
            _ => None,
        }
    }
}
