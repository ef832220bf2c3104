//! One pass over the tree that collects everything that metadata can stand in.

use super::author_words::SECTION_WORDS;
use super::json_ld::{JsonLd, Node};
use super::{Context, page_type, title, without_markup};
use crate::extract::content::{PageKind, PageWords, PhraseTable, Recent, Thing, is_unspaced};
use crate::extract::pictures::{fold, is_stand_in_of_site, spaced_text};
use crate::markup::{Document, NodeId, Tag};
use crate::model::{Article, PageType, registrable_domain};
use std::cell::RefCell;
use std::collections::HashSet;
use std::sync::LazyLock;
use url::Url;

/// How much of a class list is read, in bytes.
const LABEL_BYTES: usize = 300;

/// Pictures at the page's start among which its logo is.
const MOST_LOGOS: usize = 3;

/// How many elements of one label are looked at: they can be in each other, and each is read whole.
const MOST_LABELLED: usize = 60;

/// What class names and ids call bylines, dates, paths, kickers, paywalls, buttons of shops, and the parts of manuals and
/// threads, in the order of the lists they fill.
static LABELS: LazyLock<PhraseTable> = LazyLock::new(|| {
    PhraseTable::new(&[
        &[
            "byline",
            "author",
            "autor",
            "auteur",
            "writer",
            "journalist",
            "reporter",
            "avtor",
            "yazar",
            "muhabir",
            "szerzo",
            "penulis",
            "forfatter",
            "skribent",
            "podpis",
            "egile",
            "müəllif",
            "muellif",
            "kirjoittaja",
            "toimittaja",
            "redaktor",
            "|aut|",
            "|firma|",
            "|udar|",
            "|ughdar|",
        ],
        &[
            "date", "publish", "time", "datum", "fecha", "meta", "posted", "byline", "modif", "frissit", "aktualis",
            "aktualiz", "lastmod",
        ],
        &["crumb"],
        &["kicker", "eyebrow", "dachzeile", "overline", "section-label", "article-section", "rubrik"],
        &["paywall", "regwall", "subscriber-only", "piano-offer"],
        &["add·to·cart", "add·to·basket", "add·to·bag", "buy·box", "in·den·warenkorb"],
        &["headerlink", "hash-link", "theme-doc", "rst-content", "mw-parser-output", "sphinxsidebar", "md-content"],
        &["|postbody", "post·body", "message-body", "|forum", "topic-body", "post·content|", "answercell", "postcell"],
        &[
            "|js-post-body|",
            "|usertext-body|",
            "|commtext|",
            "|postprofile|",
            "|t_fsz|",
            "|t_f|",
            "|ipscomment_content|",
            "|display-post-story|",
        ],
        &["|bigusername|", "|poster|", "|authi|", "|display-post-name|", "|postprofile|"],
    ])
});

thread_local! {
    /// The groups of [`LABELS`].
    static SEEN: RefCell<Recent> = RefCell::default();
}

/// What a page's head, and the attributes in its body that serve as one, hold.
#[derive(Debug, Default)]
pub(in crate::extract) struct Head {
    metas: Vec<(String, String)>,
    links: Vec<(String, String)>,
    title: String,
    html_language: String,
    pub(super) json_ld: JsonLd,
    /// `<time>` elements.
    pub(super) times: Vec<NodeId>,
    /// Elements with `itemprop`, and the property.
    properties: Vec<(String, NodeId)>,
    /// Links with `rel=author`.
    pub(super) author_links: Vec<NodeId>,
    /// Elements whose class or id calls them a byline.
    pub(super) byline_elements: Vec<NodeId>,
    /// Elements whose class calls them a date.
    pub(super) date_elements: Vec<NodeId>,
    /// Elements whose class calls them a kicker.
    kickers: Vec<NodeId>,
    /// Paths from the front page to the article.
    breadcrumbs: Vec<NodeId>,
    /// Links with `rel=category`.
    category_links: Vec<NodeId>,
    /// Links with `rel=tag` and no other.
    tag_links: Vec<NodeId>,
    /// What links to the front page say: the site's name or its logo's alternative text.
    home_names: Vec<String>,
    /// What the first pictures of the page show, by their alternative texts: a logo is among them.
    logos: Vec<String>,
    /// The paywall's own elements.
    paywall_elements: Vec<NodeId>,
    /// Buttons that put one thing into a cart.
    pub(super) cart_buttons: Vec<NodeId>,
    /// Elements that programs for manuals make.
    pub(super) manual_parts: Vec<NodeId>,
    /// Elements that programs for forums make.
    pub(super) thread_parts: Vec<NodeId>,
    /// Posts by the names that single programs for boards give them.
    pub(super) posts: Vec<NodeId>,
    /// What single programs for boards call the card of a post's writer.
    pub(super) posters: Vec<NodeId>,
    declared_base: Option<String>,
    /// Whether the page's own class says that it is an archive of posts, as the commonest program for blogs writes it.
    is_archive: bool,
    /// Types of microdata.
    item_types: Vec<String>,
    /// What relative links start from.
    pub(in crate::extract) base: Option<Url>,
}

impl Head {
    /// Collects. `url` is where the page was fetched.
    pub(in crate::extract) fn collect(document: &Document, url: Option<&Url>) -> Self {
        let mut head = Self::default();
        for node in document.descendants(NodeId::ROOT) {
            let Some(tag) = document.tag(node) else { continue };
            head.element(document, node, tag);
        }
        head.base = match (url, head.declared_base.take()) {
            (Some(url), Some(base)) => url.join(&base).ok().or_else(|| Some(url.clone())),
            (Some(url), None) => Some(url.clone()),
            (None, base) => {
                let own = base.as_deref().or_else(|| head.link("canonical")).or_else(|| head.meta(&["og:url"]));
                own.and_then(|text| Url::parse(text).ok()).filter(|url| matches!(url.scheme(), "http" | "https"))
            }
        };
        head
    }

    fn element(&mut self, document: &Document, node: NodeId, tag: Tag) {
        if tag == Tag::A && is_home_link(document, node) {
            self.home_names.push(fold(&document.text_content(node)));
        }
        match tag {
            Tag::Meta => {
                let get = |name| document.attribute(node, name);
                if let Some(content) = get("content").map(str::trim).filter(|content| !content.is_empty()) {
                    let key = get("property")
                        .or_else(|| get("name"))
                        .or_else(|| get("itemprop"))
                        .or_else(|| get("http-equiv"));
                    // An application framework's word for JSON-LD, in pages that never made a script of it.
                    if key.is_some_and(|key| key == "script:ld+json") {
                        self.json_ld.add(content);
                    } else if let Some(key) = key {
                        self.metas.push((key.trim().to_ascii_lowercase(), content.to_owned()));
                    }
                }
                return;
            }
            Tag::Body => {
                let classes = document.attribute(node, "class").unwrap_or_default();
                self.is_archive = classes.split_ascii_whitespace().any(|class| class == "archive");
            }
            Tag::Link | Tag::A => {
                let rel = document.attribute(node, "rel").unwrap_or_default();
                if tag == Tag::A && rel.trim().eq_ignore_ascii_case("tag") && self.tag_links.len() < MOST_LABELLED {
                    self.tag_links.push(node);
                }
                for word in rel.split_ascii_whitespace() {
                    let word = word.to_ascii_lowercase();
                    if tag == Tag::A && word == "author" {
                        self.author_links.push(node);
                    } else if tag == Tag::A && word == "category" {
                        self.category_links.push(node);
                    } else if tag == Tag::Link || word == "license" {
                        let href = document.attribute(node, "href").map(|href| href.trim().to_owned());
                        self.links.extend(href.map(|href| (word, href)));
                    }
                }
            }
            Tag::Img => {
                let home = document.parent(node).filter(|&parent| is_home_link(document, parent));
                if let Some(alt) = document.attribute(node, "alt").filter(|_| home.is_some()) {
                    self.home_names.push(fold(alt));
                } else if let Some(alt) = document.attribute(node, "alt").filter(|_| self.logos.len() < MOST_LOGOS) {
                    self.logos.push(fold(alt));
                }
            }
            // The first title: drawings and templates have titles of their own.
            Tag::Title if self.title.is_empty() => self.title = fold(&document.text_content(node)),
            Tag::Html => {
                let language = document.attribute(node, "lang").or_else(|| document.attribute(node, "xml:lang"));
                language.unwrap_or_default().trim().clone_into(&mut self.html_language);
            }
            Tag::Script => {
                let is_json_ld = document
                    .attribute(node, "type")
                    .is_some_and(|kind| kind.trim().eq_ignore_ascii_case("application/ld+json"));
                if is_json_ld {
                    self.json_ld.add(&document.text_content(node));
                }
                return;
            }
            Tag::Time => self.times.push(node),
            Tag::Base if self.declared_base.is_none() => {
                self.declared_base = document.attribute(node, "href").map(str::to_owned);
            }
            _ => {}
        }
        for attribute in document.attributes(node) {
            let value = &*attribute.value;
            match &*attribute.name {
                "itemtype" if self.item_types.len() < MOST_LABELLED => {
                    self.item_types.push(value.trim().rsplit('/').next().unwrap_or_default().to_owned());
                }
                "itemprop" => {
                    self.properties.extend(value.split_ascii_whitespace().map(|word| (word.to_owned(), node)));
                }
                // RDFa names its vocabulary before the property: "schema:author".
                "property" => {
                    let words = value.split_ascii_whitespace().map(|word| word.rsplit(':').next().unwrap_or(word));
                    self.properties.extend(words.map(|word| (word.to_owned(), node)));
                }
                "class" | "id" | "data-testid" => self.labelled(node, value),
                _ => {}
            }
        }
    }

    fn labelled(&mut self, node: NodeId, label: &str) {
        let label = &label[..label.floor_char_boundary(LABEL_BYTES)];
        let groups = SEEN.with_borrow_mut(|seen| seen.groups(label, || LABELS.matches(label)));
        if groups == 0 {
            return;
        }
        let lists = [
            &mut self.byline_elements,
            &mut self.date_elements,
            &mut self.breadcrumbs,
            &mut self.kickers,
            &mut self.paywall_elements,
            &mut self.cart_buttons,
            &mut self.manual_parts,
            &mut self.thread_parts,
            &mut self.posts,
            &mut self.posters,
        ];
        for (group, list) in lists.into_iter().enumerate() {
            if groups >> group & 1 == 1 && list.last() != Some(&node) && list.len() < MOST_LABELLED {
                list.push(node);
            }
        }
    }

    /// The first meta tag of the first of these names that there is.
    pub(super) fn meta(&self, names: &[&str]) -> Option<&str> {
        names
            .iter()
            .find_map(|name| self.metas.iter().find(|(key, _)| key == name).map(|(_, content)| content.as_str()))
    }

    /// Every meta tag whose name, signs left out, ends in one of these ways: its name and content.
    pub(super) fn metas_ending<'a>(&'a self, endings: &'a [&'a str]) -> impl Iterator<Item = (&'a str, &'a str)> + 'a {
        let ends = |key: &str| {
            let letters: String = key.chars().filter(char::is_ascii_alphanumeric).collect();
            endings.iter().any(|ending| letters.ends_with(ending))
        };
        self.metas.iter().filter(move |(key, _)| ends(key)).map(|(key, content)| (key.as_str(), content.as_str()))
    }

    /// Every meta tag of these names.
    pub(super) fn metas<'a>(&'a self, names: &'a [&'a str]) -> impl Iterator<Item = &'a str> + 'a {
        self.metas.iter().filter(move |(key, _)| names.contains(&key.as_str())).map(|(_, content)| content.as_str())
    }

    /// What cards show behind one of these labels, in lower case: `twitter:label1` names what `twitter:data1` holds.
    pub(super) fn announced<'a>(&'a self, labels: &'a [&'a str]) -> impl Iterator<Item = &'a str> + 'a {
        let pairs = [("twitter:label1", "twitter:data1"), ("twitter:label2", "twitter:data2")];
        let named = move |key: &str| self.meta(&[key]).is_some_and(|label| labels.contains(&&*label.to_lowercase()));
        pairs.into_iter().filter(move |(label, _)| named(label)).filter_map(|(_, data)| self.meta(&[data]))
    }

    pub(super) fn link(&self, rel: &str) -> Option<&str> {
        self.links.iter().find(|(word, href)| word == rel && !href.is_empty()).map(|(_, href)| href.as_str())
    }

    pub(super) fn html_language(&self) -> &str {
        &self.html_language
    }

    pub(super) fn document_title(&self) -> &str {
        &self.title
    }

    pub(super) fn json_ld_url(&self, url: Option<&Url>) -> Option<&str> {
        // Only an object that is surely this page's; the text lives in the graph.
        let node = self.json_ld.article(url.map(Url::as_str))?;
        node.borrowed("url").or_else(|| node.borrowed("mainEntityOfPage")).filter(|text| text.starts_with("http"))
    }

    /// Whether JSON-LD or microdata has an object of one of these types.
    pub(super) fn has_type(&self, wanted: &[&str]) -> bool {
        self.json_ld.types().chain(self.item_types.iter().map(String::as_str)).any(|kind| wanted.contains(&kind))
    }

    /// Whether Open Graph says that the page is an article. Programs for blogs say so of their archives as well.
    pub(super) fn says_article(&self) -> bool {
        let is_list = self.is_archive || self.has_type(&["CollectionPage", "SearchResultsPage"]);
        !is_list && self.meta(&["og:type"]).is_some_and(|kind| kind.eq_ignore_ascii_case("article"))
    }

    /// The elements that say by microdata that they hold a property, the first of them.
    pub(super) fn property<'a>(&'a self, name: &'a str) -> impl Iterator<Item = NodeId> + 'a {
        let all = self.properties.iter().filter(move |(property, _)| property == name).map(|&(_, node)| node);
        all.take(MOST_LABELLED)
    }

    /// What the page says of its own words.
    pub(in crate::extract) fn page_words<'a>(&'a self, url: Option<&'a Url>) -> PageWords<'a> {
        let node = self.json_ld.article(url.map(Url::as_str));
        let open_graph = self.says_article();
        let has_date = || self.meta(&["article:published_time", "datepublished", "date", "pubdate"]).is_some();
        let declared = page_type::declared(self, node.as_ref(), url, has_date());
        let thing = match declared {
            Some((PageType::Product, _)) => Some(Thing::Product),
            Some((PageType::Forum, _)) => Some(Thing::Thread),
            _ => None,
        };
        let kind = match declared {
            Some((PageType::Article, _)) => PageKind::Article,
            None if !page_type::is_root(url) && (open_graph || has_date()) => PageKind::Article,
            None if !page_type::is_root(url) => PageKind::Unsaid,
            _ => PageKind::Other,
        };
        let site = self.meta(&["og:site_name"]);
        let is_own = |title: &&str| site.is_none_or(|site| !site.eq_ignore_ascii_case(title.trim()));
        let mut titles = self.metas(&["og:title"]).chain(self.metas(&["twitter:title"])).filter(is_own);
        let title = titles.next().unwrap_or(&self.title);
        PageWords {
            thing,
            is_chosen: false,
            kind,
            title,
            own_title: title::own_part(title, site, url),
            headline: node.and_then(|node| node.borrowed("headline")).unwrap_or_default(),
            descriptions: [
                self.meta(&["og:description"]).unwrap_or_default(),
                self.meta(&["description"]).unwrap_or_default(),
                node.and_then(|node| node.borrowed("description")).unwrap_or_default(),
            ],
            article_body: self.json_ld.longest_body().unwrap_or_default(),
            writers: self.writers(node.as_ref()),
            site: url.and_then(Url::host_str).map(registrable_domain).unwrap_or_default(),
            site_name: site.unwrap_or_else(|| behind_headline(&self.title, title::own_part(&self.title, None, url))),
        }
    }

    /// Names that the page declares as its writers', in lower case, the whole of them.
    fn writers(&self, node: Option<&Node<'_>>) -> Vec<String> {
        const MOST: usize = 8;
        let declared = node.map(|node| node.names("author")).unwrap_or_default();
        let metas = self.metas(&["author", "article:author", "parsely-author"]).map(str::to_owned);
        let names = declared.into_iter().chain(metas).map(|name| fold(&without_markup(&name)).to_lowercase());
        // One word is more often an agency's or an account's name; Chinese and Japanese write no blank.
        let is_whole = |name: &String| {
            (2..=5).contains(&name.split(' ').count())
                || (3..=12).contains(&name.chars().filter(|&c| is_unspaced(c)).count())
        };
        names.filter(is_whole).take(MOST).collect()
    }

    /// The body as JSON-LD holds it.
    pub(in crate::extract) fn article_body(&self) -> Option<&str> {
        self.json_ld.longest_body()
    }

    /// The lead image's address.
    pub(in crate::extract) fn lead_image(&self) -> Option<String> {
        let text = self
            .meta(&["og:image", "og:image:url", "og:image:secure_url", "twitter:image", "twitter:image:src"])
            .map(str::to_owned)
            .or_else(|| self.json_ld.article(None).and_then(|node| node.text("image")))?;
        let url = match &self.base {
            Some(base) => base.join(text.trim()).ok()?,
            None => Url::parse(text.trim()).ok()?,
        };
        (matches!(url.scheme(), "http" | "https") && !is_stand_in_of_site(&url)).then(|| url.into())
    }

    pub(super) fn site_name(&self, context: &Context<'_>, node: Option<&Node<'_>>) -> Option<(String, &'static str)> {
        let document = context.document;
        let microdata = self.property("publisher").next().map(|element| named_text(document, element));
        let publisher = || node.and_then(|node| node.text("publisher")).filter(|name| !name.contains("://"));
        let website = || self.json_ld.of_type("WebSite").and_then(|site| site.text("name"));
        let candidates: [(Option<String>, &'static str); 5] = [
            (self.meta(&["og:site_name"]).map(str::to_owned), "og:site_name"),
            (publisher(), "JSON-LD publisher"),
            (website(), "JSON-LD WebSite"),
            (microdata, "microdata"),
            (
                self.meta(&["application-name", "apple-mobile-web-app-title", "dc.publisher", "publisher"])
                    .map(str::to_owned),
                "meta",
            ),
        ];
        let declared = candidates.into_iter().find_map(|(name, source)| {
            let name = fold(&without_markup(&name?));
            (!name.is_empty() && name.chars().count() <= 80).then_some((name, source))
        });
        let declared = declared.or_else(|| {
            let title = self.title.to_lowercase();
            let fits =
                |name: &&String| (3..=60).contains(&name.chars().count()) && title.contains(&name.to_lowercase());
            self.home_names.iter().find(fits).map(|name| (name.clone(), "link to the front page"))
        });
        // "Headline | Site": the tail of the title names the site where its host has the same letters.
        let declared = declared.or_else(|| {
            let tail = self.title.rsplit(['|', '–', '—', '·', '»']).next()?.trim();
            let tail = if tail.len() == self.title.len() { self.title.rsplit(" - ").next()?.trim() } else { tail };
            let host = self.base.as_ref()?.host_str()?.to_ascii_lowercase();
            let letters: String = tail.to_lowercase().chars().filter(char::is_ascii_alphanumeric).collect();
            let fits =
                tail.len() < self.title.len() && letters.len() >= 3 && host.replace(['-', '.'], "").contains(&letters);
            fits.then(|| (tail.to_owned(), "title"))
        });
        declared.or_else(|| self.confirmed_site_name(context).map(|name| (name, "title, as the page's frame has it")))
    }

    /// The part of the title that the page's frame has as well: its last one, where a line of its own above the headline says
    /// the same, or its last or first in the line of rights or as the words for a logo.
    fn confirmed_site_name(&self, context: &Context<'_>) -> Option<String> {
        const CHARS: std::ops::RangeInclusive<usize> = 3..=40;
        let letters = |text: &str| text.to_lowercase().chars().filter(|c| c.is_alphanumeric()).collect::<String>();
        let parts: Vec<&str> = title_parts(&self.title);
        let (first, last) = (*parts.first()?, *parts.last()?);
        if parts.len() < 2 {
            return None;
        }
        let (above, below) = context.decision.frame_lines();
        let has_rights = |line: &&str| line.contains('©') || line.to_lowercase().contains("copyright");
        // "Headline | Sport" with its section above it.
        let is_section = |part: &str| {
            part.to_lowercase().split_whitespace().all(|word| SECTION_WORDS.contains(&word) || word == "&")
        };
        // The first pictures of a page can be its product's, which stands in the title, too.
        let headline = context.decision.headline().map(|(text, _)| letters(text));
        let is_confirmed = |part: &str, is_last: bool| {
            let by_line = is_last && !is_section(part);
            let logos = self.logos.iter().filter(|_| is_last).chain(&self.home_names);
            let part = letters(part);
            CHARS.contains(&part.chars().count())
                && headline.as_ref() != Some(&part)
                && (logos.into_iter().any(|name| letters(name) == part)
                    || below.iter().filter(|line| has_rights(line)).any(|line| letters(line).contains(&part))
                    || by_line && above.iter().any(|line| letters(line) == part))
        };
        let last = Some(last).filter(|part| is_confirmed(part, true));
        last.or_else(|| Some(first).filter(|part| is_confirmed(part, false))).map(str::to_owned)
    }

    pub(super) fn section(
        &self,
        context: &Context<'_>,
        node: Option<&Node<'_>>,
        article: &Article,
    ) -> Option<(String, &'static str)> {
        let document = context.document;
        let (title, site) = (article.title.as_deref(), article.site_name.as_deref());
        let fits = |text: &str| {
            let text = fold(&without_markup(text));
            let text = text.trim_end_matches('¶').trim();
            let plain = !text.is_empty() && text.chars().count() <= 60 && !text.contains("://");
            (plain && title != Some(text) && site != Some(text)).then(|| text.to_owned())
        };
        let names = [
            "article:section",
            "og:article:section",
            "parsely-section",
            "section",
            "sailthru.section",
            "cxenseparse:category",
            "articlesection",
            // Of the authorities of China.
            "columnname",
        ];
        if let Some(text) = self.meta(&names).and_then(fits) {
            return Some((text, "meta"));
        }
        if let Some(text) = node.and_then(|node| node.list("articleSection").into_iter().find_map(|text| fits(&text))) {
            return Some((text, "JSON-LD"));
        }
        if let Some(text) = self.property("articleSection").find_map(|element| fits(&property_text(document, element)))
        {
            return Some((text, "microdata"));
        }
        let shown = |element: &&NodeId| !is_inside(document, **element, &[Tag::Aside, Tag::Footer, Tag::Nav]);
        if let Some(text) =
            self.category_links.iter().filter(shown).find_map(|&link| fits(&document.text_content(link)))
        {
            return Some((text, "rel=category"));
        }
        // Of a path, the last step that is neither the front page nor the article itself.
        for &element in &self.breadcrumbs {
            let texts = document.descendants(element).filter_map(|below| document.text(below));
            // "Home / Cakes / Hazelnut cake" can be one text.
            let steps: Vec<&str> = texts
                .flat_map(|text| text.split(['›', '>', '»', '→']).flat_map(|part| part.split(" / ")))
                .map(|text| text.trim_matches(|c: char| c.is_whitespace() || "/\\|·•".contains(c)))
                .filter(|text| text.chars().any(char::is_alphanumeric))
                .collect();
            let mut inner = steps.iter().skip(1).rev().filter_map(|text| fits(text));
            if let Some(text) = inner.find(|text| text.chars().count() <= 40) {
                return Some((text, "breadcrumb"));
            }
        }
        let labelled = self.kickers.iter().filter(shown).find_map(|&element| fits(&document.text_content(element)));
        labelled
            .filter(|text| text.chars().count() <= 40)
            .or_else(|| {
                context.decision.kicker().filter(|text| site.is_none_or(|site| !text.contains(site))).and_then(fits)
            })
            .map(|text| (text, "kicker"))
    }

    pub(super) fn tags(&self, document: &Document, node: Option<&Node<'_>>) -> (Vec<String>, &'static str) {
        /// More links than these are a list of all that the site has.
        const MOST_LINKED: usize = 20;
        let microdata =
            || self.property("keywords").flat_map(|element| split_list(&property_text(document, element))).collect();
        // Those of a cloud in the page's frame are other stories'.
        let linked = || {
            let own = self.tag_links.iter().filter(|&&link| {
                !is_inside(document, link, &[Tag::Aside, Tag::Footer, Tag::Nav])
                    && !is_labelled_above(document, link, &["cloud", "sidebar", "widget", "related"])
            });
            let tags: Vec<String> = own.map(|&link| document.text_content(link)).collect();
            if tags.len() <= MOST_LINKED { tags } else { Vec::new() }
        };
        let tidy = |list: Vec<String>| {
            let mut out: Vec<String> = Vec::new();
            let mut known = HashSet::new();
            for tag in list {
                let tag = fold(&without_markup(&tag));
                let fits = !tag.is_empty() && tag.chars().count() <= 80 && !tag.contains("://");
                if fits && known.insert(tag.to_lowercase()) {
                    out.push(tag);
                }
            }
            out
        };
        let metas: Vec<String> =
            self.metas(&["article:tag", "og:article:tag", "video:tag"]).flat_map(split_list).collect();
        let candidates = [
            (tidy(metas), "article:tag"),
            (tidy(node.map(|node| node.list("keywords")).unwrap_or_default()), "JSON-LD keywords"),
            (
                tidy(
                    self.metas(&["news_keywords", "keywords", "parsely-tags", "sailthru.tags"])
                        .take(1)
                        .flat_map(split_list)
                        .collect(),
                ),
                "meta keywords",
            ),
            (tidy(microdata()), "microdata"),
            (tidy(linked()), "rel=tag"),
        ];
        candidates.into_iter().find(|(list, _)| !list.is_empty()).unwrap_or_default()
    }

    pub(super) fn paywalled(&self, context: &Context<'_>, node: Option<&Node<'_>>) -> bool {
        let document = context.document;
        let declared = node.and_then(|node| node.flag("isAccessibleForFree"));
        let tier = self.meta(&["article:content_tier", "og:content_tier"]).map(str::to_ascii_lowercase);
        match (declared, tier.as_deref()) {
            (Some(free), _) => !free,
            (None, Some("locked")) => true,
            (None, Some("free" | "metered")) => false,
            // A box that asks for a subscription and shows words, not an empty hook for a script.
            (None, _) if context.decision.shows_paywall() => true,
            (None, _) => self.paywall_elements.iter().any(|&element| {
                !matches!(document.tag(element), Some(Tag::Body | Tag::Html | Tag::Article | Tag::Main))
                    && !crate::extract::content::is_hidden(document, element)
                    && (20..600).contains(&fold(&document.text_content(element)).chars().count())
            }),
        }
    }
}

/// The parts of a title; in scripts without blanks a hyphen parts them, too.
fn title_parts(title: &str) -> Vec<&str> {
    let parts = title.split(['|', '–', '—', '·', '•', '»', '｜', '_', '／']);
    let parts = parts.flat_map(|part| part.split(" - ")).flat_map(|part| part.split(" / ")).flat_map(|part| {
        let is_unspaced = part.chars().filter(|&c| is_unspaced(c)).count() * 2 > part.chars().count();
        if is_unspaced { part.split('-').collect() } else { vec![part] }
    });
    parts.map(str::trim).filter(|part| !part.is_empty()).collect()
}

/// What stands behind the headline in a title, which is mostly the site's name.
fn behind_headline<'a>(title: &'a str, headline: &str) -> &'a str {
    let rest = title.split_once(headline).map_or("", |(_, rest)| rest);
    rest.trim_matches(|c: char| !c.is_alphanumeric())
}

fn split_list(text: &str) -> Vec<String> {
    text.split([',', ';', '、', '，']).map(str::to_owned).collect()
}

/// What an element with `itemprop` gives: `content`, `href`, or its words.
pub(super) fn property_text(document: &Document, element: NodeId) -> String {
    let given = document.attribute(element, "content");
    given.map_or_else(|| fold(&document.text_content(element)), str::to_owned)
}

/// The name of what an element stands for: its own `name` property, or its words.
pub(super) fn named_text(document: &Document, element: NodeId) -> String {
    let named = document.descendants(element).find(|&below| {
        document.attribute(below, "itemprop") == Some("name")
            || document.attribute(below, "property").is_some_and(|own| matches!(own, "name" | "schema:name"))
    });
    match named {
        Some(named) => property_text(document, named),
        None => {
            document.attribute(element, "content").map_or_else(|| fold(&spaced_text(document, element)), str::to_owned)
        }
    }
}

fn is_home_link(document: &Document, node: NodeId) -> bool {
    document.tag(node) == Some(Tag::A)
        && document.attribute(node, "href").is_some_and(|href| {
            href == "/"
                || href.split_once("://").is_some_and(|(_, rest)| rest.trim_end_matches('/').find('/').is_none())
        })
}

pub(super) fn is_inside(document: &Document, node: NodeId, tags: &[Tag]) -> bool {
    let mut at = document.parent(node);
    while let Some(above) = at {
        if document.tag(above).is_some_and(|tag| tags.contains(&tag)) {
            return true;
        }
        at = document.parent(above);
    }
    false
}

pub(super) fn is_labelled_above(document: &Document, node: NodeId, words: &[&str]) -> bool {
    let mut at = document.parent(node);
    while let Some(above) = at {
        if document.tag(above) == Some(Tag::Body) {
            return false;
        }
        let labels = [document.attribute(above, "class"), document.attribute(above, "id")];
        if labels.into_iter().flatten().any(|label| words.iter().any(|word| label.to_ascii_lowercase().contains(word)))
        {
            return true;
        }
        at = document.parent(above);
    }
    false
}
