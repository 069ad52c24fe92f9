//! The context of a request: who is signed in, in which language, in which service, with which customer in view, why and in
//! which case. It comes first in every page. None of it is proof of anything: the door finds out the facts again.

use std::collections::BTreeMap;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::ops::Deref;
use std::sync::{Arc, Mutex, PoisonError};

use agreement::{Agreement, RoleSide, RoleTerm};
use axum::extract::{ConnectInfo, FromRequestParts, RawPathParams};
use axum::http::header::{ACCEPT_LANGUAGE, AUTHORIZATION, COOKIE};
use axum::http::request::Parts;
use axum::http::{HeaderMap, Method, StatusCode};
use axum::response::{IntoResponse, Redirect, Response};
use fluent_bundle::FluentValue;
use maud::Markup;
use service::Asked;
use terms::{Instant, Language, Purpose, RecordId, TenantId, Verb};

use crate::form::query_value;
use crate::pages::answers;
use crate::seams::{Customer, SignedIn};
use crate::state::{Portal, Shop};
use crate::{hint, words};

/// What every page knows of its request, signed in or not.
pub struct Ctx {
    /// What the portal holds.
    pub portal: Arc<Portal>,
    /// The language to answer in.
    pub language: Language,
    /// Who is signed in, if anyone.
    pub me: Option<Arc<SignedIn>>,
    /// Where that person's account lives.
    pub home: Option<Customer>,
    /// The case that a person of the provider works in. The support desk sets it from its address.
    pub work: Option<Work>,
    /// The service of the address, or else of the person's home.
    pub shop: Option<Arc<Shop>>,
    /// The agreement of the customer in view; without one, what the service offers now.
    pub agreement: Option<Arc<Agreement>>,
    /// Path and query of this request, for coming back after a change of language or a log-in.
    pub here: String,
    /// A purpose that the request names instead of the proposed one (`?purpose=`, `X-Purpose`).
    pub purpose: Option<Purpose>,
    /// How long whoever sends keys that do not hold has to wait, where there were too many from that address.
    pub wait_seconds: Option<u64>,
    /// What records are called that others refer to, as far as this page has asked.
    called: Mutex<BTreeMap<RecordId, Markup>>,
}

/// The case that a person of the provider works in, as an address of the support desk or the headers of a program name it. A
/// wish and nothing more: whether the case is open and covers what is asked, the door finds out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Work {
    /// Whose data.
    pub customer: TenantId,
    /// The case.
    pub case: RecordId,
    /// Why.
    pub purpose: Purpose,
}

impl Work {
    /// What a program says in `X-Customer`, `X-Case` and `X-Purpose`.
    fn named(headers: &HeaderMap, purpose: Option<Purpose>) -> Option<Self> {
        let text = |name| headers.get(name).and_then(|value| value.to_str().ok());
        Some(Self {
            customer: text("x-customer")?.parse().ok()?,
            case: text("x-case")?.parse().ok()?,
            purpose: purpose?,
        })
    }
}

impl Ctx {
    /// The context of a request with these headers, at `here`, in the service of the address if that names one.
    pub fn of(portal: Arc<Portal>, headers: &HeaderMap, here: String, service: Option<&str>) -> Self {
        let secure = portal.settings.secure_cookies;
        let cookie = |name: &str| cookie_value(headers, &cookie_name(name, secure));
        let named = headers.get("x-purpose").and_then(|value| value.to_str().ok()).map(str::to_owned);
        let purpose = named.or_else(|| query_value(&here, "purpose")).and_then(|text| Purpose::new(&text).ok());
        let me = match bearer(headers).filter(|_| here.starts_with("/api/")) {
            // A program says who it is by its key; what a browser sends along besides counts for nothing then.
            Some(key) => portal.people.as_ref().and_then(|people| people.by_key(key)).map(|by_key| {
                Arc::new(SignedIn {
                    actor: by_key.actor,
                    home: by_key.home,
                    provider: by_key.provider,
                    role: by_key.role.clone(),
                    csrf: String::new(),
                    ends: by_key.ends,
                })
            }),
            None => cookie(SESSION_COOKIE).and_then(|value| portal.access.session(value)),
        };
        let work = me.as_ref().filter(|me| me.provider).and_then(|_| Work::named(headers, purpose.clone()));
        let home = me.as_ref().and_then(|me| portal.agreements.customer(&me.home));
        let shop = match service {
            Some(path) => portal.shop(path),
            None => home.as_ref().and_then(|home| portal.shop(home.service.as_str())),
        }
        .cloned();
        let in_view = match (&me, &work) {
            (Some(me), _) if !me.provider => Some(me.home),
            (_, Some(work)) => Some(work.customer),
            _ => None,
        };
        // On another service's public pages that service's agreement is shown, and not the one that governs the reader.
        let of_shop = |customer: &TenantId| {
            let service = portal.agreements.customer(customer).map(|customer| customer.service);
            service.is_some() && service == shop.as_ref().map(|shop: &Arc<Shop>| shop.kinds.service.clone())
        };
        let agreement = in_view
            .filter(of_shop)
            .and_then(|customer| portal.agreements.at(&customer))
            .or_else(|| shop.as_ref().and_then(|shop| portal.agreements.current(&shop.kinds.service)));
        let language = language(headers);
        let called = Mutex::default();
        Self { portal, language, me, home, work, shop, agreement, here, purpose, wait_seconds: None, called }
    }

    /// Whether the person signed in belongs to the service of the address. On the public pages of another they are a stranger.
    #[must_use]
    pub fn mine(&self) -> bool {
        self.home.as_ref().is_some_and(|home| home.service.as_str() == self.service_path())
    }

    /// Remembers what records are called, for the time of this request.
    pub fn learn(&self, names: impl Iterator<Item = (RecordId, Markup)>) {
        self.called.lock().unwrap_or_else(PoisonError::into_inner).extend(names);
    }

    /// What a record is called, where this page has asked.
    #[must_use]
    pub fn called(&self, record: &RecordId) -> Option<Markup> {
        self.called.lock().unwrap_or_else(PoisonError::into_inner).get(record).cloned()
    }

    /// A text of the portal.
    #[must_use]
    pub fn t(&self, key: &str) -> String {
        words::t(self.language, key)
    }

    /// A text of the portal with its places filled: `ctx.t_with("clause", &[("number", "3.2".into())])`.
    #[must_use]
    pub fn t_with(&self, key: &str, args: &[(&'static str, FluentValue<'_>)]) -> String {
        words::t_with(self.language, key, args)
    }

    /// The present moment of the installation.
    #[must_use]
    pub fn now(&self) -> Instant {
        self.portal.clock.now()
    }

    /// The first part of this service's addresses; empty outside every service.
    #[must_use]
    pub fn service_path(&self) -> &str {
        self.shop.as_ref().map_or("", |shop| shop.kinds.service.as_str())
    }

    /// The role of the signed-in person, as the agreement describes it.
    #[must_use]
    pub fn role(&self) -> Option<&RoleTerm> {
        let me = self.me.as_ref()?;
        self.agreement.as_ref()?.roles().iter().find(|role| role.id == me.role)
    }

    /// Whether the person signed in gives and ends accounts of the own side: the agreement says which roles do.
    #[must_use]
    pub fn gives_accounts(&self) -> bool {
        let staff = self.me.as_ref().is_some_and(|me| me.provider) && self.mine();
        self.administers()
            || staff && self.role().is_some_and(|role| role.administers && role.side == RoleSide::Processor)
    }

    /// Whether the person signed in is a data subject, who is only itself here.
    #[must_use]
    pub fn is_subject(&self) -> bool {
        self.role().is_some_and(|role| role.side == RoleSide::Subject)
    }

    /// Whether the person signed in administers the customer: the agreement says which roles do.
    #[must_use]
    pub fn administers(&self) -> bool {
        let customer = self.me.as_ref().is_some_and(|me| !me.provider) && self.mine();
        customer && self.role().is_some_and(|role| role.administers && role.side == RoleSide::Controller)
    }

    /// The customer whose data is in view: the person's own, or that of the chosen case.
    #[must_use]
    pub fn customer(&self) -> Option<Customer> {
        match &self.me {
            Some(me) if !me.provider => self.home.clone(),
            _ => self.portal.agreements.customer(&self.customer_id()?),
        }
    }

    fn customer_id(&self) -> Option<TenantId> {
        let me = self.me.as_ref()?;
        if me.provider { self.work.as_ref().map(|work| work.customer) } else { Some(me.home) }
    }
}

impl FromRequestParts<Arc<Portal>> for Ctx {
    type Rejection = core::convert::Infallible;

    async fn from_request_parts(parts: &mut Parts, portal: &Arc<Portal>) -> Result<Self, Self::Rejection> {
        let here = parts.uri.path_and_query().map_or_else(|| "/".to_owned(), |here| here.as_str().to_owned());
        let path = RawPathParams::from_request_parts(parts, portal).await.ok();
        let service = path.as_ref().and_then(|path| path.iter().find(|(name, _)| *name == "service"));
        let mut ctx = Self::of(Arc::clone(portal), &parts.headers, here, service.map(|(_, value)| value));
        if ctx.me.is_none() && ctx.here.starts_with("/api/") && bearer(&parts.headers).is_some() {
            // What the server knows of the connection, as the log-in has it.
            let from = parts.extensions.get::<ConnectInfo<SocketAddr>>();
            let from = from.map_or(IpAddr::V4(Ipv4Addr::LOCALHOST), |ConnectInfo(address)| address.ip());
            ctx.wait_seconds = portal.people.as_ref().and_then(|people| people.wrong_key(from).err());
        }
        Ok(ctx)
    }
}

/// A request of somebody who is signed in and stands in a service that is theirs. Others are sent to log in, or get the page
/// of what does not exist.
pub struct Signed {
    /// The context.
    pub ctx: Ctx,
    /// Who is signed in.
    pub me: Arc<SignedIn>,
}

impl Signed {
    /// Takes the context of a person who is signed in and whose service it is; anybody else gets the answer.
    ///
    /// # Errors
    /// The answer to give: the way to log in, or the page of what does not exist.
    pub fn of(ctx: Ctx, method: &Method) -> Result<Self, Response> {
        let Some(me) = ctx.me.clone() else {
            if method != Method::GET {
                return Err(answers::page_of(&ctx, StatusCode::UNAUTHORIZED, "answer-session-ended"));
            }
            let to = format!("/login?next={}", crate::form::encode(&ctx.here));
            return Err(Redirect::to(&to).into_response());
        };
        // Somebody else's service is answered as one that does not exist: whether it does is nobody's business.
        if ctx.mine() { Ok(Self { ctx, me }) } else { Err(answers::missing(&ctx)) }
    }

    /// Who asks, of which customer's data and why, for an act on records of `kind`. The purpose is the one that the request
    /// names, or the case's, or the first that the agreement gives this role for such an act. `None` when no customer is in
    /// view (a person of the provider without a case) or no agreement is in force.
    #[must_use]
    pub fn asked(&self, verb: Verb, kind: &service::Kind) -> Option<Asked> {
        let tenant = self.customer_id()?;
        let agreement = self.agreement.as_ref()?;
        let purpose = self
            .purpose
            .clone()
            .or_else(|| self.work.as_ref().map(|work| work.purpose.clone()))
            .or_else(|| hint::purpose(agreement, &self.me.role, verb, kind))?;
        let case = self.work.as_ref().map(|work| work.case);
        Some(Asked { actor: self.me.actor, tenant, purpose, case })
    }

    /// Whether the agreement has any rule for such an act. A courtesy for links and forms; the door decides.
    #[must_use]
    pub fn may(&self, verb: Verb, kind: &service::Kind) -> bool {
        let purpose = self.work.as_ref().map(|work| &work.purpose);
        self.agreement.as_ref().is_some_and(|agreement| hint::may_any(agreement, &self.me.role, verb, kind, purpose))
    }
}

impl Deref for Signed {
    type Target = Ctx;
    fn deref(&self) -> &Ctx {
        &self.ctx
    }
}

impl FromRequestParts<Arc<Portal>> for Signed {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, portal: &Arc<Portal>) -> Result<Self, Response> {
        let Ok(ctx) = Ctx::from_request_parts(parts, portal).await;
        Self::of(ctx, &parts.method)
    }
}

/// The key that a program sends (RFC 6750 section 2.1).
pub(crate) fn bearer(headers: &HeaderMap) -> Option<&str> {
    let value = headers.get(AUTHORIZATION)?.to_str().ok()?;
    let (scheme, key) = value.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| key.trim())
}

/// The cookie that holds a session, before any `__Host-`.
pub const SESSION_COOKIE: &str = "session";

/// The name of one of our cookies. `__Host-` ties it to this host and to encrypted connections (RFC 6265bis 4.1.3.2).
#[must_use]
pub fn cookie_name(name: &str, secure: bool) -> String {
    if secure { format!("__Host-{name}") } else { name.to_owned() }
}

/// A `Set-Cookie` value. Not readable by script; sent along when somebody follows a link here, never with another site's form.
/// `None` as `value` ends the cookie.
#[must_use]
pub fn set_cookie(name: &str, value: Option<&str>, max_age_seconds: Option<u64>, secure: bool) -> String {
    let name = cookie_name(name, secure);
    let secure = if secure { "; Secure" } else { "" };
    match (value, max_age_seconds) {
        (None, _) => format!("{name}=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax{secure}"),
        (Some(value), None) => format!("{name}={value}; Path=/; HttpOnly; SameSite=Lax{secure}"),
        (Some(value), Some(age)) => format!("{name}={value}; Path=/; Max-Age={age}; HttpOnly; SameSite=Lax{secure}"),
    }
}

/// The value of a cookie by its full name.
#[must_use]
pub fn cookie_value<'h>(headers: &'h HeaderMap, name: &str) -> Option<&'h str> {
    headers
        .get_all(COOKIE)
        .iter()
        .filter_map(|line| line.to_str().ok())
        .flat_map(|line| line.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find(|(key, _)| *key == name)
        .map(|(_, value)| value)
}

/// The chosen language, or the first that the browser names and we speak; Swedish where it names none.
fn language(headers: &HeaderMap) -> Language {
    // Chosen on either kind of connection: it is no secret and needs no `__Host-`.
    let chosen = cookie_value(headers, "lang").or_else(|| cookie_value(headers, "__Host-lang"));
    match chosen {
        Some("en") => return Language::En,
        Some("sv") => return Language::Sv,
        _ => {}
    }
    let wished = headers.get(ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok()).unwrap_or("");
    let first = wished.split(',').map(|part| part.split([';', '-']).next().unwrap_or("").trim());
    for tag in first {
        match tag {
            "sv" => return Language::Sv,
            "en" => return Language::En,
            _ => {}
        }
    }
    Language::Sv
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check_language(cookie: &str, accept: &str, expected: Language) {
        let mut headers = HeaderMap::new();
        headers.insert(COOKIE, cookie.parse().unwrap());
        headers.insert(ACCEPT_LANGUAGE, accept.parse().unwrap());
        assert_eq!(language(&headers), expected, "{cookie} {accept}");
    }

    #[test]
    fn the_choice_wins_over_the_browser_and_swedish_over_silence() {
        check_language("lang=en", "sv", Language::En);
        check_language("a=b", "en-GB,en;q=0.9,sv;q=0.8", Language::En);
        check_language("a=b", "de, sv;q=0.5", Language::Sv);
        check_language("lang=xx", "de", Language::Sv);
    }
}
