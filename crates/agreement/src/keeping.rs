//! How long the log is kept, and by when copies of what was erased must be gone: what the platform's own jobs go by, asked of the
//! agreement like everything else.
//!
//! A silence is no period. Where the text says nothing, says that it does not know, states a minimum, or lets something else than
//! erasure follow, nothing goes by itself, and the answer says which of these it is. Not here: who erases, and what.

use calendar::{Day, FIRST_YEAR, Period, Unit, Wording, due};
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

/// A promise of when copies end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ErasurePromise {
    /// In so many days at the latest, whichever months they lie in.
    pub days: u32,
    /// The clause that says so.
    pub clause: ClauseId,
}

/// For how long at most something erased lives on in copies, in the contract's own unit or word.
struct Promise {
    period: Period,
    clause: ClauseId,
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

    /// By when copies of what was erased at an instant must be gone, and by which clause, where the text says so. A word for haste is that
    /// instant itself: what can be ended at once is. It and [`Agreement::erasure_promise`] go by the same promises.
    #[must_use]
    pub fn copies_end(&self, erased: Instant) -> Option<(Instant, ClauseId)> {
        let ends = |promise: &Promise| {
            let at = match &promise.period {
                Period::Worded(Wording::AtOnce | Wording::Immediately | Wording::WithoutDelay | Wording::Promptly) => {
                    erased
                }
                period => self.over(erased, period)?,
            };
            Some((at, promise.clause.clone()))
        };
        self.promises().iter().filter_map(ends).min_by_key(|(at, _)| *at)
    }

    /// The shortest of the same promises in whole days: what is taken once a day, such as a snapshot, can keep no word for haste and
    /// no hour, so a word promises nothing here.
    #[must_use]
    pub fn erasure_promise(&self) -> Option<ErasurePromise> {
        let days = |promise: &Promise| {
            Some(ErasurePromise { days: at_most_days(promise.period)?, clause: promise.clause.clone() })
        };
        self.promises().iter().filter_map(days).min_by_key(|one| one.days)
    }

    /// What the text promises of how long anything erased may live on in copies, each with its clause: the one list. How long a backup is
    /// kept; how long copies of data are, in any phase; how soon content is erased once the agreement has ended; and within what
    /// the processor carries out an erasure. A minimum promises nothing, nor does what is kept, returned or left.
    fn promises(&self) -> Vec<Promise> {
        let of = |term: &Term, key: &str| match term.value(key) {
            Some(Value::Period(period)) => Some(Promise { period: *period, clause: term.clause_of(key).clone() }),
            _ => None,
        };
        let goes = |term: &&Term| {
            let copies = matches!(term.text("of"), Some("backups" | "copies"));
            let content = term.text("of") == Some("content") && term.text("phase") == Some("after-end");
            let ends = matches!(term.text("then"), Some("erased" | "anonymised"));
            (copies || content) && ends && term.flag("at-least") != Some(true)
        };
        let backups = self.terms_of("backup").filter_map(|term| of(term, "keep"));
        let kept = self.terms_of("retention").filter(goes).filter_map(|term| of(term, "keep"));
        let by_processor = |term: &&Term| term.text("who") == Some("processor");
        let erasures = self.terms_of("erasure").filter(by_processor).filter_map(|term| of(term, "within"));
        backups.chain(kept).chain(erasures).collect()
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

/// The whole days that a period has at least, so that a promise is kept in the shortest of months. None for a word.
fn at_most_days(period: Period) -> Option<u32> {
    let Period::Counted(counted) = period else { return None };
    let count = counted.count();
    match counted.unit() {
        Unit::Days | Unit::WorkingDays => Some(count),
        Unit::Weeks => count.checked_mul(7),
        Unit::Months => count.checked_mul(28),
        Unit::Years => count.checked_mul(365),
        Unit::Hours => Some(count / 24),
        Unit::Seconds | Unit::Minutes | Unit::SupportHours => Some(0),
    }
}
