//! A plot as shapes: bars or a line between its grid and the texts under it. Nothing is drawn here, and nothing is rounded that a
//! table beside the plot says.

use crate::text::{Fonts, Weight};
use crate::{Plot, PlotForm};

/// The height of every plot, in points.
pub(crate) const HEIGHT: f32 = 180.0;
const TOP: f32 = 8.0;
/// Room for the texts under the points.
const BELOW: f32 = 18.0;
const SIZE: f32 = 7.5;
/// Between the grid's texts and its lines.
const GAP: f32 = 6.0;
/// Most points that are drawn; more are no picture any more.
pub(crate) const MAX_POINTS: usize = 60;

/// Something to draw, from the plot's own upper left corner.
#[derive(Debug, PartialEq)]
pub(crate) enum Shape {
    Bar { x: f32, y: f32, width: f32, height: f32 },
    Line { points: Vec<(f32, f32)>, thick: bool },
    Text { x: f32, base: f32, text: String, size: f32 },
}

impl Shape {
    /// The same elsewhere.
    pub(crate) fn moved(self, right: f32, down: f32) -> Self {
        match self {
            Self::Bar { x, y, width, height } => Self::Bar { x: x + right, y: y + down, width, height },
            Self::Line { points, thick } => {
                Self::Line { points: points.into_iter().map(|(x, y)| (x + right, y + down)).collect(), thick }
            }
            Self::Text { x, base, text, size } => Self::Text { x: x + right, base: base + down, text, size },
        }
    }
}

/// The shapes of a plot over a width; none where there is nothing to compare.
pub(crate) fn shapes(plot: &Plot, fonts: &Fonts, width: f32) -> Vec<Shape> {
    let points = plot.points.get(..plot.points.len().min(MAX_POINTS)).unwrap_or_default();
    if points.len() < 2 {
        return Vec::new();
    }
    let values = || points.iter().map(|(_, value)| *value).chain(plot.grid.iter().map(|(value, _)| *value));
    let most = values().max().unwrap_or(0).max(1);
    let least = values().min().unwrap_or(0).min(0);
    let room = HEIGHT - TOP - BELOW;
    #[expect(clippy::cast_possible_truncation, reason = "a share of one, drawn to the tenth of a millimetre")]
    let y = |value: i64| TOP + (share(most, value, least) * f64::from(room)) as f32;
    let left = plot.grid.iter().map(|(_, text)| fonts.width(text, Weight::Regular, SIZE)).fold(0.0, f32::max) + GAP;
    let mut shapes = Vec::new();
    for (value, text) in &plot.grid {
        let at = y(*value);
        shapes.push(Shape::Line { points: vec![(left, at), (width, at)], thick: false });
        let x = left - GAP - fonts.width(text, Weight::Regular, SIZE);
        shapes.push(Shape::Text { x, base: at + SIZE * 0.35, text: text.clone(), size: SIZE });
    }
    #[expect(clippy::cast_precision_loss, reason = "at most sixty points")]
    let (count, nth) = (points.len() as f32, |place: usize| place as f32);
    let step = (width - left) / count;
    let middle = |place: usize| left + step * (nth(place) + 0.5);
    match plot.form {
        PlotForm::Bars => {
            for (place, (_, value)) in points.iter().enumerate() {
                let (zero, at) = (y(0), y(*value));
                // Also nought is seen: as a stroke.
                let (y, height) = (zero.min(at), (zero - at).abs().max(0.6));
                shapes.push(Shape::Bar { x: middle(place) - step * 0.375, y, width: step * 0.75, height });
            }
        }
        PlotForm::Line => {
            let through = points.iter().enumerate().map(|(place, (_, value))| (middle(place), y(*value))).collect();
            shapes.push(Shape::Line { points: through, thick: true });
        }
    }
    // So many texts as do not run into each other.
    let mut free = 0.0;
    for (place, (text, _)) in points.iter().enumerate() {
        let wide = fonts.width(text, Weight::Regular, SIZE);
        let x = (middle(place) - wide / 2.0).clamp(0.0, (width - wide).max(0.0));
        if x >= free {
            shapes.push(Shape::Text { x, base: HEIGHT - 4.0, text: text.clone(), size: SIZE });
            free = x + wide + GAP;
        }
    }
    shapes
}

/// How far down from the most a value stands, of the way to the least.
#[expect(clippy::cast_precision_loss, reason = "a place on paper, not a sum")]
fn share(most: i64, value: i64, least: i64) -> f64 {
    let of = most as f64 - least as f64;
    if of == 0.0 { 1.0 } else { ((most as f64 - value as f64) / of).clamp(0.0, 1.0) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plot(form: PlotForm, values: &[i64]) -> Plot {
        Plot {
            title: String::new(),
            description: String::new(),
            form,
            points: values.iter().map(|value| ("oktober".to_owned(), *value)).collect(),
            grid: vec![(0, "0".to_owned())],
        }
    }

    #[test]
    fn bars_stand_on_nought_and_inside_the_plot_whatever_their_values() {
        let fonts = Fonts::built_in().unwrap();
        for values in [&[100, -50, i64::MAX, 0, i64::MIN][..], &[0, 0], &[-5, -7]] {
            let shapes = shapes(&plot(PlotForm::Bars, values), &fonts, 480.0);
            let bars = shapes.iter().filter_map(|shape| match shape {
                Shape::Bar { x, y, width, height } => Some((*x, *y, *width, *height)),
                _ => None,
            });
            assert_eq!(bars.clone().count(), values.len());
            for (x, y, width, height) in bars {
                assert!(x >= 0.0 && x + width <= 480.1 && y >= TOP - 0.1 && y + height <= HEIGHT, "{values:?}");
            }
        }
    }

    #[test]
    fn texts_under_many_points_do_not_run_into_each_other_and_one_point_is_no_plot() {
        let fonts = Fonts::built_in().unwrap();
        let shapes_of = |count: i64| shapes(&plot(PlotForm::Line, &(0..count).collect::<Vec<_>>()), &fonts, 480.0);
        assert!(shapes_of(1).is_empty());
        let mut free = 0.0;
        for shape in shapes_of(500) {
            if let Shape::Text { x, base, text, size } = shape
                && base > HEIGHT - 8.0
            {
                assert!(x >= free);
                free = x + fonts.width(&text, Weight::Regular, size);
            }
        }
        assert!(free > 400.0);
    }
}
