//! The attendance of a participant, summed up on the participant's page.
//!
//! Fields and choices are named as in `kinds.toml`; a test holds the two together. It sees opened values only while a page renders
//! them, and keeps counts.

use service::{Opened, Summary};
use terms::{Category, ClauseId, FieldName, Language, RecordHead, Render};

/// Days by kind of attendance. Days that were never marked are not counted as anything.
#[derive(Debug, Default, PartialEq, Eq)]
struct Days {
    present: u32,
    remote: u32,
    late: u32,
    notified: u32,
    unnotified: u32,
}

impl Days {
    const fn marked(&self) -> u32 {
        self.attended() + self.notified + self.unnotified
    }

    /// Who comes late has come.
    const fn attended(&self) -> u32 {
        self.present + self.remote + self.late
    }

    fn count(&mut self, status: &str) {
        let days = match status {
            "present" => &mut self.present,
            "present-remote" => &mut self.remote,
            "late" => &mut self.late,
            "absent-notified" => &mut self.notified,
            "absent" => &mut self.unnotified,
            _ => return,
        };
        *days += 1;
    }
}

impl Render for Days {
    fn begin(&mut self, _: &RecordHead) {}

    fn field(&mut self, name: &FieldName, _: &Category, value: &str) {
        if name.as_str() == "status" {
            self.count(value);
        }
    }

    fn withheld(&mut self, _: &Category, _: &ClauseId) {}

    fn end(&mut self) {}
}

pub(crate) fn attendance(opened: &dyn Opened, language: Language) -> Summary {
    let mut days = Days::default();
    opened.render(&mut days);
    summary(&days, language)
}

fn summary(days: &Days, language: Language) -> Summary {
    let share = |part: u32| match days.marked() {
        0 => part.to_string(),
        marked => format!("{part} ({} %)", (part * 100 + marked / 2) / marked),
    };
    let texts = match language {
        Language::Sv => [
            "Närvaron i korthet",
            "Markerade dagar",
            "Närvarande",
            "varav på distans",
            "varav sen ankomst",
            "Frånvarande, anmält",
            "Frånvarande, inte anmält",
        ],
        Language::En => [
            "Attendance in short",
            "Days marked",
            "Present",
            "of which at a distance",
            "of which late",
            "Absent, notified",
            "Absent, not notified",
        ],
    };
    let [caption, marked, present, remote, late, notified, unnotified] = texts.map(str::to_owned);
    Summary {
        caption,
        rows: vec![
            (marked, days.marked().to_string()),
            (present, share(days.attended())),
            (remote, days.remote.to_string()),
            (late, days.late.to_string()),
            (notified, share(days.notified)),
            (unnotified, share(days.unnotified)),
        ],
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use service::{FieldType, Kinds, Service};

    #[test]
    fn every_status_that_the_service_declares_is_counted() {
        let kinds = Kinds::read("kinds.toml", include_str!("../kinds.toml")).unwrap();
        let attendance = kinds.by_path("narvaro").unwrap();
        let FieldType::Choice(choices) = &attendance.field("status").unwrap().holds else {
            panic!("status is a choice")
        };
        for choice in choices {
            let mut days = Days::default();
            days.count(&choice.value);
            assert_eq!(days.marked(), 1, "{}", choice.value);
        }
        for panel in crate::Matcha.panels() {
            assert!(kinds.kinds.iter().any(|kind| kind.name.as_str() == panel.on));
            assert!(kinds.kinds.iter().any(|kind| kind.name.as_str() == panel.over && kind.parent.is_some()));
        }
    }

    #[test]
    fn who_comes_late_has_come_and_no_days_divide_by_nothing() {
        let days = Days { present: 6, remote: 1, late: 1, notified: 1, unnotified: 1 };
        let rows = summary(&days, Language::En).rows;
        assert_eq!(rows[1], ("Present".to_owned(), "8 (80 %)".to_owned()));
        assert_eq!(summary(&Days::default(), Language::Sv).rows[1].1, "0");
    }
}
