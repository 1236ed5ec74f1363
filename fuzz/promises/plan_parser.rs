//! What the plan parser keeps, whatever the text is: one function for the fuzz target and for the test that replays its corpus.

use retrip_sim::plan::{Plan, PlanError};

/// Panics where the parser breaks a promise for the text `bytes`, and says which. What is no UTF-8 is read as the replacement character.
pub(crate) fn promise(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    match text.parse::<Plan>() {
        Ok(plan) => what_parses_prints_and_parses_again(&plan),
        Err(error) => an_error_names_its_statement_and_says_what_would_be_right(&text, &error),
    }
}

fn what_parses_prints_and_parses_again(plan: &Plan) {
    assert_eq!(plan.check(), Ok(()), "{plan:?}");
    let line = plan.to_string();
    assert!(!line.contains(char::is_control), "the form of one line: {line:?}");
    assert_eq!(line.parse().as_ref(), Ok(plan), "{line}");
    let lines = plan.lines().to_string();
    assert_eq!(lines.parse().as_ref(), Ok(plan), "{lines}");
    // The same words in both forms.
    let (head, rest) = lines.split_once('\n').expect("a line is ended");
    assert_eq!(line, format!("{head} {}", rest.trim_end().replace('\n', "; ")).trim_end());
}

fn an_error_names_its_statement_and_says_what_would_be_right(text: &str, error: &PlanError) {
    let said = error.to_string();
    assert!(!said.contains(char::is_control), "a terminal would obey it: {said:?}");
    let blamed: Vec<_> = statements(text).into_iter().filter(|one| blames(one, error)).collect();
    match error {
        // Two statements are to blame for these, and the second one is named.
        PlanError::Twice { statement } | PlanError::Contradiction { statement } => {
            assert!(
                statements(text).iter().any(|one| in_words(one) == in_words(statement)),
                "{said}"
            );
        }
        error => {
            // In a line of its own, where it begins with no byte order mark of the text's.
            let is_of_the_head = format!("\n{}", head(text)).parse::<Plan>().as_ref() == Err(error);
            assert!(
                is_of_the_head || !blamed.is_empty(),
                "no statement alone is refused so: {said}"
            );
        }
    }
    // What is quoted stands in the text, or is how a statement of it prints. A quote in the text would end it early.
    let (shown, text) = (shown(text), in_words(text));
    let quoted = said.split('`').skip(1).step_by(2);
    // What follows are examples.
    let mut quoted = quoted.take(2).filter(|quoted| !quoted.is_empty());
    let names = quoted.any(|quoted| {
        text.contains(&in_words(quoted)) || shown.contains(quoted) || blames(quoted, error)
    });
    assert!(
        names || head(&text).is_empty() || text.contains('`'),
        "it names nothing of {text:?}: {said}"
    );
    assert!(ADVICE.iter().any(|advice| said.contains(advice)), "it says nothing to do: {said}");
}

/// What an error says in front of what would be right.
const ADVICE: [&str; 17] = [
    "as in",
    "at most",
    "comes first",
    "first one of",
    "give",
    "is whoever",
    "leave",
    "more than",
    "must be",
    "name two",
    "seeds are",
    "smallest step",
    "such as",
    "the largest is",
    "there are",
    "use ",
    "write",
];

/// Whether `statement` alone is refused in the same words.
fn blames(statement: &str, error: &PlanError) -> bool {
    format!("s 0x1 {statement}").parse::<Plan>().as_ref() == Err(error)
}

/// The text as a message shows it.
fn shown(text: &str) -> String {
    let breaks = |c: char| c.is_control() || matches!(c, '\u{2028}' | '\u{2029}');
    let shown = |c: char| if breaks(c) { c.escape_default().to_string() } else { c.to_string() };
    text.chars().map(shown).collect()
}

fn in_words(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The lines that mean something, without the space around them.
fn meant(text: &str) -> impl Iterator<Item = &str> {
    let text = text.strip_prefix('\u{FEFF}').unwrap_or(text);
    text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#'))
}

fn head(text: &str) -> &str {
    meant(text).next().unwrap_or_default()
}

/// The statements of a text.
fn statements(text: &str) -> Vec<&str> {
    let behind =
        |words: &str| words.split_once(char::is_whitespace).map_or(0, |(word, _)| word.len());
    let scenario = behind(head(text));
    let rest = head(text)[scenario..].trim();
    let rest = &rest[behind(rest)..];
    let statements =
        std::iter::once(rest).chain(meant(text).skip(1)).flat_map(|line| line.split(';'));
    statements.map(str::trim).filter(|one| !one.is_empty()).collect()
}
