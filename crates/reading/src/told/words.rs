//! Values, verdicts and reasons in a few words.

use terms::Language;

use crate::data::{self, Both};
use crate::proposal::Value;
use crate::quantities::Quantity;
use crate::read::{Reading, Verdict, fields};
use crate::text_in::Unreadable;

fn both(sv: &str, en: &str) -> Both {
    Both { sv: sv.to_owned(), en: en.to_owned() }
}

impl Both {
    /// In one of the two languages.
    #[must_use]
    pub fn text(&self, language: Language) -> &str {
        match language {
            Language::Sv => &self.sv,
            Language::En => &self.en,
        }
    }
}

/// What a text is, in a few words.
#[must_use]
pub fn verdict(reading: &Reading) -> Both {
    if let Some(alone) = alone(reading).filter(|_| reading.verdict == Verdict::OtherAgreement) {
        return alone.clone();
    }
    match reading.verdict {
        Verdict::Agreement => {
            both("ett personuppgiftsbiträdesavtal finns i texten", "a data processing agreement is in the text")
        }
        Verdict::OtherAgreement => both(
            "ett avtal eller villkor, men inget personuppgiftsbiträdesavtal",
            "an agreement or terms, but no data processing agreement",
        ),
        Verdict::Register => both("ett register över mottagare, inget avtal", "a register of recipients, no agreement"),
        Verdict::PrivacyPolicy => both("en integritetspolicy, inget avtal", "a privacy policy, no agreement"),
        Verdict::Table => both("en tabell utan meningar, inget avtal", "a table without sentences, no agreement"),
        Verdict::OtherLanguage(code) => both(
            &format!("en text på ett språk som reglerna inte kan ({code}); inget är läst ur den"),
            &format!("a text in a language that the rules do not know ({code}); nothing is read from it"),
        ),
        Verdict::None => both("ingenting som liknar ett avtal", "nothing like an agreement"),
    }
}

/// What a text is that is of one kind alone, where that has words of its own: a price list is no terms.
fn alone(reading: &Reading) -> Option<&'static Both> {
    let first = reading.parts.first()?;
    let kind = data::kinds().kind.iter().find(|kind| kind.code == first.kind)?;
    kind.alone.as_ref().filter(|_| reading.parts.iter().all(|part| part.kind == first.kind))
}

/// Why a file was not read, and what to do.
#[must_use]
pub fn unreadable(why: &Unreadable) -> Both {
    let sv = match why {
        Unreadable::Empty => "Filen är tom.".to_owned(),
        Unreadable::TooLarge { most } => {
            format!(
                "Filen eller dess text är större än {most} byte. Dela upp den, eller ta bort det som inte hör till avtalet."
            )
        }
        Unreadable::Picture => "Det här är en bild. Bara texter läses, så låt skriva av den först.".to_owned(),
        Unreadable::OnlyPictures { pages } => format!(
            "PDF-filen har {pages} sidor och ingen text: den består av bilder. Låt skriva av den eller kör teckenigenkänning först."
        ),
        Unreadable::Locked => "Filen är skyddad med lösenord. Ta bort skyddet och försök igen.".to_owned(),
        Unreadable::OtherFormat { what } => {
            format!("Det här är {}, som inte läses. Spara som text, DOCX eller PDF.", what.label().sv)
        }
        Unreadable::NoText => "Det här är inte text.".to_owned(),
        Unreadable::Damaged { why } => format!("Filen är skadad eller gjord för att skada ({why})."),
        Unreadable::TooHeavy => {
            "Läsningen tog för lång tid eller för mycket minne och avbröts. Spara filen som text och försök igen."
                .to_owned()
        }
    };
    let mut en: String = why.to_string();
    if let Some(first) = en.get(..1).map(str::to_uppercase) {
        en.replace_range(..1, &first);
    }
    Both { sv, en: format!("{en}.") }
}

/// The fields that were found, under the groups in which they are shown.
#[must_use]
pub fn found_by_group(reading: &Reading) -> Vec<(&'static Both, Vec<&'static str>)> {
    let of = |group: &str| -> Vec<&'static str> {
        fields()
            .filter(|field| field.split('.').next().is_some_and(|head| data::group_of(head) == group))
            .filter(|field| reading.of_field(field).next().is_some())
            .collect()
    };
    let groups = data::fields().group.iter().map(|(group, label)| (label, of(group)));
    groups.filter(|(_, found)| !found.is_empty()).collect()
}

/// The value as people read it, with meanings in words.
#[must_use]
pub fn shown(value: &Value, language: Language) -> String {
    match value {
        Value::Meaning(code) => {
            data::fields().meaning.get(code).map_or_else(|| code.clone(), |label| label.text(language).to_owned())
        }
        value => self::value(value, language),
    }
}

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
