//! Which field becomes which block of the language of agreements.
//!
//! A field that a block cannot hold whole (a level without the time over which it is measured, a price of something unknown) is kept
//! in view as text, `[recorded.…]`, and nothing follows from it.

use std::sync::LazyLock;

use crate::data::{DraftWords, draft_words};
use crate::proposal::{Proposal, Value};
use crate::quantities::Quantity;

use super::{Choice, Draft, both, escaped_label, slug, toml, written};

static WORDS: LazyLock<DraftWords> = LazyLock::new(draft_words);

const PROCESSOR: &str = "who = \"processor\"\nkind = \"performed\"\nto = [\"controller\"]\n";
const CONTROLLER: &str = "who = \"controller\"\nkind = \"performed\"\nright = true\nto = [\"processor\"]\n";

/// The first of some words that a text holds, by what it stands for.
fn meant(words: &crate::data::Words, order: &[&str], text: &str) -> Option<String> {
    let text = text.to_lowercase();
    let holds = |name: &&&str| words.get(**name).is_some_and(|words| words.iter().any(|word| text.contains(word)));
    order.iter().find(holds).map(|name| (*name).to_owned())
}

/// A field, its block, what is done in both languages, the keys of the block, the key that holds the period.
type OneDuty = (&'static str, &'static str, (&'static str, &'static str), String, &'static str);

impl Draft<'_> {
    pub(super) fn gather(&mut self) {
        self.duties();
        self.keeping();
        self.articles();
        self.once("dispute", &[("law.governs", "law"), ("law.court", "first")]);
        self.money();
        self.times();
        self.transfers();
        self.measures();
        self.named("processing.purpose", "purpose");
        self.named("processing.subject", "subject");
        self.named("processing.category", "category");
        self.special();
        self.recipients();
    }

    /// One field that becomes one duty: its block, what is done, the keys that every such duty has, and the key that holds the period.
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

    fn duties(&mut self) {
        let p = |more: &str| format!("{PROCESSOR}{more}");
        let c = |more: &str| format!("{CONTROLLER}{more}");
        let start_knowledge = p("start = \"knowledge\"\n");
        let start_receipt = p("start = \"receipt\"\n");
        let all: [OneDuty; 7] = [
            (
                "incident.notice",
                "incident.notice",
                ("underrätta om incidenten", "tell of the incident"),
                start_knowledge,
                "within",
            ),
            (
                "instruction.unlawful",
                "instruction.unlawful",
                ("säga till att instruktionen strider mot lagen", "say that the instruction breaks the law"),
                p(""),
                "within",
            ),
            (
                "request.refer",
                "request.referral",
                ("hänvisa den registrerade till kunden", "refer the data subject to the customer"),
                start_receipt.clone(),
                "within",
            ),
            (
                "authority.notice",
                "authority.notice",
                ("berätta om myndighetens begäran", "tell of the authority's request"),
                start_receipt,
                "within",
            ),
            (
                "disclosure.compelled",
                "disclosure.compelled",
                ("berätta om ett tvingande utlämnande", "tell of a compelled disclosure"),
                p(""),
                "within",
            ),
            (
                "subprocessor-change.notice",
                "subprocessor-change.notice",
                ("meddela ett nytt eller bytt underbiträde", "tell of a new or replaced subprocessor"),
                p("of = \"engagement\"\n"),
                "ahead",
            ),
            (
                "subprocessor-change.objection",
                "subprocessor-change.objection",
                ("invända mot underbiträdet", "object to the subprocessor"),
                c("start = \"receipt\"\n"),
                "within",
            ),
        ];
        for (field, head, does, keys, period) in all {
            self.duty(field, head, does, &keys, period);
        }
        self.audit();
    }

    /// Who may audit, after which notice, and whether premises are entered.
    fn audit(&mut self) {
        let notice = self.value("audit.notice");
        let by = self.value("audit.by");
        let Some(at) = notice.as_ref().or(by.as_ref()).map(|(at, ..)| *at) else { return };
        let quotes: Vec<&str> = ["audit.by", "audit.notice"]
            .iter()
            .flat_map(|field| self.of_field(field))
            .map(|(_, it, _)| it.quote())
            .collect();
        let quotes = quotes.join(" ");
        let mut text = format!("[audit.inspection]\ndoes = {}\n{CONTROLLER}", both("granska", "audit"));
        if let Some((_, ahead, _)) = &notice {
            text.push_str(&format!("ahead = {}\nof = \"event\"\n", toml(ahead)));
        }
        match meant(&WORDS.audit_by, &["independent", "controller"], &quotes).as_deref() {
            Some("independent") => text.push_str("by-whom = [\"independent-third-party\"]\n"),
            Some(_) => text.push_str("by-whom = [\"controller\", \"mandated-auditor\"]\n"),
            None => {}
        }
        if meant(&WORDS.on_site, &["always"], &quotes).is_some() {
            text.push_str("on-site = \"always\"\n");
        }
        let origin = notice.and_then(|(.., origin)| origin).or_else(|| by.and_then(|(.., origin)| origin));
        text.push_str(or(&origin));
        self.put(at, text, origin.is_some());
    }

    /// Data that the law protects more: that there is none, or which.
    fn special(&mut self) {
        let found: Vec<(usize, String, Option<String>)> = self
            .of_field("processing.special")
            .filter_map(|(at, it, choice)| {
                let words = match (choice, it.value()) {
                    (Some(Choice::Changed(words)), _) | (_, Value::Words(words)) => words.clone(),
                    _ => return None,
                };
                Some((at, words, self.origin(it, choice)))
            })
            .collect();
        let Some(first) = found.first().map(|(at, ..)| *at) else { return };
        let none = |words: &str| {
            let words = words.to_lowercase();
            WORDS.none.values().flatten().any(|word| words.starts_with(word.as_str()))
        };
        let origin = found.iter().find_map(|(.., origin)| origin.clone());
        let text = if found.iter().all(|(_, words, _)| none(words)) {
            format!("[sensitive.special-categories]\nstated = \"none\"\n{}", or(&origin))
        } else {
            // Those of the text's categories that are named again as sensitive.
            let categories: Vec<String> = self
                .named
                .get("category")
                .into_iter()
                .flatten()
                .filter(|(id, _)| found.iter().any(|(_, words, _)| slug(words) == *id))
                .map(|(id, _)| format!("\"{id}\""))
                .collect();
            format!(
                "[sensitive.special-categories]\nstated = \"occurs\"\ncategories = [{}]\n{}",
                categories.join(", "),
                or(&origin)
            )
        };
        self.put(first, text, origin.is_some());
    }

    fn keeping(&mut self) {
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
                    or(&origin)
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
        if let Some((at, _, origin)) = self.value("ending.choice") {
            let certificate = self.of_field("ending.certificate").next().map(|(_, it, _)| {
                let asked = ["begäran", "begär", "request"].iter().any(|word| it.quote().to_lowercase().contains(word));
                if asked { "certificate = \"on-request\"\n" } else { "certificate = \"always\"\n" }
            });
            let law = self.value("ending.exception").map(|_| "exception = \"union-or-member-state-law\"\n");
            let text = format!(
                "[ending]\nchoice = [\"erase\", \"return\"]\n{}{}{}",
                certificate.unwrap_or(""),
                law.unwrap_or(""),
                or(&origin)
            );
            self.put(at, text, origin.is_some());
        }
    }

    /// What Article 28 demands and a text either says or does not.
    fn articles(&mut self) {
        // A block that several fields fill stands where the first of them was found.
        let instructions = [
            ("instruction.documented", "only-documented = true\n".to_owned()),
            ("instruction.exception", "exception = \"union-or-member-state-law\"\n".to_owned()),
            ("instruction.exception-told", "informs-before-exception = true\n".to_owned()),
        ];
        let mut instructions: Vec<(&str, String)> = instructions.into_iter().collect();
        if let Some((_, value, _)) = self.value("instruction.unlawful") {
            instructions.push(("instruction.unlawful", format!("tells-if-unlawful = {}\n", toml(&value))));
        }
        self.filled("instructions", instructions);
        self.filled(
            "subprocessing",
            vec![
                (
                    "subprocessing.authorisation",
                    self.value("subprocessing.authorisation")
                        .map_or_else(String::new, |(_, value, _)| format!("authorisation = {}\n", toml(&value))),
                ),
                ("subprocessing.recipient", "listed = true\nlist-is-approved = true\n".to_owned()),
                ("subprocessing.duties", "duties = \"equivalent\"\n".to_owned()),
                ("subprocessing.liable", "liable = \"as-for-itself\"\n".to_owned()),
                ("subprocessor-change.objects", "right-to-object = true\n".to_owned()),
            ],
        );
        self.filled(
            "confidentiality.staff",
            vec![("confidentiality.staff", "binds = [\"staff\"]\ncovers = [\"personal-data\"]\n".to_owned())],
        );
        self.filled("security", vec![("security.article-32", "all-of-article-32 = true\n".to_owned())]);
        let label = |value: Option<(usize, String, Option<String>)>, key: &str| {
            value.map_or_else(String::new, |(_, value, _)| format!("{key} = {}\n", escaped_label(&value)))
        };
        let subject_matter = label(self.value("processing.subject-matter"), "subject-matter");
        let duration = label(self.value("processing.duration").or_else(|| self.value("duration.term")), "duration");
        self.filled(
            "processing",
            vec![
                ("processing.subject-matter", subject_matter),
                ("processing.duration", duration.clone()),
                ("duration.term", if self.value("processing.duration").is_some() { String::new() } else { duration }),
            ],
        );
        let help = |does: (&str, &str), more: &str| format!("does = {}\n{PROCESSOR}{more}", both(does.0, does.1));
        self.filled(
            "request.assistance",
            vec![(
                "assistance.rights",
                help(("hjälpa kunden att svara den registrerade", "help the customer to answer the data subject"), ""),
            )],
        );
        self.filled(
            "standing.assistance",
            vec![(
                "assistance.duties",
                help(
                    ("hjälpa kunden att uppfylla artiklarna 32–36", "help the customer to meet Articles 32 to 36"),
                    "helps-with = [\"all-duties\"]\n",
                ),
            )],
        );
        self.filled(
            "audit.information",
            vec![(
                "audit.information",
                help(
                    ("lämna allt som visar att avtalet följs", "hand over all that shows compliance"),
                    "provides = [\"all-data\", \"documents\"]\n",
                ),
            )],
        );
    }

    /// A block of which each field that was found gives some lines.
    fn filled(&mut self, block: &str, fields: Vec<(&str, String)>) {
        let found: Vec<(usize, String, Option<String>)> = fields
            .into_iter()
            .filter(|(_, lines)| !lines.is_empty())
            .filter_map(|(field, lines)| {
                let (at, it, choice) = self.of_field(field).next()?;
                Some((at, lines, self.origin(it, choice)))
            })
            .collect();
        let Some(first) = found.first().map(|(at, ..)| *at) else { return };
        let origin = found.iter().find_map(|(.., origin)| origin.clone());
        let lines: String = found.iter().map(|(_, lines, _)| lines.as_str()).collect();
        let text = format!("[{block}]\n{lines}{}", or(&origin));
        self.put(first, text, origin.is_some());
    }

    fn money(&mut self) {
        if let Some((at, value, origin)) = self.value("duration.notice") {
            self.put(at, format!("[duration.agreement]\nnotice = {}\n{}", toml(&value), or(&origin)), origin.is_some());
        }
        if let Some((at, value, origin)) = self.value("money.rate") {
            let text =
                format!("[rate.work]\nlabel = {}\namount = {}\n{}", both("arbete", "work"), toml(&value), or(&origin));
            self.put(at, text, origin.is_some());
        }
        self.once("invoicing", &[("money.invoicing", "every"), ("money.payment", "pay-within")]);
        self.cap();
        let from = self.value("money.prices-from").map(|(_, day, _)| format!("from = {}\n", toml(&day)));
        let prices: Vec<(usize, String, Option<String>)> = self
            .of_field("money.price")
            .take(200)
            .filter_map(|(at, it, choice)| {
                let Value::Price { what, amount, per } = it.value() else { return None };
                let around = format!("{} {}", per.as_deref().unwrap_or(""), it.quote());
                let what = what.as_deref().unwrap_or(it.quote());
                let order = ["user-and-month", "licence", "month", "piece"];
                let per = meant(&WORDS.price_per, &order, per.as_deref().unwrap_or(""))
                    .or_else(|| meant(&WORDS.price_per, &order, &around))?;
                let amount = match choice {
                    Some(Choice::Changed(amount)) => amount.clone(),
                    _ => written(amount)?,
                };
                let lines = format!("label = {}\namount = {}\nper = \"{per}\"\n", escaped_label(what), toml(&amount));
                Some((at, format!("{lines}{}", from.as_deref().unwrap_or("")), self.origin(it, choice)))
            })
            .collect();
        for (count, (at, lines, origin)) in prices.into_iter().enumerate() {
            self.put(at, format!("[price.p-{}]\n{lines}{}", count + 1, or(&origin)), origin.is_some());
        }
    }

    /// A cap that is counted in months or years of the fee; one of another kind is kept in view.
    fn cap(&mut self) {
        let Some((at, value, origin)) = self.value("liability.cap") else { return };
        let quote = self.reading.proposals.get(at).map_or("", Proposal::quote).to_lowercase();
        let months = value.split_once(' ').and_then(|(count, unit)| {
            let count: u32 = count.parse().ok()?;
            match unit {
                "month" | "months" => Some(count),
                "year" | "years" => count.checked_mul(12),
                _ => None,
            }
        });
        let Some(months) = months else {
            return self.recorded(at, "liability-cap", "liability", &origin);
        };
        let direct = quote.contains("direkt skada") || quote.contains("direct damage");
        let damage = if direct { "[\"direct\"]" } else { "[\"direct\", \"indirect\"]" };
        let of = if ["abonnemang", "prenumeration", "subscription"].iter().any(|word| quote.contains(word)) {
            "subscription-fee-of-the-service"
        } else {
            "fees-paid-for-the-service"
        };
        let text = format!(
            "[liability.cap]\nwho = \"processor\"\ndamage = {damage}\nanswers = \"up-to-cap\"\ncap-months = {months}\ncap-of = \"{of}\"\n{}",
            or(&origin)
        );
        self.put(at, text, origin.is_some());
    }

    fn times(&mut self) {
        if let Some((at, level, origin)) = self.value("availability.level") {
            let clause = self.reading.proposals.get(at).and_then(Proposal::clause);
            let clause = clause
                .and_then(|at| self.reading.clauses.get(at))
                .map(|clause| self.reading.source().words(clause.span));
            let over = meant(&WORDS.availability_over, &["month", "quarter", "year"], &clause.unwrap_or_default());
            match over.as_deref() {
                Some(over) => {
                    let over = match over {
                        "month" => "1 month",
                        "quarter" => "3 months",
                        _ => "1 year",
                    };
                    let text =
                        format!("[availability]\nat-least = {}\nover = \"{over}\"\n{}", toml(&level), or(&origin));
                    self.put(at, text, origin.is_some());
                }
                None => self.recorded(at, "availability", "other", &origin),
            }
        }
        let Some((at, it, choice)) = self.of_field("support.hours").next() else { return };
        let Some((opens, closes)) = hours(it, choice) else { return };
        let mut origin = self.origin(it, choice);
        let mut text = format!("[support-hours]\nopens = {}\ncloses = {}\n", toml(&opens), toml(&closes));
        if let Some((_, lunch, choice)) = self.of_field("support.lunch").next()
            && let Some((from, to)) = hours(lunch, choice)
        {
            text.push_str(&format!("lunch-from = {}\nlunch-to = {}\n", toml(&from), toml(&to)));
            origin = origin.or_else(|| self.origin(lunch, choice));
        }
        for (field, key) in [
            ("support.eve", "closes-before-holiday"),
            ("support.start", "starts-within"),
            ("support.free-days-ahead", "free-days-ahead"),
        ] {
            if let Some((_, value, of)) = self.value(field) {
                text.push_str(&format!("{key} = {}\n", toml(&value)));
                origin = origin.or(of);
            }
        }
        if let Some((_, days, of)) = self.value("support.free-days")
            && let Some(count) = days.split(' ').next().and_then(|count| count.parse::<u32>().ok())
        {
            text.push_str(&format!("free-days = {count}\n"));
            origin = origin.or(of);
        }
        text.push_str(or(&origin));
        self.put(at, text, origin.is_some());
    }

    fn transfers(&mut self) {
        let rule = self.value("transfers.rule");
        let tools: Vec<(usize, String, Option<String>)> = self
            .of_field("transfers.tool")
            .map(|(at, it, choice)| {
                let tool = match choice {
                    Some(Choice::Changed(meaning)) => meaning.clone(),
                    _ => self.reading.source().words(it.written()),
                };
                (at, tool, self.origin(it, choice))
            })
            .collect();
        let Some(at) = rule.as_ref().map(|(at, ..)| *at).or_else(|| tools.first().map(|(at, ..)| *at)) else { return };
        let mut text = "[transfers]\n".to_owned();
        if let Some((_, beyond, _)) = &rule {
            text.push_str(&format!("beyond = {}\n", toml(beyond)));
        }
        if !tools.is_empty() {
            let mut grounds: Vec<String> = tools.iter().map(|(_, words, _)| toml(words)).collect();
            grounds.dedup();
            text.push_str(&format!("grounds = [{}]\n", grounds.join(", ")));
        }
        let origin = rule.and_then(|(.., origin)| origin).or_else(|| tools.into_iter().find_map(|(.., origin)| origin));
        text.push_str(or(&origin));
        self.put(at, text, origin.is_some());
    }

    fn measures(&mut self) {
        let mut found: Vec<(usize, String, &str, Option<String>)> = Vec::new();
        for (field, area) in [("security.measure", "other"), ("security.logging", "logging")] {
            for (at, it, choice) in self.of_field(field).take(100) {
                let words = match (choice, it.value()) {
                    (Some(Choice::Changed(words)), _) | (_, Value::Words(words)) => words.clone(),
                    _ => continue,
                };
                found.push((at, words, area, self.origin(it, choice)));
            }
        }
        for (count, (at, words, area, origin)) in found.into_iter().enumerate() {
            let text = format!(
                "[measure.m-{}]\nlabel = {}\nkind = \"evidenced\"\narea = \"{area}\"\nevidence = [\"document\"]\n{}",
                count + 1,
                escaped_label(&words),
                or(&origin)
            );
            self.put(at, text, origin.is_some());
        }
    }

    /// Kept in view, in the text's own words.
    fn recorded(&mut self, at: usize, id: &str, about: &str, origin: &Option<String>) {
        let Some(it) = self.reading.proposals.get(at) else { return };
        let text =
            format!("[recorded.{id}]\nlabel = {}\nabout = \"{about}\"\n{}", escaped_label(it.quote()), or(origin));
        self.put(at, text, origin.is_some());
    }

    /// Fields that are keys of one block, which stands where the first of them was found.
    fn once(&mut self, block: &str, keys: &[(&str, &str)]) {
        let lines = keys.iter().map(|(field, key)| {
            let value = self.value(field);
            (*field, value.map_or_else(String::new, |(_, value, _)| format!("{key} = {}\n", toml(&value))))
        });
        let lines: Vec<(&str, String)> = lines.collect();
        self.filled(block, lines);
    }

    /// Items of a list that become blocks of their own, each name once.
    fn named(&mut self, field: &str, block: &'static str) {
        let found: Vec<(usize, String, Option<String>)> = self
            .of_field(field)
            .filter_map(|(at, it, choice)| {
                let words = match (choice, it.value()) {
                    (Some(Choice::Changed(words)), _) | (_, Value::Words(words)) => words.clone(),
                    _ => return None,
                };
                Some((at, words, self.origin(it, choice)))
            })
            .collect();
        for (at, words, origin) in found {
            let id = slug(&words);
            let ids = self.named.entry(block).or_default();
            // What the operator adds has names of its own.
            let id = if super::operator::OWN.contains(&id.as_str()) { format!("{id}-i-texten") } else { id };
            if ids.iter().any(|(known, _)| *known == id) || ids.len() >= 200 {
                continue;
            }
            ids.push((id.clone(), words.clone()));
            let concept = if block == "category" { crate::vocabulary::concept_of(&words) } else { None };
            let dpv = concept.map(|concept| format!("dpv = \"{concept}\"\n")).unwrap_or_default();
            let text = format!("[{block}.{id}]\nlabel = {}\n{dpv}{}", escaped_label(&words), or(&origin));
            self.put(at, text, origin.is_some());
        }
    }

    fn recipients(&mut self) {
        let mut ids: Vec<String> = Vec::new();
        let found: Vec<(usize, String, bool)> = self
            .of_field("subprocessing.recipient")
            .filter_map(|(at, it, choice)| {
                let Value::Recipient(who) = it.value() else { return None };
                let name = match choice {
                    Some(Choice::Changed(name)) => name,
                    _ => &who.name,
                };
                let mut id = slug(name);
                let mut count = 2;
                while ids.contains(&id) {
                    id = format!("{}-{count}", slug(name));
                    count += 1;
                }
                ids.push(id.clone());
                let mut text = format!("[[subprocessor]]\nid = \"{id}\"\nname = {}\n", toml(name));
                let task = who.role.as_deref().unwrap_or("står inte i texten");
                text.push_str(&format!("task = {}\n", escaped_label(task)));
                match who.countries.as_slice() {
                    [one] if one.len() == 2 && one != "EU" => text.push_str(&format!("country = \"{one}\"\n")),
                    _ => text.push_str("country = { not-found = \"ett land\" }\n"),
                }
                match &who.place {
                    Some(place) => text.push_str(&format!("place = {}\n", toml(place))),
                    None => text.push_str("place = { not-found = \"var uppgifterna finns\" }\n"),
                }
                text.push_str("categories = { not-found = \"vilka kategorier\" }\n");
                if let Some(data) = &who.data {
                    text.push_str(&format!("data = {}\n", toml(data)));
                }
                let origin = self.origin(it, choice);
                text.push_str(or(&origin));
                Some((at, text, origin.is_some()))
            })
            .collect();
        for (at, text, unconfirmed) in found {
            self.put(at, text, unconfirmed);
        }
    }
}

/// From when to when, as proposed or as a person has it.
fn hours(it: &Proposal, choice: Option<&Choice>) -> Option<(String, String)> {
    let Value::Quantity(Quantity::Hours(from, to)) = it.value() else { return None };
    match choice {
        Some(Choice::Changed(other)) => other.split_once('–').map(|(from, to)| (from.to_owned(), to.to_owned())),
        _ => Some((from.clone(), to.clone())),
    }
}

fn or(origin: &Option<String>) -> &str {
    origin.as_deref().unwrap_or("")
}
