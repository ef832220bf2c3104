//! When a known URL is due again. Pure.

use super::UrlKind;
use jiff::{SignedDuration, Timestamp};

/// When known URLs are due again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RevisitRule {
    /// A feed, sitemap or section page that was looked at less than this ago is not looked at again.
    pub hub_pause: SignedDuration,
}

impl Default for RevisitRule {
    /// A minute: a second pass right after the first asks nobody anything, one by hourly schedule asks every hub.
    fn default() -> Self {
        Self { hub_pause: SignedDuration::from_mins(1) }
    }
}

/// What is known of a URL that rests.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct History {
    /// When it was last asked for, with whatever outcome.
    pub fetched: Option<Timestamp>,
    /// The last change that had been announced by then.
    pub announced: Option<Timestamp>,
}

impl RevisitRule {
    /// Whether a resting URL is due again. `announced` is the last change that a feed or a sitemap tells of now.
    ///
    /// A hub is due in every pass, except that a sitemap is not if its index says that nothing was added. An article is
    /// due only if a change was announced that is later than the last look at it. An announcement that was known at
    /// that look is not news, however far in the future it lies.
    #[must_use]
    pub fn is_due(&self, kind: UrlKind, history: History, announced: Option<Timestamp>, now: Timestamp) -> bool {
        let Some(fetched) = history.fetched else { return true };
        let is_news = |announced: Timestamp| announced > fetched && history.announced != Some(announced);
        match (kind, announced) {
            (UrlKind::Article, None) => false,
            (UrlKind::Article | UrlKind::Sitemap, Some(announced)) => is_news(announced),
            (UrlKind::Feed | UrlKind::Section | UrlKind::Sitemap, _) => now.duration_since(fetched) >= self.hub_pause,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    #[test]
    fn an_article_rests_until_a_change_is_announced() {
        let rule = RevisitRule::default();
        let history = History { fetched: Some(at(1000)), announced: Some(at(900)) };
        let due = |announced| rule.is_due(UrlKind::Article, history, announced, at(999_999));
        assert!(!due(None));
        assert!(!due(Some(at(900))));
        assert!(!due(Some(at(1000))));
        assert!(due(Some(at(1001))));
    }

    #[test]
    fn an_announcement_is_acted_upon_once() {
        let history = History { fetched: Some(at(1000)), announced: Some(at(5000)) };
        assert!(!RevisitRule::default().is_due(UrlKind::Article, history, Some(at(5000)), at(2000)));
    }

    #[test]
    fn hubs_are_due_in_every_pass_but_not_at_once() {
        let rule = RevisitRule::default();
        let history = History { fetched: Some(at(1000)), announced: None };
        for kind in [UrlKind::Feed, UrlKind::Section, UrlKind::Sitemap] {
            assert!(!rule.is_due(kind, history, None, at(1059)), "{kind}");
            assert!(rule.is_due(kind, history, None, at(1060)), "{kind}");
        }
        assert!(!rule.is_due(UrlKind::Sitemap, history, Some(at(500)), at(9000)), "its index says that it is old");
        assert!(rule.is_due(UrlKind::Sitemap, history, Some(at(5000)), at(9000)));
    }
}
