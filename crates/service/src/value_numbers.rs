//! The forms of values that count or number something: organisation numbers, numbers, amounts, and what is known of a file.

use zeroize::Zeroizing;

use crate::NumberForm;
use crate::draft::{FieldProblem, Value};
use crate::value::is_personnummer;

/// Digits before the point, at most: more is no number of anything that a person writes.
const MAX_WHOLE_DIGITS: usize = 15;
/// Decimals of an amount.
const AMOUNT_DECIMALS: usize = 2;

/// Luhn's check digit, as SKV 704 lays it down for persons and lag (1974:174) for organisations.
pub(crate) fn check_digit_is_right(ten: &[u32]) -> bool {
    let sum: u32 = ten
        .iter()
        .enumerate()
        .map(|(place, digit)| match place % 2 {
            0 if digit * 2 > 9 => digit * 2 - 9,
            0 => digit * 2,
            _ => *digit,
        })
        .sum();
    sum.is_multiple_of(10)
}

/// Ten digits, or twelve beginning with 16. The third digit is 2 at least (lag 1974:174, 1 §), and so no month: a sole trader is
/// numbered by personnummer, which needs a field and a category of its own.
pub(crate) fn organisation_number(text: &str) -> Result<Value, FieldProblem> {
    if is_personnummer(text) {
        return Err(FieldProblem::APersonnummer);
    }
    let wrong = FieldProblem::NotAnOrganisationNumber;
    let digits: Vec<u32> =
        text.chars().filter(|c| *c != '-').map(|c| c.to_digit(10)).collect::<Option<_>>().ok_or(wrong)?;
    let ten = match digits.as_slice() {
        [1, 6, ten @ ..] if ten.len() == 10 => ten,
        ten if ten.len() == 10 => ten,
        _ => return Err(wrong),
    };
    if ten[2] < 2 || !check_digit_is_right(ten) {
        return Err(wrong);
    }
    let text: String = ten.iter().filter_map(|digit| char::from_digit(*digit, 10)).collect();
    Ok(Zeroizing::new(format!("{}-{}", &text[..6], &text[6..])))
}

/// A number with a point or a comma, and spaces between thousands; kept with a point and without what does not count.
pub(crate) fn number(text: &str, form: NumberForm) -> Result<Value, FieldProblem> {
    let (negative, whole, decimals) = parts(text).ok_or(FieldProblem::NotANumber)?;
    if decimals.len() > form.decimals {
        return Err(FieldProblem::NotANumber);
    }
    let decimals = decimals.trim_end_matches('0');
    let integer: i64 = whole.parse().map_err(|_| FieldProblem::NotANumber)?;
    let integer = if negative { -integer } else { integer };
    let broken = !decimals.is_empty();
    let too_little = form.at_least.is_some_and(|least| integer < least || (negative && broken && integer == least));
    let too_much = form.at_most.is_some_and(|most| integer > most || (!negative && broken && integer == most));
    if too_little || too_much {
        return Err(FieldProblem::OutOfRange);
    }
    let sign = if negative && (integer != 0 || broken) { "-" } else { "" };
    let point = if broken { "." } else { "" };
    Ok(Zeroizing::new(format!("{sign}{}{point}{decimals}", integer.unsigned_abs())))
}

/// An amount, kept with two decimals. What stands in the currency's place is read past: the field says the currency.
pub(crate) fn amount(text: &str) -> Result<Value, FieldProblem> {
    let wrong = FieldProblem::NotAnAmount;
    let (negative, whole, decimals) =
        parts(text.trim_end_matches(|c: char| c.is_alphabetic() || c == ':').trim_end()).ok_or(wrong)?;
    if decimals.len() > AMOUNT_DECIMALS {
        return Err(wrong);
    }
    let whole: u64 = whole.parse().map_err(|_| wrong)?;
    let zero = whole == 0 && decimals.chars().all(|digit| digit == '0');
    let sign = if negative && !zero { "-" } else { "" };
    Ok(Zeroizing::new(format!("{sign}{whole}.{decimals:0<AMOUNT_DECIMALS$}")))
}

/// Sign, digits before and digits after the point.
fn parts(text: &str) -> Option<(bool, String, String)> {
    let (negative, text) = match text.strip_prefix(['-', '\u{2212}']) {
        Some(rest) => (true, rest),
        None => (false, text),
    };
    let text: String = text.chars().filter(|c| !matches!(c, ' ' | '\u{a0}' | '\u{202f}')).collect();
    let (whole, decimals) = text.split_once([',', '.']).unwrap_or((&text, ""));
    let digits = |text: &str| text.chars().all(|c| c.is_ascii_digit());
    let pointed = text.contains([',', '.']);
    let fine = !whole.is_empty()
        && whole.len() <= MAX_WHOLE_DIGITS
        && digits(whole)
        && digits(decimals)
        && (!pointed || !decimals.is_empty());
    fine.then(|| (negative, whole.to_owned(), decimals.to_owned()))
}

/// `name; media type; bytes; SHA-256`. The file itself lies elsewhere.
pub(crate) fn file(text: &str) -> Result<Value, FieldProblem> {
    let wrong = FieldProblem::NotAFile;
    let parts: Vec<&str> = text.split(';').map(str::trim).collect();
    let [name, media, bytes, hash] = parts.as_slice() else { return Err(wrong) };
    let media_is_fine = media.split_once('/').is_some_and(|(kind, form)| {
        let token =
            |part: &str| !part.is_empty() && part.chars().all(|c| c.is_ascii_alphanumeric() || "!#$&-^_.+".contains(c));
        token(kind) && token(form)
    });
    let name_is_fine = !name.is_empty() && !name.contains(['/', '\\']);
    if !name_is_fine || !media_is_fine || bytes.parse::<u64>().is_err() || hash.parse::<terms::Hash>().is_err() {
        return Err(wrong);
    }
    Ok(Zeroizing::new(format!("{name}; {media}; {bytes}; {hash}")))
}

#[cfg(test)]
mod tests {
    use super::*;
    use FieldProblem as P;

    fn check(read: Result<Value, P>, expected: Result<&str, P>) {
        assert_eq!(read.map(|value| value.to_string()), expected.map(str::to_owned));
    }

    #[test]
    fn an_organisation_number_has_a_right_check_digit_and_is_no_person() {
        check(organisation_number("999999-9998"), Err(P::NotAnOrganisationNumber));
        check(organisation_number("189001129817"), Err(P::APersonnummer));
        check(organisation_number("5560"), Err(P::NotAnOrganisationNumber));
        check(organisation_number("abcdef-ghij"), Err(P::NotAnOrganisationNumber));
        let right = (0..10).map(|digit| format!("992000-000{digit}")).filter(|text| organisation_number(text).is_ok());
        let right: Vec<String> = right.collect();
        assert_eq!(right.len(), 1);
        check(organisation_number(&right[0].replace('-', "")), Ok(&right[0]));
        check(organisation_number(&format!("16{}", right[0])), Ok(&right[0]));
    }

    #[test]
    fn numbers_and_amounts_are_kept_in_one_form() {
        let form = NumberForm { decimals: 1, at_least: Some(-2), at_most: Some(1000) };
        check(number("1 000", form), Ok("1000"));
        check(number("-1,50", NumberForm { decimals: 2, ..form }), Ok("-1.5"));
        check(number("-0", form), Ok("0"));
        check(number("-0,5", form), Ok("-0.5"));
        check(number("1000,1", form), Err(P::OutOfRange));
        check(number("-2.1", form), Err(P::OutOfRange));
        for wrong in ["", "1.", ".5", "1e3", "0x1", "1,25", "--1", "9999999999999999"] {
            check(number(wrong, form), Err(P::NotANumber));
        }
        check(amount("1 200,5 kr"), Ok("1200.50"));
        check(amount("1200"), Ok("1200.00"));
        check(amount("-0"), Ok("0.00"));
        check(amount("1,234"), Err(P::NotAnAmount));
        check(amount("kr"), Err(P::NotAnAmount));
    }

    #[test]
    fn a_file_is_named_measured_and_hashed() {
        let hash = "ab".repeat(32);
        check(
            file(&format!("avtal.pdf;application/pdf ; 17;{hash}")),
            Ok(&format!("avtal.pdf; application/pdf; 17; {hash}")),
        );
        for wrong in
            ["avtal.pdf", "a/b.pdf; application/pdf; 1; {}", "a.pdf; pdf; 1; {}", "a.pdf; application/pdf; x; {}"]
        {
            check(file(&wrong.replace("{}", &hash)), Err(P::NotAFile));
        }
    }
}
