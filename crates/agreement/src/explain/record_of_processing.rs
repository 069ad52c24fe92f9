//! The processor's record of processing (GDPR Art. 30(2)), as the agreement alone gives it: who, what is done with whose data
//! for which purpose, where it goes and on which basis, and how it is protected. What the text does not say stands there as
//! not found.

use core::fmt::Write;

use jiff::civil::Date;
use terms::{Label, Language, Provenance, Sourced};

use crate::agreement::Agreement;
use crate::law::Law;
use crate::term::{PartySide, RuleCategories, SubprocessorCategories};
use crate::value::{Term, Value};

/// The record on a day; bases for transfers are judged by the law of that day.
#[must_use]
pub fn record_of_processing(agreement: &Agreement, language: Language, on: Date) -> String {
    let record = Record { agreement, language, on };
    let mut text = String::new();
    let _ = writeln!(
        text,
        "{}\n{}, {} · {on}",
        record.say("Register över behandling, artikel 30.2", "Record of processing, Article 30(2)"),
        agreement.title().text(language),
        agreement.version()
    );
    record.parties(&mut text);
    record.processing(&mut text);
    record.recipients(&mut text);
    record.places(&mut text);
    record.protection(&mut text);
    record.keeping(&mut text);
    text
}

struct Record<'a> {
    agreement: &'a Agreement,
    language: Language,
    on: Date,
}

impl Record<'_> {
    fn say<'w>(&self, sv: &'w str, en: &'w str) -> &'w str {
        match self.language {
            Language::Sv => sv,
            Language::En => en,
        }
    }

    fn head(&self, text: &mut String, sv: &str, en: &str) {
        let _ = writeln!(text, "\n{}", self.say(sv, en));
    }

    fn number<'n>(&'n self, clause: &'n terms::ClauseId) -> &'n str {
        self.agreement.number(clause)
    }

    /// A value as people read it, with its origin where that is not the text.
    fn sourced<T>(&self, value: &Sourced<T>, show: impl Fn(&T) -> String) -> String {
        match value {
            Sourced::Found { value, provenance: Provenance::Stated, .. } => show(value),
            Sourced::Found { value, provenance: Provenance::Derived, .. } => {
                format!("{} ({})", show(value), self.say("härlett", "derived"))
            }
            Sourced::Found { value, provenance: Provenance::SetByOperator, .. } => {
                format!("{} ({})", show(value), self.say("satt av driften", "set by the operator"))
            }
            Sourced::None => self.say("inget", "none").to_owned(),
            Sourced::NotFound { note } => format!("{}: {note}", self.say("inte funnet", "not found")),
        }
    }

    fn value(&self, value: &Value) -> String {
        match value {
            Value::Label(label) => label.text(self.language).to_owned(),
            Value::Flag(flag) => if *flag { self.say("ja", "yes") } else { self.say("nej", "no") }.to_owned(),
            Value::Period(period) => period.text(self.language),
            other => other.to_string(),
        }
    }

    fn of(&self, term: Option<&Term>, key: &str) -> String {
        match term.and_then(|term| term.sourced(key)) {
            Some(value) => self.sourced(value, |value| self.value(value)),
            None => self.say("inte funnet", "not found").to_owned(),
        }
    }

    fn parties(&self, text: &mut String) {
        self.head(text, "Parter", "Parties");
        for party in self.agreement.parties() {
            let side = match party.side {
                PartySide::Controller => self.say("personuppgiftsansvarig", "controller"),
                PartySide::Processor => self.say("personuppgiftsbiträde", "processor"),
            };
            let name = self.sourced(&party.name, String::clone);
            let number = self.sourced(&party.registration_number, String::clone);
            let _ = writeln!(text, "  {side}: {name} · {number} ({})", self.number(&party.clause));
        }
        let officer = self.agreement.term("contact", "data-protection-officer");
        let _ = writeln!(
            text,
            "  {}: {}",
            self.say("dataskyddsombud", "data protection officer"),
            self.of(officer, "address")
        );
    }

    fn processing(&self, text: &mut String) {
        self.head(text, "Behandling", "Processing");
        let processing = self.agreement.term("processing", "");
        for (sv, en, key) in [
            ("föremål", "subject matter", "subject-matter"),
            ("vad som görs", "what is done", "nature"),
            ("varaktighet", "duration", "duration"),
        ] {
            let _ = writeln!(text, "  {}: {}", self.say(sv, en), self.of(processing, key));
        }
        for purpose in self.agreement.purposes() {
            let concept = purpose.dpv.as_ref().map(|concept| format!(" · {concept}")).unwrap_or_default();
            let number = self.number(&purpose.clause);
            let _ = writeln!(text, "\n  {}{concept} ({number})", purpose.label.text(self.language));
            for subject in self.agreement.subjects() {
                let mut categories: Vec<&str> = Vec::new();
                let declared = || {
                    let of = self.agreement.declares().iter().filter(|declares| declares.subject == subject.id);
                    of.flat_map(|declares| &declares.categories)
                };
                let rules = self
                    .agreement
                    .rules()
                    .iter()
                    .filter(|rule| rule.purposes.contains(&purpose.id) && rule.subjects.contains(&subject.id));
                for rule in rules {
                    match &rule.categories {
                        RuleCategories::Declared => categories.extend(declared().map(|it| self.category(it))),
                        RuleCategories::Listed(listed) => categories.extend(listed.iter().map(|it| self.category(it))),
                    }
                }
                categories.sort_unstable();
                categories.dedup();
                if !categories.is_empty() {
                    let whose = subject.label.text(self.language);
                    let _ = writeln!(text, "    {whose}: {}", categories.join(", "));
                }
            }
        }
        self.concepts(text);
        self.free_text(text);
        self.sensitive(text);
    }

    fn sensitive(&self, text: &mut String) {
        self.head(text, "Uppgifter som lagen skyddar mer", "Data that the law protects more");
        let mut none = true;
        for term in self.agreement.terms_of("sensitive") {
            none = false;
            let categories: Vec<&str> = term.words("categories").iter().map(|id| self.category_of(id)).collect();
            let safeguards = term.words("safeguards").join("; ");
            let mut parts = vec![self.of(Some(term), "stated")];
            parts.extend((!categories.is_empty()).then(|| categories.join(", ")));
            parts.extend((!safeguards.is_empty()).then_some(safeguards));
            parts.extend(term.text("treated-as").map(str::to_owned));
            let none_of: Vec<&str> = term.words("none-of").iter().map(|id| self.subject_of(id)).collect();
            parts.extend(
                (!none_of.is_empty()).then(|| format!("{}: {}", self.say("inga om", "none of"), none_of.join(", "))),
            );
            let _ = writeln!(text, "  {}: {} ({})", term.id, parts.join(" · "), self.number(&term.clause));
        }
        if none {
            let _ = writeln!(text, "  {}", self.say("inte funnet", "not found"));
        }
    }

    fn category<'c>(&'c self, id: &'c terms::Category) -> &'c str {
        self.category_of(id.as_str())
    }

    fn category_of<'c>(&'c self, id: &'c str) -> &'c str {
        let term = self.agreement.categories().iter().find(|term| term.id.as_str() == id);
        term.map_or(id, |term| term.label.text(self.language))
    }

    fn subject_of<'c>(&'c self, id: &'c str) -> &'c str {
        let term = self.agreement.subjects().iter().find(|term| term.id.as_str() == id);
        term.map_or(id, |term| term.label.text(self.language))
    }

    /// The concept of the vocabulary behind each category.
    fn concepts(&self, text: &mut String) {
        let named = self.agreement.categories().iter().filter_map(|category| {
            category.dpv.as_ref().map(|concept| format!("{} {concept}", category.label.text(self.language)))
        });
        let named: Vec<String> = named.collect();
        if !named.is_empty() {
            let _ = writeln!(text, "\n  {}: {}", self.say("begrepp", "concepts"), named.join(", "));
        }
    }

    /// The categories that are written freely, in which anything may stand.
    fn free_text(&self, text: &mut String) {
        let free: Vec<&str> = self
            .agreement
            .categories()
            .iter()
            .filter(|category| category.free_text)
            .map(|category| category.label.text(self.language))
            .collect();
        if !free.is_empty() {
            let _ = writeln!(text, "\n  {}: {}", self.say("skrivs fritt", "written freely"), free.join(", "));
        }
    }

    fn recipients(&self, text: &mut String) {
        self.head(text, "Mottagare och överföringar", "Recipients and transfers");
        if self.agreement.subprocessors().is_empty() {
            let _ = writeln!(text, "  {}", self.say("inga", "none"));
        }
        for one in self.agreement.subprocessors() {
            let parent = one
                .parent_country
                .as_ref()
                .map(|country| format!(" ({} {country})", self.say("moderbolag i", "parent in")));
            let country = self.sourced(&one.country, String::clone) + &parent.unwrap_or_default();
            let data = match one.categories.value() {
                Some(SubprocessorCategories::Declared) => {
                    self.say("allt som är upptaget", "all that is declared").to_owned()
                }
                Some(SubprocessorCategories::Listed(listed)) => {
                    listed.iter().map(|id| self.category(id)).collect::<Vec<_>>().join(", ")
                }
                None => self.sourced(&one.categories, |_| String::new()),
            };
            let number = one.registration_number.as_ref().map(|number| format!(" {number}")).unwrap_or_default();
            let _ = writeln!(
                text,
                "  {}{number}: {} · {country} · {data} · {} ({})",
                one.name,
                one.task.text(self.language),
                self.basis(one),
                self.number(&one.clause)
            );
        }
        let rule = self.agreement.term("transfers", "");
        let _ = writeln!(
            text,
            "  {}: {} · {}: {}",
            self.say("område", "area"),
            self.of(rule, "area"),
            self.say("utanför krävs", "beyond it takes"),
            self.of(rule, "beyond")
        );
    }

    /// On which ground the recipient may receive where it is, on the day.
    fn basis(&self, one: &crate::term::Subprocessor) -> String {
        let Some(country) = one.country.value() else {
            return self
                .say("får inget, för landet är okänt", "receives nothing, for the country is unknown")
                .to_owned();
        };
        let law = Law::built_in().at(self.on);
        if law.lies_in(country, "eea") {
            return self.say("inom EU/EES", "within the EU/EEA").to_owned();
        }
        let bases: Vec<String> = self
            .agreement
            .terms_of("transfer")
            .filter(|term| term.text("subprocessor") == Some(one.id.as_str()))
            .filter_map(|term| term.text("basis").map(str::to_owned))
            .collect();
        if bases.is_empty() {
            self.say("ingen grund för överföring; får inget", "no basis for a transfer; receives nothing").to_owned()
        } else {
            bases.join(", ")
        }
    }

    fn places(&self, text: &mut String) {
        self.head(text, "Platser", "Places");
        let mut none = true;
        for term in self.agreement.terms_of("location") {
            none = false;
            let label = term.label("label").map_or("", |label| label.text(self.language));
            let place = term.text("place").or(term.text("area")).unwrap_or("");
            let only = if term.flag("only") == Some(true) { self.say(" · bara där", " · only there") } else { "" };
            let _ = writeln!(
                text,
                "  {label} ({}): {} {place}{only} ({})",
                term.words("for").join(", "),
                self.of(Some(term), "country"),
                self.number(&term.clause)
            );
        }
        if none {
            let _ = writeln!(text, "  {}", self.say("inte funnet", "not found"));
        }
    }

    fn protection(&self, text: &mut String) {
        self.head(text, "Säkerhetsåtgärder", "Security measures");
        for term in self.agreement.terms_of("measure") {
            let label: &Label = match term.label("label") {
                Some(label) => label,
                None => continue,
            };
            let mut parts: Vec<String> = Vec::new();
            parts.extend(term.text("area").map(str::to_owned));
            parts.extend(term.text("kind").map(str::to_owned));
            parts.extend(term.sourced("every").map(|every| self.sourced(every, |every| self.value(every))));
            parts.extend(term.text("concept").map(str::to_owned));
            let applies = term.words("applies-to").join(", ");
            parts.extend((!applies.is_empty()).then_some(applies));
            let evidence = term.words("evidence").join(", ");
            parts.extend((!evidence.is_empty()).then_some(evidence));
            let _ = writeln!(
                text,
                "  {}: {} ({})",
                label.text(self.language),
                parts.join(" · "),
                self.number(&term.clause)
            );
        }
    }

    fn keeping(&self, text: &mut String) {
        self.head(text, "Hur länge uppgifter sparas", "How long data is kept");
        let mut none = true;
        for term in self.agreement.terms_of("retention") {
            none = false;
            let _ = writeln!(
                text,
                "  {} · {}: {} → {} ({})",
                term.text("of").unwrap_or_default(),
                term.text("phase").unwrap_or_default(),
                self.of(Some(term), "keep"),
                term.text("then").unwrap_or_default(),
                self.number(term.clause_of("keep"))
            );
        }
        if none {
            let _ = writeln!(text, "  {}", self.say("inte funnet", "not found"));
        }
    }
}
