//! A program of somebody else's, in Rust, that keeps a service's records over the interface with a key of its own: reads a list to
//! its end, writes once however often it is asked, changes what it has seen, and tells a refusal by its clause.
//!
//! `client http://127.0.0.1:8080 /api/v1/matcha/deltagare < key`. It knows HTTP and JSON and nothing of Betrodd's rooms; a test
//! runs it, so that it stays an example that works.

use std::error::Error;
use std::io::Read;

use serde_json::{Value, json};
use ureq::Agent;
use ureq::http::{Request, Response};

/// The interface of one kind of record, with a key.
struct Records {
    agent: Agent,
    address: String,
    path: String,
    key: String,
}

/// What was answered: the status, a header where it was asked for, and the body.
struct Answer {
    status: u16,
    version: Option<String>,
    next: Option<String>,
    body: Value,
}

impl Records {
    fn ask(&self, method: &str, path: &str, headers: &[(&str, &str)], body: &Value) -> Result<Answer, Box<dyn Error>> {
        let mut request = Request::builder()
            .method(method)
            .uri(format!("{}{path}", self.address))
            .header("authorization", format!("Bearer {}", self.key))
            .header("accept-language", "en")
            .header("content-type", "application/json");
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let mut response: Response<ureq::Body> = match body {
            Value::Null => self.agent.run(request.body(())?)?,
            body => self.agent.run(request.body(body.to_string())?)?,
        };
        let header = |name: &str| Some(response.headers().get(name)?.to_str().ok()?.to_owned());
        let (version, link) = (header("etag"), header("link"));
        // `<…>; rel="next"`: where the list goes on.
        let next = link.and_then(|link| Some(link.strip_prefix('<')?.split_once('>')?.0.to_owned()));
        let text = response.body_mut().read_to_string()?;
        let body = if text.is_empty() { Value::Null } else { serde_json::from_str(&text)? };
        Ok(Answer { status: response.status().as_u16(), version, next, body })
    }

    /// How many records there are for whoever holds the key, page by page.
    fn count(&self) -> Result<usize, Box<dyn Error>> {
        let (mut count, mut at) = (0, Some(format!("{}?limit=25", self.path)));
        while let Some(path) = at {
            let answer = self.ask("GET", &path, &[], &Value::Null)?;
            count += answer.body["items"].as_array().map_or(0, Vec::len);
            at = answer.next;
        }
        Ok(count)
    }
}

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let (Some(address), Some(path)) = (arguments.next(), arguments.next()) else {
        return Err("client ADDRESS PATH < KEY".into());
    };
    let mut key = String::new();
    std::io::stdin().read_to_string(&mut key)?;
    // Every status is an answer here, also those that say no.
    let agent = Agent::config_builder().http_status_as_error(false).build().into();
    let records = Records { agent, address, path: path.clone(), key: key.trim().to_owned() };
    println!("records: {}", records.count()?);

    // Twice with one key is once: whoever does not know whether a call arrived sends it again.
    // A unit head writes of its own unit; another one is refused, as on a page.
    let new = json!({ "fields": { "given-name": "Prova", "family-name": "Klientsson", "unit": "ka-1001" } });
    let once = [("idempotency-key", "client-example-1")];
    let first = records.ask("POST", &path, &once, &new)?;
    let again = records.ask("POST", &path, &once, &new)?;
    println!("made: {} {}", first.status, first.body["id"] == again.body["id"]);

    // A change names the version that was seen; somebody else's is told as a conflict and not written over.
    let at = format!("{path}/{}", first.body["id"].as_str().unwrap_or_default());
    let read = records.ask("GET", &at, &[], &Value::Null)?;
    let seen = read.version.unwrap_or_default();
    let change = json!({ "fields": { "family-name": "Klientsson-Ek" } });
    let changed = records.ask("PUT", &at, &[("if-match", &seen)], &change)?;
    let late = records.ask("PUT", &at, &[("if-match", &seen)], &change)?;
    println!("changed: {} {}", changed.status, late.status);

    // A refusal is an answer: which clause stands against it, and who can change that.
    let refused = records.ask("POST", &path, &[], &json!({ "fields": { "no-such-field": "x" } }))?;
    println!("refused: {} {} {}", refused.status, refused.body["reason"], refused.body["number"]);
    Ok(())
}
