//! The people of a customer, or of the provider: who has an account as what, who is invited, who has ended; and for those who
//! administer: invite, give another role, end.
//!
//! Not here: the record of a person, which is written like every other, and what a person does with an own account.

use std::collections::BTreeMap;

use access::{Account, ChangeAccountNo, EndAccountNo, INVITATION_DAYS, Invitation, InviteNo, NewInvitation};
use agreement::RoleSide;
use axum::extract::Path;
use axum::http::header::ORIGIN;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Redirect, Response};
use maud::{Markup, html};
use service::{Asked, Kind, Page, Value};
use terms::{PersonId, RecordId, Role, Verb};
use zeroize::Zeroizing;

use crate::ctx::{Ctx, Signed};
use crate::form::{Fields, Posted};
use crate::frame::{csrf, page, page_with};
use crate::html;
use crate::moment::moment;
use crate::pages::administration::only_administrators;
use crate::pages::answers;
use crate::routes;

/// `GET /{service}/inloggningar`.
pub async fn page_of(signed: Signed) -> Response {
    if !signed.gives_accounts() {
        return only_administrators(&signed);
    }
    show(&signed, StatusCode::OK, None).await
}

/// What is known of the people of a home beside their accounts.
struct Known {
    /// What the record of each person is called, and its unit or the like.
    records: BTreeMap<RecordId, (Markup, Vec<Markup>)>,
    /// The kind of those records.
    kind: Option<Kind>,
    /// The names of those without a record.
    names: BTreeMap<PersonId, Markup>,
}

async fn known(signed: &Signed, accounts: &[Account], invitations: &[Invitation]) -> Known {
    let mut known = Known { records: BTreeMap::new(), kind: user_kind(signed).cloned(), names: BTreeMap::new() };
    if let Some(kind) = &known.kind
        && let Some(asked) = signed.asked(Verb::Consult, kind)
    {
        let mut page = Page::default();
        while let Ok(listed) = signed.portal.door.list(&asked, &kind.name, None, page).await {
            known.records.extend(html::people_called(signed, kind, listed.opened.as_ref()));
            let Some(next) = listed.next else { break };
            page = Page { after: Some(next), ..page };
        }
    }
    let persons = accounts.iter().map(|one| (one.person, one.record));
    let persons = persons.chain(invitations.iter().map(|one| (one.person, one.record)));
    let mut without: Vec<PersonId> = persons.filter(|(_, record)| record.is_none()).map(|(person, _)| person).collect();
    without.sort_unstable();
    without.dedup();
    let kind = known.kind.as_ref().or_else(|| signed.shop.as_ref()?.kinds.kinds.first());
    if let (false, Some(asked)) =
        (without.is_empty() || signed.me.provider, kind.and_then(|kind| names_asked(signed, kind)))
        && let Ok(names) = signed.portal.registers.names(&asked, &without).await
    {
        let named = without.into_iter().zip(names).filter_map(|(person, name)| Some((person, name?)));
        known.names = named.map(|(person, name)| (person, html! { (name.as_str()) })).collect();
    }
    known
}

fn names_asked(signed: &Signed, kind: &Kind) -> Option<Asked> {
    signed.asked(Verb::Consult, kind)
}

/// The kind that holds the customer's own people: of whom the agreement says that accounts are.
pub(crate) fn user_kind(signed: &Signed) -> Option<&Kind> {
    let named_as = signed.agreement.as_ref()?.accounts()?.named_as.clone()?;
    let kinds = &signed.shop.as_ref()?.kinds.kinds;
    kinds
        .iter()
        .find(|kind| kind.subject == named_as.subject && kind.parent.is_none() && kind.of == service::Of::Itself)
}

/// The roles that may be given here, by side.
fn roles(signed: &Signed, side: RoleSide) -> Vec<(Role, String)> {
    let agreement = signed.agreement.as_ref();
    let roles = agreement.map(|agreement| agreement.roles().to_vec()).unwrap_or_default();
    let of_side = roles.into_iter().filter(|role| role.side == side);
    of_side.map(|role| (role.id.clone(), role.label.text(signed.language).to_owned())).collect()
}

fn own_side(signed: &Signed) -> RoleSide {
    if signed.me.provider { RoleSide::Processor } else { RoleSide::Controller }
}

fn role_label(ctx: &Ctx, role: &Role) -> String {
    let agreement = ctx.agreement.as_ref();
    let found = agreement.and_then(|agreement| agreement.roles().iter().find(|term| term.id == *role));
    found.map_or_else(|| role.to_string(), |term| term.label.text(ctx.language).to_owned())
}

async fn show(signed: &Signed, status: StatusCode, wrong: Option<String>) -> Response {
    let Some(people) = &signed.portal.people else { return answers::missing(signed) };
    let (Ok(accounts), Ok(invitations)) = (people.accounts(&signed.me.home), people.open_invitations(&signed.me.home))
    else {
        return answers::page_of(signed, StatusCode::SERVICE_UNAVAILABLE, "answer-unavailable");
    };
    let known = known(signed, &accounts, &invitations).await;
    let now = signed.now();
    let (running, over): (Vec<&Account>, Vec<&Account>) =
        accounts.iter().partition(|account| account.ended.is_none_or(|ended| ended > now));
    let title = signed.t("accounts-title");
    let body = html! {
        h1 { (title) }
        @if let Some(wrong) = &wrong { div.problems role="alert" { p { (wrong) } } }
        p { (signed.t("accounts-lead")) }
        div.scroll {
            table.cards {
                caption { (signed.t_with("accounts-caption", &[("count", running.len().into())])) }
                thead {
                    tr {
                        th scope="col" { (signed.t("accounts-person")) }
                        th scope="col" { (signed.t("accounts-role")) }
                        th scope="col" { (signed.t("accounts-unit")) }
                        th scope="col" { (signed.t("accounts-change")) }
                    }
                }
                tbody { @for account in &running { (row(signed, &known, account)) } }
            }
        }
        h2 { (signed.t("accounts-invited")) }
        @if invitations.is_empty() { p { (signed.t("accounts-nobody-invited")) } } @else {
            ul {
                @for one in &invitations {
                    li {
                        (person(signed, &known, one.person, one.record)) ", " (role_label(signed, &one.role)) ": "
                        (signed.t("accounts-link-until")) " " (moment(signed.language, one.ends))
                    }
                }
            }
        }
        h2 { (signed.t("accounts-invite")) }
        p { (signed.t("accounts-invite-what")) }
        (invite_form(signed, &known, &accounts))
        @if !over.is_empty() {
            h2 { (signed.t("accounts-ended")) }
            ul {
                @for account in &over {
                    li {
                        (person(signed, &known, account.person, account.record)) ", " (role_label(signed, &account.role))
                        @if let Some(ended) = account.ended { ": " (moment(signed.language, ended)) }
                    }
                }
            }
        }
    };
    page_with(signed, status, &title, body)
}

fn person(signed: &Signed, known: &Known, person: PersonId, record: Option<RecordId>) -> Markup {
    let short = person.to_string();
    let short = short.get(..8).unwrap_or("").to_owned();
    match record {
        Some(record) => match (known.records.get(&record), &known.kind) {
            (Some((name, _)), Some(kind)) => {
                html! { a href=(format!("/{}/{}/{record}", signed.service_path(), kind.path)) { (name) } }
            }
            // A candidate: its file is not opened for a list of accounts.
            _ => html! { code { (short) } },
        },
        None => match known.names.get(&person) {
            Some(name) => name.clone(),
            None => html! { code { (short) } },
        },
    }
}

fn row(signed: &Signed, known: &Known, account: &Account) -> Markup {
    let base = format!("/{}/{}/{}", signed.service_path(), routes::ACCOUNTS, account.person);
    let subject = is_subject(signed, &account.role);
    let me = account.person == signed.me.actor;
    let unit = account.record.and_then(|record| known.records.get(&record)).map(|(_, listed)| listed);
    let name = person(signed, known, account.person, account.record);
    html! {
        tr {
            th scope="row" { (name) @if me { " " span.tag { (signed.t("service-you")) } } }
            td data-label=(signed.t("accounts-role")) { (role_label(signed, &account.role)) }
            td data-label=(signed.t("accounts-unit")) {
                @for (at, one) in unit.into_iter().flatten().enumerate() { @if at > 0 { ", " } (one) }
            }
            td data-label=(signed.t("accounts-change")) {
                details {
                    summary { (signed.t("accounts-change")) }
                    @if !subject {
                        form.stack method="post" action=(format!("{base}/roll")) {
                            (csrf(signed))
                            div.field {
                                label for=(format!("role-{}", account.person)) { (signed.t("accounts-role")) }
                                select id=(format!("role-{}", account.person)) name="role" {
                                    @for (role, label) in roles(signed, own_side(signed)) {
                                        option value=(role.as_str()) selected[role == account.role] { (label) }
                                    }
                                }
                            }
                            div.actions { button.quiet type="submit" { (signed.t("accounts-give-role")) } }
                        }
                    }
                    form.stack method="post" action=(format!("{base}/lank")) {
                        (csrf(signed))
                        p.help { (signed.t("accounts-new-link-what")) }
                        div.actions { button.quiet type="submit" { (signed.t("accounts-new-link")) } }
                    }
                    form.stack method="post" action=(format!("{base}/avsluta")) {
                        (csrf(signed))
                        p.help { (signed.t("accounts-end-what")) }
                        div.actions { button.quiet type="submit" { (signed.t("accounts-end")) } }
                    }
                }
            }
        }
    }
}

fn is_subject(signed: &Signed, role: &Role) -> bool {
    let agreement = signed.agreement.as_ref();
    agreement.is_some_and(|agreement| {
        agreement.roles().iter().any(|term| term.id == *role && term.side == RoleSide::Subject)
    })
}

/// Whom to invite: one of the people whose record is there and who have no account; where the service keeps no such records, a
/// name.
fn invite_form(signed: &Signed, known: &Known, accounts: &[Account]) -> Markup {
    let has_account = |record: &RecordId| accounts.iter().any(|account| account.record == Some(*record));
    let without: Vec<_> = known.records.iter().filter(|(record, _)| !has_account(record)).collect();
    let by_record = known.kind.is_some() && !signed.me.provider;
    html! {
        @if by_record && without.is_empty() {
            p { (signed.t("accounts-nobody-without")) }
        } @else {
            form.stack method="post" action=(format!("/{}/inloggningar/bjud-in", signed.service_path())) {
                (csrf(signed))
                @if by_record {
                    div.field {
                        label for="record" { (signed.t("accounts-whom")) }
                        select #record name="record" {
                            @for (record, (name, _)) in without { option value=(record) { (name) } }
                        }
                    }
                } @else {
                    div.field {
                        label for="name" { (signed.t("accounts-name")) }
                        input #name name="name" type="text" maxlength="160" autocomplete="off" aria-required="true";
                    }
                }
                div.field {
                    label for="role" { (signed.t("accounts-role")) }
                    select #role name="role" {
                        @for (role, label) in roles(signed, own_side(signed)) { option value=(role.as_str()) { (label) } }
                    }
                }
                div.actions { button type="submit" { (signed.t("accounts-make-link")) } }
            }
        }
        @if by_record && let Some(kind) = &known.kind {
            p { a href=(format!("/{}/{}/new", signed.service_path(), kind.path)) { (signed.t("accounts-new-person")) } }
        }
    }
}

/// On the file of a data subject who can have an account of its own: the button that makes its link.
pub(crate) fn invite_subject(signed: &Signed, kind: &Kind, record: RecordId) -> Markup {
    let own = kind.of == service::Of::Itself && kind.parent.is_none();
    let is_user = user_kind(signed).is_some_and(|user| user.name == kind.name);
    let offered = roles(signed, RoleSide::Subject);
    // The agreement says of whom the role is: a file that it may not read itself is not its own.
    let reads = |role: &Role| {
        signed
            .agreement
            .as_ref()
            .is_some_and(|agreement| crate::hint::may_any(agreement, role, Verb::Consult, kind, None))
    };
    let offered = offered.iter().any(|(role, _)| reads(role));
    html! {
        @if own && !is_user && offered && signed.administers() {
            form method="post" action=(format!("/{}/inloggningar/bjud-in", signed.service_path())) {
                (csrf(signed))
                input type="hidden" name="record" value=(record);
                input type="hidden" name="kind" value=(kind.path);
                button.quiet type="submit" { (signed.t("accounts-invite-subject")) }
            }
        }
    }
}

/// `POST /{service}/inloggningar/bjud-in`: a link for somebody without an account. `record` is of the customer's people, or the file of
/// a data subject, for whom the only roles are those of that side.
pub async fn invite(headers: HeaderMap, posted: Posted) -> Response {
    let Posted { signed, fields } = posted;
    let Ok(record) = fields.get("record").map(str::parse::<RecordId>).transpose() else {
        return answers::missing(&signed);
    };
    let name = match (record, fields.get("kind")) {
        (Some(record), kind) => match name_of(&signed, record, kind).await {
            Ok(name) => Some(name),
            Err(answer) => return answer,
        },
        (None, _) => fields.get("name").map(|name| Zeroizing::new(name.chars().take(160).collect::<String>())),
    };
    // It is read by people beside other names: signs that turn the direction of text could make it read as somebody else's.
    if name.as_ref().is_some_and(|name| !service::is_plain_line(name)) {
        let wrong = signed.t("accounts-wrong-name-signs");
        return show(&signed, StatusCode::UNPROCESSABLE_ENTITY, Some(wrong)).await;
    }
    let of_subject = record.is_some() && fields.get("kind").is_some();
    let role = match role_of(&signed, &fields, of_subject) {
        Some(role) => role,
        None => return answers::page_of(&signed, StatusCode::BAD_REQUEST, "answer-form-unreadable"),
    };
    link(&signed, &headers, role, name, record, None).await
}

fn role_of(signed: &Signed, fields: &Fields, of_subject: bool) -> Option<Role> {
    let side = if of_subject { RoleSide::Subject } else { own_side(signed) };
    let offered = roles(signed, side);
    match fields.get("role") {
        Some(wanted) => offered.into_iter().map(|(role, _)| role).find(|role| role.as_str() == wanted),
        None => offered.into_iter().map(|(role, _)| role).next().filter(|_| of_subject),
    }
}

/// What a person's record calls it, read through the door.
async fn name_of(signed: &Signed, record: RecordId, kind: Option<&str>) -> Result<Value, Response> {
    let kind = match kind {
        Some(path) => signed.shop.as_ref().and_then(|shop| shop.kinds.by_path(path)),
        None => user_kind(signed),
    };
    let kind = kind.ok_or_else(|| answers::missing(signed))?;
    let asked = signed.asked(Verb::Consult, kind).ok_or_else(|| answers::missing(signed))?;
    let opened = signed.portal.door.consult(&asked, &kind.name, record).await.map_err(|no| answers::no(signed, &no))?;
    Ok(html::plain_title(kind, opened.as_ref()))
}

/// Makes a link and shows it, once.
async fn link(
    signed: &Signed,
    headers: &HeaderMap,
    role: Role,
    name: Option<Value>,
    record: Option<RecordId>,
    person: Option<PersonId>,
) -> Response {
    let Some(people) = &signed.portal.people else { return answers::missing(signed) };
    let file = signed.portal.customer_files.at(&signed.me.home, signed.now());
    let days = file.and_then(|file| file.invitation_days).unwrap_or(INVITATION_DAYS);
    let new = NewInvitation { by: Some(signed.me.actor), home: signed.me.home, role, name, record, person, days };
    match people.invite(new).await {
        Ok((secret, ends)) => {
            let origin = headers.get(ORIGIN).and_then(|origin| origin.to_str().ok()).filter(|origin| *origin != "null");
            let address = format!("{}{}/{}", origin.unwrap_or(""), routes::INVITATION, secret.0);
            let title = signed.t("accounts-link-title");
            let body = html! {
                h1 { (title) }
                p { (signed.t("accounts-link-what")) }
                div.notice role="status" {
                    div.field {
                        label for="link" { (signed.t("accounts-link")) }
                        input #link type="text" readonly value=(address) autocomplete="off";
                    }
                }
                p { (signed.t("accounts-link-until")) " " (moment(signed.language, ends)) "." }
                p { (signed.t("accounts-link-no-mail")) }
                p { a href=(format!("/{}/{}", signed.service_path(), routes::ACCOUNTS)) { (signed.t("accounts-title")) } }
            };
            page(signed, &title, body)
        }
        Err(InviteNo::NotAdministrator) => only_administrators(signed),
        Err(InviteNo::Missing) => answers::missing(signed),
        Err(InviteNo::Name) => {
            show(signed, StatusCode::UNPROCESSABLE_ENTITY, Some(signed.t("accounts-wrong-name"))).await
        }
        Err(InviteNo::Role(_)) => {
            show(signed, StatusCode::UNPROCESSABLE_ENTITY, Some(signed.t("accounts-wrong-role"))).await
        }
        Err(InviteNo::Unavailable(why)) => unavailable(signed, &why),
    }
}

fn unavailable(signed: &Signed, why: &str) -> Response {
    tracing::error!(%why, "an account could not be changed");
    answers::page_of(signed, StatusCode::SERVICE_UNAVAILABLE, "answer-unavailable")
}

/// `POST /{service}/inloggningar/{person}/lank`: a link to choose log-in and password anew, for somebody who has an account.
pub async fn new_link(Path((_, person)): Path<(String, String)>, headers: HeaderMap, posted: Posted) -> Response {
    let signed = posted.signed;
    let (Some(people), Ok(person)) = (&signed.portal.people, person.parse::<PersonId>()) else {
        return answers::missing(&signed);
    };
    let accounts = people.accounts(&signed.me.home).unwrap_or_default();
    let Some(account) = accounts.into_iter().find(|account| account.person == person) else {
        return answers::missing(&signed);
    };
    link(&signed, &headers, account.role, None, account.record, Some(person)).await
}

/// `POST /{service}/inloggningar/{person}/roll`: another role.
pub async fn role(Path((_, person)): Path<(String, String)>, posted: Posted) -> Response {
    let Posted { signed, fields } = posted;
    let role = fields.get("role").and_then(|role| Role::new(role).ok());
    let (Some(people), Ok(person), Some(role)) = (&signed.portal.people, person.parse::<PersonId>(), role) else {
        return answers::missing(&signed);
    };
    let key = match people.change_role(signed.me.actor, person, role).await {
        Ok(()) if person == signed.me.actor => return Redirect::to("/login").into_response(),
        Ok(()) => return back(&signed),
        Err(ChangeAccountNo::Missing) => return answers::missing(&signed),
        Err(ChangeAccountNo::NotAdministrator) => return only_administrators(&signed),
        Err(ChangeAccountNo::SecondFactorNeeded) => "accounts-wrong-factor",
        Err(ChangeAccountNo::LastAdministrator) => "accounts-wrong-last",
        Err(ChangeAccountNo::Unavailable(why)) => return unavailable(&signed, &why),
        Err(_) => "accounts-wrong-role",
    };
    show(&signed, StatusCode::UNPROCESSABLE_ENTITY, Some(signed.t(key))).await
}

/// `POST /{service}/inloggningar/{person}/avsluta`: the end of an account, its sessions and keys, at once.
pub async fn end(Path((_, person)): Path<(String, String)>, posted: Posted) -> Response {
    let signed = posted.signed;
    let (Some(people), Ok(person)) = (&signed.portal.people, person.parse::<PersonId>()) else {
        return answers::missing(&signed);
    };
    match people.end_account(Some(signed.me.actor), person).await {
        Ok(()) => back(&signed),
        Err(EndAccountNo::Missing) => answers::missing(&signed),
        Err(EndAccountNo::NotAdministrator) => only_administrators(&signed),
        Err(EndAccountNo::LastAdministrator) => {
            show(&signed, StatusCode::UNPROCESSABLE_ENTITY, Some(signed.t("accounts-wrong-last"))).await
        }
        Err(EndAccountNo::Unavailable(why)) => unavailable(&signed, &why),
    }
}

fn back(signed: &Signed) -> Response {
    Redirect::to(&format!("/{}/{}", signed.service_path(), routes::ACCOUNTS)).into_response()
}
