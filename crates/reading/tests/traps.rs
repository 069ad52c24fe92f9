//! Each oddity that a reading tells, in the smallest text of our own that has it, and a text that has none of them.

#![expect(clippy::unwrap_used, reason = "a test may stop")]

use reading::{Reading, Source, Value};
use terms::Language;

/// An agreement with nothing odd but what every draft lacks: it has a processor with its number, and a named controller.
const SOUND: &str = "Personuppgiftsbiträdesavtal\n\n\
    Personuppgiftsansvarig: Sällskapet Linden\nPersonuppgiftsbiträde: Skolplattan AB, 556677-8899\n\n\
    1 Instruktioner\n1.1 Biträdet får bara behandla personuppgifter enligt den personuppgiftsansvariges dokumenterade instruktioner.\n\
    1.2 Personalen ska ha tystnadsplikt.\n\n\
    2 Incidenter\n2.1 Biträdet ska underrätta den personuppgiftsansvarige om en personuppgiftsincident inom 24 timmar från upptäckt.\n\n\
    3 Underbiträden\n3.1 Biträdet får inte anlita underbiträden utan skriftligt godkännande i förväg.\n\n\
    4 Granskning\n4.1 Den personuppgiftsansvarige får granska biträdet efter 20 dagars varsel.\n\n\
    5 Avslut\n5.1 Vid avtalets upphörande ska biträdet radera eller återlämna personuppgifterna inom 30 dagar.\n";

fn findings(bytes: &[u8]) -> Vec<(&'static str, String)> {
    let reading = Reading::of(Source::read("a.txt", bytes).unwrap());
    reading.findings.iter().map(|it| (it.kind.code(), it.says.text(Language::En).to_owned())).collect()
}

/// The finding, and that it is told in both languages.
#[track_caller]
fn check(kind: &str, added: &str, told: &str) {
    let text = format!("{SOUND}\n{added}\n");
    let all = findings(text.as_bytes());
    let found = all.iter().any(|(code, says)| *code == kind && says.contains(told));
    assert!(found, "no `{kind}` that tells `{told}` in {all:?}");
    let reading = Reading::of(Source::read("a.txt", text.as_bytes()).unwrap());
    assert!(reading.findings.iter().all(|it| it.says.sv != it.says.en && it.lines.0 >= 1));
}

#[test]
fn a_sound_text_has_none() {
    assert_eq!(findings(SOUND.as_bytes()), Vec::new());
}

#[test]
fn numbers_that_are_lost_twice_or_left_out_are_told() {
    check("twice-numbered", "6 Övrigt\n6.1 Avtalet är skrivet på svenska.\n6.1 Bilagor hör till avtalet.", "6.1");
    check("missing-number", "8 Övrigt\n8.1 Avtalet är skrivet på svenska.", "After section 5 comes section 8");
    check(
        "lost-numbers",
        "6 Hjälp\n6.1 Biträdet ska hjälpa till med\n\n• konsekvensbedömningar\n\n• samråd\n\niv. anmälningar till tillsynsmyndigheten\n\nv. svar till registrerade",
        "the first numbers are lost",
    );
    check("dangling-reference", "6 Övrigt\n6.1 Ersättning utgår enligt punkt 9.4.", "9.4");
    check("missing-annex", "6 Övrigt\n6.1 Priser framgår av bilaga 3.", "annex 3");
}

#[test]
fn sections_without_numbers_get_those_of_their_order() {
    let text = "Personuppgiftsbiträdesavtal\n\nInstruktioner\n1. Biträdet får bara behandla personuppgifter enligt den \
        personuppgiftsansvariges dokumenterade instruktioner.\n2. Personalen ska ha tystnadsplikt, se punkt 2.1.\n\nIncidenter\n1. Biträdet ska \
        underrätta den personuppgiftsansvarige om en personuppgiftsincident.\n2. Biträdet hjälper till.\n\nAvslut\n1. Biträdet ska radera \
        personuppgifterna när avtalet upphör, och den personuppgiftsansvarige får granska det.\n";
    let all = findings(text.as_bytes());
    assert!(all.iter().any(|(code, _)| *code == "implied-numbers"), "{all:?}");
    assert!(!all.iter().any(|(code, _)| *code == "dangling-reference"), "2.1 is implied: {all:?}");
}

#[test]
fn words_and_places_that_are_not_finished_are_told() {
    check("placeholder", "6 Övrigt\n6.1 Avtalet gäller från [datum].", "[datum]");
    check("placeholder", "6 Övrigt\n6.1 Undertecknat av ____________.", "____");
    check("empty-link", "6 Övrigt\n6.1 Se [våra villkor](#).", "leads nowhere");
    check("broken-words", "6 Övrigt\n6.1 Uppgifterna lämnar inte EU/ESS.", "EU/ESS");
    check("outdated-name", "6 Övrigt\n6.1 Datainspektionen är tillsynsmyndighet.", "Datainspektionen");
    check("open-places", "6 Plats\n6.1 Uppgifterna finns i Sverige och i ytterligare länder.", "leaves open");
}

#[test]
fn two_values_for_one_thing_and_numbers_that_disagree_are_told() {
    check(
        "two-values",
        "6 Incidenter igen\n6.1 Biträdet ska underrätta den personuppgiftsansvarige om en personuppgiftsincident inom 72 timmar från upptäckt.",
        "two things about notice of an incident",
    );
    check(
        "numbers-disagree",
        "6 Granskning igen\n6.1 Granskning aviseras trettio (20) dagar i förväg.",
        "neither is proposed",
    );
}

#[test]
fn a_table_pressed_into_a_line_is_told() {
    // So long that it is no sentence any more.
    let prices: String = (1..=20).map(|at| format!("Modul {at} för planering {}:- ", at * 100)).collect();
    check("flattened-table", &format!("6 Priser\n6.1 {prices}per månad"), "its columns are gone");
}

#[test]
fn lines_in_another_encoding_are_told_and_read() {
    let mut bytes = SOUND.as_bytes().to_vec();
    // One line out of another file, as it lay there.
    bytes.extend_from_slice(b"\n6 S\xe4kerhet\n6.1 Bitr\xe4det s\xe4kerhetskopierar dagligen.\n");
    let reading = Reading::of(Source::read("a.txt", &bytes).unwrap());
    let told: Vec<&str> = reading.findings.iter().map(|it| it.kind.code()).collect();
    assert!(told.contains(&"encoding"), "{told:?}");
    assert!(reading.source().text().contains("Biträdet säkerhetskopierar dagligen"));
    assert!(reading.of_field("incident.notice").next().is_some());
}

#[test]
fn two_agreements_in_one_file_are_told_apart_by_their_lines() {
    // Each as long as agreements are: a short one under such a title may be an annex of the other.
    let long = |name: &str| {
        let more: String = (6..26)
            .map(|at| format!("{at} Avsnitt {at}\n{at}.1 Biträdet ska på begäran visa hur avsnittet följs, och dokumentera det i ett eget register.\n\n"))
            .collect();
        format!("{}\n{more}", SOUND.replace("Skolplattan", name))
    };
    let text = format!("{}\n\n{}", long("Skolplattan"), long("Vårdlinjen"));
    let reading = Reading::of(Source::read("a.txt", text.as_bytes()).unwrap());
    let several = reading.findings.iter().find(|it| it.kind.code() == "several-agreements");
    let line = several.map(|it| it.lines.0).unwrap();
    assert!(
        reading.source().raw(reading.source().line(line)).contains("Personuppgiftsbiträdesavtal") && line > 40,
        "{line}"
    );
}

#[test]
fn a_recipient_outside_the_area_needs_a_tool_and_a_contract_with_the_customer_is_none() {
    let register = |basis: &str| {
        format!(
            "# Personuppgiftsbiträden\n\n| Leverantör | Orsak | Uppgifter | Land | Laglig grund |\n|---|---|---|---|---|\n\
             | Kråkan AB | Drift | Namn | SE | Avtal |\n| Jay Inc. | Utskick | E-post | US | {basis} |\n| Bofink AB | Betalning | Namn | SE | Avtal |\n\
             | Ärla AB | Inkasso | Namn | SE | Avtal |\n| Mesen Oy | Domännamn | Namn | FI | Avtal |\n| Siskin Ltd | Support | Namn | IE | Avtal |\n"
        )
    };
    let told = |basis: &str| {
        let reading = Reading::of(Source::read("a.md", register(basis).as_bytes()).unwrap());
        reading.findings.iter().any(|it| it.kind.code() == "no-transfer-tool")
    };
    assert!(told("Avtal"));
    assert!(!told("Avtal + standardavtalsklausuler"));
    assert!(!told("Beslut om adekvat skyddsnivå"));
}

#[test]
fn a_number_or_an_address_of_a_recipient_is_no_role() {
    let roles = |cells: [&str; 3], parted: &str| {
        let rows: Vec<String> = ["Silltrut Drift AB", "Gråtrut Post AB", "Fiskmås Oy"]
            .iter()
            .zip(cells)
            .zip(["Sverige", "Irland", "Finland"])
            .map(|((name, cell), place)| format!("{name}{parted}{cell}{parted}{place}\n"))
            .collect();
        let text = format!("{SOUND}\n\nGodkända underbiträden\n\n{}", rows.concat());
        let reading = Reading::of(Source::read("a.txt", text.as_bytes()).unwrap());
        let told = reading.of_field("subprocessing.recipient").filter_map(|it| match it.value() {
            Value::Recipient(it) if it.name.contains("trut") || it.name.contains("mås") => {
                Some(format!("{}|{}|{}", it.name, it.role.clone().unwrap_or_default(), it.countries.join(" ")))
            }
            _ => None,
        });
        told.collect::<Vec<_>>().join("\n")
    };
    let with = |roles: [&str; 3]| {
        format!("Silltrut Drift AB|{}|SE\nGråtrut Post AB|{}|IE\nFiskmås Oy|{}|FI", roles[0], roles[1], roles[2])
    };
    for parted in ["\t", "\n"] {
        for figures in [
            ["556000-1234", "556000-1242", "556000-1259"],
            ["support@silltrut.example", "drift@gratrut.example", "data@fiskmas.example"],
            ["https://silltrut.example", "www.support.example", "drift.example"],
            ["10 timmar", "24 timmar", "tre månader"],
            ["Blå", "Röd", "Grön"],
        ] {
            assert_eq!(roles(figures, parted), with(["", "", ""]), "{figures:?} {parted:?}");
        }
        for words in [["Drift", "Utskick av brev", "Support"], ["Teknisk drift", "Allmän support", "Övrigt"]] {
            assert_eq!(roles(words, parted), with(words), "{words:?} {parted:?}");
        }
    }
}
