//! Moments, spans and counts as people say them.

use crate::model::ArticleDate;
use jiff::{SignedDuration, Timestamp};
use maud::{Markup, html};

/// A moment, as the time since or until it, with the moment itself to hover over.
pub(super) fn when(moment: Option<Timestamp>) -> Markup {
    let Some(moment) = moment else { return html! { span.quiet { "never" } } };
    let ago = Timestamp::now().duration_since(moment);
    let text = match ago.as_secs() {
        -59..=59 if ago.is_negative() => "in a moment".to_owned(),
        0..=59 => "just now".to_owned(),
        seconds if seconds < 0 => format!("in {}", span(SignedDuration::from_secs(-seconds))),
        seconds => format!("{} ago", span(SignedDuration::from_secs(seconds))),
    };
    html! { time datetime=(moment) title=(moment.strftime("%Y-%m-%d %H:%M:%S UTC")) { (text) } }
}

/// A span in its largest unit.
pub(super) fn span(span: SignedDuration) -> String {
    let seconds = span.as_secs();
    match seconds {
        0..60 => format!("{seconds} s"),
        60..3600 => format!("{} min", seconds / 60),
        3600..172_800 => format!("{} h", seconds / 3600),
        _ => format!("{} days", seconds / 86_400),
    }
}

/// A date of publication.
pub(super) fn date(date: ArticleDate) -> Markup {
    let day = date.instant().strftime("%-d %B %Y").to_string();
    let text = if date.has_time() { format!("{day}, {}", date.instant().strftime("%H:%M UTC")) } else { day };
    html! { time datetime=(date.to_string()) { (text) } }
}

/// How many of what.
pub(super) fn count(number: u64, one: &str, several: &str) -> String {
    if number == 1 { format!("1 {one}") } else { format!("{} {several}", grouped(number)) }
}

/// A number with its digits in groups of three.
pub(super) fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut out = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            out.push('\u{202f}');
        }
        out.push(digit);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_and_spans() {
        assert_eq!(grouped(1_234_567), "1\u{202f}234\u{202f}567");
        assert_eq!(count(1, "article", "articles"), "1 article");
        assert_eq!(span(SignedDuration::from_hours(30)), "30 h");
        let later = Timestamp::now().checked_add(SignedDuration::from_secs(7300)).unwrap();
        assert!(when(Some(later)).into_string().contains(">in 2 h<"));
        assert!(when(Some(Timestamp::now())).into_string().contains(">just now<"));
    }
}
