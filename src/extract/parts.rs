//! One story out of the parts that its pages hold.

use super::finish;
use crate::model::Article;
use std::collections::HashSet;

/// The share of a part's paragraphs, from 0 to 1, that may stand in the story already. A repeated standfirst is no reason to
/// refuse a part; a page that shows the same story once more, with other comments below it, is.
const REPEATED: f32 = 0.5;

/// Adds a further part to a story; whether it was one. Fields that describe the story stay those of its first part; its id
/// too.
pub fn append(article: &mut Article, part: Article) -> bool {
    let known: HashSet<&str> = article.text.split("\n\n").collect();
    let paragraphs: Vec<&str> = part.text.split("\n\n").filter(|paragraph| !paragraph.is_empty()).collect();
    let repeated = paragraphs.iter().filter(|paragraph| known.contains(*paragraph)).count();
    if paragraphs.is_empty() || repeated as f32 > REPEATED * paragraphs.len() as f32 {
        return false;
    }
    let (id, version) = (article.id.clone(), article.version);
    let join = |one: &str, other: &str, between: &str| [one, between, other].concat();
    article.markdown = join(article.markdown.trim_end(), &part.markdown, "\n\n");
    article.html = join(article.html.trim_end(), &part.html, "\n");
    for image in part.images {
        if image.url.is_none() || article.images.iter().all(|known| known.url != image.url) {
            article.images.push(image);
        }
    }
    // As sure as of the part that is least sure.
    article.confidence = article.confidence.min(part.confidence);
    article.paywalled |= part.paywalled;
    let text = join(&article.text, &part.text, "\n\n");
    finish(article, text);
    (article.id, article.version) = (id, version);
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    fn article(text: &str) -> Article {
        let mut article =
            Article { markdown: format!("{text}\n"), html: format!("<p>{text}</p>"), ..Article::default() };
        finish(&mut article, text.to_owned());
        article
    }

    #[test]
    fn parts_are_joined_and_repetitions_are_none() {
        let mut story = article("One.\n\nTwo.");
        let (id, hash) = (story.id.clone(), story.content_hash.clone());
        assert!(append(&mut story, article("Three.\n\nOne.\n\nFour.")));
        assert_eq!((story.text.as_str(), story.word_count), ("One.\n\nTwo.\n\nThree.\n\nOne.\n\nFour.", 5));
        assert!(story.id == id && story.content_hash != hash);
        let before = story.clone();
        assert!(!append(&mut story, article("Two.\n\nFour.\n\nFive.")));
        assert!(!append(&mut story, article("")));
        assert_eq!(story, before);
    }
}
