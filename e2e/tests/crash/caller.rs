//! Somebody who calls the interface for programs with the cookie of a session. Cookie and token outlive the program.

use std::time::Duration;

use e2e::Visitor;
use serde_json::Value as Json;
use ureq::Agent;

/// A program that answers nothing for so long hangs, and that is a fault of its own.
const ANSWER_WITHIN: Duration = Duration::from_secs(20);

/// What came back, whole.
pub struct Reply {
    pub status: u16,
    pub json: Json,
}

/// One person's session.
pub struct Caller {
    agent: Agent,
    address: String,
    cookie: String,
    token: String,
}

/// A person of the demo, entered by the one click that its first page offers.
pub struct Entered {
    pub cookie: String,
    pub token: String,
    pub person: String,
}

pub fn enter(address: &str, name: &str) -> Entered {
    let mut visitor = Visitor::new(address);
    let first = visitor.get("/").with_status(200);
    let (_, card) = first.body.split_once(&format!("<h4>{name}</h4>")).expect("a card with that name");
    let person = card.split_once("name=\"person\" value=\"").expect("a form in the card").1;
    let person = person.split('"').next().unwrap_or_default().to_owned();
    let home = visitor.post("/demo/enter", &[("person", &person)]).with_status(200);
    let fields = home.forms().into_iter().flat_map(|form| form.fields);
    let token = fields.into_iter().find(|(name, _)| name == "csrf").expect("a form with the session's token").1;
    Entered { cookie: visitor.cookies()["session"].clone(), token, person }
}

impl Caller {
    pub fn new(entered: &Entered, address: &str) -> Self {
        let config = Agent::config_builder().http_status_as_error(false).timeout_global(Some(ANSWER_WITHIN)).build();
        Self {
            agent: config.new_agent(),
            address: address.to_owned(),
            cookie: format!("session={}", entered.cookie),
            token: entered.token.clone(),
        }
    }

    /// The program was started again and listens elsewhere. Connections to the one that is gone are forgotten with the agent.
    pub fn goes_to(&mut self, address: &str) {
        let config = self.agent.config().clone();
        self.agent = config.new_agent();
        address.clone_into(&mut self.address);
    }

    /// Reads. `None` when the program was gone before all of the answer was here.
    pub fn get(&self, path: &str, headers: &[(&str, &str)]) -> Option<Reply> {
        let mut request = self.agent.get(format!("{}{path}", self.address)).header("cookie", &self.cookie);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        whole(path, request.call())
    }

    /// Writes a new record.
    pub fn post(&self, path: &str, once: &str, body: &Json) -> Option<Reply> {
        let request = self.agent.post(format!("{}{path}", self.address));
        let request = request.header("cookie", &self.cookie).header("x-csrf", &self.token);
        whole(path, request.header("idempotency-key", once).send(body.to_string()))
    }

    /// Alters a record of the version that was seen.
    pub fn put(&self, path: &str, once: &str, version: u64, body: &Json) -> Option<Reply> {
        let request = self.agent.put(format!("{}{path}", self.address));
        let request = request.header("cookie", &self.cookie).header("x-csrf", &self.token);
        let request = request.header("if-match", format!("\"{version}\""));
        whole(path, request.header("idempotency-key", once).send(body.to_string()))
    }
}

fn whole(path: &str, answer: Result<ureq::http::Response<ureq::Body>, ureq::Error>) -> Option<Reply> {
    let mut answer = match answer {
        Ok(answer) => answer,
        Err(ureq::Error::Timeout(_)) => panic!("{path}: no answer within {ANSWER_WITHIN:?}"),
        Err(_) => return None,
    };
    let status = answer.status().as_u16();
    let body = answer.body_mut().read_to_string().ok()?;
    let json = serde_json::from_str(&body).unwrap_or_else(|_| panic!("{path} answered {status}: {body}"));
    Some(Reply { status, json })
}

impl Reply {
    /// Goes on when the status is `status`.
    #[track_caller]
    pub fn with_status(self, status: u16) -> Self {
        assert_eq!(self.status, status, "{}", self.json);
        self
    }

    #[track_caller]
    pub fn text(&self, field: &str) -> &str {
        self.json[field].as_str().unwrap_or_else(|| panic!("no text `{field}`: {}", self.json))
    }

    #[track_caller]
    pub fn version(&self) -> u64 {
        self.json["version"].as_u64().unwrap_or_else(|| panic!("no version: {}", self.json))
    }
}
