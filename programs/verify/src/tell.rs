//! The report in plain words, and as JSON for programs.

use std::fmt::Write;

use journal::{Detail, Outcome, Proved, Report};
use terms::Instant;

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
    proofs(report, &mut line);
    if report.outside {
        outside(report, &mut line);
        return text;
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
    if report.stripped > 0 {
        line(format!(
            "  {} without what they changed, which was taken out: a snapshot holds it, and it cannot be checked here",
            report.stripped
        ));
    }
    line(format!("  {}: root and signature", count(report.checkpoints, "signed checkpoint", "signed checkpoints")));
    line(format!("  {} as published for others", count(report.tiles, "tile", "tiles")));
    line(format!("  {} of logs in the installation's own log", count(report.heads, "head", "heads")));
    kept(report, &mut line);
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

/// What each proof shows.
fn proofs(report: &Report, line: &mut dyn FnMut(String)) {
    for proved in &report.proved {
        line(format!("  a proof: entry {} of log {} was made {}", proved.index, proved.tenant, when(proved.time)));
        if let Some(detail) = &proved.detail {
            line(format!("    it says: {}", says(detail)));
        } else if let Some(purged) = &proved.purged {
            let clause = purged.clause.as_ref().map_or_else(String::new, |clause| format!(" by clause {clause}"));
            line(format!(
                "    what it says was purged on {}{clause}: entry {} of the same log says that details were",
                when(purged.time),
                purged.index
            ));
        } else {
            line("    what it says is not in the proof".to_owned());
        }
        line(format!("    the log had {} when its checkpoint was signed", count(proved.size, "entry", "entries")));
        match proved.installation {
            Some((index, time)) => line(format!(
                "    entry {index} of the installation's own log, made {}, holds a head that this log continues",
                when(time)
            )),
            None => line("    the installation's own log is not in the proof".to_owned()),
        }
    }
}

fn outside(report: &Report, line: &mut dyn FnMut(String)) {
    if report.logs > 0 {
        let [acts, refusals, events, heads] = report.kinds;
        line(format!(
            "  {} in {}: {acts} acts, {refusals} refusals, {events} events, {heads} times the heads of all logs",
            { count(report.entries, "leaf", "leaves") },
            count(report.logs, "log", "logs")
        ));
        line(format!("  {}: root and signature", count(report.checkpoints, "signed checkpoint", "signed checkpoints")));
        line(format!("  {} against the leaves", count(report.tiles, "tile or bundle", "tiles and bundles")));
    }
    kept(report, line);
    match report.continued {
        Some(continued) => {
            line(format!("  {} of the last time, which these continue", count(continued, "checkpoint", "checkpoints")))
        }
        None if report.logs > 0 => {
            line(
                "  not checked: whether the log was set back to an earlier day (give --seen FILE for that)".to_owned(),
            );
        }
        None => {}
    }
    if report.key_believed {
        line(
            "  not checked: whether the key is the provider's; it lay beside what was checked (give --key for that)"
                .to_owned(),
        );
    }
    line("  not checked: what entries say, except where a proof opens one (the journal itself has that)".to_owned());
}

fn kept(report: &Report, line: &mut dyn FnMut(String)) {
    if report.kept > 0 {
        line(format!("  {} that you kept", count(report.kept, "checkpoint", "checkpoints")));
    }
}

fn says(detail: &Detail) -> String {
    let mut parts = vec![
        match detail.outcome {
            Outcome::Granted => "granted",
            Outcome::Refused => "refused",
            Outcome::Happened => "happened",
        }
        .to_owned(),
    ];
    parts.extend(detail.event.clone());
    parts.extend(detail.verb.map(|verb| format!("verb {verb}")));
    parts.extend(detail.kind.as_ref().map(|kind| format!("kind {kind}")));
    parts.extend(detail.role.as_ref().map(|role| format!("role {role}")));
    parts.extend(detail.actor.map(|actor| format!("by {actor}")));
    parts.extend(detail.purpose.as_ref().map(|purpose| format!("purpose {purpose}")));
    parts.extend(detail.clause.as_ref().map(|clause| format!("clause {clause}")));
    parts.extend(detail.agreement.map(|hash| format!("agreement {hash}")));
    parts.extend(detail.reason.as_ref().map(|reason| format!("because {reason}")));
    parts.join(", ")
}

/// A moment as `2026-11-21 19:40:00 UTC` (days counted by the proleptic Gregorian calendar).
fn when(time: Instant) -> String {
    let seconds = time.micros().div_euclid(1_000_000);
    let (days, second) = (seconds.div_euclid(86_400), seconds.rem_euclid(86_400));
    // Years that begin in March, in cycles of 400 with 146 097 days: then the leap day is a year's last.
    let shifted = days + 719_468;
    let (cycle, day) = (shifted.div_euclid(146_097), shifted.rem_euclid(146_097));
    let year = (day - day / 1_460 + day / 36_524 - day / 146_096) / 365;
    let day_of_year = day - (365 * year + year / 4 - year / 100);
    let month = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * month + 2) / 5 + 1;
    let (month, after) = if month < 10 { (month + 3, 0) } else { (month - 9, 1) };
    let year = year + cycle * 400 + after;
    format!("{year:04}-{month:02}-{day:02} {:02}:{:02}:{:02} UTC", second / 3600, second / 60 % 60, second % 60)
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
    number("stripped", report.stripped);
    number("heads", report.heads);
    number("logs", report.logs);
    number("checkpoints", report.checkpoints);
    number("tiles", report.tiles);
    number("uncovered", report.uncovered);
    number("moved_on", report.moved_on);
    number("kept", report.kept);
    number("proofs", report.proved.len() as u64);
    if let Some(continued) = report.continued {
        number("continued", continued);
    }
    text.push_str(&format!(",\"outside\":{},\"key_believed\":{}", report.outside, report.key_believed));
    let proved = |one: &Proved| {
        format!(
            "{{\"log\":\"{}\",\"index\":{},\"time\":\"{}\",\"size\":{},\"opened\":{},\"purged\":{},\"installation\":{}}}",
            one.tenant,
            one.index,
            when(one.time),
            one.size,
            one.detail.is_some(),
            one.purged.as_ref().map_or_else(|| "null".to_owned(), |purged| format!("\"{}\"", when(purged.time))),
            one.installation.is_some()
        )
    };
    text.push_str(&format!(",\"proved\":[{}]", report.proved.iter().map(proved).collect::<Vec<_>>().join(",")));
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
    fn moments_are_days_and_hours() {
        for (seconds, said) in [
            (0, "1970-01-01 00:00:00 UTC"),
            (951_782_400, "2000-02-29 00:00:00 UTC"),
            (1_795_290_000, "2026-11-21 19:40:00 UTC"),
            (-1, "1969-12-31 23:59:59 UTC"),
        ] {
            assert_eq!(when(Instant(seconds * 1_000_000)), said);
        }
    }

    #[test]
    fn json_strings_are_quoted() {
        assert_eq!(quoted("a\"b\\c\nd å"), "\"a\\\"b\\\\c\\u000ad å\"");
    }
}
