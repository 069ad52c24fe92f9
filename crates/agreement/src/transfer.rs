//! When data may go to a recipient because of where it is: the days on which its country lies in the agreed area, or on which
//! a basis for the transfer holds (GDPR Chapter V). Computed once on reading, from the terms and the dated law.

use jiff::civil::Date;
use jiff::tz::TimeZone;
use terms::{Instant, Sourced};

use crate::law::{Days, Law};
use crate::term::Subprocessor;
use crate::value::Term;

/// Stretches of time; the first instant is in, the last is not.
pub(crate) type Windows = Vec<(Instant, Instant)>;

/// When `subprocessor` may receive data where it is. Without a country there is no such time.
pub(crate) fn windows(subprocessor: &Subprocessor, general: &[Term], law: &Law) -> Windows {
    let Some(country) = subprocessor.country.value() else { return Windows::new() };
    let rule = general.iter().find(|term| term.block == "transfers");
    // Chapter V holds where the agreement says nothing.
    let area = rule.and_then(|rule| rule.text("area")).unwrap_or("eu-eea");
    let mut windows: Windows = within(country, area, law).into_iter().map(window).collect();
    let beyond = rule.and_then(|rule| rule.text("beyond")).unwrap_or("ground");
    let basis = |term: &&Term| term.block == "transfer" && term.text("subprocessor") == Some(subprocessor.id.as_str());
    for term in general.iter().filter(basis) {
        // An approval is a paper too, and without its place it is not there.
        let on_paper = matches!(term.sourced("evidence"), Some(Sourced::Found { .. }));
        if beyond == "refused" || (beyond.starts_with("written-approval") && !on_paper) {
            continue;
        }
        let Some(basis) = law.bases().iter().find(|basis| Some(basis.id.as_str()) == term.text("basis")) else {
            continue;
        };
        if basis.covers(country) && basis.standing && (basis.needs.is_empty() || on_paper) {
            windows.push(window(basis.days));
        }
    }
    windows
}

/// The days on which a country lies in an area that agreements name.
fn within(country: &str, area: &str, law: &Law) -> Vec<Days> {
    match area {
        "se" if country == "SE" => law.area_days("SE", "eea"),
        "se" => Vec::new(),
        "eu" => law.area_days(country, "eu"),
        // *Europe* and *further countries* are no area that anything can be judged by; the law's own is.
        _ => law.area_days(country, "eea"),
    }
}

fn window(days: Days) -> (Instant, Instant) {
    let from = midnight(days.valid_from);
    let to = days.valid_to.and_then(|last| last.tomorrow().ok()).map_or(Instant(i64::MAX), midnight);
    (from, to)
}

/// The beginning of a day where the agreements are at home.
fn midnight(day: Date) -> Instant {
    let zone = TimeZone::get("Europe/Stockholm").unwrap_or(TimeZone::UTC);
    day.to_zoned(zone).map_or(Instant(i64::MAX), |zoned| Instant(zoned.timestamp().as_microsecond()))
}
