//! The form of each kind of value, and the forms under which values are indexed.

use jiff::civil::Date;
use zeroize::Zeroizing;

use crate::draft::{FieldProblem, MeantDay, Value};
use crate::{Field, FieldType, value_numbers};

/// Longest line about a file that is kept; ours, since it is no text that anybody writes.
const MAX_FACTS_CHARACTERS: usize = 400;

/// Reads `text` in the form of `field`, trimmed. An empty text is an empty value, whatever the form.
pub(crate) fn read(field: &Field, text: &str, today: Date) -> Result<Value, FieldProblem> {
    let text = text.trim();
    let given = text.chars().count();
    let of_a_file = matches!(field.holds, FieldType::KeptFile(_));
    if given > if of_a_file { MAX_FACTS_CHARACTERS } else { field.max } {
        return Err(FieldProblem::TooLong { max: field.max, given });
    }
    let several_lines = field.holds == FieldType::LongText;
    if text.chars().any(|c| c.is_control() && !(several_lines && matches!(c, '\n' | '\r' | '\t')) || is_bidi_control(c))
    {
        return Err(FieldProblem::NotPlainText);
    }
    if text.is_empty() {
        return Ok(Zeroizing::new(String::new()));
    }
    match &field.holds {
        FieldType::Text if is_personnummer(text) => return Err(FieldProblem::APersonnummer),
        FieldType::Text => {}
        FieldType::LongText => return Ok(Zeroizing::new(text.replace("\r\n", "\n"))),
        FieldType::Date { past } => {
            let date: Option<Date> = text.parse().ok();
            let Some(date) = date.filter(|date| text.len() == 10 && date.year() >= 1000) else {
                return Err(another_date(text));
            };
            if *past && date > today {
                return Err(FieldProblem::InTheFuture);
            }
        }
        FieldType::Choice(choices) => {
            if !choices.iter().any(|choice| choice.value == text) {
                return Err(FieldProblem::NotAChoice);
            }
        }
        // Whether the list has it, `processing` asks of the customer's file in force.
        FieldType::Listed { .. } => {
            terms::FieldName::new(text).map_err(|_| FieldProblem::NotListed)?;
        }
        FieldType::Email => check_email(text)?,
        FieldType::Phone => {
            let digits = text.chars().filter(char::is_ascii_digit).count();
            let plain = text.chars().all(|c| c.is_ascii_digit() || matches!(c, ' ' | '+' | '-' | '(' | ')'));
            if !plain || !(5..=15).contains(&digits) {
                return Err(FieldProblem::NotAPhone);
            }
        }
        FieldType::Personnummer => {
            let digits: Zeroizing<String> = Zeroizing::new(text.chars().filter(|c| *c != '-').collect());
            if digits.len() != 12 || !is_personnummer(&digits) {
                return Err(FieldProblem::NotAPersonnummer);
            }
            return Ok(digits);
        }
        FieldType::OrganisationNumber => return value_numbers::organisation_number(text),
        FieldType::Number(form) => return value_numbers::number(text, *form),
        FieldType::Money { .. } => return value_numbers::amount(text),
        FieldType::File => return value_numbers::file(text),
        // Whether there is such a file, and whose it is, the door finds out.
        FieldType::KeptFile(form) => {
            let facts = crate::FileFacts::read(text).ok_or(FieldProblem::NotAFile)?;
            if form.takes(facts.media.media).is_none() {
                return Err(FieldProblem::NotAFile);
            }
        }
        FieldType::Reference { .. } => {
            text.parse::<terms::RecordId>().map_err(|_| FieldProblem::NotARecord)?;
        }
    }
    Ok(Zeroizing::new(text.to_owned()))
}

/// What is wrong with a text that is no date of the form 2026-11-21: a year of four digits with day and month before or after it is
/// told with the day that it can only mean, and where day and month may be taken for each other nothing is guessed.
fn another_date(text: &str) -> FieldProblem {
    let mut parts: Vec<i16> = Vec::with_capacity(3);
    let mut widths: Vec<usize> = Vec::with_capacity(3);
    let eight = |text: &str| text.len() == 8 && text.bytes().all(|byte| byte.is_ascii_digit());
    let split: Vec<&str> = if eight(text) {
        // 20261121, as a personnummer begins.
        vec![text.get(..4).unwrap_or(""), text.get(4..6).unwrap_or(""), text.get(6..).unwrap_or("")]
    } else {
        text.split(['/', '-', '.', ' ']).filter(|part| !part.is_empty()).collect()
    };
    for part in split {
        let digits = part.bytes().all(|byte| byte.is_ascii_digit());
        let Some(number) = part.parse::<i16>().ok().filter(|_| digits) else { return FieldProblem::NotADate };
        parts.push(number);
        widths.push(part.len());
    }
    let (&[first, second, third], [one, two, three]) = (parts.as_slice(), widths.as_slice()) else {
        return FieldProblem::NotADate;
    };
    let day = |year: i16, month: i16, day: i16| {
        let (month, day) = (i8::try_from(month).ok()?, i8::try_from(day).ok()?);
        Date::new(year, month, day).ok().filter(|date| date.year() >= 1000)
    };
    let read = match (*one, *two, *three) {
        // The year first: nobody writes the day before the month then.
        (4, 1..=2, 1..=2) => [day(first, second, third), None],
        (1..=2, 1..=2, 4) => [day(third, second, first), day(third, first, second).filter(|_| first != second)],
        _ => [None, None],
    };
    match read {
        [Some(_), Some(_)] => FieldProblem::DateUnclear,
        [Some(meant), None] | [None, Some(meant)] => FieldProblem::DateInAnotherForm { meant: MeantDay(meant) },
        [None, None] => FieldProblem::NotADate,
    }
}

/// Whether a text is one line that reads as it stands: without control characters and without those that turn the direction of
/// what is beside them. For names that are no field of a record.
#[must_use]
pub fn is_plain_line(text: &str) -> bool {
    !text.chars().any(|c| c.is_control() || is_bidi_control(c))
}

/// Characters that turn the direction of text, and so can make a name read as another.
pub(crate) const fn is_bidi_control(c: char) -> bool {
    matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{200e}' | '\u{200f}' | '\u{61c}')
}

fn check_email(text: &str) -> Result<(), FieldProblem> {
    let (local, domain) = text.rsplit_once('@').ok_or(FieldProblem::NotAnEmail)?;
    let fine = !local.is_empty()
        && !text.chars().any(char::is_whitespace)
        && domain.contains('.')
        && domain.split('.').all(|label| !label.is_empty() && label.chars().all(|c| c.is_alphanumeric() || c == '-'));
    if fine { Ok(()) } else { Err(FieldProblem::NotAnEmail) }
}

/// Whether the whole text is a Swedish personnummer or samordningsnummer with a right check digit, in any usual form
/// (ten or twelve digits, with or without `-` or `+`). SKV 704: the check digit is Luhn's over the ten digits.
pub(crate) fn is_personnummer(text: &str) -> bool {
    let digits: Vec<u32> = text.chars().filter(|c| !matches!(c, '-' | '+')).filter_map(|c| c.to_digit(10)).collect();
    if text.chars().any(|c| !c.is_ascii_digit() && !matches!(c, '-' | '+')) {
        return false;
    }
    let ten = match digits.len() {
        10 => &digits[..],
        12 => &digits[2..],
        _ => return false,
    };
    let month = ten[2] * 10 + ten[3];
    let day = ten[4] * 10 + ten[5];
    let day = if day > 60 { day - 60 } else { day };
    if !(1..=12).contains(&month) || !(1..=31).contains(&day) {
        return false;
    }
    if digits.len() == 12 && Date::new(century_year(&digits), month as i8, day as i8).is_err() {
        return false;
    }
    value_numbers::check_digit_is_right(ten)
}

fn century_year(digits: &[u32]) -> i16 {
    digits.iter().take(4).fold(0, |year, digit| year * 10 + *digit as i16)
}

/// The words under which a value is found: lower case, split where no letter or digit stands, each once. Å, ä and ö are
/// letters of their own and stay so.
#[must_use]
pub fn index_words(text: &str) -> Vec<Value> {
    let mut words: Vec<Value> = text
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(|word| Zeroizing::new(word.to_lowercase()))
        .collect();
    words.sort_by(|one, other| one.as_str().cmp(other.as_str()));
    words.dedup();
    words
}

/// The one form under which a whole value is found: lower case, spaces folded.
#[must_use]
pub fn index_whole(text: &str) -> Value {
    let mut whole = Zeroizing::new(String::with_capacity(text.len()));
    for word in text.split_whitespace() {
        if !whole.is_empty() {
            whole.push(' ');
        }
        whole.push_str(&word.to_lowercase());
    }
    whole
}

#[cfg(test)]
mod tests {
    use super::*;
    use terms::{Category, FieldName, Label};

    fn field(holds: FieldType, max: usize) -> Field {
        Field {
            name: FieldName::new("f").unwrap(),
            label: Label::default(),
            help: None,
            category: Category::new("c").unwrap(),
            free_text: false,
            holds,
            max,
            required: false,
            search: None,
            remind: None,
        }
    }

    fn check(holds: FieldType, text: &str, expected: Result<&str, FieldProblem>) {
        let today = Date::constant(2026, 11, 21);
        let got = read(&field(holds, 20), text, today).map(|value| value.to_string());
        assert_eq!(got, expected.map(str::to_owned), "{text:?}");
    }

    #[test]
    fn each_form_takes_its_own_and_refuses_the_rest() {
        use FieldProblem as P;
        check(FieldType::Text, "  Åsa  ", Ok("Åsa"));
        check(FieldType::Text, "två\nrader", Err(P::NotPlainText));
        check(FieldType::Text, "a\u{202e}b", Err(P::NotPlainText));
        check(FieldType::Text, &"å".repeat(21), Err(P::TooLong { max: 20, given: 21 }));
        check(FieldType::Text, "18900112-9817", Err(P::APersonnummer));
        check(FieldType::LongText, "en\r\ntvå", Ok("en\ntvå"));
        check(FieldType::Date { past: true }, "2026-11-21", Ok("2026-11-21"));
        check(FieldType::Date { past: true }, "2026-11-22", Err(P::InTheFuture));
        check(FieldType::Date { past: false }, "2026-11-22", Ok("2026-11-22"));
        for wrong in ["2026-02-30", "21/11/26", "0", "-000001-01-01", "i fjol", "31/31/2026", "1-2-3-2026"] {
            check(FieldType::Date { past: true }, wrong, Err(P::NotADate));
        }
        let meant = P::DateInAnotherForm { meant: MeantDay(Date::constant(2026, 11, 21)) };
        for other in ["21/11 2026", "11/21/2026", "21-11-2026", "20261121", "2026/11/21", "21.11.2026"] {
            check(FieldType::Date { past: true }, other, Err(meant));
        }
        for unclear in ["03/11/2026", "11-03-2026", "3.11.2026"] {
            check(FieldType::Date { past: true }, unclear, Err(P::DateUnclear));
        }
        let same = P::DateInAnotherForm { meant: MeantDay(Date::constant(2026, 3, 3)) };
        check(FieldType::Date { past: true }, "3/3/2026", Err(same));
        assert!(!format!("{meant:?}").contains("2026"), "a day of birth stands in no log");
        check(FieldType::Email, "a@b.se", Ok("a@b.se"));
        for wrong in ["a", "a@b", "@b.se", "a@.se", "a b@c.se"] {
            check(FieldType::Email, wrong, Err(P::NotAnEmail));
        }
        check(FieldType::Phone, "+46 70-174 06 05", Ok("+46 70-174 06 05"));
        check(FieldType::Phone, "ring mig", Err(P::NotAPhone));
        check(FieldType::Personnummer, "18900112-9817", Ok("189001129817"));
        check(FieldType::Personnummer, "189001129818", Err(P::NotAPersonnummer));
        check(FieldType::Personnummer, "9001129817", Err(P::NotAPersonnummer));
    }

    #[test]
    fn words_are_found_whatever_their_case_and_place() {
        let words = |text| index_words(text).iter().map(|word| word.to_string()).collect::<Vec<_>>();
        assert_eq!(words("Ann-Sofie  ÅKERLUND ann"), ["ann", "sofie", "åkerlund"]);
        assert_eq!(*index_whole("  Ann-Sofie\tÅkerlund "), "ann-sofie åkerlund");
    }
}
