//! What a reader chooses: months, days, values of the customer's lists, records. Each is read in the form that it has, and what
//! has none is told, never guessed.

use jiff::civil::Date;
use service::{Arguments, Parameter, ParameterForm, View, read_month};
use terms::RecordId;

use crate::ctx::Signed;
use crate::moment::civil;

/// Longest text that is pasted in, in bytes.
pub(super) const MAX_PASTED_BYTES: usize = 200_000;

/// A choice that cannot be taken.
pub(super) struct WrongChoice {
    /// Which.
    pub parameter: Parameter,
    /// Why: a key of the portal's words.
    pub why: &'static str,
}

/// The day in Sweden.
pub(super) fn today(signed: &Signed) -> Date {
    civil(signed.now()).date()
}

/// Reads what was chosen; what was not is set to what the form says.
pub(super) fn read(
    signed: &Signed,
    view: &'static dyn View,
    given: impl Fn(&str) -> Option<String>,
) -> Result<Arguments, Box<WrongChoice>> {
    let mut arguments = Arguments::default();
    for parameter in view.parameters() {
        let text = given(parameter.name).unwrap_or_default();
        let trimmed = text.trim();
        let why = match parameter.form {
            ParameterForm::Month if trimmed.is_empty() => {
                arguments.set(parameter.name, &month_before(today(signed)));
                continue;
            }
            ParameterForm::Date if trimmed.is_empty() => {
                arguments.set(parameter.name, &today(signed).to_string());
                continue;
            }
            _ if trimmed.is_empty() => continue,
            ParameterForm::Month if read_month(trimmed).is_none_or(far) => "view-wrong-month",
            ParameterForm::Date if trimmed.len() != 10 || trimmed.parse::<Date>().map_or(true, far) => {
                "view-wrong-date"
            }
            ParameterForm::Record(_) if trimmed.parse::<RecordId>().is_err() => "view-wrong-record",
            ParameterForm::List(_) if trimmed.len() > 200 || trimmed.chars().any(char::is_control) => {
                "view-wrong-value"
            }
            ParameterForm::Pasted if text.len() > MAX_PASTED_BYTES => "view-wrong-long",
            ParameterForm::Pasted => {
                arguments.set(parameter.name, &text);
                continue;
            }
            _ => {
                arguments.set(parameter.name, trimmed);
                continue;
            }
        };
        return Err(Box::new(WrongChoice { parameter, why }));
    }
    Ok(arguments)
}

/// A year that no programme reaches; counting there would only overflow.
fn far(day: Date) -> bool {
    !(1990..=2100).contains(&day.year())
}

/// The last month that is over.
fn month_before(today: Date) -> String {
    let (year, month) = if today.month() == 1 { (today.year() - 1, 12) } else { (today.year(), today.month() - 1) };
    format!("{year:04}-{month:02}")
}

/// The choices as the query of an address, without what was pasted.
pub(super) fn query(view: &'static dyn View, arguments: &Arguments) -> String {
    let mut query = String::new();
    for parameter in view.parameters().iter().filter(|one| one.form != ParameterForm::Pasted) {
        if let Some(value) = arguments.get(parameter.name) {
            query.push(if query.is_empty() { '?' } else { '&' });
            query.push_str(parameter.name);
            query.push('=');
            query.push_str(&crate::form::encode(value));
        }
    }
    query
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_month_before_january_is_december() {
        assert_eq!(month_before(Date::constant(2026, 1, 31)), "2025-12");
        assert_eq!(month_before(Date::constant(2026, 11, 1)), "2026-10");
    }
}
