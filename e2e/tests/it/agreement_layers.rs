//! A customer's own instruction is added to the folder; from then on its data, and nobody else's, is dealt with under it, and a new
//! text of the provider's keeps it.

use e2e::run_to_end;

use crate::people::{Demo, OTHER_WORKER, WORKER, listed};

const INSTRUCTION: &str = r#"# Instruktion om anteckningar {#head}

Kunden vill inte att daganteckningar läses eller skrivs i tjänsten.

```toml
[layer]
name = "inga-anteckningar"
of = "matcha"
kind = "instruction"
title = { sv = "Instruktion om anteckningar", en = "Instruction on notes" }
version = "1"
language = "sv"
from = "2026-01-01"
accepted-by = ["controller"]
```

## 1 Inga anteckningar {#no-notes}

```toml
[[may-not]]
categories = ["day-notes"]
```
"#;

#[test]
fn an_instruction_governs_the_customer_that_gave_it_and_no_other() {
    let (demo, services) = Demo::start_on_a_copy();
    let noted = |demo: &Demo, who: &str| {
        let mut worker = demo.enter(who);
        let notes = listed(&mut worker, "/matcha/daganteckningar");
        notes.first().map(|note| worker.get(note).status)
    };
    let (own, others) = (noted(&demo, WORKER), noted(&demo, OTHER_WORKER));
    assert_eq!((own, others), (Some(200), Some(200)), "both customers read their notes");

    let file = services.with_file_name("instruction.md");
    std::fs::write(&file, INSTRUCTION).expect("it can be written");
    let folder = demo.folder.path();
    let demo = demo.after(&services, || {
        let arguments = [
            "--services",
            services.to_str().unwrap(),
            "--customer",
            "Påhittade Omställningsbyrån AB",
            file.to_str().unwrap(),
        ];
        let (status, said) = run_to_end("add-layer", &folder, &arguments);
        assert!(status.success(), "{said}");
        assert!(said.contains("inga-anteckningar"), "{said}");
    });
    let refused = demo.enter(WORKER).get("/matcha/daganteckningar");
    assert_eq!(refused.status, 403);
    refused.says(&["En instruktion eller punkt förbjuder det", "Inga anteckningar"]);
    assert_eq!(noted(&demo, OTHER_WORKER), Some(200), "the other customer's notes go on");
    assert!(!demo.said_of_the_change(), "a start with the same agreement changes nothing");

    // The provider changes its text; the instruction stays.
    let demo = demo.after(&services, || {
        let agreement = services.join("matcha/agreement.sv.md");
        let text = std::fs::read_to_string(&agreement).unwrap();
        std::fs::write(&agreement, format!("{text}\n## Z Tillagt {{#added}}\n\nEn punkt till.\n")).unwrap();
    });
    assert_eq!(demo.enter(WORKER).get("/matcha/daganteckningar").status, 403);
    demo.end_well();
}
