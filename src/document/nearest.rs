//! "Did you mean …?"

/// The known name that a name was probably meant to be, if one is close.
pub(crate) fn nearest<'k>(name: &str, known: impl Iterator<Item = &'k str>) -> Option<&'k str> {
    // What is longer is no slip of the finger, and distances cost the product of the lengths.
    const LONGEST: usize = 64;
    if name.len() > LONGEST {
        return None;
    }
    let near = known
        .filter(|known| known.len() <= LONGEST)
        .map(|known| (distance(name, known), known))
        .min()?;
    let (distance, known) = near;
    (distance <= 1.max(known.len() / 3)).then_some(known)
}

/// How many characters must be put in, left out or changed to make one of the other (Levenshtein).
fn distance(left: &str, right: &str) -> usize {
    let mut row: Vec<usize> = (0..=right.chars().count()).collect();
    for (index, from) in left.chars().enumerate() {
        let mut diagonal = index;
        let mut beside = index + 1;
        let mut changed = vec![beside];
        for (to, above) in right.chars().zip(row.iter().skip(1)) {
            let swap = diagonal + usize::from(from != to);
            beside = swap.min(beside + 1).min(above + 1);
            diagonal = *above;
            changed.push(beside);
        }
        row = changed;
    }
    row.last().copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_is_found_and_another_word_is_not() {
        let known = || ["effect", "resource", "undo"].into_iter();
        assert_eq!(nearest("efect", known()), Some("effect"));
        assert_eq!(nearest("resuorce", known()), Some("resource"));
        assert_eq!(nearest("undoo", known()), Some("undo"));
        assert_eq!(nearest("banana", known()), None);
        assert_eq!(nearest(&"x".repeat(1_000_000), known()), None);
        assert_eq!(nearest("x", std::iter::empty()), None);
    }

    #[test]
    fn a_distance_counts_edits() {
        assert_eq!(distance("kitten", "sitting"), 3);
        assert_eq!(distance("", "abc"), 3);
        assert_eq!(distance("abc", ""), 3);
        assert_eq!(distance("é", "e"), 1);
    }
}
