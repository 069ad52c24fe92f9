//! A reading → a file in the language of agreements: the provider's own text, clause by clause, and under each clause the terms that
//! were found in it.
//!
//! What nobody has confirmed is `derived` and says from which line by which rule; a trap that refuses keeps such a draft from going
//! live. What was not found is `not-found`. Nothing else is written: no rule of who may do what, and no data declared for anybody.

mod folder;
mod operator;
mod terms;

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::ops::Range;

use crate::changing::holds;
use crate::confirmations::{ComesFrom, Confirmations, Made};
use crate::data;
use crate::pointing::is_pointed;
use crate::proposal::{Proposal, Value};
use crate::quantities::Quantity;
use crate::read::{Reading, Verdict};
pub use folder::{File, confirmed_folder, folder};

/// What a person made of a proposal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Choice {
    /// It is right.
    Confirmed,
    /// It is there, with another value, in the words of the agreement language.
    Changed(String),
    /// The text does not state it here.
    NotHere,
}

/// What persons made of proposals, by their place in [`Reading::proposals`].
pub type Choices = BTreeMap<usize, Choice>;

/// Why there is no draft.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NoDraft {
    /// The text is no agreement.
    #[error("this text is no agreement, so no agreement can be drafted from it")]
    NoAgreement,
    /// The choices were made of another text.
    #[error("the choices were made of another text")]
    OtherText,
    /// The text is longer than an agreement file may be.
    #[error("the text is too long for one agreement file; take out what is no agreement")]
    TooLong,
}

/// The file of choices in a folder.
pub const CONFIRMATIONS: &str = "confirmations.toml";

/// The largest draft in bytes; the reader of agreements takes no larger file.
const MAX_DRAFT_BYTES: usize = 2 * 1024 * 1024 - 64 * 1024;

/// Writes the draft. The service's name becomes its id: small letters, digits and hyphens.
///
/// # Errors
/// That the text is no agreement, or too long.
pub fn draft(reading: &Reading, service: &str, choices: &Choices) -> Result<String, NoDraft> {
    Draft::of(reading, service, choices, None).map(|draft| draft.text)
}

/// The draft, and from which proposal its lines come: counted from 1, each stretch without its last.
pub(crate) fn draft_with_places(
    reading: &Reading,
    service: &str,
    choices: &Choices,
) -> Result<(String, Stretches), NoDraft> {
    Draft::of(reading, service, choices, None).map(|draft| (draft.text, draft.places))
}

/// A service's name as its id: small letters, digits and hyphens.
#[must_use]
pub fn service_id(name: &str) -> String {
    slug(name)
}

/// Lines of the text that was written, counted from 1, each stretch without its last, and the proposal that they come from.
type Stretches = Vec<(Range<usize>, usize)>;

struct Draft<'a> {
    reading: &'a Reading,
    choices: &'a Choices,
    text: String,
    /// The blocks under each clause, each with the proposal that it comes from; those that belong to none come first.
    blocks: BTreeMap<Option<usize>, Vec<(usize, String)>>,
    /// The lines of each block in the text that was written, and the proposal that it comes from.
    places: Stretches,
    open: usize,
    /// What the text names, by the block that it became: purposes, data subjects, categories, each with its id and its words.
    named: BTreeMap<&'static str, Vec<(String, String)>>,
    /// Who made the choices, where that is known.
    confirmed: Option<&'a Confirmations>,
}

/// A text as TOML writes it.
fn toml(text: &str) -> String {
    toml_edit::Value::from(text.split_whitespace().collect::<Vec<_>>().join(" ")).to_string().trim().to_owned()
}

/// The text's own words, in the one language that they have, as the label of both.
fn escaped_label(text: &str) -> String {
    // The whole sentence stands in the prose, and a term is kept short by the language.
    let short = match text.char_indices().nth(crate::proposal::MAX_VALUE_CHARS) {
        Some((end, _)) => toml(&format!("{}…", text.get(..end).unwrap_or_default())),
        None => toml(text),
    };
    format!("{{ sv = {short}, en = {short} }}")
}

fn both(sv: &str, en: &str) -> String {
    format!("{{ sv = {}, en = {} }}", toml(sv), toml(en))
}

/// Small letters, digits and hyphens, beginning with a letter.
fn slug(text: &str) -> String {
    let mut slug = String::new();
    for c in text.to_lowercase().chars() {
        let c = match c {
            'å' | 'ä' => 'a',
            'ö' => 'o',
            'é' => 'e',
            c => c,
        };
        if c.is_ascii_alphanumeric() {
            slug.push(c);
        } else if !slug.ends_with('-') && !slug.is_empty() {
            slug.push('-');
        }
        if slug.len() >= 40 {
            break;
        }
    }
    let slug = slug.trim_end_matches('-').to_owned();
    if slug.starts_with(|c: char| c.is_ascii_alphabetic()) {
        slug
    } else {
        format!("x-{slug}").trim_end_matches('-').to_owned()
    }
}

/// Words as Markdown shows them, whatever marks they hold.
fn escaped(words: &str) -> String {
    let mut escaped = String::with_capacity(words.len() + 16);
    for (at, c) in words.char_indices() {
        if "\\`*_{}[]<>#|~&".contains(c) || (at == 0 && "-+=".contains(c)) {
            escaped.push('\\');
        }
        escaped.push(c);
    }
    escaped
}

impl<'a> Draft<'a> {
    fn of(
        reading: &'a Reading,
        service: &str,
        choices: &'a Choices,
        confirmed: Option<&'a Confirmations>,
    ) -> Result<Self, NoDraft> {
        if !matches!(reading.verdict, Verdict::Agreement | Verdict::OtherAgreement) {
            return Err(NoDraft::NoAgreement);
        }
        let mut draft = Self {
            reading,
            choices,
            text: String::new(),
            blocks: BTreeMap::new(),
            places: Vec::new(),
            open: 0,
            named: BTreeMap::new(),
            confirmed,
        };
        draft.gather();
        draft.write(&slug(service));
        if draft.text.len() > MAX_DRAFT_BYTES { Err(NoDraft::TooLong) } else { Ok(draft) }
    }

    /// The language that the agreement file is in.
    fn language(&self) -> &'static str {
        self.reading.language.unwrap_or("sv")
    }

    fn title(&self) -> String {
        self.value("document.title").map_or_else(|| "Personuppgiftsbiträdesavtal".to_owned(), |(_, title, _)| title)
    }

    /// The proposals of a field that nobody has turned down, with what a person made of them. Of a field with one value, the one that
    /// somebody pointed to, or else the first.
    fn of_field<'b>(&'b self, field: &'b str) -> impl Iterator<Item = (usize, &'b Proposal, Option<&'b Choice>)> + 'b {
        let many = data::fields().field.iter().any(|one| one.id == field && one.many);
        let all = || self.reading.proposals.iter().enumerate();
        all()
            .filter(|(_, it)| is_pointed(it))
            .chain(all().filter(|(_, it)| !is_pointed(it)))
            .filter(move |(at, it)| it.field() == field && self.choices.get(at) != Some(&Choice::NotHere))
            .take(if many { usize::MAX } else { 1 })
            .map(|(at, it)| (at, it, self.choices.get(&at)))
    }

    /// A period, amount or time in the language's own words, and the line that says where it comes from.
    fn value(&self, field: &str) -> Option<(usize, String, Option<String>)> {
        let (at, it, choice) = self.of_field(field).next()?;
        let value = match choice {
            Some(Choice::Changed(value)) => value.clone(),
            _ => match it.value() {
                Value::Quantity(quantity) => written(quantity)?,
                Value::Words(words) => words.clone(),
                Value::Meaning(code) => code.clone(),
                _ => return None,
            },
        };
        Some((at, value, self.origin(it, choice)))
    }

    fn origin(&self, it: &Proposal, choice: Option<&Choice>) -> Option<String> {
        match choice {
            Some(Choice::Confirmed) => None,
            // What a person puts in its place is the text's where the quotation holds it, and else that person's.
            Some(Choice::Changed(value)) if holds(it, value) => None,
            Some(Choice::Changed(_)) => {
                Some(format!("provenance = \"set by the operator\"\nwhy = {}\n", toml(&self.set_by_a_person(it))))
            }
            _ => Some(format!(
                "provenance = \"derived\"\nwhy = {}\n",
                toml(&format!("föreslaget ur rad {} av regeln {}, inte bekräftat", it.lines().0, it.rule()))
            )),
        }
    }

    fn set_by_a_person(&self, it: &Proposal) -> String {
        format!("satt av den som bekräftade; rad {} säger något annat eller på annat sätt", it.lines().0)
    }

    /// A value that stands beside others in one block and carries its own origin where a person has set it.
    fn marked(&self, field: &str, value: &str) -> String {
        match self.of_field(field).next() {
            Some((_, it, Some(Choice::Changed(_)))) if !holds(it, value) => format!(
                "{{ value = {}, provenance = \"set by the operator\", why = {} }}",
                toml(value),
                toml(&self.set_by_a_person(it))
            ),
            _ => toml(value),
        }
    }

    /// How many choices were made, by whom and when, and which values a person has set that the text does not hold.
    fn told_of_confirmations(&self) -> String {
        let Some(confirmed) =
            self.confirmed.filter(|confirmed| !confirmed.choices().is_empty() || !confirmed.pointed().is_empty())
        else {
            return String::new();
        };
        let all = confirmed.choices();
        let count = |made: Made| all.iter().filter(|chosen| chosen.made == made).count();
        let pointed = confirmed.pointed();
        let mut by: Vec<&str> = all.iter().filter_map(|chosen| chosen.by.as_deref()).collect();
        by.extend(pointed.iter().filter_map(|pointed| pointed.by.as_deref()));
        by.sort_unstable();
        by.dedup();
        let by: Vec<String> = by.into_iter().map(|by| format!("`{}`", by.replace('`', "'"))).collect();
        let mut days: Vec<&str> = all.iter().filter_map(|chosen| chosen.at.as_deref()?.get(..10)).collect();
        days.extend(pointed.iter().filter_map(|pointed| pointed.at.as_deref()?.get(..10)));
        days.sort_unstable();
        let days = match (days.first(), days.last()) {
            (Some(first), Some(last)) if first == last => format!(", {}", escaped(first)),
            (Some(first), Some(last)) => format!(", {} till {}", escaped(first), escaped(last)),
            _ => String::new(),
        };
        let mut text = format!(
            "Bekräftat: {} termer; ändrat: {}; inte här: {}{}. Av {}{days}. Varje val står i `{CONFIRMATIONS}`.\n\n",
            count(Made::Confirmed),
            count(Made::Changed),
            count(Made::NotHere),
            if pointed.is_empty() { String::new() } else { format!("; utpekat i texten: {}", pointed.len()) },
            if by.is_empty() { "den som gav kommandot".to_owned() } else { by.join(", ") },
        );
        let set: Vec<String> = all
            .iter()
            .filter(|chosen| chosen.from == Some(ComesFrom::Person))
            .map(|chosen| format!("`{}` (rad {})", chosen.field.replace('`', "'"), chosen.lines.0))
            .collect();
        if !set.is_empty() {
            let _ = write!(text, "Satt av den som bekräftade och inte i texten: {}.\n\n", set.join(", "));
        }
        text
    }

    fn put(&mut self, at: usize, block: String, marked: bool) {
        // Marked are also those that a person has set; open are those that nobody has looked at.
        self.open += usize::from(marked && !self.choices.contains_key(&at));
        let clause = self.reading.proposals.get(at).and_then(Proposal::clause);
        self.blocks.entry(clause).or_default().push((at, block));
    }

    fn write(&mut self, service: &str) {
        let source = self.reading.source();
        let party = |field: &str, what: &str| match self.value(field) {
            Some((_, value, _)) => self.marked(field, &value),
            None => format!("{{ not-found = {} }}", toml(what)),
        };
        let title = self.title();
        let version =
            self.value("document.version").map_or_else(|| "utan nummer".to_owned(), |(_, version, _)| version);
        let language = self.language();
        let mut text = format!("# {} {{#agreement}}\n\n", escaped(&title));
        let _ = writeln!(
            text,
            "Utkast ur `{}`, SHA-256 `{}`. Texten är biträdets egen; termerna under den är lästa ur den.\n",
            source.file.replace(['`', '\n'], "'"),
            source.hash()
        );
        text.push_str(&self.told_of_confirmations());
        let _ = write!(
            text,
            "```toml\n[agreement]\nservice = \"{service}\"\ntitle = {}\nversion = {}\nlanguage = \"{language}\"\npublished = {}\n\n[party.controller]\nname = {}\nregistration-number = {{ not-found = \"kundens organisationsnummer\" }}\n\n[party.processor]\nname = {}\nregistration-number = {}\n```\n\n",
            escaped_label(&title),
            toml(&version),
            party("document.published-at", "var avtalet är publicerat"),
            party("party.controller", "kundens namn"),
            party("party.processor", "biträdets namn"),
            party("party.number", "biträdets organisationsnummer"),
        );
        text.push_str("## Det som inget i texten tillåter {#otherwise}\n\nVad texten inte tillåter är inte tillåtet.\n\n```toml\n[in-force]\nfrom = { not-found = \"från när avtalet gäller\" }\notherwise = \"refuse\"\nchanged-by = \"both-parties\"\n");
        for block in ["purposes", "categories", "subprocessors"] {
            let _ = write!(text, "\n[{block}]\notherwise = \"refuse\"\nchanged-by = \"both-parties\"\n");
        }
        text.push_str("\n[access]\notherwise = \"refuse\"\nchanged-by = \"controller\"\n```\n");
        if self.open > 0 {
            let open = self.open;
            let _ = write!(
                text,
                "\n## Inte bekräftat {{#unconfirmed}}\n\n{open} termer är föreslagna och inte bekräftade av någon. Avtalet går inte att ta i bruk förrän det är gjort.\n\n```toml\n[oddity.unconfirmed]\ntrap = \"R-01\"\nlabel = {}\naction = \"refuse\"\n```\n",
                both(
                    &format!("{open} termer är lästa ur texten av ett program och inte bekräftade."),
                    &format!("{open} terms are read from the text by a program and not confirmed.")
                )
            );
        }
        let mut places = Places::default();
        if let Some(blocks) = self.blocks.get(&None) {
            text.push_str("\n## Termer utan punkt {#loose}\n");
            places.put(&mut text, blocks);
        }
        for (at, clause) in self.reading.clauses.iter().enumerate() {
            let number = clause.called().map(|number| format!("{} ", escaped(number))).unwrap_or_default();
            let heading = if clause.heading.is_empty() { "Punkt".to_owned() } else { escaped(&clause.heading) };
            let words = source.words(clause.span);
            let _ = write!(text, "\n## {number}{heading} {{#c-{at}}}\n\n> {}\n", escaped(&words));
            if let Some(blocks) = self.blocks.get(&Some(at)) {
                places.put(&mut text, blocks);
            }
        }
        text.push_str(&self.operator());
        self.places = places.found;
        self.text = text;
    }
}

/// Where the blocks stand in the text that is being written.
#[derive(Default)]
struct Places {
    found: Vec<(Range<usize>, usize)>,
    /// So many bytes are counted, and so many lines end in them.
    counted: (usize, usize),
}

impl Places {
    /// Appends the blocks of a clause, fenced.
    fn put(&mut self, text: &mut String, blocks: &[(usize, String)]) {
        text.push_str("\n```toml\n");
        for (nth, (at, block)) in blocks.iter().enumerate() {
            if nth > 0 {
                text.push('\n');
            }
            let (bytes, lines) = self.counted;
            let first = lines + text.get(bytes..).unwrap_or("").matches('\n').count() + 1;
            self.counted = (text.len(), first - 1);
            text.push_str(block);
            self.found.push((first..first + block.matches('\n').count(), *at));
        }
        text.push_str("```\n");
    }
}

/// A quantity as the language of agreements writes it.
pub(crate) fn written(quantity: &Quantity) -> Option<String> {
    Some(match quantity {
        Quantity::Period(text) | Quantity::Every(text) => text.clone(),
        Quantity::Money(amount, currency) => format!("{amount} {currency}"),
        Quantity::Percent(number) => format!("{number} %"),
        Quantity::Date(date) => date.to_string(),
        Quantity::Time(time) => time.clone(),
        Quantity::Organisation(number) => number.clone(),
        Quantity::Hours(..) | Quantity::Gigabytes(_) | Quantity::Disagrees => return None,
    })
}
