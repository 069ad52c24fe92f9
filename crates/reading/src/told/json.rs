//! The reading as JSON, with every place as lines and bytes.

use serde_json::{Value as Json, json};
use terms::Language;

use crate::data::Both;
use crate::proposal::{Proposal, Value};
use crate::quantities::Quantity;
use crate::read::{Reading, field_label, fields, kind_label};
use crate::source::Span;

/// Everything that was read, for programs that go on from here.
#[must_use]
pub fn json(reading: &Reading) -> Json {
    let source = reading.source();
    json!({
        "file": source.file,
        "sha256": source.hash(),
        "format": source.format.code(),
        "encoding": source.decoded.encoding,
        "lines": source.line_count(),
        "verdict": reading.verdict.code(),
        "language": reading.language,
        "parts": reading.parts.iter().map(|part| json!({
            "kind": part.kind,
            "label": kind_label(&part.kind).map(both),
            "title": part.title,
            "annex": part.annex,
            "lines": [part.lines.0, part.lines.1],
            "bytes": bytes(part.span),
        })).collect::<Vec<_>>(),
        "clauses": reading.clauses.iter().map(|clause| json!({
            "number": clause.number,
            "implied": clause.implied,
            "heading": clause.heading,
            "level": clause.level,
            "part": clause.part,
            "lines": [clause.lines.0, clause.lines.1],
        })).collect::<Vec<_>>(),
        "skipped": reading.skipped.iter().map(|it| json!({
            "lines": [it.lines.0, it.lines.1],
            "titles": it.titles,
        })).collect::<Vec<_>>(),
        "proposals": reading.proposals.iter().map(|it| proposal(reading, it)).collect::<Vec<_>>(),
        "not-found": reading.not_found(),
        "findings": reading.findings.iter().map(|finding| json!({
            "kind": finding.kind.code(),
            "says": both(&finding.says),
            "lines": [finding.lines.0, finding.lines.1],
        })).collect::<Vec<_>>(),
        "fields": fields().count(),
    })
}

fn both(label: &Both) -> Json {
    json!({ "sv": label.sv, "en": label.en })
}

fn bytes(span: Span) -> Json {
    json!([span.start, span.end])
}

fn proposal(reading: &Reading, it: &Proposal) -> Json {
    let clause = it.clause().and_then(|at| reading.clauses.get(at));
    json!({
        "field": it.field(),
        "label": field_label(it.field()).map(both),
        "value": value(it.value()),
        "text": super::value(it.value(), Language::En),
        "quote": it.quote(),
        "lines": [it.lines().0, it.lines().1],
        "page": it.page(),
        "bytes": bytes(it.span()),
        "rule": it.rule(),
        "clause": clause.and_then(|clause| clause.called()),
        "heading": clause.map(|clause| &clause.heading),
        "part": it.part().and_then(|at| reading.parts.get(at)).map(|part| &part.kind),
        "first": it.is_first(),
    })
}

fn value(value: &Value) -> Json {
    match value {
        Value::Words(words) => json!({ "words": words }),
        Value::Meaning(code) => json!({ "means": code }),
        Value::Quantity(quantity) => self::quantity(quantity),
        Value::Recipient(it) => json!({ "recipient": {
            "name": it.name,
            "role": it.role,
            "place": it.place,
            "countries": it.countries,
            "data": it.data,
            "basis": it.basis,
        }}),
        Value::Price { what, amount, per } => {
            json!({ "price": { "what": what, "amount": quantity(amount), "per": per } })
        }
        Value::Reduction { below, above, reduces } => {
            json!({ "reduction": { "below": below, "above": above, "reduces": reduces } })
        }
    }
}

fn quantity(quantity: &Quantity) -> Json {
    match quantity {
        Quantity::Period(text) => json!({ "period": text }),
        Quantity::Every(text) => json!({ "every": text }),
        Quantity::Money(amount, currency) => json!({ "amount": amount, "currency": currency }),
        Quantity::Percent(number) => json!({ "percent": number }),
        Quantity::Date(date) => json!({ "date": date.to_string() }),
        Quantity::Time(time) => json!({ "time": time }),
        Quantity::Hours(from, to) => json!({ "from": from, "to": to }),
        Quantity::Gigabytes(count) => json!({ "gigabytes": count }),
        Quantity::Organisation(number) => json!({ "registration-number": number }),
        Quantity::Disagrees => Json::Null,
    }
}
