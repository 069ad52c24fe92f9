//! What is wrong with a value or a file of choices, and what to do, in both languages.

use crate::changing::{MAX_VALUE, ValueForm, WrongValue};
use crate::confirmations::WrongChoices;
use crate::data::{self, Both};
use crate::pointing::{MAX_POINTED_BYTES, MAX_POINTED_LINES, NoPointing};

fn both(sv: impl Into<String>, en: impl Into<String>) -> Both {
    Both { sv: sv.into(), en: en.into() }
}

/// What a short name of a meaning says.
#[must_use]
pub fn meaning(code: &str) -> Both {
    data::fields().meaning.get(code).cloned().unwrap_or_else(|| both(code, code))
}

/// Why a value is not taken, and how it is written.
#[must_use]
pub fn wrong_value(why: WrongValue) -> Both {
    match why {
        WrongValue::Empty => both("Skriv ett värde.", "Write a value."),
        WrongValue::TooLong => both(
            format!("Värdet är längre än {MAX_VALUE} tecken. Korta det."),
            format!("The value is longer than {MAX_VALUE} characters. Shorten it."),
        ),
        WrongValue::Form(form) => match form {
            ValueForm::Words => both("Skriv värdet som text på en rad.", "Write the value as text on one line."),
            ValueForm::Period | ValueForm::Every => both(
                "Det här är ingen tid. Skriv till exempel ”30 dagar”, ”5 arbetsdagar”, ”24 timmar” eller ”utan onödigt dröjsmål”, och inget annat.",
                "This is no period. Write for example “30 days”, “5 working days”, “24 hours” or “without undue delay”, and nothing else.",
            ),
            ValueForm::Money => both(
                "Det här är inget belopp. Skriv till exempel ”1 250 kr” eller ”100 EUR”.",
                "This is no amount. Write for example “1250 SEK” or “100 EUR”.",
            ),
            ValueForm::Percent => both(
                "Det här är ingen procentsats. Skriv till exempel ”99,5 %”.",
                "This is no percentage. Write for example “99.5 %”.",
            ),
            ValueForm::Date => both(
                "Det här är ingen dag. Skriv till exempel ”2026-12-01”.",
                "This is no day. Write for example “2026-12-01”.",
            ),
            ValueForm::Time => both(
                "Det här är inget klockslag. Skriv till exempel ”08:00”.",
                "This is no time of day. Write for example “08:00”.",
            ),
            ValueForm::Hours => both(
                "Det här är inga öppettider. Skriv till exempel ”08:00–17:00”.",
                "These are no hours. Write for example “08:00–17:00”.",
            ),
            ValueForm::Gigabytes => both(
                "Skriv ett antal gigabyte, till exempel ”50 GB”.",
                "Write a number of gigabytes, for example “50 GB”.",
            ),
            ValueForm::Organisation => both(
                "Det här är inget organisationsnummer med rätt kontrollsiffra.",
                "This is no registration number with a right check digit.",
            ),
            ValueForm::Meaning => both("Välj en av betydelserna i listan.", "Choose one of the meanings in the list."),
            ValueForm::Fixed => both(
                "Det här värdet går inte att byta ut. Bekräfta det, eller säg att det inte står här.",
                "This value cannot be exchanged. Confirm it, or say that it is not here.",
            ),
        },
    }
}

/// Why choices are not taken, and what to do.
#[must_use]
pub fn wrong_choices(why: &WrongChoices) -> Both {
    match why {
        WrongChoices::Form { why } => both(
            format!("Det här är ingen fil med val: {why}. Lämna in filen confirmations.toml som den hämtades."),
            format!("This is no file of choices: {why}. Hand in the file confirmations.toml as it was taken along."),
        ),
        WrongChoices::OtherFile { file } => both(
            format!(
                "Valen är gjorda i en annan fil (”{file}”, SHA-256 skiljer sig). Läs den filen, eller bekräfta den här från början."
            ),
            format!(
                "The choices were made of another file (“{file}”, its SHA-256 differs). Read that file, or confirm this one anew."
            ),
        ),
        WrongChoices::OtherText => both(
            "Filen är densamma, men texten i den är uttagen på annat sätt än när valen gjordes (till exempel med eller utan pdftotext), så raderna stämmer inte. Läs den där valen gjordes, eller spara filen som text och bekräfta den.",
            "The file is the same, but its text was taken out in another way than when the choices were made (for example with or without pdftotext), so that the places differ. Read it where the choices were made, or save the file as text and confirm that.",
        ),
    }
}

/// Why nothing can be pointed to so, and what to do.
#[must_use]
pub fn no_pointing(why: &NoPointing) -> Both {
    match why {
        NoPointing::Field => both("Välj ett av fälten i listan.", "Choose one of the fields in the list."),
        NoPointing::Lines { last } => both(
            format!(
                "Det står ingen text på de raderna. Texten har raderna 1 till {last}; ange den första och den sista som säger det."
            ),
            format!(
                "There are no words on those lines. The text has lines 1 to {last}; give the first and the last that say it."
            ),
        ),
        NoPointing::TooManyLines => both(
            format!("Högst {MAX_POINTED_LINES} rader kan markeras på en gång. Markera bara de som säger det."),
            format!("At most {MAX_POINTED_LINES} lines can be marked at once. Mark only those that say it."),
        ),
        NoPointing::TooLongLines => both(
            format!(
                "Raderna är för långa för att markeras på en gång: högst {MAX_POINTED_BYTES} tecken. Markera färre, eller lämna in texten med kortare rader."
            ),
            format!(
                "The lines are too long to be marked at once: at most {MAX_POINTED_BYTES} characters. Mark fewer, or hand in the text with shorter lines."
            ),
        ),
        NoPointing::Value(why) => wrong_value(*why),
        NoPointing::NotThere { value } => both(
            format!(
                "”{value}” står inte på raderna. Skriv det som det står där, eller markera raderna som säger det. Ett värde som texten inte säger går inte att peka ut."
            ),
            format!(
                "“{value}” does not stand on the lines. Write it as it stands there, or mark the lines that say it. A value that the text does not state cannot be pointed to."
            ),
        ),
        NoPointing::Proposed { line } => both(
            format!("Det är redan föreslaget på rad {line}. Bekräfta det där."),
            format!("It is proposed on line {line} already. Confirm it there."),
        ),
        NoPointing::Stated { line } => both(
            format!(
                "Fältet har ett värde, och ett annat är redan valt på rad {line}. Säg först att det inte står där."
            ),
            format!(
                "The field has one value, and another is chosen on line {line} already. First say that it is not there."
            ),
        ),
        NoPointing::TooMany => both(
            "Så många värden är utpekade, eller på så långa rader, som det får vara.".to_owned(),
            "As many values are pointed to as there may be, or on lines that are as long together as they may be."
                .to_owned(),
        ),
    }
}
