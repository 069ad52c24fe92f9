//! A real browser with a fresh profile, driven through WebDriver.

use std::io::{BufRead, BufReader};
use std::ops::Deref;
use std::os::unix::process::CommandExt as _;
use std::path::Path;
use std::process::{Child, Command, Stdio};

use fantoccini::wd::Capabilities;
use fantoccini::{Client, ClientBuilder, Locator};
use hyper_util::client::legacy::connect::HttpConnector;

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
            .capabilities(capabilities(profile.path(), language))
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
        let found = self.client.find(Locator::XPath(&path)).await;
        let Ok(found) = found else { panic!("nothing to press says {text:?}:\n{}", self.text().await) };
        found.click().await.expect("it can be pressed");
    }

    /// Writes into the field whose label has this text, as a person finds it.
    ///
    /// # Panics
    /// When there is no such label, or it belongs to no field.
    pub async fn write(&self, label: &str, text: &str) {
        let path = format!("//*[@id=(//label[starts-with(normalize-space(),{label:?})]/@for)]");
        let found = self.client.find(Locator::XPath(&path)).await;
        let Ok(field) = found else { panic!("no field is labelled {label:?}:\n{}", self.text().await) };
        field.clear().await.expect("it can be emptied");
        field.send_keys(text).await.expect("it can be written into");
    }

    /// What a person can read on the page.
    ///
    /// # Panics
    /// When the page has no body.
    pub async fn text(&self) -> String {
        let body = self.client.find(Locator::Css("body")).await.expect("a page");
        body.text().await.expect("a text")
    }

    /// Goes on when the page says all of `texts`.
    ///
    /// # Panics
    /// When one is missing.
    pub async fn says(&self, texts: &[&str]) {
        let page = self.text().await;
        for text in texts {
            assert!(page.contains(text), "the page does not say {text:?}:\n{page}");
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

/// Ends the driver and the browser that it started. A driver that is killed alone leaves its browser running, and a test that
/// fails ends no session.
fn end(driver: &mut Child) {
    let _ = Command::new("kill").args(["-KILL", "--", &format!("-{}", driver.id())]).status();
    let _ = driver.wait();
}

fn capabilities(profile: &Path, language: &str) -> Capabilities {
    let mut flags: Vec<String> = FLAGS.iter().map(|flag| (*flag).to_owned()).collect();
    flags.push(format!("--user-data-dir={}", profile.display()));
    flags.push(format!("--lang={language}"));
    let mut options = serde_json::json!({ "args": flags, "prefs": { "intl.accept_languages": language } });
    if let Ok(chromium) = std::env::var("CHROMIUM_BIN") {
        options["binary"] = chromium.into();
    }
    [("goog:chromeOptions".to_owned(), options)].into_iter().collect()
}
