//! Reads what `kinds.toml` says of the life of a record: locked states, ways between states, the grid of a month, reminders.

use terms::{FieldName, Role};
use toml_edit::{Item, TableLike};

use crate::read::Reader;
use crate::{Coarse, CountedBy, Field, FieldType, FiguresOf, Grid, Kind, Of, Transition};

/// The words of a reminder's unit; the calendar counts them.
const UNITS: &[&str] = &["day", "days", "week", "weeks", "month", "months"];

impl Reader<'_> {
    pub(crate) fn locked(&mut self, kind: &str, table: &dyn TableLike, states: &[String]) -> Vec<String> {
        let locked = self.strings(table, "locked");
        for state in &locked {
            self.state(kind, table.get("locked"), state, states);
        }
        locked
    }

    fn state(&mut self, kind: &str, at: Option<&Item>, state: &str, states: &[String]) {
        if !states.iter().any(|one| one == state) {
            self.fault(at.and_then(Item::span), format!("`{state}` is no state of `kind.{kind}`"));
        }
    }

    pub(crate) fn transitions(&mut self, kind: &str, table: &dyn TableLike, states: &[String]) -> Vec<Transition> {
        let Some(item) = table.get("transition") else { return Vec::new() };
        let mut ways = Vec::new();
        let tables: Vec<&dyn TableLike> = match item {
            Item::ArrayOfTables(tables) => tables.iter().map(|one| one as &dyn TableLike).collect(),
            Item::Value(toml_edit::Value::Array(array)) => {
                array.iter().filter_map(|one| one.as_inline_table().map(|one| one as &dyn TableLike)).collect()
            }
            _ => Vec::new(),
        };
        if tables.is_empty() {
            self.fault(
                item.span(),
                format!("`transition` of `kind.{kind}` must be a list of `{{ from, to, by, label }}`"),
            );
        }
        for one in tables {
            self.known(one, &["from", "to", "by", "label", "sign"]);
            let (from, to) = (self.string(one, "from").unwrap_or_default(), self.string(one, "to").unwrap_or_default());
            for state in [&from, &to] {
                self.state(kind, Some(item), state, states);
            }
            let span = one.get("by").and_then(Item::span);
            let by =
                self.strings(one, "by").iter().filter_map(|role| self.checked(role, span.clone(), Role::new)).collect();
            let sign = self.boolean(one, "sign");
            if let Some(label) = self.label(one, "label") {
                ways.push(Transition { from, to, by, label, sign });
            }
        }
        ways
    }

    pub(crate) fn grid(&mut self, kind: &str, table: &dyn TableLike, fields: &[Field]) -> Option<Grid> {
        let item = table.get("grid")?;
        let Some(grid) = item.as_table_like() else {
            self.fault(item.span(), format!("`grid` of `kind.{kind}` must be {{ day = …, status = … }}"));
            return None;
        };
        self.known(grid, &["day", "status", "reason", "reason-for", "letters"]);
        let day = self.name(grid, "day", FieldName::new)?;
        let status = self.name(grid, "status", FieldName::new)?;
        let reason = grid.get("reason").is_some().then(|| self.name(grid, "reason", FieldName::new)).flatten();
        let holds = |name: &FieldName| fields.iter().find(|field| field.name == *name).map(|field| &field.holds);
        if !matches!(holds(&day), Some(FieldType::Date { .. })) {
            self.fault(item.span(), format!("`{day}` of `kind.{kind}` must be a date to be the day of a grid"));
        }
        for choice in [Some(&status), reason.as_ref()].into_iter().flatten() {
            if !matches!(holds(choice), Some(FieldType::Choice(_))) {
                self.fault(item.span(), format!("`{choice}` of `kind.{kind}` must be a choice to stand in a grid"));
            }
        }
        let mut letters = Vec::new();
        if let Some(table) = grid.get("letters").and_then(Item::as_table_like) {
            for (value, _) in table.iter() {
                if let Some(label) = self.label(table, value) {
                    letters.push((value.to_owned(), label));
                }
            }
        }
        let reason_for = self.strings(grid, "reason-for");
        Some(Grid { day, status, reason, letters, reason_for })
    }

    /// `figures = { rule = "RULE", by = ["FIELD", "DATE:month"], state = "STATE" }`: by what records are counted when they are anonymised.
    /// Nothing that somebody wrote in words of its own, and no day.
    pub(crate) fn figures(
        &mut self,
        kind: &str,
        of: Of,
        table: &dyn TableLike,
        states: &[String],
        fields: &[Field],
    ) -> Option<FiguresOf> {
        let item = table.get("figures")?;
        let Some(figures) = item.as_table_like() else {
            self.fault(item.span(), format!("`figures` of `kind.{kind}` must be {{ rule = …, by = […] }}"));
            return None;
        };
        self.known(figures, &["rule", "by", "state"]);
        let rule = self.string(figures, "rule").unwrap_or_default();
        if rule.is_empty() {
            let message = format!("`figures` of `kind.{kind}` needs the `rule` of the agreement, `[anonymising.RULE]`");
            self.fault(item.span(), message);
        }
        let state = self.string(figures, "state");
        if let Some(state) = &state {
            self.state(kind, Some(item), state, states);
        } else if of == Of::Itself {
            let message = format!(
                "`figures` of `kind.{kind}` needs a `state`: its records are persons, and whoever is anonymised is gone"
            );
            self.fault(item.span(), message);
        }
        let mut by = Vec::new();
        for text in self.strings(figures, "by") {
            let (name, coarse) = text.split_once(':').map_or((text.as_str(), None), |(name, unit)| (name, Some(unit)));
            let field = fields.iter().find(|field| field.name.as_str() == name);
            let unit = coarse.map(|word| Coarse::ALL.into_iter().find(|(known, _)| *known == word));
            match (field, field.map(|field| &field.holds), unit) {
                (Some(field), Some(FieldType::Choice(_) | FieldType::Listed { .. }), None) => {
                    by.push(CountedBy { field: field.name.clone(), coarse: None });
                }
                (Some(field), Some(FieldType::Date { .. }), Some(Some((_, coarse)))) => {
                    by.push(CountedBy { field: field.name.clone(), coarse: Some(coarse) });
                }
                (None, ..) => self.fault(item.span(), format!("`{name}` is no field of `kind.{kind}`")),
                _ => self.fault(
                    item.span(),
                    format!(
                        "`{text}` of `kind.{kind}` cannot be counted by: use a choice, or a date as `FIELD:month`, `FIELD:quarter` or \
                         `FIELD:year`. Words that somebody wrote, numbers and days may point at a person"
                    ),
                ),
            }
        }
        if by.is_empty() {
            self.fault(item.span(), format!("`figures` of `kind.{kind}` counts `by` nothing"));
            return None;
        }
        Some(FiguresOf { rule, by, state })
    }

    /// Persons are counted by whose the records are: where that is another than whom they are about, a few could be many.
    pub(crate) fn figures_of_whom(&mut self, kind: &Kind, kinds: &[Kind]) {
        if kind.figures.is_none() {
            return;
        }
        let mut one = kind;
        // No deeper than kinds are nested; a file that leads in a circle has its own fault.
        for _ in 0..kinds.len() {
            if one.of == Of::Author || one.subject != kind.subject {
                self.fault(
                    None,
                    format!(
                        "`kind.{}` can leave no `figures`: its records are of another person (`kind.{}`) than the `{}` whom they are                          about, and figures count persons",
                        kind.name, one.name, kind.subject
                    ),
                );
                return;
            }
            let above = one.parent.as_ref().filter(|_| one.of == Of::Parent);
            let Some(next) = above.and_then(|above| kinds.iter().find(|other| other.name == *above)) else { return };
            one = next;
        }
    }

    pub(crate) fn remind(&mut self, table: &dyn TableLike, holds: &FieldType) -> Option<String> {
        let text = self.string(table, "remind")?;
        let span = table.get("remind").and_then(Item::span);
        if !matches!(holds, FieldType::Date { .. }) {
            self.fault(span, "`remind` is for dates");
            return None;
        }
        let fine = text.split_once(' ').is_some_and(|(count, unit)| {
            count.parse::<u16>().is_ok_and(|count| (1..1000).contains(&count)) && UNITS.contains(&unit)
        });
        if !fine {
            self.fault(span, "`remind` must be a period of days, weeks or months, as `2 weeks`");
            return None;
        }
        Some(text)
    }
}
