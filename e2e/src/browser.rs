//! A real browser with a fresh profile, driven through WebDriver.

use std::io::{BufRead, BufReader};
use std::ops::Deref;
use std::os::unix::process::CommandExt as _;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use fantoccini::elements::Element;
use fantoccini::wd::{Capabilities, WebDriverCompatibleCommand};
use fantoccini::{Client, ClientBuilder, Locator};
use hyper_util::client::legacy::connect::HttpConnector;

/// How long a page is waited for.
const PATIENCE: Duration = Duration::from_secs(3);

/// No window, no sandbox (tests run as root in containers), and nothing that calls out by itself.
const FLAGS: &[&str] = &[
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
    "--window-size=1280,1000",
];

/// Chromium and its driver. Both end, and the profile is gone, when this goes out of scope.
pub struct Browser {
    client: Client,
    driver: Child,
    _profile: tempfile::TempDir,
}

impl Browser {
    /// Starts both with a fresh profile that prefers `language`.
    ///
    /// # Panics
    /// When they are not installed or do not start; `cargo xtask test` installs them or names what to install.
    pub async fn start(language: &str) -> Self {
        Self::start_with(language, true).await
    }

    /// As [`Browser::start`], for a person who lets no page run a script.
    ///
    /// # Panics
    /// As [`Browser::start`].
    pub async fn start_without_scripts(language: &str) -> Self {
        Self::start_with(language, false).await
    }

    async fn start_with(language: &str, scripts: bool) -> Self {
        let chromedriver = std::env::var("CHROMEDRIVER_BIN").unwrap_or_else(|_| "chromedriver".to_owned());
        let mut driver = Command::new(&chromedriver)
            .arg("--port=0")
            // Its own group, so that the browser which it starts can be ended with it.
            .process_group(0)
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap_or_else(|error| panic!("{chromedriver} does not start ({error}): run `cargo xtask test`"));
        let mut said = BufReader::new(driver.stdout.take().expect("piped")).lines().map_while(Result::ok);
        let port: u16 = said
            .find_map(|line| line.rsplit_once("successfully on port ")?.1.trim_end_matches('.').parse().ok())
            .expect("the driver says its port");
        // Whoever does not read what a program says, stops it in the end.
        std::thread::spawn(move || said.for_each(drop));

        let profile = tempfile::tempdir().expect("a temporary folder");
        let client = ClientBuilder::new(HttpConnector::new())
            .capabilities(capabilities(profile.path(), language, scripts))
            .connect(&format!("http://127.0.0.1:{port}"))
            .await;
        match client {
            Ok(client) => Self { client, driver, _profile: profile },
            Err(error) => {
                end(&mut driver);
                panic!("the browser does not start: {error}");
            }
        }
    }

    /// Opens an address.
    ///
    /// # Panics
    /// When the browser cannot.
    pub async fn open(&self, address: &str) {
        self.client.goto(address).await.expect("the address opens");
    }

    /// Follows the link, or presses the button, that has this text.
    ///
    /// # Panics
    /// When there is none.
    pub async fn press(&self, text: &str) {
        let path = format!("(//a[normalize-space()={text:?}] | //button[normalize-space()={text:?}])[1]");
        // A page may still be making way for the next when it is found; then what was found is gone, and is looked for again.
        for again in (0..5).rev() {
            let found = self.found(&path).await;
            let Some(found) = found else { panic!("nothing to press says {text:?}:\n{}", self.text().await) };
            match found.click().await {
                Ok(_) => return,
                Err(error) => assert!(again > 0, "it cannot be pressed: {error}"),
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    }

    /// Writes into the field whose label has this text, as a person finds it.
    ///
    /// # Panics
    /// When there is no such label, or it belongs to no field.
    pub async fn write(&self, label: &str, text: &str) {
        let path = format!("//*[@id=(//label[starts-with(normalize-space(),{label:?})]/@for)]");
        let found = self.found(&path).await;
        let Some(field) = found else { panic!("no field is labelled {label:?}:\n{}", self.text().await) };
        field.clear().await.expect("it can be emptied");
        field.send_keys(text).await.expect("it can be written into");
    }

    /// What stands at a place of the page; a page that is on its way is waited for.
    async fn found(&self, path: &str) -> Option<Element> {
        let found =
            self.client.wait().at_most(PATIENCE).every(Duration::from_millis(50)).for_element(Locator::XPath(path));
        found.await.ok()
    }

    /// Sets the date field whose label has this text. How a date is typed depends on the browser's language, so the keys are
    /// not: the field gets the value that any of them would give it.
    ///
    /// # Panics
    /// When there is no such field.
    pub async fn set_date(&self, label: &str, day: &str) {
        let script = "const label = [...document.querySelectorAll('label')].find(l => l.checkVisibility() && l.textContent.trim().startsWith(arguments[0]));
            const field = label && document.getElementById(label.htmlFor); if (field) field.value = arguments[1]; return !!field;";
        let done = self.run(script, &[label.into(), day.into()]).await;
        assert!(done == true, "no date field is labelled {label:?}:\n{}", self.text().await);
    }

    /// Chooses the option that has this text in the list whose label begins with `label`.
    ///
    /// # Panics
    /// When there is none.
    pub async fn choose(&self, label: &str, option: &str) {
        let path = format!(
            "//select[@id=(//label[starts-with(normalize-space(),{label:?})]/@for)]/option[normalize-space()={option:?}]"
        );
        let found = self.found(&path).await;
        let Some(option) = found else { panic!("no list {label:?} offers {option:?}:\n{}", self.text().await) };
        option.click().await.expect("it can be chosen");
    }

    /// Where the browser is: path, query and fragment.
    ///
    /// # Panics
    /// When it is nowhere.
    pub async fn path(&self) -> String {
        let address = self.client.current_url().await.expect("an address");
        let query = address.query().map(|query| format!("?{query}")).unwrap_or_default();
        let fragment = address.fragment().map(|fragment| format!("#{fragment}")).unwrap_or_default();
        format!("{}{query}{fragment}", address.path())
    }

    /// Runs a script in the page, as its inspector would, and gives what it returns. The pages themselves have none.
    ///
    /// # Panics
    /// When it throws.
    pub async fn run(&self, script: &str, arguments: &[serde_json::Value]) -> serde_json::Value {
        self.client.execute(script, arguments.to_vec()).await.expect("the script runs")
    }

    /// A command of the browser's own protocol, e.g. `Emulation.setEmulatedMedia`.
    ///
    /// # Panics
    /// When it does not know it.
    pub async fn ask(&self, command: &'static str, parameters: serde_json::Value) -> serde_json::Value {
        self.client.issue_cmd(Own { command, parameters }).await.expect("the browser does as asked")
    }

    /// What a person can read on the page.
    ///
    /// # Panics
    /// When the page has no body.
    pub async fn text(&self) -> String {
        // In one step: an element that is found first may be gone with its page when its text is asked for.
        let text = self.run("return document.body ? document.body.innerText : ''", &[]).await;
        text.as_str().unwrap_or_default().to_owned()
    }

    /// Goes on when the page says all of `texts`; a page that is on its way is waited for.
    ///
    /// # Panics
    /// When one is missing.
    pub async fn says(&self, texts: &[&str]) {
        let begun = Instant::now();
        loop {
            let page = self.text().await;
            let Some(missing) = texts.iter().find(|text| !page.contains(**text)) else { return };
            assert!(begun.elapsed() < PATIENCE, "the page does not say {missing:?}:\n{page}");
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }

    /// Ends the session in order, so that the browser is gone before its profile is.
    pub async fn close(self) {
        let _ = self.client.clone().close().await;
    }
}

impl Deref for Browser {
    type Target = Client;
    fn deref(&self) -> &Client {
        &self.client
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        end(&mut self.driver);
    }
}

/// A command that only Chromium knows.
#[derive(Debug)]
struct Own {
    command: &'static str,
    parameters: serde_json::Value,
}

impl WebDriverCompatibleCommand for Own {
    fn endpoint(&self, base: &url::Url, session: Option<&str>) -> Result<url::Url, url::ParseError> {
        base.join(&format!("session/{}/goog/cdp/execute", session.unwrap_or_default()))
    }

    fn method_and_body(&self, _: &url::Url) -> (ureq::http::Method, Option<String>) {
        let body = serde_json::json!({ "cmd": self.command, "params": self.parameters });
        (ureq::http::Method::POST, Some(body.to_string()))
    }
}

/// Ends the driver and the browser that it started. A driver that is killed alone leaves its browser running, and a test that
/// fails ends no session.
fn end(driver: &mut Child) {
    let _ = Command::new("kill").args(["-KILL", "--", &format!("-{}", driver.id())]).status();
    let _ = driver.wait();
}

fn capabilities(profile: &Path, language: &str, scripts: bool) -> Capabilities {
    let mut flags: Vec<String> = FLAGS.iter().map(|flag| (*flag).to_owned()).collect();
    flags.push(format!("--user-data-dir={}", profile.display()));
    flags.push(format!("--lang={language}"));
    let mut options = serde_json::json!({ "args": flags, "prefs": { "intl.accept_languages": language } });
    if !scripts {
        // 2 is «block»; 1 would be «allow».
        options["prefs"]["profile.managed_default_content_settings.javascript"] = 2.into();
    }
    if let Ok(chromium) = std::env::var("CHROMIUM_BIN") {
        options["binary"] = chromium.into();
    }
    [("goog:chromeOptions".to_owned(), options)].into_iter().collect()
}
