//! Which article a page is. An address keeps the article that it gave before; a new one is taken for the article whose
//! address the page names as its own, unless that one is plainly another: templates name the section, the home page or the
//! story before by mistake.

use super::CrawlError;
use super::writer::Fresh;
use crate::frontier::{Frontier, KnownArticle, State};
use crate::model::{Article, CanonicalUrl};
use std::collections::HashSet;

/// Share of the words of two headlines in common under which they are two stories' headlines. AMP pages and those for print
/// have the same, or one that an editor touched; papers write many that differ in a name.
const SAME_HEADLINE: f32 = 0.75;

/// Bytes of a word that tells something, at the least: "after a long" is in any headline. A sign of Chinese has three, and so
/// no notice is told there.
const TELLING_BYTES: usize = 4;

/// Words of a story under which a page that took its place may be a notice.
pub(super) const NOTICE_WORDS: usize = 100;

/// Gives an article the id that it goes by, and says what is known of that id. `known` looks one up.
pub(super) fn settle(
    fresh: &mut Fresh,
    known: impl Fn(&str) -> Result<Option<KnownArticle>, CrawlError>,
) -> Result<Option<KnownArticle>, CrawlError> {
    if let Some(before) = fresh.lease.article.as_ref().filter(|before| before.id != fresh.article.id) {
        fresh.article.id.clone_from(&before.id);
        fresh.aliases.retain(|alias| alias.article_id() == before.id || fresh.hops.contains(alias));
        return known(&before.id);
    }
    let found = known(&fresh.article.id)?;
    let is_other = |known: &KnownArticle| fresh.lease.article.is_none() && tells_another(known, &fresh.article);
    if !found.as_ref().is_some_and(is_other) {
        return Ok(found);
    }
    fresh.aliases.retain(|alias| fresh.hops.contains(alias));
    fresh.article.canonical_url = None;
    fresh.article.id = fresh.final_url.article_id();
    let own = known(&fresh.article.id)?;
    if own.as_ref().is_some_and(|own| tells_another(own, &fresh.article)) {
        // Another story took this one's address for its own before.
        fresh.article.id = fresh.article.content_hash.chars().take(16).collect();
        return known(&fresh.article.id);
    }
    Ok(own)
}

/// The address that a page gives as its article's, where that has been fetched by itself and gave the same article: it
/// stands for this one.
pub(super) fn stands_for(fresh: &Fresh, frontier: &dyn Frontier) -> Result<Option<CanonicalUrl>, CrawlError> {
    let is_own = |alias: &&CanonicalUrl| {
        alias.article_id() == fresh.article.id && **alias != fresh.final_url && **alias != fresh.lease.url
    };
    let Some(canonical) = fresh.aliases.iter().find(is_own) else { return Ok(None) };
    let page = frontier.url(canonical)?;
    let stands = page.is_some_and(|page| {
        matches!(page.state, State::Fetched | State::NotModified)
            && page.article.is_some_and(|article| article.id == fresh.article.id)
    });
    Ok(stands.then(|| canonical.clone()))
}

/// Whether what stands at a known story's address is a notice ("We will be right back", "Page not found") and not the story: a
/// few words under a headline that has none of the story's.
pub(super) fn is_notice(headline: &str, article: &Article) -> bool {
    let Some(now) = &article.title else { return false };
    let (before, now) = (words(headline, TELLING_BYTES), words(now, TELLING_BYTES));
    article.word_count < NOTICE_WORDS && !before.is_empty() && !now.is_empty() && before.is_disjoint(&now)
}

/// Whether what stands at the address of a story that was never had is a notice ("Page not found", "Sign in to go on"): a few
/// words without a moment (a day may be the address's), none of which begins as a telling one of the announced headline does.
pub(super) fn is_notice_for(announced: &str, article: &Article) -> bool {
    /// Telling words of a headline, at the least: of fewer none may be in a short story.
    const LEAST_WORDS: usize = 3;
    let announced = beginnings(announced);
    let shown = beginnings(article.title.as_deref().unwrap_or_default());
    let told = beginnings(&article.text);
    article.word_count < NOTICE_WORDS
        && !article.published.is_some_and(|published| published.has_time())
        && announced.len() >= LEAST_WORDS
        && announced.is_disjoint(&shown)
        && announced.is_disjoint(&told)
}

/// Whether an article has other words than the one that is known under its id, under another headline.
fn tells_another(known: &KnownArticle, article: &Article) -> bool {
    !known.content_hash.is_empty()
        && known.content_hash != article.content_hash
        && have_other_headlines(known.title.as_deref(), article.title.as_deref())
}

/// Whether two articles that the archive holds have other words under other headlines.
pub(super) fn tell_apart(one: &KnownArticle, other: &KnownArticle) -> bool {
    one.content_hash != other.content_hash && have_other_headlines(one.title.as_deref(), other.title.as_deref())
}

fn have_other_headlines(one: Option<&str>, other: Option<&str>) -> bool {
    one.zip(other).is_some_and(|(one, other)| shared_words(one, other) < SAME_HEADLINE)
}

/// Share of two headlines' words that they have in common.
fn shared_words(one: &str, other: &str) -> f32 {
    let (one, other) = (words(one, 1), words(other, 1));
    let common = one.intersection(&other).count() as f32;
    2.0 * common / (one.len() + other.len()).max(1) as f32
}

/// How the telling words of a text begin: a headline and the story below it inflect the same word in two ways.
fn beginnings(text: &str) -> HashSet<String> {
    const SIGNS: usize = 4;
    words(text, TELLING_BYTES).iter().map(|word| word.chars().take(SIGNS).collect()).collect()
}

/// A headline's words of so many bytes at the least; of scripts that write no blanks, its signs.
fn words(headline: &str, least: usize) -> HashSet<String> {
    let is_unspaced = |c: char| matches!(u32::from(c), 0x0E00..=0x0EFF | 0x1000..=0x109F | 0x1780..=0x17FF | 0x2E80..);
    let lower = headline.to_lowercase();
    let parts = lower.split(|c: char| !c.is_alphanumeric()).flat_map(|part| part.split_inclusive(is_unspaced));
    parts.filter(|word| word.len() >= least).map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn known(title: &str, hash: &str) -> KnownArticle {
        KnownArticle { title: Some(title.to_owned()), content_hash: hash.to_owned(), ..KnownArticle::default() }
    }

    fn article(title: &str, hash: &str, words: usize) -> Article {
        Article {
            title: Some(title.to_owned()),
            content_hash: hash.to_owned(),
            word_count: words,
            ..Article::default()
        }
    }

    #[test]
    fn another_headline_over_other_words_is_another_story() {
        let before = known("Bridge closed for repairs", "a");
        assert!(tells_another(&before, &article("School choir wins in Brackwater", "b", 300)));
        assert!(!tells_another(&before, &article("Bridge closed for new repairs", "b", 300)));
        assert!(!tells_another(&before, &article("School choir wins in Brackwater", "a", 300)));
        assert!(tells_another(&known("渡輪夜班延至十月", "a"), &article("學校合唱團得獎", "b", 300)));
        assert!(!tells_another(&known("渡輪夜班延至十月", "a"), &article("渡輪夜班延至十月底", "b", 300)));
        assert!(!tells_another(&known("Bridge closed", ""), &article("School choir wins", "b", 300)));
    }

    #[test]
    fn a_notice_in_place_of_a_new_story_says_nothing_that_its_headline_announced() {
        let announced = "Bridge closed for repairs after storm";
        let told =
            |title: &str, text: &str, count: usize| Article { text: text.to_owned(), ..article(title, "b", count) };
        assert!(is_notice_for(announced, &told("Page not found", "The page that you asked for is gone.", 8)));
        assert!(!is_notice_for(announced, &told("Brücke gesperrt", "The storm tore two cables.", 5)));
        assert!(!is_notice_for(announced, &told("Closed", "Nobody crosses the Ebble today.", 5)));
        assert!(!is_notice_for(announced, &told("Page not found", "The page that you asked for is gone.", 300)));
        assert!(!is_notice_for("Bridge closed", &told("Page not found", "It is gone.", 3)));
        assert!(!is_notice_for(announced, &told("Bridges", "Storms closing in.", 3)));
        let at =
            |moment: &str| Article { published: Some(moment.parse().unwrap()), ..told("Ferries", "Nobody sails.", 2) };
        assert!(is_notice_for(announced, &at("2026-05-19")));
        assert!(!is_notice_for(announced, &at("2026-05-19T10:00:00+02:00")));
    }

    #[test]
    fn a_notice_is_short_and_has_no_word_of_the_headline() {
        let before = "Bridge closed for repairs";
        assert!(is_notice(before, &article("We will be right back", "b", 20)));
        assert!(!is_notice(before, &article("We will be right back", "b", 400)));
        assert!(!is_notice(before, &article("Bridge open again", "b", 20)));
        assert!(!is_notice("…", &article("Bridge open again", "b", 20)));
        assert!(!is_notice("渡輪夜班延至十月", &article("東島渡輪不停航", "b", 20)));
        assert!(is_notice("Bakery sold after a meeting", &article("Just a moment...", "b", 20)));
    }
}
