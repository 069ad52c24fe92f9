//! Forms on their way in: read whole, bounded, and believed only with the session's own token. Values are wiped when dropped.

use std::sync::Arc;

use axum::Form;
use axum::extract::{FromRequest, FromRequestParts, Request};
use axum::http::StatusCode;
use axum::response::Response;
use service::Value;
use zeroize::Zeroizing;

use crate::ctx::{Ctx, Signed};
use crate::pages::{answers, own_account};
use crate::state::Portal;

/// Longest body that is read, in bytes: a form, or a value for the interface.
pub const MAX_BODY_BYTES: usize = 256 * 1024;
/// Most fields in one form: a month of forty participants, a field a day.
const MAX_FIELDS: usize = 2_000;

/// The fields of a form, in their order. No `Debug`: what people write is personal data.
#[derive(Default)]
pub struct Fields(Vec<(String, Value)>);

impl Fields {
    /// The first value of that name, trimmed; `None` where there is none or it is empty.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&str> {
        self.raw(name).map(str::trim).filter(|text| !text.is_empty())
    }

    /// The first value of that name just as it was written.
    #[must_use]
    pub fn raw(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    /// Sets the value of that name, in place of what there was.
    pub fn set(&mut self, name: &str, value: Value) {
        match self.0.iter_mut().find(|(key, _)| key == name) {
            Some((_, before)) => *before = value,
            None => self.0.push((name.to_owned(), value)),
        }
    }

    /// What somebody wrote by hand: not the form's own fields, and never what one logs in with.
    fn written(&self) -> Vec<(String, String)> {
        let by_hand = |name: &str| {
            !name.starts_with('_') && !["csrf", "password", "present", "new", "again", "code", "seed"].contains(&name)
        };
        let written = self.0.iter().filter(|(name, value)| by_hand(name) && !value.trim().is_empty());
        written.map(|(name, value)| (name.clone(), value.to_string())).collect()
    }

    /// Every field.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(name, value)| (name.as_str(), value.as_str()))
    }
}

/// A form that somebody signed in posted, with the session's token in its field `csrf`.
pub struct Posted {
    /// Who, in which context.
    pub signed: Signed,
    /// What.
    pub fields: Fields,
}

impl FromRequest<Arc<Portal>> for Posted {
    type Rejection = Response;

    async fn from_request(request: Request, portal: &Arc<Portal>) -> Result<Self, Response> {
        let (mut parts, body) = request.into_parts();
        let Ok(ctx) = Ctx::from_request_parts(&mut parts, portal).await;
        if ctx.me.is_none() {
            // Whoever wrote for an hour and whose session, or account, ended meanwhile gets the text back, and nothing is kept.
            let written = match read(&ctx, Request::from_parts(parts, body)).await {
                Ok(fields) => fields.written(),
                Err(answer) => return Err(answer),
            };
            return Err(own_account::given_back(&ctx, &written));
        }
        let signed = Signed::of(ctx, &parts.method)?;
        let fields = read(&signed, Request::from_parts(parts, body)).await?;
        if !same(fields.raw("csrf").unwrap_or(""), &signed.me.csrf) {
            return Err(answers::page_of(&signed, StatusCode::FORBIDDEN, "answer-form-expired"));
        }
        Ok(Self { signed, fields })
    }
}

/// A form that anybody may post: log-in, language. The guard has already turned away forms of other sites.
pub struct Open {
    /// In which context.
    pub ctx: Ctx,
    /// What.
    pub fields: Fields,
}

impl FromRequest<Arc<Portal>> for Open {
    type Rejection = Response;

    async fn from_request(request: Request, portal: &Arc<Portal>) -> Result<Self, Response> {
        let (mut parts, body) = request.into_parts();
        let Ok(ctx) = Ctx::from_request_parts(&mut parts, portal).await;
        let fields = read(&ctx, Request::from_parts(parts, body)).await?;
        Ok(Self { ctx, fields })
    }
}

async fn read(ctx: &Ctx, request: Request) -> Result<Fields, Response> {
    let form = Form::<Vec<(String, String)>>::from_request(request, &()).await;
    match form {
        Ok(Form(fields)) if fields.len() <= MAX_FIELDS => {
            Ok(Fields(fields.into_iter().map(|(name, value)| (name, Zeroizing::new(value))).collect()))
        }
        Ok(_) => Err(answers::too_large(ctx)),
        Err(rejection) if rejection.status() == StatusCode::PAYLOAD_TOO_LARGE => Err(answers::too_large(ctx)),
        Err(_) => Err(answers::page_of(ctx, StatusCode::BAD_REQUEST, "answer-form-unreadable")),
    }
}

/// Whether two tokens are the same, in a time that does not tell where they differ.
#[must_use]
pub fn same(one: &str, other: &str) -> bool {
    one.len() == other.len()
        && !other.is_empty()
        && one.bytes().zip(other.bytes()).fold(0, |differs, (a, b)| differs | (a ^ b)) == 0
}

/// A local address to go on to, or `/`: never another site's (an open redirect), never with control characters.
#[must_use]
pub fn local(next: Option<&str>) -> &str {
    match next {
        Some(next)
            if next.starts_with('/')
                && !next.starts_with("//")
                && !next.contains('\\')
                && !next.chars().any(char::is_control)
                && next.is_ascii()
                && next.len() <= 2000 =>
        {
            next
        }
        _ => "/",
    }
}

/// Percent-encodes a text for a query value (RFC 3986: everything but unreserved characters).
#[must_use]
pub fn encode(text: &str) -> String {
    let mut encoded = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~') {
            encoded.push(char::from(byte));
        } else {
            encoded.push_str(&format!("%{byte:02X}"));
        }
    }
    encoded
}

/// The first value of `name` in the query of an address, decoded.
#[must_use]
pub fn query_value(address: &str, name: &str) -> Option<String> {
    let uri = address.parse().ok()?;
    let axum::extract::Query(pairs) = axum::extract::Query::<Vec<(String, String)>>::try_from_uri(&uri).ok()?;
    pairs.into_iter().find(|(key, _)| key == name).map(|(_, value)| value).filter(|value| !value.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_local_addresses_are_gone_on_to() {
        assert_eq!(local(Some("/matcha/deltagare?q=a%20b")), "/matcha/deltagare?q=a%20b");
        for wrong in ["", "//elsewhere.se", "https://elsewhere.se", "/\\elsewhere.se", "/a\r\nSet-Cookie: b", "/å"] {
            assert_eq!(local(Some(wrong)), "/", "{wrong}");
        }
    }

    #[test]
    fn a_query_value_survives_the_round() {
        let text = "Ann-Sofie å & co=1";
        assert_eq!(query_value(&format!("/x?a=1&q={}", encode(text)), "q").as_deref(), Some(text));
    }

    #[test]
    fn an_empty_token_is_never_right() {
        assert!(same("abc", "abc"));
        assert!(!same("abd", "abc"));
        assert!(!same("", ""));
    }
}
