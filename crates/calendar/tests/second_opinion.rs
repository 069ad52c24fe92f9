//! A second implementation, written from the acts and contracts and not from the first: a table of days made by walking, Gauss's
//! Easter, the rule of the European summer time in plain arithmetic, and a clock that ticks minute by minute. Both
//! must agree on a million cases drawn by a seed. What both could get wrong together is what `vectors.rs` is for.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test says what it expected")]

mod naive;

use calendar::{
    Calendar, ClockTime, Counting, Day, DayHours, Eve, PauseReading, Period, Receipt, Start, StartRule, SupportHours,
    Unit, due, latest_before, received, support_counts_from, support_time,
};
use naive::{Draw, Naive, Rule, Rules, StartsAt, Support, Table};
use terms::Instant;

const CASES: u64 = 1_000_000;
const SEED: u64 = 0x1182_0071_1930_0173;
const MINUTE: i64 = 60_000_000;

#[test]
fn two_implementations_agree_on_a_million_cases() {
    let table = Table::walk();
    let threads: u64 = 2;
    let counts: Vec<[u64; 5]> = std::thread::scope(|scope| {
        let workers: Vec<_> = (0..threads)
            .map(|thread| {
                let table = &table;
                scope.spawn(move || {
                    let mut counts = [0; 5];
                    for number in (thread..CASES).step_by(usize::try_from(threads).unwrap()) {
                        counts[check(number, table)] += 1;
                    }
                    counts
                })
            })
            .collect();
        workers.into_iter().map(|worker| worker.join().unwrap()).collect()
    });
    let sum = |at: usize| counts.iter().map(|counts| counts[at]).sum::<u64>();
    println!(
        "agreed: {} due, {} latest before, {} received, {} support forwards, {} support backwards and between",
        sum(0),
        sum(1),
        sum(2),
        sum(3),
        sum(4)
    );
    assert_eq!((0..5).map(sum).sum::<u64>(), CASES);
}

/// One case: what was drawn, asked of both. Returns which question it was.
fn check(number: u64, table: &Table) -> usize {
    let mut draw = Draw::new(SEED ^ number.wrapping_mul(0x9E37_79B9_7F4A_7C15));
    let (rules, calendar) = draw_rules(&mut draw, table);
    let naive = Naive { table, rules: &rules };
    let question = draw.below(100);
    // The table begins in 1996, and a period counted backwards may be twelve years long.
    let first_year = if (60..=81).contains(&question) { 2009 } else { 1997 };
    let at = draw_instant(&mut draw, first_year, table);
    let arrived = draw.below(2).eq(&0).then(|| at + i64::try_from(draw.below(4 * 24 * 60)).unwrap() * MINUTE);
    let start = Start { at: Instant(at), arrived: arrived.map(Instant) };
    let fail = |what: &str, got: String, expected: String| -> ! {
        panic!("case {number}: {what} from {at} ({}), {calendar:#?}\n got {got}\n expected {expected}", naive.show(at))
    };
    match question {
        0..=59 => {
            let (count, unit) = draw_period(&mut draw);
            let period = Period::counted(count, unit).unwrap();
            let got = due(start, &period, None, &calendar).unwrap();
            let (end, day, second) = naive.due(at, arrived, i64::from(count), unit);
            if got.at != Some(Instant(end))
                || got.ends.unwrap().day.to_string() != table.text(day)
                || got.ends.unwrap().second != Some(second)
            {
                fail(
                    &period.to_string(),
                    format!("{:#?}", got.text(terms::Language::En)),
                    format!("{end}, {} {second}", table.text(day)),
                );
            }
            0
        }
        60..=81 => {
            let (count, unit) = draw_period(&mut draw);
            let period = Period::counted(count, unit).unwrap();
            let got = latest_before(start.at, &period, None, &calendar).unwrap();
            let end = naive.latest(at, i64::from(count), unit);
            if got.at != Some(Instant(end)) {
                fail(
                    &format!("{period} before"),
                    format!("{:#?}", got.text(terms::Language::En)),
                    format!("{end} {}", naive.show(end)),
                );
            }
            1
        }
        82..=93 => {
            let rule = draw_receipt(&mut draw);
            let got = received(start, &rule, &calendar).unwrap();
            let (end, day) = naive.received(at, arrived, rule);
            if got.at != Some(Instant(end)) || got.ends.unwrap().day.to_string() != table.text(day) {
                fail(
                    &rule.to_string(),
                    format!("{:#?}", got.text(terms::Language::En)),
                    format!("{end}, {}", table.text(day)),
                );
            }
            2
        }
        94..=97 => {
            let hours = 1 + draw.below(20);
            let minute = at - at.rem_euclid(MINUTE);
            let calendar = Calendar { start: StartRule::Event, ..calendar };
            let period = Period::counted(u32::try_from(hours).unwrap(), Unit::SupportHours).unwrap();
            let got = due(Instant(minute), &period, None, &calendar).unwrap();
            let (from, end) = naive.support(minute, i64::try_from(hours).unwrap() * 60);
            assert_eq!(
                support_counts_from(Instant(minute), &calendar),
                Ok(Instant(from)),
                "case {number}: {}\n{calendar:#?}",
                naive.show(minute)
            );
            assert_eq!(
                got.at,
                Some(Instant(end)),
                "case {number}: {}\n{calendar:#?}\n{:#?}",
                naive.show(minute),
                got.text(terms::Language::En)
            );
            3
        }
        _ => {
            let hours = 1 + draw.below(20);
            let minute = at - at.rem_euclid(MINUTE);
            let until = minute + i64::try_from(draw.below(6 * 24 * 60)).unwrap() * MINUTE;
            let got = support_time(Instant(minute), Instant(until), &calendar).unwrap();
            assert_eq!(
                got,
                naive.support_between(minute, until),
                "case {number}: {} {}",
                naive.show(minute),
                naive.show(until)
            );
            let period = Period::counted(u32::try_from(hours).unwrap(), Unit::SupportHours).unwrap();
            let got = latest_before(Instant(minute), &period, None, &calendar).unwrap();
            let start = naive.support_back(minute, i64::try_from(hours).unwrap() * 60);
            assert_eq!(got.at, Some(Instant(start)), "case {number}: {}\n{calendar:#?}", naive.show(minute));
            4
        }
    }
}

fn draw_period(draw: &mut Draw) -> (u32, Unit) {
    let (unit, most) = draw.one_of(&[
        (Unit::Minutes, 5_000),
        (Unit::Hours, 200),
        (Unit::Days, 120),
        (Unit::Days, 6),
        (Unit::WorkingDays, 30),
        (Unit::WorkingDays, 6),
        (Unit::Weeks, 20),
        (Unit::Months, 40),
        (Unit::Years, 12),
    ]);
    (u32::try_from(1 + draw.below(most)).unwrap(), unit)
}

/// Any microsecond from the first year to 2180; often near a change of the clock or where holidays crowd, and often on the stroke.
fn draw_instant(draw: &mut Draw, first_year: i64, table: &Table) -> i64 {
    let years = u64::try_from(2180 - first_year).unwrap();
    let year = first_year + i64::try_from(draw.below(years)).unwrap();
    let day = match draw.below(4) {
        0 => table.index(year, 3, 20) + i64::try_from(draw.below(50)).unwrap(),
        1 => table.index(year, 10, 20) + i64::try_from(draw.below(80)).unwrap(),
        _ => table.index(year, 1, 1) + i64::try_from(draw.below(365)).unwrap(),
    };
    let midnight = day * 24 * 60 * MINUTE;
    let minute = i64::try_from(match draw.below(3) {
        0 => draw.below(24) * 60,
        1 => draw.below(48) * 30,
        _ => draw.below(24 * 60),
    })
    .unwrap();
    let micros = if draw.below(4) == 0 { i64::try_from(draw.below(60_000_000)).unwrap() } else { 0 };
    midnight + minute * MINUTE + micros
}

fn draw_receipt(draw: &mut Draw) -> Receipt {
    match draw.below(6) {
        0 => Receipt::OnSending,
        1 => Receipt::OnSignature,
        2 => Receipt::NextWorkingDay,
        _ => Receipt::SameWorkingDayBefore(clock(draw.one_of(&[16 * 60, 12 * 60, 17 * 60 + 30]))),
    }
}

fn draw_rules(draw: &mut Draw, table: &Table) -> (Rules, Calendar) {
    let rule = draw.one_of(&[Rule::Plain, Rule::Regulation, Rule::Lagen]);
    let eves: Vec<&'static str> = if draw.below(2) == 0 {
        Vec::new()
    } else {
        ["midsummer-eve", "christmas-eve", "new-years-eve", "walpurgis-eve", "easter-eve", "epiphany-eve"]
            .into_iter()
            .filter(|_| draw.below(2) == 0)
            .collect()
    };
    let starts = match draw.below(5) {
        0 => StartsAt::NextDay,
        1 => StartsAt::Receipt(draw_receipt(draw)),
        _ => StartsAt::Event,
    };
    let support = draw_support(draw, table);
    let rules =
        Rules { rule, saturday_works: draw.below(4) == 0, eves, starts, long_hours_too: draw.below(3) == 0, support };
    let calendar = Calendar {
        counting: match rule {
            Rule::Plain => Counting::Plain,
            Rule::Regulation => Counting::Regulation1182,
            Rule::Lagen => Counting::Lagen1930,
        },
        saturday_works: rules.saturday_works,
        free_eves: rules.eves.iter().map(|id| id.parse::<Eve>().unwrap()).collect(),
        start: match starts {
            StartsAt::Event => StartRule::Event,
            StartsAt::NextDay => StartRule::NextDay,
            StartsAt::Receipt(receipt) => StartRule::Receipt(receipt),
        },
        support: Some(real_support(&rules.support, table)),
        two_working_days_in_hours: rules.long_hours_too,
        ..Calendar::default()
    };
    (rules, calendar)
}

fn draw_support(draw: &mut Draw, table: &Table) -> Support {
    let pause = (draw.below(4) > 0).then_some((12 * 60, 13 * 60));
    Support {
        opens: draw.one_of(&[8 * 60, 7 * 60 + 30, 2 * 60 + 30, 9 * 60]),
        closes: draw.one_of(&[16 * 60 + 30, 17 * 60, 24 * 60]),
        pause,
        saturdays: draw.below(4) == 0,
        short: (draw.below(3) > 0).then_some((8 * 60, 13 * 60)),
        announced: (0..draw.below(4))
            .map(|_| table.index(1997, 1, 1) + i64::try_from(draw.below(183 * 365)).unwrap())
            .collect(),
        next_day_after_pause: draw.below(2) == 0,
    }
}

fn real_support(support: &Support, table: &Table) -> SupportHours {
    let pause = support.pause.map(|(from, until)| (clock(from), clock(until)));
    let hours = DayHours::new(clock(support.opens), clock(support.closes), pause).unwrap();
    let mut real = SupportHours::monday_to_friday(hours);
    if support.saturdays {
        real.week[5] = Some(hours);
    }
    real.before_holiday = support.short.map(|(from, until)| DayHours::new(clock(from), clock(until), None).unwrap());
    real.announced_free = support.announced.iter().map(|day| table.text(*day).parse::<Day>().unwrap()).collect();
    real.message_in_pause = if support.next_day_after_pause { PauseReading::NextDay } else { PauseReading::EndOfPause };
    real
}

fn clock(minutes: u64) -> ClockTime {
    let minutes = u16::try_from(minutes).unwrap();
    ClockTime::new(minutes / 60, minutes % 60).unwrap()
}
