//! How long the log is kept, and by when copies of what was erased must be gone: what the platform's own jobs go by, asked of the
//! agreement like everything else.
//!
//! A silence is no period. Where the text says nothing, says that it does not know, states a minimum, or lets something else than
//! erasure follow, nothing goes by itself, and the answer says which of these it is. Not here: who erases, and what.

use calendar::{Day, FIRST_YEAR, Period, Wording, due};
use terms::{ClauseId, Instant, Label, Sourced};

use crate::agreement::Agreement;
use crate::value::{Term, Value};

/// How long the log is kept while the agreement runs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LogKept {
    /// The agreement has no words for it.
    Silent,
    /// The clause speaks of it and states no period.
    NotFound {
        /// Which clause.
        clause: ClauseId,
    },
    /// So long at least, or something else than erasing follows: nothing goes by itself.
    Stays {
        /// What the text says.
        keep: Label,
        /// Which clause.
        clause: ClauseId,
    },
    /// So long, then it is erased.
    For {
        /// In the contract's own words.
        keep: Label,
        /// Which clause.
        clause: ClauseId,
        /// The period.
        period: Period,
    },
}

impl LogKept {
    /// The clause that says it.
    #[must_use]
    pub const fn clause(&self) -> Option<&ClauseId> {
        match self {
            Self::Silent => None,
            Self::NotFound { clause } | Self::Stays { clause, .. } | Self::For { clause, .. } => Some(clause),
        }
    }
}

/// What of the log may go.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LogGoes {
    /// Entries of before this instant.
    pub before: Instant,
    /// By which clause.
    pub clause: ClauseId,
}

impl Agreement {
    /// How long the log is kept while the agreement runs: the longest of what `[logging]` and `[retention.*]` of logs say, since the
    /// log is one and nothing of it may go before every clause lets it. A text that states a period in one place and asks for it in
    /// another states it.
    #[must_use]
    pub fn log_kept(&self, now: Instant) -> LogKept {
        let mut all: Vec<LogKept> =
            self.logging().map(|logging| of_logging(&logging.keep, &logging.clause)).into_iter().collect();
        let of_logs = |term: &&Term| {
            matches!(term.text("of"), Some("logs" | "security-logs")) && term.text("phase") == Some("in-term")
        };
        all.extend(self.terms_of("retention").filter(of_logs).map(of_retention));
        if let Some(stays) = all.iter().find(|one| matches!(one, LogKept::Stays { .. })) {
            return stays.clone();
        }
        // The one that keeps longest is the one whose entries of now go last.
        let longest = all.iter().filter(|one| matches!(one, LogKept::For { .. }));
        let longest = longest.max_by_key(|one| match one {
            LogKept::For { period, .. } => self.over(now, period).unwrap_or(Instant(i64::MAX)),
            _ => now,
        });
        longest
            .or_else(|| all.iter().find(|one| matches!(one, LogKept::NotFound { .. })))
            .cloned()
            .unwrap_or(LogKept::Silent)
    }

    /// Which entries of the log may go now; none where the text does not let any go by itself. Counted forwards from the entry, in the
    /// contract's unit and by its rules: what ends with a day goes when that day is over.
    #[must_use]
    pub fn log_goes(&self, now: Instant) -> Option<LogGoes> {
        let LogKept::For { clause, period, .. } = self.log_kept(now) else { return None };
        let gone = |at: Instant| self.over(at, &period).is_some_and(|over| over <= now);
        // Whoever was entered earlier is not kept longer, so the border is found by halving. Before the first year of the calendar
        // nobody entered anything.
        let zone = self.counting().calendar.zone;
        let first = zone.start_of(Day::new(FIRST_YEAR, 1, 2).ok()?).ok()?;
        let (mut goes, mut stays) = (first.micros(), now.micros());
        if !gone(Instant(goes)) || gone(Instant(stays)) {
            return None;
        }
        while stays - goes > 1 {
            let middle = goes + (stays - goes) / 2;
            if gone(Instant(middle)) { goes = middle } else { stays = middle }
        }
        Some(LogGoes { before: Instant(stays), clause })
    }

    /// By when copies of what was erased at an instant must be gone, and by which clause, where the text says so: how long a copy is
    /// kept, and within what an erasure is carried out. A word for haste is that instant itself.
    #[must_use]
    pub fn copies_end(&self, erased: Instant) -> Option<(Instant, ClauseId)> {
        let copies = |term: &&Term| {
            term.block == "backup"
                || (term.block == "retention"
                    && term.text("of") == Some("backups")
                    && term.text("phase") == Some("in-term")
                    && term.flag("at-least") != Some(true))
        };
        let kept = self.general().iter().filter(copies).map(|term| (term, "keep"));
        let erasures = self.terms_of("erasure").filter(|term| term.text("who") == Some("processor"));
        let ends = |(term, key): (&Term, &str)| {
            let Some(Value::Period(period)) = term.value(key) else { return None };
            let at = match period {
                Period::Worded(Wording::AtOnce | Wording::Immediately | Wording::WithoutDelay | Wording::Promptly) => {
                    erased
                }
                period => self.over(erased, period)?,
            };
            Some((at, term.clause_of(key).clone()))
        };
        kept.chain(erasures.map(|term| (term, "within"))).filter_map(ends).min_by_key(|(at, _)| *at)
    }

    /// When a period is over that begins at an instant; none for a word, and beyond the calendar.
    fn over(&self, from: Instant, period: &Period) -> Option<Instant> {
        due(from, period, None, &self.counting().calendar).ok()?.at
    }
}

fn of_logging(keep: &Sourced<String>, clause: &ClauseId) -> LogKept {
    let clause = clause.clone();
    match keep {
        Sourced::Found { value, .. } => match value.parse::<Period>() {
            Ok(period) => LogKept::For { keep: period.label(), clause, period },
            Err(_) => LogKept::NotFound { clause },
        },
        Sourced::None => {
            LogKept::Stays { keep: Label { sv: "utan slut".to_owned(), en: "without an end".to_owned() }, clause }
        }
        Sourced::NotFound { .. } => LogKept::NotFound { clause },
    }
}

fn of_retention(term: &Term) -> LogKept {
    let clause = term.clause_of("keep").clone();
    let Some(Value::Period(period)) = term.value("keep") else { return LogKept::NotFound { clause } };
    let keep = period.label();
    let from_the_entry = matches!(term.text("start"), None | Some("event"));
    let goes = matches!(term.text("then"), Some("erased" | "anonymised")) && term.flag("at-least") != Some(true);
    match period {
        Period::Counted(_) if goes && from_the_entry => LogKept::For { keep, clause, period: *period },
        _ => LogKept::Stays { keep, clause },
    }
}
