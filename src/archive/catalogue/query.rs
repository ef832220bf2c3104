//! What a person types into a search box, as the full-text index wants it.

use super::words;

/// The columns of the index that a word may be bound to.
const COLUMNS: [&str; 2] = ["title", "body"];

/// A query, read.
///
/// Words that all have to occur; `"several words"` as they stand; `word*` for a beginning; `-word` for what must not
/// occur; `OR` between alternatives; `title:word`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Query {
    /// For `MATCH`.
    pub(super) expression: String,
    /// The words that are looked for, folded, and whether each may go on; for snippets.
    pub(super) words: Vec<(String, bool)>,
}

/// A query that says nothing to look for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct NothingWanted;

/// One thing that has to occur, or must not.
struct Term {
    expression: String,
    words: Vec<(String, bool)>,
    is_excluded: bool,
}

impl Query {
    pub(super) fn parse(text: &str) -> Result<Self, NothingWanted> {
        let mut alternatives: Vec<Vec<Term>> = vec![Vec::new()];
        for piece in pieces(text) {
            if piece == "OR" || piece == "|" {
                alternatives.push(Vec::new());
            } else if piece != "AND"
                && let Some(term) = Term::parse(&piece)
                && let Some(terms) = alternatives.last_mut()
            {
                terms.push(term);
            }
        }
        let mut expressions = Vec::new();
        let mut words = Vec::new();
        for terms in alternatives {
            let (excluded, included): (Vec<_>, Vec<_>) = terms.into_iter().partition(|term| term.is_excluded);
            if included.is_empty() {
                continue;
            }
            let joined = |terms: &[Term], by: &str| {
                terms.iter().map(|term| term.expression.as_str()).collect::<Vec<_>>().join(by)
            };
            let mut expression = format!("({})", joined(&included, " AND "));
            if !excluded.is_empty() {
                expression = format!("({expression} NOT ({}))", joined(&excluded, " OR "));
            }
            expressions.push(expression);
            words.extend(included.into_iter().flat_map(|term| term.words));
        }
        if expressions.is_empty() {
            return Err(NothingWanted);
        }
        Ok(Self { expression: expressions.join(" OR "), words })
    }
}

impl Term {
    fn parse(piece: &str) -> Option<Self> {
        let (is_excluded, piece) = match piece.strip_prefix('-') {
            Some(rest) => (true, rest),
            None => (false, piece),
        };
        let named = piece.split_once(':').filter(|(name, _)| COLUMNS.contains(name));
        let (column, piece) = named.map_or((None, piece), |(name, rest)| (Some(name), rest));
        let may_go_on = piece.ends_with('*');
        let (words, is_open) = words::wanted(piece);
        let last = words.len().checked_sub(1)?;
        let may_go_on = may_go_on || is_open;
        // Folded words hold neither quotes nor anything else that the index would read as a sign.
        let mut expression = format!("\"{}\"", words.join(" "));
        if may_go_on {
            expression.push('*');
        }
        if let Some(column) = column {
            expression = format!("{column} : {expression}");
        }
        let words = words.into_iter().enumerate().map(|(at, word)| (word, at == last && may_go_on)).collect();
        Some(Self { expression, words, is_excluded })
    }
}

/// Words, and what stands in quotes together with the sign before it.
fn pieces(text: &str) -> Vec<String> {
    let mut pieces = Vec::new();
    let mut piece = String::new();
    let mut in_quotes = false;
    for c in text.chars() {
        match c {
            '"' | '“' | '”' | '„' => in_quotes = !in_quotes,
            c if c.is_whitespace() && !in_quotes => pieces.push(std::mem::take(&mut piece)),
            c => piece.push(c),
        }
    }
    pieces.push(piece);
    pieces.retain(|piece| !piece.trim().is_empty());
    pieces
}

#[cfg(test)]
mod tests {
    use super::*;

    fn expression(text: &str) -> String {
        Query::parse(text).map_or_else(|_| "nothing".to_owned(), |query| query.expression)
    }

    #[test]
    fn queries_become_expressions() {
        let cases = [
            ("Harbour bridge", r#"("harbour" AND "bridge")"#),
            (r#""new bridge" -ferry"#, r#"(("new bridge") NOT ("ferry"))"#),
            ("bridg* OR Brücke", r#"("bridg"*) OR ("brucke")"#),
            ("title:harbour covid-19", r#"(title : "harbour" AND "covid 19")"#),
            ("東京都 橋", r#"("東京 京都" AND "橋"*)"#),
            (r#"he said "NEAR(a b) ^ {x} + c"#, r#"("he" AND "said" AND "near a b x c")"#),
            ("body:x other:y", r#"(body : "x" AND "other y")"#),
            ("-only", "nothing"),
            ("  \" ", "nothing"),
            ("OR OR", "nothing"),
        ];
        for (text, wanted) in cases {
            assert_eq!(expression(text), wanted, "{text}");
        }
    }
}
