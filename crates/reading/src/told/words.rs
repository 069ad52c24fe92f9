//! A value in a few words.

use terms::Language;

use crate::proposal::Value;
use crate::quantities::Quantity;

/// The value as people read it; periods and times in the agreement language's own words.
#[must_use]
pub fn value(value: &Value, language: Language) -> String {
    let sv = language == Language::Sv;
    match value {
        Value::Words(words) => words.clone(),
        Value::Meaning(code) => code.clone(),
        Value::Quantity(quantity) => self::quantity(quantity, sv),
        Value::Recipient(it) => {
            let parts = [Some(&it.name), it.role.as_ref(), it.place.as_ref(), it.data.as_ref(), it.basis.as_ref()];
            let mut told = parts.into_iter().flatten().cloned().collect::<Vec<_>>().join(" · ");
            if !it.countries.is_empty() {
                told.push_str(&format!(" [{}]", it.countries.join(", ")));
            }
            told
        }
        Value::Price { what, amount, per } => {
            let amount = self::quantity(amount, sv);
            let per = per.as_ref().map(|per| format!(" {per}")).unwrap_or_default();
            match what {
                Some(what) => format!("{what}: {amount}{per}"),
                None => format!("{amount}{per}"),
            }
        }
        Value::Reduction { below, above, reduces } => match (above, sv) {
            (Some(above), true) => format!("under {below} % och över {above} %: {reduces} %"),
            (Some(above), false) => format!("below {below} % and above {above} %: {reduces} %"),
            (None, true) => format!("under {below} %: {reduces} %"),
            (None, false) => format!("below {below} %: {reduces} %"),
        },
    }
}

pub(super) fn quantity(quantity: &Quantity, sv: bool) -> String {
    let period = |text: &str| match text.parse::<calendar::Period>() {
        Ok(period) if sv => period.text(Language::Sv),
        Ok(period) => period.text(Language::En),
        Err(_) => text.to_owned(),
    };
    match quantity {
        Quantity::Period(text) => period(text),
        Quantity::Every(text) if sv => format!("med {} mellanrum", period(text)),
        Quantity::Every(text) => format!("every {}", period(text)),
        Quantity::Money(amount, currency) => format!("{amount} {currency}"),
        Quantity::Percent(number) => format!("{number} %"),
        Quantity::Date(date) => date.to_string(),
        Quantity::Time(time) => time.clone(),
        Quantity::Hours(from, to) => format!("{from}–{to}"),
        Quantity::Gigabytes(count) => format!("{count} GB"),
        Quantity::Organisation(number) => number.clone(),
        Quantity::Disagrees => "?".to_owned(),
    }
}
