//! A record as PDF, the fingerprint that it is locked with, and drafts that a service makes of what there is already.

use std::sync::Arc;

use axum::extract::Path;
use axum::response::Response;
use service::{Asked, Composing, Draft, Kind, No, Page, Value};
use terms::{KindName, Language, RecordId, Verb};

use crate::ctx::Signed;
use crate::lists::Lists;
use crate::pages::{answers, records};
use crate::{html, moment, pdf};

/// The paper of a kind that is locked with a fingerprint is in one language, whoever asks, so that there is one fingerprint.
const FINGERPRINTED_IN: Language = Language::Sv;

/// `GET /{service}/{kind}/{id}/pdf`.
pub async fn show(signed: Signed, Path((_, path, record)): Path<(String, String, String)>) -> Response {
    let (Some(kind), Ok(record)) = (records::kind(&signed, &path), record.parse::<RecordId>()) else {
        return answers::missing(&signed);
    };
    let Some(asked) = signed.asked(Verb::Consult, kind) else { return answers::choose_case(&signed) };
    let opened = match signed.portal.door.consult(&asked, &kind.name, record).await {
        Ok(opened) => opened,
        Err(no) => return answers::no(&signed, &no),
    };
    let document = pdf::of_record(kind, &Lists::of(&signed, kind), language(&signed, kind), opened.as_ref());
    match pdf::answer(&document, &format!("{}-{}", kind.path, record.short())) {
        Ok(answer) => answer,
        Err(why) => answers::no(&signed, &No::Unavailable(why.to_string())),
    }
}

fn language(signed: &Signed, kind: &Kind) -> Language {
    if kind.fingerprint.is_some() { FINGERPRINTED_IN } else { signed.language }
}

/// What goes into the record together with a state that locks it: the fingerprint of its paper, where the kind keeps one.
pub(crate) async fn fingerprint(
    signed: &Signed,
    asked: &Asked,
    kind: &Kind,
    record: RecordId,
    version: u64,
    state: &str,
) -> Result<Draft, No> {
    let Some(field) = kind.fingerprint.as_ref().filter(|_| kind.is_locked(Some(state))) else {
        return Ok(Draft::new());
    };
    let consult = signed.asked(Verb::Consult, kind).unwrap_or_else(|| asked.clone());
    let opened = signed.portal.door.consult(&consult, &kind.name, record).await?;
    let head = html::seen(opened.as_ref()).heads.into_iter().next().ok_or(No::Missing)?;
    if kind.is_locked(head.state.as_deref()) {
        // The door says so itself, with the state.
        return Ok(Draft::new());
    }
    if head.version != version {
        return Err(No::Conflict { version: head.version });
    }
    let document = pdf::of_record(kind, &Lists::of(signed, kind), FINGERPRINTED_IN, opened.as_ref());
    let paper = paper::write(&document).map_err(|why| No::Unavailable(why.to_string()))?;
    Ok(Draft::new().with(field.as_str(), &paper::fingerprint(&paper).to_string()))
}

/// Whether the service makes drafts of this kind.
pub(crate) fn is_composed(signed: &Signed, kind: &Kind) -> bool {
    let service = signed.shop.as_ref().and_then(|shop| shop.service.as_ref());
    service.is_some_and(|service| service.composed().iter().any(|one| one.kind == kind.name.as_str()))
}

/// The draft that the service makes for a record of this kind under `parent`. What the agreement withholds from the writer is
/// left out of it.
pub(crate) async fn compose(signed: &Signed, kind: &Kind, parent: RecordId) -> Result<Vec<(&'static str, Value)>, No> {
    let Some(shop) = signed.shop.as_ref() else { return Ok(Vec::new()) };
    let Some(service) = shop.service.as_ref().map(Arc::clone) else { return Ok(Vec::new()) };
    let Some(composed) = service.composed().iter().find(|one| one.kind == kind.name.as_str()) else {
        return Ok(Vec::new());
    };
    let Some(over) = kind.parent.as_ref().and_then(|over| shop.kinds.kind(over)) else { return Ok(Vec::new()) };
    let asked = signed.asked(Verb::Consult, over).ok_or(No::Missing)?;
    let of = signed.portal.door.consult(&asked, &over.name, parent).await?;
    let mut parts: Vec<(KindName, Box<dyn service::Opened>)> = Vec::new();
    for name in composed.reads {
        let found = shop.kinds.kinds.iter().find(|one| one.name.as_str() == *name);
        let Some(part) = found.filter(|part| signed.may(Verb::Consult, part)) else { continue };
        let Some(asked) = signed.asked(Verb::Consult, part) else { continue };
        let mut page = Page::default();
        loop {
            match signed.portal.door.list(&asked, &part.name, Some(parent), page).await {
                Ok(listed) => {
                    parts.push((part.name.clone(), listed.opened));
                    let Some(next) = listed.next else { break };
                    page = Page { after: Some(next), ..page };
                }
                Err(No::Refused(_)) => break,
                Err(no) => return Err(no),
            }
        }
    }
    let lists = Lists::all(signed);
    let listed = |list: &str, value: &str| lists.label(list, value, signed.language).map(str::to_owned);
    Ok((composed.compute)(&Composing {
        of: of.as_ref(),
        parts: &parts,
        kinds: &shop.kinds,
        listed: &listed,
        language: signed.language,
        today: moment::civil(signed.now()).date(),
    }))
}
