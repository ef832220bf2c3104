//! What class names, ids and short texts tell, and what is a word.

use super::phrases::PhraseTable;
use crate::model::letters::is_alphanumeric;
use std::borrow::Cow;
use std::sync::LazyLock;

macro_rules! categories {
    ($($(#[$doc:meta])* $variant:ident $name:literal [$($phrase:literal)*])*) => {
        #[expect(dead_code, reason = "each category is a feature; the rules name only some")]
        /// What an element's class, id, role and other labels say that it holds.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        #[repr(u8)]
        pub(super) enum Category { $($(#[$doc])* $variant,)* }

        impl Category {
            /// The names, in the order of the variants.
            pub(super) const NAMES: &'static [&'static str] = &[$($name,)*];
            const PHRASES: &'static [&'static [&'static str]] = &[$(&[$($phrase,)*],)*];

            /// Its bit in a mask of [`categories_of`].
            pub(super) const fn bit(self) -> u32 {
                1 << self as u8
            }
        }
    };
}

categories! {
    /// Surely the body.
    Body "pos" [
        "article·body" "article·content" "article·text" "article·main" "article·copy" "article·detail" "entry·content"
        "post·content" "post·body" "post·text" "story·body" "story·content" "story·text" "main·content" "content·body"
        "content·text" "content·main" "body·text" "body·copy" "body·content" "richtext" "rich-text" "wysiwyg"
        "markdown" "prose" "paragraph" "textblock" "text-block"
    ]
    /// Perhaps the body.
    Content "content" [
        "article" "content" "story" "entry" "post" "body" "text" "artikel" "beitrag" "noticia" "nota" "main"
    ]
    Comment "comment" [
        "comment" "disqus" "kommentar" "discuss" "reply" "replies" "respond" "livefyre" "coral" "opinionen"
        "comentario" "commentaire"
    ]
    Share "share" [
        "share" "sharing" "social" "facebook" "twitter" "whatsapp" "addthis" "follow" "sns" "teilen" "compartir"
        "partage"
    ]
    Related "related" [
        "relat" "recommend" "recirc" "read·more" "read·next" "read·also" "also" "more-news" "more·stories"
        "more·from" "more·articles" "more·on|" "popular" "trending" "most·read" "suggest" "similar" "next·article"
        "next·up" "next·story" "linklist" "link-list" "outbrain" "taboola" "lien-quan" "lienquan" "further" "see·also" "mehr" "weitere"
        "teaser" "promo" "card" "tease" "listing" "latest" "feed|" "zergnet" "dianomi"
    ]
    Newsletter "newsletter" [
        "newsletter" "subscri" "sign·up" "register" "mailing" "abo|" "abonn" "membership" "donat" "support"
    ]
    Advertising "ad" [
        "|ad|" "|ads|" "|adv|" "|dfp|" "|gpt|" "|banner|" "|promoted|" "|affiliate|" "|outstream|" "advert" "anzeige"
        "werbung" "sponsor" "ad·slot" "adcontainer" "publicidad" "reklam"
    ]
    Caption "caption" [
        "caption" "credit" "figcap" "legende" "bildunter" "copyright-img" "copyrightimg" "copyright-image"
        "copyrightimage" "photo·desc" "photo·text" "photo·info" "img·desc" "img·text" "image·desc" "image·text"
        "image·info" "bildtext"
    ]
    Media "media" [
        "image" "photo" "picture" "media" "gallery" "slide" "carousel" "swiper" "video" "player" "figure" "img" "bild"
        "foto" "embed" "audio" "podcast"
    ]
    Byline "byline" [
        "byline" "author" "autor" "meta" "date" "time|" "time-" "time_" "timestamp" "published" "posted" "dateline"
        "contributor" "signature" "info|" "info-" "info_" "reading"
    ]
    Navigation "nav" [
        "nav" "menu" "breadcrumb" "crumb" "pagination" "pager" "topbar" "toolbar" "tab|" "tabs|" "skip" "sitemap"
        "dropdown" "hamburger"
    ]
    Footer "footer" [
        "footer" "foot|" "copyright" "legal" "disclaimer" "impressum" "colophon" "bottom"
    ]
    Side "side" [
        "side" "rail" "aside" "widget" "column·2" "column·right" "right" "secondary" "complementary" "sticky" "float"
    ]
    Title "title" [
        "title" "headline" "heading" "header" "head|" "kicker" "eyebrow" "overline" "dachzeile" "topic" "section·label"
    ]
    Lead "lead" [
        "|lead|" "article·lead" "leadtext" "lead-text" "standfirst" "summary" "intro" "abstract" "excerpt" "subtitle" "sub·head" "deck" "dek|" "description"
        "chapo" "sapo" "ingress" "vorspann" "entradilla" "bajada" "perex" "subline" "preamble" "teaser·text"
        "sommaire" "lede" "sub·title" "strap·line" "|spot|" "chapeau" "catenaccio" "copete" "linha-fina" "underrubrik" "manchet"
        "podnaslov" "zajawka" "|lid|" "anons" "annotation" "sumario" "sous-titre" "sous·titre" "alt·baslik"
    ]
    Modal "modal" [
        "cookie" "consent" "gdpr" "modal" "popup" "overlay" "lightbox" "dialog" "tooltip" "alert" "notice" "toast"
    ]
    Paywall "paywall" [
        "paywall" "premium" "locked" "piano" "paid" "regwall" "meter" "plus|" "subscriber"
    ]
    Quote "quote" ["quote" "zitat" "citation"]
    Infobox "infobox" [
        "info·box" "fact" "box" "sidebar" "explainer" "glossary" "kasten" "callout" "highlight" "key·points"
        "key·takeaway" "takeaway"
    ]
    Tags "tags" [
        "|tag|" "|tags|" "keyword" "categor" "topic|" "topics|" "label" "badge" "chip" "pill"
    ]
    Contents "toc" ["toc|" "table·of·contents" "jump" "anchor" "inhalts"]
    Form "form" [
        "search" "login" "form" "feedback" "helpful" "audio·player" "listen" "read·aloud" "text·to·speech" "input" "field" "btn" "button" "cta|" "poll" "quiz" "survey" "vote" "rating" "rate"
    ]
    List "list" ["list" "grid" "item|" "items|" "row" "cell" "stream" "collection" "archive"]
    Faq "faq" ["faq" "accordion" "question" "answer" "collapse"]
    Hidden "hide" [
        "hidden" "hide" "sr-only" "sronly" "visually" "screen·reader" "print" "mobile·only" "desktop·only"
        "invisible" "offscreen"
    ]
    Biography "bio" ["bio|" "about" "profile" "biograph" "author·box" "author·bio" "author·info"]
    Price "price" ["price" "product" "buy" "shop" "cart" "deal" "coupon"]
    Live "live" ["live" "ticker" "timeline" "update"]
    Note "note" ["footnote" "reference" "correction" "source" "editor" "note"]
    /// What buyers and visitors wrote.
    Review "review" [
        "review" "testimonial" "bewertung" "rezension" "|avis|" "yotpo" "bazaarvoice" "|bv-" "trustpilot" "judgeme" "jdgm"
        "okendo" "opinion" "reseña" "recensi" "stars|"
    ]
    /// What a program for the reader's consent puts before the page, by the names that such programs have.
    Consent "consent" [
        "|cookie·banner|" "|cookie·bar|" "|cookie·consent|" "|cookie·dialog|" "|cookie·law|" "|cookie·message|" "|cookie·modal|"
        "|cookie·notice|" "|cookie·overlay|" "|cookie·popup|" "|cookie·wall|" "|cookies·banner|" "|cookies·modal|"
        "|gdpr·banner|" "|gdpr·modal|" "|gdpr·popup|" "|consent·banner|" "|consent·dialog|" "|consent·layer|" "|consent·manager|"
        "|consent·modal|" "|consent·overlay|" "|consent·popup|" "|onetrust-consent" "|onetrust-banner" "|onetrust-pc" "|optanon-"
        "|didomi-" "cybotcookiebotdialog" "usercentrics-" "|cmplz-cookiebanner" "|cky-" "|iubenda-cs-" "|qc-cmp" "|trustarc"
        "|truste-" "|truste_" "cookie-law-info" "|wt-cli-" "borlabscookie" "|borlabs-cookie" "moove_gdpr" "|osano-cm-"
        "|cc-window|" "|klaro|" "tarteaucitronroot" "|axeptio_" "|ez-cookie-dialog" "|fc-consent-" "|fc-dialog-"
        "|sp_message_container" "eu-cookie-compliance" "|hs-eu-cookie" "|hu-cookies-notice" "|cookiefirst-" "|cookiescript_"
        "|cmpbox" "|cmpwrapper" "|tcf-" "|evidon-" "|ketch-" "|shopify-pc__"
    ]
    /// Who wrote a post, as forums show them.
    User "user" [
        "user" "avatar" "member" "poster|" "post·author" "nickname" "|nick|" "|rank|" "reputation" "postprofile" "karma"
    ]
}

/// Categories that speak against an element's being the body.
pub(super) const NEGATIVE: u32 = Category::Comment.bit()
    | Category::Share.bit()
    | Category::Related.bit()
    | Category::Newsletter.bit()
    | Category::Advertising.bit()
    | Category::Navigation.bit()
    | Category::Footer.bit()
    | Category::Side.bit()
    | Category::Modal.bit()
    | Category::Form.bit();

static CATEGORIES: LazyLock<PhraseTable> = LazyLock::new(|| PhraseTable::new(Category::PHRASES));

/// The categories that a string of class names and labels in lower case falls into.
pub(super) fn categories_of(labels: &str) -> u32 {
    CATEGORIES.matches(&without_filing(labels))
}

/// Labels without class names that say what a post is filed under or that the front page shows it, as content systems
/// give them: a story of the category "advertising" is none, nor is one that was promoted.
fn without_filing(labels: &str) -> Cow<'_, str> {
    let is_post = labels.contains("hentry") || labels.contains("status-publish");
    let is_node = labels.contains("-promoted");
    // What an editor of Ghost's puts between paragraphs is a card.
    let is_card = labels.contains("kg-card")
        && ["callout", "toggle", "image", "code", "header"].iter().any(|own| labels.contains(own));
    if !is_post && !is_node && !is_card {
        return Cow::Borrowed(labels);
    }
    let is_filing = |name: &str| {
        is_post && (name.starts_with("category-") || name.starts_with("tag-"))
            || matches!(name, "node--promoted" | "node-promoted")
            || is_card && name.starts_with("kg-")
    };
    Cow::Owned(labels.split_ascii_whitespace().filter(|name| !is_filing(name)).collect::<Vec<_>>().join(" "))
}

/// Class names by which pages hide text from sighted readers while screen readers say it.
static SCREEN_READER: LazyLock<PhraseTable> = LazyLock::new(|| {
    PhraseTable::new(&[&[
        "|sr-only|",
        "sronly",
        "visually·hidden",
        "|visuallyhidden|",
        "screen·reader·text",
        "screen·reader·only",
        "|screenreader|",
        "assistive·text",
        "|a11y-hidden|",
        "|offscreen|",
        "|off-screen|",
        "u-hidden-visually",
        "accessibility·hidden",
        "|hidden-visually|",
        "|vh|",
        "element-invisible",
        "|assistive|",
    ]])
});

/// Whether class names mark text that only screen readers say.
pub(in super::super) fn is_screen_reader_only(class: &str) -> bool {
    SCREEN_READER.matches(class) != 0
}

/// Groups of [`cues_of`].
pub(super) mod cue {
    /// Newsletter, application, account and follow-us promotion.
    pub(in super::super) const PROMO: u32 = 1;
    /// "Read more", "related", and labels of advertising.
    pub(in super::super) const MORE: u32 = 2;
    /// Photo agencies and credits.
    pub(in super::super) const CREDIT: u32 = 4;
    /// Byline and date lines.
    pub(in super::super) const BYLINE: u32 = 16;
    /// What stands in the place of embedded content until the reader agrees to it.
    pub(in super::super) const PLACEHOLDER: u32 = 32;
    /// An invitation to subscribe, to pay or to install, which no story's own sentence makes.
    pub(in super::super) const INVITATION: u32 = 64;
    /// The names of those that are features, in the order of the bits.
    pub(in super::super) const NAMES: &[&str] = &["t_promo", "t_more", "t_credit", "t_legal", "t_by"];
}

static CUES: LazyLock<PhraseTable> = LazyLock::new(|| {
    PhraseTable::new(&[
        &[
            "newsletter",
            "subscribe",
            "sign up",
            "abonn",
            "jetzt lesen",
            "register",
            "log in",
            "login",
            "anmelden",
            "download the app",
            "download our app",
            "whatsapp",
            "telegram",
            "follow us",
            "^folgen sie uns",
            "^folgt uns",
            "suivez-nous",
            "^síguenos",
            "^siga-nos",
            "^siga o ",
            "^seguici",
            "^volg ons",
            "^følg oss",
            "^følg os",
            "^följ oss",
            "^seuraa meitä",
            "^obserwuj nas",
            "^sledujte nás",
            "^kövess",
            "^urmăriți-ne",
            "^takip edin",
            "bizi takip",
            "^ακολουθήστε",
            "^следите за",
            "^читайте нас",
            "^слідкуйте",
            "^تابعونا",
            "^फ़ॉलो",
            "^关注我们",
            "^關注我們",
            "^フォローする",
            "^ติดตามเรา",
            "^theo dõi chúng tôi",
            "^עקבו אחרינו",
            "facebook",
            "instagram",
            "twitter",
            "subscription",
            "sign in",
            "we are hiring",
            "we're hiring",
            "open positions",
            "join our team",
            "print this page",
            "print this article",
            "email this",
            "write to the editor",
            "back to top",
            "report an error",
            "listen to this article",
            "was this article",
            "click here",
            "support us",
            "support our",
            "donat",
            "free trial",
            "suscríb",
            "suscrib",
            "inscreva-se",
            "iscriviti",
            "подпис",
            "купон",
            "zapisz się",
        ],
        &[
            "^read more",
            "^read also",
            "^read next",
            "^related",
            "^see also",
            "^also read",
            "^more on",
            "^more:",
            "^recommended",
            "^lesen sie",
            "^mehr zum thema",
            "^mehr:",
            "^weiterlesen",
            "^lire aussi",
            "^à lire",
            "^a lire",
            "^lea también",
            "^leer más",
            "^te puede interesar",
            "^leia também",
            "^leia mais",
            "^saiba mais",
            "^veja também",
            "^veja mais",
            "^leggi anche",
            "^lees ook",
            "^lees meer",
            "^les også",
            "^läs också",
            "^läs mer",
            "^læs også",
            "^czytaj także",
            "^czytaj też",
            "^czytaj więcej",
            "^zobacz też",
            "^zobacz także",
            "^přečtěte",
            "^čtěte",
            "^читайте",
            "^ayrıca",
            "^ilgili",
            "^関連",
            "^続きを",
            "^相关",
            "^延伸阅读",
            "^관련",
            "^watch:",
            "^listen:",
            "^don't miss",
            "^continue reading",
            "^advertisement",
            "^anzeige",
            "^werbung",
            "^publicidad",
            "^publicité",
            "^reklama",
            "^реклама",
            "^広告",
            "^advertentie",
            "^annons",
            "^διαβάστε",
            "^δείτε επίσης",
            "^اقرأ أيض",
            "^اقرأ المزيد",
            "^קראו גם",
            "^קראו עוד",
            "^यह भी पढ़ें",
            "^ये भी पढ़ें",
            "^इसे भी पढ़ें",
            "^आगे पढ़ें",
            "^আরও পড়ুন",
            "^আরো পড়ুন",
            "^อ่านเพิ่มเติม",
            "^อ่านต่อ",
            "^xem thêm",
            "^đọc thêm",
            "^baca juga",
            "^阅读更多",
            "^延伸閱讀",
            "^相關",
            "^あわせて読みたい",
            "^lue myös",
            "^olvasd el",
            "^citește și",
            "^citiți și",
            "^devamını oku",
            "^читать также",
            "^читайте також",
            "^you may also",
            "^you might also",
            "^more from",
            "^most read",
            "^sponsored",
        ],
        &[
            "|photo|",
            "|photos|",
            "|image|",
            "|picture|",
            "|foto|",
            "|bild|",
            "|credit|",
            "|getty|",
            "|reuters|",
            "|afp|",
            "|ap photo|",
            "|epa|",
            "|dpa|",
            "|imago|",
            "|shutterstock|",
            "|alamy|",
            "|photograph|",
            "|fotograf|",
            "|copyright|",
            "©",
            "(c)",
            "写真",
            "фото:",
        ],
        &[
            "all rights reserved",
            "©",
            "copyright",
            "privacy policy",
            "terms of service",
            "terms of use",
            "cookie",
            "datenschutz",
            "impressum",
            "alle rechte",
            "tous droits",
        ],
        &[
            "^автор",
            "^текст|",
            "^نویسنده",
            "^بقلم",
            "^كتب",
            "^الكاتب",
            "^מאת",
            "^γράφει",
            "^โดย",
            "^文・",
            "^文/",
            "^文／",
            "^记者",
            "^記者",
            "^लेखक",
            "^tác giả",
            "^bởi|",
            "^글 ",
            "^by|",
            "^von|",
            "^por|",
            "^par|",
            "^di|",
            "^door|",
            "^av|",
            "^af|",
            "^text:",
            "^author|",
            "^reporting by|",
            "^editing by|",
            "^written by|",
            "^published|",
            "^updated|",
            "^posted|",
            "^last updated|",
            "^last modified|",
            "^stand:",
            "^veröffentlicht|",
            "^aktualisiert|",
            "^publié|",
            "^publicado|",
        ],
        &[
            "externen inhalt",
            "externer inhalt",
            "externe inhalte",
            "externen inhalte",
            "empfohlener redaktioneller inhalt",
            "privatsphäre-einstellungen",
            "datenschutz-einstellungen",
            "datenschutzeinstellungen",
            "inhalt anzuzeigen",
            "inhalte anzuzeigen",
            "external content",
            "to view this content",
            "to display this content",
            "this content is hosted",
            "allow and continue",
            "accept cookies to",
            "accept cookies in order",
            "accept marketing cookies",
            "accept all cookies",
            "please accept cookies",
            "accept cookies and",
            "cookies to view",
            "enable javascript",
            "javascript is disabled",
            "turn on javascript",
            "wird hier ein externe",
            "fehlender zustimmung",
            "in einem iframe geladen",
            "javascript aktivieren",
            "activer javascript",
            "activez javascript",
            "habilita javascript",
            "active javascript",
            "attivare javascript",
            "attiva javascript",
            "włącz javascript",
            "povolte javascript",
            "включите javascript",
            "включить javascript",
            "javascript'i etkinleştir",
            "activate javascript",
            "contenu externe",
            "pour afficher ce contenu",
            "contenido externo",
            "contenuto esterno",
            "externe content",
            "eksternt innhold",
            "treści zewnętrz",
        ],
        &[
            "subscribe to",
            "subscribe now",
            "with a subscription",
            "sign up for",
            "sign up to",
            "our newsletter",
            "download our app",
            "download the app",
            "get the app",
            "^get our app",
            "breaking news alerts",
            "^jetzt die app",
            "^laden sie die app",
            "^laden sie unsere app",
            "^téléchargez l'app",
            "^téléchargez l’app",
            "^téléchargez notre app",
            "^holen sie sich die",
            "^descarga la app",
            "^descarga la aplicación",
            "^descarga nuestra app",
            "^descárgate la app",
            "^baixe o app",
            "^baixe nosso app",
            "^scarica l'app",
            "^scarica l’app",
            "^scarica la app",
            "^download de app",
            "^download onze app",
            "^ladda ner appen",
            "^ladda ner vår app",
            "^last ned appen",
            "^hent appen",
            "^lataa sovellus",
            "^pobierz aplikację",
            "^stáhněte si aplikaci",
            "^скачайте приложение",
            "^установите приложение",
            "^завантажте додаток",
            "^κατεβάστε την εφαρμογή",
            "^حمل التطبيق",
            "^حمّل التطبيق",
            "^アプリをダウンロード",
            "^googleニュース",
            "^下载客户端",
            "^下载app",
            "free trial",
            "become a member",
            "become a subscriber",
            "newsletter abonnieren",
            "jetzt abonnieren",
            "abonnez-vous",
            "suscríbete",
            "suscríbase",
            "inscreva-se",
            "assine ",
            "iscriviti",
            "abbonati",
            "подпишитесь",
            "подписывайтесь",
            "zapisz się",
        ],
    ])
});

/// How much of a block's start the cues are looked for in, in bytes: labels stand at the start.
const CUE_BYTES: usize = 320;

/// Whether a link's text begins as a pointer to another story does, with a colon: "Read also: the bridge". Without the
/// colon it may as well be words of the sentence that it stands in.
pub(in super::super) fn is_pointer(text: &str) -> bool {
    /// Bytes before the colon; "lesen sie hierzu auch" has 21.
    const LEAD: usize = 40;
    let lead = text.trim_start().split_inclusive([':', '：']).next().unwrap_or_default();
    lead.len() <= LEAD && lead.ends_with([':', '：']) && CUES.matches(&lead.to_lowercase()) & cue::MORE != 0
}

/// Which cues a block's text gives; `lower` is its text in lower case.
pub(in super::super) fn cues_of(lower: &str) -> u32 {
    let head = &lower[..lower.floor_char_boundary(CUE_BYTES)];
    let mut cues = CUES.matches(head);
    if starts_with_date(head) {
        cues |= cue::BYLINE;
    }
    cues
}

/// "19 May 2024", "19.05.2024", "3/4/26".
fn starts_with_date(text: &str) -> bool {
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    if !(1..=2).contains(&digits) {
        return false;
    }
    let rest = &text[digits..];
    let Some(rest) = rest.strip_prefix(['.', '/', ' ']) else { return false };
    let word: usize = rest.chars().take_while(|c| c.is_alphanumeric()).map(char::len_utf8).sum();
    if word == 0 || rest[..word].chars().count() > 9 {
        return false;
    }
    let rest = rest[word..].trim_start_matches(['.', '/', ' ']);
    (2..=4).contains(&rest.bytes().take_while(u8::is_ascii_digit).count())
}

/// Whether a character is of a script that writes without spaces between words.
pub(crate) fn is_unspaced(c: char) -> bool {
    matches!(u32::from(c),
        0x0E00..=0x0E7F | 0x0E80..=0x0EFF | 0x1000..=0x109F | 0x1100..=0x11FF | 0x1780..=0x17FF | 0x3040..=0x30FF
        | 0x3130..=0x318F | 0x31F0..=0x31FF | 0x3400..=0x4DBF | 0x4E00..=0x9FFF | 0xAC00..=0xD7AF | 0xF900..=0xFAFF
        | 0x20000..=0x3FFFF)
}

/// Calls `found` with the hash of every word of a lower-case text, and its length in characters; in scripts without
/// spaces every character is a word.
pub(crate) fn each_word(lower: &str, mut found: impl FnMut(u32, usize)) {
    const SEED: u32 = 0x811C_9DC5;
    let mix = |hash: u32, c: char| (hash ^ u32::from(c)).wrapping_mul(0x0100_0193).rotate_left(5);
    let (mut hash, mut length) = (SEED, 0);
    for c in lower.chars() {
        let unspaced = !c.is_ascii() && is_unspaced(c);
        if !unspaced && (is_alphanumeric(c) || c == '_') {
            hash = mix(hash, c);
            length += 1;
            continue;
        }
        if length > 0 {
            found(hash, length);
            (hash, length) = (SEED, 0);
        }
        if unspaced && is_alphanumeric(c) {
            found(mix(SEED, c), 1);
        }
    }
    if length > 0 {
        found(hash, length);
    }
}

/// How many words a text has; in scripts without spaces about two characters make one.
pub(crate) fn count_words(text: &str) -> usize {
    let (mut words, mut single) = (0, 0);
    each_word(&text.to_lowercase(), |_, length| {
        words += 1;
        single += usize::from(length == 1);
    });
    if single * 2 > words && text.chars().any(is_unspaced) { words / 2 + 1 } else { words }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn class_names_fall_into_categories() {
        let has = |labels: &str, category: Category| categories_of(labels) & category.bit() != 0;
        assert!(has("promoted", Category::Advertising) && has("tag-ads list", Category::Advertising));
        let posts =
            ["node node--type-article node--promoted", "post-8 hentry category-advertising tag-ads tag-newsletter"];
        for post in posts {
            assert!(!has(post, Category::Advertising) && !has(post, Category::Newsletter), "{post}");
        }
        assert!(has("post-8 hentry promoted", Category::Advertising));
        assert!(has("c-Article__Body", Category::Content));
        assert!(has("articleBody", Category::Body));
        assert!(has("top-ad", Category::Advertising));
        assert!(!has("header shadow", Category::Advertising));
        assert!(has("read_more", Category::Related));
        assert!(has("post-tags", Category::Tags));
        assert!(!has("stage", Category::Tags));
        // A mask has no room for more.
        assert_eq!(Category::NAMES.len(), 32);
    }

    #[test]
    fn cues_stand_at_the_start() {
        assert_eq!(cues_of("read more: the bridge") & cue::MORE, cue::MORE);
        assert_eq!(cues_of("to read more is to know more") & cue::MORE, 0);
        assert!(is_pointer(" READ ALSO: the bridge") && is_pointer("Lesen Sie auch: die Brücke"));
        assert!(!is_pointer("read more about the bridge") && !is_pointer("The bridge: read more") && !is_pointer(""));
        assert_eq!(cues_of("by jane roe") & cue::BYLINE, cue::BYLINE);
        assert_eq!(cues_of("bygone days") & cue::BYLINE, 0);
        assert_eq!(cues_of("19 may 2024") & cue::BYLINE, cue::BYLINE);
        assert_eq!(cues_of("19 people came") & cue::BYLINE, 0);
    }

    #[test]
    fn words_of_spaced_and_unspaced_scripts() {
        let count = |text: &str| {
            let mut words = 0;
            each_word(text, |_, _| words += 1);
            words
        };
        assert_eq!(count("it's a 3-day trip"), 6);
        assert_eq!(count("橋の修理"), 4);
        assert_eq!(count(""), 0);
    }
}
