//! The rules of a programme against what was done: what is due for a participant, by when, and which rows say so.
//!
//! Only what is led by the provider and was held counts. Weeks are ISO weeks and only those that are over are judged; a week in
//! which the participant was there for some of its days asks for so many sevenths. Pauses postpone and ask for nothing.
//! Not here: who sees it (`views/worklist.rs`).

use jiff::civil::Date;
use service::{Sources, both};
use terms::{Label, RecordId};

use crate::days::{
    between, distance, later, monday, month_of_programme, month_text, months_later, week_text, working_days_later,
};
use crate::programme::{Programmes, Rules};
use crate::rows::{Activity, Attended, Pause, Placement, Report};

/// Weeks that are over and are still shown where they lack hours.
const WEEKS_BACK: i64 = 4;
/// Days back for absences that should have been reported, and for occasions that nobody marked.
pub(crate) const DAYS_BACK: i64 = 60;

/// A rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Rule {
    IndividualMeeting,
    PhysicalMeeting,
    WeekHours,
    PhysicalShare,
    JointPlan,
    MonthReport,
    Deviation,
    Unmarked,
    LongestTime,
}

impl Rule {
    pub const fn code(self) -> &'static str {
        match self {
            Self::IndividualMeeting => "individual-meeting",
            Self::PhysicalMeeting => "physical-meeting",
            Self::WeekHours => "week-hours",
            Self::PhysicalShare => "physical-share",
            Self::JointPlan => "joint-plan",
            Self::MonthReport => "month-report",
            Self::Deviation => "deviation",
            Self::Unmarked => "unmarked",
            Self::LongestTime => "longest-time",
        }
    }

    pub fn label(self) -> Label {
        match self {
            Self::IndividualMeeting => both("Individuellt möte", "Individual meeting"),
            Self::PhysicalMeeting => both("Fysiskt möte", "Meeting in person"),
            Self::WeekHours => both("Aktivitet i veckan", "Activity in the week"),
            Self::PhysicalShare => both("Andel fysiskt", "Share in person"),
            Self::JointPlan => both("Gemensam planering", "Joint plan"),
            Self::MonthReport => both("Periodisk rapport", "Periodic report"),
            Self::Deviation => both("Avvikelserapport", "Deviation report"),
            Self::Unmarked => both("Planerat, inte markerat", "Planned, not marked"),
            Self::LongestTime => both("Programmets längsta tid", "The programme's longest time"),
        }
    }
}

/// Something that is to be done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Due {
    pub rule: Rule,
    /// The last day on which it is in time.
    pub by: Date,
    /// What was found.
    pub found: Label,
    /// The rows that say so.
    pub from: Sources,
}

/// One participant, as far as the rules ask.
#[derive(Default)]
pub(crate) struct Case<'f> {
    /// By their first day.
    pub placements: Vec<&'f Placement>,
    pub activities: Vec<&'f Activity>,
    pub absences: Vec<&'f Attended>,
    pub reports: Vec<&'f Report>,
    pub pauses: Vec<&'f Pause>,
    /// Plans that were proposed or agreed: when they were written, and which.
    pub plans: Vec<RecordId>,
    /// The days that deviation reports are about.
    pub deviations: Vec<(RecordId, Date)>,
}

impl Case<'_> {
    /// The placement that holds on a day.
    pub fn placed(&self, day: Date) -> Option<&Placement> {
        let holds = |one: &&&Placement| one.from <= day && one.until.is_none_or(|until| until >= day);
        self.placements.iter().rev().find(holds).copied()
    }

    /// The first day of the unbroken stay in the programme that holds on a day.
    fn start(&self, day: Date) -> Option<Date> {
        let mut first = self.placed(day)?;
        for before in self.placements.iter().rev().filter(|one| one.from < first.from) {
            let joins = before.until.is_none_or(|until| later(until, 1) >= first.from);
            if !joins || before.programme != first.programme {
                break;
            }
            first = before;
        }
        Some(first.from)
    }

    fn paused(&self, day: Date) -> bool {
        self.pauses.iter().any(|pause| pause.from <= day && pause.until.is_none_or(|until| until >= day))
    }

    /// So many days later, pauses not counted.
    fn later_without_pauses(&self, day: Date, days: i64) -> Date {
        let mut by = later(day, days);
        for pause in &self.pauses {
            let until = pause.until.unwrap_or(by.max(pause.from));
            if pause.from <= by && until > day {
                by = later(by, between(pause.from.max(later(day, 1)), until));
            }
        }
        by
    }

    /// What is due as of a day. With `as_planned`, what is planned from that day to that other is taken as held: what if.
    pub fn due(&self, programmes: &Programmes, today: Date, as_planned: Option<Date>) -> Vec<Due> {
        // What is judged: the day itself, or the day after the one up to which all goes as planned.
        let judged = as_planned.map_or(today, |until| later(until, 1));
        let Some(placement) = self.placed(judged) else { return self.after(programmes, today) };
        let (Some(start), Some(programme)) = (self.start(judged), programmes.named(&placement.programme)) else {
            return Vec::new();
        };
        let Some(rules) = programme.rules_at(judged) else { return Vec::new() };
        if self.paused(judged) {
            return Vec::new();
        }
        let counts = |one: &&&Activity| {
            let planned = as_planned.is_some_and(|until| one.planned && today <= one.date && one.date <= until);
            one.led && one.date >= start && one.date < judged && (one.held || planned)
        };
        let held: Vec<&Activity> = self.activities.iter().filter(counts).copied().collect();
        let mut due = Vec::new();
        for (rule, days) in [
            (Rule::IndividualMeeting, rules.individual_meeting_days),
            (Rule::PhysicalMeeting, rules.physical_meeting_days),
        ] {
            let Some(days) = days else { continue };
            due.push(self.meeting(rule, days, start, placement, &held));
        }
        due.extend(self.weeks(rules, start, judged, &held, placement));
        due.extend(share(rules, &held, judged, placement));
        if as_planned.is_none() {
            due.extend(self.papers(rules, start, today, placement));
        }
        due
    }

    /// What is left to do of a stay that has ended: its last report.
    fn after(&self, programmes: &Programmes, today: Date) -> Vec<Due> {
        let last = self.placements.iter().rfind(|one| one.until.is_some_and(|until| until < today));
        let Some(placement) = last else { return Vec::new() };
        let rules = programmes.named(&placement.programme).and_then(|one| one.rules_at(today));
        let until = placement.until.unwrap_or(today);
        match rules {
            Some(rules) if distance(until, today) <= DAYS_BACK => self.reports_due(rules, until, today, placement),
            _ => Vec::new(),
        }
    }

    fn meeting(&self, rule: Rule, days: i64, start: Date, placement: &Placement, held: &[&Activity]) -> Due {
        let of_kind = |one: &&&Activity| if rule == Rule::IndividualMeeting { one.individual } else { one.physical };
        let last = held.iter().filter(of_kind).max_by_key(|one| one.date);
        let since = last.map_or(start, |one| one.date);
        let found = match last {
            Some(one) => both(
                format!("senast {}; minst var {days}:e dag", one.date),
                format!("last {}; at least every {days} days", one.date),
            ),
            None => both(
                format!("inget sedan start {start}; minst var {days}:e dag"),
                format!("none since the start {start}; at least every {days} days"),
            ),
        };
        let from = match last {
            Some(one) => Sources::of("activity", [one.seen.0]),
            None => Sources::of("placement", [placement.seen.0]),
        };
        Due { rule, by: self.later_without_pauses(since, days), found, from }
    }

    fn weeks(&self, rules: &Rules, start: Date, judged: Date, held: &[&Activity], placement: &Placement) -> Vec<Due> {
        let mut due = Vec::new();
        for back in 1..=WEEKS_BACK {
            let first = later(monday(judged), -7 * back);
            let last = later(first, 6);
            if last < start {
                break;
            }
            let there = (0..7)
                .map(|day| later(first, day))
                .filter(|day| *day >= start && self.placed(*day).is_some() && !self.paused(*day))
                .count() as i64;
            let month = month_of_programme(start, first.max(start));
            let asked = rules.week_hours.iter().rev().find(|(from, _)| *from <= month).map_or(0, |(_, hours)| *hours);
            // So many sevenths of the hours as days of the week.
            let asked = asked * there / 7;
            let inside: Vec<_> = held.iter().filter(|one| first <= one.date && one.date <= last).collect();
            let hours: i64 = inside.iter().map(|one| one.hours).sum();
            if hours >= asked {
                continue;
            }
            let (_, week) = week_text(first);
            let found = both(
                format!("vecka {week}: {} av {} timmar, månad {month}", hours_text(hours, ','), hours_text(asked, ',')),
                format!("week {week}: {} of {} hours, month {month}", hours_text(hours, '.'), hours_text(asked, '.')),
            );
            let mut from = Sources::of("activity", inside.iter().map(|one| one.seen.0));
            from.extend("placement", [placement.seen.0]);
            due.push(Due { rule: Rule::WeekHours, by: last, found, from });
        }
        due
    }

    fn papers(&self, rules: &Rules, start: Date, today: Date, placement: &Placement) -> Vec<Due> {
        let mut due = Vec::new();
        let of_placement = || Sources::of("placement", [placement.seen.0]);
        if let Some(days) = rules.joint_plan_working_days.filter(|_| self.plans.is_empty()) {
            due.push(Due {
                rule: Rule::JointPlan,
                by: working_days_later(start, days),
                found: both(
                    format!("ingen planering föreslagen eller överenskommen sedan start {start}"),
                    format!("no plan proposed or agreed since the start {start}"),
                ),
                from: of_placement(),
            });
        }
        due.extend(self.reports_due(rules, later(today, -1), today, placement));
        let reported = |day: Date| self.deviations.iter().any(|(_, of)| *of == day);
        for absence in self.absences.iter().filter(|one| rules.deviation_codes.contains(&one.reason)) {
            let Some(days) = rules.deviation_working_days else { break };
            let recent = absence.date >= start && distance(absence.date, today) <= DAYS_BACK;
            if !recent || reported(absence.date) {
                continue;
            }
            due.push(Due {
                rule: Rule::Deviation,
                by: working_days_later(absence.date, days),
                found: both(
                    format!("frånvaro {} med orsakskod {}", absence.date, absence.reason),
                    format!("absence {} with reason code {}", absence.date, absence.reason),
                ),
                from: Sources::of("attendance", [absence.seen.0]),
            });
        }
        let recent =
            |one: &&&Activity| one.planned && one.led && one.date < today && distance(one.date, today) <= DAYS_BACK;
        for activity in self.activities.iter().filter(recent) {
            due.push(Due {
                rule: Rule::Unmarked,
                by: activity.date,
                found: both(
                    format!("planerat {}: räknas inte förrän det är markerat som hållet", activity.date),
                    format!("planned {}: it does not count until it is marked as held", activity.date),
                ),
                from: Sources::of("activity", [activity.seen.0]),
            });
        }
        if let Some(months) = rules.longest_months {
            let by = later(months_later(start, months), -1);
            if distance(today, by) <= DAYS_BACK {
                let found = both(format!("i programmet sedan {start}"), format!("in the programme since {start}"));
                due.push(Due { rule: Rule::LongestTime, by, found, from: of_placement() });
            }
        }
        due
    }

    /// The periodic reports of the last two months of which some day lay in the stay and which are over.
    fn reports_due(&self, rules: &Rules, until: Date, today: Date, placement: &Placement) -> Vec<Due> {
        let Some(days) = rules.month_report_working_days else { return Vec::new() };
        let mut due = Vec::new();
        let this = today.first_of_month();
        for back in 1..=2 {
            let month = months_later(this, -back);
            let last = month.last_of_month();
            let inside = self
                .placements
                .iter()
                .any(|one| one.from <= last.min(until) && one.until.is_none_or(|until| until >= month));
            let report = self.reports.iter().find(|one| one.month == month);
            let sent = report.is_some_and(|one| matches!(one.state.as_str(), "sent" | "approved"));
            if !inside || sent {
                continue;
            }
            let month_name = month_text(month);
            let found = match report.map(|one| one.state.as_str()) {
                Some("incomplete") => both(
                    format!("{month_name}: ofullständig, kompletteras"),
                    format!("{month_name}: incomplete, to be completed"),
                ),
                Some(_) => {
                    both(format!("{month_name}: utkast, inte skickad"), format!("{month_name}: a draft, not sent"))
                }
                None => both(format!("{month_name}: saknas"), format!("{month_name}: missing")),
            };
            let mut from = Sources::of("placement", [placement.seen.0]);
            from.extend("period-report", report.map(|one| one.seen.0));
            due.push(Due { rule: Rule::MonthReport, by: working_days_later(last, days), found, from });
        }
        due
    }
}

fn share(rules: &Rules, held: &[&Activity], judged: Date, placement: &Placement) -> Option<Due> {
    let percent = rules.physical_share_percent?;
    let (physical, all) = (held.iter().filter(|one| one.physical).count() as i64, held.len() as i64);
    if all == 0 || physical * 100 >= all * percent {
        return None;
    }
    let mut from = Sources::of("activity", held.iter().map(|one| one.seen.0));
    from.extend("placement", [placement.seen.0]);
    Some(Due {
        rule: Rule::PhysicalShare,
        by: later(judged, -1),
        found: both(
            format!("{physical} av {all} tillfällen fysiska, minst {percent} %"),
            format!("{physical} of {all} occasions in person, at least {percent} %"),
        ),
        from,
    })
}

/// Hundredths of an hour.
fn hours_text(hundredths: i64, point: char) -> String {
    format!("{}{point}{:02}", hundredths / 100, hundredths % 100)
}

#[cfg(test)]
#[path = "caseload_tests.rs"]
mod tests;
