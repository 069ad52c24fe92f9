//! Somebody at a desk with a keyboard and a language: logs in by typing, and looks at every page on the way with axe-core.

use core::ops::Deref;

use e2e::{Browser, Visitor};
use jiff::civil::Date;
use jiff::{ToSpan, Zoned};

use crate::people::Demo;

/// A desk.
pub struct Desk {
    browser: Browser,
    here: String,
    language: &'static str,
    faults: Vec<String>,
    seen: usize,
}

impl Desk {
    /// A desk with a browser that prefers this language, `sv` or `en`.
    pub async fn of(demo: &Demo, language: &'static str) -> Self {
        let browser = Browser::start(language).await;
        Self { browser, here: demo.address().to_owned(), language, faults: Vec::new(), seen: 0 }
    }

    /// What stands on the page in this desk's language.
    pub fn t(&self, sv: &'static str, en: &'static str) -> &'static str {
        if self.language == "sv" { sv } else { en }
    }

    /// Logs in by typing alone, as the person of that name in the demo.
    pub async fn log_in(&mut self, demo: &Demo, name: &str) {
        let secrets = demo.secrets(name);
        self.at("/login").await;
        self.fill(self.t("Användarnamn", "User name"), &secrets.login).await;
        self.fill(self.t("Lösenord", "Password"), &secrets.password).await;
        self.press_key(fantoccini::key::Key::Enter, 1).await;
        self.says(&[self.t("Logga ut", "Log out")]).await;
        self.look().await;
    }

    /// Types an address, and looks.
    pub async fn at(&mut self, path: &str) {
        self.open(&format!("{}{path}", self.here)).await;
        self.look().await;
    }

    /// Presses a link or button by keyboard, waits until the page says this, and looks.
    pub async fn goes(&mut self, text: &str, then: &[&str]) {
        self.go(text).await;
        self.says(then).await;
        self.look().await;
    }

    /// Whether anything serious is found on the page that is shown.
    pub async fn look(&mut self) {
        let at = self.path().await;
        let serious = self.serious_faults().await;
        self.seen += 1;
        self.faults.extend(serious.into_iter().map(|fault| format!("{at} ({}): {fault}", self.language)));
    }

    /// Goes away, and says that nothing serious was on any page.
    pub async fn leaves(self) {
        self.browser.close().await;
        assert!(self.seen > 5, "only {} pages were looked at", self.seen);
        assert!(self.faults.is_empty(), "{} faults:\n{}", self.faults.len(), self.faults.join("\n"));
    }
}

impl Deref for Desk {
    type Target = Browser;
    fn deref(&self) -> &Browser {
        &self.browser
    }
}

/// The day so many days from today, as Sweden counts it.
pub fn day(from_today: i64) -> String {
    today().checked_add(from_today.days()).expect("a day").to_string()
}

fn today() -> Date {
    Zoned::now().in_tz("Europe/Stockholm").expect("a place").date()
}

/// Writes a record over the interface and gives its number.
pub fn write(visitor: &mut Visitor, kind: &str, parent: Option<&str>, fields: &[(&str, &str)]) -> String {
    let fields: serde_json::Map<String, serde_json::Value> =
        fields.iter().map(|(name, value)| ((*name).to_owned(), (*value).into())).collect();
    let body = serde_json::json!({ "parent": parent, "fields": fields });
    let body = match parent {
        Some(_) => body.to_string(),
        None => serde_json::json!({ "fields": body["fields"] }).to_string(),
    };
    let answer = visitor.api("POST", &format!("/api/v1/matcha/{kind}"), &[], &body).with_status(201);
    let made: serde_json::Value = serde_json::from_str(&answer.body).expect("JSON");
    made["id"].as_str().expect("an id").to_owned()
}

/// Gives a record another state over the interface.
pub fn state(visitor: &mut Visitor, kind: &str, id: &str, version: u32, state: &str) {
    let seen = format!("\"{version}\"");
    let body = format!(r#"{{"state":"{state}"}}"#);
    drop(visitor.api("PUT", &format!("/api/v1/matcha/{kind}/{id}"), &[("if-match", &seen)], &body).with_status(200));
}
