//! Who wrote it: what is declared, then what the page shows, then the publication itself.

use super::author_names::{
    after_by, behind_words, clean_names, first_name_first, glued_to_by, has_agency_in_brackets, is_account_of_site,
    is_agency, is_convincing, is_described, is_person, is_role, is_team, labelled_names, reporter,
    reporter_in_dateline, says_author, says_by, signed_names, with_plain_by,
};
use super::author_words::{PROFILE_PATHS, WRITTEN_BY};
use super::dates::{self, Reading};
use super::head::{Head, is_inside, is_labelled_above, named_text};
use super::json_ld::Node;
use super::page_type;
use super::{Context, STATE};
use crate::extract::content::{ends_sentence, sources, writers};
use crate::extract::pictures::{fold, spaced_text};
use crate::markup::{Document, NodeId, Tag};
use crate::model::{PageType, registrable_domain};
use std::borrow::Cow;
use url::Url;

/// Lines below the headline in which a byline without a label can be, and blocks around it in which one with a label can.
const LINES: usize = 8;
const BLOCKS: usize = 12;

/// The place of an agency that a line near the headline calls the story's source.
const SOURCE: &str = "where the story is from";

/// Chooses the authors: the first source that gives names that stand the test.
pub(super) fn choose(
    head: &Head,
    node: Option<&Node<'_>>,
    context: &Context<'_>,
    site_name: Option<&str>,
    reading: Reading<'_>,
) -> (Vec<String>, &'static str) {
    let publisher = node.and_then(|node| node.text("publisher")).unwrap_or_default();
    // The publication calls itself by several names; none of them wrote the article.
    let mut site = vec![site_name.unwrap_or_default(), &publisher];
    site.extend(head.metas(&["publisher", "dc.publisher", "og:site_name", "application-name"]));
    let declared: Vec<String> = node
        .map(|node| {
            let (authors, creators) = (node.names("author"), node.names("creator"));
            let signed = !clean_names(&authors, &site).is_empty() || clean_names(&creators, &site).is_empty();
            if signed && !authors.is_empty() { authors } else { creators }
        })
        .unwrap_or_default();
    let metas = || {
        let names = [
            "content_author",
            "author",
            "article:author",
            "og:article:author",
            "parsely-author",
            "sailthru.author",
            "byl",
            "citation_author",
            "citation_authors",
            "dc.creator",
            "dcterms.creator",
            "dc.creator.author",
            "authors",
            "cxenseparse:author",
            "article:author_name",
            "articleauthor",
            "article:byline",
        ];
        names.iter().find_map(|name| {
            let list: Vec<String> = head
                .metas(&[name])
                .map(|text| if is_family_first(name, text) { first_name_first(text) } else { text.to_owned() })
                .collect();
            Some(clean_names(&list, &site)).filter(|list| !list.is_empty())
        })
    };
    let cleaned = clean_names(&declared, &site);
    let called = || {
        let node = head.json_ld.article_called(head.document_title());
        node.map(|node| clean_names(&node.names("author"), &site)).unwrap_or_default()
    };
    let cleaned = Some(cleaned).filter(|names| !names.is_empty()).unwrap_or_else(called);
    let found = Some(cleaned).filter(|names| !names.is_empty()).map(|names| (names, "JSON-LD"));
    if let Some(found) = found.or_else(|| metas().map(|names| (names, "meta"))) {
        return whom_the_page_names(&found.0, head, context, &site, reading).unwrap_or(found);
    }
    let told = clean_names(&context.told.authors, &site);
    if !told.is_empty() {
        return (told, STATE);
    }
    let announced: Vec<String> = head.announced(&WRITTEN_BY).map(str::to_owned).collect();
    let names = clean_names(&announced, &site);
    if !names.is_empty() {
        return (names, "label for cards");
    }
    let own = clean_names(&declared, &[]);
    // What the publication signs itself it may have from an agency.
    if let Some(found) = shown(head, context, &site, reading).filter(|(_, source)| own.is_empty() || *source != SOURCE)
    {
        return found;
    }
    // Nobody else: an article that the publication signs itself.
    if !own.is_empty() {
        return (own, "JSON-LD, the publication itself");
    }
    let signs = head.metas(&["author"]).map(str::to_owned).chain(announced);
    let own = signs.map(|sign| clean_names(&[sign], &[])).find(|names| !names.is_empty());
    (own.unwrap_or_default(), "meta, the publication itself")
}

/// Whom the page names near its headline, where one account is declared that is not theirs: stories are posted by who is at
/// the desk, and accounts cut names short.
fn whom_the_page_names(
    declared: &[String],
    head: &Head,
    context: &Context<'_>,
    site: &[&str],
    reading: Reading<'_>,
) -> Option<(Vec<String>, &'static str)> {
    /// Letters that two forms of a name have in common at the least.
    const STEM: usize = 4;
    /// Places of the page in which a name is surely the writer's.
    const SURE: [&str; 6] = [
        "microdata",
        "rel=author",
        "byline",
        "text near the headline",
        "name below the headline",
        "the story's first line",
    ];
    let [account] = declared else { return None };
    let words = |name: &str| name.to_lowercase().split_whitespace().map(str::to_owned).collect::<Vec<_>>();
    let own = words(account);
    // "Του Γιάννη Παππά" is Γιάννης Παππάς: two words that begin alike are one in two cases.
    let is_same = |one: &str, other: &str| {
        one == other || one.chars().count() >= STEM && one.chars().take(STEM).eq(other.chars().take(STEM))
    };
    let is_alike = |name: &String| words(name).iter().any(|word| own.iter().any(|other| is_same(word, other)));
    // The newsroom's name and the site's give way to whomever the page names.
    let is_account = || is_account_of_site(account, reading.host, site) && !is_thread(head, context);
    if is_team(account) && !is_person(account) || is_account() {
        let is_human = |name: &String| is_person(name) || is_uncased(name);
        let is_writer = |name: &String| (is_human(name) || is_agency(name)) && !is_team(name) && !is_alike(name);
        return shown(head, context, site, reading).filter(|(names, source)| {
            SURE.contains(source) && names.iter().all(is_writer) && names.iter().any(is_human)
        });
    }
    let listed = in_bylines_with(account, head, context, site);
    if !listed.is_empty() {
        return Some((listed, "bylines, of whom the metadata names one"));
    }
    if is_agency(account) {
        return None;
    }
    let lines: Vec<&str> = context.decision.lines_below_headline(LINES).map(|(line, _)| line).collect();
    if lines.iter().any(|line| line.contains(account.as_str())) {
        return None;
    }
    let shown = said_in(&lines, site, reading, false);
    let is_other = |name: &String| (is_person(name) || is_uncased(name)) && !is_alike(name);
    (!shown.is_empty() && shown.iter().all(is_other))
        .then_some((shown, "text below the headline, which names another than the metadata"))
}

/// Whether the page is a thread: those who write there have accounts, and most have no other name.
fn is_thread(head: &Head, context: &Context<'_>) -> bool {
    page_type::declared(head, None, context.url, false).is_some_and(|(kind, _)| kind == PageType::Forum)
}

/// Whether a name is in a script without capitals.
fn is_uncased(name: &str) -> bool {
    !name.chars().any(|c| c.is_uppercase() || c.is_lowercase())
}

/// Whether a catalogue's property names the family first: "Roe, Jane". In Dublin Core there are lists of names too, and of
/// agencies, which are in capitals.
fn is_family_first(property: &str, text: &str) -> bool {
    let is_one = || {
        text.split_once(',').is_some_and(|(family, first)| {
            !family.trim().contains(char::is_whitespace) && first.contains(char::is_lowercase)
        })
    };
    property.starts_with("citation_") || ["dc.creator", "dcterms.creator"].contains(&property) && is_one()
}

/// Names that the page shows: what says of itself that it is a byline before what only stands where one does.
fn shown(
    head: &Head,
    context: &Context<'_>,
    site: &[&str],
    reading: Reading<'_>,
) -> Option<(Vec<String>, &'static str)> {
    let document = context.document;
    let stands_apart = |element: &NodeId, parts: &[Tag]| {
        is_inside(document, *element, parts)
            || is_labelled_above(document, *element, &["comment", "related", "recommend", "teaser"])
    };
    let near = |element: &NodeId| !stands_apart(element, &[Tag::Aside, Tag::Footer, Tag::Nav]);
    let texts = |elements: Vec<NodeId>| {
        let list: Vec<String> =
            elements.into_iter().filter(near).map(|element| named_text(document, element)).collect();
        let list: Vec<String> = list.iter().map(|line| with_plain_by(line, reading.language).into_owned()).collect();
        clean_names(&list, site)
    };
    // A thread's author is who began it.
    let is_thread = is_thread(head, context);
    if is_thread {
        let is_frame =
            |element| is_inside(document, element, &[Tag::Header, Tag::Nav, Tag::Footer, Tag::Aside, Tag::Form]);
        let first = head.posters.iter().copied().find(|&element| !is_frame(element));
        // A guest's name is no link: the next card is another's.
        if let Some(name) = first.and_then(|element| poster(document, element)) {
            return Some((vec![name], "first post of the thread"));
        }
    }
    // An author's address or picture has properties of its own.
    let by_property = texts(head.property("author").filter(|&node| is_property(document, node, "author")).collect());
    if !by_property.is_empty() {
        let most = if is_thread { 1 } else { by_property.len() };
        return Some((by_property.into_iter().take(most).collect(), "microdata"));
    }
    let by_link = texts(head.author_links.clone());
    if !by_link.is_empty() {
        return Some((in_line_with(document, &head.author_links, &by_link, site).unwrap_or(by_link), "rel=author"));
    }
    // Some layouts have the writer's name in an aside of its own.
    let in_aside = head.author_links.iter().filter(|link| {
        // An article's footer is its own.
        let in_article = is_inside(document, **link, &[Tag::Article]);
        !stands_apart(link, if in_article { &[Tag::Nav] } else { &[Tag::Footer, Tag::Nav] })
    });
    let aside: Vec<String> = in_aside.map(|&link| named_text(document, link)).collect();
    let only = clean_names(&aside, site);
    if only.len() == 1 {
        return Some((only, "rel=author"));
    }
    let mut doubtful = None;
    let bylines: Vec<NodeId> = innermost_bylines(head, document).filter(near).collect();
    for (at, &element) in bylines.iter().enumerate() {
        let text = fold(&spaced_text(document, element));
        if text.chars().count() <= 200 {
            let told = writers(&text);
            let raw = if told.is_empty() {
                vec![with_plain_by(&text, reading.language).into_owned()]
            } else {
                told.into_iter().map(str::to_owned).collect()
            };
            let mut names = clean_names(&raw, site);
            at_elements(document, element, &mut names, site);
            if names.len() == 1 && is_person(&names[0]) && !is_thread {
                names.extend(in_bylines_beside(document, &bylines[at..], &names[0], site));
            }
            if names.iter().any(|name| is_convincing(name)) || is_thread && !names.is_empty() {
                return Some((names, "byline"));
            }
            doubtful = doubtful.or_else(|| Some((names, "byline")).filter(|(names, _)| !names.is_empty()));
        }
    }
    unlabelled(head, context, site, reading).or(doubtful)
}

/// Whether an element says by microdata or `RDFa` that it holds a property.
fn is_property(document: &Document, node: NodeId, property: &str) -> bool {
    document.attribute(node, "itemprop") == Some(property)
        || document.attribute(node, "property").is_some_and(|own| own.rsplit(':').next() == Some(property))
}

/// Ends the names where an element of the byline ends that holds a name alone: what stands behind it is her office or where
/// she was, and only the look of the page parts the two.
fn at_elements(document: &Document, byline: NodeId, names: &mut [String], site: &[&str]) {
    /// Nodes of a byline that are looked at.
    const MOST_NODES: usize = 40;
    let inner = || document.descendants(byline).take(MOST_NODES);
    for name in names.iter_mut().filter(|name| name.contains(' ')) {
        let alone = inner().filter(|&node| document.tag(node).is_some()).find_map(|node| {
            let text = fold(&document.text_content(node));
            let is_start = text.len() < name.len() + 20 && text.contains(' ') && text != *name;
            let [own] = &clean_names(&[text], site)[..] else { return None };
            let is_whole = is_person(own) || is_uncased(own) && own.contains(' ');
            (is_start && is_whole && name.strip_prefix(own.as_str()).is_some_and(|rest| rest.starts_with(' ')))
                .then(|| own.clone())
        });
        if let Some(alone) = alone {
            *name = alone;
        }
    }
}

/// Whom the card beside a post is of: an account, whose name is a link.
fn poster(document: &Document, element: NodeId) -> Option<String> {
    /// Characters of an account's name, and nodes of a card that are looked at.
    const CHARS: usize = 40;
    const MOST_NODES: usize = 40;
    let own = Some(element).filter(|&element| document.tag(element) == Some(Tag::A));
    let mut links = document.descendants(element).take(MOST_NODES).filter(|&node| document.tag(node) == Some(Tag::A));
    let names = own.into_iter().chain(links.by_ref()).map(|link| fold(&document.text_content(link)));
    let first = names.into_iter().find(|name| !name.is_empty() && name.chars().count() <= CHARS)?;
    // No button: "Share".
    clean_names(&[first], &[]).into_iter().next()
}

/// The innermost elements that are called bylines: the outer ones hold dates and buttons too. Those in figures are the
/// photographers'.
fn innermost_bylines<'a>(head: &'a Head, document: &'a Document) -> impl Iterator<Item = NodeId> + 'a {
    let in_figure = |element: NodeId| is_inside(document, element, &[Tag::Figure, Tag::Figcaption]);
    let outside = head.byline_elements.iter().copied().filter(move |&element| !in_figure(element));
    outside.filter(move |&element| {
        !head.byline_elements.iter().any(|&other| other != element && is_below(document, other, element))
    })
}

/// Whom the bylines name that stand in a row with that of a person.
fn in_bylines_with(person: &str, head: &Head, context: &Context<'_>, site: &[&str]) -> Vec<String> {
    if !is_person(person) || head.byline_elements.len() < 2 {
        return Vec::new();
    }
    let document = context.document;
    let bylines: Vec<NodeId> = innermost_bylines(head, document)
        .filter(|&element| !is_inside(document, element, &[Tag::Aside, Tag::Footer, Tag::Nav]))
        .filter(|&element| !is_labelled_above(document, element, &["comment", "related", "recommend", "teaser"]))
        .collect();
    let Some(at) = bylines.iter().position(|&element| fold(&spaced_text(document, element)) == person) else {
        return Vec::new();
    };
    let others = in_bylines_beside(document, &bylines[at..], person, site);
    if others.is_empty() { others } else { std::iter::once(person.to_owned()).chain(others).collect() }
}

/// Whom the bylines beside the first name that are labelled as it is: one person each, and nothing else.
fn in_bylines_beside(document: &Document, bylines: &[NodeId], first: &str, site: &[&str]) -> Vec<String> {
    /// Bylines that are looked at, and how far above them what holds them all is, in elements.
    const MOST: usize = 8;
    const LEVELS: usize = 2;
    let label = |node: NodeId| document.attribute(node, "class").filter(|class| !class.trim().is_empty());
    let above = |node: NodeId| std::iter::successors(document.parent(node), |&node| document.parent(node)).take(LEVELS);
    let [own, others @ ..] = bylines else { return Vec::new() };
    let alike = others.iter().take(MOST).take_while(|&&other| {
        label(*own).is_some()
            && label(*own) == label(other)
            && above(*own).any(|holder| above(other).any(|other| other == holder))
    });
    let texts: Vec<String> = alike.map(|&other| fold(&spaced_text(document, other))).collect();
    let names = clean_names(&texts, site);
    // What has more in it than a name is the head of a card.
    let is_list = names == texts && names.iter().all(|name| is_person(name) && name != first);
    if is_list { names } else { Vec::new() }
}

/// Whom the line names that a link to an author stands in, if it names more: "By <a rel=author>Jane Roe</a> and John Doe".
fn in_line_with(document: &Document, links: &[NodeId], linked: &[String], site: &[&str]) -> Option<Vec<String>> {
    const LINE_CHARS: usize = 120;
    let line = document.parent(*links.first()?).map(|line| fold(&spaced_text(document, line)))?;
    let names = Some(line).filter(|line| line.chars().count() <= LINE_CHARS).map(|line| clean_names(&[line], site))?;
    let is_more = names.len() > linked.len() && linked.iter().all(|name| names.contains(name));
    (is_more && names.iter().all(|name| is_person(name))).then_some(names)
}

/// Names that stand where a byline does, with no word in the markup that says so.
fn unlabelled(
    head: &Head,
    context: &Context<'_>,
    site: &[&str],
    reading: Reading<'_>,
) -> Option<(Vec<String>, &'static str)> {
    let document = context.document;
    // "Written by" can be a line of its own, with a line a name below it.
    let lines: Vec<&str> = context.decision.blocks_near_headline(BLOCKS).map(|(text, _)| text).collect();
    let names = said_in(&lines, site, reading, true);
    if !names.is_empty() {
        return Some((names, "text near the headline"));
    }
    let agency = lines.iter().flat_map(|line| sources(line)).map(str::to_owned).collect::<Vec<_>>();
    let names = clean_names(&agency, site);
    if !names.is_empty() && names.iter().all(|name| is_agency(name)) {
        return Some((names, SOURCE));
    }
    let linked: Vec<String> = context
        .decision
        .lines_below_headline(LINES)
        .flat_map(|(_, element)| profiles(document, element, head.base.as_ref()))
        .map(|link| document.text_content(link))
        // "See my full profile".
        .filter(|name| name.split_whitespace().all(|word| word.len() <= 3 || !word.starts_with(char::is_lowercase)))
        .collect();
    let names = clean_names(&linked, site);
    if !names.is_empty() {
        return Some((names, "link to a profile below the headline"));
    }
    let is_site = |name: &str| site.iter().any(|site| site.to_lowercase().contains(&name.to_lowercase()));
    let bare = bare_name(context, reading).filter(|name| !is_site(name));
    let names = bare.map(|name| clean_names(&[name.to_owned()], site)).unwrap_or_default();
    if !names.is_empty() {
        return Some((names, "name below the headline"));
    }
    let opening = context.text.lines().filter(|line| !line.is_empty()).take(2).find_map(reporter_in_dateline);
    let names = opening.map(|name| clean_names(&[name.to_owned()], site)).unwrap_or_default();
    if !names.is_empty() {
        return Some((names, "the story's first line"));
    }
    // "posted by quillan at 10:42 PM": an account that programs for blogs sign with its hour.
    let is_posted = |line: &str| line.to_lowercase().starts_with("posted by ") && line.contains(char::is_numeric);
    let at_end = context.decision.lines_at_end().map(|line| (line, labelled_names(line, site)));
    let at_end = at_end
        .filter(|(line, names)| names.iter().all(|name| is_person(name)) || is_posted(line))
        .map(|(_, names)| names);
    let mut signed = context.decision.colophon().map(|line| signed_names(line, site)).chain(at_end);
    if let Some(names) = signed.find(|names| !names.is_empty()) {
        return Some((names, "sign-off below the story"));
    }
    let in_box = context
        .decision
        .person_below()
        .filter(|&(_, element)| !profiles(document, element, head.base.as_ref()).is_empty());
    let names = in_box.map(|(name, _)| clean_names(&[name.to_owned()], site)).unwrap_or_default();
    if !names.is_empty() {
        return Some((names, "box below the story"));
    }
    let labels: fn(&str) -> bool = |line| says_author(line) || says_by(line);
    let beside = context.decision.lines_beside().into_iter().map(|lines| below_label(&lines, site, labels));
    if let Some(names) = beside.into_iter().find(|names| !names.is_empty()) {
        return Some((names, "label beside the story"));
    }
    let told = context.decision.writers_told_of().filter(|name| is_person(name));
    let names = clean_names(&told.collect::<Vec<_>>(), site);
    (!names.is_empty()).then_some((names, "biography below the story"))
}

/// Names behind a word for "by".
fn said_in(blocks: &[&str], site: &[&str], reading: Reading<'_>, by_lines: bool) -> Vec<String> {
    /// Characters of a block whose lines are looked at one by one.
    const BLOCK_CHARS: usize = 300;
    // Byline and date can be one paragraph, parted by line breaks.
    let of_block = |block: &str| if by_lines && block.len() <= 4 * BLOCK_CHARS { usize::MAX } else { 1 };
    let lines: Vec<&str> = blocks.iter().flat_map(|block| block.splitn(of_block(block), '\n')).map(str::trim).collect();
    let lines = &lines[..];
    let announced = below_label(lines, site, says_by);
    if !announced.is_empty() {
        return announced;
    }
    let labelled = |line: &str| labelled_in(line, site, reading);
    let told = |line: &str| clean_names(&writers(line).into_iter().map(str::to_owned).collect::<Vec<_>>(), site);
    // What a later line says of an author can be of the book that the story is about.
    for (at, line) in lines.iter().enumerate() {
        if !told(line).is_empty() {
            let all: Vec<String> = lines[at..].iter().flat_map(|line| writers(line)).map(str::to_owned).collect();
            return clean_names(&all, site);
        }
        let names = labelled(line);
        if !names.is_empty() {
            return names;
        }
    }
    Vec::new()
}

/// Names behind a word for "by" in one line.
fn labelled_in(line: &str, site: &[&str], reading: Reading<'_>) -> Vec<String> {
    /// A byline's length in characters.
    const LINE_CHARS: usize = 120;
    /// Words of a line that ends as a sentence does, at the most.
    const SENTENCE_WORDS: usize = 10;
    // "By morning we find the water frozen, and that is all."
    let tells = ends_sentence(line) && line.split_whitespace().count() > SENTENCE_WORDS;
    if line.chars().count() > LINE_CHARS || tells {
        return Vec::new();
    }
    let name = reporter(line).or_else(|| glued_to_by(line)).or_else(|| behind_words(line));
    let plain = name.map_or_else(|| with_plain_by(line, reading.language), Cow::Borrowed);
    let names_one = name.is_some() || after_by(&plain).is_some() || has_agency_in_brackets(&plain);
    if names_one { clean_names(&[plain.into_owned()], site) } else { Vec::new() }
}

/// Whom a line of a scraped text's header names: as a byline as a whole, or behind a word for "by".
pub(in crate::extract) fn names_in_line(line: &str, language: &str) -> Vec<String> {
    let told: Vec<String> = writers(line).into_iter().map(str::to_owned).collect();
    let names = clean_names(&told, &[]);
    if names.is_empty() { labelled_in(line, &[], Reading { language, host: "" }) } else { names }
}

/// The name in one of the lines below a scraped text's headline that is a name alone and stands beside a date, or has an
/// office beside it.
pub(in crate::extract) fn bare_name_in<'a>(lines: &[&'a str], at: usize, language: &str) -> Option<&'a str> {
    signed_alone(lines, at, Reading { language, host: "" }, &|| false)
}

/// "Written by" can be a line of its own, with a line a name below it.
fn below_label(lines: &[&str], site: &[&str], is_label: fn(&str) -> bool) -> Vec<String> {
    let names = (0..lines.len()).filter(|&at| is_label(lines[at])).map(|at| {
        let below = lines[at + 1..].iter().take_while(|line| is_person(line) || is_team(line));
        clean_names(&below.map(|&line| line.to_owned()).collect::<Vec<_>>(), site)
    });
    names.into_iter().find(|names| !names.is_empty()).unwrap_or_default()
}

/// The links of an element that lead to the page of one who writes for the site: "/author/jane-roe".
fn profiles(document: &Document, element: NodeId, base: Option<&Url>) -> Vec<NodeId> {
    /// Nodes of an element that are looked at: of a larger one the links are other stories'.
    const MOST_NODES: usize = 40;
    let site = |url: &Url| url.host_str().map(registrable_domain).map(str::to_owned);
    let leads_to_one = |link: &NodeId| {
        let target = base.zip(document.attribute(*link, "href")).and_then(|(base, href)| base.join(href.trim()).ok());
        let is_own = target.as_ref().and_then(site) == base.and_then(site);
        let path = target.as_ref().map(|url| url.path().to_lowercase()).unwrap_or_default();
        let mut steps = path.split('/').filter(|step| !step.is_empty());
        is_own && steps.by_ref().any(|step| PROFILE_PATHS.contains(&step)) && steps.next().is_some()
    };
    // The element can be in the link as well.
    let around = std::iter::successors(Some(element), |&node| document.parent(node)).skip(1).take(2);
    let all =
        document.descendants(element).take(MOST_NODES).chain(around).filter(|&node| document.tag(node) == Some(Tag::A));
    all.filter(leads_to_one).collect()
}

/// A line below the headline that is a name alone and stands beside a date, or has an office behind it.
fn bare_name<'a>(context: &'a Context<'_>, reading: Reading<'_>) -> Option<&'a str> {
    let (lines, elements): (Vec<&str>, Vec<NodeId>) = context.decision.lines_below_headline(LINES).unzip();
    (0..lines.len()).find_map(|at| {
        let is_linked = || {
            let mut below = context.document.descendants(elements[at]).take(ALONE_CHARS);
            below.any(|node| context.document.tag(node) == Some(Tag::A))
        };
        signed_alone(&lines, at, reading, &is_linked)
    })
}

/// What stands before an address of electronic mail: "Jane Roe (jane@roe.example)", "Jane Roe jane at roe.example".
fn before_address(part: &str) -> &str {
    let mut words = part.match_indices(' ').map(|(at, _)| (at, &part[at + 1..]));
    let is_address = |rest: &str| {
        let mut words = rest.split(' ');
        let (first, second, third) = (words.next().unwrap_or_default(), words.next(), words.next());
        first.contains('@') || second == Some("at") && third.is_some_and(|host| host.contains('.'))
    };
    words.find(|(_, rest)| is_address(rest)).map_or(part, |(at, _)| &part[..at])
}

/// Length in characters of a line that is a name alone, with what stands beside it.
const ALONE_CHARS: usize = 90;

/// The name that a line is alone, beside a date or before an office; `is_linked` says whether a link stands in it, which may
/// lead to a section.
fn signed_alone<'a>(
    lines: &[&'a str],
    at: usize,
    reading: Reading<'_>,
    is_linked: &dyn Fn() -> bool,
) -> Option<&'a str> {
    let line = lines[at];
    let is_short = |line: &str| line.chars().count() <= ALONE_CHARS;
    let is_dated =
        |line: Option<&&str>| line.is_some_and(|line| is_short(line) && dates::read(line, reading).is_some());
    let (name, office) = line.split_once(',').map_or((line, None), |(name, office)| (name, Some(office)));
    let has_office =
        || office.is_some_and(|office| office.to_lowercase().split_whitespace().next_back().is_some_and(is_role));
    let is_beside_date = || {
        is_dated(office.as_ref())
            || office.is_none()
                && (is_dated(lines.get(at + 1)) || at.checked_sub(1).is_some_and(|at| is_dated(lines.get(at))))
    };
    // "Jane Roe | Staff Writer | July 2, 2025", "July 2, 2025 · 5 min · Jane Roe"; a section is a link there.
    let parts = line.split(['|', '·', '•', '\n']).flat_map(|part| part.split(" / "));
    let parts = parts.flat_map(|part| part.split(" – ")).flat_map(|part| part.split(" — "));
    // Archives of mailing lists have the address behind the name.
    let parts: Vec<&str> = parts.map(|part| before_address(part.trim())).collect();
    let (first, last) = (parts[0], parts[parts.len() - 1]);
    let has = |rest: &[&str], roles: bool| {
        is_short(line)
            && rest
                .iter()
                .any(|part| is_dated(Some(part)) || roles && (is_role(&part.to_lowercase()) || is_described(part)))
    };
    let is_person = |name: &str| is_person(name) || is_wire(name);
    let signed = || {
        let is_last = || is_person(last) && has(&parts[..parts.len() - 1], false) && !is_linked();
        let first = Some(first).filter(|name| is_person(name) && has(&parts[1..], true));
        first.or_else(|| Some(last).filter(|_| is_last()))
    };
    // "Jane Roe 3 March 2026", which only the look of the page parts.
    let before_day = || {
        let ends = line.match_indices(' ').map(|(at, _)| at).filter(|_| is_short(line));
        ends.map(|at| line.split_at(at))
            .find(|(name, day)| is_person(name) && dates::is_bare(day, reading) && dates::read(day, reading).is_some())
            .map(|(name, _)| name)
    };
    let is_above_office = || office.is_none() && lines.get(at + 1).is_some_and(|line| is_described(line));
    if is_person(name) && (has_office() || is_beside_date() || is_above_office()) {
        Some(name)
    } else {
        signed().or_else(before_day)
    }
}

/// Whether a name is an agency's: "Harbour News Agency".
fn is_wire(name: &str) -> bool {
    name.starts_with(char::is_uppercase)
        && [" Agency", " Newswire", " News Service"].iter().any(|end| name.ends_with(end))
}

fn is_below(document: &Document, node: NodeId, above: NodeId) -> bool {
    let mut at = document.parent(node);
    while let Some(parent) = at {
        if parent == above {
            return true;
        }
        at = document.parent(parent);
    }
    false
}
