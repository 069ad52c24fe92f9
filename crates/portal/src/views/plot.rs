//! A plot of a sheet, for page and paper: its texts in one language and the lines of its grid. How it is drawn is `svg.rs` and the
//! paper's own matter.

use maud::Markup;
use service::{Plot, PlotForm, PlotUnit};
use terms::Language;

use super::text;
use crate::html::amount;

/// Draws it.
pub(super) fn draw(language: Language, plot: &Plot) -> Markup {
    crate::svg::plot(plot.table, &in_words(language, plot))
}

/// The same with its texts in one language, and a grid from the least to the most.
pub(super) fn in_words(language: Language, plot: &Plot) -> paper::Plot {
    let values = || plot.points.iter().map(|(_, value)| *value);
    let most = values().max().unwrap_or(0).max(1);
    let least = values().min().unwrap_or(0).min(0);
    let mut grid = vec![least, least.midpoint(most), most];
    grid.dedup();
    paper::Plot {
        title: text(language, &plot.title).to_owned(),
        description: text(language, &plot.description).to_owned(),
        form: match plot.form {
            PlotForm::Bars => paper::PlotForm::Bars,
            PlotForm::Line => paper::PlotForm::Line,
        },
        points: plot.points.iter().map(|(under, value)| (text(language, under).to_owned(), *value)).collect(),
        grid: grid.into_iter().map(|value| (value, value_text(language, plot.unit, value))).collect(),
    }
}

/// A value as it stands beside its line.
fn value_text(language: Language, unit: PlotUnit, value: i64) -> String {
    match unit {
        PlotUnit::Count => amount(language, &value.to_string()),
        PlotUnit::Money => format!("{}\u{a0}kr", amount(language, &(value / 100).to_string())),
    }
}
