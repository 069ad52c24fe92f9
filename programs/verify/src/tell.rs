//! The report in plain words, and as JSON for programs.

use std::fmt::Write;

use journal::Report;

/// The report for a person. The answer first.
pub fn words(report: &Report) -> String {
    let mut text = String::new();
    let mut line = |words: String| writeln!(text, "{words}").unwrap_or_default();
    match &report.fault {
        Some(fault) => {
            line("WRONG: this is not what was written or promised.".to_owned());
            line(format!("  {fault}."));
            line(String::new());
            line("Up to there was checked:".to_owned());
        }
        None => {
            line("Sound: everything fits together.".to_owned());
            line(String::new());
            line("Checked:".to_owned());
        }
    }
    let [acts, refusals, events, heads] = report.kinds;
    line(format!("  {} in {}, {}", count(report.entries, "entry", "entries"), count(report.logs, "log", "logs"), {
        format!("{acts} acts, {refusals} refusals, {events} events, {heads} times the heads of all logs")
    }));
    line(format!("  {} in {}, each following from the one before", count(report.groups, "group", "groups"), {
        count(report.segments, "segment", "segments")
    }));
    line(format!("  {} against the hashes that the logs hold", count(report.details, "detail", "details")));
    if report.purged > 0 {
        line(format!(
            "  {} without a detail, which was purged: only their place in the log can be checked",
            report.purged
        ));
    }
    line(format!("  {}: root and signature", count(report.checkpoints, "signed checkpoint", "signed checkpoints")));
    line(format!("  {} as published for others", count(report.tiles, "tile", "tiles")));
    line(format!("  {} of logs in the installation's own log", count(report.heads, "head", "heads")));
    match report.continued {
        Some(continued) => line(format!("  {} of the last time, and today's logs continue them", {
            count(continued, "checkpoint", "checkpoints")
        })),
        None => line(
            "  not checked: whether the folder was set back to an earlier day (give --seen FILE for that)".to_owned(),
        ),
    }
    if report.uncovered > 0 {
        line(format!("{} not yet covered by a checkpoint.", count(report.uncovered, "entry is", "entries are")));
    }
    if let Some(place) = report.unfinished {
        line(format!("A group at {place} is not finished yet; nobody was told that it was done."));
    }
    if report.moved_on > 0 {
        line(format!(
            "{} grew while being read; some tiles were already replaced.",
            count(report.moved_on, "log", "logs")
        ));
    }
    text
}

/// The report for a program: one object, with `sound` and, where it is not, `fault`.
pub fn json(report: &Report) -> String {
    let [acts, refusals, events, heads_entries] = report.kinds;
    let mut text = format!("{{\"sound\":{}", report.fault.is_none());
    let mut number = |name: &str, value: u64| write!(text, ",\"{name}\":{value}").unwrap_or_default();
    number("segments", report.segments);
    number("groups", report.groups);
    number("entries", report.entries);
    number("acts", acts);
    number("refusals", refusals);
    number("events", events);
    number("heads_entries", heads_entries);
    number("details", report.details);
    number("purged", report.purged);
    number("heads", report.heads);
    number("logs", report.logs);
    number("checkpoints", report.checkpoints);
    number("tiles", report.tiles);
    number("uncovered", report.uncovered);
    number("moved_on", report.moved_on);
    if let Some(continued) = report.continued {
        number("continued", continued);
    }
    let place = |at: journal::Position| format!("{{\"segment\":{},\"offset\":{}}}", at.segment, at.offset);
    if let Some(at) = report.unfinished {
        text.push_str(&format!(",\"unfinished\":{}", place(at)));
    }
    if let Some(fault) = &report.fault {
        let mut parts = vec![format!("\"why\":{}", quoted(&fault.why))];
        parts.extend(fault.tenant.map(|tenant| format!("\"log\":\"{tenant}\"")));
        parts.extend(fault.index.map(|index| format!("\"index\":{index}")));
        parts.extend(fault.at.map(|at| format!("\"at\":{}", place(at))));
        parts.extend(fault.file.as_ref().map(|file| format!("\"file\":{}", quoted(&file.display().to_string()))));
        text.push_str(&format!(",\"fault\":{{{}}}", parts.join(",")));
    }
    text.push_str("}\n");
    text
}

fn count(number: u64, one: &str, more: &str) -> String {
    format!("{number} {}", if number == 1 { one } else { more })
}

/// A JSON string.
fn quoted(text: &str) -> String {
    let mut out = String::from('"');
    for c in text.chars() {
        match c {
            '"' | '\\' => out.extend(['\\', c]),
            c if c.is_control() => write!(out, "\\u{:04x}", u32::from(c)).unwrap_or_default(),
            c => out.push(c),
        }
    }
    out.push('"');
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn json_strings_are_quoted() {
        assert_eq!(quoted("a\"b\\c\nd å"), "\"a\\\"b\\\\c\\u000ad å\"");
    }
}
