//! The second implementation: slow, plain, and sharing nothing with the first but the words for units and receipts.
//! Instants are microseconds since 1970 in UTC, days count from 1970-01-01, times of the clock are minutes.

use std::collections::HashMap;

use calendar::{Receipt, Unit};

const MICROS: i64 = 1_000_000;
const MINUTE: i64 = 60 * MICROS;
const HOUR: i64 = 60 * MINUTE;
const DAY: i64 = 24 * HOUR;

/// Every day from 1996 to 2210, made by walking from Monday 1 January 1996.
pub struct Table {
    days: Vec<Row>,
    first: i64,
    by_date: HashMap<(i64, i64, i64), i64>,
}

struct Row {
    date: (i64, i64, i64),
    /// Monday is 1, Sunday 7.
    weekday: i64,
    holiday: bool,
    eve: &'static str,
    /// Minutes that the clock is ahead of UTC before and after one o'clock UTC.
    offsets: (i64, i64),
}

impl Table {
    pub fn walk() -> Self {
        // 26 years of 365 days and the leap days of 1972, 76, 80, 84, 88 and 92.
        let first = 26 * 365 + 6;
        let mut days = Vec::new();
        let (mut date, mut weekday, mut summer) = ((1996, 1, 1), 1, false);
        while date.0 < 2211 {
            let turns = weekday == 7 && matches!(date.1, 3 | 10) && date.2 + 7 > 31;
            let before = summer;
            if turns {
                summer = date.1 == 3;
            }
            let offset = |summer: bool| if summer { 120 } else { 60 };
            days.push(Row { date, weekday, holiday: false, eve: "", offsets: (offset(before), offset(summer)) });
            date = tomorrow(date);
            weekday = weekday % 7 + 1;
        }
        let by_date: HashMap<_, _> = (first..).zip(&days).map(|(index, row)| (row.date, index)).collect();
        let mut table = Self { days, first, by_date };
        for year in 1996..2211 {
            table.mark(year);
        }
        table
    }

    /// The holidays since 1996, as the almanac tells them.
    fn mark(&mut self, year: i64) {
        let easter = self.index(year, 3, 1) + gauss(year);
        let saturday = |table: &Self, month, day| {
            let mut index = table.index(year, month, day);
            while table.row(index).weekday != 6 {
                index += 1;
            }
            index
        };
        let (midsummer, saints) = (saturday(self, 6, 20), saturday(self, 10, 31));
        let mut holidays = vec![easter - 2, easter, easter + 1, easter + 39, easter + 49, midsummer, saints];
        for (month, day) in [(1, 1), (1, 6), (5, 1), (12, 25), (12, 26)] {
            holidays.push(self.index(year, month, day));
        }
        holidays.push(if year < 2005 { easter + 50 } else { self.index(year, 6, 6) });
        for index in holidays {
            self.row_mut(index).holiday = true;
        }
        let christmas_eve = self.index(year, 12, 24);
        let eves = [
            (midsummer - 1, "midsummer-eve"),
            (christmas_eve, "christmas-eve"),
            (christmas_eve + 7, "new-years-eve"),
            (self.index(year, 4, 30), "walpurgis-eve"),
            (self.index(year, 1, 5), "epiphany-eve"),
            (easter - 1, "easter-eve"),
        ];
        for (index, name) in eves {
            // Easter Eve and Walpurgis Eve never meet: Easter is 25 April at the latest.
            self.row_mut(index).eve = name;
        }
    }

    pub fn index(&self, year: i64, month: i64, day: i64) -> i64 {
        self.by_date[&(year, month, day)]
    }

    pub fn text(&self, index: i64) -> String {
        let (year, month, day) = self.row(index).date;
        format!("{year:04}-{month:02}-{day:02}")
    }

    fn row(&self, index: i64) -> &Row {
        &self.days[usize::try_from(index - self.first).unwrap()]
    }

    fn row_mut(&mut self, index: i64) -> &mut Row {
        &mut self.days[usize::try_from(index - self.first).unwrap()]
    }

    /// How far the clock is ahead of UTC, in microseconds.
    fn offset(&self, at: i64) -> i64 {
        let row = self.row(at.div_euclid(DAY));
        let minutes = if at.rem_euclid(DAY) < HOUR { row.offsets.0 } else { row.offsets.1 };
        minutes * MINUTE
    }

    fn local(&self, at: i64) -> i64 {
        at + self.offset(at)
    }

    /// Tries both offsets; summer time is the earlier of two, and where neither fits, the clock jumped over it.
    fn utc(&self, local: i64) -> i64 {
        let fits = |offset: i64| self.offset(local - offset) == offset;
        if fits(2 * HOUR) { local - 2 * HOUR } else { local - HOUR }
    }
}

fn tomorrow((year, month, day): (i64, i64, i64)) -> (i64, i64, i64) {
    let leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    let length = match month {
        2 => 28 + i64::from(leap),
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    };
    if day < length {
        (year, month, day + 1)
    } else if month < 12 {
        (year, month + 1, 1)
    } else {
        (year + 1, 1, 1)
    }
}

/// Gauss's Easter, as days after 1 March.
fn gauss(year: i64) -> i64 {
    let (a, b, c, k) = (year % 19, year % 4, year % 7, year / 100);
    let (p, q) = ((13 + 8 * k) / 25, k / 4);
    let (m, n) = ((15 - p + k - q) % 30, (4 + k - q) % 7);
    let d = (19 * a + m) % 30;
    let e = (2 * b + 4 * c + 6 * d + n) % 7;
    let exception = (d == 29 && e == 6) || (d == 28 && e == 6 && (11 * m + 11) % 30 < 19);
    21 + d + e - if exception { 7 } else { 0 }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rule {
    Plain,
    Regulation,
    Lagen,
}

#[derive(Debug, Clone, Copy)]
pub enum StartsAt {
    Event,
    NextDay,
    Receipt(Receipt),
}

#[derive(Debug)]
pub struct Support {
    pub opens: u64,
    pub closes: u64,
    pub pause: Option<(u64, u64)>,
    pub saturdays: bool,
    pub short: Option<(u64, u64)>,
    pub announced: Vec<i64>,
    pub next_day_after_pause: bool,
}

#[derive(Debug)]
pub struct Rules {
    pub rule: Rule,
    pub saturday_works: bool,
    pub eves: Vec<&'static str>,
    pub starts: StartsAt,
    pub long_hours_too: bool,
    pub support: Support,
}

pub struct Naive<'a> {
    pub table: &'a Table,
    pub rules: &'a Rules,
}

impl Naive<'_> {
    pub fn show(&self, at: i64) -> String {
        let local = self.table.local(at);
        let minutes = local.rem_euclid(DAY) / MINUTE;
        format!("{} {:02}:{:02}", self.table.text(local.div_euclid(DAY)), minutes / 60, minutes % 60)
    }

    fn day(&self, at: i64) -> i64 {
        self.table.local(at).div_euclid(DAY)
    }

    fn begin(&self, day: i64) -> i64 {
        self.table.utc(day * DAY)
    }

    fn works(&self, day: i64) -> bool {
        let row = self.table.row(day);
        let saturday = row.weekday == 6 && (!self.rules.saturday_works || self.rules.rule == Rule::Regulation);
        !(row.holiday || row.weekday == 7 || saturday || self.rules.eves.contains(&row.eve))
    }

    /// Whether the last day of a period may be this one.
    fn may_end(&self, day: i64) -> bool {
        let row = self.table.row(day);
        match self.rules.rule {
            Rule::Plain => true,
            Rule::Regulation => self.works(day),
            Rule::Lagen => {
                let eve = matches!(row.eve, "midsummer-eve" | "christmas-eve" | "new-years-eve");
                row.weekday < 6 && !row.holiday && !eve
            }
        }
    }

    pub fn received(&self, sent: i64, arrived: Option<i64>, rule: Receipt) -> (i64, i64) {
        let mut day = self.day(sent);
        match (rule, arrived) {
            (Receipt::OnSending | Receipt::OnSignature, _) => return (sent, day),
            (Receipt::SameWorkingDayBefore(hour), Some(arrived)) => {
                day = self.day(arrived);
                let clock = self.table.local(arrived) - day * DAY;
                if self.works(day) && clock < i64::from(hour.minutes()) * MINUTE {
                    return (arrived, day);
                }
            }
            _ => {}
        }
        day += 1;
        while !self.works(day) {
            day += 1;
        }
        (self.begin(day), day)
    }

    /// The end of the period, its last day, and the second of the clock on it.
    pub fn due(&self, at: i64, arrived: Option<i64>, count: i64, unit: Unit) -> (i64, i64, u32) {
        let (from, day, whole) = match self.rules.starts {
            StartsAt::Event => (at, self.day(at), false),
            StartsAt::NextDay => (self.begin(self.day(at) + 1), self.day(at), true),
            StartsAt::Receipt(rule) => {
                let (from, day) = self.received(at, arrived, rule);
                let whole = match rule {
                    Receipt::OnSending | Receipt::OnSignature => false,
                    Receipt::NextWorkingDay => true,
                    Receipt::SameWorkingDayBefore(_) => arrived != Some(from),
                };
                (from, day, whole)
            }
        };
        let shown = |end: i64| {
            let local = self.table.local(end);
            (end, local.div_euclid(DAY), u32::try_from(local.rem_euclid(DAY) / MICROS).unwrap())
        };
        match unit {
            Unit::Minutes => return shown(from + count * MINUTE),
            Unit::Hours => {
                let mut start = from;
                if self.rules.rule == Rule::Regulation && !whole {
                    start = (from.div_euclid(HOUR) + 1) * HOUR;
                }
                let (end, last, second) = shown(start + count * HOUR);
                if self.rules.rule == Rule::Regulation && self.rules.long_hours_too && count >= 48 {
                    let longer = self.until_two_work(day, last);
                    if longer > last {
                        return (self.begin(longer + 1), longer, 86_400);
                    }
                }
                return (end, last, second);
            }
            _ => {}
        }
        let mut last = self.reach(day, count, unit);
        // Working days that are counted from a Sunday are whole ones.
        let off_duty = unit == Unit::WorkingDays && !self.works(day);
        if self.rules.rule == Rule::Plain && !whole && !off_duty {
            let clock = self.table.local(from) - self.day(from) * DAY;
            return shown(self.table.utc(last * DAY + clock));
        }
        while !self.may_end(last) {
            last += 1;
        }
        if self.rules.rule == Rule::Regulation && !(matches!(unit, Unit::Days | Unit::WorkingDays) && count == 1) {
            last = self.until_two_work(day, last);
        }
        (self.begin(last + 1), last, 86_400)
    }

    fn until_two_work(&self, day: i64, last: i64) -> i64 {
        let mut last = last;
        while (day + 1..=last).filter(|day| self.works(*day)).take(2).count() < 2 {
            last += 1;
        }
        last
    }

    /// The day so many units away, backwards where negative.
    fn reach(&self, day: i64, count: i64, unit: Unit) -> i64 {
        match unit {
            Unit::Days => day + count,
            Unit::Weeks => day + 7 * count,
            Unit::WorkingDays => {
                let (mut day, mut left) = (day, count.abs());
                while left > 0 {
                    day += count.signum();
                    left -= i64::from(self.works(day));
                }
                day
            }
            _ => {
                let (mut year, mut month, mut number) = self.table.row(day).date;
                for _ in 0..count.abs() * if unit == Unit::Years { 12 } else { 1 } {
                    month += count.signum();
                    match month {
                        0 => (year, month) = (year - 1, 12),
                        13 => (year, month) = (year + 1, 1),
                        _ => {}
                    }
                }
                while !self.table.by_date.contains_key(&(year, month, number)) {
                    assert!(number > 28, "the table does not reach so far");
                    number -= 1;
                }
                self.table.index(year, month, number)
            }
        }
    }

    pub fn latest(&self, deadline: i64, count: i64, unit: Unit) -> i64 {
        let day = self.day(deadline);
        match unit {
            Unit::Minutes => return deadline - count * MINUTE,
            Unit::Hours if self.rules.rule == Rule::Regulation => {
                return deadline.div_euclid(HOUR) * HOUR - count * HOUR;
            }
            Unit::Hours => return deadline - count * HOUR,
            _ => {}
        }
        let mut anchor = day;
        while unit == Unit::WorkingDays && !self.works(anchor) {
            anchor -= 1;
        }
        let mut first = self.reach(anchor, -count, unit);
        if self.rules.rule == Rule::Plain && !matches!(self.rules.starts, StartsAt::NextDay) && anchor == day {
            return self.table.utc(first * DAY + self.table.local(deadline) - day * DAY);
        }
        if self.rules.rule == Rule::Regulation && !(matches!(unit, Unit::Days | Unit::WorkingDays) && count == 1) {
            while (first..day).filter(|day| self.works(*day)).count() < 2 {
                first -= 1;
            }
        }
        self.begin(first + 1)
    }

    fn open(&self, at: i64) -> bool {
        let local = self.table.local(at);
        let (day, minute) = (local.div_euclid(DAY), u64::try_from(local.rem_euclid(DAY) / MINUTE).unwrap());
        if !self.opens_on(day) {
            return false;
        }
        let support = &self.rules.support;
        if let Some((opens, closes)) = support.short
            && self.table.row(day + 1).holiday
        {
            return (opens..closes).contains(&minute);
        }
        let pause = support.pause.is_some_and(|(from, until)| (from..until).contains(&minute));
        (support.opens..support.closes).contains(&minute) && !pause
    }

    fn opens_on(&self, day: i64) -> bool {
        let (row, support) = (self.table.row(day), &self.rules.support);
        let week = row.weekday < 6 || (row.weekday == 6 && support.saturdays);
        week && !row.holiday && !self.rules.eves.contains(&row.eve) && !support.announced.contains(&day)
    }

    /// From when a message counts, and when so many minutes of support have ticked away.
    pub fn support(&self, at: i64, minutes: i64) -> (i64, i64) {
        let mut now = at;
        if !self.open(now) {
            let local = self.table.local(now);
            let (day, minute) = (local.div_euclid(DAY), u64::try_from(local.rem_euclid(DAY) / MINUTE).unwrap());
            let short = self.rules.support.short.is_some() && self.table.row(day + 1).holiday;
            let in_pause = self.opens_on(day)
                && !short
                && self.rules.support.pause.is_some_and(|(from, until)| (from..until).contains(&minute));
            if in_pause && self.rules.support.next_day_after_pause {
                now = self.begin(day + 1);
            }
            while !self.open(now) {
                now += MINUTE;
            }
        }
        let (from, mut left) = (now, minutes);
        while left > 0 {
            left -= i64::from(self.open(now));
            now += MINUTE;
        }
        (from, now)
    }

    pub fn support_back(&self, deadline: i64, minutes: i64) -> i64 {
        let (mut now, mut left) = (deadline, minutes);
        while left > 0 {
            now -= MINUTE;
            left -= i64::from(self.open(now));
        }
        now
    }

    pub fn support_between(&self, from: i64, until: i64) -> i64 {
        let (mut now, mut sum) = (from, 0);
        while now < until {
            sum += i64::from(self.open(now)) * MINUTE;
            now += MINUTE;
        }
        sum
    }
}

/// Numbers from a seed (splitmix64).
pub struct Draw(u64);

impl Draw {
    pub const fn new(seed: u64) -> Self {
        Self(seed)
    }

    pub fn below(&mut self, end: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        (mixed ^ (mixed >> 31)) % end
    }

    pub fn one_of<T: Copy>(&mut self, choices: &[T]) -> T {
        choices[usize::try_from(self.below(choices.len() as u64)).unwrap()]
    }
}
