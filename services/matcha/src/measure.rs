//! The published result measure, to the digit: the sum over levels of (RR1 + RR2) times the level's weight, divided by twice the
//! number of participants. Integers throughout; weights are millionths.

use crate::programme::Weights;

/// What one level adds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Level {
    pub level: String,
    pub participants: i64,
    pub rr1: i64,
    pub rr2: i64,
}

/// The measure in thousandths, halves upwards; none without participants or where a level has no weight.
pub(crate) fn measure(levels: &[Level], weights: &Weights) -> Option<i64> {
    let mut sum: i128 = 0;
    let mut participants: i128 = 0;
    for level in levels {
        let weight = weights.of.iter().find(|(name, _)| *name == level.level)?.1;
        sum += i128::from(level.rr1 + level.rr2) * i128::from(weight);
        participants += i128::from(level.participants);
    }
    if participants == 0 {
        return None;
    }
    // sum / 1 000 000 / (2 × participants), in thousandths.
    let (over, under) = (sum, participants * 2 * 1000);
    i64::try_from((over * 2 + under) / (under * 2)).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;
    use serde_json::Value;

    /// `0.701797` in millionths.
    fn millionths(text: &str) -> i64 {
        text.replace('.', "").parse().unwrap()
    }

    #[test]
    fn the_published_examples_come_out_to_the_last_digit() {
        let vectors: Value = serde_json::from_str(include_str!("../testdata/resultatmatt.json")).unwrap();
        let mut read = 0;
        for case in vectors["cases"].as_array().unwrap() {
            let of = |what: &str, level: &str| case[what][level].as_i64().unwrap();
            let level = |level: &str| Level {
                level: level.to_owned(),
                participants: of("deltagare", level),
                rr1: of("rr1", level),
                rr2: of("rr2", level),
            };
            let levels: Vec<Level> = ["A", "B", "C"].map(level).to_vec();
            let weights = case["vikter"].as_object().unwrap();
            let of = weights.iter().map(|(level, weight)| (level.clone(), millionths(weight.as_str().unwrap())));
            let weights = Weights { from: date(2026, 1, 1), source: String::new(), of: of.collect() };
            let expected = millionths(case["resultatmatt"].as_str().unwrap());
            assert_eq!(measure(&levels, &weights), Some(expected), "{case}");
            read += 1;
        }
        assert_eq!(read, 6);
    }

    #[test]
    fn nobody_and_a_level_without_weight_have_no_measure() {
        let weights = Weights { from: date(2026, 1, 1), source: String::new(), of: vec![("A".to_owned(), 1_000_000)] };
        let level = |name: &str, participants| Level { level: name.to_owned(), participants, rr1: 1, rr2: 0 };
        assert_eq!(measure(&[level("A", 0)], &weights), None);
        assert_eq!(measure(&[level("B", 2)], &weights), None);
        assert_eq!(measure(&[level("A", 1)], &weights), Some(500));
    }
}
