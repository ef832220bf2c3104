//! Lines of scripts, style sheets and data that a scraper took for text. A document that speaks of code keeps its own.

use super::physical::Physical;

/// Bytes of a line that are looked at.
const LONGEST: usize = 4000;

const SCRIPT: &str = "a line of a script, of a style sheet or of data";

/// Words that a text about code has.
const CODE_WORDS: [&str; 14] = [
    "javascript",
    "json",
    "css",
    "python",
    "function",
    "code",
    "script",
    "programm",
    "código",
    "codice",
    "код",
    "コード",
    "代码",
    "코드",
];

/// Leaves out the lines of scripts among paragraphs.
pub(super) fn read(lines: &mut [Physical<'_>]) {
    let mut scripts: Vec<usize> = Vec::new();
    let mut full = 0;
    for (index, line) in lines.iter().enumerate().filter(|(_, line)| line.is_running()) {
        full += 1;
        if is_script(&line.text) {
            scripts.push(index);
        }
    }
    // Where they are as many as the paragraphs, they are what the text is about.
    if scripts.is_empty() || scripts.len() * 2 > full {
        return;
    }
    let is_marked = |index: usize| scripts.binary_search(&index).is_ok();
    let has_code_word = |line: &Physical<'_>| {
        let lower = line.text.to_lowercase();
        lower.contains('`') || CODE_WORDS.iter().any(|word| lower.contains(word))
    };
    let mut above = "";
    let mut speaks_of_code = false;
    for (index, line) in lines.iter().enumerate().filter(|(_, line)| line.is_running()) {
        // "The whole of it is this:"
        speaks_of_code |= if is_marked(index) { above.ends_with([':', '：']) } else { has_code_word(line) };
        above = if is_marked(index) { "" } else { &line.text };
    }
    if speaks_of_code {
        return;
    }
    for &index in &scripts {
        lines[index].leave_out(SCRIPT);
    }
    // What closes it.
    for &index in &scripts {
        let below = lines[index + 1..].iter_mut().take_while(|line| is_closing(&line.text));
        below.for_each(|line| line.leave_out(SCRIPT));
    }
}

/// Whether a line is made as scripts, style sheets and data are: brackets and signs where sentences have none.
fn is_script(text: &str) -> bool {
    if !text.contains(['{', '}', '(', ';', '=']) {
        return false;
    }
    let text = text.get(..LONGEST).unwrap_or(text);
    is_data(text) || is_style(text) || is_statement(text)
}

/// `{"name":"value"}`
fn is_data(text: &str) -> bool {
    let inner = text.trim_start_matches(['[', '(']);
    inner.starts_with("{\"") && (inner.contains("\":") || inner.contains("\" :"))
}

/// `.name { display: none; }`, `@media (min-width: 700px) {`
fn is_style(text: &str) -> bool {
    const SELECTOR: usize = 120;
    let Some(open) = text.find('{').filter(|&open| open <= SELECTOR) else { return false };
    let (selector, rules) = text.split_at(open);
    let begins = selector.starts_with(['.', '#', '@', '*', ':'])
        || selector.split_whitespace().next().is_some_and(|word| word.bytes().all(|byte| byte.is_ascii_lowercase()));
    let rules = rules[1..].trim_start();
    let is_rule = rules.find(':').is_some_and(|colon| {
        let name = rules[..colon].trim();
        !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'-')
    });
    begins
        && (rules.is_empty() && selector.starts_with(['.', '#', '@'])
            || is_rule && rules.contains([';', '}'])
            || rules.starts_with(['.', '#']))
}

/// `window.data = {`, `name.push(function() {`: what pages hand to their programs. A plain assignment may be what a text
/// shows.
fn is_statement(text: &str) -> bool {
    const BEGINNINGS: [&str; 7] =
        ["window.", "(function", "!function", "function gtag", "googletag.", "gtag(", "$(document"];
    let ends = text.ends_with([';', '{', '}']) && text.contains(['=', '(', '{']);
    let begins = BEGINNINGS.iter().any(|word| text.starts_with(word));
    let has_call = [".push(", "(function", "dataLayer", "document.write("].iter().any(|call| text.contains(call));
    ends && (begins || has_call)
}

/// `});`
fn is_closing(text: &str) -> bool {
    !text.is_empty() && text.chars().all(|c| matches!(c, '{' | '}' | '(' | ')' | ';' | ',' | ']' | ' ' | '<' | '/'))
}
