//! From where a period counts: the moments of an event, the end of an earlier duty, the receipt of a message.

use calendar::Receipt;
use terms::{Instant, Label, Language};

use super::{Ctx, Meaning, Standing, calendar_of, duty, label, timing, word};
use crate::value::Term;

/// From where a period counts, as far as it can be told.
pub(super) enum From {
    /// From here.
    Known(Known),
    /// Not known yet; the line says what is waited for.
    Open(Label),
}

/// A known beginning.
pub(super) struct Known {
    pub at: Instant,
    /// When a message provably arrived.
    pub arrived: Option<Instant>,
    /// By which rule the message counts as received.
    pub receipt: Option<Receipt>,
    /// How it was found.
    pub lines: Vec<Label>,
    /// Whether nothing of it rests on a limit that is only the operator's.
    pub sure: bool,
}

impl Known {
    fn at(at: Instant, lines: Vec<Label>) -> Self {
        Self { at, arrived: None, receipt: None, lines, sure: true }
    }
}

/// The beginning of a term's period. `seen` holds the duties on the way here, so that no chain runs for ever.
pub(super) fn start(ctx: &Ctx<'_>, term: &Term, seen: &mut Vec<String>) -> From {
    let start = term.text("start");
    if let Some(after) = term.text("after") {
        return from_duty(ctx, term, after, start == Some("receipt"), seen);
    }
    match start {
        Some("receipt") => receipt(ctx, term, seen),
        Some("after") => From::Open(label("Det sägs inte efter vad.", "It is not said after what.")),
        Some(moment) => of_event(ctx, moment),
        None => From::Known(Known::at(ctx.event.at, Vec::new())),
    }
}

/// A moment of the event: the known fact, or the event itself where that is the same or may be assumed to be.
pub(super) fn of_event(ctx: &Ctx<'_>, moment: &str) -> From {
    let facts = &ctx.event.facts;
    let fact = match moment {
        "event" => Some(ctx.event.at),
        "knowledge" => facts.knowledge,
        "discovery" => facts.discovery.or(facts.knowledge),
        "sending" => facts.sent,
        "request" => facts.request,
        "report" => facts.report,
        "registration" => facts.registration,
        "receipt" => facts.received,
        "invoice-date" => facts.invoice_date,
        "effect" => facts.effect,
        "engagement" => facts.engagement,
        "end-of-agreement" => facts.end_of_agreement,
        "end-of-service" => facts.end_of_service,
        _ => None,
    };
    if let Some(at) = fact {
        return From::Known(Known::at(at, Vec::new()));
    }
    let is_the_event = match moment {
        "knowledge" | "discovery" => matches!(ctx.event.kind.as_str(), "incident" | "misuse" | "outage" | "finding"),
        "request" | "receipt" => {
            matches!(
                ctx.event.kind.as_str(),
                "request"
                    | "erasure"
                    | "authority"
                    | "audit"
                    | "instruction"
                    | "disclosure"
                    | "support-request"
                    | "licence-audit"
            )
        }
        "report" => matches!(ctx.event.kind.as_str(), "error-report" | "outage" | "support-request"),
        "registration" => ctx.event.kind == "registration",
        "invoice-date" => ctx.event.kind == "invoice",
        "end-of-agreement" | "end-of-service" | "effect" => ctx.event.kind == "termination",
        _ => false,
    };
    let name = word(moment);
    match moment {
        _ if is_the_event => From::Known(Known::at(ctx.event.at, Vec::new())),
        // Unlike the moments below, these lie in the future, and where nobody has set them nobody knows them.
        "effect" | "engagement" | "end-of-agreement" | "end-of-service" => From::Open(label(
            format!("Räknas från {}, och den dagen är inte bestämd ännu.", name.sv),
            format!("Counted from {}, and that day is not set yet.", name.en),
        )),
        _ => From::Known(Known::at(
            ctx.event.at,
            vec![label(
                format!("Räknas från {}; det antas här vara samtidigt som händelsen.", name.sv),
                format!("Counted from {}; it is assumed here to be at the time of the event.", name.en),
            )],
        )),
    }
}

/// The receipt of the message that starts a period: the notice of the same event where the other side gives one, else the
/// event itself.
fn receipt(ctx: &Ctx<'_>, term: &Term, seen: &mut Vec<String>) -> From {
    if let Some(at) = ctx.event.facts.received {
        return From::Known(Known::at(at, Vec::new()));
    }
    let notice = ctx.agreement.term(term.block, "notice");
    if let Some(notice) = notice.filter(|notice| notice.id != term.id && notice.text("who") != term.text("who")) {
        return from_duty(ctx, term, &notice.name(), true, seen);
    }
    let facts = &ctx.event.facts;
    let channel: Vec<String> = facts.channel.iter().cloned().collect();
    let rule = calendar_of::receipt_of(ctx.agreement, &channel);
    let mut known = Known::at(facts.sent.unwrap_or(ctx.event.at), Vec::new());
    if let Some((rule, clause)) = rule {
        known.lines.push(receipt_line(ctx.agreement.number(&clause)));
        known.receipt = Some(rule);
    }
    From::Known(known)
}

/// The end of an earlier duty: when it was met, else when it is due, else (for a notice ahead of something) the event.
fn from_duty(ctx: &Ctx<'_>, term: &Term, name: &str, message: bool, seen: &mut Vec<String>) -> From {
    let open = |does: &Label| {
        From::Open(label(
            format!("Räknas från att detta är gjort: {}. Det är inte gjort, och ingen dag är satt för det.", does.sv),
            format!("Counted from when this is done: {}. It is not done, and no day is set for it.", does.en),
        ))
    };
    let earlier = name.split_once('.').and_then(|(block, id)| ctx.agreement.term(block, id));
    let Some(earlier) = earlier.filter(|_| !seen.iter().any(|name_seen| name_seen == name)) else {
        return open(&label(name, name));
    };
    let does = earlier.label("does").cloned().unwrap_or_else(|| label(name, name));
    let number = ctx.agreement.number(&earlier.clause);
    let mut known = if let Some(done) = ctx.event.facts.done.get(name) {
        let line = label(
            format!("Räknas från att detta gjordes: {} (punkt {number}).", does.sv),
            format!("Counted from when this was done: {} (clause {number}).", does.en),
        );
        Known { arrived: done.arrived, ..Known::at(done.at, vec![line]) }
    } else {
        seen.push(name.to_owned());
        let time = timing::of_act(ctx, earlier, seen);
        seen.pop();
        // Notice is given with the event; what it is ahead of comes later.
        let is_notice =
            time.meaning == Meaning::Earliest || (earlier.sourced("ahead").is_some() && time.due.at.is_none());
        let (at, when) = match time.due.at {
            _ if is_notice => (ctx.event.at, None),
            Some(at) => (at, Some(&time.due)),
            None => return open(&does),
        };
        let when = |language| when.and_then(|due| due.when(language));
        let sv = when(Language::Sv).map_or_else(|| ", här vid händelsen".to_owned(), |when| format!(", senast {when}"));
        let en = when(Language::En)
            .map_or_else(|| ", here at the event".to_owned(), |when| format!(", at the latest {when}"));
        let line = label(
            format!("Räknas från detta: {} (punkt {number}){sv}.", does.sv),
            format!("Counted from this: {} (clause {number}){en}.", does.en),
        );
        let sure = is_notice || time.standing == Standing::Promised;
        Known { sure, ..Known::at(at, vec![line]) }
    };
    if message {
        // The duty's own word about receipt is about the message that it answers, where it counts from a receipt.
        let own = term.text("received").and_then(|_| duty::receipt_rule(ctx, term));
        match own.or_else(|| duty::receipt_rule(ctx, earlier)) {
            Some((rule, clause)) => {
                known.lines.push(receipt_line(ctx.agreement.number(&clause)));
                known.receipt = Some(rule);
            }
            None => known.lines.push(label(
                "Avtalet säger inte när meddelandet räknas som mottaget; här räknas från att det sänds.",
                "The agreement does not say when the message counts as received; it is counted here from its sending.",
            )),
        }
    }
    From::Known(known)
}

fn receipt_line(number: &str) -> Label {
    label(
        format!("När ett meddelande räknas som mottaget står i punkt {number}."),
        format!("Clause {number} says when a message counts as received."),
    )
}
