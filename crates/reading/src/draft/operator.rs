//! What no agreement on personal data says and a service cannot run without: who logs in, as what, and for which of the text's own
//! purposes. It is the operator's, is marked as that, and stands in a section of its own.
//!
//! Nothing here widens what the text allows: purposes, data subjects and categories are the text's, besides those of the accounts.

use std::fmt::Write as _;

use super::{Draft, both};

/// Names that the operator's section uses; one of the text's that is called the same gets another.
pub(super) const OWN: &[&str] =
    &["account-holder", "account-name", "account-address", "support-matter", "access-log", "support-questions"];

const ORIGIN: &str = "provenance = \"set by the operator\"\nwhy = \"texten säger inte vem som loggar in; utan det kan tjänsten inte köras\"\n";

fn list(ids: impl Iterator<Item = String>) -> String {
    let all: Vec<String> = ids.map(|id| format!("\"{id}\"")).collect();
    format!("[{}]", all.join(", "))
}

impl Draft<'_> {
    fn ids(&self, block: &str) -> Vec<String> {
        self.named.get(block).into_iter().flatten().map(|(id, _)| id.clone()).collect()
    }

    /// The section.
    pub(super) fn operator(&self) -> String {
        let (purposes, subjects, categories) = (self.ids("purpose"), self.ids("subject"), self.ids("category"));
        let sv = self.reading.language != Some("en");
        let mut text = String::new();
        let heading = if sv { "Tillägg av driften" } else { "Added by the operator" };
        let says = if sv {
            "Det här står inte i texten. Driften har satt det, så att tjänsten går att köra: konton är personliga, kundens administratör \
             och handläggare arbetar för textens ändamål, och biträdets support ser inget utan ett öppet ärende."
        } else {
            "This is not in the text. The operator has set it, so that the service can run: accounts are personal, the customer's \
             administrator and case worker work for the purposes of the text, and the processor's support sees nothing without an open case."
        };
        let _ = write!(text, "\n## {heading} {{#operator}}\n\n{says}\n\n```toml\n");
        for (id, sv, en, dpv) in [
            ("account-name", "Kontots namn", "Name of the account", "pd:Name"),
            ("account-address", "Inloggningsadress", "Log-in address", "pd:EmailAddress"),
            ("support-matter", "Fråga till supporten", "Question to support", "pd:Communication"),
            ("access-log", "Åtkomstlogg", "Access log", "pd:ServiceConsumptionBehaviour"),
        ] {
            let _ = write!(text, "[category.{id}]\nlabel = {}\ndpv = \"{dpv}\"\n{ORIGIN}\n", both(sv, en));
        }
        let _ = write!(
            text,
            "[subject.account-holder]\nlabel = {}\n{ORIGIN}\n[purpose.support-questions]\nlabel = {}\n{ORIGIN}\n",
            both("Kundens användare", "The customer's users"),
            both("svara på kundens frågor om tjänsten", "answer the customer's questions on the service")
        );
        for (id, sv, en, side, administers) in [
            ("administrator", "Administratör", "Administrator", "controller", true),
            ("case-worker", "Handläggare", "Case worker", "controller", false),
            ("support", "Support", "Support", "processor", false),
            ("privacy-lead", "Dataskyddssamordnare", "Privacy lead", "processor", true),
            ("platform", "Plattformen", "The platform", "platform", false),
        ] {
            let administers = if administers { "administers = true\n" } else { "" };
            let _ = write!(text, "[role.{id}]\nlabel = {}\nside = \"{side}\"\n{administers}{ORIGIN}\n", both(sv, en));
        }
        let _ = write!(
            text,
            "[accounts]\npersonal = true\nshared = \"refuse\"\nsubject = \"account-holder\"\ncategory = \"account-name\"\nsecond-factor = [\"processor\"]\n\
             changed-by = \"administrator\"\n{ORIGIN}\n[logging]\naccess = \"every request\"\nshown-to = [\"administrator\"]\nsubject = \"account-holder\"\n\
             category = \"access-log\"\n{ORIGIN}\n[case.support]\nlabel = {}\nopened-by = [\"administrator\", \"case-worker\"]\npurpose = \"support-questions\"\n\
             kind = \"support-case\"\n{ORIGIN}\n",
            both("Supportärende", "Support case")
        );
        // The text lists people and data; that each of the data may be of each of the people is how the operator reads it.
        let declared = |own: &[&str]| list(categories.iter().cloned().chain(own.iter().map(|id| (*id).to_owned())));
        for subject in &subjects {
            let all = declared(&["access-log"]);
            let _ = write!(
                text,
                "[[declares]]\nsubject = \"{subject}\"\ncategories = {all}\nprovenance = \"derived\"\nwhy = \"texten räknar upp personer och uppgifter var för sig\"\n\n"
            );
        }
        let own = ["account-name", "account-address", "support-matter", "access-log"];
        let all = list(own.iter().map(|id| (*id).to_owned()));
        let _ = write!(text, "[[declares]]\nsubject = \"account-holder\"\ncategories = {all}\n{ORIGIN}\n");
        let everybody = list(subjects.iter().cloned().chain(["account-holder".to_owned()]));
        let working = if purposes.is_empty() {
            list(["support-questions".to_owned()].into_iter())
        } else {
            list(purposes.iter().cloned())
        };
        let all_purposes = list(purposes.iter().cloned().chain(["support-questions".to_owned()]));
        let mut may = |role: &str, verbs: &str, purpose: &str, subject: &str, categories: &str, more: &str| {
            let _ = write!(
                text,
                "[[may]]\nrole = {role}\nverbs = {verbs}\npurpose = {purpose}\nsubject = {subject}\ncategories = {categories}\n{more}{ORIGIN}\n"
            );
        };
        const BOTH: &str = "[\"administrator\", \"case-worker\"]";
        const WRITE: &str = "[\"collect\", \"alter\", \"consult\"]";
        if !subjects.is_empty() && !categories.is_empty() && !purposes.is_empty() {
            may(BOTH, WRITE, &working, &list(subjects.iter().cloned()), &list(categories.iter().cloned()), "");
        }
        let administrator = "\"administrator\"";
        let holder = "\"account-holder\"";
        may(administrator, "[\"retrieve\"]", &working, &everybody, "\"declared\"", "");
        may(administrator, WRITE, &working, holder, "[\"account-name\", \"account-address\"]", "");
        may(administrator, "[\"consult\"]", &working, &everybody, "[\"access-log\"]", "");
        may(BOTH, WRITE, "\"support-questions\"", holder, "[\"support-matter\"]", "");
        may("\"support\"", "[\"consult\"]", "\"support-questions\"", holder, "[\"support-matter\"]", "");
        may(
            "\"support\"",
            "[\"consult\"]",
            "\"support-questions\"",
            holder,
            "[\"account-name\"]",
            "within = \"case:support\"\n",
        );
        may("\"platform\"", "[\"use\", \"erase\"]", &all_purposes, &everybody, "\"declared\"", "");
        text.push_str("```\n");
        text
    }
}
