//! A text from outside is read while one waits: chosen as a file or pasted, and told with quotation and line. In a demo open to
//! everybody, elsewhere to whoever is signed in. Nothing is kept.
//!
//! What is read out of it is `crates/reading`; how it is shown, `read_result.rs`, and the report on it, `read_report.rs`.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use axum::extract::multipart::{Field, MultipartRejection};
use axum::extract::{ConnectInfo, Extension, Multipart};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use data_encoding::BASE64;
use maud::{Markup, html};
use reading::{MAX_CHOICES_BYTES, Reading, Source, Unreadable};
use tokio::sync::OwnedSemaphorePermit;

use crate::ctx::Ctx;
use crate::form::encode;
use crate::frame::{page, page_with};
use crate::pages::{answers, read_report, read_result};
use crate::routes;

/// The largest file in bytes. The command line reads larger ones.
const MAX_BYTES: usize = 16 << 20;
/// The longest text in bytes that is read while somebody waits.
const MAX_TEXT_BYTES: usize = 3 << 20;
/// So much of a file that is too large is read on and thrown away: browsers hear the answer only when they have sent all.
const MAX_DRAINED_BYTES: usize = 128 << 20;
/// How long a file may take to come in.
const COMES_WITHIN: Duration = Duration::from_secs(120);
/// The longest short part of the form in bytes: a token, or which form is asked for.
const MAX_SHORT_BYTES: usize = 256;
/// What a text that was pasted is called.
const PASTED: &str = "text.txt";

pub(super) type From = Option<Extension<ConnectInfo<SocketAddr>>>;

/// Who may read here: everybody in a demo, elsewhere those who are signed in.
fn open(ctx: &Ctx) -> Result<(), Response> {
    if ctx.portal.settings.demo.is_some() || ctx.me.is_some() {
        return Ok(());
    }
    Err(Redirect::to(&format!("/login?next={}", encode(routes::READ))).into_response())
}

/// `GET /read`.
pub async fn form(ctx: Ctx) -> Response {
    if let Err(answer) = open(&ctx) {
        return answer;
    }
    let title = ctx.t("read-title");
    let body = html! {
        h1 { (title) }
        p.answer { (ctx.t("read-lead")) }
        (asks(&ctx, None))
        h2 { (ctx.t("read-how")) }
        ul {
            @for key in ["read-how-quotation", "read-how-not-found", "read-how-kept", "read-how-process"] { li { (ctx.t(key)) } }
        }
    };
    page(&ctx, &title, body)
}

/// The form, with what was wrong the time before.
pub(super) fn asks(ctx: &Ctx, wrong: Option<&str>) -> Markup {
    let described = if wrong.is_some() { "read-wrong read-file-help" } else { "read-file-help" };
    html! {
        form.stack method="post" action=(routes::READ) enctype="multipart/form-data" {
            @if let Some(wrong) = wrong { div.problems role="alert" { p #read-wrong { (wrong) } } }
            div.field {
                label for="file" { (ctx.t("read-file")) }
                p.help #read-file-help { (ctx.t("read-file-help")) }
                input #file name="file" type="file" accept=".txt,.md,.html,.htm,.docx,.pdf,text/plain,application/pdf"
                    aria-describedby=(described);
            }
            div.field {
                label for="text" { (ctx.t("read-text")) " " small { (ctx.t("service-optional")) } }
                textarea #text name="text" rows="6" spellcheck="false" {}
            }
            div.actions {
                button type="submit" { (ctx.t("read-button")) }
                button.quiet type="submit" formaction=(routes::READ_REPORT) { (ctx.t("report-button")) }
            }
        }
    }
}

/// What was sent.
#[derive(Default)]
pub(super) struct Sent {
    name: String,
    bytes: Vec<u8>,
    /// The bytes are a text that was taken out of a file before and came along in the form of its reading.
    taken: bool,
    /// The token of the session, where the form carries one.
    pub(super) csrf: String,
    /// Choices that were made of the text before, where some are handed in.
    pub(super) choices: Vec<u8>,
    /// The place and the seat, held as long as anything is computed.
    held: Option<[OwnedSemaphorePermit; 2]>,
}

pub(super) enum Came {
    Sent(Sent),
    /// A part is larger than this many bytes.
    TooLarge(usize),
    Unreadable,
}

/// `POST /read`.
pub async fn read(from: From, ctx: Ctx, multipart: Result<Multipart, MultipartRejection>) -> Response {
    with_reading(from, ctx, multipart, |ctx, reading, _| read_result::page_of(ctx, &reading)).await
}

/// `POST /read/report`.
pub async fn report(from: From, ctx: Ctx, multipart: Result<Multipart, MultipartRejection>) -> Response {
    with_reading(from, ctx, multipart, read_report::answer).await
}

/// The form in which a report is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Form {
    Page,
    Pdf,
}

/// Takes a file or text in, reads it where there is a seat, and answers; all that is computed is computed at that seat.
async fn with_reading(
    from: From,
    ctx: Ctx,
    multipart: Result<Multipart, MultipartRejection>,
    answer: fn(&Ctx, Reading, Form) -> Response,
) -> Response {
    if let Err(answer) = open(&ctx) {
        return answer;
    }
    let (_held, form, reading) = match handed_in(&ctx, from, multipart).await {
        Ok((sent, form, Ok(reading))) => (sent, form, reading),
        Ok((_, _, Err(unreadable))) => return refused(&ctx, status_of(&unreadable), &unreadable),
        Err(answer) => return answer,
    };
    let ctx = Arc::new(ctx);
    let reader = Arc::clone(&ctx);
    match tokio::task::spawn_blocking(move || answer(&reader, reading, form)).await {
        Ok(answer) => answer,
        Err(_) => answers::page_of(&ctx, StatusCode::INTERNAL_SERVER_ERROR, "answer-fault"),
    }
}

/// Too large is told as what it is, everything else as what cannot be worked on.
pub(super) fn status_of(why: &Unreadable) -> StatusCode {
    match why {
        Unreadable::TooLarge { .. } => StatusCode::PAYLOAD_TOO_LARGE,
        _ => StatusCode::UNPROCESSABLE_ENTITY,
    }
}

/// A text that came with a form, read; the rest of the form with it.
pub(super) async fn handed_in(
    ctx: &Ctx,
    from: From,
    multipart: Result<Multipart, MultipartRejection>,
) -> Result<(Sent, Form, Result<Reading, Unreadable>), Response> {
    let from = from.map_or(IpAddr::V4(Ipv4Addr::LOCALHOST), |Extension(ConnectInfo(address))| address.ip());
    let Some(place) = ctx.portal.reading_room.enter(from, ctx.now()) else { return Err(full(ctx)) };
    let unreadable = || answers::page_of(ctx, StatusCode::BAD_REQUEST, "answer-form-unreadable");
    let Ok(multipart) = multipart else { return Err(unreadable()) };
    let mut form = Form::Page;
    let mut sent = match tokio::time::timeout(COMES_WITHIN, received(multipart, &mut form)).await {
        Ok(Came::Sent(sent)) => sent,
        Ok(Came::TooLarge(most)) => return Ok((Sent::default(), form, Err(Unreadable::TooLarge { most }))),
        Ok(Came::Unreadable) | Err(_) => return Err(unreadable()),
    };
    let Some(seat) = ctx.portal.reading_room.sit().await else { return Err(full(ctx)) };
    sent.held = Some([place, seat]);
    let texts = Arc::clone(&ctx.portal.texts);
    let file = Sent {
        name: core::mem::take(&mut sent.name),
        bytes: core::mem::take(&mut sent.bytes),
        taken: sent.taken,
        ..Sent::default()
    };
    // A reading that fails is our fault and is told like any other; what it holds goes with its thread.
    let read = tokio::task::spawn_blocking(move || Ok(Reading::of(take(texts.as_ref(), &file)?)));
    match read.await {
        Ok(read) => Ok((sent, form, read)),
        Err(_) => Err(answers::page_of(ctx, StatusCode::INTERNAL_SERVER_ERROR, "answer-fault")),
    }
}

fn take(texts: &dyn crate::seams::Texts, sent: &Sent) -> Result<Source, Unreadable> {
    let source = if sent.taken {
        let broken = || Unreadable::Damaged { why: "the text did not come along whole".to_owned() };
        reading::take_over(&BASE64.decode(&sent.bytes).map_err(|_| broken())?)?
    } else {
        texts.take(&sent.name, &sent.bytes)?
    };
    if source.text().len() > MAX_TEXT_BYTES {
        return Err(Unreadable::TooLarge { most: MAX_TEXT_BYTES });
    }
    Ok(source)
}

/// The file, or the pasted text where no file was chosen.
async fn received(mut multipart: Multipart, form: &mut Form) -> Came {
    let (mut file, mut text) = (Sent::default(), Sent { name: PASTED.to_owned(), ..Sent::default() });
    let (mut csrf, mut choices, mut asked) = (Vec::new(), Vec::new(), Vec::new());
    let mut too_large = None;
    loop {
        let part = match multipart.next_field().await {
            Ok(Some(part)) => part,
            Ok(None) => break,
            Err(_) => return Came::Unreadable,
        };
        let (into, most) = match part.name() {
            Some("file") => {
                // Only the last part of a path, should one be sent, and nothing that turns a line.
                let name = part.file_name().unwrap_or("").rsplit(['/', '\\']).next().unwrap_or("");
                file.name = name.chars().filter(|c| !c.is_control()).take(120).collect();
                (&mut file.bytes, MAX_BYTES)
            }
            Some("text") => (&mut text.bytes, MAX_BYTES),
            Some("taken") => {
                file.taken = true;
                (&mut file.bytes, MAX_BYTES)
            }
            Some("form") => (&mut asked, MAX_SHORT_BYTES),
            Some("csrf") => (&mut csrf, MAX_SHORT_BYTES),
            Some("choices") => (&mut choices, MAX_CHOICES_BYTES),
            _ => continue,
        };
        match filled(part, into, most).await {
            Ok(true) => {}
            // What is only short here was not written by the form; what is told is what a file may be.
            Ok(false) => too_large = Some(if most == MAX_SHORT_BYTES { MAX_BYTES } else { most }),
            Err(()) => return Came::Unreadable,
        }
    }
    if asked == b"pdf" {
        *form = Form::Pdf;
    }
    if let Some(most) = too_large {
        return Came::TooLarge(most);
    }
    let sent = if file.bytes.is_empty() { text } else { file };
    Came::Sent(Sent { csrf: String::from_utf8(csrf).unwrap_or_default(), choices, ..sent })
}

/// Takes a part of at most so many bytes in; whether it fits.
async fn filled(mut part: Field<'_>, into: &mut Vec<u8>, most: usize) -> Result<bool, ()> {
    let mut drained = 0;
    while let Some(piece) = part.chunk().await.map_err(|_| ())? {
        if into.len() + piece.len() <= most && drained == 0 {
            into.extend_from_slice(&piece);
            continue;
        }
        *into = Vec::new();
        drained += piece.len();
        if drained > MAX_DRAINED_BYTES {
            return Err(());
        }
    }
    Ok(drained == 0)
}

fn refused(ctx: &Ctx, status: StatusCode, why: &Unreadable) -> Response {
    let title = ctx.t("read-title");
    let says = reading::told::unreadable(why);
    let body = html! {
        h1 { (title) }
        (asks(ctx, Some(says.text(ctx.language))))
    };
    page_with(ctx, status, &title, body)
}

/// Too many at once, or too often.
pub(super) fn full(ctx: &Ctx) -> Response {
    let mut response = answers::page_of(ctx, StatusCode::TOO_MANY_REQUESTS, "read-full");
    response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from_static("60"));
    response
}
