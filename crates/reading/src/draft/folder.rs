//! The folder of a service, made from a draft: agreement, kinds and a demo with made-up people. A kind of record for each of the
//! text's data subjects, with a field for each of its categories: enough to try what the text comes to; fields are the operator's to
//! shape.
//!
//! Trying a text on made-up people is no going live. What keeps it from going live is listed in `overrides.toml` with a short end,
//! when a trial is asked for, so that the demo runs; a draft with anything unconfirmed gets none.

use std::fmt::Write as _;

use agreement::Agreement;
use agreement::art28::{self, Evidence};
use jiff::civil::Date;

use super::{CONFIRMATIONS, Choices, Draft, NoDraft, both, escaped_label, slug, toml};
use crate::confirmations::Confirmations;
use crate::read::Reading;

/// How long a trial may go on in spite of what the check says.
const TRIAL_DAYS: i64 = 60;
/// From when the made-up customers have the agreement.
const BEFORE_DAYS: i64 = 120;

/// One file of the folder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct File {
    /// Its name.
    pub name: String,
    /// What it holds.
    pub text: String,
}

/// The files of the service's folder. `trial` is the day of a trial with made-up people, which lets the draft run in spite of what
/// the check finds; without it nothing is overridden.
///
/// # Errors
/// That the text is no agreement, or too long.
pub fn folder(reading: &Reading, service: &str, choices: &Choices, trial: Option<Date>) -> Result<Vec<File>, NoDraft> {
    Ok(files(&Draft::of(reading, service, choices, None)?, service, trial))
}

/// The same, with choices of whose making it is known: the agreement says by whom and when, and they lie beside it.
///
/// # Errors
/// As [`folder`]; [`NoDraft::OtherText`] where the choices are of another text.
pub fn confirmed_folder(
    reading: &Reading,
    service: &str,
    confirmed: &Confirmations,
    trial: Option<Date>,
) -> Result<Vec<File>, NoDraft> {
    let reading = reading.with_pointed(confirmed).reading;
    let choices = confirmed.applied(&reading).map_err(|_| NoDraft::OtherText)?.choices;
    let draft = Draft::of(&reading, service, &choices, Some(confirmed))?;
    let mut files = files(&draft, service, trial);
    files.push(File { name: CONFIRMATIONS.to_owned(), text: confirmed.taken_along() });
    Ok(files)
}

fn files(draft: &Draft<'_>, service: &str, trial: Option<Date>) -> Vec<File> {
    let language = draft.language();
    let service = slug(service);
    let mut files = vec![
        File { name: format!("agreement.{language}.md"), text: draft.text.clone() },
        File { name: "kinds.toml".to_owned(), text: kinds(draft, &service) },
    ];
    if let Some(on) = trial {
        files.push(File { name: "demo.toml".to_owned(), text: demo(draft, &service, on) });
        if draft.open == 0
            && let Some(text) = overrides(&draft.text, on)
        {
            files.push(File { name: "overrides.toml".to_owned(), text });
        }
    }
    files
}

fn named<'a>(draft: &'a Draft<'_>, block: &str) -> &'a [(String, String)] {
    draft.named.get(block).map_or(&[], Vec::as_slice)
}

fn kinds(draft: &Draft<'_>, service: &str) -> String {
    let title = draft.title();
    let mut text = format!(
        "# What the service keeps: a kind for each of the text's data subjects, a field for each of its categories. Shape them as the\n\
         # service needs; a field whose category the agreement does not declare is refused.\n\n\
         [service]\nname = \"{service}\"\nlabel = {}\nabout = {}\n",
        escaped_label(service),
        escaped_label(&title)
    );
    let categories = named(draft, "category");
    let subjects = if categories.is_empty() { &[][..] } else { named(draft, "subject") };
    for (id, label) in subjects {
        let first = categories.first().map_or("", |(id, _)| id.as_str());
        let _ = write!(
            text,
            "\n[kind.{id}]\npath = \"om-{id}\"\nlabel = {0}\nplural = {0}\nsubject = \"{id}\"\nof = \"self\"\ntitle = [\"{first}\"]\nhistory = \"kept\"\nerasure = \"goes\"\n",
            escaped_label(label)
        );
        for (at, (category, label)) in categories.iter().enumerate() {
            let required = if at == 0 { "required = true\nsearch = \"words\"\n" } else { "" };
            let _ = write!(
                text,
                "\n[[kind.{id}.field]]\nname = \"{category}\"\nlabel = {}\ncategory = \"{category}\"\ntype = \"text\"\nmax = 400\n{required}",
                escaped_label(label)
            );
        }
    }
    let _ = write!(
        text,
        "\n[kind.account-holder]\npath = \"users\"\nlabel = {}\nplural = {}\nsubject = \"account-holder\"\nof = \"self\"\ntitle = [\"name\"]\nerasure = \"goes\"\n\n\
         [[kind.account-holder.field]]\nname = \"name\"\nlabel = {}\ncategory = \"account-name\"\ntype = \"text\"\nmax = 160\nrequired = true\nsearch = \"words\"\n\n\
         [[kind.account-holder.field]]\nname = \"email\"\nlabel = {}\ncategory = \"account-address\"\ntype = \"email\"\nmax = 254\nrequired = true\n\n\
         [kind.support-case]\npath = \"support-cases\"\nlabel = {}\nplural = {}\nsubject = \"account-holder\"\nparent = \"account-holder\"\nparent-optional = true\nof = \"author\"\n\
         about = \"parent\"\ntitle = [\"matter\"]\nauthor = \"shown\"\nstates = [\"open\", \"closed\"]\nerasure = \"goes\"\n\n\
         [[kind.support-case.field]]\nname = \"matter\"\nlabel = {}\ncategory = \"support-matter\"\ntype = \"text\"\nmax = 200\nrequired = true\nfree-text = true\n",
        both("Användare", "User"),
        both("Användare", "Users"),
        both("Namn", "Name"),
        both("E-post", "E-mail"),
        both("Supportärende", "Support case"),
        both("Supportärenden", "Support cases"),
        both("Ärendet i en mening, utan namn", "The matter in one sentence, without names"),
    );
    text
}

fn demo(draft: &Draft<'_>, service: &str, on: Date) -> String {
    let provider = draft.value("party.processor").map_or_else(|| "Påhittade biträdet".to_owned(), |(_, name, _)| name);
    // The made-up month lies behind today.
    let since = on.checked_sub(jiff::Span::new().days(BEFORE_DAYS)).unwrap_or(on);
    let purpose = named(draft, "purpose").first().map_or("support-questions", |(id, _)| id.as_str());
    let mut text = format!(
        "# Made-up people to try the text with: `betrodd demo --service FOLDER`. Nobody here is real. Passwords stand here in plain, which is\n\
         # right for a demo folder and for nothing else.\n\n\
         [demo]\nin-force-from = \"{since}\"\npurpose = \"{purpose}\"\n\n\
         [demo.user-record]\nkind = \"account-holder\"\nvalues = {{ name = \"{{name}}\", email = \"{{email}}\" }}\n\n\
         [[demo.try]]\nsv = \"Se vad den lästa texten låter den här rollen se.\"\nen = \"See what the text that was read lets this role see.\"\n\n\
         [provider]\nname = {}\nregistration-number = \"000000-0006\"\n\n\
         [[provider.staff]]\nkey = \"support\"\nrole = \"support\"\ngiven-name = \"Sam\"\nfamily-name = \"Påhittad\"\nemail = \"sam@support.{service}.example\"\n\
         password = \"demo-password-91\"\ntotp-secret = \"BETRODDDEMOREADSUPPORT2222222222\"\n\n\
         [[customer]]\nname = \"Påhittade kunden / The made-up customer\"\nregistration-number = \"000000-0009\"\n",
        toml(&provider)
    );
    for (key, given, password) in
        [("administrator", "Alex", "demo-password-92"), ("case-worker", "Kim", "demo-password-93")]
    {
        let _ = write!(
            text,
            "\n[[customer.user]]\nkey = \"{key}\"\nrole = \"{key}\"\ngiven-name = \"{given}\"\nfamily-name = \"Påhittad\"\nemail = \"{}@kund.{service}.example\"\npassword = \"{password}\"\n",
            given.to_lowercase()
        );
    }
    if let Some((category, _)) = named(draft, "category").first()
        && !named(draft, "purpose").is_empty()
    {
        for (id, _) in named(draft, "subject") {
            let _ = write!(
                text,
                "\n[[customer.record]]\nkey = \"{id}\"\nkind = \"{id}\"\nby = \"case-worker\"\nvalues = {{ {category} = \"Robin Påhittad\" }}\n"
            );
        }
    }
    text
}

/// Everything that blocks, overridden for a trial.
fn overrides(agreement: &str, on: Date) -> Option<String> {
    let read = Agreement::read("agreement.md", agreement).ok()?;
    let report = art28::check(&read, &Evidence::default(), on);
    let checks = report.blocking().map(|(check, _)| check.id.to_owned());
    let mut of: Vec<String> = checks.chain(report.blocking_traps().map(|trap| trap.id.clone())).collect();
    of.sort();
    of.dedup();
    if of.is_empty() {
        return None;
    }
    let of: Vec<String> = of.iter().map(|id| format!("\"{id}\"")).collect();
    let until = on.checked_add(jiff::Span::new().days(TRIAL_DAYS)).unwrap_or(on);
    Some(format!(
        "# For a trial with made-up people and nothing else: what the text lacks, by numbers of `betrodd check`. Before a real customer, mend\n\
         # the text, or decide yourself and say who and why.\n\n\
         [[override]]\nof = [{}]\nwho = \"den som prövar texten\"\nwhy = {}\nuntil = \"{until}\"\n",
        of.join(", "),
        both("texten prövas på påhittade personer", "the text is tried on made-up people")
    ))
}
