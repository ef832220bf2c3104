//! What the page says may be done with it.

use super::Context;
use super::head::Head;
use super::json_ld::Node;
use crate::model::{Usage, add_directives};

/// Names of tags that speak to robots: to all, and to those that are spoken to by name most.
const ROBOTS: [&str; 4] = ["robots", "googlebot", "googlebot-news", "bingbot"];

impl Head {
    /// The page's own words, and under them what was said outside of it. The more specific wins: a tag over a header, a
    /// header over a file of the site.
    pub(super) fn usage(&self, node: Option<&Node<'_>>, context: &Context<'_>) -> Usage {
        let mut usage = context.usage.cloned().unwrap_or_default();
        let us = context.robot.to_ascii_lowercase();
        for name in ROBOTS.into_iter().chain([us.as_str()]).filter(|name| !name.is_empty()) {
            for content in self.metas(&[name]) {
                add_directives(&mut usage.robots, content, Some(name), &us);
            }
        }
        for tags in context.robots_tags {
            add_directives(&mut usage.robots, tags, None, &us);
        }
        let license = self
            .link("license")
            .map(|link| self.absolute(link))
            .or_else(|| node.and_then(|node| node.text("license")))
            .or_else(|| self.meta(&["license", "dc.rights", "dcterms.license"]).map(str::to_owned));
        usage.license = license.or(usage.license);
        let reservation = self.meta(&["tdm-reservation"]).and_then(|value| match value.trim() {
            "1" => Some(true),
            "0" => Some(false),
            _ => None,
        });
        if reservation.is_some() {
            usage.tdm_reservation = reservation;
            // A policy belongs to the reservation that it stands beside.
            usage.tdm_policy = None;
        }
        usage.tdm_policy = self.meta(&["tdm-policy"]).map(str::to_owned).or(usage.tdm_policy);
        usage
    }

    /// A link's target as an address, where it can be one.
    fn absolute(&self, link: &str) -> String {
        let joined = self.base.as_ref().and_then(|base| base.join(link).ok());
        joined.map_or_else(|| link.to_owned(), String::from)
    }
}
