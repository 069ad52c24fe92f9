//! A person who uses the keyboard alone: Tab, Enter and typing. Nothing here points or clicks; the page is asked only for what has
//! the focus, as the person sees it.

use std::time::Duration;

use fantoccini::actions::{InputSource, KeyAction, KeyActions};
use fantoccini::key::Key;
use serde_json::Value as Json;

use crate::Browser;

/// Presses of Tab that are sent together. What the focus passed on the way is noted, and gone back to.
const TOGETHER: usize = 8;
/// Presses of Tab after which nobody would go on.
const PATIENCE: usize = 2_000;

/// Notes what the focus passes, by what a person calls it.
const NOTE: &str = r"
if (!window.passed) {
  window.passed = [];
  window.calledBy = e => {
    const text = t => (t || '').trim().replace(/\s+/g, ' ');
    if (!e || e === document.body) return null;
    const label = e.labels && e.labels.length ? text(e.labels[0].textContent) : '';
    return { id: e.id, tag: e.tagName.toLowerCase(), type: e.type || '', text: label || text(e.getAttribute('aria-label')) || text(e.textContent) };
  };
  document.addEventListener('focusin', event => window.passed.push(window.calledBy(event.target)));
}
const passed = window.passed.splice(0);
return { passed, now: window.calledBy(document.activeElement) };
";

/// What is looked for.
#[derive(Debug, Clone, Copy)]
enum Goal<'a> {
    /// A link, a button or a summary with this text.
    Pressed(&'a str),
    /// A field whose label is this, whatever small print follows.
    Field(&'a str),
    /// An element of this id.
    Id(&'a str),
}

impl Goal<'_> {
    fn is(self, one: &Json) -> bool {
        let of = |name: &str| one[name].as_str().unwrap_or_default();
        let field = matches!(of("tag"), "input" | "select" | "textarea");
        match self {
            Self::Pressed(text) => !field && of("text") == text,
            Self::Field(label) => {
                let rest = of("text").strip_prefix(label).filter(|_| field);
                rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(' '))
            }
            Self::Id(id) => of("id") == id,
        }
    }
}

impl Browser {
    /// Presses a key so many times where the focus is.
    ///
    /// # Panics
    /// When the browser does not take keys.
    pub async fn press_key(&self, key: Key, times: usize) {
        self.strike(&[], &String::from(char::from(key)).repeat(times)).await;
    }

    /// Types where the focus is.
    ///
    /// # Panics
    /// When the browser does not take keys.
    pub async fn type_keys(&self, text: &str) {
        self.strike(&[], text).await;
    }

    /// Selects all that stands in the field that has the focus, to be typed over.
    ///
    /// # Panics
    /// When the browser does not take keys.
    pub async fn select_all(&self) {
        self.strike(&[Key::Control], "a").await;
    }

    async fn strike(&self, held: &[Key], text: &str) {
        let mut keys = KeyActions::new("keyboard".to_owned());
        for key in held {
            keys = keys.then(KeyAction::Down { value: char::from(*key) });
        }
        for value in text.chars() {
            keys = keys.then(KeyAction::Down { value }).then(KeyAction::Up { value });
        }
        for key in held {
            keys = keys.then(KeyAction::Up { value: char::from(*key) });
        }
        self.perform_actions(keys).await.expect("keys can be struck");
    }

    /// Goes on with Tab, round the page once, until the focus is on a link or button with this text, and presses Enter.
    ///
    /// # Panics
    /// When Tab never comes to it.
    pub async fn go(&self, text: &str) {
        self.tab_to(Goal::Pressed(text)).await;
        self.press_key(Key::Enter, 1).await;
        tokio::time::sleep(Duration::from_millis(60)).await;
    }

    /// Goes with Tab to an element of this id.
    ///
    /// # Panics
    /// When Tab never comes to it.
    pub async fn tab_to_id(&self, id: &str) {
        self.tab_to(Goal::Id(id)).await;
    }

    /// Goes with Tab to the field whose label begins so, and types over what stands there.
    ///
    /// # Panics
    /// When Tab never comes to it.
    pub async fn fill(&self, label: &str, text: &str) {
        self.tab_to(Goal::Field(label)).await;
        self.select_all().await;
        self.type_keys(text).await;
    }

    /// Goes with Tab to a list, and types the option's first letters as lists take them.
    ///
    /// # Panics
    /// When Tab never comes to it, or the list stands at another option after that.
    pub async fn fill_choice(&self, label: &str, option: &str) {
        self.tab_to(Goal::Field(label)).await;
        self.type_keys(option).await;
        let script =
            "const e = document.activeElement; return e.selectedOptions ? e.selectedOptions[0].textContent.trim() : ''";
        let chosen = self.run(script, &[]).await;
        assert_eq!(chosen, option, "the list {label:?} stands at another option");
    }

    /// Goes with Tab to a field for a day, and types it part by part in the order that the browser's language has.
    ///
    /// # Panics
    /// When Tab never comes to it, or the day cannot be typed.
    pub async fn fill_day(&self, label: &str, day: &str) {
        self.tab_to(Goal::Field(label)).await;
        let parts: Vec<&str> = day.split('-').collect();
        let [year, month, of_month] = parts[..] else { panic!("{day} is no day") };
        let right = String::from(char::from(Key::Right));
        // A year is as many digits as the field takes at most; where that is more than four, one goes on to the month oneself.
        let orders = [
            format!("{year}{month}{of_month}"),
            format!("{year}{right}{month}{of_month}"),
            format!("{month}{of_month}{year}"),
            format!("{of_month}{month}{year}"),
        ];
        let mut stood = Vec::new();
        for typed in orders {
            self.to_first_part().await;
            self.type_keys(&typed).await;
            let script = "const e = document.activeElement; return e.type === 'date' ? e.value : 'no date field'";
            let stands = self.run(script, &[]).await;
            if stands == day {
                return;
            }
            stood.push(stands);
        }
        panic!("{day} cannot be typed into {label:?}: {stood:?}");
    }

    /// Goes with Tab to the field for a file whose label begins so, and names the file.
    ///
    /// # Panics
    /// When Tab never comes to it.
    pub async fn hand_in(&self, label: &str, file: &std::path::Path) {
        self.tab_to(Goal::Field(label)).await;
        let field = self.active_element().await.expect("the focus is somewhere");
        field.send_keys(&file.display().to_string()).await.expect("it takes a file");
    }

    /// A field for a day is several stops of Tab: goes out of it backwards, and in again.
    async fn to_first_part(&self) {
        let field = self.noted().await["now"].clone();
        for _ in 0..6 {
            self.strike(&[Key::Shift], &String::from(char::from(Key::Tab))).await;
            if self.noted().await["now"] != field {
                break;
            }
        }
        self.press_key(Key::Tab, 1).await;
    }

    async fn tab_to(&self, goal: Goal<'_>) {
        let begun = self.noted().await;
        if goal.is(&begun["now"]) {
            return;
        }
        let mut all = Vec::new();
        while all.len() < PATIENCE {
            self.press_key(Key::Tab, TOGETHER).await;
            let noted = self.noted().await;
            let passed = noted["passed"].as_array().cloned().unwrap_or_default();
            if let Some(place) = passed.iter().position(|one| goal.is(one)) {
                // Back, and once or twice more where the focus left the page at its end on the way.
                let mut back = passed.len() - 1 - place;
                let mut now = noted["now"].clone();
                for _ in 0..12 {
                    if back > 0 {
                        self.strike(&[Key::Shift], &String::from(char::from(Key::Tab)).repeat(back)).await;
                        now = self.noted().await["now"].clone();
                    }
                    if passed.get(place) == Some(&now) {
                        return;
                    }
                    back = 1;
                }
                panic!("{goal:?} was passed and is not gone back to: {now}");
            }
            // Around once and met nothing: nobody goes round again.
            let again = !all.is_empty() && passed.iter().any(|one| Some(one) == all.first());
            all.extend(passed);
            if again && all.len() > TOGETHER * 2 {
                break;
            }
        }
        let names: Vec<&str> = all.iter().filter_map(|one| one["text"].as_str()).collect();
        panic!("Tab does not come to {goal:?} at {}: {names:?}\n{}", self.path().await, self.text().await);
    }

    async fn noted(&self) -> Json {
        // A page that is making way for the next has no answer for a moment.
        for _ in 0..20 {
            if let Ok(noted) = self.execute(NOTE, Vec::new()).await {
                return noted;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        panic!("the page does not say what has the focus");
    }
}
