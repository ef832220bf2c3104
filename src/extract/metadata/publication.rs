//! When it was published and when it was changed: where pages say so, in the order in which they are believed.

use super::date_lines::{Line, says_published, says_updated};
use super::dates::{self, Reading, Written};
use super::first_post;
use super::head::{Head, is_inside, is_labelled_above};
use super::json_ld::Node;
use super::page_type;
use super::relative_dates;
use super::url_dates;
use super::{Context, STATE};
use crate::extract::content::PhraseTable;
use crate::extract::pictures::fold;
use crate::markup::{Document, NodeId, Tag};
use crate::model::{ArticleDate, PageType};
use jiff::civil::Date;
use jiff::tz::Offset;
use jiff::{SignedDuration, Timestamp};
use std::sync::LazyLock;

/// Publication and change, each with its source.
#[derive(Debug, Default)]
pub(super) struct FoundDates {
    pub(super) published: Option<(ArticleDate, &'static str)>,
    pub(super) modified: Option<(ArticleDate, &'static str)>,
}

/// How far ahead of the moment of fetching a clock may run that is only set wrong.
const CLOCK_SKEW: SignedDuration = SignedDuration::from_hours(24);

/// Blocks around the headline in which a visible date is looked for.
const DATE_REACH: usize = 14;

/// Longest text beside the headline, in characters, that is no paragraph, whose dates are of what it tells.
const LINE_CHARS: usize = 90;

/// The source of a day that a line near the headline calls that of publication.
const SAYS_SO: &str = "text near the headline, which says so";

/// Lines of a block that holds the headline and what is known of the story.
const MOST_LINES: usize = 6;

/// Meta tags that are for the day of publication.
const PUBLISHED_METAS: &[&str] = &[
    "article:published_time",
    "og:article:published_time",
    "article:published",
    "og:published_time",
    "og:pubdate",
    "datepublished",
    "parsely-pub-date",
    "sailthru.date",
    "dcterms.created",
    "dc.date.issued",
    "dc.date.created",
    "dcterms.issued",
    "pubdate",
    "publish-date",
    "publish_date",
    "publication_date",
    "publicationdate",
    "publishdate",
    "article_date_original",
    "cxenseparse:recs:publishtime",
    "cxenseparse:publishtime",
    "originalpublicationdate",
    "date_published",
    "published",
    "published_date",
    "publisheddate",
    "release_date",
    "displaydate",
    "created",
    "datecreated",
    "citation_publication_date",
    "citation_date",
    "citation_online_date",
    "article.published",
    "article.created",
    "pub_date",
    "rnews:datepublished",
    "vr:published_time",
    "news_publish_date",
    "article:post_date",
];

/// How the names of other meta tags for that day end, their letters alone: sites put names of their own before.
const PUBLISHED_ENDINGS: &[&str] = &[
    "publishedtime",
    "publishedat",
    "publisheddate",
    "publishdate",
    "publishtime",
    "publicationdate",
    "publicationtime",
    "datepublished",
    "firstpublished",
    "releasedate",
    "createddate",
    "createdate",
    "datecreated",
    "pubdate",
    "datepub",
];

/// Meta tags that hold some date of the page: what readers see comes first.
const DATE_METAS: &[&str] = &["dcterms.date", "dc.date", "date"];

const MODIFIED_METAS: &[&str] = &[
    "article:modified_time",
    "og:article:modified_time",
    "article:modified",
    "og:updated_time",
    "datemodified",
    "last-modified",
    "dcterms.modified",
    "dc.date.modified",
    "lastmod",
    "revision_date",
];

/// How the names of other meta tags for the day of the last change end, their letters alone.
const MODIFIED_ENDINGS: &[&str] = &[
    "modifiedtime",
    "modifieddate",
    "modificationdate",
    "datemodified",
    "dateupdated",
    "updateddate",
    "updatedtime",
    "updatedat",
    "lastupdated",
    "lastmodified",
];

/// What alone stands before a date that is the page's own, wherever on it that is.
const DATE_LABELS: &[&str] =
    &["stand", "datum", "date", "fecha", "data", "дата", "ngày", "tarih", "日期", "日付", "تاریخ", "التاريخ"];

/// What was found so far.
struct Search<'a> {
    reading: Reading<'a>,
    now: Option<Timestamp>,
    published: Option<(ArticleDate, &'static str)>,
    /// The first date that the page shows as that of a change.
    updated: Option<(ArticleDate, &'static str)>,
    /// Everything that was read, for what it can say of the first one's offset.
    all: Vec<Written>,
    /// The day of a change that the page's footer gives.
    in_footer: Option<(ArticleDate, &'static str)>,
    /// Days on which what the page announces takes place.
    events: Vec<Date>,
}

impl Search<'_> {
    /// The date if it can be: of `3/4/2026` the reading that is not in the future.
    fn possible(&self, mut written: Written) -> Option<Written> {
        if let Some(day) = written.swapped.filter(|_| !self.believable(&written.date)) {
            written = Written { date: ArticleDate::Day(day), clock: None, swapped: None };
        }
        self.believable(&written.date).then_some(written)
    }

    fn believable(&self, date: &ArticleDate) -> bool {
        self.now.is_none_or(|now| date.instant() <= now.saturating_add(CLOCK_SKEW).unwrap_or(Timestamp::MAX))
    }

    /// A value that a program wrote.
    fn declared(&mut self, text: Option<String>, source: &'static str) {
        let written = text.and_then(|text| dates::written(&text, self.reading));
        if let Some(written) = written.and_then(|written| self.possible(written)) {
            self.take(written, source);
        }
    }

    /// A line that readers see.
    fn shown(&mut self, text: &str, source: &'static str) {
        let line = Line::read(text, self.reading);
        let is_event =
            |written: &Written| self.events.contains(&written.date.day()) && !says_published(&text.to_lowercase());
        let published = line.published.filter(|written| !is_event(written));
        if let Some(written) = published.and_then(|written| self.possible(written)) {
            self.take(written, source);
        }
        if let Some(written) = line.updated.and_then(|written| self.possible(written)) {
            self.take_update(written, source);
        }
    }

    fn take_update(&mut self, written: Written, source: &'static str) {
        self.all.push(written);
        match self.updated {
            Some((known, _)) if known.has_time() || !written.date.has_time() || known.day() != written.date.day() => {}
            _ => self.updated = Some((written.date, source)),
        }
    }

    fn take(&mut self, written: Written, source: &'static str) {
        self.all.push(written);
        match self.published {
            None => self.published = Some((written.date, source)),
            // A later source that gives the hour of the same day completes the first.
            Some((known, _)) if !known.has_time() && written.date.has_time() && known.day() == written.date.day() => {
                self.published = Some((written.date, source));
            }
            Some(_) => {}
        }
    }

    /// Of `3/4/2026` the reading that another date of the page confirms, which can be read in one way only.
    fn settle_order(&mut self, in_url: Option<ArticleDate>) {
        if let Some((ArticleDate::Day(day), source)) = self.published
            && let Some(other) = self.all.iter().find(|it| it.date == ArticleDate::Day(day)).and_then(|it| it.swapped)
            && (self.all.iter().any(|it| it.swapped.is_none() && it.date.day() == other)
                || in_url.is_some_and(|date| date.day() == other))
            && !self.all.iter().any(|it| it.swapped.is_none() && it.date.day() == day)
        {
            self.published = Some((ArticleDate::Day(other), source));
        }
    }

    fn is_open(&self) -> bool {
        self.published.is_none()
    }
}

/// Chooses both dates.
pub(super) fn choose(head: &Head, node: Option<&Node<'_>>, context: &Context<'_>, reading: Reading<'_>) -> FoundDates {
    let document = context.document;
    let body = context.decision.body_node();
    let mut search = Search {
        reading,
        now: context.now,
        published: None,
        updated: None,
        all: Vec::new(),
        in_footer: None,
        events: events(head, reading),
    };
    declared_days(head, node, context, &mut search);
    let kind = page_type::declared(head, node, context.url, false).map(|(kind, _)| kind);
    if search.is_open() && kind == Some(PageType::Forum) {
        for line in first_post::lines(context) {
            search.shown(&line, "line of the first post");
        }
    }
    let mut same_days = Vec::new();
    time_elements(head, document, body, &mut search, &mut same_days);
    let near = lines_near_headline(context);
    near_headline(&near, &mut search);
    if let Some((written, source)) = shown_before_the_declared(head, node, context, &search) {
        search.published = Some((written.date, source));
    }
    // A page that shows nothing but the day of a change has no better one.
    let is_manual = kind == Some(PageType::Documentation);
    let shown_update = search.updated.filter(|_| !is_manual);
    // The last publication is a change, and of several the first is the publication.
    let others = head.metas_ending(PUBLISHED_ENDINGS).filter(|(name, _)| !name.contains("last"));
    let first = others.filter_map(|(_, content)| search.possible(dates::written(content, reading)?));
    if let Some(written) = first.min_by_key(|written| written.date.instant()) {
        search.take(written, "meta");
    }
    for name in DATE_METAS {
        search.declared(head.meta(&[name]).map(str::to_owned), "meta");
    }
    for element in head.property("datePublished").take(3) {
        search.declared(own_date(document, element), "microdata");
    }
    let labelled = labelled_lines(head, document, body);
    for text in &labelled {
        search.shown(text, "element labelled as a date");
    }
    let in_url = context.url.and_then(|url| url_dates::in_url(url.as_str())).filter(|date| search.believable(date));
    // An address is made at the first publication; what the page declares can be that of a copy or a change.
    let is_first = |day: &ArticleDate| match search.published {
        Some((date, _)) => {
            is_long_before(*day, date) && context.url.is_some_and(|url| url_dates::is_folder(url, day.day()))
        }
        None => true,
    };
    if let Some(day) = in_url.filter(is_first) {
        search.published = Some((day, "URL"));
    }
    if search.is_open() {
        search.published = shown_update;
    }
    if search.is_open() {
        for text in context.decision.datelines().chain(context.decision.short_blocks_with_digits()) {
            search.shown(text, "text of the page");
            if !search.is_open() {
                break;
            }
        }
    }
    if search.is_open() {
        labelled_anywhere(document, &mut search);
    }
    if search.is_open() && !is_manual {
        search.published = search.updated;
    }
    if search.is_open() {
        in_title_below_headline(document, context, &mut search);
    }
    if let (true, Some(now)) = (search.is_open(), context.now) {
        let lines = near.iter().map(|(text, _)| *text).chain(labelled.iter().map(String::as_str));
        let lines = lines.filter(|text| text.chars().count() <= LINE_CHARS);
        let day = lines.into_iter().find_map(|line| relative_dates::day(line, now));
        search.published = day.map(|day| (ArticleDate::Day(day), "words that count back from the fetch"));
    }
    search.settle_order(in_url);
    if let Some((ArticleDate::Utc(instant) | ArticleDate::Moment(instant, Offset::UTC), source)) = search.published {
        same_days.extend(in_url.map(|date| date.day()));
        if let Some(date) = in_own_offset(instant, &search.all, &same_days) {
            search.published = Some((date, source));
        }
    }
    if is_manual {
        below_a_manuals_text(context, &mut search);
    }
    let modified = modified(head, node, context, &search);
    FoundDates { published: search.published, modified }
}

/// What the page declares: JSON-LD, the meta tags for the day of publication, its state, and a date that ends its title.
fn declared_days(head: &Head, node: Option<&Node<'_>>, context: &Context<'_>, search: &mut Search<'_>) {
    search.declared(node.and_then(|node| node.text("datePublished")), "JSON-LD");
    for name in PUBLISHED_METAS {
        search.declared(head.meta(&[name]).map(str::to_owned), "meta");
    }
    search.declared(node.and_then(|node| node.text("dateCreated").or_else(|| node.text("uploadDate"))), "JSON-LD");
    search.declared(context.told.published.clone(), STATE);
    let title = head.meta(&["og:title"]).unwrap_or(head.document_title());
    search.declared(date_tail(title).map(str::to_owned), "end of the title");
}

/// What the lines around the headline show.
fn near_headline(near: &[(&str, bool)], search: &mut Search<'_>) {
    // What says that it is the day of publication comes before what only is a day: one of a life, of the clock above.
    let says =
        near.iter().filter(|(text, _)| text.chars().count() <= LINE_CHARS && says_published(&text.to_lowercase()));
    for (text, _) in says {
        search.shown(text, SAYS_SO);
    }
    let bylines_first = near.iter().filter(|&&(_, is_byline)| is_byline).map(|&(text, _)| (text, "byline"));
    let others = near.iter().filter(|&&(text, is_byline)| !is_byline && text.chars().count() <= LINE_CHARS);
    for (text, source) in bylines_first.chain(others.map(|&(text, _)| (text, "text near the headline"))) {
        search.shown(text, source);
    }
}

/// The day of the last change that a page of a manual or a wiki gives below its text: they say there when it was changed, and
/// not when it was first published.
fn below_a_manuals_text(context: &Context<'_>, search: &mut Search<'_>) {
    if search.updated.is_some() || search.in_footer.is_some() {
        return;
    }
    // "© the developers. Last updated on 3 March 2026. | Powered by a program".
    let lines = context.decision.lines_behind_with_digits().flat_map(|line| line.split('|'));
    let lines = lines.flat_map(|line| line.split(". ")).map(|line| Line::read(line, search.reading));
    let found = lines.filter(|line| line.published.is_none()).find_map(|line| search.possible(line.updated?));
    search.in_footer = found.map(|written| (written.date, "line below the page's text"));
}

/// The lines around the headline, the nearest first and below it before above, and whether each is in a byline.
fn lines_near_headline<'a>(context: &'a Context<'_>) -> Vec<(&'a str, bool)> {
    let near: Vec<(&str, bool)> = context.decision.blocks_near_headline(DATE_REACH).collect();
    let headline = context.decision.headline().map(|(text, _)| text);
    let at = headline.and_then(|own| near.iter().position(|&(text, _)| text == own)).unwrap_or(0);
    let mut places: Vec<usize> = (0..near.len()).filter(|&place| Some(near[place].0) != headline).collect();
    places.sort_by_key(|&place| (place.abs_diff(at), place < at));
    let mut lines: Vec<(&str, bool)> = places.into_iter().map(|place| near[place]).collect();
    // Headline, byline and date can be one block, parted by line breaks.
    let own = headline.filter(|own| own.len() <= MOST_LINES * LINE_CHARS).unwrap_or_default();
    lines.splice(0..0, own.split('\n').skip(1).take(MOST_LINES).map(|line| (line.trim(), false)));
    lines
}

/// The days that the page gives for something that it announces.
fn events(head: &Head, reading: Reading<'_>) -> Vec<Date> {
    const TYPES: [&str; 8] = [
        "Event",
        "MusicEvent",
        "TheaterEvent",
        "SportsEvent",
        "BusinessEvent",
        "EducationEvent",
        "ExhibitionEvent",
        "Festival",
    ];
    let nodes = TYPES.iter().filter_map(|kind| head.json_ld.of_type(kind));
    let texts = nodes.flat_map(|node| ["startDate", "endDate"].map(|key| node.text(key))).flatten();
    texts.filter_map(|text| dates::read(&text, reading)).map(|date| date.day()).collect()
}

/// The whole date that an element below the headline has as its title, where its words count back: "3 days ago".
fn in_title_below_headline(document: &Document, context: &Context<'_>, search: &mut Search<'_>) {
    /// Lines below the headline, and nodes of each that are looked at.
    const LINES: usize = 6;
    const MOST_NODES: usize = 40;
    for (_, element) in context.decision.lines_below_headline(LINES) {
        for node in document.descendants(element).take(MOST_NODES) {
            if let Some(title) = document.attribute(node, "title").filter(|title| title.len() <= LINE_CHARS) {
                search.shown(title, "title of a line below the headline");
            }
        }
    }
}

/// The words of the elements whose labels call them dates, and of bylines with digits.
fn labelled_lines(head: &Head, document: &Document, body: Option<NodeId>) -> Vec<String> {
    let mut labelled: Vec<String> = head
        .date_elements
        .iter()
        .take(30)
        .filter(|&&element| is_own(document, element, body))
        .map(|&element| titled(document, element).unwrap_or_else(|| fold(&document.text_content(element))))
        .filter(|text| text.chars().count() <= 200)
        .collect();
    let bylines = head.byline_elements.iter().take(10).filter(|&&element| is_own(document, element, body));
    labelled.extend(
        bylines
            .map(|&element| fold(&document.text_content(element)))
            .filter(|text| text.chars().count() <= LINE_CHARS && text.chars().any(char::is_numeric)),
    );
    labelled
}

/// The moment that an abbreviation's title gives for its words: `<abbr title="2026-03-04T09:00:00+01:00">4 March</abbr>`.
fn titled(document: &Document, element: NodeId) -> Option<String> {
    /// Digits of a date and an hour at the least.
    const DIGITS: usize = 8;
    let title = document.attribute(element, "title").map(str::trim)?;
    let digits = title.chars().filter(|c| c.is_numeric()).count();
    (digits >= DIGITS && title.len() <= LINE_CHARS).then(|| title.to_owned())
}

/// The day of publication that a line below the headline gives, where it lies long before the one that is declared: where
/// that is the day of the last change too, because programs that know but the change declare it as both; and where the
/// line says that this is the day of publication, or nothing but the day.
fn shown_before_the_declared(
    head: &Head,
    node: Option<&Node<'_>>,
    context: &Context<'_>,
    search: &Search<'_>,
) -> Option<(Written, &'static str)> {
    /// Lines below the headline that can be its date's, and how long in characters: hardly more than the date.
    const LINES: usize = 4;
    const CHARS: usize = 40;
    let (declared, _) = search.published.filter(|&(_, source)| source != SAYS_SO)?;
    let [in_json_ld, in_meta] = declared_changes(head, node);
    let change = in_json_ld.0.or(in_meta.0).and_then(|text| dates::read(&text, search.reading));
    let (headline, _) = context.decision.headline()?;
    let near = context.decision.blocks_near_headline(DATE_REACH).map(|(text, _)| text);
    let below = near.skip_while(|&text| text != headline).skip(1).take(LINES);
    let is_the_changes = change.is_some_and(|change| change.day() == declared.day());
    let says_publication = |text: &str| dates::is_bare(text, search.reading) || says_published(&text.to_lowercase());
    let lines = below.filter(|text| text.chars().count() <= CHARS && (is_the_changes || says_publication(text)));
    let shown = lines.filter_map(|text| Line::read(text, search.reading).published);
    let labelled = || is_the_changes.then(|| time_called_publication(head, context, search.reading)).flatten();
    let shown = shown.chain(std::iter::once_with(labelled).flatten()).find_map(|it| search.possible(it))?;
    let source = if is_the_changes {
        "below the headline: declared is the day of the change for both"
    } else {
        "below the headline, as the day of publication"
    };
    is_long_before(shown.date, declared).then_some((shown, source))
}

/// The first `<time>` of the article that the words before it call the day of publication, wherever it stands.
fn time_called_publication(head: &Head, context: &Context<'_>, reading: Reading<'_>) -> Option<Written> {
    /// Most of the page's source in which such a line stands, in bytes.
    const MOST_SOURCE: usize = 400;
    let document = context.document;
    let body = context.decision.body_node();
    let is_called = |element: NodeId| {
        let line = document.parent(element).and_then(|parent| document.short_text(parent, MOST_SOURCE));
        line.is_some_and(|line| line.chars().count() <= LINE_CHARS && says_published(&line.to_lowercase()))
    };
    let mut times = head.times.iter().copied().filter(|&element| is_called(element) && is_own(document, element, body));
    times.find_map(|element| dates::written(&own_date(document, element)?, reading))
}

/// What the page declares as the moment of its last change.
fn declared_changes(head: &Head, node: Option<&Node<'_>>) -> [(Option<String>, &'static str); 2] {
    let named = || head.metas_ending(MODIFIED_ENDINGS).next().map(|(_, content)| content);
    [
        (node.and_then(|node| node.text("dateModified")), "JSON-LD"),
        (head.meta(MODIFIED_METAS).or_else(named).map(str::to_owned), "meta"),
    ]
}

fn modified(
    head: &Head,
    node: Option<&Node<'_>>,
    context: &Context<'_>,
    search: &Search<'_>,
) -> Option<(ArticleDate, &'static str)> {
    let [in_json_ld, in_meta] = declared_changes(head, node);
    let candidates = [
        in_json_ld,
        in_meta,
        (head.property("dateModified").find_map(|element| own_date(context.document, element)), "microdata"),
        (context.told.modified.clone(), STATE),
    ];
    candidates
        .into_iter()
        .find_map(|(text, source)| Some((dates::read(&text?, search.reading)?, source)))
        .filter(|(date, _)| search.believable(date))
        .or(search.updated)
        .or(search.in_footer)
        // A change before the publication is a template's mistake.
        .filter(|(date, _)| search.published.is_none_or(|(published, _)| date.day() >= published.day()))
}

/// `<time>` elements outside of the page's frame, its comments and its pointers to other articles. `same_days` takes the
/// days that their words give for the moments in their attributes.
fn time_elements(
    head: &Head,
    document: &Document,
    body: Option<NodeId>,
    search: &mut Search<'_>,
    same_days: &mut Vec<Date>,
) {
    for &element in head.times.iter().take(40) {
        if !is_own(document, element, body) {
            // Manuals say in the page's footer when it was changed.
            let written = own_date(document, element).and_then(|text| dates::written(&text, search.reading));
            if is_inside(document, element, &[Tag::Footer]) && is_called_update(document, element) {
                search.in_footer = search.in_footer.or(written.map(|written| (written.date, "time in the footer")));
            }
            continue;
        }
        // Its own class says which day it is, or that of its parent.
        let is_update = [Some(element), document.parent(element)].into_iter().flatten().find_map(|element| {
            let class = document.attribute(element, "class")?.to_ascii_lowercase();
            let published = class.contains("publish");
            (published || class.contains("updated") || class.contains("modified")).then_some(!published)
        });
        let is_update = is_update.or_else(|| is_called_update(document, element).then_some(true));
        let Some(text) = own_date(document, element) else { continue };
        let Some(written) = dates::written(&text, search.reading).and_then(|it| search.possible(it)) else {
            continue;
        };
        if is_update == Some(true) {
            search.take_update(written, "time");
            continue;
        }
        search.take(written, "time");
        let words = fold(&document.text_content(element));
        if let Some(shown) = Line::read(&words, search.reading).published.filter(|_| words != text) {
            if search.published.is_some_and(|(date, _)| date.instant() == written.date.instant()) {
                same_days.push(shown.date.day());
            }
            search.all.push(shown);
        }
    }
}

/// Whether the words around a `<time>` say that it is the day of a change: "Last updated <time>".
fn is_called_update(document: &Document, element: NodeId) -> bool {
    /// Most of the page's source in which such a line stands, in bytes.
    const MOST_SOURCE: usize = 400;
    let line = document.parent(element).and_then(|parent| document.short_text(parent, MOST_SOURCE));
    line.is_some_and(|line| line.chars().count() <= LINE_CHARS && says_updated(&fold(&line).to_lowercase()))
}

/// Whether one day lies further before another than a night shift and the world's offsets from UTC can put it.
fn is_long_before(one: ArticleDate, other: ArticleDate) -> bool {
    const DAYS: i32 = 2;
    (other.day() - one.day()).get_days() > DAYS
}

/// A moment that was given in UTC, as the publisher reckons it: another source gives the same moment with its offset, or
/// the hour on the clock, or the neighbouring day.
fn in_own_offset(instant: Timestamp, all: &[Written], days: &[Date]) -> Option<ArticleDate> {
    /// Offsets that are in use, in minutes, from the whole hours apart.
    const ODD_OFFSETS: [i64; 12] = [-570, -210, 210, 270, 330, 345, 390, 525, 570, 630, 765, 825];
    const HOURS: std::ops::RangeInclusive<i64> = -12..=14;
    let minute = |instant: Timestamp| instant.as_second().div_euclid(60);
    let same = all.iter().find_map(|written| match written.date {
        ArticleDate::Moment(other, offset) if offset != Offset::UTC && minute(other) == minute(instant) => {
            Some(ArticleDate::Moment(instant, offset))
        }
        _ => None,
    });
    let by_clock = || {
        all.iter().filter_map(|written| written.clock).find_map(|clock| {
            let local = Offset::UTC.to_timestamp(clock).ok()?;
            let minutes = minute(local) - minute(instant);
            let in_use = minutes % 60 == 0 && HOURS.contains(&(minutes / 60)) || ODD_OFFSETS.contains(&minutes);
            (in_use && minutes != 0).then_some(())?;
            let offset = Offset::from_seconds(i32::try_from(minutes * 60).ok()?).ok()?;
            Some(ArticleDate::Moment(instant, offset))
        })
    };
    // The day before or after, at an hour at which it can be that day somewhere.
    let by_day = || {
        let moment = Offset::UTC.to_datetime(instant);
        let in_use = |day: &&Date| {
            let hour = i64::from(moment.hour());
            moment.date().tomorrow().is_ok_and(|next| next == **day) && hour >= 24 - HOURS.end()
                || moment.date().yesterday().is_ok_and(|last| last == **day) && hour < -HOURS.start()
        };
        days.iter().find(in_use).map(|&day| ArticleDate::Day(day))
    };
    same.or_else(by_clock).or_else(by_day)
}

/// What class names and ids call what is beside an article.
static OTHERS: LazyLock<PhraseTable> =
    LazyLock::new(|| PhraseTable::new(&[&["comment", "related", "recommend", "teaser", "sidebar", "nav", "menu"]]));

/// Whether an element belongs to the article, not to the page's frame, to a comment or to another article.
fn is_own(document: &Document, element: NodeId, body: Option<NodeId>) -> bool {
    let mut at = document.parent(element);
    while let Some(above) = at {
        let tag = document.tag(above);
        // The page's own names tell of what else is on it, and those of what holds the whole body of nothing in it.
        if matches!(tag, Some(Tag::Main | Tag::Body)) || at == body {
            return true;
        }
        let labels = [document.attribute(above, "class"), document.attribute(above, "id")];
        // An article has a footer of its own, with its date in it now and then.
        let is_frame = match tag {
            Some(Tag::Footer) => body.is_none_or(|body| !shares_article(document, above, body)),
            tag => matches!(tag, Some(Tag::Aside | Tag::Nav)),
        };
        if is_frame || labels.into_iter().flatten().any(|label| OTHERS.matches(label) != 0) {
            return false;
        }
        if tag == Some(Tag::Article) {
            return !is_inside(document, above, &[Tag::Aside, Tag::Footer, Tag::Nav]);
        }
        at = document.parent(above);
    }
    true
}

/// Whether the nearest article around an element is around the body, too.
fn shares_article(document: &Document, element: NodeId, body: NodeId) -> bool {
    let above = |node| std::iter::successors(Some(node), |&node| document.parent(node));
    let article = above(element).find(|&node| document.tag(node) == Some(Tag::Article));
    article.is_some_and(|article| above(body).any(|node| node == article))
}

/// The date that is all of what stands behind the last separator of a title.
fn date_tail(title: &str) -> Option<&str> {
    const MOST_CHARS: usize = 20;
    let tail = title.rsplit(['|', '–', '—', '·']).next()?.trim();
    let is_date = tail.len() < title.len()
        && tail.chars().count() <= MOST_CHARS
        && tail.chars().filter(|c| c.is_numeric()).count() >= 5
        && !tail.contains(':');
    is_date.then_some(tail)
}

/// The first date anywhere on the page that a word before it calls the page's own: "Stand: 5. 3. 2024".
fn labelled_anywhere(document: &Document, search: &mut Search<'_>) {
    /// Longest line, in bytes.
    const MOST: usize = 400;
    /// Longest label whose date is not in the same text, in bytes.
    const MOST_ALONE: usize = 80;
    /// Most of the page's source in which such a line stands, in bytes: indents are no part of it.
    const MOST_SOURCE: usize = 4 * MOST;
    /// Labels that are looked at: a page has few, unless it is made to keep its reader busy.
    const MOST_LABELS: usize = 1000;
    let mut labels = 0;
    for node in document.descendants(NodeId::ROOT) {
        let Some(text) = document.text(node).map(str::trim) else { continue };
        if text.len() > MOST || text.len() < 4 {
            continue;
        }
        let has_number = text.chars().any(char::is_numeric);
        if !has_number && text.len() > MOST_ALONE {
            continue;
        }
        let Some(parent) = document.parent(node) else { continue };
        if matches!(document.tag(parent), Some(Tag::Script | Tag::Style)) || !text.chars().any(char::is_alphabetic) {
            continue;
        }
        let lower = text.to_lowercase();
        let word = lower.trim_start_matches(|c: char| !c.is_alphanumeric());
        let label = word.split(|c: char| c == ':' || c.is_whitespace() || c.is_numeric()).next().unwrap_or_default();
        let is_label = DATE_LABELS.contains(&label) || says_published(&lower);
        if !is_label {
            continue;
        }
        labels += 1;
        if labels > MOST_LABELS {
            return;
        }
        if is_labelled_above(document, node, &["comment", "related", "recommend", "teaser"]) {
            continue;
        }
        if has_number {
            search.shown(text, "label on the page");
        } else {
            // "Date: <a>5 March 2024</a>" and "<b>Date</b> 5 March 2024".
            let places = [document.next_sibling(node), document.parent(parent)].into_iter().flatten();
            let mut lines = places.filter_map(|place| document.short_text(place, MOST_SOURCE)).map(|line| fold(&line));
            if let Some(line) = lines.find(|line| line.len() <= MOST && line.contains(char::is_numeric)) {
                search.shown(&format!("{text} {line}"), "label on the page");
            }
        }
        if !search.is_open() {
            return;
        }
    }
}

/// The date that an element gives: `datetime`, `content`, or its words.
fn own_date(document: &Document, element: NodeId) -> Option<String> {
    ["datetime", "content", "data-datetime", "title"]
        .iter()
        .find_map(|name| document.attribute(element, name))
        .map(str::trim)
        .filter(|text| text.bytes().any(|byte| byte.is_ascii_digit()))
        .map(str::to_owned)
        .or_else(|| Some(fold(&document.text_content(element))).filter(|text| !text.is_empty()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn utc_becomes_the_publishers_own_reckoning() {
        let instant: Timestamp = "2026-02-25T02:25:54Z".parse().unwrap();
        let reading = Reading { language: "en", host: "" };
        let own = |texts: &[&str], days: &[&str]| {
            let all: Vec<Written> = texts.iter().map(|text| dates::written(text, reading).unwrap()).collect();
            let days: Vec<Date> = days.iter().map(|day| day.parse().unwrap()).collect();
            in_own_offset(instant, &all, &days).map(|date| date.to_string())
        };
        assert_eq!(own(&["2026-02-25T03:25:54+01:00"], &[]).as_deref(), Some("2026-02-25T03:25:54+01:00"));
        assert_eq!(own(&["February 24, 2026 9:25 pm"], &[]).as_deref(), Some("2026-02-24T21:25:54-05:00"));
        assert_eq!(own(&["25 February 2026, 07:55"], &[]).as_deref(), Some("2026-02-25T07:55:54+05:30"));
        assert_eq!(own(&[], &["2026-02-24"]).as_deref(), Some("2026-02-24"));
        // Another hour, another day: other dates.
        assert_eq!(own(&["24 February 2026, 21:31"], &["2026-02-26", "2026-02-23"]), None);
    }

    #[test]
    fn words_that_count_back_need_the_moment_of_the_fetch() {
        use crate::extract::{Input, Options, clean};
        let page = "<title>Fähre fährt wieder</title><article><h1>Fähre fährt wieder</h1><p class=date>vor 3 Tagen</p>\
                    <p>Die Fähre fährt seit Montag wieder, und auf dem Anleger standen am frühen Morgen vierzig Leute mit \
                    Rädern, Körben und zwei Ziegen.</p></article>";
        let published = |fetched: Option<Timestamp>| {
            let input = Input { bytes: page.as_bytes(), fetched, ..Input::default() };
            clean(&input, &Options::default()).unwrap().article.published.map(|date| date.to_string())
        };
        assert_eq!(published("2026-05-20T10:00:00Z".parse().ok()).as_deref(), Some("2026-05-17"));
        assert_eq!(published(None), None);
    }
}
