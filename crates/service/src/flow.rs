//! The life of a record: which states it goes through, by whose hand, in which it is locked; and how a kind is shown that is
//! kept by the day.
//!
//! Roles are named as in the agreement, but this is no permission: whoever changes a state needs the agreement's leave to alter
//! the record as well. The door asks both.

use terms::{FieldName, Label, Role};

use crate::Kind;

/// A way from one state to another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Transition {
    /// The state that it leads from.
    pub from: String,
    /// The state that it leads to.
    pub to: String,
    /// The roles that may go it; empty for all who may alter the record.
    pub by: Vec<Role>,
    /// What the button says.
    pub label: Label,
    /// Whether going it is a signature: shown with the record, with who, when and which version.
    pub sign: bool,
}

/// A kind with one record a day and person, shown as a grid of a month.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Grid {
    /// The field that holds the day, a date.
    pub day: FieldName,
    /// The field that holds what is marked, a choice.
    pub status: FieldName,
    /// The field that holds why, a choice.
    pub reason: Option<FieldName>,
    /// The letters of the statuses, in the order of the choices. Those that see no letters get the choice's words.
    pub letters: Vec<(String, Label)>,
    /// The statuses that ask for a reason.
    pub reason_for: Vec<String>,
}

impl Grid {
    /// The letter of a status; the status itself where it has none.
    #[must_use]
    pub fn letter<'g>(&'g self, status: &'g str, language: terms::Language) -> &'g str {
        self.letters.iter().find(|(value, _)| value == status).map_or(status, |(_, label)| label.text(language))
    }
}

/// What stands against a change because of the record's state.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StateProblem {
    /// Records in this state are never altered.
    Locked,
    /// No way leads from this state to the one that was asked for.
    NoWay,
    /// A way leads there, but not for this role.
    NotByThisRole,
}

impl StateProblem {
    /// A stable word for words files and problem details.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Locked => "locked",
            Self::NoWay => "no-way",
            Self::NotByThisRole => "not-by-this-role",
        }
    }
}

impl Kind {
    /// Whether values of records in this state can be altered.
    #[must_use]
    pub fn is_locked(&self, state: Option<&str>) -> bool {
        state.is_some_and(|state| self.locked.iter().any(|locked| locked == state))
    }

    /// Whether a record may go from one state to another by this role. A kind that declares no transition lets every state
    /// follow every other, but never leave one that is locked.
    ///
    /// # Errors
    /// What stands against it.
    pub fn may_go(&self, from: Option<&str>, to: &str, role: &Role) -> Result<(), StateProblem> {
        if from == Some(to) {
            return Ok(());
        }
        if self.transitions.is_empty() {
            return if self.is_locked(from) { Err(StateProblem::Locked) } else { Ok(()) };
        }
        let mut ways = self.transitions.iter().filter(|way| Some(way.from.as_str()) == from && way.to == to).peekable();
        if ways.peek().is_none() {
            return Err(if self.is_locked(from) { StateProblem::Locked } else { StateProblem::NoWay });
        }
        let open = ways.any(|way| way.by.is_empty() || way.by.contains(role));
        if open { Ok(()) } else { Err(StateProblem::NotByThisRole) }
    }

    /// The states that lead on from `from` for this role, each with what its button says; without declared ways, all others.
    #[must_use]
    pub fn ways<'k>(&'k self, from: Option<&str>, role: &Role) -> Vec<(&'k str, Option<&'k Label>)> {
        if self.transitions.is_empty() {
            let locked = self.is_locked(from);
            let others = self.states.iter().filter(|state| !locked && Some(state.as_str()) != from);
            return others.map(|state| (state.as_str(), None)).collect();
        }
        self.transitions
            .iter()
            .filter(|way| Some(way.from.as_str()) == from && (way.by.is_empty() || way.by.contains(role)))
            .map(|way| (way.to.as_str(), Some(&way.label)))
            .collect()
    }

    /// The states that are reached by a signature.
    pub fn signed_states(&self) -> impl Iterator<Item = &str> {
        self.transitions.iter().filter(|way| way.sign).map(|way| way.to.as_str())
    }
}

#[cfg(test)]
mod tests {
    use crate::Kinds;
    use terms::Role;

    use super::StateProblem as P;

    const TEXT: &str = r#"
[service]
name = "s"
label = { sv = "S", en = "S" }
about = { sv = "S", en = "S" }
[kind.plan]
path = "plan"
label = { sv = "P", en = "P" }
plural = { sv = "P", en = "P" }
subject = "participant"
states = ["draft", "agreed"]
locked = ["agreed"]
transition = [
    { from = "draft", to = "agreed", by = ["chief"], label = { sv = "Godkänn", en = "Agree" }, sign = true },
    { from = "agreed", to = "draft", label = { sv = "Arbeta om", en = "Revise" } },
]
[[kind.plan.field]]
name = "text"
label = { sv = "T", en = "T" }
category = "c"
type = "text"
[kind.report]
path = "report"
label = { sv = "R", en = "R" }
plural = { sv = "R", en = "R" }
subject = "participant"
states = ["draft", "sent"]
locked = ["sent"]
[[kind.report.field]]
name = "text"
label = { sv = "T", en = "T" }
category = "c"
type = "text"
"#;

    #[test]
    fn a_record_goes_the_ways_that_its_kind_declares_and_no_other() {
        let kinds = Kinds::read("kinds.toml", TEXT).unwrap();
        let (plan, report) = (kinds.by_path("plan").unwrap(), kinds.by_path("report").unwrap());
        let (chief, other) = (Role::new("chief").unwrap(), Role::new("other").unwrap());
        assert_eq!(plan.may_go(Some("draft"), "agreed", &chief), Ok(()));
        assert_eq!(plan.may_go(Some("draft"), "agreed", &other), Err(P::NotByThisRole));
        assert_eq!(plan.may_go(Some("agreed"), "draft", &other), Ok(()));
        assert_eq!(plan.may_go(None, "agreed", &chief), Err(P::NoWay));
        assert!(plan.is_locked(Some("agreed")) && !plan.is_locked(Some("draft")) && !plan.is_locked(None));
        assert_eq!(report.may_go(Some("draft"), "sent", &other), Ok(()));
        assert_eq!(report.may_go(Some("sent"), "draft", &chief), Err(P::Locked));
        assert!(report.ways(Some("sent"), &chief).is_empty());
        assert_eq!(plan.ways(Some("draft"), &other), Vec::new());
        assert_eq!(plan.ways(Some("draft"), &chief)[0].0, "agreed");
        assert_eq!(plan.signed_states().collect::<Vec<_>>(), ["agreed"]);
    }

    #[test]
    fn what_a_life_says_wrongly_is_told() {
        let check = |from: &str, to: &str, expected: &str| {
            let faults = Kinds::read("kinds.toml", &TEXT.replacen(from, to, 1)).unwrap_err();
            let told: Vec<String> = faults.iter().map(ToString::to_string).collect();
            assert!(told.iter().any(|fault| fault.contains(expected)), "{told:?}");
        };
        check("locked = [\"agreed\"]", "locked = [\"done\"]", "`done` is no state of `kind.plan`");
        check("to = \"agreed\", by", "to = \"sent\", by", "`sent` is no state of `kind.plan`");
        check("sign = true", "sign = 1", "`sign` must be true or false");
        check("locked = [\"agreed\"]", "grid = { day = \"text\", status = \"text\" }", "must be a date");
        check("type = \"text\"", "type = \"text\"\nremind = \"2 weeks\"", "`remind` is for dates");
        check("type = \"text\"", "type = \"date\"\nremind = \"soon\"", "`remind` must be a period");
    }
}
