//! Parties without a name or number, a text that calls itself what it is not, and what it leans on and does not hold.

use super::{FindingKind, Found};
use crate::data;
use crate::proposal::{Proposal, Value};
use crate::read::Verdict;
use crate::source::Span;

impl Found<'_> {
    pub(super) fn of_parties(&mut self, verdict: Verdict, proposals: &[Proposal]) {
        let parts = &self.ground.structure.parts;
        let start = parts
            .first()
            .map_or(Span { start: 0, end: 0 }, |part| Span { start: part.span.start, end: part.span.start });
        let has = |field: &str| proposals.iter().any(|it| it.field() == field);
        if verdict == Verdict::Register {
            let called = parts
                .iter()
                .find(|part| ["register", "subprocessor-list"].contains(&part.kind.as_str()))
                .map(|part| part.title.clone())
                .unwrap_or_default();
            self.add(
                FindingKind::NoAgreement,
                start,
                format!("Texten (”{called}”) är ett register över mottagare; det som artikel 28.3 kräver av ett avtal saknas."),
                format!("The text (`{called}`) is a register of recipients; what Article 28(3) asks of an agreement is missing."),
            );
        }
        // Prices and service levels by themselves name no parties, and nobody misses them there.
        let alone = parts.iter().all(|part| ["price-list", "service-level"].contains(&part.kind.as_str()));
        if alone {
            return;
        }
        if !has("party.processor") {
            self.add(
                FindingKind::UnnamedParty,
                start,
                "Inget bolag nämns som personuppgiftsbiträde.".to_owned(),
                "No company is named as processor.".to_owned(),
            );
        } else if !has("party.number") {
            self.add(
                FindingKind::UnnamedParty,
                start,
                "Biträdets organisationsnummer står inte i texten.".to_owned(),
                "The processor's registration number does not stand in the text.".to_owned(),
            );
        }
        let controller = proposals.iter().find(|it| it.field() == "party.controller");
        if let Some(Value::Words(name)) = controller.map(Proposal::value) {
            let lower = name.to_lowercase();
            let placeholder = data::finding_words().unnamed.iter().any(|word| lower.contains(word.as_str()));
            if placeholder {
                let span = controller.map_or(start, Proposal::span);
                self.add(
                    FindingKind::UnnamedParty,
                    span,
                    format!("Den personuppgiftsansvarige är en platshållare, ”{name}”."),
                    format!("The controller is a placeholder, `{name}`."),
                );
            }
        }
        let agreements: Vec<&crate::structure::Part> =
            parts.iter().filter(|part| part.kind == "data-processing-agreement" && part.range.len() > 2500).collect();
        if let [_, second, ..] = agreements.as_slice() {
            let (span, count) = (second.span, agreements.len());
            self.add(
                FindingKind::SeveralAgreements,
                span,
                format!("Texten håller {count} personuppgiftsbiträdesavtal; läs dem var för sig."),
                format!("The text holds {count} data processing agreements; read them one by one."),
            );
        }
    }

    /// An agreement on personal data leans on one on the service: for prices, secrecy, disputes.
    pub(super) fn of_what_it_leans_on(&mut self, verdict: Verdict) {
        let structure = self.ground.structure;
        let there = structure.parts.iter().any(|part| ["main-agreement", "terms"].contains(&part.kind.as_str()));
        if verdict != Verdict::Agreement || there {
            return;
        }
        let named = structure
            .parts
            .iter()
            .filter(|part| ["data-processing-agreement", "unknown"].contains(&part.kind.as_str()))
            .find_map(|part| {
                let hit = self.ground.hits.first(&part.range, crate::words::concept("main-agreement")?)?;
                Some(hit.start..hit.end)
            });
        if let Some(named) = named {
            self.add(
                FindingKind::NoMainAgreement,
                self.ground.flow.span(&named),
                "Avtalet hänvisar till ett huvudavtal som inte finns i texten; det som står där (priser, sekretess, tvist) går inte att läsa.".to_owned(),
                "The agreement refers to a main agreement that is not in the text; what stands there (prices, secrecy, disputes) cannot be read.".to_owned(),
            );
        }
    }
}
