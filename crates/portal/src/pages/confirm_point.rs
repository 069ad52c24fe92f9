//! A person points to a value that no rule found: chooses the field, marks the lines that state it, sees them as the quotation that they
//! become, and writes the value as it stands in them.
//!
//! That a value stands in its quotation is held by `crates/reading` (`crates/reading/src/pointing.rs`); here it is asked for and shown. Both steps are plain
//! forms; the lines can also be marked by a press on their numbers.

use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use maud::{Markup, html};
use processing::{Chosen as Kept, ConfirmingNo};
use reading::{NoPointing, Pointed, PointedForm, ValueForm, field_label, meanings, pointed_form, told};

use crate::ctx::Signed;
use crate::form::{Posted, encode, query_value};
use crate::frame::{csrf, page_with};
use crate::moment::rfc3339;
use crate::pages::answers;
use crate::pages::confirm::{Open, TRIES, address, current, house, open};
use crate::pages::labels::capital;

/// Lines of a text that are shown at once.
const MAX_LINES: usize = 400;
/// Lines that are shown before the first marked one.
const LINES_BEFORE: usize = 40;

/// What somebody wants to point to, as far as it has come.
#[derive(Default)]
struct Asked {
    field: String,
    from: String,
    to: String,
    value: Option<String>,
    parts: Vec<(&'static str, String)>,
}

impl Asked {
    /// The lines, first and last; the last is the first where none is said.
    fn lines(&self) -> Option<(usize, usize)> {
        let from = self.from.trim().parse().ok()?;
        let to = if self.to.trim().is_empty() { from } else { self.to.trim().parse().ok()? };
        Some((from, to))
    }

    fn part(&self, name: &str) -> &str {
        self.parts.iter().find(|(known, _)| *known == name).map_or("", |(_, part)| part.as_str())
    }
}

/// `GET /{service}/bekrafta/{id}/peka`, with `falt`, `fran` and `till` once they are chosen.
pub async fn show(signed: Signed, Path((_, id)): Path<(String, String)>) -> Response {
    let open = match open(&signed, &id).await {
        Ok(open) => open,
        Err(answer) => return answer,
    };
    let value = |name: &str| query_value(&signed.here, name).unwrap_or_default();
    let asked = Asked { field: value("falt"), from: value("fran"), to: value("till"), ..Asked::default() };
    let chosen = !asked.field.is_empty() && !asked.from.is_empty();
    let wrong = chosen.then(|| quotation(&open, &asked).err()).flatten();
    let status = if wrong.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let wrong = wrong.map(|why| told::no_pointing(&why).text(signed.language).to_owned());
    page_of(&signed, &open, status, &asked, wrong.as_deref())
}

fn quotation(open: &Open, asked: &Asked) -> Result<String, NoPointing> {
    pointed_form(&asked.field).ok_or(NoPointing::Field)?;
    let lines = asked.lines().ok_or(NoPointing::Lines { last: open.reading.source().line_count() })?;
    open.reading.quotation(lines)
}

/// `POST /{service}/bekrafta/{id}/peka`.
pub async fn point(Path((_, id)): Path<(String, String)>, posted: Posted) -> Response {
    let Posted { signed, fields } = posted;
    let get = |name: &str| fields.get(name).unwrap_or("").to_owned();
    let mut asked = Asked { field: get("falt"), from: get("fran"), to: get("till"), ..Asked::default() };
    asked.value = Some(get("value"));
    let parts = pointed_form(&asked.field).map_or(&[][..], |form| form.parts);
    asked.parts = parts.iter().map(|name| (*name, get(name))).collect();
    for _ in 0..TRIES {
        let mut open = match open(&signed, &id).await {
            Ok(open) => open,
            Err(answer) => return answer,
        };
        let refused = |open: &Open, why: &NoPointing| {
            let wrong = told::no_pointing(why).text(signed.language).to_owned();
            page_of(&signed, open, StatusCode::UNPROCESSABLE_ENTITY, &asked, Some(&wrong))
        };
        let Some(lines) = asked.lines() else {
            return refused(&open, &NoPointing::Lines { last: open.reading.source().line_count() });
        };
        let parts = asked.parts.iter().filter(|(_, part)| !part.is_empty());
        let pointed = Pointed {
            field: asked.field.clone(),
            lines,
            value: asked.value.clone().unwrap_or_default(),
            parts: parts.map(|(name, part)| ((*name).to_owned(), part.clone())).collect(),
            by: Some(signed.me.actor.to_string()),
            at: Some(rfc3339(signed.now())),
        };
        let entered = format!("line:{} field:{}", lines.0, asked.field);
        if let Err(why) = open.made.point(&open.reading, pointed) {
            return refused(&open, &why);
        }
        let (reading, pointed) = current(&open.reading, &open.made);
        let choices = open.made.applied(&reading).map(|applied| applied.choices).unwrap_or_default();
        let progress = reading.progress(&reading.asked(&choices), &choices);
        let kept = open.made.kept();
        let kept = Kept {
            revision: open.under.revision,
            choices: kept.as_bytes(),
            progress: (progress.done as u64, progress.of as u64),
            what: "pointed",
            place: &entered,
        };
        let house = match house(&signed) {
            Ok(house) => house,
            Err(answer) => return answer,
        };
        match house.write_choices(signed.me.actor, &open.under.id, kept).await {
            Ok(_) => {
                let at = pointed.keys().next_back().copied().unwrap_or_default();
                return Redirect::to(&format!("{}?at={at}#now", address(&signed, &open.under.id))).into_response();
            }
            // Somebody chose in this moment: looked at again.
            Err(ConfirmingNo::Meanwhile { .. }) => {}
            Err(ConfirmingNo::No(no)) => return answers::no(&signed, &no),
            Err(ConfirmingNo::TooLong | ConfirmingNo::TooMany) => return answers::too_large(&signed),
        }
    }
    answers::no(&signed, &service::No::Conflict { version: 0 })
}

fn page_of(signed: &Signed, open: &Open, status: StatusCode, asked: &Asked, wrong: Option<&str>) -> Response {
    let title = signed.t_with("point-of", &[("file", open.made.file.as_str().into())]);
    let back = address(signed, &open.under.id);
    let here = format!("{back}/peka");
    let shown = quotation(open, asked).ok().zip(pointed_form(&asked.field)).zip(asked.lines());
    let body = html! {
        h1 { (title) }
        p.answer { (signed.t("point-lead")) }
        p { a href=(format!("{back}#now")) { (signed.t("point-back")) } }
        @if let Some(wrong) = wrong { div.problems role="alert" { p #point-wrong { (wrong) } } }
        (first_step(signed, open, &here, asked, wrong.is_some() && shown.is_none()))
        @if let Some(((quotation, form), lines)) = &shown {
            (second_step(signed, open, &here, asked, &Step { quotation, form, lines: *lines, wrong: wrong.is_some() }))
        }
        h2 #text { (signed.t("point-text")) }
        (text(signed, open, &here, asked))
    };
    page_with(signed, status, &title, body)
}

/// The field and the lines.
fn first_step(signed: &Signed, open: &Open, here: &str, asked: &Asked, wrong: bool) -> Markup {
    let language = signed.language;
    let missing = open.reading.not_found();
    let option = |field: &'static str| {
        let name = field_label(field).map_or(field, |label| label.text(language));
        html! { option value=(field) selected[field == asked.field] { (capital(name)) } }
    };
    let last = open.reading.source().line_count();
    let invalid = wrong.then_some("true");
    let described = wrong.then_some("point-wrong");
    html! {
        form.stack method="get" action=(here) {
            div.field {
                label for="falt" { (signed.t("point-field")) }
                select #falt name="falt" aria-describedby=[described] {
                    optgroup label=(signed.t("point-not-found")) { @for field in &missing { (option(field)) } }
                    optgroup label=(signed.t("point-found")) {
                        @for field in reading::fields().filter(|field| !missing.contains(field)) { (option(field)) }
                    }
                }
            }
            div.field {
                label for="fran" { (signed.t("point-from")) }
                p.help #fran-help { (signed.t_with("point-lines-help", &[("last", last.into())])) }
                input.short #fran name="fran" inputmode="numeric" value=(asked.from) required autocomplete="off" aria-invalid=[invalid]
                    aria-describedby=(if wrong { "point-wrong fran-help" } else { "fran-help" });
            }
            div.field {
                label for="till" { (signed.t("point-to")) " " small { (signed.t("service-optional")) } }
                input.short #till name="till" inputmode="numeric" value=(asked.to) autocomplete="off" aria-invalid=[invalid] aria-describedby=[described];
            }
            div.actions { button type="submit" { (signed.t("point-show")) } }
        }
    }
}

/// What the second step goes by.
struct Step<'a> {
    quotation: &'a str,
    form: &'a PointedForm,
    lines: (usize, usize),
    wrong: bool,
}

/// The quotation, and the value in it.
fn second_step(signed: &Signed, open: &Open, here: &str, asked: &Asked, step: &Step<'_>) -> Markup {
    let language = signed.language;
    let text = open.reading.language.filter(|text| *text != language.tag());
    let field = field_label(&asked.field).map_or(asked.field.as_str(), |label| label.text(language));
    let lines = [("first", step.lines.0.into()), ("last", step.lines.1.into())];
    let by_code = step.form.forms.contains(&ValueForm::Meaning);
    let written = asked.value.clone().unwrap_or_default();
    let offered = open.reading.values_on(&asked.field, step.lines).unwrap_or_default();
    let hidden = html! {
        (csrf(signed))
        input type="hidden" name="falt" value=(asked.field);
        input type="hidden" name="fran" value=(step.lines.0);
        input type="hidden" name="till" value=(step.lines.1);
    };
    let help = match step.form.whole {
        true => "point-value-help-whole",
        false if by_code => "point-value-help-meaning",
        false => "point-value-help",
    };
    let described = if step.wrong { "point-wrong value-help" } else { "value-help" };
    html! {
        section aria-labelledby="quoted" {
            h2 #quoted { (signed.t_with("point-quoted", &lines)) }
            blockquote.quoted lang=[text] { (step.quotation) }
            @if step.form.parts.is_empty() {
                @for value in &offered {
                    form method="post" action=(here) {
                        (hidden)
                        input type="hidden" name="value" value=(value);
                        button type="submit" { (signed.t_with("point-take", &[("field", field.to_owned().into()), ("value", value.as_str().into())])) }
                    }
                }
            }
            form.stack method="post" action=(here) {
                (hidden)
                div.field {
                    label for="value" { (capital(field)) }
                    p.help #value-help { (signed.t(help)) }
                    @if by_code {
                        select #value name="value" aria-describedby=(described) {
                            @for code in meanings(&asked.field) {
                                option value=(code) selected[code == written] { (told::meaning(&code).text(language)) }
                            }
                        }
                    } @else {
                        input #value name="value" value=(written) maxlength=(reading::MAX_VALUE) autocomplete="off" aria-describedby=(described)
                            aria-invalid=[step.wrong.then_some("true")];
                    }
                }
                @for part in step.form.parts {
                    div.field {
                        label for=(part) { (signed.t(&format!("point-part-{part}"))) " " small { (signed.t("service-optional")) } }
                        input id=(part) name=(part) value=(asked.part(part)) maxlength=(reading::MAX_VALUE) autocomplete="off";
                    }
                }
                div.actions { button type="submit" { (signed.t("point-point")) } }
            }
        }
    }
}

/// The text; a press on a line's number marks it, and one on a later number marks up to that.
fn text(signed: &Signed, open: &Open, here: &str, asked: &Asked) -> Markup {
    let source = open.reading.source();
    let all = source.line_count();
    let marked = asked.lines().filter(|(from, to)| *from >= 1 && from <= to && *to <= all);
    let first = marked.map_or(1, |(from, _)| from.saturating_sub(LINES_BEFORE).max(1));
    let first = first.min(all.saturating_sub(MAX_LINES - 1).max(1));
    let last = (first + MAX_LINES - 1).min(all);
    let to = |number: usize| {
        let (from, to) = match marked {
            // Only after a press on one line; a line that somebody came with is where the text is shown.
            Some((from, to)) if from == to && !asked.to.is_empty() && number > from => (from, number),
            _ => (number, number),
        };
        format!("{here}?falt={}&fran={from}&till={to}", encode(&asked.field))
    };
    let language = open.reading.language.filter(|language| *language != signed.language.tag());
    html! {
        p.help { (signed.t("point-text-help")) }
        @if last - first + 1 < all {
            p.help { (signed.t_with("point-stretch", &[("first", first.into()), ("last", last.into()), ("lines", all.into())])) }
        }
        div.confirming {
            div.lines lang=[language] {
                @for number in first..=last {
                    @let is_marked = marked.is_some_and(|(from, to)| from <= number && number <= to);
                    p.line {
                        // By keyboard and for screen readers the fields above say the same without four hundred stops.
                        span.number { a href=(to(number)) tabindex="-1" { (number) } } " "
                        @if is_marked { mark { (source.raw(source.line(number))) } } @else { span { (source.raw(source.line(number))) } }
                    }
                }
            }
        }
    }
}
