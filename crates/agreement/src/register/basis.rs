//! A register is no agreement, so nothing may be done under it. Where its service runs all the same, the operator answers for
//! it with a basis of its own, and the rows of the register are the only recipients.
//!
//! See `docs/decisions/0006-register-without-agreement.md`. The basis and the rows become one text, which is read, hashed and
//! adopted as an agreement is; so no other part of the platform needs to know of registers.

use core::fmt::Write as _;

use terms::{Provenance, Sourced};

use super::{Register, Row, Treated};
use crate::agreement::Agreement;
use crate::fault::{Fault, Faults};
use crate::term::Origin;
use crate::value::Value;

/// The part of the bundle that a basis is: `[document.ID] part`.
const PART: &str = "processing-basis";

impl Register {
    /// The basis with the rows of this register under it, as one text.
    #[must_use]
    pub fn under(&self, basis: &str) -> String {
        let mut text = basis.trim_end().to_owned();
        let hash: String = self.hash().0.iter().map(|byte| format!("{byte:02x}")).collect();
        text.push_str("\n\n## Mottagare ur registret {#register-recipients}\n\n");
        let _ = writeln!(
            text,
            "Raderna står i registret av den {}, med kontrollsumman (SHA-256) {hash}. Den som inte står där får ingenting.",
            self.published()
        );
        for row in self.rows() {
            self.recipient(&mut text, row);
        }
        text
    }

    /// Reads the basis with the rows of this register under it.
    ///
    /// # Errors
    /// All [`Faults`] at once; also where the basis passes for an agreement of the parties, is for another service, or lists
    /// recipients of its own.
    pub fn read_under(&self, basis_name: &str, basis: &str) -> Result<Agreement, Faults> {
        let agreement = Agreement::read(basis_name, &self.under(basis))?;
        let mut faults = Vec::new();
        let mut fault = |message: String, remedy: &str| {
            faults.push(Fault {
                file: basis_name.to_owned(),
                line: 1,
                column: 1,
                excerpt: basis.lines().next().unwrap_or("").chars().take(80).collect(),
                caret: 0,
                width: 1,
                heading: String::new(),
                message,
                remedy: remedy.to_owned(),
            });
        };
        if agreement.service() != self.service() {
            fault(
                format!("the basis is for `{}`, and the register for `{}`", agreement.service(), self.service()),
                "Name the register's service in `[agreement]`.",
            );
        }
        if !agreement.general().iter().any(|term| term.block == "document" && term.text("part") == Some(PART)) {
            fault(
                "the text does not say that it is the operator's own and no agreement of the parties".to_owned(),
                "Add `[document.basis]` with `part = \"processing-basis\"`.",
            );
        }
        let ours = agreement.subprocessors().iter().filter(|one| self.row(one.id.as_str()).is_none());
        for one in ours {
            fault(
                format!("the recipient `{}` is not in the register", one.id),
                "Take it out; the rows of the register are the only recipients.",
            );
        }
        let origins: [(&str, Vec<&Origin>); 5] = [
            ("purpose", agreement.purposes().iter().map(|it| &it.origin).collect()),
            ("category of data subjects", agreement.subjects().iter().map(|it| &it.origin).collect()),
            ("declaration", agreement.declares().iter().map(|it| &it.origin).collect()),
            ("role", agreement.roles().iter().map(|it| &it.origin).collect()),
            ("rule", agreement.rules().iter().map(|it| &it.origin).collect()),
        ];
        for (what, origins) in origins {
            if origins.iter().any(|origin| origin.provenance == Provenance::Stated) {
                fault(
                    format!("a {what} passes for something that an agreement states"),
                    "Add `provenance = \"set by the operator\"` and why.",
                );
            }
        }
        if faults.is_empty() { Ok(agreement) } else { Err(Faults::new(faults)) }
    }

    fn recipient(&self, text: &mut String, row: &Row) {
        let clause = self.clause(row.clause());
        let number = clause.map_or("", |clause| clause.number.as_str());
        let reason = row.reason();
        let (sv, en) = reason.map_or(("", ""), |reason| (reason.sv.as_str(), reason.en.as_str()));
        let _ =
            write!(text, "\n### {number} {} {{#recipient-{}}}\n\n```toml\n[[subprocessor]]\n", row.name(), row.id());
        let _ = writeln!(text, "id = {}\nname = {}", quoted(row.id()), quoted(row.name()));
        let _ = writeln!(text, "task = {{ sv = {}, en = {} }}", quoted(sv), quoted(en));
        match row.country() {
            Some(country) => _ = writeln!(text, "country = {}", quoted(country)),
            None => text.push_str("country = { not-found = \"landet\" }\n"),
        }
        text.push_str("place = { not-found = \"orten\" }\n");
        match row.sourced("categories") {
            // Until a person has said otherwise in the row, it receives nothing, whatever basis holds.
            _ if row.treated() == Treated::Blocked => text.push_str("categories = { none = true }\n"),
            Some(Sourced::Found { value: Value::Words(words), .. }) => {
                let words: Vec<_> = words.iter().map(|word| quoted(word)).collect();
                let _ = writeln!(text, "categories = [{}]", words.join(", "));
            }
            _ => text.push_str("categories = { not-found = \"vilka uppgifter mottagaren får\" }\n"),
        }
        text.push_str("hosts = []\n");
        if let Some(flag) = row.flag() {
            let _ = writeln!(text, "flag = {}", quoted(flag));
        }
        let why = "raden står i registret; ett avtal med mottagaren saknas här";
        let _ = writeln!(text, "provenance = \"derived\"\nwhy = {}", quoted(why));
        // A basis that the row states stands here as stated; whether it holds on a day is the dated law's answer. One that
        // the operator has recorded since stands in its own text.
        if let Some(basis) = row.transfer() {
            let _ = writeln!(text, "\n[[transfer]]\nsubprocessor = {}\nbasis = {}", quoted(row.id()), quoted(basis));
        }
        text.push_str("```\n");
    }
}

/// A text as a TOML string of one line.
fn quoted(text: &str) -> String {
    let mut quoted = String::from("\"");
    for c in text.chars() {
        match c {
            '"' | '\\' => {
                quoted.push('\\');
                quoted.push(c);
            }
            c if c.is_control() => quoted.push(' '),
            c => quoted.push(c),
        }
    }
    quoted.push('"');
    quoted
}
