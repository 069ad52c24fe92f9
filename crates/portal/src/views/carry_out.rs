//! What a sheet proposes to write: shown first, with what was seen in the form; computed anew when it is posted; and done only
//! where it is still the same. Each writing goes through the door by itself and is made once, so an interruption leaves what is
//! done done, and posting again does the rest.

use core::hash::{Hash, Hasher};
use std::collections::hash_map::DefaultHasher;

use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use futures_util::StreamExt;
use maud::{Markup, html};
use service::{At, Change, Draft, FieldProblem, New, No, Proposal, Write};
use terms::{KindName, Verb};

use super::{choices, draw, named, taking};
use crate::ctx::Signed;
use crate::form::Posted;
use crate::frame::csrf;
use crate::pages::answers;

/// Writings that are under way at the same time: they share the journal's syncs.
const TOGETHER: usize = 64;

/// What was seen of a proposal: the same number for the same writings. It guards against figures that changed in between, and
/// against nothing else: what is written is always what is computed when it is posted.
pub(super) fn seen(act: &Proposal) -> String {
    let mut hasher = DefaultHasher::new();
    act.writes.hash(&mut hasher);
    format!("{:016x}", hasher.finish())
}

/// The offer on the page.
pub(super) fn offer(signed: &Signed, taken: &taking::Taken, act: &Proposal) -> Markup {
    let may = act.writes.iter().all(|write| {
        let verb = if matches!(write.at, At::Under(_)) { Verb::Collect } else { Verb::Alter };
        taken.kind(signed, write.kind).is_some_and(|kind| signed.may(verb, kind))
    });
    html! {
        @if !act.writes.is_empty() {
            section.card {
                h2 { (act.label.text(signed.language)) }
                p { (act.what.text(signed.language)) }
                @if may {
                    form method="post" action=(format!("{}/{}", draw::address(signed, taken.view), act.name)) {
                        (csrf(signed))
                        input type="hidden" name="seen" value=(seen(act));
                        @for parameter in taken.view.parameters() {
                            @if let Some(value) = taken.arguments.get(parameter.name) {
                                input type="hidden" name=(parameter.name) value=(value);
                            }
                        }
                        p.actions { button type="submit" { (act.label.text(signed.language)) " (" (act.writes.len()) ")" } }
                    }
                } @else { p.help { (signed.t("view-others-write")) } }
            }
        }
    }
}

/// `POST /{service}/vy/{view}/{act}`.
pub async fn carry_out(Path((_, name, act)): Path<(String, String, String)>, posted: Posted) -> Response {
    let Posted { signed, fields } = posted;
    let Some(view) = named(&signed, &name) else { return answers::missing(&signed) };
    let arguments = match choices::read(&signed, view, |name| fields.raw(name).map(str::to_owned)) {
        Ok(arguments) => arguments,
        Err(wrong) => return draw::wrong_choice(&signed, view, &wrong),
    };
    let taken = match taking::take(&signed, view, arguments).await {
        Ok(taken) => taken,
        Err(no) => return answers::no(&signed, &no),
    };
    let proposal = taken.sheet.as_ref().ok().and_then(|sheet| sheet.acts.iter().find(|one| one.name == act));
    let unchanged = proposal.filter(|one| Some(seen(one).as_str()) == fields.get("seen"));
    let Some(proposal) = unchanged else {
        let told = html! { div.problems role="alert" { p { (signed.t("view-changed")) } } };
        let mut response = draw::page_of(&signed, &taken, Some(told));
        *response.status_mut() = StatusCode::CONFLICT;
        return response;
    };
    let done = all(&signed, &taken, proposal).await;
    match done {
        // Somebody else did the same in this moment: what stands now is shown, and who did it stands in it.
        Done { written: 0, first: Some(no), .. } if was_first(&no) => {
            let taken = match taking::take(&signed, view, taken.arguments).await {
                Ok(taken) => taken,
                Err(no) => return answers::no(&signed, &no),
            };
            let told = html! { div.problems role="alert" { p { (signed.t("view-somebody-first")) } } };
            let mut response = draw::page_of(&signed, &taken, Some(told));
            *response.status_mut() = StatusCode::CONFLICT;
            response
        }
        Done { written: 0, first: Some(no), .. } => answers::no(&signed, &no),
        Done { written, left, .. } => {
            let query = choices::query(view, &taken.arguments);
            let more = if query.is_empty() { "?" } else { "&" };
            let left = if left > 0 { format!("&left={left}") } else { String::new() };
            Redirect::to(&format!("{}{query}{more}written={written}{left}", draw::address(&signed, view)))
                .into_response()
        }
    }
}

/// Whether a *no* says that the same was written by somebody else since it was computed.
pub(super) fn was_first(no: &No) -> bool {
    match no {
        No::Conflict { .. } => true,
        No::Invalid(faults) => faults.iter().any(|fault| fault.problem == FieldProblem::NotUnique),
        _ => false,
    }
}

/// What became of the writings.
pub(super) struct Done {
    pub written: usize,
    pub left: usize,
    /// The first *no*.
    pub first: Option<No>,
}

pub(super) async fn all(signed: &Signed, taken: &taking::Taken, proposal: &Proposal) -> Done {
    let mut done = Done { written: 0, left: 0, first: None };
    let mut answers =
        futures_util::stream::iter(proposal.writes.clone().into_iter().map(|write| one(signed, taken, write)))
            .buffer_unordered(TOGETHER);
    while let Some(answer) = answers.next().await {
        match answer {
            Ok(()) => done.written += 1,
            Err(no) => {
                done.left += 1;
                done.first.get_or_insert(no);
            }
        }
    }
    done
}

async fn one(signed: &Signed, taken: &taking::Taken, write: Write) -> Result<(), No> {
    let name = KindName::new(write.kind).map_err(|error| No::Unavailable(error.to_string()))?;
    let kind = taken.kind(signed, write.kind).ok_or(No::Missing)?;
    let draft = write.values.iter().fold(Draft::new(), |draft, (field, value)| draft.with(field, value));
    let door = &signed.portal.door;
    let altering = signed.asked(Verb::Alter, kind).ok_or(No::Missing)?;
    match write.at {
        At::Under(parent) => {
            let asked = signed.asked(Verb::Collect, kind).ok_or(No::Missing)?;
            let new = New { kind: &name, parent: Some(parent), draft, once: Some(write.once.clone()) };
            let record = door.collect(&asked, new).await?;
            let Some(state) = write.state.filter(|state| kind.states.first().is_none_or(|first| first != state)) else {
                return Ok(());
            };
            // If we die between the two, the same posting finds the record by its key and goes on from here.
            let once = Some(format!("{}/{state}", write.once));
            let state = Some(state.to_owned());
            let change = Change { kind: &name, record, version: 1, draft: Draft::new(), state, once };
            door.alter(&altering, change).await.map(drop)
        }
        At::Record(record, version) => {
            let (state, once) = (write.state.map(str::to_owned), Some(write.once.clone()));
            door.alter(&altering, Change { kind: &name, record, version, draft, state, once }).await.map(drop)
        }
    }
}
