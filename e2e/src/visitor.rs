//! One person's browser without a browser: HTTP, cookies, forms. It keeps its cookies and follows redirections, and it fills
//! in forms as they stand on the page, so that hidden fields are sent as a browser would send them.

use std::collections::BTreeMap;

use ureq::http::Response;
use ureq::{Agent, Body};

/// Longest chain of redirections that is followed.
const MAX_REDIRECTIONS: usize = 5;

/// One person with one set of cookies.
pub struct Visitor {
    agent: Agent,
    address: String,
    cookies: BTreeMap<String, String>,
    language: &'static str,
}

/// What came back.
pub struct Answer {
    /// Where it came from in the end, e.g. `/matcha/deltagare?q=1`.
    pub path: String,
    /// The status.
    pub status: u16,
    /// Header names in lower case, and values, in order.
    pub headers: Vec<(String, String)>,
    /// The body as text.
    pub body: String,
}

/// A form as it stands on a page.
#[derive(Debug, PartialEq, Eq)]
pub struct Form {
    /// Where it is sent.
    pub action: String,
    /// Names and values of its fields, hidden ones too. Boxes that are not ticked are left out.
    pub fields: Vec<(String, String)>,
}

impl Visitor {
    /// A new person at the program that listens at `address`.
    #[must_use]
    pub fn new(address: &str) -> Self {
        let config = Agent::config_builder().http_status_as_error(false).max_redirects(0).build();
        Self {
            agent: config.new_agent(),
            address: address.trim_end_matches('/').to_owned(),
            cookies: BTreeMap::new(),
            language: "sv",
        }
    }

    /// A person who prefers `language`.
    #[must_use]
    pub fn speaking(mut self, language: &'static str) -> Self {
        self.language = language;
        self
    }

    /// The cookies that are kept, by name.
    #[must_use]
    pub const fn cookies(&self) -> &BTreeMap<String, String> {
        &self.cookies
    }

    /// Opens a page.
    ///
    /// # Panics
    /// When nothing answers, or redirections do not end.
    pub fn get(&mut self, path: &str) -> Answer {
        self.try_get(path).unwrap_or_else(|error| panic!("GET {path}: {error}"))
    }

    /// Takes a file along, byte for byte.
    ///
    /// # Panics
    /// When nothing answers, or it is no file.
    pub fn get_bytes(&mut self, path: &str) -> Vec<u8> {
        let request = self.agent.get(self.url(path)).header("cookie", self.cookie_header());
        let mut response = request.call().unwrap_or_else(|error| panic!("GET {path}: {error}"));
        assert_eq!(response.status().as_u16(), 200, "GET {path}");
        response.body_mut().read_to_vec().unwrap_or_else(|error| panic!("GET {path}: {error}"))
    }

    /// Opens a page of a program that may be gone.
    ///
    /// # Errors
    /// When nothing answers.
    ///
    /// # Panics
    /// When redirections do not end.
    pub fn try_get(&mut self, path: &str) -> Result<Answer, ureq::Error> {
        let mut path = path.to_owned();
        for _ in 0..=MAX_REDIRECTIONS {
            let request = self.agent.get(self.url(&path));
            let request = request.header("cookie", self.cookie_header()).header("accept-language", self.language);
            let answer = self.take(&path, request.call()?)?;
            match answer.redirection() {
                Some(next) => path = next,
                None => return Ok(answer),
            }
        }
        panic!("redirections do not end: {path}");
    }

    /// Sends a form's fields as they are given, and follows where the answer leads.
    ///
    /// # Panics
    /// When nothing answers.
    pub fn post(&mut self, path: &str, fields: &[(&str, &str)]) -> Answer {
        self.try_post(path, fields).unwrap_or_else(|error| panic!("POST {path}: {error}"))
    }

    /// Sends a form to a program that may be gone.
    ///
    /// # Errors
    /// When nothing answers: it may have been done all the same.
    pub fn try_post(&mut self, path: &str, fields: &[(&str, &str)]) -> Result<Answer, ureq::Error> {
        let request = self.agent.post(self.url(path));
        let request = request
            .header("cookie", self.cookie_header())
            .header("accept-language", self.language)
            .header("origin", &self.address)
            .header("sec-fetch-site", "same-origin");
        let answer = self.take(path, request.send_form(fields.iter().copied())?)?;
        match answer.redirection() {
            Some(next) => self.try_get(&next),
            None => Ok(answer),
        }
    }

    /// Fills in the form on `page` whose action ends with `action`, and sends it.
    ///
    /// # Panics
    /// When there is no such form, or nothing answers.
    pub fn submit(&mut self, page: &Answer, action: &str, fields: &[(&str, &str)]) -> Answer {
        let form = page.form(action);
        let filled: Vec<(&str, &str)> = form
            .fields
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_str()))
            .filter(|(name, _)| !fields.iter().any(|(other, _)| other == name))
            .chain(fields.iter().copied())
            .collect();
        self.post(&form.action, &filled)
    }

    /// Sends one request just as it is given, with the cookies and nothing else, and follows nothing.
    ///
    /// # Panics
    /// When nothing answers, or it is no request at all.
    pub fn send(&mut self, method: &str, path: &str, headers: &[(&str, &str)], body: &[u8]) -> Answer {
        // A connection of its own: an answer that comes before a body was read closes it, and the next request would meet that.
        let mut request =
            ureq::http::Request::builder().method(method).uri(self.url(path)).header("connection", "close");
        if !self.cookies.is_empty() {
            request = request.header("cookie", self.cookie_header());
        }
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let response = if body.is_empty() && matches!(method, "GET" | "HEAD" | "DELETE" | "OPTIONS") {
            self.agent.run(request.body(()).expect("a request"))
        } else {
            self.agent.run(request.body(body).expect("a request"))
        };
        let response = response.unwrap_or_else(|error| panic!("{method} {path}: {error}"));
        self.take(path, response).unwrap_or_else(|error| panic!("{method} {path}: {error}"))
    }

    /// As a program with this person's session would use the interface: JSON in, JSON out, with the session's token.
    ///
    /// # Panics
    /// When nothing answers.
    pub fn api(&mut self, method: &str, path: &str, more: &[(&str, &str)], body: &str) -> Answer {
        let token = self.token();
        let headers: Vec<(&str, &str)> = [("content-type", "application/json"), ("x-csrf", token.as_str())]
            .into_iter()
            .chain(more.iter().copied())
            .collect();
        self.send(method, path, &headers, body.as_bytes())
    }

    /// The token of the session, as every form of its pages carries it.
    ///
    /// # Panics
    /// When nobody is signed in.
    pub fn token(&mut self) -> String {
        let page = self.get("/");
        let form = page.form("/logout");
        form.fields.into_iter().find(|(name, _)| name == "csrf").map(|(_, token)| token).expect("a token")
    }

    /// Keeps a cookie that came by another way, e.g. one of a session that has ended since.
    pub fn keep_cookie(&mut self, name: &str, value: &str) {
        self.cookies.insert(name.to_owned(), value.to_owned());
    }

    fn url(&self, path: &str) -> String {
        format!("{}{path}", self.address)
    }

    fn cookie_header(&self) -> String {
        self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>().join("; ")
    }

    fn take(&mut self, path: &str, mut response: Response<Body>) -> Result<Answer, ureq::Error> {
        let headers: Vec<(String, String)> = response
            .headers()
            .iter()
            .map(|(name, value)| (name.as_str().to_owned(), String::from_utf8_lossy(value.as_bytes()).into_owned()))
            .collect();
        for (_, cookie) in headers.iter().filter(|(name, _)| name == "set-cookie") {
            self.keep(cookie);
        }
        let body = String::from_utf8_lossy(&response.body_mut().read_to_vec()?).into_owned();
        Ok(Answer { path: path.to_owned(), status: response.status().as_u16(), headers, body })
    }

    fn keep(&mut self, cookie: &str) {
        let mut parts = cookie.split(';').map(str::trim);
        let Some((name, value)) = parts.next().and_then(|pair| pair.split_once('=')) else { return };
        if parts.any(|part| part.eq_ignore_ascii_case("max-age=0")) || value.is_empty() {
            self.cookies.remove(name);
        } else {
            self.cookies.insert(name.to_owned(), value.to_owned());
        }
    }
}

impl Answer {
    /// The first header of that name, in lower case.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(other, _)| other == name).map(|(_, value)| value.as_str())
    }

    /// Goes on when the status is `status`.
    ///
    /// # Panics
    /// When it is another.
    #[must_use]
    #[track_caller]
    pub fn with_status(self, status: u16) -> Self {
        assert_eq!(self.status, status, "{}\n{}", self.path, self.body);
        self
    }

    /// Goes on when the page says all of `texts`.
    ///
    /// # Panics
    /// When one is missing.
    #[track_caller]
    pub fn says(&self, texts: &[&str]) -> &Self {
        for text in texts {
            assert!(self.body.contains(text), "{} does not say {text:?}:\n{}", self.path, self.body);
        }
        self
    }

    /// Goes on when the page says none of `texts`.
    ///
    /// # Panics
    /// When one is there.
    #[track_caller]
    pub fn says_nothing_of(&self, texts: &[&str]) -> &Self {
        for text in texts {
            assert!(!self.body.contains(text), "{} says {text:?}", self.path);
        }
        self
    }

    /// The form whose action ends with `action`.
    ///
    /// # Panics
    /// When there is none.
    #[must_use]
    #[track_caller]
    pub fn form(&self, action: &str) -> Form {
        let mut forms = self.forms();
        let found = forms.iter().position(|form| form.action.ends_with(action));
        let Some(found) = found else { panic!("{} has no form for {action}: {forms:?}", self.path) };
        forms.swap_remove(found)
    }

    /// All forms of the page.
    #[must_use]
    pub fn forms(&self) -> Vec<Form> {
        let pieces = self.body.split("<form").skip(1);
        let whole = pieces.map(|piece| piece.split("</form>").next().unwrap_or(piece));
        whole
            .map(|form| Form {
                action: attribute(first_tag(form), "action").unwrap_or_else(|| self.path.clone()),
                fields: fields(form),
            })
            .collect()
    }

    /// Where the links of the page lead, in order.
    #[must_use]
    pub fn links(&self) -> Vec<String> {
        self.body.split("<a ").skip(1).filter_map(|piece| attribute(first_tag(piece), "href")).collect()
    }

    fn redirection(&self) -> Option<String> {
        let location = self.header("location").filter(|_| (300..400).contains(&self.status))?;
        let after_scheme =
            location.split_once("://").map_or(location, |(_, rest)| &rest[rest.find('/').unwrap_or(rest.len())..]);
        Some(if after_scheme.is_empty() { "/".to_owned() } else { after_scheme.to_owned() })
    }
}

/// Up to the end of the tag that `piece` is in.
fn first_tag(piece: &str) -> &str {
    piece.split('>').next().unwrap_or(piece)
}

/// The fields of a form with the values that a browser would send when nobody touched them.
fn fields(form: &str) -> Vec<(String, String)> {
    let mut found = Vec::new();
    for (at, _) in form.match_indices('<') {
        let piece = &form[at + 1..];
        let tag = first_tag(piece);
        let Some(name) = attribute(tag, "name") else { continue };
        let kind = attribute(tag, "type").unwrap_or_default();
        if tag.starts_with("input") {
            let ticked = !matches!(kind.as_str(), "checkbox" | "radio") || has_attribute(tag, "checked");
            if ticked && kind != "submit" {
                found.push((name, attribute(tag, "value").unwrap_or_default()));
            }
        } else if tag.starts_with("textarea") {
            let text = piece[tag.len()..].trim_start_matches('>').split("</textarea>").next().unwrap_or_default();
            found.push((name, plain(text)));
        } else if tag.starts_with("select") {
            let options = piece.split("</select>").next().unwrap_or_default();
            let tags: Vec<&str> = options.split("<option").skip(1).map(first_tag).collect();
            let chosen = tags.iter().find(|option| has_attribute(option, "selected")).or(tags.first());
            found.push((name, chosen.and_then(|option| attribute(option, "value")).unwrap_or_default()));
        }
    }
    found
}

fn attribute(tag: &str, name: &str) -> Option<String> {
    let begin = format!(" {name}=\"");
    let padded = format!(" {tag}");
    let (_, rest) = padded.split_once(&begin)?;
    rest.split('"').next().map(plain)
}

fn has_attribute(tag: &str, name: &str) -> bool {
    tag.split([' ', '=']).any(|word| word == name)
}

fn plain(text: &str) -> String {
    text.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"").replace("&#39;", "'").replace("&amp;", "&")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_form_is_read_as_a_browser_would_send_it() {
        let body = r#"<form action="/sök"></form><form method="post" action="/a?x=1&amp;y=2"><input type="hidden" name="t" value="&quot;1">
            <input type="checkbox" name="no" value="1"><input type="checkbox" name="yes" value="1" checked>
            <textarea name="text" rows="3">a &amp; b</textarea><select name="s"><option value="1"><option value="2" selected></select>
            <button name="go" value="1">Spara</button></form>"#;
        let page = Answer { path: "/".to_owned(), status: 200, headers: Vec::new(), body: body.to_owned() };
        let field = |name: &str, value: &str| (name.to_owned(), value.to_owned());
        let fields = vec![field("t", "\"1"), field("yes", "1"), field("text", "a & b"), field("s", "2")];
        assert_eq!(page.form("y=2"), Form { action: "/a?x=1&y=2".to_owned(), fields });
    }

    #[test]
    fn cookies_are_kept_and_taken_away() {
        let mut visitor = Visitor::new("http://127.0.0.1:1");
        visitor.keep("session=abc; Path=/; HttpOnly");
        assert_eq!(visitor.cookie_header(), "session=abc");
        visitor.keep("session=; Max-Age=0");
        assert_eq!(visitor.cookie_header(), "");
    }
}
