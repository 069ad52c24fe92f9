//! Which known word an unknown one was probably meant to be.

/// The nearest known word, if it is near enough to be a slip of the hand.
pub(crate) fn nearest<'a>(word: &str, known: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let length = word.chars().count();
    if length > 64 {
        return None;
    }
    let allowed = match length {
        0..=2 => 0,
        3..=5 => 1,
        6..=9 => 2,
        _ => 3,
    };
    let near = |candidate: &str| {
        let distance = distance(word, candidate);
        (distance > 0 && distance <= allowed).then_some(distance)
    };
    known.filter_map(|candidate| near(candidate).map(|distance| (distance, candidate))).min().map(|(_, word)| word)
}

/// The remedy for an unknown word: the near one, or the whole list where it is short.
pub(crate) fn remedy<'a>(word: &str, known: impl Iterator<Item = &'a str> + Clone) -> String {
    if let Some(near) = nearest(word, known.clone()) {
        return format!("Did you mean `{near}`?");
    }
    let mut words: Vec<&str> = known.collect();
    words.sort_unstable();
    words.dedup();
    match words.len() {
        0 => "There are none yet.".to_owned(),
        1 => format!("Only {} is known.", list(&words)),
        2..=24 => format!("Known are {}.", list(&words)),
        more => format!("{more} are known, and none is near."),
    }
}

/// `a`, `b` and `c`.
pub(crate) fn list(words: &[&str]) -> String {
    match words {
        [] => String::new(),
        [one] => format!("`{one}`"),
        [rest @ .., last] => {
            let rest: Vec<String> = rest.iter().map(|word| format!("`{word}`")).collect();
            format!("{} and `{last}`", rest.join(", "))
        }
    }
}

/// Damerau-Levenshtein distance (adjacent swaps count one), in characters.
fn distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let width = b.len() + 1;
    let mut older: Vec<usize> = vec![0; width];
    let mut old: Vec<usize> = (0..width).collect();
    let mut before: Option<char> = None;
    for (row, ca) in a.chars().enumerate() {
        let mut new: Vec<usize> = Vec::with_capacity(width);
        new.push(row + 1);
        for (at, cb) in b.iter().enumerate() {
            let get = |line: &[usize], index: usize| line.get(index).copied().unwrap_or(usize::MAX / 2);
            let mut best = (get(&old, at) + usize::from(ca != *cb)).min(get(&old, at + 1) + 1).min(get(&new, at) + 1);
            let swapped = at.checked_sub(1).and_then(|left| b.get(left)) == Some(&ca) && before == Some(*cb);
            if swapped {
                best = best.min(get(&older, at - 1) + 1);
            }
            new.push(best);
        }
        before = Some(ca);
        older = old;
        old = new;
    }
    old.last().copied().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_is_near_and_another_word_is_not() {
        let known = ["birth-date", "name", "contact"];
        let near = |word| nearest(word, known.into_iter());
        assert_eq!(near("birthdate"), Some("birth-date"));
        assert_eq!(near("nmae"), Some("name"));
        assert_eq!(near("password"), None);
        assert_eq!(near(""), None);
    }
}
