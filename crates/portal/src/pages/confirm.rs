//! A person of the provider confirms what was read out of a text: hands it in, goes on with one that lies half done, chooses on one
//! proposal after the other, takes back, throws away.
//!
//! What a choice means is `crates/reading`; that it is kept and entered, `processing::confirming`; how text and proposals look,
//! `confirm_page.rs`; what comes of it, `confirm_result.rs`. Two people at once: a choice is made on the state that its maker saw, and
//! whoever comes second sees what the other chose beside what they wrote themselves.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::extract::multipart::MultipartRejection;
use axum::extract::{Multipart, Path};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use maud::{Markup, html};
use processing::{Chosen as Kept, ConfirmingNo, MAX_CONFIRMED_TEXT_BYTES, MAX_TEXTS, Processing, UnderWay};
use reading::{Choices, Confirmations, Pointed, Reading, Verdict, Wanted, WrongChoices, is_pointed, told};
use terms::{PersonId, RecordId};

use crate::ctx::Signed;
use crate::form::{Posted, query_value, same};
use crate::frame::{csrf, page_with};
use crate::moment::{moment, rfc3339};
use crate::pages::{answers, confirm_page, read};
use crate::routes;

/// So often a choice is tried again where others choose on other proposals at the same time.
pub(super) const TRIES: usize = 8;

/// A text under way, read, with what was chosen.
pub(super) struct Open {
    pub under: UnderWay,
    pub reading: Arc<Reading>,
    pub made: Confirmations,
    pub choices: Choices,
    /// What is asked about, in the order of the text.
    pub asked: Vec<usize>,
    /// Choices whose proposal is no more.
    pub gone: Vec<(String, usize)>,
    /// What people pointed to, by the place of its proposal.
    pub pointed: BTreeMap<usize, Pointed>,
}

/// A reading with what people pointed to by now, and which proposals those are.
pub(super) fn current(reading: &Arc<Reading>, made: &Confirmations) -> (Arc<Reading>, BTreeMap<usize, Pointed>) {
    if made.pointed().is_empty() && !reading.proposals.iter().any(is_pointed) {
        return (Arc::clone(reading), BTreeMap::new());
    }
    let with = reading.with_pointed(made);
    (Arc::new(with.reading), with.pointed)
}

/// The house, for whoever speaks for the provider; nobody else is told that there is such a page.
pub(super) fn house(signed: &Signed) -> Result<&Arc<Processing>, Response> {
    let house = signed.portal.house.as_ref().filter(|_| signed.me.provider && signed.gives_accounts());
    house.ok_or_else(|| answers::missing(signed))
}

pub(super) fn address(signed: &Signed, id: &RecordId) -> String {
    format!("/{}/{}/{id}", signed.service_path(), routes::CONFIRM)
}

/// Who, without a name: oneself, or the beginning of the pseudonym.
pub(super) fn who(signed: &Signed, person: &PersonId) -> String {
    if *person == signed.me.actor {
        return signed.t("service-you");
    }
    person.to_string().get(..8).unwrap_or("").to_owned()
}

/// A text under way with all that was chosen of it.
pub(super) async fn open(signed: &Signed, id: &str) -> Result<Open, Response> {
    let house = house(signed)?;
    let Ok(id) = id.parse::<RecordId>() else { return Err(answers::missing(signed)) };
    let under = house.confirming(&signed.me.actor, &id).map_err(|no| answers::no(signed, &no))?;
    let fault = || answers::page_of(signed, StatusCode::INTERNAL_SERVER_ERROR, "answer-fault");
    let room = &signed.portal.reading_room;
    let reading = match room.kept(&id) {
        Some(reading) => reading,
        None => {
            let text = house.confirming_text(&signed.me.actor, &id).map_err(|no| answers::no(signed, &no))?;
            let Some(_seat) = room.sit().await else { return Err(read::full(signed)) };
            let read = tokio::task::spawn_blocking(move || reading::take_over(&text).map(Reading::of)).await;
            let reading = Arc::new(read.map_err(|_| fault())?.map_err(|_| fault())?);
            room.keep(id, &reading);
            reading
        }
    };
    let text = core::str::from_utf8(&under.choices).map_err(|_| fault())?;
    let made = Confirmations::read(text).map_err(|_| fault())?;
    let (reading, pointed) = current(&reading, &made);
    let (choices, gone) = {
        let applied = made.applied(&reading).map_err(|_| fault())?;
        let mut gone: Vec<_> = applied.gone.iter().map(|chosen| (chosen.field.clone(), chosen.lines.0)).collect();
        let lost = made.pointed().iter().filter(|one| !pointed.values().any(|there| there == *one));
        gone.extend(lost.map(|one| (one.field.clone(), one.lines.0)));
        (applied.choices, gone)
    };
    let asked = reading.asked(&choices);
    Ok(Open { under, reading, made, choices, asked, gone, pointed })
}

/// `GET /{service}/bekrafta`.
pub async fn list(signed: Signed) -> Response {
    list_page(&signed, StatusCode::OK, None)
}

fn list_page(signed: &Signed, status: StatusCode, wrong: Option<&str>) -> Response {
    let all = match house(signed) {
        Ok(house) => house.confirmings(&signed.me.actor),
        Err(answer) => return answer,
    };
    let all = match all {
        Ok(all) => all,
        Err(no) => return answers::no(signed, &no),
    };
    let title = signed.t("confirm-title");
    let body = html! {
        h1 { (title) }
        p.answer { (signed.t("confirm-lead")) }
        h2 { (signed.t("confirm-under-way")) }
        @if all.is_empty() { p { (signed.t("confirm-none")) } } @else { (under_way(signed, &all)) }
        h2 { (signed.t("confirm-new")) }
        (form(signed, wrong))
    };
    page_with(signed, status, &title, body)
}

fn under_way(signed: &Signed, all: &[UnderWay]) -> Markup {
    let language = signed.language;
    html! {
        div.scroll {
            table.cards {
                caption { (signed.t("confirm-under-way-caption")) }
                thead {
                    tr {
                        th scope="col" { (signed.t("confirm-text")) }
                        th scope="col" { (signed.t("confirm-how-far")) }
                        th scope="col" { (signed.t("confirm-begun")) }
                        th scope="col" { (signed.t("confirm-last")) }
                    }
                }
                tbody {
                    @for one in all {
                        @let made = core::str::from_utf8(&one.choices).ok().and_then(|text| Confirmations::read(text).ok());
                        @let file = made.map(|made| made.file).filter(|file| !file.is_empty()).unwrap_or_else(|| one.id.short());
                        tr {
                            th scope="row" { a href=(address(signed, &one.id)) { (file) } }
                            td data-label=(signed.t("confirm-how-far")) { (signed.t_with("confirm-progress", &[("done", one.progress.0.into()), ("of", one.progress.1.into())])) }
                            td data-label=(signed.t("confirm-begun")) { (moment(language, one.begun)) ", " (who(signed, &one.by)) }
                            td data-label=(signed.t("confirm-last")) { (moment(language, one.last)) ", " (who(signed, &one.last_by)) }
                        }
                    }
                }
            }
        }
    }
}

fn form(signed: &Signed, wrong: Option<&str>) -> Markup {
    let described = if wrong.is_some() { "confirm-wrong confirm-file-help" } else { "confirm-file-help" };
    html! {
        form.stack method="post" action=(format!("/{}/{}", signed.service_path(), routes::CONFIRM)) enctype="multipart/form-data" {
            @if let Some(wrong) = wrong { div.problems role="alert" { p #confirm-wrong { (wrong) } } }
            (csrf(signed))
            div.field {
                label for="file" { (signed.t("read-file")) }
                p.help #confirm-file-help { (signed.t("confirm-file-help")) }
                input #file name="file" type="file" accept=".txt,.md,.html,.htm,.docx,.pdf,text/plain,application/pdf"
                    aria-describedby=(described);
            }
            div.field {
                label for="text" { (signed.t("read-text")) " " small { (signed.t("service-optional")) } }
                textarea #text name="text" rows="6" spellcheck="false" {}
            }
            div.field {
                label for="choices" { (signed.t("confirm-earlier")) " " small { (signed.t("service-optional")) } }
                p.help #confirm-earlier-help { (signed.t("confirm-earlier-help")) }
                input #choices name="choices" type="file" accept=".toml" aria-describedby="confirm-earlier-help";
            }
            div.actions { button type="submit" { (signed.t("confirm-begin")) } }
        }
    }
}

/// `POST /{service}/bekrafta`: a text is handed in, with choices that were made of it before where there are some.
pub async fn begin(from: read::From, signed: Signed, multipart: Result<Multipart, MultipartRejection>) -> Response {
    let house = match house(&signed) {
        Ok(house) => Arc::clone(house),
        Err(answer) => return answer,
    };
    let (sent, _, read) = match read::handed_in(&signed, from, multipart).await {
        Ok(handed) => handed,
        Err(answer) => return answer,
    };
    let reading = match read {
        Ok(_) if !same(&sent.csrf, &signed.me.csrf) => {
            return answers::page_of(&signed, StatusCode::FORBIDDEN, "answer-form-expired");
        }
        Ok(reading) => reading,
        Err(why) => {
            let says = told::unreadable(&why);
            return list_page(&signed, read::status_of(&why), Some(says.text(signed.language)));
        }
    };
    let unprocessable = StatusCode::UNPROCESSABLE_ENTITY;
    if !matches!(reading.verdict, Verdict::Agreement | Verdict::OtherAgreement) || reading.proposals.is_empty() {
        let says = told::verdict(&reading);
        let wrong = signed.t_with("confirm-no-agreement", &[("what", says.text(signed.language).to_owned().into())]);
        return list_page(&signed, unprocessable, Some(&wrong));
    }
    let made = match earlier(&signed, &reading, &sent.choices) {
        Ok(made) => made,
        Err(why) => {
            return list_page(&signed, unprocessable, Some(told::wrong_choices(&why).text(signed.language)));
        }
    };
    // What a file points to and nobody could point to on the page is refused here, and not lost on the way.
    if let Some((pointed, why)) = reading.wrong_in(&made) {
        let (first, last) = pointed.lines;
        let why = told::no_pointing(&why).text(signed.language).to_owned();
        let wrong = [("first", first.into()), ("last", last.into()), ("why", why.into())];
        return list_page(&signed, unprocessable, Some(&signed.t_with("point-wrong-in-file", &wrong)));
    }
    let reading = Arc::new(reading);
    let (with, _) = current(&reading, &made);
    let choices = made.applied(&with).map(|applied| applied.choices).unwrap_or_default();
    let progress = with.progress(&with.asked(&choices), &choices);
    let text = reading.handed_on();
    let begun = house
        .begin_confirming(signed.me.actor, &text, made.kept().as_bytes(), (progress.done as u64, progress.of as u64))
        .await;
    match begun {
        Ok(id) => {
            signed.portal.reading_room.keep(id, &reading);
            Redirect::to(&format!("{}#now", address(&signed, &id))).into_response()
        }
        Err(ConfirmingNo::TooLong) => {
            let most = [("most", (MAX_CONFIRMED_TEXT_BYTES >> 20).into())];
            list_page(&signed, StatusCode::PAYLOAD_TOO_LARGE, Some(&signed.t_with("confirm-too-long", &most)))
        }
        Err(ConfirmingNo::TooMany) => {
            let wrong = signed.t_with("confirm-too-many", &[("most", MAX_TEXTS.into())]);
            list_page(&signed, StatusCode::CONFLICT, Some(&wrong))
        }
        Err(ConfirmingNo::No(no)) => answers::no(&signed, &no),
        Err(ConfirmingNo::Meanwhile { .. }) => answers::no(&signed, &service::No::Conflict { version: 0 }),
    }
}

/// The choices that come with a text, of this very text, as whoever hands them in makes them now; none where no file came.
fn earlier(signed: &Signed, reading: &Reading, file: &[u8]) -> Result<Confirmations, WrongChoices> {
    if file.is_empty() {
        return Ok(Confirmations::of(reading));
    }
    let form = |_| WrongChoices::Form { why: "UTF-8".to_owned() };
    let mut made = Confirmations::read(core::str::from_utf8(file).map_err(form)?)?;
    made.applied(reading)?;
    made.handed_in_by(reading, &signed.me.actor.to_string(), &rfc3339(signed.now()));
    Ok(made)
}

/// `GET /{service}/bekrafta/{id}`.
pub async fn show(signed: Signed, Path((_, id)): Path<(String, String)>) -> Response {
    let open = match open(&signed, &id).await {
        Ok(open) => open,
        Err(answer) => return answer,
    };
    let at = query_value(&signed.here, "at").and_then(|at| at.parse().ok());
    confirm_page::page_of(&signed, &open, StatusCode::OK, at, None)
}

/// What stands beside a proposal when its form comes back.
pub(super) struct Back {
    /// What was wrong, or what happened meanwhile.
    pub wrong: String,
    /// What was written.
    pub written: String,
}

/// What a person saw on a proposal: nothing, or what was chosen and when. Whoever saw something else is asked again.
pub(super) fn seen(open: &Open, at: usize) -> String {
    let chosen = open.reading.proposals.get(at).and_then(|it| open.made.on(it));
    chosen.map_or_else(String::new, |chosen| {
        format!(
            "{} {} {}",
            chosen.made.code(),
            chosen.at.as_deref().unwrap_or(""),
            chosen.value.as_deref().unwrap_or("")
        )
    })
}

/// `POST /{service}/bekrafta/{id}`: one choice, or the last one taken back.
pub async fn choose(Path((_, id)): Path<(String, String)>, posted: Posted) -> Response {
    let Posted { signed, fields } = posted;
    let what = fields.get("do").unwrap_or("");
    let at: Option<usize> = fields.get("at").and_then(|at| at.parse().ok());
    let written = fields.get("value").unwrap_or("");
    for _ in 0..TRIES {
        let mut open = match open(&signed, &id).await {
            Ok(open) => open,
            Err(answer) => return answer,
        };
        let back = |open: &Open, at: Option<usize>, status: StatusCode, wrong: String| {
            let back = Back { wrong, written: written.to_owned() };
            confirm_page::page_of(&signed, open, status, at, Some(&back))
        };
        let (place, done, next) = if what == "undo" {
            if fields.get("revision").and_then(|seen| seen.parse().ok()) != Some(open.under.revision) {
                let wrong = meanwhile(&signed, &open.under.last_by, open.under.last);
                return back(&open, at, StatusCode::CONFLICT, wrong);
            }
            let Some(undone) = open.made.undo(&open.reading) else {
                return back(&open, at, StatusCode::OK, signed.t("confirm-nothing-to-undo"));
            };
            (undone, "undone", Some(undone))
        } else {
            let Some(at) = at else {
                return answers::page_of(&signed, StatusCode::BAD_REQUEST, "answer-form-unreadable");
            };
            let Some(it) = open.reading.proposals.get(at) else { return answers::missing(&signed) };
            // What is not asked about any more was settled by somebody else in the meantime.
            if !open.asked.contains(&at) || fields.raw("seen").unwrap_or("") != seen(&open, at) {
                let wrong = meanwhile(&signed, &open.under.last_by, open.under.last);
                return back(&open, Some(at), StatusCode::CONFLICT, wrong);
            }
            let (wanted, done) = match what {
                "confirm" => (Wanted::Confirm, "confirmed"),
                "not-here" => (Wanted::NotHere, "not-here"),
                "change" => match reading::other_value(it, written) {
                    Ok(other) => (Wanted::Change(other), "changed"),
                    Err(why) => {
                        let wrong = told::wrong_value(why).text(signed.language).to_owned();
                        return back(&open, Some(at), StatusCode::UNPROCESSABLE_ENTITY, wrong);
                    }
                },
                _ => return answers::page_of(&signed, StatusCode::BAD_REQUEST, "answer-form-unreadable"),
            };
            let (by, when) = (signed.me.actor.to_string(), rfc3339(signed.now()));
            open.made.choose(it, wanted, Some(&by), Some(&when));
            (at, done, None)
        };
        let (reading, _) = current(&open.reading, &open.made);
        let choices = open.made.applied(&reading).map(|applied| applied.choices).unwrap_or_default();
        let asked = reading.asked(&choices);
        let progress = reading.progress(&asked, &choices);
        let entered = open
            .reading
            .proposals
            .get(place)
            .map_or_else(String::new, |it| format!("line:{} field:{}", it.lines().0, it.field()));
        let (kept, id) = (open.made.kept(), open.under.id);
        let kept = Kept {
            revision: open.under.revision,
            choices: kept.as_bytes(),
            progress: (progress.done as u64, progress.of as u64),
            what: done,
            place: &entered,
        };
        let house = match house(&signed) {
            Ok(house) => house,
            Err(answer) => return answer,
        };
        match house.write_choices(signed.me.actor, &id, kept).await {
            Ok(_) => {
                let next = next.or_else(|| next_open(&asked, &choices, place)).unwrap_or(place);
                return Redirect::to(&format!("{}?at={next}#now", address(&signed, &id))).into_response();
            }
            // Somebody chose in this moment: looked at again.
            Err(ConfirmingNo::Meanwhile { .. }) => {}
            Err(ConfirmingNo::No(no)) => return answers::no(&signed, &no),
            Err(ConfirmingNo::TooLong | ConfirmingNo::TooMany) => return answers::too_large(&signed),
        }
    }
    answers::no(&signed, &service::No::Conflict { version: 0 })
}

/// The next proposal that nobody has chosen on, from one on and then from the beginning.
pub(super) fn next_open(asked: &[usize], choices: &Choices, from: usize) -> Option<usize> {
    let here = asked.iter().position(|at| *at == from).map_or(0, |at| at + 1);
    let (before, after) = asked.split_at(here.min(asked.len()));
    after.iter().chain(before).copied().find(|at| !choices.contains_key(at))
}

fn meanwhile(signed: &Signed, by: &PersonId, at: terms::Instant) -> String {
    let when = crate::moment::moment_text(signed.language, at);
    signed.t_with("confirm-meanwhile", &[("who", who(signed, by).into()), ("when", when.into())])
}

/// `POST /{service}/bekrafta/{id}/kasta`.
pub async fn throw_away(Path((_, id)): Path<(String, String)>, posted: Posted) -> Response {
    let Posted { signed, fields } = posted;
    let open = match open(&signed, &id).await {
        Ok(open) => open,
        Err(answer) => return answer,
    };
    let house = match house(&signed) {
        Ok(house) => house,
        Err(answer) => return answer,
    };
    let Some(revision) = fields.get("revision").and_then(|seen| seen.parse().ok()) else {
        return answers::page_of(&signed, StatusCode::BAD_REQUEST, "answer-form-unreadable");
    };
    match house.throw_away(signed.me.actor, &open.under.id, revision).await {
        Ok(()) => {
            signed.portal.reading_room.let_go(&open.under.id);
            Redirect::to(&format!("/{}/{}", signed.service_path(), routes::CONFIRM)).into_response()
        }
        Err(ConfirmingNo::Meanwhile { by, at }) => {
            let back = Back { wrong: meanwhile(&signed, &by, at), written: String::new() };
            confirm_page::page_of(&signed, &open, StatusCode::CONFLICT, None, Some(&back))
        }
        Err(ConfirmingNo::No(no)) => answers::no(&signed, &no),
        Err(ConfirmingNo::TooLong | ConfirmingNo::TooMany) => answers::too_large(&signed),
    }
}
