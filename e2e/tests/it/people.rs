//! The demo with its made-up people, entered as its first page offers it or logged in with what its list of passwords says.

use std::path::PathBuf;

use e2e::{Browser, Folder, Program, Visitor};

/// A case worker of the first customer.
pub const WORKER: &str = "Sara Nyberg";
/// A unit head of the first customer.
pub const UNIT_HEAD: &str = "Örjan Malmqvist";
/// The administrator of the first customer.
pub const ADMINISTRATOR: &str = "Birgitta Ekholm";
/// A case worker of the other customer.
pub const OTHER_WORKER: &str = "Jonas Sköld";
/// The administrator of the other customer.
pub const OTHER_ADMINISTRATOR: &str = "Lars-Åke Hedman";
/// Support at the provider.
pub const SUPPORT: &str = "Malin Thörn";
/// Operations at the provider.
pub const OPERATIONS: &str = "Tomas Hållén";
/// The privacy lead of the provider.
pub const PRIVACY_LEAD: &str = "Ulrika Brännström";

/// A demo of one test's own.
pub struct Demo {
    pub program: Program,
    pub folder: Folder,
}

/// What a person logs in with.
pub struct Secrets {
    pub login: String,
    pub password: String,
    /// The secret of the second factor in base32.
    pub totp: Option<String>,
}

impl Demo {
    pub fn start() -> Self {
        let folder = Folder::fresh();
        Self { program: Program::demo(&folder.path(), &[]), folder }
    }

    /// With a copy of Matcha's folder, which the test may change.
    pub fn start_on_a_copy() -> (Self, PathBuf) {
        let folder = Folder::fresh();
        let services = folder.services("matcha");
        (Self { program: Self::with(&folder, &services), folder }, services)
    }

    /// Stops the program, does something to the folder of services, and starts it again on the same data.
    pub fn after(self, services: &std::path::Path, change: impl FnOnce()) -> Self {
        let Self { program, folder } = self;
        program.stop();
        change();
        Self { program: Self::with(&folder, services), folder }
    }

    fn with(folder: &Folder, services: &std::path::Path) -> Program {
        Program::demo(&folder.path(), &["--services", services.to_str().expect("a path in UTF-8")])
    }

    pub fn address(&self) -> &str {
        self.program.address()
    }

    pub fn stranger(&self) -> Visitor {
        Visitor::new(self.address())
    }

    /// Enters with the one click that the first page offers.
    pub fn enter(&self, name: &str) -> Visitor {
        let mut visitor = self.stranger();
        let first = visitor.get("/").with_status(200);
        let (_, card) = first.body.split_once(&format!("<h4>{name}</h4>")).expect("a card with that name");
        let (_, person) = card.split_once("name=\"person\" value=\"").expect("a form in the card");
        let person = person.split('"').next().unwrap_or_default();
        let home = visitor.post("/demo/enter", &[("person", person)]).with_status(200);
        // The first page of the service whose person it is.
        let service = home.path.trim_matches('/');
        assert!(!service.is_empty() && home.path == format!("/{service}/") && !service.contains('/'), "{}", home.path);
        visitor
    }

    /// What the list on the first page says of this person.
    pub fn secrets(&self, name: &str) -> Secrets {
        let first = self.stranger().get("/").with_status(200);
        let (_, row) = first.body.split_once(&format!("<th scope=\"row\">{name}</th>")).expect("a row with that name");
        let row = row.split("</tr>").next().unwrap_or_default();
        let mut codes =
            row.split("<code>").skip(1).filter_map(|piece| piece.split("</code>").next()).map(str::to_owned);
        Secrets {
            login: codes.next().expect("a name to log in with"),
            password: codes.next().expect("a password"),
            totp: codes.next(),
        }
    }

    /// Whether the program told at its start that the agreement changed.
    pub fn said_of_the_change(&self) -> bool {
        self.program.said().contains("The agreement of `matcha` changed")
    }

    /// Ends in order, and says that nothing of the program broke on the way.
    pub fn end_well(self) {
        let said = self.program.said();
        for word in ["panicked", "ERROR"] {
            assert!(!said.contains(word), "the program said:\n{said}");
        }
        self.program.stop();
    }
}

impl Secrets {
    /// Logs in as a program that is no demo wants it: with name, password and, where there is one, the code of now.
    pub fn log_in(&self, address: &str) -> Visitor {
        let mut visitor = Visitor::new(address);
        let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).expect("after 1970").as_secs();
        let code = self.totp.as_ref().map(|secret| crate::one_time_code::code(secret, now)).unwrap_or_default();
        let fields = [("login", self.login.as_str()), ("password", &self.password), ("code", &code)];
        let home = visitor.post("/login", &fields).with_status(200);
        assert_eq!(home.path, "/matcha/", "{}", home.body);
        visitor
    }
}

/// Enters in a browser with the one click that the first page offers.
pub async fn enter(browser: &Browser, address: &str, name: &str) {
    browser.open(address).await;
    let enter = format!("Gå in som {name}");
    // The people of a service stand folded away beside the first.
    let folded = format!("//details[not(@open)][.//button[normalize-space()={enter:?}]]/summary");
    if let Ok(summary) = browser.find(fantoccini::Locator::XPath(&folded)).await {
        summary.click().await.expect("it can be pressed");
    }
    browser.press(&enter).await;
    browser.says(&["Logga ut", "Hit kan du gå"]).await;
}

/// Logs out in a browser, and waits until that is so.
pub async fn leave(browser: &Browser) {
    browser.press("Logga ut").await;
    browser.says(&["Öppet för alla, utan inloggning"]).await;
}

/// The addresses of the records that a list shows, in its order.
pub fn listed(visitor: &mut Visitor, path: &str) -> Vec<String> {
    let page = visitor.get(path).with_status(200);
    let begin = format!("{}/", path.split('?').next().unwrap_or(path));
    page.links().into_iter().filter(|link| is_record(link.strip_prefix(&begin).unwrap_or_default())).collect()
}

/// The address of the record that a list shows under this name.
pub fn called(visitor: &mut Visitor, path: &str, name: &str) -> String {
    let page = visitor.get(path).with_status(200);
    let (before, _) = page.body.split_once(&format!(">{name}</a>")).unwrap_or_else(|| panic!("{path} has no {name}"));
    let link = before.rsplit("href=\"").next().expect("an address");
    link.split('"').next().expect("it ends").to_owned()
}

fn is_record(text: &str) -> bool {
    text.len() == 32 && text.bytes().all(|byte| byte.is_ascii_hexdigit())
}

/// The number of a record: the last part of its address.
pub fn number(address: &str) -> &str {
    address.rsplit('/').next().unwrap_or(address)
}
