//! Which children of a sitemap index one pass reads, where there are more than it may. Pure.
//!
//! Those with a date come first, the last changed first: the news is there. Of those without one, nobody can say which
//! changed, so they take turns, hour by hour, and each is read in time.

use crate::model::ArticleDate;
use jiff::Timestamp;
use std::cmp::Reverse;
use url::Url;

/// Seconds after which the next of the undated children have their turn.
const TURN: i64 = 3600;

/// Leaves at most `room` children, in the order in which they are to be read.
pub(super) fn choose(children: &mut Vec<(Url, Option<ArticleDate>)>, room: usize, now: Timestamp) {
    children.sort_by_key(|(_, modified)| Reverse(modified.map(|date| date.instant())));
    let dated = children.iter().take_while(|(_, modified)| modified.is_some()).count();
    let left = room.saturating_sub(dated);
    let undated = &mut children[dated..];
    if left > 0 && undated.len() > left {
        let turn = usize::try_from(now.as_second() / TURN).unwrap_or_default();
        undated.rotate_left(turn.wrapping_mul(left) % undated.len());
    }
    children.truncate(room);
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    fn child(name: &str, day: Option<&str>) -> (Url, Option<ArticleDate>) {
        (Url::parse(&format!("https://news.test/{name}.xml")).unwrap(), day.map(|day| day.parse().unwrap()))
    }

    fn chosen(children: &[(Url, Option<ArticleDate>)], room: usize, hour: i64) -> Vec<String> {
        let mut children = children.to_vec();
        choose(&mut children, room, Timestamp::from_second(hour * TURN).unwrap());
        children.iter().map(|(url, _)| url.path().trim_matches(['/']).replace(".xml", "")).collect()
    }

    #[test]
    fn the_last_changed_come_first_and_all_if_there_is_room() {
        let children = [child("old", Some("2020-01-01")), child("bare", None), child("new", Some("2026-11-01"))];
        assert_eq!(chosen(&children, 9, 5), ["new", "old", "bare"]);
        assert_eq!(chosen(&children, 1, 5), ["new"]);
        assert!(chosen(&children, 0, 5).is_empty());
    }

    #[test]
    fn undated_ones_take_turns_until_each_had_its_own() {
        let mut children: Vec<_> = (0..25).map(|number| child(&format!("part-{number}"), None)).collect();
        children.push(child("news", Some("2026-11-01")));
        let mut read = BTreeSet::new();
        for hour in 0..4 {
            let now = chosen(&children, 8, 490_000 + hour);
            assert_eq!((now.len(), now[0].as_str()), (8, "news"));
            read.extend(now);
        }
        assert_eq!(read.len(), 26);
    }
}
