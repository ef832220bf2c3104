//! When a known URL is due again. Pure: every method is told the time.

use super::{CronLine, UrlKind};
use jiff::{SignedDuration, Timestamp};
use std::collections::HashMap;
use std::time::Duration;

/// By so much an interval grows with each look that finds no change; after a change it is halved. Growing slower than
/// shrinking, it settles where about one look in three finds something.
const GROWTH: f64 = 1.5;

/// The shortest time to another look at an article that has just been corrected.
const SHORTEST_REREAD: SignedDuration = SignedDuration::from_mins(15);

/// When a source is looked at, where the crawler goes on by schedule.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Schedule {
    /// By what it has published so far.
    #[default]
    Adaptive,
    /// At this interval.
    Every(Duration),
    /// By a cron line.
    Cron(CronLine),
}

/// When feeds, sitemaps and sections are looked at.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum HubVisits {
    /// In every pass, which somebody else's schedule starts.
    #[default]
    EveryPass,
    /// At their own times, for a crawler that goes on by itself.
    Scheduled,
}

/// Between what bounds an interval moves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Bounds {
    /// The shortest interval.
    pub least: SignedDuration,
    /// The first one.
    pub first: SignedDuration,
    /// The longest one.
    pub most: SignedDuration,
}

/// When known URLs are due again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RevisitRule {
    /// When feeds, sitemaps and sections are looked at.
    pub hubs: HubVisits,
    /// A feed, sitemap or section page that was looked at less than this ago is not looked at again.
    pub hub_pause: SignedDuration,
    /// The intervals of feeds.
    pub feed: Bounds,
    /// Those of sitemaps.
    pub sitemap: Bounds,
    /// Those of front and section pages.
    pub section: Bounds,
    /// The ages at which an article is read again, rising; past the last it rests for good.
    pub reread: Vec<SignedDuration>,
    /// The sources whose hubs have a schedule of their own.
    pub schedules: HashMap<String, Schedule>,
}

impl Default for RevisitRule {
    /// A pass right after another asks nobody anything (a minute). Feeds are small and name what is new at once, so they
    /// are looked at most often: news sites that ask for anything ask for 5 to 15 minutes. Sections cost more, sitemaps
    /// most and change least. Most corrections to a story come within its first hours and hardly any after a week.
    fn default() -> Self {
        let minutes = SignedDuration::from_mins;
        let bounds = |least, first, most| Bounds { least: minutes(least), first: minutes(first), most: minutes(most) };
        Self {
            hubs: HubVisits::EveryPass,
            hub_pause: minutes(1),
            feed: bounds(5, 15, 6 * 60),
            sitemap: bounds(15, 60, 24 * 60),
            section: bounds(10, 30, 12 * 60),
            reread: [1, 6, 24, 7 * 24].map(SignedDuration::from_hours).to_vec(),
            schedules: HashMap::new(),
        }
    }
}

/// What is known of a URL that rests.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct History {
    /// When it was last asked for, with whatever outcome.
    pub fetched: Option<Timestamp>,
    /// The last change that had been announced by then.
    pub announced: Option<Timestamp>,
    /// When it is due by what was decided at the last look.
    pub due: Option<Timestamp>,
}

/// A look that has just been taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Look<'a> {
    /// What the URL is for.
    pub kind: UrlKind,
    /// Its source.
    pub source: &'a str,
    /// When.
    pub now: Timestamp,
    /// Whether there was something else than at the look before; true at the first.
    pub changed: bool,
    /// The interval that led to this look; `None` at the first.
    pub interval: Option<SignedDuration>,
    /// When an article was published or, where that is not known, found.
    pub born: Timestamp,
}

/// When the next look is to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Next {
    /// The interval to keep for the next decision.
    pub interval: Option<SignedDuration>,
    /// When; `None` for never.
    pub at: Option<Timestamp>,
}

impl RevisitRule {
    /// Whether a resting URL that was named again is due. `announced` is the last change that a feed or a sitemap tells
    /// of now.
    ///
    /// A hub is due in every pass, or at its own time if that is how hubs are looked at; a sitemap of which its index
    /// tells is due only if something was added. An article is due if a change was announced that is not earlier than
    /// the second of the last look at it. An announcement that was known at that look is not news, however far in the
    /// future it lies.
    #[must_use]
    pub fn is_due(&self, kind: UrlKind, history: History, announced: Option<Timestamp>, now: Timestamp) -> bool {
        let Some(fetched) = history.fetched else { return true };
        // Most dates that are announced are of whole seconds, so one of the second of the look may be of after it.
        let is_news =
            |announced: Timestamp| announced.as_second() >= fetched.as_second() && history.announced != Some(announced);
        match (kind, announced) {
            (UrlKind::Article, None) => false,
            (UrlKind::Article | UrlKind::Sitemap, Some(announced)) => is_news(announced),
            (UrlKind::Feed | UrlKind::Section | UrlKind::Sitemap, _) => {
                // What failed for good is given another chance after the longest interval.
                let rested = || now.duration_since(fetched) >= self.bounds(kind).most;
                let by_schedule = || history.due.map_or_else(rested, |due| due <= now);
                let is_time = self.hubs == HubVisits::EveryPass || by_schedule();
                is_time && now.duration_since(fetched) >= self.hub_pause
            }
        }
    }

    /// When a URL is due again after a look.
    #[must_use]
    pub fn next(&self, look: &Look<'_>) -> Next {
        if look.kind == UrlKind::Article {
            return self.next_reading(look);
        }
        let bounds = self.bounds(look.kind);
        let interval = match look.interval {
            None => bounds.first,
            Some(interval) if look.changed => interval / 2,
            Some(interval) => SignedDuration::try_from_secs_f64(interval.as_secs_f64() * GROWTH).unwrap_or(bounds.most),
        };
        let interval = interval.clamp(bounds.least, bounds.most);
        Next { interval: Some(interval), at: self.after(look.source, look.now, interval) }
    }

    /// When a hub is due that was looked at and rests: by its source's schedule as it is now, whatever it was then.
    /// `None` where hubs are looked at in every pass.
    #[must_use]
    pub fn reschedule(
        &self,
        kind: UrlKind,
        source: &str,
        fetched: Timestamp,
        interval: Option<SignedDuration>,
    ) -> Option<Timestamp> {
        let interval = interval.unwrap_or(self.bounds(kind).first);
        (self.hubs == HubVisits::Scheduled && kind.is_hub()).then(|| self.after(source, fetched, interval)).flatten()
    }

    fn after(&self, source: &str, look: Timestamp, interval: SignedDuration) -> Option<Timestamp> {
        match self.schedules.get(source) {
            Some(Schedule::Every(every)) => SignedDuration::try_from(*every).ok().and_then(|every| later(look, every)),
            Some(Schedule::Cron(line)) => line.next_after(look),
            Some(Schedule::Adaptive) | None => later(look, interval),
        }
    }

    fn bounds(&self, kind: UrlKind) -> Bounds {
        match kind {
            UrlKind::Feed => self.feed,
            UrlKind::Sitemap => self.sitemap,
            UrlKind::Section | UrlKind::Article => self.section,
        }
    }

    /// An article is read again at set ages; one that was just corrected half-way to the next of them. An age that
    /// is almost reached is passed over.
    fn next_reading(&self, look: &Look<'_>) -> Next {
        let age = look.now.duration_since(look.born).max(SignedDuration::ZERO);
        let wait =
            self.reread.iter().map(|at| (*at, *at - age)).find(|(at, wait)| *wait >= *at / 4).map(|(_, wait)| wait);
        let corrected = look.changed && look.interval.is_some();
        let interval = wait.map(|wait| if corrected { (wait / 2).max(SHORTEST_REREAD.min(wait)) } else { wait });
        Next { interval, at: interval.and_then(|interval| later(look.now, interval)) }
    }

    /// When a hub that was never looked at is due: at once, unless its source goes by a cron line and hubs are looked at
    /// at their own times.
    #[must_use]
    pub fn first(&self, source: &str, now: Timestamp) -> Timestamp {
        match self.schedules.get(source) {
            Some(Schedule::Cron(line)) if self.hubs == HubVisits::Scheduled => line.next_after(now).unwrap_or(now),
            _ => now,
        }
    }
}

fn later(now: Timestamp, wait: SignedDuration) -> Option<Timestamp> {
    now.checked_add(wait).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    fn look(kind: UrlKind, now: i64, changed: bool, interval: Option<i64>) -> Look<'static> {
        let interval = interval.map(SignedDuration::from_secs);
        Look { kind, source: "s", now: at(now), changed, interval, born: at(0) }
    }

    #[test]
    fn an_article_rests_until_a_change_is_announced() {
        let rule = RevisitRule::default();
        let history = History { fetched: Some(at(1000)), announced: Some(at(900)), due: None };
        let due = |announced| rule.is_due(UrlKind::Article, history, announced, at(999_999));
        assert!(!due(None));
        assert!(!due(Some(at(900))));
        assert!(!due(Some(at(999))));
        assert!(due(Some(at(1000))), "the story may have changed later in that second");
        assert!(due(Some(at(1001))));
    }

    #[test]
    fn an_announcement_is_acted_upon_once() {
        let history = History { fetched: Some(at(1000)), announced: Some(at(5000)), due: None };
        assert!(!RevisitRule::default().is_due(UrlKind::Article, history, Some(at(5000)), at(2000)));
    }

    #[test]
    fn hubs_are_due_in_every_pass_but_not_at_once() {
        let rule = RevisitRule::default();
        let history = History { fetched: Some(at(1000)), announced: None, due: Some(at(99_999)) };
        for kind in [UrlKind::Feed, UrlKind::Section, UrlKind::Sitemap] {
            assert!(!rule.is_due(kind, history, None, at(1059)), "{kind}");
            assert!(rule.is_due(kind, history, None, at(1060)), "{kind}");
        }
        assert!(!rule.is_due(UrlKind::Sitemap, history, Some(at(500)), at(9000)), "its index says that it is old");
        assert!(rule.is_due(UrlKind::Sitemap, history, Some(at(5000)), at(9000)));
    }

    #[test]
    fn by_schedule_a_hub_waits_for_its_time() {
        let rule = RevisitRule { hubs: HubVisits::Scheduled, ..RevisitRule::default() };
        let history = History { fetched: Some(at(1000)), announced: None, due: Some(at(3000)) };
        assert!(!rule.is_due(UrlKind::Feed, history, None, at(2999)));
        assert!(rule.is_due(UrlKind::Feed, history, None, at(3000)));
        assert!(rule.is_due(UrlKind::Sitemap, history, Some(at(2000)), at(2001)), "its index says that it is new");
    }

    #[test]
    fn a_changed_schedule_counts_for_what_rests_already() {
        let mut rule = RevisitRule { hubs: HubVisits::Scheduled, ..RevisitRule::default() };
        let due =
            |rule: &RevisitRule| rule.reschedule(UrlKind::Feed, "s", at(1000), Some(SignedDuration::from_secs(400)));
        assert_eq!(due(&rule), Some(at(1400)));
        rule.schedules.insert("s".to_owned(), Schedule::Every(Duration::from_secs(77)));
        assert_eq!(due(&rule), Some(at(1077)));
        rule.hubs = HubVisits::EveryPass;
        assert_eq!(due(&rule), None);
    }

    #[test]
    fn a_hubs_interval_shrinks_on_change_and_grows_without() {
        let rule = RevisitRule::default();
        let seconds = |changed, interval| {
            let next = rule.next(&look(UrlKind::Feed, 1000, changed, interval));
            assert_eq!(next.at, Some(at(1000) + next.interval.unwrap()));
            next.interval.unwrap().as_secs()
        };
        assert_eq!(seconds(true, None), 900, "the first");
        assert_eq!(seconds(true, Some(900)), 450);
        assert_eq!(seconds(true, Some(450)), 300, "the least");
        assert_eq!(seconds(false, Some(900)), 1350);
        assert_eq!(seconds(false, Some(20_000)), 21_600, "the most");
    }

    #[test]
    fn an_article_is_read_again_ever_more_seldom_and_then_rests() {
        let rule = RevisitRule::default();
        let mut now = 600;
        let mut ages = Vec::new();
        let mut next = rule.next(&look(UrlKind::Article, now, true, None));
        while let Some(then) = next.at {
            now = then.as_second();
            ages.push(now / 3600);
            next = rule.next(&look(UrlKind::Article, now, false, next.interval.map(|interval| interval.as_secs())));
        }
        assert_eq!(ages, [1, 6, 24, 168]);
        assert_eq!(rule.next(&look(UrlKind::Article, 8 * 86_400, true, None)).at, None, "found when it was old");
        let corrected = rule.next(&look(UrlKind::Article, 3600, true, Some(3000)));
        assert_eq!(corrected.at, Some(at(3600 + 9000)), "half-way to six hours");
        let almost = rule.next(&look(UrlKind::Article, 3500, true, None));
        assert_eq!(almost.at, Some(at(6 * 3600)));
    }

    #[test]
    fn a_sources_own_schedule_wins() {
        let line: CronLine = "0 6 * * *".parse().unwrap();
        let mut rule = RevisitRule { hubs: HubVisits::Scheduled, ..RevisitRule::default() };
        rule.schedules.insert("s".to_owned(), Schedule::Every(Duration::from_secs(77)));
        assert_eq!(rule.next(&look(UrlKind::Feed, 1000, false, None)).at, Some(at(1077)));
        assert_eq!(rule.first("s", at(1000)), at(1000));
        rule.schedules.insert("s".to_owned(), Schedule::Cron(line));
        assert_eq!(rule.next(&look(UrlKind::Feed, 1000, false, None)).at, Some(at(6 * 3600)));
        assert_eq!(rule.first("s", at(1000)), at(6 * 3600));
        assert_eq!(rule.next(&look(UrlKind::Article, 1000, true, None)).at, Some(at(3600)), "articles go by their age");
        rule.hubs = HubVisits::EveryPass;
        assert_eq!(rule.first("s", at(1000)), at(1000));
    }

    proptest::proptest! {
        /// Whatever was seen: an interval stays within its bounds, a change never lengthens it, the next look is later.
        #[test]
        fn intervals_stay_within_bounds(
            which in 0..3_usize, interval in proptest::option::of(0..i64::from(i32::MAX)), now in 0..4_000_000_000_i64,
        ) {
            let rule = RevisitRule::default();
            let (kind, bounds) =
                [(UrlKind::Feed, rule.feed), (UrlKind::Sitemap, rule.sitemap), (UrlKind::Section, rule.section)][which];
            let after = |changed| rule.next(&look(kind, now, changed, interval));
            for next in [after(true), after(false)] {
                let interval = next.interval.unwrap();
                proptest::prop_assert!(bounds.least <= interval && interval <= bounds.most);
                proptest::prop_assert!(next.at.unwrap() > at(now));
            }
            proptest::prop_assert!(after(true).interval <= after(false).interval);
        }

        /// However an article changes, it is read only so often and then rests.
        #[test]
        fn every_article_comes_to_rest(first in 0..1_000_000_i64, changes in proptest::collection::vec(proptest::bool::ANY, 64)) {
            let rule = RevisitRule::default();
            let (mut now, mut interval) = (first, None);
            for changed in changes {
                let next = rule.next(&look(UrlKind::Article, now, changed, interval));
                let Some(then) = next.at else { return Ok(()) };
                proptest::prop_assert!(then > at(now) && then <= at(7 * 86_400));
                now = then.as_second();
                interval = next.interval.map(|interval| interval.as_secs());
            }
            proptest::prop_assert!(false, "still read after 64 times");
        }
    }
}
