//! The name that somebody probably meant.

/// The candidate nearest to `name`, where one is near enough to be a slip of the keyboard.
///
/// Near is an edit distance of at most a third of the name, or a candidate that contains it. The distance is
/// Levenshtein's, by the usual table of two rows.
pub(crate) fn nearest<'a>(
    name: &str,
    candidates: impl IntoIterator<Item = &'a str>,
) -> Option<&'a str> {
    let near = |candidate: &str| {
        let distance = distance(name, candidate);
        let part = name.len() >= 4 && candidate.contains(name);
        (part || distance <= name.chars().count().div_ceil(3)).then_some((!part, distance))
    };
    candidates
        .into_iter()
        .filter_map(|candidate| Some((near(candidate)?, candidate)))
        .min()
        .map(|(_, candidate)| candidate)
}

fn distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut above: Vec<usize> = (0..=b.len()).collect();
    for (row, x) in a.chars().enumerate() {
        let mut left = row + 1;
        let mut diagonal = row;
        above[0] = left;
        for (column, &y) in b.iter().enumerate() {
            let replaced = diagonal + usize::from(x != y);
            diagonal = above[column + 1];
            left = replaced.min(diagonal + 1).min(left + 1);
            above[column + 1] = left;
        }
    }
    above[b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_finds_the_name_that_was_meant() {
        let names = ["breaker_swarm", "wall_clock_back_while_open", "log"];
        assert_eq!(nearest("braker_swarm", names), Some("breaker_swarm"));
        assert_eq!(nearest("wall_clock_back", names), Some("wall_clock_back_while_open"));
        assert_eq!(nearest("something_else", names), None);
    }

    #[test]
    fn distances_are_those_of_the_textbook() {
        for (a, b, wanted) in [("kitten", "sitting", 3), ("", "abc", 3), ("abc", "abc", 0)] {
            assert_eq!(distance(a, b), wanted, "{a} {b}");
        }
    }
}
