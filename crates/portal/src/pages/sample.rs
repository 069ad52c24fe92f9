//! A small agreement for the tests of the pages, and what several of them ask of a page.

use agreement::Agreement;
use terms::{Language, ServiceName};

use crate::pages::labels::Labels;

pub const TEXT: &str = r#"# Avtal om biblioteket {#agreement}

```toml
[agreement]
service = "library"
title = { sv = "Biblioteksavtal", en = "Library agreement" }
version = "3"
language = "sv"
published = { not-found = "när versionen publicerades" }

[party.controller]
name = { not-found = "kundens namn" }
registration-number = { not-found = "kundens nummer" }

[party.processor]
name = "Bokbiträdet AB"
registration-number = "556000-0001"
```

## 1 Start {#start}

Det börjar när det <b onclick="x">undertecknas</b>.

```toml
[in-force]
from = "undertecknandet"
otherwise = "refuse"
changed-by = "both-parties"
```

## 2 Ändamål {#purposes}

Lån och hjälp, inget annat.

```toml
[purpose.lend]
label = { sv = "låna ut", en = "lend" }

[purpose.help]
label = { sv = "hjälpa", en = "help" }

[purposes]
otherwise = "refuse"
changed-by = "both-parties"
```

## 3 Uppgifter {#data}

### 3.1 Vilka {#which}

```toml
[subject.reader]
label = { sv = "Låntagare", en = "Readers" }

[category.name]
label = { sv = "Namn", en = "Name" }

[category.loans]
label = { sv = "Lån", en = "Loans" }

[category.matter]
label = { sv = "Ärende", en = "Matter" }

[[declares]]
subject = "reader"
categories = ["name", "loans", "matter"]
```

### 3.2 Inga andra {#no-other}

Bara det som står i 3.1.

```toml
[categories]
otherwise = "refuse"
changed-by = "controller"
```

## 4 Åtkomst {#access}

Den som behöver.

```toml
[access]
otherwise = "refuse"
changed-by = "controller"

[role.librarian]
label = { sv = "Bibliotekarie", en = "Librarian" }
side = "controller"
administers = true

[role.support]
label = { sv = "Support", en = "Support" }
side = "processor"
provenance = "set by the operator"
why = "texten nämner inga roller"

[[may]]
role = "librarian"
verbs = ["collect", "alter", "consult"]
purpose = "lend"
subject = "reader"
categories = "declared"

[[may]]
role = "support"
verbs = ["consult"]
purpose = "help"
subject = "reader"
categories = ["name"]
within = "case:question"

[case.question]
label = { sv = "Fråga", en = "Question" }
opened-by = ["librarian"]
purpose = "help"
kind = "question"

[accounts]
personal = true
shared = "refuse"
second-factor = ["processor"]
changed-by = "administrator"
```

## 5 Logg {#log}

```toml
[logging]
access = "every request"
shown-to = ["librarian"]
keep = { not-found = "hur länge loggen sparas" }
```

## 6 Underbiträden {#others}

```toml
[subprocessors]
otherwise = "refuse"
changed-by = "processor"

[[subprocessor]]
id = "shelf"
name = "Hyllan AB"
task = { sv = "lagring", en = "storage" }
country = "SE"
place = { not-found = "orten" }
categories = { not-found = "vilka uppgifter" }
hosts = []

[[subprocessor]]
id = "cloud"
name = "=Molnet"
task = { sv = "utskick", en = "mailings" }
country = { not-found = "landet" }
place = "Europa"
categories = ["name"]
hosts = []
flag = "Platsen är vag."
```
"#;

/// The agreement, read.
pub fn agreement() -> Agreement {
    Agreement::read("sample.sv.md", TEXT).unwrap_or_else(|faults| panic!("{faults}"))
}

/// Its service.
pub fn service() -> ServiceName {
    ServiceName::new("library").unwrap()
}

/// Labels of it in a language.
pub fn labels<'a>(agreement: &'a Agreement, language: Language) -> Labels<'a> {
    Labels { language, service: agreement.service(), agreement: Some(agreement) }
}

/// Fails unless every link to a clause leads to one, and every number after *punkt* or *clause* is that of a clause.
pub fn check_clauses(agreement: &Agreement, html: &str) {
    let mut links = 0;
    for part in html.split("/avtal#").skip(1) {
        let id = part.split('"').next().unwrap();
        assert!(agreement.clauses().iter().any(|clause| clause.id.as_str() == id), "no clause `{id}`");
        links += 1;
    }
    assert!(links > 0, "a page that names no clause proves nothing");
    for word in [">punkt ", ">clause "] {
        for part in html.split(word).skip(1) {
            let number = part.split('<').next().unwrap();
            assert!(agreement.clauses().iter().any(|clause| clause.number == number), "no clause numbered `{number}`");
        }
    }
}

/// The level of every heading in order; fails where one is left out.
pub fn check_headings(html: &str) {
    let levels: Vec<u8> = html
        .match_indices("<h")
        .filter_map(|(at, _)| {
            html.as_bytes().get(at + 2).filter(|digit| digit.is_ascii_digit()).map(|digit| digit - b'0')
        })
        .collect();
    let mut before = 1;
    for level in levels {
        assert!(level <= before + 1, "h{level} after h{before}");
        before = level;
    }
}
