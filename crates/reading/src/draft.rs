//! A reading → a file in the language of agreements: the provider's own text, clause by clause, and under each clause the terms that
//! were found in it.
//!
//! What nobody has confirmed is `derived` and says from which line by which rule; a trap that refuses keeps such a draft from going
//! live. What was not found is `not-found`. Nothing else is written: no rule of who may do what, and no data declared for anybody.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use crate::proposal::{Proposal, Value};
use crate::quantities::Quantity;
use crate::read::{Reading, Verdict};

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
    /// The text is longer than an agreement file may be.
    #[error("the text is too long for one agreement file; take out what is no agreement")]
    TooLong,
}

/// The largest draft in bytes; the reader of agreements takes no larger file.
const MAX_DRAFT_BYTES: usize = 2 * 1024 * 1024 - 64 * 1024;

/// Writes the draft. The service's name becomes its id: small letters, digits and hyphens.
///
/// # Errors
/// That the text is no agreement, or too long.
pub fn draft(reading: &Reading, service: &str, choices: &Choices) -> Result<String, NoDraft> {
    if !matches!(reading.verdict, Verdict::Agreement | Verdict::OtherAgreement) {
        return Err(NoDraft::NoAgreement);
    }
    let mut draft = Draft { reading, choices, text: String::new(), blocks: BTreeMap::new(), open: 0 };
    draft.gather();
    draft.write(&slug(service));
    if draft.text.len() > MAX_DRAFT_BYTES { Err(NoDraft::TooLong) } else { Ok(draft.text) }
}

struct Draft<'a> {
    reading: &'a Reading,
    choices: &'a Choices,
    text: String,
    /// The blocks under each clause; those that belong to none come first.
    blocks: BTreeMap<Option<usize>, Vec<String>>,
    open: usize,
}

/// A text as TOML writes it.
fn toml(text: &str) -> String {
    toml_edit::Value::from(text.split_whitespace().collect::<Vec<_>>().join(" ")).to_string().trim().to_owned()
}

fn label(text: &str) -> String {
    format!("{{ sv = {0}, en = {0} }}", toml(text))
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

impl Draft<'_> {
    /// The proposals of a field that nobody has turned down, with what a person made of them.
    fn of<'b>(&'b self, field: &'b str) -> impl Iterator<Item = (usize, &'b Proposal, Option<&'b Choice>)> + 'b {
        self.reading
            .proposals
            .iter()
            .enumerate()
            .filter(move |(at, it)| {
                it.field() == field && it.is_first() && self.choices.get(at) != Some(&Choice::NotHere)
            })
            .map(|(at, it)| (at, it, self.choices.get(&at)))
    }

    /// A period, amount or time in the language's own words, and the line that says where it comes from.
    fn value(&self, field: &str) -> Option<(usize, String, Option<String>)> {
        let (at, it, choice) = self.of(field).next()?;
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
            Some(Choice::Confirmed | Choice::Changed(_)) => None,
            _ => Some(format!(
                "provenance = \"derived\"\nwhy = {}\n",
                toml(&format!("föreslaget ur rad {} av regeln {}, inte bekräftat", it.lines().0, it.rule()))
            )),
        }
    }

    fn put(&mut self, at: usize, block: String, unconfirmed: bool) {
        self.open += usize::from(unconfirmed);
        let clause = self.reading.proposals.get(at).and_then(Proposal::clause);
        self.blocks.entry(clause).or_default().push(block);
    }

    /// One field that becomes one duty: `head`, the keys that every such duty has, and the key that holds the period.
    fn duty(&mut self, field: &str, head: &str, does: (&str, &str), keys: &str, period: &str) {
        let Some((at, value, origin)) = self.value(field) else { return };
        let block = format!(
            "[{head}]\ndoes = {}\n{keys}{period} = {}\n{}",
            both(does.0, does.1),
            toml(&value),
            origin.as_deref().unwrap_or("")
        );
        self.put(at, block, origin.is_some());
    }

    fn gather(&mut self) {
        const PROCESSOR: &str = "who = \"processor\"\nkind = \"performed\"\nto = [\"controller\"]\n";
        let p = |more: &str| format!("{PROCESSOR}{more}");
        self.duty(
            "incident.notice",
            "incident.notice",
            ("underrätta om incidenten", "tell of the incident"),
            &p("start = \"knowledge\"\n"),
            "within",
        );
        self.duty(
            "instruction.unlawful",
            "instruction.unlawful",
            ("säga till att instruktionen strider mot lagen", "say that the instruction breaks the law"),
            &p(""),
            "within",
        );
        self.duty(
            "request.refer",
            "request.referral",
            ("hänvisa den registrerade till kunden", "refer the data subject to the customer"),
            &p("start = \"receipt\"\n"),
            "within",
        );
        self.duty(
            "authority.notice",
            "authority.notice",
            ("berätta om myndighetens begäran", "tell of the authority's request"),
            &p("start = \"receipt\"\n"),
            "within",
        );
        self.duty(
            "disclosure.compelled",
            "disclosure.compelled",
            ("berätta om ett tvingande utlämnande", "tell of a compelled disclosure"),
            &p(""),
            "within",
        );
        self.duty(
            "subprocessor-change.notice",
            "subprocessor-change.notice",
            ("meddela ett nytt eller bytt underbiträde", "tell of a new or replaced subprocessor"),
            &p("of = \"engagement\"\n"),
            "ahead",
        );
        const CONTROLLER: &str = "who = \"controller\"\nkind = \"performed\"\nright = true\nto = [\"processor\"]\n";
        let c = |more: &str| format!("{CONTROLLER}{more}");
        self.duty(
            "subprocessor-change.objection",
            "subprocessor-change.objection",
            ("invända mot underbiträdet", "object to the subprocessor"),
            &c("start = \"receipt\"\n"),
            "within",
        );
        self.duty("audit.notice", "audit.inspection", ("granska", "audit"), &c("of = \"event\"\n"), "ahead");
        for (field, id, of, phase, start) in [
            ("ending.within", "content-after-end", "content", "after-end", "end-of-agreement"),
            ("ending.logs", "logs-after-end", "logs", "after-end", "end-of-agreement"),
            ("retention.in-term", "content-in-term", "content", "in-term", "request"),
            ("retention.temporary", "temporary-copies", "temporary-copies", "in-term", "event"),
            ("retention.licence-evidence", "licence-evidence", "licence-evidence", "after-end", "end-of-agreement"),
        ] {
            if let Some((at, value, origin)) = self.value(field) {
                let block = format!(
                    "[retention.{id}]\nof = \"{of}\"\nphase = \"{phase}\"\nkeep = {}\nstart = \"{start}\"\nthen = \"erased\"\n{}",
                    toml(&value),
                    origin.as_deref().unwrap_or("")
                );
                self.put(at, block, origin.is_some());
            }
        }
        self.once(
            "backup",
            &[
                ("backup.every", "every"),
                ("backup.restore-test", "restore-test"),
                ("backup.point-in-time", "point-in-time"),
            ],
        );
        self.once("dispute", &[("law.governs", "law"), ("law.court", "first")]);
        self.once("subprocessing", &[("subprocessing.authorisation", "authorisation")]);
        if let Some((at, value, origin)) = self.value("duration.notice") {
            self.put(
                at,
                format!("[duration.agreement]\nnotice = {}\n{}", toml(&value), origin.as_deref().unwrap_or("")),
                origin.is_some(),
            );
        }
        if let Some((at, value, origin)) = self.value("money.rate") {
            self.put(
                at,
                format!(
                    "[rate.work]\nlabel = {}\namount = {}\n{}",
                    both("arbete", "work"),
                    toml(&value),
                    origin.as_deref().unwrap_or("")
                ),
                origin.is_some(),
            );
        }
        if let Some((at, _, origin)) = self.value("ending.choice") {
            self.put(
                at,
                format!("[ending]\nchoice = [\"erase\", \"return\"]\n{}", origin.as_deref().unwrap_or("")),
                origin.is_some(),
            );
        }
        self.named("processing.purpose", "purpose");
        self.named("processing.subject", "subject");
        self.named("processing.category", "category");
        self.recipients();
    }

    /// Fields that are keys of one block, which stands where the first of them was found.
    fn once(&mut self, block: &str, keys: &[(&str, &str)]) {
        let found: Vec<(usize, &str, String, Option<String>)> = keys
            .iter()
            .filter_map(|(field, key)| self.value(field).map(|(at, value, origin)| (at, *key, value, origin)))
            .collect();
        let Some((first, ..)) = found.first() else { return };
        let first = *first;
        let mut text = format!("[{block}]\n");
        let origin = found.iter().find_map(|(.., origin)| origin.clone());
        for (_, key, value, _) in &found {
            let _ = writeln!(text, "{key} = {}", toml(value));
        }
        text.push_str(origin.as_deref().unwrap_or(""));
        let unconfirmed = origin.is_some();
        self.put(first, text, unconfirmed);
    }

    /// Items of a list that become blocks of their own, each name once.
    fn named(&mut self, field: &str, block: &str) {
        let mut ids: Vec<String> = Vec::new();
        let found: Vec<(usize, String, String, Option<String>)> = self
            .of(field)
            .filter_map(|(at, it, choice)| {
                let words = match (choice, it.value()) {
                    (Some(Choice::Changed(words)), _) | (_, Value::Words(words)) => words.clone(),
                    _ => return None,
                };
                Some((at, slug(&words), words, self.origin(it, choice)))
            })
            .collect();
        for (at, id, words, origin) in found {
            if ids.contains(&id) || ids.len() >= 500 {
                continue;
            }
            let text = format!("[{block}.{id}]\nlabel = {}\n{}", label(&words), origin.as_deref().unwrap_or(""));
            ids.push(id);
            self.put(at, text, origin.is_some());
        }
    }

    fn recipients(&mut self) {
        let mut ids: Vec<String> = Vec::new();
        let found: Vec<(usize, String, bool)> = self
            .of("subprocessing.recipient")
            .filter_map(|(at, it, choice)| {
                let Value::Recipient(who) = it.value() else { return None };
                let mut id = slug(&who.name);
                let mut count = 2;
                while ids.contains(&id) {
                    id = format!("{}-{count}", slug(&who.name));
                    count += 1;
                }
                ids.push(id.clone());
                let mut text = format!("[[subprocessor]]\nid = \"{id}\"\nname = {}\n", toml(&who.name));
                let task = who.role.as_deref().unwrap_or("står inte i texten");
                let _ = writeln!(text, "task = {}", label(task));
                match who.countries.as_slice() {
                    [one] if one.len() == 2 && one != "EU" => {
                        let _ = writeln!(text, "country = \"{one}\"");
                    }
                    _ => text.push_str("country = { not-found = \"ett land\" }\n"),
                }
                match &who.place {
                    Some(place) => {
                        let _ = writeln!(text, "place = {}", toml(place));
                    }
                    None => text.push_str("place = { not-found = \"var uppgifterna finns\" }\n"),
                }
                text.push_str("categories = { not-found = \"vilka kategorier\" }\n");
                if let Some(data) = &who.data {
                    let _ = writeln!(text, "data = {}", toml(data));
                }
                let origin = self.origin(it, choice);
                text.push_str(origin.as_deref().unwrap_or(""));
                Some((at, text, origin.is_some()))
            })
            .collect();
        for (at, text, unconfirmed) in found {
            self.put(at, text, unconfirmed);
        }
    }

    fn write(&mut self, service: &str) {
        let source = self.reading.source();
        let party = |field: &str, what: &str| match self.value(field) {
            Some((_, value, _)) => toml(&value),
            None => format!("{{ not-found = {} }}", toml(what)),
        };
        let title = self
            .value("document.title")
            .map_or_else(|| "Personuppgiftsbiträdesavtal".to_owned(), |(_, title, _)| title);
        let version =
            self.value("document.version").map_or_else(|| "utan nummer".to_owned(), |(_, version, _)| version);
        let language = self.reading.language.unwrap_or("sv");
        let mut text = format!("# {} {{#agreement}}\n\n", escaped(&title));
        let _ = writeln!(
            text,
            "Utkast ur `{}`, SHA-256 `{}`. Texten är biträdets egen; termerna under den är lästa ur den.\n",
            source.file.replace(['`', '\n'], "'"),
            source.hash()
        );
        let _ = write!(
            text,
            "```toml\n[agreement]\nservice = \"{service}\"\ntitle = {}\nversion = {}\nlanguage = \"{language}\"\npublished = {}\n\n[party.controller]\nname = {}\nregistration-number = {{ not-found = \"kundens organisationsnummer\" }}\n\n[party.processor]\nname = {}\nregistration-number = {}\n```\n\n",
            label(&title),
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
        if let Some(blocks) = self.blocks.get(&None) {
            let _ = write!(text, "\n## Termer utan punkt {{#loose}}\n\n```toml\n{}```\n", blocks.join("\n"));
        }
        for (at, clause) in self.reading.clauses.iter().enumerate() {
            let number = clause.called().map(|number| format!("{} ", escaped(number))).unwrap_or_default();
            let heading = if clause.heading.is_empty() { "Punkt".to_owned() } else { escaped(&clause.heading) };
            let words = source.words(clause.span);
            let _ = write!(text, "\n## {number}{heading} {{#c-{at}}}\n\n> {}\n", escaped(&words));
            if let Some(blocks) = self.blocks.get(&Some(at)) {
                let _ = write!(text, "\n```toml\n{}```\n", blocks.join("\n"));
            }
        }
        self.text = text;
    }
}

/// A quantity as the language of agreements writes it.
fn written(quantity: &Quantity) -> Option<String> {
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
