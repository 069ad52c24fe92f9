//! How the installation stands, for those of the provider who run it: the archive, how far it is behind, the last trial of bringing
//! it back, and the room on the disk. As page and as JSON. Nothing here is of any customer.

use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};
use maud::{Markup, html};
use serde_json::json;

use crate::ctx::Signed;
use crate::frame::page;
use crate::moment::{moment, rfc3339};
use crate::pages::answers;
use crate::routes;
use crate::seams::{ArchiveState, CopiesLimit, KeysState, OperationsState};

/// The lag that is promised of an archive that is reached.
const LAG_MICROS: i64 = 1_000_000;

/// How it stands, for whoever administers the provider's side; nobody else is told that there is such a page.
fn state(signed: &Signed) -> Result<OperationsState, Response> {
    let operations = signed.portal.operations.as_ref().filter(|_| signed.me.provider && signed.gives_accounts());
    operations.map(|operations| operations.state()).ok_or_else(|| answers::missing(signed))
}

/// `GET /{service}/drift`.
pub async fn page_of(signed: Signed) -> Response {
    let state = match state(&signed) {
        Ok(state) => state,
        Err(answer) => return answer,
    };
    let title = signed.t("operations-title");
    let body = html! {
        h1 { (title) }
        p.answer { (signed.t(answer(&state))) }
        @if late(&state) {
            div.problems role="alert" {
                p {
                    @match state.erasures_late {
                        Some(count) => {
                            (signed.t_with("operations-erasures-late", &[("count", count.into())])) " "
                            (signed.t("operations-erasures-late-why"))
                        },
                        None => (signed.t("operations-erasures-unread")),
                    }
                }
            }
        }
        section aria-labelledby="archive" {
            h2 #archive { (signed.t("operations-archive")) }
            @match &state.archive {
                None => p { (signed.t("operations-no-archive-what")) },
                Some(archive) => (archive_of(&signed, archive)),
            }
        }
        section aria-labelledby="keys" {
            h2 #keys { (signed.t("operations-keys")) }
            @match &state.keys {
                None => p { (signed.t("operations-no-keys")) },
                Some(keys) => (keys_of(&signed, keys)),
            }
        }
        @if state.holds_ending > 0 {
            p { (signed.t_with("operations-holds-ending", &[("count", state.holds_ending.into())])) }
        }
        section aria-labelledby="disk" {
            h2 #disk { (signed.t("operations-disk")) }
            dl {
                dt { (signed.t("operations-free")) }
                dd { @match state.free_bytes { Some(free) => (bytes(&signed, free)), None => (signed.t("operations-unknown")) } }
            }
        }
        p { a href=(format!("/{}/{}.json", signed.service_path(), routes::OPERATIONS)) { (signed.t("operations-json")) } }
    };
    page(&signed, &title, body)
}

/// Whether erasures have waited for their certificates for hours, or may have.
fn late(state: &OperationsState) -> bool {
    state.erasures_late != Some(0)
}

/// The one sentence that says whether anything must be done.
fn answer(state: &OperationsState) -> &'static str {
    match &state.archive {
        None => "operations-no-archive",
        Some(archive) if archive.stopped.is_some() => "operations-stopped",
        Some(archive) if archive.failing.is_some() => "operations-failing",
        Some(_) if state.keys.as_ref().is_some_and(|keys| keys.overdue) => "operations-keys-late",
        Some(_) if late(state) => "operations-erasures-wait",
        Some(archive) if archive.lag_micros > LAG_MICROS => "operations-behind",
        Some(archive) if archive.drill.is_none() => "operations-no-drill",
        Some(archive) if archive.drill.is_some_and(|(_, holds)| !holds) => "operations-drill-failed",
        Some(_) => "operations-well",
    }
}

/// The copies of keys: since when, until when, and on what the promise rests.
fn keys_of(signed: &Signed, keys: &KeysState) -> Markup {
    let language = signed.language;
    html! {
        @if keys.overdue { div.problems role="alert" { p { (signed.t("operations-keys-overdue")) } } }
        @if let Some(failing) = &keys.failing { div.problems role="alert" { p { (failing) } } }
        dl {
            dt { (signed.t("operations-keys-generation")) }
            dd { (keys.generation) }
            dt { (signed.t("operations-keys-rotated")) }
            dd { @match keys.rotated { Some(at) => (moment(language, at)), None => (signed.t("operations-never")) } }
            dt { (signed.t("operations-keys-due")) }
            dd { (moment(language, keys.due)) }
            dt { (signed.t("operations-keys-horizon")) }
            dd { (signed.t_with("operations-keys-hours", &[("hours", keys.hours.into())])) }
            dt { (signed.t("operations-keys-unshipped")) }
            dd { (keys.unshipped) }
            dt { (signed.t("operations-keys-rests")) }
            dd { (signed.t(if keys.custodian { "operations-keys-custodian" } else { "operations-keys-folder" })) }
        }
    }
}

fn archive_of(signed: &Signed, archive: &ArchiveState) -> Markup {
    let language = signed.language;
    let seconds = |micros: i64| signed.t_with("operations-seconds", &[("seconds", decimal(signed, micros).into())]);
    let never = || signed.t("operations-never");
    html! {
        @if let Some(stopped) = &archive.stopped { div.problems role="alert" { p { (stopped) } } }
        @if let Some((failing, since)) = &archive.failing {
            div.problems role="alert" {
                p { (signed.t("operations-failing-since")) " " (moment(language, *since)) ". " (failing) }
            }
        }
        @if archive.inside { p { (signed.t("operations-inside")) } }
        dl {
            dt { (signed.t("operations-place")) }
            dd { code { (archive.place) } }
            dt { (signed.t("operations-lag")) }
            dd { (seconds(archive.lag_micros)) }
            dt { (signed.t("operations-behind-bytes")) }
            dd { (bytes(signed, archive.behind_bytes)) }
            dt { (signed.t("operations-shipped")) }
            dd { @match &archive.shipped { Some(shipped) => code { (shipped) }, None => (never()) } }
            dt { (signed.t("operations-sent")) }
            dd { @match archive.sent { Some(sent) => (moment(language, sent)), None => (never()) } }
            dt { (signed.t("operations-segment")) }
            dd {
                @match archive.segment {
                    Some((number, sent)) => { (number) ", " (moment(language, sent)) },
                    None => (signed.t("operations-since-start-none")),
                }
            }
            dt { (signed.t("operations-mark")) }
            dd { @match archive.mark { Some(mark) => (moment(language, mark)), None => (never()) } }
            dt { (signed.t("operations-snapshot")) }
            dd {
                @match archive.snapshot {
                    Some((made, length)) => { (moment(language, made)) ", " (bytes(signed, length)) },
                    None => (never()),
                }
            }
            dt { (signed.t("operations-first")) }
            dd { @match archive.first { Some(first) => (moment(language, first)), None => (signed.t("operations-unknown")) } }
            dt { (signed.t("operations-limit")) }
            dd { (limit(signed, archive.limit.as_ref())) }
            dt { (signed.t("operations-drill")) }
            dd {
                @match archive.drill {
                    Some((ended, holds)) => {
                        (moment(language, ended)) ", " (signed.t(if holds { "operations-drill-held" } else { "operations-drill-not" }))
                    },
                    None => { (never()) ". " (signed.t("operations-drill-how")) " " code { "betrodd restore --drill" } },
                }
            }
        }
    }
}

/// How long copies live, and who says so.
fn limit(signed: &Signed, limit: Option<&CopiesLimit>) -> String {
    let Some(limit) = limit else { return signed.t("operations-limit-none") };
    let days = ("days", limit.days.into());
    match &limit.by {
        Some((customer, clause)) => signed.t_with(
            "operations-limit-by",
            &[days, ("customer", customer.as_str().into()), ("clause", clause.as_str().into())],
        ),
        None => signed.t_with("operations-limit-operator", &[days]),
    }
}

/// Seconds with a decimal, in the page's language.
fn decimal(signed: &Signed, micros: i64) -> String {
    let tenths = micros.max(0) / 100_000;
    let sign = match signed.language {
        terms::Language::Sv => ',',
        terms::Language::En => '.',
    };
    format!("{}{sign}{}", tenths / 10, tenths % 10)
}

fn bytes(signed: &Signed, bytes: u64) -> String {
    let (count, unit) = match bytes {
        0..1_024 => (bytes, "operations-bytes"),
        1_024..1_048_576 => (bytes >> 10, "operations-kib"),
        1_048_576..1_073_741_824 => (bytes >> 20, "operations-mib"),
        _ => (bytes >> 30, "operations-gib"),
    };
    signed.t_with(unit, &[("count", count.into())])
}

/// `GET /{service}/drift.json`: the same for programs.
pub async fn json(signed: Signed) -> Response {
    let state = match state(&signed) {
        Ok(state) => state,
        Err(answer) => return answer,
    };
    let archive = state.archive.as_ref().map(|archive| {
        json!({
            "place": archive.place,
            "inside-the-data-folder": archive.inside,
            "lag-seconds": archive.lag_micros as f64 / 1e6,
            "behind-bytes": archive.behind_bytes,
            "shipped": archive.shipped,
            "sent": archive.sent.map(rfc3339),
            "segment": archive.segment.map(|(number, sent)| json!({ "number": number, "sent": rfc3339(sent) })),
            "mark": archive.mark.map(rfc3339),
            "snapshot": archive.snapshot.map(|(made, bytes)| json!({ "made": rfc3339(made), "bytes": bytes })),
            "restorable-from": archive.first.map(rfc3339),
            "copies-end-in-days": archive.limit.as_ref().map(|limit| limit.days),
            "drill": archive.drill.map(|(ended, holds)| json!({ "ended": rfc3339(ended), "holds": holds })),
            "failing": archive.failing.as_ref().map(|(why, since)| json!({ "why": why, "since": rfc3339(*since) })),
            "stopped": archive.stopped,
        })
    });
    let keys = state.keys.as_ref().map(|keys| {
        json!({
            "generation": keys.generation,
            "rotated": keys.rotated.map(rfc3339),
            "due": rfc3339(keys.due),
            "overdue": keys.overdue,
            "horizon-hours": keys.hours,
            "unshipped": keys.unshipped,
            "rests-on": if keys.custodian { "custodian" } else { "plain-file" },
            "failing": keys.failing,
        })
    });
    let text = json!({
        "archive": archive,
        "keys": keys,
        "holds-ending-within-30-days": state.holds_ending,
        "erasures-without-certificate-for-hours": state.erasures_late,
        "free-bytes": state.free_bytes,
    })
    .to_string();
    ([(CONTENT_TYPE, "application/json")], text).into_response()
}
