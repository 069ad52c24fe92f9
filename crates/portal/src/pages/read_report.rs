//! A report on a text from outside: the form that asks for it on the page of a reading, and the report as a page or as PDF.
//!
//! Nothing is kept between the two: the text comes along in the form, from the browser that sent it. It is checked again like any text
//! from outside, and the report names the hash of the text, since only somebody's word says from which file it came.

use std::sync::Arc;

use agreement::Agreement;
use axum::http::StatusCode;
use axum::response::Response;
use data_encoding::BASE64;
use maud::{Markup, html};
use reading::Reading;
use reading::report::{Known, Report};

use crate::ctx::Ctx;
use crate::frame::page;
use crate::pages::read::Form;
use crate::pages::{answers, read};
use crate::{moment, paper_page, pdf, reading_report, routes};

/// The form under a reading.
pub(super) fn asks(ctx: &Ctx, reading: &Reading) -> Markup {
    html! {
        h2 { (ctx.t("report-button")) }
        p { (ctx.t("report-what")) }
        (buttons(ctx, reading))
    }
}

fn buttons(ctx: &Ctx, reading: &Reading) -> Markup {
    let taken = BASE64.encode(&reading::hand_on(&Ok(reading.source().clone())));
    html! {
        form.actions method="post" action=(routes::READ_REPORT) enctype="multipart/form-data" {
            input type="hidden" name="taken" value=(taken);
            button type="submit" name="form" value="page" { (ctx.t("report-button-page")) }
            button.quiet type="submit" name="form" value="pdf" { (ctx.t("report-button-pdf")) }
        }
    }
}

/// The report, in the form that was asked for.
pub(super) fn answer(ctx: &Ctx, reading: Reading, form: Form) -> Response {
    let reading = reading.under_the_hash_of_its_text();
    let known = known(ctx);
    let known: Vec<Known<'_>> = known.iter().map(|(name, agreement)| Known { name: name.clone(), agreement }).collect();
    let report = Report::of(&reading, &known, moment::civil(ctx.now()).date());
    let document = reading_report::document(&reading, &report, ctx.language);
    match form {
        Form::Pdf => pdf::answer(&document, &ctx.t("report-file-name"))
            .unwrap_or_else(|_| answers::page_of(ctx, StatusCode::INTERNAL_SERVER_ERROR, "answer-fault")),
        Form::Page => {
            let body = html! {
                h1 { (document.title) }
                (buttons(ctx, &reading))
                (paper_page::blocks(&document))
                h2 { (ctx.t("read-another")) }
                (read::asks(ctx, None))
            };
            page(ctx, &document.title, body)
        }
    }
}

/// The agreements that the services here offer. What a provider answers for where nobody has agreed to anything is none.
fn known(ctx: &Ctx) -> Vec<(String, Arc<Agreement>)> {
    let services = ctx.portal.services.iter().map(|shop| &shop.kinds);
    let agreed = services.filter(|kinds| ctx.portal.agreements.register(&kinds.service).is_none());
    agreed
        .filter_map(|kinds| {
            let agreement = ctx.portal.agreements.current(&kinds.service)?;
            Some((kinds.label.text(ctx.language).to_owned(), agreement))
        })
        .collect()
}
