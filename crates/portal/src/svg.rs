//! A plot as SVG: bars or a line, with title and description for those who do not see it. Its figures stand in the table beside.

use core::fmt::Write as _;

use maud::{Markup, PreEscaped, html};
use paper::{Plot, PlotForm};

const WIDTH: i64 = 720;
const HEIGHT: i64 = 260;
const LEFT: i64 = 90;
const BOTTOM: i64 = 40;
const TOP: i64 = 16;
/// Most points that a plot shows; more are no picture any more.
const MAX_POINTS: usize = 60;

/// Draws it. `name` is unique on its page.
pub(crate) fn plot(name: &str, plot: &Plot) -> Markup {
    let points: Vec<_> = plot.points.iter().take(MAX_POINTS).collect();
    if points.len() < 2 {
        return html! {};
    }
    let values = || points.iter().map(|(_, value)| *value).chain(plot.grid.iter().map(|(value, _)| *value));
    let most = values().max().unwrap_or(0).max(1);
    let least = values().min().unwrap_or(0).min(0);
    let room = HEIGHT - TOP - BOTTOM;
    let y = |value: i64| TOP + scaled(most.saturating_sub(value), most.saturating_sub(least), room);
    let step = (WIDTH - LEFT) / points.len() as i64;
    let mut drawn = String::new();
    // Writing to a String cannot fail.
    let mut add = |text: core::fmt::Arguments<'_>| drawn.write_fmt(text).unwrap_or_default();
    for (value, text) in &plot.grid {
        let at = y(*value);
        add(format_args!(
            "<line x1=\"{LEFT}\" y1=\"{at}\" x2=\"{WIDTH}\" y2=\"{at}\" class=\"grid\"/>\
             <text x=\"{}\" y=\"{}\" text-anchor=\"end\">{}</text>",
            LEFT - 8,
            at + 4,
            html! { (text) }.0
        ));
    }
    let mut line = String::new();
    for (place, (label, value)) in points.iter().enumerate() {
        let x = LEFT + step * place as i64;
        let (zero, at) = (y(0), y(*value));
        match plot.form {
            PlotForm::Bars => add(format_args!(
                "<rect x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\" class=\"value\"/>",
                x + step / 8,
                zero.min(at),
                (step * 3 / 4).max(1),
                (zero - at).abs().max(1)
            )),
            PlotForm::Line => {
                line.push_str(&format!("{},{at} ", x + step / 2));
                add(format_args!("<circle cx=\"{}\" cy=\"{at}\" r=\"4\" class=\"value\"/>", x + step / 2));
            }
        }
        // So many labels as there is room for.
        let every = (points.len() / 12).max(1);
        if place % every == 0 {
            add(format_args!(
                "<text x=\"{}\" y=\"{}\" text-anchor=\"middle\">{}</text>",
                x + step / 2,
                HEIGHT - BOTTOM + 18,
                html! { (label) }.0
            ));
        }
    }
    if plot.form == PlotForm::Line {
        add(format_args!("<polyline points=\"{}\" class=\"line\"/>", line.trim_end()));
    }
    let (title, description) = (format!("plot-{name}-title"), format!("plot-{name}-what"));
    html! {
        svg.plot role="img" viewBox=(format!("0 0 {WIDTH} {HEIGHT}")) aria-labelledby=(format!("{title} {description}")) {
            title id=(title) { (plot.title) }
            desc id=(description) { (plot.description) }
            (PreEscaped(drawn))
        }
    }
}

fn scaled(part: i64, of: i64, room: i64) -> i64 {
    if of == 0 { room } else { i64::try_from(i128::from(part) * i128::from(room) / i128::from(of)).unwrap_or(room) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with(points: &[i64]) -> Plot {
        Plot {
            title: "Ett <b>".to_owned(),
            description: "Staplar".to_owned(),
            form: PlotForm::Bars,
            points: points.iter().map(|value| ("<i>".to_owned(), *value)).collect(),
            grid: vec![(0, "<u>".to_owned())],
        }
    }

    #[test]
    fn a_plot_says_what_it_shows_and_escapes_what_it_is_given() {
        let drawn = plot("months", &with(&[100, -50, i64::MAX, 0])).0;
        assert!(drawn.contains("role=\"img\"") && drawn.contains("<desc id=\"plot-months-what\">Staplar</desc>"));
        assert!(!drawn.contains("<b>") && !drawn.contains("<i>") && !drawn.contains("<u>"));
        assert_eq!(drawn.matches("class=\"value\"").count(), 4);
        assert_eq!(plot("months", &with(&[1])).0, "", "one point is no plot");
    }
}
