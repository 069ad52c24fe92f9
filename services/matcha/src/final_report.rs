//! The draft of a final report: what the file of a participant says, put together for the case worker to read through, change
//! and send.
//!
//! It states what is there and judges nothing: the assessment is left empty for a person. Values are held while the draft is
//! made and wiped with it.

use std::collections::BTreeMap;

use service::{Composed, Composing, FieldType, Opened, Value};
use terms::{Category, ClauseId, FieldName, Label, Language, RecordHead, Render};

/// Drafts of final reports.
pub const FINAL_REPORT: Composed = Composed {
    kind: "final-report",
    reads: &["attendance", "activity", "decision", "internship", "job", "competence", "plan"],
    compute,
};

fn compute(file: &Composing<'_>) -> Vec<(&'static str, Value)> {
    let mut name = Rows::default();
    file.of.render(&mut name);
    let name: Vec<&str> = name.0.iter().flat_map(|one| [one.get("given-name"), one.get("family-name")]).collect();
    let mut values = vec![("participant", name.join(" ").trim().to_owned()), ("date", file.today.to_string())];
    values.push(("attendance", attendance(file)));
    values.push(("activities", activities(file)));
    values.push(("decisions", decisions(file)));
    values.push(("work", [internships(file), jobs(file)].concat()));
    values.push(("competences", competences(file)));
    values.push(("plan", plan(file)));
    values.into_iter().map(|(name, value)| (name, Value::new(value.trim().to_owned()))).collect()
}

/// One record, field by field, with its state.
#[derive(Default)]
struct Row {
    values: BTreeMap<String, Value>,
    state: Option<String>,
}

impl Row {
    fn get(&self, name: &str) -> &str {
        self.values.get(name).map_or("", |value| value.as_str())
    }
}

#[derive(Default)]
struct Rows(Vec<Row>);

impl Render for Rows {
    fn begin(&mut self, head: &RecordHead) {
        self.0.push(Row { values: BTreeMap::new(), state: head.state.clone() });
    }
    fn field(&mut self, name: &FieldName, _: &Category, value: &str) {
        if let Some(row) = self.0.last_mut() {
            row.values.insert(name.to_string(), Value::new(value.to_owned()));
        }
    }
    fn withheld(&mut self, _: &Category, _: &ClauseId) {}
    fn end(&mut self) {}
}

/// The records of a kind, by the day in `field`.
fn rows(file: &Composing<'_>, kind: &str, field: &str) -> Vec<Row> {
    let mut rows = Rows::default();
    for (_, opened) in file.parts.iter().filter(|(name, _)| name.as_str() == kind) {
        let opened: &dyn Opened = opened.as_ref();
        opened.render(&mut rows);
    }
    rows.0.sort_by(|one, other| one.get(field).cmp(other.get(field)));
    rows.0
}

/// A value in words.
fn word(file: &Composing<'_>, kind: &str, field: &str, value: &str) -> String {
    let found = file.kinds.kinds.iter().find(|one| one.name.as_str() == kind).and_then(|kind| kind.field(field));
    let said = match found.map(|field| &field.holds) {
        Some(FieldType::Choice(choices)) => {
            choices.iter().find(|one| one.value == value).map(|one| one.label.text(file.language).to_owned())
        }
        Some(FieldType::Listed { list }) => (file.listed)(list, value),
        _ => None,
    };
    said.unwrap_or_else(|| value.to_owned())
}

fn says(file: &Composing<'_>, sv: &str, en: &str) -> String {
    Label { sv: sv.to_owned(), en: en.to_owned() }.text(file.language).to_owned()
}

/// «2026-06-01 till 2026-11-30», with what is open left open.
fn span(file: &Composing<'_>, from: &str, until: &str) -> String {
    match (from.is_empty(), until.is_empty()) {
        (false, false) => format!("{from} {} {until}", says(file, "till", "to")),
        (false, true) => format!("{} {from}", says(file, "från", "from")),
        _ => until.to_owned(),
    }
}

fn attendance(file: &Composing<'_>) -> String {
    let rows = rows(file, "attendance", "date");
    let mut months: BTreeMap<&str, (usize, usize)> = BTreeMap::new();
    for row in &rows {
        let Some(month) = row.get("date").get(..7) else { continue };
        let count = months.entry(month).or_default();
        count.1 += 1;
        count.0 += usize::from(matches!(row.get("status"), "present" | "present-remote" | "late"));
    }
    let (came, marked) = months.values().fold((0, 0), |sum, one| (sum.0 + one.0, sum.1 + one.1));
    if marked == 0 {
        return String::new();
    }
    let line = |name: &str, came: usize, marked: usize| match file.language {
        Language::Sv => format!("{name}: {came} av {marked} markerade dagar\n"),
        Language::En => format!("{name}: {came} of {marked} marked days\n"),
    };
    let mut text = line(&says(file, "Hela tiden", "The whole time"), came, marked);
    months.iter().for_each(|(month, (came, marked))| text.push_str(&line(month, *came, *marked)));
    text
}

fn activities(file: &Composing<'_>) -> String {
    let mut sums: BTreeMap<(String, String), (usize, f64)> = BTreeMap::new();
    for row in rows(file, "activity", "date").iter().filter(|row| row.get("outcome") == "held") {
        let of = |field: &str| word(file, "activity", field, row.get(field));
        let sum = sums.entry((of("meeting"), of("form"))).or_default();
        sum.0 += 1;
        sum.1 += row.get("hours").parse::<f64>().unwrap_or(0.0);
    }
    let hours = |hours: f64| {
        let text = format!("{hours:.2}");
        let text = text.trim_end_matches('0').trim_end_matches('.').to_owned();
        if file.language == Language::Sv { text.replace('.', ",") } else { text }
    };
    sums.iter()
        .map(|((meeting, form), (count, sum))| match file.language {
            Language::Sv => format!("{meeting}, {}: {count} genomförda, {} timmar\n", form.to_lowercase(), hours(*sum)),
            Language::En => format!("{meeting}, {}: {count} held, {} hours\n", form.to_lowercase(), hours(*sum)),
        })
        .collect()
}

fn decisions(file: &Composing<'_>) -> String {
    let line = |row: &Row| format!("{}: {}\n", row.get("number"), span(file, row.get("start"), row.get("end")));
    rows(file, "decision", "start").iter().map(line).collect()
}

fn internships(file: &Composing<'_>) -> String {
    let line = |row: &Row| {
        let what = says(file, "Praktik", "Internship");
        format!("{what}, {}. {}\n", span(file, row.get("start"), row.get("end")), row.get("tasks"))
            .replace(". \n", "\n")
    };
    rows(file, "internship", "start").iter().map(line).collect()
}

fn jobs(file: &Composing<'_>) -> String {
    let line = |row: &Row| {
        let kind = word(file, "job", "type", row.get("type"));
        let what = says(file, "Jobb", "Job");
        format!(
            "{what}, {}, {}. {}\n",
            span(file, row.get("start"), row.get("end")),
            kind.to_lowercase(),
            row.get("occupation")
        )
        .replace(". \n", "\n")
    };
    rows(file, "job", "start").iter().map(line).collect()
}

fn competences(file: &Composing<'_>) -> String {
    let line = |row: &Row| {
        let of = |field: &str| word(file, "competence", field, row.get(field));
        format!("{}: {}\n", of("competence"), of("grade"))
    };
    rows(file, "competence", "competence").iter().map(line).collect()
}

/// The last plan that both agreed to, or else the last there is, and then it says that it is none.
fn plan(file: &Composing<'_>) -> String {
    let plans = rows(file, "plan", "date");
    let agreed = plans.iter().rev().find(|plan| plan.state.as_deref() == Some("agreed"));
    let Some(plan) = agreed.or(plans.last()) else { return String::new() };
    let mut text = format!("{} {}\n", says(file, "Planering", "Plan"), plan.get("date"));
    if agreed.is_none() {
        text.push_str(&says(file, "Inte överenskommen av båda.\n", "Not agreed by both.\n"));
    }
    for (sv, en, field) in [("Mål", "Goal", "goal"), ("Annat mål", "Alternative goal", "alternative-goal")] {
        if !plan.get(field).is_empty() {
            text.push_str(&format!("{}: {}\n", says(file, sv, en), plan.get(field)));
        }
    }
    text.push_str(plan.get("steps"));
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use service::Kinds;

    #[test]
    fn what_is_read_and_what_is_made_stand_in_the_kinds() {
        let kinds = Kinds::read("kinds.toml", include_str!("../kinds.toml")).unwrap();
        let kind = |name: &str| kinds.kinds.iter().find(|kind| kind.name.as_str() == name).unwrap();
        for name in FINAL_REPORT.reads {
            assert_eq!(kind(name).parent, kind("final-report").parent);
        }
        for (of, fields) in [
            (
                "final-report",
                &["participant", "date", "attendance", "activities", "decisions", "work", "competences", "plan"][..],
            ),
            ("activity", &["date", "outcome", "meeting", "form", "hours"]),
            ("decision", &["number", "start", "end"]),
            ("internship", &["start", "end", "tasks"]),
            ("job", &["start", "end", "type", "occupation"]),
            ("competence", &["competence", "grade"]),
            ("plan", &["date", "goal", "alternative-goal", "steps"]),
        ] {
            for field in fields {
                assert!(kind(of).field(field).is_some(), "{of}.{field}");
            }
        }
    }
}
