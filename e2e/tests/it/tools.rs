//! The tools of these tests are tested first: a browser that does not start would otherwise look like a portal that is broken.

use std::io::{Read, Write};
use std::net::TcpListener;

use e2e::{Browser, Visitor};

const PAGE: &str = r#"<!doctype html><html lang="sv"><title>Prov</title><h1>Hej</h1>
<form action="/svar"><label for="n">Namn</label><input id="n" name="namn" value="x"><button>Skicka</button></form></html>"#;

/// A server of one page that answers `count` connections and says what was asked.
fn serve(count: usize) -> (String, std::thread::JoinHandle<Vec<String>>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    let asked = std::thread::spawn(move || {
        let mut asked = Vec::new();
        while asked.len() < count {
            let (mut stream, _) = listener.accept().unwrap();
            let mut bytes = [0; 4096];
            let read = stream.read(&mut bytes).unwrap();
            let line = String::from_utf8_lossy(&bytes[..read]).lines().next().unwrap_or_default().to_owned();
            let head = format!(
                "HTTP/1.1 200 OK\r\ncontent-type: text/html; charset=utf-8\r\ncontent-length: {}\r\n",
                PAGE.len()
            );
            stream.write_all(format!("{head}set-cookie: a=1\r\nconnection: close\r\n\r\n{PAGE}").as_bytes()).unwrap();
            if !line.is_empty() && !line.contains("favicon") {
                asked.push(line);
            }
        }
        asked
    });
    (address, asked)
}

#[test]
fn a_visitor_fills_in_a_form() {
    let (address, asked) = serve(2);
    let mut visitor = Visitor::new(&address);
    let page = visitor.get("/").with_status(200);
    visitor.submit(&page, "/svar", &[("namn", "Åsa")]);
    assert_eq!(asked.join().unwrap(), ["GET / HTTP/1.1", "POST /svar HTTP/1.1"]);
    assert_eq!(visitor.cookies().get("a").map(String::as_str), Some("1"));
}

#[tokio::test]
async fn a_browser_fills_in_a_form() {
    let (address, asked) = serve(2);
    let browser = Browser::start("sv").await;
    browser.open(&address).await;
    browser.says(&["Hej"]).await;
    browser.write("Namn", "Asa").await;
    browser.press("Skicka").await;
    assert_eq!(asked.join().unwrap(), ["GET / HTTP/1.1", "GET /svar?namn=Asa HTTP/1.1"]);
    browser.close().await;
}
