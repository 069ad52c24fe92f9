//! What an event brings about though no block `[EVENT.ACT]` says it: the rules of change, of retention, of the ending, and
//! other terms that speak of such an event. A table says which; nothing is decided here.

use calendar::{Day, Period};
use terms::{Instant, Label};

use super::duty::{Duty, bare, more};
use super::moment;
use super::{Ctx, Meaning, Standing, Time, label, timing, word};
use crate::value::Term;

/// Which objects of `[change.OBJECT]` an event changes.
const CHANGES: [(&str, &[&str]); 5] = [
    ("price-change", &["prices"]),
    (
        "terms-change",
        &[
            "terms",
            "data-processing-agreement",
            "specification",
            "security-rules",
            "internal-rules",
            "service",
            "service-level",
            "content",
        ],
    ),
    ("instruction", &["instructions"]),
    ("subprocessor-change", &["subprocessors"]),
    ("licence-change", &["users"]),
];

/// A term that holds at an event: event, block, what it is about, who acts, how it is met.
type Rule = (&'static str, &'static str, (&'static str, &'static str), &'static str, &'static str);

const RULES: [Rule; 11] = [
    (
        "instruction",
        "instructions",
        ("behandla bara enligt instruktion", "process only as instructed"),
        "processor",
        "checked",
    ),
    (
        "subprocessor-change",
        "subprocessing",
        ("anlita underbiträden på avtalets villkor", "engage subprocessors on the agreement's terms"),
        "processor",
        "checked",
    ),
    (
        "third-country",
        "transfers",
        ("hålla uppgifterna inom området", "keep the data within the area"),
        "processor",
        "checked",
    ),
    (
        "disclosure",
        "disclosures",
        ("lämna ut bara med vad avtalet kräver", "disclose only with what the agreement requires"),
        "processor",
        "checked",
    ),
    ("upload", "content", ("hålla förbjudet innehåll ute", "keep forbidden content out"), "processor", "checked"),
    ("outage", "availability", ("hålla tjänsten tillgänglig", "keep the service available"), "processor", "performed"),
    ("late-payment", "late", ("betala vad försening kostar", "pay what being late costs"), "controller", "performed"),
    (
        "termination",
        "ending",
        ("välja vad som händer med uppgifterna", "choose what happens with the data"),
        "controller",
        "performed",
    ),
    (
        "audit",
        "confidentiality",
        ("hålla tyst om vad granskningen visar", "keep secret what the audit shows"),
        "both",
        "recorded",
    ),
    ("breach", "liability", ("svara för skada", "answer for damage"), "both", "recorded"),
    ("claim", "liability", ("svara för skada", "answer for damage"), "both", "recorded"),
];

/// A period under a key of another term that an event sets going: event, block, key, from what, what is done, who.
type Timed = (&'static str, &'static str, &'static str, &'static str, (&'static str, &'static str), &'static str);

const TIMED: [Timed; 9] = [
    ("invoice", "invoicing", "every", "invoice-date", ("skicka nästa faktura", "send the next invoice"), "processor"),
    (
        "instruction",
        "instructions",
        "tells-if-unlawful",
        "receipt",
        ("säga till om en instruktion strider mot lagen", "say so if an instruction breaks the law"),
        "processor",
    ),
    (
        "incident",
        "subprocessing",
        "incident-notice",
        "knowledge",
        ("berätta för biträdet om incidenten", "tell the processor of the incident"),
        "subprocessor",
    ),
    ("claim", "liability", "claim-within", "event", ("kräva ersättning", "claim compensation"), "either"),
    ("breach", "liability", "claim-within", "event", ("kräva ersättning", "claim compensation"), "either"),
    (
        "support-request",
        "support-hours",
        "starts-within",
        "receipt",
        ("börja arbeta med ärendet", "begin work on the case"),
        "processor",
    ),
    (
        "error-report",
        "support-hours",
        "starts-within",
        "report",
        ("börja arbeta med ärendet", "begin work on the case"),
        "processor",
    ),
    ("invoice", "invoicing", "pay-within", "invoice-date", ("betala fakturan", "pay the invoice"), "controller"),
    ("termination", "backup", "keep", "end-of-service", ("radera säkerhetskopiorna", "erase the backups"), "processor"),
];

/// Adds what follows from other terms.
pub(super) fn add(ctx: &Ctx<'_>, duties: &mut Vec<Duty>) {
    let kind = ctx.event.kind.as_str();
    for (event, objects) in CHANGES {
        let terms = objects.iter().filter_map(|object| ctx.agreement.term("change", object));
        duties.extend(terms.filter(|_| event == kind).map(|term| change(ctx, term)));
    }
    for (event, block, does, who, met) in RULES {
        if event == kind {
            for term in ctx.agreement.terms_of(block) {
                let mut duty =
                    Duty { who: owner(term, who), kind: met.to_owned(), ..bare(ctx, term, said(term, does)) };
                let timed = TIMED.iter().filter(|(of, named, ..)| *of == kind && *named == block);
                let told: Vec<&str> = timed.map(|(_, _, key, ..)| *key).chain(["label", "who", "to"]).collect();
                if block == "ending" {
                    // Whom the data goes to is no addressee of the choice.
                    duty.right = true;
                    duty.to = Vec::new();
                }
                duty.more = more(term, &told);
                let receives = term.words("to");
                if block == "ending" && !receives.is_empty() {
                    let words: Vec<Label> = receives.iter().map(|to| word(to)).collect();
                    let all = |part: fn(&Label) -> &str| words.iter().map(part).collect::<Vec<_>>().join(", ");
                    duty.more.push(("to", label(all(|word| &word.sv), all(|word| &word.en))));
                }
                duty.not_found.retain(|silent| !told.contains(&silent.key));
                duties.push(duty);
            }
        }
    }
    for (event, block, key, from, does, who) in TIMED {
        let of_event = if event == kind { Some(block) } else { None };
        for term in of_event.into_iter().flat_map(|block| ctx.agreement.terms_of(block)) {
            if term.sourced(key).is_none() {
                continue;
            }
            let mut duty = Duty {
                id: format!("{}.{key}", term.name()),
                who: owner(term, who),
                time: timing::after(ctx, term, key, moment::of_event(ctx, from)),
                ..bare(ctx, term, said(term, does))
            };
            only_key(&mut duty, key);
            duties.push(duty);
        }
    }
    match kind {
        "termination" => {
            duties.extend(ctx.agreement.terms_of("duration").filter_map(|term| notice(ctx, term)));
            retention(ctx, duties, "after-end", "end-of-service");
        }
        "erasure" => retention(ctx, duties, "in-term", "request"),
        "price-change" => {
            duties.extend(ctx.agreement.term("indexation", "").into_iter().flat_map(|term| indexation(ctx, term)))
        }
        _ => {}
    }
}

/// Who answers for the term, where it says so. For a claim it is the other side that makes it.
fn owner(term: &Term, otherwise: &str) -> String {
    if term.block == "liability" {
        let claims = match term.text("who") {
            Some("processor") => "controller",
            Some("controller") => "processor",
            _ => otherwise,
        };
        return claims.to_owned();
    }
    term.text("who").unwrap_or(otherwise).to_owned()
}

fn said(term: &Term, (sv, en): (&str, &str)) -> Label {
    match (term.label("label"), term.block) {
        (Some(own), _) => label(format!("{sv}: {}", own.sv), format!("{en}: {}", own.en)),
        (None, "liability") => {
            let damage: Vec<Label> = term.words("damage").iter().map(|text| word(text)).collect();
            let all = |part: fn(&Label) -> &str| damage.iter().map(part).collect::<Vec<_>>().join(", ");
            label(format!("{sv}: {}", all(|word| &word.sv)), format!("{en}: {}", all(|word| &word.en)))
        }
        _ => label(sv, en),
    }
}

/// Leaves of the term's silences and origins only those of one key.
fn only_key(duty: &mut Duty, key: &str) {
    duty.not_found.retain(|silent| silent.key == key);
    duty.origins.retain(|(of, _)| *of == key);
    duty.evidence.clear();
    duty.provides.clear();
}

fn change(ctx: &Ctx<'_>, term: &Term) -> Duty {
    let of = if term.id == "subprocessors" { "engagement" } else { "effect" };
    let what = word(&term.id);
    let time = if term.sourced("ahead").is_some() {
        timing::ahead(ctx, term, "ahead", of)
    } else {
        timing::untimed(Vec::new())
    };
    Duty {
        who: term.text("by").unwrap_or("processor").to_owned(),
        by: term.words("through").to_vec(),
        leave_within: term.period("leave-within").map(Period::label),
        time,
        more: more(term, &["by", "through", "ahead", "leave-within"]),
        ..bare(ctx, term, label(format!("ändra {}", what.sv), format!("change {}", what.en)))
    }
}

fn notice(ctx: &Ctx<'_>, term: &Term) -> Option<Duty> {
    term.sourced("notice")?;
    // Where the text says neither who may nor how long before, it gives nobody a right; the registers tell of the silence.
    let by = term.text("notice-by");
    if by.is_none() && term.value("notice").is_none() {
        return None;
    }
    let what = word(&term.id);
    let mut duty = Duty {
        who: by.unwrap_or("both").to_owned(),
        right: by.is_some(),
        time: timing::ahead(ctx, term, "notice", "end-of-service"),
        form: term.text("notice-form").map(str::to_owned),
        ..bare(ctx, term, label(format!("säga upp {}", what.sv), format!("give notice of {}", what.en)))
    };
    duty.more = more(term, &["notice", "notice-by", "notice-form", "start"]);
    Some(duty)
}

fn retention(ctx: &Ctx<'_>, duties: &mut Vec<Duty>, phase: &str, otherwise: &str) {
    for term in ctx.agreement.terms_of("retention").filter(|term| term.text("phase") == Some(phase)) {
        let start = moment::of_event(ctx, term.text("start").unwrap_or(otherwise));
        let mut time = timing::after(ctx, term, "keep", start);
        if term.flag("at-least") == Some(true) && time.due.at.is_some() {
            time = timing::as_earliest(time);
        }
        let class = word(term.text("of").unwrap_or_default());
        let (sv, en) = match term.text("then") {
            Some("erased") => ("radera", "erase"),
            Some("anonymised") => ("avidentifiera", "anonymise"),
            Some("returned") => ("återlämna", "return"),
            Some("limited-account") => ("behålla i ett begränsat konto:", "keep in a limited account:"),
            Some("kept") => ("behålla", "keep"),
            // The text says how long, and not what follows.
            _ => ("avsluta lagringen av", "end the storing of"),
        };
        duties.push(Duty {
            time,
            more: more(term, &["of", "phase", "keep", "start", "then", "unless"]),
            ..bare(ctx, term, label(format!("{sv} {}", class.sv), format!("{en} {}", class.en)))
        });
    }
}

/// The next day on which prices follow the indices, and what is told ahead.
fn indexation(ctx: &Ctx<'_>, term: &Term) -> Vec<Duty> {
    let mut duty = Duty {
        right: true,
        ..bare(ctx, term, label("höja priserna med index som tak", "raise the prices with the index as a ceiling"))
    };
    duty.more = more(term, &["on-day", "on-top", "on-top-ahead"]);
    if let Some(day) = term.text("on-day").and_then(|on| next_on(ctx, ctx.event.at, on)) {
        duty.time = on_day(ctx, day, Meaning::Earliest);
    }
    let mut duties = vec![duty];
    if term.sourced("on-top-ahead").is_some() || term.sourced("on-top").is_some() {
        let time = if term.sourced("on-top-ahead").is_some() {
            timing::ahead(ctx, term, "on-top-ahead", "effect")
        } else {
            timing::untimed(Vec::new())
        };
        let mut on_top = Duty {
            id: format!("{}.on-top", term.name()),
            right: true,
            time,
            ..bare(ctx, term, label("lägga yttre kostnader på priset", "add external costs to the price"))
        };
        only_key(&mut on_top, "on-top-ahead");
        on_top.more = more(term, &["on-day", "indices", "ceiling", "base", "on-top-ahead"]);
        duties.push(on_top);
    }
    duties
}

/// The next day of the year `MM-DD` after a moment.
pub(super) fn next_on(ctx: &Ctx<'_>, after: Instant, month_and_day: &str) -> Option<Day> {
    let today = ctx.counting.calendar.zone.day(after).ok()?;
    let (month, day) = month_and_day.split_once('-')?;
    let (month, day) = (month.parse::<i8>().ok()?, day.parse::<i8>().ok()?);
    let this_year = Day::new(today.year(), month, day).ok().filter(|day| *day > today);
    this_year.or_else(|| Day::new(today.year().checked_add(1)?, month, day).ok())
}

/// A day that the agreement names.
pub(super) fn on_day(ctx: &Ctx<'_>, day: Day, meaning: Meaning) -> Time {
    let mut time = timing::untimed(vec![label(
        format!("Avtalet nämner dagen; nästa gång är {}.", day.text(terms::Language::Sv)),
        format!("The agreement names the day; the next time is {}.", day.text(terms::Language::En)),
    )]);
    time.due.at = ctx.counting.calendar.zone.start_of(day).ok();
    time.due.ends = Some(calendar::Moment::day_only(day));
    time.due.promised = true;
    time.meaning = meaning;
    time.standing = Standing::Promised;
    time
}
