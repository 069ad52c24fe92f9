//! Countries and areas in words or codes.

use std::sync::LazyLock;

use crate::data;
use crate::words::is_edge;

struct Place {
    code: String,
    word: String,
    ends: bool,
}

static PLACES: LazyLock<Vec<Place>> = LazyLock::new(|| {
    data::places()
        .into_iter()
        .flat_map(|(code, words)| {
            words
                .into_iter()
                .map(|word| Place {
                    code: code.clone(),
                    ends: word.ends_with('|'),
                    word: word.trim_end_matches('|').to_owned(),
                })
                .collect::<Vec<_>>()
        })
        .collect()
});

/// The countries and areas that a text names, in its order; a cell that is only a code of two letters is one too.
pub(crate) fn countries(text: &str) -> Vec<String> {
    let bare = text.trim().trim_matches(['(', ')', '.']);
    let codes: Vec<&str> = bare.split(['/', ',', '&']).map(str::trim).collect();
    let is_code = |code: &&str| code.len() == 2 && code.chars().all(|c| c.is_ascii_uppercase());
    if !codes.is_empty() && codes.iter().all(is_code) && bare != "IT" && bare != "HR" {
        let known = |code: &&&str| PLACES.iter().any(|place| place.code == **code || place.word == code.to_lowercase());
        let found: Vec<String> = codes.iter().filter(known).map(|code| named(code)).collect();
        if found.len() == codes.len() {
            return found;
        }
    }
    let lower = text.to_lowercase();
    let mut found: Vec<(usize, &str)> = Vec::new();
    for place in PLACES.iter() {
        for (at, _) in lower.match_indices(place.word.as_str()) {
            if is_edge(&lower, at, false) && (!place.ends || ends(&lower, at + place.word.len())) {
                found.push((at, &place.code));
            }
        }
    }
    found.sort_unstable();
    let mut codes: Vec<String> = Vec::new();
    for (_, code) in found {
        // `EU/EES` is the wider of the two.
        if codes.iter().any(|known| known == code) {
            continue;
        }
        codes.push(code.to_owned());
    }
    if codes.iter().any(|code| code == "EEA") {
        codes.retain(|code| code != "EU");
    }
    codes
}

/// A region such as `eu-north-1` is not the area that it begins with.
fn ends(text: &str, at: usize) -> bool {
    let rest = text.get(at..).unwrap_or("");
    is_edge(text, at, true) && !rest.strip_prefix('-').is_some_and(|rest| rest.starts_with(char::is_alphanumeric))
}

fn named(code: &str) -> String {
    if code == "UK" { "GB".to_owned() } else { code.to_owned() }
}

/// Whether a country or area, as a place names it, lies within the EU or the EEA. The list is of members, which the dated law of
/// agreements holds too; here it only tells what is worth a look.
pub(crate) fn is_in_area(code: &str) -> bool {
    const MEMBERS: &[&str] = &[
        "EU", "EEA", "AT", "BE", "BG", "HR", "CY", "CZ", "DK", "EE", "FI", "FR", "DE", "GR", "HU", "IE", "IS", "IT",
        "LI", "LT", "LU", "LV", "MT", "NL", "NO", "PL", "PT", "RO", "SE", "SI", "SK", "ES",
    ];
    MEMBERS.contains(&code)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_in_words_and_codes() {
        for (text, expected) in [
            ("Sverige", "SE"),
            ("EU/EES och USA", "EEA US"),
            ("USA & Storbritannien", "US GB"),
            ("Iowa, USA", "US"),
            ("Inom EU - området", "EU"),
            ("IE", "IE"),
            ("Tyskland (Frankfurt)", "DE"),
            ("Europa", "EUROPE"),
            ("Lagring av filer", ""),
        ] {
            assert_eq!(countries(text).join(" "), expected, "{text}");
        }
    }
}
