//! A value that no rule found and a person points to: a field, the lines that state it, and the value as they state it.
//!
//! INVARIANT (nothing is invented): what comes of it is made by [`Proposal::new`] like any other, from words within the lines that were
//! marked. A value that does not stand in them is refused, whoever writes it; a person's own value is another thing (`changing.rs`).

use std::collections::{BTreeMap, HashMap};
use std::ops::Range;
use std::sync::LazyLock;

use serde::{Deserialize, Serialize};

use crate::changing::{self, MAX_VALUE, ValueForm, WrongValue, fits, meanings};
use crate::confirmations::Confirmations;
use crate::data;
use crate::draft::{Choice, Choices};
use crate::flow::Flow;
use crate::proposal::{Columns, Proposal, Read};
use crate::quantities::{self, Quantity};
use crate::read::{Reading, fields};
use crate::source::Span;
use crate::words::is_edge;

/// The rule that a proposal of this kind is said to come from.
pub const POINTED: &str = "pointed-to-by-a-person";
/// Most lines that can be marked at once.
pub const MAX_POINTED_LINES: usize = 60;
/// So long may the lines be that are marked at once, in bytes as they are meant to be read.
pub const MAX_POINTED_BYTES: usize = 16 << 10;
/// All that people point to in one text is in lines no longer than this together: they are looked through at every page.
const MAX_POINTED_BYTES_IN_ALL: usize = 1 << 20;
/// Most values that people point to in one text.
pub(crate) const MAX_POINTED: usize = 2_000;

/// What a person pointed to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Pointed {
    /// The field.
    pub field: String,
    /// The lines that state it, first and last.
    pub lines: (usize, usize),
    /// The value as the lines state it: a name, a period, an amount, words; of a field that is said in whole sentences, nothing means
    /// all of them.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub value: String,
    /// What stands beside it: of a recipient `role`, `place`, `data`, `basis`; of a price `what`, `per`; of a reduction `below`, `above`.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub parts: BTreeMap<String, String>,
    /// Who pointed, as a pseudonym.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<String>,
    /// When, as RFC 3339 writes it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at: Option<String>,
}

/// Why nothing can be pointed to so.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NoPointing {
    /// There is no such field.
    Field,
    /// The text has no such lines, or nothing stands on them.
    Lines {
        /// Its last line.
        last: usize,
    },
    /// More lines than [`MAX_POINTED_LINES`].
    TooManyLines,
    /// Lines longer than [`MAX_POINTED_BYTES`].
    TooLongLines,
    /// What was written is no value of the field.
    Value(WrongValue),
    /// The lines do not hold it.
    NotThere {
        /// What was written.
        value: String,
    },
    /// The lines hold it, and it is proposed there already.
    Proposed {
        /// On which line.
        line: usize,
    },
    /// The field has one value, and another one is confirmed.
    Stated {
        /// On which line.
        line: usize,
    },
    /// There are as many as there may be, or their lines are so long together.
    TooMany,
}

/// How the value of a field is given when somebody points to it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PointedForm {
    /// The forms that the value may have.
    pub forms: Vec<ValueForm>,
    /// What may be given beside it, in order.
    pub parts: &'static [&'static str],
    /// Whether all that the lines say is the value where none is written.
    pub whole: bool,
}

/// How the value of a field is given; nothing where there is no such field.
#[must_use]
pub fn pointed_form(field: &str) -> Option<PointedForm> {
    static FORMS: LazyLock<BTreeMap<&'static str, PointedForm>> =
        LazyLock::new(|| fields().filter_map(|field| Some((field, made_form(field)?))).collect());
    FORMS.get(field).cloned()
}

fn made_form(field: &str) -> Option<PointedForm> {
    fields().find(|known| *known == field)?;
    let of = |forms: &[ValueForm], parts| Some(PointedForm { forms: forms.to_vec(), parts, whole: false });
    match field {
        "subprocessing.recipient" => return of(&[ValueForm::Words], &["role", "place", "data", "basis"]),
        "money.price" => return of(&[ValueForm::Money], &["what", "per"]),
        "availability.reduction" => return of(&[ValueForm::Percent], &["below", "above"]),
        "party.number" => return of(&[ValueForm::Organisation], &[]),
        _ => {}
    }
    let mut form = PointedForm { forms: Vec::new(), parts: &[], whole: false };
    for rule in data::rules().iter().filter(|rule| rule.field == field) {
        let one = match rule.take.as_str() {
            "period" => ValueForm::Period,
            "every" => ValueForm::Every,
            "money" => ValueForm::Money,
            "percent" => ValueForm::Percent,
            "date" => ValueForm::Date,
            "time" => ValueForm::Time,
            "hours" => ValueForm::Hours,
            "gigabytes" => ValueForm::Gigabytes,
            "code" => ValueForm::Meaning,
            take => {
                form.whole |= take == "sentence" || take == "place";
                ValueForm::Words
            }
        };
        if !form.forms.contains(&one) {
            form.forms.push(one);
        }
    }
    if form.forms.is_empty() {
        form.forms.push(ValueForm::Words);
    }
    Some(form)
}

/// A reading with what people pointed to in its text.
#[derive(Debug, Clone)]
pub struct WithPointed {
    /// The reading. What the rules found keeps its place; what people pointed to stands after it.
    pub reading: Reading,
    /// What people pointed to, by the place of its proposal.
    pub pointed: BTreeMap<usize, Pointed>,
    /// What does not hold, and why.
    pub wrong: Vec<(Pointed, NoPointing)>,
}

/// The words of some lines as they are meant to be read.
struct Quoted<'a> {
    flow: &'a Flow,
    range: Range<usize>,
}

impl Quoted<'_> {
    fn text(&self) -> &str {
        self.flow.get(&self.range)
    }

    /// Where written words stand in them, whatever their case and white space; whole words only, and within one paragraph.
    fn words(&self, written: &str) -> Result<Range<usize>, NoPointing> {
        let written = plain(written)?;
        let wanted: String = written.chars().map(crate::flow::small).collect();
        let text = self.flow.low(&self.range).replace('\t', " ");
        let stands = |at: &usize| is_edge(&text, *at, false) && is_edge(&text, at + wanted.len(), true);
        let found = text.match_indices(&wanted).map(|(at, _)| at).find(stands);
        let at = found.ok_or(NoPointing::NotThere { value: written })?;
        Ok(self.range.start + at..self.range.start + at + wanted.len())
    }

    /// Where a number, period, amount or day stands in them that is what was written.
    fn quantity(&self, form: ValueForm, written: &str) -> Result<Range<usize>, NoPointing> {
        let written = plain(written)?;
        let wrong = NoPointing::Value(WrongValue::Form(form));
        let wanted = match changing::read_as(form, &written) {
            Some(wanted) => wanted,
            None => return Err(wrong),
        };
        let found = quantities::find(self.text());
        let is = |quantity: &Quantity| fits(form, quantity) && changing::text_of(quantity).as_ref() == Some(&wanted);
        let found = found.into_iter().find(|it| is(&it.quantity)).map(|it| it.range);
        let range = found.ok_or(NoPointing::NotThere { value: written })?;
        Ok(self.range.start + range.start..self.range.start + range.end)
    }
}

/// One line of words, not too long.
fn plain(written: &str) -> Result<String, NoPointing> {
    let words = written.split_whitespace().collect::<Vec<_>>().join(" ");
    match () {
        () if words.is_empty() => Err(NoPointing::Value(WrongValue::Empty)),
        () if words.chars().count() > MAX_VALUE => Err(NoPointing::Value(WrongValue::TooLong)),
        () if words.chars().any(char::is_control) => Err(NoPointing::Value(WrongValue::Form(ValueForm::Words))),
        () => Ok(words),
    }
}

impl Reading {
    fn quoted(&self, lines: (usize, usize)) -> Result<Quoted<'_>, NoPointing> {
        let flow = self.flow();
        let source = self.source();
        let last = source.line_count();
        let (from, to) = lines;
        if from == 0 || to < from || to > last {
            return Err(NoPointing::Lines { last });
        }
        if to - from >= MAX_POINTED_LINES {
            return Err(NoPointing::TooManyLines);
        }
        let span = Span { start: source.line(from).start, end: source.line(to).end };
        let range = flow.trimmed(&flow.range_of(span));
        if range.is_empty() {
            return Err(NoPointing::Lines { last });
        }
        if range.len() > MAX_POINTED_BYTES {
            return Err(NoPointing::TooLongLines);
        }
        Ok(Quoted { flow, range })
    }

    /// What some lines say, as it is meant to be read: what a value must stand in that they state.
    ///
    /// # Errors
    /// That there are no such lines, or too many.
    pub fn quotation(&self, lines: (usize, usize)) -> Result<String, NoPointing> {
        self.quoted(lines).map(|quoted| quoted.text().replace('\t', " | ").replace('\n', " "))
    }

    /// The values of a field's form that some lines hold.
    ///
    /// # Errors
    /// That there is no such field, or no such lines.
    pub fn values_on(&self, field: &str, lines: (usize, usize)) -> Result<Vec<String>, NoPointing> {
        let form = pointed_form(field).ok_or(NoPointing::Field)?;
        let quoted = self.quoted(lines)?;
        let mut all: Vec<String> = Vec::new();
        for found in quantities::find(quoted.text()) {
            let taken = form.forms.iter().any(|form| fits(*form, &found.quantity));
            if let Some(text) = changing::text_of(&found.quantity).filter(|text| taken && !all.contains(text)) {
                all.push(text);
            }
        }
        Ok(all)
    }

    /// The proposal that comes of what a person pointed to.
    ///
    /// # Errors
    /// Why none does; above all that the lines do not hold the value.
    pub fn pointed_to(&self, pointed: &Pointed) -> Result<Proposal, NoPointing> {
        let form = pointed_form(&pointed.field).ok_or(NoPointing::Field)?;
        let field = crate::rules::field(&pointed.field).ok_or(NoPointing::Field)?;
        let quoted = self.quoted(pointed.lines)?;
        let read = read(&quoted, field, &form, pointed)?;
        let made = Proposal::new(self.source(), quoted.flow, field, POINTED, &quoted.range, &read);
        let mut it = made.ok_or_else(|| NoPointing::NotThere { value: pointed.value.clone() })?;
        let at = quoted.range.start;
        it.clause = self.clauses.iter().rposition(|clause| clause.range.start <= at && at < clause.range.end);
        it.part = self.parts.iter().rposition(|part| part.range.start <= at && at < part.range.end);
        Ok(it)
    }

    /// Whether somebody may point so, beside what is proposed and what was chosen: a field with one confirmed value has no other.
    ///
    /// # Errors
    /// As [`Reading::pointed_to`], and what stands against it.
    pub fn may_point(&self, made: &Confirmations, pointed: &Pointed) -> Result<Proposal, NoPointing> {
        let it = self.pointed_to(pointed)?;
        let bytes = made.pointed().iter().chain([pointed]).map(|one| self.pointed_bytes(one)).sum::<usize>();
        if made.pointed().len() >= MAX_POINTED || bytes > MAX_POINTED_BYTES_IN_ALL {
            return Err(NoPointing::TooMany);
        }
        let choices = made.applied(self).map(|applied| applied.choices).unwrap_or_default();
        let own: Vec<usize> =
            self.proposals.iter().enumerate().filter(|(_, one)| one.field() == it.field()).map(|(at, _)| at).collect();
        match self.against(&it, &own, &choices) {
            Some(why) => Err(why),
            None => Ok(it),
        }
    }

    /// What stands against a proposal that somebody points to, among others of its field and what was chosen on them.
    fn against(&self, it: &Proposal, own: &[usize], choices: &Choices) -> Option<NoPointing> {
        let standing = || {
            let places = own.iter().filter(|at| choices.get(at) != Some(&Choice::NotHere));
            places.filter_map(|at| Some((at, self.proposals.get(*at)?)))
        };
        let same = |one: &Proposal| {
            one.written().start < it.span().end && it.span().start < one.written().end && one.value() == it.value()
        };
        if let Some((_, one)) = standing().find(|(_, one)| same(one)) {
            return Some(NoPointing::Proposed { line: one.lines().0 });
        }
        let many = data::fields().field.iter().any(|field| field.id == it.field() && field.many);
        let stated = standing().find(|(at, _)| !many && choices.contains_key(at));
        stated.map(|(_, one)| NoPointing::Stated { line: one.lines().0 })
    }

    /// The first of what a file points to at which nobody could have pointed on the page: a file is held to what the page is held to.
    /// What was pointed to and turned down counts for nothing, here as there.
    #[must_use]
    pub fn wrong_in(&self, made: &Confirmations) -> Option<(Pointed, NoPointing)> {
        let all = self.with_pointed(made);
        if let Some(wrong) = all.wrong.into_iter().next() {
            return Some(wrong);
        }
        let with = all.reading;
        let choices = made.applied(&with).map(|applied| applied.choices).unwrap_or_default();
        let mut own: HashMap<&str, Vec<usize>> = HashMap::new();
        for (at, it) in with.proposals.iter().enumerate() {
            let own = own.entry(it.field()).or_default();
            if let Some(pointed) = all.pointed.get(&at)
                && choices.get(&at) != Some(&Choice::NotHere)
                && let Some(why) = with.against(it, own, &choices)
            {
                return Some((pointed.clone(), why));
            }
            own.push(at);
        }
        None
    }

    /// How long the lines are that somebody points to; nothing where they cannot be pointed to at all.
    fn pointed_bytes(&self, pointed: &Pointed) -> usize {
        self.quoted(pointed.lines).map_or(0, |quoted| quoted.range.len())
    }

    /// This reading with what people pointed to beside what the rules found.
    #[must_use]
    pub fn with_pointed(&self, made: &Confirmations) -> WithPointed {
        let mut all = WithPointed { reading: self.clone(), pointed: BTreeMap::new(), wrong: Vec::new() };
        all.reading.proposals.retain(|it| !is_pointed(it));
        if made.pointed().is_empty() {
            return all;
        }
        let mut bytes = 0;
        for pointed in made.pointed() {
            bytes += self.pointed_bytes(pointed);
            let within = if bytes > MAX_POINTED_BYTES_IN_ALL { Err(NoPointing::TooMany) } else { Ok(()) };
            match within.and_then(|()| self.pointed_to(pointed)) {
                Ok(it) => {
                    all.pointed.insert(all.reading.proposals.len(), pointed.clone());
                    all.reading.proposals.push(it);
                }
                Err(why) => all.wrong.push((pointed.clone(), why)),
            }
        }
        all
    }
}

fn read(quoted: &Quoted<'_>, field: &str, form: &PointedForm, pointed: &Pointed) -> Result<Read, NoPointing> {
    let part = |name: &str| match pointed.parts.get(name).filter(|part| !part.trim().is_empty()) {
        Some(part) => quoted.words(part).map(Some),
        None => Ok(None),
    };
    if let Some((_, value)) = pointed.parts.iter().find(|(name, _)| !form.parts.contains(&name.as_str())) {
        return Err(NoPointing::NotThere { value: value.chars().take(MAX_VALUE).collect() });
    }
    let value = pointed.value.as_str();
    match field {
        "subprocessing.recipient" => {
            let columns = Columns {
                name: quoted.words(value)?,
                role: part("role")?,
                place: part("place")?,
                data: part("data")?,
                basis: part("basis")?,
            };
            return Ok(Read::Recipient(Box::new(columns)));
        }
        "money.price" => {
            let amount = quoted.quantity(ValueForm::Money, value)?;
            return Ok(Read::Price { what: part("what")?, amount, per: part("per")? });
        }
        "availability.reduction" => {
            let percent = |name: &str| match pointed.parts.get(name).filter(|part| !part.trim().is_empty()) {
                Some(part) => quoted.quantity(ValueForm::Percent, part).map(Some),
                None => Ok(None),
            };
            let below = percent("below")?.ok_or(NoPointing::Value(WrongValue::Empty))?;
            let reduces = quoted.quantity(ValueForm::Percent, value)?;
            return Ok(Read::Reduction { below, above: percent("above")?, reduces });
        }
        _ => {}
    }
    if value.trim().is_empty() && form.whole {
        return Ok(Read::Words(quoted.range.clone()));
    }
    let mut why = None;
    for one in &form.forms {
        let read = match one {
            ValueForm::Meaning => {
                let written = plain(value)?;
                let code = meanings(field).into_iter().find(|code| *code == written);
                let code = code.ok_or(NoPointing::Value(WrongValue::Form(ValueForm::Meaning)));
                code.map(|code| Read::Meaning { code, because: quoted.range.clone() })
            }
            ValueForm::Words | ValueForm::Fixed => quoted.words(value).map(Read::Words),
            form => quoted.quantity(*form, value).map(Read::Quantity),
        };
        match read {
            Ok(read) => return Ok(read),
            // That the lines do not hold a value of the form says more than that it is none of another form.
            Err(no @ NoPointing::NotThere { .. }) => why = Some(no),
            Err(no) => why = why.or(Some(no)),
        }
    }
    Err(why.unwrap_or(NoPointing::Field))
}

/// Whether a proposal is one that a person pointed to.
#[must_use]
pub fn is_pointed(it: &Proposal) -> bool {
    it.rule() == POINTED
}
