//! What was measured, as a table: medians, spread, and the ratio of neighbours.

use crate::load::Sample;

/// One way of running, and what it gave.
pub(crate) struct Variant {
    pub(crate) name: &'static str,
    pub(crate) samples: Vec<Sample>,
}

impl Variant {
    pub(crate) const fn new(name: &'static str) -> Self {
        Self { name, samples: Vec::new() }
    }
}

/// Prints the first variant as what the second is compared to. Samples of the same place are neighbours in time.
pub(crate) fn print(title: &str, [open, shut]: &[Variant; 2]) {
    println!("\n{title}");
    println!(
        "{:<14} {:>12} {:>23} {:>12} {:>12} {:>12}",
        "", "per second", "(lowest to highest)", "p99 ms", "worst p99", "cpu µs each"
    );
    for variant in [open, shut] {
        let mut rates: Vec<f64> = variant.samples.iter().map(|sample| sample.per_second).collect();
        let mut tails: Vec<f64> = variant.samples.iter().map(|sample| sample.p99.as_secs_f64() * 1000.0).collect();
        let mut costs: Vec<f64> = variant.samples.iter().map(|sample| sample.cpu.as_secs_f64() * 1e6).collect();
        costs.sort_by(f64::total_cmp);
        rates.sort_by(f64::total_cmp);
        tails.sort_by(f64::total_cmp);
        let spread = format!("({:.0} to {:.0})", at(&rates, 0.0), at(&rates, 1.0));
        println!(
            "{:<14} {:>12.0} {:>23} {:>12.2} {:>12.2} {:>12.1}",
            variant.name,
            at(&rates, 0.5),
            spread,
            at(&tails, 0.5),
            at(&tails, 1.0),
            at(&costs, 0.5)
        );
    }
    let pairs = || open.samples.iter().zip(&shut.samples);
    ratio("ratio", pairs().map(|(open, shut)| shut.per_second / open.per_second).collect(), " (floor 0.60)");
    // What the processors had to do, which others on the machine disturb less than what they got done.
    ratio("by cpu time", pairs().map(|(open, shut)| open.cpu.as_secs_f64() / shut.cpu.as_secs_f64()).collect(), "");
}

fn ratio(name: &str, mut ratios: Vec<f64>, floor: &str) {
    ratios.sort_by(f64::total_cmp);
    println!(
        "{name:<14} median {:.2}, quartiles {:.2} to {:.2}, all {:.2} to {:.2}{floor}",
        at(&ratios, 0.5),
        at(&ratios, 0.25),
        at(&ratios, 0.75),
        at(&ratios, 0.0),
        at(&ratios, 1.0)
    );
}

/// The value at a share of a sorted list; nothing measured is not a number.
fn at(sorted: &[f64], share: f64) -> f64 {
    let place = (sorted.len().saturating_sub(1) as f64 * share).round() as usize;
    sorted.get(place).copied().unwrap_or(f64::NAN)
}

#[cfg(test)]
mod tests {
    use super::at;

    #[test]
    fn the_median_of_five_is_the_third() {
        let sorted = [1.0, 2.0, 3.0, 4.0, 5.0];
        assert!((at(&sorted, 0.5) - 3.0).abs() < f64::EPSILON);
        assert!((at(&sorted, 1.0) - 5.0).abs() < f64::EPSILON);
        assert!(at(&[], 0.5).is_nan());
    }
}
